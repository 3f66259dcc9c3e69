"""SentencePiece for a Marian folder, with offsets: text to pieces and back, and pieces to word alignments.

Both real engines share it, so that they tokenize alike; it needs neither torch nor transformers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from translate.engines.base import Hint
from translate.errors import ModelError
from translate.words import words

END = "</s>"
SPACE = "▁"
UNSEEN = {"<unk>", "<pad>", END}
OPEN, MIDDLE, STOP, CLOSE = ANNOTATION = "⟦⟪⟫⟧"
"""`⟦ surface ⟪ target ⟫⟧`, masked `proclitics ⟦⟪ target ⟫⟧`, as in `training.annotate`."""
REMEMBERED = 2048
"""Texts whose pieces are kept: a sentence is measured before it is translated, and may be translated again."""
_SPOKEN = str.maketrans(dict(zip(ANNOTATION, "[<>]", strict=True)))
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as pieces (without the end marker) and where each piece stands in the text."""

    text: str
    pieces: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


class Pieces:
    """The tokenizer of one model folder (`source.spm`, `target.spm`, `vocab.json`)."""

    def __init__(self, folder: Path) -> None:
        import sentencepiece

        try:
            self._source = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
            self._target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
            self.ids: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                "the tokenizer cannot be read", str(folder), f"it needs source.spm, target.spm, vocab.json ({error})"
            ) from error
        self.names = {number: piece for piece, number in self.ids.items()}
        self._plain = lru_cache(maxsize=REMEMBERED)(partial(self._encode, self._source))

    def source(self, text: str, hints: Sequence[Hint] = ()) -> Encoded:
        """Cut Arabic into pieces; offsets lead back to the raw text, those of an annotation to what it annotates."""
        plain = self._plain(text)
        return self._annotated(plain, hints) if hints else plain

    def target(self, text: str) -> Encoded:
        """Cut English into pieces."""
        return self._encode(self._target, text)

    def _annotated(self, plain: Encoded, hints: Sequence[Hint]) -> Encoded:
        """Put `⟦` before the first piece of each hint's words and `⟪ target ⟫⟧` behind the last.

        Of a masked hint the words are left out, and what of their clitics is to be seen stands before the `⟦`.
        """
        pieces: list[str] = []
        spans: list[tuple[int, int]] = []
        at = 0
        for hint in hints:
            begin, end = _whole_words(plain.text, hint)
            first = next((n for n in range(at, len(plain.pieces)) if plain.spans[n][1] > begin), len(plain.pieces))
            last = next((n for n in range(first, len(plain.pieces)) if plain.spans[n][0] >= end), len(plain.pieces))
            if first == last:
                continue
            added = [MIDDLE, *self._encode(self._source, hint.target).pieces, STOP, CLOSE]
            lead = self._encode(self._source, hint.proclitics).pieces if hint.masked else ()
            pieces += [*plain.pieces[at:first], *lead, OPEN]
            spans += [*plain.spans[at:first], *[(hint.begin, hint.end)] * len(lead), (begin, begin)]
            if not hint.masked:
                pieces += plain.pieces[first:last]
                spans += plain.spans[first:last]
            pieces += added
            spans += [(hint.begin, hint.end)] * len(added)
            at = last
        return Encoded(plain.text, (*pieces, *plain.pieces[at:]), (*spans, *plain.spans[at:]))

    @staticmethod
    def _encode(processor: Any, text: str) -> Encoded:
        found = processor.encode(text.translate(_SPOKEN), return_type="offset_mapping")
        return Encoded(text, tuple(found["pieces"]), tuple(tuple(span) for span in found["offsets"]))

    def decode(self, pieces: Sequence[str]) -> Encoded:
        """Put English pieces together again: `['▁Mos', 'ul', '.']` -> `Mosul.`."""
        text, spans = "", []
        for piece in pieces:
            shown = "" if piece in UNSEEN else piece.replace(SPACE, " ")
            if not text or text.endswith(" "):  # no space at the start, none doubled
                shown = shown.lstrip()
            spans.append((len(text), len(text) + len(shown)))
            text += shown
        whole = text.rstrip()
        return Encoded(whole, tuple(pieces), tuple((min(b, len(whole)), min(e, len(whole))) for b, e in spans))


def _whole_words(text: str, hint: Hint) -> tuple[int, int]:
    """The hint's span with the clitics its words carry: training annotates whole words."""
    begin, end = hint.begin, hint.end
    while begin > 0 and _LETTER.match(text[begin - 1]):
        begin -= 1
    while end < len(text) and _LETTER.match(text[end]):
        end += 1
    return begin, end


def word_numbers(encoded: Encoded) -> list[int]:
    """For each piece the index of the word it belongs to; -1 for a piece of white space alone."""
    text, starts = encoded.text, words(encoded.text)
    found, at = [], 0
    for begin, end in encoded.spans:
        while begin < end and text[begin : begin + 1].isspace():
            begin += 1
        while at < len(starts) and starts[at].end <= begin:
            at += 1
        inside = at < len(starts) and starts[at].begin < end and begin < end
        found.append(at if inside else -1)
    return found


def word_links(source: Encoded, target: Encoded, attention: Sequence[Sequence[float]]) -> tuple[tuple[int, int], ...]:
    """Word alignment from one attention matrix (target pieces, source pieces [+ end marker]).

    A word takes the source word its pieces attend to most, all pieces summed; a word that attends to the end marker
    most is left unaligned.
    """
    source_words = word_numbers(source)
    count = max(source_words, default=-1) + 1
    sums: dict[int, list[float]] = {}  # of each word: one for each source word, and one for none
    for row, word in zip(attention, word_numbers(target), strict=False):
        if word < 0:
            continue
        own = sums.get(word)
        if own is None:
            own = sums[word] = [0.0] * (count + 1)
        for place, weight in zip(source_words, row, strict=False):
            own[place] += weight  # -1, no word, is the last one
        for weight in row[len(source_words) :]:
            own[-1] += weight
    links = []
    for word, own in sums.items():
        best = max(own)
        if own[-1] < best:
            links.append((own.index(best), word))
    return tuple(sorted(links))

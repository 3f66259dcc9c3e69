"""Inline term annotations, made afresh for every batch from the word alignment of the training text.

`قال شاهد في الساحل الأيسر` becomes `قال شاهد في⟦ الساحل الأيسر⟪ Left Bank⟫⟧`: the model learns to write what stands
between ⟪ and ⟫ where the surface before it belongs. Works on piece ids, so that the pieces of the sentence stay what
they are in plain text. Knows nothing of models.

Dinu et al. 2019 (inline annotation); Bergmanis and Pinnis 2021 (target lemmas); Xu and Carpuat 2021 (masked surface).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece

from training.align import UNALIGNED
from translate.engines.pieces import ANNOTATION

SENTENCES = 0.55  # of the sentences get annotations
MASKED = 0.2  # of the annotations show no surface
INVENTED = 0.65  # of those where a noun stands name another phrase than the reference did, and the reference follows
SPLICED = 0.3  # of those are names nobody has, put together from two halves: what cannot be known must be copied
SCRAMBLED = 0.3  # of those are words of random pieces, so that copying piece by piece is all there is to learn from
CAPITALISED = 0.6  # of those words are written like names
SINGULAR = 0.3  # of the plural phrases are given in the singular: number is read off the surface
LOWERED = 0.3  # of the phrases that begin a sentence are given as they would stand inside one
LONGEST_SOURCE, LONGEST_TARGET = 4, 5  # words
LONGEST_SPLICED = 8  # pieces
NOWHERE = -100  # the link of a piece without a partner, which no loss counts

EDGE = frozenset(
    re.findall(
        r"\w+",
        """a an the of in on at to for from by with and or but as that which who whom whose is are was were
        be been it its his her their our my your he she they we i you this these those had has have will
        would not into s also then some all through according after before during between more most no do
        does did than there when while where what why how""",
    )
)
"""Words a phrase never begins or ends with: a term's article and preposition are the sentence's own business."""

NOUNS_FOLLOW = frozenset(
    re.findall(
        r"\w+",
        """the a an of in his her its their our from by to with at on for this that these those some all any no every
        between against near under into through during several many two three four five""",
    )
)

PROCLITICS = re.compile(r"(?:و|ف)?(?:ب|ك|ل)?(?:ال)?(?=..)")


@dataclass(frozen=True, slots=True)
class Example:
    """One pair as ids: source (S,), target (T,), links (T,) with a source position or -100 for every target id."""

    source: list[int]
    target: list[int]
    links: list[int]

    @classmethod
    def of(cls, text: Mapping[str, np.ndarray], links: np.ndarray, index: int) -> Example:
        """One pair of an encoded text (`train.npz`, `held-out.npz`); `links` (all targets,) as `align` stores them."""
        source = slice(text["source_at"][index], text["source_at"][index + 1])
        target = slice(text["target_at"][index], text["target_at"][index + 1])
        near = links[target].astype(np.int64)
        return cls(
            text["source"][source].tolist(),
            text["target"][target].tolist(),
            np.where(near == UNALIGNED, NOWHERE, near).tolist(),
        )


class Annotator:
    """Adds annotations to examples; deterministic for a seed and an order of calls."""

    def __init__(self, tokenizer: Path, names: Sequence[list[int]], seed: int) -> None:
        """`names` are ids of target phrases, from which invented terms are drawn."""
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
        written = [self._pieces.id_to_piece(number) for number in range(len(self._pieces))]
        self._begins = np.array([piece.startswith("▁") for piece in written])
        latin = [piece for piece in written if re.fullmatch("▁?[A-Za-z]{2,6}", piece)]
        self._first = [piece.strip("▁") for piece in latin if piece.startswith("▁")]
        self._later = [piece for piece in latin if not piece.startswith("▁") and piece.islower()]
        self._marks = [re.search(r"\w", piece.strip("▁")) is None for piece in written]
        self._symbols = [self._pieces.piece_to_id(symbol) for symbol in ANNOTATION]
        self._random = np.random.default_rng(seed)
        self._names = names

    def __call__(self, example: Example) -> Example:
        """The example itself, or one with one or more of its phrases annotated."""
        if self._random.random() > SENTENCES:
            return example
        spans = self.phrases(example)
        if not spans:
            return example
        return self._apply(example, spans)

    def _starts(self, ids: list[int]) -> list[int]:
        """Positions at which a word begins, and the end."""
        begins = self._begins[ids]
        begins[0] = True
        return [*np.flatnonzero(begins).tolist(), len(ids)]

    def phrases(self, example: Example) -> list[tuple[int, int, int, int]]:
        """Disjoint (source begin, end, target begin, end) id spans that translate each other, in source order."""
        s_at, t_at = self._starts(example.source), self._starts(example.target)
        s_words, t_words = len(s_at) - 1, len(t_at) - 1
        if s_words < 3 or t_words < 3:
            return []
        s_word = np.repeat(np.arange(s_words), np.diff(s_at))
        t_word = np.repeat(np.arange(t_words), np.diff(t_at))
        links = np.array(example.links)
        known = links >= 0
        s_linked, t_linked = s_word[links[known]], t_word[known]
        wanted = 1 + int(self._random.integers(0, 1 + s_words // 4))
        found: list[tuple[int, int, int, int]] = []
        taken_source, taken_target = np.zeros(s_words, bool), np.zeros(t_words, bool)
        for _ in range(4 * wanted):
            if len(found) == wanted:
                break
            size = int(self._random.choice((1, 2, 2, 3, LONGEST_SOURCE)))
            first = int(self._random.integers(0, max(1, s_words - size + 1)))
            last = min(first + size, s_words)
            inside = (s_linked >= first) & (s_linked < last)
            if not inside.any():
                continue
            begin, end = int(t_linked[inside].min()), int(t_linked[inside].max()) + 1
            begin, end = self._trimmed(example.target, t_at, begin, end)
            if not 0 < end - begin <= LONGEST_TARGET or taken_source[first:last].any() or taken_target[begin:end].any():
                continue
            if ((t_linked >= begin) & (t_linked < end) & ~inside).any():
                continue
            taken_source[first:last] = taken_target[begin:end] = True
            source_begin, source_end = self._bare(example.source, s_at[first], s_at[last])
            target_begin, target_end = self._bare(example.target, t_at[begin], t_at[end])
            found.append((source_begin, source_end, target_begin, target_end))
        return sorted(found)

    def _trimmed(self, target: list[int], t_at: list[int], begin: int, end: int) -> tuple[int, int]:
        def edge(word: int) -> bool:
            text = self._pieces.decode(target[t_at[word] : t_at[word + 1]]).strip().lower()
            return text in EDGE or not any(char.isalpha() for char in text)

        while begin < end and edge(begin):
            begin += 1
        while begin < end and edge(end - 1):
            end -= 1
        return begin, end

    def _bare(self, ids: list[int], begin: int, end: int) -> tuple[int, int]:
        """The span without the punctuation its last word carries."""
        while end - 1 > begin and self._marks[ids[end - 1]]:
            end -= 1
        return begin, end

    def _apply(self, example: Example, spans: list[tuple[int, int, int, int]]) -> Example:
        opened, middle, ended, closed = self._symbols
        source: list[int] = []
        moved = np.zeros(len(example.source) + 1, np.int64)  # old source position -> new
        hints: dict[int, tuple[int, list[int], list[int], int]] = {}
        at = 0
        for s0, s1, t0, t1 in spans:
            moved[at:s0] = np.arange(s0 - at) + len(source)
            source += example.source[at:s0]
            shown, written = self._wording(example.target, t0, t1)
            masked = self._random.random() < MASKED
            if masked:
                source += self._proclitics(example.source[s0:s1])
            source.append(opened)
            for old in range(s0, s1):
                moved[old] = len(source) - masked
                if not masked:
                    source.append(example.source[old])
            source.append(middle)
            hints[t0] = (t1, shown, written, len(source))
            source += [*shown, ended, closed]
            at = s1
        moved[at:] = np.arange(len(example.source) + 1 - at) + len(source)
        source += example.source[at:]
        return self._rewritten(example, source, moved, hints)

    def _rewritten(
        self,
        example: Example,
        source: list[int],
        moved: np.ndarray,
        hints: dict[int, tuple[int, list[int], list[int], int]],
    ) -> Example:
        """The target with its phrases as annotated; each of their pieces is linked to the hint it was copied from."""
        target: list[int] = []
        links: list[int] = []
        at = 0
        while at < len(example.target):
            if at in hints:
                end, shown, written, place = hints[at]
                target += written
                links += [place + min(number, len(shown) - 1) for number in range(len(written))]
                at = end
                continue
            target.append(example.target[at])
            links.append(int(moved[example.links[at]]) if example.links[at] >= 0 else NOWHERE)
            at += 1
        return Example(source, target, links)

    def noun(self, target: list[int], begin: int, end: int) -> bool:
        """Whether a phrase of a target stands where any noun could: behind a determiner or preposition, or a name."""
        before = self._pieces.decode(target[begin - 1 : begin]).strip().lower() if begin else ""
        return before in NOUNS_FOLLOW or (begin > 0 and self._pieces.decode(target[begin:end])[:1].isupper())

    def _wording(self, target: list[int], begin: int, end: int) -> tuple[list[int], list[int]]:
        """Ids of the hint, and ids the target has for it."""
        written = target[begin:end]
        text = self._pieces.decode(written)
        if self.noun(target, begin, end) and self._random.random() < INVENTED:
            text = self._invented()
            written = self._pieces.encode(text)
            return written, written
        shown = text
        if begin == 0 and text[:1].isupper() and text[1:2].islower() and self._random.random() < LOWERED:
            shown = shown[:1].lower() + shown[1:]
        if self._random.random() < SINGULAR and re.search(r"[a-z]{3}[^suiy\W]s$", shown) and not shown[:1].isupper():
            shown = shown[:-3] + "y" if shown.endswith("ies") else shown[:-1]
        return (written if shown == text else self._pieces.encode(shown)), written

    def _invented(self) -> str:
        """Some target phrase of the lexicon, or one that nobody has: `Mo|sul` and `Tik|rit` give `Morit`."""
        kind = self._random.random()
        if kind < SCRAMBLED:
            return " ".join(self._scrambled() for _ in range(int(self._random.integers(1, 3))))
        ids = self._names[int(self._random.integers(0, len(self._names)))]
        if kind < SCRAMBLED + SPLICED:
            other = self._names[int(self._random.integers(0, len(self._names)))]
            ids = [*ids[: len(ids) // 2 + 1], *other[len(other) // 2 :]][:LONGEST_SPLICED]
        return str(self._pieces.decode(ids))

    def _scrambled(self) -> str:
        """A word of two to four pieces that never stood together: `harb|oss|quin`."""
        size = int(self._random.integers(2, 5))
        chosen = [self._first, *[self._later] * (size - 1)]
        word = "".join(written[int(self._random.integers(0, len(written)))] for written in chosen)
        return word.title() if self._random.random() < CAPITALISED else word

    def _proclitics(self, surface: list[int]) -> list[int]:
        """Ids of the conjunction, preposition and article in front of a masked surface."""
        found = PROCLITICS.match(self._pieces.decode(surface))
        return self._pieces.encode(found[0]) if found and found[0] and self._random.random() < 0.7 else []

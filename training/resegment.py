"""Other ways to cut words into pieces, drawn afresh for every batch, so that a pair is never seen twice the same.

A few ten thousand pairs of news are soon learnt by heart: after ten readings a model that is always given the same
pieces says 87 of 100 pieces of its training text right and 74 of new text. Works on ids and moves the word alignment
along. Knows nothing of models.

Kudo 2018 (subword regularisation); Provilkov et al. 2020 (both sides).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece

from training.annotate import NOWHERE, Example
from translate.engines.pieces import ANNOTATION

WAYS = 8  # at most, the likeliest of a word
FLATTENED = 0.2  # power of their likelihood that is their weight: 0 draws evenly, 1 as likely as the tokenizer says
SOURCE_SHARE, TARGET_SHARE = 0.3, 0.1  # of the words that are cut anew


@dataclass(frozen=True, slots=True)
class _Ways:
    """A word's segmentations with the sum of their weights up to each."""

    cuts: tuple[tuple[int, ...], ...]
    reached: tuple[float, ...]


class Resegmenter:
    """Cuts some words of examples anew; deterministic for a seed and an order of calls."""

    def __init__(self, tokenizer: Path, seed: int) -> None:
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
        self._written = [self._pieces.id_to_piece(number) for number in range(len(self._pieces))]
        self._begins = [piece.startswith("▁") for piece in self._written]
        self._alone = {self._pieces.piece_to_id(symbol) for symbol in ANNOTATION}
        self._random = np.random.default_rng(seed)
        self._known: dict[tuple[int, ...], _Ways] = {}

    def __call__(self, example: Example) -> Example:
        """The same pair with some of its words in other pieces, and its links where they then belong."""
        source, source_at = self._cut(example.source, SOURCE_SHARE)
        target, target_at = self._cut(example.target, TARGET_SHARE)
        before = [example.links[_holding(target_at, new)] for new in range(len(target))]
        return Example(source, target, [source_at[link] if link >= 0 else NOWHERE for link in before])

    def _cut(self, ids: list[int], share: float) -> tuple[list[int], list[int]]:
        """The new ids, and for every old position the new one that holds its first character."""
        made: list[int] = []
        moved: list[int] = []
        for begin, end in self._words(ids):
            word = tuple(ids[begin:end])
            if self._begins[word[0]] and self._random.random() < share:
                new = self._way(word)
                starts = self._starts(new)
                moved += [len(made) + _holding(starts, place) for place in self._starts(word)]
                made += new
            else:
                moved += range(len(made), len(made) + len(word))
                made += word
        return made, moved

    def _words(self, ids: list[int]) -> list[tuple[int, int]]:
        """Spans of pieces that make a word; the signs of an annotation are words of their own."""
        starts = [
            at
            for at, number in enumerate(ids)
            if at == 0 or self._begins[number] or number in self._alone or ids[at - 1] in self._alone
        ]
        return list(zip(starts, [*starts[1:], len(ids)], strict=True))

    def _starts(self, word: tuple[int, ...]) -> list[int]:
        """Where each piece of a word begins, in characters."""
        starts, at = [], 0
        for number in word:
            starts.append(at)
            at += len(self._written[number])
        return starts

    def _way(self, word: tuple[int, ...]) -> tuple[int, ...]:
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._ways(word)
        drawn = self._random.random() * known.reached[-1]
        return next(cut for cut, reached in zip(known.cuts, known.reached, strict=True) if drawn <= reached)

    def _ways(self, word: tuple[int, ...]) -> _Ways:
        """All ways to cut a word that spell it the same; a word the tokenizer would change stays as it is."""
        spelt = "".join(self._written[number] for number in word)
        found = self._pieces.nbest_encode_as_ids(spelt[1:], WAYS) if len(spelt) > 1 else []
        cuts = [tuple(cut) for cut in found if "".join(self._written[number] for number in cut) == spelt] or [word]
        scores = np.array([self._score(cut) for cut in cuts])
        weights = np.exp(FLATTENED * (scores - scores.max()))
        return _Ways(tuple(cuts), tuple(np.cumsum(weights).tolist()))

    def _score(self, cut: tuple[int, ...]) -> float:
        return sum(self._pieces.get_score(number) for number in cut)


def _holding(starts: list[int], place: int) -> int:
    """The last of the starts that is not behind a place."""
    return bisect_right(starts, place) - 1

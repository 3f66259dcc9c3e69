"""Which English stands for which Arabic where no engine says so: in sentences that a person rewrote.

A small translation table is learned from the sentences themselves (IBM model 1 with a leaning towards the diagonal) and
gives word alignments as an engine would. Good for words that come back, a guess for others. Knows words; no terms.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

MOST = 1_000
"""Sentences that are learned from; more would take long and say the same."""
ROUNDS = 5
LEAN = 2.0
"""How much worse a pair at opposite ends of its sentences is: e to this power."""
SURE = 0.25
"""Share of a word's probability that one partner needs."""
LONGEST = 120
"""Words of a sentence that takes part."""

Pair = tuple[Sequence[str], Sequence[str]]
Alignment = tuple[tuple[int, int], ...]


class Table:
    """How likely an English word stands for an Arabic one."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        """Learn from sentences as lists of words, both in the spelling that is to count as equal."""
        self._table: dict[str, dict[str, float]] = {}
        learned = [pair for pair in pairs if 0 < len(pair[0]) <= LONGEST and 0 < len(pair[1]) <= LONGEST][:MOST]
        for _ in range(ROUNDS):
            self._learn(learned)

    def _learn(self, pairs: Sequence[Pair]) -> None:
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for source, target in pairs:
            for at, word in enumerate(target):
                shares = self._shares(source, word, at / len(target))
                for other, share in zip(source, shares, strict=True):
                    counts[other][word] += share
        self._table = {
            other: {word: count / total for word, count in row.items() if count > total / 1e4}
            for other, row in counts.items()
            for total in [sum(row.values())]
        }

    def _shares(self, source: Sequence[str], word: str, place: float) -> list[float]:
        """How the probability of one English word is shared among the Arabic ones."""
        size, table = len(source), self._table
        weights = [
            (table.get(other, {}).get(word, 1e-9) if table else 1.0) * math.exp(-LEAN * abs(n / size - place))
            for n, other in enumerate(source)
        ]
        total = sum(weights)
        return [weight / total for weight in weights]

    def align(self, source: Sequence[str], target: Sequence[str]) -> Alignment:
        """(Arabic word, English word) pairs that are likely; nothing for sentences that are too long."""
        if not source or not target or len(source) > LONGEST or len(target) > LONGEST:
            return ()
        found = []
        for at, word in enumerate(target):
            shares = self._shares(source, word, at / len(target))
            best = max(range(len(source)), key=lambda n: (shares[n], -n))
            if shares[best] >= SURE and self._table.get(source[best], {}).get(word, 0.0) > 1e-3:
                found.append((best, at))
        return tuple(sorted(found))

"""What the desk may ask of the machine half, as functions that the command line hands in; without them it does without.

Nothing here is implemented: the two halves never import each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from translate.document import Alternative, Article, Target


class Again(Protocol):
    """Sentences of an article, translated again with the terms in force; left out where nothing comes of it."""

    def __call__(self, article: Article, segments: Collection[str]) -> Mapping[str, Target]:
        """`segments` are ids."""
        ...


class Several(Protocol):
    """Up to `count` translations of one sentence, best first."""

    def __call__(self, article: Article, segment: str, count: int) -> Sequence[Alternative]:
        """`segment` is an id."""
        ...


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is."""

    again: Again | None = None
    several: Several | None = None

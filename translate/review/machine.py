"""What the desk may ask of the machine half, as functions that the command line hands in; without them it does without.

Nothing here is implemented: the two halves never import each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from translate.document import Alternative, Article


class Translate(Protocol):
    """One sentence of an article, translated again with the terms in force; None where nothing comes of it."""

    def __call__(self, article: Article, segment: str) -> Alternative | None:
        """`segment` is an id."""
        ...


class Several(Protocol):
    """Up to `count` translations of one sentence, best first."""

    def __call__(self, article: Article, segment: str, count: int) -> Sequence[Alternative]:
        """`segment` is an id."""
        ...


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is."""

    translate: Translate | None = None
    several: Several | None = None

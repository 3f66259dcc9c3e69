"""What came of trying to break a promise: how much was tried, how much broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Scale:
    """How hard to try."""

    full: bool
    """Everything, as `scripts/prove` does it; else what fits into the test suite."""
    folder: Path
    """An empty folder to work in."""
    seed: int = 1

    def of(self, small: int, large: int) -> int:
        """A number of inputs: `small` in the test suite, `large` at full scale."""
        return large if self.full else small


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    promise: str
    """One sentence in the present tense: "A killed draft loses nothing"."""
    tried: int
    unit: str
    """What was counted, in the plural: "kill points"."""
    broken: Sequence[str] = field(default_factory=tuple)
    """How to see each break again: input, place, what happened; no line where the promise was kept."""
    note: str = ""
    """A figure besides: "slowest 0.8 s", "41 MB at most"."""
    skipped: str = ""
    """Why nothing could be tried on this computer; then `tried` is 0."""

"""What a row of the benchmark is: what it measures, what it hands back, and how much it may take.

A row measures one thing on ours and on its peers in one run, at two sizes a factor of ten apart where it has a size,
and says of each target whether it was met. Knows no row.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NONE = "–"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured, and where."""

    work: Path
    """Scratch, gone afterwards."""
    cache: Path
    """Environments of peers, kept from run to run."""
    quick: bool = False
    """A tenth of everything: shows that it runs, not how fast."""
    rounds: int = 3
    threads: int = 0
    """0: as many as there are processors."""
    texts: Path | None = None
    """The folder of the training, with what is no part of this project: `eval/NAME.tsv`, `eval/peers/NAME.PEER.en`."""

    def size(self, wanted: int) -> int:
        """`100_000`, quick -> `10_000`."""
        return max(1, wanted // 10) if self.quick else wanted


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target and what came of it."""

    target: str
    """"≥300,000 words/s" """
    figure: str
    """"512,000" """
    met: bool | None
    """None where it could not be measured; the figure says why."""

    def __str__(self) -> str:
        word = {True: "met", False: "**missed**", None: "not measured"}[self.met]
        return f"- {self.target}: {word} ({self.figure})"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a row hands back."""

    verdicts: tuple[Verdict, ...] = ()
    lines: tuple[str, ...] = ()
    """Markdown: tables and what there is to say of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the benchmark."""

    title: str
    asks: str
    """What is measured, in a sentence."""
    measure: Callable[[Scale], Measured]


@dataclass(slots=True)
class Table:
    """A table of figures; the first column is a name, the others are numbers."""

    head: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """One line."""
        self.rows.append([shown(cell) for cell in cells])

    def lines(self) -> list[str]:
        """As Markdown, an empty line behind it."""
        told = [f"| {' | '.join(self.head)} |", "|---" + "|--:" * (len(self.head) - 1) + "|"]
        return [*told, *(f"| {' | '.join(row)} |" for row in self.rows), ""]


def shown(cell: object) -> str:
    """`12345` -> `12,345`, `0.123456` -> `0.123`, `None` -> `–`."""
    if cell is None:
        return NONE
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}" if abs(cell) < 10 else f"{cell:.1f}"
    return str(cell)


def median(values: Iterable[float]) -> float:
    """The middle one."""
    return statistics.median(list(values))


def p95(values: Iterable[float]) -> float:
    """Of a hundred the fifth from the top."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Median over the rounds of ours over theirs in the same round."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))

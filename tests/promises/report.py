"""The figures, for a terminal and for `docs/promises.md`.

In the page each part has its own pair of comments, `<!-- figures: crash -->` and `<!-- end -->`; what stands between
them is replaced, and the parts that were not run stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from promises.figure import Figure

SHOWN = 10
"""Breaks told of one promise; the rest is counted."""


def told(part: str, figures: Sequence[Figure], seconds: float, processor: float) -> str:
    """A few lines for a terminal."""
    lines = [f"{part} ({seconds:.0f} s, {processor:.0f} s of processor time)"]
    for figure in figures:
        mark = "-" if figure.skipped else "BROKEN" if figure.broken else "kept"
        count = figure.skipped or f"{figure.tried:,} {figure.unit}" + (f"; {figure.note}" if figure.note else "")
        lines.append(f"  {mark:6} {figure.promise}: {count}")
        lines += [f"         {line}" for line in figure.broken[:SHOWN]]
        if len(figure.broken) > SHOWN:
            lines.append(f"         and {len(figure.broken) - SHOWN} more")
    return "\n".join(lines) + "\n"


def table(figures: Sequence[Figure]) -> str:
    """The same as a Markdown table."""
    rows = ["| promise | tried | broken | |", "|---|--:|--:|---|"]
    for figure in figures:
        tried = figure.skipped or f"{figure.tried:,} {figure.unit}"
        rows.append(f"| {figure.promise} | {tried} | {len(figure.broken):,} | {figure.note} |")
    return "\n".join(rows)


def write(page: Path, found: Mapping[str, Sequence[Figure]]) -> None:
    """Put the figures of each part where they stand in the page."""
    text = page.read_text(encoding="utf-8")
    for part, figures in found.items():
        place = re.compile(rf"(<!-- figures: {re.escape(part)} -->\n).*?(<!-- end -->)", re.DOTALL)
        text, count = place.subn(lambda found, figures=figures: f"{found[1]}{table(figures)}\n{found[2]}", text)
        if not count:
            raise SystemExit(f"{page} has no place for the figures of {part}")
    page.write_text(text, encoding="utf-8")

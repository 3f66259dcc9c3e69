"""Rows that are measured by a benchmark with a report of its own: its tables are taken over, its targets looked up.

Each runs `python -m benchmarks.NAME` in a process of its own. Knows what the tables look like; measures nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import process
from benchmarks.row import Measured, Scale, Verdict

COST = 1.2
COMPLIANCE = 100.0
DETECTED = 98.0
NAMES = ("Tarjuman", "free decoding")


def report(*words: object) -> list[str]:
    """The lines that a benchmark prints."""
    run = process.run([sys.executable, "-m", *[str(word) for word in words]], text=True)
    told = f"The whole took {run.wall:.0f} s, {run.cpu:.0f} s of processor; largest process {run.megabytes:.0f} MB."
    lines = [line for line in str(run.told["text"]).splitlines() if not line.startswith("# ")]
    return [*(re.sub("^#+", "####", line) for line in lines), "", told]


def cells(lines: Sequence[str], system: str) -> Iterator[dict[str, str]]:
    """The rows of a system in all tables, by the heads of the columns."""
    head: list[str] = []
    for line in lines:
        row = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            head = []
        elif not head:
            head = row
        elif row[0] == system:
            yield dict(zip(head, row, strict=False))


def numbers(rows: Sequence[dict[str, str]], column: str) -> list[float]:
    """What stands in a column, where it is a number."""
    found = [row.get(column, "").split(" ")[0].replace(",", "") for row in rows]
    return [float(cell) for cell in found if re.fullmatch(r"[+-]?\d+(?:\.\d+)?", cell)]


def terms(scale: Scale) -> Measured:
    """Accuracy and cost of terms."""
    words: list[object] = ["benchmarks.terms", "--threads", scale.threads or 1]
    if scale.quick:
        words += ["--on", "matcher", "toy", "seeds", "--sentences", 20, "--glossaries", 2]
    old = scale.cache / "old" / "bin" / "python"
    lines = report(*words, "--old-python", old)
    own = list(cells(lines, "Tarjuman"))
    kept, recall, precision, cost = (numbers(own, name) for name in ("compliance", "recall", "precision", "time"))
    verdicts = (
        Verdict("100 % inclusion or a named failure", f"{min(kept):.1f} % at least", min(kept) >= COMPLIANCE),
        Verdict("≥98 % of occurrences detected", f"{min(recall):.1f} %", min(recall) >= DETECTED),
        Verdict("≤0.5 % false matches", f"{100 - min(precision):.1f} %", min(precision) >= 99.5),
        Verdict("whole pipeline ≤1.2x free decoding", f"{min(cost):.2f}x to {max(cost):.2f}x over the sets and modes",
                max(cost) <= COST),
    )  # fmt: skip
    return Measured(verdicts, tuple(lines))


def site(scale: Scale) -> Measured:
    """Building the site."""
    sizes = [scale.size(1_000), scale.size(10_000)]
    lines = report("benchmarks.site", "--sizes", *sizes)
    ratios = [float(found) for line in lines for found in re.findall(r"ours over \w+: ([\d.]+)", line)]
    everything = list(cells(lines, "Tarjuman, everything"))
    change = [float(row["one changed: s, wall"]) for row in everything]
    verdicts = (
        Verdict("≥3x the pages/s of Pelican and MkDocs", ", ".join(f"{one:.1f}x" for one in ratios) or "no peers",
                min(ratios) >= 3 if ratios else None),
        Verdict(f"one changed article of {sizes[-1]:,} <2 s", f"{change[-1]:.1f} s", change[-1] < 2),
    )  # fmt: skip
    return Measured(verdicts, tuple(lines))


def archive(scale: Scale) -> Measured:
    """The archive line."""
    return Measured((), tuple(report("benchmarks.archive", "--sizes", scale.size(10_000), scale.size(100_000))))


def search(scale: Scale) -> Measured:
    """The search of the site."""
    if not Path("/usr/bin/chromium").exists():
        return Measured((Verdict("≤300 kB a question", "there is no Chromium to ask with", None),))
    lines = report("benchmarks.search", "--articles", scale.size(1_000), scale.size(10_000))
    rows = list(cells(lines, f"{scale.size(10_000):,}"))
    ours = next((row for row in rows if row.get("index") == "Tarjuman"), None)
    most = numbers([ours], "kB a question, median") if ours else []
    verdicts = (Verdict("≤300 kB a question at 10,000 articles", f"{most[0]:.0f} kB, median" if most else "no figure",
                        most[0] <= 300 if most else None),)  # fmt: skip
    return Measured(verdicts, tuple(lines))

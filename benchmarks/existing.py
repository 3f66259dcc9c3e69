"""Rows that are measured by a benchmark with a report of its own: its tables are taken over, its targets looked up.

Each runs `python -m benchmarks.NAME` in a process of its own. Knows what the tables look like; measures nothing.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks import process
from benchmarks.row import NONE, Measured, Scale, Table, Verdict
from benchmarks.site import EVERYTHING, PAGES, SEARCH

COST = 1.2
COMPLIANCE = 100.0
DETECTED = 98.0
LEAD = 3.0
FLAT = 1.25
"""Memory at ten times the size: the same, and what SQLite may keep of its file."""
COLUMNS = (
    *("compliance", "placed", "form", "duplicated", "put in", "by guess"),
    *("chrF++ terms", "chrF++ plain", "time", "time, violators"),
)
"""Of the terms' report, those that its row shows."""


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
        if line.startswith("<!--"):
            continue
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
    words: list[object] = ["benchmarks.terms", "--threads", scale.threads or 1, "--cache", scale.cache]
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
    where = (
        "Every system, and what a column means: [figures.md](figures.md). "
        "What limits what was missed, and where the time goes: [docs/terms.md](../docs/terms.md#targets)."
    )
    return Measured(verdicts, (*in_short(lines), where))


def in_short(lines: Sequence[str]) -> list[str]:
    """What the whole cascade came to in each set and mode, as one table."""
    table, title, chunk = Table(("set, mode", *COLUMNS)), "", list[str]()
    for line in (*lines, "#### "):
        if not line.startswith("#### "):
            chunk.append(line)
            continue
        for row in cells(chunk, "Tarjuman"):
            if "time" in row:
                table.add(title, *(row.get(name, NONE) for name in COLUMNS))
        title, chunk = line.removeprefix("#### "), []
    return table.lines()


def site(scale: Scale) -> Measured:
    """Building the site."""
    sizes = [scale.size(1_000), scale.size(10_000)]
    lines = report("benchmarks.site", "--edits", 5, "--rounds", scale.rounds, "--cache", scale.cache, "--sizes", *sizes)
    everything = list(cells(lines, "Tarjuman, everything"))
    change = [float(row["one changed: s, wall"]) for row in everything]
    verdicts = (
        _times("≥3x the pages/s of Pelican and MkDocs", leads(lines, EVERYTHING)),
        _times("the same without downloads, which MkDocs does not make", leads(lines, SEARCH)),
        _times("the same without search and downloads on either side", leads(lines, PAGES)),
        Verdict(f"one changed article of {sizes[-1]:,} <2 s", f"{change[-1]:.1f} s", change[-1] < 2),
    )  # fmt: skip
    return Measured(verdicts, tuple(lines))


def leads(lines: Sequence[str], made: str) -> list[str]:
    """Our pages a second over those of each peer at each size, as the site's report tells them."""
    return re.findall(rf"Pages a second .*? ours \({made}\) over .*: ([\d.]+)\.", "\n".join(lines))


def _times(target: str, ratios: Sequence[str]) -> Verdict:
    """Of each size and peer in turn."""
    figure = ", ".join(f"{one}x" for one in ratios) or "no peers"
    return Verdict(target, figure, all(float(one) >= LEAD for one in ratios) if ratios else None)


def archive(scale: Scale) -> Measured:
    """Archives: killed and resumed at two sizes, and what a second worker brings where there is a second core."""
    sizes = [scale.size(2_000), scale.size(20_000)]
    lines = report("benchmarks.archive", "--sizes", *sizes, "--kills", 4, "--short")
    found = re.findall(r"<!-- (.+?); ([\d,]+) of ([\d,]+) .* after (\d+) kills; at most ([\d,]+)", "\n".join(lines))
    lost = [same for same, *_ in found if same != "the same bytes"]
    again = ", ".join(f"{twice} of {every} asked again after {kills} kills" for _, twice, every, kills, _ in found)
    peaks = [numbers(list(cells(lines, f"{size:,}")), "peak MB")[0] for size in sizes]
    lines += ["What grows is SQLite's cache of answers, to 16 MB, which small archives do not fill: "
              "[docs/archive.md](../docs/archive.md#how-long-how-large) has 10,000 and 100,000."]  # fmt: skip
    verdicts = [
        Verdict("nothing lost, nothing twice but the batches killed", lost[0] if lost else f"the same bytes; {again}",
                len(found) == len(sizes) and not lost),
        Verdict("the same memory for ten times the articles", " and ".join(f"{peak:.0f} MB" for peak in peaks),
                peaks[-1] <= FLAT * peaks[0]),
    ]  # fmt: skip
    if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2 or not find_spec("ray"):
        verdicts.append(Verdict("two Ray workers ≥1.8x one", "needs two cores and the package ray", None))
        return Measured(tuple(verdicts), tuple(lines))
    words = ("--engine", "ct2", "--batch", 2048, "--workers", 1, 2, "--sizes", scale.size(500))
    more = report("benchmarks.archive", *words)
    lines += ["", *more]
    rows = cells(more, f"{scale.size(500):,}")
    ratio = next(float(row["ratio"]) for row in rows if (row["workers"], row["cores"]) == ("2 with Ray", "2"))
    verdicts.append(Verdict("two Ray workers ≥1.8x one, a core each", f"{ratio:.2f}x", ratio >= 1.8))
    return Measured(tuple(verdicts), tuple(lines))


def search(scale: Scale) -> Measured:
    """The search of the site."""
    if not Path("/usr/bin/chromium").exists():
        return Measured((Verdict("≤300 kB a question", "there is no Chromium to ask with", None),))
    sizes = [scale.size(1_000), scale.size(10_000)]
    lines = report("benchmarks.search", "--cache", scale.cache, "--articles", *sizes)
    rows = list(cells(lines, f"{sizes[-1]:,}"))
    ours = next((row for row in rows if row.get("index") == "Tarjuman"), None)
    columns = ("kB a question, median", "most, Arabic", "most, English")
    size = [numbers([ours], column)[0] for column in columns] if ours else []
    figure = f"{size[0]:.0f} kB, median; {max(size):.0f} kB at the most" if size else "no figure"
    verdicts = (Verdict("≤300 kB a question at 10,000 articles", figure, max(size) <= 300 if size else None),)
    return Measured(verdicts, tuple(lines))

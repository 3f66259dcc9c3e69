"""`RESULTS.md`: one piece a row, between `<!-- row: NAME -->` and `<!-- end: NAME -->`, each replaced by itself.

So a row can be measured anew alone; every piece says when, on what and by which command it was made. Knows no row.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.row import Measured, Row

PAGE = Path(__file__).parent / "RESULTS.md"
PACKAGES = ("ctranslate2", "transformers", "torch", "sentencepiece", "rapidfuzz", "lxml", "jinja2", "sacrebleu")
HEAD = """\
# What was measured

Made by `python -m benchmarks`; every row can be measured anew by itself with the command that stands under it. What is
measured against whom, and the targets: [README.md](README.md). Medians; a target that was missed says so.
"""


def machine(load: float) -> str:
    """`2 of 2 processors (AMD EPYC), 24 GB, Linux, Python 3.11.7; busy at the beginning: 0.1`."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return (
        f"{allowed} of {os.cpu_count()} processors ({_processor()}), {_memory()}, {platform.system()}, "
        f"Python {platform.python_version()}; load at the beginning {load:.1f}"
    )


def _processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else platform.machine()


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    except (ValueError, OSError, AttributeError):
        return "memory unknown"


def packages() -> str:
    """`ctranslate2 4.8.5, transformers 5.23.0, ...`."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def piece(row: Row, measured: Measured, command: str, load: float, seconds: float) -> str:
    """One row as Markdown."""
    today = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    lines = [f"## {row.title}", "", row.asks, "", *map(str, measured.verdicts)]
    lines += [""] if measured.verdicts else []
    lines += [*measured.lines, "", f"    {command}", ""]
    lines.append(f"{today} UTC, {seconds:.0f} s; {machine(load)}; {packages()}.")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def write(page: Path, rows: Mapping[str, Row], made: Mapping[str, str]) -> None:
    """Put the pieces where they belong; rows that were not measured keep theirs."""
    before = page.read_text("utf-8") if page.is_file() else ""
    kept = {
        name: text.strip() for name, text in re.findall(r"<!-- row: (\w+) -->\n(.*?)<!-- end: \1 -->", before, re.S)
    }
    kept |= made
    lines = [HEAD]
    for name, row in rows.items():
        text = kept.get(name) or f"## {row.title}\n\n{row.asks}\n\nNot measured yet."
        lines.append(f"<!-- row: {name} -->\n{text.strip()}\n<!-- end: {name} -->\n")
    page.write_text("\n".join(lines), "utf-8")

"""Runs parts beside each other: at full scale each in a process of its own, as many at a time as there are cores.

What is bounded is processor time, and what waits, waits beside others. Knows neither the page nor the command.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from promises import report
from promises.figure import Figure, Scale
from promises.parts import PARTS

LONGEST_FIRST = ("fuzz", "injection", "crash", "offline", "door", "oddities", "supply")

Came = tuple[str, Sequence[Figure], str]
"""A part, its figures (none where it ended in an error), and a few lines about them."""


def run(parts: Sequence[str], full: bool, seed: int) -> Iterator[Came]:
    """Each part as it is done."""
    if not full or len(parts) == 1:
        yield from (_one(part, full, seed) for part in parts)
        return
    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores, get_context("spawn"), max_tasks_per_child=1) as pool:
        coming = [pool.submit(_one, part, full, seed) for part in sorted(parts, key=LONGEST_FIRST.index)]
        yield from (one.result() for one in as_completed(coming))


def _one(part: str, full: bool, seed: int) -> Came:
    """One part, in a folder of its own."""
    begun, used = time.monotonic(), _processor()
    with tempfile.TemporaryDirectory(prefix="tarjuman-") as folder:
        try:
            figures = list(PARTS[part](Scale(full, Path(folder), seed)))
        except Exception:  # the other parts go on, and this one is told
            return part, (), f"{part}: ended in an error\n{traceback.format_exc()}"
    return part, figures, report.told(part, figures, time.monotonic() - begun, _processor() - used)


def _processor() -> float:
    """Seconds of processor time of this process and of all that it started and waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)

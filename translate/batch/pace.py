"""How fast a run goes, when it will be done, and how much memory it took. Knows numbers only."""

from __future__ import annotations

import re
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LATELY = 40
"""Batches that the remaining time is reckoned from: a resumed run starts fast and slows down."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Of a run, so far."""

    seconds: float
    articles: float
    """A second, lately."""
    segments: float
    """Translated a second, lately."""
    left: float | None
    """Seconds that remain; None where nobody can tell."""


class Pace:
    """Reckons speed from what was done at which time."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`total` is the size of the input, in any unit; 0 where it is not known."""
        self._total, self._clock, self._start = total, clock, clock()
        self._points: deque[tuple[float, int, int, int]] = deque([(self._start, 0, 0, 0)], maxlen=LATELY)

    def now(self, at: int, articles: int, segments: int) -> Speed:
        """The speed with so much of the input behind us."""
        moment = self._clock()
        self._points.append((moment, at, articles, segments))
        since, was, articles_then, segments_then = self._points[0]
        passed = max(1e-6, moment - since)
        gone = at - was
        left = (self._total - at) * passed / gone if self._total and gone > 0 else None
        return Speed(
            moment - self._start, (articles - articles_then) / passed, (segments - segments_then) / passed, left
        )


def peak_memory() -> int:
    """The most bytes this process held at once; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    if peak := peak_of("self"):  # what `getrusage` says on Linux counts what started this process as well
        return peak
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def peak_of(process: int | str) -> int:
    """The same of any process of this computer that still runs, where it is Linux; 0 elsewhere."""
    with suppress(OSError):
        if found := re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{process}/status").read_text("ascii", "replace")):
            return int(found[1]) * 1024
    return 0


def clock_time(seconds: float) -> str:
    """`3725` -> `'1:02:05'`, `65` -> `'1:05'`."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"

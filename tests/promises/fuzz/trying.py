"""One target and many inputs: what is refused by name, what breaks, how long the longest takes.

Every input is made from the target's name, the seed and its own number, so that a break is seen again by those three:
`python -m promises.fuzz markdown 1 4711`. An input that takes longer than a processor second is a break; one that does
not end is stopped.
"""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import current_thread, main_thread

from promises.fuzz.targets import NAMED, BrokenError, Target, clear

SECONDS = 1.0
"""Of processor time for one small input."""
PATIENCE = 10.0
"""After so many it is stopped."""
KINDS = 12
"""Different breaks told of one target."""


class TooLongError(BaseException):
    """The input does not end."""


@dataclass(slots=True)
class Tried:
    """What came of the inputs of one target."""

    tried: int = 0
    read: int = 0
    """Those that were not refused."""
    slowest: float = 0.0
    broken: dict[str, str] = field(default_factory=dict)
    """Kind of break -> how to see it again."""


def made(target: Target, seed: int, number: int) -> bytes:
    """One input."""
    return target.make(Random(f"{target.name} {seed} {number}"))


def many(target: Target, count: int, seed: int, first: int = 1) -> Tried:
    """Feed a target until it has had `count`; `first` is the number of the first input."""
    found, number = Tried(), first
    while found.tried < count and len(found.broken) < KINDS:
        feed(target, made(target, seed, number), found, f"python -m promises.fuzz {target.name} {seed} {number}")
        number += 1
    return found


def together(several: Sequence[Tried]) -> Tried:
    """What came of all of them."""
    broken = {kind: line for one in several for kind, line in one.broken.items()}
    slowest = max(one.slowest for one in several)
    return Tried(sum(one.tried for one in several), sum(one.read for one in several), slowest, broken)


def feed(target: Target, data: bytes, found: Tried, again: str) -> None:
    """One input."""
    begun = time.process_time()
    counted, said = 1, ""
    try:
        with stopped(PATIENCE):
            counted = target.run(data)
        found.read += counted
    except NAMED as error:
        try:
            clear(error)
        except BrokenError as unclear:
            said = f"{where(error)} {unclear}"
    except BrokenError as error:
        said = str(error)
    except (TooLongError, Exception) as error:  # anything else is what is looked for
        said = f"{where(error)} {type(error).__name__}: {error}"
    took = time.process_time() - begun
    found.slowest = max(found.slowest, took)
    if not said and took > SECONDS:
        said = f"took {took:.1f} s"
    found.tried += counted
    if said:
        found.broken.setdefault(
            " ".join(said.split())[:60], f"{target.name}: {' '.join(said.split())[:220]!a} ({again})"
        )


def where(error: BaseException) -> str:
    """The last place of ours that an error went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        one
        for one in frames
        if "/promises/" not in one.filename and ("/translate/" in one.filename or "/glossary/" in one.filename)
    ]
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""


@contextmanager
def stopped(seconds: float) -> Iterator[None]:
    """Stop what takes longer in processor time; only where signals are ours to take."""
    if current_thread() is not main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TooLongError(f"not done after {seconds:.0f} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

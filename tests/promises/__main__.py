"""`python -m promises [PART …]`: try to break every promise, print what came of it, exit with 1 where one broke.

At full scale each part runs in a process of its own, as many at a time as there are cores: what is bounded is
processor time, and what waits, waits beside others. With `--write` the figures of a part are put into the page when it
is done, so that a run that is ended early keeps what it found.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from promises import advisories, report
from promises.figure import Figure, Scale
from promises.parts import PARTS

PAGE = Path(__file__).parents[2] / "docs" / "promises.md"
LONGEST_FIRST = ("fuzz", "injection", "crash", "offline", "door", "oddities", "supply")


def main() -> int:
    """Run the parts that were named, or all."""
    parser = argparse.ArgumentParser(prog="scripts/prove", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all unless named")
    parser.add_argument("--small", action="store_true", help="as much as the test suite tries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="put the figures into docs/promises.md")
    parser.add_argument(
        "--advisories",
        metavar="FOLDER",
        help="a copy of github.com/pypa/advisory-database, where there is no network",
    )
    asked = parser.parse_args()
    if unknown := [part for part in asked.parts if part not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}")
    if asked.advisories:
        os.environ[advisories.FOLDER] = str(Path(asked.advisories).resolve())
    begun, broken = time.monotonic(), False
    for part, figures, told in _all(asked.parts or list(PARTS), not asked.small, asked.seed):
        sys.stdout.write(told)
        sys.stdout.flush()
        broken |= not figures or any(figure.broken for figure in figures)
        if asked.write and figures:
            report.write(PAGE, {part: figures})
    sys.stdout.write(f"all of it: {time.monotonic() - begun:.0f} s\n")
    return 1 if broken else 0


Came = tuple[str, Sequence[Figure], str]
"""A part, its figures (none where it ended in an error), and a few lines about them."""


def _all(parts: Sequence[str], full: bool, seed: int) -> Iterator[Came]:
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


if __name__ == "__main__":
    sys.exit(main())

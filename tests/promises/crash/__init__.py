"""Nothing is lost: every command that writes is killed at each file operation, and run where the disk fails.

`commands` says what is run and where, `shim` counts and kills, `warm` forks the processes, `trial` judges.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from promises.crash.commands import COMMANDS, Command
from promises.crash.shim import How, compiled
from promises.crash.trial import Bench, Warm
from promises.figure import Figure, Scale

MEMORY = Path("/dev/shm")
"""Where nothing is written to a real disk, which would only take longer: a killed process leaves the same files."""
SMALL_SCALE = ("draft", "review")
ROOMS = (0, 20_000, 100_000)
"""Bytes left on a small disk."""
NO_COMPILER = "only what Python itself does, because there is no C compiler"
FULL = "A full disk is told in one line, and the next run completes the work"
READ_ONLY = "So is a disk that can only be read, from the beginning or suddenly"
FORBIDDEN = "So is a folder that somebody else owns"
SMALL = "So is a real small disk"
DISKS = {
    FULL: "",
    READ_ONLY: "",
    FORBIDDEN: "only root can become somebody else",
    SMALL: "only root can mount a small disk",
}


def prove(scale: Scale) -> Iterator[Figure]:
    """Kill, starve and forbid."""
    with tempfile.TemporaryDirectory(prefix="tarjuman-", dir=MEMORY if MEMORY.is_dir() else scale.folder) as made:
        folder = Path(made)
        folder.chmod(0o755)
        library = compiled(folder)
        (folder / "aside").mkdir()
        warm = Warm(library, folder / "aside", everything=scale.full)
        try:
            yield from _figures(scale, warm, folder, library is not None)
        finally:
            warm.close()


def _figures(scale: Scale, warm: Warm, folder: Path, walks: bool) -> Iterator[Figure]:
    """A figure for each command, then what the disks did to all of them."""
    tried: dict[str, int] = defaultdict(int)
    broken: dict[str, list[str]] = defaultdict(list)
    for number, command in enumerate(_chosen(scale)):
        bench = Bench(command, warm, folder / str(number))
        yield _killed(scale, bench, walks)
        for promise, found in _disks(scale, bench):
            tried[promise] += 1
            broken[promise] += found
        shutil.rmtree(folder / str(number))
    for promise, why in DISKS.items():
        if tried[promise] or scale.full:
            yield Figure(promise, tried[promise], "runs", broken[promise], skipped="" if tried[promise] else why)


def _killed(scale: Scale, bench: Bench, walks: bool) -> Figure:
    """Every operation is a kill point; some are tried with a signal, all by the files that are there then."""
    draw = random.Random(scale.seed)
    points = _points(bench)
    some = sorted(draw.sample(points, min(len(points), scale.of(2, 8))))
    broken = [wrong for at, how in some for wrong in bench.killed(at, how)]
    if not (scale.full and walks):
        return Figure(bench.command.promise, len(some), "kill points", broken, "" if walks else NO_COMPILER)
    count, found = bench.walked()
    note = f"{bench.states} different states of the files, each gone on from; {len(some)} times killed in earnest"
    return Figure(bench.command.promise, count, "kill points", [*broken, *found], note)


def _disks(scale: Scale, bench: Bench) -> Iterator[tuple[str, list[str]]]:
    """Disks that fail from some operation on, and real ones."""
    count = len(bench.ops)
    syncs = [number for number, op in enumerate(bench.ops, 1) if "sync" in op.split(" ")[1]]
    for promise, how, points in (
        (FULL, How.FULL, _spread(range(1, count + 1), scale.of(1, 12))),
        (FULL, How.LATE, _spread(syncs, scale.of(0, 3))),
        (READ_ONLY, How.READ_ONLY, _spread(range(1, count + 1), scale.of(0, 3))),
        (READ_ONLY, How.DENIED, _spread(range(1, count + 1), scale.of(0, 3))),
    ):
        for at in points:
            yield promise, bench.ill(at, how)
    if scale.full and os.name == "posix" and os.geteuid() == 0:
        for forbidden in bench.command.makes:
            yield FORBIDDEN, bench.forbidden(forbidden)
        for room in ROOMS if bench.mounts() else ():
            yield SMALL, bench.crowded(room)


def _spread(points: Sequence[int], count: int) -> list[int]:
    """So many of them, the first among them and the others evenly."""
    step = max(1, -(-len(points) // max(1, count)))
    return list(points[::step])[:count]


def _chosen(scale: Scale) -> list[Command]:
    only = [name for name in os.environ.get("TARJUMAN_CRASH", "").split(",") if name]
    return [one for one in COMMANDS if (scale.full or one.name in SMALL_SCALE) and (not only or one.name in only)]


def _points(bench: Bench) -> list[tuple[int, How]]:
    """Before every operation, and in the middle of every write."""
    found = [(at, How.DIE) for at in range(1, len(bench.ops) + 1)]
    for op in bench.ops:
        number, _, size, *_ = op.split(" ")
        if int(size) > 1:
            found.append((int(number), How.HALF))
    return sorted(found)

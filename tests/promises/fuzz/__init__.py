"""Bad input is told apart, and harms nothing: every reader fed with what no reader expects.

`generators`, `mutation` and `oddities` make inputs, `targets` says what reads them and what must be true behind it,
`trying` feeds and counts; `covering` lets atheris lead the same grammars to code not seen yet. `bombs` are small files
built to be large, `patterns` long runs for every regular expression, `desk` the routes of the review desk.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

from promises.figure import Figure, Scale

if TYPE_CHECKING:
    from promises.fuzz.trying import Tried

SMALL = 30
"""Inputs of each target in the test suite."""
FULL = 10_000
TOGETHER = 2_500
"""Inputs that one process tries at full scale before it takes others."""
OTHERS = ("covering", "desk", "desk-values", "bombs", "patterns")


def prove(scale: Scale) -> Iterator[Figure]:
    """Try all of it; at full scale in as many processes as there are cores: only processor time is measured."""
    from promises.fuzz import targets

    if not scale.full:
        for name in targets.TARGETS:
            yield _figure(name, [_fed(name, scale, 1, SMALL)])
        for name in OTHERS:
            yield from _other(name, scale)
        return
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), get_context("fork")) as pool:
        others = {name: pool.submit(_other, name, scale) for name in OTHERS}
        coming = {
            name: [pool.submit(_fed, name, scale, first, TOGETHER) for first in range(1, FULL, TOGETHER)]
            for name in targets.TARGETS
        }
        for name, several in coming.items():
            yield _figure(name, [one.result() for one in several])
        for name in OTHERS:
            yield from others[name].result()


def _fed(name: str, scale: Scale, first: int, count: int) -> Tried:
    """So many inputs of one target, from some number on, in a folder of their own."""
    from promises.fuzz import targets, trying

    own = scale.folder / f"{name}-{first}"
    own.mkdir()
    with _quiet():
        return trying.many(targets.target(name, targets.Bench(own)), count, scale.seed, first)


def _figure(name: str, several: Sequence[Tried]) -> Figure:
    from promises.fuzz import targets, trying

    found = trying.together(several)
    note = f"{found.read:,} could be read; slowest {found.slowest * 1000:.0f} ms"
    return Figure(targets.SAYS[name], found.tried, targets.unit(name), tuple(found.broken.values()), note)


def _other(name: str, scale: Scale) -> list[Figure]:
    """The figures of what is no target."""
    from promises.fuzz import bombs, covering, desk, patterns

    proves = {
        "covering": covering.prove,
        "desk": desk.prove,
        "desk-values": desk.prove_values,
        "bombs": bombs.prove,
        "patterns": patterns.prove,
    }
    own = replace(scale, folder=scale.folder / name)
    own.folder.mkdir()
    with _quiet():
        return list(proves[name](own))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the log: the desk says of every odd line that it is odd."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)

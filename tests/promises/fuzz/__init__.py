"""Bad input is told apart, and harms nothing: every reader fed with what no reader expects.

`generators`, `mutation` and `oddities` make inputs, `targets` says what reads them and what must be true behind it,
`trying` feeds and counts; `covering` lets atheris lead the same grammars to code not seen yet. `bombs` are small files
built to be large, `patterns` long runs for every regular expression, `desk` the routes of the review desk.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from promises.figure import Figure, Scale

SMALL = 30
"""Inputs of each target in the test suite."""
WORKERS = 4
"""Processes at full scale; what is measured is processor time, so that they do not disturb each other's figures."""
FULL = 10_000
SLOW = {"journal": 2000, "desk-drafts": 2000, "site": 2000, "export": 2000}
"""Those at full scale where an input is a whole draft with a desk or a site around it."""
OTHERS = ("covering", "desk", "patterns", "bombs")


def prove(scale: Scale) -> Iterator[Figure]:
    """Try all of it."""
    from promises.fuzz import targets

    names = [*targets.TARGETS, *OTHERS]
    if not scale.full:
        for name in names:
            yield from part(name, scale)
        return
    with ProcessPoolExecutor(WORKERS, get_context("fork")) as pool:
        coming = {name: pool.submit(part, name, scale) for name in [*reversed(OTHERS), *targets.TARGETS]}
        for name in names:
            yield from coming[name].result()


def part(name: str, scale: Scale) -> list[Figure]:
    """The figures of one target, or of one of the others, in a folder of its own."""
    from promises.fuzz import bombs, covering, desk, patterns, targets, trying

    others = {"covering": covering, "desk": desk, "patterns": patterns, "bombs": bombs}
    own = replace(scale, folder=scale.folder / name)
    own.folder.mkdir()
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # the desk says of every odd line that it is odd
    try:
        if name in others:
            return list(others[name].prove(own))
        target = targets.target(name, targets.Bench(own.folder))
        found = trying.many(target, scale.of(SMALL, SLOW.get(name, FULL)), scale.seed)
        note = f"{found.read:,} could be read; slowest {found.slowest * 1000:.0f} ms"
        return [Figure(target.says, found.tried, target.unit, tuple(found.broken.values()), note)]
    finally:
        logging.disable(before)

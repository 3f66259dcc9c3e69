"""The same readers led by atheris: inputs that reach code which no input reached before are kept and changed further.

Runs in a process of its own, `python -m promises.fuzz.covering RUNS SEED FOLDER [READER …]`, since the program has to
be imported under the eyes of atheris. Each reader is led in a fork of that, in a folder of its own.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NoReturn

from promises.figure import Figure, Scale

if TYPE_CHECKING:
    from promises.fuzz.mutation import Mutation
    from promises.fuzz.targets import Target

NAMES = (
    "text", "markdown", "front", "split", "terms", "inline", "drafts", "xliff12", "tmx", "tsv", "term-file",
    "term-table", "tbx", "jsonl",
)  # fmt: skip
"""Readers that are fast enough."""
TEXTS = ("front", "split", "terms")
"""These are given text by whoever read the file; bytes that are no text never come to them."""
UNDER_EYES = [
    "glossary", "translate.readers", "translate.split", "translate.inline", "translate.exchange", "translate.xliff",
    "translate.termbase",
]  # fmt: skip
SEEDS = 40
"""Inputs of each that it begins with."""
LONGEST = 8000
"""Bytes of an input."""
OF_ONE_LINE = {"inline": 800}
"""Less where one line is read and written several times over."""
OWN = 0.7
"""Share of inputs that are changed as their format is made; the rest as atheris does it, byte by byte."""
TOLD = "told.json"
RUNS = 10_000
"""Of each reader."""
SAYS = "Inputs that atheris led to code not reached before"


def prove(scale: Scale) -> Iterator[Figure]:
    """At full scale only: looking at every line while it runs takes longer than the test suite has."""
    if not scale.full:
        return
    if find_spec("atheris") is None:
        yield Figure(SAYS, 0, "inputs", skipped="atheris is not installed")
        return
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "promises.fuzz.covering", str(RUNS), str(scale.seed), str(scale.folder)]
    subprocess.run(command, env={**os.environ, **paths}, stderr=subprocess.DEVNULL, check=False)
    found, broken = [], []
    for name in NAMES:
        told = scale.folder / name / TOLD
        if told.exists():
            found.append(json.loads(told.read_text(encoding="utf-8")))
        else:
            broken.append(f"atheris ended early: python -m promises.fuzz.covering {RUNS} {scale.seed} FOLDER {name}")
    read, slowest = sum(one["read"] for one in found), max((one["slowest"] for one in found), default=0.0)
    note = f"{read:,} could be read; slowest {slowest * 1000:.0f} ms; {RUNS:,} for each of {len(found)} readers"
    broken += [line for one in found for line in one["broken"]]
    yield Figure(SAYS, sum(one["tried"] for one in found), "inputs", broken, note)


def main() -> None:
    """Import once under the eyes of atheris, then lead each reader in a fork, as many at a time as there are cores."""
    import atheris

    runs, seed, folder, names = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:] or NAMES
    with atheris.instrument_imports(include=UNDER_EYES):
        from promises.fuzz import targets
    logging.disable(logging.CRITICAL)
    waiting, running = list(names), set[int]()
    while waiting or running:
        if waiting and len(running) < len(os.sched_getaffinity(0)):
            name = waiting.pop(0)
            if child := os.fork():
                running.add(child)
                continue
            own = folder / name
            own.mkdir(parents=True)
            os.chdir(own)  # where atheris leaves what it found
            _lead(targets.target(name, targets.Bench(own)), runs, seed)
        running.discard(os.wait()[0])


def _lead(target: Target, runs: int, seed: int) -> NoReturn:
    """Let atheris lead; what came of it is written when the last run is done."""
    import atheris

    from promises.fuzz import trying

    longest, corpus = OF_ONE_LINE.get(target.name, LONGEST), Path("corpus")
    corpus.mkdir()
    made = (target.make(Random(f"{target.name} {seed} {at}")) for at in count())
    for at, one in zip(range(SEEDS), (one for one in made if len(one) <= longest), strict=False):
        (corpus / str(at)).write_bytes(one)
    found = trying.Tried()
    damage = _damage(target.name)

    def changed(data: bytes, room: int, number: int) -> bytes:
        random = Random(number)
        if random.random() < OWN:
            return damage(random, data)[:room]
        bare: bytes = atheris.Mutate(data, room)
        if random.random() < 0.2:
            return bare
        return bare.decode("utf-8", "replace").encode()[:room]

    def once(data: bytes) -> None:
        given = data.decode("utf-8", "replace").encode() if target.name in TEXTS else data
        trying.feed(target, given, found, f"{given[:300]!r}")
        if found.tried >= runs:
            told = {key: getattr(found, key) for key in ("tried", "read", "slowest")}
            Path(TOLD).write_text(json.dumps({**told, "broken": [*found.broken.values()]}), encoding="utf-8")
            os._exit(0)

    options = [f"-runs={runs * 2}", f"-seed={seed}", f"-max_len={longest}", "-rss_limit_mb=0", "-timeout=600"]
    atheris.Setup(["fuzz", *options, "-verbosity=0", str(corpus)], once, custom_mutator=changed)
    atheris.Fuzz()
    os._exit(1)


def _damage(name: str) -> Mutation:
    """How inputs of a reader are changed so that most can still be read."""
    from promises.fuzz import targets

    kinds = {
        targets.BY_XML: ("drafts", "xliff12", "tmx", "tbx"),
        targets.BY_CELLS: ("tsv", "term-file", "term-table"),
        targets.BY_VALUES: ("jsonl",),
    }
    return next((kind for kind, names in kinds.items() if name in names), targets.BY_LINES)


if __name__ == "__main__":
    main()

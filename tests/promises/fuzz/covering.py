"""The same readers led by atheris: inputs that reach code which no input reached before are kept and changed further.

Runs in a process of its own, `python -m promises.fuzz.covering RUNS SEED FILE`, since the program has to be imported
under the eyes of atheris. The first byte of an input says which reader gets the rest.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random

from promises.figure import Figure, Scale

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
SEEDS = 6
"""Inputs of each that it begins with."""
RUNS = 10_000


def prove(scale: Scale) -> Iterator[Figure]:
    """At full scale only: looking at every line while it runs takes longer than the test suite has."""
    if not scale.full:
        return
    says = "Inputs that atheris led to code not reached before"
    if find_spec("atheris") is None:
        yield Figure(says, 0, "inputs", skipped="atheris is not installed")
        return
    told = scale.folder / "covering.json"
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "promises.fuzz.covering", str(RUNS), str(scale.seed), str(told)]
    subprocess.run(command, env={**os.environ, **paths}, stderr=subprocess.DEVNULL, check=False)
    if not told.exists():
        yield Figure(says, 0, "inputs", ["atheris ended early: run python -m promises.fuzz.covering 10000 1 x.json"])
        return
    found = json.loads(told.read_text(encoding="utf-8"))
    note = f"{found['read']:,} could be read; slowest {found['slowest'] * 1000:.0f} ms; {len(NAMES)} readers"
    yield Figure(says, found["tried"], "inputs", found["broken"], note)


def main() -> None:
    """Let atheris lead; what came of it is written when the last run is done."""
    import atheris

    runs, seed, out = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    with atheris.instrument_imports(include=UNDER_EYES):
        from promises.fuzz import targets, trying
    logging.disable(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="tarjuman-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    bench = targets.Bench(folder)
    several = [targets.target(name, bench) for name in NAMES]
    for number, target in enumerate(several):
        for at in range(SEEDS):
            made = target.make(Random(f"{target.name} {seed} {at}"))[:4000]
            (corpus / f"{number}-{at}").write_bytes(bytes([number]) + made)
    found = trying.Tried()

    def once(data: bytes) -> None:
        if data:
            target, rest = several[data[0] % len(several)], data[1:]
            if target.name in TEXTS:
                rest = rest.decode("utf-8", "replace").encode()
            trying.feed(target, rest, found, f"{rest[:300]!r}")
        if found.tried >= runs:
            told = {
                "tried": found.tried,
                "read": found.read,
                "slowest": found.slowest,
                "broken": [*found.broken.values()],
            }
            out.write_text(json.dumps(told), encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)

    options = [f"-runs={runs * 2}", f"-seed={seed}", "-max_len=5000", "-rss_limit_mb=0", "-timeout=600", "-verbosity=0"]
    atheris.Setup(["fuzz", *options, str(corpus)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""The archive line: articles a second, bytes on disk and peak memory, at two sizes a factor of ten apart.

`python -m benchmarks.archive --sizes 10000 100000` writes as many short articles as JSONL, half of their sentences
agency text that many share, and runs `tarjuman archive` over them, each run a process of its own: once from nothing,
once more with nothing changed, once with a glossary that has one term more, and once killed in the middle and resumed
(seconds of both, sentences of the second).
With `--engine fake` (the default) that is everything but the model; `--engine ct2 --sizes 2000` is everything.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.synthetic import ARABIC

SHARED = 2_000
"""Sentences of the agencies, drawn by rank: the first ones stand in very many articles."""
SENTENCES = 8
WORDS = (8, 24)
TERM = ("الجسر القديم", "the Old Bridge")
"""Found by the run with the longer glossary only."""


def sentence(chance: random.Random) -> str:
    """Words in any order, and a full stop."""
    return " ".join(chance.choices(ARABIC, k=chance.randint(*WORDS))) + "."


def articles(count: int) -> Iterator[dict[str, str]]:
    """Records, the same every time; article n is the same in an archive of any size."""
    shared = [sentence(random.Random(-number)) for number in range(1, SHARED)]
    for number in range(count):
        chance = random.Random(number)
        said = [
            shared[int(len(shared) * chance.random() ** 3)] if chance.random() < 0.5 else sentence(chance)
            for _ in range(SENTENCES)
        ]
        paragraphs = "\n".join(" ".join(said[at : at + 4]) for at in range(0, SENTENCES, 4))
        day = f"{2014 + number % 9}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        yield {
            "id": f"n-{number:06d}",
            "title": sentence(chance)[:60].rsplit(" ", 1)[0],
            "date": day,
            "text": paragraphs,
        }


def run(
    given: Path, output: Path, glossary: Sequence[str], arguments: Sequence[str], stop: float = 0.0
) -> dict[str, float]:
    """One process; with `stop`, killed after so many seconds."""
    words = [part for name in glossary for part in ("--glossary", name)]
    command = [sys.executable, "-m", "translate.cli", "archive", str(given), str(output), "--quiet", "--json", *words]
    before = os.times()
    start = time.monotonic()
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE) as process:
        if stop:
            try:
                process.wait(stop)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        told, _ = process.communicate()
    after = os.times()
    if not stop and process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return {**(json.loads(told) if told else {}), "wall": time.monotonic() - start, "cpu": spent}


def size(path: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    return sum(one.stat().st_size for one in path.rglob("*")) if path.is_dir() else path.stat().st_size


def rows(count: int, form: str, arguments: Sequence[str], folder: Path) -> Iterator[list[str]]:
    """The lines of the table for one size and one form of output."""
    given, extra = folder / f"{count}.jsonl", folder / "more.tsv"
    with given.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in articles(count))
    extra.write_text("source\ttarget\n" + "\t".join(TERM) + "\n", "utf-8")
    output = folder / f"out-{count}{form}"
    first = run(given, output, ["mosul"], arguments)
    runs = [("from nothing", first), ("again, nothing changed", run(given, output, ["mosul"], arguments))]
    runs.append(("one term more", run(given, output, [str(extra), "mosul"], arguments)))
    other = folder / f"killed-{count}{form}"
    killed = run(given, other, ["mosul"], arguments, stop=first["wall"] * 0.6)
    resumed = run(given, other, ["mosul"], arguments)
    resumed |= {name: killed[name] + resumed[name] for name in ("wall", "cpu")}
    runs.append(("killed after 60 % of that time, resumed", resumed))
    for name, one in runs:
        yield [
            *(f"{count:,}", form or "drafts", name, f"{one['wall']:.0f}", f"{one['cpu']:.0f}"),
            *(f"{count / one['cpu']:.0f}", f"{one['translated']:,.0f}", f"{one['peak_memory'] / 1e6:.0f}"),
            f"{size(output) / 1e6:.1f} + {size(output.with_name(output.name + '.archive')) / 1e6:.1f}",
        ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--forms", nargs="+", default=[".jsonl", "drafts"], choices=[".jsonl", ".parquet", "drafts"])
    parser.add_argument("--engine", default="fake", choices=["fake", "ct2", "marian"])
    parser.add_argument("--threads", default="1")
    parser.add_argument("--device", default="cpu")
    wanted = parser.parse_args()
    arguments = ["--engine", wanted.engine, "--threads", wanted.threads, "--device", wanted.device]
    print(f"`python -m benchmarks.archive {' '.join(sys.argv[1:])}`, Python {platform.python_version()}, ", end="")
    print(f"{len(os.sched_getaffinity(0))} core(s) allowed, load {os.getloadavg()[0]:.1f} at the beginning.\n")
    print("| articles | output | run | s, wall | s, processor | articles/s of processor | sentences translated", end="")
    print(" | peak MB | MB output + beside |\n|--:|---|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for count in wanted.sizes:
            for form in wanted.forms:
                for row in rows(count, form.replace("drafts", ""), arguments, Path(folder)):
                    print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()

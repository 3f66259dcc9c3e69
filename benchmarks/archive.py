"""The archive line: articles a second, bytes on disk, peak memory, kills survived, and what more workers bring.

`python -m benchmarks.archive --sizes 10000 100000` writes as many short articles as JSONL, half of their sentences
agency text that many share, and runs them, each run a process of its own: once from nothing, once more with nothing
changed, once with a glossary that has one term more, and once killed with SIGKILL at random moments, as often as
`--kills` says, and resumed each time. Afterwards it counts: whether the bytes are those of the run that nobody
killed, how many questions were asked twice, and what the largest batch was.

With `--engine fake` (the default) that is everything but the model. With `--engine ct2` the sentences are real ones
(those the model rehearses), so that it takes the time it takes. `--workers 1 2` runs one size with so many Ray workers
of one thread each, on as many cores and on all, and without Ray, and compares; it needs Linux and quiet cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.synthetic import ARABIC
from translate.batch.answering import Here
from translate.batch.asking import Question
from translate.batch.outlets import open_outlet
from translate.batch.pace import peak_of
from translate.batch.run import TOKENS, Quarantine, Run, Wishes
from translate.batch.source import open_source
from translate.batch.store import Store
from translate.cli.parts import MAKERS, open_glossary
from translate.engines.base import Engine
from translate.registry import BUNDLED, DEFAULT

SHARED = 2_000
"""Sentences of the agencies, drawn by rank: the first ones stand in very many articles."""
SENTENCES = 8
WORDS = (8, 24)
TERM = ("الجسر القديم", "the Old Bridge")
"""Found by the run with the longer glossary only."""
MONTHS = ("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول")
KEY = 16
"""Bytes of a question's key."""


# --- articles ---------------------------------------------------------------------------------------------------------


def sentence(chance: random.Random) -> str:
    """Words in any order, and a full stop."""
    return " ".join(chance.choices(ARABIC, k=chance.randint(*WORDS))) + "."


class Made:
    """Sentences that nobody wrote, for runs without a model."""

    def __init__(self) -> None:
        """The shared ones are the same for every archive."""
        self.shared = [sentence(random.Random(-number)) for number in range(1, SHARED)]

    def own(self, chance: random.Random) -> str:
        """One that stands nowhere else."""
        return sentence(chance)


class Real:
    """Sentences of the news, for runs with a model; a date in front makes one of them another."""

    def __init__(self) -> None:
        """Those that come with the bundled model."""
        lines = (BUNDLED / DEFAULT / "rehearsal.tsv").read_text("utf-8").splitlines()
        self.shared = [line.split("\t")[0] for line in lines]

    def own(self, chance: random.Random) -> str:
        """One that stands nowhere else, or nearly."""
        day = f"{chance.randint(1, 28)} {chance.choice(MONTHS)} {chance.randint(1990, 2025)}"
        return f"في {day} {chance.choice(self.shared)}"


def articles(count: int, text: Made | Real) -> Iterator[dict[str, str]]:
    """Records, the same every time; article n is the same in an archive of any size."""
    for number in range(count):
        chance = random.Random(number)
        said = [
            text.shared[int(len(text.shared) * chance.random() ** 3)] if chance.random() < 0.5 else text.own(chance)
            for _ in range(SENTENCES)
        ]
        paragraphs = "\n".join(" ".join(said[at : at + 4]) for at in range(0, SENTENCES, 4))
        day = f"{2014 + number % 9}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        yield {
            "id": f"n-{number:06d}",
            "title": text.own(chance)[:60].rsplit(" ", 1)[0],
            "date": day,
            "text": paragraphs,
        }


def written(folder: Path, count: int, engine: str) -> Path:
    """The archive as a file."""
    path = folder / f"{count}.jsonl"
    text = Made() if engine == "fake" else Real()
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in articles(count, text))
    return path


# --- one run, a process of its own ------------------------------------------------------------------------------------


class Counted(Here):
    """Writes the keys of what it is asked to a file before it answers: what a killed run asked is known as well."""

    def __init__(self, engine: Engine, log: Path) -> None:
        """The file grows with every run."""
        super().__init__(engine)
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def give(self, questions: Sequence[Question]) -> None:
        """A batch is a line: its keys, and an empty one."""
        os.write(self._log, b"".join(question.key for question in questions) + bytes(KEY))
        super().give(questions)


def child(given: Path, output: Path, log: Path, wanted: argparse.Namespace) -> None:
    """What `tarjuman archive` does, with the questions counted."""
    beside = output.with_name(output.name + ".archive")
    model = MAKERS[wanted.engine]("", wanted.threads, wanted.device)
    glossary = open_glossary([Path(name) for name in wanted.terms])
    store = Store(beside / "answers.sqlite")
    with Quarantine(beside / "quarantine.tsv") as aside:
        wishes, pool = Wishes(tokens=wanted.batch), Counted(model, log)
        run = Run(open_outlet(output), store, glossary, model, aside, wishes, pool=pool)
        run.over(open_source(given))
    store.close()


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took."""

    wall: float
    cpu: float
    peak: int
    """Bytes."""
    killed: bool = False


def run(arguments: Sequence[str], stop: float = 0.0) -> Spent:
    """Run a process to its end; with `stop`, kill it once it has used so many seconds of processor."""
    start, peak = time.monotonic(), 0
    number = os.posix_spawn(sys.executable, [sys.executable, "-m", *arguments], os.environ)
    killed = False
    while os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        peak = peak_of(number) or peak
        if stop and used(number) >= stop:
            os.kill(number, signal.SIGKILL)
            killed = True
            break
        time.sleep(0.02 if stop else 0.1)
    _, status, cost = os.wait4(number, 0)
    if status and not killed:
        raise SystemExit(f"{' '.join(arguments)} ended with {status}")
    return Spent(time.monotonic() - start, cost.ru_utime + cost.ru_stime, peak, killed)


def used(number: int) -> float:
    """Seconds of processor of a process that runs."""
    fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def together(runs: Sequence[Spent]) -> Spent:
    """Several runs as one."""
    return Spent(sum(one.wall for one in runs), sum(one.cpu for one in runs), max(one.peak for one in runs))


# --- what came of it --------------------------------------------------------------------------------------------------


def size(path: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    return sum(one.stat().st_size for one in path.rglob("*")) if path.is_dir() else path.stat().st_size


def digest(path: Path) -> str:
    """Of all bytes of an output and all names in it."""
    mark = hashlib.blake2b()
    for one in sorted(path.iterdir()) if path.is_dir() else [path]:
        mark.update((one.name if path.is_dir() else "").encode() + b"\0")
        with one.open("rb") as file:
            while piece := file.read(1 << 20):
                mark.update(piece)
    return mark.hexdigest()


SAME = "the same bytes"


def compared(first: Path, second: Path) -> str:
    """Whether two outputs are the same; of records also in what they differ.

    A resumed run cuts its batches elsewhere, and a model's scores may then differ in the last digit.
    """
    if digest(first) == digest(second):
        return SAME
    if first.suffix != ".jsonl":
        return "OTHER BYTES"
    with first.open(encoding="utf-8") as one, second.open(encoding="utf-8") as other:
        pairs = [(json.loads(a), json.loads(b)) for a, b in zip(one, other, strict=True)]
    texts = sum(a["english"] != b["english"] for a, b in pairs)
    return f"of {len(pairs):,} articles {texts:,} read otherwise, {sum(a != b for a, b in pairs):,} differ at all"


def asked(log: Path) -> tuple[int, int, int]:
    """Questions in all, different ones, and how many the largest batch had."""
    data = log.read_bytes()
    if not data:
        return 0, 0, 0
    keys = Counter(data[at : at + KEY] for at in range(0, len(data), KEY))
    stops = [at // KEY for at in range(0, len(data), KEY) if data[at : at + KEY] == bytes(KEY)]
    largest = max(after - before - 1 for before, after in zip([-1, *stops[:-1]], stops, strict=True))
    keys.pop(bytes(KEY))
    return sum(keys.values()), len(keys), largest


class Table:
    """Lines of the table, printed as they come."""

    def __init__(self, count: int, form: str) -> None:
        """For one size and one form of output."""
        self._head = f"| {count:,} | {form} |"
        self._count = count

    def row(self, name: str, spent: Spent, questions: int, output: Path) -> None:
        """One run."""
        rate = self._count / spent.cpu
        beside = size(output.with_name(output.name + ".archive"))
        print(
            f"{self._head} {name} | {spent.wall:.0f} | {spent.cpu:.0f} | {rate:.0f} | {questions:,}"
            f" | {spent.peak / 1e6:.0f} | {size(output) / 1e6:.1f} + {beside / 1e6:.1f} |",
            flush=True,
        )


def passed(wanted: argparse.Namespace) -> list[str]:
    """What every run is told."""
    said = {"engine": wanted.engine, "threads": wanted.threads, "device": wanted.device, "batch": wanted.batch}
    return [word for name, value in said.items() for word in (f"--{name}", str(value))]


def measure(count: int, form: str, wanted: argparse.Namespace, folder: Path) -> None:
    """The lines of the table for one size and one form of output."""
    given, extra = written(folder, count, wanted.engine), folder / "more.tsv"
    extra.write_text("source\ttarget\n" + "\t".join(TERM) + "\n", "utf-8")
    table, ending = Table(count, form), form if form.startswith(".") else ""
    log = folder / "log"

    def once(output: Path, *terms: str, stop: float = 0.0) -> Spent:
        told = ["--child", str(given), str(output), str(log), *passed(wanted), "--terms", *terms]
        return run(["benchmarks.archive", *told], stop)

    def counted(name: str, output: Path, *terms: str) -> Spent:
        log.unlink(missing_ok=True)
        spent = once(output, *terms)
        table.row(name, spent, asked(log)[0], output)
        return spent

    plain = folder / f"out-{count}{ending}"
    first = counted("from nothing", plain, "mosul")
    if wanted.kills:
        killed(table, wanted, folder / f"killed-{count}{ending}", log, first, plain, once)
    if not wanted.short:
        counted("again, nothing changed", plain, "mosul")
        counted("one term more", plain, str(extra), "mosul")


def killed(
    table: Table,
    wanted: argparse.Namespace,
    output: Path,
    log: Path,
    first: Spent,
    plain: Path,
    once: Callable[..., Spent],
) -> None:
    """Kill runs at random moments, let the last one finish, and count."""
    log.unlink(missing_ok=True)
    chance = random.Random(wanted.seed)
    runs = [once(output, "mosul", stop=chance.random() * first.cpu * 2 / wanted.kills) for _ in range(wanted.kills)]
    runs.append(once(output, "mosul"))
    kills = sum(one.killed for one in runs)
    total, different, largest = asked(log)
    table.row(f"killed {kills} times, resumed", together(runs), total, output)
    same = compared(plain, output)
    print(
        f"<!-- {same}; {total - different:,} of {different:,} questions asked again after {kills} kills;"
        f" at most {largest:,} in a batch -->",
        flush=True,
    )
    if (same != SAME and wanted.engine == "fake") or total - different > kills * largest:
        raise SystemExit("something was lost or done twice")


# --- workers ----------------------------------------------------------------------------------------------------------


def compare(count: int, wanted: argparse.Namespace, folder: Path) -> None:
    """The model here, and so many Ray workers, over the same articles: on a core a worker, and on all there are.

    A worker of one thread keeps more than one core busy where there are more: what becomes of one batch of sentences is
    done by Python while the model is at the next. So one worker on all cores is no measure of what a second one brings.
    """
    given, plain = written(folder, count, wanted.engine), folder / "ray-0.jsonl"
    cores = sorted(os.sched_getaffinity(0))
    layouts = sorted({(workers, kept) for workers in wanted.workers for kept in (workers, len(cores))})
    print("| articles | workers | cores | s, wall | s to the first answer | sentences/s, steady | ratio", end="")
    print(" | ms of processor a sentence: workers | reader and writer | Ray | share of a worker |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    base = 0.0
    for workers, kept in [(0, 1), *((w, k) for w, k in layouts if k <= len(cores))]:
        output, events = (folder / f"ray-{workers}{end}" for end in (".jsonl", ".ndjson"))
        clear(output, events)
        ray = ["--ray", "--workers", str(workers)] if workers else []
        told = [*passed(wanted), "--events", str(events)]
        os.sched_setaffinity(0, cores[:kept])
        wall, looks = watched(["translate.cli", "archive", str(given), str(output), "--quiet", *told, *ray], events)
        os.sched_setaffinity(0, cores)
        start, rate = speed(events)
        base = base or rate * bool(workers)
        ratio = f"{rate / base:.2f}" if base else ""
        row = [f"{count:,}", f"{workers} with Ray" if workers else "none, without Ray", f"{kept}", f"{wall:.0f}"]
        row += [f"{start:.0f}", f"{rate:.1f}", ratio, *(shares(looks, workers) if workers else [""] * 4)]
        print(f"| {' | '.join(row)} |", flush=True)
        if workers:
            print(f"<!-- {compared(plain, output)} -->", flush=True)


def clear(*paths: Path) -> None:
    """Nothing is left of an earlier run."""
    for path in paths:
        path.unlink(missing_ok=True)
        shutil.rmtree(path.with_name(path.name + ".archive"), ignore_errors=True)


STEADY = (0.2, 0.9)
"""Shares of the sentences between which workers are timed: before, some still load; behind, some have nothing."""
LOOK = 1.0
"""Seconds between two looks at who used the processor."""


def speed(events: Path) -> tuple[float, float]:
    """Seconds to the first answer, and sentences a second while every worker is at work."""
    steps = [event for event in happened(events) if event["translated"]]
    most = steps[-1]["translated"]
    first, last = (next(step for step in steps if step["translated"] >= share * most) for share in STEADY)
    passed = last["seconds"] - first["seconds"]
    return steps[0]["seconds"], (last["translated"] - first["translated"]) / passed if passed else 0.0


def happened(events: Path) -> list[dict[str, float]]:
    """How far a run came, step by step."""
    lines = events.read_text("utf-8").splitlines() if events.exists() else []
    return [json.loads(line) for line in lines if '"progress"' in line and line.endswith("}")]


@dataclass(frozen=True, slots=True)
class Look:
    """Who had used how many seconds of the processor when so many sentences were translated."""

    translated: float
    used: Mapping[str, float]


def watched(arguments: Sequence[str], events: Path) -> tuple[float, list[Look]]:
    """Run a process to its end, and look every second at what it and Ray's processes have used."""
    start, looks = time.monotonic(), list[Look]()
    number = os.posix_spawn(sys.executable, [sys.executable, "-m", *arguments], os.environ)
    while os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        steps = happened(events)
        looks.append(Look(steps[-1]["translated"] if steps else 0, by_part(number)))
        time.sleep(LOOK)
    _, status, _ = os.wait4(number, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} ended with {status}")
    return time.monotonic() - start, looks


def by_part(number: int) -> Mapping[str, float]:
    """Seconds of processor of the process itself, of the workers, and of what else Ray runs below it."""
    above: dict[int, int] = {}
    titles: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            above[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            titles[int(folder.name)] = (folder / "cmdline").read_text()
    sums: dict[str, float] = defaultdict(float)
    for one, title in titles.items():
        line = [one]
        while line[-1] in above and line[-1] != number:
            line.append(above[line[-1]])
        if line[-1] == number:
            part = "self" if one == number else "workers" if title.startswith("ray::Translator") else "ray"
            with suppress(OSError):
                sums[part] += used(one)
    return sums


def shares(looks: Sequence[Look], workers: int) -> list[str]:
    """Milliseconds a sentence of workers, reader and Ray, and what the last two are of one worker's time."""
    most = looks[-1].translated
    first, last = (next((look for look in looks if look.translated >= part * most), looks[-1]) for part in STEADY)
    count = last.translated - first.translated
    spent = {part: last.used.get(part, 0.0) - first.used.get(part, 0.0) for part in ("workers", "self", "ray")}
    if not count or not spent["workers"]:
        return [""] * 4
    share = (spent["self"] + spent["ray"]) * workers / spent["workers"]
    return [*(f"{1000 * value / count:.2f}" for value in spent.values()), f"{share:.1%}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--forms", nargs="+", default=[".jsonl"], choices=[".jsonl", ".parquet", "drafts"])
    parser.add_argument("--engine", default="fake", choices=["fake", "ct2", "marian"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--batch", type=int, default=TOKENS, help="source tokens of a batch")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=8, help="of the moments")
    parser.add_argument("--short", action="store_true", help="from nothing and killed only")
    parser.add_argument("--workers", type=int, nargs="+", help="compare so many Ray workers")
    parser.add_argument("--terms", nargs="+", default=["mosul"], help=argparse.SUPPRESS)
    parser.add_argument("--child", nargs=3, type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.child:
        child(wanted.child[0], wanted.child[1], wanted.child[2], wanted)
        return
    print(f"`python -m benchmarks.archive {' '.join(sys.argv[1:])}`, Python {platform.python_version()}, ", end="")
    print(f"{len(os.sched_getaffinity(0))} core(s) allowed, load {os.getloadavg()[0]:.1f} at the beginning.\n")
    with tempfile.TemporaryDirectory() as folder:
        if wanted.workers:
            compare(wanted.sizes[0], wanted, Path(folder))
            return
        print("| articles | output | run | s, wall | s, processor | articles/s of processor | questions asked", end="")
        print(" | peak MB | MB output + beside |\n|--:|---|---|--:|--:|--:|--:|--:|--:|", flush=True)
        for count in wanted.sizes:
            for form in wanted.forms:
                measure(count, form, wanted, Path(folder))


if __name__ == "__main__":
    main()

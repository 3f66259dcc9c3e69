"""The memory at scale: filling it, a look-up, a draft saved again; beside comparing everything and a peer.

    python -m benchmarks --only memory

`ours` is the memory as the product uses it (`translate.memory`). `brute` is rapidfuzz's Levenshtein over the words of
every sentence, in C over one array, with the same cut-off: what the index must not miss anything of. `toolkit` is the
matcher of translate-toolkit (GPL, in an environment of its own, asked over a pipe). Sentences are those of
`benchmarks.sentences`; a draft has fifty.
"""

from __future__ import annotations

import array
import json
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import process
from benchmarks.process import Unavailable
from benchmarks.row import Measured, Scale, Table, Verdict, median, p95
from benchmarks.sentences import questions, sentences

SIZES = (100_000, 1_000_000)
QUESTIONS = 1_000
COMPARED = 200
"""Questions that everything is compared with."""
PEER_SIZES = (1_000, 10_000)
PEER_QUESTIONS = 50
REBUILT = (1_000, 10_000)
"""Sentences of the drafts on the disk."""
TOOLKIT = ("translate-toolkit==3.20.4", "Levenshtein==0.27.3")
TARGET = 20.0
"""Milliseconds."""
IN_A_DRAFT = 50
DAY = "2026-11-01"
LEAST = 75


def _drafts(count: int) -> Iterator[Any]:
    """The sentences as drafts in which a person approved everything."""
    from translate.document import Article, Block, Draft, Kind, Origin, Segment, State, Target

    waiting = sentences(count)
    for number in range(-(-count // IN_A_DRAFT)):
        slug = f"a{number}"
        pairs = list(islice(waiting, IN_A_DRAFT))
        blocks = tuple(
            Block(n, Kind.PARAGRAPH, arabic, segments=(Segment(f"{slug}.{n}.1", arabic),))
            for n, (arabic, _) in enumerate(pairs, 1)
        )
        targets = {
            f"{slug}.{n}.1": Target(
                english, State.APPROVED, Origin.PERSON, source=arabic, who="mona", when="2026-11-01"
            )
            for n, (arabic, english) in enumerate(pairs, 1)
        }
        yield Draft(Article(slug, blocks), targets)


def fill(size: int, work: str) -> dict[str, Any]:
    """Put so many approved sentences into an empty memory; making them up is not counted."""
    from translate.memory import Memory

    memory = Memory(Path(work) / "none", Path(work))
    waiting = _drafts(size)
    spent = elapsed = 0.0
    while group := list(islice(waiting, 10_000 // IN_A_DRAFT)):
        began, first = time.process_time(), time.perf_counter()
        memory.take(group)
        spent, elapsed = spent + time.process_time() - began, elapsed + time.perf_counter() - first
    memory.close()
    (path,) = (Path(work) / "memory").glob("*.sqlite3")
    return {"cpu": spent, "wall": elapsed, "bytes": path.stat().st_size}


def asked(size: int, count: int) -> list[str]:
    """The questions."""
    return questions(count, [arabic for arabic, _ in sentences(min(size, 50_000))])


def ours(size: int, work: str, count: int, compared: int) -> dict[str, Any]:
    """Milliseconds of each look-up, first as the process finds the file, and what was found of some."""
    from translate.memory import Memory

    memory = Memory(Path(work) / "none", Path(work))
    wanted = asked(size, count)
    walls, spent, lists = [], [], []
    for text in wanted:
        began, first = time.perf_counter(), time.process_time()
        memory.matches(text)
        walls.append(1e3 * (time.perf_counter() - began))
        spent.append(1e3 * (time.process_time() - first))
    for text in wanted[:compared]:
        every = memory.matches(text, limit=10**9)
        lists.append(sorted({(match.source, match.score) for match in every}))
    again = []
    for draft in islice(_drafts(size), 20):
        began = time.process_time()
        memory.put(draft)
        again.append(1e3 * (time.process_time() - began))
    held = len(memory)
    memory.close()
    found = Path(work) / "found.json"
    found.write_text(json.dumps(lists, ensure_ascii=False), "utf-8")
    return {"wall": walls, "cpu": spent, "put": again, "held": held, "matches": sum(map(len, lists))}


def brute(size: int, work: str, count: int, compared: int) -> dict[str, Any]:
    """Everything compared with everything, and whether that finds what we found."""
    import numpy as np
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    from translate.memory.alike import read, score

    numbers: dict[str, int] = {}

    def coded(words: Sequence[str]) -> str:
        """Each word one character, surrogates left out."""
        ids = (numbers.setdefault(word, len(numbers)) for word in words)
        return "".join(chr(number + 1 if number < 0xD7FF else number + 0x801) for number in ids)

    stored = sorted({arabic for arabic, _ in sentences(size)})
    choices = [coded(read(arabic).words) for arabic in stored]
    lengths = np.array(array.array("i", map(len, choices)))
    wanted = asked(size, count)[:compared]
    ours_found = json.loads((Path(work) / "found.json").read_text("utf-8"))
    spent, missed, more, total = [], 0, 0, 0
    for text, mine in zip(wanted, ours_found, strict=True):
        reading = read(text)
        own = coded(reading.words)
        began = time.process_time()
        # the longer of two that are so alike has at most so many words, and so many of them differ
        most = len(own) * 100 // LEAST * (100 - LEAST) // 100
        distances = cdist([own], choices, scorer=Levenshtein.distance, score_cutoff=most, dtype=np.int32)[0]
        longer = np.maximum(lengths, len(own))
        near = np.nonzero((distances <= most) & (100 * (longer - distances) >= LEAST * longer))[0]
        spent.append(1e3 * (time.process_time() - began))
        theirs = {(stored[n], found) for n in near if (found := score(reading, read(stored[n]), least=LEAST))}
        ours_too = {(source, per_cent) for source, per_cent in mine}
        missed, more, total = missed + len(theirs - ours_too), more + len(ours_too - theirs), total + len(theirs)
    return {"cpu": spent, "missed": missed, "more": more, "matches": total}


def rebuilt(size: int, work: str) -> dict[str, Any]:
    """From drafts on the disk, as after the index was deleted; then once more with nothing changed."""
    import os

    from translate import drafts
    from translate.memory import Memory

    folder = Path(work) / "drafts"
    folder.mkdir()
    for draft in _drafts(size):
        path = drafts.path_for(folder, draft.article.slug)
        drafts.save(draft, path, base="")
        os.utime(path, (1, 1))
    memory = Memory(folder, Path(work))
    times = []
    for _ in range(2):
        began = time.process_time()
        memory.refresh()
        times.append(time.process_time() - began)
    held = len(memory)
    memory.close()
    return {"cpu": times[0], "again": times[1], "held": held}


SYSTEMS = {"fill": fill, "ours": ours, "brute": brute, "rebuilt": rebuilt}


def toolkit(python: Path, size: int, folder: Path) -> process.Run:
    """The peer, given the same sentences in a file."""
    given = folder / f"toolkit-{size}.json"
    pairs = list(sentences(size))
    given.write_text(json.dumps({"pairs": pairs, "asked": asked(size, PEER_QUESTIONS)}, ensure_ascii=False), "utf-8")
    script = Path(__file__).parent / "peers" / "toolkit_memory.py"
    return process.run([python, "-P", script, given], environment={"PYTHONPATH": ""})


def measure(scale: Scale) -> Measured:
    """The row."""
    table = Table(
        ("system", "sentences", "filled: s of processor", "µs each", "MB on disk", "MB memory, filling",
         "look-up: ms, median", "p95", "most", "p95, processor", "draft saved again: ms", "MB memory, looking up")
    )  # fmt: skip
    compared, worst, missed, found = scale.size(COMPARED), 0.0, 0, 0
    lines: list[str] = []
    for size in map(scale.size, SIZES):
        work = scale.work / f"memory-{size}"
        work.mkdir()
        made = process.system("recall", "fill", size=size, work=work)
        looked = process.system("recall", "ours", size=size, work=work, count=QUESTIONS, compared=compared)
        walls = looked.told["wall"]
        worst = p95(walls)
        table.add(
            "Tarjuman", size, made.told["cpu"], 1e6 * made.told["cpu"] / size, made.told["bytes"] / 1e6,
            made.megabytes, median(walls), worst, max(walls), p95(looked.told["cpu"]), median(looked.told["put"]),
            looked.megabytes,
        )  # fmt: skip
        every = process.system("recall", "brute", size=size, work=work, count=QUESTIONS, compared=compared)
        spent = every.told["cpu"]
        table.add("rapidfuzz over everything", size, *[None] * 4, median(spent), p95(spent), max(spent), p95(spent),
                  None, every.megabytes)  # fmt: skip
        missed, found = missed + every.told["missed"] + every.told["more"], found + every.told["matches"]
    try:
        python = process.environment("toolkit", TOOLKIT, scale.cache)
        for size in map(scale.size, PEER_SIZES):
            peer = toolkit(python, size, scale.work)
            spent = peer.told["cpu"]
            table.add(f"translate-toolkit {peer.told['version']}", size, peer.told["fill"],
                      1e6 * peer.told["fill"] / size, None, None, median(spent), p95(spent), max(spent), p95(spent),
                      None, peer.megabytes)  # fmt: skip
    except Unavailable as why:
        lines.append(f"translate-toolkit was not measured: {why}.")
    for size in map(scale.size, REBUILT):
        work = scale.work / f"drafts-{size}"
        work.mkdir()
        told = process.system("recall", "rebuilt", size=size, work=work).told
        lines.append(
            f"Rebuilt from {size // IN_A_DRAFT:,} drafts of {told['held']:,} sentences in {told['cpu']:.1f} s of "
            f"processor, {1e6 * told['cpu'] / told['held']:.0f} µs a sentence; looked through with nothing changed in "
            f"{1e3 * told['again']:.0f} ms.\n"
        )
    verdicts = (
        Verdict(f"look-up in {scale.size(SIZES[-1]):,} sentences, p95 <20 ms", f"{worst:.1f} ms", worst < TARGET),
        Verdict("the same matches of 75 % and more as comparing everything",
                f"{found:,} matches of {2 * compared} questions, {missed} differ", missed == 0),
    )  # fmt: skip
    lines += [
        f"{QUESTIONS:,} questions one after another in a process that has just opened the file: a third are altered "
        "copies of stored sentences, a third are new, a third are their first words. Times of peers are of processor; "
        f"ours are of the wall unless it says otherwise. A draft holds {IN_A_DRAFT} sentences.",
    ]
    return Measured(verdicts, (*table.lines(), *lines))

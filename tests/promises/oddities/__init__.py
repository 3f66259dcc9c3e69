"""No odd sentence passes unseen: ten thousand of them through the real pipeline with the bundled model.

Each target is looked at by an oracle that counts (`oracle`) and shares nothing with the guard: a fault it sees must
have a warning or an error beside it. Good translations are spoilt on purpose (`spoiling`) to see how much the guard
notices, and left alone to see how often it complains for nothing.
"""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from glossary import TermBase
from promises.figure import Figure, Scale
from promises.oddities.making import LONG, Odd, odd
from promises.oddities.oracle import faults
from promises.oddities.spoiling import SPOILS
from translate import guard, pipeline
from translate.config import places
from translate.constraints import check
from translate.decode import Job
from translate.document import Article, Block, Segment, Severity, Target
from translate.engines.ct2 import CTranslate2Engine
from translate.errors import TarjumanError
from translate.registry import BUNDLED, DEFAULT, HELD_OUT, Model

TOGETHER = 250
"""Odd segments of one kind in an article; those of 300 words stand alone, so that each is timed."""
BOUND = 12.0
"""Processor seconds for one segment, those decoded with it shared out."""
MEMORY = 1500
"""Megabytes of the whole process."""
UNREADABLE = ("Persian, Urdu, Kurdish", "single letters", "words glued together")
"""Kinds that no model for Arabic can translate."""
TOLD = 0.8
"""Share of those that must have a warning or an error."""
NOTICED = 0.9
"""Share of translations spoilt in one way that must be noticed."""


@cache
def _engine() -> CTranslate2Engine:
    model = Model(DEFAULT, BUNDLED / DEFAULT, bundled=True)
    return CTranslate2Engine(model.folder, model.full_name, places().cache, threads=1, limit=model.limit)


@cache
def _glossary() -> pipeline.Glossary:
    return pipeline.Glossary.of(TermBase.load(TermBase.default()))


class Tally:
    """What came of the odd segments."""

    def __init__(self) -> None:
        self.seen = self.oracle = self.terms = self.doubtful = self.doubted = 0
        self.seconds = self.slowest = 0.0
        self.slowest_kind = ""
        self.refused = self.mended = self.left = self.flagged = 0
        self.ways: Counter[str] = Counter()
        self.undetected: list[str] = []
        self.failed: list[str] = []
        self.slow: list[str] = []
        self.unkept: list[str] = []

    def add(self, one: Odd, job: Job, target: Target) -> None:
        """Judge one."""
        self.seen += 1
        told = {f.check for f in target.findings if f.severity is not Severity.NOTE}
        seen = list(faults(one.text, target.text))
        self.oracle += bool(seen)
        if one.kind in UNREADABLE:
            self.doubtful += 1
            self.doubted += bool(told)
        if seen and not told:
            self.undetected.append(f"{_name(one)}: {'; '.join(seen)} -> {target.text[:200]!r}")
        self.terms += len(job.requirements)
        named = sum(f.check == "g-01" for f in target.findings)
        if len(check(job.requirements, target.text).unmet) > named:
            self.unkept.append(f"{_name(one)} -> {target.text[:200]!r}")
        self._climbed(one, target)

    def _climbed(self, one: Odd, target: Target) -> None:
        notes = [f.message for f in target.findings if f.check == "h-02"]
        left = bool(guard.reasons(one.text, target.text)) or any(f.check in ("h-01", "x-01") for f in target.findings)
        self.refused += bool(notes or left)
        self.mended += bool(notes and not left)
        self.left += left
        self.ways.update(note.rpartition("another way: ")[2] for note in notes if not left)


def _name(one: Odd) -> str:
    return f"odd segment {one.number} ({one.kind}) {one.text[:120]!r}"


def prove(scale: Scale) -> Iterator[Figure]:
    """Odd segments, spoilt translations, good translations."""
    tally = Tally()
    every = list(odd(scale.of(100, 10_000), scale.of(1, 10), scale.seed))
    for group in _groups(every, scale.of(100, TOGETHER)):
        _translate(group, tally)
    share = f"the guard refused {tally.refused:,}, another way mended {tally.mended:,}, {tally.left:,} have a finding"
    yield Figure("No fault that can be counted passes unseen", tally.seen, "odd segments", tally.undetected, share)
    ways = ", ".join(f"{way} {count:,}" for way, count in tally.ways.most_common()) or "none"
    yield Figure(
        "What the guard refuses is tried in other ways", tally.refused, "refused translations", (), f"mended: {ways}"
    )
    yield Figure(
        "No odd segment stops a run", tally.seen, "odd segments", tally.failed, f"{tally.oracle:,} with faults"
    )
    yield Figure("Every term is in the English or named", tally.terms, "terms", tally.unkept)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if scale.full and peak > MEMORY:
        tally.slow.append(f"{peak} MB of memory, more than {MEMORY}")
    yield Figure(
        f"None takes more than {BOUND:.0f} processor seconds",
        tally.seen,
        "odd segments",
        tally.slow,
        f"slowest {tally.slowest:.1f} s ({tally.slowest_kind}), {1000 * tally.seconds / max(1, tally.seen):.0f} ms on"
        f" average, {peak} MB at most",
    )
    share = f"{tally.doubted:,} of {tally.doubtful:,} told by rule; the rest say something the model may know"
    unread = [] if tally.doubted >= TOLD * tally.doubtful else [share]
    yield Figure("What is no readable Arabic is told", tally.doubtful, "unreadable segments", unread, share)
    yield _spoilt(scale)
    yield _good(scale)


def _groups(every: Sequence[Odd], size: int) -> Iterator[list[Odd]]:
    """Segments of one kind together at full scale, in file order; those of 300 words alone."""
    group: list[Odd] = []
    for one in every:
        if group and (
            len(group) == size
            or LONG in (one.kind, group[-1].kind)
            or (size >= TOGETHER and one.kind != group[-1].kind)
        ):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _translate(group: Sequence[Odd], tally: Tally) -> None:
    """One article of odd segments, timed."""
    blocks = tuple(
        Block(n, one.block, one.text, segments=(Segment(f"odd.{n}.1", one.text),)) for n, one in enumerate(group, 1)
    )
    article = Article("odd", blocks)
    begun = time.process_time()
    try:
        targets = pipeline.translate(article, _glossary(), _engine())
    except (
        TarjumanError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        if len(group) > 1:
            middle = len(group) // 2
            _translate(group[:middle], tally)
            _translate(group[middle:], tally)
        else:
            tally.failed.append(f"{_name(group[0])}: {type(error).__name__}: {error}")
        return
    spent = time.process_time() - begun
    tally.seconds += spent
    each = spent / len(group)
    if each > tally.slowest:
        tally.slowest, tally.slowest_kind = each, group[0].kind
    if each > BOUND:
        tally.slow.append(f"{_name(group[0])}: {each:.1f} s")
    for one, job in zip(group, pipeline.jobs(article, _glossary()), strict=True):
        tally.add(one, job, targets[job.segment.id])


def _held_out() -> list[tuple[str, str]]:
    """Sentences with a person's English, none of them seen in training."""
    lines = (BUNDLED / DEFAULT / HELD_OUT).read_text("utf-8").splitlines()
    return [
        (arabic, english) for arabic, english in (line.split("\t")[:2] for line in lines) if len(english.split()) > 7
    ]


def _spoilt(scale: Scale) -> Figure:
    """How much of what models do wrong the guard notices."""
    chance = random.Random(scale.seed)
    tried: Counter[str] = Counter()
    noticed: Counter[str] = Counter()
    missed: list[str] = []
    for arabic, english in _held_out()[: scale.of(40, 10_000)]:
        if guard.reasons(arabic, english):
            continue
        for name, spoil in SPOILS.items():
            spoilt = spoil(arabic, english, chance)
            if not spoilt or spoilt == english:
                continue
            tried[name] += 1
            noticed[name] += bool(guard.reasons(arabic, spoilt))
    for name, count in tried.items():
        if noticed[name] < NOTICED * count:
            missed.append(f"{name}: noticed {noticed[name]} of {count}")
    total, worst = sum(tried.values()), min(tried, key=lambda name: noticed[name] / tried[name])
    note = f"{100 * sum(noticed.values()) / total:.1f} % noticed; least of {worst}: {noticed[worst]} of {tried[worst]}"
    return Figure("A good translation spoilt on purpose is noticed", total, "spoilt translations", missed, note)


def _good(scale: Scale) -> Figure:
    """How often the guard complains about a person's translation, and what asking it costs."""
    pairs = _held_out()[: scale.of(40, 10_000)]
    begun = time.process_time()
    refused = [(english, found) for arabic, english in pairs if (found := guard.reasons(arabic, english))]
    micros = 1e6 * (time.process_time() - begun) / len(pairs)
    errors = [f"{e}: {guard.said(f)}" for e, f in refused if guard.weight(f)[0]]
    note = f"{len(refused)} warnings; {micros:.0f} µs each"
    return Figure("The guard lets a person's translation pass", len(pairs), "human translations", errors, note)

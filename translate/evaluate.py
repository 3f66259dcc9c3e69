"""How well a model translates sentences whose English is known: quality, terms, what a reader would flag, speed.

Each line goes the way an article goes, as an article of its own: split, match, decode, repair. A translation that was
made elsewhere is judged by the same rules. Knows no model by name, no command line and no file; how figures are
computed is `quality`'s business, what is wrong with a sentence that of `checks`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from glossary import TermBase
from translate import __version__, checks
from translate.constraints import assign
from translate.decode import CASCADE, Job, decode
from translate.document import Article, Block, Finding, Kind, Segment, Severity, State, Target, TermUse
from translate.engines.base import Engine, Progress
from translate.pipeline import Glossary, jobs
from translate.quality import Quality, quality, sentence_chrf
from translate.split import split

Pair = tuple[str, str]
"""A source and its reference."""
SLUG = "eval"


@dataclass(frozen=True, slots=True)
class Terms:
    """How many occurrences of terms a translation honours."""

    total: int = 0
    """Occurrences of the glossary's terms in the sources."""
    met: int = 0
    expected: int = 0
    """Those of them that the references render as the glossary does: the fairer yardstick where a reference was
    written by somebody who never saw the glossary."""
    expected_met: int = 0

    def __add__(self, other: Terms) -> Terms:
        return Terms(
            self.total + other.total,
            self.met + other.met,
            self.expected + other.expected,
            self.expected_met + other.expected_met,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence (one line of the set) and how it fared."""

    line: int
    source: str
    reference: str
    output: str
    chrf: float
    """chrF++ of this sentence alone."""
    terms: Terms
    met: tuple[str, ...] = ()
    """("الموصل -> Mosul",) - the glossary's Arabic and what stands in the output."""
    missed: tuple[str, ...] = ()
    """("مفرزة -> detachments",) - the glossary's Arabic and what was asked for."""
    findings: tuple[Finding, ...] = ()
    """What the checks say; see docs/checks.md."""

    @property
    def flagged(self) -> bool:
        """A check has more than a note to say."""
        return any(finding.severity is not Severity.NOTE for finding in self.findings)

    def has(self, *names: str) -> bool:
        """True when one of these checks found something."""
        return any(finding.check in names for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How one system fares on one set."""

    name: str
    rows: tuple[Row, ...]
    quality: Quality
    signature: str = ""
    """Engine, model, glossary and version; empty for a translation made elsewhere."""
    seconds: float | None = None
    """Time spent translating, loading the model left out; None for a translation made elsewhere."""

    @property
    def terms(self) -> Terms:
        """Over all sentences."""
        return sum((row.terms for row in self.rows), Terms())

    @property
    def length(self) -> float:
        """Words of the outputs for one word of the references: 0.97."""
        return _words(row.output for row in self.rows) / max(1, _words(row.reference for row in self.rows))

    @property
    def repeated(self) -> int:
        """Sentences that repeat themselves."""
        return sum(row.has("r-01") for row in self.rows)

    @property
    def unfinished(self) -> int:
        """Sentences that stop short, are empty or were left in Arabic."""
        return sum(row.has("x-01", "u-01") for row in self.rows)

    @property
    def flagged(self) -> int:
        """Sentences with a warning or an error of any check."""
        return sum(row.flagged for row in self.rows)

    @property
    def words_per_second(self) -> float | None:
        """Arabic words translated in a second."""
        return _words(row.source for row in self.rows) / self.seconds if self.seconds else None

    @property
    def outputs(self) -> list[str]:
        """The translations in order."""
        return [row.output for row in self.rows]

    def worst(self, count: int) -> list[Row]:
        """The sentences furthest from their references, the furthest first."""
        return sorted(self.rows, key=lambda row: (row.chrf, row.line))[:count]


def evaluate(
    engine: Engine,
    pairs: Sequence[Pair],
    glossary: Glossary | None = None,
    *,
    name: str = "",
    free: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Translate the sources as the product does and judge the result.

    With a glossary its terms are kept and counted; `free` counts them without keeping them, so that one sees what the
    model does by itself. Progress counts sentences.
    """
    glossary = glossary or _no_terms()
    used = _no_terms() if free else glossary
    todo = [_jobs(line, source, used) for line, (source, _) in enumerate(pairs, 1)]
    began = time.monotonic()
    targets = iter(decode([job for line in todo for job in line], engine, progress))
    joined = [_joined([next(targets) for _ in line]) for line in todo]
    seconds = time.monotonic() - began
    terms = used.fingerprint if used.base.terms else "none"
    signature = f"{engine.signature()}|glossary:{terms}|{CASCADE}|v:{__version__}"
    judged = _judge(name or engine.signature(), pairs, joined, glossary)
    return replace(judged, signature=signature, seconds=seconds)


def judge(name: str, outputs: Sequence[str], pairs: Sequence[Pair], glossary: Glossary | None = None) -> Evaluation:
    """The same judgement on a translation made elsewhere, one output for each pair."""
    targets = [Target(output.strip(), State.MACHINE) for output in outputs]
    return _judge(name, pairs, targets, glossary or _no_terms())


def count_sentences(pairs: Sequence[Pair]) -> int:
    """How many sentences `evaluate` will translate: what progress counts up to."""
    return sum(len(split(source)) for source, _ in pairs)


def _judge(name: str, pairs: Sequence[Pair], targets: Sequence[Target], glossary: Glossary) -> Evaluation:
    figures = quality([target.text for target in targets], [reference for _, reference in pairs])
    rows = tuple(
        _row(line, pair, target, _whole(line, pair[0], glossary))
        for line, (pair, target) in enumerate(zip(pairs, targets, strict=True), 1)
    )
    return Evaluation(name, rows, figures)


def _row(line: int, pair: Pair, target: Target, job: Job) -> Row:
    source, reference = pair
    requirements = job.requirements
    spans = assign(requirements, target.text)
    expected = [requirements[number] for number in sorted(assign(requirements, reference))]
    return Row(
        line,
        source,
        reference,
        target.text,
        sentence_chrf(target.text, reference),
        Terms(len(requirements), len(spans), len(expected), len(assign(expected, target.text))),
        tuple(f"{requirements[n].match.term.source} -> {target.text[b:e]}" for n, (b, e) in sorted(spans.items())),
        tuple(f"{r.match.term.source} -> {r.surfaces[0]}" for n, r in enumerate(requirements) if n not in spans),
        checks.run(job.segment, target, requirements),
    )


def _jobs(line: int, source: str, glossary: Glossary) -> list[Job]:
    """One line as an article of one paragraph, cut into sentences as readers do."""
    segments = tuple(
        Segment(f"{SLUG}.{line}.{number}", source[begin:end], begin)
        for number, (begin, end) in enumerate(split(source), 1)
    )
    return jobs(Article(SLUG, (Block(line, Kind.PARAGRAPH, source, segments=segments),)), glossary)


def _whole(line: int, source: str, glossary: Glossary) -> Job:
    """The same line in one piece: what its translation must contain is the same, however it was cut."""
    block = Block(line, Kind.PARAGRAPH, source, segments=(Segment(f"{SLUG}.{line}.1", source),))
    return jobs(Article(SLUG, (block,)), glossary)[0]


def _joined(targets: Sequence[Target]) -> Target:
    """The sentences of one line as one target; what decoding said of any of them is said of the line."""
    findings: list[Finding] = []
    terms: list[TermUse] = []
    for target in targets:
        findings += target.findings
        terms += target.terms
    text = " ".join(target.text for target in targets if target.text)
    return Target(text, State.MACHINE, terms=tuple(terms), findings=tuple(findings))


def _no_terms() -> Glossary:
    return Glossary.of(TermBase(()))


def _words(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)

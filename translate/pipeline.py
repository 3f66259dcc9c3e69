"""From articles to drafts: match, require, reuse what is still good, decode the rest, merge with a person's work.

The machine half of the product ends here; the human half starts from the drafts on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from glossary import Matcher, TermBase
from translate import checks, drafts, ids
from translate.constraints import assign, require
from translate.decode import Job, Trace, decode, signature
from translate.document import Article, Draft, Kind, Segment, Target
from translate.engines.base import Engine, Progress
from translate.explain import Explanation

if TYPE_CHECKING:
    from translate.memory import Memory

HEADLINES = {Kind.TITLE, Kind.HEADING, Kind.BYLINE, Kind.RELATED, Kind.CELL, Kind.BOILERPLATE}
LINES = {Kind.BYLINE, Kind.BOILERPLATE}
"""Blocks that hold no sentences: decoded part by part."""
TOGETHER = 256
"""Segments decoded in one go before their drafts are saved."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms in force, ready to be found."""

    base: TermBase
    matcher: Matcher
    fingerprint: str

    @classmethod
    def of(cls, base: TermBase) -> Glossary:
        """Compile a term base."""
        return cls(base, Matcher(base), base.fingerprint())


@dataclass(frozen=True, slots=True)
class Work:
    """One article to draft and the draft it already has."""

    article: Article
    old: Draft | None = None
    filled: Mapping[str, Target] = field(default_factory=dict)
    """What the memory knows already, by segment id; `plan` finds it."""


def jobs(article: Article, glossary: Glossary) -> list[Job]:
    """One job per segment, in reading order."""
    around = _around(article, glossary)
    return [_with_terms(job, glossary, around) for job in _plain_jobs(article)]


def _around(article: Article, glossary: Glossary) -> frozenset[str]:
    """What the article says that decides whether some terms count in it."""
    return glossary.matcher.surroundings("\n".join(segment.text for segment in article.segments()))


def _plain_jobs(article: Article) -> Iterator[Job]:
    """What an article asks for, without its terms."""
    for block in article.blocks:
        for segment in block.segments:
            yield Job(segment, (), block.kind in HEADLINES, block.kind in LINES)


def _with_terms(job: Job, glossary: Glossary, around: frozenset[str]) -> Job:
    return replace(job, requirements=require(glossary.matcher.find(job.segment.text, around)))


def translate(
    article: Article, glossary: Glossary, engine: Engine, progress: Progress | None = None, trace: Trace | None = None
) -> Mapping[str, Target]:
    """Every segment's target, for a one-off article; a `trace` is told why."""
    todo = jobs(article, glossary)
    return {job.segment.id: target for job, target in zip(todo, decode(todo, engine, progress, trace), strict=True)}


def explain(text: str, glossary: Glossary, engine: Engine, *, headline: bool = False) -> Explanation | None:
    """Why one sentence would read as it would, for a desk to show; None where no term stands in it."""
    trace = Trace()
    terms = require(glossary.matcher.find(text, glossary.matcher.surroundings(text)))
    decode([Job(Segment("sentence.1.1", text), terms, headline)], engine, trace=trace)
    return trace.explanations[0] if trace.explanations else None


def plan(work: Work, glossary: Glossary, engine: Engine, memory: Memory | None = None) -> tuple[Work, list[Job]]:
    """The article with its old ids and what the memory knows of it, and the segments of it that need the engine."""
    old, article = work.old, work.article
    if old is not None:
        article = ids.realign(old.article, article, taken=old.orphans)
    filled = _known(memory, article, old) if memory is not None else {}
    todo = []
    before = {job.segment.id: job for job in _plain_jobs(old.article)} if old is not None else {}
    for job in jobs(article, glossary):
        name = job.segment.id
        if name in filled:
            filled[name] = _checked(job, filled[name])
        elif old is None or _changed(job, before.get(name)) or not _still_good(job, old, engine):
            todo.append(job)
    return Work(article, old, filled), todo


def _known(memory: Memory, article: Article, old: Draft | None) -> dict[str, Target]:
    from translate.memory.filling import fill  # a one-off translation has no memory and need not wait for one

    return fill(memory, article, old)


def _changed(job: Job, before: Job | None) -> bool:
    """True when the segment reads, looks or counts otherwise than in the last draft."""
    if before is None:
        return True
    was, now = before.segment, job.segment
    return (was.text, was.marks, before.headline, before.line) != (now.text, now.marks, job.headline, job.line)


def _still_good(job: Job, old: Draft, engine: Engine) -> bool:
    """True when decoding an unchanged segment again could not give anything new."""
    target = old.targets.get(job.segment.id)
    if target is None:
        return False
    wanted = signature(engine, job.requirements)
    if not drafts.touched(target):
        return target.signature == wanted and target.source == job.segment.text
    return target.signature == wanted or any(other.signature == wanted for other in target.alternatives)


def draft(
    works: Sequence[tuple[Work, list[Job]]],
    glossary: Glossary,
    engine: Engine,
    progress: Progress | None = None,
    trace: Trace | None = None,
) -> Iterator[Draft]:
    """Drafts in the order of the planned articles, each as soon as it can be saved.

    Articles are decoded some hundred segments together, so that batches are full and a killed run loses little.
    """
    for group in _groups(works):
        everything = [job for _, todo in group for job in todo]
        targets = iter(decode(everything, engine, progress, trace))
        for work, todo in group:
            fresh = {**work.filled, **{job.segment.id: next(targets) for job in todo}}
            yield recheck(drafts.merge(work.old, work.article, fresh, glossary.fingerprint), glossary)


def _groups(works: Sequence[tuple[Work, list[Job]]]) -> Iterator[list[tuple[Work, list[Job]]]]:
    group: list[tuple[Work, list[Job]]] = []
    size = 0
    for work, todo in works:
        group.append((work, todo))
        size += len(todo)
        if size >= TOGETHER:
            yield group
            group, size = [], 0
    if group:
        yield group


def recheck(made: Draft, glossary: Glossary) -> Draft:
    """Look at a person's sentences with today's terms and checks; their texts stay as they are."""
    targets = dict(made.targets)
    around = _around(made.article, glossary)
    for job in _plain_jobs(made.article):
        target = targets.get(job.segment.id)
        if target is not None and drafts.touched(target) and target.source == job.segment.text:
            targets[job.segment.id] = _checked(_with_terms(job, glossary, around), target)
    return replace(made, targets=targets)


def _checked(job: Job, target: Target) -> Target:
    """The same text with its terms and findings brought up to date; findings that are not checks are kept."""
    spans = assign(job.requirements, target.text)
    uses = tuple(
        requirement.met(target.text, *spans[number]) if number in spans else requirement.unmet()
        for number, requirement in enumerate(job.requirements)
    )
    kept = tuple(finding for finding in target.findings if finding.check not in checks.CHECKS)
    target = replace(target, terms=uses)
    return replace(target, findings=(*kept, *checks.run(job.segment, target, job.requirements)))

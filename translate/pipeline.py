"""From articles to drafts: match, require, reuse what is still good, decode the rest, merge with a person's work.

The machine half of the product ends here; the human half starts from the drafts on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from glossary import Matcher, TermBase
from translate import checks, drafts, ids
from translate.constraints import assign, require
from translate.decode import Job, decode, signature
from translate.document import Article, Draft, Kind, Target
from translate.engines.base import Engine, Progress

HEADLINES = {Kind.TITLE, Kind.HEADING, Kind.BYLINE, Kind.RELATED, Kind.CELL, Kind.BOILERPLATE}
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
            yield Job(segment, (), block.kind in HEADLINES)


def _with_terms(job: Job, glossary: Glossary, around: frozenset[str]) -> Job:
    return replace(job, requirements=require(glossary.matcher.find(job.segment.text, around)))


def translate(
    article: Article, glossary: Glossary, engine: Engine, progress: Progress | None = None
) -> Mapping[str, Target]:
    """Every segment's target, for a one-off article."""
    todo = jobs(article, glossary)
    return {job.segment.id: target for job, target in zip(todo, decode(todo, engine, progress), strict=True)}


def plan(work: Work, glossary: Glossary, engine: Engine) -> tuple[Work, list[Job]]:
    """The article with its old ids, and the segments of it that need the engine."""
    if work.old is None:
        return work, jobs(work.article, glossary)
    article = ids.realign(work.old.article, work.article, taken=work.old.orphans)
    before = {job.segment.id: job for job in _plain_jobs(work.old.article)}
    todo = [
        job
        for job in jobs(article, glossary)
        if _changed(job, before.get(job.segment.id)) or not _still_good(job, work.old, engine)
    ]
    return Work(article, work.old), todo


def _changed(job: Job, before: Job | None) -> bool:
    """True when the segment reads, looks or counts otherwise than in the last draft."""
    if before is None:
        return True
    was, now = before.segment, job.segment
    return (was.text, was.marks, before.headline) != (now.text, now.marks, job.headline)


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
    works: Sequence[tuple[Work, list[Job]]], glossary: Glossary, engine: Engine, progress: Progress | None = None
) -> Iterator[Draft]:
    """Drafts in the order of the planned articles, each as soon as it can be saved.

    Articles are decoded some hundred segments together, so that batches are full and a killed run loses little.
    """
    for group in _groups(works):
        everything = [job for _, todo in group for job in todo]
        targets = iter(decode(everything, engine, progress))
        for work, todo in group:
            fresh = {job.segment.id: next(targets) for job in todo}
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

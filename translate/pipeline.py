"""From articles to drafts: match, require, reuse what is still good, decode the rest, merge with a person's work.

The machine half of the product ends here; the human half starts from the drafts on disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glossary import Matcher, TermBase
from translate import drafts, ids
from translate.constraints import require
from translate.decode import Job, decode, signature
from translate.document import Article, Draft, Kind, Origin, State, Target
from translate.engines.base import Engine, Progress

HEADLINES = {Kind.TITLE, Kind.HEADING, Kind.BYLINE, Kind.RELATED, Kind.CELL, Kind.BOILERPLATE}


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
    return [
        Job(segment, require(glossary.matcher.find(segment.text)), block.kind in HEADLINES)
        for block in article.blocks
        for segment in block.segments
    ]


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
    todo = [job for job in jobs(article, glossary) if not _still_good(job, work.old, engine)]
    return Work(article, work.old), todo


def _still_good(job: Job, old: Draft, engine: Engine) -> bool:
    """True when decoding again could not change the machine text of this segment."""
    target = old.targets.get(job.segment.id)
    if target is None or target.source != job.segment.text:
        return False
    wanted = signature(engine, job.requirements)
    if target.origin is Origin.MACHINE and target.state is State.MACHINE:
        return target.signature == wanted
    return target.signature == wanted or any(other.signature == wanted for other in target.alternatives)


def draft(
    works: Sequence[tuple[Work, list[Job]]], glossary: Glossary, engine: Engine, progress: Progress | None = None
) -> list[Draft]:
    """Decode all planned jobs together (so that batches are full) and merge each article's results into its draft."""
    everything = [job for _, todo in works for job in todo]
    targets = iter(decode(everything, engine, progress))
    done = []
    for work, todo in works:
        fresh = {job.segment.id: next(targets) for job in todo}
        done.append(drafts.merge(work.old, work.article, fresh, glossary.fingerprint))
    return done

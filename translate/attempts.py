"""The ways to decode a segment, tried one after another: each is paid for only where the one before was not enough.

Free for a model that reads no annotations. Otherwise annotated with the terms that the model does not know by itself.
Where a term is missing that has words of its own to take the place of, that is enough: putting it in costs less than
any decode. Else, where it leaves out one that it should know, with that one too; where a term is still missing, once
more with its Arabic hidden; where one is missing even then or said once too often, or the text is broken or most
unlikely, freely. What stays broken is decoded in shorter clauses. It changes no English: that is `mending`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from translate.constraints import Requirement, assign
from translate.engines.base import Engine, Hypothesis, Progress, Request
from translate.joining import Job, Piece, ask, capitalised, decoded, hinted, in_parts, join, pieces, plain, steps
from translate.repair import replaceable
from translate.repair.sentence import Alignment, alignment_of, start
from translate.repair.surplus import surplus, without_doublings

LOOP = re.compile(r"(\b\w+(?:\W+\w+){0,5}?)(?:\W+\1\b){2,}", re.IGNORECASE)
"""A phrase of up to six words three times in a row. `\\w` and `\\W` share no character: no backtracking to speak of."""

DOUBTFUL = -1.5
"""Nats per token below which an annotated decode has a free one tried beside it, whatever terms it honours."""


class Way(StrEnum):
    """How a segment was decoded."""

    FREE = "free"
    ANNOTATED = "annotated"
    MASKED = "masked"
    """Annotated, with the Arabic of the terms that were missing hidden."""
    CLAUSES = "clauses"
    """In shorter clauses than its length asks for."""
    OTHER = "other"
    """Another of the best the search found."""
    KEPT = "kept"
    """Cut at what must stay as it is, so that the engine does not see it."""
    CAREFUL = "careful"
    """Searched with a price on saying anything again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The English of a whole segment as one way of decoding gave it."""

    way: Way
    cut: tuple[Piece, ...]
    hypothesis: Hypothesis
    missing: tuple[int, ...]
    """Numbers of the requirements it does not honour."""
    surplus: int = 0
    """Renditions of its terms that no term asked for, no other Arabic accounts for, and that cannot be taken out."""
    replaceable: bool = False
    """Every missing term has words aligned to it that it can take the place of, and no other place is in question."""

    @property
    def whole(self) -> bool:
        """The engine saw the segment in one piece."""
        return len(self.cut) == 1

    @property
    def sound(self) -> bool:
        """There is a text, and it is not broken."""
        return bool(self.hypothesis.text.strip()) and not broken(self.hypothesis)

    @property
    def enough(self) -> bool:
        """Nothing else need be tried."""
        settled = not self.missing or self.replaceable
        return self.sound and settled and not self.surplus and self.hypothesis.score >= DOUBTFUL


def broken(hypothesis: Hypothesis) -> bool:
    """True for a hypothesis that ran into the length limit or repeats itself three times in a row."""
    return hypothesis.cut or LOOP.search(hypothesis.text) is not None


def attempts(jobs: Sequence[Job], engine: Engine, progress: Progress | None = None) -> list[list[Attempt]]:
    """Everything tried for every job, in order; mostly one decode each."""
    cuts = [pieces(job, engine, engine.limit) for job in jobs]
    told = [_unknown(job, engine) for job in jobs]
    tried: list[list[Attempt]] = [[] for _ in jobs]
    known: dict[Request, Hypothesis] = {}
    first = [hinted(cut, job, names) for cut, job, names in zip(cuts, jobs, told, strict=True)]
    _try(jobs, tried, known, {n: (_way(cut), cut) for n, cut in enumerate(first)}, engine, steps(first, progress))
    if engine.annotates:
        more = {n: names for n, job in enumerate(jobs) if (names := _to_be_told(job, tried[n][0], told[n]))}
        told = [more.get(n, names) for n, names in enumerate(told)]
        again = {n: (Way.ANNOTATED, hinted(cuts[n], jobs[n], names)) for n, names in more.items()}
        _try(jobs, tried, known, again, engine)
    guided = [n for n, ways in enumerate(tried) if ways[-1].way is Way.ANNOTATED]
    missing = {n: tried[n][-1].missing for n in guided if tried[n][-1].missing and not tried[n][-1].enough}
    hidden = {n: (Way.MASKED, hinted(cuts[n], jobs[n], told[n], masked)) for n, masked in missing.items()}
    _try(jobs, tried, known, hidden, engine)
    wanting = [n for n in guided if tried[n][0].way is not Way.FREE and not any(a.enough for a in tried[n])]
    _try(jobs, tried, known, {n: (Way.FREE, plain(cuts[n])) for n in wanting}, engine)
    _try(jobs, tried, known, _shorter(jobs, tried, engine), engine)
    return tried


def _unknown(job: Job, engine: Engine) -> frozenset[int]:
    """Numbers of the requirements that the engine has to be told, and can be."""
    if not engine.annotates:
        return frozenset()
    return frozenset(n for n, requirement in enumerate(job.requirements) if requirement.name not in engine.known_terms)


def _to_be_told(job: Job, first: Attempt, told: frozenset[int]) -> frozenset[int]:
    """Those to tell where the engine, told only some, did not do: them and the ones it left out, else all; or none."""
    if first.enough or len(told) == len(job.requirements):
        return frozenset()
    left = told | set(first.missing)
    if left > told:
        return left
    return frozenset(range(len(job.requirements))) if first.way is Way.FREE else frozenset()


def _way(cut: Sequence[Piece]) -> Way:
    return Way.ANNOTATED if any(piece.hints for piece in cut) else Way.FREE


def contenders(tried: Sequence[Attempt]) -> list[Attempt]:
    """The attempts worth mending, the preferred first: mostly one, sometimes an annotated and a free one.

    A free one that says every term by itself needs no mending, and is taken before another that would, or that was made
    because a term is said too often and says it as often.
    """
    sound = [attempt for attempt in tried if attempt.sound]
    if not sound:
        return [min(tried, key=lambda attempt: (not attempt.hypothesis.text.strip(), len(attempt.hypothesis.text)))]
    guided = [attempt for attempt in sound if attempt.way in (Way.ANNOTATED, Way.MASKED)]
    if not guided:
        return sound[-1:]
    best = min(guided, key=lambda attempt: (len(attempt.missing), attempt.surplus))
    free = [attempt for attempt in sound if attempt.way is Way.FREE]
    complete = [attempt for attempt in free if not attempt.missing and attempt.surplus <= best.surplus]
    in_vain = tried[0] in complete and tried[0].surplus > 0
    return complete if complete and (best.missing or in_vain) else [best, *free]


def _try(
    jobs: Sequence[Job],
    tried: list[list[Attempt]],
    known: dict[Request, Hypothesis],
    todo: Mapping[int, tuple[Way, tuple[Piece, ...]]],
    engine: Engine,
    progress: Progress | None = None,
) -> None:
    """Decode what is asked for by job number, all together, and add what came of it.

    What is `known` is not asked again: clauses without a missing term are the same with its Arabic hidden.
    """
    if todo:
        known |= ask((cut for _, cut in todo.values()), engine, progress, known)
    for number, (way, cut) in todo.items():
        tried[number].append(attempted(jobs[number], way, cut, known))


def attempted(job: Job, way: Way, cut: tuple[Piece, ...], known: Mapping[Request, Hypothesis]) -> Attempt:
    """The English of a segment from the answers to its pieces, and how it fares with its terms."""
    made = join(job.segment.text, cut, known)
    made = replace(made, text=capitalised(made.text)) if decoded(cut) or in_parts(cut) else made
    given = assign(job.requirements, made.text)
    missing = tuple(n for n in range(len(job.requirements)) if n not in given)
    source, text, links = job.segment.text, made.text, made.alignment
    settled = bool(missing and links) and replaceable(source, text, links, job.requirements)
    return Attempt(way, cut, made, missing, _left_over(source, text, links, job.requirements), settled)


def _left_over(source: str, text: str, links: Alignment, requirements: Sequence[Requirement]) -> int:
    """Surplus terms that cannot simply be taken out."""
    if not surplus(source, text, links, requirements):
        return 0
    cut = without_doublings(source, start(text, links), requirements)
    return len(surplus(source, cut.text, alignment_of(cut), requirements))


def _shorter(
    jobs: Sequence[Job], tried: Sequence[Sequence[Attempt]], engine: Engine
) -> dict[int, tuple[Way, tuple[Piece, ...]]]:
    """Shorter clauses for the jobs of which nothing sound came, where there are any."""
    todo = {}
    for number, (job, before) in enumerate(zip(jobs, tried, strict=True)):
        if decoded(before[-1].cut) and not any(attempt.sound for attempt in before):
            cut = pieces(job, engine, max(12, engine.length(job.segment.text) // 3))
            if len(cut) > len(before[-1].cut):
                todo[number] = (Way.CLAUSES, cut)
    return todo

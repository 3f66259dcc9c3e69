"""The ways to decode a segment, tried one after another: each is paid for only where the one before was not enough.

Free for a model that reads no annotations. Otherwise annotated; where a term is still missing, once more with its
Arabic hidden; where one is missing even then or said once too often, or the text is broken or most unlikely, freely.
What stays broken is decoded in shorter clauses. It changes no English: that is `mending`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from translate.constraints import Requirement, assign, renditions
from translate.engines.base import Engine, Hypothesis, Progress, Request
from translate.joining import Job, Piece, ask, capitalised, decoded, hinted, join, pieces, plain, steps

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
    REFERENCE = "reference"
    """By the reference engine."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The English of a whole segment as one way of decoding gave it."""

    way: Way
    cut: tuple[Piece, ...]
    hypothesis: Hypothesis
    missing: tuple[int, ...]
    """Numbers of the requirements it does not honour."""
    surplus: int = 0
    """Renditions of its terms that no term asked for: "the emir emir"."""

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
        return self.sound and not self.missing and not self.surplus and self.hypothesis.score >= DOUBTFUL


def broken(hypothesis: Hypothesis) -> bool:
    """True for a hypothesis that ran into the length limit or repeats itself three times in a row."""
    return hypothesis.cut or LOOP.search(hypothesis.text) is not None


def attempts(jobs: Sequence[Job], engine: Engine, progress: Progress | None = None) -> list[list[Attempt]]:
    """Everything tried for every job, in order; mostly one decode each."""
    cuts = [pieces(job, engine, engine.limit) for job in jobs]
    told = [hinted(cut, job) if engine.annotates else cut for cut, job in zip(cuts, jobs, strict=True)]
    tried: list[list[Attempt]] = [[] for _ in jobs]
    known: dict[Request, Hypothesis] = {}
    _try(
        jobs,
        tried,
        known,
        {n: (Way.ANNOTATED if any(p.hints for p in cut) else Way.FREE, cut) for n, cut in enumerate(told)},
        engine,
        steps(told, progress),
    )
    guided = [n for n, (first,) in enumerate(tried) if first.way is Way.ANNOTATED]
    missing = {n: tried[n][0].missing for n in guided if tried[n][0].missing}
    hidden = {n: (Way.MASKED, hinted(cuts[n], jobs[n], masked)) for n, masked in missing.items()}
    _try(jobs, tried, known, hidden, engine)
    wanting = [n for n in guided if not any(attempt.enough for attempt in tried[n])]
    _try(jobs, tried, known, {n: (Way.FREE, plain(cuts[n])) for n in wanting}, engine)
    _try(jobs, tried, known, _shorter(jobs, tried, engine), engine)
    return tried


def contenders(tried: Sequence[Attempt]) -> list[Attempt]:
    """The attempts worth mending, the preferred first: mostly one, sometimes an annotated and a free one.

    A free one that says every term by itself needs no mending, and is taken before another that would.
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
    return complete if complete and best.missing else [best, *free]


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
    made = replace(made, text=capitalised(made.text)) if decoded(cut) else made
    given = assign(job.requirements, made.text)
    missing = tuple(n for n in range(len(job.requirements)) if n not in given)
    return Attempt(way, cut, made, missing, _surplus(job.requirements, made.text, given.values()))


def _surplus(requirements: Sequence[Requirement], text: str, given: Iterable[tuple[int, int]]) -> int:
    """How many renditions of the terms stand beside those that were asked for."""
    taken = list(given)
    surfaces = tuple(sorted({surface for requirement in requirements for surface in requirement.surfaces}))
    found = renditions(surfaces, text)
    return sum(not any(b < end and begin < e for b, e in taken) for begin, end in found)


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

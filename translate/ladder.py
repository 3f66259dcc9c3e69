"""What is done about a translation that the guard refuses: other ways of decoding, one after another.

Each rung is climbed only by the segments that still need it, all of them together; each result gets its terms and is
looked at by the guard, and the best is kept: fewest errors, then fewest other reasons, then the better score. Where
all is well nothing is decoded. It knows no file and makes no finding; `decode` tells what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from translate.attempts import Attempt, Way, attempted
from translate.constraints import Requirement
from translate.document import Severity, TermStatus
from translate.engines.base import Engine, Hypothesis, Request
from translate.guard import Kind, Reason, kept_spans, reasons, weight
from translate.joining import Job, Piece, hinted, pieces, plain
from translate.mending import Mended, mend
from translate.repair.sentence import Alignment
from translate.repair.surplus import surplus

SHORTEST_CLAUSE = 8
"""Tokens; nothing is gained from shorter ones."""
N_BEST = 4
"""Translations the search is asked for where its first was refused; as many as its beam is wide, so that a clause with
which nothing is wrong stays as it was."""

Cut = Callable[[Job, Attempt, Engine], tuple[Piece, ...]]


class Rung(NamedTuple):
    """One way of trying again."""

    way: Way
    helps: frozenset[Kind]
    """Reasons it can do something about."""
    cut: Cut
    """What the engine is given; empty where this way is none for the segment."""
    careful: bool = False

    def may_help(self, left: Sequence[Reason]) -> bool:
        """Whether what speaks against a translation is something for this rung."""
        return any(r.kind in self.helps for r in left)


@dataclass(frozen=True, slots=True)
class Climb:
    """What was tried for one segment that the guard refused."""

    refused: tuple[Reason, ...]
    """Why the first translation was."""
    left: tuple[Reason, ...]
    """What still speaks against the one that was taken."""
    taken: Way | None = None
    """The rung it came from; None where the first stayed."""
    tried: tuple[Attempt, ...] = ()


@dataclass(slots=True)
class _Case:
    """A segment on its way up."""

    job: Job
    best: Mended
    left: tuple[Reason, ...]
    refused: tuple[Reason, ...]
    taken: Way | None = None
    tried: list[Attempt] = field(default_factory=list)

    def weigh(self, way: Way, mended: Mended) -> None:
        """Keep the best; the first translation stays where nothing has less against it, however well it scores."""
        self.tried.append(mended.attempt)
        left = look(self.job, mended)
        if weight(left) < weight(self.refused) and _rank(mended, left) < _rank(self.best, self.left):
            self.best, self.left, self.taken = mended, left, way


def look(job: Job, mended: Mended) -> tuple[Reason, ...]:
    """What the guard says of a segment's English with its terms put in."""
    stopped = mended.attempt.hypothesis.cut and not (mended.polish and not mended.polish.refused)
    source, repair = job.segment.text, mended.repair
    found = reasons(source, repair.text, job.requirements, stopped=stopped)
    return (*found, *_said_too_often(source, repair.text, repair.alignment, job.requirements))


def _said_too_often(
    source: str, target: str, alignment: Alignment, requirements: Sequence[Requirement]
) -> Iterator[Reason]:
    for begin, end in surplus(source, target, alignment, requirements):
        yield Reason(Kind.SURPLUS, Severity.WARNING, target[begin:end])


def climb(jobs: Sequence[Job], mended: Sequence[Mended], engine: Engine) -> tuple[list[Mended], Mapping[int, Climb]]:
    """Better English for the segments that the guard refuses, where there is any, and what was tried for each."""
    cases: dict[int, _Case] = {}
    for number, (job, one) in enumerate(zip(jobs, mended, strict=True)):
        if refused := look(job, one):
            cases[number] = _Case(job, one, refused, refused)
    for rung in RUNGS:
        if wanting := [case for case in cases.values() if rung.may_help(case.left)]:
            _rise(rung, wanting, engine)
    results = list(mended)
    for number, case in cases.items():
        results[number] = case.best
    return results, {n: Climb(c.refused, c.left, c.taken, tuple(c.tried)) for n, c in cases.items()}


def _rise(rung: Rung, cases: Sequence[_Case], engine: Engine) -> None:
    """Try one rung for all the cases it may help, decoding them together."""
    cuts = [(case, rung.cut(case.job, case.best.attempt, engine)) for case in cases]
    cuts = [(case, cut) for case, cut in cuts if cut]
    asked = {p.request: _request(rung, p) for _, cut in cuts for p in cut if not p.carried}
    answers = dict(zip(asked, engine.translate(list(asked.values())) if asked else (), strict=True))
    for case, cut in cuts:
        known = {p.request: _best(p, case.job, answers[p.request]) for p in cut if not p.carried}
        case.weigh(rung.way, mend(case.job, [attempted(case.job, rung.way, cut, known)], engine))


def _request(rung: Rung, piece: Piece) -> Request:
    return Request(piece.text, n_best=N_BEST, hints=piece.hints, careful=rung.careful)


def _best(piece: Piece, job: Job, answers: Sequence[Hypothesis]) -> Hypothesis:
    """The first of a piece's translations that the guard refuses least."""
    terms = _inside(piece, job)

    def against(answer: Hypothesis) -> tuple[int, int]:
        found = reasons(piece.text, answer.text, terms, stopped=answer.cut)
        return weight([*found, *_said_too_often(piece.text, answer.text, answer.alignment, terms)])

    return min(answers, key=against)


def _inside(piece: Piece, job: Job) -> list[Requirement]:
    """The terms of a piece, with offsets into its text."""
    begin, end = piece.begin, piece.begin + len(piece.text)
    return [
        replace(r, match=r.match._replace(begin=r.match.begin - begin, end=r.match.end - begin))
        for r in job.requirements
        if begin <= r.match.begin and r.match.end <= end
    ]


def _rank(mended: Mended, left: Sequence[Reason]) -> tuple[int, int, int, float]:
    """Smaller is better: errors, other reasons, terms placed by guess, score."""
    guessed = sum(use.status is TermStatus.SUBSTITUTED for use in mended.repair.uses)
    return (*weight(left), guessed, -mended.attempt.hypothesis.score)


# --- the rungs --------------------------------------------------------------------------------------------------


def _again(_job: Job, attempt: Attempt, _engine: Engine) -> tuple[Piece, ...]:
    """As it was cut before."""
    return attempt.cut if any(not piece.carried for piece in attempt.cut) else ()


def _freely(job: Job, attempt: Attempt, engine: Engine) -> tuple[Piece, ...]:
    """As it was cut before, without hints."""
    return plain(_again(job, attempt, engine))


def _clauses(job: Job, attempt: Attempt, engine: Engine) -> tuple[Piece, ...]:
    """Cut in clauses of half its longest piece's length; nothing where that gives no more pieces."""
    longest = max((engine.length(piece.text) for piece in attempt.cut if not piece.carried), default=0)
    cut = pieces(job, engine, max(SHORTEST_CLAUSE, longest // 2 + 1))
    if len(cut) <= len(attempt.cut):
        return ()
    return hinted(cut, job) if engine.annotates else cut


def _kept(job: Job, _attempt: Attempt, engine: Engine) -> tuple[Piece, ...]:
    """Cut at names in Latin and foreign letters and at emoji, so that they are carried over."""
    cut = pieces(job, engine, engine.limit, kept_spans(job.segment.text, job.requirements))
    return hinted(cut, job) if engine.annotates else cut


RUNGS: tuple[Rung, ...] = (
    Rung(Way.KEPT, frozenset({Kind.NAME}), _kept),
    Rung(Way.CLAUSES, frozenset({Kind.EMPTY, Kind.LOOP, Kind.LONG, Kind.SHORT, Kind.STOPPED}), _clauses),
    Rung(Way.OTHER, frozenset(Kind), _again),
    Rung(Way.CAREFUL, frozenset({Kind.LOOP, Kind.LONG, Kind.STOPPED, Kind.DOUBLED}), _freely, careful=True),
    Rung(Way.CLAUSES, frozenset({Kind.DOUBLED}), _clauses),
)
"""In the order they are tried. Clauses lose each other's context, so a mere word twice is not worth them at first."""

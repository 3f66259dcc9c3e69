"""From what an engine said to what a glossary asks: substitution with rescoring, the choice between two, the polish.

Only segments that miss a term come here with work to do. Every decision is the engine's own score of the whole English
on the plain Arabic. What was weighed is kept beside the result, so that it can be explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from translate import checks
from translate.attempts import Attempt, broken
from translate.document import Severity, State, Target, TermStatus, TermUse
from translate.engines.base import Engine, Hypothesis, Request
from translate.joining import Job, atoms
from translate.repair import MOST_CANDIDATES, Repair, substitute
from translate.words import words

CLEARLY = 0.1
"""Nats per token by which a free decode must beat an annotated one, both mended, to be taken instead; none where the
annotated one says a term too often and the free one does not."""
BETTER = 0.01
"""Nats per token a polish must gain; int8 scores differ by up to 0.002 between one batch and another."""
DEAR = 0.1
"""Nats per token that putting terms in must have cost for the rest to be said anew; below it there is little to mend,
and what the engine says instead is as often worse."""
LEFT = 2
"""Words behind the last placed term for which asking the engine again is worth it."""
FEWER = 8
"""Candidates of a term, the likeliest, that are scored where the engine reads annotations: what it misses then is
little, and of eighteen the later ones were never better by anything that could be measured."""
PLACED = (TermStatus.FORCED, TermStatus.SUBSTITUTED)


@dataclass(frozen=True, slots=True)
class Polish:
    """What the engine made of the words behind the last placed term."""

    prefix: str
    text: str
    before: float
    """Score of the text it was to improve."""
    score: float
    refused: str
    """Why it was not taken; empty where it was."""


@dataclass(frozen=True, slots=True)
class Mended:
    """The English of one segment with its terms, and what led there."""

    attempt: Attempt
    repair: Repair
    scores: tuple[tuple[float, ...], ...] = ()
    """Of the candidates of each of the repair's placings; empty for one where nothing was in doubt."""
    rivals: tuple[tuple[Attempt, str, float], ...] = ()
    """All attempts there were to choose from, each as it is likeliest mended, and its score."""
    score: float | None = None
    """Of the repair's text on the plain Arabic; None where nobody asked for it."""
    polish: Polish | None = None
    first: Repair | None = None
    """The repair before a polish that was taken."""


def mend(job: Job, options: Sequence[Attempt], engine: Engine) -> Mended:
    """The first of the attempts with its terms put in; another where that clearly reads better.

    Which of them is decided on the likeliest way to mend each, before what stands beside the terms is set right by the
    Arabic: what the engine got wrong it does not like mended. Only the one taken is mended with care.
    """
    if len(options) == 1 or not all(attempt.whole for attempt in options):
        return _repaired(job, options[0], engine)
    repairs = [_repaired(job, attempt).repair for attempt in options]
    scores = engine.score([(job.segment.text, repair.said) for repair in repairs])
    best = max(range(len(options)), key=lambda n: (scores[n], -n))
    repeats = options[0].surplus > options[best].surplus
    taken = best if scores[best] > scores[0] + (0.0 if repeats else CLEARLY) else 0
    made = _repaired(job, options[taken], engine)
    score = scores[taken] if made.score is None and made.repair.said == made.repair.text else made.score
    texts = [repair.text for repair in repairs]
    return replace(made, rivals=tuple(zip(options, texts, scores, strict=True)), score=score)


def _repaired(job: Job, attempt: Attempt, engine: Engine | None = None) -> Mended:
    """Terms put in where they are missing; nothing can be put into a translation that failed.

    A sentence decoded in clauses is too long to be scored whole: there the most likely candidate is taken, as where
    there is no engine to ask.
    """
    hypothesis = attempt.hypothesis
    if not hypothesis.text.strip():
        return Mended(attempt, Repair("", tuple(requirement.unmet() for requirement in job.requirements)))
    weighed: list[tuple[float, ...]] = []

    def choose(candidates: list[str]) -> int:
        assert engine is not None
        # Each term's candidates in a call of their own: among others they come out 0.002 off, and no faster.
        scores = engine.score([(job.segment.text, candidate) for candidate in candidates])
        weighed.append(tuple(scores))
        return max(range(len(scores)), key=lambda number: (scores[number], -number))

    repair = substitute(
        job.segment.text,
        hypothesis.text,
        hypothesis.alignment,
        job.requirements,
        headline=job.headline,
        choose=choose if engine and attempt.whole else None,
        kept=_kept(job),
        most=FEWER if engine and engine.annotates else MOST_CANDIDATES,
    )
    left = iter(weighed)
    scores = tuple(next(left, ()) if len(placing.options) > 1 else () for placing in repair.placings)
    score = scores[-1][repair.placings[-1].chosen] if scores and scores[-1] else None
    return Mended(attempt, repair, scores, score=score)


def _kept(job: Job) -> list[str]:
    """What stands in the English as it stands in the Arabic."""
    return [job.segment.text[begin:end] for begin, end in atoms(job.segment)]


def polish(jobs: Sequence[Job], mended: Sequence[Mended], engine: Engine) -> list[Mended]:
    """Let the engine say anew what stands behind the last term that was put in; kept where that reads better."""
    placed = [number for number, one in enumerate(mended) if _may_gain(one, engine) and _prefix(one.repair)]
    results, prices = _priced(jobs, mended, placed, engine)
    todo = {}
    for number in placed:
        if prices[number] > DEAR:
            one = results[number]
            todo[number] = Request(jobs[number].segment.text, _prefix(one.repair), hints=one.attempt.cut[0].hints)
    answers = engine.translate(list(todo.values())) if todo else []
    for (number, request), (answer, *_) in zip(todo.items(), answers, strict=True):
        results[number] = _polished(jobs[number], results[number], request.prefix, answer, engine)
    return results


def _may_gain(mended: Mended, engine: Engine) -> bool:
    """Whether it is worth asking what the terms cost: next to nothing where neither spot nor form was in doubt.

    That is so of engines that read annotations, which were told the terms they do not know; of others nobody can say.
    """
    certain = all(len(placing.options) == 1 for placing in mended.repair.placings)
    return mended.attempt.whole and not (engine.annotates and mended.attempt.replaceable and certain)


def _priced(
    jobs: Sequence[Job], mended: Sequence[Mended], which: Sequence[int], engine: Engine
) -> tuple[list[Mended], dict[int, float]]:
    """The same, the score of each of those known, and what its terms cost: both texts scored on the plain Arabic.

    The score that came with an annotated decode is one on the annotated Arabic, and nearly always higher.
    """
    results = list(mended)
    asked: dict[tuple[str, str], float] = {}
    for number in which:
        one, source = mended[number], jobs[number].segment.text
        if one.score is None:
            asked[source, one.repair.text] = 0.0
        if one.attempt.cut[0].hints:
            asked[source, one.attempt.hypothesis.text] = 0.0
    asked = dict(zip(asked, engine.score(list(asked)) if asked else (), strict=True))
    prices = {}
    for number in which:
        one, source = mended[number], jobs[number].segment.text
        score = asked[source, one.repair.text] if one.score is None else one.score
        results[number] = replace(one, score=score)
        prices[number] = asked.get((source, one.attempt.hypothesis.text), one.attempt.hypothesis.score) - score
    return results, prices


def _prefix(repair: Repair) -> str:
    """The text up to its last placed term; empty where hardly anything follows it."""
    end = max((use.target_end for use in repair.uses if use.status in PLACED), default=0)
    behind = sum(word.text[0].isalnum() for word in words(repair.text[end:]))
    return repair.text[:end] if behind >= LEFT else ""


def _polished(job: Job, mended: Mended, prefix: str, answer: Hypothesis, engine: Engine) -> Mended:
    source, old = job.segment.text, mended.repair
    again = substitute(source, answer.text, answer.alignment, job.requirements, headline=job.headline, kept=_kept(job))
    if again.text == old.text:
        return mended
    before, score = mended.score, answer.score
    assert before is not None, "only what was scored is polished"
    if mended.attempt.cut[0].hints or again.text != answer.text:  # its own score is that of another pair
        score = engine.score([(source, again.text)])[0]
    fresh = replace(again, uses=_as_placed(again.uses, old.uses, len(prefix)), placings=())
    refused = ""
    if broken(answer):
        refused = "broken"
    elif not again.text.startswith(prefix):
        refused = "it changed what stood fast"
    elif again.placings:
        refused = "a term got lost"
    elif _trouble(job, fresh) > _trouble(job, old):
        refused = "more findings"
    elif score <= before + BETTER:
        refused = "scores no better"
    told = Polish(prefix, again.text, before, score, refused)
    if refused:
        return replace(mended, polish=told)
    return replace(mended, repair=fresh, polish=told, first=old, score=score)


def _as_placed(uses: Sequence[TermUse], old: Sequence[TermUse], fast: int) -> tuple[TermUse, ...]:
    """Uses that say how those before `fast` came there."""
    placed = {(use.target_begin, use.target_end): use.status for use in old if use.target_end <= fast}
    return tuple(replace(use, status=placed.get((use.target_begin, use.target_end), use.status)) for use in uses)


def _trouble(job: Job, repair: Repair) -> int:
    """How many findings that matter a text has."""
    target = Target(repair.text, State.MACHINE, terms=repair.uses, alignment=repair.alignment)
    bare = replace(job.segment, marks=())
    return sum(f.severity is not Severity.NOTE for f in checks.run(bare, target, job.requirements))

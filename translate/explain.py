"""Why a sentence reads as it does: per term the match, the aligned words, the candidates, the choice and its price.

Made after the fact from what the cascade weighed, so that nothing is slower while nobody asks. `str()` is for people,
`dataclasses.asdict` for programs. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from translate.attempts import Attempt, Way
from translate.document import TermStatus, TermUse
from translate.engines.base import Engine, Request
from translate.joining import Job
from translate.mending import Mended
from translate.repair import Alignment
from translate.words import words

AROUND = 2
"""Words shown on both sides of where candidates differ."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One English of the whole segment that was on the table."""

    how: str
    """"free", "annotated", "masked" …: a `Way`; else "substituted" or "polished"."""
    text: str
    score: float | None
    """Mean log-probability per token on the plain Arabic; None where nobody asked for it."""
    honoured: int
    """Terms that stand in it."""
    taken: bool
    why: str = ""
    """Why it was not taken."""


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate for one term: the whole English it gives."""

    text: str
    score: float | None
    """None where there was nothing to choose."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class TermExplanation:
    """What became of one occurrence of a term."""

    source: str
    """"مفارز" - as listed."""
    arabic: str
    """"وبمفارز" - as it stands in the sentence."""
    begin: int
    end: int
    why: str
    """"و+ب+مفارز" - the match analysis."""
    number: str
    accepted: tuple[str, ...]
    """The English that counts, the form for this number first."""
    aligned: tuple[str, ...]
    """Words of the English, as the engine first gave it, that are aligned to this Arabic."""
    options: tuple[Option, ...]
    how: str
    """"free", "annotated", "masked" …: a `Way`; else "substituted", "polished", "inserted" or "unmet"."""
    surface: str
    """"detachments" - what stands in the English now."""
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one segment came to its English."""

    segment: str
    source: str
    english: str
    tried: tuple[Tried, ...]
    terms: tuple[TermExplanation, ...]
    price: float | None
    """Nats per token that the terms cost: score of the free English minus score of this one. High: a wrong sense?"""

    def __str__(self) -> str:
        return "\n".join(_lines(self))


@dataclass(slots=True)
class Trace:
    """Where a decode leaves its explanations: one for each segment that has terms."""

    explanations: list[Explanation] = field(default_factory=list)


def explanations(
    jobs: Sequence[Job], tried: Sequence[Sequence[Attempt]], mended: Sequence[Mended], engine: Engine
) -> list[Explanation]:
    """One for each job that has terms. Asks the engine for the free English where nobody did, and for two scores."""
    told = [number for number, job in enumerate(jobs) if job.requirements]
    free = {n: a.hypothesis.text for n in told for a in tried[n] if a.way is Way.FREE and a.whole}
    unknown = [n for n in told if n not in free and all(attempt.whole for attempt in tried[n])]
    answers = engine.translate([Request(jobs[n].segment.text) for n in unknown]) if unknown else []
    free |= {n: answer[0].text for n, answer in zip(unknown, answers, strict=True)}
    return [_explained(jobs[n], tried[n], mended[n], free.get(n, ""), engine) for n in told]


def _explained(job: Job, tried: Sequence[Attempt], mended: Mended, free: str, engine: Engine) -> Explanation:
    source, english = job.segment.text, mended.repair.text
    scores = {}
    if free and english:
        between = (mended.first or mended.repair).text
        texts = list(dict.fromkeys([free, *(attempt.hypothesis.text for attempt in tried), between, english]))
        scores = dict(zip(texts, engine.score([(source, text) for text in texts]), strict=True))
    terms = tuple(_term(job, number, mended) for number in range(len(job.requirements)))
    price = round(scores[free] - scores[english], 4) if free in scores and english in scores else None
    return Explanation(job.segment.id, source, english, tuple(_tried(job, tried, mended, scores)), terms, price)


def _tried(job: Job, tried: Sequence[Attempt], mended: Mended, scores: dict[str, float]) -> Iterator[Tried]:
    count = len(job.requirements)
    for attempt in tried:
        taken = attempt is mended.attempt
        text = attempt.hypothesis.text
        honoured = count - len(attempt.missing)
        why = "" if taken else _passed_over(attempt)
        yield Tried(attempt.way, text, _round(scores.get(text)), honoured, taken, why)
    for attempt, text, score in mended.rivals:
        if attempt is not mended.attempt and text:
            yield Tried("substituted", text, _round(score), count, False, f"the {mended.attempt.way} one is kept")
    first = mended.first or mended.repair
    if first.placings:
        yield Tried("substituted", first.text, _round(scores.get(first.text)), count, True)
    if mended.polish:
        polish = mended.polish
        yield Tried("polished", polish.text, _round(polish.score), count, not polish.refused, polish.refused)


def _passed_over(attempt: Attempt) -> str:
    if not attempt.hypothesis.text.strip():
        return "empty"
    if not attempt.sound:
        return "broken"
    return "misses terms" if attempt.missing else "not needed"


def _term(job: Job, number: int, mended: Mended) -> TermExplanation:
    requirement, use = job.requirements[number], mended.repair.uses[number]
    match = requirement.match
    hypothesis = mended.attempt.hypothesis
    aligned = _aligned(job.segment.text, hypothesis.text, hypothesis.alignment, match.begin, match.end)
    first = mended.first or mended.repair
    placing = next((n for n, placing in enumerate(first.placings) if placing.requirement == number), None)
    options: tuple[Option, ...] = ()
    if placing is not None:
        texts, chosen = first.placings[placing].options, first.placings[placing].chosen
        scores = mended.scores[placing] or (None,) * len(texts)
        options = tuple(
            Option(text, _round(score), n == chosen) for n, (text, score) in enumerate(zip(texts, scores, strict=True))
        )
    how, reason = _choice(use, mended, aligned, decided=placing is not None)
    return TermExplanation(
        source=match.term.source,
        arabic=match.surface,
        begin=match.begin,
        end=match.end,
        why=match.why,
        number=match.number,
        accepted=requirement.surfaces,
        aligned=aligned,
        options=options,
        how=how,
        surface=use.surface,
        reason=reason,
    )


def _choice(use: TermUse, mended: Mended, aligned: tuple[str, ...], *, decided: bool) -> tuple[str, str]:
    """How a term came into the English, and why that way."""
    if use.status is TermStatus.UNMET:
        return "unmet", "the sentence could not be translated"
    if use.status is TermStatus.SUBSTITUTED:
        return "inserted", "no words are aligned to it for certain: put where it reads best; please look"
    if use.status is TermStatus.FORCED:
        instead = f'"{" ".join(aligned)}"' if aligned else "a rendering that is not accepted"
        return "substituted", f"in place of {instead}"
    polish = mended.polish
    if polish and not polish.refused and (decided or use.target_begin >= len(polish.prefix)):
        return "polished", "said by the model behind the last term that was put in"
    said = {
        Way.FREE: "said by the model of its own accord",
        Way.CLAUSES: "said by the model of its own accord",
        Way.ANNOTATED: "said by the model, told the term",
        Way.MASKED: "said by the model, told the term with the Arabic hidden",
        Way.OTHER: "said by the model in another of its best translations, the first being refused",
        Way.KEPT: "said by the model without seeing the names, which were lost before",
        Way.CAREFUL: "said by the model when it was kept from repeating itself",
    }
    return str(mended.attempt.way), said[mended.attempt.way]


def _aligned(source: str, english: str, alignment: Alignment, begin: int, end: int) -> tuple[str, ...]:
    own = {n for n, word in enumerate(words(source)) if word.begin < end and begin < word.end}
    found = words(english)
    return tuple(found[t].text for t in sorted({t for s, t in alignment if s in own and t < len(found)}))


def _round(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


# --- for people -------------------------------------------------------------------------------------------------


def _lines(told: Explanation) -> Iterator[str]:
    yield f"segment {told.segment.split('.', 1)[-1]}"
    yield f"  Arabic       {told.source}"
    for one in told.tried:
        fate = f" [not taken: {one.why}]" if not one.taken else ""
        yield f"  {one.how:<12} {_shown(one.score)}{one.text} ({one.honoured}/{len(told.terms)} terms){fate}"
    for term in told.terms:
        yield from _term_lines(term)
    if told.price is not None:
        yield f"  price        {max(told.price, 0.0) or 0.0:.2f} nats per token"


def _term_lines(term: TermExplanation) -> Iterator[str]:
    yield f"  term         {term.source} -> {term.accepted[0]}"
    also = f"; also accepted: {', '.join(term.accepted[1:])}" if term.accepted[1:] else ""
    yield f"    match      {term.arabic} = {term.why}, characters {term.begin}-{term.end}, {term.number}{also}"
    yield f"    aligned    {' '.join(term.aligned) or 'nothing'}"
    for option, text in zip(term.options, _excerpts([option.text for option in term.options]), strict=True):
        yield f"    {'chosen' if option.chosen else 'or':<10} {_shown(option.score)}{text}"
    yield f"    {term.how}: {term.surface or '-'}, {term.reason}"


def _shown(score: float | None) -> str:
    return "" if score is None else f"{score:.3f}  "


def _excerpts(texts: Sequence[str]) -> list[str]:
    """Each text around where they differ: `… of the Diwan who …`; the one text there is, whole."""
    cut = [text.split() for text in texts]
    if len(cut) < 2:
        return list(texts)
    shortest = min(len(one) for one in cut)
    same = next((n for n in range(shortest) if len({one[n] for one in cut}) > 1), shortest)
    tail = next((n for n in range(shortest - same) if len({one[-1 - n] for one in cut}) > 1), shortest - same)
    begin = max(0, same - AROUND)
    shown = []
    for one in cut:
        end = min(len(one), len(one) - tail + AROUND)
        before, behind = "… " if begin else "", " …" if end < len(one) else ""
        shown.append(before + " ".join(one[begin:end]) + behind)
    return shown

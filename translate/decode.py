"""From segments and what their terms require to English targets: the cascade.

Free decoding, a check, repair by substitution at the aligned words, a last resort that is flagged. Afterwards every
requirement is either met or named in a finding; that is asserted. Too long a segment is decoded in clauses and stays
one segment; nothing is ever cut. Knows engines only through `engines.base` and no file format at all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from translate import __version__, checks, inline
from translate.constraints import Requirement, check
from translate.document import Finding, Origin, Segment, State, Target, TermStatus, TermUse
from translate.engines.base import Engine, Hypothesis, Progress, Request
from translate.repair import Repair, substitute
from translate.split import clauses
from translate.words import has_arabic, words

CASCADE = "split:1"
"""Changes when splitting or the cascade change in a way that could change a text."""
LOOP = re.compile(r"(\b\w+(?:\W+\w+){0,5}?)(?:\W+\1\b){2,}", re.IGNORECASE)
"""A phrase of up to six words three times in a row. `\\w` and `\\W` share no character: no backtracking to speak of."""
CARRIED = str.maketrans(
    {
        **{chr(zero + n): str(n) for zero in (0x660, 0x6F0) for n in range(10)},
        **{"،": ",", "؛": ";", "؟": "?", "٪": "%", "٫": ".", "٬": ","},
    }
)


@dataclass(frozen=True, slots=True)
class Job:
    """One segment to translate."""

    segment: Segment
    requirements: tuple[Requirement, ...] = ()
    headline: bool = False
    """Headlines and by-lines: capitalised as such, no end punctuation expected."""


def signature(engine: Engine, requirements: Iterable[Requirement]) -> str:
    """Everything that could change the text of one segment, the terms that occur in it included."""
    terms = sorted(
        "\t".join((r.match.term.source, r.match.term.target, *r.surfaces, "", *r.forbidden)) for r in requirements
    )
    digest = hashlib.sha256("\n".join(terms).encode()).hexdigest()[:8] if terms else "none"
    return f"{engine.signature()}|terms:{digest}|{CASCADE}|v:{__version__}"


def decode(jobs: Sequence[Job], engine: Engine, progress: Progress | None = None) -> list[Target]:
    """A target for every job, in order. `progress` counts jobs; equal segments are decoded once."""
    pieces = [_clauses(job, engine, engine.limit) for job in jobs]
    drafts = _translate([piece for parts in pieces for piece in parts], engine, _steps(pieces, progress))
    hypotheses = [_join(job.segment.text, parts, drafts) for job, parts in zip(jobs, pieces, strict=True)]
    hypotheses = _again_where_broken(jobs, pieces, hypotheses, engine)
    return [
        _finish(job, parts, hypothesis, engine) for job, parts, hypothesis in zip(jobs, pieces, hypotheses, strict=True)
    ]


def _clauses(job: Job, engine: Engine, limit: int) -> list[str]:
    """The texts to decode for one job; one in most cases, none when there is nothing Arabic to translate."""
    text = job.segment.text
    if not has_arabic(text):
        return []
    if engine.length(text) <= limit:
        return [text]
    held = [(r.match.begin, r.match.end) for r in job.requirements]
    spans = clauses(text, lambda part: engine.length(part) <= limit, protected=held)
    return [text[begin:end].strip() for begin, end in spans if text[begin:end].strip()]


def _steps(pieces: Sequence[Sequence[str]], progress: Progress | None) -> Callable[[int], None] | None:
    """Turn counts of unique texts into counts of jobs."""
    if progress is None:
        return None
    unique = len({piece for parts in pieces for piece in parts})
    done = told = 0

    def step(count: int) -> None:
        nonlocal done, told
        done += count
        now = len(pieces) * done // max(1, unique)
        progress(now - told)
        told = now

    return step


def _translate(texts: Iterable[str], engine: Engine, progress: Progress | None) -> dict[str, Hypothesis]:
    unique = list(dict.fromkeys(texts))
    answers = engine.translate([Request(text) for text in unique], progress)
    return {text: answer[0] for text, answer in zip(unique, answers, strict=True)}


def _join(source: str, parts: Sequence[str], drafts: dict[str, Hypothesis]) -> Hypothesis:
    """One hypothesis from the clauses' hypotheses; word numbers are shifted to the whole."""
    if not parts:
        carried = source.translate(CARRIED)
        count = len(words(source))
        return Hypothesis(carried, 0.0, tuple((n, n) for n in range(count)) if count == len(words(carried)) else ())
    if len(parts) == 1:
        return drafts[parts[0]]
    text, links, total, weight = "", [], 0.0, 0
    at = 0
    for number, part in enumerate(parts):
        answer = drafts[part]
        first_source = len(words(source[: source.index(part, at)]))
        at = source.index(part, at) + len(part)
        first_target = len(words(text))
        english = _fit(answer.text, first=number == 0, last=number == len(parts) - 1)
        known = len(words(english))
        text = f"{text} {english}".strip() if english[:1] not in ",;:.!?)" else text + english
        links += [(s + first_source, t + first_target) for s, t in answer.alignment if t < known]
        total += answer.score * max(1, known)
        weight += max(1, known)
    return Hypothesis(text, total / weight, tuple(links), any(drafts[part].cut for part in parts))


def _fit(english: str, *, first: bool, last: bool) -> str:
    """A clause's English inside a longer sentence: no full stop before the end."""
    if not last:
        english = re.sub(r"(?<![.\s])(?<!\.[A-Z])\.$", "", english)  # but "U.S." keeps its own
    if not first and re.match(
        r"(The|A|An|In|On|And|But|As|It|This|That|He|They|To|For|While|Where|With|From)\b", english
    ):
        english = english[0].lower() + english[1:]
    return english


def broken(hypothesis: Hypothesis) -> bool:
    """True for a hypothesis that ran into the length limit or repeats itself three times in a row."""
    return hypothesis.cut or LOOP.search(hypothesis.text) is not None


def _again_where_broken(
    jobs: Sequence[Job], pieces: list[list[str]], hypotheses: list[Hypothesis], engine: Engine
) -> list[Hypothesis]:
    """Decode what looped or was cut once more, in shorter clauses; keep that where it is sound.

    `pieces` is brought up to date for the jobs that changed, so that the finding about clauses stays true.
    """
    retried = {}
    for number, (job, hypothesis) in enumerate(zip(jobs, hypotheses, strict=True)):
        if pieces[number] and broken(hypothesis):
            shorter = _clauses(job, engine, max(12, engine.length(job.segment.text) // 3))
            if len(shorter) > len(pieces[number]):
                retried[number] = shorter
    if not retried:
        return hypotheses
    drafts = _translate([piece for parts in retried.values() for piece in parts], engine, None)
    results = list(hypotheses)
    for number, parts in retried.items():
        second = _join(jobs[number].segment.text, parts, drafts)
        if not broken(second) or len(second.text) < len(results[number].text):
            results[number] = second
            pieces[number] = parts
    return results


def _finish(job: Job, parts: Sequence[str], hypothesis: Hypothesis, engine: Engine) -> Target:
    """Repair, place the inline marks, check."""
    source = job.segment.text
    repair = _repair(job, hypothesis, engine if len(parts) == 1 else None)
    target = Target(
        text=repair.text,
        state=State.MACHINE,
        origin=Origin.MACHINE,
        score=round(hypothesis.score, 4) if parts else None,
        signature=signature(engine, job.requirements),
        terms=repair.uses,
        alignment=repair.alignment,
        marks=inline.project(job.segment.marks, source, repair.text, repair.alignment) if repair.text else (),
        findings=tuple(_told(job, parts, hypothesis)),
        source=source,
    )
    state = State.MACHINE if target.text.strip() else State.NEW
    target = replace(target, findings=checks.run(job.segment, target, job.requirements), state=state)
    unmet = check(job.requirements, target.text).unmet
    named = any(finding.check in ("g-01", "u-01") for finding in target.findings)
    assert not unmet or named, f"{job.segment.id}: a term is neither met nor named"
    return target


def _repair(job: Job, hypothesis: Hypothesis, engine: Engine | None) -> Repair:
    """Terms put in where they are missing; nothing can be put into a translation that failed.

    Without an engine the most likely candidate is taken: a sentence decoded in clauses is too long to be scored whole.
    """
    if not hypothesis.text.strip():
        uses = tuple(
            TermUse(r.match.term.source, r.match.term.target, r.match.begin, r.match.end, r.match.why, TermStatus.UNMET)
            for r in job.requirements
        )
        return Repair("", uses)

    def choose(candidates: list[str]) -> int:
        if engine is None:
            return 0
        scores = engine.score([(job.segment.text, candidate) for candidate in candidates])
        return max(range(len(scores)), key=lambda number: (scores[number], -number))

    return substitute(
        job.segment.text,
        hypothesis.text,
        hypothesis.alignment,
        job.requirements,
        headline=job.headline,
        choose=choose,
    )


def _told(job: Job, parts: Sequence[str], hypothesis: Hypothesis) -> Iterator[Finding]:
    """What only decoding knows."""
    if len(parts) > 1:
        yield checks.finding("c-01", job.segment.id, f"decoded in {len(parts)} clauses")
    if hypothesis.cut:
        yield checks.finding("x-01", job.segment.id, "the translation stopped before the end of the sentence")

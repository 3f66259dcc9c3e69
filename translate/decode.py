"""From segments and what their terms require to English targets: the cascade.

Decoding (`attempts`), terms put in where they are missing and the rest said anew around them (`mending`), what the
guard refuses tried again in other ways (`ladder`), inline marks, checks. Afterwards every requirement is either met or
named in a finding; that is asserted. Knows engines only through `engines.base` and no file format at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from translate import __version__, checks
from translate.attempts import Way, attempts, broken, contenders
from translate.constraints import Requirement, check
from translate.document import Finding, Origin, Severity, State, Target
from translate.engines.base import Engine, Progress
from translate.explain import Trace, explanations
from translate.guard import said
from translate.inline.carrying import project
from translate.joining import Job, decoded, in_parts
from translate.ladder import Climb, climb
from translate.mending import Mended, mend, polish

__all__ = ["CASCADE", "Job", "Trace", "broken", "decode", "signature"]

CASCADE = "split:9"
"""Changes when splitting or the cascade change in a way that could change a text."""

HOW = {
    Way.CLAUSES: "in shorter clauses",
    Way.OTHER: "another of the best the search found",
    Way.KEPT: "with names kept from the model",
    Way.CAREFUL: "kept from repeating itself",
}


def signature(engine: Engine, requirements: Iterable[Requirement]) -> str:
    """Everything that could change the text of one segment, the terms that occur in it included."""
    terms = sorted(
        "\t".join((r.match.term.source, r.match.term.target, *r.surfaces, "", *r.forbidden)) for r in requirements
    )
    digest = hashlib.sha256("\n".join(terms).encode()).hexdigest()[:8] if terms else "none"
    return f"{engine.signature()}|terms:{digest}|{CASCADE}|v:{__version__}"


def decode(
    jobs: Sequence[Job], engine: Engine, progress: Progress | None = None, trace: Trace | None = None
) -> list[Target]:
    """A target for every job, in order. `progress` counts jobs; equal segments are decoded once.

    A `trace` is told why each term reads as it does.
    """
    tried = attempts(jobs, engine, progress)
    mended = [mend(job, contenders(ways), engine) for job, ways in zip(jobs, tried, strict=True)]
    mended, climbed = climb(jobs, polish(jobs, mended, engine), engine)
    if trace is not None:
        every = [[*ways, *climbed[n].tried] if n in climbed else ways for n, ways in enumerate(tried)]
        trace.explanations += explanations(jobs, every, mended, engine)
    return [
        _finish(job, one, engine, climbed.get(number))
        for number, (job, one) in enumerate(zip(jobs, mended, strict=True))
    ]


def _finish(job: Job, mended: Mended, engine: Engine, climbed: Climb | None) -> Target:
    """Place the inline marks, check."""
    source, attempt, repair = job.segment.text, mended.attempt, mended.repair
    target = Target(
        text=repair.text,
        state=State.MACHINE,
        origin=Origin.MACHINE,
        score=round(attempt.hypothesis.score, 4) if decoded(attempt.cut) else None,
        signature=signature(engine, job.requirements),
        terms=repair.uses,
        alignment=repair.alignment,
        marks=project(job.segment.marks, source, repair.text, repair.alignment) if repair.text else (),
        findings=tuple(_told(job, mended, climbed)),
        source=source,
    )
    failed = not target.text.strip()
    found = (*_unmet(job, failed), *checks.run(job.segment, target, job.requirements))
    target = replace(target, findings=found, state=State.NEW if failed else State.MACHINE)
    unmet = check(job.requirements, target.text).unmet
    named = sum(finding.check == "g-01" for finding in target.findings)
    assert len(unmet) <= named, f"{job.segment.id}: a term is neither met nor named"
    return target


def _unmet(job: Job, failed: bool) -> Iterator[Finding]:
    """A translation that failed honours no term: each is named, with the reason."""
    for requirement in job.requirements if failed else ():
        surface = requirement.match.surface or requirement.match.term.source
        message = f"term missing: {surface} -> {requirement.surfaces[0]}: the sentence could not be translated"
        yield checks.finding("g-01", job.segment.id, message)


def _told(job: Job, mended: Mended, climbed: Climb | None) -> Iterator[Finding]:
    """What only decoding knows."""
    count = decoded(mended.attempt.cut)
    if count > 1 and not in_parts(mended.attempt.cut):
        yield checks.finding("c-01", job.segment.id, f"decoded in {count} clauses")
    if mended.attempt.hypothesis.cut and not (mended.polish and not mended.polish.refused):
        yield checks.finding("x-01", job.segment.id, "the translation stopped before the end of the sentence")
    if climbed and climbed.taken:
        yield checks.finding("h-02", job.segment.id, f"{said(climbed.refused)}; another way: {HOW[climbed.taken]}")
    if climbed and (errors := [reason for reason in climbed.left if reason.severity is Severity.ERROR]):
        yield checks.finding("h-01", job.segment.id, f"{said(errors)}; other ways tried: {len(climbed.tried)}")

"""What is said about a translation afterwards: terms, findings, reasons, in words or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from translate.document import Draft, Severity, TermStatus

if TYPE_CHECKING:
    from translate.decode import Trace


@dataclass(frozen=True, slots=True)
class TermReport:
    """How the terms of some targets fared."""

    total: int
    missed: tuple[tuple[str, str], ...]
    """(term, segment id)"""
    doubtful: int
    """Substituted without an alignment to trust."""

    def __str__(self) -> str:
        line = f"terms {self.total - len(self.missed)}/{self.total} honoured"
        if self.doubtful:
            line += f", {self.doubtful} of them placed by guess: please look"
        if self.missed:
            line += "; missed: " + ", ".join(f"{term} (segment {segment})" for term, segment in self.missed)
        return line


def term_report(drafts: Sequence[Draft]) -> TermReport:
    """Count the terms of all targets."""
    missed, total, doubtful = [], 0, 0
    for draft in drafts:
        for segment in draft.article.segments():
            target = draft.targets.get(segment.id)
            for use in target.terms if target else ():
                total += 1
                doubtful += use.status is TermStatus.SUBSTITUTED
                if use.status is TermStatus.UNMET:
                    missed.append((use.source, segment.id.split(".", 1)[1]))
    return TermReport(total, tuple(missed), doubtful)


def say_findings(draft: Draft) -> None:
    """One line for each finding that is more than a note."""
    for segment in draft.article.segments():
        target = draft.targets.get(segment.id)
        for finding in target.findings if target else ():
            if finding.severity is not Severity.NOTE:
                place = segment.id.split(".", 1)[1]
                click.echo(f"{finding.severity} {finding.check} segment {place}: {finding.message}", err=True)


def say_explanations(trace: Trace, *, err: bool = True) -> None:
    """Why each term reads as it does, a paragraph for each segment that has any."""
    for explanation in trace.explanations:
        click.echo(f"{explanation}\n", err=err)


def json_report(draft: Draft, report: TermReport, trace: Trace | None = None) -> dict[str, object]:
    """The same account for a program to read."""
    found = [asdict(finding) for target in draft.targets.values() for finding in target.findings]
    told = [asdict(one) for one in trace.explanations if one.segment in draft.targets] if trace else []
    return {
        "article": draft.article.slug,
        "segments": len(draft.targets),
        "terms": {"total": report.total, "honoured": report.total - len(report.missed), "missed": report.missed},
        "findings": found,
        "signatures": sorted({target.signature for target in draft.targets.values()}),
        **({"explanations": told} if trace else {}),
    }


def edits_report(old: Draft | None, new: Draft) -> str:
    """What became of a person's sentences when the source changed; empty when nothing did."""
    aside = len(new.orphans) - len(old.orphans) if old else 0
    stale = sum(f.check == "s-01" and not f.dismissed for target in new.targets.values() for f in target.findings)
    told = []
    if aside > 0:
        told.append(f"{aside} edited {_sentences(aside)} set aside because the Arabic is gone")
    if stale:
        told.append(f"{stale} edited {_sentences(stale)} whose Arabic changed: please look")
    return "; ".join(told)


def _sentences(count: int) -> str:
    return "sentence" if count == 1 else "sentences"

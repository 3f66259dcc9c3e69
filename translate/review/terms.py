"""The term base at the desk: what a sentence's Arabic demands, how its English fares, and what a new term would touch.

Holds the terms in force and takes one more when a person asks for it. Knows nothing of journals and pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from glossary import Match, Matcher, TermBase
from translate import checks
from translate.constraints import Requirement, assign, require
from translate.document import Article, Segment, Target, TermStatus, TermUse

SOURCE_CHANGED = "s-01"


class Terms:
    """A term base, ready to be found."""

    def __init__(self, base: TermBase) -> None:
        self.base = base
        self._matcher = Matcher(base)
        self._around: dict[str, tuple[Article, frozenset[str]]] = {}

    @property
    def matcher(self) -> Matcher:
        """What finds them."""
        return self._matcher

    def requirements(self, article: Article, text: str) -> tuple[Requirement, ...]:
        """What the Arabic of one sentence demands."""
        return require(self._matcher.find(text, self._surroundings(article)))

    def explain(self, article: Article, text: str) -> list[tuple[Match, str | None]]:
        """Every match, and why it does not count where it does not."""
        return self._matcher.explain(text, self._surroundings(article))

    def checked(self, article: Article, segment: Segment, target: Target) -> Target:
        """The same text with its terms and findings brought up to date; findings that are not checks are kept."""
        requirements = self.requirements(article, segment.text)
        spans = assign(requirements, target.text)
        told = {(use.begin, use.end, use.target_begin, use.target_end): use.status for use in target.terms}
        uses = tuple(
            _use(requirement, target.text, spans.get(number), told) for number, requirement in enumerate(requirements)
        )
        kept = tuple(
            finding
            for finding in target.findings
            if finding.check not in checks.CHECKS
            and (finding.check != SOURCE_CHANGED or finding.dismissed or target.source != segment.text)
        )
        target = replace(target, terms=uses)
        return replace(target, findings=(*kept, *checks.run(segment, target, requirements)))

    def _surroundings(self, article: Article) -> frozenset[str]:
        known = self._around.get(article.slug)
        if known is None or known[0] is not article:
            around = self._matcher.surroundings("\n".join(segment.text for segment in article.segments()))
            known = self._around[article.slug] = (article, around)
        return known[1]


def _use(
    requirement: Requirement,
    text: str,
    span: tuple[int, int] | None,
    told: Mapping[tuple[int, int, int, int], TermStatus],
) -> TermUse:
    """How an occurrence fares; a rendition that the machine had to put in stays known as that."""
    if span is None:
        return requirement.unmet()
    match = requirement.match
    status = told.get((match.begin, match.end, *span), TermStatus.MET)
    return requirement.met(text, *span, TermStatus.MET if status is TermStatus.UNMET else status)

"""New sentences that the memory knows already: the approved English of the very same Arabic, for a person to confirm.

What is filled in is never confirmed by itself and says that it comes from the memory, and from where. Only sentences
that nobody has worked on are filled. Knows the memory and drafts; nothing of engines or terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from translate import drafts
from translate.checks import finding
from translate.document import Alternative, Article, Draft, Origin, Segment, State, Target
from translate.memory import EXACT, Match, Memory, tags_of

DIFFERENT = "m-01"
TOLD = 120
"""Characters of another translation that a finding quotes."""


def fill(memory: Memory, article: Article, old: Draft | None = None) -> dict[str, Target]:
    """Targets for the sentences of an article that are in the memory, by segment id.

    `old` is the draft the article has: what a person did there stays, and a machine's text is kept beside.
    """
    targets = old.targets if old is not None else {}
    kept_aside = _set_aside(old)
    segments = list(article.segments())
    texts = ["", *(segment.text for segment in segments), ""]
    filled: dict[str, Target] = {}
    for number, segment in enumerate(segments):
        was = targets.get(segment.id)
        if segment.text in kept_aside or (was is not None and drafts.touched(was)):
            continue
        matches = memory.exact(segment.text, tags=tags_of(segment.marks), before=texts[number], after=texts[number + 2])
        approved = [match for match in matches if match.state is State.APPROVED]
        if approved:
            filled[segment.id] = _target(segment, approved, was)
    return filled


def _set_aside(old: Draft | None) -> set[str]:
    """Arabic that left the article with a person's English: when it comes back, so does its own English."""
    orphans: Mapping[str, tuple[str, Target]] = old.orphans if old is not None else {}
    return {text for source, target in orphans.values() for text in (source, target.source)}


def _target(segment: Segment, approved: list[Match], was: Target | None) -> Target:
    best = approved[0]
    others = [match for match in approved if match.target != best.target]
    offers = [Alternative(match.target, Origin.MEMORY, _signature(match), match=match.score) for match in others]
    if was is not None and was.origin is Origin.MACHINE and was.source == segment.text and was.text:
        offers.insert(0, Alternative(was.text, was.origin, was.signature, was.score))
    target = Target(
        best.target,
        State.MACHINE,
        Origin.MEMORY,
        signature=_signature(best),
        marks=best.marks,
        alternatives=tuple(offer for offer in offers if offer.text != best.target),
        source=segment.text,
        match=EXACT,
    )
    if not others:
        return target
    told = "; ".join(f"{match.target[:TOLD]} ({match.segment})" for match in others)
    return replace(target, findings=(finding(DIFFERENT, segment.id, f"also approved as: {told}"),))


def _signature(match: Match) -> str:
    """`memory:100|mosul-defectors.12.2`: how alike, and where it was approved."""
    return f"{drafts.FILLED}{match.score}|{match.segment}"

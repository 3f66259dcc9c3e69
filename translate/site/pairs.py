"""A segment and its target -> a pair as the page shows it: both sides as safe HTML, its badge, its notes.

Knows no block and no page. Where a pair stands is `pieces`' business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from translate.document import Block, Draft, Finding, Segment, State, Target, TermStatus, TermUse
from translate.site.aligned import encode
from translate.site.paint import Span, paint, settle
from translate.site.tally import NOTHING, shown
from translate.site.terms import Terms

_NEW = State.NEW
_ODD = frozenset({TermStatus.UNMET, TermStatus.SUBSTITUTED})


class Side(NamedTuple):
    """One language of a pair."""

    lang: str
    """"ar" """
    dir: str
    """"rtl" """
    html: Markup
    """Safe HTML of the sentence."""
    text: str
    """The same without markup."""


class Note(NamedTuple):
    """One thing a reader should know about a sentence."""

    check: str
    """"g-01"; empty for a note that no check made."""
    severity: str
    """"error", "warning" or "note"."""
    message: str
    arabic: str = ""
    """The Arabic words that the note is about; empty when there are none."""
    english: str = ""
    """The English words that the note is about."""


class Pair(NamedTuple):
    """A sentence and its translation."""

    id: str
    """"mosul-defectors.12.2" - the permalink."""
    number: str
    """"12.2" """
    state: str
    """"new", "machine", "edited" or "approved"."""
    arabic: Side
    english: Side | None
    """None while the sentence is not translated."""
    origin: str
    """"machine", "memory" or "person"; empty while not translated."""
    who: str
    when: str
    notes: tuple[Note, ...]
    words: str = ""
    """Which word answers to which, see `aligned.encode`; empty when unknown."""


class Painter:
    """Makes pairs out of the segments of one draft."""

    def __init__(self, draft: Draft, terms: Terms, root: str) -> None:
        self._targets, self._slug = draft.targets, draft.article.slug
        self._terms, self._root = terms, root

    def pairs(self, block: Block) -> tuple[Pair, ...]:
        """One pair a segment, in order."""
        return tuple(self.pair(segment) for segment in block.segments)

    def pair(self, segment: Segment) -> Pair:
        """A sentence with its translation, badges and notes."""
        target = self._targets.get(segment.id, NOTHING)
        state = shown(target)
        done = state is not _NEW
        stale = bool(target.source) and target.source != segment.text
        here, there = self._spans(target) if target.terms else ((), ())
        arabic = Side("ar", "rtl", paint(segment.text, segment.marks, () if stale else here), segment.text)
        english = Side("en", "ltr", paint(target.text, target.marks, there), target.text)
        return Pair(
            segment.id,
            segment.id.removeprefix(self._slug).lstrip("."),
            state._value_,
            arabic,
            english if done else None,
            target.origin._value_ if done else "",
            target.who if done else "",
            target.when if done else "",
            tuple(_notes(target, stale)) if done and (stale or _told_of(target)) else (),
            "" if stale or not done else encode(segment.text, target.text, target.alignment),
        )

    def _spans(self, target: Target) -> tuple[list[Span], list[Span]]:
        """Where terms stand in both texts."""
        span, root, uses = self._terms.span, self._root, target.terms
        here = [span(use, use.begin, use.end, root) for use in uses]
        return here, [span(use, use.target_begin, use.target_end, root) for use in uses if use.target_begin >= 0]


def join(sides: Sequence[Side | None]) -> Side | None:
    """Sentences -> one text without links; None when there is none or one is missing."""
    whole = [side for side in sides if side is not None]
    if not whole or len(whole) < len(sides):
        return None
    return bare(" ".join(side.text for side in whole), whole[0].lang, whole[0].dir)


def bare(text: str, lang: str, direction: str) -> Side | None:
    """A text without marks and links, for lists and headings."""
    return Side(lang, direction, paint(text), settle(text)) if text.strip() else None


def _told_of(target: Target) -> bool:
    """Whether there may be anything to say about a target: findings, or terms that fared otherwise than asked."""
    return bool(target.findings or (target.terms and not _ODD.isdisjoint([use.status for use in target.terms])))


def _notes(target: Target, stale: bool) -> Iterator[Note]:
    """What a reader should know, the gravest first."""
    if stale:
        yield Note("", "warning", "The Arabic was changed after this translation was made.")
    unmet = [use for use in target.terms if use.status is TermStatus.UNMET]
    placed = [use for use in target.terms if use.status is TermStatus.SUBSTITUTED]
    for use in unmet:
        yield Note("", "warning", "Not rendered as the glossary asks:", use.source, use.target)
    for use in placed:
        yield Note("", "note", "Put in place mechanically:", use.source, use.surface)
    order = ("error", "warning", "note")
    for finding in sorted(target.findings, key=lambda f: (order.index(f.severity.value), f.check, f.message)):
        if not finding.dismissed and not _told(finding, {"g-01": unmet, "g-03": placed}):
            yield Note(finding.check, finding.severity.value, finding.message)


def _told(finding: Finding, uses: Mapping[str, Sequence[TermUse]]) -> bool:
    """True for a check that says again what the terms' own notes already say."""
    return any(use.source in finding.message for use in uses.get(finding.check, ()))

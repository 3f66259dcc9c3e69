"""One sentence as it goes out to another program and as it comes back: what all exchange formats have in common.

Beside the Arabic and the English a row carries a stamp: what state and text it left with. So a row nobody touched
while it was away is told from one that was edited, even when the draft has moved on meanwhile. Knows no file format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from translate.document import Draft, Finding, Note, Segment, State, Target
from translate.exchange import codes
from translate.exchange.codes import Coded

_STAMP = re.compile(r"(new|machine|edited|approved|):([0-9a-f]{12})")
_CONTROL = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a row was when it left."""

    state: State | None
    """None when the file does not say."""
    digest: str
    """"6a1f00c2b4de" - of its English."""

    def __str__(self) -> str:
        return f"{self.state or ''}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file that came back."""

    place: str
    """"letter.xlsx, sheet a-day, row 14" """
    id: str
    """"a-day.12.2"; empty or something else when another program did not keep it."""
    source: Coded | None
    """The Arabic beside it; None when there is none."""
    target: Coded | None
    """The English; None when the row says nothing about it."""
    state: State | None = None
    stamp: Stamp | None = None
    who: str = ""
    when: str = ""
    """ISO 8601, UTC, as in drafts."""
    notes: tuple[Note, ...] = ()
    """What people wrote beside it while it was away."""
    problem: str = ""
    """Why its English cannot be taken."""
    warning: str = ""
    """What is odd about it otherwise."""
    made_from: str = ""
    """The Arabic its English was made from, when the file says so."""
    decoded: codes.Decoded | None = None
    """The English with marks that need no looking up; `target` then counts for nothing but being there."""


def outgoing(draft: Draft) -> Iterator[tuple[Segment, Target]]:
    """Every sentence in reading order; one without English has an empty new target."""
    for segment in draft.article.segments():
        yield segment, draft.targets.get(segment.id) or Target("", source=segment.text)


def source_codes(segment: Segment) -> Coded:
    """The Arabic with its codes."""
    return codes.encode(segment.text, segment.marks, [str(at) for at in range(1, len(segment.marks) + 1)])


def target_codes(segment: Segment, target: Target) -> Coded:
    """The English with its codes."""
    return codes.encode(target.text, target.marks, codes.numbers(segment.marks, target.marks))


def stamp(target: Target) -> Stamp:
    """What a row leaves with."""
    return Stamp(target.state, digest_of(target))


def digest_of(target: Target) -> str:
    """The digest of what other programs can be shown of a target."""
    return codes.digest(target.text, codes.sane(target.text, target.marks))


def read_stamp(text: str) -> Stamp | None:
    """`'edited:6a1f00c2b4de'` -> a stamp; None for anything else."""
    found = _STAMP.fullmatch(text.strip())
    return Stamp(State(found[1]) if found[1] else None, found[2]) if found else None


def standing(target: Target) -> list[Finding]:
    """The findings nobody dismissed."""
    return [finding for finding in target.findings if not finding.dismissed]


def said(finding: Finding) -> str:
    """`'g-01: term missing: مفارز -> detachments'`."""
    return f"{finding.check}: {finding.message}"


def name(text: str) -> str:
    r"""Somebody's name out of a file: `' Mona\n'` -> `'Mona'`; never long, never with control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())[:_LONGEST_NAME].strip()

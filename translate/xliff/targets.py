"""The English of a sentence: what XLIFF has no place for out, and a target as we or another hand left it back."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from translate.document import Alternative, Finding, Mark, Origin, Segment, State, Target, TermUse
from translate.xliff.beside import read_findings, read_matches, read_terms
from translate.xliff.inline import read_inline
from translate.xliff.names import CORE, STATE_OF
from translate.xliff.text import digest, marks_from_json, marks_to_json, score_of

_PAIR = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_ORIGINS = {origin.value: origin for origin in Origin}


def facts_of(segment: Segment, target: Target) -> list[tuple[str, str]]:
    """What XLIFF itself has no place for, in the order it is written."""
    facts = [("origin", target.origin.value), ("digest", digest(target.text, target.marks))]
    if target.score is not None:
        facts.append(("score", repr(target.score)))
    if target.match is not None:
        facts.append(("match", str(target.match)))
    facts += _started_facts(target)
    if target.seconds:
        facts.append(("seconds", repr(target.seconds)))
    named = (("signature", target.signature), ("who", target.who), ("when", target.when))
    facts += [(name, value) for name, value in named if value]
    if target.source != segment.text:
        facts.append(("made-from", target.source))
    if target.alignment:
        facts.append(("alignment", " ".join(f"{source}-{english}" for source, english in target.alignment)))
    return facts


def _started_facts(target: Target) -> list[tuple[str, str]]:
    """What a person starts from: while nobody has, the text that stands there, so that any editor may change it."""
    begun = target.started
    if begun is None:
        return [("started", target.text)] if target.text and target.origin is not Origin.PERSON else []
    facts = [("started", begun.text), ("started-origin", begun.origin.value)]
    facts += [("started-signature", begun.signature)] if begun.signature else []
    facts += [("started-score", repr(begun.score))] if begun.score is not None else []
    facts += [("started-match", str(begun.match))] if begun.match is not None else []
    facts += [("started-marks", marks_to_json(begun.marks))] if begun.marks else []
    facts += [(f"started-{name}", value) for name, value in (("who", begun.who), ("when", begun.when)) if value]
    return facts


Facts = Mapping[tuple[str, str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What stands in front of the segments of a unit, by the segment it refers to."""

    data: Mapping[str, str]
    terms: Mapping[str, list[etree._Element]]
    matches: Mapping[str, list[etree._Element]]
    findings: Mapping[str, list[etree._Element]]


def read_target(element: etree._Element, segment: Segment, about: Mapping[str, str], parts: Parts) -> Target | None:
    """The target as we left it, or as another hand left it; None where there is none."""
    target = element.find(CORE + "target")
    text, marks = read_inline(target, parts.data) if target is not None else ("", ())
    found = Found(
        text,
        marks,
        element.get("state", "initial"),
        element.get("subState", ""),
        tuple(read_findings(parts.findings.get(segment.id, ()), segment.id)),
        tuple(read_matches(parts.matches.get(segment.id, ()))),
    )
    return target_of(found, segment, about, read_terms(parts.terms.get(segment.id, ())))


class Found(NamedTuple):
    """What stands in the file of one target, besides the facts and the terms."""

    text: str
    marks: tuple[Mark, ...]
    state: str
    sub_state: str
    findings: tuple[Finding, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


def target_of(found: Found, segment: Segment, about: Mapping[str, str], terms: Iterable[TermUse]) -> Target | None:
    """What was found, with what we knew of it where that still holds; None where there is nothing."""
    text, marks, state, sub_state, findings, alternatives = found
    if "origin" not in about and not text:
        return None
    ours = marks_from_json(about["target-marks"]) if "target-marks" in about and not marks else marks
    if about.get("digest") != digest(text, ours) or about.get("origin") not in _ORIGINS:
        # Somebody changed the text or its marks, or lost what we knew of it. Offsets and scores spoke of another text.
        return Target(
            text,
            _state_of_changed(text, state, sub_state),
            Origin.PERSON if text else Origin.MACHINE,
            marks=marks,
            findings=tuple(finding for finding in findings if finding.dismissed),
            alternatives=alternatives,
            source=segment.text,
            started=_read_started(about),
            seconds=_seconds(about.get("seconds", "0")),
        )
    origin = _ORIGINS[about["origin"]]
    return Target(
        text,
        _state(state, sub_state, origin is Origin.PERSON or bool(about.get("who"))),
        origin,
        score=score_of(about.get("score")),
        signature=about.get("signature", ""),
        terms=tuple(terms),
        alignment=_read_alignment(about.get("alignment", "")),
        marks=ours,
        findings=findings,
        alternatives=alternatives,
        source=about.get("made-from", segment.text),
        who=about.get("who", ""),
        when=about.get("when", ""),
        match=_whole(about.get("match")),
        started=_read_started(about) if "started-origin" in about else None,
        seconds=_seconds(about.get("seconds", "0")),
    )


def _read_started(about: Mapping[str, str]) -> Alternative | None:
    """What a person started from: as it is told, or else the text of ours that somebody's program has changed."""
    if "started" not in about:
        return None
    told = "started-" if "started-origin" in about else ""
    origin = about.get(f"{told}origin", "")
    return Alternative(
        about["started"],
        _ORIGINS.get(origin, Origin.MACHINE),
        about.get(f"{told}signature", ""),
        score_of(about.get(f"{told}score")),
        _whole(about.get(f"{told}match")),
        marks_from_json(about.get("started-marks", "[]")),
        about.get("started-who", ""),
        about.get("started-when", ""),
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise ValueError(f"{text[:20]} seconds")
    return seconds


def _whole(number: str | None) -> int | None:
    return None if number is None else int(number)


def _state_of_changed(text: str, state: str, sub_state: str) -> State:
    """The state of a text that is not the one we wrote: a person's, unless it was emptied."""
    if not text:
        return State.NEW
    approved_there = state == "final" and (state, sub_state) not in STATE_OF
    return State.APPROVED if approved_there else State.EDITED


def _state(state: str, sub_state: str, touched: bool) -> State:
    """`("translated", "tarjuman:machine")` -> MACHINE; without our subState another tool has set it."""
    known = STATE_OF.get((state, sub_state))
    if known is not None:
        return known
    if state == "final":
        return State.APPROVED
    if state == "reviewed" or touched:
        return State.EDITED
    return State.MACHINE if state == "translated" else State.NEW


def _read_alignment(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(map(_pair, text.split()))


@lru_cache(maxsize=65_536)
def _pair(text: str) -> tuple[int, int]:
    """`'12-11'` -> `(12, 11)`; there are some twenty in a sentence, and the same in every other."""
    match = _PAIR.fullmatch(text)
    if not match:
        raise ValueError(f"alignment {text[:20]!r}")
    return int(match[1]), int(match[2])

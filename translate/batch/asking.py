"""A segment as a question that is the same wherever the sentence stands, and its answer back in its own place.

The key is everything that can change the English: the sentence with superfluous white space and stretched letters
taken out, its formatting, whether it is a headline or by-line, the terms that occur in it and where, model and
settings. What is asked is the sentence in that plain form, so that the answer does not depend on which of its copies
came first.
Knows nothing of articles, files or the store.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from translate.constraints import Requirement
from translate.decode import Job, signature
from translate.document import Finding, Mark, Origin, Segment, Severity, State, Target, TermStatus, TermUse
from translate.engines.base import Engine

NOWHERE = "archive.1.1"
"""The id of every question: an answer belongs to no article."""
FORMAT = 1
"""Raised when answers are kept or sentences are simplified in another way."""

_LETTER = "\u0620-\u063f\u0641-\u064a\u066e-\u06d3"
_WASTE = re.compile(rf"(?<=[{_LETTER}])\u0640+(?=[{_LETTER}])|(?<=\S)(?! \S)\s+(?=\S)")
"""Tatweel between two letters, and white space that is more than one space. No word begins or ends anywhere else."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the engine. It can be sent to another process."""

    key: bytes
    job: Job


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question. It can be sent back."""

    key: bytes
    kept: bytes | None
    """The target as it is kept: packed where it is made, since the one who keeps it has all others' to keep."""
    reason: str = ""
    """Why there is none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A segment of an article and the question it stands for."""

    job: Job
    """As it stands in the article."""
    question: Question
    signature: str
    back: Sequence[int] = ()
    """Where each character of the plain form stands in the segment; empty where both are the same."""


def ask(job: Job, engine: Engine) -> Asked:
    """The question a segment stands for."""
    text, back = plain(job.segment)
    requirements = tuple(_moved(r, text, back) for r in job.requirements) if back else job.requirements
    made = signature(engine, requirements)
    question = Job(Segment(NOWHERE, text, marks=job.segment.marks), requirements, job.headline, job.line)
    return Asked(job, Question(_key(question, made), question), made, back)


def plain(segment: Segment) -> tuple[str, Sequence[int]]:
    """A sentence without waste, and where its characters stood: `'كتـــاب  جديد'` -> `'كتاب جديد'`.

    A formatted sentence stays as it is: its marks count characters.
    """
    text = segment.text
    if segment.marks or not _WASTE.search(text):
        return text, ()
    kept: list[str] = []
    back: list[int] = []
    at = 0
    for found in [*_WASTE.finditer(text), None]:
        until = found.start() if found else len(text)
        kept.append(text[at:until])
        back += range(at, until)
        if found:
            at = found.end()
            if found.group()[0] != "\u0640":
                kept.append(" ")
                back.append(found.start())
    return "".join(kept), back


def _moved(requirement: Requirement, text: str, back: Sequence[int]) -> Requirement:
    """The same demand, its offsets those of the plain form."""
    forth = {was: at for at, was in enumerate(back)}
    match = requirement.match

    def begin(offset: int) -> int:
        while offset not in forth:
            offset += 1
        return forth[offset]

    def end(offset: int) -> int:
        while offset - 1 not in forth:
            offset -= 1
        return forth[offset - 1] + 1

    first, last = begin(match.begin), end(match.end)
    return replace(
        requirement,
        match=match._replace(
            begin=first,
            end=last,
            stem_begin=begin(match.stem_begin),
            stem_end=end(match.stem_end),
            surface=text[first:last],
        ),
    )


def _key(job: Job, made: str) -> bytes:
    marks = [(m.kind, m.begin, m.end, m.data) for m in job.segment.marks]
    terms = [(r.match.begin, r.match.end, r.surfaces[0]) for r in job.requirements]
    how = [job.headline, job.line]
    whole = json.dumps([FORMAT, job.segment.text, how, marks, terms, made], ensure_ascii=False)
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()


# --- answers, kept and put back --------------------------------------------------------------------------------------


def packed(target: Target) -> bytes:
    """An answer as it is kept; what the question says itself (source, signature) is left out."""
    terms = [
        (u.source, u.target, u.begin, u.end, u.why, u.status, u.surface, u.target_begin, u.target_end)
        for u in target.terms
    ]
    marks = [(m.kind, m.begin, m.end, m.data) for m in target.marks]
    findings = [(f.check, f.severity, f.message, f.hint) for f in target.findings]
    links = [number for link in target.alignment for number in link]
    whole = [target.text, target.state, target.score, links, terms, marks, findings]
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def unpacked(kept: bytes, asked: Asked) -> Target:
    """The answer as the target of a segment."""
    text, state, score, links, terms, marks, findings = json.loads(kept.decode("utf-8", "surrogatepass"))
    back, segment = asked.back, asked.job.segment
    return Target(
        text,
        State(state),
        Origin.MACHINE,
        score=score,
        signature=asked.signature,
        terms=tuple(_use(use, back) for use in terms),
        alignment=tuple(zip(links[::2], links[1::2], strict=True)),
        marks=tuple(_mark(*mark) for mark in marks),
        findings=tuple(Finding(name, Severity(how), segment.id, *told) for name, how, *told in findings),
        source=segment.text,
    )


def _use(kept: Sequence[Any], back: Sequence[int]) -> TermUse:
    source, target, begin, end, why, status, surface, target_begin, target_end = kept
    if back:
        begin, end = back[begin], back[end - 1] + 1
    return TermUse(source, target, begin, end, why, TermStatus(status), surface, target_begin, target_end)


def _mark(kind: str, begin: int, end: int, data: Sequence[Sequence[str]]) -> Mark:
    return Mark(kind, begin, end, tuple((name, value) for name, value in data))

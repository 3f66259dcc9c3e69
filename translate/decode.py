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
from translate.document import Finding, Origin, Segment, State, Target
from translate.engines.base import Engine, Hint, Hypothesis, Progress, Request
from translate.repair import Repair, substitute
from translate.split import clauses
from translate.words import has_arabic, words

CASCADE = "split:2"
"""Changes when splitting or the cascade change in a way that could change a text."""
LOOP = re.compile(r"(\b\w+(?:\W+\w+){0,5}?)(?:\W+\1\b){2,}", re.IGNORECASE)
"""A phrase of up to six words three times in a row. `\\w` and `\\W` share no character: no backtracking to speak of."""
CARRIED = str.maketrans(
    {
        **{chr(zero + n): str(n) for zero in (0x660, 0x6F0) for n in range(10)},
        **{"،": ",", "؛": ";", "؟": "?", "٪": "%", "٫": ".", "٬": ","},
    }
)
KEPT = {"code", "html", "image"}
"""Kinds of marks whose text stands for itself."""
ADDRESS = re.compile(
    r"https?://[^\s<>\"«»“”]+|www\.[A-Za-z0-9][^\s<>\"«»“”]+|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<!\w)[@#][A-Za-z]\w+",
    re.ASCII,
)
LOWERED = re.compile(r"(The|A|An|In|On|And|But|As|It|This|That|He|They|To|For|While|Where|With|From)\b")
"""Words that have a capital only at the start of a sentence."""
CLOSING = tuple(",;:.!?)]»”")
OPENING = tuple("([«“")


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
    cut = [
        [_hinted(piece, job) if engine.annotates else piece for piece in _pieces(job, engine, engine.limit)]
        for job in jobs
    ]
    drafts = _translate((piece for pieces in cut for piece in pieces), engine, _steps(cut, progress))
    hypotheses = [_join(job.segment.text, pieces, drafts) for job, pieces in zip(jobs, cut, strict=True)]
    hypotheses = _again_where_broken(jobs, cut, hypotheses, engine)
    return [
        _finish(job, pieces, hypothesis, engine) for job, pieces, hypothesis in zip(jobs, cut, hypotheses, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a segment: something to decode, or something to carry over."""

    text: str
    begin: int
    """Offset in the segment's text."""
    carried: bool = False
    """Holds no Arabic, or must stay as it is (a web address, code): the engine does not see it."""
    hints: tuple[Hint, ...] = ()
    """The terms inside it, for an engine that reads annotations."""

    @property
    def request(self) -> Request:
        """What the engine is asked; equal requests are asked once."""
        return Request(self.text, hints=self.hints)


def _pieces(job: Job, engine: Engine, limit: int) -> list[Piece]:
    """A segment cut at what must not be translated and, where it is too long, into clauses; mostly one piece."""
    text = job.segment.text
    held = [(r.match.begin, r.match.end) for r in job.requirements]
    pieces: list[Piece] = []
    at = 0
    for begin, end in [*atoms(job.segment), (len(text), len(text))]:
        pieces += _decodable(text, at, begin, held, engine, limit)
        if begin < end:
            pieces.append(Piece(text[begin:end], begin, carried=True))
        at = end
    return pieces


def _hinted(piece: Piece, job: Job) -> Piece:
    """The piece with the terms inside it, for an engine that reads annotations."""
    if piece.carried:
        return piece
    hints: list[Hint] = []
    for requirement in job.requirements:
        begin, end = requirement.match.begin - piece.begin, requirement.match.end - piece.begin
        inside = begin >= 0 and end <= len(piece.text)
        if inside and (not hints or begin >= hints[-1].end):
            hints.append(Hint(begin, end, requirement.surfaces[0]))
    return replace(piece, hints=tuple(hints))


def atoms(segment: Segment) -> list[tuple[int, int]]:
    """Spans no engine should touch: code and the like, web and mail addresses, handles; sorted, apart."""
    kept = [mark for mark in segment.marks if mark.kind in KEPT and mark.begin < mark.end]
    whole = (0, len(segment.text))
    spans = [  # of a picture that stands alone the description is translated
        (mark.begin, mark.end) for mark in kept if mark.kind != "image" or (mark.begin, mark.end) != whole
    ]
    for found in ADDRESS.finditer(segment.text):
        end = found.start() + len(found.group().rstrip(".,;:!?؟،؛"))
        spans.append((found.start(), end))
    apart: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if not apart or begin >= apart[-1][1]:
            apart.append((begin, end))
    return apart


def _decodable(
    text: str, begin: int, end: int, held: Sequence[tuple[int, int]], engine: Engine, limit: int
) -> Iterator[Piece]:
    """The pieces of one stretch between atoms."""
    part = text[begin:end].strip()
    if not part:
        return
    start = text.index(part, begin)
    if not has_arabic(part):
        yield Piece(part, start, carried=True)
    elif engine.length(part) <= limit:
        yield Piece(part, start)
    else:
        inside = [(b - start, e - start) for b, e in held if start <= b and e <= start + len(part)]
        for b, e in clauses(part, lambda clause: engine.length(clause) <= limit, protected=inside):
            clause = part[b:e].strip()
            if clause:
                yield Piece(clause, part.index(clause, b) + start, carried=not has_arabic(clause))


def _steps(cut: Sequence[Sequence[Piece]], progress: Progress | None) -> Callable[[int], None] | None:
    """Turn counts of unique texts into counts of jobs."""
    if progress is None:
        return None
    unique = len({piece.request for pieces in cut for piece in pieces if not piece.carried})
    if not unique:
        progress(len(cut))
    done = told = 0

    def step(count: int) -> None:
        nonlocal done, told
        done += count
        now = len(cut) * done // max(1, unique)
        progress(now - told)
        told = now

    return step


def _translate(pieces: Iterable[Piece], engine: Engine, progress: Progress | None) -> dict[Request, Hypothesis]:
    unique = list(dict.fromkeys(piece.request for piece in pieces if not piece.carried))
    answers = engine.translate(unique, progress)
    return {request: answer[0] for request, answer in zip(unique, answers, strict=True)}


def _join(source: str, pieces: Sequence[Piece], drafts: dict[Request, Hypothesis]) -> Hypothesis:
    """One hypothesis from those of the pieces; word numbers are shifted to the whole."""
    if len(pieces) == 1 and not pieces[0].carried:
        return drafts[pieces[0].request]
    text = ""
    links: list[tuple[int, int]] = []
    total, weight, cut, behind = 0.0, 0, False, 0
    for number, piece in enumerate(pieces):
        answer = _carried(piece) if piece.carried else drafts[piece.request]
        last = number == len(pieces) - 1
        english = answer.text if piece.carried else _fit(answer.text, first=number == 0, last=last)
        glued = piece.carried and piece.begin == behind and number > 0  # "(" before an address, "/" behind one
        space = "" if glued or not text or english[:1] in CLOSING or text[-1:] in OPENING else " "
        first_source, first_target = len(words(source[: piece.begin])), len(words(text))
        known = len(words(english))
        text += space + english if english else ""
        links += [(s + first_source, t + first_target) for s, t in answer.alignment if t < known]
        if not piece.carried:
            total += answer.score * max(1, known)
            weight += max(1, known)
            cut = cut or answer.cut
        behind = piece.begin + len(piece.text)
    return Hypothesis(text, total / max(1, weight), tuple(links), cut)


def _carried(piece: Piece) -> Hypothesis:
    """What is no Arabic in English spelling; an address or code to the letter."""
    kept = ADDRESS.match(piece.text) or has_arabic(piece.text) or not re.search(r"[^\x00-\x7f]", piece.text)
    english = piece.text if kept else piece.text.translate(CARRIED)
    count = len(words(piece.text))
    same = count == len(words(english))
    return Hypothesis(english, 0.0, tuple((n, n) for n in range(count)) if same else ())


def _fit(english: str, *, first: bool, last: bool) -> str:
    """A clause's English inside a longer sentence: no full stop before the end."""
    if not last:
        english = re.sub(r"(?<![.\s])(?<!\.[A-Z])\.$", "", english)  # but "U.S." keeps its own
    if not first and LOWERED.match(english):
        english = english[0].lower() + english[1:]
    return english


def broken(hypothesis: Hypothesis) -> bool:
    """True for a hypothesis that ran into the length limit or repeats itself three times in a row."""
    return hypothesis.cut or LOOP.search(hypothesis.text) is not None


def _again_where_broken(
    jobs: Sequence[Job], cut: list[list[Piece]], hypotheses: list[Hypothesis], engine: Engine
) -> list[Hypothesis]:
    """Decode what looped or was cut once more, in shorter clauses and without hints; keep that where it is sound.

    `cut` is brought up to date for the jobs that changed, so that the finding about clauses stays true.
    """
    retried = {}
    for number, (job, hypothesis) in enumerate(zip(jobs, hypotheses, strict=True)):
        if _decoded(cut[number]) and broken(hypothesis):
            shorter = _pieces(job, engine, max(12, engine.length(job.segment.text) // 3))
            if len(shorter) > len(cut[number]):
                retried[number] = shorter
    if not retried:
        return hypotheses
    drafts = _translate((piece for pieces in retried.values() for piece in pieces), engine, None)
    results = list(hypotheses)
    for number, pieces in retried.items():
        second = _join(jobs[number].segment.text, pieces, drafts)
        if not broken(second) or len(second.text) < len(results[number].text):
            results[number] = second
            cut[number] = pieces
    return results


def _decoded(pieces: Sequence[Piece]) -> int:
    """How many pieces the engine saw."""
    return sum(not piece.carried for piece in pieces)


def _finish(job: Job, pieces: Sequence[Piece], hypothesis: Hypothesis, engine: Engine) -> Target:
    """Repair, place the inline marks, check."""
    source = job.segment.text
    hypothesis = replace(hypothesis, text=_capitalised(hypothesis.text)) if _decoded(pieces) else hypothesis
    repair = _repair(job, hypothesis, engine if len(pieces) == 1 else None)
    target = Target(
        text=repair.text,
        state=State.MACHINE,
        origin=Origin.MACHINE,
        score=round(hypothesis.score, 4) if _decoded(pieces) else None,
        signature=signature(engine, job.requirements),
        terms=repair.uses,
        alignment=repair.alignment,
        marks=inline.project(job.segment.marks, source, repair.text, repair.alignment) if repair.text else (),
        findings=tuple(_told(job, pieces, hypothesis)),
        source=source,
    )
    state = State.MACHINE if target.text.strip() else State.NEW
    target = replace(target, findings=checks.run(job.segment, target, job.requirements), state=state)
    unmet = check(job.requirements, target.text).unmet
    named = any(finding.check in ("g-01", "u-01") for finding in target.findings)
    assert not unmet or named, f"{job.segment.id}: a term is neither met nor named"
    return target


def _capitalised(english: str) -> str:
    """`'secret documents show'` -> `'Secret documents show'`; `iPhone` and addresses stay."""
    first = re.match(r"[\"'(\[]*([a-z])(?![A-Z]|\S*[@/])", english)
    if not first:
        return english
    return english[: first.start(1)] + first.group(1).upper() + english[first.end(1) :]


def _repair(job: Job, hypothesis: Hypothesis, engine: Engine | None) -> Repair:
    """Terms put in where they are missing; nothing can be put into a translation that failed.

    Without an engine the most likely candidate is taken: a sentence decoded in clauses is too long to be scored whole.
    """
    if not hypothesis.text.strip():
        return Repair("", tuple(requirement.unmet() for requirement in job.requirements))

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


def _told(job: Job, pieces: Sequence[Piece], hypothesis: Hypothesis) -> Iterator[Finding]:
    """What only decoding knows."""
    if _decoded(pieces) > 1:
        yield checks.finding("c-01", job.segment.id, f"decoded in {_decoded(pieces)} clauses")
    if hypothesis.cut:
        yield checks.finding("x-01", job.segment.id, "the translation stopped before the end of the sentence")

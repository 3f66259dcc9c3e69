"""A segment cut into what an engine decodes and what is carried over, and its English put together again.

Web addresses, code and what holds no Arabic never reach the engine; too long a segment is decoded in clauses and stays
one segment. By-lines are decoded part by part. Nothing is ever cut off. It knows terms only as stretches that must not
be torn, as hints for an engine that reads them, and as the whole of a by-line's part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from translate import fragments
from translate.constraints import Requirement
from translate.document import Segment
from translate.engines.base import Engine, Hint, Hypothesis, Progress, Request
from translate.sounding import sounds_like
from translate.split import clauses
from translate.words import has_arabic, words

CARRIED = str.maketrans(
    {
        **{chr(zero + n): str(n) for zero in (0x660, 0x6F0) for n in range(10)},
        **{"،": ",", "؛": ";", "؟": "?", "٪": "%", "٫": ".", "٬": ","},
    }
)
KEPT = {"code", "html", "image"}
"""Kinds of marks whose text stands for itself."""
ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{0,30}://[^\s<>\"«»“”]+|www\.[A-Za-z0-9][^\s<>\"«»“”]+"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?<!\w)[@#][A-Za-z]\w+",
    re.ASCII,
)
LOWERED = re.compile(r"(The|A|An|In|On|And|But|As|It|This|That|He|They|To|For|While|Where|With|From)\b")
"""Words that have a capital only at the start of a sentence."""
CLOSING = tuple(",;:.!?)]»”")
OPENING = tuple("([«“")
SPELLINGS = 8
"""Translations asked for of a by-line's part, among which one may spell its name in full."""


@dataclass(frozen=True, slots=True)
class Job:
    """One segment to translate."""

    segment: Segment
    requirements: tuple[Requirement, ...] = ()
    headline: bool = False
    """Headlines and by-lines: capitalised as such, no end punctuation expected."""
    line: bool = False
    """A by-line or notice: decoded part by part, whatever it looks like."""


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
    english: str | None = None
    """What a carried one is in English, where that is settled."""
    spaced: bool | None = None
    """Of a by-line's part: whether a space stands before it, as in Arabic. None where English decides."""

    @property
    def request(self) -> Request:
        """What the engine is asked; equal requests are asked once."""
        return Request(self.text, n_best=1 if self.spaced is None else SPELLINGS, hints=self.hints)


def pieces(job: Job, engine: Engine, limit: int, also: Sequence[tuple[int, int]] = ()) -> tuple[Piece, ...]:
    """A segment cut at what must not be translated and, where it is too long, into clauses; mostly one piece.

    `also` are further spans to carry over.
    """
    text = job.segment.text
    kept = atoms(job.segment, also)
    held = [(r.match.begin, r.match.end) for r in job.requirements]
    apart = fragments.parts(text, [*held, *kept], sure=job.line)
    if apart:
        return tuple(_in_parts(job, apart, kept, engine, limit))
    return tuple(_around(kept, text, (0, len(text)), held, engine, limit))


def _around(
    kept: Sequence[tuple[int, int]],
    text: str,
    span: tuple[int, int],
    held: Sequence[tuple[int, int]],
    engine: Engine,
    limit: int,
) -> Iterator[Piece]:
    """A stretch of a segment, what must not be translated carried over."""
    at, stop = span
    for begin, end in [*(one for one in kept if at <= one[0] and one[1] <= stop), (stop, stop)]:
        yield from _decodable(text, at, begin, held, engine, limit)
        if begin < end:
            yield Piece(text[begin:end], begin, carried=True)
        at = end


def in_parts(cut: Iterable[Piece]) -> bool:
    """Whether a segment is a by-line cut into its parts."""
    return any(piece.spaced is not None for piece in cut)


def _in_parts(
    job: Job, apart: Sequence[tuple[int, int]], kept: Sequence[tuple[int, int]], engine: Engine, limit: int
) -> Iterator[Piece]:
    """The parts of a by-line and the marks between them; what a part is called is settled, or it is decoded."""
    text = job.segment.text
    held = [(r.match.begin, r.match.end) for r in job.requirements]
    found: list[Piece] = []
    at = 0
    for begin, end in [*apart, (len(text), len(text))]:
        if marks := text[at:begin].strip():
            found.append(Piece(marks, text.index(marks, at), carried=True, english=fragments.marked(marks)))
        at = end
        if english := fragments.said(text[begin:end], sure=job.line) or _term_alone(job, begin, end):
            found.append(Piece(text[begin:end], begin, carried=True, english=english))
        else:
            found += _around(kept, text, (begin, end), held, engine, limit)
    dash = False
    for piece in found:
        apart_here = dash or piece.english == fragments.DASH or text[: piece.begin][-1:].isspace()
        dash = piece.english == fragments.DASH
        yield replace(piece, spaced=apart_here)


def _term_alone(job: Job, begin: int, end: int) -> str:
    """The English of a part that is a term and nothing else: no preposition before it, no pronoun behind."""
    for requirement in job.requirements:
        match = requirement.match
        if (match.begin, match.end) == (begin, end) and not match.proclitics and not match.enclitic:
            return requirement.surfaces[0]
    return ""


def hinted(
    cut: Iterable[Piece], job: Job, told: Collection[int] | None = None, masked: Collection[int] = ()
) -> tuple[Piece, ...]:
    """The pieces with the terms inside them, those that `told` numbers or all; of the `masked` the Arabic is hidden."""
    told = range(len(job.requirements)) if told is None else told
    return tuple(p if p.carried else replace(p, hints=_hints(p, job, told, masked)) for p in cut)


def plain(cut: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces without hints."""
    return tuple(replace(piece, hints=()) for piece in cut)


def decoded(cut: Iterable[Piece]) -> int:
    """How many pieces the engine sees."""
    return sum(not piece.carried for piece in cut)


def _hints(piece: Piece, job: Job, told: Collection[int], masked: Collection[int]) -> tuple[Hint, ...]:
    hints: list[Hint] = []
    for number in sorted(told):
        requirement = job.requirements[number]
        match = requirement.match
        begin, end = match.begin - piece.begin, match.end - piece.begin
        inside = begin >= 0 and end <= len(piece.text)
        if inside and (not hints or begin >= hints[-1].end):
            clitics = _clitics(requirement) if number in masked else ""
            hints.append(Hint(begin, end, requirement.surfaces[0], masked=number in masked, proclitics=clitics))
    return tuple(hints)


def _clitics(requirement: Requirement) -> str:
    """What stays to be read of a hidden surface: `وبالديوان` -> `وبال`, `للديوان` -> `لل`."""
    before = "".join(requirement.match.proclitics)
    if not requirement.match.definite:
        return before
    return before + ("ل" if before.endswith("ل") else "ال")


def atoms(segment: Segment, also: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """Spans no engine should touch: code and the like, web and mail addresses, handles; sorted, apart."""
    kept = [mark for mark in segment.marks if mark.kind in KEPT and mark.begin < mark.end]
    whole = (0, len(segment.text))
    spans = [  # of a picture that stands alone the description is translated
        (mark.begin, mark.end) for mark in kept if mark.kind != "image" or (mark.begin, mark.end) != whole
    ]
    spans += also
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


def ask(
    cuts: Iterable[Sequence[Piece]],
    engine: Engine,
    progress: Progress | None = None,
    known: Container[Request] = (),
) -> dict[Request, Hypothesis]:
    """The engine's answer to every piece of many segments that is not known, equal ones asked once."""
    asked = dict.fromkeys(piece.request for cut in cuts for piece in cut if not piece.carried)
    unique = [request for request in asked if request not in known]
    answers = engine.translate(unique, progress) if unique or progress else []
    found = {request: answer[0] for request, answer in zip(unique, answers, strict=True)}
    names = [number for number, request in enumerate(unique) if request.n_best > 1]
    # A wider search finds more spellings and is worse at everything else: what is no name is said as it always is.
    plainly = engine.translate([replace(unique[n], n_best=1) for n in names]) if names else []
    for number, first in zip(names, plainly, strict=True):
        found[unique[number]] = _spelt_in_full(unique[number].text, [*first, *answers[number]])
    return found


def _spelt_in_full(arabic: str, answers: Sequence[Hypothesis]) -> Hypothesis:
    """The likeliest English that spells a by-line's part letter for letter; where none does, it is no name."""
    for strict in (True, False):
        for answer in answers:
            if sounds_like(answer.text, arabic, vowels=strict):
                return answer
    return answers[0]


def steps(cuts: Sequence[Sequence[Piece]], progress: Progress | None) -> Callable[[int], None] | None:
    """Turn counts of unique texts into counts of segments."""
    if progress is None:
        return None
    unique = len({piece.request for cut in cuts for piece in cut if not piece.carried})
    if not unique:
        progress(len(cuts))
    done = told = 0

    def step(count: int) -> None:
        nonlocal done, told
        done += count
        now = len(cuts) * done // max(1, unique)
        progress(now - told)
        told = now

    return step


def join(source: str, cut: Sequence[Piece], answers: Mapping[Request, Hypothesis]) -> Hypothesis:
    """One hypothesis from those of the pieces; word numbers are shifted to the whole."""
    if len(cut) == 1 and not cut[0].carried:
        return answers[cut[0].request]
    text = ""
    links: list[tuple[int, int]] = []
    total, weight, stopped, behind = 0.0, 0, False, 0
    for number, piece in enumerate(cut):
        answer = _carried(piece) if piece.carried else answers[piece.request]
        last = number == len(cut) - 1
        english = answer.text if piece.carried else fit(answer.text, first=number == 0, last=last)
        glued = piece.carried and piece.begin == behind and number > 0  # "(" before an address, "/" behind one
        space = "" if glued or not text or english[:1] in CLOSING or text[-1:] in OPENING else " "
        if piece.spaced is not None:
            english, space = english if piece.carried else part(english), " " if piece.spaced and text else ""
        first_source, first_target = len(words(source[: piece.begin])), len(words(text))
        known = len(words(english))
        text += space + english if english else ""
        links += [(s + first_source, t + first_target) for s, t in answer.alignment if t < known]
        if not piece.carried:
            total += answer.score * max(1, known)
            weight += max(1, known)
            stopped = stopped or answer.cut
        behind = piece.begin + len(piece.text)
    return Hypothesis(text, total / max(1, weight), tuple(links), stopped)


def _carried(piece: Piece) -> Hypothesis:
    """What is no Arabic in English spelling; an address or code to the letter; what is settled as it is."""
    if piece.english is not None:
        ours, theirs = len(words(piece.text)), len(words(piece.english))
        return Hypothesis(piece.english, 0.0, tuple((s, t) for s in range(ours) for t in range(theirs)))
    kept = ADDRESS.match(piece.text) or has_arabic(piece.text) or not re.search(r"[^\x00-\x7f]", piece.text)
    english = piece.text if kept else piece.text.translate(CARRIED)
    count = len(words(piece.text))
    same = count == len(words(english))
    return Hypothesis(english, 0.0, tuple((n, n) for n in range(count)) if same else ())


def fit(english: str, *, first: bool, last: bool) -> str:
    """A clause's English inside a longer sentence: no full stop before the end."""
    if not last:
        english = re.sub(r"(?<![.\s])(?<!\.[A-Z])\.$", "", english)  # but "U.S." keeps its own
    if not first and LOWERED.match(english):
        english = english[0].lower() + english[1:]
    return english


def part(english: str) -> str:
    """The English of a by-line's part: a capital in front, no full stop behind."""
    bare = re.sub(r"(?<=[^\s.])(?<!\.[A-Z])\.$", "", english)
    return capitalised(bare)


def capitalised(english: str) -> str:
    """`'secret documents show'` -> `'Secret documents show'`; `iPhone` and addresses stay."""
    first = re.match(r"[\"'(\[]*([a-z])(?![A-Z]|\S*[@/])", english)
    if not first:
        return english
    return english[: first.start(1)] + first.group(1).upper() + english[first.end(1) :]

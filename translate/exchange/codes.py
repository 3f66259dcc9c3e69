r"""A text with its inline marks as text and numbered codes, which is how other programs carry formatting.

A code knows a number and nothing else: what it stands for is looked up in the draft when the text comes back, so no
link or markup is ever taken from a file that was away. Codes of the Arabic are numbered from 1; a code of the English
has the number of the Arabic one it renders, or one behind them. Knows marks; no file format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from translate.document import Mark
from translate.xliff import text as spelling
from translate.xliff.inline import ATOMS
from translate.xliff.text import digest, unescape

__all__ = [
    "ATOMS",
    "MANY",
    "Code",
    "Coded",
    "Decoded",
    "Known",
    "Role",
    "decode",
    "digest",
    "encode",
    "escape",
    "known",
    "nests",
    "numbers",
    "plain",
    "sane",
    "unescape",
]

MANY = 200
"""Marks in one sentence: from here on it is not looked at whether an atom stands alone."""

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|\\\\(?=u\\{)")


class Role(StrEnum):
    """Which end of a mark a code is."""

    OPEN = "open"
    CLOSE = "close"
    POINT = "point"
    """Both: a code, an image, a line break, or a mark over nothing."""


@dataclass(frozen=True, slots=True)
class Code:
    """A place in a text where formatting begins, ends or stands."""

    role: Role
    number: str
    """"2" """
    text: str | None = None
    """The characters a POINT covers; None when the file does not say."""
    kind: str = ""
    """"strong" - for the names other programs have for it; not read back."""


Coded = tuple[str | Code, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a number stands for."""

    mark: Mark
    covered: str
    placed: Mark
    """The mark once it covers other words: without the text an atom keeps while it has no place."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text as it came back."""

    text: str
    marks: tuple[Mark, ...] = ()
    broken: tuple[str, ...] = ()
    """("code 3 is never closed",)"""


def sane(text: str, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks that lie within the text; no others can be shown to anybody."""
    return tuple(mark for mark in marks if 0 <= mark.begin <= mark.end <= len(text))


# --- numbers ---------------------------------------------------------------------------------------------------------


def numbers(source: Sequence[Mark], target: Sequence[Mark]) -> list[str]:
    """The numbers of the target's marks: (strong, link), (link, code) -> `['2', '3']`."""
    free = {str(at): mark for at, mark in enumerate(source, 1)}
    given: list[str] = []
    following = len(source)
    for mark in target:
        found = next((number for number, other in free.items() if _same(other, mark)), None)
        if found is None:
            following += 1
            found = str(following)
        else:
            del free[found]
        given.append(found)
    return given


def _same(one: Mark, other: Mark) -> bool:
    return one.kind == other.kind and _address(one) == _address(other)


def _address(mark: Mark) -> list[tuple[str, str]]:
    """What a mark says; the text that an atom without a place keeps is no part of it."""
    return [pair for pair in mark.data if pair[0] != "text"]


def known(source: str, marks: Sequence[Mark], target: str = "", target_marks: Sequence[Mark] = ()) -> dict[str, Known]:
    """What the numbers of a sentence stand for: the Arabic's marks, and in their place or behind them the English's."""
    found = {str(at): Known(mark, source[max(0, mark.begin) : mark.end], mark) for at, mark in enumerate(marks, 1)}
    for number, mark in zip(numbers(marks, target_marks), target_marks, strict=True):
        placed = found[number].mark if number in found else replace(mark, data=tuple(_address(mark)))
        found[number] = Known(mark, target[max(0, mark.begin) : mark.end], placed)
    return found


# --- there and back --------------------------------------------------------------------------------------------------


def encode(text: str, marks: Sequence[Mark], names: Sequence[str]) -> Coded:
    """`'He fled.'`, (strong 0-2,), ('1',) -> `<1>`, `'He'`, `</1>`, `' fled.'`."""
    if not marks:  # nearly always
        return (text,) if text else ()
    pairs = [(m, n) for m, n in zip(marks, names, strict=True) if 0 <= m.begin <= m.end <= len(text)]
    # What covers nothing goes before an atom that begins there, which would swallow its place.
    pairs.sort(key=lambda pair: (pair[0].begin, pair[0].begin < pair[0].end, -pair[0].end, pair[0].kind in ATOMS))
    parts: list[str | Code] = []
    opened: list[tuple[Mark, str]] = []
    at = 0

    def to(offset: int) -> None:
        nonlocal at
        if offset > at:
            parts.append(text[at:offset])
            at = offset

    def close(until: int) -> None:
        while ending := [pair for pair in opened if pair[0].end <= until]:
            mark, name = min(reversed(ending), key=lambda pair: pair[0].end)
            to(mark.end)
            parts.append(Code(Role.CLOSE, name, kind=mark.kind))
            opened.remove((mark, name))

    every = [mark for mark, _ in pairs]
    for mark, name in pairs:
        close(mark.begin)
        to(mark.begin)
        if mark.begin == mark.end or (mark.kind in ATOMS and _stands_alone(mark, every)):
            parts.append(Code(Role.POINT, name, text[mark.begin : mark.end], mark.kind))
            at = mark.end
        else:
            parts.append(Code(Role.OPEN, name, kind=mark.kind))
            opened.append((mark, name))
    close(len(text))
    to(len(text))
    return tuple(parts)


def _stands_alone(mark: Mark, every: Sequence[Mark]) -> bool:
    """Does no other mark begin, end or stand inside this one, or lie exactly over it as another atom?"""
    return len(every) <= MANY and all(
        other is mark
        or other.end <= mark.begin
        or other.begin >= mark.end
        or (other.begin <= mark.begin and mark.end <= other.end and other.kind not in ATOMS)
        for other in every
    )


def nests(coded: Coded) -> bool:
    """Can the codes be written as elements within elements?"""
    opened: list[str] = []
    for part in coded:
        if isinstance(part, str) or part.role is Role.POINT:
            continue
        if part.role is Role.OPEN:
            opened.append(part.number)
        elif not opened or opened.pop() != part.number:
            return False
    return not opened


def decode(coded: Iterable[str | Code], table: Mapping[str, Known]) -> Decoded:
    """The reverse of `encode`. What cannot be understood is named and left out; the text is always there."""
    texts: list[str] = []
    spans: list[tuple[Known, int, int]] = []
    broken: list[str] = []
    opened: dict[str, list[int]] = {}
    at = 0
    for part in coded:
        entry = None if isinstance(part, str) else table.get(part.number)
        if isinstance(part, str):
            texts.append(part)
            at += len(part)
        elif entry is None:
            broken.append(f"code {_shown(part.number)} is not one of this sentence")
        elif part.role is Role.POINT:
            covered = entry.covered if part.text is None else part.text
            texts.append(covered)
            spans.append((entry, at, at + len(covered)))
            at += len(covered)
        elif part.role is Role.OPEN:
            opened.setdefault(part.number, []).append(at)
        elif opened.get(part.number):
            spans.append((entry, opened[part.number].pop(), at))
        else:
            broken.append(f"code {_shown(part.number)} ends before it begins")
    broken += [f"code {_shown(number)} is never closed" for number, places in opened.items() for _ in places]
    text = "".join(texts)
    order = sorted(spans, key=lambda span: (span[1], -span[2]))
    return Decoded(text, tuple(_laid(text, *span) for span in order), tuple(dict.fromkeys(broken)))


def _laid(text: str, entry: Known, begin: int, end: int) -> Mark:
    """What a number stands for over the words it came back with: a link that found its place forgets its own words."""
    mark = entry.mark if text[begin:end] in ("", entry.covered) else entry.placed
    return replace(mark, begin=begin, end=end)


def _shown(number: str) -> str:
    return repr(number[:20]) if not number.isdecimal() else number[:20]


def plain(coded: Coded) -> str:
    """The text alone, for finding a sentence by its Arabic."""
    return "".join(part if isinstance(part, str) else part.text or "" for part in coded)


# --- characters that files cannot carry ------------------------------------------------------------------------------


def escape(text: str) -> str:
    r"""`'a\x07b'` -> `'a\u{7}b'`: control characters no file carries safely; nearly always unchanged."""
    return spelling.escape(text, _HIDDEN)

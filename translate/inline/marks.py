"""Marks over a text: their order, their cutting and moving, and a shape in which none crosses another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from translate.document import Mark

ATOMS = frozenset({"code", "image", "break", "html"})
RANK = {"link": 0, "strong": 1, "emphasis": 2, "strike": 3}
"""What lies outside of what when two marks cover the same words."""
_BARE, _ATOM = 8, 9
NOTE_MARK = re.compile(r"\[\^([^\s\[\]^]{1,50})\](?!\()")
"""A mark of a footnote: `[^1]`."""


def ordered(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks by where they begin, the outer before the inner; what covers nothing comes before an atom, never in it."""
    marks = list(marks)
    atoms: dict[int, int] = {}
    for mark in marks:
        if mark.kind in ATOMS and mark.end > mark.begin:
            atoms[mark.begin] = max(mark.end, atoms.get(mark.begin, 0))

    def place(mark: Mark) -> tuple[int, int, int]:
        bare = mark.begin == mark.end
        end = atoms.get(mark.begin, mark.end) if bare else mark.end
        return mark.begin, -end, _BARE if bare else RANK.get(mark.kind, _ATOM)

    return tuple(sorted(marks, key=place))


def clip(marks: Iterable[Mark], begin: int, end: int) -> tuple[Mark, ...]:
    """Marks over one stretch of a text, with offsets counted from its beginning.

    `(strong 0-20,)`, 5, 12 -> `(strong 0-7,)`
    """
    kept: list[Mark] = []
    for mark in marks:
        a, b = max(mark.begin, begin), min(mark.end, end)
        if a < b or (mark.begin == mark.end and begin <= mark.begin <= end):
            kept.append(replace(mark, begin=a - begin, end=b - begin))
    return tuple(kept)


def shift(marks: Iterable[Mark], by: int) -> tuple[Mark, ...]:
    """Marks moved right by a number of characters."""
    return tuple(replace(m, begin=m.begin + by, end=m.end + by) for m in marks)


def uncrossed(text: str, marks: Iterable[Mark]) -> list[Mark]:
    """Marks inside the text, none crossing, no link in a link, nothing inside code: the later one gives way."""
    kept: list[Mark] = []
    around: list[Mark] = []
    for mark in ordered(marks):
        begin, end = max(0, mark.begin), min(len(text), mark.end)
        parted = any(outer.end <= begin and outer.kind not in ATOMS for outer in around)
        around = [outer for outer in around if outer.end > begin]
        for outer in around:
            solid = outer.kind in ATOMS or (outer.kind == mark.kind == "link")
            if begin < outer.end and (solid or outer.end < end):
                begin = outer.end
        if mark.kind not in ATOMS:
            begin, end = without_edges(text, begin, end)
        touches = kept and kept[-1].kind == mark.kind == "code" and kept[-1].end == begin < end
        if touches and not parted:
            # Code that touches code: two runs of backticks would close each other.
            kept[-1] = replace(kept[-1], end=end)
            around.append(kept[-1])
        elif begin < end or mark.begin == mark.end:
            kept.append(replace(mark, begin=begin, end=max(begin, end)))
            around.append(kept[-1])
    return _out_of_links(ordered(kept))


def _out_of_links(marks: Sequence[Mark]) -> list[Mark]:
    """Footnote marks behind the links they stand in or right before: Markdown takes no brackets there."""
    links = [mark for mark in marks if mark.kind == "link" and mark.begin < mark.end]
    if not links or not any(map(_is_note, marks)):
        return list(marks)
    moved: list[Mark] = []
    for mark in marks:
        at = mark.begin
        for link in links if _is_note(mark) else ():
            at = link.end if link.begin <= at < link.end else at
        moved.append(replace(mark, begin=at, end=at) if _is_note(mark) else mark)
    return list(ordered(moved))


def _is_note(mark: Mark) -> bool:
    return mark.kind == "html" and value(mark, "html").startswith("[^")


def without_edges(text: str, begin: int, end: int) -> tuple[int, int]:
    """A span without white space at its ends."""
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return begin, end


def value(mark: Mark, name: str) -> str:
    """One of a mark's data: `value(link, "href")` -> `'https://example.org'`; empty when it has none."""
    return dict(mark.data).get(name, "")

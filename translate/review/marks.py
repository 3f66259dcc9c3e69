"""Inline formatting carried along while the text under it is edited.

A page sends words; what was emphasis or a link over the unchanged part stays where it was. Knows one text before, one
text after, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from translate.document import Mark

ATOMS = frozenset({"code", "image", "break", "html"})
"""What stands for itself: changed inside, it is gone."""


def moved(marks: Sequence[Mark], before: str, after: str) -> tuple[Mark, ...]:
    """`emphasis` over `[3:7]` of `'He fled.'`, `'They fled.'` -> over `[5:9]`."""
    if before == after or not marks:
        return tuple(marks)
    head, tail = _same_ends(before, after)
    kept = (_moved(mark, head, len(before) - tail, len(after) - len(before)) for mark in marks)
    return tuple(mark for mark in kept if mark is not None)


def _moved(mark: Mark, begin: int, end: int, shift: int) -> Mark | None:
    """A mark after the stretch `begin`-`end` became longer by `shift`."""
    if mark.end <= begin:
        return mark
    if mark.begin >= end:
        return Mark(mark.kind, mark.begin + shift, mark.end + shift, mark.data)
    if mark.kind in ATOMS:
        return None
    first = mark.begin if mark.begin <= begin else end + shift
    last = mark.end + shift if mark.end >= end else begin
    return Mark(mark.kind, first, last, mark.data) if first < last else None


def _same_ends(before: str, after: str) -> tuple[int, int]:
    """How many characters both begin and end with, no character counted twice."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next((n for n in range(shorter - head) if before[-n - 1] != after[-n - 1]), shorter - head)
    return head, tail

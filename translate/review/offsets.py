"""Offsets as a browser counts them: in UTF-16 code units, where a letter outside the basic plane is two.

Texts of the program count characters; every offset that leaves for a page or comes from one passes through here.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

BASIC = 0xFFFF


class Units:
    """The two ways of counting in one text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *accumulate(2 if ord(c) > BASIC else 1 for c in text)] if _astral(text) else None
        self._size = len(text)

    def out(self, offset: int) -> int:
        """Characters -> UTF-16 units: in `'a😀b'` 2 -> 3."""
        offset = min(max(offset, 0), self._size)
        return offset if self._starts is None else self._starts[offset]

    def back(self, offset: int) -> int:
        """UTF-16 units -> characters: in `'a😀b'` 3 -> 2; the middle of a character is its beginning."""
        if self._starts is None:
            return min(max(offset, 0), self._size)
        return bisect_right(self._starts, max(offset, 0)) - 1


def _astral(text: str) -> bool:
    return any(ord(c) > BASIC for c in text)

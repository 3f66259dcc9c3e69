"""A long list -> pages of it, so that a new entry at its head changes one page and not all of them.

Lists on the site are newest first, yet their pages are counted from the oldest: page 1 is full for ever, and what is
new goes to the newest page, which holds at least as many entries as the others and fewer than twice as many. Knows
numbers only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Leaf(NamedTuple):
    """One page of a list."""

    number: int
    """From 1, the oldest."""
    of: int
    """How many pages there are: the number of the newest."""
    begin: int
    """Of the entries on it, newest first."""
    end: int

    @property
    def address(self) -> int:
        """For `paths`: 0 for the newest page, which keeps the list's own address."""
        return 0 if self.number == self.of else self.number


def leaves(total: int, size: int) -> list[Leaf]:
    """`7 entries, 3 a page` -> 0-4 (page 2, the newest) and 4-7 (page 1): newest first."""
    count = max(total // max(size, 1), 1)
    edges = [0, *(total - number * size for number in range(count - 1, -1, -1))]
    return [Leaf(count - at, count, edges[at], edges[at + 1]) for at in range(count)]


class Turn(NamedTuple):
    """One entry of the page numbers below a list."""

    kind: str
    """"newest", "page", or "gap" for pages left out."""
    number: int = 0
    """Of a "page"; the newest has none, so that the others need not be made again when it gets another."""
    href: str = ""
    """From this page; empty for the page itself and for a gap."""


class Turns(NamedTuple):
    """The way from one page of a list to the others."""

    newer: str
    """From this page; empty on the newest."""
    older: str
    """Empty on the oldest."""
    all: tuple[Turn, ...]
    """Newest first: the ends, the neighbours, and gaps between. Empty where there is one page only."""


def turns(leaf: Leaf, address: Callable[[int], str]) -> Turns:
    """Where to turn from a page; `address` gives the way to a page by `Leaf.address`."""
    if leaf.of == 1:
        return Turns("", "", ())

    def way(number: int) -> str:
        return address(0 if number == leaf.of else number) if 1 <= number <= leaf.of else ""

    near = {1, *range(leaf.number - 2, leaf.number + 3)}
    shown = sorted((number for number in near if 1 <= number < leaf.of), reverse=True)
    found = [Turn("newest", href="" if leaf.address == 0 else way(leaf.of))]
    last = leaf.of
    for number in shown:
        if last - number == 2:
            found.append(Turn("page", number + 1, way(number + 1)))
        elif last - number > 2:
            found.append(Turn("gap"))
        found.append(Turn("page", number, "" if number == leaf.number else way(number)))
        last = number
    return Turns(way(leaf.number + 1), way(leaf.number - 1), tuple(found))

"""Which number an article has in the index: the later, the higher, and the same whatever came or went besides.

The month is the upper part of a number, a place of the article's own within the month the lower one. Places are taken
by a digest of the name, so that an article that comes or goes moves no other, and a site built in one go has the
numbers of one that grew. Knows no file and no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256

_FEWEST_BITS = 12
_ROOM = 4
"""Places for every article of the fullest month, at least: with room, few fall on one place."""


def month(date: str) -> int:
    """`'1970-01-31'` -> 1, `'2017-01-12'` -> 565; `''` -> 0."""
    return max((int(date[:4]) - 1970) * 12 + int(date[5:7]), 1) if date else 0


def place_bits(months: Iterable[int]) -> int:
    """How many bits the places within a month take: months of 1, 1, 2 -> 12."""
    counts: dict[int, int] = defaultdict(int)
    for one in months:
        counts[one] += 1
    return max(_FEWEST_BITS, (max(counts.values(), default=0) * _ROOM - 1).bit_length())


def numbers(dates: Mapping[str, str]) -> tuple[dict[str, int], int]:
    """Name -> date of all articles; their numbers, and the bits of the places."""
    bits = place_bits(map(month, dates.values()))
    taken: set[int] = set()
    found: dict[str, int] = {}
    for slug in sorted(dates):
        first, size = month(dates[slug]) << bits, 1 << bits
        place = int.from_bytes(sha256(slug.encode()).digest()[:4], "big") % size
        while first + place in taken:
            place = (place + 1) % size
        taken.add(first + place)
        found[slug] = first + place
    return found, bits

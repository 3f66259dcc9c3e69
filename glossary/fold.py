"""Folding: the spelling of Arabic that the matcher compares, and the way back to the text as it stands.

Newspapers write أبو and ابو, الإعدامات and الاعدامات, السّاحل and الساحل. Folding makes them one key. A folded text is
only ever a key: everything shown to a person is cut from the original by the offsets kept here. This module knows
letters and marks; it knows no words, no prefixes and no terms.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MARKS = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
"""Vowel signs, Koranic signs and tatweel, as the inside of a character class: they belong to the letter before."""

INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Direction marks, joiners, soft hyphen and byte order mark, likewise: they belong to nobody."""

LETTERS = {
    **dict.fromkeys("أإآٱٲٳٵ", "ا"),
    **dict.fromkeys("ىئیېےۍ", "ي"),
    **dict.fromkeys("ؤ", "و"),
    **dict.fromkeys("ةہھە", "ه"),
    **dict.fromkeys("ک", "ك"),
    **dict(zip("٠١٢٣٤٥٦٧٨٩", "0123456789", strict=True)),
    **dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True)),
}
"""What one letter or digit becomes. Everything not listed stays."""


def _spread(ranges: str) -> list[int]:
    """`'a-c'` -> `[97, 98, 99]`: the inside of a character class as code points."""
    points: list[int] = []
    signs = list(ranges)
    while signs:
        first = signs.pop(0)
        if signs[:1] == ["-"]:
            points.extend(range(ord(first), ord(signs[1]) + 1))
            del signs[:2]
        else:
            points.append(ord(first))
    return points


def _table() -> dict[int, str]:
    """The whole of the folding as one table, presentation forms (ﻻ -> لا) included."""
    table = {ord(letter): key for letter, key in LETTERS.items()}
    table |= dict.fromkeys(_spread(MARKS) + _spread(INVISIBLE), "")
    for point in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)):
        plain = unicodedata.normalize("NFKC", chr(point))
        if plain != chr(point):
            folded = plain.translate(table)
            if not folded.strip():
                table[point] = ""
            elif " " not in folded:
                table[point] = folded
    return table


_FOLD = _table()
_ATTACHED = frozenset(_spread(MARKS))
_PLAIN = re.compile("[ء-غف-ي ]*")
"""Letters that are folded one to one, and no marks."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and where each of its characters came from."""

    text: str
    """"الاعدامات\""""
    offsets: tuple[int, ...]
    """Original index of each folded character, and behind them the length of the original."""
    ends: tuple[int, ...]
    """Original index behind each folded character and the vowel signs that sit on it."""

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Folded `[begin, end)` -> original `[begin, end)`, marks of the last letter included."""
        if begin >= end:
            return self.offsets[begin], self.offsets[begin]
        return self.offsets[begin], self.ends[end - 1]


def key(text: str) -> str:
    """`'الإعدامــاتِ'` -> `'الاعدامات'`: folding alone, for where offsets are not needed."""
    return text.translate(_FOLD)


def fold(text: str) -> Folded:
    """`'السّاحل الأيسر'` -> `'الساحل الايسر'` with offsets back into the original."""
    if _PLAIN.fullmatch(text):
        return Folded(text.translate(_FOLD), tuple(range(len(text) + 1)), tuple(range(1, len(text) + 1)))
    letters: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    for index, letter in enumerate(text):
        folded = _FOLD.get(ord(letter))
        if folded is None:
            folded = letter
        if folded:
            letters.append(folded)
            offsets.extend([index] * len(folded))
            ends.extend([index + 1] * len(folded))
        elif ends and ord(letter) in _ATTACHED and ends[-1] == index:
            ends[-1] = index + 1
    return Folded("".join(letters), (*offsets, len(text)), tuple(ends))

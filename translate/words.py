"""One way to cut a text into words, so that everybody's word numbers agree.

Alignments are pairs of indices into `words(source)` and `words(target)`. Punctuation marks are words of their own.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WORD = re.compile(r"\w[\w\u064b-\u065f\u0670]*(?:['’.,\-]\w[\w\u064b-\u065f\u0670]*)*|[^\w\s]")

ARABIC_LETTERS = "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdfb\ufe70-\ufefc"
"""Ranges for a character class: letters of every language written in Arabic script, presentation forms included."""
_ARABIC = re.compile(f"[{ARABIC_LETTERS}]")


class Word(NamedTuple):
    """A word or punctuation mark and where it stands. A tuple: there are very many, and it is made sooner."""

    text: str
    begin: int
    end: int


def words(text: str) -> list[Word]:
    """`'al-Baghdadi fled.'` -> `al-Baghdadi`, `fled`, `.` with their offsets."""
    return [Word(m.group(), *m.span()) for m in _WORD.finditer(text)]


def spelled(text: str) -> list[str]:
    """`'al-Baghdadi fled.'` -> `['al-Baghdadi', 'fled', '.']`: the same words where nobody asks where they stand."""
    return _WORD.findall(text)


def has_arabic(text: str) -> bool:
    """True when there is an Arabic letter: `'12 ديوان'` yes, `'١٢،'` no."""
    return _ARABIC.search(text) is not None

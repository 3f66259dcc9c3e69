"""One way to cut a text into words, so that everybody's word numbers agree.

Alignments are pairs of indices into `words(source)` and `words(target)`. Punctuation marks are words of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"\w[\w\u064b-\u065f\u0670]*(?:['’.,\-]\w[\w\u064b-\u065f\u0670]*)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or punctuation mark and where it stands."""

    text: str
    begin: int
    end: int


def words(text: str) -> list[Word]:
    """`'al-Baghdadi fled.'` -> `al-Baghdadi`, `fled`, `.` with their offsets."""
    return [Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]

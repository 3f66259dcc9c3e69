"""How OmegaT finds glossary terms in Arabic: Lucene's rules for normalising and stemming, for comparison only.

The rules are those published with Apache Lucene (Apache-2.0), classes `org.apache.lucene.analysis.ar.ArabicNormalizer`
and `ArabicStemmer` ("light" stemming after Larkey et al.), written anew from their description. OmegaT compares the
stems of an entry's words with the stems of the sentence's words; here they must follow each other, and of matches that
overlap the longest counts, as with ours. Knows nothing of English.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

WORD = re.compile(r"[^\W_](?:[^\W_]|[\u064b-\u065f\u0670\u0640])*")
NORMALISED = {
    **dict.fromkeys(map(ord, "آأإ"), "ا"),
    **{ord("ى"): "ي", ord("ة"): "ه"},
    **dict.fromkeys([0x0640, *range(0x064B, 0x0653)]),
}
"""Tatweel and short vowels are dropped."""
PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")

Found = tuple[int, int, str]
"""Begin, end, the entry's source."""


def plain(word: str) -> str:
    """No rule at all: `والديوان` -> `والديوان`."""
    return word


def normalised(word: str) -> str:
    """`السَّاحل` -> `الساحل`."""
    return word.translate(NORMALISED)


def stem(word: str) -> str:
    """`والديوان` -> `ديوان`; `بديوان` stays."""
    word = normalised(word)
    for prefix in PREFIXES:  # the first that fits, and only one
        least = 4 if len(prefix) == 1 else len(prefix) + 2
        if len(word) >= least and word.startswith(prefix):
            word = word[len(prefix) :]
            break
    for suffix in SUFFIXES:  # each in turn
        if len(word) >= len(suffix) + 2 and word.endswith(suffix):
            word = word[: -len(suffix)]
    return word


class StemMatcher:
    """Finds entries by the stems of their words."""

    def __init__(self, entries: Iterable[tuple[str, str]], rule: Callable[[str], str]) -> None:
        """`entries` are (Arabic form, the entry's source)."""
        self._rule = rule
        self._entries: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
        for form, source in entries:
            stems = tuple(rule(word) for word in WORD.findall(form))
            if stems:
                self._entries[stems[0]].setdefault(stems, source)

    def find(self, text: str) -> list[Found]:
        """Matches of whole words, apart, the longest first where they overlap."""
        spans = [match.span() for match in WORD.finditer(text)]
        stems = tuple(self._rule(text[begin:end]) for begin, end in spans)
        every: list[tuple[int, int, str]] = []
        for at, first in enumerate(stems):
            for entry, source in self._entries.get(first, {}).items():
                if stems[at : at + len(entry)] == entry:
                    every.append((at, at + len(entry), source))
        kept: list[tuple[int, int, str]] = []
        for begin, end, source in sorted(every, key=lambda m: (m[0] - m[1], m[0])):
            if all(end <= b or e <= begin for b, e, _ in kept):
                kept.append((begin, end, source))
        return sorted((spans[b][0], spans[e - 1][1], source) for b, e, source in kept)

"""Where a term counts: what a match has to look like and which words have to stand, or must not, beside it or near it.

A word of the text is compared in any clothing (`undressed`), each worked out once. This module knows words and their
neighbours; it knows neither how a term was found nor which of two wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from glossary.clitics import ARTICLE, NOT_ARTICLE, counts, peel
from glossary.fold import INVISIBLE, MARKS, key
from glossary.terms import Condition

WORD = re.compile(
    rf"[ء-ي]++(?![\w{MARKS}{INVISIBLE}])|[^\W\d_]++(?:[{MARKS}{INVISIBLE}]++[^\W\d_]*+)*+|\d+"
)  # first, and by far the fastest: Arabic letters without any mark
_FIGURE = re.compile(r"(\d[\d.,٫٬]*)[\"”»)\]]*\s*$")
_GAP = re.compile(rf"[{INVISIBLE}]*\s[\s{INVISIBLE}]*")
_LONGEST_FIGURE = 24
_ZEROS = {ord(zero): "0" for zero in "٠۰"} | {ord(one): "1" for one in "١۱"}
_SHORTEST_DEFINITE = 4
"""Letters, article included."""
_AHEAD = 8
"""Words whose places are worked out in one go, at least."""
_MOST_REMEMBERED = 50_000
"""Distinct words of which the clothing is remembered."""

_NO_ACCUSATIVE = """
    ما لا هذا اذا هنا بينما كما فيما عندما حينما مثلما مما لما الا اما انما مهما ربما كلما حيثما طالما لولا هكذا
    ماذا لماذا
    كلا كلتا اوروبا افريقيا امريكا اميركا اسيا سوريا ليبيا روسيا تركيا المانيا
    ايطاليا بريطانيا اسبانيا اوكرانيا استراليا
"""
_NEVER_ACCUSATIVE = frozenset(_NO_ACCUSATIVE.split())
_OUR_AND_HER = ("نا", "ها", "هما")
_UNMARKED = {ord(sign): "" for sign in map(chr, range(0x0610, 0x0700)) if not key(sign)}


class Tokens:
    """The words of a text, in order; where they stand is worked out only as far as somebody asks."""

    __slots__ = ("_begins", "text", "written")

    def __init__(self, text: str, written: list[str]) -> None:
        """`written` is what WORD finds in the text."""
        self.text, self.written = text, written
        self._begins: list[int] = []

    def begin(self, number: int) -> int:
        """Where a word begins in the text.

        Every letter and every digit belongs to some word: behind a word its next one is the first of that spelling.
        """
        try:
            return self._begins[number]
        except IndexError:
            return self._found(number)

    def _found(self, number: int) -> int:
        """Look for the words as far as that one, and a few more."""
        begins, written, find = self._begins, self.written, self.text.find
        known = len(begins)
        at = begins[-1] + len(written[known - 1]) if known else 0
        for word in written[known : number + _AHEAD]:
            at = find(word, at)
            begins.append(at)
            at += len(word)
        return begins[number]

    def end(self, number: int) -> int:
        """Behind a word."""
        return self.begin(number) + len(self.written[number])


class Place(NamedTuple):
    """A stretch of a text that may be a term, and what its own writing says."""

    begin: int
    """Offsets in the text of the whole words, clitics included."""
    end: int
    stem_begin: int
    first: int
    """Numbers of its first word and of the one behind its last."""
    behind: int
    definite: bool
    enclitic: str
    noun: bool
    """Surely no verb: definite, dual or plural, or with the alif of the accusative."""


class Context:
    """The conditions of one term, ready to be asked."""

    def __init__(self, conditions: tuple[Condition, ...]) -> None:
        self.kinds = {condition.kind for condition in conditions}
        self.words: dict[str, set[str]] = {}
        self.never: set[str] = set()
        self.near = frozenset(key(word) for one in conditions if one.kind == "near" for word in one.words)
        """One of which has to stand in the text or around it; none for most terms."""
        for condition in conditions:
            if condition.kind == "never":
                self.never.update(condition.words)
            elif condition.words and condition.kind != "near":
                self.words.setdefault(condition.kind, set()).update(key(word) for word in condition.words)

    def refuse(self, tokens: Tokens, place: Place) -> str:
        """The reason why a match does not count here, or nothing."""
        if "definite" in self.kinds and not (place.definite or place.enclitic):
            return "counts only when definite"
        if "enclitic" in self.kinds and not place.enclitic:
            return "counts only with a pronoun ending"
        if self.never:
            for begin in (place.begin, place.stem_begin):
                if (word := tokens.text[begin : place.end].translate(_UNMARKED)) in self.never:
                    return f"never {word}"
        if not self.words:
            return ""
        after = neighbour(tokens, place.behind - 1, place.behind)
        before = neighbour(tokens, place.first - 1, place.first - 1)
        if not place.noun and (wanted := self.words.get("bare-before")) and wanted.isdisjoint(undressed(after)):
            return "written bare, counts only before certain words"
        return self._beside("before", after) or self._beside("after", before)

    def _beside(self, side: str, word: str) -> str:
        """`before` looks at the word that follows, `after` at the one that precedes, both in any clothing."""
        refused, wanted = self.words.get("not-" + side), self.words.get(side)
        if not refused and not wanted:
            return ""
        found = undressed(word)
        if refused and (hit := refused & found):
            return f"not {side} {min(hit)}"
        if wanted and not wanted & found:
            return f"only {side} {' or '.join(sorted(wanted))}"
        return ""


class Wanted(dict[str, frozenset[str]]):
    """Word of a text -> which of the words that terms want to have near it is, in any clothing; worked out once."""

    def __init__(self, contexts: Iterable[Context]) -> None:
        super().__init__()
        self.every = frozenset[str]().union(*(context.near for context in contexts))

    def __missing__(self, word: str) -> frozenset[str]:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[word] = undressed(key(word)) & self.every
        return found


def joined(tokens: Tokens, number: int) -> bool:
    """Whether only white space stands between a word and the next one."""
    if number + 1 >= len(tokens.written):
        return False
    after = tokens.begin(number + 1)
    end = tokens.begin(number) + len(tokens.written[number])
    gap = tokens.text[end:after]
    return gap == " " or _GAP.fullmatch(gap) is not None


def neighbour(tokens: Tokens, left: int, wanted: int) -> str:
    """The word beside a match, folded, unless punctuation stands between."""
    return key(tokens.written[wanted]) if left >= 0 and joined(tokens, left) else ""


def counted(tokens: Tokens, first: int) -> str:
    """The number that a noun in the singular has in its place: in `8000 غارة` it means many."""
    if not first:
        return "sg"
    before = tokens.written[first - 1]
    if _counting(before):
        return "pl" if joined(tokens, first - 1) else "sg"
    if before[-1].isdecimal():
        begin = tokens.begin(first)
        if figure := _FIGURE.search(tokens.text, max(0, begin - _LONGEST_FIGURE), begin):
            return "pl" if re.sub(r"\D", "", figure[1]).translate(_ZEROS).lstrip("0") not in ("", "1") else "sg"
    return "sg"


def owned(tokens: Tokens, last: int) -> bool:
    """Whether a definite noun follows at once, to which the one before may belong: `قائدا |الجيش`."""
    after = neighbour(tokens, last, last + 1)
    return after.startswith(ARTICLE) and after not in NOT_ARTICLE and len(after) > _SHORTEST_DEFINITE


@lru_cache(_MOST_REMEMBERED)
def _counting(word: str) -> bool:
    """Whether a word is a number word, with or without a conjunction."""
    folded = key(word)
    return counts(folded) or counts(folded[1:])


def _accusative(word: str) -> bool:
    """`'ممرضا'` -> True, `'فيما'`, `'عليها'` -> False: a folded word that seems to have the alif of the accusative."""
    alif = len(word) > 2 and word[-1] == "ا" and not word.endswith(_OUR_AND_HER)
    return alif and not {word, word[1:]} & _NEVER_ACCUSATIVE


@lru_cache(_MOST_REMEMBERED)
def undressed(word: str) -> frozenset[str]:
    """`'والدولة'` -> it, `الدولة`, `دولة`, and `و+` for what is written onto it; `+ا` for an accusative; all folded."""
    found = {word}
    if _accusative(word):
        found.add("+ا")
    for way in peel(word):
        found.add(way.rest)
        found.update(f"{proclitic}+" for proclitic in way.proclitics)
        if way.definite:
            found.add("ال" + way.rest)
    return frozenset(found)

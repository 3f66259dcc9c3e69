"""Terms said in two halves: `الساحلين الأيمن والأيسر` has its noun once, `ساحلي الموصل الأيمن والأيسر` apart.

Such terms are two words that share the first with others (`tree.Family`). Knows where the second halves stand.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from glossary.candidates import Candidate
from glossary.context import Context, Tokens, joined
from glossary.fold import fold
from glossary.readings import Found, Reading, Word, Words, margins
from glossary.terms import Term
from glossary.tree import Family

_LONGEST_OWNER = 2
"""Words between a noun and its two adjectives: ساحلي الموصل الأيمن والأيسر, ساحلي نهر دجلة الأيمن والأيسر."""


def goes_on(words: Sequence[Word | None], first: int, adjectives: Set[str] | None) -> bool:
    """Whether an adjective of some family that a word begins stands near enough behind it."""
    if adjectives is None:
        return True
    for after in words[first + 1 : first + 2 + _LONGEST_OWNER]:
        if after is not None and after.adjectives and not adjectives.isdisjoint(after.adjectives):
            return True
    return False


class Pairs:
    """Finds them behind a word that begins a family."""

    def __init__(self, known: Words) -> None:
        self._known = known

    def add(
        self,
        tokens: Tokens,
        words: list[Word | None],
        first: int,
        ways: tuple[tuple[Reading, Family], ...],
        made: list[Candidate],
    ) -> None:
        """`الساحلين الأيمن والأيسر`, `ساحلي الموصل الأيمن`: the noun is said once, or its owner stands between."""
        behind = words[first + 1 : first + 2 + _LONGEST_OWNER]
        for way, family in ways:
            adjectives = family.members.keys()
            if way.definite or way.enclitic:
                after = behind[0] if behind else None
                if family.dual or (after and not adjectives.isdisjoint(after.adjectives)):
                    self._pair(tokens, first, first + 1, way, family, made)
                continue
            for number, after in enumerate(behind[1:], first + 2):
                if after is None or adjectives.isdisjoint(after.adjectives):
                    continue
                if self._pair(tokens, first, number, way, family, made):
                    break

    def _pair(self, tokens: Tokens, first: int, at: int, way: Reading, family: Family, made: list[Candidate]) -> bool:
        """The adjectives at `at` and behind it that belong to the noun at `first`; whether there are any."""
        written = tokens.written
        if at >= len(written):
            return False
        left = self._member(family, written[at], ())
        if not left and not (family.dual and way.definite):
            return False
        if not all(joined(tokens, index) for index in range(first, at)):
            return False
        owned = at > first + 1
        count = len(made)
        if left and (family.dual or owned):
            begin = at if owned else first
            proclitics, skip = ((), 0) if owned else (way.proclitics, way.skip)
            noun = written[first] if owned else _plain(written[first], skip, definite=way.definite)
            why = "+".join([*proclitics, f"({noun} …) {written[at]}" if owned else f"{noun} {written[at]}"])
            made.append(_shared(tokens, begin, at + 1, left, proclitics, skip, why, len(made)))
        right, behind, joint = self._second(tokens, at, family)
        if right:
            why = "+".join([*joint, f"({written[first]} …) {_plain(written[behind], len(joint))}"])
            made.append(_shared(tokens, behind, behind + 1, right, joint, len(joint), why, len(made)))
        return len(made) > count

    def _member(self, family: Family, word: str, proclitics: tuple[str, ...]) -> Term | None:
        known = self._known[word]
        for way in known.readings if known else ():
            if way.definite and way.proclitics == proclitics and way.stem in family.members:
                return family.members[way.stem]
        return None

    def _second(self, tokens: Tokens, at: int, family: Family) -> tuple[Term | None, int, tuple[str, ...]]:
        """The adjective behind `و`, written together or apart; the number of its word; what is written onto it."""
        written = tokens.written
        if not joined(tokens, at):
            return None, at, ()
        if written[at + 1] == "و":
            apart = joined(tokens, at + 1)
            return (self._member(family, written[at + 2], ()) if apart else None), at + 2, ()
        return self._member(family, written[at + 1], ("و",)), at + 1, ("و",)


def _plain(word: str, skip: int, *, definite: bool = False) -> str:
    """`('بالساحلين', 1)` -> `'الساحلين'`: the word as it stands, without its first folded letters.

    In للساحلين the alif of the article is not written; a `definite` word gets it back.
    """
    folded = fold(word)
    begin, end = folded.span(skip, len(folded.text))
    return "ا" + word[begin:end] if definite and folded.text[skip] == "ل" else word[begin:end]


def _shared(
    tokens: Tokens, first: int, behind: int, term: Term, proclitics: tuple[str, ...], skip: int, why: str, serial: int
) -> Candidate:
    """A term whose noun is said once for two, or apart from it."""
    beside = margins(tokens.written[first], tokens.written[behind - 1], skip, 0)
    found = Found(
        term,
        Context(term.context),
        behind - first,
        proclitics,
        True,
        "",
        False,
        why,
        len(why),
        0,
        term.source,
        "sg",
        True,
        beside,
    )
    return Candidate(first - behind, first, 0, len(why), serial, found, "sg", "")

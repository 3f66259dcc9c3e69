"""What stands in the wrong relation to a term, where the Arabic shows the right one: constructs, and what governs it.

An Arabic construct says `of` by order alone, an action has its doer straight behind it, an adjective stands behind its
noun, and a verb asks for a preposition that is not the English one. Every rule asks for a sign on both sides, in the
Arabic and in the English, and does nothing where one is missing. Articles and number are another matter (`agreement`).
For text of a machine alone; no engine is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from glossary.fold import key
from translate import english
from translate.constraints import Requirement, Span
from translate.repair.edges import is_attributive
from translate.repair.sentence import (
    Candidate,
    aligned,
    arabic_word,
    intact,
    move,
    source_words,
    splice,
)

_DETERMINERS = english.listed("the a an its his her their our this these those many several some")
_DETERMINER = 10
"""Characters that the longest of them has, a space on either side."""
_BEHIND = re.compile(r"(['’]s?)?\s+([^\W\d_]+(?:-[^\W\d_]+)*)")
_ENDED = re.compile(r"[.,;:!?\"”)]|\s*$|\s+(?:and|or|but|that|which|who|when|while|as)\b")
"""Behind a phrase that is complete."""
_ACTION = re.compile(r"(?:[st]ion|ment|ance)$|^(?:use|abuse|pursuit|seizure|loss|defeat|recapture|siege|rescue)$")
_NO_ACTION = english.listed(
    "organization organisation foundation institution station administration association federation coalition nation "
    "section million billion location region religion mission commission delegation corporation confederation position "
    "television publication constitution generation population session pension edition version fashion tension "
    "government department document statement parliament regiment element movement settlement moment apartment "
    "instrument establishment investment monument equipment insurance ambulance advance alliance distance instance "
    "substance balance opposition collection situation condition question addition relation operation faction fraction "
    "ammunition companion union opinion passion vision division agreement"
)
"""Nouns with such an ending that are no action: what stands behind them may be their name."""
_WITH = {"confrontation": "with", "cooperation": "with"}
"""Actions that are not done `of` something."""
_NOUN = re.compile(
    r"(?<![\w'’-])(?:the|an?|its|his|her|their|of|for|in|by|with|from|and|after|before)\s+([a-z]+)\s*$", re.I
)
_NOUN_OF = re.compile(r"(?<![\w'’-])((?:the|an?)\s+)?([a-z]+)\s+of\s+(?:the\s+)?$", re.I)
_ADJECTIVE = re.compile(r"(?:[^t]al|ive|ous|ary|ic|ish|able|ible|ful|less|ed|ing)$")
_HAS_ARTICLE = re.compile(r"[وف]?[بك]?ال|[وف]?لل")
_LONG = 4
"""Letters of an Arabic word that is no particle."""
_OWNS = re.compile(r"(?:['’]s?)?\s+")
_APART = 3
"""Characters of the possessive and the space between two terms."""
_REACH = 60
"""Characters before a term among which what governs it is looked for."""
_FLIGHT = frozenset({"هروب", "فرار", "هرب"})
_FLEEING = re.compile(
    r"(?:(?<=difficult)|(?<=hard)|(?<=impossible)|(?<=easy)|(?<=easier)|(?<=harder)|(?<=possible)|(?<=attempt))"
    r"(?P<to> to) (?:flee|escape)\s$|(?P<flee> (?:fleeing|escaping|fled|escaped))(?P<by>(?: to| of)?)\s$"
)
"""Flight in English, with what should not stand between it and who flees."""
_FROM = re.compile(
    r" (from)(?= (?:the|this) (?:city|town|river|province|governorate|country|region|district|village)\b)"
)
_PARTS = english.listed("bank side shore half part edge outskirts quarter end")
"""What is `of` a place."""


class Governed(NamedTuple):
    """A word whose preposition is another in English than the model put before a term, or none."""

    found: re.Pattern[str]
    """The English up to the term's phrase; group 1 is what has to go."""
    arabic: re.Pattern[str]
    """The Arabic up to the term, folded, with the prepositions written on it."""
    put: str


GOVERNED: tuple[Governed, ...] = (
    Governed(re.compile(r"\binflicted (by) $"), re.compile(r"(?<!\w)ب$"), "on"),
    Governed(re.compile(r"\b(?:fled|flee|flees|fleeing)()\s$"), re.compile(r"(?:هرب|فر)\w* ب$"), " with"),
    Governed(re.compile(r"\b[Tt]urn(?:s|ed|ing)? (to) $"), re.compile(r"حول\w* (?:\w+ ){0,3}الي $"), "into"),
)


def related(source: str, text: Candidate) -> Candidate:
    """The same with what hangs on its terms as the Arabic has it: `the reconstruction Mosul` -> `... of Mosul`."""
    for rule, sign in _RULES:
        if sign.search(text.text):
            for place in range(len(text.held)):
                mended = rule(source, text, place)
                text = mended if mended is not text and intact(mended) else text
    return text


def _of(source: str, text: Candidate, place: int) -> Candidate:
    """Between an action and what it is done to, a construct in Arabic: `the reconstruction |of |Mosul`."""
    requirement, term, _ = text.held[place]
    if requirement.match.proclitics:
        return text
    for begin in dict.fromkeys((_without_determiner(text.text, term), _phrase(text, term))):
        found = _NOUN.search(text.text, max(0, begin - _REACH), begin)
        if found and _acts(source, text, found.span(1), requirement, reach=1):
            return splice(text, found.end(1), found.end(1), " " + _WITH.get(found.group(1), "of"))
    return text


def _agent(source: str, text: Candidate, place: int) -> Candidate:
    """Who acts stands between the action and what it is done to: `the use of ISIS civilians` -> `ISIS's use of`."""
    requirement, term, end = text.held[place]
    found = _NOUN_OF.search(text.text, max(0, term - _REACH), term)
    behind = _BEHIND.match(text.text, end)
    if not found or not behind or requirement.match.proclitics:
        return text
    owns, said = behind.group(1), behind.group(2)
    if said.casefold() in english.FUNCTION_WORDS or not (owns or english.looks_plural(said)):
        return text
    links = aligned(text, behind.span(2))
    if not _acts(source, text, found.span(2), requirement, reach=2):
        return text
    if not links or min(links) != max(source_words(source, requirement)) + 1:
        return text
    named = text.text[found.start(2) : found.end()].casefold().endswith("the ")
    text = move(text, found.start(2), found.end() - (4 if named else 0), behind.start(2))
    term, end = text.held[place][1:]
    text = text if owns else splice(text, end, end, english.possessive(text.text[term:end])[end - term :])
    return splice(text, found.start(), found.start(2), "")


def _in_flight(source: str, text: Candidate, place: int) -> Candidate:
    """Who flees stands before it: `difficult to flee ISIS militants` -> `difficult for ISIS militants to flee`."""
    requirement, term, end = text.held[place]
    begin = _phrase(text, term)
    found = _FLEEING.search(text.text, max(0, begin - _REACH), begin)
    if not found:
        return text
    plain = arabic_word(source, min(source_words(source, requirement)) - 1)
    if not (plain in _FLIGHT or plain[1:] in _FLIGHT) or not set(requirement.match.proclitics) <= {"ل"}:
        return text
    if is_attributive(replace(text, begin=term, end=end)) or text.text[end : end + 1] in {"'", "’"}:
        return text
    if found.group("to"):
        text = move(text, found.start(), found.end() - 1, end)
        return splice(text, found.start(), found.start(), " for")
    surplus = found.end("by") - found.end("flee")
    text = splice(text, found.end("flee"), found.end("by"), "")
    return move(text, found.start(), found.end("flee"), end - surplus)


def _adjective(source: str, text: Candidate, place: int) -> Candidate:
    """An adjective left behind its noun, as in Arabic: `its commanders remaining.` -> `its remaining commanders.`."""
    requirement, begin, end = text.held[place]
    behind = _BEHIND.match(text.text, end)
    if not behind or behind.group(1) or not _ADJECTIVE.search(behind.group(2)) or not text.text[:begin].endswith(" "):
        return text
    if not _ENDED.match(text.text, behind.end()) or requirement.match.term.number == "name":
        return text
    follows = max(source_words(source, requirement)) + 1
    links, told = aligned(text, behind.span(2)), any(word == follows for word, _, _ in text.links)
    alone = not told and behind.group(2).endswith("ing")  # a verb of the past may be the sentence's own
    if (
        links != ({follows} if told else set())
        or not (told or alone)
        or not arabic_word(source, follows).startswith("ال")
    ):
        return text
    return move(text, end, behind.end(), begin - 1)


def _governed(source: str, text: Candidate, place: int) -> Candidate:
    """A preposition that the verb has in Arabic: `inflicted by |the group` for لحقت بالتنظيم -> `inflicted on`."""
    requirement, term, _ = text.held[place]
    begin = _phrase(text, term)
    for row in GOVERNED:
        found = row.found.search(text.text, max(0, begin - _REACH), begin)
        if found and row.arabic.search(key(source[: requirement.match.stem_begin])):
            return splice(text, *found.span(1), row.put, same=bool(found.group(1)))
    return text


def _part(source: str, text: Candidate, place: int) -> Candidate:
    """A part of a place: `the Left Bank |from| the city` -> `the Left Bank |of| the city`."""
    requirement, begin, end = text.held[place]
    found = _FROM.match(text.text, end)
    part = text.text[begin:end].rpartition(" ")[2].casefold() in _PARTS
    if not found or not part or arabic_word(source, max(source_words(source, requirement)) + 1) != "من":
        return text
    return splice(text, *found.span(1), "of", same=True)


def _acts(source: str, text: Candidate, noun: Span, requirement: Requirement, *, reach: int) -> bool:
    """Whether an English noun is an action that the Arabic straight before a term says, in a construct with it."""
    said = text.text[noun[0] : noun[1]].casefold()
    if not _ACTION.search(said) or said in _NO_ACTION:
        return False
    links, first = aligned(text, noun), min(source_words(source, requirement))
    if not links or not first - reach <= min(links) <= max(links) < first:
        return False
    return all(_construct(arabic_word(source, n)) for n in range(min(links), first))


def _construct(plain: str) -> bool:
    """Whether an Arabic word may have its owner, or what it is done to, straight behind it: no article, no particle."""
    return len(plain) >= _LONG and plain[0].isalpha() and _HAS_ARTICLE.match(plain) is None


def _without_determiner(text: str, begin: int) -> int:
    """Where the article or pronoun before a place begins; the place itself where there is none."""
    before = text[max(0, begin - _DETERMINER) : begin]
    last = before.split()[-1:] if before[-1:].isspace() else []
    return text.rindex(last[0], 0, begin) if last and last[0].casefold() in _DETERMINERS else begin


def _phrase(text: Candidate, begin: int) -> int:
    """Where the noun phrase of a term begins: `|the group's |members`, `|many |ISIS militants`."""
    while True:
        led = [b for _, b, e in text.held if 0 < begin - e <= _APART and _OWNS.fullmatch(text.text, e, begin)]
        if not led and _without_determiner(text.text, begin) == begin:
            return begin
        begin = led[0] if led else _without_determiner(text.text, begin)


_RULES: tuple[tuple[Callable[[str, Candidate, int], Candidate], re.Pattern[str]], ...] = (
    (_of, re.compile(r"(?:[st]ion|ment|ance|use|pursuit|seizure|loss|defeat|capture|siege|rescue) (?!of\b)")),
    (_agent, re.compile(r" of ")),
    (_in_flight, re.compile(r"\b(?:fled|flee|escap)")),
    (_adjective, re.compile(r"")),
    (_governed, re.compile(r"\b(?:inflicted by|fled|flee\w*|[Tt]urn(?:s|ed|ing)? to)\b")),
    (_part, _FROM),
)
"""Each rule, and what the English of a sentence has in it where the rule may have something to do."""

"""Finding terms in Arabic text: where they stand, in what clothing, and why.

Every listed form becomes a path through one tree of folded words; every word of a text is undressed in at most six ways
(`clitics.peel`) and looked up. What a run of written words may be is worked out once and remembered (`_State`), so that
the cost of a text does not depend on the number of terms. Where a term counts is asked of `context`. This module knows
nothing of English beyond carrying the term along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import prod
from operator import itemgetter
from typing import NamedTuple

from glossary.clitics import Shape, enclitic, peel, shapes, split_article
from glossary.context import WORD, Context, Place, Tokens, Wanted, counted, joined, owned
from glossary.fold import INVISIBLE, MARKS, fold, key
from glossary.ordinary import ORDINARY
from glossary.terms import Term, TermBase

_BARRIER = re.compile(rf"[^\s{INVISIBLE}{MARKS}]")
_BRACKETS = {ord("["): " ", ord("]"): " "}
_MOST_REMEMBERED = 200_000
"""Distinct words, and runs of words that begin like a term, of which the readings are kept."""
_LONGEST_OWNER = 2
"""Words between a noun and its two adjectives: ساحلي الموصل الأيمن والأيسر, ساحلي نهر دجلة الأيمن والأيسر."""
_MOST_SHAPES = 256
"""Written shapes of one listed form; every dual or sound plural in it multiplies them by four."""
_PREFERENCE = {"pl": 0, "sg": 1, "mass": 1, "name": 1, "du": 2}
"""Which number a surface has when the listing allows two: مسلحين is written for the plural far more than the dual."""
_SHOWN_NUMBER = {"mass": "sg", "name": "sg"}
_FIRST = itemgetter(1)


@dataclass(frozen=True, slots=True)
class Match:
    """One occurrence of a term."""

    term: Term
    begin: int
    """Offsets in the original text of the whole words, clitics included."""
    end: int
    stem_begin: int
    """Offsets of the term itself, article included: without و ف ب ك ل in front and without a pronoun behind."""
    stem_end: int
    proclitics: tuple[str, ...]
    """("و", "ب")"""
    definite: bool
    """An article is written on one of its words."""
    number: str
    """"sg", "du", "pl" or "unknown"."""
    enclitic: str
    """"هم" - the pronoun on its first or last word."""
    why: str
    """"و+ب+مفارز\""""
    surface: str
    """The original text from `begin` to `end`."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a terminologist should know about an entry; nothing is broken."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class _Reading(NamedTuple):
    """One way a word of the text may be a word of a term."""

    stem: str
    proclitics: tuple[str, ...]
    definite: bool
    enclitic: str
    accusative: bool
    skip: int


class _Slot(NamedTuple):
    """What one word of a listed form allows."""

    shape: Shape
    article: bool
    """The listing has an article here."""
    optional: bool
    """The text may differ from the listing in that."""
    pronoun: bool
    """A pronoun may be attached here."""


class _Pattern(NamedTuple):
    """One written shape of one listed form."""

    term: Term
    form: str
    number: str
    slots: tuple[_Slot, ...]
    ahead: int
    """How many of the last slots only have to follow and are not part of the match."""
    rank: int
    context: Context


@dataclass(slots=True)
class _Node:
    """A place in the tree: the words so far."""

    children: dict[str, _Node] = field(default_factory=dict)
    patterns: list[_Pattern] = field(default_factory=list)


class _Family(NamedTuple):
    """Terms that share a first word and differ in the second: الساحل الأيمن, الساحل الأيسر."""

    dual: bool
    members: dict[str, Term]
    """By their second word, folded and without article."""


class _Found(NamedTuple):
    """What one run of written words is, wherever it stands: a form of a term, and its clothing."""

    term: Term
    context: Context
    size: int
    """Words."""
    proclitics: tuple[str, ...]
    definite: bool
    enclitic: str
    accusative: bool
    why: str
    rank: int
    form: str
    """As listed."""
    listed: str
    """The number of the form as listed."""
    margins: tuple[int, int, int, int]
    """Letters of the first word before its first and before the stem; of the last word behind its last, the stem."""


class _Candidate(NamedTuple):
    """A run of words that may be a term; they sort as they win: longest, leftmost, the preferred, the plainest."""

    size: int
    """Less than 0."""
    first: int
    rank: int
    length: int
    """Of its explanation."""
    serial: int
    found: _Found
    number: str
    reason: str
    """Why it does not count, by its own context; empty when it does."""

    @property
    def words(self) -> range:
        return range(self.first, self.first - self.size)


class _Readings(dict[str, tuple[_Reading, ...]]):
    """Word of the text -> its readings, worked out once."""

    def __init__(self, stems: Iterable[str]) -> None:
        super().__init__()
        self.stems = frozenset(stems)

    def __missing__(self, word: str) -> tuple[_Reading, ...]:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        readings = self[word] = tuple(self._read(word))
        return readings

    def _read(self, word: str) -> Iterator[_Reading]:
        """The ways to undress a word whose rest is a word of some term."""
        stems = self.stems
        for way in peel(key(word)):
            proclitics, definite, rest, skip = way
            if rest in stems:
                yield _Reading(rest, proclitics, definite, "", False, skip)
            if definite:
                continue
            if rest[-1] == "ا" and len(rest) > 2 and rest[:-1] in stems:
                yield _Reading(rest[:-1], proclitics, False, "", True, skip)
            pronoun = enclitic(rest)
            if pronoun and rest[: -len(pronoun)] in stems and not _closed(word):
                yield _Reading(rest[: -len(pronoun)], proclitics, False, pronoun, False, skip)


class _State:
    """What a run of written words may be: the terms it is, and those that it begins."""

    __slots__ = ("found", "next", "paths", "ways", "words")

    def __init__(self, words: tuple[str, ...], paths: list[tuple[_Node, tuple[_Reading, ...]]]) -> None:
        self.words = words
        self.paths = [(node, path) for node, path in paths if node.children]
        self.found = [
            _found(pattern, words, path) for node, path in paths for pattern in node.patterns if _fits(pattern, path)
        ]
        self.ways: tuple[tuple[_Reading, _Family], ...] = ()
        """Readings of a first word that begin a family."""
        self.next: dict[str, _State | None] = {}


class _Beginnings(dict[str, "_State | None"]):
    """First word of a run -> what it may begin; None for nearly all. Worked out once, all forgotten when too many."""

    def __init__(self, root: _Node, families: dict[str, _Family], readings: _Readings) -> None:
        super().__init__()
        self._root, self._families, self._readings = root, families, readings
        self._further = 0

    def __missing__(self, word: str) -> _State | None:
        self._forget_if_full()
        state = self[word] = self._state(word)
        return state

    def _state(self, word: str) -> _State | None:
        ways = self._readings[word]
        if not ways:
            return None
        children = self._root.children
        state = _State((word,), [(children[way.stem], (way,)) for way in reversed(ways) if way.stem in children])
        state.ways = tuple((way, self._families[way.stem]) for way in ways if way.stem in self._families)
        return state if state.found or state.paths or state.ways else None

    def _forget_if_full(self) -> None:
        if len(self) + self._further >= _MOST_REMEMBERED:
            self.clear()
            self._further = 0

    def further(self, state: _State, word: str) -> _State | None:
        """What the run is with one word more."""
        if word in state.next:
            return state.next[word]
        self._forget_if_full()
        ways = [way for way in reversed(self._readings[word]) if not way.proclitics]
        paths = [
            (node.children[way.stem], (*path, way))
            for node, path in state.paths
            for way in ways
            if way.stem in node.children
        ]
        made = state.next[word] = _State((*state.words, word), paths) if paths else None
        self._further += 1
        return made


def _closed(word: str) -> bool:
    """Whether the last letter is ة, which is never the pronoun ه."""
    folded = fold(word)
    return word[folded.offsets[len(folded.text) - 1]] == "ة"


class Matcher:
    """The compiled term base."""

    def __init__(self, base: TermBase) -> None:
        self.base = base
        self.warnings: list[Caution] = []
        self._root = _Node()
        self._families: dict[str, _Family] = {}
        contexts: list[Context] = []
        for rank, term in enumerate(sorted(base.terms, key=lambda term: term.status != "preferred")):
            context = Context(term.context)
            contexts.append(context)
            for form, number in term.listed():
                self._add(term, form, number, rank, context)
        self._add_families()
        adjectives = (stem for family in self._families.values() for stem in family.members)
        self._readings = _Readings({*_stems(self._root), *self._families, *adjectives})
        self._beginnings = _Beginnings(self._root, self._families, self._readings)
        self._wanted = Wanted(contexts)
        self._warn_ordinary()

    def find(self, text: str, around: frozenset[str] = frozenset()) -> list[Match]:
        """`'وبمفارز الإعدامات'` -> one match that says `و+ب+مفارز الإعدامات`: longest, then leftmost, in order.

        `around` is what `surroundings` says of the article the text belongs to.
        """
        tokens, candidates = self._candidates(text)
        if not candidates:
            return []
        winners = _winners(self._near_enough(candidates, tokens, around))
        return [_match(text, tokens, winner) for winner in winners]

    def explain(self, text: str, around: frozenset[str] = frozenset()) -> list[tuple[Match, str | None]]:
        """All that could have matched, in order; a suppressed one comes with the reason, a counted one with None."""
        tokens, candidates = self._candidates(text)
        return _settled(text, tokens, self._near_enough(candidates, tokens, around))

    def surroundings(self, text: str) -> frozenset[str]:
        """The words that some term wants to have near and that stand in this text, in any clothing."""
        if not self._wanted.every:
            return frozenset()
        return frozenset().union(*map(self._wanted.__getitem__, WORD.findall(text)))

    # ---- compiling

    def _add(self, term: Term, form: str, number: str, rank: int, context: Context) -> None:
        words = [word for word in WORD.findall(form) if key(word)]
        ahead = sum(bool(key(word)) for word in WORD.findall(form.partition("[")[2]))
        rigid = number == "name" or "as-written" in context.kinds
        if not words:
            self.warnings.append(Caution(term.file, term.line, f"{term.source}: {form} has no letters; never matches"))
            return
        if any(_BARRIER.search(gap) for gap in WORD.split(form.translate(_BRACKETS))):
            text = f"{term.source}: {form} has punctuation in it, which never joins words; write it without"
            self.warnings.append(Caution(term.file, term.line, text))
        slots = [_slots(word, number, i, len(words), rigid) for i, word in enumerate(words)]
        if prod(map(len, slots)) > _MOST_SHAPES:
            text = f"{term.source}: {form} has too many shapes; found only as listed"
            self.warnings.append(Caution(term.file, term.line, text))
            slots = [shapes_of_word[:1] for shapes_of_word in slots]
        for chosen in product(*slots):
            node = self._root
            for slot in chosen:
                node = node.children.setdefault(slot.shape.stem, _Node())
            pattern = _Pattern(term, form, number, chosen, ahead, rank, context)
            self._warn_shadowed(node, pattern)
            if not any(other.term is term and other[2:4] == pattern[2:4] for other in node.patterns):
                node.patterns.append(pattern)

    def _warn_shadowed(self, node: _Node, pattern: _Pattern) -> None:
        for other in node.patterns:
            same = other.term is not pattern.term and other.ahead == pattern.ahead
            if same and not (pattern.term.exact or pattern.term.context or other.term.context):
                first = f"{other.term.source} ({other.term.file}:{other.term.line})"
                text = f"{pattern.term.source}: {pattern.form} is already a form of {first} and never matches here"
                caution = Caution(pattern.term.file, pattern.term.line, text)
                if caution not in self.warnings:
                    self.warnings.append(caution)

    def _add_families(self) -> None:
        """`الساحلين الأيمن والأيسر`: two-word terms listed with two articles, grouped by their first word."""
        for term in self.base.terms:
            words = WORD.findall(term.source)
            if len(words) != 2 or term.number != "sg" or any(c.kind == "as-written" for c in term.context):
                continue
            (one, noun, noun_key), (two, _, adjective) = (split_article(word, key(word)) for word in words)
            if not (one and two):
                continue
            base = noun_key[:-1] + "ت" if noun.endswith("ة") else noun_key
            for stem in (noun_key, *(base + ending for ending in ("ان", "ين", "ا", "ي"))):
                self._families.setdefault(stem, _Family(stem != noun_key, {})).members.setdefault(adjective, term)

    def _warn_ordinary(self) -> None:
        for word in dict.fromkeys(ORDINARY):
            for match in self.find(word, self._wanted.every):
                if word not in (match.term.source, *match.term.forms):
                    text = f"{match.term.source}: the ordinary word {word} also matches, as {match.why}"
                    self.warnings.append(
                        Caution(match.term.file, match.term.line, f"{text}. Write never:{word} in context to forbid it")
                    )

    # ---- searching

    def _candidates(self, text: str) -> tuple[Tokens, list[_Candidate]]:
        beginnings = self._beginnings
        written = WORD.findall(text)
        states = list(map(beginnings.__getitem__, written))
        begun = [first for first, state in enumerate(states) if state is not None]
        if not begun:
            return (), []
        tokens = list(WORD.finditer(text))
        made: list[_Candidate] = []
        for first in begun:
            state, at = states[first], first
            ways = state.ways if state else ()
            while state is not None:
                for found in state.found:
                    self._add_candidate(text, tokens, first, found, made)
                if not state.paths or not joined(text, tokens, at):
                    break
                at += 1
                state = beginnings.further(state, written[at])
            if ways:
                self._coordinate(text, tokens, first, ways, made)
        return tokens, made

    def _near_enough(self, candidates: list[_Candidate], tokens: Tokens, around: frozenset[str]) -> list[_Candidate]:
        """Gives a reason to those whose `near` words stand neither in the text nor around it."""
        if not any(candidate.found.context.near for candidate in candidates):
            return candidates
        here = around.union(*(self._wanted[token[0]] for token in tokens))
        return [
            candidate
            if candidate.reason or not (wanted := candidate.found.context.near) or wanted & here
            else candidate._replace(reason=f"only near {' or '.join(sorted(wanted))}")
            for candidate in candidates
        ]

    @staticmethod
    def _add_candidate(text: str, tokens: Tokens, first: int, found: _Found, made: list[_Candidate]) -> None:
        """One more that may be a term here."""
        if found.term.exact and not _verbatim(text, tokens, first, found):
            return
        number = found.listed
        number = counted(text, tokens, first) if number == "sg" else _SHOWN_NUMBER.get(number, number)
        if number == "sg" and found.accusative and owned(text, tokens, first + found.size - 1):
            number = "du"  # قائدا الجيش: an accusative is indefinite, the construct of a dual is written the same
        context, reason = found.context, ""
        if context.kinds:
            begin, end, stem_begin, _ = _offsets(tokens, first, found)
            noun = found.definite or found.accusative or number != "sg"
            place = Place(begin, end, stem_begin, first, first + found.size, found.definite, found.enclitic, noun)
            reason = context.refuse(text, tokens, place)
        made.append(_Candidate(-found.size, first, found.rank, len(found.why), len(made), found, number, reason))

    def _coordinate(
        self,
        text: str,
        tokens: Tokens,
        first: int,
        ways: tuple[tuple[_Reading, _Family], ...],
        made: list[_Candidate],
    ) -> None:
        """`الساحلين الأيمن والأيسر`, `ساحلي الموصل الأيمن`: the noun is said once, or its owner stands between."""
        for way, family in ways:
            if way.definite or way.enclitic:
                self._pair(text, tokens, first, first + 1, way, family, made)
                continue
            for owner in range(1, _LONGEST_OWNER + 1):
                if self._pair(text, tokens, first, first + 1 + owner, way, family, made):
                    break

    def _pair(
        self,
        text: str,
        tokens: Tokens,
        first: int,
        at: int,
        way: _Reading,
        family: _Family,
        made: list[_Candidate],
    ) -> bool:
        """The adjectives at `at` and behind it that belong to the noun at `first`; whether there are any."""
        if not all(joined(text, tokens, index) for index in range(first, at)):
            return False
        owned = at > first + 1
        count = len(made)
        left = self._member(family, tokens[at][0], ())
        if left and (family.dual or owned):
            begin = at if owned else first
            proclitics, skip = ((), 0) if owned else (way.proclitics, way.skip)
            noun = tokens[first][0] if owned else _plain(tokens[first][0], skip, definite=way.definite)
            why = "+".join([*proclitics, f"({noun} …) {tokens[at][0]}" if owned else f"{noun} {tokens[at][0]}"])
            made.append(_shared(tokens, begin, at + 1, left, proclitics, skip, why, len(made)))
        right, behind, joint = self._second(text, tokens, at, family)
        if right and (left or (family.dual and way.definite)):
            why = "+".join([*joint, f"({tokens[first][0]} …) {_plain(tokens[behind][0], len(joint))}"])
            made.append(_shared(tokens, behind, behind + 1, right, joint, len(joint), why, len(made)))
        return len(made) > count

    def _member(self, family: _Family, word: str, proclitics: tuple[str, ...]) -> Term | None:
        for way in self._readings[word]:
            if way.definite and way.proclitics == proclitics and way.stem in family.members:
                return family.members[way.stem]
        return None

    def _second(self, text: str, tokens: Tokens, at: int, family: _Family) -> tuple[Term | None, int, tuple[str, ...]]:
        """The adjective behind `و`, written together or apart; the number of its word; what is written onto it."""
        if not joined(text, tokens, at):
            return None, at, ()
        if tokens[at + 1][0] == "و":
            apart = joined(text, tokens, at + 1)
            return (self._member(family, tokens[at + 2][0], ()) if apart else None), at + 2, ()
        return self._member(family, tokens[at + 1][0], ("و",)), at + 1, ("و",)


def _stems(root: _Node) -> Iterator[str]:
    nodes = [root]
    while nodes:
        node = nodes.pop()
        yield from node.children
        nodes.extend(node.children.values())


def _slots(word: str, number: str, index: int, size: int, rigid: bool) -> list[_Slot]:
    """The shapes one word of a listed form may take, and what each may carry."""
    article, plain, folded = split_article(word, key(word))
    optional = not rigid and (size > 1 or not article)
    pronoun = not rigid and index in (0, size - 1) and (optional or not article)
    if rigid and number == "name":
        number = "sg"
    return [
        _Slot(shape if not rigid else _bare(shape), article, optional, pronoun)
        for shape in shapes(plain, folded, number)
        if shape.free or pronoun
    ]


def _bare(shape: Shape) -> Shape:
    return Shape(shape.stem, shape.shown, shape.free, False, False)


def _fits(pattern: _Pattern, path: tuple[_Reading, ...]) -> bool:
    """Whether articles and endings in the text are ones the listing allows."""
    as_listed = True
    pronouns = 0
    for slot, way in zip(pattern.slots, path, strict=True):
        if way.definite != slot.article:
            if not slot.optional:
                return False
            as_listed = False
        if way.enclitic:
            if not (slot.shape.bound and slot.pronoun):
                return False
            pronouns += 1
        elif way.accusative:
            if not slot.shape.accusative:
                return False
        elif not slot.shape.free:
            return False
    if pronouns > 1 or (len(path) > 1 and path[0].enclitic and not path[1].definite):
        return False
    if any(one.accusative and other.definite for one, other in pairwise(path)):
        return False  # `وزيرا الخارجية` is a dual: an accusative is indefinite, and so is what belongs to it
    return as_listed or _agree(path)


def _agree(path: tuple[_Reading, ...]) -> bool:
    """Once one word is definite, so are all behind it: not `الطائرات مسيرة`, "the planes are driven"."""
    articles = [way.definite for way in path]
    return articles == sorted(articles)


def _show(slot: _Slot, way: _Reading) -> str:
    """`ال+ديوان` where the text adds an article, `الساحل` where the listing has it, `مفرزة+ها`, `إصدار+ا`."""
    article = "" if not way.definite else "ال" if slot.article else "ال+"
    ending = way.enclitic or ("ا" if way.accusative else "")
    return article + slot.shape.shown + (f"+{ending}" if ending else "")


def _plain(word: str, skip: int, *, definite: bool = False) -> str:
    """`('بالساحلين', 1)` -> `'الساحلين'`: the word as it stands, without its first folded letters.

    In للساحلين the alif of the article is not written; a `definite` word gets it back.
    """
    folded = fold(word)
    begin, end = folded.span(skip, len(folded.text))
    return "ا" + word[begin:end] if definite and folded.text[skip] == "ل" else word[begin:end]


def _found(pattern: _Pattern, words: tuple[str, ...], path: tuple[_Reading, ...]) -> _Found:
    """What these words are when they are read as this form."""
    size = len(path) - pattern.ahead
    path, slots = path[:size], pattern.slots[:size]
    unlisted = any(way.definite != slot.article for slot, way in zip(slots, path, strict=True))
    return _Found(
        pattern.term,
        pattern.context,
        size,
        path[0].proclitics,
        any(way.definite for way in path),
        next((way.enclitic for way in path if way.enclitic), ""),
        path[-1].accusative,
        "+".join([*path[0].proclitics, " ".join(map(_show, slots, path))]),
        (pattern.rank * len(_PREFERENCE) + _PREFERENCE[pattern.number]) * 2 + unlisted,
        pattern.form,
        pattern.number,
        _margins(words[0], words[size - 1], path[0].skip, len(path[-1].enclitic)),
    )


def _shared(
    tokens: Tokens, first: int, behind: int, term: Term, proclitics: tuple[str, ...], skip: int, why: str, serial: int
) -> _Candidate:
    """A term whose noun is said once for two, or apart from it."""
    margins = _margins(tokens[first][0], tokens[behind - 1][0], skip, 0)
    found = _Found(
        term, Context(term.context), behind - first, proclitics, True, "", False, why, 0, term.source, "sg", margins
    )
    return _Candidate(first - behind, first, 0, len(why), serial, found, "sg", "")


def _margins(one: str, last: str, skip: int, tail: int) -> tuple[int, int, int, int]:
    """Of the first and the last word: letters in front of the term and of its stem, and letters behind."""
    front, back = fold(one), fold(last)
    return (
        front.offsets[0],
        front.offsets[skip],
        len(last) - back.ends[-1],
        len(last) - back.ends[-1 - tail],
    )


def _offsets(tokens: Tokens, first: int, found: _Found) -> tuple[int, int, int, int]:
    """Begin and end in the text: of the words, then of the stem."""
    start, end = tokens[first].start(), tokens[first + found.size - 1].end()
    lead, skip, trail, tail = found.margins
    return start + lead, end - trail, start + skip, end - tail


def _match(text: str, tokens: Tokens, candidate: _Candidate) -> Match:
    found = candidate.found
    begin, end, stem_begin, stem_end = _offsets(tokens, candidate.first, found)
    return Match(
        found.term,
        begin,
        end,
        stem_begin,
        stem_end,
        found.proclitics,
        found.definite,
        candidate.number,
        found.enclitic,
        found.why,
        text[begin:end],
    )


def _verbatim(text: str, tokens: Tokens, first: int, found: _Found) -> bool:
    """An exact entry has to be there letter for letter; what is attached to it is free."""
    _, _, begin, end = _offsets(tokens, first, found)
    shown = " ".join(found.form.split())
    return " ".join(text[begin:end].split()) in (shown, "ال" + shown)


def _winners(candidates: list[_Candidate]) -> list[_Candidate]:
    """Those that count, in the order of the text: longest, then leftmost."""
    taken: set[int] = set()
    kept = []
    for candidate in sorted(candidates):
        if not candidate.reason and taken.isdisjoint(candidate.words):
            taken.update(candidate.words)
            kept.append(candidate)
    return sorted(kept, key=_FIRST)


def _settled(text: str, tokens: Tokens, candidates: list[_Candidate]) -> list[tuple[Match, str | None]]:
    """All of them in the order of the text; each loser is told by whom it was beaten."""
    taken: dict[int, _Candidate] = {}
    settled: dict[tuple[int, int, int], tuple[_Candidate, str | None]] = {}
    for candidate in sorted(candidates):
        place = (candidate.first, candidate.size, id(candidate.found.term))
        if candidate.reason:
            settled.setdefault(place, (candidate, candidate.reason))
            continue
        winner = next((taken[n] for n in candidate.words if n in taken), None)
        if winner is None:
            taken |= dict.fromkeys(candidate.words, candidate)
            settled[place] = (candidate, None)
        else:
            won = _match(text, tokens, winner)
            settled.setdefault(place, (candidate, f"inside {won.term.source} ({won.surface})"))
    rows = [(_match(text, tokens, candidate), reason, candidate.rank) for candidate, reason in settled.values()]
    rows.sort(key=lambda row: (row[0].begin, -row[0].end, row[2]))
    return [(match, reason) for match, reason, _ in rows]

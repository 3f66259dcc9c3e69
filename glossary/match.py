"""Finding terms in Arabic text: where they stand, in what clothing, and why.

Every listed form becomes a path through one tree of folded words; every word of a text is undressed in at most six ways
(`clitics.peel`) and looked up. What a run of written words may be is worked out once and remembered (`_State`), so that
the cost of a text does not depend on the number of terms. Where a term counts is asked of `context`. This module knows
nothing of English beyond carrying the term along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import compress, pairwise, product
from math import prod
from operator import itemgetter
from typing import NamedTuple

from glossary.clitics import (
    ACCUSATIVE,
    ARTICLE,
    CONJUNCTIONS,
    ENCLITICS,
    PREPOSITIONS,
    Shape,
    enclitic,
    peel,
    shapes,
    split_article,
)
from glossary.context import WORD, Context, Place, Tokens, Wanted, counted, joined, owned
from glossary.fold import INVISIBLE, MARKS, fold, key
from glossary.ordinary import ORDINARY
from glossary.terms import Condition, Term, TermBase

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
_FRONT = frozenset((*CONJUNCTIONS, *PREPOSITIONS, ARTICLE[0]))
_BACK = frozenset((*(pronoun[-1] for pronoun in ENCLITICS), ACCUSATIVE))
"""First and last letters of what may be taken off a word."""
_DRESSED, _UNDRESSED = range(1), range(len(ARTICLE) + 3)
"""Where the rest of a word may begin that begins like no clothing, and of any other."""
_LONGEST_END = 1 + max(map(len, ENCLITICS))
_FIRST = itemgetter(1)
_made = tuple.__new__
"""Of a named tuple, without the detour over its own `__new__`: a text has many."""


class Match(NamedTuple):
    """One occurrence of a term; a tuple, because a text has many."""

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
    _onward: Set[str] | None = None

    def onward(self) -> Set[str]:
        """The words that may follow; one object for all words of a text that lead here."""
        if self._onward is None:
            self._onward = self.children.keys()
        return self._onward


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
    length: int
    """Of `why`."""
    rank: int
    form: str
    """As listed."""
    listed: str
    """The number of the form as listed."""
    always: bool
    """It counts wherever it stands: no condition, no spelling to keep, no ending that may mean something else."""
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


class _State:
    """What a run of written words may be: the terms it is, and those that it begins."""

    __slots__ = ("adjectives", "found", "next", "onward", "paths", "ways", "words")

    def __init__(
        self,
        words: tuple[str, ...],
        paths: Sequence[tuple[_Node, tuple[_Reading, ...]]],
        ways: tuple[tuple[_Reading, _Family], ...] = (),
    ) -> None:
        self.words, self.ways = words, ways
        """The written words, and the readings of a first one that begin a family."""
        self.adjectives: Set[str] | None = _adjectives(ways)
        """One of which has to follow, where there are ways; None where that does not settle it."""
        self.paths = tuple((node, path) for node, path in paths if node.children)
        self.onward: Set[str] = frozenset()
        """Every word that a term may go on with."""
        if self.paths:
            first, *others = (node.children.keys() for node, _ in self.paths)
            self.onward = first if not others else frozenset(first).union(*others)
        self.found = tuple(
            _found(pattern, words, path) for node, path in paths for pattern in node.patterns if _fits(pattern, path)
        )
        self.next: dict[str, _State | None] | None = None
        """None where nothing was ever asked: there are many of these."""


def _adjectives(ways: Sequence[tuple[_Reading, _Family]]) -> Set[str] | None:
    """The second words of all families that a word begins; a definite dual is looked at whatever follows."""
    if any(family.dual and (way.definite or way.enclitic) for way, family in ways):
        return None
    return frozenset[str]().union(*(family.members for _, family in ways))


class _Word:
    """What a word of the text may be, wherever it stands."""

    __slots__ = ("adjectives", "onward", "readings", "state", "stems")

    def __init__(self, readings: tuple[_Reading, ...], state: _State | None, onward: Set[str] | None) -> None:
        self.readings, self.state = readings, state
        """The state is made late where it takes a second word to be a term: most words never have that behind them."""
        self.onward = onward
        """Every word that a term may go on with; None where it begins none."""
        if len(readings) == 1:
            ((stem, proclitics, definite, _, _, _),) = readings
            self.stems: tuple[str, ...] = () if proclitics else (stem,)
            self.adjectives: tuple[str, ...] = self.stems if definite else ()
            return
        inside = [way for way in readings if not way.proclitics]
        self.stems = tuple({way.stem for way in inside})
        """Of terms that it may stand in with something before it."""
        self.adjectives = tuple({way.stem for way in inside if way.definite})


class _Words(dict[str, _Word | None]):
    """Word of the text -> what it may be; None for nearly all. Worked out once, all forgotten when there are many."""

    def __init__(self, root: _Node, families: dict[str, _Family]) -> None:
        super().__init__()
        self._root, self._families = root, families
        self._further = 0
        adjectives = (stem for family in families.values() for stem in family.members)
        self._stems = frozenset((*_stems(root), *families, *adjectives))

    def __missing__(self, word: str) -> _Word | None:
        if len(self) + self._further >= _MOST_REMEMBERED:
            self._forget()
        folded = key(word)
        readings = tuple(self._read(word, folded)) if self._may(folded) else ()
        made = self[word] = self._word(word, readings) if readings else None
        return made

    def _forget(self) -> None:
        self.clear()
        self._further = 0

    def _read(self, word: str, folded: str) -> Iterator[_Reading]:
        """The ways to undress a word whose rest is a word of some term."""
        stems = self._stems
        for way in peel(folded):
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

    def _may(self, folded: str) -> bool:
        """A glance before anything is undressed: False for nearly all words of which no rest is a word of some term."""
        stems = self._stems
        if folded in stems:
            return True
        front, back = folded[:1] in _FRONT, folded[-1:] in _BACK
        if not (front or back):
            return False
        size = len(folded)
        shortest = size - _LONGEST_END if back else size - 1
        for begin in _UNDRESSED if front else _DRESSED:
            for end in range(size, shortest, -1):
                if folded[begin:end] in stems:
                    return True
        return False

    def _word(self, word: str, readings: tuple[_Reading, ...]) -> _Word:
        """What the word may be; what it begins is only looked at."""
        children, families = self._root.children, self._families
        nodes = [children[way.stem] for way in readings if way.stem in children]
        if any(node.patterns for node in nodes) or any(way.stem in families for way in readings):
            state = self._begun(word, readings)
            return _Word(readings, state, state.onward if state else None)
        if not nodes:
            return _Word(readings, None, None)
        if len(nodes) == 1:
            return _Word(readings, None, nodes[0].onward())
        return _Word(readings, None, frozenset[str]().union(*(node.children for node in nodes)))

    def state(self, word: str, known: _Word) -> _State | None:
        """What it begins."""
        if known.state is None and known.onward is not None:
            known.state = self._begun(word, known.readings)
        return known.state

    def _begun(self, word: str, readings: tuple[_Reading, ...]) -> _State | None:
        children, families = self._root.children, self._families
        paths = [(children[way.stem], (way,)) for way in reversed(readings) if way.stem in children]
        ways = tuple((way, families[way.stem]) for way in readings if way.stem in families)
        state = _State((word,), paths, ways) if paths or ways else None
        return state if state and (state.found or state.paths or ways) else None

    def further(self, state: _State, word: str) -> _State | None:
        """What the run is with one word more."""
        if state.next is None:
            state.next = {}
        elif word in state.next:
            return state.next[word]
        if len(self) + self._further >= _MOST_REMEMBERED:
            self._forget()
        known = self[word]
        ways = [way for way in reversed(known.readings if known else ()) if not way.proclitics]
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
        contexts: dict[tuple[Condition, ...], Context] = {}
        for rank, term in enumerate(sorted(base.terms, key=lambda term: term.status != "preferred")):
            context = contexts.get(term.context)
            if context is None:  # nearly all terms have no condition: one object for all of them
                context = contexts[term.context] = Context(term.context)
            for form, number in term.listed():
                self._add(term, form, number, rank, context)
        self._add_families()
        self._words = _Words(self._root, self._families)
        self._wanted = Wanted(contexts.values())
        self._warn_ordinary()

    def find(self, text: str, around: frozenset[str] = frozenset()) -> list[Match]:
        """`'وبمفارز الإعدامات'` -> one match that says `و+ب+مفارز الإعدامات`: longest, then leftmost, in order.

        `around` is what `surroundings` says of the article the text belongs to.
        """
        tokens, candidates = self._candidates(text)
        if not candidates:
            return []
        winners = _winners(self._near_enough(candidates, tokens, around))
        return [_match(tokens, winner) for winner in winners]

    def explain(self, text: str, around: frozenset[str] = frozenset()) -> list[tuple[Match, str | None]]:
        """All that could have matched, in order; a suppressed one comes with the reason, a counted one with None."""
        tokens, candidates = self._candidates(text)
        return _settled(tokens, self._near_enough(candidates, tokens, around))

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
        """All that may be a term. Nearly all words begin none and cost one look-up."""
        written = WORD.findall(text)
        words = list(map(self._words.__getitem__, written))
        tokens, made, last = Tokens(text, written), list[_Candidate](), len(written) - 1
        for first in compress(range(len(words)), words):
            word = words[first]
            if word is None or word.onward is None:
                continue
            state = word.state
            if state is None:
                if first == last or (after := words[first + 1]) is None or word.onward.isdisjoint(after.stems):
                    continue
                state = self._words.state(written[first], word)
                if state is None:
                    continue
            ways, adjectives = state.ways, state.adjectives
            at = first
            while True:
                if state.found:
                    self._add_candidates(tokens, first, state.found, made)
                if at == last or (after := words[at + 1]) is None or state.onward.isdisjoint(after.stems):
                    break
                if not joined(tokens, at):
                    break
                at += 1
                state = self._words.further(state, written[at])
                if state is None:
                    break
            if ways and self._goes_on(words, first, adjectives):
                self._coordinate(tokens, words, first, ways, made)
        return tokens, made

    @staticmethod
    def _goes_on(words: list[_Word | None], first: int, adjectives: Set[str] | None) -> bool:
        """Whether an adjective of some family that a word begins stands near enough behind it."""
        if adjectives is None:
            return True
        for after in words[first + 1 : first + 2 + _LONGEST_OWNER]:
            if after is not None and after.adjectives and not adjectives.isdisjoint(after.adjectives):
                return True
        return False

    def _near_enough(self, candidates: list[_Candidate], tokens: Tokens, around: frozenset[str]) -> list[_Candidate]:
        """Gives a reason to those whose `near` words stand neither in the text nor around it."""
        if not self._wanted.every or not any(candidate.found.context.near for candidate in candidates):
            return candidates
        here = around.union(*map(self._wanted.__getitem__, tokens.written))
        return [
            candidate
            if candidate.reason or not (wanted := candidate.found.context.near) or wanted & here
            else candidate._replace(reason=f"only near {' or '.join(sorted(wanted))}")
            for candidate in candidates
        ]

    @staticmethod
    def _add_candidates(tokens: Tokens, first: int, those: Sequence[_Found], made: list[_Candidate]) -> None:
        """What the words that begin here may be."""
        single = ""
        for found in those:
            if found.listed == "sg":
                number = single = single or counted(tokens, first)
            else:
                number = _SHOWN_NUMBER.get(found.listed, found.listed)
            size, reason = found.size, ""
            if not found.always:
                if found.term.exact and not _verbatim(tokens, first, found):
                    continue
                # قائدا الجيش: an accusative is indefinite, the construct of a dual is written the same
                if number == "sg" and found.accusative and owned(tokens, first + size - 1):
                    number = "du"
                if found.context.kinds:
                    reason = _refused(tokens, first, found, number)
            fields = (-size, first, found.rank, found.length, len(made), found, number, reason)
            made.append(_made(_Candidate, fields))

    def _coordinate(
        self,
        tokens: Tokens,
        words: list[_Word | None],
        first: int,
        ways: tuple[tuple[_Reading, _Family], ...],
        made: list[_Candidate],
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

    def _pair(
        self, tokens: Tokens, first: int, at: int, way: _Reading, family: _Family, made: list[_Candidate]
    ) -> bool:
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

    def _member(self, family: _Family, word: str, proclitics: tuple[str, ...]) -> Term | None:
        known = self._words[word]
        for way in known.readings if known else ():
            if way.definite and way.proclitics == proclitics and way.stem in family.members:
                return family.members[way.stem]
        return None

    def _second(self, tokens: Tokens, at: int, family: _Family) -> tuple[Term | None, int, tuple[str, ...]]:
        """The adjective behind `و`, written together or apart; the number of its word; what is written onto it."""
        written = tokens.written
        if not joined(tokens, at):
            return None, at, ()
        if written[at + 1] == "و":
            apart = joined(tokens, at + 1)
            return (self._member(family, written[at + 2], ()) if apart else None), at + 2, ()
        return self._member(family, written[at + 1], ("و",)), at + 1, ("و",)


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
    why = "+".join([*path[0].proclitics, " ".join(map(_show, slots, path))])
    return _Found(
        pattern.term,
        pattern.context,
        size,
        path[0].proclitics,
        any(way.definite for way in path),
        next((way.enclitic for way in path if way.enclitic), ""),
        path[-1].accusative,
        why,
        len(why),
        (pattern.rank * len(_PREFERENCE) + _PREFERENCE[pattern.number]) * 2 + unlisted,
        pattern.form,
        pattern.number,
        not (pattern.term.exact or pattern.context.kinds or path[-1].accusative),
        _margins(words[0], words[size - 1], path[0].skip, len(path[-1].enclitic)),
    )


def _shared(
    tokens: Tokens, first: int, behind: int, term: Term, proclitics: tuple[str, ...], skip: int, why: str, serial: int
) -> _Candidate:
    """A term whose noun is said once for two, or apart from it."""
    margins = _margins(tokens.written[first], tokens.written[behind - 1], skip, 0)
    found = _Found(
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
        margins,
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
    last = first + found.size - 1
    behind = tokens.begin(last)
    end = behind + len(tokens.written[last])
    start = tokens.begin(first) if first != last else behind
    lead, skip, trail, tail = found.margins
    return start + lead, end - trail, start + skip, end - tail


def _refused(tokens: Tokens, first: int, found: _Found, number: str) -> str:
    """The reason why it does not count here, by the conditions of its term, or nothing."""
    begin, end, stem_begin, _ = _offsets(tokens, first, found)
    noun = found.definite or found.accusative or number != "sg"
    place = Place(begin, end, stem_begin, first, first + found.size, found.definite, found.enclitic, noun)
    return found.context.refuse(tokens, place)


def _match(tokens: Tokens, candidate: _Candidate) -> Match:
    found = candidate.found
    begin, end, stem_begin, stem_end = _offsets(tokens, candidate.first, found)
    fields = (found.term, begin, end, stem_begin, stem_end, found.proclitics, found.definite, candidate.number,
              found.enclitic, found.why, tokens.text[begin:end])  # fmt: skip
    return _made(Match, fields)


def _verbatim(tokens: Tokens, first: int, found: _Found) -> bool:
    """An exact entry has to be there letter for letter; what is attached to it is free."""
    _, _, begin, end = _offsets(tokens, first, found)
    shown = " ".join(found.form.split())
    return " ".join(tokens.text[begin:end].split()) in (shown, "ال" + shown)


def _winners(candidates: list[_Candidate]) -> list[_Candidate]:
    """Those that count, in the order of the text: longest, then leftmost."""
    kept, free = list[_Candidate](), 0
    for candidate in candidates:  # they come in that order; where no two share a word, each has won
        if not candidate[7]:
            if candidate[1] < free:
                break
            free = candidate[1] - candidate[0]
            kept.append(candidate)
    else:
        return kept
    taken: set[int] = set()
    kept = []
    for candidate in sorted(candidates):
        if not candidate.reason and taken.isdisjoint(candidate.words):
            taken.update(candidate.words)
            kept.append(candidate)
    return sorted(kept, key=_FIRST)


def _settled(tokens: Tokens, candidates: list[_Candidate]) -> list[tuple[Match, str | None]]:
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
            won = _match(tokens, winner)
            settled.setdefault(place, (candidate, f"inside {won.term.source} ({won.surface})"))
    rows = [(_match(tokens, candidate), reason, candidate.rank) for candidate, reason in settled.values()]
    rows.sort(key=lambda row: (row[0].begin, -row[0].end, row[2]))
    return [(match, reason) for match, reason, _ in rows]

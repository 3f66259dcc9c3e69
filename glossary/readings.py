"""What a word of a text may be, and what a run of words is: read off the tree once, then remembered.

Every word is undressed in at most six ways (`clitics.peel`) and looked up, so that the cost of a text does not depend
on the number of terms. Nothing here depends on where in a text the words stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from glossary.clitics import ACCUSATIVE, ARTICLE, CONJUNCTIONS, ENCLITICS, PREPOSITIONS, enclitic, peel
from glossary.context import Context
from glossary.fold import fold, key
from glossary.terms import Term
from glossary.tree import Family, Node, Pattern, Slot, Tree

_MOST_REMEMBERED = 200_000
"""Distinct words, and runs of words that begin like a term, of which the readings are kept."""
_PREFERENCE = {"pl": 0, "sg": 1, "mass": 1, "name": 1, "du": 2}
"""Which number a surface has when the listing allows two: مسلحين is written for the plural far more than the dual."""
_FRONT = frozenset((*CONJUNCTIONS, *PREPOSITIONS, ARTICLE[0]))
_BACK = frozenset((*(pronoun[-1] for pronoun in ENCLITICS), ACCUSATIVE))
"""First and last letters of what may be taken off a word."""
_DRESSED, _UNDRESSED = range(1), range(len(ARTICLE) + 3)
"""Where the rest of a word may begin that begins like no clothing, and of any other."""
_LONGEST_END = 1 + max(map(len, ENCLITICS))


class Reading(NamedTuple):
    """One way a word of the text may be a word of a term."""

    stem: str
    proclitics: tuple[str, ...]
    definite: bool
    enclitic: str
    accusative: bool
    skip: int


class Found(NamedTuple):
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


class State:
    """What a run of written words may be: the terms it is, and those that it begins."""

    __slots__ = ("adjectives", "found", "next", "onward", "paths", "ways", "words")

    def __init__(
        self,
        words: tuple[str, ...],
        paths: Sequence[tuple[Node, tuple[Reading, ...]]],
        ways: tuple[tuple[Reading, Family], ...] = (),
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
        self.next: dict[str, State | None] | None = None
        """None where nothing was ever asked: there are many of these."""


def _adjectives(ways: Sequence[tuple[Reading, Family]]) -> Set[str] | None:
    """The second words of all families that a word begins; a definite dual is looked at whatever follows."""
    if any(family.dual and (way.definite or way.enclitic) for way, family in ways):
        return None
    return frozenset[str]().union(*(family.members for _, family in ways))


class Word:
    """What a word of the text may be, wherever it stands."""

    __slots__ = ("adjectives", "onward", "readings", "state", "stems")

    def __init__(self, readings: tuple[Reading, ...], state: State | None, onward: Set[str] | None) -> None:
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


class Words(dict[str, Word | None]):
    """Word of the text -> what it may be; None for nearly all. Worked out once, all forgotten when there are many."""

    def __init__(self, tree: Tree) -> None:
        super().__init__()
        self._root, self._families = tree.root, tree.families
        self._further = 0
        adjectives = (stem for family in tree.families.values() for stem in family.members)
        self._stems = frozenset((*_stems(tree.root), *tree.families, *adjectives))

    def __missing__(self, word: str) -> Word | None:
        if len(self) + self._further >= _MOST_REMEMBERED:
            self._forget()
        folded = key(word)
        readings = tuple(self._read(word, folded)) if self._may(folded) else ()
        made = self[word] = self._word(word, readings) if readings else None
        return made

    def _forget(self) -> None:
        self.clear()
        self._further = 0

    def _read(self, word: str, folded: str) -> Iterator[Reading]:
        """The ways to undress a word whose rest is a word of some term."""
        stems = self._stems
        for way in peel(folded):
            proclitics, definite, rest, skip = way
            if rest in stems:
                yield Reading(rest, proclitics, definite, "", False, skip)
            if definite:
                continue
            if rest[-1] == "ا" and len(rest) > 2 and rest[:-1] in stems:
                yield Reading(rest[:-1], proclitics, False, "", True, skip)
            pronoun = enclitic(rest)
            if pronoun and rest[: -len(pronoun)] in stems and not _closed(word):
                yield Reading(rest[: -len(pronoun)], proclitics, False, pronoun, False, skip)

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

    def _word(self, word: str, readings: tuple[Reading, ...]) -> Word:
        """What the word may be; what it begins is only looked at."""
        children, families = self._root.children, self._families
        nodes = [children[way.stem] for way in readings if way.stem in children]
        if any(node.patterns for node in nodes) or any(way.stem in families for way in readings):
            state = self._begun(word, readings)
            return Word(readings, state, state.onward if state else None)
        if not nodes:
            return Word(readings, None, None)
        if len(nodes) == 1:
            return Word(readings, None, nodes[0].onward())
        return Word(readings, None, frozenset[str]().union(*(node.children for node in nodes)))

    def state(self, word: str, known: Word) -> State | None:
        """What it begins."""
        if known.state is None and known.onward is not None:
            known.state = self._begun(word, known.readings)
        return known.state

    def _begun(self, word: str, readings: tuple[Reading, ...]) -> State | None:
        children, families = self._root.children, self._families
        paths = [(children[way.stem], (way,)) for way in reversed(readings) if way.stem in children]
        ways = tuple((way, families[way.stem]) for way in readings if way.stem in families)
        state = State((word,), paths, ways) if paths or ways else None
        return state if state and (state.found or state.paths or ways) else None

    def further(self, state: State, word: str) -> State | None:
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
        made = state.next[word] = State((*state.words, word), paths) if paths else None
        self._further += 1
        return made


def _closed(word: str) -> bool:
    """Whether the last letter is ة, which is never the pronoun ه."""
    folded = fold(word)
    return word[folded.offsets[len(folded.text) - 1]] == "ة"


def _stems(root: Node) -> Iterator[str]:
    nodes = [root]
    while nodes:
        node = nodes.pop()
        yield from node.children
        nodes.extend(node.children.values())


def _fits(pattern: Pattern, path: tuple[Reading, ...]) -> bool:
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


def _agree(path: tuple[Reading, ...]) -> bool:
    """Once one word is definite, so are all behind it: not `الطائرات مسيرة`, "the planes are driven"."""
    articles = [way.definite for way in path]
    return articles == sorted(articles)


def _show(slot: Slot, way: Reading) -> str:
    """`ال+ديوان` where the text adds an article, `الساحل` where the listing has it, `مفرزة+ها`, `إصدار+ا`."""
    article = "" if not way.definite else "ال" if slot.article else "ال+"
    ending = way.enclitic or ("ا" if way.accusative else "")
    return article + slot.shape.shown + (f"+{ending}" if ending else "")


def _found(pattern: Pattern, words: tuple[str, ...], path: tuple[Reading, ...]) -> Found:
    """What these words are when they are read as this form."""
    size = len(path) - pattern.ahead
    path, slots = path[:size], pattern.slots[:size]
    unlisted = any(way.definite != slot.article for slot, way in zip(slots, path, strict=True))
    why = "+".join([*path[0].proclitics, " ".join(map(_show, slots, path))])
    return Found(
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
        margins(words[0], words[size - 1], path[0].skip, len(path[-1].enclitic)),
    )


def margins(one: str, last: str, skip: int, tail: int) -> tuple[int, int, int, int]:
    """Of the first and the last word: letters in front of the term and of its stem, and letters behind."""
    front, back = fold(one), fold(last)
    return (
        front.offsets[0],
        front.offsets[skip],
        len(last) - back.ends[-1],
        len(last) - back.ends[-1 - tail],
    )

"""Finding terms in Arabic text: where they stand, in what clothing, and why.

Every listed form becomes a path through one tree of folded words; every word of a text is undressed in at most six ways
(`clitics.peel`), remembered, and looked up. So the cost of a text does not depend on the number of terms. This module
knows nothing of English beyond carrying the term along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, product
from math import prod
from typing import NamedTuple

from glossary.clitics import Shape, counts, enclitic, peel, shapes, split_article
from glossary.fold import INVISIBLE, MARKS, Folded, fold, key
from glossary.ordinary import ORDINARY
from glossary.terms import Condition, Term, TermBase

_WORD = re.compile(rf"[^\W\d_]+(?:[{MARKS}{INVISIBLE}]+[^\W\d_]*)*|\d+")
_FIGURE = re.compile(r"(\d[\d.,٫٬]*)[\"”»)\]]*\s*$")
_GAP = re.compile(rf"[{INVISIBLE}]*\s[\s{INVISIBLE}]*")
_BARRIER = re.compile(rf"[^\s{INVISIBLE}{MARKS}]")
_BRACKETS = {ord("["): " ", ord("]"): " "}
_MOST_REMEMBERED = 200_000
"""Distinct words kept undressed; a text of a hundred million words has fewer in practice."""
_LONGEST_OWNER = 2
"""Words between a noun and its two adjectives: ساحلي الموصل الأيمن والأيسر, ساحلي نهر دجلة الأيمن والأيسر."""
_MOST_SHAPES = 256
"""Written shapes of one listed form; every dual or sound plural in it multiplies them by four."""
_LONGEST_FIGURE = 24
_ZEROS = {ord(zero): "0" for zero in "٠۰"} | {ord(one): "1" for one in "١۱"}
_PREFERENCE = {"pl": 0, "sg": 1, "mass": 1, "name": 1, "du": 2}
"""Which number a surface has when the listing allows two: مسلحين is written for the plural far more than the dual."""
_SHOWN_NUMBER = {"mass": "sg", "name": "sg"}


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
    context: _Context


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


class _Candidate(NamedTuple):
    match: Match
    first: int
    """Numbers of its first word and of the one behind its last."""
    behind: int
    rank: int
    reason: str
    """Why it does not count, by its own context; empty when it does."""


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
        self._near = {id(term): near for term in base.terms if (near := _near_words(term))}
        for rank, term in enumerate(sorted(base.terms, key=lambda term: term.status != "preferred")):
            context = _Context(term.context)
            for form, number in term.listed():
                self._add(term, form, number, rank, context)
        self._add_families()
        adjectives = (stem for family in self._families.values() for stem in family.members)
        self._readings = _Readings({*_stems(self._root), *self._families, *adjectives})
        self._warn_ordinary()

    def find(self, text: str, around: frozenset[str] = frozenset()) -> list[Match]:
        """`'وبمفارز الإعدامات'` -> one match that says `و+ب+مفارز الإعدامات`: longest, then leftmost, in order.

        `around` is what `surroundings` says of the article the text belongs to.
        """
        candidates = self._candidates(text)
        if not candidates:
            return []
        return [match for match, reason in _settle(self._near_enough(candidates, text, around)) if reason is None]

    def explain(self, text: str, around: frozenset[str] = frozenset()) -> list[tuple[Match, str | None]]:
        """All that could have matched, in order; a suppressed one comes with the reason, a counted one with None."""
        return _settle(self._near_enough(self._candidates(text), text, around))

    def surroundings(self, text: str) -> frozenset[str]:
        """The words that some term wants to have near and that stand in this text, in any clothing."""
        if not self._near:
            return frozenset()
        every = frozenset[str]().union(*self._near.values())
        return frozenset(word for token in _WORD.finditer(text) for word in _undressed(key(token[0])) & every)

    # ---- compiling

    def _add(self, term: Term, form: str, number: str, rank: int, context: _Context) -> None:
        words = [word for word in _WORD.findall(form) if key(word)]
        ahead = len(_WORD.findall(form.partition("[")[2]))
        rigid = number == "name" or "as-written" in context.kinds
        if not words:
            self.warnings.append(Caution(term.file, term.line, f"{term.source}: {form} has no letters; never matches"))
            return
        if any(_BARRIER.search(gap) for gap in _WORD.split(form.translate(_BRACKETS))):
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
            words = _WORD.findall(term.source)
            if len(words) != 2 or term.number != "sg" or any(c.kind == "as-written" for c in term.context):
                continue
            (one, noun, noun_key), (two, _, adjective) = (split_article(word, key(word)) for word in words)
            if not (one and two):
                continue
            base = noun_key[:-1] + "ت" if noun.endswith("ة") else noun_key
            for stem in (noun_key, *(base + ending for ending in ("ان", "ين", "ا", "ي"))):
                self._families.setdefault(stem, _Family(stem != noun_key, {})).members.setdefault(adjective, term)

    def _warn_ordinary(self) -> None:
        anywhere = frozenset[str]().union(*self._near.values())
        for word in dict.fromkeys(ORDINARY):
            for match in self.find(word, anywhere):
                if word not in (match.term.source, *match.term.forms):
                    text = f"{match.term.source}: the ordinary word {word} also matches, as {match.why}"
                    self.warnings.append(
                        Caution(match.term.file, match.term.line, f"{text}. Write never:{word} in context to forbid it")
                    )

    # ---- searching

    def _candidates(self, text: str) -> list[_Candidate]:
        readings = self._readings
        tokens = list(_WORD.finditer(text))
        found: list[_Candidate] = []
        for first, token in enumerate(tokens):
            if ways := readings[token[0]]:
                self._walk(text, tokens, first, ways, found)
                self._coordinate(text, tokens, first, ways, found)
        return found

    def _near_enough(self, candidates: list[_Candidate], text: str, around: frozenset[str]) -> list[_Candidate]:
        """Gives a reason to those whose `near` words stand neither in the text nor around it."""
        if not any(id(candidate.match.term) in self._near for candidate in candidates):
            return candidates
        here = around | self.surroundings(text)
        return [self._placed(candidate, here) for candidate in candidates]

    def _placed(self, candidate: _Candidate, here: frozenset[str]) -> _Candidate:
        wanted = self._near.get(id(candidate.match.term))
        if candidate.reason or not wanted or wanted & here:
            return candidate
        return candidate._replace(reason=f"only near {' or '.join(sorted(wanted))}")

    def _walk(
        self,
        text: str,
        tokens: Sequence[re.Match[str]],
        first: int,
        ways: tuple[_Reading, ...],
        found: list[_Candidate],
    ) -> None:
        """Follows the tree from one word as far as the text does."""
        children = self._root.children
        open_paths: list[tuple[_Node, tuple[_Reading, ...]]] = [
            (children[way.stem], (way,)) for way in ways if way.stem in children
        ]
        while open_paths:
            node, path = open_paths.pop()
            last = first + len(path) - 1
            for pattern in node.patterns:
                if _fits(pattern, path):
                    candidate = self._candidate(text, tokens, first, pattern, path)
                    if candidate is not None:
                        found.append(candidate)
            if not node.children or not _joined(text, tokens, last):
                continue
            open_paths.extend(
                (node.children[way.stem], (*path, way))
                for way in self._readings[tokens[last + 1][0]]
                if not way.proclitics and way.stem in node.children
            )

    def _candidate(
        self,
        text: str,
        tokens: Sequence[re.Match[str]],
        first: int,
        pattern: _Pattern,
        path: tuple[_Reading, ...],
    ) -> _Candidate | None:
        size = len(path) - pattern.ahead
        path, slots = path[:size], pattern.slots[:size]
        pronoun = next((way.enclitic for way in path if way.enclitic), "")
        match = _match(
            text,
            tokens[first : first + size],
            pattern.term,
            proclitics=path[0].proclitics,
            skip=path[0].skip,
            tail=len(path[-1].enclitic),
            definite=any(way.definite for way in path),
            number=_number(pattern.number, text, tokens, first),
            pronoun=pronoun,
            why="+".join([*path[0].proclitics, " ".join(map(_show, slots, path))]),
        )
        if pattern.term.exact and not _verbatim(match, pattern):
            return None
        reason = pattern.context.refuse(text, tokens, first, first + size, match)
        unlisted = any(way.definite != slot.article for slot, way in zip(slots, path, strict=True))
        rank = (pattern.rank * len(_PREFERENCE) + _PREFERENCE[pattern.number]) * 2 + unlisted
        return _Candidate(match, first, first + size, rank, reason)

    def _coordinate(
        self,
        text: str,
        tokens: Sequence[re.Match[str]],
        first: int,
        ways: tuple[_Reading, ...],
        found: list[_Candidate],
    ) -> None:
        """`الساحلين الأيمن والأيسر`, `ساحلي الموصل الأيمن`: the noun is said once, or its owner stands between."""
        for way in ways:
            family = self._families.get(way.stem)
            if family is None:
                continue
            if way.definite or way.enclitic:
                self._pair(text, tokens, first, first + 1, way, family, found)
                continue
            for owner in range(1, _LONGEST_OWNER + 1):
                if self._pair(text, tokens, first, first + 1 + owner, way, family, found):
                    break

    def _pair(
        self,
        text: str,
        tokens: Sequence[re.Match[str]],
        first: int,
        at: int,
        way: _Reading,
        family: _Family,
        found: list[_Candidate],
    ) -> bool:
        """The adjectives at `at` and behind it that belong to the noun at `first`; whether there are any."""
        if not all(_joined(text, tokens, index) for index in range(first, at)):
            return False
        owned = at > first + 1
        count = len(found)
        left = self._member(family, tokens[at][0], ())
        if left and (family.dual or owned):
            begin = at if owned else first
            proclitics, skip = ((), 0) if owned else (way.proclitics, way.skip)
            noun = tokens[first][0] if owned else _plain(tokens[first][0], skip, definite=way.definite)
            why = "+".join([*proclitics, f"({noun} …) {tokens[at][0]}" if owned else f"{noun} {tokens[at][0]}"])
            match = _match(text, tokens[begin : at + 1], left, proclitics=proclitics, skip=skip, why=why)
            found.append(_Candidate(match, begin, at + 1, 0, ""))
        right, behind, joint = self._second(text, tokens, at, family)
        if right and (left or (family.dual and way.definite)):
            why = "+".join([*joint, f"({tokens[first][0]} …) {_plain(tokens[behind][0], len(joint))}"])
            match = _match(text, tokens[behind : behind + 1], right, proclitics=joint, skip=len(joint), why=why)
            found.append(_Candidate(match, behind, behind + 1, 0, ""))
        return len(found) > count

    def _member(self, family: _Family, word: str, proclitics: tuple[str, ...]) -> Term | None:
        for way in self._readings[word]:
            if way.definite and way.proclitics == proclitics and way.stem in family.members:
                return family.members[way.stem]
        return None

    def _second(
        self, text: str, tokens: Sequence[re.Match[str]], at: int, family: _Family
    ) -> tuple[Term | None, int, tuple[str, ...]]:
        """The adjective behind `و`, written together or apart; the number of its word; what is written onto it."""
        if not _joined(text, tokens, at):
            return None, at, ()
        if tokens[at + 1][0] == "و":
            apart = _joined(text, tokens, at + 1)
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


def _number(listed: str, text: str, tokens: Sequence[re.Match[str]], first: int) -> str:
    """The number of a form in its place: in `8000 غارة` the singular means many."""
    if listed == "sg" and first:
        begin = tokens[first].start()
        if figure := _FIGURE.search(text, max(0, begin - _LONGEST_FIGURE), begin):
            return "pl" if re.sub(r"\D", "", figure[1]).translate(_ZEROS).lstrip("0") not in ("", "1") else "sg"
        before = _neighbour(text, tokens, first - 1, first - 1)
        return "pl" if counts(before) or counts(before[1:]) else "sg"
    return _SHOWN_NUMBER.get(listed, listed)


def _joined(text: str, tokens: Sequence[re.Match[str]], index: int) -> bool:
    """Whether only white space stands between a word and the next one."""
    if index + 1 >= len(tokens):
        return False
    gap = text[tokens[index].end() : tokens[index + 1].start()]
    return gap == " " or _GAP.fullmatch(gap) is not None


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


@lru_cache(maxsize=20_000)
def _folded(word: str) -> Folded:
    """Words of terms come again and again."""
    return fold(word)


def _match(
    text: str,
    tokens: Sequence[re.Match[str]],
    term: Term,
    *,
    proclitics: tuple[str, ...],
    skip: int,
    why: str,
    tail: int = 0,
    definite: bool = True,
    number: str = "sg",
    pronoun: str = "",
) -> Match:
    first, last = _folded(tokens[0][0]), _folded(tokens[-1][0])
    begin, stem_begin = (tokens[0].start() + first.offsets[n] for n in (0, skip))
    end, stem_end = (tokens[-1].start() + last.ends[-1 - n] for n in (0, tail))
    return Match(
        term, begin, end, stem_begin, stem_end, proclitics, definite, number, pronoun, why, surface=text[begin:end]
    )


def _verbatim(match: Match, pattern: _Pattern) -> bool:
    """An exact entry has to be there letter for letter; what is attached to it is free."""
    begin, end = match.stem_begin - match.begin, match.stem_end - match.begin
    stem = match.surface[begin:end]
    shown = " ".join(pattern.form.split())
    return " ".join(stem.split()) in (shown, "ال" + shown)


def _near_words(term: Term) -> frozenset[str]:
    """One of which has to stand in the text or around it; none for most terms."""
    return frozenset(key(word) for one in term.context if one.kind == "near" for word in one.words)


class _Context:
    """The conditions of one term, ready to be asked."""

    def __init__(self, conditions: tuple[Condition, ...]) -> None:
        self.kinds = {condition.kind for condition in conditions}
        self.words: dict[str, set[str]] = {}
        self.never: set[str] = set()
        for condition in conditions:
            if condition.kind == "never":
                self.never.update(condition.words)
            elif condition.words and condition.kind != "near":
                self.words.setdefault(condition.kind, set()).update(key(word) for word in condition.words)

    def refuse(self, text: str, tokens: Sequence[re.Match[str]], first: int, behind: int, match: Match) -> str:
        """The reason why a match does not count here, or nothing."""
        if not self.kinds:
            return ""
        if "definite" in self.kinds and not (match.definite or match.enclitic):
            return "counts only when definite"
        if "enclitic" in self.kinds and not match.enclitic:
            return "counts only with a pronoun ending"
        for begin in (match.begin, match.stem_begin):
            if self.never and (word := text[begin : match.end].translate(_UNMARKED)) in self.never:
                return f"never {word}"
        after = _neighbour(text, tokens, behind - 1, behind)
        before = _neighbour(text, tokens, first - 1, first - 1)
        noun = match.definite or match.number != "sg" or match.why.endswith("+ا")
        if not noun and (wanted := self.words.get("bare-before")) and not wanted & _undressed(after):
            return "written bare, counts only before certain words"
        return self._beside("before", after) or self._beside("after", before)

    def _beside(self, side: str, word: str) -> str:
        """`before` looks at the word that follows, `after` at the one that precedes, both in any clothing."""
        refused, wanted = self.words.get("not-" + side), self.words.get(side)
        if not refused and not wanted:
            return ""
        found = _undressed(word)
        if refused and (hit := refused & found):
            return f"not {side} {min(hit)}"
        if wanted and not wanted & found:
            return f"only {side} {' or '.join(sorted(wanted))}"
        return ""


_NO_ACCUSATIVE = """
    ما لا هذا اذا هنا بينما كما فيما عندما حينما مثلما مما لما الا اما انما مهما ربما كلما حيثما طالما لولا هكذا
    ماذا لماذا
    كلا كلتا اوروبا افريقيا امريكا اميركا اسيا سوريا ليبيا روسيا تركيا المانيا
    ايطاليا بريطانيا اسبانيا اوكرانيا استراليا
"""
_NEVER_ACCUSATIVE = frozenset(_NO_ACCUSATIVE.split())
_OUR_AND_HER = ("نا", "ها", "هما")


def _accusative(word: str) -> bool:
    """`'ممرضا'` -> True, `'فيما'`, `'عليها'` -> False: a folded word that seems to have the alif of the accusative."""
    alif = len(word) > 2 and word[-1] == "ا" and not word.endswith(_OUR_AND_HER)
    return alif and not {word, word[1:]} & _NEVER_ACCUSATIVE


_UNMARKED = {ord(sign): "" for sign in map(chr, range(0x0610, 0x0700)) if not key(sign)}


def _neighbour(text: str, tokens: Sequence[re.Match[str]], left: int, wanted: int) -> str:
    """The word beside a match, unless punctuation stands between."""
    return key(tokens[wanted][0]) if left >= 0 and _joined(text, tokens, left) else ""


def _undressed(word: str) -> set[str]:
    """`'والدولة'` -> it, `الدولة`, `دولة`, and `و+` for what is written onto it; `+ا` for an accusative; all folded."""
    found = {word}
    if _accusative(word):
        found.add("+ا")
    for way in peel(word):
        found.add(way.rest)
        found.update(f"{proclitic}+" for proclitic in way.proclitics)
        if way.definite:
            found.add("ال" + way.rest)
    return found


def _settle(candidates: list[_Candidate]) -> list[tuple[Match, str | None]]:
    """Longest, then leftmost; each loser is told by whom it was beaten."""
    taken: dict[int, _Candidate] = {}
    settled: dict[tuple[int, int, int], tuple[_Candidate, str | None]] = {}
    order = sorted(candidates, key=lambda c: (c.first - c.behind, c.first, c.rank, len(c.match.why)))
    for candidate in order:
        place = (candidate.first, candidate.behind, id(candidate.match.term))
        if candidate.reason:
            settled.setdefault(place, (candidate, candidate.reason))
            continue
        winner = next((taken[n] for n in range(candidate.first, candidate.behind) if n in taken), None)
        if winner is None:
            taken.update(dict.fromkeys(range(candidate.first, candidate.behind), candidate))
            settled[place] = (candidate, None)
        else:
            settled.setdefault(place, (candidate, f"inside {winner.match.term.source} ({winner.match.surface})"))
    rows = sorted(settled.values(), key=lambda row: (row[0].match.begin, -row[0].match.end, row[0].rank))
    return [(candidate.match, reason) for candidate, reason in rows]

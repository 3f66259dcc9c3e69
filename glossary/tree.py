"""The term base as a tree: every listed form, in every shape it may be written in, is a path of folded words.

What is odd about an entry is noticed here (`Caution`). Knows listed forms; nothing of texts.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import NamedTuple

from glossary.clitics import Shape, shapes, split_article
from glossary.context import WORD, Context
from glossary.fold import INVISIBLE, MARKS, key
from glossary.terms import Condition, Term, TermBase

_BARRIER = re.compile(rf"[^\s{INVISIBLE}{MARKS}]")
_BRACKETS = {ord("["): " ", ord("]"): " "}
_MOST_SHAPES = 256
"""Written shapes of one listed form; every dual or sound plural in it multiplies them by four."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a terminologist should know about an entry; nothing is broken."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class Slot(NamedTuple):
    """What one word of a listed form allows."""

    shape: Shape
    article: bool
    """The listing has an article here."""
    optional: bool
    """The text may differ from the listing in that."""
    pronoun: bool
    """A pronoun may be attached here."""


class Pattern(NamedTuple):
    """One written shape of one listed form."""

    term: Term
    form: str
    number: str
    slots: tuple[Slot, ...]
    ahead: int
    """How many of the last slots only have to follow and are not part of the match."""
    rank: int
    context: Context


@dataclass(slots=True)
class Node:
    """A place in the tree: the words so far."""

    children: dict[str, Node] = field(default_factory=dict)
    patterns: list[Pattern] = field(default_factory=list)
    _onward: Set[str] | None = None

    def onward(self) -> Set[str]:
        """The words that may follow; one object for all words of a text that lead here."""
        if self._onward is None:
            self._onward = self.children.keys()
        return self._onward


class Family(NamedTuple):
    """Terms that share a first word and differ in the second: الساحل الأيمن, الساحل الأيسر."""

    dual: bool
    members: dict[str, Term]
    """By their second word, folded and without article."""


class Tree:
    """All forms of a term base, grouped by the words they begin with."""

    def __init__(self, base: TermBase) -> None:
        self.root = Node()
        self.families: dict[str, Family] = {}
        """By their first word, folded and without article."""
        self.contexts: dict[tuple[Condition, ...], Context] = {}
        self.warnings: list[Caution] = []
        for rank, term in enumerate(sorted(base.terms, key=lambda term: term.status != "preferred")):
            context = self.contexts.get(term.context)
            if context is None:  # nearly all terms have no condition: one object for all of them
                context = self.contexts[term.context] = Context(term.context)
            for form, number in term.listed():
                self._add(term, form, number, rank, context)
        self._add_families(base)

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
            node = self.root
            for slot in chosen:
                node = node.children.setdefault(slot.shape.stem, Node())
            pattern = Pattern(term, form, number, chosen, ahead, rank, context)
            self._warn_shadowed(node, pattern)
            if not any(other.term is term and other[2:4] == pattern[2:4] for other in node.patterns):
                node.patterns.append(pattern)

    def _warn_shadowed(self, node: Node, pattern: Pattern) -> None:
        for other in node.patterns:
            same = other.term is not pattern.term and other.ahead == pattern.ahead
            if same and not (pattern.term.exact or pattern.term.context or other.term.context):
                first = f"{other.term.source} ({other.term.file}:{other.term.line})"
                text = f"{pattern.term.source}: {pattern.form} is already a form of {first} and never matches here"
                caution = Caution(pattern.term.file, pattern.term.line, text)
                if caution not in self.warnings:
                    self.warnings.append(caution)

    def _add_families(self, base: TermBase) -> None:
        """`الساحلين الأيمن والأيسر`: two-word terms listed with two articles, grouped by their first word."""
        for term in base.terms:
            words = WORD.findall(term.source)
            if len(words) != 2 or term.number != "sg" or any(c.kind == "as-written" for c in term.context):
                continue
            (one, noun, noun_key), (two, _, adjective) = (split_article(word, key(word)) for word in words)
            if not (one and two):
                continue
            stem_of_ends = noun_key[:-1] + "ت" if noun.endswith("ة") else noun_key
            for stem in (noun_key, *(stem_of_ends + ending for ending in ("ان", "ين", "ا", "ي"))):
                self.families.setdefault(stem, Family(stem != noun_key, {})).members.setdefault(adjective, term)


def _slots(word: str, number: str, index: int, size: int, rigid: bool) -> list[Slot]:
    """The shapes one word of a listed form may take, and what each may carry."""
    article, plain, folded = split_article(word, key(word))
    optional = not rigid and (size > 1 or not article)
    pronoun = not rigid and index in (0, size - 1) and (optional or not article)
    if rigid and number == "name":
        number = "sg"
    return [
        Slot(shape if not rigid else _bare(shape), article, optional, pronoun)
        for shape in shapes(plain, folded, number)
        if shape.free or pronoun
    ]


def _bare(shape: Shape) -> Shape:
    return Shape(shape.stem, shape.shown, shape.free, False, False)

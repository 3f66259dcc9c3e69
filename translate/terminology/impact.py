"""What a change of the term base touches: sentences in which other terms are found after it than before.

Both term bases are read over the sentences that may hold a changed term, and over no others: an entry that is added,
removed or changed can only matter where its own letters stand, also where it covers or uncovers another. So the cost
goes with what is touched and not with the archive. Knows an index and terms; it changes nothing (`applying` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from glossary import Match, Matcher, Term, TermBase, key
from glossary.terms import NOT_CONTENT
from translate.constraints import check, renditions, require
from translate.document import State
from translate.terminology.index import Index, Sentence


class How(StrEnum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to the entries of one Arabic term."""

    how: How
    source: str
    """"مفارز" """
    old: tuple[Term, ...]
    new: tuple[Term, ...]

    @property
    def english(self) -> str:
        """`'squads -> detachments'`, `'detachments'` of an added or removed one; what else differs in brackets."""
        was, now = (" / ".join(term.target for term in terms) for terms in (self.old, self.new))
        if self.how is not How.CHANGED:
            return was or now
        columns = sorted({name for old, new in zip(self.old, self.new, strict=False) for name in _differing(old, new)})
        rest = [name for name in columns if name not in ("target", "singular", "plural", "article", "capital")]
        told = f"{was} -> {now}" if was != now else now
        if was == now:
            rest = columns
        return f"{told} ({', '.join(rest)})" if rest else told


@dataclass(frozen=True, slots=True)
class Touched:
    """A sentence that a changed term counts in, or counted in before."""

    slug: str
    id: str
    source: str
    target: str
    """What stands in the draft."""
    state: State
    edited: bool
    """A person's work: it is flagged and never translated again."""
    met: bool
    """The English honours the changed terms as they are now, and has no rendering that they forbid."""
    by: tuple[str, ...]
    """("مفارز",) - the changed terms, as listed."""
    here: tuple[int, int] = (0, 0)
    """Where the first of them stands in the source."""
    there: tuple[int, int] = (0, 0)
    """Where its English stands in the target, as it is or as it was; (0, 0) where neither does."""


@dataclass(frozen=True, slots=True)
class Impact:
    """A change and all it touches."""

    changes: tuple[Change, ...]
    touched: tuple[Touched, ...]
    """In reading order, article by article."""
    looked_at: int
    """Sentences that were read to find out."""

    @property
    def edited(self) -> int:
        """How many touched sentences are a person's."""
        return sum(one.edited for one in self.touched)

    @property
    def missing(self) -> int:
        """How many touched sentences do not honour the terms as they are now."""
        return sum(not one.met for one in self.touched)

    @property
    def articles(self) -> int:
        """How many articles are touched."""
        return len({one.slug for one in self.touched})

    def of(self, change: Change) -> list[Touched]:
        """What one change touches."""
        return [one for one in self.touched if change.source in one.by]


def changes(old: TermBase, new: TermBase) -> tuple[Change, ...]:
    """What happened between two term bases, by Arabic; notes, examples and the order of lines are no change."""
    found = []
    before, after = _by_source(old.terms), _by_source(new.terms)
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name, {}), after.get(name, {})
        gone = tuple(term for content, term in was.items() if content not in now)
        come = tuple(term for content, term in now.items() if content not in was)
        if gone or come:
            how = How.CHANGED if gone and come else How.ADDED if come else How.REMOVED
            found.append(Change(how, (come or gone)[0].source, gone, come))
    return tuple(found)


def impact(old: TermBase, new: TermBase, index: Index) -> Impact:
    """What of the drafts in an index the step from one term base to the other touches."""
    found = changes(old, new)
    if not found:
        return Impact((), (), 0)
    before, after = _Reader(old, index), _Reader(new, index)
    names = {key(change.source): change.source for change in found}
    touched, looked_at = [], 0
    for sentence in index.holding([term for change in found for term in (*change.old, *change.new)]):
        looked_at += 1
        was, now = before.matches(sentence), after.matches(sentence)
        if _asks(was) != _asks(now):
            touched.append(_touched(sentence, was, now, names))
    return Impact(found, tuple(touched), looked_at)


class _Reader:
    """A term base over the sentences of an index."""

    def __init__(self, base: TermBase, index: Index) -> None:
        self._matcher, self._index = Matcher(base), index
        self._looks_around = any(one.kind == "near" for term in base.terms for one in term.context)
        self._file, self._around = -1, frozenset[str]()

    def matches(self, sentence: Sentence) -> list[Match]:
        """The terms of a sentence, as its article has them."""
        if self._looks_around and sentence.file != self._file:
            self._file = sentence.file
            self._around = self._matcher.surroundings(self._index.text_of(sentence.file))
        return self._matcher.find(sentence.source, self._around)


def _touched(sentence: Sentence, was: Sequence[Match], now: Sequence[Match], names: dict[str, str]) -> Touched:
    seen = {key(match.term.source) for match in (*was, *now)}
    outcome = check(require(now), sentence.target)
    mine = [
        one for one in (*outcome.unmet, *(r for r, _, _ in outcome.forbidden)) if key(one.match.term.source) in names
    ]
    theirs = sorted(
        (one for one in (*now, *was) if key(one.term.source) in names), key=lambda one: (one.begin, -one.end)
    )
    first = [one for one in theirs if one.begin == theirs[0].begin]
    surfaces = [surface for one in require(first) for surface in one.surfaces]
    return Touched(
        sentence.slug,
        sentence.id,
        sentence.source,
        sentence.target,
        sentence.state,
        sentence.edited,
        bool(sentence.target.strip()) and not mine,
        tuple(names[name] for name in sorted(seen & names.keys())),
        (first[0].begin, first[0].end) if first else (0, 0),
        next(iter(renditions(surfaces, sentence.target)), (0, 0)),
    )


def _by_source(terms: Iterable[Term]) -> dict[str, dict[tuple[object, ...], Term]]:
    """Folded source -> content -> entry."""
    found: dict[str, dict[tuple[object, ...], Term]] = {}
    for term in terms:
        found.setdefault(key(term.source), {}).setdefault(_content(term), term)
    return found


def _content(term: Term) -> tuple[object, ...]:
    """What of an entry can change a match or its English."""
    return tuple(getattr(term, name) for name in _CONTENT)


_CONTENT = tuple(part.name for part in fields(Term) if part.name not in NOT_CONTENT)


def _differing(old: Term, new: Term) -> Iterator[str]:
    yield from (name for name in _CONTENT if getattr(old, name) != getattr(new, name))


def _asks(matches: Sequence[Match]) -> list[tuple[object, ...]]:
    """What makes one sentence ask for the same English as another."""
    return [(one.begin, one.end, one.number, one.definite, one.enclitic, _content(one.term)) for one in matches]

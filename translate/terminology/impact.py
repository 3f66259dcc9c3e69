"""What a change of the term base touches: sentences in which other terms are found after it than before.

Both term bases are read over the sentences that may hold a changed term, and over no others: an entry that is added,
removed or changed can only matter where its own letters stand, also where it covers or uncovers another. So the cost
goes with what is touched and not with the archive. Knows an index and terms; it changes nothing (`applying` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from glossary import Match, Matcher, Term, TermBase, key
from glossary.terms import NOT_CONTENT, Condition
from translate.constraints import Requirement, Span, check, renditions, require
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
        """`'squads -> detachments'`, `'detachments'` of an added or removed one; other columns in brackets."""
        was, now = (" / ".join(term.target for term in terms) for terms in (self.old, self.new))
        if self.how is not How.CHANGED:
            return was or now
        columns = sorted({name for old, new in zip(self.old, self.new, strict=False) for name in _differing(old, new)})
        rest = [name for name in columns if name not in ("target", "singular", "plural", "article", "capital")]
        told = f"{was} -> {now}" if was != now else now
        if was == now:
            rest = columns
        return f"{told} (column{'s' * (len(rest) > 1)} {', '.join(rest)})" if rest else told


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
    first: tuple[Match, ...] = ()
    """The first of them, as it was and as it is."""

    @property
    def here(self) -> Span:
        """Where the first of them stands in the source."""
        return (self.first[0].begin, self.first[0].end) if self.first else (0, 0)

    @property
    def there(self) -> Span:
        """Where its English stands in the target, as it is or as it was; (0, 0) where neither does."""
        surfaces = [surface for one in require(self.first) for surface in one.surfaces]
        return next(iter(renditions(surfaces, self.target)), (0, 0))


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
    reader, asks = _Reader(old, new, index), _Asks({key(change.source): change.source for change in found})
    touched, looked_at = [], 0
    for sentence in index.holding([term for change in found for term in (*change.old, *change.new)]):
        looked_at += 1
        was, now = reader.matches(sentence)
        if asks.of(was) != asks.of(now):
            touched.append(asks.touched(sentence, was, now))
    return Impact(found, tuple(touched), looked_at)


class _Reader:
    """Two term bases over the sentences of an index."""

    def __init__(self, old: TermBase, new: TermBase, index: Index) -> None:
        self._matchers, self._index = (Matcher(old), Matcher(new)), index
        self._near = tuple(_near(base) for base in (old, new))
        self._file, self._around = -1, (frozenset[str](), frozenset[str]())

    def matches(self, sentence: Sentence) -> tuple[list[Match], list[Match]]:
        """The terms of a sentence, as its article has them, before and after."""
        if any(self._near) and sentence.file != self._file:
            self._file = sentence.file
            text = self._index.text_of(sentence.file)
            before = self._matchers[0].surroundings(text)
            same = self._near[0] == self._near[1]
            self._around = before, before if same else self._matchers[1].surroundings(text)
        before_, after_ = (m.find(sentence.source, a) for m, a in zip(self._matchers, self._around, strict=True))
        return before_, after_


def _near(base: TermBase) -> frozenset[Condition]:
    """What terms look for in the whole article: where it is the same, so is what they find."""
    return frozenset(one for term in base.terms for one in term.context if one.kind == "near")


class _Asks:
    """What matches ask of the English; entries are looked at once, however often they are found."""

    def __init__(self, names: dict[str, str]) -> None:
        """Of the entries that changed: folded Arabic -> as listed."""
        self._names = names
        self._keys: dict[int, tuple[Term, str, tuple[object, ...]]] = {}
        self._asked: dict[tuple[int, str], Requirement] = {}

    def of(self, matches: Sequence[Match]) -> list[tuple[object, ...]]:
        """What makes one sentence ask for the same English as another."""
        return [
            (one.begin, one.end, one.number, one.definite, one.enclitic, self._known(one.term)[2]) for one in matches
        ]

    def touched(self, sentence: Sentence, was: Sequence[Match], now: Sequence[Match]) -> Touched:
        """A sentence whose English is asked for otherwise now."""
        outcome = check([self._requirement(match) for match in now], sentence.target)
        broken = any(self._name(one.match) in self._names for one in outcome.unmet) or outcome.forbidden
        theirs = sorted(
            (one for one in (*now, *was) if self._name(one) in self._names), key=lambda one: (one.begin, -one.end)
        )
        return Touched(
            sentence.slug,
            sentence.id,
            sentence.source,
            sentence.target,
            sentence.state,
            sentence.edited,
            bool(sentence.target.strip()) and not broken,
            tuple(self._names[name] for name in sorted({self._name(one) for one in theirs})),
            tuple(one for one in theirs if one.begin == theirs[0].begin),
        )

    def _name(self, match: Match) -> str:
        return self._known(match.term)[1]

    def _known(self, term: Term) -> tuple[Term, str, tuple[object, ...]]:
        known = self._keys.get(id(term))
        if known is None:
            known = self._keys[id(term)] = (term, key(term.source), _content(term))
        return known

    def _requirement(self, match: Match) -> Requirement:
        """Renderings that are forbidden for another term are of no interest here."""
        asked = self._asked.get((id(match.term), match.number))
        if asked is None:
            (asked,) = require([match])
            if self._name(match) not in self._names:
                asked = replace(asked, forbidden=())
            self._asked[id(match.term), match.number] = asked
        return Requirement(match, asked.surfaces, asked.forbidden)


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

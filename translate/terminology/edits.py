"""What people keep changing the same way: candidates that the work on the drafts itself puts forward.

Counted are sentences that a person confirmed and whose beginning is known. Where a term of the term base gave way, the
term is known; for other words the Arabic is found through a word alignment learned from these sentences (`pairing`),
and stays empty where that is no more than a guess. Knows drafts and terms; no files.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from glossary import Matcher, TermBase
from translate.constraints import require
from translate.document import Draft
from translate.effort import CONFIRMED, beginning, fates
from translate.english import split_article
from translate.terminology.background import FUNCTION
from translate.terminology.candidates import LONGEST, Text, Words, is_edge
from translate.terminology.pairing import Table
from translate.terminology.rewordings import instead, rewordings
from translate.words import has_arabic, words

LEAST = 2
"""A change made once is no habit."""
SHARE = 0.5
"""Of the places where a change was made, how many have to speak for the same Arabic."""
MOST_EXAMPLES = 3
_EDGES = re.compile(r"^\W+|[^\w.'’)]+$|(?<!\w)[.'’)]+$|[.]$")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Habit:
    """A change that was made more than once."""

    source: str
    """"مفارز" - empty where nothing says which Arabic it is."""
    was: str
    """"squads" """
    now: str
    """"detachments" """
    count: int
    articles: int
    people: tuple[str, ...]
    examples: tuple[str, ...]
    """Ids of segments."""
    term: bool = False
    """The Arabic is a term of the term base, and `was` its English there."""


@dataclass(slots=True)
class _Seen:
    count: int = 0
    was: Counter[str] = field(default_factory=Counter)
    now: Counter[str] = field(default_factory=Counter)
    arabic: Counter[str] = field(default_factory=Counter)
    shown: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    articles: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Edited:
    slug: str
    id: str
    source: str
    started: str
    final: str
    who: str
    around: frozenset[str]


def habits(drafts: Iterable[Draft], base: TermBase, least: int = LEAST) -> list[Habit]:
    """The changes that were made at least so often, the most frequent first."""
    matcher = Matcher(base)
    edited = [one for draft in drafts for one in _edited(draft, matcher)]
    reader = Words([Text(one.slug, one.id, one.source) for one in edited])
    stems = [[word.stem if word else "" for word in reader.read(one.source)] for one in edited]
    table = Table([(some, _spoken(one.started)) for some, one in zip(stems, edited, strict=True)])
    seen: dict[tuple[str, str, str], _Seen] = defaultdict(_Seen)
    for one, some in zip(edited, stems, strict=True):
        taken = _of_terms(one, matcher, seen)
        links = table.align(some, _spoken(one.started))
        for was, now, begin in rewordings(one.started, one.final):
            if _says_something(was, now) and not any(begin < e and b < begin + len(was) for b, e in taken):
                found = _note(seen["", _bare(was), _bare(now)], one, was, now)
                numbers = _numbers(one.started, begin, begin + len(was))
                stem, shown = _arabic(one.source, some, reader, {s for s, t in links if t in numbers})
                found.arabic[stem] += bool(stem)
                found.shown[stem][shown] += 1
    made = [_habit(name[0], one) for name, one in seen.items() if one.count >= least]
    return sorted(made, key=lambda one: (-one.count, -one.articles, one.was.casefold(), one.now.casefold(), one.source))


def _edited(draft: Draft, matcher: Matcher) -> Iterable[_Edited]:
    around = matcher.surroundings("\n".join(segment.text for segment in draft.article.segments()))
    for segment in draft.article.segments():
        target = draft.targets.get(segment.id)
        if target is None or target.state not in CONFIRMED or target.source not in ("", segment.text):
            continue
        begun = beginning(target)
        if begun is not None and begun.text != target.text:
            yield _Edited(draft.article.slug, segment.id, segment.text, begun.text, target.text, target.who, around)


def _of_terms(one: _Edited, matcher: Matcher, seen: dict[tuple[str, str, str], _Seen]) -> list[tuple[int, int]]:
    """Note the terms that gave way; where they stood."""
    taken = []
    for fate in fates(require(matcher.find(one.source, one.around)), one.started, one.final):
        if fate.what == "taken_out" and fate.was is not None:
            taken.append(fate.was)
            now = instead(one.started, one.final, *fate.was)
            if now:
                was = one.started[slice(*fate.was)]
                _note(seen[fate.term.source, _bare(was), _bare(now)], one, was, now)
    return taken


def _note(found: _Seen, one: _Edited, was: str, now: str) -> _Seen:
    found.count += 1
    found.was[was] += 1
    found.now[now] += 1
    found.articles.add(one.slug)
    found.people |= {one.who} - {""}
    found.places.append(one.id)
    return found


def _says_something(was: str, now: str) -> bool:
    """Whether a word of meaning gave way to another."""
    meant = [[w.text.casefold() for w in words(text) if not is_edge(w.text)] for text in (was, now)]
    return all(meant) and meant[0] != meant[1] and not has_arabic(now) and bool(_LETTERS.search(now))


def _bare(text: str) -> str:
    return split_article(text.casefold().strip(" .,;:!?"))[1]


def _spoken(text: str) -> list[str]:
    return [word.text.casefold() for word in words(text)]


def _numbers(text: str, begin: int, end: int) -> set[int]:
    """Which words stand in a stretch, those of no meaning left out."""
    return {n for n, w in enumerate(words(text)) if w.begin < end and begin < w.end and not is_edge(w.text)}


def _arabic(source: str, stems: Sequence[str], reader: Words, numbers: set[int]) -> tuple[str, str]:
    """(key, as written) of the Arabic words linked to a stretch; nothing where they stand too far apart."""
    found = sorted(n for n in numbers if stems[n])
    if not found or found[-1] - found[0] >= LONGEST:
        return "", ""
    run = range(found[0], found[-1] + 1)
    if not all(stems[n] for n in run) or all(stems[n] in FUNCTION for n in run):
        return "", ""
    shown = reader.read(source)
    return " ".join(stems[n] for n in run), " ".join(word.shown for n in run if (word := shown[n]) is not None)


def _habit(source: str, seen: _Seen) -> Habit:
    known = bool(source)
    if not known and seen.arabic:
        stem, count = min(seen.arabic.items(), key=lambda pair: (-pair[1], pair[0]))
        if stem and count >= SHARE * seen.count:
            source = min(seen.shown[stem].items(), key=lambda pair: (-pair[1], pair[0]))[0]
    was, now = (min(some.items(), key=lambda pair: (-pair[1], pair[0]))[0] for some in (seen.was, seen.now))
    return Habit(
        source, _EDGES.sub("", was), _EDGES.sub("", now), seen.count, len(seen.articles), tuple(sorted(seen.people)),
        tuple(dict.fromkeys(seen.places))[:MOST_EXAMPLES], known,
    )  # fmt: skip

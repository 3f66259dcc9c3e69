"""How the terms of a term base fare in an archive: how often they stand, whether machine and people keep to them.

Read from the sentences of an index, with the terms in force today. A term is honoured by the machine when the text
that the machine made has its English; what people did is told from the sentences they confirmed and whose beginning is
known. Knows an index and terms; no file format and no page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from glossary import Matcher, Term, TermBase
from translate.constraints import assign, require
from translate.document import State
from translate.effort import CONFIRMED, fates
from translate.terminology.index import Index, Sentence
from translate.terminology.rewordings import INTO, wording

MOST_WORDINGS = 5
"""Of what people wrote instead, the most frequent."""
UNDATED = ""
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


@dataclass(slots=True)
class Figures:
    """Counts of occurrences."""

    hits: int = 0
    machine: int = 0
    """Of these, those of which the machine's text is known."""
    honoured: int = 0
    """Of these, those whose English is in it."""
    confirmed: int = 0
    """Occurrences in sentences that a person confirmed and whose beginning is known."""
    kept: int = 0
    changed: int = 0
    """One accepted form became another: `detachment` -> `detachments`."""
    put_in: int = 0
    taken_out: int = 0
    missing: int = 0
    """In neither text."""


@dataclass(slots=True)
class TermUsage:
    """One entry of the term base, in the archive."""

    term: Term
    all: Figures = field(default_factory=Figures)
    articles: int = 0
    months: dict[str, Figures] = field(default_factory=dict)
    """By the month of the articles' dates, "" for those without: {"2017-01": ...}."""
    into: Counter[str] = field(default_factory=Counter)
    """What people wrote where the term's English had stood."""

    def wordings(self) -> list[tuple[str, int]]:
        """What people wrote instead, the most frequent first."""
        return sorted(self.into.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_WORDINGS]


@dataclass(frozen=True, slots=True)
class Usage:
    """Everything about a term base in an archive."""

    terms: tuple[TermUsage, ...]
    """Those that stand somewhere, most frequent first."""
    never: tuple[Term, ...]
    """Those that stand nowhere, in the order of the term base."""
    articles: int
    sentences: int


def usage(base: TermBase, index: Index) -> Usage:
    """Read the sentences of an index with these terms."""
    matcher = Matcher(base)
    found: dict[int, TermUsage] = {id(term): TermUsage(term) for term in base.terms}
    articles = sentences = 0
    for some in index.articles():
        articles, sentences = articles + 1, sentences + len(some)
        here: set[int] = set()
        around = matcher.surroundings("\n".join(one.source for one in some))
        for one in some:
            for number in _count(one, matcher, around, found):
                here.add(number)
        for number in here:
            found[number].articles += 1
    used = [one for one in found.values() if one.all.hits]
    used.sort(key=lambda one: (-one.all.hits, one.term.source, one.term.target))
    never = tuple(one.term for one in found.values() if not one.all.hits)
    return Usage(tuple(used), never, articles, sentences)


def _count(one: Sentence, matcher: Matcher, around: frozenset[str], found: dict[int, TermUsage]) -> Iterator[int]:
    requirements = require(matcher.find(one.source, around))
    if not requirements:
        return
    month = one.date[:7] if _MONTH.match(one.date) else UNDATED
    terms = [found[id(requirement.match.term)] for requirement in requirements]
    counts = [(term.all, term.months.setdefault(month, Figures())) for term in terms]
    for both in counts:
        for figures in both:
            figures.hits += 1
    yield from (id(term.term) for term in terms)
    machines = one.started if one.known else one.target if _is_machines(one) else ""
    if machines and one.fresh:
        met = assign(requirements, machines)
        for number, both in enumerate(counts):
            for figures in both:
                figures.machine += 1
                figures.honoured += number in met
    if one.known and one.fresh and one.state in CONFIRMED:
        for term, both, fate in zip(terms, counts, fates(requirements, one.started, one.target), strict=True):
            for figures in both:
                figures.confirmed += 1
                setattr(figures, fate.what, getattr(figures, fate.what) + 1)
            if fate.what in INTO and (said := wording(one.started, one.target, fate.was, fate.now)) is not None:
                term.into[said] += 1


def _is_machines(one: Sentence) -> bool:
    return one.state is State.MACHINE and not one.edited and bool(one.target.strip())


def told(found: Usage) -> dict[str, object]:
    """Everything as JSON values."""
    return {
        "articles": found.articles,
        "sentences": found.sentences,
        "terms": [
            {
                **_named(one.term),
                "articles": one.articles,
                **figures_told(one.all),
                "into": [[text, count] for text, count in one.wordings()],
                "months": {month: figures_told(figures) for month, figures in sorted(one.months.items())},
            }
            for one in found.terms
        ],
        "never_used": [_named(term) for term in found.never],
    }


def figures_told(figures: Figures) -> dict[str, int]:
    """`{"hits": 12, "machine": 12, "honoured": 11, ...}`."""
    return {name: int(getattr(figures, name)) for name in Figures.__slots__}


def _named(term: Term) -> dict[str, str]:
    return {"source": term.source, "target": term.target}


def rows(terms: Sequence[TermUsage]) -> list[tuple[str, ...]]:
    """For a person: a line for each term."""
    return [
        (
            one.term.source,
            one.term.target,
            str(one.all.hits),
            str(one.articles),
            f"{one.all.honoured}/{one.all.machine}",
            str(one.all.kept),
            str(one.all.changed + one.all.put_in),
            str(one.all.taken_out),
            "; ".join(f"{text or '(nothing)'} {count}" for text, count in one.wordings()),
        )
        for one in terms
    ]

"""How the glossary fares on this site: where its terms stand, whether the texts keep to them, and since when.

Part of what a reader may know of how the texts came about; the same figures as JSON stand beside the page. Counted in
the facts, term by term, and only when something happened to a term. What translators wrote
instead of a term is not told here: `tarjuman glossary usage` says it to those who work on the drafts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial

from translate.site import paths
from translate.site.facts import Facts
from translate.site.page import File, Page, key
from translate.site.settings import GlossaryRow, SiteSettings
from translate.site.terms import anchor

PATH = "usage.html"
DATA = "usage.json"
MOST = 500
"""Terms on the page; the JSON has them all."""
_QUESTION = """
    SELECT u.anchor, substr(a.date, 1, 4), COUNT(*), SUM(u.status != 'unmet'),
        SUM(l.state = 'machine'), SUM(l.state = 'machine' AND u.status != 'unmet'),
        SUM(l.state IN ('edited', 'approved')), SUM(l.state IN ('edited', 'approved') AND u.status != 'unmet'),
        COUNT(DISTINCT u.slug)
    FROM uses u JOIN lines l USING (slug, position) JOIN articles a USING (slug)
    WHERE u.anchor = ? GROUP BY substr(a.date, 1, 4) ORDER BY substr(a.date, 1, 4)
"""
_TABLE = """
    CREATE TABLE IF NOT EXISTS term_usage (anchor TEXT, year TEXT, places INT, honoured INT, machine INT,
    machine_honoured INT, reviewed INT, reviewed_honoured INT, articles INT, PRIMARY KEY (anchor, year)) WITHOUT ROWID
"""
"""The figures of every term, counted again only when something happened to it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Places where a term stands."""

    places: int = 0
    honoured: int = 0
    """Its English stands there too."""
    machine: int = 0
    """In sentences nobody has reviewed yet."""
    machine_honoured: int = 0
    reviewed: int = 0
    """In sentences that a person edited or approved."""
    reviewed_honoured: int = 0
    articles: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class TermUsage:
    """One term on the site."""

    source: str
    target: str
    href: str
    """From the site's root."""
    counts: Counts
    years: tuple[tuple[str, Counts], ...] = field(default=())
    """By the year of the articles, "" for those without a date."""


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page | File]:
    """The page and its data."""
    used, never = _used(facts), partial(_never, facts, settings)
    digest = key(*((term.source, term.target, term.years) for term in used), settings.glossary_fingerprint, never())
    yield Page(
        path=PATH,
        template="usage.html",
        name="usage",
        title="How the glossary is used",
        description="How often each term stands on this site and whether the translations keep to it.",
        key=digest,
        content=partial(_content, used, never),
    )
    yield File(DATA, digest, partial(_data, used, never))


def _used(facts: Facts) -> list[TermUsage]:
    """The terms that stand somewhere, the most frequent first."""
    years: dict[str, list[tuple[str, Counts]]] = {}
    database = facts.database
    database.execute(_TABLE)
    for name in facts.touched:
        rows = database.execute(_QUESTION, (name,)).fetchall()
        database.execute("DELETE FROM term_usage WHERE anchor = ?", (name,))
        database.executemany("INSERT INTO term_usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    for name, year, *counts in database.execute("SELECT * FROM term_usage ORDER BY anchor, year"):
        years.setdefault(str(name), []).append((str(year), Counts(*map(int, counts))))
    found = []
    for term in facts.terms():
        some = tuple(years.get(term.anchor, ()))
        counts = sum((one for _, one in some), Counts())
        found.append(TermUsage(term.source, term.target, paths.term(term.anchor), counts, some))
    return sorted(found, key=lambda term: (-term.counts.places, term.source, term.target))


def _never(facts: Facts, settings: SiteSettings) -> list[GlossaryRow]:
    """Entries of the term base that stand nowhere, in its order."""
    counts = facts.use_counts()
    return [row for row in settings.glossary if anchor(row.source, row.target) not in counts]


def _content(used: Sequence[TermUsage], never: partial[list[GlossaryRow]]) -> Mapping[str, object]:
    everything = sum((term.counts for term in used), Counts())
    years: dict[str, Counts] = {}
    for term in used:
        for year, counts in term.years:
            years[year] = years.get(year, Counts()) + counts
    return {
        "terms": list(used[:MOST]),
        "more": max(0, len(used) - MOST),
        "never": never(),
        "all": everything,
        "years": sorted(years.items()),
        "data": DATA,
    }


def _data(used: Sequence[TermUsage], never: partial[list[GlossaryRow]]) -> bytes:
    told = {
        "terms": [
            {
                "source": term.source,
                "target": term.target,
                **asdict(term.counts),
                "years": {year: asdict(counts) for year, counts in term.years},
            }
            for term in used
        ],
        "never_used": [{"source": row.source, "target": row.target} for row in never()],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")

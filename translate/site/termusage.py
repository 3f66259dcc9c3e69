"""How the glossary fares on this site: where its terms stand, whether machine and people keep to it, and since when.

Part of what a reader may know of how the texts came about; the same figures as JSON stand beside the page. Counted in
the facts, term by term, and only when something happened to a term. What became of a term in a sentence that a person
rewrote is found out once for each such sentence, as `tarjuman glossary usage` does it, but with the terms that the
draft names; the words told here as written instead stand in the articles. Knows facts; no drafts and no files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import NamedTuple

from glossary import Match, Term
from translate.constraints import Requirement
from translate.english import split_article
from translate.site import paths
from translate.site.facts import Facts
from translate.site.page import File, Page, key
from translate.site.settings import GlossaryRow, SiteSettings
from translate.site.terms import anchor

PATH = "usage.html"
DATA = "usage.json"
MOST = 500
"""Terms on the page; the JSON has them all."""
MOST_WORDINGS = 5
"""Of what people wrote instead, the most frequent."""
MOST_MONTHS = 24
"""Months that are shown one by one; a longer time is shown by years."""
BAR = 24
"""How high the highest bar of a little chart is."""
_QUESTION = """
    WITH place AS (
      SELECT month, u.slug AS slug, u.status != 'unmet' AS met, b.slug IS NOT NULL AS known,
        u.state = 'machine' AND u.begin >= 0 AS unseen,
        CASE WHEN b.slug IS NULL THEN '' WHEN b.english IS NOT NULL THEN f.what
          WHEN u.status = 'unmet' THEN 'missing' ELSE 'kept' END AS what
      FROM uses u LEFT JOIN begun b USING (slug, position) LEFT JOIN fates f USING (slug, position, number)
      WHERE u.anchor = ?)
    SELECT month, COUNT(*), TOTAL(met), TOTAL(known OR unseen),
      TOTAL(CASE WHEN known THEN what IN ('kept', 'changed', 'taken_out') ELSE unseen AND met END), TOTAL(known),
      TOTAL(what = 'kept'), TOTAL(what IN ('changed', 'put_in')), TOTAL(what = 'taken_out'), TOTAL(what = 'missing'),
      COUNT(DISTINCT slug)
    FROM place GROUP BY month ORDER BY month
"""
_TABLE = """
    CREATE TABLE IF NOT EXISTS term_usage (anchor TEXT, month TEXT, places INT, honoured INT, machine INT,
    machine_honoured INT, confirmed INT, kept INT, bettered INT, changed INT, missing INT, articles INT,
    PRIMARY KEY (anchor, month)) WITHOUT ROWID
"""
"""The figures of every term, counted again only when something happened to it."""
_KEEP = "INSERT INTO term_usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_REWRITTEN = """
    SELECT b.slug, b.position, b.english, l.english, u.number, u.anchor, u.english, t.source, t.target
    FROM begun b JOIN lines l USING (slug, position) JOIN uses u USING (slug, position) JOIN terms t USING (anchor)
    WHERE b.looked = 0 AND b.english IS NOT NULL ORDER BY b.slug, b.position, u.begin, u.number
"""


class Counts(NamedTuple):
    """Places where a term stands."""

    places: int = 0
    honoured: int = 0
    """Its English stands there now."""
    machine: int = 0
    """Of which the machine's text is known."""
    machine_honoured: int = 0
    confirmed: int = 0
    """In sentences that a person confirmed and whose beginning is known."""
    kept: int = 0
    """Of these, those whose rendering stayed as the machine had it."""
    bettered: int = 0
    """The person put the term in, or another of its forms."""
    changed: int = 0
    """The person wrote what is not the term's English."""
    missing: int = 0
    """In neither text."""
    articles: int = 0


def _sum(counts: Iterable[Counts]) -> Counts:
    return Counts(*map(sum, zip(*counts, strict=True)))


Times = tuple[tuple[str, Counts], ...]
"""By month or year of the articles, "" for those without a date."""


@dataclass(frozen=True, slots=True)
class TermUsage:
    """One term on the site."""

    source: str
    target: str
    href: str
    """From the site's root."""
    counts: Counts
    times: Times = ()
    """By months."""
    into: tuple[tuple[str, int], ...] = field(default=())
    """What people wrote where the term's English had stood, the most frequent first."""


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page | File]:
    """The page and its data."""
    used, never = _used(facts, settings), partial(_never, facts, settings)
    # Plain tuples, which are spelled out in a third of the time: there are thousands of months.
    told = ((term.source, term.target, [(time, *counts) for time, counts in term.times], term.into) for term in used)
    digest = key(*told, settings.glossary_fingerprint, never())
    yield Page(
        path=PATH,
        template="usage.html",
        name="usage",
        title="How the glossary is used",
        description="How often each term stands on this site, and whether machine and people keep to it.",
        key=digest,
        content=partial(_content, used, never),
    )
    yield File(DATA, digest, partial(_data, used, never))


# --- counting --------------------------------------------------------------------------------------------------------


def _used(facts: Facts, settings: SiteSettings) -> list[TermUsage]:
    """The terms that stand somewhere, the most frequent first."""
    database = facts.database
    _look_at_rewritten(facts, settings)
    database.execute(_TABLE)
    for name in facts.touched:
        rows = database.execute(_QUESTION, (name,)).fetchall()
        database.execute("DELETE FROM term_usage WHERE anchor = ?", (name,))
        database.executemany(_KEEP, ((name, *row) for row in rows))
    months: dict[str, list[tuple[str, Counts]]] = {}
    for name, month, *counts in database.execute("SELECT * FROM term_usage ORDER BY anchor, month"):
        months.setdefault(name, []).append((month, Counts._make(counts)))
    said: dict[str, list[tuple[str, int]]] = {}
    for name, wording, count in database.execute(
        "SELECT anchor, said, COUNT(*) FROM fates WHERE said IS NOT NULL GROUP BY anchor, said ORDER BY 3 DESC, said"
    ):
        said.setdefault(str(name), []).append((str(wording), int(count)))
    found = []
    for term in facts.terms():
        some = tuple(months.get(term.anchor, ()))
        counts = _sum(one for _, one in some)
        into = tuple(said.get(term.anchor, ())[:MOST_WORDINGS])
        found.append(TermUsage(term.source, term.target, paths.term(term.anchor), counts, some, into))
    return sorted(found, key=lambda term: (-term.counts.places, term.source, term.target))


def _look_at_rewritten(facts: Facts, settings: SiteSettings) -> None:
    """Find out what became of the terms in sentences that people rewrote and nobody has looked at yet."""
    rows = facts.database.execute(_REWRITTEN).fetchall()
    if rows:
        from translate.effort import fates
        from translate.terminology.rewordings import INTO, wording

        known = {anchor(row.source, row.target): row for row in reversed(settings.glossary)}
        for (slug, position, started, final), group in groupby(rows, key=lambda row: row[:4]):
            places = [row[4:] for row in group]
            asked = [_requirement(known.get(row[1]) or GlossaryRow(*row[3:]), row[2]) for row in places]
            made = []
            for (number, name, *_), fate in zip(places, fates(asked, started, final), strict=True):
                said = wording(started, final, fate.was, fate.now) if fate.what in INTO else None
                made.append((name, slug, position, number, fate.what, said))
            facts.database.executemany("INSERT OR REPLACE INTO fates VALUES (?, ?, ?, ?, ?, ?)", made)
    facts.database.execute("UPDATE begun SET looked = 1 WHERE looked = 0")


def _requirement(row: GlossaryRow, now: str) -> Requirement:
    """What an entry asks of the English, above all the form that stands there now."""
    match = Match(Term(row.source, row.target), 0, 0, 0, 0, (), False, "unknown", "", "", row.source)
    banned = {rendering.casefold() for rendering in row.forbidden}
    surfaces = (split_article(english)[1] for english in (now, row.target or row.source, *row.accepted))
    return Requirement(match, tuple(dict.fromkeys(one for one in surfaces if one and one.casefold() not in banned)))


def _never(facts: Facts, settings: SiteSettings) -> list[GlossaryRow]:
    """Entries of the term base that stand nowhere, in its order."""
    counts = facts.use_counts()
    return [row for row in settings.glossary if anchor(row.source, row.target) not in counts]


# --- telling ---------------------------------------------------------------------------------------------------------


def _content(used: Sequence[TermUsage], never: partial[list[GlossaryRow]]) -> Mapping[str, object]:
    months = _together(times for term in used for times in term.times)
    dated = [month for month, _ in months if month]
    unit = "month" if len(dated) <= MOST_MONTHS else "year"
    times = _by(unit, months)
    names = [name for name, _ in times if name]
    return {
        "terms": [_shown(term, unit, names) for term in used[:MOST]],
        "more": max(0, len(used) - MOST),
        "never": never(),
        "all": _sum(term.counts for term in used),
        "unit": unit,
        "times": times,
        "span": (names[0], names[-1]) if len(names) > 1 else None,
        "most": max((counts.places for _, counts in times), default=0),
        "data": DATA,
    }


def _shown(term: TermUsage, unit: str, names: Sequence[str]) -> Mapping[str, object]:
    """A term as the page needs it; `bars` are the heights of a little chart, one for each time."""
    times = dict(_by(unit, term.times))
    most = max((counts.places for counts in times.values()), default=1)
    bars = [-(-BAR * times[name].places // most) if name in times else 0 for name in names]
    told = "; ".join(f"{name or 'undated'}: {counts.places}" for name, counts in times.items())
    return {
        "source": term.source, "target": term.target, "href": term.href, "counts": term.counts, "into": term.into,
        "bars": bars, "told": told,
    }  # fmt: skip


def _by(unit: str, months: Times) -> Times:
    """`('year', (('2017-01', …), ('2017-03', …)))` -> `(('2017', …),)`."""
    return months if unit == "month" else _together((month[:4], counts) for month, counts in months)


def _together(times: Iterable[tuple[str, Counts]]) -> Times:
    found: dict[str, list[Counts]] = {}
    for name, counts in times:
        found.setdefault(name, []).append(counts)
    return tuple((name, _sum(found[name])) for name in sorted(found))


def _without_articles(counts: Counts) -> Mapping[str, int]:
    """Of all terms together: an article with two of them would count twice."""
    return {name: number for name, number in counts._asdict().items() if name != "articles"}


def _data(used: Sequence[TermUsage], never: partial[list[GlossaryRow]]) -> bytes:
    everything = _together(times for term in used for times in term.times)
    told = {
        "terms": [
            {
                "source": term.source,
                "target": term.target,
                **term.counts._asdict(),
                "into": [[text, count] for text, count in term.into],
                "years": {year: counts._asdict() for year, counts in _by("year", term.times)},
            }
            for term in used
        ],
        "months": {month: _without_articles(counts) for month, counts in everything},
        "never_used": [{"source": row.source, "target": row.target} for row in never()],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")

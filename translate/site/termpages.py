"""The glossary in the order of both alphabets, and a page for each term with every sentence in which it stands.

A term's places come in pages counted from the oldest (as in leaves.py), so that a new article changes the newest page
of its terms and no other. Where a page ends is decided by the articles themselves, so that a change in an old one moves
the places of a page or two and not of all that follow. What the pages of a term depend on is noted beside the facts and
worked out again only when something happened to the term. Knows facts and settings; no template.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from zlib import crc32

from markupsafe import Markup

from translate.site import alphabet, linked, paths
from translate.site.card import Card, brief
from translate.site.dates import spelled
from translate.site.facts import Entry, Facts
from translate.site.facts import Place as Found
from translate.site.leaves import Leaf, turns
from translate.site.page import Bundle, Page, key
from translate.site.paint import Span, paint
from translate.site.settings import GlossaryRow, SiteSettings
from translate.site.terms import anchor

LEAST, MOST = 30, 70
"""Places on a page of a term, where its articles allow; the newest has up to 99."""
_ENDS = 3
"""One article in so many ends a page that is long enough."""
FORMS = 24
"""Spellings that a term's page counts; the rarer ones are told in one number."""


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term in the glossary."""

    anchor: str
    row: GlossaryRow
    listed: bool
    """False for a term that the articles use and the term base no longer has."""
    count: int
    """Places where it stands."""
    path: str
    """Of its page, from the site's root."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What the glossary holds under a letter; nothing for most letters of a small one."""

    letter: str
    anchor: str
    """"ar-9", "en-b": of its heading."""
    entries: tuple[TermEntry, ...]


class Place(NamedTuple):
    """One sentence in which the term stands, with its English."""

    href: str
    """From this page."""
    number: str
    """"12.2" """
    state: str
    status: str
    """The worst of its places in the sentence: "unmet", "substituted", "forced" or "met"."""
    arabic: Markup
    """With the term in `<mark>`."""
    english: Markup | None
    """None while not translated."""


class Stretch(NamedTuple):
    """The places of one article."""

    card: Card
    path: str
    """Of the article, from the site's root."""
    date: str
    """"19 November 2015"; empty when unknown."""
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which the term is written."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Forms:
    """How a term is written, the commonest first."""

    shown: tuple[Form, ...]
    more: int
    """Ways that are not shown."""


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page | Bundle]:
    """The glossary in both orders, then every term with its pages."""
    entries = gather(facts, settings)
    for by_arabic in (True, False):
        yield _glossary(entries, by_arabic, settings)

    @cache
    def articles() -> dict[str, _Article]:
        return {entry.slug: _article(rank, entry) for rank, entry in enumerate(facts.entries())}

    for entry in entries:
        yield _term(facts, entry, articles, settings)


def gather(facts: Facts, settings: SiteSettings) -> list[TermEntry]:
    """The entries of the term base in its order, then the terms that only the articles know."""
    found: dict[str, tuple[GlossaryRow, bool]] = {}
    for row in settings.glossary:
        found.setdefault(anchor(row.source, row.target), (row, True))
    counts: dict[str, int] = {}
    for used in facts.terms():
        counts[used.anchor] = used.uses
        found.setdefault(used.anchor, (GlossaryRow(used.source, used.target), False))
    return [
        TermEntry(name, row, listed, counts.get(name, 0), paths.term(name)) for name, (row, listed) in found.items()
    ]


def letters(entries: Sequence[TermEntry], by_arabic: bool) -> tuple[Letter, ...]:
    """Every letter of an alphabet with its entries; what begins with no letter comes last, if there is any."""
    shelves: dict[str, list[tuple[str, str, TermEntry]]] = {}
    for entry in entries:
        letter, order = alphabet.arabic(entry.row.source) if by_arabic else alphabet.english(entry.row.target)
        shelves.setdefault(letter, []).append((order, entry.anchor, entry))
    names = alphabet.ARABIC if by_arabic else alphabet.ENGLISH
    other = (alphabet.OTHER,) if alphabet.OTHER in shelves else ()
    code = "ar" if by_arabic else "en"
    return tuple(
        Letter(letter, f"{code}-{number}", tuple(entry for *_, entry in sorted(shelves.get(letter, []), key=_order)))
        for number, letter in enumerate((*names, *other), 1)
    )


def _order(shelved: tuple[str, str, TermEntry]) -> tuple[str, str]:
    return shelved[:2]


def _glossary(entries: Sequence[TermEntry], by_arabic: bool, settings: SiteSettings) -> Page:
    used = sum(entry.count for entry in entries)

    def content() -> Mapping[str, object]:
        return {"letters": letters(entries, by_arabic), "by_arabic": by_arabic, "count": len(entries), "used": used}

    return Page(
        path=paths.GLOSSARY if by_arabic else paths.GLOSSARY_ENGLISH,
        template="glossary.html",
        name="glossary",
        title="Glossary" if by_arabic else "Glossary, A–Z",
        description="How recurring Arabic terms are rendered in English on this site, and where they occur.",
        key=key(by_arabic, settings.glossary_fingerprint, *entries),
        content=content,
        head=lambda: linked.term_set(settings) if by_arabic else {},
    )


# --- the pages of one term --------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """The places that one page takes from one article."""

    slug: str
    begin: int
    end: int


Parts = list[Part]


class _Article(NamedTuple):
    """What the pages of terms have to know of an article."""

    rank: int
    """0 for the newest."""
    digest: str
    moment: str
    ends: bool
    """Whether a page may end behind it."""


def _article(rank: int, entry: Entry) -> _Article:
    return _Article(rank, entry.digest, entry.moment, crc32(entry.slug.encode("ascii")) % _ENDS == 0)


def _term(
    facts: Facts, entry: TermEntry, articles: Callable[[], dict[str, _Article]], settings: SiteSettings
) -> Bundle:
    """All pages of one term."""

    @cache
    def cut() -> list[Parts]:
        known = articles()
        places = sorted(facts.use_places(entry.anchor), key=lambda place: known[place[0]].rank)
        return part([(slug, count, known[slug].ends) for slug, count in places])

    note = ""
    if entry.count:
        note = facts.term_note(entry.anchor)
        if not note:
            note = json.dumps([_digest(parts, articles()) for parts in cut()])
            facts.set_term_note(entry.anchor, note)
    told = key(entry.row, entry.listed)

    def turned() -> Iterator[Page]:
        held = _held(note)
        for at, about in enumerate(held):
            leaf = Leaf(len(held) - at, len(held), 0, 0)
            yield _page(facts, entry, leaf, (key(told, about[0]), about[1]), partial(_nth, cut, at), settings)

    return Bundle(paths.term(entry.anchor), key(told, entry.count, note), turned)


def _held(note: str) -> list[tuple[str, str]]:
    """(digest of the places, when something last happened to them) of every page of a term, newest first."""
    if not note:
        return [("", "")]
    held = [(digest, when) for digest, when in json.loads(note)]
    return [(key(*(digest for digest, _ in held)), held[0][1]), *held[1:]]  # the newest page counts what is on all


def _nth(cut: Callable[[], list[Parts]], at: int) -> Parts:
    return cut()[at]


def _digest(parts: Parts, articles: Mapping[str, _Article]) -> tuple[str, str]:
    about = [(part, articles[part.slug]) for part in parts]
    told = "\n".join(f"{part.slug} {part.begin} {part.end} {article.digest}" for part, article in about)
    return key(told), max((article.moment for _, article in about), default="")


def part(places: Sequence[tuple[str, int, bool]]) -> list[Parts]:
    """(article, places, whether a page may end behind it), newest first -> what every page takes from which article.

    From the oldest on, a page ends behind an article whose name says so, once it is long enough; so the ends stay where
    they are when something before them grows or goes. An article with very many places fills pages of its own.
    """
    pages: list[Parts] = []
    page: Parts = []
    size = 0
    for slug, count, ends in reversed(places):
        if page and size + count > MOST:
            pages.append(page)
            page, size = [], 0
        while count > MOST:
            pages.append([Part(slug, count - MOST, count)])
            count -= MOST
        page.append(Part(slug, 0, count))
        size += count
        if ends and size >= LEAST:
            pages.append(page)
            page, size = [], 0
    if size < LEAST and pages:
        pages[-1] += page
    elif page or not pages:
        pages.append(page)
    return [parts[::-1] for parts in reversed(pages)]


def _page(
    facts: Facts,
    entry: TermEntry,
    leaf: Leaf,
    held: tuple[str, str],
    parts: Callable[[], Parts],
    settings: SiteSettings,
) -> Page:
    path = paths.term(entry.anchor, leaf.address)
    turn = turns(leaf, lambda number: f"../{paths.term(entry.anchor, number)}")
    newest = leaf.address == 0
    row = entry.row

    def content() -> Mapping[str, object]:
        written = facts.use_forms(entry.anchor) if newest else []
        return {
            "entry": entry,
            "number": leaf.address,
            "count": entry.count if newest else 0,
            "arabic_forms": _forms((arabic, count) for arabic, _, _, count in written),
            "english_forms": _forms((english, count) for _, english, _, count in written),
            "statuses": _counted((status, count) for _, _, status, count in written),
            "stretches": _stretches(facts, entry.anchor, parts()),
            "turns": turn,
        }

    title = f"{row.target} · {row.source}"
    return Page(
        path=path,
        template="term.html",
        name="term",
        title=f"{title}, page {leaf.address}" if leaf.address else title,
        description=f"{row.source} is “{row.target}” here: every sentence with the term, in Arabic and in English.",
        key=key(held[0], turn, entry.count if newest else 0),
        content=content,
        work=_worked,
        last_modified=held[1],
        languages=("ar", "en"),
        head=(lambda: linked.term(row, entry.anchor, settings)) if newest else None,
    )


def _counted(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, count in pairs:
        counts[text] += count
    return counts


def _forms(pairs: Iterable[tuple[str, int]]) -> Forms:
    counts = sorted(((-count, text) for text, count in _counted(pairs).items() if text))
    shown = tuple(Form(text, -count) for count, text in counts[:FORMS])
    return Forms(shown, max(len(counts) - FORMS, 0))


def _stretches(facts: Facts, name: str, parts: Parts) -> list[tuple[Card, list[Found]]]:
    """What stands on one page, article by article, read at once."""
    found = facts.places_in(name, [part.slug for part in parts])
    return [(brief(facts.card(part.slug)), found[part.slug][part.begin : part.end]) for part in parts]


def _worked(content: Mapping[str, Any]) -> Mapping[str, object]:
    """The places as the page shows them."""
    return {**content, "stretches": tuple(_stretch(card, places) for card, places in content["stretches"])}


def _stretch(card: Card, found: Sequence[Found]) -> Stretch:
    path = paths.article(card.slug)
    places = tuple(_place(f"../{path}", card.slug, list(run)) for _, run in groupby(found, key=itemgetter(0)))
    return Stretch(card, path, spelled(card.date), places)


_WORST = ("unmet", "substituted", "forced", "met")


def _place(way: str, slug: str, found: Sequence[Found]) -> Place:
    """A sentence; more than one where the term stands in it several times."""
    name, state, arabic, english = found[0][:4]
    here = [Span(place[4], place[5], "", "", place[8] != "unmet") for place in found if place[4] >= 0]
    there = [Span(place[6], place[7], "", "") for place in found if place[6] >= 0]
    return Place(
        href=f"{way}#{name}",
        number=name.removeprefix(slug).lstrip("."),
        state=state,
        status=min([place[8] for place in found], key=_WORST.index),
        arabic=paint(arabic, (), here),
        english=paint(english, (), there) if english else None,
    )

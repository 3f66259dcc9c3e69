"""The glossary in the order of both alphabets, and a page for each term with every sentence in which it stands.

A term's places come in pages that are cut along the articles' order, counted from the oldest (leaves.py), so that a new
article changes the newest page of its terms and no other. What the pages of a term depend on is kept beside the facts
and worked out again only when something happened to the term. Knows facts and settings; no template.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby

from markupsafe import Markup

from translate.site import alphabet, linked, paths
from translate.site.card import Card, Line, Use
from translate.site.dates import moment, spelled
from translate.site.facts import Facts
from translate.site.leaves import Leaf, leaves, turns
from translate.site.page import Page, key
from translate.site.paint import Span, paint
from translate.site.settings import GlossaryRow, SiteSettings
from translate.site.terms import anchor

PLACES = 50
"""On a page of a term, the newest excepted, which has up to 99."""
FORMS = 24
"""Spellings that a term's page counts; the rarer ones are told in one number."""


@dataclass(frozen=True, slots=True)
class Entry:
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
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Place:
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


@dataclass(frozen=True, slots=True)
class Stretch:
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


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page]:
    """The glossary in both orders, then the pages of every term."""
    entries = gather(facts, settings)
    for by_arabic in (True, False):
        yield _glossary(entries, by_arabic, settings)

    @cache
    def moments() -> dict[str, str]:
        return {card.slug: moment(card) for card in facts.cards()}

    for entry in entries:
        yield from _term(facts, entry, moments, settings)


def gather(facts: Facts, settings: SiteSettings) -> list[Entry]:
    """The entries of the term base in its order, then the terms that only the articles know."""
    found: dict[str, tuple[GlossaryRow, bool]] = {}
    for row in settings.glossary:
        found.setdefault(anchor(row.source, row.target), (row, True))
    counts: dict[str, int] = {}
    for used in facts.terms():
        counts[used.anchor] = used.uses
        found.setdefault(used.anchor, (GlossaryRow(used.source, used.target), False))
    return [Entry(name, row, listed, counts.get(name, 0), paths.term(name)) for name, (row, listed) in found.items()]


def letters(entries: Sequence[Entry], by_arabic: bool) -> tuple[Letter, ...]:
    """Every letter of an alphabet with its entries; what begins with no letter comes last, if there is any."""
    shelves: dict[str, list[tuple[str, str, Entry]]] = {}
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


def _order(shelved: tuple[str, str, Entry]) -> tuple[str, str]:
    return shelved[:2]


def _glossary(entries: Sequence[Entry], by_arabic: bool, settings: SiteSettings) -> Page:
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


@dataclass(frozen=True, slots=True)
class _Part:
    """The places that one page takes from one article."""

    slug: str
    begin: int
    end: int
    digest: str


def _term(facts: Facts, entry: Entry, moments: Callable[[], dict[str, str]], settings: SiteSettings) -> Iterator[Page]:
    cut = leaves(entry.count, PLACES)

    @cache
    def parts() -> list[list[_Part]]:
        return _parts(facts, entry, cut)

    for at, (leaf, held) in enumerate(zip(cut, _held(facts, entry, cut, parts, moments), strict=True)):
        yield _page(facts, entry, leaf, held, partial(_nth, parts, at), settings)


def _held(
    facts: Facts,
    entry: Entry,
    cut: Sequence[Leaf],
    parts: Callable[[], list[list[_Part]]],
    moments: Callable[[], dict[str, str]],
) -> list[tuple[str, str]]:
    """(digest of the places, when something last happened to them) of every page of a term."""
    name, version = f"term pages {entry.anchor}", facts.use_digest(entry.anchor)
    kept = facts.meta(name)
    if kept:
        known, pairs = json.loads(kept)
        if known == version and len(pairs) == len(cut):
            return [(digest, when) for digest, when in pairs]
    made = [_digest(part, moments()) for part in parts()]
    facts.set_meta(name, json.dumps([version, made]))
    return made


def _nth(parts: Callable[[], list[list[_Part]]], at: int) -> list[_Part]:
    return parts()[at]


def _digest(parts: Sequence[_Part], moments: Mapping[str, str]) -> tuple[str, str]:
    return key(*parts), max((moments[part.slug] for part in parts), default="")


def _parts(facts: Facts, entry: Entry, cut: Sequence[Leaf]) -> list[list[_Part]]:
    """What every page takes from which article."""
    result: list[list[_Part]] = [[] for _ in cut]
    if not entry.count:
        return result
    at, page = 0, 0
    for slug, count, digest in facts.use_articles(entry.anchor):
        begin = 0
        while begin < count:
            end = min(count, begin + cut[page].end - at)
            result[page].append(_Part(slug, begin, end, digest))
            at += end - begin
            begin = end
            if at == cut[page].end and page + 1 < len(cut):
                page += 1
    return result


def _page(
    facts: Facts,
    entry: Entry,
    leaf: Leaf,
    held: tuple[str, str],
    parts: Callable[[], list[_Part]],
    settings: SiteSettings,
) -> Page:
    path = paths.term(entry.anchor, leaf.address)
    turn = turns(leaf, lambda number: f"../{paths.term(entry.anchor, number)}")
    newest = leaf.address == 0
    row = entry.row

    def content() -> Mapping[str, object]:
        arabic, english = facts.use_forms(entry.anchor) if newest else ([], [])
        return {
            "entry": entry,
            "number": leaf.address,
            "count": entry.count if newest else 0,
            "arabic_forms": _forms(arabic),
            "english_forms": _forms(english),
            "statuses": facts.use_statuses(entry.anchor) if newest else {},
            "stretches": tuple(_stretch(facts, entry.anchor, part) for part in parts()),
            "turns": turn,
        }

    title = f"{row.target} · {row.source}"
    return Page(
        path=path,
        template="term.html",
        name="term",
        title=f"{title}, page {leaf.address}" if leaf.address else title,
        description=f"{row.source} is “{row.target}” here: every sentence with the term, in Arabic and in English.",
        key=key(held[0], turn, row, entry.listed, entry.count if newest else 0),
        content=content,
        last_modified=held[1],
        languages=("ar", "en"),
        head=(lambda: linked.term(row, entry.anchor, settings)) if newest else None,
    )


def _forms(counted: Sequence[tuple[str, int]]) -> Forms:
    shown = tuple(Form(text, count) for text, count in counted[:FORMS])
    return Forms(shown, max(len(counted) - FORMS, 0))


def _stretch(facts: Facts, name: str, part: _Part) -> Stretch:
    card = facts.card(part.slug)
    uses = facts.uses_in(name, part.slug)[part.begin : part.end]
    places = tuple(_place(line, [use for use, _ in run]) for line, run in groupby(uses, key=lambda pair: pair[1]))
    return Stretch(card, paths.article(card.slug), spelled(card.date), places)


_WORST = ("unmet", "substituted", "forced", "met")


def _place(line: Line, uses: Sequence[Use]) -> Place:
    here = [Span(use.begin, use.end, "", "", use.status != "unmet") for use in uses if use.begin >= 0]
    there = [Span(use.target_begin, use.target_end, "", "") for use in uses if use.target_begin >= 0]
    return Place(
        href=f"../{paths.article(line.slug)}#{line.id}",
        number=line.number,
        state=line.state,
        status=min((use.status for use in uses), key=_WORST.index),
        arabic=paint(line.arabic, (), here),
        english=paint(line.english, (), there) if line.english else None,
    )

"""What a page tells machines about itself: canonical address, languages, feeds, Open Graph and linked data.

Everything that needs a full address is left out while the site's is not known. Linked data follows schema.org: the
Arabic article and its English are two works, one the translation of the other. Knows facts and settings; no template.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup

from translate.site import paths
from translate.site.card import Card
from translate.site.page import Page
from translate.site.paint import settle
from translate.site.settings import GlossaryRow, SiteSettings

FEEDS = (("en", "English"), ("ar", "العربية"))
"""(language, its own name) of every feed."""
Linked = dict[str, object]
_CONTEXT = "https://schema.org"
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_IN_SCRIPT = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


class Feed(NamedTuple):
    """A feed that a page announces."""

    lang: str
    title: str
    href: str
    """From this page."""


class Meta(NamedTuple):
    """What stands in the head of a page for machines."""

    canonical: str = ""
    """Full address; empty when the site's is unknown."""
    alternates: tuple[tuple[str, str], ...] = ()
    """(`ar`, full address) - the page for readers of a language; `x-default` for all others."""
    feeds: tuple[Feed, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    """(`og:title`, text) - Open Graph."""
    linked: Markup = Markup()
    """Linked data (JSON-LD), safe inside a `<script>`; empty where there is none."""


def meta(page: Page, settings: SiteSettings) -> Meta:
    """All of it for one page."""
    canonical = paths.absolute(settings.base_url, page.path) if page.listed else ""
    linked = dict(page.head()) if page.head else {}
    every = (*page.languages, "x-default") if page.languages and canonical else ()
    return Meta(
        canonical=canonical,
        alternates=tuple((language, canonical) for language in every),
        feeds=feeds(page.path, settings) if page.listed else (),  # the page of no address stands at any
        properties=tuple(_properties(page, settings, canonical, linked)) if page.listed else (),
        linked=script(linked) if linked else Markup(),
    )


def feeds(path: str, settings: SiteSettings) -> tuple[Feed, ...]:
    """The feeds as a page at this path reaches them; none while the site's address is not known."""
    if not settings.base_url:
        return ()
    root = "../" * path.count("/")
    return tuple(Feed(lang, f"{settings.title} ({name})", root + paths.feed(lang)) for lang, name in FEEDS)


def script(data: Mapping[str, object]) -> Markup:
    """`{'name': '</script>'}` -> JSON in which nothing ends the element or begins another."""
    text = settle(_ENCODE(data))
    for character, written in _IN_SCRIPT.items():
        text = text.replace(character, written)
    return Markup(text)  # noqa: S704 - what could be markup is written as \\u003c


def article(card: Card, settings: SiteSettings) -> Linked:
    """Two works: the article, and its translation with who made it and how far it was checked."""
    canonical = paths.absolute(settings.base_url, paths.article(card.slug))
    arabic, english = f"{canonical}#ar", f"{canonical}#en"
    about = {"keywords": list(card.topics), "isPartOf": _site(settings)}
    original: Linked = {
        "@type": "NewsArticle",
        "@id": arabic,
        "inLanguage": "ar",
        "headline": card.title_arabic,
        "description": card.lead_arabic,
        "datePublished": card.date,
        "author": {"@type": "Person", "name": card.author} if card.author else {},
        "publisher": {"@type": "NewsMediaOrganization", "name": card.outlet} if card.outlet else {},
        "locationCreated": {"@type": "Place", "name": card.place} if card.place else {},
        "url": card.source,
        **about,
        "workTranslation": {"@id": english},
    }
    translation: Linked = {
        "@type": "NewsArticle",
        "@id": english,
        "inLanguage": "en",
        "headline": card.title_english,
        "description": card.lead_english,
        "dateModified": card.edited,
        "author": original["author"],
        "url": canonical,
        "mainEntityOfPage": canonical,
        "translator": _translators(card, settings),
        "creativeWorkStatus": status(card),
        "publisher": _publisher(settings),
        "license": settings.license,
        **about,
        "translationOfWork": {"@id": arabic},
    }
    return {"@context": _CONTEXT, "@graph": [_said(translation), _said(original)]}


def website(settings: SiteSettings) -> Linked:
    """The site itself, for the first page."""
    return _said({"@context": _CONTEXT, **_site(settings), "description": settings.tagline, "inLanguage": ["ar", "en"]})


def collection(title: str, path: str, cards: Iterable[Card], settings: SiteSettings) -> Linked:
    """A list of articles, in their order."""
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": card.title_text,
            "url": paths.absolute(settings.base_url, paths.article(card.slug)),
        }
        for position, card in enumerate(cards, 1)
    ]
    return _said(
        {
            "@context": _CONTEXT,
            "@type": "CollectionPage",
            "name": title,
            "url": paths.absolute(settings.base_url, path),
            "inLanguage": ["ar", "en"],
            "isPartOf": _site(settings),
            "mainEntity": {"@type": "ItemList", "itemListElement": [_said(item) for item in items]},
        }
    )


def term(row: GlossaryRow, anchor: str, settings: SiteSettings) -> Linked:
    """A term and the glossary that it belongs to."""
    return _said(
        {
            "@context": _CONTEXT,
            "@type": "DefinedTerm",
            "name": [{"@language": "ar", "@value": row.source}, {"@language": "en", "@value": row.target}],
            "alternateName": [*row.forms, *row.accepted],
            "description": row.note,
            "url": paths.absolute(settings.base_url, paths.term(anchor)),
            "inDefinedTermSet": _terms(settings),
        }
    )


def term_set(settings: SiteSettings) -> Linked:
    """The glossary."""
    return {"@context": _CONTEXT, **_terms(settings), "inLanguage": ["ar", "en"]}


def status(card: Card) -> str:
    """`'Machine translation, not reviewed'`: how far people have checked a translation."""
    tally = card.tally
    if tally.unreviewed == tally.total:
        return "Machine translation, not reviewed"
    if tally.unreviewed:
        return f"Machine translation, {tally.total - tally.unreviewed} of {tally.total} sentences reviewed"
    return "Reviewed"


def _translators(card: Card, settings: SiteSettings) -> list[Linked]:
    """Everybody who edited or approved; the publisher answers for what nobody has touched."""
    people: list[Linked] = [{"@type": "Person", "name": name} for name in card.people]
    return people or [{"@type": "Organization", "name": settings.publisher or settings.title}]


def _publisher(settings: SiteSettings) -> Linked:
    return {"@type": "Organization", "name": settings.publisher or settings.title}


def _terms(settings: SiteSettings) -> Linked:
    name, url = f"{settings.title}: glossary", paths.absolute(settings.base_url, paths.GLOSSARY)
    return _said({"@type": "DefinedTermSet", "name": name, "url": url})


def _site(settings: SiteSettings) -> Linked:
    home = paths.absolute(settings.base_url, paths.INDEX)
    site = {"@type": "WebSite", "name": settings.title, "alternateName": settings.title_arabic, "url": home}
    return _said({**site, "publisher": _publisher(settings), "license": settings.license})


def _said(data: Linked) -> Linked:
    """Without what is empty: nothing is said of what is not known."""
    return {name: value for name, value in data.items() if value not in ("", [], {}, None)}


def _properties(page: Page, settings: SiteSettings, canonical: str, linked: Linked) -> Iterable[tuple[str, str]]:
    """Open Graph; the dates and topics of an article are those of its linked data."""
    graph = linked.get("@graph")
    translation, original = graph if isinstance(graph, list) else ({}, {})
    told = [
        ("og:type", "article" if original else "website"),
        ("og:site_name", settings.title),
        ("og:title", page.title or settings.title),
        ("og:description", page.description or settings.tagline),
        ("og:url", canonical),
        ("og:locale", "en_GB"),
        ("og:locale:alternate", "ar_AR" if page.languages else ""),
        ("article:published_time", original.get("datePublished", "")),
        ("article:modified_time", translation.get("dateModified", "")),
        *(("article:tag", topic) for topic in original.get("keywords", ())),
    ]
    return ((name, value) for name, value in told if value)

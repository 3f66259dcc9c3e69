"""Feeds, the sitemap and robots.txt: files for programs, each made of what the pages are made of.

All of them hold full addresses, so none is made while the site's own is not known. No clock: a feed is as old as the
youngest thing in it. An entry has to say when something last happened to it, so an article that has no date and that
nobody has edited is in no feed; lists and sitemap have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import nlargest

from translate.site import linked, paths
from translate.site.card import Card
from translate.site.dates import moment, utc
from translate.site.facts import Facts
from translate.site.page import File, Listing, key
from translate.site.paint import settle
from translate.site.settings import SiteSettings
from translate.xliff.text import quoted, xml

ENTRIES = 50
"""Articles in a feed, the latest ones."""
LIMIT = 50_000
"""Addresses in a sitemap file: more are not allowed."""
UNKNOWN = "1970-01-01T00:00:00Z"
"""The moment of a feed without entries, which has to have one."""
WITHOUT_ADDRESS = "no feeds, sitemap or canonical addresses: they need the full address of the site (--base-url)"
"""What to tell somebody who publishes without one."""
_UNTITLED = {"en": "Not translated yet", "ar": "بلا عنوان"}
_SUBTITLE = {"en": "tagline", "ar": "tagline_arabic"}


def files(facts: Facts, settings: SiteSettings) -> Iterator[File]:
    """A feed per language."""
    if not settings.base_url:
        return
    entries = nlargest(ENTRIES, (entry for entry in facts.entries() if entry.moment), key=lambda entry: entry.moment)
    latest = [facts.card(entry.slug) for entry in entries]
    told = key(*(card.digest for card in latest))
    for lang, own_name in linked.FEEDS:
        yield File(paths.feed(lang), told, _later(_feed, lang, own_name, latest, settings))


def last_files(facts: Facts, settings: SiteSettings) -> Iterator[File]:
    """The sitemap and robots.txt: after everything else, because they list it."""
    if not settings.base_url:
        return
    listed = list(facts.published())
    parts = [listed[at : at + LIMIT] for at in range(0, len(listed), LIMIT)] or [[]]
    if len(parts) == 1:
        yield File(paths.SITEMAP, _key(listed), _later(_sitemap, listed, settings))
    else:
        names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        for name, part in zip(names, parts, strict=True):
            yield File(name, _key(part), _later(_sitemap, part, settings))
        newest = [max(entry.last_modified for entry in part) for part in parts]
        yield File(paths.SITEMAP, key(*names, *newest), _later(_sitemap_index, names, newest, settings))
    sitemap = paths.absolute(settings.base_url, paths.SITEMAP)
    yield File(paths.ROBOTS, key(sitemap), _later(_robots, sitemap))


def _key(listed: Iterable[Listing]) -> str:
    return key("\n".join(f"{one.path} {one.last_modified} {' '.join(one.languages)}" for one in listed))


def _later(make: Callable[..., str], *of: object) -> Callable[[], bytes]:
    return lambda: settle(make(*of)).encode("utf-8")


# --- Atom (RFC 4287) --------------------------------------------------------------------------------------------------


def _feed(lang: str, own_name: str, cards: list[Card], settings: SiteSettings) -> str:
    base = settings.base_url
    title = settings.title_arabic if lang == "ar" and settings.title_arabic else settings.title
    shown = [card for card in cards if _title(card, lang)]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">',
        f"<id>{xml(paths.tag(base, f'feeds/{lang}'))}</id>",
        f"<title>{xml(f'{title} ({own_name})')}</title>",
        f"<subtitle>{xml(getattr(settings, _SUBTITLE[lang]))}</subtitle>",
        f"<updated>{max((moment(card) for card in shown), default='') or UNKNOWN}</updated>",
        f'<link rel="self" type="application/atom+xml" href={quoted(paths.absolute(base, paths.feed(lang)))}/>',
        f'<link rel="alternate" type="text/html" href={quoted(paths.absolute(base, paths.INDEX))}/>',
        f"<author><name>{xml(settings.publisher or settings.title)}</name></author>",
        "<generator>Tarjuman</generator>",
    ]
    if settings.license:
        lines.append(f"<rights>{xml(settings.license)}</rights>")
    for card in shown:
        lines.extend(_entry(card, lang, settings))
    return "\n".join([*lines, "</feed>", ""])


def _entry(card: Card, lang: str, settings: SiteSettings) -> Iterator[str]:
    path = paths.article(card.slug)
    yield "<entry>"
    yield f"<id>{xml(paths.tag(settings.base_url, f'articles/{card.slug}/{lang}'))}</id>"
    yield f"<title>{xml(_title(card, lang))}</title>"
    yield f"<updated>{moment(card)}</updated>"
    if card.date:
        yield f"<published>{utc(card.date)}</published>"
    yield f'<link rel="alternate" type="text/html" href={quoted(paths.absolute(settings.base_url, path))}/>'
    if card.author or card.outlet:
        yield f"<author><name>{xml(card.author or card.outlet)}</name></author>"
    for topic in card.topics:
        yield f"<category term={quoted(paths.name(topic))} label={quoted(topic)}/>"
    lead = card.lead_english if lang == "en" else card.lead_arabic
    told = f"[{linked.status(card)}]" if lang == "en" else ""
    summary = " ".join(part for part in (lead, told) if part)
    if summary:
        yield f'<summary type="text">{xml(summary)}</summary>'
    yield "</entry>"


def _title(card: Card, lang: str) -> str:
    """The title in the feed's language; empty for an article that has nothing in it, which then stays out."""
    title = card.title_english if lang == "en" else card.title_arabic
    lead = card.lead_english if lang == "en" else card.lead_arabic
    return title or (_UNTITLED[lang] if lead else "")


# --- sitemaps.org -----------------------------------------------------------------------------------------------------


def _sitemap(listed: Iterable[Listing], settings: SiteSettings) -> str:
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for entry in listed:
        address = paths.absolute(settings.base_url, entry.path)
        modified = f"<lastmod>{xml(entry.last_modified)}</lastmod>" if entry.last_modified else ""
        languages = (*entry.languages, "x-default") if entry.languages else ()
        other = "".join(
            f'<xhtml:link rel="alternate" hreflang={quoted(name)} href={quoted(address)}/>' for name in languages
        )
        lines.append(f"<url><loc>{xml(address)}</loc>{modified}{other}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def _sitemap_index(names: Iterable[str], newest: Iterable[str], settings: SiteSettings) -> str:
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for name, modified in zip(names, newest, strict=True):
        told = f"<lastmod>{xml(modified)}</lastmod>" if modified else ""
        lines.append(f"<sitemap><loc>{xml(paths.absolute(settings.base_url, name))}</loc>{told}</sitemap>")
    return "\n".join([*lines, "</sitemapindex>", ""])


def _robots(sitemap: str) -> str:
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n"

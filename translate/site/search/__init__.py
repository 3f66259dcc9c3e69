"""The search of the site: an index in small files that a page without a server can ask.

`pages` says which files there are; `index.py` keeps what is in them, `keys.py` knows what a word is found under, and
`site_templates/static/search.js` is the reader's side. Nothing is asked of anybody else, and nobody hears what is
looked for.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import partial

from translate.site.card import Gathered
from translate.site.facts import Facts
from translate.site.page import File, Page, key
from translate.site.search.index import OUTLET, REVIEWED, TOPIC, Index, Text, packed, squeezed, text_of, written
from translate.site.search.rules import VERSION, tables
from translate.site.settings import SiteSettings

__all__ = ["pages", "said"]

PATH = "search.html"
_MONTH_PLACES = 12
_CHOICES = 60
"""Outlets or topics that are offered to choose from."""


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page | File]:
    """The search page and every file of the index; nothing where the site is to have no search."""
    if not settings.search:
        return
    index = Index(facts.database)
    articles = {card.slug: (card.digest, card.date) for card in facts.cards()}
    index.update(articles, partial(_said, facts))
    described = "Search every sentence, in Arabic or in English"
    yield Page(
        PATH, "search.html", "search", "Search", described, key(len(articles)), lambda: {"articles": len(articles)}
    )
    yield File("search/rules.bin", key(VERSION), lambda: squeezed(_json(tables())))
    told = _overview(index, Counter(date[:4] for _, date in articles.values() if date), len(articles))
    yield File("search/index.bin", key(told), lambda: squeezed(told))
    for number, total in index.shards():
        yield File(f"search/shards/{number:x}.bin", total, partial(index.shard, number))
    for name, row, total in index.large():
        yield File(f"search/words/{name}.bin", total, partial(index.places, row))
    for slug, digest, number in index.articles():
        yield File(
            f"search/texts/{number >> _MONTH_PLACES:x}/{number % (1 << _MONTH_PLACES):x}.bin",
            key(VERSION, digest, number),
            partial(_written, facts, slug, number),
        )


def _overview(index: Index, years: Counter[str], articles: int) -> bytes:
    """What a page has to know before it asks: how many shards there are, and what there is to choose from."""
    return _json(
        {
            "bits": index.bits,
            "placeBits": index.place_bits,
            "articles": articles,
            "outlets": index.counts(OUTLET)[:_CHOICES],
            "topics": index.counts(TOPIC)[:_CHOICES],
            "reviewed": sum(count for _, count in index.counts(REVIEWED)),
            "years": sorted(years.items(), reverse=True),
        }
    )


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace")


def said(gathered: Gathered) -> bytes:
    """What is found of an article and where, for the index; made by whoever reads the draft."""
    return packed(text_of(gathered.card, gathered.lines))


def _said(facts: Facts, slug: str) -> bytes:
    return facts.said(slug) or packed(_text(facts, slug))


def _text(facts: Facts, slug: str) -> Text:
    return text_of(facts.card(slug), facts.lines(slug))


def _written(facts: Facts, slug: str, number: int) -> bytes:
    return written(_text(facts, slug), number)

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

from translate.site.card import Card
from translate.site.facts import Facts
from translate.site.page import File, Page, key
from translate.site.search.index import OUTLET, REVIEWED, TOPIC, Index, squeezed, text_of, written
from translate.site.search.rules import VERSION, tables
from translate.site.settings import SiteSettings

__all__ = ["pages"]

PATH = "search.html"
_MONTH_PLACES = 12
_CHOICES = 60
"""Outlets or topics that are offered to choose from."""


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page | File]:
    """The search page and every file of the index; nothing where the site is to have no search."""
    if not settings.search:
        return
    index = Index(facts.database)
    cards = {card.slug: card for card in facts.cards()}
    index.update(cards, facts.lines)
    described = "Search every sentence, in Arabic or in English"
    yield Page(PATH, "search.html", "search", "Search", described, key(len(cards)), lambda: {"articles": len(cards)})
    yield File("search/rules.bin", key(VERSION), lambda: squeezed(_json(tables())))
    told = _overview(index, Counter(card.date[:4] for card in cards.values() if card.date), len(cards))
    yield File("search/index.bin", key(told), lambda: squeezed(told))
    for number, total in index.shards():
        yield File(f"search/shards/{number:x}.bin", total, partial(index.shard, number))
    for name, row, total in index.large():
        yield File(f"search/words/{name}.bin", total, partial(index.places, row))
    for slug, digest, number in index.articles():
        yield File(
            f"search/texts/{number >> _MONTH_PLACES:x}/{number % (1 << _MONTH_PLACES):x}.bin",
            key(VERSION, digest, number),
            partial(_text, facts, cards[slug], number),
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


def _text(facts: Facts, card: Card, number: int) -> bytes:
    return written(text_of(card, facts.lines(card.slug)), number)

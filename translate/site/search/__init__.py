"""The search of the site: an index in small files that a page without a server can ask.

`pages` says which files there are; `index.py` keeps what is in them, `keys.py` knows what a word is found under, and
`site_templates/static/search.js` is the reader's side. Nothing is asked of anybody else, and nobody hears what is
looked for.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import TypeVar

from translate.site.card import Gathered
from translate.site.facts import Facts
from translate.site.page import Bundle, File, Page, key
from translate.site.search.index import (
    OUTLET,
    REVIEWED,
    TOPIC,
    Index,
    Text,
    about,
    listed,
    packed,
    squeezed,
    text_of,
    written,
)
from translate.site.search.rules import VERSION, tables
from translate.site.settings import SiteSettings

__all__ = ["pages", "said"]

PATH = "search.html"
_MONTH_PLACES = 12
_SHARDS = 64
"""Shards that are looked at together."""
_CHOICES = 60
"""Outlets or topics that are offered to choose from."""
_Row = TypeVar("_Row", bound=tuple[object, ...])


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page | File | Bundle]:
    """The search page and every file of the index; nothing where the site is to have no search."""
    if not settings.search:
        return
    index = Index(facts.database)
    articles = {entry.slug: (entry.digest, entry.date) for entry in facts.entries()}
    index.update(articles, partial(_said, facts))
    described = "Search every sentence, in Arabic or in English"
    yield Page(
        PATH, "search.html", "search", "Search", described, key(len(articles)), lambda: {"articles": len(articles)}
    )
    yield File("search/rules.bin", key(VERSION), lambda: squeezed(_json(tables())))
    overview = _overview(index, Counter(date[:4] for _, date in articles.values() if date), len(articles))
    yield File("search/index.bin", key(overview), lambda: squeezed(overview))
    yield from _together("shards", index.shards(), lambda row: f"{row[0] // _SHARDS:x}", partial(_shard, index))
    yield from _together("words", index.large(), lambda row: "", partial(_word, index))
    by_month = partial(_together, "texts", index.articles(), lambda row: f"{row[2] >> _MONTH_PLACES:x}")
    yield from by_month(partial(_of_article, facts))


def _together(
    kind: str, rows: Iterable[_Row], part: Callable[[_Row], str], file: Callable[[_Row], File]
) -> Iterator[Bundle]:
    """Files of one kind in bundles; the rows of one stand together."""
    for name, run in groupby(rows, key=part):
        some = list(run)
        yield Bundle(f"search/{kind}/{name}", key(VERSION, some), partial(map, file, some))


def _shard(index: Index, row: tuple[int, str]) -> File:
    number, total = row
    return File(f"search/shards/{number:x}.bin", total, partial(index.shard, number))


def _word(index: Index, row: tuple[str, int, str]) -> File:
    name, place, total = row
    return File(f"search/words/{name}.bin", total, partial(index.places, place))


def _of_article(facts: Facts, row: tuple[str, str, int]) -> File:
    slug, digest, number = row
    path = f"search/texts/{number >> _MONTH_PLACES:x}/{number % (1 << _MONTH_PLACES):x}.bin"
    return File(path, key(VERSION, digest, number), partial(_told, facts, slug, number), written)


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


def said(gathered: Gathered) -> tuple[bytes, str]:
    """What is found of an article and where, for the index, and its sentences; made by whoever reads the draft."""
    text = text_of(gathered.card, gathered.lines)
    return packed(text), listed(text)


def _said(facts: Facts, slug: str) -> bytes:
    known = facts.said(slug)
    return known[0] if known else packed(_text(facts, slug))


def _text(facts: Facts, slug: str) -> Text:
    return text_of(facts.card(slug), facts.lines(slug))


def _told(facts: Facts, slug: str, number: int) -> tuple[Mapping[str, object], str]:
    known = facts.said(slug)
    return about(facts.card(slug), number), known[1] if known else listed(_text(facts, slug))

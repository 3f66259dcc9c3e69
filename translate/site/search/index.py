"""The index of a site, kept in the database of its facts: what is found under which key, article by article.

An article that is new or changed is read once; the keys it had and has are revised, nothing else. Everything the pages
fetch is cut from here. The same articles give the same index, in whatever order they came. Knows SQL and no page.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from translate.site.card import Card, Line
from translate.site.memo import Memo
from translate.site.search.keys import keys, words
from translate.site.search.numbers import numbers
from translate.site.search.postings import SPOT_BITS, Packer, Row, counted, file_of, revised, shard, spot, spread
from translate.site.search.rules import VERSION

_TABLES = """
CREATE TABLE IF NOT EXISTS search_articles (slug TEXT PRIMARY KEY, digest TEXT, number INT, keys BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_places (
  id INTEGER PRIMARY KEY, spot INT, key TEXT UNIQUE, articles INT, last INT, packed BLOB);
CREATE INDEX IF NOT EXISTS search_spots ON search_places (spot, key);
CREATE TABLE IF NOT EXISTS search_shards (shard INT PRIMARY KEY, sum TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_large (file TEXT PRIMARY KEY, id INT, shard INT, sum TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_state (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
_EMPTY = ("articles", "places", "shards", "large", "state")
_BATCH = 2_000
"""Articles read before what they say is written: the memory that an index takes to build."""
_EFFORT, _GZIP = 6, 31
_NOTHING = Packer()
_UNSEARCHED = frozenset({"boilerplate", "related"})
_TITLE = "title"
_TAB = "\t"
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ARTICLES_A_SHARD = 2
_FEWEST_BITS, _MOST_BITS = 3, 14

OUTLET, TOPIC, REVIEWED = "=o:", "=t:", "=r:"
"""What the keys begin with that no text has: everything by an outlet, on a topic, and what people have checked."""


@dataclass(frozen=True, slots=True)
class Text:
    """An article as it is searched: sentence 0 is its title, whether it has one or not."""

    card: Card
    lines: tuple[tuple[str, str, str, str], ...]
    """("12.2", Arabic, English, state)"""


def text_of(card: Card, lines: Iterable[Line]) -> Text:
    """The sentences that can be found, the title first."""
    title = ("", card.title_arabic, card.title_english, "")
    found: list[tuple[str, str, str, str]] = []
    for line in lines:
        if line.kind in _UNSEARCHED:
            continue
        one = (line.number, line.arabic, line.english, line.state)
        if line.kind == _TITLE and not title[0]:
            title = one
        else:
            found.append(one)
    return Text(card, (title, *found))


def places_of(text: Text) -> Mapping[str, Sequence[int]]:
    """Key -> the sentences that have it, in order; facets of the article stand at its title."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, (_, arabic, english, _) in enumerate(text.lines):
        for key in set().union(*map(_keys_of, arabic.split()), *map(_keys_of, english.split())):
            found[key].append(number)
    return found | {facet: [0] for facet in _facets(text.card)}


def _found(piece: str) -> tuple[str, ...]:
    """The keys of all words of something that white space surrounds: `'«الساحل»،'`. No word goes beyond it."""
    return tuple(key for word in words(piece) for key in keys(word))


_keys_of = Memo(_found, 65_536).__getitem__


def _facets(card: Card) -> Iterator[str]:
    if card.outlet:
        yield OUTLET + card.outlet
    yield from (TOPIC + topic for topic in card.topics)
    if card.tally.total and not card.tally.unreviewed:
        yield REVIEWED


class Index:
    """All of it. `update` brings it up to date; what it then says holds until the next one."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        for statement in _TABLES.split(";"):
            database.execute(statement)
        self.place_bits = 0

    def update(self, articles: Mapping[str, tuple[str, str]], said: Callable[[str], bytes]) -> None:
        """Read what is new or changed among all articles there are, and forget what is gone.

        `articles` has the digest and the date of each, `said` gives the keys of one (`packed`).
        """
        if self._state("version") != str(VERSION):
            self._clear()
        found, self.place_bits = numbers({slug: date for slug, (_, date) in articles.items()})
        wanted = {slug: (digest, found[slug]) for slug, (digest, _) in articles.items()}
        known = {
            slug: (digest, number)
            for slug, digest, number in self._db.execute("SELECT slug, digest, number FROM search_articles")
        }
        stale = sorted(slug for slug, row in known.items() if wanted.get(slug) != row)
        if len(stale) * 2 > len(known):
            self._clear()
            known, stale = {}, []
        fresh = sorted((row[1], slug) for slug, row in wanted.items() if known.get(slug) != row)
        moved = {slug for slug in stale if slug not in wanted or wanted[slug][1] != known[slug][1]}
        touched = self._revise(stale, [slug for _, slug in fresh], moved, wanted, said)
        bits = min(max((len(articles) // _ARTICLES_A_SHARD).bit_length(), _FEWEST_BITS), _MOST_BITS)
        shards: Iterable[int] = {one >> SPOT_BITS - bits for one in touched}
        if self._state("bits") != str(bits):
            self._db.execute("DELETE FROM search_shards")
            self._db.execute("DELETE FROM search_large")
            shards = range(1 << bits)  # empty ones too: a page that asks for one should not hear of an error
        self._seal(shards, bits)
        for name, value in (("version", VERSION), ("bits", bits)):
            self._db.execute("INSERT OR REPLACE INTO search_state VALUES (?, ?)", (name, str(value)))

    @property
    def bits(self) -> int:
        """There are two to the power of this many shards."""
        return int(self._state("bits"))

    def articles(self) -> Iterator[tuple[str, str, int]]:
        """Slug, digest and number of each."""
        yield from self._db.execute("SELECT slug, digest, number FROM search_articles ORDER BY number")

    def shards(self) -> Iterator[tuple[int, str]]:
        """The number and digest of each."""
        yield from self._db.execute("SELECT shard, sum FROM search_shards ORDER BY shard")

    def large(self) -> Iterator[tuple[str, int, str]]:
        """File, row and digest of the keys that have a file of their own."""
        yield from self._db.execute("SELECT file, id, sum FROM search_large ORDER BY file")

    def shard(self, number: int) -> bytes:
        """The file of a shard."""
        return squeezed(shard(self._rows(number, self.bits)))

    def places(self, row: int) -> bytes:
        """The file of a large key."""
        return squeezed(self._packed(row))

    def _packed(self, row: int) -> bytes:
        return bytes(self._db.execute("SELECT packed FROM search_places WHERE id = ?", (row,)).fetchone()[0])

    def counts(self, facet: str) -> list[tuple[str, int]]:
        """`OUTLET` -> (outlet, articles), the largest first."""
        rows = self._db.execute(
            "SELECT key, articles FROM search_places WHERE key >= ? AND key < ? ORDER BY articles DESC, key",
            (facet, facet + "\U0010ffff"),
        )
        return [(key.removeprefix(facet), articles) for key, articles in rows]

    def _state(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM search_state WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def _clear(self) -> None:
        for table in _EMPTY:
            self._db.execute(f"DELETE FROM search_{table}")  # noqa: S608 - a name from the list above

    def _revise(
        self,
        stale: Sequence[str],
        fresh: Sequence[str],
        moved: Collection[str],
        wanted: Mapping[str, tuple[str, int]],
        said: Callable[[str], bytes],
    ) -> set[int]:
        """Take articles out, read others; which spots that touched.

        An article that keeps its number (it is not `moved`) is compared with what it was, key by key.
        """
        touched: set[int] = set()
        old = iter(stale)
        new = iter(fresh)
        without: dict[str, set[int]] = defaultdict(set)
        before: dict[str, set[tuple[str, str]]] = {}
        few = len(stale) <= _BATCH
        while batch := list(islice(old, _BATCH)):
            without.clear()
            for slug in batch:
                number, places = self._forget(slug)
                if few and slug not in moved:
                    before[slug] = places
                else:
                    for _, key in places:
                        without[key].add(number)
            if not few:
                touched |= self._apply(without, {})
                without.clear()
        while batch := list(islice(new, _BATCH)):
            added: dict[str, Packer] = defaultdict(Packer)
            for slug in batch:
                self._read(slug, said(slug), wanted[slug], added, before.pop(slug, set()), without)
            touched |= self._apply(without, added)
            without.clear()
        return touched | (self._apply(without, {}) if without else set())

    def _forget(self, slug: str) -> tuple[int, set[tuple[str, str]]]:
        """The number that an article had, and (sentences, key) of all its keys."""
        number, packed = self._db.execute("SELECT number, keys FROM search_articles WHERE slug = ?", (slug,)).fetchone()
        self._db.execute("DELETE FROM search_articles WHERE slug = ?", (slug,))
        return number, {(sentences, key) for sentences, *its in _unpacked(packed) for key in its}

    def _read(
        self,
        slug: str,
        said: bytes,
        row: tuple[str, int],
        added: dict[str, Packer],
        before: set[tuple[str, str]],
        without: dict[str, set[int]],
    ) -> None:
        """An article; where it was known `before`, only the keys that stand elsewhere now."""
        number = row[1]
        now: set[tuple[str, str]] = set()
        for sentences, *its in _unpacked(said):
            if before:
                now.update((sentences, key) for key in its)
                its = [key for key in its if (sentences, key) not in before]
            single, where = sentences[0] == "1", bytes.fromhex(sentences[1:])
            for key in its:
                added[key].put(number, single, where)
        for _, key in before - now:
            without[key].add(number)
        self._db.execute("INSERT INTO search_articles VALUES (?, ?, ?, ?)", (slug, *row, said))

    def _apply(self, without: Mapping[str, set[int]], added: Mapping[str, Packer]) -> set[int]:
        """Revise the keys; articles that are added come in the order of their numbers."""
        touched = set()
        for key in sorted(without.keys() | added.keys()):
            where, more = spot(key), added.get(key) or _NOTHING
            touched.add(where)
            row = self._db.execute("SELECT id, articles, last FROM search_places WHERE key = ?", (key,)).fetchone()
            if row is None:
                self._db.execute(
                    "INSERT INTO search_places (spot, key, articles, last, packed) VALUES (?, ?, ?, ?, ?)",
                    (where, key, more.articles, more.last, bytes(more.out)),
                )
            elif key not in without and more.first > row[2]:
                self._db.execute(
                    "UPDATE search_places SET articles = ?, last = ?, packed = CAST(packed || ? AS BLOB) WHERE id = ?",
                    (row[1] + more.articles, more.last, more.behind(row[2]), row[0]),
                )
            else:
                self._replace(row[0], revised(self._packed(row[0]), without.get(key, ()), more.out))
        return touched

    def _replace(self, row: int, now: Packer) -> None:
        if not now.articles:
            self._db.execute("DELETE FROM search_places WHERE id = ?", (row,))
            return
        self._db.execute(
            "UPDATE search_places SET articles = ?, last = ?, packed = ? WHERE id = ?",
            (now.articles, now.last, bytes(now.out), row),
        )

    def _seal(self, shards: Iterable[int], bits: int) -> None:
        """What the files of these shards are now."""
        for number in sorted(shards):
            rows = self._rows(number, bits)
            self._db.execute("DELETE FROM search_large WHERE shard = ?", (number,))
            self._db.execute("DELETE FROM search_shards WHERE shard = ?", (number,))
            for row in rows:
                if row.large:
                    one = self._db.execute("SELECT id FROM search_places WHERE key = ?", (row.key,)).fetchone()
                    values = (file_of(row.key), one[0], number, sha256(row.packed).hexdigest())
                    self._db.execute("INSERT INTO search_large VALUES (?, ?, ?, ?)", values)
            total = sha256(shard(rows)).hexdigest()
            self._db.execute("INSERT INTO search_shards VALUES (?, ?)", (number, total))

    def _rows(self, number: int, bits: int) -> list[Row]:
        width = 1 << SPOT_BITS - bits
        rows = self._db.execute(
            "SELECT key, articles, packed FROM search_places WHERE spot >= ? AND spot < ? ORDER BY key",
            (number * width, (number + 1) * width),
        )
        return spread([Row(*row) for row in rows])


def packed(text: Text) -> bytes:
    """The keys of an article: behind the sentences they stand in ("1" for a single one, as packed), tabs between."""
    together: dict[tuple[bool, bytes], list[str]] = defaultdict(list)
    for key, sentences in places_of(text).items():
        together[len(sentences) == 1, counted(sentences)].append(key)
    lines = [f"{single:d}{where.hex()}\t{_TAB.join(sorted(keys))}" for (single, where), keys in together.items()]
    return "\n".join(sorted(lines)).encode("utf-8", "replace")


def _unpacked(packed: bytes) -> Iterator[list[str]]:
    """The fields of each line; nothing of an article in which there is no word."""
    text = packed.decode()
    return (line.split(_TAB) for line in text.split("\n")) if text else iter(())


def listed(text: Text) -> str:
    """The sentences of an article as JSON."""
    return _ENCODE(text.lines)


def about(card: Card, number: int) -> dict[str, object]:
    """What the search page shows of an article besides."""
    return {
        "slug": card.slug,
        "number": number,
        "arabic": card.title_arabic,
        "english": card.title_english,
        "date": card.date,
        "outlet": card.outlet,
    }


def written(told: tuple[Mapping[str, object], str]) -> bytes:
    """Both as the page fetches them, in one object."""
    about, lines = told
    return squeezed(f'{_ENCODE(about)[:-1]},"lines":{lines}}}'.encode("utf-8", "replace"))


def squeezed(data: bytes) -> bytes:
    """As gzip does it, without a time: a page can read it whatever its server knows of compression."""
    packer = zlib.compressobj(_EFFORT, zlib.DEFLATED, _GZIP)
    return packer.compress(data) + packer.flush()

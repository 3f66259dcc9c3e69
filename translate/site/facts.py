"""What pages need to know about all articles, kept between builds in a small database.

`gather` (card.py) says what is kept of one draft; this file keeps it, finds it again in order, and tells which terms
anything has happened to. The database is derived from the drafts and may be deleted at any time. Knows SQLite; no page
and no template.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from translate.errors import DraftError, OutputError
from translate.site.card import Card, Gathered, Line
from translate.site.dates import moment
from translate.site.page import Listing
from translate.site.tally import Tally

# ruff: noqa: S608 - what is put into a statement is the name of a column, written in this file
__all__ = [
    *("FILE", "Card", "Entry", "Facts", "Figures", "Line", "Listing", "Made", "Place", "Read", "Source", "Term"),
]

FILE = ".tarjuman-facts.sqlite"
"""In the folder of the site; not for publication, though it holds nothing that the pages do not."""
_KEPT_CARDS = 20_000
"""Cards kept in memory; beyond that they are read anew (about 2 kB each)."""
_AT_ONCE = 500
"""Articles asked for in one statement."""
_CACHE_KIB = 32_768
"""Of the file kept in memory; with the two megabytes that are usual most of it is read again and again."""
_TEMPORARY_KIB = 8_192
"""The same of tables for this build alone, which go to a file of the system beyond that."""
_WAIT_SECONDS = 5.0
"""For another build of the same site to finish."""
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE articles (
  slug TEXT PRIMARY KEY, date TEXT, file TEXT, stamp TEXT, digest TEXT, card TEXT, warnings TEXT) WITHOUT ROWID;
CREATE TABLE entries (
  date TEXT, slug TEXT, digest TEXT, moment TEXT, outlet TEXT, topics TEXT, PRIMARY KEY (date DESC, slug)
) WITHOUT ROWID;
CREATE TABLE figures (
  slug TEXT PRIMARY KEY, new INT, machine INT, edited INT, approved INT, honoured INT, terms INT, hter REAL
) WITHOUT ROWID;
CREATE TABLE signatures (slug TEXT, name TEXT, count INT, PRIMARY KEY (slug, name)) WITHOUT ROWID;
CREATE TABLE people (slug TEXT, name TEXT, PRIMARY KEY (slug, name)) WITHOUT ROWID;
CREATE TABLE lines (
  slug TEXT, id TEXT, position INT, arabic TEXT, english TEXT, state TEXT, kind TEXT, PRIMARY KEY (slug, position)
) WITHOUT ROWID;
CREATE TABLE uses (
  anchor TEXT, slug TEXT, begin INT, "end" INT, target_begin INT, target_end INT, surface TEXT, state TEXT, month TEXT,
  status TEXT, position INT, number INT, english TEXT, PRIMARY KEY (anchor, slug, position, number)) WITHOUT ROWID;
CREATE INDEX uses_of ON uses (slug);
CREATE TABLE begun (slug TEXT, position INT, english TEXT, looked INT, PRIMARY KEY (slug, position)) WITHOUT ROWID;
CREATE TABLE fates (
  anchor TEXT, slug TEXT, position INT, number INT, what TEXT, said TEXT, PRIMARY KEY (slug, position, number)
) WITHOUT ROWID;
CREATE TABLE terms (anchor TEXT PRIMARY KEY, source TEXT, target TEXT, uses INT, note TEXT) WITHOUT ROWID;
CREATE TABLE made (path TEXT PRIMARY KEY, owner TEXT, base TEXT, key TEXT, sum TEXT, stamp TEXT, listing TEXT)
WITHOUT ROWID;
CREATE INDEX made_for ON made (owner);
CREATE INDEX made_by ON made (base);
CREATE TABLE links (path TEXT PRIMARY KEY, links TEXT) WITHOUT ROWID;
CREATE TABLE bundles (name TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
"""


def _not_kept(error: Exception, place: str) -> OutputError:
    hint = "Make room or give permission, and publish again; the file can be deleted"
    return OutputError(f"cannot keep what is known of the articles ({error})", place, hint)


Place = tuple[str, str, str, str, int, int, int, int, str]
"""Where a term stands: the line's id, state, Arabic and English; begin and end in the one and in the other, -1 where
they make no sense; the status. A plain tuple, as it comes: there are tens of thousands."""


class Source(NamedTuple):
    """The file of a draft as it was when its facts were gathered."""

    slug: str
    file: str
    stamp: str
    digest: str


class Read(NamedTuple):
    """A draft that was read in this build."""

    file: str
    stamp: str
    gathered: Gathered
    said: tuple[bytes, str] | None = None
    """What the search is told of it, for this build alone; None where there is none."""


class Made(NamedTuple):
    """A file of the site as it was made."""

    path: str
    owner: str
    """The article or the bundle that it belongs to; empty for a page of its own."""
    base: str
    """The template that made it, with what that depended on."""
    key: str
    sum: str
    stamp: str
    links: str
    """Paths within the site that it leads to, one a line."""
    listing: Listing | None


class Entry(NamedTuple):
    """An article as lists sort it."""

    date: str
    slug: str
    digest: str
    moment: str
    """When something last happened to it; empty when that is not known."""
    outlet: str
    topics: str
    """One a line."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What all articles come to, besides their sentences."""

    articles: tuple[int, int]
    """(of which every sentence is reviewed, all)"""
    terms: tuple[int, int]
    """(honoured, all)"""
    signatures: Mapping[str, int]
    people: tuple[str, ...]
    rates: tuple[float, ...]
    """How much of each was edited, where it is known, the least first."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term that the articles use."""

    anchor: str
    source: str
    target: str
    uses: int


class Facts:
    """Everything about all articles. One build writes at a time; nothing is kept before `commit`."""

    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        self._db, self._place = connection, place
        self._cards: dict[str, Card] = {}
        self._entries: Sequence[Entry] | None = None
        self.listings: Callable[[], Iterable[Listing]] = tuple
        """Every page made so far that belongs in the sitemap."""
        self.touched: tuple[str, ...] = ()
        """Terms to which something has happened since the build that the facts remember."""

    @classmethod
    def open(cls, folder: Path | None, version: str) -> Facts:
        """The facts kept in a folder, none where they were gathered by another version; in memory without a folder."""
        place = ":memory:" if folder is None else str(folder / FILE)
        try:
            return cls._begin(place, version)
        except sqlite3.DatabaseError as error:
            if folder is None or "locked" in str(error):
                hint = "Wait for it to finish"
                raise OutputError("another build of this site is at work", str(folder or ""), hint) from error
        try:
            for name in (FILE, f"{FILE}-journal"):  # damaged: what is derived can be derived again
                (folder / name).unlink(missing_ok=True)
            return cls._begin(place, version)
        except (OSError, sqlite3.DatabaseError) as error:
            raise _not_kept(error, place) from error

    @classmethod
    def _begin(cls, place: str, version: str) -> Facts:
        connection = sqlite3.connect(place, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = OFF")  # the file may be lost; a page is checked by its content
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.execute("PRAGMA temp_store = FILE")  # what the search is told grows with the articles
            connection.execute(f"PRAGMA temp.cache_size = -{_TEMPORARY_KIB}")
            connection.execute("CREATE TEMP TABLE said (slug TEXT PRIMARY KEY, keys BLOB, lines TEXT)")
            connection.execute("BEGIN IMMEDIATE")
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            known = "meta" in tables and connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
            if not known or known[0] != version:
                for table in sorted(tables):
                    connection.execute(f'DROP TABLE "{table}"')
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute("INSERT INTO meta VALUES ('version', ?)", (version,))
        except BaseException:
            connection.close()
            raise
        return cls(connection, place)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Say it plainly where the file cannot be written any more."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _not_kept(error, self._place) from error

    def commit(self) -> None:
        """Keep everything."""
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Forget what was not kept."""
        self._db.close()

    @property
    def database(self) -> sqlite3.Connection:
        """For makers that keep tables of their own; dropped with everything else when the version changes."""
        return self._db

    # --- what makers ask ---------------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many articles there are."""
        (found,) = self._db.execute("SELECT COUNT(*) FROM articles").fetchone()
        return int(found)

    def entries(self) -> Sequence[Entry]:
        """All articles, newest first, undated last, then by name."""
        if self._entries is None:
            rows = self._db.execute(
                "SELECT date, slug, digest, moment, outlet, topics FROM entries ORDER BY date DESC, slug"
            )
            self._entries = [Entry(*row) for row in rows]
        return self._entries

    def card(self, slug: str) -> Card:
        """One article; KeyError where there is none of that name."""
        found = self._cards.get(slug)
        if found is None:
            row = self._db.execute("SELECT card FROM articles WHERE slug = ?", (slug,)).fetchone()
            if row is None:
                raise KeyError(slug)
            found = _card(row[0])
            if len(self._cards) < _KEPT_CARDS:
                self._cards[slug] = found
        return found

    def lines(self, slug: str) -> list[Line]:
        """The sentences of an article, in reading order."""
        rows = self._db.execute(f"SELECT {_LINE} FROM lines l WHERE slug = ? ORDER BY position", (slug,))
        return [Line(*row) for row in rows]

    def said(self, slug: str) -> tuple[bytes, str] | None:
        """What the search was told of an article that was read in this build; None for the others."""
        row = self._db.execute("SELECT keys, lines FROM said WHERE slug = ?", (slug,)).fetchone()
        return (bytes(row[0]), str(row[1])) if row else None

    def use_counts(self) -> dict[str, int]:
        """Anchor -> in how many places the term stands; only terms that do."""
        return dict(self._db.execute("SELECT anchor, uses FROM terms WHERE uses > 0 ORDER BY anchor"))

    def terms(self) -> list[Term]:
        """Every term that occurs, by its Arabic."""
        rows = self._db.execute("SELECT anchor, source, target, uses FROM terms WHERE uses > 0 ORDER BY source, target")
        return [Term(*row) for row in rows]

    def use_places(self, anchor: str) -> list[tuple[str, int]]:
        """(article, places in it), by the articles' names."""
        rows = self._db.execute("SELECT slug, COUNT(*) FROM uses WHERE anchor = ? GROUP BY slug", (anchor,))
        return [(slug, count) for slug, count in rows]

    def use_forms(self, anchor: str) -> list[tuple[str, str, str, int]]:
        """(Arabic as it stands, English as it stands, status, places) of every way in which a term is written."""
        rows = self._db.execute(
            "SELECT surface, english, status, COUNT(*) FROM uses WHERE anchor = ? "
            "GROUP BY surface, english, status ORDER BY surface, english, status",
            (anchor,),
        )
        return [(surface, english, status, count) for surface, english, status, count in rows]

    def places_in(self, anchor: str, slugs: Sequence[str]) -> dict[str, list[Place]]:
        """The places of a term in some articles, in reading order."""
        found: dict[str, list[Place]] = {slug: [] for slug in slugs}
        for begin in range(0, len(slugs), _AT_ONCE):
            some = slugs[begin : begin + _AT_ONCE]
            rows = self._db.execute(
                "SELECT u.slug, l.id, l.state, l.arabic, l.english, u.begin, u.end, u.target_begin, u.target_end, "
                "u.status FROM uses u JOIN lines l USING (slug, position) "
                f"WHERE u.anchor = ? AND u.slug IN ({','.join('?' * len(some))}) ORDER BY u.slug, u.position, u.number",
                (anchor, *some),
            )
            for row in rows:
                found[row[0]].append(row[1:])
        return found

    def term_note(self, anchor: str) -> str:
        """What was noted about a term; empty since anything happened to an article in which it stands."""
        row = self._db.execute("SELECT note FROM terms WHERE anchor = ?", (anchor,)).fetchone()
        return str(row[0]) if row else ""

    def set_term_note(self, anchor: str, note: str) -> None:
        """Note something about a term that holds until something happens to it."""
        self._db.execute("UPDATE terms SET note = ? WHERE anchor = ?", (note, anchor))

    def totals(self) -> Tally:
        """The sentences of all articles."""
        row = self._db.execute("SELECT SUM(new), SUM(machine), SUM(edited), SUM(approved) FROM figures").fetchone()
        return Tally(*(count or 0 for count in row))

    def figures(self) -> Figures:
        """What all articles come to."""
        ask = self._db.execute
        reviewed, honoured, terms = ask(
            "SELECT SUM(new + machine = 0), SUM(honoured), SUM(terms) FROM figures"
        ).fetchone()
        return Figures(
            (reviewed or 0, self.count()),
            (honoured or 0, terms or 0),
            dict(ask("SELECT name, SUM(count) FROM signatures GROUP BY name ORDER BY name").fetchall()),
            tuple(name for (name,) in ask("SELECT DISTINCT name FROM people ORDER BY name")),
            tuple(hter for (hter,) in ask("SELECT hter FROM figures WHERE hter IS NOT NULL ORDER BY hter")),
        )

    def meta(self, name: str) -> str:
        """A value kept between builds; empty where there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, name: str, value: str) -> None:
        """Keep a value for the next build."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def published(self) -> Iterator[Listing]:
        """Every page made so far in this build that belongs in the sitemap, by its path."""
        yield from self.listings()

    # --- what the build does -----------------------------------------------------------------------------------------

    def sources(self) -> list[Source]:
        """The drafts as they were."""
        rows = self._db.execute("SELECT slug, file, stamp, digest FROM articles ORDER BY slug")
        return [Source(*row) for row in rows]

    def forget(self, slug: str) -> None:
        """Everything about an article but the files that were made for it."""
        dated = self._db.execute("SELECT date, slug FROM articles WHERE slug = ?", (slug,)).fetchone()
        if dated:
            self._db.execute("DELETE FROM entries WHERE date = ? AND slug = ?", dated)
        self._entries = None
        self._cards.pop(slug, None)
        self._touch(slug)
        for table in ("articles", "figures", "signatures", "people", "lines", "uses", "begun", "fates"):
            self._db.execute(f"DELETE FROM {table} WHERE slug = ?", (slug,))

    def remember(self, read: Sequence[Read]) -> None:
        """Everything about some articles, table by table; DraftError where there is one of that name."""
        self._entries = None
        for one in read:
            card = one.gathered.card
            told = (one.file, one.stamp, card.digest, _written(card), _ENCODE(one.gathered.warnings))
            try:
                self._db.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", (card.slug, card.date, *told))
            except sqlite3.IntegrityError as error:
                what = f"two drafts have the article name {card.slug!r}"
                raise DraftError(what, one.file, "Rename one of them") from error
        some = [one.gathered for one in read]
        self._remember_cards([one.card for one in some])
        put = self._db.executemany
        put("INSERT INTO said VALUES (?, ?, ?)", ((one.gathered.card.slug, *one.said) for one in read if one.said))
        put("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?)", (line for one in some for line in one.lines))
        put(
            "INSERT INTO uses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (use for one in some for use in one.uses)
        )
        put("INSERT INTO begun VALUES (?, ?, ?, 0)", (row for one in some if one.begun for row in _begun(one)))
        terms = {term: None for one in some for term in one.terms}
        put("INSERT INTO terms VALUES (?, ?, ?, 0, '') ON CONFLICT (anchor) DO NOTHING", terms)
        put("UPDATE terms SET note = '' WHERE note <> '' AND anchor = ?", ((name,) for name, *_ in terms))

    def _remember_cards(self, cards: Sequence[Card]) -> None:
        """What of cards is asked of all articles at once."""
        for card in cards[: max(_KEPT_CARDS - len(self._cards), 0)]:
            self._cards[card.slug] = card
        put = self._db.executemany
        put(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
            ((card.date, card.slug, card.digest, moment(card), card.outlet, "\n".join(card.topics)) for card in cards),
        )
        put(
            "INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((card.slug, *card.tally, *card.terms, card.hter) for card in cards),
        )
        put(
            "INSERT INTO signatures VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
            ((card.slug, name, count) for card in cards for name, count in card.signatures),
        )
        put("INSERT INTO people VALUES (?, ?)", ((card.slug, name) for card in cards for name in card.people))

    def restamp(self, slug: str, stamp: str) -> None:
        """The file of a draft was touched and is what it was."""
        self._db.execute("UPDATE articles SET stamp = ? WHERE slug = ?", (stamp, slug))

    def count_terms(self) -> None:
        """Count again the terms that something has happened to; a term that stands nowhere is forgotten."""
        self.touched = tuple(anchor for (anchor,) in self._db.execute("SELECT anchor FROM terms WHERE note = ''"))
        self._db.execute(
            "UPDATE terms SET uses = (SELECT COUNT(*) FROM uses u WHERE u.anchor = terms.anchor) WHERE note = ''"
        )
        self._db.execute("DELETE FROM terms WHERE uses = 0")

    def slugs_with(self, anchors: Iterable[str]) -> set[str]:
        """Articles in which one of the terms stands."""
        return {
            slug
            for anchor in anchors
            for (slug,) in self._db.execute("SELECT DISTINCT slug FROM uses WHERE anchor = ?", (anchor,))
        }

    def warnings(self) -> Iterator[tuple[str, str]]:
        """(draft, what is not as it should be), in the order of the articles."""
        rows = self._db.execute(
            "SELECT file, slug, warnings FROM articles WHERE warnings <> '[]' ORDER BY date DESC, slug"
        )
        for file, slug, told in rows:
            yield from ((file or slug, warning) for warning in json.loads(told))

    def in_place(self) -> list[tuple[str, str, str, str]]:
        """Path, owner, sum and stamp of every file as it was made, by its path; tuples, for there are many."""
        return self._db.execute("SELECT path, owner, sum, stamp FROM made ORDER BY path").fetchall()

    def keys(self, owner: str) -> dict[str, tuple[str, str]]:
        """Path -> (base, key) of what belongs to a bundle, or to none."""
        rows = self._db.execute("SELECT path, base, key FROM made WHERE owner = ?", (owner,))
        return {path: (base, key) for path, base, key in rows}

    def bases(self) -> list[str]:
        """The templates that anything was made by, each with what it depended on."""
        return [base for (base,) in self._db.execute("SELECT DISTINCT base FROM made ORDER BY base")]

    def paths_by(self, base: str) -> list[str]:
        """What was made by a template."""
        return [path for (path,) in self._db.execute("SELECT path FROM made WHERE base = ? ORDER BY path", (base,))]

    def listed(self) -> dict[str, Listing]:
        """Path -> the page as the sitemap lists it, by its path."""
        rows = self._db.execute("SELECT path, listing FROM made WHERE listing <> '' ORDER BY path")
        return {path: _listing(path, text) for path, text in rows}

    def bundles(self) -> dict[str, str]:
        """Name -> key of every bundle that was made."""
        return dict(self._db.execute("SELECT name, key FROM bundles ORDER BY name").fetchall())

    def set_bundles(self, bundles: Mapping[str, str], gone: Iterable[str]) -> None:
        """Bundles that were made anew, and those that are there no longer."""
        self._db.executemany("DELETE FROM bundles WHERE name = ?", ((name,) for name in gone))
        self._db.executemany("INSERT OR REPLACE INTO bundles VALUES (?, ?)", bundles.items())

    def links(self) -> Iterator[tuple[str, str]]:
        """Every page with the paths that it leads to."""
        yield from self._db.execute("SELECT path, links FROM links ORDER BY path")

    def restamp_made(self, stamps: Iterable[tuple[str, str]]) -> None:
        """(stamp, path) of files that are what they were and were touched."""
        self._db.executemany("UPDATE made SET stamp = ? WHERE path = ?", stamps)

    def set_made(self, files: Sequence[Made], gone: Sequence[str]) -> None:
        """What was made in this build, and what is there no longer."""
        for table in ("made", "links"):
            paths = (*gone, *(file.path for file in files))
            self._db.executemany(f"DELETE FROM {table} WHERE path = ?", ((path,) for path in paths))
        self._db.executemany(
            "INSERT INTO made VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((f.path, f.owner, f.base, f.key, f.sum, f.stamp, _told(f.listing)) for f in files),
        )
        self._db.executemany("INSERT INTO links VALUES (?, ?)", ((f.path, f.links) for f in files if f.links))

    def _touch(self, slug: str) -> None:
        """The terms of an article have to be counted anew."""
        self._db.execute(
            "UPDATE terms SET note = '' "
            "WHERE note <> '' AND anchor IN (SELECT DISTINCT anchor FROM uses WHERE slug = ?)",
            (slug,),
        )


def _begun(gathered: Gathered) -> Iterator[tuple[str, int, str | None]]:
    at = {line.id: line.position for line in gathered.lines}
    return ((one.slug, at[one.id], one.english) for one in gathered.begun)


_LINE = "l.slug, l.id, l.position, l.arabic, l.english, l.state, l.kind"


def _written(card: Card) -> str:
    """The values alone, in the order of the fields: there are thousands to read again."""
    t = card.tally
    told = (
        card.slug, card.digest, card.title_arabic, card.title_english, card.generated, card.date, card.outlet,
        card.author, card.place, card.topics, card.source, card.lead_arabic, card.lead_english,
        (t.new, t.machine, t.edited, t.approved), card.signatures, card.people, card.glossary, card.terms,
        card.edited, card.hter,
    )  # fmt: skip
    return _ENCODE(told)


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _card(text: str) -> Card:
    told: list[Any] = json.loads(text)
    for at in (_TOPICS, _PEOPLE, _TERMS):
        told[at] = tuple(told[at])
    told[_TALLY] = Tally(*told[_TALLY])
    told[_SIGNATURES] = tuple((name, count) for name, count in told[_SIGNATURES])
    return Card(*told)


_PLACES = Card.__match_args__
_TOPICS, _PEOPLE, _TERMS, _TALLY, _SIGNATURES = map(_PLACES.index, ("topics", "people", "terms", "tally", "signatures"))


def _told(listing: Listing | None) -> str:
    """`'2017-01-12|ar en'`; empty for what is not listed."""
    return f"{listing.last_modified}|{' '.join(listing.languages)}" if listing else ""


def _listing(path: str, text: str) -> Listing:
    modified, _, languages = text.partition("|")
    return Listing(path, modified, _split(languages))


@lru_cache(64)
def _split(languages: str) -> tuple[str, ...]:
    return tuple(languages.split())

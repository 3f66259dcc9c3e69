"""The sentences of a folder of drafts, kept by their words: which of ten thousand articles may have this term.

One SQLite file beside the drafts, made from them and safe to delete. `refresh` reads only drafts that changed: those of
another size, time or number, and among these only those of another content. It answers with sentences that hold the
letters of a term (`glossary.cores`); whether the term is there is for the matcher to say. Knows drafts and words;
nothing of English, engines or reports.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from glossary import Term
from glossary.context import WORD
from glossary.cores import cores, written
from translate import drafts
from translate.document import Draft, Origin, State
from translate.errors import DraftError, TarjumanError
from translate.files import stamp_of, write

FOLDER = ".terms"
"""Among the drafts."""
FILE = "index.sqlite3"
FORMAT = 1
"""Raised when a file of today could not be used by the program of tomorrow: it is then made anew."""
PATIENCE = 20.0
"""Seconds to wait for another process that is writing."""
TOGETHER = 200
"""Drafts written at once; a process that is killed loses that much work."""
AT_ONCE = 500
"""Values in one question; SQLite takes at least 999."""

_IGNORE = "# An index of the drafts for the terminologist's commands. Not for git; safe to delete.\n*\n"
_SCHEMA = """
CREATE TABLE file (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, fingerprint TEXT NOT NULL,
    slug TEXT NOT NULL, date TEXT NOT NULL
);
CREATE TABLE sentence (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
    state TEXT NOT NULL, edited INTEGER NOT NULL, started TEXT NOT NULL, known INTEGER NOT NULL, who TEXT NOT NULL,
    moment TEXT NOT NULL, fresh INTEGER NOT NULL
);
CREATE INDEX sentence_file ON sentence (file);
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE place (word INTEGER NOT NULL, sentence INTEGER NOT NULL, PRIMARY KEY (word, sentence)) WITHOUT ROWID
"""
_SENTENCE = (
    "s.id, s.file, f.slug, s.name, s.source, s.target, s.state, s.edited, s.started, s.known, s.who, s.moment, "
    "s.fresh, f.date"
)
_log = logging.getLogger(__name__)
_Thing = TypeVar("_Thing")
Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a draft, as far as terms are concerned."""

    file: int
    """Sentences with one number are of one draft."""
    slug: str
    id: str
    """"mosul-defectors.12.2" """
    source: str
    target: str
    state: State
    edited: bool
    """A person's work."""
    started: str
    """What the person started from."""
    known: bool
    """Whether that is known."""
    who: str
    when: str
    fresh: bool
    """The English was made from this Arabic and no older one."""
    date: str
    """Of the article, as it is written there."""


class Index:
    """The index of one folder of drafts, open."""

    def __init__(self, folder: Path, *, keep: bool = True) -> None:
        """Open or begin it; with `keep` unset, or where there is no place for the file, it lives for this run only.

        Raises:
            DraftError: there is no such folder.
        """
        if not folder.is_dir():
            raise DraftError("there is no such folder", str(folder), "Make drafts first: tarjuman draft")
        self.skipped: tuple[str, ...] = ()
        """Drafts that could not be read, with the reason; the index does without them."""
        self.read = 0
        """Drafts that the last `refresh` had to read."""
        self._folder = folder
        self._path = _place(folder) if keep else None
        self._words: dict[str, int] = {}
        """As written -> number."""
        self._places_waiting: list[tuple[int, int]] = []
        """Of the drafts that are taken together."""
        self._base = self._opened()

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def __enter__(self) -> Index:
        """For a `with`."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        self.close()

    def _opened(self) -> sqlite3.Connection:
        """The file; a broken or old one is made anew, and where none can be there is one in memory."""
        for path in (self._path, self._path, None):
            try:
                return _begun(path)
            except (sqlite3.Error, OSError) as error:
                _log.info("the index of terms is made anew: %s", error)
            if path is not None:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        raise AssertionError("an index in memory cannot fail")

    # --- following the drafts ----------------------------------------------------------------------------------------

    def refresh(self, watch: Watch = lambda _done, _all: None) -> None:
        """Bring it up to date with the drafts in the folder; `watch` is told (done, all) of those that are read."""
        for path in (self._path, None):
            try:
                return self._refresh(watch)
            except sqlite3.DatabaseError as error:
                _log.info("the index of terms is broken and made anew: %s", error)
            self._start_again(path)
        return self._refresh(watch)

    def _start_again(self, path: Path | None) -> None:
        """An empty index, in memory without a path."""
        self._base.close()
        self._words.clear()
        if path is not None:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        self._path = path
        self._base = self._opened()

    def _refresh(self, watch: Watch) -> None:
        present = {path.name: path for path in drafts.inside(self._folder)}
        known = {
            name: (stamp, was) for name, stamp, was in self._base.execute("SELECT name, stamp, fingerprint FROM file")
        }
        for names in _slices(sorted(known.keys() - present.keys())):
            with self._changing():
                for name in names:
                    self._forget(name)
        waiting = []
        for name, path in present.items():
            stamp = stamp_of(path)
            if not stamp or stamp != known.get(name, ("", ""))[0]:
                waiting.append((name, path, stamp))
        skipped: list[str] = []
        self.read = done = 0
        for some in _slices(waiting):
            with self._changing():
                for name, path, stamp in some:
                    self._take(name, path, stamp, known.get(name, ("", ""))[1], skipped)
                    done += 1
                    watch(done, len(waiting))
        self.skipped = tuple(skipped)

    def put(self, draft: Draft) -> None:
        """Take what stands in a draft that was just saved; where that fails, the next `refresh` does it."""
        path = drafts.path_for(self._folder, draft.article.slug)
        try:
            with self._changing():
                self._forget(path.name)
                self._add(path.name, "", draft)
        except sqlite3.DatabaseError as error:
            _log.info("the index of terms is not up to date: %s", error)

    def _take(self, name: str, path: Path, stamp: str, was: str, skipped: list[str]) -> None:
        now = drafts.fingerprint(path)
        if now and now == was:
            self._base.execute("UPDATE file SET stamp = ? WHERE name = ?", (stamp, name))
            return
        self._forget(name)
        try:
            self._add(name, stamp, drafts.load(path))
            self.read += 1
        except DraftError as error:
            skipped.append(str(error))

    def _add(self, name: str, stamp: str, draft: Draft) -> None:
        article = draft.article
        file = self._base.execute(
            "INSERT INTO file (name, stamp, fingerprint, slug, date) VALUES (?, ?, ?, ?, ?)",
            (name, stamp, draft.fingerprint, _kept(article.slug), _kept(article.meta.get("date", ""))),
        ).lastrowid
        for one in sentences(draft):
            row = self._base.execute(
                "INSERT INTO sentence (file, name, source, target, state, edited, started, known, who, moment, fresh) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    file, one.id, one.source, one.target, one.state.value, one.edited, one.started, one.known, one.who,
                    one.when, one.fresh,
                ),
            ).lastrowid  # fmt: skip
            self._places_waiting += ((number, row or 0) for number in self._numbers(one.source))

    def _numbers(self, text: str) -> set[int]:
        """The words of a text; one that was met before is not folded again."""
        return {number for word in set(WORD.findall(text)) if (number := self._word(word))}

    def _word(self, word: str) -> int:
        """Its number; 0 for what is no word."""
        known = self._words.get(word)
        number = 0
        if known is None:
            for folded in written(word):
                self._base.execute("INSERT OR IGNORE INTO word (text) VALUES (?)", (folded,))
                (number,) = self._base.execute("SELECT id FROM word WHERE text = ?", (folded,)).fetchone()
            self._words[word] = number
        return number if known is None else known

    def _forget(self, name: str) -> None:
        """A draft and its sentences; where their words stood is found from the words themselves."""
        row = self._base.execute("SELECT id FROM file WHERE name = ?", (name,)).fetchone()
        if row is None:
            return
        for number, source in self._base.execute("SELECT id, source FROM sentence WHERE file = ?", row).fetchall():
            places = [(word, number) for word in self._numbers(source)]
            self._base.executemany("DELETE FROM place WHERE word = ? AND sentence = ?", places)
        self._base.execute("DELETE FROM sentence WHERE file = ?", row)
        self._base.execute("DELETE FROM file WHERE id = ?", row)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """All of it or nothing; another process that keeps the file for long leaves it as it was."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise TarjumanError(
                f"the index of terms is in use ({error})", str(self._path or ""), "Try again, or delete it"
            ) from error
        try:
            yield
            self._places_waiting.sort()  # in the order of the table, which is much faster
            self._base.executemany("INSERT OR IGNORE INTO place VALUES (?, ?)", self._places_waiting)
        except BaseException:
            with suppress(sqlite3.Error):  # where the disk is full it was rolled back already
                self._base.execute("ROLLBACK")
            self._words.clear()
            raise
        finally:
            self._places_waiting.clear()
        self._base.execute("COMMIT")

    # --- looking up --------------------------------------------------------------------------------------------------

    def count(self) -> tuple[int, int]:
        """How many drafts and sentences it holds."""
        (files,) = self._base.execute("SELECT COUNT(*) FROM file").fetchone()
        (sentences,) = self._base.execute("SELECT COUNT(*) FROM sentence").fetchone()
        return int(files), int(sentences)

    def holding(self, terms: Sequence[Term]) -> Iterator[Sentence]:
        """Sentences that may have one of these terms, draft by draft in reading order; all that have are among them."""
        if not terms:
            return
        vocabulary = _Vocabulary(self._base.execute("SELECT id, text FROM word"))
        wanted = {form for term in terms for form in cores(term)}
        places: dict[str, frozenset[int]] = {}
        found: set[int] = set()
        for form in sorted(wanted):
            found |= self._with_all(form, vocabulary, places)
        yield from self._sentences(sorted(found))

    def _with_all(self, form: Sequence[str], vocabulary: _Vocabulary, places: dict[str, frozenset[int]]) -> set[int]:
        """Numbers of the sentences that hold every core of a form: the rarest is asked first."""
        held: set[int] | None = None
        for core in sorted(form, key=lambda core: (len(vocabulary.holding(core)), core)):
            if core not in places:
                places[core] = frozenset(self._places(vocabulary.holding(core)))
            held = set(places[core]) if held is None else held & places[core]
            if not held:
                break
        return held or set()

    def _places(self, words: Sequence[int]) -> Iterator[int]:
        for some in _slices(words, AT_ONCE):
            marks = ",".join("?" * len(some))
            yield from (n for (n,) in self._base.execute(f"SELECT sentence FROM place WHERE word IN ({marks})", some))  # noqa: S608

    def _sentences(self, numbers: Sequence[int]) -> Iterator[Sentence]:
        rows = []
        for some in _slices(numbers, AT_ONCE):
            marks = ",".join("?" * len(some))
            rows += self._base.execute(
                f"SELECT {_SENTENCE} FROM sentence s JOIN file f ON f.id = s.file WHERE s.id IN ({marks})",  # noqa: S608
                some,
            ).fetchall()
        rows.sort(key=lambda row: (row[2], row[0]))
        yield from map(_read, rows)

    def articles(self) -> Iterator[list[Sentence]]:
        """All sentences, one list for each draft, by name."""
        rows = self._base.execute(
            f"SELECT {_SENTENCE} FROM sentence s JOIN file f ON f.id = s.file ORDER BY f.slug, s.id"  # noqa: S608
        )
        for _, group in groupby(map(_read, rows), key=lambda sentence: sentence.file):
            yield list(group)

    def text_of(self, file: int) -> str:
        """All Arabic of one draft, a sentence a line."""
        rows = self._base.execute("SELECT source FROM sentence WHERE file = ? ORDER BY id", (file,))
        return "\n".join(source for (source,) in rows)


class _Vocabulary:
    """All distinct words in one text, in which a core is found as fast as letters can be compared."""

    def __init__(self, words: Iterable[tuple[int, str]]) -> None:
        self._numbers: list[int] = []
        self._starts: list[int] = []
        parts: list[str] = []
        at = 0
        for number, word in words:
            self._numbers.append(number)
            self._starts.append(at)
            parts.append(word)
            at += len(word) + 1
        self._text = "\n".join(parts)
        self._held: dict[str, list[int]] = {}

    def holding(self, core: str) -> list[int]:
        """Numbers of the words with these letters in them."""
        if core not in self._held:
            begins = (found.start() for found in re.finditer(re.escape(core), self._text))
            self._held[core] = list(dict.fromkeys(self._numbers[bisect_right(self._starts, at) - 1] for at in begins))
        return self._held[core]


def sentences(draft: Draft) -> Iterator[Sentence]:
    """What is kept of a draft, in reading order."""
    from translate.effort import CONFIRMED, beginning

    date = draft.article.meta.get("date", "")
    for segment in draft.article.segments():
        target = draft.targets.get(segment.id)
        if target is None:
            yield Sentence(
                0, draft.article.slug, segment.id, _kept(segment.text), "", State.NEW, False, "", False, "", "", True,
                _kept(date),
            )  # fmt: skip
            continue
        begun = beginning(target) if target.state in CONFIRMED else None
        started = begun.text if begun is not None and begun.origin is Origin.MACHINE else ""
        yield Sentence(
            0, draft.article.slug, segment.id, _kept(segment.text), _kept(target.text), target.state,
            drafts.touched(target), _kept(started), bool(started), _kept(target.who), _kept(target.when),
            target.source in ("", segment.text), _kept(date),
        )  # fmt: skip


def _read(row: Sequence[object]) -> Sentence:
    _, file, slug, name, source, target, state, edited, started, known, who, when, fresh, date = row
    return Sentence(
        int(str(file)), str(slug), str(name), str(source), str(target), State(str(state)), bool(edited), str(started),
        bool(known), str(who), str(when), bool(fresh), str(date),
    )  # fmt: skip


def _kept(text: str) -> str:
    """Half a character, which no file can hold, as a question mark."""
    return text.encode("utf-8", "replace").decode()


def _place(folder: Path) -> Path | None:
    """Where the file goes; None where nothing can be written."""
    place = folder / FOLDER
    try:
        place.mkdir(exist_ok=True)
        ignore = place / ".gitignore"
        if not ignore.exists():
            write(ignore, _IGNORE.encode())
    except (OSError, TarjumanError) as error:
        _log.info("the index of terms is not kept: %s", error)
        return None
    return place / FILE


def _begun(path: Path | None) -> sqlite3.Connection:
    """The file with its tables.

    Raises:
        sqlite3.Error: it is none of ours, broken or of another version.
    """
    base = sqlite3.connect(":memory:" if path is None else path, timeout=PATIENCE, isolation_level=None)
    try:
        base.execute("PRAGMA synchronous = OFF")  # the file may be lost; it is made from the drafts
        base.execute("PRAGMA temp_store = MEMORY")
        base.execute("PRAGMA cache_size = -64000")
        base.execute("BEGIN IMMEDIATE")
        (version,) = base.execute("PRAGMA user_version").fetchone()
        (tables,) = base.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        if version == 0 and tables == 0:
            for statement in _SCHEMA.split(";"):
                base.execute(statement)
            base.execute(f"PRAGMA user_version = {FORMAT}")
        elif version != FORMAT:
            raise sqlite3.DatabaseError("an index of another version")
        base.execute("COMMIT")
    except BaseException:
        base.close()
        raise
    return base


def _slices(things: Sequence[_Thing], size: int = TOGETHER) -> Iterator[Sequence[_Thing]]:
    for at in range(0, len(things), size):
        yield things[at : at + size]

"""What an archive run keeps beside its output: answers by key, and which draft was made from what.

One SQLite file. Everything in it can be made again, at the price of time: deleting it loses no work of a person. A
process that is killed leaves what was kept before. Knows keys and bytes; nothing of sentences, articles or models.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path

from translate.errors import OutputError

FORMAT = 1
AT_ONCE = 400
"""Values in one question; SQLite takes at least 999."""
SCHEMA = """
CREATE TABLE answer (key BLOB PRIMARY KEY, target BLOB NOT NULL);
CREATE TABLE article (
    name TEXT PRIMARY KEY, slug TEXT NOT NULL, digest BLOB NOT NULL, settings TEXT NOT NULL,
    wanted BLOB NOT NULL, day TEXT NOT NULL
);
"""
SEEN = "CREATE TEMP TABLE seen (slug TEXT PRIMARY KEY, place TEXT NOT NULL) WITHOUT ROWID"
"""The names of this run; on disk, since an archive has as many as it likes."""


@dataclass(frozen=True, slots=True)
class Done:
    """One draft that is as it should be."""

    name: str
    """Of the article in the input."""
    slug: str
    digest: bytes
    """Of what was read."""
    settings: str
    """Glossary, model and program it was made with."""
    wanted: bytes
    """Of everything its sentences asked for."""
    day: str
    """"2015-11-19", or empty where the article has no date."""


class Store:
    """The file, open."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it."""
        self._path = path
        with self._guarded():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, isolation_level=None)
            try:
                self._open()
            except BaseException:
                self._base.close()
                raise

    def _open(self) -> None:
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute("PRAGMA cache_size = -16384")
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        if version not in (0, FORMAT):
            raise OutputError(f"was made by another version ({version})", str(self._path), "Delete it, or move it away")
        if not version:
            self._base.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")
        self._base.execute(SEEN)

    def close(self) -> None:
        """Give the file back."""
        self._base.close()

    def find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The answers that are known, by key."""
        found: dict[bytes, bytes] = {}
        with self._guarded():
            for at in range(0, len(keys), AT_ONCE):
                some = keys[at : at + AT_ONCE]
                marks = ",".join("?" * len(some))
                found.update(self._base.execute(f"SELECT key, target FROM answer WHERE key IN ({marks})", some))  # noqa: S608
        return found

    def keep(self, answers: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep answers, all of them or none."""
        with self._guarded(), self._whole():
            self._base.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?)", answers)

    def done(self, name: str) -> Done | None:
        """What is known of an article's draft."""
        with self._guarded():
            row = self._base.execute("SELECT * FROM article WHERE name = ?", (name,)).fetchone()
        return Done(*row) if row else None

    def note(self, rows: Iterable[Done]) -> None:
        """Remember drafts that are as they should be."""
        with self._guarded(), self._whole():
            self._base.executemany("INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?)", map(astuple, rows))

    def claim(self, slug: str, place: str) -> str:
        """Take a name for this run; where it is taken, the place that has it."""
        with self._guarded():
            if self._base.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (slug, place)).rowcount:
                return ""
            return str(self._base.execute("SELECT place FROM seen WHERE slug = ?", (slug,)).fetchone()[0])

    def __len__(self) -> int:
        """How many answers are kept."""
        with self._guarded():
            return int(self._base.execute("SELECT count(*) FROM answer").fetchone()[0])

    @contextmanager
    def _whole(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):  # where the disk is full it was rolled back already
                self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            hint = "Where it is damaged, delete it: it is made again, and sentences are translated anew"
            raise OutputError(f"cannot be used ({error})", str(self._path), hint) from error
        except OSError as error:
            raise OutputError(f"cannot be made ({error.strerror or error})", str(self._path)) from error

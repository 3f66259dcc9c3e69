"""The memory's file: sentences with their English, found by key, by words in common and by runs of three letters.

One SQLite file, made from the drafts and safe to delete. A look-up is complete: a sentence that is at least so many per
cent alike has so many words in common, so it has at least one of the rarest words of the sentence that is looked up;
only sentences that do are compared. What is compared stands apart from all else, each word one letter (its sign), so
that a look-up reads few pages of the disk and a computer keeps those of a large memory. Several processes may use the
file; one that is killed leaves the last whole state.
Knows entries and readings; nothing of drafts, articles or how results are shown.
"""

from __future__ import annotations

import hashlib
import json
import operator
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translate.document import Mark, Origin, State
from translate.memory.alike import Reading, Tags, likeness, read, sentence_key

FORMAT = 2
"""Raised when the file of today could not be used by the program of tomorrow: it is then made anew."""
PATIENCE = 20.0
"""Seconds to wait for another process that is writing."""
AT_ONCE = 400
"""Values in one question; SQLite takes at least 999."""
LENGTH_LIMIT = 500
"""Words: what is longer is no sentence and is found by its key only."""
WORTH = 20
"""Places of a word that are read as fast as one sentence is compared."""
SIGNS = 1_000_000
"""Words that have a sign of their own; one of a million sentences has a tenth of that."""
SURROGATES, BEHIND = 0xD800, 0xE000
"""No signs: between them is what SQLite cannot keep."""
STRANGE = 0x10FFFF
"""The sign of the first word that no sentence has; the others' signs come before it."""

SCHEMA = """
CREATE TABLE file (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE sentence (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, source TEXT NOT NULL);
CREATE TABLE said (sentence INTEGER PRIMARY KEY, signs TEXT NOT NULL);
CREATE INDEX sentence_hash ON sentence (hash);
CREATE TABLE unit (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, sentence INTEGER NOT NULL, slug TEXT NOT NULL,
    segment TEXT NOT NULL, target TEXT NOT NULL, marks TEXT NOT NULL, tags TEXT NOT NULL, state TEXT NOT NULL,
    origin TEXT NOT NULL, who TEXT NOT NULL, moment TEXT NOT NULL, before INTEGER NOT NULL, after INTEGER NOT NULL
);
CREATE INDEX unit_file ON unit (file);
CREATE INDEX unit_sentence ON unit (sentence);
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL);
CREATE TABLE place (
    word INTEGER NOT NULL, length INTEGER NOT NULL, sentence INTEGER NOT NULL, PRIMARY KEY (word, length, sentence)
) WITHOUT ROWID;
"""
LETTERS = "CREATE VIRTUAL TABLE letters USING fts5(text, content='', detail=none, tokenize='trigram case_sensitive 1')"
"""Made where this SQLite can; a concordance reads everything where it cannot."""


_FIRST = operator.itemgetter(0)
COLUMNS = 14
"""Of a unit."""
NOTHING = "[]"
"""No marks, no tags, as they are written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence of the memory, in one place."""

    slug: str
    """"mosul-defectors" """
    segment: str
    """"mosul-defectors.12.2" """
    source: str
    target: str
    state: State
    origin: Origin
    who: str = ""
    when: str = ""
    """ISO 8601 UTC."""
    marks: tuple[Mark, ...] = ()
    """Of the English."""
    tags: Tags = ()
    """Of the Arabic."""
    before: str = ""
    """The sentence before this one in the article, "" at its start."""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as it is kept, and which of the neighbours looked for it has."""

    id: int
    entry: Entry
    before: int
    """Hash of the neighbour's key."""
    after: int


def neighbour(text: str) -> int:
    """What is kept of a neighbouring sentence: enough to tell whether another is the same."""
    return _hash(sentence_key(text))


def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _sign(number: int) -> str:
    """What stands for a word of this number where sentences are compared.

    Words beyond a million share signs, which makes sentences more alike than they are, never less.
    """
    place = number % SIGNS + 1
    return chr(place if place < SURROGATES else place + BEHIND - SURROGATES)


class _Batch:
    """Rows that are written together."""

    def __init__(self, last: int) -> None:
        self.last = last
        """Number of the last unit."""
        self.known: dict[str, int] = {}
        """Arabic -> its sentence."""
        self.units: list[tuple[Any, ...]] = []
        self.letters: list[tuple[int, str]] = []
        self.sentences: list[tuple[int, tuple[str, ...]]] = []
        self.uses: Counter[str] = Counter()

    def add(self, file: int, sentence: int, entry: Entry) -> None:
        """One entry of a draft."""
        self.last += 1
        marks = _marks_out(entry.marks) if entry.marks else NOTHING
        tags = json.dumps(entry.tags) if entry.tags else NOTHING
        self.units.append(
            (self.last, file, sentence, entry.slug, entry.segment, entry.target, marks, tags, entry.state.value,
             entry.origin.value, entry.who, entry.when, neighbour(entry.before), neighbour(entry.after))
        )  # fmt: skip
        self.letters.append((self.last, _letters(entry.source, entry.target)))


class Index:
    """The file, open. Everything it raises is an `sqlite3.Error`."""

    def __init__(self, path: Path | None) -> None:
        """Open or make the file; `None` keeps everything in memory."""
        if path is not None and not path.exists():
            for rest in ("-journal", "-wal", "-shm"):  # of a file that somebody deleted: it speaks of another
                with suppress(OSError):
                    path.with_name(path.name + rest).unlink()
        self._base = sqlite3.connect(
            ":memory:" if path is None else path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            self._open()
        except BaseException:
            self._base.close()
            raise

    def _open(self) -> None:
        self._base.execute("PRAGMA cache_size = -32000")
        self._base.execute("PRAGMA temp_store = MEMORY")
        if self._one("PRAGMA user_version") != FORMAT:
            with self.changing():
                if self._one("PRAGMA user_version") == 0 and not self._one("SELECT count(*) FROM sqlite_master"):
                    self._make()
        if self._one("PRAGMA user_version") != FORMAT:
            raise sqlite3.DatabaseError("a memory of another version")
        self.by_letters = bool(self._one("SELECT count(*) FROM sqlite_master WHERE name = 'letters'"))

    def _make(self) -> None:
        for statement in SCHEMA.split(";"):
            self._base.execute(statement)
        with suppress(sqlite3.OperationalError):  # an SQLite without FTS5 or its trigrams
            self._base.execute(LETTERS)
        self._base.execute(f"PRAGMA user_version = {FORMAT}")

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Everything inside happens at once or not at all, and nobody else writes meanwhile."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def _one(self, question: str, *values: Any) -> Any:
        row = self._base.execute(question, values).fetchone()
        return row[0] if row else None

    def _many(self, question: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """A question with `{}` where the values go, asked in parts."""
        for at in range(0, len(values), AT_ONCE):
            part = values[at : at + AT_ONCE]
            yield from self._base.execute(question.format(",".join("?" * len(part))), part)

    # --- what is in it -----------------------------------------------------------------------------------------------

    def files(self) -> dict[str, tuple[str, str]]:
        """Name -> (stamp, fingerprint) of every draft it was made from."""
        rows = self._base.execute("SELECT name, stamp, fingerprint FROM file")
        return {name: (stamp, fingerprint) for name, stamp, fingerprint in rows}

    def size(self) -> int:
        """How many entries there are."""
        return int(self._one("SELECT count(*) FROM unit"))

    def stamp(self, name: str, stamp: str) -> None:
        """The file was looked at again and is the same."""
        self._base.execute("UPDATE file SET stamp = ? WHERE name = ?", (stamp, name))

    def replace(self, drafts: Sequence[tuple[str, str, str, Iterable[Entry]]]) -> None:
        """All entries of some drafts (name, stamp, fingerprint, entries), in place of those they had.

        Call it while `changing`. Many at once cost a third less each than one by one.
        """
        for name, *_ in drafts:  # first, or a sentence might be forgotten that another draft has just taken up
            self.remove(name)
        batch = _Batch(int(self._one("SELECT ifnull(max(id), 0) FROM unit")))
        for name, stamp, fingerprint, entries in drafts:
            file = self._base.execute(
                "INSERT INTO file (name, stamp, fingerprint) VALUES (?, ?, ?)", (name, stamp, fingerprint)
            ).lastrowid
            for entry in entries:
                sentence = batch.known.get(entry.source) or self._sentence(entry.source, batch)
                batch.add(int(file or 0), sentence, entry)
        self._base.executemany(f"INSERT INTO unit VALUES ({', '.join('?' * COLUMNS)})", batch.units)  # noqa: S608
        self._count(batch.uses, batch.sentences)
        if self.by_letters:
            self._base.executemany("INSERT INTO letters (rowid, text) VALUES (?, ?)", batch.letters)

    def _sentence(self, source: str, batch: _Batch) -> int:
        """The number of this very text; a new one is noted in the batch."""
        reading = read(source)
        number = _hash(reading.key)
        found = self._one("SELECT id FROM sentence WHERE hash = ? AND source = ?", number, source)
        if found is None:
            found = self._base.execute("INSERT INTO sentence (hash, source) VALUES (?, ?)", (number, source)).lastrowid
            if reading.words and len(reading.words) <= LENGTH_LIMIT:
                batch.sentences.append((int(found or 0), reading.words))
                batch.uses.update(set(reading.words))
        batch.known[source] = int(found or 0)
        return int(found or 0)

    def _count(self, uses: Counter[str], sentences: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        """Put new sentences under their words; sorted, because that is the order of the table on the disk."""
        self._base.executemany(
            "INSERT INTO word (text, uses) VALUES (?, ?) ON CONFLICT (text) DO UPDATE SET uses = uses + excluded.uses",
            sorted(uses.items()),
        )
        numbers = dict(self._many("SELECT text, id FROM word WHERE text IN ({})", sorted(uses)))
        signs = {word: _sign(number) for word, number in numbers.items()}
        self._base.executemany(
            "INSERT INTO said (sentence, signs) VALUES (?, ?)",
            [(sentence, "".join(map(signs.__getitem__, spoken))) for sentence, spoken in sentences],
        )
        places = [(numbers[word], len(spoken), sentence) for sentence, spoken in sentences for word in set(spoken)]
        places.sort()
        self._base.executemany("INSERT INTO place (word, length, sentence) VALUES (?, ?, ?)", places)

    def remove(self, name: str) -> None:
        """Forget a draft. Call it while `changing`."""
        file = self._one("SELECT id FROM file WHERE name = ?", name)
        if file is None:
            return
        rows = self._base.execute(
            "SELECT unit.id, sentence, source, target FROM unit JOIN sentence ON sentence.id = sentence WHERE file = ?",
            (file,),
        ).fetchall()
        if self.by_letters:
            gone = [(unit, _letters(source, target)) for unit, _, source, target in rows]
            self._base.executemany("INSERT INTO letters (letters, rowid, text) VALUES ('delete', ?, ?)", gone)
        self._base.execute("DELETE FROM unit WHERE file = ?", (file,))
        self._base.execute("DELETE FROM file WHERE id = ?", (file,))
        for sentence in sorted({sentence for _, sentence, _, _ in rows}):
            self._forget_sentence(sentence)

    def _forget_sentence(self, sentence: int) -> None:
        """Where nobody has it any more."""
        if self._one("SELECT 1 FROM unit WHERE sentence = ? LIMIT 1", sentence):
            return
        spoken = read(self._one("SELECT source FROM sentence WHERE id = ?", sentence)).words
        if len(spoken) <= LENGTH_LIMIT:
            numbers = dict(self._many("SELECT text, id FROM word WHERE text IN ({})", sorted(set(spoken))))
            for number in sorted(numbers.values()):
                self._base.execute(
                    "DELETE FROM place WHERE word = ? AND length = ? AND sentence = ?", (number, len(spoken), sentence)
                )
                self._base.execute("UPDATE word SET uses = uses - 1 WHERE id = ?", (number,))
        self._base.execute("DELETE FROM said WHERE sentence = ?", (sentence,))
        self._base.execute("DELETE FROM sentence WHERE id = ?", (sentence,))

    # --- looking up --------------------------------------------------------------------------------------------------

    def same(self, key: str) -> list[int]:
        """The sentences with exactly this key."""
        rows = self._base.execute("SELECT id, source FROM sentence WHERE hash = ?", (_hash(key),))
        return [sentence for sentence, source in rows if sentence_key(source) == key]

    def alike(self, reading: Reading, least: int) -> list[int]:
        """All sentences whose words are at least so alike (see `alike.likeness`), and in a vast memory some others."""
        spoken = reading.words
        if not spoken or len(spoken) > LENGTH_LIMIT:
            return []
        least = max(least, 1)
        low, high = -(-len(spoken) * least // 100), min(LENGTH_LIMIT, len(spoken) * 100 // least)
        rows = self._many("SELECT text, id, uses FROM word WHERE text IN ({})", sorted(set(spoken)))
        known = {text: (uses, number) for text, number, uses in rows if uses}
        found = self._sharing([(*known[text], times) for text, times in Counter(spoken).items() if text in known],
                              low, high)  # fmt: skip
        strange = (chr(place) for place in range(STRANGE, 0, -1))
        signs = {text: _sign(known[text][1]) if text in known else next(strange) for text in dict.fromkeys(spoken)}
        own = "".join(map(signs.__getitem__, spoken))
        said = self._many("SELECT sentence, signs FROM said WHERE sentence IN ({})", found)
        return [sentence for sentence, others in said if likeness(own, others, least)]

    def _sharing(self, known: list[tuple[int, int, int]], low: int, high: int) -> list[int]:
        """Sentences of `low` to `high` words that may have `low` words of these, and surely all that have.

        Of each word: how many sentences have it, its number, how often it was said. A sentence that has `low` of all
        the words has at least `low` - n of the rarest ones, where n is how many words are not among the rarest. So
        only the places of the rarest are read: as few as will do, and more as long as that costs less than comparing,
        since each more that must be there leaves fewer sentences.
        """
        known.sort()
        others = sum(times for _, _, times in known)
        if others < low:
            return []
        shares: Counter[int] = Counter()
        for uses, number, times in known:
            if others < low:
                found = [sentence for sentence, share in shares.items() if share >= low - others]
                if uses >= WORTH * len(found):
                    return sorted(found)
            rows = self._base.execute(
                "SELECT sentence FROM place WHERE word = ? AND length BETWEEN ? AND ?", (number, low, high)
            ).fetchall()
            for _ in range(times):
                shares.update(map(_FIRST, rows))
            others -= times
        return sorted(sentence for sentence, share in shares.items() if share >= low - others)

    def units(self, sentences: Iterable[int]) -> Iterator[Found]:
        """Every entry of these sentences, in the order they were put in."""
        yield from self._found("WHERE sentence IN ({}) ORDER BY unit.id", list(sentences))

    def holding(self, runs: Sequence[Sequence[str]]) -> Iterator[Found]:
        """Entries that hold all the strings of at least one of the runs, and some that do not; in no order.

        Without strings of three letters or more to go by, all of them.
        """
        if not self.by_letters or not runs or not all(any(len(part) > 2 for part in run) for run in runs):
            yield from self._found("", [None])
            return
        question = " OR ".join(f"({' AND '.join(_trigrams(run))})" for run in runs)
        rows = self._base.execute("SELECT rowid FROM letters WHERE letters MATCH ?", (question,)).fetchall()
        yield from self._found("WHERE unit.id IN ({})", [number for (number,) in rows])

    def _found(self, which: str, values: Sequence[Any]) -> Iterator[Found]:
        columns = "unit.id, slug, segment, source, target, state, origin, who, moment, marks, tags, before, after"
        question = f"SELECT {columns} FROM unit JOIN sentence ON sentence.id = sentence {which}"  # noqa: S608
        rows = self._base.execute(question) if values == [None] else self._many(question, values)
        for number, slug, segment, source, target, state, origin, who, moment, marks, tags, before, after in rows:
            try:
                entry = Entry(
                    slug, segment, source, target, State(state), Origin(origin), who, moment,
                    _marks_in(marks), tuple((kind, data) for kind, data in json.loads(tags)),
                )  # fmt: skip
            except (ValueError, TypeError) as error:
                raise sqlite3.DatabaseError(f"entry {number} is damaged") from error
            yield Found(number, entry, before, after)


def _letters(source: str, target: str) -> str:
    """What is searched letter by letter: folded Arabic, English in small letters."""
    return f"{sentence_key(source)}\n{small(target)}"


def small(english: str) -> str:
    """`'ISIS’s'` -> `"isis's"`."""
    return english.lower().replace("’", "'")


def _trigrams(parts: Sequence[str]) -> list[str]:
    """The runs of three letters of some strings, quoted: `'"قوا"'`, `'"وات"'`."""
    runs = sorted({part[at : at + 3] for part in parts for at in range(len(part) - 2)})
    return ['"' + run.replace('"', '""') + '"' for run in runs]


def _marks_out(marks: Sequence[Mark]) -> str:
    return json.dumps([[mark.kind, mark.begin, mark.end, mark.data] for mark in marks], ensure_ascii=False)


def _marks_in(text: str) -> tuple[Mark, ...]:
    return tuple(
        Mark(kind, begin, end, tuple((name, value) for name, value in data))
        for kind, begin, end, data in json.loads(text)
    )

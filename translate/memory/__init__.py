"""The translation memory: what people approved, and edited, offered again for the same Arabic or for Arabic like it.

It is made from the drafts of one folder and follows them: `refresh` looks for drafts that changed, `put` takes one that
was just saved. What it offers is never more than an offer. Its file (see `index`) may be deleted at any time, and a
file that is broken is made anew; nothing that goes wrong with it is an error. Knows drafts; nothing of engines, terms
or pages.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TypeVar

from translate import diff, drafts
from translate.document import Draft, Mark, Segment, State, Target
from translate.errors import DraftError
from translate.files import stamp_of
from translate.memory.alike import LEAST, Reading, Tags, read, score, sentence_key
from translate.memory.concord import phrase
from translate.memory.index import Entry, Found, Index, neighbour

FOLDER = "memory"
"""In the cache folder: one file for each folder of drafts."""
EXACT = 100
KEPT = frozenset({State.EDITED, State.APPROVED})
TOGETHER = 10_000
"""Entries written at once; a process that is killed loses that much work."""

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Match:
    """English that a person wrote for the same Arabic, or for Arabic like it."""

    score: int
    """92 - per cent, see `alike.score`; 100 is the very same sentence."""
    source: str
    """The Arabic it was made from."""
    target: str
    state: State
    """APPROVED or EDITED."""
    slug: str
    segment: str
    """"mosul-defectors.12.2" - where it stands."""
    who: str
    when: str
    context: bool
    """The very same sentence, and those before and after it are the same too."""
    differs: bool
    """Approved translations of this very sentence differ."""
    changes: tuple[diff.Run, ...]
    """From the Arabic it was made from to the Arabic that is looked up."""
    marks: tuple[Mark, ...]
    """Inline formatting over the target."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One sentence of a concordance."""

    source: str
    target: str
    state: State
    slug: str
    segment: str
    who: str
    when: str
    spans: tuple[tuple[int, int], ...]
    """Where the phrase stands, in the Arabic or in the English."""
    arabic: bool
    """Which of them."""


class Memory:
    """What people approved or edited in the drafts of one folder. May be used from several threads."""

    def __init__(self, folder: Path, cache: Path | None) -> None:
        """`folder`: the drafts; `cache`: where the index lives, `None` for nowhere. Call `refresh` to fill it."""
        self.skipped: tuple[str, ...] = ()
        """Drafts that could not be read, with the reason; the memory does without them."""
        self._folder = folder
        self._path = None if cache is None else cache / FOLDER / f"{_name(folder)}.sqlite3"
        self._lock = RLock()
        self._index: Index | None = None
        self._inode = 0

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index = None

    # --- following the drafts ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Bring it up to date with the drafts in the folder; drafts that did not change are not read again."""
        self._change(self._refresh)

    def put(self, draft: Draft) -> None:
        """Take what stands in a draft that was just saved."""
        self.take([draft])

    def take(self, made: Sequence[Draft]) -> None:
        """The same for many drafts in one go: all of them or none."""
        found = [
            (drafts.path_for(self._folder, draft.article.slug).name, "", draft.fingerprint, list(entries(draft)))
            for draft in made
        ]

        def change(index: Index) -> None:
            with index.changing():
                index.replace(found)

        self._change(change)

    def __len__(self) -> int:
        """How many sentences it holds."""
        return self._safely(lambda index: index.size())

    def _refresh(self, index: Index) -> None:
        present = {path.name: path for path in drafts.inside(self._folder)}
        known = index.files()
        gone = sorted(known.keys() - present.keys())
        if gone:
            with index.changing():
                for name in gone:
                    index.remove(name)
        waiting: list[tuple[str, str, str, list[Entry]]] = []
        skipped = []
        for name, path in present.items():
            stamp = stamp_of(path)
            was_stamp, was = known.get(name, ("", ""))
            if stamp and stamp == was_stamp:
                continue
            fingerprint = drafts.fingerprint(path)
            if fingerprint and fingerprint == was:
                if stamp:
                    index.stamp(name, stamp)
                continue
            found: list[Entry] = []
            try:
                draft = drafts.load(path)
                fingerprint, found = draft.fingerprint, list(entries(draft))
            except DraftError as error:
                skipped.append(str(error))
                _log.info("not in the memory: %s", error)
                stamp = ""  # said again every time
            waiting.append((name, stamp, fingerprint, found))
            if sum(len(its) for *_, its in waiting) >= TOGETHER:
                _write(index, waiting)
                waiting = []
        _write(index, waiting)
        self.skipped = tuple(skipped)

    # --- looking up --------------------------------------------------------------------------------------------------

    def matches(
        self, text: str, *, tags: Tags = (), before: str = "", after: str = "", least: int = LEAST, limit: int = 5
    ) -> list[Match]:
        """What there is for this Arabic, best first: the more alike, approved, in the same context, newer."""
        return self._safely(lambda index: _matches(index, _Wanted.of(text, tags, before, after), least, limit))

    def exact(self, text: str, *, tags: Tags = (), before: str = "", after: str = "") -> list[Match]:
        """What there is for this very sentence (score 100), best first."""
        wanted = _Wanted.of(text, tags, before, after)
        return self._safely(lambda index: _ranked(index, index.same(wanted.reading.key), wanted, EXACT))

    def concordance(self, text: str, *, limit: int = 50) -> list[Hit]:
        """Sentences with this word or phrase, Arabic or English as typed; approved ones first, then the newest."""
        wanted = phrase(text)
        if wanted is None:
            return []

        def search(index: Index) -> list[Hit]:
            hits: list[Hit] = []
            for found in index.holding(wanted.runs):
                entry = found.entry
                spans = wanted.find(entry.source if wanted.arabic else entry.target)
                if spans:
                    hits.append(
                        Hit(entry.source, entry.target, entry.state, entry.slug, entry.segment, entry.who, entry.when,
                            tuple(spans), wanted.arabic)
                    )  # fmt: skip
            hits.sort(key=lambda hit: _place(hit.slug, hit.segment))
            hits.sort(key=lambda hit: hit.when, reverse=True)
            hits.sort(key=lambda hit: hit.state is not State.APPROVED)
            return hits[:limit]

        return self._safely(search)

    # --- the file ----------------------------------------------------------------------------------------------------

    def _change(self, change: Callable[[Index], None]) -> None:
        """Change the index; where another process keeps it for long, the next `refresh` catches up."""

        def patiently(index: Index) -> None:
            try:
                change(index)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise
                _log.info("the memory is not up to date: %s", error)

        self._safely(patiently)

    def _safely(self, use: Callable[[Index], _Result]) -> _Result:
        """Use the index; make a broken one anew from the drafts, and do without a file where there can be none."""
        with self._lock:
            try:
                return use(self._opened())
            except sqlite3.Error as error:
                _log.info("the memory is made anew: %s", error)
            try:
                self._start_again(self._path)
                return use(self._opened())
            except (sqlite3.Error, OSError) as error:
                _log.warning("the memory cannot be kept in %s (%s); it is made for this run only", self._path, error)
            self._start_again(None)
            return use(self._opened())

    def _opened(self) -> Index:
        """The index; where its file was deleted or replaced meanwhile, the one that stands there now."""
        if self._index is not None and self._path is not None and _inode(self._path) != self._inode:
            self._index.close()
            self._index = None
            self._refresh(self._open())
        return self._index or self._open()

    def _open(self) -> Index:
        if self._path is not None:
            with suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
        self._index = Index(self._path)
        self._inode = _inode(self._path) if self._path is not None else 0
        return self._index

    def _start_again(self, path: Path | None) -> None:
        """An empty index, filled from the drafts."""
        if self._index is not None:
            self._index.close()
            self._index = None
        self._path = path
        if path is not None:
            path.unlink(missing_ok=True)
        self._refresh(self._open())


def entries(draft: Draft) -> Iterator[Entry]:
    """What a person approved or edited in a draft, sentences included whose Arabic has left the article."""
    slug = draft.article.slug
    segments = list(draft.article.segments())
    sources = ["", *(segment.text for segment in segments), ""]
    for number, segment in enumerate(segments):
        target = draft.targets.get(segment.id)
        if target is not None:
            before, after = sources[number], sources[number + 2]
            yield from _entry(slug, segment, target, before, after)
    for name, (source, target) in draft.orphans.items():
        yield from _entry(slug, Segment(name, source), target, "", "")


def _entry(slug: str, segment: Segment, target: Target, before: str, after: str) -> Iterator[Entry]:
    source = target.source or segment.text
    if target.state not in KEPT or not source.strip() or not target.text.strip():
        return
    try:
        f"{source}{target.text}{target.who}{target.when}{before}{after}".encode()
    except UnicodeEncodeError:
        return  # half a character: nobody can have meant it
    tags = tags_of(segment.marks) if source == segment.text else ()
    yield Entry(
        slug, segment.id, source, target.text, target.state, target.origin, target.who, target.when, target.marks,
        tags, before, after,
    )  # fmt: skip


def tags_of(marks: Iterable[Mark]) -> Tags:
    """What formatting a sentence has, in order; where it begins and ends does not count."""
    return tuple((mark.kind, repr(mark.data) if mark.data else "") for mark in marks)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A sentence that is looked up."""

    text: str
    reading: Reading
    tags: Tags
    before: int
    after: int
    placed: bool
    """It has a neighbour at all."""

    @classmethod
    def of(cls, text: str, tags: Tags, before: str, after: str) -> _Wanted:
        return cls(text, read(text), tags, neighbour(before), neighbour(after), bool(before or after))


def _matches(index: Index, wanted: _Wanted, least: int, limit: int) -> list[Match]:
    sentences = dict.fromkeys(index.same(wanted.reading.key))
    sentences |= dict.fromkeys(index.alike(wanted.reading, least))
    return _ranked(index, list(sentences), wanted, least, limit)


def _ranked(
    index: Index, sentences: Sequence[int], wanted: _Wanted, least: int, limit: int | None = None
) -> list[Match]:
    """Everything these sentences have, scored, best first; each English of each sentence once."""
    scored: list[tuple[int, Found]] = []
    readings: dict[str, Reading] = {}
    for found in index.units(sentences):
        entry = found.entry
        if entry.source not in readings:
            readings[entry.source] = read(entry.source)
        per_cent = score(wanted.reading, readings[entry.source], same_tags=entry.tags == wanted.tags, least=least)
        if per_cent:
            scored.append((per_cent, found))
    scored.sort(key=lambda pair: _place(pair[1].entry.slug, pair[1].entry.segment))
    scored.sort(key=lambda pair: pair[1].entry.when, reverse=True)
    scored.sort(key=lambda pair: _order(pair[0], pair[1], wanted))
    differing = _differing(found for _, found in scored)
    best: dict[tuple[str, str], Match] = {}
    for per_cent, found in scored:
        entry = found.entry
        once = (sentence_key(entry.source), entry.target)
        if len(best) == limit:
            break
        if once not in best:
            best[once] = Match(
                per_cent, entry.source, entry.target, entry.state, entry.slug, entry.segment, entry.who, entry.when,
                per_cent == EXACT and wanted.placed and _neighbours(found, wanted) == 2, once[0] in differing,
                tuple(diff.changes(entry.source, wanted.text)), entry.marks,
            )  # fmt: skip
    return list(best.values())


def _order(per_cent: int, found: Found, wanted: _Wanted) -> tuple[int, bool, int, bool]:
    """Smaller is better; of equals the newer comes first, then by name and place."""
    entry = found.entry
    return -per_cent, entry.state is not State.APPROVED, -_neighbours(found, wanted), entry.source != wanted.text


def _neighbours(found: Found, wanted: _Wanted) -> int:
    """How many of the two neighbouring sentences are the same."""
    return (found.before == wanted.before) + (found.after == wanted.after)


def _differing(found: Iterable[Found]) -> set[str]:
    """Keys of the sentences whose approved translations differ."""
    texts: dict[str, set[str]] = {}
    for one in found:
        if one.entry.state is State.APPROVED:
            texts.setdefault(sentence_key(one.entry.source), set()).add(one.entry.target)
    return {sentence for sentence, its in texts.items() if len(its) > 1}


def _write(index: Index, waiting: Sequence[tuple[str, str, str, list[Entry]]]) -> None:
    if not waiting:
        return
    with index.changing():
        known = index.files()  # another process may have been faster
        new = []
        for name, stamp, fingerprint, found in waiting:
            if fingerprint and known.get(name, ("", ""))[1] == fingerprint:
                index.stamp(name, stamp)
            else:
                new.append((name, stamp, fingerprint, found))
        index.replace(new)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _place(slug: str, segment: str) -> tuple[str, list[int], str]:
    """For sorting in reading order: `x.12.2` behind `x.2.1`."""
    return slug, [int(number) for number in _NUMBER.findall(segment.removeprefix(slug))], segment


def _name(folder: Path) -> str:
    """`/home/mona/drafts` -> `drafts-1f2e3d4c5b6a`: one file for each folder."""
    whole = folder.resolve()
    return f"{whole.name or 'drafts'}-{hashlib.sha256(str(whole).encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"

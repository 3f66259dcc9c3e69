"""All drafts of one folder at the desk: which there are, which are open, and what happens to them on the disk.

One process at a time holds the journals of a folder. A desk that nobody has looked at for a while is let go, since file
and journal are all there is to it. Knows no HTTP.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from translate import drafts
from translate.document import Draft, Target
from translate.errors import ConflictError, DraftError, OutputError, UsageError
from translate.files import take_lock, write
from translate.review.desk import FOLDER, Desk, UnknownError, stamp
from translate.review.journal import SUFFIX
from translate.review.terms import Terms

OPEN = 64
"""Desks kept in memory."""
_IGNORE = "# Words of people on their way into the drafts. Not for git; never delete it while a desk is open.\n*\n"
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Changed:
    """Sentences of an article that others changed."""

    slug: str
    segments: frozenset[str]


class Store:
    """The drafts of a folder."""

    def __init__(
        self, folder: Path, terms: Terms, who: str = "", saved: Callable[[Draft], None] = lambda _draft: None
    ) -> None:
        """Take the folder; `saved` is told of every draft that went into its file.

        Raises:
            DraftError: there is no such folder.
            ConflictError: another desk has it.
        """
        if not folder.is_dir():
            raise DraftError("there is no such folder", str(folder), "Make drafts first: tarjuman draft")
        self.folder, self.who = folder, who
        self.terms = terms
        self._saved = saved
        self.known: Callable[[Draft], Mapping[str, Target]] = lambda _draft: {}
        """What the memory has for the sentences of a draft, by their ids; set it before the first desk is opened."""
        self._lock = RLock()
        self._live: WeakValueDictionary[str, Desk] = WeakValueDictionary()
        """Every desk that somebody still works with: there are never two for one draft."""
        self._recent: dict[str, Desk] = {}
        """Those used last, the latest at the end."""
        self._lines: dict[str, tuple[object, Any]] = {}
        self._taken = -1
        self._take_folder()

    def close(self) -> None:
        """Save what can be saved and give the folder back."""
        with self._lock:
            for desk in list(self._live.values()):
                if desk.unfiled:
                    desk.save()
                desk.close()
            self._recent.clear()
            if self._taken >= 0:
                os.close(self._taken)
                self._taken = -1

    def __enter__(self) -> Store:
        """For a `with`."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Give the folder back."""
        self.close()

    def slugs(self) -> list[str]:
        """The names of all drafts in the folder."""
        names = [path.name.removesuffix(drafts.SUFFIX) for path in drafts.inside(self.folder)]
        return sorted(name for name in names if _is_name(self.folder, name))

    def desk(self, slug: str) -> Desk:
        """The desk of one draft, opened where it is not.

        Raises:
            UnknownError: there is no such draft.
            DraftError: it cannot be read.
        """
        if not _is_name(self.folder, slug):
            raise UnknownError("there is no such article", slug[:80], "See the list of articles")
        with self._lock:
            desk = self._live.get(slug)
            if desk is None:
                desk = self._live[slug] = self._opened(slug)
            self._recent.pop(slug, None)
            self._recent[slug] = desk
            while len(self._recent) > OPEN:
                del self._recent[next(iter(self._recent))]
            return desk

    def lines(self, make: Callable[[str, Desk], Line], torn: Callable[[str, Exception], Line]) -> list[Line]:
        """What `make` says of every draft, and `torn` of those that cannot be opened; asked again after a change."""
        lines = []
        for slug in self.slugs():
            seen = self._seen(slug)
            was, line = self._lines.get(slug, (None, None))
            if was != seen or line is None:
                try:
                    line = make(slug, self.desk(slug))
                except (DraftError, OutputError) as error:
                    line = torn(slug, error)
                self._lines[slug] = (seen, line)
            lines.append(line)
        return lines

    def _seen(self, slug: str) -> object:
        """What changes when a draft, its journal or the terms do."""
        journal = self.folder / FOLDER / (slug + SUFFIX)
        return stamp(drafts.path_for(self.folder, slug)), stamp(journal), self.terms

    def desks(self) -> Iterator[tuple[str, Desk | DraftError | OutputError]]:
        """Every draft with its desk, or with the reason why there is none."""
        for slug in self.slugs():
            try:
                yield slug, self.desk(slug)
            except (DraftError, OutputError) as error:
                yield slug, error

    def look(self) -> list[Changed]:
        """Take in what others did to the open drafts, and try again to save what could not be saved."""
        with self._lock:
            desks = list(self._live.items())
        found = []
        for slug, desk in desks:
            changed = desk.news()
            if changed:
                found.append(Changed(slug, changed))
            if desk.unfiled:
                desk.save()
        return found

    def fill(self) -> list[Changed]:
        """Give the empty sentences of the open drafts what is known by now."""
        with self._lock:
            desks = list(self._live.items())
        return [Changed(slug, filled) for slug, desk in desks if (filled := desk.fill())]

    def _opened(self, slug: str) -> Desk:
        path = drafts.path_for(self.folder, slug)
        if not path.exists():
            left = self.folder / FOLDER / (slug + SUFFIX)
            hint = f"What was typed is kept in {left}" if left.exists() else "See the list of articles"
            raise UnknownError("there is no such article", slug, hint)
        desk = Desk(
            self.folder, slug, lambda: self.terms, self.who, saved=self._saved, known=lambda draft: self.known(draft)
        )
        if desk.unfiled:
            desk.save()
        desk.trim()
        return desk

    def _take_folder(self) -> None:
        place = self.folder / FOLDER
        try:
            place.mkdir(exist_ok=True)
            ignore = place / ".gitignore"
            if not ignore.exists():
                write(ignore, _IGNORE.encode())
            self._taken = os.open(place / "lock", os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise OutputError(
                f"the desk cannot keep its journals ({error.strerror})", str(place), "Give permission, or make room"
            ) from error
        if not take_lock(self._taken):
            with suppress(OSError):
                os.close(self._taken)
            self._taken = -1
            raise ConflictError(
                "another desk is open on these drafts", str(self.folder), "Use that one, or end it first"
            )


def _is_name(folder: Path, slug: str) -> bool:
    try:
        drafts.path_for(folder, slug)
    except UsageError:
        return False
    return True

"""All drafts of one folder at the desk: which there are, which are open, and what happens to them on the disk.

One process at a time holds the journals of a folder. A desk that nobody has looked at for a while is let go, since file
and journal are all there is to it. Knows no HTTP.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from translate import drafts
from translate.document import Draft
from translate.errors import ConflictError, DraftError, OutputError, TarjumanError, UsageError
from translate.review.desk import FOLDER, Desk, UnknownError
from translate.review.journal import SUFFIX
from translate.review.terms import Terms

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

OPEN = 64
"""Desks kept in memory."""
_IGNORE = "# Words of people on their way into the drafts. Not for git; never delete it while a desk is open.\n*\n"
_log = logging.getLogger(__name__)


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
        self._lock = RLock()
        self._desks: dict[str, Desk] = {}
        self._taken = -1
        self._take_folder()

    def close(self) -> None:
        """Save what can be saved and give the folder back."""
        with self._lock:
            for desk in self._desks.values():
                if desk.unfiled:
                    desk.save()
                desk.close()
            self._desks.clear()
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
        """The names of all drafts, those included of which only a journal is left."""
        names = [path.name.removesuffix(drafts.SUFFIX) for path in self.folder.glob(f"*{drafts.SUFFIX}")]
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
            desk = self._desks.pop(slug, None)
            if desk is None:
                desk = self._opened(slug)
            self._desks[slug] = desk  # the last one is the one used last
            self._let_go()
            return desk

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
            desks = list(self._desks.items())
        found = []
        for slug, desk in desks:
            changed = desk.refresh()
            if changed:
                found.append(Changed(slug, changed))
            if desk.unfiled:
                desk.save()
        return found

    def told(self, desk: Desk) -> None:
        """A draft may have been saved: let the memory know."""
        try:
            self._saved(desk.laid.draft)
        except TarjumanError as error:
            _log.warning("%s", error)

    def _opened(self, slug: str) -> Desk:
        path = drafts.path_for(self.folder, slug)
        if not path.exists():
            left = self.folder / FOLDER / (slug + SUFFIX)
            hint = f"What was typed is kept in {left}" if left.exists() else "See the list of articles"
            raise UnknownError("there is no such article", slug, hint)
        desk = Desk(self.folder, slug, lambda: self.terms, self.who)
        if desk.unfiled:
            desk.save()
        return desk

    def _let_go(self) -> None:
        while len(self._desks) > OPEN:
            slug = next(iter(self._desks))
            self._desks.pop(slug).close()

    def _take_folder(self) -> None:
        place = self.folder / FOLDER
        try:
            place.mkdir(exist_ok=True)
            ignore = place / ".gitignore"
            if not ignore.exists():
                ignore.write_text(_IGNORE, "utf-8")
            self._taken = os.open(place / "lock", os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise OutputError(
                f"the desk cannot keep its journals ({error.strerror})", str(place), "Give permission, or make room"
            ) from error
        if not _is_free(self._taken):
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


def _is_free(number: int) -> bool:
    """Take the lock; a dead process holds nothing."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True

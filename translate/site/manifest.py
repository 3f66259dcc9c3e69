"""The list of the files that publish made, in the folder of the site: what is not on it is never touched.

A long list is not written anew for a page or two: what changed is added to a file beside it, until that is long too.
Each step is on the disk before a page moves. Knows paths and sums; not what the files are.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from translate.errors import OutputError
from translate.files import put, write

MANIFEST = ".tarjuman-site.json"
CHANGES = ".tarjuman-site.changes"
"""What happened to the list since it was written: its digest, then a file a line."""
_SHORT = 2_000
"""Files below which the list is always written as a whole."""
_PART = 8
"""The changes may be as long as one part in so many of the list."""
_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


class Manifest:
    """Path -> SHA-256 of a file that is ours; two sums while the one takes the place of the other."""

    def __init__(self, out: Path) -> None:
        self._list, self._changes = out / MANIFEST, out / CHANGES
        self._files: Mapping[str, str] | None = None
        self._current = True
        """Whether the changes are those of this list, as far as there are any."""

    @property
    def files(self) -> Mapping[str, str]:
        """All of them; entries of the list that point anywhere but into the site are not ours."""
        if self._files is None:
            self._files = self._read()
        return self._files

    def stamp(self) -> str:
        """While it stays, so does what the list says."""
        return f"{seal(str(self._list))} {seal(str(self._changes))}"

    def know(self, files: Mapping[str, str], stamp: str) -> None:
        """What the list said when it had this stamp; it is read where that is not its stamp any more."""
        self._files = files if stamp and stamp == self.stamp() and self._list.is_file() else self._read()

    def write(self, files: Mapping[str, str]) -> None:
        """Make it say this, for good; nothing is written where it does. OSError, OutputError: it cannot be written."""
        before = self.files
        if files == before:
            return
        told = {path: digest for path, digest in files.items() if before.get(path) != digest}
        told |= dict.fromkeys(before.keys() - files.keys(), "")
        if len(files) < _SHORT or len(told) * _PART > len(files) or not self._add(told):
            write(self._list, _listing(files))
            self._changes.unlink(missing_ok=True)  # which nobody reads any more: they are of another list
            self._current = True
        self._files = dict(files)

    def _add(self, told: Mapping[str, str]) -> bool:
        """Add to the changes; False where they would become too long or there is nothing to add them to."""
        added = "".join(f"\n{json.dumps(pair)}" for pair in sorted(told.items())).encode("ascii")
        try:
            whole = self._list.stat().st_size
        except OSError:
            return False
        there = self._changes.stat().st_size if self._current and self._changes.exists() else 0
        if (there + len(added)) * _PART > whole:
            return False
        if not there:
            added = sha256(self._list.read_bytes()).hexdigest().encode("ascii") + added
        put(self._changes, added + b"\n", os.O_APPEND if there else os.O_TRUNC, 0o666)
        self._current = True
        return True

    def _read(self) -> Mapping[str, str]:
        for place in (self._list, self._changes):
            if place.is_symlink():
                raise OutputError("not a file of the site", str(place), "Move it away or publish into another folder")
        if not self._list.is_file():
            return {}
        try:
            data = self._list.read_bytes()
            listed: dict[str, str] = dict(json.loads(data)["files"])
            listed |= dict(self._later(sha256(data).hexdigest()))
            return {path: str(digest) for path, digest in listed.items() if digest and sound(path)}
        except OSError as error:
            raise OutputError(
                f"cannot be read ({error.strerror})", str(error.filename or self._list), "Give permission to read it"
            ) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            hint = "Delete the folder, it is made anew"
            raise OutputError("the list of published files is damaged", str(self._list), hint) from error

    def _later(self, digest: str) -> Iterator[tuple[str, str]]:
        """What was added to the list of this digest. The end of a line may be missing: its writer was killed then."""
        if not self._changes.is_file():
            return
        of, *lines = self._changes.read_bytes().split(b"\n")
        self._current = of == digest.encode("ascii")
        for line in lines if self._current else ():
            try:
                path, told = json.loads(line)
            except ValueError:
                continue
            yield str(path), str(told)


def _listing(files: Mapping[str, str]) -> bytes:
    # As `indent=1` lays it out, which would take five times as long: a file a line, so that a difference can be read.
    listed = json.dumps(dict(sorted(files.items())), separators=(",\n  ", ": "))
    inner = f"{{\n  {listed[1:-1]}\n }}" if files else "{}"
    return f'{{\n "files": {inner}\n}}\n'.encode("ascii")


def sound(path: object) -> bool:
    """`'articles/a.html'` -> True; `'../a'`, `'/a'`, `'a//b'` -> False."""
    return isinstance(path, str) and _PATH.fullmatch(path) is not None


def seal(place: str) -> str:
    """Size, time and number of a file, not of what a link leads to; empty where there is none."""
    try:
        found = os.lstat(place)
    except OSError:
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ino}"

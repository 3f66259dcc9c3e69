"""Files of a site -> a folder on disk, touching as little as possible.

What differs is written into a folder beside first and moved into place when everything is there; what an earlier run
made and this one no longer does is removed; everything else is left alone: a list of them (manifest.py) says which
files are ours. Knows nothing of what the files mean.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from translate.errors import OutputError
from translate.site.manifest import Manifest, seal, sound

STAGE = ".tarjuman-build"
"""In the folder of the site, so that moving a file from it is one step."""
_HINT = "Move it away or publish into another folder"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the folder."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Files of an earlier run that somebody changed since: left where they are."""


def store(files: Mapping[str, bytes], out: Path) -> Written:
    """Make `out` hold `files`; everything that can be refused is refused before the first byte is in its place."""
    stage = Stage(out)
    try:
        for path, content in files.items():
            stage.take(path, *prepare(out, path, content))
        return stage.finish()
    finally:
        stage.clear()


def prepare(out: Path, path: str, content: bytes) -> tuple[str, bool]:
    """SHA-256 of a file's content, and whether it waits in the stage because the site has another one or none.

    Asks nothing of the stage's memory, so that several processes may prepare different files at the same time.
    """
    assert sound(path), path
    place, waiting = f"{out}/{path}", _waiting(str(out), path)
    try:
        if os.stat(place).st_size == len(content) and Path(place).read_bytes() == content:  # noqa: PTH116 - there are many
            return _sum(content), False
    except OSError:  # none, or something else that `take` tells about
        pass
    try:
        try:
            _put(waiting, content)
        except FileNotFoundError:
            (out / STAGE).mkdir(parents=True, exist_ok=True)
            _put(waiting, content)
    except OSError as error:
        raise _failed(error, out) from error
    return _sum(content), True


def _waiting(out: str, path: str) -> str:
    """Where a file waits: all in one folder, because making and removing folders takes longer than writing pages."""
    return f"{out}/{STAGE}/{sha256(path.encode('ascii')).hexdigest()[:40]}"


def _put(place: str, content: bytes) -> None:
    with open(place, "wb", buffering=0) as file:  # noqa: PTH123 - a string is enough, and there are many
        left = memoryview(content)
        while left:
            left = left[file.write(left) :]


class Stage:
    """A site on its way to its folder. Nothing of the site changes before `finish`."""

    def __init__(self, out: Path) -> None:
        self._out, self._root = out, str(out)
        self._sums: dict[str, str] = {}
        self._waiting: set[str] = set()
        self._folders: set[str] = set()
        if out.exists() and not out.is_dir():
            raise OutputError("not a folder", str(out), _HINT)
        self._manifest = Manifest(out)
        self.clear()

    def make(self) -> None:
        """The folder of the site, where there is none yet."""
        try:
            self._out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _failed(error, self._out) from error

    def take(self, path: str, digest: str, waiting: bool) -> None:
        """A prepared file belongs to the site; OutputError where something that is not ours is in the way."""
        assert sound(path) and path not in self._sums, path
        if self.check(path) and waiting and path not in self._manifest.files:
            raise OutputError("a file that publish did not make is in the way", f"{self._root}/{path}", _HINT)
        self._sums[path] = digest
        if waiting:
            self._waiting.add(path)

    def check(self, path: str) -> bool:
        """Whether something is in the place of a file; OutputError where that is no file, or no way leads there."""
        self._check_folder(path.rpartition("/")[0])
        place = f"{self._root}/{path}"
        try:
            mode = os.lstat(place).st_mode
        except OSError:  # none there: nothing in the way
            return False
        if not stat.S_ISREG(mode):
            raise OutputError("not a file of the site", place, _HINT)
        return True

    def keep(self, sums: Mapping[str, str]) -> None:
        """Files that are in their places and untouched, as whoever asks has just seen."""
        assert sums.keys().isdisjoint(self._sums)
        for folder in {path.rpartition("/")[0] for path in sums}:
            self._check_folder(folder)
        self._sums.update(sums)

    def know(self, sums: Mapping[str, str], stamp: str) -> None:
        """What the manifest says, as somebody remembers it who saw it with this stamp; read where it was changed."""
        self._manifest.know(sums, stamp)

    def manifest_stamp(self) -> str:
        """For the next `know`."""
        return self._manifest.stamp()

    def finish(self) -> Written:
        """Move everything into its place and remove what the site no longer has.

        While this happens the manifest holds both the old and the new sum of a file, so that after a sudden end each
        file is still known as ours.
        """
        ours, sums = self._manifest.files, self._sums
        both = {path: f"{ours[path]} {sums[path]}" for path in self._waiting if path in ours}
        gone = sorted(ours.keys() - sums.keys())
        try:
            self._manifest.write({**ours, **sums, **both})
            for folder in sorted({path.rpartition("/")[0] for path in self._waiting}):
                (self._out / folder).mkdir(parents=True, exist_ok=True)
            for path in sorted(self._waiting):
                _move(_waiting(self._root, path), f"{self._root}/{path}")
            removed = tuple(path for path in gone if _remove(self._out, path, ours[path]))
            self._manifest.write(sums)
        except OSError as error:
            raise _failed(error, self._out) from error
        kept = tuple(path for path in gone if path not in removed and (self._out / path).exists())
        unchanged = tuple(path for path in sorted(sums) if path not in self._waiting)
        return Written(tuple(sorted(self._waiting)), unchanged, removed, kept)

    def clear(self) -> None:
        """Remove what waits, of this run or of one that ended suddenly."""
        folder = self._out / STAGE
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise OutputError("not a folder of the site", str(folder), _HINT)
        shutil.rmtree(folder, ignore_errors=True)

    def _check_folder(self, path: str) -> None:
        """OutputError where the way to a file leads elsewhere, or is no way."""
        if not path or path in self._folders:
            return
        self._check_folder(path.rpartition("/")[0])
        folder = self._out / path
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise OutputError("not a folder of the site", str(folder), _HINT)
        self._folders.add(path)


def _move(waiting: str, place: str) -> None:
    """One file into its place, in one step."""
    os.replace(waiting, place)


def _failed(error: OSError, out: Path) -> OutputError:
    return OutputError(f"the site cannot be written: {error.strerror}", str(error.filename or out), "Check the folder")


def altered(out: Path, files: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(path, stamp) of files as they were -> those that are not so any more, with the stamp of now; empty: none."""
    root = f"{out}/"
    for path, stamp in files:
        now = seal(root + path)
        if now != stamp:
            yield path, now


def _sum(content: bytes) -> str:
    return sha256(content).hexdigest()


def sum_of(place: Path) -> str:
    """SHA-256 of a file; empty where there is none."""
    try:
        return _sum(place.read_bytes())
    except OSError:
        return ""


def _remove(out: Path, path: str, digests: str) -> bool:
    """True when the file was ours, untouched, and is gone; its folder goes with it when it is empty."""
    place = out / path
    if any((out / folder).is_symlink() for folder in place.relative_to(out).parents) or place.is_symlink():
        return False
    if not place.is_file() or sum_of(place) not in digests.split():
        return False
    place.unlink()
    folder = place.parent
    while folder != out and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
    return True

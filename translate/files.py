"""Writing a file so that it is there whole or not at all, keeping others out meanwhile, telling whether one changed."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from translate.errors import ConflictError, OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_SECONDS = 10.0
"""How long to wait for somebody else's save, which takes milliseconds."""
_FRESH_NS = 2_000_000_000
"""A file changed less than two seconds ago may change again without its time telling."""


def write(path: Path, data: bytes) -> None:
    """Replace `path` with `data` in one step; on any failure what was there before stays, and nothing else is left.

    What a killed process leaves beside it is never read, and the next one to write that file takes it away.

    Raises:
        OutputError: it cannot be written.
        ConflictError: another process keeps writing into the folder.
    """
    try:
        path = path.resolve()  # behind a link the file is replaced, not the link
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a pipe or a device is written to, never replaced; a folder fails
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path):
            put_in_place(path, data)
    except OSError as error:
        raise OutputError(
            "the file cannot be written", str(path), f"{error.strerror or error}; what was there before is untouched"
        ) from error


def put_in_place(path: Path, data: bytes) -> None:
    """Write beside the file, read it back, take its place. Called by who is `alone`, so one temporary name is enough.

    Raises:
        OSError: the file is as it was.
    """
    beside = path.with_name(f".{path.name}.tmp")
    with suppress(FileNotFoundError):
        beside.unlink()  # of a process that was killed
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
        put(beside, data, os.O_EXCL, 0o600)  # nobody else may read it yet
        if beside.read_bytes() != data:
            raise OSError("the disk gives back something else than was written")
        beside.chmod(mode)
        os.replace(beside, path)
    finally:
        with suppress(OSError):
            beside.unlink()
    sync_folder(path.parent)


def put(path: Path, data: bytes, how: int, mode: int) -> None:
    """All of `data` into a file, on the disk and not only on its way there.

    `how` it is opened besides for writing (`os.O_EXCL`, `os.O_APPEND`, `os.O_TRUNC`); `mode` of one that is new.

    Raises:
        OSError: some of it may be there.
    """
    number = os.open(path, os.O_WRONLY | os.O_CREAT | how | getattr(os, "O_BINARY", 0), mode)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(number, left) :]
        os.fsync(number)
    finally:
        os.close(number)


def sync_folder(folder: Path) -> None:
    """Make a new name last; where that cannot be done, the file is in its place all the same."""
    if sys.platform != "win32":
        with suppress(OSError):
            number = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


@contextmanager
def alone(path: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Keep other processes and threads from writing into the folder of `path`; a dead process holds nothing.

    Raises:
        ConflictError: somebody else does, for longer than this many seconds.
    """
    if sys.platform == "win32":
        number = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT)
    else:
        number = os.open(path.parent, os.O_RDONLY)
    try:
        deadline = time.monotonic() + seconds
        while not take_lock(number):
            if time.monotonic() > deadline:
                raise ConflictError("another process is saving into this folder", str(path), "Try again")
            time.sleep(0.01)
        yield
    finally:
        os.close(number)  # which gives the lock back


@contextmanager
def workplace(place: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """A new folder `place` while it is needed, for one process at a time; what a killed one left there goes first.

    Raises:
        ConflictError: somebody else is at work beside it, for longer than this many seconds.
        OSError: it cannot be made.
    """
    with alone(place, seconds):
        shutil.rmtree(place, ignore_errors=True)
        try:
            place.mkdir()
            yield
        finally:
            shutil.rmtree(place, ignore_errors=True)


def stamp_of(path: Path | str, fresh: bool = False) -> str:
    """Size, times and number of a file: while they stay, so does what is in it. Empty where that cannot be said.

    With `fresh` a file that was changed just now is trusted too: we changed it.
    """
    try:
        found = os.stat(path, follow_symlinks=not fresh)  # noqa: PTH116 - a string is enough, and there are many
    except OSError:
        return ""
    if not fresh and time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _FRESH_NS:
        return ""
    changed = 0 if fresh else found.st_ctime_ns
    return f"{found.st_size}:{found.st_mtime_ns}:{changed}:{found.st_ino}"


def take_lock(number: int) -> bool:
    """Take the lock of an open file or folder; False where another process has it. A dead process holds nothing."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

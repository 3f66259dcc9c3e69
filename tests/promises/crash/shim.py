"""What counts the file operations of a process and ends it at one of them: the C library of `shim.c`, or Python alone.

The library sees everything, SQLite included. Where there is no compiler, Python's own audit hook and a few functions
of `os` put in its place see what Python code does, and no half writes but those of `os.write`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn


class How(IntEnum):
    """What happens at the operation; the numbers are those of `shim.c`."""

    DIE = 0
    """Killed before it."""
    HALF = 1
    """Killed behind the first half of a write."""
    FULL = 2
    """The disk is full from there on, behind the first half of a write."""
    LATE = 3
    """The disk says only when it is flushed that it is full."""
    READ_ONLY = 4
    """The disk can only be read from there on."""
    DENIED = 5
    """There is no permission from there on."""
    HOLD = 6
    """Held at every operation, and behind the first half of every write, until somebody has looked at the files."""


PLACE = "TARJUMAN_SHIM"
"""The environment variable that tells the process where its shim is."""
PATHS = {"os.rename": 1, "os.remove": 0, "os.rmdir": 0, "os.mkdir": 0, "os.link": 1, "os.truncate": 0}
"""Events of Python, and which of their arguments is the path."""
ERRORS = {How.FULL: errno.ENOSPC, How.READ_ONLY: errno.EROFS, How.DENIED: errno.EACCES}


def compiled(folder: Path) -> Path | None:
    """The library, made into a folder; None without a compiler or on systems that load no such library."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        return None
    made = folder / "shim.so"
    command = [compiler, "-O1", "-shared", "-fPIC", "-o", str(made), str(Path(__file__).with_name("shim.c")), "-ldl"]
    return made if subprocess.run(command, capture_output=True, check=False).returncode == 0 else None


class Library:
    """The C library that stands before this process already."""

    def __init__(self, place: str) -> None:
        self._library = ctypes.CDLL(place)
        self._library.shim_count.restype = ctypes.c_long

    def hold(self, ask: Path, answer: Path) -> None:
        """Tell one pipe of every operation, and wait for an answer through the other."""
        self._library.shim_hold(os.open(ask, os.O_WRONLY), os.open(answer, os.O_RDONLY))

    def arm(self, at: int, how: How, log: int, ahead: int, folder: Path) -> None:
        place = ctypes.c_char_p(os.fsencode(folder))
        self._library.shim_arm(ctypes.c_long(at), int(how), log, ctypes.c_long(ahead), place)

    def count(self) -> int:
        return int(self._library.shim_count())


class Audit:
    """The same from within Python, as far as it goes."""

    def __init__(self) -> None:
        self._armed, self._count, self._at, self._how, self._log, self._root = False, 0, 0, How.DIE, -1, ""
        sys.addaudithook(self._heard)
        self._write: Callable[[int, Any], int] = os.write
        self._fsync: Callable[[int], None] = os.fsync
        os.write = self._written  # type: ignore[assignment]
        os.fsync = self._synced  # type: ignore[assignment]

    def arm(self, at: int, how: How, log: int, ahead: int, folder: Path) -> None:
        self._count, self._at, self._how, self._log, self._root = 0, at, how, log, str(folder)
        self._armed = True

    def count(self) -> int:
        self._armed = False
        return self._count

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._armed:
            return
        if event == "open":
            path, mode, flags = arguments
            writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
            if isinstance(path, (str, bytes)) and (any(c in "wax+" for c in mode or "") or (flags or 0) & writes):
                kind = "open" if os.path.exists(path) else "make"  # noqa: PTH110 - bytes too
                self._meets(kind, os.fsdecode(path))
        elif event in PATHS:
            kind = "make" if event in ("os.mkdir", "os.link") else event
            self._meets(kind, os.fsdecode(arguments[PATHS[event]]))

    def _written(self, file: int, data: Any) -> int:
        if self._armed and file > 2 and file != self._log and self._meets("write", "", len(data)):
            done = self._write(file, data[: len(data) // 2])
            if self._how is How.HALF:
                self._die()
            return done
        return self._write(file, data)

    def _synced(self, file: int) -> None:
        if self._armed:
            self._meets("fsync", "")
        self._fsync(file)

    def _meets(self, kind: str, path: str, size: int = 0) -> bool:
        """Whether only half is to be done; OSError where nothing is."""
        if path.startswith("/") and not path.startswith(self._root):
            return False
        self._count += 1
        if self._at in (0, self._count):
            self._write(self._log, f"{self._count} {kind} {size} {path}\n".encode())
        if not self._at or self._count < self._at:
            return False
        if self._how in (How.DIE, How.HALF):
            if self._how is How.HALF and size > 1:
                return True
            self._die()
        if self._how is How.FULL and self._count == self._at and size > 1:
            return True
        number = ERRORS.get(self._how, 0)
        if number and kind != "fsync" and (self._how is not How.FULL or kind in ("make", "write")):
            raise OSError(number, os.strerror(number))
        if self._how is How.LATE and kind == "fsync":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return False

    @staticmethod
    def _die() -> NoReturn:
        os.kill(os.getpid(), signal.SIGKILL)
        raise SystemExit(137)


def here() -> Library | Audit:
    """The shim of this process."""
    place = os.environ.get(PLACE, "")
    return Library(place) if place else Audit()

"""Writing a file so that it is there whole or not at all, keeping others out meanwhile, telling whether one changed."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from time import time_ns

from translate.errors import OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FRESH_NS = 2_000_000_000
"""A file changed less than two seconds ago may change again without its time telling."""


def write(path: Path, data: bytes) -> None:
    """Replace `path` with `data` in one step; on any failure what was there before stays, and nothing else is left."""
    try:
        path = path.resolve()  # behind a link the file is replaced, not the link
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a pipe or a device is written to, never replaced; a folder fails
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
            Path(name).chmod(mode)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise OutputError(
            "the file cannot be written", str(path), f"{error.strerror or error}; what was there before is untouched"
        ) from error


def stamp_of(path: Path | str, fresh: bool = False) -> str:
    """Size, times and number of a file: while they stay, so does what is in it. Empty where that cannot be said.

    With `fresh` a file that was changed just now is trusted too: we changed it.
    """
    try:
        found = os.stat(path, follow_symlinks=not fresh)  # noqa: PTH116 - a string is enough, and there are many
    except OSError:
        return ""
    if not fresh and time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _FRESH_NS:
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

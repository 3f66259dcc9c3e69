"""The journal of one draft: what was typed, line by line, on the disk before anybody is told that it is saved.

A line is a checksum and a JSON object; it is written at the end and flushed to the disk before `append` returns. A line
that a crash cut short, or that the disk damaged, is passed over and counted. Knows nothing of what the lines mean.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from translate.errors import OutputError
from translate.files import sync_folder, write

SUFFIX = ".journal"
NOT_SAVED = "Nothing of it is saved: keep the page open, make room or give permission, and it is tried again"

Line = Mapping[str, Any]


class Journal:
    """An append-only file. One process writes it; whoever calls holds the lock of the draft it belongs to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged = 0
        """Lines that could not be read."""
        self._file = -1
        self._known: list[bytes] = []
        """Every whole line, to be written again should the file be taken away while we are at work."""

    def __del__(self) -> None:
        self.close()

    def read(self) -> list[Line]:
        """Everything that was ever acknowledged, oldest first; an empty list where there is no file."""
        self.damaged = 0
        self._known.clear()
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise OutputError(
                f"the desk's journal cannot be read ({error.strerror})", str(self.path), "Give permission to read it"
            ) from error
        lines = []
        for piece in data.split(b"\n"):
            line = _read(piece)
            if line is not None:
                lines.append(line)
                self._known.append(piece + b"\n")
            elif piece:
                self.damaged += 1
        return lines

    def append(self, line: Line) -> None:
        """Write one line; when this returns it is on the disk, when it raises it is as if nothing had been written."""
        data = _written(line)
        try:
            file = self._opened()
            size = os.fstat(file).st_size
            try:
                self._write(file, data if _ends_well(file, size) else b"\n" + data)
            except OSError:
                with suppress(OSError):  # half a line is passed over by its checksum, should this fail too
                    os.ftruncate(file, size)
                raise
            self._known.append(data)
        except OSError as error:
            self.close()
            raise OutputError(
                f"the desk's journal cannot be written ({error.strerror or error})", str(self.path), NOT_SAVED
            ) from error

    @property
    def size(self) -> int:
        """Bytes of the lines that could be read."""
        return sum(map(len, self._known))

    def replace(self, lines: Iterable[Line], worth: float) -> bool:
        """These lines and no others: whole or not at all, and on the disk before anything is added to them.

        False, and nothing done, where they take more than this share of the room.

        Raises:
            OutputError: they could not be written; the journal is as it was.
        """
        data = [_written(line) for line in lines]
        if sum(map(len, data)) > worth * self.size:
            return False
        write(self.path, b"".join(data))
        self.close()
        self._known = data
        return True

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            with suppress(OSError):
                os.close(self._file)
        self._file = -1

    def _opened(self) -> int:
        if self._file >= 0 and not _is_at(self._file, self.path):
            self.close()  # somebody moved or removed it: what comes now belongs to the file of that name
        if self._file < 0:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = not self.path.exists()
            if new and self._known:
                write(self.path, b"".join(self._known))
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
            self._file = os.open(self.path, flags, 0o666)
            if new:
                sync_folder(self.path.parent)
        return self._file

    @staticmethod
    def _write(file: int, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)


def _written(line: Line) -> bytes:
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return b"%08x %b\n" % (zlib.crc32(text), text)


def _read(piece: bytes) -> Line | None:
    """The object of one line; None when it is not what was written."""
    checksum, space, text = piece[:8], piece[8:9], piece[9:]
    if space != b" " or checksum != b"%08x" % zlib.crc32(text):
        return None
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None


def _ends_well(file: int, size: int) -> bool:
    """Whether the last line is whole, so that the next one begins a line of its own."""
    if size == 0:
        return True
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) == b"\n"


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except OSError:
        return False

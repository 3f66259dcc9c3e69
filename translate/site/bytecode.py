"""Compiled templates, kept in a folder of this computer's user: compiling them takes longer than a small change does.

As Python keeps its own modules. A file says of which program and which text it is; anything else is compiled anew, and
a folder that cannot be written costs time and nothing else. What else was found in templates by looking through them
is kept likewise. Knows Jinja; no template.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

_SUM = 32


class Kept(jinja2.BytecodeCache):
    """One file a template, replaced when it changes."""

    def __init__(self, folder: Path, version: bytes) -> None:
        """`version` is of everything besides a template's text that its code depends on."""
        self._folder, self._version = folder, sha256(version).digest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """From its file, where that is whole and of this version."""
        try:
            data = self._place(bucket).read_bytes()
        except OSError:
            return
        version, total, code = data[:_SUM], data[_SUM : 2 * _SUM], data[2 * _SUM :]
        if version == self._version and total == sha256(code).digest():
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Into its file, in one step."""
        code = bucket.bytecode_to_string()
        place = self._place(bucket)
        beside = place.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(self._version + sha256(code).digest() + code)
            beside.replace(place)

    def notes(self) -> str:
        """What `note` was told by a program of this version; empty where there is nothing that is whole."""
        try:
            data = self._notes.read_bytes()
        except OSError:
            return ""
        return data[_SUM:].decode("utf-8", "replace") if data[:_SUM] == sha256(data[_SUM:]).digest() else ""

    def note(self, text: str) -> None:
        """Keep a text, in one step."""
        data = text.encode("utf-8", "replace")
        beside = self._notes.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(sha256(data).digest() + data)
            beside.replace(self._notes)

    @property
    def _notes(self) -> Path:
        return self._folder / f"notes-{self._version.hex()[:_SUM]}.bin"

    def _place(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.bin"

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
_NOTES = "notes"


class Kept(jinja2.BytecodeCache):
    """One file a template, replaced when it changes."""

    def __init__(self, folder: Path, version: bytes) -> None:
        """`version` is of everything besides a template's text that its code depends on."""
        self._folder, self._version = folder, sha256(version).digest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """From its file, where that is whole and of this version."""
        if code := self._whole(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Into its file, in one step."""
        self._keep(bucket.key, bucket.bytecode_to_string())

    def notes(self) -> str:
        """What `note` was told by a program of this version; empty where there is nothing that is whole."""
        return self._whole(_NOTES).decode("utf-8", "replace")

    def note(self, text: str) -> None:
        """Keep a text, in one step."""
        self._keep(_NOTES, text.encode("utf-8", "replace"))

    def _whole(self, name: str) -> bytes:
        """What was kept under a name by a program of this version; empty where there is nothing that is whole."""
        try:
            data = self._place(name).read_bytes()
        except OSError:
            return b""
        version, total, kept = data[:_SUM], data[_SUM : 2 * _SUM], data[2 * _SUM :]
        return kept if version == self._version and total == sha256(kept).digest() else b""

    def _keep(self, name: str, kept: bytes) -> None:
        place = self._place(name)
        beside = place.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(self._version + sha256(kept).digest() + kept)
            beside.replace(place)

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}.bin"

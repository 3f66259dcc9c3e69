"""Checksums beside the files of a model, and whether the files are still those.

A seal is a `checksums.sha256` as `sha256sum` writes it, so that anybody can look with `sha256sum -c`. It tells damage
and later changes; whoever can write the files can write the seal too. Knows nothing of what is in the files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path

SEAL = "checksums.sha256"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](\S+)")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex; a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(folder: Path, names: Collection[str] = ()) -> None:
    """Write down what the files of these names hold now, or all files of the folder."""
    found = sorted(path for path in folder.iterdir() if _counts(path, names))
    text = "".join(f"{digest(path)}  {path.name}\n" for path in found)
    (folder / SEAL).write_text(text, encoding="utf-8", newline="\n")


def broken(folder: Path, names: Collection[str] = ()) -> str:
    """Which file is not what its seal says, and how, in a few words; empty when all are."""
    try:
        lines = (folder / SEAL).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return f"{SEAL} is missing"
    wanted = {found[2]: found[1] for line in lines if (found := _LINE.fullmatch(line))}
    if len(wanted) != len(lines):
        return f"{SEAL} cannot be read"
    present = {path.name: path for path in folder.iterdir() if _counts(path, names)}
    for name in sorted(wanted.keys() | present.keys()):
        if name not in present:
            return f"{name} is missing"
        if name not in wanted:
            return f"{name} was not there when the model was taken in"
        if digest(present[name]) != wanted[name]:
            return f"{name} has changed since the model was taken in"
    return ""


def _counts(path: Path, names: Collection[str]) -> bool:
    return path.is_file() and path.name != SEAL and (not names or path.name in names)

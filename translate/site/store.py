"""Files of a site -> a folder on disk, touching as little as possible.

Writes what changed, removes what an earlier run made and this one no longer does, and leaves everything else alone: a
manifest says which files are ours. Knows nothing of what the files mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from translate.errors import OutputError
from translate.files import write

MANIFEST = ".tarjuman-site.json"
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
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
    """Make `out` hold `files`; everything that can be refused is refused before the first byte is written."""
    try:
        ours = _manifest(out)
        changed = _plan(files, out, ours)
        write(out / MANIFEST, _listing({**ours, **{path: _sum(files[path]) for path in files}}))
        for path in changed:
            write(out / path, files[path])
        gone = sorted(set(ours) - set(files))
        removed = tuple(path for path in gone if _remove(out, path, ours[path]))
        write(out / MANIFEST, _listing({path: _sum(files[path]) for path in files}))
    except OSError as error:
        raise OutputError(f"cannot write: {error.strerror}", str(error.filename or out), "Check the folder") from error
    kept = tuple(path for path in gone if path not in removed and (out / path).exists())
    return Written(tuple(changed), tuple(sorted(set(files) - set(changed))), removed, kept)


def _plan(files: Mapping[str, bytes], out: Path, ours: Mapping[str, str]) -> list[str]:
    """The paths whose content differs; OutputError where a file that is not ours is in the way."""
    if out.exists() and not out.is_dir():
        raise OutputError("not a folder", str(out), _HINT)
    changed = []
    for path, content in files.items():
        assert _sound(path), path
        place = out / path
        for folder in place.relative_to(out).parents:
            within = out / folder
            if within != out and (within.is_symlink() or (within.exists() and not within.is_dir())):
                raise OutputError("not a folder of the site", str(within), _HINT)
        if place.is_symlink() or (place.exists() and not place.is_file()):
            raise OutputError("not a file of the site", str(place), _HINT)
        there = place.read_bytes() if place.exists() else None
        if there is not None and there != content and path not in ours:
            raise OutputError("a file that publish did not make is in the way", str(place), _HINT)
        if there != content:
            changed.append(path)
    return changed


def _manifest(out: Path) -> dict[str, str]:
    """Path -> SHA-256 of the files that earlier runs made; entries that point anywhere else are not ours."""
    place = out / MANIFEST
    if place.is_symlink():
        raise OutputError("not a file of the site", str(place), _HINT)
    if not place.is_file():
        return {}
    try:
        listed = json.loads(place.read_text("utf-8"))["files"]
        return {path: str(digest) for path, digest in listed.items() if _sound(path)}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        hint = "Delete the folder, it is made anew"
        raise OutputError("the list of published files is damaged", str(place), hint) from error


def _listing(files: Mapping[str, str]) -> bytes:
    return (json.dumps({"files": dict(sorted(files.items()))}, indent=1) + "\n").encode("ascii")


def _sound(path: object) -> bool:
    """`'articles/a.html'` -> True; `'../a'`, `'/a'`, `'a//b'` -> False."""
    return isinstance(path, str) and all(_PART.fullmatch(part) for part in path.split("/"))


def _sum(content: bytes) -> str:
    return sha256(content).hexdigest()


def _remove(out: Path, path: str, digest: str) -> bool:
    """True when the file was ours, untouched, and is gone; its folder goes with it when it is empty."""
    place = out / path
    if any((out / folder).is_symlink() for folder in place.relative_to(out).parents) or place.is_symlink():
        return False
    if not place.is_file() or _sum(place.read_bytes()) != digest:
        return False
    place.unlink()
    if place.parent != out and not any(place.parent.iterdir()):
        place.parent.rmdir()
    return True

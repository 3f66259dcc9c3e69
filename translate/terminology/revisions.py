"""The term base as it was: at a revision of the project's history, or in another file.

Asks git and nobody else; changes nothing. Knows where term files are; not what stands in them.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from glossary import GlossaryFormatError, TermBase
from translate.errors import GlossaryError, UsageError

LATEST = "HEAD"
_PATIENCE = 60
"""Seconds; a history on a slow disk answers within one."""


def term_base(against: str, paths: Sequence[Path]) -> TermBase:
    """What `against` names: a file or folder, a bundled term base, or else a revision of these files and folders.

    Raises:
        UsageError: there is no such thing.
        GlossaryError: it cannot be understood.
    """
    if Path(against).exists():
        return _loaded([Path(against)])
    bundled = TermBase.bundled(against)
    return _loaded([bundled]) if bundled is not None else at_revision(against, paths)


def at_revision(revision: str, paths: Sequence[Path]) -> TermBase:
    """The term files as they were committed; one that was not there then had no terms."""
    with tempfile.TemporaryDirectory(prefix="tarjuman-") as folder:
        files = []
        for number, path in enumerate(paths):
            for name, data in _committed(revision, path):
                files.append(Path(folder) / f"{number:03d}-{name}")
                files[-1].write_bytes(data)
        return _loaded(files) if files else TermBase(())


def _committed(revision: str, path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of a file, or of the term files of a folder, at a revision."""
    folder = path if path.is_dir() else path.parent
    if not folder.is_dir():
        raise UsageError("there is no such folder", str(folder), "Check --glossary")
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        what = "no revision of a git history" if _git(folder, "rev-parse", "--git-dir") else "not in a git history"
        raise UsageError(
            f"{revision[:80]!r} is neither a file nor a revision: {folder} is {what}"
            if what.startswith("not")
            else f"{revision[:80]!r} is neither a file nor a revision",
            hint="give the other version of the term base: --against FILE, or --against REVISION inside a git history",
        )
    at = commit.decode("ascii", "replace").strip()
    listed = _git(folder, "ls-tree", "-z", "--name-only", at, "--", "./" if path.is_dir() else f"./{path.name}") or b""
    for name in sorted(listed.decode("utf-8", "surrogateescape").split("\0")):
        inside = name.rpartition("/")[2]
        if inside == path.name or (path.is_dir() and inside.endswith(".tsv")):
            data = _git(folder, "show", f"{at}:./{inside}")
            if data is not None:
                yield inside, data


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git says; None where it refuses."""
    program = shutil.which("git")
    if program is None:
        raise UsageError("git is not installed", hint="compare with a file instead: --against FILE")
    done = subprocess.run(  # noqa: S603 - a fixed program, no shell; what people give stands behind --
        [program, "-C", str(folder), *arguments], capture_output=True, check=False, timeout=_PATIENCE
    )
    return done.stdout if done.returncode == 0 else None


def _loaded(paths: Sequence[Path]) -> TermBase:
    try:
        return TermBase.load(paths)
    except GlossaryFormatError as error:
        place = f"{error.file}:{error.line}:{error.column}" if error.line else error.file
        raise GlossaryError(f"the other version: {error.message}", place, error.hint) from error

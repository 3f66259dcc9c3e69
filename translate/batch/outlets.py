"""What becomes of translated articles: a folder of drafts, a JSONL file or a Parquet file.

Drafts are merged with what people did and saved one by one. A file is written beside the old one, in the order of the
input, and takes its place when it is whole. There is one writer.
"""

from __future__ import annotations

import filecmp
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from translate import drafts, markdown
from translate.batch import parquet
from translate.document import Article, Draft, Kind, Target
from translate.errors import DraftError, OutputError, UsageError
from translate.pipeline import Glossary, recheck

Targets = Mapping[str, Target]


class Outlet(Protocol):
    """What the line ends in."""

    remembers: bool
    """Each article stays where it is until it changes, so what is done need not be looked at."""

    def has(self, slug: str) -> bool:
        """Whether something is there under that name."""
        ...

    def old(self, slug: str) -> Draft | None:
        """What is there under that name."""
        ...

    def put(self, name: str, article: Article, old: Draft | None, fresh: Targets, glossary: Glossary) -> str:
        """Take an article; `"written"`, or `"unchanged"` where it was there already."""
        ...

    def close(self, *, whole: bool) -> None:
        """The end; of a run that broke off with `whole=False`."""
        ...


class DraftsOutlet:
    """A folder of drafts; what a person wrote in them stays."""

    remembers = True

    def __init__(self, folder: Path) -> None:
        """Drafts in that folder, which is made with the first."""
        self._folder = folder

    def has(self, slug: str) -> bool:
        """Whether there is such a draft."""
        return drafts.path_for(self._folder, slug).exists()

    def old(self, slug: str) -> Draft | None:
        """The draft as it is."""
        path = drafts.path_for(self._folder, slug)
        if not path.exists():
            return None
        old = drafts.load(path)
        if old.article.slug != slug:
            raise DraftError(f"this is the draft of another article ({old.article.slug})", str(path))
        return old

    def put(self, name: str, article: Article, old: Draft | None, fresh: Targets, glossary: Glossary) -> str:
        """Merge and save; a draft in which nothing but the glossary's fingerprint would change is left alone."""
        made = drafts.merge(old, article, fresh, glossary.fingerprint)
        if any(drafts.touched(target) for target in made.targets.values()):
            made = recheck(made, glossary)
        if old is not None and _same(made, old):
            return "unchanged"
        saved = drafts.save(made, drafts.path_for(self._folder, article.slug), base=made.fingerprint)
        return "unchanged" if saved.fingerprint == made.fingerprint else "written"

    def close(self, *, whole: bool) -> None:
        """Nothing is left to do: every draft is in its place."""


def _same(made: Draft, old: Draft) -> bool:
    return replace(made, glossary=old.glossary, article=replace(made.article, body="")) == old


class _Lines(Protocol):
    def write(self, record: Mapping[str, object]) -> None: ...

    def close(self) -> None: ...


class FileOutlet:
    """One file with a record for each article."""

    remembers = False

    def __init__(self, path: Path, begin: Callable[[Path], _Lines]) -> None:
        """Begin beside the file; what a killed run left there is written over."""
        self._path, self._beside = path, path.with_name(f".{path.name}.part")
        if path.is_dir():
            raise OutputError("is a folder", str(path), "Name a file, or a folder without that ending for drafts")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot be made ({error.strerror})", str(path.parent)) from error
        self._lines = begin(self._beside)

    def has(self, slug: str) -> bool:
        """Nothing is: the file is made anew, from the answers that are kept."""
        return False

    def old(self, slug: str) -> Draft | None:
        """Nothing."""
        return None

    def put(self, name: str, article: Article, old: Draft | None, fresh: Targets, glossary: Glossary) -> str:
        """Add a record."""
        self._lines.write(record(name, article, fresh))
        return "written"

    def close(self, *, whole: bool) -> None:
        """Put the file in its place, or take away what there is of it."""
        try:
            self._lines.close()
            if whole:
                _sync(self._beside)
                if not (self._path.exists() and filecmp.cmp(self._beside, self._path, shallow=False)):
                    os.replace(self._beside, self._path)
        except OSError as error:
            raise OutputError(f"cannot be written ({error.strerror or error})", str(self._path)) from error
        finally:
            with suppress(OSError):
                self._beside.unlink()


class _Jsonl:
    """A file of lines."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("w", encoding="utf-8", errors="replace", newline="\n")
        except OSError as error:
            raise OutputError(f"cannot be written ({error.strerror})", str(path)) from error
        self._path = path

    def write(self, record: Mapping[str, object]) -> None:
        try:
            self._file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
        except OSError as error:
            raise OutputError(f"cannot be written ({error.strerror})", str(self._path)) from error

    def close(self) -> None:
        self._file.close()


def record(name: str, article: Article, targets: Targets) -> dict[str, object]:
    """An article as a record: who it is, its English in its own form, and each of its segments."""
    title = next((block for block in article.blocks if block.kind is Kind.TITLE), None)
    return {
        "article": article.slug,
        "name": name,
        "meta": dict(article.meta),
        "title": markdown.target_text(title, targets) if title else "",
        "english": markdown.render_target(replace(article, meta={}), targets),
        "segments": [
            _segment(segment.id, str(block.kind), segment.text, targets[segment.id])
            for block in article.blocks
            for segment in block.segments
        ],
    }


def _segment(name: str, kind: str, source: str, target: Target) -> dict[str, object]:
    return {
        "id": name,
        "kind": kind,
        "source": source,
        "target": target.text,
        "state": str(target.state),
        "score": target.score,
        "signature": target.signature,
        "terms": [
            {"source": u.source, "target": u.target, "status": str(u.status), "surface": u.surface}
            for u in target.terms
        ],
        "findings": [{"check": f.check, "severity": str(f.severity), "message": f.message} for f in target.findings],
    }


def _sync(path: Path) -> None:
    """On the disk, before it takes the other's place."""
    number = os.open(path, os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


FILES: dict[str, Callable[[Path], _Lines]] = {".jsonl": _Jsonl, ".ndjson": _Jsonl, ".parquet": parquet.Writer}


def open_outlet(path: Path) -> Outlet:
    """The outlet a name asks for: `.jsonl` and `.parquet` are files, a name without ending is a folder of drafts."""
    begin = FILES.get(path.suffix.lower())
    if begin is not None:
        return FileOutlet(path, begin)
    if path.suffix and not path.is_dir():
        raise UsageError(
            f"{path.suffix} is no form of output", str(path), f"Use {', '.join(FILES)}, or a folder for drafts"
        )
    if path.exists() and not path.is_dir():
        raise OutputError("is a file", str(path), "Name a folder for drafts")
    return DraftsOutlet(path)

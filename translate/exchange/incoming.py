"""Files that came back, merged into the drafts of a folder.

Every file is read as far as it can be, every row finds its draft, every draft is saved at most once and only if it is
still the one that was read. What goes wrong with one file, row or draft is reported and stops no other. No path is
ever made of what a file says: a row's article is looked up among the drafts that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from translate import drafts as shelf
from translate import ids
from translate.document import Draft
from translate.errors import DraftError, InputError, TarjumanError
from translate.exchange import codes, formats, tree
from translate.exchange.merge import Outcome, Recheck, Remark, Sender, merge
from translate.exchange.merge import arabic_key as key
from translate.exchange.row import Row


@dataclass(frozen=True, slots=True)
class Account:
    """What became of files that came back."""

    files: int
    remarks: tuple[Remark, ...]
    """One or more for every row, in the order of the files and, within a draft, of its rows."""
    saved: tuple[str, ...]
    """"drafts/a-day.en.xlf" - drafts that are another now, or would be without --dry-run."""
    errors: tuple[TarjumanError, ...]
    """Files and drafts that could not be read or saved."""


@dataclass(slots=True)
class _Shelf:
    """The drafts of a folder, read when a row asks for them."""

    paths: dict[str, Path]
    read: dict[str, Draft] = field(default_factory=dict)
    errors: dict[str, TarjumanError] = field(default_factory=dict)
    by_arabic: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """The key of an Arabic sentence -> (article, segment id) of all that have it; filled when first asked for."""

    def draft(self, slug: str) -> Draft | None:
        """A draft by its article; None when there is none that can be read."""
        if slug not in self.read and slug in self.paths and slug not in self.errors:
            try:
                found = shelf.load(self.paths[slug])
                if found.article.slug != slug:
                    raise DraftError(
                        f"the draft of another article ({found.article.slug})",
                        str(self.paths[slug]),
                        "it was copied or renamed: give it its old name again, or move it away",
                    )
                self.read[slug] = found
            except TarjumanError as error:
                self.errors[slug] = error
        return self.read.get(slug)

    def find(self, arabic: str) -> list[tuple[str, str]]:
        """Every sentence with this Arabic, in all drafts."""
        if not self.by_arabic:
            self.by_arabic = {"": []}
            for slug in sorted(self.paths):
                draft = self.draft(slug)
                for segment in draft.article.segments() if draft else ():
                    self.by_arabic.setdefault(key(segment.text), []).append((slug, segment.id))
        return self.by_arabic.get(key(arabic), [])


def bring_in(
    paths: Sequence[Path], folder: Path, sender: Sender, recheck: Recheck, *, dry_run: bool = False
) -> Account:
    """Merge files into the drafts of a folder.

    Raises:
        DraftError: there is no such folder.
    """
    if not folder.is_dir():
        raise DraftError("there is no such folder", str(folder), "name the folder of the drafts with --drafts")
    there = _Shelf({path.name.removesuffix(shelf.SUFFIX): path for path in shelf.inside(folder)})
    remarks: list[Remark] = []
    errors: list[TarjumanError] = []
    sorted_rows: dict[str, list[tuple[str, Row]]] = {}
    for path in paths:
        rows, error = _rows(path)
        errors += [error] if error else []
        for row in rows:
            places = _places(row, there)
            for slug, name in places:
                sorted_rows.setdefault(slug, []).append((name, row))
            if not places:
                remarks.append(Remark(Outcome.UNKNOWN, row.place, row.id[:80], "no such sentence in the drafts"))
    saved: list[str] = []
    for slug, its in sorted(sorted_rows.items()):
        try:
            its_remarks, path_saved = _merge_one(there, slug, its, sender, recheck, dry_run)
        except TarjumanError as error:
            errors.append(error)
            continue
        remarks += its_remarks
        saved += path_saved
    return Account(len(paths), tuple(remarks), tuple(saved), (*errors, *there.errors.values()))


def _merge_one(
    there: _Shelf, slug: str, rows: Iterable[tuple[str, Row]], sender: Sender, recheck: Recheck, dry_run: bool
) -> tuple[tuple[Remark, ...], list[str]]:
    """One draft; what was to be said of its rows counts only when it was saved."""
    before, path = there.read[slug], there.paths[slug]
    merged = merge(before, rows, sender, recheck)
    if merged.draft == before:
        return merged.remarks, []
    if not dry_run:
        shelf.save(merged.draft, path, base=before.fingerprint)
    return merged.remarks, [str(path)]


def _rows(path: Path) -> tuple[list[Row], InputError | None]:
    where = str(path)
    try:
        if path.suffix.lower() in (".md", ".markdown"):
            raise InputError("Markdown is not read back", where, "send XLIFF, TMX, XLSX or TSV")
        if path.stat().st_size > tree.LIMIT:
            raise InputError(f"larger than {tree.LIMIT:,} bytes", where, "send it back in parts")
        data = path.read_bytes()
    except InputError as error:
        return [], error
    except OSError as error:
        return [], InputError(f"cannot be read ({error.strerror or error})", where)
    return formats.rows(data, where)


def _places(row: Row, there: _Shelf) -> list[tuple[str, str]]:
    """(article, segment id) of the sentences a row speaks of: by its id or, if that is not one of ours, its Arabic."""
    slug, dot, _ = row.id.partition(".")
    if dot and ids.SLUG.match(slug):
        return [(slug, row.id)] if there.draft(slug) else []
    return there.find(codes.plain(row.source)) if row.source else []

"""The table of exchange formats: what each writes, which file names it gives, and how a file that came back is read.

A file is known by what is in it, not by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from translate.document import Draft
from translate.errors import InputError, UsageError
from translate.exchange import page, sheet, tmx, tree, workbook, xliff12, xliff21
from translate.exchange.row import Row


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person can ask of a format."""

    also_edited: bool = False
    """TMX: edited sentences beside approved ones."""
    bilingual: bool = False
    """Markdown: Arabic above the English."""


@dataclass(frozen=True, slots=True)
class Format:
    """One line of the table."""

    dump: Callable[[Sequence[Draft], Wishes], bytes]
    suffix: str
    """".xlf" - behind the name of the article."""
    together: bool
    """Can several articles stand in one file?"""


def _page(drafts: Sequence[Draft], wishes: Wishes) -> bytes:
    (draft,) = drafts
    written = page.bilingual(draft) if wishes.bilingual else page.english(draft)
    return written.encode("utf-8", "replace")


FORMATS: dict[str, Format] = {
    "xliff12": Format(lambda drafts, _: xliff12.dump(drafts), ".xlf", together=True),
    "xliff": Format(lambda drafts, _: xliff21.dump(drafts), ".en.xlf", together=False),
    "tmx": Format(lambda drafts, wishes: tmx.dump(drafts, also_edited=wishes.also_edited), ".tmx", together=True),
    "xlsx": Format(lambda drafts, _: workbook.dump(drafts), ".xlsx", together=True),
    "tsv": Format(lambda drafts, _: sheet.dump(drafts), ".tsv", together=True),
    "md": Format(_page, ".md", together=False),
}
_FOLDED = {"xliff12": (".xlf", ".xliff"), "xliff": (".xlf", ".xliff"), "md": (".md", ".markdown")}
"""Other endings that name a file and not a folder."""


def files(slugs: Sequence[str], form: str, output: Path) -> list[tuple[Path, tuple[str, ...]]]:
    """Which articles go into which file: `output` is a file if it ends like one of this format, else a folder.

    `['a-day', 'b-day']`, `'tmx'`, `output/export` -> `output/export/a-day.tmx`, `output/export/b-day.tmx`
    """
    kind = FORMATS[form]
    endings = (*_FOLDED.get(form, ()), kind.suffix)
    if output.is_dir() or not output.name.lower().endswith(endings):
        return [(output / f"{slug}{kind.suffix}", (slug,)) for slug in slugs]
    if len(slugs) > 1 and not kind.together:
        raise UsageError(
            f"one {form} file holds one article, and there are {len(slugs)}", str(output), "name a folder with -o"
        )
    return [(output, tuple(slugs))]


def read(data: bytes, where: str) -> Iterator[Row]:
    """The rows of a file that came back, in its order.

    Raises:
        InputError: none of the formats that are read, damaged, too large, or built to do harm; some rows may have been
            given by then.
    """
    if data[:4] == b"PK\x03\x04":
        yield from workbook.read(data, where)
        return
    if not tree.text_of(data, where).lstrip().startswith("<"):
        yield from sheet.read(data, where)
        return
    root = tree.parse(data, where)
    kind, version = tree.local(root), root.get("version", "")
    if kind == "tmx":
        yield from tmx.read(root, where)
    elif kind == "xliff" and version.startswith("2."):
        yield from xliff21.read(root, data, where)
    elif kind == "xliff":
        yield from xliff12.read(root, where)
    else:
        raise InputError(f"XML that is neither XLIFF nor TMX (<{kind[:40]}>)", where, "send back what was exported")


def rows(data: bytes, where: str) -> tuple[list[Row], InputError | None]:
    """The rows of a file as far as it can be read, and why it could not be read to its end."""
    found: list[Row] = []
    try:
        for row in read(data, where):
            found.append(row)  # noqa: PERF402 - what was read before an error counts
    except InputError as error:
        return found, error
    return found, None

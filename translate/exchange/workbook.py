"""XLSX, for spreadsheet programs: one sheet an article, the Arabic from right to left, nothing protected.

Every cell is text and is marked as such, so that no spreadsheet program computes it; a formula in a file that comes
back is never computed either, and its row is reported. What is unpacked from the file is measured before it is read.
The table itself is that of `sheet`. This module knows no drafts on disk.
"""

from __future__ import annotations

import gc
import io
import re
import struct
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from translate.document import Draft, State
from translate.errors import InputError, OutputError
from translate.exchange import sheet, tree
from translate.exchange.row import Row, name

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST = 32_767
"""Characters Excel keeps in a cell."""
PARTS_LIMIT = 2_000
UNPACKED_LIMIT = 100_000_000
"""Bytes of all parts together."""
MOST_TAGS = 3_000_000
"""Of all parts together: each costs far more memory and time than it takes in the file."""
_TIGHTEST, _SMALL = 100, 2_000_000
"""A part larger than the second is not packed to less than one in a hundred: tables are packed to one in twenty."""
_MOST_COLUMNS = 50
_WIDTHS = (30, 11, 60, 60, 40, 10)
_WRAPPED = (3, 4, 5)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


# --- out -------------------------------------------------------------------------------------------------------------


def dump(drafts: Sequence[Draft]) -> bytes:
    """A workbook; the same bytes for the same drafts.

    Raises:
        OutputError: a sentence is longer than a cell can be, or there is no room for what is not packed yet.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for draft in drafts:
        _write_sheet(book.create_sheet(_title(draft.article.slug, taken)), draft)
    book.properties.creator = "Tarjuman"
    return without_clocks(_packed(book))


def _packed(book: Workbook) -> bytes:
    """The file; each sheet goes through the system's folder for temporary files, which may be full."""
    packed, trouble = io.BytesIO(), ""
    complains = sys.unraisablehook
    sys.unraisablehook = lambda _again: None  # a sheet that was begun complains once more when it is let go
    try:
        book.save(packed)
    except (OSError, etree.LxmlError) as error:
        trouble = str(getattr(error, "strerror", None) or error)
    finally:
        if trouble:
            gc.collect()
        sys.unraisablehook = complains
    if trouble:
        hint = "Make room in the folder for temporary files, or name another in TMPDIR"
        raise OutputError(f"the workbook cannot be made ({trouble})", hint=hint)
    return packed.getvalue()


def _title(slug: str, taken: set[str]) -> str:
    """A name for a sheet: at most 31 characters, none twice."""
    title, number = slug[:31], 1
    while title in taken:
        number += 1
        title = f"{slug[: 31 - len(f' {number}')]} {number}"
    taken.add(title)
    return title


def _write_sheet(page: Worksheet, draft: Draft) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, (head, width) in enumerate(zip(sheet.COLUMNS, _WIDTHS, strict=True), 1):
        page.cell(1, column, head).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = width
    page.column_dimensions[get_column_letter(len(sheet.COLUMNS))].hidden = True
    page.freeze_panes = "A2"
    states = DataValidation(type="list", formula1=f'"{",".join(State)}"', allow_blank=True, showErrorMessage=False)
    page.add_data_validation(states)
    last = 1
    for last, cells in enumerate(sheet.table(draft), 2):
        for column, text in enumerate(cells, 1):
            _write_cell(page.cell(last, column), text, column, cells[0])
    states.add(f"B2:B{max(2, last)}")


def _write_cell(cell: Cell | MergedCell, text: str, column: int, place: str) -> None:
    from openpyxl.styles import Alignment

    text = escaped(text)
    if len(text) > LONGEST:
        raise OutputError(
            f"{len(text):,} characters do not fit into a cell", place, "export this article as TSV or XLIFF"
        )
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@\t"
    cell.number_format = "@"
    if column in _WRAPPED:
        side, order = ("right", 2) if column == 3 else ("left", 1)
        cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=True, readingOrder=order)
    else:
        cell.alignment = Alignment(vertical="top")


def escaped(text: str) -> str:
    r"""`'_x0041_'` -> `'\\u{5f}x0041_'`: what a spreadsheet program would read as a character is written otherwise."""
    return _LOOKS_ESCAPED.sub(r"\\u{5f}", text)


def without_clocks(packed: bytes) -> bytes:
    """The same parts in the same order with the time of no clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.infolist(), key=lambda part: (part.filename != "[Content_Types].xml", part.filename)):
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(part.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()


# --- back ------------------------------------------------------------------------------------------------------------


def read(data: bytes, where: str) -> Iterator[Row]:
    """The rows of every sheet that has our columns.

    Raises:
        InputError: no workbook, a damaged one, one that unpacks to too much, or none of its sheets is ours.
    """
    measure(data, where)
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not looked at
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            who = name(book.properties.lastModifiedBy or "")
            found = False
            for page in book.worksheets:
                cells = page.iter_rows(max_row=sheet.MOST_ROWS + 1, max_col=_MOST_COLUMNS)
                places = sheet.columns([text_of(cell)[0] for cell in next(iter(cells), ())])
                found = found or bool(places)
                for number, line in enumerate(cells if places else (), 2):
                    if number > sheet.MOST_ROWS:
                        raise InputError(f"more than {sheet.MOST_ROWS:,} rows", where, "send it back in parts")
                    row = _row(line, places, f"{where}, sheet {page.title}, row {number}", who)
                    if row:
                        yield row
    except (
        InvalidFileException, zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError,
        SyntaxError, OSError, EOFError, ArithmeticError,
    ) as error:  # fmt: skip
        # The library says these of a damaged workbook.
        raise InputError(f"a damaged workbook ({type(error).__name__})", where, "save it again as XLSX") from error
    if not found:
        raise InputError("no sheet has the columns id, Arabic and English", where, "keep the first row as it was")


def measure(data: bytes, where: str) -> None:
    """Refuse what would unpack to too much, or declares entities, before anything else looks at it."""
    if len(data) > tree.LIMIT:
        raise InputError(f"larger than {tree.LIMIT:,} bytes", where, "send it back in parts")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
                raise InputError("unpacks to more than a workbook of ours can be", where, "send it back in parts")
            if any(part.file_size > _SMALL and part.file_size > _TIGHTEST * part.compress_size for part in parts):
                raise InputError("packed tighter than any table can be", where, "save it again as XLSX")
            if sum(_looked_through(packed, part, where) for part in parts) > MOST_TAGS:
                raise InputError("more cells than a workbook of ours can have", where, "send it back in parts")
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, struct.error
    ) as error:  # fmt: skip
        raise InputError("not a workbook that can be unpacked", where, "save it as XLSX without a password") from error


def _looked_through(packed: zipfile.ZipFile, part: zipfile.ZipInfo, where: str) -> int:
    """How many tags a part has; none has a document type. `part.file_size` bounds what is unpacked here."""
    tags, seen = 0, b""
    with packed.open(part) as stream:
        while chunk := stream.read(1 << 16):
            seen = seen[-16:] + chunk.replace(b"\0", b"")  # UTF-16 too
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise InputError("declares entities, which no workbook needs", where)
            tags += chunk.count(b"<")
    return tags


def _row(line: Sequence[object], places: dict[str, int], where: str, who: str) -> Row | None:
    texts, problems = zip(*(text_of(cell) for cell in line), strict=True) if line else ((), ())
    row = sheet.row(texts, places, where, who)
    at = places["english"]
    if row and at < len(problems) and problems[at]:
        return replace(row, target=None, problem=problems[at])
    return row


def text_of(cell: object) -> tuple[str, str]:
    """The text of a cell, and why it is none if it is none; numbers as they would be typed."""
    value = getattr(cell, "value", None)
    kind = getattr(cell, "data_type", "n")
    if value is None:
        return "", ""
    if kind == "f" or not isinstance(value, str | int | float):
        what = "a formula" if kind == "f" else "a date or something else that is no text"
        return "", f"{what} stands in the cell"
    if kind == "e":
        return "", f"the error {value} stands in the cell"
    if isinstance(value, str) and len(value) > LONGEST:
        return "", f"more than {LONGEST:,} characters stand in the cell, and no program writes so many"
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value)), ""
    return str(value), ""

"""Term bases as a workbook: one sheet, Arabic columns from right to left, choices offered where there are few.

Every cell is text, so that no spreadsheet program computes it. What is unpacked from a file that comes back is measured
before it is read, as with drafts (`exchange.workbook`).
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from glossary import writing
from glossary.terms import ARTICLES, CAPITALS, NUMBERS, STATUSES
from glossary.writing import Row, Table
from translate.errors import InputError, OutputError
from translate.exchange import codes, sheet, workbook
from translate.termbase.incoming import Incoming, headed

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

ARABIC = ("source", "forms", "context", "example")
"""Columns that are read from right to left."""
CHOICES = {
    "number": NUMBERS,
    "article": ARTICLES,
    "capital": CAPITALS,
    "status": STATUSES,
    "exact": ("yes", "no"),
    "untranslated": ("yes", "no"),
}
WIDTHS = {"source": 28, "target": 32, "forms": 36, "context": 30, "forbidden": 36, "admitted": 36, "note": 40}
_WIDTH = 14
_MOST_COLUMNS = 100


# --- out -------------------------------------------------------------------------------------------------------------


def dump(table: Table) -> bytes:
    """A workbook; the same bytes for the same terms.

    Raises:
        OutputError: a cell is longer than a cell can be.
    """
    from openpyxl import Workbook

    book = Workbook()
    page = book.worksheets[0]
    page.title = "terms"
    rows = writing.tidied(table).rows
    _write_head(page, table, len(rows))
    for number, row in enumerate(rows, 2):
        for at, column in enumerate(table.columns, 1):
            _write_cell(page.cell(number, at), row[column], column, row.where)
    book.properties.creator = "Tarjuman"
    packed = io.BytesIO()
    book.save(packed)
    return workbook.without_clocks(packed.getvalue())


def _write_head(page: Worksheet, table: Table, rows: int) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    page.freeze_panes = "B2"
    for at, column in enumerate(table.columns, 1):
        cell = page.cell(1, at)
        _write_cell(cell, column, "", "the header")
        cell.font = Font(bold=True)
        letter = get_column_letter(at)
        page.column_dimensions[letter].width = WIDTHS.get(column, _WIDTH)
        if column in CHOICES:
            offered = DataValidation(type="list", formula1=f'"{",".join(CHOICES[column])}"', allow_blank=True)
            page.add_data_validation(offered)
            offered.add(f"{letter}2:{letter}{max(2, rows + 1)}")


def _write_cell(cell: Cell | MergedCell, text: str, column: str, place: str) -> None:
    from openpyxl.styles import Alignment

    text = workbook.escaped(codes.escape(text))
    if len(text) > workbook.LONGEST:
        raise OutputError(f"{len(text):,} characters do not fit into a cell", place, "Export it as TSV or CSV")
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@\t"
    cell.number_format = "@"
    side, order = ("right", 2) if column in ARABIC else ("left", 1)
    cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=True, readingOrder=order)


# --- back ------------------------------------------------------------------------------------------------------------


def read(data: bytes, where: str) -> Incoming:
    """The rows of the first sheet that has our columns.

    Raises:
        InputError: no workbook, a damaged one, one that unpacks to too much, or no sheet is ours.
    """
    workbook.measure(data, where)
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not looked at
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            pages = book.worksheets
            for page in pages:
                lines = page.iter_rows(max_row=sheet.MOST_ROWS + 1, max_col=_MOST_COLUMNS)
                first = [workbook.text_of(cell)[0] for cell in next(iter(lines), ())]
                named = [writing.canonical(codes.unescape(cell)) for cell in first]
                if len(pages) == 1 or {"source", "target"} <= set(named):
                    place = f"{where}, sheet {page.title}"
                    columns = headed([codes.unescape(cell) for cell in first], place)
                    return Incoming(writing.table(list(_rows(lines, columns, place)), columns))
    except (
        InvalidFileException, zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError,
        SyntaxError, OSError, EOFError, ArithmeticError,
    ) as error:  # fmt: skip
        # The library says these of a damaged workbook.
        raise InputError(f"a damaged workbook ({type(error).__name__})", where, "Save it again as XLSX") from error
    raise InputError("no sheet has the columns source and target", where, "The first row names the columns")


def _rows(lines: Iterator[tuple[object, ...]], columns: tuple[str, ...], where: str) -> Iterator[Row]:
    for number, line in enumerate(lines, 2):
        if number > sheet.MOST_ROWS:
            raise InputError(f"more than {sheet.MOST_ROWS:,} rows", where, "Send it back in parts")
        place = f"{where}, row {number}"
        cells = []
        for at, cell in enumerate(line):
            text, problem = workbook.text_of(cell)
            if problem or (text.strip() and at >= len(columns)):
                what = problem or f"more cells than the {len(columns)} columns"
                raise InputError(what, place, "Write the text itself" if problem else "Give the column a name")
            cells.append(codes.unescape(text))
        if any(text.strip() for text in cells):
            yield writing.row(zip(columns, cells, strict=False), place)

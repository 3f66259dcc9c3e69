"""Term bases as text with tabs, which is a term file as it stands, and with commas, for spreadsheet programs.

In CSV a cell that a spreadsheet program would take for a formula gets an apostrophe in front, which is taken off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from glossary import writing
from glossary.writing import Row, Table
from translate.errors import InputError
from translate.exchange import sheet, tree
from translate.termbase.incoming import Incoming, headed

_DELIMITERS = "\t;,"


def dump_tsv(table: Table) -> bytes:
    """A term file, sorted."""
    return writing.written(table).encode("utf-8")


def dump_csv(table: Table) -> bytes:
    """UTF-8 with a mark at the head, which Excel needs to show Arabic."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(table.columns)
    for row in writing.tidied(table).rows:
        lines.writerow([sheet.guarded(row[column]) for column in table.columns])
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes, where: str) -> Incoming:
    """The rows of a table with tabs, commas or semicolons, as spreadsheet programs save it.

    Raises:
        InputError: no table, or one without the columns needed.
    """
    text = tree.text_of(data, where)
    head = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    delimiter = max(_DELIMITERS, key=head.count)
    return _of_term_file(text, where) if delimiter == "\t" else _of_csv(text, delimiter, where)


def _of_term_file(text: str, where: str) -> Incoming:
    """Quotation marks are letters like any other in a term file."""
    lines = [(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), 1)]
    kept = ((number, line.split("\t")) for number, line in lines if line.strip() and not line.startswith("#"))
    return _incoming(kept, where)


def _of_csv(text: str, delimiter: str, where: str) -> Incoming:
    return _incoming(_cells(text, delimiter, where), where)


def _cells(text: str, delimiter: str, where: str) -> Iterator[tuple[int, list[str]]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                yield lines.line_num, [sheet.bare(cell) for cell in cells]
    except csv.Error as error:
        raise InputError(f"not a table ({error})", f"{where}:{lines.line_num}", "Save it again as CSV") from error


def _incoming(lines: Iterator[tuple[int, list[str]]], where: str) -> Incoming:
    columns = headed(next(lines, (0, []))[1], where)
    rows: list[Row] = []
    for number, cells in lines:
        if number > sheet.MOST_ROWS:
            raise InputError(f"more than {sheet.MOST_ROWS:,} lines", where, "Send it back in parts")
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise InputError(f"more cells than the {len(columns)} columns", f"{where}:{number}", "Is a comma too many?")
        rows.append(writing.row(zip(columns, cells, strict=False), f"{where}:{number}"))
    return Incoming(writing.table(rows, columns))

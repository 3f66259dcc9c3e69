"""What came from another program, and putting it into a term file: nothing is written that could not be loaded.

Knows rows, and the term file as a text; no other format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from glossary import GlossaryFormatError, writing
from glossary.terms import parse, term_of
from glossary.writing import Merge, Row, Table
from translate.errors import GlossaryError, InputError


@dataclass(frozen=True, slots=True)
class Incoming:
    """The terms of a file."""

    table: Table
    left_out: int = 0
    """Entries without Arabic or without English."""


def headed(head: Sequence[str], where: str) -> tuple[str, ...]:
    """The columns of a table by our names.

    Raises:
        InputError: the head is not one of a term table.
    """
    columns = tuple(writing.canonical(cell) for cell in head)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if "source" not in columns or "target" not in columns:
        raise InputError("no columns source and target", where, "The first row names the columns; see docs/glossary.md")
    for number, column in enumerate(columns):
        if not column or column in columns[:number]:
            what = f"the column {column!r} stands twice" if column else f"column {number + 1} has no name"
            raise InputError(what, where, "Give every column a name of its own")
    return columns


def put(old: Table | None, incoming: Incoming, *, remove: bool = False) -> Merge:
    """Into a term file, or one to be.

    Raises:
        GlossaryError: a row cannot be a line of a term file; nothing is changed.
    """
    new = incoming.table
    merge = writing.merged(old if old is not None else Table(new.columns), new, remove=remove)
    for row in (*merge.added, *merge.changed):
        _checked(row)
    try:
        parse(writing.written(merge.table), "the term file")
    except GlossaryFormatError as error:
        raise GlossaryError(error.message, f"{error.file}:{error.line}:{error.column}", error.hint) from error
    return merge


def _checked(row: Row) -> None:
    if row["source"].startswith("#"):
        raise GlossaryError("a term cannot begin with #", row.where, "Such a line is a comment")
    try:
        term_of(writing.line_of(row))
    except GlossaryFormatError as error:
        place = f"{row.where}, column {error.cell}" if error.cell else row.where
        raise GlossaryError(error.message, place, error.hint) from error

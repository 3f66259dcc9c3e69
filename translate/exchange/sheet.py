r"""Tables for spreadsheet programs: the columns that TSV and XLSX share, formatting as `<1>…</1>`, and TSV itself.

A cell is plain text. `<1>` begins what the first formatting of the Arabic covers, `</1>` ends it and `<2/>` stands for
something without words, such as a line break. In a TSV a text that a spreadsheet program would take for a formula gets
an apostrophe in front, which is taken off again. This module knows no drafts on disk.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from translate.document import Draft, State
from translate.errors import InputError
from translate.exchange import codes, tree
from translate.exchange.codes import Code, Coded, Role
from translate.exchange.row import Row, outgoing, read_stamp, said, source_codes, stamp, standing, target_codes

COLUMNS = ("id", "state", "Arabic", "English", "findings", "left")
_NAMES = {"source": "arabic", "target": "english"}
"""Other names for a column."""
_NEEDED = ("id", "arabic", "english")
MOST_ROWS = 200_000
_TOKEN = re.compile(r"<(/?)([0-9]{1,6})(/?)>")
_FORMULA = re.compile(r"'*[=+\-@\t]")
_ESCAPED_FORMULA = re.compile(r"'+[=+\-@\t]")
_DELIMITERS = "\t;,"


# --- cells -----------------------------------------------------------------------------------------------------------


def to_cell(coded: Coded) -> str:
    """`<1>`, `'He'`, `</1>`, `' fled.'` -> `'<1>He</1> fled.'`; what only looks like a code is written otherwise."""
    return "".join(_written(part) for part in coded)


def _written(part: str | Code) -> str:
    if isinstance(part, str):
        return _TOKEN.sub(lambda m: "\\u{3c}" + m.group()[1:], codes.escape(part))
    if part.role is Role.POINT:
        covered = _written(part.text or "")
        return f"<{part.number}>{covered}</{part.number}>" if covered.strip("\n") else f"<{part.number}/>"
    return f"</{part.number}>" if part.role is Role.CLOSE else f"<{part.number}>"


def from_cell(text: str) -> Coded:
    """The reverse: `'<1>He</1> fled.'` -> `<1>`, `'He'`, `</1>`, `' fled.'`."""
    parts: list[str | Code] = []
    at = 0
    for found in _TOKEN.finditer(text):
        parts.append(codes.unescape(text[at : found.start()]))
        role = Role.CLOSE if found[1] else Role.POINT if found[3] else Role.OPEN
        parts.append(Code(role, str(int(found[2]))))
        at = found.end()
    parts.append(codes.unescape(text[at:]))
    return tuple(part for part in parts if part)


def table(draft: Draft) -> Iterator[tuple[str, ...]]:
    """The cells of a draft, one tuple a sentence, in the order of COLUMNS."""
    for segment, target in outgoing(draft):
        yield (
            segment.id,
            target.state.value,
            to_cell(source_codes(segment)),
            to_cell(target_codes(segment, target)),
            "; ".join(codes.escape(said(finding)) for finding in standing(target)),
            str(stamp(target)),
        )


def columns(head: Sequence[str]) -> dict[str, int]:
    """Where each column of a table stands; empty when this is not the head of one of ours."""
    found: dict[str, int] = {}
    for at, cell in enumerate(head):
        plain = cell.strip().lower()
        found.setdefault(_NAMES.get(plain, plain), at)
    return found if all(column in found for column in _NEEDED) else {}


def row(cells: Sequence[str], places: Mapping[str, int], where: str, who: str = "") -> Row | None:
    """One row; None for an empty one."""

    def cell(column: str) -> str:
        at = places.get(column, len(cells))
        return cells[at] if at < len(cells) else ""

    if not any(text.strip() for text in cells):
        return None
    state = cell("state").strip().lower()
    return Row(
        where,
        cell("id").strip(),
        from_cell(cell("arabic")) or None,
        from_cell(cell("english")),
        State(state) if state in set(State) else None,
        read_stamp(cell("left")),
        who,
        warning=f"{state[:30]!r} is no state ({', '.join(State)})" if state and state not in set(State) else "",
    )


# --- TSV -------------------------------------------------------------------------------------------------------------


def dump(drafts: Sequence[Draft]) -> bytes:
    """UTF-8 with a mark at the head, which Excel needs; cells with line ends or quotes in quotation marks."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, "excel-tab", lineterminator="\n")
    writer.writerow(COLUMNS)
    for draft in drafts:
        writer.writerows([guarded(cell) for cell in cells] for cells in table(draft))
    return out.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """`'=1+1'` -> `"'=1+1"`, `"'-5"` -> `"''-5"`; any other text as it is."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def bare(cell: str) -> str:
    """The reverse; line ends as one character."""
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell[1:] if _ESCAPED_FORMULA.match(cell) else cell


def read(data: bytes, where: str) -> Iterator[Row]:
    """The rows of a table with tabs, commas or semicolons, as spreadsheet programs save it.

    Raises:
        InputError: no table, or one without the columns needed.
    """
    text = tree.text_of(data, where)
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    head = _next(lines, where)
    places = columns(head or [])
    if not places:
        raise InputError(
            "not a file we can read back", where,
            "it takes XLIFF 1.2 and 2.1, TMX, XLSX, and TSV with the columns id, Arabic and English",
        )  # fmt: skip
    while (cells := _next(lines, where)) is not None:
        if lines.line_num > MOST_ROWS:
            raise InputError(f"more than {MOST_ROWS:,} lines", where, "send it back in parts")
        found = row([bare(cell) for cell in cells], places, f"{where}:{lines.line_num}")
        if found:
            yield found


def _next(lines: Iterator[list[str]], where: str) -> list[str] | None:
    """The next row, None behind the last."""
    try:
        return next(lines, None)
    except csv.Error as error:
        raise InputError(f"not a table ({error})", where, "save it again as tab-separated text") from error

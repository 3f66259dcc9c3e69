"""Term files as they are written: one term a line, sorted under their headings, every column kept.

A table is read without being understood, so that nothing of it is lost, and written in one way only: what did not
change is the same line again and a change is one line of a diff. This module knows cells and their order; what a cell
means is known to `terms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from glossary.clitics import split_article
from glossary.fold import INVISIBLE, key
from glossary.terms import ALIASES, COLUMNS, GlossaryFormatError, Line, header_of

_UNSEEN = re.compile(rf"[{INVISIBLE}\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LISTS = frozenset({"forms", "forbidden", "admitted", "context", "allow"})
"""Columns with `|` between parts."""
_FIRST = ("source", "target", "status")
"""By what two lines are known to be the same term, from the surest to the least sure."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    cells: Mapping[str, str]
    """{"source": "مفارز", "target": "detachments"} - by column, empty ones left out."""
    where: str = ""
    """"terms.xlsx, row 5" - for a person."""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Section:
    """The lines under one heading."""

    heading: tuple[str, ...] = ()
    """("", "# Places") - comments and empty lines as they stand."""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A term file, or several, or what came from another program."""

    columns: tuple[str, ...] = ("source", "target")
    """By our names."""
    header: tuple[str, ...] = ()
    """The same as written in the file; empty where there is no file yet."""
    top: tuple[str, ...] = ()
    """Comments above the header."""
    sections: tuple[Section, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All lines, in order."""
        return tuple(row for section in self.sections for row in section.rows)


@dataclass(frozen=True, slots=True)
class Merge:
    """A table with what came from elsewhere."""

    table: Table
    added: tuple[Row, ...] = ()
    changed: tuple[Row, ...] = ()
    """As they are now."""
    removed: tuple[Row, ...] = ()
    unchanged: int = 0


def row(pairs: Iterable[tuple[str, str]], where: str = "") -> Row:
    """Tidy cells: `('source', ' مفارز ')`, `('note', '')` -> `{'source': 'مفارز'}`."""
    tidy = ((column, _tidy(column, cell)) for column, cell in pairs)
    return Row({column: cell for column, cell in tidy if cell}, where)


def _tidy(column: str, cell: str) -> str:
    """`('forms', 'sg:مفرزة | |pl:مفارز')` -> `'sg:مفرزة|pl:مفارز'`."""
    if column not in _LISTS:
        return " ".join(cell.split())
    return "|".join(part for part in (" ".join(piece.split()) for piece in cell.split("|")) if part)


def table(rows: Sequence[Row], columns: Iterable[str] = ()) -> Table:
    """Rows as a table: our columns in our order, then those of others, none that is empty but the first two."""
    used = dict.fromkeys([*COLUMNS[:2], *columns, *(column for one in rows for column in one.cells)])
    known = [column for column in COLUMNS if column in used]
    return Table((*known, *(column for column in used if column not in COLUMNS)), sections=(Section(rows=tuple(rows)),))


def read(text: str, name: str) -> Table:
    """A term file, comments and all.

    Raises:
        GlossaryFormatError: it has no header, or a line has more cells than that.
    """
    top: list[str] = []
    header: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sections: list[tuple[list[str], list[Row]]] = [([], [])]
    waiting: list[str] = []
    for number, line in enumerate((line.rstrip("\r") for line in text.split("\n")), 1):
        if not line.strip() or line.startswith("#"):
            waiting.append(line.rstrip())
        elif not header:
            columns = tuple(header_of(name, number, line))
            header = tuple(cell.strip() for cell in line.split("\t"))
            top, waiting = waiting, []
        else:
            if any(waiting):
                sections.append((waiting, []))
            waiting = []
            sections[-1][1].append(_row(line, columns, name, number))
    if not header:
        raise GlossaryFormatError(name, 1, 1, "no header line", "Begin with: source, target (a tab between them)")
    while waiting and not waiting[-1]:
        waiting.pop()
    if waiting:
        sections.append((waiting, []))
    kept = [Section(tuple(heading), tuple(rows)) for heading, rows in sections if heading or rows]
    return Table(columns, header, tuple(top), tuple(kept))


def _row(line: str, columns: Sequence[str], name: str, number: int) -> Row:
    pieces = line.split("\t")
    if any(piece.strip() for piece in pieces[len(columns) :]):
        column = len("\t".join(pieces[: len(columns)])) + 2
        message = f"more cells than the {len(columns)} columns of the header"
        raise GlossaryFormatError(name, number, column, message, "Remove a tab")
    return row(zip(columns, pieces, strict=False), f"{name}:{number}")


def seen(text: str) -> str:
    """The text without direction marks, joiners and other signs nobody sees: `IS<U+200B>IS` -> `ISIS`."""
    return _UNSEEN.sub("", text)


def order(source: str) -> str:
    """`'الساحل الأيسر'` -> `'ساحل الايسر'`: where a line stands among others; ال is looked past.

    Lines that are the same but for ال stay in their order, because the earlier one wins.
    """
    folded = " ".join(key(source).split())
    first, _, rest = folded.partition(" ")
    bare = split_article(source.strip()[: len(first)], first)[2]
    return " ".join([bare, rest]).strip()


def tidied(old: Table) -> Table:
    """The same with the lines sorted under their headings; lines of one spelling stay in their order."""
    return replace(
        old,
        sections=tuple(
            replace(section, rows=tuple(sorted(section.rows, key=lambda one: order(one["source"]))))
            for section in old.sections
        ),
    )


def idle(source: str, number: str, forms: Iterable[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    """Which forms add nothing, and what finds them already: they differ by hamza, ya or ta marbuta only.

    `('أربيل', 'name', [('اربيل', 'name')])` -> `(0, 'أربيل')`.
    """
    seen = {(" ".join(key(source).split()), number): source}
    for place, (form, own) in enumerate(forms):
        spelling = (" ".join(key(form).split()), own)
        if spelling in seen:
            yield place, seen[spelling]
        seen.setdefault(spelling, form)


def without_idle(old: Table) -> Table:
    """The same without forms that add nothing; lines that are exact, or allow them (`tb-16`), keep theirs."""
    sections = (replace(section, rows=tuple(map(_without_idle, section.rows))) for section in old.sections)
    return replace(old, sections=tuple(sections))


def _without_idle(one: Row) -> Row:
    if not one["forms"] or one["exact"] == "yes" or "tb-16" in one["allow"].split("|"):
        return one
    parts = one["forms"].split("|")
    numbered = [part.partition(":") for part in parts]
    if not all(colon for _, colon, _ in numbered):
        return one  # a mistake, which has to be seen
    listed = ((form.strip(), number.strip()) for number, _, form in numbered)
    spare = {place for place, _ in idle(one["source"], one["number"] or "sg", listed)}
    if not spare:
        return one
    kept = "|".join(part for place, part in enumerate(parts) if place not in spare)
    return Row(
        {**{name: cell for name, cell in one.cells.items() if name != "forms"}, **({"forms": kept} if kept else {})},
        one.where,
    )


def written(old: Table) -> str:
    """A table as the text of a term file, sorted; no tabs behind the last cell."""
    lines = [*old.top, "\t".join(old.header or old.columns)]
    for section in tidied(old).sections:
        lines += section.heading
        lines += ["\t".join(one[column] for column in old.columns).rstrip("\t") for one in section.rows]
    return "\n".join(lines) + "\n"


def line_of(one: Row, name: str = "") -> Line:
    """A row as a line that `terms.term_of` understands; its mistakes name the row."""
    return Line(name or one.where, 0, one.cells, {})


def canonical(name: str) -> str:
    """`' DNT '` -> `'untranslated'`: our name of a column."""
    plain = " ".join(name.split()).lower()
    return ALIASES.get(plain, plain)


# --- what comes from elsewhere ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Pairing:
    """Which old line each new one is."""

    old: Sequence[Row]
    taken: dict[int, Row] = field(default_factory=dict)

    def pair(self, new: Sequence[Row], columns: Sequence[str]) -> list[Row]:
        """Those that found no old line. First come lines of equal cells, then of equal term, then of equal Arabic."""
        left = list(new)
        for known in (columns, _FIRST, _FIRST[:2], _FIRST[:1]):
            free: dict[tuple[str, ...], list[int]] = {}
            for number, one in enumerate(self.old):
                if number not in self.taken:
                    free.setdefault(_identity(one, known, columns), []).append(number)
            unpaired = []
            for one in left:
                same = free.get(_identity(one, known, columns))
                if same:
                    self.taken[same.pop(0)] = one
                else:
                    unpaired.append(one)
            left = unpaired
        return left


def _identity(one: Row, known: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """The cells compared; a forbidden rendering is never the term itself."""
    kind = "forbidden" if "status" in columns and one["status"] == "forbidden" else ""
    return (kind, *(" ".join(key(one[column]).split()) if column == "source" else one[column] for column in known))


def merged(old: Table, new: Table, *, remove: bool = False) -> Merge:
    """`new` put into `old`: lines found again take the cells of the columns that `new` has, and keep the others.

    `remove` leaves out the lines that `new` does not have.
    """
    pairing = _Pairing(old.rows)
    added = pairing.pair(new.rows, new.columns)
    changed: list[Row] = []
    removed: list[Row] = []
    number = 0
    sections: list[Section] = []
    for section in old.sections:
        kept: list[Row] = []
        for one in section.rows:
            theirs = pairing.taken.get(number)
            number += 1
            if theirs is None:
                (removed if remove else kept).append(one)
                continue
            now = _overlaid(one, theirs, new.columns)
            if now.cells != one.cells:
                changed.append(now)
            kept.append(now if now.cells != one.cells else one)
        sections.append(replace(section, rows=tuple(kept)))
    if added:
        last = sections.pop() if sections else Section()
        sections.append(replace(last, rows=(*last.rows, *added)))
    unchanged = sum(len(section.rows) for section in sections) - len(added) - len(changed)
    grown = _with_columns(replace(old, sections=tuple(sections)), new.columns)
    return Merge(grown, tuple(added), tuple(changed), tuple(removed), unchanged)


def _overlaid(old: Row, new: Row, columns: Sequence[str]) -> Row:
    cells = {column: cell for column, cell in old.cells.items() if column not in columns}
    return Row({**cells, **new.cells}, new.where)


def _with_columns(old: Table, columns: Sequence[str]) -> Table:
    """Columns that some line needs and the header has not, behind those it has."""
    used = {column for one in old.rows for column in one.cells}
    more = [column for column in columns if column in used and column not in old.columns]
    header = (*old.header, *more) if old.header else ()
    return replace(old, columns=(*old.columns, *more), header=header)

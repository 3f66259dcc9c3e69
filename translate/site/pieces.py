"""The blocks of an article -> pieces of a page: what belongs together becomes one list, quotation or table.

Knows structure alone; what stands inside a sentence is `pairs`' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from translate.document import Block, Kind
from translate.site.paint import paint
from translate.site.pairs import Painter, Pair

_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}")
_FENCE = re.compile(r"\s*(`{3,}+|~{3,}+)[^\n]*\n(.*?)\n?(?<![ \t])[ \t]*+\1\s*", re.DOTALL)
_DEEPEST = 20
"""Lists and quotations nested deeper than this are shown at this depth."""
_FOLDED = frozenset({Kind.RELATED, Kind.BOILERPLATE})


class Piece(NamedTuple):
    """A block of an article, or blocks that belong together."""

    kind: str
    """"paragraph", "heading", "title", "byline", "figure", "verbatim", "rule"; or holding pieces: "list", "entry",
    "quote", "table", "row", "cell", "related", "boilerplate"."""
    pairs: tuple[Pair, ...] = ()
    pieces: tuple[Piece, ...] = ()
    level: int = 0
    """Heading level 2-6."""
    ordered: bool = False
    start: int = 1
    """First number of an ordered list."""
    html: Markup = Markup()
    """Verbatim text, escaped."""


def all_pairs(pieces: Iterable[Piece]) -> Iterator[Pair]:
    """All pairs in reading order."""
    for piece in pieces:
        yield from piece.pairs
        yield from all_pairs(piece.pieces)


def fold(blocks: Sequence[Block], painter: Painter) -> Iterator[Piece]:
    """Blocks in a row that belong together become one piece: lists, quotations, tables, folded furniture."""
    at = 0
    while at < len(blocks):
        block = blocks[at]
        run = at + 1
        if block.kind in _FOLDED or block.kind in (Kind.ITEM, Kind.QUOTE, Kind.CELL):
            while run < len(blocks) and blocks[run].kind is block.kind:
                run += 1
        members = blocks[at:run]
        match block.kind:
            case Kind.ITEM:
                yield from _lists(members, painter)
            case Kind.CELL:
                yield from _tables(members, painter)
            case Kind.QUOTE:
                yield from _quotes(members, painter, 1)
            case Kind.RELATED | Kind.BOILERPLATE:
                yield Piece(block.kind.value, pieces=tuple(_furniture(members, painter)))
            case _:
                yield from _plain(block, painter)
        at = run


def _plain(block: Block, painter: Painter) -> Iterator[Piece]:
    """One block by itself."""
    if block.kind is Kind.VERBATIM and _RULE.fullmatch(block.text):
        yield Piece("rule")
    elif block.kind is Kind.VERBATIM or (not block.segments and block.text.strip()):
        fenced = _FENCE.fullmatch(block.text) if block.kind is Kind.VERBATIM else None
        marks = () if block.kind is Kind.VERBATIM else block.marks
        yield Piece("verbatim", html=paint(fenced[2] if fenced else block.text, marks))
    elif block.segments:
        kind = block.kind.value if block.kind in (Kind.HEADING, Kind.BYLINE, Kind.TITLE) else "paragraph"
        kind = "figure" if kind == "paragraph" and _is_picture(block) else kind
        yield Piece(kind, pairs=painter.pairs(block), level=min(max(block.level, 2), 6))


def _is_picture(block: Block) -> bool:
    """True for a paragraph that is nothing but images; they are links here, since a page loads nothing."""
    return bool(block.segments[0].marks) and all(
        any(mark.kind == "image" and mark.begin == 0 and mark.end == len(segment.text) for mark in segment.marks)
        for segment in block.segments
    )


def _quotes(blocks: Sequence[Block], painter: Painter, depth: int) -> Iterator[Piece]:
    """Quotations in a row become one, those inside a quotation one inside it."""
    inner: list[Piece] = []
    for deeper, run in groupby(blocks, key=lambda block: _depth(block) > depth):
        members = list(run)
        if deeper:
            inner.extend(_quotes(members, painter, depth + 1))
        else:
            inner.extend(piece for block in members for piece in _plain(block, painter))
    yield Piece("quote", pieces=tuple(inner))


def _furniture(blocks: Sequence[Block], painter: Painter) -> Iterator[Piece]:
    """Link lists and remains of the page: what has a marker is a list there too."""
    for listed, run in groupby(blocks, key=lambda block: bool(block.marker)):
        members = list(run)
        if listed:
            yield from _lists(members, painter)
        else:
            yield from (piece for block in members for piece in _plain(block, painter))


def _lists(items: Sequence[Block], painter: Painter) -> Iterator[Piece]:
    """Items -> lists, a deeper run inside the item before it, a new list where the kind of marker changes."""
    at = 0
    while at < len(items):
        first = items[at]
        entries: list[Piece] = []
        while at < len(items):
            item = items[at]
            if _depth(item) > _depth(first):
                deep = at
                while deep < len(items) and _depth(items[deep]) > _depth(first):
                    deep += 1
                inner = tuple(_lists(items[at:deep], painter))
                entries[-1] = entries[-1]._replace(pieces=(*entries[-1].pieces, *inner))
                at = deep
            elif entries and _depth(item) == _depth(first) and not item.marker:
                entries[-1] = entries[-1]._replace(pieces=(*entries[-1].pieces, *_plain(item, painter)))
                at += 1
            elif entries and (_depth(item) < _depth(first) or _ordered(item) != _ordered(first)):
                break
            else:
                own = Piece("entry", pairs=painter.pairs(item))
                entries.append(own if item.segments else Piece("entry", pieces=tuple(_plain(item, painter))))
                at += 1
        start = int(re.sub(r"\D", "", first.marker)[:9] or 1) if _ordered(first) else 1
        yield Piece("list", pieces=tuple(entries), ordered=_ordered(first), start=start)


def _depth(block: Block) -> int:
    return min(block.level, _DEEPEST)


def _ordered(item: Block) -> bool:
    return bool(re.match(r"\d", item.marker))


def _tables(cells: Sequence[Block], painter: Painter) -> Iterator[Piece]:
    """Cells -> tables; a cell that does not come after the one before it begins a new table."""
    rows: dict[int, list[Piece]] = {}
    last = (-1, -1)
    for cell in cells:
        here = _place(cell.marker)
        if rows and here <= last:
            yield _table(rows)
            rows = {}
        row = rows.setdefault(here[0], [])
        row.extend(Piece("cell") for _ in range(min(here[1] - len(row), 100)))
        own = painter.pairs(cell)
        row.append(Piece("cell", pairs=own, pieces=() if own else tuple(_plain(cell, painter))))
        last = here
    if rows:
        yield _table(rows)


def _table(rows: Mapping[int, Sequence[Piece]]) -> Piece:
    """Rows of cells, the short ones filled up."""
    width = max(len(row) for row in rows.values())
    full = ((number, [*row, *[Piece("cell")] * (width - len(row))]) for number, row in sorted(rows.items()))
    return Piece("table", pieces=tuple(Piece("row", pieces=tuple(row), level=number) for number, row in full))


def _place(marker: str) -> tuple[int, int]:
    """`'0.2'` -> (0, 2)."""
    match = re.fullmatch(r"([0-9]{1,6})\.([0-9]{1,6})", marker)
    return (int(match[1]), int(match[2])) if match else (0, 0)

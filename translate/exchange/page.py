"""Drafts as Markdown: the English article alone, or each block in Arabic with its English below.

A draft has the blocks of an article but not its file, so the Markdown is made of the blocks: headings, lists, quotes,
tables and code as such, not with the file's own spacing. It is to be read and is not read back. This module knows no
drafts on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from translate import markdown
from translate.document import Article, Block, Draft, Kind
from translate.inline.writing import render_markdown
from translate.markdown import Piece

Say = Callable[[Block], Piece]
_HEADINGS = (Kind.TITLE, Kind.HEADING)
_ROWS, _COLUMNS = 4, 2
"""Digits of a row and of a column: the cells between two that are there are written too."""
_DEEPEST = 50
_ARABIC = '<div dir="rtl" lang="ar">\n\n{}\n</div>\n'


def english(draft: Draft) -> str:
    """The English article with its front matter; a sentence without English stays Arabic."""
    article = draft.article
    say = _say_english(draft)
    fields = {block.field or block.kind.value: say(block).text for block in article.blocks if _is_field(block, article)}
    head = markdown.front_matter({**article.meta, **fields, "lang": "en"}) + "\n"
    body = [
        part for block in _runs(b for b in article.blocks if not _is_field(b, article)) for part in _write(block, say)
    ]
    return head + "\n".join(body)


def bilingual(draft: Draft) -> str:
    """Every block twice, the Arabic from right to left; what has no words, such as code, once."""
    article, say = draft.article, _say_english(draft)
    meta = {name: value for name, value in article.meta.items() if name not in ("title", "byline")}
    parts = [markdown.front_matter(meta) + "\n"] if meta else []
    for run in _runs(article.blocks):
        if run[0].kind is not Kind.VERBATIM:
            parts.append(_ARABIC.format("\n".join(_write(run, lambda block: Piece(block.text, block.marks)))) + "\n")
        parts.append("\n".join(_write(run, say)) + "\n")
    return "".join(parts).rstrip("\n") + "\n"


def _say_english(draft: Draft) -> Say:
    return lambda block: markdown.english(block, draft.targets)


def _is_field(block: Block, article: Article) -> bool:
    """Does this stand in the front matter?"""
    return bool(block.field) or (block.kind in (Kind.TITLE, Kind.BYLINE) and block.kind.value in article.meta)


def _runs(blocks: Iterator[Block] | Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks that are written together: the cells of a table, and every other block by itself."""
    for is_cell, group in groupby(blocks, lambda block: block.kind is Kind.CELL):
        run = list(group)
        yield from _tables(run) if is_cell else ([block] for block in run)


def _tables(cells: Sequence[Block]) -> Iterator[list[Block]]:
    """A cell that does not come after the one before it begins a new table."""
    table: list[Block] = []
    for cell in cells:
        if table and _place(cell) <= _place(table[-1]):
            yield table
            table = []
        table.append(cell)
    if table:
        yield table


def _place(cell: Block) -> tuple[int, int]:
    row, _, column = cell.marker.partition(".")
    return _number(row, _ROWS), _number(column, _COLUMNS)


def _number(digits: str, most: int) -> int:
    """`('12', 4)` -> `12`; 0 for what is no number, or one of more digits than any table needs."""
    return int(digits) if len(digits) <= most and digits.isdecimal() else 0


def _write(run: Sequence[Block], say: Say) -> list[str]:
    """A run as paragraphs of Markdown, each with a line end."""
    if run[0].kind is Kind.CELL:
        return [_table(run, say)]
    (block,) = run
    if block.kind is Kind.VERBATIM:
        return [block.text.rstrip("\n") + "\n"]
    piece = say(block)
    if block.kind in _HEADINGS:
        return [markdown.heading(_flat(piece), min(6, max(1, block.level)))]
    text = render_markdown(piece.text, piece.marks)
    if block.kind is Kind.QUOTE:
        mark = "> " * _depth(block)
        return ["\n".join(mark + line for line in text.split("\n")) + "\n"]
    if block.marker:
        indent = "    " * (_depth(block) - 1)
        behind = indent + " " * (len(block.marker) + 1)
        return [f"{indent}{block.marker} " + text.replace("\n", f"\n{behind}") + "\n"]
    return [text + "\n"]


def _depth(block: Block) -> int:
    """How deep a quote or list is nested, within reason."""
    return min(max(1, block.level), _DEEPEST)


def _flat(piece: Piece) -> str:
    """A piece on one line."""
    marks = tuple(mark for mark in piece.marks if mark.kind != "break")
    return render_markdown(piece.text.replace("\n", " "), marks)


def _table(cells: Sequence[Block], say: Say) -> str:
    """Rows between bars; cells that were empty come back."""
    texts = {_place(cell): _flat(say(cell)).replace("|", "\\|") for cell in cells}
    width = 1 + max(column for _, column in texts)
    rows = [
        [texts.get((row, column), "") for column in range(width)] for row in range(1 + max(row for row, _ in texts))
    ]
    rows.insert(1, ["---"] * width)
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)

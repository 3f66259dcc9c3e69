"""Markdown as blocks, each with the place of its inline content in the file, so that English can be put there.

CommonMark with tables, strike-through and front matter, read from markdown-it-py's tokens. What is not listed here as a
block (list markers, table rules, link definitions) needs no translation and stays in the body, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from translate.document import Article, Block, Kind
from translate.errors import ArticleError
from translate.inline.marks import clip
from translate.inline.reading import DEPTH, Parser, parse
from translate.readers import front, furniture

VERBATIM = frozenset({"fence", "code_block", "html_block", "hr"})
FIELDS = {"title": Kind.TITLE, "byline": Kind.BYLINE}
"""Front matter that is translated like text, in the order in which it is shown."""
BRACKETS = 32
"""Square brackets nested deeper than this are refused: for each of them the library looks at all that follows."""
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
_BOX = re.compile(r"\[[ xX]\] (?=\S)")
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class _Source:
    """The file and where its lines begin."""

    text: str
    starts: Sequence[int]
    shift: int
    """Offset of the body in the file."""

    def line(self, number: int) -> str:
        """A line without its newline."""
        return self.text[self.starts[number] : self.starts[number + 1]].rstrip("\n")


@dataclass(slots=True)
class _Place:
    """Where in the tree of lists, quotes and tables the reader stands."""

    containers: list[str] = field(default_factory=list)
    """["quote", "item"]"""
    markers: list[str] = field(default_factory=list)
    """Marker of each open item; empty once its first block was read."""
    row: int = -1
    column: int = -1
    edges: Sequence[int] = ()
    """Offsets of the pipes in the current table row, and of the row's ends."""
    edge: int = 0
    """The edge before the next cell."""


def read(text: str, where: str = "") -> Article:
    """A Markdown text as an article without slug, segments and numbers."""
    tokens = _parser(text.startswith("---")).parse(text, {"where": where or "Markdown"})
    starts = [0, *(m.end() for m in re.finditer("\n", text)), len(text)]
    meta: dict[str, str] = {}
    shift = 0
    if tokens and tokens[0].type == "front_matter":
        meta = front.load(tokens[0].content, where)
        shift = starts[min((tokens[0].map or [0, 0])[1], len(starts) - 1)]
    if any(token.level >= DEPTH - 1 for token in tokens):
        raise ArticleError(f"lists or quotes are nested more than {DEPTH // 2} deep", where, "Flatten them")
    head = [Block(0, kind, meta[name], field=name) for name, kind in FIELDS.items() if meta.get(name)]
    blocks = list(_blocks(tokens, _Source(text, starts, shift)))
    if not meta.get("title") and blocks and blocks[0].kind is Kind.HEADING and blocks[0].level == 1:
        blocks[0] = replace(blocks[0], kind=Kind.TITLE)
    return Article("", (*head, *furniture.sort(blocks)), meta, text[shift:], "markdown")


@cache
def _parser(has_front: bool) -> Parser:
    """Making one costs as much as reading a short article; it keeps nothing of what it read.

    Front matter is looked for only where the file begins with it: in a list that begins with `- ---` the plug-in would
    find it too, and take the first item out of the text.
    """
    parser = Parser()
    parser.core.ruler.before("inline", "brackets", _brackets)
    if has_front:
        parser.use(front_matter_plugin)
    return parser


def _brackets(state: StateCore) -> None:
    """Refuse more brackets inside each other than anybody writes, before their partners are looked for."""
    for token in state.tokens:
        if token.type == "inline" and token.content.count("[") > BRACKETS and _depth(token.content) > BRACKETS:
            where = f"{state.env.get('where', 'Markdown')}:{(token.map or [0])[0] + 1}"
            raise ArticleError(f"more than {BRACKETS} square brackets stand inside each other", where, "Close them")


def _depth(text: str) -> int:
    r"""How many brackets are open at most: `'[a [b] \[c'` -> 2."""
    most = now = 0
    for found in _BRACKET.finditer(text):
        match found.group():
            case "[":
                now += 1
                most = max(most, now)
            case "]":
                now = max(0, now - 1)
    return most


def _blocks(tokens: Sequence[Token], source: _Source) -> Iterator[Block]:
    place = _Place()
    heading = 0
    for token in tokens:
        _follow(token, place, source)
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "heading_close":
            heading = 0
        elif token.type in VERBATIM:
            yield _verbatim(token, source)
        elif token.type == "inline" and token.content.strip():
            yield _block(token, place, heading, source)


def _follow(token: Token, place: _Place, source: _Source) -> None:
    """Keep track of the containers a token opens or closes."""
    match token.type:
        case "blockquote_open":
            place.containers.append("quote")
        case "list_item_open":
            place.containers.append("item")
            place.markers.append(f"{token.info}{token.markup}" if token.info else token.markup)
        case "blockquote_close":
            place.containers.pop()
        case "list_item_close":
            place.containers.pop()
            place.markers.pop()
        case "table_open":
            place.row = -1
        case "tr_open":
            place.row, place.column, place.edge = place.row + 1, -1, 0
            place.edges = _edges(source.line((token.map or [0, 0])[0]))
        case "th_open" | "td_open":
            place.column += 1
        case "table_close":
            place.column = -1


def _block(token: Token, place: _Place, heading: int, source: _Source) -> Block:
    """A block from an inline token: what it is, what it says and where it stands."""
    text, marks = parse(token.children or ())
    if place.column >= 0:
        begin, end = _cell(token, place, source)
        block = Block(0, Kind.CELL, text, marker=f"{place.row}.{place.column}")
    else:
        begin, end = _lines(token, heading > 0, source)
        block = _kind(text, place, heading)
        if block.marker and (box := _BOX.match(text)) and source.text.startswith(box.group(), begin):
            # The box of a task is no word of it: it stays in the body, like the list marker before it.
            begin += box.end()
            block = replace(block, text=text[box.end() :])
            marks = clip(marks, box.end(), len(text))
    return replace(block, marks=marks, begin=begin - source.shift, end=end - source.shift)


def _kind(text: str, place: _Place, heading: int) -> Block:
    """Heading, item, quote or paragraph, by what is nearest around it."""
    if heading:
        return Block(0, Kind.HEADING, text, level=heading)
    innermost = place.containers[-1] if place.containers else ""
    if innermost == "item":
        marker, place.markers[-1] = place.markers[-1], ""
        return Block(0, Kind.ITEM, text, level=place.containers.count("item"), marker=marker)
    if innermost == "quote":
        return Block(0, Kind.QUOTE, text, level=place.containers.count("quote"))
    return Block(0, Kind.PARAGRAPH, text)


def _verbatim(token: Token, source: _Source) -> Block:
    first, last = token.map or [0, 0]
    begin, end = source.starts[first], source.starts[last]
    text = source.text[begin:end].rstrip("\n")
    return Block(0, Kind.VERBATIM, text, begin=begin - source.shift, end=begin + len(text) - source.shift)


def _lines(token: Token, is_heading: bool, source: _Source) -> tuple[int, int]:
    """From the first character of the content to the last, markers of quotes and lists on later lines included."""
    first, last = token.map or [0, 0]
    content = token.content.split("\n")
    opening = content[0].rstrip()
    for _ in range(last - first - len(content)):  # the library drops lines of white space that Markdown calls none
        first += not source.line(first).rstrip().endswith(opening)
    line = source.line(first)
    if is_heading and last - first == 1:
        begin = source.starts[first] + _in_heading(line, opening)
        if len(content) == 1:
            return begin, begin + len(opening)
    else:
        begin = source.starts[first] + len(line.rstrip()) - len(opening)
    return begin, source.starts[last - 1] + len(source.line(last - 1).rstrip())


def _in_heading(line: str, content: str) -> int:
    """Offset of a heading's content in its line, between the opening and the closing `#`."""
    bare = line.rstrip()
    return len(bare) - len(content) if bare.endswith(content) else bare.rfind(content)


def _cell(token: Token, place: _Place, source: _Source) -> tuple[int, int]:
    r"""Where a table cell's content stands in its line, found from left to right; `\|` is no edge."""
    first = (token.map or [0, 0])[0]
    line, wanted = source.line(first), token.content.strip().replace("|", "\\|")
    while place.edge + 1 < len(place.edges):
        left, right = place.edges[place.edge] + 1, place.edges[place.edge + 1]
        place.edge += 1
        inner = line[left:right].rstrip()
        # Before the first pipe the markers of quotes and lists may stand.
        if inner.strip() == wanted or (left == 0 and inner.endswith(wanted)):
            begin = source.starts[first] + left + len(inner) - len(wanted)
            return begin, begin + len(wanted)
    raise ArticleError("a table row cannot be read", f"line {first + 1}", "Put a pipe at both ends of each row")


def _edges(line: str) -> list[int]:
    """Offsets of the pipes that part cells, and of the line's ends."""
    return [-1, *(m.start() for m in _PIPE.finditer(line)), len(line)]

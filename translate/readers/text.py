"""Plain text as fetched from a news site: one paragraph a line, with title, by-line, sub-headings and lists told apart.

There is no markup to go by, so these are rules about short lines and where they stand; each is explained where it is.
When in doubt a line is a paragraph. Every line that says something in words becomes a block; a bare date or time goes
to the metadata. The body stays as it is, so English can be put in the place of each block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from translate.document import Article, Block, Kind
from translate.readers import furniture, lead
from translate.words import has_arabic

HEAD_LINES = 6
"""Title, by-line and dates are looked for in so many first lines."""
TITLE_WORDS = 20
HEADING_WORDS = 12
PROSE_WORDS = 15
"""A line of so many words is a paragraph, whatever it ends in."""
ENDS = ".،؛:,;…"
"""A line that ends in one of these is no heading."""
CLOSERS = "\"'”’»)]}"

_ITEM = re.compile(r"(?P<bullet>[-*•▪●◦·–])\s+|(?P<number>[0-9٠-٩]{1,3})\s*[.)\-ـ–]\s+")
_LINE = re.compile(r"[^\n]+")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that says something: its text without white space at the ends, and where that begins."""

    text: str
    begin: int

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


def read(text: str, where: str = "") -> Article:
    """A plain text as an article without slug, segments and numbers."""
    lines = [
        _Line(m.group().strip(), m.start() + _indent(m.group())) for m in _LINE.finditer(text) if m.group().strip()
    ]
    meta: dict[str, str] = {}
    head, rest = _head(lines, meta)
    blocks = [*head, *furniture.sort(_blocks(rest))]
    # Front matter shows title, then by-line; a text is read in the same order.
    blocks.sort(key=lambda block: {Kind.TITLE: 0, Kind.BYLINE: 1}.get(block.kind, 2))
    return Article("", tuple(blocks), meta, text, "text")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _block(kind: Kind, line: _Line, begin: int = 0, end: int | None = None, **more: str | int) -> Block:
    """A block over a stretch of a line."""
    piece = line.text[begin:end]
    start = line.begin + begin + _indent(piece)
    piece = piece.strip()
    level, marker = more.get("level", 0), more.get("marker", "")
    return Block(0, kind, piece, int(level), str(marker), begin=start, end=start + len(piece))


def _head(lines: Sequence[_Line], meta: dict[str, str]) -> tuple[list[Block], list[_Line]]:
    """Title, by-line, dates and dateline, taken out of the first lines; what they say goes into `meta`."""
    blocks: list[Block] = []
    rest: list[_Line] = []
    for at, line in enumerate(lines):
        if at >= HEAD_LINES or (rest and _is_prose(rest[-1].text)):
            rest += lines[at:]
            break
        if when := lead.date_or_time(line.text):
            meta.update({key: value for key, value in when.items() if key not in meta})
        elif "byline" not in meta and (found := lead.byline(line.text)):
            meta.update({"byline": line.text, **found.found})
            blocks.append(_block(Kind.BYLINE, line))
        elif at == 0 and _is_title(line.text, lines[1:]):
            meta["title"] = line.text
            blocks.append(_block(Kind.TITLE, line))
        else:
            rest.append(line)
    if rest and "byline" not in meta and (glued := lead.dateline(rest[0].text)):
        first = rest[0]
        blocks.append(_block(Kind.BYLINE, first, 0, glued.end))
        meta.update({"byline": blocks[-1].text, **glued.found})
        tail = first.text[glued.end :]
        rest[0] = _Line(tail.strip(), first.begin + glued.end + _indent(tail))
    return blocks, rest


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    """Paragraphs, items and headings."""
    for at, line in enumerate(lines):
        if (item := _ITEM.match(line.text)) and item.end() < len(line.text):
            number = item.group("number")
            marker = f"{number.translate(_DIGITS)}." if number else "-"
            yield _block(Kind.ITEM, line, item.end(), level=1, marker=marker)
        elif _is_heading(lines, at):
            yield _block(Kind.HEADING, line, level=2)
        else:
            yield _block(Kind.PARAGRAPH, line)


def _last(text: str) -> str:
    """The last character that says something: `'نعم”.'` -> `'.'`, `'نعم.”'` -> `'.'`."""
    return text.rstrip(CLOSERS)[-1:]


def _is_prose(text: str) -> bool:
    """Whether a line is a paragraph of running text."""
    return _last(text) == "." or len(text.split(None, PROSE_WORDS)) >= PROSE_WORDS


def _is_short(text: str, words: int) -> bool:
    return len(text.split(None, words)) <= words and _last(text) not in ENDS and has_arabic(text)


def _is_title(text: str, after: Sequence[_Line]) -> bool:
    """A first line that is short, has no full stop, and is followed by running text."""
    return _is_short(text, TITLE_WORDS) and any(_is_prose(line.text) for line in after[: HEAD_LINES * 2])


def _is_heading(lines: Sequence[_Line], at: int) -> bool:
    """A short line without a full stop, directly before running text, and behind running text or the title."""
    if at + 1 >= len(lines) or not _is_short(lines[at].text, HEADING_WORDS) or len(lines[at].text.split()) < 2:
        return False
    follows = at == 0 or _is_prose(lines[at - 1].text)
    return follows and _is_prose(lines[at + 1].text) and not _ITEM.match(lines[at + 1].text)

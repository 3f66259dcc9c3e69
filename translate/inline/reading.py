"""Inline Markdown read as plain text and marks. The only part that needs the library, so the only one that loads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, html_inline
from markdown_it.token import Token

from translate.document import Mark
from translate.inline.marks import NOTE_MARK, ordered

DEPTH = 100
"""Quotes and lists nested deeper than this are refused by the reader."""
SPANS = {"em": "emphasis", "strong": "strong", "s": "strike", "link": "link"}
_NOTE_HEAD = re.compile(NOTE_MARK.pattern + r":[ \t]+(?=\S)")


def _note_mark(state: StateInline, silent: bool) -> bool:
    """Footnote marks are atoms, kept like raw HTML: `[^1]`, and `[^1]: ` where a note begins."""
    if not state.src.startswith("[^", state.pos):
        return False
    begins = state.pos == 0 or state.src[state.pos - 1] == "\n"
    match = (begins and _NOTE_HEAD.match(state.src, state.pos)) or NOTE_MARK.match(state.src, state.pos)
    if not match or match.end() > state.posMax:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = match.group()
    state.pos = match.end()
    return True


_CLOSED_BY = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}


def _raw_html(state: StateInline, silent: bool) -> bool:
    """The library's rule for raw HTML, not asked where nothing closes what opens: it would read on to the end."""
    for opening, closing in _CLOSED_BY.items():
        if state.src.startswith(opening, state.pos):
            last: dict[tuple[str, str], int] = state.env.setdefault("last", {})
            name = (state.src, closing)
            if name not in last:
                last[name] = state.src.rfind(closing)
            if last[name] < state.pos:
                return False
    return html_inline(state, silent)


class Parser(MarkdownIt):
    """CommonMark with tables and strike-through that leaves addresses as they were written."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"maxNesting": DEPTH})
        self.enable(["table", "strikethrough"])
        self.inline.ruler.before("link", "note_mark", _note_mark)
        self.inline.ruler.at("html_inline", _raw_html)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        """Keep Arabic addresses readable: nothing is percent-encoded."""
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the library's name
        """Keep the text of `<https://...>` as it is."""
        return link


@cache
def parser() -> Parser:
    """One for all."""
    return Parser()


def parse(tokens: Iterable[Token]) -> tuple[str, tuple[Mark, ...]]:
    """Children of a markdown-it inline token as plain text and marks; a soft break is a bare newline.

    `*داعش* فرّ` -> `'داعش فرّ'`, `(emphasis 0-4,)`
    """
    text: list[str] = []
    length = 0
    marks: list[Mark] = []
    opened: list[tuple[str, int, tuple[tuple[str, str], ...]]] = []
    for token in tokens:
        piece, kind = token.content, ""
        data: tuple[tuple[str, str], ...] = ()
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "softbreak":
            piece = "\n"
        elif token.type == "hardbreak":
            piece, kind = "\n", "break"
        elif token.type == "code_inline":
            kind = "code"
        elif token.type == "html_inline":
            piece, kind, data = "", "html", (("html", token.content),)
        elif token.type == "image":
            piece, kind, data = parse(token.children or ())[0], "image", _data(token, "src", "title")
        elif name in SPANS and token.nesting == 1:
            opened.append((SPANS[name], length, _data(token, "href", "title") if name == "link" else ()))
            continue
        elif name in SPANS and token.nesting == -1:
            span, begin, its = opened.pop()
            if begin < length:
                marks.append(Mark(span, begin, length, its))
            continue
        if kind:
            marks.append(Mark(kind, length, length + len(piece), data))
        text.append(piece)
        length += len(piece)
    return "".join(text), ordered(marks)


def _data(token: Token, *names: str) -> tuple[tuple[str, str], ...]:
    found = tuple((name, str(token.attrs[name])) for name in names if token.attrs.get(name))
    return found or ((names[0], ""),)

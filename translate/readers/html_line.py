"""One paragraph of an HTML page as it is put together: its text, and marks for emphasis, links, code and pictures.

White space counts as one space, as in a browser. Knows no blocks but where their words begin.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translate.document import Mark
from translate.inline.html import safe_address
from translate.inline.marks import clip
from translate.inline.writing import render_markdown

if TYPE_CHECKING:
    from lxml.etree import _Element


def names(listed: str) -> frozenset[str]:
    """`'h1|p'` -> a set of names."""
    return frozenset(listed.split("|"))


BLOCKS = names(
    "address|article|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|header|hr|html|li|main|"
    "h1|h2|h3|h4|h5|h6|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|caption|ul"
)
"""Elements that begin a paragraph of their own."""
SPANS = {"em": "emphasis", "i": "emphasis", "strong": "strong", "b": "strong", "del": "strike", "s": "strike"}
SPANS |= {"strike": "strike", "code": "code", "kbd": "code", "samp": "code", "tt": "code", "a": "link"}
_SPACE = re.compile("[ \t\n\r\f]+")


class Line:
    """Text of one paragraph as it grows, with the marks over it."""

    def __init__(self) -> None:
        self.text = ""
        self.marks: list[Mark] = []

    def add(self, text: str | None) -> None:
        """Text of the page behind what is there."""
        piece = _SPACE.sub(" ", text or "")
        self.text += piece.lstrip(" ") if self.text[-1:] in ("", " ", "\n") else piece

    def add_break(self) -> None:
        """A hard line break; none at the beginning, and never two."""
        if self.text.strip() and not self.text.endswith("\n"):
            self.text += "\n"
            self.marks.append(Mark("break", len(self.text) - 1, len(self.text)))

    def add_element(self, element: _Element) -> None:
        """An element within the line, with what stands in it."""
        tag, begin = str(element.tag), len(self.text)
        if tag == "br":
            self.add_break()
        elif tag == "img":
            self.add(element.get("alt"))
            self._mark("image", begin, "src", element.get("src"))
        else:
            self.add(element.text)
            for child in element:
                if str(child.tag) in BLOCKS:
                    self.add(" ")
                self.add_element(child)
                self.add(child.tail)
            self._mark(SPANS.get(tag, ""), begin, "href", element.get("href"))

    def _mark(self, kind: str, begin: int, name: str, address: str | None) -> None:
        """A mark over what was added since; links and pictures only with an address a page may link to."""
        end = len(self.text.rstrip())
        begin += len(self.text[begin:end]) - len(self.text[begin:end].lstrip())
        data: tuple[tuple[str, str], ...] = ()
        if kind in ("link", "image"):
            safe = safe_address(address or "")
            kind, data = (kind, ((name, safe),)) if safe else ("", ())
        if kind and begin < end:
            self.marks.append(Mark(kind, begin, end, data))

    def take(self, one_line: bool = False, first: bool = True) -> str:
        """The line as Markdown; the next one begins."""
        begin, end = len(self.text) - len(self.text.lstrip()), len(self.text.rstrip())
        text, marks = self.text[begin:end], clip(self.marks, begin, end)
        self.text, self.marks = "", []
        if one_line:
            text, marks = text.replace("\n", " "), tuple(mark for mark in marks if mark.kind != "break")
        return render_markdown(text, marks, first)

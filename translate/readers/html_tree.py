"""An HTML element as Markdown, structure for structure: headings, paragraphs, lists, quotations, tables, code.

Takes what stands there and judges nothing: which part of a page is the article is for `html` to say, what is furniture
for `furniture`. Scripts, styles, menus, side columns, forms and frames are left out. lxml loads when it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from translate.errors import ArticleError
from translate.markdown import heading
from translate.readers.html_line import BLOCKS, Line, names

if TYPE_CHECKING:
    from lxml.etree import _Element

DROPPED = names(
    "script|style|noscript|template|iframe|object|embed|form|svg|math|head|nav|aside|button|select|audio|video|canvas"
)
IN_NO_CELL = names("blockquote|h1|h2|h3|h4|h5|h6|ol|pre|table|ul")
"""A table with one of these in a cell is there for the layout; its cells are read one after the other."""


def parse(text: str, where: str) -> _Element:
    """The root of a page."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ArticleError(f"is no HTML that can be read ({error})", where, "Save the text itself as .txt") from error
    return root


def strip(root: _Element) -> None:
    """Take out what is never read."""
    from lxml import etree

    etree.strip_elements(root, *DROPPED, with_tail=False)


def article(root: _Element) -> _Element | None:
    """The only `<article>`, or else the only `<main>`, of a page."""
    mains = [e for e in root.iter() if e.tag == "main" or e.get("role") == "main"]
    return next((found[0] for found in (list(root.iter("article")), mains) if len(found) == 1), None)


def to_markdown(element: _Element) -> str:
    r"""`<h2>تكريت</h2><ul><li>بند</li></ul>` -> `'## تكريت\\n\\n- بند\\n'`."""
    return "\n\n".join(_blocks(element)) + "\n"


def _blocks(element: _Element) -> Iterator[str]:
    """The blocks in an element, each as Markdown; loose text between them is a paragraph."""
    line = Line()
    line.add(element.text)
    for child in element:
        twice = child.tag == "br" and line.text.endswith("\n")
        if twice or child.tag in BLOCKS or next(child.iterdescendants(*BLOCKS), None) is not None:
            if paragraph := line.take():
                yield paragraph
            yield from () if twice else _block(child)
        else:
            line.add_element(child)
        line.add(child.tail)
    if paragraph := line.take():
        yield paragraph


def _block(element: _Element) -> Iterator[str]:
    tag = str(element.tag)
    if tag == "hr":
        yield "***"
    elif re.fullmatch("h[1-6]", tag):
        if text := _flat(element):
            yield heading(text, int(tag[1])).rstrip("\n")
    elif tag in ("ul", "ol"):
        if items := _items(element):
            yield ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)
    elif tag == "blockquote":
        if inner := "\n\n".join(_blocks(element)):
            yield "\n".join(f"> {line}".rstrip(" ") for line in inner.split("\n"))
    elif tag == "pre":
        yield from _code(element)
    elif tag == "table" and (rows := _rows(element)):
        yield from (text for caption in element.iter("caption") if (text := _flat(caption)))
        yield rows
    else:
        yield from _blocks(element)


def _flat(element: _Element, first: bool = True) -> str:
    """Everything in an element as one line."""
    line = Line()
    line.add_element(element)
    return line.take(one_line=True, first=first)


def _items(element: _Element) -> list[str]:
    """Items with their marks, later lines indented; what stands in a list outside an item belongs to the one before."""
    parts: list[list[str]] = []
    for child in element:
        inner = list(_blocks(child)) if child.tag == "li" else list(_block(child))
        if inner and (child.tag == "li" or not parts):
            parts.append(inner)
        else:
            parts[-1:] = [[*parts[-1], *inner]] if parts else []
    start = element.get("start") or ""
    number = int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1
    done = []
    for n, inner in enumerate(parts, number):
        mark = f"{n}. " if element.tag == "ol" else "- "
        done.append(mark + re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), "\n\n".join(inner)))
    return done


def _code(element: _Element) -> Iterator[str]:
    code = "".join("\n" if part is None else part for part in _code_parts(element)).strip("\n")
    named = " ".join(e.get("class") or "" for e in element.iter("pre", "code"))
    language = re.search(r"\blang(?:uage)?-([\w+#-]{1,30})", named)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    if code.strip():
        yield f"{fence}{language[1] if language else ''}\n{code}\n{fence}"


def _code_parts(element: _Element) -> Iterator[str | None]:
    """Text as it stands, None for a line break."""
    yield element.text or ""
    for child in element:
        yield from (None,) if child.tag == "br" else _code_parts(child)
        yield child.tail or ""


def _rows(element: _Element) -> str:
    """A table as Markdown, the first row as its head; empty when it has one column or is there for the layout."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
    rows = [row for row in rows if row]
    width = max((len(row) for row in rows), default=0)
    if width < 2 or any(next(cell.iterdescendants(*IN_NO_CELL), None) is not None for row in rows for cell in row):
        return ""
    cells = [[_flat(cell, first=False).strip().replace("|", "\\|") for cell in row] for row in rows]
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])

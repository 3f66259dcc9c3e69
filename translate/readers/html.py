"""An HTML page, or a piece of one, as an article: the main text is extracted and read as Markdown.

Where the page says which part is its article (`<article>` or `<main>`), and for a piece of a page, the structure is
taken as it stands; elsewhere trafilatura finds the text. The article's body is the Markdown made of it.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from translate.document import Article, Block, Kind
from translate.readers import html_date, html_tree, markdown
from translate.words import has_arabic

if TYPE_CHECKING:
    from lxml.etree import _Element

META = {"title": "title", "author": "author", "outlet": "sitename"}
"""Front matter field -> what trafilatura calls it. Its dates are guesses; ours come from `html_date`."""

STUMBLES = (LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError, RecursionError)
"""What trafilatura says of pages that it did not expect. Then the page is read without it."""

_PAGE = re.compile(r"<(?:html|body)\b", re.I)


def read(text: str, where: str = "") -> Article:
    """An HTML text as an article without slug, segments and numbers."""
    root = html_tree.parse(text, where)
    part = html_tree.article(root)
    meta = _meta(text)
    if date := html_date.published(root, root if part is None else part):
        meta["date"] = date
    body = _body(text, root, part)
    article = markdown.read(_drop_repeated_title(body, meta), where)
    meta = html_date.in_lines(article.blocks) | meta
    head = tuple(Block(0, kind, meta[name], field=name) for name, kind in markdown.FIELDS.items() if meta.get(name))
    blocks = article.blocks
    if meta.get("title") and blocks and blocks[0].kind is Kind.TITLE:
        blocks = (replace(blocks[0], kind=Kind.HEADING), *blocks[1:])  # the page's title is another
    return Article("", (*head, *blocks), meta, article.body, "markdown")


def _body(text: str, root: _Element, part: _Element | None) -> str:
    """The main text as Markdown: of the page's one article, of all of a piece of a page, or else as it is extracted."""
    html_tree.strip(root)
    if part is None and not _PAGE.search(text):
        part = root
    if part is not None and has_arabic(body := html_tree.to_markdown(part)):
        return body
    body = _extract(text)
    return body if has_arabic(body) else html_tree.to_markdown(root)


def _extract(text: str) -> str:
    import trafilatura

    try:
        body = trafilatura.extract(
            text,
            output_format="markdown",
            favor_recall=True,
            include_comments=False,
            include_links=True,
            include_formatting=True,
        )
    except STUMBLES:
        return ""
    return body or ""


def _meta(text: str) -> dict[str, str]:
    """What the page says about itself."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.extract_metadata(text, extensive=False)  # its dates are not used: no long search for them
    except STUMBLES:
        return {}
    values = {name: str(getattr(found, theirs, None) or "").strip() for name, theirs in META.items()} if found else {}
    return {name: " ".join(said.split()) for name, said in values.items() if said}


def _drop_repeated_title(body: str, meta: dict[str, str]) -> str:
    """The body without a first heading that says what the title in the front matter says."""
    if "title" not in meta:
        return body
    first = markdown.read(body).blocks[:1]
    if first and first[0].kind is Kind.TITLE and " ".join(first[0].text.split()) == meta["title"]:
        return body[first[0].end :].lstrip("# \t").lstrip("\n")
    return body

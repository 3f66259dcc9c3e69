"""An HTML page, or a piece of one, as an article: the main text is extracted and read as Markdown.

Trafilatura finds the article in the page and drops scripts, menus and comments; where it sees none (a bare fragment),
paragraphs, headings, items and quotations are taken as they stand. The article's body is the Markdown made of it.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from translate import inline
from translate.document import Article, Block, Kind
from translate.errors import ArticleError
from translate.readers import markdown
from translate.words import has_arabic

if TYPE_CHECKING:
    from lxml.etree import _Element

META = {"title": "title", "author": "author", "date": "date", "outlet": "sitename"}
"""Front matter field -> what trafilatura calls it."""
DROPPED = ("script", "style", "noscript", "template", "iframe", "object", "embed", "form", "svg", "math", "head")
PREFIXES = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "h5": "##### ", "h6": "###### "}
PREFIXES |= {"li": "- ", "blockquote": "> ", "p": "", "td": "", "th": "", "dd": "", "figcaption": "", "div": ""}

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(text: str, where: str = "") -> Article:
    """An HTML text as an article without slug, segments and numbers."""
    body, meta = _extract(text)
    if not has_arabic(body):
        body = _plain(text, where)
    article = markdown.read(_drop_repeated_title(body, meta), where)
    head = tuple(Block(0, kind, meta[name], field=name) for name, kind in markdown.FIELDS.items() if meta.get(name))
    return Article("", (*head, *article.blocks), meta, article.body, "markdown")


def _extract(text: str) -> tuple[str, dict[str, str]]:
    """Main text as Markdown, and what the page says about itself."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    body = trafilatura.extract(
        text,
        output_format="markdown",
        favor_recall=True,
        include_comments=False,
        include_links=True,
        include_formatting=True,
    )
    found = trafilatura.extract_metadata(text)
    values = {name: str(getattr(found, theirs, None) or "").strip() for name, theirs in META.items()} if found else {}
    if not _ISO.fullmatch(values.get("date", "")):
        values["date"] = ""
    return body or "", {name: " ".join(said.split()) for name, said in values.items() if said}


def _plain(text: str, where: str) -> str:
    """Markdown of the text in paragraphs, headings, items and cells, for pages in which no article is found."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ArticleError(f"is no HTML that can be read ({error})", where, "Save the text itself as .txt") from error
    etree.strip_elements(root, *DROPPED, with_tail=False)
    leaves = (e for e in root.iter(*PREFIXES) if next(e.iterdescendants(*PREFIXES), None) is None)
    lines = [PREFIXES[str(e.tag)] + _words(e) for e in leaves if _words(e)]
    if not lines:
        lines = [_words(root)]
    return "\n\n".join(lines) + "\n"


def _words(element: _Element) -> str:
    """The text in an element as one line of Markdown."""
    return inline.render_markdown(" ".join("".join(map(str, element.itertext())).split()))


def _drop_repeated_title(body: str, meta: dict[str, str]) -> str:
    """The body without a first heading that says what the title in the front matter says."""
    if "title" not in meta:
        return body
    first = markdown.read(body).blocks[:1]
    if first and first[0].kind is Kind.TITLE and " ".join(first[0].text.split()) == meta["title"]:
        return body[first[0].end :].lstrip("# \t").lstrip("\n")
    return body

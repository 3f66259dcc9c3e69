"""Templates -> XHTML pages: rendered, without control characters, and read back before anybody gets to see them.

Knows Jinja and the folder `book/` of the templates; no drafts, no package. Everything is escaped, an unknown variable
is an error, and a page that is not well-formed is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2
from lxml import etree
from markupsafe import Markup

from translate.errors import InputError, UsageError
from translate.site.paint import settle
from translate.site.templates import SHIPPED, environment

FOLDER = "book"
_HINT = "every variable a template may use is in site_templates/README.md"


class Pages:
    """The templates of one book."""

    def __init__(self, override: Path | None = None) -> None:
        if override is not None and not override.is_dir():
            raise UsageError("the template folder does not exist", str(override), "give a folder with book/ in it")
        self._override = override
        self._environment = environment(override)
        self._environment.filters["xml"] = as_xml

    def page(self, name: str, content: Mapping[str, object]) -> bytes:
        """One page of the book, well-formed: UTF-8, no control characters."""
        try:
            text = settle(self._environment.get_template(f"{FOLDER}/{name}").render(content))
        except jinja2.TemplateError as error:
            place = f"{FOLDER}/{name}:{getattr(error, 'lineno', '') or ''}".rstrip(":")
            raise InputError(f"the template cannot be used: {error}", place, _HINT) from error
        data = text.encode("utf-8")
        try:
            etree.fromstring(data, _parser())
        except etree.XMLSyntaxError as error:
            raise InputError(f"the page is no XHTML: {error}", f"{FOLDER}/{name}", _HINT) from error
        return data

    def file(self, name: str) -> bytes:
        """A file that is no template, such as `book.css`."""
        for folder in filter(None, (self._override, SHIPPED)):
            place = folder / FOLDER / name
            if place.is_file():
                return place.read_bytes()
        raise InputError("the file is not among the templates", f"{FOLDER}/{name}", _HINT)


def as_xml(html: Markup) -> Markup:
    """`'a<br>b'` -> `'a<br/>b'`: the one element of our sentences that HTML writes without an end."""
    return Markup(str(html).replace("<br>", "<br/>"))  # noqa: S704 - it is safe already; an escaped text has no "<"


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)

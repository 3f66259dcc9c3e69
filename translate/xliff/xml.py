"""XML as strangers hand it in and as we lay it out: read without fetching or expanding anything, written plainly.

Drafts and the formats of other programs go through here alike. Knows no format.
"""

from __future__ import annotations

from collections.abc import Collection

from lxml import etree

from translate.xliff.text import escape

LIMIT = 50_000_000
"""Bytes. A book of 100,000 sentences stays below it; whatever is larger is no article."""
TAG_LIMIT = 2_000_000
"""Start and end tags together: each costs far more memory than it takes on disk."""
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def root_of(text: str) -> etree._Element:
    """The root of well-formed XML. Comments and instructions are left out.

    Raises:
        etree.XMLSyntaxError: it is not well-formed.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(text.encode("utf-8"), parser)


def add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    """A new last child; its text is escaped, its attributes are not."""
    child = etree.SubElement(parent, tag, attributes)
    if text is not None:
        child.text = escape(text)
    return child


def append_text(parent: etree._Element, text: str) -> None:
    """Text behind whatever stands in `parent`."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def lay_out(element: etree._Element, inside: Collection[str], depth: int = 0) -> None:
    """White space inside the elements where it means nothing, so that a changed sentence is a few changed lines."""
    if element.tag not in inside or not len(element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        lay_out(child, inside, depth + 1)
        child.tail = element.text
    element[-1].tail = "\n" + "  " * depth


def dump(root: etree._Element) -> bytes:
    """UTF-8 with a declaration, a line end at the end."""
    written = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written + b"\n"

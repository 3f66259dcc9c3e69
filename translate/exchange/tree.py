"""XML for the exchange formats: reading what strangers wrote, and laying out what we write.

Nothing is fetched, no entity is expanded, no document type is looked into, and what is too large is refused. Knows no
format.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

from translate.errors import InputError

LIMIT = 50_000_000
"""Bytes of a file that is read back."""
TAG_LIMIT = 2_000_000

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_INNER_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,1000}\[", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,200}\?>")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def text_of(data: bytes, where: str) -> str:
    """UTF-8, or UTF-16 with its mark at the head, as text."""
    if len(data) > LIMIT:
        raise InputError(f"larger than {LIMIT:,} bytes", where, "send it back in parts")
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"not {encoding.removesuffix('-sig').upper()} (byte {error.start})"
        raise InputError(what, where, "save it as UTF-8") from error


def parse(data: bytes, where: str) -> etree._Element:
    """The root of well-formed XML that declares no entities.

    Raises:
        InputError: not XML, too large, or built to do harm.
    """
    text = text_of(data, where)
    if text.count("<") > TAG_LIMIT:
        raise InputError("too many elements", where, "send it back in parts")
    if _INNER_DOCTYPE.search(text):
        raise InputError("declares entities or a document type of its own, which no translation file needs", where)
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
    head = _DECLARATION.match(text)
    body = text[head.end() :] if head else text
    lines = text[: head.end()].count("\n") if head else 0
    try:
        root = etree.fromstring(("\n" * lines + body).encode("utf-8"), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise InputError(
            f"not well-formed XML ({getattr(error, 'msg', error)})", f"{where}:{line}" if line else where,
            "it was damaged on the way: ask for it again",
        ) from error  # fmt: skip
    if next(root.iter(etree.Entity), None) is not None:
        raise InputError("uses an entity that stands in another file", where, "write the character itself")
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its name space; empty for an entity that was not expanded."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def place(element: etree._Element, where: str) -> str:
    """`'a.tmx:120'`."""
    return f"{where}:{element.sourceline}" if element.sourceline else where


def append_text(parent: etree._Element, text: str) -> None:
    """Text behind whatever stands in `parent`."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def lay_out(element: etree._Element, inside: Collection[str], depth: int = 0) -> None:
    """Indent the children of elements in which white space means nothing."""
    if local(element) not in inside or not len(element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        lay_out(child, inside, depth + 1)
        child.tail = element.text
    element[-1].tail = "\n" + "  " * depth


def dump(root: etree._Element) -> bytes:
    """UTF-8 with a declaration, a line end at the end."""
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        + etree.tostring(root, encoding="UTF-8", xml_declaration=False)
        + b"\n"
    )

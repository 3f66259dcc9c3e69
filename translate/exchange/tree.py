"""XML that comes back from other programs: in UTF-16 too, with a document type if it declares nothing of its own.

Nothing is fetched, no entity is expanded, no document type is looked into, and what is too large is refused. Knows no
format; how XML is read and laid out is known to `translate.xliff.xml`.
"""

from __future__ import annotations

import re

from lxml import etree

from translate.errors import InputError
from translate.xliff.xml import LANG, LIMIT, SPACE, TAG_LIMIT, append_text, dump, lay_out, root_of

__all__ = ["LANG", "LIMIT", "SPACE", "append_text", "dump", "lay_out", "local", "parse", "place", "text_of"]

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
    head = _DECLARATION.match(text)
    body = text[head.end() :] if head else text
    lines = text[: head.end()].count("\n") if head else 0
    try:
        root = root_of("\n" * lines + body)
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

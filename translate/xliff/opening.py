"""A file that should be a draft, opened: what is no XML, no XLIFF 2 or no draft, and what to do about it."""

from __future__ import annotations

import re

from lxml import etree

from translate.errors import DraftError
from translate.xliff.names import CORE
from translate.xliff.xml import LIMIT, TAG_LIMIT, root_of

_DOCTYPE = re.compile(r"\s*+(?>(?:<\?(?>.*?\?>)|<!--(?>.*?-->))\s*+)*+<!", re.DOTALL)
_CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)


def tree(data: bytes, where: str) -> etree._Element:
    """Well-formed UTF-8 XML without a document type; nothing is ever fetched or expanded."""
    if len(data) > LIMIT or data.count(b"<") > TAG_LIMIT:
        raise DraftError(f"larger than a draft can be ({len(data):,} bytes)", where)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DraftError(f"not UTF-8 (byte {error.start})", where, "Save it as UTF-8") from error
    if _DOCTYPE.match(text):
        raise DraftError("has a document type declaration, which no draft has", where, "Restore it from git")
    conflict = _CONFLICT.search(text) if "<<<<<<<" in text or ">>>>>>>" in text else None
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        raise DraftError("has an unsolved git conflict", f"{where}:{line}", "Keep one version of each sentence")
    try:
        root = root_of(text)
    except etree.XMLSyntaxError as error:
        raise DraftError(
            f"not well-formed XML ({error.msg})", where, "Mend that line: & is written &amp; and < is written &lt;"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DraftError("has a document type declaration, which no draft has", where, "Restore it from git")
    return root


def bad(where: str, element: etree._Element | None, what: str, hint: str = "") -> DraftError:
    """What is wrong with an element, and the line it stands in."""
    line = f":{element.sourceline}" if element is not None and element.sourceline else ""
    return DraftError(what, where + line, hint)


def file_of(root: etree._Element, where: str) -> etree._Element:
    """The one `<file>` that is the article."""
    name = etree.QName(root)
    if name.localname == "xliff" and name.namespace == "urn:oasis:names:tc:xliff:document:1.2":
        raise bad(where, root, "XLIFF 1.2, and drafts are XLIFF 2.1", "Export it as XLIFF 2.1")
    if root.tag != CORE + "xliff" or root.get("version") not in ("2.0", "2.1"):
        raise bad(where, root, "not XLIFF 2.1", "A draft is what `tarjuman draft` writes into drafts/")
    if root.get("srcLang", "").lower().split("-")[0] != "ar":
        raise bad(where, root, f"the source language is {root.get('srcLang', 'missing')[:20]!r}, not 'ar'")
    file = root.find(CORE + "file")
    if file is None:
        raise bad(where, root, "XLIFF without a file in it")
    return file

"""The frame of an EPUB 3: the package document and the archive, with the same bytes for the same content.

Knows what a book says about itself and which files it has; no template and no draft. The archive has no clock in it,
and `mimetype` is its first file, stored as it is: that is how a reading system knows an EPUB.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from lxml import etree

from translate import __version__
from translate.books.content import Book
from translate.site.paint import settle

OPF, DC, XML = (
    "http://www.idpf.org/2007/opf",
    "http://purl.org/dc/elements/1.1/",
    "http://www.w3.org/XML/1998/namespace",
)
ROOT, PACKAGE = "EPUB", "package.opf"
CONTAINER = f"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="{ROOT}/{PACKAGE}" media-type="application/oebps-package+xml"/></rootfiles>
</container>
""".encode("ascii")
TYPES = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
ACCESSIBILITY = (
    ("schema:accessMode", "textual"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessibilityFeature", "alternativeText"),
    ("schema:accessibilityFeature", "displayTransformability"),
    ("schema:accessibilityFeature", "readingOrder"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityHazard", "none"),
    (
        "schema:accessibilitySummary",
        "Text only. Every sentence has its language and direction. The marks of the state of a translation are told by"
        " shape and have a text alternative.",
    ),
)
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o100644 << 16
_MACHINE = "Machine translation (Tarjuman)"


def epub(book: Book, files: Mapping[str, bytes], spine: list[str], cover: str = "") -> bytes:
    """The archive: `files` by their path inside the book, `spine` those that are read one after the other."""
    inside = {f"{ROOT}/{PACKAGE}": package(book, files, spine, cover)}
    inside |= {f"{ROOT}/{path}": files[path] for path in sorted(files)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _put(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _put(archive, "META-INF/container.xml", CONTAINER, zipfile.ZIP_DEFLATED)
        for path, data in inside.items():
            _put(archive, path, data, zipfile.ZIP_STORED if path.endswith(".woff2") else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _put(archive: zipfile.ZipFile, path: str, data: bytes, how: int) -> None:
    info = zipfile.ZipInfo(path, _TIME)
    info.compress_type, info.create_system, info.external_attr = how, _UNIX, _MODE
    archive.writestr(info, data, compresslevel=9 if how == zipfile.ZIP_DEFLATED else None)


def package(book: Book, files: Mapping[str, bytes], spine: list[str], cover: str = "") -> bytes:
    """The package document: metadata, manifest, reading order and the side on which the next page lies."""
    root = etree.Element(
        f"{{{OPF}}}package",
        {"version": "3.0", "unique-identifier": "identifier", f"{{{XML}}}lang": book.first},
        nsmap={None: OPF},  # type: ignore[dict-item]  # the stubs do not know the namespace without a prefix
    )
    _metadata(root, book)
    manifest = etree.SubElement(root, f"{{{OPF}}}manifest")
    ids = {path: f"file-{number}" for number, path in enumerate(sorted(files), 1)}
    for path, name in ids.items():
        item = {"id": name, "href": path, "media-type": TYPES[PurePosixPath(path).suffix]}
        found = [kind for kind, true in _properties(path, files[path], cover) if true]
        etree.SubElement(manifest, f"{{{OPF}}}item", item | ({"properties": " ".join(found)} if found else {}))
    order = etree.SubElement(root, f"{{{OPF}}}spine", {"page-progression-direction": book.direction})
    for path in spine:
        etree.SubElement(order, f"{{{OPF}}}itemref", {"idref": ids[path]})
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"


def _properties(path: str, data: bytes, cover: str) -> tuple[tuple[str, bool], ...]:
    page = path.endswith(".xhtml")
    return (("nav", path == "nav.xhtml"), ("svg", page and b"<svg" in data), ("cover-image", path == cover))


def _metadata(root: etree._Element, book: Book) -> None:
    """Who, what, when: in both languages where it is known in both."""
    about = etree.SubElement(root, f"{{{OPF}}}metadata", nsmap={"dc": DC})

    def add(name: str, text: str, language: str = "", **more: str) -> None:
        element = etree.SubElement(about, f"{{{DC}}}{name}", more)
        element.text = text
        if language:
            element.set(f"{{{XML}}}lang", language)

    def meta(name: str, text: str, language: str = "", **more: str) -> None:
        element = etree.SubElement(about, f"{{{OPF}}}meta", {"property": name, **more})
        element.text = text
        if language:
            element.set(f"{{{XML}}}lang", language)

    add("identifier", book.identifier, id="identifier")
    titles = [("ar", book.arabic), ("en", book.english)]
    titles = [pair for pair in (titles if book.first == "ar" else titles[::-1]) if pair[1]] or [("", book.title)]
    for number, (language, title) in enumerate(titles):
        if number == 0:
            add("title", title, language, id="title", **({"dir": "rtl"} if language == "ar" else {}))
        else:
            meta("alternate-script", title, language, refines="#title")
    for language in ("ar", "en") if book.first == "ar" else ("en", "ar"):
        add("language", language)
    facts = [_facts(chapter.article.facts) for chapter in book.chapters]
    for number, author in enumerate(dict.fromkeys(fact["author"] for fact in facts if fact.get("author")), 1):
        add("creator", author, id=f"author-{number}")
        meta("role", "aut", refines=f"#author-{number}", scheme="marc:relators")
    for number, who in enumerate((*book.people, *_machine(book)), 1):
        add("contributor", who, id=f"translator-{number}")
        meta("role", "trl", refines=f"#translator-{number}", scheme="marc:relators")
    if book.published:
        add("date", book.published)
    origins = (
        chapter.article.source or fact.get("outlet", "") for chapter, fact in zip(book.chapters, facts, strict=True)
    )
    for origin in dict.fromkeys(origins):
        if origin:
            add("source", origin)
    add("type", "bilingual")
    meta("dcterms:modified", book.modified)
    meta("dcterms:provenance", _provenance(book), "en")
    for name, value in ACCESSIBILITY:
        meta(name, value)


def _facts(facts: tuple[tuple[str, str, str, str], ...]) -> dict[str, str]:
    return {key: " ".join(settle(value).split()) for key, _, _, value in facts}


def _machine(book: Book) -> tuple[str, ...]:
    """The machine is named as long as a sentence of its own stands there."""
    return (_MACHINE,) if book.tally.machine else ()


def _provenance(book: Book) -> str:
    tally = book.tally
    return (
        f"Translated from Arabic: {tally.total} sentences, {tally.approved} approved and {tally.edited} edited by a"
        f" person, {tally.machine} by machine and not reviewed, {tally.new} not translated. Made with Tarjuman"
        f" {__version__}."
    )

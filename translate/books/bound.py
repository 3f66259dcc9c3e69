"""Drafts -> an EPUB 3: the pages rendered, the style and fonts beside them, everything in one archive.

Title page, contents, one chapter an article, the glossary of the terms that occur, and how it was all made.
"""

from __future__ import annotations

from collections.abc import Sequence

from translate.books.content import book
from translate.books.fonts import FOLDER, SCREEN, faces, shipped
from translate.books.package import epub
from translate.books.pages import Pages
from translate.books.settings import BookSettings
from translate.document import Draft

GLOSSARY = "../glossary.xhtml"
"""Where the glossary is, seen from a chapter."""


def bind(drafts: Sequence[Draft], settings: BookSettings) -> bytes:
    """The articles in their order as one EPUB; the same drafts and settings give the same bytes."""
    whole = book(drafts, settings, GLOSSARY)
    pages = Pages(settings.templates)
    fonts = shipped(SCREEN, settings.templates)
    files = {f"{FOLDER}/{name}": data for name, data in fonts.items()}
    files["book.css"] = pages.file("book.css")
    if fonts:
        files["fonts.css"] = faces(SCREEN, fonts)
    sheets = tuple(sorted(path for path in files if path.endswith(".css")))
    ends = ["glossary", "provenance"] if whole.entries else ["provenance"]
    for name in ("title", "nav", *ends):
        files[f"{name}.xhtml"] = pages.page(f"{name}.xhtml", {"book": whole, "sheets": sheets, "root": ""})
    for chapter in whole.chapters:
        content = {"book": whole, "sheets": sheets, "root": "../", "chapter": chapter}
        files[chapter.path] = pages.page("chapter.xhtml", content)
    order = ["title.xhtml", "nav.xhtml", *(c.path for c in whole.chapters), *(f"{name}.xhtml" for name in ends)]
    return epub(whole, files, order)

"""What a person can ask of a book besides its articles: plain data, no template and no file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from translate.site.settings import GlossaryRow

LANGUAGES = {"arabic": "ar", "english": "en"}
"""What a person says -> the code of the language that stands first."""
DIRECTIONS = {"ar": "rtl", "en": "ltr"}


@dataclass(frozen=True, slots=True)
class BookSettings:
    """Everything about a book that is not in the drafts."""

    name: str = ""
    """"mosul" - of a book of several articles; its identifier is made of it. Empty for a single article."""
    title: str = ""
    """"Mosul in two languages"; empty: the article's own title, or the name."""
    title_arabic: str = ""
    first: str = "ar"
    """"ar" or "en": the language that stands first. A book that begins with Arabic is read from right to left."""
    glossary: tuple[GlossaryRow, ...] = ()
    """The term base: what is said about the terms that occur."""
    paper: str = "a4"
    """A name in `paper.PAPERS`; for print only."""
    templates: Path | None = None
    """A folder whose `book/` stands before the one that ships."""

    @property
    def direction(self) -> str:
        """`'ar'` -> `'rtl'`: of the pages, and of what is in neither language."""
        return DIRECTIONS[self.first]

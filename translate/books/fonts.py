"""The fonts that a book carries.

Literal tables of files and what each is for; a file that is missing is left out, and the reader's own fonts stand in.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from translate.site.templates import SHIPPED

FOLDER = "fonts"
_SITE, _PRINT = "static/fonts", "book/fonts"
"""Where they are among the templates."""
_ARABIC = "U+600-6FF, U+200C-200F, U+25CC, U+FD3E-FD3F, U+FDF2, U+FDFA"


@dataclass(frozen=True, slots=True)
class Font:
    """One file."""

    place: str
    """"static/fonts" """
    name: str
    family: str
    ranges: str = ""
    """The characters it is asked for; empty for all."""
    style: str = "normal"
    weight: str = "400 700"


_LATIN = (
    Font(_SITE, "serif.woff2", "Tarjuman Serif"),
    Font(
        _SITE,
        "serif-romanised.woff2",
        "Tarjuman Serif",
        "U+100-130, U+132-151, U+154-15F, U+162-177, U+179-17C, U+218-21B, U+2BE-2BF, U+300-331, U+1E0C-1E96",
    ),
    Font(_SITE, "serif-italic.woff2", "Tarjuman Serif", style="italic"),
)
SCREEN = (
    Font(_SITE, "naskh.woff2", "Tarjuman Naskh", _ARABIC),
    Font(_SITE, "naskh-signs.woff2", "Tarjuman Naskh", "U+20-7D, U+A0-D7, U+2010-203A"),
    *_LATIN,
)
"""For reading systems: those of the site."""
PAPER = (
    Font(_PRINT, "amiri.woff2", "Tarjuman Amiri", _ARABIC, weight="400"),
    Font(_PRINT, "amiri-bold.woff2", "Tarjuman Amiri", _ARABIC, weight="700"),
    *_LATIN,
)
"""For print: an Arabic whose letters are one glyph each, so that a PDF can be searched and copied from."""


def shipped(fonts: Sequence[Font], override: Path | None = None) -> dict[str, bytes]:
    """Name -> bytes of the fonts and their licences, as far as they are there."""
    found: dict[str, bytes] = {}
    for font in fonts:
        if (data := _read(f"{font.place}/{font.name}", override)) is not None:
            found[font.name] = data
    for place in sorted({font.place for font in fonts if font.name in found}):
        if (licence := _read(f"{place}/OFL.txt", override)) is not None:
            found[f"OFL-{place.split('/', maxsplit=1)[0]}.txt"] = licence
    return found


def _read(path: str, override: Path | None) -> bytes | None:
    places = [folder / path for folder in (override, SHIPPED) if folder is not None]
    return next((place.read_bytes() for place in places if place.is_file()), None)


def faces(fonts: Sequence[Font], there: Container[str]) -> bytes:
    """The rules that bring in the fonts that are there, from the folder `fonts` beside the style."""
    return "".join(_face(font) for font in fonts if font.name in there).encode("ascii")


def _face(font: Font) -> str:
    ranges = f" unicode-range: {font.ranges};" if font.ranges else ""
    return (
        f'@font-face {{ font-family: "{font.family}"; font-style: {font.style}; font-weight: {font.weight};'
        f' src: url("{FOLDER}/{font.name}") format("woff2");{ranges} }}\n'
    )

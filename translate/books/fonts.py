"""The fonts that a book carries: those of the site, where they are there, and none otherwise.

A literal table of files and what each is for; a file that is missing is left out, and the reader's own fonts stand in.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from translate.site.templates import SHIPPED

FOLDER = "fonts"
LICENCE = "OFL.txt"


@dataclass(frozen=True, slots=True)
class Font:
    """One file."""

    name: str
    family: str
    style: str
    ranges: str
    """The characters it is asked for; empty for all."""


FONTS = (
    Font("naskh.woff2", "Tarjuman Naskh", "normal", "U+600-6FF, U+200C-200F, U+25CC, U+FD3E-FD3F, U+FDF2, U+FDFA"),
    Font("naskh-signs.woff2", "Tarjuman Naskh", "normal", "U+20-7D, U+A0-D7, U+2010-203A"),
    Font("serif.woff2", "Tarjuman Serif", "normal", ""),
    Font("serif-romanised.woff2", "Tarjuman Serif", "normal", "U+100-130, U+132-151, U+154-15F, U+162-177, U+179-17C, "
         "U+218-21B, U+2BE-2BF, U+300-331, U+1E0C-1E96"),
    Font("serif-italic.woff2", "Tarjuman Serif", "italic", ""),
)  # fmt: skip


def shipped(override: Path | None = None) -> dict[str, bytes]:
    """Name -> bytes of the fonts and their licence, as far as they are there."""
    found: dict[str, bytes] = {}
    for name in (*(font.name for font in FONTS), LICENCE):
        for folder in filter(None, (override, SHIPPED)):
            place = folder / "static" / FOLDER / name
            if place.is_file():
                found[name] = place.read_bytes()
                break
    return found if len(found) > 1 else {}


def faces(there: Mapping[str, bytes], inline: bool = False) -> str:
    """The rules that bring the fonts in: by their place in the book, or `inline` in the style itself."""
    return "".join(_face(font, there[font.name], inline) for font in FONTS if font.name in there)


def _face(font: Font, data: bytes, inline: bool) -> str:
    packed = f"data:font/woff2;base64,{base64.b64encode(data).decode('ascii')}" if inline else f"{FOLDER}/{font.name}"
    ranges = f" unicode-range: {font.ranges};" if font.ranges else ""
    return (
        f'@font-face {{ font-family: "{font.family}"; font-style: {font.style}; font-weight: 400 700;'
        f' src: url("{packed}") format("woff2");{ranges} }}\n'
    )

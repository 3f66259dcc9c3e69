"""Cuts the fonts of the site to what Arabic journalism and its English need.

    npm pack @fontsource-variable/noto-naskh-arabic @fontsource-variable/source-serif-4     # in an empty folder
    npm pack @fontsource/amiri
    for package in *.tgz; do mkdir "${package%-*}"; tar xzf "$package" -C "${package%-*}" --strip 1; done
    pip install fonttools brotli
    python scripts/fonts.py FOLDER

Writes `site_templates/static/fonts/` and, for print, `site_templates/book/fonts/`. Weight 400 to 700 stays variable
where it is; Arabic keeps every shaping feature. The licence keeps the name "Source" for its makers, so the cut fonts
carry names of their own.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).parent.parent / "site_templates"
OUT = "static/fonts"
PRINT = "book/fonts"
"""Noto Naskh puts letters together from strokes and dots, and a PDF made with it cannot be searched; Amiri does not."""

SIGNS = "20-22 25-3F 5B-5D 7B-7D A0 AB BB B7 D7 2010-2015 2018-201E 2022 2026 2030 2032 2033 2039 203A"
"""What stands between Arabic words and comes from the Latin half of their font, so that it has their weight."""
ARABIC = (
    "20 A0 609 60C 615 61B 61C 61F 621-63A 640-655 660-66D 670 671 67E 686 698 6A4 6A9 6AF 6C0 6C1 6CC 6D4 6D5 6F0-6F9 "
    "200C-200F 25CC FD3E FD3F FDF2 FDFA"
)
"""Arabic and Persian letters, their signs and digits, God's name and the blessing."""
LATIN = (
    "20-7E A0-FF 131 152 153 160 161 178 17D 17E 2BB 2BC 2C6 2DA 2DC 2010-2015 2018-201E 2020-2022 2026 2030 2032 2033 "
    "2039 203A 2044 20AC 2122 2190-2193 2212"
)
ROMANISED = (
    "100-17F 218-21B 2BE 2BF 300-304 307 308 323 32E 331 1E0C-1E0F 1E24-1E2B 1E5A 1E5B 1E62 1E63 1E6C-1E6F 1E92-1E96"
)
"""Names as scholars write them, ʿAlāʾ al-Dīn: a file of its own, asked for by the pages that need it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One file: where it comes from, what of it, and how it is called."""

    name: str
    source: str
    family: str
    characters: str
    features: str
    folder: str = OUT


_SERIF, _NASKH = "source-serif-4", "noto-naskh-arabic"
_LATIN_FEATURES = "kern liga mark mkmk ccmp locl tnum lnum onum pnum"
_BOOK_FEATURES = "ccmp locl isol init medi fina rlig liga calt curs kern mark mkmk"
CUTS = (
    Cut("naskh", f"{_NASKH}-arabic-wght-normal", "Tarjuman Naskh", ARABIC, "*"),
    Cut("naskh-signs", f"{_NASKH}-latin-wght-normal", "Tarjuman Naskh", SIGNS, "kern mark mkmk ccmp locl"),
    Cut("serif", f"{_SERIF}-latin-wght-normal", "Tarjuman Serif", LATIN, _LATIN_FEATURES),
    Cut("serif-italic", f"{_SERIF}-latin-wght-italic", "Tarjuman Serif", LATIN, _LATIN_FEATURES),
    Cut("serif-romanised", f"{_SERIF}-latin-ext-wght-normal", "Tarjuman Serif", ROMANISED, _LATIN_FEATURES),
    Cut("amiri", "amiri-arabic-400-normal", "Tarjuman Amiri", ARABIC, _BOOK_FEATURES, PRINT),
    Cut("amiri-bold", "amiri-arabic-700-normal", "Tarjuman Amiri", ARABIC, _BOOK_FEATURES, PRINT),
)


def characters(ranges: str) -> set[int]:
    """`'20-22 A0'` -> {32, 33, 34, 160}."""
    found: set[int] = set()
    for one in ranges.split():
        first, _, last = one.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def make(cut: Cut, folder: Path) -> bytes:
    """One font, cut, renamed and packed."""
    (place,) = folder.rglob(f"{cut.source}.woff2")
    font = TTFont(place, recalcTimestamp=False)
    options = subset.Options(layout_features=cut.features.split(), name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters(cut.characters))
    subsetter.subset(font)
    if "fvar" in font:
        instancer.instantiateVariableFont(font, {"wght": (400, 700)}, inplace=True)
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = cut.family
    font.flavor = "woff2"
    out = ROOT / cut.folder / f"{cut.name}.woff2"
    out.parent.mkdir(parents=True, exist_ok=True)
    font.save(out)
    return out.read_bytes()


def main(folder: Path) -> None:
    """All of them, and their sizes."""
    for cut in CUTS:
        sys.stdout.write(f"{cut.name}.woff2 {len(make(cut, folder)) / 1000:.1f} kB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

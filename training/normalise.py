"""The Arabic-aware normalisation that is baked into the SentencePiece model.

SentencePiece reads a table of `from<TAB>to` code-point sequences (hexadecimal). Building the table here, once, means
that `MarianTokenizer` alone is right: raw newspaper text needs no preprocessing in front of it.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

DROPPED = [
    *range(0x0610, 0x061B),  # Koranic marks
    *range(0x064B, 0x0660),  # tashkeel
    0x0670,  # dagger alif
    0x0640,  # tatweel
    *range(0x200B, 0x2010),  # zero-width and bidi marks
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0x2066, 0x206A),
    0xFEFF,
    0x00AD,
]
REPLACED = {
    **dict.fromkeys("أإآٱ", "ا"),
    **{"ى": "ي", "ی": "ي", "ک": "ك", "گ": "ك", "ہ": "ه", "ھ": "ه"},
    **{"،": ",", "؛": ";", "؟": "?", "٪": "%", "٫": ".", "٬": ",", "…": "...", "۔": "."},
    **dict.fromkeys("«»“”„‟″", '"'),
    **dict.fromkeys("‘’‚‛`´′", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **{chr(0x0660 + digit): str(digit) for digit in range(10)},
    **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    **dict.fromkeys("\t\n\r\u0085\u00a0\u2028\u2029", " "),
}


def normalise(text: str) -> str:
    """The same normalisation in Python, for cleaning: `'الأَيْسَر،'` -> `'الايسر,'`."""
    composed = unicodedata.normalize("NFKC", text)
    dropped = composed.translate(dict.fromkeys(DROPPED))
    return " ".join("".join(REPLACED.get(char, char) for char in dropped).split())


def _rules() -> dict[str, str]:
    rules: dict[str, str] = {}
    for code in range(1, sys.maxunicode + 1):
        if 0xD800 <= code <= 0xDFFF:
            continue
        char = chr(code)
        composed = unicodedata.normalize("NFKC", char)
        kept = "".join("" if ord(c) in DROPPED else REPLACED.get(c, c) for c in composed)
        if code in DROPPED or (unicodedata.category(char) == "Cc" and char not in "\t\n\r\u0085"):
            kept = ""
        if kept != char:
            rules[char] = kept
        parts = unicodedata.normalize("NFD", char)
        if len(parts) > 1 and kept != parts:  # base + combining marks, typed apart
            rules.setdefault(parts, kept)
    return rules


def write_table(path: Path) -> None:
    """Write the table in SentencePiece's `normalization_rule_tsv` format."""

    def code_points(text: str) -> str:
        return " ".join(f"{ord(char):X}" for char in text)

    rows = (f"{code_points(source)}\t{code_points(target)}" for source, target in sorted(_rules().items()))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")

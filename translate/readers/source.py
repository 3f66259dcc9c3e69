"""From bytes to clean text, or one plain sentence about why not.

The only place where text is normalised: NFC, one kind of line end, no byte order mark. What comes after relies on it.
"""

from __future__ import annotations

import re
from pathlib import Path

from translate.composed import composed
from translate.errors import ArticleError

MAX_BYTES = 50_000_000
"""Larger files are not articles."""
MAX_LINES = 500_000
"""Nor are longer ones; the library for Markdown keeps a hundred bytes for each line, empty ones too."""
SIGNATURES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive (perhaps .docx, .odt or .epub)",
    b"\xd0\xcf\x11\xe0": "an old Microsoft Office file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "a gzip archive",
    b"{\\rtf": "an RTF document",
}
WIDE = {b"\xff\xfe": "UTF-16LE", b"\xfe\xff": "UTF-16BE"}

_CONTROL = re.compile("[\x01-\x08\x0e-\x1b\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e]")


def load(path: Path) -> bytes:
    """The bytes of an article file."""
    where = str(path)
    if path.is_dir():
        raise ArticleError("is a folder, not an article", where, "Name the files in it, such as folder/*.md")
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise _too_large(size, where)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ArticleError("no such file", where, "Check the spelling, and the folder you are in") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArticleError(f"cannot be read ({reason})", where, "Check its permissions") from error


def decode(data: bytes, where: str) -> str:
    r"""Bytes as text: `b'\xef\xbb\xbf\xd9\x86\r\n'` -> `'ن\n'`."""
    if len(data) > MAX_BYTES:
        raise _too_large(len(data), where)
    for start, what in SIGNATURES.items():
        if data.startswith(start):
            raise ArticleError(f"is {what}, not text", where, "Save it as plain text, Markdown or HTML first")
    for start, name in WIDE.items():
        if data.startswith(start):
            advice = f"Convert it with: iconv -f {name} -t UTF-8"
            raise ArticleError(f"is {name}, not UTF-8 (byte offset 0)", where, advice)
    if (nul := data.find(b"\0")) >= 0:
        raise ArticleError(f"has a NUL byte at byte offset {nul}", where, "It is no text file, or it is damaged")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        advice = "Convert it, for example with: iconv -f WINDOWS-1256 -t UTF-8"
        raise ArticleError(f"is not UTF-8 (byte offset {offset})", where, advice) from error
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        what = f"has a control character U+{ord(control.group()):04X} in line {line}"
        raise ArticleError(f"is binary: it {what}", where, "Take it out, or save the article as plain text")
    text = composed(_BREAKS.sub("\n", text))
    if (lines := text.count("\n")) > MAX_LINES:
        raise ArticleError(f"has {lines:,} lines; the limit is {MAX_LINES:,}", where, "Cut it into articles of its own")
    if not text.strip():
        raise ArticleError("is empty", where, "There is nothing to translate")
    return text


def _too_large(size: int, where: str) -> ArticleError:
    return ArticleError(
        f"is {size / 1e6:.0f} MB; the limit is {MAX_BYTES / 1e6:.0f} MB", where, "Cut it into articles of its own"
    )

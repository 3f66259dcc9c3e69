"""Addresses in an article -> addresses that a book can hold.

A book is read far from the site an article came from: a relative address leads nowhere in it and is none, and the
others are written as the standard for addresses has it, whatever stood there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote, urlsplit, urlunsplit

from translate.document import Block, Draft, Mark
from translate.inline.html import safe_address

_WEB = frozenset({"http", "https"})
_PATH = "/:@!$&'()*+,;=%~"
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*\.?")
_MAIL = re.compile(r"[A-Za-z0-9.!#$&'*+/=^_{}~-]+@[A-Za-z0-9.-]+")


def portable(address: str) -> str:
    """`'https://example.org/a b'` -> `'https://example.org/a%20b'`; `'/about'` and `'javascript:x'` -> `''`."""
    try:
        parts = urlsplit(safe_address(address))
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme == "mailto":
        return f"mailto:{parts.path}" if _MAIL.fullmatch(parts.path) else ""
    if parts.scheme not in _WEB or not _HOST.fullmatch(host):
        return ""
    place = f"{host}:{port}" if port is not None else host
    return urlunsplit(
        (parts.scheme, place, _written(parts.path), _written(parts.query, "?"), _written(parts.fragment, "?"))
    )


def _written(text: str, more: str = "") -> str:
    return quote(_STRAY.sub("%25", text), safe=_PATH + more, errors="replace")


def detached(draft: Draft) -> Draft:
    """The same draft, its links and images with addresses that a book can hold; a link without one is plain words."""
    blocks = tuple(_block(block) for block in draft.article.blocks)
    targets = {name: replace(target, marks=_marks(target.marks)) for name, target in draft.targets.items()}
    return replace(draft, article=replace(draft.article, blocks=blocks), targets=targets)


def _block(block: Block) -> Block:
    segments = tuple(replace(segment, marks=_marks(segment.marks)) for segment in block.segments)
    return replace(block, marks=_marks(block.marks), segments=segments)


def _marks(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(replace(mark, data=tuple(_datum(*datum) for datum in mark.data)) for mark in marks)


def _datum(name: str, value: str) -> tuple[str, str]:
    return name, portable(value) if name in ("href", "src") else value

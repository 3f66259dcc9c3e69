"""Where everything is on the site: the one place where a path is put together.

All paths are counted from the site's root and are made of an article's slug, a term's anchor, numbers, and names that
this file spells itself: no text becomes part of one. Knows no page and no content.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, urlsplit

from translate.errors import UsageError

INDEX = "index.html"
ARCHIVE = "archive/index.html"
GLOSSARY = "glossary.html"
GLOSSARY_ENGLISH = "glossary-english.html"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"

_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_NUMBERED = re.compile(r".*-[0-9]+|t-[0-9a-f]{10}")
"""Names that a page number or a made-up name could be taken for."""
_LONGEST = 60
_RESERVED = frozenset({"index", "con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})
"""Names that have a meaning of their own, ours or that of Windows."""
_IN_ADDRESS = ":/?@!$&'()*+,;=%[]~"
"""What stays as it is in an address; the rest is written as %D8%A7."""


@lru_cache(maxsize=4_096)
def name(text: str) -> str:
    """`'ISIS documents'` -> `'isis-documents'`; `'أخبار الآن'` -> `'t-'` and ten hexadecimal digits: safe in a path."""
    words = " ".join(text.split())
    plain = words.lower().replace(" ", "-")
    if _PLAIN.fullmatch(plain) and len(plain) <= _LONGEST and plain not in _RESERVED and not _NUMBERED.fullmatch(plain):
        return plain
    return "t-" + sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def article(slug: str) -> str:
    """`'mosul-defectors'` -> `'articles/mosul-defectors.html'`."""
    return f"articles/{slug}.html"


def archive(number: int = 0) -> str:
    """`3` -> `'archive/page-3.html'`, counted from the oldest; 0 is the newest page."""
    return f"archive/page-{number}.html" if number else ARCHIVE


def year(year: str, number: int = 0) -> str:
    """`'2018'` -> `'archive/2018.html'`; `'2018', 3` -> `'archive/2018-3.html'`; `''` are the undated ones."""
    return f"archive/{_numbered(year or 'undated', number)}"


def topic(text: str, number: int = 0) -> str:
    """`'ISIS documents'` -> `'topics/isis-documents.html'`."""
    return f"topics/{_numbered(name(text), number)}"


def outlet(text: str, number: int = 0) -> str:
    """`'Al-Sabah'` -> `'outlets/al-sabah.html'`."""
    return f"outlets/{_numbered(name(text), number)}"


@lru_cache(maxsize=65_536)
def term(anchor: str, number: int = 0) -> str:
    """`'t1f2e3d4c5b'` -> `'terms/t1f2e3d4c5b.html'`."""
    return f"terms/{_numbered(anchor, number)}"


def feed(lang: str) -> str:
    """`'ar'` -> `'feeds/ar.xml'`."""
    return f"feeds/{lang}.xml"


def absolute(base_url: str, path: str) -> str:
    """`'https://example.org/mosul', 'about.html'` -> `'https://example.org/mosul/about.html'`; empty without a base."""
    if not base_url:
        return ""
    return quote(base_url.rstrip("/"), safe=_IN_ADDRESS) + "/" + ("" if path == INDEX else path)


def tag(base_url: str, path: str) -> str:
    """`'https://example.org/mosul', 'feeds/en'` -> `'tag:example.org,2026:/mosul/feeds/en'` (RFC 4151).

    Says where and what, never when: an entry keeps its id when its date is corrected.
    """
    parts = urlsplit(base_url)
    try:
        host = (parts.hostname or "localhost").encode("idna").decode("ascii")
    except UnicodeError as error:
        raise UsageError("this is no web address", base_url, "Give one such as https://example.org/mosul/") from error
    return f"tag:{host},2026:{quote(parts.path.rstrip('/'), safe=_IN_ADDRESS)}/{path}"


def _numbered(stem: str, number: int) -> str:
    return f"{stem}-{number}.html" if number else f"{stem}.html"

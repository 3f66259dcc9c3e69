"""The date a page gives for its article, where it says so in full.

Metadata that names the day of publication, or a line of the article that is nothing but a date. Never a guess: no
copyright year, no day made up for a month, and nothing where two places of one kind disagree.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from translate.document import Block, Kind
from translate.readers import lead
from translate.readers.html_line import names

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMES = names(
    "article:published_time|og:article:published_time|datepublished|date.published|dc.date|dc.date.issued|"
    "dc.date.created|dcterms.date|dcterms.issued|dcterms.created"
)
"""Names of `<meta>` that say when an article was published."""
HEAD_BLOCKS = 6
"""A line that is a date is looked for in so many first blocks."""

_ISO = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?:[T ][0-9:.,+Z -]*)?\s*")
_LINKED = re.compile(r'"datePublished"\s*:\s*"([^"]{1,60})"')


def published(root: _Element, part: _Element) -> str:
    """`<meta property="article:published_time" content="2015-04-02T10:00">` -> `'2015-04-02'`; empty when none says it.

    `part` is the element that is the article, where that is known, or else the root.
    """
    for said in (_metas(root), _linked(root), _marked(part), _times(part)):
        dates = {date for one in said if (date := iso(one))}
        if len(dates) == 1:
            return dates.pop()
    return ""


def iso(text: str) -> str:
    """`'2015-04-02T10:00:00+03:00'` -> `'2015-04-02'`; empty when it is no full date."""
    match = _ISO.fullmatch(text[:60])
    try:
        return datetime.date.fromisoformat(match[1]).isoformat() if match else ""
    except ValueError:
        return ""


def in_lines(blocks: Iterable[Block]) -> dict[str, str]:
    """Date and time that stand on lines of their own at the beginning: `'19 تشرين الثاني 2015'` -> a date."""
    found: dict[str, str] = {}
    for _, block in zip(range(HEAD_BLOCKS), blocks, strict=False):
        if block.kind in (Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM):
            found = lead.date_or_time(block.text.strip()) | found
    return found


def _metas(root: _Element) -> Iterator[str]:
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.strip().lower() in NAMES:
            yield meta.get("content") or ""


def _linked(root: _Element) -> Iterator[str]:
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            yield from _LINKED.findall((script.text or "")[:200_000])


def _marked(part: _Element) -> Iterator[str]:
    for element in part.iter():
        if "datePublished" in (element.get("itemprop") or "").split():
            yield element.get("datetime") or element.get("content") or "".join(map(str, element.itertext()))


def _times(part: _Element) -> Iterator[str]:
    for element in part.iter("time"):
        yield element.get("datetime") or ""

"""Dates as pages, feeds and sitemaps give them: out of the drafts, never from the clock.

Knows cards; no page.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from translate.site.card import Card

_MONTHS = (
    ("January", "كانون الثاني/يناير"),
    ("February", "شباط/فبراير"),
    ("March", "آذار/مارس"),
    ("April", "نيسان/أبريل"),
    ("May", "أيار/مايو"),
    ("June", "حزيران/يونيو"),
    ("July", "تموز/يوليو"),
    ("August", "آب/أغسطس"),
    ("September", "أيلول/سبتمبر"),
    ("October", "تشرين الأول/أكتوبر"),
    ("November", "تشرين الثاني/نوفمبر"),
    ("December", "كانون الأول/ديسمبر"),
)
"""English, and Arabic with the names of the east and of the west of the Arab world."""


def moment(card: Card) -> str:
    """`'2017-01-12T00:00:00Z'` - when a person last touched an article, or else its date; empty where there is none."""
    return max(utc(card.edited), utc(card.date))


@lru_cache(maxsize=65_536)
def utc(text: str) -> str:
    """`'2026-11-20T12:00:00+02:00'` -> `'2026-11-20T10:00:00Z'`; empty for what is no moment."""
    try:
        when = datetime.fromisoformat(text)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{when.isoformat(timespec='seconds')[:19]}Z"


def month(date: str) -> tuple[str, str]:
    """`'2015-11-19'` -> `('November 2015', 'تشرين الثاني/نوفمبر 2015')`; two empty texts for no date."""
    if not date:
        return "", ""
    english, arabic = _MONTHS[int(date[5:7]) - 1]
    return f"{english} {date[:4]}", f"{arabic} {date[:4]}"


def spelled(date: str) -> str:
    """`'2015-11-09'` -> `'9 November 2015'`; empty for no date."""
    return f"{int(date[8:10])} {month(date)[0]}" if date else ""

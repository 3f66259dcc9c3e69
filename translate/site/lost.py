"""The page for addresses that lead nowhere. Knows no article."""

from __future__ import annotations

from collections.abc import Iterator

from translate.site.facts import Facts
from translate.site.page import Page
from translate.site.settings import SiteSettings

PATH = "404.html"


def pages(_facts: Facts, _settings: SiteSettings) -> Iterator[Page]:
    """The one page."""
    yield Page(PATH, "404.html", "missing", "Page not found", "", "", dict, listed=False)

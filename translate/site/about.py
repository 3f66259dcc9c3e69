"""The page about the site: what the badges mean, how much is reviewed, which models and term base made the texts.

Figures come from the facts, so the page costs the same for five articles and for ten thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from translate.site.article import engines
from translate.site.facts import Facts
from translate.site.page import Page, key
from translate.site.settings import SiteSettings

_MOST = 50
"""Signatures shown; a site that was made over years has a long tail of them."""


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page]:
    """The one page."""
    content = _figures(facts)
    yield Page(
        path="about.html",
        template="about.html",
        name="about",
        title="About this site",
        description="How the translations on this site are made, checked and marked.",
        key=key(settings.glossary_fingerprint, len(settings.glossary), sorted(content.items(), key=str)),
        content=lambda: {**content, "glossary": (settings.glossary_fingerprint, len(settings.glossary))},
    )


def _figures(facts: Facts) -> Mapping[str, object]:
    """What all articles come to."""
    told = facts.figures()
    return {
        "totals": facts.totals(),
        "articles": told.articles,
        "signatures": engines(told.signatures)[:_MOST],
        "people": list(told.people),
        "terms": told.terms,
        "effort": round(told.rates[len(told.rates) // 2]) if told.rates else None,
    }

"""The pages whose number does not depend on anything, and the page of an article.

Says which variables a page has; how they look is the templates' business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from translate.document import Draft, State
from translate.site.article import article_view
from translate.site.card import Card
from translate.site.facts import Facts
from translate.site.page import Page, key
from translate.site.settings import SiteSettings
from translate.site.terms import Terms
from translate.site.views import occurrences, term_views

_STATES = tuple(state.value for state in State)


def article(draft: Draft, card: Card, terms: Terms, settings: SiteSettings) -> Iterator[Page]:
    """The page of one article."""
    yield Page(
        path=f"articles/{card.slug}.html",
        template="article.html",
        name="article",
        title=card.title_text,
        description=_summary(card),
        key="",
        content=lambda: {"article": article_view(draft, terms)},
        last_modified=card.edited or card.date,
        languages=("ar", "en"),
    )


def _summary(card: Card) -> str:
    facts = " · ".join(filter(None, (card.outlet, card.place, card.author, card.date)))
    status = "machine translation, not reviewed" if card.tally.unreviewed else "translation reviewed by a person"
    return f"{card.title_text}. {facts}. Arabic and English side by side; {status}."


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page]:
    """The first page, the glossary, the page about the site, and the one for addresses that lead nowhere."""
    every = key(*(card.digest for card in facts.cards()))
    yield Page("index.html", "index.html", "index", "", "", every, lambda: _front(facts))
    uses = key(settings.glossary, *(facts.use_digest(anchor) for anchor in facts.use_counts()))
    yield Page("glossary.html", "glossary.html", "glossary", "Glossary", "", uses, lambda: _glossary(facts, settings))
    yield Page("about.html", "about.html", "about", "About this site", "", every, lambda: _about(facts))
    yield Page("404.html", "404.html", "missing", "Page not found", "", "", dict, listed=False)


def _front(facts: Facts) -> Mapping[str, object]:
    return {"articles": list(facts.cards()), "totals": facts.totals()}


def _about(facts: Facts) -> Mapping[str, object]:
    counts: Counter[str] = Counter()
    for card in facts.cards():
        counts.update(dict(card.signatures))
    signatures = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {"totals": facts.totals(), "articles": list(facts.cards()), "signatures": signatures, "states": _STATES}


def _glossary(facts: Facts, settings: SiteSettings) -> Mapping[str, object]:
    return {"entries": term_views(settings.glossary, facts.terms(), lambda name: occurrences(facts.uses(name)))}

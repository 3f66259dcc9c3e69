"""What the reader of the site may be told besides the drafts: names, addresses and the glossary, as plain data.

Knows no template and no file of the site.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from glossary import Term


@dataclass(frozen=True, slots=True)
class GlossaryRow:
    """One entry of the term base as the glossary page shows it."""

    source: str
    """"مفرزة" - as listed in the term base."""
    target: str
    """"detachment" """
    forms: tuple[str, ...] = ()
    """("مفارز",) - further Arabic forms that the entry lists."""
    accepted: tuple[str, ...] = ()
    """("detachments",) - further English forms that count as this term."""
    forbidden: tuple[str, ...] = ()
    """("squads", "checkpoints") - renderings that are wrong here."""
    note: str = ""
    """"a unit that mans a checkpoint" """
    domain: str = ""
    """"military" """


def rows(terms: Iterable[Term]) -> tuple[GlossaryRow, ...]:
    """Entries of the term base -> rows of the glossary page, in the same order."""
    return tuple(
        GlossaryRow(
            source=term.source,
            target=term.target,
            forms=term.forms,
            accepted=_accepted(term),
            forbidden=term.forbidden,
            note=term.note,
            domain=term.domain,
        )
        for term in terms
    )


def _accepted(term: Term) -> tuple[str, ...]:
    """`detachments` with singular `detachment` -> (`detachment`,): what else counts, each once."""
    others = (term.singular, term.plural, *term.admitted)
    shown = term.target.removeprefix("the ")
    return tuple(dict.fromkeys(other for other in others if other and other not in (term.target, shown)))


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Everything about a site that is not in the drafts."""

    title: str = "Tarjuman"
    title_arabic: str = ""
    """"الموصل بلغتين" - empty: the site has one name."""
    tagline: str = "Arabic journalism with its English, sentence by sentence"
    tagline_arabic: str = "صحافة عربية وترجمتها الإنجليزية، جملة بجملة"
    base_url: str = ""
    """"https://example.org/mosul/" - where the site will live; empty when unknown. Only `404.html` and the canonical
    links need it: every other link is relative."""
    arabic_label: str = "العربية"
    english_label: str = "English"
    glossary: tuple[GlossaryRow, ...] = ()
    glossary_fingerprint: str = ""
    """"9ac0" - of the term base that `glossary` was read from."""
    templates: Path | None = None
    """A folder whose templates and `static/` files stand before the ones that ship."""
    report: str = ""
    """"corrections@example.org" or "https://example.org/issues/new?title={id}" - where a mistake is told."""
    description: str = ""
    """One plain sentence about the site for search engines; the tagline where it is empty."""
    publisher: str = ""
    """Who publishes the site, for feeds and structured data."""
    license: str = ""
    """The address of the licence that the translations are under."""
    per_page: int = 50
    """Entries of one page of a long list."""
    search: bool = True
    """Whether there is a search page with its index."""
    downloads: bool = True
    """Whether every article can be downloaded as TMX and JSON."""
    epub: bool = False
    """Whether it can be downloaded as a book too; each brings its fonts, so they are most of what is on the disk."""
    jobs: int = 1
    """Processes that make article pages at the same time."""

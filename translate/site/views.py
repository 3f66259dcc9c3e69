"""The glossary page: every entry with the places where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from translate.site.article import ArticleView, article_view
from translate.site.card import Card, Line, Use
from translate.site.facts import Term
from translate.site.paint import Span, paint
from translate.site.pairs import Note, Pair, Side
from translate.site.pieces import Piece, all_pairs
from translate.site.settings import GlossaryRow
from translate.site.tally import Tally, tally, total
from translate.site.terms import Terms, anchor, collect_terms

__all__ = [
    "ArticleView", "Note", "Occurrence", "Pair", "Piece", "Side", "Tally", "TermView", "Terms", "all_pairs", "anchor",
    "article_view", "collect_terms", "tally", "term_views", "total",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a term stands."""

    slug: str
    article: str
    """Title of the article."""
    article_lang: str
    id: str
    """Segment id."""
    number: str
    state: str
    arabic: Side
    english: Side | None
    status: str
    """"met", "forced", "substituted" or "unmet"."""


@dataclass(frozen=True, slots=True)
class TermView:
    """One entry of the glossary page."""

    anchor: str
    """"term-1f2e3d4c5b" """
    row: GlossaryRow
    listed: bool
    """False for a term that the articles use and the term base no longer has."""
    occurrences: tuple[Occurrence, ...]


def term_views(
    rows: Iterable[GlossaryRow], used: Iterable[Term], places: Callable[[str], tuple[Occurrence, ...]]
) -> tuple[TermView, ...]:
    """The entries of the term base in its order, then the terms that only the articles know."""
    found = {anchor(row.source, row.target): (row, True) for row in reversed(list(rows))}
    found = dict(reversed(found.items()))
    for term in used:
        found.setdefault(term.anchor, (GlossaryRow(term.source, term.target), False))
    return tuple(TermView(name, row, listed, places(name)) for name, (row, listed) in found.items())


def occurrences(uses: Iterable[tuple[Use, Line, Card]]) -> tuple[Occurrence, ...]:
    """The places where a term stands, as a list of such places shows them."""
    return tuple(_occurrence(*use) for use in uses)


def _occurrence(use: Use, line: Line, card: Card) -> Occurrence:
    here = Span(use.begin, use.end, "", "")
    there = [Span(use.target_begin, use.target_end, "", "")] if use.target_begin >= 0 else []
    return Occurrence(
        slug=card.slug,
        article=card.title_text,
        article_lang=card.title_lang,
        id=line.id,
        number=line.number,
        state=line.state,
        arabic=Side("ar", "rtl", paint(line.arabic, (), [here]), line.arabic),
        english=Side("en", "ltr", paint(line.english, (), there), line.english) if line.english else None,
        status=use.status,
    )

"""The glossary page: every entry with the places where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from translate.document import Draft, Segment, State, Target, TermUse
from translate.site.article import ArticleView, article_view
from translate.site.paint import Span, paint
from translate.site.pairs import Note, Pair, Side
from translate.site.pieces import Piece, all_pairs
from translate.site.settings import GlossaryRow
from translate.site.tally import NOTHING, Tally, shown, tally, total
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


def term_views(drafts: Sequence[Draft], views: Sequence[ArticleView], terms: Terms) -> tuple[TermView, ...]:
    """Every entry with the places where it stands, in the order of the articles."""
    places: dict[str, list[Occurrence]] = {}
    for draft, view in zip(drafts, views, strict=True):
        for segment in draft.article.segments():
            target = draft.targets.get(segment.id, NOTHING)
            for use in target.terms:
                name = terms.anchors[use.source, use.target]
                places.setdefault(name, []).append(_occurrence(view, segment, target, use))
    return tuple(TermView(name, row, listed, tuple(places.get(name, ()))) for name, row, listed in terms.rows)


def _occurrence(view: ArticleView, segment: Segment, target: Target, use: TermUse) -> Occurrence:
    here = Span(use.begin, use.end, "", "")
    there = [Span(use.target_begin, use.target_end, "", "")] if use.target_begin >= 0 else []
    done = shown(target) is not State.NEW
    return Occurrence(
        slug=view.slug,
        article=view.title_text,
        article_lang=view.title_lang,
        id=segment.id,
        number=segment.id.removeprefix(view.slug).lstrip("."),
        state=shown(target).value,
        arabic=Side("ar", "rtl", paint(segment.text, segment.marks, [here]), segment.text),
        english=Side("en", "ltr", paint(target.text, target.marks, there), target.text) if done else None,
        status=use.status.value,
    )

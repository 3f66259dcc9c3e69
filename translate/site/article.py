"""A draft -> everything that its page shows, and the few things that lists say of it.

Every name that becomes a file name or an anchor is checked here, and none comes from content.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from translate import ids
from translate.document import Draft, Kind, Origin, TermStatus
from translate.errors import DraftError
from translate.site.pairs import Painter, Pair, Side, bare, join
from translate.site.pieces import Piece, all_pairs, fold
from translate.site.tally import NOTHING, Tally, tally
from translate.site.terms import Terms

_ID = re.compile(r"[a-z][a-z0-9-]*(?:\.[0-9]+)+")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})
"""File names that Windows keeps for itself."""
_NO = frozenset({"", "0", "no", "false"})


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article as its page and the index show it."""

    slug: str
    title: tuple[Pair, ...]
    """The sentences of the title; empty when the article has no title of its own."""
    title_arabic: Side | None
    """The title as a whole, without links."""
    title_english: Side | None
    """None while any part of the title is not translated."""
    title_text: str
    """For `<title>` and lists: the English title, else the Arabic one, else the slug."""
    title_lang: str
    """"en", "ar" or "" - of `title_text`."""
    generated: bool
    """True when a machine made the title up."""
    facts: tuple[tuple[str, str, str, str], ...]
    """(key, English label, Arabic label, value) of the front matter: outlet, place, author, date; direction unknown."""
    date: str
    source: str
    """The address of the original when it is an http(s) address, else empty."""
    source_text: str
    """The front matter's `source` as it stands."""
    pieces: tuple[Piece, ...]
    tally: Tally
    signatures: tuple[tuple[str, int], ...]
    """(signature, sentences) of everything that a machine made here."""
    people: tuple[str, ...]
    """Who edited or approved."""
    glossary: str
    """Fingerprint of the term base last used; empty when none was."""
    notes: int
    """How many notes there are on the page."""
    terms: tuple[int, int]
    """Glossary terms honoured, and all that occur."""


def article_view(draft: Draft, terms: Terms, root: str = "../") -> ArticleView:
    """Everything that an article's page shows; DraftError when a name in it cannot be an address."""
    article = draft.article
    _check_names(draft)
    painter = Painter(draft, terms, root)
    heads = [b for b in article.blocks if b.kind is Kind.TITLE and b.segments]
    title = painter.pairs(heads[0]) if heads else ()
    arabic = join([p.arabic for p in title]) or bare(article.meta.get("title", ""), "ar", "rtl")
    english = join([p.english for p in title]) or bare(article.meta.get("title_en", ""), "en", "ltr")
    targets = [draft.targets.get(s.id, NOTHING) for s in article.segments()]
    made = Counter(t.signature for t in targets if t.signature and t.text and t.origin is not Origin.MEMORY)
    uses = [u for t in targets for u in t.terms]
    pieces = tuple(fold([b for b in article.blocks if not heads or b is not heads[0]], painter))
    shown = english or arabic or Side("", "auto", Markup(""), article.slug)
    source = article.meta.get("source", "")
    return ArticleView(
        slug=article.slug,
        title=title,
        title_arabic=arabic,
        title_english=english,
        title_text=shown.text,
        title_lang=shown.lang,
        generated=article.meta.get("title_generated", "").strip().lower() not in _NO,
        facts=_facts(article.meta),
        date=article.meta.get("date", ""),
        source=source if _is_web(source) else "",
        source_text=source,
        pieces=pieces,
        tally=tally(draft),
        signatures=tuple(sorted(made.items(), key=lambda item: (-item[1], item[0]))),
        people=tuple(sorted({t.who for t in targets if t.who})),
        glossary=draft.glossary,
        notes=sum(len(pair.notes) for pair in (*title, *all_pairs(pieces))),
        terms=(sum(u.status is not TermStatus.UNMET for u in uses), len(uses)),
    )


_FACTS = (
    ("outlet", "Outlet", "المصدر"),
    ("place", "Place", "المكان"),
    ("author", "By", "بقلم"),
    ("date", "Date", "التاريخ"),
)


def _facts(meta: Mapping[str, str]) -> tuple[tuple[str, str, str, str], ...]:
    return tuple((key, en, ar, meta[key]) for key, en, ar in _FACTS if meta.get(key, "").strip())


def _is_web(address: str) -> bool:
    """`'https://example.org/a'` -> True; `'javascript:…'` -> False."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _check_names(draft: Draft) -> None:
    """Names become file names and anchors, so each has to be one."""
    slug = draft.article.slug
    if not ids.SLUG.match(slug) or slug in _RESERVED:
        raise DraftError(f"the article name {slug[:60]!r} cannot be a file name", draft.article.path, ids.SLUG_RULE)
    seen: set[str] = set()
    for segment in draft.article.segments():
        if not _ID.fullmatch(segment.id):
            raise DraftError(f"the segment id {segment.id[:60]!r} cannot be an address", slug, "Write the draft again")
        if segment.id in seen:
            raise DraftError(f"the segment id {segment.id!r} is there twice", slug, "Write the draft again")
        seen.add(segment.id)

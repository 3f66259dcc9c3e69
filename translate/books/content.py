"""Drafts -> what a book holds: chapters, headings, notes, the glossary at its end, and the facts about all of it.

The text itself is what the site shows of an article; here it is put in the order of a book. Pure values: no template,
no file, and nothing that depends on a clock. Every id and address is made or checked here or by the site's views.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from translate.books.addresses import detached, portable
from translate.books.settings import BookSettings
from translate.document import Draft
from translate.errors import DraftError
from translate.site.alphabet import arabic as alphabetical
from translate.site.article import ArticleView, article_view
from translate.site.paint import settle
from translate.site.pairs import Pair, Side
from translate.site.pieces import Piece, all_pairs
from translate.site.settings import GlossaryRow
from translate.site.tally import NOTHING, Tally, total
from translate.site.terms import Terms, anchor, collect_terms

SPACE = UUID("5e0d8a52-7c1b-4f0e-9d6b-9b2f4b8e6a31")
"""The name space of the identifiers of our books."""
UNDATED = "1970-01-01T00:00:00Z"
"""When a book was changed last whose drafts say nothing about it."""
MANY_USES = 10
"""Places of one term in one article that the glossary of a book leads to; it says how many more there are."""
SHORT = 42
"""Characters of a title where there is room for one line."""
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the table of contents inside an article."""

    id: str
    """"mosul-defectors.4.1" - where it leads."""
    arabic: str
    english: str
    """Empty while not translated."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One article in a book."""

    article: ArticleView
    path: str
    """"articles/mosul-defectors.xhtml" - in the book."""
    arabic: str
    """The title as plain text; empty when there is none."""
    english: str
    headings: tuple[Heading, ...]
    noted: tuple[Pair, ...]
    """The sentences with something to know about them."""
    source: str
    """The address of the original as a book can hold it; empty when it has none."""
    engines: tuple[tuple[str, int], ...]
    """("ct2-int8|tarjuman-ar-en@1f2e|beam:4|split:1", 19): signatures without the terms of the single sentence."""

    @property
    def short(self) -> str:
        """A few words of its title, for lists."""
        return short(self.english or self.arabic or self.article.slug)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a term stands in one article."""

    chapter: Chapter
    ids: tuple[str, ...]
    """The first of them, each once."""
    more: int
    """How many are not in `ids`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A term in the glossary of a book."""

    anchor: str
    """"t1f2e3d4c5b" """
    row: GlossaryRow
    seen: tuple[str, ...]
    """("المفارز", "بمفارز") - how it is written in the articles, the commonest first."""
    count: int
    """How often it occurs."""
    places: tuple[Places, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """All that the templates and the package know."""

    title: str
    """In English, else in Arabic, else a name: never empty."""
    title_lang: str
    arabic: str
    """The title in Arabic; empty when there is none."""
    english: str
    first: str
    """"ar" or "en" """
    direction: str
    """"rtl" or "ltr" """
    chapters: tuple[Chapter, ...]
    entries: tuple[Entry, ...]
    """The terms that occur, in the order of the Arabic alphabet."""
    tally: Tally
    people: tuple[str, ...]
    """Who edited or approved."""
    identifier: str
    """"urn:uuid:…": the same for every edition of this article or of the book of this name."""
    modified: str
    """"2026-11-20T10:00:00Z": when a person last touched it, else the day of its newest article."""
    published: str
    """"2015-11-19": the day of a single article; empty when it does not say or there are several."""


class _Linked(Terms):
    """Terms whose occurrences lead to the glossary of the book."""

    __slots__ = ()

    def href(self, name: str, root: str) -> str:
        """From a chapter to an entry: `root` is the page that the glossary is on."""
        return f"{root}#{name}"


def book(drafts: Sequence[Draft], settings: BookSettings, glossary: str) -> Book:
    """The book of these articles in their order; `glossary` is the address of its glossary from a chapter."""
    if not drafts:
        raise DraftError("no drafts for a book", hint="make one: tarjuman draft")
    named = Counter(draft.article.slug for draft in drafts)
    if twice := [slug for slug, count in named.items() if count > 1]:
        raise DraftError(f"two drafts have the article name {twice[0]!r}", hint="rename one of them")
    terms = _Linked(collect_terms(drafts, settings.glossary).rows)
    chapters = tuple(_chapter(article_view(detached(draft), terms, glossary)) for draft in drafts)
    one = chapters[0] if len(chapters) == 1 and not settings.name else None
    arabic = _line(settings.title_arabic) or (one.arabic if one else "")
    english = _line(settings.title) or (one.english if one else "")
    title = english or arabic or settings.name or drafts[0].article.slug
    days = [day for draft in drafts if (day := _day(draft.article.meta.get("date", "")))]
    return Book(
        title=title,
        title_lang="en" if english else "ar" if arabic else "",
        arabic=arabic,
        english=english,
        first=settings.first,
        direction=settings.direction,
        chapters=chapters,
        entries=tuple(_entries(drafts, chapters, terms)),
        tally=total(chapter.article.tally for chapter in chapters),
        people=tuple(sorted({_line(who) for chapter in chapters for who in chapter.article.people} - {""})),
        identifier=f"urn:uuid:{uuid5(SPACE, _named(drafts, settings))}",
        modified=_modified(drafts, days),
        published=days[0] if one and days else "",
    )


def _named(drafts: Sequence[Draft], settings: BookSettings) -> str:
    return f"book:{settings.name}" if settings.name else "article:" + ",".join(draft.article.slug for draft in drafts)


def _chapter(view: ArticleView) -> Chapter:
    return Chapter(
        article=view,
        path=f"articles/{view.slug}.xhtml",
        arabic=_text(view.title_arabic),
        english=_text(view.title_english),
        headings=tuple(_headings(view.pieces)),
        noted=tuple(pair for pair in (*view.title, *all_pairs(view.pieces)) if pair.notes),
        source=portable(view.source),
        engines=_engines(view.signatures),
    )


def _engines(signatures: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """`'ct2|m@1|terms:9ac0|v:1'` and `'ct2|m@1|terms:77f0|v:1'` are one engine: the commonest first."""
    counts: Counter[str] = Counter()
    for signature, count in signatures:
        counts["|".join(part for part in signature.split("|") if not part.startswith("terms:"))] += count
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _headings(pieces: Iterable[Piece]) -> Iterator[Heading]:
    """The sub-headings of an article; one without a sentence leads nowhere and is left out."""
    for piece in pieces:
        if piece.kind in ("heading", "title") and piece.pairs:
            english = [pair.english for pair in piece.pairs]
            whole = " ".join(side.text for side in english if side) if all(english) else ""
            yield Heading(piece.pairs[0].id, _line(" ".join(p.arabic.text for p in piece.pairs)), _line(whole))


def _text(side: Side | None) -> str:
    return _line(side.text) if side else ""


def short(text: str, limit: int = SHORT) -> str:
    """`'Mosul... ISIS members of Raqqa and a new war front'` -> `'Mosul... ISIS members of Raqqa and a new …'`."""
    return text if len(text) <= limit else f"{text[:limit].rpartition(' ')[0] or text[:limit]} …"


def _line(text: str) -> str:
    r"""`' a\x00\n b'` -> `'a b'`."""
    return " ".join(settle(text).split())


def _entries(drafts: Sequence[Draft], chapters: Sequence[Chapter], terms: Terms) -> Iterator[Entry]:
    """The terms that occur in these articles, with the places that lead back."""
    seen: dict[str, Counter[str]] = {}
    places: dict[str, dict[int, list[str]]] = {}
    for at, draft in enumerate(drafts):
        for segment in draft.article.segments():
            target = draft.targets.get(segment.id, NOTHING)
            for use in target.terms:
                name = anchor(use.source, use.target)
                inside = (
                    0 <= use.begin < use.end <= len(segment.text) and target and target.source in ("", segment.text)
                )
                surface = _line(segment.text[use.begin : use.end]) if inside else ""
                seen.setdefault(name, Counter()).update([surface or _line(use.source)])
                places.setdefault(name, {}).setdefault(at, []).append(segment.id)
    rows = {name: terms.rows[name][0] for name in seen}
    for name, row in sorted(rows.items(), key=lambda item: (alphabetical(item[1].source)[1], item[0])):
        surfaces = sorted(seen[name].items(), key=lambda item: (-item[1], item[0]))
        yield Entry(
            name,
            row,
            tuple(surface for surface, _ in surfaces if surface and surface != row.source),
            sum(seen[name].values()),
            tuple(_places(chapters[at], found) for at, found in places[name].items()),
        )


def _places(chapter: Chapter, found: Sequence[str]) -> Places:
    ids = tuple(dict.fromkeys(found))
    return Places(chapter, ids[:MANY_USES], max(0, len(ids) - MANY_USES))


def _day(text: str) -> str:
    """`'2015-11-19'` -> itself; `'2015-11-19T08:00'` -> `'2015-11-19'`; anything else -> `''`."""
    found = _DAY.match(text.strip())
    try:
        return date.fromisoformat(found.group()).isoformat() if found else ""
    except ValueError:
        return ""


def _modified(drafts: Sequence[Draft], days: Sequence[str]) -> str:
    """The latest touch of a person in UTC, else the newest day."""
    touched = [_instant(target.when) for draft in drafts for target in draft.targets.values()]
    return max(touched, default="") or (f"{max(days)}T00:00:00Z" if days else UNDATED)


def _instant(when: str) -> str:
    """`'2026-11-20T12:00:00+02:00'` -> `'2026-11-20T10:00:00Z'`; what is no time -> `''`."""
    if not _INSTANT.fullmatch(when):
        return ""
    try:
        return datetime.fromisoformat(when).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return ""

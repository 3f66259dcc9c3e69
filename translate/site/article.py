"""A draft -> everything that its page shows, and the few things that lists say of it.

Every name that becomes a file name or an anchor is checked here, and none comes from content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from translate.document import Draft, Kind, Origin, TermStatus
from translate.site import linked, paths
from translate.site.card import Card, day
from translate.site.dates import moment, spelled
from translate.site.names import check_names, is_web
from translate.site.page import Page
from translate.site.paint import settle
from translate.site.pairs import Painter, Pair, Side, bare, join
from translate.site.pieces import Piece, all_pairs, fold
from translate.site.report import parts
from translate.site.settings import SiteSettings
from translate.site.tally import NOTHING, Tally, tally
from translate.site.terms import Definition, Terms

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
    """As in the front matter."""
    day: str
    """"2017-01-12"; empty when the front matter's date is none."""
    spelled: str
    """"12 January 2017", or the date as it stands."""
    source: str
    """The address of the original when it is an http(s) address, else empty."""
    source_text: str
    """The front matter's `source` as it stands."""
    pieces: tuple[Piece, ...]
    tally: Tally
    signatures: tuple[tuple[str, int], ...]
    """(engine and model, sentences) of everything that a machine made here, see `engines`."""
    people: tuple[str, ...]
    """Who edited or approved."""
    glossary: str
    """Fingerprint of the term base last used; empty when none was."""
    notes: int
    """How many notes there are on the page."""
    terms: tuple[int, int]
    """Glossary terms honoured, and all that occur."""
    definitions: tuple[Definition, ...]
    """Every term in it once."""
    citation: str
    """"حسام. “Mosul Narrows” (الموصل تضيق). أخبار الآن, 12 January 2017." """


def pages(draft: Draft, card: Card, terms: Terms, settings: SiteSettings) -> Iterator[Page]:
    """The article's page."""
    report = parts(settings.report)

    def content() -> Mapping[str, object]:
        return {"article": article_view(draft, terms), "article_card": card, "report": report}

    yield Page(
        path=paths.article(card.slug),
        template="article.html",
        name="article",
        title=card.title_text,
        description=summary(card),
        key="",
        content=content,
        last_modified=moment(card),
        languages=("ar", "en") if card.tally.new < card.tally.total else ("ar",),
        head=lambda: linked.article(card, settings),
    )


def summary(card: Card) -> str:
    """`'Mosul Narrows. أخبار الآن · 2017-01-12. Arabic and English side by side; …'` for search engines."""
    facts = " · ".join(filter(None, (card.outlet, card.place, card.author, card.date)))
    status = "machine translation, not reviewed" if card.tally.unreviewed else "translation reviewed"
    return " ".join(
        f"{card.title_text}. {facts}{'.' if facts else ''} Arabic and English side by side; {status}.".split()
    )


def article_view(draft: Draft, terms: Terms, root: str = "../") -> ArticleView:
    """Everything that an article's page shows; DraftError when a name in it cannot be an address."""
    article = draft.article
    check_names(draft)
    painter = Painter(draft, terms, root)
    heads = [b for b in article.blocks if b.kind is Kind.TITLE and b.segments]
    title = painter.pairs(heads[0]) if heads else ()
    arabic = join([p.arabic for p in title]) or bare(article.meta.get("title", ""), "ar", "rtl")
    english = join([p.english for p in title]) or bare(article.meta.get("title_en", ""), "en", "ltr")
    targets = [draft.targets.get(s.id, NOTHING) for s in article.segments()]
    memory, unmet = Origin.MEMORY, TermStatus.UNMET
    made = Counter([t.signature for t in targets if t.signature and t.text and t.origin is not memory])
    uses = [u for t in targets for u in t.terms]
    pieces = tuple(fold([b for b in article.blocks if not heads or b is not heads[0]], painter))
    shown = english or arabic or Side("", "auto", Markup(""), article.slug)
    source = article.meta.get("source", "")
    date = article.meta.get("date", "").strip()
    return ArticleView(
        slug=article.slug,
        title=title,
        title_arabic=arabic,
        title_english=english,
        title_text=shown.text,
        title_lang=shown.lang,
        generated=article.meta.get("title_generated", "").strip().lower() not in _NO,
        facts=_facts(article.meta),
        date=date,
        day=day(date),
        spelled=spelled(day(date)) or date,
        source=source if is_web(source) else "",
        source_text=source,
        pieces=pieces,
        tally=tally(draft),
        signatures=engines(made),
        people=tuple(sorted({t.who for t in targets if t.who})),
        glossary=draft.glossary,
        notes=sum(len(pair.notes) for pair in (*title, *all_pairs(pieces))),
        terms=(sum([u.status is not unmet for u in uses]), len(uses)),
        definitions=terms.definitions(uses),
        citation=_citation(article.meta, arabic, english, article.slug),
    )


def engines(signatures: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """`{'ct2|m@1f|terms:9a|v:1': 2, 'ct2|m@1f|terms:0b|v:1': 1}` -> `(('ct2|m@1f|v:1', 3),)`, the commonest first.

    What a signature says of the terms is each sentence's own; the page names the term base as a whole.
    """
    counts: Counter[str] = Counter()
    for signature, count in signatures.items():
        counts["|".join(part for part in signature.split("|") if not part.startswith("terms:"))] += count
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


_FACTS = (
    ("outlet", "Outlet", "المصدر"),
    ("place", "Place", "المكان"),
    ("author", "By", "بقلم"),
    ("date", "Date", "التاريخ"),
)


def _facts(meta: Mapping[str, str]) -> tuple[tuple[str, str, str, str], ...]:
    found = ((key, en, ar, meta.get(key, "").strip()) for key, en, ar in _FACTS)
    return tuple((key, en, ar, value) for key, en, ar, value in found if value)


def _citation(meta: Mapping[str, str], arabic: Side | None, english: Side | None, slug: str) -> str:
    """Author, titles, outlet and date, each where it is known."""
    titles = [f"“{english.text}”"] if english else []
    titles += [f"({arabic.text})" if english else f"“{arabic.text}”"] if arabic else []
    date = meta.get("date", "").strip()
    published = ", ".join(filter(None, (meta.get("outlet", "").strip(), spelled(day(date)) or date)))
    told = filter(None, (meta.get("author", "").strip(), " ".join(titles) or slug, published))
    return settle(" ".join(f"{part.rstrip('.')}." for part in told))

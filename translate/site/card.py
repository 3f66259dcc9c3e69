"""One draft -> what the rest of the site needs to know of it: a card, its lines, and where its terms stand.

Plain text only, without control characters, so that it may go into a list, a feed or an index. Knows drafts; no page,
no file and no database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from translate.document import Block, Draft, Kind, Origin, State, Target, TermStatus
from translate.site.names import check_names, is_web
from translate.site.paint import settle
from translate.site.tally import NOTHING, Tally, shown, tally
from translate.site.terms import anchor

LEAD = 240
"""Characters of an article's beginning that lists show."""
_NEW, _EDITED, _APPROVED, _UNMET = State.NEW, State.EDITED, State.APPROVED, TermStatus.UNMET
_NO = frozenset({"", "0", "no", "false"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)")
_CONFIRMED = frozenset({_EDITED, _APPROVED})
_FACTS = (
    ("outlet", "Outlet", "المصدر"),
    ("place", "Place", "المكان"),
    ("author", "By", "بقلم"),
    ("date", "Date", "التاريخ"),
)


class Card(NamedTuple):
    """An article as lists, feeds and indexes show it. All texts are plain. A tuple, as there are thousands."""

    slug: str
    digest: str
    """Of everything that the draft is, so that two cards are equal when their articles are."""
    title_arabic: str = ""
    title_english: str = ""
    """Empty while any part of the title is not translated."""
    generated: bool = False
    """True when a machine made the title up."""
    date: str = ""
    """"2017-01-12", or empty."""
    outlet: str = ""
    author: str = ""
    place: str = ""
    topics: tuple[str, ...] = ()
    """("Mosul", "حقوق الإنسان") - front matter `topics` or `tags`."""
    source: str = ""
    """The address of the original when it is an http(s) address."""
    lead_arabic: str = ""
    lead_english: str = ""
    tally: Tally = Tally()
    signatures: tuple[tuple[str, int], ...] = ()
    """(signature, sentences) of everything that a machine made here."""
    people: tuple[str, ...] = ()
    """Who edited or approved."""
    glossary: str = ""
    """Fingerprint of the term base last used."""
    terms: tuple[int, int] = (0, 0)
    """Glossary terms honoured, and all that occur."""
    edited: str = ""
    """"2026-11-20T10:00:00Z" - the latest touch of a person, or empty."""
    hter: float | None = None
    """18.2 - edits for a hundred words of what people confirmed; None where that is not known."""

    @property
    def title_text(self) -> str:
        """The English title, else the Arabic one, else the slug."""
        return self.title_english or self.title_arabic or self.slug

    @property
    def title_lang(self) -> str:
        """`en`, `ar`, or empty for a slug."""
        return "en" if self.title_english else "ar" if self.title_arabic else ""

    @property
    def facts(self) -> tuple[tuple[str, str, str, str], ...]:
        """(key, English label, Arabic label, value) of what is known of outlet, place, author and date."""
        return tuple((key, en, ar, value) for key, en, ar in _FACTS if (value := getattr(self, key)))


class Line(NamedTuple):
    """A sentence and its translation. A plain tuple, as `Use` is: there are hundreds of thousands."""

    slug: str
    id: str
    """"mosul-defectors.12.2" """
    position: int
    """From 0, in reading order."""
    arabic: str
    english: str
    """Empty while not translated."""
    state: str
    """"new", "machine", "edited" or "approved"."""
    kind: str
    """Of its block: "paragraph", "boilerplate" ..."""

    @property
    def number(self) -> str:
        """`'12.2'`: block and sentence."""
        return self.id.removeprefix(self.slug).lstrip(".")


class Use(NamedTuple):
    """One place where a term stands."""

    anchor: str
    slug: str
    begin: int
    """Offsets in the line's Arabic; -1 where they make no sense."""
    end: int
    target_begin: int
    """Offsets in the line's English; -1 where the term is not there."""
    target_end: int
    surface: str
    """The Arabic as it stands there: "بمفارزهم"."""
    state: str
    """Of the line."""
    month: str
    """"2017-01", of the article; empty when its date is unknown."""
    status: str
    """"met", "forced", "substituted" or "unmet"."""
    position: int
    """Of the line."""
    number: int
    """From 0, among all of the article."""
    english: str
    """The English as it stands there; empty where it does not."""


class Begun(NamedTuple):
    """What a person who confirmed a sentence started from, where that was the machine's and is known."""

    slug: str
    id: str
    """Of the line."""
    english: str | None
    """None where it is what stands there."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that is kept of one draft."""

    card: Card
    lines: tuple[Line, ...]
    uses: tuple[Use, ...]
    terms: tuple[tuple[str, str, str], ...]
    """(anchor, source, target) of every term in it."""
    warnings: tuple[str, ...]
    """What a strict build refuses."""
    begun: tuple[Begun, ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        """As plain tuples, which come from another process in a fraction of the time."""
        plain = tuple(map(tuple, self.lines)), tuple(map(tuple, self.uses))
        return _gathered, (self.card, *plain, self.terms, self.warnings, self.begun)


def _gathered(card: Card, lines: Iterable[Sequence[Any]], uses: Iterable[Sequence[Any]], *rest: Any) -> Gathered:
    return Gathered(card, tuple(map(Line._make, lines)), tuple(map(Use._make, uses)), *rest)


def brief(card: Card) -> Card:
    """Its names, date and outlet: cards go from process to process by the thousand where pages need no more."""
    return Card(card.slug, card.digest, card.title_arabic, card.title_english, card.generated, card.date, card.outlet)


def gather(draft: Draft, digest: str) -> Gathered:
    """What the site keeps of a draft whose content has this digest; DraftError when a name in it cannot be one."""
    check_names(draft)
    slug = draft.article.slug
    lines: list[Line] = []
    uses: list[Use] = []
    terms: dict[str, tuple[str, str]] = {}
    begun: list[Begun] = []
    month = day(draft.article.meta.get("date", ""))[:7]
    target_of = draft.targets.get
    for block in draft.article.blocks:
        kind = block.kind.value
        for segment in block.segments:
            target = target_of(segment.id, NOTHING)
            state = shown(target)
            arabic, english = settle(segment.text), settle(target.text) if state is not _NEW else ""
            position = len(lines)
            lines.append(Line(slug, segment.id, position, arabic, english, state._value_, kind))
            stale = bool(target.source) and target.source != segment.text
            if state in _CONFIRMED and not stale:
                begun += _begun(slug, segment.id, target)
            for use in target.terms:
                name = anchor(use.source, use.target)
                terms[name] = (settle(use.source), settle(use.target))
                begin, end = _moved(segment.text, arabic, use.begin, use.end) if not stale else (-1, -1)
                there = _moved(target.text, english, use.target_begin, use.target_end)
                surface = arabic[begin:end] if begin >= 0 else ""
                rendered = english[max(there[0], 0) : max(there[1], 0)]
                told = state._value_, month, use.status._value_
                uses.append(Use(name, slug, begin, end, *there, surface, *told, position, len(uses), rendered))
    card = _card(draft, digest)
    named = tuple((name, *pair) for name, pair in terms.items())
    return Gathered(card, tuple(lines), tuple(uses), named, _warnings(draft, card), tuple(begun))


def _begun(slug: str, name: str, target: Target) -> Iterator[Begun]:
    from translate.effort import beginning

    found = beginning(target)
    if found is not None and found.origin is Origin.MACHINE:
        yield Begun(slug, name, None if found.text == target.text else settle(found.text))


def _moved(text: str, settled: str, begin: int, end: int) -> tuple[int, int]:
    """Offsets in a text -> the same in the settled text; (-1, -1) where they make no sense."""
    if not 0 <= begin < end <= len(text):
        return -1, -1
    if settled is text:
        return begin, end
    return len(settle(text[:begin])), len(settle(text[:end]))


def _card(draft: Draft, digest: str) -> Card:
    meta, article = draft.article.meta, draft.article
    heads = [b for b in article.blocks if b.kind is Kind.TITLE and b.segments][:1]
    title_arabic, title_english = _whole(heads, draft)
    lead_arabic, lead_english = _whole(
        [b for b in article.blocks if b.kind is Kind.PARAGRAPH and b.segments][:1], draft
    )
    targets = [draft.targets.get(s.id, NOTHING) for s in article.segments()]
    memory = Origin.MEMORY
    made = Counter([t.signature for t in targets if t.signature and t.text and t.origin is not memory])
    uses = [u for t in targets for u in t.terms]
    source = meta.get("source", "").strip()
    return Card(
        slug=article.slug,
        digest=digest,
        title_arabic=title_arabic or _plain(meta, "title"),
        title_english=title_english or _plain(meta, "title_en"),
        generated=meta.get("title_generated", "").strip().lower() not in _NO,
        date=day(meta.get("date", "")),
        outlet=_plain(meta, "outlet"),
        author=_plain(meta, "author"),
        place=_plain(meta, "place"),
        topics=_topics(meta),
        source=settle(source) if is_web(source) else "",
        lead_arabic=shorten(lead_arabic),
        lead_english=shorten(lead_english),
        tally=tally(draft),
        signatures=tuple((settle(name), n) for name, n in sorted(made.items(), key=lambda item: (-item[1], item[0]))),
        people=tuple(sorted({settle(t.who) for t in targets if t.who})),
        glossary=settle(draft.glossary),
        terms=(sum([u.status is not _UNMET for u in uses]), len(uses)),
        edited=max((t.when for t in targets if t.who and _MOMENT.fullmatch(t.when)), default=""),
        hter=_hter(draft),
    )


def _whole(blocks: list[Block], draft: Draft) -> tuple[str, str]:
    """The Arabic of blocks and their English, which is empty while a sentence of it is missing."""
    segments = [segment for block in blocks for segment in block.segments]
    english = [draft.targets.get(segment.id, NOTHING).text.strip() for segment in segments]
    arabic = " ".join(segment.text for segment in segments)
    return settle(arabic).strip(), settle(" ".join(english)).strip() if all(english) else ""


def day(text: str) -> str:
    """`'2017-01-12'` -> itself, also out of `'2017-01-12T10:00'`; `'last week'` -> `''`."""
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return ""


def shorten(text: str, limit: int = LEAD) -> str:
    """`'a long text'`, 7 -> `'a long…'`: cut behind a word, never longer than the limit and one ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rsplit(None, 1)[0] if " " in text[: limit + 1] else text[:limit]
    return cut.rstrip(" \t\n،,;؛:.…") + "…"


def _plain(meta: Mapping[str, str], key: str) -> str:
    return " ".join(settle(meta.get(key, "")).split())


def _topics(meta: Mapping[str, str]) -> tuple[str, ...]:
    names = (" ".join(settle(name).split()) for name in re.split("[,،]", meta.get("topics") or meta.get("tags") or ""))
    return tuple(dict.fromkeys(name for name in names if name))


def _hter(draft: Draft) -> float | None:
    """As `tarjuman effort` counts it; only drafts that a person touched cost the counting."""
    touched = [(s, t) for s in draft.article.segments() if (t := draft.targets.get(s.id, NOTHING)).state in _CONFIRMED]
    if not touched:
        return None
    from translate import effort

    found = (effort.sentence(draft.article.slug, segment, target) for segment, target in touched)
    figures = sum((one.figures for one in found if one is not None), effort.Sum())
    return round(figures.hter, 1) if figures.hter is not None else None


def _warnings(draft: Draft, card: Card) -> tuple[str, ...]:
    return tuple(_warned(draft, card))


def _warned(draft: Draft, card: Card) -> Iterator[str]:
    """What keeps an article from being complete, one line each."""
    given = draft.article.meta.get("date", "").strip()
    if not card.date:
        yield f"date {settle(given)[:40]!r} is no date (YYYY-MM-DD)" if given else "no date"
    if not card.title_arabic and not card.title_english:
        yield "no title"
    if card.tally.new:
        yield f"{card.tally.new} of {card.tally.total} sentences not translated"
    for segment in draft.article.segments():
        target = draft.targets.get(segment.id, NOTHING)
        for use in target.terms:
            if use.status is _UNMET:
                yield f"{segment.id}: term not honoured: {settle(use.source)} -> {settle(use.target)}"
        if target.source and target.source != segment.text:
            yield f"{segment.id}: the Arabic was changed after this translation was made"


def digest_of(data: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return sha256(data).hexdigest()

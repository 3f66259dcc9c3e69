"""Drafts -> what the templates show: pages, blocks, pairs, notes, terms with their occurrences.

Pure values; no template, no file. Every name and link that reaches a file name, an `id` or an `href` is made or checked
here, and nowhere from content.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby
from urllib.parse import urlsplit

from markupsafe import Markup

from translate import ids
from translate.document import Block, Draft, Finding, Kind, Origin, Segment, State, Target, TermStatus, TermUse
from translate.errors import DraftError
from translate.site.paint import Span, paint, settle
from translate.site.settings import GlossaryRow

_ID = re.compile(r"[a-z][a-z0-9-]*(?:\.[0-9]+)+")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})[^\n]*\n(.*?)\n?[ \t]*\1\s*", re.DOTALL)
_DEEPEST = 20
"""Lists and quotations nested deeper than this are shown at this depth."""
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})
"""File names that Windows keeps for itself."""

_FOLDED = frozenset({Kind.RELATED, Kind.BOILERPLATE})
_NOTHING = Target(text="")
_NO = frozenset({"", "0", "no", "false"})


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a pair."""

    lang: str
    """"ar" """
    dir: str
    """"rtl" """
    html: Markup
    """Safe HTML of the sentence."""
    text: str
    """The same without markup."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing a reader should know about a sentence."""

    check: str
    """"g-01"; empty for a note that no check made."""
    severity: str
    """"error", "warning" or "note"."""
    message: str
    arabic: str = ""
    """The Arabic words that the note is about; empty when there are none."""
    english: str = ""
    """The English words that the note is about."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and its translation."""

    id: str
    """"mosul-defectors.12.2" - the permalink."""
    number: str
    """"12.2" """
    state: str
    """"new", "machine", "edited" or "approved"."""
    arabic: Side
    english: Side | None
    """None while the sentence is not translated."""
    origin: str
    """"machine", "memory" or "person"; empty while not translated."""
    who: str
    when: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of an article, or blocks that belong together."""

    kind: str
    """"paragraph", "heading", "title", "byline", "verbatim", "rule"; or holding pieces: "list", "entry", "quote",
    "table", "row", "cell", "related", "boilerplate"."""
    pairs: tuple[Pair, ...] = ()
    pieces: tuple[Piece, ...] = ()
    level: int = 0
    """Heading level 2-6."""
    ordered: bool = False
    start: int = 1
    """First number of an ordered list."""
    html: Markup = field(default_factory=Markup)
    """Verbatim text, escaped."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Sentences by state."""

    new: int = 0
    machine: int = 0
    edited: int = 0
    approved: int = 0

    @property
    def total(self) -> int:
        """All sentences."""
        return self.new + self.machine + self.edited + self.approved

    @property
    def unreviewed(self) -> int:
        """Sentences that no person has touched."""
        return self.new + self.machine

    @property
    def bars(self) -> tuple[tuple[str, int, int, int], ...]:
        """(state, sentences, begin, width) in parts per thousand, for the progress bar."""
        counts = (("approved", self.approved), ("edited", self.edited), ("machine", self.machine), ("new", self.new))
        bars, done = [], 0
        for state, count in counts:
            begin, done = done, done + count
            left, right = (round(1000 * n / max(self.total, 1)) for n in (begin, done))
            bars.append((state, count, left, right - left))
        return tuple(bars)


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


@dataclass(frozen=True, slots=True)
class Terms:
    """The glossary with an address for every entry and every use."""

    rows: tuple[tuple[str, GlossaryRow, bool], ...]
    """(anchor, row, listed)"""
    anchors: Mapping[tuple[str, str], str]
    """(source, target) -> anchor"""

    def span(self, use: TermUse, begin: int, end: int, root: str) -> Span:
        """The link from an occurrence to its entry."""
        return Span(
            begin,
            end,
            href=f"{root}glossary.html#{self.anchors[use.source, use.target]}",
            title=f"{use.source} → {use.target}",
            met=use.status is not TermStatus.UNMET,
        )


def anchor(source: str, target: str) -> str:
    """`('مفارز', 'detachments')` -> `term-` and ten hexadecimal digits, the same in every build."""
    return "term-" + sha256(f"{source}\0{target}".encode("utf-8", "surrogatepass")).hexdigest()[:10]


def collect_terms(drafts: Iterable[Draft], rows: Iterable[GlossaryRow]) -> Terms:
    """The entries of the term base in its order, then the terms that only the drafts know."""
    found: dict[str, tuple[GlossaryRow, bool]] = {}
    for row in rows:
        found.setdefault(anchor(row.source, row.target), (row, True))
    used = {(u.source, u.target) for draft in drafts for t in draft.targets.values() for u in t.terms}
    for source, target in sorted(used):
        found.setdefault(anchor(source, target), (GlossaryRow(source, target), False))
    return Terms(
        rows=tuple((name, row, listed) for name, (row, listed) in found.items()),
        anchors={(row.source, row.target): name for name, (row, _) in found.items()},
    )


def article_view(draft: Draft, terms: Terms, root: str = "../") -> ArticleView:
    """Everything that an article's page shows; DraftError when a name in it cannot be an address."""
    article = draft.article
    _check_names(draft)
    painter = _Painter(draft, terms, root)
    heads = [b for b in article.blocks if b.kind is Kind.TITLE and b.segments]
    title = painter.pairs(heads[0]) if heads else ()
    arabic = _join([p.arabic for p in title]) or _bare(article.meta.get("title", ""), "ar", "rtl")
    english = _join([p.english for p in title]) or _bare(article.meta.get("title_en", ""), "en", "ltr")
    targets = [draft.targets.get(s.id, _NOTHING) for s in article.segments()]
    made = Counter(t.signature for t in targets if t.signature and t.text and t.origin is not Origin.MEMORY)
    uses = [u for t in targets for u in t.terms]
    pieces = tuple(_fold([b for b in article.blocks if not heads or b is not heads[0]], painter))
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


def tally(draft: Draft) -> Tally:
    """How far the sentences of a draft have come."""
    counts = Counter(_state(draft.targets.get(s.id, _NOTHING)).value for s in draft.article.segments())
    return Tally(**counts)


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of several tallies."""
    new, machine, edited, approved = 0, 0, 0, 0
    for one in tallies:
        new, machine = new + one.new, machine + one.machine
        edited, approved = edited + one.edited, approved + one.approved
    return Tally(new, machine, edited, approved)


def term_views(drafts: Sequence[Draft], views: Sequence[ArticleView], terms: Terms) -> tuple[TermView, ...]:
    """Every entry with the places where it stands, in the order of the articles."""
    places: dict[str, list[Occurrence]] = {}
    for draft, view in zip(drafts, views, strict=True):
        for segment in draft.article.segments():
            target = draft.targets.get(segment.id, _NOTHING)
            for use in target.terms:
                name = terms.anchors[use.source, use.target]
                places.setdefault(name, []).append(_occurrence(view, segment, target, use))
    return tuple(TermView(name, row, listed, tuple(places.get(name, ()))) for name, row, listed in terms.rows)


def all_pairs(pieces: Iterable[Piece]) -> Iterator[Pair]:
    """All pairs in reading order."""
    for piece in pieces:
        yield from piece.pairs
        yield from all_pairs(piece.pieces)


class _Painter:
    """Makes pairs out of the segments of one draft."""

    def __init__(self, draft: Draft, terms: Terms, root: str) -> None:
        self._draft, self._terms, self._root = draft, terms, root

    def pairs(self, block: Block) -> tuple[Pair, ...]:
        """One pair a segment, in order."""
        return tuple(self.pair(segment) for segment in block.segments)

    def pair(self, segment: Segment) -> Pair:
        """A sentence with its translation, badges and notes."""
        target = self._draft.targets.get(segment.id, _NOTHING)
        state = _state(target)
        source_spans = [self._terms.span(u, u.begin, u.end, self._root) for u in target.terms]
        target_spans = [
            self._terms.span(u, u.target_begin, u.target_end, self._root) for u in target.terms if u.target_begin >= 0
        ]
        stale = bool(target.source) and target.source != segment.text
        arabic = Side("ar", "rtl", paint(segment.text, segment.marks, () if stale else source_spans), segment.text)
        english = Side("en", "ltr", paint(target.text, target.marks, target_spans), target.text)
        done = state is not State.NEW
        return Pair(
            id=segment.id,
            number=segment.id.removeprefix(self._draft.article.slug).lstrip("."),
            state=state.value,
            arabic=arabic,
            english=english if done else None,
            origin=target.origin.value if done else "",
            who=target.who if done else "",
            when=target.when if done else "",
            notes=tuple(_notes(target, stale)) if done else (),
        )


def _join(sides: Sequence[Side | None]) -> Side | None:
    """Sentences -> one text without links; None when there is none or one is missing."""
    whole = [side for side in sides if side is not None]
    if not whole or len(whole) < len(sides):
        return None
    return _bare(" ".join(side.text for side in whole), whole[0].lang, whole[0].dir)


def _bare(text: str, lang: str, direction: str) -> Side | None:
    """A text without marks and links, for lists and headings."""
    return Side(lang, direction, paint(text), settle(text)) if text.strip() else None


def _fold(blocks: Sequence[Block], painter: _Painter) -> Iterator[Piece]:
    """Blocks in a row that belong together become one piece: lists, quotations, tables, folded furniture."""
    at = 0
    while at < len(blocks):
        block = blocks[at]
        run = at + 1
        if block.kind in _FOLDED or block.kind in (Kind.ITEM, Kind.QUOTE, Kind.CELL):
            while run < len(blocks) and blocks[run].kind is block.kind:
                run += 1
        members = blocks[at:run]
        match block.kind:
            case Kind.ITEM:
                yield from _lists(members, painter)
            case Kind.CELL:
                yield from _tables(members, painter)
            case Kind.QUOTE:
                yield from _quotes(members, painter, 1)
            case Kind.RELATED | Kind.BOILERPLATE:
                yield Piece(block.kind.value, pieces=tuple(_furniture(members, painter)))
            case _:
                yield from _plain(block, painter)
        at = run


def _plain(block: Block, painter: _Painter) -> Iterator[Piece]:
    """One block by itself."""
    if block.kind is Kind.VERBATIM and _RULE.fullmatch(block.text):
        yield Piece("rule")
    elif block.kind is Kind.VERBATIM or (not block.segments and block.text.strip()):
        fenced = _FENCE.fullmatch(block.text) if block.kind is Kind.VERBATIM else None
        marks = () if block.kind is Kind.VERBATIM else block.marks
        yield Piece("verbatim", html=paint(fenced[2] if fenced else block.text, marks))
    elif block.segments:
        kind = block.kind if block.kind in (Kind.HEADING, Kind.BYLINE, Kind.TITLE) else Kind.PARAGRAPH
        yield Piece(kind.value, pairs=painter.pairs(block), level=min(max(block.level, 2), 6))


def _quotes(blocks: Sequence[Block], painter: _Painter, depth: int) -> Iterator[Piece]:
    """Quotations in a row become one, those inside a quotation one inside it."""
    inner: list[Piece] = []
    for deeper, run in groupby(blocks, key=lambda block: _depth(block) > depth):
        members = list(run)
        if deeper:
            inner.extend(_quotes(members, painter, depth + 1))
        else:
            inner.extend(piece for block in members for piece in _plain(block, painter))
    yield Piece("quote", pieces=tuple(inner))


def _furniture(blocks: Sequence[Block], painter: _Painter) -> Iterator[Piece]:
    """Link lists and remains of the page: what has a marker is a list there too."""
    for listed, run in groupby(blocks, key=lambda block: bool(block.marker)):
        members = list(run)
        if listed:
            yield from _lists(members, painter)
        else:
            yield from (piece for block in members for piece in _plain(block, painter))


def _lists(items: Sequence[Block], painter: _Painter) -> Iterator[Piece]:
    """Items -> lists, a deeper run inside the item before it, a new list where the kind of marker changes."""
    at = 0
    while at < len(items):
        first = items[at]
        entries: list[Piece] = []
        while at < len(items):
            item = items[at]
            if _depth(item) > _depth(first):
                deep = at
                while deep < len(items) and _depth(items[deep]) > _depth(first):
                    deep += 1
                inner = tuple(_lists(items[at:deep], painter))
                entries[-1] = replace(entries[-1], pieces=(*entries[-1].pieces, *inner))
                at = deep
            elif entries and _depth(item) == _depth(first) and not item.marker:
                entries[-1] = replace(entries[-1], pieces=(*entries[-1].pieces, *_plain(item, painter)))
                at += 1
            elif entries and (_depth(item) < _depth(first) or _ordered(item) != _ordered(first)):
                break
            else:
                own = Piece("entry", pairs=painter.pairs(item))
                entries.append(own if item.segments else Piece("entry", pieces=tuple(_plain(item, painter))))
                at += 1
        start = int(re.sub(r"\D", "", first.marker)[:9] or 1) if _ordered(first) else 1
        yield Piece("list", pieces=tuple(entries), ordered=_ordered(first), start=start)


def _depth(block: Block) -> int:
    return min(block.level, _DEEPEST)


def _ordered(item: Block) -> bool:
    return bool(re.match(r"\d", item.marker))


def _tables(cells: Sequence[Block], painter: _Painter) -> Iterator[Piece]:
    """Cells -> tables; a cell that does not come after the one before it begins a new table."""
    rows: dict[int, list[Piece]] = {}
    last = (-1, -1)
    for cell in cells:
        here = _place(cell.marker)
        if rows and here <= last:
            yield _table(rows)
            rows = {}
        row = rows.setdefault(here[0], [])
        row.extend(Piece("cell") for _ in range(min(here[1] - len(row), 100)))
        own = painter.pairs(cell)
        row.append(Piece("cell", pairs=own, pieces=() if own else tuple(_plain(cell, painter))))
        last = here
    if rows:
        yield _table(rows)


def _table(rows: Mapping[int, Sequence[Piece]]) -> Piece:
    """Rows of cells, the short ones filled up."""
    width = max(len(row) for row in rows.values())
    full = ((number, [*row, *[Piece("cell")] * (width - len(row))]) for number, row in sorted(rows.items()))
    return Piece("table", pieces=tuple(Piece("row", pieces=tuple(row), level=number) for number, row in full))


def _place(marker: str) -> tuple[int, int]:
    """`'0.2'` -> (0, 2)."""
    match = re.fullmatch(r"([0-9]{1,6})\.([0-9]{1,6})", marker)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _notes(target: Target, stale: bool) -> Iterator[Note]:
    """What a reader should know, the gravest first."""
    if stale:
        yield Note("", "warning", "The Arabic was changed after this translation was made.")
    unmet = [use for use in target.terms if use.status is TermStatus.UNMET]
    placed = [use for use in target.terms if use.status is TermStatus.SUBSTITUTED]
    for use in unmet:
        yield Note("", "warning", "Not rendered as the glossary asks:", use.source, use.target)
    for use in placed:
        yield Note("", "note", "Put in place mechanically:", use.source, use.surface)
    order = ("error", "warning", "note")
    for finding in sorted(target.findings, key=lambda f: (order.index(f.severity.value), f.check, f.message)):
        if not finding.dismissed and not _told(finding, {"g-01": unmet, "g-03": placed}):
            yield Note(finding.check, finding.severity.value, finding.message)


def _told(finding: Finding, uses: Mapping[str, Sequence[TermUse]]) -> bool:
    """True for a check that says again what the terms' own notes already say."""
    return any(use.source in finding.message for use in uses.get(finding.check, ()))


def _occurrence(view: ArticleView, segment: Segment, target: Target, use: TermUse) -> Occurrence:
    here = Span(use.begin, use.end, "", "")
    there = [Span(use.target_begin, use.target_end, "", "")] if use.target_begin >= 0 else []
    done = _state(target) is not State.NEW
    return Occurrence(
        slug=view.slug,
        article=view.title_text,
        article_lang=view.title_lang,
        id=segment.id,
        number=segment.id.removeprefix(view.slug).lstrip("."),
        state=_state(target).value,
        arabic=Side("ar", "rtl", paint(segment.text, segment.marks, [here]), segment.text),
        english=Side("en", "ltr", paint(target.text, target.marks, there), target.text) if done else None,
        status=use.status.value,
    )


def _state(target: Target) -> State:
    """The state that a reader may rely on: no text, no translation; a text that nobody vouched for is a machine's."""
    if not target.text.strip():
        return State.NEW
    return State.MACHINE if target.state is State.NEW else target.state


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

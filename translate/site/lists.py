"""The front page, the archive, and the lists by topic, outlet and year.

One pass over the cards sorts the articles onto shelves; each shelf becomes a list in pages (leaves.py). A list holds
names and digests until a page of it has to be made. Knows facts and settings; no template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import groupby
from typing import NamedTuple

from translate.site import linked, paths
from translate.site.card import Card
from translate.site.dates import month, spelled
from translate.site.facts import Facts
from translate.site.leaves import Leaf, leaves, turns
from translate.site.page import Bundle, Page, key
from translate.site.settings import SiteSettings

LATEST = 10
"""Articles on the front page."""
MOST = 24
"""Topics and outlets there; the others have a page of their own."""


class Kept(NamedTuple):
    """An article on a shelf."""

    slug: str
    moment: str
    """When something last happened to it; empty when that is not known."""
    told: str
    """Its name and digest."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Articles that belong together, newest first."""

    kind: str
    """"archive", "topic", "outlet" or "year"."""
    name: str
    """"Mosul", "2015"; empty for the archive and for articles without a date."""
    path: Callable[[int], str]
    """Page by `Leaf.address` -> path."""
    entries: list[Kept] = field(default_factory=list)

    @property
    def link(self) -> Link:
        """What other pages show of it."""
        return Link(self.kind, self.name, self.path(0), len(self.entries))


class Link(NamedTuple):
    """A list as others lead to it."""

    kind: str
    name: str
    path: str
    """From the site's root."""
    count: int  # type: ignore[assignment]  # a tuple's own `count` is nothing that anybody asks a list for


class CardView(NamedTuple):
    """An article as a list shows it."""

    card: Card
    path: str
    """From the site's root."""
    date: str
    """"19 November 2015"; empty when unknown."""
    outlet: Link | None
    topics: tuple[Link, ...]


class Group(NamedTuple):
    """Articles of one month."""

    english: str
    """"November 2015"; empty when the date is unknown or the list is not parted by months."""
    arabic: str
    cards: tuple[CardView, ...]


@dataclass(frozen=True, slots=True)
class Shelves:
    """All lists of the site."""

    archive: Shelf
    years: tuple[Shelf, ...]
    """Newest first, the undated last."""
    topics: tuple[Shelf, ...]
    """Fullest first."""
    outlets: tuple[Shelf, ...]


_TITLES = {
    "archive": ("All articles", "كل المقالات"),
    "topic": ("Topic", "الموضوع"),
    "outlet": ("Outlet", "المصدر"),
    "year": ("Year", "السنة"),
}
"""What kind of list it is."""
_ALL = {"topic": ("All topics", "كل المواضيع"), "outlet": ("All outlets", "كل المصادر")}
UNDATED = ("Undated", "بلا تاريخ")


def pages(facts: Facts, settings: SiteSettings) -> Iterator[Page | Bundle]:
    """The front page, then every list with its pages."""
    shelves = sort(facts)
    yield _home(facts, shelves, settings)
    for kind, kept in (("topic", shelves.topics), ("outlet", shelves.outlets)):
        if kept:
            yield _shelves(kind, kept)
    for shelf in (shelves.archive, *shelves.years, *shelves.topics, *shelves.outlets):
        beside = _beside(shelf, shelves)
        about = key(shelf.kind, shelf.name, beside)
        items = partial(_leaves, facts, shelf, beside, about, settings)
        yield Bundle(shelf.path(0), key(about, _told(shelf.entries)), items)


def _leaves(facts: Facts, shelf: Shelf, beside: tuple[Link, ...], about: str, settings: SiteSettings) -> Iterator[Page]:
    """The pages of one list."""
    for leaf in leaves(len(shelf.entries), settings.per_page):
        yield _leaf(facts, shelf, leaf, beside, about, settings)


def sort(facts: Facts) -> Shelves:
    """Every article onto its shelves."""
    archive = Shelf("archive", "", paths.archive)
    years: dict[str, Shelf] = {}
    topics: dict[str, Shelf] = {}
    outlets: dict[str, Shelf] = {}
    for date, slug, digest, moment, outlet, about in facts.entries():
        entry = Kept(slug, moment, f"{slug} {digest}")
        archive.entries.append(entry)
        _put(years, "year", date[:4], paths.year, entry)
        for topic in _apart(about):
            _put(topics, "topic", topic, paths.topic, entry)
        if outlet:
            _put(outlets, "outlet", outlet, paths.outlet, entry)
    by_year = sorted(years.values(), key=lambda shelf: shelf.name, reverse=True)
    return Shelves(archive, tuple(by_year), _fullest(topics), _fullest(outlets))


@lru_cache(4_096)
def _apart(topics: str) -> tuple[str, ...]:
    r"""`'Mosul\nmosul'` -> `('mosul',)`: two spellings that have one address are one topic."""
    return tuple({paths.name(topic): topic for topic in topics.split("\n") if topic}.values())


def _put(shelves: dict[str, Shelf], kind: str, name: str, path: Callable[[str, int], str], entry: Kept) -> None:
    """Onto the shelf of that address, under the name that its newest article gives it."""
    address = path(name, 0)
    if address not in shelves:
        shelves[address] = Shelf(kind, name, lambda number: path(name, number))
    shelves[address].entries.append(entry)


def _fullest(shelves: Mapping[str, Shelf]) -> tuple[Shelf, ...]:
    return tuple(sorted(shelves.values(), key=lambda shelf: (-len(shelf.entries), shelf.name)))


def _home(facts: Facts, shelves: Shelves, settings: SiteSettings) -> Page:
    latest = [entry.slug for entry in shelves.archive.entries[:LATEST]]
    links = {
        "years": tuple(shelf.link for shelf in shelves.years),
        "topics": tuple(shelf.link for shelf in shelves.topics),
        "outlets": tuple(shelf.link for shelf in shelves.outlets),
    }
    count, totals = len(shelves.archive.entries), facts.totals()

    def content() -> Mapping[str, object]:
        return {**links, "latest": _views(facts, latest), "count": count, "totals": totals, "most": MOST}

    return Page(
        path=paths.INDEX,
        template="index.html",
        name="index",
        title="",
        description=settings.description or settings.tagline,
        key=key(_told(shelves.archive.entries[:LATEST]), links, count, totals),
        content=content,
        last_modified=_newest(shelves.archive.entries[:LATEST]),
        head=lambda: linked.website(settings),
    )


def _shelves(kind: str, shelves: tuple[Shelf, ...]) -> Page:
    """All topics, or all outlets, by name."""
    links = sorted((shelf.link for shelf in shelves), key=lambda link: link.name)
    return Page(
        path=f"{kind}s/{paths.INDEX}",
        template="shelves.html",
        name="archive",
        title=_ALL[kind][0],
        description=f"{_ALL[kind][0]} of the articles on this site.",
        key=key(*links),
        content=lambda: {"heading": _ALL[kind], "links": links},
    )


def _leaf(facts: Facts, shelf: Shelf, leaf: Leaf, beside: tuple[Link, ...], about: str, settings: SiteSettings) -> Page:
    entries = shelf.entries[leaf.begin : leaf.end]
    path = shelf.path(leaf.address)
    root = "../" * path.count("/")
    turn = turns(leaf, lambda number: root + shelf.path(number))
    here = shelf.path(0)
    count = len(shelf.entries) if leaf.address == 0 else 0
    title = _title(shelf)

    def content() -> Mapping[str, object]:
        return {
            "kind": shelf.kind,
            "heading": _heading(shelf),
            "kinds": _TITLES,
            "count": count,
            "number": leaf.address,
            "groups": _groups(_views(facts, [entry.slug for entry in entries]), shelf.kind in ("archive", "year")),
            "turns": turn,
            "beside": beside,
            "here": here,
        }

    return Page(
        path=path,
        template="archive.html" if shelf.kind in ("archive", "year") else "list.html",
        name="archive",
        title=f"{title}, page {leaf.address}" if leaf.address else title,
        description=f"{title}: Arabic articles with their English, sentence by sentence.",
        key=key(about, count, leaf.address, turn, _told(entries)),
        content=content,
        last_modified=_newest(entries),
        head=lambda: linked.collection(title, path, (facts.card(entry.slug) for entry in entries), settings),
    )


def _title(shelf: Shelf) -> str:
    """`'Topic: Mosul'`."""
    if shelf.kind == "archive":
        return _TITLES["archive"][0]
    return f"{_TITLES[shelf.kind][0]}: {shelf.name}" if shelf.name else UNDATED[0]


def _heading(shelf: Shelf) -> tuple[str, str]:
    """In English and in Arabic; the same text twice is a name whose language nobody knows."""
    if shelf.kind == "archive":
        return _TITLES["archive"]
    return (shelf.name, shelf.name) if shelf.name else UNDATED


def _beside(shelf: Shelf, shelves: Shelves) -> tuple[Link, ...]:
    """The other lists of its kind, without counts: a page must not change because another list did."""
    others = {"topic": shelves.topics, "outlet": shelves.outlets}.get(shelf.kind, shelves.years)
    links = (Link(other.kind, other.name, other.path(0), 0) for other in others)
    by_name = shelf.kind in ("topic", "outlet")
    return tuple(sorted(links, key=lambda link: link.name)) if by_name else tuple(links)


def _views(facts: Facts, slugs: list[str]) -> tuple[CardView, ...]:
    return tuple(view(facts.card(slug)) for slug in slugs)


def view(card: Card) -> CardView:
    """A card with the lists that it leads to."""
    return CardView(
        card=card,
        path=paths.article(card.slug),
        date=spelled(card.date),
        outlet=Link("outlet", card.outlet, paths.outlet(card.outlet), 0) if card.outlet else None,
        topics=tuple(Link("topic", topic, paths.topic(topic), 0) for topic in card.topics),
    )


def _groups(views: tuple[CardView, ...], by_month: bool) -> tuple[Group, ...]:
    if not by_month:
        return (Group("", "", views),)
    months = groupby(views, key=lambda view: view.card.date[:7])
    return tuple(Group(*month(date), tuple(run)) for date, run in months)


def _told(entries: list[Kept]) -> str:
    return "\n".join([entry.told for entry in entries])


def _newest(entries: list[Kept]) -> str:
    return max((entry.moment for entry in entries), default="")

"""Drafts -> a site: what has to be made again, by whom, in which order.

First the articles whose draft, terms, templates or settings changed (several at a time where that pays): each is
read once, its facts are gathered and its own pages prepared. Then the makers of everything that is about several
articles are asked; they say what a page or a bundle of them is made from (`key`), and it is made only when that
changed. At last everything moves into place. There are five files an article, so those that nothing happened to are
never looked at one by one, but for their stamps. Never holds more than a few drafts. What stands on a page is the
makers' business.
"""

from __future__ import annotations

import gc
import posixpath
import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import jinja2

import translate
from translate import drafts as draft_files
from translate.document import Draft
from translate.errors import DraftError, UsageError
from translate.files import stamp_of
from translate.site import about, article, downloads, feeds, lists, lost, search, termpages, termusage
from translate.site.card import Card, gather
from translate.site.facts import Facts, Made, Read, Source
from translate.site.manifest import seal
from translate.site.page import Bundle, File, Listing, Page, key
from translate.site.settings import SiteSettings
from translate.site.store import Stage, altered, prepare, sum_of
from translate.site.tally import Tally
from translate.site.templates import Templates, static_files
from translate.site.terms import Terms, anchor

ArticleMaker = Callable[[Draft, Card, Terms, SiteSettings], Iterable[Page | File]]
Maker = Callable[[Facts, SiteSettings], Iterable[Page | File | Bundle]]

PER_ARTICLE: tuple[ArticleMaker, ...] = (article.pages, downloads.pages)
"""Who makes pages and files of a single draft. Called in any process, when something about the article changed."""
MAKERS: tuple[Maker, ...] = (
    lists.pages,
    termpages.pages,
    about.pages,
    termusage.pages,
    search.pages,
    lost.pages,
    feeds.files,
    feeds.last_files,
)
"""Who makes everything else, in this order; one that lists all pages stands last."""

_BATCH = 8
"""Articles that are made together, and handed to a process at a time: few, for at the end one waits for the other."""
_PAGES = 6
"""The same of pages about several articles, which are larger, and of files."""
_AHEAD = 3
"""Batches that wait for each process, so that it never waits itself."""
_PAGES_AHEAD = 32
"""The same of pages, so that it has work while the search is made, which no other process can do."""
_TEMPLATES = ("article.html", "term.html", "list.html", "archive.html")
"""What most pages are made with."""
_WORTH_IT = 64
"""Articles below which starting more processes takes longer than it saves."""
_SWEPT = 256
"""Files between two looks for cycles, which templates leave behind; see `_sweeping`."""
_LINKS = tuple(re.compile(rb'%s="(?<=\s%s=")([^"#?]+)' % (name, name)) for name in (b"href", b"src"))
"""They begin with plain letters, which are found much faster than a choice of them."""
_HINT_DRAFTS = "Make one: tarjuman draft seeds/*.md"


@dataclass(frozen=True, slots=True)
class Report:
    """What a publication did."""

    articles: int
    sentences: Tally
    written: tuple[str, ...]
    """Paths from the site's root."""
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    """Pages of an earlier run whose drafts are gone."""
    kept: tuple[str, ...]
    """The same, left in place because somebody changed them."""
    made: int = 0
    """How many pages and files were computed; the others could not have changed."""
    warnings: tuple[str, ...] = ()
    """What a strict build refuses: missing dates, terms not honoured, links that lead nowhere."""

    def __str__(self) -> str:
        """`'5 articles, 104 sentences, 104 not reviewed; 12 files written, 0 unchanged, 1 removed'`."""
        told = (
            f"{_count(self.articles, 'article')}, {_count(self.sentences.total, 'sentence')}, "
            f"{self.sentences.unreviewed} not reviewed; {_count(len(self.written), 'file')} written, "
            f"{len(self.unchanged)} unchanged, {len(self.removed)} removed"
        )
        return told + (f", {len(self.kept)} kept because somebody changed them" if self.kept else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _no_watch(_done: int, _total: int) -> None:
    pass


def publish(
    drafts: Path,
    out: Path,
    *,
    settings: SiteSettings,
    watch: Callable[[int, int], None] = _no_watch,
    cache: Path | None = None,
) -> Report:
    """Make `out` the site of every `*.en.xlf` in `drafts`; nothing is in its place before every page is computed.

    `watch` is told (done, all) of the articles that have to be made. Compiled templates are kept in the folder `cache`.
    """
    if drafts.resolve() == out.resolve():
        raise UsageError("the site cannot be written among the drafts", str(out), "Publish into output/site")
    names = draft_files.names(drafts)
    if not names:
        raise DraftError("no drafts (*.en.xlf) to publish", str(drafts), _HINT_DRAFTS)
    templates = Templates(settings, cache=cache)
    stage = Stage(out)
    stage.make()
    facts = Facts.open(out, _version())
    try:
        with facts.guarded(), _sweeping():
            return _Build(drafts, out, settings, templates, stage, facts, watch).run(names)
    finally:
        facts.close()
        stage.clear()


def render(drafts: Sequence[Draft], settings: SiteSettings) -> Mapping[str, bytes]:
    """Drafts -> path from the site's root -> content, every file of the site, in sorted order; touches no disk."""
    if not drafts:
        raise DraftError("no drafts to publish", hint=_HINT_DRAFTS)
    templates, terms, facts = Templates(settings), terms_of(settings), Facts.open(None, "")
    files: dict[str, bytes] = {}
    listed: dict[str, Listing] = {}

    def make(item: Page | File) -> None:
        (files[item.path],) = _contents([item], templates)
        if listing := _listing(item):
            listed[item.path] = listing

    facts.listings = lambda: [listed[path] for path in sorted(listed)]
    try:
        for draft in drafts:
            gathered = gather(draft, key(draft))
            facts.remember([Read("", "", gathered)])
            for item in _of_article(draft, gathered.card, terms, settings):
                make(item)
        facts.count_terms()
        for maker in MAKERS:
            for one in maker(facts, settings):
                for item in one.items() if isinstance(one, Bundle) else (one,):
                    make(item)
    finally:
        facts.close()
    files |= {path: file.read_bytes() for path, file in static_files(settings)}
    return {path: files[path] for path in sorted(files)}


def terms_of(settings: SiteSettings) -> Terms:
    """The term base with an address for every entry."""
    return Terms.of(settings.glossary)


# --- one article ------------------------------------------------------------------------------------------------------


class _Prepared(NamedTuple):
    """A file that waits in the stage, or is in its place already."""

    path: str
    base: str
    key: str
    sum: str
    waiting: bool
    links: str
    listing: Listing | None


@dataclass(frozen=True, slots=True)
class _Done:
    """Articles that were made together."""

    read: tuple[Read, ...]
    files: tuple[tuple[_Prepared, ...], ...]
    """Of each of them."""


class _ArticleWork:
    """Makes articles, in this process or another; knows no others.

    Some are made together, step by step: what is done to one after another takes a tenth less time than all that is
    done to one, because the code of a step, and what it looks up, stays in the processor's cache meanwhile.
    """

    def __init__(self, out: Path, settings: SiteSettings, templates: Templates) -> None:
        self._out, self._settings, self._templates = out, settings, templates
        self._terms = terms_of(settings)

    def make(self, paths: Sequence[Path]) -> _Done:
        """Read drafts once, gather their facts, prepare their pages."""
        stamps = [stamp_of(path) for path in paths]  # before they are read: what changes meanwhile is read again
        drafts = [draft_files.load(path) for path in paths]
        gathered = [gather(draft, draft.fingerprint) for draft in drafts]
        said = [search.said(one) if self._settings.search else None for one in gathered]
        items = [
            list(_of_article(draft, one.card, self._terms, self._settings))
            for draft, one in zip(drafts, gathered, strict=True)
        ]
        kinds = [self.finish(of_a_kind) for of_a_kind in zip(*items, strict=True)]
        names = [path.name for path in paths]
        gc.collect(0)  # while what templates leave behind is at hand
        read = tuple(map(Read, names, stamps, gathered, said))
        return _Done(read, tuple(zip(*kinds, strict=True)))

    def finish(self, items: Sequence[Page | File]) -> list[_Prepared]:
        """Pages and files, of articles or gathered by somebody else."""
        return prepared(items, self._out, self._templates)


def _of_article(draft: Draft, card: Card, terms: Terms, settings: SiteSettings) -> Iterator[Page | File]:
    for maker in PER_ARTICLE:
        yield from maker(draft, card, terms, settings)


def prepared(items: Sequence[Page | File], out: Path, templates: Templates) -> list[_Prepared]:
    """Compute pages and files and let them wait in the stage."""
    contents = _contents(items, templates)
    there = [prepare(out, item.path, content) for item, content in zip(items, contents, strict=True)]
    links = [
        _links(item.path, content) if isinstance(item, Page) else ""
        for item, content in zip(items, contents, strict=True)
    ]
    return [
        _Prepared(item.path, *_keys(item, templates), *sum_and_place, leads_to, _listing(item))
        for item, sum_and_place, leads_to in zip(items, there, links, strict=True)
    ]


def _contents(items: Sequence[Page | File], templates: Templates) -> list[bytes]:
    """What the items hold, in their order: two drafts of one name have pages of one path, until that is refused."""
    rendered = iter(templates.render([item for item in items if isinstance(item, Page)]))
    return [next(rendered) if isinstance(item, Page) else item.data() for item in items]


def _keys(item: Page | File, templates: Templates) -> tuple[str, str]:
    """`('article.html 1f2e…', '77aa…')`: the template by name, so that one can tell later whether it changed."""
    if isinstance(item, File):
        return f" {templates.digest('')}", item.key
    about = (item.key, item.name, item.title, item.description, item.last_modified, item.languages)
    return f"{item.template} {templates.digest(item.template)}", key(*about)


def _listing(item: Page | File) -> Listing | None:
    return Listing(item.path, item.last_modified, item.languages) if isinstance(item, Page) and item.listed else None


def _links(path: str, content: bytes) -> str:
    """The paths within the site that a page leads to, one a line, in order."""
    here = posixpath.dirname(path)
    found = {link for pattern in _LINKS for link in pattern.findall(content)}
    ways = (link.decode("utf-8") for link in found if b":" not in link and not link.startswith(b"/"))
    inside = {_joined(here, way) for way in ways}
    return "\n".join(sorted(inside))


@lru_cache(maxsize=65_536)
def _joined(folder: str, link: str) -> str:
    """`'articles', '../terms/a.html'` -> `'terms/a.html'`."""
    return posixpath.normpath(posixpath.join(folder, link))


_work: list[_ArticleWork] = []
"""In a process of its own: the one that works there."""


def _begin_work(out: Path, settings: SiteSettings, digests: Mapping[str, str], cache: Path | None) -> None:
    gc.disable()
    _work[:] = [_ArticleWork(out, settings, Templates(settings, digests, cache))]


def _do_articles(paths: Sequence[Path]) -> _Done:
    return _work[0].make(paths)


def _do_pages(items: Sequence[Page | File]) -> list[_Prepared]:
    gc.collect(0)
    return _work[0].finish(items)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a page or file is made of, gathered already, so that another process can be told."""

    values: Any

    def __call__(self) -> Any:
        return self.values


def _way(templates: Templates) -> str:
    """How other processes begin: split off with all that is loaded and compiled here, or else from nothing.

    Only a process of one thread can be split, because the others' locks would stay locked for ever.
    """
    try:
        alone = sum(1 for _ in Path("/proc/self/task").iterdir()) == 1
    except OSError:
        alone = False
    if alone:
        templates.compile(_TEMPLATES)
    return "fork" if alone else "spawn"


def _batches(paths: Sequence[Path], shares: int) -> Iterator[Sequence[Path]]:
    """Articles in batches, none more than one of so many shares of what is left: at the end nobody waits for long."""
    at = 0
    while at < len(paths):
        size = max(1, min(_BATCH, (len(paths) - at) // shares))
        yield paths[at : at + size]
        at += size


class _Others:
    """The other processes; this one works too, so that there are as many as the settings say. None for few articles."""

    def __init__(self, out: Path, settings: SiteSettings, templates: Templates, articles: int) -> None:
        self._count = settings.jobs - 1 if articles >= _WORTH_IT else 0
        self._pages: list[Page | File] = []
        self._given: deque[tuple[Future[list[_Prepared]], Sequence[Page | File]]] = deque()
        self._rendered: list[Future[list[_Prepared]]] = []
        if self._count > 0:
            digests = {name: templates.digest(name) for name in ("", *_TEMPLATES)}
            begin = (out, settings, digests, templates.cache)
            self._pool = ProcessPoolExecutor(self._count, get_context(_way(templates)), _begin_work, begin)

    def __enter__(self) -> _Others:
        return self

    def __exit__(self, *_: object) -> None:
        if self._count > 0:
            self._pool.shutdown(cancel_futures=True)

    def articles(self, paths: Sequence[Path], own: _ArticleWork) -> Iterator[_Done]:
        """The articles made by all of them, in no order; only a few wait at any time."""
        batches = deque(_batches(paths, 2 * _AHEAD * (self._count + 1) if self._count else 1))
        waiting: deque[Future[_Done]] = deque()
        while batches or waiting:
            while batches and len(waiting) < _AHEAD * self._count:
                waiting.append(self._pool.submit(_do_articles, batches.popleft()))
            if waiting and (waiting[0].done() or not batches):
                yield waiting.popleft().result()
            elif batches:
                yield own.make(batches.popleft())

    def take(self, item: Page | File) -> bool:
        """Have a page or file made elsewhere; False where nobody has time for it, or it is made as soon here."""
        most = _PAGES_AHEAD * self._count
        while self._given and self._given[0][0].done():
            self._rendered.append(self._given.popleft()[0])  # what the page was made of is forgotten
        if len(self._given) >= most:
            return False
        if isinstance(item, Page):
            head = _Given(item.head()) if item.head else None
            self._pages.append(item._replace(content=_Given(item.content()), head=head))
        elif item.work:
            self._pages.append(replace(item, content=_Given(item.content())))
        else:
            return False
        if len(self._pages) >= _PAGES:
            self._send()
        return True

    def _send(self) -> None:
        if self._pages:
            self._given.append((self._pool.submit(_do_pages, self._pages), self._pages))
            self._pages = []

    def rendered(self, own: Callable[[Sequence[Page | File]], list[_Prepared]]) -> Iterator[_Prepared]:
        """The pages that others rendered; what they have not come to is made by `own`: nothing else is left to do."""
        self._send()
        for one in self._rendered:
            yield from one.result()
        while self._given:
            last, items = self._given[-1]
            if last.cancel():
                self._given.pop()
                yield from own(items)
            else:
                yield from self._given.popleft()[0].result()


# --- all of them ------------------------------------------------------------------------------------------------------


@contextmanager
def _sweeping() -> Iterator[None]:
    """Look for cycles only where `gc.collect(0)` says so.

    Between two articles hardly anything is alive that is new, and what was looked through before is not again.
    """
    usual = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if usual:
            gc.enable()


_ARTICLES = "articles/"
"""What the name of an owner begins with that is an article."""


@dataclass(slots=True)
class _Build:
    """One run of `publish`."""

    drafts: Path
    out: Path
    settings: SiteSettings
    templates: Templates
    stage: Stage
    facts: Facts
    watch: Callable[[int, int], None]
    owners: dict[str, str] = field(default_factory=dict)
    """Path -> what it belongs to, of everything that earlier runs made."""
    sums: dict[str, str] = field(default_factory=dict)
    """Path -> SHA-256 of the same."""
    bundles: dict[str, str] = field(default_factory=dict)
    """Bundle -> key, in earlier runs."""
    spoilt: set[str] = field(default_factory=set)
    """What was made then and is not there any more as it has to be."""
    unsound: set[str] = field(default_factory=set)
    """What these belong to."""
    stamps: dict[str, str] = field(default_factory=dict)
    """Path -> stamp of files that are what they were and were touched."""
    standing: set[str] = field(default_factory=set)
    """Articles and bundles of which everything stays."""
    kept: set[str] = field(default_factory=set)
    """Other pages that stay."""
    offered: dict[str, str] = field(default_factory=dict)
    """Path -> what it belongs to, of pages that are made in this run."""
    listed: dict[str, Listing] = field(default_factory=dict)
    """The same as the sitemap has them."""
    renewed: dict[str, str] = field(default_factory=dict)
    """Bundle -> key, of bundles that are looked at page by page in this run."""
    fresh: dict[str, _Prepared] = field(default_factory=dict)
    """What was made in this run."""
    own: list[Page | File] = field(default_factory=list)
    """Pages and files that are to be made in this process."""
    computed: int = 0

    def run(self, names: Sequence[str]) -> Report:
        """All of it."""
        self._look()
        again = self._stale(names)
        with _Others(self.out, self.settings, self.templates, len(again)) as others:
            self._articles(again, others)
            self.facts.listings = self._listings
            alone = self.facts.keys("")
            for maker in MAKERS:
                for item in maker(self.facts, self.settings):
                    if isinstance(item, Bundle):
                        self._together(item, others)
                    else:
                        self._offer(item, "", alone, others)
            self._make_own()
            for one in others.rendered(lambda items: prepared(items, self.out, self.templates)):
                self._take(one)
        static = static_files(self.settings)
        for one in prepared([File(path, "", file.read_bytes) for path, file in static], self.out, self.templates):
            self._take(one)
        gone = [path for path, owner in self.owners.items() if path not in self.fresh and not self._stays(path, owner)]
        lost = frozenset(gone)
        self.stage.keep({path: self.sums[path] for path in self.owners if path not in self.fresh and path not in lost})
        for path in self.stamps.keys() - self.fresh.keys() - lost:
            self.stage.check(path)  # it holds what it held, but may be something else, such as a link
        written = self.stage.finish()
        self._remember(gone)
        broken = [f"{self.out / path}: a link leads nowhere: {link}" for path, link in self._broken_links(lost)]
        warnings = [f"{self.drafts / file}: {told}" for file, told in self.facts.warnings()]
        report = Report(
            self.facts.count(),
            self.facts.totals(),
            written.written,
            written.unchanged,
            written.removed,
            written.kept,
            self.computed,
            (*warnings, *broken),
        )
        self.facts.commit()
        return report

    def _look(self) -> None:
        """What is there of what earlier runs made, and whether it is what they made, by templates as they are now."""
        files = self.facts.in_place()
        self.owners = {path: owner for path, owner, _, _ in files}
        self.sums = {path: total for path, _, total, _ in files}
        self.bundles = self.facts.bundles()
        self.stage.know(self.sums, self.facts.meta("manifest"))
        self.templates.know(self.facts.meta("templates"))
        for path, stamp in altered(self.out, ((path, stamp) for path, _, _, stamp in files)):
            if stamp and sum_of(self.out / path) == self.sums[path]:
                self.stamps[path] = stamp
            else:
                self.spoilt.add(path)
        for base in self.facts.bases():
            template, _, digest = base.partition(" ")
            if self.templates.digest(template) != digest:
                self.spoilt.update(self.facts.paths_by(base))
        self.unsound = {self.owners[path] for path in self.spoilt}

    def _stays(self, path: str, owner: str) -> bool:
        return path in self.kept or (owner in self.standing and owner != "")

    # articles

    def _stale(self, names: Sequence[str]) -> list[Path]:
        """The drafts that have to be read, forgotten with those that are gone; the pages of all others stay."""
        known = {source.file: source for source in self.facts.sources()}
        sound = set(self.owners.values()) - self.unsound
        glossary = self._glossary_changed()
        again: list[Path] = []
        for name in names:
            source = known.pop(name, None)
            if source is None:
                again.append(self.drafts / name)
                continue
            owner = _ARTICLES + source.slug
            if owner in sound and source.slug not in glossary and self._unchanged(name, source):
                self.standing.add(owner)
            else:
                again.append(self.drafts / name)
                known[name] = source
        for source in known.values():  # those that are gone, and those that are made again
            self.facts.forget(source.slug)
        return again

    def _articles(self, again: Sequence[Path], others: _Others) -> None:
        """Bring facts and pages of the articles up to date."""
        self.watch(0, len(again))
        own = _ArticleWork(self.out, self.settings, self.templates)
        number = 0
        for done in others.articles(again, own):
            self.facts.remember(done.read)
            for read, files in zip(done.read, done.files, strict=True):
                for one in files:
                    self.offered[one.path] = _ARTICLES + read.gathered.card.slug
                    self._take(one)
                self.computed += len(files)
                number += 1
                self.watch(number, len(again))
        self.facts.count_terms()

    def _unchanged(self, name: str, source: Source) -> bool:
        """Whether the file of a draft holds what it held; its content is looked at only when its stamp differs."""
        now = stamp_of(f"{self.drafts}/{name}")
        if now and now == source.stamp:
            return True
        if draft_files.fingerprint(self.drafts / name) != source.digest:
            return False
        self.facts.restamp(source.slug, now)
        return True

    def _glossary_changed(self) -> set[str]:
        """Articles with a term whose entry in the term base is not what it was."""
        now = {anchor(row.source, row.target): key(row) for row in reversed(self.settings.glossary)}
        before = dict(line.split(" ") for line in self.facts.meta("glossary").splitlines())
        changed = {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}
        self.facts.set_meta("glossary", "\n".join(f"{name} {digest}" for name, digest in sorted(now.items())))
        return self.facts.slugs_with(sorted(changed))

    # everything else

    def _together(self, bundle: Bundle, others: _Others) -> None:
        """Pages that are looked at one by one only when something happened to one of them."""
        if bundle.name not in self.unsound and self.bundles.get(bundle.name) == bundle.key:
            self.standing.add(bundle.name)
            return
        self.renewed[bundle.name] = bundle.key
        before = self.facts.keys(bundle.name)
        for item in bundle.items():
            self._offer(item, bundle.name, before, others)

    def _offer(self, item: Page | File, owner: str, before: Mapping[str, tuple[str, str]], others: _Others) -> None:
        """A page about several articles: made when what it is made from changed, or its file is not what was made."""
        if item.path not in self.spoilt and before.get(item.path) == _keys(item, self.templates):
            self.kept.add(item.path)
            return
        self.offered[item.path] = owner
        if listing := _listing(item):
            self.listed[item.path] = listing
        if not others.take(item):
            self.own.append(item)
            if len(self.own) >= _PAGES:
                self._make_own()
        self.computed += 1

    def _make_own(self) -> None:
        """What no other process had time for, so far."""
        for one in prepared(self.own, self.out, self.templates):
            self._take(one)
        self.own.clear()

    def _take(self, one: _Prepared) -> None:
        self.stage.take(one.path, one.sum, one.waiting)
        self.fresh[one.path] = one
        if len(self.fresh) % _SWEPT == 0:
            gc.collect(0)
        if one.listing:
            self.listed[one.path] = one.listing

    def _listings(self) -> Iterable[Listing]:
        """What the sitemap lists, by its path."""
        found = {path: listing for path, listing in self.facts.listed().items() if self._stays(path, self.owners[path])}
        found |= self.listed
        return [found[path] for path in sorted(found)]

    def _remember(self, gone: Sequence[str]) -> None:
        """What was made, with the stamps of the files in their places."""
        made = [
            Made(one.path, self.offered.get(one.path, ""), one.base, one.key, one.sum, seal(f"{self.out}/{one.path}"),
                 one.links, one.listing)
            for one in self.fresh.values()
        ]  # fmt: skip
        self.facts.set_made(made, gone)
        self.facts.restamp_made((stamp, path) for path, stamp in self.stamps.items() if path not in self.fresh)
        lost = (name for name in self.bundles if name not in self.standing and name not in self.renewed)
        self.facts.set_bundles(self.renewed, lost)
        self.facts.set_meta("manifest", self.stage.manifest_stamp())
        self.facts.set_meta("templates", self.templates.analysed())

    def _broken_links(self, lost: Collection[str]) -> list[tuple[str, str]]:
        """(page, link within the site that leads nowhere), page by page.

        Where all links led somewhere and every page is still there, only pages that were made now can have one.
        """
        pages: Iterable[tuple[str, str]] = ((path, self.fresh[path].links) for path in sorted(self.fresh))
        if lost or self.facts.meta("broken links"):
            pages = self.facts.links()
        there = self.fresh.keys() | self.owners.keys() - lost
        broken = [
            (path, link)
            for path, links in pages
            for link in links.split("\n")
            if link and link not in there and link.rstrip("/") + "/index.html" not in there
        ]
        self.facts.set_meta("broken links", str(len(broken) or ""))
        return broken


@cache
def _version() -> str:
    """Of everything that pages are computed by: facts and pages of another version are made again."""
    root = Path(translate.__file__).parent
    sums = (f"{path.relative_to(root)} {sha256(path.read_bytes()).hexdigest()}" for path in sorted(root.rglob("*.py")))
    return key(translate.__version__, jinja2.__version__, *sums)

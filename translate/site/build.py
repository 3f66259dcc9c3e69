"""Drafts -> a site: what has to be made again, by whom, in which order.

First the articles whose draft, terms, templates or settings changed (several at a time where that pays): each is
read once, its facts are gathered and its own pages prepared. Then the makers of everything that is about several
articles are asked; they say what a page is made from (`key`), and it is made only when that changed. At last everything
moves into place. Never holds more than a few drafts. What stands on a page is the makers' business.
"""

from __future__ import annotations

import gc
import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import jinja2

import translate
from translate import drafts as draft_files
from translate.document import Draft
from translate.errors import DraftError, UsageError
from translate.files import stamp_of
from translate.site import about, article, downloads, feeds, lists, lost, search, termpages, termusage
from translate.site.card import Card, Gathered, gather
from translate.site.facts import Facts, Made, Source
from translate.site.page import File, Listing, Page, key
from translate.site.settings import SiteSettings
from translate.site.store import Stage, prepare, sum_of
from translate.site.tally import Tally
from translate.site.templates import Templates, static_files
from translate.site.terms import Terms, anchor

ArticleMaker = Callable[[Draft, Card, Terms, SiteSettings], Iterable[Page | File]]
Maker = Callable[[Facts, SiteSettings], Iterable[Page | File]]

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
"""Articles that a process is handed at a time."""
_PAGES = 3
"""The same of pages about several articles, which are larger."""
_AHEAD = 3
"""Batches that wait for each process, so that it never waits itself."""
_WORTH_IT = 64
"""Articles below which starting more processes takes longer than it saves."""
_GARBAGE = 50_000
"""New objects between two looks for cycles, or what is known of 10,000 articles is looked through again and again."""
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
    drafts: Path, out: Path, *, settings: SiteSettings, watch: Callable[[int, int], None] = _no_watch
) -> Report:
    """Make `out` the site of every `*.en.xlf` in `drafts`; nothing is in its place before every page is computed.

    `watch` is told (done, all) of the articles that have to be made.
    """
    if drafts.resolve() == out.resolve():
        raise UsageError("the site cannot be written among the drafts", str(out), "Publish into output/site")
    paths = draft_files.inside(drafts)
    if not paths:
        raise DraftError("no drafts (*.en.xlf) to publish", str(drafts), _HINT_DRAFTS)
    templates = Templates(settings)
    stage = Stage(out)
    stage.make()
    facts = Facts.open(out, _version())
    usual = gc.get_threshold()
    gc.set_threshold(_GARBAGE, *usual[1:])
    try:
        with facts.guarded():
            return _Build(drafts, out, settings, templates, stage, facts, watch).run(paths)
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)
        facts.close()
        stage.clear()


def render(drafts: Sequence[Draft], settings: SiteSettings) -> Mapping[str, bytes]:
    """Drafts -> path from the site's root -> content, every file of the site, in sorted order; touches no disk."""
    if not drafts:
        raise DraftError("no drafts to publish", hint=_HINT_DRAFTS)
    templates, terms, facts = Templates(settings), terms_of(settings), Facts.open(None, "")
    files: dict[str, bytes] = {}
    try:
        for draft in drafts:
            gathered = gather(draft, key(draft))
            facts.remember(gathered)
            for item in _of_article(draft, gathered.card, terms, settings):
                files[item.path] = _content(item, templates)
                facts.list_page(_listing(item))
        facts.count_terms()
        for maker in MAKERS:
            for item in maker(facts, settings):
                files[item.path] = _content(item, templates)
                facts.list_page(_listing(item))
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
    key: str
    sum: str
    waiting: bool
    links: str
    listing: Listing | None


@dataclass(frozen=True, slots=True)
class _Done:
    """An article that was made."""

    file: str
    stamp: str
    gathered: Gathered
    said: bytes
    """For the search; empty where there is none."""
    files: tuple[_Prepared, ...]


class _ArticleWork:
    """Makes articles, in this process or another; knows no other article."""

    def __init__(self, out: Path, settings: SiteSettings, templates: Templates) -> None:
        self._out, self._settings, self._templates = out, settings, templates
        self._terms = terms_of(settings)

    def make(self, path: Path) -> _Done:
        """Read a draft once, gather its facts, prepare its pages."""
        stamp = stamp_of(path)  # before it is read: if it changes meanwhile it is read again next time
        draft = draft_files.load(path)
        gathered = gather(draft, draft.fingerprint)
        files = [
            prepared(item, self._out, self._templates)
            for item in _of_article(draft, gathered.card, self._terms, self._settings)
        ]
        said = search.said(gathered) if self._settings.search else b""
        return _Done(path.name, stamp, gathered, said, tuple(files))

    def render(self, page: Page) -> _Prepared:
        """A page about several articles that somebody else has gathered."""
        return prepared(page, self._out, self._templates)


def _of_article(draft: Draft, card: Card, terms: Terms, settings: SiteSettings) -> Iterator[Page | File]:
    for maker in PER_ARTICLE:
        yield from maker(draft, card, terms, settings)


def prepared(item: Page | File, out: Path, templates: Templates) -> _Prepared:
    """Compute a page or file and let it wait in the stage."""
    content = _content(item, templates)
    digest, waiting = prepare(out, item.path, content)
    links = _links(item.path, content) if isinstance(item, Page) else ""
    return _Prepared(item.path, _full_key(item, templates), digest, waiting, links, _listing(item))


def _content(item: Page | File, templates: Templates) -> bytes:
    return templates.render(item) if isinstance(item, Page) else item.content()


def _full_key(item: Page | File, templates: Templates) -> str:
    """`'article.html 1f2e…'`: the template by name, so that one can tell later whether it changed."""
    if isinstance(item, File):
        return f" {templates.digest('')} {item.key}"
    about = (item.key, item.name, item.title, item.description, item.last_modified, item.languages)
    return f"{item.template} {templates.digest(item.template)} {key(*about)}"


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


def _begin_work(out: Path, settings: SiteSettings, digests: Mapping[str, str]) -> None:
    gc.set_threshold(_GARBAGE, *gc.get_threshold()[1:])
    _work[:] = [_ArticleWork(out, settings, Templates(settings, digests))]
    gc.freeze()


def _do_articles(paths: Sequence[Path]) -> list[_Done]:
    return [_work[0].make(path) for path in paths]


def _do_pages(pages: Sequence[Page]) -> list[_Prepared]:
    return [_work[0].render(page) for page in pages]


@dataclass(frozen=True, slots=True)
class _Given:
    """What a page holds, gathered already, so that another process can be told."""

    values: Mapping[str, object]

    def __call__(self) -> Mapping[str, object]:
        return self.values


class _Others:
    """The other processes; this one works too, so that there are as many as the settings say. None for few articles."""

    def __init__(self, out: Path, settings: SiteSettings, templates: Templates, articles: int) -> None:
        self._count = settings.jobs - 1 if articles >= _WORTH_IT else 0
        self._pages: list[Page] = []
        self._rendered: deque[Future[list[_Prepared]]] = deque()
        if self._count > 0:
            digests = {name: templates.digest(name) for name in ("", "article.html")}
            begin = (out, settings, digests)
            self._pool = ProcessPoolExecutor(self._count, get_context("spawn"), _begin_work, begin)

    def __enter__(self) -> _Others:
        return self

    def __exit__(self, *_: object) -> None:
        if self._count > 0:
            self._pool.shutdown(cancel_futures=True)

    def articles(self, paths: Sequence[Path], own: _ArticleWork) -> Iterator[_Done]:
        """The articles made by all of them, in no order; only a few wait at any time."""
        batches = deque(paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH))
        waiting: deque[Future[list[_Done]]] = deque()
        while batches or waiting:
            while batches and len(waiting) < _AHEAD * self._count:
                waiting.append(self._pool.submit(_do_articles, batches.popleft()))
            if waiting and (waiting[0].done() or not batches):
                yield from waiting.popleft().result()
            elif batches:
                for path in batches.popleft():
                    yield own.make(path)

    def take(self, page: Page) -> bool:
        """Have a page rendered elsewhere; False where nobody has time for it."""
        most = _AHEAD * self._count
        if not most or (len(self._rendered) >= most and not self._rendered[-most].done()):
            return False
        head = _Given(page.head()) if page.head else None
        self._pages.append(replace(page, content=_Given(page.content()), head=head))
        if len(self._pages) >= _PAGES:
            self._send()
        return True

    def _send(self) -> None:
        if self._pages:
            self._rendered.append(self._pool.submit(_do_pages, self._pages))
            self._pages = []

    def rendered(self) -> Iterator[_Prepared]:
        """The pages that others rendered."""
        self._send()
        while self._rendered:
            yield from self._rendered.popleft().result()


# --- all of them ------------------------------------------------------------------------------------------------------


@contextmanager
def _no_garbage() -> Iterator[None]:
    """What is read here stays until the end, so nobody looks through it for cycles, now or later."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


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
    earlier: dict[str, Made] = field(default_factory=dict)
    """What earlier runs made."""
    before: dict[str, str] = field(default_factory=dict)
    """Article -> digest, in earlier runs."""
    fresh: list[str] = field(default_factory=list)
    """Paths of what was made in this run."""
    stamps: dict[str, str] = field(default_factory=dict)
    """Path -> stamp of files that are what they were and were touched."""
    good: dict[str, bool] = field(default_factory=dict)
    """Whether templates are what they were, by the beginning of a key."""
    now: dict[str, Made] = field(default_factory=dict)
    """What belongs to the site in this run."""
    computed: int = 0

    def run(self, paths: Sequence[Path]) -> Report:
        """All of it."""
        with _no_garbage():
            self.earlier = self.facts.made()
            again = self._stale(paths)
        with _Others(self.out, self.settings, self.templates, len(again)) as others:
            self._articles(again, others)
            with _no_garbage():
                self.facts.load_cards()
            for listing in self._article_listings():
                self.facts.list_page(listing)
            for maker in MAKERS:
                for item in maker(self.facts, self.settings):
                    self._offer(item, others)
            for one in others.rendered():
                self._take("", one)
        for path, file in static_files(self.settings):
            self._take("", prepared(File(path, "", file.read_bytes), self.out, self.templates))
        written = self.stage.finish()
        self._remember()
        broken = [f"{self.out / path}: a link leads nowhere: {link}" for path, link in self._broken_links()]
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

    # articles

    def _stale(self, paths: Sequence[Path]) -> list[Path]:
        """The drafts that have to be read, forgotten with those that are gone; the pages of all others are kept."""
        known = {source.file: source for source in self.facts.sources()}
        files: dict[str, list[Made]] = {}
        for made in self.earlier.values():
            if made.slug:
                files.setdefault(made.slug, []).append(made)
        glossary = self._glossary_changed()
        self.before = {source.slug: source.digest for source in known.values()}
        again: list[Path] = []
        for path in paths:
            source = known.pop(path.name, None)
            if source is None:
                again.append(path)
            elif (
                not self._unchanged(path, source)
                or source.slug in glossary
                or not self._as_made(files.get(source.slug, []))
            ):
                again.append(path)
                known[path.name] = source
        for source in known.values():  # those that are gone, and those that are made again
            self.facts.forget(source.slug)
        return again

    def _articles(self, again: Sequence[Path], others: _Others) -> None:
        """Bring facts and pages of the articles up to date."""
        self.watch(0, len(again))
        own = _ArticleWork(self.out, self.settings, self.templates)
        for number, done in enumerate(others.articles(again, own), 1):
            self.facts.remember(done.gathered, done.file, done.stamp, done.said)
            for prepared_file in done.files:
                self._take(done.gathered.card.slug, prepared_file)
            self.computed += len(done.files)
            self.watch(number, len(again))
        self.facts.count_terms()
        after = {source.slug: source.digest for source in self.facts.sources()}
        self.facts.changed = frozenset(slug for slug, digest in after.items() if self.before.get(slug) != digest)
        self.facts.gone = frozenset(self.before.keys() - after.keys())

    def _unchanged(self, path: Path, source: Source) -> bool:
        """Whether the file of a draft holds what it held; its content is looked at only when its stamp differs."""
        now = stamp_of(path)
        if now and now == source.stamp:
            return True
        if draft_files.fingerprint(path) != source.digest:
            return False
        self.facts.restamp(source.slug, now)
        return True

    def _as_made(self, files: Sequence[Made]) -> bool:
        """Whether everything that belongs to one article alone is in its place as it has to be; then it is taken."""
        if not files or not all(self._still(made.key) for made in files):
            return False
        found = [(made, stamp) for made in files if (stamp := self._intact(made)) is not None]
        if len(found) < len(files):
            return False
        for made, stamp in found:
            self._keep(made, stamp)
        return True

    def _still(self, full_key: str) -> bool:
        """Whether the templates and settings of something made earlier are what they were."""
        begin = full_key.rpartition(" ")[0]
        if begin not in self.good:
            template, _, digest = begin.partition(" ")
            self.good[begin] = self.templates.digest(template) == digest
        return self.good[begin]

    def _glossary_changed(self) -> set[str]:
        """Articles with a term whose entry in the term base is not what it was."""
        now = {anchor(row.source, row.target): key(row) for row in reversed(self.settings.glossary)}
        before = dict(line.split(" ") for line in self.facts.meta("glossary").splitlines())
        changed = {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}
        self.facts.set_meta("glossary", "\n".join(f"{name} {digest}" for name, digest in sorted(now.items())))
        return self.facts.slugs_with(sorted(changed))

    def _article_listings(self) -> Iterator[Listing]:
        """The pages of articles, in the order of the articles' names."""
        own = [(made.slug, path, made.listing) for path, made in self.now.items() if made.slug and made.listing]
        return (listing for _, _, listing in sorted(own))

    # everything else

    def _offer(self, item: Page | File, others: _Others) -> None:
        """A page about several articles: made when what it is made from changed, or its file is not what was made."""
        made = self.earlier.get(item.path)
        if made is not None and made.key == _full_key(item, self.templates):
            stamp = self._intact(made)
            if stamp is not None:
                self._keep(made, stamp)
                self.facts.list_page(_listing(item))
                return
        if not (isinstance(item, Page) and others.take(item)):
            self._take("", prepared(item, self.out, self.templates))
        self.computed += 1
        self.facts.list_page(_listing(item))

    def _intact(self, made: Made) -> str | None:
        """The stamp of a file that is what was made; None where it is not."""
        stamp = stamp_of(f"{self.out}/{made.path}", fresh=True)
        if stamp and (stamp == made.stamp or sum_of(self.out / made.path) == made.sum):
            return stamp
        return None

    def _keep(self, made: Made, stamp: str) -> None:
        if stamp == made.stamp:
            self.stage.keep(made.path, made.sum)
        else:  # it holds what it held, but may be something else, such as a link
            self.stage.take(made.path, made.sum, False)
            self.stamps[made.path] = stamp
        self.now[made.path] = made

    def _take(self, slug: str, one: _Prepared) -> None:
        self.stage.take(one.path, one.sum, one.waiting)
        self.now[one.path] = Made(one.path, slug, one.key, one.sum, "", one.links, one.listing)
        self.fresh.append(one.path)

    def _remember(self) -> None:
        """What was made, with the stamps of the files in their places."""
        made = (self.now[path] for path in self.fresh)
        stamped = (one._replace(stamp=stamp_of(f"{self.out}/{one.path}", fresh=True)) for one in made)
        self.facts.set_made(stamped, sorted(self.earlier.keys() - self.now.keys()))
        self.facts.restamp_made((stamp, path) for path, stamp in self.stamps.items())

    def _broken_links(self) -> list[tuple[str, str]]:
        """(page, link within the site that leads nowhere), page by page.

        Where all links led somewhere and every page is still there, only pages that were made now can have one.
        """
        pages: Iterable[tuple[str, str]] = ((path, self.now[path].links) for path in sorted(self.fresh))
        if self.facts.meta("broken links") or not self.earlier.keys() <= self.now.keys():
            pages = self.facts.links()
        broken = [
            (path, link)
            for path, links in pages
            for link in links.split("\n")
            if link and link not in self.now and link.rstrip("/") + "/index.html" not in self.now
        ]
        self.facts.set_meta("broken links", str(len(broken) or ""))
        return broken


@cache
def _version() -> str:
    """Of everything that pages are computed by: facts and pages of another version are made again."""
    root = Path(translate.__file__).parent
    sums = (f"{path.relative_to(root)} {sha256(path.read_bytes()).hexdigest()}" for path in sorted(root.rglob("*.py")))
    return key(translate.__version__, jinja2.__version__, *sums)

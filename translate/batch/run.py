"""The line of an archive run: articles in, sentences that are new together to the model, articles out.

Articles stand in windows. One window is filled; those before it wait in line, each for the answers to the batch its new
sentences make, and leave in the order they came. Where the model is here, nobody waits; where it is elsewhere, as
many windows do as there is room for. So the batches are the same wherever they are answered.

Answers are kept before anything is written, and what is written is remembered after it is: a process killed anywhere
loses the answers of the batches it was at, and the next run finds all others. Nothing is asked twice. This is the
only writer; it prints nothing.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from translate import pipeline
from translate.batch.answering import FAULTS, Here, Pool, fault
from translate.batch.asking import Answer, Asked, Question, ask, unpacked
from translate.batch.outlets import Outlet
from translate.batch.pace import Pace, Speed
from translate.batch.source import Item, Source
from translate.batch.store import Done, Store
from translate.decode import signature
from translate.document import Article, TermStatus
from translate.engines.base import Engine
from translate.errors import ConflictError, DraftError, InputError, ModelError, OutputError, TarjumanError, UsageError
from translate.pipeline import Glossary, Work

TOKENS = 16_384
"""Source tokens of one batch: enough to fill a model's batches, little enough to lose."""
ARTICLES = 256
"""Articles held together at most,"""
SEGMENTS = 8_192
"""unless one article alone has more segments than that."""
HOPELESS = 8
"""Questions of a batch that all fail: then it is not the texts."""
SLACK = 8
"""A batch may be an eighth too large: better than a second one with next to nothing in it."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Tell = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked for."""

    limit: int = 0
    """The first so many articles; 0 for all."""
    since: str = ""
    """"2016-01-01": articles of that day and later, and those without a date."""
    tokens: int = TOKENS
    """Of one batch."""


@dataclass(slots=True)
class Account:
    """What became of everything."""

    articles: int = 0
    written: int = 0
    unchanged: int = 0
    earlier: int = 0
    """Older than was asked for."""
    quarantined: int = 0
    conflicts: int = 0
    segments: int = 0
    """Of the articles that were read."""
    translated: int = 0
    """Questions the model was asked."""
    terms: int = 0
    missed: int = 0
    seconds: float = 0.0

    @property
    def reused(self) -> int:
        """Segments that needed no model."""
        return self.segments - self.translated


class Quarantine:
    """The file in which a person reads what could not be translated, and why."""

    def __init__(self, path: Path) -> None:
        """A new file, for this run."""
        self._path = path
        self._count = 0
        with self._guarded():
            self._file = path.open("w", encoding="utf-8", errors="replace", newline="\n")
            self._file.write("where\treason\n")

    def add(self, where: str, reason: str) -> None:
        """One line, on its way to the disk at once."""
        self._count += 1
        with self._guarded():
            self._file.write("\t".join(" ".join(part.split()) for part in (where, reason)) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Without a line there is no file."""
        with self._guarded():
            self._file.close()
            if not self._count:
                self._path.unlink(missing_ok=True)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(f"cannot be written ({error.strerror or error})", str(self._path)) from error

    def __enter__(self) -> Quarantine:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


@dataclass(slots=True)
class _Open:
    """An article whose sentences are being asked for."""

    item: Item
    work: Work
    asked: Sequence[Asked]
    done: Done


@dataclass(slots=True)
class _Window:
    """Some articles, and what is known and not known of their sentences."""

    articles: list[_Open] = field(default_factory=list)
    known: dict[bytes, bytes] = field(default_factory=dict)
    new: dict[bytes, tuple[int, Question]] = field(default_factory=dict)
    """With their tokens; empty once they were handed over."""
    lent: set[bytes] = field(default_factory=set)
    """New as well, but asked by a window further ahead, which leaves before this one."""
    tokens: int = 0
    segments: int = 0
    owed: int = 0
    """Answers that have not come yet."""
    at: int = 0
    """How much of the input is behind us with its last article."""

    def full(self, wishes: Wishes) -> bool:
        return len(self.articles) >= ARTICLES or self.segments >= SEGMENTS or self.tokens >= wishes.tokens

    def batches(self, tokens: int) -> Iterator[list[Question]]:
        """The new questions in equal parts, those of a length together, the longest first."""
        parts = math.ceil(self.tokens / (tokens + tokens // SLACK))
        batch: list[Question] = []
        number = reached = 0
        for count, question in sorted(self.new.values(), key=lambda pair: (-pair[0], pair[1].key)):
            if batch and reached * parts // self.tokens > number:
                yield batch
                batch, number = [], reached * parts // self.tokens
            batch.append(question)
            reached += count
        if batch:
            yield batch


class Run:
    """One run over one archive."""

    def __init__(
        self,
        outlet: Outlet,
        store: Store,
        glossary: Glossary,
        engine: Engine,
        quarantine: Quarantine,
        wishes: Wishes = Wishes(),
        tell: Tell = lambda _event: None,
        pool: Pool | None = None,
    ) -> None:
        """`pool` has models elsewhere; without one, `engine` answers here."""
        if wishes.since and not _DAY.fullmatch(wishes.since):
            raise UsageError(f"no date: {wishes.since[:40]!r}", "--since", "Write it like 2016-01-31")
        self._outlet, self._store, self._glossary, self._engine = outlet, store, glossary, engine
        self._quarantine, self._wishes, self._tell = quarantine, wishes, tell
        self._pool: Pool = pool or Here(engine)
        self._settings = f"{glossary.fingerprint}|{signature(engine, ())}"
        self.account = Account()
        self._window = _Window()
        self._line: deque[_Window] = deque()
        self._given = 0
        """Batches of which the answers have not come yet."""
        self._asked: dict[bytes, _Window] = {}
        """Who waits for the answer to a question."""
        self._failed: dict[bytes, str] = {}
        self._pace = Pace(0)
        self._refused = 0

    def over(self, source: Source) -> Account:
        """Everything of an archive; the outlet is closed afterwards, whatever happens."""
        self._pace = Pace(source.total)
        self._tell({"event": "start", "size": source.total, "settings": self._settings})
        try:
            at = self._all(source)
        except BaseException:
            self._outlet.close(whole=False)
            raise
        self._outlet.close(whole=True)
        speed = self._progress(at)
        self.account.seconds = speed.seconds
        return self.account

    def _all(self, source: Source) -> int:
        at = 0
        for item in source.items():
            if self._wishes.limit and self.account.articles >= self._wishes.limit:
                break
            at = item.at
            self._take(item)
            if self._window.full(self._wishes):
                self._queue(at)
        self._queue(at)
        while self._line:
            self._hear()
        return at

    # --- in ----------------------------------------------------------------------------------------------------------

    def _take(self, item: Item) -> None:
        """One article into the window, or past it."""
        if item.fault:
            self.account.articles += 1
            self._set_aside(item, item.fault)
            return
        try:
            item = item.loaded()
            digest = item.digest()
            before = self._store.done(item.name) if self._outlet.remembers else None
            if before and (before.digest, before.settings) == (digest, self._settings) and self._stands(before):
                self._pass(item, before)
                return
            article = item.read()
        except InputError as error:
            self.account.articles += 1
            self._set_aside(item, _reason(error), error.where)
            return
        except FAULTS as error:
            self.account.articles += 1
            self._set_aside(item, f"cannot be read: {fault(error)}")
            return
        self._consider(item, article, digest, before)

    def _stands(self, before: Done) -> bool:
        return self._outlet.has(before.slug)

    def _pass(self, item: Item, before: Done) -> None:
        """An article of which neither text nor glossary nor model has changed."""
        if self._is_earlier(before.day):
            self.account.earlier += 1
        elif self._claimed(item, before.slug):
            self.account.articles += 1
            self._settle(item, before.slug, "unchanged")

    def _consider(self, item: Item, article: Article, digest: bytes, before: Done | None) -> None:
        """An article that was read."""
        day = _day(article)
        if self._is_earlier(day):
            self.account.earlier += 1
            return
        self.account.articles += 1
        if not self._claimed(item, article.slug):
            return
        try:
            self._open(item, article, Done(item.name, article.slug, digest, self._settings, b"", day), before)
        except DraftError as error:
            self._set_aside(item, str(error))
        except FAULTS as error:
            self._set_aside(item, f"cannot be prepared: {fault(error)}")

    def _open(self, item: Item, article: Article, done: Done, before: Done | None) -> None:
        """Match its terms, and see what is known of its sentences."""
        work, jobs = pipeline.plan(Work(article), self._glossary, self._engine)
        asked = [ask(job, self._engine) for job in jobs]
        done = replace(done, wanted=_digest(one.question.key for one in asked))
        count = len(asked)
        same = before and (before.digest, before.slug, before.wanted) == (done.digest, done.slug, done.wanted)
        if before and same and self._stands(before):  # another glossary, and nothing in it that matters here
            self._store.note([done])
            self.account.segments += count
            self._settle(item, done.slug, "unchanged")
            return
        old = self._outlet.old(article.slug)
        if old is not None:
            work, jobs = pipeline.plan(Work(article, old), self._glossary, self._engine)
            asked = [ask(job, self._engine) for job in jobs]
        self.account.segments += count
        self._window.articles.append(_Open(item, work, asked, done))
        self._window.segments += len(asked)
        self._look_up(asked)

    def _look_up(self, asked: Sequence[Asked]) -> None:
        window = self._window
        wanted = {one.question.key: one.question for one in asked}
        window.lent |= wanted.keys() & self._asked.keys()
        unknown = [k for k in wanted if k not in window.known and k not in window.new and k not in window.lent]
        window.known |= self._store.find(unknown)
        for key in unknown:
            if key not in window.known:
                count = self._engine.length(wanted[key].job.segment.text)
                window.new[key] = (count, wanted[key])
                window.tokens += count

    def _is_earlier(self, day: str) -> bool:
        return bool(self._wishes.since and day and day < self._wishes.since)

    def _claimed(self, item: Item, slug: str) -> bool:
        other = self._store.claim(slug, item.where)
        if other:
            self._set_aside(item, f"is called {slug}, and so is {other}. Give one of them another id or slug")
        return not other

    # --- through -----------------------------------------------------------------------------------------------------

    def _queue(self, at: int) -> None:
        """Put the window into the line: ask what is new in it, and wait where the line is long enough."""
        window, self._window = self._window, _Window()
        window.at, window.owed = at, len(window.new)
        batches = list(window.batches(self._wishes.tokens))
        self._asked |= dict.fromkeys(window.new, window)
        window.new.clear()
        self._line.append(window)
        for batch in batches:
            while self._given >= self._pool.room:
                self._hear()
            self._pool.give(batch)
            self._given += 1
        self._leave()
        while len(self._line) >= self._pool.room:
            self._hear()

    def _hear(self) -> None:
        """Wait for the answers to one batch."""
        self._learn(self._pool.take())
        self._given -= 1
        self._progress(self._line[0].at)
        self._leave()

    def _learn(self, given: Sequence[Answer]) -> None:
        """Keep what came of a batch."""
        good = [(one.key, one.kept) for one in given if one.kept is not None]
        bad = {one.key: one.reason for one in given if one.kept is None}
        if not good and len(bad) >= HOPELESS:
            raise ModelError(f"translates nothing ({next(iter(bad.values()))})", self._engine.signature())
        self._store.keep(good)
        self._failed |= bad
        for key, answer in good:
            self._asked[key].known[key] = answer
        for one in given:
            self._asked.pop(one.key).owed -= 1
        self.account.translated += len(good)

    def _leave(self) -> None:
        """Write the windows at the head of the line that wait for nothing."""
        while self._line and not self._line[0].owed:
            window = self._line.popleft()
            window.known |= self._store.find([key for key in window.lent if key not in self._failed])
            done = [one.done for one in window.articles if self._deliver(one, window.known)]
            if self._outlet.remembers and done:
                self._store.note(done)
            self._progress(window.at)
        if not self._line:
            self._failed.clear()

    # --- out ---------------------------------------------------------------------------------------------------------

    def _deliver(self, one: _Open, known: Mapping[bytes, bytes]) -> bool:
        """Whether an article is where it belongs."""
        item, slug = one.item, one.work.article.slug
        for asked in one.asked:
            if reason := self._failed.get(asked.question.key):
                self._set_aside(item, f"{asked.job.segment.id} cannot be translated: {reason}")
                return False
        try:
            fresh = {a.job.segment.id: unpacked(known[a.question.key], a) for a in one.asked}
            state = self._outlet.put(item.name, one.work.article, one.work.old, fresh, self._glossary)
            self._refused = 0
        except OutputError as error:  # of this article alone, such as one too large for a draft, or of every one
            self._refused += 1
            if self._refused >= HOPELESS:
                raise
            self._set_aside(item, str(error))
            return False
        except ConflictError as error:
            self.account.conflicts += 1
            self._tell({"event": "article", "name": item.name, "slug": slug, "state": "conflict", "why": str(error)})
            return False
        except FAULTS as error:
            self._set_aside(item, f"cannot be written: {fault(error)}")
            return False
        for target in fresh.values():
            self.account.terms += len(target.terms)
            self.account.missed += sum(use.status is TermStatus.UNMET for use in target.terms)
        self._settle(item, slug, state)
        return True

    def _settle(self, item: Item, slug: str, state: str) -> None:
        if state == "written":
            self.account.written += 1
        else:
            self.account.unchanged += 1
        self._tell({"event": "article", "name": item.name, "slug": slug, "state": state})

    def _set_aside(self, item: Item, reason: str, where: str = "") -> None:
        self.account.quarantined += 1
        self._quarantine.add(where or item.where, reason)
        self._tell({"event": "quarantine", "name": item.name, "where": where or item.where, "reason": reason})

    def _progress(self, at: int) -> Speed:
        account = self.account
        speed = self._pace.now(at, account.articles, account.translated)
        self._tell(
            {
                "event": "progress",
                "at": at,
                "articles": account.articles,
                "segments": account.segments,
                "translated": account.translated,
                "articles_per_second": round(speed.articles, 1),
                "segments_per_second": round(speed.segments, 1),
                "seconds": round(speed.seconds, 1),
                "seconds_left": None if speed.left is None else round(speed.left),
            }
        )
        return speed


def _reason(error: TarjumanError) -> str:
    """What is wrong, without a place."""
    return f"{error.what}. {error.hint}" if error.hint else error.what


def _digest(keys: Iterable[bytes]) -> bytes:
    return hashlib.blake2b(b"".join(keys), digest_size=16).digest()


def _day(article: Article) -> str:
    found = _DAY.match(article.meta.get("date", ""))
    return found.group() if found else ""

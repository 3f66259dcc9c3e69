"""The desk over HTTP: routes, and errors into JSON. See docs/review.md for every route.

Work on drafts happens in threads, so that a slow disk or the machine holds up nobody else. Who may come in is the
`door`'s business; what happens to words is the `desk`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from translate.document import Alternative, Draft, State, Target
from translate.effort import effort
from translate.effort import told as effort_told
from translate.errors import ConflictError, InputError, ModelError, OutputError, TarjumanError, UsageError
from translate.memory import Memory, tags_of
from translate.memory.filling import fill
from translate.review import asking, newterm, trying, views
from translate.review.answering import Json
from translate.review.bell import Bell
from translate.review.desk import Desk, LockedError, OutdatedError, UnknownError
from translate.review.door import BODY_LIMIT
from translate.review.machine import Machine
from translate.review.newterm import TermFile
from translate.review.store import Store

HERE = Path(__file__).parent
LOOK_SECONDS = 1.0
"""How often the disk is looked at."""
MOST_ALTERNATIVES = 10
MOST_MATCHES = 5
STATUS: tuple[tuple[type[TarjumanError], int], ...] = (
    (UnknownError, 404),
    (OutdatedError, 409),
    (LockedError, 423),
    (ConflictError, 409),
    (OutputError, 507),
    (ModelError, 503),
    (InputError, 422),
    (UsageError, 400),
    (TarjumanError, 500),
)
REFUSALS = {
    404: ("there is nothing here", "Begin at the list of articles"),
    405: ("this cannot be done here", "See docs/review.md"),
    413: ("the request is too large", f"At most {BODY_LIMIT:,} bytes"),
}
_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class Server:
    """What the routes share."""

    def __init__(
        self,
        store: Store,
        *,
        memory: Memory | None = None,
        machine: Machine | None = None,
        term_file: TermFile | None = None,
    ) -> None:
        self.store, self.memory = store, memory
        if memory is not None:
            store.known = partial(_remembered, memory)
        self.machine = machine if machine is not None else Machine()
        self.term_file = term_file
        self.bell = Bell()
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
        )

    def app(self) -> ASGIApp:
        """The application, without its door."""
        segment = "/api/articles/{slug}/segments/{id}"
        return Starlette(
            routes=[
                Route("/", self.list_page),
                Route("/a/{slug}", self.desk_page),
                Route("/api/articles", self.articles),
                Route("/api/articles/{slug}", self.article),
                Route(segment, self.put, methods=["PUT"]),
                Route(f"{segment}/undo", self.undo, methods=["POST"]),
                Route(f"{segment}/redo", self.redo, methods=["POST"]),
                Route(f"{segment}/matches", self.matches),
                Route(f"{segment}/history", self.history),
                Route(f"{segment}/alternatives", self.alternatives, methods=["POST"]),
                Route("/api/articles/{slug}/dismiss", self.dismiss, methods=["POST"]),
                Route("/api/articles/{slug}/undismiss", self.undismiss, methods=["POST"]),
                Route("/api/articles/{slug}/again", self.again, methods=["POST"]),
                Route("/api/concordance", self.concordance),
                Route("/api/terms/impact", self.impact, methods=["POST"]),
                Route("/api/terms", self.add_term, methods=["POST"]),
                *trying.routes(self.store, lambda: self._page("terms.html")),
                Route("/api/effort", self.effort),
                Route("/api/events", self.events),
                Mount("/static", StaticFiles(directory=HERE / "static")),
            ],
            exception_handlers={
                TarjumanError: _told,
                HTTPException: _not_here,
                Exception: _broken,
            },
            lifespan=self._life,
        )

    @asynccontextmanager
    async def _life(self, _app: Starlette) -> AsyncIterator[None]:
        self.bell.start()
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self.bell.end()
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def _watch(self) -> None:
        """Tell the pages what others do to the drafts."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for found in await run_in_threadpool(self.store.look):
                self.bell.ring({"type": "changed", "slug": found.slug, "segments": sorted(found.segments)})

    # --- pages -------------------------------------------------------------------------------------------------------

    async def list_page(self, _request: Request) -> Response:
        """`GET /`."""
        return self._page("list.html")

    async def desk_page(self, request: Request) -> Response:
        """`GET /a/{slug}`."""
        desk = await run_in_threadpool(self._desk, request)
        return self._page("desk.html", slug=desk.slug)

    def _page(self, name: str, **variables: str) -> Response:
        return HTMLResponse(self._pages.get_template(name).render(**variables))

    # --- reading -----------------------------------------------------------------------------------------------------

    async def articles(self, _request: Request) -> Response:
        """`GET /api/articles`."""

        def told() -> list[views.Json]:
            return self.store.lines(lambda _slug, desk: views.summary(desk, self.store.terms), views.broken)

        return _json(await run_in_threadpool(told))

    async def article(self, request: Request) -> Response:
        """`GET /api/articles/{slug}`."""

        def told() -> views.Json:
            desk = self._desk(request)
            self._refreshed(desk)
            can = self.machine.again is not None
            return views.article(desk, self.store.terms, who=self.store.who, can_translate=can)

        return _json(await run_in_threadpool(told))

    async def matches(self, request: Request) -> Response:
        """`GET …/matches`."""

        def told() -> list[views.Json]:
            desk = self._desk(request)
            view = desk.view(request.path_params["id"])
            if self.memory is None:
                return []
            texts = [one.segment.text for one in desk.views()]
            names = [one.segment.id for one in desk.views()]
            at = names.index(view.segment.id)
            found = self.memory.matches(
                view.segment.text,
                tags=tags_of(view.segment.marks),
                before=texts[at - 1] if at else "",
                after=texts[at + 1] if at + 1 < len(texts) else "",
                limit=MOST_MATCHES + 1,
            )
            return views.known(found, view)[:MOST_MATCHES]

        return _json(await run_in_threadpool(told))

    async def history(self, request: Request) -> Response:
        """`GET …/history`."""
        return _json(
            await run_in_threadpool(lambda: views.history(self._desk(request).view(request.path_params["id"])))
        )

    async def concordance(self, request: Request) -> Response:
        """`GET /api/concordance?q=…`."""
        wanted = request.query_params.get("q", "").strip()[:200]

        def told() -> list[views.Json]:
            if self.memory is None or not wanted:
                return []
            return views.concordance(self.memory.concordance(wanted))

        return _json(await run_in_threadpool(told))

    async def effort(self, _request: Request) -> Response:
        """`GET /api/effort`: `tarjuman effort` of the folder, without the sentences."""

        def told() -> views.Json:
            open_ones = [desk for _, desk in self.store.desks() if isinstance(desk, Desk)]
            measured = effort((desk.laid.draft for desk in open_ones), self.store.terms.matcher)
            return {name: value for name, value in effort_told(measured).items() if name != "segments"}

        return _json(await run_in_threadpool(told))

    async def events(self, request: Request) -> Response:
        """`GET /api/events`; who asks for the headers alone is not kept."""
        news = self.bell.listen() if request.method == "GET" else iter(())
        return StreamingResponse(news, media_type="text/event-stream")

    # --- writing -----------------------------------------------------------------------------------------------------

    async def put(self, request: Request) -> Response:
        """`PUT …/segments/{id}`: keep, confirm, approve or unlock."""
        body = await asking.json_of(request)
        edit = asking.edit_of(body)
        name = request.path_params["id"]

        def act() -> views.Json:
            desk = self._desk(request)
            try:
                view = desk.put(name, edit)
            except OutdatedError as error:
                theirs = views.segment(desk, self.store.terms, desk.view(name))
                raise _TornError(error, {"mine": edit.text, "theirs": theirs}) from error
            return self._after(desk, views.segment(desk, self.store.terms, view))

        return await self._changed(request, act)

    async def undo(self, request: Request) -> Response:
        """`POST …/undo`."""
        version = asking.version_of(await asking.json_of(request))
        return await self._on_segment(request, lambda desk, name: desk.undo(name, version))

    async def redo(self, request: Request) -> Response:
        """`POST …/redo`."""
        version = asking.version_of(await asking.json_of(request))
        return await self._on_segment(request, lambda desk, name: desk.redo(name, version))

    async def again(self, request: Request) -> Response:
        """`POST …/again`: the machine's text of today, under or beside what people wrote."""
        names = asking.ids_of(await asking.json_of(request))
        machine = self.machine.again
        if machine is None:
            raise UsageError("this desk has no engine", "", "Start it with an engine: tarjuman review --engine ct2")

        def act() -> views.Json:
            desk = self._desk(request)
            wanted = [desk.view(name).segment.id for name in names]
            changed = desk.renew(machine(desk.laid.draft.article, wanted))
            self.bell.ring({"type": "changed", "slug": desk.slug, "segments": sorted(changed)})
            made = [views.segment(desk, self.store.terms, desk.view(name)) for name in wanted]
            return {"changed": sorted(changed), "segments": made, "progress": views.progress(desk)}

        return _json(await run_in_threadpool(act))

    async def alternatives(self, request: Request) -> Response:
        """`POST …/alternatives`: several texts of the machine to choose from; nothing is stored."""
        body = await asking.json_of(request)
        count = body.get("n", MOST_ALTERNATIVES // 2)
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_ALTERNATIVES:
            raise UsageError("'n' is not a number of texts", "", f"1 to {MOST_ALTERNATIVES}")
        several = self.machine.several
        if several is None:
            return _json([])

        def told() -> list[views.Json]:
            desk = self._desk(request)
            view = desk.view(request.path_params["id"])
            found: list[Alternative] = list(several(desk.laid.draft.article, view.segment.id, count))
            return [views.alternative(one) for one in found]

        return _json(await run_in_threadpool(told))

    async def dismiss(self, request: Request) -> Response:
        """`POST …/dismiss`."""
        body = await asking.json_of(request)
        reason = asking.said(body, "reason").strip()
        if not reason:
            raise UsageError("there is no reason", "", "Say in a word or two why the finding does not count")
        return await self._judged(request, body, reason)

    async def undismiss(self, request: Request) -> Response:
        """`POST …/undismiss`."""
        return await self._judged(request, await asking.json_of(request), "")

    async def _judged(self, request: Request, body: Mapping[str, Any], reason: str) -> Response:
        name, check = asking.said(body, "segment"), asking.said(body, "check")
        message = str(body.get("message", ""))

        def act() -> views.Json:
            desk = self._desk(request)
            view = desk.dismiss(name, check, reason, message)
            return self._after(desk, views.segment(desk, self.store.terms, view))

        return await self._changed(request, act, name)

    # --- terms -------------------------------------------------------------------------------------------------------

    async def impact(self, request: Request) -> Response:
        """`POST /api/terms/impact`: what a new term would touch."""
        term = asking.term_of(await asking.json_of(request))
        return _json(await run_in_threadpool(lambda: self._term_file().impact(term, self.store)))

    async def add_term(self, request: Request) -> Response:
        """`POST /api/terms`: write it, after its impact was shown; what it touches is looked at again."""
        term = asking.term_of(await asking.json_of(request))

        def act() -> views.Json:
            file = self._term_file()
            touched = file.add(term, self.store)
            for slug in dict.fromkeys(one.slug for one in touched):
                self.store.desk(slug).look_again({one.id for one in touched if one.slug == slug})
            for slug in self.store.slugs():
                self.bell.ring({"type": "changed", "slug": slug, "segments": []})
            return {"file": str(file.path), "touched": [newterm.told(one) for one in touched]}

        return _json(await run_in_threadpool(act))

    def _term_file(self) -> TermFile:
        if self.term_file is None:
            raise UsageError(
                "this desk has no term file to write to",
                "",
                "Start it with one: tarjuman review --glossary my-terms.tsv",
            )
        return self.term_file

    # --- what they share ---------------------------------------------------------------------------------------------

    def _desk(self, request: Request) -> Desk:
        return self.store.desk(request.path_params["slug"])

    def _refreshed(self, desk: Desk) -> None:
        changed = desk.news() | desk.fill()
        if changed:
            self.bell.ring({"type": "changed", "slug": desk.slug, "segments": sorted(changed)})

    def _after(self, desk: Desk, segment: views.Json) -> views.Json:
        return {"segment": segment, "progress": views.progress(desk)}

    async def _on_segment(self, request: Request, act: Callable[[Desk, str], Any]) -> Response:
        name = request.path_params["id"]

        def done() -> views.Json:
            desk = self._desk(request)
            try:
                view = act(desk, name)
            except OutdatedError as error:
                theirs = views.segment(desk, self.store.terms, desk.view(name))
                raise _TornError(error, {"mine": None, "theirs": theirs}) from error
            return views.segment(desk, self.store.terms, view)

        return await self._changed(request, done, name)

    async def _changed(self, request: Request, act: Callable[[], views.Json], name: str = "") -> Response:
        try:
            told = await run_in_threadpool(act)
        except _TornError as torn:
            return _json({**_error(torn.error), "conflict": torn.conflict}, 409)
        name = name or request.path_params["id"]
        self.bell.ring({"type": "changed", "slug": request.path_params["slug"], "segments": [name]})
        if told.get("segment", told)["state"] == State.APPROVED:
            for found in await run_in_threadpool(self.store.fill):
                self.bell.ring({"type": "changed", "slug": found.slug, "segments": sorted(found.segments)})
        return _json(told)


class _TornError(Exception):
    """A conflict with both texts."""

    def __init__(self, error: OutdatedError, conflict: views.Json) -> None:
        self.error, self.conflict = error, conflict
        super().__init__(str(error))


def _remembered(memory: Memory, draft: Draft) -> Mapping[str, Target]:
    return fill(memory, draft.article, draft)


# --- answers ---------------------------------------------------------------------------------------------------------


def _json(value: Any, status: int = 200) -> Response:
    return Json(value, status)


def _error(error: TarjumanError) -> views.Json:
    return {"error": error.what, "where": error.where, "hint": error.hint}


async def _told(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TarjumanError)
    status = next(number for kind, number in STATUS if isinstance(error, kind))
    return _json(_error(error), status)


async def _not_here(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    what, hint = REFUSALS.get(error.status_code, ("this is refused", "Begin at the list of articles"))
    return _json({"error": what, "where": "", "hint": hint}, error.status_code)


async def _broken(request: Request, _error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.url.path)  # the traceback goes to the terminal with the error
    return _json(
        {
            "error": "something went wrong in the desk",
            "where": "",
            "hint": "Nothing of this request is saved; the terminal says what happened",
        },
        500,
    )

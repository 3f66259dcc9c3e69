"""The site in a browser while somebody works on it: built again when a draft, a template or the glossary changes.

Only for this computer: it listens where the listener listens, answers only to its own names, gives out only files that
the build made, and changes nothing but the preview's own folder. The pages are those of the real site with one more
script, which asks to be told of a new build; `publish` never writes that. Knows nothing of what a page is made of.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from translate.errors import TarjumanError
from translate.review.bell import Bell
from translate.review.door import RefusedError, check_framing, headers_of, is_foreign
from translate.review.refusals import Refusals
from translate.site.build import Report

LOOK_SECONDS = 0.7
"""How often the disk is looked at."""
OWN = "/_tarjuman"
"""Where the preview's own script and news are; no page can have this path, since it begins with neither."""
KINDS: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".tmx": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(")')
_FRESH = re.compile(r"\s*;?\s*connect-src[^;]*")


@dataclass(slots=True)
class Preview:
    """A site that is built again when something that it is made of changes."""

    out: Path
    build: Callable[[], Report]
    """Publishes into `out`."""
    watched: Callable[[], Iterable[Path]]
    """Files and folders that the site is made of; folders are looked at one level deep."""
    told: Callable[[Report | TarjumanError], None]
    """Called after every build."""
    bell: Bell = field(default_factory=Bell)
    paths: frozenset[str] = frozenset()
    """Of the files that may be given out."""
    trouble: str = ""
    """Why the last build came to nothing."""
    builds: int = 0
    _start: str = field(default_factory=lambda: secrets.token_hex(4))
    _seen: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def rebuild(self) -> None:
        """Build, and tell the open pages; what was there stays when the build comes to nothing."""
        self._seen = _look(self.watched())
        try:
            report = self.build()
        except TarjumanError as error:
            self.trouble = str(error)
            self.told(error)
        else:
            self.trouble = ""
            self.paths = frozenset((*report.written, *report.unchanged))
            self.told(report)
        self.builds += 1
        self.bell.ring(self.news)

    def look(self) -> None:
        """Build when something changed since the last time."""
        if _look(self.watched()) != self._seen:
            self.rebuild()

    @property
    def build_name(self) -> str:
        """`'1f2e3d4c-3'`: the third build since this preview was started."""
        return f"{self._start}-{self.builds}"

    @property
    def news(self) -> Mapping[str, str]:
        """What the script of an open page is told."""
        return {"build": self.build_name, "trouble": self.trouble}


def application(preview: Preview, hosts: Iterable[str]) -> Guard:
    """The preview as an ASGI application that answers to these names (`127.0.0.1:8766`)."""

    async def page(request: Request) -> Response:
        return await run_in_threadpool(_answer, preview, request.path_params["path"])

    async def script(_request: Request) -> Response:
        text = (files("translate.site") / "live.js").read_text("utf-8")
        return Response(text, 200, HEADERS, KINDS[".js"])

    async def events(_request: Request) -> Response:
        return StreamingResponse(_news(preview), media_type="text/event-stream", headers=HEADERS)

    async def watch() -> None:
        while True:
            await anyio.sleep(LOOK_SECONDS)
            await run_in_threadpool(preview.look)

    @asynccontextmanager
    async def alive(_app: Starlette) -> AsyncIterator[None]:
        preview.bell.start()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch)
            yield
            tasks.cancel_scope.cancel()

    routes = [
        Route(f"{OWN}/live.js", script),
        Route(f"{OWN}/news", events),
        Route("/{path:path}", page),
    ]
    return Guard(Starlette(routes=routes, lifespan=alive), hosts, preview.bell)


async def _news(preview: Preview) -> AsyncIterator[bytes]:
    """How it stands, then every build as it comes."""
    here = True
    async for line in preview.bell.listen():
        yield line
        if here:
            yield f"data: {json.dumps(preview.news, ensure_ascii=False)}\n\n".encode()
            here = False


class Guard:
    """Lets in only who asks for this computer by name, and only to read."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], bell: Bell) -> None:
        self._app, self._bell = app, bell
        self._hosts = frozenset(host.lower() for host in hosts)
        self._refusals = Refusals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            refused = self._refused(scope)
            await (refused or self._app)(scope, receive, send)

    def end(self) -> None:
        """Let the pages go that wait for news; from any thread."""
        self._bell.end()

    def _refused(self, scope: Scope) -> Response | None:
        hosts = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return self._no(
                scope, 421, "This name does not lead to the preview. Use the address that the terminal shows."
            )
        if scope["method"] not in ("GET", "HEAD"):
            return self._no(scope, 405, "The preview can only be read.")
        headers = headers_of(scope)
        try:
            check_framing(headers)
        except RefusedError as error:
            return self._no(scope, error.status, f"{error.what.capitalize()}. {error.hint}.")
        if is_foreign(headers):
            return self._no(scope, 403, "A page of another site asked for this. Open the preview itself.")
        return None

    def _no(self, scope: Scope, status: int, text: str) -> Response:
        self._refusals.tell(status, scope["method"], scope["path"], text.split(". ", 1)[0])
        return _plain(status, text)


def _answer(preview: Preview, path: str) -> Response:
    """A file of the site; the page for addresses that lead nowhere where there is none."""
    if not preview.paths:
        return _plain(503, f"There is no site yet. {preview.trouble}")
    name = path + "index.html" if not path or path.endswith("/") else path
    status = 200 if name in preview.paths else 404
    if status == 404 and f"{name}/index.html" in preview.paths:
        return Response(status_code=308, headers={"Location": f"/{name}/", **HEADERS})
    name = name if status == 200 else "404.html"
    try:
        content = (preview.out / name).read_bytes()
    except OSError:  # between two builds
        return _plain(503, "The site is being built. Ask again.")
    suffix = Path(name).suffix
    if suffix == ".html":
        content = enliven(content.decode("utf-8"), preview.build_name).encode("utf-8")
    return Response(content, status, HEADERS, KINDS.get(suffix, "application/octet-stream"))


def enliven(page: str, build: str) -> str:
    """A page with the preview's script, which its policy lets ask for news from here and from nowhere else."""
    page = _POLICY.sub(lambda m: m[1] + _FRESH.sub("", m[2]) + "; connect-src 'self'" + m[3], page, count=1)
    script = f'<script src="{OWN}/live.js" data-build="{build}"></script>'
    return page.replace("</body>", f"{script}\n</body>", 1)


def _plain(status: int, text: str) -> Response:
    return Response(text.strip() + "\n", status, HEADERS, "text/plain; charset=utf-8")


def _look(paths: Iterable[Path]) -> dict[str, tuple[int, int]]:
    """Path -> (time of change, size) of files, and of the files in folders."""
    found: dict[str, tuple[int, int]] = {}
    for path in paths:
        try:
            inside = [p for p in path.iterdir() if not p.name.startswith(".")] if path.is_dir() else [path]
            for file in inside:
                status = file.stat()
                found[str(file)] = (status.st_mtime_ns, status.st_size)
        except OSError:  # gone between looking and asking: the next look says so
            found[str(path)] = (0, 0)
    return found

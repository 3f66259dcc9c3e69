"""The routes of the review desk, asked in process by somebody who has the token: never a 5xx, whatever is asked.

`desk.yaml` describes the routes; it is compared with those of the program, so that neither has one that the other
lacks. Schemathesis makes requests of that description, good and bad ones; then the bodies of good requests are damaged,
value by value, as other inputs are. Answers of the program below 500 are looked at too: JSON, with an error in words.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, unquote, urlencode

import review_desk as small
import yaml

from glossary import TermBase
from promises.figure import Figure, Scale
from promises.fuzz import generators as g
from promises.fuzz import mutation as m
from promises.fuzz.trying import where
from translate import drafts
from translate.document import Alternative, Article, Origin, State, Target
from translate.memory import Memory
from translate.review import Application, Machine, Store, TermFile, application
from translate.review.desk import FOLDER
from translate.review.server import Server
from translate.review.terms import Terms

DESCRIBED = Path(__file__).with_name("desk.yaml")
TOKEN = "a-token-for-tests"
HOST = "127.0.0.1:8765"
HEADERS = {"host": HOST, "origin": f"http://{HOST}", "x-tarjuman": "1", "content-type": "application/json"}
FRESH = 400
"""Requests after which the desk begins anew: its history grows with every one."""
SECONDS = 5.0
KINDS = 12
Asked = tuple[str, str, bytes]
"""Method, path with query, body."""


def _again(article: Article, names: Collection[str]) -> dict[str, Target]:
    texts = {one.id: one.text for one in article.segments()}
    return {
        name: Target(f"again {name}", State.MACHINE, Origin.MACHINE, -0.25, "m9", source=texts[name]) for name in names
    }


def _several(_article: Article, _segment: str, count: int) -> list[Alternative]:
    return [Alternative(str(number), Origin.MACHINE, "", -number / 2) for number in range(count)]


class Room:
    """A desk with everything it can have, and one visitor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store: Store | None = None
        self.begin()

    def begin(self) -> None:
        """Everything anew."""
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)
        small.saved(self.folder / "drafts")
        terms = self.folder / "terms.tsv"
        terms.write_text("source\ttarget\nمفارز\tdetachments\n", encoding="utf-8")
        memory = Memory(self.folder / "drafts", None)
        memory.refresh()
        self.store = Store(self.folder / "drafts", Terms(TermBase.load([terms])), "amal", memory.put)
        own = TermFile(terms, lambda: TermBase.load([terms]))
        machine = Machine(_again, _several)
        self.app: Application = application(
            self.store, token=TOKEN, host="127.0.0.1", port=8765, memory=memory, machine=machine, term_file=own
        )
        self.cookie = ""

    def end(self) -> None:
        """Give the folder back."""
        if self.store is not None:
            self.store.close()

    async def ask(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        """One request of the visitor."""
        if not self.cookie:
            _, headers, _ = await self._send("GET", f"/?token={TOKEN}", b"")
            self.cookie = headers["set-cookie"].split(";")[0]
        return await self._send(*asked)

    async def _send(self, method: str, place: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        path, _, query = place.partition("?")
        headers = {**HEADERS, **({"cookie": self.cookie} if self.cookie else {}), "content-length": str(len(body))}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("ascii", "replace"),
            "query_string": query.encode("latin-1", "replace"),
            "root_path": "",
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in headers.items()],
            "client": ("127.0.0.1", 5000),
            "server": ("127.0.0.1", 8765),
        }
        told: list[Mapping[str, Any]] = []
        left = iter(({"type": "http.request", "body": body, "more_body": False},))

        async def receive() -> Mapping[str, Any]:
            return next(left, {"type": "http.disconnect"})

        async def send(message: Mapping[str, Any]) -> None:
            told.append(message)

        await self.app(scope, receive, send)  # type: ignore[arg-type]
        (start,) = [one for one in told if one["type"] == "http.response.start"]
        answer = b"".join(one.get("body", b"") for one in told if one["type"] == "http.response.body")
        return start["status"], {k.decode().lower(): v.decode("latin-1") for k, v in start["headers"]}, answer


@dataclass(slots=True)
class Told:
    """What came of the requests."""

    asked: int = 0
    good: int = 0
    slowest: float = 0.0
    broken: dict[str, str] = field(default_factory=dict)


def look(room: Room, asked: Asked, told: Told) -> None:
    """Ask once, and look at the answer."""
    begun, said, status = time.process_time(), "", 0
    try:
        status, headers, answer = _run(asyncio.wait_for(room.ask(asked), 60))
        if status >= 500:
            said = f"{status} {answer[:100]!r}"
        elif status >= 400 and asked[1].startswith("/api/"):
            error = json.loads(answer)
            if not error["error"] or not error["hint"] or b"Traceback" in answer:
                said = f"an error that says nothing: {answer[:100]!r}"
        elif headers.get("content-type", "").startswith("application/json"):
            json.loads(answer)
    except Exception as error:  # what escapes the application is what is looked for
        said = f"{where(error)} {type(error).__name__}: {error}"
    took = time.process_time() - begun
    told.asked, told.good, told.slowest = told.asked + 1, told.good + (200 <= status < 300), max(told.slowest, took)
    if not said and took > SECONDS:
        said = f"took {took:.1f} s"
    if said:
        told.broken.setdefault(
            " ".join(said.split())[:60],
            f"{asked[0]} {asked[1][:120]} {asked[2][:200]!r}: {' '.join(said.split())[:200]!a}",
        )


_LOOP: list[asyncio.AbstractEventLoop] = []
_APART = ThreadPoolExecutor(1)


def _run(coming: Any) -> Any:
    return _APART.submit(_LOOP[-1].run_until_complete, coming).result()  # here a browser's loop may be running


# --- what is asked ---------------------------------------------------------------------------------------------------


def by_description(room: Room, count: int, seed: int, told: Told) -> None:
    """Requests that schemathesis makes of the description, most of them good; a route without values is asked once."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis.errors import Unsatisfiable

    schema = schemathesis.openapi.from_dict(yaml.safe_load(DESCRIBED.read_text(encoding="utf-8")))
    operations = [found.ok() for found in schema.get_all_operations()]
    good, bad = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
    modes = [(one, mode) for one in operations for mode in (good, bad) if one.path_parameters or one.query or one.body]
    modes += [(one, good) for one in operations if not (one.path_parameters or one.query or one.body)]
    weight = {(one.label, mode): _weight(one, mode is good) for one, mode in modes}
    left = sum(weight.values())
    for operation, mode in sorted(modes, key=lambda one: weight[one[0].label, one[1]]):
        own = weight[operation.label, mode]
        wanted = round((count - told.asked) * own / left) if own else 1
        left -= own

        @settings(
            max_examples=max(1, wanted),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @seeded(seed)
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            _fresh(room, told)
            look(room, _asked(_placed(case, room, told.asked)), told)

        with suppress(Unsatisfiable):  # nothing about this route could be wrong
            ask()


def _weight(operation: Any, good: bool) -> int:
    """How many requests of a route: more where there is more to say, fewer where a bad one takes long to be made."""
    if operation.body:
        return 12 if good else 3
    return (8 if good else 1) if operation.path_parameters or operation.query else 0


def _placed(case: Any, room: Room, number: int) -> Any:
    """Three requests of four go to an article and a sentence that are there, and every second says the right version.

    The rest of what is made is kept: what is not there ends at the door and tries nothing behind it.
    """
    there, names = {"slug": small.SLUG}, (small.ONE, small.TWO, small.THREE)
    if number % 4 and case.path_parameters:
        there["id"] = names[number % 3]
        case.path_parameters.update({key: value for key, value in there.items() if key in case.path_parameters})
    name, body = (case.path_parameters or {}).get("id"), case.body
    if number % 2 and isinstance(body, dict) and "version" in body and name in names and room.store is not None:
        body["version"] = room.store.desk(small.SLUG).view(name).version
    return case


def _asked(case: Any) -> Asked:
    """A request of schemathesis as we send it."""
    query = f"?{urlencode(dict(case.query), doseq=True, errors='replace')}" if case.query else ""
    bare = case.body is None or type(case.body).__name__ == "NotSet"
    body = b"" if bare else json.dumps(case.body, default=str).encode("utf-8", "replace")
    return case.method.upper(), case.formatted_path + query, body


def by_damage(room: Room, count: int, seed: int, told: Told) -> None:
    """Good requests with other values."""
    for number in range(count):
        random = Random(f"desk {seed} {number}")
        _fresh(room, told)
        look(room, damaged(random, room), told)


def _fresh(room: Room, told: Told) -> None:
    if told.asked % FRESH == FRESH - 1:
        room.begin()


def damaged(random: Random, room: Room) -> Asked:
    """One request that is nearly good."""
    name = random.choice((small.ONE, small.TWO, small.THREE))
    slug = small.SLUG if random.random() < 0.95 else quote(g.line(random, 1, 0.5).encode("utf-8", "replace"), safe="")
    strange = quote(g.odd(random)[:200].encode("utf-8", "replace"), safe="")
    segment = f"/api/articles/{slug}/segments/{name if random.random() < 0.95 else strange}"
    assert room.store is not None
    version = room.store.desk(small.SLUG).view(name).version
    mark = {"kind": "strong", "begin": random.randrange(4), "end": random.randrange(9), "data": {}}
    term = {"source": g.pick(random, g.WORDS), "target": "x", "forms": g.cell(random), "note": g.text(random, 2)}
    judged = {
        "segment": name,
        "check": g.pick(random, ("g-01", "n-01", "l-01", "u-01")),
        "reason": g.text(random, 2, 0.3),
        "message": "",
    }
    text = g.text(random, 8, 0.15)
    word = {
        "text": text,
        "version": version,
        "confirm": random.random() < 0.4,
        "approve": random.random() < 0.1,
        "unlock": random.random() < 0.3,
        "active_seconds": random.choice((0, 1.5, 10**6)),
        **({"marks": [mark]} if random.random() < 0.2 else {}),
    }
    method, path, body = random.choice(
        (
            ("PUT", segment, word),
            ("PUT", segment, word),
            ("PUT", segment, word),
            ("POST", f"{segment}/undo", {"version": version}),
            ("POST", f"{segment}/redo", {"version": version}),
            ("POST", f"{segment}/alternatives", {"n": 3}),
            ("POST", f"/api/articles/{slug}/dismiss", judged),
            ("POST", f"/api/articles/{slug}/undismiss", judged),
            ("POST", f"/api/articles/{slug}/again", {"segments": [name]}),
            ("POST", "/api/terms/impact", term),
            ("POST", "/api/terms", term),
            ("POST", "/api/terms/test", {"text": text, "around": g.text(random)}),
            ("GET", f"/api/articles/{slug}", {}),
            ("GET", f"{segment}/history", {}),
            ("GET", f"{segment}/matches", {}),
            ("GET", f"/api/concordance?q={quote(text.encode('utf-8', 'replace'))}", {}),
        )
    )
    made = m.of_values(random, body) if body and random.random() < 0.5 else body
    sent = json.dumps(made, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    return method, path, m.of_bytes(random, sent) if random.random() < 0.06 else sent


# --- the figure ------------------------------------------------------------------------------------------------------


def differences() -> list[str]:
    """Where the description and the program part."""
    paths = yaml.safe_load(DESCRIBED.read_text(encoding="utf-8"))["paths"]
    described = {(path, method.upper()) for path, said in paths.items() for method in said if method != "parameters"}
    app: Any = Server.app(_bare())
    there = set()
    for route in app.routes:
        methods = getattr(route, "methods", None)
        there |= (
            {(route.path, method) for method in methods - {"HEAD"}} if methods else {(f"{route.path}/{{path}}", "GET")}
        )
    return [
        f"described and not there, or there and not described: {method} {path}"
        for path, method in sorted(described ^ there)
    ]


def _bare() -> Server:
    """A server that has routes and nothing behind them."""
    server = Server.__new__(Server)
    server.store = None  # type: ignore[assignment]
    return server


def prove(scale: Scale) -> Iterator[Figure]:
    """Requests by the description."""
    yield _figure("made by schemathesis of the desk's description", by_description, scale, scale.of(60, 10_000))


def prove_values(scale: Scale) -> Iterator[Figure]:
    """Good requests, damaged."""
    yield _figure("with damaged values", by_damage, scale, scale.of(60, 10_000))


def _figure(name: str, act: Callable[[Room, int, int, Told], None], scale: Scale, count: int) -> Figure:
    """Ask, and count."""
    promise, told = f"No request {name} is answered with a 5xx", Told()
    loop = asyncio.new_event_loop()
    _LOOP.append(loop)
    room = Room(scale.folder / "room")
    try:
        act(room, count, scale.seed, told)
    except ImportError as error:
        return Figure(promise, 0, "requests", skipped=f"{error.name} is not installed")
    else:
        note = f"{told.good:,} did what they asked; slowest {told.slowest * 1000:.0f} ms"
        broken = [*list(told.broken.values())[:KINDS], *differences(), *_unread(room)]
        return Figure(promise, told.asked, "requests", broken, note)
    finally:
        room.end()
        _LOOP.pop()
        _APART.submit(loop.run_until_complete, loop.shutdown_default_executor()).result()
        loop.close()


def _unread(room: Room) -> list[str]:
    """The draft and the journal are as whole as before."""
    path = room.folder / "drafts" / f"{small.SLUG}{drafts.SUFFIX}"
    drafts.load(path)
    return [] if (path.parent / FOLDER).is_dir() else ["the journals are gone"]

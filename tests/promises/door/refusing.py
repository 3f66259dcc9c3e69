"""Strangers, other sites, other names and confused programs: refused with the right number, and nothing changes."""

from __future__ import annotations

import ast
import hashlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import site_drafts
from starlette.routing import Mount, Route

from glossary import TermBase
from promises.door import asked
from promises.door.wire import Answer, request, talk
from promises.figure import Figure, Scale
from promises.servers import ROOT, Server
from translate import drafts as shelf
from translate.review import Store, Terms, door
from translate.review.server import Server as Routes

SECRET = "a secret that no server gives out"
_MAIN = "from translate.cli import main; main()"
WORDS = ("الرقة", "Raqqa Haven", "far.")
"""Of the article, which nobody without a token sees."""
ALLOWED_TO_STRANGERS = frozenset({400, 401, 403, 405, 413, 415, 421, 431, 501})


@dataclass(slots=True)
class Tried:
    """Requests that were sent, and those that were not answered as they should be."""

    name: str
    count: int = 0
    broken: list[str] = field(default_factory=list)

    def expect(self, answer: Answer, allowed: Iterable[int], what: object, closed: bool = False) -> None:
        """Note the answer; `closed` where ending the connection without one will do."""
        self.count += 1
        if answer.status not in allowed and not (closed and not answer.raw):
            self.broken.append(f"{what!r:.200}: answered with {answer.status or answer.raw[:60]!r}")

    def never(self, answer: Answer, words: Iterable[str], what: object) -> None:
        """None of the words may stand in the answer."""
        told = answer.raw.decode("utf-8", "replace")
        self.broken += [f"{what!r:.200}: tells {word[:12]!r}…" for word in words if word and word in told]

    def figure(self, promise: str, note: str = "") -> Figure:
        """What came of it."""
        return Figure(promise, self.count, "requests", self.broken, note)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with an article, and a secret beside it that no address leads to."""

    drafts: Path
    secret: Path

    def state(self) -> str:
        """Of everything in the folder that a person could have written."""
        parts = [self.drafts / "raqqa.en.xlf", self.drafts / ".desk" / "raqqa.journal"]
        return hashlib.sha256(b"".join(part.read_bytes() for part in parts if part.exists())).hexdigest()


def place(folder: Path) -> Place:
    """Both, made."""
    drafts = folder / "drafts"
    drafts.mkdir(parents=True)
    shelf.save(site_drafts.small(), shelf.path_for(drafts, "raqqa"), base="")
    secret = folder / "secret.html"
    secret.write_text(SECRET, encoding="utf-8")
    return Place(drafts, secret)


class Guest:
    """Somebody whom the desk has let in, and what he would have to send to change something."""

    def __init__(self, desk: Server) -> None:
        self.port = desk.port
        self.host = f"127.0.0.1:{desk.port}"
        self.welcome = talk(desk.port, request("GET", f"/?token={desk.token}", host=self.host))
        found = re.search(r"set-cookie: ([^=]+)=([^;]+);", self.welcome.head, re.IGNORECASE)
        exact = re.search(rb"[Ss]et-[Cc]ookie: ([^=]+)=([^;]+);", self.welcome.raw)
        assert found is not None and exact is not None, self.welcome.raw
        self.name, self.value = exact[1].decode(), exact[2].decode()

    @property
    def cookie(self) -> tuple[str, str]:
        """What lets him in."""
        return ("Cookie", f"{self.name}={self.value}")

    @property
    def own(self) -> list[tuple[str, str]]:
        """What the desk's own page sends besides."""
        return [
            self.cookie,
            ("Origin", f"http://{self.host}"),
            ("X-Tarjuman", "1"),
            ("Content-Type", "application/json"),
        ]

    def ask(self, method: str, path: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b"") -> Answer:
        """One request."""
        return talk(self.port, request(method, path, headers, body, host=self.host))


def routes(folder: Path) -> list[str]:
    """Every route of the desk, taken from the desk, with an article and a sentence filled in."""
    folder.mkdir()
    with Store(folder, Terms(TermBase(()))) as store:
        found = [one.path for one in _starlette(Routes(store)) if isinstance(one, (Route, Mount))]
    filled = [path.replace("{slug}", "raqqa").replace("{id}", "raqqa.2.1") for path in found]
    return [f"{path}/desk.css" if path == "/static" else path for path in filled]


def _starlette(server: Routes) -> list[object]:
    return list(server.app().routes)  # type: ignore[attr-defined]


def at_the_desk(desk: Server, guest: Guest, where: Place, scale: Scale) -> Iterator[Figure]:
    """Everybody whom the desk does not know, and everything that it does not do."""
    every = routes(scale.folder / "empty")
    before = where.state()
    answers: list[Answer] = [guest.welcome]
    yield _strangers(desk, guest, every, scale, answers)
    yield _names(desk, guest, scale)
    yield _other_sites(guest, every, scale)
    yield _methods(guest, every, scale)
    yield _paths("the desk", guest.port, [guest.cookie], where, scale, {200, 307, 400, 401, 404, 405, 421})
    yield _frames("the desk", guest.port, guest.own, scale)
    changed = ["the draft or its journal changed"] if where.state() != before else []
    yield Figure("Nothing that was refused changed anything", 1, "drafts", changed)
    yield _secrets(desk, guest, answers)


def at_the_preview(preview: Server, where: Place, scale: Scale) -> Iterator[Figure]:
    """The same of the preview, which knows nobody and does nothing."""
    yield _preview_names(preview, scale)
    yield _paths("the preview", preview.port, [], where, scale, {200, 308, 400, 404, 421})
    yield _frames("the preview", preview.port, [], scale)


# --- strangers -------------------------------------------------------------------------------------------------------


def _strangers(desk: Server, guest: Guest, every: Sequence[str], scale: Scale, answers: list[Answer]) -> Figure:
    tried = Tried("strangers")
    token, value = desk.token, guest.value
    filled = {
        "token": token, "half": token[: len(token) // 2], "other_case": token.swapcase(), "name": guest.name,
        "value": value, "upper": guest.name.upper(),
    }  # fmt: skip
    secret = (token, value, *WORDS)

    def ask(what: str, method: str, path: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b"") -> None:
        answer = guest.ask(method, path, headers, body)
        tried.expect(answer, ALLOWED_TO_STRANGERS, (what, method, path[:60]), closed=method == "CONNECT")
        tried.never(answer, secret, (what, method, path[:60]))
        if "set-cookie" in answer.head:
            tried.broken.append(f"{what}: a cookie for a stranger")
        answers.append(answer)

    for method, path in list(product(asked.METHODS, every))[:: scale.of(7, 1)]:
        ask("no cookie", method, path)
        ask("no cookie, own page", method, path, guest.own[1:], b'{"version": 1, "text": "forged"}')
    for form, path in list(product(asked.COOKIES, every[:: scale.of(9, 2)])):
        spelled = form.format(**filled | {"half": value[:20], "other_case": value.swapcase()})
        ask("wrong cookie", "GET", path, [("Cookie", spelled)])
    for form in asked.TOKENS:
        wrong = form.format(**filled)
        ask("wrong token", "GET", f"/?token={wrong}".replace(" ", "%20"))
        ask("wrong token, with the cookie", "POST", f"/?token={wrong}".replace(" ", "%20"), guest.own)
    for name in (
        "Authorization",
        "X-Token",
        "X-Tarjuman-Token",
        "Cookie",
        "Referer",
        "X-Forwarded-For",
        "Proxy-Authorization",
    ):
        ask("token in a header", "GET", "/api/articles", [(name, f"Bearer {token}" if "uth" in name else token)])
    for query in (
        f"Token={token}",
        f"x=1;token={token}",
        f"token[]={token}",
        f"#token={token}",
        f"token=&token={token}",
    ):
        ask("token elsewhere", "GET", f"/?{query}")
    ask(
        "token in a body",
        "POST",
        "/",
        [("Content-Type", "application/x-www-form-urlencoded")],
        f"token={token}".encode(),
    )
    for upgrade in ("websocket", "h2c", "TLS/1.0"):
        headers = [("Upgrade", upgrade), ("Sec-WebSocket-Key", "x" * 22 + "=="), ("Sec-WebSocket-Version", "13")]
        ask("upgrade", "GET", "/api/events", headers)
    return tried.figure(
        "Whoever does not have the address from the terminal is refused, on every route and by every method"
    )


# --- other names -----------------------------------------------------------------------------------------------------


def _names(desk: Server, guest: Guest, scale: Scale) -> Figure:
    tried = Tried("names")
    paths = ("/", f"/?token={desk.token}", "/api/articles", "/static/desk.css", "/api/articles/raqqa")
    for form, path in product(asked.HOSTS, paths if scale.full else paths[1:3]):
        host = form.format(port=desk.port, other=desk.port + 1)
        answer = talk(desk.port, request("GET", path, [guest.cookie], host=host))
        tried.expect(answer, {400, 421}, (host, path))
        tried.never(answer, (desk.token, *WORDS), host)
    for data in (
        request("GET", "/api/articles", [guest.cookie]),
        request("GET", "/api/articles", [guest.cookie, ("Host", guest.host), ("Host", "evil.example")]),
        request("GET", "/api/articles", [guest.cookie, ("X-Forwarded-Host", guest.host)], host="evil.example"),
        request("GET", f"http://{guest.host}/api/articles", [guest.cookie], host="evil.example"),
    ):
        tried.expect(talk(desk.port, data), {400, 421}, data[:80])
    for form in asked.OWN_HOSTS:
        host = form.format(port=desk.port)
        tried.expect(talk(desk.port, request("GET", "/api/articles", [guest.cookie], host=host)), {200}, host)
    return tried.figure("A name of somebody else's that leads to this computer does not lead to the desk")


def _preview_names(preview: Server, scale: Scale) -> Figure:
    tried = Tried("names")
    port = preview.port
    for form, path in product(asked.HOSTS, ("/", "/articles/raqqa.html", "/_tarjuman/news")[: scale.of(1, 3)]):
        host = form.format(port=port, other=port + 1)
        answer = talk(port, request("GET", path, host=host))
        tried.expect(answer, {400, 421}, (host, path))
        tried.never(answer, WORDS, host)
    own = f"127.0.0.1:{port}"
    for site, mode in product(("cross-site", "same-site"), ("no-cors", "cors", "websocket")):
        headers = [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode)]
        for path in ("/", "/articles/raqqa.html", "/_tarjuman/news"):
            tried.expect(talk(port, request("GET", path, headers, host=own)), {403}, (site, mode, path))
    for method in asked.METHODS[2:]:
        answer = talk(port, request(method, "/", host=own))
        tried.expect(answer, {400, 405}, method, closed=method == "CONNECT")
    for form in asked.OWN_HOSTS:
        tried.expect(talk(port, request("GET", "/", host=form.format(port=port))), {200}, form)
    return tried.figure("The preview answers only to its own names, only to be read, and to no page of another site")


# --- other sites -----------------------------------------------------------------------------------------------------


def _other_sites(guest: Guest, every: Sequence[str], scale: Scale) -> Figure:
    """A page of another site in the browser that has the cookie."""
    tried = Tried("sites")
    own = f"http://{guest.host}"
    changing = [path for path in every if path.startswith("/api/")][:: scale.of(4, 1)]
    bodies = {
        "application/x-www-form-urlencoded": b"version=1&text=forged",
        "multipart/form-data; boundary=x": (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nforged\r\n--x--\r\n'
        ),
    }
    plain = b'{"version": 1, "text": "forged"}'

    def ask(what: object, method: str, path: str, headers: list[tuple[str, str]], body: bytes = b"") -> None:
        answer = guest.ask(method, path, [guest.cookie, *headers], body)
        tried.expect(answer, {403, 405, 415}, what)
        if "access-control-allow" in answer.head:
            tried.broken.append(f"{what!r:.200}: another site is allowed to read it")

    json = ("Content-Type", "application/json")
    for form, path in product(asked.ORIGINS, changing):
        origin = form.format(port=guest.port, other=guest.port + 1)
        for method in ("POST", "PUT"):
            ask((origin, path), method, path, [("Origin", origin), ("X-Tarjuman", "1"), json], plain)
    for kind, path in product(asked.KINDS, changing):
        for headers in (
            [("Origin", "http://evil.example")],
            [("Origin", own), ("X-Tarjuman", "1")],
            [("Origin", own)],
            [],
        ):
            ask((kind, path, headers), "POST", path, [*headers, ("Content-Type", kind)], bodies.get(kind, plain))
    for path in every[:: scale.of(5, 1)]:
        for site, mode in product(("cross-site", "same-site"), ("no-cors", "cors", "same-origin", "websocket")):
            ask((site, mode, path), "GET", path, [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode)])
        preflight = [("Origin", "http://evil.example"), ("Access-Control-Request-Method", "PUT")]
        ask(("preflight", path), "OPTIONS", path, [*preflight, ("Access-Control-Request-Headers", "x-tarjuman")])
        for header in ([], [("X-Tarjuman", "0")], [("X-Tarjuman", "1, 1")], [("X-Tarjuman", "1"), ("X-Tarjuman", "1")]):
            ask((header, path), "POST", path, [("Origin", own), json, *header], plain)
    return tried.figure(
        "A page of another site changes nothing and reads nothing, in the browser that has the desk open too"
    )


def _methods(guest: Guest, every: Sequence[str], scale: Scale) -> Figure:
    """Every method on every route with full rights and nonsense to say."""
    tried = Tried("methods")
    bodies = (b"", b"{}", b"[]", b"null", b'"x"', b"{", b'{"version": "x"}', b'{"text": 1}', b"\xff\xfe", b"[" * 50_000)
    for method, path in list(product(asked.METHODS, every))[:: scale.of(5, 1)]:
        if (method, path) == ("GET", "/api/events"):
            continue  # never ends
        for body in bodies if method in ("POST", "PUT") else (b"",):
            answer = guest.ask(method, path, guest.own, body)
            allowed = {200, 400, 404, 405, 409, 413, 415, 422, 423, 501}
            tried.expect(answer, allowed, (method, path, body[:20]), closed=method == "CONNECT")
            tried.never(answer, ("Traceback", 'File "'), (method, path, body[:20]))
    return tried.figure("Every method on every route has an answer, and nonsense is refused by name")


# --- paths and frames -------------------------------------------------------------------------------------------------


def _paths(
    what: str, port: int, headers: Sequence[tuple[str, str]], where: Place, scale: Scale, allowed: set[int]
) -> Figure:
    tried = Tried("paths")
    filled = {"secret": where.secret.name, "absolute": str(where.secret), "port": str(port)}
    for under, form in product(asked.UNDER, asked.PATHS[:: scale.of(3, 1)]):
        path = (under + form.format(**filled)) if form.startswith("/") else form.format(**filled)
        data = request("GET", path, headers, host=f"127.0.0.1:{port}")
        answer = talk(port, data)
        tried.expect(answer, allowed, path, closed=True)
        tried.never(answer, (SECRET, "root:x:0:0"), path)
        leads = re.search(r"location: (\S*)", answer.head)
        if leads and not re.match(rf"/(?!/)|http://127\.0\.0\.1:{port}/", leads[1]):
            tried.broken.append(f"{path[:100]!r}: leads elsewhere")
    return tried.figure(f"No address at {what} leads to a file beside what it gives out")


def _frames(what: str, port: int, headers: Sequence[tuple[str, str]], scale: Scale) -> Figure:
    """Requests that two programs would cut in two ways, and what is no request at all."""
    tried = Tried("frames")
    own = f"127.0.0.1:{port}"
    said = "".join(f"{name}: {value}\r\n" for name, value in headers if name != "Content-Type").encode()
    inner = asked.SMUGGLED % {b"host": own.encode()}
    sent = [
        (method, name, method + b" /api/articles HTTP/1.1\r\nHost: " + own.encode() + b"\r\n" + said + frame + inner)
        for method in (b"POST", b"GET", b"PUT")[: scale.of(2, 3)]
        for name, frame in asked.FRAMES
    ]
    with ThreadPoolExecutor(40) as aside:  # some wait for more until the server has waited enough
        answers = list(aside.map(lambda one: talk(port, one[2]), sent))
        for data, answer in zip(asked.WHOLE, aside.map(lambda one: talk(port, one), asked.WHOLE), strict=True):
            tried.expect(answer, {400, 401, 421}, data[:40], closed=True)
    for (method, name, _), answer in zip(sent, answers, strict=True):
        clear = {200, 404, 405, 413} if name in asked.CLEAR else set()
        tried.expect(answer, {400, 403, 405, 415, 431, *clear}, (method, name), closed=True)
        if answer.raw.count(b"HTTP/1.1 200") > (name in asked.CLEAR):
            tried.broken.append(f"{method!r} {name}: what hid behind it was let through")
    return tried.figure(f"Requests at {what} whose end is not clear are refused, and nothing hides behind them")


# --- secrets ---------------------------------------------------------------------------------------------------------


def _secrets(desk: Server, guest: Guest, answers: Sequence[Answer]) -> Figure:
    """The token is told to nobody: no log, no address, no header, no list of processes."""
    broken = []
    log = "\n".join(desk.log())
    if "refused with" not in log:
        broken.append("refusals are not told on the terminal")
    if len(log.splitlines()) > 2000:
        broken.append(f"the terminal was filled with {len(log.splitlines())} lines")
    broken += [f"the log tells the {name}" for name, secret in _named(desk, guest) if secret in log]
    arguments = Path(f"/proc/{desk.process.pid}/cmdline")
    if arguments.exists() and desk.token.encode() in arguments.read_bytes():
        broken.append("the list of processes tells the token")
    head = guest.welcome.head
    if desk.token.lower() in head:
        broken.append("the token stays in the address")
    broken += [f"the cookie is not {flag}" for flag in ("httponly", "samesite=strict", "path=/") if flag not in head]
    for answer in (
        *answers,
        guest.ask("GET", "/", [guest.cookie]),
        guest.ask("GET", "/static/desk.js", [guest.cookie]),
    ):
        if (
            answer.raw
            and b"Invalid HTTP request" not in answer.raw
            and "referrer-policy: no-referrer" not in answer.head
        ):
            broken.append(f"an answer lets the browser say where it came from: {answer.head[:100]}")
    tree = ast.parse(inspect.getsource(door))
    compared = [
        ast.unparse(one)
        for one in ast.walk(tree)
        if isinstance(one, ast.Compare) and re.search(r"self\._(token|cookie)\b", ast.unparse(one))
    ]
    broken += [f"compared letter by letter: {one}" for one in compared]
    if "compare_digest" not in inspect.getsource(door):
        broken.append("nothing is compared in constant time")
    note = f"{len(log.splitlines())} lines on the terminal of all these refusals"
    return Figure(
        "The token is in no log, no answer and no address that is left", len(answers) + 2, "answers", broken, note
    )


def _named(desk: Server, guest: Guest) -> Iterator[tuple[str, str]]:
    yield "token", desk.token
    yield "cookie", guest.value


def local(where: Place, scale: Scale) -> Figure:
    """Other computers: only when somebody says so, and he is told."""
    tried = Tried("addresses")
    hosts = ("0.0.0.0", "::", "192.0.2.7", "example.org", "0", "")[: scale.of(1, 6)]
    for command, host in product(("review", "serve"), hosts):
        folder = [str(where.drafts)] if command == "review" else ["--drafts", str(where.drafts)]
        done = subprocess.run(
            [sys.executable, "-c", _MAIN, command, *folder, "--host", host, "--no-open"],
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        tried.count += 1
        if done.returncode != 2 or "other computers could reach" not in done.stderr:
            tried.broken.append(f"{command} --host {host!r}: {done.returncode} {done.stderr[-200:]}")
    return Figure(
        "Neither server lets other computers reach it unless that is asked for twice",
        tried.count,
        "addresses",
        tried.broken,
    )

"""Who may come in: everything a request has to show before the desk looks at it, and what every answer carries.

A token from the terminal is exchanged for a cookie; the host must be one of ours (no other name that happens to lead
here); whatever changes something must come from the desk's own page. An ASGI wrapper round the whole application, so
that no route can forget it. Knows no article.
"""

from __future__ import annotations

import json
import re
import secrets
import socket
from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from translate.review.refusals import Refusals

BODY_LIMIT = 1_000_000
"""Bytes of a request."""
TOKEN_LIMIT = 200
SAFE = frozenset({"GET", "HEAD"})
CHANGING = frozenset({"POST", "PUT"})
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
_FOREIGN = frozenset({"cross-site", "same-site"})
_DIGITS = 18
"""Of a length; a number of more is nothing that was ever counted."""
LOCAL = ("127.0.0.1", "localhost", "[::1]")


class RefusedError(Exception):
    """The request does not come in."""

    def __init__(self, status: int, what: str, hint: str) -> None:
        self.status, self.what, self.hint = status, what, hint
        super().__init__(what)


class Door:
    """The application behind a lock."""

    def __init__(
        self, app: ASGIApp, *, token: str, hosts: Iterable[str], cookie: str, any_address: bool = False
    ) -> None:
        """`hosts`: names with port as in `127.0.0.1:8765`; `any_address`: numbers (not names) are let in as well.

        `cookie` is a name no other desk of this computer has: a browser does not tell their ports apart.
        """
        self._app, self._token, self._name = app, token, cookie
        self._hosts = frozenset(host.lower() for host in hosts)
        self._any_address = any_address
        self._cookie = secrets.token_urlsafe(32)
        self._refusals = Refusals(token, self._cookie)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at a request; let it in, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets
            return
        answer = _Answer(scope, send)
        try:
            headers = headers_of(scope)
            self._check_host(headers)
            check_framing(headers)
            if await self._welcomed(scope, answer):
                return
            self._check_cookie(headers)
            self._check_method(scope["method"], headers)
            if int(headers.get("content-length") or "0") > BODY_LIMIT:
                raise RefusedError(413, "the request is too large", f"At most {BODY_LIMIT:,} bytes")
            await self._app(scope, _limited(receive), answer.passed_on)
        except RefusedError as refused:
            self._refusals.tell(refused.status, scope["method"], scope["path"], refused.what)
            await answer.refuse(refused)

    def _check_host(self, headers: Mapping[str, str]) -> None:
        host = headers.get("host", "").lower()
        if host not in self._hosts and not (self._any_address and _is_address(host)):
            raise RefusedError(421, "this name does not lead to the desk", "Use the address that the terminal shows")

    async def _welcomed(self, scope: Scope, answer: _Answer) -> bool:
        """Exchange a token in the address for a cookie; False where there is none."""
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if "token" not in query:
            return False
        if scope["method"] not in SAFE or not _same(query["token"][0], self._token):
            raise RefusedError(403, "this is not the token of this desk", "Use the address that the terminal shows")
        rest = {name: values for name, values in query.items() if name != "token"}
        path = "/" + scope["path"].lstrip("/\\")  # never to another host
        place = _quoted(path) + (f"?{urlencode(rest, doseq=True)}" if rest else "")
        cookie = f"{self._name}={self._cookie}; HttpOnly; SameSite=Strict; Path=/"
        await answer.redirect(place, cookie)
        return True

    def _check_cookie(self, headers: Mapping[str, str]) -> None:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._name)
        except CookieError:
            cookie = None
        if cookie is None or not _same(cookie.value, self._cookie):
            raise RefusedError(
                401, "the desk does not know this browser", "Open it with the address that the terminal shows"
            )

    def _check_method(self, method: str, headers: Mapping[str, str]) -> None:
        if method in SAFE:
            if is_foreign(headers):
                raise RefusedError(403, "another site asked for this", "Open the desk itself")
            return
        if method not in CHANGING:
            raise RefusedError(405, "the desk does not do that", "GET, HEAD, POST and PUT")
        own = {f"http://{headers['host'].lower()}", f"https://{headers['host'].lower()}"}
        origin = headers.get("origin", "").lower()
        inside = origin in own if origin else headers.get("sec-fetch-site") == "same-origin"
        if not inside or headers.get("x-tarjuman") != "1":
            raise RefusedError(403, "this did not come from the desk's own page", "Open the desk itself")
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise RefusedError(415, "only JSON is understood", "Send application/json")


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another site, or of another port here, asks without being left for ours."""
    return headers.get("sec-fetch-site") in _FOREIGN and headers.get("sec-fetch-mode") != "navigate"


def check_framing(headers: Mapping[str, str]) -> None:
    """A length that is one number, and no second opinion on where a request ends."""
    length = headers.get("content-length", "0")
    said_twice = "transfer-encoding" in headers and "content-length" in headers
    if said_twice or not length.isdecimal() or not length.isascii() or len(length) > _DIGITS:
        raise RefusedError(400, "it is not clear where the request ends", "Send its length once, or in pieces")


class _Answer:
    """What goes back: with the desk's headers, in the form the asker reads."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._begun = False

    async def passed_on(self, message: Message) -> None:
        """An answer of the application."""
        if message["type"] == "http.response.start":
            self._begun = True
            own = {name.lower().encode("latin-1") for name in HEADERS}
            given = [(name, value) for name, value in message["headers"] if name.lower() not in own]
            kept = next(
                (v for n, v in message["headers"] if n.lower() == b"cache-control" and _static(self._scope)), None
            )
            carried = {**HEADERS, **({"Cache-Control": kept.decode("latin-1")} if kept else {})}
            message = {**message, "headers": [*given, *_raw(carried)]}
        await self._send(message)

    async def refuse(self, refused: RefusedError) -> None:
        """An answer of the door."""
        if self._begun:
            return
        if self._scope["path"].startswith("/api/"):
            body = json.dumps({"error": refused.what, "where": "", "hint": refused.hint}).encode("utf-8")
            kind = "application/json"
        else:
            body, kind = f"{refused.what}. {refused.hint}.\n".encode(), "text/plain; charset=utf-8"
        await self._send_whole(refused.status, {"Content-Type": kind}, body)

    async def redirect(self, place: str, cookie: str) -> None:
        """To the same place, without the token, with a cookie."""
        await self._send_whole(303, {"Location": place, "Set-Cookie": cookie}, b"")

    async def _send_whole(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        body = b"" if self._scope["method"] == "HEAD" else body
        carried = _raw({**HEADERS, **headers, "Content-Length": str(len(body))})
        await self._send({"type": "http.response.start", "status": status, "headers": carried})
        await self._send({"type": "http.response.body", "body": body})


def new_token() -> str:
    """A token nobody guesses."""
    return secrets.token_urlsafe(24)


def names_of(host: str, port: int) -> list[str]:
    """What the desk is called in the `Host` of a request: `127.0.0.1` -> that and `localhost`, with the port."""
    bracketed = f"[{host}]" if ":" in host else host
    names = {bracketed, *LOCAL}
    if not is_local(host):
        own = socket.gethostname()
        names |= {own, f"{own}.local", socket.getfqdn()}
    return sorted({f"{name}:{port}" for name in names} | (set(names) if port == 80 else set()))


def is_local(host: str) -> bool:
    """Whether only this computer can reach it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    """A number, with or without a port: no name of somebody else's can be one."""
    try:
        ip_address("" if "@" in host else urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
    return True


def _same(given: str, wanted: str) -> bool:
    return len(given) <= TOKEN_LIMIT and secrets.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _quoted(path: str) -> str:
    return re.sub(r"[^A-Za-z0-9/._~-]", lambda m: "".join(f"%{byte:02X}" for byte in m.group().encode()), path)


def _static(scope: Scope) -> bool:
    return bool(scope["path"].startswith("/static/"))


def headers_of(scope: Scope) -> dict[str, str]:
    """By lower-case name; of one that is given twice all values, so that no second one slips by."""
    found: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").lower()
        found[name] = f"{found[name]}, {value.decode('latin-1')}" if name in found else value.decode("latin-1")
    return found


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _limited(receive: Receive) -> Receive:
    """The request's body, as long as it is no longer than allowed."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > BODY_LIMIT:
                raise HTTPException(413)  # from inside the application, which answers
        return message

    return counted

"""Slow, greedy and too many: they are ended in a bound, and others are served meanwhile."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from promises.door.refusing import Guest, Tried
from promises.door.wire import connected, request, rest, talk
from promises.figure import Figure, Scale
from promises.servers import Server
from translate.review.door import BODY_LIMIT
from translate.review.patience import Patience

SLACK = 30.0
"""Seconds more than the bound, for a busy computer."""
MEMORY = 150_000_000
"""Bytes that a server may grow by under all of this."""


def at_the_desk(desk: Server, guest: Guest, scale: Scale) -> Iterator[Figure]:
    """Of somebody whom it knows, since others are not listened to for as long."""
    before = _memory(desk)
    yield _greedy(guest, scale)
    yield _many(desk, "the desk", [guest.cookie], scale)
    if scale.full:
        yield _slow(desk, "the desk", guest.own)
    yield _grown("the desk", _memory(desk) - before)


def at_the_preview(preview: Server, scale: Scale) -> Iterator[Figure]:
    """Of anybody."""
    before = _memory(preview)
    yield _many(preview, "the preview", [], scale)
    if scale.full:
        yield _slow(preview, "the preview", [])
    yield _grown("the preview", _memory(preview) - before)


def _memory(server: Server) -> int:
    """Bytes it has in memory; 0 where the system does not say."""
    status = Path(f"/proc/{server.process.pid}/status")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) * 1024 if found else 0


def _grown(what: str, size: int) -> Figure:
    broken = [f"it grew by {size:,} bytes"] if size > MEMORY else []
    return Figure(
        f"None of that fills the memory of {what}", 1, "servers", broken, f"it grew by {max(size, 0) / 1e6:.0f} MB"
    )


# --- too much --------------------------------------------------------------------------------------------------------


def _greedy(guest: Guest, scale: Scale) -> Figure:
    """Bodies that are too large, or lie about how large they are."""
    tried = Tried("greedy")
    own, path = guest.own, "/api/articles/raqqa/segments/raqqa.2.1"

    def ask(what: str, length: str, body: bytes, allowed: set[int]) -> None:
        data = request("PUT", path, [*own, ("Content-Length", length)], host=guest.host) + body
        tried.expect(talk(guest.port, data), allowed, what, closed=True)

    ask("one byte too many", str(BODY_LIMIT + 1), b"x" * (BODY_LIMIT + 1), {413})
    ask("says much and sends little", str(10**12), b"x", {413})
    ask("says much and sends much", str(10**10), b"x" * 3_000_000, {413})
    ask("says little and sends much", "10", b"x" * 3_000_000, {400, 409, 422})
    ask("deep", "200000", b"[" * 200_000, {400})
    ask("a long number", "100000", b'{"version": ' + b"9" * 99_987 + b"}", {400})
    for size in (1, 100, 65_536)[scale.of(2, 0) :]:
        tried.count += 1
        with connected(guest.port) as line:
            head = request("PUT", path, [*own, ("Transfer-Encoding", "chunked")], host=guest.host)
            piece = b"%x\r\n%s\r\n" % (size, b"x" * size)
            sent, begun = 0, time.monotonic()
            try:
                line.sendall(head)
                while sent < 50_000_000 and time.monotonic() - begun < Patience().body + SLACK:
                    line.sendall(piece * max(1, 100_000 // size))
                    sent += size * max(1, 100_000 // size)
            except OSError:
                pass
            else:
                tried.broken.append(f"pieces of {size} bytes without end: taken for {time.monotonic() - begun:.0f} s")
            rest(line)
    still = guest.ask("GET", "/api/articles/raqqa", [guest.cookie])
    if b"forged" in still.raw or still.status != 200:
        tried.broken.append(f"afterwards the article is answered with {still.status}")
    return tried.figure("A body that is too large, or has no end, is not taken in")


def _many(server: Server, what: str, headers: list[tuple[str, str]], scale: Scale) -> Figure:
    """More connections than there is room for, most of them asking nothing."""
    broken = []
    count = scale.of(230, 600)
    slowest = 0.0
    with ExitStack() as lines:
        for number in range(count):
            line = lines.enter_context(connected(server.port))
            with suppress(OSError):
                line.sendall((b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n")[number % 3])
        for _ in range(5):
            begun = time.monotonic()
            answer = talk(server.port, request("GET", "/", headers, host=f"127.0.0.1:{server.port}"))
            slowest = max(slowest, time.monotonic() - begun)
            if answer.status != 200:
                broken.append(f"beside {count} connections: answered with {answer.status or answer.raw[:50]!r}")
    note = f"others were answered in {slowest:.2f} s at most"
    return Figure(f"{count} connections that ask nothing keep nobody from {what}", count, "connections", broken, note)


# --- too slow --------------------------------------------------------------------------------------------------------


def _slow(server: Server, what: str, own: list[tuple[str, str]]) -> Figure:
    """Heads and bodies that dribble in; each has to be ended within its bound."""
    patience = Patience()
    host = f"127.0.0.1:{server.port}"
    head = b"GET / HTTP/1.1\r\nHost: " + host.encode() + b"\r\n"
    said = "".join(f"{name}: {value}\r\n" for name, value in own).encode()
    post = b"POST /api/articles/raqqa/dismiss HTTP/1.1\r\nHost: " + host.encode() + b"\r\n" + said
    kinds = (
        ("nothing", b"", b"", patience.head),
        ("a head, byte by byte", b"", b"G", patience.head),
        ("a head, line by line", head, b"X: y\r\n", patience.head),
        ("an empty line, then nothing", b"\r\n", b"", patience.head),
        ("a body, byte by byte", post + b"Content-Length: 100000\r\n\r\n", b"x", patience.body),
        ("a body in pieces", post + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", patience.body),
        ("a body that stops", post + b"Content-Length: 100\r\n\r\nhalf", b"", patience.body),
    )
    broken: list[str] = []
    slowest = longest = 0.0
    with ExitStack() as lines:
        open_ones: list[tuple[str, socket.socket, bytes, float, float]] = []
        for name, first, more, bound in kinds * 8:
            line = lines.enter_context(connected(server.port))
            line.setblocking(True)
            line.sendall(first)
            open_ones.append((name, line, more, bound, time.monotonic()))
        while open_ones:
            begun = time.monotonic()
            answer = talk(server.port, request("GET", "/", own[:1], host=host))
            slowest = max(slowest, time.monotonic() - begun)
            if answer.status != 200:
                broken.append(f"meanwhile: answered with {answer.status}")
            left = []
            for one in open_ones:
                name, line, more, bound, since = one
                took = time.monotonic() - since
                if _ended(line, more):
                    longest = max(longest, took)
                elif took > bound + SLACK:
                    broken.append(f"{name}: still open after {took:.0f} s")
                else:
                    left.append(one)
            open_ones = left
            time.sleep(1.0)
    note = f"the last was ended after {longest:.0f} s; others were answered in {slowest:.2f} s at most meanwhile"
    return Figure(f"Slow clients keep nobody from {what}, and are ended", len(kinds) * 8, "connections", broken, note)


def _ended(line: socket.socket, more: bytes) -> bool:
    """Dribble on; whether the other side has had enough."""
    try:
        line.settimeout(0.001)
        if line.recv(65_536) == b"":
            return True
    except TimeoutError:
        pass
    except OSError:
        return True
    try:
        line.sendall(more)
    except OSError:
        return True
    return False

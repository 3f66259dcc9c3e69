"""Requests as they go over the wire, odd ones too, and what comes back."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

SECONDS = 60.0
"""That an answer may take on a busy computer; nothing here waits for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back until the other side closed."""

    raw: bytes

    @property
    def status(self) -> int:
        """Of the first answer; 0 where there was none."""
        parts = self.raw.split(b" ", 2)
        return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0

    @property
    def head(self) -> str:
        """Headers in small letters."""
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").lower()

    @property
    def count(self) -> int:
        """Answers, one behind the other."""
        return self.raw.count(b"HTTP/1.1 ")


def request(
    method: str, path: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"", host: str | None = None
) -> bytes:
    """As a client that wants one answer puts it; `host` None leaves it to the headers."""
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"Host: {host}"] if host is not None else []
    lines += [f"{name}: {value}" for name, value in headers]
    if body and not any(name.lower() in ("content-length", "transfer-encoding") for name, _ in headers):
        lines.append(f"Content-Length: {len(body)}")
    lines += ["Connection: close", "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + body


def connected(port: int) -> socket.socket:
    """A connection of one's own."""
    return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def talk(port: int, data: bytes) -> Answer:
    """Send it all and read until the other side closes, or says nothing for too long."""
    with connected(port) as line:
        with suppress(OSError):  # it may have heard enough
            line.sendall(data)
        return Answer(rest(line))


def rest(line: socket.socket) -> bytes:
    """What still comes."""
    parts = []
    with suppress(OSError):
        while part := line.recv(65_536):
            parts.append(part)
    return b"".join(parts)

"""How long a connection may take and how many there may be, so that a slow or greedy one holds up nobody else.

A request has to arrive within a time, however it dribbles in; an answer has to be fetched; of too many connections
those go first that have asked for nothing yet. Knows no route and no right to come in.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
import time
from dataclasses import dataclass
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from translate.review.refusals import EVERY_SECONDS

HEAD_BYTES = 32_768
"""Of a request line with its headers; the library answers 400 to more."""
UNREAD_BYTES = 2_000_000
"""Of one request that are taken in at all: more than any body that is let through (`door.BODY_LIMIT`)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How much of it there is."""

    head: float = 10.0
    """Seconds from the connection, or the first byte, to the end of the headers."""
    body: float = 30.0
    """Seconds from there to the end of the body."""
    fetch: float = 60.0
    """Seconds that the other side may leave an answer lying."""
    connections: int = 200
    """Open at a time: far below the files that a process may have open. A desk's window takes one or two."""


def bounded(patience: Patience) -> type[PatientProtocol]:
    """The protocol with these bounds: the server makes its objects itself, one a connection."""
    return type("Bounded", (PatientProtocol,), {"patience": patience})


class Sparing(logging.Filter):
    """The same line of the library's at most once a minute; its errors always."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is told."""
        if record.levelno > logging.WARNING:
            return True
        now, said = time.monotonic(), str(record.msg)
        if now - self._told.get(said, float("-inf")) < EVERY_SECONDS:
            return False
        self._told[said] = now
        return True


SPARING = Sparing()


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with bounds."""

    patience: ClassVar[Patience] = Patience()
    _due: asyncio.TimerHandle | None = None
    _due_for = ""
    _unfetched: asyncio.TimerHandle | None = None
    _begun = 0.0
    _taken = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there; where it is too full, whoever waited longest without asking goes."""
        super().connection_made(transport)
        self._begun = self.loop.time()
        self._watch()
        if len(self.connections) > self.patience.connections:
            idle = [one for one in self.connections if isinstance(one, PatientProtocol) and one.idle]
            (min(idle, key=lambda one: one._begun) if idle else self).give_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._stop(self._due, self._unfetched)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A piece of a request."""
        self._taken += len(data)
        if self._taken > UNREAD_BYTES:
            self.give_up()
            return
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """The answer is out; the next request may come."""
        if self.conn.their_state is h11.DONE:
            self._taken = 0
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The other side does not fetch its answer."""
        super().pause_writing()
        self._stop(self._unfetched)
        self._unfetched = self.loop.call_later(self.patience.fetch, self._unfetched_for_too_long)

    def resume_writing(self) -> None:
        """It does again."""
        self._stop(self._unfetched)
        super().resume_writing()

    @property
    def idle(self) -> bool:
        """Whether no request of it is being answered."""
        return self.cycle is None or bool(self.cycle.response_complete)

    def give_up(self) -> None:
        """End the connection at once."""
        if not self.transport.is_closing():
            self.transport.abort()

    def _unfetched_for_too_long(self) -> None:
        """End it with what the system still holds of the answer, or it would go on offering megabytes of it."""
        if (line := self.transport.get_extra_info("socket")) is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0))
        self.give_up()

    def _watch(self) -> None:
        """Have the clock run for what is still to come of a request: once for its head, once for its body."""
        state = self.conn.their_state
        wanted = "head" if state is h11.IDLE else "body" if state is h11.SEND_BODY else ""
        if wanted == self._due_for:
            return
        self._stop(self._due)
        self._due_for, self._due = wanted, None
        if wanted:
            seconds = self.patience.head if wanted == "head" else self.patience.body
            self._due = self.loop.call_later(seconds, self._overdue)

    def _overdue(self) -> None:
        """What was to come did not; an answer that is on its way is left alone once its request is whole."""
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self.give_up()

    @staticmethod
    def _stop(*timers: asyncio.TimerHandle | None) -> None:
        for timer in timers:
            if timer is not None:
                timer.cancel()

    def _unsupported_upgrade_warning(self) -> None:
        """There are no web sockets here, and nobody is told to install any."""

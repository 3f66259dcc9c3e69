"""The review desk: drafts in the browser, by keyboard, where no word that was called saved is ever lost.

`journal` writes down, `track` remembers one sentence, `laying` merges with the file, `desk` is one draft, `store` all
of a folder, `server` speaks HTTP, `door` decides who may come in, `patience` how long one may take. The machine is
reached only through functions that the command line hands in (`machine`).
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from starlette.types import Receive, Scope, Send

from translate.errors import OutputError
from translate.memory import Memory
from translate.review.door import Door, is_local, names_of, new_token
from translate.review.machine import Machine
from translate.review.newterm import TermFile
from translate.review.server import Server
from translate.review.store import Store
from translate.review.terms import Terms

if TYPE_CHECKING:
    from translate.review.patience import Patience

__all__ = ["Application", "Listener", "Machine", "Store", "TermFile", "Terms", "application", "is_local", "new_token"]

GRACE_SECONDS = 2
"""What requests have left when the desk is ended."""


class Answering(Protocol):
    """What a listener serves: an ASGI application that can be told to let its open pages go."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

    def end(self) -> None:
        """Let the pages go that wait for news; from any thread."""


class Application:
    """The whole desk behind its door, as an ASGI application."""

    def __init__(self, door: Door, server: Server) -> None:
        self._door, self._server = door, server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        await self._door(scope, receive, send)

    def end(self) -> None:
        """Let the pages go that wait for news; from any thread."""
        self._server.bell.end()


def application(
    store: Store,
    *,
    token: str,
    host: str,
    port: int,
    memory: Memory | None = None,
    machine: Machine | None = None,
    term_file: TermFile | None = None,
) -> Application:
    """The desk of a folder, for those who come to `host` and `port` with this token."""
    server = Server(store, memory=memory, machine=machine, term_file=term_file)
    door = Door(
        server.app(), token=token, hosts=names_of(host, port), cookie=f"tarjuman-{port}", any_address=not is_local(host)
    )
    return Application(door, server)


class Listener:
    """An address that is ours, and the server on it."""

    def __init__(self, host: str, port: int, what: str = "the desk", patience: Patience | None = None) -> None:
        """Take the address for `what`; port 0 is any free one; `patience` with connections, where not the usual one.

        Raises:
            OutputError: the address cannot be had.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._stop: Callable[[], None] = lambda: None
        self._patience = patience
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
            self._socket.listen()
        except (OSError, OverflowError) as error:
            self._socket.close()
            raise OutputError(
                f"{what} cannot have this address ({getattr(error, 'strerror', None) or error})",
                f"{host}:{port}",
                "Another program may have it: choose another with --port",
            ) from error
        self.port: int = self._socket.getsockname()[1]

    def serve(self, app: Answering, ready: Callable[[int], None]) -> None:
        """Answer until somebody ends it, by Ctrl+C or `stop`; `ready` is called first."""
        import uvicorn

        from translate.review import patience

        class Ending(uvicorn.Server):
            def handle_exit(self, sig: int, frame: FrameType | None) -> None:
                app.end()
                super().handle_exit(sig, frame)

        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,  # addresses hold the token
            server_header=False,
            ws="none",
            http=patience.bounded(self._patience or patience.Patience()),
            h11_max_incomplete_event_size=patience.HEAD_BYTES,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        logging.getLogger("uvicorn.error").addFilter(patience.SPARING)
        server = Ending(config)

        def stop() -> None:
            app.end()
            server.should_exit = True

        self._stop = stop
        with self._socket:
            ready(self.port)
            server.run(sockets=[self._socket])

    def stop(self) -> None:
        """End it; from any thread."""
        self._stop()

"""The review desk: drafts in the browser, by keyboard, where no word that was called saved is ever lost.

`journal` writes down, `track` remembers one sentence, `laying` merges with the file, `desk` is one draft, `store` all
of a folder, `server` speaks HTTP, `door` decides who may come in. The machine is reached only through functions that
the command line hands in (`machine`).
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp

from translate.errors import OutputError
from translate.memory import Memory
from translate.review.door import Door, is_local, names_of, new_token
from translate.review.machine import Machine
from translate.review.newterm import TermFile
from translate.review.server import Server
from translate.review.store import Store
from translate.review.terms import Terms

__all__ = ["Machine", "Store", "TermFile", "Terms", "application", "is_local", "new_token", "serve"]

GRACE_SECONDS = 2


def application(
    store: Store,
    *,
    token: str,
    host: str,
    port: int,
    memory: Memory | None = None,
    machine: Machine | None = None,
    term_file: TermFile | None = None,
) -> ASGIApp:
    """The whole desk behind its door."""
    server = Server(store, memory=memory, machine=machine, term_file=term_file)
    return Door(server.app(), token=token, hosts=names_of(host, port), any_address=not is_local(host))


def serve(make: Callable[[int], ASGIApp], host: str, port: int, ready: Callable[[int], None]) -> None:
    """Listen until somebody ends it; `port` 0 takes a free one. `make` is told the port, `ready` when to say so.

    Raises:
        OutputError: the address cannot be had.
    """
    import socket

    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise OutputError(
            f"the desk cannot have this address ({getattr(error, 'strerror', None) or error})", f"{host}:{port}",
            "Another program may have it: choose another with --port",
        ) from error  # fmt: skip
    with listener:
        taken = listener.getsockname()[1]
        config = uvicorn.Config(
            make(taken),
            log_level="warning",
            access_log=False,  # addresses hold the token
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        ready(taken)
        uvicorn.Server(config).run(sockets=[listener])

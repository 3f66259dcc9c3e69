"""Keeps a Python process, and every one that it starts, on this computer; writes each attempt to leave it down.

Python loads this file at its start where its folder is on PYTHONPATH. TARJUMAN_GUARD names the file that is written to:
a line for each process, a line for each attempt. What is not Python is watched by the system instead: see `within.py`.
"""

from __future__ import annotations

import os
import sys
from typing import Any

LOG = os.environ.get("TARJUMAN_GUARD", "")
HERE = {"", "localhost", "127.0.0.1", "::1"}
ASKING = {
    **{"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0, "socket.getnameinfo": 0},
    **{"socket.connect": 1, "socket.bind": 1, "socket.sendto": 1, "socket.sendmsg": 1},
    **{"urllib.Request": 0, "http.client.connect": 1, "ftplib.connect": 1, "smtplib.connect": 1, "webbrowser.open": 0},
}
"""What Python says before it does it, and where among the values the address stands."""


def is_here(address: Any) -> bool:
    """Whether an address, of whatever kind, is on this computer."""
    if address is None:
        return True
    if isinstance(address, (tuple, list)):
        return not address or is_here(address[0])
    if isinstance(address, bytes):
        return is_here(address.decode("utf-8", "replace"))
    if not isinstance(address, str):
        return not isinstance(address, (int, float)) or address == 0
    if "://" in address:
        address = address.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0]
    return address in HERE or address.startswith(("/", "\0"))  # a path: a socket of this computer


def told(line: str) -> None:
    """Add a line; several processes write at once."""
    file = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, (line.replace("\n", " ") + "\n").encode("utf-8", "replace"))
    os.close(file)


def refuse(event: str, values: tuple[Any, ...]) -> None:
    """Refuse what would leave this computer."""
    place = ASKING.get(event)
    if place is None or place >= len(values) or is_here(values[place]):
        return
    told(f"attempt\t{os.getpid()}\t{event}\t{values[place]!r}")
    raise OSError(101, "Network is unreachable")


if LOG:
    told(f"process\t{os.getpid()}\t{' '.join(sys.orig_argv[1:])[:200]}")
    sys.addaudithook(refuse)

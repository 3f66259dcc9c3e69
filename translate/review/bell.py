"""News for the pages that are open: rung from any thread, heard by every page.

Knows nothing of what the news are.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress

WAITING = 100
"""News a page that does not listen may miss; it reads everything again when it comes back."""
QUIET = 15.0
"""Seconds after which a page is told that the desk is still there."""


class Bell:
    """One for each server."""

    def __init__(self) -> None:
        self._ears: set[asyncio.Queue[str | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = False

    def start(self) -> None:
        """Belong to the running loop."""
        self._loop = asyncio.get_running_loop()
        self._over = False

    def ring(self, news: Mapping[str, object]) -> None:
        """Tell every page; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, json.dumps(news, ensure_ascii=False))

    def end(self) -> None:
        """Let all pages go, so that the server can end; from any thread."""
        self._over = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, None)

    async def listen(self) -> AsyncIterator[bytes]:
        """News as server-sent events, until the page goes or the server ends."""
        ear: asyncio.Queue[str | None] = asyncio.Queue(WAITING)
        self._ears.add(ear)
        try:
            yield b": here\n\n"
            while not self._over:
                try:
                    news = await asyncio.wait_for(ear.get(), QUIET)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if news is None:
                    return
                yield f"data: {news}\n\n".encode()
        finally:
            self._ears.discard(ear)

    def _tell(self, news: str | None) -> None:
        for ear in tuple(self._ears):
            _put(ear, news)


def _put(ear: asyncio.Queue[str | None], news: str | None) -> None:
    if ear.full():
        with suppress(asyncio.QueueEmpty):
            ear.get_nowait()
    ear.put_nowait(news)

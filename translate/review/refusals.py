"""What was turned away, told on the terminal.

Without a query, without a secret, and no more than a line a minute of each kind, so that nobody can fill a screen or a
disk. Knows no rule of who may come in.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

EVERY_SECONDS = 60.0
"""A second refusal of the same kind within this time is counted and not told."""
LONGEST = 80
"""Characters of a path that are told."""
_MOST_KINDS = 100
_log = logging.getLogger(__name__)


class Refusals:
    """Tells of refusals."""

    def __init__(self, *secrets: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._secrets, self._clock = [secret for secret in secrets if secret], clock
        self._told: dict[tuple[int, str], tuple[float, int]] = {}

    def tell(self, status: int, method: str, path: str, what: str) -> None:
        """`'refused with 403: POST '/a' (this is not the token of this desk), and 3 more like it'`."""
        kind, now = (status, what), self._clock()
        since, unsaid = self._told.get(kind, (float("-inf"), 0))
        if now - since < EVERY_SECONDS:
            self._told[kind] = (since, unsaid + 1)
            return
        if len(self._told) >= _MOST_KINDS:
            self._told.clear()
        self._told[kind] = (now, 0)
        more = f", and {unsaid} more like it" if unsaid else ""
        _log.warning("refused with %d: %s %s (%s)%s", status, self._safe(method), self._safe(path), what, more)

    def _safe(self, text: str) -> str:
        """Without secrets and on one line, whatever a stranger wrote."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return ascii(text[:LONGEST])

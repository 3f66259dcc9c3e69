"""Where a reader says that a sentence is wrong: a mail or an issue with the sentence's id in it.

The id of a sentence is small letters, digits, dots and hyphens, so it goes into an address as it is.
"""

from __future__ import annotations

import re

from translate.errors import UsageError
from translate.site.names import is_web

_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_BEHIND_HOST = re.compile(r"https?://[^/?#]+[/?#]")
"""No id becomes part of a host's name."""
_HINT = "Give a mail address, or a web address with {id} in it"


def parts(report: str) -> tuple[str, str] | None:
    """What stands before and behind the id; None when nobody takes reports.

    `'ed@example.org'` -> `('mailto:ed@example.org?subject=', '')`
    `'https://example.org/new?title={id}&l=x'` -> `('https://example.org/new?title=', '&l=x')`
    """
    report = report.strip()
    if not report:
        return None
    if _MAIL.fullmatch(report):
        return f"mailto:{report}?subject=", ""
    before, found, behind = report.partition("{id}")
    if not found or not is_web(before) or not _BEHIND_HOST.match(before):
        raise UsageError("readers cannot report to this", report[:80], _HINT)
    return before, behind

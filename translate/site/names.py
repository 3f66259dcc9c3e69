"""Names out of a draft that become file names, `id`s and `href`s: each is checked here before it does.

Knows drafts; no page and no file.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from translate import ids
from translate.document import Draft
from translate.errors import DraftError

_ID = re.compile(r"[a-z][a-z0-9-]*(?:\.[0-9]+)+")


def is_web(address: str) -> bool:
    """`'https://example.org/a'` -> True; `'javascript:…'` -> False."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def check_names(draft: Draft) -> None:
    """Names become file names and anchors, so each has to be one."""
    slug = draft.article.slug
    if not ids.SLUG.match(slug):
        raise DraftError(f"the article name {slug[:60]!r} cannot be a file name", draft.article.path, ids.SLUG_RULE)
    names = [segment.id for block in draft.article.blocks for segment in block.segments]
    if all(map(_ID.fullmatch, names)) and len(set(names)) == len(names):
        return
    seen: set[str] = set()
    for name in names:
        if not _ID.fullmatch(name):
            raise DraftError(f"the segment id {name[:60]!r} cannot be an address", slug, "Write the draft again")
        if name in seen:
            raise DraftError(f"the segment id {name!r} is there twice", slug, "Write the draft again")
        seen.add(name)

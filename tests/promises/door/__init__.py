"""Nobody else gets in: the review desk and the preview as people start them, asked over real sockets.

`refusing` asks as strangers, other sites and confused programs do; `holding` is slow, greedy and too many.
"""

from __future__ import annotations

from collections.abc import Iterator

from promises.door import holding, refusing
from promises.figure import Figure, Scale
from promises.servers import Desk, Preview


def prove(scale: Scale) -> Iterator[Figure]:
    """Both servers, each of their doors."""
    where = refusing.place(scale.folder / "place")
    with Desk(where.drafts, scale.folder / "desk") as desk:
        guest = refusing.Guest(desk)
        yield from holding.at_the_desk(desk, guest, scale)
        yield from refusing.at_the_desk(desk, guest, where, scale)
    with Preview(where.drafts, scale.folder / "preview") as preview:
        yield from holding.at_the_preview(preview, scale)
        yield from refusing.at_the_preview(preview, where, scale)
    yield refusing.local(where, scale)

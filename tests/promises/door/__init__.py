"""Nobody else gets in: the review desk and the preview as people start them, asked over real sockets.

`refusing` asks as strangers, other sites and confused programs do; `holding` is slow, greedy and too many.
"""

from __future__ import annotations

from collections.abc import Iterator

from promises.door import holding, refusing
from promises.figure import Figure, Scale


def prove(scale: Scale) -> Iterator[Figure]:
    """Both servers, each of their doors."""
    yield from refusing.prove(scale)
    yield from holding.prove(scale)

"""The page on which terms are tried on a text: what matches, what loses to what and why, which English is accepted.

Reads nothing but the text it is sent and the terms in force; stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from translate.errors import UsageError
from translate.review import asking
from translate.review.answering import Json
from translate.review.offsets import Units
from translate.review.store import Store
from translate.review.terms import Terms
from translate.termbase.tester import LONGEST, told, tried


def routes(store: Store, page: Callable[[], Response]) -> list[Route]:
    """`GET /terms` and `POST /api/terms/test`."""

    async def show(_request: Request) -> Response:
        return page()

    async def test(request: Request) -> Response:
        sent = await asking.json_of(request)
        text, around = asking.said(sent, "text"), sent.get("around", "")
        if not isinstance(around, str):
            raise UsageError("'around' is not a text", "", "Send the article the text stands in, or leave it out")
        if len(text) + len(around) > LONGEST:
            raise UsageError(f"more than {LONGEST:,} characters", "", "Try a sentence or an article")
        return Json(await run_in_threadpool(_tried, store.terms, text, around))

    return [Route("/terms", show), Route("/api/terms/test", test, methods=["POST"])]


def _tried(terms: Terms, text: str, around: str) -> dict[str, Any]:
    """Offsets leave in UTF-16 units, and a term's file by its name alone."""
    units = Units(text)
    found = tried(terms.matcher, text, around)
    rows = [
        {
            **row,
            "begin": units.out(row["begin"]),
            "end": units.out(row["end"]),
            "file": row["file"].replace("\\", "/").rsplit("/", 1)[-1],
            "policy": one.policy,
            "many": one.number,
        }
        for row, one in zip(told(found), found, strict=True)
    ]
    return {"text": text, "terms": len(terms.base.terms), "matches": rows}

"""What a request asks for, read from its JSON: texts, edits, terms. What makes no sense is refused in words.

Knows the names of docs/review.md and the desk's edits; no route and no draft.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from translate.document import Mark, State
from translate.errors import UsageError
from translate.review.edits import Edit
from translate.review.newterm import NewTerm
from translate.review.offsets import Units

MOST_SECONDS = 3600.0
"""Of work that one request may claim."""
_NO_TIME = 1e12
"""Seconds that nobody can have worked; JSON has whole numbers that are too large for any time."""
MOST_AT_ONCE = 20
"""Sentences translated again by one request, so that a page can say how far it is."""


async def json_of(request: Request) -> Mapping[str, Any]:
    """The JSON object of a request."""
    try:
        text = (await request.body()).decode("utf-8")
        value = json.loads(text or "{}", parse_constant=_refuse_constant)
        halves = "\\ud" in text.lower() and not _is_whole(value)
    except (ValueError, RecursionError) as error:
        raise UsageError("this is not JSON", "", "Send an object") from error
    if halves:  # as an escape; no file, and no answer of ours, can hold it
        raise UsageError("the text holds half a character", "", "Type that character again")
    if not isinstance(value, dict):
        raise UsageError("this is not a JSON object", "", "Send an object")
    return value


def _refuse_constant(name: str) -> None:
    """`NaN` and `Infinity` are not JSON, whatever Python thinks, and cannot be answered with."""
    raise ValueError(name)


def _is_whole(value: Any) -> bool:
    """Whether every text in it can be written as UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def said(body: Mapping[str, Any], name: str) -> str:
    """A text that has to be there."""
    value = body.get(name)
    if not isinstance(value, str):
        raise UsageError(f"'{name}' is missing or not a text", "", "See docs/review.md")
    return value


def version_of(body: Mapping[str, Any]) -> int:
    """Which version of the sentence was looked at."""
    value = body.get("version")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise UsageError("'version' is missing or not a number", "", "Send the version of the sentence you looked at")
    return value


def ids_of(body: Mapping[str, Any]) -> list[str]:
    """Ids of sentences, each once."""
    value = body.get("segments")
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        raise UsageError("'segments' is missing or no list of ids", "", "Send the ids of sentences of this article")
    if len(value) > MOST_AT_ONCE:
        raise UsageError(f"these are {len(value)} sentences", "", f"At most {MOST_AT_ONCE} at once")
    return list(dict.fromkeys(value))


def edit_of(body: Mapping[str, Any]) -> Edit:
    """What a person wants a sentence to be."""
    text = said(body, "text")
    seconds = body.get("active_seconds", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < _NO_TIME:
        raise UsageError("'active_seconds' is not a time", "", "Seconds, 0 or more")
    state = State.EDITED if body.get("confirm") is True else None
    state = State.APPROVED if body.get("approve") is True else state
    return Edit(
        text, version_of(body), state, body.get("unlock") is True, round(min(float(seconds), MOST_SECONDS), 1),
        marks_of(body.get("marks"), text),
    )  # fmt: skip


def marks_of(value: Any, text: str) -> tuple[Mark, ...] | None:
    """Formatting as a page sends it; None where it sends none and leaves it to the desk."""
    if value is None:
        return None
    units = Units(text)
    try:
        found = tuple(
            Mark(
                str(one["kind"]),
                units.back(int(one["begin"])),
                units.back(int(one["end"])),
                tuple((str(name), str(said)) for name, said in dict(one.get("data") or {}).items()),
            )
            for one in value
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise UsageError("'marks' cannot be read", "", "See docs/review.md") from error
    if any(mark.begin >= mark.end for mark in found):
        raise UsageError("'marks' holds one over nothing", "", "See docs/review.md")
    return found


def term_of(body: Mapping[str, Any]) -> NewTerm:
    """A line of a term file, cell by cell."""
    cells = {}
    for name, value in body.items():
        if not isinstance(value, str) or len(value) > 1000:
            raise UsageError(f"'{name[:40]}' is not a text for a cell", "", "See docs/glossary.md for the columns")
        if value.strip():
            cells[name] = value
    return NewTerm.of(cells)

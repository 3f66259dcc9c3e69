"""What the process does that is killed: a command of the command line, or an hour of a translator at the desk.

The desk is put together as `tarjuman review` does it and asked over HTTP. A text counts as saved from the moment the
answer is there; only then is it said aloud (`Voice`), so that whoever killed the process knows what must be there.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

TOKEN = "a-token-for-the-crash-tests"
ORIGIN = "http://127.0.0.1:8765"
DRAFTS = Path("drafts")
TERMS = Path("terms.tsv")
REFUSED = frozenset({409, 422, 423, 507})
"""Answers that say plainly that nothing was saved, or that it was so already."""


class Voice:
    """Tells those outside what was acknowledged; a line is there as soon as it is said."""

    def __init__(self, file: int) -> None:
        self._file = file

    def say(self, **what: Any) -> None:
        os.writev(self._file, [json.dumps(what, ensure_ascii=False).encode() + b"\n"])


def tarjuman(words: Sequence[str], _voice: Voice) -> int:
    """The command line, as the `tarjuman` program runs it."""
    from translate.cli import main

    main.main(args=list(words), prog_name="tarjuman", standalone_mode=True)
    return 0


@contextmanager
def _page() -> Iterator[Any]:
    """A browser at the desk of `drafts/`."""
    from starlette.testclient import TestClient

    from glossary import TermBase
    from translate import review
    from translate.config import places
    from translate.memory import Memory

    def terms() -> TermBase:
        return TermBase.load([TERMS])

    memory = Memory(DRAFTS, places().cache)
    with closing(memory), review.Store(DRAFTS, review.Terms(terms()), "Amal", memory.put) as store:
        memory.refresh()
        app = review.application(
            store, token=TOKEN, host="127.0.0.1", port=8765, memory=memory,
            term_file=review.TermFile(TERMS, terms),
        )  # fmt: skip
        with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False, follow_redirects=False) as page:
            page.get("/", params={"token": TOKEN})
            page.headers.update({"Origin": ORIGIN, "X-Tarjuman": "1"})
            yield page


def _told(answer: Any, voice: Voice) -> Mapping[str, Any] | None:
    """What came back; None where it was refused in so many words."""
    if answer.status_code == 200:
        found: Mapping[str, Any] = answer.json()
        return found
    if answer.status_code not in REFUSED:
        voice.say(broken=f"HTTP {answer.status_code}: {answer.text[:300]}")
    else:
        voice.say(refused=answer.status_code, why=answer.text[:300])
    return None


def desk(words: Sequence[str], voice: Voice) -> int:
    """Type, confirm, approve, undo, dismiss: the steps as JSON, each `[slug, segment, verb, text]`."""
    with _as_the_command_does(), _page() as page:
        page.get("/api/articles")
        for slug, segment, verb, text in map(json.loads, words):
            place = f"/api/articles/{slug}"
            article = _told(page.get(place), voice)
            if article is None:
                continue
            (seen,) = [one for block in article["blocks"] for one in block["segments"] if one["id"] == segment]
            if verb == "dismiss":
                for finding in seen["findings"]:
                    if not finding["dismissed"]:
                        body = {"segment": segment, "check": finding["check"], "reason": text}
                        _told(page.post(f"{place}/dismiss", json=body), voice)
                continue
            if verb in ("undo", "redo"):
                _told(page.post(f"{place}/segments/{segment}/{verb}", json={"version": seen["version"]}), voice)
                continue
            body = {"text": text, "version": seen["version"], "unlock": True}
            body |= {"confirm": {"confirm": True}, "approve": {"approve": True}}.get(verb, {})
            put = _told(page.put(f"{place}/segments/{segment}", json=body), voice)
            if put is not None:
                voice.say(slug=slug, segment=segment, text=text, verb=verb, shown=put["segment"]["text"])
    return 0


def term(words: Sequence[str], voice: Voice) -> int:
    """Add a term from the desk: look at its impact, then write it."""
    cells = json.loads(words[0])
    with _as_the_command_does(), _page() as page:
        for path in DRAFTS.glob("*.en.xlf"):
            page.get(f"/api/articles/{path.name.removesuffix('.en.xlf')}")
        if _told(page.post("/api/terms/impact", json=cells), voice) is None:
            return 0
        if _told(page.post("/api/terms", json=cells), voice) is not None:
            voice.say(term=cells["source"], target=cells["target"])
    return 0


@contextmanager
def _as_the_command_does() -> Iterator[None]:
    """A desk that cannot even begin is one line and an exit code, as from the command line."""
    from translate.errors import TarjumanError

    try:
        yield
    except TarjumanError as error:
        sys.stderr.write(f"tarjuman: {error}\n")
        raise SystemExit(error.exit_code) from None


ACTS: dict[str, Callable[[Sequence[str], Voice], int]] = {"tarjuman": tarjuman, "desk": desk, "term": term}

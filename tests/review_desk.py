"""What the tests of the desk share: a small article, its drafts, and a clock that only goes forward."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

from glossary import TermBase
from translate import drafts
from translate.document import Article, Block, Draft, Kind, Origin, Segment, State, Target
from translate.review.desk import Desk
from translate.review.edits import Edit, View
from translate.review.terms import Terms

SLUG = "mosul-day"
ONE, TWO, THREE = f"{SLUG}.1.1", f"{SLUG}.2.1", f"{SLUG}.2.2"
SOURCES = {
    ONE: "هربت المفارز من الموصل",
    TWO: "سيطرت القوات على الساحل الأيسر.",
    THREE: "قتل 12 مقاتلا.",
}
MACHINE = {ONE: "The detachments fled Mosul", TWO: "Forces seized the Left Bank.", THREE: "12 fighters were killed."}
TERMS = Terms(TermBase.load(TermBase.default()))
NO_TERMS = Terms(TermBase(()))


def article(sources: Mapping[str, str] = SOURCES) -> Article:
    """A title and a paragraph; sentences that are left out are gone."""
    title = tuple(Segment(name, sources[name]) for name in (ONE,) if name in sources)
    begin, rest = 0, []
    for name in (TWO, THREE):
        if name in sources:
            rest.append(Segment(name, sources[name], begin))
            begin += len(sources[name]) + 1
    blocks = [
        Block(1, Kind.TITLE, " ".join(one.text for one in title), level=1, segments=title, last=1),
        Block(2, Kind.PARAGRAPH, " ".join(one.text for one in rest), segments=tuple(rest), last=2),
    ]
    return Article(SLUG, tuple(block for block in blocks if block.segments), last_number=2)


def machine(text: str, source: str, signature: str = "m1") -> Target:
    return Target(text, State.MACHINE, Origin.MACHINE, -0.5, signature, source=source)


def draft(texts: Mapping[str, str] = MACHINE) -> Draft:
    return Draft(article(), {name: machine(text, SOURCES[name]) for name, text in texts.items()})


def saved(folder: Path, made: Draft | None = None) -> Path:
    """The draft in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    path = drafts.path_for(folder, SLUG)
    drafts.save(made if made is not None else draft(), path, base="")
    return path


def clock() -> Callable[[], str]:
    """A second later every time."""
    seconds = count()
    return lambda: f"2026-11-22T{(n := next(seconds)) // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z"


def desk(folder: Path, who: str = "amal", known: Mapping[str, Target] | None = None) -> Desk:
    return Desk(folder, SLUG, lambda: TERMS, who, clock(), known=lambda _draft: known or {})


def remembered(name: str, text: str) -> Target:
    """What the memory gives for a sentence."""
    signature = "memory:100|elsewhere.2.1"
    return Target(text, State.MACHINE, Origin.MEMORY, signature=signature, source=SOURCES[name], match=100)


def keep(at: Desk, name: str, text: str, seconds: float = 0.0) -> View:
    """Words typed and kept, not confirmed."""
    return at.put(name, Edit(text, at.view(name).version, seconds=seconds))


def confirm(at: Desk, name: str, text: str, state: State = State.EDITED, seconds: float = 0.0) -> View:
    return at.put(name, Edit(text, at.view(name).version, state, seconds=seconds))

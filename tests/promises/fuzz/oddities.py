"""Drafts that contradict themselves in every field, as a hand or another program may leave them; and small real ones.

Numbers are out of range, offsets lead nowhere, names are code, formatting crosses. Ids are good: without them nothing
is read at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from promises.fuzz.generators import line, odd, pick, text
from translate import xliff
from translate.document import (
    Alternative,
    Article,
    Block,
    Draft,
    Finding,
    Kind,
    Mark,
    Note,
    Origin,
    Segment,
    Severity,
    State,
    Target,
    TermStatus,
    TermUse,
)

KINDS = ("emphasis", "strong", "strike", "link", "code", "image", "break", "html", "Odd", "a b", "")
ADDRESSES = (
    "https://example.org/a",
    "javascript:alert(1)",
    "//x",
    "data:x",
    "\x01javascript:x",
    "a b",
    "",
    "[",
    "http://[",
)
CHECKS = ("g-01", "n-01", "l-01", "s-01", "r-01", "x-99", "", "<b>")
MARKERS = ("-", "3.", "0.0", "0.1", "1.0", "7.2", "99999.99999", "x", "", "1" * 5000, "0.9999999999999", "٣.٣", "²")
OFFSETS = (-1, 0, 1, 2, 5, 17, 10**9, -(10**9), 2**63)
SLUGS = ("attack", "mosul-day", "x")


def marks(random: Random, over: str) -> tuple[Mark, ...]:
    """Formatting, at times outside of the text."""
    found = []
    for _ in range(int(random.random() * 2.5)):
        begin, end = sorted(random.choices(range(len(over) + 1), k=2))
        if random.random() < 0.1:
            begin, end = random.choice(OFFSETS), random.choice(OFFSETS)
        name = pick(random, ("href", "src", "title", "html", "text", "x"))
        data = (
            ((name, pick(random, ADDRESSES) if random.random() < 0.7 else odd(random)),)
            if random.random() < 0.7
            else ()
        )
        found.append(Mark(pick(random, KINDS), begin, end, data))
    return tuple(found)


def target(random: Random, segment: Segment) -> Target:
    """The English of a sentence and everything beside it."""
    english = text(random, 10, 0.12)
    several = lambda make: tuple(make() for _ in range(int(random.random() * 2)))  # noqa: E731 - read once
    return Target(
        english,
        random.choice(list(State)),
        random.choice(list(Origin)),
        random.choice((None, -0.5, 0.0, -1e300, 3.0)),
        line(random, 2, 0.2),
        several(lambda: _term(random)),
        several(lambda: (random.randrange(20), random.randrange(20))),
        marks(random, english),
        several(
            lambda: Finding(
                pick(random, CHECKS), random.choice(list(Severity)), segment.id, text(random), text(random), ""
            )
        ),
        several(
            lambda: Alternative(
                text(random),
                random.choice(list(Origin)),
                "",
                None,
                None,
                marks(random, english),
                text(random, 1),
                text(random, 1),
            )
        ),
        pick(random, (segment.text, "", "نص آخر")),
        text(random, 2, 0.3),
        pick(random, ("2026-11-20T10:00:00Z", "", "yesterday", "9999-99-99T99:99:99Z", odd(random))),
        random.choice((None, 0, 100, 73)),
        None,
        random.choice((0.0, 41.5, 1e12)),
    )


def _term(random: Random) -> TermUse:
    spots = [random.choice(OFFSETS) for _ in range(4)]
    names = [text(random, 2, 0.3) for _ in range(4)]
    return TermUse(
        names[0], names[1], spots[0], spots[1], names[2], random.choice(list(TermStatus)), names[3], spots[2], spots[3]
    )


def block(random: Random, slug: str, number: int, found: dict[str, Target]) -> Block:
    """A block with a few sentences; their English goes into `found`."""
    whole, segments = "", []
    kind = random.choice(list(Kind))
    for at in range(0 if kind is Kind.VERBATIM else random.randint(0, 3)):
        arabic = text(random, 8, 0.12)
        segments.append(Segment(f"{slug}.{number}.{at}", arabic, len(whole), marks(random, arabic)))
        whole += arabic + pick(random, (" ", "", "\n", "  ", odd(random)))
        if random.random() < 0.85:
            found[segments[-1].id] = target(random, segments[-1])
    return Block(
        number,
        kind,
        whole if segments else text(random),
        random.choice((0, 0, 1, 2, 6, 7, 99, -3, 10**12)),
        pick(random, MARKERS),
        random.choice(OFFSETS),
        random.choice(OFFSETS),
        marks(random, whole),
        tuple(segments),
        pick(random, ("", "", "title", "byline", "x")),
        random.choice((0, 3, 10**9)),
    )


META = (
    "title",
    "title_en",
    "date",
    "time",
    "author",
    "outlet",
    "place",
    "source",
    "byline",
    "title_generated",
    "lang",
    "x y",
    "<b>",
)


def draft(random: Random, blocks: int = 4) -> Draft:
    """A whole draft that is odd in every place."""
    slug = pick(random, SLUGS)
    found: dict[str, Target] = {}
    made = tuple(
        block(random, slug, number, found) for number in random.sample(range(1, 30), random.randint(1, blocks))
    )
    meta = {
        pick(random, META): pick(random, ADDRESSES) if random.random() < 0.2 else text(random, 4, 0.3)
        for _ in range(random.randint(0, 5))
    }
    gone = (
        {f"{slug}.77.1": (text(random), target(random, Segment(f"{slug}.77.1", "نص")))} if random.random() < 0.2 else {}
    )
    notes = (
        {pick(random, ("", "1", "x.9.1")): (Note(text(random), (("category", odd(random)),)),)}
        if random.random() < 0.2
        else {}
    )
    article = Article(slug, made, meta, "", pick(random, ("markdown", "text", "x")), text(random, 1, 0.4))
    return Draft(article, found, gone, line(random, 1), notes=notes)


def sentences(made: Draft) -> int:
    """How many odd sentences a draft has."""
    return sum(len(one.segments) for one in made.article.blocks)


def excerpt(whole: Draft, first: int, count: int) -> Draft:
    """Some blocks of a real draft, small enough to be read a thousand times a second."""
    blocks = whole.article.blocks[first : first + count]
    names = {one.id for part in blocks for one in part.segments}
    kept = {name: one for name, one in whole.targets.items() if name in names}
    return replace(whole, article=replace(whole.article, blocks=blocks), targets=kept, fingerprint="")


def excerpts(folder: Path) -> Sequence[Draft]:
    """Two small pieces of every draft of the repository."""
    wholes = [xliff.parse(path.read_bytes(), path.name) for path in sorted(folder.glob("*.en.xlf"))]
    return [excerpt(whole, first, 2) for whole in wholes for first in (0, 3)]

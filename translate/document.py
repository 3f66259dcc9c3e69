"""The nouns everything else speaks of: an article, its blocks and segments, and what becomes of them in English.

All are frozen values; a stage makes new ones and never edits an earlier stage's. This module knows no file format, no
model and no glossary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a block is to a reader."""

    TITLE = "title"
    BYLINE = "byline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    CELL = "cell"
    RELATED = "related"
    """A link to another article ("اقرأ أيضا:" and the headlines under it): translated, folded away by the site."""
    BOILERPLATE = "boilerplate"
    """Furniture of the web page ("التعليقات مغلقة"): kept and marked, folded away by the site."""
    VERBATIM = "verbatim"
    """Code, raw HTML, a rule: carried over untouched, no segments."""


class State(StrEnum):
    """How far a target has come. Only a person raises it above MACHINE."""

    NEW = "new"
    MACHINE = "machine"
    EDITED = "edited"
    APPROVED = "approved"


class Origin(StrEnum):
    """Who made the text that stands there now."""

    MACHINE = "machine"
    MEMORY = "memory"
    PERSON = "person"


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class TermStatus(StrEnum):
    """How a matched term fared in the English."""

    MET = "met"
    """The engine used an accepted form by itself."""
    FORCED = "forced"
    """Put in place of the aligned words."""
    SUBSTITUTED = "substituted"
    """Put in as a last resort, where no alignment could be trusted: a person should look."""
    UNMET = "unmet"
    """Not there; the finding says why."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Inline formatting over part of a text, or an atom standing in it."""

    kind: str
    """"emphasis", "strong", "strike", "link", "code", "image", "break", "html"."""
    begin: int
    """12 - offset into the text the mark belongs to; an atom (code, image, break, html) covers its own characters."""
    end: int
    """17"""
    data: tuple[tuple[str, str], ...] = ()
    """(("href", "https://example.org"), ("title", ""))"""


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence of the source: the unit of translation."""

    id: str
    """"mosul-defectors.12.2" - article, block, segment; for ever."""
    text: str
    """"سيطرت القوات على الساحل الأيسر." - no markup, no white space at the ends."""
    begin: int = 0
    """Offset in the block's text."""
    marks: tuple[Mark, ...] = ()
    """Marks clipped to this segment, offsets relative to its text."""

    @property
    def end(self) -> int:
        """Offset behind the last character, in the block's text."""
        return self.begin + len(self.text)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, table cell ...: what sentences are found in."""

    number: int
    """12 - unique in the article and kept when the article is edited; order is the order of the blocks."""
    kind: Kind
    text: str
    """Plain text, markup taken out into `marks`; segments and the white space between them rebuild it exactly."""
    level: int = 0
    """Heading level 1-6; list depth from 1; else 0."""
    marker: str = ""
    """"-" or "3." for a list item; "row.column" such as "0.2" for a table cell (row 0 is the header)."""
    begin: int = -1
    """Where the block's inline content starts in the article's body; -1 when it comes from the front matter."""
    end: int = -1
    marks: tuple[Mark, ...] = ()
    segments: tuple[Segment, ...] = ()
    field: str = ""
    """"title" or "byline" when the block comes from the front matter."""
    last: int = 0
    """Highest number a segment of this block ever had; 0 while that is one that is there to be seen."""


@dataclass(frozen=True, slots=True)
class Article:
    """A source text as read: nothing dropped, everything in order."""

    slug: str
    """"mosul-defectors" - see `ids.SLUG`."""
    blocks: tuple[Block, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    """Front matter in its order: title, byline, date, author, outlet, place, source, ..."""
    body: str = ""
    """Everything behind the front matter, as it stands in the file."""
    syntax: str = "markdown"
    """"markdown" or "text": how `body` is written."""
    path: str = ""
    """"seeds/mosul-defectors.md" - where it was read from; empty for standard input."""
    last_number: int = 0
    """Highest number a block ever had; 0 while that is one that is there to be seen."""

    def segments(self) -> Iterator[Segment]:
        """All segments in reading order."""
        for block in self.blocks:
            yield from block.segments


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at."""

    check: str
    """"g-01" - see docs/checks.md."""
    severity: Severity
    segment: str
    """Segment id."""
    message: str
    """"term missing: مفارز -> detachments" - what."""
    hint: str = ""
    """What to do."""
    dismissed: str = ""
    """The reason a person gave for dismissing it; empty while it stands."""


@dataclass(frozen=True, slots=True)
class TermUse:
    """One occurrence of a glossary term in a segment, and its English."""

    source: str
    """"مفارز" - the entry's source as listed in the glossary."""
    target: str
    """"detachments" - the entry's target as listed in the glossary."""
    begin: int
    """Offsets of the occurrence in the segment's text, clitics included or not as the match says."""
    end: int
    why: str
    """"و+ب+مفارز" - the match's own explanation."""
    status: TermStatus
    surface: str = ""
    """"detachments" - what stands in the target; empty when unmet."""
    target_begin: int = -1
    """Offsets of `surface` in the target's text; -1 when unmet."""
    target_end: int = -1


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another English text for the same segment that a person may prefer."""

    text: str
    origin: Origin
    signature: str = ""
    score: float | None = None
    match: int | None = None
    """100 - how alike the memory's Arabic is to the segment's, per cent; None where it is not from the memory."""
    marks: tuple[Mark, ...] = ()
    """Inline formatting over the text."""
    who: str = ""
    """Who wrote it; empty for the machine, and where that is not known."""
    when: str = ""
    """ISO 8601 UTC time of that; empty for the machine, and where that is not known."""


@dataclass(frozen=True, slots=True)
class Target:
    """The English of one segment and all that is known about it."""

    text: str
    state: State = State.NEW
    origin: Origin = Origin.MACHINE
    score: float | None = None
    """Mean log-probability per token given by the engine (natural logarithm); None where there is none."""
    signature: str = ""
    """"ct2-int8|tarjuman-ar-en@1f2e|beam:4|terms:9ac0|split:1|v:0.1.0": everything that could change the text."""
    terms: tuple[TermUse, ...] = ()
    alignment: tuple[tuple[int, int], ...] = ()
    """(source word, target word) index pairs over `words.words` of both texts; empty when unknown."""
    marks: tuple[Mark, ...] = ()
    """Inline formatting over the target text."""
    findings: tuple[Finding, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    source: str = ""
    """The segment text this target was made from; differs from the segment's when the source changed since."""
    who: str = ""
    """Who touched it last; empty for the machine."""
    when: str = ""
    """ISO 8601 UTC time of that touch; empty for the machine, so that runs can be compared byte for byte."""
    match: int | None = None
    """100 - how alike the memory's Arabic is to the segment's, per cent; None where it is not from the memory."""
    started: Alternative | None = None
    """What stood there when a person first changed it; None while nobody did, or where that is not known."""
    seconds: float = 0.0
    """41.5 - how long people worked on it so far; 0 where nobody counted."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote beside the text, for those who work on the draft. No run changes it, no reader sees it."""

    text: str
    """"ask the author which bank of the river" """
    about: tuple[tuple[str, str], ...] = ()
    """(("category", "question"), ("priority", "2")) - what the tool it was written in says about it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article with its English: the file a translator owns."""

    article: Article
    targets: Mapping[str, Target] = field(default_factory=dict)
    """By segment id; a segment without an entry is NEW."""
    orphans: Mapping[str, tuple[str, Target]] = field(default_factory=dict)
    """Id -> (source text, target) of segments a person touched whose source is gone: kept, never deleted."""
    glossary: str = ""
    """Fingerprint of the term base last used."""
    fingerprint: str = ""
    """Hash of the file this draft was read from; empty when it is new. Saving compares it first."""
    notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    """By the number of the block ("12") or the id of the orphan they stand at; "" for the article as a whole. Those of
    a block that is gone stay too."""

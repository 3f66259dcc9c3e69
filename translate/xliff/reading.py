"""A draft back, ours or ours after a visit to another editor: units and segments, and what a damaged file says."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from translate.document import Article, Block, Draft, Kind, Note, Segment, Target
from translate.errors import DraftError
from translate.ids import SLUG
from translate.xliff import laidout
from translate.xliff.beside import notes_of, read_all_notes
from translate.xliff.inline import plain, read_inline, text_of
from translate.xliff.names import CORE, FORMAT, ID, MATCH, META, OWN, TERM, UNIT_ID
from translate.xliff.opening import bad, file_of, tree
from translate.xliff.targets import Facts, Parts, read_target
from translate.xliff.text import marks_from_json, unescape

_METADATA, _GROUP, _META = META + "metadata", META + "metaGroup", META + "meta"
_KINDS = frozenset(Kind)


def parse(data: bytes, where: str) -> Draft:
    """The draft in an XLIFF file, ours or ours after a visit to another editor; `where` is for messages.

    The text of the article's file (`body`) is not in a draft, nor is the `fingerprint`: both come back empty.

    Raises:
        DraftError: not XLIFF 2, not a draft, damaged, too large, or built to do harm.
    """
    return laidout.read(data) or parse_tree(data, where)


def parse_tree(data: bytes, where: str) -> Draft:
    """`parse` of a file that may be laid out in any way."""
    file = file_of(tree(data, where), where)
    slug = file.get("id", "")
    if not SLUG.match(slug):
        raise bad(where, file, f"not a draft: the file id {slug[:80]!r} is not the name of an article")
    facts = _metadata(file)
    about = facts.get(("draft", ""), {})
    version = about.get("format", str(FORMAT))
    if version != str(FORMAT):
        raise bad(where, file, f"written in draft format {version[:20]!r}", "A newer version of this program reads it")
    blocks: list[Block] = []
    targets: dict[str, Target] = {}
    orphans: dict[str, tuple[str, Target]] = {}
    notes: dict[str, tuple[Note, ...]] = {}
    for place, note in read_all_notes(file):
        notes[place] = (*notes.get(place, ()), note)
    for element in file:
        if element.tag == CORE + "group" and element.get("id") == "orphans":
            orphans = _read_orphans(element, where)
        elif element.tag in (CORE + "unit", CORE + "group"):
            block, found = _read_block(element, where)
            blocks.append(block)
            targets |= found
    meta = facts.get(("article", ""), {})
    path = unescape(file.get("original", ""))
    try:
        last_number = int(about.get("last-number", "0"))
    except ValueError as error:
        raise bad(where, file, "damaged metadata of the article") from error
    article = Article(
        slug, tuple(blocks), meta, syntax=about.get("syntax", "markdown"), path=path, last_number=last_number
    )
    _refuse_doubles(article, where)
    return Draft(article, targets, orphans, about.get("glossary", ""), notes=notes)


def _refuse_doubles(article: Article, where: str) -> None:
    numbers: set[int] = set()
    names: set[str] = set()
    for block in article.blocks:
        if block.number in numbers:
            raise DraftError(f"unit b{block.number} stands there twice", where, "A merge in git may have doubled it")
        numbers.add(block.number)
    for segment in article.segments():
        if segment.id in names:
            raise DraftError(f"segment {segment.id} stands there twice", where, "A merge in git may have doubled it")
        names.add(segment.id)


def _metadata(element: etree._Element) -> dict[tuple[str, str], dict[str, str]]:
    """The facts under an element by category and id: ("segment", "x.12.2") -> {"origin": "machine"}."""
    groups = _below(element, _METADATA, _GROUP)
    return {
        (group.get("category", "").removeprefix("tarjuman:"), group.get("id", "")): {
            unescape(meta.get("type", "")): plain(meta) for meta in group.iterchildren(_META)
        }
        for group in groups
        if group.get("category", "").startswith("tarjuman:")
    }


def _below(element: etree._Element, parent: str, child: str) -> Iterable[etree._Element]:
    """As `iterfind(f"{parent}/{child}")`, without reading a path for every element of a file."""
    return (found for inner in element.iterchildren(parent) for found in inner.iterchildren(child))


def _read_block(element: etree._Element, where: str) -> tuple[Block, dict[str, Target]]:
    name = UNIT_ID.fullmatch(element.get("id", ""))
    if not name:
        raise bad(where, element, f"not a draft: unit {element.get('id', '')[:80]!r} is not a block of an article")
    kind = element.get("type", "").removeprefix("tarjuman:")
    if kind not in _KINDS:
        kind = Kind.PARAGRAPH.value
    facts = _metadata(element)
    about = facts.get(("block", ""), {})
    try:
        begin, end = (int(number) for number in about.get("body", "-1 -1").split())
        level = int(about.get("level", "0"))
        last = int(about.get("last", "0"))
        marks = marks_from_json(about.get("marks", "[]"))
    except ValueError as error:
        raise bad(where, element, f"damaged metadata of block b{name[1]}") from error
    segments: tuple[Segment, ...] = ()
    targets: dict[str, Target] = {}
    if element.tag == CORE + "group":
        text = about.get("text", "")
    else:
        text, segments, targets = _read_unit(element, facts, where)
    block = Block(
        number=int(name[1]),
        kind=Kind(kind),
        text=text,
        level=level,
        marker=about.get("marker", ""),
        begin=begin,
        end=end,
        marks=marks,
        segments=segments,
        field=about.get("field", ""),
        last=last,
    )
    return block, targets


def _read_orphans(group: etree._Element, where: str) -> dict[str, tuple[str, Target]]:
    orphans: dict[str, tuple[str, Target]] = {}
    for unit in group.iterfind(CORE + "unit"):
        _, segments, targets = _read_unit(unit, _metadata(unit), where)
        for segment in segments:
            if segment.id in orphans:
                raise bad(where, unit, f"orphan {segment.id} stands there twice")
            orphans[segment.id] = (segment.text, targets.get(segment.id, Target("", source=segment.text)))
    return orphans


def _parts(unit: etree._Element) -> Parts:
    return Parts(
        {item.get("id", ""): text_of(item) for item in _below(unit, CORE + "originalData", CORE + "data")},
        _by_segment(_below(unit, TERM + "glossary", TERM + "glossEntry"), "ref"),
        _by_segment(_below(unit, MATCH + "matches", MATCH + "match"), "ref"),
        _by_segment((note for note in notes_of(unit) if OWN + "ref" in note.attrib), OWN + "ref"),
    )


def _by_segment(elements: Iterable[etree._Element], attribute: str) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for element in elements:
        found.setdefault(element.get(attribute, "").removeprefix("#"), []).append(element)
    return found


def _read_unit(unit: etree._Element, facts: Facts, where: str) -> tuple[str, tuple[Segment, ...], dict[str, Target]]:
    """Text, segments and targets of a unit."""
    texts: list[str] = []
    segments: list[Segment] = []
    targets: dict[str, Target] = {}
    at = 0
    try:
        parts = _parts(unit)
        for element in unit.iterchildren(CORE + "segment", CORE + "ignorable"):
            source = element.find(CORE + "source")
            if source is None:
                raise ValueError("a sentence without a source")
            text, marks = read_inline(source, parts.data)
            if element.tag == CORE + "segment":
                name = element.get("id", "")
                if not ID.fullmatch(name):
                    raise ValueError(f"the segment id {name[:80]!r} is not one of ours")
                about = facts.get(("segment", name), {})
                if "source-marks" in about:
                    marks = marks_from_json(about["source-marks"])
                segment = Segment(name, text, at, marks)
                segments.append(segment)
                target = read_target(element, segment, about, parts)
                if target is not None:
                    targets[name] = target
            texts.append(text)
            at += len(text)
    except (ValueError, OverflowError) as error:
        raise bad(where, unit, f"damaged unit {unit.get('id', '')[:80]!r}: {error}", "Restore it from git") from error
    return "".join(texts), tuple(segments), targets

"""Drafts as XLIFF 2.1: the one place that knows XML, and the one file format a person's work is kept in.

`dump` writes a draft and `parse` reads it back, every field. Block -> unit, sentence -> segment; what XLIFF has a place
for stands there (states, terms, matches, notes, inline codes), the rest is in its metadata module and in attributes of
our own name space. `docs/drafts.md` lists it all. Files that another XLIFF editor changed are read too: a target
whose words or formatting are not those we wrote is a person's. This module knows no disk, no model, no glossary and no
checks.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

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
from translate.errors import DraftError
from translate.ids import SLUG, SLUG_RULE

LIMIT = 50_000_000
"""Bytes. A book of 100,000 sentences stays below it; whatever is larger is no article."""
TAG_LIMIT = 2_000_000
"""Start and end tags together: each costs far more memory than it takes on disk."""
FORMAT = 1
"""Raised when a reader of today could misread the files of tomorrow."""

_CORE = "{urn:oasis:names:tc:xliff:document:2.0}"
_META = "{urn:oasis:names:tc:xliff:metadata:2.0}"
_TERM = "{urn:oasis:names:tc:xliff:glossary:2.0}"
_MATCH = "{urn:oasis:names:tc:xliff:matches:2.0}"
_OWN = "{urn:tarjuman:draft:1}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PREFIXES = {None: _CORE[1:-1], "mda": _META[1:-1], "gls": _TERM[1:-1], "mtc": _MATCH[1:-1], "t": _OWN[1:-1]}
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_LAID_OUT = {
    *(_CORE + name for name in ("xliff", "file", "group", "unit", "notes", "originalData", "segment", "ignorable")),
    *(_META + name for name in ("metadata", "metaGroup")),
    *(_TERM + name for name in ("glossary", "glossEntry")),
    *(_MATCH + name for name in ("matches", "match")),
}
"""Elements in which white space means nothing: only these are indented."""

_STATES = {
    State.NEW: ("initial", "tarjuman:new"),
    State.MACHINE: ("translated", "tarjuman:machine"),
    State.EDITED: ("translated", "tarjuman:edited"),
    State.APPROVED: ("final", "tarjuman:approved"),
}
_STATE_OF = {pair: state for state, pair in _STATES.items()}
_MATCH_TYPES = {
    Origin.MACHINE: ("mt", "tarjuman:machine"),
    Origin.MEMORY: ("tm", "tarjuman:memory"),
    Origin.PERSON: ("other", "tarjuman:person"),
}
_PRIORITIES = {Severity.ERROR: "1", Severity.WARNING: "4", Severity.NOTE: "7"}
_CODES = {
    "emphasis": ("fmt", "xlf:i"),
    "strong": ("fmt", "xlf:b"),
    "break": ("fmt", "xlf:lb"),
    "strike": ("fmt", "tarjuman:strike"),
    "link": ("link", "tarjuman:link"),
    "image": ("image", "tarjuman:image"),
}
"""Kind of mark -> type and subType of its inline code; any other kind is ("other", "tarjuman:<kind>")."""
_KIND_OF = {sub_type: kind for kind, (_, sub_type) in _CODES.items()}
_ATOMS = frozenset({"code", "image", "break", "html"})

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MARK_KIND = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_FINDING_ID = re.compile(r"f[0-9]+")
_CHECK = re.compile(r"[a-z]-[0-9]{2}")
_UNIT_ID = re.compile(r"b([0-9]{1,9})")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|\\\\(?=u\\{)")
_ESCAPE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_DOCTYPE = re.compile(r"\s*+(?>(?:<\?(?>.*?\?>)|<!--(?>.*?-->))\s*+)*+<!", re.DOTALL)
_CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
_PAIR = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


# --- small texts -----------------------------------------------------------------------------------------------------


def _escape(text: str) -> str:
    r"""For attributes and metadata, where `<cp>` cannot stand: `'a\x07b'` -> `'a\u{7}b'`; nearly always unchanged."""
    return _ESCAPED.sub(lambda m: f"\\u{{{ord(m.group()):x}}}", text)


def _unescape(text: str) -> str:
    r"""`'a\u{7}b'` -> `'a\x07b'`."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if int(m[1], 16) <= 0x10FFFF else m.group(), text)


def _digest(text: str, marks: Sequence[Mark]) -> str:
    """`'He fled.'`, no marks -> twelve hexadecimal digits that tell whether somebody else changed either since.

    The order of the marks does not count: it says nothing to a reader, and other programs lose it.
    """
    order = sorted(marks, key=lambda mark: (mark.begin, mark.end, mark.kind, mark.data))
    spelled = f"{text}\0{_marks_to_json(order)}" if marks else text
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _marks_to_json(marks: Sequence[Mark]) -> str:
    return json.dumps([[m.kind, m.begin, m.end, [list(pair) for pair in m.data]] for m in marks], ensure_ascii=False)


def _marks_from_json(text: str) -> tuple[Mark, ...]:
    """The reverse; ValueError when it is not what `_marks_to_json` writes."""
    try:
        return tuple(
            Mark(str(kind), int(begin), int(end), tuple((str(key), str(value)) for key, value in data))
            for kind, begin, end, data in json.loads(text)
        )
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _suitability(score: float) -> str | None:
    """Mean log-probability -> per cent, the geometric mean of the token probabilities: `-0.22` -> `'80.25'`."""
    return f"{100 * math.exp(min(score, 0.0)):.2f}" if not math.isnan(score) else None


# --- writing ---------------------------------------------------------------------------------------------------------


def dump(draft: Draft) -> bytes:
    """The XLIFF of a draft: the same bytes for the same draft, always.

    Raises:
        DraftError: the draft contradicts itself (a target for a sentence that is not there, two blocks with one
            number ...) and could not be read back.
    """
    _refuse_contradictions(draft)
    article = draft.article
    root = etree.Element(_CORE + "xliff", {"version": "2.1", "srcLang": "ar", "trgLang": "en"}, nsmap=_PREFIXES)  # type: ignore[arg-type]
    root.set(_SPACE, "preserve")
    file = _add(root, _CORE + "file", id=article.slug)
    if article.path:
        file.set("original", _escape(article.path))
    for name, value in (("canResegment", "no"), ("srcDir", "rtl"), ("trgDir", "ltr")):
        file.set(name, value)
    metadata = _add(file, _META + "metadata")
    facts = [("format", str(FORMAT)), ("syntax", article.syntax), ("glossary", draft.glossary)]
    facts += [("last-number", str(article.last_number))] if article.last_number else []
    _add_group(metadata, "draft", [(name, value) for name, value in facts if value or name != "glossary"])
    _add_group(metadata, "article", list(article.meta.items()))
    notes = dict(draft.notes)
    for block in article.blocks:
        _write_block(file, block, draft.targets, notes.pop(str(block.number), ()))
    if draft.orphans or not article.blocks:
        _write_orphans(file, draft.orphans, notes)
    _write_loose_notes(metadata, notes)
    _indent(root, 0)
    return _DECLARATION + etree.tostring(root, encoding="UTF-8", xml_declaration=False) + b"\n"


def _refuse_contradictions(draft: Draft) -> None:
    slug = draft.article.slug
    if not SLUG.match(slug):
        raise DraftError(f"not a name for a draft: {slug[:80]!r}", hint=SLUG_RULE)
    seen: set[str] = set()
    numbers: set[int] = set()
    for block in draft.article.blocks:
        if block.number in numbers or not 0 <= block.number < 10**9:
            raise DraftError(f"block number {block.number} is out of range or used twice", slug)
        numbers.add(block.number)
        at = 0
        for segment in block.segments:
            if segment.id in seen or not _ID.fullmatch(segment.id):
                raise DraftError(f"segment id {segment.id!r} is used twice or has odd characters", slug)
            if segment.begin < at or block.text[segment.begin : segment.end] != segment.text:
                raise DraftError("the sentences of the block do not rebuild its text", segment.id)
            seen.add(segment.id)
            at = segment.end
    for name in sorted(draft.targets):
        if name not in seen:
            raise DraftError("a translation without its sentence", name, "Merge the draft with its article first")
    for name in sorted(draft.orphans):
        if not _ID.fullmatch(name):
            raise DraftError(f"orphan id {name!r} has odd characters", slug)
    for note in (note for notes in draft.notes.values() for note in notes):
        names = [name for name, _ in note.about]
        if len(set(names)) < len(names) or not all(map(_can_be_attribute, names)):
            raise DraftError(f"a note says {', '.join(names)[:80]!r} about itself, which are no attributes", slug)


def _can_be_attribute(name: str) -> bool:
    """`'category'`, `'{urn:x}author'` -> True; `'a b'` and what would make a note ours -> False."""
    try:
        return etree.QName(name).namespace != _OWN[1:-1]
    except ValueError:
        return False


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, tag, attributes)
    if text is not None:
        child.text = _escape(text)
    return child


def _add_group(metadata: etree._Element, category: str, facts: Sequence[tuple[str, str]], name: str = "") -> None:
    """One metaGroup; none when there is nothing to say."""
    if not facts:
        return
    group = _add(metadata, _META + "metaGroup", category=f"tarjuman:{category}")
    if name:
        group.set("id", name)
    for key, value in facts:
        _add(group, _META + "meta", value, type=_escape(key))


def _indent(element: etree._Element, depth: int) -> None:
    """White space where it means nothing, so that a changed sentence is a few changed lines."""
    if element.tag not in _LAID_OUT or not len(element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        _indent(child, depth + 1)
        child.tail = element.text
    element[-1].tail = "\n" + "  " * depth


@dataclass(slots=True)
class _Unit:
    """The parts of a unit while it is written; they come in the order XLIFF asks for."""

    metadata: list[tuple[str, list[tuple[str, str]], str]] = field(default_factory=list)
    """Category, facts, id of each metaGroup."""
    terms: list[tuple[str, TermUse]] = field(default_factory=list)
    matches: list[tuple[str, Alternative]] = field(default_factory=list)
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    notes: Sequence[Note] = ()
    data: dict[str, str] = field(default_factory=dict)
    """Content of a mark -> id of its data element."""
    sources: dict[str, str] = field(default_factory=dict)
    segments: list[etree._Element] = field(default_factory=list)

    def reference(self, content: str) -> str:
        """The id under which this original data will be found."""
        return self.data.setdefault(content, f"d{len(self.data) + 1}")


def _write_block(file: etree._Element, block: Block, targets: Mapping[str, Target], notes: Sequence[Note]) -> None:
    """A block with sentences is a unit; one without (code, a rule) is a group without units, which no editor shows."""
    facts = [("level", str(block.level))] if block.level else []
    facts += [("marker", block.marker)] if block.marker else []
    facts += [("body", f"{block.begin} {block.end}")] if (block.begin, block.end) != (-1, -1) else []
    facts += [("field", block.field)] if block.field else []
    facts += [("last", str(block.last))] if block.last else []
    facts += [("marks", _marks_to_json(block.marks))] if block.marks else []
    tag = "unit" if block.segments else "group"
    element = _add(file, _CORE + tag, id=f"b{block.number}", type=f"tarjuman:{block.kind.value}")
    if not block.segments:
        _add_group(_add(element, _META + "metadata"), "block", [*facts, ("text", block.text)])
        _write_notes(element, (), notes)
        return
    unit = _Unit(notes=notes)
    if facts:
        unit.metadata.append(("block", facts, ""))
    at = 0
    for segment in block.segments:
        _write_between(unit, block.text[at : segment.begin])
        _write_segment(unit, segment, targets.get(segment.id))
        at = segment.end
    _write_between(unit, block.text[at:])
    _finish(element, unit)


def _write_between(unit: _Unit, text: str) -> None:
    if text:
        ignorable = etree.Element(_CORE + "ignorable")
        _write_text(_add(ignorable, _CORE + "source"), text)
        unit.segments.append(ignorable)


def _write_orphans(
    file: etree._Element, orphans: Mapping[str, tuple[str, Target]], notes: dict[str, tuple[Note, ...]]
) -> None:
    """The orphans in a group of their own; their notes are taken out of `notes`."""
    group = _add(file, _CORE + "group", id="orphans", translate="no")
    for number, (name, (source, target)) in enumerate(sorted(orphans.items()), 1):
        unit = _Unit(notes=notes.pop(name, ()))
        _write_segment(unit, Segment(name, source), target)
        _finish(_add(group, _CORE + "unit", id=f"o{number}", type="tarjuman:orphan"), unit)


def _write_segment(unit: _Unit, segment: Segment, target: Target | None) -> None:
    element = etree.Element(_CORE + "segment", {"id": segment.id})
    unit.segments.append(element)
    unit.sources[segment.id] = segment.text
    facts: list[tuple[str, str]] = []
    prefix = f"_{len(unit.sources)}_"
    source_ids = [f"m{prefix}{index}" for index in range(len(segment.marks))]
    if not _write_inline(_add(element, _CORE + "source"), segment.text, segment.marks, source_ids, unit):
        facts.append(("source-marks", _marks_to_json(segment.marks)))
    if target is not None:
        state, sub_state = _STATES[target.state]
        element.set("state", state)
        element.set("subState", sub_state)
        facts += _facts(segment, target)
        if target.text or target.state is not State.NEW:
            ids = _target_ids(segment.marks, target.marks, source_ids, f"n{prefix}")
            if not _write_inline(_add(element, _CORE + "target"), target.text, target.marks, ids, unit):
                facts.append(("target-marks", _marks_to_json(target.marks)))
        elif target.marks:
            facts.append(("target-marks", _marks_to_json(target.marks)))
        unit.terms += [(segment.id, term) for term in target.terms]
        unit.matches += [(segment.id, match) for match in target.alternatives]
        unit.findings += [(segment.id, finding) for finding in target.findings]
    if facts:
        unit.metadata.append(("segment", facts, segment.id))


def _facts(segment: Segment, target: Target) -> list[tuple[str, str]]:
    """What XLIFF itself has no place for, in the order it is written."""
    facts = [("origin", target.origin.value), ("digest", _digest(target.text, target.marks))]
    if target.score is not None:
        facts.append(("score", repr(target.score)))
    if target.match is not None:
        facts.append(("match", str(target.match)))
    facts += _started_facts(target)
    if target.seconds:
        facts.append(("seconds", repr(target.seconds)))
    named = (("signature", target.signature), ("who", target.who), ("when", target.when))
    facts += [(name, value) for name, value in named if value]
    if target.source != segment.text:
        facts.append(("made-from", target.source))
    if target.alignment:
        facts.append(("alignment", " ".join(f"{source}-{english}" for source, english in target.alignment)))
    return facts


def _started_facts(target: Target) -> list[tuple[str, str]]:
    """What a person starts from: while nobody has, the text that stands there, so that any editor may change it."""
    begun = target.started
    if begun is None:
        return [("started", target.text)] if target.text and target.origin is not Origin.PERSON else []
    facts = [("started", begun.text), ("started-origin", begun.origin.value)]
    facts += [("started-signature", begun.signature)] if begun.signature else []
    facts += [("started-score", repr(begun.score))] if begun.score is not None else []
    facts += [("started-match", str(begun.match))] if begun.match is not None else []
    return facts


def _target_ids(source: Sequence[Mark], target: Sequence[Mark], ids: Sequence[str], prefix: str) -> list[str]:
    """XLIFF wants the id of the source's code on the code that renders it, and an own id on any other."""
    free = list(zip(source, ids, strict=True))
    result = []
    for index, mark in enumerate(target):
        partner = next((pair for pair in free if (pair[0].kind, pair[0].data) == (mark.kind, mark.data)), None)
        if partner:
            free.remove(partner)
        result.append(partner[1] if partner else f"{prefix}{index}")
    return result


def _write_text(parent: etree._Element, text: str) -> None:
    """Text behind whatever stands in `parent`; characters XML cannot carry become `<cp hex="0007"/>`."""
    at = 0
    for match in _FORBIDDEN.finditer(text):
        _write_plain(parent, text[at : match.start()])
        etree.SubElement(parent, _CORE + "cp", hex=f"{ord(match.group()):04X}")
        at = match.end()
    _write_plain(parent, text[at:])


def _write_plain(parent: etree._Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _write_inline(parent: etree._Element, text: str, marks: Sequence[Mark], ids: Sequence[str], unit: _Unit) -> bool:
    """Text with its marks as codes. False, and plain text, when the marks do not nest: then they go to the metadata."""
    order = sorted(range(len(marks)), key=lambda index: (marks[index].begin, -marks[index].end, index))
    if not _nests(text, [marks[index] for index in order]):
        _write_text(parent, text)
        return False
    at = 0
    open_: list[tuple[etree._Element, int]] = [(parent, len(text))]
    for index in order:
        mark = marks[index]
        while len(open_) > 1 and open_[-1][1] <= mark.begin:
            element, end = open_.pop()
            _write_text(element, text[at:end])
            at = end
        _write_text(open_[-1][0], text[at : mark.begin])
        at = mark.begin
        atom = mark.kind in _ATOMS
        code = _write_code(open_[-1][0], mark, ids[index], unit)
        if order != list(range(len(marks))):
            code.set(_OWN + "n", str(index))
        if atom:
            code.set("equiv", _escape(text[mark.begin : mark.end]))
            at = mark.end
        else:
            open_.append((code, mark.end))
    for element, end in reversed(open_):
        _write_text(element, text[at:end])
        at = end
    return True


def _write_code(parent: etree._Element, mark: Mark, name: str, unit: _Unit) -> etree._Element:
    type_, sub_type = _CODES.get(mark.kind, ("other", f"tarjuman:{mark.kind}"))
    code = _add(parent, _CORE + ("ph" if mark.kind in _ATOMS else "pc"), id=name, type=type_, subType=sub_type)
    if mark.data:
        content = unit.reference(json.dumps([list(pair) for pair in mark.data], ensure_ascii=False))
        if mark.kind in _ATOMS:
            code.set("dataRef", content)
        else:
            code.set("dataRefStart", content)
            code.set("dataRefEnd", unit.reference(""))
    return code


def _nests(text: str, marks: Sequence[Mark]) -> bool:
    """Can these marks, sorted by where they begin, be written as elements within elements?"""
    ends = [len(text)]
    closed_to = 0
    for mark in marks:
        while len(ends) > 1 and ends[-1] <= mark.begin:
            ends.pop()
        inside = closed_to <= mark.begin <= mark.end <= ends[-1]
        if not inside or not (mark.kind in _CODES or _MARK_KIND.fullmatch(mark.kind)):
            return False
        if mark.kind in _ATOMS:
            closed_to = mark.end
        else:
            ends.append(mark.end)
    return True


def _finish(element: etree._Element, unit: _Unit) -> None:
    """Put the parts of a unit together."""
    if unit.metadata:
        metadata = _add(element, _META + "metadata")
        for category, facts, name in unit.metadata:
            _add_group(metadata, category, facts, name)
    if unit.terms:
        glossary = _add(element, _TERM + "glossary")
        for owner, term in unit.terms:
            _write_term(glossary, owner, term)
    if unit.matches:
        matches = _add(element, _MATCH + "matches")
        for number, (owner, match) in enumerate(unit.matches, 1):
            _write_match(matches, f"a{number}", owner, unit.sources[owner], match)
    _write_notes(element, unit.findings, unit.notes)
    if unit.data:
        original = _add(element, _CORE + "originalData")
        for content, name in unit.data.items():
            _write_text(_add(original, _CORE + "data", id=name), content)
    element.extend(unit.segments)


def _write_term(glossary: etree._Element, owner: str, term: TermUse) -> None:
    entry = _add(glossary, _TERM + "glossEntry", ref=f"#{owner}")
    entry.set(_OWN + "begin", str(term.begin))
    entry.set(_OWN + "end", str(term.end))
    entry.set(_OWN + "status", term.status.value)
    entry.set(_OWN + "why", _escape(term.why))
    if (term.surface, term.target_begin, term.target_end) != ("", -1, -1):
        entry.set(_OWN + "surface", _escape(term.surface))
        entry.set(_OWN + "target-begin", str(term.target_begin))
        entry.set(_OWN + "target-end", str(term.target_end))
    _add(entry, _TERM + "term", term.source)
    _add(entry, _TERM + "translation", term.target)


def _write_match(matches: etree._Element, name: str, owner: str, source: str, match: Alternative) -> None:
    type_, sub_type = _MATCH_TYPES[match.origin]
    element = _add(matches, _MATCH + "match", id=name, ref=f"#{owner}", type=type_, subType=sub_type)
    if match.signature:
        element.set("origin", _escape(match.signature))
    if match.score is not None:
        suitability = _suitability(match.score)
        if suitability and match.origin is Origin.MACHINE:
            element.set("matchQuality", suitability)
        element.set(_OWN + "score", repr(match.score))
    if match.match is not None:
        element.set("similarity", f"{match.match}")
    _write_text(_add(element, _CORE + "source"), source)
    _write_text(_add(element, _CORE + "target"), match.text)


def _write_notes(parent: etree._Element, findings: Sequence[tuple[str, Finding]], notes: Sequence[Note]) -> None:
    """Our findings, under ids that nobody else's note has, and everybody else's notes."""
    if not findings and not notes:
        return
    element = _add(parent, _CORE + "notes")
    taken = {value for note in notes for name, value in note.about if name == "id"}
    names = (name for name in map("f{}".format, itertools.count(1)) if name not in taken)
    for (owner, finding), name in zip(findings, names, strict=False):
        _write_finding(element, name, owner, finding)
    for note in notes:
        _write_note(element, note)


def _write_loose_notes(metadata: etree._Element, notes: Mapping[str, Sequence[Note]]) -> None:
    """Notes on the article as a whole, and on what is no longer there: behind the metadata of the file."""
    if not any(notes.values()):
        return
    element = etree.Element(_CORE + "notes")
    metadata.addnext(element)
    for place, its in sorted(notes.items()):
        for note in its:
            written = _write_note(element, note)
            if place:
                written.set(_OWN + "on", _escape(place))


def _write_note(notes: etree._Element, note: Note) -> etree._Element:
    element = _add(notes, _CORE + "note", note.text)
    for name, value in note.about:
        element.set(name, _escape(value))
    return element


def _write_finding(notes: etree._Element, name: str, owner: str, finding: Finding) -> None:
    note = _add(notes, _CORE + "note", finding.message, id=name, category=_escape(finding.check))
    note.set("priority", _PRIORITIES[finding.severity])
    note.set(_OWN + "ref", f"#{owner}")
    if finding.segment != owner:
        note.set(_OWN + "segment", _escape(finding.segment))
    if finding.hint:
        note.set(_OWN + "hint", _escape(finding.hint))
    if finding.dismissed:
        note.set(_OWN + "dismissed", _escape(finding.dismissed))


# --- reading ---------------------------------------------------------------------------------------------------------


def parse(data: bytes, where: str) -> Draft:
    """The draft in an XLIFF file, ours or ours after a visit to another editor; `where` is for messages.

    The text of the article's file (`body`) is not in a draft, nor is the `fingerprint`: both come back empty.

    Raises:
        DraftError: not XLIFF 2, not a draft, damaged, too large, or built to do harm.
    """
    file = _file(_tree(data, where), where)
    slug = file.get("id", "")
    if not SLUG.match(slug):
        raise _bad(where, file, f"not a draft: the file id {slug[:80]!r} is not the name of an article")
    facts = _metadata(file)
    about = facts.get(("draft", ""), {})
    version = about.get("format", str(FORMAT))
    if version != str(FORMAT):
        raise _bad(where, file, f"written in draft format {version[:20]!r}", "A newer version of this program reads it")
    blocks: list[Block] = []
    targets: dict[str, Target] = {}
    orphans: dict[str, tuple[str, Target]] = {}
    notes: dict[str, tuple[Note, ...]] = {}
    for place, note in _read_all_notes(file):
        notes[place] = (*notes.get(place, ()), note)
    for element in file:
        if element.tag == _CORE + "group" and element.get("id") == "orphans":
            orphans = _read_orphans(element, where)
        elif element.tag in (_CORE + "unit", _CORE + "group"):
            block, found = _read_block(element, where)
            blocks.append(block)
            targets |= found
    meta = facts.get(("article", ""), {})
    path = _unescape(file.get("original", ""))
    try:
        last_number = int(about.get("last-number", "0"))
    except ValueError as error:
        raise _bad(where, file, "damaged metadata of the article") from error
    article = Article(
        slug, tuple(blocks), meta, syntax=about.get("syntax", "markdown"), path=path, last_number=last_number
    )
    _refuse_doubles(article, where)
    return Draft(article, targets, orphans, about.get("glossary", ""), notes=notes)


def _bad(where: str, element: etree._Element | None, what: str, hint: str = "") -> DraftError:
    line = f":{element.sourceline}" if element is not None and element.sourceline else ""
    return DraftError(what, where + line, hint)


def _tree(data: bytes, where: str) -> etree._Element:
    """Well-formed UTF-8 XML without a document type; nothing is ever fetched or expanded."""
    if len(data) > LIMIT or data.count(b"<") > TAG_LIMIT:
        raise DraftError(f"larger than a draft can be ({len(data):,} bytes)", where)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DraftError(f"not UTF-8 (byte {error.start})", where, "Save it as UTF-8") from error
    if _DOCTYPE.match(text):
        raise DraftError("has a document type declaration, which no draft has", where, "Restore it from git")
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        raise DraftError("has an unsolved git conflict", f"{where}:{line}", "Keep one version of each sentence")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise DraftError(
            f"not well-formed XML ({error.msg})", where, "Mend that line: & is written &amp; and < is written &lt;"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DraftError("has a document type declaration, which no draft has", where, "Restore it from git")
    return root


def _file(root: etree._Element, where: str) -> etree._Element:
    """The one `<file>` that is the article."""
    name = etree.QName(root)
    if name.localname == "xliff" and name.namespace == "urn:oasis:names:tc:xliff:document:1.2":
        raise _bad(where, root, "XLIFF 1.2, and drafts are XLIFF 2.1", "Export it as XLIFF 2.1")
    if root.tag != _CORE + "xliff" or root.get("version") not in ("2.0", "2.1"):
        raise _bad(where, root, "not XLIFF 2.1", "A draft is what `tarjuman draft` writes into drafts/")
    if root.get("srcLang", "").lower().split("-")[0] != "ar":
        raise _bad(where, root, f"the source language is {root.get('srcLang', 'missing')[:20]!r}, not 'ar'")
    file = root.find(_CORE + "file")
    if file is None:
        raise _bad(where, root, "XLIFF without a file in it")
    return file


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
    groups = element.iterfind(f"{_META}metadata/{_META}metaGroup")
    return {
        (group.get("category", "").removeprefix("tarjuman:"), group.get("id", "")): {
            _unescape(meta.get("type", "")): _plain(meta) for meta in group.iterfind(_META + "meta")
        }
        for group in groups
        if group.get("category", "").startswith("tarjuman:")
    }


def _read_block(element: etree._Element, where: str) -> tuple[Block, dict[str, Target]]:
    name = _UNIT_ID.fullmatch(element.get("id", ""))
    if not name:
        raise _bad(where, element, f"not a draft: unit {element.get('id', '')[:80]!r} is not a block of an article")
    kind = element.get("type", "").removeprefix("tarjuman:")
    if kind not in set(Kind):
        kind = Kind.PARAGRAPH.value
    facts = _metadata(element)
    about = facts.get(("block", ""), {})
    try:
        begin, end = (int(number) for number in about.get("body", "-1 -1").split())
        level = int(about.get("level", "0"))
        last = int(about.get("last", "0"))
        marks = _marks_from_json(about.get("marks", "[]"))
    except ValueError as error:
        raise _bad(where, element, f"damaged metadata of block b{name[1]}") from error
    segments: tuple[Segment, ...] = ()
    targets: dict[str, Target] = {}
    if element.tag == _CORE + "group":
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
    for unit in group.iterfind(_CORE + "unit"):
        _, segments, targets = _read_unit(unit, _metadata(unit), where)
        for segment in segments:
            if segment.id in orphans:
                raise _bad(where, unit, f"orphan {segment.id} stands there twice")
            orphans[segment.id] = (segment.text, targets.get(segment.id, Target("", source=segment.text)))
    return orphans


Facts = Mapping[tuple[str, str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What stands in front of the segments of a unit, by the segment it refers to."""

    data: Mapping[str, str]
    terms: Mapping[str, list[etree._Element]]
    matches: Mapping[str, list[etree._Element]]
    findings: Mapping[str, list[etree._Element]]


def _parts(unit: etree._Element) -> _Parts:
    return _Parts(
        {item.get("id", ""): _text(item) for item in unit.iterfind(f"{_CORE}originalData/{_CORE}data")},
        _by_segment(unit.iterfind(f"{_TERM}glossary/{_TERM}glossEntry"), "ref"),
        _by_segment(unit.iterfind(f"{_MATCH}matches/{_MATCH}match"), "ref"),
        _by_segment((note for note in _notes(unit) if _OWN + "ref" in note.attrib), _OWN + "ref"),
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
        for element in unit.iterchildren(_CORE + "segment", _CORE + "ignorable"):
            source = element.find(_CORE + "source")
            if source is None:
                raise ValueError("a sentence without a source")
            text, marks = _read_inline(source, parts.data)
            if element.tag == _CORE + "segment":
                name = element.get("id", "")
                if not _ID.fullmatch(name):
                    raise ValueError(f"the segment id {name[:80]!r} is not one of ours")
                about = facts.get(("segment", name), {})
                if "source-marks" in about:
                    marks = _marks_from_json(about["source-marks"])
                segment = Segment(name, text, at, marks)
                segments.append(segment)
                target = _read_target(element, segment, about, parts)
                if target is not None:
                    targets[name] = target
            texts.append(text)
            at += len(text)
    except (ValueError, OverflowError) as error:
        raise _bad(where, unit, f"damaged unit {unit.get('id', '')[:80]!r}: {error}", "Restore it from git") from error
    return "".join(texts), tuple(segments), targets


def _read_target(element: etree._Element, segment: Segment, about: Mapping[str, str], parts: _Parts) -> Target | None:
    """The target as we left it, or as another hand left it; None where there is none."""
    found = element.find(_CORE + "target")
    text, marks = _read_inline(found, parts.data) if found is not None else ("", ())
    if "origin" not in about and not text:
        return None
    findings = tuple(_read_findings(parts.findings.get(segment.id, ()), segment.id))
    alternatives = tuple(_read_matches(parts.matches.get(segment.id, ())))
    state, sub_state = element.get("state", "initial"), element.get("subState", "")
    ours = _marks_from_json(about["target-marks"]) if "target-marks" in about and not marks else marks
    if about.get("digest") != _digest(text, ours) or about.get("origin") not in set(Origin):
        # Somebody changed the text or its marks, or lost what we knew of it. Offsets and scores spoke of another text.
        return Target(
            text,
            _state_of_changed(text, state, sub_state),
            Origin.PERSON if text else Origin.MACHINE,
            marks=marks,
            findings=tuple(finding for finding in findings if finding.dismissed),
            alternatives=alternatives,
            source=segment.text,
            started=_read_started(about),
            seconds=_seconds(about.get("seconds", "0")),
        )
    origin = Origin(about["origin"])
    return Target(
        text,
        _state(state, sub_state, origin is Origin.PERSON or bool(about.get("who"))),
        origin,
        score=float(about["score"]) if "score" in about else None,
        signature=about.get("signature", ""),
        terms=tuple(_read_terms(parts.terms.get(segment.id, ()))),
        alignment=tuple(_read_alignment(about.get("alignment", ""))),
        marks=ours,
        findings=findings,
        alternatives=alternatives,
        source=about.get("made-from", segment.text),
        who=about.get("who", ""),
        when=about.get("when", ""),
        match=_whole(about.get("match")),
        started=_read_started(about) if "started-origin" in about else None,
        seconds=_seconds(about.get("seconds", "0")),
    )


def _read_started(about: Mapping[str, str]) -> Alternative | None:
    """What a person started from: as it is told, or else the text of ours that somebody's program has changed."""
    if "started" not in about:
        return None
    told = "started-" if "started-origin" in about else ""
    origin = about.get(f"{told}origin", "")
    score = about.get(f"{told}score")
    return Alternative(
        about["started"],
        Origin(origin) if origin in set(Origin) else Origin.MACHINE,
        about.get(f"{told}signature", ""),
        None if score is None else float(score),
        _whole(about.get(f"{told}match")),
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise ValueError(f"{text[:20]} seconds")
    return seconds


def _whole(number: str | None) -> int | None:
    return None if number is None else int(number)


def _state_of_changed(text: str, state: str, sub_state: str) -> State:
    """The state of a text that is not the one we wrote: a person's, unless it was emptied."""
    if not text:
        return State.NEW
    approved_there = state == "final" and (state, sub_state) not in _STATE_OF
    return State.APPROVED if approved_there else State.EDITED


def _state(state: str, sub_state: str, touched: bool) -> State:
    """`("translated", "tarjuman:machine")` -> MACHINE; without our subState another tool has set it."""
    known = _STATE_OF.get((state, sub_state))
    if known is not None:
        return known
    if state == "final":
        return State.APPROVED
    if state == "reviewed" or touched:
        return State.EDITED
    return State.MACHINE if state == "translated" else State.NEW


def _read_alignment(text: str) -> Iterator[tuple[int, int]]:
    for pair in text.split():
        match = _PAIR.fullmatch(pair)
        if not match:
            raise ValueError(f"alignment {pair[:20]!r}")
        yield int(match[1]), int(match[2])


def _read_terms(entries: Iterable[etree._Element]) -> Iterator[TermUse]:
    for entry in entries:
        if entry.get(_OWN + "status") is None:
            continue  # another tool's entry
        yield TermUse(
            source=_unescape(entry.findtext(_TERM + "term", "")),
            target=_unescape(entry.findtext(_TERM + "translation", "")),
            begin=int(entry.get(_OWN + "begin", "")),
            end=int(entry.get(_OWN + "end", "")),
            why=_unescape(entry.get(_OWN + "why", "")),
            status=TermStatus(entry.get(_OWN + "status", "")),
            surface=_unescape(entry.get(_OWN + "surface", "")),
            target_begin=int(entry.get(_OWN + "target-begin", "-1")),
            target_end=int(entry.get(_OWN + "target-end", "-1")),
        )


def _read_matches(matches: Iterable[etree._Element]) -> Iterator[Alternative]:
    for match in matches:
        pair = (match.get("type", ""), match.get("subType", ""))
        origin = next((origin for origin, known in _MATCH_TYPES.items() if known == pair), None)
        if origin is None:
            origin = Origin.MACHINE if pair[0] == "mt" else Origin.MEMORY
        target = match.find(_CORE + "target")
        score = match.get(_OWN + "score")
        if target is not None:
            yield Alternative(
                _text(target),
                origin,
                _unescape(match.get("origin", "")),
                None if score is None else float(score),
                _similarity(match.get("similarity", "")),
            )


def _similarity(text: str) -> int | None:
    """`'92.50'` -> 92; another tool's figure that makes no sense is none."""
    found = re.fullmatch(r"([0-9]{1,3})(?:\.[0-9]*)?", text)
    return int(found[1]) if found and int(found[1]) <= 100 else None


def _notes(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterfind(f"{_CORE}notes/{_CORE}note")


def _read_all_notes(file: etree._Element) -> Iterator[tuple[str, Note]]:
    """Everybody else's notes with the place they stand at: a block's number, an orphan's id, or "" for the article."""
    for note in _notes(file):
        yield from _read_note(note, _unescape(note.get(_OWN + "on", "")))
    for element in file.iterchildren(_CORE + "unit", _CORE + "group"):
        name = _UNIT_ID.fullmatch(element.get("id", ""))
        for note in _notes(element):
            yield from _read_note(note, str(int(name[1])) if name else "")
        for unit in element.iterfind(_CORE + "unit"):
            segment = unit.find(_CORE + "segment")
            for note in _notes(unit):
                yield from _read_note(note, "" if segment is None else segment.get("id", ""))


def _read_note(note: etree._Element, place: str) -> Iterator[tuple[str, Note]]:
    """A note that is no finding of ours; a tool that lost our attributes may have left the rest of the finding."""
    was_ours = _FINDING_ID.fullmatch(note.get("id", "")) and _CHECK.fullmatch(note.get("category", ""))
    if _OWN + "ref" not in note.attrib and not was_ours:
        about = ((str(name), _unescape(str(value))) for name, value in note.attrib.items())
        yield place, Note(_plain(note), tuple((name, value) for name, value in about if not name.startswith(_OWN)))


def _read_findings(notes: Iterable[etree._Element], name: str) -> Iterator[Finding]:
    severities = {priority: severity for severity, priority in _PRIORITIES.items()}
    for note in notes:
        yield Finding(
            check=_unescape(note.get("category", "")),
            severity=severities.get(note.get("priority", ""), Severity.NOTE),
            segment=_unescape(note.get(_OWN + "segment", name)),
            message=_plain(note),
            hint=_unescape(note.get(_OWN + "hint", "")),
            dismissed=_unescape(note.get(_OWN + "dismissed", "")),
        )


def _plain(element: etree._Element) -> str:
    """The text of metadata and notes."""
    return _unescape("".join(str(part) for part in element.itertext()))


def _text(element: etree._Element) -> str:
    return _read_inline(element, {})[0]


def _read_inline(element: etree._Element, data: Mapping[str, str]) -> tuple[str, tuple[Mark, ...]]:
    """Text and marks of a source, target or data element. No character of text is ever left out."""
    parts: list[str] = []
    marks: list[tuple[int, Mark]] = []
    _collect(element, data, parts, marks, 0)
    if all(number >= 0 for number, _ in marks):
        marks.sort(key=lambda pair: pair[0])
    return "".join(parts), tuple(mark for _, mark in marks)


def _collect(
    element: etree._Element, data: Mapping[str, str], parts: list[str], marks: list[tuple[int, Mark]], at: int
) -> int:
    """Walk an element in document order; `at` is the length of the text so far; libxml2 bounds the depth."""

    def take(text: str | None) -> None:
        nonlocal at
        if text:
            parts.append(text)
            at += len(text)

    take(element.text)
    for child in element:
        begin, place = at, len(marks)
        if child.tag == _CORE + "cp":
            take(_code_point(child.get("hex", "")))
        elif child.tag == _CORE + "ph":
            take(_unescape(child.get("equiv", "")))
        else:
            at = _collect(child, data, parts, marks, at)
        kind = _kind(child)
        if kind:
            reference = child.get("dataRef") or child.get("dataRefStart") or ""
            pairs = tuple((str(key), str(value)) for key, value in _pairs(data.get(reference, "")))
            marks.insert(place, (int(child.get(_OWN + "n", "-1")), Mark(kind, begin, at, pairs)))
        take(child.tail)
    return at


def _pairs(content: str) -> list[list[str]]:
    """The data of a mark; a code that another tool made has original data of its own, which says nothing to us."""
    if not content:
        return []
    try:
        pairs = json.loads(content)
    except (ValueError, RecursionError):
        return []
    good = isinstance(pairs, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in pairs)
    return pairs if good else []


def _code_point(digits: str) -> str:
    """`'000A'` -> a line feed."""
    number = int(digits, 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"


def _kind(element: etree._Element) -> str:
    """The kind of mark a code stands for; empty for anything else."""
    if element.tag not in (_CORE + "pc", _CORE + "ph"):
        return ""
    sub_type = element.get("subType", "")
    own = sub_type.removeprefix("tarjuman:") if sub_type.startswith("tarjuman:") else ""
    return _KIND_OF.get(sub_type, own)

"""What stands in front of the sentences of a unit: terms, matches, findings and everybody's notes, out and back."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree

from translate.document import Alternative, Finding, Note, Origin, Severity, TermStatus, TermUse
from translate.xliff.inline import plain, text_of, write_text
from translate.xliff.names import CORE, MATCH, MATCH_TYPES, OWN, PRIORITIES, TERM, UNIT_ID
from translate.xliff.text import escape, marks_from_json, marks_to_json, score_of, unescape
from translate.xliff.xml import add

_FINDING_ID = re.compile(r"f[0-9]+")
_CHECK = re.compile(r"[a-z]-[0-9]{2}")


def write_term(glossary: etree._Element, owner: str, term: TermUse) -> None:
    """One occurrence of a term in the sentence `owner`."""
    entry = add(glossary, TERM + "glossEntry", ref=f"#{owner}")
    entry.set(OWN + "begin", str(term.begin))
    entry.set(OWN + "end", str(term.end))
    entry.set(OWN + "status", term.status.value)
    entry.set(OWN + "why", escape(term.why))
    if (term.surface, term.target_begin, term.target_end) != ("", -1, -1):
        entry.set(OWN + "surface", escape(term.surface))
        entry.set(OWN + "target-begin", str(term.target_begin))
        entry.set(OWN + "target-end", str(term.target_end))
    add(entry, TERM + "term", term.source)
    add(entry, TERM + "translation", term.target)


def read_terms(entries: Iterable[etree._Element]) -> Iterator[TermUse]:
    """Our terms among the entries of a glossary."""
    for entry in entries:
        if entry.get(OWN + "status") is None:
            continue  # another tool's entry
        yield TermUse(
            source=unescape(entry.findtext(TERM + "term", "")),
            target=unescape(entry.findtext(TERM + "translation", "")),
            begin=int(entry.get(OWN + "begin", "")),
            end=int(entry.get(OWN + "end", "")),
            why=unescape(entry.get(OWN + "why", "")),
            status=TermStatus(entry.get(OWN + "status", "")),
            surface=unescape(entry.get(OWN + "surface", "")),
            target_begin=int(entry.get(OWN + "target-begin", "-1")),
            target_end=int(entry.get(OWN + "target-end", "-1")),
        )


def write_match(matches: etree._Element, name: str, owner: str, source: str, match: Alternative) -> None:
    """Another English text of the sentence `owner`, whose Arabic is `source`."""
    type_, sub_type = MATCH_TYPES[match.origin]
    element = add(matches, MATCH + "match", id=name, ref=f"#{owner}", type=type_, subType=sub_type)
    if match.signature:
        element.set("origin", escape(match.signature))
    if match.score is not None:
        suitability = _suitability(match.score)
        if suitability and match.origin is Origin.MACHINE:
            element.set("matchQuality", suitability)
        element.set(OWN + "score", repr(match.score))
    if match.match is not None:
        element.set("similarity", f"{match.match}")
    told = {"marks": marks_to_json(match.marks) if match.marks else "", "who": match.who, "when": match.when}
    for key, value in told.items():
        if value:
            element.set(OWN + key, escape(value))
    write_text(add(element, CORE + "source"), source)
    write_text(add(element, CORE + "target"), match.text)


def _suitability(score: float) -> str | None:
    """Mean log-probability -> per cent, the geometric mean of the token probabilities: `-0.22` -> `'80.25'`."""
    return f"{100 * math.exp(min(score, 0.0)):.2f}" if not math.isnan(score) else None


def read_matches(matches: Iterable[etree._Element]) -> Iterator[Alternative]:
    """Other English texts, another tool's too."""
    for match in matches:
        pair = (match.get("type", ""), match.get("subType", ""))
        origin = next((origin for origin, known in MATCH_TYPES.items() if known == pair), None)
        if origin is None:
            origin = Origin.MACHINE if pair[0] == "mt" else Origin.MEMORY
        target = match.find(CORE + "target")
        if target is not None:
            yield Alternative(
                text_of(target),
                origin,
                unescape(match.get("origin", "")),
                score_of(match.get(OWN + "score")),
                _similarity(match.get("similarity", "")),
                marks_from_json(unescape(match.get(OWN + "marks", "[]"))),
                unescape(match.get(OWN + "who", "")),
                unescape(match.get(OWN + "when", "")),
            )


def _similarity(text: str) -> int | None:
    """`'92.50'` -> 92; another tool's figure that makes no sense is none."""
    found = re.fullmatch(r"([0-9]{1,3})(?:\.[0-9]*)?", text)
    return int(found[1]) if found and int(found[1]) <= 100 else None


def write_notes(parent: etree._Element, findings: Sequence[tuple[str, Finding]], notes: Sequence[Note]) -> None:
    """Our findings, under ids that nobody else's note has, and everybody else's notes."""
    if not findings and not notes:
        return
    element = add(parent, CORE + "notes")
    taken = {value for note in notes for name, value in note.about if name == "id"}
    names = (name for name in map("f{}".format, itertools.count(1)) if name not in taken)
    for (owner, finding), name in zip(findings, names, strict=False):
        _write_finding(element, name, owner, finding)
    for note in notes:
        _write_note(element, note)


def write_loose_notes(metadata: etree._Element, notes: Mapping[str, Sequence[Note]]) -> None:
    """Notes on the article as a whole, and on what is no longer there: behind the metadata of the file."""
    if not any(notes.values()):
        return
    element = etree.Element(CORE + "notes")
    metadata.addnext(element)
    for place, its in sorted(notes.items()):
        for note in its:
            written = _write_note(element, note)
            if place:
                written.set(OWN + "on", escape(place))


def _write_note(notes: etree._Element, note: Note) -> etree._Element:
    element = add(notes, CORE + "note", note.text)
    for name, value in note.about:
        element.set(name, escape(value))
    return element


def _write_finding(notes: etree._Element, name: str, owner: str, finding: Finding) -> None:
    note = add(notes, CORE + "note", finding.message, id=name, category=escape(finding.check))
    note.set("priority", PRIORITIES[finding.severity])
    note.set(OWN + "ref", f"#{owner}")
    if finding.segment != owner:
        note.set(OWN + "segment", escape(finding.segment))
    if finding.hint:
        note.set(OWN + "hint", escape(finding.hint))
    if finding.dismissed:
        note.set(OWN + "dismissed", escape(finding.dismissed))


def notes_of(element: etree._Element) -> Iterator[etree._Element]:
    """The notes right under an element, findings among them."""
    return (note for notes in element.iterchildren(CORE + "notes") for note in notes.iterchildren(CORE + "note"))


def read_all_notes(file: etree._Element) -> Iterator[tuple[str, Note]]:
    """Everybody else's notes with the place they stand at: a block's number, an orphan's id, or "" for the article."""
    for note in notes_of(file):
        yield from _read_note(note, unescape(note.get(OWN + "on", "")))
    for element in file.iterchildren(CORE + "unit", CORE + "group"):
        name = UNIT_ID.fullmatch(element.get("id", ""))
        for note in notes_of(element):
            yield from _read_note(note, str(int(name[1])) if name else "")
        for unit in element.iterfind(CORE + "unit"):
            segment = unit.find(CORE + "segment")
            for note in notes_of(unit):
                yield from _read_note(note, "" if segment is None else segment.get("id", ""))


def _read_note(note: etree._Element, place: str) -> Iterator[tuple[str, Note]]:
    """A note that is no finding of ours; a tool that lost our attributes may have left the rest of the finding."""
    was_ours = _FINDING_ID.fullmatch(note.get("id", "")) and _CHECK.fullmatch(note.get("category", ""))
    if OWN + "ref" not in note.attrib and not was_ours:
        about = ((str(name), unescape(str(value))) for name, value in note.attrib.items())
        yield place, Note(plain(note), tuple((name, value) for name, value in about if not name.startswith(OWN)))


def read_findings(notes: Iterable[etree._Element], name: str) -> Iterator[Finding]:
    """The findings of the sentence `name`."""
    severities = {priority: severity for severity, priority in PRIORITIES.items()}
    for note in notes:
        yield Finding(
            check=unescape(note.get("category", "")),
            severity=severities.get(note.get("priority", ""), Severity.NOTE),
            segment=unescape(note.get(OWN + "segment", name)),
            message=plain(note),
            hint=unescape(note.get(OWN + "hint", "")),
            dismissed=unescape(note.get(OWN + "dismissed", "")),
        )

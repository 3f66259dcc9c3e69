"""XLIFF 1.2, which OmegaT, Trados and most other translation programs read: drafts out, rows back.

One `<file>` an article, one `<trans-unit>` a sentence under its own id. Formatting is `<g>` around words, `<ph>` for
code and images with what they show, `<x/>` for a line break, `<bx/>`…`<ex/>` where marks cross. Reads what other
programs make of it too: other codes, `<mrk>`, added notes. OmegaT translates what stands in `<target>`: files for it
have the Arabic there, and English that comes back in its place is somebody's. This module knows no drafts on disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lxml import etree

from translate import __version__
from translate.document import Draft, Note, Origin, Segment, Severity, State, Target
from translate.exchange import codes, tree
from translate.exchange.codes import Code, Coded, Role
from translate.exchange.row import (
    Row,
    name,
    outgoing,
    read_stamp,
    said,
    source_codes,
    stamp,
    standing,
    target_codes,
)

_CORE = "{urn:oasis:names:tc:xliff:document:1.2}"
_LAID_OUT = frozenset(_CORE + name for name in ("xliff", "file", "header", "body", "group", "trans-unit"))
US = "tarjuman"
"""Whose notes are findings."""
FOR_OMEGAT = "tarjuman-omegat"
"""The tool of files that have the Arabic in place of the English."""

STATES = {
    State.NEW: "needs-translation",
    State.MACHINE: "needs-review-translation",
    State.EDITED: "translated",
    State.APPROVED: "final",
}
STATE_OF = {
    **dict.fromkeys(("new", "needs-translation"), State.NEW),
    **dict.fromkeys(("needs-review-translation", "needs-adaptation", "needs-l10n"), State.MACHINE),
    **dict.fromkeys(("needs-review-adaptation", "needs-review-l10n"), State.MACHINE),
    "translated": State.EDITED,
    **dict.fromkeys(("signed-off", "final"), State.APPROVED),
}
_QUALIFIERS = {Origin.MACHINE: "mt-suggestion", Origin.MEMORY: "leveraged-tm"}
_AROUND = {"strong": "bold", "emphasis": "italic", "link": "link"}
_STANDING = {"break": "lb", "image": "image"}
"""Names the standard has for kinds of marks: of elements around words, and of those that stand in a text."""
_LEFT = "left:"
"""What the stamp begins with in `extradata`, where the standard has a place for it."""
_PRIORITIES = {Severity.ERROR: "1", Severity.WARNING: "4", Severity.NOTE: "7"}
_KIND_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


# --- out -------------------------------------------------------------------------------------------------------------


def dump(drafts: Sequence[Draft], *, omegat: bool = False) -> bytes:
    """The same bytes for the same drafts, always; `omegat`: with the Arabic where the English would be."""
    root = etree.Element(_CORE + "xliff", {"version": "1.2"}, nsmap={None: _CORE[1:-1]})  # type: ignore[dict-item]
    for draft in drafts:
        _write_file(root, draft, omegat)
    tree.lay_out(root, _LAID_OUT)
    return tree.dump(root)


def _write_file(root: etree._Element, draft: Draft, omegat: bool) -> None:
    languages = {"source-language": "ar", "target-language": "en"}
    file = etree.SubElement(
        root, _CORE + "file", {"original": draft.article.slug, **languages, "datatype": "plaintext"}
    )
    header = etree.SubElement(file, _CORE + "header")
    tool = {"tool-id": FOR_OMEGAT if omegat else US, "tool-name": "Tarjuman", "tool-version": __version__}
    etree.SubElement(header, _CORE + "tool", tool)
    body = etree.SubElement(file, _CORE + "body")
    rows = {segment.id: (segment, target) for segment, target in outgoing(draft)}
    for block in draft.article.blocks:
        if not block.segments:
            continue
        group = etree.SubElement(body, _CORE + "group", {"id": f"b{block.number}", "restype": f"x-{block.kind.value}"})
        notes = draft.notes.get(str(block.number), ())
        for segment in block.segments:
            unit = _write_unit(group, *rows[segment.id], omegat)
            _write_beside(unit, rows[segment.id][1], notes if segment is block.segments[0] else ())


def _write_unit(group: etree._Element, segment: Segment, target: Target, omegat: bool) -> etree._Element:
    """A sentence and its English."""
    approved = {"approved": "yes" if target.state is State.APPROVED else "no"}
    unit = etree.SubElement(group, _CORE + "trans-unit", {"id": segment.id, **approved})
    unit.set(tree.SPACE, "preserve")
    unit.set("extradata", f"{_LEFT}{stamp(target)}")
    source = etree.SubElement(unit, _CORE + "source")
    source.set(tree.LANG, "ar")
    coded = _bare(source_codes(segment)) if omegat else source_codes(segment)
    _write(source, coded)
    english = etree.SubElement(unit, _CORE + "target")
    english.set(tree.LANG, "en")
    if omegat:
        english.set("state", STATES[State.NEW])
        _write(english, coded)
        return unit
    english.set("state", STATES[target.state] if target.text or target.state is not State.NEW else "new")
    if target.state is State.MACHINE and target.origin in _QUALIFIERS:
        english.set("state-qualifier", _QUALIFIERS[target.origin])
    _write(english, target_codes(segment, target))
    return unit


def _bare(coded: Coded) -> Coded:
    """Codes that do not say what they show: one code stands for an image in Arabic and for the same in English."""
    return tuple(replace(part, text=None) if isinstance(part, Code) else part for part in coded)


def _write_beside(unit: etree._Element, target: Target, notes: Sequence[Note]) -> None:
    """Findings, notes and other texts of a sentence."""
    for finding in standing(target):
        note = etree.SubElement(unit, _CORE + "note", {"from": US, "priority": _PRIORITIES[finding.severity]})
        note.set("annotates", "target")
        note.text = codes.escape(" ".join([said(finding), *([f"({finding.hint})"] if finding.hint else [])]))
    for said_there in notes:
        author = dict(said_there.about)
        note = etree.SubElement(unit, _CORE + "note", {"from": codes.escape(author.get("from", "") or "draft")})
        note.text = codes.escape(said_there.text)
    for other in target.alternatives:
        match = etree.SubElement(unit, _CORE + "alt-trans", {"origin": other.origin.value})
        shown = etree.SubElement(match, _CORE + "target")
        shown.set(tree.LANG, "en")
        shown.text = codes.escape(other.text)


def _write(parent: etree._Element, coded: Coded) -> None:
    """Codes as elements within elements where they nest, else each end by itself."""
    nested = codes.nests(coded)
    at = [parent]
    for part in coded:
        if isinstance(part, str):
            tree.append_text(at[-1], codes.escape(part))
        elif part.role is Role.POINT:
            _write_point(at[-1], part)
        elif not nested:
            begins = part.role is Role.OPEN
            ends = {"id": part.number if begins else f"{part.number}e", "rid": part.number}
            kind = {"ctype": _ctype(part.kind, _AROUND)} if begins else {}
            etree.SubElement(at[-1], _CORE + ("bx" if begins else "ex"), {**ends, **kind})
        elif part.role is Role.OPEN:
            at.append(etree.SubElement(at[-1], _CORE + "g", {"id": part.number, "ctype": _ctype(part.kind, _AROUND)}))
        else:
            at.pop()


def _write_point(parent: etree._Element, part: Code) -> None:
    covered = codes.escape(part.text or "")
    about = {"id": part.number, "ctype": _ctype(part.kind, _STANDING)}
    if covered.strip():
        etree.SubElement(parent, _CORE + "ph", about).text = covered
    elif part.text is None:
        etree.SubElement(parent, _CORE + "x", about)
    else:
        etree.SubElement(parent, _CORE + "x", {**about, "equiv-text": codes.escape(covered.replace("\n", "\\n"))})


def _ctype(kind: str, names: Mapping[str, str]) -> str:
    """`'strong'` -> `'bold'`, `'strike'` -> `'x-strike'`."""
    return names.get(kind) or (f"x-{kind}" if _KIND_NAME.fullmatch(kind) else "x-other")


# --- back ------------------------------------------------------------------------------------------------------------


def read(root: etree._Element, where: str) -> Iterator[Row]:
    """The rows of an XLIFF 1.2 file, whoever saved it last."""
    for file in root.iter("{*}file"):
        phases = {
            phase.get("phase-name", ""): (name(phase.get("contact-name", "")), _when(phase.get("date", "")))
            for phase in file.iterfind("{*}header/{*}phase-group/{*}phase")
        }
        omegat = any(tool.get("tool-id") == FOR_OMEGAT for tool in file.iterfind("{*}header/{*}tool"))
        for unit in file.iter("{*}trans-unit"):
            row = _row(unit, phases, where)
            yield _confirmed(row) if omegat else row


def _confirmed(row: Row) -> Row:
    """OmegaT leaves the Arabic where nobody was: what is no longer that was put there by somebody."""
    if row.target == row.source:
        return replace(row, target=None, state=None)
    return replace(row, state=State.EDITED)


def _when(date: str) -> str:
    """`'2026-11-22T05:10:00Z'` as it is; anything else is no date of ours."""
    return date if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", date) else ""


def _row(unit: etree._Element, phases: dict[str, tuple[str, str]], where: str) -> Row:
    source, target = unit.find("{*}source"), unit.find("{*}target")
    who, when = phases.get(target.get("phase-name", "") if target is not None else "", ("", ""))
    return Row(
        tree.place(unit, where),
        unit.get("id", ""),
        None if source is None else tuple(_codes(source)),
        None if target is None else tuple(_codes(target)),
        _state(unit, target),
        read_stamp(unit.get("extradata", "").removeprefix(_LEFT)),
        who,
        when,
        tuple(_notes(unit)),
    )


def _state(unit: etree._Element, target: etree._Element | None) -> State | None:
    """`approved="yes"` says more than any state; a state that says nothing of this is None."""
    if unit.get("approved") == "yes":
        return State.APPROVED
    return STATE_OF.get(target.get("state", "")) if target is not None else None


def _notes(unit: etree._Element) -> Iterator[Note]:
    for note in unit.iterfind("{*}note"):
        text = codes.unescape("".join(str(part) for part in note.itertext())).strip()
        author = codes.unescape(note.get("from", ""))
        if text and author != US:
            yield Note(text, (("from", name(author)),) if author and author != "draft" else ())


def _codes(element: etree._Element) -> Iterator[str | Code]:
    """Text and codes in document order, however another program spells them; libxml2 bounds the depth."""
    if element.text:
        yield codes.unescape(element.text)
    for child in element:
        kind = tree.local(child)
        number = child.get("rid") or child.get("id") or child.get("mid") or "" if kind else ""
        if kind == "g":
            yield Code(Role.OPEN, number)
            yield from _codes(child)
            yield Code(Role.CLOSE, number)
        elif kind in ("bx", "bpt"):
            yield Code(Role.OPEN, number)
        elif kind in ("ex", "ept"):
            yield Code(Role.CLOSE, number)
        elif kind == "ph":
            yield Code(Role.POINT, number, codes.unescape("".join(str(part) for part in child.itertext())) or None)
        elif kind in ("x", "it"):
            shown = child.get("equiv-text")
            yield Code(Role.POINT, number, None if shown is None else codes.unescape(shown).replace("\\n", "\n"))
        elif kind:  # mrk and whatever else lies around words
            yield from _codes(child)
        if child.tail:
            yield codes.unescape(child.tail)

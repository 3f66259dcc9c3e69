"""TBX-Basic, the standard form of term bases: version 3 (ISO 30042:2019) out and back, version 2 for older programs.

An entry has the Arabic with its forms as variants, and the English with what is admitted and what is forbidden, each
with its status. What TBX-Basic has no place for (number, neighbours, columns of somebody's own) stands in notes that
begin with `tarjuman:`, so that nothing is lost on the way out and back. This module knows no term files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from glossary import writing
from glossary.writing import Row, Table
from translate.errors import InputError
from translate.exchange import codes, tree
from translate.termbase.incoming import Incoming

CORE = "urn:iso:std:iso:30042:ed-2"
SPACES = {"min": "http://www.tbxinfo.net/ns/min", "basic": "http://www.tbxinfo.net/ns/basic"}
_SPACES: Any = {None: CORE, **SPACES}
HOMES = {
    "subjectField": ("min", "descrip"),
    "partOfSpeech": ("min", "termNote"),
    "administrativeStatus": ("min", "termNote"),
    "termType": ("basic", "termNote"),
    "context": ("basic", "descrip"),
    "source": ("basic", "admin"),
}
"""Data category -> its module in version 3, its element in version 2."""
PARTS_OF_SPEECH = {
    "noun": "noun", "proper noun": "noun", "noun phrase": "noun", "verb": "verb", "adjective": "adjective",
    "adverb": "adverb",
}  # fmt: skip
"""Ours -> TBX-Basic's; anything else is `other`."""
STATUSES = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
}
_FROM_STATUS = {"preferred": "preferred", "admitted": "admitted", "deprecated": "forbidden", "superseded": "forbidden"}
_NATIVE = frozenset({"source", "target", "domain", "note", "example", "authority", "status", "admitted", "forbidden"})
"""Columns that TBX-Basic has a place for; the rest goes into notes."""
_OURS = "tarjuman:"
_BY_TYPE = frozenset({"descrip", "admin", "termNote", "xref", "ref"})
_LAID_OUT = frozenset(
    f"{{{space}}}{name}" if space else name
    for space in (CORE, "")
    for name in (
        *("tbx", "tbxHeader", "fileDesc", "sourceDesc", "text", "body", "conceptEntry", "langSec", "termSec"),
        *("martif", "martifHeader", "encodingDesc", "termEntry", "langSet", "tig"),
    )
)
_DESCRIBED = "Terms written by Tarjuman"


@dataclass(frozen=True, slots=True)
class _Version:
    """How one version names what both have."""

    root: Callable[[], tuple[etree._Element, etree._Element]]
    """The root and its body."""
    entry: str
    language: str
    term: str
    category: Callable[[etree._Element, str, str], None]
    space: str


# --- out -------------------------------------------------------------------------------------------------------------


def dump(table: Table) -> bytes:
    """Version 3, in the style with elements for categories (DCT)."""
    return _dump(table, _V3)


def dump_v2(table: Table) -> bytes:
    """Version 2 (ISO 30042:2008), for programs that do not know version 3."""
    return _dump(table, _V2)


def _dump(table: Table, version: _Version) -> bytes:
    root, body = version.root()
    taken: set[str] = set()
    for row in writing.tidied(table).rows:
        _write_entry(body, row, version, _identifier(row, taken))
    tree.lay_out(root, _LAID_OUT)
    return tree.dump(root)


def _identifier(row: Row, taken: set[str]) -> str:
    """The same for the same term in every file, so that a change elsewhere does not renumber it."""
    stem = "c" + hashlib.sha256(f"{row['source']}\t{row['target']}".encode()).hexdigest()[:12]
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name)
    return name


def _root_v3() -> tuple[etree._Element, etree._Element]:
    root = etree.Element(f"{{{CORE}}}tbx", {"type": "TBX-Basic", "style": "dct"}, nsmap=_SPACES)
    root.set(tree.LANG, "en")
    return root, _head(root, "tbxHeader", CORE)


def _root_v2() -> tuple[etree._Element, etree._Element]:
    root = etree.Element("martif", {"type": "TBX"})
    root.set(tree.LANG, "en")
    return root, _head(root, "martifHeader", "")


def _head(root: etree._Element, header: str, space: str) -> etree._Element:
    head = _add(root, header, space)
    described = _add(_add(_add(head, "fileDesc", space), "sourceDesc", space), "p", space)
    described.text = _DESCRIBED
    if not space:
        coded = _add(_add(head, "encodingDesc", space), "p", space)
        coded.set("type", "XCSURI")
        coded.text = "TBXBasicXCSV02.xcs"
    return _add(_add(root, "text", space), "body", space)


def _add(parent: etree._Element, name: str, space: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{space}}}{name}" if space else name)


def _category_v3(parent: etree._Element, kind: str, text: str) -> None:
    etree.SubElement(parent, f"{{{SPACES[HOMES[kind][0]]}}}{kind}").text = codes.escape(text)


def _category_v2(parent: etree._Element, kind: str, text: str) -> None:
    etree.SubElement(parent, HOMES[kind][1], {"type": kind}).text = codes.escape(text)


_V3 = _Version(_root_v3, "conceptEntry", "langSec", "termSec", _category_v3, CORE)
_V2 = _Version(_root_v2, "termEntry", "langSet", "tig", _category_v2, "")


def _write_entry(body: etree._Element, row: Row, version: _Version, name: str) -> None:
    entry = _add(body, version.entry, version.space)
    entry.set("id", name)
    if row["domain"]:
        version.category(entry, "subjectField", row["domain"])
    for note in _notes(row):
        _add(entry, "note", version.space).text = codes.escape(note)
    arabic = _language(entry, "ar", version)
    about = _write_term(arabic, row["source"], version, pos=row["pos"])
    if row["example"]:
        version.category(about, "context", row["example"])
    if row["authority"]:
        version.category(about, "source", row["authority"])
    for form in _parts(row["forms"]):
        _write_term(arabic, form.partition(":")[2], version, pos=row["pos"], variant=True)
    english = _language(entry, "en", version)
    _write_term(english, row["target"] or row["source"], version, pos=row["pos"], status=row["status"])
    for column in ("admitted", "forbidden"):
        for text in _parts(row[column]):
            _write_term(english, text, version, pos=row["pos"], status=column)


def _notes(row: Row) -> Iterator[str]:
    if row["note"]:
        yield row["note"] if not row["note"].startswith(_OURS) else f"{_OURS}note: {row['note']}"
    for column, cell in row.cells.items():
        if column not in _NATIVE:
            yield f"{_OURS}{column.replace('%', '%25').replace(': ', '%3A ')}: {cell}"


def _language(entry: etree._Element, language: str, version: _Version) -> etree._Element:
    made = _add(entry, version.language, version.space)
    made.set(tree.LANG, language)
    return made


def _write_term(
    parent: etree._Element, text: str, version: _Version, *, pos: str = "", status: str = "", variant: bool = False
) -> etree._Element:
    made = _add(parent, version.term, version.space)
    _add(made, "term", version.space).text = codes.escape(text)
    if pos:
        version.category(made, "partOfSpeech", PARTS_OF_SPEECH.get(pos, "other"))
    if status in STATUSES:
        version.category(made, "administrativeStatus", STATUSES[status])
    if variant:
        version.category(made, "termType", "variant")
    return made


def _parts(cell: str) -> list[str]:
    return [part for part in (piece.strip() for piece in cell.split("|")) if part]


# --- back ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Word:
    """One term of one language, and what is said of it."""

    text: str
    about: dict[str, str]

    @property
    def status(self) -> str:
        """One of ours, or nothing: `deprecatedTerm-admn-sts` -> `forbidden`."""
        said = re.split("[^a-z]", self.about.get("administrativeStatus", "").lower(), maxsplit=1)[0]
        return next((ours for theirs, ours in _FROM_STATUS.items() if said.startswith(theirs)), "")


@dataclass(slots=True)
class _Concept:
    """One entry, as either version tells it."""

    where: str
    about: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    arabic: list[_Word] = field(default_factory=list)
    english: list[_Word] = field(default_factory=list)


def read(data: bytes, where: str) -> Incoming:
    """The entries of version 3 or 2 that have Arabic and English, in either style.

    Raises:
        InputError: no XML, one built to do harm, or no TBX.
    """
    root = tree.parse(data, where)
    entries = [one for one in root.iter(etree.Element) if tree.local(one) in ("conceptEntry", "termEntry")]
    if tree.local(root) not in ("tbx", "martif") or not entries:
        raise InputError("not a TBX file with entries", where, "Export TBX-Basic, version 3 or 2")
    rows: list[Row] = []
    left_out = 0
    for entry in entries:
        concept = _concept(entry, where)
        if concept.arabic and concept.english:
            rows.extend(_rows(concept))
        else:
            left_out += 1
    if not rows:
        raise InputError("no entry has Arabic and English", where, "Export with ar and en as languages")
    return Incoming(writing.table(rows), left_out)


def _concept(entry: etree._Element, where: str) -> _Concept:
    concept = _Concept(tree.place(entry, where))
    _described(entry, concept.about, concept.notes)
    for child in entry:
        if tree.local(child) not in ("langSec", "langSet"):
            continue
        language = (child.get(tree.LANG) or "").lower().replace("_", "-").split("-")[0]
        words = {"ar": concept.arabic, "en": concept.english}.get(language)
        if words is None:
            continue
        _described(child, concept.about, concept.notes)
        for section in child:
            if tree.local(section) in ("termSec", "tig", "ntig"):
                words.extend(_word(section, concept.notes))
    return concept


def _described(element: etree._Element, about: dict[str, str], notes: list[str]) -> None:
    """What is said of an element itself, not of those inside it."""
    for child in element:
        kind = tree.local(child)
        if kind.endswith("Grp"):
            _described(child, about, notes)
        elif kind == "note":
            notes.append(_text(child))
        elif kind not in ("langSec", "langSet", "termSec", "tig", "ntig", "term"):
            about.setdefault(child.get("type", "") if kind in _BY_TYPE else kind, _text(child))


def _word(section: etree._Element, notes: list[str]) -> Iterator[_Word]:
    term = next((one for one in section.iter(etree.Element) if tree.local(one) == "term"), None)
    text = _text(term) if term is not None else ""
    if text:
        about: dict[str, str] = {}
        _described(section, about, notes)
        yield _Word(text, about)


def _text(element: etree._Element) -> str:
    return " ".join(codes.unescape("".join(str(part) for part in element.itertext())).split())


def _rows(concept: _Concept) -> Iterator[Row]:
    """One line, or one for each Arabic word that is no variant of another."""
    ours = dict(_ours(concept.notes))
    variants = [one.text for one in concept.arabic if one.about.get("termType") == "variant"]
    heads = [one for one in concept.arabic if one.about.get("termType") != "variant"] or concept.arabic[:1]
    for number, head in enumerate(heads):
        cells = {**_english(concept.english), **_said(concept, head), **ours}
        cells["forms"] = _forms(ours.get("forms", ""), variants if not number else [], ours.get("number", ""))
        cells["source"] = head.text
        if cells.get("untranslated") == "yes" and cells["target"] == head.text:
            cells["target"] = ""
        yield writing.row(cells.items(), concept.where)


def _ours(notes: Sequence[str]) -> Iterator[tuple[str, str]]:
    others = []
    for note in notes:
        column, found, cell = note.removeprefix(_OURS).partition(": ")
        if note.startswith(_OURS) and found:
            yield column.replace("%3A ", ": ").replace("%25", "%"), cell
        elif note and note not in others:
            others.append(note)
    if others:
        yield "note", "; ".join(others)


def _english(words: Sequence[_Word]) -> dict[str, str]:
    """The first that is preferred, or else not forbidden, is the target; if all are, so is the line."""
    good = [one for one in words if one.status != "forbidden"]
    target = next((one for one in good if one.status == "preferred"), (good or list(words))[0])
    admitted = [one.text for one in good if one is not target]
    forbidden = [one.text for one in words if one.status == "forbidden" and one is not target]
    return {
        "target": target.text,
        "status": target.status,
        "admitted": "|".join(text.replace("|", " ") for text in admitted),
        "forbidden": "|".join(text.replace("|", " ") for text in forbidden),
    }


def _said(concept: _Concept, head: _Word) -> dict[str, str]:
    about = {**concept.about, **head.about}
    part = about.get("partOfSpeech", "")
    return {
        "pos": {"properNoun": "proper noun"}.get(part, part),
        "domain": about.get("subjectField", ""),
        "example": about.get("context", ""),
        "authority": about.get("source", ""),
        **({"note": about["definition"]} if "definition" in about else {}),
    }


def _forms(listed: str, variants: Sequence[str], number: str) -> str:
    """Our list as far as its forms are still there, and those that somebody added."""
    kept = [part for part in _parts(listed) if part.partition(":")[2] in variants]
    known = {part.partition(":")[2] for part in kept}
    added = [f"{number or 'sg'}:{text.replace('|', ' ')}" for text in variants if text not in known]
    return "|".join([*kept, *added])

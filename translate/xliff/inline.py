"""A text with its marks as inline codes, out and back. No character of text is ever left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from lxml import etree

from translate.document import Mark
from translate.xliff.names import CORE, OWN
from translate.xliff.text import FORBIDDEN, escape, unescape
from translate.xliff.xml import add, append_text

Refer = Callable[[str], str]
"""Original data -> the id it will be found under."""
CODES = {
    "emphasis": ("fmt", "xlf:i"),
    "strong": ("fmt", "xlf:b"),
    "break": ("fmt", "xlf:lb"),
    "strike": ("fmt", "tarjuman:strike"),
    "link": ("link", "tarjuman:link"),
    "image": ("image", "tarjuman:image"),
}
"""Kind of mark -> type and subType of its inline code; any other kind is ("other", "tarjuman:<kind>")."""
_KIND_OF = {sub_type: kind for kind, (_, sub_type) in CODES.items()}
ATOMS = frozenset({"code", "image", "break", "html"})
_MARK_KIND = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def target_ids(source: Sequence[Mark], target: Sequence[Mark], ids: Sequence[str], prefix: str) -> list[str]:
    """XLIFF wants the id of the source's code on the code that renders it, and an own id on any other."""
    free = list(zip(source, ids, strict=True))
    result = []
    for index, mark in enumerate(target):
        partner = next((pair for pair in free if (pair[0].kind, pair[0].data) == (mark.kind, mark.data)), None)
        if partner:
            free.remove(partner)
        result.append(partner[1] if partner else f"{prefix}{index}")
    return result


def write_text(parent: etree._Element, text: str) -> None:
    """Text behind whatever stands in `parent`; characters XML cannot carry become `<cp hex="0007"/>`."""
    at = 0
    for match in FORBIDDEN.finditer(text):
        append_text(parent, text[at : match.start()])
        etree.SubElement(parent, CORE + "cp", hex=f"{ord(match.group()):04X}")
        at = match.end()
    append_text(parent, text[at:])


def write_inline(parent: etree._Element, text: str, marks: Sequence[Mark], ids: Sequence[str], refer: Refer) -> bool:
    """Text with its marks as codes. False, and plain text, when the marks do not nest: then they go to the metadata."""
    order = sorted(range(len(marks)), key=lambda index: (marks[index].begin, -marks[index].end, index))
    if not _nests(text, [marks[index] for index in order]):
        write_text(parent, text)
        return False
    at = 0
    open_: list[tuple[etree._Element, int]] = [(parent, len(text))]
    for index in order:
        mark = marks[index]
        while len(open_) > 1 and open_[-1][1] <= mark.begin:
            element, end = open_.pop()
            write_text(element, text[at:end])
            at = end
        write_text(open_[-1][0], text[at : mark.begin])
        at = mark.begin
        atom = mark.kind in ATOMS
        code = _write_code(open_[-1][0], mark, ids[index], refer)
        if order != list(range(len(marks))):
            code.set(OWN + "n", str(index))
        if atom:
            code.set("equiv", escape(text[mark.begin : mark.end]))
            at = mark.end
        else:
            open_.append((code, mark.end))
    for element, end in reversed(open_):
        write_text(element, text[at:end])
        at = end
    return True


def _write_code(parent: etree._Element, mark: Mark, name: str, refer: Refer) -> etree._Element:
    type_, sub_type = CODES.get(mark.kind, ("other", f"tarjuman:{mark.kind}"))
    code = add(parent, CORE + ("ph" if mark.kind in ATOMS else "pc"), id=name, type=type_, subType=sub_type)
    if mark.data:
        content = refer(json.dumps([list(pair) for pair in mark.data], ensure_ascii=False))
        if mark.kind in ATOMS:
            code.set("dataRef", content)
        else:
            code.set("dataRefStart", content)
            code.set("dataRefEnd", refer(""))
    return code


def _nests(text: str, marks: Sequence[Mark]) -> bool:
    """Can these marks, sorted by where they begin, be written as elements within elements?"""
    ends = [len(text)]
    closed_to = 0
    for mark in marks:
        while len(ends) > 1 and ends[-1] <= mark.begin:
            ends.pop()
        inside = closed_to <= mark.begin <= mark.end <= ends[-1]
        if not inside or not (mark.kind in CODES or _MARK_KIND.fullmatch(mark.kind)):
            return False
        if mark.kind in ATOMS:
            closed_to = mark.end
        else:
            ends.append(mark.end)
    return True


def text_of(element: etree._Element) -> str:
    """The text alone."""
    return read_inline(element, {})[0]


def read_inline(element: etree._Element, data: Mapping[str, str]) -> tuple[str, tuple[Mark, ...]]:
    """Text and marks of a source, target or data element. No character of text is ever left out."""
    if not len(element):
        return element.text or "", ()
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
        if child.tag == CORE + "cp":
            take(_code_point(child.get("hex", "")))
        elif child.tag == CORE + "ph":
            take(unescape(child.get("equiv", "")))
        else:
            at = _collect(child, data, parts, marks, at)
        kind = _kind(child)
        if kind:
            reference = child.get("dataRef") or child.get("dataRefStart") or ""
            pairs = tuple((str(key), str(value)) for key, value in _pairs(data.get(reference, "")))
            marks.insert(place, (int(child.get(OWN + "n", "-1")), Mark(kind, begin, at, pairs)))
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
    if element.tag not in (CORE + "pc", CORE + "ph"):
        return ""
    sub_type = element.get("subType", "")
    own = sub_type.removeprefix("tarjuman:") if sub_type.startswith("tarjuman:") else ""
    return _KIND_OF.get(sub_type, own)


def plain(element: etree._Element) -> str:
    """The text of metadata and notes."""
    if not len(element):
        return unescape(element.text or "")
    return unescape("".join(str(part) for part in element.itertext()))

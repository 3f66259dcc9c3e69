"""Terms as a translation memory (TMX 1.4), for programs that take nothing else: one unit a term.

Arabic and English are the two sides; the other columns are properties of the unit, so that nothing is lost on the way
out and back. Units of other programs are terms too. This module knows no term files.
"""

from __future__ import annotations

from lxml import etree

from glossary import writing
from glossary.writing import Row, Table
from translate import __version__
from translate.errors import InputError
from translate.exchange import codes, tree
from translate.termbase.incoming import Incoming

_OURS = "x-tarjuman:"
_LAID_OUT = frozenset({"tmx", "body", "tu", "tuv"})


def dump(table: Table) -> bytes:
    """A memory of terms."""
    root = etree.Element("tmx", {"version": "1.4"})
    facts = {"creationtool": "Tarjuman", "creationtoolversion": __version__, "segtype": "phrase"}
    kind = {"o-tmf": "Tarjuman", "adminlang": "en", "srclang": "ar", "datatype": "plaintext"}
    etree.SubElement(root, "header", {**facts, **kind})
    body = etree.SubElement(root, "body")
    for row in writing.tidied(table).rows:
        _write(body, row)
    tree.lay_out(root, _LAID_OUT)
    return tree.dump(root)


def _write(body: etree._Element, row: Row) -> None:
    unit = etree.SubElement(body, "tu")
    if row["note"]:
        etree.SubElement(unit, "note").text = codes.escape(row["note"])
    for column, cell in row.cells.items():
        if column not in ("source", "target", "note"):
            etree.SubElement(unit, "prop", {"type": codes.escape(_OURS + column)}).text = codes.escape(cell)
    for language, text in (("ar", row["source"]), ("en", row["target"] or row["source"])):
        side = etree.SubElement(unit, "tuv")
        side.set(tree.LANG, language)
        etree.SubElement(side, "seg").text = codes.escape(text)


def read(data: bytes, where: str) -> Incoming:
    """The units that have Arabic and English.

    Raises:
        InputError: no XML, one built to do harm, or no TMX with such units.
    """
    root = tree.parse(data, where)
    if tree.local(root) != "tmx":
        raise InputError("not a TMX file", where, "Export TMX 1.4")
    rows: list[Row] = []
    left_out = 0
    for unit in root.iter("{*}tu"):
        sides: dict[str, str] = {}
        for side in unit.iterfind("{*}tuv"):
            language = (side.get(tree.LANG) or side.get("lang") or "").lower().replace("_", "-").split("-")[0]
            sides.setdefault(language, _text(side.find("{*}seg")))
        if sides.get("ar") and sides.get("en"):
            rows.append(_row(unit, sides["ar"], sides["en"], where))
        else:
            left_out += 1
    if not rows:
        raise InputError("no unit has Arabic and English", where, "Export with ar and en as languages")
    return Incoming(writing.table(rows), left_out)


def _row(unit: etree._Element, arabic: str, english: str, where: str) -> Row:
    cells = {"source": arabic, "target": english, "note": "; ".join(map(_text, unit.iterfind("{*}note")))}
    for prop in unit.iterfind("{*}prop"):
        kind = codes.unescape(prop.get("type", ""))
        if kind.startswith(_OURS):
            cells[kind.removeprefix(_OURS)] = _text(prop)
    if cells.get("untranslated") == "yes" and english == arabic:
        cells["target"] = ""
    return writing.row(cells.items(), tree.place(unit, where))


def _text(element: etree._Element | None) -> str:
    parts = element.itertext() if element is not None else ()
    return " ".join(codes.unescape("".join(str(part) for part in parts)).split())

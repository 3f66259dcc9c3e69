"""TMX 1.4b, the form of translation memories: what people finished goes out, memories of other programs come back.

A sentence is a `<tu>` under its id with Arabic and English; formatting is `<bpt>`/`<ept>` around words and `<ph>` for
what stands in the text. Memories without our ids (OmegaT writes such) come back too: their sentences are found by
the Arabic. This module knows no drafts on disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from translate import __version__
from translate.document import Draft, Origin, Segment, State, Target
from translate.exchange import codes, tree
from translate.exchange.codes import Code, Coded, Role
from translate.exchange.row import Row, digest_of, name, outgoing, read_stamp, source_codes, target_codes
from translate.xliff.text import quoted, xml

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_STATE, _LEFT = "x-tarjuman-state", "x-tarjuman-left"
_OMEGAT_ID = "id"
"""Where OmegaT keeps the id of a sentence whose Arabic stands elsewhere too."""
_TYPES = {"strong": "bold", "emphasis": "italic", "link": "link", "break": "lb", "image": "image"}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|\+00:00)")
_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z")


# --- out -------------------------------------------------------------------------------------------------------------


def dump(drafts: Sequence[Draft], *, also_edited: bool = False, also_machine: bool = False) -> bytes:
    """Approved sentences, on request edited ones too, or even a machine's, unless their Arabic changed since."""
    states = {State.APPROVED, *([State.EDITED] if also_edited else []), *([State.MACHINE] if also_machine else [])}
    facts = {"creationtool": "Tarjuman", "creationtoolversion": __version__, "segtype": "sentence"}
    kind = {"o-tmf": "Tarjuman", "adminlang": "en", "srclang": "ar", "datatype": "plaintext"}
    units = [
        _unit(segment, target)
        for draft in drafts
        for segment, target in outgoing(draft)
        if target.state in states and target.text.strip() and target.source in ("", segment.text)
    ]
    body = f"<body>\n{''.join(units)}  </body>" if units else "<body/>"
    head = f"<header{_attributes({**facts, **kind})}/>"
    return f'{_DECLARATION}<tmx version="1.4">\n  {head}\n  {body}\n</tmx>\n'.encode()


def _unit(segment: Segment, target: Target) -> str:
    """A sentence. Put together as text: as a tree it takes longer than all else about an article's memory."""
    touched = _attributes(touch(target)) if target.who or target.when else ""
    arabic, english = _written(source_codes(segment)), _written(target_codes(segment, target))
    state = target.state._value_
    return (
        f"    <tu tuid={quoted(segment.id)}{touched}>\n"
        f'      <prop type="{_STATE}">{state}</prop>\n'
        f'      <prop type="{_LEFT}">{state}:{digest_of(target)}</prop>\n'
        f'      <tuv xml:lang="ar">\n        {arabic}\n      </tuv>\n'
        f'      <tuv{touched} xml:lang="en">\n        {english}\n      </tuv>\n'
        "    </tu>\n"
    )


def _attributes(named: Mapping[str, str]) -> str:
    """`{'tuid': 'a.1.1'}` -> `' tuid="a.1.1"'`."""
    return "".join(f" {key}={quoted(value)}" for key, value in named.items())


def touch(target: Target) -> dict[str, str]:
    """When and by whom: `2026-11-22T05:10:00+00:00` -> `changedate="20261122T051000Z"`."""
    found = _ISO.fullmatch(target.when)
    when = {"changedate": f"{''.join(found.groups()[:3])}T{''.join(found.groups()[3:6])}Z"} if found else {}
    who = codes.escape(name(target.who)) if target.who else ""
    made = {"creationid": who} if who and target.origin is Origin.PERSON else {}
    return {**made, **when, **({"changeid": who} if who else {})}


def _written(coded: Coded) -> str:
    """`'Diwans'` -> `<seg>Diwans</seg>`."""
    pairs: dict[str, str] = {}
    parts: list[str] = []
    for part in coded:
        if isinstance(part, str):
            parts.append(xml(codes.escape(part)))
        elif part.role is Role.POINT:
            about = _attributes({"x": part.number, "type": _type(part.kind)})
            inner = xml(codes.escape(part.text or ""))
            parts.append(f"<ph{about}>{inner}</ph>" if inner else f"<ph{about}/>")
        elif part.role is Role.OPEN:
            pairs[part.number] = str(len(pairs) + 1)
            about = _attributes({"i": pairs[part.number], "x": part.number, "type": _type(part.kind)})
            parts.append(f"<bpt{about}/>")
        else:
            parts.append(f"<ept{_attributes({'i': pairs[part.number]})}/>")
    return f"<seg>{''.join(parts)}</seg>" if parts else "<seg/>"


def _type(kind: str) -> str:
    return _TYPES.get(kind) or codes.escape(f"x-{kind or 'other'}")


# --- back ------------------------------------------------------------------------------------------------------------


def read(root: etree._Element, where: str) -> Iterator[Row]:
    """The rows of a memory that have Arabic and English."""
    for unit in root.iter("{*}tu"):
        sides: dict[str, etree._Element] = {}
        for side in unit.iterfind("{*}tuv"):
            language = (side.get(tree.LANG) or side.get("lang") or "").lower().split("-")[0].split("_")[0]
            sides.setdefault(language, side)
        if "ar" in sides and "en" in sides:
            yield _row(unit, sides["ar"], sides["en"], where)


def _row(unit: etree._Element, arabic: etree._Element, english: etree._Element, where: str) -> Row:
    facts = {prop.get("type", ""): prop.text or "" for prop in unit.iterfind("{*}prop")}
    state = facts.get(_STATE, "")
    who = english.get("changeid") or english.get("creationid") or unit.get("changeid") or unit.get("creationid") or ""
    when = english.get("changedate") or unit.get("changedate") or english.get("creationdate") or ""
    return Row(
        tree.place(unit, where),
        unit.get("tuid") or facts.get(_OMEGAT_ID, ""),
        _segment(arabic),
        _segment(english),
        State(state) if state in set(State) else None,
        read_stamp(facts.get(_LEFT, "")),
        name(codes.unescape(who)),
        _when(when),
    )


def _when(date: str) -> str:
    """`'20261122T051000Z'` -> `'2026-11-22T05:10:00Z'`; anything else is no date."""
    found = _BASIC.fullmatch(date)
    return f"{found[1]}-{found[2]}-{found[3]}T{found[4]}:{found[5]}:{found[6]}Z" if found else ""


def _segment(side: etree._Element) -> Coded | None:
    segment = side.find("{*}seg")
    return None if segment is None else tuple(_codes(segment, {}))


def _codes(element: etree._Element, pairs: dict[str, str]) -> Iterator[str | Code]:
    if element.text:
        yield codes.unescape(element.text)
    for child in element:
        kind = tree.local(child)
        pair = child.get("i", "") if kind else ""
        number = child.get("x") or pair if kind else ""
        if kind == "bpt":
            pairs[pair] = number
            yield Code(Role.OPEN, number)
        elif kind == "ept":
            yield Code(Role.CLOSE, pairs.get(pair, number))
        elif kind in ("ph", "it", "ut"):
            yield Code(Role.POINT, number, codes.unescape("".join(str(part) for part in child.itertext())))
        elif kind:
            yield from _codes(child, pairs)
        if child.tail:
            yield codes.unescape(child.tail)

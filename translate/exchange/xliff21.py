"""XLIFF 2.1: a copy of the draft itself out, and a copy that was elsewhere back as rows.

The draft's own reader tells whether another program changed a text; here that becomes rows like those of any other
format. A sentence that is still the machine's says nothing new. This module knows no drafts on disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lxml import etree

from translate import drafts as shelf
from translate import xliff
from translate.document import Draft, Note, Target
from translate.exchange import codes
from translate.exchange.row import Row, Stamp, name

_CORE = "{urn:oasis:names:tc:xliff:document:2.0}"
_META = "{urn:oasis:names:tc:xliff:metadata:2.0}"
_WHEN = re.compile(r"[0-9]{4}[0-9T:.Z+-]{0,40}")


def dump(drafts: Sequence[Draft]) -> bytes:
    """The one draft, byte for byte as in `drafts/`."""
    (draft,) = drafts
    return xliff.dump(draft)


def read(root: etree._Element, data: bytes, where: str) -> Iterator[Row]:
    """A row for every sentence of a copy of a draft, the ones without a place in the article behind the others."""
    copy = xliff.parse(data, where)
    known = _left(root)
    notes = dict(copy.notes)
    for block in copy.article.blocks:
        for segment in block.segments:
            target, left = copy.targets.get(segment.id), known.get(segment.id, ("", 0))
            yield _row(segment.id, segment.text, target, left, where, notes.pop(str(block.number), ()))
    for key, (source, target) in copy.orphans.items():
        yield _row(key, source, target, known.get(key, ("", 0)), where, notes.pop(key, ()))


def _left(root: etree._Element) -> Mapping[str, tuple[str, int]]:
    """By segment id: the digest of the English it left with, and the line it stands in."""
    digests: dict[str, str] = {}
    for group in root.iter(_META + "metaGroup"):
        if group.get("category") == "tarjuman:segment":
            facts = {meta.get("type", ""): meta.text or "" for meta in group.iterfind(_META + "meta")}
            digests[group.get("id", "")] = facts.get("digest", "")
    found: dict[str, tuple[str, int]] = {}
    for element in root.iter(_CORE + "segment"):
        line = element.sourceline
        found[element.get("id", "")] = (digests.get(element.get("id", ""), ""), line if isinstance(line, int) else 0)
    return found


def _row(
    key: str, source: str, target: Target | None, left: tuple[str, int], where: str, notes: tuple[Note, ...]
) -> Row:
    digest, line = left
    stamp = Stamp(None, digest) if digest else None
    row = Row(f"{where}:{line}" if line else where, key, (source,), None, notes=notes)
    if target is None or not target.text:
        return replace(row, target=(), stamp=stamp)
    if not shelf.touched(target):
        return row
    # A text that fits its digest was last written by this program, perhaps on another desk: that is no stamp.
    changed = digest != codes.digest(target.text, target.marks)
    return replace(
        row,
        target=(target.text,),
        state=target.state,
        stamp=stamp if changed else None,
        who=name(target.who),
        when=target.when if _WHEN.fullmatch(target.when) else "",
        made_from=target.source or source,
        decoded=codes.Decoded(target.text, target.marks),
    )

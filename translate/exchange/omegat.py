"""A project for OmegaT, ready to be opened: sentences to translate, and what stands in the drafts as its memories.

OmegaT takes what stands in `<target>` for the text to be translated, so its XLIFF has the Arabic there. What people
wrote fills in by itself (`tm/auto`), what the machine wrote is offered and marked as such (`tm/mt`), what was made from
an older Arabic is offered as a similar sentence. Knows no drafts on disk; the files come back as XLIFF 1.2 or TMX.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from translate import __version__
from translate.document import Draft, Segment, State, Target
from translate.exchange import codes, tmx, tree, xliff12
from translate.exchange.codes import Code, Coded, Role
from translate.exchange.row import outgoing, source_codes, target_codes

SETTINGS = "omegat.project"
"""The file a project is known by."""
WORK = "omegat/project_save.tmx"
"""Where OmegaT keeps what was translated in it."""
FOLDERS = ("dictionary", "glossary", "omegat", "source", "target", "tm")
"""OmegaT opens no project without them."""

_SETTINGS = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat>
    <project version="1.0">
        <source_dir>__DEFAULT__</source_dir>
        <target_dir>__DEFAULT__</target_dir>
        <tm_dir>__DEFAULT__</tm_dir>
        <glossary_dir>__DEFAULT__</glossary_dir>
        <glossary_file>__DEFAULT__</glossary_file>
        <dictionary_dir>__DEFAULT__</dictionary_dir>
        <source_lang>AR</source_lang>
        <target_lang>EN</target_lang>
        <sentence_seg>false</sentence_seg>
        <support_default_translations>true</support_default_translations>
        <remove_tags>false</remove_tags>
    </project>
</omegat>
"""
"""Our sentences stay whole: OmegaT would part them again by rules of its own."""
_FILTERS = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<filters removeTags="false" removeSpacesNonseg="false" preserveSpaces="true" ignoreFileContext="false">
    <filter className="org.omegat.filters3.xml.xliff.XLIFFFilter" enabled="true">
        <files sourceFilenameMask="*.xlf" targetFilenamePattern="${filename}"/>
        <option name="alttransidtype" value="ELEMENT_ID"/>
    </filter>
</filters>
"""
"""Codes at the ends of a sentence are shown too, and sentences with the same Arabic are told apart by their ids."""
_LAID_OUT = frozenset({"tmx", "body", "tu", "tuv"})


@dataclass(frozen=True, slots=True)
class _Pair:
    """One entry of a memory."""

    arabic: str
    english: str
    target: Target
    file: str = ""
    """"a-day.xlf", where the entry is for one place only."""
    id: str = ""


def project(drafts: Sequence[Draft]) -> dict[str, bytes]:
    """Name in the project -> content; the same bytes for the same drafts, always."""
    every = [(draft.article.slug, *pair) for draft in drafts for pair in outgoing(draft) if pair[1].text.strip()]
    often = Counter(segment.text for draft in drafts for segment in draft.article.segments())
    fresh = [(slug, segment, target) for slug, segment, target in every if target.source in ("", segment.text)]
    people = [
        _pair(segment, target, f"{slug}.xlf" if often[segment.text] > 1 else "")
        for slug, segment, target in fresh
        if target.state in (State.EDITED, State.APPROVED)
    ]
    machine = [_pair(segment, target) for _, segment, target in fresh if target.state in (State.NEW, State.MACHINE)]
    earlier = [
        _Pair(codes.escape(target.source), codes.escape(target.text), target)
        for _, segment, target in every
        if target.source not in ("", segment.text)
    ]
    sources = {f"source/{draft.article.slug}.xlf": xliff12.dump([draft], omegat=True) for draft in drafts}
    memories = {"tm/auto/people.tmx": people, "tm/earlier.tmx": earlier, "tm/mt/machine.tmx": machine}
    written = {name: _memory(pairs) for name, pairs in memories.items() if pairs}
    return {SETTINGS: _SETTINGS, "omegat/filters.xml": _FILTERS, **sources, **written}


def _pair(segment: Segment, target: Target, file: str = "") -> _Pair:
    """A sentence as OmegaT shows it; `file` where the same Arabic stands elsewhere too, perhaps in other words."""
    arabic = source_codes(segment)
    english = target_codes(segment, target)
    names = _names(arabic) if codes.nests(english) or not codes.nests(arabic) else {}
    return _Pair(
        "".join(_shown(arabic, _names(arabic))),
        "".join(_shown(english, names)),
        target,
        file,
        segment.id if file else "",
    )


def _names(coded: Coded) -> dict[tuple[str, Role], str]:
    """What OmegaT calls the codes of an Arabic sentence: `<1>`, `</1>`, `<2/>` -> `<g0>`, `</g0>`, `<x1/>`."""
    found: dict[tuple[str, Role], str] = {}
    nested, at = codes.nests(coded), itertools.count()
    for part in coded:
        if isinstance(part, str):
            continue
        if part.role is Role.POINT:
            found[part.number, part.role] = f"<x{next(at)}/>"
        elif not nested:
            found[part.number, part.role] = f"<{'b' if part.role is Role.OPEN else 'e'}{next(at)}/>"
        elif part.role is Role.OPEN:
            number = next(at)
            found[part.number, Role.OPEN], found[part.number, Role.CLOSE] = f"<g{number}>", f"</g{number}>"
    return found


def _shown(coded: Iterable[str | Code], names: dict[tuple[str, Role], str]) -> Iterator[str]:
    """A text with codes as OmegaT has it in its memories; of a code that the Arabic lacks the words remain."""
    for part in coded:
        if isinstance(part, str):
            yield codes.escape(part)
        else:
            yield names.get((part.number, part.role), codes.escape(part.text or ""))


def _memory(pairs: Iterable[_Pair]) -> bytes:
    root = etree.Element("tmx", {"version": "1.4"})
    etree.SubElement(
        root,
        "header",
        {
            "creationtool": "Tarjuman",
            "creationtoolversion": __version__,
            "segtype": "sentence",
            "o-tmf": "Tarjuman",
            "adminlang": "en",
            "srclang": "ar",
            "datatype": "plaintext",
        },
    )
    body = etree.SubElement(root, "body")
    for pair in pairs:
        unit = etree.SubElement(body, "tu")
        for kind, value in (("file", pair.file), ("id", pair.id)):
            if value:
                etree.SubElement(unit, "prop", {"type": kind}).text = value
        for language, text in (("ar", pair.arabic), ("en", pair.english)):
            side = etree.SubElement(unit, "tuv", tmx.touch(pair.target) if language == "en" else {})
            side.set(tree.LANG, language)
            etree.SubElement(side, "seg").text = text
    tree.lay_out(root, _LAID_OUT)
    return tree.dump(root)

"""A draft out: units, segments and everything around them, the same bytes for the same draft, always."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from translate.document import Alternative, Block, Draft, Finding, Note, Segment, State, Target, TermUse
from translate.errors import DraftError
from translate.ids import SLUG, SLUG_RULE
from translate.xliff import xml
from translate.xliff.beside import write_loose_notes, write_match, write_notes, write_term
from translate.xliff.inline import target_ids, write_inline, write_text
from translate.xliff.names import CORE, FORMAT, ID, LAID_OUT, MATCH, META, OWN, PREFIXES, STATES, TERM
from translate.xliff.targets import facts_of
from translate.xliff.text import escape, marks_to_json
from translate.xliff.xml import add


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


def dump(draft: Draft) -> bytes:
    """The XLIFF of a draft: the same bytes for the same draft, always.

    Raises:
        DraftError: the draft contradicts itself (a target for a sentence that is not there, two blocks with one
            number ...) and could not be read back.
    """
    _refuse_contradictions(draft)
    article = draft.article
    root = etree.Element(CORE + "xliff", {"version": "2.1", "srcLang": "ar", "trgLang": "en"}, nsmap=PREFIXES)  # type: ignore[arg-type]
    root.set(xml.SPACE, "preserve")
    file = add(root, CORE + "file", id=article.slug)
    if article.path:
        file.set("original", escape(article.path))
    for name, value in (("canResegment", "no"), ("srcDir", "rtl"), ("trgDir", "ltr")):
        file.set(name, value)
    metadata = add(file, META + "metadata")
    facts = [("format", str(FORMAT)), ("syntax", article.syntax), ("glossary", draft.glossary)]
    facts += [("last-number", str(article.last_number))] if article.last_number else []
    _add_group(metadata, "draft", [(name, value) for name, value in facts if value or name != "glossary"])
    _add_group(metadata, "article", list(article.meta.items()))
    notes = dict(draft.notes)
    for block in article.blocks:
        _write_block(file, block, draft.targets, notes.pop(str(block.number), ()))
    if draft.orphans or not article.blocks:
        _write_orphans(file, draft.orphans, notes)
    write_loose_notes(metadata, notes)
    xml.lay_out(root, LAID_OUT)
    return xml.dump(root)


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
            if segment.id in seen or not ID.fullmatch(segment.id):
                raise DraftError(f"segment id {segment.id!r} is used twice or has odd characters", slug)
            if segment.begin < at or block.text[segment.begin : segment.end] != segment.text:
                raise DraftError("the sentences of the block do not rebuild its text", segment.id)
            seen.add(segment.id)
            at = segment.end
    for name in sorted(draft.targets):
        if name not in seen:
            raise DraftError("a translation without its sentence", name, "Merge the draft with its article first")
    for name in sorted(draft.orphans):
        if not ID.fullmatch(name):
            raise DraftError(f"orphan id {name!r} has odd characters", slug)
    for note in (note for notes in draft.notes.values() for note in notes):
        names = [name for name, _ in note.about]
        if len(set(names)) < len(names) or not all(map(_can_be_attribute, names)):
            raise DraftError(f"a note says {', '.join(names)[:80]!r} about itself, which are no attributes", slug)


def _can_be_attribute(name: str) -> bool:
    """`'category'`, `'{urn:x}author'` -> True; `'a b'` and what would make a note ours -> False."""
    try:
        return etree.QName(name).namespace != OWN[1:-1]
    except ValueError:
        return False


def _add_group(metadata: etree._Element, category: str, facts: Sequence[tuple[str, str]], name: str = "") -> None:
    """One metaGroup; none when there is nothing to say."""
    if not facts:
        return
    group = add(metadata, META + "metaGroup", category=f"tarjuman:{category}")
    if name:
        group.set("id", name)
    for key, value in facts:
        add(group, META + "meta", value, type=escape(key))


def _write_block(file: etree._Element, block: Block, targets: Mapping[str, Target], notes: Sequence[Note]) -> None:
    """A block with sentences is a unit; one without (code, a rule) is a group without units, which no editor shows."""
    facts = [("level", str(block.level))] if block.level else []
    facts += [("marker", block.marker)] if block.marker else []
    facts += [("body", f"{block.begin} {block.end}")] if (block.begin, block.end) != (-1, -1) else []
    facts += [("field", block.field)] if block.field else []
    facts += [("last", str(block.last))] if block.last else []
    facts += [("marks", marks_to_json(block.marks))] if block.marks else []
    tag = "unit" if block.segments else "group"
    element = add(file, CORE + tag, id=f"b{block.number}", type=f"tarjuman:{block.kind.value}")
    if not block.segments:
        _add_group(add(element, META + "metadata"), "block", [*facts, ("text", block.text)])
        write_notes(element, (), notes)
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
        ignorable = etree.Element(CORE + "ignorable")
        write_text(add(ignorable, CORE + "source"), text)
        unit.segments.append(ignorable)


def _write_orphans(
    file: etree._Element, orphans: Mapping[str, tuple[str, Target]], notes: dict[str, tuple[Note, ...]]
) -> None:
    """The orphans in a group of their own; their notes are taken out of `notes`."""
    group = add(file, CORE + "group", id="orphans", translate="no")
    for number, (name, (source, target)) in enumerate(sorted(orphans.items()), 1):
        unit = _Unit(notes=notes.pop(name, ()))
        _write_segment(unit, Segment(name, source), target)
        _finish(add(group, CORE + "unit", id=f"o{number}", type="tarjuman:orphan"), unit)


def _write_segment(unit: _Unit, segment: Segment, target: Target | None) -> None:
    element = etree.Element(CORE + "segment", {"id": segment.id})
    unit.segments.append(element)
    unit.sources[segment.id] = segment.text
    facts: list[tuple[str, str]] = []
    prefix = f"_{len(unit.sources)}_"
    source_ids = [f"m{prefix}{index}" for index in range(len(segment.marks))]
    if not write_inline(add(element, CORE + "source"), segment.text, segment.marks, source_ids, unit.reference):
        facts.append(("source-marks", marks_to_json(segment.marks)))
    if target is not None:
        state, sub_state = STATES[target.state]
        element.set("state", state)
        element.set("subState", sub_state)
        facts += facts_of(segment, target)
        if target.text or target.state is not State.NEW:
            ids = target_ids(segment.marks, target.marks, source_ids, f"n{prefix}")
            if not write_inline(add(element, CORE + "target"), target.text, target.marks, ids, unit.reference):
                facts.append(("target-marks", marks_to_json(target.marks)))
        elif target.marks:
            facts.append(("target-marks", marks_to_json(target.marks)))
        unit.terms += [(segment.id, term) for term in target.terms]
        unit.matches += [(segment.id, match) for match in target.alternatives]
        unit.findings += [(segment.id, finding) for finding in target.findings]
    if facts:
        unit.metadata.append(("segment", facts, segment.id))


def _finish(element: etree._Element, unit: _Unit) -> None:
    """Put the parts of a unit together."""
    if unit.metadata:
        metadata = add(element, META + "metadata")
        for category, facts, name in unit.metadata:
            _add_group(metadata, category, facts, name)
    if unit.terms:
        glossary = add(element, TERM + "glossary")
        for owner, term in unit.terms:
            write_term(glossary, owner, term)
    if unit.matches:
        matches = add(element, MATCH + "matches")
        for number, (owner, match) in enumerate(unit.matches, 1):
            write_match(matches, f"a{number}", owner, unit.sources[owner], match)
    write_notes(element, unit.findings, unit.notes)
    if unit.data:
        original = add(element, CORE + "originalData")
        for content, name in unit.data.items():
            write_text(add(original, CORE + "data", id=name), content)
    element.extend(unit.segments)

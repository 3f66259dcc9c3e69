"""A draft read straight from its text, where that is laid out exactly as we write it; a third of the time of a tree.

Most drafts lie as they were saved. What is recognised here, line by line and to the last one, means the same to the
reader of trees; whatever is not (another editor's layout, inline codes, notes of others, anything damaged) is left to
it, and so is every complaint. A test holds the two together. Knows no XML library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from translate.document import Article, Block, Draft, Finding, Kind, Segment, Severity, Target, TermStatus, TermUse
from translate.ids import SLUG
from translate.xliff.names import FORMAT, ID, PREFIXES, PRIORITIES
from translate.xliff.targets import Found, target_of
from translate.xliff.text import marks_from_json

LIMIT = 5_000_000
"""Characters; longer files have limits of their own that a tree keeps."""
_VALUE, _NAME, _NUMBER, _TEXT = r'"([^"<\n\t]*)"', r'"([A-Za-z0-9._-]+)"', r'"(-?[0-9]{1,9})"', r"([^<]*)"


def _bare(pattern: str) -> str:
    """`'a(b)(?:c)'` -> `'a(?:b)(?:c)'`: the same without groups."""
    return re.sub(r"\((?!\?)", "(?:", pattern)


_SPACES = "".join(f' xmlns{f":{name}" if name else ""}="{space}"' for name, space in PREFIXES.items())
_META = rf"<mda:meta type={_VALUE}>{_TEXT}</mda:meta>\n"
_GROUP = (
    rf'<mda:metaGroup category="tarjuman:([a-z]+)"(?: id={_NAME})?>\n'
    rf"((?: +{_bare(_META)})+) +</mda:metaGroup>\n"
)  # fmt: skip
_ENTRY = (
    rf'<gls:glossEntry ref="#([A-Za-z0-9._-]+)" t:begin={_NUMBER} t:end={_NUMBER} t:status="([a-z]+)" t:why={_VALUE}'
    rf"(?: t:surface={_VALUE} t:target-begin={_NUMBER} t:target-end={_NUMBER})?>\n"
    rf" +<gls:term>{_TEXT}</gls:term>\n +<gls:translation>{_TEXT}</gls:translation>\n +</gls:glossEntry>\n"
)
_FINDING = (
    rf'<note id="f[0-9]+" category={_VALUE} priority="([147])" t:ref="#([A-Za-z0-9._-]+)"'
    rf"(?: t:segment={_VALUE})?(?: t:hint={_VALUE})?(?: t:dismissed={_VALUE})?>{_TEXT}</note>\n"
)
_SEGMENT = (
    rf'<(?:segment id={_NAME}(?: state="([a-z]+)" subState="([a-z:]+)")?|ignorable)>\n'
    rf" +<source>{_TEXT}</source>\n(?: +<target>{_TEXT}</target>\n)? +</(segment|ignorable)>\n"
)
_HEAD = re.compile(
    r'<\?xml version="1\.0" encoding="UTF-8"\?>\n'
    rf'<xliff{re.escape(_SPACES)} version="2\.1" srcLang="ar" trgLang="en" xml:space="preserve">\n'
    rf'  <file id="([a-z][a-z0-9-]*)"(?: original={_VALUE})? canResegment="no" srcDir="rtl" trgDir="ltr">\n'
    rf"    <mda:metadata>\n((?: +{_bare(_GROUP)})*)    </mda:metadata>\n"
)
_UNIT = re.compile(
    r'    <unit id="b([0-9]{1,9})" type="tarjuman:([a-z]+)">\n'
    rf"(?:      <mda:metadata>\n((?: +{_bare(_GROUP)})*)      </mda:metadata>\n)?"
    rf"(?:      <gls:glossary>\n((?: +{_bare(_ENTRY)})*)      </gls:glossary>\n)?"
    rf"(?:      <notes>\n((?: +{_bare(_FINDING)})*)      </notes>\n)?"
    rf"((?:      {_bare(_SEGMENT)})+)    </unit>\n"
)
_METAS, _GROUPS, _ENTRIES = re.compile(_META), re.compile(_GROUP), re.compile(_ENTRY)
_FINDINGS, _SEGMENTS = re.compile(_FINDING), re.compile(_SEGMENT)
_END = "  </file>\n</xliff>\n"
_ALLOWED = bytes(byte for byte in range(256) if byte >= 0x20 or byte in b"\t\n")
_NEVER = (b"]]>", b"\\u{", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""What no tree would take as it stands, or would read as something else."""
_SUSPECTS = tuple({never[:1] for never in _NEVER})
"""How that begins: single bytes are found, or missed, in no time."""
_ENTITY = re.compile("&(?:(amp|lt|gt|quot);)?")
_MEANT = {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}
_SEVERITIES = {priority: severity for severity, priority in PRIORITIES.items()}
_KINDS = {kind.value: kind for kind in Kind}
_STATUSES = {status.value: status for status in TermStatus}
Facts = Mapping[tuple[str, str], Mapping[str, str]]


class _OtherwiseError(ValueError):
    """The file is not as we lay it out."""


def read(data: bytes) -> Draft | None:
    """The draft; None where the text is not to the last character what is known here."""
    if len(data) > LIMIT or data.translate(None, _ALLOWED):
        return None
    if any(suspect in data for suspect in _SUSPECTS) and any(never in data for never in _NEVER):
        return None
    try:
        return _read(data.decode("utf-8"))
    except (ValueError, OverflowError, KeyError):  # said again, with the place, by the reader of trees
        return None


def _read(text: str) -> Draft | None:
    head = _HEAD.match(text)
    if not head or not SLUG.match(head[1]):
        return None
    facts = _facts(head[3])
    about = facts.get(("draft", ""), {})
    if about.get("format", str(FORMAT)) != str(FORMAT):
        return None
    blocks: list[Block] = []
    targets: dict[str, Target] = {}
    at = head.end()
    while unit := _UNIT.match(text, at):
        blocks.append(_block(unit, targets))
        at = unit.end()
    if text[at:] != _END:
        return None
    numbers, names = {block.number for block in blocks}, {s.id for block in blocks for s in block.segments}
    if len(numbers) < len(blocks) or len(names) < sum(len(block.segments) for block in blocks):
        return None
    article = Article(
        head[1],
        tuple(blocks),
        facts.get(("article", ""), {}),
        syntax=about.get("syntax", "markdown"),
        path=_plain(head[2] or ""),
        last_number=int(about.get("last-number", "0")),
    )
    return Draft(article, targets, {}, about.get("glossary", ""), notes={})


def _plain(text: str) -> str:
    """`'a &amp; b'` -> `'a & b'`."""
    return _ENTITY.sub(_meant, text) if "&" in text else text


def _meant(found: re.Match[str]) -> str:
    if not found[1]:
        raise _OtherwiseError(found.string[found.start() : found.start() + 20])
    return _MEANT[found[1]]


def _facts(text: str | None) -> Facts:
    """The facts by category and id."""
    if not text:
        return {}
    escaped = "&" in text
    found: dict[tuple[str, str], Mapping[str, str]] = {}
    for category, name, metas in _GROUPS.findall(text):
        pairs = _METAS.findall(metas)
        found[category, name] = {_plain(k): _plain(v) for k, v in pairs} if escaped else dict(pairs)
    return found


def _block(unit: re.Match[str], targets: dict[str, Target]) -> Block:
    """A block; the targets of its sentences are put with the others."""
    facts = _facts(unit[3])
    about = facts.get(("block", ""), {})
    terms, findings = _terms(unit[4]), _said(unit[5])
    texts: list[str] = []
    segments: list[Segment] = []
    at = 0
    for name, state, sub_state, source, target, closed in _SEGMENTS.findall(unit[6]):
        if (closed == "segment") != bool(name) or (not name and target):
            raise _OtherwiseError(closed)
        text = _plain(source)
        if name:
            segments.append(_segment(name, text, at, facts.get(("segment", name), {})))
            found = Found(_plain(target), (), state or "initial", sub_state, findings.get(name, ()))
            made = target_of(found, segments[-1], facts.get(("segment", name), {}), terms.get(name, ()))
            if made is not None:
                targets[name] = made
        texts.append(text)
        at += len(text)
    begin, end = map(int, about.get("body", "-1 -1").split())
    return Block(
        int(unit[1]),
        _KINDS.get(unit[2], Kind.PARAGRAPH),
        "".join(texts),
        int(about.get("level", "0")),
        about.get("marker", ""),
        begin,
        end,
        marks_from_json(about["marks"]) if "marks" in about else (),
        tuple(segments),
        about.get("field", ""),
        int(about.get("last", "0")),
    )


def _segment(name: str, text: str, at: int, about: Mapping[str, str]) -> Segment:
    if not ID.fullmatch(name):
        raise _OtherwiseError(name)
    return Segment(name, text, at, marks_from_json(about["source-marks"]) if "source-marks" in about else ())


def _terms(text: str | None) -> dict[str, list[TermUse]]:
    """The terms of every sentence."""
    found: dict[str, list[TermUse]] = {}
    for name, begin, end, status, why, surface, there, behind, source, target in _ENTRIES.findall(text or ""):
        use = TermUse(
            _plain(source), _plain(target), int(begin), int(end), _plain(why), _STATUSES[status], _plain(surface),
            int(there or -1), int(behind or -1),
        )  # fmt: skip
        found.setdefault(name, []).append(use)
    return found


def _said(text: str | None) -> dict[str, tuple[Finding, ...]]:
    """What was found about every sentence."""
    found: dict[str, tuple[Finding, ...]] = {}
    for category, priority, name, segment, hint, dismissed, message in _FINDINGS.findall(text or ""):
        severity = _SEVERITIES.get(priority, Severity.NOTE)
        told = Finding(
            _plain(category), severity, _plain(segment) or name, _plain(message), _plain(hint), _plain(dismissed)
        )
        found[name] = (*found.get(name, ()), told)
    return found

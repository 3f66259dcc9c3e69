"""Text with its inline marks and its glossary terms -> safe HTML for one segment.

Nothing here trusts a text: everything is escaped, and a term or mark with impossible offsets is left unpainted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from translate.document import Mark
from translate.inline.html import render_html
from translate.inline.marks import ATOMS
from translate.site.compiled import escaped, marked, safe

_WHOLE = ATOMS | {"link"}
"""Marks that no term link may cut in two: an atom is one thing, and a link cannot hold a link."""

_UNSEEN = {
    **{code: None for code in range(0x20) if chr(code) not in "\t\n"},
    **dict.fromkeys(range(0x7F, 0xA0)),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    0xFFFE: None,
    0xFFFF: None,
}
"""Controls that have no place in a page. Direction is set by `dir` and `bdi`, so an override or an isolate in a
text can only turn its neighbours around; LRM, RLM, ALM and the joiners belong to the spelling and stay."""
_SEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""The same as a pattern, which finds at once that a text has none."""
_BELOW = bytes(byte for byte in range(256) if byte in b"\t\n" or (byte >= 0x20 and byte != 0x7F))
_UNSEEN_BYTES = [chr(code).encode("utf-8", "surrogatepass") for code in _UNSEEN if code > 0x7F]
_ABOVE = {
    first: frozenset(seen[1:] for seen in _UNSEEN_BYTES if seen[:1] == first) for first in (b"\xc2", b"\xe2", b"\xef")
}
"""The same in UTF-8, where a whole page is looked through much sooner: a first byte, and what may not follow it."""


def settle(page: str) -> str:
    """`'a' + RIGHT-TO-LEFT OVERRIDE + 'b'` -> `'ab'`: a page without control characters."""
    # Nearly every sentence is printable, which is found out in no time; what is not may still be clean.
    return page if page.isprintable() or not _SEEN.search(page) else page.translate(_UNSEEN)


def settled(page: str) -> bytes:
    """`settle` of a whole page, in UTF-8."""
    try:
        data = page.encode("utf-8")
    except UnicodeEncodeError:
        return settle(page).encode("utf-8")
    if data.translate(None, _BELOW) or any(_follows(data, *above) for above in _ABOVE.items()):
        return settle(page).encode("utf-8")
    return data


def _follows(data: bytes, first: bytes, others: frozenset[bytes]) -> bool:
    """Whether one of the `others` stands behind the byte `first` somewhere."""
    if first not in data:  # a single byte is found, or missed, in no time
        return False
    size = len(next(iter(others)))
    return not others.isdisjoint([piece[:size] for piece in data.split(first)[1:]])


class Span(NamedTuple):
    """A stretch of text that is a glossary term."""

    begin: int
    end: int
    href: str
    """"../terms/t1f2e3d4c5b.html"; empty where the term is marked and not linked."""
    title: str = ""
    """"مفارز → detachments", for what shows when the pointer rests on it; empty for nothing."""
    met: bool = True


def paint(text: str, marks: Sequence[Mark] = (), spans: Iterable[Span] = ()) -> Markup:
    """`'and Diwans'` with a term on 4-10 -> `and <a class="term" href="…">Diwans</a>`."""
    sound = [m for m in marks if 0 <= m.begin <= m.end <= len(text)] if marks else []
    spans = list(spans)
    if not sound:
        return _painted(text, spans)
    if not spans:
        return render_html(text, sound)
    parts: list[str] = []
    at = 0
    for span in _placed(text, sound, spans):
        parts += (_plain(text, sound, at, span.begin), _wrap(span, _plain(text, sound, span.begin, span.end)))
        at = span.end
    parts.append(_plain(text, sound, at, len(text)))
    return marked("".join(parts))


def _painted(text: str, spans: list[Span]) -> Markup:
    """As `paint` where there are no marks, which is nearly always."""
    if not spans:
        return safe(text)
    parts: list[str] = []
    at = 0
    for span in _placed(text, (), spans):
        parts += (escaped(text[at : span.begin]), _wrap(span, escaped(text[span.begin : span.end])))
        at = span.end
    parts.append(escaped(text[at:]))
    return marked("".join(parts))


def _wrap(span: Span, inner: str) -> str:
    """Safe HTML, as a plain string because it is put together with others at once."""
    begin, end = _around(span.href, span.title, span.met)
    return f"{begin}{inner}{end}"


@lru_cache(maxsize=65_536)
def _around(href: str, title: str, met: bool) -> tuple[str, str]:
    """What stands before and behind a term, the same in a thousand places."""
    kind = "term" if met else "term unmet"
    if not href:
        return f'<mark class="{kind}">', "</mark>"
    named = f' title="{escape(settle(title))}"' if title else ""
    return f'<a class="{kind}" href="{escape(href)}"{named}>', "</a>"


def _by_place(span: Span) -> tuple[int, int, str]:
    return span.begin, -span.end, span.href


def _placed(text: str, marks: Sequence[Mark], spans: Sequence[Span]) -> list[Span]:
    """Spans inside the text, not over each other, a link or an atom; the earlier and the longer win."""
    chosen: list[Span] = []
    at = 0
    for span in sorted(spans, key=_by_place) if len(spans) > 1 else spans:
        begin, end = span[:2]
        if not at <= begin < end <= len(text):
            continue
        if marks and any(m.kind in _WHOLE and m.begin < end and begin < m.end for m in marks):
            continue
        chosen.append(span)
        at = end
    return chosen


def _plain(text: str, marks: Sequence[Mark], begin: int, end: int) -> Markup:
    """The piece of a text with its marks cut to it; a mark that covers nothing belongs to the piece it begins."""
    if not marks:
        return safe(text[begin:end])
    last = end == len(text)
    cut = tuple(
        replace(m, begin=max(m.begin, begin) - begin, end=min(m.end, end) - begin)
        for m in marks
        if (m.begin < end and begin < m.end)
        or (m.begin == m.end and (begin <= m.begin < end or (last and m.end == end)))
    )
    return render_html(text[begin:end], cut) if cut or begin < end else Markup("")

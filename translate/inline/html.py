"""Plain text and marks written as safe HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from translate.document import Mark
from translate.inline.marks import ATOMS, NOTE_MARK, uncrossed, value

TAGS = {"emphasis": "em", "strong": "strong", "strike": "s"}
SCHEMES = frozenset({"", "http", "https", "mailto"})
"""Addresses a page may link to; the empty one is a relative address."""


def render_html(text: str, marks: Iterable[Mark] = ()) -> Markup:
    """Plain text and marks as safe HTML: everything escaped, raw HTML dropped, images as links to themselves.

    `'ISIS <fled>'`, `(strong 0-4,)` -> `'<strong>ISIS</strong> &lt;fled&gt;'`
    """
    marks = list(marks)
    if not marks:
        return escape(text)
    out: list[Markup] = []
    opened: list[Mark] = []
    at = 0
    for mark in [*uncrossed(text, marks), Mark("", len(text), len(text))]:
        while opened and opened[-1].end <= mark.begin:
            last = opened.pop()
            out += [escape(text[at : last.end]), _html_end(last)]
            at = last.end
        out.append(escape(text[at : mark.begin]))
        at = max(at, mark.begin)
        if mark.kind in ATOMS or mark.begin == mark.end:
            out.append(_html_atom(text[mark.begin : mark.end], mark))
            at = max(at, mark.end)
        elif mark.kind:
            out.append(_html_begin(mark))
            opened.append(mark)
    return Markup("").join(out)


def safe_address(address: str) -> str:
    """The address when a page may link to it, else empty: `'javascript:x'` -> `''`."""
    bare = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", address)
    try:
        scheme = urlsplit(bare).scheme.lower()
    except ValueError:
        return ""
    # A colon before any slash is a scheme to a browser even where the standard library sees none.
    head = re.split(r"[/?#]", bare, maxsplit=1)[0]
    return bare if scheme in SCHEMES and (bool(scheme) or ":" not in head) else ""


def _html_begin(mark: Mark) -> Markup:
    if mark.kind != "link":
        return Markup(f"<{TAGS[mark.kind]}>") if mark.kind in TAGS else Markup("")  # noqa: S704 - from the table above
    href, title = safe_address(value(mark, "href")), value(mark, "title")
    if not href:
        return Markup("")
    named = Markup(' title="{}"').format(title) if title else ""
    return Markup('<a href="{}"{} rel="noopener noreferrer">').format(href, named)


def _html_end(mark: Mark) -> Markup:
    if mark.kind != "link":
        return Markup(f"</{TAGS[mark.kind]}>") if mark.kind in TAGS else Markup("")  # noqa: S704 - from the table above
    return Markup("</a>") if safe_address(value(mark, "href")) else Markup("")


def _html_atom(covered: str, mark: Mark) -> Markup:
    shown = covered or value(mark, "text")
    apart = " " if not covered and shown else ""
    if mark.kind == "code" and shown:
        return Markup("{}<code>{}</code>").format(apart, shown)
    if mark.kind in ("image", "link"):
        href = safe_address(value(mark, "src") or value(mark, "href"))
        shown = shown or href
        if href:
            return Markup('{}<a href="{}" rel="noopener noreferrer">{}</a>').format(apart, href, shown)
        return escape(apart + shown)
    if note := NOTE_MARK.match(value(mark, "html")):
        return Markup("<sup>{}</sup>").format(note[1])
    return Markup("<br>") if mark.kind == "break" else escape(covered)

"""Plain text and marks written as Markdown that reads back the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from translate.document import Mark
from translate.inline.marks import ATOMS, NOTE_MARK, uncrossed, value
from translate.inline.reading import parse, parser

FENCES = {"emphasis": "*", "strong": "**", "strike": "~~"}


def render_markdown(text: str, marks: Iterable[Mark] = (), first: bool = True) -> str:
    """Plain text and marks as Markdown that reads back the same; `first` when it begins a line.

    `'ISIS fled'`, `(strong 0-4,)` -> `'**ISIS** fled'`
    """
    nested = uncrossed(text, marks)
    written = _write_markdown(text, nested, first)
    if any(m.kind in FENCES for m in nested):
        # Nested anew: code that stood apart by its weight alone may touch now.
        bare = uncrossed(text, [m for m in nested if m.kind not in FENCES])
        if _read_back(written) != _read_back(_write_markdown(text, bare, True)):
            # Asterisks that would not open or close here, such as **(x)**y: the words matter more than their weight.
            return _write_markdown(text, bare, first)
    return written


def _read_back(written: str) -> str:
    return "".join(parse(token.children or ())[0] for token in parser().parseInline(written))


def _write_markdown(text: str, nested: Sequence[Mark], first: bool) -> str:
    out: list[str] = []
    opened: list[Mark] = []
    at = 0

    def close(until: int) -> None:
        nonlocal at
        while opened and opened[-1].end <= until:
            mark = opened.pop()
            emit(mark.end)
            out.append(_after(mark))

    def emit(until: int) -> None:
        nonlocal at
        if until > at:
            if text[at] in "(:" and out and NOTE_MARK.fullmatch(out[-1]):
                out.append("\\" + text[at])  # or the footnote mark would be the text of a link, or the head of a note
                at += 1
                if until == at:
                    return
            out.append(_escape(text[at:until], first if at == 0 else text[at - 1] == "\n"))
            at = until

    for mark in nested:
        close(mark.begin)
        emit(mark.begin)
        if _is_bare_address(text, mark):
            out.append(f"<{text[mark.begin : mark.end]}>")
            at = mark.end
        elif mark.kind in ATOMS or mark.begin == mark.end:
            out.append(_atom(text[mark.begin : mark.end], mark))
            at = max(at, mark.end)
        else:
            if mark.kind == "link" and out and out[-1].endswith("!"):
                out[-1] = out[-1][:-1] + "\\!"
            out.append("[" if mark.kind == "link" else FENCES.get(mark.kind, ""))
            opened.append(mark)
    close(len(text))
    emit(len(text))
    return "".join(out)


def _is_bare_address(text: str, mark: Mark) -> bool:
    """Whether a link shows nothing but its own address, so that `<https://example.org>` says it all."""
    href = value(mark, "href")
    shown = href == text[mark.begin : mark.end] and not value(mark, "title")
    return mark.kind == "link" and shown and re.fullmatch(r"https?://[!-;=?-~]+", href) is not None


def _after(mark: Mark) -> str:
    return f"]({_address(mark, 'href')})" if mark.kind == "link" else FENCES.get(mark.kind, "")


def _atom(covered: str, mark: Mark) -> str:
    """An atom, or a span that found no place, in Markdown; one that covers nothing is written from its data."""
    shown = covered or value(mark, "text")
    apart = " " if not covered and shown else ""
    if mark.kind == "code" and shown:
        return apart + _code(shown)
    if mark.kind == "image":
        return f"{apart}![{_escape(shown, False)}]({_address(mark, 'src')})"
    if mark.kind == "link" and shown:
        return f"{apart}[{_escape(shown, False)}]({_address(mark, 'href')})"
    if mark.kind == "break":
        return "\\\n"
    return value(mark, "html") if mark.kind == "html" else ""


def _code(text: str) -> str:
    """`'a`b'` -> ``'``a`b``'``."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    padded = text[:1] == "`" or text[-1:] == "`" or (text[:1] == text[-1:] == " " and text.strip(" ") != "")
    return f"{fence} {text} {fence}" if padded else f"{fence}{text}{fence}"


def _address(mark: Mark, name: str) -> str:
    """`href "title"`, fit to stand in round brackets."""
    href, title = value(mark, name), value(mark, "title")
    if not href or _AWKWARD.search(href):
        href = "<" + re.sub(r"([\\<>])", r"\\\1", href.replace("\n", " ")) + ">"
    href = _ENTITY.sub(r"\&", href)
    return f'{href} "{_quote(title)}"' if title else href


def _quote(title: str) -> str:
    return re.sub(r'([\\"&])', r"\\\1", title.replace("\n", " "))


_AWKWARD = re.compile(r"[\s()<>\\\x00-\x20\x7f]")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_SPECIAL = re.compile(r"[\\`*\[\]<]|~(?=~)|(?<=~)~|&(?=[#\w])|(?<!\w)_+|(?<!_)_++(?!\w)")
_AT_START = re.compile(
    r"\A(?:(?P<mark>#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+\s*$|-+\s*$|[|:][|:\s-]*$)|(?P<number>\d{1,9})(?=[.)](?:\s|$)))",
    re.ASCII,
)


def _escape(text: str, starts: bool) -> str:
    r"""Plain text that Markdown takes for nothing else: `'2. *x*'` -> `'2\. \*x\*'`."""
    lines = text.split("\n")
    done: list[str] = []
    for at, line in enumerate(lines):
        # White space at the beginning of a line means nothing to Markdown, but would hide what has to be escaped.
        written = _SPECIAL.sub(lambda m: "\\" + "\\".join(m.group()), line.lstrip(" \t") if at or starts else line)
        if at or starts:
            written = (
                _AT_START.sub(lambda m: f"\\{m.group()}" if m.group("mark") else m.group() + "\\", written, count=1)
                if _AT_START.match(written)
                else written
            )
        done.append(written)
    return "\n".join(done)

"""Inline formatting as marks beside plain text: read from Markdown, cut, carried over to English, written out again.

Spans (emphasis, strong, strike, link) lie over words that are translated. Atoms (code, image, break, html) stand in the
text: code, image and break cover their own characters; raw HTML covers none and lives in the mark's data, so that no
engine ever sees a tag. An atom that has no place in the English is written behind it, from its data, rather than lost.
Knows no blocks, files or engines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, html_inline
from markdown_it.token import Token
from markupsafe import Markup, escape

from translate.document import Mark
from translate.words import Word, words

Alignment = Sequence[tuple[int, int]]

DEPTH = 100
"""Quotes and lists nested deeper than this are refused by the reader."""
SPANS = {"em": "emphasis", "strong": "strong", "s": "strike", "link": "link"}
FENCES = {"emphasis": "*", "strong": "**", "strike": "~~"}
TAGS = {"emphasis": "em", "strong": "strong", "strike": "s"}
ATOMS = frozenset({"code", "image", "break", "html"})
SCHEMES = frozenset({"", "http", "https", "mailto"})
"""Addresses a page may link to; the empty one is a relative address."""
RANK = {"link": 0, "strong": 1, "emphasis": 2, "strike": 3}
"""What lies outside of what when two marks cover the same words."""
_BARE, _ATOM = 8, 9


_NOTE_MARK = re.compile(r"\[\^([^\s\[\]^]{1,50})\](?!\()")
_NOTE_HEAD = re.compile(_NOTE_MARK.pattern + r":[ \t]+(?=\S)")


def _note_mark(state: StateInline, silent: bool) -> bool:
    """Footnote marks are atoms, kept like raw HTML: `[^1]`, and `[^1]: ` where a note begins."""
    if not state.src.startswith("[^", state.pos):
        return False
    begins = state.pos == 0 or state.src[state.pos - 1] == "\n"
    match = (begins and _NOTE_HEAD.match(state.src, state.pos)) or _NOTE_MARK.match(state.src, state.pos)
    if not match or match.end() > state.posMax:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = match.group()
    state.pos = match.end()
    return True


_CLOSED_BY = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}


def _raw_html(state: StateInline, silent: bool) -> bool:
    """The library's rule for raw HTML, not asked where nothing closes what opens: it would read on to the end."""
    for opening, closing in _CLOSED_BY.items():
        if state.src.startswith(opening, state.pos):
            last: dict[tuple[str, str], int] = state.env.setdefault("last", {})
            name = (state.src, closing)
            if name not in last:
                last[name] = state.src.rfind(closing)
            if last[name] < state.pos:
                return False
    return html_inline(state, silent)


class Parser(MarkdownIt):
    """CommonMark with tables and strike-through that leaves addresses as they were written."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"maxNesting": DEPTH})
        self.enable(["table", "strikethrough"])
        self.inline.ruler.before("link", "note_mark", _note_mark)
        self.inline.ruler.at("html_inline", _raw_html)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        """Keep Arabic addresses readable: nothing is percent-encoded."""
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the library's name
        """Keep the text of `<https://...>` as it is."""
        return link


@cache
def _parser() -> Parser:
    return Parser()


def parse(tokens: Iterable[Token]) -> tuple[str, tuple[Mark, ...]]:
    """Children of a markdown-it inline token as plain text and marks; a soft break is a bare newline.

    `*داعش* فرّ` -> `'داعش فرّ'`, `(emphasis 0-4,)`
    """
    text: list[str] = []
    length = 0
    marks: list[Mark] = []
    opened: list[tuple[str, int, tuple[tuple[str, str], ...]]] = []
    for token in tokens:
        piece, kind = token.content, ""
        data: tuple[tuple[str, str], ...] = ()
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "softbreak":
            piece = "\n"
        elif token.type == "hardbreak":
            piece, kind = "\n", "break"
        elif token.type == "code_inline":
            kind = "code"
        elif token.type == "html_inline":
            piece, kind, data = "", "html", (("html", token.content),)
        elif token.type == "image":
            piece, kind, data = parse(token.children or ())[0], "image", _data(token, "src", "title")
        elif name in SPANS and token.nesting == 1:
            opened.append((SPANS[name], length, _data(token, "href", "title") if name == "link" else ()))
            continue
        elif name in SPANS and token.nesting == -1:
            span, begin, its = opened.pop()
            if begin < length:
                marks.append(Mark(span, begin, length, its))
            continue
        if kind:
            marks.append(Mark(kind, length, length + len(piece), data))
        text.append(piece)
        length += len(piece)
    return "".join(text), _ordered(marks)


def _data(token: Token, *names: str) -> tuple[tuple[str, str], ...]:
    found = tuple((name, str(token.attrs[name])) for name in names if token.attrs.get(name))
    return found or ((names[0], ""),)


def _ordered(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks by where they begin, the outer before the inner; what covers nothing comes before an atom, never in it."""
    marks = list(marks)
    atoms: dict[int, int] = {}
    for mark in marks:
        if mark.kind in ATOMS and mark.end > mark.begin:
            atoms[mark.begin] = max(mark.end, atoms.get(mark.begin, 0))

    def place(mark: Mark) -> tuple[int, int, int]:
        bare = mark.begin == mark.end
        end = atoms.get(mark.begin, mark.end) if bare else mark.end
        return mark.begin, -end, _BARE if bare else RANK.get(mark.kind, _ATOM)

    return tuple(sorted(marks, key=place))


def clip(marks: Iterable[Mark], begin: int, end: int) -> tuple[Mark, ...]:
    """Marks over one stretch of a text, with offsets counted from its beginning.

    `(strong 0-20,)`, 5, 12 -> `(strong 0-7,)`
    """
    kept: list[Mark] = []
    for mark in marks:
        a, b = max(mark.begin, begin), min(mark.end, end)
        if a < b or (mark.begin == mark.end and begin <= mark.begin <= end):
            kept.append(replace(mark, begin=a - begin, end=b - begin))
    return tuple(kept)


def shift(marks: Iterable[Mark], by: int) -> tuple[Mark, ...]:
    """Marks moved right by a number of characters."""
    return tuple(replace(m, begin=m.begin + by, end=m.end + by) for m in marks)


# Writing: marks are first brought into a shape where none crosses another, then written from left to right.


def _nested(text: str, marks: Iterable[Mark]) -> list[Mark]:
    """Marks inside the text, none crossing, no link in a link, nothing inside code: the later one gives way."""
    kept: list[Mark] = []
    around: list[Mark] = []
    for mark in _ordered(marks):
        begin, end = max(0, mark.begin), min(len(text), mark.end)
        parted = any(outer.end <= begin and outer.kind not in ATOMS for outer in around)
        around = [outer for outer in around if outer.end > begin]
        for outer in around:
            solid = outer.kind in ATOMS or (outer.kind == mark.kind == "link")
            if begin < outer.end and (solid or outer.end < end):
                begin = outer.end
        if mark.kind not in ATOMS:
            begin, end = _without_edges(text, begin, end)
        touches = kept and kept[-1].kind == mark.kind == "code" and kept[-1].end == begin < end
        if touches and not parted:
            # Code that touches code: two runs of backticks would close each other.
            kept[-1] = replace(kept[-1], end=end)
            around.append(kept[-1])
        elif begin < end or mark.begin == mark.end:
            kept.append(replace(mark, begin=begin, end=max(begin, end)))
            around.append(kept[-1])
    return _out_of_links(_ordered(kept))


def _out_of_links(marks: Sequence[Mark]) -> list[Mark]:
    """Footnote marks behind the links they stand in or right before: Markdown takes no brackets there."""
    links = [mark for mark in marks if mark.kind == "link" and mark.begin < mark.end]
    if not links or not any(map(_is_note, marks)):
        return list(marks)
    moved: list[Mark] = []
    for mark in marks:
        at = mark.begin
        for link in links if _is_note(mark) else ():
            at = link.end if link.begin <= at < link.end else at
        moved.append(replace(mark, begin=at, end=at) if _is_note(mark) else mark)
    return list(_ordered(moved))


def _is_note(mark: Mark) -> bool:
    return mark.kind == "html" and value(mark, "html").startswith("[^")


def _without_edges(text: str, begin: int, end: int) -> tuple[int, int]:
    """A span without white space at its ends."""
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return begin, end


def value(mark: Mark, name: str) -> str:
    """One of a mark's data: `value(link, "href")` -> `'https://example.org'`; empty when it has none."""
    return dict(mark.data).get(name, "")


def render_markdown(text: str, marks: Iterable[Mark] = (), first: bool = True) -> str:
    """Plain text and marks as Markdown that reads back the same; `first` when it begins a line.

    `'ISIS fled'`, `(strong 0-4,)` -> `'**ISIS** fled'`
    """
    nested = _nested(text, marks)
    written = _write_markdown(text, nested, first)
    if any(m.kind in FENCES for m in nested):
        # Nested anew: code that stood apart by its weight alone may touch now.
        bare = _nested(text, [m for m in nested if m.kind not in FENCES])
        if _read_back(written) != _read_back(_write_markdown(text, bare, True)):
            # Asterisks that would not open or close here, such as **(x)**y: the words matter more than their weight.
            return _write_markdown(text, bare, first)
    return written


def _read_back(written: str) -> str:
    return "".join(parse(token.children or ())[0] for token in _parser().parseInline(written))


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
            if text[at] in "(:" and out and _NOTE_MARK.fullmatch(out[-1]):
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
    for mark in [*_nested(text, marks), Mark("", len(text), len(text))]:
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
    if note := _NOTE_MARK.match(value(mark, "html")):
        return Markup("<sup>{}</sup>").format(note[1])
    return Markup("<br>") if mark.kind == "break" else escape(covered)


# Carrying marks over to the English.


def project(marks: Sequence[Mark], source: str, target: str, alignment: Alignment = ()) -> tuple[Mark, ...]:
    """The marks of a source text laid over its translation; every one of them comes out, in the same order.

    Over the whole text stays over the whole text; code and addresses are found by their own characters; anything else
    goes where the alignment leads, or without one to the same share of the sentence.

    `(strong 0-4,)`, `'داعش فر'`, `'ISIS fled'`, `((0, 0), (1, 1))` -> `(strong 0-4,)`
    """
    if not marks:
        return ()
    page = _Page(source, target, alignment)
    found: list[Mark] = []
    for mark in marks:
        if mark.kind == "html":
            continue
        found.append(page.place(mark))
    spans = _in_order(list(zip([m for m in marks if m.kind != "html"], found, strict=True)), target)
    tags = iter(_tags([m for m in marks if m.kind == "html"], page))
    rest = iter(spans)
    return tuple(next(tags) if mark.kind == "html" else next(rest) for mark in marks)


class _Page:
    """Source and target side by side, and where each source word went."""

    def __init__(self, source: str, target: str, alignment: Alignment) -> None:
        self.source, self.target = source, target
        self.left: list[Word] = words(source)
        self.right: list[Word] = words(target)
        self._to: dict[int, list[int]] = {}
        for a, b in alignment:
            if 0 <= a < len(self.left) and 0 <= b < len(self.right):
                self._to.setdefault(a, []).append(b)
        self._used: list[tuple[int, int]] = []

    def place(self, mark: Mark) -> Mark:
        """Where one mark goes."""
        text = self.source[mark.begin : mark.end]
        if mark.kind == "break" or not text.strip():
            return replace(mark, begin=len(self.target), end=len(self.target))
        whole = None if mark.kind == "code" else self._whole(mark)
        spot = whole or self._verbatim(mark, text)
        if spot is None and mark.kind != "code":
            spot = self._aligned(mark) or (None if mark.kind == "image" else self._share(mark))
        if spot is None:
            return self._behind(mark, text)
        return replace(mark, begin=spot[0], end=spot[1])

    def _behind(self, mark: Mark, text: str) -> Mark:
        """At the end, with its own words in its data."""
        at = len(self.target)
        return replace(mark, begin=at, end=at, data=(*mark.data, ("text", text)))

    def _whole(self, mark: Mark) -> tuple[int, int] | None:
        """The whole target, or the target without its last stop, when that is what the mark covers in the source."""
        left, right = self._bare(self.left), self._bare(self.right)
        if not left or not right or mark.begin > left[0].begin or mark.end < left[-1].end:
            return None
        begin = 0 if mark.begin <= self.left[0].begin else right[0].begin
        return begin, len(self.target) if mark.end >= self.left[-1].end else right[-1].end

    @staticmethod
    def _bare(line: list[Word]) -> list[Word]:
        return [w for w in line if w.text[0].isalnum()]

    def _verbatim(self, mark: Mark, text: str) -> tuple[int, int] | None:
        """The next unused place where the target says the very same; whole words only."""
        at = self.target.find(text)
        while at >= 0:
            end = at + len(text)
            glued = (at > 0 and self.target[at - 1].isalnum() and text[0].isalnum()) or (
                end < len(self.target) and self.target[end].isalnum() and text[-1].isalnum()
            )
            if (not glued or mark.kind == "code") and (at, end) not in self._used:
                self._used.append((at, end))
                return at, end
            at = self.target.find(text, at + 1)
        return None

    def _covered(self, mark: Mark) -> list[int]:
        inside = [n for n, w in enumerate(self.left) if w.begin < mark.end and w.end > mark.begin]
        spoken = [n for n in inside if self.left[n].text[0].isalnum()]
        return spoken or inside

    def _aligned(self, mark: Mark) -> tuple[int, int] | None:
        """From the first to the last target word aligned with the marked words."""
        to = sorted(b for a in self._covered(mark) for b in self._to.get(a, ()))
        spoken = [b for b in to if self.right[b].text[0].isalnum()] or to
        return (self.right[spoken[0]].begin, self.right[spoken[-1]].end) if spoken else None

    def _share(self, mark: Mark) -> tuple[int, int] | None:
        """As far into the target, in words, as the mark is into the source; at least one word."""
        left, right = self._bare(self.left) or self.left, self._bare(self.right) or self.right
        inside = [n for n, w in enumerate(left) if w.begin < mark.end and w.end > mark.begin]
        if not inside or not right:
            return None
        scale = len(right) / len(left)
        first = min(int(inside[0] * scale), len(right) - 1)
        last = min(max(first, round((inside[-1] + 1) * scale) - 1), len(right) - 1)
        return right[first].begin, right[last].end

    def point(self, at: int, opening: bool) -> int:
        """Where a bare position goes: before the word that follows it when it opens, behind the one before when not."""
        if opening:
            behind = [n for n, w in enumerate(self.left) if w.begin >= at]
            if not behind or behind[0] == 0:
                return len(self.target) if not behind else 0
            span = self._aligned(Mark("", self.left[behind[0]].begin, self.left[behind[0]].end))
            return span[0] if span else self._near(at)
        ahead = [n for n, w in enumerate(self.left) if w.end <= at]
        if not ahead or ahead[-1] == len(self.left) - 1:
            return 0 if not ahead else len(self.target)
        span = self._aligned(Mark("", self.left[ahead[-1]].begin, self.left[ahead[-1]].end))
        return span[1] if span else self._near(at)

    def _near(self, at: int) -> int:
        """The word edge nearest to the same share of the target."""
        wanted = at / max(1, len(self.source)) * len(self.target)
        return min([0, len(self.target), *(w.begin for w in self.right)], key=lambda p: abs(p - wanted))


_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")


def _tags(tags: Sequence[Mark], page: _Page) -> list[Mark]:
    """Raw HTML: an opening and its closing tag travel together, around the words they stood around."""
    placed: dict[int, Mark] = {}
    opened: list[tuple[str, int]] = []
    for at, tag in enumerate(tags):
        name = _TAG.match(value(tag, "html"))
        if name and not name.group(1):
            opened.append((name.group(2).lower(), at))
            continue
        partner = [n for n, (open_name, _) in enumerate(opened) if name and open_name == name.group(2).lower()]
        if partner:
            start = opened[partner[-1]][1]
            del opened[partner[-1] :]
            around = Mark("span", tags[start].begin, tag.begin)
            if page.source[around.begin : around.end].strip():
                there = page.place(around)
                placed[start] = replace(tags[start], begin=there.begin, end=there.begin)
                placed[at] = replace(tag, begin=there.end, end=there.end)
    for at, tag in enumerate(tags):
        if at not in placed:
            spot = page.point(tag.begin, not value(tag, "html").startswith(("</", "[^")))
            placed[at] = replace(tag, begin=spot, end=spot)
    return [placed[at] for at in range(len(tags))]


_MANY = 400
"""More marks than this in one sentence are not compared with each other; writing keeps them from crossing anyway."""


def _in_order(pairs: list[tuple[Mark, Mark]], target: str) -> list[Mark]:
    """What was inside another mark stays inside; two links, or two marks of a kind, that were apart stay apart."""
    done: list[Mark] = []
    if len(pairs) > _MANY:
        return [mark for _, mark in pairs]
    for source, mark in pairs:
        begin, end = mark.begin, mark.end
        for (other, _), placed in zip(pairs, done, strict=False):
            apart = source.begin >= other.end or source.end <= other.begin
            if apart and other.kind == source.kind and begin < placed.end and end > placed.begin:
                begin, end = (placed.end, end) if end > placed.end else (begin, placed.begin)
        begin, end = _without_edges(target, begin, end)
        done.append(replace(mark, begin=begin, end=end) if begin < end else mark)
    for n, (source, _) in enumerate(pairs):
        for m, (inner, _) in enumerate(pairs):
            inside = m != n and source.begin <= inner.begin and inner.end <= source.end
            if inside and source.kind not in ATOMS and done[m].begin < done[m].end and done[n].begin < done[n].end:
                grown = min(done[n].begin, done[m].begin), max(done[n].end, done[m].end)
                done[n] = replace(done[n], begin=grown[0], end=grown[1])
    return done

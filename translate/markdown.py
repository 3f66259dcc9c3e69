"""Articles out: the same file with English in the place of the Arabic, and raw texts as clean Markdown.

`render_target` touches nothing but the text of blocks and the front matter's title and by-line: lists, tables, code and
link definitions stay byte for byte. `write_source` and `write_target` are the reverse of the Markdown reader for texts
that had no markup. Knows documents and marks; no drafts, engines or files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import yaml

from translate.document import Article, Block, Kind, Mark, Target
from translate.inline.carrying import project
from translate.inline.marks import ATOMS, clip, shift
from translate.inline.writing import render_markdown

ORDER = ("title", "title_generated", "byline", "date", "time", "author", "outlet", "place", "source")
"""Fields of the front matter that `write_source` puts first."""
_QUOTED = re.compile("[\\s#&*!|>'\"%@`{}\\[\\],?\ufeff](?<! )|: |:$")
_BREAK = re.compile("[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TABLE = re.compile(r"[^\n]*\n(?P<line>[ >\t]*[|:-][|: \t-]*)(?:\n|\Z)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with the marks that lie over it."""

    text: str
    marks: tuple[Mark, ...] = ()


def render_target(article: Article, targets: Mapping[str, Target]) -> str:
    """The article in English, in its own syntax; a segment that has no English yet stays Arabic."""
    body = _spliced(article, targets)
    if article.syntax != "markdown" or not article.meta:
        return body
    meta = dict(article.meta)
    for block in article.blocks:
        if block.field and (text := target_text(block, targets)):
            meta[block.field] = text
    meta["lang"] = "en"
    return front_matter(meta) + body


def target_text(block: Block, targets: Mapping[str, Target]) -> str:
    """The English of one block as plain text."""
    return english(block, targets).text


def _spliced(article: Article, targets: Mapping[str, Target]) -> str:
    """The body with the English of each block where its Arabic stood."""
    body, at = article.body, 0
    out: list[str] = []
    placed = [b for b in article.blocks if b.begin >= 0 and any(_has_target(s.id, targets) for s in b.segments)]
    for block in sorted(placed, key=lambda b: b.begin):
        out.append(body[at : block.begin])
        written, end = _written(article, block, english(block, targets))
        glued = at == block.begin and out[-1] == "" and len(out) > 1
        out.append(f" {written}" if glued else written)
        at = end
    out.append(body[at:])
    return "".join(out)


def _has_target(name: str, targets: Mapping[str, Target]) -> bool:
    return name in targets and bool(targets[name].text.strip())


def _written(article: Article, block: Block, english: Piece) -> tuple[str, int]:
    """A block's English in the article's syntax, and where the body goes on behind it.

    Lines after the first get the quote and list prefix of the block.
    """
    line = article.body.rfind("\n", 0, block.begin) + 1
    before = article.body[line : block.begin]
    if article.syntax != "markdown":
        return " ".join(english.text.split("\n")), block.end
    if block.kind is Kind.CELL:
        flat = _without_breaks(english)
        return render_markdown(flat.text, flat.marks, first=False).replace("|", "\\|"), block.end
    if "#" in before:
        flat = _without_breaks(english)
        return _unclosed(render_markdown(flat.text, flat.marks)), block.end
    written = render_markdown(english.text, english.marks)
    if "|" in written and (below := _TABLE.match(article.body, block.end)):
        # Right above a line of pipes and dashes it would become the head of a table.
        if block.kind is Kind.HEADING:
            flat = _without_breaks(english)  # on one line with its marks before it, and without the dashes below
            return heading(render_markdown(flat.text, flat.marks), block.level).rstrip("\n"), below.end("line")
        written += "\n"  # an empty line parts them
    prefix = re.sub(r"[^>\t]", " ", before)
    return written.replace("\n", f"\n{prefix}"), block.end


def _unclosed(heading: str) -> str:
    r"""A heading's text whose last `#` is not taken for its end: `'C #'` -> `'C \#'`."""
    bare = heading.rstrip("#")
    return heading if bare == heading or bare.endswith("\\") else f"{bare}\\{heading[len(bare) :]}"


def _without_breaks(piece: Piece) -> Piece:
    """The piece on one line."""
    marks = tuple(mark for mark in piece.marks if mark.kind != "break")
    return Piece(piece.text.replace("\n", " "), marks)


def english(block: Block, targets: Mapping[str, Target]) -> Piece:
    """Targets of a block's segments, with the white space of the source between them."""
    text, length, at = [], 0, 0
    marks: list[Mark] = []
    seams: list[tuple[int, int]] = []
    for n, segment in enumerate(block.segments):
        gap = block.text[at : segment.begin]
        between = [m for m in clip(block.marks, at, segment.begin) if m.kind in ("break", "html")]
        inner = [m for m in between if m.kind == "break" or (0 < m.begin < len(gap))]
        marks += shift(inner, length)
        # Sentences that touched in Arabic are parted in English.
        gap = _one_line_end(gap, {m.begin for m in inner if m.kind == "break"}) or (" " if n else "")
        text.append(gap)
        seams.append((length, length + len(gap)))
        length += len(gap)
        piece = _piece(segment.text, segment.marks, targets.get(segment.id))
        marks += shift(piece.marks, length)
        text.append(piece.text)
        length += len(piece.text)
        at = segment.end
    return Piece("".join(text), _mended(marks, seams))


def _one_line_end(gap: str, breaks: set[int]) -> str:
    """White space with its hard breaks, or else its first line end: two in a row would end the paragraph."""
    kept = breaks or {gap.find("\n")}
    return "".join(c if c != "\n" or at in kept else " " for at, c in enumerate(gap))


def _piece(source: str, source_marks: tuple[Mark, ...], target: Target | None) -> Piece:
    """The English of one segment without line breaks inside; the Arabic where there is none."""
    if target is None or not target.text.strip():
        return Piece(source, source_marks)
    # Same length, so that marks keep their places; outer white space would break emphasis and is cut by clipping.
    flat = _BREAK.sub(" ", target.text)
    begin, end = len(flat) - len(flat.lstrip()), len(flat.rstrip())
    marks = target.marks
    if source_marks and not marks:
        marks = project(source_marks, source, flat, target.alignment)
    return Piece(flat[begin:end], clip(marks, begin, end))


def _mended(marks: Sequence[Mark], seams: Sequence[tuple[int, int]]) -> tuple[Mark, ...]:
    """Spans that were cut at the end of a sentence made one again: `**One.** **Two.**` -> `**One. Two.**`."""
    done: list[Mark] = []
    ends: dict[tuple[int, str, tuple[tuple[str, str], ...]], int] = {}
    before = {end: begin for begin, end in seams}
    for mark in marks:
        joined = ends.pop((before.get(mark.begin, -1), mark.kind, mark.data), None)
        if joined is None or mark.kind in ATOMS:
            joined = len(done)
            done.append(mark)
        else:
            done[joined] = replace(done[joined], end=mark.end)
        ends[mark.end, mark.kind, mark.data] = joined
    return tuple(done)


# Front matter and whole sources.


def front_matter(meta: Mapping[str, str]) -> str:
    r"""`{'title': 'Over: ISIS', 'date': '2015-11-19'}` -> `'---\ntitle: "Over: ISIS"\ndate: 2015-11-19\n---\n'`."""
    lines = [f"{_scalar(key)}: {_scalar(value)}" for key, value in meta.items()]
    return "\n".join(["---", *lines, "---", ""])


def _scalar(value: str) -> str:
    """A string as YAML that every reader takes for this string; plain where that is safe."""
    if _DATE.fullmatch(value) or value in ("true", "false"):
        return value
    if value and _is_plain(value):
        return value
    return yaml.safe_dump(value, default_style='"', allow_unicode=True, width=float("inf")).rstrip("\n")


def _is_plain(value: str) -> bool:
    """Whether a string may stand without quotation marks."""
    if _QUOTED.search(value):
        return False
    try:
        node = yaml.compose(f"x: {value}", Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
        return False
    scalar = node.value[0][1]
    return isinstance(scalar, yaml.ScalarNode) and scalar.value == value and scalar.tag.endswith(":str")


def write_source(article: Article) -> str:
    """An article as a Markdown file with front matter that reads back as the same blocks."""
    head = _head(article.meta)
    if article.syntax == "markdown":
        return head + article.body.strip("\n") + "\n"
    return head + _whole(article, lambda block: Piece(block.text, block.marks))


def write_target(article: Article, targets: Mapping[str, Target]) -> str:
    """The article in English as a Markdown file with front matter, whatever its own syntax is."""
    if article.syntax == "markdown":
        return render_target(article, targets)
    named = {b.kind.value: target_text(b, targets) for b in article.blocks if _is_in_front(b, article)}
    return _head({**article.meta, **named, "lang": "en"}) + _whole(article, lambda block: english(block, targets))


def _head(meta: Mapping[str, str]) -> str:
    """Front matter in a fixed order and the empty line behind it."""
    ordered = {name: meta[name] for name in ORDER if meta.get(name)}
    ordered |= {name: value for name, value in meta.items() if name not in ordered}
    return front_matter(ordered) + "\n" if ordered else ""


def _whole(article: Article, said: Callable[[Block], Piece]) -> str:
    """The blocks of a plain text as Markdown, but for those that stand in the front matter."""
    return "\n".join(_block(b, said(b)) for b in article.blocks if not _is_in_front(b, article))


def _is_in_front(block: Block, article: Article) -> bool:
    return block.kind in (Kind.TITLE, Kind.BYLINE) and block.kind.value in article.meta


def _block(block: Block, piece: Piece) -> str:
    """One block of a plain text as Markdown, a blank line behind it."""
    if block.kind is Kind.VERBATIM:
        return f"{block.text}\n"
    text = render_markdown(piece.text, piece.marks)
    if block.kind in (Kind.HEADING, Kind.TITLE):
        return heading(text, block.level or 1)
    if block.marker:
        return f"{block.marker} {text}\n"
    return f"{text}\n"


def heading(text: str, level: int) -> str:
    r"""A heading line of text that is Markdown already: `'C #'`, 2 -> `'## C \#\n'`."""
    return f"{'#' * level} {_unclosed(text)}\n"

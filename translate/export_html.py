"""A translated article as an HTML fragment: headings, nested lists, quotations, tables, code and rules as elements.

Every sentence is a span with the segment's id; one that has no English yet stays Arabic and says so. All text is
escaped. It is a fragment to put into a page of one's own; the reading site has its own pages.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from translate.document import Block, Draft, Kind, Segment
from translate.inline.html import render_html

_NUMBER = re.compile(r"\d+")
_RULE = re.compile(r"[ >]*(?:[-+*]\s+|\d+[.)]\s+)?([-*_])[ \t]*(?:\1[ \t]*){2,}")
_FENCE = re.compile(r"[ ]*(`{3,}|~{3,})[ \t]*([^\s`]*)[^\n]*\n?")
_QUOTE_MARKS = re.compile(r"^ {0,3}> ?", re.M)
_ITEM_MARK = re.compile(r"\A\s*(?:[-+*]|\d+[.)])\s+(?=```|~~~)")


def html(draft: Draft) -> str:
    """`<article>` with one element a block and one span a segment."""
    lines = [Markup('<article lang="en" dir="ltr">')]
    for family, blocks in groupby(_shown(draft), _family):
        lines += _FAMILIES[family](list(blocks), draft)
    return str(Markup("\n").join([*lines, Markup("</article>")])) + "\n"


def _shown(draft: Draft) -> list[Block]:
    return [block for block in draft.article.blocks if block.segments or block.kind is Kind.VERBATIM]


def _family(block: Block) -> str:
    """What a block is put together with."""
    if block.kind is Kind.CELL:
        return "table"
    if block.kind is Kind.ITEM or (block.kind is Kind.RELATED and block.marker):
        return "list"
    return "quote" if block.kind is Kind.QUOTE else "single"


def _singles(blocks: Sequence[Block], draft: Draft) -> list[Markup]:
    return [_single(block, draft) for block in blocks]


def _single(block: Block, draft: Draft) -> Markup:
    if block.kind is Kind.VERBATIM:
        return _verbatim(block.text)
    if block.kind is Kind.TITLE:
        return Markup("<h1>{}</h1>").format(_words(block, draft))
    if block.kind is Kind.HEADING:
        level = min(6, max(1, block.level or 2))
        return Markup("<h{}>{}</h{}>").format(level, _words(block, draft), level)
    return Markup("<p>{}</p>").format(_words(block, draft))


def _verbatim(text: str) -> Markup:
    r"""A rule, code, or raw HTML shown as it is written: ``'```py\nx\n```'`` -> `<pre><code class="language-py">x`."""
    if _RULE.fullmatch(text):
        return Markup("<hr>")
    while all(_QUOTE_MARKS.match(line) for line in text.split("\n")):
        text = _QUOTE_MARKS.sub("", text)
    bare = textwrap.dedent(_ITEM_MARK.sub("", text, count=1))
    if text.lstrip().startswith("<") and not text.startswith("    "):
        return Markup("<pre>{}</pre>").format(text)
    fence = _FENCE.match(bare)
    if fence is None:
        return Markup("<pre><code>{}\n</code></pre>").format(bare)
    lines = bare[fence.end() :].split("\n")
    if re.fullmatch(rf"\s*{re.escape(fence[1][0])}{{{len(fence[1])},}}\s*", lines[-1]):
        del lines[-1]
    language = Markup(' class="language-{}"').format(fence[2]) if fence[2] else ""
    code = textwrap.dedent("\n".join(lines)) if bare != text else "\n".join(lines)
    return Markup("<pre><code{}>{}\n</code></pre>").format(language, code)


def _quotes(blocks: Sequence[Block], draft: Draft) -> list[Markup]:
    lines: list[Markup] = []
    depth = 0
    for block in blocks:
        wanted = max(1, block.level)
        lines += [Markup("<blockquote>")] * (wanted - depth) + [Markup("</blockquote>")] * (depth - wanted)
        depth = wanted
        lines.append(Markup("<p>{}</p>").format(_words(block, draft)))
    return lines + [Markup("</blockquote>")] * depth


def _lists(blocks: Sequence[Block], draft: Draft) -> list[Markup]:
    """Items in lists in items: by their level, and by their marks (`-`, `*`, `1.`) where one list follows another."""
    lines: list[Markup] = []
    opened: list[str] = []
    for block in blocks:
        level, mark = max(1, block.level), block.marker[-1:]
        while len(opened) > level or (len(opened) == level and mark and mark != opened[-1]):
            lines.append(_end(opened.pop()))
        if not mark and len(opened) == level:
            # A later paragraph of the item before.
            lines.append(Markup("<p>{}</p>").format(_words(block, draft)))
            continue
        if len(opened) == level:
            lines.append(Markup("</li>\n<li>"))
        while len(opened) < level:
            opened.append(mark or "-")
            lines.append(_begin(block.marker))
        lines[-1] += _box(block, draft) + _words(block, draft)
    while opened:
        lines.append(_end(opened.pop()))
    return lines


def _begin(marker: str) -> Markup:
    number = _NUMBER.match(marker)
    if not number:
        return Markup("<ul>\n<li>")
    start = int(number[0])
    return Markup("<ol>\n<li>") if start == 1 else Markup('<ol start="{}">\n<li>').format(start)


def _end(mark: str) -> Markup:
    return Markup("</li>\n</ol>") if mark in ".)" else Markup("</li>\n</ul>")


def _box(block: Block, draft: Draft) -> Markup:
    """The box of a task, which stands before the item's words in the source: `- [x] ...`."""
    before = draft.article.body[max(0, block.begin - 4) : max(0, block.begin)]
    if not block.marker or not re.fullmatch(r"\[[ xX]\]\s", before):
        return Markup("")
    return Markup('<input type="checkbox" disabled{}> ').format("" if before[1] == " " else Markup(" checked"))


def _tables(blocks: Sequence[Block], draft: Draft) -> list[Markup]:
    """Cells by their row and column; one that does not come after the one before it begins a new table."""
    lines: list[Markup] = []
    cells: dict[tuple[int, int], Markup] = {}
    for block in blocks:
        row, _, column = block.marker.partition(".")
        place = int(row or 0), int(column or 0)
        if cells and place <= max(cells):
            lines += _table(cells)
            cells = {}
        cells[place] = _words(block, draft)
    return lines + _table(cells)


def _table(cells: dict[tuple[int, int], Markup]) -> list[Markup]:
    """Empty cells are no blocks; they come back here."""
    width = 1 + max(column for _, column in cells)
    lines = [Markup("<table>")]
    for row in range(1 + max(row for row, _ in cells)):
        form = Markup("<td>{}</td>") if row else Markup('<th scope="col">{}</th>')
        inner = Markup("").join(form.format(cells.get((row, column), "")) for column in range(width))
        lines.append(Markup("<tr>{}</tr>").format(inner))
    return [*lines, Markup("</table>")]


def _words(block: Block, draft: Draft) -> Markup:
    """A block's sentences; a hard line break between two of them stays one."""
    breaks = [mark.begin for mark in block.marks if mark.kind == "break"]
    done, at = Markup(""), 0
    for n, segment in enumerate(block.segments):
        if any(at <= place < segment.begin for place in breaks):
            done += Markup("<br>\n")
        elif n:
            done += Markup(" ")
        done += _span(segment, draft)
        at = segment.end
    return done


def _span(segment: Segment, draft: Draft) -> Markup:
    target = draft.targets.get(segment.id)
    if target is None or not target.text.strip():
        shown = render_html(segment.text, segment.marks)
        return Markup('<span id="{}" lang="ar" dir="rtl">{}</span>').format(segment.id, shown)
    return Markup('<span id="{}">{}</span>').format(segment.id, render_html(target.text, target.marks))


_FAMILIES = {"table": _tables, "list": _lists, "quote": _quotes, "single": _singles}

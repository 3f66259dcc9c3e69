"""Articles in: a file, or text from standard input, as an `Article` with blocks, segments and ids.

`READERS` says which reader takes which kind of file. A reader makes blocks; sentences and ids are found here, the same
for all of them.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from translate import ids
from translate.document import Article, Block, Kind, Mark, Segment
from translate.errors import ArticleError, UsageError
from translate.inline.marks import clip
from translate.readers import html, markdown, source, text
from translate.split import split
from translate.words import has_arabic

Reader = Callable[[str, str], Article]

READERS: dict[str, Reader] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": text.read,
    ".html": html.read,
    ".htm": html.read,
}
SYNTAXES: dict[str, Reader] = {"markdown": markdown.read, "text": text.read, "html": html.read}
"""For text that has no file name."""


def read(path: Path | None, data: bytes | None = None, syntax: str = "", slug: str = "") -> Article:
    """An article from a file, or from bytes with a syntax.

    The slug is the one given, else the front matter's, else made of the file name; without a file it is `stdin`.
    """
    where = str(path) if path else "standard input"
    reader = _reader(path, syntax, where)
    if data is None:
        if path is None:
            raise UsageError("nothing to read", hint="Name a file, or - for standard input")
        data = source.load(path)
    article = reader(source.decode(data, where), where)
    if not any(has_arabic(block.text) for block in article.blocks if block.kind is not Kind.VERBATIM):
        raise ArticleError("has no Arabic letters", where, "Is this the right file? Only Arabic is translated")
    name = slug or article.meta.get("slug", "") or (ids.slug(path.stem) if path else "stdin")
    if not ids.SLUG.match(name):
        raise ArticleError(f"{name[:80]!r} is no slug", where, ids.SLUG_RULE)
    blocks = ids.number(name, (_with_segments(block) for block in article.blocks))
    return replace(article, slug=name, blocks=blocks, path=str(path) if path else "")


def _reader(path: Path | None, syntax: str, where: str) -> Reader:
    if syntax:
        if syntax not in SYNTAXES:
            raise UsageError(f"unknown syntax {syntax!r}", hint=f"Use one of {', '.join(SYNTAXES)}")
        return SYNTAXES[syntax]
    if path is None:
        return SYNTAXES["markdown"]
    if path.is_dir() or path.suffix.lower() in READERS:
        return READERS.get(path.suffix.lower(), markdown.read)
    raise ArticleError(
        f"is of an unknown kind ({path.suffix or 'no suffix'})", where, f"Rename it to one of {', '.join(READERS)}"
    )


def _with_segments(block: Block) -> Block:
    """The block with its sentences. A line wrapped in the middle of a sentence becomes one line."""
    if block.kind is Kind.VERBATIM:
        return block
    hard = {mark.begin for mark in block.marks if mark.kind == "break"}
    soft = [at for at, c in enumerate(block.text) if c == "\n" and at not in hard] if "\n" in block.text else []
    flat = block.text
    if soft:
        letters = list(flat)
        for at in soft:
            letters[at] = " "
        flat = "".join(letters)
    spans = split(flat)
    inside = {at for at in soft if _is_inside(at, spans)} if soft else set()
    plain = "".join(" " if at in inside else c for at, c in enumerate(block.text)) if inside else block.text
    segments: list[Segment] = []
    reached = -1
    for (begin, end), near in zip(spans, _marks_near(block.marks, spans), strict=True):
        marks = clip(near, begin, end)
        if begin == reached:
            # Two sentences touch: what stands between them belongs to the first.
            marks = tuple(mark for mark in marks if mark.end > 0)
        segments.append(Segment("", plain[begin:end], begin, marks))
        reached = end
    return replace(block, text=plain, segments=tuple(segments))


def _marks_near(marks: Sequence[Mark], spans: Sequence[tuple[int, int]]) -> Iterator[list[Mark]]:
    """For each span the marks that may touch it, in their order: a paragraph may have thousands of both."""
    waiting = deque(sorted(range(len(marks)), key=lambda n: marks[n].begin))
    open_: list[int] = []
    for begin, end in spans:
        while waiting and marks[waiting[0]].begin <= end:
            insort(open_, waiting.popleft())
        open_ = [n for n in open_ if marks[n].end >= begin]
        yield [marks[n] for n in open_]


def _is_inside(at: int, spans: list[tuple[int, int]]) -> bool:
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        if spans[middle][1] <= at:
            low = middle + 1
        else:
            high = middle
    return low < len(spans) and spans[low][0] <= at

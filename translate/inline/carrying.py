"""Marks carried from a source text over to its translation; none is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from translate.document import Mark
from translate.inline.marks import ATOMS, value, without_edges
from translate.words import Word, words

Alignment = Sequence[tuple[int, int]]


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
        begin, end = without_edges(target, begin, end)
        done.append(replace(mark, begin=begin, end=end) if begin < end else mark)
    for n, (source, _) in enumerate(pairs):
        for m, (inner, _) in enumerate(pairs):
            inside = m != n and source.begin <= inner.begin and inner.end <= source.end
            if inside and source.kind not in ATOMS and done[m].begin < done[m].end and done[n].begin < done[n].end:
                grown = min(done[n].begin, done[m].begin), max(done[n].end, done[m].end)
                done[n] = replace(done[n], begin=grown[0], end=grown[1])
    return done

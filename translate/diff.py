"""Tracked changes: what became of one text in another, word by word.

The result is a list of runs that the desk, reports and exports can render as they like; read in order, the runs that
were kept and taken out are the text before, those kept and put in the text after. Arabic or English alike; knows no
segments, no states and no colours.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from translate.words import words

LIMIT = 1_000_000
"""Pairs of words to compare; beyond it what differs in the middle is one change."""


class Kind(StrEnum):
    """What happened to a run of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Run(NamedTuple):
    """A stretch of text with one fate."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> list[Run]:
    """`'He fled.'`, `'They fled.'` -> removed `He`, added `They`, same ` fled.`; punctuation marks are words.

    What was taken out stands before what was put in its place; no two neighbours are of one kind; none is empty.
    """
    old, new = _pieces(before), _pieces(after)
    runs: list[Run] = []
    for same, a, b, c, d in _steps([piece.strip() for piece in old], [piece.strip() for piece in new]):
        if same:
            for was, now in zip(old[a:b], new[c:d], strict=True):
                runs += _word(was, now)
        else:
            runs += [Run(Kind.REMOVED, "".join(old[a:b])), Run(Kind.ADDED, "".join(new[c:d]))]
    return list(_tidied(runs))


def before(runs: Iterable[Run]) -> str:
    """The text the changes were made to."""
    return "".join(run.text for run in runs if run.kind is not Kind.ADDED)


def after(runs: Iterable[Run]) -> str:
    """The text they led to."""
    return "".join(run.text for run in runs if run.kind is not Kind.REMOVED)


def marked(runs: Iterable[Run]) -> str:
    """`'[-He-]{+They+} fled.'`: the changes in plain text, as `git diff --word-diff` writes them."""
    signs = {Kind.SAME: ("", ""), Kind.REMOVED: ("[-", "-]"), Kind.ADDED: ("{+", "+}")}
    return "".join(signs[run.kind][0] + run.text + signs[run.kind][1] for run in runs)


def _pieces(text: str) -> list[str]:
    """Words and marks, each with the white space behind it; white space before the first is a piece of its own.

    `'He fled. '` -> `'He '`, `'fled'`, `'. '`.
    """
    starts = [word.begin for word in words(text)]
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    return [text[begin:end] for begin, end in zip(starts, [*starts[1:], len(text)], strict=True) if begin < end]


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """(same, from, to, from, to) over both lists, in order and without gaps."""
    if len(old) * len(new) <= LIMIT:
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield tag == "equal", a, b, c, d
        return
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-n - 1] != new[-n - 1]), shorter - head)
    yield True, 0, head, 0, head
    yield False, head, len(old) - tail, head, len(new) - tail
    yield True, len(old) - tail, len(old), len(new) - tail, len(new)


def _word(was: str, now: str) -> Iterator[Run]:
    """A word that stayed; the space behind it may be another."""
    word = was.rstrip()
    if was == now or not word or now.rstrip() != word:
        yield from (Run(Kind.SAME, was),) if was == now else (Run(Kind.REMOVED, was), Run(Kind.ADDED, now))
        return
    yield Run(Kind.SAME, word)
    yield Run(Kind.REMOVED, was[len(word) :])
    yield Run(Kind.ADDED, now[len(word) :])


def _tidied(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbouring changes as one: what was taken out, then what was put in, without the white space both end with."""
    kept = removed = added = ""
    for run in (*runs, Run(Kind.SAME, "")):
        if run.kind is Kind.REMOVED:
            removed += run.text
        elif run.kind is Kind.ADDED:
            added += run.text
        else:
            space = _common_space(removed, added)
            if removed != added:
                yield from _runs(kept, removed[: len(removed) - space], added[: len(added) - space])
                kept = removed[len(removed) - space :]
            else:
                kept += removed
            removed = added = ""
            kept += run.text
    yield from _runs(kept, "", "")


def _common_space(one: str, other: str) -> int:
    """`'He '`, `'They '` -> 1: how many characters of white space both end with."""
    count = 0
    while count < min(len(one), len(other)) and one[-count - 1] == other[-count - 1] and one[-count - 1].isspace():
        count += 1
    return count


def _runs(kept: str, removed: str, added: str) -> Iterator[Run]:
    for kind, text in ((Kind.SAME, kept), (Kind.REMOVED, removed), (Kind.ADDED, added)):
        if text:
            yield Run(kind, text)

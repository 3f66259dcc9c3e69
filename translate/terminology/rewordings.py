"""What people put in the place of words: the stretches of a sentence that gave way to others.

Only short ones: a sentence written anew says nothing about its words. Knows two texts; nothing of terms and files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from translate.diff import Kind, changes
from translate.words import words

LONGEST = 6
"""Words of a stretch; more is another sentence."""
INTO = frozenset({"changed", "taken_out"})
"""Fates of a term's English (`effort.Fate`) of which reports say what people wrote."""
_OWNED = ("'s", "’s")
ANEW = "…"
"""What stands for a place that was written anew."""


class Reworded(NamedTuple):
    """A stretch and what came in its place."""

    was: str
    now: str
    """Empty where it was only taken out."""
    begin: int
    """Offset of `was` in the text before."""


def rewordings(before: str, after: str) -> Iterator[Reworded]:
    """`'The squads fled.'`, `'The detachments fled.'` -> `squads` -> `detachments`."""
    at = 0
    removed: tuple[str, int] | None = None
    for run in changes(before, after):
        if removed is not None:
            now = run.text if run.kind is Kind.ADDED else ""
            yield from _short(removed[0], now, removed[1])
            removed = None
        if run.kind is Kind.REMOVED:
            removed = (run.text, at)
        if run.kind is not Kind.ADDED:
            at += len(run.text)
    if removed is not None:
        yield from _short(removed[0], "", removed[1])


def instead(before: str, after: str, begin: int, end: int) -> str | None:
    """What stands where `before[begin:end]` stood; None where the whole place was written anew, empty if taken out.

    Of what owns something in both texts (`the group's` -> `the organization's`) the possessive is left out.
    """
    for one in rewordings(before, after):
        if one.begin < end and begin < one.begin + len(one.was):
            owned = before[end : end + 2] in _OWNED and one.now.endswith(_OWNED)
            return one.now[:-2] if owned else one.now
    return None


def wording(before: str, after: str, was: tuple[int, int] | None, now: tuple[int, int] | None) -> str | None:
    """What people wrote where a term's English stood, from where that is in both texts; None where none stood."""
    if was is None:
        return None
    if now is not None:
        return after[slice(*now)]
    found = instead(before, after, *was)
    return ANEW if found is None else found


def _short(was: str, now: str, begin: int) -> Iterator[Reworded]:
    lead = len(was) - len(was.lstrip())
    if len(words(was)) <= LONGEST and len(words(now)) <= LONGEST:
        yield Reworded(was.strip(), now.strip(), begin + lead)

"""Which word answers to which: the word alignment of a sentence in the few characters that a page can afford.

The page's script cuts both sentences into words as `words.words` does and compares the counts, so a sentence that it
cuts otherwise is left alone rather than lit wrongly.
"""

from __future__ import annotations

from collections.abc import Collection

from translate.site.memo import Memo
from translate.words import spelled


def encode(source: str, target: str, alignment: Collection[tuple[int, int]]) -> str:
    """`'داعش فر'`, `'ISIS has fled'`, ((0, 0), (1, 1), (1, 2)) -> `'2 3 0,1.2'`.

    How many words each side has, then for every Arabic word its English ones; empty where nothing is known. Punctuation
    answers to nothing.
    """
    if not alignment:
        return ""
    said, answered = _spoken(source), _spoken(target)
    ours, theirs = len(said), len(answered)
    ones, others = zip(*alignment, strict=True)
    if min(ones) < 0 or max(ones) >= ours or min(others) < 0 or max(others) >= theirs:
        alignment = [(one, other) for one, other in alignment if 0 <= one < ours and 0 <= other < theirs]
    links = [""] * ours
    several: dict[int, set[int]] = {}
    for one, other in alignment:
        if said[one] and answered[other]:
            if links[one]:
                several.setdefault(one, {int(links[one])}).add(other)
            else:
                links[one] = _NUMBERS[other]
    for one, its in several.items():
        links[one] = ".".join(map(str, sorted(its)))
    told = ",".join(links).rstrip(",")
    return f"{ours} {theirs} {told}" if told else ""


def _spoken(text: str) -> bytes:
    """Of every word, whether it is more than punctuation: `'He fled.'` -> 1, 1, 0."""
    return b"".join(map(_spoken_piece, text.split()))


def _heard(piece: str) -> bytes:
    """The same of what stands between white space, which no word goes beyond and other sentences have too."""
    return bytes(word[0].isalnum() or any(map(str.isalnum, word)) for word in spelled(piece))


_spoken_piece = Memo(_heard, 65_536).__getitem__
_NUMBERS: Memo[int, str] = Memo(str, 4_096)

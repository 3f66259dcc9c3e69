"""Which word answers to which: the word alignment of a sentence in the few characters that a page can afford.

The page's script cuts both sentences into words as `words.words` does and compares the counts, so a sentence that it
cuts otherwise is left alone rather than lit wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from translate.words import spelled


def encode(source: str, target: str, alignment: Iterable[tuple[int, int]]) -> str:
    """`'داعش فر'`, `'ISIS has fled'`, ((0, 0), (1, 1), (1, 2)) -> `'2 3 0,1.2'`.

    How many words each side has, then for every Arabic word its English ones; empty where nothing is known. Punctuation
    answers to nothing.
    """
    pairs = list(alignment)
    if not pairs:
        return ""
    said, answered = _spoken(source), _spoken(target)
    ours, theirs = len(said), len(answered)
    links = [""] * ours
    several: dict[int, set[int]] = {}
    last = -1
    for one, other in pairs:
        if 0 <= one < ours and 0 <= other < theirs and said[one] and answered[other]:
            if links[one]:
                several.setdefault(one, {int(links[one])}).add(other)
            else:
                links[one] = str(other)
                last = max(one, last)
    if last < 0:
        return ""
    for one, others in several.items():
        links[one] = ".".join(map(str, sorted(others)))
    return f"{ours} {theirs} {','.join(links[: last + 1])}"


def _spoken(text: str) -> list[bool]:
    """Of every word, whether it is more than punctuation: `'He fled.'` -> `[True, True, False]`."""
    return list(chain.from_iterable(map(_spoken_piece, text.split())))


@lru_cache(maxsize=65_536)
def _spoken_piece(piece: str) -> tuple[bool, ...]:
    """The same of what stands between white space, which no word goes beyond and other sentences have too."""
    return tuple(word[0].isalnum() or any(map(str.isalnum, word)) for word in spelled(piece))

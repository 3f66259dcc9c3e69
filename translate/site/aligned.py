"""Which word answers to which: the word alignment of a sentence in the few characters that a page can afford.

The page's script cuts both sentences into words as `words.words` does and compares the counts, so a sentence that it
cuts otherwise is left alone rather than lit wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable

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
    links: dict[int, set[int]] = {}
    for one, other in pairs:
        if 0 <= one < ours and 0 <= other < theirs and said[one] and answered[other]:
            links.setdefault(one, set()).add(other)
    if not links:
        return ""
    listed = [_listed(links[at]) if at in links else "" for at in range(max(links) + 1)]
    return f"{ours} {theirs} {','.join(listed)}"


def _listed(numbers: set[int]) -> str:
    """`{2, 1}` -> `'1.2'`; nearly always there is one alone."""
    return str(*numbers) if len(numbers) == 1 else ".".join(map(str, sorted(numbers)))


def _spoken(text: str) -> list[bool]:
    """Of every word, whether it is more than punctuation."""
    return [word[0].isalnum() or any(map(str.isalnum, word)) for word in spelled(text)]

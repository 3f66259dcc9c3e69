"""Which word answers to which: the word alignment of a sentence in the few characters that a page can afford.

The page's script cuts both sentences into words as `words.words` does and compares the counts, so a sentence that it
cuts otherwise is left alone rather than lit wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable

from translate.words import words


def encode(source: str, target: str, alignment: Iterable[tuple[int, int]]) -> str:
    """`'داعش فر'`, `'ISIS has fled'`, ((0, 0), (1, 1), (1, 2)) -> `'2 3 0,1.2'`.

    How many words each side has, then for every Arabic word its English ones; empty where nothing is known. Punctuation
    answers to nothing.
    """
    (ours, said), (theirs, answered) = _spoken(source), _spoken(target)
    links: dict[int, set[int]] = {}
    for one, other in alignment:
        if one in said and other in answered:
            links.setdefault(one, set()).add(other)
    if not links:
        return ""
    listed = (".".join(map(str, sorted(links.get(at, ())))) for at in range(max(links) + 1))
    return f"{ours} {theirs} {','.join(listed)}"


def _spoken(text: str) -> tuple[int, set[int]]:
    """How many words there are, and which of them are not punctuation."""
    found = [word.text for word in words(text)]
    return len(found), {n for n, word in enumerate(found) if word[0].isalnum() or any(map(str.isalnum, word))}

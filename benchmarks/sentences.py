"""Arabic sentences by the million that read like news, the same every time: for measuring, not for reading.

They come from the pairs in `training/pairs`: those sentences themselves, new ones made by walking from word to word as
the pairs do (so that words are as frequent and keep the company that they do), and altered copies of earlier ones, as a
newspaper has them. Each has an English of its own, made of a real one.
"""

from __future__ import annotations

import lzma
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

PAIRS = Path(__file__).resolve().parent.parent / "training" / "pairs" / "news-2026-11.tsv.xz"
ALTERED = 0.2
"""Share of altered copies among the sentences that are made."""
CHANGED = (0.02, 0.35)
"""Share of the words of an altered copy that are others."""
LONGEST = 60
END = ""


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """Arabic and English of the news pairs."""
    with lzma.open(PAIRS, "rt", encoding="utf-8") as file:
        cells = [line.rstrip("\n").split("\t") for line in file]
    return tuple((arabic, english) for _, arabic, english in cells)


@cache
def _chain() -> dict[str, list[str]]:
    """Word -> every word that follows it, as often as it does."""
    following: dict[str, list[str]] = defaultdict(list)
    for arabic, _ in pairs():
        said = arabic.split()
        for word, following_word in zip([END, *said], [*said, END], strict=True):
            following[word].append(following_word)
    return dict(following)


def made(chance: random.Random) -> str:
    """A sentence nobody wrote."""
    chain, said, word = _chain(), list[str](), END
    while len(said) < LONGEST:
        others = chain[word]
        word = others[int(chance.random() * len(others))]
        if word == END:
            break
        said.append(word)
    return " ".join(said)


def altered(text: str, chance: random.Random) -> str:
    """A copy with some words exchanged, left out or put in."""
    said = text.split()
    for _ in range(max(1, round(chance.uniform(*CHANGED) * len(said)))):
        at = int(chance.random() * len(said))
        what = chance.random()
        others = _chain()[said[at]]
        other = others[int(chance.random() * len(others))] or "."
        if what < 0.6:
            said[at] = other
        elif what < 0.8:
            said.insert(at, other)
        elif len(said) > 1:
            del said[at]
    return " ".join(said)


def sentences(count: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """So many pairs; those of a smaller count are the first of a larger one."""
    chance = random.Random(seed)
    known = pairs()
    earlier: list[str] = []
    for number in range(count):
        english = known[number % len(known)][1]
        if number < len(known) // 4:
            arabic = known[number][0]
        elif chance.random() < ALTERED:
            arabic = altered(earlier[int(chance.random() * len(earlier))], chance)
        else:
            arabic = made(chance)
        if len(earlier) < 200_000:
            earlier.append(arabic)
        yield arabic, f"{english} [{number}]"


def questions(count: int, stored: Sequence[str], seed: int = 2) -> list[str]:
    """What is looked up: a third changed a little, a third new, a third of all lengths down to four words."""
    chance = random.Random(seed)
    asked = []
    for number in range(count):
        one = stored[int(chance.random() * len(stored))]
        if number % 3 == 0:
            asked.append(altered(one, chance))
        elif number % 3 == 1:
            asked.append(made(chance))
        else:
            said = one.split()
            asked.append(" ".join(said[: chance.randint(4, max(4, len(said)))]))
    return asked

"""How alike two Arabic sentences are, in per cent, as the memory counts it.

What counts is words, not letters: a word that stays saves work, half a word does not. Words are compared in folded
spelling and without the و, ف and article at their front; figures count as one word whatever they say. What this leaves
out of sight (the figures themselves, punctuation, those little words, formatting) takes a few points off, so that 100
is said of the very same sentence only. Knows texts; nothing of drafts, indexes or English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from glossary.clitics import NOT_ARTICLE
from glossary.fold import key
from translate.words import spelled

LEAST = 75
"""Per cent below which a match is more trouble than help."""
FIGURES = 3
"""Points off where the figures differ."""
TAGS = 2
"""Points off where links, emphasis and the like differ."""
CLOTHING = 1
"""Points off where a conjunction, an article or a preposition written onto one differs."""
PUNCTUATION = 1
"""Points off where punctuation or white space differs."""
BEST_BUT_ONE = 99
"""All that two sentences can have that are not the same."""
FIGURE = "0"

Tags = tuple[tuple[str, str], ...]
"""Kind and content of each mark of a sentence, in order: (("link", '[["href", "https://example.org"]]'),)."""

_FIGURE = re.compile(r"\d+(?:[.,٫٬/:\-]\d+)*")
_FRONT = re.compile("[وف](?=...)|(?:لل|[بكل]?ال)(?=...)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the memory sees of a sentence."""

    key: str
    """"قال 15 شاهدا ان المعركه، ..." - folded, one space between words: two sentences with one key are the same."""
    words: tuple[str, ...]
    """("قال", "0", "شاهدا", "ان", "معركه") - what is counted."""
    dressed: tuple[str, ...]
    """The same words with what is written onto them."""
    figures: tuple[str, ...]
    """("15",)"""


@lru_cache(maxsize=4096)
def sentence_key(text: str) -> str:
    """What makes two sentences the same: `'قالَ  الشاهد ١٥'` -> `'قال الشاهد 15'`."""
    return " ".join(key(text).split())


def read(text: str) -> Reading:
    """`'وقال 15 شاهدا.'` -> `قال`, `0`, `شاهدا`."""
    folded = sentence_key(text)
    said = [word for word in spelled(folded) if word[0].isalnum()]
    figures = tuple([word for word in said if word[0].isdecimal() and _FIGURE.fullmatch(word)])
    dressed = [FIGURE if word in figures else word for word in said] if figures else said
    return Reading(folded, tuple(map(undress, dressed)), tuple(dressed), figures)


@lru_cache(maxsize=65536)
def undress(word: str) -> str:
    """`'وبالساحل'` -> `'ساحل'`, `'للساحل'` -> `'ساحل'`, `'المانيا'` -> itself.

    The same word always gives the same; what it gives need not be a word (`'وزير'` and `'الوزير'` -> `'زير'`).
    """
    while word not in NOT_ARTICLE:
        front = _FRONT.match(word)
        if not front:
            break
        word = word[front.end() :]
    return word


def likeness(one: Sequence[str], other: Sequence[str], least: int = 0) -> int:
    """Of two lists of words, in per cent: words in place, of the longer list; 0 where it is below `least`.

    `قال الشاهد نعم`, `قال الرجل نعم` -> 66. Two empty lists have nothing in common.
    """
    from rapidfuzz.distance import Levenshtein

    longer = max(len(one), len(other))
    if not longer:
        return 0
    most = longer * (100 - least) // 100
    distance = Levenshtein.distance(one, other, score_cutoff=most)
    return 100 * (longer - distance) // longer if distance <= most else 0


def score(one: Reading, other: Reading, *, same_tags: bool = True, least: int = 0) -> int:
    """In per cent; 100 for the same sentence with the same tags and for nothing else; 0 where it is below `least`."""
    if one.key == other.key:
        found = 100 if same_tags else 100 - TAGS
        return found if found >= least else 0
    found = likeness(one.words, other.words, least)
    if not found:
        return 0
    found -= FIGURES * (one.figures != other.figures) + TAGS * (not same_tags)
    dressed = one.dressed != other.dressed and one.words == other.words
    found -= CLOTHING * dressed + PUNCTUATION * (_marks(one) != _marks(other))
    found = min(found, BEST_BUT_ONE)
    return found if found >= max(least, 1) else 0


def _marks(reading: Reading) -> str:
    return "".join([word for word in spelled(reading.key) if not word[0].isalnum()])

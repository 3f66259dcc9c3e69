"""Whether English letters spell an Arabic name as it sounds: `خدر خلات` is `Khidr Khalat` and not `Khadirt`.

Arabic writes the consonants; each of them has a few spellings in English, and short vowels are anybody's. It tells a
name that was dropped letters from one that was not, and knows neither names nor what a word means.
"""

from __future__ import annotations

import re
import unicodedata

SPELLINGS = {
    "ب": "b p", "پ": "p", "ت": "t", "ث": "th s", "ج": "j dj g", "چ": "ch", "ح": "h", "خ": "kh", "د": "d",
    "ذ": "dh th d z", "ر": "r", "ز": "z s", "س": "s c", "ش": "sh", "ص": "s", "ض": "dh d z", "ط": "t",
    "ظ": "dh z", "غ": "gh g", "ف": "f ph v", "ڤ": "v", "ق": "q k g", "ك": "k c q", "گ": "g", "ل": "l", "م": "m",
    "ن": "n", "ه": "h",
}  # fmt: skip
"""Of the consonants; written twice they count as one. Every other letter is a vowel, or may go unwritten."""
LONG = {"ا": "ae", "و": "ouw", "ي": "eiy"}
"""One of what a long vowel is written with, inside and at the end of a word."""
SILENT = "ه"
"""May go unwritten too: Fatemeh, Abdulla."""
ARTICLES = ("al", "el", "ul", "as", "ash", "ad", "adh", "an", "ar", "at", "ath", "az")
_VOWELS = frozenset("aeiouyw'’`‘ʿʾ")
_APART = frozenset(" -\u2010\u2011\u00a0")
_UNWRITTEN = re.compile("[\u064b-\u065f\u0670\u0640]")
_LONGEST = 60


def sounds_like(english: str, arabic: str, *, vowels: bool = True) -> bool:
    """Whether a name is spelt with all its consonants and no others: `Saad al-Bazzaz` for سعد البزاز.

    With `vowels` the long ones must be there too: `Sharq` is not شروق.
    """
    if len(arabic) > _LONGEST or len(english) > 2 * _LONGEST:
        return False
    decomposed = unicodedata.normalize("NFD", english.casefold())
    text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    reached = {0}
    for word in _UNWRITTEN.sub("", arabic).split():
        reached = _behind_word(text, reached | {p + 1 for p in reached if text[p : p + 1] in _APART}, word, vowels)
    return len(text) in reached


def _behind_word(text: str, reached: set[int], word: str, vowels: bool) -> set[int]:
    """Where in the English one may be when an Arabic word has been spelt, from where one may be before it."""
    if word.startswith("ال") and len(word) > len("الم"):
        led = {p + len(a) for p in reached for a in ARTICLES if text.startswith(a, p)}
        reached = reached | led | {p + 1 for p in led if text[p : p + 1] in _APART}
        word = word[2:]
    for number, letter in enumerate(word):
        reached = _behind_vowels(text, reached)
        if letter in SPELLINGS:
            reached = _behind_letter(text, reached, SPELLINGS[letter]) | (reached if letter == SILENT else set())
        elif vowels and number and letter in LONG:
            reached = {p for p in reached if p and text[p - 1] in LONG[letter]}
    behind = _behind_vowels(text, reached)
    return behind | {p + 1 for p in behind if text[p : p + 1] == "h"}


def _behind_vowels(text: str, reached: set[int]) -> set[int]:
    found = set(reached)
    for place in reached:
        while place < len(text) and text[place] in _VOWELS:
            place += 1
            found.add(place)
    return found


def _behind_letter(text: str, reached: set[int], spellings: str) -> set[int]:
    once = {p + len(s) for p in reached for s in spellings.split() if text.startswith(s, p)}
    twice = {p + len(s) for p in once for s in spellings.split() if text[p - len(s) : p + len(s)] == s + s}
    return once | twice

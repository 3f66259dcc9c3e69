"""What a concordance looks for: a word or phrase, Arabic however dressed, English in any case.

Arabic is compared in folded spelling. Each word may wear what Arabic writes onto words, by the grammar of
`glossary.clitics`: `ديوان` is found in `وبديوانها`, `مفرزة` in `للمفرزة` and `مفرزتهم`, and never inside another word:
`ديوان` is not found in `الديوانية`. What is worn by the word that is looked for is taken off first where it holds an
article. Knows one phrase and one text; nothing of memories.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from glossary.clitics import CONJUNCTIONS, ENCLITICS, NOT_ARTICLE, PREPOSITIONS, SHORTEST_SOUND_PLURAL, peel, shapes
from glossary.fold import fold, key
from translate.words import has_arabic, words

Span = tuple[int, int]

_BEFORE = f"[{''.join(CONJUNCTIONS)}]?(?:لل|[{''.join(PREPOSITIONS)}]?(?:ال)?)"
_PRONOUN = f"(?:{'|'.join(ENCLITICS)})"
_BETWEEN = r"[\s\u00a0]+"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or phrase, ready to be found."""

    arabic: bool
    pattern: re.Pattern[str]
    runs: tuple[tuple[str, ...], ...]
    """What a text must hold to be worth a look: the strings of one of these, in the spelling of the index."""

    def find(self, text: str) -> list[Span]:
        """Where it stands in a text: `الساحل` in `وبالساحل.` -> [(0, 8)]."""
        if not self.arabic:
            return [match.span() for match in self.pattern.finditer(text)]
        folded = fold(text)
        return [folded.span(*match.span()) for match in self.pattern.finditer(folded.text)]


def phrase(text: str) -> Phrase | None:
    """The phrase in a text a person typed or selected; None where there is no word in it."""
    parts = [word.text for word in words(text) if word.text[0].isalnum()]
    if not parts:
        return None
    return _arabic(parts) if has_arabic(text) else _english(parts)


def _english(parts: list[str]) -> Phrase:
    """`detachment` is also found at the start of `Detachments`; a phrase may run over marks as it was typed without."""
    spelled = [re.sub("['’]", "['’]", re.escape(part)) for part in parts]
    pattern = rf"(?<!\w){_BETWEEN.join(spelled)}\w*"
    small = tuple(part.lower().replace("’", "'") for part in parts)
    return Phrase(False, re.compile(pattern, re.IGNORECASE), (small,))


def _arabic(parts: list[str]) -> Phrase:
    last = len(parts) - 1
    ways = [_ways(part, bound=number == last) for number, part in enumerate(parts)]
    spelled = [f"{_BEFORE}(?:{'|'.join(pattern for pattern, _ in way)})" for way in ways]
    pattern = rf"(?<!\w){_BETWEEN.join(spelled)}(?!\w)"
    stems = [list(dict.fromkeys(stem for _, stem in way)) for way in ways]
    return Phrase(True, re.compile(pattern), tuple(product(*stems)))


def _ways(word: str, *, bound: bool) -> list[tuple[str, str]]:
    """What may stand for a word behind its front, as a pattern, and the letters that surely stand in it.

    `مفرزة` -> `مفرزه`, and before a pronoun `مفرزت`; inside a phrase only the last word carries a pronoun.
    """
    bare, stem = _undressed(word)
    plural = stem.endswith("ون") and len(stem) >= SHORTEST_SOUND_PLURAL
    found = []
    for shape in shapes(bare, stem, "pl" if plural else "sg"):
        spelled = re.escape(shape.stem)
        if shape.free:
            found.append((spelled + ("ا?" if shape.accusative else ""), shape.stem))
        if shape.bound and bound:
            found.append((spelled + _PRONOUN, shape.stem))
    return found


def _undressed(word: str) -> tuple[str, str]:
    """`وبالساحل` -> `ساحل`, as it was written and folded; a word without an article stays as it is."""
    stem = key(word)
    ways = [] if stem in NOT_ARTICLE else [way for way in peel(stem) if way.definite and len(way.rest) > 1]
    if not ways:
        return word, stem
    rest = min((way.rest for way in ways), key=len)
    folded = fold(word)
    return word[folded.offsets[len(folded.text) - len(rest)] :], rest

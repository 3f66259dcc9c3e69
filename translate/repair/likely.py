"""Words that may already say a missing term though no alignment tells: `its leaders [commanders] fleeing`.

A model often has the term in other words and aligns them to the Arabic beside it, or to nothing. Such words are only
ever offered, nearest kin first, beside the gaps; whoever rescores decides. What no other English would say is no offer:
nothing of the draft's meaning is given up. It changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

from translate import english
from translate.constraints import Requirement, Span
from translate.repair.sentence import Candidate, Words, is_word, links_of, overlaps, words
from translate.words import Word

_BESIDE = 2
"""Arabic words between the term and another whose English may be the term's."""
_REACH = 4
"""Words from where the term is expected within which English may be its own."""
_KIN_REACH = 10
"""The same for a word that the term's English has too."""
_NEARBY = 4
"""Arabic words on either side of the term in which all must have English for an unaligned word to be the term's."""
_LONG = 3
"""Letters of an Arabic word that is likely no particle."""
_SAME_NAME = 0.75
"""Likeness of two spellings of one name, by difflib."""
_SHORT_NAME = 4
_MOST = 3
_NO_SIGN = 2
"""Rank of a word that stands where the term is expected, with no other sign that it says the term."""


def likely_words(
    source: str, text: Candidate, requirement: Requirement, own: frozenset[int], places: Sequence[int]
) -> tuple[list[Span], list[Span]]:
    """Stretches that may say the term in other words: those with a sign of it, then those that only stand there.

    `places` are where the term is expected.
    """
    english_words = words(text.text)
    linked = links_of(text, english_words)
    untold = _untold(source, text, own)
    stems = _kin(requirement)
    named = requirement.match.term.number == "name"
    ranked = []
    for n, word in enumerate(english_words):
        if not _is_content(word) or overlaps((word.begin, word.end), text.held):
            continue
        away = min(len(words(text.text[min(p, word.begin) : max(p, word.begin)])) for p in places)
        kin = english.stem(word.text) in stems or spelt_alike(word.text, stems)
        led = _led_by_own(english_words, linked, n, own)
        last = _last_of(english_words, n) if kin else n
        fits = _alike(text.text, english_words[last], requirement)
        if not fits or (linked[n] and not _beside(linked[n], own)):
            continue
        if kin and away <= _KIN_REACH:
            ranked.append((0 if led else 1, away, (word.begin, english_words[last].end)))
        elif (
            away <= _REACH and not named and (_spare(text, english_words, linked, n, own) if linked[n] else not untold)
        ):
            ranked.append((0 if led else _NO_SIGN, away, (word.begin, word.end)))
    found = [(rank, span) for rank, _, span in sorted(ranked) if not overlaps(span, text.held)][:_MOST]
    return [span for rank, span in found if rank < _NO_SIGN], [span for rank, span in found if rank == _NO_SIGN]


def alike(text: str, span: Span, requirement: Requirement) -> bool:
    """Whether some word of a stretch is of the term's kind: a name for a name, a plural for a plural."""
    return any(_alike(text, word, requirement) for word in words(text) if span[0] <= word.begin and word.end <= span[1])


def spelt_alike(word: str, stems: Collection[str]) -> bool:
    """Whether a name is one of the term's spelt otherwise: `Sadam`, `Sinjinar` for Saddam, Sinjar."""
    if not word[:1].isalpha() or word.islower() or len(word) < _SHORT_NAME:
        return False
    stem = english.stem(word)
    return any(SequenceMatcher(None, stem, other).ratio() >= _SAME_NAME for other in stems if len(other) >= _SHORT_NAME)


def _is_content(word: Word) -> bool:
    return is_word(word.text) and word.text[0].isalpha() and word.text.casefold() not in english.FUNCTION_WORDS


def _kin(requirement: Requirement) -> set[str]:
    """Stems of the content words of the term's English."""
    found = {english.stem(part) for surface in requirement.surfaces[:3] for part in surface.split()}
    return {stem for stem in found if stem not in english.FUNCTION_WORDS and len(stem) > 2}


def _led_by_own(english_words: Words, linked: list[set[int]], n: int, own: frozenset[int]) -> bool:
    """Small words straight before are aligned to the term, as of `his leaders` only `his`."""
    for k in range(n - 1, max(n - 3, -1), -1):
        if english_words[k].text.casefold() not in english.DETERMINERS | english.PREPOSITIONS:
            return False
        if linked[k] & own:
            return True
    return False


def _last_of(english_words: Words, n: int) -> int:
    """The last word of the noun phrase a possessive opens: `group's [office]`."""
    possessive = english_words[n].text.casefold().endswith(("'s", "’s"))
    return n + 1 if possessive and n + 1 < len(english_words) and _is_content(english_words[n + 1]) else n


def _beside(links: set[int], own: frozenset[int]) -> bool:
    return all(any(abs(s - o) <= _BESIDE for o in own) for s in links)


def _alike(text: str, word: Word, requirement: Requirement) -> bool:
    """A name for a name, a plural for a plural; no verb form."""
    term = requirement.match.term
    inside = bool(re.search(r"[\w,;)\"”]\s*$", text[: word.begin]))
    named = bool(re.match(r"(?:[a-z]{1,3}-)?[^\W\d_a-z]", word.text))
    if term.number == "name":
        return named
    if inside and named:
        return False
    if re.search(r"(?:ed|ly|ing)$", word.text):
        return False
    number = requirement.match.number if term.number != "mass" else "sg"
    return number == "unknown" or english.looks_plural(word.text) == (number in {"pl", "du"})


def _untold(source: str, text: Candidate, own: frozenset[int]) -> bool:
    """Whether other Arabic near the term has no English: then a word aligned to nothing may be its."""
    told = {s for s, _, _ in text.links} | own
    near = range(min(own, default=0) - _NEARBY, max(own, default=0) + _NEARBY + 1)
    return any(n in near and n not in told and len(word.text) > _LONG for n, word in enumerate(words(source)))


def _spare(text: Candidate, english_words: Words, linked: list[set[int]], n: int, own: frozenset[int]) -> bool:
    """Whether the Arabic this word is aligned to has other English, aligned to it or beside and aligned to nothing.

    Of several words for the Arabic beside the term only the one on the term's side may be the term's.
    """
    around = [k for k in (n - 1, n + 1) if 0 <= k < len(english_words) and _is_content(english_words[k])]
    beside = [k for k in around if not linked[k]]
    for s in linked[n] - own:
        others = [k for k, links in enumerate(linked) if k != n and s in links and _tells(text, english_words[k])]
        between = [k for k in others if (k > n) == (s < min(own))]
        if between or (not others and not beside):
            return False
    return True


def _tells(text: Candidate, word: Word) -> bool:
    """Whether a word can stand for Arabic of its own: no small word, and none of a term that has its own Arabic."""
    return _is_content(word) and not overlaps((word.begin, word.end), text.held)

"""The grammar of clothing: what Arabic writes onto a word, as data, and the two small rules that use the data.

Peeling starts from a word of the text and lists the few ways it may be dressed (at most six). Dressing starts from a
listed form and lists the shapes it takes: oblique and construct of sound plurals and duals, ة that opens to ت before a
pronoun. Nothing here is a stemmer: whether a peeled rest means anything is decided by the terms alone. Everything is in
folded spelling (see `fold`). This module knows no terms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

CONJUNCTIONS = ("و", "ف")
"""and, so: before everything else."""

PREPOSITIONS = ("ب", "ك", "ل")
"""in or with, like, to or for: behind the conjunction."""

ARTICLE = "ال"

ENCLITICS = ("هما", "كما", "هم", "هن", "ها", "كم", "كن", "نا", "ه", "ك")
"""his, her, their ...: behind the last letter. A bare ي ("my") is missing on purpose: it is also the nisba."""

ACCUSATIVE = "ا"
"""The alif of the indefinite accusative: إصدارا."""

_NOT_ARTICLE = """
    الله الذي التي الذين اللذان اللتان اللواتي اللاتي التزام التزامات التهاب التهابات التحاق التقاء التماس التباس
    التفاف التواء التيام التقاط التهام التصاق الي الا الف الاف الم المانيا المان البانيا الكترون الكتروني الكترونيه
    الغاء الزام الهام الحاق الحاد القاء الماح الوان الواح الويه الغام الماس الياف الات اليه
"""
NOT_ARTICLE = frozenset(_NOT_ARTICLE.split())
"""Words that begin with alif and lam without being definite."""

KUNYA = {"ابو": ("ابو", "ابا", "ابي"), "اخو": ("اخو", "اخا", "اخي"), "ذو": ("ذو", "ذا", "ذي")}
"""Nouns whose case is a written letter."""

_COUNTING = """
    عشر عشره عشرون عشرين ثلاثون ثلاثين اربعون اربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين
    مايه ميه ميتا ميتي مايتا مايتي الف الفا الفي الاف مليون مليونا ملايين مليار مليارا مليارات
"""
COUNTING = frozenset(_COUNTING.split())
"""Number words behind which a singular noun means many: خمسون غارة is fifty airstrikes."""
_HUNDREDS = re.compile("(?:ثلاث|اربع|خمس|ست|سبع|ثمان|ثماني|تسع)(?:مايه|ميه)")


def counts(word: str) -> bool:
    """`'خمسون'`, `'ثلاثمايه'` -> True: whether a folded word is such a number word."""
    return word in COUNTING or _HUNDREDS.fullmatch(word) is not None


SHORTEST_SOUND_PLURAL = 6
"""Letters: مسلحون is a sound plural, سجون (prisons) is not, سجين means prisoner. Shorter ones are listed in full."""


class Peel(NamedTuple):
    """One way to undress the front of a word."""

    proclitics: tuple[str, ...]
    """("و", "ب")"""
    definite: bool
    """Whether an article was taken off."""
    rest: str
    """"ساحل\""""
    skip: int
    """2 - folded letters taken by the proclitics; the article is not among them. In للساحل the second ل is article."""


def peel(word: str) -> list[Peel]:
    """`'وبالساحل'` -> itself, و+, و+ب+, و+ب+ال+: all the ways the front of a folded word may be read."""
    ways = _undress(word, (), 0)
    if word[:1] in CONJUNCTIONS and len(word) > 2:
        ways += _undress(word[1:], (word[0],), 1)
    return ways


def _undress(word: str, before: tuple[str, ...], skip: int) -> list[Peel]:
    ways = [Peel(before, False, word, skip)]
    if word.startswith(ARTICLE):
        ways.append(Peel(before, True, word[2:], skip))
    elif word[:1] in PREPOSITIONS and word:
        outer, inner = (*before, word[0]), word[1:]
        ways.append(Peel(outer, False, inner, skip + 1))
        if inner.startswith(ARTICLE):
            ways.append(Peel(outer, True, inner[2:], skip + 1))
        elif word.startswith("لل"):
            ways.append(Peel(outer, True, word[2:], skip + 1))
            ways.append(Peel(outer, True, word[1:], skip + 1))  # ل + ال + لجنة is written with two lams, not three
    return [way for way in ways if way.rest]


def enclitic(word: str) -> str:
    """`'مفارزها'` -> `'ها'`: the pronoun a folded word may end with, or nothing."""
    if word.endswith(ENCLITICS):
        for pronoun in ENCLITICS:
            if word.endswith(pronoun) and len(word) > len(pronoun) + 1:
                return pronoun
    return ""


@dataclass(frozen=True, slots=True)
class Shape:
    """One written shape of a listed word."""

    stem: str
    """"مفرزت" - folded, without article."""
    shown: str
    """"مفرزتي" - how the shape is written when it is explained to a person."""
    free: bool
    """May stand without a pronoun."""
    bound: bool
    """May stand before a pronoun."""
    accusative: bool
    """May take the alif of the accusative."""


def shapes(word: str, stem: str, number: str) -> list[Shape]:
    """`('مفرزة', 'مفرزه', 'sg')` -> `مفرزه` alone, `مفرزت` before pronouns.

    `word` is as listed and `stem` its folding, both without article; `number` is that of the form.
    """
    if stem in KUNYA:
        return [Shape(case, word[:-1] + case[-1], True, False, False) for case in KUNYA[stem]]
    if number == "du" and stem.endswith("ان"):
        alone = stem.endswith("تان")  # عنصري is "racist" and عنصرا an accusative long before "two members of"
        construct = _case(word[:-2], stem[:-2], ("ا", "ي"), alone=alone, bound=True)
        return [*_case(word[:-2], stem[:-2], ("ان", "ين")), *construct]
    if number == "du" and stem.endswith("ا"):
        return _case(word[:-1], stem[:-1], ("ا", "ي"), bound=True)
    if number == "pl" and stem.endswith("ون") and len(stem) >= SHORTEST_SOUND_PLURAL:
        return [*_case(word[:-2], stem[:-2], ("ون", "ين")), *_case(word[:-2], stem[:-2], ("و", "ي"), bound=True)]
    if number == "pl" and stem.endswith("و") and len(stem) >= SHORTEST_SOUND_PLURAL - 1:
        return _case(word[:-1], stem[:-1], ("و", "ي"), bound=True)
    if word.endswith("ة"):
        return [Shape(stem, word, True, False, False), Shape(stem[:-1] + "ت", word, False, True, False)]
    if word.endswith("ى"):
        return [Shape(stem, word, True, False, False), Shape(stem[:-1] + "ا", word, False, True, False)]
    if word.endswith("اء"):
        return [Shape(stem, word, True, True, False)] + [
            Shape(stem[:-1] + seat, word, False, True, False) for seat in ("و", "ي")
        ]
    return [Shape(stem, word, True, True, not stem.endswith(("ا", "ات")))]


def _case(word: str, stem: str, endings: tuple[str, ...], *, alone: bool = True, bound: bool = False) -> list[Shape]:
    return [Shape(stem + ending, word + ending, alone, bound, False) for ending in endings]


def split_article(word: str, folded: str) -> tuple[bool, str, str]:
    """`('الأيسر', 'الايسر')` -> `(True, 'أيسر', 'ايسر')`; `ألمانيا` and `التزام` keep their first letters."""
    if folded.startswith(ARTICLE) and word[:1] in ("ا", "ٱ") and folded not in NOT_ARTICLE and len(folded) > 3:
        return True, word[2:], folded[2:]
    return False, word, folded

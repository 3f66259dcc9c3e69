"""Words -> the keys they are found under. What is done is said by the tables of `rules.py`, and done twice.

`keys` is the index side: every reading a word may have. `asked` is the query side: what a reader who types a word wants
to find, the closest first. A word is found when the two have a key in common. The twin of this file is
`site_templates/static/search/keys.js`; a test holds the two together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from glossary.clitics import ARTICLE, CONJUNCTIONS, NOT_ARTICLE, PREPOSITIONS
from translate.site.search.lexicon import AMBIGUOUS, IRREGULAR
from translate.site.search.rules import (
    ARABIC_LEVELS,
    DEFINITE,
    FOLD,
    LATIN_LEVELS,
    LONGEST,
    SPELLING,
    STOP,
    TA_MARBUTA,
    WHOLE,
    WORD,
    Rule,
)

_WORD = re.compile(WORD)
_FOLD = {ord(letter): folded for letter, folded in FOLD.items()}
_LAST = {ord(TA_MARBUTA): "ه", ord("'"): None, ord(","): None}
_SHORTEST = 3
"""Letters that a weak reading must leave: و, ف, ب, ك or ل begin too many words."""


def words(text: str) -> list[str]:
    """`'في الساحل.'` -> `['في', 'الساحل']`: the words as they stand."""
    return _WORD.findall(text)


def fold(word: str) -> str:
    """`'الإعداماتِ'` -> `'الاعدامات'`, `'Hélène’s'` -> `"helene's"`: one spelling; ة stays."""
    for written, meant in SPELLING:
        word = word.replace(written, meant)
    return word.translate(_FOLD)


@lru_cache(maxsize=200_000)
def keys(word: str) -> tuple[str, ...]:
    """`'وبالساحل'` -> `('ساحل',)`, `'مدرستها'` -> `('مدرستها', 'مدرست', 'مدرسه')`; nothing for common words."""
    folded = fold(word)
    if not folded or len(folded) > LONGEST or _last(folded) in STOP:
        return ()
    if not _is_arabic(folded):
        return _finished(_latin(folded))
    return _finished(form for base, definite in _readings(folded) for form in _endings(base, definite))


@lru_cache(maxsize=1_000)
def asked(word: str) -> tuple[str, ...]:
    """`'مسلحين'` -> `('مسلحين', 'مسلح')`, `'بلد'` -> `('بلد',)`: what to look for, the closest first."""
    folded = fold(word)
    if not folded or len(folded) > LONGEST or _last(folded) in STOP:
        return ()
    if not _is_arabic(folded):
        return _finished(_latin(folded))
    bases = _definite(folded) or [(folded, False)]
    return _finished(form for base, definite in bases for form in _endings(base, definite, asked=True))


def _is_arabic(folded: str) -> bool:
    return folded[0] >= "\u0600"


def _last(form: str) -> str:
    return form.translate(_LAST)


def _finished(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(last for last in map(_last, forms) if last))


def _readings(word: str) -> list[tuple[str, bool]]:
    """`'وبلد'` -> itself and `بلد`; `'للجنة'` -> `جنة`, `لجنة`: (what is left, whether an article was taken off)."""
    definite = _definite(word)
    if definite:
        return definite
    forms = [word]
    if word not in WHOLE:
        for inner in (word, word[1:] if word[0] in CONJUNCTIONS else ""):
            if len(inner) < _SHORTEST or (inner != word and _last(inner) in STOP):
                continue
            forms.append(inner)
            if _last(inner) not in WHOLE and inner[0] in PREPOSITIONS and len(inner) > _SHORTEST:
                forms.append(inner[1:])
    return [(form, False) for form in dict.fromkeys(forms)]


def _definite(word: str) -> list[tuple[str, bool]]:
    """`'وبالساحل'` -> `[('ساحل', True)]`; nothing where there is no article."""
    for prefix in DEFINITE:
        rest = word[len(prefix) :]
        if not word.startswith(prefix) or len(rest) < 2 or _last(word) in NOT_ARTICLE:
            continue
        if prefix.endswith(ARTICLE) and _last(ARTICLE + rest) in NOT_ARTICLE:
            continue
        found = [(rest, True)]
        if prefix.endswith("لل"):
            found.append(("ل" + rest, True))
        if prefix != ARTICLE and (len(rest) < _SHORTEST or _last(word) in AMBIGUOUS):
            found.insert(0, (word, False))
        return found
    return []


def _endings(base: str, definite: bool, asked: bool = False) -> list[str]:
    forms = [base]
    for level in _ARABIC[definite, asked]:
        forms = _level(forms, level)
    return forms


def _latin(folded: str) -> list[str]:
    forms = [folded]
    for level in _LATIN:
        forms = [IRREGULAR.get(form, form) for form in forms]
        forms = [kept for form in forms for kept in ([form] if form in _BASES else _level([form], level))]
    return forms


_BASES = frozenset(IRREGULAR.values())


def _by_letter(levels: Iterable[tuple[Rule, ...]], flags: str = "") -> tuple[dict[str, list[Rule]], ...]:
    """The rules that have all of these flags, under the last letter of their endings: nearly all need no look."""
    found: list[dict[str, list[Rule]]] = []
    for level in levels:
        found.append(defaultdict(list))
        for rule in level:
            if all(flag in rule[5] for flag in flags):
                found[-1][rule[0][-1]].append(rule)
    return tuple(map(dict, found))


_LATIN = _by_letter(LATIN_LEVELS)
_ARABIC = {
    (definite, asked): _by_letter(ARABIC_LEVELS, "d" * definite + "q" * asked)
    for definite in (False, True)
    for asked in (False, True)
}


def _level(forms: list[str], rules: Mapping[str, Sequence[Rule]]) -> list[str]:
    """All forms with what they may be without one of these endings."""
    found: list[str] = []
    for form in forms:
        found.append(form)
        for ending, instead, least, not_behind, only, flags in rules.get(form[-1], ()):
            stem = form[: len(form) - len(ending)]
            if not form.endswith(ending) or len(stem) < least:
                continue
            if (not_behind and stem[-1] in not_behind) or (only and form[0] not in only):
                continue
            if "!" in flags:
                found[-1:] = [stem + other for other in instead]
                break
            found.extend(stem + other for other in instead)
    return found

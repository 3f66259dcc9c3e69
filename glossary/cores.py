"""The letters that every written shape of a term holds: how an index of words is asked which texts may have a term.

A word is listed once and written in many ways (`بمفرزتهم`), but never without its core (`مفرز`). A text that lacks the
core of one word of every listed form cannot have the term; whether one that has them does is for `match` to say.
"""

from __future__ import annotations

from glossary.clitics import split_article
from glossary.context import WORD
from glossary.fold import key
from glossary.terms import Term

_ENDINGS = ("تان", "ان", "ون", "ات", "ين", "اء", "ا", "و", "ي", "ه", "ت", "ء")
"""What a shape may put in the place of, longest first: dual, sound plural, ة before a pronoun, the cases of أبو."""
_SHORTEST = 2
"""Letters that stay whatever the ending."""


def cores(term: Term) -> tuple[tuple[str, ...], ...]:
    """`الساحل الأيسر` -> `(("ساحل", "ايسر"),)`: for each listed form the core of each of its words."""
    forms = (tuple(core(word) for word in WORD.findall(form) if key(word)) for form, _ in term.listed())
    return tuple(dict.fromkeys(form for form in forms if form))


def core(word: str) -> str:
    """`'المفرزة'` -> `'مفرز'`, `'أبو'` -> `'اب'`: folded, without article and without the ending that may change."""
    _, _, bare = split_article(word, key(word))
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _SHORTEST:
            return bare.removesuffix(ending)
    return bare


def written(text: str) -> frozenset[str]:
    """`'وبمفارز الإعدامات'` -> `{'وبمفارز', 'الاعدامات'}`: the folded words of a text, as an index keeps them."""
    return frozenset(folded for word in WORD.findall(text) if (folded := key(word)))

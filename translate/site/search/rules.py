"""How words become keys of the search, as data: the same tables for the index (Python) and the query (JavaScript).

`tables()` is what the site carries for its pages, so that the two sides cannot drift apart: `keys.py` and
`site_templates/static/search/keys.js` are two readers of it. Letters and clitics come from the glossary; what is
written here besides is the little that a reader expects of a search: plurals, common words, English endings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from glossary.clitics import ARTICLE, CONJUNCTIONS, NOT_ARTICLE, PREPOSITIONS
from glossary.fold import INVISIBLE, MARKS, key
from glossary.ordinary import ORDINARY
from translate.site.search import lexicon

VERSION = 1
"""Of the tables and of everything that is made with them."""

TA_MARBUTA = "ة"
"""Kept apart while endings are looked at: مدرسة is no "his teacher", and folded to ه at last."""

LONGEST = 48
"""Letters; what is longer is no word."""

_ARABIC = (
    f"{MARKS}\u0620-\u063f\u0641-\u064a\u0660-\u0669\u066e-\u06d3\u06d5\u06ee-\u06fc\u06ff"
    "\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
)
_LATIN = "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u1e00-\u1eff"
_LETTER = f"[{_ARABIC}{_LATIN}{INVISIBLE}]"
_APOSTROPHES = "'\u2019\u02bc\u2018\u02bb\u02bf\u02be"
_FIGURES = "0-9\u0660-\u0669\u06f0-\u06f9"
WORD = f"{_LETTER}+(?:[{_APOSTROPHES}]{_LETTER}+|[.,\u066b\u066c][{_FIGURES}]+)*"
"""A word, as a regular expression that means the same in both languages."""

SPELLING = (("ئو", "ؤو"), ("ءو", "ؤو"), ("ئؤ", "ؤو"), ("ءؤ", "ؤو"))
"""Two schools of writing hamza before و: شئون and شؤون, رءوس and رؤوس."""

DEFINITE = tuple(outer + inner for outer in (*CONJUNCTIONS, "") for inner in ("بال", "كال", "لل", ARTICLE))
"""Whatever ends in the article: behind it stands a noun, and no pronoun at its end."""

WHOLE = lexicon.WHOLE | {
    bare
    for word in map(key, ORDINARY)
    for bare in (word, word.removeprefix(ARTICLE))
    if len(bare) > 2 and bare.startswith((*CONJUNCTIONS, *PREPOSITIONS))
}
"""Everyday words whose first letter only looks like a conjunction or preposition."""

_PRONOUNS = ("هما", "هم", "هن", "ها", "كم", "نا")
Rule = tuple[str, tuple[str, ...], int, str, str, str]
ARABIC_LEVELS: tuple[tuple[Rule, ...], ...] = (
    (
        *((pronoun, ("",), 3, "", "", "q") for pronoun in _PRONOUNS),
        *((f"ت{pronoun}", (TA_MARBUTA,), 2, "", "", "q") for pronoun in (*_PRONOUNS, "ه")),
        ("ه", ("",), 3, "", "", ""),
        ("ا", ("",), 3, "يواه", "", "q"),
        ("تا", (TA_MARBUTA,), 3, "", "", ""),
        ("تي", (TA_MARBUTA,), 4, "", "", ""),
    ),
    (
        ("ات", (TA_MARBUTA,), 2, "", "", "dq"),
        ("ات", ("",), 4, "", "", "dq"),
        ("تان", (TA_MARBUTA,), 3, "", "", "dq"),
        ("تين", (TA_MARBUTA,), 3, "", "", "dq"),
        ("ون", ("",), 4, "", "", "dq"),
        ("ين", ("",), 4, "", "", "dq"),
        ("ان", ("",), 4, "", "", "d"),
        (f"ي{TA_MARBUTA}", ("ي",), 3, "", "", "dq"),
        ("و", ("",), 4, "", "", ""),
        ("ي", ("",), 4, "", "م", ""),
    ),
)
"""Endings, one of each level: (ending, what may stand for it, letters left, not behind one of, only in words that begin
with one of, flags). Flags: `d` also behind the article, `q` also taken off a word of the query, `!` in place of the
word and not beside it."""

_DOUBLED = "bdfglmnprt"
LATIN_LEVELS: tuple[tuple[Rule, ...], ...] = (
    (("'s", ("",), 1, "", "", "!q"),),
    (
        ("ies", ("y",), 2, "", "", "!q"),
        *((ending + "es", (ending,), 1, "", "", "!q") for ending in ("ss", "sh", "ch", "x", "zz")),
        ("oes", ("o",), 2, "", "", "!q"),
        ("is", ("i",), 3, "", "", "q"),
        ("s", ("",), 3, "sui'", "", "!q"),
    ),
    (
        ("ied", ("y",), 2, "", "", "!q"),
        *((2 * one + ending, (one, 2 * one), 2, "", "", "!q") for one in _DOUBLED for ending in ("ed", "ing")),
        ("ed", ("", "e"), 3, "", "", "!q"),
        ("ing", ("", "e"), 3, "", "", "!q"),
        ("ly", ("",), 4, "", "", "q"),
    ),
)  # fmt: skip
"""The same of English."""

STOP = frozenset(outer + word for word in map(key, lexicon.COMMON_ARABIC) for outer in ("", *CONJUNCTIONS)) | frozenset(
    lexicon.COMMON_ENGLISH
)
"""Words that nearly every sentence has: not in the index, and looked at in a phrase only."""


def _folding() -> dict[str, str]:
    """Every letter that does not stay as it is: 'A' -> 'a', 'é' -> 'e', 'أ' -> 'ا', a vowel sign -> ''."""
    table = {letter: key(letter) for letter in _spread(_ARABIC + INVISIBLE) if letter not in (TA_MARBUTA, "ـ")}
    table["ـ"] = ""
    for letter in _spread(_LATIN):
        table[letter] = "".join(
            c for c in unicodedata.normalize("NFKD", letter).casefold() if not unicodedata.combining(c)
        )
    table |= {"Đ": "d", "đ": "d", "Ø": "o", "ø": "o", "Ł": "l", "ł": "l", "Ħ": "h", "ħ": "h", "Æ": "ae", "æ": "ae"}
    table |= {"ı": "i", "Œ": "oe", "œ": "oe", "þ": "th", "Þ": "th", "ð": "d", "Ð": "d"}
    table |= dict.fromkeys(_APOSTROPHES, "'") | {"\u066b": ".", "\u066c": ","}
    for point in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)):  # presentation forms of ة are ة as well
        if unicodedata.normalize("NFKC", chr(point)) == TA_MARBUTA:
            table[chr(point)] = TA_MARBUTA
    settled = {letter: "".join(table.get(one, one) for one in folded) for letter, folded in table.items()}
    return {letter: folded for letter, folded in sorted(settled.items()) if letter != folded}


def _spread(ranges: str) -> list[str]:
    """`'a-c'` -> `['a', 'b', 'c']`: the inside of a character class."""
    letters: list[str] = []
    signs = list(ranges)
    while signs:
        first = signs.pop(0)
        if signs[:1] == ["-"]:
            letters.extend(chr(point) for point in range(ord(first), ord(signs[1]) + 1))
            del signs[:2]
        else:
            letters.append(first)
    return letters


FOLD = _folding()


def tables() -> Mapping[str, object]:
    """All of it as JSON can say it."""
    return {
        "version": VERSION,
        "word": WORD,
        "longest": LONGEST,
        "spelling": SPELLING,
        "fold": FOLD,
        "last": {TA_MARBUTA: "ه", "'": "", ",": ""},
        "stop": sorted(STOP),
        "conjunctions": CONJUNCTIONS,
        "prepositions": PREPOSITIONS,
        "article": ARTICLE,
        "definite": DEFINITE,
        "notArticle": sorted(NOT_ARTICLE),
        "ambiguous": sorted(lexicon.AMBIGUOUS),
        "whole": sorted(WHOLE),
        "arabic": ARABIC_LEVELS,
        "latin": LATIN_LEVELS,
        "irregular": lexicon.IRREGULAR,
    }

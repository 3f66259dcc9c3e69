"""The order of a dictionary, in Arabic and in English: under which letter a word stands, and where there.

Knows letters and articles, no terms and no pages.
"""

from __future__ import annotations

import re
import unicodedata

from glossary import key
from translate.composed import composed

ARABIC = tuple("ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
ENGLISH = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
OTHER = "#"
"""The letter of what begins with none: digits, mostly."""

_FOREIGN = str.maketrans("پچژگڤڥءﭪ", "بجزكففاف")
"""Letters that Arabic borrowed stand with the ones they were made of, a hamza without a seat with alif."""
_LAM_BELONGS = (
    *("الله", "اللهم", "الياس", "الياذة", "التزام", "التهاب", "التماس", "التفاف", "التحاق", "التقاط", "التقاء"),
    *("التباس", "التجاء", "التواء", "التحام", "التئام"),
)
"""Words whose alif and lam are no article."""
_ENGLISH_ARTICLE = re.compile(r"(?:(?:the|a|an)\s+(?=\w)|(?:al|el)-(?=\w))", re.IGNORECASE)


def arabic(text: str) -> tuple[str, str]:
    """`'الساحل الأيسر'` -> `('س', 'ساحل الايسر')`: the letter, and what to sort by."""
    plain = re.sub(r"[^\w\s]+", "", key(text)).strip()
    if _is_article(text, plain):
        plain = plain[2:]
    plain = plain.lower().translate(_FOREIGN)
    return (plain[0] if plain[:1] in ARABIC else OTHER), plain


def english(text: str) -> tuple[str, str]:
    """`'the Left Bank'` -> `('L', 'left bank')`; `'al-Baghdadi'` -> `('B', 'baghdadi')`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", composed(text)) if not unicodedata.combining(c))
    bare = re.sub(r"[^\w\s-]+|[ʻʼʾʿ]", "", bare).strip()
    plain = _ENGLISH_ARTICLE.sub("", bare, count=1) if _ENGLISH_ARTICLE.match(bare) else bare
    plain = " ".join(plain.replace("-", " ").lower().split())
    first = plain[:1].upper()
    return (first if first in ENGLISH else OTHER), plain


def _is_article(text: str, folded: str) -> bool:
    """True when the text begins with the article: a bare alif, never أ or إ (`ألمانيا`), and no word of its own."""
    first = re.sub(r"\A[^\w]+", "", text)[:1]
    if first not in ("ا", "ٱ") or not re.match(r"ال\w{2}", folded):
        return False
    return folded.split()[0] not in _KEPT


_KEPT = frozenset(key(word) for word in _LAM_BELONGS)

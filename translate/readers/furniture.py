"""Which blocks are furniture of the web page the article came from, not the article: link lists and notices.

The same for every input format, so that a raw text and the Markdown made of it read alike. Blocks are marked RELATED or
BOILERPLATE and keep their place and their words; nothing is dropped here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from translate.document import Block, Kind

_FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ـ": None})


def _set(words: str) -> frozenset[str]:
    """A list parted by bars, folded."""
    return frozenset(words.translate(_FOLD).split("|"))


RELATED = _set(
    "اقرا ايضا|اقرا المزيد|اقرا كذلك|اقراوا ايضا|للمزيد اقرا|طالع ايضا|شاهد ايضا|شاهدوا ايضا|انظر ايضا|"
    "قد يهمك ايضا|قد يهمك|مقالات ذات صلة|مواضيع ذات صلة|اخبار ذات صلة|موضوعات ذات صلة|مواضيع متعلقة|اخبار متعلقة|"
    "مقالات متعلقة|روابط ذات صلة|المزيد من الاخبار|ذات صلة"
)
"""Labels over links to other articles, folded."""
BOILERPLATE = _set(
    "التعليقات مغلقة|التعليقات معطلة|اضف تعليق|اضف تعليقا|اترك تعليقا|اترك ردا|اترك تعليقك|التعليقات|"
    "جميع الحقوق محفوظة|كل الحقوق محفوظة|شارك|شارك المقال|شارك الخبر|شاركها|انشر|طباعة|طباعه|ارسل لصديق|تابعونا|"
    "تابعنا|تابعنا على|تابعونا على|النشرة البريدية|اشترك في النشرة البريدية|اشترك في القناة|الوسوم|كلمات دلالية|"
    "كلمات مفتاحية|تحميل المزيد|عرض المزيد|المقال السابق|المقال التالي|السابق|التالي|الخبر السابق|الخبر التالي|"
    "نسخ الرابط|تم نسخ الرابط|اعلان|لا توجد تعليقات|لا يوجد تعليقات"
)
"""Notices and buttons, folded: only when they are all a block says."""
HEADLINES = 8
"""At most so many headlines under one label."""
HEADLINE_WORDS = 25
"""A longer text is no headline."""
MOVABLE = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM, Kind.QUOTE})

_DIACRITICS = re.compile("[\u064b-\u065f\u0670]")
_EDGES = " \t\xa0:：.…-–—|»«<>©*•\u200e\u200f\u202a-\u202e"
_INLINE = re.compile(rf"({'|'.join(sorted(RELATED, key=len, reverse=True))})\s*[:|–-]\s*\S")
_STOPS = ".؛،"


def sort(blocks: Iterable[Block]) -> list[Block]:
    """The same blocks, link lists and notices marked as such.

    `اقرأ أيضا:` and the headlines under it -> RELATED; `التعليقات مغلقة` -> BOILERPLATE
    """
    found: list[Block] = []
    room = 0
    for block in blocks:
        folded = fold(block.text)
        if block.kind not in MOVABLE:
            room = room if block.kind is Kind.VERBATIM else 0
        elif folded in BOILERPLATE:
            block = replace(block, kind=Kind.BOILERPLATE)
        elif folded in RELATED:
            block, room = replace(block, kind=Kind.RELATED), HEADLINES
        elif _INLINE.match(_loose(block.text)) and _is_headline(block.text):
            block = replace(block, kind=Kind.RELATED)
        elif room and _is_headline(block.text):
            block, room = replace(block, kind=Kind.RELATED), room - 1
        else:
            room = 0
        found.append(block)
    return found


def fold(text: str) -> str:
    """`'إقرأ أيضاً:'` -> `'اقرا ايضا'`."""
    return " ".join(_loose(text).strip(_EDGES).split()) if len(text) <= 60 else ""


def _loose(text: str) -> str:
    return _DIACRITICS.sub("", text[:300]).translate(_FOLD)


def _is_headline(text: str) -> bool:
    return text.rstrip()[-1:] not in _STOPS and len(text.split(None, HEADLINE_WORDS)) <= HEADLINE_WORDS

"""Lines that are no sentences: by-lines, datelines, credits, notices of the page.

A model that is given `نينوى ـ خدر خلات:` whole makes a sentence of it; given its parts it says a place and a name. Here
stands where such a line is cut, and what is always said alike in it. Structure says of by-lines what they are; of other
lines only the form can, and it is asked to be plain. Knows text alone: no article, no engine, no glossary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from translate.split import fold

Span = tuple[int, int]

LONGEST, LONGEST_PART = 100, 4
"""Characters of a line, words of each of its parts, where nothing but its form says that it is a by-line."""
LONGEST_KNOWN = 400
"""Characters of a line that structure calls a by-line; a longer one says more than who and where."""
DASH = "–"
"""Between the parts of a by-line, whatever its length in Arabic, with a space on either side."""
MARKS = str.maketrans({"«": '"', "»": '"', "،": ",", "؛": ";"})
"""What else stands between parts in Arabic alone."""


def _read(table: str) -> dict[str, str]:
    """Lines of `Arabic = English`, the Arabic folded."""
    pairs = (line.split(" = ") for line in table.strip().splitlines())
    return {fold(arabic.strip()): english.strip() for arabic, english in pairs}


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


NOTICES = _read("""
    اقرأ أيضا = Read also
    اقرأوا أيضا = Read also
    اقرأ كذلك = Read also
    للمزيد اقرأ = Read more
    اقرأ المزيد = Read more
    طالع أيضا = See also
    شاهد أيضا = See also
    شاهدوا أيضا = See also
    انظر أيضا = See also
    قد يهمك = You may also like
    قد يهمك أيضا = You may also like
    مقالات ذات صلة = Related articles
    مواضيع ذات صلة = Related topics
    موضوعات ذات صلة = Related topics
    أخبار ذات صلة = Related news
    مواضيع متعلقة = Related topics
    أخبار متعلقة = Related news
    مقالات متعلقة = Related articles
    المزيد من الأخبار = More news
    التعليقات مغلقة = Comments are closed
    التعليقات معطلة = Comments are disabled
    أضف تعليق = Add a comment
    أضف تعليقا = Add a comment
    اترك تعليقا = Leave a comment
    اترك تعليقك = Leave a comment
    اترك ردا = Leave a reply
    لا توجد تعليقات = No comments
    لا يوجد تعليقات = No comments
    جميع الحقوق محفوظة = All rights reserved
    كل الحقوق محفوظة = All rights reserved
    شارك المقال = Share this article
    شارك الخبر = Share this story
    المقال السابق = Previous article
    المقال التالي = Next article
    الخبر السابق = Previous story
    الخبر التالي = Next story
    النشرة البريدية = Newsletter
    اشترك في النشرة البريدية = Subscribe to the newsletter
    كلمات مفتاحية = Keywords
    كلمات دلالية = Keywords
    تم نسخ الرابط = Link copied
    نسخ الرابط = Copy link
    تحميل المزيد = Load more
    عرض المزيد = Show more
""")
"""Notices and labels of a web page: nothing else is meant by them wherever they are all a line says."""
CREDITS = _read("""
    بقلم = By
    كتب = By
    كتبت = By
    إعداد = Prepared by
    تقرير = Report
    تحرير = Edited by
    ترجمة = Translated by
    تصوير = Photo
    عدسة = Photo
    المصدر = Source
    المصادر = Sources
    مراسل = Correspondent
    خاص = Exclusive
    حصري = Exclusive
    وكالات = Agencies
    الوكالات = Agencies
    متابعات = Follow-up
    صورة أرشيفية = File photo
    أرشيفية = File photo
    أ ف ب = AFP
    أ.ف.ب = AFP
    اف ب = AFP
    فرانس برس = AFP
    د ب أ = dpa
    أ ب = AP
    رويترز = Reuters
    الأناضول = Anadolu
""")
"""Parts of by-lines and credits. They mean other things elsewhere, so a by-line has to be known as one."""
LEADS = frozenset(fold(word) for word in ("بقلم", "كتب", "كتبت", "إعداد", "ترجمة", "تصوير", "عدسة", "تحرير"))
"""Those a name may follow without a mark: `بقلم |خدر خلات`."""
SAYING = _listed(
    "في من الي علي عن مع ان انه انها لا لم لن قد كان كانت ما هل الذي التي الذين بعد قبل هو هي هم هذا هذه ثم لكن او كما "
    "حتي بين اذا حيث عند منذ خلال ضد يا قال قالت اكد اعلن مقتل اصابة"
)
"""Words that by-lines do without: a line with one of them is a sentence or a headline, unless it is known better."""

_DASH = "-–—ـ"
_ARABIC = "[\u0620-\u063f\u0641-\u064a\u0671-\u06d3]"
_STRONG = rf"\s*[|¦│•·]\s*|\s+/\s*|\s*/\s+|\s+[{_DASH}]+(?=\s|$)|(?<!\s)[{_DASH}]+\s+|\s*[()\[\]]\s*"
"""What stands between the parts of by-lines, and seldom elsewhere."""
_WEAK = rf"(?<={_ARABIC})[-–—/](?={_ARABIC})|[{_DASH}/]+$|^[{_DASH}/]+|\s*:(?!\d)\s*|\s*[،,؛«»“”\"]\s*"
"""What stands there too, and in sentences."""
_SURE = re.compile(f"{_STRONG}|{_WEAK}")
_FORM = re.compile(rf"{_STRONG}|[{_DASH}]+$|\s*:$")
_BETWEEN_FIGURES = re.compile(r"[\d٠-٩]\s*$")
_FIGURE = re.compile(r"\s*[\d٠-٩]")
_APART = frozenset("|¦│•·()[]")
_ENDS = tuple(".!?؟…،,؛;")
_SPACES = " \t\xa0\u2009\u202f\r\n"
_EDGES = re.compile(r"[\s:：.…|*•]*$")


def parts(text: str, held: Sequence[Span] = (), *, sure: bool = False) -> list[Span]:
    """The parts of a line that is no sentence, marks between them left out; none where it is a sentence, or may be.

    `'دبي – الإمارات (ديما نجم)'` -> `دبي`, `الإمارات`, `ديما نجم`. Stretches that are `held` are never cut; `sure`
    says that the line is known to be one.
    """
    if len(text) > (LONGEST_KNOWN if sure else LONGEST):
        return []
    if notice := _notice(text):
        return [notice]
    found = [span for span in _between(text, (_SURE if sure else _FORM).finditer(text), held) if span[0] < span[1]]
    if not sure and not _has_the_form(text, found):
        return []
    return list(_with_leads(text, found, held))


def said(part: str, *, sure: bool = False) -> str:
    """What a part is called in English wherever it stands; empty where nothing is: `'مقالات ذات صلة'`."""
    known = " ".join(fold(part).split())
    return NOTICES.get(known, "") or (CREDITS.get(known, "") if sure else "")


def marked(text: str) -> str:
    """What stands between parts, in English: `ـ` -> `–`, `»` -> `"`."""
    return re.sub(f"[{_DASH}]+", DASH, text.translate(MARKS))


def _notice(text: str) -> Span | None:
    """A line that says nothing but a notice, with whatever marks behind: `|اقرأ أيضا|:`."""
    end = _EDGES.search(text)
    stop = end.start() if end else len(text)
    return (0, stop) if said(text[:stop]) else None


def _between(text: str, marks: Iterator[re.Match[str]], held: Sequence[Span]) -> Iterator[Span]:
    """What stands between the marks that cut: none inside a held stretch, no dash between two figures."""
    at = 0
    for mark in marks:
        inside = any(begin < mark.end() and mark.start() < end for begin, end in held)
        counted = not set(mark.group()) & _APART and _BETWEEN_FIGURES.search(
            text[max(0, mark.start() - 3) : mark.start()]
        )
        if not inside and not (counted and _FIGURE.match(text, mark.end())):
            yield _trimmed(text, at, mark.start())
            at = mark.end()
    yield _trimmed(text, at, len(text))


def _trimmed(text: str, begin: int, end: int) -> Span:
    """Without white space and dashes at its ends."""
    part, edges = text[begin:end], f"{_DASH}{_SPACES}"
    return begin + len(part) - len(part.lstrip(edges)), begin + len(part.rstrip(edges))


def _has_the_form(text: str, found: Sequence[Span]) -> bool:
    """Two short parts or more, no mark that ends a sentence, no word that sentences are made with."""
    if len(found) < 2 or text.rstrip().endswith(_ENDS):
        return False
    spoken = [text[begin:end].split() for begin, end in found]
    short = all(len(words) <= LONGEST_PART for words in spoken)
    apart = any(set(text[a[1] : b[0]]) & (_APART | set(_DASH + "/")) for a, b in pairwise(found))
    return short and apart and not any(fold(word) in SAYING for words in spoken for word in words)


def _with_leads(text: str, found: Sequence[Span], held: Sequence[Span]) -> Iterator[Span]:
    """Parts whose first word says what the rest did, in two: `بقلم خدر خلات` -> `بقلم`, `خدر خلات`."""
    for begin, end in found:
        first, _, rest = text[begin:end].partition(" ")
        cut = begin + len(first)
        if rest.strip() and fold(first) in LEADS and not any(b < cut < e for b, e in held):
            yield begin, cut
            begin = _trimmed(text, cut, end)[0]
        yield begin, end

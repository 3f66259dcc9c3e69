"""What the lines above a news report say: who wrote it, for whom, where and when.

Only what stands there is taken, nothing is guessed: a date that could be read two ways is left alone, and so is a place
this module has never heard of. It knows lines of plain text and no blocks or files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


PLACES = _set(
    "بغداد|الموصل|نينوى|البصرة|اربيل|كركوك|تكريت|الانبار|الرمادي|الفلوجة|ديالى|بعقوبة|صلاح الدين|سامراء|النجف|"
    "كربلاء|بابل|الحلة|الكوت|واسط|العمارة|ميسان|الناصرية|ذي قار|السماوة|الديوانية|دهوك|السليمانية|سنجار|تلعفر|"
    "الحويجة|بيجي|العراق|سوريا|سورية|دمشق|حلب|الرقة|دير الزور|الحسكة|القامشلي|ادلب|حمص|حماة|اللاذقية|درعا|تدمر|"
    "كوباني|عفرين|منبج|بيروت|لبنان|عمان|الاردن|القدس|غزة|رام الله|فلسطين|القاهرة|مصر|الرياض|السعودية|جدة|دبي|"
    "ابوظبي|ابو ظبي|الامارات|الامارات العربية المتحدة|الدوحة|قطر|الكويت|المنامة|البحرين|مسقط|صنعاء|عدن|اليمن|"
    "طرابلس|بنغازي|ليبيا|تونس|الجزائر|الرباط|المغرب|الخرطوم|السودان|انقرة|اسطنبول|تركيا|طهران|ايران|واشنطن|"
    "نيويورك|لندن|باريس|برلين|موسكو|جنيف|بروكسل|روما|مدريد|فيينا|الامم المتحدة|لاهاي|كابول|اسلام اباد"
)
"""Places a dateline may begin with, folded."""
AGENCIES = _set(
    "رويترز|ا ف ب|أ ف ب|اف ب|فرانس برس|الاناضول|د ب ا|اسوشيتد برس|ا ب|وكالات|الوكالات|واع|سانا|واس|نينا|شفق نيوز|"
    "السومرية نيوز|المدى برس|الصباح الجديد|اخبار الان|سكاي نيوز عربية|العربية نت|الجزيرة نت|بي بي سي"
)
"""News agencies and papers that a dateline may name, folded."""
MONTHS = {
    "يناير": 1, "كانون الثاني": 1, "فبراير": 2, "شباط": 2, "مارس": 3, "اذار": 3, "ابريل": 4, "نيسان": 4,
    "مايو": 5, "ايار": 5, "يونيو": 6, "حزيران": 6, "يوليو": 7, "تموز": 7, "اغسطس": 8, "اب": 8,
    "سبتمبر": 9, "ايلول": 9, "اكتوبر": 10, "تشرين الاول": 10, "نوفمبر": 11, "تشرين الثاني": 11,
    "ديسمبر": 12, "كانون الاول": 12,
}  # fmt: skip
WRITERS = "كتب|كتبت|بقلم|تقرير|اعداد|تحرير|تحقيق|حوار|متابعة|ترجمة"
LONGEST = 16
"""Words in the longest line that can be a by-line."""

_FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ـ": None})
_DIACRITICS = re.compile("[\u064b-\u065f\u0670]")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_DASH = "-–—ـ/"
_CLOCK = re.compile(r"(?:الساعة\s*:?\s*)?([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_IN_WORDS = re.compile(r"(\d{1,2})\s+([^\W\d]+(?:\s+[^\W\d]+)?)\s*(?:/\s*[^\W\d]+\s*)?[،,]?\s+(\d{4})")
_WEEKDAY = re.compile(r"(?:يوم\s+)?(?:السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعة)\s*[،,:-]?\s*")
_PARTS = re.compile(r"\s*\|\s*")
_IN_BRACKETS = re.compile(r"\(([^()]{2,60})\)\s*$")
_WRITER = re.compile(rf"(?:{WRITERS})\s*[:/-]\s*(.+)")
_GLUED = re.compile(rf"([^{_DASH}|:.،()]{{2,40}}?)\s*[{_DASH}]\s*([^{_DASH}|:.،()]{{2,40}}?)\s*[{_DASH}:]\s*(?=\w)")
_AGENCY = re.compile(rf"([^{_DASH}|:.،()]{{2,40}}?)\s*[{_DASH}]?\s*\(([^()]{{2,30}})\)\s*[{_DASH}:]\s*(?=\w)")


@dataclass(frozen=True, slots=True)
class Lead:
    """What one line says about the article."""

    found: dict[str, str] = field(default_factory=dict)
    """{"place": "نينوى", "author": "خدر خلات"}"""
    end: int = 0
    """Where a dateline glued to the first sentence ends; for a whole line its length."""


def fold(text: str) -> str:
    """`'الإمارات ـ'` -> `'الامارات'`."""
    return " ".join(_DIACRITICS.sub("", text).translate(_FOLD).split())


def date_or_time(line: str) -> dict[str, str]:
    """`'2015-11-19'` -> `{'date': '2015-11-19'}`, `'16:19'` -> `{'time': '16:19'}`; empty when it is neither.

    Both at once are understood, in digits or with the month in words. `'3/4/2016'` could be March or April: empty.
    """
    rest = fold(line[:80]).translate(_DIGITS) if len(line) <= 80 else ""
    rest = _WEEKDAY.sub("", rest, count=1)
    found: dict[str, str] = {}
    if clock := _CLOCK.search(rest):
        found["time"] = f"{int(clock.group(1)):02}:{clock.group(2)}"
        rest = rest[: clock.start()] + rest[clock.end() :]
    rest = rest.strip(" \t\xa0-–|،,()")
    if rest:
        date = _date(rest)
        if not date:
            return {}
        found["date"] = date
    return found


def _date(text: str) -> str:
    """`'19 تشرين الثاني 2015'` -> `'2015-11-19'`; empty when it is no date, or two."""
    if m := _YEAR_FIRST.fullmatch(text):
        return _iso(int(m[1]), int(m[2]), int(m[3]))
    if m := _DAY_FIRST.fullmatch(text):
        first, second = int(m[1]), int(m[2])
        if first == second or first > 12:
            return _iso(int(m[3]), second, first)
        return _iso(int(m[3]), first, second) if second > 12 else ""
    if (m := _IN_WORDS.fullmatch(text)) and m[2] in MONTHS:
        return _iso(int(m[3]), MONTHS[m[2]], int(m[1]))
    return ""


def _iso(year: int, month: int, day: int) -> str:
    days = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    possible = 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= days[month - 1]
    return f"{year:04}-{month:02}-{day:02}" if possible else ""


def byline(line: str) -> Lead | None:
    """A line of its own that says who wrote the article, and where; None when the line is something else.

    `'نينوى ـ خدر خلات:'` -> place نينوى, author خدر خلات
    """
    if len(line) > 200 or len(line.split()) > LONGEST or line.rstrip()[-1:] in tuple(".؟!،؛"):
        return None
    for known in (_with_bars, _with_writer, _with_dash):
        if found := known(line.strip()):
            return Lead(found, len(line))
    return None


def _with_bars(line: str) -> dict[str, str]:
    """`'أخبار الآن | دبي – الإمارات العربية المتحدة (حسام الأحبابي)'` -> outlet, place, author."""
    parts = _PARTS.split(line)
    if len(parts) != 2 or not all(parts):
        return {}
    outlet, rest = parts
    found = {"outlet": outlet}
    if brackets := _IN_BRACKETS.search(rest):
        found["author"] = brackets.group(1).strip()
        rest = rest[: brackets.start()]
    pieces = [piece.strip() for piece in re.split(r"(?<!\s)\s+[-–—ـ]\s*", rest.strip(" -–—ـ"))]
    places = [piece for piece in pieces if fold(piece) in PLACES]
    if not places:
        return {}
    return found | {"place": " – ".join(places)}


def _with_writer(line: str) -> dict[str, str]:
    """`'كتب: خدر خلات'` -> author."""
    match = _WRITER.match(fold_offsets(line))
    name = line[match.start(1) :].strip(" :") if match else ""
    return {"author": name} if 0 < len(name.split()) <= 5 else {}


def _with_dash(line: str) -> dict[str, str]:
    """`'نينوى ـ خدر خلات:'` -> place, author; `'بغداد / رويترز'` -> place, outlet."""
    pieces = [piece.strip() for piece in re.split(rf"\s*[{_DASH}]\s*", line.rstrip(" :"), maxsplit=1)]
    if len(pieces) != 2 or fold(pieces[0]) not in PLACES or not 0 < len(pieces[1].split()) <= 4:
        return {}
    if fold(pieces[1]) in AGENCIES:
        return {"place": pieces[0], "outlet": pieces[1]}
    return {"place": pieces[0], "author": pieces[1]} if line.rstrip().endswith(":") else {}


def dateline(text: str) -> Lead | None:
    """Place and paper glued to the first sentence: `'الموصل-الشروق العربي-بعد موجة ...'` -> place, outlet, and its end.

    Only with a place or a paper this module knows: `'الرئيس - وهو في طهران - قال'` is left alone.
    """
    match = _GLUED.match(text[:120]) or _AGENCY.match(text[:120])
    if not match:
        return None
    place, outlet = match.group(1).strip(), match.group(2).strip()
    if fold(place) not in PLACES and fold(outlet) not in AGENCIES:
        return None
    if len(place.split()) > 3 or len(outlet.split()) > 4:
        return None
    return Lead({"place": place, "outlet": outlet}, match.end())


def fold_offsets(text: str) -> str:
    """`fold` of hamza only, every character at its offset."""
    return "".join({"أ": "ا", "إ": "ا", "آ": "ا"}.get(c, c) for c in text)

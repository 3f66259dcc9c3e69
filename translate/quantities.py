"""Numbers in Arabic and English text, written in figures or in words, and which of them have no partner.

Lenient on purpose: it reads every value a phrase could mean, and only a figure nobody on the other side could have
meant is a difference. It knows nothing of segments or findings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
_FIGURE = re.compile(r"\d{1,3}(?:[,٬،.\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
_BEHIND = re.compile(r"[\s-]*+([^\W\d_]++)")
"""The word behind a figure."""
_DIACRITICS = re.compile("[\u064b-\u065f\u0670\u0640]")
_FOLD = str.maketrans("أإآٱىة", "ااااي" + "ه")
_FREE = frozenset({0.0, 1.0, 2.0})
"""Arabic says one and two by the noun alone; nobody misses them."""

_UNITS = {
    "صفر": 0, "واحد": 1, "واحده": 1, "احد": 1, "احدي": 1, "اول": 1, "اولي": 1,
    "اثنان": 2, "اثنين": 2, "اثنتان": 2, "اثنتين": 2, "اثنا": 2, "اثني": 2, "اثنتا": 2, "اثنتي": 2, "ثاني": 2,
    "ثانيه": 2, "ثان": 2,
    "ثلاث": 3, "ثلاثه": 3, "ثالث": 3, "ثالثه": 3, "ثلث": 3, "اربع": 4, "اربعه": 4, "رابع": 4, "رابعه": 4, "ربع": 4,
    "خمس": 5, "خمسه": 5, "خامس": 5, "خامسه": 5, "ست": 6, "سته": 6, "سادس": 6, "سادسه": 6,
    "سبع": 7, "سبعه": 7, "سابع": 7, "سابعه": 7, "ثمان": 8, "ثماني": 8, "ثمانيه": 8, "ثامن": 8, "ثامنه": 8,
    "تسع": 9, "تسعه": 9, "تاسع": 9, "تاسعه": 9, "عشر": 10, "عشره": 10, "عاشر": 10, "عاشره": 10,
    "عشرون": 20, "عشرين": 20, "عشرينات": 20, "عشرينيات": 20, "ثلاثون": 30, "ثلاثين": 30, "ثلاثينات": 30,
    "ثلاثينيات": 30, "اربعون": 40, "اربعين": 40, "اربعينات": 40, "اربعينيات": 40, "خمسون": 50, "خمسين": 50,
    "خمسينات": 50, "خمسينيات": 50, "ستون": 60, "ستين": 60, "ستينات": 60, "ستينيات": 60, "سبعون": 70, "سبعين": 70,
    "سبعينات": 70, "سبعينيات": 70, "ثمانون": 80, "ثمانين": 80, "ثمانينات": 80, "ثمانينيات": 80, "تسعون": 90,
    "تسعين": 90, "تسعينات": 90, "تسعينيات": 90,
    "zero": 0, "one": 1, "first": 1, "once": 1, "two": 2, "second": 2, "twice": 2, "pair": 2, "both": 2, "double": 2,
    "half": 2, "نصف": 2,
    "three": 3, "third": 3, "thirds": 3, "thrice": 3, "triple": 3, "four": 4, "fourth": 4, "quarter": 4,
    "quarters": 4, "five": 5, "fifth": 5, "six": 6, "sixth": 6, "seven": 7, "seventh": 7, "eight": 8, "eighth": 8,
    "nine": 9, "ninth": 9, "ten": 10, "tenth": 10, "decade": 10, "eleven": 11, "eleventh": 11, "twelve": 12,
    "twelfth": 12, "dozen": 12, "thirteen": 13, "thirteenth": 13, "fourteen": 14, "fourteenth": 14, "fifteen": 15,
    "fifteenth": 15, "sixteen": 16, "sixteenth": 16, "seventeen": 17, "seventeenth": 17, "eighteen": 18,
    "eighteenth": 18, "nineteen": 19, "nineteenth": 19, "twenty": 20, "twentieth": 20, "twenties": 20, "thirty": 30,
    "thirtieth": 30, "thirties": 30, "forty": 40, "forties": 40, "fifty": 50, "fifties": 50, "sixty": 60, "sixties": 60,
    "seventy": 70, "seventies": 70, "eighty": 80, "eighties": 80, "ninety": 90, "nineties": 90,
}  # fmt: skip
_SCALES = {
    "مئه": 100, "مائه": 100, "ميه": 100, "مئات": 100, "مئتان": 200, "مئتين": 200, "مائتان": 200, "مائتين": 200,
    "الف": 1000, "الاف": 1000, "الفا": 1000, "الفان": 2000, "الفين": 2000, "مليون": 10**6, "ملايين": 10**6,
    "مليونا": 10**6, "مليوني": 10**6, "مليونين": 2 * 10**6, "مليار": 10**9, "مليارات": 10**9, "مليارا": 10**9,
    "ملياري": 10**9, "مليارين": 2 * 10**9, "بليون": 10**9, "تريليون": 10**12, "ترليون": 10**12, "تريليونات": 10**12,
    "hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000,
    "million": 10**6, "millions": 10**6, "m": 10**6, "billion": 10**9, "billions": 10**9, "bn": 10**9, "b": 10**9,
    "trillion": 10**12, "trillions": 10**12, "k": 1000,
}  # fmt: skip
_MONTHS = {
    "يناير": 1, "كانون": 0, "فبراير": 2, "شباط": 2, "مارس": 3, "اذار": 3, "ابريل": 4, "نيسان": 4, "مايو": 5, "ايار": 5,
    "يونيو": 6, "حزيران": 6, "يوليو": 7, "تموز": 7, "اغسطس": 8, "اب": 8, "سبتمبر": 9, "ايلول": 9, "اكتوبر": 10,
    "تشرين": 0, "نوفمبر": 11, "ديسمبر": 12,
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7,
    "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_HUNDREDS = ("مئه", "مائه", "ميه")
_TOKEN = re.compile(r"\d+(?:[.,٬]\d+)*|[^\W\d_]+")
_JOINING = frozenset({"and", "a", "of", "و"})


def differences(source: str, target: str) -> tuple[list[str], list[str]]:
    """Figures of the source without partner in the target, and the reverse: `14 مقاتلا`, `15 men` -> [14], [15]."""
    if not any(letter.isdigit() for letter in source + target):
        return [], []
    theirs, ours = _plain(source), _plain(target)
    return list(_lonely(theirs, _meanings(ours))), list(_lonely(ours, _meanings(theirs)))


def _plain(text: str) -> str:
    """Western digits, no diacritics, folded letters, small letters."""
    return _DIACRITICS.sub("", text.translate(_DIGITS)).translate(_FOLD).casefold()


def _lonely(text: str, others: set[float]) -> Iterator[str]:
    scaled = _scaled(text)
    for found in dict.fromkeys(_FIGURE.findall(text)):
        readings = _readings(found)
        free = any(value in _FREE for value in readings)
        apart = _parts(found)
        told_apart = bool(apart) and apart <= others
        if not (free or told_apart or readings & others or scaled.get(found, set()) & others):
            yield found.strip()


def _readings(figure: str) -> set[float]:
    """What a figure may mean: `4,000` -> 4000, 4.0; `2.5` -> 2.5."""
    whole = re.sub(r"[,٬،\u00a0\u202f ](?=\d{3}(?!\d))", "", figure)
    found = {_value(whole.replace(",", ".").replace("،", "."))}
    found |= {_value(re.sub(r"[.](?=\d{3}(?!\d))", "", whole))}
    return found


def _parts(figure: str) -> set[float]:
    """A time or date read as a decimal: `7.55` -> 7, 55; nothing for `4,000` and `14`."""
    return {_value(part) for part in figure.split(".")} if re.fullmatch(r"\d\d?\.\d\d", figure) else set()


def _value(figure: str) -> float:
    try:
        return float(figure)
    except ValueError:
        return math.nan


def _meanings(text: str) -> set[float]:
    """Every value the text may mean in figures or words, times of day and short years included."""
    found: set[float] = set()
    for figure in _FIGURE.findall(text):
        found |= _readings(figure) | _parts(figure)
    for values in _scaled(text).values():
        found |= values
    found |= _spelt(text)
    for value in list(found):
        if 1 <= value <= 24:
            found |= {value + 12, value - 12}
        if 1900 <= value < 2100:
            found.add(value % 100)
        if 0 <= value < 100:
            found |= {1900 + value, 2000 + value}
    return found


def _scaled(text: str) -> dict[str, set[float]]:
    """Figures with a scale behind them: `1.5 million` -> 1500000."""
    found: dict[str, set[float]] = {}
    for match in _FIGURE.finditer(text):
        behind = _BEHIND.match(text, match.end())
        scale = _SCALES.get(_bare(behind.group(1))) if behind else None
        if scale:
            found.setdefault(match.group(), set()).update(round(v * scale, 6) for v in _readings(match.group()))
    return found


def _spelt(text: str) -> set[float]:
    """Values of number words, alone and together: `two hundred and seventy-five` -> 2, 100, 200, 70, 5, 75, 275 ..."""
    found: set[float] = set()
    total = current = 0.0
    for token in [*_TOKEN.findall(text), ""]:
        value = _word_value(token)
        if value is not None:
            current += value
            found |= {value, current, total + current}
        elif (scale := _scale(token)) is not None:
            found |= {scale, max(current, 1) * scale, total + max(current, 1) * scale}
            if scale < 1000:
                current = max(current, 1) * scale if current < 100 else current + scale
            else:
                total, current = total + max(current, 1) * scale, 0.0
            found.add(total + current)
        elif token not in _JOINING:
            month = _MONTHS.get(_bare(token)) if token else None
            found |= {float(month)} if month else set()
            total = current = 0.0
    return found


def _word_value(token: str) -> float | None:
    if token[:1].isdigit():
        return _value(token.replace(",", "").replace("٬", ""))
    word = _bare(token)
    if word in _UNITS:
        return float(_UNITS[word])
    for hundred in _HUNDREDS:
        unit = word.removesuffix(hundred)
        if unit != word and unit in _UNITS:
            return float(_UNITS[unit] * 100)
    return None


def _scale(token: str) -> float | None:
    scale = _SCALES.get(_bare(token))
    return float(scale) if scale else None


def _bare(token: str) -> str:
    """A number word without Arabic clitics: `والعشرين` -> `عشرين`; other words come back as they are."""
    if token in _UNITS or token in _SCALES or token in _MONTHS:
        return token
    bare = re.sub(r"^[وف]?(?:[بكل]?ال|لل|[بكل])?", "", token, count=1)
    return bare if bare in _UNITS or bare in _SCALES or bare in _MONTHS or bare.endswith(_HUNDREDS) else token

"""Odd segments, made by rule: the same seed gives the same ones.

Each kind is a line of the table: how many parts of the whole it gets, and how one is made from real words and
sentences. It knows nothing of how anything is translated.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from translate.document import Kind

SEEDS = Path(__file__).parents[3] / "seeds"
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
VOWELS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
RECITED = "\u06d6\u06d7\u06d8\u06da\u06db\u06dd\u06de\u06e0\u06e9\u0615\u0617"
WIDTHLESS = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\ufeff\u2060\u00ad"
EMOJI = ("😀", "🔥", "🇮🇶", "👨‍👩‍👧", "❤️", "🕌", "📢", "✅", "👍🏽", "⚠️")
LATIN = [
    "Facebook",
    "Twitter",
    "WhatsApp",
    "BBC",
    "CNN",
    "Reuters",
    "AFP",
    "Amaq",
    "YouTube",
    "Telegram",
    "Erbil",
    "F-16",
    "Toyota",
    "iPhone",
    "NATO",
]
FOREIGN = ["Москва", "Ελλάδα", "שלום", "北京", "서울", "भारत", "Հայաստան", "ไทย"]
PERSIAN = [
    "گچ",
    "پژوهش",
    "می\u200cخواهم",
    "کردن",
    "چگونه",
    "ژاله",
    "گفتگو",
    "پدر",
    "کتاب\u200cها",
    "است",
    "این",
    "که",
    "را",
]
URDU = ["ہے", "میں", "کے", "پاکستان", "ڈاکٹر", "ٹرین", "لڑکی", "کیوں", "نہیں", "بہت", "اچھا", "ہوں", "جہاں"]
KURDISH = ["کوردستان", "ڕۆژنامە", "هەولێر", "پێشمەرگە", "دەوڵەت", "ئێمە", "خۆشەویستی", "گەل", "ژیان", "ڵێرە"]
ADDRESSES = (
    "https://example.org/a?b=1&c=%D8%A7#top",
    "www.example.com/الموصل",
    "editor@example.org",
    "http://10.0.0.1:8080/x.php",
    "ftp://example.net/file.tar.gz",
)
CODE = (
    "if (x > 0) { return y[0]; }",
    "SELECT * FROM users WHERE id = 1; --",
    "<script>alert(1)</script>",
    "{{ config.items() }}",
    "%s %d %n",
    "&nbsp;&lt;b&gt;",
    "\\begin{itemize} \\item",
    "rm -rf /tmp/x",
)
SIGNS = ("⟦", "⟧", "⟪", "⟫", "▁", "</s>", "<unk>", "<pad>", "[", "]", "{0}", "\ufffd")
MARKS = "!؟?.,،؛:;-–—_…*#+=~^|/\\()[]{}<>«»“”\"'%٪&@$€"
MENU = (
    "الرئيسية",
    "أخبار",
    "العراق",
    "العالم",
    "رياضة",
    "اقتصاد",
    "فيديو",
    "من نحن",
    "اتصل بنا",
    "بحث",
    "تسجيل الدخول",
)
HEADS = ("الاسم", "العدد", "المحافظة", "التاريخ", "النسبة", "المجموع", "القضاء", "السنة")
MONTHS = ("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول")
MONEY = ("دولار", "دينار عراقي", "يورو", "ريال", "مليون دولار", "مليار دينار")
LAUGHS = ("هههههههههه", "لاااااااااا", "ياااااارب", "واااااو", "خخخخخخخخ", "آآآآآه")
OCR = {"ب": "ت", "ت": "ث", "ج": "ح", "د": "ذ", "ر": "ز", "س": "ش", "ع": "غ", "ف": "ق", "ا": "1", "ل": "I", "ه": "o"}


@dataclass(frozen=True, slots=True)
class Odd:
    """One odd segment."""

    number: int
    kind: str
    text: str
    block: Kind = Kind.PARAGRAPH


class Stock:
    """Words and sentences of the bundled articles, and chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        text = "\n".join(path.read_text("utf-8") for path in sorted(SEEDS.glob("*.md")) if path.name != "README.md")
        self.sentences = [s for s in re.split(r"[.\n]+", text) if 20 < len(s) < 160 and not re.search(r"[A-Za-z]", s)]
        self.every = sorted({w for s in self.sentences for w in re.findall(r"[\u0621-\u064a]{2,}", s)})

    def words(self, least: int, most: int) -> list[str]:
        """Some words in no order."""
        return [self.chance.choice(self.every) for _ in range(self.chance.randint(least, most))]

    def piece(self, least: int = 3, most: int = 7) -> list[str]:
        """Some words that stand together somewhere."""
        said = self.chance.choice(self.sentences).split()
        count = min(len(said), self.chance.randint(least, most))
        begin = self.chance.randint(0, len(said) - count)
        return said[begin : begin + count]

    def one(self, among: Sequence[str]) -> str:
        """One of several."""
        return self.chance.choice(among)

    def figure(self) -> str:
        """A number, in either kind of digits."""
        plain = self.one(["{:d}", "{:,d}"]).format(self.chance.randint(3, 10 ** self.chance.randint(1, 6)))
        return plain.translate(EASTERN) if self.chance.random() < 0.5 else plain


def heading(s: Stock) -> str:
    return s.one(["", "## ", "ثانياً: ", "| "]) + " ".join(s.piece(2, 6)) + s.one(["", ":", " ..", "؟", " (صور)"])


def cell(s: Stock) -> str:
    return s.one(
        [s.figure(), s.one(HEADS), f"{s.one(HEADS)} | {s.one(HEADS)} | {s.figure()}", f"{s.figure()}٪", "—", "N/A"]
    )


def menu(s: Stock) -> str:
    between = s.one([" > ", " | ", " » ", " / ", " - ", "  "])
    return between.join(s.one(MENU) for _ in range(s.chance.randint(1, 4)))


def word(s: Stock) -> str:
    return s.one(["", "«", "- ", "و"]) + s.one(s.every) + s.one(["", "", "!", "،", "»", ":"])


def salad(s: Stock) -> str:
    return " ".join(s.words(2, 6))


def long(s: Stock) -> str:
    said: list[str] = []
    while len(said) < 300:
        said += [*s.chance.choice(s.sentences).split(), s.one(["و", "،", "حيث", "لكن", "ثم"])]
    return " ".join(said[:300])


def mixed(s: Stock) -> str:
    said = s.piece(3, 6)
    for _ in range(s.chance.randint(1, 2)):
        said.insert(s.chance.randint(0, len(said)), s.one(LATIN))
    return " ".join(said)


def emoji(s: Stock) -> str:
    said = s.piece(2, 4)
    for _ in range(s.chance.randint(1, 5)):
        said.insert(s.chance.randint(0, len(said)), s.one(EMOJI) * s.chance.randint(1, 3))
    return " ".join(said)


def emoji_alone(s: Stock) -> str:
    return "".join(s.one(EMOJI) for _ in range(s.chance.randint(1, 12)))


def scanned(s: Stock) -> str:
    text = " ".join(s.piece(3, 6))
    noisy = "".join(OCR.get(c, c) if s.chance.random() < 0.15 else c for c in text)
    return "".join(c + (s.one([" ", "|", "~", ""]) if s.chance.random() < 0.1 else "") for c in noisy)


def digits(s: Stock) -> str:
    return s.one([" ", "-", "/", ", ", "؛ ", "\t"]).join(s.figure() for _ in range(s.chance.randint(1, 8)))


def counted(s: Stock) -> str:
    day = str(s.chance.randint(3, 28)).translate(EASTERN)
    return s.one(
        [
            f"في {day} {s.one(MONTHS)} {s.chance.randint(1990, 2017)} قتل {s.figure()} شخصا",
            f"بلغت الخسائر {s.figure()} {s.one(MONEY)} خلال {s.chance.randint(3, 90)} يوما",
            f"{s.one(HEADS)}: {s.figure()} ({s.chance.randint(3, 99)}٪)",
            f"الساعة {s.chance.randint(3, 11)}:{s.chance.randint(10, 59)} {s.one(s.every)}",
        ]
    )


def punctuation(s: Stock) -> str:
    return "".join(s.one(MARKS) + s.one(["", "", " "]) for _ in range(s.chance.randint(1, 30))).strip() or "…"


def punctuated(s: Stock) -> str:
    return s.one(["!", "؟!", " ... ", " * ", "_", " / "]).join(s.piece(2, 5))


def again(s: Stock) -> str:
    return " ".join([" ".join(s.piece(1, 2))] * s.chance.randint(2, 12))


def laugh(s: Stock) -> str:
    return " ".join([*s.piece(0, 3), s.one(LAUGHS)])


def address(s: Stock) -> str:
    return s.one(ADDRESSES)


def addressed(s: Stock) -> str:
    return " ".join([*s.piece(1, 3), s.one(ADDRESSES), *s.piece(0, 2)])


def hashtag(s: Stock) -> str:
    tag = "#" + "_".join(s.words(1, 3))
    return " ".join([*s.piece(0, 3), s.one([tag, "#Mosul", "@user_1", "#ISIS_" + s.figure()])])


def stretched(s: Stock) -> str:
    return " ".join(w[0] + "ـ" * s.chance.randint(1, 30) + w[1:] for w in s.piece(2, 4))


def vowelled(s: Stock) -> str:
    text = " ".join(s.piece(2, 4))
    return "".join(c + "".join(s.one(VOWELS) for _ in range(s.chance.randint(0, 3))) for c in text)


def recited(s: Stock) -> str:
    return " ".join(w + s.one(RECITED) + s.one(VOWELS) for w in s.piece(2, 5))


def neighbour(s: Stock) -> str:
    among = s.one([*map(str, range(3))])
    return " ".join(s.one((PERSIAN, URDU, KURDISH)[int(among)]) for _ in range(s.chance.randint(2, 6)))


def latin(s: Stock) -> str:
    return " ".join(s.one(LATIN) for _ in range(s.chance.randint(1, 6)))


def widthless(s: Stock) -> str:
    return "".join(c + (s.one(WIDTHLESS) if s.chance.random() < 0.3 else "") for c in " ".join(s.piece(2, 4)))


def code(s: Stock) -> str:
    return s.one([s.one(CODE), f"{' '.join(s.piece(1, 3))} {s.one(CODE)}"])


def signs(s: Stock) -> str:
    said = s.piece(2, 5)
    for _ in range(s.chance.randint(1, 4)):
        said.insert(s.chance.randint(0, len(said)), s.one(SIGNS))
    return " ".join(said)


def foreign(s: Stock) -> str:
    return " ".join([*s.piece(1, 3), s.one(FOREIGN), *s.piece(0, 2)])


def shaped(s: Stock) -> str:
    table = {"ل": "ﻟ", "ا": "ﺎ", "ن": "ﻨ", "ه": "ﻪ", "م": "ﻤ"}
    return " ".join("".join(table.get(c, c) for c in w) for w in s.piece(2, 4)) + s.one(["", " ﷺ", " ﷲ", " ﻻ"])


def lettered(s: Stock) -> str:
    return " ".join("".join(s.piece(1, 2))[:14])


def glued(s: Stock) -> str:
    return "".join(s.piece(3, 10))


def decomposed(s: Stock) -> str:
    return unicodedata.normalize("NFD", " ".join(s.piece(2, 5)))


def quoted(s: Stock) -> str:
    return "«" * s.chance.randint(1, 4) + " ".join(s.piece(2, 4)) + s.one(['"', "»»", "”)", "", "’’"])


def fallen(s: Stock) -> str:
    text = " ".join(s.piece(3, 6))
    return "".join(c for c in text if s.chance.random() > 0.2)


Make = Callable[[Stock], str]

KINDS: dict[str, tuple[int, Make, Kind]] = {
    "headings": (8, heading, Kind.HEADING),
    "table cells": (8, cell, Kind.CELL),
    "menus": (7, menu, Kind.BOILERPLATE),
    "single words": (8, word, Kind.CELL),
    "words in no order": (3, salad, Kind.PARAGRAPH),
    "sentences of 300 words": (0, long, Kind.PARAGRAPH),
    "Latin names in Arabic": (4, mixed, Kind.PARAGRAPH),
    "emoji in Arabic": (2, emoji, Kind.PARAGRAPH),
    "emoji alone": (3, emoji_alone, Kind.PARAGRAPH),
    "noise of scanning": (3, scanned, Kind.PARAGRAPH),
    "digits alone": (5, digits, Kind.CELL),
    "numbers, dates, money": (4, counted, Kind.PARAGRAPH),
    "punctuation alone": (5, punctuation, Kind.PARAGRAPH),
    "punctuation everywhere": (2, punctuated, Kind.PARAGRAPH),
    "said again and again": (2, again, Kind.PARAGRAPH),
    "laughter and cries": (2, laugh, Kind.PARAGRAPH),
    "addresses alone": (3, address, Kind.PARAGRAPH),
    "addresses in Arabic": (2, addressed, Kind.PARAGRAPH),
    "hashtags": (2, hashtag, Kind.PARAGRAPH),
    "stretched by tatweel": (2, stretched, Kind.PARAGRAPH),
    "flooded with vowel signs": (2, vowelled, Kind.PARAGRAPH),
    "marks of recitation": (2, recited, Kind.PARAGRAPH),
    "Persian, Urdu, Kurdish": (3, neighbour, Kind.PARAGRAPH),
    "Latin alone": (3, latin, Kind.PARAGRAPH),
    "characters without width": (2, widthless, Kind.PARAGRAPH),
    "code": (3, code, Kind.PARAGRAPH),
    "marks of the model's own": (2, signs, Kind.PARAGRAPH),
    "other scripts in Arabic": (2, foreign, Kind.PARAGRAPH),
    "presentation forms": (1, shaped, Kind.PARAGRAPH),
    "single letters": (1, lettered, Kind.PARAGRAPH),
    "words glued together": (1, glued, Kind.PARAGRAPH),
    "decomposed letters": (1, decomposed, Kind.PARAGRAPH),
    "open and crossed quotes": (1, quoted, Kind.PARAGRAPH),
    "letters fallen out": (1, fallen, Kind.PARAGRAPH),
}
"""Parts in a hundred, the recipe, and what a reader would take it for."""
LONG = "sentences of 300 words"


def odd(count: int, longest: int, seed: int) -> Iterator[Odd]:
    """So many odd segments and, among them, so many of 300 words; kind by kind."""
    stock = Stock(seed)
    parts = sum(part for part, _, _ in KINDS.values())
    made = 0
    for name, (part, make, block) in KINDS.items():
        for _ in range(longest if name == LONG else -(-count * part // parts)):
            text = " ".join(make(stock).split(" ")).strip()
            yield Odd(made, name, text or "…", block)
            made += 1

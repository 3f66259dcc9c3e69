"""Drafts for the tests of the site: one with everything that a page can show, and one that attacks it."""

from __future__ import annotations

from collections.abc import Sequence

from translate.document import (
    Article,
    Block,
    Draft,
    Finding,
    Kind,
    Mark,
    Origin,
    Segment,
    Severity,
    State,
    Target,
    TermStatus,
    TermUse,
)

SIGNATURE = "ct2-int8|tarjuman-ar-en@1f2e|beam:4|terms:9ac0|split:1|v:0.1.0"
PEOPLE = {State.EDITED, State.APPROVED}


def target(text: str, state: State = State.MACHINE, **more: object) -> Target:
    by_hand = {"origin": Origin.PERSON, "who": "Layla", "when": "2026-11-20T10:00:00Z"} if state in PEOPLE else {}
    return Target(text, state, **{"signature": SIGNATURE, **by_hand, **more})  # type: ignore[arg-type]


def term(arabic: str, english: str, source: str, wanted: str, status: TermStatus = TermStatus.MET) -> TermUse:
    """The first occurrence of `source` in the Arabic and of `wanted` in the English."""
    begin, there = arabic.index(source), english.find(wanted)
    if status is TermStatus.UNMET:
        return TermUse(source, wanted, begin, begin + len(source), source, status)
    return TermUse(source, wanted, begin, begin + len(source), source, status, wanted, there, there + len(wanted))


class Builder:
    """Adds blocks one after the other; a sentence is Arabic and its target, or None."""

    def __init__(self, slug: str, **meta: str) -> None:
        self.slug, self.meta = slug, meta
        self.blocks: list[Block] = []
        self.targets: dict[str, Target] = {}

    def add(
        self, kind: Kind, *sentences: tuple[str, Target | None], marks: Sequence[Mark] = (), **more: object
    ) -> None:
        number = len(self.blocks) + 1
        text, segments = "", []
        for index, (arabic, english) in enumerate(sentences, 1):
            text += " " if text else ""
            name = f"{self.slug}.{number}.{index}"
            segments.append(Segment(name, arabic, len(text), tuple(marks)))
            text += arabic
            if english is not None:
                self.targets[name] = english
        self.blocks.append(Block(number, kind, text, segments=tuple(segments), **more))  # type: ignore[arg-type]

    def verbatim(self, text: str) -> None:
        self.blocks.append(Block(len(self.blocks) + 1, Kind.VERBATIM, text))

    def draft(self) -> Draft:
        return Draft(Article(self.slug, tuple(self.blocks), self.meta), self.targets, glossary="9ac0d1f3")


def full() -> Draft:
    make = Builder(
        "left-bank",
        date="2017-01-12",
        outlet="أخبار الآن",
        place="Dubai",
        author="حسام",
        source="https://example.org/a",
    )
    arabic, english = "تقدمت القوات في الساحل الأيسر.", "Forces advanced on the Left Bank."
    make.add(Kind.TITLE, ("الموصل تضيق", target("Mosul Narrows", State.APPROVED)))
    make.add(Kind.BYLINE, ("دبي (حسام)", target("Dubai (Hussam)")))
    make.add(
        Kind.PARAGRAPH,
        (
            arabic,
            target(
                english,
                terms=(term(arabic, english, "الساحل الأيسر", "the Left Bank"),),
                alignment=((0, 1), (1, 0), (2, 2), (3, 5), (4, 4), (5, 6)),
            ),
        ),
        (
            "هرب عناصر التنظيم.",
            target(
                "Elements fled.",
                terms=(term("هرب عناصر التنظيم.", "", "عناصر", "members", TermStatus.UNMET),),
                findings=(
                    Finding("g-01", Severity.WARNING, "left-bank.3.2", "term missing: عناصر -> members"),
                    Finding("n-01", Severity.ERROR, "left-bank.3.2", "number missing: 70"),
                    Finding("l-01", Severity.NOTE, "left-bank.3.2", "much shorter", dismissed="it is fine"),
                ),
            ),
        ),
        ("لم يترجم أحد هذا.", None),
    )
    make.add(Kind.HEADING, ("عنوان فرعي", target("A sub-heading", State.EDITED)), level=2)
    make.add(Kind.ITEM, ("أولا", target("First")), level=1, marker="-")
    make.add(Kind.ITEM, ("داخل", target("Inside")), level=2, marker="3.")
    make.add(Kind.ITEM, ("ثانيا", target("Second")), level=1, marker="-")
    make.add(Kind.ITEM, ("فقرة أخرى", target("Goes on")), level=1)
    make.add(Kind.QUOTE, ("“قال كلاما.”", target("“He said words.”", State.APPROVED)))
    make.add(Kind.QUOTE, ("داخل", target("Inner")), level=2)
    for place, cell, text in (("0.0", "المدينة", "City"), ("0.1", "العدد", "Number"), ("1.0", "الرقة", "Raqqa")):
        make.add(Kind.CELL, (cell, target(text)), marker=place)
    make.add(Kind.CELL, ("نينوى", target("Nineveh")), marker="2.1")
    make.verbatim("```py\na < b\nنص\n```")
    make.verbatim("---")
    make.add(
        Kind.PARAGRAPH, ("نص مهم", target("Bold text", marks=(Mark("strong", 0, 4),))), marks=(Mark("strong", 3, 6),)
    )
    make.add(Kind.RELATED, ("اقرأ أيضا: خبر", target("Read also: news")))
    make.add(Kind.RELATED, ("خبر آخر", target("More news")), level=1, marker="-")
    make.add(Kind.BOILERPLATE, ("التعليقات مغلقة", target("Comments are closed")))
    return make.draft()


def small(slug: str = "raqqa", state: State = State.APPROVED, **meta: str) -> Draft:
    make = Builder(slug, **{"date": "2015-11-19", **meta})
    make.add(Kind.TITLE, ("ملاذ الرقة", target("Raqqa Haven", state)))
    make.add(Kind.PARAGRAPH, ("الساحل الأيسر بعيد.", target("The Left Bank is far.", state)))
    return make.draft()


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style></textarea><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eevil\u2066\u202d",
    "&lt;b&gt; &#60;b&#62;",
    "]]><!--",
    "\x00\x08\ud800x",
)


def hostile(attack: str) -> Draft:
    """The attack in every place where a text can stand."""
    keys = ("title", "title_en", "title_generated", "author", "outlet", "place", "date", "source")
    make = Builder("attack", **dict.fromkeys(keys, attack))
    text = f"نص {attack}"
    evil = target(
        f"Text {attack}",
        State.APPROVED,
        who=attack,
        when=attack,
        signature=attack,
        terms=(
            TermUse(attack, attack, 3, len(text), attack, TermStatus.MET, attack, 5, 5 + len(attack)),
            TermUse(attack, attack, -4, 10**9, attack, TermStatus.UNMET),
        ),
        findings=(Finding(attack, Severity.ERROR, "attack.1.1", attack),),
        marks=(Mark("link", 0, 4, (("href", attack), ("title", attack))), Mark("html", 2, 3, (("html", attack),))),
    )
    marks = (Mark("image", 0, 2, (("src", attack),)), Mark("strong", 1, 10**9), Mark(attack, 0, 2))
    for kind in Kind:
        if kind is Kind.VERBATIM:
            make.verbatim(attack)
        else:
            make.add(kind, (text, evil), marks=marks, marker=attack, level=9)
    draft = make.draft()
    return Draft(draft.article, draft.targets, glossary=attack)

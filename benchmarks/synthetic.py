"""Articles that nobody wrote, as many as wanted and the same every time: for measuring the site, not the translation.

An article has a title, a by-line, sub-headings and some twenty-five sentences in both languages, with word alignments
and glossary terms as a real draft has them, a date, an outlet and topics. Sentences are words drawn at random; their
number, length and the share of those with a term are those of the articles in `seeds/`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from glossary import Term, TermBase
from translate import drafts, xliff
from translate.document import Article, Block, Draft, Kind, Origin, Segment, State, Target, TermStatus, TermUse
from translate.words import words

ARABIC = re.findall(
    r"\w+",
    """قال مصدر في المدينة إن القوات تقدمت نحو الساحل الغربي بعد معارك عنيفة استمرت ثلاثة أيام وأضاف أن العائلات
    غادرت منازلها ليلا عبر طريق ترابي يصل بين القريتين حيث تنتظرها فرق الإغاثة التي نصبت خياما قرب الجسر القديم
    وكشفت وثائق عثر عليها الجنود داخل مبنى الجامعة عن أسماء موظفين ورواتب وتقارير كتبها مراسلون محليون منذ بداية
    العام الماضي""",
)
ENGLISH = re.findall(
    r"\w+",
    """a source in the city said that forces moved towards the western coast after heavy fighting which went on for
    three days and added that families left their homes at night along a dirt road between the two villages
    where relief teams waited in tents near the old bridge while papers found by soldiers inside the university
    building named employees salaries and reports written by local correspondents since the beginning of last
    year""",
)
OUTLETS = ("أخبار الآن", "الشروق العربي", "نينوى الغد", "Mosul Eye", "صوت الفرات")
TOPICS = ("Mosul", "Raqqa", "وثائق", "نزوح", "Economy", "Courts", "تراث", "Health", "Schools", "Oil", "نساء", "Water")
PLACES = ("الموصل", "دبي – الإمارات العربية المتحدة", "أربيل", "تلعفر", "بغداد")
PEOPLE = ("Layla", "Omar", "هدى")
SIGNATURE = "ct2-int8|tarjuman-ar-en@1f2e3d4c|beam:4|terms:9ac0d1f3|split:1|v:0.1.0"
SHAPE = (4, 5, 3, 4, 5, 4)
"""Sentences of each paragraph; a sub-heading stands before every third."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its translation, with the term in it."""

    arabic: str
    english: str
    term: Term | None = None


def bundled() -> Sequence[Term]:
    """The entries of the Mosul term base."""
    return TermBase.load(TermBase.default()).terms


def article(number: int, terms: Sequence[Term], edit: int = 0) -> Draft:
    """Article of a number; with another `edit` its second sentence differs, and nothing else."""
    chance = random.Random(number)
    slug = f"article-{number:05d}"
    year, month, day = 2014 + number % 9, 1 + number // 9 % 12, 1 + number // 108 % 28
    meta = {
        "date": f"{year}-{month:02d}-{day:02d}",
        "outlet": chance.choice(OUTLETS),
        "author": chance.choice(PEOPLE),
        "place": chance.choice(PLACES),
        "topics": ", ".join(chance.sample(TOPICS, 2)),
        "source": f"https://example.org/news/{number}",
    }
    blocks: list[Block] = []
    targets: dict[str, Target] = {}

    def add(kind: Kind, sentences: Sequence[Sentence], level: int = 0) -> None:
        place, text, segments = len(blocks) + 1, "", []
        for index, one in enumerate(sentences, 1):
            text += " " if text else ""
            segments.append(Segment(f"{slug}.{place}.{index}", one.arabic, len(text)))
            targets[segments[-1].id] = _target(one, chance)
            text += one.arabic
        blocks.append(Block(place, kind, text, level, segments=tuple(segments)))

    add(Kind.TITLE, [_sentence(chance, terms, 5)])
    add(Kind.BYLINE, [Sentence(f"{meta['place']} ({meta['author']})", f"By {meta['author']}")])
    for paragraph, size in enumerate(SHAPE):
        if paragraph % 3 == 2:
            add(Kind.HEADING, [_sentence(chance, terms, 4)], 2)
        add(Kind.PARAGRAPH, [_sentence(chance, terms, chance.randint(10, 24)) for _ in range(size)])
    if edit:
        second = blocks[2].segments[0].id
        targets[second] = replace(targets[second], text=f"{targets[second].text} Edit {edit}.", terms=(), alignment=())
    return Draft(Article(slug, tuple(blocks), meta), targets, glossary="9ac0d1f3")


def _sentence(chance: random.Random, terms: Sequence[Term], length: int) -> Sentence:
    arabic = [chance.choice(ARABIC) for _ in range(length)]
    english = [chance.choice(ENGLISH) for _ in range(length)]
    term = chance.choice(terms) if terms and chance.random() < 0.5 else None
    if term:
        at = chance.randrange(length)
        arabic[at], english[at] = term.source, term.target
    return Sentence(
        " ".join(arabic) + ".", " ".join(english).capitalize() + "." if not term else " ".join(english) + ".", term
    )


def _target(one: Sentence, chance: random.Random) -> Target:
    state = chance.choices((State.MACHINE, State.EDITED, State.APPROVED), (80, 10, 10))[0]
    count = min(len(words(one.arabic)), len(words(one.english)))
    uses: tuple[TermUse, ...] = ()
    if one.term:
        begin, there = one.arabic.index(one.term.source), one.english.index(one.term.target)
        uses = (
            TermUse(
                one.term.source, one.term.target, begin, begin + len(one.term.source), one.term.source, TermStatus.MET,
                one.term.target, there, there + len(one.term.target),
            ),
        )  # fmt: skip
    target = Target(
        one.english, state, signature=SIGNATURE, score=-0.25, terms=uses, source=one.arabic,
        alignment=tuple((i, i) for i in range(count)),
    )  # fmt: skip
    if state is State.MACHINE:
        return target
    return replace(target, origin=Origin.PERSON, who="Layla", when="2026-01-02T03:04:05Z")


def markdown(draft: Draft) -> Iterator[str]:
    """The lines of the same article as bilingual Markdown, one paragraph a sentence, for programs that read that."""
    for block in draft.article.blocks[1:]:
        mark = "## " if block.kind is Kind.HEADING else ""
        for segment in block.segments:
            yield f'{mark}<span lang="ar" dir="rtl">{segment.text}</span>'
            yield ""
            yield f"{mark}{draft.targets[segment.id].text}"
            yield ""


def write_drafts(folder: Path, count: int) -> None:
    """Drafts of so many articles, as `tarjuman draft` would have written them."""
    folder.mkdir(parents=True, exist_ok=True)
    terms = bundled()
    for number in range(count):
        write_draft(folder, article(number, terms))


def write_draft(folder: Path, draft: Draft) -> None:
    """One draft, without what protects a person's: nobody works on these."""
    drafts.path_for(folder, draft.article.slug).write_bytes(xliff.dump(draft))

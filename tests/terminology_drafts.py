"""Drafts with terms for the tests of the terminologist's bench: sentences given as text, some of them a person's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from glossary import TermBase
from translate import drafts
from translate.document import Article, Block, Draft, Kind, Segment, State, Target
from translate.review.terms import Terms

Line = tuple[str, str] | tuple[str, str, str]
"""Arabic, the machine's English, and what a person made of it; the same text confirms it."""
HEADER = "source\ttarget\tnumber\tforms\tforbidden\tcontext\n"
TERMS = HEADER + (
    "مفرزة\tdetachment\t\tpl:مفارز|du:مفرزتان\tsquad|squads\t\n"
    "الساحل الأيسر\tthe Left Bank\t\t\t\t\n"
    "ديوان\tDiwan\t\tpl:دواوين\t\t\n"
    "أمير\temir\t\t\t\tnear:ديوان\n"
)


def term_base(folder: Path, text: str = TERMS, name: str = "terms.tsv") -> TermBase:
    """A term file with this text, read."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return TermBase.load([path])


def article(
    slug: str, lines: Sequence[Line], terms: TermBase | None = None, when: str = "2017-01-12", who: str = "Layla"
) -> Draft:
    """An article of one sentence a paragraph."""
    blocks, targets = [], {}
    for number, (arabic, english, *by_hand) in enumerate(lines, 1):
        segment = Segment(f"{slug}.{number}.1", arabic)
        blocks.append(Block(number, Kind.PARAGRAPH, arabic, segments=(segment,)))
        target = Target(english, State.MACHINE, signature="fake|x", source=arabic)
        for text in by_hand:
            target = drafts.revised(target, text, source=arabic, who=who, when=f"{when}T10:00:00Z")
        if english or by_hand:
            targets[segment.id] = target
    made = Draft(Article(slug, tuple(blocks), {"date": when}), targets)
    if terms is None:
        return made
    desk = Terms(terms)
    looked = {
        one.id: desk.checked(made.article, one, targets[one.id]) for one in made.article.segments() if one.id in targets
    }
    return replace(made, targets=looked)


def write(folder: Path, *made: Draft) -> Path:
    """The drafts in a folder, each saved as a run saves it."""
    for one in made:
        drafts.save(one, drafts.path_for(folder, one.article.slug), base=one.fingerprint)
    return folder


def edit(folder: Path, slug: str, number: int, text: str) -> None:
    """A person's text for one sentence of a draft that is there."""
    path = drafts.path_for(folder, slug)
    draft = drafts.load(path)
    name = f"{slug}.{number}.1"
    segment = next(one for one in draft.article.segments() if one.id == name)
    target = drafts.revised(draft.targets[name], text, source=segment.text, who="Omar", when="2017-02-01T08:00:00Z")
    drafts.save(replace(draft, targets={**draft.targets, name: target}), path, base=draft.fingerprint)

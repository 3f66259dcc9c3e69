"""Checks: the cases of tests/cases/checks.md, and docs/checks.md held to the table."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from case_blocks import case_blocks
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import Match, Term
from translate import checks
from translate.constraints import Requirement, require
from translate.document import Finding, Mark, Origin, Segment, Severity, State, Target, TermStatus, TermUse
from translate.english import split_article
from translate.quantities import differences

HERE = Path(__file__).parent
CASES = HERE / "cases" / "checks.md"
DOCS = HERE.parent / "docs" / "checks.md"


def _requirement(line: str, source: str) -> Requirement:
    arabic, _, rest = line.partition(" = ")
    target, *facts = [part.strip() for part in rest.split(";")]
    known = dict(part.partition("=")[::2] for part in facts)
    bare = split_article(target)[1]
    term = Term(
        source=arabic,
        target=target,
        singular=known.get("one", bare),
        plural=known.get("many", bare),
        forbidden=tuple(f for f in known.get("not", "").split("|") if f),
    )
    begin = source.index(arabic)
    end = begin + len(arabic)
    number = known.get("is", "unknown")
    match = Match(
        term=term,
        begin=begin,
        end=end,
        stem_begin=begin,
        stem_end=end,
        proclitics=(),
        definite=False,
        number=number,
        enclitic="",
        why=arabic,
        surface=arabic,
    )
    return require([match])[0]


def _cases() -> list[object]:
    return [
        pytest.param(dict(pairs), [value for key, value in pairs if key == "term"], id=title)
        for title, pairs in case_blocks(CASES)
    ]


@pytest.mark.parametrize(("case", "terms"), _cases())
def test_case(case: dict[str, str], terms: list[str]) -> None:
    requirements = [_requirement(line, case["source"]) for line in terms]
    target = Target(case["target"], State.MACHINE)
    found = checks.run(Segment("a.1.1", case["source"]), target, requirements)
    assert [f.check for f in found] == ([] if case["find"] == "-" else case["find"].split())
    assert all(f.segment == "a.1.1" and f.message and f.hint for f in found)


SEGMENT = Segment("a.1.1", "هربوا.")
TARGET = Target("They fled.", State.MACHINE)


def test_a_term_put_in_without_alignment_asks_for_a_look() -> None:
    use = TermUse("مفارز", "detachments", 0, 5, "مفارز", TermStatus.SUBSTITUTED, "detachments", 0, 11)
    (found,) = checks.run(SEGMENT, replace(TARGET, terms=(use,)))
    assert (found.check, found.severity) == ("g-03", Severity.WARNING)
    assert not checks.run(SEGMENT, replace(TARGET, terms=(use,), origin=Origin.PERSON)), "a person has looked"
    assert not checks.run(SEGMENT, replace(TARGET, terms=(replace(use, status=TermStatus.FORCED),)))


def test_a_forbidden_word_that_renders_other_arabic_is_fine() -> None:
    source = "قال مكتب الديوان"
    requirement = _requirement("الديوان = Diwan; not=office", source)
    target = Target("The office of the Diwan said", State.MACHINE)
    segment = Segment("a.1.1", source)
    assert [f.check for f in checks.run(segment, target, [requirement])] == ["g-02"]
    aligned = replace(target, alignment=((1, 1), (2, 4), (0, 5)))
    assert not checks.run(segment, aligned, [requirement])


def test_links_must_survive() -> None:
    link = Mark("link", 0, 5, (("href", "https://example.org"),))
    segment = replace(SEGMENT, marks=(link,))
    assert not checks.run(segment, replace(TARGET, marks=(replace(link, end=9),)))
    (lost,) = checks.run(segment, TARGET)
    assert (lost.check, lost.message) == ("k-01", "formatting lost: link https://example.org")
    other = replace(link, data=(("href", "https://example.net"),))
    assert len(checks.run(segment, replace(TARGET, marks=(other,)))) == 2
    (added,) = checks.run(SEGMENT, replace(TARGET, marks=(Mark("strong", 0, 4),)))
    assert added.message == "formatting added: strong"


@pytest.mark.parametrize("name", ["c-01", "x-01", "h-01", "h-02"])
def test_what_decoding_reported_stands_until_a_person_edits(name: str) -> None:
    target = replace(TARGET, findings=(checks.finding(name, "a.1.1", "as decoding saw it"),))
    (found,) = checks.run(SEGMENT, target)
    assert (found.check, found.message) == (name, "as decoding saw it")
    assert not checks.run(SEGMENT, replace(target, state=State.EDITED, origin=Origin.PERSON))


def test_what_was_dismissed_stays_dismissed() -> None:
    doubled = replace(TARGET, text="They they fled.")
    (first,) = checks.run(SEGMENT, doubled)
    again = checks.run(SEGMENT, replace(doubled, findings=(replace(first, dismissed="as he said it"),)))
    assert [f.dismissed for f in again] == ["as he said it"]
    elsewhere = Finding("r-01", Severity.WARNING, "a.1.1", "word doubled: of of", dismissed="another")
    assert [f.dismissed for f in checks.run(SEGMENT, replace(doubled, findings=(elsewhere,)))] == [""]


def test_a_new_segment_is_not_yet_untranslated() -> None:
    assert not checks.run(SEGMENT, Target(""))


@pytest.mark.parametrize(
    ("source", "target", "missing", "added"),
    [
        ("14 مقاتلا", "15 men", ["14"], ["15"]),
        ("1,5 مليون", "1.5 million", [], []),
        ("1500000", "1.5 million", [], []),
        ("٣٫٥ بالمئة", "3.5 percent", [], []),
        ("2.94 مليون", "2.54 million", ["2.94"], ["2.54"]),
        ("القرن التاسع عشر", "the 19th century", [], []),
        ("ثلاثمئة وخمسون", "350", [], []),
        ("بعد اثني عشر يوما", "12 days later", [], []),
        ("الفوج 11", "the eleventh regiment", [], []),
        ("11 نوفمبر", "11/11", [], []),
        ("ثلاثة ملايين ونصف", "3.5 million", [], ["3.5"]),
        ("12 مقاتلا", "a dozen fighters", [], []),
        ("", "", [], []),
    ],
)
def test_numbers(source: str, target: str, missing: list[str], added: list[str]) -> None:
    assert differences(source, target) == (missing, added)


def test_the_docs_and_the_table_name_the_same_checks() -> None:
    text = DOCS.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## ([a-z]-\d\d) .*?\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    assert list(sections) == list(checks.CHECKS)
    for name, section in sections.items():
        assert checks.CHECKS[name].hint in section
        assert f"**{checks.CHECKS[name].severity.value}**" in section
        assert "For example" in section


def test_every_check_on_the_text_has_cases_that_fire_and_cases_that_do_not() -> None:
    lines = re.findall(r"^find: (.*)$", CASES.read_text(encoding="utf-8"), re.M)
    fired = {name for line in lines for name in line.split()}
    elsewhere = {"g-03", "g-05", "k-01", "c-01", "x-01", "h-01", "h-02", "m-01"}
    assert fired - {"-"} == set(checks.CHECKS) - elsewhere


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_taken_and_gives_the_same_twice(source: str, target: str) -> None:
    segment, draft = Segment("a.1.1", source), Target(target, State.MACHINE)
    assert checks.run(segment, draft) == checks.run(segment, draft)


def test_a_huge_segment_is_no_trouble() -> None:
    segment = Segment("a.1.1", "هربوا من 14 مدينة " * 3000)
    checks.run(segment, Target("fled from 14 cities " * 3000, State.MACHINE))


def test_a_figure_without_end_is_soon_compared() -> None:
    begun = time.process_time()
    assert differences("9" * 100_000, "9" * 100_000) == ([], [])
    assert differences("هرب 5", "5 men, 1,000" + ",000" * 20_000 + " " * 20_000)[0] == []
    assert differences("خسروا 1.5 مليون", "they lost 1,500,000") == ([], [])
    assert time.process_time() - begun < 5

"""Fragments: the cases of tests/cases/fragments.md, names spelt in full, a by-line on its way."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from case_blocks import case_blocks
from hypothesis import given
from hypothesis import strategies as st

from glossary import Matcher, Term, TermBase
from translate.constraints import require
from translate.decode import decode
from translate.document import Segment
from translate.engines.fake import FakeEngine
from translate.fragments import marked, parts, said
from translate.joining import Job, in_parts, pieces
from translate.sounding import sounds_like

CASES = Path(__file__).parent / "cases" / "fragments.md"


def _cases() -> list[object]:
    return [pytest.param(dict(pairs), id=title) for title, pairs in case_blocks(CASES)]


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, str]) -> None:
    text = case["source"]
    begin = text.find(case["term"]) if "term" in case else -1
    held = [(begin, begin + len(case["term"]))] if begin >= 0 else []
    found = [text[b:e] for b, e in parts(text, held, sure=case.get("line") == "yes")]
    assert (" / / ".join(found) or "-") == case["parts"]


@given(st.text(alphabet="نيوى كتب:|/-ـ–()«»12. ", max_size=40), st.booleans())
def test_parts_are_in_order_and_lose_no_letter(text: str, sure: bool) -> None:
    found = parts(text, sure=sure)
    if found:
        inside = {place for begin, end in found for place in range(begin, end)}
        assert sum(end - begin for begin, end in found) == len(inside)
        assert [begin for begin, _ in found] == sorted(begin for begin, _ in found)
        assert not any(letter.isalnum() for n, letter in enumerate(text) if n not in inside and letter != "ـ")


def test_a_long_line_is_soon_read() -> None:
    begun = time.process_time()
    for filling in (" - ", "-", " ", "(", "ن ", "ـ", ": "):
        parts(filling * 30_000, sure=True)
    assert time.process_time() - begun < 3


def test_credits_are_said_alike_only_in_by_lines() -> None:
    assert said("أ ف ب", sure=True) == "AFP"
    assert said("كتب") == ""
    assert said("التعليقات مغلقة") == "Comments are closed"
    assert [marked(mark) for mark in ("ـ", "-", "|", "»:", "ـ «")] == ["–", "–", "|", '":', '– "']


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        ("Khidr Khalat", "خدر خلات"),
        ("Saad al-Bazzaz", "سعد البزاز"),
        ("Hisham al-Hashimi", "هشام الهاشمي"),
        ("Abdullah Hassan", "عبد الله حسن"),
        ("Fatima az-Zahra", "فاطمة الزهراء"),
        ("Al-Shorouk", "الشروق"),
        ("Wael Youssef", "وائل يوسف"),
        ("Aïsha", "عائشة"),
    ],
)
def test_names_spelt_in_full(english: str, arabic: str) -> None:
    assert sounds_like(english, arabic)


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        ("Khadirt", "خدر خلات"),
        ("Saad al-Baz", "سعد البزاز"),
        ("Dama Najm", "ديما نجم"),
        ("Al-Sharq", "الشروق"),
        ("Exclusive", "حصري"),
        ("Hassan Ali", "حسن"),
        ("", "حسن"),
    ],
)
def test_names_with_letters_lost_or_added(english: str, arabic: str) -> None:
    assert not sounds_like(english, arabic)


def test_spelling_is_soon_compared() -> None:
    begun = time.process_time()
    for arabic, english in (("د", "d"), ("ه", "a"), ("ا", "a"), ("ظ", "dh")):
        sounds_like(english * 60, arabic * 59)
    assert time.process_time() - begun < 2


BASE = TermBase((Term("نينوى", "Nineveh", number="name"), Term("رويترز", "Reuters", number="name")))


def _job(text: str, *, line: bool = True) -> Job:
    return Job(Segment("a.1.1", text), require(Matcher(BASE).find(text)), headline=True, line=line)


def test_a_by_line_keeps_its_marks_and_terms() -> None:
    (target,) = decode([_job("نينوى ـ 12 / رويترز (وكالات):")], FakeEngine())
    assert target.text == "Nineveh – 12 / Reuters (Agencies):"
    assert [use.surface for use in target.terms] == ["Nineveh", "Reuters"]
    assert [target.text[use.target_begin : use.target_end] for use in target.terms] == ["Nineveh", "Reuters"]
    assert (0, 0) in target.alignment and not [f for f in target.findings if f.check == "c-01"]


def test_a_term_with_a_preposition_is_left_to_the_engine() -> None:
    cut = pieces(_job("بنينوى | حسن"), FakeEngine(), 100)
    assert in_parts(cut) and [piece.text for piece in cut if not piece.carried] == ["بنينوى", "حسن"]


def test_an_address_in_a_by_line_is_carried() -> None:
    (target,) = decode([_job("رويترز | https://example.org/a-b")], FakeEngine())
    assert target.text == "Reuters | https://example.org/a-b"

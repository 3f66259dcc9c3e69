"""Sentences and clauses: cases an Arabist can add to, and what must hold for any text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.split import clauses, rejoin, split

CASES = re.compile(r"^(?P<name>.+)\n\.\n(?P<text>(?:.*\n)*?)\.\n(?P<want>(?:.*\n)*?)\.$", re.M)


def cases(name: str) -> list[tuple[str, str, str]]:
    text = (Path(__file__).parent / "cases" / name).read_text(encoding="utf-8")
    return [(m["name"], m["text"].removesuffix("\n"), m["want"].removesuffix("\n")) for m in CASES.finditer(text)]


def pieces(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[a:b] for a, b in spans]


@pytest.mark.parametrize(("name", "text", "want"), cases("split.md"), ids=[c[0] for c in cases("split.md")])
def test_cases(name: str, text: str, want: str) -> None:
    assert pieces(text, split(text)) == want.split("\n")


def test_enough_cases() -> None:
    assert len(cases("split.md")) >= 80


ARABIC = st.text(alphabet='ابوقال منه د.م!؟?…"”“»«()،:؛ \n\t\u00a0123٣٫aB.\u064b🎉', max_size=80)


@settings(max_examples=200, deadline=None)
@given(ARABIC)
def test_only_white_space_lies_between_sentences(text: str) -> None:
    spans = split(text)
    assert rejoin(text, spans)
    assert all(part == part.strip() and part and "\n" not in part for part in pieces(text, spans))


@settings(max_examples=100, deadline=None)
@given(ARABIC)
def test_a_sentence_is_one_sentence(text: str) -> None:
    for part in pieces(text, split(text)):
        again = pieces(part, split(part))
        assert "".join(again).replace(" ", "") == part.replace(" ", "")


@settings(max_examples=200, deadline=None)
@given(ARABIC, st.integers(1, 12), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=3))
def test_clauses_rejoin_fit_and_keep_protected_spans(text: str, room: int, ranges: list[tuple[int, int]]) -> None:
    protected = [(min(r), max(r)) for r in ranges]
    spans = clauses(text, lambda piece: len(piece) <= room, protected)
    assert rejoin(text, spans)
    for begin, end in spans:
        kept = any(a < end < b or a < begin < b for a, b in protected)
        assert not kept or not text[begin - 1 : begin].strip() or begin == 0 or text[end : end + 1].strip() == ""
        if end - begin > room:
            inner = [m.start() for m in re.finditer(r"\s+", text[begin:end])]
            assert all(any(a < begin + at < b for a, b in protected) for at in inner)
    cuts = [end for _, end in spans[:-1]]
    starts = [begin for begin, _ in spans[1:]]
    for left, right in zip(cuts, starts, strict=True):
        assert not any(a < left and right < b for a, b in protected)


QUOTE = (
    "وقال مصدر امني ان “انتصار القوات الامنية المشتركة في محافظة صلاح الدين الذي توّج بالتحرير الكامل لمدينة تكريت، "
    "هز قواعد تنظيم داعش الارهابي في مدينة الموصل، بينما كانت قيادات التنظيم على معرفة تامة بسير المعارك”."
)


def test_clauses_are_cut_at_commas_first() -> None:
    parts = pieces(QUOTE, clauses(QUOTE, lambda piece: len(piece.split()) <= 22))
    assert parts[0].endswith("تكريت،")
    assert " ".join(parts) == QUOTE


def test_clauses_are_cut_before_connectives() -> None:
    text = "انسحبت القوة من الحي القديم في المدينة بينما تقدمت قوة اخرى من جهة النهر"
    assert pieces(text, clauses(text, lambda piece: len(piece.split()) <= 8))[1].startswith("بينما")


def test_clauses_are_cut_at_quotation_marks() -> None:
    text = 'ذكر البيان الصادر عن القيادة العامة للقوات ان "المعركة الاخيرة ستبدأ بعد ايام قليلة جدا"'
    assert pieces(text, clauses(text, lambda piece: len(piece.split()) <= 9))[1].startswith('"المعركة')


def test_clauses_leave_a_sentence_that_fits() -> None:
    assert clauses(" نعم، لا ", lambda _: True) == [(1, 8)]


def test_clauses_never_cut_inside_a_term() -> None:
    text = "سيطرت القوات على الساحل الأيسر"
    begin = text.index("الساحل")
    parts = pieces(text, clauses(text, lambda piece: len(piece.split()) <= 1, [(begin, len(text))]))
    assert parts == ["سيطرت", "القوات", "على", "الساحل الأيسر"]


@pytest.mark.parametrize(
    "text",
    [
        "د. " * 60_000,
        '"نعم!" ' * 30_000,
        "؟ " * 100_000,
        "كلمة " * 100_000,
        "... " * 60_000,
        "ا" * 400_000,
        '". ' * 60_000,
    ],
)
def test_time_is_linear(text: str) -> None:
    started = time.process_time()
    spans = split(text)
    clauses(text[:200_000], lambda piece: len(piece) < 1000)
    assert rejoin(text, spans)
    assert time.process_time() - started < 3

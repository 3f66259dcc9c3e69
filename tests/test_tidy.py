"""Tidy: the cases of tests/cases/tidy.md, and what is promised for any text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from case_blocks import case_blocks
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import Match, Term
from translate.constraints import require
from translate.repair.sentence import Held, start
from translate.repair.tidy import RULES, tidy
from translate.words import words

CASES = Path(__file__).parent / "cases" / "tidy.md"


def _cases() -> list[object]:
    return [pytest.param(dict(pairs), id=title) for title, pairs in case_blocks(CASES)]


def _held(text: str, said: str, *, to: bool, number: str = "name", at: int = 0) -> list[Held]:
    match = Match(
        term=Term("خبر", said, number=number, singular=said, plural=said),
        begin=at,
        end=at + 3,
        stem_begin=0,
        stem_end=3,
        proclitics=("ل",) if to else (),
        definite=False,
        number="unknown",
        enclitic="",
        why="خبر",
        surface="خبر",
    )
    begin = text.index(said)
    return [(require([match])[0], begin, begin + len(said))]


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, str]) -> None:
    text = case["text"]
    held = _held(text, case["term"], to=case.get("to") == "yes") if "term" in case else []
    kept = [case["kept"]] if "kept" in case else []
    mended = tidy(start(text, (), held), kept, headline=case.get("headline") == "yes")
    assert mended.text == (text if case["expect"] == "-" else case["expect"])
    for _, begin, end in mended.held:
        assert mended.text[begin:end] == case["term"]


def test_a_noun_stands_where_a_noun_can() -> None:
    text = "It claims its readiness to reconstruction the city."
    mended = tidy(start(text, (), _held(text, "reconstruction", to=True, number="mass")))
    assert mended.text == "It claims its readiness for the reconstruction of the city."
    name = "They went to Mosul the next day."
    assert tidy(start(name, (), _held(name, "Mosul", to=True))).text == name


@pytest.mark.parametrize(
    ("at", "expect"), [(4, "Al-Allaf to Akhbar: ISIS failed"), (20, "Al-Allaf Akhbar: ISIS failed")]
)
def test_who_is_spoken_to_straight_behind_who_speaks(at: int, expect: str) -> None:
    text = "Al-Allaf Akhbar: ISIS failed"
    held = [*_held(text, "Al-Allaf", to=False), *_held(text, "Akhbar", to=True, at=at)]
    assert tidy(start(text, (), held), headline=True).text == expect


def test_every_rule_has_a_case_that_it_mends() -> None:
    mended = {
        rule.name
        for line in CASES.read_text(encoding="utf-8").splitlines()
        if line.startswith("text: ")
        for rule in RULES
        if (found := rule.found.search(line.removeprefix("text: "))) and rule.put(found) != found.group()
    }
    assert mended == {rule.name for rule in RULES}


_WORDS = "the a an The A umbrella emir there are is no many said told to that Ali , . 700 fighter"
_SAID = st.sampled_from(_WORDS.split())


@settings(max_examples=200, deadline=None)
@given(st.lists(_SAID, max_size=12), st.lists(st.integers(0, 11), max_size=6))
def test_it_comes_to_rest_and_keeps_its_alignment(said: list[str], numbers: list[int]) -> None:
    text = " ".join(said)
    count = len(words(text))
    once = tidy(start(text, tuple((0, n) for n in numbers if n < count)))
    assert all(0 <= begin < end <= len(once.text) for _, begin, end in once.links)
    again = once
    for _ in range(len(said)):
        again = tidy(again)
    assert tidy(again).text == again.text


def test_a_long_text_is_soon_read() -> None:
    begun = time.process_time()
    for filling in ("the ", "a ", "there are a ", "said to A ", '"', "9,999 ", ", So "):
        tidy(start(filling * 2_000, ()))
    assert time.process_time() - begun < 5

"""Tracked changes: the cases of tests/cases/diff.md, and that both texts can always be had back."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate import diff
from translate.diff import Kind, changes, marked

CASES = Path(__file__).parent / "cases" / "diff.md"
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in CASES.read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| case")
]
WORDS = [
    "He",
    "they",
    "fled",
    "fled",
    ".",
    ",",
    " ",
    "  ",
    "\n",
    "الساحل",
    "السّاحل",
    "،",
    "\u00a0",
    "\u200f",
    "12",
    "e\u0301",
]
texts = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(WORDS), max_size=14).map("".join))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_case(row: list[str]) -> None:
    _, before, after, expected = row
    assert marked(changes(before, after)) == expected


@settings(max_examples=100, deadline=None)
@given(texts, texts)
def test_both_texts_come_back_and_the_runs_are_tidy(one: str, other: str) -> None:
    runs = changes(one, other)
    assert diff.before(runs) == one
    assert diff.after(runs) == other
    assert all(run.text for run in runs)
    kinds = [run.kind for run in runs]
    assert all(a is not b for a, b in itertools.pairwise(kinds))
    assert (Kind.ADDED, Kind.REMOVED) not in itertools.pairwise(kinds)


@settings(max_examples=30, deadline=None)
@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(run.kind is Kind.SAME for run in changes(text, text))


def test_texts_too_long_to_compare_word_by_word_still_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff, "LIMIT", 10)
    assert marked(changes("He said that they fled at dawn.", "He said she left at dawn.")) == (
        "He said [-that they fled-]{+she left+} at dawn."
    )

"""Words cut into other pieces for training: the text stays the same and the word alignment moves along."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_annotations import IDS, MODEL, annotator, encoded, examples

from training.annotate import Example
from training.resegment import Resegmenter
from translate.engines.pieces import CLOSE, MIDDLE, OPEN, STOP

pytestmark = pytest.mark.model
WRITTEN = {number: piece for piece, number in IDS.items()}


def spelt(ids: list[int]) -> str:
    return "".join(WRITTEN[number] for number in ids)


def words(ids: list[int]) -> list[int]:
    """The number of the word each piece belongs to."""
    return list(accumulate(int(WRITTEN[number].startswith("▁")) for number in ids))


def test_a_word_is_met_in_many_pieces() -> None:
    resegment = Resegmenter(MODEL / "source.spm", 1)
    plain = Example(encoded("وبالديوان"), encoded("detachments"), [-100] * len(encoded("detachments")))
    met = {tuple(resegment(plain).source) for _ in range(200)}
    assert len(met) > 3
    assert tuple(plain.source) in met


@settings(max_examples=200, deadline=None)
@given(examples(), st.integers(0, 50), st.booleans())
def test_the_text_stays_and_links_stay_between_their_words(example: Example, seed: int, annotated: bool) -> None:
    before = annotator(seed)(example) if annotated else example
    after = Resegmenter(MODEL / "source.spm", seed)(before)
    assert spelt(after.source) == spelt(before.source)
    assert spelt(after.target) == spelt(before.target)
    assert len(after.links) == len(after.target)

    def pairs(of: Example) -> set[tuple[int, int]]:
        source, target = words(of.source), words(of.target)
        return {(target[at], source[link] if link >= 0 else link) for at, link in enumerate(of.links)}

    # Words that were joined into fewer pieces keep the links of those that are left.
    assert pairs(after) <= pairs(before)


@settings(max_examples=100, deadline=None)
@given(examples(), st.integers(0, 50))
def test_the_signs_of_an_annotation_stay_pieces_of_their_own(example: Example, seed: int) -> None:
    before = annotator(seed)(example)
    after = Resegmenter(MODEL / "source.spm", seed)(before)
    signs = [IDS[symbol] for symbol in (OPEN, MIDDLE, STOP, CLOSE)]
    assert [n for n in after.source if n in signs] == [n for n in before.source if n in signs]


def test_the_same_seed_cuts_the_same() -> None:
    plain = Example(encoded("قال شاهد في الساحل الأيسر من الموصل"), encoded("The witness said"), [0] * 3)
    plain = Example(plain.source, plain.target, [0] * len(plain.target))
    first, second = (Resegmenter(MODEL / "source.spm", 7) for _ in range(2))
    assert [first(plain) for _ in range(20)] == [second(plain) for _ in range(20)]

"""Composing letters and signs: the same as the standard library, and soon done with however many signs."""

from __future__ import annotations

import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from translate.composed import composed

SIGNS = "\u0301\u0327\u0323\u064b\u0651\u0344\u0f73\u0f71\u3099\u0345eا.é\u1100\u1161\u11a8"


@given(st.text(st.sampled_from(SIGNS), max_size=90), st.text(st.sampled_from(SIGNS), max_size=4))
def test_it_is_what_the_standard_library_says(text: str, more: str) -> None:
    whole = text + more * 20
    assert composed(whole) == unicodedata.normalize("NFC", whole)


def test_a_letter_may_have_a_hundred_thousand_signs() -> None:
    begun = time.process_time()
    made = composed("e" + "\u0301\u0327" * 100_000)
    assert time.process_time() - begun < 2
    assert made.startswith("\u0229\u0327") and len(made) == 200_000

"""The recipe's parts that the product relies on: what the tokenizer of the bundled model does to raw text."""

from __future__ import annotations

from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given, settings
from hypothesis import strategies as st

from training.normalise import normalise

MODEL = Path(__file__).parent.parent / "translate" / "models" / "tarjuman-ar-en"


@pytest.fixture(scope="module")
def tokenizer() -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(model_file=str(MODEL / "source.spm"))


@pytest.mark.model
@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("السّاحل الأيسر", "الساحل الايسر"),
        ("الســاحل", "الساحل"),
        ("إلى أُخرى", "الي اخري"),
        ("١٢٫٥٪", "12.5%"),
        ("«قال»، “نعم”؛ أليس كذلك؟", '"قال", "نعم"; اليس كذلك?'),
        ("كی", "كي"),
        ("a\u00a0b\u200fc", "a bc"),
        ("ﷲ ﻻ", "الله لا"),
        ("cafe\u0301", "café"),
    ],
)
def test_the_tokenizer_normalises_by_itself(tokenizer, raw: str, normal: str) -> None:
    assert normalise(raw) == normal
    assert tokenizer.normalize(raw) in (normal, "▁" + normal.replace(" ", "▁"))


@pytest.mark.model
@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("ابتثجحخدذرزسشصأإآٱىئؤة ًٌٍَُِّْـ،؛؟٠١٢٣abc ABC.\u200f\u200e«»“”"), max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)

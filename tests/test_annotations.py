"""Inline term annotations: how training writes them, how the product does, and that both are the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_decode import DIWAN, MATCHER, job

from training.annotate import Annotator, Example
from translate.decode import decode
from translate.engines.base import Hint, Hypothesis, Progress, Request
from translate.engines.decoding import known_terms
from translate.engines.fake import FakeEngine
from translate.engines.pieces import ANNOTATION, CLOSE, MIDDLE, OPEN, STOP, Pieces

MODEL = Path(__file__).parent.parent / "translate" / "models" / "tarjuman-ar-en"
pytestmark = pytest.mark.model
PIECES = Pieces(MODEL)
ARABIC = ["قال", "شاهد", "في", "الساحل", "الأيسر", "من", "الموصل", "و", "بالديوان،", "مفارز", "«سرية»", "2017", "ISIS"]
ENGLISH = ["The", "witness", "of", "Left", "Bank", "detachments,", "said", "to", "and", "Mosul.", "secret", "areas"]
IDS = PIECES.ids


def encoded(text: str) -> list[int]:
    return [IDS[piece] for piece in PIECES.target(text).pieces]


@st.composite
def examples(draw: st.DrawFn) -> Example:
    source = encoded(" ".join(draw(st.lists(st.sampled_from(ARABIC), min_size=1, max_size=12))))
    target = encoded(" ".join(draw(st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=12))))
    positions = st.one_of(st.just(-100), st.integers(0, len(source) - 1))
    return Example(source, target, draw(st.lists(positions, min_size=len(target), max_size=len(target))))


def annotator(seed: int) -> Annotator:
    return Annotator(MODEL / "source.spm", [encoded("stone lanterns"), encoded("Qandalar")], seed)


@settings(max_examples=200, deadline=None)
@given(examples(), st.integers(0, 50))
def test_an_annotated_pair_stays_a_pair(example: Example, seed: int) -> None:
    made = annotator(seed)(example)
    assert len(made.links) == len(made.target)
    assert all(link == -100 or 0 <= link < len(made.source) for link in made.links)
    symbols = [IDS[symbol] for symbol in (OPEN, MIDDLE, STOP, CLOSE)]
    depth = [number for number in made.source if number in symbols]
    assert depth == symbols * (len(depth) // 4)
    assert not set(symbols) & set(made.target)


@settings(max_examples=200, deadline=None)
@given(examples(), st.integers(0, 50))
def test_every_hint_stands_in_the_target(example: Example, seed: int) -> None:
    made = annotator(seed)(example)
    names = {number: piece for piece, number in IDS.items()}
    target = PIECES.decode([names[n] for n in made.target]).text.lower()
    at = 0
    while IDS[MIDDLE] in made.source[at:]:
        begin = made.source.index(IDS[MIDDLE], at) + 1
        at = made.source.index(IDS[STOP], begin)
        hint = PIECES.decode([names[n] for n in made.source[begin:at]]).text.lower()
        assert hint.removesuffix("y") in target  # a plural may have been given in the singular: areas, area


def test_some_pairs_are_annotated_and_some_are_not() -> None:
    source, target = encoded("قال شاهد في الموصل"), encoded("said witness of Mosul.")
    example = Example(source, target, [min(i, len(source) - 1) for i in range(len(target))])
    make = annotator(3)
    made = [make(example) is not example for _ in range(200)]
    assert 20 < sum(made) < 150


@pytest.mark.parametrize(
    ("text", "hints", "written"),
    [
        ("قال شاهد في الساحل الأيسر.", [("الساحل الأيسر", "Left Bank")], "قال شاهد في⟦ الساحل الأيسر⟪ Left Bank⟫⟧."),
        ("وبمفارزهم فر", [("مفارز", "detachments")], "⟦ وبمفارزهم⟪ detachments⟫⟧ فر"),
        (
            "«ديوان المال» في الموصل",
            [("ديوان المال", "Diwan al-Mal"), ("الموصل", "Mosul")],
            "«⟦ديوان المال⟪ Diwan al-Mal⟫⟧» في⟦ الموصل⟪ Mosul⟫⟧",
        ),
    ],
)
def test_the_product_annotates_as_training_does(text: str, hints: list[tuple[str, str]], written: str) -> None:
    made = PIECES.source(text, [Hint(text.index(s), text.index(s) + len(s), t) for s, t in hints])
    import sentencepiece

    oracle = sentencepiece.SentencePieceProcessor(model_file=str(MODEL / "source.spm")).encode(written, out_type=str)
    assert [piece for piece in made.pieces if piece != "▁"] == [piece for piece in oracle if piece != "▁"]
    assert len(made.spans) == len(made.pieces)
    assert made.text == text


def test_a_hint_leads_back_to_what_it_annotates() -> None:
    text = "في الساحل الأيسر اليوم"
    made = PIECES.source(text, [Hint(3, 16, "Left Bank")])
    inside = made.pieces.index(MIDDLE)
    assert {text[b:e] for b, e in made.spans[inside : made.pieces.index(CLOSE) + 1]} == {"الساحل الأيسر"}


@pytest.mark.parametrize(
    ("text", "term", "lead", "written"),
    [
        ("فر وبالديوان مفارز", "وبالديوان", "وبال", "فر وبال⟦⟪ Diwan⟫⟧ مفارز"),
        ("نهب ديوان، ثم", "ديوان", "", "نهب⟦⟪ Diwan⟫⟧، ثم"),
        ("في الساحل الأيسر.", "الساحل الأيسر", "ال", "في ال⟦⟪ Diwan⟫⟧."),
    ],
)
def test_of_a_masked_term_only_the_clitics_are_shown(text: str, term: str, lead: str, written: str) -> None:
    begin = text.index(term)
    made = PIECES.source(text, [Hint(begin, begin + len(term), "Diwan", masked=True, proclitics=lead)])
    import sentencepiece

    oracle = sentencepiece.SentencePieceProcessor(model_file=str(MODEL / "source.spm")).encode(written, out_type=str)
    assert [piece for piece in made.pieces if piece != "▁"] == [piece for piece in oracle if piece != "▁"]
    assert len(made.spans) == len(made.pieces)
    inside = made.pieces.index(MIDDLE)
    assert {text[b:e] for b, e in made.spans[inside : made.pieces.index(CLOSE) + 1]} == {term}


def test_brackets_of_an_article_are_no_annotation() -> None:
    made = PIECES.source("قال ⟦الديوان⟪ Bank⟫⟧ اليوم")
    assert not set(ANNOTATION) & set(made.pieces)
    assert not set(ANNOTATION) & set(PIECES.source("في الديوان", [Hint(3, 10, "⟫⟧ x ⟦")]).pieces[4:-2])


class Obedient(FakeEngine):
    """Reads hints: writes them where they belong."""

    annotates = True

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        self.asked = list(requests)
        texts = []
        for request in requests:
            text = request.text
            for hint in reversed(request.hints):
                text = text[: hint.begin] + hint.target + text[hint.end :]
            texts.append(Request(text))
        return super().translate(texts, progress)


def test_terms_reach_an_engine_that_reads_annotations() -> None:
    engine = Obedient()
    (target,) = decode([job("نهب الديوان")], engine)
    assert engine.asked[0].hints == (Hint(4, 11, DIWAN.target),)
    assert [use.status.value for use in target.terms] == ["met"]
    assert MATCHER.find("نهب الديوان")[0].begin == 4


def test_terms_do_not_reach_one_that_does_not() -> None:
    engine = Obedient()
    engine.annotates = False
    decode([job("نهب الديوان")], engine)
    assert engine.asked[0].hints == ()


@pytest.mark.parametrize(
    ("written", "known"),
    [
        (
            '{"known_terms": [["ديوان", "Diwan"], ["مفرزة", "detachment"]]}',
            {("ديوان", "Diwan"), ("مفرزة", "detachment")},
        ),
        ('{"known_terms": [["ديوان"], ["a", 1], "ab", null, ["ديوان", "Diwan", "x"]]}', set()),
        ('{"known_terms": {"ديوان": "Diwan"}}', set()),
        ('{"annotations": true}', set()),
        ("[]", set()),
        ("{", set()),
        ("", set()),
    ],
)
def test_what_a_model_knows_is_listed_beside_it(written: str, known: set[tuple[str, str]], tmp_path: Path) -> None:
    (tmp_path / "tarjuman.json").write_text(written, encoding="utf-8")
    assert known_terms(tmp_path) == known
    (tmp_path / "tarjuman.json").unlink()
    assert known_terms(tmp_path) == frozenset()

"""One contract for every engine, and exact agreement between the two real ones."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import toy

from translate.engines.base import UNSCORED, Engine, Request
from translate.engines.ct2 import CTranslate2Engine, convert
from translate.engines.decoding import Decoding
from translate.engines.fake import FakeEngine
from translate.engines.marian import MarianEngine
from translate.engines.pieces import Encoded, Pieces, word_links
from translate.errors import ModelError
from translate.words import words

ARABIC = [sentence for sentence in toy.SENTENCES if sentence[0] > "~"]
ENGINES = ["fake", "ct2", "marian"]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.make(tmp_path_factory.mktemp("toy") / "model")


@pytest.fixture(scope="session")
def engines(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Engine]:
    cache = tmp_path_factory.mktemp("cache")
    return {
        "fake": FakeEngine(),
        "ct2": CTranslate2Engine(folder, "toy@1", cache, threads=1),
        "marian": MarianEngine(folder, "toy@1", threads=1),
    }


@pytest.mark.parametrize("name", ENGINES)
class TestContract:
    def test_answers_come_in_the_order_of_the_requests(self, engines: dict[str, Engine], name: str) -> None:
        together = engines[name].translate([Request(text) for text in ARABIC])
        alone = [engines[name].translate([Request(text)])[0] for text in ARABIC]
        assert [answer[0].text for answer in together] == [answer[0].text for answer in alone]
        assert [answer[0].alignment for answer in together] == [answer[0].alignment for answer in alone]

    def test_scores_do_not_depend_on_the_company(self, engines: dict[str, Engine], name: str) -> None:
        together = engines[name].translate([Request(text) for text in ARABIC])
        for text, answer in zip(ARABIC, together, strict=True):
            assert engines[name].translate([Request(text)])[0][0].score == pytest.approx(answer[0].score, abs=1e-4)

    def test_the_same_twice(self, engines: dict[str, Engine], name: str) -> None:
        requests = [Request(text) for text in ARABIC]
        assert engines[name].translate(requests) == engines[name].translate(requests)

    def test_an_empty_text_gives_an_empty_text(self, engines: dict[str, Engine], name: str) -> None:
        answers = engines[name].translate([Request(""), Request(ARABIC[0]), Request("  ")])
        assert [bool(answer[0].text) for answer in answers] == [False, True, False]

    def test_no_requests(self, engines: dict[str, Engine], name: str) -> None:
        assert engines[name].translate([]) == []
        assert engines[name].score([]) == []

    def test_n_best_are_different_and_best_first(self, engines: dict[str, Engine], name: str) -> None:
        answer = engines[name].translate([Request(ARABIC[0], n_best=3)])[0]
        assert len(answer) == 3
        assert [h.score for h in answer] == sorted((h.score for h in answer), reverse=True)

    def test_a_prefix_is_kept(self, engines: dict[str, Engine], name: str) -> None:
        answer = engines[name].translate([Request(ARABIC[0], prefix="Iraqi forces")])[0]
        assert answer[0].text.startswith("Iraqi forces")

    def test_prefixes_do_not_depend_on_the_company(self, engines: dict[str, Engine], name: str) -> None:
        given = ["Iraqi forces", "", "The", "The group set", "He"]
        requests = [Request(text, prefix) for text, prefix in zip(ARABIC, given, strict=True)]
        together = [answer[0] for answer in engines[name].translate(requests)]
        alone = [engines[name].translate([request])[0][0] for request in requests]
        assert [(a.text, a.alignment) for a in together] == [(a.text, a.alignment) for a in alone]
        assert [a.score for a in together] == pytest.approx([a.score for a in alone], abs=1e-4)

    def test_alignments_name_words_of_both_texts(self, engines: dict[str, Engine], name: str) -> None:
        for text, answer in zip(ARABIC, engines[name].translate([Request(t) for t in ARABIC]), strict=True):
            for source, target in answer[0].alignment:
                assert 0 <= source < len(words(text))
                assert 0 <= target < len(words(answer[0].text))

    def test_progress_adds_up(self, engines: dict[str, Engine], name: str) -> None:
        seen: list[int] = []
        engines[name].translate([Request(text) for text in [*ARABIC, ""]], seen.append)
        assert sum(seen) == len(ARABIC) + 1

    def test_odd_input_is_survived(self, engines: dict[str, Engine], name: str) -> None:
        odd = ["😀", "abc", "١٢٣", "\u200f", "ا" * 300, "a\tb\nc", "▁", "</s>", "\ufffd"]
        answers = engines[name].translate([Request(text) for text in odd])
        assert len(answers) == len(odd)

    def test_a_source_longer_than_the_model_is_said_to_be_cut(self, engines: dict[str, Engine], name: str) -> None:
        if name != "fake":  # it takes any length
            answer = engines[name].translate([Request("ثسش " * 400)])[0][0]
            assert (answer.text, answer.cut) == ("", True)

    def test_a_pair_too_long_to_score_is_unscored(self, engines: dict[str, Engine], name: str) -> None:
        long = "ثسش " * 400
        scores = engines[name].score([(ARABIC[0], "The source"), (long, "The"), (ARABIC[0], "The source " * 400)])
        assert scores[0] > -100
        if name != "fake":
            assert scores[1:] == [UNSCORED, UNSCORED]

    def test_length_counts_the_end_marker(self, engines: dict[str, Engine], name: str) -> None:
        assert engines[name].length("") == 1
        assert engines[name].length(ARABIC[0]) > 5

    def test_the_signature_says_which_engine(self, engines: dict[str, Engine], name: str) -> None:
        assert engines[name].signature().startswith(name)


def test_ctranslate2_decodes_like_transformers(folder: Path, tmp_path: Path) -> None:
    """Unquantised, the two must agree word for word, and on the score of a given text to a thousandth.

    CTranslate2's search rules an empty result out before it normalises the first step, hence the wider margin there.
    """
    import ctranslate2

    reference = MarianEngine(folder, "toy@1", threads=1)
    engine = CTranslate2Engine(folder, "toy@1", tmp_path, threads=1)
    convert(folder, tmp_path / "float", "float32")
    engine._translator = ctranslate2.Translator(str(tmp_path / "float"), compute_type="float32", intra_threads=1)
    requests = [Request(text) for text in ARABIC]
    ours, theirs = engine.translate(requests), reference.translate(requests)
    assert [a[0].text for a in ours] == [b[0].text for b in theirs]
    assert [a[0].score for a in ours] == pytest.approx([b[0].score for b in theirs], abs=0.1)
    assert [a[0].alignment for a in ours] == [b[0].alignment for b in theirs]
    pairs = list(zip(ARABIC, [b[0].text for b in theirs], strict=True))
    assert engine.score(pairs) == pytest.approx(reference.score(pairs), abs=1e-3)


def test_padded_batches_say_what_single_ones_say(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a GPU does, on a CPU and in float32: padding and scoring together change nothing."""
    alone, padded = MarianEngine(folder, "toy@1", threads=1), MarianEngine(folder, "toy@1", threads=1)
    monkeypatch.setattr(padded, "_padding", True)
    requests = [Request(text, n_best=2) for text in [*ARABIC, "", "قال"]] + [Request(ARABIC[0], prefix="The")]
    one, other = alone.translate(requests), padded.translate(requests)
    assert [[h.text for h in answer] for answer in other] == [[h.text for h in answer] for answer in one]
    assert [[h.alignment for h in answer] for answer in other] == [[h.alignment for h in answer] for answer in one]
    scores = [h.score for answer in one for h in answer]
    assert [h.score for answer in other for h in answer] == pytest.approx(scores, abs=1e-4)
    pairs = [(text, "The source said") for text in ARABIC]
    assert padded.score(pairs) == pytest.approx(alone.score(pairs), abs=1e-4)
    assert padded.signature().startswith("marian-bf16|")


def test_several_workers_say_what_one_says(folder: Path, tmp_path: Path) -> None:
    one = CTranslate2Engine(folder, "toy@1", tmp_path, threads=1)
    three = CTranslate2Engine(folder, "toy@1", tmp_path, threads=3)
    requests = [Request(text) for text in [*ARABIC, "", *(" ".join(ARABIC[:n]) for n in range(1, 4))]]
    seen: list[int] = []
    mine, theirs = one.translate(requests), three.translate(requests, seen.append)
    assert [(a[0].text, a[0].alignment) for a in theirs] == [(a[0].text, a[0].alignment) for a in mine]
    assert sum(seen) == len(requests)
    assert three.signature() == one.signature()


def test_our_beam_search_is_that_of_generate(folder: Path) -> None:
    """The reference engine gives what `MarianTokenizer` and `generate` give, id for id."""
    from transformers import MarianMTModel, MarianTokenizer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer = MarianTokenizer.from_pretrained(folder)
    model = MarianMTModel.from_pretrained(folder).eval()
    engine = MarianEngine(folder, "toy@1", decoding=Decoding(beam=3), threads=1)
    for text in ARABIC:
        batch = tokenizer([text], return_tensors="pt")
        limit = Decoding().limit(batch["input_ids"].shape[1], 512)
        ids = model.generate(
            **batch,
            num_beams=3,
            max_new_tokens=limit,
            max_length=None,
            forced_eos_token_id=None,
            bad_words_ids=[[model.config.pad_token_id]],
        )
        assert engine.translate([Request(text)])[0][0].text == tokenizer.decode(ids[0], skip_special_tokens=True)


def test_pieces_agree_with_the_marian_tokenizer(folder: Path) -> None:
    from transformers import MarianTokenizer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer = MarianTokenizer.from_pretrained(folder)
    pieces = Pieces(folder)
    for text in [*ARABIC, "السّاحل الأيسر، ١٢ «ديوان»", "mixed نص 12%"]:
        unknown = pieces.ids["<unk>"]
        ours = [pieces.ids.get(piece, unknown) for piece in pieces.source(text).pieces]
        assert [*ours, 0] == tokenizer(text).input_ids


def test_offsets_lead_back_to_the_raw_text(folder: Path) -> None:
    pieces = Pieces(folder)
    text = "قال المصدر إن التنظيم فرّ."
    encoded = pieces.source(text)
    assert "".join(text[begin:end] for begin, end in encoded.spans) == text


def test_decoding_gives_text_and_offsets(folder: Path) -> None:
    pieces = Pieces(folder)
    for english in [sentence for sentence in toy.SENTENCES if sentence[0] < "~"]:
        decoded = pieces.decode(pieces.target(english).pieces)
        assert decoded.text == english
        assert "".join(english[begin:end] for begin, end in decoded.spans) == english


def test_no_space_is_doubled(folder: Path) -> None:
    decoded = Pieces(folder).decode(["▁", "▁The", "▁", "▁group", "▁"])
    assert decoded.text == "The group"
    assert [decoded.text[begin:end] for begin, end in decoded.spans] == ["", "The", " ", "group", ""]


def test_a_word_is_linked_to_where_its_pieces_look_most() -> None:
    source = Encoded("الساحل الأيسر", ("▁الساحل", "▁الا", "يسر"), ((0, 6), (6, 10), (10, 13)))
    target = Encoded("Left Bank", ("▁Le", "ft", "▁Bank"), ((0, 2), (2, 4), (4, 9)))
    attention = [[0.1, 0.5, 0.4, 0.0], [0.6, 0.2, 0.1, 0.1], [0.9, 0.05, 0.05, 0.0]]
    assert word_links(source, target, attention) == ((0, 1), (1, 0))


def test_a_word_that_looks_at_the_end_marker_stays_unaligned() -> None:
    source = Encoded("قال", ("▁قال",), ((0, 3),))
    target = Encoded("He", ("▁He",), ((0, 2),))
    assert word_links(source, target, [[0.2, 0.8]]) == ()


def test_the_fake_engine_writes_no_arabic() -> None:
    assert FakeEngine().translate([Request("سيطرت القوات، ١٢ مرة.")])[0][0].text == "Sytrt alqwat, 12 mra."


def test_a_folder_without_a_tokenizer_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"the tokenizer cannot be read\. It needs source\.spm"):
        Pieces(tmp_path)


def test_a_damaged_conversion_is_made_again(folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    CTranslate2Engine(folder, "toy@1", tmp_path, threads=1)
    made = tmp_path / "ct2" / "toy@1-int8" / "model.bin"
    whole = made.read_bytes()
    made.write_bytes(whole[:-100] + bytes(100))
    CTranslate2Engine(folder, "toy@1", tmp_path, threads=1)
    assert made.read_bytes() == whole
    assert "model.bin has changed" in caplog.text


def test_a_folder_that_cannot_be_converted_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    import shutil

    bad = shutil.copytree(folder, tmp_path / "bad")
    (bad / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="cannot be converted"):
        CTranslate2Engine(bad, "bad@1", tmp_path / "cache")
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []

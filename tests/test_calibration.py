"""Where a model keeps its word alignment: found wherever it is, exported as it is, not used where it is poor."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import toy

from translate.engines.base import Request
from translate.engines.calibration import Pointer, anchored, calibrate, measure, pointer, sentences, store
from translate.engines.ct2 import CTranslate2Engine, convert
from translate.engines.marian import MarianEngine
from translate.engines.pieces import END, Pieces
from translate.errors import ModelError
from translate.registry import BUNDLED, DEFAULT, Model
from translate.words import words

ARABIC = [sentence for sentence in toy.SENTENCES if sentence[0] > "~"]
HEADS = [Pointer(0, (1,)), Pointer(1, (1,)), Pointer(0, (0, 1)), Pointer(1, (0,))]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.make(tmp_path_factory.mktemp("toy") / "model")


@pytest.mark.parametrize("given", HEADS, ids=lambda p: f"layer {p.layer} heads {p.heads}")
def test_the_conversion_exports_exactly_the_wanted_heads(folder: Path, tmp_path: Path, given: Pointer) -> None:
    import ctranslate2

    mine = shutil.copytree(folder, tmp_path / "model")
    store(mine, given)
    convert(mine, tmp_path / "ct2", "float32")
    translator = ctranslate2.Translator(str(tmp_path / "ct2"), compute_type="float32", intra_threads=1)
    reference, pieces = MarianEngine(mine, "toy@1", threads=1), Pieces(mine)
    for text in ARABIC[:3]:
        source = pieces.source(text)
        answer = translator.translate_batch(
            [[*source.pieces, END]], beam_size=1, max_decoding_length=20, return_attention=True
        )[0]
        looks = reference.attention(source, pieces.decode(answer.hypotheses[0]))
        wanted = looks[given.layer, list(given.heads)].mean(0)
        assert len(answer.attention[0]) == len(answer.hypotheses[0])
        for ours, theirs in zip(answer.attention[0], wanted.tolist(), strict=True):
            assert ours == pytest.approx(theirs, abs=1e-5)


@pytest.mark.parametrize("given", [Pointer(0, (1,), 1), Pointer(0, (0, 1), 0), Pointer(1, (1,), 1)])
def test_both_engines_read_the_same_alignment(folder: Path, tmp_path: Path, given: Pointer) -> None:
    import ctranslate2

    mine = shutil.copytree(folder, tmp_path / "model")
    store(mine, given)
    engine = CTranslate2Engine(mine, "toy@1", tmp_path, threads=1)
    convert(mine, tmp_path / "float", "float32")
    engine._translator = ctranslate2.Translator(str(tmp_path / "float"), compute_type="float32", intra_threads=1)
    requests = [Request(text) for text in ARABIC]
    ours = [answer[0].alignment for answer in engine.translate(requests)]
    theirs = [answer[0].alignment for answer in MarianEngine(mine, "toy@1", threads=1).translate(requests)]
    assert ours == theirs


@pytest.mark.parametrize("accuracy", [0.59, 0.6, None])
def test_a_poor_alignment_is_not_used(folder: Path, tmp_path: Path, accuracy: float | None) -> None:
    mine = shutil.copytree(folder, tmp_path / "model")
    store(mine, Pointer(1, (0,), 0, accuracy))
    for engine in (CTranslate2Engine(mine, "toy@1", tmp_path, threads=1), MarianEngine(mine, "toy@1", threads=1)):
        answer = engine.translate([Request(ARABIC[0])])[0][0]
        assert answer.text
        assert bool(answer.alignment) is (accuracy != 0.59)
    assert ("not used" in str(pointer(mine))) is (accuracy == 0.59)


def test_the_cached_conversion_is_another_once_the_alignment_is(folder: Path, tmp_path: Path) -> None:
    mine = shutil.copytree(folder, tmp_path / "model")
    before = Model("toy", mine, False).fingerprint
    store(mine, Pointer(0, (1,), 0, 0.9))
    assert Model("toy", mine, False).fingerprint != before


def test_what_else_is_told_of_a_model_stays(folder: Path, tmp_path: Path) -> None:
    mine = shutil.copytree(folder, tmp_path / "model")
    (mine / "tarjuman.json").write_text('{"source_limit": 55, "annotations": true}', encoding="utf-8")
    store(mine, Pointer(0, (1,), 1, 0.87654))
    told = json.loads((mine / "tarjuman.json").read_text("utf-8"))
    assert told == {
        "source_limit": 55,
        "annotations": True,
        "alignment": {"layer": 0, "heads": [1], "offset": 1, "accuracy": 0.877},
    }
    assert pointer(mine) == Pointer(0, (1,), 1, 0.877)


@pytest.mark.parametrize(
    "told",
    [
        "[]",
        "1",
        '{"layer": 9, "heads": [0], "offset": 0, "accuracy": 0.9}',
        '{"layer": 0, "heads": [7], "offset": 0, "accuracy": 0.9}',
        '{"layer": 0, "heads": [], "offset": 0, "accuracy": 0.9}',
        '{"layer": 0, "heads": [0], "offset": 5, "accuracy": 0.9}',
        '{"layer": 0, "heads": [0], "offset": 0, "accuracy": "high"}',
        '{"layer": "0", "heads": [0], "offset": 0, "accuracy": 0.9}',
    ],
)
def test_nonsense_is_a_named_error(folder: Path, tmp_path: Path, told: str) -> None:
    mine = shutil.copytree(folder, tmp_path / "model")
    (mine / "tarjuman.json").write_text(f'{{"alignment": {told}}}', encoding="utf-8")
    with pytest.raises(ModelError, match=r"alignment it describes cannot be read.*should read"):
        pointer(mine)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("قتل ١٥ في 2017، قال.", "15 were killed in 2017, he said.", {"15": "١٥", "2017": "2017", ",": "،"}),
        ("قتل 15 و 15.", "15 and 15.", {}),  # twice: which is which?
        ("نشرت Reuters تقريرا.", "Reuters published a report.", {"Reuters": "Reuters"}),
        ("قال.", "He said.", {}),  # the end is no anchor
    ],
)
def test_only_what_is_beyond_doubt_is_an_anchor(source: str, target: str, expected: dict[str, str]) -> None:
    example = anchored(source, target)
    found = {words(target)[place].text: words(source)[min(own)].text for own, place in example.anchors}
    assert found == expected


def test_the_sentences_have_anchors_of_every_kind() -> None:
    every = sentences()
    marked = [words(example.target)[place].text for example in every for _, place in example.anchors]
    assert len(marked) >= 90
    for kind in (str.isdigit, str.isalpha, lambda text: text in ",;:?()"):
        assert sum(kind(text) for text in marked) >= 8  # type: ignore[operator]
    assert "Mosul" in marked


def test_too_few_anchors_are_no_measurement(folder: Path) -> None:
    with pytest.raises(ModelError, match="too few anchors"):
        calibrate(folder, [anchored("قال.", "He said.")])


@pytest.mark.model
class TestBundled:
    """The bundled model was trained to point with one head of its last layer: so the truth is known."""

    bundled = BUNDLED / DEFAULT

    def moved(self, to: Path, rename: Callable[[int], int]) -> Path:
        """The same model with the heads of its last layer in another order."""
        import torch
        from safetensors.torch import load_file, save_file

        shutil.copytree(self.bundled, to)
        config = json.loads((to / "config.json").read_text("utf-8"))
        heads, layer = config["decoder_attention_heads"], config["decoder_layers"] - 1
        size = config["d_model"] // heads
        order = torch.tensor([rename(head) * size + n for head in range(heads) for n in range(size)])
        weights = load_file(to / "model.safetensors")
        for part in ("q_proj.weight", "k_proj.weight", "v_proj.weight", "q_proj.bias", "k_proj.bias", "v_proj.bias"):
            name = f"model.decoder.layers.{layer}.encoder_attn.{part}"
            weights[name] = weights[name][order].contiguous()
        name = f"model.decoder.layers.{layer}.encoder_attn.out_proj.weight"
        weights[name] = weights[name][:, order].contiguous()
        save_file(weights, to / "model.safetensors", metadata={"format": "pt"})
        (to / "tarjuman.json").unlink()
        return to

    def test_the_head_is_found_wherever_it_stands(self, tmp_path: Path) -> None:
        folder = self.moved(tmp_path / "model", lambda head: (head + 2) % 4)
        found = calibrate(folder)
        told = pointer(self.bundled)
        assert (found.layer, found.offset) == (told.layer, told.offset)
        assert found.heads == tuple((head + 2) % 4 for head in told.heads)
        store(folder, found)
        engine = CTranslate2Engine(folder, "moved@1", tmp_path, threads=1)
        original = CTranslate2Engine(self.bundled, "bundled@1", tmp_path, threads=1)
        text = "سيطرت القوات العراقية على الساحل الأيسر من الموصل."
        ours, theirs = (one.translate([Request(text)])[0][0] for one in (engine, original))
        assert (ours.text, ours.alignment) == (theirs.text, theirs.alignment)

    def test_it_ships_calibrated(self) -> None:
        told = pointer(self.bundled)
        assert told.accuracy is not None
        assert told.accuracy > 0.9
        assert measure(self.bundled, told) == pytest.approx(told.accuracy, abs=0.02)

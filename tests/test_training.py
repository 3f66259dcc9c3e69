"""The recipe end to end on a small language: prepare, align, fit, export; what comes out, anybody can load."""

from __future__ import annotations

import json
import lzma
import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import toy_language

from training.plan import Plan
from translate.engines.base import Hint, Request
from translate.engines.ct2 import CTranslate2Engine
from translate.engines.marian import MarianEngine
from translate.engines.pieces import MIDDLE
from translate.registry import problem

VOCABULARY, WIDTH = 260, 48
SMALL = Plan(
    vocabulary=VOCABULARY,
    width=WIDTH,
    encoder=1,
    decoder=1,
    heads=2,
    tokens=400,
    accumulate=1,
    warmup=30,
    rate=6e-3,
    cooldown=30.0,
    compiled=False,
    threads=1,
)


def write_corpus(folder: Path) -> None:
    """The texts `prepare` expects, made of the toy language."""
    (folder / "corpus").mkdir(parents=True)
    (folder / "eval").mkdir()
    (folder / "seeds").mkdir()
    made = [(sentence.source(), sentence.reference()) for sentence in toy_language.sentences(2600, 1)]

    def packed(name: str, lines: list[str]) -> None:
        (folder / "corpus" / name).write_bytes(lzma.compress("".join(f"{line}\n" for line in lines).encode()))

    packed("news_pairs.tsv.xz", [f"news\t{a}\t{e}" for a, e in made[:2200]])
    packed("open_pairs.tsv.xz", [f"general\ttoy\t{a}\t{e}" for a, e in made[2200:2500]])
    names = [(noun.singular, noun.english[0]) for noun in toy_language.NOUNS]
    packed("lexicon_pairs.tsv.xz", [f"lexicon\ttoy\t{a}\t{e}" for a, e in [*names, *toy_language.PLACES.items()]])
    packed("news_mono.ar.txt.xz", [a for a, _ in made])
    (folder / "eval" / "toy.tsv").write_text("".join(f"{a}\t{e}\n" for a, e in made[2500:]), encoding="utf-8")


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything the stages write, for a run of a few hundred updates."""
    from training import prepare as stage
    from training.align import align
    from training.export import export
    from training.fit import fit

    work = tmp_path_factory.mktemp("training")
    write_corpus(work / "texts")
    pairs, stage.PAIRS = stage.PAIRS, work / "none"
    try:
        stage.prepare(work / "texts", work / "data", VOCABULARY)
    finally:
        stage.PAIRS = pairs
    align(work / "data", VOCABULARY, WIDTH)
    fit(work / "data", work / "run", replace(SMALL, encoder=2, updates=150, tokens=700))
    export(work / "run", work / "data", work / "model", 60)
    return work


@pytest.fixture(scope="module")
def engine(work: Path) -> CTranslate2Engine:
    return CTranslate2Engine(work / "model", "toy@1", work / "cache", threads=1)


def held_out(work: Path) -> list[list[str]]:
    return [line.split("\t") for line in (work / "texts" / "eval" / "toy.tsv").read_text("utf-8").splitlines()]


def test_what_is_evaluated_on_is_not_trained_on(work: Path) -> None:
    import numpy as np
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(work / "data" / "joint.model"))
    with np.load(work / "data" / "train.npz") as data:
        source, at = data["source"], data["source_at"]
    trained = {pieces.decode(source[at[n] : at[n + 1]].tolist()) for n in range(len(at) - 1)}
    long_enough = [a for a, _ in held_out(work) if len(a.replace(" ", "")) > 25]
    assert len(long_enough) > 20
    assert len(trained) > 2000
    assert not trained & {pieces.decode(pieces.encode(a)) for a in long_enough}


def test_most_words_are_aligned(work: Path) -> None:
    import numpy as np

    links = np.load(work / "data" / "links.npy")
    assert (links != 255).mean() > 0.6


def test_the_model_folder_is_complete(work: Path) -> None:
    assert problem(work / "model") == ""
    told = json.loads((work / "model" / "tarjuman.json").read_text("utf-8"))
    assert (told["source_limit"], told["annotations"]) == (60, True)
    assert 0 <= told["alignment"]["accuracy"] <= 1
    assert (work / "model" / "dev.tsv").read_text("utf-8").count("\n") == 200


def test_a_right_translation_scores_above_a_wrong_one(work: Path, engine: CTranslate2Engine) -> None:
    pairs = held_out(work)[:40]
    right = engine.score([(a, e) for a, e in pairs])
    wrong = engine.score([(a, e) for (a, _), (_, e) in zip(pairs, [*pairs[1:], pairs[0]], strict=True)])
    assert sum(r > w for r, w in zip(right, wrong, strict=True)) > 32


def test_it_reads_annotations(work: Path, engine: CTranslate2Engine) -> None:
    """The score of what a hint names rises with the hint: obedience begins long before fluency."""
    assert engine.annotates
    source = "رأى القائد المفرزة."
    hints = (Hint(10, 17, "detachment"),)
    assert MIDDLE in engine._pieces.source(source, hints).pieces
    assert engine.translate([Request(source, hints=hints)]) != engine.translate([Request(source)])


def test_both_engines_load_it_and_agree(work: Path, engine: CTranslate2Engine) -> None:
    reference = MarianEngine(work / "model", "toy@1", threads=1)
    pairs = [(a, e) for a, e in held_out(work)[:20]]
    for one, other in zip(engine.score(pairs), reference.score(pairs), strict=True):
        assert one == pytest.approx(other, abs=0.15)


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_the_tokenizer_alone_normalises(work: Path) -> None:
    from transformers import MarianTokenizer

    tokenizer = MarianTokenizer.from_pretrained(work / "model")
    assert tokenizer("السّاحلُ الأَيْسَر، ١٢ «نعم»").input_ids == tokenizer('الساحل الايسر, 12 "نعم"').input_ids


def test_the_same_seed_gives_the_same_weights(work: Path, tmp_path: Path) -> None:
    import torch
    from transformers import MarianMTModel

    from training.fit import fit

    plan = Plan(
        vocabulary=VOCABULARY, width=WIDTH, encoder=1, decoder=1, heads=2, updates=4, tokens=400, compiled=False
    )
    for name in "ab":
        fit(work / "data", tmp_path / name, plan)
    first, second = (MarianMTModel.from_pretrained(tmp_path / name / "final").state_dict() for name in "ab")
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_less_surprised_by_what_is_right(work: Path, tmp_path: Path) -> None:
    """Nats a letter: fewer after training than before, fewer for the right English than for that of the next line."""
    from transformers import MarianMTModel

    from training.fit import new_model
    from training.loss import measured

    tokenizer, right = work / "data" / "joint.model", work / "texts" / "eval" / "toy.tsv"
    pairs = held_out(work)
    wrong = tmp_path / "wrong.tsv"
    shifted = zip(pairs, [*pairs[1:], pairs[0]], strict=True)
    wrong.write_text("".join(f"{a}\t{e}\n" for (a, _), (_, e) in shifted), encoding="utf-8")
    trained = MarianMTModel.from_pretrained(work / "run" / "final").eval()
    fresh = new_model(replace(SMALL, encoder=2), None).eval()
    found = measured(trained, tokenizer, right)
    assert found.letters == sum(len(e) for _, e in pairs)
    assert 0 < found.right < found.pieces
    assert found.nats < measured(fresh, tokenizer, right).nats
    assert found.nats < measured(trained, tokenizer, wrong).nats


def test_batches_do_not_change_the_loss(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers import MarianMTModel

    from training import loss as stage

    model = MarianMTModel.from_pretrained(work / "run" / "final").eval()
    at = (model, work / "data" / "joint.model", work / "texts" / "eval" / "toy.tsv")
    together = stage.measured(*at)
    monkeypatch.setattr(stage, "TOKENS", 1)
    assert stage.measured(*at).nats == pytest.approx(together.nats, rel=1e-4)


def test_the_loss_of_a_run_that_did_not_end(work: Path, tmp_path: Path) -> None:
    from training.loss import loss

    with pytest.raises(SystemExit, match="finish it"):
        loss(tmp_path, work / "data", work / "texts" / "eval")


def test_the_mean_of_runs_lies_between_them(work: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    from training.average import WEIGHTS, average
    from training.export import export
    from training.fit import fit

    fit(work / "data", tmp_path / "other", replace(SMALL, encoder=2, updates=4, tokens=700))
    average([(work / "run", 3.0), (tmp_path / "other", 1.0)], tmp_path / "mean")
    one, other, mean = (load_file(run / WEIGHTS) for run in (work / "run", tmp_path / "other", tmp_path / "mean"))
    assert all(torch.allclose(mean[name], 0.75 * one[name] + 0.25 * other[name], atol=1e-6) for name in one)
    export(tmp_path / "mean", work / "data", tmp_path / "model", 60)
    assert problem(tmp_path / "model") == ""


def test_what_a_mean_is_made_of_is_read_from_words(work: Path) -> None:
    from training.average import parts

    assert parts([f"{work / 'run'}=0.6"]) == [(work / "run", 0.6)]
    with pytest.raises(SystemExit, match="no share"):
        parts([str(work / "run")])
    with pytest.raises(SystemExit, match="finish it"):
        parts([f"{work / 'never'}=1"])


@pytest.mark.parametrize("share", [0.0, -1.0])
def test_no_mean_with_nothing_of_a_run(work: Path, tmp_path: Path, share: float) -> None:
    from training.average import average

    with pytest.raises(SystemExit, match="--of"):
        average([(work / "run", share)], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_no_mean_of_different_shapes(work: Path, tmp_path: Path) -> None:
    from training.average import average
    from training.fit import fit

    fit(work / "data", tmp_path / "small", replace(SMALL, updates=2))
    with pytest.raises(SystemExit, match="another shape"):
        average([(work / "run", 1.0), (tmp_path / "small", 1.0)], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_a_stopped_run_goes_on_where_it_was(work: Path, tmp_path: Path) -> None:
    import torch

    from training.fit import fit

    plan = replace(SMALL, minutes=600.0)
    threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGTERM)).start()
    fit(work / "data", tmp_path, plan)
    before = torch.load(tmp_path / "stable.pt")
    assert before["step"] > 0
    assert not (tmp_path / "final").exists()
    fit(work / "data", tmp_path, replace(plan, updates=2, cooldown=0.0))
    after = torch.load(tmp_path / "stable.pt")
    assert after["step"] == before["step"]  # nothing was due to be saved
    assert (tmp_path / "final").exists()

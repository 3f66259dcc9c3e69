"""BLEU, chrF++ and the bootstrap: the figures of sacrebleu's own program, and what must hold for any texts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.significance import PairedTest

from translate.errors import InputError, UsageError
from translate.quality import paired_bootstrap, quality, read_lines, read_pairs, sentence_chrf

REFERENCES = [
    "Iraqi forces took control of the Left Bank of Mosul on Thursday.",
    "The source said that members of the group fled towards Syria.",
    "The forces found secret documents of the ISIS group in Iraq.",
    "The group set up execution detachments on the outer roads.",
    "He fled with the Diwan's treasury to an unknown place.",
    "Three civilians were killed and five others were wounded.",
    "The Prime Minister arrived in Baghdad at dawn.",
    "No one knows where the leader of the group is hiding.",
]
GOOD = [
    "Iraqi forces took control of Mosul's Left Bank on Thursday.",
    "The source said members of the group had fled to Syria.",
    "The forces found secret documents of ISIS in Iraq.",
    "The group set up execution squads on the external roads.",
    "He fled with the treasury of the Diwan to an unknown place.",
    "Three civilians were killed and five wounded.",
    "The Prime Minister came to Baghdad at dawn.",
    "Nobody knows where the group's leader is hiding.",
]
POOR = [
    "Forces control left side.",
    "A source that the elements escaped the direction of Syria.",
    "Documents secret the forces.",
    "Squads on roads of the outside the group.",
    "He escaped by safe.",
    "Three dead, five injured.",
    "Minister of the first in the dawn.",
    "It is not known the place.",
]
SLIGHTLY = [GOOD[0].replace("took", "take"), *GOOD[1:-1], GOOD[-1].replace("Nobody", "No one")]

words = st.text(alphabet="abcdefghij", min_size=1, max_size=6)
sentences = st.lists(words, min_size=4, max_size=9).map(" ".join)
pairs = st.lists(st.tuples(sentences, sentences, sentences), min_size=1, max_size=12)


def sacrebleu(folder: Path, *arguments: str) -> Any:
    """What the program `sacrebleu` says."""
    for name, lines in (("ref", REFERENCES), ("good", GOOD)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sacrebleu", "ref", *arguments, "-m", "bleu", "chrf", "--chrf-word-order", "2"],
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
    )
    return json.loads(done.stdout)


def test_figures_and_signatures_are_those_of_sacrebleu(tmp_path: Path) -> None:
    bleu, chrf = sacrebleu(tmp_path, "-i", "good", "-w", "8", "-f", "json")
    found = quality(GOOD, REFERENCES)
    assert (found.bleu, found.chrf) == (pytest.approx(bleu["score"]), pytest.approx(chrf["score"]))
    assert (bleu["name"], chrf["name"]) == ("BLEU", "chrF2++")
    assert f"{found.bleu_signature}".startswith("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:")
    assert f"{found.chrf_signature}".startswith("nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:")
    assert found.bleu_signature.endswith(bleu["signature"].split("|")[-1])


@pytest.mark.parametrize("other", [POOR, SLIGHTLY], ids=["poor", "slightly"])
def test_the_bootstrap_is_that_of_sacrebleu(other: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its program cannot write these figures as JSON (numpy 2), so its own test is called."""
    monkeypatch.setenv("SACREBLEU_SEED", "77")
    metrics = {"BLEU": BLEU(references=[REFERENCES]), "chrF": CHRF(word_order=2, references=[REFERENCES])}
    _, scores = PairedTest([("good", GOOD), ("other", other)], metrics, None, test_type="bs", n_samples=300)()
    found = paired_bootstrap(GOOD, other, REFERENCES, samples=300, seed=77)
    for ours, theirs in ((found.bleu, scores["BLEU"]), (found.chrf, scores["chrF2++"])):
        assert ours.first == pytest.approx(theirs[0].score)
        assert ours.second == pytest.approx(theirs[1].score)
        assert ours.p == pytest.approx(theirs[1].p_value)
        assert ours.mean == pytest.approx(theirs[1].mean, abs=1e-3)
        assert ours.interval == pytest.approx(theirs[1].ci, abs=1e-3)


def test_better_than_is_the_mirror_of_worse_than() -> None:
    one, other = paired_bootstrap(GOOD, POOR, REFERENCES), paired_bootstrap(POOR, GOOD, REFERENCES)
    assert one.chrf.delta == -other.chrf.delta
    assert one.chrf.p == other.chrf.p
    assert (one.sentences, one.samples, one.seed) == (8, 1000, 12345)


def test_a_small_difference_may_be_chance() -> None:
    assert paired_bootstrap(GOOD, SLIGHTLY, REFERENCES).bleu.p > 0.05
    assert paired_bootstrap(GOOD, POOR, REFERENCES).bleu.p < 0.01


def test_the_seed_decides_and_nothing_else() -> None:
    first = paired_bootstrap(GOOD, POOR, REFERENCES, samples=50, seed=1)
    assert first == paired_bootstrap(GOOD, POOR, REFERENCES, samples=50, seed=1)
    assert first.bleu.mean != paired_bootstrap(GOOD, POOR, REFERENCES, samples=50, seed=2).bleu.mean


@settings(max_examples=40, deadline=None)
@given(pairs)
def test_the_reference_itself_is_perfect_and_no_better_than_itself(rows: list[tuple[str, str, str]]) -> None:
    references = [row[0] for row in rows]
    found = quality(references, references)
    assert (found.bleu, found.chrf) == (pytest.approx(100), pytest.approx(100))
    compared = paired_bootstrap(references, references, references, samples=20)
    assert compared.bleu.p >= 0.9
    assert compared.chrf.p >= 0.9
    assert compared.chrf.delta == 0


@settings(max_examples=40, deadline=None)
@given(pairs, st.randoms())
def test_figures_stay_in_range_and_do_not_depend_on_the_order(rows: list[tuple[str, str, str]], random: Any) -> None:
    found = quality([row[0] for row in rows], [row[1] for row in rows])
    assert 0 <= found.bleu <= 100.001
    assert 0 <= found.chrf <= 100.001
    shuffled = random.sample(rows, len(rows))
    again = quality([row[0] for row in shuffled], [row[1] for row in shuffled])
    assert (again.bleu, again.chrf) == (pytest.approx(found.bleu), pytest.approx(found.chrf))
    compared = paired_bootstrap(*([row[n] for row in rows] for n in (0, 2, 1)), samples=20)
    assert 0 < compared.bleu.p <= 1
    assert compared.bleu.first == pytest.approx(found.bleu)
    assert compared.chrf.interval >= 0


@settings(max_examples=40, deadline=None)
@given(sentences, sentences)
def test_one_sentence_is_a_set_of_one(output: str, reference: str) -> None:
    assert sentence_chrf(output, reference) == pytest.approx(quality([output], [reference]).chrf)


def test_nothing_scores_nothing() -> None:
    assert quality(["", ""], REFERENCES[:2]).bleu == 0
    assert sentence_chrf("", REFERENCES[0]) == 0


def test_every_sentence_needs_its_reference() -> None:
    with pytest.raises(UsageError, match="7 translations for 8 references"):
        quality(GOOD[1:], REFERENCES)
    with pytest.raises(UsageError, match="7 translations for 8 references"):
        paired_bootstrap(GOOD, POOR[1:], REFERENCES)
    with pytest.raises(UsageError, match="no sentence"):
        quality([], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("بيت\thouse\n", [("بيت", "house")]),
        ("بيت\thouse\tnote\t12\n", [("بيت", "house")]),
        ("#بيت\t#house\n", [("#بيت", "#house")]),
        ("\ufeffبيت\thouse\r\nدار\thome\r\n", [("بيت", "house"), ("دار", "home")]),
        ("بيت\thouse\n\n \n", [("بيت", "house")]),
        ("بيت\ta\u2028b\n", [("بيت", "a\u2028b")]),
        ('"بيت\t"house\n', [('"بيت', '"house')]),
        ("آب\tre\u0301sume\u0301", [("آب", "re\u0301sume\u0301")]),
        ("12\t12\nبيت\thouse", [("12", "12"), ("بيت", "house")]),
    ],
)
def test_pairs_are_read(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(text.encode())
    assert read_pairs(path) == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("بيت\thouse\nدار home\n".encode(), r"a\.tsv:2: no tab in this line\. One pair a line"),
        ("بيت\thouse\n\nدار\thome\n".encode(), r"a\.tsv:2: no tab"),
        ("بيت\t\n".encode(), r"a\.tsv:1: the English is missing"),
        (b"\thouse\n", r"a\.tsv:1: the Arabic is missing"),
        ("بيت\thouse\n".encode() + b"\xff\xfe\tx\n", r"a\.tsv:2: this is not UTF-8\. Save"),
        (b"", r"a\.tsv: the file is empty\. One pair a line"),
        (b"\n\n", r"a\.tsv: the file is empty"),
        ("house\tبيت\n".encode(), r"a\.tsv: no Arabic in the first column"),
    ],
)
def test_what_is_no_pair_is_named_with_its_line(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_pairs(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.tsv: the file cannot be read\. No such file"):
        read_pairs(tmp_path / "none.tsv")


def test_lines_keep_the_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.en"
    path.write_bytes(b"a\r\n\r\nb\x0cc\n\n")
    assert read_lines(path) == ["a", "", "b\x0cc", ""]

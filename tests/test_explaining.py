"""`--explain`, and models that are calibrated, as a person meets them on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import toy
from click.testing import CliRunner, Result
from test_decode import MATCHER

from glossary import TermBase
from translate import pipeline
from translate.cli import main
from translate.engines.fake import FakeEngine

SENTENCE = "سيطرت القوات العراقية على الساحل الأيسر من الموصل."


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TARJUMAN_HOME", str(tmp_path / "home"))

    def call(*arguments: str, text: str | None = None) -> Result:
        return CliRunner().invoke(main, list(arguments), input=text)

    return call


def test_translate_explains_on_stderr_and_the_english_stays_alone_on_stdout(run) -> None:
    plain = run("translate", "-", "--engine", "fake", text=SENTENCE)
    told = run("translate", "-", "--engine", "fake", "--explain", text=SENTENCE)
    assert told.exit_code == 0
    assert told.stdout == plain.stdout
    for part in ("segment 1.1", "term         الساحل الأيسر -> Left Bank", "aligned    alsahl alaysr", "price"):
        assert part in told.stderr
    assert 'substituted: Left Bank, in place of "alsahl alaysr"' in told.stderr


def test_translate_explains_to_programs(run) -> None:
    told = run("translate", "-", "--engine", "fake", "--explain", "--json", text=SENTENCE)
    (segment,) = json.loads(told.stderr)["explanations"]
    assert segment["english"] == told.stdout.strip()
    assert {term["how"] for term in segment["terms"]} == {"substituted"}
    assert [step["how"] for step in segment["tried"]] == ["free", "substituted"]
    assert "explanations" not in json.loads(run("translate", "-", "--engine", "fake", "--json", text=SENTENCE).stderr)


def test_draft_explains_what_it_translated(run, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one.md").write_text(f"# عنوان\n\n{SENTENCE}\n", encoding="utf-8")
    (tmp_path / "seeds" / "two.md").write_text("# عنوان\n\nفي الموصل اليوم.\n", encoding="utf-8")
    told = run("draft", "--engine", "fake", "--explain", "--json")
    one, two = json.loads(told.stdout)["articles"]
    assert [len(report["explanations"]) for report in (one, two)] == [1, 1]
    assert two["explanations"][0]["segment"].startswith("two.")
    again = run("draft", "--engine", "fake", "--explain")
    assert again.exit_code == 0
    assert again.stdout == ""  # nothing was translated: there is nothing to explain


def test_a_desk_can_ask_about_one_sentence() -> None:
    glossary = pipeline.Glossary(TermBase(()), MATCHER, "")
    told = pipeline.explain("فر إلى الساحل الأيسر.", glossary, FakeEngine())
    assert told is not None
    assert told.english == "Fr ila the Left Bank."
    assert pipeline.explain("قال المصدر.", glossary, FakeEngine()) is None


def test_a_model_is_calibrated_when_it_is_added_and_again_on_request(run, tmp_path: Path) -> None:
    folder = toy.make(tmp_path / "toy")
    added = run("models", "add", str(folder))
    assert added.exit_code == 0
    assert "alignment: decoder layer" in added.stderr
    stored = json.loads((tmp_path / "home" / "models" / "toy" / "tarjuman.json").read_text("utf-8"))
    assert stored["alignment"]["accuracy"] < 0.6  # random weights point nowhere
    assert "below 60 %, so it is not used" in run("models", "info", "toy").stdout
    again = run("models", "calibrate", "toy")
    assert again.exit_code == 0
    assert "it was" not in again.stderr
    assert "not measured" in run("models", "info", str(folder)).stdout

"""The command line as a person uses it: results on stdout, words on stderr, exit codes, one line for every error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from translate import drafts
from translate.cli import main
from translate.document import State

ROOT = Path(__file__).parent.parent
SENTENCE = "سيطرت القوات العراقية على الساحل الأيسر من الموصل."


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TARJUMAN_HOME", str(tmp_path / "home"))

    def call(*arguments: str, text: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, list(arguments), input=text)

    return call


def test_a_sentence_through_a_pipe(run) -> None:
    result = run("translate", "-", "--engine", "fake", text=SENTENCE)
    assert result.exit_code == 0
    assert "Left Bank" in result.stdout
    assert "Mosul" in result.stdout
    assert result.stderr.splitlines()[-1].startswith("terms 3/3 honoured")


def test_the_report_names_what_was_placed_by_guess_and_quiet_says_nothing(run) -> None:
    assert run("translate", "-", "--engine", "fake", "--quiet", text=SENTENCE).stderr == ""


@pytest.mark.parametrize("form", ["md", "text", "html", "json", "tsv", "xliff"])
def test_every_format_carries_the_english(run, form: str) -> None:
    result = run("translate", "-", "--engine", "fake", "--format", form, text=SENTENCE)
    assert result.exit_code == 0
    assert "Left Bank" in result.stdout


def test_json_is_json_with_every_segment(run) -> None:
    found = json.loads(run("translate", "-", "--engine", "fake", "--format", "json", text=SENTENCE).stdout)
    (segment,) = found["segments"]
    assert segment["source"] == SENTENCE
    assert {term["target"] for term in segment["terms"]} == {"Iraqi forces", "the Left Bank", "Mosul"}


def test_tsv_has_four_columns_whatever_the_text(run) -> None:
    rows = run("translate", "-", "--engine", "fake", "--format", "tsv", text='قال "نعم"\tثم ذهب.\n').stdout
    assert {line.count("\t") for line in rows.splitlines()} == {3}


def test_markdown_comes_out_as_the_same_markdown(run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# عنوان\n\n- بند **مهم**\n\n```\ncode\n```\n", encoding="utf-8")
    lines = run("translate", "a.md", "--engine", "fake", "--glossary", "none").stdout.splitlines()
    assert lines[0].startswith("# ")
    assert any(line.startswith("- ") and "**" in line for line in lines)
    assert lines[-3:] == ["```", "code", "```"]


def test_html_in_and_out_runs_nothing(run, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<html><body><p>{SENTENCE}</p><script>x()</script></body></html>", "utf-8")
    result = run("translate", "a.html", "--engine", "fake", "--format", "html")
    assert result.exit_code == 0
    assert "Left Bank" in result.stdout
    assert "<script" not in result.stdout


def test_output_goes_into_a_file_whole(run, tmp_path: Path) -> None:
    result = run("translate", "-", "--engine", "fake", "-o", "out/a.txt", text=SENTENCE)
    assert result.stdout == ""
    assert "Left Bank" in (tmp_path / "out" / "a.txt").read_text("utf-8")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.txt"]


def test_an_unwritable_output_is_one_line_and_exit_6(run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run("translate", "-", "--engine", "fake", "-o", "file/a.txt", text=SENTENCE)
    assert result.exit_code == 6
    assert len(result.stderr.splitlines()) == 1


def test_the_article_is_never_replaced_by_its_translation(run, tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_text(SENTENCE, encoding="utf-8")
    result = run("translate", "s.txt", "--engine", "fake", "-o", "s.txt")
    assert result.exit_code == 2
    assert (tmp_path / "s.txt").read_text("utf-8") == SENTENCE


def test_the_output_name_says_the_format(run, tmp_path: Path) -> None:
    for name, begin in (("o.json", "{"), ("o.tsv", "id\t"), ("o.html", "<article"), ("o.xlf", "<?xml")):
        run("translate", "-", "--engine", "fake", "-o", name, text=SENTENCE)
        assert (tmp_path / name).read_text("utf-8").startswith(begin)


def test_a_folder_without_terms_is_no_glossary(run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("translate", "-", "--engine", "fake", "--glossary", "empty", text=SENTENCE)
    assert result.exit_code == 3
    assert "empty: no term files" in result.stderr


def test_output_into_a_pipe_and_behind_a_link(run, tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    run("translate", "-", "--engine", "fake", "-o", "link.txt", text=SENTENCE)
    assert (tmp_path / "link.txt").is_symlink()
    assert "Left Bank" in (tmp_path / "real.txt").read_text("utf-8")
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert run("translate", "-", "--engine", "fake", "-o", "pipe", text=SENTENCE).exit_code == 0
        assert b"Left Bank" in os.read(reader, 1000)
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("name", ["~nobody-of-that-name", "x" * 300, "a\u0000b"])
def test_an_odd_model_name_is_one_line(run, name: str) -> None:
    result = run("translate", "-", "--model", name, text=SENTENCE)
    assert result.exit_code == 4
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("engine", ["ct2", "marian"])
def test_a_missing_gpu_is_one_line(run, engine: str) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device here")
    result = run("translate", "-", "--engine", engine, "--device", "cuda", text=SENTENCE)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].endswith("Use --device cpu, or auto")


def test_dry_run_shows_terms_and_translates_nothing(run) -> None:
    result = run("translate", "-", "--dry-run", text=SENTENCE)
    assert result.exit_code == 0
    assert "Left Bank" in result.stdout
    assert SENTENCE in result.stdout


def test_the_report_as_json(run) -> None:
    result = run("translate", "-", "--engine", "fake", "--json", text=SENTENCE)
    report = json.loads(result.stderr)
    assert report["terms"] == {"total": 3, "honoured": 3, "missed": []}
    assert report["signatures"][0].startswith("fake|")


def test_strict_passes_when_every_term_is_honoured(run) -> None:
    assert run("translate", "-", "--engine", "fake", "--strict", text=SENTENCE).exit_code == 0


BAD_INPUT = [
    (b"", 3, "empty"),
    (b"plain English only", 3, "Arabic"),
    ("قال".encode("utf-16"), 3, "UTF-8|binary|NUL"),
    (b"\xc7\xe1\xe3\xe6\xd5\xe1", 3, "UTF-8"),
    ("قال\x00المصدر".encode(), 3, "NUL"),
]


@pytest.mark.parametrize(("data", "code", "message"), BAD_INPUT)
def test_bad_input_is_one_line_that_says_what(run, data: bytes, code: int, message: str) -> None:
    import re

    result = run("translate", "-", "--engine", "fake", text=data)
    assert result.exit_code == code
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("tarjuman: ")
    assert re.search(message, result.stderr)
    assert result.stdout == ""


def test_a_missing_file_a_missing_glossary_a_missing_model(run) -> None:
    assert run("translate", "nowhere.md", "--engine", "fake").exit_code == 3
    assert run("translate", "-", "--engine", "fake", "--glossary", "nowhere.tsv", text=SENTENCE).exit_code == 3
    assert run("translate", "-", "--model", "nowhere", text=SENTENCE).exit_code == 4


def test_a_broken_glossary_names_line_and_column(run, tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text("source\ttarget\nديوان\n", encoding="utf-8")
    result = run("translate", "-", "--engine", "fake", "--glossary", "terms.tsv", text=SENTENCE)
    assert result.exit_code == 3
    assert "terms.tsv:2:" in result.stderr


def test_a_glossary_of_ones_own(run, tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text("source\ttarget\nالموصل\tAl-Mawsil\n", encoding="utf-8")
    result = run("translate", "-", "--engine", "fake", "--glossary", "terms.tsv", text=SENTENCE)
    assert "Al-Mawsil" in result.stdout
    assert "terms 1/1 honoured" in result.stderr


class TestTheLine:
    """ingest, draft, publish."""

    @pytest.fixture
    def raw(self, tmp_path: Path) -> Path:
        text = f"سقوط الساحل الأيسر\n\n{SENTENCE} وقال المصدر إن داعش هرب.\n\nالتعليقات مغلقة\n"
        (tmp_path / "raw.txt").write_text(text, encoding="utf-8")
        return tmp_path / "raw.txt"

    def test_from_raw_text_to_a_site(self, run, raw: Path, tmp_path: Path) -> None:
        assert run("ingest", str(raw), "--slug", "fall-of-the-left-bank").exit_code == 0
        drafted = run("draft", "--engine", "fake")
        assert drafted.exit_code == 0, drafted.stderr
        assert "written" in drafted.stderr
        published = run("publish")
        assert published.exit_code == 0, published.stderr
        page = (tmp_path / "output/site/articles/fall-of-the-left-bank.html").read_text("utf-8")
        assert "Left Bank" in page
        assert "الساحل الأيسر" in page

    def test_a_second_draft_changes_nothing(self, run, raw: Path, tmp_path: Path) -> None:
        run("ingest", str(raw), "--slug", "one")
        run("draft", "--engine", "fake")
        before = (tmp_path / "drafts/one.en.xlf").stat().st_mtime_ns
        again = run("draft", "--engine", "fake")
        assert "unchanged" in again.stderr
        assert "0 of" in again.stderr
        assert (tmp_path / "drafts/one.en.xlf").stat().st_mtime_ns == before

    def test_an_edit_made_by_hand_survives_the_next_draft(self, run, raw: Path, tmp_path: Path) -> None:
        run("ingest", str(raw), "--slug", "one")
        run("draft", "--engine", "fake")
        path = tmp_path / "drafts/one.en.xlf"
        text = path.read_text("utf-8")
        old = next(t.text for t in drafts.load(path).targets.values() if "ISIS" in t.text)
        path.write_text(text.replace(f"<target>{old}</target>", "<target>ISIS ran away.</target>"), "utf-8")
        assert run("draft", "--engine", "fake", "--glossary", "none").exit_code == 0
        assert "ISIS ran away." in [target.text for target in drafts.load(path).targets.values()]

    def test_the_draft_of_another_article_is_never_overwritten(self, run, raw: Path, tmp_path: Path) -> None:
        import shutil

        run("ingest", str(raw), "--slug", "one")
        run("draft", "--engine", "fake")
        shutil.copy(tmp_path / "drafts/one.en.xlf", tmp_path / "drafts/two.en.xlf")
        shutil.copy(tmp_path / "seeds/one.md", tmp_path / "seeds/two.md")
        before = (tmp_path / "drafts/one.en.xlf").read_bytes()
        result = run("draft", "seeds/two.md", "--engine", "fake")
        assert result.exit_code == 3
        assert "draft of another article (one)" in result.stderr
        assert (tmp_path / "drafts/one.en.xlf").read_bytes() == before

    def test_hidden_files_are_left_and_suffixes_have_no_case(self, run, tmp_path: Path) -> None:
        (tmp_path / "seeds").mkdir()
        (tmp_path / "seeds/A.TXT").write_text(SENTENCE, encoding="utf-8")
        (tmp_path / "seeds/._A.TXT").write_bytes(b"\x00\x01")
        assert "1 drafts, 1 of 1" in run("draft", "--engine", "fake").stderr

    def test_edits_set_aside_are_reported(self, run, raw: Path, tmp_path: Path) -> None:
        run("ingest", str(raw), "--slug", "one")
        run("draft", "--engine", "fake")
        path, seed = tmp_path / "drafts/one.en.xlf", tmp_path / "seeds/one.md"
        old = next(t.text for t in drafts.load(path).targets.values() if "ISIS" in t.text)
        path.write_text(path.read_text("utf-8").replace(f"<target>{old}<", "<target>ISIS ran away.<"), "utf-8")
        seed.write_text(seed.read_text("utf-8").replace(" وقال المصدر إن داعش هرب.", ""), "utf-8")
        assert "1 edited sentence set aside" in run("draft", "--engine", "fake").stderr

    def test_a_base_url_is_a_web_address(self, run) -> None:
        assert run("publish", "--base-url", "example").exit_code == 2

    def test_dry_run_writes_nothing(self, run, raw: Path, tmp_path: Path) -> None:
        run("ingest", str(raw), "--slug", "one")
        result = run("draft", "--engine", "fake", "--dry-run")
        assert "one: " in result.stdout
        assert not (tmp_path / "drafts").exists()

    def test_two_articles_of_one_name_are_refused(self, run, tmp_path: Path) -> None:
        for folder in ("a", "b"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "same.txt").write_text(SENTENCE, encoding="utf-8")
        result = run("draft", "a", "b", "--engine", "fake")
        assert result.exit_code == 2
        assert "two articles are called same" in result.stderr

    def test_an_empty_folder_and_no_drafts_are_named(self, run, tmp_path: Path) -> None:
        (tmp_path / "seeds").mkdir()
        assert run("draft", "--engine", "fake").exit_code == 3
        assert run("publish").exit_code == 3

    def test_a_broken_draft_is_named_and_left_alone(self, run, raw: Path, tmp_path: Path) -> None:
        run("ingest", str(raw), "--slug", "one")
        (tmp_path / "drafts").mkdir()
        path = tmp_path / "drafts/one.en.xlf"
        path.write_text("<xliff", encoding="utf-8")
        result = run("draft", "--engine", "fake")
        assert result.exit_code == 3
        assert path.read_text("utf-8") == "<xliff"


def test_models_list_and_info(run) -> None:
    listed = run("models", "list")
    assert listed.exit_code == 0
    assert "tarjuman-ar-en@" in listed.stdout
    assert "fingerprint" in run("models", "info").stdout


def test_version_and_help(run) -> None:
    assert run("--version").stdout.startswith("tarjuman, version ")
    for command in ("ingest", "draft", "publish", "translate", "models"):
        assert command in run("--help").stdout
        assert run(command, "--help").exit_code == 0


def test_every_command_and_option_is_documented() -> None:
    import click

    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    for name, command in main.commands.items():
        assert f"tarjuman {name}" in text
        commands = command.commands.values() if isinstance(command, click.Group) else [command]
        for one in commands:
            for parameter in one.params:
                if isinstance(parameter, click.Option) and parameter.name != "help":
                    assert any(f"{option}" in text for option in parameter.opts), f"{name} {parameter.opts}"


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "translate.cli", "translate", "-", "--engine", "fake"],
        input=SENTENCE.encode(),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "TARJUMAN_HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0
    assert b"Left Bank" in done.stdout


def test_an_approved_sentence_fills_the_same_one_elsewhere(run, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for name in ("one", "two"):
        (tmp_path / "seeds" / f"{name}.txt").write_text(f"{SENTENCE}\n\nقال {name} نعم.\n", "utf-8")
    assert run("draft", "seeds/one.txt", "--engine", "fake").exit_code == 0
    path = tmp_path / "drafts" / "one.en.xlf"
    one = drafts.load(path)
    name = next(segment.id for segment in one.article.segments() if segment.text == SENTENCE)
    english = "Iraqi forces took the Left Bank of Mosul."
    approved = drafts.revised(
        one.targets[name], english, source=SENTENCE, who="mona", when="2026-11-22", state=State.APPROVED
    )
    drafts.save(replace(one, targets={**one.targets, name: approved}), path, base=one.fingerprint)
    assert (
        run("draft", "--dry-run", "--engine", "fake").stdout.splitlines()[-1]
        == "two: 1 of 2 segments, 1 from the memory"
    )
    assert "1 from the memory" in run("draft", "--engine", "fake").stderr
    two = tmp_path / "drafts" / "two.en.xlf"
    assert [target.text for target in drafts.load(two).targets.values() if target.match == 100] == [english]
    before = two.read_bytes()
    run("draft", "--engine", "fake")
    assert two.read_bytes() == before
    assert "from the memory" not in run("draft", "--engine", "fake", "--no-memory").stderr
    assert english not in two.read_text("utf-8")

"""Judging a model: tests/cases/evaluate.md, the way an article goes, and `tarjuman eval` as a person uses it."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
import toy
from case_blocks import case_blocks
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import TermBase
from translate import pipeline, quality, readers
from translate.cli import main
from translate.cli.evaluation import SEED
from translate.engines.fake import FakeEngine
from translate.errors import UsageError
from translate.evaluate import count_sentences, evaluate, judge
from translate.pipeline import Glossary

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases" / "evaluate.md"
GLOSSARY = Glossary.of(TermBase.load(TermBase.default()))
PAIRS = list(zip(toy.SENTENCES[:5], toy.SENTENCES[5:], strict=True))
ENGLISH = [reference for _, reference in PAIRS]


def _cases() -> list[object]:
    return [pytest.param(dict(pairs), id=title) for title, pairs in case_blocks(CASES)]


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, str]) -> None:
    judged = judge("x", [case["output"]], [(case["source"], case["reference"])], GLOSSARY)
    terms, (row,) = judged.terms, judged.rows
    assert f"{terms.met}/{terms.total}" == case["terms"]
    assert f"{terms.expected_met}/{terms.expected}" == case["in reference"]
    assert len(row.met) == terms.met
    if "missed" in case:
        assert " | ".join(row.missed) == case["missed"]
    if "findings" in case:
        assert " ".join(sorted({finding.check for finding in row.findings})) == case["findings"]


# --- through an engine ------------------------------------------------------------------------------------------------


def test_sentences_go_the_way_of_an_article(tmp_path: Path) -> None:
    source = "سيطرت القوات العراقية على الساحل الأيسر من الموصل. قال المصدر إن عناصر التنظيم فروا باتجاه سوريا."
    path = tmp_path / "a.txt"
    path.write_text(f"{source}\n", encoding="utf-8")
    article = readers.read(path, syntax="text")
    targets = pipeline.translate(article, GLOSSARY, FakeEngine())
    (row,) = evaluate(FakeEngine(), [(source, "Anything.")], GLOSSARY).rows
    assert row.output == " ".join(targets[segment.id].text for segment in article.segments())
    assert len(targets) == 2 == count_sentences([(source, "Anything.")])


def test_terms_are_kept_with_a_glossary_counted_when_free_and_neither_without() -> None:
    kept = evaluate(FakeEngine(), PAIRS, GLOSSARY)
    free = evaluate(FakeEngine(), PAIRS, GLOSSARY, free=True)
    plain = evaluate(FakeEngine(), PAIRS)
    assert kept.terms.met == kept.terms.total > 5
    assert kept.terms.expected_met == kept.terms.expected > 5
    assert (free.terms.met, free.terms.total) == (0, kept.terms.total)
    assert plain.terms.total == 0
    assert free.outputs == plain.outputs != kept.outputs
    assert kept.quality.chrf > free.quality.chrf
    assert f"|glossary:{GLOSSARY.fingerprint}|" in kept.signature
    assert "|glossary:none|" in free.signature


def test_an_evaluation_knows_its_figures() -> None:
    perfect = judge("perfect", ENGLISH, PAIRS, GLOSSARY)
    assert perfect.quality.bleu == pytest.approx(100)
    assert (perfect.length, perfect.repeated, perfect.unfinished) == (1, 0, 0)
    assert (perfect.seconds, perfect.words_per_second) == (None, None)
    assert perfect.terms.expected == perfect.terms.expected_met
    bad = judge("bad", ["", "The source said the source said the source said.", *ENGLISH[2:]], PAIRS, GLOSSARY)
    assert (bad.repeated, bad.unfinished) == (1, 1)
    assert bad.flagged >= 2
    assert bad.length < 1
    assert [row.line for row in bad.worst(2)] == [1, 2]
    fake = evaluate(FakeEngine(), PAIRS)
    assert fake.words_per_second and fake.seconds
    assert fake.words_per_second * fake.seconds == pytest.approx(sum(len(source.split()) for source, _ in PAIRS))


def test_progress_counts_sentences() -> None:
    seen: list[int] = []
    evaluate(FakeEngine(), PAIRS, progress=seen.append)
    assert sum(seen) == count_sentences(PAIRS) == 5


def test_each_sentence_needs_its_output() -> None:
    with pytest.raises(UsageError, match="4 translations for 5 references"):
        judge("x", ENGLISH[1:], PAIRS)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=60), st.text(max_size=60)), min_size=1, max_size=4))
def test_any_text_is_judged(rows: list[tuple[str, str]]) -> None:
    pairs = [(source, "The house is red.") for source, _ in rows]
    judged = judge("x", [output for _, output in rows], pairs, GLOSSARY)
    assert len(judged.rows) == len(rows)
    terms = judged.terms
    assert terms.expected_met <= terms.expected <= terms.total >= terms.met
    assert len(evaluate(FakeEngine(), pairs, GLOSSARY).rows) == len(rows)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two toy models, the first with sentences of its own."""
    found = [toy.make(tmp_path_factory.mktemp("models") / f"toy-{seed}", seed=seed) for seed in (7, 8)]
    lines = "".join(f"{source}\t{reference}\n" for source, reference in PAIRS)
    (found[0] / "dev.tsv").write_text(lines, encoding="utf-8")
    return found


def test_a_model_is_judged_by_what_it_writes(models: list[Path]) -> None:
    from translate.engines.marian import MarianEngine

    engine = MarianEngine(models[0], "toy", threads=1)
    judged = evaluate(engine, PAIRS[:2], name="toy")
    targets = [row.output for row in judged.rows]
    assert judged.quality == quality.quality(targets, ENGLISH[:2])
    assert judged.signature.startswith(engine.signature())


@pytest.mark.model
def test_the_bundled_model_comes_close(tmp_path: Path) -> None:
    from translate.engines.ct2 import CTranslate2Engine
    from translate.registry import BUNDLED, DEFAULT, Model

    model = Model(DEFAULT, BUNDLED / DEFAULT, bundled=True)
    engine = CTranslate2Engine(model.folder, model.full_name, tmp_path, threads=1, limit=model.limit)
    judged = evaluate(engine, PAIRS, GLOSSARY)
    assert judged.quality.chrf > 40
    named = sum(finding.check == "g-01" for row in judged.rows for finding in row.findings)
    assert judged.terms.met + named == judged.terms.total > 5
    assert judged.unfinished == 0


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The command line in a folder with sentences, `a.tsv`, and two translations of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TARJUMAN_HOME", str(tmp_path / "home"))
    lines = "".join(f"{source}\t{reference}\tnote\n" for source, reference in PAIRS * 5)
    Path("a.tsv").write_text(lines, encoding="utf-8")
    Path("good.en").write_text("\n".join(ENGLISH * 5) + "\n", encoding="utf-8")
    Path("poor.en").write_text("\n".join(["The man said.", "", *ENGLISH[2:]] * 5) + "\n", encoding="utf-8")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["eval", *arguments])

    return call


def test_a_table_on_stdout_and_nothing_else(run) -> None:
    result = run("a.tsv", "--engine", "fake")
    assert (result.exit_code, result.stderr) == (0, "")
    title, _, head, figures, *rest = result.stdout.splitlines()
    assert title == "a.tsv, 25 lines"
    assert head.split()[:3] == ["system", "BLEU", "chrF++"]
    assert figures.split()[0] == "fake"
    assert len(head) <= 120
    assert any(line.startswith("BLEU") and "nrefs:1|" in line for line in rest)
    assert not any(line != line.rstrip() for line in result.stdout.splitlines())


def test_columns_stand_below_their_heads(run) -> None:
    _, _, head, *rows = run("a.tsv", "--outputs", "good.en", "--outputs", "poor.en").stdout.splitlines()[:5]
    ends = {head.index(name) + len(name) for name in ("BLEU", "chrF++", "terms", "length", "flagged")}
    for row in rows:
        assert all(row[end - 1] != " " and row[end : end + 1] in ("", " ") for end in ends)


def test_outputs_alone_are_judged_and_compared(run) -> None:
    result = run("a.tsv", "--outputs", "good.en", "--outputs", "poor.en", "--seed", "3")
    assert result.exit_code == 0
    assert "good.en  100.0   100.0" in result.stdout
    assert "Compared with good.en: paired bootstrap, 1000 resamples, seed 3" in result.stdout
    assert result.stdout.count("worse") == 2
    assert "fake" not in result.stdout


def test_an_engine_asked_for_is_the_first_to_be_compared(run) -> None:
    result = run("a.tsv", "--outputs", "good.en", "--engine", "fake")
    assert "Compared with fake" in result.stdout
    assert result.stdout.count("better") == 2


def test_the_same_again_proves_nothing_and_neither_do_a_few_lines(run) -> None:
    same = ("a.tsv", "--outputs", "good.en", "--outputs", "good.en")
    assert run(*same).stdout.count("may be chance") == 2
    few = run("a.tsv", "--limit", "5", "--outputs", "good.en", "--outputs", "poor.en").stdout
    assert few.count("too few lines") == 2
    assert few.startswith("a.tsv, first 5 of 25 lines\n")


def test_json_says_the_same(run) -> None:
    result = run("a.tsv", "--outputs", "good.en", "--outputs", "poor.en", "--json", "--worst", "1")
    (found,) = json.loads(result.stdout)["sets"]
    good, poor = found["systems"]
    assert (found["sentences"], good["system"], good["bleu"]) == (25, "good.en", pytest.approx(100))
    assert poor["worst"][0]["line"] == 2
    assert poor["worst"][0]["source"] == PAIRS[1][0]
    (compared,) = found["compared"]
    assert (compared["system"], compared["with"], compared["bleu"]["verdict"]) == ("poor.en", "good.en", "worse")
    assert compared["bleu"]["difference"] == pytest.approx(poor["bleu"] - good["bleu"])


def test_the_worst_come_with_all_three_texts(run) -> None:
    out = run("a.tsv", "--limit", "5", "--outputs", "poor.en", "--worst", "2").stdout
    assert "Furthest from the reference: poor.en\n\nline 2, chrF++ 0.0; u-01; missed: " in out
    assert f"  {PAIRS[1][0]}\n  {ENGLISH[1]}\n  (nothing)\n\nline 1, " in out


def test_the_list_has_a_line_for_each_sentence_and_system(run) -> None:
    result = run("a.tsv", "--outputs", "good.en", "--outputs", "poor.en", "--list", "rows.tsv")
    assert result.exit_code == 0
    with Path("rows.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == 50
    assert [row["line"] for row in rows[:25]] == [str(n) for n in range(1, 26)]
    assert rows[0]["source"] == PAIRS[0][0]
    assert rows[26]["findings"] == "u-01"
    assert rows[0]["chrF++"] == "100.0"
    assert "الساحل الأيسر -> Left Bank" in rows[0]["terms met"]
    assert "الساحل الأيسر -> Left Bank" in rows[25]["terms missed"]


def test_a_list_on_stdout_moves_the_table_to_stderr(run) -> None:
    result = run("a.tsv", "--outputs", "good.en", "--list", "-")
    assert {line.count("\t") for line in result.stdout.splitlines()} == {9}
    assert result.stderr.startswith("a.tsv, 25 lines")


def test_a_model_brings_its_own_sentences_and_is_compared_with_another(run, models: list[Path]) -> None:
    two = ("--model", str(models[0]), "--model", str(models[1]))
    result = run(*two, "--engine", "marian", "--threads", "1", "--glossary", "none", "--limit", "2")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("dev.tsv, first 2 of 5 lines")
    assert "Compared with toy-7@" in result.stdout
    assert "toy-8@" in result.stdout


def test_an_added_model_keeps_its_sentences(run, models: list[Path]) -> None:
    assert CliRunner().invoke(main, ["models", "add", str(models[0]), "--name", "mine"]).exit_code == 0
    assert run("--model", "mine", "--engine", "fake").stdout.startswith("dev.tsv, 5 lines")


def test_two_sets_are_two_tables(run) -> None:
    shutil.copyfile("a.tsv", "b.tsv")
    result = run("a.tsv", "b.tsv", "--engine", "fake")
    assert [line for line in result.stdout.splitlines() if line.endswith(" lines")] == [
        "a.tsv, 25 lines",
        "b.tsv, 25 lines",
    ]


def test_free_counts_what_it_does_not_keep(run) -> None:
    kept, free = (json.loads(run("a.tsv", "--engine", "fake", "--json", *more).stdout) for more in ((), ("--free",)))
    kept, free = (found["sets"][0]["systems"][0]["terms"] for found in (kept, free))
    assert kept["total"] == free["total"] == kept["met"]
    assert free["met"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("none.tsv",), 3, r"none\.tsv: the file cannot be read"),
        (("a.tsv", "--outputs", "short.en"), 3, r"short\.en: 2 lines for 25 sentences\. It must"),
        (("a.tsv", "a.tsv", "--outputs", "good.en"), 2, r"2 given: --outputs belongs to one TSV\. Judge"),
        (("a.tsv", "--outputs", "good.en", "--list", "-", "--json"), 2, "--list - and --json both want stdout. Give"),
        (("a.tsv", "--engine", "fake", "--list", "./a.tsv"), 2, r"a\.tsv: the list would replace .* Choose"),
        (("a.tsv", "--outputs", "good.en", "--list", "good.en"), 2, r"good\.en: the list would replace"),
        (("a.tsv", "--model", "nobody"), 4, "nobody: no such model"),
        (("a.tsv", "--limit", "0"), 2, "--limit"),
        (("a.tsv", "--outputs", "good.en", "--glossary", "none.tsv"), 3, "none.tsv"),
        (("a.tsv", "--outputs", "good.en", "--list", "a.tsv/rows"), 6, "rows: the file cannot be written"),
        (("--model", "EMPTY", "--engine", "fake"), 2, "toy-8: this model comes without sentences.*Name a TSV file"),
    ],
)
def test_what_is_wrong_is_one_line_and_a_code(
    run, models: list[Path], arguments: tuple[str, ...], code: int, message: str
) -> None:
    Path("short.en").write_text("a\nb\n", encoding="utf-8")
    result = run(*(str(models[1]) if word == "EMPTY" else word for word in arguments))
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.stderr
    last = result.stderr.strip().splitlines()[-1]
    assert re.search(message, last), last


def test_the_seed_is_that_of_quality() -> None:
    assert quality.SEED == SEED

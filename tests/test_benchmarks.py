"""What the benchmark counts, on sentences made by hand; its baselines; its stemmer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import toy_language

from benchmarks import __main__ as everything
from benchmarks import existing, process, recall, report, search, sentences, sets, site, systems
from benchmarks.lucene_arabic import StemMatcher, plain, stem
from benchmarks.measures import Figures, Line, measure
from benchmarks.row import Measured, Row, Scale, Table, Verdict, p95, ratio, shown
from translate.engines.base import Hint
from translate.engines.fake import FakeEngine
from translate.pipeline import Glossary

TERMS = {"مفرزة": ("detachment", "detachments"), "ديوان": ("bureau", "bureaus")}
GLOSSARY = Glossary.of(toy_language.term_base(TERMS))


def figures(source: str, output: str, reference: str = "") -> Figures:
    job = sets.line_job("line", source, GLOSSARY)
    return measure([Line(source, output, job.requirements, reference)])


def test_a_right_translation_has_full_marks() -> None:
    text = "The detachments saw the bureau."
    found = figures("رأى المفارز الديوان.", text, text)
    assert (found.compliance, found.placement, found.overlap(2), found.overlap(3), found.term_score) == (1,) * 5
    assert (found.form, found.exactness, found.duplication) == (1, 1, 0)


@pytest.mark.parametrize(
    ("output", "compliance", "placement", "form", "duplication"),
    [
        ("The squads saw the bureau.", 0.5, 1, 1, 0),
        ("The bureau saw the detachments.", 1, 0, 1, 0),
        ("The detachment saw the bureau.", 1, 1, 0.5, 0),
        ("The detachments, detachments saw the bureau.", 1, 1, 1, 0.5),
        ("", 0, None, None, 0),
    ],
)
def test_what_is_wrong_is_counted(
    output: str, compliance: float, placement: float | None, form: float | None, duplication: float
) -> None:
    found = figures("رأى المفارز الديوان.", output, "The detachments saw the bureau.")
    assert (found.compliance, found.placement) == (compliance, placement)
    assert (found.form, found.duplication) == (form, duplication)


def test_a_dual_wants_its_two() -> None:
    assert figures("رأى القائد المفرزتان.", "The leader saw the two big detachments.").form == 1
    assert figures("رأى القائد المفرزتان.", "The leader saw the detachments.").form == 0


def test_the_window_forgets_nothing_but_the_term() -> None:
    found = figures("رأى القائد المفارز.", "A leader saw the detachments.", "The leader saw the detachments.")
    assert found.overlap(2) == 1  # saw the
    assert found.overlap(3) == 1  # leader saw the
    found = figures("رأى القائد المفارز.", "A leader met the detachments.", "The leader saw the detachments.")
    assert found.overlap(2) == 0.5


def test_edits_on_terms_count_twice() -> None:
    reference = "The leader saw the detachments."  # six words, one of them a term: weight seven
    assert figures("رأى القائد المفارز.", "The leader saw the squads.", reference).term_score == pytest.approx(5 / 7)
    assert figures("رأى القائد المفارز.", "The leader met the detachments.", reference).term_score == pytest.approx(
        6 / 7
    )


def test_renditions_the_reference_has_are_not_duplicates() -> None:
    twice = "The detachments saw the detachments."
    assert figures("رأى المفارز القرية.", twice, twice).duplication == 0
    assert figures("رأى المفارز القرية.", twice).duplication == 1


def test_consistency_is_of_terms_that_occur_again() -> None:
    found = figures("هاجم المفرزة المفرزة.", "The detachment attacked the Detachment.")
    assert found.consistency == 1
    assert figures("هاجم المفرزة الديوان.", "The detachment attacked the bureau.").consistency is None


# --- baselines --------------------------------------------------------------------------------------------------


def test_hints_are_those_of_the_product() -> None:
    job = sets.line_job("line", "رأى المفارز الديوان.", GLOSSARY)
    assert systems.hints_of(job.requirements) == (Hint(4, 11, "detachments"), Hint(12, 19, "bureau"))


def test_masks_keep_the_preposition_and_are_put_back() -> None:
    job = sets.line_job("line", "رأى المفارز بالديوان.", GLOSSARY)
    text, put = systems._masked(job, systems.CAPITALS)
    assert text == "رأى لندن بباريس."
    assert sorted(put) == [("London", "detachments"), ("Paris", "bureau")]


def test_naive_replacement_takes_the_words_aligned_and_no_others() -> None:
    job = sets.line_job("line", "رأى المفارز الديوان.", GLOSSARY)
    assert systems._replaced(job, "They saw small squads there.", [(1, 2), (1, 3)]) == "They saw detachments there."


def test_nothing_is_unnamed_whatever_the_engine_says() -> None:
    jobs = [case.job for case in sets.toy("proper", 30, 2)]
    result = systems.cascade(jobs, FakeEngine())
    assert result.unnamed == 0
    assert len(result.texts) == len(jobs)


# --- Lucene's rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("الكتاب", "كتاب"),
        ("والكتاب", "كتاب"),
        ("للكتاب", "كتاب"),
        ("بكتاب", "بكتاب"),  # no rule for a bare preposition
        ("وكتاب", "كتاب"),
        ("ولد", "ولد"),  # too short for و
        ("كتابها", "كتاب"),
        ("مدرسة", "مدرس"),
        ("مدرسات", "مدرس"),
        ("أُسْرَة", "اسر"),
    ],
)
def test_light_stems(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_the_longest_entry_counts() -> None:
    matcher = StemMatcher([("ديوان", "ديوان"), ("ديوان المال", "ديوان المال")], stem)
    assert matcher.find("دخل الديوان وديوان المال") == [(4, 11, "ديوان"), (12, 24, "ديوان المال")]
    assert StemMatcher([("ديوان", "ديوان")], plain).find("دخل الديوان") == []


# --- rows and their report ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [(12345, "12,345"), (0.12345, "0.123"), (12.34, "12.3"), (1234.5, "1,234"), (None, "–"), ("x", "x")],
)
def test_cells(cell: object, text: str) -> None:
    assert shown(cell) == text


def test_a_ratio_is_of_the_same_round() -> None:
    assert ratio([1, 2, 30], [2, 4, 10]) == 0.5
    assert p95(range(100)) == 95


def test_rows_are_replaced_one_by_one(tmp_path: Path) -> None:
    page = tmp_path / "RESULTS.md"
    rows = {"a": Row("A", "What is a?", pytest.fail), "b": Row("B", "What is b?", pytest.fail)}
    table = Table(("system", "s"))
    table.add("Tarjuman", 0.5)
    measured = Measured((Verdict("<1 s", "0.5 s", True), Verdict("≥3x", "no peer", None)), tuple(table.lines()))
    report.write(page, rows, {"b": report.piece(rows["b"], measured, "python -m benchmarks --only b", 0.0, 3)})
    first = page.read_text("utf-8")
    assert "## A\n\nWhat is a?\n\nNot measured yet." in first
    assert (
        "- <1 s: met (0.5 s)\n- ≥3x: not measured (no peer)\n\n| system | s |\n|---|--:|\n| Tarjuman | 0.5 |" in first
    )
    report.write(page, rows, {"a": "## A\n\nanew"})
    assert page.read_text("utf-8") == first.replace("What is a?\n\nNot measured yet.", "anew")
    report.write(page, rows, {})
    assert page.read_text("utf-8") == first.replace("What is a?\n\nNot measured yet.", "anew")


def test_the_command_of_a_row_measures_that_row_alone() -> None:
    given = ["--only", "speed", "start", "--rounds", "5"]
    assert everything.command(given, "start") == "python -m benchmarks --only start --rounds 5"


def test_every_row_is_in_the_manual() -> None:
    manual = (Path(report.__file__).parent / "README.md").read_text("utf-8")
    assert [name for name in everything.ROWS if f"| `{name}` |" not in manual] == []


def test_figures_are_taken_from_the_tables_of_others() -> None:
    lines = [
        "| system | time | share |",
        "|---|---:|---:|",
        "| Tarjuman | 1.60 | – |",
        "",
        "| a | b |",
        "| Tarjuman | 2 |",
    ]
    rows = list(existing.cells(lines, "Tarjuman"))
    assert existing.numbers(rows, "time") == [1.6]
    assert existing.numbers(rows, "b") == [2.0]
    assert existing.numbers(rows, "share") == []


def test_leads_are_read_from_the_report_of_the_site() -> None:
    told = [
        "Articles a second of wall time, ours (everything) over MkDocs 1.6.1, search: 1.4.",
        "Pages a second of wall time, ours (everything) over Pelican 4.11.0, no search: 2.0.",
        "Pages a second of wall time, ours (no search, no downloads) over Pelican 4.11.0, no search: 2.7.",
        "Pages a second of wall time, ours (everything) over MkDocs 1.6.1, search: 2.1.",
        "Pages a second of wall time, ours (no downloads) over MkDocs 1.6.1, search: 2.4.",
    ]
    assert existing.leads(told, site.EVERYTHING) == ["2.0", "2.1"]
    assert existing.leads(told, site.SEARCH) == ["2.4"]
    assert existing.leads(told, site.PAGES) == ["2.7"]


def test_the_terms_row_is_the_report_in_short() -> None:
    report_of_two = [
        "#### Toy, proper",
        "| system | compliance | time |",
        "|---|---:|---:|",
        "| free decoding | 0.0 | 1.00 |",
        "| Tarjuman | 100.0 | 1.60 |",
        "#### Matching",
        "| system | found |",
        "|---|---:|",
        "| Tarjuman | 629 |",
    ]
    *_, row, _ = existing.in_short(report_of_two)
    assert row.startswith("| Toy, proper | 100.0 |")
    assert "| 1.60 |" in row


def test_a_process_tells_what_it_took() -> None:
    found = process.run([sys.executable, "-c", "print('hello'); print('{\"found\": 3}')"])
    assert found.told == {"found": 3}
    assert found.megabytes > 1
    with pytest.raises(SystemExit, match=r"ended with 3\nno"):
        process.run([sys.executable, "-c", "import sys; print('no', file=sys.stderr); sys.exit(3)"])


def test_sentences_are_the_same_every_time_and_begin_alike() -> None:
    few, more = list(sentences.sentences(30)), list(sentences.sentences(60))
    assert more[:30] == few
    assert all(arabic and english for arabic, english in more)


def test_the_memory_row_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest of all: the memory finds what comparing everything finds."""
    filled = recall.fill(200, str(tmp_path))
    looked = recall.ours(200, str(tmp_path), 12, 12)
    compared = recall.brute(200, str(tmp_path), 12, 12)
    assert filled["bytes"] > 0
    assert looked["held"] == 200
    assert (compared["missed"], compared["more"]) == (0, 0)
    assert compared["matches"] == looked["matches"] > 0
    assert recall.rebuilt(100, str(tmp_path))["held"] == 100
    assert Scale(tmp_path, tmp_path, quick=True).size(1_000) == 100


def test_the_index_of_the_search_row_is_changed_in_part(tmp_path: Path) -> None:
    told, sample, facts = search.ours(12, tmp_path / "index")
    facts.close()
    rewritten = int(told.rewritten.split()[0])
    assert len(sample) == 12
    assert 0 < rewritten < told.files

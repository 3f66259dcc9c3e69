"""Edit effort: what is counted, what is not, and the command that says it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.ter import TER

from glossary import Matcher, Term, TermBase
from translate import diff, drafts, quality
from translate.cli import main
from translate.document import Alternative, Article, Block, Draft, Kind, Origin, Segment, State, Target
from translate.effort import Sum, beginning, effort

SOURCES = ["هربت المفارز من الموصل.", "قال المصدر نعم.", "انسحب المسلحون.", "سيطرت القوات على المدينة."]
MACHINE = ["The squads fled Mosul.", "The source said yes.", "The gunmen left.", "Forces took the city."]


def machine(number: int) -> Target:
    return Target(MACHINE[number], State.MACHINE, signature="m1", source=SOURCES[number])


def draft(*targets: Target, slug: str = "x") -> Draft:
    blocks = tuple(
        Block(n, Kind.PARAGRAPH, text, segments=(Segment(f"{slug}.{n}.1", text),)) for n, text in enumerate(SOURCES, 1)
    )
    return Draft(Article(slug, blocks), {f"{slug}.{n}.1": target for n, target in enumerate(targets, 1)})


def edited(number: int, text: str, seconds: float = 0.0, state: State = State.EDITED) -> Target:
    return drafts.revised(
        machine(number), text, source=SOURCES[number], who="mona", when="2026-11-22", seconds=seconds, state=state
    )


def test_what_is_counted() -> None:
    one = draft(
        edited(0, "The detachments fled Mosul.", seconds=30.5),
        edited(1, MACHINE[1], state=State.APPROVED),
        machine(2),
        Target("Typed.", State.EDITED, Origin.PERSON, source=SOURCES[3]),
    )
    found = effort([one])
    assert [(e.segment, e.started.text, e.final) for e in found.edited] == [
        ("x.1.1", "The squads fled Mosul.", "The detachments fled Mosul."),
        ("x.2.1", "The source said yes.", "The source said yes."),
    ]
    assert found.machine == Sum(2, 1, 1.0, 10.0, 9, 47, 1, 30.5)
    assert found.machine.hter == 10.0
    assert found.machine.untouched_share == 50.0
    assert found.unknown == 1
    assert diff.marked(found.edited[0].changes) == "The [-squads-]{+detachments+} fled Mosul."
    assert found.articles[0].segments == 4


def test_what_began_in_the_memory_is_counted_apart() -> None:
    filled = replace(machine(0), origin=Origin.MEMORY, match=100)
    approved = drafts.revised(filled, "The units fled Mosul.", source=SOURCES[0], who="", when="", state=State.APPROVED)
    found = effort([draft(approved)])
    assert (found.machine.sentences, found.memory.sentences, found.memory.edits) == (0, 1, 1.0)


def test_the_beginning_survives_the_disk_and_another_run(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    one = draft(edited(0, "The detachments fled Mosul."))
    drafts.save(one, path, base="")
    fresh = {"x.1.1": Target("Squads have fled Mosul.", State.MACHINE, signature="m2", source=SOURCES[0])}
    merged = drafts.merge(drafts.load(path), one.article, fresh, "g")
    assert [e.started.text for e in effort([merged]).edited] == ["The squads fled Mosul."]


@pytest.mark.parametrize(
    ("target", "began"),
    [
        (machine(0), Alternative(MACHINE[0], Origin.MACHINE, "m1")),
        (Target("", State.EDITED), None),
        (Target("Typed.", State.EDITED, Origin.PERSON), None),
        (Target("Typed.", State.EDITED, Origin.PERSON, started=Alternative("Older.", Origin.PERSON)), None),
    ],
)
def test_where_a_text_began(target: Target, began: Alternative | None) -> None:
    assert beginning(target) == began


@pytest.mark.parametrize(
    ("before", "after", "fate"),
    [
        ("The detachments fled.", "The detachments have fled.", "kept"),
        ("Detachments fled.", "The detachments fled.", "kept"),
        ("The detachment fled.", "The detachments fled.", "changed"),
        ("The squads fled.", "The detachments fled.", "put_in"),
        ("The detachments fled.", "The squads fled.", "taken_out"),
        ("The squads fled.", "The units fled.", "missing"),
    ],
)
def test_what_became_of_a_term(before: str, after: str, fate: str) -> None:
    target = drafts.revised(replace(machine(0), text=before), after, source=SOURCES[0], who="", when="")
    words = Matcher(TermBase([Term("المفارز", "detachments", singular="detachment", plural="detachments")]))
    (term,) = effort([draft(target)], words).terms
    counts = {name: getattr(term, name) for name in ("kept", "changed", "put_in", "taken_out", "missing")}
    assert counts == {name: int(name == fate) for name in counts}
    assert (term.uses, term.touched) == (1, int(fate in ("changed", "put_in", "taken_out")))


def test_a_sentence_whose_arabic_changed_since_says_nothing_about_terms() -> None:
    stale = replace(edited(0, "The units fled Mosul."), source="هربت المفارز من تكريت.")
    found = effort([draft(stale)], Matcher(TermBase([Term("المفارز", "detachments")])))
    assert found.terms == ()
    assert found.machine.sentences == 1


english = st.lists(st.sampled_from(["the", "Forces", "fled", "Mosul", ",", ".", "quickly"]), max_size=9).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(english, english), min_size=1, max_size=4))
def test_edits_are_those_of_ter(pairs: list[tuple[str, str]]) -> None:
    outputs, references = [one for one, _ in pairs], [other for _, other in pairs]
    counted = quality.edits(outputs, references)
    whole = TER(normalized=True, case_sensitive=True).corpus_score(outputs, [references])
    assert (sum(e for e, _ in counted), sum(w for _, w in counted)) == (whole.num_edits, whole.ref_length)
    for (output, reference), (edits, _) in zip(pairs, counted, strict=True):
        assert edits >= 0
        assert (edits == 0) or output != reference


@pytest.mark.parametrize("seed", range(6))
def test_edits_of_long_and_rewritten_texts_are_those_of_ter(seed: int) -> None:
    chance = random.Random(seed)
    output = [f"w{chance.randrange(25 * (seed + 1))}" for _ in range(chance.randint(40, 70))]
    reference = list(output)
    for _ in range(10):
        (begin, end), to = sorted((chance.randrange(40), chance.randrange(40))), chance.randrange(30)
        moved = reference[begin:end]
        del reference[begin:end]
        reference[to:to] = [*moved, "new"] if chance.random() < 0.5 else moved[: chance.randint(0, 30)]
    texts = " ".join(output), " ".join(reference)
    whole = TER(normalized=True, case_sensitive=True).corpus_score([texts[0]], [[texts[1]]])
    assert quality.edits([texts[0]], [texts[1]]) == [(whole.num_edits, whole.ref_length)]


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    one = draft(edited(0, "The detachments fled Mosul.", 90.0), edited(1, MACHINE[1], state=State.APPROVED))
    two = draft(Target("Typed.", State.EDITED, Origin.PERSON, source=SOURCES[0]), slug="y")
    for each in (one, two):
        drafts.save(each, drafts.path_for(tmp_path, each.article.slug), base="")
    return tmp_path


def test_the_tables(folder: Path) -> None:
    result = CliRunner().invoke(main, ["effort", str(folder)])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[2].split() == ["article", "confirmed", "untouched", "HTER", "characters", "minutes"]
    assert lines[3].split() == ["x", "2", "of", "4", "1", "(50", "%)", "10.0", "9", "(19", "%)", "1.5"]
    assert lines[5].split()[:5] == ["in", "all", "2", "of", "8"]
    assert "not known, so in no figure: 1" in result.stdout


def test_json_has_everything(folder: Path) -> None:
    found = json.loads(CliRunner().invoke(main, ["effort", str(folder), "--json"]).stdout)
    assert found["machine"]["hter"] == 10.0
    assert found["segments"][0]["changes"][1:3] == [["removed", "squads"], ["added", "detachments"]]
    assert [term["source"] for term in found["terms"] if term["put_in"]] == ["مفارز"]


def test_tsv_has_a_line_for_each_confirmed_sentence(folder: Path) -> None:
    rows = CliRunner().invoke(main, ["effort", str(folder), "--tsv"]).stdout.splitlines()
    assert [row.split("\t")[0] for row in rows] == ["segment", "x.1.1", "x.2.1"]
    assert rows[1].split("\t")[-1] == "The [-squads-]{+detachments+} fled Mosul."


def test_a_folder_without_drafts_and_two_forms_at_once(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["effort", str(tmp_path)]).exit_code == 3
    assert CliRunner().invoke(main, ["effort", str(tmp_path), "--json", "--tsv"]).exit_code == 2


def test_nothing_confirmed_yet(tmp_path: Path) -> None:
    drafts.save(draft(machine(0)), drafts.path_for(tmp_path, "x"), base="")
    result = CliRunner().invoke(main, ["effort", str(tmp_path)])
    assert (result.exit_code, result.stdout.startswith("Nothing to measure yet")) == (0, True)

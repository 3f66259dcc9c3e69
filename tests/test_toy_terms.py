"""Terms measured exactly: a small trained model, a language with one right answer, and every promise as a number.

The model in `toy_model/` translates the toy language well and has never heard the English of the glossaries here, so
that free decoding leaves out every term. What the cascade makes of that is compared with the reference to the letter.

Targets: every term there or named, placement 97 %, duplication 0.5 %, form 95 %, annotated decoding alone 96 %. The
last is missed with this model, and held at what it is: it obeys annotations in 93 % of the cases (it misspells what has
doubled letters, such as "dossier"). Where it stutters ("the emir emir"), a translation that does not is found.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import toy_language

from benchmarks import sets, systems
from benchmarks.measures import Figures, Line, measure
from benchmarks.sets import Case
from translate.constraints import assign
from translate.engines.ct2 import CTranslate2Engine
from translate.engines.marian import MarianEngine
from translate.pipeline import Glossary
from translate.registry import Model, problem

FOLDER = Path(__file__).parent / "toy_model"
CASES = Path(__file__).parent / "cases" / "toy_terms.md"
SENTENCES, GLOSSARIES = 200, 3
Run = tuple[list[Case], systems.Result, Figures]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> CTranslate2Engine:
    model = Model("toy", FOLDER, bundled=False)
    return CTranslate2Engine(FOLDER, model.full_name, tmp_path_factory.mktemp("cache"), threads=1, limit=model.limit)


@pytest.fixture(scope="module")
def runs(engine: CTranslate2Engine) -> dict[tuple[str, str], Run]:
    """Each system in each mode."""
    made = {}
    for mode in sets.MODES:
        cases = sets.toy(mode, SENTENCES, GLOSSARIES)
        for system in (systems.free, systems.annotated, systems.unannotated_cascade, systems.cascade):
            if mode != "no terms" or system in (systems.free, systems.cascade):
                result = system([case.job for case in cases], engine)
                made[mode, system.__name__] = cases, result, measured(cases, result.texts)
    return made


def measured(cases: list[Case], texts: tuple[str, ...]) -> Figures:
    return measure(
        Line(case.job.segment.text, text, case.job.requirements, case.reference)
        for case, text in zip(cases, texts, strict=True)
    )


def share(part: float | None) -> float:
    assert part is not None
    return part


# --- the language and the model ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", sets.MODES)
def test_the_reference_honours_every_term_once(mode: str) -> None:
    cases = sets.toy(mode, SENTENCES, GLOSSARIES)
    figures = measured(cases, tuple(case.reference for case in cases))
    assert figures.met == figures.occurrences
    assert figures.extra == 0
    assert figures.edits == 0
    if mode != "no terms":
        assert figures.occurrences > 200
        assert figures.placement == figures.overlap(2) == figures.overlap(3) == 1


def test_the_model_folder_is_complete_and_small() -> None:
    assert problem(FOLDER) == ""
    assert (FOLDER / "model.safetensors").stat().st_size < 600_000


def test_it_knows_the_language(runs: dict[tuple[str, str], Run]) -> None:
    assert share(runs["no terms", "free"][2].exactness) >= 0.97


def test_by_itself_it_leaves_unheard_terms_out(runs: dict[tuple[str, str], Run]) -> None:
    assert share(runs["proper", "free"][2].compliance) < 0.02


# --- the cascade ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", ["unannotated_cascade", "cascade"])
@pytest.mark.parametrize("mode", ["proper", "random"])
def test_every_term_is_there(runs: dict[tuple[str, str], Run], mode: str, system: str) -> None:
    _, result, figures = runs[mode, system]
    assert result.unnamed == 0
    assert figures.met == figures.occurrences


@pytest.mark.parametrize("system", ["unannotated_cascade", "cascade"])
@pytest.mark.parametrize("mode", ["proper", "random"])
def test_in_its_place_once_and_in_the_right_form(runs: dict[tuple[str, str], Run], mode: str, system: str) -> None:
    figures = runs[mode, system][2]
    assert share(figures.placement) >= 0.97
    assert share(figures.duplication) <= 0.005
    assert share(figures.form) >= 0.95
    assert share(figures.overlap(2)) >= 0.95
    assert share(figures.overlap(3)) >= 0.95


def test_most_sentences_are_right_to_the_letter(runs: dict[tuple[str, str], Run]) -> None:
    assert share(runs["proper", "cascade"][2].exactness) >= 0.92
    assert share(runs["proper", "unannotated_cascade"][2].exactness) >= 0.88
    assert share(runs["random", "cascade"][2].exactness) >= 0.95
    assert share(runs["random", "unannotated_cascade"][2].exactness) >= share(runs["random", "free"][2].exactness)


def test_annotated_decoding_alone_obeys(runs: dict[tuple[str, str], Run]) -> None:
    cases, result, figures = runs["proper", "annotated"]
    assert share(figures.compliance) >= 0.92
    several, met = 0, 0
    for case, text in zip(cases, result.texts, strict=True):
        given = assign(case.job.requirements, text)
        long = [n for n, r in enumerate(case.job.requirements) if " " in r.surfaces[0]]
        several += len(long)
        met += sum(n in given for n in long)
    assert several > 50
    assert met / several >= 0.93


def test_without_a_glossary_nothing_changes(runs: dict[tuple[str, str], Run]) -> None:
    assert runs["no terms", "cascade"][1].texts == runs["no terms", "free"][1].texts


@pytest.mark.parametrize("mode", ["proper", "random"])
def test_plain_sentences_are_left_alone(runs: dict[tuple[str, str], Run], mode: str) -> None:
    cases, ours, _ = runs[mode, "cascade"]
    free = runs[mode, "free"][1]
    plain = [n for n, case in enumerate(cases) if not case.job.requirements]
    assert len(plain) > 50
    assert [ours.texts[n] for n in plain] == [free.texts[n] for n in plain]


# --- number -----------------------------------------------------------------------------------------------------


def test_singular_dual_and_plural(engine: CTranslate2Engine) -> None:
    cases = [case for triple in sets.toy_numbers() for case in triple]
    assert len(cases) > 100
    for system in (systems.unannotated_cascade, systems.cascade):
        figures = measured(cases, system([case.job for case in cases], engine).texts)
        assert figures.compliance == 1
        assert figures.numbered == figures.occurrences
        assert share(figures.form) >= 0.95


# --- both engines -----------------------------------------------------------------------------------------------


def test_both_engines_agree(engine: CTranslate2Engine) -> None:
    reference = MarianEngine(FOLDER, "toy@1", threads=1, limit=engine.limit)
    cases = sets.with_terms(sets.toy("proper", 60, 1))
    jobs = [case.job for case in cases]
    ours, theirs = systems.cascade(jobs, engine), systems.cascade(jobs, reference)
    assert theirs.unnamed == 0
    assert measured(cases, theirs.texts).compliance == 1
    same = sum(one == other for one, other in zip(ours.texts, theirs.texts, strict=True))
    assert same / len(jobs) >= 0.95  # eight-bit weights against the full ones


# --- cases ------------------------------------------------------------------------------------------------------


def _cases() -> list[object]:
    found: list[object] = []
    for part in CASES.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, *lines = part.splitlines()
        pairs = [line.partition(": ")[::2] for line in lines if line]
        terms = [value for name, value in pairs if name == "term"]
        facts = dict(pairs)
        for way in ("annotated", "repaired"):
            loose = way in facts.get("not yet", "")
            found.append(pytest.param(terms, facts["source"], facts["expect"], way, loose, id=f"{title}, {way}"))
    return found


def _glossary(lines: list[str]) -> dict[str, tuple[str, str]]:
    """`مفرزة = detachment` -> {"مفرزة": ("detachment", "detachments")}."""
    made = {}
    for line in lines:
        arabic, english = line.split(" = ")
        one, _, many = english.partition(", ")
        name = bool(re.match(r"[A-Z]", one))
        made[arabic] = (one, one if name else many or one + "s")
    return made


@pytest.mark.parametrize(("terms", "source", "expect", "way", "loose"), _cases())
def test_cases(engine: CTranslate2Engine, terms: list[str], source: str, expect: str, way: str, loose: bool) -> None:
    """Where it is `not yet` right to the letter, the terms are there all the same."""
    job = sets.line_job("case", source, Glossary.of(toy_language.term_base(_glossary(terms))))
    system = systems.cascade if way == "annotated" else systems.unannotated_cascade
    (text,) = system([job], engine).texts
    assert len(assign(job.requirements, text)) == len(job.requirements)
    assert loose or text == expect

"""Adapting a model: what is learnt from, that it is learnt, forgetting refused, and nothing half-made left."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import toy
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from translate import adapt as adapting
from translate import drafts, files
from translate.adapt import Adaptation, Plan, adapt, plan
from translate.approved import STALE, TWICE, Approved, Pair, approved, held_out
from translate.cli import main
from translate.document import Article, Block, Draft, Kind, Mark, Origin, Segment, State, Target
from translate.engines.ct2 import CTranslate2Engine
from translate.engines.tuning import Epoch, Settings, mix, tune
from translate.errors import ConflictError, ModelError, OutputError, UsageError
from translate.memory.alike import sentence_key
from translate.registry import ADAPTING, Model, Registry

CASES = Path(__file__).parent / "cases" / "approved.md"
VERBS = {"سيطرت": "took control", "عثرت": "found", "هرب": "fled", "نصب": "set up", "فروا": "ran", "قال": "said"}
NOUNS = {"القوات": "forces", "التنظيم": "group", "المصدر": "source", "الديوان": "treasury", "العناصر": "members"}
PLACES = {"الموصل": "Mosul", "سوريا": "Syria", "العراق": "Iraq", "الطرق": "roads", "الساحل": "bank"}
WAYS = {"في": "in", "من": "from", "إلى": "to"}
QUICK = Settings(rate=2e-3, epochs=12, tokens=250, dropout=0.0, threads=1, patience=4)


def language() -> list[Pair]:
    """Verb, noun, preposition, place; in English the noun comes first. Every sentence, in an order of its own."""
    every = [
        (f"{verb} {noun} {way} {place}.", f"The {NOUNS[noun]} {VERBS[verb]} {WAYS[way]} {PLACES[place]}.")
        for verb, noun, way, place in itertools.product(VERBS, NOUNS, WAYS, PLACES)
    ]
    random.Random(1).shuffle(every)
    return every


def corrected(pairs: Sequence[Pair]) -> list[Pair]:
    """The sentences about the group, as a person who calls it an organisation wants them."""
    return [(a, e.replace("group", "organisation")) for a, e in pairs if "التنظيم" in a]


ALL = language()
SCHOOL, UNSEEN = ALL[:220], ALL[220:]
GENERAL = [pair for pair in UNSEEN if "التنظيم" not in pair[0]][:40]


@pytest.fixture(scope="session")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toy model that has learnt the language, with a card and a general set."""
    home = tmp_path_factory.mktemp("parent")
    born = toy.make(home / "born", width=48, layers=1, spread=0.1)
    school = replace(QUICK, rate=5e-3, epochs=10, patience=20)
    tune(born, home / "school", SCHOOL, UNSEEN[:20], school)
    (home / "school" / "dev.tsv").write_text("".join(f"{a}\t{e}\n" for a, e in GENERAL), encoding="utf-8")
    card = "---\nlanguage: [ar, en]\nlicense: cc-by-4.0\n---\n\n# school\n"
    (home / "school" / "README.md").write_text(card, encoding="utf-8")
    return home / "school"


def draft_of(slug: str, pairs: Sequence[Pair], state: State = State.APPROVED) -> Draft:
    """A draft with one paragraph for each pair."""
    blocks, targets = [], {}
    for number, (source, english) in enumerate(pairs, 1):
        segment = Segment(f"{slug}.{number}.1", source)
        blocks.append(Block(number, Kind.PARAGRAPH, source, segments=(segment,)))
        targets[segment.id] = Target(english, state, Origin.PERSON, source=source)
    return Draft(Article(slug, tuple(blocks)), targets)


def shelve(folder: Path, *made: Draft) -> Path:
    for one in made:
        drafts.save(one, drafts.path_for(folder, one.article.slug), base="")
    return folder


def engine(model: Model, cache: Path) -> CTranslate2Engine:
    return CTranslate2Engine(model.folder, model.full_name, cache, threads=1, limit=model.limit)


class Desk:
    """A registry with the parent in it, and room for everything a run leaves."""

    def __init__(self, folder: Path, parent: Path) -> None:
        self.registry = Registry(folder / "models", bundled=folder / "bundled")
        shutil.copytree(parent, folder / "bundled" / "school")
        self.parent = self.registry.find("school")
        self.folder = folder
        (folder / "scratch").mkdir()

    def plan(self, found: Approved, **more: object) -> Plan:
        return plan(self.registry, self.parent, found, **more)  # type: ignore[arg-type]

    def adapt(self, todo: Plan, settings: Settings = QUICK, **more: object) -> Adaptation:
        return adapt(todo, self.registry, engine, self.folder / "cache", settings=settings, **more)  # type: ignore[arg-type]

    def names(self) -> list[str]:
        return [model.name for model in self.registry.models()]

    def litter(self) -> list[str]:
        """What lies about in the scratch folder and among the models, the models themselves left out."""
        home = self.folder / "models"
        beside = [path.name for path in home.iterdir() if path.name not in self.names()] if home.is_dir() else []
        return [*beside, *(path.name for path in (self.folder / "scratch").iterdir())]


@pytest.fixture
def desk(tmp_path: Path, parent: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path, parent)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    return desk


@pytest.fixture
def edits(tmp_path: Path) -> Approved:
    """Every sentence about the group, corrected and approved."""
    return approved([shelve(tmp_path / "drafts", draft_of("one", corrected(ALL)))])


# --- what is learnt from ---------------------------------------------------------------------------------------------


def cases() -> list[tuple[str, str, str]]:
    rows = [line for line in CASES.read_text("utf-8").splitlines() if line.startswith("| ")][1:]
    found = []
    for row in rows:
        arabic, english, learnt = (cell.strip() for cell in row.removeprefix("|").removesuffix("|").split("|"))
        found.append((arabic, english, learnt))
    return found


@pytest.mark.parametrize(("arabic", "english", "learnt"), cases())
def test_what_one_segment_teaches(tmp_path: Path, arabic: str, english: str, learnt: str) -> None:
    found = approved([shelve(tmp_path, draft_of("one", [(arabic, english)]))])
    told = " / ".join(f"{a} = {e}" for a, e in sorted(found.pairs, key=lambda pair: arabic.find(pair[0])))
    assert (told or ", ".join(found.left_out)) == learnt


def test_only_what_a_person_approved(tmp_path: Path) -> None:
    one, two, three, four = ALL[:4]
    shelve(
        tmp_path,
        draft_of("a", [one]),
        draft_of("e", [two], State.EDITED),
        draft_of("m", [three], State.MACHINE),
        draft_of("n", [four], State.NEW),
    )
    assert approved([tmp_path]).pairs == (one,)
    assert set(approved([tmp_path], also_edited=True).pairs) == {one, two}


def test_code_is_cut_out_and_a_changed_source_is_left_out(tmp_path: Path) -> None:
    made = draft_of("one", [("نفذ ls -l الآن", "Now run ls -l please"), ALL[0]])
    first, second = made.article.blocks
    code = Mark("code", 4, 9)
    segment = replace(first.segments[0], marks=(code,))
    blocks = (replace(first, segments=(segment,), marks=(code,)), second)
    old = replace(made.targets["one.2.1"], source="شيء آخر.")
    made = replace(made, article=replace(made.article, blocks=blocks), targets={**made.targets, "one.2.1": old})
    found = approved([shelve(tmp_path, made)])
    assert found.pairs == (("الآن", "please"), ("نفذ", "Now run"))
    assert found.left_out == {STALE: 1}


def test_sentences_that_left_the_article_still_teach(tmp_path: Path) -> None:
    made = draft_of("one", [ALL[0]])
    gone = Target(ALL[1][1], State.APPROVED, Origin.PERSON, source=ALL[1][0])
    found = approved([shelve(tmp_path, replace(made, orphans={"one.9.1": (ALL[1][0], gone)}))])
    assert set(found.pairs) == set(ALL[:2])


def test_the_fingerprint_knows_texts_and_not_files(tmp_path: Path) -> None:
    pairs = ALL[:30]
    one = approved([shelve(tmp_path / "one", draft_of("a", pairs[:10]), draft_of("b", pairs[10:]))])
    two = approved([shelve(tmp_path / "two", draft_of("z", pairs[::-1]), draft_of("c", pairs[:5]))])
    assert one.fingerprint == two.fingerprint
    assert two.left_out == {TWICE: 5}
    other = approved([shelve(tmp_path / "three", draft_of("a", [*pairs[:-1], (pairs[-1][0], "Something else.")]))])
    assert other.fingerprint != one.fingerprint


@given(st.permutations(ALL[:80]), st.integers(1, 40))
@trials(max_examples=40, deadline=None)
def test_the_split_depends_on_the_sentences_alone(pairs: list[Pair], per_cent: int) -> None:
    learnt, judged = held_out(pairs, per_cent / 100)
    assert (learnt, judged) == held_out(sorted(pairs), per_cent / 100)
    assert sorted([*learnt, *judged]) == sorted(pairs)
    assert len(judged) == max(20, round(len(pairs) * per_cent / 100))


def test_spellings_of_one_sentence_stay_on_one_side() -> None:
    pairs = [(spelt, e) for a, e in ALL[:80] for spelt in (a, a.replace("ق", "قَ"), a.replace("إ", "ا"))]
    learnt, judged = held_out(pairs, 0.3)
    assert not {sentence_key(a) for a, _ in learnt} & {sentence_key(a) for a, _ in judged}


def test_too_few_says_how_many_are_needed() -> None:
    with pytest.raises(UsageError, match=r"too few .*: 59\. At least 60 different ones are needed, 20 of them"):
        held_out(ALL[:59], 0.1)
    assert len(held_out(ALL[:60], 0.1)[0]) == 40
    with pytest.raises(UsageError, match=r"At least 80 different ones are needed, 40 of them"):
        held_out(ALL[:79], 0.5)
    assert len(held_out(ALL[:80], 0.5)[0]) == 40


# --- the plan --------------------------------------------------------------------------------------------------------


def test_what_cannot_be_learnt_is_left_out_and_counted(desk: Desk, tmp_path: Path) -> None:
    (desk.parent.folder / "tarjuman.json").write_text('{"source_limit": 40}', encoding="utf-8")
    odd = [("هرب 漢字漢字漢字漢字漢字漢字漢字漢字.", "The forces fled."), (" ".join(["هرب"] * 60), "The forces fled.")]
    found = approved([shelve(tmp_path / "drafts", draft_of("one", [*corrected(ALL), *odd, *GENERAL[:3]]))])
    todo = desk.plan(found)
    assert todo.left_out == {adapting.FOREIGN: 1, adapting.GENERAL: 3, adapting.LONG: 1}
    assert len(todo.learnt) + len(todo.held_out) == len(corrected(ALL))


def test_rehearsal_never_shows_what_is_judged(desk: Desk, edits: Approved, tmp_path: Path) -> None:
    path = tmp_path / "rehearse.tsv"
    path.write_text("".join(f"{a}\t{e}\n" for a, e in ALL), encoding="utf-8")
    todo = desk.plan(edits, rehearse=path)
    seen = {a for a, _ in todo.rehearsal}
    assert seen
    assert not seen & {a for a, _ in (*todo.held_out, *todo.general)}


def test_a_model_without_a_general_set_needs_one(desk: Desk, edits: Approved) -> None:
    (desk.parent.folder / "dev.tsv").unlink()
    with pytest.raises(UsageError, match=r"school: there is no general set .*--general FILE"):
        desk.plan(edits)


def test_a_taken_name_is_refused_before_training(desk: Desk, edits: Approved) -> None:
    desk.registry.add(str(desk.parent.folder), "taken")
    with pytest.raises(UsageError, match="taken: a model of that name is there already"):
        desk.plan(edits, name="taken")
    with pytest.raises(UsageError, match="not a usable model name"):
        desk.plan(edits, name="../evil")


# --- learning --------------------------------------------------------------------------------------------------------


def test_a_correction_is_learnt_and_holds_for_unseen_sentences(desk: Desk, edits: Approved, tmp_path: Path) -> None:
    path = tmp_path / "rehearse.tsv"
    path.write_text("".join(f"{a}\t{e}\n" for a, e in SCHOOL if "التنظيم" not in a), encoding="utf-8")
    todo = desk.plan(edits, rehearse=path)
    result = desk.adapt(todo, date="2026-11-22")
    assert not any("organisation" in row.output for row in result.edits.before.rows)
    right = sum("organisation" in row.output for row in result.edits.after.rows)
    assert right >= 0.9 * len(todo.held_out)
    assert result.refused == ""
    assert result.model is not None
    assert result.model.name == f"school-adapted-{edits.fingerprint[:8]}"
    assert desk.names() == ["school", result.model.name]
    assert desk.litter() == []

    child, old = result.model.folder, desk.parent.folder
    for name in ("config.json", "vocab.json", "source.spm", "generation_config.json", "dev.tsv"):
        assert (child / name).read_bytes() == (old / name).read_bytes(), name
    facts = json.loads((child / "adapted.json").read_text("utf-8"))
    assert (facts["parent"], facts["parent_licence"]) == (desk.parent.full_name, "cc-by-4.0")
    assert (facts["data"], facts["seed"], facts["date"]) == (edits.fingerprint, 1, "2026-11-22")
    assert (facts["pairs"], facts["held_out"]) == (len(todo.learnt), len(todo.held_out))
    assert facts["figures"]["held_out"]["chrf"][1] > facts["figures"]["held_out"]["chrf"][0]
    card = (child / "README.md").read_text("utf-8")
    assert "cc-by-4.0" in card
    assert desk.parent.full_name in card
    assert "rights" in card

    with pytest.raises(UsageError, match="there already"):  # the same data a second time
        desk.plan(edits)
    grandchild = plan(desk.registry, result.model, edits, name="grandchild")
    assert grandchild.parent.adapted()["data"] == edits.fingerprint


def test_a_model_that_forgets_is_refused(desk: Desk, edits: Approved) -> None:
    wrong = replace(edits, pairs=tuple((a, "Mosul said Mosul.") for a, _ in edits.pairs))
    result = desk.adapt(desk.plan(wrong), replace(QUICK, rate=1e-2))
    assert "forgets" in result.refused
    assert result.model is None
    assert (desk.names(), desk.litter()) == (["school"], [])
    assert adapting.verdict(result.edits, result.general, margin=100) == ""


def test_mixing_goes_from_the_parent_to_the_child(parent: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    edited = corrected(ALL)[:40]
    tune(parent, tmp_path / "child", edited[:30], edited[30:], replace(QUICK, epochs=2))
    for share in (0.0, 0.5, 1.0):
        mix(parent, tmp_path / "child", share, tmp_path / str(share))
    before, after, half, old, new = (
        load_file(folder / "model.safetensors")
        for folder in (parent, tmp_path / "child", tmp_path / "0.5", tmp_path / "0.0", tmp_path / "1.0")
    )
    for name in before:
        assert old[name].equal(before[name])
        assert new[name].equal(after[name])
        assert half[name].allclose((before[name] + after[name]) / 2, atol=1e-6)
    assert (tmp_path / "0.5" / "vocab.json").read_bytes() == (parent / "vocab.json").read_bytes()


def test_a_model_that_learnt_nothing_is_refused(desk: Desk, edits: Approved) -> None:
    result = desk.adapt(desk.plan(edits), replace(QUICK, rate=1e-9, epochs=1))
    assert "no better on the held-out sentences" in result.refused
    assert (desk.names(), desk.litter()) == (["school"], [])


def test_an_interruption_leaves_nothing(desk: Desk, edits: Approved) -> None:
    def interrupt(epoch: Epoch) -> None:
        if epoch.number == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.adapt(desk.plan(edits), progress=interrupt)
    assert (desk.names(), desk.litter()) == (["school"], [])


def test_what_a_killed_run_left_goes_with_the_next(desk: Desk, edits: Approved) -> None:
    def stop(epoch: Epoch) -> None:
        seen.extend(path.name for path in place.iterdir())
        raise KeyboardInterrupt

    seen: list[str] = []
    place = desk.folder / "models" / ADAPTING / "model"
    (place / "half").mkdir(parents=True)
    with pytest.raises(KeyboardInterrupt):
        desk.adapt(desk.plan(edits), progress=stop)
    assert seen and "half" not in seen
    assert desk.litter() == []


def test_one_run_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "take_lock", lambda _number: False)
    with pytest.raises(ConflictError, match="another process"), files.workplace(desk.folder / "model", 0):
        pytest.fail("two at work")
    (desk.folder / "models").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="there is no room for a new model"), desk.registry.workshop():
        pytest.fail("no folder to work in")


def test_a_full_disk_leaves_nothing(parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left on device"):
        tune(parent, tmp_path / "out", SCHOOL[:8], SCHOOL[8:12], replace(QUICK, epochs=1))
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_gives_the_same_weights(parent: Path, tmp_path: Path) -> None:
    short = replace(QUICK, epochs=2, dropout=0.1, patience=9)
    edited = corrected(ALL)[:40]
    for name, seed in (("one", 1), ("two", 1), ("other", 2)):
        tune(parent, tmp_path / name, edited[:30], edited[30:], replace(short, seed=seed), rehearsal=SCHOOL[:50])
    one, two, other = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two", "other"))
    assert one == two
    assert one != other


@pytest.mark.parametrize("kind", ["float32", "float16"])
@pytest.mark.parametrize("frozen", [False, True])
def test_what_decoding_starts_from_stays(parent: Path, tmp_path: Path, kind: str, frozen: bool) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(parent, tmp_path / "parent")
    stored = {name: w.to(getattr(torch, kind)) for name, w in load_file(folder / "model.safetensors").items()}
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    edited = corrected(ALL)[:40]
    report = tune(
        folder, tmp_path / "out", edited[:30], edited[30:], replace(QUICK, epochs=2, freeze_embeddings=frozen)
    )
    made = load_file(tmp_path / "out" / "model.safetensors")
    assert report.best.number > 0
    assert made.keys() == stored.keys()
    assert {w.dtype for w in made.values()} == {getattr(torch, kind)}
    assert torch.equal(made["final_logits_bias"], stored["final_logits_bias"])
    before, after = stored["model.shared.weight"], made["model.shared.weight"]
    assert not after[-1].any()
    assert torch.equal(before, after) == frozen
    changed = [name for name in made if not torch.equal(made[name], stored[name])]
    assert any("decoder.layers" in name for name in changed)


def test_the_best_state_is_kept_and_training_stops(parent: Path, tmp_path: Path) -> None:
    """Learning nonsense makes the held-out sentences worse from the first epoch: the parent's weights come out."""
    nonsense = [(a, "Mosul Mosul.") for a, _ in SCHOOL[:40]]
    report = tune(parent, tmp_path / "out", nonsense, SCHOOL[40:60], replace(QUICK, patience=2))
    assert (report.stopped, report.best.number, len(report.epochs)) == ("patience", 0, 3)
    assert (tmp_path / "out" / "model.safetensors").read_bytes() == (parent / "model.safetensors").read_bytes()


def test_the_clock_ends_a_run(parent: Path, tmp_path: Path) -> None:
    report = tune(parent, tmp_path / "out", SCHOOL[:20], SCHOOL[20:24], replace(QUICK, minutes=1e-9))
    assert (report.stopped, report.steps) == ("minutes", 1)


def test_a_run_that_goes_wild_is_named(parent: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"ran away.*--rate"):
        tune(parent, tmp_path / "out", SCHOOL[:40], SCHOOL[40:50], replace(QUICK, rate=1e30, patience=50))
    assert list(tmp_path.iterdir()) == []


# --- the command -----------------------------------------------------------------------------------------------------


class TestCommand:
    @pytest.fixture
    def run(self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("TARJUMAN_HOME", str(tmp_path / "home"))
        shelve(tmp_path / "drafts", draft_of("one", corrected(ALL)))
        model = str(desk.parent.folder)
        return lambda *arguments: CliRunner().invoke(main, ["adapt", "--model", model, "--threads", "1", *arguments])

    def test_dry_run_says_what_would_be_learnt(self, run, tmp_path: Path) -> None:
        result = run("--dry-run", "--name", "house")
        assert result.exit_code == 0, result.output
        assert "drafts/one.en.xlf: 90 approved" in result.stdout
        assert "70 to learn from, 20 held out" in result.stdout
        assert not (tmp_path / "home").exists()
        facts = json.loads(run("--dry-run", "--json").stdout)
        assert (facts["pairs"], facts["held_out"], facts["general"]) == (70, 20, len(GENERAL))

    def test_kept_and_shown(self, run, tmp_path: Path) -> None:
        result = run("--name", "house", "--epochs", "6", "--rate", "0.002", "--margin", "100")
        assert result.exit_code == 0, result.output
        assert "decision  kept" in result.stdout
        assert "name      house@" in result.stdout
        assert "epoch 1 of at most 6" in result.stderr
        shown = CliRunner().invoke(main, ["models", "info", "house"]).stdout
        assert "adapted from     school@" in shown
        assert "data             " in shown

    def test_refused_is_exit_4_with_the_figures(self, run, tmp_path: Path) -> None:
        result = run("--epochs", "1", "--rate", "1e-9", "--json", "--quiet")
        assert result.exit_code == 4
        assert json.loads(result.stdout)["model"] is None
        assert result.stderr.startswith("tarjuman: school-adapted-")
        assert "nothing was kept" in result.stderr
        assert not (tmp_path / "home" / "models").exists()

    def test_defaults_shown_are_the_defaults_used(self) -> None:
        from translate.cli import adapting as command

        used = Settings()
        assert (used.epochs, used.minutes, used.seed) == (command.EPOCHS, command.MINUTES, command.SEED)
        assert (command.MARGIN, command.HELD_OUT / 100) == (adapting.MARGIN, adapting.SHARE)


@pytest.mark.model
def test_the_bundled_model_learns(tmp_path: Path) -> None:
    folder = Registry(tmp_path).find("tarjuman-ar-en").folder
    edited = [
        (f"سيطر تنظيم داعش على {place}.", f"The ISIS organisation took control of {english}.")
        for place, english in (("الموصل", "Mosul"), ("تكريت", "Tikrit"), ("الرقة", "Raqqa"), ("سنجار", "Sinjar"))
    ]
    report = tune(folder, tmp_path / "out", edited[:3], edited[3:], Settings(epochs=4, threads=1))
    assert report.best.loss < report.epochs[0].loss
    assert (tmp_path / "out" / "model.safetensors").stat().st_size == (folder / "model.safetensors").stat().st_size

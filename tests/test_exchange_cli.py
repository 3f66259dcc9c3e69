"""`tarjuman export` and `tarjuman import` with the five real articles, as a translator uses them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree
from openpyxl import load_workbook

from glossary import TermBase
from translate import drafts, readers
from translate.cli import main
from translate.document import Draft, Origin, State, TermStatus
from translate.engines.fake import FakeEngine
from translate.errors import ConflictError
from translate.exchange import omegat
from translate.pipeline import Glossary, translate

ROOT = Path(__file__).parent.parent
SEEDS = sorted(path for path in (ROOT / "seeds").glob("*.md") if path.name != "README.md")
SLUG = "isis-secret-documents-mutiny"
BACK = ("xliff12", "xliff", "tmx", "xlsx", "tsv")
SUFFIX = {"xliff12": ".xlf", "xliff": ".en.xlf", "tmx": ".tmx", "xlsx": ".xlsx", "tsv": ".tsv", "md": ".md"}


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five drafts, every third sentence edited and every fifth approved."""
    folder = tmp_path_factory.mktemp("drafts")
    glossary = Glossary.of(TermBase(()))
    for path in SEEDS:
        article = readers.read(path)
        found = dict(translate(article, glossary, FakeEngine()))
        for at, name in enumerate(found):
            state = State.APPROVED if at % 5 == 4 else State.EDITED if at % 3 == 2 else State.MACHINE
            if state is not State.MACHINE:
                said = f"{found[name].text} ({at})"
                about = {"who": "Mona", "when": "2026-11-20T10:00:00Z", "state": state, "marks": found[name].marks}
                found[name] = drafts.revised(found[name], said, source=found[name].source, **about)
        drafts.save(Draft(article, found), drafts.path_for(folder, article.slug), base="")
    assert len(list(folder.iterdir())) == 5
    return folder


@pytest.fixture
def run(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The command line in a folder with the five drafts."""
    shutil.copytree(shelf, tmp_path / "drafts")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, *(["--glossary", "none"] if arguments[0] == "import" else [])])

    return call


def hashes(folder: Path = Path("drafts")) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def load(slug: str = SLUG) -> Draft:
    return drafts.load(drafts.path_for(Path("drafts"), slug))


def first(state: State, slug: str = SLUG) -> tuple[str, str]:
    """The id and English of the first sentence in this state."""
    draft = load(slug)
    return next((name, target.text) for name, target in draft.targets.items() if target.state is state)


@pytest.mark.parametrize("form", BACK)
def test_all_five_articles_go_out_and_come_back_unchanged(run, form: str) -> None:
    before = hashes()
    extra = ["--also-edited"] if form == "tmx" else []
    assert run("export", "--format", form, *extra).exit_code == 0
    files = sorted(Path("output/export").iterdir())
    assert [path.name for path in files] == [f"{path.stem}{SUFFIX[form]}" for path in SEEDS]
    result = run("import", *map(str, files))
    assert (result.exit_code, hashes()) == (0, before)
    total = sum(len(list(load(path.stem).article.segments())) for path in SEEDS)
    told = re.fullmatch(r"5 files: (\d+) unchanged; 0 drafts saved\n", result.stderr)
    assert told
    assert int(told[1]) == total if form != "tmx" else 0 < int(told[1]) < total
    assert result.stdout == ""


@pytest.mark.parametrize("form", ["xliff12", "tmx", "xlsx", "tsv"])
def test_all_articles_fit_into_one_file_and_export_again_to_the_same_bytes(run, form: str) -> None:
    assert run("export", "--format", form, "-o", f"all{SUFFIX[form]}").exit_code == 0
    once = Path(f"all{SUFFIX[form]}").read_bytes()
    assert run("export", "--format", form, "-o", f"all{SUFFIX[form]}").exit_code == 0
    assert Path(f"all{SUFFIX[form]}").read_bytes() == once
    assert run("import", f"all{SUFFIX[form]}").stderr.endswith(" unchanged; 0 drafts saved\n")


def edit(form: str, path: Path, old: str, new: str) -> None:
    if form == "xlsx":
        book = load_workbook(path)
        for row in book.worksheets[0].iter_rows(min_row=2):
            if row[3].value == old:
                row[3].value = new
        book.save(path)
    else:
        data = path.read_text("utf-8-sig")
        old, new = (re.sub("&", "&amp;", text) if form != "tsv" else text.replace('"', '""') for text in (old, new))
        at = data.rindex(old)  # in a draft the text a person started from stands before the text itself
        path.write_text(data[:at] + new + data[at + len(old) :], "utf-8")


@pytest.mark.parametrize("form", BACK)
@pytest.mark.parametrize("state", [State.MACHINE, State.EDITED, State.APPROVED])
def test_an_edit_of_one_sentence_comes_back_and_changes_nothing_else(run, form: str, state: State) -> None:
    if form == "tmx" and state is State.MACHINE:
        pytest.skip("a memory holds no machine text")
    name, old = first(state)
    run("export", SLUG, "--format", form, *(["--also-edited"] if form == "tmx" else []), "-o", f"away{SUFFIX[form]}")
    edit(form, Path(f"away{SUFFIX[form]}"), old, f"{old} Edited.")
    before = load()
    result = run("import", f"away{SUFFIX[form]}", "--who", "Layla", "--json")
    assert result.exit_code == 0
    account = json.loads(result.stdout)
    after = load()
    assert {key: t for key, t in after.targets.items() if key != name} == {
        key: t for key, t in before.targets.items() if key != name
    }
    was, now = before.targets[name], after.targets[name]
    if state is State.APPROVED:
        assert (now.text, now.state, account["conflict"], account["merged"]) == (old, state, 1, 0)
        assert [(other.text, other.origin) for other in now.alternatives] == [(f"{old} Edited.", Origin.PERSON)]
        assert "approved here, and changed there" in result.stderr
    else:
        assert (now.text, now.state, now.origin, now.who) == (f"{old} Edited.", State.EDITED, Origin.PERSON, "Layla")
        assert (account["merged"], account["conflict"]) == (1, 0)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", now.when)
        assert now.started is not None
        assert was.text in {now.started.text, *(other.text for other in now.alternatives)}
    again = hashes()
    run("import", f"away{SUFFIX[form]}", "--who", "Layla")
    assert hashes() == again


def test_a_dry_run_tells_the_same_and_writes_nothing(run) -> None:
    name, old = first(State.MACHINE)
    run("export", SLUG, "--format", "tsv", "-o", "away.tsv")
    edit("tsv", Path("away.tsv"), old, "Other words.")
    before = hashes()
    result = run("import", "away.tsv", "--dry-run", "--json")
    account = json.loads(result.stdout)
    assert (account["merged"], account["drafts"], account["dry_run"]) == (1, [f"drafts/{SLUG}.en.xlf"], True)
    assert [row["segment"] for row in account["rows"]] == [name]
    assert result.stderr.endswith("1 merged, 14 unchanged; 1 draft would change\n")
    assert hashes() == before


def test_terms_and_checks_are_looked_at_again_where_the_english_changed(run) -> None:
    draft = load()
    segment = next(s for s in draft.article.segments() if "القوات العراقية" in s.text)
    run("export", SLUG, "--format", "tsv", "-o", "away.tsv")
    edit("tsv", Path("away.tsv"), draft.targets[segment.id].text, "The army found 99 of them")
    assert CliRunner().invoke(main, ["import", "away.tsv", "-q"]).stderr == ""
    target = load().targets[segment.id]
    checks = {finding.check for finding in target.findings}
    assert {"g-01", "n-01"} <= checks
    assert TermStatus.UNMET in {use.status for use in target.terms}
    others = [name for name in draft.targets if name != segment.id]
    assert all(load().targets[name] == draft.targets[name] for name in others)


def test_rows_files_and_drafts_that_fail_stop_no_other(run) -> None:
    run("export", "--format", "tsv", "-o", "all.tsv")
    name, old = first(State.MACHINE)
    edit("tsv", Path("all.tsv"), old, "Other words.")
    Path("all.tsv").write_text(
        Path("all.tsv").read_text("utf-8") + "nobody.1.1\tmachine\tنعم\tYes\t\t\n../etc/x.1.1\tmachine\tنعم\tYes\t\t\n"
    )
    Path("bad.xlf").write_text("<xliff")
    broken = Path("drafts/mosul-refuge-of-raqqa-isis.en.xlf")
    broken.write_text("no draft")
    result = run("import", "bad.xlf", "all.tsv", "missing.tmx", "text.md")
    assert result.exit_code == 3
    assert load().targets[name].text == "Other words."
    for words in (
        "unknown all.tsv:74 (nobody.1.1): no such sentence in the drafts",
        "unknown all.tsv:75 (../etc/x.1.1): no such sentence in the drafts",
        "tarjuman: bad.xlf:1: not well-formed XML",
        "tarjuman: missing.tmx: cannot be read (No such file or directory)",
        "tarjuman: text.md: Markdown is not read back. Send XLIFF, TMX, XLSX or TSV",
        f"tarjuman: {broken}: not well-formed XML",
    ):
        assert re.sub(r":7\d", ":7", words) in re.sub(r":7\d", ":7", re.sub(r":\d+ \(", ":74 (", result.stderr)), words
    assert broken.read_text() == "no draft"


def test_a_draft_saved_meanwhile_is_a_conflict_and_stays(run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("export", "--format", "tsv", "-o", "all.tsv")
    one, other = first(State.MACHINE), first(State.MACHINE, "isis-escape-routes-from-mosul")
    for _, old in (one, other):
        edit("tsv", Path("all.tsv"), old, "Other words.")
    from translate import pipeline

    path, real = drafts.path_for(Path("drafts"), SLUG), pipeline.recheck

    def somebody_saves(made: Draft, glossary: Glossary) -> Draft:
        if made.article.slug == SLUG:
            path.write_bytes(path.read_bytes().replace(b"\n</xliff>", b"\n\n</xliff>"))
        return real(made, glossary)

    monkeypatch.setattr(pipeline, "recheck", somebody_saves)
    result = run("import", "all.tsv")
    assert result.exit_code == 5
    assert f"tarjuman: drafts/{SLUG}.en.xlf: somebody saved this draft meanwhile" in result.stderr
    assert load().targets[one[0]].text == one[1]
    assert load("isis-escape-routes-from-mosul").targets[other[0]].text == "Other words."


def test_a_memory_without_our_ids_finds_its_sentences_by_their_arabic(run) -> None:
    """OmegaT writes such memories."""
    segment = next(iter(load().article.segments()))
    Path("omegat.tmx").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx11.dtd">\n<tmx version="1.1"><header/><body>'
        f'<tu><tuv lang="AR"><seg>{segment.text}</seg></tuv><tuv lang="EN-US" changeid="layla" '
        'changedate="20261121T080000Z"><seg>New documents.</seg></tuv></tu>'
        '<tu><tuv lang="AR"><seg>غيره</seg></tuv><tuv lang="EN"><seg>Other.</seg></tuv></tu></body></tmx>',
        "utf-8",
    )
    result = run("import", "omegat.tmx")
    target = load().targets[segment.id]
    assert (target.text, target.who, target.when) == ("New documents.", "layla", "2026-11-21T08:00:00Z")
    assert "unknown omegat.tmx:3: no such sentence in the drafts" in result.stderr


@pytest.mark.parametrize("form", ["xliff12", "xliff", "tsv", "xlsx"])
def test_an_export_is_not_written_over_while_it_holds_edits_nobody_imported(run, form: str) -> None:
    run("export", SLUG, "--format", form)
    path = Path(f"output/export/{SLUG}{SUFFIX[form]}")
    assert run("export", SLUG, "--format", form).exit_code == 0
    edit(form, path, first(State.MACHINE)[1], "Other words.")
    before = path.read_bytes()
    result = run("export", SLUG, "--format", form)
    assert (result.exit_code, path.read_bytes()) == (5, before)
    assert f"{path}: holds edits that were not imported yet. Import it first" in result.stderr
    run("import", str(path))
    assert run("export", SLUG, "--format", form).exit_code == 0
    edit(form, path, "Other words.", "No words.")
    assert run("export", SLUG, "--format", form, "--force").exit_code == 0
    assert path.read_bytes() != before


def test_what_a_file_says_does_not_steer_the_terminal(run) -> None:
    Path("x.tsv").write_text("id\tArabic\tEnglish\nx\x1b[2J.1.1\tنعم\tYes\\u{d800}\n", "utf-8")
    result = run("import", "x.tsv", "--json")
    assert result.exit_code == 0
    assert "\x1b" not in result.stderr + result.stdout
    assert json.loads(result.stdout)["unknown"] == 1


def test_stale_rows_are_kept_on_request(run) -> None:
    run("export", SLUG, "--format", "xliff12", "-o", "away.xlf")
    name, old = first(State.MACHINE)
    data = Path("away.xlf").read_text("utf-8")
    at = data.index(f'id="{name}"')
    Path("away.xlf").write_text(data[:at] + re.sub(r"(<source[^>]*>)", r"\1قديما ", data[at:], count=1), "utf-8")
    before = hashes()
    assert f"stale away.xlf:8 ({name}): not merged, its Arabic is now another: [قديما -> ]" in run(
        "import", "away.xlf"
    ).stderr.replace(":9 (", ":8 (")
    assert hashes() == before
    edit("xliff12", Path("away.xlf"), old, "Other words.")
    run("import", "away.xlf", "--stale", "keep")
    assert [other.text for other in load().targets[name].alternatives] == ["Other words."]
    assert load().targets[name].text == old


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["export", "--format", "tsv", "--also-edited"], 2, "--also-edited is for --format tmx"),
        (["export", "--format", "tsv", "--bilingual"], 2, "--bilingual is for --format md"),
        (["export", "nobody", "--format", "tsv"], 3, "drafts/nobody.en.xlf: there is no such draft"),
        (["export", "../x", "--format", "tsv"], 2, "not a name for a draft"),
        (["export", "--format", "tsv", "--drafts", "none"], 3, "none: there is no such folder. Make drafts first"),
        (["export", "--format", "tsv", "--drafts", "empty"], 3, "empty: no drafts in this folder"),
        (["export", "--format", "xliff", "-o", "all.xlf"], 2, "one xliff file holds one article, and there are 5"),
        (["export", SLUG, "--format", "xliff12", "-o", "drafts"], 2, "the export would stand among the drafts"),
        (["export", SLUG, "--format", "xliff", "-o", f"drafts/{SLUG}.en.xlf"], 2, "would stand among the drafts"),
        (["import", "x.tsv", "--drafts", "none"], 3, "none: there is no such folder"),
    ],
)
def test_requests_that_make_no_sense(run, arguments: list[str], code: int, message: str) -> None:
    Path("empty").mkdir()
    before = hashes()
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert hashes() == before
    assert not Path("output").exists()


def test_one_article_by_its_name_or_its_file_as_markdown_in_one_or_two_languages(run) -> None:
    assert run("export", f"drafts/{SLUG}.en.xlf", "--format", "md", "-o", "one.md", "-q").stderr == ""
    text = Path("one.md").read_text("utf-8")
    assert text.startswith("---\ntitle: ")
    assert "lang: en" in text
    assert not re.search("[ء-ي]", text.split("---\n", 2)[2])
    run("export", SLUG, "--format", "md", "--bilingual")
    both = Path(f"output/export/{SLUG}.md").read_text("utf-8")
    for segment in load().article.segments():
        assert segment.text in both.replace("\\", "")


def test_an_export_stands_there_whole_or_not_at_all(run) -> None:
    Path("output").write_text("a file where a folder should be")
    result = run("export", SLUG, "--format", "tsv")
    assert result.exit_code == 6
    assert "what was there before is untouched" in result.stderr


# --- a project for OmegaT --------------------------------------------------------------------------------------------


def test_a_project_for_omegat_has_the_arabic_to_translate_and_what_there_is_as_memories(run) -> None:
    told = run("export", "--format", "omegat")
    assert told.exit_code == 0
    assert "output/omegat: 5 articles" in told.output
    project = Path("output/omegat")
    assert {path.name for path in project.iterdir() if path.is_dir()} == set(omegat.FOLDERS)
    for unit in etree.parse(project / "source" / f"{SLUG}.xlf").iter("{*}trans-unit"):
        source, target = unit.find("{*}source"), unit.find("{*}target")
        assert source is not None and target is not None
        assert source.text == target.text
    people = {unit.findtext("tuv[2]/seg") for unit in etree.parse(project / "tm" / "auto" / "people.tmx").iter("tu")}
    machine = {unit.findtext("tuv[2]/seg") for unit in etree.parse(project / "tm" / "mt" / "machine.tmx").iter("tu")}
    for path in Path("drafts").iterdir():
        for target in drafts.load(path).targets.values():
            assert target.text in (machine if target.state is State.MACHINE else people)


def test_english_in_place_of_the_arabic_is_somebodys_and_the_rest_is_as_it_was(run) -> None:
    run("export", SLUG, "--format", "omegat", "-o", "project")
    written = Path("project/source", f"{SLUG}.xlf").read_text(encoding="utf-8")
    before = drafts.load(Path("drafts", f"{SLUG}.en.xlf"))
    new, same = (name for name, target in list(before.targets.items())[:2] if target.state is State.MACHINE)
    for name, text in ((new, "Something new."), (same, before.targets[same].text)):
        unit = re.compile(rf'(<trans-unit id="{re.escape(name)}".*?<target[^>]*>).*?(</target>)', re.DOTALL)
        written = unit.sub(lambda found, text=text: found[1] + text + found[2], written)
    Path("project/target", f"{SLUG}.xlf").write_text(written, encoding="utf-8")
    told = run("import", "project", "--who", "Layla")
    assert "1 merged, 1 raised, 13 unchanged; 1 draft saved" in told.output
    now = drafts.load(Path("drafts", f"{SLUG}.en.xlf")).targets
    assert (now[new].text, now[new].state, now[new].origin) == ("Something new.", State.EDITED, Origin.PERSON)
    assert (now[same].state, now[same].origin, now[same].who) == (State.EDITED, Origin.MACHINE, "Layla")
    assert all(now[name] == target for name, target in before.targets.items() if name not in (new, same))


def test_a_project_somebody_worked_in_is_not_written_over(run) -> None:
    run("export", "--format", "omegat", "-o", "project")
    assert run("export", "--format", "omegat", "-o", "project").exit_code == 0
    Path("project", omegat.WORK).write_text("<tmx/>", encoding="utf-8")
    refused = run("export", "--format", "omegat", "-o", "project")
    assert isinstance(refused.exception, ConflictError) or refused.exit_code == 5
    assert run("export", "--format", "omegat", "-o", "project", "--force").exit_code == 0
    assert Path("project", omegat.WORK).read_text(encoding="utf-8") == "<tmx/>"


def test_a_sentence_whose_arabic_changed_offers_its_earlier_english_as_a_similar_one(run) -> None:
    path = Path("drafts", f"{SLUG}.en.xlf")
    before = drafts.load(path)
    name, was = next((n, t) for n, t in before.targets.items() if t.state is State.EDITED)
    older = replace(was, source="قال غير ذلك.")
    drafts.save(replace(before, targets={**before.targets, name: older}), path, base=before.fingerprint)
    run("export", SLUG, "--format", "omegat", "-o", "project")
    (unit,) = etree.parse("project/tm/earlier.tmx").iter("tu")
    assert [seg.text for seg in unit.iter("seg")] == ["قال غير ذلك.", was.text]


def test_a_project_without_translated_documents_and_other_folders_say_what_to_do(run) -> None:
    run("export", "--format", "omegat", "-o", "project")
    for folder, said in (("project", "Create Translated Documents"), ("drafts", "name the files in it")):
        refused = run("import", folder)
        assert said.lower() in (refused.output + str(refused.exception)).lower()
        assert refused.exit_code != 0

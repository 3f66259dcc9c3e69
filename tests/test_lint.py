"""`tarjuman glossary check`: tests/cases/lint.md, the bundled term bases, the reports, the exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from glossary import GlossaryFormatError, TermBase, lint, writing
from glossary.terms import BUNDLED
from translate.cli import main

HERE = Path(__file__).parent
CASES = HERE / "cases" / "lint.md"
DOCS = HERE.parent / "docs" / "glossary.md"


def _cases() -> list[object]:
    found = []
    for block in CASES.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, *lines = block.strip("\n").split("\n")
        file = [re.sub(r" \|\|(?= |$)", "\t", line[4:]).replace("\t ", "\t") for line in lines if line[:4] == "    "]
        text = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), "\n".join(file) + "\n")
        wanted = [line.removeprefix("find:").strip() for line in lines if line.startswith("find:")]
        found.append(pytest.param(text, [one for one in wanted if one != "-"], id=title))
    return found


@pytest.mark.parametrize(("text", "wanted"), _cases())
def test_case(text: str, wanted: list[str]) -> None:
    found = lint.check_texts([("terms.tsv", text)])
    assert [f"{one.line}:{one.column} {one.rule}" for one in found] == wanted
    assert all(one.file == "terms.tsv" and one.message and one.hint for one in found)


def test_every_rule_has_a_case_that_finds_it_and_is_documented() -> None:
    text = CASES.read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(tb-\d\d)` \| (\w+) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert documented == [(name, rule.level) for name, rule in lint.RULES.items()]
    for name in lint.RULES:
        assert re.search(rf"^find: \d+:\d+ {name}$", text, re.MULTILINE), name


@pytest.mark.parametrize("name", sorted(BUNDLED))
def test_the_bundled_terms_have_no_finding(name: str) -> None:
    assert lint.check([BUNDLED[name]]) == []


def test_two_files_of_one_folder_are_one_term_base(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("source\ttarget\nداعش\tISIS\n", encoding="utf-8")
    (tmp_path / "b.tsv").write_text("source\ttarget\nداعش\tDaesh\n", encoding="utf-8")
    (found,) = lint.check([tmp_path])
    assert (Path(found.file).name, found.rule) == ("b.tsv", "tb-04")
    assert "a.tsv, line 2" in found.message


def test_a_folder_without_term_files(tmp_path: Path) -> None:
    with pytest.raises(GlossaryFormatError, match="no term files"):
        lint.check([tmp_path])


CELLS = st.text("اأإبتةدعشىيم lo|:;#[]\"'=+\u200f\u0640\u00a0,.\t\r\n", max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=5), max_size=4))
@example([["أ[ـ", ":"]])
@example([["ـ[أ", ":"]])
def test_nothing_breaks_it_and_what_it_calls_sound_can_be_loaded(rows: list[list[str]]) -> None:
    text = "source\ttarget\tforms\tcontext\tstatus\n" + "".join("\t".join(row) + "\n" for row in rows)
    found = lint.check_texts([("a.tsv", text)])
    try:
        from glossary.terms import parse

        parse(text, "a.tsv")
    except GlossaryFormatError:
        assert {"tb-01", "tb-02"} & {one.rule for one in found}
    else:
        assert "tb-01" not in {one.rule for one in found}


# --- the command -----------------------------------------------------------------------------------------------------

BAD = "source\ttarget\nمفارز\tdetachments\nمفارز\tsquads, 100%\n"
UNSEEN = "source\ttarget\nالموصل\t Mosul\n\u200fداعش\tISIS\n"


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["glossary", "check", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_text(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(BAD, encoding="utf-8")
    code, out, err = run(str(path))
    assert code == 1
    assert out.startswith(f"{path}:3:7: error tb-04: مفارز is squads, 100% here and detachments in line 2. Keep one")
    assert err == "tarjuman: 1 error, 0 warnings, 0 notes\n"


def test_json(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(BAD, encoding="utf-8")
    code, out, err = run(str(path), "--format", "json")
    (row,) = json.loads(out)
    assert (code, err) == (1, "")
    assert (row["file"], row["line"], row["column"], row["rule"], row["level"]) == (str(path), 3, 7, "tb-04", "error")


def test_github(tmp_path: Path) -> None:
    path = tmp_path / "a,b.tsv"
    path.write_text(BAD, encoding="utf-8")
    code, out, _ = run(str(path), "--format", "github")
    assert code == 1
    place = f"file={tmp_path}/a%2Cb.tsv,line=3,col=7,title=tb-04 Two targets for one source"
    assert out.startswith(f"::error {place}::مفارز is squads, 100%25 here")


def test_warnings_count_only_when_strict(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(UNSEEN, encoding="utf-8")
    assert run(str(path))[0] == 0
    assert run(str(path), "--strict")[0] == 1


def test_tidy_mends_order_spaces_and_signs(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(UNSEEN, encoding="utf-8")
    code, out, err = run(str(path), "--strict", "--tidy")
    told = [f"tarjuman: {path}: tidied", "tarjuman: 0 errors, 0 warnings, 0 notes"]
    assert (code, out, err.splitlines()) == (0, "", told)
    assert path.read_text(encoding="utf-8") == "source\ttarget\nداعش\tISIS\nالموصل\tMosul\n"
    assert TermBase.load(path).terms[1].target == "Mosul"


def test_tidy_takes_out_forms_that_add_nothing_and_no_others(tmp_path: Path) -> None:
    lines = {
        "أربيل\tErbil\tname\tname:اربيل": "أربيل\tErbil\tname",
        "أعضاء\tmembers\tpl\tpl:اعضاء|sg:عضو|sg: عضوٌ": "أعضاء\tmembers\tpl\tsg:عضو",
        "أمير\temir\t\tpl:أمراء|sg:امير": "أمير\temir\t\tpl:أمراء",
        "إدارة\tadministration\t\tsg:اداره\tyes": "إدارة\tadministration\t\tsg:اداره\tyes",
        "إمارة\temirate\t\tsg:اماره\t\ttb-16": "إمارة\temirate\t\tsg:اماره\t\ttb-16",
        "بغداد\tBaghdad\tname\tبغدان": "بغداد\tBaghdad\tname\tبغدان",
    }
    header = "source\ttarget\tnumber\tforms\texact\tallow"
    path = tmp_path / "a.tsv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    run(str(path), "--tidy")
    assert sorted(path.read_text(encoding="utf-8").splitlines()) == sorted([header, *lines.values()])


def test_tidy_never_changes_which_line_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("source\ttarget\nديوان\tDiwan\nالديوان\tthe office\n", encoding="utf-8")
    before = run(str(path))
    assert "tb-05" in before[1]
    assert run(str(path), "--tidy") == before


def test_tidy_leaves_what_it_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("source\ttarget\nداعش\tISIS\tx\n", encoding="utf-8")
    code, _, err = run(str(path), "--tidy")
    assert (code, err) == (3, f"tarjuman: {path}:2:11: more cells than the 2 columns of the header. Remove a tab\n")


def test_a_file_that_is_not_there() -> None:
    code, _, err = run("nowhere.tsv")
    assert (code, err) == (3, "tarjuman: nowhere.tsv: cannot be read: No such file or directory. Check the path\n")


@pytest.mark.parametrize("name", sorted(BUNDLED))
def test_the_bundled_files_are_as_they_would_be_written(name: str) -> None:
    for path in BUNDLED[name].glob("*.tsv"):
        text = path.read_text(encoding="utf-8")
        assert writing.written(writing.read(text, path.name)) == text

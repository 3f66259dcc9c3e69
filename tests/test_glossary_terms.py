"""Reading term files: what a line becomes, and that every mistake is answered with its place and a way out."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from glossary import COLUMNS, GlossaryFormatError, Matcher, TermBase
from glossary.terms import BARE_CONDITIONS, LISTED_CONDITIONS


def write(folder: Path, text: str, name: str = "a.tsv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def load(folder: Path, text: str) -> TermBase:
    return TermBase.load(write(folder, text))


def test_a_full_line(tmp_path):
    [term] = load(
        tmp_path,
        "# comment\nsource\ttarget\tnumber\tforms\tsingular\tforbidden\tcontext\towner\tnote\n"
        "مفارز\tdetachments\tpl\tsg:مفرزة | du:مفرزتان\tdetachment\tsquads|patrols\t"
        "not-before:الحدود; definite\tNour\tSg. مفرزة\n",
    ).terms
    assert term.listed() == [("مفارز", "pl"), ("مفرزة", "sg"), ("مفرزتان", "du")]
    assert (term.singular, term.plural, term.article, term.capital) == ("detachment", "detachments", "auto", "auto")
    assert term.forbidden == ("squads", "patrols")
    assert [(condition.kind, condition.words) for condition in term.context] == [
        ("not-before", ("الحدود",)),
        ("definite", ()),
    ]
    assert term.extra == (("owner", "Nour"),)
    assert term.line == 3


@pytest.mark.parametrize(
    ("target", "number", "expected"),
    [
        ("stronghold", "sg", ("stronghold", "strongholds", "auto", "auto")),
        ("the Left Bank", "sg", ("Left Bank", "Left Banks", "the", "keep")),
        ("city", "sg", ("city", "cities", "auto", "auto")),
        ("axis", "sg", ("axis", "axises", "auto", "auto")),
        ("ISIS", "name", ("ISIS", "ISIS", "auto", "keep")),
        ("morale", "mass", ("morale", "morale", "auto", "auto")),
        ("members", "pl", ("members", "members", "auto", "auto")),
    ],
)
def test_english_left_out_is_filled_in(tmp_path, target, number, expected):
    [term] = load(tmp_path, f"source\ttarget\tnumber\nكلمة\t{target}\t{number}\n").terms
    assert (term.singular, term.plural, term.article, term.capital) == expected


def test_byte_order_mark_crlf_blank_lines_and_missing_cells(tmp_path):
    base = load(tmp_path, "\ufeffsource\ttarget\tnote\r\n\r\nداعش\tISIS\r\n  \r\nالموصل\t Mosul \tx\r\n")
    assert [(term.source, term.target, term.line) for term in base.terms] == [
        ("داعش", "ISIS", 3),
        ("الموصل", "Mosul", 5),
    ]


def test_untranslated_needs_no_target(tmp_path):
    [term] = load(tmp_path, "source\ttarget\tuntranslated\nقجغ\t\tyes\n").terms
    assert (term.target, term.untranslated) == ("قجغ", True)


def test_columns_for_people_change_nothing_and_other_names_are_understood(tmp_path):
    [plain] = load(tmp_path, "source\ttarget\tuntranslated\texact\nقجغ\tqachagh\tyes\tyes\n").terms
    base = load(
        tmp_path, "source\ttarget\tDNT\tExact-only\texample\tauthority\nقجغ\tqachagh\tyes\tyes\tهرب قجغ\tNour\n"
    )
    [full] = base.terms
    assert (full.untranslated, full.exact) == (plain.untranslated, plain.exact) == (True, True)
    assert (full.example, full.authority, full.extra) == ("هرب قجغ", "Nour", ())
    assert base.fingerprint() == TermBase((plain,)).fingerprint()


def test_a_line_of_status_forbidden_forbids_its_english_to_the_term(tmp_path):
    text = "source\ttarget\tforbidden\tstatus\nمفارز\tdetachments\tpatrols\t\nمَفارز\tsquads\t\tforbidden\n"
    base = load(tmp_path, text)
    assert [(term.target, term.forbidden) for term in base.terms] == [("detachments", ("patrols", "squads"))]
    again = load(tmp_path, "source\ttarget\tforbidden\nمفارز\tdetachments\tpatrols|squads\n")
    assert base.fingerprint() == again.fingerprint()
    assert [match.term.target for match in Matcher(base).find("مفارز")] == ["detachments"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", (1, 1), "no header line"),
        ("source\tenglish\nأ\tb\n", (1, 1), "no column 'target'"),
        ("source\ttarget\tnote\tnote\n", (1, 20), "'note' stands twice"),
        ("source\ttarget\n\tISIS\n", (2, 1), "source is empty"),
        ("source\ttarget\n\u200f\tISIS\n", (2, 1), "source is empty"),
        ("source\ttarget\n[داعش\tISIS\n", (2, 1), "source is empty"),
        ("source\ttarget\nداعش\t\n", (2, 6), "has no target"),
        ("source\ttarget\nداعش\n", (2, 1), "has no target"),
        ("source\ttarget\nISIS\tداعش\n", (2, 6), "Arabic in the target"),
        ("source\ttarget\nداعش\tISIS\tx\n", (2, 11), "more cells than the 2 columns"),
        ("source\ttarget\tnumber\nداعش\tISIS\tmany\n", (2, 11), "number is 'many'. Write one of: sg, pl, mass, name"),
        ("source\ttarget\tarticle\nداعش\tISIS\ta\n", (2, 11), "article is 'a'"),
        ("source\ttarget\tcapital\nداعش\tISIS\tyes\n", (2, 11), "capital is 'yes'"),
        ("source\ttarget\tstatus\nداعش\tISIS\told\n", (2, 11), "status is 'old'"),
        ("source\ttarget\texact\nداعش\tISIS\tmaybe\n", (2, 11), "exact is 'maybe'"),
        ("source\ttarget\tforms\nداعش\tISIS\tدواعش\n", (2, 11), "has no number. Write it like pl:"),
        ("source\ttarget\tforms\nداعش\tISIS\tpl:\n", (2, 11), "has no word"),
        ("source\ttarget\tforms\nداعش\tISIS\tpl:[x]\n", (2, 11), "has no word"),
        ("source\ttarget\tcontext\nداعش\tISIS\tsometimes\n", (2, 11), "unknown condition 'sometimes'"),
        ("source\ttarget\tcontext\nداعش\tISIS\tnot-before:\n", (2, 11), "is incomplete"),
        ("source\ttarget\tcontext\nداعش\tISIS\tdefinite:x\n", (2, 11), "is incomplete"),
    ],
)
def test_mistakes_are_placed_and_answered(tmp_path, text, place, message):
    path = write(tmp_path, text)
    with pytest.raises(GlossaryFormatError, match=re.escape(message)) as caught:
        TermBase.load(path)
    error = caught.value
    assert (error.file, error.line, error.column) == (str(path), *place)
    assert str(error).startswith(f"{path}:{place[0]}:{place[1]}: ")
    assert error.hint


def test_bytes_that_are_not_utf8(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_bytes("source\ttarget\nداعش\tISIS\n".encode("cp1256"))
    with pytest.raises(GlossaryFormatError, match="not UTF-8") as caught:
        TermBase.load(path)
    assert (caught.value.line, caught.value.hint) == (2, "Save the file as UTF-8")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(GlossaryFormatError, match="cannot be read"):
        TermBase.load(tmp_path / "nowhere.tsv")


def test_a_folder_is_read_in_the_order_of_names(tmp_path):
    write(tmp_path, "source\ttarget\nالموصل\tMosul\n", "b.tsv")
    write(tmp_path, "source\ttarget\nداعش\tISIS\n", "a.tsv")
    write(tmp_path, "not a term file", "readme.txt")
    assert [term.source for term in TermBase.load(tmp_path).terms] == ["داعش", "الموصل"]
    assert [term.source for term in TermBase.load([tmp_path / "b.tsv", tmp_path / "a.tsv"]).terms] == ["الموصل", "داعش"]


def test_fingerprint_is_of_the_content_only(tmp_path):
    base = load(tmp_path, "source\ttarget\tnote\nداعش\tISIS\tone\nالموصل\tMosul\t\n")
    moved = load(tmp_path, "# x\nsource\ttarget\nالموصل\tMosul\nداعش\tISIS\n")
    other = load(tmp_path, "source\ttarget\tforbidden\nالموصل\tMosul\t\nداعش\tISIS\tDaesh\n")
    assert re.fullmatch("[0-9a-f]{8}", base.fingerprint())
    assert base.fingerprint() == moved.fingerprint() != other.fingerprint()


def test_bundled_terms(tmp_path):
    base = TermBase.load(TermBase.default())
    assert len(base.terms) >= 65
    by_source = {term.source: term for term in base.terms}
    assert len(by_source) == len(base.terms)
    assert by_source["داعش"].forbidden == ("Daesh", "Da'esh", "Daash", "ISIL", "Islamic State")
    assert by_source["مفارز"].singular == "detachment"
    for term in base.terms:
        forbidden = {word.lower() for word in term.forbidden}
        assert not {term.singular.lower(), term.plural.lower(), term.target.lower()} & forbidden, term.source
    shutil.copy(TermBase.default() / "mosul.tsv", tmp_path / "copy.tsv")
    assert TermBase.load(tmp_path).fingerprint() == base.fingerprint()


def test_the_matcher_reads_twice_the_same(tmp_path):
    first, second = (Matcher(TermBase.load(TermBase.default())) for _ in range(2))
    text = "وبمفارز الإعدامات في الساحل الأيسر"
    assert [str(match) for match in first.find(text)] == [str(match) for match in second.find(text)]


def test_the_documentation_names_every_column_and_condition():
    text = (Path(__file__).parent.parent / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert [name for name in (*COLUMNS, *BARE_CONDITIONS) if f"`{name}`" not in text] == []
    assert [name for name in LISTED_CONDITIONS if f"`{name}:a" not in text] == []


def test_command():
    done = subprocess.run(
        [sys.executable, "-m", "glossary", "وبمفارز الإعدامات"], capture_output=True, encoding="utf-8", check=True,
        env={"PYTHONIOENCODING": "utf-8"}, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert "و+ب+مفارز الإعدامات → execution detachments [pl]" in done.stdout
    assert "(inside مفارز الإعدامات" in done.stdout

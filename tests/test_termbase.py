"""Term bases away and back: nothing is lost, nothing changes by itself, and bad files are one clear line."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook, load_workbook

from glossary import COLUMNS, TermBase, writing
from glossary.terms import BUNDLED
from glossary.writing import Row, Table
from translate.cli import main, terminology
from translate.errors import GlossaryError, InputError
from translate.termbase import tbx
from translate.termbase.formats import FORMATS
from translate.termbase.incoming import Incoming, put

HERE = Path(__file__).parent
OFFICIAL = HERE / "xsd" / "oasis"
FULL = (
    "# Somebody's own\n"
    "source\ttarget\tpos\tnumber\tforms\tforbidden\tadmitted\tcontext\texact\tstatus\tnote\texample\tauthority"
    "\towner: who\n"
    "قجغ\tqachagh\tnoun\t\t\t\t\t\t\tpreferred\t\tهرب قجغ إلى الجبل\tStyle guide 4.2\tNour & Co <x>\n"
    "# Units\n"
    "مفارز\tdetachments\tnoun\tpl\tsg:مفرزة|du:مفرزتان|pl:قواعد [تنظيم]\tpatrols\tunits"
    "\tnot-before:الحدود|حدود; definite\tyes\t\t=1+1\n"
    'مفارز\tsquads\t\t\t\t\t\t\t\tforbidden\t"why"\t\tNour\n'
)


def full() -> Table:
    return writing.read(FULL, "mine.tsv")


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["glossary", *arguments])
    return done.exit_code, done.stdout, done.stderr


def bundled(name: str) -> Table:
    rows, columns = [], []
    for path in sorted(BUNDLED[name].glob("*.tsv")):
        table = writing.read(path.read_text(encoding="utf-8"), path.name)
        rows.extend(table.rows)
        columns.extend(table.columns)
    return writing.table(rows, columns)


# --- the file itself -------------------------------------------------------------------------------------------------


def test_lines_are_sorted_under_their_headings_and_comments_stay() -> None:
    text = "# top\n\nsource\ttarget\nالموصل\tMosul\nداعش\tISIS\n\n# Units\nمفارز\tdetachments\n\nديوان\tDiwan\n# end\n"
    assert writing.written(writing.read(text, "a")) == (
        "# top\n\nsource\ttarget\nداعش\tISIS\nالموصل\tMosul\n\n# Units\nديوان\tDiwan\nمفارز\tdetachments\n# end\n"
    )


def test_the_earlier_of_two_lines_of_one_spelling_stays_the_earlier() -> None:
    text = "source\ttarget\nالأيسر\tb\nالايسر\ta\n"
    assert writing.written(writing.read(text, "a")) == text


CELL = st.text("اأدعش ab|:;,\"'=-+@#<&>\\u{41}_x0041_\u200f\u00a0\n", max_size=10)
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys((*COLUMNS, "owner", "a: b%"), CELL)), max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.sampled_from(sorted(FORMATS)))
def test_every_cell_comes_back_as_it_went(rows: list[dict[str, str]], form: str) -> None:
    tidy = []
    for number, cells in enumerate(rows):
        plain = {**cells, "source": f"داعش {number} {cells['source']}", "status": "", "target": f"x{cells['target']}"}
        tidy.append(writing.row((column, cell.replace("\t", " ")) for column, cell in plain.items()))
    if form.startswith("tbx"):  # what is in the columns that TBX has a place for stands there as terms
        tidy = [Row({**row.cells, "forms": "", "untranslated": ""}) for row in tidy]
        tidy = [writing.row(row.cells.items()) for row in tidy if "tarjuman" not in row["note"]]
    if not tidy:
        return
    table = writing.table(tidy)
    back = FORMATS[form].read(FORMATS[form].dump(table), "x").table
    merge = writing.merged(table, back)
    assert [row.cells for row in merge.changed] == []
    assert (merge.added, merge.unchanged) == ((), len(tidy))


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("name", [*sorted(BUNDLED), "full"])
def test_away_and_back_changes_nothing(form: str, name: str) -> None:
    table = full() if name == "full" else bundled(name)
    data = FORMATS[form].dump(table)
    assert data == FORMATS[form].dump(table)
    merge = put(table, FORMATS[form].read(data, f"x.{form}"), remove=True)
    assert (merge.added, merge.changed, merge.removed) == ((), (), ())
    assert writing.written(merge.table) == writing.written(table)
    fresh = put(None, FORMATS[form].read(data, f"x.{form}"))
    assert {frozenset(row.cells.items()) for row in fresh.table.rows} == {
        frozenset(row.cells.items()) for row in table.rows
    }


def test_changed_added_and_removed_lines() -> None:
    old = full()
    new = writing.table(
        [
            writing.row({"source": "قجغ", "target": "outlaw", "note": "new"}.items(), "x.csv:2"),
            writing.row({"source": "ديوان", "target": "Diwan", "colour": "red"}.items(), "x.csv:3"),
        ]
    )
    merge = put(old, Incoming(new))
    assert [row["target"] for row in merge.added + merge.changed] == ["Diwan", "outlaw"]
    assert merge.changed[0]["owner: who"] == "Nour & Co <x>"
    assert (merge.unchanged, merge.removed) == (2, ())
    assert merge.table.header[-2:] == ("owner: who", "colour")
    assert [row["target"] for row in put(old, Incoming(new), remove=True).removed] == ["detachments", "squads"]


def test_a_forbidden_line_is_never_taken_for_its_term() -> None:
    new = writing.table([writing.row({"source": "مفارز", "target": "units", "status": "forbidden"}.items())])
    merge = put(full(), Incoming(new))
    assert [(row["target"], row["status"]) for row in merge.changed] == [("units", "forbidden")]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"source": "داعش", "target": ""}, "x.csv:2, column target: داعش has no target"),
        ({"source": "داعش", "target": "ISIS", "number": "many"}, "x.csv:2, column number: number is 'many'"),
        ({"source": "#داعش", "target": "ISIS"}, "x.csv:2: a term cannot begin with #"),
        ({"source": "داعش", "target": "ISIS", "forms": "دواعش"}, "x.csv:2, column forms: form 'دواعش' has no number"),
    ],
)
def test_a_row_that_cannot_be_a_line_stops_everything(cells: dict[str, str], message: str) -> None:
    new = writing.table([writing.row(cells.items(), "x.csv:2")], ["number", "forms"])
    with pytest.raises(GlossaryError) as caught:
        put(full(), Incoming(new))
    assert str(caught.value).startswith(message)
    assert caught.value.hint


# --- spreadsheets ----------------------------------------------------------------------------------------------------


def test_a_workbook_reads_from_right_to_left_and_computes_nothing() -> None:
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].dump(full())))
    page = book["terms"]
    head = [cell.value for cell in page[1]]
    assert head[:2] == ["source", "target"]
    arabic = page.cell(2, 1)
    assert (arabic.value, arabic.alignment.readingOrder, arabic.alignment.horizontal) == ("قجغ", 2, "right")
    assert page.cell(2, 2).alignment.readingOrder == 1
    assert all(cell.data_type in ("s", "n") for row in page.iter_rows() for cell in row)
    offered = {str(one.sqref): one.formula1 for one in page.data_validations.dataValidation}
    assert '"preferred,admitted,forbidden"' in offered.values()


def test_what_a_spreadsheet_program_saved_again_comes_back() -> None:
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].dump(full())))
    book["terms"].cell(2, 2).value = "outlaw"
    saved = io.BytesIO()
    book.save(saved)
    merge = put(full(), FORMATS["xlsx"].read(saved.getvalue(), "terms.xlsx"))
    assert [(row["source"], row["target"]) for row in merge.changed] == [("قجغ", "outlaw")]
    assert not merge.added


def test_a_formula_is_named_by_its_row() -> None:
    book = Workbook()
    for row in (["source", "target"], ["داعش", "=1+1"]):
        book.worksheets[0].append(row)
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(InputError, match=r"x\.xlsx, sheet Sheet, row 2: a formula stands in the cell"):
        FORMATS["xlsx"].read(saved.getvalue(), "x.xlsx")


def test_csv_is_guarded_against_formulas_and_read_with_semicolons_too() -> None:
    data = FORMATS["csv"].dump(full())
    assert data.startswith(b"\xef\xbb\xbfsource,target")
    assert b",'=1+1" in data
    read = FORMATS["csv"].read('Source;Target;DNT\r\nقجغ;"qachagh; outlaw";yes\r\n'.encode(), "x.csv").table
    assert read.rows[0].cells == {"source": "قجغ", "target": "qachagh; outlaw", "untranslated": "yes"}


# --- TBX -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*sorted(BUNDLED), "full"])
def test_tbx_is_what_our_grammar_says(name: str) -> None:
    grammar = etree.RelaxNG(etree.parse(HERE / "xsd" / "tbx-basic.rng"))
    grammar.assertValid(etree.fromstring(tbx.dump(full() if name == "full" else bundled(name))))


@pytest.mark.skipif(not (OFFICIAL / "TBXcoreStructV03.rng").exists(), reason="tests/xsd/oasis has no schemas of TBX")
@pytest.mark.parametrize("name", [*sorted(BUNDLED), "full"])
def test_tbx_is_valid_by_the_schemas_of_the_standard(name: str) -> None:
    root = etree.fromstring(tbx.dump(full() if name == "full" else bundled(name)))
    etree.RelaxNG(etree.parse(OFFICIAL / "TBXcoreStructV03.rng")).assertValid(root)
    modules = {
        tbx.SPACES[prefix]: etree.RelaxNG(etree.parse(OFFICIAL / f"{prefix.title()}.rng")) for prefix in tbx.SPACES
    }
    seen = set()
    for element in root.iter(etree.Element):
        space = etree.QName(element).namespace
        if space in modules and (element.tag, element.text) not in seen:
            seen.add((element.tag, element.text))
            alone = etree.Element(element.tag)
            alone.text = element.text
            modules[space].assertValid(alone)
    assert seen


@pytest.mark.skipif(not (OFFICIAL / "tmx14.dtd").exists(), reason="tests/xsd/oasis has no document type of TMX")
def test_tmx_is_valid_by_its_document_type() -> None:
    document_type = etree.DTD(str(OFFICIAL / "tmx14.dtd"))
    assert document_type.validate(etree.fromstring(FORMATS["tmx"].dump(full()))), document_type.error_log


V2 = """<?xml version='1.0' encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en">
<martifHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></martifHeader>
<text><body>
<termEntry id="1"><descrip type="subjectField">war</descrip>
 <langSet xml:lang="EN-us">
  <tig><term>squad</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
  <tig><term>unit</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig>
  <ntig><termGrp><term>detachment</term><termNote type="partOfSpeech">noun</termNote>
   <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termGrp></ntig></langSet>
 <langSet xml:lang="ar-IQ"><descripGrp><descrip type="definition">a small <hi>unit</hi></descrip></descripGrp>
  <tig><term>مفرزة</term><termNote type="partOfSpeech">noun</termNote></tig>
  <tig><term>مفارز</term><termNote type="termType">variant</termNote></tig>
  <tig><term>فصيل</term><descrip type="context">فصيل من المقاتلين</descrip></tig></langSet></termEntry>
<termEntry id="2"><langSet xml:lang="en"><tig><term>alone</term></tig></langSet></termEntry>
</body></text></martif>
"""


def test_tbx_of_another_program_in_version_2() -> None:
    read = FORMATS["tbx"].read(V2.encode(), "x.tbx")
    assert read.left_out == 1
    english = {"target": "detachment", "status": "preferred", "admitted": "unit", "forbidden": "squad"}
    shared = {**english, "domain": "war", "note": "a small unit"}
    assert [dict(row.cells) for row in read.table.rows] == [
        {"source": "مفرزة", "pos": "noun", "forms": "sg:مفارز", **shared},
        {"source": "فصيل", "example": "فصيل من المقاتلين", **shared},
    ]
    assert TermBase(tuple(writing_terms(put(None, read).table))).terms[0].forbidden == ("squad",)


def writing_terms(table: Table) -> list[object]:
    from glossary.terms import parse

    return list(parse(writing.written(table), "x"))


def test_tbx_of_another_program_in_version_3_with_attributes() -> None:
    text = (
        '<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"><text><body>'
        '<conceptEntry><langSec xml:lang="ar"><termSec><term>داعش</term></termSec></langSec><langSec xml:lang="en">'
        '<termSec><term>Daesh</term><termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></termSec>'
        "</langSec></conceptEntry></body></text></tbx>"
    )
    (row,) = FORMATS["tbx"].read(text.encode(), "x").table.rows
    assert row.cells == {"source": "داعش", "target": "Daesh", "status": "forbidden"}


def test_a_form_added_elsewhere_joins_ours() -> None:
    data = tbx.dump(full()).decode()
    added = "<termSec><term>مفيرزات</term><basic:termType>variant</basic:termType></termSec>"
    place = data.index("</langSec>", data.index("<term>مفرزتان"))
    merge = put(full(), FORMATS["tbx"].read((data[:place] + added + data[place:]).encode(), "x"))
    assert [row["forms"] for row in merge.changed] == ["sg:مفرزة|du:مفرزتان|pl:قواعد [تنظيم]|pl:مفيرزات"]


TOOLKIT = Path(os.environ.get("TARJUMAN_TOOLKIT", ""))
READ = """
import sys
from translate.storage import tbx
store = tbx.tbxfile.parsestring(open(sys.argv[1], "rb").read(), "ar", "en")
for unit in store.units:
    print(unit.source, unit.target, *[t.text for t in unit.get_target_terms() if t.deprecated], sep="\\t")
"""


@pytest.mark.skipif(not TOOLKIT.is_file(), reason="TARJUMAN_TOOLKIT names no interpreter with Translate Toolkit")
def test_translate_toolkit_reads_version_2(tmp_path: Path) -> None:
    path = tmp_path / "x.tbx"
    table = bundled("mosul")
    path.write_bytes(tbx.dump_v2(table))
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [str(TOOLKIT), "-I", "-X", "utf8", "-c", READ, str(path)]
    done = subprocess.run(command, capture_output=True, check=False, env=clean)
    assert done.returncode == 0, done.stderr.decode()
    assert [line.split("\t") for line in done.stdout.decode().splitlines()] == [
        [row["source"], row["target"], *filter(None, row["forbidden"].split("|"))] for row in writing.tidied(table).rows
    ]


# --- what cannot be read ---------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE tbx [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><tbx>&b;</tbx>'


def _zipped(name: str, text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "data", "message"),
    [
        ("csv", b"", "no columns source and target"),
        ("csv", b"a,b\n1,2\n", "no columns source and target"),
        ("csv", b"source,target,target\n", "the column 'target' stands twice"),
        ("csv", b"source,target,,x\n", "column 3 has no name"),
        ("csv", b"source,target\na,b,c\n", "x:2: more cells than the 2 columns"),
        ("csv", "source,target\nداعش,ISIS\n".encode("cp1256"), "not UTF-8"),
        ("csv", b'source,target\n"' + b"a" * 140_000, "not a table"),
        ("tsv", b"source\tenglish\n", "no columns source and target"),
        ("xlsx", b"", "not a workbook"),
        ("xlsx", b"source,target\n", "not a workbook"),
        ("xlsx", _zipped("x.xml", "<!DOCTYPE a>"), "declares entities"),
        ("xlsx", _zipped("x.xml", "<a/>"), "a damaged workbook"),
        ("tbx", b"", "not well-formed XML"),
        ("tbx", b"<tbx/>", "not a TBX file with entries"),
        ("tbx", b"<html><termEntry/></html>", "not a TBX file with entries"),
        ("tbx", b"<martif><termEntry/></martif>", "no entry has Arabic and English"),
        ("tbx", BOMB.encode(), "declares entities"),
        ("tmx", b"<tmx/>", "no unit has Arabic and English"),
        ("tmx", b"<tbx/>", "not a TMX file"),
        ("tmx", BOMB.replace("tbx", "tmx").encode(), "declares entities"),
    ],
)
def test_what_cannot_be_read_is_one_line(form: str, data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        FORMATS[form].read(data, "x")
    assert message in str(caught.value)
    assert str(caught.value).startswith("x")
    assert "\n" not in str(caught.value)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.sampled_from(sorted(FORMATS)))
def test_no_bytes_break_it(data: bytes, form: str) -> None:
    try:
        read = FORMATS[form].read(data, "x")
    except InputError as error:
        assert error.what
    else:
        assert {"source", "target"} <= set(read.table.columns)


# --- the commands ----------------------------------------------------------------------------------------------------


def test_export_and_import(tmp_path: Path) -> None:
    away, mine = tmp_path / "terms.xlsx", tmp_path / "mine.tsv"
    assert run("export", "-o", str(away)) == (0, f"{away}\n", f"tarjuman: {len(bundled('mosul').rows)} terms\n")
    code, out, err = run("import", str(away), "--into", str(mine))
    count = len(bundled("mosul").rows)
    assert (code, out, err) == (0, "", f"tarjuman: {mine}: {count} added, 0 changed, 0 removed, 0 unchanged\n")
    assert TermBase.load(mine).fingerprint() == TermBase.load(BUNDLED["mosul"]).fingerprint()
    before = mine.stat().st_mtime_ns
    assert run("import", str(away), "--into", str(mine))[2].endswith(f"0 removed, {count} unchanged\n")
    assert mine.stat().st_mtime_ns == before


def test_a_dry_run_shows_the_lines_and_writes_nothing(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.tsv", tmp_path / "theirs.csv"
    mine.write_text(FULL, encoding="utf-8")
    theirs.write_text("source,target\nقجغ,outlaw\n", encoding="utf-8")
    code, out, err = run("import", str(theirs), "--into", str(mine), "--dry-run")
    changed = [line for line in out.splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")]
    assert (code, len(changed)) == (0, 2)
    assert changed[1].startswith("+قجغ\toutlaw\tnoun")
    assert err.endswith("0 added, 1 changed, 0 removed, 2 unchanged\n")
    assert mine.read_text(encoding="utf-8") == FULL
    assert run("import", str(theirs), "--into", str(mine))[0] == 0
    assert mine.read_text(encoding="utf-8") == FULL.replace("qachagh", "outlaw")


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.tbx"
    path.write_text(V2, encoding="utf-8")
    code, _, err = run("import", str(path), "--into", str(tmp_path / "mine.tsv"))
    assert (code, err.splitlines()[1]) == (0, "tarjuman: 1 entry without Arabic or without English left out")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["export"], 2, "there is no format. Add --format tsv|csv|xlsx|tbx|tbx2|tmx, or -o with an ending"),
        (["export", "-o", "terms.doc"], 2, "terms.doc: the ending does not say which format this is"),
        (["export", "nowhere.tsv", "--format", "csv"], 3, "nowhere.tsv: cannot be read"),
        (["import", "nowhere.csv", "--into", "mine.tsv"], 3, "nowhere.csv: cannot be read"),
        (["import", "nowhere.csv", "--into", "."], 2, "--into .: this is a folder"),
    ],
)
def test_what_makes_no_sense(arguments: list[str], code: int, message: str) -> None:
    done = run(*arguments)
    assert done[0] == code
    assert done[2].startswith(f"tarjuman: {message}")


def test_every_format_is_offered() -> None:
    assert tuple(FORMATS) == terminology.FORMATS

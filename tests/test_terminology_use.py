"""What the archive says about the terms: usage, candidates, habits, consistency."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from terminology_drafts import HEADER, TERMS, Line, article, edit, term_base, write

from glossary import TermBase
from translate import checks, drafts
from translate.cli import main
from translate.document import Draft, State
from translate.terminology.candidates import Text, candidates, phrase_at, phrase_key, texts_of
from translate.terminology.consistency import consistency, flagged
from translate.terminology.edits import habits
from translate.terminology.index import Index
from translate.terminology.pairing import Table
from translate.terminology.proposals import DEFAULT, columns_of, line, lines, of_candidate, of_habit
from translate.terminology.rewordings import instead, rewordings
from translate.terminology.usage import told, usage
from translate.words import words

CASES = Path(__file__).parent / "cases" / "consistency.md"
ROOT = Path(__file__).parent.parent

# --- usage -----------------------------------------------------------------------------------------------------------


def used(folder: Path, base: TermBase) -> dict[str, object]:
    with Index(folder) as index:
        index.refresh()
        return told(usage(base, index))


def test_usage_counts_machine_and_people_apart(tmp_path: Path) -> None:
    base = term_base(tmp_path)
    lines: list[Line] = [
        ("هربت المفارز.", "The detachments fled."),
        ("عادت المفارز.", "The squads returned."),
        ("وصلت مفرزة إلى المدينة.", "A detachment reached the city.", "A patrol reached the city."),
        ("قالت مفرزة ذلك.", "A detachment said so.", "A detachment has said so."),
        ("غادرت مفرزة.", "A squad left.", "A detachment left."),
        ("رأيت المفارز.", "I saw the detachment.", "I saw the detachments."),
    ]
    folder = write(tmp_path / "drafts", article("first", lines, base), article("second", lines[:1], base, "2017-03-02"))
    found = used(folder, base)
    (term,) = found["terms"]  # type: ignore[misc]
    figures = {name: term[name] for name in ("hits", "articles", "machine", "honoured", "confirmed")}
    assert figures == {"hits": 7, "articles": 2, "machine": 7, "honoured": 5, "confirmed": 4}
    assert {name: term[name] for name in ("kept", "changed", "put_in", "taken_out", "missing")} == {
        "kept": 1,
        "changed": 1,
        "put_in": 1,
        "taken_out": 1,
        "missing": 0,
    }
    assert sorted(term["into"]) == [["detachments", 1], ["patrol", 1]]
    assert {month: figures["hits"] for month, figures in term["months"].items()} == {"2017-01": 6, "2017-03": 1}
    assert [one["source"] for one in found["never_used"]] == ["الساحل الأيسر", "ديوان", "أمير"]  # type: ignore[attr-defined]


def test_usage_as_a_page_says_into_what_and_when_and_runs_nothing(tmp_path: Path) -> None:
    base = term_base(tmp_path, TERMS.replace("the Left Bank", "the <b>Left</b> Bank"))
    folder = write(
        tmp_path / "drafts",
        article(
            "first",
            [
                ("غادرت مفرزة.", "A detachment left.", "A patrol left."),
                ("عادت المفارز.", "The detachments returned."),
            ],
            base,
            "2017-03-04",
        ),
        article("second", [("وصلت مفرزة.", "A detachment came.")], base, "2018-05-01"),
    )
    out = tmp_path / "usage.html"
    told_ = [
        "glossary",
        "usage",
        "--drafts",
        str(folder),
        "--glossary",
        str(tmp_path / "terms.tsv"),
        "--html",
        str(out),
    ]
    assert CliRunner().invoke(main, told_).stdout == f"{out}\n"
    page = html.document_fromstring(out.read_text(encoding="utf-8"))
    (row,) = page.xpath("//tr[th/bdi='مفرزة']")
    cells = [cell.text_content() for cell in row.xpath("td")]
    assert cells[0] == "3" and cells[5] == "1" and cells[7] == "2017-03: 2, 2018-05: 1"
    assert cells[6] == "patrol 1"
    months = {line.xpath("string(th)"): line.xpath("string(td[1])") for line in page.xpath("(//table)[2]/tbody/tr")}
    assert months["2017-03"] == "2" and months["2018-05"] == "1"
    assert not page.xpath("//script|//i|//b|//*[@src]|//link")
    assert "Left" in page.xpath("string(//ul)")


def test_usage_on_the_command_line(tmp_path: Path) -> None:
    base = term_base(tmp_path)
    folder = write(tmp_path / "drafts", article("first", [("هربت المفارز.", "The detachments fled.")], base))
    told_ = ["glossary", "usage", "--drafts", str(folder), "--glossary", str(tmp_path / "terms.tsv")]
    shown = CliRunner().invoke(main, told_).stdout.splitlines()
    assert shown[1].split() == ["مفرزة", "detachment", "1", "1", "1/1", "0", "0", "0"]
    assert shown[2].startswith("Never used: الساحل الأيسر (the Left Bank); ")
    assert json.loads(CliRunner().invoke(main, [*told_, "--json"]).stdout)["sentences"] == 1


def test_a_possessive_is_no_part_of_what_people_wrote_instead() -> None:
    before, after = "Hit the group's men.", "Hit the organization's men."
    assert instead(before, after, 8, 13) == "organization"
    assert instead("Hit the group now.", "Hit the organization's men.", 8, 13) != "organization"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("The squads fled.", "The detachments fled.", [("squads", "detachments")]),
        ("The old squads fled.", "The squads fled.", [("old", "")]),
        ("He fled.", "He fled.", []),
        ("one two three four five six seven eight", "a b c d e f g h", []),
    ],
)
def test_rewordings(before: str, after: str, found: list[tuple[str, str]]) -> None:
    assert [(one.was, one.now) for one in rewordings(before, after)] == found


@settings(max_examples=150, deadline=None)
@given(st.text("ab ,", max_size=30), st.text("abc ,", max_size=30))
def test_what_was_reworded_stood_there(before: str, after: str) -> None:
    for one in rewordings(before, after):
        assert before[one.begin : one.begin + len(one.was)] == one.was
        assert one.now in after
    for begin in range(len(before)):
        assert (instead(before, after, begin, begin + 1) or "") in after


# --- candidates ------------------------------------------------------------------------------------------------------

ROADS: list[Line] = [
    ("الطريق مغلق.", "The road is shut.", "The way is shut."),
    ("رأيت الطريق.", "I saw the road.", "I saw the way."),
    ("الباب مغلق.", "The door is shut.", "A door is shut."),
]
CORPUS = [
    "وصلت المفارز إلى الساحل الأيسر من المدينة.",
    "قال المصدر إن مفارز التنظيم تركت الساحل الأيسر.",
    "عادت المفارز ثم أبو بكر الجزراوي إلى الساحل الأيسر.",
    "يقول المصدر إن أبا بكر الجزراوي هرب وبالساحل الأيسر مفارز.",
]


def test_candidates_are_counted_in_any_clothing() -> None:
    found = {one.key: one for one in candidates([Text("a", f"a.{n}.1", text) for n, text in enumerate(CORPUS, 1)])}
    bank = found["ساحل", "ايسر"]
    assert (bank.count, bank.source, bank.name) == (4, "الساحل الأيسر", False)
    assert bank.examples == ("a.1.1", "a.2.1", "a.3.1")
    assert found[("مفارز",)].count == 4
    assert found["ابو", "بكر", "جزراوي"].count == 2, "the case of a name is no other name"
    assert found["ابو", "بكر", "جزراوي"].name
    assert not {("في",), ("الي",), ("يقول",), ("ايسر", "من")} & found.keys()


def test_candidates_that_look_like_names_come_before_what_is_as_frequent() -> None:
    corpus = [
        "وصل جهاز الأمن الوطني العراقي.",
        "هربوا من مدينة سنجار نحو مدينة سنجار بسرعة.",
        "عاد الجيش السوري الجديد إلى المخازن القديمة.",
        "المخازن القديمة والمخازن القديمة.",
    ]
    found = [one.key for one in candidates([Text("a", f"a.{n}.1", text) for n, text in enumerate(corpus, 1)])]
    assert ("جهاز", "امن", "وطني", "عراقي") in found, "a body, though each of its words is ordinary"
    assert ("جيش", "سوري", "جديد") in found, "an adjective that ends no phrase ends one that is definite"
    assert found.index(("سنجار",)) < found.index(("مدينه", "سنجار")), "the place, not the city of it"
    assert found.index(("مخازن", "قديمه")) < found.index(("قديمه",)), "an adjective is no term of its own"


def test_candidates_have_the_english_that_is_aligned_to_them(tmp_path: Path) -> None:
    made = article(
        "first", [("وصلت إلى الساحل الأيسر.", "She reached the Left Bank."), ("الساحل الأيسر", "Left coast")]
    )
    aligned = {"first.1.1": ((0, 0), (0, 1), (2, 4), (3, 3)), "first.2.1": ((0, 1), (1, 0))}
    targets = {name: replace(target, alignment=aligned[name]) for name, target in made.targets.items()}
    found = candidates(list(texts_of([replace(made, targets=targets)])), term_base(tmp_path))
    bank = next(one for one in found if one.key == phrase_key("الساحل الأيسر"))
    assert (bank.english, bank.listed) == ((("Left Bank", 1), ("Left coast", 1)), True)
    assert bank.places_of("left bank") == ("first.1.1",)


def test_phrase_at_leaves_out_what_only_leads_there() -> None:
    text = "They fled to the Left Bank of the city."
    assert phrase_at(text, [2, 3, 4, 5]) == "Left Bank"
    assert phrase_at(text, [2, 3]) == phrase_at(text, []) == phrase_at(text, [99]) == ""


def test_alignment_is_learned_from_the_sentences() -> None:
    pairs = [(["بيت"], ["house"]), (["بيت", "كبير"], ["big", "house"]), (["رجل"], ["man"]), (["كبير"], ["big"])]
    assert Table(pairs).align(["بيت", "كبير"], ["big", "house"]) == ((0, 1), (1, 0))
    assert Table([]).align([], ["x"]) == ()


def test_habits_name_the_term_or_the_aligned_arabic(tmp_path: Path) -> None:
    base = term_base(tmp_path)
    lines: list[Line] = [
        ("هربت مفرزة.", "A detachment fled.", "A patrol fled."),
        ("عادت مفرزة.", "A detachment returned.", "A patrol returned."),
        ("الطريق مغلق.", "The road is closed.", "The highway is closed."),
        ("هذا الطريق طويل.", "This road is long.", "This highway is long."),
        ("رأيت الطريق.", "I saw the road.", "I saw the highway."),
        ("قال نعم.", "He said yes.", "He says yes."),
    ]
    draft = article("first", lines, base)
    found = habits([draft], base)
    assert [(one.source, one.was, one.now, one.count, one.term) for one in found] == [
        ("الطريق", "road", "highway", 3, False),
        ("مفرزة", "detachment", "patrol", 2, True),
    ]
    assert found[0].people == ("Layla",)
    assert habits([draft], base, least=4) == []


def test_lines_go_under_the_columns_of_the_file(tmp_path: Path) -> None:
    term_base(tmp_path)
    draft = article("first", ROADS)
    pasted = lines([of_habit(one) for one in habits([draft], TermBase(()))], columns_of(tmp_path))
    header, entry = pasted.splitlines()
    assert header + "\n" == HEADER
    assert entry.split("\t") == ["الطريق", "way", "", "", "road"]
    assert TermBase.load([_saved(tmp_path, pasted)]).terms[0].forbidden == ("road",)
    assert columns_of(None) == columns_of(tmp_path / "none.tsv") == DEFAULT
    bare = lines([of_candidate(one) for one in candidates([Text("a", "a.1.1", CORPUS[0])])], DEFAULT)
    assert all(text.startswith("# ") for text in bare.splitlines()[1:]), "without English it is no entry yet"
    assert line(DEFAULT, {"source": "#\tx\n", "target": "y"}) == "x\ty\n"


def _saved(folder: Path, text: str) -> Path:
    path = folder / "pasted.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_candidates_on_the_command_line(tmp_path: Path) -> None:
    seeds = sorted((ROOT / "seeds").glob("isis-secret*.md"))
    done = CliRunner().invoke(main, ["glossary", "candidates", *map(str, seeds), "--most", "5", "--json"])
    assert len(json.loads(done.stdout)["candidates"]) == 5, done.output
    folder = write(tmp_path / "drafts", article("first", ROADS))
    told_ = ["glossary", "candidates", "--drafts", str(folder), "--glossary", "none", "--edits"]
    assert CliRunner().invoke(main, told_).stdout == ("الطريق  way  changed twice in 1 article by Layla: road -> way\n")
    assert CliRunner().invoke(main, [*told_, "x.md"]).exit_code == 2
    assert CliRunner().invoke(main, [*told_, "--lines", "--json"]).exit_code == 2


def test_half_of_the_frequent_terms_are_found() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.candidates"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    recall = next(line for line in done.stdout.splitlines() if line.startswith("recall at 100:"))
    assert int(recall.split()[3].split("/")[0]) >= 24, done.stdout


# --- consistency -----------------------------------------------------------------------------------------------------


def _cases() -> list[object]:
    blocks = CASES.read_text(encoding="utf-8").split("\n## ")[1:]
    return [pytest.param(block.strip().splitlines()[1:], id=block.splitlines()[0]) for block in blocks]


@pytest.mark.parametrize("case", _cases())
def test_case(case: list[str], tmp_path: Path) -> None:
    head = "source\ttarget\tadmitted\tforms\n"
    entries = [text.removeprefix("term: ") for text in case if text.startswith("term: ")]
    base = term_base(tmp_path, head + "".join(map(_entry, entries))) if entries else TermBase(())
    pairs: list[Line] = [tuple(text.split(" -> ")) for text in case if " -> " in text]  # type: ignore[misc]
    draft = article("a", pairs, base)
    report = consistency([draft], base)
    found = [
        "sentence"
        if one.kind == "sentence"
        else f"{one.source}: {', '.join(f'{r.english} {r.count}' for r in one.renderings)}"
        for one in report.waverings
    ]
    found += [f"one: {one.english}: {', '.join(source for source, _ in one.sources)}" for one in report.shared]
    assert found == [wanted for text in case if text.startswith("find: ") and (wanted := text[6:]) != "-"]
    told_ = [n.split(".")[1] for n, t in flagged(draft, report).targets.items() if _said(t.findings)]
    assert told_ == [
        number for text in case if text.startswith("flag: ") for number in text[6:].replace("-", "").split()
    ]


def _entry(text: str) -> str:
    arabic, _, rest = text.partition(" = ")
    english, *facts = rest.split("; ")
    known = dict(fact.split("=") for fact in facts)
    return f"{arabic}\t{english}\t{known.get('admitted', '')}\t{known.get('forms', '')}\n"


def _said(findings: object) -> list[str]:
    return [one.message for one in findings if one.check == "g-05"]  # type: ignore[attr-defined]


def _wavering(tmp_path: Path) -> tuple[Path, list[str]]:
    path = tmp_path / "terms.tsv"
    base = term_base(tmp_path, "source\ttarget\tadmitted\nمفرزة\tdetachment\tsquad\n")
    texts: list[Line] = [("هربت مفرزة.", "A detachment fled."), ("عادت مفرزة.", "A detachment came.")]
    folder = write(tmp_path / "drafts", article("a", [*texts, ("وصلت مفرزة.", "A squad arrived.")], base))
    return folder, ["glossary", "consistency", "--drafts", str(folder), "--glossary", str(path)]


def _loaded(folder: Path) -> Draft:
    return drafts.load(drafts.path_for(folder, "a"))


def test_flag_writes_the_finding_and_takes_it_away(tmp_path: Path) -> None:
    folder, told_ = _wavering(tmp_path)
    done = CliRunner().invoke(main, [*told_, "--flag", "--strict"])
    assert done.exit_code == 1
    assert done.stdout == "term  مفرزة\n     2  detachment  (a.1.1, a.2.1)\n     1  squad  (a.3.1)\n"
    (message,) = _said(_loaded(folder).targets["a.3.1"].findings)
    assert message == "مفرزة is 'squad' here and 'detachment' in 2 places"
    before = _loaded(folder).fingerprint
    CliRunner().invoke(main, [*told_, "--flag"])
    assert _loaded(folder).fingerprint == before, "said once"
    edit(folder, "a", 3, "A detachment arrived.")
    assert CliRunner().invoke(main, [*told_, "--flag", "--strict"]).stdout == "Everything has one English.\n"
    assert not _said(_loaded(folder).targets["a.3.1"].findings)


def test_a_flag_that_was_dismissed_stays_dismissed_and_the_checks_carry_it(tmp_path: Path) -> None:
    folder, told_ = _wavering(tmp_path)
    CliRunner().invoke(main, [*told_, "--flag"])
    draft = _loaded(folder)
    target = draft.targets["a.3.1"]
    kept = tuple(replace(one, dismissed="a quotation") for one in target.findings)
    drafts.save(
        replace(draft, targets={**draft.targets, "a.3.1": replace(target, findings=kept)}),
        drafts.path_for(folder, "a"),
        base=draft.fingerprint,
    )
    CliRunner().invoke(main, [*told_, "--flag"])
    now = _loaded(folder).targets["a.3.1"]
    assert [one.dismissed for one in now.findings if one.check == "g-05"] == ["a quotation"]
    segment = next(one for one in draft.article.segments() if one.id == "a.3.1")
    carried = checks.run(segment, replace(target, state=State.APPROVED))
    assert _said(carried) == _said(target.findings)
    assert len(words(target.text)) == 4
    assert TERMS.startswith(HEADER)

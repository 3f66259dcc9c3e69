"""What a change of the term base touches, and carrying it into the drafts."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from terminology_drafts import TERMS, article, edit, term_base, write

from glossary import Matcher, TermBase
from glossary.cores import core, cores, written
from translate import drafts
from translate.cli import main
from translate.errors import DraftError, GlossaryError, UsageError
from translate.terminology import revisions
from translate.terminology.impact import How, changes, impact
from translate.terminology.index import FILE, FOLDER, Index

LINES = [
    ("هربت المفارز من الموصل.", "The detachments fled Mosul."),
    ("وصلت مفرزتان إلى الساحل الأيسر.", "Two squads reached the left coast.", "Two squads reached the Left Bank."),
    ("قال المصدر إن الطريق مغلق.", "The source said the road was closed."),
    ("غادر أمير المدينة.", "The prince of the city left."),
]
OTHER = [("عادت مفارزهم أمس.", "Their detachments returned yesterday."), ("في ديوان المال.", "In the Diwan of money.")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    base = term_base(tmp_path)
    shelf = tmp_path / "drafts"
    return write(shelf, article("first", LINES, base), article("second", OTHER, base))


def touched(folder: Path, old: TermBase, new: TermBase) -> list[tuple[str, bool, bool]]:
    with Index(folder) as index:
        index.refresh()
        return [(one.id, one.edited, one.met) for one in impact(old, new, index).touched]


def test_a_changed_entry_touches_the_sentences_it_counts_in_and_no_other(tmp_path: Path, folder: Path) -> None:
    old = term_base(tmp_path)
    new = term_base(tmp_path, TERMS.replace("detachment\t", "squad\t").replace("squad|squads", "detachments"))
    assert touched(folder, old, new) == [
        ("first.1.1", False, False),
        ("first.2.1", True, True),
        ("second.1.1", False, False),
    ]
    (change,) = changes(old, new)
    assert (change.how, change.source) == (How.CHANGED, "مفرزة")
    assert change.english == "detachment -> squad (column forbidden)"


def test_added_removed_and_covering_entries(tmp_path: Path, folder: Path) -> None:
    old = term_base(tmp_path)
    without = term_base(tmp_path, TERMS.replace("الساحل الأيسر\tthe Left Bank\t\t\t\t\n", ""))
    longer = term_base(tmp_path, TERMS + "ديوان المال\tthe Treasury\t\t\t\t\n")
    assert touched(folder, old, without) == [("first.2.1", True, True)]
    assert touched(folder, without, old) == [("first.2.1", True, True)]
    assert touched(folder, old, longer) == [("second.2.1", False, False)], "it covers a shorter one"
    assert [change.how for change in changes(old, without)] == [How.REMOVED]
    assert [change.how for change in changes(without, old)] == [How.ADDED]


def test_what_stands_elsewhere_in_the_article_counts(tmp_path: Path, folder: Path) -> None:
    old = term_base(tmp_path)
    new = term_base(tmp_path, TERMS.replace("near:ديوان", "near:الطريق"))
    assert [one[0] for one in touched(folder, old, new)] == ["first.4.1"]


def test_an_example_of_a_long_sentence_shows_the_term_and_its_english(tmp_path: Path) -> None:
    old, new = tmp_path / "old.tsv", tmp_path / "new.tsv"
    old.write_text(TERMS, encoding="utf-8")
    new.write_text(TERMS.replace("squad|squads", "squad|squads|units"), encoding="utf-8")
    line = ("كلمة " * 60 + "هربت المفارز " + "كلمة " * 60, "word " * 60 + "the detachments fled " + "word " * 60)
    shelf = write(tmp_path / "drafts", article("long", [line], TermBase.load([old])))
    told = CliRunner().invoke(
        main, ["glossary", "impact", "--drafts", str(shelf), "--glossary", str(new), "--against", str(old)]
    )
    arabic, english = (shown.strip() for shown in told.stdout.splitlines()[3:5])
    assert "كلمة هربت المفارز كلمة" in arabic and "word the detachments fled word" in english
    for shown in (arabic, english):
        assert shown[0] == shown[-1] == "…" and len(shown) <= 162


def test_notes_and_the_order_of_lines_are_no_change(tmp_path: Path) -> None:
    old = term_base(tmp_path)
    head, *lines = TERMS.splitlines()
    new = term_base(tmp_path, "\n".join([f"{head}\tnote", *(f"{line}\tseen" for line in reversed(lines))]) + "\n")
    assert not changes(old, new)


# --- the index -------------------------------------------------------------------------------------------------------


def test_the_index_reads_a_draft_once_and_again_when_it_changed(folder: Path) -> None:
    past = time.time() - 60
    for path in folder.glob("*.xlf"):
        os.utime(path, (past, past))
    with Index(folder) as index:
        index.refresh()
        assert (index.read, index.count()) == (2, (2, 6))
    with Index(folder) as index:
        index.refresh()
        assert index.read == 0
    edit(folder, "second", 1, "Their squads returned yesterday.")
    with Index(folder) as index:
        index.refresh()
        assert (index.read, index.count()) == (1, (2, 6))
        (drafts.path_for(folder, "first")).unlink()
        index.refresh()
        assert (index.read, index.count()) == (0, (1, 2))
        assert not list(index.holding(TermBase.load(TermBase.default()).terms[:0]))


def test_a_file_touched_without_a_change_is_not_read_again(folder: Path) -> None:
    with Index(folder) as index:
        index.refresh()
        os.utime(drafts.path_for(folder, "first"), (1, 1))
        index.refresh()
        assert index.read == 0


@pytest.mark.parametrize("damage", ["gone", "torn", "old"])
def test_the_index_is_safe_to_lose(tmp_path: Path, folder: Path, damage: str) -> None:
    base, fewer = term_base(tmp_path), TermBase(())
    before = touched(folder, fewer, base)
    file = folder / FOLDER / FILE
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(b"no database at all" * 500 if damage == "torn" else b"")
    assert touched(folder, fewer, base) == before
    assert (folder / FOLDER / ".gitignore").read_text().endswith("*\n")


def test_a_draft_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "third.en.xlf").write_text("<xliff", encoding="utf-8")
    with Index(folder) as index:
        index.refresh()
        assert index.count()[0] == 2
        assert "third.en.xlf" in index.skipped[0]
    with pytest.raises(DraftError, match="no such folder"):
        Index(folder / "nowhere")


MATCHER = Matcher(TermBase.load(TermBase.default()))
WORDS = "مفرزة مفارز بمفرزتهم وللمفارز الساحلين الأيمن والأيسر ساحلها ديوانه أبو أبي بكر البغدادي مسلحو مسلحين عنصرا في"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=6).map(" ".join))
def test_no_match_lacks_its_cores(text: str) -> None:
    words = written(text)
    for match in MATCHER.find(text):
        assert any(all(any(c in word for word in words) for c in form) for form in cores(match.term)), match.why


def test_cores_hold_what_every_listed_form_and_its_clothing_share() -> None:
    assert [core(word) for word in ("المفرزة", "أبو", "الساحل", "مسلحون", "لجنة")] == [
        "مفرز",
        "اب",
        "ساحل",
        "مسلح",
        "لجن",
    ]


# --- the other version -----------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Layla", "-c", "user.email=layla@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_the_term_base_of_a_revision(tmp_path: Path) -> None:
    terms = tmp_path / "terms"
    terms.mkdir()
    git(tmp_path, "init", "-q")
    term_base(terms)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "terms")
    before = TermBase.load(terms)
    term_base(terms, "source\ttarget\nوالي\twali\n", "more.tsv")
    term_base(terms, TERMS.replace("Diwan", "Bureau"))
    for paths in ([terms], [terms / "terms.tsv", terms / "more.tsv"]):
        assert revisions.term_base("HEAD", paths).fingerprint() == before.fingerprint()
    assert revisions.term_base(str(terms), []).fingerprint() == TermBase.load(terms).fingerprint()
    for strange in ("--output=x", "nowhere", "HEAD:terms"):
        with pytest.raises(UsageError, match="neither a file nor a revision"):
            revisions.term_base(strange, [terms])
    broken = tmp_path / "broken.tsv"
    broken.write_text("source\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"broken\.tsv:1:1: the other version: the header has no column 'target'"):
        revisions.term_base(str(broken), [])


# --- carrying it out -------------------------------------------------------------------------------------------------


def test_apply_makes_the_free_sentences_again_and_flags_a_persons(tmp_path: Path, folder: Path) -> None:
    term_base(tmp_path, name="old.tsv")
    new = tmp_path / "new.tsv"
    new.write_text(TERMS.replace("detachment\t", "patrol\t"), encoding="utf-8")
    untouched = drafts.load(drafts.path_for(folder, "first")).targets["first.3.1"]
    told = [
        "glossary",
        "impact",
        "--drafts",
        str(folder),
        "--glossary",
        str(new),
        "--against",
        str(tmp_path / "old.tsv"),
    ]
    done = CliRunner().invoke(main, [*told, "--apply", "--engine", "fake", "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["applied"] == {
        "renewed": ["first.1.1", "second.1.1"],
        "same": [],
        "flagged": ["first.2.1"],
        "kept": [],
        "problems": [],
    }
    first = drafts.load(drafts.path_for(folder, "first"))
    assert "patrols" in first.targets["first.1.1"].text
    assert first.targets["first.2.1"].text == "Two squads reached the Left Bank."
    assert {"g-01"} <= {finding.check for finding in first.targets["first.2.1"].findings}
    assert first.targets["first.3.1"] == untouched
    again = json.loads(CliRunner().invoke(main, [*told, "--json"]).stdout)
    assert [(one["segment"], one["met"]) for one in again["touched"]] == [
        ("first.1.1", True),
        ("first.2.1", False),
        ("second.1.1", True),
    ]


def test_the_report_names_terms_counts_and_examples(tmp_path: Path, folder: Path) -> None:
    term_base(tmp_path, name="old.tsv")
    new = tmp_path / "new.tsv"
    new.write_text(TERMS.replace("\tDiwan", "\tBureau"), encoding="utf-8")
    told = ["glossary", "impact", "--drafts", str(folder), "--against", str(tmp_path / "old.tsv"), "--glossary"]
    done = CliRunner().invoke(main, [*told, str(new)])
    assert done.stdout == (
        "changed  ديوان  Diwan -> Bureau\n"
        "  1 sentence in 1 article, 0 edited by people; 1 not as the terms ask\n"
        "  second.2.1  [machine, not so yet]\n"
        "    في ديوان المال.\n"
        "    In the Diwan of money.\n"
        "In all 1 sentence in 1 article, 0 edited by people; 1 not as the terms ask, of 6 sentences in 2 articles\n"
    )
    same = CliRunner().invoke(main, [*told, str(tmp_path / "old.tsv")])
    assert same.stdout == f"The term base is what it was ({tmp_path / 'old.tsv'}).\n"

"""The parts of the desk one by one: the journal, three-way merging, undo, formatting, offsets."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import review_desk as small
from hypothesis import given
from hypothesis import strategies as st

from translate import drafts
from translate.document import Alternative, Mark, Origin, State, Target
from translate.errors import OutputError, UsageError
from translate.review import views
from translate.review.desk import FOLDER, LockedError, OutdatedError
from translate.review.edits import Edit
from translate.review.journal import Journal
from translate.review.marks import moved
from translate.review.offsets import Units

LINES = [{"do": "x", "text": "سطر 😀\n"}, {"do": "y", "n": 1}, {"do": "z", "text": "\u2028\x00"}]


# --- the journal -----------------------------------------------------------------------------------------------------


def written(path: Path) -> bytes:
    journal = Journal(path)
    for line in LINES:
        journal.append(line)
    journal.close()
    return path.read_bytes()


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.journal"
    assert Journal(path).read() == []
    written(path)
    assert Journal(path).read() == LINES


def test_a_line_cut_at_any_byte_costs_nothing_before_it_and_nothing_after(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    whole = written(path)
    begin = whole[:-1].rfind(b"\n") + 1
    for cut in range(begin, len(whole)):
        path.write_bytes(whole[:cut])
        journal = Journal(path)
        assert journal.read() in (LINES[:2], LINES)
        journal.append({"do": "after"})
        journal.close()
        assert Journal(path).read()[-1] == {"do": "after"}
        assert Journal(path).read()[:2] == LINES[:2]


def test_a_damaged_line_in_the_middle_is_counted_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    whole = bytearray(written(path))
    whole[whole.index(b'"n"') + 1] ^= 1
    path.write_bytes(whole)
    journal = Journal(path)
    assert journal.read() == [LINES[0], LINES[2]]
    assert journal.damaged == 1


def test_a_journal_that_is_taken_away_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    journal = Journal(path)
    journal.append(LINES[0])
    path.unlink()
    journal.append(LINES[1])
    journal.close()
    assert Journal(path).read() == LINES[:2]


def test_a_journal_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    (tmp_path / "x.journal").mkdir()
    with pytest.raises(OutputError, match="cannot be read"):
        Journal(tmp_path / "x.journal").read()


def test_lines_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    small.saved(tmp_path)
    one = small.desk(tmp_path)
    small.keep(one, small.ONE, "kept")
    one.close()
    journal = Journal(tmp_path / FOLDER / f"{small.SLUG}.journal")
    journal.read()
    for line in (
        {"do": "dance", "id": small.ONE},
        {"do": "step", "id": small.ONE},
        {"do": "move", "id": small.ONE, "at": 9},
    ):
        journal.append(line)
    journal.close()
    assert small.desk(tmp_path).view(small.ONE).text == "kept"


# --- the desk --------------------------------------------------------------------------------------------------------


def test_words_that_are_not_confirmed_stay_out_of_the_file(tmp_path: Path) -> None:
    path = small.saved(tmp_path)
    before = path.read_bytes()
    one = small.desk(tmp_path)
    small.keep(one, small.ONE, "They fled", seconds=2)
    assert path.read_bytes() == before
    one.close()
    one = small.desk(tmp_path)
    view = one.view(small.ONE)
    assert view.text == "They fled" and view.target.text == small.MACHINE[small.ONE] and not view.placed.conflict
    small.confirm(one, small.ONE, "They fled.", seconds=3)
    there = drafts.load(path).targets[small.ONE]
    assert (there.text, there.state, there.seconds) == ("They fled.", State.EDITED, 5)


def test_confirming_the_machines_text_leaves_it_the_machines(tmp_path: Path) -> None:
    path = small.saved(tmp_path)
    small.confirm(small.desk(tmp_path), small.ONE, small.MACHINE[small.ONE], State.APPROVED)
    there = drafts.load(path).targets[small.ONE]
    assert there.origin is Origin.MACHINE and there.state is State.APPROVED and there.who == "amal"


def test_nothing_changes_when_nothing_changes(tmp_path: Path) -> None:
    path = small.saved(tmp_path)
    one = small.desk(tmp_path)
    before, version = path.read_bytes(), one.view(small.ONE).version
    small.keep(one, small.ONE, small.MACHINE[small.ONE])
    one.save()
    assert path.read_bytes() == before and one.view(small.ONE).version == version
    assert not (tmp_path / FOLDER).exists()


def test_changing_a_confirmed_sentence_waits_for_confirmation(tmp_path: Path) -> None:
    path = small.saved(tmp_path)
    one = small.desk(tmp_path)
    small.confirm(one, small.ONE, "first")
    view = small.keep(one, small.ONE, "second")
    assert view.text == "second" and view.placed.words is not None
    assert drafts.load(path).targets[small.ONE].text == "first"


KNOWN = {name: small.remembered(name, f"Known {name}.") for name in small.SOURCES}


def test_what_is_known_fills_what_is_empty_and_is_written_when_a_person_confirms_it(tmp_path: Path) -> None:
    path = small.saved(tmp_path, small.draft({small.ONE: small.MACHINE[small.ONE]}))
    before = path.read_bytes()
    desk = small.desk(tmp_path, known=KNOWN)
    assert desk.view(small.ONE).text == small.MACHINE[small.ONE], "never over a text"
    two = desk.view(small.TWO).target
    assert (two.text, two.state, two.origin, two.match) == (KNOWN[small.TWO].text, State.MACHINE, Origin.MEMORY, 100)
    desk.save()
    assert not desk.unfiled and not desk.problem and path.read_bytes() == before
    small.keep(desk, small.TWO, "Typed over it.")
    desk.undo(small.TWO, desk.view(small.TWO).version)
    assert desk.view(small.TWO).text == KNOWN[small.TWO].text and path.read_bytes() == before
    small.confirm(desk, small.TWO, KNOWN[small.TWO].text)
    small.confirm(desk, small.THREE, "Better than known.", seconds=4)
    targets = drafts.load(path).targets
    two, three = targets[small.TWO], targets[small.THREE]
    assert (two.state, two.origin, two.match, two.who) == (State.EDITED, Origin.MEMORY, 100, "amal")
    assert (three.text, three.origin, three.seconds) == ("Better than known.", Origin.PERSON, 4)
    assert three.started is not None and three.started.text == KNOWN[small.THREE].text


def test_of_what_is_known_only_what_somebody_confirmed_is_written(tmp_path: Path) -> None:
    path = small.saved(tmp_path, small.draft({}))
    small.confirm(small.desk(tmp_path, known=KNOWN), small.ONE, KNOWN[small.ONE].text)
    assert {name for name, target in drafts.load(path).targets.items() if target.text} == {small.ONE}


def test_a_page_that_saw_an_empty_sentence_may_go_on_and_what_it_writes_is_never_filled(tmp_path: Path) -> None:
    path = small.saved(tmp_path, small.draft({}))
    empty = small.desk(tmp_path)
    seen = empty.view(small.TWO).version
    empty.close()
    known: dict[str, Target] = {}
    desk = small.desk(tmp_path, known=known)
    small.keep(desk, small.THREE, "Mine.")
    known.update(KNOWN)
    assert desk.fill() == {small.ONE, small.TWO}
    assert desk.put(small.TWO, Edit("Typed.", seen)).text == "Typed."
    desk.close()
    desk = small.desk(tmp_path, known=known)
    assert (desk.view(small.TWO).text, desk.view(small.THREE).text) == ("Typed.", "Mine.")
    small.confirm(desk, small.THREE, "Mine.")
    target = drafts.load(path).targets[small.THREE]
    assert target.started is None, "nobody began with what the memory says"


def test_what_is_said_of_a_filling_is_written_with_it(tmp_path: Path) -> None:
    path = small.saved(tmp_path, small.draft({}))
    desk = small.desk(tmp_path, known={small.THREE: small.remembered(small.THREE, "The the 12 were killed.")})
    (found,) = [one for one in desk.findings(desk.view(small.THREE)) if "the" in one.message]
    desk.dismiss(small.THREE, found.check, "a quotation", found.message)
    target = drafts.load(path).targets[small.THREE]
    assert (target.text, target.state) == ("The the 12 were killed.", State.MACHINE)
    assert "a quotation" in {one.dismissed for one in target.findings}


def test_new_machine_text_goes_beside_what_a_person_did(tmp_path: Path) -> None:
    path = small.saved(tmp_path)
    one = small.desk(tmp_path)
    small.keep(one, small.ONE, "typed")
    small.confirm(one, small.TWO, "confirmed")
    old = drafts.load(path)
    sources = {**small.SOURCES, small.ONE: "هربت المفارز من تلعفر", small.TWO: "سيطروا على الساحل الأيسر."}
    fresh = {name: small.machine(f"new {name}", source, "m2") for name, source in sources.items()}
    drafts.save(drafts.merge(old, small.article(sources), fresh, ""), path, base=old.fingerprint)
    typed, confirmed, third = (one.news() and one.views()) or one.views()
    assert typed.text == "typed" and typed.target.text == f"new {small.ONE}" and not typed.placed.conflict
    assert typed.placed.words is not None and typed.placed.words.source == small.SOURCES[small.ONE]
    assert confirmed.text == "confirmed"
    assert [other.text for other in confirmed.target.alternatives] == [f"new {small.TWO}"]
    assert "s-01" in [finding.check for finding in one.findings(confirmed)]
    assert third.text == f"new {small.THREE}"
    again = small.confirm(one, small.TWO, "confirmed")
    assert again.target.source == sources[small.TWO]
    assert "s-01" not in [finding.check for finding in one.findings(again)]


def test_a_sentence_that_is_gone_takes_no_words_with_it(tmp_path: Path) -> None:
    path = small.saved(tmp_path)
    one = small.desk(tmp_path)
    small.keep(one, small.TWO, "typed")
    old = drafts.load(path)
    sources = {name: text for name, text in small.SOURCES.items() if name != small.TWO}
    drafts.save(drafts.merge(old, small.article(sources), {}, ""), path, base=old.fingerprint)
    one.refresh()
    one.save()
    ((source, target),) = drafts.load(path).orphans.values()
    assert (source, target.text, target.state) == (small.SOURCES[small.TWO], "typed", State.EDITED)
    with pytest.raises(UsageError, match="no such sentence"):
        one.view(small.TWO)


def test_what_people_wrote_beside_a_machine_draft_stays_when_the_sentence_goes_or_changes(tmp_path: Path) -> None:
    mine = Alternative("mine", Origin.PERSON)
    old = small.draft()
    target = replace(old.targets[small.TWO], alternatives=(mine,))
    old = replace(old, targets={**old.targets, small.TWO: target})
    others = {name: text for name, text in small.SOURCES.items() if name != small.TWO}
    ((_, left),) = drafts.merge(old, small.article(others), {}, "").orphans.values()
    assert (left.text, left.origin) == ("mine", Origin.PERSON)
    changed = drafts.merge(old, small.article({**small.SOURCES, small.TWO: "غيرها"}), {}, "")
    assert (changed.targets[small.TWO].text, changed.targets[small.TWO].alternatives) == ("", (mine,))


def test_two_people_at_the_file(tmp_path: Path) -> None:
    path = small.saved(tmp_path)
    one = small.desk(tmp_path)
    blocker = path.with_name(f".{path.name}.tmp")
    blocker.mkdir()
    small.confirm(one, small.ONE, "ours")
    small.confirm(one, small.TWO, "also ours")
    assert one.unfiled and one.problem
    blocker.rmdir()
    old = drafts.load(path)
    theirs = {
        name: drafts.revised(old.targets[name], f"theirs {name}", source=small.SOURCES[name], who="rami", when="t")
        for name in (small.ONE, small.THREE)
    }
    drafts.save(replace(old, targets={**old.targets, **theirs}), path, base=old.fingerprint)
    one.save()
    torn, ours, taken = one.views()
    assert torn.placed.conflict and torn.text == "ours" and torn.target.text == f"theirs {small.ONE}"
    assert ours.text == "also ours" and taken.text == f"theirs {small.THREE}"
    assert drafts.load(path).targets[small.TWO].text == "also ours"
    assert drafts.load(path).targets[small.ONE].text == f"theirs {small.ONE}"
    one.close()
    one = small.desk(tmp_path)
    assert one.view(small.ONE).placed.conflict
    done = small.confirm(one, small.ONE, "agreed")
    assert not done.placed.conflict
    beside = {other.text for other in drafts.load(path).targets[small.ONE].alternatives}
    assert {"ours", f"theirs {small.ONE}"} <= beside


def test_an_old_page_overwrites_nothing(tmp_path: Path) -> None:
    small.saved(tmp_path)
    one = small.desk(tmp_path)
    version = one.view(small.ONE).version
    small.keep(one, small.ONE, "first")
    with pytest.raises(OutdatedError, match="somebody else changed this sentence"):
        one.put(small.ONE, Edit("second", version))
    with pytest.raises(OutdatedError):
        one.undo(small.ONE, version)
    assert one.view(small.ONE).text == "first"
    assert "second" in one.texts(small.ONE)


def test_a_version_survives_a_restart_and_others_sentences(tmp_path: Path) -> None:
    small.saved(tmp_path)
    one = small.desk(tmp_path)
    version = one.view(small.ONE).version
    small.confirm(one, small.TWO, "other")
    one.close()
    one = small.desk(tmp_path)
    assert one.view(small.ONE).version == version
    assert one.put(small.ONE, Edit("mine", version)).version > version


def test_the_approved_is_locked(tmp_path: Path) -> None:
    small.saved(tmp_path)
    one = small.desk(tmp_path)
    view = small.confirm(one, small.ONE, "good", State.APPROVED)
    with pytest.raises(LockedError, match="approved"):
        one.put(small.ONE, Edit("better", view.version))
    with pytest.raises(LockedError):
        one.undo(small.ONE, view.version)
    view = one.put(small.ONE, Edit("better", view.version, unlock=True))
    assert view.target.state is State.EDITED and view.target.text == "good" and view.text == "better"


def test_undoing_everything_gives_the_machine_its_sentence_back(tmp_path: Path) -> None:
    path = small.saved(tmp_path)
    one = small.desk(tmp_path)
    view = small.confirm(one, small.ONE, "mine")
    view = one.undo(small.ONE, view.version)
    there = drafts.load(path).targets[small.ONE]
    assert not drafts.touched(there) and there.text == small.MACHINE[small.ONE] and there.signature == "m1"
    view = one.redo(small.ONE, view.version)
    assert drafts.load(path).targets[small.ONE].text == "mine"
    assert one.redo(small.ONE, view.version) == view


def test_what_is_typed_after_an_undo_leaves_the_rest_in_the_history(tmp_path: Path) -> None:
    small.saved(tmp_path)
    one = small.desk(tmp_path)
    small.keep(one, small.ONE, "first")
    view = small.keep(one, small.ONE, "second")
    view = one.undo(small.ONE, view.version)
    small.keep(one, small.ONE, "third")
    assert {"first", "second", "third"} <= set(one.texts(small.ONE))


@pytest.mark.parametrize("text", ["x" * 20_001, "half \ud800"])
def test_what_cannot_be_kept_is_refused(tmp_path: Path, text: str) -> None:
    small.saved(tmp_path)
    with pytest.raises(UsageError):
        small.keep(small.desk(tmp_path), small.ONE, text)


def test_nothing_can_be_confirmed_where_nothing_stands(tmp_path: Path) -> None:
    small.saved(tmp_path)
    one = small.desk(tmp_path)
    with pytest.raises(UsageError, match="no English to confirm"):
        small.confirm(one, small.ONE, " ")
    assert small.keep(one, small.ONE, "").text == ""


def test_the_journal_is_text_a_person_can_read(tmp_path: Path) -> None:
    small.saved(tmp_path)
    small.keep(small.desk(tmp_path), small.ONE, "كلمة and a word")
    (line,) = (tmp_path / FOLDER / f"{small.SLUG}.journal").read_text("utf-8").splitlines()
    assert json.loads(line[9:])["step"]["words"]["text"] == "كلمة and a word"


def test_a_large_journal_is_trimmed_and_tells_the_same(tmp_path: Path) -> None:
    small.saved(tmp_path)
    one = small.desk(tmp_path)
    path = tmp_path / FOLDER / f"{small.SLUG}.journal"
    for end in range(1, 40):
        small.keep(one, small.ONE, "They fled the city of Mosul and went to Tal Afar"[:end])
    small.confirm(one, small.ONE, "They fled.")
    small.keep(one, small.TWO, "not confir")
    small.keep(one, small.TWO, "not confirmed")
    told = [views.history(view) for view in one.views()]
    before = path.stat().st_size
    one.trim(over=before + 1)
    assert path.stat().st_size == before
    one.trim(over=0)
    assert path.stat().st_size < before / 4
    for _ in range(2):
        assert [views.history(view) for view in one.views()] == told
        assert (one.view(small.ONE).text, one.view(small.TWO).text) == ("They fled.", "not confirmed")
        one.close()
        one = small.desk(tmp_path)
    two = one.undo(small.TWO, one.view(small.TWO).version)
    assert two.text == "not confir", "what is not in the file keeps every step"
    texts = [one.undo(small.ONE, one.view(small.ONE).version).text for _ in range(3)]
    assert texts == ["They fled the city of Mosul and went to", small.MACHINE[small.ONE], small.MACHINE[small.ONE]]


def test_a_journal_that_cannot_be_trimmed_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small.saved(tmp_path)
    one = small.desk(tmp_path)
    path = tmp_path / FOLDER / f"{small.SLUG}.journal"
    for text in ("one", "one two", "one two three", "one two three four"):
        small.keep(one, small.ONE, text)
    small.confirm(one, small.ONE, "one two three four five")
    whole = path.read_bytes()

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        one.trim(over=0)
    assert path.read_bytes() == whole and list(path.parent.iterdir()) == [path]
    small.keep(one, small.ONE, "after")
    one.close()
    path.write_bytes(path.read_bytes() + b"half a li")
    whole = path.read_bytes()
    one = small.desk(tmp_path)
    one.trim(over=0)
    assert path.read_bytes() == whole and one.view(small.ONE).text == "after"


# --- formatting and offsets ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("He *fled*.", "They *fled*.", "They *fled*."),
        ("He *fled*.", "He *fled* home.", "He *fled* home."),
        ("He *fled* Mosul.", "He *ran* Mosul.", "He *ran* Mosul."),
        ("He *fled at once*.", "He *fled then*.", "He *fled then*."),
        ("He *fled*.", "He.", "He."),
        ("*He fled*.", "", ""),
    ],
)
def test_emphasis_stays_where_the_text_stays(before: str, after: str, expected: str) -> None:
    marks = moved(*marked(before), after.replace("*", ""))
    shown = after.replace("*", "")
    for mark in reversed(marks):
        shown = f"{shown[: mark.begin]}*{shown[mark.begin : mark.end]}*{shown[mark.end :]}"
    assert shown == expected


def marked(text: str) -> tuple[list[Mark], str]:
    begin, end = text.index("*"), text.rindex("*") - 1
    return [Mark("emphasis", begin, end)], text.replace("*", "")


def test_what_stands_for_itself_goes_when_it_is_changed() -> None:
    assert moved([Mark("code", 4, 8)], "run code now", "run cd now") == ()
    assert moved([Mark("code", 4, 8)], "run code now", "please run code now") == (Mark("code", 11, 15),)


@given(st.text(max_size=20), st.text(max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_marks_never_leave_the_text(before: str, after: str, one: int, other: int) -> None:
    begin, end = sorted((min(one, len(before)), min(other, len(before))))
    for kind in ("strong", "image"):
        for mark in moved([Mark(kind, begin, end)] if begin < end else [], before, after):
            assert 0 <= mark.begin < mark.end <= len(after)


@given(st.text(max_size=20), st.integers(0, 25))
def test_offsets_there_and_back(text: str, at: int) -> None:
    at = min(at, len(text))
    units = Units(text)
    assert units.out(at) == len(text[:at].encode("utf-16-le", "surrogatepass")) // 2
    assert units.back(units.out(at)) == at

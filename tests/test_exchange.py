"""Drafts to other programs and back: whatever the text, nothing changes by itself and every edit comes back once."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from translate import xliff
from translate.document import (
    Alternative,
    Article,
    Block,
    Draft,
    Finding,
    Kind,
    Mark,
    Note,
    Origin,
    Segment,
    Severity,
    State,
    Target,
)
from translate.errors import InputError, OutputError, UsageError
from translate.exchange import codes, formats, omegat, page, sheet, tmx, tree, xliff12
from translate.exchange.formats import FORMATS, Wishes
from translate.exchange.merge import Merged, Outcome, Sender, merge
from translate.exchange.row import Row, stamp

CASES = Path(__file__).parent / "cases" / "exchange.md"
NOW = "2026-11-22T05:10:00Z"
MONA = Sender("Mona", NOW)
WHOLE = ("xliff12", "xliff", "tsv", "xlsx")
"""Formats that hold every sentence."""
BACK = (*WHOLE, "tmx")


def export(form: str, *drafts: Draft) -> bytes:
    return FORMATS[form].dump(drafts, Wishes(also_edited=True))


def rows(data: bytes) -> list[Row]:
    found, error = formats.rows(data, "letter")
    if error:
        raise error
    return found


def bring(draft: Draft, data: bytes, sender: Sender = MONA) -> Merged:
    """Merge a file of this draft; terms and checks are another test's matter."""
    return merge(draft, [(row.id, row) for row in rows(data)], sender, lambda made: made)


def outcomes(merged: Merged) -> set[Outcome]:
    return {remark.outcome for remark in merged.remarks}


def known(target: Target) -> list[str]:
    """The other texts of a sentence that are still there."""
    return [*([target.started.text] if target.started else []), *(other.text for other in target.alternatives)]


def draft_of(*pairs: tuple[str, Target], marks: tuple[Mark, ...] = ()) -> Draft:
    """A draft of one paragraph; the marks lie over its first sentence."""
    text, segments, found = "", [], {}
    for at, (arabic, target) in enumerate(pairs, 1):
        segments.append(Segment(f"a-day.1.{at}", arabic, len(text), () if at > 1 else marks))
        text += arabic + " "
        found[f"a-day.1.{at}"] = target if target.source else replace(target, source=arabic)
    block = Block(1, Kind.PARAGRAPH, text, segments=tuple(segments))
    return Draft(Article("a-day", (block,), {"title": "يوم"}), found)


# --- every draft there can be ----------------------------------------------------------------------------------------

SPECIAL = [
    *("وبالساحل الأيسر", "السّاحل", "\u200f\u202b\u2067\u2069\u200e", "\U0001f469\u200d\U0001f467", "“…”", '"', "'"),
    *("\n", "\r\n", "\r", "\t", " ", "\u00a0", "\u2028", "\x85", "\x00", "\x07", "\x1b[0m", "\ufffe", "\uffff"),
    *("\ud800", "\\u{7}", "\\", "\\n", "\\u{5c}u{7}", "]]>", "<!DOCTYPE x>", "&amp;", "<b>", "<!-- -->", "\ufeff"),
    *("=1+1", "+1", "-1", "@x", "'=1", "''-", "=cmd|'/c calc'!A0", "_x0041_", "_x000D_", ";", ",", "TRUE", "007"),
    *("<1>", "</1>", "<1/>", "<2>", "</22>", "{1}", "<g id='1'>", "1.0", "#REF!", "1e5"),
]
texts = st.one_of(st.text(max_size=8), st.lists(st.sampled_from(SPECIAL), max_size=4).map("".join))
arabic = texts.map(lambda text: f"قال {text}")
kinds = st.sampled_from(["emphasis", "strong", "strike", "link", "code", "image", "break", "html", "odd kind", ""])
data = st.lists(st.tuples(st.sampled_from(["href", "text", "html"]), texts), max_size=2).map(tuple)


@st.composite
def marks(draw: st.DrawFn, text: str, most: int = 3) -> tuple[Mark, ...]:
    offsets = st.integers(-1, len(text) + 1)
    return tuple(Mark(draw(kinds), draw(offsets), draw(offsets), draw(data)) for _ in range(draw(st.integers(0, most))))


@st.composite
def targets(draw: st.DrawFn, source: str) -> Target:
    text, state = draw(texts), draw(st.sampled_from(State))
    return Target(
        text,
        state,
        Origin.PERSON if state in (State.EDITED, State.APPROVED) else draw(st.sampled_from(Origin)),
        marks=draw(marks(text)),
        findings=draw(st.sampled_from([(), (Finding("g-01", Severity.ERROR, "", "term missing:\x07 <1> =x"),)])),
        alternatives=draw(st.lists(st.builds(Alternative, texts, st.sampled_from(Origin)), max_size=1).map(tuple)),
        source=draw(st.sampled_from([source, "غيره"])),
        who=draw(texts),
        when=draw(st.sampled_from(["", NOW, "2026-01-01T00:00:00+00:00"])),
    )


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    blocks, found, notes = [], {}, {}
    for number in draw(st.lists(st.integers(1, 99), max_size=2, unique=True)):
        text, segments = "", []
        for index in range(draw(st.integers(1, 2))):
            sentence = draw(arabic)
            segments.append(Segment(f"x.{number}.{index}", sentence, len(text), draw(marks(sentence))))
            text += sentence
            if draw(st.booleans()):
                found[segments[-1].id] = draw(targets(sentence))
        blocks.append(Block(number, draw(st.sampled_from(Kind)), text, segments=tuple(segments)))
        if draw(st.booleans()):
            notes[str(number)] = (Note(draw(texts)),)
    return Draft(Article("x", tuple(blocks)), found, notes=notes)


SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("form", BACK)
@SLOW
@given(draft=drafts())
def test_there_and_back_changes_nothing_whatever_the_text(form: str, draft: Draft) -> None:
    if form == "xliff" or draft.article.blocks:
        back = bring(draft, export(form, draft))
        assert back.draft == draft
        assert outcomes(back) <= {Outcome.UNCHANGED}
        if form != "tmx":
            assert len(back.remarks) == len(list(draft.article.segments()))


@SLOW
@given(text=texts, its=st.data())
def test_codes_come_back_as_the_marks_they_were(text: str, its: st.DataObject) -> None:
    source, english = "قال نعم", text
    source_marks, target_marks = its.draw(marks(source)), its.draw(marks(english))
    coded = codes.encode(english, target_marks, codes.numbers(source_marks, target_marks))
    back = codes.decode(coded, codes.known(source, source_marks, english, target_marks))
    assert (back.text, back.broken) == (english, ())
    assert codes.digest(back.text, back.marks) == codes.digest(english, codes.sane(english, target_marks))
    assert codes.unescape(codes.escape(text)) == text
    assert sheet.from_cell(sheet.to_cell(coded)) == tuple(_without_kinds(coded)) or any(
        not isinstance(part, str) for part in coded
    )


def _without_kinds(coded: codes.Coded) -> list[str | codes.Code]:
    return [part if isinstance(part, str) else replace(part, kind="") for part in coded]


# --- edits -----------------------------------------------------------------------------------------------------------


def _spliced_xml(old: bytes, new: bytes, unit: str, name: str, english: str) -> bytes:
    """The old file with the English of the new one, as another program would leave it."""
    before, after = tree.parse(old, "old"), tree.parse(new, "new")
    texts = {u.get(name): u.find(english) for u in after.iter(unit)}
    for element in before.iter(unit):
        present, other = element.find(english), texts.get(element.get(name))
        if present is None and other is not None:
            present = etree.SubElement(element, etree.QName(other).text)
        if present is not None and other is not None:
            state = {key: value for key, value in present.attrib.items() if "state" in key}
            present.getparent().replace(present, other)
            for key in [key for key in other.attrib if "state" in key]:
                del other.attrib[key]
            other.attrib.update(state)
    return tree.dump(before)


def _spliced_table(old: bytes, new: bytes) -> bytes:
    after = {line[0]: line for line in _table(new)}
    lines = [[*line[:3], after[line[0]][3], *line[4:]] for line in _table(old)]
    out = io.StringIO(newline="")
    csv.writer(out, "excel-tab").writerows(lines)
    return out.getvalue().encode("utf-16")


def _table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), "excel-tab"))


def _spliced_book(old: bytes, new: bytes) -> bytes:
    before, after = load_workbook(io.BytesIO(old)), load_workbook(io.BytesIO(new))
    for ours, theirs in zip(before.worksheets, after.worksheets, strict=True):
        for number in range(2, ours.max_row + 1):
            ours.cell(number, 4).value = theirs.cell(number, 4).value
            if ours.cell(number, 4).value is not None:
                ours.cell(number, 4).data_type = "s"
    out = io.BytesIO()
    before.save(out)
    return out.getvalue()


SPLICE: dict[str, Callable[[bytes, bytes], bytes]] = {
    "xliff12": lambda old, new: _spliced_xml(old, new, "{*}trans-unit", "id", "{*}target"),
    "xliff": lambda old, new: _spliced_xml(old, new, "{*}segment", "id", "{*}target"),
    "tmx": lambda old, new: _spliced_xml(old, new, "tu", "tuid", "tuv[2]"),
    "tsv": _spliced_table,
    "xlsx": _spliced_book,
}


@st.composite
def edited(draw: st.DrawFn) -> tuple[Draft, dict[str, Target]]:
    """A draft and what somebody made of some of its sentences: other words, formatting as the Arabic has it."""
    draft = draw(drafts())
    edits = {}
    for segment in draft.article.segments():
        if draw(st.booleans()):
            text = f"He {draw(texts)}"
            spans = [replace(m, begin=0, end=2) for m in segment.marks if m.kind in ("strong", "link") and m.begin >= 0]
            sane = [m for m in spans if segment.marks[0].begin <= segment.marks[0].end <= len(segment.text)]
            edits[segment.id] = Target(text, marks=tuple(sane[:1]) if len(segment.marks) == 1 else ())
    return draft, edits


def _given_a_place(english: str, *present: Mark) -> tuple[Draft, dict[str, Target]]:
    """A draft whose formatting keeps its own words, and somebody who laid it over an English word."""
    strong = Mark("strong", 0, 3)
    draft = draft_of(("قال نعم", Target(english, marks=present)), marks=(strong,))
    return draft, {"a-day.1.1": Target("He left", marks=(replace(strong, end=2),))}


@pytest.mark.parametrize("form", WHOLE)
@SLOW
@given(case=edited())
@example(case=_given_a_place("", Mark("strong", 0, 0, (("text", ""),))))
@example(case=_given_a_place("It went", Mark("strong", 7, 7, (("text", "قال"),))))
@example(case=_given_a_place("It went", Mark("strong", 0, 2, (("text", "قال"),))))
def test_an_edit_comes_back_exactly_once(form: str, case: tuple[Draft, dict[str, Target]]) -> None:
    draft, edits = case
    there = replace(draft, targets={**draft.targets, **edits})
    old = export(form, draft)
    data = SPLICE[form](old, export(form, there)) if edits else old
    back = bring(draft, data)
    for segment in draft.article.segments():
        was = draft.targets.get(segment.id, Target("", source=segment.text))
        now = back.draft.targets.get(segment.id, Target("", source=segment.text))
        edit = edits.get(segment.id)
        same = edit and codes.digest(edit.text, edit.marks) == codes.digest(was.text, was.marks)
        if edit is None or same:
            assert now == was
        elif was.state is State.APPROVED:
            assert replace(now, alternatives=was.alternatives) == was
            assert edit.text in {was.text, *(other.text for other in now.alternatives)}
        else:
            assert (now.text, now.state, now.origin, now.source) == (
                edit.text, State.EDITED, Origin.PERSON, segment.text,
            )  # fmt: skip
            assert codes.digest(now.text, now.marks) == codes.digest(edit.text, edit.marks)
            assert not was.text.strip() or was.text in {now.text, *known(now)}
            assert (now.who, now.when) == ("Mona", NOW)
    assert back.draft.article == draft.article
    assert bring(back.draft, data).draft == back.draft, "the same file again changes nothing more"


@pytest.mark.parametrize("form", ["tsv", "xliff12"])
def test_a_link_without_a_place_forgets_its_arabic_once_it_has_one(form: str) -> None:
    link = Mark("link", 0, 3, (("href", "https://example.org"),))
    lost = replace(link, begin=7, end=7, data=(*link.data, ("text", "قال")))
    draft = draft_of(("قال نعم", Target("He left", marks=(lost,))), marks=(link,))
    placed = draft_of(("قال نعم", Target("He left", marks=(replace(link, end=2),))), marks=(link,))
    back = bring(draft, SPLICE[form](export(form, draft), export(form, placed)))
    assert back.draft.targets["a-day.1.1"].marks == (replace(link, end=2),)
    assert bring(draft, export(form, draft)).draft == draft, "nobody laid it anywhere"


def test_an_edit_in_a_memory_comes_back_with_its_author_and_time() -> None:
    draft = draft_of(("ذهب.", Target("He went.", State.EDITED, Origin.PERSON, who="Ali", when="2026-11-01T00:00:00Z")))
    data = export("tmx", draft).replace(b"He went.", b"He left.").replace(b"20261101T000000Z", b"20261103T101112Z")
    now = bring(draft, data.replace(b"Ali", b"Layla"), Sender(when=NOW)).draft.targets["a-day.1.1"]
    assert (now.text, now.who, now.when) == ("He left.", "Layla", "2026-11-03T10:11:12Z")
    kept = bring(draft, export("tmx", draft).replace(b"He went.", b"He left."), Sender(when=NOW))
    assert (kept.draft.targets["a-day.1.1"].who, kept.draft.targets["a-day.1.1"].when) == ("", NOW)


def test_a_workbook_says_who_saved_it() -> None:
    draft = draft_of(("ذهب.", Target("He went.", State.MACHINE)))
    book = load_workbook(io.BytesIO(export("xlsx", draft)))
    book.worksheets[0]["D2"] = "He left."
    book.properties.lastModifiedBy = "Layla\nHaddad"
    out = io.BytesIO()
    book.save(out)
    now = bring(draft, out.getvalue(), Sender(when=NOW)).draft.targets["a-day.1.1"]
    assert (now.text, now.who, now.when) == ("He left.", "Layla Haddad", NOW)


# --- the cases -------------------------------------------------------------------------------------------------------


def cases() -> list[list[str]]:
    lines = CASES.read_text("utf-8").splitlines()
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return found[2:]


def _target(text: str) -> Target:
    state, _, english = text.partition(": ")
    origin = Origin.PERSON if state in ("edited", "approved") else Origin.MACHINE
    return Target("" if english == "-" else english, State(state), origin)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case[0])
@pytest.mark.parametrize("form", ["tsv", "xliff12"])
def test_the_cases(form: str, case: list[str]) -> None:
    _, left, here, there, outcome, then, beside = case
    gone, now, file = (draft_of(("ذهب.", _target(text))) for text in (left, here, there))
    old = str(stamp(gone.targets["a-day.1.1"])).encode()
    data = export(form, file).replace(str(stamp(file.targets["a-day.1.1"])).encode(), old)
    back = bring(now, data)
    target = back.draft.targets["a-day.1.1"]
    assert f"{target.state}: {target.text or '-'}" == then
    assert [remark.outcome for remark in back.remarks] == [Outcome(outcome)]
    assert "; ".join(known(target)) == beside.strip("-")
    assert (target.who == "Mona") == (outcome in ("merged", "raised"))
    if outcome == "raised":
        assert target.origin is _target(here).origin


def test_states_can_be_left_alone() -> None:
    """OmegaT calls every sentence translated that it writes."""
    draft = draft_of(("ذهب.", Target("He went.", State.MACHINE)), ("ثم عاد.", Target("Then.", State.MACHINE)))
    data = export("xliff12", draft).replace(b"needs-review-translation", b"final").replace(b"Then.", b"He came.")
    back = bring(draft, data, replace(MONA, keep_states=True))
    assert [remark.outcome for remark in back.remarks] == [Outcome.UNCHANGED, Outcome.MERGED]
    assert [target.state for target in back.draft.targets.values()] == [State.MACHINE, State.EDITED]
    assert [target.state for target in bring(draft, data).draft.targets.values()] == [State.APPROVED] * 2


def test_arabic_in_the_place_of_english_is_no_translation() -> None:
    """OmegaT writes the source where nobody translated."""
    draft = draft_of(("ذهب.", Target("He went.", State.MACHINE)), ("BBC", Target("The BBC", State.MACHINE)))
    data = export("tsv", draft).replace(b"He went.", "ذهب.".encode()).replace(b"The BBC", b"BBC")
    back = bring(draft, data)
    assert [remark.outcome for remark in back.remarks] == [Outcome.WARNING, Outcome.MERGED]
    assert [target.text for target in back.draft.targets.values()] == ["He went.", "BBC"]


# --- rows that do not fit --------------------------------------------------------------------------------------------

EDITED = Target("He went.", State.EDITED, Origin.PERSON, who="Ali")


@pytest.mark.parametrize("form", BACK)
def test_a_row_whose_arabic_changed_is_stale_and_its_text_is_kept_on_request(form: str) -> None:
    data = export(form, draft_of(("ذهب إلى الموصل.", EDITED), ("ثم عاد.", EDITED)))
    now = draft_of(("ذهب إلى تكريت.", replace(EDITED, text="He went to Tikrit.")), ("ثم عاد.", EDITED))
    told = bring(now, data)
    assert [remark.outcome for remark in told.remarks] == [Outcome.STALE, Outcome.UNCHANGED]
    assert "[الموصل -> تكريت]" in told.remarks[0].message
    assert "--stale keep" in told.remarks[0].hint
    assert told.draft == now
    kept = bring(now, data, replace(MONA, keep_stale=True)).draft.targets["a-day.1.1"]
    assert kept.text == "He went to Tikrit."
    (other,) = kept.alternatives
    assert (other.text, other.origin) == ("He went.", Origin.PERSON)
    assert other.who == ("Ali" if form in ("xliff", "tmx") else "")  # these say whose it was; nobody else wrote it


def test_a_text_that_is_kept_beside_another_keeps_its_formatting_and_its_author() -> None:
    was = replace(formatted().targets["a-day.1.1"], state=State.APPROVED, origin=Origin.PERSON, who="Ali", when="2026")
    before = replace(formatted(), targets={"a-day.1.1": was})
    data = export("tsv", before).replace(b"He went</1> <2>ls -l</2>", b"He went</1> <2>ls -l</2> now")
    now = bring(before, data).draft
    target = now.targets["a-day.1.1"]
    assert target.alternatives == (
        Alternative("He went ls -l now", Origin.PERSON, marks=was.marks, who="Mona", when=NOW),
    )
    assert replace(target, alternatives=()) == was
    assert bring(now, data).draft == now, "once is enough"
    assert xliff.parse(xliff.dump(now), "x").targets["a-day.1.1"] == target


def test_what_a_merge_puts_aside_keeps_its_formatting_and_its_author() -> None:
    was = replace(formatted().targets["a-day.1.1"], state=State.EDITED, origin=Origin.PERSON, who="Ali", when="2026")
    before = replace(formatted(), targets={"a-day.1.1": was})
    now = bring(
        before, export("tsv", before).replace(b"He went</1> <2>ls -l</2>", b"He went</1> <2>ls -l</2> now")
    ).draft.targets["a-day.1.1"]
    assert (now.text, now.who) == ("He went ls -l now", "Mona")
    assert now.alternatives == (Alternative(was.text, Origin.PERSON, marks=was.marks, who="Ali", when="2026"),)


def test_a_stale_row_that_is_still_the_machines_is_nobodys_work() -> None:
    data = export("tsv", draft_of(("ذهب.", Target("He left.", State.MACHINE))))
    now = draft_of(("رجع.", Target("He returned.", State.MACHINE)))
    back = bring(now, data, replace(MONA, keep_stale=True))
    assert (back.draft, outcomes(back)) == (now, {Outcome.STALE})


def test_a_stale_row_of_a_sentence_without_english_and_of_one_that_is_gone_can_be_kept() -> None:
    data = export("tsv", draft_of(("ذهب.", replace(EDITED, text="He left.")), ("ثم عاد.", EDITED)))
    now = replace(draft_of(("رجع.", Target(""))), orphans={"a-day.1.2": ("ثم عاد.", replace(EDITED, text="Then."))})
    back = bring(now, data, replace(MONA, keep_stale=True))
    assert [remark.outcome for remark in back.remarks] == [Outcome.STALE, Outcome.STALE]
    assert [other.text for other in back.draft.targets["a-day.1.1"].alternatives] == ["He left."]
    assert [other.text for other in back.draft.orphans["a-day.1.2"][1].alternatives] == ["He went."]
    assert xliff.parse(xliff.dump(back.draft), "x") == back.draft


def test_an_unknown_row_is_told_and_the_others_are_merged() -> None:
    data = export("xliff12", draft_of(("ثم عاد.", EDITED), ("ذهب.", Target("A", State.MACHINE))))
    now = draft_of(("ثم عاد.", Target("Then.", State.MACHINE)))
    back = bring(now, data.replace(b">He went.<", b">He came back.<"))
    assert [remark.outcome for remark in back.remarks] == [Outcome.MERGED, Outcome.UNKNOWN]
    assert "letter:" in back.remarks[1].place
    assert back.draft.targets["a-day.1.1"].text == "He came back."


def test_white_space_and_the_order_of_vowel_signs_make_no_other_arabic() -> None:
    data = export("tsv", draft_of(("قالَّ  نعم.", Target("Yes.", State.MACHINE)))).replace(b"Yes.", b"Indeed.")
    back = bring(draft_of(("قالَّ\u00a0نعم.", Target("Yes.", State.MACHINE))), data)
    assert back.draft.targets["a-day.1.1"].text == "Indeed."


def test_two_rows_for_one_sentence_give_one_text_and_one_alternative() -> None:
    draft = draft_of(("ذهب.", Target("He went.", State.MACHINE)))
    data = export("tsv", draft)
    one, other = data.replace(b"He went.", b"He left."), data.replace(b"He went.", b"He fled.")
    every = [(row.id, row) for row in [*rows(one), *rows(other), *rows(one)]]
    back = merge(draft, every, MONA, lambda made: made)
    assert [remark.outcome for remark in back.remarks] == [Outcome.MERGED, Outcome.CONFLICT, Outcome.UNCHANGED]
    target = back.draft.targets["a-day.1.1"]
    assert (target.text, known(target)) == ("He left.", ["He went.", "He fled."])


@pytest.mark.parametrize("when", ["", "2026-10-01T00:00:00Z"])
def test_without_a_stamp_an_edit_here_is_only_replaced_by_a_newer_one(when: str) -> None:
    here = replace(EDITED, when="2026-11-01T00:00:00Z")
    row = Row("a:1", "a-day.1.1", ("ذهب.",), ("He left.",), when=when)
    draft = draft_of(("ذهب.", here))
    kept = merge(draft, [("a-day.1.1", row)], MONA, lambda made: made)
    assert outcomes(kept) == {Outcome.CONFLICT}
    assert [other.text for other in kept.draft.targets["a-day.1.1"].alternatives] == ["He left."]
    newer = merge(draft, [("a-day.1.1", replace(row, when="2026-11-02T00:00:00Z"))], MONA, lambda made: made)
    assert outcomes(newer) == {Outcome.MERGED}
    assert newer.draft.targets["a-day.1.1"].alternatives[0].text == "He went."


def test_confirming_a_sentence_whose_arabic_had_changed_ends_the_warning() -> None:
    warned = Finding("s-01", Severity.WARNING, "a-day.1.1", "source changed since this was edited: [a -> b]")
    draft = draft_of(("ذهب.", replace(EDITED, source="رجع.", findings=(warned,))))
    data = export("tsv", draft).replace(b"\tedited\t", b"\tapproved\t")
    target = bring(draft, data).draft.targets["a-day.1.1"]
    assert (target.state, target.source, target.findings) == (State.APPROVED, "ذهب.", ())


# --- formatting ------------------------------------------------------------------------------------------------------

LINK = Mark("link", 0, 3, (("href", "https://example.org/"),))
CODE = Mark("code", 4, 8)


def formatted() -> Draft:
    """`[ذهب](https://example.org/) `ls -l`.` with its English."""
    english = Target("He went ls -l", State.MACHINE, marks=(replace(LINK, end=7), replace(CODE, begin=8, end=13)))
    return draft_of(("ذهب ls -l.", english), marks=(LINK, replace(CODE, end=9)))


def test_what_translators_see_of_formatting() -> None:
    cells = next(sheet.table(formatted()))
    assert cells[2:4] == ("<1>ذهب</1> <2>ls -l</2>.", "<1>He went</1> <2>ls -l</2>")
    written = export("xliff12", formatted()).decode()
    shown = '<g id="1" ctype="link">He went</g> <ph id="2" ctype="x-code">ls -l</ph>'
    assert shown in written
    also = replace(formatted().targets["a-day.1.1"], state=State.APPROVED)
    memory = export("tmx", replace(formatted(), targets={"a-day.1.1": also})).decode()
    bold = '<bpt i="1" x="1" type="link"/>He went<ept i="1"/> <ph x="2" type="x-code">ls -l</ph>'
    assert bold in memory
    for data in (written, memory, "\t".join(cells)):
        assert "example.org" not in data, "where a link leads is nobody else's to change"


@pytest.mark.parametrize(
    ("cell", "text", "broken"),
    [
        ("<1>He left</1> <2>ls -l</2>", "He left ls -l", ""),
        ("<2>ls -l</2> <1>he ran</1>", "ls -l he ran", ""),
        ("<1>He left ls -l", "He left ls -l", "code 1 is never closed"),
        ("He left</1> ls -l", "He left ls -l", "code 1 ends before it begins"),
        ("<1>He</1> <9>left</9>", "He left", "code 9 is not one of this sentence"),
        ("<1>He</1> left <2/>", "He left ls -l", ""),
    ],
)
def test_formatting_that_comes_back_broken_is_a_finding_and_the_words_are_merged(
    cell: str, text: str, broken: str
) -> None:
    draft = formatted()
    data = export("tsv", draft).replace(b"<1>He went</1> <2>ls -l</2>", cell.encode())
    back = bring(draft, data)
    target = back.draft.targets["a-day.1.1"]
    assert (target.text, outcomes(back)) == (text, {Outcome.MERGED})
    assert [finding.check for finding in target.findings] == (["i-01"] if broken else [])
    assert broken in "".join(finding.message for finding in target.findings)
    for mark in target.marks:
        assert dict(mark.data).get("href", "https://example.org/") == "https://example.org/"
    again = bring(back.draft, data)
    assert (again.draft, outcomes(again)) == (back.draft, {Outcome.UNCHANGED})


@pytest.mark.parametrize(
    "target",
    [
        '<g id="1">He left</g> <ph id="2">ls -l</ph>',
        '<mrk mtype="seg" mid="1"><g id="1">He left</g></mrk> <ph id="2"/>',
        '<bpt id="1" rid="1">&lt;a></bpt>He left<ept id="7" rid="1">&lt;/a></ept> <x id="2"/>',
        '<bx id="1"/>He left<ex id="4" rid="1"/> <g id="2">ls -l</g>',
    ],
)
def test_other_programs_spell_codes_otherwise(target: str) -> None:
    data = export("xliff12", formatted()).decode()
    changed = re.sub(r"(<target[^>]*>).*?</target>", lambda m: f"{m[1]}{target}</target>", data)
    now = bring(formatted(), changed.encode()).draft.targets["a-day.1.1"]
    assert (now.text, now.findings) == ("He left ls -l", ())
    assert set(now.marks) == {replace(LINK, end=7), replace(CODE, begin=8, end=13)}


def test_marks_that_cross_are_written_end_by_end() -> None:
    crossing = (Mark("strong", 0, 5), Mark("emphasis", 3, 9))
    draft = draft_of(("ذهب.", Target("He went away.", State.MACHINE, marks=crossing)))
    data = export("xliff12", draft)
    assert b'<bx id="1" rid="1" ctype="bold"/>He <bx id="2" rid="2" ctype="italic"/>we<ex id="1e" rid="1"/>' in data
    now = bring(draft, data.replace(b"way.", b"part.")).draft.targets["a-day.1.1"]
    assert (now.text, set(now.marks)) == ("He went apart.", {crossing[0], crossing[1]})


# --- what is in the files --------------------------------------------------------------------------------------------


def test_states_of_xliff_1_2() -> None:
    states = [Target("", State.NEW), *(Target("E", state) for state in State)]
    root = tree.parse(export("xliff12", draft_of(*(("ذهب.", target) for target in states))), "x")
    found = [(u.get("approved"), u.find("{*}target").get("state")) for u in root.iter("{*}trans-unit")]
    assert found == [
        ("no", "new"),
        ("no", "needs-translation"),
        ("no", "needs-review-translation"),
        ("no", "translated"),
        ("yes", "final"),
    ]
    assert {xliff12.STATE_OF[name] for name in xliff12.STATES.values()} == set(State)


def test_findings_and_notes_go_out_and_new_notes_come_back_once() -> None:
    finding = Finding("g-01", Severity.ERROR, "a-day.1.1", "term missing: مفارز -> detachments", "Use it.")
    silent = replace(finding, check="n-01", dismissed="a quotation")
    draft = draft_of(("ذهب.", Target("He went.", State.MACHINE, findings=(finding, silent))))
    draft = replace(draft, notes={"1": (Note("ask the author"),)})
    data = export("xliff12", draft).decode()
    assert data.count("<note") == 2
    assert (
        'from="tarjuman" priority="1" annotates="target">g-01: term missing: مفارز -&gt; detachments (Use it.)' in data
    )
    assert "n-01" not in data
    added = data.replace("</trans-unit>", '<note from="Layla">which bank?</note></trans-unit>')
    back = bring(draft, added.encode())
    assert back.draft.notes == {"1": (Note("ask the author"), Note("which bank?", (("from", "Layla"),)))}
    assert bring(back.draft, added.encode()).draft == back.draft
    assert "g-01: term missing" in export("tsv", draft).decode()


def test_xliff_2_1_is_the_draft_as_it_is() -> None:
    assert export("xliff", formatted()) == xliff.dump(formatted())


def test_the_stamp_is_the_digest_that_stands_in_a_draft() -> None:
    target = formatted().targets["a-day.1.1"]
    assert f'type="digest">{codes.digest(target.text, target.marks)}<' in xliff.dump(formatted()).decode()


def test_a_memory_holds_what_people_finished() -> None:
    every = draft_of(
        ("نعم.", Target("Machine.", State.MACHINE)),
        ("لا.", Target("Edited.", State.EDITED, Origin.PERSON)),
        ("ربما.", Target("Approved.", State.APPROVED, Origin.PERSON, who="Mona", when=NOW)),
        ("قديم.", Target("Old.", State.APPROVED, Origin.PERSON, source="أقدم.")),
    )
    finished = tmx.dump([every])
    (unit,) = tree.parse(finished, "x").iter("tu")
    assert unit.get("tuid") == "a-day.1.3"
    assert (unit.get("changedate"), unit.get("changeid"), unit.get("creationid")) == (
        "20261122T051000Z",
        "Mona",
        "Mona",
    )
    assert [side.get(tree.LANG) for side in unit.iter("tuv")] == ["ar", "en"]
    assert [side.findtext("seg") for side in unit.iter("tuv")] == ["ربما.", "Approved."]
    assert tmx.dump([every], also_edited=True).count(b"<tu ") == 2


def test_several_articles_stand_in_one_file_and_come_back_from_it() -> None:
    one = draft_of(("ذهب.", EDITED))
    other = Draft(replace(one.article, slug="b-day", blocks=(_renamed(one.article.blocks[0]),)))
    for form in ("xliff12", "tsv", "xlsx"):
        assert [row.id for row in rows(export(form, one, other))] == ["a-day.1.1", "b-day.1.1"]


def _renamed(block: Block) -> Block:
    return replace(block, segments=tuple(replace(s, id=s.id.replace("a-day", "b-day")) for s in block.segments))


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_same_drafts_are_the_same_bytes(form: str) -> None:
    assert export(form, formatted()) == export(form, formatted())


def test_a_sheet_reads_from_right_to_left_and_protects_nothing() -> None:
    page_ = load_workbook(io.BytesIO(export("xlsx", draft_of(("ذهب.", EDITED))))).worksheets[0]
    assert [cell.value for cell in page_[1]] == list(sheet.COLUMNS)
    assert (page_["C2"].alignment.readingOrder, page_["C2"].alignment.horizontal) == (2, "right")
    assert page_["D2"].alignment.readingOrder == 1
    assert not page_.protection.sheet
    assert page_.freeze_panes == "A2"
    assert page_.column_dimensions["F"].hidden


OASIS = Path(__file__).parent / "xsd" / "oasis"


@pytest.mark.skipif(not (OASIS / "xliff-core-1.2-strict.xsd").exists(), reason="the schema of XLIFF 1.2 is not here")
@SLOW
@given(draft=drafts())
def test_xliff_1_2_is_valid_by_its_strict_schema(draft: Draft) -> None:
    xml = (OASIS / "informativeCopiesOf3rdPartySchemas" / "w3c" / "xml.xsd").as_uri()
    text = (OASIS / "xliff-core-1.2-strict.xsd").read_text("utf-8").replace("http://www.w3.org/2001/xml.xsd", xml)
    schema = etree.XMLSchema(etree.fromstring(text.encode()))
    schema.assertValid(etree.fromstring(export("xliff12", draft)))
    schema.assertValid(etree.fromstring(xliff12.dump([draft], omegat=True)))


@SLOW
@given(draft=drafts())
def test_a_project_for_omegat_that_nobody_opened_changes_no_draft(draft: Draft) -> None:
    project = omegat.project([draft])
    assert project == omegat.project([draft])
    for name, data in project.items():
        if name.startswith("source/"):
            told = bring(draft, data)
            assert outcomes(told) <= {Outcome.UNCHANGED}
            assert told.draft.targets == draft.targets


@pytest.mark.skipif(not (OASIS / "tmx14.dtd").exists(), reason="the document type of TMX is not here")
@SLOW
@given(draft=drafts())
def test_memories_are_valid_by_their_document_type(draft: Draft) -> None:
    etree.DTD(io.BytesIO((OASIS / "tmx14.dtd").read_bytes())).assertValid(etree.fromstring(export("tmx", draft)))


# --- formulas --------------------------------------------------------------------------------------------------------

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''@x", '=HYPERLINK("http://x","y")', "- He said"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_text_in_every_table(text: str) -> None:
    draft = draft_of((text + " ذهب", Target(text, State.EDITED, Origin.PERSON)))
    for line in _table(export("tsv", draft))[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in line)
    page_ = load_workbook(io.BytesIO(export("xlsx", draft))).worksheets[0]
    assert {cell.data_type for line in page_.iter_rows(min_row=2) for cell in line} <= {"s", "n"}
    assert page_["D2"].value == text
    assert page_["D2"].quotePrefix == (text[0] != "'")
    for form in ("tsv", "xlsx"):
        assert bring(draft, export(form, draft)).draft == draft


def test_a_formula_that_comes_back_is_never_computed() -> None:
    draft = draft_of(("ذهب.", EDITED), ("ثم عاد.", EDITED))
    book = load_workbook(io.BytesIO(export("xlsx", draft)))
    book.worksheets[0]["D2"] = "=-He said"
    book.worksheets[0]["D3"] = 2014
    out = io.BytesIO()
    book.save(out)
    back = bring(draft, out.getvalue())
    assert [remark.outcome for remark in back.remarks] == [Outcome.WARNING, Outcome.MERGED]
    assert "formula" in back.remarks[0].message
    assert back.draft.targets["a-day.1.1"] == EDITED or back.draft.targets["a-day.1.1"].text == "He went."
    assert back.draft.targets["a-day.1.2"].text == "2014"


def test_a_sentence_too_long_for_a_cell_is_refused_and_not_cut() -> None:
    with pytest.raises(OutputError, match=r"a-day\.1\.1: 40,000 characters do not fit into a cell\. Export"):
        export("xlsx", draft_of(("ذهب.", Target("x" * 40_000, State.MACHINE))))


# --- files that harm -------------------------------------------------------------------------------------------------

BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xliff version="1.2">&b;</xliff>'


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "letter: not a file we can read back. It takes XLIFF 1.2"),
        (b"\xff\xfa\x00", "letter: not UTF-8"),
        (b"id\tEnglish\nx\ty\n", "not a file we can read back"),
        (b"<xliff><file></xliff>", "letter:1: not well-formed XML"),
        (b"<html/>", "XML that is neither XLIFF nor TMX .<html>.*Send back what was exported"),
        (BOMB.encode(), "declares entities"),
        (BOMB.encode("utf-16"), "declares entities"),
        (BOMB.replace("<!DOCTYPE x [", '<!DOCTYPE x SYSTEM "file:///etc/passwd" [').encode(), "declares entities"),
        (b"PK\x03\x04 no", "not a workbook that can be unpacked"),
        (packed(a=b"<x/>"), "a damaged workbook"),
        (packed(xl__workbook=BOMB.encode()), "declares entities, which no workbook needs"),
        (packed(a=b"0" * 101_000_000), "unpacks to more than a workbook of ours can be. Send it back in parts"),
        (b'<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0"/>', "the source language"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows(data)


def test_a_document_type_that_is_only_named_is_neither_fetched_nor_refused() -> None:
    draft = draft_of(("ذهب.", EDITED))
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    data = export("tmx", draft).replace(head, head + b'<!DOCTYPE tmx SYSTEM "http://localhost:1/tmx14.dtd">\n')
    assert outcomes(bring(draft, data)) == {Outcome.UNCHANGED}
    external = data.replace(b"He went.", b"&nowhere;")
    with pytest.raises(InputError, match="uses an entity"):
        rows(external)


def test_every_workbook_cut_short_is_one_line(tmp_path: Path) -> None:
    whole = export("xlsx", formatted())
    for at in range(0, len(whole), 211):
        with pytest.raises(InputError, match="letter"):
            rows(whole[:at] or b"PK\x03\x04")


@SLOW
@given(its=st.data())
def test_a_damaged_workbook_or_file_never_crashes(its: st.DataObject) -> None:
    form = its.draw(st.sampled_from(BACK))
    whole = bytearray(export(form, formatted()))
    for _ in range(its.draw(st.integers(1, 5))):
        whole[its.draw(st.integers(0, len(whole) - 1))] = its.draw(st.integers(0, 255))
    found, error = formats.rows(bytes(whole), "letter")
    assert error is None or str(error).startswith("letter")
    merged = merge(formatted(), [(row.id, row) for row in found], MONA, lambda made: made)
    xliff.dump(merged.draft)


def test_tables_with_other_columns_and_commas_are_read() -> None:
    data = 'English,note,id,source\r\n"He, too, left.",x,a-day.1.1,ذهب.\r\n,,,\r\n'.encode("utf-16")
    draft = draft_of(("ذهب.", Target("He went.", State.MACHINE)))
    back = bring(draft, data)
    assert (back.draft.targets["a-day.1.1"].text, len(back.remarks)) == ("He, too, left.", 1)


def test_a_state_nobody_knows_is_told_and_the_text_is_merged() -> None:
    draft = draft_of(("ذهب.", Target("He went.", State.MACHINE)))
    data = export("tsv", draft).replace(b"machine\t", b"fine\t").replace(b"He went.", b"He left.")
    back = bring(draft, data)
    assert [remark.outcome for remark in back.remarks] == [Outcome.MERGED, Outcome.WARNING]
    assert "'fine' is no state (new, machine, edited, approved)" in back.remarks[1].message


# --- file names, and Markdown ----------------------------------------------------------------------------------------


def test_which_article_goes_into_which_file(tmp_path: Path) -> None:
    def named(form: str, output: str, *slugs: str) -> list[tuple[str, Sequence[str]]]:
        return [(path.as_posix(), its) for path, its in formats.files(slugs, form, Path(output))]

    assert named("tmx", "out", "a", "b") == [("out/a.tmx", ("a",)), ("out/b.tmx", ("b",))]
    assert named("tmx", "out/all.tmx", "a", "b") == [("out/all.tmx", ("a", "b"))]
    assert named("xliff12", "x.xliff", "a") == [("x.xliff", ("a",))]
    assert named("xliff", "out", "a") == [("out/a.en.xlf", ("a",))]
    with pytest.raises(UsageError, match=r"one md file holds one article, and there are 2[.] Name a folder"):
        named("md", "x.md", "a", "b")


BODY = """# عنوان

> اقتباس

- بند **مهم**
    - بند داخلي

3. ثالث

| عمود | آخر |
| --- | --- |
| خلية | |

```
code
```

نعم. لا.
"""


def test_markdown_has_every_block_in_its_form() -> None:
    from translate.readers import read

    article = replace(read(None, BODY.encode(), "markdown"), body="")
    named = {s.id: Target("E" + s.id.removeprefix("stdin"), State.MACHINE) for s in article.segments()}
    written = page.english(Draft(article, named))
    assert written.split("---\n", 2)[2] == (
        "\n# E.1.1\n\n> E.2.1\n\n- **E.3.1**\n\n    - E.4.1\n\n3. E.5.1\n\n| E.6.1 | E.7.1 |\n| --- | --- |\n"
        "| E.8.1 |  |\n\n```\ncode\n```\n\nE.10.1 E.10.2\n"
    )
    kinds_ = [b.kind for b in read(None, (written + "\nنعم\n").encode(), "markdown").blocks]
    assert kinds_[:-1] == [b.kind for b in article.blocks]
    both = page.bilingual(Draft(article, named))
    assert '<div dir="rtl" lang="ar">\n\n# عنوان\n\n</div>\n\n# E.1.1\n' in both
    assert both.count("code") == 1
    assert "- بند **مهم**" in both

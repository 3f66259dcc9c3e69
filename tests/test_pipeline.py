"""From article to draft: what is translated again, what is reused, and what a person wrote stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from glossary import Condition, Term, TermBase
from translate import drafts, readers
from translate.document import Draft, Origin, State, Target, TermStatus
from translate.engines.fake import FakeEngine
from translate.memory import Memory
from translate.pipeline import Glossary, Work, draft, plan, translate

SOURCE = """---
title: سقوط الساحل الأيسر
---

قال المصدر إن القوات تقدمت. وأضاف أن المعركة مستمرة.

انسحب المسلحون إلى الديوان.
"""
DIWAN = Term("ديوان", "Diwan", singular="Diwan", plural="Diwans", capital="keep")
BANK = Term("الساحل الأيسر", "the Left Bank", number="name", singular="Left Bank", plural="Left Bank", article="the")


def glossary(*terms: Term) -> Glossary:
    return Glossary.of(TermBase(terms))


def article(text: str = SOURCE):
    return readers.read(None, text.encode(), syntax="markdown", slug="battle")


def run(text: str, old: Draft | None, words: Glossary, memory: Memory | None = None) -> tuple[Draft, int]:
    engine = FakeEngine()
    planned = [plan(Work(article(text), old), words, engine, memory)]
    (made,) = list(draft(planned, words, engine))
    return made, len(planned[0][1])


def edited(made: Draft, id_: str, text: str, state: State = State.EDITED) -> Draft:
    target = replace(made.targets[id_], text=text, state=state, origin=Origin.PERSON, who="نور", terms=())
    return replace(made, targets={**made.targets, id_: target})


def by_text(made: Draft) -> dict[str, Target]:
    return {segment.text: made.targets[segment.id] for segment in made.article.segments()}


def test_a_first_draft_has_a_target_for_every_segment() -> None:
    made, count = run(SOURCE, None, glossary(DIWAN, BANK))
    assert count == 4
    assert set(made.targets) == {segment.id for segment in made.article.segments()}
    assert all(target.text and target.state is State.MACHINE for target in made.targets.values())


def test_nothing_is_translated_twice() -> None:
    first, _ = run(SOURCE, None, glossary(DIWAN, BANK))
    again, count = run(SOURCE, first, glossary(DIWAN, BANK))
    assert count == 0
    assert again == first


def test_a_changed_term_touches_only_the_segments_it_occurs_in() -> None:
    first, _ = run(SOURCE, None, glossary(DIWAN, BANK))
    _, count = run(SOURCE, first, glossary(replace(DIWAN, singular="Office", target="Office"), BANK))
    assert count == 1


def test_a_changed_sentence_is_translated_again_and_the_others_are_not() -> None:
    first, _ = run(SOURCE, None, glossary())
    second, count = run(SOURCE.replace("القوات تقدمت", "القوات انسحبت"), first, glossary())
    assert count == 1
    kept = {segment.id for segment in first.article.segments()}
    assert kept == {segment.id for segment in second.article.segments()}


def test_a_sentence_a_person_edited_survives_a_new_glossary_and_gets_an_alternative() -> None:
    first, _ = run(SOURCE, None, glossary())
    last = list(first.article.segments())[-1].id
    mine = edited(first, last, "The gunmen withdrew to the office.")
    second, _ = run(SOURCE, mine, glossary(DIWAN))
    assert second.targets[last].text == "The gunmen withdrew to the office."
    assert second.targets[last].state is State.EDITED
    assert any("Diwan" in other.text for other in second.targets[last].alternatives)
    third, count = run(SOURCE, second, glossary(DIWAN))
    assert count == 0
    assert third == second


def test_an_approved_sentence_survives_a_changed_source() -> None:
    first, _ = run(SOURCE, None, glossary())
    last = list(first.article.segments())[-1].id
    mine = edited(first, last, "They withdrew.", State.APPROVED)
    second, _ = run(SOURCE.replace("انسحب المسلحون", "انسحب جميع المسلحين"), mine, glossary())
    texts = [target.text for target in second.targets.values()]
    texts += [target.text for _, target in second.orphans.values()]
    assert "They withdrew." in texts


def test_a_sentence_whose_paragraph_is_gone_is_kept_as_an_orphan() -> None:
    first, _ = run(SOURCE, None, glossary())
    last = list(first.article.segments())[-1].id
    mine = edited(first, last, "They withdrew.")
    second, _ = run(SOURCE.replace("انسحب المسلحون إلى الديوان.", ""), mine, glossary())
    assert [target.text for _, target in second.orphans.values()] == ["They withdrew."]


def test_an_orphan_comes_back_with_its_sentence() -> None:
    first, _ = run(SOURCE, None, glossary())
    last = list(first.article.segments())[-1].id
    mine = edited(first, last, "They withdrew.")
    without, _ = run(SOURCE.replace("انسحب المسلحون إلى الديوان.", ""), mine, glossary())
    back, _ = run(SOURCE, without, glossary())
    assert by_text(back)["انسحب المسلحون إلى الديوان."].text == "They withdrew."
    assert back.orphans == {}


def test_a_new_paragraph_does_not_move_the_old_ids() -> None:
    first, _ = run(SOURCE, None, glossary())
    second, count = run(SOURCE.replace("\n\nقال", "\n\nفقرة جديدة هنا.\n\nقال"), first, glossary())
    assert count == 1
    before = {segment.text: segment.id for segment in first.article.segments()}
    after = {segment.text: segment.id for segment in second.article.segments()}
    assert before.items() <= after.items()


def test_a_draft_survives_the_disk_and_a_second_run(tmp_path: Path) -> None:
    first, _ = run(SOURCE, None, glossary(DIWAN, BANK))
    path = drafts.path_for(tmp_path, "battle")
    drafts.save(first, path, base="")
    before = path.read_bytes()
    loaded = drafts.load(path)
    second, count = run(SOURCE, loaded, glossary(DIWAN, BANK))
    assert count == 0
    drafts.save(second, path, base=loaded.fingerprint)
    assert path.read_bytes() == before


def test_a_one_off_translation_names_every_segment() -> None:
    one = article()
    targets = translate(one, glossary(BANK), FakeEngine())
    assert list(targets) == [segment.id for segment in one.segments()]
    assert "Left Bank" in targets[next(one.segments()).id].text


def test_a_persons_sentence_is_checked_with_todays_terms() -> None:
    first, _ = run(SOURCE, None, glossary())
    last = list(first.article.segments())[-1].id
    mine = edited(first, last, "The gunmen withdrew.")
    second, _ = run(SOURCE, mine, glossary(DIWAN))
    target = second.targets[last]
    assert [use.status for use in target.terms] == [TermStatus.UNMET]
    assert "g-01" in [finding.check for finding in target.findings]
    third, _ = run(SOURCE, edited(second, last, "The gunmen withdrew to the Diwan."), glossary(DIWAN))
    target = third.targets[last]
    assert [(use.status, use.surface) for use in target.terms] == [(TermStatus.MET, "Diwan")]
    assert "g-01" not in [finding.check for finding in target.findings]


def test_the_machine_is_asked_once_about_a_text_it_agrees_with() -> None:
    first, _ = run(SOURCE, None, glossary(DIWAN))
    last = list(first.article.segments())[-1].id
    mine = edited(first, last, first.targets[last].text, State.APPROVED)
    stricter = glossary(replace(DIWAN, forbidden=("bureau",)))
    second, count = run(SOURCE, mine, stricter)
    assert (count, second.targets[last].state) == (1, State.APPROVED)
    third, count = run(SOURCE, second, stricter)
    assert (count, third) == (0, second)


def test_a_changed_link_is_drafted_again() -> None:
    linked = SOURCE.replace("انسحب", "[انسحب](http://old.example)")
    first, _ = run(linked, None, glossary())
    second, count = run(linked.replace("old.example", "new.example"), first, glossary())
    assert count == 1
    last = list(second.article.segments())[-1].id
    assert [dict(mark.data)["href"] for mark in second.targets[last].marks] == ["http://new.example"]


def test_a_changed_source_under_an_edit_is_offered_once() -> None:
    first, _ = run(SOURCE, None, glossary())
    last = list(first.article.segments())[-1].id
    changed = SOURCE.replace("انسحب المسلحون إلى", "انسحب المسلحون أمس إلى")
    second, count = run(changed, edited(first, last, "They withdrew."), glossary())
    assert count == 1
    again, count = run(changed, second, glossary())
    assert (count, again) == (0, second)


def test_a_term_that_wants_a_word_near_looks_at_the_whole_article() -> None:
    near = glossary(replace(DIWAN, context=(Condition("near", ("القوات",)),)))
    first, _ = run(SOURCE, None, near)
    assert len(by_text(first)["انسحب المسلحون إلى الديوان."].terms) == 1
    other, count = run(SOURCE.replace("القوات", "السيول"), first, near)
    assert by_text(other)["انسحب المسلحون إلى الديوان."].terms == ()
    assert count == 2


def test_large_work_is_handed_out_in_parts_in_order() -> None:
    engine, words = FakeEngine(), glossary()
    texts = [f"---\ntitle: عنوان {n}\n---\n\n" + "قال المصدر شيئا. " * 100 for n in range(6)]
    works = [
        plan(Work(readers.read(None, text.encode(), syntax="markdown", slug=f"a{n}")), words, engine)
        for n, text in enumerate(texts)
    ]
    made = draft(works, words, engine)
    assert next(made).article.slug == "a0"
    assert [one.article.slug for one in made] == [f"a{n}" for n in range(1, 6)]


@pytest.mark.parametrize("text", ["---\ntitle: عنوان\n---\n"])
def test_an_article_of_a_title_alone(text: str) -> None:
    made, count = run(text, None, glossary())
    assert count == len(made.targets) == 1


# --- the memory ------------------------------------------------------------------------------------------------------

LAST = "انسحب المسلحون إلى الديوان."


@pytest.fixture
def remembering():
    """A memory in which the last sentence was approved in another article."""
    memory = Memory(Path("none"), None)
    other = readers.read(None, f"قال الرجل. {LAST}".encode(), syntax="text", slug="other")
    target = Target("The gunmen withdrew to the Diwan.", State.APPROVED, source=LAST)
    memory.put(Draft(other, {one.id: target for one in other.segments() if one.text == LAST}))
    yield memory
    memory.close()


def test_an_approved_sentence_is_not_translated_again(remembering: Memory) -> None:
    first, count = run(SOURCE, None, glossary(DIWAN), remembering)
    assert count == 3
    target = by_text(first)[LAST]
    assert (target.text, target.state, target.origin) == (
        "The gunmen withdrew to the Diwan.", State.MACHINE, Origin.MEMORY
    )  # fmt: skip
    assert target.match == 100
    assert [(use.status, use.surface) for use in target.terms] == [(TermStatus.MET, "Diwan")]
    assert run(SOURCE, first, glossary(DIWAN), remembering) == (first, 0)


def test_a_term_the_memory_does_not_honour_is_said(remembering: Memory) -> None:
    first, _ = run(SOURCE, None, glossary(replace(DIWAN, target="Office", singular="Office")), remembering)
    assert [finding.check for finding in by_text(first)[LAST].findings] == ["g-01"]


def test_the_memory_comes_and_goes_and_the_machines_text_is_never_doubled(remembering: Memory) -> None:
    words = glossary(DIWAN)
    machine, _ = run(SOURCE, None, words)
    filled, count = run(SOURCE, machine, words, remembering)
    assert count == 0
    assert [(a.text, a.origin) for a in by_text(filled)[LAST].alternatives] == [
        (by_text(machine)[LAST].text, Origin.MACHINE)
    ]
    assert run(SOURCE, filled, words, remembering) == (filled, 0)
    assert run(SOURCE, filled, words) == (machine, 1)


def test_other_approved_translations_stay_beside_as_long_as_they_are_approved(remembering: Memory) -> None:
    words = glossary(DIWAN)
    third = readers.read(None, LAST.encode(), syntax="text", slug="third")
    target = Target("They left for the Diwan.", State.APPROVED, source=LAST, when="2026-11-01")
    remembering.put(Draft(third, {one.id: target for one in third.segments()}))
    filled, _ = run(SOURCE, None, words, remembering)
    assert by_text(filled)[LAST].text == "They left for the Diwan."
    assert "m-01" in [finding.check for finding in by_text(filled)[LAST].findings]
    assert run(SOURCE, filled, words, remembering) == (filled, 0)
    remembering.put(Draft(third, {}))
    again, _ = run(SOURCE, filled, words, remembering)
    assert by_text(again)[LAST].alternatives == ()
    assert by_text(again)[LAST].findings == ()


def test_what_a_person_made_of_it_stays(remembering: Memory) -> None:
    filled, _ = run(SOURCE, None, glossary(), remembering)
    last = list(filled.article.segments())[-1].id
    mine = drafts.revised(filled.targets[last], "They left.", source=LAST, who="نور", when="2026-11-22")
    second, _ = run(SOURCE, replace(filled, targets={**filled.targets, last: mine}), glossary(), remembering)
    target = second.targets[last]
    assert (target.text, target.state, target.origin, target.match) == (
        "They left.", State.EDITED, Origin.PERSON, None
    )  # fmt: skip
    assert target.started is not None
    assert (target.started.text, target.started.origin, target.started.match) == (
        "The gunmen withdrew to the Diwan.", Origin.MEMORY, 100
    )  # fmt: skip
    assert run(SOURCE, second, glossary(), remembering) == (second, 0)

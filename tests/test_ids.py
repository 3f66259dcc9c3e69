"""Ids last: what an edited article keeps, and that nothing is ever given out twice."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate import ids, xliff
from translate.document import Article, Draft
from translate.drafts import path_for
from translate.errors import ArticleError, DraftError, UsageError
from translate.readers import read
from translate.site.article import article_view
from translate.site.terms import Terms

TEXT = """سيطرت القوات على الساحل الأيسر صباح اليوم. ثم تقدمت نحو المطار القديم.

انسحب التنظيم من الأحياء الشرقية بعد قتال طويل. وقال شهود إن الجسور دمرت.

عاد السكان إلى بيوتهم بعد أسبوع واحد فقط.
"""


def article(text: str) -> Article:
    return read(None, text.encode(), "markdown", "x")


def named(article: Article) -> dict[str, str]:
    return {segment.id: segment.text for segment in article.segments()}


OLD = article(TEXT)


def test_first_numbers() -> None:
    assert list(named(OLD)) == ["x.1.1", "x.1.2", "x.2.1", "x.2.2", "x.3.1"]
    assert [block.number for block in OLD.blocks] == [1, 2, 3]


def test_an_unchanged_article_keeps_everything() -> None:
    assert ids.realign(OLD, article(TEXT)) == OLD


def test_ids_survive_a_second_edit() -> None:
    once = ids.realign(OLD, article("مقدمة جديدة تماما للمقال.\n\n" + TEXT))
    twice = ids.realign(once, article("مقدمة جديدة تماما للمقال.\n\n" + TEXT + "\nخاتمة أخرى لا تشبه شيئا.\n"))
    assert named(twice) == named(once) | {"x.5.1": "خاتمة أخرى لا تشبه شيئا."}


def test_a_paragraph_put_in_front() -> None:
    new = ids.realign(OLD, article("مقدمة جديدة تماما للمقال.\n\n" + TEXT))
    assert [block.number for block in new.blocks] == [4, 1, 2, 3]
    assert list(named(new)) == ["x.4.1", *named(OLD)]


def test_an_edited_sentence_keeps_its_id() -> None:
    new = ids.realign(OLD, article(TEXT.replace("المطار القديم", "المطار الدولي الجديد")))
    assert list(named(new)) == list(named(OLD))


def test_a_sentence_put_between() -> None:
    new = ids.realign(OLD, article(TEXT.replace("اليوم. ثم", "اليوم. لم يعلق أحد من الوزارة. ثم")))
    assert list(named(new)) == ["x.1.1", "x.1.3", "x.1.2", "x.2.1", "x.2.2", "x.3.1"]


def test_a_deleted_paragraph_takes_its_ids_with_it() -> None:
    parts = TEXT.split("\n\n")
    new = ids.realign(OLD, article(f"{parts[0]}\n\n{parts[2]}"))
    assert list(named(new)) == ["x.1.1", "x.1.2", "x.3.1"]
    again = ids.realign(
        new, article(f"{parts[0]}\n\nجملة أخرى لا تشبه القديمة أبدا.\n\n{parts[2]}"), ["x.2.1", "x.2.2"]
    )
    assert list(named(again)) == ["x.1.1", "x.1.2", "x.4.1", "x.3.1"]


def through_a_file(article: Article) -> Article:
    """The article as the next run finds it."""
    return xliff.parse(xliff.dump(Draft(article)), "x.en.xlf").article


def test_the_number_of_a_deleted_last_paragraph_is_never_given_again() -> None:
    shorter = TEXT.rpartition("\n\n")[0]
    without = through_a_file(ids.realign(OLD, article(shorter)))
    still = through_a_file(ids.realign(without, article(shorter)))
    new = ids.realign(still, article(shorter + "\n\nجملة أخرى لا تشبه القديمة أبدا.\n"))
    assert list(named(new)) == ["x.1.1", "x.1.2", "x.2.1", "x.2.2", "x.4.1"]
    assert new.last_number == 0  # 4 is there to be seen


def test_the_id_of_a_deleted_last_sentence_is_never_given_again() -> None:
    gone = TEXT.replace(" ثم تقدمت نحو المطار القديم.", "")
    without = through_a_file(ids.realign(OLD, article(gone)))
    still = through_a_file(ids.realign(without, article(gone)))
    new = ids.realign(still, article(TEXT.replace("ثم تقدمت نحو المطار القديم.", "وقال ناطق كلاما كثيرا عن هذا.")))
    assert list(named(new))[:2] == ["x.1.1", "x.1.3"]


def test_a_sentence_that_moved_away_and_was_deleted_there_leaves_its_id_spent() -> None:
    moved = TEXT.replace(" ثم تقدمت نحو المطار القديم.", "").replace(
        "واحد فقط.", "واحد فقط. ثم تقدمت نحو المطار القديم."
    )
    elsewhere = through_a_file(ids.realign(OLD, article(moved)))
    assert list(named(elsewhere))[-1] == "x.1.2"
    gone = through_a_file(ids.realign(elsewhere, article(TEXT.replace(" ثم تقدمت نحو المطار القديم.", ""))))
    new = ids.realign(gone, article(TEXT.replace("ثم تقدمت نحو المطار القديم.", "وقال ناطق كلاما كثيرا عن هذا.")))
    assert list(named(new))[:2] == ["x.1.1", "x.1.3"]


def test_paragraphs_that_changed_places() -> None:
    parts = TEXT.strip().split("\n\n")
    new = ids.realign(OLD, article("\n\n".join(reversed(parts))))
    assert [block.number for block in new.blocks] == [3, 2, 1]
    assert named(new) == named(OLD)


def test_a_sentence_that_moved_and_was_edited() -> None:
    parts = TEXT.strip().split("\n\n")
    edited = parts[2].replace("واحد فقط", "واحد")
    new = ids.realign(OLD, article("\n\n".join([edited, parts[0], parts[1]])))
    assert [block.number for block in new.blocks] == [3, 1, 2]
    assert named(new)["x.3.1"] == edited


def test_a_paragraph_cut_in_two() -> None:
    new = ids.realign(OLD, article(TEXT.replace("طويل. وقال", "طويل.\n\nوقال")))
    assert named(new) == named(OLD)
    numbers = [block.number for block in new.blocks]
    assert len(set(numbers)) == 4
    assert {1, 2, 3} < set(numbers)


def test_two_paragraphs_made_one() -> None:
    new = ids.realign(OLD, article(TEXT.replace("القديم.\n\n", "القديم. ")))
    assert named(new) == named(OLD)


def test_equal_sentences_keep_their_order() -> None:
    old = article("نعم.\n\nلا.\n\nنعم.\n")
    new = ids.realign(old, article("نعم.\n\nلا.\n\nربما غدا.\n\nنعم.\n"))
    assert list(named(new)) == ["x.1.1", "x.2.1", "x.4.1", "x.3.1"]


def test_the_title_stays_the_title() -> None:
    old = article("---\ntitle: قديم\n---\nنص المقال.\n")
    new = ids.realign(old, article("---\ntitle: عنوان آخر تماما\nbyline: كتب فلان\n---\nنص المقال.\n"))
    assert [block.number for block in new.blocks] == [1, 3, 2]
    assert "x.2.1" in named(new)


def test_numbers_of_orphans_are_never_given_again() -> None:
    new = ids.realign(OLD, article(TEXT + "\nجملة جديدة كليا هنا.\n"), taken=["x.9.2", "x.4.1"])
    assert list(named(new))[-1] == "x.10.1"


SENTENCES = st.lists(
    st.sampled_from([f"جملة {n} عن {w}." for n in "١٢٣" for w in ("الموصل", "نينوى", "دجلة")]), min_size=1
)


@settings(max_examples=100, deadline=None)
@given(SENTENCES, SENTENCES, st.lists(st.sampled_from(["x.1.7", "x.8.1", "x.2.2", "odd", "x.y.z"])))
def test_ids_are_unique_and_fresh_ones_new(before: list[str], after: list[str], taken: list[str]) -> None:
    old = article("\n\n".join(before))
    # An id that is in use is never an orphan's as well.
    taken = [name for name in taken if name not in named(old)]
    new = ids.realign(old, article("\n\n".join(after)), taken)
    names = [segment.id for segment in new.segments()]
    numbers = [block.number for block in new.blocks]
    assert len(set(names)) == len(names)
    assert len(set(numbers)) == len(numbers)
    assert not set(names) & set(taken)
    assert [s.text for s in new.segments()] == after
    unchanged = set(before) & set(after)
    assert all(set(after).issuperset(unchanged) and any(named(new)[n] == t for n in names) for t in unchanged)
    if before == after:
        assert named(new) == named(old)
        assert taken or new == old  # ids that live on elsewhere are remembered


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(SENTENCES.map(" ".join), min_size=1, max_size=4), min_size=2, max_size=5))
def test_over_many_edits_an_id_never_comes_back(versions: list[list[str]]) -> None:
    present = article("\n\n".join(versions[0]))
    ever = set(named(present))
    for version in versions[1:]:
        before = set(named(present))
        present = ids.realign(through_a_file(present), article("\n\n".join(version)))
        now = set(named(present))
        assert not (now - before) & ever
        ever |= now


def test_equal_text_is_always_found() -> None:
    assert ids.match(["a", "bcd", "e"], ["e", "a", "bce", "x"]) == {0: 2, 1: 0, 2: 1}


def test_a_long_article_rewritten_is_quick() -> None:
    old = [f"جملة رقم {n} من المقال القديم عن معركة الموصل" for n in range(2000)]
    new = [f"سطر {n} في النص الجديد الذي كتب بعد الحرب" for n in range(2000)]
    started = time.perf_counter()
    ids.match(old, new)
    ids.match(["نعم"] * 20_000, ["نعم"] * 19_000 + ["لا"] * 500)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("000_c668.v2", "a-000-c668-v2"),
        ("تحرير تكريت", "thryr-tkryt"),
        ("Mosul Défectors!", "mosul-defectors"),
        ("---", "article"),
        ("日本", "article"),
        ("../../etc", "etc"),
    ],
)
def test_slugs(name: str, want: str) -> None:
    assert ids.slug(name) == want
    assert ids.SLUG.match(want)


def test_a_long_name_is_cut_and_stays_unlike_other_long_names() -> None:
    long = "mosul " * 40
    first, second = ids.slug(long + "one"), ids.slug(long + "two")
    assert first != second
    assert first.startswith("mosul-mosul-")
    assert len(first) == len(second) <= 100
    assert ids.slug("x" * 100) == "x" * 100
    assert ids.SLUG.match(first)


@pytest.mark.parametrize("name", ["con", "NUL", "com1", "LPT9", "aux"])
def test_a_name_that_windows_keeps_is_none_for_an_article(name: str) -> None:
    assert ids.slug(name) == f"a-{name.lower()}"
    assert ids.slug(f"{name}sulate") == f"{name.lower()}sulate"
    with pytest.raises(ArticleError, match="is no slug"):
        read(None, TEXT.encode(), "markdown", name.lower())


def test_one_limit_holds_for_reading_keeping_and_publishing() -> None:
    longest, longer = "x" * 100, "x" * 101
    assert read(None, TEXT.encode(), "markdown", longest).slug == longest
    assert path_for(Path("drafts"), longest).name == f"{longest}.en.xlf"
    for slug, fine in ((longest, True), (longer, False), (longest + "\n", False)):
        this = Draft(replace(article(TEXT), slug=slug))
        with nullcontext() if fine else pytest.raises(DraftError, match="at most 100"):
            article_view(this, Terms())
        with nullcontext() if fine else pytest.raises(DraftError, match="at most 100"):
            xliff.dump(this)
    with pytest.raises(UsageError, match="at most 100"):
        path_for(Path("drafts"), longer)
    with pytest.raises(ArticleError, match="at most 100"):
        read(None, TEXT.encode(), "markdown", longer)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_name_makes_a_slug(name: str) -> None:
    assert ids.SLUG.match(ids.slug(name))

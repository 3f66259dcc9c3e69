"""Articles, number, possessives, case: small rules with their examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate import english


@pytest.mark.parametrize(
    ("phrase", "article"),
    [
        ("detachment", "a"),
        ("emir", "an"),
        ("insurgent", "an"),
        ("hour", "an"),
        ("honest man", "an"),
        ("heir", "an"),
        ("house", "a"),
        ("union", "a"),
        ("unit", "a"),
        ("unimportant unit", "an"),
        ("uninformed man", "an"),
        ("university", "a"),
        ("European", "a"),
        ("user", "a"),
        ("Ukrainian", "a"),
        ("Uzbek", "an"),
        ("one-off", "a"),
        ("onerous", "an"),
        ("ISIS member", "an"),
        ("NATO force", "a"),
        ("UN force", "a"),
        ("US drone", "a"),
        ("FBI agent", "an"),
        ("RPG", "an"),
        ("SUV", "an"),
        ("8-year-old", "an"),
        ("11th attack", "an"),
        ("18 000", "an"),
        ("180", "a"),
        ("14th", "a"),
        ("“operation”", "an"),
        ("X-ray", "an"),
        ("", "a"),
        ("😀", "a"),
    ],
)
def test_a_or_an_by_sound(phrase: str, article: str) -> None:
    assert english.article(phrase) == article


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("detachment", "detachments"),
        ("video release", "video releases"),
        ("head of state", "heads of state"),
        ("combat axis", "combat axes"),
        ("city", "cities"),
        ("day", "days"),
        ("gunman", "gunmen"),
        ("woman", "women"),
        ("airstrike", "airstrikes"),
        ("church", "churches"),
        ("qachagh (smuggling route)", "qachaghs (smuggling route)"),
        ("group's member", "group's members"),
        ("fighter jet", "fighter jets"),
        ("thief", "thieves"),
        ("mortar shell", "mortar shells"),
    ],
)
def test_plural_and_back(one: str, many: str) -> None:
    assert english.plural(one) == many
    assert english.singular(many) == one


@pytest.mark.parametrize("same", ["aircraft", "headquarters", "species"])
def test_what_has_no_plural_of_its_own(same: str) -> None:
    assert english.plural(same) == english.singular(same) == same


@pytest.mark.parametrize(
    ("phrase", "owner"),
    [("ISIS", "ISIS's"), ("detachments", "detachments'"), ("gunmen", "gunmen's"), ("Diwan", "Diwan's")],
)
def test_possessive(phrase: str, owner: str) -> None:
    assert english.possessive(phrase) == owner


@pytest.mark.parametrize("phrase", ["squads", "gunmen", "the people of Mosul", "heads of state", "axes"])
def test_looks_plural(phrase: str) -> None:
    assert english.looks_plural(phrase)


@pytest.mark.parametrize("phrase", ["ISIS", "crisis", "Diwan", "pass", "bus", "axis", "is", ""])
def test_looks_singular(phrase: str) -> None:
    assert not english.looks_plural(phrase)


def test_an_article_is_split_off_unless_it_is_part_of_the_name() -> None:
    assert english.split_article("the Left Bank") == ("the", "Left Bank")
    assert english.split_article("The Hague") == ("", "The Hague")
    assert english.split_article("the") == ("", "the")


@pytest.mark.parametrize(
    ("verb", "is_plural", "agreeing"),
    [("is", True, "are"), ("were", False, "was"), ("Has", True, "Have"), ("WAS", True, "WERE"), ("fled", True, "fled")],
)
def test_the_verb_agrees(verb: str, is_plural: bool, agreeing: str) -> None:
    assert english.agreeing_verb(verb, is_plural=is_plural) == agreeing


@pytest.mark.parametrize(
    ("word", "is_plural", "agreeing"), [("This", True, "These"), ("those", False, "that"), ("the", True, "the")]
)
def test_the_determiner_agrees(word: str, is_plural: bool, agreeing: str) -> None:
    assert english.agreeing_determiner(word, is_plural=is_plural) == agreeing


def test_headline_case() -> None:
    assert english.title_case("execution detachments of the group") == "Execution Detachments of the Group"
    assert english.is_title_cased("Iraqi Forces Reach the Left Bank of Mosul")
    assert not english.is_title_cased("Iraqi forces reach the Left Bank of Mosul")


@given(st.text(max_size=20))
def test_changing_the_first_letter_changes_nothing_else(text: str) -> None:
    for changed in (english.capitalised(text), english.decapitalised(text)):
        assert len(changed) == len(text)
        assert sum(a != b for a, b in zip(changed, text, strict=True)) <= 1


@given(st.text(max_size=20))
def test_any_text_is_taken(text: str) -> None:
    assert english.article(text) in {"a", "an"}
    for function in (english.plural, english.singular, english.possessive, english.title_case, english.stem):
        assert isinstance(function(text), str)

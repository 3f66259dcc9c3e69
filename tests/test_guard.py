"""The guard that refuses a translation, and the ladder of other ways."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import Matcher, Term, TermBase
from translate.constraints import require
from translate.decode import Job, Trace, decode
from translate.document import Finding, Segment, Severity, State, Target
from translate.engines.base import Hypothesis, Progress, Request
from translate.engines.fake import FakeEngine
from translate.guard import Kind, names_lost, reasons, stutter, unreadable, weight
from translate.repetition import longest_run

ARABIC = "سيطرت القوات على الساحل الأيسر من المدينة أمس بعد معارك عنيفة."
ENGLISH = "Forces seized the left bank of the city yesterday after fierce fighting."
BANK = Term("الساحل الأيسر", "the Left Bank", number="name", singular="Left Bank", plural="Left Bank", article="the")


@pytest.mark.parametrize(
    ("source", "target", "kinds"),
    [
        (ARABIC, ENGLISH, []),
        (ARABIC, "", [Kind.EMPTY]),
        ("", "", []),
        ("قال", ". , .", [Kind.EMPTY]),
        ("؟!", "?!", []),
        (ARABIC, "Forces seized the city of the city of the city of the city of the city.", [Kind.LOOP]),
        (ARABIC, "Forces seized seized the left bank of the city yesterday after fighting.", [Kind.DOUBLED]),
        (ARABIC, ENGLISH.replace("bank", "bank-al-al-al-al-al-al-al"), [Kind.LOOP]),
        (ARABIC, "Forces.", [Kind.SHORT]),
        ("قال", "He said that he would not be going to the city of the two rivers again today.", [Kind.LONG]),
        (ARABIC, ENGLISH + " القوات", [Kind.COPIED]),
        (ARABIC, ENGLISH.replace("bank", "берег"), [Kind.SCRIPT]),
        (ARABIC, ENGLISH.replace("bank", "⟦ bank"), [Kind.SIGN]),
        ("وصل ٢٧٥ مقاتلا", "257 fighters arrived", [Kind.NUMBER, Kind.NUMBER]),
        ("وصل ٤٬٠٠٠ مقاتل", "4,000 fighters arrived", []),
        ("نشر على Facebook أمس", "Posted on facebook yesterday", []),
        ("نشر على Facebook أمس", "Posted on the internet", [Kind.NAME]),
        ("ههههههههه", "Hahahahahaha", []),
        ("----- قال -----", "----- He said -----", []),
    ],
)
def test_the_guard_says_what_is_wrong(source: str, target: str, kinds: list[Kind]) -> None:
    assert [reason.kind for reason in reasons(source, target)] == kinds


def test_what_stopped_at_the_limit_is_an_error() -> None:
    assert weight(reasons(ARABIC, ENGLISH, stopped=True)) == (1, 0)


def test_a_name_inside_a_term_is_the_term_s_business() -> None:
    term = Term("تنظيم ISIS", "the group", singular="group", plural="groups")
    text = "قال تنظيم ISIS أمس"
    found = require(Matcher(TermBase((term,))).find(text))
    assert found
    assert names_lost(text, "the group said yesterday", found) == []
    assert names_lost(text, "the group said yesterday") == ["ISIS"]


@pytest.mark.parametrize(
    ("said", "phrase", "times"),
    [("a b b b c", "b", 3), ("a b c a b c", "a b c", 2), ("a b a b", "", 0), ("a b a b a b a", "b a", 3), ("", "", 0)],
)
def test_the_longest_run(said: str, phrase: str, times: int) -> None:
    run = longest_run(said.split())
    assert (" ".join(sorted(run.phrase)), run.times) == (" ".join(sorted(phrase.split())), times)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_are_judged(source: str, target: str) -> None:
    assert reasons(source, target) == reasons(source, target)
    unreadable(source)


@settings(max_examples=50, deadline=None)
@given(st.integers(5, 60), st.sampled_from(["the group ", "al-", "Mosul ", "of the city and "]))
def test_a_loop_of_any_length_is_noticed(times: int, phrase: str) -> None:
    assert weight(reasons(ARABIC, f"Forces seized {phrase * times}"))[0]


def test_long_texts_are_judged_in_no_time() -> None:
    reasons("قال " * 20_000, "a" * 50_000)
    assert stutter("", "ab" * 50_000)


class Several(FakeEngine):
    """Gives the n-best lists it was given, careful answers apart; what it does not know it transliterates."""

    def __init__(self, answers: dict[str, list[str]], careful: str = "") -> None:
        self.answers, self.careful = answers, careful
        self.asked: list[Request] = []

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        self.asked += requests
        rest = super().translate(requests, progress)
        for number, request in enumerate(requests):
            if request.careful and self.careful:
                rest[number] = [Hypothesis(self.careful, -1.0)]
            elif request.text in self.answers:
                said = self.answers[request.text][: request.n_best]
                rest[number] = [Hypothesis(text, -0.5 - n) for n, text in enumerate(said)]
        return rest


def one(text: str, engine: FakeEngine, trace: Trace | None = None, terms: tuple[Term, ...] = ()) -> Target:
    found = require(Matcher(TermBase(terms)).find(text)) if terms else ()
    return decode([Job(Segment("a.1.1", text), found)], engine, trace=trace)[0]


def told(target: Target, name: str) -> list[Finding]:
    return [finding for finding in target.findings if finding.check == name]


def test_what_passes_is_decoded_once() -> None:
    engine = Several({ARABIC: [ENGLISH, "another"]})
    assert one(ARABIC, engine).text == ENGLISH
    assert len(engine.asked) == 1


def test_another_of_the_best_is_taken_where_it_has_the_figure() -> None:
    text = "وصل 7500 مدني إلى المدينة"
    engine = Several({text: ["750 civilians arrived in the city", "The 7500 civilians arrived in the city"]})
    target = one(text, engine)
    assert target.text == "The 7500 civilians arrived in the city"
    (note,) = told(target, "h-02")
    assert note.severity is Severity.NOTE
    assert "7500" in note.message
    assert not told(target, "h-01")
    assert not told(target, "n-01")


def test_the_first_stays_where_nothing_is_better() -> None:
    text = "وصل 7500 مدني إلى المدينة"
    target = one(text, Several({text: ["750 civilians arrived in the city", "75 civilians arrived in the city"]}))
    assert target.text == "750 civilians arrived in the city"
    assert told(target, "n-01")
    assert not told(target, "h-02")
    assert not told(target, "h-01"), "a warning is told by its own check"


def test_names_and_emoji_are_kept_from_the_model() -> None:
    text = "نشر المقطع على Facebook 🔥"
    engine = Several({text: ["He posted the clip"], "نشر المقطع على": ["He posted the clip on"]})
    target = one(text, engine)
    assert target.text == "He posted the clip on Facebook 🔥"
    assert told(target, "h-02")
    assert target.state is State.MACHINE


def test_a_loop_is_broken_by_a_careful_search() -> None:
    text = "قال المصدر"
    looped = "the source of the source of the source of the source of the source"
    target = one(text, Several({text: [looped, looped]}, careful="The source said"))
    assert target.text == "The source said"
    assert "kept from repeating itself" in told(target, "h-02")[0].message


def test_what_nothing_helps_is_said() -> None:
    text = "قال المصدر"
    target = one(text, Several({text: [". . ."]}))
    (error,) = told(target, "h-01")
    assert error.severity is Severity.ERROR
    assert "empty" in error.message
    assert "other ways tried: 1" in error.message


def test_terms_are_in_what_the_ladder_gives_and_it_is_explained() -> None:
    text = "وصل 7500 مدني إلى الساحل الأيسر"
    engine = Several({text: ["750 civilians arrived there at once", "7500 civilians came to the left coast"]})
    trace = Trace()
    target = one(text, engine, trace, (BANK,))
    assert "7500" in target.text
    assert "Left Bank" in target.text
    (explained,) = trace.explanations
    assert "other" in str(explained)


def test_a_careful_search_of_a_real_model_is_another_kind_of_request() -> None:
    assert Request("قال") != Request("قال", careful=True)

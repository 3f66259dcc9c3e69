"""The cascade beyond plain substitution: polish, second shots, falling back, and the account given of it all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_decode import ARABIC_WORDS, ENGLISH_WORDS, Phrasebook, job

from translate.constraints import check
from translate.decode import Trace, decode
from translate.document import TermStatus
from translate.engines.base import Hint, Hypothesis, Progress, Request
from translate.engines.fake import FakeEngine
from translate.explain import Explanation

COAST = "فر المسلح إلى الساحل الأيسر ثم هرب من المدينة."
LINKS = ((0, 1), (1, 0), (2, 2), (3, 5), (4, 4), (5, 6), (6, 7), (7, 8), (8, 9), (9, 10))
WRONG = Hypothesis("Gunman fled to the left coast then escape from city.", -0.6, LINKS)
FORCED = "Gunman fled to the Left Bank then escape from city."
BETTER = "Gunman fled to the Left Bank, then escaped the city."


class Continuing(Phrasebook):
    """Knows how to go on behind one prefix, and scores a few texts; everything else scores -1."""

    def __init__(self, answer: Hypothesis, onward: str, scores: dict[str, float]) -> None:
        super().__init__({COAST: answer})
        self.onward, self.scores = onward, scores
        self.given: list[str] = []

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        results = super().translate(requests, progress)
        for number, request in enumerate(requests):
            if request.prefix:
                self.given.append(request.prefix)
                text = self.onward if self.onward[:3] == "Gun" else request.prefix + self.onward
                results[number] = [Hypothesis(text, self.scores.get(text, -1.0), LINKS)]
        return results

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [self.scores.get(target, -1.0) for _, target in pairs]


def test_what_stands_behind_a_forced_term_is_said_anew() -> None:
    engine = Continuing(WRONG, ", then escaped the city.", {BETTER: -0.4})
    (target,) = decode([job(COAST)], engine)
    assert engine.given == ["Gunman fled to the Left Bank"]
    assert target.text == BETTER
    assert target.terms[0].status is TermStatus.FORCED
    assert target.text[target.terms[0].target_begin : target.terms[0].target_end] == "Left Bank"


@pytest.mark.parametrize(
    ("onward", "score", "why"),
    [
        (", then escaped the city.", -1.5, "scores no better"),
        (" of the group of the group of the group", -0.1, "broken"),
        ("ers then escaped the city.", -0.1, "a term got lost"),
        ("Gunman ran.", -0.1, "it changed what stood fast"),
        (", then then escaped the city.", -0.1, "more findings"),
    ],
)
def test_a_polish_is_refused_unless_it_is_better_in_every_way(onward: str, score: float, why: str) -> None:
    text = onward if onward.startswith("Gun") else "Gunman fled to the Left Bank" + onward
    engine = Continuing(WRONG, onward, {text: score})
    trace = Trace()
    (target,) = decode([job(COAST)], engine, trace=trace)
    assert target.text == FORCED
    assert trace.explanations[0].tried[-1].why == why


def test_nothing_is_polished_where_nothing_was_placed_or_hardly_anything_follows() -> None:
    met = Continuing(Hypothesis("Gunman fled to the Left Bank then escaped.", -0.5, LINKS), " x", {})
    decode([job(COAST)], met)
    last = Phrasebook({"فر إلى الديوان.": Hypothesis("He fled to office.", -0.5, ((0, 0), (0, 1), (1, 2), (2, 3)))})
    decode([job("فر إلى الديوان.")], last)
    assert met.given == []
    assert last.asked == ["فر إلى الديوان."]


def test_nothing_is_polished_where_the_term_cost_next_to_nothing() -> None:
    engine = Continuing(Hypothesis(WRONG.text, -0.95, LINKS), ", then escaped the city.", {BETTER: -0.4})
    (target,) = decode([job(COAST)], engine)
    assert engine.given == []
    assert target.text == FORCED


def test_all_polishes_of_a_call_are_asked_for_together() -> None:
    calls: list[int] = []

    class Counting(Continuing):
        def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
            calls.append(len(requests))
            return super().translate(requests, progress)

    again = COAST.replace("المدينة", "القرية")
    engine = Counting(WRONG, ", then escaped the city.", {})
    engine.answers[again] = WRONG
    decode([job(COAST), job(again)], engine)
    assert calls == [2, 2]


class Reader(FakeEngine):
    """Reads hints; what it answers depends on whether it was told a term, told it with the Arabic hidden, or not."""

    annotates = True

    def __init__(self, annotated: str, masked: str, free: str, scores: dict[str, float] | None = None) -> None:
        self.said = {"annotated": annotated, "masked": masked, "free": free}
        self.scores = scores or {}
        self.asked: list[str] = []
        self.hints: list[tuple[Hint, ...]] = []

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        results = []
        for request in requests:
            way = "masked" if any(h.masked for h in request.hints) else "annotated" if request.hints else "free"
            self.asked.append("polish" if request.prefix else way)
            self.hints.append(request.hints)
            text = request.prefix + " and so on and on." if request.prefix else self.said[way]
            results.append([Hypothesis(text, self.scores.get(text, -1.0), cut=text.endswith("..."))])
            if progress:
                progress(1)
        return results

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [self.scores.get(target, -1.0) for _, target in pairs]


TWO = "نهب وبالديوان مفارز"
GOOD = "Detachments looted the Diwan."


@pytest.mark.parametrize(
    ("annotated", "masked", "free", "asked", "text"),
    [
        (GOOD, "", "", ["annotated"], GOOD),
        ("Detachments looted it.", GOOD, "", ["annotated", "masked"], GOOD),
        ("Detachments looted the the...", "", GOOD, ["annotated", "masked", "free"], GOOD),
        ("", "", GOOD, ["annotated", "masked", "free"], GOOD),
        (GOOD[:-1] + "...", "", GOOD, ["annotated", "free"], GOOD),
    ],
)
def test_an_annotated_decode_that_fails_gets_a_second_shot_and_then_none(
    annotated: str, masked: str, free: str, asked: list[str], text: str
) -> None:
    engine = Reader(annotated, masked, free)
    (target,) = decode([job(TWO)], engine)
    assert engine.asked == asked
    assert target.text == text


class Pointing(Reader):
    """Says which English word renders which Arabic one, for the Arabic of `TWO`."""

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        links = ((0, 1), (1, 3), (2, 0))
        return [[replace(h, alignment=links) for h in answer] for answer in super().translate(requests, progress)]


@pytest.mark.parametrize(
    ("said", "asked", "text"),
    [
        ("Detachments looted the office.", ["annotated"], GOOD),
        ("Detachments looted the Diwan Diwan.", ["annotated"], GOOD),
    ],
    ids=["in the place of its own words", "said once more beside itself"],
)
def test_what_a_knife_can_mend_costs_no_other_decode(said: str, asked: list[str], text: str) -> None:
    engine = Pointing(said, GOOD, GOOD)
    (target,) = decode([job(TWO)], engine)
    assert engine.asked == asked
    assert target.text == text


def test_only_the_missing_term_is_masked_and_its_clitics_stay() -> None:
    engine = Reader("Detachments looted it.", GOOD, "")
    decode([job(TWO)], engine)
    first, second = engine.hints[1]
    assert (first.target, first.masked, first.proclitics) == ("Diwan", True, "وبال")
    assert (second.target, second.masked) == ("detachments", False)


DIWAN, DETACHMENT = (requirement.name for requirement in job(TWO).requirements)


@pytest.mark.parametrize(
    ("known", "said", "asked"),
    [
        ({DIWAN, DETACHMENT}, {"free": GOOD}, [()]),
        ({DIWAN}, {"annotated": GOOD}, [("detachments",)]),
        ({DIWAN, DETACHMENT}, {"free": "Detachments looted it.", "annotated": GOOD}, [(), ("Diwan",)]),
        ({DIWAN, DETACHMENT}, {"free": GOOD[:-1] + "...", "annotated": GOOD}, [(), ("Diwan", "detachments")]),
        ({("ديوان", "bureau")}, {"annotated": GOOD}, [("Diwan", "detachments")]),
        (
            {DIWAN},
            {"annotated": "They looted it.", "masked": GOOD},
            [("detachments",), ("Diwan", "detachments"), ("Diwan", "detachments")],
        ),
    ],
    ids=["all known", "one known", "known, yet left out", "broken", "known with other English", "left out to the end"],
)
def test_a_model_is_told_what_it_does_not_know_and_what_it_left_out(
    known: set[tuple[str, str]], said: dict[str, str], asked: list[tuple[str, ...]]
) -> None:
    engine = Reader(**({"annotated": "", "masked": "", "free": ""} | said))
    engine.known_terms = frozenset(known)
    (target,) = decode([job(TWO)], engine)
    assert [tuple(hint.target for hint in hints) for hints in engine.hints] == asked
    assert target.text == GOOD


def test_a_masked_decode_that_honours_no_more_is_dropped() -> None:
    trace = Trace()
    engine = Reader("Detachments looted it.", "Detachments took it.", "They looted it.")
    (target,) = decode([job(TWO)], engine, trace=trace)
    assert "looted" in target.text
    assert [(t.how, t.taken) for t in trace.explanations[0].tried[:3]] == [
        ("annotated", True),
        ("masked", False),
        ("free", False),
    ]


def test_a_free_decode_that_is_clearly_better_once_mended_is_taken() -> None:
    free = "They robbed the bureau."

    class Judging(Reader):
        def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
            return [-0.2 if "robbed" in target else -1.0 for _, target in pairs]

    (target,) = decode([job(TWO)], Judging("Detachments looted it.", "Detachments took it.", free))
    assert "robbed" in target.text
    assert not check(job(TWO).requirements, target.text).unmet


def test_an_engine_is_asked_about_what_it_said_before_the_arabic_sets_it_right() -> None:
    free = "They robbed the bureau with a detachment."

    class Judging(Reader):
        def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
            return [-0.2 if "a detachment" in target else -1.0 for _, target in pairs]

    (target,) = decode([job(TWO)], Judging("Detachments looted it.", "Detachments took it.", free))
    assert target.text.startswith("They robbed")
    assert target.text.endswith(" with detachments.")


def test_a_free_decode_that_says_every_term_is_taken_before_one_to_be_mended() -> None:
    engine = Reader("Detachments looted it.", "Detachments took it.", GOOD, {GOOD: -1.3})
    (target,) = decode([job(TWO)], engine)
    assert engine.asked == ["annotated", "masked", "free"]
    assert target.text == GOOD
    assert {use.status for use in target.terms} == {TermStatus.MET}


def test_a_clause_that_misses_nothing_is_not_asked_again() -> None:
    class Short(Reader):
        limit = 6

    engine = Short("Detachments looted it.", GOOD, "The source said so.")
    (target,) = decode([job(f"{TWO}، قال المصدر في المدينة.")], engine)
    assert sorted(engine.asked) == ["annotated", "free", "masked"]
    assert target.text.startswith("Detachments looted the Diwan")


@pytest.mark.parametrize(("likely", "asked"), [(-1.4, ["annotated"]), (-1.6, ["annotated", "free"])])
def test_an_unlikely_annotated_decode_is_doubted_though_it_honours_its_terms(likely: float, asked: list[str]) -> None:
    free = "Detachments robbed the Diwan."
    engine = Reader(GOOD, "", free, {GOOD: likely, free: -0.5})
    (target,) = decode([job(TWO)], engine)
    assert engine.asked == asked
    assert target.text == (free if "free" in asked else GOOD)


def test_a_failed_sentence_names_every_term_with_the_reason() -> None:
    engine = Phrasebook({TWO: Hypothesis("", 0.0, cut=True)})
    (target,) = decode([job(TWO)], engine)
    named = [finding.message for finding in target.findings if finding.check == "g-01"]
    assert len(named) == 2
    assert all(message.endswith("the sentence could not be translated") for message in named)


def explained(engine: FakeEngine, text: str = COAST) -> Explanation:
    trace = Trace()
    decode([job(text), job("قال المصدر.")], engine, trace=trace)
    (explanation,) = trace.explanations
    return explanation


def test_an_explanation_names_match_words_candidates_choice_and_price() -> None:
    scores = {WRONG.text: -0.3, FORCED: -0.8}
    told = explained(Continuing(WRONG, " then walked.", scores))
    (term,) = told.terms
    assert (term.why, term.arabic, term.aligned) == ("الساحل الأيسر", "الساحل الأيسر", ("left", "coast"))
    assert (term.how, term.surface) == ("substituted", "Left Bank")
    assert term.reason == 'in place of "left coast"'
    assert [option.text for option in term.options if option.chosen] == [FORCED]
    assert told.price == pytest.approx(0.5)
    shown = str(told)
    for part in ("free", "-0.300", "الساحل الأيسر", "left coast", "polished", "price", "0.50"):
        assert part in shown


def test_candidates_come_with_their_scores() -> None:
    text = "دخلوا الساحل الأيسر من الديوان."
    answer = Hypothesis("They entered the Left Bank.", -0.5, ((0, 0), (0, 1), (1, 4), (2, 3), (3, 2), (5, 5)))
    told = explained(Phrasebook({text: answer}), text)
    bank, diwan = told.terms
    assert (bank.how, bank.options) == ("free", ())
    assert (diwan.how, diwan.aligned) == ("inserted", ())
    assert len(diwan.options) > 1
    assert all(option.score is not None for option in diwan.options)
    assert sum(option.chosen for option in diwan.options) == 1


@pytest.mark.parametrize(
    ("engine", "how"),
    [
        (Reader(GOOD, "", ""), {"annotated"}),
        (Reader("Detachments looted it.", GOOD, ""), {"masked"}),
        (Reader("", "", GOOD), {"free"}),
        (Reader("...", "...", "..."), {"inserted"}),
        (Reader("", "", ""), {"unmet"}),
    ],
)
def test_an_explanation_says_which_way_a_term_came(engine: Reader, how: set[str]) -> None:
    assert {term.how for term in explained(engine, TWO).terms} == how


def test_an_explanation_can_be_written_as_json() -> None:
    told = explained(Continuing(WRONG, " then walked.", {}))
    assert json.loads(json.dumps(asdict(told)))["terms"][0]["how"] == "substituted"


def test_nothing_changes_when_somebody_asks_why() -> None:
    def engine() -> Continuing:
        return Continuing(WRONG, ", then escaped the city.", {BETTER: -0.4})

    assert decode([job(COAST)], engine(), trace=Trace()) == decode([job(COAST)], engine())


def english() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(ENGLISH_WORDS), max_size=9).map(" ".join)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(ARABIC_WORDS), min_size=1, max_size=9).map(" ".join), english(), english(), english())
def test_met_or_named_whatever_an_annotating_engine_says(text: str, annotated: str, masked: str, free: str) -> None:
    wanted = job(text)
    trace = Trace()
    (target,) = decode([wanted], Reader(annotated, masked, free), trace=trace)
    unmet = check(wanted.requirements, target.text).unmet
    assert len(unmet) <= sum(finding.check == "g-01" for finding in target.findings)
    assert len(target.terms) == len(wanted.requirements)
    for use in target.terms:
        assert use.surface == target.text[max(use.target_begin, 0) : max(use.target_end, 0)]
    for told in trace.explanations:
        assert told.english == target.text
        assert str(told)

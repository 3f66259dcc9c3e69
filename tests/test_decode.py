"""The cascade: every segment gets a target, every term is met or named, nothing is cut in silence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import Matcher, Term, TermBase
from translate.constraints import check, require
from translate.decode import Job, broken, decode, signature
from translate.document import Mark, Segment, Severity, State, TermStatus
from translate.engines.base import Hypothesis, Progress, Request
from translate.engines.fake import FakeEngine
from translate.words import words

DIWAN = Term("ديوان", "Diwan", singular="Diwan", plural="Diwans", capital="keep")
BANK = Term("الساحل الأيسر", "the Left Bank", number="name", singular="Left Bank", plural="Left Bank", article="the")
DETACHMENT = Term(
    "مفارز",
    "detachments",
    number="pl",
    singular="detachment",
    plural="detachments",
    forms=("مفرزة",),
    form_number=("sg",),
    forbidden=("squads",),
)
MATCHER = Matcher(TermBase((DIWAN, BANK, DETACHMENT)))


class Phrasebook(FakeEngine):
    """A translation engine of a few fixed answers; what it does not know it transliterates."""

    def __init__(self, answers: dict[str, Hypothesis], limit: int = 60) -> None:
        self.answers = answers
        self.limit = limit
        self.asked: list[str] = []

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        self.asked += [request.text for request in requests]
        rest = super().translate(requests, progress)
        return [[self.answers[r.text]] if r.text in self.answers else a for r, a in zip(requests, rest, strict=True)]


def job(text: str, marks: tuple[Mark, ...] = (), headline: bool = False) -> Job:
    return Job(Segment("a.1.1", text, marks=marks), require(MATCHER.find(text)), headline)


def one(text: str, engine: FakeEngine, **more: object) -> object:
    return decode([job(text, **more)], engine)[0]  # type: ignore[arg-type]


def test_a_term_the_engine_got_right_is_met() -> None:
    engine = Phrasebook({"فر إلى الساحل الأيسر.": Hypothesis("He fled to the Left Bank.", -0.5, ((0, 0), (2, 4)))})
    target = one("فر إلى الساحل الأيسر.", engine)
    assert target.text == "He fled to the Left Bank."
    assert [use.status for use in target.terms] == [TermStatus.MET]
    assert target.state is State.MACHINE


def test_a_term_the_engine_got_wrong_is_forced_at_the_aligned_words() -> None:
    links = ((0, 0), (0, 1), (1, 2), (2, 5), (3, 4))
    engine = Phrasebook({"فر إلى الساحل الأيسر.": Hypothesis("He fled to the left coast.", -0.5, links)})
    target = one("فر إلى الساحل الأيسر.", engine)
    assert target.text == "He fled to the Left Bank."
    (use,) = target.terms
    assert use.status is TermStatus.FORCED
    assert target.text[use.target_begin : use.target_end] == use.surface == "Left Bank"


def test_a_term_without_an_alignment_is_put_in_and_flagged() -> None:
    engine = Phrasebook({"هرب الديوان.": Hypothesis("He fled.", -0.5)})
    target = one("هرب الديوان.", engine)
    assert "Diwan" in target.text
    assert target.terms[0].status is TermStatus.SUBSTITUTED
    assert "g-03" in [finding.check for finding in target.findings]


def test_a_failed_translation_stays_empty_and_names_its_terms() -> None:
    engine = Phrasebook({"هرب الديوان.": Hypothesis("", 0.0, cut=True)})
    target = one("هرب الديوان.", engine)
    assert target.text == ""
    assert target.state is State.NEW
    assert [use.status for use in target.terms] == [TermStatus.UNMET]
    assert {"u-01", "x-01"} <= {finding.check for finding in target.findings}
    assert Severity.ERROR in {finding.severity for finding in target.findings}


def test_a_long_sentence_is_decoded_in_clauses_and_stays_one_segment() -> None:
    text = "قال المصدر إن القوات تقدمت، فيما انسحب المسلحون إلى الساحل الأيسر، وأضاف أن المعركة مستمرة."
    engine = Phrasebook({}, limit=8)
    target = one(text, engine)
    assert len(engine.asked) > 1
    assert all(engine.length(asked) <= 8 for asked in engine.asked)
    assert "c-01" in [finding.check for finding in target.findings]
    assert target.text.count(".") == 1
    assert target.terms[0].status in (TermStatus.MET, TermStatus.FORCED)


def test_the_clauses_alignments_point_into_the_whole_sentence() -> None:
    text = "قال المصدر إن القوات تقدمت، فيما انسحب المسلحون إلى الجنوب، وأضاف أن المعركة مستمرة."
    whole = one(text, Phrasebook({}))
    pieces = one(text, Phrasebook({}, limit=6))
    assert [w.text.lower() for w in words(pieces.text)] == [w.text.lower() for w in words(whole.text)]
    assert pieces.alignment == whole.alignment


def test_a_term_is_never_cut_between_two_clauses() -> None:
    text = "انسحب المسلحون من المدينة ثم من الساحل الأيسر ثم من القرى المجاورة"
    for limit in range(4, 12):
        engine = Phrasebook({}, limit=limit)
        one(text, engine)
        assert any("الساحل الأيسر" in asked for asked in engine.asked)


def test_a_loop_is_decoded_again_in_clauses() -> None:
    text = "قال المصدر إن القوات تقدمت، فيما انسحب المسلحون إلى الجنوب."
    engine = Phrasebook({text: Hypothesis("the group of the group of the group of the group of", -1.0)})
    target = one(text, engine)
    assert "the group of the group" not in target.text
    assert len(engine.asked) > 1


def test_what_stays_cut_is_named() -> None:
    engine = Phrasebook({"قال.": Hypothesis("He said that", -1.0, cut=True)})
    assert "x-01" in [finding.check for finding in one("قال.", engine).findings]


def test_a_segment_without_arabic_is_carried_over() -> None:
    engine = Phrasebook({})
    target = one("2015-11-19، ١٢", engine)
    assert target.text == "2015-11-19, 12"
    assert engine.asked == []
    assert target.score is None


def test_equal_sentences_are_translated_once() -> None:
    engine = Phrasebook({})
    jobs = [Job(Segment(f"a.1.{n}", "قال المصدر.")) for n in range(5)]
    targets = decode(jobs, engine)
    assert len({target.text for target in targets}) == 1
    assert engine.asked == ["قال المصدر."]


def test_progress_counts_jobs() -> None:
    seen: list[int] = []
    decode([job("قال المصدر."), job("قال المصدر."), job("فر.")], FakeEngine(), seen.append)
    assert sum(seen) == 3


@pytest.mark.parametrize(
    "text",
    [
        "زوروا https://www.bbc.com/arabic الآن.",
        "راسلوا editor@example.org اليوم",
        "تابعوا @bbc_arabic هنا",
        "الموقع (www.example.org/a?b=1&c=2) مفيد.",
    ],
)
def test_addresses_are_kept_to_the_letter(text: str) -> None:
    engine = Phrasebook({})
    target = one(text, engine)
    address = next(word.strip("().") for word in text.split() if word.isascii())
    assert address in target.text
    assert not any(address in asked for asked in engine.asked)
    assert target.text.endswith(".") == text.endswith(".")


def test_code_is_kept_and_marked_once() -> None:
    text = "اكتب rm -rf /tmp الآن."
    target = one(text, Phrasebook({}), marks=(Mark("code", 5, 16),))
    assert target.text.count("rm -rf /tmp") == 1
    (mark,) = target.marks
    assert target.text[mark.begin : mark.end] == "rm -rf /tmp"
    assert "k-01" not in [finding.check for finding in target.findings]


def test_a_cell_of_code_alone_is_not_translated() -> None:
    engine = Phrasebook({})
    assert one("قائمة", engine, marks=(Mark("code", 0, 5),)).text == "قائمة"
    assert engine.asked == []


def test_a_picture_alone_has_its_description_translated() -> None:
    engine = Phrasebook({})
    target = one("خريطة", engine, marks=(Mark("image", 0, 5, (("src", "a.png"),)),))
    assert engine.asked == ["خريطة"]
    assert [mark.kind for mark in target.marks] == ["image"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("secret documents show", "Secret documents show"),
        ('"we left," he said', '"We left," he said'),
        ("iPhone sales fell", "iPhone sales fell"),
        ("https://a.b is new", "https://a.b is new"),
        ("He left", "He left"),
        ("12 men left", "12 men left"),
    ],
)
def test_a_sentence_begins_with_a_capital(said: str, expected: str) -> None:
    assert one("قال", Phrasebook({"قال": Hypothesis(said, -1.0)})).text == expected


def test_marks_are_carried_to_the_aligned_words() -> None:
    engine = Phrasebook({"قال المصدر": Hypothesis("The source said", -0.5, ((0, 2), (1, 0), (1, 1)))})
    target = one("قال المصدر", engine, marks=(Mark("strong", 4, 10),))
    (mark,) = target.marks
    assert target.text[mark.begin : mark.end] == "The source"


def test_the_signature_changes_with_the_terms_that_occur() -> None:
    engine = FakeEngine()
    assert signature(engine, job("هرب الديوان").requirements) != signature(engine, job("قال").requirements)
    assert signature(engine, job("قال").requirements) == signature(engine, job("فر").requirements)
    assert "terms:none" in signature(engine, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Iraqi forces said that the forces left.", False),
        ("He said, he said, he said.", True),
        ("the the the house", True),
        ("very very long", False),
        ("the group of the group of the group of men", True),
        ("10, 10, 10", True),
    ],
)
def test_loops_are_recognised(text: str, expected: bool) -> None:
    assert broken(Hypothesis(text, -1.0)) is expected


def test_a_run_of_dashes_is_judged_at_once() -> None:
    assert broken(Hypothesis("a" + "-" * 2000 + " " + "it's " * 2, -1.0)) is False
    assert broken(Hypothesis("a-b " * 500, -1.0)) is True


def test_a_very_long_sentence_with_terms_is_translated_whole() -> None:
    text = "قال المصدر إن المسلحين انسحبوا من الديوان، " * 60
    target = one(text.strip(), Phrasebook({}, limit=20))
    assert sum(use.status is not TermStatus.UNMET for use in target.terms) == 60


def test_presentation_forms_are_arabic() -> None:
    engine = Phrasebook({})
    one("\ufee3\ufeaa\ufef3\ufee8\ufe94", engine)
    assert engine.asked


def test_an_abbreviation_keeps_its_full_stop_between_clauses() -> None:
    from translate.joining import fit

    assert fit("the U.S.", first=True, last=False) == "the U.S."
    assert fit("He said.", first=True, last=False) == "He said"


ARABIC_WORDS = ["وبالديوان", "مفارز", "المفرزة", "بالساحل الأيسر", "قال", "المصدر", "إن", "،", "2015", "داعش.", "😀"]
ENGLISH_WORDS = ["the", "a", "Diwan", "detachment", "left", "coast", "squads", "said", ",", "The", "Left Bank", "is"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(ARABIC_WORDS), max_size=12),
    st.lists(st.sampled_from(ENGLISH_WORDS), max_size=12),
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=12),
    st.booleans(),
)
def test_every_term_is_met_or_named_whatever_the_engine_says(
    arabic: list[str], english: list[str], links: list[tuple[int, int]], headline: bool
) -> None:
    text, answer = " ".join(arabic), " ".join(english)
    sound = tuple((s, t) for s, t in links if s < len(words(text)) and t < len(words(answer)))
    engine = Phrasebook({text: Hypothesis(answer, -1.0, sound)})
    wanted = job(text, headline=headline)
    target = decode([wanted], engine)[0]
    unmet = check(wanted.requirements, target.text).unmet
    assert not unmet or {"u-01", "g-01"} & {finding.check for finding in target.findings}
    assert len(target.terms) == len(wanted.requirements)
    for use in target.terms:
        if use.status is not TermStatus.UNMET:
            assert target.text[use.target_begin : use.target_end] == use.surface


class Careful(Phrasebook):
    """Prefers one given English over every other."""

    def __init__(self, answers: dict[str, Hypothesis], preferred: str) -> None:
        super().__init__(answers)
        self.preferred = preferred

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [0.0 if target == self.preferred else -5.0 for _, target in pairs]


def test_a_dropped_name_comes_back_behind_its_preposition() -> None:
    text = "دخلوا الساحل الأيسر من الديوان."
    links = ((0, 0), (0, 1), (1, 4), (2, 3), (3, 2), (5, 5))
    answer = Hypothesis("They entered the Left Bank.", -0.5, links)
    wanted = "They entered the Left Bank of the Diwan."
    assert one(text, Careful({text: answer}, wanted)).text == wanted

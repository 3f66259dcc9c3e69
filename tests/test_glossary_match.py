"""What the matcher promises for any text: offsets, order, reasons, and the rules that a table row cannot show."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import Matcher, Term, TermBase, fold, key
from glossary.clitics import peel
from glossary.terms import Condition

BUNDLED = Matcher(TermBase.load(TermBase.default()))
PIECES = st.sampled_from(
    [
        *(form.strip("[]") for term in BUNDLED.base.terms for form, _ in term.listed()),
        *"وفبكلاهمتي", "ال", "لل", "ها", "هم", "نا", "ون", "ين", "ان", "ات",
        *" \n\t\u00a0\u200f\u0651\u0640\ufeff،.«»-_",
        "8000", "🙂", "abc",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))


def one(source: str, **rest: object) -> Matcher:
    return Matcher(TermBase((Term(source, "x", **rest),)))


def found(matcher: Matcher, text: str) -> list[str]:
    return [match.surface for match in matcher.find(text)]


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_sorted_disjoint_matches_within_bounds(text):
    behind = 0
    for match in BUNDLED.find(text):
        assert behind <= match.begin <= match.stem_begin < match.stem_end <= match.end <= len(text)
        assert match.surface == text[match.begin : match.end]
        assert match.number in ("sg", "du", "pl", "unknown")
        assert key(text[match.begin : match.stem_begin]) == "".join(match.proclitics)
        behind = match.end


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_explain_holds_what_find_finds_and_gives_a_reason_for_the_rest(text):
    rows = BUNDLED.explain(text)
    assert [match for match, reason in rows if reason is None] == BUNDLED.find(text)
    assert all(reason for _, reason in rows if reason is not None)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_fold_offsets_lead_back(text):
    folded = fold(text)
    assert len(folded.offsets) == len(folded.text) + 1 == len(folded.ends) + 1
    assert folded.text == key(text)
    assert list(folded.offsets) == sorted(folded.offsets)
    for index, letter in enumerate(folded.text):
        begin, end = folded.span(index, index + 1)
        assert 0 <= begin < end <= len(text)
        assert letter in key(text[begin:end])
    assert folded.offsets[-1] == len(text)


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_fold_twice_is_fold_once(text):
    assert key(key(text)) == key(text)


@given(st.text(alphabet="وفبكلاهمتين", max_size=9))
@settings(max_examples=200, deadline=None)
def test_peeling_is_small_and_loses_no_letter(word):
    ways = peel(word)
    assert len(ways) <= 6
    for way in ways:
        assert word.startswith("".join(way.proclitics))
        assert word.endswith(way.rest)


@pytest.mark.parametrize("gap", [" ", "  ", "\u00a0", "\n", "\u202f", " \u200f", "\r\n", "\t"])
def test_white_space_of_any_kind_joins_the_words_of_a_term(gap):
    text = f"في الساحل{gap}الأيسر."
    [match] = BUNDLED.find(text)
    assert match.surface == f"الساحل{gap}الأيسر"


@pytest.mark.parametrize("gap", ["، ", ". ", "-", " - ", "_", " (", "\u200f", "/", "…"])
def test_punctuation_does_not(gap):
    assert not BUNDLED.find(f"الساحل{gap}الأيسر")


def test_spans_keep_proclitics_and_pronouns_apart_from_the_term():
    text = "قال إن وَبِمَفارِزِها سقطت"
    [match] = BUNDLED.find(text)
    assert match.surface == "وَبِمَفارِزِها"
    assert text[match.stem_begin : match.stem_end] == "مَفارِزِ"
    assert (match.proclitics, match.enclitic, match.definite) == (("و", "ب"), "ها", False)


def test_the_article_belongs_to_the_term_even_in_lil():
    text = "وللساحل الأيسر"
    [match] = BUNDLED.find(text)
    assert text[match.stem_begin : match.stem_end] == "لساحل الأيسر"
    assert match.proclitics == ("و", "ل")
    assert match.definite


@pytest.mark.parametrize("word", ["الديوان", "للديوان", "وبالديوان", "ديوانه", "ديوانها", "بديوان المال", "ديوانَك"])
def test_diwan_alone(word):
    assert found(one("ديوان"), word) == [word.split()[0]]


@pytest.mark.parametrize("word", ["الديوانية", "ديوانية", "ديواني", "الديواني", "ديوانة", "ديوانات"])
def test_diwan_not_in_other_words(word):
    assert not found(one("ديوان"), word)


def test_ta_marbuta_opens_before_a_pronoun_and_only_there():
    matcher = one("مفرزة")
    assert found(matcher, "مفرزة مفرزتها مفرزت مفرزه") == ["مفرزة", "مفرزتها", "مفرزه"]


def test_final_hamza_and_alif_maqsura_before_a_pronoun():
    assert found(one("أعضاء", number="pl"), "أعضاؤه أعضائهم أعضاءها") == ["أعضاؤه", "أعضائهم", "أعضاءها"]
    assert found(one("مستشفى"), "مستشفاه مستشفى المستشفى") == ["مستشفاه", "مستشفى", "المستشفى"]


def test_lam_before_lam():
    assert found(one("لجنة"), "للجنة لجنة باللجنة اللجنة") == ["للجنة", "لجنة", "باللجنة", "اللجنة"]
    assert one("اللجنة الأمنية").find("للجنة الأمنية")[0].why == "ل+اللجنة الأمنية"


def test_a_word_in_al_is_not_always_definite():
    assert found(one("ألمانيا", number="name"), "المانيا لألمانيا مانيا") == ["المانيا", "لألمانيا"]
    assert found(one("التزام"), "الالتزام التزام التزامه تزام") == ["الالتزام", "التزام", "التزامه"]


def test_short_broken_plurals_are_not_taken_for_sound_ones():
    assert found(one("سجون", number="pl"), "سجون سجين السجون سجو") == ["سجون", "السجون"]


def test_names_take_prepositions_and_nothing_else():
    assert found(one("تكريت", number="name"), "لتكريت التكريت تكريته تكريتا") == ["لتكريت"]


def test_exact_entries_do_not_fold():
    folded, exact = one("الرقّة", number="name"), one("أمل", exact=True)
    assert found(folded, "الرقه بالرقة") == ["الرقه", "بالرقة"]
    assert found(exact, "امل إمل أمل بأمل الأمل أملها") == ["أمل", "بأمل", "الأمل", "أملها"]


def test_longest_wins_and_the_loser_is_explained():
    rows = BUNDLED.explain("لتنظيم داعش الإرهابي")
    assert [(match.term.source, bool(reason)) for match, reason in rows] == [
        ("تنظيم داعش الإرهابي", False),
        ("تنظيم داعش", True),
        ("داعش", True),
    ]
    assert rows[1][1] == "inside تنظيم داعش الإرهابي (لتنظيم داعش الإرهابي)"


def test_leftmost_wins_among_equals():
    base = TermBase((Term("قادة الجيش", "a"), Term("الجيش السوري", "b")))
    assert found(Matcher(base), "قادة الجيش السوري") == ["قادة الجيش"]


def test_preferred_wins_over_admitted_whatever_the_order():
    base = TermBase((Term("أمير", "prince", status="admitted"), Term("أمير", "emir")))
    matcher = Matcher(base)
    assert [match.term.target for match in matcher.find("الأمير")] == ["emir"]
    assert "already a form of" in str(matcher.warnings[0])


@pytest.mark.parametrize(
    ("kind", "words", "yes", "no"),
    [
        ("definite", (), ["الفصيل", "فصيله"], ["فصيل"]),
        ("enclitic", (), ["فصيله"], ["الفصيل", "فصيل", "فصيلة"]),
        ("as-written", (), ["فصيل", "بفصيل"], ["الفصيل", "فصيله"]),
        ("not-before", ("الدم",), ["فصيل آخر", "فصيل، الدم"], ["فصيل الدم", "فصيل والدم"]),
        ("before", ("مسلح",), ["فصيل مسلح", "فصيل المسلح"], ["فصيل", "فصيل آخر"]),
        ("not-after", ("نقل",), ["فصيل", "نقل. فصيل"], ["نقل فصيل", "ونقل فصيل"]),
        ("after", ("قائد",), ["قائد فصيل", "والقائد فصيل"], ["فصيل"]),
        ("bare-before", ("مسلح",), ["الفصيل", "فصيل مسلح", "فصيلا", "فصيله المسلح"], ["فصيل آخر", "فصيل", "فصيله"]),
        ("not-before", ("ل+",), ["فصيل آخر", "فصيل"], ["فصيل لإيران", "فصيل ولإيران"]),
        ("never", ("فصيله",), ["فصيل", "فصيلة"], ["فصيله", "وفصيله"]),
    ],
)
def test_conditions(kind, words, yes, no):
    matcher = one("فصيل", context=(Condition(kind, words),), forms=("فصيلة",) * (kind == "never"),
                  form_number=("sg",) * (kind == "never"))  # fmt: skip
    assert [text for text in yes if not matcher.find(text)] == []
    assert [text for text in no if matcher.find(text)] == []
    assert all(reason for text in no for _, reason in matcher.explain(text))


def test_a_bracketed_word_has_to_follow_and_is_not_part_of_the_match():
    rigid = (Condition("as-written"),)
    matcher = one("قواعد التنظيم", number="mass", forms=("قواعد [تنظيم داعش]",), form_number=("mass",), context=rigid)
    assert found(matcher, "وقواعد تنظيم داعش") == ["وقواعد"]
    assert found(matcher, "قواعد تنظيم المرور") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("8000 غارة", "pl"), ("١٢ غارة", "pl"), ("1 غارة", "sg"), ("100 غارة", "pl"), ("خمسين غارة", "pl"),
     ("وعشرين غارة", "pl"), ("كل غارة", "sg"), ("8000، غارة", "sg"), ("غارتان", "du"), ("5 غارات", "pl")],
)  # fmt: skip
def test_counted_singulars_mean_many(text, number):
    assert [match.number for match in BUNDLED.find(text)] == [number]


def test_coordinated_banks():
    text = "بين الساحلين الأيمن والأيسر"
    right, left = BUNDLED.find(text)
    assert (right.term.target, right.surface) == ("the Right Bank", "الساحلين الأيمن")
    assert (left.term.target, left.surface, left.proclitics) == ("the Left Bank", "والأيسر", ("و",))
    assert not BUNDLED.find("الساحلين، الأيمن والأيسر")
    assert not BUNDLED.find("والأيسر")


def test_ordinary_words_are_reported_when_the_matcher_is_built():
    assert any("قاده" in caution.message for caution in one("قادة", number="pl").warnings)
    assert one("مفرزة").warnings == []


def test_the_bundled_terms_warn_of_what_is_known_and_of_nothing_else():
    assert [(c.message.split(":")[0], c.message.split("word ")[1].split()[0]) for c in BUNDLED.warnings] == [
        ("قادة", "قادته"),
    ]


def test_an_entry_without_letters_is_reported_and_harmless():
    matcher = one("؟!")
    assert "no letters" in matcher.warnings[0].message
    assert matcher.find("؟!") == []


def test_near_looks_at_the_text_and_at_what_is_around_it():
    matcher = one("الجانب الأيمن", context=(Condition("near", ("الموصل", "دجلة")),))
    assert found(matcher, "ألم في الجانب الأيمن") == []
    assert found(matcher, "الجانب الأيمن من الموصل") == ["الجانب الأيمن"]
    assert found(matcher, "وبالموصل سقط الجانب الأيمن") == ["الجانب الأيمن"]
    around = matcher.surroundings("معركة للموصل. ثم انتهت")
    assert around == {"الموصل"}
    assert [match.surface for match in matcher.find("ألم في الجانب الأيمن", around)] == ["الجانب الأيمن"]
    assert matcher.explain("الجانب الأيمن")[0][1] == "only near الموصل or دجله"
    assert one("ديوان").surroundings("الموصل") == frozenset()


def test_near_holds_for_coordinated_terms_too():
    near = (Condition("near", ("الموصل",)),)
    terms = [Term(f"الجانب {side}", "x", context=near) for side in ("الأيمن", "الأيسر")]
    matcher = Matcher(TermBase(tuple(terms)))
    assert found(matcher, "بين الجانبين الأيمن والأيسر") == []
    assert len(found(matcher, "الموصل: بين الجانبين الأيمن والأيسر")) == 2


def test_an_accusative_beside_a_term():
    matcher = one("أستراليا", number="name", context=(Condition("not-after", ("+ا",)),))
    assert found(matcher, "إن ممرضا استراليا عاد") == []
    assert found(matcher, "إن ممرضاً استراليّا عاد") == []
    for text in ("إلى أستراليا", "هذا أستراليا", "ما أستراليا", "إن أستراليا", "ليبيا وأستراليا"):
        assert len(found(matcher, text)) == 1, text


def test_a_form_with_punctuation_is_reported():
    assert "punctuation" in one("صواريخ أرض - جو").warnings[0].message
    assert one("قواعد [تنظيم]", number="mass").warnings == []


def test_a_form_with_too_many_shapes_is_found_as_listed():
    source = " ".join(["مقاتلون"] * 30)
    matcher = one(source, number="pl")
    assert "too many shapes" in matcher.warnings[0].message
    assert found(matcher, source) == [source]


def test_hundreds_of_terms_with_shared_words():
    words = [f"{a}{b}{c}{d}" for a in "سشصضط" for b in "رزجح" for c in "منقف" for d in "دذته"]
    base = TermBase(tuple(Term(f"{word} {other}", "x") for word in words for other in ("أول", "الثاني")))
    matcher = Matcher(base)
    assert len(base.terms) == 640
    assert found(matcher, "بالسرمد الثاني وسرمد أول، الضحفه الأول") == ["بالسرمد الثاني", "وسرمد أول", "الضحفه الأول"]


def test_matches_are_values():
    [match] = BUNDLED.find("داعش")
    with pytest.raises(AttributeError):
        match.begin = 3
    assert match == BUNDLED.find("داعش")[0]


def test_no_text_and_no_terms():
    assert BUNDLED.find("") == []
    assert Matcher(TermBase()).find("داعش في الموصل") == []
    assert Matcher(TermBase()).explain("داعش") == []


def test_what_was_forgotten_is_found_again(monkeypatch):
    texts = ["مفارز الإعدامات", "وبمفارز الاعدامات في الموصل", "الساحلين الأيمن والأيسر", "مفارز", "مفارز الموصل"] * 3
    whole = Matcher(TermBase.load(TermBase.default()))
    expected = [whole.explain(text) for text in texts]
    monkeypatch.setattr("glossary.readings._MOST_REMEMBERED", 3)
    forgetful = Matcher(whole.base)
    assert [forgetful.explain(text) for text in texts] == expected

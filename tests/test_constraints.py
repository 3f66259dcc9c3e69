"""What a match demands and whether a text gives it: tests/cases/constraints.md, and the real term base."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from case_blocks import case_blocks
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import Match, Matcher, Term, TermBase
from translate.constraints import Requirement, check, renditions, require
from translate.english import split_article

CASES = Path(__file__).parent / "cases" / "constraints.md"


def _match(line: str, place: int = 0, source: str = "س") -> Match:
    target, *rest = [part.strip() for part in line.split(";")]
    facts = dict(part.partition("=")[::2] for part in rest)
    bare = split_article(target)[1]
    term = Term(
        source=source,
        target=target,
        number=next((kind for kind in ("name", "mass") if kind in facts), "sg"),
        singular=facts.get("one", bare),
        plural=facts.get("many", bare),
        forbidden=tuple(f for f in facts.get("not", "").split("|") if f),
        admitted=tuple(f for f in facts.get("also", "").split("|") if f),
    )
    return Match(
        term=term,
        begin=place,
        end=place + 1,
        stem_begin=place,
        stem_end=place + 1,
        proclitics=(),
        definite=False,
        number=facts.get("is", "unknown"),
        enclitic="",
        why=source,
        surface=source,
    )


def _cases() -> list[object]:
    return [
        pytest.param([value for key, value in pairs if key == "term"], dict(pairs), id=title)
        for title, pairs in case_blocks(CASES)
    ]


@pytest.mark.parametrize(("terms", "case"), _cases())
def test_case(terms: list[str], case: dict[str, str]) -> None:
    requirements = require([_match(line, n) for n, line in enumerate(terms)])
    outcome = check(requirements, case["text"])
    stands = {id(r): case["text"][b:e] for r, b, e in outcome.met}
    assert "|".join(stands.get(id(r), "-") for r in requirements) == case["met"]
    assert "|".join(case["text"][b:e] for _, b, e in outcome.forbidden) == case.get("forbidden", "")


@pytest.mark.parametrize(
    ("number", "first"),
    [("pl", "detachments"), ("du", "detachments"), ("sg", "detachment"), ("unknown", "detachments")],
)
def test_the_form_for_the_number_comes_first(number: str, first: str) -> None:
    (requirement,) = require([_match(f"detachments; one=detachment; many=detachments; is={number}")])
    assert requirement.surfaces[0] == first
    assert set(requirement.surfaces) == {"detachment", "detachments"}


def test_no_surface_has_an_article_in_front() -> None:
    (requirement,) = require([_match("the Left Bank; name")])
    assert requirement.surfaces == ("Left Bank",)


def test_requirements_come_in_source_order() -> None:
    later, sooner = _match("ISIS; name", 9), _match("Raqqa; name", 2)
    assert [r.match for r in require([later, sooner])] == [sooner, later]


def test_every_bundled_term_is_met_by_its_own_english() -> None:
    base = TermBase.load(TermBase.default())
    matcher = Matcher(base)
    assert len(base.terms) > 50
    for term in base.terms:
        matches = [m for m in matcher.find(term.source) if m.term == term]
        for requirement in require(matches):
            outcome = check([requirement], f"They saw {term.target}.")
            assert not outcome.unmet, term.source
            assert not outcome.forbidden, term.source
            for surface in requirement.surfaces:
                assert not check([requirement], f"{surface[0].upper()}{surface[1:]}’s men").unmet, surface


_WORDS = ["ISIS", "group", "ISIS group", "the", "terrorist group ISIS", "group's members", "members", "x", "group ISIS"]


def _requirement(surface: str, place: int) -> Requirement:
    return Requirement(_match("x; name", place), (surface,))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(_WORDS), max_size=6),
    st.lists(
        st.sampled_from(["ISIS", "group", "ISIS group", "terrorist group ISIS", "group ISIS", "members"]), max_size=4
    ),
)
def test_the_assignment_is_the_best_there_is(text: list[str], wanted: list[str]) -> None:
    target = " ".join(text)
    requirements = [_requirement(surface, n) for n, surface in enumerate(wanted)]
    outcome = check(requirements, target)
    spans = sorted((b, e) for _, b, e in outcome.met)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))

    def most(left: list[str], taken: list[tuple[int, int]]) -> int:
        if not left:
            return 0
        best = most(left[1:], taken)
        for span in renditions([left[0]], target):
            if all(span[1] <= b or e <= span[0] for b, e in taken):
                best = max(best, 1 + most(left[1:], [*taken, span]))
        return best

    assert len(outcome.met) == most(wanted, [])
    assert len(outcome.met) + len(outcome.unmet) == len(requirements)


def test_many_terms_in_a_long_text_take_no_time() -> None:
    wanted = ["ISIS", "group", "ISIS group", "members"] * 8
    requirements = [_requirement(surface, n) for n, surface in enumerate(wanted)]
    outcome = check(requirements, "the ISIS group members and ISIS and group " * 12)
    assert not outcome.unmet


def test_a_proper_noun_in_the_singular_is_never_plural() -> None:
    term = Term(
        "الساحل الأيسر",
        "the Left Bank",
        singular="Left Bank",
        plural="Left Banks",
        pos="proper noun",
        forms=("الساحلان الأيسران",),
        form_number=("du",),
    )
    base = Matcher(TermBase((term,)))
    (one,) = require(base.find("دخلوا الساحل الأيسر"))
    assert check((one,), "They entered Left Banks.").unmet == (one,)
    (dual,) = require(base.find("الساحلان الأيسران"))
    assert check((dual,), "Both Left Banks.").unmet == ()

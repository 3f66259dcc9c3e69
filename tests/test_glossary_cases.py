"""The text cases of the glossary: an Arabist adds a row to tests/cases/*.md and needs no Python."""

import re
from pathlib import Path

import pytest

from glossary import Matcher, TermBase, fold, key
from glossary.clitics import peel
from glossary.terms import BUNDLED

CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[tuple[str, str]]:
    """The two-column rows of a Markdown table, `\\u200f` read as the sign it names."""
    found = []
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 2 and not set(cells[0]) <= set("-: ") and cells[0] not in HEADS:
            found.append(tuple(re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), cell) for cell in cells))
    return found


HEADS = ("text", "word")


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(TermBase.load(TermBase.default()))


@pytest.fixture(scope="module")
def news() -> Matcher:
    return Matcher(TermBase.load(BUNDLED["news"]))


@pytest.mark.parametrize(("text", "expected"), rows("fold.md"))
def test_fold(text, expected):
    assert key(text) == expected
    assert fold(text).text == expected


@pytest.mark.parametrize(("word", "expected"), rows("clitics.md"))
def test_peel(word, expected):
    ways = ["+".join([*way.proclitics, *(["ال"] if way.definite else []), way.rest]) for way in peel(word)]
    assert sorted(ways) == sorted(expected.split("; "))
    assert len(ways) <= 6


def found(matcher: Matcher, text: str) -> str:
    text, _, article = text.partition(" // ")
    matches = matcher.find(text, matcher.surroundings(article))
    return "; ".join(f"{match.term.source}, {match.number}, {match.why}" for match in matches) or "none"


@pytest.mark.parametrize(("text", "expected"), rows("match.md"))
def test_match(matcher, text, expected):
    assert found(matcher, text) == expected


@pytest.mark.parametrize(("text", "expected"), rows("match-news.md"))
def test_match_news(news, text, expected):
    assert found(news, text) == expected


def test_no_text_stands_in_the_cases_twice():
    for name in ("match.md", "match-news.md"):
        texts = [text for text, _ in rows(name)]
        assert len(texts) == len(set(texts)), sorted(text for text in texts if texts.count(text) > 1)


def test_every_bundled_term_has_cases_in_and_out_of_clothing(matcher):
    cases = rows("match.md")
    assert len(cases) >= 250
    for term in matcher.base.terms:
        own = [text for text, expected in cases if any(e.split(", ")[0] == term.source for e in expected.split("; "))]
        assert len(own) >= 2, term.source

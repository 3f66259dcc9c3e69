"""Every rule of matching by itself: cases as text, each with a small term file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from glossary import Matcher, TermBase
from glossary.terms import BARE_CONDITIONS, LISTED_CONDITIONS

CASES = Path(__file__).parent / "cases" / "rules.md"
OTHERS = {"exact", "number", "forms", "longest", "leftmost", "status", "clitics", "white", "coordination"}


def cases() -> Iterator[tuple[str, str, str, str]]:
    """(rule, term file, text, what is found) of each line that begins with a dash."""
    for part in CASES.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, *lines = part.splitlines()
        terms = "".join(line.strip().replace(" || ", "\t") + "\n" for line in lines if line.startswith("    "))
        for line in lines:
            if line.startswith("- "):
                text, _, wanted = line[2:].rpartition(": ")
                yield title, terms, re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text), wanted


@pytest.mark.parametrize(("title", "terms", "text", "wanted"), list(cases()))
def test_rule(title: str, terms: str, text: str, wanted: str) -> None:
    matcher = Matcher(TermBase.of(terms, f"{title}.tsv"))
    text, _, article = text.partition(" // ")
    found = matcher.find(text, matcher.surroundings(article))
    assert ("; ".join(f"{match.term.source}, {match.number}" for match in found) or "none") == wanted


def test_every_rule_has_a_case_that_counts_and_conditions_one_that_does_not() -> None:
    rules = {(title.split()[0], wanted == "none") for title, _, _, wanted in cases()}
    conditions = set(BARE_CONDITIONS) | set(LISTED_CONDITIONS)
    assert {(name, False) for name in conditions | OTHERS} <= rules
    assert {(name, True) for name in conditions} <= rules

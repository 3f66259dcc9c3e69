"""A text and what the terms do with it: what matches, what loses to what and why, and which English is accepted.

The one account for the command and for the page of the desk. Knows no drafts and no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glossary import Match, Matcher
from translate.constraints import require

LONGEST = 20_000
"""Characters of a text that is tried: a long article."""
_ARTICLES = {"the": "always with the", "none": "never with an article", "auto": "with or without an article"}
_NUMBERS = {"sg": "one", "pl": "many", "du": "two", "unknown": "one or many"}


@dataclass(frozen=True, slots=True)
class Tried:
    """One stretch of the text that a term could be."""

    match: Match
    reason: str
    """Why it does not count; empty when it does."""
    accepted: tuple[str, ...]
    """("execution detachments", "execution detachment") - without article, the one asked for first."""
    forbidden: tuple[str, ...]

    @property
    def english(self) -> str:
        """`'execution detachments'`: what is asked for first, with the article if it always has one."""
        first = self.accepted[0]
        return f"the {first}" if self.match.term.article == "the" else first

    @property
    def policy(self) -> str:
        """What is said of the article."""
        return _ARTICLES[self.match.term.article]

    @property
    def number(self) -> str:
        """How many the Arabic speaks of: "one", "two", "many", "one or many"."""
        return _NUMBERS.get(self.match.number, self.match.number)


def tried(matcher: Matcher, text: str, around: str = "") -> list[Tried]:
    """All that could be a term, in the order of the text. `around` is the article that the text stands in."""
    near = matcher.surroundings(around) if around else frozenset[str]()
    found = []
    for match, reason in matcher.explain(text, near):
        (requirement,) = require([match])
        found.append(Tried(match, reason or "", requirement.surfaces, requirement.forbidden))
    return found


def told(found: Sequence[Tried]) -> list[Mapping[str, Any]]:
    """The same as plain values; offsets are those of Python."""
    return [
        {
            "begin": one.match.begin,
            "end": one.match.end,
            "text": one.match.surface,
            "analysis": one.match.why,
            "source": one.match.term.source,
            "target": one.match.term.target,
            "counts": not one.reason,
            "reason": one.reason,
            "number": one.match.number,
            "english": one.english,
            "accepted": list(one.accepted),
            "article": one.match.term.article,
            "forbidden": list(one.forbidden),
            "file": one.match.term.file,
            "line": one.match.term.line,
        }
        for one in found
    ]

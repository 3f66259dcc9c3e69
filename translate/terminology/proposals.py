"""Candidates as a person is shown them: on a line to read, or as lines to paste into a term file under its columns.

Knows columns and cells; where candidates come from is the business of `candidates` and `edits`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from glossary import COLUMNS
from glossary.terms import ALIASES
from translate.terminology.candidates import Candidate
from translate.terminology.edits import Habit

DEFAULT = ("source", "target", "number", "forms", "forbidden", "note")
MOST_ENGLISH = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may become an entry."""

    source: str
    target: str
    count: int
    articles: int
    why: str
    """What speaks for it, in one line."""
    examples: tuple[str, ...]
    forbidden: str = ""
    name: bool = False
    listed: bool = False
    """The term base has this Arabic already."""


def of_candidate(one: Candidate) -> Proposal:
    """From how often it stands; its English is the most frequent of the drafts."""
    english = "; ".join(f"{text} {count}" for text, count in one.english[:MOST_ENGLISH])
    why = f"{_times(one.count)} in {_articles(one.articles)}" + (f": {english}" if english else "")
    target = one.english[0][0] if one.english else ""
    return Proposal(one.source, target, one.count, one.articles, why, one.examples, "", one.name, one.listed)


def of_habit(one: Habit) -> Proposal:
    """From what people changed; what they changed is forbidden, unless it is the term's own English."""
    who = f" by {', '.join(one.people)}" if one.people else ""
    why = f"changed {_times(one.count)} in {_articles(one.articles)}{who}: {one.was} -> {one.now}"
    return Proposal(
        one.source, one.now, one.count, one.articles, why, one.examples, one.was.replace("|", " "), False, one.term
    )


def shown(one: Proposal) -> str:
    """For reading: `وثائق سرية  secret documents  3 times in 2 articles ...`."""
    mark = "  [name]" if one.name else "  [listed]" if one.listed else ""
    return f"{one.source or '?'}  {one.target or '?'}  {one.why}{mark}"


def lines(proposed: Sequence[Proposal], columns: Sequence[str]) -> str:
    """For pasting, the header first; what lacks its Arabic or its English, or is listed, is a comment."""
    made = ["\t".join(columns) + "\n"]
    for one in proposed:
        number = {"number": "name"} if one.name else {}
        text = line(
            columns, {"source": one.source, "target": one.target, "forbidden": one.forbidden, "note": one.why, **number}
        )
        made.append(text if one.source and one.target and not one.listed else f"# {text}")
    return "".join(made)


def columns_of(path: Path | None) -> tuple[str, ...]:
    """The header of a term file, of the first one of a folder; the usual columns where there is none."""
    if path is not None and path.is_dir():
        path = next(iter(sorted(path.glob("*.tsv"))), None)
    if path is None or not path.is_file():
        return DEFAULT
    for text in path.read_text(encoding="utf-8-sig", errors="replace").splitlines():
        if text.strip() and not text.startswith("#"):
            names = tuple(ALIASES.get(name.strip().lower(), name.strip().lower()) for name in text.split("\t"))
            return names if {"source", "target"} <= set(names) else DEFAULT
    return DEFAULT


def line(columns: Sequence[str], cells: Mapping[str, str]) -> str:
    """`{"source": "مفارز", "target": "detachments"}` -> its cells with tabs between them, none at the end."""
    tidy = {name: " ".join(value.split()).lstrip("# ") for name, value in cells.items() if name in COLUMNS}
    return "\t".join(tidy.get(name, "") for name in columns).rstrip("\t") + "\n"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"

"""Occurrences: a term base's readings at a place in a text, which of them count, and why the others do not.

Knows one text at a time; what its words may be is told by `readings`, where a term counts is asked of `context`.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from glossary.context import Place, Tokens, counted, owned
from glossary.readings import Found
from glossary.terms import Term

_SHOWN_NUMBER = {"mass": "sg", "name": "sg"}
_FIRST = itemgetter(1)
_made = tuple.__new__
"""Of a named tuple, without the detour over its own `__new__`: a text has many."""


class Match(NamedTuple):
    """One occurrence of a term; a tuple, because a text has many."""

    term: Term
    begin: int
    """Offsets in the original text of the whole words, clitics included."""
    end: int
    stem_begin: int
    """Offsets of the term itself, article included: without و ف ب ك ل in front and without a pronoun behind."""
    stem_end: int
    proclitics: tuple[str, ...]
    """("و", "ب")"""
    definite: bool
    """An article is written on one of its words."""
    number: str
    """"sg", "du", "pl" or "unknown"."""
    enclitic: str
    """"هم" - the pronoun on its first or last word."""
    why: str
    """"و+ب+مفارز\""""
    surface: str
    """The original text from `begin` to `end`."""


class Candidate(NamedTuple):
    """A run of words that may be a term; they sort as they win: longest, leftmost, the preferred, the plainest."""

    size: int
    """Less than 0."""
    first: int
    rank: int
    length: int
    """Of its explanation."""
    serial: int
    found: Found
    number: str
    reason: str
    """Why it does not count, by its own context; empty when it does."""

    @property
    def words(self) -> range:
        """Numbers of the words it stands in."""
        return range(self.first, self.first - self.size)


def propose(tokens: Tokens, first: int, those: Sequence[Found], made: list[Candidate]) -> None:
    """Add to `made` what the words that begin here may be."""
    single = ""
    for found in those:
        if found.listed == "sg":
            number = single = single or counted(tokens, first)
        else:
            number = _SHOWN_NUMBER.get(found.listed, found.listed)
        size, reason = found.size, ""
        if not found.always:
            if found.term.exact and not _verbatim(tokens, first, found):
                continue
            # قائدا الجيش: an accusative is indefinite, the construct of a dual is written the same
            if number == "sg" and found.accusative and owned(tokens, first + size - 1):
                number = "du"
            if found.context.kinds:
                reason = _refused(tokens, first, found, number)
        fields = (-size, first, found.rank, found.length, len(made), found, number, reason)
        made.append(_made(Candidate, fields))


def _offsets(tokens: Tokens, first: int, found: Found) -> tuple[int, int, int, int]:
    """Begin and end in the text: of the words, then of the stem."""
    last = first + found.size - 1
    behind = tokens.begin(last)
    end = behind + len(tokens.written[last])
    start = tokens.begin(first) if first != last else behind
    lead, skip, trail, tail = found.margins
    return start + lead, end - trail, start + skip, end - tail


def _refused(tokens: Tokens, first: int, found: Found, number: str) -> str:
    """The reason why it does not count here, by the conditions of its term, or nothing."""
    begin, end, stem_begin, _ = _offsets(tokens, first, found)
    noun = found.definite or found.accusative or number != "sg"
    place = Place(begin, end, stem_begin, first, first + found.size, found.definite, found.enclitic, noun)
    return found.context.refuse(tokens, place)


def matched(tokens: Tokens, candidate: Candidate) -> Match:
    """What a candidate that counts is to everybody else."""
    found = candidate.found
    begin, end, stem_begin, stem_end = _offsets(tokens, candidate.first, found)
    fields = (found.term, begin, end, stem_begin, stem_end, found.proclitics, found.definite, candidate.number,
              found.enclitic, found.why, tokens.text[begin:end])  # fmt: skip
    return _made(Match, fields)


def _verbatim(tokens: Tokens, first: int, found: Found) -> bool:
    """An exact entry has to be there letter for letter; what is attached to it is free."""
    _, _, begin, end = _offsets(tokens, first, found)
    shown = " ".join(found.form.split())
    return " ".join(tokens.text[begin:end].split()) in (shown, "ال" + shown)


def chosen(candidates: list[Candidate]) -> list[Candidate]:
    """Those that count, in the order of the text: longest, then leftmost."""
    kept, free = list[Candidate](), 0
    for candidate in candidates:  # they come in that order; where no two share a word, each has won
        if not candidate[7]:
            if candidate[1] < free:
                break
            free = candidate[1] - candidate[0]
            kept.append(candidate)
    else:
        return kept
    taken: set[int] = set()
    kept = []
    for candidate in sorted(candidates):
        if not candidate.reason and taken.isdisjoint(candidate.words):
            taken.update(candidate.words)
            kept.append(candidate)
    return sorted(kept, key=_FIRST)


def settled(tokens: Tokens, candidates: list[Candidate]) -> list[tuple[Match, str | None]]:
    """All of them in the order of the text; each loser is told by whom it was beaten."""
    taken: dict[int, Candidate] = {}
    told: dict[tuple[int, int, int], tuple[Candidate, str | None]] = {}
    for candidate in sorted(candidates):
        place = (candidate.first, candidate.size, id(candidate.found.term))
        if candidate.reason:
            told.setdefault(place, (candidate, candidate.reason))
            continue
        winner = next((taken[n] for n in candidate.words if n in taken), None)
        if winner is None:
            taken |= dict.fromkeys(candidate.words, candidate)
            told[place] = (candidate, None)
        else:
            won = matched(tokens, winner)
            told.setdefault(place, (candidate, f"inside {won.term.source} ({won.surface})"))
    rows = [(matched(tokens, candidate), reason, candidate.rank) for candidate, reason in told.values()]
    rows.sort(key=lambda row: (row[0].begin, -row[0].end, row[2]))
    return [(match, reason) for match, reason, _ in rows]

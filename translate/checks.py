"""What a careful reader would notice in a translated segment: terms, numbers, leftovers, repetition, marks.

Each check looks at one segment and its target and says what it sees; `CHECKS` is the whole list, `docs/checks.md`
explains each. They are written to stay silent on good translations. Nothing here changes a text, and nothing here
knows where a target came from beyond what the target says itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from translate import english, guard
from translate.constraints import Requirement, check
from translate.document import Finding, Mark, Origin, Segment, Severity, State, Target, TermStatus
from translate.quantities import differences
from translate.repair.surplus import surplus
from translate.repetition import doubled, repeated, said_again_apart
from translate.words import ARABIC_LETTERS, words

Find = Callable[[Segment, Target, Sequence[Requirement]], Iterator[str]]


class Check(NamedTuple):
    """One line of the table."""

    severity: Severity
    find: Find
    """Gives one message for each thing seen."""
    hint: str
    """What a person can do."""


def run(segment: Segment, target: Target, requirements: Sequence[Requirement] = ()) -> tuple[Finding, ...]:
    """All findings for one segment, in the order of the table; what a person dismissed before stays dismissed."""
    dismissed = {(f.check, f.message): f.dismissed for f in target.findings if f.dismissed}
    return tuple(
        Finding(name, c.severity, segment.id, message, c.hint, dismissed.get((name, message), ""))
        for name, c in CHECKS.items()
        for message in c.find(segment, target, requirements)
    )


def finding(name: str, segment: str, message: str) -> Finding:
    """A finding made elsewhere under one of our ids: decoding reports `c-01` and `x-01` this way."""
    return Finding(name, CHECKS[name].severity, segment, message, CHECKS[name].hint)


# --- terms ------------------------------------------------------------------------------------------------------


def _missing_terms(_segment: Segment, target: Target, requirements: Sequence[Requirement]) -> Iterator[str]:
    if not _has_text(target):
        return
    for requirement in check(requirements, target.text).unmet:
        match = requirement.match
        yield f"term missing: {match.surface or match.term.source} -> {requirement.surfaces[0]}"


def _forbidden_renderings(segment: Segment, target: Target, requirements: Sequence[Requirement]) -> Iterator[str]:
    for requirement, begin, end in check(requirements, target.text).forbidden:
        if not _renders_other_arabic(segment, target, requirement, begin, end):
            wrong = target.text[begin:end]
            yield f"forbidden rendering: {wrong} for {requirement.match.term.source}, not {requirement.surfaces[0]}"


def _renders_other_arabic(segment: Segment, target: Target, requirement: Requirement, begin: int, end: int) -> bool:
    """True when the alignment says that these words stand for something else in the source."""
    inside = {n for n, w in enumerate(words(target.text)) if w.begin < end and begin < w.end}
    sources = {s for s, t in target.alignment if t in inside}
    match = requirement.match
    own = {n for n, w in enumerate(words(segment.text)) if w.begin < match.end and match.begin < w.end}
    return bool(sources) and not sources & own


def _surplus_terms(segment: Segment, target: Target, requirements: Sequence[Requirement]) -> Iterator[str]:
    """What is aligned tells who accounts for a rendition; of a person's text only doublings are told."""
    alignment = target.alignment if target.origin is Origin.MACHINE else ()
    extra = surplus(segment.text, target.text, alignment, requirements)
    for said in dict.fromkeys(target.text[begin:end] for begin, end in extra):
        yield f"term said too often: {said}"


def _substituted_terms(_segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    if target.origin is Origin.PERSON:
        return
    for use in target.terms:
        if use.status is TermStatus.SUBSTITUTED:
            yield f"term put in without alignment: {use.source} -> {use.surface}"


def _other_number(_segment: Segment, target: Target, requirements: Sequence[Requirement]) -> Iterator[str]:
    for requirement, begin, end in check(requirements, target.text).met:
        term, surface = requirement.match.term, target.text[begin:end].casefold()
        one, many = (english.split_article(form)[1].casefold() for form in (term.singular, term.plural))
        if requirement.match.number not in {"pl", "du"} or surface != one or not many or one == many:
            continue
        before = [word.text.casefold() for word in words(target.text[:begin])[-1:]]
        if not before or before[0] not in english.SINGULAR_DETERMINERS | {"no", "any"}:
            yield f"term in the singular: {requirement.match.surface} -> {target.text[begin:end]}"


# --- the text ---------------------------------------------------------------------------------------------------


def _numbers(segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    if not _has_text(target):
        return
    missing, added = differences(segment.text, target.text)
    seen = [
        f"{what}: {', '.join(found)}" for what, found in (("missing", missing), ("not in the Arabic", added)) if found
    ]
    if seen:
        yield f"number {'; '.join(seen)}"


_ARABIC = re.compile(f"[{ARABIC_LETTERS}]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def _arabic_left(_segment: Segment, target: Target, requirements: Sequence[Requirement]) -> Iterator[str]:
    kept = {r.match.term.source for r in requirements if r.match.term.untranslated}
    left = [found for found in _ARABIC.findall(target.text) if not any(found in source for source in kept)]
    if left and _LATIN.search(target.text):
        yield f"left in Arabic: {' '.join(dict.fromkeys(left))}"


def _untranslated(segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    if target.state is State.NEW and not target.text:
        return
    if not _has_text(target):
        if segment.text.strip():
            yield "empty"
    elif _ARABIC.search(segment.text) and not _LATIN.search(target.text) and not re.search(r"\d", target.text):
        yield "untranslated"


def _repetition(segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    text = target.text[: guard.LONGEST_READ]
    for found in doubled(text, segment.text):
        yield f"word doubled: {found}"
    if found := repeated(text, segment.text):
        yield f"repeated: {found}"
    elif found := said_again_apart(text, segment.text):
        yield f"said again: {found}"
    if found := guard.stutter(segment.text, text):
        yield f"stammered: {found[:_SHOWN]}"


_SHOWN = 40


def _names(segment: Segment, target: Target, requirements: Sequence[Requirement]) -> Iterator[str]:
    if _has_text(target) and (lost := guard.names_lost(segment.text, target.text, requirements)):
        yield f"missing: {', '.join(lost)}"


def _unreadable(segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    machine = target.origin is Origin.MACHINE and target.state is State.MACHINE
    if machine and (told := guard.unreadable(segment.text)):
        yield f"the Arabic can hardly be read: {told}"


def _strange(segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    if told := guard.strange(segment.text, target.text):
        yield f"strange: {told}"


_SHORTEST, _LONGEST = 0.68, 1.75
"""Characters of English for one of Arabic; of a thousand human translations of news all lie between 0.6 and 1.55."""
_ALLOWANCE = 25
"""Characters added to both sides, so that short segments may differ more."""


def _length(segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    if not _has_text(target):
        return
    letters = len(segment.text) - len(_VOWEL_SIGNS.findall(segment.text))
    ratio = (len(target.text) + _ALLOWANCE) / (letters + _ALLOWANCE)
    if not _SHORTEST <= ratio <= _LONGEST:
        much = "short" if ratio < 1 else "long"
        yield f"suspiciously {much}: {len(target.text)} characters for {len(segment.text)}"


_VOWEL_SIGNS = re.compile("[\u064b-\u065f\u0670\u0640]")
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_INCHES = re.compile(r"(?<=\d)[\"”]")


def _pairs(segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    ours, theirs = _unpaired(target.text), _unpaired(segment.text)
    if ours and sum(ours.values()) > sum(theirs.values()):
        yield f"unpaired: {' '.join(sorted(ours))}"


def _unpaired(text: str) -> Counter[str]:
    """Marks left over: `a (b` -> `(`; `"a` -> `"`. All kinds of double quotes count as one, inches do not."""
    left: Counter[str] = Counter()
    for mark, opening in _BRACKETS.items():
        surplus = text.count(opening) - text.count(mark)
        if surplus:
            left[opening if surplus > 0 else mark] += abs(surplus)
    straight = len(re.findall(r'"', text))
    if straight % 2 and (straight - len(_INCHES.findall(text))) % 2:
        left['"'] += 1
    for opening, closing in (("“", "”"), ("«", "»")):
        surplus = text.count(opening) - text.count(closing)
        if surplus:
            left[opening if surplus > 0 else closing] += abs(surplus)
    return left


_ENDINGS = {".": "full stop", "…": "full stop", "!": "exclamation mark", "?": "question mark", "؟": "question mark"}
_CLOSING = "\"'”’»)]“‘ \u200f\u200e"


def _end_punctuation(segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    theirs, ours = _ending(segment.text), _ending(target.text)
    if not _has_text(target) or theirs == ours:
        return
    if "question mark" in (theirs, ours) or "" in (theirs, ours):
        yield f"ends with {ours or 'no mark'}, the Arabic with {theirs or 'none'}"


def _ending(text: str) -> str:
    return _ENDINGS.get(text.rstrip(_CLOSING)[-1:], "")


def _marks(segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    wanted, given = _kinds(segment.marks), _kinds(target.marks)
    if not _has_text(target) or wanted == given:
        return
    for what, much in (("lost", wanted - given), ("added", given - wanted)):
        if much:
            yield f"formatting {what}: {', '.join(_mark_name(*mark) for mark in sorted(much))}"


def _kinds(marks: Sequence[Mark]) -> Counter[tuple[str, tuple[tuple[str, str], ...]]]:
    """What there is of each kind; where an atom keeps its own text is no difference."""
    return Counter((mark.kind, tuple(pair for pair in mark.data if pair[0] != "text")) for mark in marks)


def _mark_name(kind: str, data: tuple[tuple[str, str], ...]) -> str:
    address = dict(data).get("href") or dict(data).get("src")
    return f"{kind} {address}" if address else kind


# --- the decoding -----------------------------------------------------------------------------------------------


def _reported(name: str) -> Find:
    """Facts only decoding knows are carried on as long as the text is still the machine's."""

    def find(_segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
        if target.origin is Origin.MACHINE and target.state is State.MACHINE:
            yield from (found.message for found in target.findings if found.check == name)

    return find


def _approved_differently(_segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    """Only the memory knows; carried on until a person decides."""
    if target.origin is Origin.MEMORY and target.state is State.MACHINE:
        yield from (found.message for found in target.findings if found.check == "m-01")


def _elsewhere(_segment: Segment, target: Target, _requirements: Sequence[Requirement]) -> Iterator[str]:
    """Only the whole archive knows; carried on while the English stays, since a new text takes its findings away."""
    yield from (found.message for found in target.findings if found.check == "g-05")


def _has_text(target: Target) -> bool:
    return bool(target.text.strip())


CHECKS: dict[str, Check] = {
    "g-01": Check(Severity.ERROR, _missing_terms, "Use the glossary's English, or say why not."),
    "g-02": Check(Severity.WARNING, _forbidden_renderings, "Use the glossary's English instead."),
    "g-03": Check(Severity.WARNING, _substituted_terms, "Look whether the term stands in the right place."),
    "g-04": Check(Severity.NOTE, _other_number, "The Arabic is dual or plural; check the number."),
    "g-05": Check(Severity.NOTE, _elsewhere, "Use one English everywhere, or say why not."),
    "g-06": Check(Severity.WARNING, _surplus_terms, "The Arabic says it less often: take one out."),
    "n-01": Check(Severity.WARNING, _numbers, "Compare the figures with the Arabic."),
    "n-02": Check(Severity.WARNING, _names, "Put it in as the Arabic has it."),
    "a-01": Check(Severity.WARNING, _unreadable, "Do not trust this translation: look at the Arabic."),
    "l-01": Check(Severity.ERROR, _arabic_left, "Translate or transliterate the word."),
    "l-02": Check(Severity.ERROR, _strange, "Take the signs out and compare with the Arabic."),
    "u-01": Check(Severity.ERROR, _untranslated, "Translate the segment."),
    "r-01": Check(Severity.WARNING, _repetition, "Take the repetition out."),
    "d-01": Check(Severity.WARNING, _length, "Look for something left out or made up."),
    "q-01": Check(Severity.NOTE, _pairs, "Close or open the pair."),
    "p-01": Check(Severity.NOTE, _end_punctuation, "End the sentence as the Arabic does."),
    "k-01": Check(Severity.WARNING, _marks, "Set the link or formatting again."),
    "c-01": Check(Severity.NOTE, _reported("c-01"), "Read the joints between the clauses."),
    "x-01": Check(Severity.ERROR, _reported("x-01"), "The end is missing: translate it by hand."),
    "h-01": Check(Severity.ERROR, _reported("h-01"), "Translate it by hand: the machine lost the thread."),
    "h-02": Check(Severity.NOTE, _reported("h-02"), "Compare with the Arabic: the first translation was refused."),
    "m-01": Check(Severity.WARNING, _approved_differently, "Choose one of them."),
}

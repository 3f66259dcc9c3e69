"""Put missing terms into an English sentence: the last word on terminology, and the one that always succeeds.

Every term that already stands there is protected. Each missing one, in source order, takes the place of the words
aligned to its Arabic, or of a forbidden rendering there, or goes into the gap its neighbours point to (`spots`).
English is then kept in order at the edges (`edges`), a term beside its like goes (`surplus`), what is beside the terms
is set right by the Arabic (`relations`, `agreement`), and plain slips are mended (`tidy`). The promise:
`check(requirements, result).unmet` is empty, and no word is lost but those replaced and the small words, verb forms and
doubled commas beside them. It knows no engine; whoever can rescore hands in `choose`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest

from translate import english
from translate.constraints import Requirement, Span, assign, check, loose_renditions, renditions
from translate.document import TermStatus, TermUse
from translate.repair.agreement import agreed
from translate.repair.edges import (
    LOOK_BACK,
    article_policy,
    mend_met,
    mend_prepositions,
    plural_surface,
    put,
    without_article,
)
from translate.repair.relations import related
from translate.repair.sentence import (
    Alignment,
    Candidate,
    aligned,
    alignment_of,
    dropped_from,
    intact,
    is_word,
    source_words,
    splice,
    start,
    use_of,
    words,
    words_before,
)
from translate.repair.spots import Spot, construct_before, construct_behind, prepositions, spots_for
from translate.repair.surplus import without_doublings
from translate.repair.tidy import tidy

__all__ = [
    "MOST_CANDIDATES",
    "Alignment",
    "Candidate",
    "Choose",
    "Placing",
    "Repair",
    "candidates",
    "replaceable",
    "start",
    "substitute",
]

Choose = Callable[[list[str]], int]
MOST_CANDIDATES = 18
_FAR = 1000
_STRAYED, _BESIDE = 4, 2
"""Arabic words from a term to what its rendition is aligned to, more than which is another place; and few enough that
another rendition is in the term's own."""
POSSESSIVES = {"ه": ("its", "his"), "ها": ("its", "her"), "هم": ("their",), "هما": ("their",), "نا": ("our",)}
"""What an inserted term may have in front for the pronoun its Arabic has behind."""


@dataclass(frozen=True, slots=True)
class Placing:
    """How one missing term was put in."""

    requirement: int
    """Its number among the requirements."""
    options: tuple[str, ...]
    """The whole text each candidate gives; the first alone where nobody was asked to choose."""
    chosen: int


@dataclass(frozen=True, slots=True)
class Repair:
    """A mended text and what became of each term."""

    text: str
    uses: tuple[TermUse, ...] = ()
    """In source order."""
    alignment: Alignment = ()
    """(source word, target word) over the words of `text`."""
    dropped: tuple[int, ...] = ()
    """Numbers of the original target's words that are gone or changed."""
    placings: tuple[Placing, ...] = ()
    """One for each term that was missing, in the order they were put in."""
    said: str = ""
    """The same before what stands beside the terms was set right by the Arabic: what an engine can be asked about."""


def substitute(
    source: str,
    target: str,
    alignment: Alignment,
    requirements: Sequence[Requirement],
    *,
    headline: bool = False,
    choose: Choose | None = None,
    kept: Collection[str] = (),
    most: int = MOST_CANDIDATES,
) -> Repair:
    """Mend `target` until every requirement is met: `The sorters fled.` -> `The detachments fled.`.

    What is `kept` (addresses, code) stands in the English as it is. No more than `most` candidates are made of a term.
    """
    text, given = _begun(source, start(target, alignment), requirements)
    # For each requirement: which of `text.held` it is, and how it came there.
    places = {number: (place, TermStatus.MET) for place, number in enumerate(given)}
    placings: list[Placing] = []
    for number, requirement in enumerate(requirements):
        if number in places:
            continue
        every = candidates(source, text, requirement, headline=headline)
        options = [next(every)] if choose is None else list(islice(every, most))
        shown = tuple(option.text for option in options)
        chosen = choose(list(shown)) if choose and len(shown) > 1 else 0
        text = options[chosen]
        placings.append(Placing(number, shown, chosen))
        places[number] = (len(text.held) - 1, text.status)
    said = tidy(text, kept, headline=headline)
    beside = agreed(source, related(source, text), headline=headline)
    text = said if beside is text else tidy(beside, kept, headline=headline)
    uses = tuple(use_of(text, *places[n]) for n in range(len(requirements)))
    assert not check(requirements, text.text).unmet, "a placed term is a met term"
    return Repair(text.text, uses, alignment_of(text), dropped_from(text, target), tuple(placings), said.text)


def replaceable(source: str, target: str, alignment: Alignment, requirements: Sequence[Requirement]) -> bool:
    """Whether every missing term can take the place of words that are its own, with no other place in question."""
    text, given = _begun(source, start(target, alignment), requirements)
    for number, requirement in enumerate(requirements):
        if number not in given:
            if not all(spot.sure for spot in spots_for(source, text, requirement)):
                return False
            text = next(candidates(source, text, requirement))
    return True


def _begun(source: str, text: Candidate, requirements: Sequence[Requirement]) -> tuple[Candidate, list[int]]:
    """The text without doublings, the terms that stand in it held, and the numbers of those in that order."""
    text = without_doublings(source, text, requirements)
    given = _by_alignment(source, text, requirements, assign(requirements, text.text))
    text = replace(text, held=tuple((requirements[n], *span) for n, span in given.items()))
    for place in range(len(text.held)):
        text = mend_met(text, place)
    return text, list(given)


def candidates(
    source: str, text: Candidate, requirement: Requirement, *, headline: bool = False
) -> Iterator[Candidate]:
    """Ways to place one missing term, the most likely first, at most 18, no text twice.

    Only what is in doubt varies: the spot when several runs are aligned or none is, the form when the Arabic does not
    tell the number, the article when neither the term nor the draft settles it, the preposition of an inserted term.
    """
    seen: set[str] = set()
    spots = spots_for(source, text, requirement)
    in_turn = zip_longest(*(_at(source, text, spot, requirement, headline=headline) for spot in spots))
    for option in (option for turn in in_turn for option in turn if option is not None):
        if option.text not in seen:
            seen.add(option.text)
            yield option
        if len(seen) == MOST_CANDIDATES:
            return


def _at(source: str, text: Candidate, spot: Spot, requirement: Requirement, *, headline: bool) -> Iterator[Candidate]:
    """The ways to place a term at one spot, the most likely first."""
    for surface in _forms(text, spot, requirement):
        for article in _articles(text, spot, requirement, surface):
            placed = put(source, text, spot, requirement, surface, article, headline=headline)
            yield from _led(source, placed, requirement) if spot.begin == spot.end else (placed,)


def _led(source: str, placed: Candidate, requirement: Requirement) -> Iterator[Candidate]:
    """An inserted term behind the prepositions its Arabic stands behind, then bare: `left |of Mosul`, `left |Mosul`.

    Then with the `of` of a construct, in front or behind: `the fall |of Mosul`, `|morale of| the fighters`.
    """
    article = re.search(r"\b(?:the|an?)\s+$", placed.text[: placed.begin], re.I)
    begin = article.start() if article else placed.begin
    before = words(placed.text[:begin])[-1:]
    led = before and before[0].text.casefold() in english.FUNCTION_WORDS
    may_lead = before and is_word(before[0].text) and not led
    the = "" if article else _definite_article(requirement)
    options = [splice(placed, begin, begin, f"{lead} {the}") for lead in prepositions(source, requirement) if may_lead]
    options.append(placed)
    if may_lead and construct_before(source, placed, requirement, before[0].end):
        options += [splice(placed, begin, begin, f"{lead} {the}") for lead in ("of", "by")]
    if construct_behind(source, placed, requirement):
        options.append(splice(placed, placed.end, placed.end, " of"))
    yield from (mend_prepositions(placed, option) for option in options if intact(option))


def _definite_article(requirement: Requirement) -> str:
    """What stands between a preposition and the term: `of |the |group`; whoever chooses may choose none."""
    return "the " if article_policy(requirement) == "the" else ""


def _by_alignment(
    source: str, text: Candidate, requirements: Sequence[Requirement], given: dict[int, Span]
) -> dict[int, Span]:
    """Let each requirement have the rendition its own Arabic is aligned to, where several would do.

    One whose own Arabic came out as a forbidden rendering gives its rendition back: it belongs to something else. So
    does one whose rendition is part of how a missing term came out, while other English renders its own Arabic.
    """
    if not text.links:
        return given
    settled = dict(given)
    own_of = [source_words(source, requirement) for requirement in requirements]
    own = {number: own_of[number] for number in given}
    for number in given:
        if aligned(text, settled[number]) & own[number]:
            continue
        every = renditions(requirements[number].surfaces, text.text)
        better = [s for s in every if aligned(text, s) & own[number]]
        others = frozenset[int]().union(*(words_of for n, words_of in enumerate(own_of) if n != number))
        strayed = _away(text, settled[number], own[number])
        claimed = bool(aligned(text, settled[number]) & others)
        if not better and (claimed or strayed > _STRAYED):
            better = [s for s in every if _away(text, s, own[number]) < (strayed if claimed else _BESIDE + 1)]
            better.sort(key=lambda s: _away(text, s, own[number]))
        for span in better:
            holders = [n for n, s in settled.items() if n != number and s[0] < span[1] and span[0] < s[1]]
            twins = [n for n in holders if requirements[n].surfaces == requirements[number].surfaces]
            if not holders:
                settled[number] = span
            elif holders == twins and not aligned(text, span) & own[twins[0]] and settled[twins[0]] == span:
                settled[number], settled[twins[0]] = span, settled[number]
            else:
                continue
            break
        else:
            wrong = aligned(text, settled[number]) and _came_out_wrong(text, requirements[number], own[number])
            missing = [words_of for n, words_of in enumerate(own_of) if n not in given]
            if wrong or _belongs_to(text, settled[number], missing, own[number]):
                del settled[number]
    return _handed_over(text, requirements, settled, own_of)


def _away(text: Candidate, span: Span, own: frozenset[int]) -> int:
    """Arabic words between a term and what a rendition is aligned to; far where that is nothing."""
    return min((abs(s - o) for s in aligned(text, span) for o in own), default=_FAR)


def _handed_over(
    text: Candidate, requirements: Sequence[Requirement], settled: dict[int, Span], own: Sequence[frozenset[int]]
) -> dict[int, Span]:
    """Renditions taken from those whose Arabic they are not aligned to, for those whose Arabic they are.

    Of two التنظيم only the second has its `group`: then the first is missing, not the second.
    """
    settled = dict(settled)
    for number, requirement in enumerate(requirements):
        if number in settled:
            continue
        for span in renditions(requirement.surfaces, text.text):
            holders = [n for n, s in settled.items() if s[0] < span[1] and span[0] < s[1]]
            kept = [n for n in holders if aligned(text, settled[n]) & own[n]]
            if aligned(text, span) & own[number] and len(holders) == 1 and not kept:
                del settled[holders[0]]
                settled[number] = span
                break
    return settled


def _belongs_to(text: Candidate, span: Span, missing: Sequence[frozenset[int]], own: frozenset[int]) -> bool:
    """`the terrorist ISIS |group|` is of the missing "terrorist group ISIS", where `the grouping` renders التنظيم."""
    links = aligned(text, span)
    elsewhere = [text.text[b:e] for s, b, e in text.links if s in own]
    said = any(is_word(word) and word.casefold() not in english.FUNCTION_WORDS for word in elsewhere)
    return said and bool(links) and any(links <= words_of for words_of in missing)


def _came_out_wrong(text: Candidate, requirement: Requirement, own: frozenset[int]) -> bool:
    return any(aligned(text, span) & own for span in loose_renditions(requirement.forbidden, text.text))


def _forms(text: Candidate, spot: Spot, requirement: Requirement) -> list[str]:
    """Surfaces worth trying, best first: the match's number, unless the word before the spot settles it."""
    term, number = requirement.match.term, requirement.match.number
    one, many = without_article(term.singular), without_article(term.plural)
    before = words_before(text.text, spot.begin)
    last = before[-1].casefold() if before else ""
    forms = list(requirement.surfaces[:3])
    if one and many and one != many:
        figure = re.search(r"(?<![\w.,])([\d,]*\d)[\"”)\]]*\s+$", text.text[: spot.begin])
        counted = last in english.NUMERALS or last in english.PLURAL_DETERMINERS or bool(figure)
        partitive = last == "of" and len(before) > 1 and before[-2].casefold() in english.NUMERALS
        if (counted and not (figure and figure.group(1) == "1")) or partitive:
            forms.insert(0, many)
        elif last in english.SINGULAR_DETERMINERS and number != "du":
            forms.insert(0, one)
        elif number == "du" and not {w.casefold() for w in before[-LOOK_BACK:]} & {"two", "both", "pair"}:
            forms.insert(0, f"two {many}")
    accepted = [f for f in dict.fromkeys(forms) if renditions(requirement.surfaces, f)]
    known = number != "unknown" or term.number in {"name", "mass"}
    return accepted[:1] if accepted and known else accepted or list(requirement.surfaces[:1])


def _articles(text: Candidate, spot: Spot, requirement: Requirement, surface: str) -> tuple[str | None, ...]:
    """Articles worth trying; None leaves it to the rules."""
    before = [word.casefold() for word in words_before(text.text, spot.begin)[-1:]]
    whose = POSSESSIVES.get(requirement.match.enclitic, ()) if spot.begin == spot.end else ()
    if whose and article_policy(requirement) == "auto" and not (before and before[0] in english.DETERMINERS):
        return (None, *whose, "")
    if article_policy(requirement) == "auto" and before == ["the"] and _is_title(text, spot, requirement, surface):
        return (None, "")
    if article_policy(requirement) != "auto" or (before and before[0] in english.DETERMINERS):
        return (None,)
    if plural_surface(requirement, surface) or requirement.match.term.number in {"name", "mass"}:
        return (None, "", "the")
    return (None, "", "the", "a")


def _is_title(text: Candidate, spot: Spot, requirement: Requirement, surface: str) -> bool:
    """Whether a name follows at once, so that the term may be its bearer's title: `the |Mohammed al-Tamimi`."""
    counted = requirement.match.term.number not in {"name", "mass"} and not plural_surface(requirement, surface)
    return counted and bool(re.match(r"\s+(?:al-)?[^\W\d_a-z]", text.text[spot.end :]))

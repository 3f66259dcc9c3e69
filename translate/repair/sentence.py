"""The English under repair: words replaced while every offset that leads into it moves along.

A `Candidate` is a text on its way from draft to mended, with the terms that stand in it, the alignment and what is left
of the draft. It knows nothing of where a term should go or what English asks at its edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from glossary.fold import key
from translate.constraints import Requirement, Span, renditions, stands
from translate.document import TermStatus, TermUse
from translate.words import Word
from translate.words import words as cut

REACH = 160
"""Characters that hold the eight words around a place that are ever looked at."""
Alignment = tuple[tuple[int, int], ...]
Words = Sequence[Word]
Held = tuple[Requirement, int, int]
"""A requirement and where it is met."""


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[Word, ...]:
    """As `translate.words.words`, remembered: every candidate asks for the same few texts and their beginnings."""
    return tuple(cut(text))


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to place one term; a text on the way from draft to mended."""

    text: str
    begin: int
    """Where the term now stands, article left out."""
    end: int
    status: TermStatus
    held: tuple[Held, ...]
    """Every term placed or found so far, this one last: nothing may touch them."""
    links: tuple[tuple[int, int, int], ...] = ()
    """(source word, begin, end of the target word)."""
    kept: tuple[tuple[int, int, int], ...] = ()
    """(number of an original target word, begin, end)."""


def start(target: str, alignment: Alignment, met: Sequence[Held] = ()) -> Candidate:
    """A draft as the first text to work on; `met` is `Outcome.met`, where terms already stand."""
    found = words(target)
    links = tuple((s, found[t].begin, found[t].end) for s, t in alignment if 0 <= t < len(found))
    kept = tuple((n, w.begin, w.end) for n, w in enumerate(found))
    return Candidate(target, 0, 0, TermStatus.MET, tuple(met), links, kept)


def splice(text: Candidate, begin: int, end: int, new: str, *, same: bool = False) -> Candidate:
    """Replace [begin, end) and move everything behind it; what lay inside is gone unless it is the `same` word."""
    shift = len(new) - (end - begin)

    def moved(b: int, e: int) -> Span | None:
        if e <= begin and b < e:
            return b, e
        if b >= end:
            return b + shift, e + shift
        return (begin, begin + len(new)) if same else None

    def gone(b: int, e: int) -> bool:
        return b < end and begin < e

    here = text.begin + shift if text.begin >= end else text.begin
    return replace(
        text,
        text=text.text[:begin] + new + text.text[end:],
        begin=here,
        end=here + text.end - text.begin,
        held=tuple((r, *(moved(b, e) or (b, e))) for r, b, e in text.held),
        links=tuple((s, *span) for s, b, e in text.links if (span := moved(b, e))),
        kept=tuple((n, *(moved(b, e) or (b, e))) for n, b, e in text.kept if not gone(b, e)),
    )


def recase(text: Candidate, begin: int, new: str) -> Candidate:
    """Overwrite as many characters as `new` has: only letter case changes, so nothing moves."""
    return replace(text, text=text.text[:begin] + new + text.text[begin + len(new) :])


def move(text: Candidate, begin: int, end: int, to: int) -> Candidate:
    """Put [begin, end) at `to`, which lies outside it; what is known of its words goes with them."""
    first, middle, last = (begin, end, to) if to >= end else (to, begin, end)

    def moved(b: int, e: int) -> Span:
        if first <= b and e <= middle:
            return b + last - middle, e + last - middle
        if middle <= b and e <= last:
            return b - middle + first, e - middle + first
        return b, e

    here = moved(text.begin, text.end)
    return replace(
        text,
        text=text.text[:first] + text.text[middle:last] + text.text[first:middle] + text.text[last:],
        begin=here[0],
        end=here[1],
        held=tuple((r, *moved(b, e)) for r, b, e in text.held),
        links=tuple((s, *moved(b, e)) for s, b, e in text.links),
        kept=tuple((n, *moved(b, e)) for n, b, e in text.kept),
    )


def alignment_of(text: Candidate) -> Alignment:
    """(source word, target word) over the words of the text as it stands."""
    english_words = words(text.text)
    pairs = {(s, n) for s, b, e in text.links for n, w in enumerate(english_words) if w.begin < e and b < w.end}
    return tuple(sorted(pairs))


def dropped_from(text: Candidate, target: str) -> tuple[int, ...]:
    """Numbers of the draft's words that are gone or changed."""
    kept = {n for n, _, _ in text.kept}
    return tuple(n for n in range(len(words(target))) if n not in kept)


def use_of(text: Candidate, place: int, status: TermStatus) -> TermUse:
    """The record of the term held at `place`."""
    requirement, begin, end = text.held[place]
    return requirement.met(text.text, begin, end, status)


def links_of(text: Candidate, english_words: Words) -> list[set[int]]:
    """For each word of the text, the source words it is aligned to."""
    by_begin: dict[int, int] = {w.begin: n for n, w in enumerate(english_words)}
    linked: list[set[int]] = [set() for _ in english_words]
    for s, b, e in text.links:
        n = by_begin.get(b)
        for k in [n] if n is not None else [k for k, w in enumerate(english_words) if w.begin < e and b < w.end]:
            linked[k].add(s)
    return linked


def aligned(text: Candidate, span: Span) -> set[int]:
    """Source words aligned to a stretch of the target."""
    return {s for s, b, e in text.links if b < span[1] and span[0] < e}


def source_words(source: str, requirement: Requirement) -> frozenset[int]:
    """Numbers of the source words a match covers."""
    match = requirement.match
    begin, end = (match.stem_begin, match.stem_end) if match.stem_end > match.stem_begin else (match.begin, match.end)
    return frozenset(n for n, word in enumerate(words(source)) if word.begin < end and begin < word.end)


def arabic_word(source: str, number: int) -> str:
    """A word of the Arabic, folded; nothing where there is none."""
    arabic = words(source)
    return key(arabic[number].text) if 0 <= number < len(arabic) else ""


def words_before(text: str, place: int) -> list[str]:
    """Words straight before a place, back to the nearest punctuation mark."""
    found: list[str] = []
    for word in reversed(words(text[near(text, place) : place])[-8:]):
        if not is_word(word.text):
            break
        found.insert(0, word.text)
    return found


def near(text: str, place: int) -> int:
    """Where a word begins some words before a place: what else stands before it need not be cut into words."""
    return text.rfind(" ", 0, max(0, place - REACH)) + 1 if place > REACH else 0


def beside(text: str, end: int, begin: int) -> bool:
    """Whether only white space stands between two places."""
    return end < begin and text[end:begin].isspace()


def is_word(word: str) -> bool:
    """Whether a token is a word and no punctuation mark."""
    return word[0].isalnum() or word[0] == "_"


def overlaps(span: Span, held: Sequence[Held]) -> bool:
    """Whether a span touches a term that is held."""
    return any(span[0] < e and b < span[1] for _, b, e in held)


def intact(text: Candidate) -> bool:
    """Every held term can still be read as one."""
    return all(stands(r.surfaces, text.text, b, e) for r, b, e in text.held)


def narrowed(text: Candidate, owned: frozenset[int]) -> Candidate:
    """Hold of the placed phrase what counts (of `two detachments` the noun), and link its words to the Arabic."""
    requirement, begin, end = text.held[-1]
    found = [s for s in renditions(requirement.surfaces, text.text) if begin <= s[0] and s[1] <= end]
    if found:
        begin, end = max(found, key=lambda s: s[1] - s[0])
    fresh = [w for w in words(text.text) if w.begin < text.end and text.begin < w.end]
    links = {(s, w.begin, w.end) for w in fresh for s in owned}
    return replace(
        text,
        begin=begin,
        end=end,
        held=(*text.held[:-1], (requirement, begin, end)),
        links=tuple(sorted({*text.links, *links})),
    )

"""A term said more often than the Arabic asks for: which renditions are too many, and where one can be taken out.

`fleeing Mosul to flee toward Mosul` for one الموصل. A rendition that other Arabic accounts for is none too many, and
one that no Arabic is aligned to may stand for a pronoun: both are left alone. What is taken out stands beside its like,
so that the English stays whole; anything else is only told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from translate import english
from translate.constraints import Requirement, Span, assign, renditions
from translate.repair.sentence import Alignment, Candidate, aligned, near, source_words, splice, start
from translate.repair.spots import PREPOSITIONS
from translate.words import Word, words

_SPELT_ALIKE = str.maketrans("أإآى", "اااي")
_BETWEEN = re.compile(
    r",?\s+(?:(?:of|in|from|on|at|for|and)\s+)?(?P<whose>(?:the|its|his|her|their)\s+)?|['’]s\s+", re.I
)
"""What may stand between a term and the same once more: `the Left Bank| of the |Left Bank`."""
_LED = re.compile(r"(?<![\w'’-])(?:the|an?|its|his|her|their)\s+$", re.I)
_DECLARING = re.compile(r"\s+[a-z]+ing\s+(?:the|an?)?\s*")
"""What may stand between a term said too early and itself: `since the alleged caliphate| declaring the |same`."""
_PHRASE = re.compile(r"\s+(?:of|in|at)\s+(?:(?:the|its|his|her|their)\s+)?$")
"""What leads a term into a phrase that hangs on the words before it and can go with it: `three years| of |Mosul,`."""
_ENDED = re.compile(r"[\"”)]*(?:$|[.,;:!?]|\s+(?:and|or|but|that|which|who|when|while|after|before|as)\b)")
"""Behind a term that is the last word of its phrase."""
_REACH = 80
"""Characters within which the next word is looked for."""
_SHORT = 3
"""Letters of an Arabic word that is a particle, more or less."""


def surplus(source: str, target: str, alignment: Alignment, requirements: Sequence[Requirement]) -> tuple[Span, ...]:
    """Renditions that no term asks for and no other Arabic accounts for, in the order of the text."""
    if not beside(target, requirements):  # nearly always so
        return ()
    return _too_many(source, start(target, alignment), requirements)


def without_doublings(source: str, text: Candidate, requirements: Sequence[Requirement]) -> Candidate:
    """Of a surplus term beside its like one goes: `the |Left Bank| of the Left Bank` -> `the |Left Bank|`.

    So does a word that says part of a term once more beside it: `Al |Akhbar Al Aan|` -> `Akhbar Al Aan`.
    """
    for _ in range(len(requirements)):
        cut = _doubling(source, text, requirements) or _stutter(source, text, requirements)
        cut = cut or _phrase(source, text, requirements)
        if cut is None:
            break
        text = splice(text, *cut, "")
    return text


def _doubling(source: str, text: Candidate, requirements: Sequence[Requirement]) -> Span | None:
    every = _renditions(requirements, text.text)
    if not any(_is_doubling(text.text, *pair) for pair in pairwise(every)):  # nearly always so
        return None
    extra = _too_many(source, text, requirements)
    said_twice = [other for one, other in pairwise(every) if _same_arabic(source, text, one, other, requirements)]
    return _cut(text.text, [*extra, *said_twice], every)


def _same_arabic(source: str, text: Candidate, one: Span, other: Span, requirements: Sequence[Requirement]) -> bool:
    """Whether two renditions are aligned to one and the same place of a term, and to nothing else that counts."""
    arabic = words(source)
    behind = [
        {n for n in aligned(text, span) if n < len(arabic) and not _is_particle(arabic[n].text)}
        for span in (one, other)
    ]
    return all(behind) and any(
        behind[0] <= own and behind[1] <= own for own in (source_words(source, r) for r in requirements)
    )


def _stutter(source: str, text: Candidate, requirements: Sequence[Requirement]) -> Span | None:
    """A word beside a term that is one of the term's own and renders no other Arabic."""
    given = assign(requirements, text.text)
    for number, (begin, end) in sorted(given.items()):
        parts = {english.stem(part) for part in text.text[begin:end].split()} - english.FUNCTION_WORDS
        own = source_words(source, requirements[number])
        if len(parts) < 2:
            continue
        for word in (*_last_before(text.text, begin), *_first_behind(text.text, end)):
            span = (word.begin, begin) if word.end <= begin else (end, word.end)
            apart = text.text[word.end : begin] if word.end <= begin else text.text[end : word.begin]
            behind = aligned(text, (word.begin, word.end))
            free = not any(b < word.end and word.begin < e for b, e in given.values())
            if apart.isspace() and free and english.stem(word.text) in parts and behind and behind <= own:
                return span
    return None


def _phrase(source: str, text: Candidate, requirements: Sequence[Requirement]) -> Span | None:
    """A surplus term that can go with what hangs it on, though it does not stand beside its like."""
    if not beside(text.text, requirements):  # nearly always so
        return None
    extra = _too_many(source, text, requirements)
    every = _renditions(requirements, text.text) if extra else []
    for one, other in pairwise(every):
        between = text.text[one[1] : other[0]]
        if (one in extra or other in extra) and _alike(text.text, one, other) and _DECLARING.fullmatch(between):
            led = _LED.search(text.text[: one[0]])
            return (led.start() if led else one[0]), one[1] + 1
    for begin, end in every:
        said = text.text[begin:end]
        if not any(said == text.text[b:e] for b, e in extra):
            continue
        hung = _PHRASE.search(text.text[:begin])
        behind = aligned(text, (begin, end))
        rivals = [other for other in every if other != (begin, end) and said in text.text[other[0] : other[1]]]
        if hung and any(behind & aligned(text, other) for other in rivals) and _ENDED.match(text.text, end):
            return hung.start(), end
    return None


def _alike(text: str, one: Span, other: Span) -> bool:
    return one[1] <= other[0] and english.stem(text[one[0] : one[1]]) == english.stem(text[other[0] : other[1]])


def _last_before(text: str, begin: int) -> list[Word]:
    """The word straight before a place."""
    first = near(text, begin)
    return [Word(w.text, w.begin + first, w.end + first) for w in words(text[first:begin])[-1:]]


def _first_behind(text: str, end: int) -> list[Word]:
    """The word straight behind a place, unless something hangs on it."""
    found = [Word(w.text, w.begin + end, w.end + end) for w in words(text[end : end + _REACH])[:1]]
    return [word for word in found if not english.TAIL.search(word.text)]


def _too_many(source: str, text: Candidate, requirements: Sequence[Requirement]) -> tuple[Span, ...]:
    extra = beside(text.text, requirements)
    return tuple(span for span in extra if not _accounted_for(source, text, span, requirements))


def beside(text: str, requirements: Sequence[Requirement]) -> list[Span]:
    """Renditions beside those that are asked for, whatever accounts for them."""
    every = _renditions(requirements, text)
    if len(every) <= 1:
        return []
    taken = list(assign(requirements, text).values())
    return [span for span in every if not any(b < span[1] and span[0] < e for b, e in taken)]


def _renditions(requirements: Sequence[Requirement], text: str) -> list[Span]:
    surfaces = dict.fromkeys(surface for requirement in requirements for surface in requirement.surfaces)
    return renditions(tuple(surfaces), text)


def _accounted_for(source: str, text: Candidate, span: Span, requirements: Sequence[Requirement]) -> bool:
    """Whether Arabic that is none of these terms' is aligned to a rendition, or none at all and it stands alone.

    The same twice in a row (`the emir emir`) nothing accounts for, whatever the alignment says.
    """
    for one, other in pairwise(_renditions(requirements, text.text)):
        if span in (one, other) and _is_doubling(text.text, one, other) and text.text[one[1] : other[0]].isspace():
            return False
    said = text.text[span[0] : span[1]].casefold()
    own: set[int] = set()
    for requirement in requirements:
        if any(said in surface.casefold() for surface in requirement.surfaces):
            own |= source_words(source, requirement)
    behind = aligned(text, span)
    if not behind:
        return _cut(text.text, [span], _renditions(requirements, text.text)) is None
    arabic = words(source)
    return any(n < len(arabic) and not _is_particle(arabic[n].text) for n in behind - own)


def _is_particle(word: str) -> bool:
    plain = word.translate(_SPELT_ALIKE)
    return not plain[0].isalpha() or plain in PREPOSITIONS or len(plain) <= _SHORT


def _is_doubling(text: str, one: Span, other: Span) -> bool:
    return _between(text, one, other) is not None


def _between(text: str, one: Span, other: Span) -> re.Match[str] | None:
    """What stands between a term and the same at once; None where other words do, or it is another term."""
    return _BETWEEN.fullmatch(text[one[1] : other[0]]) if _alike(text, one, other) else None


def _cut(text: str, extra: Sequence[Span], every: Sequence[Span]) -> Span | None:
    """What to take out so that the first doubling is none; None where no surplus term stands beside its like."""
    for one, other in pairwise(every):
        between = _between(text, one, other) if one in extra or other in extra else None
        if between is None:
            continue
        whose = (between.group("whose") or "").strip().casefold()
        led = _LED.search(text[: one[0]])
        if whose in english.POSSESSIVES and led:  # `a manpower of its manpower` -> `its manpower`
            return led.start(), one[1] + between.start("whose")
        return (one[1], other[1]) if english.TAIL.match(text, other[1]) is None else (one[0], other[0])
    return None

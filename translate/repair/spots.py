"""Where a missing term goes: the words to replace, or the gap to fill.

Best are the words aligned to its Arabic, or a forbidden rendering of it; where neither is there, the gap its
neighbours point to. It changes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile

from translate import english
from translate.constraints import Requirement, Span, loose_renditions
from translate.repair.likely import alike, likely_words
from translate.repair.sentence import (
    REACH,
    Candidate,
    Words,
    aligned,
    is_word,
    links_of,
    overlaps,
    source_words,
    words,
)
from translate.words import Word

PREPOSITIONS = {
    **{"من": ("of", "from"), "في": ("in",), "الي": ("to",), "علي": ("on", "over"), "عن": ("about", "from")},
    **{
        "مع": ("with",),
        "نحو": ("toward",),
        "باتجاه": ("toward",),
        "ضد": ("against",),
        "داخل": ("inside",),
        "قبل": ("by",),
        "لدي": ("in", "to"),
    },
    **{"مدينة": ("of",), "محافظة": ("of",), "ب": ("in", "with"), "ل": ("of", "for", "to"), "ك": ("as",)},
}
"""What may lead an inserted term in, by the Arabic on or before it; the likeliest first."""
_SPELT_ALIKE = str.maketrans("أإآى", "اااي")
_NEAR = 3
"""Words between an aligned run and a forbidden rendering that still count as one place."""
_LINKING = english.ARTICLES | {"of", "for", "in", "and"}
"""Small words inside a phrase: `side of the coast`."""
_PHRASE_HEADS = english.PREPOSITIONS | english.CONJUNCTIONS | {"that", "which", "who"}
_SUBJECTS = english.listed("i he she we they who not will would shall should can could may might must did does")
"""Behind these stands no noun."""
_GAPS = 5
"""How many gaps are worth trying."""
_FAR = 40
"""Characters from where a term is expected within which a forbidden rendering may be its own, whatever is aligned."""
_STRAYED = 4
"""Arabic words by which the alignment of such a rendering may be off for it to be taken without asking."""
_TORN = 12
"""Characters further we go for a gap that tears no phrase, when no alignment says where to go."""
_ABBREVIATION = re.compile(r"(?:\w\.)*\w|Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sgt|Gov|Sen|Rep|Prof|No|vs|Jr|Sr", re.I)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a term could go: words to replace, or a gap when begin == end."""

    begin: int
    end: int
    sure: bool
    """Alignment or a forbidden rendering led here."""


def spots_for(source: str, text: Candidate, requirement: Requirement) -> list[Spot]:
    """Places for a term, best first: words to replace, or else the nearest gaps."""
    own = source_words(source, requirement)
    runs = _runs(text, own)
    wrong = _wrong_renderings(text, requirement, own)
    spots = []
    if runs:
        begin, end = runs[0]
        near = [w for w in wrong if _distance(text.text, w, (begin, end)) <= _NEAR]
        touching = [w for w in near if w[0] <= end + 1 and begin <= w[1] + 1]
        if touching:
            spots.append(Spot(*_union(text.text, (begin, end), touching), sure=True))
        elif near:
            spots.append(Spot(*near[0], sure=True))
        spots.append(Spot(begin, end, sure=True))
        spots += [Spot(*run, sure=True) for run in runs[1:]]
    else:
        place = _expected_place(source, text, own)
        spots += [Spot(*w, sure=True) for w in sorted(wrong, key=lambda w: abs(w[0] - place))]
    trimmed = [_trimmed(text.text, spot) for spot in spots]
    sure = list(dict.fromkeys(s for s in trimmed if s.begin < s.end))
    verbs = [spot for spot in sure if _is_verb(text.text, spot)]
    sure = [spot for spot in sure if spot not in verbs]
    if sure and not _astray(source, text, own, requirement, sure[0]):
        return [*sure, *_beside_shared(text, sure[0], own)]
    return list(dict.fromkeys([*sure, *_doubtful(source, text, own, requirement)])) or verbs


def _beside_shared(text: Candidate, spot: Spot, own: frozenset[int]) -> list[Spot]:
    """Before and behind the words of a spot, where other Arabic would lose its only English with them."""
    inside = aligned(text, (spot.begin, spot.end)) - own
    elsewhere = {s for s, b, e in text.links if e <= spot.begin or spot.end <= b}
    if not inside - elsewhere or not _only_shared(text, spot, own):
        return []
    return [Spot(place, place, sure=False) for place in (spot.begin, spot.end)]


def _only_shared(text: Candidate, spot: Spot, own: frozenset[int]) -> bool:
    """Whether no word of a spot is aligned to the term alone."""
    english_words = words(text.text)
    linked = links_of(text, english_words)
    inside = [linked[n] for n, word in enumerate(english_words) if spot.begin <= word.begin and word.end <= spot.end]
    return not any(links and links <= own for links in inside)


def _is_verb(text: str, spot: Spot) -> bool:
    """Whether one word stands where only a verb can: `he |leads| them`, `they did not |lead|`."""
    if len(words(text[spot.begin : spot.end])) != 1 or text[spot.begin : spot.begin + 1].isupper():
        return False
    before = words(text[: spot.begin])[-1:]
    return bool(before) and before[0].text.casefold() in _SUBJECTS


def _astray(source: str, text: Candidate, own: frozenset[int], requirement: Requirement, spot: Spot) -> bool:
    """Whether the words aligned to a term stand where its neighbours do not, so that the alignment may be wrong."""
    if not text.links:
        return False
    away = min(_distance(text.text, (spot.begin, spot.end), (p, p)) for p in _places(source, text, own))
    return away > (_NEAR if alike(text.text, (spot.begin, spot.end), requirement) else 1)


def _places(source: str, text: Candidate, own: frozenset[int]) -> list[int]:
    """Where the neighbours of a term say that it should stand."""
    return [_expected_place(source, text, own), *_around_left(source, text, own)]


def _doubtful(source: str, text: Candidate, own: frozenset[int], requirement: Requirement) -> list[Spot]:
    """Where no alignment leads: words that may say the term already, and the gaps."""
    gaps = [Spot(gap, gap, sure=False) for gap in _nearest_gaps(source, text, own, requirement)]
    if not text.links:
        return gaps
    places = _places(source, text, own)
    wrong = _wrong_renderings(text, requirement, own, anywhere=True)
    near = [span for span in wrong if min(abs(span[0] - place) for place in places) <= _FAR]
    strayed = [span for span in near if any(abs(s - o) <= _STRAYED for s in aligned(text, span) for o in own)]
    taken = _replaceable(text, requirement, strayed[:1])
    if taken:
        return taken
    signs, weak = likely_words(source, text, requirement, own, places)
    first = _replaceable(text, requirement, [*near, *signs])
    return [*first, *gaps[:1], *_replaceable(text, requirement, weak), *gaps[1:]]


def _replaceable(text: Candidate, requirement: Requirement, spans: list[Span]) -> list[Spot]:
    """Doubtful spots for stretches beside which the term would repeat nothing."""
    edges = _edges(requirement)
    trimmed = [_trimmed(text.text, Spot(*span, sure=False)) for span in dict.fromkeys(spans)]
    return [spot for spot in trimmed if spot.begin < spot.end and not _doubles(text.text, spot, edges)]


def _edges(requirement: Requirement) -> set[str]:
    """Stems of the words the term begins and ends with."""
    return {english.stem(part) for s in requirement.surfaces for part in (s.split()[0], s.split()[-1])}


def _doubles(text: str, spot: Spot, edges: set[str]) -> bool:
    """Whether the term would stand beside a word it begins or ends with."""
    every = words(text)
    number = bisect_right(every, spot.begin, key=lambda word: word.begin)
    if number and every[number - 1].end > spot.begin:  # the place is inside a word, or that word begins here
        number -= 1
    behind = bisect_left(every, spot.end, lo=number, key=lambda word: word.begin)
    return any(english.stem(word.text) in edges for word in (*every[max(0, number - 1) : number], *every[behind:][:1]))


def _runs(text: Candidate, own: frozenset[int]) -> list[Span]:
    """Stretches of target words aligned to the term, function words cut off the edges; the fullest first."""
    english_words = words(text.text)
    linked = links_of(text, english_words)
    free = [not overlaps((w.begin, w.end), text.held) and is_word(w.text) for w in english_words]
    ours = [free[n] and bool(linked[n] & own) for n in range(len(english_words))]
    runs: list[tuple[tuple[int, int], Span]] = []
    for first, last in _stretches(english_words, linked, free, ours, own):
        first, last = _without_function_words(english_words, first, last)
        first, last = _without_shared_words(linked, own, first, last)
        chosen = english_words[first : last + 1]
        content = [w for w in chosen if w.text.casefold() not in english.FUNCTION_WORDS]
        if content or chosen[0].text.casefold() in english.PRONOUNS:
            rank = (-len(content), first)
            runs.append((rank, (chosen[0].begin, chosen[-1].end)))
    return [span for _, span in sorted(runs)]


def _stretches(
    english_words: Words, linked: list[set[int]], free: list[bool], ours: list[bool], own: frozenset[int]
) -> Iterator[tuple[int, int]]:
    """First and last word of each stretch; what stands between two of ours is ours unless other Arabic claims it."""
    first = last = -1
    for n, mine in enumerate(ours):
        if not mine:
            continue
        between = range(last + 1, n)
        small = [english_words[k].text.casefold() in _LINKING for k in between]
        bridged = all(free[k] and (not linked[k] - own or s) for k, s in zip(between, small, strict=True)) and (
            len(between) <= 1 or (len(between) == 2 and all(small))
        )
        if first >= 0 and bridged:
            last = n
            continue
        if first >= 0:
            yield first, last
        first = last = n
    if first >= 0:
        yield first, last


def _without_function_words(english_words: Words, first: int, last: int) -> tuple[int, int]:
    begin, end = first, last
    while begin < end and english_words[begin].text.casefold() in english.FUNCTION_WORDS:
        begin += 1
    while end > begin and english_words[end].text.casefold() in english.FUNCTION_WORDS:
        end -= 1
    return begin, end


def _without_shared_words(linked: list[set[int]], own: frozenset[int], first: int, last: int) -> tuple[int, int]:
    """Leave words at the edges that also render other Arabic, as long as one of ours alone remains."""
    alone = [n for n in range(first, last + 1) if linked[n] and linked[n] <= own]
    return (alone[0], alone[-1]) if alone else (first, last)


def _wrong_renderings(
    text: Candidate, requirement: Requirement, own: frozenset[int], *, anywhere: bool = False
) -> list[Span]:
    """Own surfaces spelt or cased wrongly, then forbidden renderings; not those other Arabic words account for.

    With `anywhere` those too: an alignment may be wrong.
    """
    linked = links_of(text, words(text.text))
    found = []
    variants = [form for s in requirement.surfaces for form in (s, s + "s", s + "es", s + "ss")]
    for phrases in (variants, requirement.forbidden):
        for begin, end in loose_renditions(phrases, text.text):
            inside = [linked[n] for n, w in enumerate(words(text.text)) if w.begin < end and begin < w.end]
            elsewhere = any(inside) and not any(links & own for links in inside)
            if (anywhere or not elsewhere) and not overlaps((begin, end), text.held):
                found.append((begin, end))
    return list(dict.fromkeys(found))


def _nearest_gaps(source: str, text: Candidate, own: frozenset[int], requirement: Requirement) -> list[int]:
    """Where to insert when there is nothing to replace: by the neighbours' alignment, else in proportion."""
    gaps = _gaps(text)
    edges = _edges(requirement)
    quiet = [g for g in gaps if not _doubles(text.text, Spot(g, g, sure=False), edges)]
    torn = 0 if text.links else _TORN

    def nearest(place: int) -> list[int]:
        return sorted(quiet or gaps, key=lambda g: (abs(g - place) + (torn if _tears(text.text, g) else 0), g))

    close = nearest(_expected_place(source, text, own))
    if not text.links:  # every place is as good as another
        return close
    behind_noun = nearest(_expected_place(source, text, own, nouns=True))
    around = [nearest(place)[0] for place in _around_left(source, text, own)]
    return list(dict.fromkeys([close[0], behind_noun[0], *around, *behind_noun[1:2], *close[1:3]]))[:_GAPS]


def _tears(text: str, gap: int) -> bool:
    """True unless a phrase ends here: before a small word, a punctuation mark or the end."""
    after = words(text[gap : gap + REACH])[:1]
    return bool(after) and is_word(after[0].text) and after[0].text.casefold() not in _PHRASE_HEADS


def _gaps(text: Candidate) -> list[int]:
    """Offsets between words where a term may be put: not in a term, not behind an article, not behind the full stop."""
    english_words = words(text.text)
    if not english_words:
        return [len(text.text)]
    gaps = []
    for n, word in enumerate(english_words):
        before = english_words[n - 1] if n else None
        if before and before.end == word.begin and not (is_word(before.text) or before.text in ",;:"):
            continue  # behind an opening quote or inside "...": the gap before it does
        if before and before.end == word.begin and is_word(word.text):
            continue
        if before and (before.text.casefold() in english.ARTICLES or before.text.endswith(("'s", "’s"))):
            continue
        if before and word.text == "." and n + 1 < len(english_words) and _ABBREVIATION.fullmatch(before.text):
            continue
        gaps.append(before.end if before and not is_word(word.text) else word.begin)
    if is_word(english_words[-1].text):
        gaps.append(english_words[-1].end)
    inside = [g for g in gaps if not any(b < g < e for _, b, e in text.held)]
    return inside or [0, len(text.text)]


def _expected_place(source: str, text: Candidate, own: frozenset[int], *, nouns: bool = False) -> int:
    """Offset the term's neighbours point to: behind the left one, before the right one, or in proportion.

    With `nouns` a preposition is no neighbour: its English may lead another phrase in.
    """
    arabic = words(source)
    for left in range(min(own, default=0) - 1, -1, -1):
        if nouns and left < len(arabic) and arabic[left].text.translate(_SPELT_ALIKE) in PREPOSITIONS:
            continue
        ends = [e for s, b, e in text.links if s == left and not _is_small(text.text[b:e])]
        ends = ends or [e for s, _, e in text.links if s == left]
        if ends:
            return _behind_term(text, max(ends))
    total = len(arabic)
    for right in range(max(own, default=0) + 1, total):
        begins = [b for s, b, e in text.links if s == right and not _is_small(text.text[b:e])]
        begins = begins or [b for s, b, _ in text.links if s == right]
        if begins:
            return _before_auxiliary(text.text, min(begins))
    english_words = words(text.text)
    number = round(min(own, default=0) * len(english_words) / max(total, 1))
    return english_words[number].begin if number < len(english_words) else len(text.text)


def _around_left(source: str, text: Candidate, own: frozenset[int]) -> list[int]:
    """Other places the neighbours point to: before the verb, behind the phrase, before the right neighbour."""
    arabic = words(source)
    places = []
    left = min(own, default=0) - 1
    found = sorted({(b, e) for s, b, e in text.links if s == left and not _is_small(text.text[b:e])})
    if found:
        places += [_before_auxiliary(text.text, found[-1][0]), _end_of_phrase(text.text, found[-1][1])]
    right = max(own, default=0) + 1
    if right < len(arabic):
        found = sorted({(b, e) for s, b, e in text.links if s == right and not _is_small(text.text[b:e])})
        places += [_before_auxiliary(text.text, found[0][0])] if found else []
    return places


def _is_small(word: str) -> bool:
    return word.casefold() in english.FUNCTION_WORDS or not is_word(word)


def _end_of_phrase(text: str, place: int) -> int:
    """`security| headquarters in` -> `security headquarters| in`."""
    for word in words(text[place:]):
        if _is_small(word.text):
            return place + word.begin
    return len(text)


def _before_auxiliary(text: str, place: int) -> int:
    """`[was] |liberated` -> `|was liberated`: a verb is not torn from its auxiliary."""
    found = re.search(r"(?:(?<![\w'’-])[^\W\d_]+\s+)+$", text[:place])
    for word in reversed(words(found.group()) if found else []):
        if word.text.casefold() not in english.AUXILIARIES:
            break
        place = found.start() + word.begin if found else place
    return place


def _behind_term(text: Candidate, place: int) -> int:
    return next((e for _, b, e in text.held if b < place < e), place)


def _trimmed(text: str, spot: Spot) -> Spot:
    """Leave a leading article, a possessive and the like to the sentence: `the Daesh-held` -> `Daesh`."""
    begin, end = spot.begin, spot.end
    chosen = text[begin:end]
    head = re.match(r"(?:the|an?)\s+(?=\S)", chosen, re.I)
    begin += head.end() if head else 0
    tail = english.TAIL.search(text[begin:end])
    if tail and tail.start():
        end = begin + tail.start()
    return replace(spot, begin=begin, end=end)


def _union(text: str, run: Span, wrong: list[Span]) -> Span:
    """The run and the renderings that touch it; of a word like `anti-Daesh` only the rendering."""
    begin, end = min(w[0] for w in wrong), max(w[1] for w in wrong)
    half_before = run[0] < begin and not any(letter.isspace() for letter in text[run[0] : begin])
    half_behind = end < run[1] and not any(letter.isspace() for letter in text[end : run[1]])
    return begin if half_before else min(begin, run[0]), end if half_behind else max(end, run[1])


def _distance(text: str, one: Span, other: Span) -> int:
    """Words between two spans: 0 when they touch or overlap."""
    first, second = sorted((one, other))
    return len(words(text[first[1] : second[0]])) if first[1] < second[0] else 0


def prepositions(source: str, requirement: Requirement) -> tuple[str, ...]:
    """English for the Arabic preposition on or before a match; none where there is none."""
    match = requirement.match
    for clitic in match.proclitics:
        if clitic in PREPOSITIONS:
            return PREPOSITIONS[clitic]
    before = words(source[: match.begin])[-1:]
    word = before[0].text.translate(_SPELT_ALIKE) if before else ""
    return PREPOSITIONS.get(word, ()) if len(word) > 1 else ()


def construct_before(source: str, text: Candidate, requirement: Requirement, end: int) -> bool:
    """Whether the English up to `end` renders the Arabic noun straight before the term: `attempt |of ISIS`."""
    before = words(source[: requirement.match.begin])
    if requirement.match.proclitics or not before or not _is_noun(before[-1].text):
        return False
    return any(s == len(before) - 1 and e == end for s, _, e in text.links)


def construct_behind(source: str, text: Candidate, requirement: Requirement) -> bool:
    """Whether the English behind the term renders the Arabic noun straight behind it: `morale |of the fighters`."""
    match, english_behind = requirement.match, words(text.text[text.end :])
    behind = words(source[match.end :])
    if match.term.number == "name" or match.definite or match.enclitic or not behind or not _is_noun(behind[0].text):
        return False
    number = len(words(source)) - len(behind)
    begins = {b for s, b, _ in text.links if s == number}
    phrase = list(takewhile(lambda word: not _is_small(word.text), dropwhile(_is_determiner, english_behind)))
    return any(text.end + word.begin in begins for word in phrase)


def _is_determiner(word: Word) -> bool:
    return word.text.casefold() in english.DETERMINERS


def _is_noun(word: str) -> bool:
    """As far as can be told: a word, no preposition, no conjunction glued to it."""
    plain = word.translate(_SPELT_ALIKE)
    return is_word(word) and plain not in PREPOSITIONS and len(plain) > 2 and plain[0] != "و"

"""Put missing terms into an English sentence: the last word on terminology, and the one that always succeeds.

Every term that already stands there is protected. Each missing one, in source order, takes the place of the words
aligned to its Arabic, or of a forbidden rendering there, or goes into the gap its neighbours point to; English is then
kept in order at the edges. The promise: `check(requirements, result).unmet` is empty, and no word is lost but those
replaced and the articles and verb forms beside them. It knows no engine; whoever can rescore hands in `choose`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from translate import english
from translate.constraints import Requirement, Span, assign, check, loose_renditions, renditions, stands
from translate.document import TermStatus, TermUse
from translate.words import Word, words

Alignment = tuple[tuple[int, int], ...]
Held = tuple[Requirement, int, int]
"""A requirement and where it is met."""
Choose = Callable[[list[str]], int]

MOST_CANDIDATES = 18
PREPOSITIONS = {
    **{"من": ("of", "from"), "في": ("in",), "الي": ("to",), "علي": ("on", "over"), "عن": ("about", "from")},
    **{"مع": ("with",), "نحو": ("toward",), "باتجاه": ("toward",), "ضد": ("against",), "داخل": ("inside",)},
    **{"مدينة": ("of",), "محافظة": ("of",), "ب": ("in", "with"), "ل": ("of", "for", "to"), "ك": ("as",)},
}
"""What may lead an inserted term in, by the Arabic on or before it; the likeliest first."""
_SPELT_ALIKE = str.maketrans("أإآى", "اااي")
_NEAR = 3
"""Words between an aligned run and a forbidden rendering that still count as one place."""
_LOOK_BACK = 3
"""Words before a noun among which its article may stand: `the old eastern Left Bank`."""
_TAIL = re.compile(
    r"(?:['’][sS]|-(?:affiliated|allied|backed|based|born|controlled|era|held|inspired|led|like|linked|occupied|run"
    r"|style))+$",
    re.I,
)
_LINKING = english.ARTICLES | {"of", "for", "in", "and"}
"""Small words inside a phrase: `side of the coast`."""
_PHRASE_HEADS = english.PREPOSITIONS | english.CONJUNCTIONS | {"that", "which", "who"}
_GAPS = 3
"""How many gaps are worth trying."""
_TORN = 12
"""Characters further we go for a gap that tears no phrase, when no alignment says where to go."""
_ABBREVIATION = re.compile(r"(?:\w\.)*\w|Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sgt|Gov|Sen|Rep|Prof|No|vs|Jr|Sr", re.I)
_OPENING = "\"'“‘«([{¿¡—–-"
_QUOTES = "\"'"
_SENTENCE_END = ".!?؟…"


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


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a term could go: words to replace, or a gap when begin == end."""

    begin: int
    end: int
    sure: bool
    """Alignment or a forbidden rendering led here."""


def substitute(
    source: str,
    target: str,
    alignment: Alignment,
    requirements: Sequence[Requirement],
    *,
    headline: bool = False,
    choose: Choose | None = None,
) -> Repair:
    """Mend `target` until every requirement is met: `The sorters fled.` -> `The detachments fled.`."""
    given = _by_alignment(source, start(target, alignment), requirements, assign(requirements, target))
    text = start(target, alignment, [(requirements[n], *span) for n, span in given.items()])
    # For each requirement: which of `text.held` it is, and how it came there.
    places = {number: (place, TermStatus.MET) for place, number in enumerate(given)}
    for number, requirement in enumerate(requirements):
        if number in places:
            continue
        text = _chosen(candidates(source, text, requirement, headline=headline), choose)
        places[number] = (len(text.held) - 1, text.status)
    uses = tuple(_use(text, *places[n]) for n in range(len(requirements)))
    assert not check(requirements, text.text).unmet, "a placed term is a met term"
    return Repair(text.text, uses, _alignment(text), _dropped(text, target))


def start(target: str, alignment: Alignment, met: Sequence[Held] = ()) -> Candidate:
    """A draft as the first text to work on; `met` is `Outcome.met`, where terms already stand."""
    found = words(target)
    links = tuple((s, found[t].begin, found[t].end) for s, t in alignment if 0 <= t < len(found))
    kept = tuple((n, w.begin, w.end) for n, w in enumerate(found))
    return Candidate(target, 0, 0, TermStatus.MET, tuple(met), links, kept)


def candidates(
    source: str, text: Candidate, requirement: Requirement, *, headline: bool = False
) -> Iterator[Candidate]:
    """Ways to place one missing term, the most likely first, at most 18, no text twice.

    Only what is in doubt varies: the spot when several runs are aligned or none is, the form when the Arabic does not
    tell the number, the article when neither the term nor the draft settles it, the preposition of an inserted term.
    """
    seen: set[str] = set()
    for spot in _spots(source, text, requirement):
        for surface in _forms(text, spot, requirement):
            for article in _articles(text, spot, requirement, surface):
                placed = _place(source, text, spot, requirement, surface, article, headline=headline)
                for option in _led(source, placed, requirement) if spot.begin == spot.end else (placed,):
                    if option.text not in seen:
                        seen.add(option.text)
                        yield option
                    if len(seen) == MOST_CANDIDATES:
                        return


def _led(source: str, placed: Candidate, requirement: Requirement) -> Iterator[Candidate]:
    """An inserted term behind the prepositions its Arabic stands behind, then bare: `left |of Mosul`, `left |Mosul`."""
    article = re.search(r"\b(?:the|an?)\s+$", placed.text[: placed.begin], re.I)
    begin = article.start() if article else placed.begin
    before = words(placed.text[:begin])[-1:]
    led = before and before[0].text.casefold() in english.FUNCTION_WORDS
    if before and _is_text(before[0].text) and not led:
        for lead in _prepositions(source, requirement):
            led_by = _splice(placed, begin, begin, f"{lead} ")
            if _intact(led_by):
                yield led_by
    yield placed


def _prepositions(source: str, requirement: Requirement) -> tuple[str, ...]:
    """English for the Arabic preposition on or before a match; none where there is none."""
    match = requirement.match
    for clitic in match.proclitics:
        if clitic in PREPOSITIONS:
            return PREPOSITIONS[clitic]
    before = words(source[: match.begin])[-1:]
    word = before[0].text.translate(_SPELT_ALIKE) if before else ""
    return PREPOSITIONS.get(word, ()) if len(word) > 1 else ()


def _chosen(options: Iterator[Candidate], choose: Choose | None) -> Candidate:
    first = next(options)
    if choose is None:
        return first
    every = [first, *options]
    return every[choose([option.text for option in every])] if len(every) > 1 else first


def _by_alignment(
    source: str, text: Candidate, requirements: Sequence[Requirement], given: dict[int, Span]
) -> dict[int, Span]:
    """Let each requirement have the rendition its own Arabic is aligned to, where several would do.

    One whose own Arabic came out as a forbidden rendering gives its rendition back: it belongs to something else.
    """
    if not text.links:
        return given
    settled = dict(given)
    own = {number: _source_words(source, requirements[number]) for number in given}
    for number in given:
        if _aligned(text, settled[number]) & own[number]:
            continue
        better = [s for s in renditions(requirements[number].surfaces, text.text) if _aligned(text, s) & own[number]]
        for span in better:
            holders = [n for n, s in settled.items() if n != number and s[0] < span[1] and span[0] < s[1]]
            twins = [n for n in holders if requirements[n].surfaces == requirements[number].surfaces]
            if not holders:
                settled[number] = span
            elif holders == twins and not _aligned(text, span) & own[twins[0]] and settled[twins[0]] == span:
                settled[number], settled[twins[0]] = span, settled[number]
            else:
                continue
            break
        else:
            if _aligned(text, settled[number]) and _came_out_wrong(text, requirements[number], own[number]):
                del settled[number]
    return settled


def _aligned(text: Candidate, span: Span) -> set[int]:
    """Source words aligned to a stretch of the target."""
    return {s for s, b, e in text.links if b < span[1] and span[0] < e}


def _came_out_wrong(text: Candidate, requirement: Requirement, own: frozenset[int]) -> bool:
    return any(_aligned(text, span) & own for span in loose_renditions(requirement.forbidden, text.text))


# --- where ------------------------------------------------------------------------------------------------------


def _spots(source: str, text: Candidate, requirement: Requirement) -> list[_Spot]:
    """Places for a term, best first: words to replace, or else the nearest gaps."""
    own = _source_words(source, requirement)
    runs = _runs(text, own)
    wrong = _wrong_renderings(text, requirement, own)
    spots = []
    if runs:
        begin, end = runs[0]
        near = [w for w in wrong if _distance(text.text, w, (begin, end)) <= _NEAR]
        touching = [w for w in near if w[0] <= end + 1 and begin <= w[1] + 1]
        if touching:
            spots.append(_Spot(*_union(text.text, (begin, end), touching), sure=True))
        elif near:
            spots.append(_Spot(*near[0], sure=True))
        spots.append(_Spot(begin, end, sure=True))
        spots += [_Spot(*run, sure=True) for run in runs[1:]]
    else:
        place = _expected_place(source, text, own)
        spots += [_Spot(*w, sure=True) for w in sorted(wrong, key=lambda w: abs(w[0] - place))]
    trimmed = [_trimmed(text.text, spot) for spot in spots]
    sure = list(dict.fromkeys(s for s in trimmed if s.begin < s.end))
    return sure or [_Spot(gap, gap, sure=False) for gap in _nearest_gaps(source, text, own, requirement)]


def _source_words(source: str, requirement: Requirement) -> frozenset[int]:
    """Numbers of the source words a match covers."""
    match = requirement.match
    begin, end = (match.stem_begin, match.stem_end) if match.stem_end > match.stem_begin else (match.begin, match.end)
    return frozenset(n for n, word in enumerate(words(source)) if word.begin < end and begin < word.end)


def _runs(text: Candidate, own: frozenset[int]) -> list[Span]:
    """Stretches of target words aligned to the term, function words cut off the edges; the fullest first."""
    english_words = words(text.text)
    linked = _linked(text, english_words)
    free = [not _overlaps((w.begin, w.end), text.held) and _is_text(w.text) for w in english_words]
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
    english_words: list[Word], linked: list[set[int]], free: list[bool], ours: list[bool], own: frozenset[int]
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


def _without_function_words(english_words: list[Word], first: int, last: int) -> tuple[int, int]:
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


def _wrong_renderings(text: Candidate, requirement: Requirement, own: frozenset[int]) -> list[Span]:
    """Own surfaces spelt or cased wrongly, then forbidden renderings; not those other Arabic words account for."""
    linked = _linked(text, words(text.text))
    found = []
    variants = [form for s in requirement.surfaces for form in (s, s + "s", s + "es", s + "ss")]
    for phrases in (variants, requirement.forbidden):
        for begin, end in loose_renditions(phrases, text.text):
            inside = [linked[n] for n, w in enumerate(words(text.text)) if w.begin < end and begin < w.end]
            elsewhere = any(inside) and not any(links & own for links in inside)
            if not elsewhere and not _overlaps((begin, end), text.held):
                found.append((begin, end))
    return list(dict.fromkeys(found))


def _nearest_gaps(source: str, text: Candidate, own: frozenset[int], requirement: Requirement) -> list[int]:
    """Where to insert when there is nothing to replace: by the neighbours' alignment, else in proportion."""
    gaps = _gaps(text)
    edges = {english.stem(part) for s in requirement.surfaces for part in (s.split()[0], s.split()[-1])}
    quiet = [g for g in gaps if not _repeats(text.text, g, edges)]
    torn = 0 if text.links else _TORN

    def nearest(place: int) -> list[int]:
        return sorted(quiet or gaps, key=lambda g: (abs(g - place) + (torn if _tears(text.text, g) else 0), g))

    close = nearest(_expected_place(source, text, own))
    behind_noun = nearest(_expected_place(source, text, own, nouns=True))
    return list(dict.fromkeys([close[0], *behind_noun[:2], *close[1:_GAPS]]))


def _tears(text: str, gap: int) -> bool:
    """True unless a phrase ends here: before a small word, a punctuation mark or the end."""
    after = words(text[gap:])[:1]
    return bool(after) and _is_text(after[0].text) and after[0].text.casefold() not in _PHRASE_HEADS


def _gaps(text: Candidate) -> list[int]:
    """Offsets between words where a term may be put: not in a term, not behind an article, not behind the full stop."""
    english_words = words(text.text)
    if not english_words:
        return [len(text.text)]
    gaps = []
    for n, word in enumerate(english_words):
        before = english_words[n - 1] if n else None
        if before and before.end == word.begin and not (_is_text(before.text) or before.text in ",;:"):
            continue  # behind an opening quote or inside "...": the gap before it does
        if before and before.end == word.begin and _is_text(word.text):
            continue
        if before and before.text.casefold() in english.ARTICLES:
            continue
        if before and word.text == "." and n + 1 < len(english_words) and _ABBREVIATION.fullmatch(before.text):
            continue
        gaps.append(before.end if before and not _is_text(word.text) else word.begin)
    if _is_text(english_words[-1].text):
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
        ends = [e for s, _, e in text.links if s == left]
        if ends:
            return _behind_term(text, max(ends))
    total = len(arabic)
    for right in range(max(own, default=0) + 1, total):
        begins = [b for s, b, _ in text.links if s == right]
        if begins:
            return _before_auxiliary(text.text, min(begins))
    english_words = words(text.text)
    number = round(min(own, default=0) * len(english_words) / max(total, 1))
    return english_words[number].begin if number < len(english_words) else len(text.text)


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


def _trimmed(text: str, spot: _Spot) -> _Spot:
    """Leave a leading article, a possessive and the like to the sentence: `the Daesh-held` -> `Daesh`."""
    begin, end = spot.begin, spot.end
    chosen = text[begin:end]
    head = re.match(r"(?:the|an?)\s+(?=\S)", chosen, re.I)
    begin += head.end() if head else 0
    tail = _TAIL.search(text[begin:end])
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


# --- which form -------------------------------------------------------------------------------------------------


def _forms(text: Candidate, spot: _Spot, requirement: Requirement) -> list[str]:
    """Surfaces worth trying, best first: the match's number, unless the word before the spot settles it."""
    term, number = requirement.match.term, requirement.match.number
    one, many = _bare(term.singular), _bare(term.plural)
    before = _words_before(text.text, spot.begin)
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
        elif number == "du" and not {w.casefold() for w in before[-_LOOK_BACK:]} & {"two", "both", "pair"}:
            forms.insert(0, f"two {many}")
    accepted = [f for f in dict.fromkeys(forms) if renditions(requirement.surfaces, f)]
    known = number != "unknown" or term.number in {"name", "mass"}
    return accepted[:1] if accepted and known else accepted or list(requirement.surfaces[:1])


def _articles(text: Candidate, spot: _Spot, requirement: Requirement, surface: str) -> tuple[str | None, ...]:
    """Articles worth trying; None leaves it to the rules."""
    before = [word.casefold() for word in _words_before(text.text, spot.begin)[-1:]]
    if _policy(requirement) != "auto" or (before and before[0] in english.DETERMINERS):
        return (None,)
    if _is_plural(requirement, surface) or requirement.match.term.number in {"name", "mass"}:
        return (None, "", "the")
    return (None, "", "the", "a")


def _bare(phrase: str) -> str:
    return english.split_article(" ".join(phrase.split()))[1]


# --- how --------------------------------------------------------------------------------------------------------


def _place(
    source: str,
    text: Candidate,
    spot: _Spot,
    requirement: Requirement,
    surface: str,
    article: str | None,
    *,
    headline: bool,
) -> Candidate:
    """Set one surface at one spot and mend the edges. `article` None leaves the choice to the rules."""
    old = text.text[spot.begin : spot.end]
    owned = _source_words(source, requirement)
    text = _set(text, *_swallow_repeats(text, spot, surface), requirement, surface)
    text = replace(text, status=TermStatus.FORCED if spot.sure else TermStatus.SUBSTITUTED)
    is_plural = _is_plural(requirement, surface)
    mends: list[Callable[[Candidate], Candidate]] = [
        lambda t: _mend_determiner(t, requirement, surface, article, old, is_plural=is_plural),
        lambda t: _mend_case(t, headline=headline),
    ]
    if spot.begin < spot.end:
        mends = [_mend_possessive, lambda t: _mend_verb(t, old, is_plural=is_plural), *mends]
    for mend in mends:
        mended = mend(text)
        text = mended if _intact(mended) else text
    return _narrowed(text, owned)


def _swallow_repeats(text: Candidate, spot: _Spot, surface: str) -> Span:
    """Take in a neighbour that would double the surface's own edge: `Daesh group` + `ISIS group` -> one `group`."""
    begin, end = spot.begin, spot.end
    if begin == end:
        return begin, end
    parts = surface.split()
    after = next((w for w in words(text.text) if w.begin >= end), None)
    before = next((w for w in reversed(words(text.text)) if w.end <= begin), None)
    if after and _beside(text.text, end, after.begin) and english.stem(after.text) == english.stem(parts[-1]):
        tail = _TAIL.search(after.text)
        stop = after.begin + tail.start() if tail and tail.start() else after.end
        end = end if _overlaps((after.begin, after.end), text.held) else stop
    if before and _beside(text.text, before.end, begin) and english.stem(before.text) == english.stem(parts[0]):
        begin = begin if _overlaps((before.begin, before.end), text.held) else before.begin
    return begin, end


def _set(text: Candidate, begin: int, end: int, requirement: Requirement, surface: str) -> Candidate:
    """Put the surface in and hold it; a space on either side when a term could not be read otherwise."""
    lead, trail = _spaces(text.text, begin, end, surface)
    for left, right in ((lead, trail), (lead or " ", trail or " ")):
        new = _splice(text, begin, end, left + surface + right)
        here = begin + len(left)
        new = replace(new, begin=here, end=here + len(surface))
        new = replace(new, held=(*new.held, (requirement, new.begin, new.end)))
        if _intact(_narrowed(new, frozenset())):
            break
    return replace(new, held=_narrowed(new, frozenset()).held)


def _spaces(text: str, begin: int, end: int, surface: str) -> tuple[str, str]:
    """What must stand between the surface and its neighbours."""
    before, after = text[:begin], text[end:]
    lead = " " if before and (_needs_space(before[-1], opening=True) or re.search(r"\w['’.,-]$", before)) else ""
    trail = " " if after and (_needs_space(after[0], opening=False) or re.match(r"['’.,-]\w", after)) else ""
    if begin < end:  # the neighbours had no space before: keep it so unless two words would become one
        return lead if before[-1:].isalnum() else "", trail if after[:1].isalnum() else ""
    last, first = words(before)[-1:], words(after)[:1]
    if lead and last and english.stem(last[0].text) == english.stem(surface.split()[0]):
        lead = ", "
    elif first and english.stem(first[0].text) == english.stem(surface.split()[-1]):
        trail = ", "
    return lead, trail


def _needs_space(neighbour: str, *, opening: bool) -> bool:
    if neighbour.isspace():
        return False
    return neighbour not in _OPENING if opening else neighbour.isalnum() or neighbour in "([{“‘«" or neighbour == "_"


def _mend_possessive(text: Candidate) -> Candidate:
    """After the term: `detachments's` -> `detachments'`, `Diwan' money` -> `Diwan's money`."""
    surface, after = text.text[text.begin : text.end], text.text[text.end :]
    ends_in_s = english.possessive(surface).endswith("'") and surface[-1:] == "s"
    if ends_in_s and re.match(r"['’][sS](?!\w)", after):
        return _splice(text, text.end + 1, text.end + 2, "")
    if not ends_in_s and re.match(r"['’]\s+\w", after):
        quoted = re.search(r"(?:^|[\s(\[])['‘](?:(?!['’](?:\W|$)).)*$", text.text[: text.begin])
        if not quoted:
            return _splice(text, text.end + 1, text.end + 1, "s")
    return text


def _mend_verb(text: Candidate, old: str, *, is_plural: bool) -> Candidate:
    """`squad is` -> `detachments are`, when the number changed and the term is the verb's subject."""
    if english.looks_plural(old) == is_plural:
        return text
    before = [w.casefold() for w in _words_before(text.text, text.begin)]
    while before and before[-1] in english.DETERMINERS:
        before.pop()
    if before and before[-1] in english.PREPOSITIONS | english.CONJUNCTIONS:
        return text
    found = re.compile(r"\s+(\w+)(?![\w'’])").match(text.text, text.end)
    if not found or _overlaps(found.span(1), text.held):
        return text
    verb = english.agreeing_verb(found.group(1), is_plural=is_plural)
    return text if verb == found.group(1) else _splice(text, *found.span(1), verb, same=True)


def _mend_determiner(
    text: Candidate, requirement: Requirement, surface: str, article: str | None, old: str, *, is_plural: bool
) -> Candidate:
    """Choose the article anew: never two, never the wrong `a`/`an`, `the` where the term asks for it."""
    found = re.search(r"(?<![\w'’-])([^\W\d_]+)(\s+)$", text.text[: text.begin])
    if found and _overlaps(found.span(1), text.held):
        found = None
    word = found.group(1).casefold() if found else ""
    if article is None:
        article = _article(text, requirement, surface, word, old, is_plural=is_plural)
    if article == "a":
        article = english.article(surface)
    if word in english.ARTICLES and found:
        if article == word:
            return text
        if article:
            return _splice(
                text, *found.span(1), article if found.group(1).islower() else article.capitalize(), same=True
            )
        return _splice(text, found.start(1), found.end(2), "")
    if word in english.DETERMINERS - {"that"} and found and not article:
        changed = english.agreeing_determiner(found.group(1), is_plural=is_plural)
        return text if changed == found.group(1) else _splice(text, *found.span(1), changed, same=True)
    return _splice(text, text.begin, text.begin, article + " ") if article else text


def _article(text: Candidate, requirement: Requirement, surface: str, word: str, old: str, *, is_plural: bool) -> str:
    """The article for a term behind `word` (casefolded, "" when there is none): "the", "a" or ""."""
    match, policy = requirement.match, _policy(requirement)
    attributive = _is_attributive(text)
    there = word if word in english.ARTICLES else ""
    if policy == "the" and word == "that":
        return "the"
    if not there and (word in english.DETERMINERS or _phrase_is_open(text)):
        return ""
    if surface.startswith(("The ", "two ")):
        return "the" if word == "the" and surface[0] == "t" else ""
    if policy == "none":
        return there if attributive else ""
    if policy == "the":
        return there if attributive and (word in {"a", "an"} or _next_is_plural(text)) else "the"
    if word == "the":
        return "the"
    if is_plural or match.term.number in {"mass", "name"}:
        return there if attributive else ""
    if there:
        return "a"
    if attributive or _next_is_name(text) or text.text == text.text[text.begin : text.end]:
        return ""
    if old and not english.looks_plural(old):
        return ""  # a singular without article before: a title, an office, a headline
    return "the" if match.definite or match.enclitic else "a"


def _next_is_plural(text: Candidate) -> bool:
    found = re.compile(r"\s+([^\W\d_]+)").match(text.text, text.end)
    return bool(found) and english.looks_plural(found.group(1) if found else "")


def _policy(requirement: Requirement) -> str:
    """Give "the", "none" or "auto": the term's own rule, or what its listed target says."""
    term = requirement.match.term
    if term.article != "auto":
        return term.article
    if english.split_article(term.target)[0] == "the":
        return "the"
    return "none" if term.untranslated else "auto"


def _phrase_is_open(text: Candidate) -> bool:
    """True when a determiner or possessive a little way back already governs the term: `the eastern [Left Bank]`."""
    stretch = re.split(r"[^\w\s'’-]", text.text[: text.begin])[-1].split()[-_LOOK_BACK:]
    for n in range(len(stretch) - 1, -1, -1):
        low = stretch[n].casefold()
        if low in english.DETERMINERS or low.endswith(("'s", "’s", "s'", "s’")) or low in english.NUMERALS:
            return True
        if low in english.FUNCTION_WORDS or low.isdigit():
            return False
        if re.search(r"(?:ed|ing|ly)$", low) and not (n and stretch[n - 1].casefold() in english.DETERMINERS):
            return False
    return False


def _is_attributive(text: Candidate) -> bool:
    """True when a noun seems to follow: `the [ISIS] fighters`, not `the [ISIS] attacked`, `the [ISIS] is`."""
    found = re.compile(r"\s+([^\W\d_]+)").match(text.text, text.end)
    if not found:
        return text.text[text.end : text.end + 1] == "-"
    low = found.group(1).casefold()
    return low not in english.FUNCTION_WORDS and not re.search(r"(?:ed|ly)$", low) and low not in _VERBS


_VERBS = english.listed(
    "said says told fled took began held came went made lost left fought seized gave became remains remain "
    "lies seeks claims wants used knew saw found fell set put also still now then today"
)


def _next_is_name(text: Candidate) -> bool:
    """True for a title before its bearer: `emir Abu ...` takes no article."""
    return bool(re.compile(r"\s+(?:al-)?[^\W\d_a-z]").match(text.text, text.end))


def _mend_case(text: Candidate, *, headline: bool) -> Candidate:
    """Capital at the head of a sentence, small letters off words that lost it, headline case in a headline."""
    surface = text.text[text.begin : text.end]
    if headline and english.is_title_cased(text.text[: text.begin] + text.text[text.end :]):
        text = _recase(text, text.begin, english.title_case(surface))
    led = re.search(r"(?<![\w'’-])(?:the|an?)\s+$", text.text[: text.begin], re.I)
    begin = led.start() if led else text.begin
    if _starts_sentence(text.text, begin) and not re.match(r"[a-z][A-Z]", text.text[begin:]):
        text = _recase(text, begin, english.capitalised(text.text[begin : text.end]))
    follower = re.compile(r"\s+([^\W\d_]+)").match(text.text, text.end)
    if follower and begin == 0 and follower.group(1).casefold() in english.FUNCTION_WORDS - {"i"}:
        low = follower.group(1).casefold()
        if low != follower.group(1) and not follower.group(1).isupper() and not _overlaps(follower.span(1), text.held):
            text = _recase(text, follower.start(1), low)
    return text


def _starts_sentence(text: str, place: int) -> bool:
    before = text[:place].rstrip().rstrip(_OPENING + "”’»").rstrip()
    return not before or before[-1] in _SENTENCE_END


def _narrowed(text: Candidate, owned: frozenset[int]) -> Candidate:
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


# --- the text under repair --------------------------------------------------------------------------------------


def _splice(text: Candidate, begin: int, end: int, new: str, *, same: bool = False) -> Candidate:
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


def _recase(text: Candidate, begin: int, new: str) -> Candidate:
    """Overwrite as many characters as `new` has: only letter case changes, so nothing moves."""
    return replace(text, text=text.text[:begin] + new + text.text[begin + len(new) :])


def _alignment(text: Candidate) -> Alignment:
    english_words = words(text.text)
    pairs = {(s, n) for s, b, e in text.links for n, w in enumerate(english_words) if w.begin < e and b < w.end}
    return tuple(sorted(pairs))


def _dropped(text: Candidate, target: str) -> tuple[int, ...]:
    kept = {n for n, _, _ in text.kept}
    return tuple(n for n in range(len(words(target))) if n not in kept)


def _use(text: Candidate, place: int, status: TermStatus) -> TermUse:
    requirement, begin, end = text.held[place]
    return requirement.met(text.text, begin, end, status)


def _linked(text: Candidate, english_words: list[Word]) -> list[set[int]]:
    """For each word of the text, the source words it is aligned to."""
    by_begin: dict[int, int] = {w.begin: n for n, w in enumerate(english_words)}
    linked: list[set[int]] = [set() for _ in english_words]
    for s, b, e in text.links:
        n = by_begin.get(b)
        for k in [n] if n is not None else [k for k, w in enumerate(english_words) if w.begin < e and b < w.end]:
            linked[k].add(s)
    return linked


def _is_plural(requirement: Requirement, surface: str) -> bool:
    term = requirement.match.term
    if term.number in {"name", "mass"} or term.untranslated:
        return False
    one, many = _bare(term.singular), _bare(term.plural)
    if one and many and one != many:
        return surface.removeprefix("two ") != one and (surface.endswith(many) or english.looks_plural(surface))
    return term.number == "pl" or english.looks_plural(surface)


def _words_before(text: str, place: int) -> list[str]:
    """Words straight before a place, back to the nearest punctuation mark."""
    found: list[str] = []
    for word in reversed(words(text[:place])[-8:]):
        if not _is_text(word.text):
            break
        found.insert(0, word.text)
    return found


def _repeats(text: str, place: int, edges: set[str]) -> bool:
    """True when a word beside the gap is one the term begins or ends with."""
    around = [*words(text[:place])[-1:], *words(text[place:])[:1]]
    return any(english.stem(word.text) in edges for word in around)


def _beside(text: str, end: int, begin: int) -> bool:
    return end < begin and text[end:begin].isspace()


def _is_text(word: str) -> bool:
    return word[0].isalnum() or word[0] == "_"


def _overlaps(span: Span, held: Sequence[Held]) -> bool:
    return any(span[0] < e and b < span[1] for _, b, e in held)


def _intact(text: Candidate) -> bool:
    """Every held term can still be read as one."""
    return all(stands(r.surfaces, text.text, b, e) for r, b, e in text.held)

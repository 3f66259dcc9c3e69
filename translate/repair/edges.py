"""Setting a term into a sentence and keeping the English beside it in order.

Spaces, article, possessive, number of verb and determiner, capitals. Each mend is taken only while every term already
placed can still be read. It does not decide where a term goes or which form it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from translate import english
from translate.constraints import Requirement, Span
from translate.document import TermStatus
from translate.repair.likely import spelt_alike
from translate.repair.sentence import (
    Candidate,
    aligned,
    beside,
    intact,
    narrowed,
    overlaps,
    recase,
    source_words,
    splice,
    words,
    words_before,
)
from translate.repair.spots import Spot
from translate.words import Word

LOOK_BACK = 3
"""Words before a noun among which its article may stand: `the old eastern Left Bank`."""
_NEAR = 2
"""Arabic words between a term and another whose English may repeat the term's."""
_OPENING = "\"'“‘«([{¿¡—–-"
_ARTICLE_BEFORE_QUOTE = re.compile(r"(?<![\w'’-])the\s+[\"“‘«']+$", re.I)
_SENTENCE_END = ".!?؟…"
_VERBS = english.listed(
    "said says told fled took began held came went made lost left fought seized gave became remains remain "
    "lies seeks claims wants used knew saw found fell set put also still now then today"
)
_TITLES = english.listed(
    "colonel captain general lieutenant major brigadier sergeant president minister emir sheikh king prince senator "
    "ambassador caliph sultan mullah"
)
"""Written with a capital straight before their bearer's name."""
_NO_TITLE_BEHIND = english.DETERMINERS | {"former", "then", "late", "ex"}
_BEARER = re.compile(r"\s+(?:al-)?[A-Z][a-z]")
_SELDOM_DOUBLED = re.compile(
    r"(?<![\w'’-])(of|to|at|in|on|for|by|with|from)(\s+)(of|to|at|in|on|for|by|with|from)(?![\w'’-])", re.I
)


def put(
    source: str,
    text: Candidate,
    spot: Spot,
    requirement: Requirement,
    surface: str,
    article: str | None,
    *,
    headline: bool,
) -> Candidate:
    """Set one surface at one spot and mend the edges. `article` None leaves the choice to the rules."""
    old = text.text[spot.begin : spot.end]
    owned = source_words(source, requirement)
    before = text
    text = _set(text, *_swallow_repeats(text, spot, surface, owned), requirement, surface)
    text = replace(text, status=TermStatus.FORCED if spot.sure else TermStatus.SUBSTITUTED)
    is_plural = plural_surface(requirement, surface)
    mends: list[Callable[[Candidate], Candidate]] = [
        lambda t: _mend_determiner(t, requirement, surface, article, old, is_plural=is_plural),
        lambda t: _mend_case(t, headline=headline),
    ]
    if spot.begin < spot.end:
        mends = [
            lambda t: _mend_possessive(t, is_plural=is_plural),
            lambda t: _mend_verb(t, old, is_plural=is_plural),
            *mends,
        ]
    mends = [_mend_commas, *mends, lambda t: mend_prepositions(before, t)]
    for mend in mends:
        mended = mend(text)
        text = mended if intact(mended) else text
    return narrowed(text, owned)


def _swallow_repeats(text: Candidate, spot: Spot, surface: str, owned: frozenset[int]) -> Span:
    """Take in neighbours that would double the surface's words: `Daesh group` + `ISIS group` -> one `group`."""
    if spot.begin == spot.end:
        return spot.begin, spot.end
    stems = [english.stem(part) for part in surface.split()]
    inner = {stem for stem in stems if stem not in english.FUNCTION_WORDS}
    return _swallowed_before(text, spot, stems[0], inner), _swallowed_behind(text, spot, stems[-1], inner, owned)


def _swallowed_behind(text: Candidate, spot: Spot, last: str, inner: set[str], owned: frozenset[int]) -> int:
    """Up to the last repeated word, small words between: `Committee| for Red Cross|`; what hangs on it stays."""
    end = at = spot.end
    for word in [w for w in words(text.text) if w.begin >= spot.end]:
        if not beside(text.text, at, word.begin) or overlaps((word.begin, word.end), text.held):
            break
        stem = english.stem(word.text)
        tail = english.TAIL.search(word.text)
        repeated = (stem in inner or spelt_alike(word.text, inner)) and (
            at == end or _ours_or_nobodys(text, word, owned)
        )
        if repeated or (at == spot.end and stem == last):
            end = word.begin + tail.start() if tail and tail.start() else word.end
        elif word.text.casefold() not in {"of", "for", "the"}:
            break
        if tail and tail.start():
            break
        at = word.end
    return end


def _swallowed_before(text: Candidate, spot: Spot, first: str, inner: set[str]) -> int:
    """The same in front, without small words: `|Mosul's |people` + `people of Mosul`."""
    begin = spot.begin
    for word in reversed([w for w in words(text.text) if w.end <= spot.begin]):
        stem = english.stem(word.text)
        if not beside(text.text, word.end, begin) or overlaps((word.begin, word.end), text.held):
            break
        repeated = stem in inner or spelt_alike(word.text, inner)
        if not repeated and not (stem == first and begin == spot.begin):
            break
        begin = word.begin
    return begin


def _ours_or_nobodys(text: Candidate, word: Word, owned: frozenset[int]) -> bool:
    """Whether no Arabic far from the term's accounts for a word."""
    return all(any(abs(s - o) <= _NEAR for o in owned) for s in aligned(text, (word.begin, word.end)))


def _set(text: Candidate, begin: int, end: int, requirement: Requirement, surface: str) -> Candidate:
    """Put the surface in and hold it; a space on either side when a term could not be read otherwise."""
    lead, trail = _spaces(text.text, begin, end, surface)
    for left, right in ((lead, trail), (lead or " ", trail or " ")):
        new = splice(text, begin, end, left + surface + right)
        here = begin + len(left)
        new = replace(new, begin=here, end=here + len(surface))
        new = replace(new, held=(*new.held, (requirement, new.begin, new.end)))
        if intact(narrowed(new, frozenset())):
            break
    return replace(new, held=narrowed(new, frozenset()).held)


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


def _mend_possessive(text: Candidate, *, is_plural: bool) -> Candidate:
    """After the term: `detachments's` -> `detachments'`, `Diwan' money` -> `Diwan's money`."""
    surface, after = text.text[text.begin : text.end], text.text[text.end :]
    ends_in_s = is_plural and surface[-1:] == "s"
    if ends_in_s and re.match(r"['’][sS](?!\w)", after):
        return splice(text, text.end + 1, text.end + 2, "")
    if not ends_in_s and re.match(r"['’]\s+\w", after):
        quoted = re.search(r"(?:^|[\s(\[])['‘](?:(?!['’](?:\W|$)).)*$", text.text[: text.begin])
        if not quoted:
            return splice(text, text.end + 1, text.end + 1, "s")
    return text


def _mend_verb(text: Candidate, old: str, *, is_plural: bool) -> Candidate:
    """`squad is` -> `detachments are`, when the number changed and the term is the verb's subject."""
    if english.looks_plural(old) == is_plural:
        return text
    before = [w.casefold() for w in words_before(text.text, text.begin)]
    while before and before[-1] in english.DETERMINERS:
        before.pop()
    if before and before[-1] in english.PREPOSITIONS | english.CONJUNCTIONS:
        return text
    found = re.compile(r"\s+(\w+)(?![\w'’])").match(text.text, text.end)
    if not found or overlaps(found.span(1), text.held):
        return text
    verb = english.agreeing_verb(found.group(1), is_plural=is_plural)
    return text if verb == found.group(1) else splice(text, *found.span(1), verb, same=True)


def mend_met(text: Candidate, place: int) -> Candidate:
    """Beside a term the draft itself has: `A ISIS members` -> `ISIS members`, `colonel Ali` -> `Colonel Ali`."""
    requirement, begin, end = text.held[place]
    surface = text.text[begin:end]
    mended = _mend_met_article(text, requirement, replace(text, begin=begin, end=end), surface)
    mended = mended if intact(mended) else text
    _, begin, end = mended.held[place]
    titled = _mend_title(replace(mended, begin=begin, end=end))
    return replace(titled if intact(titled) else mended, begin=text.begin, end=text.end)


def _mend_met_article(text: Candidate, requirement: Requirement, at: Candidate, surface: str) -> Candidate:
    found = re.search(r"(?<![\w'’-])([Aa]n?|[Tt]his|[Tt]he)(\s+)$", text.text[: at.begin])
    if found is None or overlaps(found.span(1), text.held):
        return text
    word = found.group(1)
    if word.casefold() == "the":
        return _without_the(text, requirement, at, found)
    if _is_a_letter(text.text, found.start(), word):
        return text
    is_plural, attributive = plural_surface(requirement, surface), is_attributive(at) and not _verb_follows(at)
    if word.casefold() == "this":
        return (
            splice(text, *found.span(1), english.agreeing_determiner(word, is_plural=True), same=True)
            if (is_plural and not attributive)
            else text
        )
    if (is_plural and not attributive) or (attributive and _plural_ends_phrase(at)):
        mended = splice(text, found.start(1), found.end(2), "")
        return recase(mended, found.start(1), english.capitalised(surface)) if word[0] == "A" else mended
    right = english.article(surface)
    if is_plural or right == word.casefold():
        return text
    return splice(text, *found.span(1), right.capitalize() if word[0] == "A" else right, same=True)


def _without_the(text: Candidate, requirement: Requirement, at: Candidate, found: re.Match[str]) -> Candidate:
    """`the Hussam al-Ahbabi.` -> `Hussam al-Ahbabi.`, for names without an article; `the Mosul operations` stays."""
    if requirement.match.term.article != "none" or requirement.match.term.number != "name" or is_attributive(at):
        return text
    return splice(text, found.start(1), found.end(2), "")


def _plural_ends_phrase(text: Candidate) -> bool:
    """`[ISIS] members fled` -> True, `[ISIS] news agency` -> False: a plural follows, and no noun behind it."""
    found = re.compile(r"\s+([^\W\d_]+)").match(text.text, text.end)
    if not found or not english.looks_plural(found.group(1)):
        return False
    return not is_attributive(replace(text, end=found.end()))


def _is_a_letter(text: str, place: int, article: str) -> bool:
    """Whether a capital A inside a sentence is a name, as in `Plan A`."""
    return article == "A" and not _starts_sentence(text, place)


def _verb_follows(text: Candidate) -> bool:
    found = re.compile(r"\s+([^\W\d_]+)").match(text.text, text.end)
    return bool(found) and found.group(1).casefold() in english.AUXILIARIES if found else False


def _mend_commas(text: Candidate) -> Candidate:
    """`In Raqqa,, they fled` -> `In Raqqa, they fled`: of commas in a row beside a term the first stays."""
    found = re.compile(r"\s*,((?:\s*,)+)").match(text.text, text.end)
    text = splice(text, *found.span(1), "") if found else text
    ahead = text.text[: text.begin]
    run = ahead[len(_without_commas(ahead)) :]
    kept, last = len(ahead) - len(run) + run.find(",") + 1, len(ahead) - len(run) + run.rfind(",") + 1
    return splice(text, kept, last, "") if kept < last else text


def _without_commas(text: str) -> str:
    """`'In Raqqa, , '` -> `'In Raqqa'`."""
    end = len(text)
    while end and (text[end - 1] == "," or text[end - 1].isspace()):
        end -= 1
    return text[:end]


def mend_prepositions(before: Candidate, text: Candidate) -> Candidate:
    """Of two prepositions in a row that the draft did not have the second goes: `of of |ISIS` -> `of |ISIS`."""
    had = {found.group(0).casefold() for found in _SELDOM_DOUBLED.finditer(before.text)}
    article = re.search(r"\b(?:the|an?)\s+$", text.text[: text.begin], re.I)
    begin = article.start() if article else text.begin
    for found in _SELDOM_DOUBLED.finditer(text.text):
        near = found.end() == len(text.text[:begin].rstrip()) or found.start() == text.end + 1
        if near and found.group(0).casefold() not in had and not overlaps(found.span(), text.held):
            return splice(text, found.end(1), found.end(3), "")
    return text


def _mend_title(text: Candidate) -> Candidate:
    """`said colonel Mohammed` -> `said Colonel Mohammed`; not behind `the` or `former`."""
    surface = text.text[text.begin : text.end]
    before = words_before(text.text, text.begin)[-1:]
    if (
        surface.split()[-1] not in _TITLES
        or not _BEARER.match(text.text, text.end)
        or (before and before[0].casefold() in _NO_TITLE_BEHIND)
    ):
        return text
    return recase(text, text.begin, english.title_case(surface))


def _mend_determiner(
    text: Candidate, requirement: Requirement, surface: str, article: str | None, old: str, *, is_plural: bool
) -> Candidate:
    """Choose the article anew: never two, never the wrong `a`/`an`, `the` where the term asks for it."""
    found = re.search(r"(?<![\w'’-])([^\W\d_]+)(\s+)$", text.text[: text.begin])
    if found and overlaps(found.span(1), text.held):
        found = None
    word = found.group(1).casefold() if found else ""
    if _ARTICLE_BEFORE_QUOTE.search(text.text[: text.begin]):
        return text
    if article is None:
        article = _article(text, requirement, surface, word, old, is_plural=is_plural)
    if article == "a":
        article = english.article(surface)
    if word in english.ARTICLES and found:
        if article == word:
            return text
        if article:
            return splice(
                text, *found.span(1), article if found.group(1).islower() else article.capitalize(), same=True
            )
        return splice(text, found.start(1), found.end(2), "")
    if word in english.DETERMINERS - {"that"} and found and not article:
        changed = english.agreeing_determiner(found.group(1), is_plural=is_plural)
        return text if changed == found.group(1) else splice(text, *found.span(1), changed, same=True)
    return splice(text, text.begin, text.begin, article + " ") if article else text


def _article(text: Candidate, requirement: Requirement, surface: str, word: str, old: str, *, is_plural: bool) -> str:
    """The article for a term behind `word` (casefolded, "" when there is none): "the", "a" or ""."""
    match, policy = requirement.match, article_policy(requirement)
    attributive = is_attributive(text)
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


def article_policy(requirement: Requirement) -> str:
    """Give "the", "none" or "auto": the term's own rule, or what its listed target says."""
    term = requirement.match.term
    if term.article != "auto":
        return term.article
    if english.split_article(term.target)[0] == "the":
        return "the"
    return "none" if term.untranslated else "auto"


def _phrase_is_open(text: Candidate) -> bool:
    """True when a determiner or possessive a little way back already governs the term: `the eastern [Left Bank]`."""
    stretch = re.split(r"[^\w\s'’-]", text.text[: text.begin])[-1].split()[-LOOK_BACK:]
    for n in range(len(stretch) - 1, -1, -1):
        low = stretch[n].casefold()
        if low in english.DETERMINERS or low.endswith(("'s", "’s", "s'", "s’")) or low in english.NUMERALS:
            return True
        if low in english.FUNCTION_WORDS or low.isdigit():
            return False
        if re.search(r"(?:ed|ing|ly)$", low) and not (n and stretch[n - 1].casefold() in english.DETERMINERS):
            return False
    return False


def is_attributive(text: Candidate) -> bool:
    """True when a noun seems to follow: `the [ISIS] fighters`, not `the [ISIS] attacked`, `the [ISIS] is`."""
    found = re.compile(r"\s+([^\W\d_]+)").match(text.text, text.end)
    if not found:
        return text.text[text.end : text.end + 1] == "-"
    low = found.group(1).casefold()
    return low not in english.FUNCTION_WORDS and not re.search(r"(?:ed|ly)$", low) and low not in _VERBS


def _next_is_name(text: Candidate) -> bool:
    """True for a title before its bearer: `emir Abu ...` takes no article."""
    return bool(re.compile(r"\s+(?:al-)?[^\W\d_a-z]").match(text.text, text.end))


def _mend_case(text: Candidate, *, headline: bool) -> Candidate:
    """Capital at the head of a sentence, small letters off words that lost it, headline case in a headline."""
    surface = text.text[text.begin : text.end]
    if headline and english.is_title_cased(text.text[: text.begin] + text.text[text.end :]):
        text = recase(text, text.begin, english.title_case(surface))
    led = re.search(r"(?<![\w'’-])(?:the|an?)\s+$", text.text[: text.begin], re.I)
    begin = led.start() if led else text.begin
    if _starts_sentence(text.text, begin) and not re.match(r"[a-z][A-Z]", text.text[begin:]):
        text = recase(text, begin, english.capitalised(text.text[begin : text.end]))
    text = _mend_title(text)
    follower = re.compile(r"\s+([^\W\d_]+)").match(text.text, text.end)
    if follower and begin == 0 and follower.group(1).casefold() in english.FUNCTION_WORDS - {"i"}:
        low = follower.group(1).casefold()
        if low != follower.group(1) and not follower.group(1).isupper() and not overlaps(follower.span(1), text.held):
            text = recase(text, follower.start(1), low)
    return text


def _starts_sentence(text: str, place: int) -> bool:
    before = text[:place].rstrip().rstrip(_OPENING + "”’»").rstrip()
    return not before or before[-1] in _SENTENCE_END


def plural_surface(requirement: Requirement, surface: str) -> bool:
    """Whether this surface of a term is its plural: `detachments`, `two detachments` -> True."""
    term = requirement.match.term
    if term.number in {"name", "mass"} or term.untranslated:
        return False
    one, many = without_article(term.singular), without_article(term.plural)
    if one and many and one != many:
        return surface.removeprefix("two ") != one and (surface.endswith(many) or english.looks_plural(surface))
    return term.number == "pl" or english.looks_plural(surface)


def without_article(phrase: str) -> str:
    """`the  Left Bank` -> `Left Bank`."""
    return english.split_article(" ".join(phrase.split()))[1]

"""Slips of a model's English that are wrong in any sentence: stray articles, capitals, agreement, `said to X that`.

Every rule is one line of a table: what it finds and what stands there instead. A rule is here only when what it finds
is never good English; terms, addresses and code are never touched. For text of a machine alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from translate import english
from translate.constraints import Requirement
from translate.repair.sentence import Candidate, intact, overlaps, recase, splice

Mend = Callable[[re.Match[str]], str]


class Rule(NamedTuple):
    """A slip, and what it should have been."""

    name: str
    found: re.Pattern[str]
    put: Mend
    """What stands instead; the same text where nothing is wrong after all."""


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[:1].isupper() else word


def _one_article(found: re.Match[str]) -> str:
    """`the a`, `a the` -> `the`; `a an` -> `a`."""
    first, second = found.group(1), found.group(2)
    definite = "the" in (first.casefold(), second)
    return _cased("the" if definite else first.casefold(), first)


def _onset(found: re.Match[str]) -> str:
    """`a umbrella` -> `an umbrella`; how capitals are said nobody knows, and `an historic` is somebody's choice."""
    said, word = found.group(1), found.group(2)
    right = english.article(word)
    doubtful = word.isupper() or word[0] in "hH" or (right == "a" and word[0] in "aeiouAEIOU")
    if right == said.casefold() or doubtful:
        return found.group()
    return _cased(right, said) + found.group()[len(said) :]


def _in_the_plural(found: re.Match[str]) -> str:
    """`700 fighter` -> `700 fighters`; `Brigade 30 fighter` stays."""
    figure, noun = found.group().split()
    before = found.string[: found.start()].split()
    named = len(before) > 1 and before[-1][0].isupper()
    return found.group() if named else f"{figure} {english.plural(noun)}"


def _to_lower(found: re.Match[str]) -> str:
    return found.group() if english.is_title_cased(found.string) else found.group().lower()


def _listed(words: str) -> str:
    return "|".join(words.split())


_QUANTITIES = _listed(
    "few number lot couple handful dozen hundred thousand million series variety majority total host range "
    "multitude minority plethora pair"
)
_OPENERS = _listed(
    "The A An And But So As It This That These Those He She They We His Her Its Their There In On At To For From With "
    "While Where When Which Who Whose Although Though Because Since If Unless Until After Before During However Also "
    "Then According Despite Especially Including Noting Stressing Adding"
)
_COUNTED = _listed(
    "militant fighter soldier civilian member year month week day hour minute kilometer kilometre meter metre ton "
    "dollar barrel missile rocket airstrike vehicle family prisoner hostage village district city country house"
)
_BEHIND_NOUN = _listed("were are have had from in of and who that to on at by ago after before during since for with")
_UNCOUNTED = _listed("doubt evidence need escape alternative justification")
_OUTLET = r"(?:[\"“][^\"“”]{1,60}[\"”]|[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,4})"

RULES: tuple[Rule, ...] = (
    Rule("two articles", re.compile(r"(?<![\w'’-])(The|the|An?|an?)\s+(the|an?)(?=\s+\w)"), _one_article),
    Rule("a before a vowel", re.compile(r"(?<![\w'’.-])(a|an|^An?|(?<=[.!?] )An?)\s+([^\W\d_]{3,})"), _onset),
    Rule("capital behind a comma", re.compile(rf"(?<=[^\W\d_][,;] )(?:{_OPENERS})(?=,? [a-z])"), _to_lower),
    Rule(
        "there are a",
        re.compile(rf"(?<=\b[Tt]here )(are|were)(?= an? (?!(?:[a-z]+ ){{0,2}}(?:{_QUANTITIES})\b))"),
        lambda found: english.PLURAL_VERBS[found.group()],
    ),
    Rule(
        "there are no doubt",
        re.compile(rf"(?<=\b[Tt]here )(are|were)(?= no (?:{_UNCOUNTED})\b)"),
        lambda found: english.PLURAL_VERBS[found.group()],
    ),
    Rule(
        "there is many",
        re.compile(r"(?<=\b[Tt]here )(is|was)(?= (?:many|several|dozens|hundreds|thousands)\s+(?!a\b))"),
        lambda found: english.SINGULAR_VERBS[found.group()],
    ),
    Rule(
        "said to X that",
        re.compile(rf"(?<!is )(?<!was )(?<!are )(?<!were )(?<!been )\bsaid to(?= {_OUTLET} that\b)"),
        lambda _: "told",
    ),
    Rule("told to X that", re.compile(rf"\btold to(?= {_OUTLET} that\b)"), lambda _: "told"),
    Rule(
        "five fighter",
        re.compile(
            rf"(?<![\w.,/:-])(?!(?:19|20)\d\d\b|1 )(?:\d{{1,3}}(?:,\d{{3}})+|\d+) (?:{_COUNTED})"
            rf"(?=[.,;]?$|[.,;] |\s+(?:{_BEHIND_NOUN})\b)"
        ),
        _in_the_plural,
    ),
)
_MOST = 20
"""Times one rule is applied to a sentence."""
_TO_HIM = re.compile(
    r"(?<!is )(?<!was )(?<!are )(?<!were )(?<!been )\b(?:said|stated|reported|noted|added|told)(?: that| to|,)?,?"
    r"(?= [\"“]?(?:the )?$)"
)
"""A verb of saying, and what a model puts before the one who was told: `reported that |"Akhbar Al Aan"| that`."""
_THAT = re.compile(r"[\"”]?,? that\b")
_SAYS_THAT = re.compile(r"\b(?:said|stated|reported|noted|added|mentioned|confirmed|told) that(?= [\"“]?$)")
_SAID = re.compile(r"[\"”]?(?= (?:the|an?|this|these|those|its|his|their|there)\b)")
"""Behind who was told: no verb, but what was said."""
_TO = re.compile(r"(?<![\w'’-])to\s$")
_WHAT = re.compile(r"\s(?=(?:the|this|these|those|its|his|their)\s)")


_SPACE = re.compile(r"(\s+)")
_OPENED = re.compile(r"\((?:the |an? )?$")
_GLOSS = re.compile(r"(?: \([^()]{1,60}\)|(?<=\)))(?!\))")


def tidy(text: Candidate, kept: Collection[str] = (), *, headline: bool = False) -> Candidate:
    """The same with its slips mended: `there are a emir` -> `there is an emir`. What is `kept` is not touched."""
    for rule in RULES:
        if not headline or rule.name != "capital behind a comma":
            text = _mended(text, rule, kept)
    for place in range(len(text.held)):
        for mend in (_told, _for_the, _addressed, _closed):
            text = mend(text, place)
    return text


def _mended(text: Candidate, rule: Rule, kept: Collection[str]) -> Candidate:
    at = 0
    for _ in range(_MOST):
        found = rule.found.search(text.text, at)
        if found is None:
            break
        at, old, new = found.end(), found.group(), rule.put(found)
        if new == old or overlaps(found.span(), text.held) or any(old in one and one in text.text for one in kept):
            continue
        mended = _with(text, found.start(), old, new)
        if intact(mended):
            text, at = mended, found.start() + len(new)
    return text


def _with(text: Candidate, begin: int, old: str, new: str) -> Candidate:
    """The text with what differs put in, so that the words on either side keep what they are aligned to."""
    if old.casefold() == new.casefold():
        return recase(text, begin, new)
    ours, theirs = _SPACE.split(new), _SPACE.split(old)
    while len(ours) > 1 and len(theirs) > 1 and ours[0] == theirs[0]:
        begin += len(ours[0])
        ours, theirs = ours[1:], theirs[1:]
    while len(ours) > 1 and len(theirs) > 1 and ours[-1] == theirs[-1]:
        ours, theirs = ours[:-1], theirs[:-1]
    return splice(text, begin, begin + len("".join(theirs)), "".join(ours), same=True)


def _told(text: Candidate, place: int) -> Candidate:
    """Of one *to* whom Arabic says something: `reported that "Akhbar Al Aan" that` -> `told "Akhbar Al Aan" that`.

    So too `mentioned that Akhbar Al Aan the group's disputes` -> `told Akhbar Al Aan that the group's disputes`.
    """
    requirement, begin, end = text.held[place]
    early = _SAYS_THAT.search(text.text[:begin]) if "ل" in requirement.match.proclitics else None
    said = _SAID.match(text.text, end)
    if early and said and requirement.match.term.number == "name" and not overlaps(early.span(), text.held):
        mended = splice(text, said.end(), said.end(), " that")
        mended = splice(mended, *early.span(), "told", same=True)
        return mended if intact(mended) else text
    found = _TO_HIM.search(text.text[:begin]) if "ل" in requirement.match.proclitics else None
    if found is None or found.group() == "told" or overlaps(found.span(), text.held):
        return text
    if not _THAT.match(text.text, end):
        return text
    mended = splice(text, *found.span(), "told", same=True)
    return mended if intact(mended) else text


def _for_the(text: Candidate, place: int) -> Candidate:
    """A noun where only a verb could stand: `ready to reconstruction the city` -> `ready for the reconstruction of`."""
    requirement, begin, end = text.held[place]
    before, behind = _TO.search(text.text[:begin]), _WHAT.match(text.text, end)
    noun = requirement.match.term.number == "mass" and "ل" in requirement.match.proclitics
    if not (noun and before and behind) or _is_a_verb(requirement, text.text[begin:end]):
        return text
    mended = splice(text, end, end, " of")
    mended = splice(mended, before.start(), before.end() - 1, "for the", same=True)
    return mended if intact(mended) else text


def _is_a_verb(requirement: Requirement, said: str) -> bool:
    """Whether a form is the verb of a noun that also has its other forms: of `rebuilding`, `rebuilt` the `rebuild`."""
    stem = said.removesuffix("e")
    return said != requirement.surfaces[0] and bool({stem + "ing", stem + "ed"} & {*requirement.surfaces})


def _addressed(text: Candidate, place: int) -> Candidate:
    """Of two names in a row the second of which is spoken *to*: `Al-Allaf Akhbar Al Aan:` -> `Al-Allaf to Akhbar`."""
    requirement, begin, _ = text.held[place]
    if "ل" not in requirement.match.proclitics or requirement.match.term.number != "name":
        return text
    for other, _, end in text.held:
        beside = text.text[end:begin] == " " and requirement.match.begin - other.match.end in (0, 1, 2)
        if beside and other.match.term.number == "name":
            mended = splice(text, begin, begin, "to ")
            return mended if intact(mended) else text
    return text


def _closed(text: Candidate, place: int) -> Candidate:
    """Behind a term with brackets of its own, in brackets: `(the qachagh (smuggling route) and` -> `route)) and`."""
    _, begin, end = text.held[place]
    own = _GLOSS.match(text.text, end)
    opened = _OPENED.search(text.text[:begin])
    if own is None or opened is None or text.text.count("(") != text.text.count(")") + 1:
        return text
    return splice(text, own.end(), own.end(), ")")

"""Article, number, pronoun and quotation marks beside a term, as its Arabic has them.

Arabic says with its article, its endings and its pronouns what English says with `the`, a plural and `its`. Every rule
asks for a sign on both sides, in the Arabic and in the English, and does nothing where one is missing. What is wrong
whatever the Arabic says is mended elsewhere (`tidy`), and so is what stands in the wrong order (`relations`). For text
of a machine alone; no engine is asked.
"""

from __future__ import annotations

import re
from dataclasses import replace

from glossary.fold import key
from translate import english
from translate.constraints import Requirement
from translate.repair.edges import article_policy, is_attributive, plural_surface, without_article
from translate.repair.sentence import (
    Candidate,
    arabic_word,
    intact,
    overlaps,
    recase,
    source_words,
    splice,
    words_before,
)

_SMALL = english.PREPOSITIONS | english.CONJUNCTIONS - {"and", "or"} | {"that"}
"""Behind these a noun phrase begins; behind `and` one may go on."""
_NAMED_OF = re.compile(r"\b(?:[A-Z][\w-]*|number|dozens|hundreds|thousands|most|many|some) of\s+$")
"""What an office is called by: `General Directorate of |Civil Defense`; and how many they are."""
_THE = re.compile(r"(?<![\w'’-])the(?=\s+$)")
_A = re.compile(r"(?<![\w'’-])an?\s+$")
_NAME = re.compile(r"\s+(?:[^\W\d_a-z]|\()")
_PARTITIVE = frozenset({"احد", "احدي", "اي", "كل", "واحد", "واحده", "من", "بين", "ابرز", "اهم", "عضو"})
"""Behind these a plural is `one of` them: أحد عناصر التنظيم is a member of the group."""
_MARKS = frozenset('"“”«»„')
_HIS = re.compile(r"(?<![\w'’-])[Hh]is(?=\s+$)")
_NEAR = 10
"""Characters before a term among which its `his` is looked for."""
_BODIES = english.listed("group organization organisation movement party militia army coalition service")
"""Heads of what one may be a member of; a name in capitals (ISIS, PKK) is such a body too."""
_CAPITALS = 3
"""Letters of such a name at least."""
_PERSON = re.compile(
    r"(?<![\w'’-])(?:he|who|[a-z]+(?:er|or|ist|ian|man|eer|ee|ier|ant)|president|head|chief|general|colonel|captain"
    r"|king|emir|prince|sheikh|imam|mufti|caliph|official|source|son|father|brother|husband|boy|child|citizen|militant"
    r"|suspect|colleague|deputy|student|judge|spy|dead|nicknamed?|each|everyone|someone|anyone|person|one|friend|guy"
    r"|recruit|candidate|diplomat|youth|martyr|victim|hostage|native|male)(?![\w'’-])",
    re.I,
)
"""One who may be `he`."""
_NO_PERSON = english.listed(
    "after other over under order number power center however whether either neither never ever another together "
    "further former later matter paper water river border winter summer offer cover rather per for or nor major minor "
    "prior sector factor error terror door floor war car far near year clear dollar important significant relevant "
    "constant quarter corridor greater larger newspaper september october november december"
)
_CAPITAL = re.compile(r"(?<!^)(?<![.!?:] )(?<!\bin )(?<![\w'’-])[A-Z][\w'’-]*")
_SENTENCE_END = re.compile(r"[.!?][\"”]?\s")


def agreed(source: str, text: Candidate, *, headline: bool = False) -> Candidate:
    """The same with what stands beside its terms agreeing with the Arabic: `that people of Mosul refuse` -> `the`."""
    for rule in (_several, _its, _quoted) if headline else (_several, _its, _the, _a, _quoted):
        for place in range(len(text.held)):
            mended = rule(source, text, place)
            text = mended if mended is not text and intact(mended) else text
    return text


def _the(source: str, text: Candidate, place: int) -> Candidate:
    """Before a term that has it by its entry, where nothing else determines it: `that |the |people of Mosul refuse`.

    Of a name whose own article is missing that article: `in |The |Hague`. A plural can do without (`regime forces`),
    unless something hangs on it.
    """
    requirement, begin, end = text.held[place]
    said, term = text.text[begin:end], requirement.match.term
    if not term.target.startswith("The ") and article_policy(requirement) != "the":
        return text
    before = [word.casefold() for word in words_before(text.text, begin)[-1:]]
    if before and before[0] not in _SMALL:
        return text
    if before and f"The {said}" == term.target:
        return splice(text, begin, begin, "The ")
    forms = (without_article(form) for form in (term.target, term.singular, term.plural))
    spoken = next((form for form in forms if said in {form, english.capitalised(form)}), "")
    several = "pl" in {term.number, requirement.match.number} or (term.number != "name" and english.looks_plural(said))
    some = several and (" of " not in said or not _all_of_them(source, requirement))
    if not spoken or said.startswith("The ") or some or _leads(replace(text, begin=begin, end=end)):
        return text
    if article_policy(requirement) != "the" or _NAMED_OF.search(text.text[:begin]):
        return text
    if before:
        return splice(text, begin, begin, "the ")
    if begin or not text.text.endswith("."):
        return text
    return splice(recase(text, 0, spoken), 0, 0, "The ")


def _all_of_them(source: str, requirement: Requirement) -> bool:
    """Whether the Arabic is definite and not `some of` them."""
    match = requirement.match
    return match.definite and "ل" not in match.proclitics and not _one_of(source, requirement)


def _one_of(source: str, requirement: Requirement) -> bool:
    """Whether the Arabic before a term takes one or some of it: أحد, لاحدى, عدد من."""
    before = arabic_word(source, min(source_words(source, requirement)) - 1)
    return before in _PARTITIVE or before[1:] in _PARTITIVE


def _leads(at: Candidate) -> bool:
    """Whether a noun or a name follows a term that is no phrase of its own: `Civil Defense |teams`."""
    named = _NAME.match(at.text, at.end) is not None
    return named or (is_attributive(at) and " of " not in at.text[at.begin : at.end])


def _a(source: str, text: Candidate, place: int) -> Candidate:
    """Of one that Arabic marks as any (the ا of the accusative): `reveal the |mutiny` -> `reveal a |mutiny`."""
    requirement, begin, end = text.held[place]
    match, found = requirement.match, _THE.search(text.text[:begin])
    if plural_surface(requirement, text.text[begin:end]):
        return text
    named = match.term.number in {"name", "mass"} or article_policy(requirement) != "auto"
    if not found or named or match.number != "sg" or match.definite or match.enclitic:
        return text
    written = key(source[match.stem_begin : match.stem_end])
    forms = {key(form) for form in (match.term.source, *match.term.forms)}
    if not written.endswith("ا") or written in forms or written[:-1] not in forms:
        return text
    return splice(text, *found.span(), english.article(text.text[begin:]), same=True)


def _several(source: str, text: Candidate, place: int) -> Candidate:
    """Several in Arabic and one in English: `and a |machine gun|` -> `and |machine guns|`."""
    requirement, begin, end = text.held[place]
    found, wanted = _A.search(text.text[:begin]), requirement.surfaces[0]
    one = not plural_surface(requirement, text.text[begin:end]) and plural_surface(requirement, wanted)
    if not found or not one or requirement.match.number != "pl" or requirement.match.term.number in {"name", "mass"}:
        return text
    if _one_of(source, requirement) or is_attributive(replace(text, begin=begin, end=end)):
        return text
    return splice(splice(text, begin, end, wanted, same=True), *found.span(), "")


def _quoted(source: str, text: Candidate, place: int) -> Candidate:
    """Of a term in quotation marks the first, where it was lost: `nicknamed |"|Abu Hassan al-Muhajir" that`."""
    requirement, begin, end = text.held[place]
    match, behind = requirement.match, text.text[end : end + 1]
    quoted = source[: match.stem_begin].rstrip()[-1:] in _MARKS and source[match.end :].lstrip()[:1] in _MARKS
    if not quoted or behind not in {'"', "”"} or text.text[:begin].rstrip()[-1:] in _MARKS:
        return text
    if behind == '"' and text.text.count('"') % 2 == 0:
        return text
    return splice(text, begin, begin, '"' if behind == '"' else "“")


def _its(_source: str, text: Candidate, place: int) -> Candidate:
    """Of a body of people, where no person is named behind it: `the group's defeats and what hit |its |leaders`.

    Only where the pronoun is one that the term has in Arabic (قياداته): that belongs to what was named last.
    """
    requirement, begin, _ = text.held[place]
    found = _HIS.search(text.text, max(0, begin - _NEAR), begin) if requirement.match.enclitic == "ه" else None
    if found is None:
        return text
    bodies = [(b, e) for r, b, e in text.held if e < found.start() and _is_body(r, text.text[b:e])]
    if not bodies or is_attributive(replace(text, begin=bodies[-1][0], end=bodies[-1][1])):
        return text
    since = bodies[-1][1]
    if _SENTENCE_END.search(text.text, since, found.start()) or _names_a_person(text, since, found.start()):
        return text
    return splice(text, *found.span(), "Its" if found.group()[0] == "H" else "its", same=True)


def _names_a_person(text: Candidate, begin: int, end: int) -> bool:
    """Whether a stretch names one who may be `he`; a name that is no term may be anybody's."""
    persons = [found for found in _PERSON.finditer(text.text, begin, end) if found.group() not in _NO_PERSON]
    strangers = [*persons, *_CAPITAL.finditer(text.text, begin, end)]
    return not all(overlaps(one.span(), text.held) for one in strangers) or any(
        begin <= b < end and _may_be_he(r, text.text[b:e]) for r, b, e in text.held
    )


def _is_body(requirement: Requirement, said: str) -> bool:
    head = said.rpartition(" ")[2]
    named = len(head) >= _CAPITALS and head.isupper()
    return named or (head.casefold() in _BODIES and not plural_surface(requirement, said))


def _may_be_he(requirement: Requirement, said: str) -> bool:
    """Whether a term may be a person: a name of several words or with `al-`, or somebody in the singular."""
    if _is_body(requirement, said) or article_policy(requirement) == "the":
        return False
    if requirement.match.term.number == "name":
        return " " in said or "-" in said
    return bool(_PERSON.fullmatch(said.rpartition(" ")[2]))

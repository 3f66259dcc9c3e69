"""What English asks at the edges of a phrase: article, number, possessive, capital, verb agreement.

Small closed word lists and spelling rules, enough to set a known phrase into a finished sentence. It does not parse
English, and knows nothing of Arabic, glossaries or engines.
"""

from __future__ import annotations

import re


def listed(text: str) -> frozenset[str]:
    """`his her` -> the set of both."""
    return frozenset(text.split())


ARTICLES = frozenset({"a", "an", "the"})
POSSESSIVES = frozenset({"his", "her", "its", "their", "our", "my", "your", "whose"})
DEMONSTRATIVES = {"this": "these", "that": "those"}
SINGULAR_DETERMINERS = frozenset({"each", "every", "another", "either", "neither", "one"})
PLURAL_DETERMINERS = frozenset(
    {"both", "several", "many", "few", "these", "those", "numerous", "various", "multiple", "all"}
)
OTHER_DETERMINERS = frozenset({"this", "that", "no", "any", "some", "which", "what", "such", "more", "most"})
DETERMINERS = ARTICLES | POSSESSIVES | SINGULAR_DETERMINERS | PLURAL_DETERMINERS | OTHER_DETERMINERS
PREPOSITIONS = listed(
    "about above across after against along alongside amid among around as at before behind below beneath "
    "beside besides between beyond by despite down during except for from in inside into like near of off on "
    "onto out outside over past per since through throughout to toward towards under until up upon via with "
    "within without"
)
CONJUNCTIONS = listed("and or but nor so yet if because although though while when where whether than")
PRONOUNS = listed("i you he she it we they me him us them himself herself itself themselves who whom there")
AUXILIARIES = listed(
    "is are was were be been being am has have had do does did will would shall should can could may might must not n't"
)
FUNCTION_WORDS = DETERMINERS | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | AUXILIARIES

NUMERALS = listed(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozens "
    "hundreds thousands dozen"
)
SINGULAR_VERBS = {"is": "are", "was": "were", "has": "have"}
PLURAL_VERBS = {plural: singular for singular, plural in SINGULAR_VERBS.items()}

IRREGULAR_PLURALS = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "people",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "goose": "geese",
    "wife": "wives",
    "life": "lives",
    "knife": "knives",
    "half": "halves",
    "leaf": "leaves",
    "shelf": "shelves",
    "thief": "thieves",
    "wolf": "wolves",
    "hero": "heroes",
    "echo": "echoes",
    "veto": "vetoes",
    "axis": "axes",
    "crisis": "crises",
    "basis": "bases",
    "analysis": "analyses",
    "thesis": "theses",
    "criterion": "criteria",
    "phenomenon": "phenomena",
    "medium": "media",
    "datum": "data",
    "aircraft": "aircraft",
    "series": "series",
    "species": "species",
    "means": "means",
    "headquarters": "headquarters",
    "personnel": "personnel",
    "police": "police",
    "news": "news",
}
_IRREGULAR_SINGULARS = {plural: singular for singular, plural in IRREGULAR_PLURALS.items()}

# Said with a vowel though written with a consonant, and the reverse; beginnings of words, longest first.
_VOWEL_ONSET = re.compile(r"(?:hour|honest|honou?r|heir)", re.I)
_CONSONANT_ONSET = re.compile(
    r"(?:eu|ewe|one(?!r)|once|ouija|u(?:ni(?!n|m|den)|nesco|biq|gan|kr|ran|rin|rug|s[aeiu]|tah|ten|til|top))", re.I
)
_LETTERS_WITH_VOWEL_NAME = frozenset("AEFHILMNORSX")
_SPOKEN_ACRONYM = re.compile(r"(?=.*[AEIOU])(?!.*[^AEIOU]{3})[A-Z]{4,}$")
"""NATO, ISIS, UNICEF are said as words; FBI and UNHCR letter by letter."""
_NUMBER_WITH_VOWEL = re.compile(r"8|11(?:\D|$|\d{3}\b)|18(?:\D|$|\d{3}\b)")
TAIL = re.compile(
    r"(?:['’][sS]|-(?:affiliated|allied|backed|based|born|controlled|era|held|inspired|led|like|linked|occupied|run"
    r"|style)){1,4}$",
    re.I,
)
"""What may hang on a term and stays when the term is replaced: `'s`, `-held`."""
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def article(phrase: str) -> str:
    """The indefinite article a phrase asks for: `emir` -> `an`; `union` -> `a`; `ISIS fighter` -> `an`."""
    found = _WORD.search(phrase)
    if found is None:
        return "a"
    word = found.group()
    if word[0].isdigit():
        return "an" if _NUMBER_WITH_VOWEL.match(word) else "a"
    head = re.split(r"[-'’]", word)[0]
    if len(head) > 1 and head.isupper() and not _SPOKEN_ACRONYM.match(head):
        return "an" if head[0] in _LETTERS_WITH_VOWEL_NAME else "a"
    if len(head) == 1 and head.isupper() and len(word) > 1:
        return "an" if head in _LETTERS_WITH_VOWEL_NAME else "a"
    if _VOWEL_ONSET.match(word):
        return "an"
    if _CONSONANT_ONSET.match(word):
        return "a"
    return "an" if word[0].casefold() in "aeiouáéíóúāēīōū" else "a"


def split_article(phrase: str) -> tuple[str, str]:
    """Take a leading article off: `the Left Bank` -> `the`, `Left Bank`; `The Hague` keeps its own."""
    first, _, rest = phrase.partition(" ")
    if first in ARTICLES and rest.strip():
        return first, rest.strip()
    return "", phrase


def plural(phrase: str) -> str:
    """Plural of a noun phrase by its head: `video release` -> `video releases`; `head of state` -> `heads of state`."""
    before, head, after = _head(phrase)
    return before + _plural_word(head) + after


def singular(phrase: str) -> str:
    """Singular of a noun phrase by its head: `combat axes` -> `combat axis`; `members` -> `member`."""
    before, head, after = _head(phrase)
    return before + _singular_word(head) + after


def possessive(phrase: str) -> str:
    """`ISIS` -> `ISIS's`; `detachments` -> `detachments'`; `men` -> `men's`."""
    last = phrase.rpartition(" ")[2]
    return phrase + ("'" if looks_plural(last) and last[-1:] == "s" else "'s")


def looks_plural(phrase: str) -> bool:
    """By the look of the head alone: `squads` -> True; `crisis`, `ISIS`, `Diwan` -> False; `gunmen` -> True."""
    head = _head(phrase)[1]
    low = head.casefold()
    if low in _IRREGULAR_SINGULARS or low.endswith(("men", "people")):
        return True
    return len(low) > 2 and low.endswith("s") and not low.endswith(("ss", "us", "is")) and not head.isupper()


def capitalised(phrase: str) -> str:
    """First letter up: `al-Baghdadi` -> `Al-Baghdadi`. Only where the length stays the same."""
    return _with_first_letter(phrase, upper=True)


def decapitalised(phrase: str) -> str:
    """First letter down: `The` -> `the`. Only where the length stays the same."""
    return _with_first_letter(phrase, upper=False)


def title_case(phrase: str) -> str:
    """As headlines have it: `execution detachments of the group` -> `Execution Detachments of the Group`."""
    parts = phrase.split(" ")
    return " ".join(part if part in FUNCTION_WORDS else capitalised(part) for part in parts)


def is_title_cased(phrase: str) -> bool:
    """True when a line of several words is set in headline case: `Iraq Forces Reach Mosul` -> True."""
    content = [word for word in _WORD.findall(phrase) if word.casefold() not in FUNCTION_WORDS]
    return len(content) > 2 and sum(word[0].isupper() for word in content) >= 0.8 * len(content)


def agreeing_verb(verb: str, *, is_plural: bool) -> str:
    """`is` with a plural subject -> `are`; a verb outside is/was/has comes back as it is, case kept."""
    table = SINGULAR_VERBS if is_plural else PLURAL_VERBS
    low = verb.casefold()
    return _cased_like(table.get(low, low), verb) if low in table else verb


def agreeing_determiner(word: str, *, is_plural: bool) -> str:
    """`this` before a plural -> `these`; `those` before a singular -> `that`; others come back as they are."""
    table = DEMONSTRATIVES if is_plural else {many: one for one, many in DEMONSTRATIVES.items()}
    low = word.casefold()
    return _cased_like(table[low], word) if low in table else word


def stem(word: str) -> str:
    """A crude key for "the same word again": `Diwans`, `Diwan's` -> `diwan`."""
    low = re.sub(r"['’]s?$", "", word.casefold())
    return low[:-1] if len(low) > 3 and low.endswith("s") and not low.endswith("ss") else low


def _head(phrase: str) -> tuple[str, str, str]:
    """`head of state (title)` -> ``, `head`, ` of state (title)`: the head stands before `of`, `for`, a bracket."""
    cut = re.search(r"(?<!\s)\s+(?:of|for|in|on|to|from|with|at|by)\s|(?<!\s)\s*[(\[,]", phrase)
    core, after = (phrase[: cut.start()], phrase[cut.start() :]) if cut and cut.start() else (phrase, "")
    before, _, head = core.rpartition(" ")
    return (before + " " if before else ""), head, after


def _plural_word(word: str) -> str:
    low = word.casefold()
    if low in IRREGULAR_PLURALS:
        return _cased_like(IRREGULAR_PLURALS[low], word)
    if low in _IRREGULAR_SINGULARS:
        return word
    if low.endswith("man") and len(low) > 4 and word[0].islower():
        return word[:-2] + "en"
    if re.search(r"(?:[sxz]|ch|sh)$", low):
        return word + "es"
    if re.search(r"[^aeiou]y$", low) and word[0].islower():
        return word[:-1] + "ies"
    return word + "s" if word else word


def _singular_word(word: str) -> str:
    low = word.casefold()
    if low in _IRREGULAR_SINGULARS:
        return _cased_like(_IRREGULAR_SINGULARS[low], word)
    if low.endswith("men") and len(low) > 4:
        return word[:-2] + "an"
    if not looks_plural(word):
        return word
    if low.endswith("ies") and len(low) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:ss|x|zz|ch|sh)es$", low):
        return word[:-2]
    return word[:-1]


def _with_first_letter(phrase: str, *, upper: bool) -> str:
    for place, letter in enumerate(phrase):
        if letter.isalpha():
            changed = letter.upper() if upper else letter.lower()
            return phrase[:place] + changed + phrase[place + 1 :] if len(changed) == 1 else phrase
        if letter.isdigit():
            break
    return phrase


def _cased_like(word: str, model: str) -> str:
    if model.isupper() and len(model) > 1:
        return word.upper()
    return capitalised(word) if model[:1].isupper() else word

"""A small language with exact answers: Arabic words and clitics, and the English any glossary would want for them.

Sentences are made from a seed: verb first, a subject with or without adjective, then an object, a place or both;
nouns in singular, dual or plural, definite or not, with proclitics. `reference` gives the one right translation under
any glossary, so that inclusion, place, form and duplication can be measured to the word. With `rich` there are also
names of people, terms of two words with other terms inside, one noun twice in a sentence, and a name that is a noun
elsewhere (`أمير`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from glossary import Term, TermBase
from glossary.terms import Condition

Forms = tuple[str, str]
"""English singular and plural."""


@dataclass(frozen=True, slots=True)
class Noun:
    """Arabic singular, plural and dual, and the English a model learns for it."""

    singular: str
    plural: str
    english: Forms
    feminine: bool = False
    of: str = ""
    """"سجن" or "المال" - the second word of a term of two: مدير السجن; a noun of the language, or a word of EXTRAS."""
    name: bool = False
    """A person: no article, no number."""

    @property
    def head(self) -> str:
        """The first word of a term of two: `ديوان المال` -> `ديوان`."""
        return self.singular.split()[0] if self.of else self.singular

    @property
    def dual(self) -> str:
        return self.singular[:-1] + "تان" if self.singular.endswith("ة") else self.singular + "ان"


def _noun(line: str) -> Noun:
    singular, plural, english, several = line.split()
    return Noun(singular, plural, (english, several), singular.endswith("ة"))


NOUNS = tuple(
    _noun(line)
    for line in """مفرزة مفارز squad squads
ديوان دواوين office offices
قائد قادة leader leaders
وثيقة وثائق paper papers
مدينة مدن city cities
قرية قرى village villages
جندي جنود soldier soldiers
شاهد شهود witness witnesses
تاجر تجار trader traders
بيت بيوت house houses
جسر جسور bridge bridges
سوق أسواق market markets
طريق طرق road roads
سجن سجون prison prisons
سجين سجناء prisoner prisoners
محكمة محاكم court courts
قاض قضاة judge judges
طبيب أطباء doctor doctors
مدرسة مدارس school schools
كتاب كتب book books
سيارة سيارات car cars
صاروخ صواريخ rocket rockets
خزينة خزائن treasury treasuries
ضابط ضباط officer officers
عامل عمال worker workers
مزرعة مزارع farm farms
نهر أنهار river rivers
جبل جبال mountain mountains
صحيفة صحف newspaper newspapers
مقاتل مقاتلون fighter fighters""".splitlines()
)
EXTRAS = {"المال": "finance", "الشرطة": "police"}


def _pair(line: str) -> Noun:
    singular, plural, second, english, several = line.split()
    word = second if second in EXTRAS else f"ال{second}"
    first = EXTRAS.get(second) or next(noun.english[0] for noun in NOUNS if noun.singular == second)
    return Noun(f"{singular} {word}", f"{plural} {word}", (f"{first} {english}", f"{first} {several}"), of=second)


PAIRS = tuple(
    _pair(line)
    for line in """ديوان دواوين المال office offices
قائد قادة الشرطة leader leaders
مدير مدراء سجن director directors
طبيب أطباء مدرسة doctor doctors
حارس حراس جسر guard guards""".splitlines()
)
"""A head, and a word in the genitive that English puts first; `ديوان` and `سجن` are nouns by themselves too."""
PRINCE = Noun("أمير", "أمراء", ("prince", "princes"))
PEOPLE = tuple(
    Noun(arabic, arabic, (english, english), name=True)
    for arabic, english in (
        ("أمير صالح", "Amir Saleh"),
        ("حسام الأحبابي", "Hossam al-Ahbabi"),
        ("ليلى قاسم", "Layla Qasim"),
        ("أبو بكر الراوي", "Abu Bakr al-Rawi"),
        ("سلمان", "Salman"),
    )
)
"""As many words in English as in Arabic. The first begins with a noun."""
TERMS = (*NOUNS, *PAIRS, PRINCE, *PEOPLE)
VERBS = {
    "رأى": "saw",
    "هاجم": "attacked",
    "دخل": "entered",
    "ترك": "left",
    "دمر": "destroyed",
    "سرق": "stole",
    "حرس": "guarded",
    "وصف": "described",
    "زار": "visited",
    "نقل": "moved",
    "أخفى": "hid",
    "باع": "sold",
}
ADJECTIVES = {
    "كبير": "big",
    "صغير": "small",
    "قديم": "old",
    "جديد": "new",
    "سري": "secret",
    "غريب": "strange",
    "سوري": "Syrian",
    "عراقي": "Iraqi",
}
PLACES = {
    "الموصل": "Mosul",
    "بغداد": "Baghdad",
    "تكريت": "Tikrit",
    "الرقة": "Raqqa",
    "سنجار": "Sinjar",
    "دمشق": "Damascus",
}
PREPOSITIONS = {"في": "in", "من": "from", "قرب": "near", "ب": "with", "ل": "for"}
ATTACHED = {"ب", "ل"}
VOWELS = tuple("aeiou")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a translation and where it comes from."""

    text: str
    """"iron detachments" """
    word: int
    """Number of the Arabic word, the first one where there are several."""
    term: str = ""
    """"مفرزة" - the glossary's Arabic, where the English is the glossary's."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One noun phrase of a sentence."""

    noun: Noun
    number: str
    """"sg", "du" or "pl"."""
    definite: bool
    adjective: str = ""

    def arabic(self, attached: str = "") -> str:
        """`ب` + definite مفرزة -> `بالمفرزة`; `ل` swallows the article's alif."""
        word = {"sg": self.noun.singular, "du": self.noun.dual, "pl": self.noun.plural}[self.number]
        if self.noun.of or self.noun.name:
            return attached + word
        head = ("لل" if attached == "ل" else f"{attached}ال") + word if self.definite else attached + word
        if not self.adjective:
            return head
        feminine = self.number != "sg" or self.noun.feminine
        return f"{head} {'ال' if self.definite else ''}{self.adjective}{'ة' if feminine else ''}"

    def english(self, glossary: Mapping[str, Forms]) -> list[Part]:
        """`the secret detachments`, `an old office`, `two squads`; Arabic words counted from the phrase's first."""
        if self.noun.name and self.noun.singular not in glossary:
            return [Part(word, number) for number, word in enumerate(self.noun.english[0].split())]
        parts = self._term(glossary)
        if self.adjective:
            parts.insert(0, _part(self.adjective, ADJECTIVES, 1, glossary))
        if self.number == "du":
            parts.insert(0, Part("two", 0))
        if self.noun.name:
            return parts
        if self.definite:
            parts.insert(0, Part("the", 0))
        elif self.number == "sg":
            parts.insert(0, Part("an" if parts[0].text.lower().startswith(VOWELS) else "a", 0))
        return parts

    def _term(self, glossary: Mapping[str, Forms]) -> list[Part]:
        noun, several = self.noun, self.number != "sg"
        if noun.singular in glossary:
            return [Part(glossary[noun.singular][several], 0, noun.singular)]
        if not noun.of:
            return [Part(noun.english[several], 0)]
        first, second = (Part(word, number) for word, number in zip(noun.english[several].split(), (1, 0), strict=True))
        if noun.head in glossary:
            second = Part(glossary[noun.head][several], 0, noun.head)
        if noun.of in glossary:
            first = Part(glossary[noun.of][0], 1, noun.of)
        return [first, second]


def _part(arabic: str, table: Mapping[str, str], word: int, glossary: Mapping[str, Forms]) -> Part:
    return Part(glossary[arabic][0], word, arabic) if arabic in glossary else Part(table[arabic], word)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Verb, subject, object and where or with what."""

    verb: str
    subject: Phrase
    object: Phrase | None
    preposition: str
    place: str | Phrase
    joined: bool
    """Begins with `و`."""

    @property
    def phrases(self) -> list[Phrase]:
        """Noun phrases in the order of the source, which is that of the reference too."""
        found = [self.subject, self.object, self.place]
        return [phrase for phrase in found if isinstance(phrase, Phrase)]

    def source(self) -> str:
        """The Arabic sentence, with a full stop."""
        attached = self.preposition if self.preposition in ATTACHED else ""
        words = [("و" if self.joined else "") + self.verb, self.subject.arabic()]
        if self.object:
            words.append(self.object.arabic())
        if self.preposition and not attached:
            words.append(self.preposition)
        if self.preposition:
            words.append(self.place.arabic(attached) if isinstance(self.place, Phrase) else attached + self.place)
        return " ".join(words) + "."

    def reference(self, glossary: Mapping[str, Forms] | None = None) -> str:
        """The right translation under a glossary: Arabic singular -> English singular and plural."""
        text = " ".join(part.text for part in self.parts(glossary or {})) + "."
        return text[0].upper() + text[1:]

    def parts(self, glossary: Mapping[str, Forms]) -> list[Part]:
        """The same, piece by piece: the one right word alignment."""
        at = 1
        parts = [Part("and", 0)] if self.joined else []
        parts += [replace(part, word=part.word + at) for part in self.subject.english(glossary)]
        parts.append(_part(self.verb, VERBS, 0, glossary))
        at += len(self.subject.arabic().split())
        if self.object:
            parts += [replace(part, word=part.word + at) for part in self.object.english(glossary)]
            at += len(self.object.arabic().split())
        if self.preposition:
            parts.append(Part(PREPOSITIONS[self.preposition], at))
            at += self.preposition not in ATTACHED
            if isinstance(self.place, Phrase):
                parts += [replace(part, word=part.word + at) for part in self.place.english(glossary)]
            else:
                parts.append(_part(self.place, PLACES, at, glossary))
        return parts


def sentences(count: int, seed: int, *, rich: bool = False) -> Iterator[Sentence]:
    """That many different sentences."""
    generator = random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        made = _enriched(_sentence(generator), generator) if rich else _sentence(generator)
        if made.source() not in seen:
            seen.add(made.source())
            yield made


def _sentence(generator: random.Random) -> Sentence:
    nouns = generator.sample(NOUNS, 3)

    def phrase(noun: Noun) -> Phrase:
        number = generator.choices(("sg", "pl", "du"), (5, 5, 1))[0]
        adjective = generator.choice(list(ADJECTIVES)) if generator.random() < 0.3 else ""
        return Phrase(noun, number, generator.random() < 0.7, adjective)

    with_object = generator.random() < 0.8
    preposition = generator.choice(list(PREPOSITIONS)) if generator.random() < 0.6 or not with_object else ""
    place: str | Phrase = phrase(nouns[2]) if preposition in ATTACHED else generator.choice(list(PLACES))
    return Sentence(
        verb=generator.choice(list(VERBS)),
        subject=phrase(nouns[0]),
        object=phrase(nouns[1]) if with_object else None,
        preposition=preposition,
        place=place if preposition else "",
        joined=generator.random() < 0.15,
    )


def _enriched(made: Sentence, generator: random.Random) -> Sentence:
    """The sentence, or one with a person, a term of two words, أمير, or one noun twice."""
    drawn = generator.random()
    if drawn < 0.15:
        return replace(made, subject=Phrase(generator.choice(PEOPLE), "sg", True))
    if drawn < 0.35:
        pair = Phrase(generator.choice(PAIRS), generator.choice(("sg", "pl")), True)
        return replace(made, subject=pair) if generator.random() < 0.5 else replace(made, object=pair)
    if drawn < 0.42:
        return replace(made, object=replace(made.object or made.subject, noun=PRINCE))
    if drawn < 0.5 and made.object:
        return replace(made, object=replace(made.object, noun=made.subject.noun))
    return made


def _forms(noun: Noun) -> tuple[str, ...]:
    return (noun.plural,) if noun.of else (noun.plural, noun.dual)


def term_base(glossary: Mapping[str, Forms]) -> TermBase:
    """The glossary as the product reads it; `أمير` is no prince before `صالح`."""
    by_source = {noun.singular: noun for noun in TERMS}
    terms = []
    for source, (singular, plural) in sorted(glossary.items()):
        noun = by_source.get(source)
        number = "name" if noun is None or noun.name else "sg"
        forms = _forms(noun) if noun and not noun.name else ()
        if source in ADJECTIVES:
            forms = (source + "ة",)
        context = (Condition("not-before", ("صالح",)),) if source == PRINCE.singular else ()
        terms.append(
            Term(
                source,
                singular,
                forms=forms,
                form_number=("pl", "du")[: len(forms)] if noun else ("name",) * len(forms),
                number=number,
                singular=singular,
                plural=plural,
                article="none" if number == "name" else "auto",
                capital="keep" if singular != singular.lower() else "auto",
                context=context,
            )
        )
    return TermBase(tuple(terms))


def glossary(seed: int, count: int = 8) -> dict[str, Forms]:
    """English that no toy model was taught, for some of the nouns."""
    generator = random.Random(seed)
    heads = ["detachment", "bureau", "tribunal", "dossier", "hamlet", "vault", "ledger", "warden", "convoy", "envoy"]
    firsts = ["", "", "iron ", "river ", "field ", "northern "]
    chosen = generator.sample(NOUNS, count)
    named = generator.sample(heads, min(count, len(heads)))
    made = {}
    for noun, head in zip(chosen, named, strict=False):
        english = generator.choice(firsts) + head
        made[noun.singular] = (english, english + "s")
    return made


def rich_glossary(seed: int) -> dict[str, Forms]:
    """The same for nouns, terms of two words, people and the prince."""
    generator = random.Random(1000 + seed)
    made = glossary(seed)
    made[PRINCE.singular] = ("emir", "emirs")
    heads = generator.sample(["chancery", "overseer", "physician", "sentinel", "marshal", "exchequer"], 3)
    for noun, head in zip(generator.sample(PAIRS, 3), heads, strict=True):
        english = generator.choice(["", "royal ", "dock "]) + head
        made[noun.singular] = (english, english[:-1] + "ies" if english.endswith("y") else english + "s")
    names = ["Ameer Salih", "Husam Ahbabi", "Leila Kassem", "Abu Bakr Rawi", "Selman"]
    for noun, name in generator.sample(list(zip(PEOPLE, names, strict=True)), 3):
        made[noun.singular] = (name, name)
    return made


def random_glossary(seed: int, count: int = 12) -> dict[str, Forms]:
    """Any words of the language with the English they have anyway: nouns, verbs, adjectives, places."""
    generator = random.Random(2000 + seed)
    words = {noun.singular: noun.english for noun in TERMS}
    words |= {arabic: (english, english) for table in (VERBS, ADJECTIVES, PLACES) for arabic, english in table.items()}
    return {arabic: words[arabic] for arabic in generator.sample(sorted(words), count)}

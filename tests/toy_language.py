"""A small language with exact answers: Arabic words and clitics, and the English any glossary would want for them.

Sentences are made from a seed: verb first, a subject with or without adjective, then an object, a place or both;
nouns in singular, dual or plural, definite or not, with proclitics. `reference` gives the one right translation under
any glossary, so that inclusion, place, form and duplication can be measured to the word.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Forms = tuple[str, str]
"""English singular and plural."""


@dataclass(frozen=True, slots=True)
class Noun:
    """Arabic singular, plural and dual, and the English a model learns for it."""

    singular: str
    plural: str
    english: Forms
    feminine: bool = False

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
        head = ("لل" if attached == "ل" else f"{attached}ال") + word if self.definite else attached + word
        if not self.adjective:
            return head
        feminine = self.number != "sg" or self.noun.feminine
        return f"{head} {'ال' if self.definite else ''}{self.adjective}{'ة' if feminine else ''}"

    def english(self, glossary: Mapping[str, Forms]) -> str:
        """`the secret detachments`, `an old office`, `two squads`."""
        singular, plural = glossary.get(self.noun.singular, self.noun.english)
        words = [ADJECTIVES[self.adjective]] if self.adjective else []
        words.append(singular if self.number == "sg" else plural)
        if self.number == "du":
            words.insert(0, "two")
        if self.definite:
            words.insert(0, "the")
        elif self.number == "sg":
            words.insert(0, "an" if words[0].lower().startswith(VOWELS) else "a")
        return " ".join(words)


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
        known = glossary or {}
        words = [self.subject.english(known), VERBS[self.verb]]
        if self.object:
            words.append(self.object.english(known))
        if self.preposition:
            place = self.place.english(known) if isinstance(self.place, Phrase) else PLACES[self.place]
            words += [PREPOSITIONS[self.preposition], place]
        text = ("and " if self.joined else "") + " ".join(words) + "."
        return text[0].upper() + text[1:]


def sentences(count: int, seed: int) -> Iterator[Sentence]:
    """That many different sentences."""
    generator = random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        made = _sentence(generator)
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

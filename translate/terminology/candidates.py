"""Terms that a corpus seems to have: phrases that are frequent here and rare in ordinary news, and names.

A phrase is one to four words that may be one noun phrase: no function word at its ends, and once a word has its article
all behind it have. It is counted without و ف ب ك ل in front and without articles, so that `وبالساحل الأيسر` and `ساحل
أيسر` are one. Its worth grows with how often it stands alone (not inside a longer phrase), how rare its words are
elsewhere, how many words it has and how closely they keep together; what opens like the name of a body, or stands
behind "city", is likely a name, what only follows other words an adjective. The English comes from word alignments,
learned where no engine gave them (`pairing`). Knows text and drafts; no files.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from glossary import TermBase, fold, key
from glossary.clitics import NOT_ARTICLE, enclitic, peel
from translate.document import Draft
from translate.terminology.background import FUNCTION, SIZE, counts
from translate.terminology.pairing import Alignment, Table
from translate.words import has_arabic, words

LONGEST = 4
"""Words of a candidate."""
SHORTEST_PLURAL = 5
"""Letters, more than which a word in ين has to have to be a plural."""
MOST_EXAMPLES = 3
NESTED = 0.01
"""What a phrase counts that never stands without the longer one that it mostly stands in."""
GROWTH = 0.5
"""Twice as frequent is so much worthier: two to this power."""
UNSURE = 0.5
"""What a single word is worth that is never seen as a noun."""
NAMES = 4.0
BODIES = 3.0
"""What the name of a body is worth: it opens with what kind of body it is."""
PLACES = 3.0
"""What a word is worth that stands behind "city of" or the like; with that word it is worth as much less."""
TOGETHER = 0.5
"""The share of its most frequent word that stands in a phrase counts to this power."""
BEHIND = 0.8
"""How much less a single word is worth that always goes with the word before it, as adjectives do."""
RARE = 60
"""What is added to how often a word stands elsewhere, so that a misspelling is no term."""
_OF_VERBS = frozenset("يت")
"""First letters of most imperfect verbs in the news."""
_PLACE_WORDS = "مدينة منطقة قضاء محافظة بلدة ناحية قرية حي"
_PREPOSITIONS = "في من إلى الى على عن مع بين قرب نحو ضد شمالي جنوبي غربي شرقي"
_BODY_WORDS = """
    جهاز جيش جبهة قوات فصائل تحالف وزارة هيئة وكالة قناة صحيفة حركة حزب مجلس لواء فرقة كتيبة دولة حكومة محكمة منظمة
    مؤسسة شركة جامعة اتحاد لجنة مركز
"""
_ADJECTIVE_WORDS = "جديد جديدة كبير كبيرة كثير كثيرة"
_OF_PLACES = frozenset(key(word) for word in _PLACE_WORDS.split())
_BEFORE_NOUNS = _OF_PLACES | frozenset(key(word) for word in _PREPOSITIONS.split())
_OF_BODIES = frozenset(key(word) for word in _BODY_WORDS.split())
_ADJECTIVES = frozenset(key(word) for word in _ADJECTIVE_WORDS.split())
"""Of the words that end no phrase, those that may end one in which everything has its article."""
_KUNYA = {"ابي": "ابو", "ابا": "ابو"}
_TITLE_OF_NAMES = frozenset(key(word) for word in ("أبو", "أبي", "أبا", "ابن", "بن", "أم", "عبد", "آل"))
_EDGES = """
    a an the of to in on at by for from with and or but as that which who this these those its his her their our is was
    were are be been has have had it he she they we not
"""
_ENGLISH_EDGE = frozenset(_EDGES.split())
_WORD = re.compile(r"[^\W\d_]")
_MARK = re.compile(r"[^\w\s]")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of a corpus, with its English where there is one."""

    article: str
    id: str
    """Of the segment, or file and line: what is shown as an example."""
    source: str
    target: str = ""
    alignment: Alignment = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that may be worth an entry."""

    source: str
    """As it is mostly written, without what is attached in front."""
    key: tuple[str, ...]
    """Folded and without articles."""
    count: int
    articles: int
    score: float
    name: bool
    """It looks like the name of a person or a place."""
    english: tuple[tuple[str, int], ...]
    """What the drafts have for it, the most frequent first."""
    examples: tuple[str, ...]
    places: tuple[tuple[str, str], ...] = ()
    """(English, id of the segment) of every place whose English is known."""
    listed: bool = False
    """The term base has it already."""

    def places_of(self, english: str) -> tuple[str, ...]:
        """The segments in which it has this English."""
        return tuple(place for rendering, place in self.places if rendering.casefold() == english.casefold())


@dataclass(slots=True)
class _Seen:
    """What is gathered about a phrase."""

    count: int = 0
    longer: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """How often it stood inside which longer phrase."""
    behind: int = 0
    """How often the word before it makes a phrase with it."""
    surfaces: Counter[str] = field(default_factory=Counter)
    places: list[tuple[int, int, int]] = field(default_factory=list)
    """(text, first word, behind the last word)"""
    articles: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Bare:
    """A word of a text, undressed."""

    stem: str
    """Folded, without article."""
    shown: str
    """As written, without what is attached in front."""
    definite: bool
    attached: bool
    """Something was attached in front: the word begins a phrase."""
    owned: bool
    """A pronoun was attached behind: the word ends a phrase."""


def texts_of(drafts: Iterable[Draft]) -> Iterator[Text]:
    """The sentences of drafts with their English and its alignment."""
    for draft in drafts:
        for segment in draft.article.segments():
            target = draft.targets.get(segment.id)
            english = target.text if target is not None and target.source in ("", segment.text) else ""
            alignment = target.alignment if target is not None and english else ()
            yield Text(draft.article.slug, segment.id, segment.text, english, alignment)


def candidates(texts: Sequence[Text], base: TermBase | None = None, most: int | None = None) -> list[Candidate]:
    """The phrases of a corpus, the most promising first; those of a term base are marked."""
    reader = Words(texts)
    cut = [reader.read(text.source) for text in texts]
    seen = _phrases(texts, cut, reader)
    listed = listed_keys(base) if base is not None else frozenset()
    size = sum(1 for some in cut for word in some if word is not None)
    stems = Counter(word.stem for some in cut for word in some if word is not None)
    ranked = sorted(
        ((score, phrase) for phrase in seen if (score := _score(phrase, seen[phrase], stems, size, reader)) > 0),
        key=lambda pair: (-pair[0], pair[1]),
    )[:most]
    english = English(texts, cut)
    return [_candidate(phrase, score, seen[phrase], texts, english, phrase in listed) for score, phrase in ranked]


def listed_keys(base: TermBase) -> frozenset[tuple[str, ...]]:
    """Every form of a term base, as candidates are compared."""
    return frozenset(phrase_key(form.replace("[", "").replace("]", "")) for t in base.terms for form, _ in t.listed())


def phrase_key(text: str) -> tuple[str, ...]:
    """`'الساحل الأيسر'` -> `('ساحل', 'ايسر')`."""
    stems = (_without_article(key(word.text))[0] for word in words(text) if has_arabic(word.text))
    return tuple(_plural(stem) for stem in stems)


def _plural(stem: str) -> str:
    """`'مسلحين'` -> `'مسلحون'`, `'ابي'` -> `'ابو'`: one case for all."""
    if len(stem) > SHORTEST_PLURAL and stem.endswith("ين"):
        return stem.removesuffix("ين") + "ون"
    return _KUNYA.get(stem, stem)


# --- words -----------------------------------------------------------------------------------------------------------


class Words:
    """Undresses words by what else stands in the corpus and in ordinary news."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._known = Counter(key(word.text) for text in texts for word in words(text.source))
        self._ordinary = counts()
        self._governed: set[str] = set()
        """Stems that stand behind a preposition somewhere."""
        self._placed: set[str] = set()
        """Stems that stand behind what comes before the name of a place."""
        self._cut: dict[str, _Bare] = {}
        self._stems: dict[str, int] = defaultdict(int)
        for word, count in self._ordinary.items():
            self._stems[self._bare(word).stem] += count
        for text in texts:
            tokens = [key(word.text) for word in words(text.source)]
            pairs = [(before, _without_article(word)[0]) for before, word in pairwise(tokens)]
            self._governed |= {stem for before, stem in pairs if before in _BEFORE_NOUNS}
            self._placed |= {stem for before, stem in pairs if before in _OF_PLACES}

    def ordinary(self, stem: str) -> int:
        """How often it stands in ordinary news, in any clothing."""
        return self._stems.get(stem, 0)

    def nominal(self, stem: str) -> bool:
        """Whether it is ever seen as no verb is: with an article, or behind a preposition."""
        article = "ال" + stem
        forms = (article, "ل" + article[1:], "ب" + article, "و" + article, "ب" + stem)
        return stem in self._governed or any(self._known.get(form) or self._ordinary.get(form) for form in forms)

    def placed(self, stem: str) -> bool:
        """Whether it is ever said to be a city or the like."""
        return stem in self._placed

    def may_be_noun(self, word: _Bare) -> bool:
        """Not what begins like a verb and is never seen as a noun."""
        stem = word.stem
        return word.definite or word.owned or stem[:1] not in _OF_VERBS or stem in _TITLE_OF_NAMES or self.nominal(stem)

    def read(self, text: str) -> list[_Bare | None]:
        """One entry for each of `words(text)`; None for what is no Arabic word, and phrases do not cross it."""
        return [self._bare(word.text) if has_arabic(word.text) else None for word in words(text)]

    def _bare(self, word: str) -> _Bare:
        if word not in self._cut:
            self._cut[word] = self._undressed(word)
        return self._cut[word]

    def _undressed(self, word: str) -> _Bare:
        folded = key(word)
        best, most, skip = folded, self._often(folded), 0
        for way in peel(folded):
            rest = ("ال" if way.definite else "") + way.rest
            if way.proclitics and len(way.rest) > 2 and self._often(rest) > most:
                best, most, skip = rest, self._often(rest), way.skip
        stem, definite = _without_article(best)
        stem = self._as_listed(stem)
        shown = word
        if skip:
            places = fold(word).offsets
            shown = word[places[skip] :]
            if definite and not key(shown).startswith("ال"):
                shown = "ال" + word[places[len(folded) - len(stem)] :]
        pronoun = "" if definite or word.endswith("ة") else enclitic(best)
        if pronoun:
            rest = best[: -len(pronoun)]
            for owner in (rest, rest[:-1] + "ه" if rest.endswith("ت") else rest):
                if len(owner) > 2 and max(self._often(owner), self._often("ال" + owner)) > self._often(best):
                    return _Bare(owner, owner, True, bool(skip), True)
        return _Bare(stem, shown, definite, bool(skip), False)

    def _as_listed(self, stem: str) -> str:
        """`'مسلحي'`, `'مسلحين'` -> `'مسلحون'`, where the whole plural is ever written."""
        if stem[-1:] in ("ي", "و") and len(stem) > 4:
            whole = stem[:-1] + "ين"
            stem = whole if self._often(whole) + self._often("ال" + whole) > 1 else stem
        return _plural(stem)

    def _often(self, word: str) -> int:
        return self._known.get(word, 0) + self._ordinary.get(word, 0)


def _without_article(folded: str) -> tuple[str, bool]:
    if folded.startswith("ال") and len(folded) > 4 and folded not in NOT_ARTICLE:
        return folded[2:], True
    return folded, False


# --- phrases ---------------------------------------------------------------------------------------------------------


def _phrases(
    texts: Sequence[Text], cut: Sequence[Sequence[_Bare | None]], reader: Words
) -> dict[tuple[str, ...], _Seen]:
    seen: dict[tuple[str, ...], _Seen] = defaultdict(_Seen)
    for number, some in enumerate(cut):
        spans = list(_spans(some, reader))
        pairs = frozenset(spans)
        for first, behind in spans:
            part = [word for word in some[first:behind] if word is not None]
            one = seen[tuple(word.stem for word in part)]
            one.count += 1
            one.places.append((number, first, behind))
            one.surfaces[" ".join(word.shown for word in part)] += 1
            one.articles.add(texts[number].article)
            before = some[first - 1] if (first - 1, behind) in pairs else None
            one.behind += before is not None and before.stem not in _OF_PLACES
            for outer_first, outer_behind in spans:
                if outer_first <= first and behind <= outer_behind and outer_behind - outer_first == behind - first + 1:
                    one.longer[tuple(w.stem for w in some[outer_first:outer_behind] if w is not None)] += 1
    return seen


def _spans(some: Sequence[_Bare | None], reader: Words) -> Iterator[tuple[int, int]]:
    """Runs of words that may be a noun phrase."""
    for first, head in enumerate(some):
        if head is None or head.stem in FUNCTION or len(head.stem) < 2 or not reader.may_be_noun(head):
            continue
        definite = False
        for at in range(first, min(first + LONGEST, len(some))):
            word = some[at]
            if word is None or (at > first and (word.attached or (definite and not word.definite))):
                break
            if not _goes_on(word, definite) or not reader.may_be_noun(word):
                break
            definite = definite or word.definite
            if word.stem not in _TITLE_OF_NAMES and len(word.stem) > 1 and (at == first or not word.owned):
                yield first, at + 1
            if word.owned:
                break


def _goes_on(word: _Bare, definite: bool) -> bool:
    """Whether a phrase may go on with this word: no function word, but `الجديد` in `الجيش السوري الجديد`."""
    if word.stem in _ADJECTIVES:
        return definite and word.definite
    return word.stem not in FUNCTION or word.stem in _TITLE_OF_NAMES


def _score(phrase: tuple[str, ...], seen: _Seen, stems: Mapping[str, int], size: int, reader: Words) -> float:
    """How much a phrase looks like a term; 0 for what cannot be one."""
    each = [
        math.log((stems[stem] + 0.5) / size / ((reader.ordinary(stem) + RARE) / SIZE)) * math.log2(1 + stems[stem])
        for stem in phrase
        if stem not in _TITLE_OF_NAMES
    ]
    body, person = is_body(phrase), is_name(phrase)
    weakest, middle = min(each), sum(each) / len(each)
    worth = max(middle, 1.0) if body else (weakest + middle) / 2 if seen.count > 1 else weakest
    if worth <= 0:
        return 0.0
    if len(phrase) == 1:
        worth *= _single(phrase[0], seen, reader)
    else:
        together = seen.count / max(stems[stem] for stem in phrase)
        worth *= 1.0 if person else together**TOGETHER
        worth *= math.log2(1 + len(phrase)) if seen.count > 1 or person or body else 1.0
        worth /= PLACES if phrase[0] in _OF_PLACES else 1.0
    inside = (count for outer, count in seen.longer.items() if outer[0] not in _OF_PLACES)
    alone = max(seen.count - max(inside, default=0), NESTED)
    return float(alone**GROWTH * worth * (NAMES if person else BODIES if body else 1.0))


def _single(stem: str, seen: _Seen, reader: Words) -> float:
    """What speaks for a single word and against it."""
    nominal = 1.0 if reader.nominal(stem) else UNSURE
    return nominal * (1 - BEHIND * seen.behind / seen.count) * (PLACES if reader.placed(stem) else 1.0)


def is_body(phrase: Sequence[str]) -> bool:
    """`('جهاز', 'امن', 'وطني')` -> True: what opens as names of bodies do."""
    return len(phrase) > 1 and phrase[0] in _OF_BODIES


def is_name(phrase: Sequence[str]) -> bool:
    """`('ابو', 'بكر', 'بغدادي')` -> True: what begins as names of persons do."""
    return len(phrase) > 1 and any(stem in _TITLE_OF_NAMES for stem in phrase[:-1])


# --- their English ---------------------------------------------------------------------------------------------------


class English:
    """What stands in the English for some words of a text."""

    def __init__(self, texts: Sequence[Text], cut: Sequence[Sequence[_Bare | None]]) -> None:
        self._texts, self._cut = texts, cut
        bare = [n for n, text in enumerate(texts) if text.target and not text.alignment]
        pairs = [(self._source(n), _spoken(texts[n].target)) for n in bare]
        self._table = Table(pairs) if pairs else None
        self._aligned: dict[int, Alignment] = {}

    def _source(self, number: int) -> list[str]:
        words_of = words(self._texts[number].source)
        return [
            word.stem if word is not None else token.text
            for word, token in zip(self._cut[number], words_of, strict=True)
        ]

    def of(self, number: int, first: int, behind: int) -> str:
        """The words aligned to a phrase, without what only leads to them; empty where nothing is."""
        text = self._texts[number]
        if not text.target:
            return ""
        if number not in self._aligned:
            made = self._table.align(self._source(number), _spoken(text.target)) if self._table else ()
            self._aligned[number] = text.alignment or made
        return phrase_at(text.target, sorted({t for s, t in self._aligned[number] if first <= s < behind}))


def phrase_at(target: str, numbers: Sequence[int]) -> str:
    """The stretch from the first to the last of these words, if it is one, without `the` and `of` at its ends."""
    tokens = words(target)
    numbers = [n for n in numbers if n < len(tokens)]
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n - runs[-1][-1] <= 2:
            runs[-1].append(n)
        else:
            runs.append([n])
    if not runs:
        return ""
    run = max(runs, key=len)
    inside = list(range(run[0], run[-1] + 1))
    while inside and is_edge(tokens[inside[0]].text):
        inside.pop(0)
    while inside and is_edge(tokens[inside[-1]].text):
        inside.pop()
    if not inside or len(inside) > 2 * LONGEST:
        return ""
    found = target[tokens[inside[0]].begin : tokens[inside[-1]].end]
    return " ".join(found.split()) if not has_arabic(found) else ""


def is_edge(word: str) -> bool:
    """Whether an English word only leads to others: `of`, `the`, a mark."""
    return word.casefold() in _ENGLISH_EDGE or not _WORD.search(word)


def _spoken(text: str) -> list[str]:
    return [word.text.casefold() for word in words(text)]


def _candidate(
    phrase: tuple[str, ...], score: float, seen: _Seen, texts: Sequence[Text], english: English, listed: bool
) -> Candidate:
    found: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    places: list[tuple[str, str]] = []
    for number, first, behind in seen.places:
        there = english.of(number, first, behind)
        if there:
            found[there.casefold()] += 1
            spelled[there.casefold()][there] += 1
            places.append((there, texts[number].id))
    renderings = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    surface = min(seen.surfaces, key=lambda shown: (-seen.surfaces[shown], shown))
    return Candidate(
        surface,
        phrase,
        seen.count,
        len(seen.articles),
        round(score, 3),
        is_name(phrase),
        tuple((spelled[name].most_common(1)[0][0], count) for name, count in renderings),
        tuple(dict.fromkeys(texts[number].id for number, _, _ in seen.places))[:MOST_EXAMPLES],
        tuple(places),
        listed,
    )

"""One Arabic term in different English across an archive, one English for different terms, one sentence in two ways.

Terms of the term base are followed by their accepted forms, which count as one where they differ in number, article or
capitals only; where none stands in the English, and for phrases that are in no term base, the word alignment says what
does. A phrase counts as wavering when two renderings came back, because an alignment that went wrong once does not.
Knows drafts and terms; what it finds becomes a finding (g-05) through `flagged`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from glossary import Matcher, Term, TermBase, key
from translate import checks
from translate.constraints import Requirement, assign, require
from translate.document import Draft, Finding
from translate.english import split_article
from translate.memory.alike import sentence_key
from translate.terminology.candidates import English, Text, Words, candidates, listed_keys, texts_of
from translate.words import words

CHECK = "g-05"
PHRASES = 200
"""Phrases outside the term base that are followed: the most promising candidates."""
BACK = 2
"""How often a rendering of a phrase has to stand to count."""
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Rendering:
    """One English for an Arabic term, and where it stands."""

    english: str
    places: tuple[str, ...]
    """Ids of segments, in reading order."""

    @property
    def count(self) -> int:
        """How often it stands."""
        return len(self.places)


@dataclass(frozen=True, slots=True)
class Wavering:
    """An Arabic term or phrase, or a whole sentence, that has more than one English."""

    source: str
    renderings: tuple[Rendering, ...]
    """The most frequent first."""
    kind: str
    """"term", "phrase" or "sentence"."""


@dataclass(frozen=True, slots=True)
class Shared:
    """One English for more than one Arabic term."""

    english: str
    sources: tuple[tuple[str, int], ...]
    """(Arabic, how often it has this English), the most frequent first."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is not the same everywhere."""

    waverings: tuple[Wavering, ...]
    """Terms, then sentences, then phrases; of each kind the most frequent first."""
    shared: tuple[Shared, ...]


def consistency(drafts: Iterable[Draft], base: TermBase, phrases: int = PHRASES) -> Report:
    """Read all English there is for the terms, the sentences and the most promising phrases of some drafts."""
    texts = [text for text in texts_of(drafts) if text.target.strip()]
    reader = Words(texts)
    english = English(texts, [reader.read(text.source) for text in texts])
    terms = _Gathered()
    _terms(texts, Matcher(base), english, terms)
    sentences = _Gathered()
    for text in texts:
        if len(words(text.source)) > 1:
            sentences.add(sentence_key(text.source), text.source, text.target, text.target, text.id)
    others = _phrases(texts, base, phrases)
    found = [*terms.waverings("term"), *sentences.waverings("sentence"), *others]
    return Report(tuple(found), tuple(terms.shared()))


class _Gathered:
    """Renderings by what they render."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._shown: dict[str, str] = {}
        self._english: dict[tuple[str, str], str] = {}

    def add(self, name: str, shown: str, rendering: str, english: str, place: str) -> None:
        self._shown.setdefault(name, shown)
        self._english.setdefault((name, rendering), english)
        self._places[name][rendering].append(place)

    def waverings(self, kind: str) -> list[Wavering]:
        found = []
        for name, renderings in self._places.items():
            if len(renderings) > 1:
                made = [Rendering(self._english[name, one], tuple(places)) for one, places in renderings.items()]
                made.sort(key=lambda one: (-one.count, one.english))
                found.append(Wavering(self._shown[name], tuple(made), kind))
        return sorted(found, key=lambda one: (-sum(r.count for r in one.renderings), one.source))

    def shared(self) -> Iterator[Shared]:
        by_english: dict[str, list[tuple[str, int]]] = defaultdict(list)
        spelled: dict[str, str] = {}
        for name, renderings in self._places.items():
            for rendering, places in renderings.items():
                by_english[rendering].append((self._shown[name], len(places)))
                spelled.setdefault(rendering, self._english[name, rendering])
        for rendering, sources in sorted(by_english.items()):
            if len(sources) > 1:
                yield Shared(spelled[rendering], tuple(sorted(sources, key=lambda pair: (-pair[1], pair[0]))))


def _terms(texts: Sequence[Text], matcher: Matcher, english: English, gathered: _Gathered) -> None:
    arounds: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        arounds[text.article].append(text.source)
    around = {name: matcher.surroundings("\n".join(sources)) for name, sources in arounds.items()}
    for number, text in enumerate(texts):
        requirements = require(matcher.find(text.source, around[text.article]))
        spans = assign(requirements, text.target)
        for place, requirement in enumerate(requirements):
            term = requirement.match.term
            if place in spans:
                name, shown = _accepted(term, text.target[slice(*spans[place])])
            else:
                shown = english.of(number, *_numbers(text.source, requirement))
                name = _plain(shown)
            if name:
                gathered.add(key(term.source), term.source, name, shown, text.id)


def _accepted(term: Term, surface: str) -> tuple[str, str]:
    """The term's own English for any of its numbers; an admitted one stands for itself."""
    own = {_plain(form) for form in (term.target, term.singular, term.plural)}
    name = _plain(surface)
    return (_plain(term.target), term.target) if name in own else (name, surface)


def _plain(english: str) -> str:
    """`'The Left Bank'` -> `'left bank'`."""
    return split_article(" ".join(english.casefold().split()))[1].strip(" '’")


def _numbers(source: str, requirement: Requirement) -> tuple[int, int]:
    """The words of an occurrence: first, and behind the last."""
    match = requirement.match
    inside = [n for n, word in enumerate(words(source)) if word.begin < match.end and match.begin < word.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _phrases(texts: Sequence[Text], base: TermBase, most: int) -> Iterator[Wavering]:
    if most <= 0:
        return
    parts = {part for listed in listed_keys(base) for part in _parts(listed)}
    for one in candidates(texts, base, most):
        steady = [(english, count) for english, count in one.english if count >= BACK]
        apart = [pair for pair in steady if not any(_within(pair[0], other) for other, _ in steady if other != pair[0])]
        if not one.listed and one.key not in parts and len(apart) > 1:
            made = tuple(Rendering(english, one.places_of(english)) for english, _ in apart)
            yield Wavering(one.source, made, "phrase")


def _parts(phrase: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """`('اخبار', 'الان')` -> `('اخبار',)`, `('الان',)`: what stands inside a term has a share of its English only."""
    size = len(phrase)
    yield from (phrase[a:b] for a in range(size) for b in range(a + 1, size + 1) if b - a < size)


def _within(one: str, other: str) -> bool:
    """`'group'`, `'the ISIS group'` -> True: more or less of the same words is no other English."""
    mine, theirs = (set(_plain(text).split()) for text in (one, other))
    return mine <= theirs or theirs <= mine


# --- the finding -----------------------------------------------------------------------------------------------------


def flagged(draft: Draft, report: Report) -> Draft:
    """The draft with a finding at every sentence that reads otherwise than most; findings that do not hold go away."""
    said = _said(report, draft.article.slug)
    targets = dict(draft.targets)
    for name, target in draft.targets.items():
        dismissed = {
            finding.message: finding for finding in target.findings if finding.check == CHECK and finding.dismissed
        }
        now = [dismissed.get(message) or checks.finding(CHECK, name, message) for message in said.get(name, ())]
        left = [finding for message, finding in dismissed.items() if message not in said.get(name, ())]
        targets[name] = replace(target, findings=_placed(target.findings, [*now, *left]))
    return replace(draft, targets=targets)


def _placed(findings: Sequence[Finding], mine: Sequence[Finding]) -> tuple[Finding, ...]:
    """In the order in which the checks would say them."""
    order = {name: number for number, name in enumerate(checks.CHECKS)}
    return tuple(
        sorted(
            (*(finding for finding in findings if finding.check != CHECK), *mine),
            key=lambda finding: order.get(finding.check, -1 if finding.check not in order else 0),
        )
    )


def _said(report: Report, slug: str) -> dict[str, list[str]]:
    """Segment id -> what is to be said of it; only where one rendering is the usual one."""
    said: dict[str, list[str]] = defaultdict(list)
    say: dict[str, Callable[[Wavering], str]] = {
        "term": lambda one: one.source,
        "sentence": lambda _one: "this sentence",
    }
    for one in report.waverings:
        usual, *others = one.renderings
        if one.kind not in say or usual.count == others[0].count:
            continue
        for other in others:
            for place in dict.fromkeys(other.places):
                if place.startswith(f"{slug}."):
                    said[place].append(
                        f"{say[one.kind](one)} is {_shown(other.english)!r} here and "
                        f"{_shown(usual.english)!r} in {usual.count} places"
                    )
    return said


def _shown(english: str) -> str:
    line = " ".join(english.split())
    return line if len(line) <= LONGEST_SHOWN else line[:LONGEST_SHOWN].rstrip() + "…"


def told(report: Report) -> dict[str, object]:
    """Everything as JSON values."""
    return {
        "waverings": [
            {
                "kind": one.kind,
                "source": one.source,
                "renderings": [
                    {"english": r.english, "count": r.count, "segments": list(r.places)} for r in one.renderings
                ],
            }
            for one in report.waverings
        ],
        "shared": [
            {"english": one.english, "sources": [[source, count] for source, count in one.sources]}
            for one in report.shared
        ],
    }

"""How much people changed: from the text they started from, the machine's or the memory's, to the one they confirmed.

HTER is the translation edit rate of the draft against the person's own text: words put in, taken out, exchanged or
moved, for a hundred words of the result. Counted are sentences that a person confirmed (edited or approved); those
whose beginning is not known are named as such and in no figure. The command and the review desk both ask here. Knows
drafts and terms; nothing of files, tables or pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from glossary import Matcher, Term
from translate import quality
from translate.constraints import Requirement, assign, require
from translate.diff import Run, changes
from translate.document import Alternative, Draft, Origin, Segment, State, Target

CONFIRMED = frozenset({State.EDITED, State.APPROVED})
REMEMBERED = 20_000
"""Sentences whose edits are not counted twice by a desk that asks after every confirmation."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Figures of some sentences together."""

    sentences: int = 0
    untouched: int = 0
    """Confirmed as they were."""
    edits: float = 0.0
    """Of words: put in, taken out, exchanged, or moved in one piece."""
    words: float = 0.0
    """Of the person's texts."""
    characters: int = 0
    """Put in, taken out or exchanged."""
    length: int = 0
    """Characters of the person's texts."""
    timed: int = 0
    """Sentences whose time was counted."""
    seconds: float = 0.0

    @property
    def hter(self) -> float | None:
        """18.2 - edits for a hundred words; None where there are no words."""
        return 100 * self.edits / self.words if self.words else None

    @property
    def untouched_share(self) -> float | None:
        """33.3 - per cent of the sentences."""
        return 100 * self.untouched / self.sentences if self.sentences else None

    def __add__(self, other: Sum) -> Sum:
        return Sum(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Edited:
    """One confirmed sentence whose beginning is known."""

    slug: str
    segment: str
    """"mosul-defectors.12.2" """
    source: str
    started: Alternative
    """What the person started from."""
    final: str
    state: State
    who: str
    when: str
    figures: Sum

    @property
    def changes(self) -> list[Run]:
        """From the one to the other."""
        return changes(self.started.text, self.final)


@dataclass(frozen=True, slots=True)
class TermEffort:
    """What became of one term's English."""

    source: str
    """"مفارز" """
    target: str
    """"detachments" """
    kept: int = 0
    """Occurrences whose rendering was there and stayed."""
    changed: int = 0
    """One of the term's forms became another: `detachment` -> `detachments`."""
    put_in: int = 0
    taken_out: int = 0
    missing: int = 0
    """Neither in the draft nor in the person's text."""
    around: Sum = field(default_factory=Sum)
    """The sentences it occurs in."""

    @property
    def uses(self) -> int:
        """Occurrences in all."""
        return self.kept + self.touched + self.missing

    @property
    def touched(self) -> int:
        """Occurrences whose rendering a person changed."""
        return self.changed + self.put_in + self.taken_out


@dataclass(frozen=True, slots=True)
class Article:
    """The figures of one draft."""

    slug: str
    segments: int
    """Sentences of the article."""
    machine: Sum
    memory: Sum
    """Sentences that began as a text of the memory."""
    unknown: int
    """Confirmed sentences whose beginning nobody kept."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Everything about some drafts."""

    edited: tuple[Edited, ...]
    """In reading order, draft by draft."""
    articles: tuple[Article, ...]
    terms: tuple[TermEffort, ...]
    """Those touched most come first; empty without a glossary."""
    signature: str
    """Of the edit rate: "nrefs:1|case:mixed|tok:tercom|norm:yes|punct:yes|asian:no|version:2.6.0" """

    @property
    def machine(self) -> Sum:
        """All that began as a text of the machine."""
        return sum((article.machine for article in self.articles), Sum())

    @property
    def memory(self) -> Sum:
        """All that began as a text of the memory."""
        return sum((article.memory for article in self.articles), Sum())

    @property
    def unknown(self) -> int:
        """Confirmed sentences whose beginning nobody kept."""
        return sum(article.unknown for article in self.articles)


class Fate(NamedTuple):
    """What became of one occurrence of a term."""

    term: Term
    what: str
    """A field of `TermEffort`: "kept", "changed", "put_in", "taken_out" or "missing"."""
    was: tuple[int, int] | None
    """Where its rendering stood in the text the person started from."""
    now: tuple[int, int] | None


def beginning(target: Target) -> Alternative | None:
    """What a person started from; None where that is not known."""
    if target.started is not None:
        return target.started if target.started.origin is not Origin.PERSON else None
    if target.origin is Origin.PERSON or not target.text.strip():
        return None
    return Alternative(target.text, target.origin, target.signature, target.score, target.match)


def effort(drafts: Iterable[Draft], matcher: Matcher | None = None) -> Effort:
    """The edit effort of some drafts; with terms, of those too."""
    edited: list[Edited] = []
    articles: list[Article] = []
    terms: dict[tuple[str, str], TermEffort] = {}
    for draft in drafts:
        found = list(_edited(draft))
        unknown = sum(1 for _, target in _confirmed(draft) if beginning(target) is None)
        articles.append(
            Article(
                draft.article.slug,
                sum(1 for _ in draft.article.segments()),
                _sum(found, Origin.MACHINE),
                _sum(found, Origin.MEMORY),
                unknown,
            )
        )
        edited += found
        if matcher is not None:
            _count_terms(draft, found, matcher, terms)
    order = sorted(terms.values(), key=lambda term: (-term.touched, -term.uses, term.source, term.target))
    return Effort(tuple(edited), tuple(articles), tuple(order), quality.edit_signature())


def _confirmed(draft: Draft) -> Iterator[tuple[Segment, Target]]:
    for segment in draft.article.segments():
        target = draft.targets.get(segment.id)
        if target is not None and target.state in CONFIRMED and target.text.strip():
            yield segment, target


def _edited(draft: Draft) -> Iterator[Edited]:
    for segment, target in _confirmed(draft):
        one = sentence(draft.article.slug, segment, target)
        if one is not None:
            yield one


def sentence(slug: str, segment: Segment, target: Target) -> Edited | None:
    """The effort of one sentence; None where nobody confirmed it or its beginning is not known."""
    begun = beginning(target) if target.state in CONFIRMED and target.text.strip() else None
    if begun is None:
        return None
    edits, words = _edits(begun.text, target.text)
    figures = Sum(
        1,
        int(begun.text == target.text),
        edits,
        words,
        _characters(begun.text, target.text),
        len(target.text),
        int(target.seconds > 0),
        target.seconds,
    )
    source = target.source or segment.text
    return Edited(slug, segment.id, source, begun, target.text, target.state, target.who, target.when, figures)


@lru_cache(REMEMBERED)
def _edits(before: str, after: str) -> tuple[float, float]:
    """Edits, and words of the person's text."""
    return quality.edits([before], [after])[0]


def _characters(one: str, other: str) -> int:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(one, other)


def _sum(edited: Iterable[Edited], origin: Origin) -> Sum:
    return sum((one.figures for one in edited if one.started.origin is origin), Sum())


# --- terms -----------------------------------------------------------------------------------------------------------


def _count_terms(
    draft: Draft, edited: Sequence[Edited], matcher: Matcher, terms: dict[tuple[str, str], TermEffort]
) -> None:
    """Add what became of the terms of one draft; a sentence whose Arabic changed since says nothing sure."""
    texts: Mapping[str, str] = {segment.id: segment.text for segment in draft.article.segments()}
    around = matcher.surroundings("\n".join(texts.values()))
    for one in edited:
        if one.source != texts[one.segment]:
            continue
        seen: set[tuple[str, str]] = set()
        for fate in fates(require(matcher.find(one.source, around)), one.started.text, one.final):
            name = (fate.term.source, fate.term.target)
            term = terms.get(name) or TermEffort(*name)
            figures = term.around if name in seen else term.around + one.figures
            terms[name] = replace(term, around=figures, **{fate.what: getattr(term, fate.what) + 1})
            seen.add(name)


def fates(requirements: Sequence[Requirement], started: str, final: str) -> Iterator[Fate]:
    """Each occurrence of a term in a sentence, and what became of its English."""
    before, after = (assign(requirements, text) for text in (started, final))
    for number, requirement in enumerate(requirements):
        was, now = before.get(number), after.get(number)
        what = _fate(started[slice(*was)] if was else "", final[slice(*now)] if now else "")
        yield Fate(requirement.match.term, what, was, now)


def _fate(was: str, now: str) -> str:
    """`'detachment'`, `'detachments'` -> `'changed'`; capitals alone are no change."""
    if not was and not now:
        return "missing"
    if not was or not now:
        return "put_in" if now else "taken_out"
    return "kept" if was.casefold() == now.casefold() else "changed"


# --- for programs and pages ------------------------------------------------------------------------------------------


def told(measured: Effort) -> dict[str, object]:
    """Everything as JSON values: the object of `tarjuman effort --json`, and what the desk shows."""
    return {
        "machine": figures_told(measured.machine),
        "memory": figures_told(measured.memory),
        "unknown": measured.unknown,
        "signature": measured.signature,
        "articles": [
            {
                "article": one.slug,
                "segments": one.segments,
                "machine": figures_told(one.machine),
                "memory": figures_told(one.memory),
                "unknown": one.unknown,
            }
            for one in measured.articles
        ],
        "terms": [
            {
                "source": term.source,
                "target": term.target,
                "uses": term.uses,
                "kept": term.kept,
                "changed": term.changed,
                "put_in": term.put_in,
                "taken_out": term.taken_out,
                "missing": term.missing,
                "around": figures_told(term.around),
            }
            for term in measured.terms
        ],
        "segments": [
            {
                "segment": one.segment,
                "state": one.state.value,
                "who": one.who,
                "when": one.when,
                "started_from": one.started.origin.value,
                "source": one.source,
                "started": one.started.text,
                "final": one.final,
                "changes": [[run.kind.value, run.text] for run in one.changes],
                **figures_told(one.figures),
            }
            for one in measured.edited
        ],
    }


def figures_told(figures: Sum) -> dict[str, object]:
    """Figures as JSON values: `{"sentences": 12, "untouched": 4, "hter": 18.2, "seconds": 431.5, ...}`."""
    return {
        "sentences": figures.sentences,
        "untouched": figures.untouched,
        "untouched_share": _rounded(figures.untouched_share),
        "edits": figures.edits,
        "words": figures.words,
        "hter": _rounded(figures.hter),
        "characters": figures.characters,
        "length": figures.length,
        "timed": figures.timed,
        "seconds": round(figures.seconds, 1),
    }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)

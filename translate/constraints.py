"""What a glossary match demands of the English, and whether an English text gives it.

A match becomes a requirement: the surfaces one of which must stand in the translation, and the renderings that must
not. n occurrences need n disjoint renditions, and the longest fits first: "the ISIS group" does not also count as a
plain "ISIS". The check reads finished text and no tokens. It knows nothing of engines, alignment or how to mend
anything: that is `repair`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from glossary import Match, Term
from translate import english
from translate.document import TermStatus, TermUse

_HYPHENS = "-\u2010\u2011\u2012\u2013"
_APOSTROPHES = "'\u2018\u2019\u02bc"
_TOKENS = re.compile(rf"\s+|[{_HYPHENS}]|[{_APOSTROPHES}]|[^\W_]+|.", re.S)
# A rendition begins and ends with a word; "'s" may follow it, another half of a word may not.
_BEFORE = rf"(?<!\w)(?<!\w[{_APOSTROPHES}])"
_AFTER = rf"(?!\w)(?![{_APOSTROPHES}](?![sS](?!\w))\w)"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One occurrence of a term, and the English it asks for."""

    match: Match
    surfaces: tuple[str, ...]
    """("detachments", "detachment") - without article, the one for this match's number first."""
    forbidden: tuple[str, ...] = ()
    """("squads", "checkpoints")"""

    @property
    def name(self) -> tuple[str, str]:
        """Its term as the term base lists it: ("مفرزة", "detachment")."""
        return self.match.term.source, self.match.term.target

    def unmet(self) -> TermUse:
        """The record of an occurrence that the English does not honour."""
        match = self.match
        return TermUse(match.term.source, match.term.target, match.begin, match.end, match.why, TermStatus.UNMET)

    def met(self, text: str, begin: int, end: int, status: TermStatus = TermStatus.MET) -> TermUse:
        """The record of an occurrence that `text[begin:end]` honours."""
        return replace(self.unmet(), status=status, surface=text[begin:end], target_begin=begin, target_end=end)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a text fares against its requirements. Offsets are into the text."""

    met: tuple[tuple[Requirement, int, int], ...] = ()
    """In the order of the requirements; the spans are disjoint and leave article and possessive out."""
    unmet: tuple[Requirement, ...] = ()
    forbidden: tuple[tuple[Requirement, int, int], ...] = ()
    """In the order of the text."""


Span = tuple[int, int]


def require(matches: Sequence[Match]) -> tuple[Requirement, ...]:
    """One requirement for each match, in source order."""
    return tuple(_requirement(match) for match in sorted(matches, key=lambda m: (m.begin, m.end)))


def check(requirements: Sequence[Requirement], target: str) -> Outcome:
    """Give every requirement a rendition of its own, as many as possible, and look for what is forbidden."""
    if not requirements:
        return Outcome()
    given = assign(requirements, target)
    met = tuple((r, *given[i]) for i, r in enumerate(requirements) if i in given)
    unmet = tuple(r for i, r in enumerate(requirements) if i not in given)
    return Outcome(met, unmet, _forbidden(requirements, target, list(given.values())))


def renditions(surfaces: Sequence[str], text: str) -> list[Span]:
    """Where any of the surfaces stands: `("Diwan",)`, `the Diwan's money` -> [(4, 9)]."""
    spans = {(m.start(), m.end()) for surface in surfaces if surface for m in _strict(surface).finditer(text)}
    return sorted(spans)


def stands(surfaces: Sequence[str], text: str, begin: int, end: int) -> bool:
    """True when exactly this span is a rendition."""
    return any((found := _strict(surface).match(text, begin)) and found.end() == end for surface in surfaces if surface)


def loose_renditions(phrases: Sequence[str], text: str) -> list[Span]:
    """The same without regard to case: forbidden renderings, and surfaces in the wrong case."""
    spans = {(m.start(), m.end()) for phrase in phrases if phrase for m in _loose(phrase).finditer(text)}
    return _outermost(spans)


def _requirement(match: Match) -> Requirement:
    term = match.term
    listed = [*_surfaces(term, match.number), *term.admitted]
    surfaces = [english.split_article(" ".join(surface.split()))[1] for surface in listed]
    banned = {rendering.casefold() for rendering in term.forbidden}
    allowed = [surface for surface in surfaces if surface and surface.casefold() not in banned]
    known = tuple(dict.fromkeys(allowed)) or tuple(surface for surface in surfaces[:1] if surface) or (term.source,)
    return Requirement(match, known, tuple(rendering for rendering in term.forbidden if rendering.strip()))


def _surfaces(term: Term, number: str) -> list[str]:
    """The term's English in the order this number prefers: `pl` -> plural, singular, as listed."""
    if term.untranslated:
        return [term.target or term.source]
    if term.number in {"name", "mass"}:
        number = "unknown"
    if number == "sg" and "proper" in term.pos:  # there is one Left Bank
        return [term.singular or term.target]
    ordered = {"sg": (term.singular, term.target, term.plural), "unknown": (term.target, term.singular, term.plural)}
    return list(ordered.get(number, (term.plural, term.target, term.singular)))


@lru_cache(maxsize=4096)
def _strict(surface: str) -> re.Pattern[str]:
    """As listed; a small letter at a word's head may be a capital; all in capitals; hyphens and apostrophes alike."""
    body = "".join(_strict_token(token) for token in _TOKENS.findall(surface))
    shout = "".join(_loose_token(token.upper()) for token in _TOKENS.findall(surface))
    return re.compile(f"{_BEFORE}(?:{body}|{shout}){_AFTER}")


@lru_cache(maxsize=8192)
def _loose(phrase: str) -> re.Pattern[str]:
    return re.compile(_BEFORE + "".join(_loose_token(t) for t in _TOKENS.findall(phrase)) + _AFTER, re.I)


def _strict_token(token: str) -> str:
    head = token[0]
    if head.islower() and head.upper() != head and len(head.upper()) == 1:
        return f"[{re.escape(head)}{re.escape(head.upper())}]{re.escape(token[1:])}"
    return _loose_token(token)


def _loose_token(token: str) -> str:
    if token.isspace():
        return rf"(?:\s+|[{_HYPHENS}])"
    if token in _HYPHENS:
        return rf"[{_HYPHENS}\s]"
    if token in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    return re.escape(token)


# --- the assignment ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """Requirements that accept the same surfaces, and where those stand."""

    surfaces: frozenset[str]
    members: list[int] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


def assign(requirements: Sequence[Requirement], target: str) -> dict[int, Span]:
    """Requirement number -> span, the most requirements possible, then the longest spans. Exact, not greedy."""
    return dict(_assigned(tuple(requirement.surfaces for requirement in requirements), target))


@lru_cache(maxsize=1024)
def _assigned(wanted: tuple[tuple[str, ...], ...], target: str) -> tuple[tuple[int, Span], ...]:
    """Remembered: each step of the cascade asks the same of the same text."""
    groups: dict[frozenset[str], _Group] = {}
    for number, surfaces in enumerate(wanted):
        key = frozenset(surfaces)
        groups.setdefault(key, _Group(key)).members.append(number)
    present = []
    for group in groups.values():
        group.spans = renditions(tuple(sorted(group.surfaces)), target)
        if group.spans:
            present.append(group)
    given: dict[int, Span] = {}
    for cluster in _clusters(present):
        for group, spans in zip(cluster, _best_spans(cluster), strict=True):
            given |= _deal(wanted, group, spans, target)
    return tuple(given.items())


def _clusters(groups: list[_Group]) -> list[list[_Group]]:
    """Groups that compete for the same words, directly or through a third, must be solved together."""
    clusters: list[list[_Group]] = []
    for group in groups:
        rivals = [c for c in clusters if any(_rivals(group, other) for other in c)]
        clusters = [c for c in clusters if c not in rivals]
        clusters.append([other for c in rivals for other in c] + [group])
    return clusters


def _rivals(one: _Group, other: _Group) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in one.spans for b in other.spans)


def _best_spans(cluster: list[_Group]) -> list[list[Span]]:
    """Disjoint spans for each group of a cluster.

    Spans are taken in the order of their ends. For each count of spans given to each group only the choice that ends
    first (and is longest) is kept: anything that can follow another choice can follow that one.
    """
    if len(cluster) == 1 and all(a[1] <= b[0] for a, b in pairwise(cluster[0].spans)):
        return [cluster[0].spans]
    spans = sorted({(end, begin, g) for g, group in enumerate(cluster) for begin, end in group.spans})
    needs = [len(group.members) for group in cluster]
    best: dict[tuple[int, ...], tuple[int, int, tuple[tuple[int, Span], ...]]] = {(0,) * len(cluster): (0, 0, ())}
    for end, begin, g in spans:
        for counts, (last, length, chosen) in list(best.items()):
            if last > begin or counts[g] == needs[g]:
                continue
            more = (*counts[:g], counts[g] + 1, *counts[g + 1 :])
            candidate = (end, length + end - begin, (*chosen, (g, (begin, end))))
            old = best.get(more)
            if old is None or (old[0], -old[1]) > (candidate[0], -candidate[1]):
                best[more] = candidate
    winner = max(best, key=lambda counts: (sum(counts), best[counts][1]))
    chosen = best[winner][2]
    return [[span for number, span in chosen if number == g] for g in range(len(cluster))]


def _deal(wanted: Sequence[tuple[str, ...]], group: _Group, spans: list[Span], target: str) -> dict[int, Span]:
    """Hand a group's spans to its members: first where the number agrees, then in order."""
    given: dict[int, Span] = {}
    left = list(spans)
    for number in group.members:
        first = wanted[number][:1]
        same = next((s for s in left if first and target[s[0] : s[1]].casefold() == first[0].casefold()), None)
        if same:
            given[number] = same
            left.remove(same)
    for number in group.members:
        if number not in given and left:
            given[number] = left.pop(0)
    return given


# --- what must not stand there ----------------------------------------------------------------------------------


def _forbidden(
    requirements: Sequence[Requirement], target: str, met: Sequence[Span]
) -> tuple[tuple[Requirement, int, int], ...]:
    found: dict[Span, Requirement] = {}
    for requirement in requirements:
        for begin, end in loose_renditions(requirement.forbidden, target):
            if not any(b <= begin and end <= e for b, e in met):
                found.setdefault((begin, end), requirement)
    return tuple((found[span], *span) for span in sorted(found))


def _outermost(spans: set[Span]) -> list[Span]:
    """Drop spans that lie inside another: `the court` beside `the court's treasury` -> the longer one."""
    kept: list[Span] = []
    for begin, end in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or end > kept[-1][1]:
            kept.append((begin, end))
    return kept

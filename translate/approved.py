"""What people approved, as pairs of Arabic and English to learn from: plain, as an engine sees it, each once.

What an engine never sees (addresses, code) is cut out on both sides; where that cannot be done, where the Arabic
changed since or where one side is empty, the segment is left out and counted. The split into what is learnt and what
is held out depends on the Arabic sentences alone, not on files or their order. Knows drafts; nothing of models or
training.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from translate import drafts
from translate.document import Draft, Segment, State, Target
from translate.errors import UsageError
from translate.joining import atoms
from translate.memory.alike import sentence_key
from translate.words import has_arabic

Pair = tuple[str, str]
"""Arabic, English."""
LEAST_HELD_OUT = 20
LEAST_LEARNT = 40

EMPTY = "empty or without Arabic"
STALE = "Arabic changed since"
CODES = "addresses or code differ on both sides"
TWICE = "there already"
_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Approved:
    """The pairs of some drafts."""

    pairs: tuple[Pair, ...]
    """Sorted; no pair twice."""
    segments: Mapping[str, int]
    """"drafts/x.en.xlf" -> approved segments in it, those left out included."""
    left_out: Mapping[str, int]
    """Reason -> how many."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the pairs; the same whatever the order and the names of the drafts."""
        spelled = json.dumps(self.pairs, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()


def approved(paths: Sequence[Path], *, also_edited: bool = False) -> Approved:
    """The pairs of drafts or folders of drafts: approved segments, on request edited ones too."""
    states = {State.APPROVED, State.EDITED} if also_edited else {State.APPROVED}
    pairs: set[Pair] = set()
    segments: dict[str, int] = {}
    left_out: Counter[str] = Counter()
    for path in drafts.files(paths):
        segments[str(path)] = 0
        for segment, target in _judged(drafts.load(path), states):
            segments[str(path)] += 1
            found = _pairs(segment, target)
            if isinstance(found, str):
                left_out[found] += 1
                continue
            new = set(found) - pairs
            left_out[TWICE] += not new
            pairs |= new
    return Approved(tuple(sorted(pairs)), segments, dict(sorted((+left_out).items())))


def held_out(pairs: Iterable[Pair], share: float) -> tuple[list[Pair], list[Pair]]:
    """Pairs to learn from and pairs to judge by: that share of the Arabic sentences, but no fewer than twenty.

    Pairs whose Arabic differs in vowel signs or spelling only stay together.
    """
    groups: dict[str, list[Pair]] = {}
    for pair in sorted(pairs):
        groups.setdefault(sentence_key(pair[0]), []).append(pair)
    order = sorted(groups, key=lambda sentence: hashlib.sha256(sentence.encode("utf-8", "surrogatepass")).digest())
    kept = max(LEAST_HELD_OUT, round(len(order) * share))
    if len(order) - kept < LEAST_LEARNT:
        least = max(LEAST_HELD_OUT + LEAST_LEARNT, math.ceil(LEAST_LEARNT / (1 - share)))
        raise UsageError(
            f"too few approved sentences to learn from: {len(order)}",
            hint=f"at least {least} different ones are needed, {max(LEAST_HELD_OUT, round(least * share))} of them to "
            "judge by; approve more, or add --also-edited",
        )
    learnt = [pair for sentence in order[kept:] for pair in groups[sentence]]
    judged = [pair for sentence in order[:kept] for pair in groups[sentence]]
    return sorted(learnt), sorted(judged)


def _judged(draft: Draft, states: set[State]) -> Iterator[tuple[Segment, Target]]:
    """Segments in those states; sentences whose Arabic left the article are still good pairs."""
    for segment in draft.article.segments():
        target = draft.targets.get(segment.id)
        if target is not None and target.state in states:
            yield segment, target
    for name, (source, target) in draft.orphans.items():
        if target.state in states:
            yield Segment(name, source), target


def _pairs(segment: Segment, target: Target) -> list[Pair] | str:
    """The pairs of one segment, or why there are none."""
    if target.source and target.source != segment.text:
        return STALE
    stretches = _stretches(segment, target.text)
    if stretches is None:
        return CODES
    return [pair for pair in stretches if has_arabic(pair[0])] or EMPTY


def _stretches(segment: Segment, english: str) -> list[Pair] | None:
    """`قال @ali نعم`, `Said @ali yes` -> `قال`-`Said`, `نعم`-`yes`; None where the sides do not match."""
    found: list[Pair] = []
    source, at, behind = segment.text, 0, 0
    for begin, end in [*atoms(segment), (len(source), len(source))]:
        atom = source[begin:end]
        place = english.find(atom, behind) if atom else len(english)
        if place < 0:
            return None
        pair = (" ".join(source[at:begin].split()), " ".join(english[behind:place].split()))
        if bool(_LETTER.search(pair[0])) != bool(_LETTER.search(pair[1])):
            return None if len(found) or atom else []
        found.append(pair)
        at, behind = end, place + len(atom)
    return found

"""Ways to get terms into a translation: the product's own, and what others do. Same engine, same weights, same search.

A system turns jobs into texts. Baselines are given every advantage the product has (the same matches, the same English
form for each match, the same alignment, the same cutting of long sentences) and none of its rules about place,
grammar or what already stands there. Knows no set and no figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from translate.constraints import Requirement
from translate.decode import Job, decode
from translate.document import Segment, TermStatus
from translate.engines.base import Engine, Hint, Hypothesis, Progress, Request
from translate.words import words


@dataclass(frozen=True, slots=True)
class Names:
    """Names a model knows, as masks for placeholder translation: Arabic in, English expected out."""

    pairs: tuple[tuple[str, str], ...]


CAPITALS = Names(
    (("لندن", "London"), ("باريس", "Paris"), ("موسكو", "Moscow"), ("طهران", "Tehran"), ("أنقرة", "Ankara"))
)
"""For models of real Arabic."""


class Unhinted:
    """The same engine without the gift of reading annotations."""

    annotates = False
    known_terms: frozenset[tuple[str, str]] = frozenset()

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.limit = engine.limit

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        """See `Engine`."""
        return self._engine.translate([replace(request, hints=()) for request in requests], progress)

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """See `Engine`."""
        return self._engine.score(pairs)

    def length(self, text: str) -> int:
        """See `Engine`."""
        return self._engine.length(text)

    def signature(self) -> str:
        """See `Engine`."""
        return f"{self._engine.signature()}|unhinted"


class Remembering(Unhinted):
    """Asked the same again, it answers from memory: for systems that begin with free decoding and are not timed."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._known: dict[Request, list[Hypothesis]] = {}

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        """See `Engine`."""
        new = list(dict.fromkeys(request for request in requests if request not in self._known))
        self._known |= zip(new, super().translate(new), strict=True)
        return [self._known[request] for request in requests]


@dataclass(frozen=True, slots=True)
class Result:
    """What a system made of some jobs."""

    texts: tuple[str, ...]
    forced: int = 0
    """Occurrences put in place of the words aligned to their Arabic."""
    substituted: int = 0
    """Occurrences placed by guess, and flagged."""
    unnamed: int = 0
    """Occurrences that are neither there nor named in a finding."""
    touched: int = 0
    """Sentences with an occurrence that had to be put in."""


System = Callable[[Sequence[Job], Engine], Result]


def free(jobs: Sequence[Job], engine: Engine) -> Result:
    """The model by itself: it is not told of any term."""
    return Result(
        tuple(target.text for target in decode([replace(j, requirements=()) for j in jobs], Unhinted(engine)))
    )


def naive(jobs: Sequence[Job], engine: Engine) -> Result:
    """Free decoding, then for each term the words aligned to it, first to last, give way to its English.

    Nothing is done where no word is aligned; articles, neighbours and renditions already there are not looked at.
    """
    targets = decode([replace(job, requirements=()) for job in jobs], Unhinted(engine))
    pairs = zip(jobs, targets, strict=True)
    return Result(tuple(_replaced(job, target.text, target.alignment) for job, target in pairs))


def _replaced(job: Job, text: str, alignment: Sequence[tuple[int, int]]) -> str:
    source, english = words(job.segment.text), words(text)
    runs: list[tuple[int, int, str]] = []
    for requirement in job.requirements:
        match = requirement.match
        own = {n for n, word in enumerate(source) if word.begin < match.end and match.begin < word.end}
        hit = [t for s, t in alignment if s in own and t < len(english) and english[t].text[0].isalnum()]
        if hit:
            runs.append((english[min(hit)].begin, english[max(hit)].end, requirement.surfaces[0]))
    done = len(text)
    for begin, end, surface in sorted(runs, reverse=True):
        if end <= done:  # of two runs that overlap the later one stays
            text = text[:begin] + surface + text[end:]
            done = begin
    return text


def placeholders(names: Names) -> System:
    """Terms masked by names the model knows; the names' English is put back as the terms' English.

    Proclitics stay in front of the mask. A mask that does not come out loses its term; a sentence with more terms than
    there are names keeps the rest unmasked.
    """

    def system(jobs: Sequence[Job], engine: Engine) -> Result:
        masked = [_masked(job, names) for job in jobs]
        targets = decode(
            [
                Job(Segment(j.segment.id, text), (), j.headline, j.line)
                for j, (text, _) in zip(jobs, masked, strict=True)
            ],
            Unhinted(engine),
        )
        texts = []
        for target, (_, put) in zip(targets, masked, strict=True):
            text = target.text
            for english, surface in put:
                text = re.sub(rf"\b{re.escape(english)}\b", surface.replace("\\", r"\\"), text, count=1)
            texts.append(text[:1].upper() + text[1:])
        return Result(tuple(texts))

    return system


def _masked(job: Job, names: Names) -> tuple[str, list[tuple[str, str]]]:
    text = job.segment.text
    unused = [pair for pair in names.pairs if pair[0] not in text]
    put: list[tuple[str, str]] = []
    chosen = list(zip(_apart(job.requirements), unused, strict=False))
    for requirement, (arabic, english) in reversed(chosen):
        match = requirement.match
        lead = "".join(match.proclitics)
        text = text[: match.begin] + lead + arabic + text[match.end :]
        put.append((english, requirement.surfaces[0]))
    return text, put


def _apart(requirements: Sequence[Requirement]) -> list[Requirement]:
    kept: list[Requirement] = []
    for requirement in requirements:
        if not kept or requirement.match.begin >= kept[-1].match.end:
            kept.append(requirement)
    return kept


def hints_of(requirements: Sequence[Requirement]) -> tuple[Hint, ...]:
    """The annotations that the product itself would make for a sentence."""
    return tuple(Hint(r.match.begin, r.match.end, r.surfaces[0]) for r in _apart(requirements))


def annotated(jobs: Sequence[Job], engine: Engine) -> Result:
    """Annotated decoding and nothing after it: for a model that reads annotations and sentences it takes whole."""
    answers = engine.translate([Request(job.segment.text, hints=hints_of(job.requirements)) for job in jobs])
    return Result(tuple(answer[0].text[:1].upper() + answer[0].text[1:] for answer in answers))


def cascade(jobs: Sequence[Job], engine: Engine) -> Result:
    """The product: decode (annotated where the model reads it), check, repair, name what is left."""
    targets = decode(list(jobs), engine)
    uses = [use.status for target in targets for use in target.terms]
    unnamed = 0
    for target in targets:
        unmet = sum(use.status is TermStatus.UNMET for use in target.terms)
        named = sum(finding.check in {"g-01", "u-01"} for finding in target.findings)
        unnamed += unmet if unmet and not named else 0
    put_in = (TermStatus.FORCED, TermStatus.SUBSTITUTED)
    return Result(
        tuple(target.text for target in targets),
        forced=uses.count(TermStatus.FORCED),
        substituted=uses.count(TermStatus.SUBSTITUTED),
        unnamed=unnamed,
        touched=sum(any(use.status in put_in for use in target.terms) for target in targets),
    )


def unannotated_cascade(jobs: Sequence[Job], engine: Engine) -> Result:
    """The product with a model that does not read annotations: everything is done by repair."""
    return cascade(jobs, Unhinted(engine))

"""What is counted when terms are judged: the figures of `benchmarks.terms`, and of the tests on the toy language.

A line is a source, an output, a reference where there is one, and what the terms of the source require. Everything is
counted on finished text and by the product's own rule of what a rendition is (`translate.constraints`), so that no
system is judged by how it came to its words. Knows no engine and no set.

Window overlap and TERm follow Anastasopoulos et al. 2021 ("On the evaluation of machine translation for terminology
consistency"); TERm here has no shifts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from translate.constraints import Requirement, Span, assign, renditions
from translate.words import Word, words

PAIRED = {"two", "both", "pair"}
LOOK_BACK = 3
"""Words before a plural in which a dual's `two` is looked for: `two big iron detachments`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence and what a system made of it."""

    source: str
    output: str
    requirements: tuple[Requirement, ...] = ()
    reference: str = ""
    """Empty where nobody wrote one."""


@dataclass(slots=True)
class Figures:
    """Sums over lines; shares are properties, None where there was nothing to count."""

    occurrences: int = 0
    met: int = 0
    expected: int = 0
    """Occurrences that the reference renders as the glossary asks: only there a place can be compared."""
    expected_met: int = 0
    placed: int = 0
    overlaps: dict[int, float] = field(default_factory=lambda: {2: 0.0, 3: 0.0})
    extra: int = 0
    numbered: int = 0
    right_number: int = 0
    edits: float = 0.0
    weight: float = 0.0
    exact: int = 0
    lines: int = 0
    wordings: dict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def compliance(self) -> float | None:
        """Occurrences with an admissible rendition of their own."""
        return _share(self.met, self.occurrences)

    @property
    def placement(self) -> float | None:
        """Of the renditions that the reference has too, those that stand in its place."""
        return _share(self.placed, self.expected_met)

    @property
    def duplication(self) -> float | None:
        """Renditions beyond those asked for (or beyond the reference's), for each occurrence."""
        return _share(self.extra, self.occurrences)

    @property
    def form(self) -> float | None:
        """Of the renditions whose Arabic tells the number, those in that number."""
        return _share(self.right_number, self.numbered)

    @property
    def term_score(self) -> float | None:
        """1 - TERm: 1 less the word edits needed, those on terms counted twice."""
        return 1 - self.edits / self.weight if self.weight else None

    @property
    def exactness(self) -> float | None:
        """Lines that are the reference to the letter."""
        return _share(self.exact, self.lines)

    @property
    def consistency(self) -> float | None:
        """Of the occurrences of terms that occur more than once, those rendered in the term's commonest way."""
        often = [counts for counts in self.wordings.values() if counts.total() > 1]
        top = sum(max((n for wording, n in counts.items() if wording), default=0) for counts in often)
        return _share(top, sum(counts.total() for counts in often))

    def overlap(self, k: int) -> float | None:
        """Words around a term, k on either side, that the reference has there too; nothing for a missing term."""
        return self.overlaps[k] / self.expected if self.expected else None


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def measure(lines: Iterable[Line]) -> Figures:
    """All figures over all lines."""
    figures = Figures()
    for line in lines:
        _count(line, figures)
    return figures


def _count(line: Line, figures: Figures) -> None:
    requirements, text = line.requirements, line.output
    given = assign(requirements, text)
    wanted = assign(requirements, line.reference) if line.reference else {}
    figures.occurrences += len(requirements)
    figures.met += len(given)
    for number, requirement in enumerate(requirements):
        said = text[slice(*given[number])].casefold() if number in given else ""
        figures.wordings[requirement.match.term.source, requirement.match.number][said] += 1
        if number in given and _tells_number(requirement):
            figures.numbered += 1
            figures.right_number += right_number(requirement, text, given[number])
    figures.extra += duplicates(line)
    if line.reference:
        figures.lines += 1
        figures.exact += text == line.reference
        figures.expected += len(wanted)
        figures.expected_met += len(wanted.keys() & given.keys())
        figures.placed += _placed(line, given, wanted)
        for k in figures.overlaps:
            figures.overlaps[k] += _overlap(line, given, wanted, k)
        edits, weight = _weighted_edits(line, wanted)
        figures.edits += edits
        figures.weight += weight


def _tells_number(requirement: Requirement) -> bool:
    term = requirement.match.term
    countable = bool(term.singular and term.plural) and term.singular.casefold() != term.plural.casefold()
    proper = "proper" in term.pos or term.number in {"name", "mass"}
    return countable and not proper and requirement.match.number in {"sg", "du", "pl"}


def right_number(requirement: Requirement, text: str, span: Span) -> bool:
    """`مفرزتان` -> "two detachments"; `مفرزة` -> "detachment": the form the Arabic number asks for."""
    if text[slice(*span)].casefold() != requirement.surfaces[0].casefold():
        return text[slice(*span)].casefold().startswith("two ") and requirement.match.number == "du"
    if requirement.match.number != "du":
        return True
    before = [word.text.casefold() for word in words(text[: span[0]])[-LOOK_BACK:]]
    return bool(PAIRED & set(before))


def duplicates(line: Line) -> int:
    """Renditions of the line's terms beyond those asked for; as many as the reference has are never too many.

    `The Diwan of the Diwan fled.` for `هرب الديوان.` -> 1; one inside another term's rendition is not counted.
    """
    needs: Counter[tuple[str, ...]] = Counter(tuple(sorted(set(r.surfaces))) for r in line.requirements)
    held = list(assign(line.requirements, line.output).values())
    extra = 0
    for surfaces, need in needs.items():
        here = _disjoint(renditions(surfaces, line.output))
        mine = [s for s in here if s in held or not any(b < s[1] and s[0] < e for b, e in held)]
        there = len(_disjoint(renditions(surfaces, line.reference)))
        extra += max(0, len(mine) - max(need, there))
    return extra


def _disjoint(spans: Sequence[Span]) -> list[Span]:
    kept: list[Span] = []
    for begin, end in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end))
    return kept


def _groups(requirements: Sequence[Requirement]) -> dict[frozenset[str], list[int]]:
    """Numbers of requirements that accept the same surfaces: which of them has which rendition means nothing."""
    groups: dict[frozenset[str], list[int]] = defaultdict(list)
    for number, requirement in enumerate(requirements):
        groups[frozenset(requirement.surfaces)].append(number)
    return groups


def _within(text: list[Word], span: Span) -> set[int]:
    return {n for n, word in enumerate(text) if word.begin < span[1] and span[0] < word.end}


def _lower(text: list[Word]) -> list[str]:
    return [word.text.casefold() for word in text]


def _placed(line: Line, given: dict[int, Span], wanted: dict[int, Span]) -> int:
    """How many renditions an edit alignment of output and reference puts on the reference's own."""
    ours, theirs = words(line.output), words(line.reference)
    same: dict[int, int] = {}
    for step in Levenshtein.opcodes(_lower(ours), _lower(theirs)):
        if step.tag in {"equal", "replace"}:
            same |= dict(zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True))
    placed = 0
    for members in _groups(line.requirements).values():
        there = [_within(theirs, wanted[n]) for n in members if n in wanted]
        for number in (n for n in members if n in given and n in wanted):
            here = {same[n] for n in _within(ours, given[number]) if n in same}
            hit = next((spot for spot in there if spot & here), None)
            if hit is not None:
                there.remove(hit)
                placed += 1
    return placed


def _window(text: list[Word], span: Span, k: int) -> Counter[str]:
    inside = _within(text, span)
    left = [n for n in range(len(text)) if inside and n < min(inside) and text[n].text[0].isalnum()][-k:]
    right = [n for n in range(len(text)) if inside and n > max(inside) and text[n].text[0].isalnum()][:k]
    return Counter(text[n].text.casefold() for n in [*left, *right])


def _overlap(line: Line, given: dict[int, Span], wanted: dict[int, Span], k: int) -> float:
    ours, theirs = words(line.output), words(line.reference)
    total = 0.0
    for members in _groups(line.requirements).values():
        here = sorted(given[n] for n in members if n in given)
        there = sorted(wanted[n] for n in members if n in wanted)
        for mine, right in zip(here, there, strict=False):
            window = _window(theirs, right, k)
            both = window & _window(ours, mine, k)
            total += both.total() / window.total() if window else 1.0
    return total


def _weighted_edits(line: Line, wanted: dict[int, Span]) -> tuple[float, float]:
    """Word edits from output to reference and the reference's weight; a word of a term counts twice."""
    ours, reference = _lower(words(line.output)), words(line.reference)
    terms = {n for span in wanted.values() for n in _within(reference, span)}
    theirs = _lower(reference)
    cost = [2.0 if n in terms else 1.0 for n in range(len(theirs))]
    row = [float(n) for n in range(len(ours) + 1)]
    for word, price in zip(theirs, cost, strict=True):
        above, row = row, [row[0] + price]
        for n, mine in enumerate(ours):
            row.append(min(above[n] + (0.0 if mine == word else price), above[n + 1] + price, row[n] + 1.0))
    return min(row[-1], sum(cost)), sum(cost)

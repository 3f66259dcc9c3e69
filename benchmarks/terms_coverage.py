"""How well a term base fits real translations: where the Arabic has a term, does the English have its rendering?

`python benchmarks/terms_coverage.py PAIRS --glossary news` reads sentence pairs (tab-separated, Arabic and English in
the last two columns, plain or .xz), matches every Arabic side and asks of the English what the product asks of a draft.
One line an entry, the worst first: occurrences, share with an admissible rendering, share with a forbidden one, source.
A low share means a sense that the entry does not know, a rendering worth admitting, or careless English; `--misses 3`
shows sentences. It measures the entries, not a model.
"""

from __future__ import annotations

import argparse
import lzma
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from glossary import Matcher, Term, TermBase
from translate.constraints import check, require


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Arabic and English of every line that has both."""
    with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as file:
        for raw in file:
            line = raw.decode("utf-8")
            cells = line.rstrip("\n").split("\t")
            if len(cells) >= 2:
                yield cells[-2], cells[-1]


class Coverage:
    """Counts by entry."""

    def __init__(self, matcher: Matcher, misses: int) -> None:
        self.matcher, self.most = matcher, misses
        self.seen: Counter[Term] = Counter()
        self.met: Counter[Term] = Counter()
        self.forbidden: Counter[Term] = Counter()
        self.misses: dict[Term, list[str]] = defaultdict(list)

    def add(self, arabic: str, english: str) -> None:
        """Counts one pair."""
        matches = self.matcher.find(arabic)
        if not matches:
            return
        requirements = require(matches)
        outcome = check(requirements, english)
        self.seen.update(requirement.match.term for requirement in requirements)
        self.met.update(requirement.match.term for requirement, _, _ in outcome.met)
        self.forbidden.update({requirement.match.term for requirement, _, _ in outcome.forbidden})
        for requirement in outcome.unmet:
            match = requirement.match
            if len(self.misses[match.term]) < self.most:
                around = arabic[max(0, match.begin - 40) : match.begin], arabic[match.end : match.end + 40]
                self.misses[match.term].append(f"{around[0]}⟦{match.surface}⟧{around[1]}\t{english}")

    def rows(self, least: int) -> Iterator[str]:
        """One line an entry seen at least so often, the worst first."""
        often = [term for term in self.seen if self.seen[term] >= least]
        for term in sorted(often, key=lambda term: (self.met[term] / self.seen[term], -self.seen[term])):
            seen, met, bad = self.seen[term], self.met[term], self.forbidden[term]
            yield f"{seen}\t{met / seen:.3f}\t{bad / seen:.3f}\t{term.source}\t{term.target}"
            yield from (f"\t{miss}" for miss in self.misses[term])


def folders(names: list[str]) -> list[Path]:
    """Bundled term bases by name, everything else by path."""
    return [TermBase.bundled(name) or Path(name) for name in names]


def main() -> int:
    """Prints the table and a summary."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--glossary", action="append", default=[], help="name or path, repeatable; default: mosul")
    parser.add_argument("--least", type=int, default=1, help="leave out entries seen less often")
    parser.add_argument("--misses", type=int, default=0, help="sentences to show for each entry")
    options = parser.parse_args()
    matcher = Matcher(TermBase.load(folders(options.glossary or ["mosul"])))
    coverage = Coverage(matcher, options.misses)
    for path in options.pairs:
        for arabic, english in pairs(path):
            coverage.add(arabic, english)
    print("seen\tmet\tforbidden\tsource\ttarget")
    for row in coverage.rows(options.least):
        print(row)
    seen, met = coverage.seen.total(), coverage.met.total()
    entries = f"{len(coverage.seen)} of {len(matcher.base.terms)} entries seen"
    print(f"{entries}, {seen} occurrences, {met / max(seen, 1):.3f} met")
    return 0


if __name__ == "__main__":
    sys.exit(main())

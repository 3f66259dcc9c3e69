"""The glossary with an address for every entry.

An address is made from the entry's two texts by hashing, so it is the same in every build and never taken from content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from translate.document import Draft, TermStatus, TermUse
from translate.site import paths
from translate.site.paint import Span
from translate.site.settings import GlossaryRow

_UNMET = TermStatus.UNMET


class Definition(NamedTuple):
    """What the reader of an article is told about a term in it."""

    anchor: str
    """"t1f2e3d4c5b" """
    row: GlossaryRow
    listed: bool
    """False for a term that the article uses and the term base no longer has."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The glossary with an address for every entry and every use."""

    rows: Mapping[str, tuple[GlossaryRow, bool]] = field(default_factory=dict)
    """Anchor -> (row, whether the term base lists it)."""

    @classmethod
    def of(cls, rows: Iterable[GlossaryRow]) -> Terms:
        """The entries of the term base."""
        found: dict[str, tuple[GlossaryRow, bool]] = {}
        for row in rows:
            found.setdefault(anchor(row.source, row.target), (row, True))
        return cls(found)

    def span(self, use: TermUse, begin: int, end: int, root: str) -> Span:
        """The link from an occurrence to its entry."""
        return Span(begin, end, self.href(anchor(use.source, use.target), root), "", use.status is not _UNMET)

    def href(self, name: str, root: str) -> str:
        """From a page to a term's, by the term's anchor."""
        return root + paths.term(name)

    def definitions(self, uses: Iterable[TermUse]) -> tuple[Definition, ...]:
        """Every term among these uses once, in the order of the Arabic alphabet."""
        rows: dict[str, tuple[GlossaryRow, bool]] = {}
        for use in uses:
            name = anchor(use.source, use.target)
            rows[name] = self.rows.get(name) or (GlossaryRow(use.source, use.target), False)
        made = (Definition(name, row, listed) for name, (row, listed) in rows.items())
        return tuple(sorted(made, key=lambda one: (one.row.source, one.row.target)))


@lru_cache(maxsize=65_536)
def anchor(source: str, target: str) -> str:
    """`('مفارز', 'detachments')` -> `t` and ten hexadecimal digits, the same in every build."""
    return "t" + sha256(f"{source}\0{target}".encode("utf-8", "surrogatepass")).hexdigest()[:10]


def collect_terms(drafts: Iterable[Draft], rows: Iterable[GlossaryRow]) -> Terms:
    """The entries of the term base in its order, then the terms that only the drafts know."""
    found = dict(Terms.of(rows).rows)
    used = {(u.source, u.target) for draft in drafts for t in draft.targets.values() for u in t.terms}
    for source, target in sorted(used):
        found.setdefault(anchor(source, target), (GlossaryRow(source, target), False))
    return Terms(found)

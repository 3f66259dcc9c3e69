"""The glossary with an address for every entry.

An address is made from the entry's two texts by hashing, so it is the same in every build and never taken from content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from translate.document import Draft, TermStatus, TermUse
from translate.site.paint import Span
from translate.site.settings import GlossaryRow


@dataclass(frozen=True, slots=True)
class Terms:
    """The glossary with an address for every entry and every use."""

    rows: tuple[tuple[str, GlossaryRow, bool], ...]
    """(anchor, row, listed)"""
    anchors: Mapping[tuple[str, str], str]
    """(source, target) -> anchor"""

    def span(self, use: TermUse, begin: int, end: int, root: str) -> Span:
        """The link from an occurrence to its entry."""
        return Span(
            begin,
            end,
            href=f"{root}glossary.html#{self.anchors[use.source, use.target]}",
            title=f"{use.source} → {use.target}",
            met=use.status is not TermStatus.UNMET,
        )


def anchor(source: str, target: str) -> str:
    """`('مفارز', 'detachments')` -> `term-` and ten hexadecimal digits, the same in every build."""
    return "term-" + sha256(f"{source}\0{target}".encode("utf-8", "surrogatepass")).hexdigest()[:10]


def collect_terms(drafts: Iterable[Draft], rows: Iterable[GlossaryRow]) -> Terms:
    """The entries of the term base in its order, then the terms that only the drafts know."""
    found: dict[str, tuple[GlossaryRow, bool]] = {}
    for row in rows:
        found.setdefault(anchor(row.source, row.target), (row, True))
    used = {(u.source, u.target) for draft in drafts for t in draft.targets.values() for u in t.terms}
    for source, target in sorted(used):
        found.setdefault(anchor(source, target), (GlossaryRow(source, target), False))
    return Terms(
        rows=tuple((name, row, listed) for name, (row, listed) in found.items()),
        anchors={(row.source, row.target): name for name, (row, _) in found.items()},
    )

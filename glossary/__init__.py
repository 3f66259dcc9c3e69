"""Which terms occur in this Arabic text, where, and in what clothing.

Standard library only. `TermBase.load(TermBase.default())` reads the bundled terms, `Matcher(base).find(text)` finds
them, `fold` is the spelling they are compared in. What becomes of a match in English is not decided here.
"""

from __future__ import annotations

from glossary.candidates import Match
from glossary.fold import Folded, fold, key
from glossary.match import Matcher
from glossary.terms import COLUMNS, Condition, GlossaryFormatError, Term, TermBase
from glossary.tree import Caution

__all__ = [
    "COLUMNS",
    "Caution",
    "Condition",
    "Folded",
    "GlossaryFormatError",
    "Match",
    "Matcher",
    "Term",
    "TermBase",
    "fold",
    "key",
]

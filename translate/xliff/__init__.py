"""Drafts as XLIFF 2.1: the one place that knows XML, and the one file format a person's work is kept in.

`dump` writes a draft and `parse` reads it back, every field. Block -> unit, sentence -> segment; what XLIFF has a place
for stands there (states, terms, matches, notes, inline codes), the rest is in its metadata module and in attributes of
our own name space. `docs/drafts.md` lists it all. Files that another XLIFF editor changed are read too: a target
whose words or formatting are not those we wrote is a person's. This module knows no disk, no model, no glossary and no
checks.
"""

from __future__ import annotations

from translate.xliff.names import FORMAT
from translate.xliff.reading import parse
from translate.xliff.writing import dump
from translate.xliff.xml import LIMIT, TAG_LIMIT

__all__ = ["FORMAT", "LIMIT", "TAG_LIMIT", "dump", "parse"]

"""What things are called in the XLIFF of a draft: name spaces, states, kinds of matches, ids. Knows no XML library."""

from __future__ import annotations

import re

from translate.document import Origin, Severity, State

FORMAT = 1
"""Raised when a reader of today could misread the files of tomorrow."""
CORE = "{urn:oasis:names:tc:xliff:document:2.0}"
META = "{urn:oasis:names:tc:xliff:metadata:2.0}"
TERM = "{urn:oasis:names:tc:xliff:glossary:2.0}"
MATCH = "{urn:oasis:names:tc:xliff:matches:2.0}"
OWN = "{urn:tarjuman:draft:1}"
PREFIXES = {None: CORE[1:-1], "mda": META[1:-1], "gls": TERM[1:-1], "mtc": MATCH[1:-1], "t": OWN[1:-1]}
LAID_OUT = {
    *(CORE + name for name in ("xliff", "file", "group", "unit", "notes", "originalData", "segment", "ignorable")),
    *(META + name for name in ("metadata", "metaGroup")),
    *(TERM + name for name in ("glossary", "glossEntry")),
    *(MATCH + name for name in ("matches", "match")),
}
"""Elements in which white space means nothing: only these are indented."""
STATES = {
    State.NEW: ("initial", "tarjuman:new"),
    State.MACHINE: ("translated", "tarjuman:machine"),
    State.EDITED: ("translated", "tarjuman:edited"),
    State.APPROVED: ("final", "tarjuman:approved"),
}
STATE_OF = {pair: state for state, pair in STATES.items()}
MATCH_TYPES = {
    Origin.MACHINE: ("mt", "tarjuman:machine"),
    Origin.MEMORY: ("tm", "tarjuman:memory"),
    Origin.PERSON: ("other", "tarjuman:person"),
}
PRIORITIES = {Severity.ERROR: "1", Severity.WARNING: "4", Severity.NOTE: "7"}
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
UNIT_ID = re.compile(r"b([0-9]{1,9})")

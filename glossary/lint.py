"""What is wrong with a term base, or looks so: every finding with its rule, place and a way out.

A file that cannot be loaded is still looked at line by line, and all of its mistakes are told at once. The rules of
one line look at cells; those between lines ask the matcher, so that what is said of a term is what would happen to it
in a text. This module knows nothing of how findings are shown.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from glossary.candidates import Match
from glossary.fold import INVISIBLE, key
from glossary.match import Matcher
from glossary.ordinary import ORDINARY
from glossary.terms import COLUMNS, GlossaryFormatError, Line, Term, TermBase, cut, decoded, header_of, term_of
from glossary.writing import idle, order

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to look for."""

    level: str
    """"error": the entry does not do what it says; "warning": it hardly can be meant; "note": only untidy."""
    title: str


RULES: Mapping[str, Rule] = {
    "tb-01": Rule(ERROR, "A line that cannot be read"),
    "tb-02": Rule(ERROR, "Arabic in the English"),
    "tb-03": Rule(ERROR, "The same entry twice"),
    "tb-04": Rule(ERROR, "Two targets for one source"),
    "tb-05": Rule(ERROR, "An entry in the shadow of another"),
    "tb-06": Rule(ERROR, "An entry that can never match"),
    "tb-07": Rule(WARNING, "An ordinary word is caught too"),
    "tb-08": Rule(WARNING, "Stray spaces"),
    "tb-09": Rule(WARNING, "Signs nobody sees"),
    "tb-10": Rule(ERROR, "No Arabic in the source"),
    "tb-11": Rule(ERROR, "English both accepted and forbidden"),
    "tb-12": Rule(WARNING, "A column named nearly like one of ours"),
    "tb-13": Rule(WARNING, "A forbidden rendering without its term"),
    "tb-14": Rule(WARNING, "No English for the singular"),
    "tb-15": Rule(WARNING, "The article contradicts the target"),
    "tb-16": Rule(WARNING, "A form that adds nothing"),
    "tb-17": Rule(NOTE, "Lines out of order"),
    "tb-18": Rule(WARNING, "An allowance nothing needs"),
    "tb-19": Rule(WARNING, "The English of one column contradicts the others"),
}
"""By id, as `allow` and the reports have it."""

_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_UNSEEN = re.compile(rf"[{INVISIBLE}\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]")
_STRAY = re.compile(r"^\s+|\s+$|\s{2,}|[^\S ]|\s+(?=\|)|(?<=\|)\s+|\|\||^\||\|$")
_BRACKETS = {ord("["): " ", ord("]"): " "}
_ENGLISH = ("target", "singular", "plural", "admitted", "forbidden")
_ALIKE = 0.8
"""From here on two names of columns are taken for one and a slip of the hand."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong; they sort by place."""

    file: str
    line: int
    column: int
    """From 1, in characters of the line."""
    rule: str
    """"tb-04\""""
    message: str
    hint: str

    @property
    def level(self) -> str:
        """Of its rule: "error", "warning" or "note"."""
        return RULES[self.rule].level


@dataclass(slots=True)
class _Entry:
    """One line: its cells as they stand, and the term if it is one."""

    line: Line
    raw: dict[str, str]
    term: Term | None = None
    first: bool = False
    """The first under its heading."""

    def at(self, rule: str, column: str, message: str, hint: str, piece: str = "") -> Finding:
        """A finding that points at a cell, or at `piece` inside it."""
        inside = max(self.raw.get(column, "").find(piece), 0) if piece else 0
        place = self.line.columns.get(column, 1) + inside
        return Finding(self.line.file, self.line.number, place, rule, message, hint)


@dataclass(slots=True)
class _Read:
    """What was found while the files were read, and their lines."""

    entries: list[_Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def check(files: Iterable[Path]) -> list[Finding]:
    """All findings of a term base: of files, or folders of `*.tsv`.

    Raises:
        GlossaryFormatError: a file is not there or no text.
    """
    texts: list[tuple[str, str]] = []
    for path in files:
        inside = sorted(path.glob("*.tsv")) if path.is_dir() else [path]
        if not inside:
            raise GlossaryFormatError(str(path), 0, 0, "no term files (*.tsv) in this folder", "Check the path")
        texts.extend((str(file), decoded(file)) for file in inside)
    return check_texts(texts)


def check_texts(texts: Iterable[tuple[str, str]]) -> list[Finding]:
    """The same of names and texts; what a line allows is left out, and what it allows in vain is told."""
    read = _Read()
    for name, text in texts:
        _read(name, text, read)
    found = list(read.findings)
    for entry in read.entries:
        for rule in _LINE_RULES:
            found.extend(rule(entry))
    for base_rule in _BASE_RULES:
        found.extend(base_rule(read.entries))
    return sorted(set(_not_allowed(read.entries, found)))


def _read(name: str, text: str, read: _Read) -> None:
    header: list[str] = []
    first = True
    for number, written in enumerate(text.split("\n"), 1):
        line = written.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            first = first or line.startswith("#")
            continue
        try:
            if not header:
                header = header_of(name, number, line)
                read.findings.extend(_columns(name, number, line, header))
                continue
            entry = _Entry(cut(name, number, line, header), _raw(line, header), first=first)
        except GlossaryFormatError as error:
            read.findings.append(_unreadable(error))
            if not header:
                return
            continue
        first = False
        read.entries.append(entry)
        try:
            entry.term = term_of(entry.line)
        except GlossaryFormatError as error:
            if error.cell != "target" or not _ARABIC.search(entry.raw.get("target", "")):
                read.findings.append(_unreadable(error))
    if not header:
        read.findings.append(
            Finding(name, 1, 1, "tb-01", "no header line", "Begin with: source, target (a tab between them)")
        )


def _raw(line: str, header: Sequence[str]) -> dict[str, str]:
    return dict(zip(header, line.split("\t"), strict=False))


def _unreadable(error: GlossaryFormatError) -> Finding:
    return Finding(error.file, error.line, error.column, "tb-01", error.message, error.hint)


def _not_allowed(entries: Sequence[_Entry], found: Iterable[Finding]) -> Iterator[Finding]:
    allowed = {
        (entry.line.file, entry.line.number, rule) for entry in entries if entry.term for rule in entry.term.allow
    }
    used = set()
    for finding in found:
        place = (finding.file, finding.line, finding.rule)
        if place in allowed:
            used.add(place)
        else:
            yield finding
    for entry in entries:
        for rule in entry.term.allow if entry.term else ():
            if (entry.line.file, entry.line.number, rule) not in used:
                what = "is not found here" if rule in RULES else "is no rule"
                yield entry.at("tb-18", "allow", f"{rule} is allowed but {what}", "Take it out of the cell", rule)


# --- the header ------------------------------------------------------------------------------------------------------


def _columns(name: str, number: int, line: str, header: Sequence[str]) -> Iterator[Finding]:
    """`forbiden` is kept like any unknown column, and does nothing."""
    at = 1
    for written, column in zip(line.split("\t"), header, strict=True):
        close = difflib.get_close_matches(column, COLUMNS, 1, _ALIKE) if column not in COLUMNS else []
        if close and close[0] not in header:
            message = f"the column {column!r} is not one of ours, so nothing looks at it"
            yield Finding(name, number, at, "tb-12", message, f"Write {close[0]} if that is meant, else another name")
        at += len(written) + 1


# --- rules of one line -----------------------------------------------------------------------------------------------


def _arabic_in_english(entry: _Entry) -> Iterator[Finding]:
    untranslated = entry.line.cells.get("untranslated") == "yes"
    for column in _ENGLISH:
        hit = _ARABIC.search(entry.raw.get(column, ""))
        if hit and not untranslated:
            hint = "Are source and target swapped?" if column == "target" else "Write English"
            yield entry.at("tb-02", column, f"Arabic in the {column} of {entry.line.cells['source']}", hint, hit[0])


def _stray_spaces(entry: _Entry) -> Iterator[Finding]:
    for column, cell in entry.raw.items():
        hit = _STRAY.search(cell)
        if hit and cell.strip():
            what = "an empty part between two |" if "|" in hit[0] else _space(hit[0])
            found = entry.at("tb-08", column, f"{what} in {column}", "Remove it; one plain space joins words")
            yield Finding(found.file, found.line, found.column + hit.start(), found.rule, found.message, found.hint)


def _space(space: str) -> str:
    if space.strip(" "):
        return f"a space that is none of the keyboard's (U+{ord(space.strip(' ')[0]):04X})"
    return "a stray space" if len(space) == 1 else f"{len(space)} spaces"


def _unseen(entry: _Entry) -> Iterator[Finding]:
    for column, cell in entry.raw.items():
        if hit := _UNSEEN.search(cell):
            message = f"a sign nobody sees in {column}: U+{ord(hit[0]):04X}"
            yield entry.at("tb-09", column, message, "Delete it: it came along when the text was copied", hit[0])


def _no_arabic(entry: _Entry) -> Iterator[Finding]:
    source = entry.line.cells.get("source", "")
    if key(source).strip() and not _ARABIC.search(source):
        yield entry.at("tb-10", "source", f"no Arabic in {source}", "Are source and target swapped?")


def _both(entry: _Entry) -> Iterator[Finding]:
    term = entry.term
    if term is None or term.status == "forbidden":
        return
    accepted = {_plain(text): text for text in (term.target, term.singular, term.plural, *term.admitted)}
    for text in term.forbidden:
        if _plain(text) in accepted:
            message = f"{text} is forbidden for {term.source} and accepted for it"
            yield entry.at("tb-11", "forbidden", message, "Take it out of one of the two", text)


def _plain(english: str) -> str:
    """`'the Squads'` -> `'Squads'`: a capital tells a name from words, so it counts."""
    lower = english.lower()
    return next((english[len(word) :] for word in ("the ", "a ", "an ") if lower.startswith(word)), english)


def _no_singular(entry: _Entry) -> Iterator[Finding]:
    term = entry.term
    if term is None or term.number != "pl" or entry.line.cells.get("singular") or term.untranslated:
        return
    ones = [form for form, number in term.listed() if number == "sg"]
    if ones:
        message = f"{ones[0]} is one, and all the English there is for it is {term.target}"
        yield entry.at("tb-14", "target", message, "Write the English for one in the column singular")


def _article(entry: _Entry) -> Iterator[Finding]:
    term = entry.term
    if term and term.article == "none" and term.target.lower().startswith("the "):
        message = f"the target of {term.source} begins with the, and article says none"
        yield entry.at("tb-15", "article", message, "Change one of the two")


def _idle_forms(entry: _Entry) -> Iterator[Finding]:
    term = entry.term
    if term is None or term.exact:
        return
    forms = list(zip(term.forms, term.form_number, strict=True))
    for place, known in idle(term.source, term.number, forms):
        form, number = forms[place]
        message = f"{number}:{form} is found already by {known}"
        hint = "Take it out, or let --tidy do it: hamza, ya and ta marbuta need no listing"
        yield entry.at("tb-16", "forms", message, hint, form)


def _english_at_odds(entry: _Entry) -> Iterator[Finding]:
    """Somebody changed the target and forgot the other columns: both would be asked for."""
    term = entry.term
    if term is None or term.untranslated or term.status == "forbidden":
        return
    target = _plain(term.target).casefold()
    if not any(text and text.casefold() in target for text in (term.singular, term.plural)):
        others = " and ".join(dict.fromkeys(text for text in (term.singular, term.plural) if text))
        message = f"{term.source} is {term.target} in target, and {others} in singular and plural"
        yield entry.at("tb-19", "target", message, "Write the same English in all three: every one of them is accepted")


def _contradiction(entry: _Entry) -> Iterator[Finding]:
    term = entry.term
    if term is None or term.status == "forbidden":
        return
    words: dict[str, set[str]] = {}
    for condition in term.context:
        words.setdefault(condition.kind, set()).update(map(key, condition.words))
    for side in ("before", "after"):
        if side in words and words[side] <= words.get(f"not-{side}", set()):
            message = f"{term.source} can never match: {side} and not-{side} name the same words"
            yield entry.at("tb-06", "context", message, "Take the words out of one of the two", side)
    if {"enclitic", "as-written"} <= set(words):
        message = f"{term.source} can never match: enclitic asks for a pronoun and as-written for none"
        yield entry.at("tb-06", "context", message, "Keep one of the two", "enclitic")
    if "enclitic" in words and all(number == "name" for _, number in term.listed()):
        message = f"{term.source} can never match: a name takes no pronoun and enclitic asks for one"
        yield entry.at("tb-06", "context", message, "Write another number, or leave enclitic out", "enclitic")


_LINE_RULES: tuple[Callable[[_Entry], Iterator[Finding]], ...] = (
    _arabic_in_english,
    _stray_spaces,
    _unseen,
    _no_arabic,
    _both,
    _no_singular,
    _article,
    _idle_forms,
    _english_at_odds,
    _contradiction,
)


# --- rules between lines ---------------------------------------------------------------------------------------------


def _identity(term: Term) -> tuple[str, frozenset[tuple[str, tuple[str, ...]]], bool]:
    """What makes two lines compete for the same words."""
    conditions = frozenset((one.kind, tuple(sorted(one.words))) for one in term.context)
    return _spelling(term), conditions, term.exact


def _spelling(term: Term) -> str:
    return " ".join(term.source.split()) if term.exact else " ".join(key(term.source).split())


def _same_source(entries: Sequence[_Entry]) -> Iterator[Finding]:
    known: dict[object, list[_Entry]] = {}
    for entry in entries:
        term = entry.term
        if term is None:
            continue
        earlier = known.setdefault((_identity(term), term.status == "forbidden"), [])
        twin = next((one for one in earlier if one.term and one.term.target == term.target), None)
        rival = next((one for one in earlier if one.term and one.term.status == term.status), None)
        if twin:
            message = f"{term.source} is listed with the same English in {_place(entry, twin)}"
            yield entry.at("tb-03", "source", message, "Keep one of the two")
        elif rival and term.status != "forbidden" and rival.term:
            message = f"{term.source} is {term.target} here and {rival.term.target} in {_place(entry, rival)}"
            hint = "Keep one, or tell them apart in context; other good English goes into admitted"
            yield entry.at("tb-04", "target", message, hint)
        earlier.append(entry)


def _place(entry: _Entry, other: _Entry) -> str:
    """`'line 12'`, or with the file where it is another."""
    line = f"line {other.line.number}"
    return line if other.line.file == entry.line.file else f"{Path(other.line.file).name}, {line}"


def _alone(entries: Sequence[_Entry]) -> Iterator[Finding]:
    terms = [entry.term for entry in entries if entry.term]
    wanted = {" ".join(key(term.source).split()): term for term in terms if term.status != "forbidden"}
    for entry in entries:
        term = entry.term
        if term is None or term.status != "forbidden":
            continue
        owner = wanted.get(" ".join(key(term.source).split()))
        if owner is None:
            message = f"{term.source} has a forbidden rendering and no other"
            yield entry.at("tb-13", "source", message, "Add a line that says what it is in English")
        elif _plain(term.target) in {_plain(text) for text in (owner.target, owner.singular, owner.plural)}:
            message = f"{term.target} is forbidden for {term.source} and is its English"
            yield entry.at("tb-11", "target", message, "Take out one of the two lines")


def _found(entries: Sequence[_Entry]) -> Iterator[Finding]:
    """Asks the matcher for every listed form of every term, and for the ordinary words."""
    owners = {id(entry.term): entry for entry in entries if entry.term and entry.term.status != "forbidden"}
    terms = [entry.term for entry in owners.values() if entry.term]
    matcher = Matcher(TermBase(tuple(terms)))
    ranked = sorted(terms, key=lambda term: term.status != "preferred")
    ranks = {id(term): number for number, term in enumerate(ranked)}
    for entry in owners.values():
        yield from _forms(entry, matcher, owners, ranks)
    yield from _ordinary(matcher, owners, terms)


def _forms(
    entry: _Entry, matcher: Matcher, owners: Mapping[int, _Entry], ranks: Mapping[int, int]
) -> Iterator[Finding]:
    term = entry.term
    assert term is not None
    for form, _ in term.listed():
        column = "source" if form == term.source else "forms"
        rows = matcher.explain(" ".join(form.translate(_BRACKETS).split()))
        own = [match for match, _ in rows if match.term is term]
        if not own:
            message = f"{form} can never match"
            yield entry.at("tb-06", column, message, "Write words of letters with one space between them", form)
            continue
        rival = _rival(term, own[0], rows, ranks)
        if rival is not None and _spelling(rival) != _spelling(term):
            other = owners[id(rival)]
            message = f"{form} is a form of {rival.source} in {_place(entry, other)}, which wins"
            hint = "Take it out of one of the two, or tell them apart in context"
            yield entry.at("tb-05", column, message, hint, form)


def _rival(term: Term, own: Match, rows: Sequence[tuple[Match, str | None]], ranks: Mapping[int, int]) -> Term | None:
    """The entry that takes these words from `term` wherever they stand."""
    for match, reason in rows:
        other = match.term
        same = other is not term and (match.begin, match.end) == (own.begin, own.end)
        if same and reason is None and not other.context and not other.exact and ranks[id(other)] < ranks[id(term)]:
            return other
    return None


def _ordinary(matcher: Matcher, owners: Mapping[int, _Entry], terms: Sequence[Term]) -> Iterator[Finding]:
    near = {word for term in terms for one in term.context if one.kind == "near" for word in one.words}
    around = matcher.surroundings(" ".join(sorted(near)))
    caught: dict[int, list[tuple[str, str]]] = {}
    for word in dict.fromkeys(ORDINARY):
        for match in matcher.find(word, around):
            term = match.term
            if word not in (term.source, *term.forms, match.why):  # by itself, or as a case of its plural, it is meant
                caught.setdefault(id(term), []).append((word, match.why))
    for number, words in caught.items():
        yield _collision(owners[number], words)


def _collision(entry: _Entry, caught: Sequence[tuple[str, str]]) -> Finding:
    term = entry.term
    assert term is not None
    inside = [form for form in (term.source, *term.forms) if key(form) in key(caught[0][0])]
    form = max(inside, key=len, default=term.source)
    words = ", ".join(f"{word} (read as {why})" for word, why in caught)
    message = f"{form} also catches what is an ordinary word: {words}"
    hint = f"Write never:{'|'.join(word for word, _ in caught)} in context, or give it neighbours"
    return entry.at("tb-07", "source" if form == term.source else "forms", message, hint, form)


def _unsorted(entries: Sequence[_Entry]) -> Iterator[Finding]:
    """The first line out of order under each heading."""
    told = False
    for before, entry in pairwise(entries):
        told = told and not entry.first
        same = before.line.file == entry.line.file and not entry.first
        here, there = entry.line.cells.get("source", ""), before.line.cells.get("source", "")
        if same and not told and order(here) < order(there):
            told = True
            message = f"{here} comes before {there}"
            hint = "tarjuman glossary check --tidy sorts the file; a line with # begins a new part"
            yield entry.at("tb-17", "source", message, hint)


_BASE_RULES: tuple[Callable[[Sequence[_Entry]], Iterator[Finding]], ...] = (_same_source, _alone, _found, _unsorted)

"""A term that a translator adds or changes at the desk: what it would touch, and then a line in the term file.

The impact is always computed first: a term that nobody has seen the reach of is not written. Knows the store's drafts
and the term file; nothing of requests.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from glossary import COLUMNS, GlossaryFormatError, Matcher, Term, TermBase, key
from glossary.writing import order
from translate.document import Article, State
from translate.errors import GlossaryError, UsageError
from translate.files import write
from translate.review.desk import Desk
from translate.review.store import Store
from translate.review.terms import Terms

EXAMPLES = 10
HEADER = ("source", "target", "number", "forms", "note")
"""Of a term file that is begun here; columns a term fills are added."""
_NUMBERED = re.compile(r"[a-z]+:")


@dataclass(frozen=True, slots=True)
class NewTerm:
    """One line of a term file, not written yet."""

    cells: tuple[tuple[str, str], ...]
    """(("source", "مفرزة"), ("target", "detachment"), ("forms", "pl:مفارز"))"""
    term: Term

    @classmethod
    def of(cls, cells: Mapping[str, str]) -> NewTerm:
        """From the cells by column; forms without a number are plurals, as broken plurals mostly are.

        Raises:
            GlossaryError: it cannot be a line of a term file.
        """
        strange = sorted(set(cells) - set(COLUMNS))
        if strange:
            raise UsageError(f"there is no column {strange[0][:40]!r}", "", f"Columns: {', '.join(COLUMNS)}")
        tidy = {name: " ".join(value.split()) for name, value in cells.items()}
        if "forms" in tidy:
            tidy["forms"] = _forms(tidy["forms"])
        if tidy.get("source", "").startswith("#"):
            raise GlossaryError("a term cannot begin with #", "", "Such a line is a comment")
        kept = tuple((name, tidy[name]) for name in COLUMNS if tidy.get(name))
        names = list(dict.fromkeys((*HEADER[:2], *(name for name, _ in kept))))
        base = _parsed("\t".join(names) + "\n" + _line(names, dict(kept)), "the new term")
        if not base.terms:
            raise GlossaryError("a line of status forbidden is no term", "", "Write that English into forbidden")
        return cls(kept, base.terms[0])


@dataclass(frozen=True, slots=True)
class Touched:
    """A sentence that a term counts in, or counted in before it was changed."""

    slug: str
    id: str
    source: str
    target: str
    """What stands in the field."""
    state: State
    edited: bool
    """A person's work: it is flagged and never translated again."""
    met: bool
    """The English honours the term as it is now."""


class TermFile:
    """Where new terms are written."""

    def __init__(self, path: Path, reload: Callable[[], TermBase]) -> None:
        """`reload` reads all terms in force again, the file included."""
        self.path = path
        self._reload = reload
        self._shown: set[tuple[object, str]] = set()
        self._lock = RLock()

    def impact(self, new: NewTerm, store: Store) -> dict[str, Any]:
        """Which sentences of which drafts the term would count in; now it may be added."""
        before = store.terms.base
        replaced = _same(before, new.term)
        now = Terms(TermBase((new.term, *(term for term in before.terms if term not in replaced))))
        found = list(_touched(store, now, new.term, replaced))
        with self._lock:
            self._shown.add((new.cells, before.fingerprint()))
        return {
            "segments": len(found),
            "edited": sum(one.edited for one in found),
            "missing": sum(not one.met for one in found),
            "articles": len({one.slug for one in found}),
            "replaces": [term.target for term in replaced],
            "examples": [told(one) for one in found[:EXAMPLES]],
        }

    def add(self, new: NewTerm, store: Store) -> list[Touched]:
        """Write the term and put it in force; the sentences it touches.

        One that is there just so is looked at again all the same: who added it may not have come so far.
        """
        with self._lock:
            before = store.terms.base
            if (new.cells, before.fingerprint()) not in self._shown:
                raise UsageError("nobody has seen what this term would touch", "", "Look at its impact first")
            text = self._with(new, _same(before, new.term))
            _parsed(text, str(self.path))
            write(self.path, text.encode("utf-8"))
            self._shown.clear()
            store.terms = Terms(self._reload())
        return list(_touched(store, store.terms, new.term, _same(before, new.term)))

    def _with(self, new: NewTerm, replaced: Sequence[Term]) -> str:
        """The file with one more line, or another one in the place of the term's; its own columns stay as they are."""
        cells = {**_arabic_side(replaced), **dict(new.cells)}
        if not self.path.exists():
            names: Sequence[str] = list(dict.fromkeys((*HEADER, *cells)))
            return "\t".join(names) + "\n" + _line(names, cells)
        text = self.path.read_bytes().decode("utf-8-sig")
        rows = [row.rstrip("\r") for row in text.split("\n")]
        head = next(number for number, row in enumerate(rows) if row.strip() and row[0] != "#")
        names = [name.strip().lower() for name in rows[head].split("\t")]
        rows[head] = "\t".join([rows[head], *(name for name in cells if name not in names)])
        names += [name for name in cells if name not in names]
        here = [term.line - 1 for term in TermBase.load([self.path]).terms if key(term.source) == key(new.term.source)]
        if not here:
            kept = "\n".join(rows).rstrip("\n").split("\n")
            kept.insert(_place(kept, head, names, new.term.source), _line(names, cells).rstrip("\n"))
            return "\n".join(kept) + "\n"
        line = _line(names, {**_unknown_to_us(names, rows[here[0]]), **cells})
        kept = [row for number, row in enumerate(rows) if number not in here[1:]]
        kept[here[0]] = line.rstrip("\n")
        return "\n".join(kept)


def _place(rows: Sequence[str], head: int, names: Sequence[str], source: str) -> int:
    """Where a new line belongs in the last part of a file, as `glossary check --tidy` sorts; else at the end."""
    first = 1 + max((number for number, row in enumerate(rows) if row.startswith("#")), default=head)
    first, column = max(first, head + 1), names.index("source") if "source" in names else -1
    there = [order(row.split("\t")[column]) if column in range(row.count("\t") + 1) else "" for row in rows[first:]]
    return first + bisect_right(there, order(source)) if there == sorted(there) else len(rows)


def told(one: Touched) -> dict[str, Any]:
    """A sentence for a page."""
    return {**asdict(one), "state": str(one.state)}


def _same(base: TermBase, term: Term) -> list[Term]:
    """What the term takes the place of."""
    return [other for other in base.terms if key(other.source) == key(term.source)]


def _arabic_side(replaced: Sequence[Term]) -> dict[str, str]:
    """What a changed term keeps where nothing else is said: the columns that do not speak of its English."""
    if not replaced:
        return {}
    old = replaced[0]
    context = "; ".join(one.kind + (f":{'|'.join(one.words)}" if one.words else "") for one in old.context)
    number = old.number if old.number != "sg" else ""
    said = {"pos": old.pos, "number": number, "context": context, "exact": "yes" if old.exact else ""}
    return {name: value for name, value in {**said, "domain": old.domain}.items() if value}


def _unknown_to_us(names: Sequence[str], row: str) -> dict[str, str]:
    """The cells of columns that are somebody's own."""
    return {name: cell for name, cell in zip(names, row.split("\t"), strict=False) if name not in COLUMNS}


def _touched(store: Store, now: Terms, term: Term, replaced: Sequence[Term]) -> Iterator[Touched]:
    """Sentences the term counts in; and those that only what it replaces counts in, whose English may be old now."""
    only = Matcher(TermBase((term, *replaced)))
    for slug, desk in store.desks():
        if isinstance(desk, Desk):
            article = desk.laid.draft.article
            around = only.surroundings("\n".join(segment.text for segment in article.segments()))
            for view in desk.views():
                text = view.segment.text
                found = {match.term.source for match in only.find(text, around)}
                if not found or (term.source in found and not _counts(now, article, text, term)):
                    continue
                uses = now.checked(article, view.segment, view.target).terms
                yield Touched(
                    slug,
                    view.segment.id,
                    text,
                    view.text,
                    view.target.state,
                    view.of_a_person,
                    all(use.target_begin >= 0 for use in uses if use.source == term.source),
                )


def _counts(now: Terms, article: Article, text: str, term: Term) -> bool:
    """Not where a longer term covers it."""
    return any(requirement.match.term.source == term.source for requirement in now.requirements(article, text))


def _forms(cell: str) -> str:
    """`'مفارز، du:مفرزتان'` -> `'pl:مفارز|du:مفرزتان'`."""
    parts = [part.strip() for part in re.split(r"[|،,;]", cell)]
    return "|".join(part if _NUMBERED.match(part) else f"pl:{part}" for part in parts if part)


def _line(names: Sequence[str], cells: Mapping[str, str]) -> str:
    return "\t".join(cells.get(name, "") for name in names).rstrip("\t") + "\n"


def _parsed(text: str, where: str) -> TermBase:
    """What a term file with this text would say."""
    try:
        return TermBase.of(text.encode("utf-8", "replace").decode("utf-8-sig"), where)
    except GlossaryFormatError as error:
        raise GlossaryError(error.message, where, error.hint) from error

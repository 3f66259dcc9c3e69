"""A term that a translator adds at the desk: what it would touch, and then a line in the term file.

The impact is always computed first: a term that nobody has seen the reach of is not written. Knows the store's drafts
and the term file; nothing of requests.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from glossary import COLUMNS, GlossaryFormatError, Matcher, Term, TermBase, key
from translate import drafts
from translate.document import Article
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
        return cls(kept, base.terms[0])


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
        now = Terms(TermBase((new.term, *(term for term in before.terms if term.source != new.term.source))))
        only = Matcher(TermBase((new.term,)))
        found = list(_touched(store, only, now, new.term))
        with self._lock:
            self._shown.add((new.cells, before.fingerprint()))
        return {
            "segments": len(found),
            "edited": sum(one["edited"] for one in found),
            "missing": sum(not one["met"] for one in found),
            "articles": len({one["slug"] for one in found}),
            "replaces": [term.target for term in before.terms if key(term.source) == key(new.term.source)],
            "examples": found[:EXAMPLES],
        }

    def add(self, new: NewTerm, terms: Terms) -> Terms:
        """Write the term; the terms that are in force with it."""
        with self._lock:
            if (new.cells, terms.base.fingerprint()) not in self._shown:
                raise UsageError("nobody has seen what this term would touch", "", "Look at its impact first")
            self._refuse_twice(new)
            text = self._with(new)
            _parsed(text, str(self.path))
            write(self.path, text.encode("utf-8"))
            self._shown.clear()
            return Terms(self._reload())

    def _refuse_twice(self, new: NewTerm) -> None:
        for term in TermBase.load([self.path]).terms if self.path.exists() else ():
            if key(term.source) == key(new.term.source):
                raise GlossaryError(
                    f"{new.term.source} is in the term file already", f"{self.path}:{term.line}", "Change it there"
                )

    def _with(self, new: NewTerm) -> str:
        """The file with one more line; its own columns stay as they are."""
        cells = dict(new.cells)
        if not self.path.exists():
            names: Sequence[str] = list(dict.fromkeys((*HEADER, *cells)))
            return "\t".join(names) + "\n" + _line(names, cells)
        text = self.path.read_bytes().decode("utf-8-sig")
        rows = [row.rstrip("\r") for row in text.split("\n")]
        names = [name.strip().lower() for name in next(r for r in rows if r.strip() and r[0] != "#").split("\t")]
        missing = sorted(set(cells) - set(names))
        if missing:
            raise GlossaryError(
                f"the term file has no column {missing[0]!r}",
                str(self.path),
                "Add it to the header line, or leave it out",
            )
        return text + ("" if text.endswith("\n") else "\n") + _line(names, cells)


def _touched(store: Store, only: Matcher, now: Terms, term: Term) -> Iterator[dict[str, Any]]:
    for slug, desk in store.desks():
        if isinstance(desk, Desk):
            article = desk.laid.draft.article
            for view in desk.views():
                if only.find(view.segment.text, _around(only, article)) and _counts(
                    now, article, view.segment.text, term
                ):
                    unmet = now.checked(article, view.segment, view.target).terms
                    yield {
                        "slug": slug,
                        "id": view.segment.id,
                        "source": view.segment.text,
                        "target": view.text,
                        "state": str(view.target.state),
                        "edited": drafts.touched(view.target),
                        "met": all(use.target_begin >= 0 for use in unmet if use.source == term.source),
                    }


def _around(matcher: Matcher, article: Article) -> frozenset[str]:
    return matcher.surroundings("\n".join(segment.text for segment in article.segments()))


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
    with tempfile.TemporaryDirectory(prefix="tarjuman-") as folder:
        path = Path(folder) / "terms.tsv"
        path.write_bytes(text.encode("utf-8", "replace"))
        try:
            return TermBase.load([path])
        except GlossaryFormatError as error:
            raise GlossaryError(error.message, where, error.hint) from error

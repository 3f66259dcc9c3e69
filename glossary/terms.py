"""The term base: what a term is, and how a folder of TSV files becomes a tuple of them.

One line of a file is one term. This module knows the columns and says exactly where a line is wrong; it does not know
how terms are found in a text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from glossary.fold import key

COLUMNS = (
    "source", "target", "pos", "number", "forms", "singular", "plural", "article", "capital", "forbidden", "admitted",
    "context", "exact", "untranslated", "domain", "status", "note", "example", "authority", "allow",
)  # fmt: skip
"""The columns we know, in the order we write them. Only the first two are required; others are kept unread."""

ALIASES = {"dnt": "untranslated", "do-not-translate": "untranslated", "exact-only": "exact"}
"""Other names that a header may use for a column."""

NUMBERS = ("sg", "pl", "mass", "name")
FORM_NUMBERS = ("sg", "du", "pl", "mass", "name")
ARTICLES = ("auto", "the", "none")
CAPITALS = ("auto", "keep")
STATUSES = ("preferred", "admitted", "forbidden")
FLAGS = {"": False, "no": False, "yes": True}
BARE_CONDITIONS = ("as-written", "definite", "enclitic")
LISTED_CONDITIONS = ("not-before", "not-after", "before", "after", "bare-before", "never", "near")

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LONGEST_ERROR = 500
"""Characters that are shown of what is wrong: a cell may be of any length."""
_FOLDER = Path(__file__).parent / "terms"
BUNDLED = {"mosul": _FOLDER, "news": _FOLDER / "news"}
"""The term bases that come along, by short name. A folder is read without those inside it."""


class GlossaryFormatError(ValueError):
    """A term file that cannot be understood: which file, line and column, what is wrong, what to do."""

    def __init__(self, file: str, line: int, column: int, message: str, hint: str = "", cell: str = "") -> None:
        """`cell` is the name of the column, where one is to blame."""
        self.file, self.line, self.column, self.message, self.hint = file, line, column, message, hint
        self.cell = cell
        told = f"{file}:{line}:{column}: {message}" + (f". {hint}" if hint else "")
        if len(told) > _LONGEST_ERROR:
            told = f"{told[: _LONGEST_ERROR // 2]} … {told[-_LONGEST_ERROR // 4 :]}"
        # What a file says may not steer the terminal it is shown in.
        super().__init__("".join(c if c.isprintable() else "\ufffd" for c in told))


@dataclass(frozen=True, slots=True)
class Condition:
    """One restriction on where a term counts."""

    kind: str
    """"not-before" - one of BARE_CONDITIONS or LISTED_CONDITIONS."""
    words: tuple[str, ...] = ()
    """("داعش", "الدولة")"""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the term base."""

    source: str
    """"مفارز" - Arabic as listed."""
    target: str
    """"detachments" - English as listed, article included where it is part of it ("the Left Bank")."""
    forms: tuple[str, ...] = ()
    """("مفرزة", "مفرزتان") - further Arabic forms. A word in brackets has to follow: "قواعد [تنظيم]"."""
    form_number: tuple[str, ...] = ()
    """("sg", "du") - the number of each of `forms`."""
    number: str = "sg"
    """Number of `source`: "sg", "pl", "mass", or "name" for what is written one way only."""
    singular: str = ""
    """"detachment" - without article."""
    plural: str = ""
    """"detachments" - without article; equals `singular` where English has no plural."""
    article: str = "auto"
    """"auto": the sentence decides; "the": with the definite article; "none": never an article."""
    capital: str = "auto"
    """"keep": the capitals of `target` are part of it; "auto": capitalised at the start of a sentence only."""
    pos: str = ""
    note: str = ""
    domain: str = ""
    forbidden: tuple[str, ...] = ()
    """("squads", "patrols") - English that must not appear for it."""
    admitted: tuple[str, ...] = ()
    """Other English that is accepted."""
    context: tuple[Condition, ...] = ()
    """Where it counts, see docs/glossary.md."""
    exact: bool = False
    """The letters must be those of the listing: no folding of hamza, ya, ta marbuta."""
    untranslated: bool = False
    """The source itself stands in the English."""
    status: str = "preferred"
    """"preferred" or "admitted": which of two entries with one surface wins; "forbidden" never leaves this module."""
    example: str = ""
    authority: str = ""
    """Who says so: "Nour", "House style 4.2"."""
    allow: tuple[str, ...] = ()
    """("tb-09",) - what `glossary check` is not to say of this line."""
    file: str = ""
    line: int = 0
    extra: tuple[tuple[str, str], ...] = ()
    """Columns we do not know, kept for whoever writes the file again."""

    def listed(self) -> list[tuple[str, str]]:
        """All Arabic forms with their numbers, the source first: `[("مفارز", "pl"), ("مفرزة", "sg")]`."""
        return [(self.source, self.number), *zip(self.forms, self.form_number, strict=True)]


NOT_CONTENT = frozenset({"file", "line", "note", "pos", "domain", "extra", "example", "authority", "allow"})
"""What cannot change a translation stays out of the fingerprint."""


@dataclass(frozen=True)
class TermBase:
    """All terms in force."""

    terms: tuple[Term, ...] = ()
    origin: tuple[str, ...] = field(default=())
    """The files read."""

    def fingerprint(self) -> str:
        """8 hex digits over everything that can change a match or its English; order and notes do not count."""
        names = [part.name for part in fields(Term) if part.name not in NOT_CONTENT]
        lines = sorted({json.dumps([_plain(getattr(term, name)) for name in names]) for term in self.terms})
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]

    @classmethod
    def load(cls, paths: Iterable[Path] | Path) -> TermBase:
        """Reads files, or every `*.tsv` of a folder, in the order of their names."""
        files: list[Path] = []
        for path in [paths] if isinstance(paths, Path) else paths:
            inside = sorted(path.glob("*.tsv")) if path.is_dir() else [path]
            if not inside:
                raise GlossaryFormatError(str(path), 0, 0, "no term files (*.tsv) in this folder", "Check the path")
            files.extend(inside)
        terms = [term for file in files for term in parse(decoded(file), str(file))]
        return cls(tuple(_banned(terms)), tuple(str(file) for file in files))

    @classmethod
    def of(cls, text: str, where: str) -> TermBase:
        """What a term file with this text would say; `where` is what errors call it."""
        return cls(tuple(_banned(parse(text, where))))

    @staticmethod
    def default() -> Path:
        """The folder of the term base that is in force when nobody asks for another."""
        return BUNDLED["mosul"]

    @staticmethod
    def bundled(name: str) -> Path | None:
        """The folder of a bundled term base by its short name: `news`; None for anything else."""
        return BUNDLED.get(name)


def _plain(value: object) -> object:
    """Conditions as lists, so that they can be hashed as JSON."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return [value.kind, *value.words] if isinstance(value, Condition) else value


@dataclass(frozen=True, slots=True)
class Line:
    """One line cut into cells, which knows where each of them stands."""

    file: str
    number: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def wrong(self, column: str, message: str, hint: str = "") -> GlossaryFormatError:
        """The error that points at this cell."""
        return GlossaryFormatError(self.file, self.number, self.columns.get(column, 1), message, hint, column)

    def choice(self, column: str, allowed: tuple[str, ...], default: str) -> str:
        """One of the words that the cell may hold."""
        value = self.cells.get(column, "") or default
        if value not in allowed:
            raise self.wrong(column, f"{column} is {value!r}", f"Write one of: {', '.join(allowed)}")
        return value

    def flag(self, column: str) -> bool:
        """Yes, or no."""
        value = self.cells.get(column, "")
        if value not in FLAGS:
            raise self.wrong(column, f"{column} is {value!r}", "Write yes, or no, or leave the cell empty")
        return FLAGS[value]

    def several(self, column: str) -> tuple[str, ...]:
        """What stands between the `|` of the cell."""
        return _parts(self.cells.get(column, ""))


def _parts(cell: str) -> tuple[str, ...]:
    """`'squads| patrols|'` -> `('squads', 'patrols')`."""
    return tuple(part for part in (" ".join(piece.split()) for piece in cell.split("|")) if part)


def _banned(terms: list[Term]) -> list[Term]:
    """Without the entries of status `forbidden`; their English is forbidden to the others of the same Arabic."""
    banned: dict[str, list[str]] = {}
    for term in terms:
        if term.status == "forbidden":
            banned.setdefault(key(term.source), []).append(term.target)
    return [
        replace(term, forbidden=tuple(dict.fromkeys((*term.forbidden, *banned.get(key(term.source), ())))))
        for term in terms
        if term.status != "forbidden"
    ]


def decoded(path: Path) -> str:
    """The text of a term file; a byte order mark is left out."""
    name = str(path)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise GlossaryFormatError(
            name, line, 1, f"not UTF-8: byte {error.object[error.start]:#04x}", "Save the file as UTF-8"
        ) from error
    except OSError as error:
        raise GlossaryFormatError(name, 0, 0, f"cannot be read: {error.strerror}", "Check the path") from error


def parse(text: str, name: str) -> list[Term]:
    """The lines of a term file as terms, those of status `forbidden` among them."""
    return [term_of(line) for line in lines(text, name)]


def lines(text: str, name: str) -> list[Line]:
    """The lines of a term file cut into cells; comments and empty lines are left out."""
    written = [line.rstrip("\r") for line in text.split("\n")]
    numbered = [(n, line) for n, line in enumerate(written, 1) if line.strip() and not line.startswith("#")]
    if not numbered:
        raise GlossaryFormatError(name, 1, 1, "no header line", "Begin with: source, target (a tab between them)")
    header = header_of(name, *numbered[0])
    return [cut(name, number, line, header) for number, line in numbered[1:]]


def header_of(name: str, number: int, line: str) -> list[str]:
    """The names of the columns: `Source`, `Target`, `DNT` -> `['source', 'target', 'untranslated']`."""
    header = [ALIASES.get(cell.strip().lower(), cell.strip().lower()) for cell in line.split("\t")]
    for wanted in ("source", "target"):
        if wanted not in header:
            raise GlossaryFormatError(
                name, number, 1, f"the header has no column {wanted!r}", "Separate the column names by tabs"
            )
    for index, cell in enumerate(header):
        if cell in header[:index]:
            column = len("\t".join(line.split("\t")[:index])) + 2
            raise GlossaryFormatError(name, number, column, f"column {cell!r} stands twice", "Remove or rename one")
    return header


def cut(name: str, number: int, line: str, header: list[str]) -> Line:
    """One line of a term file under its header."""
    pieces = line.split("\t")
    starts, at = [], 1
    for piece in pieces:
        starts.append(at)
        at += len(piece) + 1
    spare = [start for piece, start in zip(pieces[len(header) :], starts[len(header) :], strict=True) if piece.strip()]
    if spare:
        raise GlossaryFormatError(
            name, number, spare[0], f"more cells than the {len(header)} columns of the header", "Remove a tab"
        )
    cells = {column: " ".join(piece.split()) for column, piece in zip(header, pieces, strict=False)}
    return Line(name, number, cells, dict(zip(header, starts, strict=False)))


def term_of(line: Line) -> Term:
    """What a line says.

    Raises:
        GlossaryFormatError: it cannot be understood.
    """
    source, target = line.cells.get("source", ""), line.cells.get("target", "")
    untranslated = line.flag("untranslated")
    if not key(source).strip() or _nothing_before_bracket(source):
        raise line.wrong("source", "the source is empty", "Write the Arabic term, or start the line with # to skip it")
    if not target and untranslated:
        target = source
    if not target:
        raise line.wrong("target", f"{source} has no target", "Write its English, or start the line with #")
    if _ARABIC.search(target) and not untranslated:
        raise line.wrong("target", f"Arabic in the target of {source}", "Are source and target swapped?")
    number = line.choice("number", NUMBERS, "sg")
    forms = _forms(line)
    singular, plural = _english(target, number, line.cells.get("singular", ""), line.cells.get("plural", ""))
    return Term(
        source=source,
        target=target,
        forms=tuple(form for _, form in forms),
        form_number=tuple(form_number for form_number, _ in forms),
        number=number,
        singular=singular,
        plural=plural,
        article=line.choice("article", ARTICLES, "the" if _has_the(target) else "auto"),
        capital=line.choice("capital", CAPITALS, "keep" if target != target.lower() else "auto"),
        pos=line.cells.get("pos", ""),
        note=line.cells.get("note", ""),
        domain=line.cells.get("domain", ""),
        forbidden=line.several("forbidden"),
        admitted=line.several("admitted"),
        context=_context(line),
        exact=line.flag("exact"),
        untranslated=untranslated,
        status=line.choice("status", STATUSES, "preferred"),
        example=line.cells.get("example", ""),
        authority=line.cells.get("authority", ""),
        allow=line.several("allow"),
        file=line.file,
        line=line.number,
        extra=tuple((column, cell) for column, cell in line.cells.items() if column not in COLUMNS and cell),
    )


def _nothing_before_bracket(form: str) -> bool:
    """`'[تنظيم]'` -> True: a word in brackets has to follow another."""
    before, bracket, _ = form.partition("[")
    return bool(bracket) and not any(letter.isalnum() for letter in key(before))


def _forms(line: Line) -> list[tuple[str, str]]:
    """`'sg:مفرزة|du:مفرزتان'` -> `[('sg', 'مفرزة'), ('du', 'مفرزتان')]`."""
    forms: list[tuple[str, str]] = []
    for part in line.several("forms"):
        number, colon, form = (piece.strip() for piece in part.partition(":"))
        if not colon or number not in FORM_NUMBERS:
            raise line.wrong("forms", f"form {part!r} has no number", "Write it like pl:مفارز (sg, du, pl, mass, name)")
        if not key(form).strip() or _nothing_before_bracket(form):
            raise line.wrong("forms", f"form {part!r} has no word", "Write it like pl:مفارز")
        forms.append((number, form))
    return forms


def _context(line: Line) -> tuple[Condition, ...]:
    """`'definite; not-before:داعش|الدولة'` -> two conditions."""
    conditions: list[Condition] = []
    for part in (piece.strip() for piece in line.cells.get("context", "").split(";")):
        kind, _, words = (piece.strip() for piece in part.partition(":"))
        listed = _parts(words)
        if not part:
            continue
        if (kind in BARE_CONDITIONS and listed) or (kind in LISTED_CONDITIONS and not listed):
            raise line.wrong("context", f"condition {part!r} is incomplete", "See docs/glossary.md, section Context")
        if kind not in BARE_CONDITIONS and kind not in LISTED_CONDITIONS:
            known = ", ".join((*BARE_CONDITIONS, *(f"{name}:…" for name in LISTED_CONDITIONS)))
            raise line.wrong("context", f"unknown condition {part!r}", f"Write one of: {known}")
        conditions.append(Condition(kind, listed))
    return tuple(conditions)


def _has_the(target: str) -> bool:
    return target.lower().startswith("the ")


def _bare(target: str) -> str:
    """`'the Left Bank'` -> `'Left Bank'`."""
    for article in ("the ", "a ", "an "):
        if target.lower().startswith(article):
            return target[len(article) :]
    return target


def _english(target: str, number: str, singular: str, plural: str) -> tuple[str, str]:
    """`('detachments', 'pl', 'detachment', '')` -> `('detachment', 'detachments')`: fills what the line left out."""
    listed = _bare(target)
    if number in ("name", "mass"):
        return singular or listed, plural or singular or listed
    if number == "pl":
        return singular or listed, plural or listed
    return singular or listed, plural or _plural(listed)


def _plural(noun: str) -> str:
    """`'stronghold'` -> `'strongholds'`; irregular plurals are written in the `plural` column."""
    if re.search(r"(s|x|z|ch|sh)$", noun):
        return noun + "es"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + "s"

"""Articles out of a folder, a JSONL file or a Parquet file, one by one: never more than one of them is held.

What cannot be an article is given too, with the reason, so that nothing of the input disappears in silence. `SOURCES`
says which kind of file is read how. A record becomes the same article that `tarjuman ingest` would make of its text.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from translate import ids, readers
from translate.batch import parquet
from translate.composed import composed
from translate.document import Article, Block, Kind, Segment
from translate.errors import ArticleError, TarjumanError, UsageError
from translate.markdown import write_source
from translate.readers.source import MAX_BYTES, decode, load
from translate.split import split

FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article"),
    "html": ("html",),
    "markdown": ("markdown", "md"),
    "id": ("slug", "id", "name"),
    "title": ("title", "headline"),
    "byline": ("byline",),
    "date": ("date", "published", "publication_date"),
    "time": ("time",),
    "author": ("author",),
    "outlet": ("outlet", "publisher"),
    "place": ("place",),
    "source": ("source", "url", "link"),
    "topics": ("topics",),
}
"""What a record says, and the names it goes by; the first that is there counts."""
SYNTAXES = ("markdown", "html", "text")
"""Where a record has its article in several forms, the richest is read."""

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Item:
    """One article of an archive, not read yet."""

    name: str
    """"2015/tikrit.md", or a record's id: the same on every run."""
    where: str
    """"news.jsonl:12": where a person finds it."""
    at: int
    """How much of the input is behind us with this one."""
    data: bytes = b""
    syntax: str = ""
    slug: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    """What a record says beside its text."""
    path: Path | None = None
    """A file whose content is read when it is wanted."""
    fault: str = ""
    """Why this can be no article."""

    def loaded(self) -> Item:
        """The item with its bytes."""
        return replace(self, data=load(self.path)) if self.path and not self.data else self

    def digest(self) -> bytes:
        """Changes when anything of what will be read changes."""
        said = json.dumps([self.syntax, self.slug, sorted(self.meta.items())], ensure_ascii=False)
        mark = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16)
        mark.update(self.data)
        return mark.digest()

    def read(self) -> Article:
        """The article.

        Raises:
            ArticleError: it is none; the message does not say where, `where` does.
        """
        try:
            if self.path:
                return readers.read(self.path, self.data)
            if self.syntax == "text" and self.meta.keys() & FRONT.keys():  # its sentences are found behind its head
                article = replace(readers.SYNTAXES["text"](decode(self.data, ""), ""), slug=self.slug)
            else:
                article = readers.read(None, self.data, self.syntax, self.slug)
            return _described(article, self.meta)
        except TarjumanError as error:
            raise ArticleError(error.what, "", error.hint) from error


@dataclass(frozen=True, slots=True)
class Source:
    """An archive that can be read from the start as often as wanted."""

    total: int
    """Its size, in the unit of `Item.at`: files, bytes or rows."""
    items: Callable[[], Iterator[Item]]


def open_source(path: Path, names: Mapping[str, str] | None = None) -> Source:
    """The archive in a folder or file. `names` says which field of a record is the text, the id and so on.

    Raises:
        UsageError: a field there is not.
        ArticleError: there is no such file, or none of its kind can be read.
    """
    fields = _fields(names or {})
    if path.is_dir():
        files = sum(1 for _ in _walk(path))
        if not files:
            raise ArticleError("no articles in this folder", str(path), f"expected {', '.join(_KNOWN)}")
        return Source(files, lambda: _folder(path, fields))
    if not path.exists():
        raise ArticleError("there is no such file or folder", str(path))
    kind = SOURCES.get(path.suffix.lower())
    if kind is None:
        hint = f"Use a folder of articles, {', '.join(SOURCES)}; one article is `tarjuman translate`"
        raise ArticleError(f"is no archive ({path.suffix or 'no suffix'})", str(path), hint)
    return Source(kind.size(path), lambda: _records(kind, path, path.name, fields))


def _fields(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    unknown = sorted(names.keys() - FIELDS.keys())
    if unknown:
        raise UsageError(f"no such field: {', '.join(unknown)}", hint=f"There are {', '.join(FIELDS)}")
    return {name: (names[name],) if name in names else known for name, known in FIELDS.items()}


# --- folders ---------------------------------------------------------------------------------------------------------


def _walk(folder: Path) -> Iterator[Path]:
    """The files of a folder and the folders in it, sorted; no READMEs, nothing hidden, no links to folders."""
    for here, inside, files in os.walk(folder):
        inside[:] = sorted(name for name in inside if not name.startswith((".", "~")))
        for name in sorted(files):
            path = Path(here, name)
            if path.suffix.lower() in _KNOWN and path.stem.upper() != "README" and not name.startswith((".", "~")):
                yield path


def _folder(folder: Path, fields: Mapping[str, tuple[str, ...]]) -> Iterator[Item]:
    for at, path in enumerate(_walk(folder), 1):
        name = path.relative_to(folder).as_posix()
        kind = SOURCES.get(path.suffix.lower())
        if kind is None:
            yield Item(name, str(path), at, path=path)
        else:
            for item in _records(kind, path, name, fields):
                yield replace(item, at=at)


# --- records ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kind:
    """How files of records are read."""

    size: Callable[[Path], int]
    read: Callable[[Path, frozenset[str]], Iterator[tuple[str, int, Record | str]]]
    """Place in the file, size up to there, and the record, or the reason why it is none."""


def _jsonl(path: Path, _wanted: frozenset[str]) -> Iterator[tuple[str, int, Record | str]]:
    """The lines of a file as records."""
    try:
        with path.open("rb") as file:
            at, number = 0, 0
            while line := file.readline(MAX_BYTES):
                number += 1
                at += len(line)
                whole = line.endswith(b"\n")
                while not whole and (rest := file.readline(MAX_BYTES)):  # too long: passed over, in pieces
                    line, whole, at = b"", rest.endswith(b"\n"), at + len(rest)
                if not line:
                    yield str(number), at, f"the line is longer than {MAX_BYTES / 1e6:.0f} MB"
                elif line.strip():
                    yield str(number), at, _parsed(line)
    except OSError as error:
        raise ArticleError(f"cannot be read ({error.strerror or error})", str(path)) from error


def _parsed(line: bytes) -> Record | str:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return f"is not UTF-8 (byte offset {error.start} of the line)"
    except (ValueError, RecursionError) as error:
        return f"is no JSON: {error}"
    return record if isinstance(record, dict) else "is no JSON object"


SOURCES: dict[str, _Kind] = {
    ".jsonl": _Kind(lambda path: path.stat().st_size, _jsonl),
    ".ndjson": _Kind(lambda path: path.stat().st_size, _jsonl),
    ".parquet": _Kind(parquet.rows, parquet.read),
}
_KNOWN = (*readers.READERS, *SOURCES)


def _records(kind: _Kind, path: Path, name: str, fields: Mapping[str, tuple[str, ...]]) -> Iterator[Item]:
    wanted = frozenset(known for several in fields.values() for known in several)
    for place, at, record in kind.read(path, wanted):
        where = f"{name}:{place}"
        yield Item(where, where, at, fault=record) if isinstance(record, str) else _item(record, where, at, fields)


def _item(record: Record, where: str, at: int, fields: Mapping[str, tuple[str, ...]]) -> Item:
    said = {name: _word(record, known) for name, known in fields.items()}
    syntax = next((name for name in SYNTAXES if said[name].strip()), "")
    if not syntax:
        looked = ", ".join(known for name in SYNTAXES for known in fields[name])
        return Item(where, where, at, fault=f"has no text; looked for {looked}")
    data = said[syntax].encode("utf-8", "surrogatepass")
    title = ids.slug(said["id"]) if said["id"] else ""
    slug = title or f"a-{hashlib.sha256(data).hexdigest()[:12]}"
    meta = {name: text for name, text in said.items() if text and name not in (*SYNTAXES, "id")}
    return Item(said["id"] or slug, where, at, data, syntax, slug, meta)


def _word(record: Record, known: tuple[str, ...]) -> str:
    """The first of the fields that is there, as text; a list of words joined by commas."""
    for name in known:
        value = record.get(name)
        if isinstance(value, list | tuple):
            value = ", ".join(str(one) for one in value)
        if value is not None and not isinstance(value, Mapping | bool) and str(value).strip():
            return str(value)
    return ""


def _described(article: Article, meta: Mapping[str, str]) -> Article:
    """An article with what its record says; a title or by-line there is translated with it, as from front matter."""
    own = {block.field for block in article.blocks if block.field}  # a page's title, or front matter: that stands
    meta = {name: " ".join(text.split()) for name, text in meta.items() if name not in own}
    if not meta.keys() & FRONT.keys():
        return replace(article, meta={**article.meta, **meta}) if meta else article
    whole = {**article.meta, **meta}
    said = {block.kind for block in article.blocks if _is_said(block, whole)}
    if article.syntax == "text":  # as Markdown, whose front matter can say what the text does not
        body = tuple(_behind(block, whole) for block in article.blocks if block.kind not in said)
        text = write_source(replace(article, blocks=body, meta={}))
        article, said = readers.read(None, text.encode("utf-8", "surrogatepass"), "markdown", article.slug), set()
    body = tuple(_behind(block, meta) for block in article.blocks)
    head = [_front(name, whole[name]) for name in FRONT if name not in own and whole.get(name)]
    head = [block for block in head if block.kind not in said]
    return replace(article, blocks=ids.number(article.slug, [*head, *body]), meta=whole)


def _is_said(block: Block, meta: Mapping[str, str]) -> bool:
    """Whether a block of the text is the title or by-line itself."""
    return not block.field and any(block.kind is kind and block.text == meta.get(n) for n, (kind, _) in FRONT.items())


def _front(name: str, text: str) -> Block:
    text = composed(text)
    return Block(0, FRONT[name][0], text, segments=tuple(Segment("", text[b:e], b) for b, e in split(text)), field=name)


def _behind(block: Block, meta: Mapping[str, str]) -> Block:
    """A block of the text that stands behind a title and by-line which are not its own."""
    for name, (kind, other) in FRONT.items():
        if block.kind is kind and meta.get(name) not in (None, "", block.text):
            return replace(block, kind=other, level=2 if other is Kind.HEADING else 0)
    return block


FRONT = {"title": (Kind.TITLE, Kind.HEADING), "byline": (Kind.BYLINE, Kind.PARAGRAPH)}
"""What a record has of an article's head. Another title in the text is a heading there, another by-line a paragraph."""

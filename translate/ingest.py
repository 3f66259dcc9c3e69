"""Raw articles into `seeds/`: each read, given front matter from what it says itself, and written as Markdown.

Nothing is invented: a field that the text does not state is left out, and a title that had to be made of the first
words says so (`title_generated: true`). A file that is there already and says something else is never overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from translate import files
from translate.document import Article, Kind
from translate.errors import ConflictError, OutputError, UsageError
from translate.markdown import write_source
from translate.readers import read

TITLE_WORDS = 12
"""Words of the first sentence that make a generated title, at most."""
MIN_TITLE_WORDS = 4
UNFINISHED = frozenset(
    {"من", "في", "على", "إلى", "الى", "عن", "أن", "ان", "إن", "بأن", "بان", "التي", "الذي", "الذين", ""}
)
"""Words a title does not end on."""
_STOPS = "،,؛;:. "


def ingest(paths: Sequence[Path], out_dir: Path, slugs: Sequence[str] = ()) -> list[Path]:
    """Write `out_dir/<slug>.md` for each raw file and return where; all are read before the first is written.

    `slugs` names the articles in the order of `paths`; without it the slug is made of the file name.
    """
    if slugs and len(slugs) != len(paths):
        raise UsageError(f"{len(slugs)} slugs for {len(paths)} files", hint="Give one for each file, or none")
    articles = [described(read(path, slug=slug)) for path, slug in zip(paths, slugs or [""] * len(paths), strict=True)]
    seen: dict[str, str] = {}
    for article in articles:
        if article.slug in seen:
            what = f"{seen[article.slug]} and {article.path} would both become {article.slug}.md"
            raise UsageError(what, hint="Give each a slug of its own with --slug")
        seen[article.slug] = article.path
    written = [(out_dir / f"{article.slug}.md", _checked(article)) for article in articles]
    for target, text in written:
        _refuse_conflict(target, text)
    for target, text in written:
        files.write(target, text.encode())
    return [target for target, _ in written]


def described(article: Article) -> Article:
    """The article with a title, generated if need be, and the name of the raw file as its source."""
    meta = {name: value for name, value in article.meta.items() if name != "slug"}
    if not meta.get("title") and not any(block.kind is Kind.TITLE for block in article.blocks):
        meta = {"title": generated_title(article), "title_generated": "true", **meta}
    if article.path and "source" not in meta:
        meta["source"] = Path(article.path).name
    return replace(article, meta=meta)


def generated_title(article: Article) -> str:
    """The first words of the first sentence, up to a comma or a word that can end a line.

    `'عثرت القوات على وثائق سرية في العراق، تكشف تمردا ...'` -> `'عثرت القوات على وثائق سرية في العراق …'`
    """
    spoken = [block for block in article.blocks if block.segments]
    prose = [block for block in spoken if block.kind is Kind.PARAGRAPH] or spoken
    words = prose[0].segments[0].text.split()
    if len(words) <= TITLE_WORDS:
        return " ".join(words).rstrip(_STOPS)
    title = words[:TITLE_WORDS]
    for at in range(MIN_TITLE_WORDS, len(title)):
        if title[at][-1] in _STOPS:
            title = title[: at + 1]
            break
    while len(title) > MIN_TITLE_WORDS and title[-1].strip(_STOPS) in UNFINISHED:
        title.pop()
    return f"{' '.join(title).rstrip(_STOPS)} …"


def _checked(article: Article) -> str:
    """The Markdown of an article; refused when it would not read back as the same words."""
    text = write_source(article)
    again = read(None, text.encode(), "markdown", article.slug)
    if _found(again) != _found(article):
        raise OutputError("cannot be written so that it reads back the same", article.path, "Please report this file")
    return text


def _found(article: Article) -> list[tuple[Kind, str]]:
    """What an article says, a generated title left out."""
    made = "title_generated" in article.meta
    return [(b.kind, b.text) for b in article.blocks if not (made and b.field == "title")]


def _refuse_conflict(target: Path, text: str) -> None:
    try:
        there = target.read_text(encoding="utf-8") if target.exists() else text
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"cannot be compared ({error})", str(target), "Move it away") from error
    if there != text:
        raise ConflictError("is there already and says something else", str(target), "Choose another slug or move it")

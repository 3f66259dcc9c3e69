"""`tarjuman ingest` and `draft`: the line from raw articles to drafts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.parts import MAKERS, common, open_glossary, progress_bar
from translate.cli.report import edits_report, json_report, say_explanations, term_report
from translate.errors import ArticleError, ConflictError, DraftError, UsageError

if TYPE_CHECKING:
    from translate.document import Article, Draft
    from translate.memory import Memory

SUFFIXES = (".md", ".markdown", ".txt", ".html", ".htm")


@click.command()
@click.argument("raw", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("seeds"), show_default=True)
@click.option("--slug", default="", help="Name of the article, for a single file.")
def ingest(raw: tuple[Path, ...], output: Path, slug: str) -> None:
    """Turn raw text or HTML files into Markdown articles with front matter."""
    from translate.ingest import ingest as take_in

    if slug and len(raw) > 1:
        raise UsageError("--slug names one article", f"{len(raw)} files given", "ingest them one by one")
    for path in take_in(raw, output, [slug] if slug else []):
        click.echo(str(path))


@click.command()
@click.argument("articles", nargs=-1, type=click.Path(path_type=Path))
@common("drafts", "glossary", "engine", "model", "threads", "device", "quiet")
@click.option("--strict", is_flag=True, help="Exit 1 when a term is not honoured.")
@click.option("--dry-run", is_flag=True, help="Say what would be translated; write nothing.")
@click.option("--explain", is_flag=True, help="Say on stdout why each term reads as it does.")
@click.option("--json", "as_json", is_flag=True, help="Report as one JSON object on stdout.")
@click.option("--no-memory", is_flag=True, help="Translate sentences too that were approved elsewhere.")
def draft(
    articles: tuple[Path, ...],
    drafts: Path,
    glossaries: tuple[Path, ...],
    engine: str,
    model: str,
    threads: int,
    device: str,
    quiet: bool,
    strict: bool,
    dry_run: bool,
    no_memory: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """Create or update the drafts of ARTICLES (files or folders; default: seeds/). A person's work is never changed."""
    from translate import drafts as shelf
    from translate import pipeline, readers
    from translate.decode import Trace

    glossary = open_glossary(glossaries)
    works = []
    for path in article_files(articles or (Path("seeds"),)):
        article = readers.read(path)
        works.append(pipeline.Work(article, _old_draft(shelf.path_for(drafts, article.slug), article)))
    _refuse_same_slugs([work.article for work in works])
    maker = MAKERS[engine](model, threads, device)
    with _open_memory(drafts, no_memory) as memory:
        planned = [pipeline.plan(work, glossary, maker, memory) for work in works]
    filled = sum(len(work.filled) for work, _ in planned)
    count = sum(len(todo) for _, todo in planned)
    total = sum(1 for work, _ in planned for _ in work.article.segments())
    if dry_run:
        for work, todo in planned:
            known = f", {len(work.filled)} from the memory" if work.filled else ""
            click.echo(f"{work.article.slug}: {len(todo)} of {sum(1 for _ in work.article.segments())} segments{known}")
        return
    made: list[Draft] = []
    trace = Trace() if explain else None
    said: list[str] = []
    conflicts: list[ConflictError] = []
    before = {work.article.slug: work.old for work, _ in planned}
    with progress_bar(count, "drafting", quiet) as progress:
        for one in pipeline.draft(planned, glossary, maker, progress, trace):
            made.append(one)
            path = shelf.path_for(drafts, one.article.slug)
            try:
                saved = shelf.save(one, path, base=one.fingerprint)
            except ConflictError as error:  # it does not hold up the others
                conflicts.append(error)
                continue
            state = "unchanged" if saved.fingerprint == one.fingerprint else "written"
            edits = edits_report(before[one.article.slug], one)
            said.append("; ".join(part for part in (f"{path}: {state}", edits, str(term_report([one]))) if part))
    if as_json:
        reports = [json_report(one, term_report([one]), trace) for one in made]
        click.echo(json.dumps({"articles": reports}, ensure_ascii=False))
    elif trace:
        say_explanations(trace, err=False)
    if not quiet:
        click.echo("\n".join(said), err=True)
    report = term_report(made)
    if not quiet:
        known = f", {filled} from the memory" if filled else ""
        click.echo(f"{len(made)} drafts, {count} of {total} segments translated{known}, {report}", err=True)
    if conflicts:
        for conflict in conflicts[1:]:
            click.echo(f"tarjuman: {conflict}", err=True)
        raise conflicts[0]
    if strict and report.missed:
        click.get_current_context().exit(1)


@contextmanager
def _open_memory(drafts: Path, without: bool) -> Iterator[Memory | None]:
    """What was approved in these drafts; None where nothing was, or nobody wants it."""
    if without or not drafts.is_dir():
        yield None
        return
    from translate.config import places
    from translate.memory import Memory

    memory = Memory(drafts, places().cache)
    try:
        memory.refresh()
        yield memory if len(memory) else None
    finally:
        memory.close()


def _old_draft(path: Path, article: Article) -> Draft | None:
    from translate import drafts as shelf

    if not path.exists():
        return None
    old = shelf.load(path)
    if old.article.slug != article.slug:
        raise DraftError(
            f"this is the draft of another article ({old.article.slug})",
            str(path),
            "it was copied or renamed: give it its old name again, or move it away",
        )
    return old


def article_files(paths: Sequence[Path]) -> list[Path]:
    """Files as given, folders as the articles in them; a README is no article, however it was named."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise ArticleError("there is no such file or folder", str(path))
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and not _is_aside(p))
            if not inside:
                raise ArticleError("no articles in this folder", str(path), f"expected {', '.join(SUFFIXES)}")
            files += inside
        elif not _is_aside(path):
            files.append(path)
    return files


def _is_aside(path: Path) -> bool:
    """READMEs, and what editors and file systems leave behind."""
    return path.stem.upper() == "README" or path.name.startswith((".", "~"))


def _refuse_same_slugs(articles: Sequence[Article]) -> None:
    seen: dict[str, str] = {}
    for article in articles:
        if article.slug in seen:
            raise UsageError(
                f"two articles are called {article.slug}",
                f"{seen[article.slug]} and {article.path}",
                "give one of them a 'slug' in its front matter",
            )
        seen[article.slug] = article.path

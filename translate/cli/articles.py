"""`tarjuman ingest`, `draft` and `publish`: the line from raw articles to a site."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.parts import MAKERS, common, open_glossary, progress_bar
from translate.cli.report import edits_report, term_report
from translate.errors import ArticleError, ConflictError, DraftError, UsageError

if TYPE_CHECKING:
    from translate.document import Article, Draft

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
) -> None:
    """Create or update the drafts of ARTICLES (files or folders; default: seeds/). A person's work is never changed."""
    from translate import drafts as shelf
    from translate import pipeline, readers

    glossary = open_glossary(glossaries)
    works = []
    for path in _article_files(articles or (Path("seeds"),)):
        article = readers.read(path)
        works.append(pipeline.Work(article, _old_draft(shelf.path_for(drafts, article.slug), article)))
    _refuse_same_slugs([work.article for work in works])
    maker = MAKERS[engine](model, threads, device)
    planned = [pipeline.plan(work, glossary, maker) for work in works]
    count = sum(len(todo) for _, todo in planned)
    total = sum(1 for work, _ in planned for _ in work.article.segments())
    if dry_run:
        for work, todo in planned:
            click.echo(f"{work.article.slug}: {len(todo)} of {sum(1 for _ in work.article.segments())} segments")
        return
    made: list[Draft] = []
    said: list[str] = []
    conflicts: list[ConflictError] = []
    before = {work.article.slug: work.old for work, _ in planned}
    with progress_bar(count, "drafting", quiet) as progress:
        for one in pipeline.draft(planned, glossary, maker, progress):
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
    if not quiet:
        click.echo("\n".join(said), err=True)
    report = term_report(made)
    if not quiet:
        click.echo(f"{len(made)} drafts, {count} of {total} segments translated, {report}", err=True)
    if conflicts:
        for conflict in conflicts[1:]:
            click.echo(f"tarjuman: {conflict}", err=True)
        raise conflicts[0]
    if strict and report.missed:
        click.get_current_context().exit(1)


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


def _article_files(paths: Sequence[Path]) -> list[Path]:
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


@click.command()
@common("drafts", "glossary", "quiet")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("output/site"), show_default=True)
@click.option("--title", default="Tarjuman", show_default=True, help="Title of the site.")
@click.option("--title-arabic", default="", help="The same in Arabic.")
@click.option("--base-url", default="", help="Where the site will live, such as https://example.org/mosul/.")
@click.option("--templates", type=click.Path(path_type=Path, file_okay=False), help="Folder of templates used first.")
def publish(
    drafts: Path,
    glossaries: tuple[Path, ...],
    quiet: bool,
    output: Path,
    title: str,
    title_arabic: str,
    base_url: str,
    templates: Path | None,
) -> None:
    """Render the drafts as a static site, Arabic and English side by side."""
    from translate import site

    if base_url and not base_url.startswith(("https://", "http://")):
        raise UsageError("this is no web address", f"--base-url {base_url}", "it begins with https:// or http://")
    if not drafts.is_dir():
        raise DraftError("there is no such folder", str(drafts), "make drafts first: tarjuman draft")
    glossary = open_glossary(glossaries)
    settings = site.SiteSettings(
        title=title,
        title_arabic=title_arabic,
        base_url=base_url,
        glossary=site.rows(glossary.base.terms),
        glossary_fingerprint=glossary.fingerprint,
        templates=templates,
    )
    report = site.publish(drafts, output, settings=settings)
    if not quiet:
        click.echo(f"{report}; open {output / 'index.html'}", err=True)

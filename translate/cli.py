"""The command line: reads the settings once, puts the parts together and reports. The only place that prints.

Results go to stdout or to files, everything said to a person goes to stderr. Heavy parts are imported by the commands
that need them.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from translate import __version__
from translate.errors import ArticleError, ConflictError, DraftError, GlossaryError, TarjumanError, UsageError

if TYPE_CHECKING:
    from translate.document import Article, Draft
    from translate.engines.base import Engine
    from translate.pipeline import Glossary
    from translate.registry import Model

ENGINES = ("ct2", "marian", "fake")
FORMATS = ("md", "text", "html", "json", "tsv", "xliff")
SYNTAXES = ("md", "text", "html")
SUFFIXES = (".md", ".markdown", ".txt", ".html", ".htm")


class Command(click.Group):
    """A group whose known errors are one line and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see translate/errors.py for the exit codes."""
        try:
            return super().invoke(ctx)
        except TarjumanError as error:
            click.echo(f"tarjuman: {error}", err=True)
            ctx.exit(error.exit_code)


def _common(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options several commands share, each defined once."""
    known = {
        "glossary": click.option(
            "--glossary",
            "glossaries",
            type=click.Path(path_type=Path),
            multiple=True,
            help="Term file or folder of term files (repeatable); 'none' for no terms. Default: the bundled terms.",
        ),
        "engine": click.option("--engine", type=click.Choice(ENGINES), default="ct2", show_default=True),
        "model": click.option("--model", default="", help="Model name or folder; see 'tarjuman models list'."),
        "threads": click.option("--threads", type=click.IntRange(0), default=0, help="CPU threads; 0: all."),
        "device": click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True),
        "drafts": click.option("--drafts", type=click.Path(path_type=Path), default=Path("drafts"), show_default=True),
        "quiet": click.option("-q", "--quiet", is_flag=True, help="No progress and no report; errors only."),
    }

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            function = known[name](function)
        return function

    return decorate


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tarjuman")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what happens.")
def main(verbose: bool) -> None:
    """Translate Arabic journalism into English, keep its terms, and publish both side by side."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s")


# ---------------------------------------------------------------------------------------------------- putting together


def _glossary(paths: Sequence[Path]) -> Glossary:
    from glossary import GlossaryFormatError, TermBase
    from translate.pipeline import Glossary

    try:
        base = (
            TermBase(())
            if [str(path) for path in paths] == ["none"]
            else TermBase.load(list(paths) or TermBase.default())
        )
    except GlossaryFormatError as error:
        raise GlossaryError(error.message, f"{error.file}:{error.line}:{error.column}", error.hint) from error
    except OSError as error:
        name = error.filename or ", ".join(str(path) for path in paths)
        raise GlossaryError("the glossary cannot be read", str(name), error.strerror or "") from error
    return Glossary.of(base)


def _registry() -> Any:
    from translate.config import places
    from translate.registry import Registry

    return Registry(places().models)


def _model(name: str) -> Model:
    from translate.registry import DEFAULT

    found: Model = _registry().find(name or DEFAULT)
    return found


def _fake(_name: str, _threads: int, _device: str) -> Engine:
    from translate.engines.fake import FakeEngine

    return FakeEngine()


def _marian(name: str, threads: int, device: str) -> Engine:
    from translate.engines.marian import MarianEngine

    model = _model(name)
    return MarianEngine(model.folder, model.full_name, threads=threads, device=device, limit=model.limit)


def _ct2(name: str, threads: int, device: str) -> Engine:
    from translate.config import places
    from translate.engines.ct2 import CTranslate2Engine

    model = _model(name)
    cache = places().cache
    return CTranslate2Engine(model.folder, model.full_name, cache, threads=threads, device=device, limit=model.limit)


MAKERS: dict[str, Callable[[str, int, str], Engine]] = {"ct2": _ct2, "marian": _marian, "fake": _fake}


@contextmanager
def _progress(length: int, label: str, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal; nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr, show_eta=True) as bar:
        yield lambda count: bar.update(count)


@dataclass(frozen=True, slots=True)
class TermReport:
    """How the terms of some targets fared."""

    total: int
    missed: tuple[tuple[str, str], ...]
    """(term, segment id)"""
    doubtful: int
    """Substituted without an alignment to trust."""

    def __str__(self) -> str:
        line = f"terms {self.total - len(self.missed)}/{self.total} honoured"
        if self.doubtful:
            line += f", {self.doubtful} of them placed by guess: please look"
        if self.missed:
            line += "; missed: " + ", ".join(f"{term} (segment {segment})" for term, segment in self.missed)
        return line


def _term_report(drafts: Sequence[Draft]) -> TermReport:
    from translate.document import TermStatus

    missed, total, doubtful = [], 0, 0
    for draft in drafts:
        for segment in draft.article.segments():
            target = draft.targets.get(segment.id)
            for use in target.terms if target else ():
                total += 1
                doubtful += use.status is TermStatus.SUBSTITUTED
                if use.status is TermStatus.UNMET:
                    missed.append((use.source, segment.id.split(".", 1)[1]))
    return TermReport(total, tuple(missed), doubtful)


# --------------------------------------------------------------------------------------------------------- translate


@main.command("translate")
@click.argument("source", metavar="FILE|-")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here instead of stdout.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: the form of the input.")
@click.option(
    "--from", "syntax", type=click.Choice(SYNTAXES), help="Form of the input; default: by its suffix, text for -."
)
@_common("glossary", "engine", "model", "threads", "device", "quiet")
@click.option("--strict", is_flag=True, help="Exit 1 when a term is not honoured.")
@click.option("--json", "as_json", is_flag=True, help="Report as one JSON object on stderr.")
@click.option("--dry-run", is_flag=True, help="Show segments and terms; translate nothing.")
def translate_command(
    source: str,
    output: Path | None,
    form: str | None,
    syntax: str | None,
    glossaries: tuple[Path, ...],
    engine: str,
    model: str,
    threads: int,
    device: str,
    quiet: bool,
    strict: bool,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Translate one article; the English goes to stdout, what happened to stderr."""
    from translate import pipeline
    from translate.document import Draft

    article = _read(source, syntax)
    glossary = _glossary(glossaries)
    if dry_run:
        click.echo(_outline(article, glossary))
        return
    maker = MAKERS[engine](model, threads, device)
    count = sum(1 for _ in article.segments())
    with _progress(count, "translating", quiet) as progress:
        targets = pipeline.translate(article, glossary, maker, progress)
    draft = Draft(article, targets, glossary=glossary.fingerprint)
    _deliver(draft, form or ("md" if article.syntax == "markdown" else "text"), output)
    report = _term_report([draft])
    if as_json:
        click.echo(json.dumps(_json_report(draft, report), ensure_ascii=False), err=True)
    elif not quiet:
        _say_findings(draft)
        click.echo(str(report), err=True)
    if strict and report.missed:
        click.get_current_context().exit(1)


def _read(source: str, syntax: str | None) -> Article:
    from translate import readers

    names = {"md": "markdown", None: ""}
    wanted = names.get(syntax, syntax or "")
    if source == "-":
        return readers.read(None, sys.stdin.buffer.read(), syntax=wanted or "text")
    return readers.read(Path(source), syntax=wanted)


def _outline(article: Article, glossary: Glossary) -> str:
    from translate.pipeline import jobs

    lines = []
    for job in jobs(article, glossary):
        lines.append(f"{job.segment.id}\t{job.segment.text}")
        lines += [f"\t{r.match.why} -> {r.surfaces[0]}" for r in job.requirements]
    return "\n".join(lines)


def _deliver(draft: Draft, form: str, output: Path | None) -> None:
    from translate.export import EXPORTS
    from translate.files import write

    data = EXPORTS[form](draft).encode("utf-8")
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write(output, data)


def _say_findings(draft: Draft) -> None:
    from translate.document import Severity

    for segment in draft.article.segments():
        target = draft.targets.get(segment.id)
        for finding in target.findings if target else ():
            if finding.severity is not Severity.NOTE:
                place = segment.id.split(".", 1)[1]
                click.echo(f"{finding.severity} {finding.check} segment {place}: {finding.message}", err=True)


def _json_report(draft: Draft, report: TermReport) -> dict[str, object]:
    from dataclasses import asdict

    found = [asdict(finding) for target in draft.targets.values() for finding in target.findings]
    return {
        "article": draft.article.slug,
        "segments": len(draft.targets),
        "terms": {"total": report.total, "honoured": report.total - len(report.missed), "missed": report.missed},
        "findings": found,
        "signatures": sorted({target.signature for target in draft.targets.values()}),
    }


# ------------------------------------------------------------------------------------------------------------ ingest


@main.command()
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


# ------------------------------------------------------------------------------------------------------------- draft


@main.command()
@click.argument("articles", nargs=-1, type=click.Path(path_type=Path))
@_common("drafts", "glossary", "engine", "model", "threads", "device", "quiet")
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

    glossary = _glossary(glossaries)
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
    with _progress(count, "drafting", quiet) as progress:
        for one in pipeline.draft(planned, glossary, maker, progress):
            made.append(one)
            path = shelf.path_for(drafts, one.article.slug)
            try:
                saved = shelf.save(one, path, base=one.fingerprint)
            except ConflictError as error:  # it does not hold up the others
                conflicts.append(error)
                continue
            state = "unchanged" if saved.fingerprint == one.fingerprint else "written"
            said.append(f"{path}: {state}; {_term_report([one])}")
    if not quiet:
        click.echo("\n".join(said), err=True)
    report = _term_report(made)
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


# ----------------------------------------------------------------------------------------------------------- publish


@main.command()
@_common("drafts", "glossary", "quiet")
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

    if not drafts.is_dir():
        raise DraftError("there is no such folder", str(drafts), "make drafts first: tarjuman draft")
    glossary = _glossary(glossaries)
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


# ------------------------------------------------------------------------------------------------------------ models


@main.group()
def models() -> None:
    """The translation models on this computer."""


@models.command("list")
def models_list() -> None:
    """List the models, the default first."""
    from translate.registry import DEFAULT

    for model in _registry().models():
        kind = "bundled" if model.bundled else "added"
        default = ", default" if model.name == DEFAULT else ""
        click.echo(f"{model.full_name}\t{model.size / 1e6:.1f} MB\t{kind}{default}")


@models.command("add")
@click.argument("source", metavar="HUB-NAME|FOLDER")
@click.option("--name", default="", help="Name to keep it under; default: its own.")
def models_add(source: str, name: str) -> None:
    """Add a Marian model from a folder, or from the Hugging Face hub by its name."""
    model = _registry().add(source, name)
    click.echo(f"added {model.full_name} ({model.size / 1e6:.1f} MB)", err=True)


@models.command("info")
@click.argument("name", default="")
def models_info(name: str) -> None:
    """Show where a model lies, its shape and its card."""
    model = _model(name)
    config = model.config()
    shape = ("d_model", "encoder_layers", "decoder_layers", "encoder_ffn_dim", "vocab_size")
    for key, value in (("name", model.name), ("fingerprint", model.fingerprint), ("folder", model.folder)):
        click.echo(f"{key:<16} {value}")
    for key in shape:
        click.echo(f"{key:<16} {config.get(key, '?')}")
    click.echo(f"{'source_limit':<16} {model.limit}")
    card = model.folder / "README.md"
    if card.is_file():
        click.echo("\n" + card.read_text(encoding="utf-8"))


@models.command("remove")
@click.argument("name")
def models_remove(name: str) -> None:
    """Delete an added model."""
    _registry().remove(name)
    click.echo(f"removed {name}", err=True)


if __name__ == "__main__":
    main()

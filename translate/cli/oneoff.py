"""`tarjuman translate`: one article, from a file or a pipe, to stdout or a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.parts import MAKERS, common, open_glossary, progress_bar
from translate.cli.report import json_report, say_findings, term_report

if TYPE_CHECKING:
    from translate.document import Article, Draft
    from translate.pipeline import Glossary

FORMATS = ("md", "text", "html", "json", "tsv", "xliff")
SYNTAXES = ("md", "text", "html")


@click.command("translate")
@click.argument("source", metavar="FILE|-")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here instead of stdout.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: the form of the input.")
@click.option(
    "--from", "syntax", type=click.Choice(SYNTAXES), help="Form of the input; default: by its suffix, text for -."
)
@common("glossary", "engine", "model", "threads", "device", "quiet")
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
    glossary = open_glossary(glossaries)
    if dry_run:
        click.echo(_outline(article, glossary))
        return
    maker = MAKERS[engine](model, threads, device)
    count = sum(1 for _ in article.segments())
    with progress_bar(count, "translating", quiet) as progress:
        targets = pipeline.translate(article, glossary, maker, progress)
    draft = Draft(article, targets, glossary=glossary.fingerprint)
    _deliver(draft, form or ("md" if article.syntax == "markdown" else "text"), output)
    report = term_report([draft])
    if as_json:
        click.echo(json.dumps(json_report(draft, report), ensure_ascii=False), err=True)
    elif not quiet:
        say_findings(draft)
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

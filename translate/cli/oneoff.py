"""`tarjuman translate`: one article, from a file or a pipe, to stdout or a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.parts import MAKERS, common, open_glossary, progress_bar
from translate.cli.report import json_report, say_explanations, say_findings, term_report
from translate.errors import UsageError

if TYPE_CHECKING:
    from translate.document import Article
    from translate.pipeline import Glossary

FORMATS = ("md", "text", "html", "json", "tsv", "xliff")
SYNTAXES = ("md", "text", "html")
FORMAT_OF = {
    **{".md": "md", ".markdown": "md", ".txt": "text", ".html": "html", ".htm": "html"},
    **{".json": "json", ".tsv": "tsv", ".xlf": "xliff", ".xliff": "xliff"},
}
"""What the name of the output file says about its form."""


@click.command("translate")
@click.argument("source", metavar="FILE|-")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here instead of stdout.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Default: by the suffix of -o, else the form of the input."
)
@click.option(
    "--from", "syntax", type=click.Choice(SYNTAXES), help="Form of the input; default: by its suffix, text for -."
)
@common("glossary", "engine", "model", "threads", "device", "quiet")
@click.option("--strict", is_flag=True, help="Exit 1 when a term is not honoured.")
@click.option("--explain", is_flag=True, help="Say on stderr why each term reads as it does.")
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
    explain: bool,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Translate one article; the English goes to stdout, what happened to stderr."""
    from translate import pipeline
    from translate.decode import Trace
    from translate.document import Draft
    from translate.export import EXPORTS

    if output is not None and _is_same(Path(source), output):
        raise UsageError("the result would replace the article", str(output), "choose another file for -o")
    article = _read(source, syntax)
    glossary = open_glossary(glossaries)
    if dry_run:
        _deliver(_outline(article, glossary), output)
        return
    maker = MAKERS[engine](model, threads, device)
    count = sum(1 for _ in article.segments())
    trace = Trace() if explain else None
    with progress_bar(count, "translating", quiet) as progress:
        targets = pipeline.translate(article, glossary, maker, progress, trace)
    draft = Draft(article, targets, glossary=glossary.fingerprint)
    form = form or (FORMAT_OF.get(output.suffix.lower()) if output else None)
    _deliver(EXPORTS[form or ("md" if article.syntax == "markdown" else "text")](draft), output)
    report = term_report([draft])
    if as_json:
        click.echo(json.dumps(json_report(draft, report, trace), ensure_ascii=False), err=True)
    elif trace:
        say_explanations(trace)
    if not quiet and not as_json:
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
    return "\n".join(lines) + "\n"


def _deliver(text: str, output: Path | None) -> None:
    from translate.files import write

    data = text.encode("utf-8")
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write(output, data)


def _is_same(source: Path, output: Path) -> bool:
    return source.is_file() and output.is_file() and source.samefile(output)

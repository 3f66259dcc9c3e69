"""`tarjuman effort`: how much people changed, as tables, as one JSON object, or sentence by sentence."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.parts import common, open_glossary
from translate.cli.scores import aligned
from translate.errors import UsageError

if TYPE_CHECKING:
    from translate.effort import Article, Effort, Sum, TermEffort

COLUMNS = (
    *("segment", "state", "who", "when", "started from", "edits", "words", "HTER", "characters", "seconds"),
    *("source", "started", "final", "changes"),
)
"""Of the listing."""
ARTICLES = ("article", "confirmed", "untouched", "HTER", "characters", "minutes")
TERMS = ("term", "English", "uses", "kept", "changed", "put in", "taken out", "missing", "HTER around")
MOST_TERMS = 20
"""As many as a person reads; the JSON has them all."""


@click.command()
@click.argument("drafts", nargs=-1, type=click.Path(path_type=Path))
@common("glossary")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--tsv", "as_tsv", is_flag=True, help="One line for each confirmed sentence, with the tracked changes.")
def effort(drafts: tuple[Path, ...], glossaries: tuple[Path, ...], as_json: bool, as_tsv: bool) -> None:
    """Say how much people changed in DRAFTS (files or folders; default: drafts/), from machine draft to final."""
    from translate import drafts as shelf
    from translate.effort import effort as measure
    from translate.effort import told

    if as_json and as_tsv:
        raise UsageError("--json and --tsv are two forms of one report", hint="choose one of them")
    glossary = open_glossary(glossaries)
    measured = measure((shelf.load(path) for path in shelf.files(drafts or (Path("drafts"),))), glossary.matcher)
    if as_json:
        click.echo(json.dumps(told(measured), ensure_ascii=False, indent=2))
    elif as_tsv:
        sys.stdout.buffer.write(_rows(measured).encode("utf-8", "replace"))
    else:
        click.echo(_tables(measured), nl=False)


# --- for a person ----------------------------------------------------------------------------------------------------


def _tables(measured: Effort) -> str:
    if not measured.edited:
        return f"Nothing to measure yet: no confirmed sentence whose beginning is known.{_unknown(measured)}\n"
    rows = [ARTICLES, *(_article(one) for one in measured.articles)]
    if len(measured.articles) > 1:
        segments = sum(one.segments for one in measured.articles)
        rows.append(("in all", *_figures(measured.machine, segments)))
    parts = ["From machine draft to final", aligned(rows)]
    if measured.memory.sentences:
        figures = measured.memory
        rate = f", HTER {figures.hter:.1f}" if figures.hter is not None else ""
        parts.append(f"From the memory: {figures.sentences} confirmed, {figures.untouched} of them untouched{rate}")
    terms = [_term(term) for term in measured.terms if term.touched][:MOST_TERMS]
    if terms:
        parts += ["Terms whose English was touched", aligned([TERMS, *terms])]
    parts.append(f"HTER: {measured.signature}{_unknown(measured)}")
    return "\n\n".join(parts) + "\n"


def _unknown(measured: Effort) -> str:
    if not measured.unknown:
        return ""
    return f"\nConfirmed, but what they began from is not known, so in no figure: {measured.unknown}"


def _article(one: Article) -> tuple[str, ...]:
    return one.slug, *_figures(one.machine, one.segments)


def _figures(figures: Sum, segments: int) -> tuple[str, ...]:
    return (
        f"{figures.sentences} of {segments}",
        _with_share(figures.untouched, figures.sentences),
        "-" if figures.hter is None else f"{figures.hter:.1f}",
        _with_share(figures.characters, figures.length),
        f"{figures.seconds / 60:.1f}" if figures.timed else "-",
    )


def _with_share(part: int, whole: int) -> str:
    """`4`, `12` -> `4 (33 %)`."""
    return f"{part} ({100 * part / whole:.0f} %)" if whole else "-"


def _term(term: TermEffort) -> tuple[str, ...]:
    counts = (term.uses, term.kept, term.changed, term.put_in, term.taken_out, term.missing)
    rate = "-" if term.around.hter is None else f"{term.around.hter:.1f}"
    return term.source, term.target, *map(str, counts), rate


# --- for a program ---------------------------------------------------------------------------------------------------


def _rows(measured: Effort) -> str:
    """One line for each confirmed sentence; a cell never breaks a line."""
    from translate.diff import marked

    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in measured.edited:
        figures = one.figures
        cells = (
            *(one.segment, one.state.value, one.who, one.when, one.started.origin.value),
            *(f"{figures.edits:g}", f"{figures.words:g}", "" if figures.hter is None else f"{figures.hter:.1f}"),
            *(str(figures.characters), f"{figures.seconds:.1f}" if figures.timed else ""),
            *(one.source, one.started.text, one.final, marked(one.changes)),
        )
        writer.writerow([" ".join(cell.split()) for cell in cells])
    return out.getvalue()

"""`tarjuman eval`: how good models are on sentences whose English is known, and whether one is better than another."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.parts import MAKERS, common, find_model, open_glossary, progress_bar
from translate.cli.scores import Result, as_json, listing, tables
from translate.errors import InputError, UsageError

if TYPE_CHECKING:
    from translate.engines.base import Engine
    from translate.evaluate import Evaluation, Pair
    from translate.pipeline import Glossary
    from translate.quality import Comparison

SEED = 12345
"""As `translate.quality.SEED`, which `--help` need not wait for."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is judged by: the sentences of one file."""

    name: str
    """"dev.tsv", or "dev.tsv, first 20 of 200 lines"."""
    pairs: Sequence[Pair]
    size: int
    """Lines of the file, those left out by --limit included."""


@click.command("eval")
@click.argument("files", metavar="[TSV]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--model", "models", multiple=True, help="Model name or folder; repeat to compare each with the first.")
@click.option(
    "--outputs",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A translation made elsewhere, one line a sentence (repeatable); compared alike.",
)
@common("glossary", "engine", "threads", "device", "quiet")
@click.option("--free", is_flag=True, help="Translate without the terms, but count them.")
@click.option("--limit", type=click.IntRange(1), help="Judge the first N lines only.")
@click.option("--list", "rows", metavar="FILE|-", help="Write a line for each sentence, as TSV.")
@click.option("--worst", type=click.IntRange(0), default=0, help="Show the N sentences with the lowest chrF++.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on stdout instead of tables.")
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Seed of the bootstrap.")
def evaluation(
    files: tuple[Path, ...],
    models: tuple[str, ...],
    outputs: tuple[Path, ...],
    glossaries: tuple[Path, ...],
    engine: str,
    threads: int,
    device: str,
    quiet: bool,
    free: bool,
    limit: int | None,
    rows: str | None,
    worst: int,
    wants_json: bool,
    seed: int,
) -> None:
    """Judge models on TSV files of Arabic and reference English (default: the held-out sentences of the model)."""
    if rows == "-" and wants_json:
        raise UsageError("--list - and --json both want stdout", hint="give --list a file")
    if outputs and len(files) > 1:
        raise UsageError("--outputs belongs to one TSV", f"{len(files)} given", "judge them one by one")
    given = files or (_held_out(models),)
    if rows and any(_is_same(Path(rows), path) for path in (*given, *outputs)):
        raise UsageError("the list would replace what is judged", rows, "choose another file for --list")
    sets = [_read(path, limit) for path in given]
    made = [(path.name, _made(path, sets[0])) for path in outputs]
    glossary = open_glossary(glossaries)
    names = models or (() if outputs and not _asked_for("engine") else ("",))
    engines = [(_label(name, engine), MAKERS[engine](name, threads, device)) for name in names]
    results = []
    for sentences in sets:
        judged = [_evaluated(label, one, sentences, glossary, free, quiet) for label, one in engines]
        judged += _judged(made, sentences, glossary)
        results.append(Result(sentences.name, judged, _compared(judged, seed)))
        if not wants_json:
            click.echo(tables(results[-1], worst), err=rows == "-")
    if wants_json:
        click.echo(json.dumps({"sets": [as_json(one, worst) for one in results]}, ensure_ascii=False, indent=1))
    if rows:
        _deliver(listing(results), rows)


def _asked_for(option: str) -> bool:
    """True when the option was given, be it with its default value."""
    source = click.get_current_context().get_parameter_source(option)
    return source is click.core.ParameterSource.COMMANDLINE


def _held_out(models: Sequence[str]) -> Path:
    """The sentences that came with the first model."""
    from translate.registry import HELD_OUT

    model = find_model(models[0] if models else "")
    path = model.folder / HELD_OUT
    if not path.is_file():
        raise UsageError(
            "this model comes without sentences to judge it by",
            model.name,
            "name a TSV file: the Arabic, a tab, its English, one pair a line",
        )
    return path


def _read(path: Path, limit: int | None) -> Sentences:
    from translate.quality import read_pairs

    pairs = read_pairs(path)
    if limit is None or limit >= len(pairs):
        return Sentences(f"{path.name}, {len(pairs)} lines", pairs, len(pairs))
    return Sentences(f"{path.name}, first {limit} of {len(pairs)} lines", pairs[:limit], len(pairs))


def _made(path: Path, sentences: Sentences) -> list[str]:
    """A translation made elsewhere: of the whole file, or of just the lines that are judged."""
    from translate.quality import read_lines

    lines = read_lines(path)
    if len(lines) not in (sentences.size, len(sentences.pairs)):
        raise InputError(
            f"{len(lines)} lines for {sentences.size} sentences", str(path), "it must have one line for each sentence"
        )
    return lines[: len(sentences.pairs)]


def _label(name: str, engine: str) -> str:
    """What a system is called in the tables: `tarjuman-ar-en@1f2e3d4c`."""
    return engine if engine == "fake" else find_model(name).full_name


def _evaluated(
    label: str, engine: Engine, sentences: Sentences, glossary: Glossary, free: bool, quiet: bool
) -> Evaluation:
    from translate.evaluate import count_sentences, evaluate

    with progress_bar(count_sentences(sentences.pairs), label, quiet) as progress:
        return evaluate(engine, sentences.pairs, glossary, name=label, free=free, progress=progress)


def _judged(made: Sequence[tuple[str, list[str]]], sentences: Sentences, glossary: Glossary) -> list[Evaluation]:
    from translate.evaluate import judge

    return [judge(name, outputs, sentences.pairs, glossary) for name, outputs in made]


def _compared(judged: Sequence[Evaluation], seed: int) -> list[Comparison]:
    """Every other system against the first."""
    from translate.quality import paired_bootstrap

    references = [row.reference for row in judged[0].rows]
    return [paired_bootstrap(judged[0].outputs, other.outputs, references, seed=seed) for other in judged[1:]]


def _is_same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.samefile(other)


def _deliver(text: str, rows: str) -> None:
    from translate.files import write

    if rows == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
    else:
        write(Path(rows), text.encode("utf-8"))

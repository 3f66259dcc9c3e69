"""`tarjuman glossary`: the term base checked, tried on a text, and carried to other programs and back."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.commands import Commands
from translate.cli.parts import common, open_glossary
from translate.errors import GlossaryError, UsageError

if TYPE_CHECKING:
    from glossary.lint import Finding
    from glossary.writing import Table
    from translate.termbase.tester import Tried


TERM_USE = Commands({name: f"termuse:{name}_command" for name in ("impact", "usage", "candidates", "consistency")})


@click.group("glossary", commands=TERM_USE)
def glossary_group() -> None:
    """Check the term base, try it on a text, and exchange it with other programs."""


@contextmanager
def _understood() -> Iterator[None]:
    """What the term files say wrong, as errors of ours."""
    from glossary import GlossaryFormatError

    try:
        yield
    except GlossaryFormatError as error:
        place = f"{error.file}:{error.line}:{error.column}" if error.line else error.file
        raise GlossaryError(error.message, place, error.hint) from error


# --- check -----------------------------------------------------------------------------------------------------------


@glossary_group.command("check", short_help="Look for mistakes in term files.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Exit 1 for warnings too, not only for errors.")
@click.option("--tidy", is_flag=True,
              help="First sort the files; drop stray spaces, signs nobody sees, forms that add nothing.")  # fmt: skip
@click.pass_context
def check_command(ctx: click.Context, files: tuple[Path, ...], form: str, strict: bool, tidy: bool) -> None:
    """Look for mistakes in term FILES (files, folders, or bundled term bases; default: mosul).

    Each argument is a term base of its own. Exit 1 when there are errors.
    """
    from glossary import TermBase
    from glossary.lint import ERROR, NOTE, check

    found: list[Finding] = []
    with _understood():
        for path in files or (Path("mosul"),):
            base = _from_here(TermBase.bundled(str(path)) or path)
            if tidy:
                _tidy(base)
            found.extend(check([base]))
    sys.stdout.buffer.write(_REPORTS[form](found).encode("utf-8", "replace"))
    levels = [finding.level for finding in found]
    if form == "text":
        counts = ", ".join(_many(levels.count(level), level) for level in ("error", "warning", "note"))
        click.echo(f"tarjuman: {counts}", err=True)
    if any(level == ERROR or (strict and level != NOTE) for level in levels):
        ctx.exit(1)


def _from_here(path: Path) -> Path:
    """As short as it can be said, so that an editor and GitHub find it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _many(count: int, what: str) -> str:
    """`(1, 'note')` -> `'1 note'`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _tidy(base: Path) -> None:
    from glossary import writing
    from glossary.terms import decoded
    from translate.files import write

    for path in sorted(base.glob("*.tsv")) if base.is_dir() else [base]:
        before = decoded(path)
        after = writing.written(writing.without_idle(writing.read(writing.seen(before), str(path))))
        if after != before:
            write(path, after.encode("utf-8"))
            click.echo(f"tarjuman: {path}: tidied", err=True)


def _as_text(found: Sequence[Finding]) -> str:
    return "".join(
        f"{one.file}:{one.line}:{one.column}: {one.level} {one.rule}: {one.message}. {one.hint}\n" for one in found
    )


def _as_json(found: Sequence[Finding]) -> str:
    rows = [{**asdict(one), "level": one.level} for one in found]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _as_github(found: Sequence[Finding]) -> str:
    """Workflow commands, which mark the lines of a pull request."""
    from glossary.lint import RULES

    lines = []
    for one in found:
        level = {"note": "notice"}.get(one.level, one.level)
        place = f"file={_property(one.file)},line={one.line},col={one.column}"
        title = _property(f"{one.rule} {RULES[one.rule].title}")
        lines.append(f"::{level} {place},title={title}::{_data(f'{one.message}. {one.hint}')}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_REPORTS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "text": _as_text,
    "json": _as_json,
    "github": _as_github,
}


# --- test ------------------------------------------------------------------------------------------------------------


@glossary_group.command("test", short_help="Try the terms on a text: what matches, and why.")
@click.argument("texts", nargs=-1)
@common("glossary")
@click.option(
    "--around", default="", help="Words of the article the text stands in, for terms that count only near some."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a text on stdout.")
def test_command(texts: tuple[str, ...], glossaries: tuple[Path, ...], around: str, as_json: bool) -> None:
    """Say what terms are found in TEXTS (or on stdin), how, what loses to what, and which English is accepted."""
    from translate.termbase.tester import LONGEST, told, tried

    matcher = open_glossary(glossaries).matcher
    for text in texts or (sys.stdin.buffer.read(4 * LONGEST + 1).decode("utf-8", "replace"),):
        if len(text) > LONGEST:
            raise UsageError(f"more than {LONGEST:,} characters", hint="try a sentence or an article")
        found = tried(matcher, text, around)
        if as_json:
            shown = json.dumps({"text": text, "matches": told(found)}, ensure_ascii=False, indent=2) + "\n"
        else:
            shown = _account(text, found)
        sys.stdout.buffer.write(shown.encode("utf-8", "replace"))


def _account(text: str, found: Sequence[Tried]) -> str:
    if not found:
        return f"{' '.join(text.split())}\n  no term\n"
    parts = []
    for one in found:
        term = one.match.term
        place = f" ({Path(term.file).name}:{term.line})" if term.file else ""
        lines = [
            f"{one.match.surface}",
            f"  read as   {one.match.why}, {one.number}",
            f"  term      {term.source}{place}",
        ]
        if one.reason:
            lines.append(f"  counts    no: {one.reason}")
        else:
            lines.append(f"  English   {one.english}")
            lines.append(f"  accepted  {'; '.join(one.accepted)} ({one.policy})")
            if one.forbidden:
                lines.append(f"  never     {'; '.join(one.forbidden)}")
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


# --- import and export -----------------------------------------------------------------------------------------------

FORMATS = ("tsv", "csv", "xlsx", "tbx", "tbx2", "tmx")


@glossary_group.command("export", short_help="Write terms as CSV, XLSX, TBX, TMX or TSV.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default=None, help="Default: what the ending of -o says.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file. Default: output/export/terms.<format>.")
def export_command(files: tuple[Path, ...], form: str | None, output: Path | None) -> None:
    """Write the terms of FILES (files, folders, or bundled term bases; default: mosul) for another program."""
    from glossary import TermBase
    from translate.files import write
    from translate.termbase import formats

    if output is None and form is None:
        raise UsageError("there is no format", hint=f"add --format {'|'.join(FORMATS)}, or -o with an ending")
    path = output or Path("output/export") / f"terms{formats.FORMATS[form or 'tsv'].endings[0]}"
    chosen = formats.of(path, form or "")
    with _understood():
        table = _all_terms([TermBase.bundled(str(path)) or path for path in files or (Path("mosul"),)])
    write(path, chosen.dump(table))
    click.echo(path)
    click.echo(f"tarjuman: {_many(len(table.rows), 'term')}", err=True)


def _all_terms(bases: Sequence[Path]) -> Table:
    """The lines of several files as one table; one file keeps its comments."""
    from glossary import TermBase, writing
    from glossary.terms import decoded

    names = [Path(name) for name in TermBase.load(bases).origin]
    tables = [writing.read(decoded(path), str(path)) for path in names]
    if len(tables) == 1:
        return tables[0]
    rows = [row for table in tables for row in table.rows]
    return writing.table(rows, [column for table in tables for column in table.columns])


@glossary_group.command("import", short_help="Take in terms from CSV, XLSX, TBX, TMX or TSV.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), required=True, help="The term file (.tsv); made if need be.")
@click.option("--format", "form", type=click.Choice(FORMATS), default=None, help="Default: what the ending says.")
@click.option("--remove", is_flag=True, help="Take out of the term file what FILE does not have.")
@click.option("--dry-run", is_flag=True, help="Write nothing; the change on stdout as a diff.")
def import_command(file: Path, into: Path, form: str | None, remove: bool, dry_run: bool) -> None:
    """Put the terms of FILE (CSV, XLSX, TBX, TMX, TSV) into a term file, which stays sorted."""
    from glossary import writing
    from glossary.terms import decoded
    from translate.files import write
    from translate.termbase import formats
    from translate.termbase.incoming import put

    if into.is_dir():
        raise UsageError("this is a folder", f"--into {into}", "Name a file in it: terms are put into one file")
    incoming = formats.read(file, form or "")
    with _understood():
        before = decoded(into) if into.exists() else ""
        merge = put(writing.read(before, str(into)) if before else None, incoming, remove=remove)
    after = writing.written(merge.table)
    changes = bool(merge.added or merge.changed or merge.removed)
    if dry_run:
        sys.stdout.buffer.write(_diff(before, after if changes else before, into).encode("utf-8", "replace"))
    elif changes or not into.exists():
        write(into, after.encode("utf-8"))
    counts = (f"{len(merge.added)} added", f"{len(merge.changed)} changed", f"{len(merge.removed)} removed")
    click.echo(f"tarjuman: {into}: {', '.join(counts)}, {merge.unchanged} unchanged", err=True)
    if incoming.left_out:
        left = _many(incoming.left_out, "entry").replace("entrys", "entries")
        click.echo(f"tarjuman: {left} without Arabic or without English left out", err=True)


def _diff(before: str, after: str, path: Path) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), str(path), str(path), "", "", 0, "")
    return "".join(f"{line}\n" for line in lines)

"""`tarjuman export` and `tarjuman import`: drafts to translation programs and spreadsheets, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.books import BOOKS, book_options
from translate.cli.parts import common, open_glossary
from translate.errors import ConflictError, DraftError, InputError, OutputError, TarjumanError, UsageError

if TYPE_CHECKING:
    from translate.document import Draft
    from translate.exchange.incoming import Account

EXCHANGED = ("omegat", "xliff12", "xliff", "tmx", "xlsx", "tsv", "md")
TOLD = ("merged", "raised", "unchanged", "stale", "conflict", "unknown", "warning")
"""Outcomes of rows, in the order they are told."""
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
SHOWN = 50
"""Lines about single rows on a terminal; `--json` has all."""


@click.command("export")
@click.argument("articles", nargs=-1)
@click.option("--format", "form", type=click.Choice((*EXCHANGED, *BOOKS)), required=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), show_default="output/export, output/omegat for omegat",
    help="A folder, or a file with the ending of the format; omegat: the folder of the project.",
)  # fmt: skip
@common("drafts", "quiet")
@click.option("--also-edited", is_flag=True, help="TMX: edited sentences too, not only approved ones.")
@click.option("--bilingual", is_flag=True, help="Markdown: the Arabic above the English.")
@click.option("--force", is_flag=True, help="Write over a file even if it has edits that were not imported.")
@book_options
def export_command(
    articles: tuple[str, ...],
    form: str,
    output: Path | None,
    drafts: Path,
    quiet: bool,
    also_edited: bool,
    bilingual: bool,
    force: bool,
) -> None:
    """Write drafts in a form other programs read. ARTICLES are names or draft files; default: all in drafts/."""
    from translate import drafts as shelf
    from translate.exchange.formats import FORMATS, Wishes, files
    from translate.files import write

    if also_edited and form != "tmx":
        raise UsageError("--also-edited is for --format tmx", f"--format {form}", "other formats hold every sentence")
    if bilingual and form != "md":
        raise UsageError("--bilingual is for --format md", f"--format {form}", "other formats have both languages")
    paths = draft_files(articles, drafts)
    if form == "omegat":
        _write_project(output or Path("output/omegat"), paths, drafts, quiet, force)
        return
    wishes = Wishes(also_edited, bilingual)
    for target, slugs in files(list(paths), form, output or Path("output/export")):
        if any(_is_same(target, paths[slug]) for slug in slugs) or _is_inside(target, drafts):
            raise UsageError("the export would stand among the drafts", str(target), "choose another folder for -o")
        loaded: list[Draft] = [shelf.load(paths[slug]) for slug in slugs]
        if not force:
            _refuse_unread(target, loaded)
        data = FORMATS[form].dump(loaded, wishes)
        write(target, data)
        if not quiet:
            empty = form == "tmx" and b"<tu " not in data
            what = "no sentence is approved yet; see --also-edited" if empty else _count(len(slugs), "article")
            click.echo(f"{target}: {what}", err=True)


def _write_project(folder: Path, paths: Mapping[str, Path], drafts: Path, quiet: bool, force: bool) -> None:
    """A project nobody worked in yet: older translations never come over what is in the drafts now."""
    from translate import drafts as shelf
    from translate.exchange import omegat
    from translate.files import write

    if folder.is_file() or folder.resolve() == drafts.resolve():
        raise UsageError("not a folder for a project", str(folder), "choose another one for -o")
    if (folder / omegat.WORK).exists() and not force:
        raise ConflictError(
            "somebody has worked in this project",
            str(folder),
            "import its target/ files, then name a new folder with -o",
        )
    project = omegat.project([shelf.load(path) for path in paths.values()])
    for name in omegat.FOLDERS:
        _make(folder / name)
    for name, data in project.items():
        write(folder / name, data)
    if not quiet:
        click.echo(f"{folder}: {_count(len(paths), 'article')}; open it in OmegaT", err=True)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot be made ({error.strerror or error})", str(folder)) from error


def _refuse_unread(target: Path, drafts: Sequence[Draft]) -> None:
    """An earlier export that somebody worked in is not written over before that work is in the drafts."""
    from translate.exchange.formats import rows
    from translate.exchange.merge import has_news

    if target.is_file() and target.suffix != ".md":
        found, _ = rows(target.read_bytes(), str(target))
        if any(has_news(draft, found) for draft in drafts):
            raise ConflictError(
                "holds edits that were not imported yet", str(target), "import it first, or write over it with --force"
            )


def draft_files(articles: Sequence[str], folder: Path) -> dict[str, Path]:
    """Slug -> file, in the order given; all drafts of the folder, sorted, when none is given."""
    from translate import drafts as shelf

    if not articles:
        if not folder.is_dir():
            raise DraftError("there is no such folder", str(folder), "make drafts first: tarjuman draft")
        return {path.name.removesuffix(shelf.SUFFIX): path for path in shelf.files([folder])}
    paths: dict[str, Path] = {}
    for article in articles:
        path = Path(article) if article.endswith(shelf.SUFFIX) else shelf.path_for(folder, article)
        slug = path.name.removesuffix(shelf.SUFFIX)
        shelf.path_for(folder, slug)  # refuses what is no name
        if not path.is_file():
            raise DraftError("there is no such draft", str(path), "name it as in drafts/, without .en.xlf")
        if paths.get(slug, path) != path:
            raise UsageError(f"two drafts are called {slug}", f"{paths[slug]} and {path}", "export them one by one")
        paths[slug] = path
    return paths


def _is_same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.samefile(other)


def _is_inside(target: Path, folder: Path) -> bool:
    """An XLIFF or anything else among the drafts would be taken for one, or be forgotten there."""
    return folder.is_dir() and target.parent.resolve() == folder.resolve()


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@common("drafts", "glossary", "quiet")
@click.option("--who", default="", help="Whose edits these are; default: the author the file names.")
@click.option(
    "--stale", type=click.Choice(["report", "keep"]), default="report", show_default=True,
    help="Rows whose Arabic changed since: only say so, or keep their English as an alternative.",
)  # fmt: skip
@click.option("--keep-states", is_flag=True, help="Take texts only: the files raise no state.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="The account of every row as one JSON object on stdout.")
def import_command(
    files: tuple[Path, ...],
    drafts: Path,
    glossaries: tuple[Path, ...],
    quiet: bool,
    who: str,
    stale: str,
    keep_states: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Merge exported FILEs that people edited elsewhere back into the drafts. No text is ever lost.

    For a project of OmegaT its folder may be named.
    """
    from translate import pipeline
    from translate.exchange.incoming import bring_in
    from translate.exchange.merge import Sender
    from translate.exchange.row import name

    glossary = open_glossary(glossaries)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    sender = Sender(name(who), now, keep_stale=stale == "keep", keep_states=keep_states)
    account = bring_in(
        _inside_projects(files), drafts, sender, lambda draft: pipeline.recheck(draft, glossary), dry_run=dry_run
    )
    if as_json:
        account_text = json.dumps(_as_json(account, dry_run), ensure_ascii=False, indent=2)
        click.echo(account_text.encode("utf-8", "replace").decode("utf-8"))
    if not quiet:
        _tell(account, dry_run)
    if account.errors:
        first, *others = sorted(account.errors, key=_weight)
        for error in others:
            click.echo(f"tarjuman: {error}", err=True)
        raise first


def _inside_projects(paths: Sequence[Path]) -> list[Path]:
    """Files, and for the folder of an OmegaT project the documents it wrote: `output/omegat` -> its `target/*.xlf`."""
    from translate.exchange import omegat

    found: list[Path] = []
    for path in paths:
        written = sorted((path / "target").glob("*.xlf")) if (path / omegat.SETTINGS).is_file() else [path]
        if not written:
            raise InputError(
                "OmegaT has written no documents in this project yet",
                str(path),
                "do Project, Create Translated Documents",
            )
        if path in written and path.is_dir():
            raise InputError("a folder", str(path), "name the files in it, or the folder of an OmegaT project")
        found += written
    return found


def _weight(error: TarjumanError) -> int:
    """What decides the exit code: something that could not be saved before something that could not be read."""
    return 0 if isinstance(error, OutputError) else 1 if isinstance(error, ConflictError) else 2


def _tell(account: Account, dry_run: bool) -> None:
    """One line for each row a person should know of, and the sum of all."""
    worth = [remark for remark in account.remarks if remark.outcome != "unchanged" and (remark.message or remark.hint)]
    for remark in worth[:SHOWN]:
        place = f" ({remark.segment})" if remark.segment else ""
        hint = f". {remark.hint}" if remark.hint else ""
        click.echo(_shown(f"{remark.outcome} {remark.place}{place}: {remark.message}{hint}"), err=True)
    if len(worth) > SHOWN:
        click.echo(f"and {len(worth) - SHOWN} more; --json lists them all", err=True)
    sums = _sums(account)
    counts = ", ".join(f"{sums[outcome]} {outcome}" for outcome in TOLD if sums[outcome]) or "no rows"
    written = "would change" if dry_run else "saved"
    click.echo(f"{_count(account.files, 'file')}: {counts}; {_count(len(account.saved), 'draft')} {written}", err=True)


def _shown(text: str) -> str:
    r"""One line without anything that steers a terminal: `'a\x1b[2J\nb'` -> `'a\ufffd[2J b'`."""
    return _STEERING.sub("\ufffd", " ".join(text.split()))


def _sums(account: Account) -> dict[str, int]:
    found = [remark.outcome.value for remark in account.remarks]
    return {outcome: found.count(outcome) for outcome in TOLD}


def _as_json(account: Account, dry_run: bool) -> dict[str, object]:
    return {
        "files": account.files,
        "dry_run": dry_run,
        **_sums(account),
        "drafts": list(account.saved),
        "rows": [asdict(remark) for remark in account.remarks if remark.outcome != "unchanged"],
        "errors": [str(error) for error in account.errors],
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

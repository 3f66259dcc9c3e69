"""`tarjuman export` to a book, to paper and to JSON: what goes to readers and programs and does not come back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from translate.cli.parts import open_terms
from translate.errors import UsageError

if TYPE_CHECKING:
    from translate.books.settings import BookSettings
    from translate.document import Draft

BOOKS = {"epub": ".epub", "pdf": ".pdf", "json": ".json"}
"""Format -> ending of its files."""
_PAPERS = ("a4", "letter", "a4-spread", "letter-spread")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_OPTIONS: dict[str, tuple[str, ...]] = {
    "one_book": ("epub", "pdf"),
    "title": ("epub", "pdf"),
    "title_arabic": ("epub", "pdf"),
    "first": ("epub", "pdf"),
    "glossaries": ("epub", "pdf"),
    "templates": ("epub", "pdf"),
    "paper": ("pdf",),
    "chromium": ("pdf",),
    "no_sandbox": ("pdf",),
}
"""Option -> the formats it is for."""

Dump = Callable[[Sequence["Draft"], "BookSettings"], bytes]


def book_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of books, and a command that makes one where `form` asks for it; all else goes on to `function`."""

    @wraps(function)
    def command(**given: Any) -> Any:
        asked = {name: given.pop(name) for name in _OPTIONS}
        form = given["form"]
        for name, forms in _OPTIONS.items():
            if _said(name) and form not in forms:
                option = "--glossary" if name == "glossaries" else f"--{name.replace('_', '-')}"
                raise UsageError(f"{option} is for --format {' or '.join(forms)}", f"--format {form}")
        if form not in BOOKS:
            return function(**given)
        for name, other in (("also_edited", "tmx"), ("bilingual", "md")):
            if given.get(name):
                raise UsageError(f"--{name.replace('_', '-')} is for --format {other}", f"--format {form}")
        return _export(form, given["articles"], given["drafts"], given["output"], given["quiet"], asked)

    for option in reversed(_CLICKED):
        command = option(command)
    return command


_CLICKED: tuple[Callable[..., Any], ...] = (
    click.option("--one-book", default="", metavar="NAME", help="EPUB, PDF: all articles in one book, NAME.epub."),
    click.option("--title", default="", help="EPUB, PDF: title of the one book in English."),
    click.option("--title-arabic", default="", help="The same in Arabic."),
    click.option(
        "--first", type=click.Choice(["arabic", "english"]), default="arabic", show_default=True,
        help="EPUB, PDF: the language that stands first; with Arabic the pages turn from right to left.",
    ),
    click.option(
        "--glossary", "glossaries", type=click.Path(path_type=Path), multiple=True,
        help="EPUB, PDF: term files that say more about the terms; as for publish.",
    ),
    click.option(
        "--templates", type=click.Path(path_type=Path, file_okay=False),
        help="EPUB, PDF: folder of templates used first.",
    ),
    click.option("--paper", type=click.Choice(_PAPERS), default="a4", show_default=True, help="PDF: sheet."),
    click.option("--chromium", type=click.Path(path_type=Path), help="PDF: the program to print with."),
    click.option("--no-sandbox", is_flag=True, help="PDF: print without Chromium's sandbox, as in a container."),
)  # fmt: skip


def _said(name: str) -> bool:
    """True when the option stood on the command line."""
    source = click.get_current_context().get_parameter_source(name)
    return source is not None and source is not click.core.ParameterSource.DEFAULT


def _export(
    form: str, articles: Sequence[str], drafts: Path, output: Path | None, quiet: bool, asked: Mapping[str, Any]
) -> None:
    """Each article in a file of its own, or all in one book."""
    from translate import drafts as shelf
    from translate.cli.exchange import draft_files
    from translate.files import write

    if (asked["title"] or asked["title_arabic"]) and not asked["one_book"]:
        raise UsageError("--title is for a book of several articles", "--title", "name the book with --one-book")
    dump = _dumper(form, asked)
    paths = draft_files(articles, drafts)
    for target, slugs in _targets(list(paths), form, output or Path("output/export"), asked["one_book"]):
        if drafts.is_dir() and target.parent.resolve() == drafts.resolve():
            raise UsageError("the export would stand among the drafts", str(target), "choose another folder for -o")
        write(target, dump([shelf.load(paths[slug]) for slug in slugs], _settings(asked)))
        if not quiet:
            click.echo(f"{target}: {len(slugs)} article{'' if len(slugs) == 1 else 's'}", err=True)


def _targets(slugs: Sequence[str], form: str, output: Path, book: str) -> list[tuple[Path, tuple[str, ...]]]:
    """Which articles go into which file."""
    if book and not _NAME.fullmatch(book):
        raise UsageError(f"{book!r} is no name for a book", "--one-book", "Latin letters, digits, - and _")
    single = output.name.lower().endswith(BOOKS[form]) and not output.is_dir()
    if book:
        return [(output if single else output / f"{book}{BOOKS[form]}", tuple(slugs))]
    if single and len(slugs) > 1:
        hint = "name a folder with -o" + (", or make one book with --one-book" if form != "json" else "")
        raise UsageError(f"one {form} file holds one article, and there are {len(slugs)}", str(output), hint)
    return [(output if single else output / f"{slug}{BOOKS[form]}", (slug,)) for slug in slugs]


def _settings(asked: Mapping[str, Any]) -> BookSettings:
    from translate.books.settings import LANGUAGES, BookSettings
    from translate.site.settings import rows

    return BookSettings(
        name=asked["one_book"],
        title=asked["title"] or asked["one_book"],
        title_arabic=asked["title_arabic"],
        first=LANGUAGES[asked["first"]],
        glossary=rows(open_terms(asked["glossaries"]).terms),
        paper=asked["paper"],
        templates=asked["templates"],
    )


def _dumper(form: str, asked: Mapping[str, Any]) -> Dump:
    """What makes a file of this format; a missing Chromium is told before anything is read."""
    if form == "epub":
        from translate.books.bound import bind

        return bind
    if form == "json":
        from translate.books.record import dump

        return lambda drafts, _: dump(drafts[0])
    from translate.books.printed import find, printed

    chromium = find(asked["chromium"])
    return lambda drafts, settings: printed(drafts, settings, chromium, sandbox=not asked["no_sandbox"])

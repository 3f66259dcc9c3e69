"""`tarjuman publish` and `tarjuman serve`: the drafts as a site, into a folder or straight into the browser."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from translate.cli.parts import common, open_terms, progress_bar
from translate.errors import DraftError, TarjumanError, UsageError

if TYPE_CHECKING:
    from translate.site import Report, SiteSettings

PORT = 8766
SHOWN = 40
"""Warnings that are said one by one; the rest are counted."""
_TEXTS = ("title", "title_arabic", "description", "publisher", "license", "base_url", "report")
"""Options that are settings of the site as they stand."""


def site_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is on a site, each defined once."""
    options = (
        click.option("--title", default="Tarjuman", show_default=True, help="Title of the site."),
        click.option("--title-arabic", default="", help="The same in Arabic."),
        click.option("--description", default="", help="One sentence about the site, for search engines."),
        click.option("--publisher", default="", help="Who publishes it."),
        click.option("--license", default="", help="Web address of the licence of the translations."),
        click.option("--base-url", default="", help="Where the site will live, such as https://example.org/mosul/."),
        click.option("--report", default="", help="Where readers tell of mistakes: a mail address, or a web address"
                     " with {id} in it."),
        click.option("--per-page", type=click.IntRange(1, 1000), default=50, show_default=True,
                     help="Entries of one page of a long list."),
        click.option("--search/--no-search", default=True, help="Make a search page.  [default: search]"),
        click.option("--downloads/--no-downloads", default=True,
                     help="Offer each article as TMX and JSON.  [default: downloads]"),
        click.option("--epub/--no-epub", default=False, help="Offer each as a book (EPUB).  [default: no-epub]"),
        click.option("--templates", type=click.Path(path_type=Path, file_okay=False),
                     help="Folder of templates used first."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def _settings(glossaries: Sequence[Path], options: dict[str, Any], jobs: int) -> SiteSettings:
    """What `site_options` and the glossary say, as settings."""
    from translate import site

    for name in ("base_url", "license"):
        if options[name] and not options[name].startswith(("https://", "http://")):
            option = f"--{name.replace('_', '-')} {options[name]}"
            raise UsageError("this is no web address", option, "it begins with https:// or http://")
    terms = open_terms(glossaries)
    return site.SiteSettings(
        **options,
        glossary=site.rows(terms.terms),
        glossary_fingerprint=terms.fingerprint(),
        jobs=jobs or len(_cores()),
    )


def _cores() -> Sequence[int]:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return range(os.cpu_count() or 1)


def _refuse_no_folder(drafts: Path) -> None:
    if not drafts.is_dir():
        raise DraftError("there is no such folder", str(drafts), "make drafts first: tarjuman draft")


@click.command()
@common("drafts", "glossary", "quiet")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("output/site"), show_default=True)
@click.option("--strict", is_flag=True, help="Exit 1 when something is not as it should be, and say what.")
@click.option("--jobs", type=click.IntRange(0), default=0, help="Processes that make pages; 0: one a processor.")
@site_options
def publish(
    drafts: Path, glossaries: tuple[Path, ...], quiet: bool, output: Path, strict: bool, jobs: int, **options: Any
) -> None:
    """Render the drafts as a static site, Arabic and English side by side."""
    from translate import site
    from translate.config import places
    from translate.site.feeds import WITHOUT_ADDRESS

    settings = _settings(glossaries, options, jobs)
    _refuse_no_folder(drafts)
    with _watch(quiet) as watch:
        report = site.publish(drafts, output, settings=settings, watch=watch, cache=places().cache / "templates")
    if not quiet:
        click.echo(f"{report}; open {output / 'index.html'}", err=True)
        if not settings.base_url:
            click.echo(WITHOUT_ADDRESS, err=True)
    if strict:
        _say_warnings(report)
    elif report.warnings and not quiet:
        count = f"{len(report.warnings)} warnings" if len(report.warnings) > 1 else "1 warning"
        click.echo(f"{count}; --strict says which", err=True)
    if strict and report.warnings:
        click.get_current_context().exit(1)


def _say_warnings(report: Report) -> None:
    for warning in report.warnings[:SHOWN]:
        click.echo(f"warning: {warning}", err=True)
    if len(report.warnings) > SHOWN:
        click.echo(f"... and {len(report.warnings) - SHOWN} more warnings", err=True)


@contextmanager
def _watch(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar over the articles that have to be made, once it is known how many there are."""
    bars: list[Any] = []
    before = 0

    def watch(done: int, total: int) -> None:
        nonlocal before
        if not bars and total:
            bars.append(progress_bar(total, "publishing", quiet))
            bars.append(bars[0].__enter__())
        if bars:
            bars[1](done - before)
        before = done

    try:
        yield watch
    finally:
        if bars:
            bars[0].__exit__(None, None, None)


@click.command()
@common("drafts", "glossary")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; only this computer's own.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0: any free one.")
@click.option("--open/--no-open", "open_browser", default=True, help="Open the browser.  [default: open]")
@site_options
def serve(drafts: Path, glossaries: tuple[Path, ...], host: str, port: int, open_browser: bool, **options: Any) -> None:
    """Show the site in the browser while you work; it is built again when anything changes. Ctrl+C ends it."""
    from translate import site
    from translate.config import places
    from translate.review import Listener, is_local
    from translate.review.door import names_of
    from translate.site.serve import Preview, application

    if not is_local(host):
        hint = "The preview is for this computer; publish the folder to show it to others"
        raise UsageError("other computers could reach the preview there", f"--host {host}", hint)
    _refuse_no_folder(drafts)
    listener = Listener(host, port, "the preview")
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.port}/"
    name = sha256(str(drafts.resolve()).encode()).hexdigest()[:16]
    out = places().cache / "preview" / name  # kept: the next preview of these drafts begins where this one ended

    def build() -> Report:
        settings = replace(_settings(glossaries, options, 0), base_url=address)
        with _watch(False) as watch:
            return site.publish(drafts, out, settings=settings, watch=watch)

    def told(result: Report | TarjumanError) -> None:
        text = f"tarjuman: {result}" if isinstance(result, TarjumanError) else str(result)
        click.echo(text, err=True)

    preview = Preview(out, build, lambda: _watched(drafts, glossaries, options["templates"]), told)
    preview.rebuild()

    def ready(_port: int) -> None:
        click.echo(f"{drafts}: {address}")
        click.echo("Built again when a draft, a template or the glossary changes. Ctrl+C ends it.", err=True)
        if open_browser:
            webbrowser.open(address)

    with suppress(KeyboardInterrupt):
        listener.serve(application(preview, names_of(host, listener.port)), ready)


def _watched(drafts: Path, glossaries: Sequence[Path], templates: Path | None) -> list[Path]:
    """What the site is made of: the drafts, the term files, the templates with every folder in theirs."""
    from translate.site.templates import SHIPPED

    folders = [folder for folder in (SHIPPED, templates) if folder is not None]
    inside = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_dir()]
    return [drafts, *(path for path in glossaries if path.exists()), *folders, *inside]

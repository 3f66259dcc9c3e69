"""`tarjuman review`: the desk in the browser."""

from __future__ import annotations

import getpass
import webbrowser
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.machine import Lazily
from translate.cli.parts import ENGINES, common, open_glossary
from translate.errors import GlossaryError, UsageError

if TYPE_CHECKING:
    from glossary import TermBase
    from translate.pipeline import Glossary

PORT = 8765
OWN_TERMS = Path("glossary") / "terms"
"""Where new terms go when no file of one's own is in force: a project folder of that name."""


@click.command()
@click.argument("drafts", default=Path("drafts"), type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0: any free one.")
@click.option("--allow-remote", is_flag=True, help="Allow a --host that other computers can reach.")
@click.option("--open/--no-open", "open_browser", default=True, help="Open the browser.  [default: open]")
@click.option("--engine", type=click.Choice([*ENGINES, "none"]), default="ct2", show_default=True,
              help="For 'translate again'; loaded when first asked.")  # fmt: skip
@common("model", "threads", "glossary")
@click.option("--who", default="", help="Your name in the drafts; default: your name on this computer.")
def review(
    drafts: Path,
    host: str,
    port: int,
    allow_remote: bool,
    open_browser: bool,
    engine: str,
    model: str,
    threads: int,
    glossaries: tuple[Path, ...],
    who: str,
) -> None:
    """Review and edit the drafts in DRAFTS in the browser. Ctrl+C ends it."""
    from translate import review as desk
    from translate.config import places
    from translate.memory import Memory

    if not desk.is_local(host) and not allow_remote:
        raise UsageError(
            "other computers could reach the desk there",
            f"--host {host}",
            "Add --allow-remote if that is what you want",
        )
    glossary = open_glossary(glossaries)
    term_file = _term_file(glossaries)
    base = glossary.base if term_file is None else _all_terms(glossary, term_file)
    file = None if term_file is None else desk.TermFile(term_file, lambda: _all_terms(glossary, term_file))
    memory = Memory(drafts, places().cache)
    with closing(memory), desk.Store(drafts, desk.Terms(base), who or _name(), memory.put) as store:
        memory.refresh()
        listener = desk.Listener(host, port)
        token = desk.new_token()
        maker = Lazily(engine, model, threads, "cpu", lambda: store.terms.base)
        machine = desk.Machine() if engine == "none" else desk.Machine(maker.again, maker.several)
        app = desk.application(
            store, token=token, host=host, port=listener.port, memory=memory, machine=machine, term_file=file
        )

        def ready(taken: int) -> None:
            address = f"http://{f'[{host}]' if ':' in host else host}:{taken}/?token={token}"
            click.echo(f"{drafts}: {address}")
            click.echo("Whoever has this address can edit the drafts. Ctrl+C ends the desk.", err=True)
            if not desk.is_local(host):
                click.echo("Other computers can reach the desk, and nothing is encrypted on the way.", err=True)
            if open_browser:
                webbrowser.open(address)

        with suppress(KeyboardInterrupt):
            listener.serve(app, ready)


def _name() -> str:
    """The name of whoever is logged in; empty where nobody is."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


# --- terms -----------------------------------------------------------------------------------------------------------


def _term_file(given: Sequence[Path]) -> Path | None:
    """Where a new term is written: the first file or folder of one's own among those given, else the project's."""
    from glossary import TermBase

    for path in given:
        if TermBase.bundled(str(path)) is None and str(path) != "none":
            return path / "desk.tsv" if path.is_dir() else path
    return OWN_TERMS / "desk.tsv" if OWN_TERMS.is_dir() else None


def _all_terms(glossary: Glossary, term_file: Path) -> TermBase:
    """The terms given and those added at the desk, which come first."""
    from glossary import GlossaryFormatError, TermBase

    files = [Path(name) for name in glossary.base.origin]
    if term_file.exists() and all(not file.exists() or not file.samefile(term_file) for file in files):
        files.insert(0, term_file)
    try:
        return TermBase.load(files) if files else glossary.base
    except GlossaryFormatError as error:
        raise GlossaryError(error.message, f"{error.file}:{error.line}:{error.column}", error.hint) from error

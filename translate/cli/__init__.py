"""The command line: reads the settings once, puts the parts together and reports. The only place that prints.

Results go to stdout or to files, everything said to a person goes to stderr. Heavy parts are imported by the commands
that need them.
"""

from __future__ import annotations

import logging
from typing import Any

import click

from translate import __version__
from translate.cli.commands import Commands
from translate.errors import TarjumanError

COMMANDS = Commands(
    {
        "ingest": "articles:ingest",
        "draft": "articles:draft",
        "archive": "archive:archive",
        "review": "reviewing:review",
        "publish": "publishing:publish",
        "serve": "publishing:serve",
        "translate": "oneoff:translate_command",
        "export": "exchange:export_command",
        "import": "exchange:import_command",
        "models": "models:models",
        "eval": "evaluation:evaluation",
        "effort": "effort:effort",
        "adapt": "adapting:adapt",
        "glossary": "terminology:glossary_group",
    }
)


class Command(click.Group):
    """A group whose known errors are one line and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see translate/errors.py for the exit codes."""
        try:
            return super().invoke(ctx)
        except TarjumanError as error:
            click.echo(f"tarjuman: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Command, commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tarjuman")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what happens.")
def main(verbose: bool) -> None:
    """Translate Arabic journalism into English, keep its terms, and publish both side by side."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s")

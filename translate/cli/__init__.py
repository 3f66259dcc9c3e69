"""The command line: reads the settings once, puts the parts together and reports. The only place that prints.

Results go to stdout or to files, everything said to a person goes to stderr. Heavy parts are imported by the commands
that need them.
"""

from __future__ import annotations

import logging
from typing import Any

import click

from translate import __version__
from translate.cli.adapting import adapt
from translate.cli.archive import archive
from translate.cli.articles import draft, ingest
from translate.cli.effort import effort
from translate.cli.evaluation import evaluation
from translate.cli.exchange import export_command, import_command
from translate.cli.models import models
from translate.cli.oneoff import translate_command
from translate.cli.publishing import publish, serve
from translate.cli.reviewing import review
from translate.cli.terminology import glossary_group
from translate.cli.termuse import COMMANDS as TERM_USE
from translate.errors import TarjumanError


class Command(click.Group):
    """A group whose known errors are one line and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see translate/errors.py for the exit codes."""
        try:
            return super().invoke(ctx)
        except TarjumanError as error:
            click.echo(f"tarjuman: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tarjuman")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what happens.")
def main(verbose: bool) -> None:
    """Translate Arabic journalism into English, keep its terms, and publish both side by side."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s")


for command in (
    ingest,
    draft,
    archive,
    review,
    publish,
    serve,
    translate_command,
    export_command,
    import_command,
    models,
    evaluation,
    effort,
    adapt,
    glossary_group,
):
    main.add_command(command)
for command in TERM_USE:
    glossary_group.add_command(command)

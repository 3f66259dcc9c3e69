"""`python -m translate.cli` is `tarjuman`."""

from translate.cli import main

main(prog_name="tarjuman")

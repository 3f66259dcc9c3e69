"""`tarjuman models`: list, add, calibrate, show and remove translation models."""

from __future__ import annotations

from pathlib import Path

import click

from translate.cli.parts import find_model, open_registry
from translate.errors import ModelError


@click.group()
def models() -> None:
    """The translation models on this computer."""


@models.command("list")
def models_list() -> None:
    """List the models, the default first."""
    from translate.registry import DEFAULT

    for model in open_registry().models():
        kind = "bundled" if model.bundled else "added"
        default = ", default" if model.name == DEFAULT else ""
        click.echo(f"{model.full_name}\t{model.size / 1e6:.1f} MB\t{kind}{default}")


@models.command("add")
@click.argument("source", metavar="HUB-NAME|FOLDER")
@click.option("--name", default="", help="Name to keep it under; default: its own.")
def models_add(source: str, name: str) -> None:
    """Add a Marian model from a folder, or from the Hugging Face hub by its name."""
    from translate.registry import calibrate

    registry = open_registry()
    if there := registry.same(source, name):
        click.echo(f"{there.full_name} is there already, from just these files", err=True)
        return

    def measured(folder: Path) -> None:
        try:
            click.echo(f"alignment: {calibrate(folder)}", err=True)
        except ModelError as error:  # it translates all the same
            click.echo(f"alignment not measured: {error}", err=True)

    model = registry.add(source, name, measured)
    click.echo(f"added {model.full_name} ({model.size / 1e6:.1f} MB)", err=True)


@models.command("calibrate")
@click.argument("name", default="")
def models_calibrate(name: str) -> None:
    """Measure where a model's word alignment is best read, and store it in its folder."""
    from translate.registry import calibrate

    model = find_model(name)
    before = model.pointer
    found = calibrate(model.folder)
    click.echo(f"{model.full_name}: alignment {found}" + ("" if found == before else f" (it was: {before})"), err=True)


@models.command("info")
@click.argument("name", default="")
def models_info(name: str) -> None:
    """Show where a model lies, its shape and its card."""
    model = find_model(name)
    config = model.config()
    shape = ("d_model", "encoder_layers", "decoder_layers", "encoder_ffn_dim", "vocab_size")
    for key, value in (("name", model.name), ("fingerprint", model.fingerprint), ("folder", model.folder)):
        click.echo(f"{key:<16} {value}")
    for key in shape:
        click.echo(f"{key:<16} {config.get(key, '?')}")
    click.echo(f"{'source_limit':<16} {model.limit}")
    click.echo(f"{'alignment':<16} {model.pointer}")
    adapted = model.adapted()
    for key, field in (("adapted from", "parent"), ("data", "data"), ("pairs", "pairs")):
        if field in adapted:
            click.echo(f"{key:<16} {adapted[field]}")
    card = model.folder / "README.md"
    if card.is_file():
        click.echo("\n" + card.read_text(encoding="utf-8"))


@models.command("remove")
@click.argument("name")
def models_remove(name: str) -> None:
    """Delete an added model."""
    open_registry().remove(name)
    click.echo(f"removed {name}", err=True)

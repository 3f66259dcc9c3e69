"""`tarjuman adapt`: a model that has learnt from approved drafts, or a refusal with the figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translate.cli.parts import common, find_model, open_registry
from translate.errors import ModelError

if TYPE_CHECKING:
    from translate.adapt import Adaptation, Figures, Plan
    from translate.approved import Approved
    from translate.engines.base import Engine
    from translate.engines.tuning import Epoch
    from translate.registry import Model

# as in translate.adapt and translate.engines.tuning, which `--help` need not wait for; a test holds them equal
MARGIN, HELD_OUT, EPOCHS, MINUTES, SEED = 0.5, 10, 30, 60.0, 1


@click.command()
@click.argument("sources", metavar="[DRAFTS]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--model", default="", help="The model to start from; see 'tarjuman models list'.")
@click.option("--name", default="", help="Name of the new model; default: the parent's, -adapted- and the data.")
@click.option(
    "--general",
    type=click.Path(path_type=Path),
    help="TSV of Arabic and English to guard against forgetting; default: the parent's own.",
)
@click.option(
    "--margin",
    type=click.FloatRange(0, 100),
    default=MARGIN,
    show_default=True,
    help="chrF++ points the general set may lose.",
)
@click.option("--rehearse", type=click.Path(path_type=Path), help="TSV of general pairs to learn beside the drafts.")
@click.option("--also-edited", is_flag=True, help="Learn from edited segments too, not from approved ones only.")
@click.option(
    "--held-out",
    type=click.IntRange(1, 50),
    default=HELD_OUT,
    show_default=True,
    help="Per cent of the sentences to judge by; at least 20 sentences.",
)
@click.option("--epochs", type=click.IntRange(1, 1000), default=EPOCHS, show_default=True, help="At most.")
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    default=MINUTES,
    show_default=True,
    help="At most, of training.",
)
@click.option(
    "--rate", type=click.FloatRange(0, 1, min_open=True), help="Learning rate; default: by the width of the model."
)
@click.option("--seed", type=click.IntRange(0, 2**31), default=SEED, show_default=True)
@common("threads", "quiet")
@click.option("--dry-run", is_flag=True, help="Say what would be learnt; train nothing.")
@click.option("--json", "wants_json", is_flag=True, help="The report as one JSON object.")
def adapt(
    sources: tuple[Path, ...],
    model: str,
    name: str,
    general: Path | None,
    margin: float,
    rehearse: Path | None,
    also_edited: bool,
    held_out: int,
    epochs: int,
    minutes: float,
    rate: float | None,
    seed: int,
    threads: int,
    quiet: bool,
    dry_run: bool,
    wants_json: bool,
) -> None:
    """Train a model further on what people approved in DRAFTS (files or folders; default: drafts/).

    The new model is kept only when it is better on approved sentences it never saw and does not forget the rest.
    """
    from translate import adapt as adapting
    from translate.approved import approved
    from translate.config import places
    from translate.engines.tuning import Settings

    registry, parent = open_registry(), find_model(model)
    found = approved(sources or (Path("drafts"),), also_edited=also_edited)
    todo = adapting.plan(registry, parent, found, name=name, general=general, rehearse=rehearse, share=held_out / 100)
    if dry_run:
        click.echo(json.dumps(_plan_facts(todo, found), ensure_ascii=False) if wants_json else _planned(todo, found))
        return
    settings = Settings(rate=rate or 0.0, epochs=epochs, minutes=minutes, seed=seed, threads=threads)
    result = adapting.adapt(
        todo,
        registry,
        _engine(threads),
        places().cache,
        settings=settings,
        margin=margin,
        date=_today(),
        progress=None if quiet else _say_epoch,
        say=_silent if quiet else _say,
    )
    click.echo(json.dumps(_facts(result), ensure_ascii=False) if wants_json else _report(result))
    if result.refused:
        raise ModelError(
            f"{result.refused}; nothing was kept",
            todo.name,
            "approve more sentences, add general pairs with --rehearse, or lower --rate",
        )


def _engine(threads: int) -> Callable[[Model, Path], Engine]:
    def make(model: Model, cache: Path) -> Engine:
        from translate.engines.ct2 import CTranslate2Engine

        return CTranslate2Engine(model.folder, model.full_name, cache, threads=threads, limit=model.limit)

    return make


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()


def _say(text: str) -> None:
    click.echo(text, err=True)


def _silent(_text: str) -> None:
    return


def _say_epoch(epoch: Epoch) -> None:
    best = ", the best so far" if epoch.best and epoch.number else ""
    click.echo(
        f"epoch {epoch.number} of at most {epoch.of}: held-out loss {epoch.loss:.3f}{best} ({epoch.seconds:.0f} s)",
        err=True,
    )


def _planned(todo: Plan, found: Approved) -> str:
    """What a dry run says."""
    lines = [f"{path}: {count} approved" for path, count in found.segments.items()]
    lines += [
        _pairs_line(todo),
        f"parent    {todo.parent.full_name}",
        f"data      {todo.data}",
        f"name      {todo.name}",
    ]
    if todo.rehearsal:
        lines.insert(-3, f"rehearsal {len(todo.rehearsal)} general pairs")
    return "\n".join(lines)


def _plan_facts(todo: Plan, found: Approved) -> dict[str, object]:
    return {
        "parent": todo.parent.full_name,
        "name": todo.name,
        "data": todo.data,
        "drafts": dict(found.segments),
        "pairs": len(todo.learnt),
        "held_out": len(todo.held_out),
        "general": len(todo.general),
        "rehearsal": len(todo.rehearsal),
        "left_out": dict(todo.left_out),
    }


def _pairs_line(todo: Plan) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in todo.left_out.items())
    left = f"; left out: {reasons}" if reasons else ""
    return f"pairs     {len(todo.learnt)} to learn from, {len(todo.held_out)} held out{left}"


def _facts(result: Adaptation) -> dict[str, object]:
    model = result.model.full_name if result.model else None
    return {**result.facts(), "model": model, "refused": result.refused}


def _report(result: Adaptation) -> str:
    training = result.training
    done, best, last = len(training.epochs) - 1, training.best.number, training.epochs[-1]
    ends = {
        "patience": "it no longer got better",
        "epochs": "all epochs done",
        "minutes": "the time was up: another run may end otherwise",
    }
    lines = [
        _pairs_line(result.plan),
        f"parent    {result.plan.parent.full_name}",
        f"data      {result.plan.data}",
        f"training  {done} epochs, {training.steps} updates, best after epoch {best} ({ends[training.stopped]}),"
        f" {last.seconds:.0f} s",
        f"{'':<22}{'':<8}{'before':>8}{'after':>8}{'change':>8}",
        *_rows("held out", result.edits),
        *_rows("general", result.general),
        f"decision  {'refused: ' + result.refused if result.refused else _kept(result)}",
    ]
    if result.model:
        lines.append(f"name      {result.model.full_name}")
    return "\n".join(lines)


def _kept(result: Adaptation) -> str:
    return (
        "kept"
        if result.step == 1
        else f"kept, {result.step:.0%} of the way from the parent: the whole forgets too much"
    )


def _rows(name: str, figures: Figures) -> list[str]:
    before, after = figures.before.quality, figures.after.quality
    chance = f"  p = {figures.p:.3f}"
    return [
        f"{name + f' ({figures.sentences})':<22}{kind:<8}{one:8.1f}{other:8.1f}{other - one:+8.1f}{extra}"
        for kind, one, other, extra in (
            ("BLEU", before.bleu, after.bleu, ""),
            ("chrF++", before.chrf, after.chrf, chance),
        )
    ]

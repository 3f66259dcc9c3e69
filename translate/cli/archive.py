"""`tarjuman archive`: as many articles as there are, each sentence translated once, stopped and resumed at will."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from translate.cli.parts import ENGINES, MAKERS, common, find_model, open_glossary
from translate.errors import ConflictError, ModelError, OutputError, UsageError

if TYPE_CHECKING:
    from translate.batch.answering import Pool
    from translate.batch.cluster import Workers
    from translate.batch.run import Account
    from translate.engines.base import Engine

BESIDE = ".archive"
"""The folder beside the output: what is known, what went wrong, and the lock."""
EVERY = 60.0
"""Seconds between two lines of progress where there is no terminal."""
STEPS = 1000
"""Of the progress bar."""

Tell = Callable[[Mapping[str, object]], None]


@click.command()
@click.argument("archive", metavar="INPUT", type=click.Path(path_type=Path))
@click.argument("output", type=click.Path(path_type=Path))
@common("glossary")
@click.option(
    "--engine",
    type=click.Choice((*ENGINES, "ray")),
    default="ct2",
    show_default=True,
    help="What translates; 'ray' is short for --ray with ct2.",
)
@common("model", "threads", "device", "quiet")
@click.option("--ray", is_flag=True, help="Let several workers translate, on this computer or on a Ray cluster.")
@click.option("--address", default="", metavar="HOST:PORT|auto", help="The Ray cluster; without one, this computer.")
@click.option("--workers", type=click.IntRange(0), default=0, help="How many; 0: as many as there is room for.")
@click.option("--gpus", type=click.FloatRange(0), help="GPUs of each worker; 1 with --device cuda, else none.")
@click.option("--limit", type=click.IntRange(0), default=0, help="The first N articles only.")
@click.option("--since", default="", metavar="DATE", help="Articles of that day (2016-01-31) and later, or undated.")
@click.option("--field", "fields", multiple=True, metavar="NAME=FIELD", help="What a field of the records is called.")
@click.option("--batch", type=click.IntRange(64), default=16384, show_default=True, help="Source tokens of a batch.")
@click.option("--events", metavar="FILE|-", help="What happens, as a JSON object a line.")
@click.option("--json", "as_json", is_flag=True, help="The account at the end as one JSON object on stdout.")
def archive(
    archive: Path,
    output: Path,
    glossaries: tuple[Path, ...],
    engine: str,
    model: str,
    threads: int,
    device: str,
    quiet: bool,
    ray: bool,
    address: str,
    workers: int,
    gpus: float | None,
    limit: int,
    since: str,
    fields: tuple[str, ...],
    batch: int,
    events: str | None,
    as_json: bool,
) -> None:
    """Translate INPUT (a folder, .jsonl or .parquet) into OUTPUT (a folder of drafts, .jsonl or .parquet).

    Run it again after a stop, a change of the glossary or new articles: only what is new is translated.
    """
    from translate.batch.outlets import open_outlet
    from translate.batch.run import Quarantine, Run, Wishes
    from translate.batch.source import open_source
    from translate.batch.store import Store

    if events == "-" and as_json:
        raise UsageError("--events - and --json both write to stdout", hint="Give --events a file")
    ray, kind = ray or engine == "ray", "ct2" if engine == "ray" else engine
    if not ray and (address or workers or gpus is not None):
        raise UsageError("--address, --workers and --gpus are for several workers", hint="Add --ray")
    if ray and device == "auto":  # the same for all: answers of another device are other answers
        device = "cuda" if gpus else "cpu"
    _refuse_within(archive, output)
    source = open_source(archive, _names(fields))
    glossary = open_glossary(glossaries)
    beside = output.with_name(output.name + BESIDE)
    with ExitStack() as stack:
        stack.enter_context(_alone(beside))
        store = Store(beside / "answers.sqlite")
        stack.callback(store.close)
        outlet = open_outlet(output)
        told = [stack.enter_context(_events(events)), stack.enter_context(_bar(source.total, quiet))]
        aside = stack.enter_context(Quarantine(beside / "quarantine.tsv"))
        wishes = Wishes(limit, since, batch)

        def tell(event: Mapping[str, object]) -> None:
            for one in told:
                one(event)

        try:
            maker = MAKERS[kind](model, threads, device)
            if ray:
                share = _share_of_each(address, workers, threads, device, gpus)
                pool = stack.enter_context(_elsewhere(share, kind, model, device, maker))
            else:
                pool = None
            account = Run(outlet, store, glossary, maker, aside, wishes, tell, pool).over(source)
        except BaseException:
            outlet.close(whole=False)
            raise
        tell({"event": "end", **_figures(account)})
    _report(account, beside / "quarantine.tsv", as_json, quiet)


def _share_of_each(address: str, workers: int, threads: int, device: str, gpus: float | None) -> Workers:
    """One thread each is the fastest layout: it is the sentences that are many, not the sums in one of them."""
    from translate.batch.cluster import Workers

    return Workers(address, workers, threads or 1, (device == "cuda") * 1.0 if gpus is None else gpus)


@contextmanager
def _elsewhere(share: Workers, kind: str, model: str, device: str, here: Engine) -> Iterator[Pool]:
    """Workers that have the engine that is here."""
    from translate import __version__
    from translate.batch.cluster import packed_model, workers

    files: Mapping[str, bytes] = {}
    name = ""
    if kind != "fake":
        found = find_model(model)
        name = found.full_name
        if share.address and not found.bundled:
            files = packed_model(found.folder)
    make = partial(engine_on_worker, kind, model, share.threads, device, name)
    with workers(share, make, f"{here.signature()}|v:{__version__}", files) as pool:
        yield pool


def engine_on_worker(kind: str, model: str, threads: int, device: str, name: str, files: Mapping[str, bytes]) -> Engine:
    """The engine on another computer, with the model there is, or with the one that was sent along.

    `name` is `tarjuman-ar-en@1f2e3d4c`: a model that is called the same and is another is not the one.
    """
    if kind == "fake":
        return MAKERS[kind](model, threads, device)
    from translate.batch.cluster import unpacked_model
    from translate.config import places

    try:
        if find_model(model).full_name == name:
            return MAKERS[kind](model, threads, device)
    except ModelError:
        if not files:
            raise
    plain, _, fingerprint = name.rpartition("@")
    if not files:
        raise ModelError("another model than the one here", name, "Install the same tarjuman on every node")
    return MAKERS[kind](str(unpacked_model(files, places().cache / "sent" / fingerprint / plain)), threads, device)


def _names(fields: tuple[str, ...]) -> dict[str, str]:
    names = {}
    for given in fields:
        name, equals, column = given.partition("=")
        if not (name and equals and column):
            raise UsageError(f"not NAME=FIELD: {given[:80]!r}", "--field", "Write it like text=content")
        names[name] = column
    return names


def _refuse_within(archive: Path, output: Path) -> None:
    """An output among the articles would be an article of the next run."""
    inside, outside = output.resolve(), archive.resolve()
    if inside == outside or (archive.is_dir() and inside.is_relative_to(outside)):
        raise UsageError("the output lies in the input", str(output), "Choose another place for it")


@contextmanager
def _alone(beside: Path) -> Iterator[None]:
    """One run at a time writes to an output."""
    from translate.files import take_lock

    try:
        beside.mkdir(parents=True, exist_ok=True)
        number = os.open(beside / "lock", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise OutputError(f"cannot be made ({error.strerror})", str(beside)) from error
    try:
        if not take_lock(number):
            raise ConflictError("another run is writing to this output", str(beside), "Wait for it, or stop it")
        yield
    finally:
        os.close(number)


@contextmanager
def _events(where: str | None) -> Iterator[Tell]:
    """Every event as a line; those of earlier runs stay in the file."""
    if not where:
        yield lambda _event: None
    elif where == "-":
        out = sys.stdout  # Ray takes it from us for a while
        yield lambda event: click.echo(json.dumps(event, ensure_ascii=False), file=out)
    else:
        try:
            file = Path(where).open("a", encoding="utf-8", errors="replace", newline="\n")  # noqa: SIM115 - closed below
        except OSError as error:
            raise OutputError(f"cannot be written ({error.strerror})", where) from error
        with file:
            yield lambda event: _write(file, event)


def _write(file: TextIO, event: Mapping[str, object]) -> None:
    timed = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **event}
    try:
        file.write(json.dumps(timed, ensure_ascii=False) + "\n")
        file.flush()
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror or error})", file.name) from error


@contextmanager
def _bar(total: int, quiet: bool) -> Iterator[Tell]:
    """A bar on a terminal, a line a minute where there is none."""
    if quiet:
        yield lambda _event: None
    elif not sys.stderr.isatty():
        last = [time.monotonic()]

        def line(event: Mapping[str, object]) -> None:
            if event["event"] == "progress" and time.monotonic() - last[0] >= EVERY:
                last[0] = time.monotonic()
                click.echo(f"{_share(event, total):.1%} {_speed(event)}", err=True)

        yield line
    else:
        shown: Callable[[Any], str] = lambda event: _speed(event) if event else ""  # noqa: E731
        with click.progressbar(
            length=STEPS, label="archive", file=sys.stderr, show_eta=False, item_show_func=shown
        ) as bar:

            def step(event: Mapping[str, object]) -> None:
                if event["event"] == "progress":
                    bar.update(max(0, int(STEPS * _share(event, total)) - bar.pos), event)

            yield step


def _share(event: Mapping[str, Any], total: int) -> float:
    return float(event["at"]) / total if total else 1.0


def _speed(event: Mapping[str, Any]) -> str:
    from translate.batch.pace import clock_time

    left = event["seconds_left"]
    ends = f", {clock_time(left)} left" if left is not None else ""
    rates = f"{event['articles_per_second']:.1f} articles/s, {event['segments_per_second']:.1f} sentences/s"
    return f"{event['articles']:,} articles, {rates}{ends}"


def _figures(account: Account) -> dict[str, object]:
    from dataclasses import asdict

    from translate.batch.pace import peak_memory

    return {**asdict(account), "reused": account.reused, "peak_memory": peak_memory()}


def _report(account: Account, quarantine: Path, as_json: bool, quiet: bool) -> None:
    """What became of it, and the exit code that says so."""
    from translate.batch.pace import clock_time

    figures = _figures(account)
    if as_json:
        click.echo(json.dumps(figures))
    if not quiet:
        later = f", {account.earlier:,} earlier ones left out" if account.earlier else ""
        click.echo(
            f"{account.articles:,} articles: {account.written:,} written, {account.unchanged:,} unchanged{later}\n"
            f"{account.segments:,} sentences: {account.translated:,} translated, {account.reused:,} known;"
            f" terms {account.terms - account.missed:,}/{account.terms:,} honoured\n"
            f"{clock_time(account.seconds)}, {account.articles / max(0.001, account.seconds):.1f} articles/s,"
            f" peak memory {int(str(figures['peak_memory'])) / 1e6:.0f} MB",
            err=True,
        )
    code = 0
    if account.quarantined:
        click.echo(f"tarjuman: {account.quarantined:,} articles set aside, see {quarantine}", err=True)
        code = 3
    if account.conflicts:
        click.echo(f"tarjuman: {account.conflicts:,} drafts changed meanwhile; run it again", err=True)
        code = 5
    if code:
        click.get_current_context().exit(code)

"""What several commands share: their options, and putting glossary, model and engine together from them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from translate.errors import GlossaryError

if TYPE_CHECKING:
    from glossary import TermBase
    from translate.engines.base import Engine
    from translate.pipeline import Glossary
    from translate.registry import Model, Registry

ENGINES = ("ct2", "marian", "fake")


def common(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options several commands share, each defined once."""
    known = {
        "glossary": click.option(
            "--glossary",
            "glossaries",
            type=click.Path(path_type=Path),
            multiple=True,
            help="Term file or folder of term files, or the bundled 'mosul' or 'news' (repeatable); 'none' for no"
            " terms. Default: mosul.",
        ),
        "engine": click.option("--engine", type=click.Choice(ENGINES), default="ct2", show_default=True),
        "model": click.option("--model", default="", help="Model name or folder; see 'tarjuman models list'."),
        "threads": click.option("--threads", type=click.IntRange(0), default=0, help="CPU threads; 0: all."),
        "device": click.option(
            "--device",
            type=click.Choice(["cpu", "cuda", "auto"]),
            default="cpu",
            show_default=True,
            help="auto: cuda where there is one.",
        ),
        "drafts": click.option("--drafts", type=click.Path(path_type=Path), default=Path("drafts"), show_default=True),
        "quiet": click.option("-q", "--quiet", is_flag=True, help="No progress and no report; errors only."),
    }

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            function = known[name](function)
        return function

    return decorate


def open_glossary(paths: Sequence[Path]) -> Glossary:
    """The terms of `open_terms`, compiled: ready to be found in texts."""
    from translate.pipeline import Glossary

    return Glossary.of(open_terms(paths))


def open_terms(paths: Sequence[Path]) -> TermBase:
    """The term files given, bundled ones by their short name, `mosul` where nothing is given, no terms for `none`."""
    from glossary import GlossaryFormatError, TermBase

    try:
        if [str(path) for path in paths] == ["none"]:
            return TermBase(())
        return TermBase.load([TermBase.bundled(str(path)) or path for path in paths] or TermBase.default())
    except GlossaryFormatError as error:
        place = f"{error.file}:{error.line}:{error.column}" if error.line else error.file
        raise GlossaryError(error.message, place, error.hint) from error
    except OSError as error:
        name = error.filename or ", ".join(str(path) for path in paths)
        raise GlossaryError("the glossary cannot be read", str(name), error.strerror or "") from error


def open_registry() -> Registry:
    """The models on this computer."""
    from translate.config import places
    from translate.registry import Registry

    return Registry(places().models)


def find_model(name: str) -> Model:
    """A model by name or folder, the bundled one for an empty name; its files are those that were taken in."""
    from translate.registry import DEFAULT

    found = open_registry().find(name or DEFAULT)
    found.check()
    return found


def _fake(_name: str, _threads: int, _device: str) -> Engine:
    from translate.engines.fake import FakeEngine

    return FakeEngine()


def _marian(name: str, threads: int, device: str) -> Engine:
    from translate.engines.marian import MarianEngine

    found = find_model(name)
    return MarianEngine(found.folder, found.full_name, threads=threads, device=device, limit=found.limit)


def _ct2(name: str, threads: int, device: str) -> Engine:
    from translate.config import places
    from translate.engines.ct2 import CTranslate2Engine

    found = find_model(name)
    cache = places().cache
    return CTranslate2Engine(found.folder, found.full_name, cache, threads=threads, device=device, limit=found.limit)


MAKERS: dict[str, Callable[[str, int, str], Engine]] = {"ct2": _ct2, "marian": _marian, "fake": _fake}


@contextmanager
def progress_bar(length: int, label: str, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal; nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr, show_eta=True) as bar:
        yield lambda count: bar.update(count)

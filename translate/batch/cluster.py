"""Ray, started on this computer or found at an address, for as long as one run lasts. Its many words become one line.

Nothing is reported to anybody, there is no dashboard, and the store in which Ray keeps what travels has a fixed size.
Loads Ray only when asked to. What the workers do is in `crew`.
"""

from __future__ import annotations

import importlib
import logging
import math
import os
import re
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translate.errors import OutputError, UsageError
from translate.registry import DECISIVE, NEEDED, OPTIONAL

if TYPE_CHECKING:
    from translate.batch.crew import Crew, Make

STORE = 256_000_000
"""Bytes that may be under way on this computer; a batch is well under one million."""
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_enable_metrics_collection": "0",  # nobody looks at them: a third of what Ray uses while workers translate
    "RAY_task_events_report_interval_ms": "0",
    "RAY_event_stats": "0",
    "RAY_worker_niceness": "0",  # else workers give way to every other program, which a run without Ray does not
}
"""Of the environment, unless it says otherwise already."""
PATIENCE = 5.0
"""Seconds in which the head of a cluster has to take a connection."""
TRAVELLING = frozenset({*NEEDED, *DECISIVE, *OPTIONAL} - {"rehearsal.tsv", "dev.tsv", "README.md"})
"""Files of a model that a worker needs."""
_PLACE = re.compile(r"(?P<host>[^:/\s]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")


@dataclass(frozen=True, slots=True)
class Workers:
    """What a person asked for."""

    address: str = ""
    """"10.0.0.1:6379" or "auto"; empty for this computer alone."""
    count: int = 0
    """0 for as many as there is room for."""
    threads: int = 1
    """Of each."""
    gpus: float = 0.0
    """Of each."""


@contextmanager
def workers(wanted: Workers, make: Make, signature: str, files: Mapping[str, bytes]) -> Iterator[Crew]:
    """Workers that answer batches; `files` are those of a model that other computers may not have.

    Raises:
        UsageError: Ray is not installed, there is no cluster at the address, or it is another Ray.
    """
    ray = _ray()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # on which Ray tells of workers that died
        try:
            _start(ray, wanted)
            from translate.batch.crew import Crew

            yield Crew(make, signature, files, wanted.count or _room(ray, wanted), wanted.threads, wanted.gpus)
        finally:
            ray.shutdown()


def _ray() -> Any:
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        what = "several workers need the package ray, which is not installed"
        raise UsageError(what, "--ray", "Install it with: pip install 'tarjuman[ray]'") from error


def _start(ray: Any, wanted: Workers) -> None:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": True}
    if not wanted.address:
        cpus = math.ceil((wanted.count or max(1, _cores() // wanted.threads)) * wanted.threads)
        try:
            with _hushed():
                ray.init(address="local", num_cpus=cpus, object_store_memory=STORE, include_dashboard=False, **quiet)
        except Exception as error:  # Ray itself raises no better one; a busy computer may take longer than it waits
            what = f"Ray cannot be started here ({_line(error)})"
            raise UsageError(what, "--ray", "Run it again, when the computer is less busy") from error
        return
    _knock(wanted.address)
    try:
        with _hushed():
            ray.init(address=wanted.address, **quiet)
    except ConnectionError as error:
        what = "somebody answers, but no Ray cluster that knows us"
        raise UsageError(what, f"--address {wanted.address}", _KNOCKED) from error
    except Exception as error:  # as above
        hint = "Use the same Python and ray on all computers" if "mismatch" in str(error).lower() else _HEAD
        raise UsageError(
            f"the Ray cluster cannot be used ({_line(error)})", f"--address {wanted.address}", hint
        ) from error


@contextmanager
def _hushed() -> Iterator[None]:
    """Ray's core says on stderr, past Python, that it will say little. What goes wrong it raises."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


_KNOCKED = "A cluster with a token needs RAY_AUTH_MODE=token here, and the same token in ~/.ray/auth_token"
_HEAD = "Start one with: ray start --head; the address is that of its head, such as 10.0.0.1:6379"


def _knock(address: str) -> None:
    """Whether anybody is there, before Ray waits a minute to find out."""
    place = _PLACE.fullmatch(address)
    if place is None:
        if address != "auto":
            hint = "Write it like 10.0.0.1:6379, or auto on a computer of the cluster; ray:// is not supported"
            raise UsageError(f"no address: {address[:80]!r}", "--address", hint)
        return
    try:
        socket.create_connection((place["host"].strip("[]"), int(place["port"])), PATIENCE).close()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"no Ray cluster answers ({reason})", f"--address {address}", _HEAD) from error


def _room(ray: Any, wanted: Workers) -> int:
    """Workers the cluster has room for."""
    there = ray.cluster_resources()
    count = there.get("CPU", 0) // wanted.threads
    if wanted.gpus:
        count = min(count, there.get("GPU", 0) // wanted.gpus)
    if count < 1:
        has = f"{there.get('CPU', 0):g} CPUs and {there.get('GPU', 0):g} GPUs"
        needs = f"{wanted.threads} CPUs and {wanted.gpus:g} GPUs"
        raise UsageError(f"no room for a worker: it needs {needs}, and there are {has}", "--ray")
    return int(count)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


# --- models on their way ---------------------------------------------------------------------------------------------


def packed_model(folder: Path) -> dict[str, bytes]:
    """The files of a model, to be sent along."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name in TRAVELLING}


def unpacked_model(files: Mapping[str, bytes], folder: Path) -> Path:
    """A model that was sent along, in a folder; all of it or nothing, whoever else does the same at that moment."""
    if not (folder / "config.json").exists():
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=folder.parent) as scratch:
                made = Path(scratch) / "model"
                made.mkdir()
                for name in TRAVELLING & files.keys():
                    (made / name).write_bytes(files[name])
                try:
                    os.replace(made, folder)
                except OSError:
                    if not (folder / "config.json").exists():  # somebody else was first
                        raise
        except OSError as error:
            raise OutputError(f"a model cannot be kept ({error.strerror or error})", str(folder)) from error
    return folder

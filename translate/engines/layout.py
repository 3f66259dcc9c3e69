"""Where a model runs and how its work is spread: device, workers, threads of each, tokens of a batch.

Decided once for an engine, from what was asked for and what the computer has. Knows no model and no text.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from translate.errors import UsageError

DEVICES = ("cpu", "cuda", "auto")
"""`auto` is `cuda` where there is such a device, else `cpu`."""
CPU_TOKENS = 1024
"""Source tokens a batch, padding included: larger ones gain nothing on a processor and cost memory."""
CUDA_TOKENS = 16_384
"""A GPU is idle with less."""
WORKERS = 8
"""More batches at once than that are seldom there; with more processors each batch is given several."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the work of one engine is spread."""

    device: str
    """"cpu" or "cuda"."""
    workers: int
    """Batches that are decoded at the same time."""
    threads: int
    """Of each worker."""
    tokens: int
    """Source tokens of a batch, padding included."""


def lay_out(device: str, threads: int, gpus: Callable[[], int], program: str) -> Layout:
    """The layout for a device of DEVICES and a number of threads in all, 0 for as many as there are processors.

    A worker with one thread each is faster than one worker with many: small matrices are not worth sharing out.
    `gpus` is asked only where it matters; `program` names who could not find any.
    """
    if device != "cpu" and gpus():
        return Layout("cuda", 1, threads or processors(), CUDA_TOKENS)
    if device == "cuda":
        raise UsageError(f"{program} finds no CUDA device", "--device cuda", "use --device cpu, or auto")
    given = threads or processors()
    workers = min(given, WORKERS)
    return Layout("cpu", workers, given // workers, CPU_TOKENS)


def processors() -> int:
    """How many this process may use, which can be fewer than the computer has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

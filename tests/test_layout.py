"""Where the work of an engine goes: the choice of a device, workers and threads, without the devices themselves."""

from __future__ import annotations

import os

import pytest

from translate.engines.layout import CPU_TOKENS, CUDA_TOKENS, WORKERS, lay_out, processors
from translate.errors import UsageError


def never() -> int:
    pytest.fail("nobody asked for a GPU")


@pytest.mark.parametrize(
    ("threads", "workers", "each"), [(1, 1, 1), (2, 2, 1), (8, 8, 1), (16, 8, 2), (17, 8, 2), (64, 8, 8)]
)
def test_a_worker_for_each_thread_and_threads_for_each_worker(threads: int, workers: int, each: int) -> None:
    layout = lay_out("cpu", threads, never, "it")
    assert (layout.device, layout.workers, layout.threads, layout.tokens) == ("cpu", workers, each, CPU_TOKENS)
    assert layout.workers <= WORKERS


def test_without_a_number_all_processors_that_may_be_used() -> None:
    layout = lay_out("cpu", 0, never, "it")
    assert layout.workers == min(processors(), WORKERS)
    if hasattr(os, "sched_getaffinity"):
        assert processors() == len(os.sched_getaffinity(0))


@pytest.mark.parametrize(("device", "gpus", "chosen"), [("auto", 0, "cpu"), ("auto", 1, "cuda"), ("cuda", 2, "cuda")])
def test_auto_takes_a_gpu_where_there_is_one(device: str, gpus: int, chosen: str) -> None:
    layout = lay_out(device, 1, lambda: gpus, "it")
    assert layout.device == chosen
    assert layout.tokens == (CUDA_TOKENS if chosen == "cuda" else CPU_TOKENS)


def test_a_gpu_that_is_not_there_is_a_named_error() -> None:
    with pytest.raises(UsageError, match=r"CTranslate2 finds no CUDA device\. Use --device cpu, or auto"):
        lay_out("cuda", 0, lambda: 0, "CTranslate2")

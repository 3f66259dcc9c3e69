"""Batches answered by Ray's actors: each holds the model, and is given one batch while it is at another.

An actor that dies is replaced, and what it was at is given to others: no answer is lost, and none is waited for that
only a dead computer could give. This module needs Ray as soon as it is imported; `cluster` finds out whether it is
there.
"""

from __future__ import annotations

import importlib
import pickle
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translate import __version__
from translate.batch.answering import answers
from translate.batch.asking import Answer, Question
from translate.engines.base import Engine
from translate.errors import ModelError, TarjumanError

_ray: Any = importlib.import_module("ray")
_told: Any = importlib.import_module("ray.exceptions")

GONE = (_told.RayActorError, _told.ObjectLostError, _told.OutOfMemoryError, _told.WorkerCrashedError)
"""What Ray raises where an actor, its computer or what it answered is no more."""
AT_HAND = 2
"""Batches a worker has: one it is at and one it finds when that is done."""
DEATHS = 3
"""Workers that die over one batch, or one after the other without an answer: then it is not chance."""
Make = Callable[[Mapping[str, bytes]], Engine]
"""The engine on a worker, from the files of the model where they are sent along."""


class Translator:
    """An actor: the model, and the function that every batch goes through wherever it is answered."""

    def __init__(self, make: Make, signature: str, files: Sequence[Any]) -> None:
        """`files` holds a reference to the model's files, which are only fetched where the model is missing."""
        self._fault = ""
        try:
            self._engine = make(Files(files))
            mine = f"{self._engine.signature()}|v:{__version__}"
            if mine != signature:
                self._fault = f"a worker has {mine}, and this computer {signature}"
        except (TarjumanError, ImportError, OSError) as error:
            self._fault = f"a worker cannot load the model ({' '.join(str(error).split())})"

    def ready(self) -> str:
        """Why it cannot answer; empty where it can."""
        return self._fault

    def answer(self, batch: bytes) -> bytes:
        """Questions in, answers out."""
        return pickle.dumps(answers(pickle.loads(batch), self._engine))  # noqa: S301 - made by `Crew`


class Files(Mapping[str, bytes]):
    """The files of a model, fetched when the first of them is looked at."""

    def __init__(self, reference: Sequence[Any]) -> None:
        """One reference, or none."""
        self._reference, self._found = reference, dict[str, bytes]()

    def _all(self) -> dict[str, bytes]:
        if self._reference and not self._found:
            self._found = _ray.get(self._reference[0])
        return self._found

    def __getitem__(self, name: str) -> bytes:
        """The content of a file."""
        return self._all()[name]

    def __iter__(self) -> Any:
        """Their names."""
        return iter(self._all())

    def __len__(self) -> int:
        """How many there are; asks without fetching."""
        return len(self._all()) if self._found else len(self._reference)


@dataclass(slots=True, eq=False)
class _Worker:
    actor: Any
    up: bool = False
    """The model is loaded."""
    calls: int = 0


@dataclass(slots=True, eq=False)
class _Batch:
    data: bytes
    deaths: int = 0
    """Workers that died over it."""


class Crew:
    """A `Pool` of actors."""

    def __init__(
        self, make: Make, signature: str, files: Mapping[str, bytes], workers: int, cpus: float, gpus: float
    ) -> None:
        """So many workers with so much each; they start with the first batch."""
        self.room = AT_HAND * workers
        self._count, self._files = workers, files
        self._kind = _ray.remote(num_cpus=cpus, num_gpus=gpus)(Translator)
        self._make, self._signature = make, signature
        self._sent: list[Any] = []
        self._workers: list[_Worker] = []
        self._waiting: deque[_Batch] = deque()
        self._calls: dict[Any, tuple[_Worker, _Batch | None]] = {}
        """What was called and has not come back; without a batch: whether a worker is ready."""
        self._deaths = 0
        """Since the last answer."""

    def give(self, questions: Sequence[Question]) -> None:
        """See `Pool`."""
        if not self._workers:
            self._sent = [_ray.put(dict(self._files))] if self._files else []
            for _ in range(self._count):
                self._hire()
        self._waiting.append(_Batch(pickle.dumps(questions)))
        self._share()

    def take(self) -> Sequence[Answer]:
        """See `Pool`."""
        while True:
            (call,), _ = _ray.wait(list(self._calls), num_returns=1)
            worker, batch = self._calls.pop(call)
            try:
                told = _ray.get(call)
            except GONE as error:
                self._lose(worker, batch, error)
                continue
            except _told.RayError as error:
                raise lost(error) from error
            if batch is not None:
                worker.calls -= 1
                self._deaths = 0
                self._share()
                return list(pickle.loads(told))  # noqa: S301 - made by `Translator`
            if told:
                raise ModelError(told, "Ray", "Every computer needs the same tarjuman and the same model")
            worker.up = True
            self._share()

    def _hire(self) -> None:
        """One worker more; Ray finds a place for it."""
        worker = _Worker(self._kind.remote(self._make, self._signature, self._sent))
        self._workers.append(worker)
        self._calls[worker.actor.ready.remote()] = (worker, None)

    def _share(self) -> None:
        """Give what waits to those who have least."""
        while self._waiting:
            free = [worker for worker in self._workers if worker.up and worker.calls < AT_HAND]
            if not free:
                return
            worker = min(free, key=lambda one: one.calls)
            batch = self._waiting.popleft()
            worker.calls += 1
            self._calls[worker.actor.answer.remote(batch.data)] = (worker, batch)

    def _lose(self, worker: _Worker, batch: _Batch | None, error: Exception) -> None:
        """Replace a worker, and have others do what it was at."""
        if worker in self._workers:
            self._workers.remove(worker)
            self._deaths += 1
            _ray.kill(worker.actor)
            self._hire()
        if batch is not None:
            batch.deaths += 1
            self._waiting.appendleft(batch)
        if self._deaths > DEATHS * self._count or (batch and batch.deaths > DEATHS * AT_HAND):
            raise lost(error) from error
        self._share()


def lost(error: BaseException) -> ModelError:
    """Ray's many lines as one."""
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    missing = next((line for line in said if "No module named" in line), "")
    what = (missing or (said[-1] if said else type(error).__name__))[:300]
    return ModelError(f"Ray lost the workers ({what})", "", "Run it again: what was answered is kept")

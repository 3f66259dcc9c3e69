"""Batches answered by Ray's actors: each holds the model, and is given one batch while it is at another.

Ray starts an actor that died again, here or wherever there is room; what it was at goes to whoever is free, so that
nobody waits for a dead computer. This module needs Ray as soon as it is imported; `cluster` finds out whether it is
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
DEATHS = 6
"""Times a batch may be under way in a worker that dies; one behind the other, two batches die together."""
RESTARTS = 12
"""Of one worker in one run, while it loads the model or at work. Beyond that it is not chance."""
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

    @_ray.method(max_task_retries=-1)  # type: ignore[misc, untyped-decorator, unused-ignore]  # waits for a restart
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
class _Batch:
    data: bytes
    deaths: int = 0


class Crew:
    """A `Pool` of actors."""

    def __init__(
        self, make: Make, signature: str, files: Mapping[str, bytes], workers: int, cpus: float, gpus: float
    ) -> None:
        """So many workers with so much each."""
        self.room = AT_HAND * workers
        kind = _ray.remote(num_cpus=cpus, num_gpus=gpus, max_restarts=RESTARTS)(Translator)
        sent = [_ray.put(dict(files))] if files else []
        self._free: list[Any] = []
        """Who could be given a batch; twice, who could be given two."""
        self._waiting: deque[_Batch] = deque()
        self._calls: dict[Any, tuple[Any, _Batch | None]] = {}
        """What was called and has not come back: by whom, and with which batch; without one, whether it is ready."""
        for _ in range(workers):
            self._expect(kind.remote(make, signature, sent))

    def give(self, questions: Sequence[Question]) -> None:
        """See `Pool`."""
        self._waiting.append(_Batch(pickle.dumps(questions)))
        self._share()

    def take(self) -> Sequence[Answer]:
        """See `Pool`."""
        while True:
            (call,), _ = _ray.wait(list(self._calls), num_returns=1)
            actor, batch = self._calls.pop(call)
            try:
                told = _ray.get(call)
            except GONE as error:
                self._lose(actor, batch, error)
                continue
            except _told.RayError as error:
                raise lost(error) from error
            if batch is None and told:
                raise ModelError(told, "Ray", "Every computer needs the same tarjuman and the same model")
            self._free.extend([actor] * (AT_HAND if batch is None else 1))
            self._share()
            if batch is not None:
                return list(pickle.loads(told))  # noqa: S301 - made by `Translator`

    def _expect(self, actor: Any) -> None:
        """Batches go to an actor when it has loaded the model, not before."""
        self._calls[actor.ready.remote()] = (actor, None)

    def _share(self) -> None:
        """Give what waits to those who are free, first to those who have nothing."""
        while self._waiting and self._free:
            actor, batch = max(self._free, key=self._free.count), self._waiting.popleft()
            self._free.remove(actor)
            self._calls[actor.answer.remote(batch.data)] = (actor, batch)

    def _lose(self, actor: Any, batch: _Batch | None, error: Exception) -> None:
        """Others do what an actor was at; it comes back when Ray has started it again."""
        if batch is None or batch.deaths == DEATHS:
            raise lost(error) from error
        batch.deaths += 1
        self._waiting.appendleft(batch)
        self._free = [one for one in self._free if one != actor]
        if (actor, None) not in self._calls.values():
            self._expect(actor)
        self._share()


def lost(error: BaseException) -> ModelError:
    """Ray's many lines as one."""
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    missing = next((line for line in said if "No module named" in line), "")
    what = (missing or (said[-1] if said else type(error).__name__))[:300]
    return ModelError(f"Ray lost the workers ({what})", "", "Run it again: what was answered is kept")

"""The one place where a batch meets a model: questions in, answers out, nothing kept between two calls.

It touches no file and no store, and what goes in and comes out can be pickled, so that it runs as well in another
process or on another computer as here. A `Pool` is whoever is given batches: `Here` or, in `workers`, elsewhere.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from translate.batch.asking import Answer, Question, packed
from translate.decode import decode
from translate.engines.base import Engine

FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a mistake in a reader, a model or in us raises over one odd text; it must not stop the other 99,999 articles.

A lack of memory, of disk or of a model is nobody's text's fault, and is not among them."""


class Pool(Protocol):
    """Whoever answers."""

    room: int
    """Batches that may be given before the answers to the first are taken."""

    def give(self, questions: Sequence[Question]) -> None:
        """Hand over a batch."""
        ...

    def take(self) -> Sequence[Answer]:
        """The answers to one of the batches given, in any order; waits for it."""
        ...


class Here:
    """A model in this process."""

    room = 1

    def __init__(self, engine: Engine) -> None:
        """Ask that engine."""
        self._engine, self._given = engine, deque[Sequence[Question]]()

    def give(self, questions: Sequence[Question]) -> None:
        """See `Pool`."""
        self._given.append(questions)

    def take(self) -> Sequence[Answer]:
        """See `Pool`."""
        return answers(self._given.popleft(), self._engine)


def answers(questions: Sequence[Question], engine: Engine) -> list[Answer]:
    """An answer to every question, in order. What fails is halved until the one that fails stands alone."""
    if not questions:
        return []
    try:
        targets = decode([question.job for question in questions], engine)
    except FAULTS as error:
        if len(questions) > 1:
            middle = len(questions) // 2
            return answers(questions[:middle], engine) + answers(questions[middle:], engine)
        return [Answer(questions[0].key, None, fault(error))]
    return [Answer(question.key, packed(target)) for question, target in zip(questions, targets, strict=True)]


def fault(error: Exception) -> str:
    """`ValueError('no such thing')` -> `'ValueError: no such thing'`, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]

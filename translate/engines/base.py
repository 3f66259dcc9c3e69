"""The one seam between the pipeline and any translation engine.

An engine turns plain source texts into n-best hypotheses. It knows nothing of articles, glossaries or files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hint:
    """The English one stretch of a source text should get; engines that read annotations mostly obey."""

    begin: int
    """Offset in the request's text; the annotation covers whole words."""
    end: int
    target: str
    """"detachments": without article or preposition."""
    masked: bool = False
    """The engine sees the English alone, not the Arabic between `begin` and `end`."""
    proclitics: str = ""
    """"وبال": what of a masked stretch is still shown, so that "and", "in" and "the" are not lost."""


@dataclass(frozen=True, slots=True)
class Request:
    """One text to translate."""

    text: str
    """One sentence or clause, raw: the engine's tokenizer normalises."""
    prefix: str = ""
    """English the result must begin with; empty for free decoding."""
    n_best: int = 1
    hints: tuple[Hint, ...] = ()
    """Sorted, apart; ignored by engines that do not read annotations."""
    careful: bool = False
    """Searched with a price on every token said before and no phrase twice: against loops, not for everyday use."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One translation of one request."""

    text: str
    score: float
    """Mean log-probability per target token, natural logarithm; higher is better."""
    alignment: tuple[tuple[int, int], ...] = ()
    """(source word, target word) over `translate.words.words` of both texts; empty where the engine knows none."""
    cut: bool = False
    """True when decoding stopped at the length limit instead of at an end of sentence; with an empty text: the source
    is longer than the model can take at all."""


UNSCORED = -1e9
"""The score of a pair that is longer than the model can take."""

Progress = Callable[[int], None]
"""Called with the number of requests finished since the last call."""


class Engine(Protocol):
    """What every engine offers. `tests/test_engines.py` holds each of them to the same contract."""

    limit: int
    """Longest source text in tokens that translates well; longer ones are decoded in clauses by the caller."""
    annotates: bool
    """Whether the model was trained to read hints."""
    known_terms: frozenset[tuple[str, str]]
    """Terms, source and target, that it says without a hint."""

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        """n-best lists in the order of the requests, best first; deterministic; an empty text gives an empty text."""
        ...

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Mean log-probability per target token of each (source, target), teacher-forced; UNSCORED if too long."""
        ...

    def length(self, text: str) -> int:
        """Source tokens of a text, end marker included."""
        ...

    def signature(self) -> str:
        """`ct2-int8|tarjuman-ar-en@1f2e3d4c|beam:4|align:98`: all about engine and model that can change a result."""
        ...

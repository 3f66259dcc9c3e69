"""The shape and the budget of one run, and what is left of the budget."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Shape and budget of one run; lengths in tokens, times in minutes.

    `updates` > 0 ends the run after so many, if the clock has not before. `averaged` is the last part of the cool-down
    over which weights are averaged. `mix` names the shares of the kinds of text, see `training.text.MIXES`.
    """

    vocabulary: int = 8000
    width: int = 256
    encoder: int = 4
    decoder: int = 2
    heads: int = 4
    minutes: float = 60.0
    cooldown: float = 20.0
    updates: int = 0
    averaged: float = 0.3
    mix: str = "all"
    tokens: int = 3000
    accumulate: int = 2
    rate: float = 1.5e-3
    warmup: int = 400
    optimiser: str = "muon"
    dropout: float = 0.0
    smoothing: float = 0.1
    guidance: float = 0.3
    annotate: bool = True
    resegment: bool = True
    compiled: bool = True
    threads: int = 2
    seed: int = 1


class Budget:
    """What is left of a run: by the clock or by the number of updates, whichever ends first."""

    def __init__(self, plan: Plan, first_step: int) -> None:
        self._plan = plan
        self._first = first_step
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the run began or was resumed."""
        return time.monotonic() - self._began

    def left(self, step: int) -> float:
        """From 1 at the start to 0 at the end."""
        left = 1 - self.seconds / 60 / self._plan.minutes
        if self._plan.updates:
            left = min(left, 1 - (step - self._first) / self._plan.updates)
        return max(0.0, left)

    def cooling(self, step: int) -> float:
        """1 before the cool-down, then falling to 0: the factor on the rate."""
        return min(1.0, self.left(step) * self._plan.minutes / max(self._plan.cooldown, 1e-9))

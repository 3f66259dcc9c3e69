"""The parts, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from promises import crash, door, fuzz, injection, oddities, offline, supply
from promises.figure import Figure, Scale

Prove = Callable[[Scale], Iterator[Figure]]

PARTS: dict[str, Prove] = {
    "crash": crash.prove,
    "fuzz": fuzz.prove,
    "injection": injection.prove,
    "door": door.prove,
    "offline": offline.prove,
    "oddities": oddities.prove,
    "supply": supply.prove,
}

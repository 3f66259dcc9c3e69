"""How the real engines search and batch, so that both give the same result for the same request.

A request must give the same text alone and in any company; so the length limit depends on its own length only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from translate.engines import notes
from translate.errors import ModelError

BUCKET = 16
"""Lengths are rounded up to this; only sources of one bucket share a batch."""
PENALTY = 1.2
"""What a token said before costs in a careful search: its probability's logarithm times this."""
NEVER_TWICE = 4
"""Tokens in a row that a careful search says once only."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to search; all of it is in the signature."""

    beam: int = 4
    longest: float = 2.5
    """Target tokens per source token at which decoding stops."""
    extra: int = 20
    """Target tokens allowed on top of that."""

    def __str__(self) -> str:
        return f"beam:{self.beam}"

    def limit(self, source_tokens: int, positions: int) -> int:
        """Target tokens allowed for a source of that many tokens, in a model of that many positions."""
        return max(1, min(int(self.longest * bucket(source_tokens)) + self.extra, positions - 1))


def bucket(source_tokens: int) -> int:
    """`17` -> `32`."""
    return -(-source_tokens // BUCKET) * BUCKET


def reads_annotations(folder: Path) -> bool:
    """Whether the model of a folder was trained on inline term annotations; its `tarjuman.json` says so."""
    return _told(folder).get("annotations") is True


def known_terms(folder: Path) -> frozenset[tuple[str, str]]:
    """The terms that the model of a folder says without an annotation, as its `tarjuman.json` lists them."""
    listed = _told(folder).get("known_terms")
    pairs = listed if isinstance(listed, list) else []
    return frozenset(
        (pair[0], pair[1]) for pair in pairs if isinstance(pair, list) and [*map(type, pair)] == [str, str]
    )


def _told(folder: Path) -> dict[str, object]:
    try:
        return notes.told(folder)
    except ModelError:  # whoever loads the model is told; it reads no annotations and knows no term
        return {}


def positions(folder: Path) -> int:
    """How many tokens, end marker included, the model of a folder can take; 512 where it does not say."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return int(config.get("max_position_embeddings") or 512)

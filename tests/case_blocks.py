"""Cases as text: a file of `## title` blocks whose lines read `key: value`. What the keys mean is the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def case_blocks(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each title with its lines, in their order; a key may stand more than once."""
    for block in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, *lines = block.strip().splitlines()
        yield title, [(key, value.strip()) for key, _, value in (line.partition(":") for line in lines if line.strip())]

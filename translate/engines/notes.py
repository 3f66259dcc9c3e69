"""What a model folder says of its model beside the weights: `tarjuman.json`, one JSON object. Knows no key of it."""

from __future__ import annotations

import json
from pathlib import Path

from translate.errors import ModelError
from translate.files import write

FILE = "tarjuman.json"


def told(folder: Path) -> dict[str, object]:
    """All that stands there; empty where there is no such file.

    Raises:
        ModelError: it cannot be read, or is no JSON object.
    """
    path = folder / FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError("the file cannot be read", str(path), 'it should read like {"source_limit": 120}') from error
    if not isinstance(found, dict):
        raise ModelError("the file does not hold one JSON object", str(path), 'like {"source_limit": 120}')
    return found


def note(folder: Path, key: str, value: object) -> None:
    """Say one thing more, or another one than before; whatever else stands there stays."""
    write(folder / FILE, (json.dumps(told(folder) | {key: value}, ensure_ascii=False) + "\n").encode())

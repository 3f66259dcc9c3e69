"""Where things are kept on this computer. Read once, by the command line, and handed on as plain values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """Folders outside the project; none is made before something is put there."""

    models: Path
    """Models a person added."""
    cache: Path
    """Converted models; safe to delete."""


def places(environment: Mapping[str, str] | None = None) -> Places:
    """The platform's own folders, or below `TARJUMAN_HOME` where that is set."""
    home = (os.environ if environment is None else environment).get("TARJUMAN_HOME", "")
    if home:
        root = Path(home).expanduser()
        return Places(root / "models", root / "cache")
    import platformdirs

    return Places(
        Path(platformdirs.user_data_dir("tarjuman")) / "models", Path(platformdirs.user_cache_dir("tarjuman"))
    )

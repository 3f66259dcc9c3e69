"""Commands that are loaded when they are asked for, so that none waits for what only the others need."""

from __future__ import annotations

from collections import UserDict
from importlib import import_module
from typing import Any


class Commands(UserDict[str, Any]):
    """Commands by their name, or where they are found: `{"eval": "evaluation:evaluation"}`, from this package."""

    def __getitem__(self, name: str) -> Any:
        """The command, loaded now if it is not yet."""
        found = self.data[name]
        if isinstance(found, str):
            module, _, attribute = found.partition(":")
            found = self.data[name] = getattr(import_module(f"translate.cli.{module}"), attribute)
        return found

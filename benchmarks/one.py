"""One system of one row, alone in this process: `python -m benchmarks.one MODULE NAME JSON` prints a JSON object."""

from __future__ import annotations

import importlib
import json
import sys

MODULES = ("matching", "recall", "speed", "translation")


def main() -> None:
    """Run it."""
    module, name, given = sys.argv[1:]
    if module not in MODULES:
        raise SystemExit(f"no such module: {module}")
    print(json.dumps(importlib.import_module(f"benchmarks.{module}").SYSTEMS[name](**json.loads(given))))


if __name__ == "__main__":
    main()

"""`python -m promises [PART …]`: try to break every promise, print what came of it, exit with 1 where one broke."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from promises import report
from promises.figure import Figure, Scale
from promises.parts import PARTS

PAGE = Path(__file__).parents[2] / "docs" / "promises.md"


def main() -> int:
    """Run the parts that were named, or all."""
    parser = argparse.ArgumentParser(prog="scripts/prove", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all unless named")
    parser.add_argument("--small", action="store_true", help="as much as the test suite tries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="put the figures into docs/promises.md")
    asked = parser.parse_args()
    if unknown := [part for part in asked.parts if part not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}")
    found: dict[str, list[Figure]] = {}
    for part in asked.parts or PARTS:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="tarjuman-") as folder:
            found[part] = list(PARTS[part](Scale(not asked.small, Path(folder), asked.seed)))
        sys.stdout.write(report.told(part, found[part], time.monotonic() - begun))
        sys.stdout.flush()
    if asked.write:
        report.write(PAGE, found)
    return 1 if any(figure.broken for figures in found.values() for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())

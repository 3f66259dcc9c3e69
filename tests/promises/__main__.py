"""`python -m promises [PART …]`: try to break every promise, print what came of it, exit with 1 where one broke.

With `--write` the figures of a part are put into the page when it is done, so that a run that is ended early keeps what
it found.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from promises import advisories, report
from promises.parts import PARTS
from promises.running import run

PAGE = Path(__file__).parents[2] / "docs" / "promises.md"


def main() -> int:
    """Run the parts that were named, or all."""
    parser = argparse.ArgumentParser(prog="scripts/prove", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all unless named")
    parser.add_argument("--small", action="store_true", help="as much as the test suite tries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="put the figures into docs/promises.md")
    parser.add_argument(
        "--advisories",
        metavar="FOLDER",
        help="a copy of github.com/pypa/advisory-database, where there is no network",
    )
    asked = parser.parse_args()
    if unknown := [part for part in asked.parts if part not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}")
    if asked.advisories:
        os.environ[advisories.FOLDER] = str(Path(asked.advisories).resolve())
    begun, broken = time.monotonic(), False
    for part, figures, told in run(asked.parts or list(PARTS), not asked.small, asked.seed):
        sys.stdout.write(told)
        sys.stdout.flush()
        broken |= not figures or any(figure.broken for figure in figures)
        if asked.write and figures:
            report.write(PAGE, {part: figures})
    sys.stdout.write(f"all of it: {time.monotonic() - begun:.0f} s\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

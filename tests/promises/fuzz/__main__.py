"""`python -m promises.fuzz TARGET [SEED [NUMBER]]`: feed one target, or see one input again with what came of it."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

from promises.fuzz import targets, trying


def main() -> int:
    """One input if its number is given, else many of one target, or of several with a comma between them."""
    parser = argparse.ArgumentParser(prog="python -m promises.fuzz", description=__doc__)
    parser.add_argument("targets", metavar="TARGET[,TARGET]", help=f"all, or of {', '.join(targets.TARGETS)}")
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("number", type=int, nargs="?")
    parser.add_argument("--count", type=int, default=1000)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="tarjuman-") as folder:
        bench = targets.Bench(Path(folder))
        for name in targets.TARGETS if asked.targets == "all" else asked.targets.split(","):
            target = targets.target(name, bench)
            if asked.number is not None:
                data = trying.made(target, asked.seed, asked.number)
                sys.stdout.write(f"{data[:3000]!r}\n")
                target.run(data)
                continue
            begun = time.process_time()
            found = trying.many(target, asked.count, asked.seed)
            took = time.process_time() - begun
            sys.stdout.write(
                f"{name}: {found.tried} tried, {found.read} read, {took:.1f} s, slowest {found.slowest:.3f} s\n"
            )
            sys.stdout.write("".join(f"    {one}\n" for one in found.broken.values()))
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

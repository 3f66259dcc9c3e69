"""Running a command cut off from every network, with an empty home, and knowing what it tried.

Two guards, because each sees what the other does not: Python itself tells of every address that a program asks for and
refuses it (`guard/sitecustomize.py`), and Linux counts every packet that finds no way out of an empty network
(`guard/within.py`). Where the second cannot be had, the first alone is used, and `ISOLATED` says so.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUARD = Path(__file__).parent / "guard"
PATIENCE = 600
WAYS = (("unshare", "--net"), ("unshare", "--map-root-user", "--net"))
"""As the owner of the computer; as anybody else."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str
    processes: int
    """Python processes, it and all that it started."""
    attempts: tuple[str, ...]
    """Whatever wanted to leave: addresses asked for, packets that found no way."""

    def wrong(self) -> str:
        """Why it counts as failed; empty where it does not."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        return f"exit {self.code}: {lines[-1] if lines else 'nothing said'}" if self.code else ""


@functools.cache
def way() -> tuple[str, ...]:
    """How a network of its own is had on this computer; empty where it cannot be."""
    if not Path("/proc/net/snmp").exists() or not shutil.which("unshare"):
        return ()
    for one in WAYS:
        tried = subprocess.run(
            [*one, sys.executable, str(GUARD / "within.py"), os.devnull, "true"], capture_output=True
        )
        if tried.returncode == 0:
            return one
    return ()


def isolated() -> str:
    """What cuts it off, for the table."""
    return "a network of its own that leads nowhere" if way() else "every look-up and connection refused by a guard"


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of somebody who has just moved in: an empty home and not one setting."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(home)}


def run(
    command: Sequence[str], folder: Path, text: str = "", more: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> Ran:
    """Run a Python command (`["-m", "translate.cli", …]`) cut off; its home is below `folder`."""
    log, counts = folder / "guard.log", folder / "packets"
    environment = surroundings(folder)
    for old in (log, counts):
        old.unlink(missing_ok=True)
    environment |= {"PYTHONPATH": os.pathsep.join((str(GUARD), str(ROOT))), "TARJUMAN_GUARD": str(log), **(more or {})}
    within = [*way(), sys.executable, "-S", str(GUARD / "within.py"), str(counts)] if way() else []
    try:
        done = subprocess.run(
            [*within, sys.executable, *command],
            input=text,
            capture_output=True,
            text=True,
            env=environment,
            cwd=cwd,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ran(124, "", f"not done after {PATIENCE} seconds", 0, ())
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    attempts = [line.split("\t", 2)[2].replace("\t", " ") for line in lines if line.startswith("attempt\t")]
    packets = int(counts.read_text()) if counts.exists() else 0
    if packets:
        attempts.append(f"{packets} packets without a way")
    return Ran(done.returncode, done.stdout, done.stderr, sum(line[:7] == "process" for line in lines), tuple(attempts))

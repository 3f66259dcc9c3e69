"""Each measured system in a process of its own, so that its peak memory and its imports are its own.

`told(...)` runs a command to its end and gives what it printed (one JSON object on the last line) with wall time,
processor time and peak memory as the system counts them. `environment` makes the virtual environment of a peer that is
no dependency of ours; where its packages cannot be had, `Unavailable` says why.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class Unavailable(Exception):  # noqa: N818 - a peer that cannot be had is no error
    """A peer that cannot be had here, and why."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process, ended."""

    wall: float
    cpu: float
    """User and system, children included."""
    megabytes: float
    """Most memory that its largest process held."""
    told: Mapping[str, Any]
    """What it printed."""


def run(command: Sequence[str | Path], *, text: bool = False, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command; with `text` what it prints is kept as it is, else its last line is a JSON object."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    begin = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=given
    )
    assert process.stdout is not None
    assert process.stderr is not None
    # what goes to stderr is little here, and is only read where something failed
    said = process.stdout.read().decode("utf-8")
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    complaint = process.stderr.read().decode("utf-8", "replace")
    process.stdout.close()
    process.stderr.close()
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}\n{complaint[-2000:]}")
    last = (said.strip().splitlines() or ["{}"])[-1]
    told = {"text": said} if text else json.loads(last)
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, told)


def system(module: str, name: str, python: str | Path = sys.executable, **given: Any) -> Run:
    """`SYSTEMS[name](**given)` of one of our modules, in a process of its own."""
    return run([python, "-m", "benchmarks.one", module, name, json.dumps(given, default=str)])


def environment(name: str, packages: Sequence[str], cache: Path) -> Path:
    """The Python of a peer's own environment, made when it is not there."""
    place = cache / f"venv-{name}-{platform.python_version()}"
    ready, python = place / "ready", place / "bin" / "python"
    if ready.exists() and ready.read_text("utf-8") == "\n".join(packages):
        return python
    shutil.rmtree(place, ignore_errors=True)
    venv.create(place, with_pip=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"{', '.join(packages)} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
    ready.write_text("\n".join(packages), "utf-8")
    return python

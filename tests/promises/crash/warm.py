"""A process that has everything loaded: asked over its standard input, it forks one child a question and tells its end.

`python -m promises.crash.warm` (with `--all`: every module of Tarjuman) reads a JSON object a line: the folder to work
in, what to do there (see `acts`), where and how it is to end. The child is the process that is killed; this one lives
on.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import os
import pkgutil
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from promises.crash import acts
from promises.crash.shim import Audit, How, Library, here

SLOW_SECONDS = 600.0
NOT_LOADED = ("translate.engines.marian", "translate.engines.tuning", "translate.adapt", "translate.engines.ct2")
"""What brings torch with it; loaded where a command is asked that needs it."""


def main() -> None:
    """Answer until the questions end."""
    shim = here()
    _on_one_core()
    if "--all" in sys.argv:
        _load()
    for line in sys.stdin:
        asked = json.loads(line)
        if asked.get("practise"):
            _practise(asked)
            answer: dict[str, Any] = {}
        else:
            answer = _forked(shim, asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _on_one_core() -> None:
    """The threads that torch would start for more than one are gone in a child, which would wait for them for ever."""
    if sys.platform == "linux":
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})


def _load() -> None:
    """Everything there is: a child that has become somebody else may not be allowed to read it any more."""
    import translate

    for found in pkgutil.walk_packages(translate.__path__, "translate."):
        if found.name not in NOT_LOADED and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    gc.collect()
    gc.freeze()


def _practise(asked: dict[str, Any]) -> None:
    """Do it once here, in a folder of its own: what is computed once in a process need not be in every child."""
    for name in asked["load"]:
        importlib.import_module(name)
    place, kept = Path.cwd(), (sys.stdout, sys.stderr)
    sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    _at_home(Path(asked["folder"]))
    try:
        acts.ACTS[asked["act"]](asked["words"], acts.Voice(os.open(os.devnull, os.O_WRONLY)))
    except SystemExit:
        pass
    finally:
        sys.stdout, sys.stderr = kept
        os.chdir(place)
    gc.collect()
    gc.freeze()


def _at_home(folder: Path) -> None:
    """Work in a folder, with everything that programs keep besides inside it."""
    os.chdir(folder)
    os.environ |= {"TARJUMAN_HOME": str(folder / "home"), "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")}
    tempfile.tempdir = None


def _forked(shim: Library | Audit, asked: dict[str, Any]) -> dict[str, Any]:
    """The child's end: its exit status (negative: a signal), what it said, and what the shim wrote down."""
    aside = Path(tempfile.mkdtemp(dir=asked["aside"]))  # not TemporaryDirectory, which the child would clean up
    aside.chmod(0o755)
    logs = {name: aside / name for name in ("out", "err", "ops", "said")}
    for log in logs.values():
        log.touch()
    child = os.fork()
    if child == 0:
        _work(shim, asked, logs)
    status = _ended(child)
    told = {name: log.read_text("utf-8", "replace") for name, log in logs.items()}
    shutil.rmtree(aside)
    return {"status": status, **told}


def _ended(child: int) -> int:
    """Wait for it, but not for ever."""
    begun, pause = time.monotonic(), 0.001
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() - begun > SLOW_SECONDS:
            os.kill(child, signal.SIGABRT)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)


def _work(shim: Library | Audit, asked: dict[str, Any], logs: dict[str, Path]) -> NoReturn:
    """Be the process that does what was asked, and never come back."""
    code = 70
    try:
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(logs[name], os.O_WRONLY | os.O_APPEND), number)
        sys.stdin = io.StringIO()
        sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", 1, encoding="utf-8")
        ops, said = (os.open(logs[name], os.O_WRONLY | os.O_APPEND) for name in ("ops", "said"))
        folder = Path(asked["folder"])
        _at_home(folder)
        if asked.get("user"):
            os.setgroups([])
            os.setgid(asked["user"])
            os.setuid(asked["user"])
        act = acts.ACTS[asked["act"]]
        if asked.get("hold"):
            assert isinstance(shim, Library)
            shim.hold(*map(Path, asked["hold"]))
        if asked.get("at") is not None:
            shim.arm(asked["at"], How(asked["how"]), ops, asked["ahead"], folder.resolve())
        code = act(asked["words"], acts.Voice(said))
    except SystemExit as end_:
        code = end_.code if isinstance(end_.code, int) else 1 if end_.code else 0
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    main()

"""One trial: a command runs in a fresh copy of its folder and is ended; then it runs again, and everything is compared.

What must be so behind every end: each draft can be read, and no text of a person is missing from drafts and journals,
those the desk acknowledged included. Behind the next run besides: the same exit code, the same files with the same
content as if nothing had happened, and no file that would not be there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from promises.crash.commands import Command, project
from promises.crash.shim import PLACE, How
from translate import drafts
from translate.document import Origin, State
from translate.errors import TarjumanError
from translate.review.journal import SUFFIX, Journal

TESTS = Path(__file__).parents[2]
LATER = 3600
"""Seconds that the clock of every second trial is ahead, so that files are old enough to be trusted by their times."""
NOBODY = 65534
Look = Callable[[str, Sequence[str]], None]
_TIMES = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_CACHE = re.compile(r"^(home/cache|tmp)(/|$)|/\.(desk|terms)(/|$)")
"""What can be made again, and what only a desk keeps."""
_SYSTEM = re.compile(r"^tmp/(openpyxl\.\w+|[a-z0-9_]{8})$")
"""What libraries put into the system's folder for temporary files, which the system clears."""
_GOODBYE = "Exception ignored in atexit callback: <function _openpyxl_shutdown"
"""What openpyxl says at the very end where it cannot remove a temporary file; nobody can catch it."""
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run came to its end."""

    status: int
    """The exit code; negative: the signal that killed it."""
    out: str
    err: str
    ops: tuple[str, ...]
    """"12 write 4096 /…/x.tmp": the operations that were noted."""
    said: tuple[dict[str, Any], ...]
    """What the desk acknowledged."""


class Warm:
    """The process that has everything loaded (see `warm`)."""

    def __init__(self, library: Path | None, aside: Path, *, everything: bool) -> None:
        self._aside = aside
        more = {"LD_PRELOAD": str(library), PLACE: str(library)} if library else {}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TARJUMAN_")}
        path = os.pathsep.join((str(TESTS.parent), str(TESTS)))
        quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": path, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "promises.crash.warm", *(["--all"] if everything else [])]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**kept, **quiet, **more}
        )

    def ask(self, **asked: Any) -> dict[str, Any]:
        self._begin(**asked)
        return self._answer()

    def _begin(self, **asked: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the warm process is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def run(self, folder: Path, act: str, words: Sequence[str], **more: Any) -> Ended:
        return _ended(self.ask(folder=str(folder), aside=str(self._aside), act=act, words=list(words), **more))

    def walk(self, folder: Path, act: str, words: Sequence[str], look: Look) -> Ended:
        """Run, and `look` at the files at every operation: told which one, and what was acknowledged so far."""
        ask, answer = self._aside / "ask", self._aside / "answer"
        for pipe in (ask, answer):
            pipe.unlink(missing_ok=True)
            os.mkfifo(pipe)
        before = set(self._aside.iterdir())
        asked = {"folder": str(folder), "aside": str(self._aside), "act": act, "words": list(words)}
        self._begin(**asked, at=0, how=How.HOLD, ahead=0, hold=[str(ask), str(answer)])
        with ask.open(encoding="utf-8") as asking, answer.open("wb", buffering=0) as answering:
            (logs,) = set(self._aside.iterdir()) - before
            for line in asking:
                look(line.strip(), (logs / "said").read_text("utf-8").splitlines())
                answering.write(b"+")
        return _ended(self._answer())

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()


def _ended(told: Mapping[str, Any]) -> Ended:
    said = tuple(json.loads(line) for line in told["said"].splitlines())
    return Ended(told["status"], told["out"], told["err"], tuple(told["ops"].splitlines()), said)


class Bench:
    """A command, its folder as it is laid out, and what comes of it when nothing happens."""

    def __init__(self, command: Command, warm: Warm, place: Path) -> None:
        self.command, self._warm, self._place = command, warm, place
        self._laid, self.now = place / "laid", place / "now"
        place.mkdir(parents=True)
        project(self.now)
        command.lay(self.now, self._undisturbed)
        self._words = command.words(self.now)
        practice = shutil.copytree(self.now, place / "practice")
        warm.ask(practise=True, load=list(command.load), folder=str(practice), act=command.act, words=self._words)
        shutil.rmtree(practice)
        self.due = _people(self.now)
        shutil.move(self.now, self._laid)
        self._known: dict[str, list[str]] = {}

    def _undisturbed(self, act: str, words: Sequence[str]) -> None:
        ended = self._warm.run(self.now, act, words)
        if ended.status:
            raise RuntimeError(f"{self.command.name} cannot be laid out: {ended.err}")

    def fresh(self) -> None:
        """The folder as it was."""
        shutil.rmtree(self.now, ignore_errors=True)
        shutil.copytree(self._laid, self.now)

    def run(self, **more: Any) -> Ended:
        return self._warm.run(self.now, self.command.act, self._words, **more)

    @cached_property
    def ideal(self) -> tuple[Ended, dict[str, str]]:
        """A run in which nothing happens: how it ends, and the files it leaves."""
        self.fresh()
        ended = self.run(at=0, how=How.DIE, ahead=0)
        if "Traceback" in ended.err or any("broken" in one for one in ended.said):
            raise RuntimeError(f"{self.command.name} does not work at all: {ended.err} {ended.said}")
        return ended, _tree(self.now)

    @property
    def states(self) -> int:
        """How many different states the files were found in, and gone on from."""
        return len(self._known)

    @property
    def ops(self) -> tuple[str, ...]:
        """Every file operation of that run."""
        return self.ideal[0].ops

    def walked(self) -> tuple[int, list[str]]:
        """Go through a run, and at each operation take the files as a sudden end would leave them; what is wrong.

        What is there then is judged at once, and every state that is new is gone on from afterwards.
        """
        points, found, seen, kept = 0, [], "", {}
        states = self._place / "states"
        self.fresh()

        def look(op: str, said: Sequence[str]) -> None:
            nonlocal points, seen
            points += 1
            state = _state(self.now)
            name = _digest(state)
            if (judged := name + _digest(said)) != seen:
                seen = judged
                found.extend(f"{self.command.name}, at {op}: {w}" for w in self._whole(map(json.loads, said)))
            if name not in kept and name not in self._known:
                kept[name] = op.replace(str(self.now), "")
                shutil.copytree(self.now, states / name)

        self._warm.walk(self.now, self.command.act, self._words, look)
        for number, (name, op) in enumerate(kept.items()):
            shutil.rmtree(self.now)
            (states / name).rename(self.now)
            self._known[name] = self._gone_on(LATER * (number % 2))
            found += [f"{self.command.name}, ended at {op}: {wrong}" for wrong in self._known[name]]
        return points, found

    def killed(self, at: int, how: How) -> list[str]:
        """Die at an operation, then run again; what is wrong."""
        self.fresh()
        ahead = LATER * (at % 2)
        ended = self.run(at=at, how=how, ahead=ahead)
        return [f"{self._at(ended, how)}: {wrong}" for wrong in (*self._whole(ended.said), *self._again(ahead))]

    def ill(self, at: int, how: How) -> list[str]:
        """Run on a disk that fails from an operation on, then on one that does not; what is wrong."""
        self.fresh()
        ended = self.run(at=at, how=how, ahead=0)
        found = (*self._told_plainly(ended), *self._whole(ended.said), *self._again(0))
        return [f"{self._at(ended, how)}: {wrong}" for wrong in found]

    def forbidden(self, folder: str) -> list[str]:
        """Run as somebody who may only read a folder, then as somebody who may write; root alone can try it."""
        self.fresh()
        place = self.now / folder
        place.mkdir(parents=True, exist_ok=True)
        everything = [place, *place.rglob("*")] if folder != "." else [place]
        for path in (self.now, *self.now.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)
        ended = self.run(user=NOBODY)
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)
        for path in (self.now, *self.now.rglob("*")):
            os.chown(path, 0, 0)
        found = (*self._told_plainly(ended), *self._whole(ended.said), *self._again(0))
        return [f"{folder} may only be read: {wrong}" for wrong in found]

    def mounts(self) -> bool:
        """Whether this process may mount a small disk."""
        place = self._place / "mount"
        place.mkdir(exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
        if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
            return False
        subprocess.run(["umount", str(place)], check=True)
        return True

    def crowded(self, room: int) -> list[str]:
        """Run on a real small disk with this much room left, then with enough."""
        self.fresh()
        size = sum(path.stat().st_size + 4096 for path in self.now.rglob("*")) + 8192
        aside = self._place / "aside"
        shutil.rmtree(aside, ignore_errors=True)
        self.now.rename(aside)
        self.now.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size + room}", "tmpfs", str(self.now)], check=True)
        try:
            shutil.copytree(aside, self.now, dirs_exist_ok=True)
            ended = self.run()
            found = [*self._told_plainly(ended), *self._whole(ended.said)]
            subprocess.run(["mount", "-o", "remount,size=200m", str(self.now)], check=True)
            found += self._again(0)
        finally:
            subprocess.run(["umount", str(self.now)], check=True)
        return [f"a disk with {room:,} bytes left: {wrong}" for wrong in found]

    def _told_plainly(self, ended: Ended) -> list[str]:
        """A failing disk is one line and an exit code of docs/cli.md; where it is no failure, everything is there."""
        if ended.status < 0 or "Traceback" in ended.err.partition(_GOODBYE)[0]:
            return [f"ends with {ended.status} and says: {ended.err.strip()[-900:]}"]
        wanted, files = self.ideal
        if ended.status == wanted.status and self.command.act == "tarjuman":
            there = _tree(self.now)
            made = {name for name, what in files.items() if not _CACHE.search(name) and "database" not in what}
            return [f"ends well, but {name} is not what it would be" for name in sorted(made)
                    if there.get(name) != files[name]]  # fmt: skip
        lines = [line for line in ended.err.splitlines() if line.startswith("tarjuman: ")]
        refused = any("refused" in one for one in ended.said)
        if refused or ended.status == wanted.status or (1 <= ended.status <= 6 and lines):
            return []
        return [f"ends with {ended.status} without a word: {ended.err.strip()[-600:]}"]

    def _at(self, ended: Ended, how: How) -> str:
        place = ended.ops[-1].replace(str(self.now), "") if ended.ops else "no operation"
        return f"{self.command.name}, {how.name.lower()} at {place}"

    def _whole(self, acknowledged: Iterable[Mapping[str, Any]]) -> list[str]:
        """Behind the end: is everything of people there?"""
        heard = list(acknowledged)
        try:
            there = _texts(self.now)
        except TarjumanError as error:
            return [f"cannot be read: {error}"]
        missing = sorted(self.due - there)
        said = {(one["slug"], one["text"]) for one in heard if "text" in one}
        lost = sorted(said - there)
        return [
            *(f"a person's text is missing: {text!r}" for text in missing),
            *(f"what the desk called saved is missing: {text!r}" for text in lost),
            *(str(one["broken"]) for one in heard if "broken" in one),
            *([f"what the desk called saved is not in the term file: {one['term']}" for one in heard
               if "term" in one and one["term"] not in (self.now / "terms.tsv").read_text("utf-8")]),
        ]  # fmt: skip

    def _again(self, ahead: int) -> list[str]:
        """The next run: the same end and the same files as if nothing had happened.

        Two ends that left the same files are gone on from once. Databases count as the same where they are in the same
        state (whole, to be rolled back, empty): what is in them can be made again, and SQLite has tests of its own.
        """
        state = _digest(_state(self.now))
        if state not in self._known:
            self._known[state] = self._gone_on(ahead)
        return self._known[state]

    def _gone_on(self, ahead: int) -> list[str]:
        wanted, files = self.ideal
        ended = self.run(at=0, how=How.DIE, ahead=ahead + 10)
        found = self._whole(ended.said)
        if ended.status != wanted.status or "Traceback" in ended.err:
            found.append(f"the next run ends with {ended.status} and not {wanted.status}: {ended.err.strip()[-600:]}")
        there = _tree(self.now)
        found += [f"the next run leaves {name}" for name in sorted(there.keys() - files.keys())]
        found += [f"the next run does not make {name}" for name in sorted(files.keys() - there.keys())]
        found += [f"{name} is not what it would be" for name in sorted(files.keys() & there.keys())
                  if files[name] != there[name]]  # fmt: skip
        return found


# --- what is on the disk ----------------------------------------------------------------------------------------------


def _people(folder: Path) -> set[tuple[str, str]]:
    """(article, text) of everything that people wrote or confirmed."""
    found = set()
    for path in drafts.inside(folder / "drafts"):
        draft = drafts.load(path)
        slug = draft.article.slug
        for target in (*draft.targets.values(), *(target for _, target in draft.orphans.values())):
            if target.state in (State.EDITED, State.APPROVED) or target.origin is Origin.PERSON:
                found.add((slug, target.text))
            found |= {(slug, other.text) for other in target.alternatives if other.origin is Origin.PERSON}
    return found


def _texts(folder: Path) -> set[tuple[str, str]]:
    """(article, text) of everything that stands in drafts and journals.

    Raises:
        TarjumanError: a draft is torn.
    """
    found = set()
    for path in drafts.inside(folder / "drafts"):
        draft = drafts.load(path)
        slug = draft.article.slug
        for target in (*draft.targets.values(), *(target for _, target in draft.orphans.values())):
            found.add((slug, target.text))
            found |= {(slug, other.text) for other in (*target.alternatives, *filter(None, (target.started,)))}
    for path in (folder / "drafts").glob(f".desk/*{SUFFIX}"):
        slug = path.name.removesuffix(SUFFIX)
        for line in Journal(path).read():
            found |= {(slug, text) for text in _strings(line)}
    for path in drafts.inside(folder / "made"):
        drafts.load(path)
    return found


def _strings(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value}
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for part in parts for text in _strings(part)}


def _digest(value: object) -> str:
    return sha256(json.dumps(value).encode()).hexdigest()


def _state(folder: Path) -> list[tuple[str, str]]:
    """Every file with what is in it; of a database and what SQLite keeps beside it, only how far they are."""
    files = {path: path.read_bytes() if path.is_file() else b"folder" for path in sorted(folder.rglob("*"))}
    bases = {path.name for path, data in files.items() if data.startswith(_SQLITE)}
    found = []
    for path, data in files.items():
        if _SYSTEM.match(path.relative_to(folder).as_posix()):
            continue
        base = path.name in bases or path.name.endswith(("-journal", "-wal", "-shm"))
        what = f"database {bool(data)} {bool(data[:8].strip(bytes(1)))}" if base else sha256(data).hexdigest()
        found.append((path.relative_to(folder).as_posix(), what))
    return found


def _tree(folder: Path) -> dict[str, str]:
    """Path -> what is in the file; of a database only whether it is sound.

    Without journals, which tell how often somebody tried; `_texts` looks into them.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _SYSTEM.match(name) or path.suffix == SUFFIX:
            continue
        if path.is_dir():
            found[name] = "folder"
            continue
        data = path.read_bytes()
        if data.startswith(_SQLITE):
            found[name] = f"a database: {_soundness(path)}"
        else:
            found[name] = sha256(_TIMES.sub(b"now", data)).hexdigest()
    return found


def _soundness(path: Path) -> str:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
            return str(base.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)

"""The two servers of the product, each in a process of its own, as people start them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parent.parent.parent
_CODE = "import sys; from translate.cli import main; main(sys.argv[1:])"
SECONDS = 60


class Server:
    """A command that says its address and then answers there until it is ended."""

    def __init__(self, arguments: list[str], home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._log = home / "log.txt"
        self._arguments, self._home = arguments, home
        self.base, self.token, self.port = "", "", 0

    def __enter__(self) -> Server:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-c", _CODE, *self._arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
                env={**os.environ, "TARJUMAN_HOME": str(self._home / "own")},
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"(http://\S+?)/(?:\?token=(\S+))?\s*$", line)
        if not found:
            self.process.kill()
            self.process.wait()
            raise RuntimeError(line + "\n".join(self.log()))
        self.base, self.token = found[1], found[2] or ""
        self.port = int(self.base.rsplit(":", 1)[1])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def log(self) -> list[str]:
        """What it said on the terminal so far, its address apart."""
        return self._log.read_text(encoding="utf-8", errors="replace").splitlines()


class Desk(Server):
    """`tarjuman review` of a folder."""

    def __init__(self, drafts: Path, home: Path, terms: Path | None = None, *more: str) -> None:
        glossary = str(terms) if terms is not None else "none"
        where = ["review", str(drafts), "--port", "0", "--no-open", "--engine", "fake", "--who", "Layla"]
        super().__init__([*where, "--glossary", glossary, *more], home)


class Preview(Server):
    """`tarjuman serve` of a folder."""

    def __init__(self, drafts: Path, home: Path, *more: str) -> None:
        where = ["serve", "--drafts", str(drafts), "--port", "0", "--no-open", "--glossary", "none"]
        super().__init__([*where, *more], home)

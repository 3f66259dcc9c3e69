"""Drafts -> a PDF with Arabic and English facing each other, printed by a Chromium that is on this computer.

The page is ours alone: no script, no network, a folder of its own that is gone afterwards. What Chromium notes down
about the moment of printing is set to the moment of the last edit, so that the same drafts give the same PDF.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from translate.books.content import book
from translate.books.fonts import FOLDER, PAPER, faces, shipped
from translate.books.pages import Pages
from translate.books.paper import sheets
from translate.books.settings import BookSettings
from translate.document import Draft
from translate.errors import OutputError, UsageError

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "brave",
)
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--proxy-server=127.0.0.1:9",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
"""Nothing but the page is read: whatever Chromium would ask of a network goes nowhere."""
PATIENCE = 300
"""Seconds that printing may take."""
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:(\d{14})([^)]*)\)")


def find(wanted: Path | None = None) -> Path:
    """The Chromium to print with: the one wanted, or the first that is installed."""
    names = [str(wanted)] if wanted else list(PROGRAMS)
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    if wanted:
        raise UsageError("there is no such program", str(wanted), "name the program file of Chromium or Chrome")
    raise UsageError(
        "no Chromium on this computer to print with", hint="install Chromium or Chrome, or name it with --chromium"
    )


def printed(drafts: Sequence[Draft], settings: BookSettings, chromium: Path, *, sandbox: bool = True) -> bytes:
    """The articles in their order as one PDF."""
    whole = book(drafts, settings, "")
    pages = Pages(settings.templates)
    fonts = shipped(PAPER, settings.templates)
    files = {f"{FOLDER}/{name}": data for name, data in fonts.items()}
    files["fonts.css"] = faces(PAPER, fonts)
    files["paper.css"] = sheets(whole, settings.paper).encode("ascii")
    files |= {name: pages.file(name) for name in ("book.css", "print.css")}
    styles = ("fonts.css", "book.css", "print.css", "paper.css")
    files["print.xhtml"] = pages.page("print.xhtml", {"book": whole, "sheets": styles})
    with tempfile.TemporaryDirectory(prefix="tarjuman-") as name:
        folder = Path(name)
        for path, data in files.items():
            place = folder / "page" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        return dated(_print(folder, chromium, sandbox), whole.modified)


def _print(folder: Path, chromium: Path, sandbox: bool) -> bytes:
    out = folder / "book.pdf"
    page = (folder / "page" / "print.xhtml").as_uri()
    free = [] if sandbox and not _is_root() else ["--no-sandbox"]
    command = [str(chromium), *QUIET, *free, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={out}", page]
    try:
        done = subprocess.run(  # noqa: S603 - the program of this computer, our own options, a page of our own
            command, capture_output=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise OutputError(
            f"printing took more than {PATIENCE} seconds", str(chromium), "export fewer articles"
        ) from error
    except OSError as error:
        raise OutputError(f"Chromium cannot be started: {error.strerror}", str(chromium)) from error
    if not out.is_file() or not out.stat().st_size:
        raise OutputError("Chromium printed nothing", str(chromium), _advice(done.stderr.decode("utf-8", "replace")))
    return out.read_bytes()


def _is_root() -> bool:
    """Chromium has no sandbox for root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _advice(said: str) -> str:
    if "sandbox" in said.lower():
        return (
            "it has no sandbox here, as in many containers: --no-sandbox prints without; the page has no script in it"
        )
    last = [line for line in said.splitlines() if line.strip()]
    return f"it said: {last[-1].strip()[:200]}" if last else "it said nothing; does it start by itself?"


def dated(pdf: bytes, moment: str) -> bytes:
    """The same PDF, made at a given moment: `'2026-11-20T10:00:00Z'`. No byte moves."""
    digits = re.sub(r"\D", "", moment).encode("ascii")
    return _DATE.sub(lambda found: b"/%s (D:%s%s)" % (found[1], digits, found[3]), pdf)

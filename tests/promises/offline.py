"""Nothing goes out: every command of the README without a network, every module imported, every page looked at.

Each command runs cut off (`cut_off.py`) with an empty home, no model converted and no setting made, must do its work
and ask for nothing. That the guards would see it if something were asked is tried first.
"""

from __future__ import annotations

import ast
import contextlib
import json
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from promises import cut_off, loaded
from promises.cut_off import GUARD, ROOT, Ran
from promises.figure import Figure, Scale

PACKAGES = ("translate", "glossary", "site_templates", "training")
SMALL_PACKAGES = PACKAGES[:3]
"""Training loads torch: for the full scale."""
HEAVY = ("torch", "transformers", "ctranslate2", "sentencepiece", "safetensors", "huggingface_hub", "trafilatura")
SENTENCE = "سيطرت القوات العراقية على الساحل الأيسر من الموصل، ونصب التنظيم مفارز على الطرق.\n"
WENT_OUT = {
    "a name looked up": "import socket; socket.getaddrinfo('example.org', 443)",
    "a connection": "import socket; socket.create_connection(('192.0.2.1', 443), 1)",
    "a datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "a page fetched": "import urllib.request as u; u.urlopen('https://example.org/', timeout=1)",
    "a process of a process": (
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'import socket; socket.gethostbyname(\"example.org\")'])"
    ),
    "a server for everybody": "import socket; socket.socket().bind(('198.51.100.7', 0))",
}
"""What the guard in Python must see."""
NATIVE = "import socket; s = socket.socket(); s.settimeout(1); s.connect(('192.0.2.1', 443))"
"""What the system must count, with Python's own guard switched off as if it were no Python."""
NETWORK = {
    *("socket", "ssl", "urllib.request", "http.client", "ftplib", "smtplib", "poplib", "imaplib", "xmlrpc", "requests"),
    *("httpx", "httpx2", "aiohttp", "urllib3", "websockets", "huggingface_hub", "webbrowser", "telnetlib"),
}
"""Modules through which a program can reach out."""
ALLOWED = {
    "translate/registry.py": {"huggingface_hub"},
    "translate/batch/cluster.py": {"socket"},
    "translate/review/__init__.py": {"socket"},
    "translate/review/door.py": {"socket"},
    "translate/review/patience.py": {"socket"},
    "translate/cli/reviewing.py": {"webbrowser"},
    "translate/cli/publishing.py": {"webbrowser"},
}
"""Who may have them, and for what: `models add`; the cluster of `archive --address`; listening on this computer;
opening one's own page."""
TESTS = ("test_cli.py", "test_registry.py", "test_readers.py", "test_site.py", "test_docs.py", "test_architecture.py")
DESK_PATHS = ("/static/desk.css", "/static/desk.js")


@dataclass(frozen=True, slots=True)
class Command:
    """A command as the README has it."""

    line: str
    """What follows `tarjuman`; `{work}` is the folder everything is written to."""
    says: str
    """A pattern in what it says when it did its work."""
    text: str = ""
    small: str = ""
    """What stands in its place at the small scale; empty: nothing."""


COMMANDS = (
    Command("models list", "bundled, default"),
    Command(
        "draft seeds --drafts {work}/machine",
        "5 drafts, 84 of 84 segments translated",
        small="draft seeds/isis-secret-documents-mutiny.md --drafts {work}/machine --engine fake",
    ),
    Command("draft seeds --drafts {work}/machine", "5 drafts, 0 of 84 segments translated"),
    Command(
        "publish --drafts {work}/machine --output {work}/machine-site --title Mosul",
        "open .*index.html",
        small="publish --drafts {work}/machine --output {work}/machine-site --title Mosul",
    ),
    Command("draft seeds --drafts {work}/drafts", "5 drafts, 0 of 84 segments translated"),
    Command("publish --drafts {work}/drafts --output {work}/site", "5 articles, 84 sentences, 0 not reviewed"),
    Command("translate -", "Left Bank.*terms 5/5 honoured", SENTENCE, small="translate - --engine fake"),
    Command("translate - --engine marian --format json", "Left Bank", SENTENCE),
    Command("export --drafts {work}/drafts --format epub -o {work}/books", "epub"),
    Command("export --drafts {work}/drafts --format xlsx -o {work}/sheets", "xlsx"),
    Command("glossary check", ""),
    Command("glossary usage --drafts {work}/drafts", ""),
    Command("effort {work}/drafts", ""),
    Command("models info", "fingerprint"),
)


def prove(scale: Scale) -> Iterator[Figure]:
    """The guards, the imports, the commands, the pages, and the one way out there is."""
    yield _guards(scale)
    yield _imports(scale)
    ran = list(_commands(scale))
    yield _worked(ran)
    yield _silent(ran)
    yield _pages(scale, ran)
    if scale.full:
        yield _opened(scale)
        yield _tests(scale)
    yield _ways_out(scale)


def _folder(scale: Scale, name: str) -> Path:
    """A new folder, with a home of its own once something runs there."""
    folder = scale.folder / name
    folder.mkdir(parents=True)
    return folder


# --- the guards ------------------------------------------------------------------------------------------------------


def _guards(scale: Scale) -> Figure:
    """What goes out on purpose has to be seen, or nothing that follows means anything."""
    broken = []
    tried = dict(list(WENT_OUT.items())[: scale.of(1, len(WENT_OUT))])
    for number, (name, code) in enumerate(tried.items()):
        ran = cut_off.run(["-c", code], _folder(scale, f"guard-{number}"))
        if not ran.attempts:
            broken.append(f"not seen: {name}: {code}")
    if cut_off.way():
        ran = cut_off.run(["-S", "-c", NATIVE], _folder(scale, "guard-native"))
        if not any("packets" in attempt for attempt in ran.attempts):
            broken.append(f"not counted by the system: {NATIVE}")
    count = len(tried) + bool(cut_off.way())
    return Figure("What would go out is seen and stopped", count, "ways out tried", broken, cut_off.isolated())


EXTRAS = ("ray",)
"""Packages that only a few need, and few have: what loads them cannot be imported without."""

# --- imports ---------------------------------------------------------------------------------------------------------


def _imports(scale: Scale) -> Figure:
    """Import everything in one process, the libraries too."""
    packages = PACKAGES if scale.full else SMALL_PACKAGES
    names = [name for package in packages for name in _modules(package)] + list(HEAVY if scale.full else ())
    code = (
        f"import importlib\nfor name in {names!r}:\n    try:\n        importlib.import_module(name)\n"
        f"    except ModuleNotFoundError as error:\n        if error.name not in {EXTRAS!r}:\n            raise"
    )
    ran = cut_off.run(["-W", "ignore", "-c", code], _folder(scale, "imports"))
    broken = [*ran.attempts, *filter(None, [ran.wrong()])]
    note = f"with {len(HEAVY)} libraries under them; {len(ran.attempts)} look-ups" if scale.full else ""
    return Figure("Nothing is looked up when a module is imported", len(names), "modules", broken, note)


def _modules(package: str) -> Iterator[str]:
    for path in sorted((ROOT / package).rglob("*.py")):
        if path.name != "__main__.py":
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


# --- commands --------------------------------------------------------------------------------------------------------

Done = tuple[str, Ran, str]
"""A command line, what came of it, what was wrong with it."""


def _commands(scale: Scale) -> Iterator[Done]:
    """One home for all of them, empty at first: what the first makes there the later ones use, as with a person."""
    work = _folder(scale, "work")
    shutil.copytree(ROOT / "drafts", work / "drafts")
    for command in COMMANDS:
        line = command.line if scale.full else command.small
        if not line:
            continue
        arguments = [part.replace("{work}", str(work)) for part in line.split()]
        ran = cut_off.run(["-m", "translate.cli", *arguments], work, command.text)
        said = " ".join(f"{ran.out} {ran.err}".split())
        wrong = ran.wrong()
        if scale.full and not wrong and not re.search(command.says, said):
            wrong = f"did not say {command.says!r}: {said[-200:]}"
        yield f"tarjuman {line}", ran, wrong
    yield from _served(work, scale)


def _served(work: Path, scale: Scale) -> Iterator[Done]:
    """The desk and the preview: they listen on this computer, and answer."""
    drafts = str(work / ("drafts" if scale.full else "machine"))
    lines = [(["review", drafts, "--no-open", "--port", "0"], DESK_PATHS)]
    if scale.full:
        lines.append((["serve", "--drafts", drafts, "--no-open", "--port", "0"], ("/index.html",)))
    for line, paths in lines:
        server = [sys.executable, "-m", "translate.cli", *line]
        ran = cut_off.run([str(GUARD / "visit.py"), *server, "--", *paths], work)
        yield f"tarjuman {' '.join(line[:1])}", ran, ran.wrong()


def _worked(ran: Sequence[Done]) -> Figure:
    broken = [f"{line}: {wrong}" for line, _, wrong in ran if wrong]
    note = f"{sum(one.processes for _, one, _ in ran)} processes; an empty home, no converted model"
    return Figure("Every command of the README works without a network", len(ran), "commands", broken, note)


def _silent(ran: Sequence[Done]) -> Figure:
    broken = [f"{line}: {attempt}" for line, one, _ in ran for attempt in one.attempts]
    note = f"{len(broken)} names looked up, connections begun, packets without a way"
    return Figure("No command asks anything of the network", len(ran), "commands", broken, note)


# --- pages -----------------------------------------------------------------------------------------------------------


def _pages(scale: Scale, ran: Sequence[Done]) -> Figure:
    """Read what was published and what the desk answered: every address a browser would fetch is our own."""
    work = scale.folder / "work"
    broken, count, pages = [], 0, 0
    for site in (work / "machine-site", work / "site"):
        for path, address in loaded.of_folder(site) if site.exists() else ():
            count += 1
            if loaded.is_elsewhere(address):
                broken.append(f"{path.relative_to(work)}: {address}")
        for path in sorted(site.rglob("*.html")):
            pages += 1
            if wrong := _policy(loaded.of_page(path.read_text(encoding="utf-8"))[1]):
                broken.append(f"{path.relative_to(work)}: {wrong}")
    for line, one, _ in ran:
        if line == "tarjuman review" and one.out.startswith("{"):
            for path, text in json.loads(one.out).items():
                found = loaded.of_page(text)[0]
                count += len(found)
                broken += [f"desk {path}: {address}" for address in found if loaded.is_elsewhere(address)]
    note = f"{pages} pages of the site, each with a policy that refuses all else"
    return Figure("No page loads anything from elsewhere", count, "addresses", broken, note)


def _policy(policy: str) -> str:
    """What is wrong with a content security policy: it must allow nothing, and of the rest only the site itself."""
    rules = [rule.split() for rule in policy.split(";") if rule.split()]
    if ["default-src", "'none'"] not in rules:
        return f"no policy that refuses everything: {policy!r}"
    allowed = {source for rule in rules for source in rule[1:]} - {"'none'", "'self'"}
    return f"the policy allows {', '.join(sorted(allowed))}" if allowed else ""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def _opened(scale: Scale) -> Figure:
    """Open every page in Chromium and listen to what it asks for."""
    promise = "Pages that are opened ask for nothing elsewhere"
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        return Figure(promise, 0, "requests", skipped="no Chromium on this computer")
    site = scale.folder / "work" / "site"
    pages = sorted(site.rglob("*.html"))
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/"
    with contextlib.closing(_Closing(server.shutdown)), sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page: Any = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for path in pages:
            page.goto(home + path.relative_to(site).as_posix(), wait_until="load")
        browser.close()
    broken = [address for address in asked if not address.startswith((home, "data:", "blob:"))]
    return Figure(promise, len(asked), "requests", broken, f"{len(pages)} pages in Chromium")


@dataclass(frozen=True, slots=True)
class _Closing:
    close: Callable[[], None]


# --- the test command ------------------------------------------------------------------------------------------------


def _tests(scale: Scale) -> Figure:
    """What `scripts/test` does once it is installed: the checks of form, and tests of every kind but the slow ones."""
    folder = _folder(scale, "tests")
    chosen = [f"tests/{name}" for name in TESTS]
    lines = (
        ["-m", "ruff", "check", "--no-cache"],
        ["-m", "ruff", "format", "--check", "--no-cache"],
        ["-m", "pytest", "-p", "no:cacheprovider", *chosen],
    )
    broken, count = [], 0
    for line in lines:
        ran = cut_off.run(line, folder)
        if wrong := ran.wrong():
            broken.append(f"{' '.join(line[:3])}: {wrong}: {ran.out[-300:]}")
        broken += [f"{' '.join(line[:3])}: {attempt}" for attempt in ran.attempts]
        count += int(found[1]) if (found := re.search(r"(\d+) passed", ran.out)) else 1
    return Figure("The code is checked and tested without a network", count, "checks and tests", broken)


# --- the one way out -------------------------------------------------------------------------------------------------


def _ways_out(scale: Scale) -> Figure:
    """Only `models add` with a name of the hub asks for anything, and only there; besides, a cluster's file could.

    That it asks, and whom, is tried at full scale; that it fails with one clear line, in `tests/test_registry.py` too.
    """
    broken, files = [], 0
    for package in SMALL_PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            files += 1
            place = path.relative_to(ROOT).as_posix()
            broken += [f"{place} imports {name}" for name in _reaching(path) - ALLOWED.get(place, set())]
    if scale.full:
        broken += _asked_of_the_hub(_folder(scale, "hub"))
    note = "`models add` asks huggingface.co alone, and says so where it cannot" if scale.full else ""
    return Figure(
        "Only `models add` and `archive --address` can reach out, where they are told to",
        files,
        "files read",
        broken,
        note,
    )


def _asked_of_the_hub(folder: Path) -> Iterator[str]:
    """What is wrong with the way the one command asks."""
    ran = cut_off.run(["-m", "translate.cli", "models", "add", "Helsinki-NLP/opus-mt-ar-en"], folder, more=_IMPATIENT)
    hosts = {found for attempt in ran.attempts for found in re.findall(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", attempt)}
    hosts -= {attempt.split()[0] for attempt in ran.attempts}  # socket.getaddrinfo looks like a name too
    if not ran.attempts or not hosts <= {"huggingface.co"}:
        yield f"models add asked for {', '.join(sorted(hosts)) or 'nothing'}"
    if ran.code != 4 or "cannot be reached" not in ran.err:
        yield f"models add without a network: exit {ran.code}: {ran.err[-200:]}"


_IMPATIENT = {"HF_HUB_DOWNLOAD_TIMEOUT": "1", "HF_HUB_ETAG_TIMEOUT": "1"}


def _reaching(path: Path) -> set[str]:
    """Modules for reaching out that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {net for net in NETWORK for name in names if name == net or name.startswith(net + ".")}

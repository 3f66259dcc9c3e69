"""A folder of advisories as a service that pip-audit can ask, on this computer alone.

The folder is a copy of the Python Packaging Advisory Database (github.com/pypa/advisory-database): one YAML file for
each weakness, by library. The service answers as OSV does (`POST` of a library and a version), and knows as much as the
folder: how old its newest file is, is told beside the figure.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

FOLDER = "TARJUMAN_ADVISORIES"
"""Environment variable: where the folder is."""


@dataclass(frozen=True, slots=True)
class Advisories:
    """What a folder knows of some libraries."""

    count: int
    """Files in the folder."""
    newest: str
    """"2026-11-20" - when the newest of those that were read was last changed."""
    known: Mapping[str, Sequence[Mapping[str, Any]]]
    """Library -> its weaknesses."""

    def of(self, name: str, version: str) -> list[Mapping[str, Any]]:
        """Weaknesses of one version of a library."""
        name = canonicalize_name(name)
        return [one for one in self.known.get(name, ()) if any(_hits(each, name, version) for each in one["affected"])]


def read(folder: Path, names: Sequence[str]) -> Advisories:
    """Of a folder, what is said of some libraries; YAML is slow, and most of it is about others."""
    files = sorted(folder.rglob("*.yaml"))
    wanted = {canonicalize_name(name) for name in names}
    known: dict[str, list[Mapping[str, Any]]] = {}
    newest = ""
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("modified:"):
                newest = max(newest, line.removeprefix("modified:").strip(" '\"")[:10])
        if canonicalize_name(path.parent.name) in wanted:
            said = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
            known.setdefault(canonicalize_name(path.parent.name), []).append(said)
    return Advisories(len(files), newest, known)


def _hits(affected: Mapping[str, Any], name: str, version: str) -> bool:
    """Whether a version stands in a list of versions, or between where a weakness came in and where it went."""
    if canonicalize_name(affected["package"]["name"]) != name:
        return False
    ours = Version(version)
    if any(_version(one) == ours for one in affected.get("versions", ())):
        return True
    return any(_within(one["events"], ours) for one in affected.get("ranges", ()) if one["type"] == "ECOSYSTEM")


def _within(events: Sequence[Mapping[str, str]], ours: Version) -> bool:
    """`introduced 1.0, fixed 1.4`: the last of them that is not behind us says whether we have it."""
    inside = False
    for event in sorted(events, key=lambda one: _version(next(iter(one.values())))):
        ((what, where),) = event.items()
        there = _version(where)
        if what == "introduced" and there <= ours:
            inside = True
        elif (what == "fixed" and there <= ours) or (what == "last_affected" and there < ours):
            inside = False
    return inside


def _version(said: str) -> Version:
    """`0` is before everything; what is no version stands nowhere."""
    try:
        return Version(said) if said != "0" else Version("0.dev0")
    except InvalidVersion:
        return Version("0.dev0")


@contextmanager
def served(advisories: Advisories) -> Iterator[str]:
    """The address that answers, while it is needed."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            found = advisories.of(asked["package"]["name"], asked["version"])
            body = json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

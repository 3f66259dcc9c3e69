"""What Tarjuman is made of: its libraries with their licences, as a page, a pinned list and a bill of materials.

    python scripts/materials.py licences          # docs/licences.md, from the metadata of what is installed
    python scripts/materials.py bill FILE.json    # the same as CycloneDX 1.6, with the model and the fonts
    python scripts/materials.py lock              # requirements.lock, with uv (pip install uv)

A library is ours when `pyproject.toml` names it or a library of ours needs it. Knows nothing of how they are used.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
LOCK = ROOT / "requirements.lock"
APART = "torch"
"""Installed first and by its number alone: which file it is depends on the processor and on the place it comes from."""
FOR_GPUS = re.compile(r"nvidia-|cuda-|triton")
"""What some builds of torch bring for graphics cards, NVIDIA's under a licence of its own; not needed here."""

PERMISSIVE = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python", "HPND", "ISC"),
        *("MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Unlicense", "Zlib", "Apache-2.0 WITH LLVM-exception"),
    }
)
"""Licences under which a library may be used, changed and passed on by whoever says where it is from."""
WEAK = {
    "certifi": "MPL-2.0: a list of certificates, used as it is; only changes to its own files would have to be shown",
    "fqdn": "MPL-2.0: only for proving; used as it is",
    "hypothesis": "MPL-2.0: only for tests; used as it is",
    "pathspec": "MPL-2.0: only for tests, under mypy; used as it is",
    "tld": "MPL-1.1, of three to choose from: a list of domains, used as it is",
    "tqdm": "MPL-2.0 and MIT: progress bars under transformers and the hub; used as it is",
}
"""Libraries with a licence that asks something for changes to their own files, each looked at; and why it is fine."""
WEAK_LICENCES = frozenset({"MPL-2.0", "MPL-1.1"})
SPELT = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "PSFL": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The BSD 2-Clause License": "BSD-2-Clause",
}
"""How libraries that do not use the names of SPDX say it. "BSD" alone is one of two, both permissive."""
SAID = {"atheris": "Apache-2.0"}
"""Libraries that say it only in their licence file."""


@dataclass(frozen=True, slots=True)
class Part:
    """One library."""

    name: str
    """"huggingface-hub" """
    version: str
    licence: str
    """"Apache-2.0", or an expression of SPDX; empty where it says nothing"""
    use: str
    """"always", or the extra that asks for it: "test" """
    needed_by: tuple[str, ...]
    """Libraries that ask for it; "tarjuman" is ourselves"""


@dataclass(frozen=True, slots=True)
class Asset:
    """Something that is no code and is passed on with it."""

    pattern: str
    """Files, from the root of the repository"""
    licence: str
    said_in: str
    """The file that says so"""


ASSETS = (
    Asset(
        "translate/models/tarjuman-ar-en/*.safetensors", "CC-BY-NC-SA-4.0", "translate/models/tarjuman-ar-en/README.md"
    ),
    Asset("translate/models/tarjuman-ar-en/*.spm", "CC-BY-NC-SA-4.0", "translate/models/tarjuman-ar-en/README.md"),
    Asset("site_templates/static/fonts/*.woff2", "OFL-1.1", "site_templates/static/fonts/OFL.txt"),
    Asset("site_templates/book/fonts/*.woff2", "OFL-1.1", "site_templates/book/fonts/OFL.txt"),
    Asset("tests/toy_model/*.safetensors", "Apache-2.0", "LICENSE"),
    Asset("tests/toy_model/*.spm", "Apache-2.0", "LICENSE"),
    Asset("docs/screenshots/*.webp", "Apache-2.0", "LICENSE"),
    Asset("training/pairs/*.tsv.xz", "CC-BY-NC-SA-4.0", "training/pairs/README.md"),
)
"""Every file of the repository that is not text."""
PROGRAMS = ("scripts/demo", "scripts/test", "scripts/prove", ".ci/run")
"""Every file that may be run; all are text to read."""


# --- libraries -------------------------------------------------------------------------------------------------------


@functools.cache
def parts() -> tuple[Part, ...]:
    """Everything that `pyproject.toml` asks for and what that asks for, as far as it is installed, sorted."""
    found: dict[str, tuple[str, set[str]]] = {}
    for use, wanted in declared().items():
        waiting = [(requirement, "tarjuman") for requirement in wanted]
        while waiting:
            requirement, asked_by = waiting.pop()
            name = canonicalize_name(requirement.name)
            if not _applies(requirement) or (installed := _installed(name)) is None:
                continue
            known = name in found
            found.setdefault(name, (use, set()))[1].add(asked_by)
            if not known:
                waiting += [
                    (one, name)
                    for one in map(Requirement, installed.requires or ())
                    if _applies(one, requirement.extras)
                ]
    return tuple(
        Part(name, _installed_version(name), licence(name), use, tuple(sorted(asked)))
        for name, (use, asked) in sorted(found.items())
    )


def declared() -> dict[str, list[Requirement]]:
    """What `pyproject.toml` asks for: always, and for each extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    given = {"always": project["dependencies"], **project["optional-dependencies"]}
    return {use: [Requirement(line) for line in lines] for use, lines in given.items()}


def licence(name: str) -> str:
    """`'lxml'` -> `'BSD-3-Clause'`: as the library says it, in the names of SPDX; empty where it does not."""
    installed = _installed(name)
    if installed is None or name in SAID:
        return SAID.get(name, "")
    about = installed.metadata
    said = about.get("License-Expression") or ""
    if not said and "\n" not in (about.get("License") or "\n"):
        said = about["License"]
    listed = [line.split(" :: ")[-1] for line in about.get_all("Classifier", []) if line.startswith("License")]
    known = [SPELT[one] for one in listed if one in SPELT]
    return SPELT.get(said, said) or " AND ".join(known) or (listed[0] if listed else "")


def is_fine(part: Part) -> bool:
    """Whether a library may be used: permissive, or one of `WEAK`, looked at by a person."""
    return allowed(part.licence, PERMISSIVE | (WEAK_LICENCES if part.name in WEAK else frozenset()))


def allowed(expression: str, licences: frozenset[str]) -> bool:
    """`'MIT AND (GPL-2.0-only OR MPL-2.0)'` -> whether one of each choice is among `licences`."""
    inner = re.compile(r"\(([^()]*)\)")
    while found := inner.search(expression):
        kept = "0BSD" if _without_brackets(found[1], licences) else "refused"
        expression = expression[: found.start()] + kept + expression[found.end() :]
    return _without_brackets(expression, licences)


def _without_brackets(expression: str, licences: frozenset[str]) -> bool:
    choices = re.split(r"\s+OR\s+", expression.strip())
    return any(all(one.strip() in licences for one in re.split(r"\s+AND\s+", choice)) for choice in choices)


def _installed(name: str) -> importlib.metadata.Distribution | None:
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _installed_version(name: str) -> str:
    found = _installed(name)
    return found.version.split("+")[0] if found else ""


def _applies(requirement: Requirement, extras: set[str] | None = None) -> bool:
    """Whether it is asked for here, with any of the extras of who asks."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""})


# --- the page --------------------------------------------------------------------------------------------------------

HEAD = """\
# Licences

Made by `python scripts/materials.py licences` from what is installed; do not edit. Tarjuman's own code is under
Apache-2.0 ([LICENSE](../LICENSE)). Every library below may be used, changed and passed on by whoever says where it
is from. Those with a weak copyleft are named below with the reason why they are fine; none asks for the GPL, LGPL or
AGPL. `scripts/prove supply` checks it.

Some builds of torch bring NVIDIA's libraries for graphics cards, which are not free software. Tarjuman does not need
them: on a computer without such a card install torch's build for processors before anything else.
"""


def page() -> str:
    """`docs/licences.md`."""
    lines = [HEAD, "## Libraries\n", "| library | licence | for | asked for by |", "|---|---|---|---|"]
    for part in parts():
        asked = ", ".join(part.needed_by[:4]) + (" …" if len(part.needed_by) > 4 else "")
        lines.append(f"| {part.name} | {part.licence} | {part.use} | {asked} |")
    lines += ["\n## Looked at\n", "| library | why it is fine |", "|---|---|"]
    lines += [f"| {name} | {why} |" for name, why in sorted(WEAK.items())]
    lines += ["\n## What is no code\n", "| files | licence | says |", "|---|---|---|"]
    lines += [f"| `{one.pattern}` | {one.licence} | [{one.said_in}](../{one.said_in}) |" for one in ASSETS]
    return "\n".join(lines) + "\n"


# --- the bill of materials -------------------------------------------------------------------------------------------


def bill() -> dict[str, Any]:
    """CycloneDX 1.6: the libraries that are always needed, the model and the fonts; twice made, twice the same."""
    ours = _version()
    pinned = pins()
    always = [part for part in parts() if part.use == "always"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                **{"type": "application", "bom-ref": "tarjuman", "name": "tarjuman", "version": ours},
                **{"purl": f"pkg:pypi/tarjuman@{ours}", "licenses": [{"expression": "Apache-2.0"}]},
            }
        },
        "components": [*(_library(part, pinned) for part in always), *_files()],
        "dependencies": [
            {"ref": name, "dependsOn": sorted(part.name for part in always if name in part.needed_by)}
            for name in ("tarjuman", *(part.name for part in always))
        ],
    }


def _library(part: Part, pinned: Mapping[str, tuple[str, list[str]]]) -> dict[str, Any]:
    version, hashes = pinned.get(part.name, (part.version, []))
    found: dict[str, Any] = {"type": "library", "bom-ref": part.name, "name": part.name, "version": version}
    found |= {"purl": f"pkg:pypi/{part.name}@{version}", "licenses": [{"expression": part.licence}]}
    if len(hashes) == 1:  # of several files it cannot be said which is used; requirements.lock has them all
        found["hashes"] = [{"alg": "SHA-256", "content": hashes[0]}]
    return found


def _files() -> Iterator[dict[str, Any]]:
    """What of the wheel is no code."""
    for asset in ASSETS:
        if not asset.pattern.startswith(("translate/", "site_templates/")):
            continue
        for path in sorted(ROOT.glob(asset.pattern)):
            name = path.relative_to(ROOT).as_posix()
            kind = "machine-learning-model" if path.suffix == ".safetensors" else "file"
            yield {
                **{"type": kind, "bom-ref": name, "name": name, "licenses": [{"license": {"id": asset.licence}}]},
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
            }


def _version() -> str:
    found = re.search(r'__version__ = "([^"]+)"', (ROOT / "translate" / "__init__.py").read_text(encoding="utf-8"))
    return found[1] if found else "0"


# --- the pinned list -------------------------------------------------------------------------------------------------

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
LOCK_HEAD = """\
# Every library of Tarjuman, its extras and its tests with the one version and the files that were tried.
# Made by `python scripts/materials.py lock`; do not edit. To install exactly these:
#     pip install torch=={torch}
#     pip install --require-hashes -r requirements.lock
#     pip install --no-deps .
# torch stands apart: which of its files is right depends on the processor.
"""


def pins() -> dict[str, tuple[str, list[str]]]:
    """The versions and checksums in `requirements.lock`; a library may stand there twice, for two kinds of computer."""
    text = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    starts = list(_PIN.finditer(text))
    found = {}
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", text[start.end() : end])
        found[canonicalize_name(start[1])] = (start[2], hashes)
    return found


def lock() -> str:
    """`requirements.lock`, for every platform and Python that is supported; no address stands in it."""
    command = [
        *("uv", "pip", "compile", "pyproject.toml", "--all-extras", "--universal", "--generate-hashes"),
        *("--python-version", "3.11", "--no-emit-package", APART, "--no-header", "--no-annotate"),
        *("--no-emit-index-url", "--no-emit-find-links", "--quiet"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise SystemExit(done.stderr)
    (torch,) = [str(one.specifier).removeprefix("==") for one in declared()["always"] if one.name == APART]
    blocks = re.split(r"^(?=\S)", done.stdout, flags=re.MULTILINE)
    return LOCK_HEAD.format(torch=torch) + "".join(
        block for block in blocks if not block.startswith("#") and not FOR_GPUS.match(block)
    )


def main(arguments: list[str]) -> None:
    """Make what was asked for."""
    match arguments:
        case ["licences"]:
            PAGE.write_text(page(), encoding="utf-8")
        case ["bill", name]:
            Path(name).write_text(json.dumps(bill(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        case ["lock"]:
            LOCK.write_text(lock(), encoding="utf-8")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])

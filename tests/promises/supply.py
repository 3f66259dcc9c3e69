"""What Tarjuman is made of: libraries pinned and permissive, files listed, weights verified, packages complete.

The lists themselves are made by `scripts/materials.py`; here they are held against what is installed, what is in the
repository and what a build puts into the packages.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from promises import advisories
from promises.cut_off import ROOT
from promises.figure import Figure, Scale
from scripts import materials
from translate import registry
from translate.engines import sealing
from translate.errors import ModelError
from translate.registry import Registry

TOY = ROOT / "tests" / "toy_model"
SECRET = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{36}|\bAKIA[0-9A-Z]{16}\b|\bhf_[A-Za-z]{34}\b"
    rb"|\bpypi-AgEI[A-Za-z0-9_-]{20}|\bxox[baprs]-[A-Za-z0-9-]{20}"
)
"""Keys and tokens as those who give them out write them."""
MARKS = (
    b"PRIVATE KEY",
    *(b"gh" + kind + b"_" for kind in (b"p", b"o", b"u", b"s", b"r")),
    b"AKIA",
    b"hf_",
    b"pypi-",
    b"xox",
)
"""What they begin with: few files hold any of it, and the rest need not be looked at closely."""
IN_WHEEL = (
    *("translate/models/tarjuman-ar-en/model.safetensors", "translate/models/tarjuman-ar-en/checksums.sha256"),
    *("translate/models/tarjuman-ar-en/README.md", "glossary/terms/mosul.tsv", "site_templates/static/fonts/OFL.txt"),
    *("site_templates/book/fonts/OFL.txt", "translate/cli/__init__.py", "translate/terminology/background.tsv"),
)
NOT_IN_WHEEL = re.compile(
    r"(^|/)(tests|training|benchmarks|drafts|seeds|output|scripts|docs|\.git|\.ci)/|\.pyc$|\.xlf$"
)
NOT_IN_SDIST = re.compile(
    r"^[^/]+/(output/(?!README\.md$)|training/(data|runs|texts)/|\.git/|\.venv/|tests/xsd/oasis/)|\.pyc$"
)
PATIENCE = 300


def prove(scale: Scale) -> Iterator[Figure]:
    """Libraries, files, weights, packages."""
    yield _pinned()
    yield _licences()
    yield _known_holes(scale)
    yield _bill(scale)
    yield _files()
    yield _assets()
    yield _weights(scale)
    if scale.full:
        yield _pickles(scale)
        yield _packages(scale)


# --- libraries -------------------------------------------------------------------------------------------------------


def _pinned() -> Figure:
    """Every library is in the lock, with checksums, at a version that is asked for; and no address stands there."""
    pins, broken = materials.pins(), []
    for use, wanted in materials.declared().items():
        for requirement in wanted:
            name = canonicalize_name(requirement.name)
            if name == materials.APART:
                if not re.fullmatch(r"==[0-9.]+", str(requirement.specifier)):
                    broken.append(f"{name} is not asked for by one number: {requirement.specifier}")
            elif name not in pins:
                broken.append(f"{name} ({use}) is not in requirements.lock")
            elif not SpecifierSet(str(requirement.specifier)).contains(pins[name][0], prereleases=True):
                broken.append(f"{name} is pinned at {pins[name][0]}, and asked for is {requirement.specifier}")
    broken += [f"{name}=={version} has no checksum" for name, (version, hashes) in pins.items() if not hashes]
    broken += [
        f"{part.name}, needed by {', '.join(part.needed_by)}, is not in requirements.lock"
        for part in materials.parts()
        if part.name not in pins and part.name != materials.APART
    ]
    text = materials.LOCK.read_text(encoding="utf-8") if materials.LOCK.exists() else ""
    broken += [f"an address in requirements.lock: {found}" for found in re.findall(r"\S*://\S*|--\S*index\S*", text)]
    count = sum(len(hashes) for _, hashes in pins.values())
    return Figure("Every library is pinned, with checksums", len(pins), "libraries", broken, f"{count:,} checksums")


def _licences() -> Figure:
    """Every library that is installed for us says a licence that is allowed, and stands on the page."""
    found = materials.parts()
    page = materials.PAGE.read_text(encoding="utf-8")
    broken = [f"{part.name}: {part.licence or 'says none'}" for part in found if not materials.is_fine(part)]
    broken += [f"{part.name} is not in docs/licences.md" for part in found if f"| {part.name} |" not in page]
    weak = sum(part.name in materials.WEAK for part in found)
    note = f"{weak} with a weak copyleft, each looked at; none under the GPL"
    return Figure("Every library has a permissive licence", len(found), "libraries", broken, note)


HOLES = "No pinned library has a known weakness"
CONTROL = ("jinja2==2.11.2", "PYSEC-2021-66")
"""A library as nobody should have it, and what has to be said of it."""


def _known_holes(scale: Scale) -> Figure:
    """pip-audit asks its own service about every pinned version; where that is not reached, a folder of advisories."""
    if not scale.full:
        return Figure(HOLES, 0, "libraries", skipped="asks a service: only at full scale")
    if importlib.util.find_spec("pip_audit") is None:
        return Figure(HOLES, 0, "libraries", skipped="pip-audit is not installed here")
    if found := _audited(materials.LOCK):
        return _holes(found, "asked of the service of the Python Package Index")
    folder = os.environ.get(advisories.FOLDER, "")
    if not folder:
        why = f"the service that lists weaknesses is not reached from here; {advisories.FOLDER} names no folder of them"
        return Figure(HOLES, 0, "libraries", skipped=why)
    read = advisories.read(Path(folder), [*materials.pins(), "jinja2"])
    control = scale.folder / "control.txt"
    control.write_text(f"{CONTROL[0]}\n", encoding="utf-8")
    with advisories.served(read) as address:
        asked = ("--vulnerability-service", "osv", "--osv-url", address, "--cache-dir", str(scale.folder / "asked"))
        blind = [one["id"] for library in _audited(control, *asked) for one in library["vulns"]]
        found = _audited(materials.LOCK, *asked)
    if CONTROL[1] not in blind:
        return Figure(HOLES, 1, "libraries", [f"{CONTROL[0]} is not told to have {CONTROL[1]}: {blind}"])
    note = f"asked of {read.count:,} advisories, the newest of {read.newest}; {len(read.known)} of the libraries named"
    return _holes(found, note)


def _audited(requirements: Path, *more: str) -> list[dict[str, Any]]:
    """What pip-audit says of each library; nothing where its service was not reached, or knows none."""
    command = ["-m", "pip_audit", "--requirement", str(requirements), "--disable-pip", "--no-deps", "--format", "json"]
    try:
        done = subprocess.run(
            [sys.executable, *command, "--progress-spinner", "off", "--timeout", "15", *more],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return [one for one in json.loads(done.stdout)["dependencies"] if "skip_reason" not in one]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []


def _holes(found: list[dict[str, Any]], note: str) -> Figure:
    broken = [f"{one['name']} {one.get('version')}: {hole['id']}" for one in found for hole in one.get("vulns", ())]
    unseen = len(materials.pins()) - len(found)
    return Figure(HOLES, len(found), "libraries", broken, note + (f"; {unseen} not known there" if unseen > 0 else ""))


def _bill(scale: Scale) -> Figure:
    """The bill of materials is CycloneDX, names every library that is always needed, and is the same twice."""
    made = materials.bill()
    broken = list(_against_schema(made))
    if made != materials.bill():
        broken.append("made twice, it differs")
    names = {one["bom-ref"] for one in made["components"]}
    broken += [
        f"{part.name} is missing" for part in materials.parts() if part.use == "always" and part.name not in names
    ]
    for one in made["dependencies"]:
        broken += [
            f"{one['ref']} depends on {name}, which is not there" for name in one["dependsOn"] if name not in names
        ]
    kinds = {one["type"] for one in made["components"]}
    if not {"library", "file", "machine-learning-model"} <= kinds:
        broken.append(f"kinds of parts: {sorted(kinds)}")
    note = "by the schema of CycloneDX 1.6" if importlib.util.find_spec("cyclonedx") else "by rules of our own"
    return Figure("The bill of materials is complete", len(names), "parts", broken, note)


def _against_schema(made: dict[str, Any]) -> Iterator[str]:
    """What the official schema says; where the library that brings it is missing, the rules that matter."""
    if importlib.util.find_spec("cyclonedx"):
        from cyclonedx.schema import SchemaVersion
        from cyclonedx.validation.json import JsonStrictValidator

        error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made))
        if error is not None:
            yield str(error)[:300]
        return
    if (made.get("bomFormat"), made.get("specVersion")) != ("CycloneDX", "1.6"):
        yield "no CycloneDX 1.6"
    references = [one["bom-ref"] for one in made["components"]]
    if len(references) != len(set(references)):
        yield "a part stands there twice"
    yield from (f"{one['name']} has no licence" for one in made["components"] if not one.get("licenses"))


# --- files -----------------------------------------------------------------------------------------------------------


def _listed() -> list[tuple[str, str]]:
    """Every file of the repository with its mode; without git, nothing."""
    done = subprocess.run(["git", "ls-files", "-s", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    rows = [row.split("\t") for row in done.stdout.split("\0") if row]
    return [(name, about.split()[0]) for about, name in rows if (ROOT / name).is_file()]


def _files() -> Figure:
    """No file is binary, may be run, is a link or holds a secret but those that are listed."""
    listed, broken = _listed(), []
    promise = "Nothing is in the repository that is not listed"
    if not listed:
        return Figure(promise, 0, "files", skipped="this is no checkout of the repository")
    known = {path.relative_to(ROOT).as_posix() for one in materials.ASSETS for path in ROOT.glob(one.pattern)}
    for name, mode in listed:
        data = (ROOT / name).read_bytes()
        if mode != "100644" and not (mode == "100755" and name in materials.PROGRAMS):
            broken.append(f"{name}: mode {mode}")
        if name not in known and b"\0" in data:
            broken.append(f"{name} is no text and is not listed")
        if _secret(data):
            broken.append(f"{name} holds what looks like a secret")
    note = f"{sum(name in known for name, _ in listed)} that are no text, {len(materials.PROGRAMS)} that may be run"
    return Figure(promise, len(listed), "files", broken, note)


def _secret(data: bytes) -> bool:
    return any(mark in data for mark in MARKS) and SECRET.search(data) is not None


def _assets() -> Figure:
    """Each kind of file that is no text has its licence beside it."""
    broken, count = [], 0
    for asset in materials.ASSETS:
        found = list(ROOT.glob(asset.pattern))
        count += len(found)
        said = ROOT / asset.said_in
        if not found:
            broken.append(f"there is no {asset.pattern}")
        elif not said.is_file() or not re.search(_SAYS[asset.licence], said.read_text(encoding="utf-8")):
            broken.append(f"{asset.said_in} does not say {asset.licence}")
    return Figure("Model, fonts and pictures have their licence beside them", count, "files", broken)


_SAYS = {
    "CC-BY-NC-SA-4.0": "CC BY-NC-SA 4.0",
    "OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1",
    "Apache-2.0": "Apache License",
}

# --- weights ---------------------------------------------------------------------------------------------------------


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "one bit changed": _flipped,
    "its last byte gone": lambda data: data[:-1],
    "one byte more": lambda data: data + b"\n",
    "emptied": lambda _data: b"",
    "another file": lambda _data: b'{"model_type": "marian"}',
    "a pickle": lambda _data: pickle.dumps({"weight": 1}),
}


def _weights(scale: Scale) -> Figure:
    """Change each file of a model in each way; it must not be used, and one line must say which file it is."""
    broken, tried = [], 0
    models = Registry(scale.folder / "models", bundled=scale.folder / "bundled")
    kept = [models.add(str(TOY), "toy")]
    if scale.full:
        shutil.copytree(registry.BUNDLED, scale.folder / "bundled")
        kept.append(models.find(registry.DEFAULT))
    for model in kept:
        model.check()
        for path in sorted(model.folder.iterdir()):
            if path.name not in registry.SEALED:
                continue
            whole = path.read_bytes()
            for harm, change in {**HARMS, "gone": None}.items():
                tried += 1
                path.unlink() if change is None else path.write_bytes(change(whole))
                broken += [f"{model.name}/{path.name} {harm}: {wrong}" for wrong in _refused(model, path.name)]
                path.write_bytes(whole)
        model.check()
    bundled = Registry(scale.folder / "none").find(registry.DEFAULT)
    begun = time.process_time()
    bundled.check()
    cost = time.process_time() - begun
    note = f"verifying the bundled model takes {cost * 1000:.0f} ms at each start"
    return Figure("A model with a changed file is not used", tried, "changes", broken, note)


def _refused(model: registry.Model, name: str) -> Iterator[str]:
    try:
        model.check()
    except ModelError as error:
        if name not in str(error) or "\n" in str(error):
            yield f"said only: {error}"
    else:
        yield "used all the same"


class _Payload:
    """Touches a file when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.place,)


def _pickles(scale: Scale) -> Figure:
    """Hand in weights that run something when they are unpickled, in every place where weights are read."""
    import torch

    from translate.engines.ct2 import convert
    from translate.engines.marian import MarianEngine

    harmed = scale.folder / "harmed"
    zipped = io.BytesIO()
    torch.save({"weight": _Payload(harmed)}, zipped)
    payloads = {"as torch writes it": zipped.getvalue(), "bare": pickle.dumps(_Payload(harmed))}
    payloads["in an old form"] = pickle.dumps({"weight": _Payload(harmed)}, protocol=2)
    broken, tried = [], 0
    for kind, payload in payloads.items():
        for place in ("pytorch_model.bin", "model.safetensors"):
            folder = scale.folder / f"{kind}-{place}".replace(" ", "-")
            shutil.copytree(TOY, folder)
            (folder / "model.safetensors").unlink()
            (folder / place).write_bytes(payload)
            ways: dict[str, Callable[[], object]] = {
                "models add": lambda folder=folder: Registry(scale.folder / "home").find(
                    str(Registry(scale.folder / "home").add(str(folder), "x").folder)
                ),
                "--engine marian": lambda folder=folder: MarianEngine(folder, "x@1"),
                "--engine ct2": lambda folder=folder: convert(folder, scale.folder / "converted"),
            }
            for way, use in ways.items():
                tried += 1
                try:
                    use()
                except ModelError as error:
                    if "\n" in str(error):
                        broken.append(f"{kind}, {place}, {way}: more than a line: {error}")
                else:
                    if way != "models add" or place == "pytorch_model.bin":
                        broken.append(f"{kind}, {place}, {way}: used all the same")
                    shutil.rmtree(scale.folder / "home", ignore_errors=True)
                if harmed.exists():
                    broken.append(f"{kind}, {place}, {way}: it ran")
                    harmed.unlink()
    return Figure("Nothing in a file of weights is ever run", tried, "attempts", broken)


# --- packages --------------------------------------------------------------------------------------------------------


def _packages(scale: Scale) -> Figure:
    """Build both packages from what is committed, and look at what is in them."""
    promise = "The packages hold what they should and no more"
    source = scale.folder / "source"
    source.mkdir()
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode or importlib.util.find_spec("build") is None or importlib.util.find_spec("hatchling") is None:
        return Figure(promise, 0, "files", skipped="needs git, build and hatchling")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(source, filter="data")
    out = scale.folder / "dist"
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        return Figure(promise, 1, "files", [f"cannot be built: {done.stderr.strip()[-300:]}"])
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as opened:
        inside = opened.namelist()
        broken = [f"the wheel lacks {name}" for name in IN_WHEEL if name not in inside]
        broken += [f"the wheel holds {name}" for name in inside if NOT_IN_WHEEL.search(name)]
        broken += [f"the wheel has a secret in {name}" for name in inside if _secret(opened.read(name))]
        if not any(re.search(r"dist-info/(licenses/)?LICENSE$", name) for name in inside):
            broken.append("the wheel lacks LICENSE")
        about = next(name for name in inside if name.endswith("METADATA"))
        if "License-Expression: Apache-2.0" not in opened.read(about).decode():
            broken.append("the wheel does not say its licence")
        model = scale.folder / "unpacked"
        opened.extractall(model)
    if wrong := sealing.broken(model / "translate" / "models" / registry.DEFAULT, registry.SEALED):
        broken.append(f"the model in the wheel: {wrong}")
    with tarfile.open(sdist) as opened_source:
        names = opened_source.getnames()
    broken += [f"the source package holds {name}" for name in names if NOT_IN_SDIST.search(name)]
    sizes = f"{wheel.stat().st_size / 1e6:.1f} MB and {sdist.stat().st_size / 1e6:.1f} MB"
    return Figure(promise, len(inside) + len(names), "files", broken, sizes)

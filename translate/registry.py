"""Which models there are and where they lie: the bundled one and those a person added.

A model is a Hugging Face Marian folder. Adding copies it (weights always as safetensors, never as a pickle); looking
one up, listing and removing never touch the network. Knows nothing of how a model is run.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from translate.engines import calibration, notes, sealing
from translate.errors import ModelError, OfflineError, OutputError, UsageError
from translate.files import workplace

BUNDLED = Path(__file__).parent / "models"
DEFAULT = "tarjuman-ar-en"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
NEEDED = ("config.json", "source.spm", "target.spm", "vocab.json")
HELD_OUT = "dev.tsv"
"""Sentences the model was never trained on, with their English: what it is judged by."""
REHEARSAL = "rehearsal.tsv"
"""Pairs like those it was trained on, which `tarjuman adapt` learns again so that it does not forget."""
ADAPTED = "adapted.json"
"""From which model and which data a model was made by `tarjuman adapt`; see docs/adapting.md."""
OPTIONAL = (
    "generation_config.json",
    "tokenizer_config.json",
    notes.FILE,
    "README.md",
    HELD_OUT,
    REHEARSAL,
    ADAPTED,
)
DECISIVE = ("config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json", notes.FILE)
"""What decides a translation, and so makes the fingerprint."""
SEALED = (*NEEDED, "model.safetensors", "generation_config.json", "tokenizer_config.json")
"""What an engine loads, and what must therefore be as it was taken in. Not the settings in `tarjuman.json`, which a
person may change: they are read as numbers, and part of the fingerprint."""
LIMIT = 120
"""Source tokens a model translates well in one go, where its `tarjuman.json` does not say."""
ADDING = ".adding"
"""In the folder of added models: where one is made."""
ADAPTING = ".adapting"
"""Likewise: where `tarjuman adapt` works."""
WEIGHTS = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True, slots=True)
class Model:
    """One model folder."""

    name: str
    """"tarjuman-ar-en" """
    folder: Path
    bundled: bool
    kept: bool = True
    """False for a folder that is used in place and belongs to somebody else."""

    @property
    def fingerprint(self) -> str:
        """First eight hex digits of the SHA-256 over the files that decide a translation."""
        digest = hashlib.sha256()
        for path in (self.folder / name for name in DECISIVE):
            if path.is_file():
                digest.update(path.name.encode())
                digest.update(bytes.fromhex(sealing.digest(path)))
        return digest.hexdigest()[:8]

    def check(self) -> None:
        """Complain where a file is not what was taken in; a folder that is used in place may have no seal.

        Raises:
            ModelError: a file changed, is missing or is new; or a model of ours has lost its seal.
        """
        if not self.kept and not (self.folder / sealing.SEAL).exists():
            return
        try:
            wrong = sealing.broken(self.folder, SEALED)
        except OSError as error:
            raise ModelError("the model cannot be read", str(self.folder), error.strerror or str(error)) from error
        if wrong:
            again = "install Tarjuman again" if self.bundled else f"add it again: tarjuman models remove {self.name}"
            raise ModelError(f"the model is not used, {wrong}", str(self.folder), again if self.kept else "")

    @property
    def full_name(self) -> str:
        """`tarjuman-ar-en@1f2e3d4c`, as it stands in signatures."""
        return f"{self.name}@{self.fingerprint}"

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())

    @property
    def limit(self) -> int:
        """Source tokens it translates well in one go; longer sentences are decoded in clauses."""
        limit = notes.told(self.folder).get("source_limit", LIMIT)
        if not isinstance(limit, int) or limit < 1:
            raise ModelError("source_limit is not a positive whole number", str(self.folder / notes.FILE))
        return limit

    @property
    def pointer(self) -> calibration.Pointer:
        """Where its word alignment is read, and how good that is."""
        return calibration.pointer(self.folder)

    def adapted(self) -> dict[str, object]:
        """From what it was adapted (`adapted.json`); empty for a model that was not."""
        path = self.folder / ADAPTED
        try:
            found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except (OSError, ValueError, RecursionError) as error:
            raise ModelError("the file cannot be read", str(path)) from error
        if not isinstance(found, dict):
            raise ModelError("the file does not hold one JSON object", str(path))
        return found

    def config(self) -> dict[str, object]:
        """The model's `config.json`."""
        loaded: dict[str, object] = json.loads((self.folder / "config.json").read_text(encoding="utf-8"))
        return loaded


def problem(folder: Path) -> str:
    """Why a folder is not a Marian model, in a few words; empty when it is one."""
    if not folder.is_dir():
        return "there is no such folder"
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        return f"{', '.join(missing)} missing"
    if not any((folder / name).is_file() for name in WEIGHTS):
        return "no weights (model.safetensors or pytorch_model.bin)"
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "config.json cannot be read"
    if not isinstance(config, dict) or config.get("model_type") != "marian":
        return "config.json does not describe a Marian model"
    return ""


class Registry:
    """The bundled models and the ones in a person's own folder."""

    def __init__(self, home: Path, bundled: Path = BUNDLED) -> None:
        """`home` is where added models are kept; it need not exist."""
        self._home = home
        self._bundled = bundled

    def models(self) -> Iterator[Model]:
        """All usable models, the bundled ones first, each name once."""
        seen = set()
        for root, bundled in ((self._bundled, True), (self._home, False)):
            for folder in sorted(root.iterdir()) if root.is_dir() else ():
                usable = NAME.fullmatch(folder.name) and (folder / "model.safetensors").is_file()
                if usable and folder.name not in seen and not problem(folder):
                    seen.add(folder.name)
                    yield Model(folder.name, folder, bundled)

    def find(self, name: str) -> Model:
        """A model by name, or a folder given as a path."""
        for model in self.models():
            if model.name == name:
                return model
        folder = _folder(name)
        if folder is not None:
            trouble = problem(folder)
            if trouble:
                raise ModelError(f"this is not a Marian model: {trouble}", name)
            if not (folder / "model.safetensors").is_file():
                raise ModelError("its weights are not safetensors", name, f"run: tarjuman models add {name}")
            return Model(_local_name(folder.resolve().name), folder, bundled=False, kept=False)
        known = ", ".join(model.name for model in self.models()) or "none"
        raise ModelError(
            "no such model", name, f"known models: {known}; add one with: tarjuman models add NAME-OR-FOLDER"
        )

    def add(self, source: str, name: str = "", finish: Callable[[Path], None] = lambda _folder: None) -> Model:
        """Add a folder, or a model of the Hugging Face hub by its name (which needs the network).

        `finish` may do more to the new folder before it takes its place, whole or not at all.
        """
        folder = _folder(source)
        if folder is not None:
            return self._store(folder, name or _local_name(folder.resolve().name), finish)
        if not HUB_NAME.fullmatch(source):
            raise UsageError("neither a folder nor a hub name", source, "a hub name reads Helsinki-NLP/opus-mt-ar-en")
        name = name or _local_name(source.split("/")[1])
        self.check_free(name)
        with self._scratch() as scratch:
            _download(source, scratch / "download")
            return self._take_in(scratch / "download", name, scratch / "model", finish)

    def same(self, source: str, name: str = "") -> Model | None:
        """The model that was added from just this folder under this name; None where there is none."""
        folder = _folder(source)
        if folder is None or not all((folder / file).is_file() for file in (*NEEDED, WEIGHTS[0])):
            return None
        name = name or _local_name(folder.resolve().name)
        found = next((model for model in self.models() if model.name == name and not model.bundled), None)
        alike = found is not None and all(
            sealing.digest(folder / file) == sealing.digest(found.folder / file) for file in (*NEEDED, WEIGHTS[0])
        )
        if alike and (self._home / ADDING).is_dir():
            with self._scratch():  # whoever made it was killed at the very end: what it left there goes
                pass
        return found if alike else None

    def register(self, folder: Path, name: str) -> Model:
        """Take in a folder that was made on this computer, under a name that is free; whole or not at all."""
        return self._store(folder, name)

    def check_free(self, name: str) -> None:
        """Complain now about a name that could not be given to a new model, before hours are spent on making it."""
        if not NAME.fullmatch(name):
            raise UsageError("not a usable model name", name, "letters, digits, dot, dash and underscore")
        if any(model.name == name for model in self.models()):
            raise UsageError("a model of that name is there already", name, "choose another with --name")

    def remove(self, name: str) -> None:
        """Delete an added model; the bundled ones stay."""
        model = self.find(name)
        if model.bundled:
            raise UsageError("the bundled model cannot be removed", name)
        if model.folder.parent.resolve() != self._home.resolve():
            raise UsageError("only added models can be removed", name, "delete that folder yourself")
        shutil.rmtree(model.folder)

    def _store(self, folder: Path, name: str, finish: Callable[[Path], None] = lambda _folder: None) -> Model:
        _refuse_other(folder)
        self.check_free(name)
        with self._scratch() as scratch:
            return self._take_in(folder, name, scratch / "model", finish)

    def _take_in(self, folder: Path, name: str, made: Path, finish: Callable[[Path], None]) -> Model:
        """Make the model in a folder of its own, and then put it into its place in one step."""
        _refuse_other(folder)
        made.mkdir()
        for file in (*NEEDED, *OPTIONAL, "model.safetensors"):
            if (folder / file).is_file():
                shutil.copyfile(folder / file, made / file)
        if not (made / "model.safetensors").is_file():
            _to_safetensors(folder, made)
        sealing.seal(made, SEALED)
        finish(made)
        os.replace(made, self._home / name)
        return Model(name, self._home / name, bundled=False)

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A folder to make a model in before it is registered, for one process at a time; it goes again.

        What a killed process left there goes first. It lies beside the models, where there must be room anyway.
        """
        place = self._home / ADAPTING / "model"
        with ExitStack() as stack:
            try:
                if not self._home.exists():
                    stack.callback(_rmdir, self._home)
                stack.callback(_rmdir, place.parent)
                place.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(workplace(place))
            except OSError as error:
                raise OutputError("there is no room for a new model", str(self._home), error.strerror or "") from error
            yield place

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        """A folder beside the models, for one process at a time; what a killed one left there is removed."""
        place = self._home / ADDING
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            with workplace(place):
                yield place
        except OSError as error:
            raise OutputError("the model cannot be stored", str(self._home), error.strerror or str(error)) from error


def _rmdir(folder: Path) -> None:
    """Unless something is in it by now."""
    with suppress(OSError):
        folder.rmdir()


def _refuse_other(folder: Path) -> None:
    trouble = problem(folder)
    if trouble:
        raise ModelError(f"this is not a Marian model: {trouble}", str(folder))


def calibrate(folder: Path) -> calibration.Pointer:
    """Measure where the word alignment of a model is best read and store it with it; its fingerprint changes."""
    found = calibration.calibrate(folder)
    calibration.store(folder, found)
    return found


def _folder(name: str) -> Path | None:
    """The folder of that name, where there is one."""
    try:
        folder = Path(name).expanduser()
        return folder if folder.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # too long, no such home, a NUL
        return None


def _local_name(name: str) -> str:
    """`'opus mt'` -> `'opus-mt'`."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._") or "model"


def _to_safetensors(folder: Path, out: Path) -> None:
    """Read a pickled checkpoint (tensors only: nothing in it is run) and write it as safetensors."""
    from translate.engines.marian import save_weights

    save_weights(folder, out)


def _download(name: str, out: Path) -> None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        snapshot_download(name, local_dir=out, allow_patterns=[*NEEDED, *OPTIONAL, *WEIGHTS])
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else "unknown"
        raise ModelError(f"the hub refused it (status {status})", name, "check the name on huggingface.co") from error
    except (LocalEntryNotFoundError, OSError, ConnectionError) as error:
        raise OfflineError(
            "the model hub cannot be reached",
            name,
            "download the model on another computer and add its folder: tarjuman models add FOLDER",
        ) from error

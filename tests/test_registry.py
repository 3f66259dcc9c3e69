"""Models on this computer: found by name, added from a folder, refused with a reason, never a pickle kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import toy

from translate import registry
from translate.config import places
from translate.engines import sealing
from translate.engines.ct2 import convert
from translate.engines.marian import MarianEngine
from translate.errors import ModelError, OfflineError, UsageError
from translate.registry import Registry


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.make(tmp_path_factory.mktemp("toy") / "opus-mt-toy")


@pytest.fixture
def models(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models", bundled=tmp_path / "bundled")


def test_a_folder_is_added_found_and_removed(models: Registry, folder: Path) -> None:
    added = models.add(str(folder))
    assert added.name == "opus-mt-toy"
    assert models.find("opus-mt-toy") == added
    assert [model.name for model in models.models()] == ["opus-mt-toy"]
    models.remove("opus-mt-toy")
    assert list(models.models()) == []


def test_the_fingerprint_depends_on_the_content_only(models: Registry, folder: Path) -> None:
    one, two = models.add(str(folder), "one"), models.add(str(folder), "two")
    assert one.fingerprint == two.fingerprint
    (two.folder / "config.json").write_text(json.dumps({**two.config(), "dropout": 0.5}), encoding="utf-8")
    assert one.fingerprint != two.fingerprint


def test_the_source_limit_is_the_models_own(models: Registry, folder: Path) -> None:
    one = models.add(str(folder))
    assert one.limit == 120
    before = one.fingerprint
    (one.folder / "tarjuman.json").write_text('{"source_limit": 55}', encoding="utf-8")
    assert one.limit == 55
    assert one.fingerprint != before
    for bad in ("[]", "{", '{"source_limit": 0}', '{"source_limit": "x"}'):
        (one.folder / "tarjuman.json").write_text(bad, encoding="utf-8")
        with pytest.raises(ModelError, match=r"tarjuman\.json"):
            _ = one.limit


def test_a_pickled_checkpoint_is_rewritten_as_safetensors(models: Registry, folder: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    pickled = tmp_path / "pickled"
    shutil.copytree(folder, pickled)
    weights = load_file(pickled / "model.safetensors")
    torch.save(weights, pickled / "pytorch_model.bin")
    (pickled / "model.safetensors").unlink()
    added = models.add(str(pickled))
    assert not (added.folder / "pytorch_model.bin").exists()
    kept = load_file(added.folder / "model.safetensors")
    assert all(torch.equal(kept[name], weights[name]) for name in kept)


def test_a_folder_can_be_used_in_place(models: Registry, folder: Path) -> None:
    assert models.find(str(folder)).folder == folder


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("config.json", r"config\.json missing"),
        ("vocab.json", r"vocab\.json missing"),
        ("source.spm", r"source\.spm missing"),
        ("model.safetensors", "no weights"),
    ],
)
def test_an_incomplete_folder_is_refused(
    models: Registry, folder: Path, tmp_path: Path, missing: str, message: str
) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / missing).unlink()
    with pytest.raises(ModelError, match=message):
        models.add(str(copy))
    assert list(models.models()) == []


def test_another_kind_of_model_is_refused(models: Registry, folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    with pytest.raises(ModelError, match="does not describe a Marian model"):
        models.add(str(copy))


def test_an_unknown_name_lists_the_known_ones(models: Registry, folder: Path) -> None:
    models.add(str(folder))
    with pytest.raises(ModelError, match=r"nowhere: no such model\. Known models: opus-mt-toy; add one with"):
        models.find("nowhere")


def test_a_name_is_taken_once(models: Registry, folder: Path) -> None:
    models.add(str(folder))
    with pytest.raises(UsageError, match="there already"):
        models.add(str(folder))


@pytest.mark.parametrize("name", ["../evil", "a/b", ".hidden", "x" * 200])
def test_a_name_is_never_a_path(models: Registry, folder: Path, name: str) -> None:
    with pytest.raises(UsageError, match="not a usable model name"):
        models.add(str(folder), name)


def test_a_hub_name_without_a_network_is_a_named_error(models: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real download code, with no way out: every connection is refused."""
    import socket

    def refuse(*_arguments: object, **_more: object) -> None:
        raise OSError("network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(OfflineError, match=r"the model hub cannot be reached.*models add FOLDER"):
        models.add("Helsinki-NLP/opus-mt-ar-en")
    assert list(models.models()) == []


def test_neither_folder_nor_hub_name(models: Registry) -> None:
    with pytest.raises(UsageError, match="neither a folder nor a hub name"):
        models.add("no such thing!")


def test_the_bundled_model_stays(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "bundled" / "own")
    with pytest.raises(UsageError, match="cannot be removed"):
        Registry(tmp_path / "models", bundled=tmp_path / "bundled").remove("own")


def test_places_follow_the_environment(tmp_path: Path) -> None:
    found = places({"TARJUMAN_HOME": str(tmp_path)})
    assert (found.models, found.cache) == (tmp_path / "models", tmp_path / "cache")
    assert places({}).models.name == "models"


def test_the_bundled_model_is_there() -> None:
    assert registry.DEFAULT in [model.name for model in Registry(Path("nowhere")).models()]


def _corrupt(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["model.safetensors", "source.spm", "target.spm", "vocab.json", "config.json"])
def test_one_bit_changed_in_an_added_model_and_it_is_not_used(models: Registry, folder: Path, name: str) -> None:
    added = models.add(str(folder))
    added.check()
    _corrupt(added.folder / name)
    with pytest.raises(ModelError, match=rf"not used, {name} has changed since.*models remove opus-mt-toy"):
        added.check()


def test_a_file_that_came_or_went_and_a_lost_seal_are_told(models: Registry, folder: Path) -> None:
    added = models.add(str(folder))
    (added.folder / "generation_config.json").unlink()
    with pytest.raises(ModelError, match=r"generation_config\.json is missing"):
        added.check()
    seal = added.folder / "checksums.sha256"
    lines = [line for line in seal.read_text(encoding="utf-8").splitlines(keepends=True) if "generation" not in line]
    seal.write_text("".join(lines), encoding="utf-8")
    added.check()
    (added.folder / "generation_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match=r"generation_config\.json was not there"):
        added.check()
    seal.write_text("what?\n", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        added.check()
    seal.unlink()
    with pytest.raises(ModelError, match=r"checksums\.sha256 is missing"):
        added.check()


def test_settings_and_notes_of_a_model_may_be_changed(models: Registry, folder: Path) -> None:
    added = models.add(str(folder))
    (added.folder / "tarjuman.json").write_text('{"source_limit": 55}', encoding="utf-8")
    (added.folder / "README.md").write_text("ours", encoding="utf-8")
    added.check()


def test_a_damaged_model_can_be_removed(models: Registry, folder: Path) -> None:
    added = models.add(str(folder))
    _corrupt(added.folder / "vocab.json")
    models.remove("opus-mt-toy")
    assert not added.folder.exists()


def test_a_folder_used_in_place_needs_no_seal_but_keeps_to_one(models: Registry, folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    models.find(str(copy)).check()
    sealing.seal(copy, registry.SEALED)
    models.find(str(copy)).check()
    _corrupt(copy / "target.spm")
    with pytest.raises(ModelError, match=r"target\.spm has changed"):
        models.find(str(copy)).check()


class _Harm:
    """What a malicious checkpoint does when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.place,)


def test_nothing_in_a_pickle_is_ever_run(models: Registry, folder: Path, tmp_path: Path) -> None:
    import torch

    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "model.safetensors").unlink()
    torch.save({"weight": _Harm(tmp_path / "harmed")}, copy / "pytorch_model.bin")
    with pytest.raises(ModelError, match="its weights are not safetensors"):
        models.find(str(copy))
    with pytest.raises(ModelError, match=r"more than numbers in them\. Nothing of it was run") as caught:
        models.add(str(copy))
    assert "\n" not in str(caught.value)
    shutil.copyfile(copy / "pytorch_model.bin", copy / "model.safetensors")  # under a better name
    with pytest.raises(ModelError):
        MarianEngine(copy, "bad@1")
    with pytest.raises(ModelError):
        convert(copy, tmp_path / "converted")
    assert not (tmp_path / "harmed").exists()
    assert list(models.models()) == []


@pytest.mark.parametrize(
    "data", [b"", b"\x80", b"no pickle at all", b"PK\x03\x04" + bytes(50), b"\x80\x02}q\x00(X", b"cos"]
)
def test_weights_that_cannot_be_read_are_a_named_error(
    models: Registry, folder: Path, tmp_path: Path, data: bytes
) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "model.safetensors").unlink()
    (copy / "pytorch_model.bin").write_bytes(data)
    with pytest.raises(ModelError, match="weights"):
        models.add(str(copy))
    assert list(models.models()) == []


def test_the_bundled_model_is_as_it_was_sealed() -> None:
    found = Registry(Path("nowhere")).find(registry.DEFAULT)
    found.check()
    sealed = (found.folder / "checksums.sha256").read_text(encoding="utf-8")
    assert all(name in sealed for name in ("model.safetensors", "source.spm", "target.spm", "vocab.json", "config"))


def test_what_a_killed_run_left_goes_with_the_next(models: Registry, folder: Path, tmp_path: Path) -> None:
    left = tmp_path / "models" / ".adding" / "model"
    left.mkdir(parents=True)
    (left / "model.safetensors").write_bytes(b"half a mod")
    added = models.add(str(folder))
    assert [path.name for path in added.folder.parent.iterdir()] == [added.name]


def test_what_is_done_to_a_new_model_is_done_before_it_is_there(models: Registry, folder: Path) -> None:
    def fails(made: Path) -> None:
        assert (made / "checksums.sha256").exists()
        raise ModelError("no")

    with pytest.raises(ModelError, match="no"):
        models.add(str(folder), finish=fails)
    assert list(models.models()) == []


def test_the_same_files_are_the_same_model(models: Registry, folder: Path) -> None:
    assert models.same(str(folder)) is None
    added = models.add(str(folder))
    assert models.same(str(folder)) == added
    left = added.folder.parent / registry.ADDING
    left.mkdir()
    assert models.same(str(folder)) == added
    assert not left.exists(), "what a run left that was killed at the very end stays for ever"
    assert models.same(str(folder), "another") is None
    assert models.same("Helsinki-NLP/opus-mt-ar-en") is None
    (added.folder / "vocab.json").write_text("{}", encoding="utf-8")
    assert models.same(str(folder)) is None

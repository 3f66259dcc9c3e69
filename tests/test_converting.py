"""A Marian folder becomes a CTranslate2 model: to the byte as the library's own converter makes it, without torch."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import toy

from translate.engines import converting
from translate.engines.base import Request
from translate.engines.calibration import Pointer
from translate.engines.ct2 import CTranslate2Engine, _converter
from translate.engines.quiet import local_and_quiet

ROOT = Path(__file__).parent.parent
WITHOUT_TORCH = """
import sys
from pathlib import Path
from translate.engines.base import Request
from translate.engines.ct2 import CTranslate2Engine
folder, cache = map(Path, sys.argv[1:])
((answer,),) = CTranslate2Engine(folder, "toy@1", cache, threads=1).translate([Request("قال المصدر")])
assert answer.text
print(*sorted({"torch", "transformers"} & set(sys.modules)))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.make(tmp_path_factory.mktemp("toy") / "model")


@pytest.mark.parametrize(
    ("kind", "pointer"),
    [
        ("int8", Pointer()),
        ("float32", Pointer(0, (1,), 0, 0.9)),
        ("float16", Pointer(1, (1, 0), 1, 0.9)),
    ],
)
def test_to_the_byte_what_the_library_makes(folder: Path, tmp_path: Path, kind: str, pointer: Pointer) -> None:
    assert converting.ordinary(folder)
    converting.write(folder, tmp_path / "ours", pointer, kind)
    with local_and_quiet():
        _converter(folder, pointer).convert(str(tmp_path / "theirs"), quantization=kind)
    names = sorted(path.name for path in (tmp_path / "theirs").iterdir())
    assert sorted(path.name for path in (tmp_path / "ours").iterdir()) == names
    for name in names:
        assert (tmp_path / "ours" / name).read_bytes() == (tmp_path / "theirs" / name).read_bytes(), name


def test_without_torch(folder: Path, tmp_path: Path) -> None:
    asked = [sys.executable, "-c", WITHOUT_TORCH, str(folder), str(tmp_path)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_what_is_out_of_the_ordinary_is_left_to_the_library(folder: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    copy = shutil.copytree(folder, tmp_path / "copy")
    weights = {name: tensor.to(torch.bfloat16) for name, tensor in load_file(copy / "model.safetensors").items()}
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    assert not converting.ordinary(copy)
    engine = CTranslate2Engine(copy, "toy@2", tmp_path, threads=1)
    assert engine.translate([Request("قال المصدر")])[0][0].text


@pytest.mark.parametrize(
    "changed",
    [
        {"share_encoder_decoder_embeddings": False},
        {"static_position_embeddings": False},
        {"activation_function": "gelu_10"},
        {"vocab_size": 7},
    ],
)
def test_what_is_ordinary(folder: Path, tmp_path: Path, changed: dict[str, object]) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    (copy / "config.json").write_text(json.dumps(config | changed), encoding="utf-8")
    assert not converting.ordinary(copy)

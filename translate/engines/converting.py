"""A Marian folder as a CTranslate2 model, tensor by tensor, without torch and transformers: in a second, not in ten.

What comes out is to the byte what CTranslate2's own converter makes (`tests/test_converting.py` holds it to that), with
the attention that `pointer` names for word alignment. A folder that is out of the ordinary (two vocabularies, learned
positions, numbers numpy does not know) is left to that converter; see `ct2.convert`. Knows no cache and no engine.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translate.engines.calibration import Pointer

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS = "model.safetensors"
KNOWN_NUMBERS = {"F16", "F32"}
ACTIVATIONS = {"relu": "RELU", "swish": "SWISH", "silu": "SWISH"}
END, UNKNOWN, PAD = "</s>", "<unk>", "<pad>"
BASE = 10_000.0
"""Of the sinusoidal positions: as in the paper, and in every Marian model."""


def ordinary(folder: Path) -> bool:
    """Whether `write` knows everything about a folder."""
    from safetensors import safe_open

    config = _config(folder)
    vocabulary = _vocabulary(folder)
    usual = (
        config.get("share_encoder_decoder_embeddings", True)
        and config.get("tie_word_embeddings", True)
        and config.get("static_position_embeddings", True)
        and config.get("activation_function") in ACTIVATIONS
        and config["encoder_attention_heads"] == config["decoder_attention_heads"]
        and vocabulary[-1] == PAD
        and len(vocabulary) == config["vocab_size"]
        and not (folder / "target_vocab.json").exists()
    )
    with safe_open(folder / WEIGHTS, "numpy") as stored:
        names = set(stored.keys())
        kinds = {stored.get_slice(name).get_dtype() for name in names}
    return bool(usual) and "model.shared.weight" in names and kinds <= KNOWN_NUMBERS


def write(folder: Path, out: Path, found: Pointer, quantization: str) -> None:
    """Write the model of an `ordinary` folder to `out`, which must not exist."""
    from safetensors.numpy import load_file

    config = _config(folder)
    tensors = _heads_in_front(load_file(folder / WEIGHTS), config, found)
    with _no_torch():
        from ctranslate2.specs import TransformerSpec, common_spec
    spec = TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=False,
        activation=getattr(common_spec.Activation, ACTIVATIONS[config["activation_function"]]),
        alignment_layer=found.layer,
        alignment_heads=len(found.heads),
    )
    words = tensors["model.shared.weight"][:-1]  # the pad is never written: decoding starts from a vector of zeros
    where = _positions(config, words.dtype)
    for name, half in (("encoder", spec.encoder), ("decoder", spec.decoder)):
        half.scale_embeddings = config["d_model"] ** 0.5 if config.get("scale_embedding") else 1.0
        half.position_encodings.encodings = where
        embeddings = half.embeddings[0] if isinstance(half.embeddings, list) else half.embeddings
        embeddings.weight = words
        for number, layer in enumerate(half.layer):
            _layer(layer, tensors, f"model.{name}.layers.{number}.")
    spec.decoder.start_from_zero_embedding = True
    spec.decoder.projection.weight = words
    bias = tensors.get("final_logits_bias")
    if bias is not None and bias.any():
        spec.decoder.projection.bias = bias.squeeze()[:-1]
    vocabulary = _vocabulary(folder)[:-1]
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.eos_token = spec.config.decoder_start_token = END
    spec.config.unk_token = UNKNOWN
    spec.validate()
    spec.optimize(quantization=quantization)
    out.mkdir()
    spec.save(str(out))


def _config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return config


def _vocabulary(folder: Path) -> list[str]:
    """Pieces in the order of their numbers."""
    ids: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    return sorted(ids, key=lambda piece: ids[piece])


Tensors = Mapping[str, "NDArray[Any]"]


def _heads_in_front(tensors: Tensors, config: Mapping[str, Any], found: Pointer) -> Tensors:
    """The wanted heads as the first of their layer: CTranslate2 can only average those. A layer's heads are a set."""
    count = config["decoder_attention_heads"]
    layer = found.layer % config["decoder_layers"]
    heads = [*found.heads, *(head for head in range(count) if head not in found.heads)]
    size = config["d_model"] // count
    order = [head * size + number for head in heads for number in range(size)]
    begin = f"model.decoder.layers.{layer}.encoder_attn."
    moved = dict(tensors)
    for part in ("q_proj", "k_proj", "v_proj"):
        for what in ("weight", "bias"):
            moved[f"{begin}{part}.{what}"] = tensors[f"{begin}{part}.{what}"][order]
    moved[f"{begin}out_proj.weight"] = tensors[f"{begin}out_proj.weight"][:, order]
    return moved


def _positions(config: Mapping[str, Any], kind: Any) -> NDArray[Any]:
    """Sines of every second angle, then cosines: (positions, width)."""
    import numpy

    width = config["d_model"]
    places = numpy.arange(config["max_position_embeddings"])[:, None]
    angles = places / numpy.power(BASE, 2 * (numpy.arange(width) // 2) / width)
    waves = numpy.concatenate([numpy.sin(angles[:, 0::2]), numpy.cos(angles[:, 1::2])], axis=1)
    encodings: NDArray[Any] = waves.astype(numpy.float32).astype(kind)
    return encodings


def _layer(layer: Any, tensors: Tensors, begin: str) -> None:
    """One layer of either half; the decoder's also look at the source."""
    _attention(layer.self_attention, tensors, f"{begin}self_attn", ("q_proj", "k_proj", "v_proj"))
    if f"{begin}encoder_attn.q_proj.weight" in tensors:
        _attention(layer.attention, tensors, f"{begin}encoder_attn", ("q_proj",), ("k_proj", "v_proj"))
    _linear(layer.ffn.linear_0, tensors, f"{begin}fc1")
    _linear(layer.ffn.linear_1, tensors, f"{begin}fc2")
    _norm(layer.ffn.layer_norm, tensors, f"{begin}final_layer_norm")


def _attention(spec: Any, tensors: Tensors, begin: str, *fused: tuple[str, ...]) -> None:
    """Its projections, some of them as one matrix, and the norm behind it."""
    for linear, parts in zip(spec.linear, fused, strict=False):
        _linear(linear, tensors, *(f"{begin}.{part}" for part in parts))
    _linear(spec.linear[-1], tensors, f"{begin}.out_proj")
    _norm(spec.layer_norm, tensors, f"{begin}_layer_norm")


def _linear(spec: Any, tensors: Tensors, *names: str) -> None:
    import numpy

    spec.weight = numpy.concatenate([tensors[f"{name}.weight"] for name in names])
    spec.bias = numpy.concatenate([tensors[f"{name}.bias"] for name in names])


def _norm(spec: Any, tensors: Tensors, name: str) -> None:
    spec.gamma, spec.beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]


@contextmanager
def _no_torch() -> Iterator[None]:
    """While open, a torch that nobody has imported yet cannot be: CTranslate2 would, to see whether it is there."""
    hidden = "torch" not in sys.modules
    if hidden:
        sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules["torch"]

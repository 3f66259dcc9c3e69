"""From a checkpoint to a model folder anybody can load: the Hugging Face Marian layout, float16 safetensors."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import sentencepiece
import torch
from transformers import GenerationConfig, MarianMTModel

from training.fit import Plan, new_model, silence_pad

log = logging.getLogger(__name__)


def _weights(run: Path) -> MarianMTModel:
    """The cooled-down model of a finished run, else the last checkpoint."""
    if (run / "final").exists():
        return MarianMTModel.from_pretrained(run / "final")
    state = torch.load(run / "stable.pt", map_location="cpu")["model"]
    vocabulary, width = state["model.shared.weight"].shape

    def layers(side: str) -> int:
        return 1 + max(int(name.split(".")[3]) for name in state if name.startswith(f"model.{side}.layers."))

    plan = Plan(vocabulary=vocabulary, width=width, encoder=layers("encoder"), decoder=layers("decoder"))
    model = new_model(plan, None)
    model.load_state_dict(state)
    return model


def export(run: Path, tokenizer: Path, out: Path, source_limit: int) -> None:
    """Write `config.json`, `model.safetensors`, tokenizer and generation files into `out`.

    `source_limit` is the length in source tokens above which clauses translate better than the whole sentence.
    """
    model = _weights(run).eval().half()
    pad = model.config.pad_token_id
    silence_pad(model)
    model.final_logits_bias[0, pad] = -1e4  # never predicted
    model.generation_config = GenerationConfig(
        num_beams=4,
        max_length=512,
        pad_token_id=pad,
        eos_token_id=0,
        bos_token_id=0,
        forced_eos_token_id=0,
        decoder_start_token_id=pad,
        bad_words_ids=[[pad]],
    )
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
    vocabulary = {pieces.id_to_piece(number): number for number in range(pieces.get_piece_size())}
    vocabulary["<pad>"] = pad
    (out / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(tokenizer, out / name)
    settings = {
        "tokenizer_class": "MarianTokenizer",
        "source_lang": "ar",
        "target_lang": "en",
        "model_max_length": 512,
        "separate_vocabs": False,
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
    }
    (out / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    (out / "tarjuman.json").write_text(json.dumps({"source_limit": source_limit}) + "\n", encoding="utf-8")
    (out / "model.safetensors").chmod(0o644)
    log.info("wrote %s", out)

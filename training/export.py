"""From a checkpoint to a model folder anybody can load: the Hugging Face Marian layout, float16 safetensors."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import sentencepiece
import torch
from transformers import GenerationConfig, MarianMTModel

from training.fit import new_model, silence_pad
from training.plan import Plan
from translate.engines.calibration import calibrate, store
from translate.engines.sealing import seal
from translate.registry import SEALED

log = logging.getLogger(__name__)


def _weights(run: Path, which: str, plan: Plan) -> MarianMTModel:
    """The cooled-down model of a finished run (`final`, or its `average`), else the last checkpoint."""
    if (run / which).exists():
        return MarianMTModel.from_pretrained(run / which)
    model = new_model(plan, None)
    model.load_state_dict(torch.load(run / "stable.pt", map_location="cpu")["model"])
    return model


def export(run: Path, data: Path, out: Path, source_limit: int, which: str = "final") -> None:
    """Write `config.json`, `model.safetensors`, tokenizer, generation files and the held-out pairs into `out`.

    `source_limit` is the length in source tokens above which clauses translate better than the whole sentence.
    """
    plan = Plan(**json.loads((run / "plan.json").read_text(encoding="utf-8")))
    model = _weights(run, which, plan).eval().half()
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
    tokenizer = data / "joint.model"
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
    told = {"source_limit": source_limit, "annotations": plan.annotate}
    (out / "tarjuman.json").write_text(json.dumps(told) + "\n", encoding="utf-8")
    for name in ("dev.tsv", "rehearsal.tsv"):
        shutil.copyfile(data / name, out / name)
    (out / "model.safetensors").chmod(0o644)
    store(out, calibrate(out))
    seal(out, SEALED)
    log.info("wrote %s", out)

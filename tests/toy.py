"""A Marian folder made in a second: a seeded random two-layer model with a tokenizer trained on a few sentences.

It translates nothing, but it has everything a real folder has, so numbers can be compared exactly between engines.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

SENTENCES = [
    "سيطرت القوات العراقية على الساحل الأيسر من الموصل.",
    "قال المصدر إن عناصر التنظيم فروا باتجاه سوريا.",
    "عثرت القوات على وثائق سرية لتنظيم داعش في العراق.",
    "نصب التنظيم مفارز الإعدامات على الطرق الخارجية.",
    "هرب بخزينة الديوان إلى جهة مجهولة.",
    "Iraqi forces took control of the Left Bank of Mosul.",
    "The source said that members of the group fled towards Syria.",
    "The forces found secret documents of the ISIS group in Iraq.",
    "The group set up execution detachments on the outer roads.",
    "He fled with the Diwan's treasury to an unknown place.",
]


def make(folder: Path, *, layers: int = 2, width: int = 32, seed: int = 7, spread: float = 0.5) -> Path:
    """Write a complete Marian folder into `folder` and return it."""
    import sentencepiece
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True, exist_ok=True)
    text = folder / "text.txt"
    text.write_text("\n".join(SENTENCES * 20), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(folder / "joint"),
        vocab_size=179,
        model_type="unigram",
        hard_vocab_limit=False,
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        pad_id=-1,
        minloglevel=2,
    )
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "joint.model"))
    pad = pieces.get_piece_size()
    vocabulary = {pieces.id_to_piece(number): number for number in range(pad)} | {"<pad>": pad}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(folder / "joint.model", folder / name)
    for name in ("text.txt", "joint.model", "joint.vocab"):
        (folder / name).unlink()
    settings = {"source_lang": "ar", "target_lang": "en", "model_max_length": 512, "separate_vocabs": False}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")

    torch.manual_seed(seed)
    config = MarianConfig(
        vocab_size=pad + 1,
        d_model=width,
        encoder_layers=layers,
        decoder_layers=layers,
        encoder_ffn_dim=2 * width,
        decoder_ffn_dim=2 * width,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        pad_token_id=pad,
        eos_token_id=0,
        bos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
        activation_function="relu",
        static_position_embeddings=True,
        scale_embedding=True,
        max_position_embeddings=512,
        share_encoder_decoder_embeddings=True,
        init_std=spread,
    )
    model = MarianMTModel(config)
    with torch.no_grad():
        model.model.shared.weight[pad].zero_()
        model.final_logits_bias[0, pad] = -1e4
    model.save_pretrained(folder)
    return folder

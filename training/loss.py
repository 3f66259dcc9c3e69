"""How surprised a run is by text it never learned, in nats a letter: what runs of any vocabulary can be compared by.

BLEU says little about runs of a few minutes, and nats a piece nothing about two that cut words differently. The letters
of the reference are the same for all. Knows finished runs and tab-separated pairs; decodes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from torch.nn import functional
from transformers import MarianMTModel

from training.average import finished
from training.text import EOS, given
from translate.quality import read_pairs

TOKENS = 6000
"""Of both sides of a batch, padding included."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Of one set of pairs, every piece of each reference given its true predecessors."""

    nats: float
    """Of all pieces together, natural logarithm, nothing smoothed."""
    pieces: int
    """Sentence ends counted."""
    right: int
    """Pieces the model would have chosen itself."""
    letters: int
    """Characters of the references as they stand in the file."""

    def __str__(self) -> str:
        return (
            f"{self.nats / self.letters:.4f} nats a letter, {self.nats / self.pieces:.3f} a piece, "
            f"{100 * self.right / self.pieces:.1f} % of {self.pieces:,} pieces right"
        )


def _padded(rows: list[list[int]], filler: int) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


def _batches(pairs: list[tuple[list[int], list[int]]]) -> list[list[tuple[list[int], list[int]]]]:
    """Pairs of similar length together, at most TOKENS in each batch unless one pair alone has more."""
    made: list[list[tuple[list[int], list[int]]]] = [[]]
    longest = 0
    for pair in sorted(pairs, key=lambda pair: len(pair[0]) + len(pair[1])):
        longest = max(longest, len(pair[0]) + len(pair[1]))
        if made[-1] and longest * (len(made[-1]) + 1) > TOKENS:
            made.append([])
            longest = len(pair[0]) + len(pair[1])
        made[-1].append(pair)
    return made


@torch.inference_mode()
def measured(model: Any, tokenizer: Path, path: Path) -> Loss:
    """The loss of `model` on the pairs of the file `path`, cut by the SentencePiece model `tokenizer`."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
    texts = read_pairs(path)
    pairs = [([*pieces.encode(arabic), EOS], [*pieces.encode(english), EOS]) for arabic, english in texts]
    pad = model.config.pad_token_id
    nats, right = 0.0, 0
    for batch in _batches(pairs):
        source = _padded([source for source, _ in batch], pad)
        target = _padded([target for _, target in batch], -100)
        out = model(input_ids=source, attention_mask=(source != pad).long(), decoder_input_ids=given(target, pad))
        logits = out.logits
        logits[:, :, pad] = -torch.inf
        known = target != -100
        nats += float(functional.cross_entropy(logits[known].float(), target[known], reduction="sum"))
        right += int((logits.argmax(-1)[known] == target[known]).sum())
    count = sum(len(target) for _, target in pairs)
    return Loss(nats, count, right, sum(len(english) for _, english in texts))


def loss(run: Path, data: Path, evaluation: Path) -> None:
    """Print one line per held-out set: the pairs set aside in `data`, and the sets of `evaluation`."""
    model = MarianMTModel.from_pretrained(finished(run).parent).eval()
    print(f"{run}: {sum(weight.numel() for weight in model.parameters()) / 1e6:.1f} M parameters")
    for path in (data / "dev.tsv", *sorted(evaluation.glob("*.tsv"))):
        print(f"{path.stem:28} {measured(model, data / 'joint.model', path)}", flush=True)

"""The encoded training text: which pairs make a batch, and the tensors of one. Knows nothing of models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.align import UNALIGNED
from training.annotate import Annotator, Example
from training.plan import Plan
from training.resegment import Resegmenter

EOS = 0
LEXICON = 4
SENTENCES = (0, 1)  # kinds that take term annotations
MIXES = {
    "all": np.array([3.0, 1.0, 0.15, 0.05, 0.12]),
    "domain": np.array([3.0, 1.0, 0.0, 0.0, 0.03]),
    "even": np.array([2.0, 1.0, 0.0, 0.0, 0.03]),
}
"""How often a pair of each kind is seen in an epoch: news, general, interface, religious, lexicon."""
ALIGNED = 0.35  # share of a longer target's pieces that must find a source piece; below it pairs are mostly misaligned


Tensors = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def given(target: torch.Tensor, pad: int) -> torch.Tensor:
    """What the decoder is given to predict a target (B, T): the piece before each, `pad` first and for -100."""
    before = torch.full_like(target, pad)
    before[:, 1:] = target[:, :-1].masked_fill(target[:, :-1] == -100, pad)
    return before


class Text:
    """The encoded training text, cut into batches of similar length."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        with np.load(folder / "train.npz") as stored:
            self.text = {name: stored[name] for name in stored.files}
        self.kind = self.text["kind"]
        path = folder / "links.npy"
        self.links = np.load(path) if path.exists() else np.full(len(self.text["target"]), UNALIGNED, np.uint8)
        self.lengths = np.maximum(np.diff(self.text["source_at"]), np.diff(self.text["target_at"])) + 1
        self.sound = self._sound()
        self.plan = plan
        self.annotate: Annotator | None = None
        if plan.annotate:
            short = np.flatnonzero((self.kind == LEXICON) & (self.lengths < 9))
            names = [Example.of(self.text, self.links, int(index)).target for index in short]
            self.annotate = Annotator(folder / "joint.model", names, plan.seed)
        self.resegment = Resegmenter(folder / "joint.model", plan.seed) if plan.resegment else None

    def _sound(self) -> Any:
        """Whether each pair looks like a translation: enough of its target is aligned, or it is too short to tell.

        Without any alignment (no `align` stage) every pair counts as sound.
        """
        begins = self.text["target_at"]
        length = np.diff(begins)
        aligned = np.add.reduceat(self.links != UNALIGNED, begins[:-1].astype(int)) / length
        return (aligned >= ALIGNED) | (length < 6) | bool((self.links == UNALIGNED).all())

    def example(self, index: int) -> Example:
        """One pair, annotated where it is a sentence and its turn has come, some of its words in other pieces."""
        example = Example.of(self.text, self.links, index)
        if self.annotate and self.kind[index] in SENTENCES:
            example = self.annotate(example)
        return self.resegment(example) if self.resegment else example

    def batches(self, epoch: int) -> Iterator[np.ndarray]:
        """Indices of the pairs of each batch; the same for the same seed and epoch."""
        generator = np.random.default_rng(self.plan.seed * 1000 + epoch)
        share = MIXES[self.plan.mix][self.kind] * self.sound
        times = np.floor(share + generator.random(len(share))).astype(int)
        chosen = np.repeat(np.arange(len(share)), times)
        chosen = chosen[np.argsort(self.lengths[chosen] + generator.random(len(chosen)) * 3, kind="stable")]
        groups, begin, widest = [], 0, 0
        for at, length in enumerate(self.lengths[chosen]):
            widest = max(widest, int(length))
            if at > begin and widest * (at + 1 - begin) > self.plan.tokens:
                groups.append(chosen[begin:at])
                begin, widest = at, int(length)
        groups.append(chosen[begin:])
        for at in generator.permutation(len(groups)):
            yield groups[at]

    def tensors(self, rows: np.ndarray) -> Tensors:
        """Source (B, S) padded, target (B, T) and links (B, T), both -100 where there is nothing to predict."""
        pad = self.plan.vocabulary - 1
        examples = [self.example(index) for index in rows]
        source = np.full((len(rows), max(len(e.source) for e in examples) + 1), pad, np.int64)
        target = np.full((len(rows), max(len(e.target) for e in examples) + 1), -100, np.int64)
        links = np.full_like(target, -100)
        for row, example in enumerate(examples):
            s, t = len(example.source), len(example.target)
            source[row, : s + 1] = [*example.source, EOS]
            target[row, : t + 1] = [*example.target, EOS]
            links[row, : t + 1] = [*example.links, s]
        return torch.from_numpy(source), torch.from_numpy(target), torch.from_numpy(links)

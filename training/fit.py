"""The training loop: a small Marian model from id files, on a CPU or a GPU, resumable, stopped by the clock.

The rate is held and then falls linearly to zero over the last minutes, so a run can be stopped any time, resumed for
longer from `stable.pt` (the state before the fall), and still end cooled down. One cross-attention head (last decoder
layer, head 0) is supervised with the word alignments from the first step: without that a small budget ends in fluent
English that ignores its source.
"""

from __future__ import annotations

import logging
import math
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from transformers import MarianConfig, MarianMTModel

from training.align import UNALIGNED
from training.annotate import Annotator, Example

log = logging.getLogger(__name__)

EOS = 0
LEXICON = 4
SENTENCES = (0, 1)  # kinds that take term annotations
SHARES = np.array([3.0, 1.0, 0.15, 0.05, 0.12])  # how often a pair of each kind is seen in an epoch
SAVE_EVERY = 480.0  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """Shape and budget of one run; lengths in tokens, times in minutes."""

    vocabulary: int = 8000
    width: int = 256
    encoder: int = 4
    decoder: int = 2
    heads: int = 4
    minutes: float = 60.0
    cooldown: float = 20.0
    tokens: int = 3000
    accumulate: int = 2
    rate: float = 1.5e-3
    warmup: int = 400
    optimiser: str = "muon"
    dropout: float = 0.0
    smoothing: float = 0.1
    guidance: float = 0.3
    annotate: bool = True
    threads: int = 2
    seed: int = 1


def new_model(plan: Plan, embeddings: torch.Tensor | None) -> MarianMTModel:
    """A fresh Marian model; the pad token is the last of the vocabulary and starts the decoder, as in opus-mt."""
    pad = plan.vocabulary - 1
    config = MarianConfig(
        vocab_size=plan.vocabulary,
        d_model=plan.width,
        encoder_layers=plan.encoder,
        decoder_layers=plan.decoder,
        encoder_ffn_dim=4 * plan.width,
        decoder_ffn_dim=4 * plan.width,
        encoder_attention_heads=plan.heads,
        decoder_attention_heads=plan.heads,
        pad_token_id=pad,
        eos_token_id=EOS,
        bos_token_id=EOS,
        decoder_start_token_id=pad,
        forced_eos_token_id=EOS,
        activation_function="relu",
        static_position_embeddings=True,
        scale_embedding=True,
        max_position_embeddings=512,
        dropout=plan.dropout,
        share_encoder_decoder_embeddings=True,
        attn_implementation="eager",
    )
    model = MarianMTModel(config)
    for name, weight in model.named_parameters():
        if weight.dim() > 1 and "embed" not in name and "shared" not in name:
            torch.nn.init.xavier_uniform_(weight)
    with torch.no_grad():
        shared = model.model.shared.weight
        shared.normal_(std=plan.width**-0.5)
        if embeddings is not None:
            rows = embeddings / embeddings.norm(dim=1, keepdim=True).clamp(min=1e-6)
            shared[: len(rows) - 1] = rows[:-1]
    silence_pad(model)
    return model


def silence_pad(model: MarianMTModel) -> None:
    """The pad row is zero and stays zero: Marian, and CTranslate2 with it, starts decoding from a zero embedding."""
    with torch.no_grad():
        model.model.shared.weight[model.config.pad_token_id].zero_()


class Text:
    """The encoded training text, cut into batches of similar length."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        with np.load(folder / "train.npz") as stored:
            self.source, self.source_at = stored["source"], stored["source_at"]
            self.target, self.target_at = stored["target"], stored["target_at"]
            self.kind = stored["kind"]
        path = folder / "links.npy"
        self.links = np.load(path) if path.exists() else np.full(len(self.target), UNALIGNED, np.uint8)
        self.lengths = np.maximum(np.diff(self.source_at), np.diff(self.target_at)) + 1
        self.plan = plan
        self.annotate: Annotator | None = None
        if plan.annotate:
            names = [self._target(index) for index in np.flatnonzero(self.kind == LEXICON) if self.lengths[index] < 9]
            self.annotate = Annotator(folder / "joint.model", names, plan.seed)

    def _target(self, index: int) -> list[int]:
        ids: list[int] = self.target[self.target_at[index] : self.target_at[index + 1]].tolist()
        return ids

    def example(self, index: int) -> Example:
        """One pair, annotated where it is a sentence and its turn has come."""
        link = self.links[self.target_at[index] : self.target_at[index + 1]].astype(np.int64)
        plain = Example(
            source=self.source[self.source_at[index] : self.source_at[index + 1]].tolist(),
            target=self._target(index),
            links=np.where(link == UNALIGNED, -100, link).tolist(),
        )
        return self.annotate(plain) if self.annotate and self.kind[index] in SENTENCES else plain

    def batches(self, epoch: int) -> Iterator[np.ndarray]:
        """Indices of the pairs of each batch; the same for the same seed and epoch."""
        generator = np.random.default_rng(self.plan.seed * 1000 + epoch)
        share = SHARES[self.kind]
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

    def tensors(self, rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
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


def _token_loss(hidden: torch.Tensor, weight: torch.Tensor, wanted: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Mean cross-entropy of packed target positions: hidden (N, d), weight (V, d) with pad last, wanted (N,)."""
    return functional.cross_entropy((hidden @ weight[:-1].t()).float(), wanted, label_smoothing=smoothing)


def _optimisers(model: MarianMTModel, plan: Plan) -> list[torch.optim.Optimizer]:
    matrices, rest = [], []
    for name, weight in model.named_parameters():
        hidden = weight.dim() == 2 and "embed" not in name and "shared" not in name
        (matrices if hidden and plan.optimiser == "muon" else rest).append(weight)
    made: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(rest, lr=plan.rate, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0)
    ]
    if matrices:
        muon = torch.optim.Muon(matrices, lr=plan.rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw")
        made.append(muon)
    return made


def _save(path: Path, model: MarianMTModel, optimisers: list[torch.optim.Optimizer], progress: dict[str, int]) -> None:
    state = {"model": model.state_dict(), "optimisers": [o.state_dict() for o in optimisers], **progress}
    torch.save(state, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)


def fit(data: Path, run: Path, plan: Plan) -> None:
    """Train until the clock says stop; resumes from `run/stable.pt` where there is one. SIGTERM saves and stops."""
    run.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    text = Text(data, plan)
    start = data / "embeddings.npy"
    model = new_model(plan, torch.from_numpy(np.load(start)) if start.exists() else None).to(device).train()
    optimisers = _optimisers(model, plan)
    progress = {"step": 0, "epoch": 0, "batch": 0, "seen": 0}
    stable = run / "stable.pt"
    if stable.exists():
        state = torch.load(stable, map_location=device)
        model.load_state_dict(state["model"])
        silence_pad(model)
        for optimiser, stored in zip(optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(stored)
        progress = {name: state.get(name, 0) for name in progress}
    log.info("%s, %.1f M parameters, %s", device, sum(p.numel() for p in model.parameters()) / 1e6, asdict(plan))
    token_loss = torch.compile(_token_loss, dynamic=True)
    pad = plan.vocabulary - 1
    began = saved = time.monotonic()
    first_seen, shown = progress["seen"], [0.0, 0.0, 0]
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))

    while True:
        for rows in islice(text.batches(progress["epoch"]), progress["batch"], None):
            left = plan.minutes - (time.monotonic() - began) / 60
            if left <= 0:
                model.save_pretrained(run / "final")
                log.info("done: %s", progress)
                return
            if left > plan.cooldown and (stopping or time.monotonic() - saved > SAVE_EVERY):
                _save(stable, model, optimisers, progress)
                saved = time.monotonic()
            if stopping:
                log.info("stopped: %s", progress)
                return
            source, target, links = (tensor.to(device) for tensor in text.tensors(rows))
            known = target != -100
            given = torch.full_like(target, pad)
            given[:, 1:] = target[:, :-1].masked_fill(target[:, :-1] == -100, pad)
            with torch.autocast(device, dtype=torch.bfloat16):
                out = model.model(
                    input_ids=source,
                    attention_mask=(source != pad).long(),
                    decoder_input_ids=given,
                    output_attentions=True,
                    use_cache=False,
                )
                words = token_loss(out.last_hidden_state[known], model.lm_head.weight, target[known], plan.smoothing)
            attention = out.cross_attentions[-1][:, 0][links != -100].float()  # (N, S)
            guide = functional.nll_loss(torch.log(attention + 1e-6), links[links != -100])
            ((words + plan.guidance * guide) / plan.accumulate).backward()
            progress["seen"] += int(known.sum())
            progress["batch"] += 1
            shown = [shown[0] + words.item(), shown[1] + guide.item(), shown[2] + 1]
            if shown[2] % plan.accumulate:
                continue
            rate = plan.rate * min(1.0, (progress["step"] + 1) / plan.warmup) * min(1.0, left / plan.cooldown)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            for optimiser in optimisers:
                for group in optimiser.param_groups:
                    group["lr"] = rate
                optimiser.step()
                optimiser.zero_grad(set_to_none=True)
            silence_pad(model)
            progress["step"] += 1
            if not math.isfinite(shown[0]):
                raise SystemExit("the loss is no longer finite: lower --rate and resume")
            if progress["step"] % 100 == 0:
                speed = (progress["seen"] - first_seen) / (time.monotonic() - began)
                log.info(
                    "epoch %d step %d loss %.3f guide %.3f, %.1f M tokens, %.0f/s, rate %.1e, %.0f min left",
                    *(progress["epoch"], progress["step"], shown[0] / shown[2], shown[1] / shown[2]),
                    *(progress["seen"] / 1e6, speed, rate, left),
                )
                shown = [0.0, 0.0, 0]
        progress |= {"epoch": progress["epoch"] + 1, "batch": 0}

"""The training loop: a small Marian model from id files, on a CPU or a GPU, resumable, stopped by the clock.

The rate is held and then falls linearly to zero over the last minutes, so a run can be stopped any time, resumed for
longer from `stable.pt` (the state before the fall), and still end cooled down. One cross-attention head (last decoder
layer, head 0) is supervised with the word alignments from the first step: without that a small budget ends in fluent
English that ignores its source.
"""

from __future__ import annotations

import json
import logging
import math
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch.nn import functional
from transformers import MarianConfig, MarianMTModel

from training.plan import Budget, Plan
from training.text import EOS, Tensors, Text, given

log = logging.getLogger(__name__)

SAVE_EVERY = 480.0  # seconds


def new_model(plan: Plan, embeddings: torch.Tensor | None) -> MarianMTModel:
    """A fresh Marian model; the pad token is the last of the vocabulary and starts the decoder, as in opus-mt."""
    pad = plan.vocabulary - 1
    shape: dict[str, Any] = {
        "vocab_size": plan.vocabulary,
        "d_model": plan.width,
        "encoder_layers": plan.encoder,
        "decoder_layers": plan.decoder,
        "encoder_ffn_dim": 4 * plan.width,
        "decoder_ffn_dim": 4 * plan.width,
        "encoder_attention_heads": plan.heads,
        "decoder_attention_heads": plan.heads,
        "pad_token_id": pad,
        "eos_token_id": EOS,
        "bos_token_id": EOS,
        "decoder_start_token_id": pad,
        "forced_eos_token_id": EOS,
        "activation_function": "relu",
        "static_position_embeddings": True,
        "scale_embedding": True,
        "max_position_embeddings": 512,
        "dropout": plan.dropout,
        "share_encoder_decoder_embeddings": True,
        "attn_implementation": "eager",
    }
    model = MarianMTModel(MarianConfig(**shape))
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


def _token_loss(hidden: torch.Tensor, weight: torch.Tensor, wanted: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Mean cross-entropy of packed target positions: hidden (N, d), weight (V, d) with pad last, wanted (N,)."""
    return functional.cross_entropy((hidden @ weight[:-1].t()).float(), wanted, label_smoothing=smoothing)


def _optimisers(model: MarianMTModel, plan: Plan) -> list[torch.optim.Optimizer]:
    matrices: list[torch.nn.Parameter] = []
    rest: list[torch.nn.Parameter] = []
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


class Average:
    """The mean of a model's weights over the end of a run (Junczys-Dowmunt et al. 2016 average checkpoints)."""

    def __init__(self, model: MarianMTModel) -> None:
        self._model = model
        self._sums: dict[str, torch.Tensor] = {}
        self._count = 0

    def add(self) -> None:
        """Take the weights as they are now into the mean."""
        self._count += 1
        for name, weight in self._model.state_dict().items():
            if self._count == 1:
                self._sums[name] = weight.detach().clone().float()
            else:
                self._sums[name].add_(weight.detach().float())

    def save(self, folder: Path) -> None:
        """Write the mean as a model of its own; nothing where nothing was added."""
        if self._count:
            mean = {name: total / self._count for name, total in self._sums.items()}
            self._model.save_pretrained(folder, state_dict=mean)


@contextmanager
def _stop_requests() -> Iterator[list[int]]:
    """A list that is no longer empty once somebody asked the process to stop (SIGTERM)."""
    asked: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)


class Run:
    """A model in training with its optimisers and how far it has come; the stored form is what a run resumes from."""

    def __init__(self, plan: Plan, embeddings: Path) -> None:
        """`embeddings` is a file of starting embeddings (vocabulary, width); without it they are random."""
        self.plan = plan
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        start = torch.from_numpy(np.load(embeddings)) if embeddings.exists() else None
        self.model = cast("Any", new_model(plan, start)).to(self.device).train()
        self.optimisers = _optimisers(self.model, plan)
        self.progress = {"step": 0, "epoch": 0, "batch": 0, "seen": 0}
        self._token_loss = torch.compile(_token_loss, dynamic=True) if plan.compiled else _token_loss

    def load(self, path: Path) -> None:
        """Go on from a stored state."""
        state = torch.load(path, map_location=self.device)
        self.model.load_state_dict(state["model"])
        silence_pad(self.model)
        for optimiser, stored in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(stored)
        self.progress = {name: state.get(name, 0) for name in self.progress}

    def save(self, path: Path) -> None:
        """Store the state, all or nothing."""
        state = {"model": self.model.state_dict(), "optimisers": [o.state_dict() for o in self.optimisers]}
        torch.save(state | self.progress, path.with_suffix(".part"))
        os.replace(path.with_suffix(".part"), path)

    def learn(self, batch: Tensors) -> tuple[float, float]:
        """Add the gradients of one batch; gives its mean word loss and its mean alignment loss, in nats."""
        source, target, links = (tensor.to(self.device) for tensor in batch)
        pad = self.plan.vocabulary - 1
        known = target != -100
        with torch.autocast(self.device, dtype=torch.bfloat16):
            out = self.model.model(
                input_ids=source,
                attention_mask=(source != pad).long(),
                decoder_input_ids=given(target, pad),
                output_attentions=True,
                use_cache=False,
            )
            weight = self.model.lm_head.weight
            words = self._token_loss(out.last_hidden_state[known], weight, target[known], self.plan.smoothing)
        attention = out.cross_attentions[-1][:, 0][links != -100].float()  # (N, S)
        guide = functional.nll_loss(torch.log(attention + 1e-6), links[links != -100])
        ((words + self.plan.guidance * guide) / self.plan.accumulate).backward()
        self.progress["seen"] += int(known.sum())
        self.progress["batch"] += 1
        return words.item(), guide.item()

    def update(self, factor: float) -> float:
        """Apply the gradients at the planned rate times a factor; gives the rate."""
        rate = self.plan.rate * min(1.0, (self.progress["step"] + 1) / self.plan.warmup) * factor
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        silence_pad(self.model)
        self.progress["step"] += 1
        return rate


def _batches(text: Text, progress: dict[str, int]) -> Iterator[Tensors]:
    """Batches without end, from where the run stands."""
    while True:
        for rows in islice(text.batches(progress["epoch"]), progress["batch"], None):
            yield text.tensors(rows)
        progress |= {"epoch": progress["epoch"] + 1, "batch": 0}


def fit(data: Path, folder: Path, plan: Plan) -> None:
    """Train until the clock says stop; resumes from `folder/stable.pt` where there is one. SIGTERM saves and stops."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    run = Run(plan, data / "embeddings.npy")
    stable = folder / "stable.pt"
    if stable.exists():
        run.load(stable)
    (folder / "plan.json").write_text(json.dumps(asdict(plan), indent=1) + "\n", encoding="utf-8")
    log.info(
        "%s, %.1f M parameters, %s", run.device, sum(p.numel() for p in run.model.parameters()) / 1e6, asdict(plan)
    )
    budget, average, report = Budget(plan, run.progress["step"]), Average(run.model), Report(run.progress)
    saved = 0.0
    with _stop_requests() as stopping:
        for batch in _batches(Text(data, plan), run.progress):
            cooling = budget.cooling(run.progress["step"])
            if cooling == 0:
                break
            if cooling == 1 and (stopping or budget.seconds - saved > SAVE_EVERY):
                run.save(stable)
                saved = budget.seconds
            if stopping:
                log.info("stopped: %s", run.progress)
                return
            report.add(*run.learn(batch))
            if report.batches % plan.accumulate:
                continue
            rate = run.update(cooling)
            if cooling < plan.averaged and run.progress["step"] % 5 == 0:
                average.add()
            if run.progress["step"] % 100 == 0:
                report.tell(budget, rate)
    run.model.save_pretrained(folder / "final")
    average.save(folder / "average")
    log.info("done: %s", run.progress)


class Report:
    """Running means of the losses, told now and then."""

    def __init__(self, progress: dict[str, int]) -> None:
        self._progress = progress
        self._first = progress["seen"]
        self._words = self._guide = 0.0
        self.batches = 0

    def add(self, words: float, guide: float) -> None:
        """Take one batch in; a loss that is no number ends the run."""
        if not math.isfinite(words):
            raise SystemExit("the loss is no longer finite: lower --rate and resume")
        self._words += words
        self._guide += guide
        self.batches += 1

    def tell(self, budget: Budget, rate: float) -> None:
        """Log the means since last time and begin anew."""
        step, seen = self._progress["step"], self._progress["seen"]
        log.info(
            "epoch %d step %d loss %.3f guide %.3f, %.1f M tokens, %.0f/s, rate %.1e, %.0f %% left",
            *(self._progress["epoch"], step, self._words / self.batches, self._guide / self.batches),
            *(seen / 1e6, (seen - self._first) / budget.seconds, rate, 100 * budget.left(step)),
        )
        self._words, self._guide, self.batches = 0.0, 0.0, 0

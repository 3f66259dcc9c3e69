"""Fine-tuning: a Marian folder and some pairs of texts in, a folder of the same layout that has learnt from them out.

Made for a few dozen to a few thousand pairs on a CPU. What decides how long to train is the loss on pairs held out;
what comes out is the best state seen, in the parent's number format. The row of the pad token and the bias of the
outputs stay as the parent has them, since CTranslate2 starts decoding from that row. Knows nothing of where the pairs
come from, of how translations are judged, or of where models are kept.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translate.engines.decoding import positions
from translate.engines.pieces import END, Pieces
from translate.engines.quiet import local_and_quiet
from translate.errors import ModelError, OutputError

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

Pair = tuple[str, str]
"""Source, target."""
WEIGHTS = "model.safetensors"
LAYOUT = (".json", ".spm")
"""What else makes a model folder; a card and other files belong to the parent alone."""
IGNORED = -100
"""Where there is no token to predict."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train; all of it decides the weights, `minutes` only where the clock stops the run."""

    rate: float = 0.0
    """Of AdamW; 0: `RATE` for the width of the model."""
    epochs: int = 30
    minutes: float = 60.0
    patience: int = 3
    """Epochs without a better loss on the held-out pairs after which to stop."""
    tokens: int = 1000
    """Target tokens of one update, padding included."""
    warmup: int = 8
    """Updates over which the rate rises."""
    smoothing: float = 0.1
    """Label smoothing."""
    dropout: float | None = None
    """None: as in the parent's own configuration. Another one than it was trained with makes it forget."""
    rehearsal: float = 1.0
    """Rehearsal pairs for each pair to learn, drawn anew every epoch, as far as there are any."""
    freeze_embeddings: bool = False
    seed: int = 1
    threads: int = 0
    """CPU threads; 0: as many as torch takes."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """Where the training stands."""

    number: int
    """0 - before the first update."""
    of: int
    loss: float
    """Cross-entropy per token on the held-out pairs, natural logarithm."""
    best: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class TuningReport:
    """What a training run did."""

    steps: int
    epochs: tuple[Epoch, ...]
    """The first is the parent's."""
    stopped: str
    """"patience", "epochs" or "minutes": what ended the run. One that the clock ended cannot be repeated exactly."""
    rate: float

    @property
    def best(self) -> Epoch:
        """The one whose weights were kept."""
        return [epoch for epoch in self.epochs if epoch.best][-1]


Progress = Callable[[Epoch], None]
RATE = 0.0128
"""Divided by the width of the model: 5e-5 for 256, 2.5e-5 for the 512 of opus-mt. Three times as much learns
in a third of the time and forgets twice as much."""


def tune(
    folder: Path,
    out: Path,
    pairs: Sequence[Pair],
    held_out: Sequence[Pair],
    settings: Settings | None = None,
    progress: Progress | None = None,
    rehearsal: Sequence[Pair] = (),
) -> TuningReport:
    """Train the model of `folder` on `pairs` and write the result to `out`, which must not exist; all or nothing.

    The same arguments give the same weights on the same computer with the same number of threads.
    """
    settings = settings or Settings()
    if out.exists():
        raise OutputError("something is there already", str(out))
    text = _Text(folder)
    wanted, judged, spare = (text.examples(some) for some in (pairs, held_out, rehearsal))
    if not wanted or not judged:
        raise ModelError("no pair to train on or to judge by that the model can read", str(folder))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _threads(settings.threads), tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            trainer = _Trainer(folder, text, settings)
            report = trainer.run(wanted, judged, spare, progress)
            made = Path(scratch) / "model"
            _write(folder, trainer, made)
            os.replace(made, out)
    except OSError as error:
        raise OutputError("the model cannot be written", str(out), error.strerror or str(error)) from error
    return report


def mix(parent: Path, child: Path, share: float, out: Path) -> None:
    """A folder with the weights that lie `share` of the way from a parent to its child: 0 the parent's, 1 the child's.

    Going back some of the way gives back more of what was forgotten than it costs of what was learnt.
    """
    import torch
    from safetensors.torch import load_file, save_file

    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        made = Path(scratch) / "model"
        shutil.copytree(child, made)
        before, after = load_file(parent / WEIGHTS), load_file(child / WEIGHTS)
        between = {
            name: torch.lerp(before[name].float(), weight.float(), share).to(weight.dtype) if name in before else weight
            for name, weight in after.items()
        }
        save_file(between, made / WEIGHTS, metadata={"format": "pt"})
        os.replace(made, out)


def _write(folder: Path, trainer: _Trainer, out: Path) -> None:
    """The parent's layout with the trained weights; what the library would write of its own is not kept."""
    out.mkdir()
    trainer.save(out / "saved")
    shutil.move(out / "saved" / WEIGHTS, out / WEIGHTS)
    shutil.rmtree(out / "saved")
    (out / WEIGHTS).chmod(0o644)
    for path in sorted(folder.iterdir()):
        if path.suffix in LAYOUT and path.is_file():
            shutil.copyfile(path, out / path.name)


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """That many threads and random numbers of our own; afterwards everything is as it was."""
    import torch

    before = torch.get_num_threads()
    with torch.random.fork_rng(devices=[]):
        if count:
            torch.set_num_threads(count)
        try:
            yield
        finally:
            torch.set_num_threads(before)


@dataclass(frozen=True, slots=True)
class _Example:
    """One pair as ids, end markers included."""

    source: tuple[int, ...]
    target: tuple[int, ...]


class _Text:
    """Pairs as the model of one folder reads them."""

    def __init__(self, folder: Path) -> None:
        self._pieces = Pieces(folder)
        self._positions = positions(folder)

    def examples(self, pairs: Sequence[Pair]) -> list[_Example]:
        """Those that fit into the model; what is longer than its positions is left out."""
        made = []
        for source, target in pairs:
            one = _Example(self._ids(self._pieces.source(source).pieces), self._ids(self._pieces.target(target).pieces))
            if min(len(one.source), len(one.target)) > 1 and max(len(one.source), len(one.target)) <= self._positions:
                made.append(one)
        return made

    def _ids(self, pieces: Sequence[str]) -> tuple[int, ...]:
        unknown = self._pieces.ids.get("<unk>", 1)
        return (*(self._pieces.ids.get(piece, unknown) for piece in pieces), self._pieces.ids[END])


class _Trainer:
    """A model in training."""

    def __init__(self, folder: Path, text: _Text, settings: Settings) -> None:
        import torch

        self._torch, self._settings = torch, settings
        self._model: Any = _load(folder, settings.dropout)
        config = self._model.config
        if not getattr(config, "share_encoder_decoder_embeddings", True):
            raise ModelError("a model with two vocabularies cannot be adapted", str(folder))
        self._pad, self._start = int(config.pad_token_id), int(config.decoder_start_token_id)
        self._embedding = self._model.get_input_embeddings().weight
        self._pad_row = self._embedding.detach()[self._pad].clone()
        self._embedding.requires_grad_(not settings.freeze_embeddings)
        self._trained = {name: w for name, w in self._model.named_parameters() if w.requires_grad}
        self._kind = _number_format(folder)
        self.rate = settings.rate or RATE / int(config.d_model)
        # what is never predicted has no share in the smoothing either
        self._weights = torch.ones(self._embedding.shape[0])
        self._weights[self._pad] = 0.0
        self._generator = torch.Generator().manual_seed(settings.seed)
        self._best: dict[str, torch.Tensor] = {}
        torch.manual_seed(settings.seed)  # dropout

    def run(
        self,
        pairs: Sequence[_Example],
        held_out: Sequence[_Example],
        spare: Sequence[_Example],
        progress: Progress | None,
    ) -> TuningReport:
        """Epochs until the loss on the held-out pairs has not fallen for some, or until the limits."""
        torch, settings = self._torch, self._settings
        optimiser = torch.optim.AdamW(self._trained.values(), lr=self.rate, betas=(0.9, 0.98), weight_decay=0.0)
        began = time.monotonic()
        epochs: list[Epoch] = []
        steps, stopped = 0, "epochs"

        def judge(number: int) -> None:
            loss = self._judge(held_out)
            best = not epochs or loss < min(epoch.loss for epoch in epochs)
            epochs.append(Epoch(number, settings.epochs, loss, best, time.monotonic() - began))
            if best:
                self._keep()
            if progress:
                progress(epochs[-1])

        judge(0)
        for number in range(1, settings.epochs + 1):
            for batch in self._batches([*pairs, *self._drawn(spare, len(pairs))], shuffled=True):
                self._learn(batch, optimiser, steps)
                steps += 1
                if time.monotonic() - began > settings.minutes * 60:
                    stopped = "minutes"
                    break
            judge(number)
            if stopped == "minutes":
                break
            if not any(epoch.best for epoch in epochs[-settings.patience :]):
                stopped = "patience"
                break
        return TuningReport(steps, tuple(epochs), stopped, self.rate)

    def save(self, out: Path) -> None:
        """The best state, in the parent's number format."""
        with self._torch.no_grad():
            for name, weight in self._trained.items():
                weight.copy_(self._best[name])
        self._model.to(self._kind)
        with local_and_quiet():
            self._model.save_pretrained(str(out))

    def _keep(self) -> None:
        self._best = {name: weight.detach().to(self._kind, copy=True) for name, weight in self._trained.items()}

    def _learn(self, batch: Sequence[_Example], optimiser: Any, step: int) -> None:
        """One update."""
        torch, settings = self._torch, self._settings
        self._model.train()
        loss, count = self._loss(batch, settings.smoothing)
        (loss / count).backward()
        norm = torch.nn.utils.clip_grad_norm_(self._trained.values(), 1.0)
        if not torch.isfinite(norm):
            raise ModelError("the training ran away: its loss is no number any more", hint="take a smaller --rate")
        for group in optimiser.param_groups:
            group["lr"] = self.rate * min(1.0, (step + 1) / max(1, settings.warmup))
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        with torch.no_grad():
            self._embedding[self._pad] = self._pad_row

    def _judge(self, examples: Sequence[_Example]) -> float:
        """Cross-entropy per token, nothing dropped, nothing smoothed."""
        self._model.eval()
        total, known = 0.0, 0
        with self._torch.inference_mode():
            for batch in self._batches(examples, shuffled=False):
                loss, count = self._loss(batch, 0.0)
                total, known = total + float(loss), known + count
        return total / known

    def _loss(self, batch: Sequence[_Example], smoothing: float) -> tuple[Any, int]:
        """Summed cross-entropy of a batch and the number of its target tokens."""
        torch = self._torch
        source = self._padded([example.source for example in batch], self._pad)  # (B, S)
        target = self._padded([example.target for example in batch], IGNORED)  # (B, T)
        known = target != IGNORED
        given = target.masked_fill(~known, self._pad).roll(1, dims=1)
        given[:, 0] = self._start
        lengths = torch.tensor([len(example.source) for example in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_has_bfloat16(torch)):
            out = self._model.model(
                input_ids=source,
                attention_mask=(torch.arange(source.shape[1])[None] < lengths[:, None]).long(),
                decoder_input_ids=given,
                use_cache=False,
            )
            logits = out.last_hidden_state[known] @ self._embedding.t()  # (N, V)
        loss = torch.nn.functional.cross_entropy(
            logits.float() + self._model.final_logits_bias[0],
            target[known],
            weight=self._weights,
            label_smoothing=smoothing,
            reduction="sum",
        )
        return loss, int(known.sum())

    def _padded(self, rows: Sequence[Sequence[int]], filler: int) -> torch.Tensor:
        longest = max(len(row) for row in rows)
        return self._torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])

    def _drawn(self, spare: Sequence[_Example], pairs: int) -> list[_Example]:
        """Some of the rehearsal pairs, others every epoch."""
        count = min(len(spare), round(pairs * self._settings.rehearsal))
        order = self._torch.randperm(len(spare), generator=self._generator)[:count] if count else ()
        return [spare[int(number)] for number in order]

    def _batches(self, examples: Sequence[_Example], *, shuffled: bool) -> list[list[_Example]]:
        """Batches of similar length; the order of equal lengths and of the batches is drawn anew every epoch."""
        torch = self._torch
        drawn = list(range(len(examples)))
        if shuffled:
            drawn = torch.randperm(len(examples), generator=self._generator).tolist()
        drawn.sort(key=lambda number: max(len(examples[number].target), len(examples[number].source)))
        batches: list[list[_Example]] = []
        for number in drawn:  # lengths rise, so the last of a batch is its longest
            size = max(len(examples[number].target), len(examples[number].source))
            if batches and (len(batches[-1]) + 1) * size <= self._settings.tokens:
                batches[-1].append(examples[number])
            else:
                batches.append([examples[number]])
        if shuffled:
            batches = [batches[number] for number in torch.randperm(len(batches), generator=self._generator).tolist()]
        return batches


def _load(folder: Path, dropout: float | None) -> Any:
    """The model in float32, whatever it is stored in."""
    with local_and_quiet():
        import torch
        from safetensors import SafetensorError
        from transformers import MarianMTModel

        loaded: Any = MarianMTModel
        changed = {} if dropout is None else {"dropout": dropout}
        try:
            return loaded.from_pretrained(str(folder), local_files_only=True, dtype=torch.float32, **changed)
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise ModelError("the model cannot be loaded", str(folder), str(error).split("\n")[0]) from error


def _number_format(folder: Path) -> Any:
    """What the parent's weights are stored in."""
    from safetensors import safe_open

    with safe_open(folder / WEIGHTS, "pt") as stored:
        return stored.get_tensor(sorted(stored.keys())[-1]).dtype


def _has_bfloat16(torch: Any) -> bool:
    """True where the processor multiplies bfloat16 itself; elsewhere it would be slower than float32."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())

"""The reference engine: transformers and torch, on a CPU or a GPU, for any Marian folder.

Slower than CTranslate2 and independent of it, so that either can be checked against the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from pickle import UnpicklingError  # the error alone: nothing is unpickled here
from struct import error as StructError  # noqa: N812 - it is a class
from typing import Any

from translate.engines.base import UNSCORED, Hypothesis, Progress, Request
from translate.engines.calibration import pointer
from translate.engines.decoding import (
    BATCH_TOKENS,
    NEVER_TWICE,
    PENALTY,
    Decoding,
    known_terms,
    positions,
    reads_annotations,
)
from translate.engines.pieces import ANNOTATION, END, Encoded, Pieces, word_links
from translate.engines.quiet import local_and_quiet
from translate.errors import ModelError, UsageError

UNREADABLE = (
    *(OSError, ValueError, RuntimeError, EOFError, LookupError, AttributeError, TypeError, ArithmeticError),
    *(MemoryError, AssertionError, StructError),
)
"""What torch makes of a checkpoint that is none."""


class MarianEngine:
    """A `MarianMTModel` with beam search; alignment from the attention its folder names."""

    def __init__(
        self,
        folder: Path,
        name: str,
        *,
        decoding: Decoding | None = None,
        threads: int = 0,
        device: str = "cpu",
        limit: int = 120,
    ) -> None:
        """`folder` is the Marian folder, `name` is `model@fingerprint`."""
        with local_and_quiet():
            import torch
            from safetensors import SafetensorError
            from transformers import MarianMTModel

            try:
                loaded: Any = MarianMTModel
                # eager: the other attention implementations silently return no attention
                self._model = loaded.from_pretrained(
                    str(folder),
                    local_files_only=True,
                    use_safetensors=True,  # never a pickle, whatever else lies in the folder
                    attn_implementation="eager",
                    dtype=torch.float32,
                )
            except (OSError, ValueError, RuntimeError, SafetensorError) as error:
                raise ModelError("the model cannot be loaded", str(folder), str(error).split("\n")[0]) from error
        if device == "cuda" and not torch.cuda.is_available():
            raise UsageError("torch finds no CUDA device", "--device cuda", "use --device cpu")
        if threads:
            torch.set_num_threads(threads)
        self._torch = torch
        self._device = device
        self._model.to(device).eval()
        self._decoding = decoding or Decoding()
        self._pieces = Pieces(folder)
        self.annotates = reads_annotations(folder)
        self.known_terms = known_terms(folder)
        self._pointer = pointer(folder)
        banned = [self._pieces.ids[symbol] for symbol in ANNOTATION] if self.annotates else []
        self._banned = [[number] for number in (self._model.config.pad_token_id, *banned)]
        self._positions = positions(folder)
        self._name = name
        self.limit = limit

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        """See `Engine`. Requests with a prefix are decoded one by one."""
        results: list[list[Hypothesis]] = [[Hypothesis("", 0.0)] for _ in requests]
        encoded = [self._pieces.source(request.text, request.hints if self.annotates else ()) for request in requests]
        for batch in self._batches(requests, encoded):
            if len(encoded[batch[0]].pieces) >= self._positions:
                for number in batch:
                    results[number] = [Hypothesis("", 0.0, cut=True)] * requests[number].n_best
            elif encoded[batch[0]].pieces:
                for number, hypotheses in zip(batch, self._decode(batch, requests, encoded), strict=True):
                    results[number] = hypotheses
            if progress:
                progress(len(batch))
        return results

    def _batches(self, requests: Sequence[Request], encoded: Sequence[Encoded]) -> list[list[int]]:
        """Same length, same kind of search, no prefix: no padding, so a batch gives what a single request gives."""
        order = sorted(
            range(len(requests)), key=lambda n: (len(encoded[n].pieces), requests[n].n_best, requests[n].careful, n)
        )
        batches: list[list[int]] = []
        last: tuple[int, int, str, bool] | None = None
        for number in order:
            key = (
                len(encoded[number].pieces),
                requests[number].n_best,
                requests[number].prefix,
                requests[number].careful,
            )
            if batches and key == last and not key[2] and (len(batches[-1]) + 1) * (key[0] + 1) <= BATCH_TOKENS:
                batches[-1].append(number)
            else:
                batches.append([number])
            last = key
        return batches

    def _ids(self, pieces: Sequence[str], end: bool = True) -> list[int]:
        unknown = self._pieces.ids.get("<unk>", 1)
        ids = [self._pieces.ids.get(piece, unknown) for piece in pieces]
        return [*ids, self._pieces.ids[END]] if end else ids

    def _decode(
        self, batch: list[int], requests: Sequence[Request], encoded: Sequence[Encoded]
    ) -> list[list[Hypothesis]]:
        torch, config = self._torch, self._model.config
        n_best = requests[batch[0]].n_best
        source = torch.tensor([self._ids(encoded[n].pieces) for n in batch], device=self._device)
        given = self._ids(self._pieces.target(requests[batch[0]].prefix).pieces, end=False)
        start = torch.tensor([[config.decoder_start_token_id, *given]] * len(batch), device=self._device)
        limit = self._decoding.limit(source.shape[1], self._positions)
        beams = max(self._decoding.beam, n_best)
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=source,
                attention_mask=torch.ones_like(source),
                decoder_input_ids=start,
                num_beams=beams,
                num_return_sequences=n_best,
                max_length=None,
                max_new_tokens=limit,
                repetition_penalty=PENALTY if requests[batch[0]].careful else None,
                no_repeat_ngram_size=NEVER_TWICE if requests[batch[0]].careful else None,
                forced_eos_token_id=None,
                bad_words_ids=self._banned,
                do_sample=False,
                early_stopping=False,
            )
        results = []
        for row, number in enumerate(batch):
            hypotheses = []
            for sequence in output[row * n_best : (row + 1) * n_best].tolist():
                ids = [token for token in sequence[1:] if token not in (config.pad_token_id, config.eos_token_id)]
                cut = config.eos_token_id not in sequence[1:]
                hypotheses.append(self._hypothesis(encoded[number], ids, cut))
            hypotheses.sort(key=lambda hypothesis: -hypothesis.score)
            results.append(hypotheses)
        return results

    def _forced(self, source: Encoded, ids: list[int], end: bool = True) -> tuple[float, Any]:
        """Mean log-probability of a target (and its end marker), and what it looks at.

        The latter has the shape (layers, heads, target [+ end], source + end).
        """
        torch, config = self._torch, self._model.config
        wanted = torch.tensor([[*ids, config.eos_token_id] if end else ids], device=self._device)
        given = torch.tensor([[config.decoder_start_token_id, *ids]], device=self._device)[:, : wanted.shape[1]]
        with torch.inference_mode():
            output = self._model(
                input_ids=torch.tensor([self._ids(source.pieces)], device=self._device),
                decoder_input_ids=given,
                output_attentions=True,
            )
        logs = output.logits.log_softmax(-1).gather(-1, wanted[:, :, None])
        return float(logs.mean()), torch.cat(output.cross_attentions)

    def attention(self, source: Encoded, target: Encoded) -> Any:
        """What every layer and head looks at while a given target is written: (layers, heads, target, source + end)."""
        return self._forced(source, self._ids(target.pieces, end=False), end=False)[1]

    def _hypothesis(self, source: Encoded, ids: list[int], cut: bool) -> Hypothesis:
        target = self._pieces.decode([self._pieces.names[number] for number in ids])
        score, looks = self._forced(source, ids, end=not cut)
        links: tuple[tuple[int, int], ...] = ()
        if self._pointer.trusted:
            rows = looks[self._pointer.layer, list(self._pointer.heads)].mean(0)[: len(ids)]
            links = word_links(source, target, rows[self._pointer.offset :].tolist())
        return Hypothesis(target.text, score, links, cut)

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """See `Engine`."""
        return [self._score(self._pieces.source(source), self._pieces.target(target)) for source, target in pairs]

    def _score(self, source: Encoded, target: Encoded) -> float:
        if max(len(source.pieces), len(target.pieces)) >= self._positions:
            return UNSCORED
        return self._forced(source, self._ids(target.pieces, end=False))[0]

    def length(self, text: str) -> int:
        """See `Engine`."""
        return len(self._pieces.source(text).pieces) + 1

    def signature(self) -> str:
        """See `Engine`."""
        return f"marian-fp32|{self._name}|{self._decoding}|{self._pointer.mark}"

    def reference(self) -> None:
        """None: it is the reference."""


def save_weights(folder: Path, out: Path) -> None:
    """Rewrite the weights of a Marian folder as `model.safetensors` in `out`; a pickle is read for its tensors only."""
    with local_and_quiet():
        from transformers import MarianMTModel

        try:
            model = MarianMTModel.from_pretrained(str(folder), local_files_only=True, weights_only=True)
            model.save_pretrained(str(out))
        except UnpicklingError as error:
            raise ModelError(
                "the weights are not used, there is more than numbers in them", str(folder), "nothing of it was run"
            ) from error
        except UNREADABLE as error:
            raise ModelError("the weights cannot be read", str(folder), str(error).split("\n")[0]) from error

"""The reference engine: transformers and torch, on a CPU or a GPU, for any Marian folder.

Slower than CTranslate2 and independent of it, so that either can be checked against the other. On a CPU it is exact:
float32, nothing padded, so that a request gives to the last digit what it gives alone. On a GPU it is fast: bfloat16,
large padded batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError  # the error alone: nothing is unpickled here
from struct import error as StructError  # noqa: N812 - it is a class
from typing import Any

from translate.engines.base import UNSCORED, Hypothesis, Progress, Request
from translate.engines.calibration import pointer
from translate.engines.decoding import NEVER_TWICE, PENALTY, Decoding, bucket, known_terms, positions, reads_annotations
from translate.engines.layout import lay_out, processors
from translate.engines.pieces import ANNOTATION, END, Encoded, Pieces, word_links
from translate.engines.quiet import local_and_quiet
from translate.errors import ModelError

UNREADABLE = (
    *(OSError, ValueError, RuntimeError, EOFError, LookupError, AttributeError, TypeError, ArithmeticError),
    *(MemoryError, AssertionError, StructError),
)
"""What torch makes of a checkpoint that is none."""


TOGETHER = 64
"""Targets that are scored together where padding is allowed: the probabilities of all their tokens are in memory."""


@dataclass(frozen=True, slots=True)
class _Forced:
    """A target to be written on a source, token by token."""

    source: Encoded
    ids: list[int]
    """Without the end marker."""
    end: bool = True
    """The end marker is written too."""


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

            self._layout = lay_out(device, threads, torch.cuda.device_count, "torch")
            try:
                loaded: Any = MarianMTModel
                # eager: the other attention implementations silently return no attention
                self._model = loaded.from_pretrained(
                    str(folder),
                    local_files_only=True,
                    use_safetensors=True,  # never a pickle, whatever else lies in the folder
                    attn_implementation="eager",
                    dtype=torch.bfloat16 if self._layout.device == "cuda" else torch.float32,
                )
            except (OSError, ValueError, RuntimeError, SafetensorError) as error:
                raise ModelError("the model cannot be loaded", str(folder), str(error).split("\n")[0]) from error
        torch.set_num_threads(threads or processors())
        self._torch = torch
        self._device = self._layout.device
        self._padding = self._device == "cuda"
        self._model.to(self._device).eval()
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
        waiting = [number for number, source in enumerate(encoded) if 0 < len(source.pieces) < self._positions]
        for number, source in enumerate(encoded):
            if len(source.pieces) >= self._positions:
                results[number] = [Hypothesis("", 0.0, cut=True)] * requests[number].n_best
        if progress and len(waiting) < len(requests):
            progress(len(requests) - len(waiting))
        for batch in self._batches(waiting, requests, encoded):
            for number, hypotheses in zip(batch, self._decode(batch, requests, encoded), strict=True):
                results[number] = hypotheses
            if progress:
                progress(len(batch))
        return results

    def _batches(
        self, waiting: Sequence[int], requests: Sequence[Request], encoded: Sequence[Encoded]
    ) -> list[list[int]]:
        """Same length (or, where padding is allowed, same bucket), same kind of search, no prefix."""

        def kind(number: int) -> tuple[int, int, bool, str]:
            request, size = requests[number], len(encoded[number].pieces) + 1
            return bucket(size) if self._padding else size, request.n_best, request.careful, request.prefix

        batches: list[list[int]] = []
        last: tuple[int, int, bool, str] | None = None
        for number in sorted(waiting, key=lambda n: (kind(n), n)):
            key = kind(number)
            if key == last and not requests[number].prefix and (len(batches[-1]) + 1) * key[0] <= self._layout.tokens:
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
        source, mask = self._padded([self._ids(encoded[n].pieces) for n in batch])
        given = self._ids(self._pieces.target(requests[batch[0]].prefix).pieces, end=False)
        start = torch.tensor([[config.decoder_start_token_id, *given]] * len(batch), device=self._device)
        limit = self._decoding.limit(len(encoded[batch[0]].pieces) + 1, self._positions)
        beams = max(self._decoding.beam, n_best)
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=source,
                attention_mask=mask,
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
        found = []
        for row, sequence in enumerate(output.tolist()):
            ids = [token for token in sequence[1:] if token not in (config.pad_token_id, config.eos_token_id)]
            found.append(_Forced(encoded[batch[row // n_best]], ids, config.eos_token_id in sequence[1:]))
        made = self._hypotheses(found)
        best_first = [sorted(made[at : at + n_best], key=lambda one: -one.score) for at in range(0, len(made), n_best)]
        assert len(best_first) == len(batch)
        return best_first

    def _padded(self, rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
        """Ids of equal length with pads behind, and where they are none: two tensors (rows, longest)."""
        longest = max(len(row) for row in rows)
        pad = self._model.config.pad_token_id
        ids = self._torch.tensor([[*row, *[pad] * (longest - len(row))] for row in rows], device=self._device)
        mask = self._torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=self._device)
        return ids, mask

    def _forced(self, several: Sequence[_Forced]) -> list[tuple[float, Any]]:
        """Mean log-probability of each target (and its end marker), and what it looks at.

        The latter has the shape (layers, heads, target [+ end], source + end).
        """
        torch, config = self._torch, self._model.config
        sources = [self._ids(one.source.pieces) for one in several]
        wanted = [[*one.ids, config.eos_token_id] if one.end else one.ids for one in several]
        given = [[config.decoder_start_token_id, *one.ids][: len(w)] for one, w in zip(several, wanted, strict=True)]
        ids, mask = self._padded(sources)
        with torch.inference_mode():
            output = self._model(
                input_ids=ids, attention_mask=mask, decoder_input_ids=self._padded(given)[0], output_attentions=True
            )
        found = []
        for row, (source, target) in enumerate(zip(sources, wanted, strict=True)):
            logs = output.logits[row, : len(target)].float().log_softmax(-1)
            chosen = logs.gather(-1, torch.tensor(target, device=self._device)[:, None])
            looks = torch.stack([layer[row, :, : len(target), : len(source)] for layer in output.cross_attentions])
            found.append((float(chosen.mean()), looks))
        return found

    def _forced_all(self, several: Sequence[_Forced]) -> Iterator[tuple[float, Any]]:
        """The same for any number: one by one, or where padding is allowed some together."""
        together = TOGETHER if self._padding else 1
        for at in range(0, len(several), together):
            yield from self._forced(several[at : at + together])

    def attention(self, source: Encoded, target: Encoded) -> Any:
        """What every layer and head looks at while a given target is written: (layers, heads, target, source + end)."""
        (_, looks), *_ = self._forced([_Forced(source, self._ids(target.pieces, end=False), end=False)])
        return looks

    def _hypotheses(self, found: Sequence[_Forced]) -> list[Hypothesis]:
        made = []
        for one, (score, looks) in zip(found, self._forced_all(found), strict=True):
            target = self._pieces.decode([self._pieces.names[number] for number in one.ids])
            links: tuple[tuple[int, int], ...] = ()
            if self._pointer.trusted:
                rows = looks[self._pointer.layer, list(self._pointer.heads)].float().mean(0)[: len(one.ids)]
                links = word_links(one.source, target, rows[self._pointer.offset :].tolist())
            made.append(Hypothesis(target.text, score, links, not one.end))
        return made

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """See `Engine`."""
        both = [(self._pieces.source(source), self._pieces.target(target)) for source, target in pairs]
        fit = [n for n, (s, t) in enumerate(both) if max(len(s.pieces), len(t.pieces)) < self._positions]
        scores = [UNSCORED] * len(pairs)
        forced = [_Forced(both[n][0], self._ids(both[n][1].pieces, end=False)) for n in fit]
        for n, (score, _) in zip(fit, self._forced_all(forced), strict=True):
            scores[n] = score
        return scores

    def length(self, text: str) -> int:
        """See `Engine`."""
        return len(self._pieces.source(text).pieces) + 1

    def signature(self) -> str:
        """See `Engine`."""
        return f"marian-{'bf16' if self._padding else 'fp32'}|{self._name}|{self._decoding}|{self._pointer.mark}"


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

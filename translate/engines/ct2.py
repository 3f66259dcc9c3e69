"""The default engine: CTranslate2, int8 on a CPU, float16 on a GPU.

A Marian folder is converted once (see `converting`) and kept in the cache folder under the model's fingerprint. Torch
and transformers are needed only for a folder that is out of the ordinary. Knows nothing of articles, terms or files of
ours.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from translate.engines import converting
from translate.engines.base import UNSCORED, Hypothesis, Progress, Request
from translate.engines.calibration import Pointer, pointer
from translate.engines.decoding import (
    NEVER_TWICE,
    PENALTY,
    Decoding,
    bucket,
    known_terms,
    positions,
    reads_annotations,
)
from translate.engines.layout import lay_out
from translate.engines.pieces import ANNOTATION, END, Encoded, Pieces, word_links
from translate.engines.quiet import local_and_quiet
from translate.engines.sealing import broken, seal
from translate.errors import ModelError, OutputError
from translate.files import workplace

log = logging.getLogger(__name__)
KINDS = {"cpu": "int8", "cuda": "float16"}
"""What the weights are converted to."""
WAIT_SECONDS = 600.0
"""For another process to convert a model."""


def convert(folder: Path, out: Path, quantization: str = "int8") -> None:
    """Convert a Marian folder to CTranslate2, all or nothing; of its attention that which `pointer` names is kept."""
    from safetensors import SafetensorError

    found = pointer(folder)
    log.info("converting %s for CTranslate2 (once)", folder.name)
    try:
        with _scratch(out) as scratch:
            if not broken(out):  # somebody else has made it meanwhile
                return
            _convert(folder, scratch / "model", found, quantization)
            os.replace(scratch / "model", out)
    except (ValueError, RuntimeError, LookupError, TypeError, SafetensorError) as error:
        raise ModelError("the model cannot be converted", str(folder), f"CTranslate2 says: {error}") from error


def _convert(folder: Path, made: Path, found: Pointer, quantization: str) -> None:
    try:
        if converting.ordinary(folder):
            converting.write(folder, made, found, quantization)
        else:
            with local_and_quiet():
                _converter(folder, found).convert(str(made), quantization=quantization, force=True)
    except OSError as error:
        raise ModelError("the model cannot be converted", str(folder), f"CTranslate2 says: {error}") from error
    seal(made)


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """A folder beside `out`, for one process at a time; what a killed one left there is removed."""
    place = out.with_name(f".{out.name}.making")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with workplace(place, WAIT_SECONDS):
            yield place
    except OSError as error:
        raise OutputError(
            "the converted model cannot be stored", str(out.parent), "set TARJUMAN_HOME to a folder you can write to"
        ) from error


def _converter(folder: Path, found: Pointer) -> Any:
    """A converter that exports the wanted heads: CTranslate2 can only average the first ones of a layer.

    So the wanted ones are moved to the front, which changes nothing else: a layer's heads are a set.
    """
    import torch
    from ctranslate2.converters import TransformersConverter
    from ctranslate2.specs import model_spec

    model_spec.torch, model_spec.torch_is_available = torch, True  # `converting` may have hidden it

    class Pointing(TransformersConverter):  # type: ignore[misc, unused-ignore]
        def load_model(self, *given: Any, **named: Any) -> Any:
            model = super().load_model(*given, **named, use_safetensors=True)  # never a pickle
            attention = model.model.decoder.layers[found.layer].encoder_attn
            heads = [*found.heads, *(head for head in range(attention.num_heads) if head not in found.heads)]
            size = attention.head_dim
            order = [head * size + number for head in heads for number in range(size)]
            for part in (attention.q_proj, attention.k_proj, attention.v_proj):
                part.weight.data, part.bias.data = part.weight.data[order], part.bias.data[order]
            attention.out_proj.weight.data = attention.out_proj.weight.data[:, order]
            return model

        def _load(self) -> Any:
            spec = super()._load()
            spec.decoder.alignment_layer = spec.decoder.alignment_layer.dtype.type(found.layer)
            spec.decoder.alignment_heads = spec.decoder.alignment_heads.dtype.type(len(found.heads))
            return spec

    return Pointing(str(folder))


class CTranslate2Engine:
    """One converted model on the CPU (or a GPU, where CTranslate2 finds one)."""

    def __init__(
        self,
        folder: Path,
        name: str,
        cache: Path,
        *,
        decoding: Decoding | None = None,
        threads: int = 0,
        device: str = "cpu",
        limit: int = 120,
    ) -> None:
        """`folder` is the Marian folder, `name` is `model@fingerprint`, `cache` where conversions are kept."""
        import ctranslate2

        self._layout = lay_out(device, threads, ctranslate2.get_cuda_device_count, "CTranslate2")
        self.limit = limit
        self._name = name
        self._decoding = decoding or Decoding()
        self._pieces = Pieces(folder)
        self.annotates = reads_annotations(folder)
        self.known_terms = known_terms(folder)
        self._positions = positions(folder)
        self._pointer = pointer(folder)
        self._kind = KINDS[self._layout.device]
        converted = cache / "ct2" / f"{name}-{self._kind}"
        if wrong := broken(converted):  # never made, damaged since, or made before there were seals
            if converted.exists():
                log.warning("converting %s again: %s", folder.name, wrong)
                shutil.rmtree(converted, ignore_errors=True)
            convert(folder, converted, self._kind)
        try:
            self._translator: Any = ctranslate2.Translator(
                str(converted),
                device=self._layout.device,
                compute_type=self._kind,
                inter_threads=self._layout.workers,
                intra_threads=self._layout.threads,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                "the converted model cannot be loaded", str(converted), f"delete that folder and run again ({error})"
            ) from error

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        """See `Engine`. Length-sorted token batches; requests with the same kind of search share a batch."""
        results: list[list[Hypothesis]] = [[Hypothesis("", 0.0)] for _ in requests]
        encoded = [self._pieces.source(request.text, request.hints if self.annotates else ()) for request in requests]
        waiting = [number for number, source in enumerate(encoded) if 0 < len(source.pieces) < self._positions]
        for number, source in enumerate(encoded):
            if len(source.pieces) >= self._positions:
                results[number] = [Hypothesis("", 0.0, cut=True)] * requests[number].n_best
        if progress and len(waiting) < len(requests):
            progress(len(requests) - len(waiting))
        waiting.sort(key=lambda n: (requests[n].careful, requests[n].n_best, len(encoded[n].pieces), n))
        batches = _batches(waiting, requests, encoded, self._batch_tokens(waiting, encoded))
        asked: deque[tuple[list[int], _Asked]] = deque()
        for batch in reversed(batches):  # the longest first, so that no worker is left alone with them at the end
            asked.append((batch, self._ask(batch, requests, encoded)))
            if len(asked) > 2 * self._layout.workers:
                self._answer(*asked.popleft(), requests, encoded, results, progress)
        while asked:
            self._answer(*asked.popleft(), requests, encoded, results, progress)
        return results

    def _batch_tokens(self, waiting: Sequence[int], encoded: Sequence[Encoded]) -> int:
        """Tokens of a batch: fewer than there might be where some worker would have none."""
        total = sum(bucket(len(encoded[number].pieces) + 1) for number in waiting)
        return min(self._layout.tokens, total // self._layout.workers + 1)

    def _answer(
        self,
        batch: list[int],
        asked: _Asked,
        requests: Sequence[Request],
        encoded: Sequence[Encoded],
        results: list[list[Hypothesis]],
        progress: Progress | None,
    ) -> None:
        """Wait for a batch and put its hypotheses where they belong."""
        for number, hypotheses in zip(batch, self._hypotheses(batch, asked, requests, encoded), strict=True):
            results[number] = hypotheses
        if progress:
            progress(len(batch))

    def _ask(self, batch: list[int], requests: Sequence[Request], encoded: Sequence[Encoded]) -> _Asked:
        """Hand a batch to the workers."""
        n_best, careful = requests[batch[0]].n_best, requests[batch[0]].careful
        sources = [[*encoded[number].pieces, END] for number in batch]
        prefixes = [list(self._pieces.target(requests[number].prefix).pieces) or None for number in batch]
        limit = self._decoding.limit(len(encoded[batch[0]].pieces) + 1, self._positions)
        answers = self._translator.translate_batch(
            sources,
            target_prefix=prefixes if any(prefixes) else None,
            beam_size=max(self._decoding.beam, n_best),
            num_hypotheses=n_best,
            max_decoding_length=limit,
            repetition_penalty=PENALTY if careful else 1.0,
            no_repeat_ngram_size=NEVER_TWICE if careful else 0,
            suppress_sequences=[[symbol] for symbol in ANNOTATION] if self.annotates else None,
            return_scores=True,
            return_attention=self._pointer.trusted,
            asynchronous=True,
        )
        first = self._first_attention(sources) if len(batch) > 1 and self._first_is_used else None
        return _Asked(limit, answers, first)

    def _hypotheses(
        self, batch: list[int], asked: _Asked, requests: Sequence[Request], encoded: Sequence[Encoded]
    ) -> list[list[Hypothesis]]:
        limit, careful = asked.limit, requests[batch[0]].careful
        answers = [answer.result() for answer in asked.answers]
        first = None if asked.first is None else [answer.result().attention[0][0] for answer in asked.first]
        results = []
        for row, (number, answer) in enumerate(zip(batch, answers, strict=True)):
            hypotheses = []
            looks = answer.attention or [()] * len(answer.hypotheses)
            for pieces, score, attention in zip(answer.hypotheses, answer.scores, looks, strict=True):
                seen = attention if first is None else [first[row], *attention[1:]]
                hypotheses.append(self._hypothesis(encoded[number], pieces, score, seen, len(pieces) >= limit))
            results.append(hypotheses)
        for number, hypotheses in zip(batch, results, strict=True):
            if requests[number].prefix or careful:  # the search's own score leaves given words out, or is a price
                texts = [(requests[number].text, hypothesis.text) for hypothesis in hypotheses]
                scores = self.score(texts)
                hypotheses[:] = [replace(h, score=s) for h, s in zip(hypotheses, scores, strict=True)]
        return results

    @property
    def _first_is_used(self) -> bool:
        return self._pointer.trusted and self._pointer.offset == 0

    def _first_attention(self, sources: list[list[str]]) -> list[Any]:
        """Where each entry looks at its first step.

        In a batch of several, beam search returns another entry's attention for that step (CTranslate2 4.8.5). It
        depends on the source alone, so one greedy step gives the right one; that is a tenth of the time of a search.
        """
        answers: list[Any] = self._translator.translate_batch(
            sources, beam_size=1, max_decoding_length=1, return_attention=True, asynchronous=True
        )
        return answers

    def _hypothesis(
        self, source: Encoded, pieces: list[str], score: float, attention: Sequence[Sequence[float]], cut: bool
    ) -> Hypothesis:
        target = self._pieces.decode(pieces)
        links: tuple[tuple[int, int], ...] = ()
        if self._pointer.trusted:
            links = word_links(source, target, attention[self._pointer.offset :])
        return Hypothesis(target.text, float(score), links, cut)

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """See `Engine`."""
        sources = [[*self._pieces.source(source).pieces, END] for source, _ in pairs]
        targets = [list(self._pieces.target(target).pieces) for _, target in pairs]
        fit = [n for n in range(len(pairs)) if max(len(sources[n]), len(targets[n]) + 1) <= self._positions]
        scores = [UNSCORED] * len(pairs)
        if fit:
            answers = self._translator.score_batch(
                [sources[n] for n in fit],
                [targets[n] for n in fit],
                max_batch_size=self._layout.tokens,
                batch_type="tokens",
            )
            for n, answer in zip(fit, answers, strict=True):
                scores[n] = sum(answer.log_probs) / max(1, len(answer.log_probs))
        return scores

    def length(self, text: str) -> int:
        """See `Engine`."""
        return len(self._pieces.source(text).pieces) + 1

    def signature(self) -> str:
        """See `Engine`."""
        return f"ct2-{self._kind}|{self._name}|{self._decoding}|{self._pointer.mark}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A batch that the workers have."""

    limit: int
    """Target tokens allowed."""
    answers: list[Any]
    first: list[Any] | None
    """What `_first_attention` gave."""


def _batches(order: list[int], requests: Sequence[Request], encoded: Sequence[Encoded], tokens: int) -> list[list[int]]:
    """Cut a length-sorted order into batches of so many padded tokens at most, one bucket and kind of search each.

    Requests with a prefix share them too: each row is given its own, and says what it says alone.
    """
    batches: list[list[int]] = []
    last: tuple[int, int, bool] | None = None
    for number in order:
        key = (bucket(len(encoded[number].pieces) + 1), requests[number].n_best, requests[number].careful)
        if key == last and (len(batches[-1]) + 1) * key[0] <= tokens:
            batches[-1].append(number)
        else:
            batches.append([number])
        last = key
    return batches

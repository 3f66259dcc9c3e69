"""The default engine on a CPU: CTranslate2, int8.

A Marian folder is converted once and kept in the cache folder under the model's fingerprint; only that conversion
needs torch and transformers. Knows nothing of articles, terms or files of ours.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from translate.engines.base import UNSCORED, Engine, Hypothesis, Progress, Request
from translate.engines.calibration import Pointer, pointer
from translate.engines.decoding import (
    BATCH_TOKENS,
    NEVER_TWICE,
    PENALTY,
    Decoding,
    bucket,
    known_terms,
    positions,
    reads_annotations,
)
from translate.engines.pieces import ANNOTATION, END, Encoded, Pieces, word_links
from translate.engines.quiet import local_and_quiet
from translate.engines.sealing import broken, seal
from translate.errors import ModelError, OutputError, UsageError

log = logging.getLogger(__name__)


def convert(folder: Path, out: Path, quantization: str = "int8") -> None:
    """Convert a Marian folder to CTranslate2, all or nothing; of its attention that which `pointer` names is kept."""
    from safetensors import SafetensorError

    found = pointer(folder)
    log.info("converting %s for CTranslate2 (once)", folder.name)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise OutputError(
            "the converted model cannot be stored", str(out.parent), "set TARJUMAN_HOME to a folder you can write to"
        ) from error
    try:
        with local_and_quiet():
            _converter(folder, found).convert(str(scratch / "model"), quantization=quantization, force=True)
        seal(scratch / "model")
        try:
            os.replace(scratch / "model", out)
        except OSError:
            if broken(out):  # somebody else may have finished first
                raise
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise ModelError("the model cannot be converted", str(folder), f"CTranslate2 says: {error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _converter(folder: Path, found: Pointer) -> Any:
    """A converter that exports the wanted heads: CTranslate2 can only average the first ones of a layer.

    So the wanted ones are moved to the front, which changes nothing else: a layer's heads are a set.
    """
    from ctranslate2.converters import TransformersConverter

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

        if device == "cuda" and not ctranslate2.get_cuda_device_count():
            raise UsageError("CTranslate2 finds no CUDA device", "--device cuda", "use --device cpu")
        self.limit = limit
        self._name = name
        self._folder, self._threads = folder, threads
        self._reference: Engine | None = None
        self._decoding = decoding or Decoding()
        self._pieces = Pieces(folder)
        self.annotates = reads_annotations(folder)
        self.known_terms = known_terms(folder)
        self._positions = positions(folder)
        self._pointer = pointer(folder)
        self._kind = "int8" if device == "cpu" else "float16"
        converted = cache / "ct2" / f"{name}-{self._kind}"
        if wrong := broken(converted):  # never made, damaged since, or made before there were seals
            if converted.exists():
                log.warning("converting %s again: %s", folder.name, wrong)
                shutil.rmtree(converted, ignore_errors=True)
            convert(folder, converted, self._kind)
        try:
            self._translator: Any = ctranslate2.Translator(
                str(converted), device=device, compute_type=self._kind, intra_threads=threads or os.cpu_count() or 1
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
        for batch in _batches(waiting, requests, encoded):
            for number, hypotheses in zip(batch, self._decode(batch, requests, encoded), strict=True):
                results[number] = hypotheses
            if progress:
                progress(len(batch))
        return results

    def _decode(
        self, batch: list[int], requests: Sequence[Request], encoded: Sequence[Encoded]
    ) -> list[list[Hypothesis]]:
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
            return_attention=True,
        )
        first = self._first_attention(sources) if len(batch) > 1 and self._pointer.offset == 0 else None
        results = []
        for row, (number, answer) in enumerate(zip(batch, answers, strict=True)):
            hypotheses = []
            for pieces, score, attention in zip(answer.hypotheses, answer.scores, answer.attention, strict=True):
                seen = attention if first is None else [first[row], *attention[1:]]
                hypotheses.append(self._hypothesis(encoded[number], pieces, score, seen, len(pieces) >= limit))
            results.append(hypotheses)
        for number, hypotheses in zip(batch, results, strict=True):
            if requests[number].prefix or careful:  # the search's own score leaves given words out, or is a price
                texts = [(requests[number].text, hypothesis.text) for hypothesis in hypotheses]
                scores = self.score(texts)
                hypotheses[:] = [replace(h, score=s) for h, s in zip(hypotheses, scores, strict=True)]
        return results

    def _first_attention(self, sources: list[list[str]]) -> list[list[float]]:
        """Where each entry looks at its first step.

        In a batch of several, beam search returns another entry's attention for that step (CTranslate2 4.8.5). It
        depends on the source alone, so one greedy step gives the right one.
        """
        answers = self._translator.translate_batch(sources, beam_size=1, max_decoding_length=1, return_attention=True)
        return [answer.attention[0][0] for answer in answers]

    def _hypothesis(
        self, source: Encoded, pieces: list[str], score: float, attention: list[list[float]], cut: bool
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
                max_batch_size=BATCH_TOKENS,
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

    def reference(self) -> Engine | None:
        """The same weights in transformers, loaded when first asked for (seconds, and a gigabyte); None without it."""
        if self._reference is None:
            try:
                from translate.engines.marian import MarianEngine

                self._reference = MarianEngine(
                    self._folder, self._name, decoding=self._decoding, threads=self._threads, limit=self.limit
                )
            except (ImportError, ModelError) as error:
                log.info("no reference engine: %s", error)
        return self._reference


def _batches(order: list[int], requests: Sequence[Request], encoded: Sequence[Encoded]) -> list[list[int]]:
    """Cut a length-sorted order into batches of at most BATCH_TOKENS padded tokens, one bucket and kind of search each.

    Requests with a prefix share them too: each row is given its own, and says what it says alone.
    """
    batches: list[list[int]] = []
    last: tuple[int, int, bool] | None = None
    for number in order:
        key = (bucket(len(encoded[number].pieces) + 1), requests[number].n_best, requests[number].careful)
        if key == last and (len(batches[-1]) + 1) * key[0] <= BATCH_TOKENS:
            batches[-1].append(number)
        else:
            batches.append([number])
        last = key
    return batches

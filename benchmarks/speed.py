"""Target tokens a second: ours, beside transformers and raw CTranslate2 with the same weights.

    python -m benchmarks --only speed

The Arabic is the five articles of `seeds/`, sentence by sentence, and sentences of the bundled model's rehearsal set
(news; it has learnt them, which changes no time). Beam 4 everywhere.

`ours` is the default engine as the product asks it: scores, word alignment, every request with the limit of its own
length. `raw` is CTranslate2's `translate_batch` on the same pieces, sorted, in batches of as many tokens, told nothing
but the beam; `raw, aligned` also asks for scores and attention, with a worker a thread as we have. `transformers` is
`MarianMTModel.generate` in float32 on batches of 16, sorted by length. `marian` is our reference engine. Loading is
not counted. With one thread the targets are judged by time of processor, which is what one thread costs whoever else
is at work on the computer; with several by the wall, which is what they are there for.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import process
from benchmarks.row import Measured, Scale, Table, Verdict, median, ratio

LINES = (100, 1_000)
"""Sentences of news beside the seeds; the seeds are left out of the smaller size."""
SLOW_ROUNDS = 1
"""Of transformers and marian, which take minutes."""
SIXTEEN = 16
CLOCKS = {"cpu": "time of processor", "wall": "the wall"}
LIMITS = """

Where the time of the engine goes (one thread, `perf`, AMD EPYC): of a process that loads and
searches 37 % multiplies, 20 % copies memory, mostly what earlier steps left, after the beams that go on, and 16 %
quantises, makes probabilities and picks the best; CTranslate2 has all of
that whoever calls it. What is ours: 8 to 10 % for one more step of the encoder, because of a batch CTranslate2 gives
the attention of the first step for its first entry alone, and 2 to 3 % for words, links and offsets in Python."""
TIMES_TRANSFORMERS, OF_RAW = 5.0, 0.9
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def texts(lines: int, seeds: bool) -> list[str]:
    """What is translated."""
    from translate import readers
    from translate.registry import BUNDLED, DEFAULT, REHEARSAL
    from translate.words import has_arabic

    rows = (BUNDLED / DEFAULT / REHEARSAL).read_text("utf-8").splitlines()
    found = [row.split("\t")[0] for row in rows[:lines]]
    for path in sorted(SEEDS.glob("*.md")) if seeds else ():
        if path.name != "README.md":
            found += [segment.text for segment in readers.read(path).segments() if has_arabic(segment.text)]
    return found


def _pieces(model: str) -> Any:
    from translate.engines.pieces import Pieces

    return Pieces(Path(model))


def _engine(kind: str, model: str, cache: str, threads: int) -> Any:
    from translate.registry import Model

    found = Model(Path(model).name, Path(model), bundled=False)
    if kind == "marian":
        from translate.engines.marian import MarianEngine

        return MarianEngine(found.folder, found.full_name, threads=threads, limit=found.limit)
    from translate.engines.ct2 import CTranslate2Engine

    return CTranslate2Engine(found.folder, found.full_name, Path(cache), threads=threads, limit=found.limit)


def _timed(kind: str, lines: int, seeds: bool, threads: int, model: str, cache: str) -> dict[str, Any]:
    from translate.engines.base import Request

    engine, wanted = _engine(kind, model, cache, threads), texts(lines, seeds)
    engine.translate([Request(wanted[0])])
    began, first = time.perf_counter(), time.process_time()
    answers = engine.translate([Request(text) for text in wanted])
    wall, cpu = time.perf_counter() - began, time.process_time() - first
    pieces = _pieces(model)
    return {"wall": wall, "cpu": cpu, "tokens": sum(len(pieces.target(a[0].text).pieces) + 1 for a in answers)}


def ours(**given: Any) -> dict[str, Any]:
    """The default engine."""
    return _timed("ct2", **given)


def marian(**given: Any) -> dict[str, Any]:
    """The reference engine."""
    return _timed("marian", **given)


def raw(
    lines: int, seeds: bool, threads: int, model: str, cache: str, aligned: bool = False, workers: int = 1
) -> dict[str, Any]:
    """CTranslate2 by itself; its conversion is ours."""
    import ctranslate2

    from translate.engines.layout import CPU_TOKENS
    from translate.registry import Model

    name = Model(Path(model).name, Path(model), bundled=False).full_name
    pieces = _pieces(model)
    sources = sorted(([*pieces.source(text).pieces, "</s>"] for text in texts(lines, seeds)), key=len)
    translator = ctranslate2.Translator(
        str(Path(cache) / "ct2" / f"{name}-int8"),
        compute_type="int8",
        inter_threads=workers,
        intra_threads=max(1, threads // workers),
    )
    translator.translate_batch(sources[:1], beam_size=4)
    began, first = time.perf_counter(), time.process_time()
    answers = translator.translate_batch(
        sources,
        beam_size=4,
        max_batch_size=CPU_TOKENS,
        batch_type="tokens",
        max_decoding_length=300,
        return_scores=aligned,
        return_attention=aligned,
    )
    wall, cpu = time.perf_counter() - began, time.process_time() - first
    return {"wall": wall, "cpu": cpu, "tokens": sum(len(answer.hypotheses[0]) + 1 for answer in answers)}


def transformers(lines: int, seeds: bool, threads: int, model: str, cache: str) -> dict[str, Any]:
    """`generate`, as its documentation has it."""
    del cache
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    torch.set_num_threads(threads)
    tokenizer = MarianTokenizer.from_pretrained(model)
    loaded: Any = MarianMTModel.from_pretrained(model, dtype=torch.float32).eval()
    wanted = sorted(texts(lines, seeds), key=lambda text: len(tokenizer(text).input_ids))
    tokens = 0
    began, first = time.perf_counter(), time.process_time()
    for at in range(0, len(wanted), SIXTEEN):
        batch = tokenizer(wanted[at : at + SIXTEEN], return_tensors="pt", padding=True)
        with torch.inference_mode():
            out = loaded.generate(**batch, num_beams=4, max_new_tokens=300, max_length=None)
        tokens += int((out[:, 1:] != tokenizer.pad_token_id).sum())
    return {"wall": time.perf_counter() - began, "cpu": time.process_time() - first, "tokens": tokens}


SYSTEMS = {"ours": ours, "marian": marian, "raw": raw, "transformers": transformers}

Asked = tuple[str, str, dict[str, Any], bool]
"""Name, system, what it is given beside, whether it is slow."""


def _asked(threads: int) -> Sequence[Asked]:
    asked: list[Asked] = [
        ("Tarjuman, ct2", "ours", {}, False),
        ("raw CTranslate2", "raw", {}, False),
        ("raw CTranslate2, aligned", "raw", {"aligned": True, "workers": threads}, False),
    ]
    if threads > 1:
        asked.append((f"raw CTranslate2, {threads} workers", "raw", {"workers": threads}, False))
    asked += [("transformers", "transformers", {}, True), ("Tarjuman, marian", "marian", {}, True)]
    return asked


def measure(scale: Scale) -> Measured:
    """The row."""
    from translate.engines.layout import processors
    from translate.registry import BUNDLED, DEFAULT

    threads, model = scale.threads or processors(), BUNDLED / DEFAULT
    table = Table(("system", "sentences", "tokens/s", "tokens/s of processor", "of ours", "MB memory"))
    clock = "cpu" if threads == 1 else "wall"
    speeds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(dir=scale.work) as cache:
        _engine("ct2", str(model), cache, 1)  # converts
        for size in map(scale.size, LINES):
            seeds = size > scale.size(LINES[0])
            given: dict[str, Any] = {"lines": size, "seeds": seeds, "threads": threads, "model": model, "cache": cache}
            found: dict[str, list[process.Run]] = {}
            for turn in range(scale.rounds):
                for name, system, beside, slow in _asked(threads):
                    if turn < SLOW_ROUNDS or not slow:
                        found.setdefault(name, []).append(process.system("speed", system, **given, **beside))
            speeds = {name: [run.told["tokens"] / run.told[clock] for run in runs] for name, runs in found.items()}
            own = speeds["Tarjuman, ct2"]
            for name, runs in found.items():
                table.add(
                    name, len(texts(size, seeds)), median(run.told["tokens"] / run.told["wall"] for run in runs),
                    median(run.told["tokens"] / run.told["cpu"] for run in runs),
                    ratio(speeds[name], own[: len(runs)]), max(run.megabytes for run in runs),
                )  # fmt: skip
    times = ratio(own[:SLOW_ROUNDS], speeds["transformers"])
    best = max((name for name in speeds if name.startswith("raw")), key=lambda name: median(speeds[name]))
    share = ratio(own, speeds[best])
    alike = ratio(own, speeds["raw CTranslate2, aligned"])
    verdicts = (
        Verdict("≥5x transformers `generate`", f"{times:.1f}x", times >= TIMES_TRANSFORMERS),
        Verdict("≥0.9x raw CTranslate2", f"{share:.2f}x of {best}, {alike:.2f}x where it aligns words too",
                share >= OF_RAW),
    )  # fmt: skip
    told = (
        f"{threads} thread{'s' * (threads > 1)}; median of {scale.rounds} rounds of processes, one of transformers and "
        f"marian. *of ours*: median of the ratios in the same round, by {CLOCKS[clock]}.{LIMITS}"
    )
    return Measured(verdicts, (*table.lines(), told))

"""Whether a model obeys: how often the English named in an annotation stands in the free translation.

Held-out sentences are decoded with one or two of their phrases annotated, once with the words of the reference and once
with words the training text does not have. No repair follows: this is the model alone. Also prints what the
annotations do to the whole translation.
"""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece

from training.align import UNALIGNED
from training.annotate import Annotator, Example
from translate.engines.base import Hint, Request
from translate.engines.ct2 import CTranslate2Engine
from translate.quality import quality
from translate.registry import Model

log = logging.getLogger(__name__)

PER_SENTENCE = 2
QUALIFIERS = re.findall(
    r"\w+", "tin amber walnut lunar marsh velvet copper quartz saffron basalt juniper cobalt harp lantern ferry"
)
HEADS = re.findall(
    r"\w+", "wardens ledger tribunal brigade orchard harbour sextant convoy chamber envoys bureau masons dossier quarry"
)
SYLLABLES = re.findall(r"\w+", "ka vel mo rin tas qua lor ben dri zo fen ul mar ish tov")


@dataclass(frozen=True, slots=True)
class Trial:
    """One held-out sentence and the phrases annotated in it."""

    source: str
    reference: str
    proper: tuple[Hint, ...]
    unseen: tuple[Hint, ...]


def invented(generator: random.Random) -> str:
    """A term no training text has: `amber wardens`, `Velrin Kador`, `Tasmo`."""
    kind = generator.random()
    if kind < 0.5:
        return f"{generator.choice(QUALIFIERS)} {generator.choice(HEADS)}"
    names = ["".join(generator.sample(SYLLABLES, generator.choice((2, 3)))).title() for _ in range(2)]
    return names[0] if kind < 0.7 else " ".join(names)


def trials(data: Path, seed: int) -> Iterator[Trial]:
    """Every held-out pair in which phrases can be told from the alignment, with whole English words as hints."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(data / "joint.model"))
    chooser, generator = Annotator(data / "joint.model", [], seed), random.Random(seed)
    all_links = np.load(data / "held-out-links.npy")
    with np.load(data / "held-out.npz") as stored:
        text = {name: stored[name] for name in stored.files}
    for number in range(len(text["kind"])):
        source = text["source"][text["source_at"][number] : text["source_at"][number + 1]].tolist()
        span = slice(text["target_at"][number], text["target_at"][number + 1])
        target, links = text["target"][span].tolist(), all_links[span].astype(np.int64)
        example = Example(source, target, np.where(links == UNALIGNED, -100, links).tolist())
        spans = chooser.phrases(example)[:PER_SENTENCE]
        written = pieces.decode(source)
        places = pieces.encode(written, return_type="offset_mapping")["offsets"]
        if not spans or len(places) != len(source):
            continue
        proper = tuple(Hint(places[a][0], places[b - 1][1], pieces.decode(target[c:d])) for a, b, c, d in spans)
        unseen = tuple(Hint(hint.begin, hint.end, invented(generator)) for hint in proper)
        yield Trial(written, pieces.decode(target), proper, unseen)


def honoured(hints: tuple[Hint, ...], output: str) -> int:
    """How many hints stand in an output as whole words; a capital at a sentence's start is no difference."""
    return sum(re.search(rf"(?<!\w){re.escape(hint.target)}(?!\w)", output, re.I) is not None for hint in hints)


def terms(folder: Path, data: Path, seed: int = 1, limit: int = 0) -> None:
    """Print one line per mode. `limit` > 0 takes the first trials only."""
    chosen = list(trials(data, seed))[: limit or None]
    log.info("%d sentences, %d phrases", len(chosen), sum(len(trial.proper) for trial in chosen))
    engine = CTranslate2Engine(folder, Model(folder.name, folder, bundled=False).full_name, data / "cache")
    for mode in ("free", "proper", "unseen"):
        hints = [() if mode == "free" else trial.proper if mode == "proper" else trial.unseen for trial in chosen]
        requests = [Request(trial.source, hints=hint) for trial, hint in zip(chosen, hints, strict=True)]
        outputs = [answer[0].text for answer in engine.translate(requests)]
        wanted = [trial.unseen if mode == "unseen" else trial.proper for trial in chosen]
        total = sum(len(hint) for hint in wanted)
        met = sum(honoured(hint, output) for hint, output in zip(wanted, outputs, strict=True))
        figures = quality(outputs, [trial.reference for trial in chosen])
        print(f"{mode:8} {met:5}/{total} phrases honoured {met / total:6.1%}  chrF++ {figures.chrf:5.1f}", flush=True)

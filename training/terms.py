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
    nouns: tuple[bool, ...]
    """Whether the phrase stands where a noun does, as a term would; verbs and adverbs are annotated too."""


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
        example = Example.of(text, all_links, number)
        spans = chooser.phrases(example)[:PER_SENTENCE]
        written = pieces.decode(example.source)
        places = pieces.encode(written, return_type="offset_mapping")["offsets"]
        if not spans or len(places) != len(example.source):
            continue
        proper = tuple(Hint(places[a][0], places[b - 1][1], pieces.decode(example.target[c:d])) for a, b, c, d in spans)
        unseen = tuple(Hint(hint.begin, hint.end, invented(generator)) for hint in proper)
        nouns = tuple(chooser.noun(example.target, c, d) for _, _, c, d in spans)
        yield Trial(written, pieces.decode(example.target), proper, unseen, nouns)


def honoured(hints: tuple[Hint, ...], output: str) -> list[bool]:
    """Which hints stand in an output as whole words; a capital at a sentence's start is no difference."""
    return [re.search(rf"(?<!\w){re.escape(hint.target)}(?!\w)", output, re.I) is not None for hint in hints]


def terms(folder: Path, data: Path, seed: int = 1, limit: int = 0) -> None:
    """Print one line per mode. `limit` > 0 takes the first trials only."""
    chosen = list(trials(data, seed))[: limit or None]
    log.info("%d sentences, %d phrases", len(chosen), sum(len(trial.proper) for trial in chosen))
    engine = CTranslate2Engine(folder, Model(folder.name, folder, bundled=False).full_name, data / "cache")
    nouns = [noun for trial in chosen for noun in trial.nouns]
    for mode in ("free", "proper", "unseen"):
        hints = [() if mode == "free" else trial.proper if mode == "proper" else trial.unseen for trial in chosen]
        requests = [Request(trial.source, hints=hint) for trial, hint in zip(chosen, hints, strict=True)]
        outputs = [answer[0].text for answer in engine.translate(requests)]
        met: list[bool] = []
        for trial, output in zip(chosen, outputs, strict=True):
            met += honoured(trial.unseen if mode == "unseen" else trial.proper, output)
        figures = quality(outputs, [trial.reference for trial in chosen])
        of_nouns = [one for one, noun in zip(met, nouns, strict=True) if noun]
        print(f"{mode:8} {_share(met)}, of noun phrases {_share(of_nouns)}  chrF++ {figures.chrf:5.1f}", flush=True)


def _share(met: list[bool]) -> str:
    return f"{sum(met):5}/{len(met)} honoured {sum(met) / max(1, len(met)):6.1%}"

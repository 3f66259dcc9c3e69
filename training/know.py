"""Which terms a model says by itself: on those no annotation is spent.

A hint makes the source longer, which costs time, and a sentence with five of them reads worse than one with none where
the model knows all five. So for each term of the bundled term bases some news sentences of the training text that hold
it are decoded without hints, and terms that come out in an accepted form often enough are noted in the model's
`tarjuman.json`, with their English: another English for the same Arabic is not known.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.prepare import raw_pairs
from translate.constraints import Requirement, assign, require
from translate.engines import notes
from translate.engines.base import Request
from translate.engines.calibration import names
from translate.engines.ct2 import CTranslate2Engine
from translate.pipeline import Glossary
from translate.registry import Model

log = logging.getLogger(__name__)

NEWS = ("news", "authored")
LONGEST = 400  # characters
MOST = 30  # sentences a term
FEWEST = 12
OFTEN = 0.8
"""Share of its occurrences in which a term must come out; from 0.7 to 0.9 the seeds read alike, at 0.95 and with every
term hinted worse."""


def know(folder: Path, corpus: Path, data: Path, seed: int = 1) -> None:
    """Note in the `tarjuman.json` of a model folder which terms need no hint; its fingerprint changes."""
    chosen = list(sentences(corpus, Glossary.of(names()), seed))
    engine = CTranslate2Engine(folder, Model(folder.name, folder, bundled=False).full_name, data / "cache")
    answers = engine.translate([Request(text) for text, _ in chosen])
    seen: Counter[tuple[str, str]] = Counter()
    said: Counter[tuple[str, str]] = Counter()
    for (_, requirements), (answer, *_) in zip(chosen, answers, strict=True):
        given = assign(requirements, answer.text)
        for number, requirement in enumerate(requirements):
            seen[requirement.name] += 1
            said[requirement.name] += number in given
    known = sorted(name for name, count in seen.items() if count >= FEWEST and said[name] >= OFTEN * count)
    notes.note(folder, "known_terms", known)
    log.info("%d of %d terms seen in %d sentences need no hint", len(known), len(seen), len(chosen))


def sentences(corpus: Path, glossary: Glossary, seed: int) -> Iterator[tuple[str, Sequence[Requirement]]]:
    """News sentences that hold a term which too few before them held, in a seeded random order."""
    texts = sorted({source for kind, _, source, _ in raw_pairs(corpus) if kind in NEWS and len(source) < LONGEST})
    random.Random(seed).shuffle(texts)
    count: Counter[tuple[str, str]] = Counter()
    for text in texts:
        requirements = require(glossary.matcher.find(text, glossary.matcher.surroundings(text)))
        held = {requirement.name for requirement in requirements}
        if any(count[name] < MOST for name in held):
            count.update(held)
            yield text, requirements

"""How good a model folder is: BLEU and chrF++ with their signatures, beside published systems on the same lines.

Decodes with CTranslate2 int8, the way the product runs, without any glossary.
"""

from __future__ import annotations

import logging
import re
import time
from pathlib import Path

import sacrebleu

from translate.decode import LOOP
from translate.engines.base import Request
from translate.engines.ct2 import CTranslate2Engine
from translate.registry import Model

log = logging.getLogger(__name__)


def _lines(path: Path) -> tuple[list[str], list[str]]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [row[0] for row in rows], [row[1] for row in rows]


def _scores(outputs: list[str], references: list[str]) -> tuple[str, str]:
    """The two figures as text, and both signatures."""
    bleu, chrf = sacrebleu.metrics.BLEU(), sacrebleu.metrics.CHRF(word_order=2)
    figures = (
        f"BLEU {bleu.corpus_score(outputs, [references]).score:5.1f}  "
        f"chrF++ {chrf.corpus_score(outputs, [references]).score:5.1f}"
    )
    return figures, f"BLEU {bleu.get_signature()}\nchrF++ {chrf.get_signature()}"


def evaluate(folder: Path, data: Path, evaluation: Path, limit: int = 0) -> None:
    """Print one line per test set and system. `limit` > 0 takes the first lines only (and says so)."""
    model = Model(folder.name, folder, bundled=False)
    engine = CTranslate2Engine(folder, model.full_name, data / "cache")
    sets = {"news dev (200 lines held out)": data / "dev.tsv"}
    sets |= {path.stem: path for path in sorted(evaluation.glob("*.tsv"))}
    for name, path in sets.items():
        sources, references = _lines(path)
        if limit:
            sources, references, name = sources[:limit], references[:limit], f"{name}, first {limit}"
        began = time.monotonic()
        outputs = [answer[0].text for answer in engine.translate([Request(source) for source in sources])]
        seconds = time.monotonic() - began
        loops = sum(LOOP.search(output) is not None for output in outputs)
        words = sum(len(output.split()) for output in outputs) / sum(len(line.split()) for line in references)
        figures, signature = _scores(outputs, references)
        print(
            f"{name:36} {model.full_name:28} {figures}  loops {loops}  length {words:.2f}  {seconds:.0f} s", flush=True
        )
        (data / f"output-{path.stem}.en").write_text("\n".join(outputs) + "\n", encoding="utf-8")
        for peer in sorted((evaluation / "peers").glob(f"{path.stem}.*.en")):
            other = re.split(r"\r?\n", peer.read_text(encoding="utf-8"))[: len(references)]
            print(f"{name:36} {peer.name.split('.')[1]:28} {_scores(other, references)[0]}", flush=True)
    print(signature)

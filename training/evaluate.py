"""How good a model folder is beside published systems on the same lines.

Decodes with CTranslate2 int8, the way the product runs, without any glossary; what is counted and how is the business
of `translate.evaluate` and `translate.quality`. `tarjuman eval` says more about a single set.
"""

from __future__ import annotations

from pathlib import Path

from translate import evaluate as scoring
from translate.engines.ct2 import CTranslate2Engine
from translate.quality import read_lines, read_pairs
from translate.registry import Model


def evaluate(folder: Path, data: Path, evaluation: Path, limit: int = 0) -> None:
    """Print one line per test set and system. `limit` > 0 takes the first lines only (and says so)."""
    model = Model(folder.name, folder, bundled=False)
    engine = CTranslate2Engine(folder, model.full_name, data / "cache", limit=model.limit)
    sets = {"news dev (held out)": data / "dev.tsv"}
    sets |= {path.stem: path for path in sorted(evaluation.glob("*.tsv"))}
    for name, path in sets.items():
        pairs = read_pairs(path)
        if limit:
            pairs, name = pairs[:limit], f"{name}, first {limit}"
        ours = scoring.evaluate(engine, pairs, name=model.full_name)
        _tell(name, ours)
        (data / f"output-{path.stem}.en").write_text("\n".join(ours.outputs) + "\n", encoding="utf-8")
        for peer in sorted((evaluation / "peers").glob(f"{path.stem}.*.en")):
            _tell(name, scoring.judge(peer.name.split(".")[1], read_lines(peer)[: len(pairs)], pairs))
    print(f"BLEU {ours.quality.bleu_signature}\nchrF++ {ours.quality.chrf_signature}\n{ours.signature}")


def _tell(name: str, one: scoring.Evaluation) -> None:
    speed = "" if one.words_per_second is None else f"  {one.seconds:.0f} s  {one.words_per_second:.0f} words/s"
    print(
        f"{name:36} {one.name:28} BLEU {one.quality.bleu:5.1f}  chrF++ {one.quality.chrf:5.1f}  "
        f"repeated {one.repeated}  unfinished {one.unfinished}  length {one.length:.2f}{speed}",
        flush=True,
    )

"""Translation quality on public sets: the bundled model, freely and with terms, beside what other systems answered.

    python -m benchmarks --only quality --texts FOLDER

The sets are no part of this project (FLORES-200 dev and NTREX-128 are CC BY-SA 4.0): FOLDER is that of the training,
with `eval/NAME.tsv` (Arabic, English) and `eval/peers/NAME.PEER.en`, one line a sentence. Without it the model's own
`dev.tsv` is judged and nothing is compared. The training never saw any of them. That our pipeline takes nothing from a
model is measured by the same lines decoded freely by the pipeline and by the engine alone.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benchmarks import process
from benchmarks.row import Measured, Scale, Table, Verdict

WITHIN = 0.1
"""chrF++ that the pipeline may differ from the engine."""
NAMES = {
    "argos": "Argos", "nllb": "NLLB-200 distilled 600M", "opusmt": "opus-mt-ar-en", "google": "Google",
    "microsoft": "Microsoft", "bergamot-base": "Firefox base", "bergamot-base-memory": "Firefox base-memory",
}  # fmt: skip


def judged(path: str, limit: int, cache: str, model: str) -> dict[str, Any]:
    """Our figures on one set."""
    from glossary import TermBase
    from translate.engines.base import Request
    from translate.engines.ct2 import CTranslate2Engine
    from translate.evaluate import evaluate
    from translate.pipeline import Glossary
    from translate.quality import quality, read_pairs
    from translate.registry import Model

    found = Model(Path(model).name, Path(model), bundled=False)
    engine = CTranslate2Engine(found.folder, found.full_name, Path(cache), limit=found.limit)
    pairs = read_pairs(Path(path))[:limit]
    free = evaluate(engine, pairs)
    kept = evaluate(engine, pairs, Glossary.of(TermBase.load(TermBase.default())))
    alone = engine.translate([Request(source) for source, _ in pairs])
    direct = quality([answer[0].text for answer in alone], [reference for _, reference in pairs])
    return {
        "bleu": free.quality.bleu, "chrf": free.quality.chrf, "terms bleu": kept.quality.bleu,
        "terms chrf": kept.quality.chrf, "met": kept.terms.met, "total": kept.terms.total,
        "direct bleu": direct.bleu, "direct chrf": direct.chrf, "flagged": free.flagged, "signature": free.signature,
        "metrics": f"{direct.bleu_signature}; {direct.chrf_signature}",
    }  # fmt: skip


def peer(path: str, limit: int, outputs: str) -> dict[str, Any]:
    """The figures of a translation made elsewhere."""
    from translate.quality import quality, read_lines, read_pairs

    pairs = read_pairs(Path(path))[:limit]
    found = quality(read_lines(Path(outputs))[: len(pairs)], [reference for _, reference in pairs])
    return {"bleu": found.bleu, "chrf": found.chrf}


SYSTEMS = {"judged": judged, "peer": peer}


def measure(scale: Scale) -> Measured:
    """The row."""
    from translate.registry import BUNDLED, DEFAULT, HELD_OUT

    model = BUNDLED / DEFAULT
    sets = [model / HELD_OUT, *(sorted((scale.texts / "eval").glob("*.tsv")) if scale.texts else ())]
    table = Table(("set, system", "lines", "BLEU", "chrF++", "terms kept"))
    farthest, told = 0.0, ""
    with tempfile.TemporaryDirectory(dir=scale.work) as cache:
        for path in sets:
            limit = scale.size(len(path.read_text("utf-8").splitlines()))
            own = process.system("translation", "judged", path=path, limit=limit, cache=cache, model=model).told
            table.add(f"{path.stem}: Tarjuman, no terms", limit, own["bleu"], own["chrf"], None)
            table.add(f"{path.stem}: Tarjuman, the Mosul terms", limit, own["terms bleu"], own["terms chrf"],
                      f"{own['met']}/{own['total']}")  # fmt: skip
            table.add(f"{path.stem}: the engine alone", limit, own["direct bleu"], own["direct chrf"], None)
            farthest, told = max(farthest, abs(own["chrf"] - own["direct chrf"])), own["metrics"]
            for outputs in sorted((path.parent / "peers").glob(f"{path.stem}.*.en")):
                name = outputs.name.removeprefix(f"{path.stem}.").removesuffix(".en")
                other = process.system("translation", "peer", path=path, limit=limit, outputs=outputs).told
                table.add(f"{path.stem}: {NAMES.get(name, name)}", limit, other["bleu"], other["chrf"], None)
    lines = [f"Signatures: {told}."]
    if not scale.texts:
        lines.append("Peers were not measured: their answers are no part of this project; see `--texts`.")
    verdicts = (
        Verdict("without terms the pipeline is the engine, ±0.1 chrF++", f"at most {farthest:.2f}", farthest <= WITHIN),
    )
    return Measured(verdicts, (*table.lines(), *lines))

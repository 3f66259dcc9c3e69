"""`python -m training STAGE`: one command per stage of the recipe."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

STAGES = ("prepare", "align", "fit", "loss", "average", "export", "know", "evaluate", "terms")


def main() -> None:
    """Parse the stage and its settings, then run it."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--texts", type=Path, default=Path("training/texts"), help="folder with corpus/, eval/, seeds/")
    parser.add_argument("--data", type=Path, default=Path("training/data"))
    parser.add_argument("--run", type=Path, default=Path("training/runs/base"), help="checkpoints of one run")
    parser.add_argument("--model", type=Path, default=Path("translate/models/tarjuman-ar-en"))
    parser.add_argument("--vocabulary", type=int, default=8000)
    parser.add_argument("--grow", action="store_true", help="prepare: keep the tokenizer and held-out pairs of --data")
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--encoder", type=int, default=4, help="encoder layers")
    parser.add_argument("--decoder", type=int, default=2, help="decoder layers")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--cooldown", type=float, default=20.0, help="last minutes, in which the rate falls to zero")
    parser.add_argument("--updates", type=int, default=0, help="end after so many updates, if the clock has not before")
    parser.add_argument("--tokens", type=int, default=3000, help="target tokens a batch, padding included")
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--warmup", type=int, default=400, help="updates over which the rate rises from nothing")
    parser.add_argument("--optimiser", choices=["muon", "adam"], default="muon")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--same-pieces", action="store_true", help="always cut a word into the same pieces")
    parser.add_argument(
        "--mix", choices=["all", "domain", "even"], default="all", help="all but the first: news and general text alone"
    )
    parser.add_argument("--plain", action="store_true", help="no term annotations in training")
    parser.add_argument(
        "--no-compile", action="store_true", help="do without torch.compile, which needs a C++ compiler"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--source-limit", type=int, default=60, help="export: tokens translated in one go")
    parser.add_argument("--weights", choices=["final", "average"], default="final", help="export: which of a run's")
    parser.add_argument("--of", nargs="+", default=[], metavar="RUN=SHARE", help="average: the runs --run is made of")
    parser.add_argument("--seed", type=int, default=1)
    settings = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")

    if settings.stage == "prepare":
        from training.prepare import prepare

        prepare(settings.texts, settings.data, settings.vocabulary, seed=settings.seed, grow=settings.grow)
    elif settings.stage == "align":
        from training.align import align

        align(settings.data, settings.vocabulary, settings.width, seed=settings.seed)
    elif settings.stage == "fit":
        from training.fit import fit
        from training.plan import Plan

        shape = Plan(
            vocabulary=settings.vocabulary,
            width=settings.width,
            encoder=settings.encoder,
            decoder=settings.decoder,
            minutes=settings.minutes,
            cooldown=settings.cooldown,
            updates=settings.updates,
            tokens=settings.tokens,
            rate=settings.rate,
            warmup=settings.warmup,
            optimiser=settings.optimiser,
            mix=settings.mix,
            dropout=settings.dropout,
            annotate=not settings.plain,
            resegment=not settings.same_pieces,
            compiled=not settings.no_compile,
            threads=settings.threads,
            seed=settings.seed,
        )
        fit(settings.data, settings.run, shape)
    elif settings.stage == "loss":
        from training.loss import loss

        loss(settings.run, settings.data, settings.texts / "eval")
    elif settings.stage == "average":
        from training.average import average, parts

        average(parts(settings.of), settings.run)
    elif settings.stage == "export":
        from training.export import export

        export(settings.run, settings.data, settings.model, settings.source_limit, settings.weights)
    elif settings.stage == "know":
        from training.know import know

        know(settings.model, settings.texts / "corpus", settings.data, seed=settings.seed)
    elif settings.stage == "terms":
        from training.terms import terms

        terms(settings.model, settings.data, seed=settings.seed)
    else:
        from training.evaluate import evaluate

        evaluate(settings.model, settings.data, settings.texts / "eval")


if __name__ == "__main__":
    main()

"""`python -m benchmarks [--only ROW ...] [--quick]`: measures every row and puts it into `benchmarks/RESULTS.md`.

A row is one line of ROWS. Each measures itself and its peers in one run, every system in a process of its own. With
`--quick` a tenth of everything is measured and nothing is written: it shows that a row runs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from benchmarks import existing, matching, recall, report, speed, start, translation
from benchmarks.row import Row, Scale

ROWS: dict[str, Row] = {
    "quality": Row(
        "Translation quality",
        "BLEU and chrF++ on sentences that were never in training, beside what other systems answered to the same.",
        translation.measure,
    ),
    "terms": Row(
        "Terms: accuracy and cost",
        "Every occurrence of a term found, rendered and in its place, and what that costs over free decoding.",
        existing.terms,
    ),
    "speed": Row(
        "Speed on a processor",
        "Target tokens a second with beam 4, the same weights everywhere.",
        speed.measure,
    ),
    "start": Row("One-off start", "One sentence by a process that has just begun.", start.measure),
    "matcher": Row("Matcher", "Finding terms in words.", matching.measure),
    "memory": Row("Memory look-up", "What is alike among a million approved sentences.", recall.measure),
    "site": Row("Site", "Building bilingual articles from nothing, and after one changed.", existing.site),
    "archive": Row(
        "Archive", "Short articles by the thousand, killed and resumed; two workers and one.", existing.archive
    ),
    "search": Row("Search", "The index of the site, and bytes fetched for a question.", existing.search),
}


def command(arguments: Sequence[str], name: str) -> str:
    """What measures one row as it was measured: `python -m benchmarks --only speed --rounds 3`."""
    words = ["python", "-m", "benchmarks", "--only", name]
    kept = [word for word in arguments if word != "--only" and word not in ROWS]
    return " ".join(words + kept)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="ROW", choices=list(ROWS), default=list(ROWS))
    parser.add_argument("--quick", action="store_true", help="a tenth of everything; nothing is written")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0, help="0: as many as there are processors")
    parser.add_argument("--texts", type=Path, help="the folder of the training, for public sets and peers' answers")
    parser.add_argument("--cache", type=Path, default=Path(platformdirs.user_cache_dir("tarjuman")) / "benchmarks")
    parser.add_argument("--out", type=Path, default=report.PAGE)
    parser.add_argument("--note", default="", help="what else the figures should say of themselves")
    asked = parser.parse_args(arguments)
    asked.cache.mkdir(parents=True, exist_ok=True)
    texts = asked.texts.resolve() if asked.texts else None
    given = [word for word in (sys.argv[1:] if arguments is None else arguments) if word != "--quick"]
    shown = ["FOLDER" if asked.texts and word == str(asked.texts) else word for word in given]
    hidden = {"--cache", str(asked.cache), "--out", str(asked.out), "--note", asked.note}
    shown = [word for word in shown if word not in hidden]
    for name in asked.only:
        load, begun = os.getloadavg()[0], time.monotonic()
        with tempfile.TemporaryDirectory(prefix="tarjuman-") as work:
            scale = Scale(Path(work), asked.cache.resolve(), asked.quick, asked.rounds, asked.threads, texts)
            measured = ROWS[name].measure(scale)
        made = report.piece(ROWS[name], measured, command(shown, name), load, time.monotonic() - begun)
        made = f"{made} {asked.note}".rstrip()
        print(made, end="\n\n", flush=True)
        if not asked.quick:
            report.write(asked.out, ROWS, {name: made})
    return 0


if __name__ == "__main__":
    sys.exit(main())

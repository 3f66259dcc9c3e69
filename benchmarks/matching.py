"""Finding 10,000 terms in a million words: ours, beside spaCy's PhraseMatcher and a scan for each term.

    python -m benchmarks --only matcher

Terms are runs of one to three words as they stand in the news pairs of the training, words are sentences like them
(`benchmarks.sentences`). spaCy finds those very words and nothing else; ours also finds them in other clothing (so it
finds more), with number and reason. The naive scan looks for every term in every sentence. Compiling is timed apart.
"""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

from benchmarks import process
from benchmarks.process import Unavailable
from benchmarks.row import Measured, Scale, Table, Verdict, median, ratio
from benchmarks.sentences import pairs, sentences

SIZES = ((1_000, 100_000), (1_000, 1_000_000), (10_000, 1_000_000))
"""Terms, words."""
NAIVE_WORDS = 10_000
SPACY = ("spacy==3.8.7", "click==8.1.8")
TARGET = 300_000
FLAT = 1.3
"""Times as long with ten times the terms still counts as flat."""


def terms(count: int, seed: int = 3) -> list[str]:
    """Runs of words, each once, none of a single short word."""
    chance = random.Random(seed)
    known, found = pairs(), dict.fromkeys([""])
    while len(found) <= count:
        said = known[int(chance.random() * len(known))][0].split()
        length = chance.choice((1, 2, 2, 3))
        at = int(chance.random() * max(1, len(said) - length))
        words = said[at : at + length]
        if len(words) == length and all(len(word) > 3 and word.isalpha() for word in words):
            found[" ".join(words)] = None
    return list(found)[1:]


def texts(words: int) -> list[str]:
    """Sentences of so many words together."""
    found, count = [], 0
    for arabic, _ in sentences(words):
        found.append(arabic)
        count += len(arabic.split())
        if count >= words:
            break
    return found


def ours(count: int, words: int) -> dict[str, Any]:
    """The matcher of the product, told each sentence once."""
    from glossary import Matcher, Term, TermBase

    given = texts(words)
    began = time.process_time()
    matcher = Matcher(TermBase(tuple(Term(source, "term") for source in terms(count))))
    compiled = time.process_time() - began
    began, first = time.perf_counter(), time.process_time()
    found = sum(len(matcher.find(text)) for text in given)
    return {"compiled": compiled, "wall": time.perf_counter() - began, "cpu": time.process_time() - first,
            "found": found, "words": sum(len(text.split()) for text in given)}  # fmt: skip


def naive(count: int, words: int) -> dict[str, Any]:
    """Every term in every sentence."""
    given, wanted = texts(words), terms(count)
    first = time.process_time()
    found = sum(text.count(term) for text in given for term in wanted)
    return {"compiled": 0.0, "cpu": time.process_time() - first, "found": found,
            "words": sum(len(text.split()) for text in given)}  # fmt: skip


SYSTEMS = {"ours": ours, "naive": naive}


def spacy(python: Path, count: int, words: int, folder: Path) -> process.Run:
    """The peer, given the same in a file."""
    given = folder / "spacy.json"
    given.write_text(json.dumps({"terms": terms(count), "texts": texts(words)}, ensure_ascii=False), "utf-8")
    return process.run([python, "-P", Path(__file__).parent / "peers" / "spacy_phrases.py", given])


def measure(scale: Scale) -> Measured:
    """The row."""
    table = Table(("system", "terms", "words", "words/s of processor", "s to compile", "found", "MB memory"))
    lines: list[str] = []
    python = None
    try:
        python = process.environment("spacy", SPACY, scale.cache)
    except Unavailable as why:
        lines.append(f"spaCy was not measured: {why}.")
    speeds: dict[tuple[str, int, int], list[float]] = {}
    for count, words in ((scale.size(count), scale.size(words)) for count, words in SIZES):
        runs: dict[str, list[process.Run]] = {}
        for _ in range(scale.rounds):
            runs.setdefault("Tarjuman", []).append(process.system("matching", "ours", count=count, words=words))
            if python is not None:
                runs.setdefault("spaCy PhraseMatcher", []).append(spacy(python, count, words, scale.work))
        few = scale.size(NAIVE_WORDS)
        runs["naive scan"] = [process.system("matching", "naive", count=count, words=few)]
        for name, its in runs.items():
            speeds[name, count, words] = speed = [run.told["words"] / run.told["cpu"] for run in its]
            told = its[0].told
            table.add(name, count, told["words"], median(speed), median(run.told["compiled"] for run in its),
                      told["found"], max(run.megabytes for run in its))  # fmt: skip
    last, fewer = [(scale.size(count), scale.size(words)) for count, words in SIZES][:0:-1]
    own = speeds["Tarjuman", *last]
    slower = ratio(speeds["Tarjuman", *fewer], own)
    verdicts = [
        Verdict(f"≥{TARGET:,} words/s", f"{median(own):,.0f}", median(own) >= TARGET),
        Verdict("cost flat in the number of terms", f"ten times the terms take {slower:.2f} times as long",
                slower <= FLAT),
    ]  # fmt: skip
    return Measured(tuple(verdicts), (*table.lines(), *lines))

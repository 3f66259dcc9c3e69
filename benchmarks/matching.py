"""Finding 10,000 terms in a million words: ours, beside spaCy's PhraseMatcher and a scan for each term.

    python -m benchmarks --only matcher

Terms are runs of one to three words as they stand in the news pairs of the training, words are sentences like them
(`benchmarks.sentences`). Whatever their number, the terms are drawn so that as many occurrences are found in a hundred
words as the bundled Mosul terms have in `seeds/`: what is compared is the number of terms, and not that of matches.
Rows apart have them as they are drawn, which in a long list is a match in every third word.

spaCy finds those very words and nothing else; ours also finds them in other clothing, with number and reason. The
naive scan looks for every term in every sentence. Compiling is timed apart; what a system remembers of words it learns
within the time. What it does once it knows them is timed again for ours.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import process
from benchmarks.process import Unavailable
from benchmarks.row import Measured, Scale, Table, Verdict, median, ratio
from benchmarks.sentences import pairs, sentences

EVEN = ((1_000, 1_000_000, True), (10_000, 1_000_000, True))
DRAWN_ROWS = ((1_000, 1_000_000, False), (10_000, 1_000_000, False))
SIZES = ((1_000, 100_000, True), *EVEN, *DRAWN_ROWS)
"""Terms, words, whether as dense as in the news."""
SAMPLE = 100_000
"""Words in which terms are counted before they are chosen."""
LONGEST = 3
"""Words of a term."""
DRAWN = 20
"""Times as many are drawn as there have to be, before what is left is taken."""
NAIVE_WORDS = 10_000
SPACY = ("spacy==3.8.7", "click==8.1.8")
TARGET = 300_000
FLAT = 1.3
"""Times as long with ten times the terms still counts as flat."""
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def news_density() -> float:
    """Occurrences of the bundled Mosul terms in a word of `seeds/`."""
    from glossary import Matcher, TermBase
    from translate import readers

    matcher = Matcher(TermBase.load(TermBase.default()))
    said = [
        segment.text
        for path in sorted(SEEDS.glob("*.md"))
        if path.name != "README.md"
        for segment in readers.read(path).segments()
    ]
    return _found(matcher, said) / _words(said)


def drawn(seed: int = 3) -> Iterator[str]:
    """Runs of words without end, each once, none of a single short word."""
    chance = random.Random(seed)
    known, seen = pairs(), {""}
    while True:
        said = known[int(chance.random() * len(known))][0].split()
        length = chance.choice((1, 2, 2, LONGEST))
        at = int(chance.random() * max(1, len(said) - length))
        words = said[at : at + length]
        run = " ".join(words)
        if len(words) == length and run not in seen and all(len(word) > 3 and word.isalpha() for word in words):
            seen.add(run)
            yield run


def terms(count: int, said: Sequence[str], density: float = 0.0) -> list[str]:
    """So many, of which so many are found in a word of a text; or as they are drawn.

    How often a run of words stands there is not quite how often it is found, so the second choice corrects the first.
    """
    if not density:
        return list(islice(drawn(), count))
    sample = said[:: max(1, _words(said) // SAMPLE)]
    standing, budget = Counter(_runs(sample)), density * _words(sample)
    real = _found(_matcher(_chosen(count, budget, standing)), sample)
    return _chosen(count, budget * budget / max(real, 1), standing)


def _runs(sample: Sequence[str]) -> Iterator[str]:
    for text in sample:
        said = text.split()
        for length in range(1, LONGEST + 1):
            yield from (" ".join(said[at : at + length]) for at in range(len(said) - length + 1))


def _chosen(count: int, budget: float, standing: Counter[str]) -> list[str]:
    """Of the terms as they are drawn a frequent one where there are too few occurrences so far, else a rare one."""
    found: list[str] = []
    left: list[str] = []
    total, mean = 0, budget / count
    for term in islice(drawn(), DRAWN * count):
        if (standing[term] > mean) == (total < mean * len(found)):
            found.append(term)
            total += standing[term]
        else:
            left.append(term)
        if len(found) == count:
            return found
    # a short list that is to be found often has only words that stand everywhere
    left.sort(key=standing.__getitem__, reverse=total < budget)
    return found + left[: count - len(found)]


def texts(words: int) -> list[str]:
    """Sentences of so many words together."""
    found, count = [], 0
    for arabic, _ in sentences(words):
        found.append(arabic)
        count += len(arabic.split())
        if count >= words:
            break
    return found


def _words(said: Sequence[str]) -> int:
    return sum(len(text.split()) for text in said)


def _matcher(given: Sequence[str]) -> Any:
    from glossary import Matcher, Term, TermBase

    return Matcher(TermBase(tuple(Term(source, "term") for source in given)))


def _found(matcher: Any, said: Sequence[str]) -> int:
    return sum(len(matcher.find(text)) for text in said)


def ours(given: str) -> dict[str, Any]:
    """The matcher of the product, told each sentence once."""
    told = json.loads(Path(given).read_text("utf-8"))
    began = time.process_time()
    matcher = _matcher(told["terms"])
    compiled = time.process_time() - began
    first = time.process_time()
    found = _found(matcher, told["texts"])
    spent = time.process_time() - first
    first = time.process_time()
    _found(matcher, told["texts"])
    again = time.process_time() - first
    return {"compiled": compiled, "cpu": spent, "again": again, "found": found, "words": _words(told["texts"])}


def naive(given: str, words: int) -> dict[str, Any]:
    """Every term in every sentence of the first so many words."""
    told = json.loads(Path(given).read_text("utf-8"))
    said: list[str] = []
    for text in told["texts"]:
        said.append(text)
        if _words(said) >= words:
            break
    first = time.process_time()
    found = sum(text.count(term) for text in said for term in told["terms"])
    return {"compiled": 0.0, "cpu": time.process_time() - first, "found": found, "words": _words(said)}


SYSTEMS = {"ours": ours, "naive": naive}


def measure(scale: Scale) -> Measured:
    """The row."""
    table = Table(
        (
            "system",
            "terms",
            "words",
            "found in 100 words",
            "words/s of processor",
            "the second time",
            "s to compile",
            "MB memory",
        )
    )
    lines: list[str] = []
    python = None
    try:
        python = process.environment("spacy", SPACY, scale.cache)
    except Unavailable as why:
        lines.append(f"spaCy was not measured: {why}.")
    density = news_density()
    spent: dict[tuple[str, int, int, bool], list[float]] = {}
    for count, words, even in ((scale.size(count), scale.size(words), even) for count, words, even in SIZES):
        given = scale.work / f"matcher-{count}-{words}-{even}.json"
        said = texts(words)
        told: dict[str, Any] = {"terms": terms(count, said, density if even else 0.0), "texts": said}
        given.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        runs: dict[str, list[process.Run]] = {}
        for _ in range(scale.rounds):
            runs.setdefault("Tarjuman", []).append(process.system("matching", "ours", given=given))
            if python is not None:
                script = Path(__file__).parent / "peers" / "spacy_phrases.py"
                runs.setdefault("spaCy PhraseMatcher", []).append(process.run([python, "-P", script, given]))
        few = scale.size(NAIVE_WORDS)
        runs["naive scan"] = [process.system("matching", "naive", given=given, words=few)]
        for name, its in runs.items():
            first = its[0].told
            spent[name, count, words, even] = [run.told["cpu"] / run.told["words"] for run in its]
            table.add(name, count, first["words"], 100 * first["found"] / first["words"],
                      median(run.told["words"] / run.told["cpu"] for run in its),
                      median(run.told["words"] / run.told["again"] for run in its) if "again" in first else None,
                      median(run.told["compiled"] for run in its), max(run.megabytes for run in its))  # fmt: skip
    speed, slower = _compared(spent, scale, EVEN)
    _, drawn_slower = _compared(spent, scale, DRAWN_ROWS)
    verdicts = [
        Verdict(f"≥{TARGET:,} words/s", f"{speed:,.0f}", speed >= TARGET),
        Verdict("cost flat in the number of terms", f"ten times the terms take {slower:.2f} times as long",
                slower <= FLAT),
    ]  # fmt: skip
    told_of = (
        f"The bundled Mosul terms stand in `seeds/` {100 * density:.1f} times in a hundred words, and that is how "
        "dense terms are here, except in the lines of the last two sizes, where every run of words is as likely to be "
        f"a term as it is to stand in the news; there ten times the terms take {drawn_slower:.2f} times as long, and "
        "that is the matches. *The second time*: the same words once more, when all of them are known. Systems differ "
        "in what they find; the naive scan also finds terms inside words.\n\n"
        "Where the time of 10,000 terms goes (a million words, profile): two fifths for the 67,000 different words and "
        "what they begin, worked out once, two fifths of that in Python's own collection of garbage; a quarter for "
        "what is found, some 6 µs each; an eighth for cutting the text and looking its words up. With ten times the "
        "terms more words begin one (57 of 100): more is worked out and looked at, with about as many found."
    )
    return Measured(tuple(verdicts), (*table.lines(), told_of, *lines))


def _compared(
    spent: dict[tuple[str, int, int, bool], list[float]], scale: Scale, sizes: Sequence[tuple[int, int, bool]]
) -> tuple[float, float]:
    """Words a second at the larger of two sizes, and how many times as long it takes."""
    fewer, more = (spent["Tarjuman", scale.size(count), scale.size(words), even] for count, words, even in sizes)
    return 1 / median(more), ratio(more, fewer)

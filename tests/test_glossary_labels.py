"""Precision and recall of the matcher against hand labels.

The labels were filled in by the matcher, then read and corrected sentence by sentence against the term base.

`labels/seeds.tsv` names every occurrence of every bundled term in the five seed articles, in reading order, with the
words before it; a source of `-` marks a tempting word that was looked at and is not one. `labels/sentences.tsv` does
the same for separate sentences. Whatever is not labelled is labelled "no term".
"""

import csv
import re
from pathlib import Path

import pytest

from glossary import Matcher, TermBase, key

ROOT = Path(__file__).parent.parent
LABELS = ROOT / "tests" / "labels"
Found = set[tuple[str, int, int, str, str]]
"""(text, begin, end, source, number)"""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(TermBase.load(TermBase.default()))


def table(name: str) -> list[dict[str, str]]:
    with (LABELS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t", quoting=3))


def seed_text(slug: str) -> str:
    """Title (unless it was made from the text), by-line and body of a seed, white space made even."""
    head, _, body = (ROOT / "seeds" / f"{slug}.md").read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
    front = dict(re.findall(r"^(\w+): (.*)$", head, re.MULTILINE))
    fields = [front.get("byline", "")] if "title_generated" in front else [front["title"], front.get("byline", "")]
    return " ".join("\n".join([*(value.strip('"').replace('\\"', '"') for value in fields), body]).split())


def labelled_seeds() -> tuple[dict[str, str], Found, Found]:
    """Texts, occurrences, and places that are none."""
    texts: dict[str, str] = {}
    yes: Found = set()
    no: Found = set()
    at = 0
    for row in table("seeds.tsv"):
        if row["seed"] not in texts:
            texts[row["seed"]], at = seed_text(row["seed"]), 0
        before = row["before"] + " " if row["before"] else ""
        place = texts[row["seed"]].find(before + row["surface"], max(0, at - len(before)))
        assert place >= 0, f"label not found: {row}"
        begin = place + len(before)
        at = begin + len(row["surface"])
        (no if row["source"] == "-" else yes).add(
            (row["seed"], begin, begin + len(row["surface"]), row["source"], row["number"])
        )
    return texts, yes, no


def labelled_sentences() -> tuple[dict[str, str], Found]:
    """`⟦surface⟧` marks in the text, sources and numbers in the second column, in order."""
    texts: dict[str, str] = {}
    yes: Found = set()
    for number, row in enumerate(table("sentences.tsv")):
        name, text = f"{number:03}", ""
        labels = [label.rsplit(" ", 1) for label in row["labels"].split("; ") if label]
        for index, piece in enumerate(re.split("[⟦⟧]", row["text"])):
            if index % 2:
                source, form = labels.pop(0)
                yes.add((name, len(text), len(text) + len(piece), source, form))
            text += piece
        assert not labels, row
        texts[name] = text
    return texts, yes


def found(matcher: Matcher, texts: dict[str, str]) -> Found:
    return {
        (name, match.begin, match.end, match.term.source, match.number)
        for name, text in texts.items()
        for match in matcher.find(text)
    }


def figures(texts: dict[str, str], yes: Found, got: Found) -> dict[str, float]:
    return {
        "words": sum(len(text.split()) for text in texts.values()),
        "terms": len(yes),
        "precision": len(yes & got) / len(got),
        "recall": len(yes & got) / len(yes),
    }


def test_seeds(matcher, record_property):
    texts, yes, no = labelled_seeds()
    got = found(matcher, texts)
    figure = figures(texts, yes, got)
    record_property("figures", figure)
    assert len(texts) == 5
    assert figure["words"] >= 1_000
    assert figure["recall"] >= 0.98, sorted(yes - got)
    assert figure["precision"] >= 0.99, sorted(got - yes)
    assert not {(name, begin) for name, begin, *_ in no} & {(name, begin) for name, begin, *_ in got}


def test_sentences(matcher, record_property):
    texts, yes = labelled_sentences()
    got = found(matcher, texts)
    figure = figures(texts, yes, got)
    record_property("figures", figure)
    assert len(texts) >= 60
    assert figure["recall"] >= 0.98, sorted(yes - got)
    assert figure["precision"] >= 0.99, sorted(got - yes)


def test_labels_name_listed_terms_and_even_text(matcher):
    listed = {term.source for term in matcher.base.terms} | {"-"}
    for row in table("seeds.tsv"):
        assert row["source"] in listed, row
        assert row["surface"] == " ".join(row["surface"].split())
        assert row["source"] == "-" or key(row["surface"]), row

"""How many terms of a term base made by hand are among the first candidates: recall on the bundled articles.

`python -m benchmarks.candidates [TERMS.tsv]`; only terms that stand in the articles count. Nobody's drafts are needed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from glossary import Matcher, TermBase
from translate.readers import read
from translate.terminology.candidates import Text, candidates, listed_keys, phrase_key

STEPS = (25, 50, 100, 200, 400)


def main() -> None:
    """Print recall and precision at some lengths, and what is missing at 100."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("terms", nargs="?", type=Path, default=TermBase.default())
    parser.add_argument("--articles", type=Path, default=Path("seeds"))
    parser.add_argument("--missing", action="store_true", help="also print which terms are not found")
    chosen = parser.parse_args()
    base = TermBase.load(chosen.terms)
    texts = [
        Text(article.slug, segment.id, segment.text)
        for path in sorted(chosen.articles.glob("*.md"))
        if path.stem != "README"
        for article in [read(path)]
        for segment in article.segments()
    ]
    matcher = Matcher(base)
    present = {match.term.source for text in texts for match in matcher.find(text.source)}
    wanted = {
        term.source: {phrase_key(form) for form, _ in term.listed()} for term in base.terms if term.source in present
    }
    found = candidates(texts)
    print(f"{len(texts)} sentences, {len(wanted)} of {len(base.terms)} terms stand in them, {len(found)} candidates")
    for step in STEPS:
        keys = {one.key for one in found[:step]}
        hits = [name for name, forms in wanted.items() if forms & keys]
        listed = sum(one.key in listed_keys(base) for one in found[:step])
        print(
            f"recall at {step}: {len(hits)}/{len(wanted)} = {100 * len(hits) / len(wanted):.1f} %; {listed} are terms"
        )
    if chosen.missing:
        keys = {one.key for one in found[:100]}
        places = {one.key: number for number, one in enumerate(found, 1)}
        for name, forms in wanted.items():
            if not forms & keys:
                print(f"  {name}: {min((places[form] for form in forms if form in places), default='not a candidate')}")


if __name__ == "__main__":
    main()

"""How long `tarjuman glossary impact` takes over an archive nobody wrote: the first time, and when its index is warm.

`python -m benchmarks.impact --drafts 10000` writes the drafts into a folder (or uses those that are in it), makes the
index, then changes one rare term, one frequent term and one that is new, and says how many sentences each touches.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.synthetic import article, bundled, write_draft, write_drafts
from glossary import Term, TermBase
from translate.terminology.impact import impact
from translate.terminology.index import FILE, FOLDER, Index

FREQUENT = "الجسر"
"""A word of nearly every synthetic article."""


def main() -> None:
    """Print cold and warm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drafts", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where the drafts are kept for the next time")
    parser.add_argument("--warm", action="store_true", help="keep the index that is there")
    chosen = parser.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="tarjuman-impact-"))
    try:
        _measure(folder, chosen.drafts, chosen.warm)
    finally:
        if chosen.folder is None:
            shutil.rmtree(folder)


def _measure(folder: Path, count: int, warm: bool) -> None:
    if len(list(folder.glob("*.xlf"))) < count:
        write_drafts(folder, count)
        for path in folder.glob("*.xlf"):
            os.utime(path, (1, 1))
    if not warm:
        (folder / FOLDER / FILE).unlink(missing_ok=True)
    print(f"{'warm' if warm else 'cold'}: {_refreshed(folder)} to bring the index up to date")
    _changes(folder)
    write_draft(folder, article(count // 2, bundled(), edit=1))
    print(f"one draft changed: {_refreshed(folder)} to bring the index up to date")


def _refreshed(folder: Path) -> str:
    begun = _clocks()
    with Index(folder) as index:
        index.refresh()
    return _since(begun)


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(begun: tuple[float, float]) -> str:
    """`'1.20 s (0.95 s of it working)'`: on a busy machine the two differ."""
    wall, cpu = (now - then for now, then in zip(_clocks(), begun, strict=True))
    return f"{wall:.2f} s ({cpu:.2f} s of it working)"


def _changes(folder: Path) -> None:
    base = TermBase.load(TermBase.default())
    one = base.terms[20]
    changed = tuple(replace(term, target=f"{term.target} anew") if term is one else term for term in base.terms)
    added = Term(FREQUENT, "the span", singular="span", plural="spans")
    for name, new in (
        (f"{one.source} changed", changed),
        (f"{FREQUENT} added", (*base.terms, added)),
        ("a word added that no article has", (*base.terms, Term("زرافة", "giraffe"))),
        ("nothing changed", base.terms),
    ):
        begun = _clocks()
        with Index(folder) as index:
            index.refresh()
            read = index.read
            files, sentences = index.count()
            found = impact(base, TermBase(new), index)
        print(
            f"warm, {name}: {_since(begun)}, {len(found.touched):,} sentences of {sentences:,} "
            f"touched in {found.articles:,} of {files:,} articles, {found.looked_at:,} looked at, {read} drafts read"
        )


if __name__ == "__main__":
    main()

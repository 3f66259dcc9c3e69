"""Drafts -> a static bilingual site. `publish` is the whole of it: read, render, write what changed.

`render` is the pure half. This package never changes a draft and never asks a model anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from translate import drafts as draft_files
from translate.errors import DraftError, UsageError
from translate.site.pages import render
from translate.site.settings import GlossaryRow, SiteSettings, rows
from translate.site.store import store
from translate.site.views import Tally, tally, total

__all__ = ["GlossaryRow", "Report", "SiteSettings", "publish", "render", "rows"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a publication did."""

    articles: int
    sentences: Tally
    written: tuple[str, ...]
    """Paths from the site's root."""
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    """Pages of an earlier run whose drafts are gone."""
    kept: tuple[str, ...]
    """The same, left in place because somebody changed them."""

    def __str__(self) -> str:
        """`'5 articles, 104 sentences, 104 not reviewed; 12 files written, 0 unchanged, 1 removed'`."""
        told = (
            f"{_count(self.articles, 'article')}, {_count(self.sentences.total, 'sentence')}, "
            f"{self.sentences.unreviewed} not reviewed; {_count(len(self.written), 'file')} written, "
            f"{len(self.unchanged)} unchanged, {len(self.removed)} removed"
        )
        return told + (f", {len(self.kept)} kept because somebody changed them" if self.kept else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def publish(drafts: Path, out: Path, *, settings: SiteSettings) -> Report:
    """Render every `*.en.xlf` in `drafts` into `out`; nothing is touched before every page is computed."""
    if drafts.resolve() == out.resolve():
        raise UsageError("the site cannot be written among the drafts", str(out), "Publish into output/site")
    paths = sorted(drafts.glob("*.en.xlf"))
    if not paths:
        raise DraftError("no drafts (*.en.xlf) to publish", str(drafts), "Make one: tarjuman draft seeds/*.md")
    loaded = [draft_files.load(path) for path in paths]
    result = store(render(loaded, settings), out)
    sentences = total(tally(draft) for draft in loaded)
    return Report(len(loaded), sentences, result.written, result.unchanged, result.removed, result.kept)

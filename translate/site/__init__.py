"""Drafts -> a static bilingual site. `publish` is the whole of it: read, render, write what changed.

`render` is the pure half. This package never changes a draft and never asks a model anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from translate.errors import DraftError, UsageError
from translate.site.pages import render
from translate.site.settings import GlossaryRow, SiteSettings
from translate.site.store import store
from translate.site.views import Tally, tally, total

__all__ = ["GlossaryRow", "Report", "SiteSettings", "publish", "render"]


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


def publish(drafts: Path, out: Path, *, settings: SiteSettings) -> Report:
    """Render every `*.en.xlf` in `drafts` into `out`; nothing is touched before every page is computed."""
    if drafts.resolve() == out.resolve():
        raise UsageError("the site cannot be written among the drafts", str(out), "Publish into output/site")
    paths = sorted(drafts.glob("*.en.xlf"))
    if not paths:
        raise DraftError("no drafts (*.en.xlf) to publish", str(drafts), "Make one: tarjuman draft seeds/*.md")
    from translate import drafts as draft_files

    loaded = [draft_files.load(path) for path in paths]
    result = store(render(loaded, settings), out)
    sentences = total(tally(draft) for draft in loaded)
    return Report(len(loaded), sentences, result.written, result.unchanged, result.removed, result.kept)

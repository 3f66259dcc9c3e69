"""Drafts -> a static bilingual site. `publish` is the whole of it: read, render, write what changed.

`render` is the pure half. This package never changes a draft and never asks a model anything.
"""

from __future__ import annotations

from translate.site.build import Report, publish, render
from translate.site.settings import GlossaryRow, SiteSettings, rows

__all__ = ["GlossaryRow", "Report", "SiteSettings", "publish", "render", "rows"]

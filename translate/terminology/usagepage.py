"""How the terms fare, as one page for those who keep them: per term with what people wrote instead, and month by month.

The page stands alone: its style is in it, it has no script and loads nothing. The site has a page of its own for
readers, which does not tell what translators wrote instead. Knows figures; nothing of drafts.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from translate.terminology.usage import Figures, TermUsage, Usage

_HEAD = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>How the terms are used</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-inline-size: 70rem; padding-inline: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; inline-size: 100%; margin-block: 1rem 2rem; }
caption { font-weight: bold; padding-block: 0.5rem; text-align: start; }
th, td { border-block-end: 1px solid; padding: 0.3rem 0.6rem; text-align: end; vertical-align: baseline; }
tbody th, th:first-child, td:last-child, th:last-child { text-align: start; }
tbody th { font-weight: normal; }
[lang="ar"] { font-size: 1.15em; }
</style>
</head>
<body>
<h1>How the terms are used</h1>
"""
_TERMS = ("term", "places", "articles", "machine had it", "kept", "bettered", "changed", "into", "by month")
_MONTHS = ("month", "places", "machine had it", "confirmed", "kept", "bettered", "changed")
_UNDATED = "undated"


def page(found: Usage) -> str:
    """The whole page, the most frequent terms first."""
    months: dict[str, Figures] = {}
    for one in found.terms:
        for month, figures in one.months.items():
            months[month] = _sum(months.get(month, Figures()), figures)
    parts = [
        _HEAD,
        f"<p>{found.sentences:,} sentences in {found.articles:,} articles.</p>\n",
        _table("Term by term", _TERMS, (_term(one) for one in found.terms)),
        _table("Month by month, by the dates of the articles", _MONTHS, map(_month, sorted(months.items()))),
        "<h2>Never used</h2>\n<ul>\n",
        *(f"<li>{_named(term.source, term.target)}</li>\n" for term in found.never),
        "</ul>\n</body>\n</html>\n",
    ]
    return "".join(parts)


def _term(one: TermUsage) -> tuple[str, ...]:
    into = "; ".join(f"{escape(text or '(nothing)')} {count}" for text, count in one.wordings())
    months = ", ".join(f"{escape(month or _UNDATED)}: {figures.hits}" for month, figures in sorted(one.months.items()))
    figures = one.all
    counts = (figures.hits, one.articles, _share(figures), figures.kept, figures.changed + figures.put_in)
    return (_named(one.term.source, one.term.target), *map(str, (*counts, figures.taken_out)), into, months)


def _month(named: tuple[str, Figures]) -> tuple[str, ...]:
    month, figures = named
    counts = (figures.hits, _share(figures), figures.confirmed, figures.kept, figures.changed + figures.put_in)
    return (escape(month or _UNDATED), *map(str, (*counts, figures.taken_out)))


def _share(figures: Figures) -> str:
    return f"{figures.honoured} of {figures.machine}" if figures.machine else "–"


def _named(source: str, target: str) -> str:
    return f'<bdi lang="ar" dir="rtl">{escape(source)}</bdi> <bdi lang="en" dir="ltr">{escape(target)}</bdi>'


def _sum(one: Figures, other: Figures) -> Figures:
    return Figures(*(getattr(one, name) + getattr(other, name) for name in Figures.__slots__))


def _table(caption: str, head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    """Cells are HTML already; the first of a row is its heading."""
    lines = [f'<div class="wide">\n<table>\n<caption>{caption}</caption>\n<thead><tr>']
    lines += [f'<th scope="col">{name}</th>' for name in head]
    lines.append("</tr></thead>\n<tbody>\n")
    for first, *rest in rows:
        cells = "".join(f"<td>{cell}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row">{first}</th>{cells}</tr>\n')
    lines.append("</tbody>\n</table>\n</div>\n")
    return "".join(lines)

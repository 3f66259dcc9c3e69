"""A translated article as something to hand on: text, Markdown, HTML, JSON, TSV or XLIFF.

Each format is one function from a draft to text and one line in EXPORTS.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict

from translate import markdown, xliff
from translate.document import Block, Draft, Kind, Target
from translate.export_html import html


def text(draft: Draft) -> str:
    """A plain text as it stood, with English in it; of other articles one paragraph a block, a blank line between.

    Dates, times, list marks and empty lines of a plain text are no blocks, so they come from its body.
    """
    if draft.article.syntax == "text" and draft.article.body:
        whole = markdown.render_target(draft.article, draft.targets)
        return whole if whole.endswith("\n") else whole + "\n"
    shown = [_plain(block, draft) for block in draft.article.blocks]
    return "\n\n".join(part for part in shown if part) + "\n"


def _plain(block: Block, draft: Draft) -> str:
    """A block as plain text, a list item behind its mark: `'- Item'`."""
    if block.kind is Kind.VERBATIM:
        return block.text
    words = markdown.target_text(block, draft.targets).strip()
    return f"{block.marker} {words}" if words and block.marker and block.kind is not Kind.CELL else words


def as_markdown(draft: Draft) -> str:
    """The source's own Markdown with English in it; of a plain text, Markdown made of its blocks."""
    return markdown.write_target(draft.article, draft.targets)


def as_json(draft: Draft) -> str:
    """Front matter and every segment with all that is known about its target; UTF-8, keys in a fixed order."""
    segments = []
    for block in draft.article.blocks:
        for segment in block.segments:
            target = draft.targets.get(segment.id, Target(""))
            segments.append({"id": segment.id, "kind": str(block.kind), "source": segment.text, **_fields(target)})
    whole = {"article": draft.article.slug, "meta": dict(draft.article.meta), "segments": segments}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _fields(target: Target) -> dict[str, object]:
    fields = asdict(target)
    fields["target"] = fields.pop("text")
    fields["made_from"] = fields.pop("source")
    return fields


def tsv(draft: Draft) -> str:
    """id, state, source, target; one segment a line; tabs and line breaks inside a text become spaces."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow(["id", "state", "source", "target"])
    for segment in draft.article.segments():
        target = draft.targets.get(segment.id, Target(""))
        row = (segment.id, str(target.state), segment.text, target.text)
        writer.writerow([" ".join(field.split()) for field in row])
    return out.getvalue()


def as_xliff(draft: Draft) -> str:
    """XLIFF 2.1, the same form as in `drafts/`."""
    return xliff.dump(draft).decode("utf-8")


EXPORTS: dict[str, Callable[[Draft], str]] = {
    "text": text,
    "md": as_markdown,
    "html": html,
    "json": as_json,
    "tsv": tsv,
    "xliff": as_xliff,
}

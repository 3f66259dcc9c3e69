"""An article as one JSON object: every sentence in both languages with its state and its terms, for programs.

The shape has a name and a number and is written down in docs/books.md: a key is never renamed or given another meaning
without a higher number. Offsets count characters (code points). Knows drafts; no file and no site.
"""

from __future__ import annotations

import json
from typing import Any

from translate import __version__
from translate.document import Block, Draft, Segment, Target, TermUse
from translate.site.names import check_names, is_web
from translate.site.tally import NOTHING, shown, tally

FORMAT, VERSION = "tarjuman-article", 1
FACTS = ("date", "outlet", "author", "place")
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_LOST = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""Half characters, which no file can hold; one for one, so that offsets stay."""


def dump(draft: Draft) -> bytes:
    """The record as a file: UTF-8, keys in a fixed order, a sentence a line, the same bytes for the same draft."""
    whole = record(draft)
    # No text can hold what is between two sentences: its quotation marks have a backslash before them.
    lines = _ENCODE(whole.pop("segments"))[1:-1].replace('}, {"id": ', '},\n{"id": ')
    head = [f'"{name}": {_ENCODE(value)}' for name, value in whole.items()]
    text = "{\n" + ",\n".join(head) + f',\n"segments": [\n{lines}\n]\n}}\n'
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.translate(_LOST).encode("utf-8")


def record(draft: Draft) -> dict[str, Any]:
    """All that docs/books.md says about an article."""
    check_names(draft)
    article, counts = draft.article, tally(draft)
    source = article.meta.get("source", "")
    return {
        "format": FORMAT,
        "version": VERSION,
        "generator": f"Tarjuman {__version__}",
        "id": article.slug,
        "languages": ["ar", "en"],
        "title": {"ar": _title(draft, "ar"), "en": _title(draft, "en")},
        **{name: article.meta.get(name, "") for name in FACTS},
        "source": source if is_web(source) else "",
        "glossary": draft.glossary,
        "states": {name: getattr(counts, name) for name in ("new", "machine", "edited", "approved")},
        "segments": [_segment(draft, block, segment) for block in article.blocks for segment in block.segments],
    }


def _title(draft: Draft, language: str) -> str:
    """The whole title; empty where a part of it is not translated."""
    heads = [block for block in draft.article.blocks if block.kind == "title" and block.segments]
    if not heads:
        return draft.article.meta.get("title" if language == "ar" else "title_en", "")
    if language == "ar":
        return heads[0].text
    parts = [draft.targets.get(segment.id, NOTHING).text for segment in heads[0].segments]
    return " ".join(parts) if all(part.strip() for part in parts) else ""


def _segment(draft: Draft, block: Block, segment: Segment) -> dict[str, Any]:
    target = draft.targets.get(segment.id, NOTHING)
    done = bool(target.text.strip())
    stale = done and target.source not in ("", segment.text)
    return {
        "id": segment.id,
        "block": block.number,
        "kind": block.kind._value_,
        "ar": segment.text,
        "en": target.text if done else "",
        "state": shown(target)._value_,
        "origin": target.origin._value_ if done else "",
        "stale": stale,
        "who": target.who if done else "",
        "when": target.when if done else "",
        "terms": [_term(use, segment, target, stale) for use in target.terms] if done else [],
    }


def _term(use: TermUse, segment: Segment, target: Target, stale: bool) -> dict[str, Any]:
    """One occurrence; a place that is not in the text is none."""
    here = [use.begin, use.end] if not stale and 0 <= use.begin < use.end <= len(segment.text) else None
    there = [use.target_begin, use.target_end]
    inside = 0 <= there[0] < there[1] <= len(target.text)
    return {
        "source": use.source,
        "target": use.target,
        "status": use.status._value_,
        "ar": here,
        "en": there if inside else None,
        "why": use.why,
    }

r"""Small texts in files: what XML cannot carry, marks spelled out, and the digest that tells of other hands.

Drafts and the formats of other programs spell these alike. Knows no XML.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Sequence

from translate.document import Mark

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""No XML can have these."""
_ESCAPED = re.compile(FORBIDDEN.pattern + "|\\\\(?=u\\{)")
_QUOTE, _LINE, _TAB = '"', "\n", "\t"
_ESCAPE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def escape(text: str, hidden: re.Pattern[str] = _ESCAPED) -> str:
    r"""For attributes and metadata, where `<cp>` cannot stand: `'a\x07b'` -> `'a\u{7}b'`; nearly always unchanged."""
    if text.isprintable() and "\\" not in text:  # nothing that is hidden can be printed
        return text
    return hidden.sub(lambda m: f"\\u{{{ord(m.group()):x}}}", text)


def unescape(text: str) -> str:
    r"""`'a\u{7}b'` -> `'a\x07b'`."""
    if "\\u{" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if int(m[1], 16) <= 0x10FFFF else m.group(), text)


def xml(text: str) -> str:
    """`'a < b'` -> `'a &lt; b'`: as the text of an element. The library's own would load half of the network stack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def quoted(text: str) -> str:
    """`'a "b"'` -> `'"a &quot;b&quot;"'`: as the value of an attribute."""
    return f'"{xml(text).replace(_QUOTE, "&quot;").replace(_LINE, "&#10;").replace(_TAB, "&#9;")}"'


def digest(text: str, marks: Iterable[Mark]) -> str:
    """`'He fled.'`, no marks -> twelve hexadecimal digits that tell whether somebody else changed either since.

    The order of the marks does not count: it says nothing to a reader, and other programs lose it.
    """
    order = sorted(marks, key=lambda mark: (mark.begin, mark.end, mark.kind, mark.data))
    spelled = f"{text}\0{marks_to_json(order)}" if order else text
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def score_of(text: str | None) -> float | None:
    """What a model thought of a sentence; `'nan'`, which equals nothing, is no score."""
    number = math.nan if text is None else float(text)
    return None if math.isnan(number) else number


def marks_to_json(marks: Sequence[Mark]) -> str:
    """(strong 0-2,) -> `'[["strong", 0, 2, []]]'`."""
    return json.dumps([[m.kind, m.begin, m.end, [list(pair) for pair in m.data]] for m in marks], ensure_ascii=False)


def marks_from_json(text: str) -> tuple[Mark, ...]:
    """The reverse; ValueError when it is not what `marks_to_json` writes."""
    try:
        return tuple(
            Mark(str(kind), int(begin), int(end), tuple((str(key), str(value)) for key, value in data))
            for kind, begin, end, data in json.loads(text)
        )
    except (TypeError, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error

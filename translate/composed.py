"""One spelling of every letter (NFC), in a time that grows as the text does.

The standard library puts the signs of a letter in order one by one: a letter with a hundred thousand of them costs
minutes. Where so many stand in a row that no language needs them, they are put in order here first; the result is the
same. Knows nothing of what the text is.
"""

from __future__ import annotations

import re
import unicodedata

_MANY = re.compile(r"[^\w\s]{31,}")
"""No sign that sits on a letter is itself a letter or a space. Thirty in a row are what Unicode expects at most."""


def composed(text: str) -> str:
    """`'e' + U+0301` -> `'é'`."""
    return unicodedata.normalize("NFC", _MANY.sub(_in_order, text))


def _in_order(run: re.Match[str]) -> str:
    """The signs of each letter in the order of their classes, those of one class as they stood."""
    if run.group().isascii():
        return run.group()
    done: list[str] = []
    signs: list[str] = []
    for letter in "".join(unicodedata.normalize("NFD", one) for one in run.group()):
        if unicodedata.combining(letter):
            signs.append(letter)
        else:
            done += [*sorted(signs, key=unicodedata.combining), letter]
            signs.clear()
    return "".join([*done, *sorted(signs, key=unicodedata.combining)])

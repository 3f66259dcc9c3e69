"""Strings that run where a program trusts them: one a line of `strings.txt`."""

from __future__ import annotations

import re
from pathlib import Path

FILE = Path(__file__).parent.parent / "strings.txt"
PRODUCT = str(1234567 * 9)
"""What a template makes of the sums in some of the strings."""
_SPELLED = re.compile(r"\\u\{([0-9a-f]+)\}")


def strings(every: int = 1) -> list[str]:
    r"""All of them, or every so-manieth; `\u{2028}` in the file is that character, anything else is as it stands."""
    lines = [line for line in FILE.read_text(encoding="utf-8").split("\n") if line]
    return [_SPELLED.sub(lambda found: chr(int(found[1], 16)), line) for line in lines[::every]]

"""Whether an English text has a fault that anybody can count, found without anything of the product.

It counts words, letters and digits, and knows no Arabic. What it can see: nothing there; a word that fills the text; a
text several times too long or too short; Arabic, foreign or unprintable characters; figures of three digits and more,
Latin words of three letters and more, and addresses, that are gone. It cannot see a fluent sentence that says something
else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

SPELT = ("hundred", "thousand", "million", "billion")
MODEL = ("⟦", "⟧", "⟪", "⟫", "▁", "</s>", "<unk>", "<pad>", "\ufffd")


def faults(source: str, english: str) -> Iterator[str]:
    """Every fault of an English text, in a few words."""
    letters = [c for c in source if c.isalpha()]
    arabic = [c for c in letters if "ARABIC" in unicodedata.name(c, "")]
    if not english.strip():
        if source.strip():
            yield "empty"
        return
    if letters and not any(c.isalnum() for c in english):
        yield "nothing to read"
    if arabic:
        yield from _characters(source, english)
        yield from _lost(source, english)
        yield from _too_much(letters, source, english)


def _characters(source: str, english: str) -> Iterator[str]:
    left = {c for c in english if c.isalpha() and "ARABIC" in unicodedata.name(c, "")}
    if left:
        yield f"Arabic letters: {''.join(sorted(left))}"
    there = unicodedata.normalize("NFKC", source)
    for c in sorted(set(english)):
        if c.isalpha() and not unicodedata.name(c, "").startswith(("LATIN", "ARABIC", "MODIFIER")) and c not in there:
            yield f"a foreign letter: {c}"
    for sign in MODEL:
        if english.count(sign) > source.count(sign):
            yield f"a mark of the model: {sign}"


def _lost(source: str, english: str) -> Iterator[str]:
    ours = _figures(english)
    for figure in sorted(_figures(source) - ours):
        if len(figure) > 2 and not any(scale in english.lower() for scale in SPELT):
            yield f"a figure lost: {figure}"
    for address in sorted(set(re.findall(r"[a-z]+://[!-~]+|[a-z]+@[a-z.]+[a-z]", source))):
        if address.rstrip(".,") not in english:
            yield f"an address changed: {address}"
    small = english.lower()
    for name in sorted(set(re.findall(r"(?<![\w@#./&%+-])[A-Za-z]{3,}(?!\w)", source))):
        if name.lower() not in small:
            yield f"a name lost: {name}"


def _figures(text: str) -> set[str]:
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    return set(re.findall(r"[0-9]+", re.sub(r"(?<=[0-9])[,.٬،](?=[0-9]{3}(?![0-9]))", "", plain)))


def _too_much(letters: list[str], source: str, english: str) -> Iterator[str]:
    said, theirs = Counter(english.lower().split()), Counter(source.split())
    word, times = said.most_common(1)[0]
    most = max(theirs.values(), default=1)
    if times > 4 and times > 2 * most + 2 and 2 * times > said.total():
        yield f"said {times} times: {word}"
    plain = sum(not unicodedata.combining(c) and c != "ـ" and unicodedata.category(c) != "Cf" for c in source)
    if len(english) > 4 * plain + 80:
        yield f"{len(english)} characters for {plain}"
    if len(letters) > 60 and 4 * len(english) < plain:
        yield f"only {len(english)} characters for {plain}"

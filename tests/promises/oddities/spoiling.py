"""Good translations spoilt on purpose, as models spoil them: to see how much of that is noticed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Spoil = Callable[[str, str, random.Random], str]


def _loop(_source: str, english: str, chance: random.Random) -> str:
    said = english.split()
    at = chance.randint(2, len(said))
    return " ".join(said[:at] + said[max(0, at - chance.randint(1, 3)) : at] * chance.randint(3, 12))


def _tail(_source: str, english: str, _chance: random.Random) -> str:
    said = english.rstrip(".").split()
    return " ".join(said + said[len(said) // 3 :])


def _syllables(_source: str, english: str, chance: random.Random) -> str:
    said = english.split()
    at = chance.randrange(len(said))
    return " ".join([*said[:at], said[at] + "-al" * chance.randint(4, 20), *said[at + 1 :]])


def _runaway(_source: str, english: str, chance: random.Random) -> str:
    more = english.lower().split() * 3
    chance.shuffle(more)
    return f"{english} {' '.join(more)}"


def _copied(source: str, english: str, chance: random.Random) -> str:
    arabic = [w for w in source.split() if re.search("[\u0621-\u064a]{2}", w)]
    return f"{english} {chance.choice(arabic)}"


def _untranslated(source: str, _english: str, _chance: random.Random) -> str:
    return source


def _figure(_source: str, english: str, chance: random.Random) -> str:
    figures = list(re.finditer(r"\d{3,}", english))
    if not figures:
        return ""
    found = chance.choice(figures)
    other = str(int(found[0]) + chance.randint(3, 80))
    return english[: found.start()] + other + english[found.end() :]


def _no_figure(_source: str, english: str, _chance: random.Random) -> str:
    return re.sub(r"\d[\d,.]*", "", english) if re.search(r"\d{3}", english) else ""


def _name(source: str, english: str, _chance: random.Random) -> str:
    names = [n for n in re.findall(r"(?<!\w)[A-Z][A-Za-z]{2,}(?!\w)", source) if n in english]
    return english.replace(names[0], "it") if names else ""


def _half(_source: str, english: str, _chance: random.Random) -> str:
    said = english.split()
    return " ".join(said[: len(said) // 3])


def _mark(_source: str, english: str, chance: random.Random) -> str:
    said = english.split()
    said.insert(chance.randint(0, len(said)), chance.choice(["⟦", "⟪", "▁", "</s>", "<unk>", "\ufffd"]))
    return " ".join(said)


def _script(_source: str, english: str, chance: random.Random) -> str:
    return f"{english} {chance.choice(['город', '城市', 'עיר', 'शहर'])}"


def _points(_source: str, _english: str, _chance: random.Random) -> str:
    return ". , . ."


SPOILS: dict[str, Spoil] = {
    "a loop": _loop,
    "a long tail said twice": _tail,
    "a syllable without end": _syllables,
    "four times the length": _runaway,
    "a word left in Arabic": _copied,
    "all left in Arabic": _untranslated,
    "a figure changed": _figure,
    "figures left out": _no_figure,
    "a Latin name left out": _name,
    "two thirds left out": _half,
    "a mark of the model's own": _mark,
    "a word in another script": _script,
    "points alone": _points,
}
"""Each gives the spoilt text, or nothing where there is nothing of the kind to spoil."""

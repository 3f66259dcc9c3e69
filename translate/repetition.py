"""What is said twice in an English text without the Arabic saying it twice.

Pure text; made to be silent on what people write: *had had*, *Boutros Boutros-Ghali*, refrains the Arabic has too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from translate import english
from translate.words import spelled

_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]{2,})\s+(\1)(?![\w'’-])", re.I)
_TWICE = re.compile(r"(?<!\w)([^\W\d_]{2,})\s+\1(?!\w)")
_SAID_TWICE = english.listed("had that very bye no ha many so really is you we long far more on in there blah")
LONGEST_PHRASE = 8
"""Words of a phrase that may be found said again at once."""
APART = 7
"""Words in a row that nobody writes twice in one sentence."""
MORE = 2
"""Words by which a run in English may exceed twice that of the Arabic."""


class Run(NamedTuple):
    """A phrase said again at once."""

    phrase: tuple[str, ...] = ()
    times: int = 0

    @property
    def length(self) -> int:
        """In words."""
        return len(self.phrase) * self.times


def doubled(text: str, source: str = "") -> Iterator[str]:
    """Words that stand beside themselves: `'They fled the the city'` -> `'the the'`; none where some Arabic does."""
    if _TWICE.search(source):
        return
    for found in _DOUBLED.finditer(text):
        name = found.group(1)[0].isupper() and found.group(2)[0].isupper()
        if found.group(1).casefold() not in _SAID_TWICE and not name:
            yield found.group()


def repeated(text: str, source: str) -> str:
    """The longest phrase said again at once, three times one word or two, twice three and more: `'from the fled'`.

    Empty where nothing is, or where the source itself repeats a phrase and does so about as long.
    """
    run = longest_run([word.casefold() for word in spelled(text)])
    if not any(word[0].isalpha() for word in run.phrase):
        return ""
    theirs = longest_run(spelled(source), least=2)
    return "" if theirs.phrase and run.length <= 2 * theirs.length + MORE else " ".join(run.phrase)


def longest_run(said: Sequence[str], least: int = 3) -> Run:
    """The phrase that, said again at once, takes most words; `least` is from how many words on twice is enough.

    `a b b b c` -> `b` three times; `a b c a b c` -> `a b c` twice.
    """
    best = Run()
    for size in range(1, LONGEST_PHRASE + 1):
        same = 0
        for n in range(size, len(said) + 1):
            if n < len(said) and said[n] == said[n - size]:
                same += 1
                continue
            times = same // size + 1
            if (times > 2 or (times == 2 and size >= least)) and (times - 1) * size > best.length - len(best.phrase):
                best = Run(tuple(said[n - same - size : n - same]), times)
            same = 0
    return best


def said_again_apart(text: str, source: str) -> str:
    """The first seven words that come back later in the text; empty where the Arabic has three that do."""
    spoken = [word.casefold() for word in spelled(text)]
    seen: set[tuple[str, ...]] = set()
    for n in range(len(spoken) - APART + 1):
        phrase = tuple(spoken[n : n + APART])
        if phrase in seen:
            return "" if _comes_back(spelled(source), 3) else " ".join(phrase)
        seen.add(phrase)
    return ""


def _comes_back(said: Sequence[str], size: int) -> bool:
    phrases = [tuple(said[n : n + size]) for n in range(len(said) - size + 1)]
    return len(set(phrases)) < len(phrases)

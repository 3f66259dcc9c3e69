"""A stand-in for a translation model: instant, deterministic, no weights.

It ships with the product so that a template can be designed, a pipeline tried and a test run without a model. It
writes each Arabic word in Latin letters, in order, so every word is aligned and no Arabic is left over. It is never
chosen by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from translate.engines.base import Hypothesis, Progress, Request
from translate.words import words

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآٱءئؤىةپچڤگکی"
LATIN = "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a i a a a y w a a p ch v g k y"
LETTERS = dict(zip(ARABIC, LATIN.split(), strict=True))
MARKS = {"،": ",", "؛": ";", "؟": "?", "«": '"', "»": '"', "“": '"', "”": '"', "٪": "%", "…": "…"}
CLOSING = set(",.;?!%)]:") | {"…"}


@lru_cache(maxsize=8192)
def _latin(word: str) -> str:
    """`'الموصل'` -> `almwsl`; digits become ASCII, anything else that is no Latin letter is dropped."""
    kept = []
    for char in word:
        if char.isdigit():
            kept.append(str(int(char)) if char.isdecimal() else char)
        elif char.isascii():
            kept.append(char)
        else:
            kept.append(LETTERS.get(char, MARKS.get(char, "")))
    return "".join(kept) or "-"


class FakeEngine:
    """Transliterates word by word. `limit` counts words."""

    limit = 60
    annotates = False
    known_terms: frozenset[tuple[str, str]] = frozenset()

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        """One hypothesis a request (n-best entries after the first repeat it in lower case)."""
        results = []
        for request in requests:
            first = self._one(request)
            more = [
                Hypothesis(first.text.lower(), first.score - number, first.alignment)
                for number in range(1, request.n_best)
            ]
            results.append([first, *more])
            if progress:
                progress(1)
        return results

    def _one(self, request: Request) -> Hypothesis:
        done = len(words(request.prefix))
        text = request.prefix
        source = words(request.text)
        for word in source[done:]:
            latin = _latin(word.text)
            if not text:
                latin = latin[0].upper() + latin[1:]
            text += latin if not text or latin in CLOSING else f" {latin}"
        count = min(len(source), len(words(text)))
        return Hypothesis(text, -1.0 if text else 0.0, tuple((number, number) for number in range(count)))

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """The more words a target shares with the transliteration, the better."""
        scores = []
        for source, target in pairs:
            wanted = {word.text.lower() for word in words(self._one(Request(source)).text)}
            got = [word.text.lower() for word in words(target)]
            missing = sum(word not in wanted for word in got)
            scores.append(-1.0 - missing / max(1, len(got)))
        return scores

    def length(self, text: str) -> int:
        """Words and the end marker."""
        return len(words(text)) + 1

    def signature(self) -> str:
        """Constant: the fake never changes."""
        return "fake|latin-1"

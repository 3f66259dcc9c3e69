"""Which attention of a model points from an English word to its Arabic: found by measuring, stored with the model.

Every model keeps its word alignment somewhere else: in some layer, in one head or a few, at the step that writes a
piece or at the one after it. Sentences with known anchors (numbers, Latin words, punctuation, names) show where, and
how often it is right. Knows nothing of drafts or of how terms are put in.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glossary import Matcher, TermBase
from translate.constraints import renditions, require
from translate.engines import notes
from translate.engines.pieces import Pieces, word_numbers
from translate.errors import ModelError
from translate.words import Word, words

SENTENCES = Path(__file__).parent / "anchors.tsv"
"""Arabic and English, our own: enough anchors for any model that reads news."""
NAMES = ("mosul", "news")
"""Bundled term bases whose names serve as anchors."""
TRUSTED = 0.6
"""Share of anchors below which the alignment is not used at all."""
OFFSETS = (0, 1)
"""At the step that writes a piece; at the next one, which reads it."""
MOST_HEADS = 3
WORTH = 0.02
"""Share of anchors another attention must find beyond the last layer's and the same step's, which are tried first."""
FEW = 10
"""With fewer anchors nothing is known."""

_SAME = {"،": ",", "؛": ";", "؟": "?", ":": ":", "(": "(", ")": ")", "%": "%", "٪": "%"}
_DIGITS = {zero + n: str(n) for zero in (0x660, 0x6F0) for n in range(10)}


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a model's word alignment is read."""

    layer: int = -1
    """Of the decoder, from 0; -1 is the last one."""
    heads: tuple[int, ...] = (0,)
    """Averaged."""
    offset: int = 0
    """Steps from the one that writes a piece to the one that looks at its source."""
    accuracy: float | None = None
    """Share of anchors it finds; None where nobody measured."""

    @property
    def trusted(self) -> bool:
        """Whether alignments are used. One nobody measured is."""
        return self.accuracy is None or self.accuracy >= TRUSTED

    @property
    def mark(self) -> str:
        """`align:98` - per cent, as it stands in signatures; `align:?` where nobody measured."""
        return "align:?" if self.accuracy is None else f"align:{100 * self.accuracy:.0f}"

    def __str__(self) -> str:
        if self.accuracy is None:
            return "not measured"
        heads = ", ".join(str(head) for head in self.heads)
        where = f"decoder layer {self.layer}, head {heads}" + (f", step +{self.offset}" if self.offset else "")
        trust = "" if self.trusted else "; below 60 %, so it is not used and terms are tried at all positions"
        return f"{where}, {100 * self.accuracy:.0f} % right{trust}"


@dataclass(frozen=True, slots=True)
class Anchored:
    """A sentence, its English, and what is known to correspond."""

    source: str
    target: str
    anchors: tuple[tuple[frozenset[int], int], ...]
    """(source words, any of which is right; target word)"""


def pointer(folder: Path) -> Pointer:
    """What the `tarjuman.json` of a model folder says: `{"alignment": {"layer": 1, "heads": [0], ...}}`."""
    told: Any = notes.told(folder).get("alignment")
    if told is None:
        return Pointer()
    path = folder / notes.FILE
    try:
        found = Pointer(told["layer"], tuple(told["heads"]), told["offset"], told["accuracy"])
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        layers, heads = config["decoder_layers"], config["decoder_attention_heads"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path) from error
    numbers = (found.layer, found.offset, *found.heads)
    known = found.accuracy is None or (isinstance(found.accuracy, (int, float)) and 0 <= found.accuracy <= 1)
    if not (
        known
        and found.heads
        and all(type(number) is int for number in numbers)
        and -1 <= found.layer < layers
        and all(0 <= head < heads for head in found.heads)
        and found.offset in OFFSETS
    ):
        raise _unreadable(path)
    return found


def _unreadable(path: Path) -> ModelError:
    shown = '{"alignment": {"layer": 1, "heads": [0], "offset": 0, "accuracy": 0.9}}'
    return ModelError("the alignment it describes cannot be read", str(path), f"it should read {shown}")


def store(folder: Path, found: Pointer) -> None:
    """Write it into the folder's `tarjuman.json`; whatever else stands there stays."""
    accuracy = None if found.accuracy is None else round(found.accuracy, 3)
    place = {"layer": found.layer, "heads": list(found.heads), "offset": found.offset}
    notes.note(folder, "alignment", place | {"accuracy": accuracy})


# --- anchors ----------------------------------------------------------------------------------------------------


def names() -> TermBase:
    """The terms of the bundled term bases."""
    return TermBase.load([path for name in NAMES if (path := TermBase.bundled(name))])


def sentences() -> list[Anchored]:
    """The sentences that come with the program, anchored."""
    matcher = Matcher(names())
    pairs = (line.split("\t") for line in SENTENCES.read_text(encoding="utf-8").splitlines())
    return [anchored(source, target, matcher) for source, target in pairs]


def anchored(source: str, target: str, matcher: Matcher | None = None) -> Anchored:
    """What corresponds beyond doubt: written alike, or a name, and once in each of the two."""
    arabic, english = words(source), words(target)
    found = {**_named(source, target, arabic, english, matcher), **_alike(arabic, english)}
    return Anchored(source, target, tuple((own, place) for place, own in sorted(found.items())))


def _alike(arabic: Sequence[Word], english: Sequence[Word]) -> dict[int, frozenset[int]]:
    """Numbers, Latin words and punctuation inside the sentence: `2017`, `Reuters`, `،`."""
    here = [_spelt(word.text) for word in arabic[:-1]]  # the last full stop proves nothing: many heads look there
    there = [word.text for word in english[:-1]]
    once, also = Counter(here), Counter(there)
    return {
        place: frozenset({here.index(text)})
        for place, text in enumerate(there)
        if once[text] == also[text] == 1 and text
    }


def _spelt(word: str) -> str:
    """`٢٠١٧` -> `2017`, `،` -> `,`; nothing for what English writes otherwise."""
    ascii_word = word.translate(_DIGITS)
    return _SAME.get(word) or (ascii_word if ascii_word.isascii() and ascii_word.isalnum() else "")


def _named(
    source: str, target: str, arabic: Sequence[Word], english: Sequence[Word], matcher: Matcher | None
) -> dict[int, frozenset[int]]:
    """Words of glossary names that stand once in each: `الموصل`, `Mosul`."""
    found: dict[int, frozenset[int]] = {}
    requirements = require(matcher.find(source)) if matcher else ()
    once = Counter(requirement.match.term.source for requirement in requirements)
    for requirement in requirements:
        spans = renditions(requirement.surfaces, target)
        if len(spans) != 1 or once[requirement.match.term.source] != 1:
            continue
        begin, end = requirement.match.begin, requirement.match.end
        own = frozenset(n for n, w in enumerate(arabic) if w.begin < end and begin < w.end)
        for place, word in enumerate(english):
            if spans[0][0] <= word.begin and word.end <= spans[0][1] and word.text[0].isupper():
                found[place] = own
    return found


# --- measuring --------------------------------------------------------------------------------------------------


def calibrate(folder: Path, examples: Sequence[Anchored] | None = None) -> Pointer:
    """The attention of a model folder that finds the most anchors. Needs torch; some seconds."""
    from translate.engines.marian import MarianEngine

    engine = MarianEngine(folder, folder.name)
    pieces = Pieces(folder)
    seen = [row for example in examples or sentences() for row in _seen(engine, pieces, example)]
    if len(seen) < FEW:
        raise ModelError("too few anchors to measure its alignment", str(folder), f"{len(seen)} of at least {FEW}")
    return _best(seen)


def measure(folder: Path, given: Pointer, examples: Sequence[Anchored] | None = None) -> float:
    """How many of the anchors one attention finds, as a share."""
    from translate.engines.marian import MarianEngine

    engine, pieces = MarianEngine(folder, folder.name), Pieces(folder)
    seen = [row for example in examples or sentences() for row in _seen(engine, pieces, example)]
    return _accuracy(seen, OFFSETS.index(given.offset), given.layer, given.heads)


Seen = tuple[frozenset[int], tuple[Any, ...]]
"""The right source words of an anchor, and for each offset what is looked at: (layers, heads, source words + none)."""


def _seen(engine: Any, pieces: Pieces, example: Anchored) -> Iterator[Seen]:
    source, target = pieces.source(example.source), pieces.target(example.target)
    looks = engine.attention(source, target)  # (layers, heads, target pieces, source pieces + end marker)
    count = len(words(example.source))
    whose = [*word_numbers(source), -1]
    pooled = looks.new_zeros((*looks.shape[:3], count + 1))
    for piece, word in enumerate(whose):
        pooled[..., word if word >= 0 else count] += looks[..., piece]
    rows = word_numbers(target)
    for own, place in example.anchors:
        steps = [[n + offset for n, word in enumerate(rows) if word == place] for offset in OFFSETS]
        kept = [[n for n in numbers if n < looks.shape[2]] for numbers in steps]
        yield own, tuple(pooled[:, :, numbers].sum(2) for numbers in kept)


def _best(seen: Sequence[Seen]) -> Pointer:
    """Every layer and offset with its best head, and with its best two or three where those add something."""
    layers, heads = seen[0][1][0].shape[:2]
    best = Pointer()
    for layer in range(layers - 1, -1, -1):
        for offset in OFFSETS:
            alone = {head: _accuracy(seen, offset, layer, (head,)) for head in range(heads)}
            ranked = sorted(alone, key=lambda head: (-alone[head], head))
            for count in range(1, min(MOST_HEADS, heads) + 1):
                chosen = tuple(sorted(ranked[:count]))
                share = _accuracy(seen, offset, layer, chosen)
                if best.accuracy is None or share > best.accuracy + WORTH:
                    best = Pointer(layer, chosen, offset, round(share, 3))
    return best


def _accuracy(seen: Sequence[Seen], offset: int, layer: int, heads: tuple[int, ...]) -> float:
    right = sum(int(looks[offset][layer, list(heads)].mean(0).argmax()) in own for own, looks in seen)
    return right / len(seen)

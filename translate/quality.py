"""How close translations are to a person's: BLEU, chrF++ and edit rate with signatures; whether a difference is chance.

The only place that uses sacrebleu, so that every figure the project gives is computed alike and can be compared with
published ones. Knows texts and references; nothing of engines, models, glossaries or how the texts were made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translate.composed import composed
from translate.errors import InputError, UsageError
from translate.words import has_arabic

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD_ORDER = 2
"""chrF++ is chrF with words and pairs of words."""
SAMPLES = 1000
"""Resamples of the bootstrap, as many as sacrebleu takes."""
SEED = 12345
"""sacrebleu's own seed: the same texts give the figures of `sacrebleu --paired-bs`."""
FORM = "one pair a line: the Arabic, a tab, its English; more columns are ignored"


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a whole set of translations is."""

    bleu: float
    """30.4 - of 100; words and runs of words in common with the reference."""
    chrf: float
    """58.1 - of 100, chrF++; runs of letters and words in common."""
    bleu_signature: str
    """"nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0" """
    chrf_signature: str
    """"nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0" """


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two translations of the same sentences, and what resampling the sentences says about it."""

    first: float
    second: float
    mean: float
    """61.9 - mean of the second over the resamples."""
    interval: float
    """1.2 - the second lies within `mean` ± this in 95 of 100 resamples."""
    p: float
    """0.03 - how often chance alone gives a difference at least as large."""

    @property
    def delta(self) -> float:
        """Second minus first."""
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second translation against the first."""

    bleu: Difference
    chrf: Difference
    sentences: int
    samples: int
    seed: int


def quality(outputs: Sequence[str], references: Sequence[str]) -> Quality:
    """BLEU and chrF++ of a whole set, one reference for each output."""
    _same_length(outputs, references)
    bleu, chrf = _metrics()
    return Quality(
        bleu.corpus_score(outputs, [references]).score,
        chrf.corpus_score(outputs, [references]).score,
        str(bleu.get_signature()),
        str(chrf.get_signature()),
    )


def sentence_chrf(output: str, reference: str) -> float:
    """chrF++ of one sentence: `'The house.'`, `'The house.'` -> 100.0; BLEU says little about one sentence."""
    return float(_chrf().sentence_score(output, [reference]).score)


def edits(outputs: Sequence[str], references: Sequence[str]) -> list[tuple[float, float]]:
    """Edits that make each output its reference, and the words of the reference: the parts of TER.

    `'The left bank fell.'`, `'The Left Bank fell.'` -> (2.0, 5.0): words put in, taken out or exchanged, and runs of
    words moved; punctuation marks are words, capitals count.
    """
    _same_length(outputs, references)
    metric = _edit_rate()
    spelled = [
        (metric._preprocess_segment(output).split(), metric._preprocess_segment(reference).split())
        for output, reference in zip(outputs, references, strict=True)
    ]
    return [(float(_edits(output, reference)), float(len(reference))) for output, reference in spelled]


def _edits(output: list[str], reference: list[str]) -> int:
    """The edits of TER: words moved as long as that helps, then the edit distance.

    Moves are sacrebleu's own. It looks at hundreds for a sentence that was rewritten, of which it only asks how far
    each one leads: that is answered by a faster library, and by sacrebleu where the two could differ.
    """
    from rapidfuzz.distance import Levenshtein
    from sacrebleu.metrics import lib_ter

    if not reference or output == reference:
        return 0 if reference else len(output)
    apart, slope = abs(len(output) - len(reference)), len(reference) / max(len(output), 1)
    exact = lib_ter.BeamEditDistance(reference)

    def distance(words: list[str]) -> int:
        # sacrebleu looks only so far around the diagonal; a way that leads outside of that is a long one.
        found = Levenshtein.distance(words, reference)
        if apart >= _BEAM or found + apart >= 2 * _BEAM:
            way = Levenshtein.opcodes(words, reference)
            if any(abs(step.src_start * slope - step.dest_start) >= _BEAM - 1 for step in way):
                return int(exact(words)[0])
        return found

    moves, seen = 0, 0
    while True:
        gain, moved, seen = lib_ter._shift(output, reference, _Asked(exact, distance, output), seen)
        if seen >= lib_ter._MAX_SHIFT_CANDIDATES or gain <= 0:
            return moves + distance(output)
        moves, output = moves + 1, moved


_BEAM = 25
"""Words around the diagonal that sacrebleu looks at."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What sacrebleu asks about lists of words: of one how it is edited too, of all others only how far they are."""

    exact: Any
    distance: Callable[[list[str]], int]
    whole: list[str]

    def __call__(self, words: list[str]) -> tuple[int, str]:
        """Distance and the way there."""
        return self.exact(words) if words is self.whole else (self.distance(words), "")


def edit_signature() -> str:
    """What `edits` counts: "nrefs:1|case:mixed|tok:tercom|norm:yes|punct:yes|asian:no|version:2.6.0"."""
    metric = _edit_rate()
    metric.sentence_score("a", ["a"])
    return str(metric.get_signature())


def paired_bootstrap(
    first: Sequence[str],
    second: Sequence[str],
    references: Sequence[str],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> Comparison:
    """Compare two translations of the same sentences by paired bootstrap resampling (Koehn 2004).

    The same sentences are drawn for both, with replacement, `samples` times; what is added up are the counts of each
    sentence, so nothing is scored twice. Drawn and judged as `sacrebleu --paired-bs` does it.
    """
    import numpy

    _same_length(first, references)
    _same_length(second, references)
    metrics = _metrics()
    counts = [[_counts(metric, outputs, references) for outputs in (first, second)] for metric in metrics]
    random = numpy.random.default_rng(seed)
    scores = numpy.empty((samples, len(metrics), 2))
    for number in range(samples):
        drawn = random.choice(len(references), size=len(references), replace=True)
        times = numpy.bincount(drawn, minlength=len(references))
        for m, metric in enumerate(metrics):
            for s, table in enumerate(counts[m]):
                scores[number, m, s] = _score(metric, times @ table)
    bleu, chrf = (
        _difference(_score(metric, one.sum(0)), _score(metric, other.sum(0)), scores[:, m])
        for m, (metric, (one, other)) in enumerate(zip(metrics, counts, strict=True))
    )
    return Comparison(bleu, chrf, len(references), samples, seed)


def _difference(first: float, second: float, scores: NDArray[Any]) -> Difference:
    """`scores`: (resamples, 2)."""
    import numpy

    apart = numpy.abs(scores[:, 1] - scores[:, 0])
    larger = int(numpy.sum(apart - apart.mean() > abs(second - first)))
    ordered = numpy.sort(scores[:, 1])
    aside = len(ordered) // 40  # 2.5 % at each end
    interval = 0.5 * (ordered[len(ordered) - aside - 1] - ordered[aside])
    p = 1.0 if not apart.any() and first == second else (larger + 1) / (len(scores) + 1)
    return Difference(first, second, float(ordered.mean()), float(interval), p)


def _metrics() -> tuple[Any, Any]:
    """BLEU and chrF++."""
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(), _chrf()


def _chrf() -> Any:
    from sacrebleu.metrics.chrf import CHRF

    return CHRF(word_order=WORD_ORDER)


def _edit_rate() -> Any:
    from sacrebleu.metrics.ter import TER

    return TER(normalized=True, case_sensitive=True)


def _counts(metric: Any, outputs: Sequence[str], references: Sequence[str]) -> NDArray[Any]:
    """What a metric counts in each sentence, (sentences, counts); sacrebleu's own tests of significance use it too."""
    import numpy

    return numpy.array(metric._extract_corpus_statistics(outputs, [references]))


def _score(metric: Any, counts: NDArray[Any]) -> float:
    return float(metric._compute_score_from_stats(counts.tolist()).score)


def _same_length(outputs: Sequence[str], references: Sequence[str]) -> None:
    if len(outputs) != len(references):
        raise UsageError(
            f"{len(outputs)} translations for {len(references)} references", hint="each sentence needs one of both"
        )
    if not references:
        raise UsageError("there is no sentence to judge")


def read_pairs(path: Path) -> list[tuple[str, str]]:
    r"""Arabic and reference of each line: `'بيت\thouse\tnote'` -> `("بيت", "house")`.

    The Arabic is composed (NFC) as readers do with articles; the reference stays as it is, so that figures can be
    compared with other people's.
    """
    pairs = []
    lines = read_lines(path)
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise InputError("the file is empty", str(path), FORM)
    for number, line in enumerate(lines, 1):
        source, tab, rest = line.partition("\t")
        reference = rest.split("\t")[0].strip()
        source = composed(source.strip())
        if not tab:
            raise InputError("no tab in this line", f"{path}:{number}", FORM)
        if not source or not reference:
            side = "Arabic" if not source else "English"
            raise InputError(f"the {side} is missing", f"{path}:{number}", FORM)
        pairs.append((source, reference))
    if not any(has_arabic(source) for source, _ in pairs):
        raise InputError("no Arabic in the first column", str(path), FORM)
    return pairs


def read_lines(path: Path) -> list[str]:
    r"""The lines of a UTF-8 file: `'a\n\nb\n'` -> `a`, an empty one, `b`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError("the file cannot be read", str(path), error.strerror or "") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError("this is not UTF-8", f"{path}:{line}", "save the file as UTF-8") from error
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]

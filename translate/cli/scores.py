"""What `tarjuman eval` says: tables for a person, JSON for a program, a list sentence by sentence. Prints nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from translate.evaluate import Evaluation, Row
    from translate.quality import Comparison, Difference

HEAD = (
    *("system", "BLEU", "chrF++", "terms", "in reference", "length"),
    *("repeated", "unfinished", "flagged", "seconds", "words/s"),
)
CHANCE = 0.05
"""A difference that chance gives more often than this proves nothing."""
FEWEST = 20
"""On fewer sentences resampling cannot tell chance from anything else."""
COLUMNS = (
    *("set", "line", "system", "chrF++", "terms met", "terms missed", "findings"),
    *("source", "reference", "output"),
)
"""Of the listing."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came out on one set of sentences."""

    name: str
    """"dev.tsv, 200 lines" """
    judged: Sequence[Evaluation]
    compared: Sequence[Comparison]
    """All but the first of `judged` with the first."""


def tables(result: Result, worst: int) -> str:
    """Everything about one set, for a person."""
    parts = [result.name, aligned([HEAD, *(_figures(one) for one in result.judged)])]
    if result.compared:
        first, samples, seed = result.judged[0].name, result.compared[0].samples, result.compared[0].seed
        parts.append(f"Compared with {first}: paired bootstrap, {samples} resamples, seed {seed}")
        others = zip(result.judged[1:], result.compared, strict=True)
        rows = [line for other, comparison in others for line in _verdicts(other.name, comparison)]
        parts.append(aligned([("system", "figure", "difference", "p", "mean", "95 %", "verdict"), *rows]))
    parts += [_worst(one, worst) for one in result.judged if worst]
    parts.append(_signatures(result.judged))
    return "\n\n".join(parts) + "\n"


def _figures(one: Evaluation) -> tuple[str, ...]:
    terms = one.terms
    return (
        one.name,
        f"{one.quality.bleu:.1f}",
        f"{one.quality.chrf:.1f}",
        _share(terms.met, terms.total),
        _share(terms.expected_met, terms.expected),
        f"{one.length:.2f}",
        str(one.repeated),
        str(one.unfinished),
        str(one.flagged),
        "-" if one.seconds is None else f"{one.seconds:.1f}",
        "-" if one.words_per_second is None else f"{one.words_per_second:.0f}",
    )


def _share(part: int, whole: int) -> str:
    """`9`, `10` -> `9/10`; nothing of nothing -> `-`."""
    return f"{part}/{whole}" if whole else "-"


def _verdicts(name: str, comparison: Comparison) -> list[tuple[str, ...]]:
    return [
        (
            name if number == 0 else "",
            figure,
            f"{difference.delta:+.1f}",
            f"{difference.p:.3f}",
            f"{difference.mean:.1f}",
            f"± {difference.interval:.1f}",
            verdict(difference, comparison.sentences),
        )
        for number, (figure, difference) in enumerate((("BLEU", comparison.bleu), ("chrF++", comparison.chrf)))
    ]


def verdict(difference: Difference, sentences: int) -> str:
    """In one word or three: `better`, `worse`, `may be chance`, `too few lines`."""
    if sentences < FEWEST:
        return "too few lines"
    if difference.p > CHANCE:
        return "may be chance"
    return "better" if difference.delta > 0 else "worse"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns of a fixed width: words to the left, figures to the right."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    left = [not any(row[n][:1] in tuple("0123456789+-±") for row in rows[1:] if row[n]) for n in range(len(widths))]
    left[0] = True  # a model's name may begin with a digit
    lines = []
    for row in rows:
        cells = [c.ljust(w) if at_left else c.rjust(w) for c, w, at_left in zip(row, widths, left, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _worst(one: Evaluation, count: int) -> str:
    lines = [f"Furthest from the reference: {one.name}"]
    for row in one.worst(count):
        lines += ["", f"line {row.line}, chrF++ {row.chrf:.1f}{_told(row)}"]
        lines += [f"  {text}" for text in (row.source, row.reference, row.output or "(nothing)")]
    return "\n".join(lines)


def _told(row: Row) -> str:
    missed = f"; missed: {', '.join(row.missed)}" if row.missed else ""
    return f"; {' '.join(_found(row))}{missed}" if row.findings else missed


def _found(row: Row) -> list[str]:
    return sorted({finding.check for finding in row.findings})


def _signatures(judged: Sequence[Evaluation]) -> str:
    lines = [("BLEU", judged[0].quality.bleu_signature), ("chrF++", judged[0].quality.chrf_signature)]
    lines += [(one.name, one.signature) for one in judged if one.signature]
    return aligned(lines)


def as_json(result: Result, worst: int) -> dict[str, object]:
    """The same for a program to read."""
    return {
        "set": result.name,
        "sentences": len(result.judged[0].rows),
        "systems": [_system(one, worst) for one in result.judged],
        "compared": [
            {
                "system": other.name,
                "with": result.judged[0].name,
                "samples": comparison.samples,
                "seed": comparison.seed,
                "bleu": _difference(comparison.bleu, comparison.sentences),
                "chrf": _difference(comparison.chrf, comparison.sentences),
            }
            for other, comparison in zip(result.judged[1:], result.compared, strict=True)
        ],
    }


def _system(one: Evaluation, worst: int) -> dict[str, object]:
    found: dict[str, object] = {
        "system": one.name,
        "signature": one.signature,
        **asdict(one.quality),
        "terms": asdict(one.terms),
        "length": one.length,
        "repeated": one.repeated,
        "unfinished": one.unfinished,
        "flagged": one.flagged,
        "seconds": one.seconds,
        "words_per_second": one.words_per_second,
    }
    if worst:
        found["worst"] = [_row(row) for row in one.worst(worst)]
    return found


def _difference(difference: Difference, sentences: int) -> dict[str, object]:
    return {**asdict(difference), "difference": difference.delta, "verdict": verdict(difference, sentences)}


def _row(row: Row) -> dict[str, object]:
    return {
        "line": row.line,
        "chrf": row.chrf,
        "source": row.source,
        "reference": row.reference,
        "output": row.output,
        "terms_met": row.met,
        "terms_missed": row.missed,
        "findings": _found(row),
    }


def listing(results: Sequence[Result]) -> str:
    """One line for each sentence and system; tabs and line breaks inside a text become spaces."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow(COLUMNS)
    for result in results:
        for one in result.judged:
            for row in one.rows:
                told = ("; ".join(row.met), "; ".join(row.missed), " ".join(_found(row)))
                fields = (result.name, str(row.line), one.name, f"{row.chrf:.1f}", *told)
                writer.writerow([" ".join(f.split()) for f in (*fields, row.source, row.reference, row.output)])
    return out.getvalue()

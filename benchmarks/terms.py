"""How well terms are found, kept and placed, beside what others do: `python -m benchmarks.terms --out terms.md`.

One table for the matcher against hand labels, one for each set and mode (see `sets`), one row a system (see
`systems`), the figures of `measures`. Everything but the times is the same on every run; a time is the median over
rounds of a system's CPU time divided by that of free decoding in the same round. What could not be measured is said so.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from benchmarks import sets, systems
from benchmarks.lucene_arabic import StemMatcher, plain, stem
from benchmarks.measures import Figures, Line, measure
from benchmarks.sets import Case
from glossary import Matcher, TermBase
from translate.constraints import assign
from translate.decode import Job
from translate.engines.base import Engine
from translate.quality import Quality, quality
from translate.registry import BUNDLED, DEFAULT, Model

ROOT = Path(__file__).resolve().parent.parent
TOY_MODEL = ROOT / "tests" / "toy_model"
PARTS = ("matcher", "toy", "seeds", "tico")
HEAD = (
    "system", "compliance", "placed", "window 2", "window 3", "1-TERm", "form", "duplicated", "consistent", "exact",
    "chrF++ terms", "BLEU terms", "chrF++ plain", "BLEU plain", "put in", "by guess", "time", "time, violators",
)  # fmt: skip
NONE = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set in one mode."""

    name: str
    figures: Figures
    with_terms: Quality | None
    without: Quality | None
    result: systems.Result
    time: float | None = None
    violators: float | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """An engine and how it is asked."""

    engine: Engine
    names: systems.Names
    rounds: int

    def systems(self) -> dict[str, systems.System]:
        """What is compared, free decoding first; what needs annotations only where the model reads them."""
        made = {
            "free decoding": systems.free,
            "naive replacement": systems.naive,
            "placeholders": systems.placeholders(self.names),
        }
        if self.engine.annotates:
            made |= {"annotated decoding alone": systems.annotated, "repair alone": systems.unannotated_cascade}
        return made | {"Tarjuman": systems.cascade}


UNTIMED = {"naive replacement"}
"""Free decoding and a few string operations: its time is that of free decoding."""


def rows(cases: Sequence[Case], setting: Setting) -> Iterator[Row]:
    """All systems on one set in one mode."""
    remembering = systems.Remembering(setting.engine)
    parts = _parts(cases)
    systems.free(parts[0][:20], setting.engine)  # what is done once only is done now
    results: dict[str, systems.Result] = {}
    ratios: dict[str, list[float]] = {}
    for number in range(setting.rounds):
        base = 0.0
        for name, system in setting.systems().items():
            if name in UNTIMED:
                if number == 0:
                    results[name] = _run(system, parts, remembering)
                continue
            began = time.process_time()
            made = _run(system, parts, setting.engine)
            spent = time.process_time() - began
            base = spent if name == "free decoding" else base
            ratios.setdefault(name, []).append(spent / base)
            results.setdefault(name, made)
    violating = [
        case
        for case, text in zip(cases, results["free decoding"].texts, strict=True)
        if len(assign(case.job.requirements, text)) < len(case.job.requirements)
    ]
    slower = _violators(_parts(violating), setting) if violating else None
    for name, result in results.items():
        row = judged(name, cases, result)
        ratio = statistics.median(ratios[name]) if name in ratios else None
        yield replace(row, time=ratio, violators=slower if name == "Tarjuman" else None)


def _parts(cases: Sequence[Case]) -> list[list[Job]]:
    """One glossary, one article at a time, as somebody would.

    Equal sentences of one call are decoded once: in one call for all glossaries of the toy free decoding, for which
    they are all equal, would do most of its work for nothing.
    """
    apart: dict[str, list[Job]] = {}
    for case in cases:
        apart.setdefault(case.term_base, []).append(case.job)
    return list(apart.values())


def _run(system: systems.System, parts: Sequence[Sequence[Job]], engine: Engine) -> systems.Result:
    """Everything, in the order of the cases."""
    made = [system(part, engine) for part in parts]
    return systems.Result(
        tuple(text for result in made for text in result.texts),
        forced=sum(result.forced for result in made),
        substituted=sum(result.substituted for result in made),
        unnamed=sum(result.unnamed for result in made),
        touched=sum(result.touched for result in made),
    )


def _violators(parts: Sequence[Sequence[Job]], setting: Setting) -> float:
    found = []
    for _ in range(setting.rounds):
        began = time.process_time()
        _run(systems.free, parts, setting.engine)
        middle = time.process_time()
        _run(systems.cascade, parts, setting.engine)
        found.append((time.process_time() - middle) / (middle - began))
    return statistics.median(found)


def judged(name: str, cases: Sequence[Case], result: systems.Result) -> Row:
    """The figures of one system's texts."""
    lines = [
        Line(case.job.segment.text, text, case.job.requirements, case.reference)
        for case, text in zip(cases, result.texts, strict=True)
    ]
    figures = measure(lines)
    figures.wordings = _wordings(cases, lines)
    return Row(name, figures, _quality(lines, terms=True), _quality(lines, terms=False), result)


def _wordings(cases: Sequence[Case], lines: Sequence[Line]) -> dict[tuple[str, ...], Counter[str]]:
    """Consistency is asked for within one glossary and article, not between them."""
    apart: dict[tuple[str, ...], Counter[str]] = {}
    for base in dict.fromkeys(case.term_base for case in cases):
        some = measure(line for case, line in zip(cases, lines, strict=True) if case.term_base == base)
        apart |= {(base, *term): counts for term, counts in some.wordings.items()}
    return apart


def _quality(lines: Sequence[Line], *, terms: bool) -> Quality | None:
    chosen = [line for line in lines if line.reference and bool(line.requirements) == terms]
    return quality([line.output for line in chosen], [line.reference for line in chosen]) if chosen else None


# --- matching ---------------------------------------------------------------------------------------------------


def matching() -> list[str]:
    """Precision and recall against the hand labels in `tests/labels`."""
    import test_glossary_labels as labels

    base = TermBase.load(TermBase.default())
    matcher = Matcher(base)
    sources = [(term.source, term.source) for term in base.terms]
    forms = [(form.strip("[]"), term.source) for term in base.terms for form, _ in term.listed()]
    finders: dict[str, Callable[[str], list[tuple[int, int, str]]]] = {
        "Tarjuman": lambda text: [(m.begin, m.end, m.term.source) for m in matcher.find(text)],
        "exact words, all forms listed": StemMatcher(forms, plain).find,
        "Lucene stems (OmegaT), as listed": StemMatcher(sources, stem).find,
        "Lucene stems (OmegaT), all forms listed": StemMatcher(forms, stem).find,
    }
    texts, yes, _ = labels.labelled_seeds()
    more, also = labels.labelled_sentences()
    texts, wanted = texts | more, {(n, b, e, s) for n, b, e, s, _ in yes | also}
    count = sum(len(text.split()) for text in texts.values())
    told = [f"## Matching: {len(wanted)} labelled occurrences in {count:,} words", ""]
    told += ["| system | found | precision | recall |", "|---|---:|---:|---:|"]
    for name, find in finders.items():
        got = {(key, *found) for key, text in texts.items() for found in find(text)}
        right = len(got & wanted)
        told.append(f"| {name} | {len(got)} | {_percent(right / len(got))} | {_percent(right / len(wanted))} |")
    told += ["", "Right means: the same words, clitics included, and the same entry.", ""]
    return [*told, *_speed(matcher, Matcher(TermBase.load([TermBase.default(), *_more()])), list(texts.values())), ""]


def _more() -> list[Path]:
    """The term bases that are not in force unless somebody asks for them."""
    news = TermBase.bundled("news")
    return [news] if news else []


def _speed(few: Matcher, many: Matcher, texts: Sequence[str]) -> Iterator[str]:
    """Words a second, the best of several rounds over the labelled texts, once every word has been seen."""
    count = sum(len(text.split()) for text in texts)
    for matcher in (few, many):
        spent = []
        for _ in range(8):
            began = time.process_time()
            found = sum(len(matcher.find(text)) for text in texts)
            spent.append(time.process_time() - began)
        yield (
            f"Speed with {len(matcher.base.terms)} terms, of which {found} occurrences are found: "
            f"{count / min(spent):,.0f} words a second; {count / spent[0]:,.0f} at first sight.\n"
        )


# --- the table --------------------------------------------------------------------------------------------------


def _percent(share: float | None) -> str:
    return NONE if share is None else f"{100 * share:.1f}"


def _change(now: Quality | None, before: Quality | None, name: str) -> str:
    if now is None or before is None:
        return NONE
    return f"{getattr(now, name):.1f} ({getattr(now, name) - getattr(before, name):+.1f})"


def table(title: str, found: Sequence[Row], note: str = "") -> list[str]:
    """Markdown: shares in per cent, quality with its change from free decoding, times as a multiple of it."""
    free = found[0]
    told = [f"## {title}", ""]
    told += ["| " + " | ".join(HEAD) + " |", "|---" + "|---:" * (len(HEAD) - 1) + "|"]
    for row in found:
        figures, result = row.figures, row.result
        shares = [
            figures.compliance, figures.placement, figures.overlap(2), figures.overlap(3), figures.term_score,
            figures.form, figures.duplication, figures.consistency, figures.exactness,
        ]  # fmt: skip
        cells = [row.name, *(_percent(share) for share in shares)]
        for now, before in ((row.with_terms, free.with_terms), (row.without, free.without)):
            cells += [_change(now, before, "chrf"), _change(now, before, "bleu")]
        ours = figures.occurrences and row.name in {"Tarjuman", "repair alone"}
        cells.append(_percent((result.forced + result.substituted) / figures.occurrences) if ours else NONE)
        cells.append(_percent(result.substituted / figures.occurrences) if ours else NONE)
        cells += [f"{ratio:.2f}" if ratio else NONE for ratio in (row.time, row.violators)]
        told.append("| " + " | ".join(cells) + " |")
    return [*told, "", *([note, ""] if note else [])]


def summary(cases: Sequence[Case], found: Sequence[Row]) -> str:
    """What was measured, and the post-condition: nothing is missing without being named."""
    ours = found[-1]
    terms = sum(len(case.job.requirements) for case in cases)
    lines = len(sets.with_terms(cases))
    missed = ours.figures.occurrences - ours.figures.met
    return (
        f"{len(cases)} lines, {lines} of them with {terms} occurrences of terms. Tarjuman put terms into "
        f"{ours.result.touched} lines; missing {missed}, of these not named {ours.result.unnamed}."
    )


# --- the toy language -------------------------------------------------------------------------------------------


def numbers(setting: Setting) -> list[str]:
    """Singular, dual and plural of the same sentence."""
    triples = sets.toy_numbers()
    cases = [case for triple in triples for case in triple]
    told = [f"## Toy language, number: {len(triples)} sentences in singular, dual and plural", ""]
    told += ["| system | compliance | right form | all three right | exact |", "|---|---:|---:|---:|---:|"]
    for name, system in setting.systems().items():
        row = judged(name, cases, system([case.job for case in cases], setting.engine))
        all_right = sum(_triple_right(triple, row.result.texts[3 * n : 3 * n + 3]) for n, triple in enumerate(triples))
        shares = row.figures.compliance, row.figures.form, all_right / len(triples), row.figures.exactness
        told.append(f"| {name} | " + " | ".join(_percent(share) for share in shares) + " |")
    return [*told, ""]


def _triple_right(triple: Sequence[Case], texts: Sequence[str]) -> bool:
    found = measure(
        Line(case.job.segment.text, text, case.job.requirements, case.reference)
        for case, text in zip(triple, texts, strict=True)
    )
    return found.right_number == found.numbered == found.occurrences


def forced_beam(cases: Sequence[Case], python: Path) -> tuple[list[Row], str]:
    """The rows of old transformers on the toy model: its free decoding, and its constrained beam search."""
    if not python.exists():
        return [], f"Constrained beam search was not measured: no {python} (see benchmarks/forced_beam.py)."
    asked = [{"source": c.job.segment.text, "words": [r.surfaces[0] for r in c.job.requirements]} for c in cases]
    script = [str(python), str(ROOT / "benchmarks" / "forced_beam.py"), str(TOY_MODEL)]
    done = subprocess.run(script, input=json.dumps(asked), capture_output=True, text=True, check=False)
    if done.returncode:
        return [], f"Constrained beam search failed: {done.stderr.strip().splitlines()[-1]}"
    told = json.loads(done.stdout)
    name = f"transformers {told['version']}"
    made = [replace(judged(f"{name}, free", cases, systems.Result(tuple(told["free"]))), time=1.0)]
    for run in told["forced"]:
        row = judged(f"`force_words_ids`, {run['beams']} beams", cases, systems.Result(tuple(run["texts"])))
        made.append(replace(row, time=run["ratio"]))
    return made, ""


# --- all of it --------------------------------------------------------------------------------------------------


def _engine(folder: Path, kind: str, cache: Path, threads: int) -> Engine:
    model = Model(folder.name, folder, bundled=False)
    if kind == "marian":
        from translate.engines.marian import MarianEngine

        return MarianEngine(folder, model.full_name, threads=threads, limit=model.limit)
    from translate.engines.ct2 import CTranslate2Engine

    return CTranslate2Engine(folder, model.full_name, cache, threads=threads, limit=model.limit)


def report(options: argparse.Namespace) -> Iterator[str]:
    """The lines of the whole report, part by part."""
    rounds = "one round" if options.rounds == 1 else f"the median of {options.rounds} rounds"
    yield from ("# Terms: the figures", "", f"Made by `benchmarks.terms` with {options.engine}; times: {rounds}.", "")
    yield from (LEGEND, "")
    if "matcher" in options.on:
        yield from matching()
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(scratch)
        if "toy" in options.on:
            yield from toy(options, cache)
        if {"seeds", "tico"} & set(options.on):
            model = _engine(options.model, options.engine, cache, options.threads)
            setting = Setting(model, systems.CAPITALS, options.rounds)
            yield f"Model of what follows: `{model.signature()}`.\n"
            if "seeds" in options.on:
                for mode in sets.MODES[1:]:  # without terms and without references there is nothing to see
                    yield from _one("The five seeds", mode, sets.seeds(mode), setting)
            if "tico" in options.on:
                try:
                    sets.fetch_tico(options.cache)
                except sets.UnavailableError as why:
                    yield from ("## TICO-19", "", f"Not measured: {why}.", "")
                    return
                for mode in sets.MODES:
                    yield from _one("TICO-19", mode, sets.tico(mode, options.cache, options.lines), setting)


def toy(options: argparse.Namespace, cache: Path) -> Iterator[str]:
    """Everything on the toy language."""
    import toy_language

    engine = _engine(TOY_MODEL, options.engine, cache, options.threads)
    setting = Setting(engine, systems.Names(tuple(toy_language.PLACES.items())), options.rounds)
    for mode in sets.MODES:
        cases = sets.toy(mode, options.sentences, options.glossaries)
        found = list(rows(cases, setting))
        yield from table(f"Toy language, {mode}", found, summary(cases, found))
        if mode == "proper":
            some = sets.with_terms(cases)[: options.forced]
            beam, why = forced_beam(some, options.old_python)
            if beam:
                ours = [
                    judged(name, some, system([c.job for c in some], engine))
                    for name, system in setting.systems().items()
                ]
                yield from table(
                    f"Toy language, {mode}, {len(some)} lines with terms, beside constrained beam search",
                    [*beam, *ours],
                )
            else:
                yield f"{why}\n"
    yield from numbers(setting)


def _one(title: str, mode: str, cases: Sequence[Case], setting: Setting) -> list[str]:
    found = list(rows(cases, setting))
    return table(f"{title}, {mode}", found, summary(cases, found))


LEGEND = """Shares in per cent. *compliance*: occurrences with an admissible rendition of their own. *placed*: of the
renditions that the reference has too, those in its place. *window*: words around the term that the reference has there
too (missing terms count as none). *1-TERm*: 1 less word edits, those on terms twice. *form*: number as in the Arabic.
*duplicated*: renditions beyond those asked for, for each occurrence. *consistent*: of terms that occur
again, those rendered the commonest way. *exact*: lines equal to the reference. *terms*, *plain*: lines with and without
terms, change from free decoding in brackets. *put in*: occurrences put in by repair; *by guess*: those without a word
aligned. *time*: CPU time, free decoding is 1; *violators*: the same on lines where free decoding leaves a term out."""


def main() -> int:
    """Prints the report part by part and, with --out, writes it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.terms", description=__doc__.split("\n\n")[0])
    parser.add_argument("--on", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--model", type=Path, default=BUNDLED / DEFAULT, help="for seeds and TICO-19")
    parser.add_argument("--engine", choices=["ct2", "marian"], default="ct2")
    parser.add_argument("--cache", type=Path, default=Path(platformdirs.user_cache_dir("tarjuman")) / "benchmarks")
    parser.add_argument("--sentences", type=int, default=200, help="toy sentences under each glossary")
    parser.add_argument("--glossaries", type=int, default=4)
    parser.add_argument("--lines", type=int, default=60, help="TICO-19 lines with terms, and as many without")
    parser.add_argument("--rounds", type=int, default=1, help="for times")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--old-python", type=Path, default=Path("OLD/bin/python"), help="see forced_beam.py")
    parser.add_argument("--forced", type=int, default=12, help="lines for constrained beam search")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    told = []
    for line in report(options):
        print(line, flush=True)
        told.append(line)
    if options.out:
        options.out.write_text("\n".join(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""From approved sentences to a model that has learnt from them, or to a refusal.

Plans what would be learnt, has it learnt, judges parent and child alike on what was held out and on a general set,
and registers the child only when it is better on the first and not noticeably worse on the second. Knows neither how
weights are changed (`engines.tuning`) nor how figures are computed (`quality`), and prints nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from translate import __version__
from translate.approved import Approved, Pair, held_out
from translate.engines.base import Engine
from translate.engines.pieces import UNSEEN, Encoded, Pieces
from translate.engines.tuning import Progress, Settings, TuningReport, mix, tune
from translate.errors import UsageError
from translate.evaluate import Evaluation, evaluate
from translate.memory.alike import sentence_key
from translate.quality import paired_bootstrap, read_pairs
from translate.registry import ADAPTED, HELD_OUT, REHEARSAL, Model, Registry

MARGIN = 0.5
"""chrF++ points that the general sentences may lose."""
STEPS = (1.0, 0.8, 0.6)
"""How much of the way from the parent to what was learnt to go: less where the whole of it forgets too much."""
SHARE = 0.1
"""Of the approved sentences, held out to judge by."""
UNKNOWN_SHARE = 1 / 3
"""Above this share of letters that are not in the vocabulary a sentence teaches nothing."""
LONG = "longer than the model takes in one go"
FOREIGN = "in letters the model does not know"
GENERAL = "in the general set"


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be learnt from, and judged by."""

    parent: Model
    name: str
    """"tarjuman-ar-en-adapted-1a2b3c4d" - of the model to be made."""
    data: str
    """SHA-256 of the approved pairs."""
    learnt: tuple[Pair, ...]
    held_out: tuple[Pair, ...]
    general: tuple[Pair, ...]
    general_file: str
    """"dev.tsv" """
    rehearsal: tuple[Pair, ...]
    left_out: Mapping[str, int]
    """Reason -> approved segments or pairs of them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Parent and child on one set."""

    sentences: int
    before: Evaluation
    after: Evaluation
    p: float
    """How often chance alone gives such a difference of chrF++, by paired bootstrap."""

    def as_dict(self) -> dict[str, object]:
        """For `adapted.json` and `--json`."""
        return {
            "sentences": self.sentences,
            "bleu": [round(self.before.quality.bleu, 2), round(self.after.quality.bleu, 2)],
            "chrf": [round(self.before.quality.chrf, 2), round(self.after.quality.chrf, 2)],
            "p": round(self.p, 4),
        }


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What became of a plan."""

    plan: Plan
    settings: Settings
    margin: float
    training: TuningReport
    edits: Figures
    """On the sentences held out."""
    general: Figures
    step: float
    """0.8 - how much of the way from the parent was gone; see `STEPS`."""
    refused: str
    """Why the child was thrown away; empty when it was kept."""
    model: Model | None = None
    """The child, where it was registered."""

    def facts(self) -> dict[str, object]:
        """All that is recorded of a run; what depends on the clock is not among it."""
        plan, training = self.plan, self.training
        return {
            "parent": plan.parent.full_name,
            "parent_licence": licence(plan.parent),
            "data": plan.data,
            "pairs": len(plan.learnt),
            "held_out": len(plan.held_out),
            "rehearsal": len(plan.rehearsal),
            "left_out": dict(plan.left_out),
            "general": plan.general_file,
            "margin": self.margin,
            "seed": self.settings.seed,
            "settings": {**asdict(self.settings), "rate": training.rate},
            "training": {
                "steps": training.steps,
                "epochs": len(training.epochs) - 1,
                "best_epoch": training.best.number,
                "loss": [round(training.epochs[0].loss, 4), round(training.best.loss, 4)],
                "stopped": training.stopped,
            },
            "step": self.step,
            "figures": {"held_out": self.edits.as_dict(), "general": self.general.as_dict()},
            "version": __version__,
        }


def plan(
    registry: Registry,
    parent: Model,
    found: Approved,
    *,
    name: str = "",
    general: Path | None = None,
    rehearse: Path | None = None,
    share: float = SHARE,
) -> Plan:
    """What would be learnt from `found`; complains about everything that can be known before training."""
    given = general or parent.folder / HELD_OUT
    if general is None and not given.is_file():
        raise UsageError(
            "there is no general set to guard the model by",
            parent.name,
            "name a file of Arabic<TAB>English lines that are unlike the drafts: --general FILE",
        )
    judged = read_pairs(given)
    known = {sentence_key(source) for source, _ in judged}
    readable, left_out = _readable(found.pairs, parent, known)
    learnt, kept = held_out(readable, share)
    taken = known | {sentence_key(source) for source, _ in kept}
    general_pairs = rehearse or parent.folder / REHEARSAL
    spare, _ = _readable(read_pairs(general_pairs) if rehearse or general_pairs.is_file() else (), parent, taken)
    name = name or f"{parent.name[:70]}-adapted-{found.fingerprint[:8]}"
    registry.check_free(name)
    return Plan(
        parent=parent,
        name=name,
        data=found.fingerprint,
        learnt=tuple(learnt),
        held_out=tuple(kept),
        general=tuple(judged),
        general_file=given.name,
        rehearsal=tuple(spare),
        left_out=dict(sorted((Counter(found.left_out) + left_out).items())),
    )


def _readable(pairs: Sequence[Pair], model: Model, known: set[str]) -> tuple[list[Pair], Counter[str]]:
    """Pairs the model can learn from and nobody judges by, and why the others were left out."""
    pieces = Pieces(model.folder)
    kept, left_out = [], Counter[str]()
    for pair in pairs:
        source, target = pieces.source(pair[0]), pieces.target(pair[1])
        if sentence_key(pair[0]) in known:
            left_out[GENERAL] += 1
        elif max(len(source.pieces), len(target.pieces)) + 1 > model.limit:
            left_out[LONG] += 1
        elif max(_unknown(source, pieces), _unknown(target, pieces)) > UNKNOWN_SHARE:
            left_out[FOREIGN] += 1
        else:
            kept.append(pair)
    return kept, left_out


def _unknown(text: Encoded, pieces: Pieces) -> float:
    """Share of letters in pieces that the vocabulary has no row for; a run of such letters is one piece."""
    strange = sum(
        end - begin
        for piece, (begin, end) in zip(text.pieces, text.spans, strict=True)
        if piece not in pieces.ids or piece in UNSEEN
    )
    return strange / max(1, len(text.text))


Maker = Callable[[Model, Path], Engine]
"""An engine for a model, with a folder for what it converts."""


def adapt(
    todo: Plan,
    registry: Registry,
    engine: Maker,
    cache: Path,
    *,
    settings: Settings | None = None,
    margin: float = MARGIN,
    date: str = "",
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> Adaptation:
    """Learn, judge, and register or refuse. Until it is registered everything lies in a folder that goes again."""
    settings = settings or Settings()
    say(f"judging {todo.parent.full_name} on {len(todo.held_out)} held-out and {len(todo.general)} general sentences")
    before = _judged(engine(todo.parent, cache), todo)
    with registry.workshop() as scratch:
        made = scratch / todo.name
        say(f"learning from {len(todo.learnt)} pairs")
        training = tune(todo.parent.folder, made, todo.learnt, todo.held_out, settings, progress, todo.rehearsal)
        result = _tried(todo, settings, margin, training, before, made, engine, scratch, say)
        if result.refused:
            return result
        chosen = _at(made, result.step)
        _describe(result, chosen, date)
        return replace(result, model=registry.register(chosen, todo.name))


def _tried(
    todo: Plan,
    settings: Settings,
    margin: float,
    training: TuningReport,
    before: tuple[Evaluation, Evaluation],
    made: Path,
    engine: Maker,
    scratch: Path,
    say: Callable[[str], None],
) -> Adaptation:
    """The first step that does not forget too much; where every one does, the whole way and why it was refused."""
    results: list[Adaptation] = []
    for step in STEPS:
        say("judging the adapted model" if step == 1 else f"it forgets too much: judging {step:.0%} of the way to it")
        folder = _at(made, step)
        if step < 1:
            mix(todo.parent.folder, made, step, folder)
        after = _judged(engine(Model(todo.name, folder, bundled=False), scratch), todo)
        edits, general = (_figures(one, other) for one, other in zip(before, after, strict=True))
        refused = verdict(edits, general, margin)
        results.append(Adaptation(todo, settings, margin, training, edits, general, step, refused))
        if not refused:
            return results[-1]
        if _lost(general) <= margin:  # less of the way would be no better
            break
    return results[0]


def _at(made: Path, step: float) -> Path:
    """Where the weights of a step lie."""
    return made if step == 1 else made.parent / f"{step:g}" / made.name


def _lost(general: Figures) -> float:
    """chrF++ points."""
    return general.before.quality.chrf - general.after.quality.chrf


def verdict(edits: Figures, general: Figures, margin: float) -> str:
    """Why a child is not kept; empty when it is."""
    lost = _lost(general)
    if lost > margin:
        return f"the adapted model forgets: it loses {lost:.2f} chrF++ points on the general set, more than {margin:g}"
    gained = edits.after.quality.chrf - edits.before.quality.chrf
    if gained <= 0:
        return f"the adapted model is no better on the held-out sentences ({gained:+.2f} chrF++ points)"
    return ""


def _judged(engine: Engine, todo: Plan) -> tuple[Evaluation, Evaluation]:
    """One model on the held-out and on the general sentences, decoded as the product does, without terms."""
    return evaluate(engine, todo.held_out), evaluate(engine, todo.general)


def _figures(before: Evaluation, after: Evaluation) -> Figures:
    references = [row.reference for row in before.rows]
    compared = paired_bootstrap(before.outputs, after.outputs, references)
    return Figures(len(references), before, after, compared.chrf.p)


def licence(model: Model) -> str:
    """What the card of a model says: `cc-by-nc-sa-4.0`; `unknown` where it says nothing."""
    card = model.folder / "README.md"
    text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""
    head = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    found = re.search(r"^license:\s*([\w.+-]{1,64})\s*$", head[1], re.MULTILINE) if head else None
    return found[1] if found else "unknown"


def _describe(result: Adaptation, folder: Path, date: str) -> None:
    """Put what it came from, its card and the parent's general set into a made folder."""
    facts = {**result.facts(), "date": date}
    parent = result.plan.parent
    (folder / ADAPTED).write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(_card(result, date), encoding="utf-8")
    if (parent.folder / HELD_OUT).is_file():
        (folder / HELD_OUT).write_bytes((parent.folder / HELD_OUT).read_bytes())


CARD = """---
{licence_line}library_name: transformers
pipeline_tag: translation
tags: [marian, adapted]
---

# {name}

Made{date} by `tarjuman adapt`: the model `{parent}`, trained further on {pairs} sentences that people had approved.
It writes more like those people do. Everything the parent's card says about limits and bias holds for it as well.

| | |
|---|---|
| parent | `{parent}` |
| data fingerprint | `{data}` |
| learnt from | {pairs} pairs{rehearsal}; seed {seed} |
| training | {epochs} epochs, best after {best}, rate {rate:g}{step} |

| sentences | figure | parent | this model |
|---|---|---|---|
{rows}

The held-out sentences also decided when to stop training, so the figures on them flatter a little. The general set
may not lose more than {margin:g} chrF++ points; it came from `{general}`.

## Licence

The parent's licence is **{licence}** and holds for these weights too. They also carry the text of the drafts they
learnt from: whoever has rights in those articles and their translations has them here as well. Do not pass the weights
on to anybody to whom you could not give the drafts.
"""


def _card(result: Adaptation, date: str) -> str:
    todo, training = result.plan, result.training
    found = licence(todo.parent)
    rows = [
        f"| {name}, {one.sentences} | {figure} | {before:.1f} | {after:.1f} |"
        for name, one in (("held out", result.edits), ("general", result.general))
        for figure, before, after in (
            ("BLEU", one.before.quality.bleu, one.after.quality.bleu),
            ("chrF++", one.before.quality.chrf, one.after.quality.chrf),
        )
    ]
    return CARD.format(
        licence_line="" if found == "unknown" else f"license: {found}\n",
        licence=found,
        name=todo.name,
        date=f" on {date}" if date else "",
        parent=todo.parent.full_name,
        pairs=len(todo.learnt),
        data=todo.data,
        rehearsal=f" and {len(todo.rehearsal)} general ones for rehearsal" if todo.rehearsal else "",
        seed=result.settings.seed,
        epochs=len(training.epochs) - 1,
        best=training.best.number,
        rate=training.rate,
        step=f"; {result.step:.0%} of the way from the parent, so that less is forgotten" if result.step < 1 else "",
        rows="\n".join(rows),
        margin=result.margin,
        general=_inert(todo.general_file),
    )


def _inert(name: str) -> str:
    """A file name that cannot become markup: `` 'a`b' `` -> `'ab'`."""
    return re.sub(r"[`\s]+", " ", name).strip()

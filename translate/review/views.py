"""What a page gets to know, as plain JSON values: articles, sentences, findings, matches.

Pure: from desks and drafts to dictionaries. Offsets leave in UTF-16 units (see `offsets`). Names are those of the
API in docs/review.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from glossary import Match
from translate import diff, drafts, effort
from translate.constraints import Requirement, require
from translate.document import Alternative, Article, Finding, Kind, Mark, Origin, Severity, State, Target, TermStatus
from translate.memory import Hit
from translate.memory import Match as Known
from translate.review.desk import Desk
from translate.review.edits import View
from translate.review.offsets import Units
from translate.review.terms import Terms
from translate.review.track import Stand, Step, Track, is_told
from translate.words import ARABIC_LETTERS, words

Json = dict[str, Any]
KEPT = (State.EDITED, State.APPROVED)
_STATUS = {
    TermStatus.MET: "met",
    TermStatus.FORCED: "forced",
    TermStatus.SUBSTITUTED: "forced",
    TermStatus.UNMET: "unmet",
}


# --- articles --------------------------------------------------------------------------------------------------------


def summary(desk: Desk, terms: Terms) -> Json:
    """One line of the list."""
    views = desk.views()
    last = max((_touch(view) for view in views), default=("", ""))
    found = [(view, desk.as_written(view)) for view in views]
    return {
        "slug": desk.slug,
        **titles(desk.laid.draft.article, desk),
        "segments": len(views),
        "states": states(views),
        "pending": sum(view.placed.words is not None for view in views),
        "conflicts": sum(view.placed.conflict for view in views),
        "findings": sum(_counts(finding) for _, target in found for finding in target.findings),
        "unmet": sum(
            use.status is TermStatus.UNMET for view, target in found if view.text.strip() for use in target.terms
        ),
        "effort": effort_of(desk),
        "last_edit": {"when": last[0], "who": last[1]} if last[0] else None,
        "words_left": sum(len(words(view.segment.text)) for view in views if view.target.state not in KEPT),
        "problem": desk.problem,
    }


def broken(slug: str, error: Exception) -> Json:
    """A line of the list for a draft that cannot be opened."""
    return {
        "slug": slug, "title_ar": "", "title_en": slug, "segments": 0, "states": states(()), "pending": 0,
        "conflicts": 0, "findings": 0, "unmet": 0, "effort": None, "last_edit": None, "words_left": 0,
        "problem": str(error),
    }  # fmt: skip


def states(views: Iterable[View]) -> dict[str, int]:
    """How many sentences are in each state."""
    counted = Counter(view.target.state for view in views)
    return {str(state): counted[state] for state in State}


def progress(desk: Desk) -> Json:
    """How far an article has come, after every change."""
    views = desk.views()
    return {
        "segments": len(views),
        "states": states(views),
        "words_left": sum(len(words(view.segment.text)) for view in views if view.target.state not in KEPT),
        "effort": effort_of(desk),
        "filed": not desk.unfiled,
        "problem": desk.problem,
    }


def effort_of(desk: Desk) -> Json:
    """How much people changed in an article, as `tarjuman effort` says it."""
    (measured,) = effort.effort([desk.laid.draft]).articles
    return {
        "machine": effort.figures_told(measured.machine),
        "memory": effort.figures_told(measured.memory),
        "unknown": measured.unknown,
    }


def article(desk: Desk, terms: Terms, *, who: str, can_translate: bool) -> Json:
    """A whole article for the grid."""
    draft = desk.laid.draft
    views = {view.segment.id: view for view in desk.views()}
    made = {name: segment(desk, terms, view) for name, view in views.items()}
    return {
        "slug": desk.slug,
        **titles(draft.article, desk),
        "revision": draft.fingerprint,
        "who": who,
        "can_translate": can_translate,
        "problem": desk.problem,
        "blocks": [
            {
                "number": block.number,
                "kind": str(block.kind),
                "level": block.level,
                "segments": [made[one.id] for one in block.segments],
            }
            for block in draft.article.blocks
            if block.segments
        ],
        "findings": [{"segment": name, **found} for name, one in made.items() for found in one["findings"]],
        "orphans": [
            {"id": name, "source": source, "text": target.text, "state": str(target.state), "who": target.who,
             "when": target.when}
            for name, (source, target) in draft.orphans.items()
        ],
        "progress": progress(desk),
    }  # fmt: skip


def titles(article: Article, desk: Desk) -> Json:
    """The headline in both languages; the slug where there is none."""
    for block in article.blocks:
        if block.kind is Kind.TITLE and block.segments:
            english = " ".join(desk.view(one.id).text for one in block.segments).strip()
            return {"title_ar": block.text, "title_en": english or article.slug}
    return {"title_ar": "", "title_en": article.slug}


def _touch(view: View) -> tuple[str, str]:
    if view.placed.words is not None:
        return view.placed.words.when, view.placed.words.who
    return view.target.when, view.target.who


def _counts(finding: Finding) -> bool:
    return not finding.dismissed and finding.severity is not Severity.NOTE


# --- sentences -------------------------------------------------------------------------------------------------------


def segment(desk: Desk, terms: Terms, view: View) -> Json:
    """Everything about one sentence."""
    told = _segment(desk, terms, view)
    told["conflict"] = None
    if view.placed.conflict:  # what the file has, as it would be without the words that are not confirmed
        told["conflict"] = _segment(desk, terms, replace(view, placed=replace(view.placed, words=None)))
        told["conflict"] |= {"conflict": None, "version": told["version"]}  # whoever answers has seen both
    return told


def _segment(desk: Desk, terms: Terms, view: View) -> Json:
    target, written = view.target, desk.as_written(view)
    machine = machine_draft(target)
    units, source_units = Units(view.text), Units(view.segment.text)
    when, who = _touch(view)
    changed = target.source if drafts.touched(target) and target.source not in ("", view.segment.text) else ""
    return {
        "id": view.segment.id,
        "source": view.segment.text,
        "source_marks": marks(view.segment.marks, source_units),
        "hits": hits(terms, desk.laid.draft.article, view, written),
        "text": view.text,
        "marks": marks(view.marks, units),
        "state": str(target.state),
        "origin": str(Origin.PERSON if view.placed.words is not None else target.origin),
        "version": view.version,
        "pending": view.placed.words is not None,
        "standing": target.text,
        "machine": machine.text,
        "machine_marks": marks(machine.marks, Units(machine.text)),
        "memory_percent": target.match,
        "old_source": changed,
        "score": target.score,
        "findings": findings(written.findings, view, written, units),
        "terms_in_target": terms_in_target(written, units),
        "alternatives": [alternative(other) for other in target.alternatives],
        "can_undo": view.track.at > 0 or bool(view.track.steps and view.placed.words is None and view.track.words),
        "can_redo": view.track.at + 1 < len(view.track.steps),
        "seconds": round(target.seconds + (view.placed.words.seconds if view.placed.words is not None else 0.0), 1),
        "effort": _effort(desk, view),
        "who": who,
        "when": when,
    }


def _effort(desk: Desk, view: View) -> Json | None:
    """What a person's text took; None while its words are not confirmed."""
    if view.placed.words is not None:
        return None
    one = effort.sentence(desk.slug, view.segment, view.target)
    return None if one is None else {**effort.figures_told(one.figures), "started_from": str(one.started.origin)}


def machine_draft(target: Target) -> Alternative:
    """The machine's latest text: what stands there, what is offered beside it, or what a person started from."""
    offers = [other for other in target.alternatives if other.origin is Origin.MACHINE]
    if offers and not (target.origin is Origin.MACHINE and target.state in (State.NEW, State.MACHINE)):
        return offers[-1]
    if target.started is not None and target.started.origin is Origin.MACHINE and target.origin is not Origin.MACHINE:
        return target.started
    if target.origin is Origin.MACHINE:
        return Alternative(target.text, Origin.MACHINE, marks=target.marks)
    return Alternative("", Origin.MACHINE)


def marks(found: Iterable[Mark], units: Units) -> list[Json]:
    """Formatting, in units of the text it is over."""
    return [
        {"kind": mark.kind, "begin": units.out(mark.begin), "end": units.out(mark.end), "data": dict(mark.data)}
        for mark in found
    ]


def alternative(other: Alternative) -> Json:
    """Another text."""
    return {
        "text": other.text, "origin": str(other.origin), "score": other.score, "percent": other.match,
        "marks": marks(other.marks, Units(other.text)), "who": other.who, "when": other.when,
    }  # fmt: skip


def hits(terms: Terms, article: Article, view: View, written: Target) -> list[Json]:
    """Every term in the Arabic, those too that another one covers."""
    units = Units(view.segment.text)
    there = bool(view.text.strip())  # nothing is missing in a sentence that is not translated yet
    status = {(use.begin, use.end): _STATUS[use.status] for use in written.terms if there}
    found = []
    for match, why_not in terms.explain(article, view.segment.text):
        (requirement,) = require([match])
        found.append(_hit(match, requirement, why_not, status.get((match.begin, match.end), "none"), units))
    return found


def _hit(match: Match, requirement: Requirement, why_not: str | None, status: str, units: Units) -> Json:
    term = match.term
    return {
        "begin": units.out(match.begin),
        "end": units.out(match.end),
        "stem_begin": units.out(match.stem_begin),
        "stem_end": units.out(match.stem_end),
        "term": term.source,
        "target": term.target,
        "forms": [form for form, _ in term.listed()],
        "forms_cell": "|".join(f"{number}:{form}" for form, number in term.listed()[1:]),
        "note": term.note,
        "why": match.why if why_not is None else f"{match.why}: {why_not}",
        "number": match.number,
        "status": "none" if why_not is not None else status,
        "suppressed": why_not is not None,
        "surfaces": list(requirement.surfaces),
        "forbidden": list(requirement.forbidden),
    }


def terms_in_target(written: Target, units: Units) -> list[Json]:
    """Where the terms stand in the English."""
    return [
        {"begin": units.out(use.target_begin), "end": units.out(use.target_end), "term": use.source,
         "status": _STATUS[use.status]}
        for use in written.terms
        if use.target_begin >= 0
    ]  # fmt: skip


def findings(found: Sequence[Finding], view: View, written: Target, units: Units) -> list[Json]:
    """What the checks say, with the place in the English where that is known."""
    told: list[Json] = []
    for one in found:
        told.append(
            {"check": one.check, "severity": str(one.severity), "message": one.message, "hint": one.hint,
             "dismissed": one.dismissed}
        )  # fmt: skip
        place = _place(one, view, written)
        if place is not None:
            told[-1] |= {"begin": units.out(place[0]), "end": units.out(place[1])}
    return told


def _place(finding: Finding, view: View, written: Target) -> tuple[int, int] | None:
    """Where in the English a finding points, as far as its message says."""
    text = written.text
    if finding.check == "l-01":
        inside = [at for at, c in enumerate(text) if _is_arabic(c)]
        return (inside[0], inside[-1] + 1) if inside else None
    head, _, rest = finding.message.partition(": ")
    quoted = rest.split(" for ")[0] if head == "forbidden rendering" else rest.rsplit(" -> ", 1)[-1]
    if finding.check in ("g-02", "g-03", "g-04", "r-01") and quoted:
        begin = text.find(quoted)
        return (begin, begin + len(quoted)) if begin >= 0 else None
    return None


def _is_arabic(character: str) -> bool:
    return any(low <= character <= high for low, high in _RANGES)


def _ranges(listed: str) -> list[tuple[str, str]]:
    """`'a-cx-z'` -> `[('a', 'c'), ('x', 'z')]`."""
    return [(listed[at], listed[at + 2]) for at in range(0, len(listed), 3)]


_RANGES = _ranges(ARABIC_LETTERS)


# --- what was, and what others did -----------------------------------------------------------------------------------


def history(view: View) -> list[Json]:
    """The way of a sentence, newest first; a run of typing is one entry."""
    machine = machine_draft(view.target).text
    entries = [_entry(step, machine) for step in _worth_telling(view.track)]
    entries += [_refused(text, who, when, machine) for text, who, when in _late(view.track)]
    now_there = Step(Stand.of(view.placed.target), view.placed.words, *reversed(_touch(view)))
    if not entries or not any(entry["text"] == view.text for entry in entries):
        entries.append(_entry(now_there, machine))
    entries.sort(key=lambda entry: entry["when"])
    return entries[::-1]


def _worth_telling(track: Track) -> list[Step]:
    """Of a run of typing the last; and what it was typed over, where no other step says so."""
    steps = [*track.left, *track.steps]
    told = [step for number, step in enumerate(steps) if is_told(steps, number)]
    shown = {step.stand.text for step in told if step.words is None}
    for step in steps:
        if step.words is not None and step.stand.text.strip() and step.stand.text not in shown:
            shown.add(step.stand.text)
            told.append(replace(step, words=None, who=""))
    return told


def _late(track: Track) -> list[tuple[str, str, str]]:
    return [(one.text, one.who, one.when) for one in track.refused]


def _entry(step: Step, machine: str) -> Json:
    text = step.words.text if step.words is not None else step.stand.text
    return {
        "text": text,
        "origin": str(Origin.PERSON if step.words is not None else step.stand.origin),
        "who": step.who,
        "when": step.when,
        "state": str(step.stand.state),
        "pending": step.words is not None,
        "marks": marks(step.words.marks if step.words is not None else step.stand.marks, Units(text)),
        "refused": False,
        "diff_to_machine": runs(diff.changes(machine, text)),
    }


def _refused(text: str, who: str, when: str, machine: str) -> Json:
    return {
        "text": text, "origin": str(Origin.PERSON), "who": who, "when": when, "state": str(State.NEW),
        "pending": False, "refused": True, "diff_to_machine": runs(diff.changes(machine, text)),
    }  # fmt: skip


def runs(changes: Iterable[diff.Run]) -> list[list[str]]:
    """Tracked changes as `[["same", "He "], ["removed", "fled"]]`."""
    return [[str(run.kind), run.text] for run in changes]


def known(matches: Iterable[Known], view: View) -> list[Json]:
    """Memory matches; the sentence itself is none."""
    return [
        {
            "percent": match.score,
            "source": match.source,
            "target": match.target,
            "diff": runs(match.changes),
            "slug": match.slug,
            "id": match.segment,
            "state": str(match.state),
            "who": match.who,
            "when": match.when,
            "context": match.context,
            "differs": match.differs,
        }
        for match in matches
        if match.segment != view.segment.id
    ]


def concordance(found: Iterable[Hit]) -> list[Json]:
    """Sentences with a phrase; each span says whether it is in the Arabic or the English."""
    told = []
    for hit in found:
        units = Units(hit.source if hit.arabic else hit.target)
        told.append(
            {
                "slug": hit.slug,
                "id": hit.segment,
                "source": hit.source,
                "target": hit.target,
                "state": str(hit.state),
                "who": hit.who,
                "when": hit.when,
                "spans": [
                    ["source" if hit.arabic else "target", units.out(begin), units.out(end)] for begin, end in hit.spans
                ],
            }
        )
    return told

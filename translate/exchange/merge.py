"""Rows that came back, laid into a draft: every edit once, and no text of anybody's ever lost.

A row is matched by its id, or by its Arabic where another program kept no id, and counts only if its Arabic is still
the sentence's. Its stamp tells what was done to it while it was away; where both it and the draft changed, the draft
stays and the row's text is kept beside it. Every row gets a remark. Knows no file format, no terms and no checks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from translate import drafts as shelf
from translate.composed import composed
from translate.document import Alternative, Draft, Finding, Note, Origin, Segment, Severity, State, Target
from translate.exchange import codes
from translate.exchange.row import Row, Stamp, digest_of
from translate.words import has_arabic

Recheck = Callable[[Draft], Draft]
"""The same draft with terms and findings of a person's sentences brought up to date."""

BROKEN = "i-01"
"""Finding: formatting that came back broken."""
_RANK = {state: rank for rank, state in enumerate(State)}
_SHOWN = 80


class Outcome(StrEnum):
    """What became of a row."""

    UNCHANGED = "unchanged"
    MERGED = "merged"
    RAISED = "raised"
    """The same text, with a higher state."""
    STALE = "stale"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of one row, for a person to read."""

    outcome: Outcome
    place: str
    """"letter.xlsx, sheet a-day, row 14" """
    segment: str
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """On whose behalf rows are merged, and how."""

    who: str = ""
    """Where it is empty the file's own author counts."""
    when: str = ""
    """ISO 8601, UTC: of the import; a row that knows better goes before."""
    keep_stale: bool = False
    """Keep the text of stale rows as alternatives."""
    keep_states: bool = False
    """Raise no state, whatever the rows say: some programs call every sentence translated that they wrote."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A draft with rows in it."""

    draft: Draft
    remarks: tuple[Remark, ...]
    segments: frozenset[str]
    """Whose English or state changed."""


@dataclass(slots=True)
class _Desk:
    """A draft while rows are laid into it."""

    segments: Mapping[str, Segment]
    blocks: Mapping[str, str]
    targets: dict[str, Target]
    orphans: dict[str, tuple[str, Target]]
    notes: dict[str, tuple[Note, ...]]
    sender: Sender
    changed: set[str] = field(default_factory=set)


def has_news(draft: Draft, rows: Iterable[Row]) -> bool:
    """Is there work in these rows that the draft does not have yet?"""
    names = {segment.id for segment in draft.article.segments()} | set(draft.orphans)
    its = [(row.id, row) for row in rows if row.id in names]
    return merge(draft, its, Sender(keep_stale=True), lambda made: made).draft != draft


def merge(draft: Draft, rows: Iterable[tuple[str, Row]], sender: Sender, recheck: Recheck) -> Merged:
    """Lay rows, each with the id of the sentence it belongs to, into a draft, one after the other."""
    desk = _Desk(
        {segment.id: segment for segment in draft.article.segments()},
        {segment.id: str(block.number) for block in draft.article.blocks for segment in block.segments},
        dict(draft.targets),
        dict(draft.orphans),
        dict(draft.notes),
        sender,
    )
    remarks: list[Remark] = []
    for name, row in rows:
        remarks.append(_lay(desk, name, row))
        if row.warning:
            remarks.append(Remark(Outcome.WARNING, row.place, name, row.warning))
        _add_notes(desk, name, row)
    made = replace(draft, targets=desk.targets, orphans=desk.orphans, notes=desk.notes)
    if desk.changed:
        checked = recheck(made).targets
        made = replace(made, targets={**desk.targets, **{name: checked[name] for name in sorted(desk.changed)}})
    return Merged(made, tuple(remarks), frozenset(desk.changed))


# --- one row ---------------------------------------------------------------------------------------------------------


def _lay(desk: _Desk, name: str, row: Row) -> Remark:
    segment = desk.segments.get(name)
    if segment is None:
        return _lay_beside_orphan(desk, name, row)
    if row.source is None:
        return _remark(Outcome.WARNING, name, row, "no Arabic beside it to compare with", "Keep the Arabic column")
    present = desk.targets.get(name) or Target("", source=segment.text)
    arabic = codes.decode(row.source, codes.known(segment.text, segment.marks)).text
    came = row.decoded or codes.decode(
        row.target or (), codes.known(segment.text, segment.marks, present.text, present.marks)
    )
    if not same_arabic(arabic, segment.text):
        return _stale(desk, name, row, came, f"its Arabic is now another: {shelf.difference(arabic, segment.text)}")
    if row.problem:
        return _remark(Outcome.WARNING, name, row, row.problem, "Write it as text, with the cell's format set to text")
    if row.target is None:
        return _remark(Outcome.UNCHANGED, name, row)
    if not came.text.strip():
        return _lay_nothing(name, row, present)
    if has_arabic(came.text) and same_arabic(came.text, segment.text) and not same_arabic(present.text, came.text):
        # Programs write the source where nobody translated.
        return _remark(Outcome.WARNING, name, row, "came back as the Arabic itself; the English here stays")
    return _lay_text(desk, segment, row, present, came)


def same_arabic(one: str, other: str) -> bool:
    """Whether two sentences differ at most in white space and the order of vowel signs."""
    return one == other or arabic_key(one) == arabic_key(other)


def arabic_key(text: str) -> str:
    """`'قال  المصدر'` -> `'قال المصدر'`."""
    return " ".join(composed(text).split())


def _lay_nothing(name: str, row: Row, present: Target) -> Remark:
    """A row without English: nobody's wish to delete a translation, as far as can be told."""
    if not present.text.strip() or row.stamp is None or row.stamp.digest == codes.digest("", ()):
        return _remark(Outcome.UNCHANGED, name, row)
    return _remark(
        Outcome.WARNING, name, row, "came back empty; the English here stays", "Empty it in the draft itself"
    )


def _lay_text(desk: _Desk, segment: Segment, row: Row, present: Target, came: codes.Decoded) -> Remark:
    name, here, sender = segment.id, digest_of(present), desk.sender
    there = codes.digest(came.text, codes.sane(came.text, came.marks))
    if there == here and (not came.broken or _is_known_broken(segment.id, present, came)):
        return _raise(desk, segment, row, present)
    left = row.stamp
    untouched = left is not None and left.digest == there and not came.broken
    if left is None and came.text == present.text and not came.marks and not came.broken:
        return _raise(desk, segment, row, present)  # a form that knows no formatting
    if untouched and (sender.keep_states or not _raised(row, left)):
        return _remark(Outcome.UNCHANGED, name, row)
    if row.made_from and not same_arabic(row.made_from, segment.text):
        return _stale(desk, name, row, came, "made from an older Arabic")
    reason = _locked(desk, name, row, present)
    if reason:
        kept = _keep(desk, name, row, came)
        return _remark(Outcome.CONFLICT, name, row, f"{reason}: {_short(came.text)}", kept)
    made = _edited(segment, row, present, came, sender)
    # The machine's own text of an earlier run, approved while the row was away, is still the machine's.
    of_machine = untouched and left is not None and left.state is State.MACHINE
    desk.targets[name] = replace(made, origin=Origin.MACHINE) if of_machine else made
    desk.changed.add(name)
    broken = f"formatting came back broken ({'; '.join(came.broken)})" if came.broken else ""
    return _remark(Outcome.MERGED, name, row, broken, "Set it again in the draft" if broken else "")


def _locked(desk: _Desk, name: str, row: Row, present: Target) -> str:
    """Why the text that stands here may not be replaced; empty when it may."""
    if name in desk.changed:
        return "another row changed this sentence already"
    if present.state is State.APPROVED:
        return "approved here, and changed there"
    if not shelf.touched(present):
        return ""
    if row.stamp is not None:
        same = row.stamp.digest in (digest_of(present), codes.digest(present.text, present.marks))
        return "" if same else "edited here meanwhile, and there too"
    return "" if _instant(row.when) > _instant(present.when) else "edited here, and nothing says which is newer"


def _instant(when: str) -> str:
    """ISO times that can be compared: `'2026-11-22T05:10:00.5+00:00'` -> `'2026-11-22T05:10:00'`."""
    return when[:19]


def _raised(row: Row, left: Stamp | None) -> bool:
    """Was the state raised while the row was away, as far as the file knows?"""
    if row.state not in (State.EDITED, State.APPROVED):
        return False
    return left is None or left.state is None or _RANK[row.state] > _RANK[left.state]


def _raise(desk: _Desk, segment: Segment, row: Row, present: Target) -> Remark:
    """The text is the one that stands here: only a higher state is news."""
    older = row.stamp is None and row.when and _instant(row.when) < _instant(present.when)
    news = row.state is not None and _raised(row, row.stamp) and _RANK[row.state] > _RANK[present.state]
    if row.state is None or not news or older or desk.sender.keep_states:
        return _remark(Outcome.UNCHANGED, segment.id, row)
    who, when = _author(row, present, desk.sender)
    confirmed = shelf.revised(
        present, present.text, source=segment.text, who=who, when=when, state=row.state, marks=present.marks
    )
    findings = tuple(found for found in confirmed.findings if found.check != "s-01" or found.dismissed)
    desk.targets[segment.id] = replace(confirmed, findings=findings)
    desk.changed.add(segment.id)
    return _remark(Outcome.RAISED, segment.id, row, f"{present.state} -> {row.state}")


def _edited(segment: Segment, row: Row, present: Target, came: codes.Decoded, sender: Sender) -> Target:
    """A person's text in the place of the present one, which stays known: as what they started from, or beside it."""
    who, when = _author(row, present, sender)
    approved = row.state is State.APPROVED and _raised(row, row.stamp) and not sender.keep_states
    made = shelf.revised(
        present,
        came.text,
        source=segment.text,
        who=who,
        when=when,
        state=State.APPROVED if approved else State.EDITED,
        marks=came.marks,
    )
    offers = [other for other in made.alternatives if other.text != came.text]
    there = {came.text, *(other.text for other in offers), *([made.started.text] if made.started else [])}
    if present.text.strip() and present.text not in there:
        about = (present.signature, present.score, present.match, present.marks, present.who, present.when)
        offers.append(Alternative(present.text, present.origin, *about))
    broken = [_broken(segment.id, came.broken)] if came.broken else []
    return replace(made, findings=(*made.findings, *broken), alternatives=tuple(offers))


def _author(row: Row, present: Target, sender: Sender) -> tuple[str, str]:
    """Who and when; what a file still says about an earlier touch says nothing about this one."""
    earlier = bool(row.when) and _instant(row.when) <= _instant(present.when)
    who = sender.who or ("" if earlier else row.who)
    return who, sender.when if earlier or not row.when else row.when


def _broken(segment: str, what: Sequence[str]) -> Finding:
    message = f"formatting came back broken: {'; '.join(what)}"
    return Finding(BROKEN, Severity.WARNING, segment, message, "Set the formatting again as the Arabic has it.")


def _is_known_broken(name: str, present: Target, came: codes.Decoded) -> bool:
    """Has this row been here already?"""
    return any(found.message == _broken(name, came.broken).message for found in present.findings)


# --- what is not merged ----------------------------------------------------------------------------------------------


def _stale(desk: _Desk, name: str, row: Row, came: codes.Decoded, why: str) -> Remark:
    kept = "--stale keep stores its English beside the present one"
    left = row.stamp
    if left and left.state in (State.NEW, State.MACHINE) and left.digest == codes.digest(came.text, came.marks):
        kept = "Its English is the machine's, as it was exported"
    elif desk.sender.keep_stale:
        kept = _keep(desk, name, row, came)
    return _remark(Outcome.STALE, name, row, f"not merged, {why}", kept)


def _lay_beside_orphan(desk: _Desk, name: str, row: Row) -> Remark:
    if name not in desk.orphans:
        return _remark(Outcome.UNKNOWN, name, row, "no such sentence in the drafts")
    source, target = desk.orphans[name]
    came = row.decoded or codes.decode(row.target or (), codes.known(source, (), target.text, target.marks))
    if row.target is None or not came.text.strip() or came.text == target.text:
        return _remark(Outcome.UNCHANGED, name, row)
    return _stale(desk, name, row, came, "its Arabic is gone from the article")


def _keep(desk: _Desk, name: str, row: Row, came: codes.Decoded) -> str:
    """Put a text beside the present one, and say so; nothing happens when it is there already."""
    if name in desk.orphans and name not in desk.segments:
        source, target = desk.orphans[name]
        desk.orphans[name] = (source, _with_alternative(target, row, came, desk.sender))
    elif came.text.strip():
        present = desk.targets.get(name) or Target("", source=desk.segments[name].text)
        desk.targets[name] = _with_alternative(present, row, came, desk.sender)
    return "Its text is kept as an alternative"


def _with_alternative(target: Target, row: Row, came: codes.Decoded, sender: Sender) -> Target:
    """With a row's text beside the present one; of a text that is as it left only the file can say whose it is."""
    if came.text == target.text or any(other.text == came.text for other in target.alternatives):
        return target
    left = row.stamp.digest if row.stamp else ""
    its_own = left == codes.digest(came.text, came.marks) or (not left and row.who)
    who, when = (row.who, row.when) if its_own else _author(row, target, sender)
    other = Alternative(came.text, Origin.PERSON, marks=came.marks, who=who, when=when)
    return replace(target, alternatives=(*target.alternatives, other))


def _add_notes(desk: _Desk, name: str, row: Row) -> None:
    """What people wrote beside the row, at the block it belongs to, unless it stands there already."""
    place = desk.blocks.get(name, name if name in desk.orphans else "")
    there = {note.text.strip() for note in desk.notes.get(place, ())}
    new = tuple(note for note in row.notes if note.text.strip() and note.text.strip() not in there)
    if place and new:
        desk.notes[place] = (*desk.notes.get(place, ()), *new)


def _remark(outcome: Outcome, name: str, row: Row, message: str = "", hint: str = "") -> Remark:
    return Remark(outcome, row.place, name, message, hint)


def _short(text: str) -> str:
    """One line of a text: `'He fled to the …'`."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def tally(remarks: Iterable[Remark]) -> Counter[Outcome]:
    """How many rows had each outcome."""
    return Counter(remark.outcome for remark in remarks)

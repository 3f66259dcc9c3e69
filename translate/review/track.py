"""What people did to one sentence at the desk, as its journal tells it: steps, words not confirmed, work not yet filed.

`replay` folds journal lines into tracks; every line says how things stand afterwards and never how to get there, so
that it means the same whatever has become of the draft since. Knows no draft and no file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from translate.document import Alternative, Mark, Origin, State, Target


@dataclass(frozen=True, slots=True)
class Stand:
    """How the English of a sentence stands in the draft."""

    text: str
    state: State
    origin: Origin
    marks: tuple[Mark, ...] = ()
    source: str = ""
    """The Arabic it was made from."""
    signature: str = ""
    score: float | None = None
    match: int | None = None

    @classmethod
    def of(cls, target: Target | None) -> Stand:
        """What a target says of itself; an empty one where there is none."""
        if target is None:
            return cls("", State.NEW, Origin.MACHINE)
        return cls(
            target.text, target.state, target.origin, target.marks, target.source, target.signature, target.score,
            target.match,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed over a target and is not confirmed."""

    text: str
    marks: tuple[Mark, ...]
    source: str
    """The Arabic that was looked at."""
    who: str
    when: str
    over: str
    """`print_of` the target they were typed over."""
    seconds: float = 0.0
    """Work on them so far."""


@dataclass(frozen=True, slots=True)
class Done:
    """Confirmed, approved, unlocked or taken back, and not known to be in the file."""

    stand: Stand
    who: str
    when: str
    over: str
    """`print_of` the target of the file it was done to."""
    before: Stand
    """That target."""
    seconds: float = 0.0
    beside: tuple[Alternative, ...] = ()
    """To keep: texts of a conflict that did not become the text."""


@dataclass(frozen=True, slots=True)
class Step:
    """One place on the way, to which undo and redo lead."""

    stand: Stand
    words: Words | None
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that came too late: somebody else's stood there already."""

    text: str
    who: str
    when: str


@dataclass(slots=True)
class Track:
    """Everything the journal knows of one sentence."""

    steps: list[Step] = field(default_factory=list)
    at: int = 0
    """The step that stands."""
    words: Words | None = None
    done: Done | None = None
    kept: Stand | None = None
    """A person's text that went into the file: it stays beside whatever the file says later."""
    kept_by: tuple[str, str] = ("", "")
    """Who and when."""
    dismissed: dict[tuple[str, str], str] = field(default_factory=dict)
    """(check, message) -> reason, "" where a dismissal was taken back; not known to be in the file."""
    refused: list[Refused] = field(default_factory=list)
    left: list[Step] = field(default_factory=list)
    """Steps that were undone and then typed over: no way leads there, but nothing is forgotten."""
    typed: set[str] = field(default_factory=set)
    """Texts that were written at this desk."""
    count: int = 0
    """Lines so far."""


Line = Mapping[str, Any]
_MOST_LINES = 2**31
"""No number in a journal is larger: numbers go to pages, which hold no larger ones exactly."""


def aside(text: str, marks: Iterable[Mark] = (), who: str = "", when: str = "") -> Alternative:
    """A person's text that stands beside the one that counts."""
    return Alternative(text, Origin.PERSON, marks=tuple(marks), who=who, when=when)


def by_text(others: Iterable[Alternative]) -> list[Alternative]:
    """Each text once, as it came first."""
    found: dict[str, Alternative] = {}
    for other in others:
        found.setdefault(other.text, other)
    return list(found.values())


def print_of(stand: Stand | Target | None) -> str:
    """Twelve digits that tell one text, formatting and state from another."""
    if stand is None:
        return print_of(Stand.of(None))
    told = repr((stand.text, [(m.kind, m.begin, m.end, m.data) for m in stand.marks], str(stand.state)))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]


# --- lines -----------------------------------------------------------------------------------------------------------


def step_line(name: str, step: Step, *, before: Step | None, done: Done | None) -> dict[str, Any]:
    """A change to a sentence: `before` is given where the track does not know how it stood."""
    line: dict[str, Any] = {"do": "step", "id": name, "step": _step_out(step)}
    if before is not None:
        line["before"] = _step_out(before)
    if done is not None:
        line["done"] = _done_out(done)
    return line


def move_line(name: str, at: int, who: str, when: str, *, before: Step | None, done: Done | None) -> dict[str, Any]:
    """Undo or redo: to step number `at`."""
    line: dict[str, Any] = {"do": "move", "id": name, "at": at, "who": who, "when": when}
    if before is not None:
        line["before"] = _step_out(before)
    if done is not None:
        line["done"] = _done_out(done)
    return line


def renewed_line(name: str, step: Step, *, before: Step | None) -> dict[str, Any]:
    """Other machine text under whatever people typed; it is in the file already."""
    line: dict[str, Any] = {"do": "renewed", "id": name, "step": _step_out(step)}
    if before is not None:
        line["before"] = _step_out(before)
    return line


def dismiss_line(name: str, check: str, message: str, reason: str) -> dict[str, Any]:
    """A finding that is dismissed, or with an empty reason stands again."""
    return {"do": "dismiss", "id": name, "check": check, "message": message, "reason": reason}


def refused_line(name: str, text: str, who: str, when: str) -> dict[str, Any]:
    """A text that was not taken because it was made from an older one."""
    return {"do": "refused", "id": name, "text": text, "who": who, "when": when}


def filed_line(fingerprint: str, names: Iterable[str], gone: Iterable[str]) -> dict[str, Any]:
    """The draft was saved with everything so far of `names`, and the words of sentences that are `gone`."""
    return {"do": "filed", "fingerprint": fingerprint, "ids": sorted(names), "gone": sorted(gone)}


def taken_line(names: Iterable[str]) -> dict[str, Any]:
    """Others changed these sentences in the file: their versions rise."""
    return {"do": "taken", "ids": sorted(names)}


def track_line(name: str, track: Track) -> dict[str, Any]:
    """All that the lines so far say of a sentence, as one line."""
    return {
        "do": "track",
        "id": name,
        "steps": [_step_out(step) for step in track.steps],
        "at": track.at,
        "words": None if track.words is None else _words_out(track.words),
        "done": None if track.done is None else _done_out(track.done),
        "kept": None if track.kept is None else _stand_out(track.kept),
        "kept_by": list(track.kept_by),
        "dismissed": [[*finding, reason] for finding, reason in track.dismissed.items()],
        "refused": [[one.text, one.who, one.when] for one in track.refused],
        "left": [_step_out(step) for step in track.left],
        "typed": sorted(track.typed),
        "count": track.count,
    }


# --- trimming --------------------------------------------------------------------------------------------------------


def trimmed(track: Track) -> Track:
    """The same sentence with fewer steps: of a run of typing only the last, as the history tells it.

    A sentence of which anything is not in the file is left as it is.
    """
    if track.words is not None or track.done is not None or track.dismissed:
        return track
    steps = [*track.left, *track.steps]
    first = len(track.left)
    wanted = {number for number in range(len(steps)) if is_told(steps, number)}
    if track.steps:
        wanted.add(first + track.at)
    shown = {steps[number].stand.text for number in wanted if steps[number].words is None}
    for number, step in enumerate(steps):
        if step.stand.text not in shown:
            shown.add(step.stand.text)
            wanted.add(number)
    left = [step for number, step in enumerate(steps[:first]) if number in wanted]
    kept = [step for number, step in enumerate(track.steps) if first + number in wanted]
    at = sum(first + number in wanted for number in range(track.at))
    texts = {step.words.text if step.words is not None else step.stand.text for step in (*left, *kept)}
    return replace(track, steps=kept, at=at, left=left, typed=track.typed & texts)


def is_told(steps: Sequence[Step], number: int) -> bool:
    """Whether the history has this step: of a run of typing the last one only."""
    return steps[number].words is None or number + 1 == len(steps) or steps[number + 1].words is None


# --- replay ----------------------------------------------------------------------------------------------------------


def replay(lines: Iterable[Line]) -> tuple[dict[str, Track], int]:
    """The tracks by segment id, and how many lines made no sense (written by a later version, or by hand)."""
    tracks: dict[str, Track] = {}
    strange = 0
    for line in lines:
        try:
            follow(tracks, line)
        except (KeyError, TypeError, ValueError, IndexError):
            strange += 1
    return tracks, strange


def follow(tracks: dict[str, Track], line: Line) -> None:
    """Let one line happen."""
    if line["do"] == "filed":
        filed, gone = list(map(_text, line["ids"])), list(map(_text, line["gone"]))
        for name in filed:
            if name in tracks:
                _filed(tracks[name])
        for name in gone:
            if name in tracks:
                tracks[name].words = None
        return
    if line["do"] == "taken":
        for name in list(map(_text, line["ids"])):
            tracks.setdefault(name, Track()).count += 1
        return
    name = _text(line["id"])
    if line["do"] == "track":
        tracks[name] = _track_in(line)
        return
    act = ACTS[line["do"]]
    track = tracks.get(name, Track())
    act(track, line)
    track.count += 1
    tracks[name] = track


def _step(track: Track, line: Line) -> None:
    step = _step_in(line["step"])
    before = _step_in(line["before"]) if "before" in line else None
    done = _done_in(line["done"]) if "done" in line else None
    track.left += track.steps[track.at + 1 :]
    del track.steps[track.at + 1 :]
    if before is not None:
        track.steps.append(before)
    if step.words is not None:
        track.typed.add(step.words.text)
    elif not track.steps or track.steps[-1].stand.text != step.stand.text:
        track.typed.add(step.stand.text)
    track.steps.append(step)
    track.at = len(track.steps) - 1
    track.words = step.words
    if done is not None:
        track.done = done
        track.kept = None


def _move(track: Track, line: Line) -> None:
    at = _at(line["at"], len(track.steps))
    before = _step_in(line["before"]) if "before" in line else None
    done = _done_in(line["done"]) if "done" in line else None
    if before is not None:
        track.left.append(before)
    track.at = at
    track.words = track.steps[at].words
    if done is not None:
        track.done = done
        track.kept = None


def _renewed(track: Track, line: Line) -> None:
    come = [_step_in(line[name]) for name in ("before", "step") if name == "step" or name in line]
    track.left += track.steps[track.at + 1 :]
    del track.steps[track.at + 1 :]
    track.steps += come
    track.at = len(track.steps) - 1


def _dismiss(track: Track, line: Line) -> None:
    track.dismissed[str(line["check"]), str(line["message"])] = str(line["reason"])


def _refuse(track: Track, line: Line) -> None:
    track.refused.append(Refused(*map(_text, (line["text"], line["who"], line["when"]))))


def _filed(track: Track) -> None:
    if track.done is not None:
        stand = track.done.stand
        by_person = stand.origin is Origin.PERSON or stand.state in (State.EDITED, State.APPROVED)
        track.kept = stand if by_person else None
        track.kept_by = (track.done.who, track.done.when)
    track.done = None
    track.dismissed.clear()


ACTS: dict[str, Callable[[Track, Line], None]] = {
    "step": _step,
    "move": _move,
    "renewed": _renewed,
    "dismiss": _dismiss,
    "refused": _refuse,
}


def _track_in(line: Line) -> Track:
    words, done, kept = line["words"], line["done"], line["kept"]
    steps = [_step_in(step) for step in line["steps"]]
    return Track(
        steps,
        _at(line["at"], len(steps)) if steps else 0,
        None if words is None else _words_in(words),
        None if done is None else _done_in(done),
        None if kept is None else _stand_in(kept),
        (_text(line["kept_by"][0]), _text(line["kept_by"][1])),
        {(_text(check), _text(message)): _text(reason) for check, message, reason in line["dismissed"]},
        [Refused(*map(_text, one)) for one in line["refused"]],
        [_step_in(step) for step in line["left"]],
        set(map(_text, line["typed"])),
        _count(line["count"]),
    )


# --- values in lines -------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    """A text; TypeError for anything else, so that the line is passed over and not half of it believed."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} in place of a text")
    return value


def _count(value: Any) -> int:
    """A whole number that a page can hold, 0 or more."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_LINES:
        raise TypeError(f"{str(value)[:20]} in place of a number")
    return value


def _at(value: Any, steps: int) -> int:
    """The number of a step that is there."""
    if _count(value) >= steps:
        raise IndexError(value)
    return _count(value)


def _share(value: Any) -> float | None:
    """A score or a share, where there is one."""
    if value is not None and (not isinstance(value, int | float) or not -_MOST_LINES < value < _MOST_LINES):
        raise TypeError(f"{str(value)[:20]} in place of a figure")
    return value


def _seconds(value: Any) -> float:
    """A time that somebody worked."""
    try:
        seconds = float(value)
    except OverflowError:
        seconds = float("inf")
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"{seconds} seconds")
    return seconds


def _step_out(step: Step) -> dict[str, Any]:
    return {
        "stand": _stand_out(step.stand),
        "words": None if step.words is None else _words_out(step.words),
        "who": step.who,
        "when": step.when,
    }


def _step_in(value: Line) -> Step:
    words = value["words"]
    said = None if words is None else _words_in(words)
    return Step(_stand_in(value["stand"]), said, _text(value["who"]), _text(value["when"]))


def _stand_out(stand: Stand) -> dict[str, Any]:
    return {
        "text": stand.text, "state": str(stand.state), "origin": str(stand.origin), "marks": _marks_out(stand.marks),
        "source": stand.source, "signature": stand.signature, "score": stand.score, "match": stand.match,
    }  # fmt: skip


def _stand_in(value: Line) -> Stand:
    return Stand(
        _text(value["text"]), State(value["state"]), Origin(value["origin"]), _marks_in(value["marks"]),
        _text(value["source"]), _text(value["signature"]), _share(value["score"]),
        None if value["match"] is None else _count(value["match"]),
    )  # fmt: skip


def _words_out(words: Words) -> dict[str, Any]:
    return {
        "text": words.text, "marks": _marks_out(words.marks), "source": words.source, "who": words.who,
        "when": words.when, "over": words.over, "seconds": words.seconds,
    }  # fmt: skip


def _words_in(value: Line) -> Words:
    return Words(
        _text(value["text"]), _marks_in(value["marks"]), _text(value["source"]), _text(value["who"]),
        _text(value["when"]), _text(value["over"]), _seconds(value["seconds"]),
    )  # fmt: skip


def _done_out(done: Done) -> dict[str, Any]:
    return {
        "stand": _stand_out(done.stand), "who": done.who, "when": done.when, "over": done.over,
        "before": _stand_out(done.before), "seconds": done.seconds,
        "beside": [[one.text, _marks_out(one.marks), one.who, one.when] for one in done.beside],
    }  # fmt: skip


def _done_in(value: Line) -> Done:
    return Done(
        _stand_in(value["stand"]), _text(value["who"]), _text(value["when"]), _text(value["over"]),
        _stand_in(value["before"]), _seconds(value["seconds"]), tuple(_aside_in(one) for one in value["beside"]),
    )  # fmt: skip


def _aside_in(value: Any) -> Alternative:
    """Older journals have the text alone."""
    if isinstance(value, str):
        return aside(value)
    text, marks, who, when = value
    return aside(_text(text), _marks_in(marks), _text(who), _text(when))


def _marks_out(marks: Iterable[Mark]) -> list[list[Any]]:
    return [[mark.kind, mark.begin, mark.end, [list(pair) for pair in mark.data]] for mark in marks]


def _marks_in(value: Iterable[Any]) -> tuple[Mark, ...]:
    return tuple(
        Mark(_text(kind), _count(begin), _count(end), tuple((str(name), str(said)) for name, said in data))
        for kind, begin, end, data in value
    )

"""A sentence as a person sees it, what they want it to be, and the step that this is.

What may not be is refused here, in words: half a character, a sentence without end, formatting that the Arabic has not.
Pure: no disk, no journal, no lock; the `desk` writes down what comes of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from translate import drafts
from translate.document import Alternative, Block, Mark, Origin, Segment, State, Target
from translate.errors import UsageError
from translate.review.laying import Placed
from translate.review.track import Done, Stand, Step, Track, Words, aside, by_text, print_of

TEXT_LIMIT = 20_000
"""Characters of one sentence's English."""
_CONTENT_BITS = 32


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person wants a sentence to be."""

    text: str
    version: int
    """The one of the sentence they looked at."""
    state: State | None = None
    """EDITED to confirm, APPROVED to approve; None to keep the words without confirming them."""
    unlock: bool = False
    seconds: float = 0.0
    marks: tuple[Mark, ...] | None = None
    """None: those of the text before, carried along."""


@dataclass(frozen=True, slots=True)
class View:
    """A sentence and all that the desk knows about it."""

    segment: Segment
    block: Block
    placed: Placed
    track: Track

    @property
    def target(self) -> Target:
        """An empty one where there is none."""
        return self.placed.target if self.placed.target is not None else Target("", source=self.segment.text)

    @property
    def text(self) -> str:
        """What stands in the field: words that are not confirmed go before the target."""
        return self.placed.words.text if self.placed.words is not None else self.target.text

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Formatting over `text`."""
        return self.placed.words.marks if self.placed.words is not None else self.target.marks

    @property
    def of_a_person(self) -> bool:
        """Whether there is a person's work in it, confirmed or not."""
        return drafts.touched(self.target) or self.placed.words is not None

    @property
    def content(self) -> int:
        """What a person sees, as a number: two views with the same one are the same sentence."""
        words = self.placed.words
        told = repr((print_of(self.placed.target), self.segment.text, words and (words.text, words.marks)))
        return int.from_bytes(hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()[:4], "big")

    @property
    def version(self) -> int:
        """It rises with every change, and says by itself what was looked at."""
        return self.track.count << _CONTENT_BITS | self.content

    @property
    def here(self) -> Step:
        """How the sentence stands, as a step."""
        return Step(Stand.of(self.placed.target), self.placed.words, self.target.who, self.target.when)

    @property
    def unknown(self) -> Step | None:
        """How it stands, where its track does not say: before the first edit, or when the file changed."""
        here, track = self.here, self.track
        if track.steps and _alike(track.steps[track.at], here):
            return None
        return here

    def is_seen(self, version: int) -> bool:
        """Whether this is the sentence that was looked at: by what it says, so that a restart is no conflict."""
        return version & ((1 << _CONTENT_BITS) - 1) == self.content

    def is_so(self, text: str, marks: tuple[Mark, ...], edit: Edit) -> bool:
        """Whether it is already what the edit wants."""
        if edit.state is None:
            return (self.text, self.marks) == (text, marks)
        target = self.target
        return self.placed.words is None and (target.text, target.marks, target.state) == (text, marks, edit.state)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who changes a sentence, when, and what the file has there."""

    who: str
    when: str
    there: Target | None


# --- steps -----------------------------------------------------------------------------------------------------------


def stepped(view: View, text: str, marks: tuple[Mark, ...], edit: Edit, hand: Hand) -> tuple[Step | None, Done | None]:
    """The step an edit is, and what of it goes into the file; nothing at all when it changes nothing."""
    target, words, state = view.target, view.placed.words, edit.state
    same = (text, marks) == (target.text, target.marks)
    if state is None and edit.unlock and target.state is State.APPROVED:
        stand = replace(Stand.of(target), state=State.EDITED, source=view.segment.text)
        over = print_of(stand) if words is None else ""
        typed = None if same else _words(view, text, marks, edit, hand, over=over)
        return Step(stand, typed, hand.who, hand.when), done(view, stand, hand)
    if state is None:
        if (same and words is None) or (not view.placed.conflict and (text, marks) == (view.text, view.marks)):
            return None, None
        # In a conflict, the very same words again say that somebody saw both texts and keeps these.
        decided = print_of(view.placed.target) if text == view.text else ""
        typed = None if same else _words(view, text, marks, edit, hand, over=decided)
        return Step(Stand.of(view.placed.target), typed, hand.who, hand.when), None
    if same and words is None and state is target.state and target.source == view.segment.text:
        return None, None
    stand = Stand(text, state, Origin.PERSON, marks, view.segment.text)
    if same:
        stand = replace(Stand.of(target), state=state, source=view.segment.text)
    seconds = edit.seconds + (words.seconds if words is not None else 0.0)
    beside: list[Alternative] = []
    if view.placed.conflict and words is not None:
        beside = [as_alternative(target), aside(words.text, words.marks, words.who, words.when)]
    return Step(stand, None, hand.who, hand.when), done(view, stand, hand, seconds, beside)


def _words(view: View, text: str, marks: tuple[Mark, ...], edit: Edit, hand: Hand, over: str = "") -> Words:
    before = view.placed.words
    seconds = edit.seconds + (before.seconds if before is not None else 0.0)
    if before is not None:
        over = over or before.over  # a conflict stays to be seen until somebody decides
    return Words(text, marks, view.segment.text, hand.who, hand.when, over or print_of(view.placed.target), seconds)


def done(view: View, stand: Stand, hand: Hand, seconds: float = 0.0, beside: Sequence[Alternative] = ()) -> Done:
    """What goes into the file, over what the file has or, where that is the desk's own, over what it had."""
    was, there = view.track.done, hand.there
    over, before = print_of(there), Stand.of(there)
    kept = [*beside]
    if view.track.kept is not None and view.track.kept.text != view.target.text:
        kept.append(aside(view.track.kept.text, view.track.kept.marks, *view.track.kept_by))
    if _is_of_others(view):
        kept.append(as_alternative(view.target))
    if was is not None:
        kept += was.beside
        if not view.placed.ours:
            kept.append(aside(was.stand.text, was.stand.marks, was.who, was.when))
        elif there is None or not drafts.touched(there) or print_of(there) == was.over:
            over, before, seconds = was.over, was.before, seconds + was.seconds
    others = tuple(one for one in by_text(kept) if one.text != stand.text)
    return Done(stand, hand.who, hand.when, over, before, seconds, others)


def as_alternative(target: Target) -> Alternative:
    """A person's target that stands beside another."""
    return aside(target.text, target.marks, target.who, target.when)


def _alike(step: Step, here: Step) -> bool:
    """The same text and words, whoever wrote them."""
    ours, theirs = step.words, here.words
    if print_of(step.stand) != print_of(here.stand) or (ours is None) != (theirs is None):
        return False
    return ours is None or theirs is None or (ours.text, ours.marks) == (theirs.text, theirs.marks)


def _is_of_others(view: View) -> bool:
    """Whether the target is a person's text that was not written at this desk, whoever confirmed it here."""
    return drafts.touched(view.target) and view.target.text not in view.track.typed


# --- what may not be -------------------------------------------------------------------------------------------------


def refuse_unwritable(text: str) -> None:
    """Refuse what no file can hold."""
    if len(text) > TEXT_LIMIT:
        raise UsageError(f"the text has {len(text):,} characters", "", f"A sentence has at most {TEXT_LIMIT:,}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError("the text holds half a character", "", "Type that character again") from error


def refuse_new_formatting(view: View, marks: Sequence[Mark]) -> None:
    """A sentence has the links and formatting of its Arabic, or what its English had already; no page plants others."""
    steps = (*view.track.left, *view.track.steps)
    others = (*view.target.alternatives, *((view.target.started,) if view.target.started is not None else ()))
    everywhere = (
        view.segment.marks, view.target.marks, view.marks, *(other.marks for other in others),
        *(step.stand.marks for step in steps), *(step.words.marks for step in steps if step.words is not None),
    )  # fmt: skip
    known = {(mark.kind, mark.data) for some in everywhere for mark in some}
    for mark in marks:
        if (mark.kind, mark.data) not in known:
            raise UsageError(f"the Arabic has no such {mark.kind[:40]}", view.segment.id, "Use the formatting it has")

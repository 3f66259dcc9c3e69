"""One draft under edit: every word is in the journal before it is acknowledged, and in the file as soon as may be.

The desk is the draft's file and its journal, nothing more: drop the object, read both again, and it is the same desk.
Changes that others make to the file are taken in whenever it is asked; see `laying` for how they meet. Safe to use from
several threads. Knows no HTTP and no page.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from translate import drafts
from translate.document import Alternative, Block, Draft, Finding, Mark, Origin, Segment, State, Target
from translate.errors import ConflictError, DraftError, OutputError, TarjumanError, UsageError
from translate.review import track as tracks
from translate.review.journal import SUFFIX, Journal
from translate.review.laying import Laid, Placed, lay
from translate.review.marks import moved
from translate.review.terms import Terms
from translate.review.track import Done, Stand, Step, Track, Words, aside, by_text, print_of

FOLDER = ".desk"
"""Among the drafts: where journals are kept."""
TRIES = 3
"""How often a save is tried again when somebody else saved meanwhile."""
TRIM_BYTES = 250_000
"""A journal larger than this is trimmed when its draft is opened."""
TRIM_WORTH = 0.8
"""Trimmed only where less than this of it stays."""
TEXT_LIMIT = 20_000
"""Characters of one sentence's English."""
_CONTENT_BITS = 32
_log = logging.getLogger(__name__)


class UnknownError(UsageError):
    """There is no such article, sentence or finding."""


class OutdatedError(ConflictError):
    """Somebody else changed the sentence: nothing was overwritten."""


class LockedError(ConflictError):
    """The sentence is approved."""


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
    version: int

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


def now() -> str:
    """`'2026-11-22T05:37:38Z'`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Desk:
    """A draft, its journal, and the two laid together."""

    def __init__(
        self,
        folder: Path,
        slug: str,
        terms: Callable[[], Terms],
        who: str = "",
        clock: Callable[[], str] = now,
        saved: Callable[[Draft], None] = lambda _draft: None,
    ) -> None:
        """Read the draft and its journal; `saved` is told of every draft that went into its file.

        Raises:
            DraftError: there is no such draft, or it cannot be read.
        """
        self.slug, self.path = slug, drafts.path_for(folder, slug)
        self.problem = ""
        """Why the file is not up to date with the desk; empty while it is. The words are in the journal."""
        self._terms, self._who, self._clock, self._saved = terms, who, clock, saved
        self._lock = RLock()
        self._unheard: frozenset[str] = frozenset()
        self._stamp = stamp(self.path)
        self._base = drafts.load(self.path)
        self._refuse_other(self._base)
        self._journal = Journal(folder / FOLDER / (slug + SUFFIX))
        self._tracks, strange = tracks.replay(self._journal.read())
        self._passed_over = strange + self._journal.damaged
        if self._passed_over:
            _log.warning("%s: %d lines passed over", self._journal.path, self._passed_over)
        self._lay()

    def close(self) -> None:
        """Let go of the journal."""
        with self._lock:
            self._journal.close()

    # --- looking -----------------------------------------------------------------------------------------------------

    @property
    def laid(self) -> Laid:
        """The draft as it stands at the desk."""
        with self._lock:
            return self._laid

    @property
    def unfiled(self) -> bool:
        """Something is in the journal that has to go into the file."""
        with self._lock:
            return bool(self._laid.ours or self._laid.gone or self._waiting())

    def views(self) -> list[View]:
        """Every sentence, in reading order."""
        with self._lock:
            return [self._view(segment, block) for block in self._base.article.blocks for segment in block.segments]

    def view(self, name: str) -> View:
        """One sentence."""
        with self._lock:
            if name not in self._places:
                raise UnknownError("there is no such sentence", name, "The draft may have changed; load the page again")
            return self._view(*self._places[name])

    def texts(self, name: str) -> list[str]:
        """Everything anybody ever wrote for a sentence at this desk, oldest first; also for one that is gone."""
        with self._lock:
            track = self._tracks.get(name, Track())
            found: list[str] = []
            for step in (*track.left, *track.steps):
                found += [step.stand.text, *([step.words.text] if step.words is not None else [])]
            return list(dict.fromkeys([*found, *(one.text for one in track.refused)]))

    # --- what people do ----------------------------------------------------------------------------------------------

    def put(self, name: str, edit: Edit) -> View:
        """Take a person's words, and confirm or approve them where asked.

        Raises:
            OutdatedError: the sentence is not the one they looked at any more.
            LockedError: it is approved.
            OutputError: the words could not be written down; they are not saved.
        """
        _refuse_unwritable(edit.text)
        with self._lock:
            self.refresh()
            view = self.view(name)
            marks = edit.marks if edit.marks is not None else moved(view.marks, view.text, edit.text)
            _refuse_new_formatting(view, marks)
            state, text = edit.state, edit.text
            if not self._is_seen(view, edit.version):
                if _is_so(view, text, marks, edit):  # the answer got lost on its way, and it is asked again
                    return view
                self._write(tracks.refused_line(name, text, self._who, self._clock()))
                raise OutdatedError(
                    "somebody else changed this sentence meanwhile", name, "Compare both texts and choose; none is lost"
                )
            if state is not None and not text.strip():
                raise UsageError("there is no English to confirm", name, "Write a translation first")
            if view.target.state is State.APPROVED and not edit.unlock:
                if _is_so(view, text, marks, edit):
                    return view
                raise LockedError("this sentence is approved", name, "Unlock it first")
            step, done = self._stepped(view, text, marks, edit)
            if step is not None:
                self._write(tracks.step_line(name, step, before=self._unknown(view), done=done))
            if done is not None:
                self.save()
            return self.view(name)

    def undo(self, name: str, version: int) -> View:
        """One step back; where nothing is behind, everything stays."""
        return self._walk(name, version, -1)

    def redo(self, name: str, version: int) -> View:
        """One step on again."""
        return self._walk(name, version, 1)

    def renew(self, fresh: Mapping[str, Target]) -> frozenset[str]:
        """Lay new machine text under what people did, as a run does: only sentences nobody worked on read otherwise.

        What was there is in the history. Returns the sentences that changed in any way.

        Raises:
            TarjumanError: the draft's file could not be written; nothing changed.
        """
        with self._lock:
            self.refresh()
            self._save()
            was = {view.segment.id: view for view in self.views()}
            good = {name: new for name, new in fresh.items() if name in was and new.source == was[name].segment.text}
            before = {name: self._unknown(was[name]) for name in good}
            self._put_in_place(lambda: _with_fresh(self._base, good))
            self._lay()
            for name in good:
                now, old = self.view(name), was[name].target
                if (now.target.text, now.target.marks) != (old.text, old.marks):
                    step = Step(Stand.of(now.target), now.placed.words, "", self._clock())
                    self._note(tracks.renewed_line(name, step, before=before[name]))
            changed = [name for name in good if self.view(name).target != was[name].target]
            if changed:
                self._note(tracks.taken_line(changed))
            return frozenset(changed)

    def look_again(self, names: Collection[str]) -> None:
        """Put into the file what the terms in force say of these sentences; no text changes."""
        with self._lock:
            self.refresh()
            try:
                self._save()
                self._put_in_place(lambda: self._looked_at(names))
            except TarjumanError as error:
                _log.warning("findings are not in the draft yet: %s", error)
            self._lay()

    def dismiss(self, name: str, check: str, reason: str, message: str = "") -> View:
        """Dismiss what a check says of a sentence (or one message of it); with an empty reason, let it stand again."""
        with self._lock:
            self.refresh()
            view = self.view(name)
            found = [f for f in self.findings(view) if f.check == check and (not message or f.message == message)]
            if not found:
                raise UnknownError(f"{check} says nothing here", name, "The text may have changed; load the page again")
            for finding in found:
                self._write(tracks.dismiss_line(name, check, finding.message, reason))
            self.save()
            return self.view(name)

    def findings(self, view: View) -> tuple[Finding, ...]:
        """What the checks say of the text that stands."""
        return self.as_written(view).findings

    def as_written(self, view: View) -> Target:
        """The target with the words that are not confirmed in place of its own, looked at by the checks."""
        target = view.target
        if view.text != target.text:
            target = drafts.revised(target, view.text, source=view.segment.text, who="", when="", marks=view.marks)
        elif target.source not in ("", view.segment.text):
            return target  # what it says of the old Arabic stays, with the finding that it is old
        return self._terms().checked(self._base.article, view.segment, target)

    # --- the file ----------------------------------------------------------------------------------------------------

    def news(self) -> frozenset[str]:
        """Sentences that others changed in the file since this was asked last."""
        with self._lock:
            self.refresh()
            news, self._unheard = self._unheard, frozenset()
            return news

    def refresh(self) -> None:
        """Take in what others did to the file; one that is gone or torn is a `problem`, and everything stays."""
        with self._lock:
            seen = stamp(self.path)
            if seen == self._stamp and seen is not None:
                return
            if drafts.fingerprint(self.path) == self._base.fingerprint:
                self._stamp = seen
                if not self.unfiled:
                    self.problem = ""
                return
            try:
                there = self._loaded()
            except DraftError as error:
                self.problem = str(error)
                return
            self._stamp = seen
            self.problem = ""
            self._take(there)

    def save(self) -> None:
        """Bring the file up to date. Where that fails the words stay in the journal and `problem` says why."""
        with self._lock:
            try:
                self._save()
                self.problem = ""
            except TarjumanError as error:
                if str(error) != self.problem:
                    _log.warning("not in the draft yet: %s", error)
                self.problem = str(error)

    def _save(self) -> None:
        filed: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())

        def made() -> Draft:
            nonlocal filed
            filed = (self._laid.ours | self._laid.gone | self._waiting(), self._laid.gone)
            return self._checked(self._laid)

        self._put_in_place(made)
        self._lay()
        if any(filed):
            self._note(tracks.filed_line(self._base.fingerprint, *filed))

    def _put_in_place(self, make: Callable[[], Draft]) -> None:
        """Save what `make` makes of the file as it is; where somebody else saves meanwhile, of theirs."""
        for attempt in range(TRIES):
            draft = make()
            if draft == self._base:
                return
            try:
                saved = drafts.save(draft, self.path, base=self._base.fingerprint)
            except ConflictError:
                if attempt == TRIES - 1:
                    raise
                self._stamp = None
                self._take(self._loaded())
                continue
            self._base, self._stamp = saved, None  # somebody may have saved since: look
            self._saved(saved)
            return

    def _waiting(self) -> frozenset[str]:
        """Sentences with something in their tracks that goes into the file with the next save."""
        present = self._places
        return frozenset(
            name
            for name, track in self._tracks.items()
            if name in present and (track.dismissed or (track.done is not None and not self._undecided(name, track)))
        )

    def _undecided(self, name: str, track: Track) -> bool:
        """What was done is in conflict with the file, and stands on top of it as words."""
        placed = self._laid.placed[name]
        if placed.ours or placed.target is None or track.done is None:
            return False
        return (placed.target.text, placed.target.marks) != (track.done.stand.text, track.done.stand.marks)

    def _loaded(self) -> Draft:
        there = drafts.load(self.path)
        self._refuse_other(there)
        return there

    def _refuse_other(self, draft: Draft) -> None:
        if draft.article.slug != self.slug:
            raise DraftError(
                f"this is the draft of another article ({draft.article.slug})",
                str(self.path),
                "It was copied or renamed: give it its old name again, or move it away",
            )

    def _take(self, there: Draft) -> None:
        before = {view.segment.id: self._content(view) for view in self.views()}
        self._base = there
        self._lay()
        after = {view.segment.id: self._content(view) for view in self.views()}
        changed = frozenset(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        if changed:
            self._unheard |= changed
            self._note(tracks.taken_line(changed))

    def _checked(self, laid: Laid) -> Draft:
        """What the desk made, with its terms and findings as they are now."""
        targets = dict(laid.draft.targets)
        article = laid.draft.article
        for segment in article.segments():
            if segment.id in laid.ours and targets[segment.id].source == segment.text:
                targets[segment.id] = self._terms().checked(article, segment, targets[segment.id])
        return replace(laid.draft, targets=targets)

    def _looked_at(self, names: Collection[str]) -> Draft:
        article, targets = self._base.article, dict(self._base.targets)
        for segment in article.segments():
            target = targets.get(segment.id)
            if segment.id in names and target is not None and target.source == segment.text:
                targets[segment.id] = self._terms().checked(article, segment, target)
        return replace(self._base, targets=targets)

    # --- the journal -------------------------------------------------------------------------------------------------

    def _write(self, line: dict[str, Any]) -> None:
        self._journal.append(line)
        tracks.follow(self._tracks, line)
        self._lay()

    def _note(self, line: dict[str, Any]) -> None:
        """Write down what the file says as well; where that fails, the next start finds it out again."""
        try:
            self._journal.append(line)
        except OutputError as error:
            _log.warning("%s", error)
        tracks.follow(self._tracks, line)
        self._lay()

    def trim(self, over: int = TRIM_BYTES) -> None:
        """Write a large journal anew: what the history tells and undo needs, and all of what is not in the file.

        One with lines that were not understood is left alone, and so is one that cannot be written.
        """
        with self._lock:
            if self._journal.size <= over or self._passed_over:
                return
            kept = {name: tracks.trimmed(track) for name, track in self._tracks.items()}
            try:
                lines = [tracks.track_line(name, track) for name, track in kept.items()]
                if self._journal.replace(lines, TRIM_WORTH):
                    self._tracks = kept
            except OutputError as error:
                _log.warning("%s", error)
            self._lay()

    def _lay(self) -> None:
        self._laid = lay(self._base, self._tracks)
        self._places = {
            segment.id: (segment, block) for block in self._base.article.blocks for segment in block.segments
        }

    def _view(self, segment: Segment, block: Block) -> View:
        name = segment.id
        placed = self._laid.placed.get(name) or Placed(self._base.targets.get(name))
        track = self._tracks.get(name, Track())
        view = View(segment, block, placed, track, 0)
        version = track.count << _CONTENT_BITS | self._content(view)
        return replace(view, version=version)

    @staticmethod
    def _content(view: View) -> int:
        """What a person sees, as a number: two versions with the same one are the same sentence."""
        words = view.placed.words
        told = repr((print_of(view.placed.target), view.segment.text, words and (words.text, words.marks)))
        return int.from_bytes(hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()[:4], "big")

    def _is_seen(self, view: View, version: int) -> bool:
        """Whether this is the sentence that was looked at: by what it says, so that a restart is no conflict."""
        return version & ((1 << _CONTENT_BITS) - 1) == self._content(view)

    # --- steps -------------------------------------------------------------------------------------------------------

    def _stepped(self, view: View, text: str, marks: tuple[Mark, ...], edit: Edit) -> tuple[Step | None, Done | None]:
        """The step an edit is, and what of it goes into the file; nothing at all when it changes nothing."""
        when, target, words = self._clock(), view.target, view.placed.words
        same = (text, marks) == (target.text, target.marks)
        state = edit.state
        if state is None and edit.unlock and target.state is State.APPROVED:
            stand = replace(Stand.of(target), state=State.EDITED, source=view.segment.text)
            over = print_of(stand) if words is None else ""
            typed = None if same else self._words(view, text, marks, edit, when, over=over)
            return Step(stand, typed, self._who, when), self._done(view, stand, when, 0.0, ())
        if state is None:
            if (same and words is None) or (not view.placed.conflict and (text, marks) == (view.text, view.marks)):
                return None, None
            # In a conflict, the very same words again say that somebody saw both texts and keeps these.
            decided = print_of(view.placed.target) if text == view.text else ""
            typed = None if same else self._words(view, text, marks, edit, when, over=decided)
            return Step(Stand.of(view.placed.target), typed, self._who, when), None
        if same and words is None and state is target.state and target.source == view.segment.text:
            return None, None
        stand = Stand(text, state, Origin.PERSON, marks, view.segment.text)
        if same:
            stand = replace(Stand.of(target), state=state, source=view.segment.text)
        seconds = edit.seconds + (words.seconds if words is not None else 0.0)
        beside: list[Alternative] = []
        if view.placed.conflict and words is not None:
            beside = [_aside(target), aside(words.text, words.marks, words.who, words.when)]
        return Step(stand, None, self._who, when), self._done(view, stand, when, seconds, beside)

    def _words(self, view: View, text: str, marks: tuple[Mark, ...], edit: Edit, when: str, over: str = "") -> Words:
        before = view.placed.words
        seconds = edit.seconds + (before.seconds if before is not None else 0.0)
        if before is not None:
            over = over or before.over  # a conflict stays to be seen until somebody decides
        return Words(text, marks, view.segment.text, self._who, when, over or print_of(view.placed.target), seconds)

    def _done(self, view: View, stand: Stand, when: str, seconds: float, beside: Sequence[Alternative]) -> Done:
        """What goes into the file, over what the file has or, where that is the desk's own, over what it had."""
        was, there = view.track.done, self._base.targets.get(view.segment.id)
        over, before = print_of(there), Stand.of(there)
        kept = [*beside]
        if view.track.kept is not None and view.track.kept.text != view.target.text:
            kept.append(aside(view.track.kept.text, view.track.kept.marks, *view.track.kept_by))
        if _is_of_others(view):
            kept.append(_aside(view.target))
        if was is not None:
            kept += was.beside
            if not view.placed.ours:
                kept.append(aside(was.stand.text, was.stand.marks, was.who, was.when))
            elif there is None or not drafts.touched(there) or print_of(there) == was.over:
                over, before, seconds = was.over, was.before, seconds + was.seconds
        others = tuple(one for one in by_text(kept) if one.text != stand.text)
        return Done(stand, self._who, when, over, before, seconds, others)

    def _here(self, view: View) -> Step:
        return Step(Stand.of(view.placed.target), view.placed.words, view.target.who, view.target.when)

    def _unknown(self, view: View) -> Step | None:
        """How the sentence stands, where its track does not say: before the first edit, or when the file changed."""
        here, track = self._here(view), view.track
        if track.steps and _alike(track.steps[track.at], here):
            return None
        return here

    def _walk(self, name: str, version: int, by: int) -> View:
        with self._lock:
            self.refresh()
            view = self.view(name)
            if not self._is_seen(view, version):
                raise OutdatedError("somebody else changed this sentence meanwhile", name, "Look at it first")
            if view.target.state is State.APPROVED:
                raise LockedError("this sentence is approved", name, "Unlock it first")
            here = self._unknown(view)
            at = view.track.at + (by if here is None else min(by + 1, 0))
            if not view.track.steps or not 0 <= at < len(view.track.steps) or (here is not None and by > 0):
                return view
            step, when = view.track.steps[at], self._clock()
            done = None
            if step.stand != Stand.of(view.placed.target):
                beside = [_aside(view.target)] if here is not None and drafts.touched(view.target) else []
                done = self._done(view, step.stand, when, 0.0, beside)
            self._write(tracks.move_line(name, at, self._who, when, before=here, done=done))
            if done is not None:
                self.save()
            return self.view(name)


def _aside(target: Target) -> Alternative:
    return aside(target.text, target.marks, target.who, target.when)


def _with_fresh(base: Draft, fresh: Mapping[str, Target]) -> Draft:
    """The draft with new machine text for some sentences, each merged as a run merges it."""
    old = replace(base, targets={name: base.targets[name] for name in fresh if name in base.targets}, orphans={})
    merged = drafts.merge(old, base.article, fresh, base.glossary)
    return replace(base, targets={**base.targets, **{name: merged.targets[name] for name in fresh}})


def _alike(step: Step, here: Step) -> bool:
    """The same text and words, whoever wrote them."""
    ours, theirs = step.words, here.words
    if print_of(step.stand) != print_of(here.stand) or (ours is None) != (theirs is None):
        return False
    return ours is None or theirs is None or (ours.text, ours.marks) == (theirs.text, theirs.marks)


def _is_of_others(view: View) -> bool:
    """Whether the target is a person's text that was not written at this desk, whoever confirmed it here."""
    return drafts.touched(view.target) and view.target.text not in view.track.typed


def _is_so(view: View, text: str, marks: tuple[Mark, ...], edit: Edit) -> bool:
    """Whether the sentence is already what the edit wants."""
    if edit.state is None:
        return (view.text, view.marks) == (text, marks)
    words = view.placed.words
    return words is None and (view.target.text, view.target.marks) == (text, marks) and view.target.state is edit.state


def _refuse_unwritable(text: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise UsageError(f"the text has {len(text):,} characters", "", f"A sentence has at most {TEXT_LIMIT:,}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError("the text holds half a character", "", "Type that character again") from error


def _refuse_new_formatting(view: View, marks: Sequence[Mark]) -> None:
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


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when somebody saves: time, size and number of the file; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino

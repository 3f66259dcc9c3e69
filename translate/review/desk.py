"""One draft under edit: every word is in the journal before it is acknowledged, and in the file as soon as may be.

The desk is the draft's file and its journal, nothing more: drop the object, read both again, and it is the same desk.
Changes that others make to the file are taken in whenever it is asked; see `laying` for how they meet. Safe to use from
several threads. Knows no HTTP and no page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from translate import drafts
from translate.document import Block, Draft, Finding, Segment, State, Target
from translate.errors import ConflictError, DraftError, OutputError, TarjumanError, UsageError
from translate.review import track as tracks
from translate.review.edits import (
    Edit,
    Hand,
    View,
    as_alternative,
    done,
    refuse_new_formatting,
    refuse_unwritable,
    stepped,
)
from translate.review.journal import SUFFIX, Journal
from translate.review.laying import Laid, Placed, lay
from translate.review.marks import moved
from translate.review.terms import Terms
from translate.review.track import Stand, Step, Track, print_of

FOLDER = ".desk"
"""Among the drafts: where journals are kept."""
TRIES = 3
"""How often a save is tried again when somebody else saved meanwhile."""
TRIM_BYTES = 250_000
"""A journal larger than this is trimmed when its draft is opened."""
TRIM_WORTH = 0.8
"""Trimmed only where less than this of it stays."""
_log = logging.getLogger(__name__)


class UnknownError(UsageError):
    """There is no such article, sentence or finding."""


class OutdatedError(ConflictError):
    """Somebody else changed the sentence: nothing was overwritten."""


class LockedError(ConflictError):
    """The sentence is approved."""


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
        known: Callable[[Draft], Mapping[str, Target]] = lambda _draft: {},
    ) -> None:
        """Read the draft and its journal; `saved` is told of every draft that went into its file.

        `known` gives sentences their English where somebody approved it before; see `fill`.

        Raises:
            DraftError: there is no such draft, or it cannot be read.
        """
        self.slug, self.path = slug, drafts.path_for(folder, slug)
        self.problem = ""
        """Why the file is not up to date with the desk; empty while it is. The words are in the journal."""
        self._terms, self._who, self._clock, self._saved, self._known = terms, who, clock, saved, known
        self._fills: dict[str, Target] = {}
        self._lock = RLock()
        self._unheard: frozenset[str] = frozenset()
        self._stamp = stamp(self.path)
        self._base = drafts.load(self.path)
        self._refuse_other(self._base)
        self._journal = Journal(folder / FOLDER / (slug + SUFFIX))
        self._places: dict[str, tuple[Segment, Block]] = {}
        self._tracks, strange = tracks.replay(self._journal.read())
        self._passed_over = strange + self._journal.damaged
        if self._passed_over:
            _log.warning("%s: %d lines passed over", self._journal.path, self._passed_over)
        self._lay()
        self.fill()

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
        refuse_unwritable(edit.text)
        with self._lock:
            self.refresh()
            view = self.view(name)
            marks = edit.marks if edit.marks is not None else moved(view.marks, view.text, edit.text)
            refuse_new_formatting(view, marks)
            state, text = edit.state, edit.text
            if not self._is_seen(view, edit.version):
                if view.is_so(text, marks, edit):  # the answer got lost on its way, and it is asked again
                    return view
                self._write(tracks.refused_line(name, text, self._who, self._clock()))
                raise OutdatedError(
                    "somebody else changed this sentence meanwhile", name, "Compare both texts and choose; none is lost"
                )
            if state is not None and not text.strip():
                raise UsageError("there is no English to confirm", name, "Write a translation first")
            if view.target.state is State.APPROVED and not edit.unlock:
                if view.is_so(text, marks, edit):
                    return view
                raise LockedError("this sentence is approved", name, "Unlock it first")
            step, made = stepped(view, text, marks, edit, self._hand(name))
            if step is not None:
                self._write(tracks.step_line(name, step, before=view.unknown, done=made))
            if made is not None:
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
            before = {name: was[name].unknown for name in good}
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

    def look_again(self, names: Collection[str]) -> str:
        """Put into the file what the terms in force say of these sentences; no text changes.

        Returns why that could not be done; empty where it was.
        """
        problem = ""
        with self._lock:
            self.refresh()
            try:
                self._save()
                self._put_in_place(lambda: self._looked_at(names))
            except TarjumanError as error:
                _log.info("findings are not in the draft yet: %s", error)
                problem = str(error)
            self._lay()
        return problem

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

    def fill(self) -> frozenset[str]:
        """Show what is known already where there is no English at all, for a person to confirm.

        It goes into the file with what a person does to it, and never over words. Returns the sentences that got some.
        """
        with self._lock:
            wanted = self._blank() - self._fills.keys()
            if not wanted:
                return frozenset()
            known = self._known(self._base)
            new = {name: known[name] for name in wanted & known.keys() if self._takes(name, known[name])}
            if new:
                self._fills |= new
                self._lay()
            return frozenset(new)

    def _takes(self, name: str, known: Target) -> bool:
        """Nobody has written anything there yet, or they wrote over just this."""
        track = self._tracks.get(name, Track())
        return track.done is None and (track.words is None or track.words.over == print_of(known))

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
        before = {view.segment.id: view.content for view in self.views()}
        self._base = there
        self._lay()
        after = {view.segment.id: view.content for view in self.views()}
        changed = frozenset(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        if changed:
            self._unheard |= changed
            self._note(tracks.taken_line(changed))

    def _checked(self, laid: Laid) -> Draft:
        """What the desk made, with its terms and findings as they are now; without fillings nobody did anything to."""
        targets = dict(laid.draft.targets)
        article = laid.draft.article
        for name in [name for name, filled in self._fills.items() if targets[name] is filled]:
            del targets[name]
            if name in self._base.targets:
                targets[name] = self._base.targets[name]
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
        self._places = {
            segment.id: (segment, block) for block in self._base.article.blocks for segment in block.segments
        }
        if self._fills:
            blank = self._blank()
            self._fills = {
                name: target
                for name, target in self._fills.items()
                if name in blank and target.source == self._places[name][0].text
            }
        self._laid = lay(self._under(), self._tracks)

    def _under(self) -> Draft:
        """The draft of the file, with what is known already where it has nothing."""
        return replace(self._base, targets={**self._base.targets, **self._fills}) if self._fills else self._base

    def _blank(self) -> frozenset[str]:
        """Sentences that have no English in the file, and never had a person's."""
        there, tracks = self._base.targets, self._tracks
        return frozenset(
            name
            for name in self._places
            if (name not in there or _is_blank(there[name])) and (name not in tracks or tracks[name].kept is None)
        )

    def _view(self, segment: Segment, block: Block) -> View:
        name = segment.id
        placed = self._laid.placed.get(name) or Placed(self._laid.draft.targets.get(name))
        track = self._tracks.get(name, Track())
        return View(segment, block, placed, track)

    # --- steps -------------------------------------------------------------------------------------------------------

    def _hand(self, name: str) -> Hand:
        return Hand(self._who, self._clock(), self._fills.get(name) or self._base.targets.get(name))

    def _is_seen(self, view: View, version: int) -> bool:
        """Whether this is the sentence they looked at, or was before it was filled."""
        if view.is_seen(version):
            return True
        name = view.segment.id
        if name not in self._fills or view.placed.target is not self._fills[name]:
            return False
        blank = replace(view.placed, target=self._base.targets.get(name))
        return replace(view, placed=blank).is_seen(version)

    def _walk(self, name: str, version: int, by: int) -> View:
        with self._lock:
            self.refresh()
            view = self.view(name)
            if not self._is_seen(view, version):
                raise OutdatedError("somebody else changed this sentence meanwhile", name, "Look at it first")
            if view.target.state is State.APPROVED:
                raise LockedError("this sentence is approved", name, "Unlock it first")
            here = view.unknown
            at = view.track.at + (by if here is None else min(by + 1, 0))
            if not view.track.steps or not 0 <= at < len(view.track.steps) or (here is not None and by > 0):
                return view
            step, hand = view.track.steps[at], self._hand(name)
            made = None
            if step.stand != Stand.of(view.placed.target):
                beside = [as_alternative(view.target)] if here is not None and drafts.touched(view.target) else []
                made = done(view, step.stand, hand, beside=beside)
            self._write(tracks.move_line(name, at, hand.who, hand.when, before=here, done=made))
            if made is not None:
                self.save()
            return self.view(name)


def _is_blank(target: Target) -> bool:
    return not target.text and not target.alternatives and not drafts.touched(target)


def _with_fresh(base: Draft, fresh: Mapping[str, Target]) -> Draft:
    """The draft with new machine text for some sentences, each merged as a run merges it."""
    old = replace(base, targets={name: base.targets[name] for name in fresh if name in base.targets}, orphans={})
    merged = drafts.merge(old, base.article, fresh, base.glossary)
    return replace(base, targets={**base.targets, **{name: merged.targets[name] for name in fresh}})


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when somebody saves: time, size and number of the file; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino

"""No text that the desk called saved is ever missing: in the draft, beside it, or in a conflict that is shown.

Random people edit, confirm, approve, unlock and undo at one desk, some of them looking at old pages; meanwhile the
process dies at any byte of the journal, the machine drafts again (other English, other Arabic, sentences gone and
back), somebody edits the file in another program, the glossary changes, and the disk refuses to save.
`TARJUMAN_EXAMPLES=5000 pytest tests/test_review_never_lost.py` tries longer.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import review_desk as small
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from translate import drafts
from translate.document import Origin, State, Target
from translate.errors import TarjumanError
from translate.review import views
from translate.review.desk import FOLDER, Desk, LockedError, OutdatedError
from translate.review.edits import Edit, View

NAMES = st.sampled_from([small.ONE, small.ONE, small.ONE, small.TWO, small.THREE])
PEOPLE = st.sampled_from(["amal", "basim"])
TAILS = st.sampled_from(["", " ", "\n", "\u200f", "\U0001f600", "\x07", "<b>&", "مفرزة", "\ufffe", "\u0301", "]]>"])
STATES = st.sampled_from([None, None, None, State.EDITED, State.EDITED, State.APPROVED])


class Desks(RuleBasedStateMachine):
    """People at one desk, and everybody else at its file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.path = small.saved(self.folder)
        self.clock = small.clock()
        self.terms = small.TERMS
        self.numbers = 0
        self.desk = self.opened()
        self.seen: dict[tuple[str, str], View] = {}
        self.due: dict[str, set[str]] = defaultdict(set)
        """Must be seen with the sentence, or among the orphans where it is gone."""
        self.ever: dict[str, set[str]] = defaultdict(set)
        """Acknowledged at the desk at any time: must be in the history."""

    def teardown(self) -> None:
        self.desk.close()
        self.desk = self.opened()
        self.everything_is_there()
        self.desk.close()
        shutil.rmtree(self.folder)

    def opened(self) -> Desk:
        return Desk(self.folder, small.SLUG, lambda: self.terms, "amal", self.clock, known=self.known)

    def known(self, draft: drafts.Draft) -> dict[str, Target]:
        """The memory knows every sentence as the article had it first."""
        sources = {one.id: one.text for one in draft.article.segments()}
        return {
            name: small.remembered(name, f"known {name}")
            for name, text in small.SOURCES.items()
            if sources.get(name) == text
        }

    def text(self, tail: str) -> str:
        self.numbers += 1
        return f"text {self.numbers}{tail}"

    # --- at the desk -------------------------------------------------------------------------------------------------

    def page(self, who: str, name: str) -> View | None:
        """The sentence as this person has it on the screen: perhaps an old one."""
        with suppress(TarjumanError):
            self.seen.setdefault((who, name), self.desk.view(name))
        return self.seen.get((who, name))

    def before(self, name: str) -> View | None:
        self.desk.refresh()
        try:
            return self.desk.view(name)
        except TarjumanError:
            return None

    @rule(who=PEOPLE, name=NAMES)
    def look(self, who: str, name: str) -> None:
        self.seen.pop((who, name), None)
        self.page(who, name)

    @rule(who=PEOPLE, name=NAMES, tail=TAILS, state=STATES, unlock=st.booleans())
    def put(self, who: str, name: str, tail: str, state: State | None, unlock: bool) -> None:
        page, was = self.page(who, name), self.before(name)
        if page is None or was is None:
            return
        text = was.text if tail == "مفرزة" and "outside" not in was.text and was.text.strip() else self.text(tail)
        try:
            now = self.desk.put(name, Edit(text, page.version, state, unlock, 1.5))
        except OutdatedError:
            self.ever[name] |= {text} - {was.text}
            return
        except LockedError:
            assert was.target.state is State.APPROVED
            return
        assert page.text in (was.text, now.text) or text == was.text, "something was overwritten that nobody saw"
        assert now.text == text
        if state is not None:
            assert now.target.text == text and now.target.state is state and now.placed.words is None
        if was.text != text:
            self.due[name].discard(was.text)
        if text.startswith("text"):
            self.due[name].add(text)
            self.ever[name].add(text)
        self.seen[who, name] = now

    @rule(name=NAMES, tail=TAILS)
    def type_on(self, name: str, tail: str) -> None:
        self.look("amal", name)
        self.put("amal", name, tail, None, True)

    @rule(name=NAMES)
    def confirm(self, name: str) -> None:
        self.look("basim", name)
        self.put("basim", name, "", State.EDITED, True)

    @rule(who=PEOPLE, name=NAMES, back=st.booleans())
    def walk(self, who: str, name: str, back: bool) -> None:
        page, was = self.page(who, name), self.before(name)
        if page is None or was is None:
            return
        try:
            now = (self.desk.undo if back else self.desk.redo)(name, page.version)
        except (OutdatedError, LockedError):
            return
        assert page.text == was.text, "something was undone that nobody saw"
        if now.text != was.text:
            self.due[name].discard(was.text)
            if now.text in self.ever[name]:
                self.due[name].add(now.text)
        self.seen[who, name] = now

    @rule(name=NAMES)
    def think_better_of_it(self, name: str) -> None:
        self.look("amal", name)
        self.walk("amal", name, True)
        self.put("amal", name, "", None, False)

    @rule(names=st.sets(NAMES, min_size=1))
    def translate_again(self, names: set[str]) -> None:
        """The desk's own engine, which may find the file blocked."""
        self.numbers += 1
        fresh = {
            one.id: small.machine(f"machine {self.numbers} {one.id}", one.text, f"m{self.numbers}")
            for one in self.desk.laid.draft.article.segments()
            if one.id in names
        }
        with suppress(TarjumanError):
            self.desk.renew(fresh)

    # --- accidents ---------------------------------------------------------------------------------------------------

    @rule()
    def die(self) -> None:
        self.desk.close()
        self.desk = self.opened()

    @rule(name=NAMES, state=STATES, cut=st.floats(0, 1), filed=st.booleans())
    def die_while_saving(self, name: str, state: State | None, cut: float, filed: bool) -> None:
        """Nobody was told that it is saved; everything before it was."""
        was = self.before(name)
        if was is None or was.target.state is State.APPROVED:
            return
        journal = self.folder / FOLDER / f"{small.SLUG}.journal"
        lines = journal.read_bytes() if journal.exists() else b""
        file = self.path.read_bytes()
        text = self.text("")
        self.desk.put(name, Edit(text, was.version, state))
        new = journal.read_bytes()[len(lines) :]
        assert new.endswith(b"\n")
        kept = new[: round(cut * len(new))]
        whole = kept[: kept.rfind(b"\n") + 1]
        if not whole or (b'"do":"filed"' not in whole and not filed):  # journal, file, journal: in this order
            self.path.write_bytes(file)
        journal.write_bytes(lines + kept)
        self.desk.close()
        self.desk = self.opened()
        if self.desk.view(name).text == text:  # it made it to the disk, and takes the place of what it replaced
            self.due[name].discard(was.text)

    @rule(names=st.sets(NAMES))
    def lose_lines_that_say_what_the_file_says(self, names: set[str]) -> None:
        """The disk was full for the last line of a save: it is not needed."""
        journal = self.folder / FOLDER / f"{small.SLUG}.journal"
        lines = journal.read_bytes().splitlines(keepends=True) if journal.exists() else []
        if lines and b'"do":"filed"' in lines[-1]:
            journal.write_bytes(b"".join(lines[:-1]))
            self.desk.close()
            self.desk = self.opened()

    def blocker(self) -> Path:
        return self.path.with_name(f".{self.path.name}.tmp")

    @precondition(lambda self: not self.blocker().exists())
    @rule()
    def block_saving(self) -> None:
        self.blocker().mkdir()

    @precondition(lambda self: self.blocker().exists())
    @rule()
    def allow_saving(self) -> None:
        self.blocker().rmdir()
        self.desk.refresh()
        self.desk.save()
        assert not self.desk.problem
        assert not self.desk.unfiled

    @rule()
    def trim(self) -> None:
        """The journal is written anew: the history tells the same, and what it did not tell is no history any more."""
        self.desk.refresh()
        before = {view.segment.id: views.history(view) for view in self.desk.views()}
        self.desk.trim(over=0)
        assert {view.segment.id: views.history(view) for view in self.desk.views()} == before
        for name, ever in self.ever.items():
            ever &= set(self.desk.texts(name))
        self.die()
        assert {view.segment.id: views.history(view) for view in self.desk.views()} == before

    # --- others ------------------------------------------------------------------------------------------------------

    def save_outside(self, made: drafts.Draft, base: str) -> bool:
        blocked = self.blocker().exists()
        if blocked:
            self.blocker().rmdir()
        drafts.save(made, self.path, base=base)
        if blocked:
            self.blocker().mkdir()
        return True

    @rule(variants=st.dictionaries(NAMES, st.sampled_from(["", " أمس", " اليوم"]), min_size=1), same=st.booleans())
    def draft_again(self, variants: dict[str, str], same: bool) -> None:
        """The machine runs: other English, sentences changed, gone or back."""
        old = drafts.load(self.path)
        sources = {name: small.SOURCES[name] + variants[name] for name in small.SOURCES if name in variants}
        self.numbers += 1
        fresh = {
            name: small.machine(f"machine {0 if same else self.numbers} {name}", source, f"m{self.numbers}")
            for name, source in sources.items()
        }
        self.save_outside(drafts.merge(old, small.article(sources), fresh, "g2"), old.fingerprint)

    @rule(name=NAMES, state=st.sampled_from([State.EDITED, State.APPROVED]))
    def edit_outside(self, name: str, state: State) -> None:
        """Somebody with another program, who sees the file and nothing of the desk."""
        old = drafts.load(self.path)
        if name not in old.targets:
            return
        text, segments = self.text(" outside"), {one.id: one for one in old.article.segments()}
        made = drafts.revised(
            old.targets[name], text, source=segments[name].text, who="rami", when=self.clock(), state=state
        )
        self.save_outside(replace(old, targets={**old.targets, name: made}), old.fingerprint)
        if old.targets[name].text not in self.ever[name]:
            self.due[name].discard(old.targets[name].text)  # theirs to replace; what the desk wrote stays beside
        self.due[name].add(text)

    @rule(name=NAMES)
    def empty_outside(self, name: str) -> None:
        """A sentence whose English is the machine's loses it, and the memory gives it some."""
        old = drafts.load(self.path)
        if name in old.targets and not drafts.touched(old.targets[name]) and not old.targets[name].alternatives:
            left = {one: target for one, target in old.targets.items() if one != name}
            self.save_outside(replace(old, targets=left), old.fingerprint)
        self.desk.refresh()
        self.desk.fill()

    @rule(name=NAMES)
    def approve_outside(self, name: str) -> None:
        old = drafts.load(self.path)
        if name in old.targets and old.targets[name].text.strip():
            made = replace(old.targets[name], state=State.APPROVED, who="rami", when=self.clock())
            self.save_outside(replace(old, targets={**old.targets, name: made}), old.fingerprint)

    @rule()
    def touch_nothing(self) -> None:
        os.utime(self.path)

    @rule(some=st.booleans())
    def change_the_glossary(self, some: bool) -> None:
        self.terms = small.TERMS if some else small.NO_TERMS

    # --- what must be true -------------------------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        self.everything_is_there()

    @invariant()
    def everything_is_there(self) -> None:
        self.desk.refresh()
        laid = self.desk.laid
        views = {view.segment.id: view for view in self.desk.views()}
        aside = {text for _, target in laid.draft.orphans.values() for text in texts_of(target)}
        for name, due in self.due.items():
            view = views.get(name)
            shown = aside | (texts_of(view.target) | {view.text} if view is not None else set())
            assert {text for text in due if text.strip()} <= shown, name
        for name, ever in self.ever.items():
            assert ever <= set(self.desk.texts(name)), name

    @invariant()
    def a_persons_text_is_never_the_machines(self) -> None:
        for view in self.desk.views():
            if view.target.text in self.ever[view.segment.id]:
                assert view.target.origin is Origin.PERSON or view.target.state is not State.MACHINE


def texts_of(target: drafts.Target) -> set[str]:
    return {target.text, *(other.text for other in target.alternatives)}


Desks.TestCase.settings = settings(
    max_examples=int(os.environ.get("TARJUMAN_EXAMPLES", "200")),
    stateful_step_count=16,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestNeverLost = Desks.TestCase

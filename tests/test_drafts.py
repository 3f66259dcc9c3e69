"""A person's text is never lost: not by a second person, a full disk, a killed process or a changed source."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from translate import drafts, xliff
from translate.document import (
    Alternative,
    Article,
    Block,
    Draft,
    Finding,
    Kind,
    Note,
    Origin,
    Segment,
    Severity,
    State,
    Target,
)
from translate.errors import ConflictError, DraftError, OutputError, UsageError

# --- making things ---------------------------------------------------------------------------------------------------


def article(sentences: dict[str, str]) -> Article:
    """{"x.1.1": "ذهب"} -> an article with a block for each sentence."""
    blocks = [
        Block(int(name.split(".")[1]), Kind.PARAGRAPH, text, segments=(Segment(name, text),))
        for name, text in sentences.items()
    ]
    return Article("x", tuple(blocks))


def draft(text: str, state: State = State.EDITED) -> Draft:
    return Draft(article({"x.1.1": "ذهب"}), {"x.1.1": Target(text, state, Origin.PERSON, source="ذهب")})


def machine(text: str, signature: str = "m1") -> Target:
    return Target(text, State.MACHINE, Origin.MACHINE, -0.5, signature)


# --- names -----------------------------------------------------------------------------------------------------------


def test_where_a_draft_lives() -> None:
    assert drafts.path_for(Path("drafts"), "mosul-defectors") == Path("drafts/mosul-defectors.en.xlf")


@pytest.mark.parametrize(
    "slug", ["", "..", "../x", "a/b", "a\\b", "/etc/x", "C:x", "X", "1x", "x.y", "x\n", "x\0", "x" * 101]
)
def test_a_slug_is_never_a_path(slug: str) -> None:
    with pytest.raises(UsageError, match="not a name for a draft"):
        drafts.path_for(Path("drafts"), slug)


# --- saving ----------------------------------------------------------------------------------------------------------


def test_saved_is_loaded(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path / "drafts", "x")
    saved = drafts.save(draft("He went."), path, base="")
    assert drafts.load(path) == saved
    assert saved.fingerprint
    assert [item.name for item in path.parent.iterdir()] == ["x.en.xlf"]


def test_a_second_person_gets_a_conflict_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    base = drafts.save(draft("He went."), path, base="").fingerprint
    drafts.save(draft("He left."), path, base=base)
    with pytest.raises(ConflictError, match="somebody saved this draft meanwhile"):
        drafts.save(draft("He departed."), path, base=base)
    assert drafts.load(path).targets["x.1.1"].text == "He left."


def test_a_new_draft_does_not_replace_one_that_is_there(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    drafts.save(draft("He went."), path, base="")
    with pytest.raises(ConflictError, match="there is a draft already"):
        drafts.save(draft("He left."), path, base="")


def test_a_draft_that_was_removed_is_not_made_again_silently(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    base = drafts.save(draft("He went."), path, base="").fingerprint
    path.unlink()
    with pytest.raises(ConflictError, match="removed or moved"):
        drafts.save(draft("He left."), path, base=base)
    assert not path.exists()


def test_saving_the_same_writes_nothing(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    saved = drafts.save(draft("He went."), path, base="")
    os.utime(path, ns=(1, 1))
    path.chmod(0o444)
    assert drafts.save(saved, path, base=saved.fingerprint) == saved
    assert path.stat().st_mtime_ns == 1


def test_the_mode_of_the_file_stays(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    base = drafts.save(draft("He went."), path, base="").fingerprint
    path.chmod(0o640)
    drafts.save(draft("He left."), path, base=base)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = drafts.path_for(tmp_path, "x")
    base = drafts.save(draft("He went."), path, base="").fingerprint

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(OutputError, match="No space left on device"):
        patched.setattr(os, step, full)
        drafts.save(draft("He left."), path, base=base)
    assert drafts.load(path).fingerprint == base
    assert [item.name for item in tmp_path.iterdir()] == ["x.en.xlf"]


def test_a_disk_that_gives_back_something_else_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drafts.path_for(tmp_path, "x")
    base = drafts.save(draft("He went."), path, base="").fingerprint
    write = os.write
    with monkeypatch.context() as patched, pytest.raises(OutputError, match="something else than was written"):
        patched.setattr(os, "write", lambda number, data: write(number, bytes(len(data))))
        drafts.save(draft("He left."), path, base=base)
    assert drafts.load(path).fingerprint == base


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("no folder")
    with pytest.raises(OutputError, match="could not be saved"):
        drafts.save(draft("He went."), drafts.path_for(tmp_path / "drafts", "x"), base="")


def test_what_would_not_read_back_is_not_written(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    odd = replace(draft(""), targets={"x.1.1": Target("He went.", score=float("nan"))})
    with pytest.raises(OutputError, match="does not read back"):
        drafts.save(odd, path, base="")
    assert not path.exists()


def test_the_rest_of_a_killed_save_is_no_obstacle(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    (tmp_path / ".x.en.xlf.tmp").write_text("half a dra")
    drafts.save(draft("He went."), path, base="")
    assert [item.name for item in tmp_path.iterdir()] == ["x.en.xlf"]


def test_loading_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DraftError, match="no such draft"):
        drafts.load(tmp_path / "x.en.xlf")
    with pytest.raises(DraftError, match="cannot be read"):
        drafts.load(tmp_path)


# --- two processes, and a killed one ---------------------------------------------------------------------------------

CHILD = textwrap.dedent(
    """
    import os, signal, sys, time
    from pathlib import Path
    from translate import drafts
    from translate.document import Article, Block, Draft, Kind, Origin, Segment, State, Target
    from translate.errors import ConflictError

    def draft(text):
        block = Block(1, Kind.PARAGRAPH, "ذهب", segments=(Segment("x.1.1", "ذهب"),))
        return Draft(Article("x", (block,)), {"x.1.1": Target(text, State.EDITED, Origin.PERSON, source="ذهب")})

    path, base = Path(sys.argv[1]), sys.argv[2]
    """
)
RACER = """
replace = os.replace
os.replace = lambda *names: (time.sleep(0.1), replace(*names))  # a wide window between compare and replace
print("ready", flush=True)
sys.stdin.readline()
try:
    drafts.save(draft(sys.argv[3]), path, base=base)
except ConflictError:
    print("conflict")
else:
    print("saved")
"""
VICTIM = """
left = int(sys.argv[3])
def deadly(function, before):
    def call(*arguments, **options):
        global left
        if before:
            left -= 1
            if left == 0:
                if function is write:
                    function(arguments[0], bytes(arguments[1])[:100])
                os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return call
write = os.write
for name in ("open", "write", "fsync", "close", "replace", "unlink", "stat"):
    setattr(os, name, deadly(getattr(os, name), True))
drafts.save(draft("He left, and took a long sentence with him. " * 50), path, base=base)
os._exit(7)
"""


def child(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + program, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_of_two_processes_one_wins_and_the_other_is_told(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    base = drafts.save(draft("He went."), path, base="").fingerprint
    racers = {text: child(RACER, str(path), base, text) for text in ("He left.", "He departed.", "He fled.")}
    for racer in racers.values():
        assert racer.stdout is not None and racer.stdout.readline() == "ready\n"
    for racer in racers.values():
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    results = {text: racer.communicate(timeout=60)[0].strip() for text, racer in racers.items()}
    assert sorted(results.values()) == ["conflict", "conflict", "saved"]
    assert results[drafts.load(path).targets["x.1.1"].text] == "saved"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_save_leaves_the_old_draft_or_the_new_one(tmp_path: Path) -> None:
    path = drafts.path_for(tmp_path, "x")
    seen = []
    for point in range(1, 40):
        path.unlink(missing_ok=True)
        base = drafts.save(draft("He went."), path, base="").fingerprint
        with child(VICTIM, str(path), base, str(point)) as victim:
            _, errors = victim.communicate(timeout=60)
        text = drafts.load(path).targets["x.1.1"].text
        assert text.startswith(("He went.", "He left,")), text
        seen.append(text[:7])
        if victim.returncode == 7:
            break
        assert victim.returncode == -9, errors
        drafts.save(draft("He stayed."), path, base=drafts.load(path).fingerprint)  # nothing stays locked
    assert point >= 10
    assert seen == sorted(seen, reverse=True) and set(seen) == {"He went", "He left"}


# --- merging: cases --------------------------------------------------------------------------------------------------

CASES = [
    [cell.strip().replace("—", "") for cell in line.strip().strip("|").split("|")]
    for line in (Path(__file__).parent / "cases" / "drafts.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| case")
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_merge_cases(case: list[str]) -> None:
    _, text, state, who, before, now, new, text_now, state_now, beside, says, orphan = case
    old = None
    if before:
        old = Draft(article({"x.1.1": before}), {"x.1.1": Target(text, State(state), Origin(who), source=before)})
    merged = drafts.merge(old, article({"x.1.1": now} if now else {}), {"x.1.1": machine(new)} if new else {}, "g")
    target = merged.targets.get("x.1.1")
    assert (target.text if target else "") == text_now
    assert (target.state.value if target else "") == state_now
    assert ", ".join(found.text for found in target.alternatives) == beside if target else not beside
    assert ", ".join(found.check for found in target.findings) == says if target else not says
    assert ", ".join(found.text for _, found in merged.orphans.values()) == orphan
    assert merged.glossary == "g"
    assert drafts.merge(merged, merged.article, {"x.1.1": machine(new)} if new else {}, "g") == merged


def test_an_orphan_comes_back_with_its_sentence_wherever_it_stands() -> None:
    first = replace(draft("He left."), fingerprint="f")
    gone = drafts.merge(first, article({}), {}, "g")
    assert gone.orphans == {"x.1.1": ("ذهب", first.targets["x.1.1"])}
    assert gone.fingerprint == "f"
    back = drafts.merge(gone, article({"x.5.1": "جاء", "x.7.1": "ذهب"}), {"x.7.1": machine("He went.")}, "g")
    assert back.orphans == {}
    assert back.targets["x.7.1"].text == "He left."
    assert [offer.text for offer in back.targets["x.7.1"].alternatives] == ["He went."]


def test_a_moved_sentence_takes_its_translation_along() -> None:
    moved = drafts.merge(draft("He left."), article({"x.2.1": "ذهب"}), {"x.2.1": machine("He went.")}, "g")
    assert moved.targets["x.2.1"].text == "He left." and not moved.orphans


def test_two_orphans_of_one_id_are_both_kept() -> None:
    once = drafts.merge(draft("He left."), article({}), {}, "g")
    other = Draft(
        article({"x.1.1": "جاء"}),
        {"x.1.1": Target("He came.", State.APPROVED, Origin.PERSON, source="جاء")},
        once.orphans,
    )
    twice = drafts.merge(other, article({}), {}, "g")
    assert {target.text for _, target in twice.orphans.values()} == {"He left.", "He came."}


def test_the_text_an_edit_was_made_from_stays_known_until_it_is_edited_again() -> None:
    changed = draft("He left.")
    for arabic in ("ذهب اليوم", "ذهب غدا"):
        changed = drafts.merge(changed, article({"x.1.1": arabic}), {}, "g")
        target = changed.targets["x.1.1"]
        assert target.source == "ذهب"
        assert [finding.check for finding in target.findings] == ["s-01"]
    assert target.findings[0].message == "source changed since this was edited: [ -> غدا]"
    back = drafts.merge(changed, article({"x.1.1": "ذهب"}), {}, "g")
    assert back == replace(draft("He left."), glossary="g")


def test_notes_stay_even_when_their_paragraph_goes(tmp_path: Path) -> None:
    notes = {"1": (Note("Which bank?", (("category", "question"),)),), "": (Note("Print it on Friday"),)}
    old = replace(draft("Forces took the Left Bank."), notes=notes)
    assert drafts.merge(old, old.article, {}, "g").notes == notes
    later = drafts.merge(old, replace(old.article, blocks=old.article.blocks[:0]), {}, "g")
    saved = drafts.save(later, tmp_path / "x.en.xlf", base="")
    assert drafts.load(tmp_path / "x.en.xlf").notes == saved.notes == notes


def test_dismissed_stays_dismissed() -> None:
    dismissed = Finding("g-01", Severity.WARNING, "x.1.1", "term missing: ديوان", dismissed="a name here")
    other = Finding("n-01", Severity.WARNING, "x.1.1", "number missing: 9")
    old = Draft(article({"x.1.1": "ذهب"}), {"x.1.1": replace(machine("He went."), findings=(dismissed,), source="ذهب")})
    for found in ((other, replace(dismissed, dismissed="")), (other,), ()):
        fresh = {"x.1.1": replace(machine("He goes."), findings=found)}
        old = drafts.merge(old, old.article, fresh, "g")
        assert dismissed in old.targets["x.1.1"].findings
        assert [finding.check for finding in old.targets["x.1.1"].findings].count("g-01") == 1


def test_a_dismissed_change_of_source_stays_dismissed_and_the_next_change_does_not() -> None:
    changed = drafts.merge(draft("He left."), article({"x.1.1": "ذهب اليوم"}), {}, "g")
    target = changed.targets["x.1.1"]
    dismissed = replace(target, findings=tuple(replace(f, dismissed="same sense") for f in target.findings))
    changed = replace(changed, targets={"x.1.1": dismissed})
    again = drafts.merge(changed, changed.article, {}, "g")
    assert again == changed
    next_ = drafts.merge(changed, article({"x.1.1": "ما ذهب"}), {}, "g").targets["x.1.1"]
    assert [finding.dismissed for finding in next_.findings] == ["same sense", ""]


def test_the_newest_signature_of_an_alternative_wins_and_older_ones_stay() -> None:
    old = draft("He left.")
    for text, signature in (("He went.", "m1"), ("He goes.", "m2"), ("He went.", "m3"), ("He left.", "m4")):
        old = drafts.merge(old, old.article, {"x.1.1": machine(text, signature)}, "g")
    assert old.targets["x.1.1"].alternatives == (
        Alternative("He went.", Origin.MACHINE, "m3", -0.5),
        Alternative("He goes.", Origin.MACHINE, "m2", -0.5),
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("سيطرت على الساحل الأيسر", "سيطرت على الساحل الأيمن", "[الأيسر -> الأيمن]"),
        ("ذهب الرجل", "ذهب  الرجل", "spaces only"),
        ("ا " * 2000, "ب " * 2000, "2000 words -> 2000 words (82dd45)"),
    ],
)
def test_the_change_of_a_source_is_said_in_one_line(before: str, after: str, said: str) -> None:
    assert drafts.difference(before, after) == said


def test_two_long_changes_are_told_apart() -> None:
    before, long = "ا", "ب " * 400
    first, second = drafts.difference(before, f"{long}ج"), drafts.difference(before, f"{long}د")
    assert first != second and max(len(first), len(second)) < 400


# --- merging: whatever happens ---------------------------------------------------------------------------------------

ARABIC = ["ذهب الرجل", "جاء الرجل", "نام الطفل", "قام"]


def test_a_first_edit_remembers_what_it_began_from_and_later_ones_do_not_forget() -> None:
    was = replace(machine("The man went"), terms=(), alignment=((0, 0),), score=-0.5)
    once = drafts.revised(was, "The man left", source="ذهب", who="mona", when="2026-11-22", seconds=3.5)
    assert (once.state, once.origin, once.score, once.alignment) == (State.EDITED, Origin.PERSON, None, ())
    assert once.started == Alternative("The man went", Origin.MACHINE, "m1", -0.5)
    twice = drafts.revised(
        once, "He left", source="ذهب", who="nour", when="2026-11-23", state=State.APPROVED, seconds=2.0
    )
    assert (twice.started, twice.seconds, twice.who, twice.state) == (once.started, 5.5, "nour", State.APPROVED)


def test_approving_changes_no_text_and_no_origin() -> None:
    was = machine("The man went")
    approved = drafts.revised(was, was.text, source="ذهب", who="mona", when="2026-11-22", state=State.APPROVED)
    assert approved == replace(was, state=State.APPROVED, source="ذهب", who="mona", when="2026-11-22")


def test_what_a_person_typed_from_nothing_began_from_nothing() -> None:
    assert drafts.revised(Target(""), "He left", source="ذهب", who="", when="").started is None


class Newsroom(RuleBasedStateMachine):
    """Random days of an article: nothing a person confirmed is ever missing, on disk or after it."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences = {"x.1.1": ARABIC[0], "x.2.1": ARABIC[2]}
        self.model = 0
        self.glossary = "g0"
        self.confirmed: list[str] = []
        self.edits = 0
        self.now = drafts.merge(None, article(self.sentences), {}, self.glossary)
        self.run_again()

    def run_again(self) -> None:
        fresh = {
            name: machine(f"{text} by {self.model}/{self.glossary}", f"m{self.model}")
            for name, text in self.sentences.items()
            if (len(text) + self.model) % 3
        }
        once = drafts.merge(self.now, article(self.sentences), fresh, self.glossary)
        assert drafts.merge(once, once.article, fresh, self.glossary) == once
        assert set(once.targets) <= set(self.sentences)
        self.now = xliff.parse(xliff.dump(once), "x")
        assert self.now == once

    def put(self, name: str, target: Target) -> None:
        """What the review does: a person's text replaces what stood there, and is confirmed from now on."""
        was = self.now.targets.get(name)
        if was is not None and was.text in self.confirmed:
            self.confirmed.remove(was.text)
        self.now = replace(self.now, targets={**self.now.targets, name: target})
        self.confirmed.append(target.text)

    @precondition(lambda self: self.sentences)
    @rule(choice=st.randoms(use_true_random=False), state=st.sampled_from([State.EDITED, State.APPROVED]))
    def edit(self, choice: object, state: State) -> None:
        self.edits += 1
        name = choice.choice(sorted(self.sentences))  # type: ignore[attr-defined]
        self.put(name, Target(f"edit {self.edits}", state, Origin.PERSON, source=self.sentences[name], who="mona"))

    @precondition(lambda self: self.now.targets)
    @rule(choice=st.randoms(use_true_random=False))
    def approve(self, choice: object) -> None:
        name = choice.choice(sorted(self.now.targets))  # type: ignore[attr-defined]
        self.put(name, replace(self.now.targets[name], state=State.APPROVED))

    @rule()
    def new_model(self) -> None:
        self.model += 1
        self.run_again()

    @rule()
    def new_glossary(self) -> None:
        self.glossary += "+"
        self.run_again()

    @rule(number=st.integers(1, 4), text=st.sampled_from(ARABIC))
    def write_sentence(self, number: int, text: str) -> None:
        self.sentences[f"x.{number}.1"] = text
        self.run_again()

    @precondition(lambda self: self.sentences)
    @rule(choice=st.randoms(use_true_random=False))
    def remove_sentence(self, choice: object) -> None:
        del self.sentences[choice.choice(sorted(self.sentences))]  # type: ignore[attr-defined]
        self.run_again()

    @invariant()
    def nothing_confirmed_is_missing(self) -> None:
        kept = [target.text for target in self.now.targets.values() if drafts.touched(target)]
        kept += [target.text for _, target in self.now.orphans.values()]
        for text in self.confirmed:
            assert kept.count(text) >= self.confirmed.count(text), text


TestNewsroom = Newsroom.TestCase
TestNewsroom.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)

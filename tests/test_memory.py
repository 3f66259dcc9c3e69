"""The memory: the cases of tests/cases/memory.md, the finds of comparing everything, and a file that may break."""

from __future__ import annotations

import itertools
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate import drafts, memory
from translate.document import Alternative, Article, Block, Draft, Kind, Mark, Origin, Segment, State, Target
from translate.memory import Memory, alike, concord, index
from translate.memory.filling import fill

CASES = Path(__file__).parent / "cases" / "memory.md"
ROOT = Path(__file__).parent.parent


def rows(section: str) -> list[list[str]]:
    part = CASES.read_text("utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def article(slug: str, sentences: Iterable[str], marks: tuple[Mark, ...] = ()) -> Article:
    blocks = [
        Block(n, Kind.PARAGRAPH, text, segments=(Segment(f"{slug}.{n}.1", text, marks=marks),))
        for n, text in enumerate(sentences, 1)
    ]
    return Article(slug, tuple(blocks))


def draft(
    slug: str, pairs: Iterable[tuple[str, str]], state: State = State.APPROVED, when: str = "2026-11-01"
) -> Draft:
    pairs = list(pairs)
    one = article(slug, [source for source, _ in pairs])
    targets = {
        segment.id: Target(text, state, Origin.PERSON, source=segment.text, who="mona", when=when)
        for segment, (_, text) in zip(one.segments(), pairs, strict=True)
        if text
    }
    return Draft(one, targets)


def save(folder: Path, one: Draft) -> Draft:
    path = drafts.path_for(folder, one.article.slug)
    return drafts.save(one, path, base=drafts.fingerprint(path))


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "drafts"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(tmp_path: Path, shelf: Path):
    """A memory over the drafts in `shelf`, its file in `tmp_path / "cache"`."""
    made: list[Memory] = []

    def open_(cache: Path | None = tmp_path / "cache") -> Memory:
        made.append(Memory(shelf, cache))
        made[-1].refresh()
        return made[-1]

    yield open_
    for one in made:
        one.close()


# --- how alike -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("How alike"), ids=[row[0] for row in rows("How alike")])
def test_how_alike(row: list[str]) -> None:
    _, one, other, per_cent = row
    assert alike.score(alike.read(one), alike.read(other)) == int(per_cent)
    assert alike.score(alike.read(other), alike.read(one)) == int(per_cent)


def test_other_formatting_takes_two_points_off_the_same_sentence() -> None:
    reading = alike.read("سيطرت القوات على المدينة")
    assert alike.score(reading, reading, same_tags=False) == 100 - alike.TAGS


WORDS = ["قال", "وقال", "المصدر", "مصدر", "في", "من", "١٥", "20", "،", ".", "القوّات", "القوات", "الله", "أن", "إن"]
sentences = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(sentences, sentences)
def test_alike_both_ways_and_wholly_only_when_the_same(one: str, other: str) -> None:
    a, b = alike.read(one), alike.read(other)
    per_cent = alike.score(a, b)
    assert per_cent == alike.score(b, a)
    assert 0 <= per_cent <= 100
    assert (per_cent == 100) == (alike.sentence_key(one) == alike.sentence_key(other))
    for least in (50, 75, 100):
        assert alike.score(a, b, least=least) == (per_cent if per_cent >= least else 0)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="والبكلفنمس", max_size=8))
def test_a_word_is_undressed_once_and_for_all(word: str) -> None:
    assert alike.undress(alike.undress(word)) == alike.undress(word)
    assert word.endswith(alike.undress(word))
    assert bool(alike.undress(word)) == bool(word)


# --- looking up ------------------------------------------------------------------------------------------------------


def test_a_match_says_everything_about_itself(shelf: Path, opened) -> None:
    save(shelf, draft("x", [("سيطرت القوات على المدينة أمس.", "Forces took the city yesterday.")]))
    (match,) = opened().matches("سيطرت القوات على القرية أمس.")
    assert (match.score, match.target, match.state) == (80, "Forces took the city yesterday.", State.APPROVED)
    assert (match.slug, match.segment, match.who, match.when) == ("x", "x.1.1", "mona", "2026-11-01")
    assert memory.diff.marked(match.changes) == "سيطرت القوات على [-المدينة-]{+القرية+} أمس."
    assert not match.context
    assert not match.differs


def test_the_best_comes_first(shelf: Path, opened) -> None:
    wanted = "سيطرت القوات على المدينة أمس"
    save(shelf, draft("a", [("سيطرت القوات على القرية أمس", "near")]))
    save(shelf, draft("b", [(wanted, "edited")], State.EDITED, "2026-11-09"))
    save(shelf, draft("c", [(wanted, "older")], when="2026-11-02"))
    save(shelf, draft("d", [("قال نعم", "Yes."), (wanted, "in context"), ("قال لا", "No.")], when="2026-11-01"))
    save(shelf, draft("e", [(wanted, "newer")], when="2026-11-03"))
    found = opened().matches(wanted, before="قال نعم", after="قال لا", limit=9)
    assert [match.target for match in found] == ["in context", "newer", "older", "edited", "near"]
    assert [match.context for match in found] == [True, False, False, False, False]
    assert [match.differs for match in found] == [True, True, True, True, False]
    assert [match.score for match in found] == [100, 100, 100, 100, 80]


def test_the_same_english_of_the_same_sentence_is_offered_once(shelf: Path, opened) -> None:
    for slug in ("a", "b", "c"):
        save(shelf, draft(slug, [("قال المصدر نعم", "Yes.")]))
    (match,) = opened().matches("قال المصدر نعم")
    assert (match.slug, match.differs) == ("a", False)


@pytest.mark.parametrize("state", [State.NEW, State.MACHINE])
def test_what_nobody_confirmed_is_not_in_the_memory(shelf: Path, opened, state: State) -> None:
    save(shelf, draft("x", [("قال المصدر نعم", "Yes.")], state))
    assert len(opened()) == 0


def test_an_edit_counts_for_the_arabic_it_was_made_from(shelf: Path, opened) -> None:
    one = draft("x", [("قال المصدر لا", "Yes.")])
    stale = {name: replace(target, source="قال المصدر نعم") for name, target in one.targets.items()}
    save(shelf, replace(one, targets=stale, orphans={"x.9.1": ("انسحب المسلحون", Target("Out.", State.APPROVED))}))
    found = opened()
    assert [match.target for match in found.exact("قال المصدر نعم")] == ["Yes."]
    assert found.exact("قال المصدر لا") == []
    assert [match.segment for match in found.exact("انسحب المسلحون")] == ["x.9.1"]


@settings(max_examples=40, deadline=None)
@given(st.lists(sentences, max_size=12), sentences, st.sampled_from([1, 50, 75, 90, 100]))
def test_finds_what_comparing_everything_finds(stored: list[str], wanted: str, least: int) -> None:
    found = Memory(Path("none"), None)
    found.put(draft("x", [(text, f"{n}") for n, text in enumerate(stored)]))
    compared = {
        (text, alike.score(alike.read(wanted), alike.read(text), least=least)) for text in stored if text.strip()
    }
    matches = found.matches(wanted, least=least, limit=99)
    assert {(match.source, match.score) for match in matches} == {pair for pair in compared if pair[1]}
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
    found.close()


def test_finds_the_same_where_there_are_more_words_than_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = ["قال الشاهد نعم ثم مضى", "قال الرجل لا ثم عاد", "دخلت القوات مدينة الموصل", "خرجت القوات من مدينة الرقة"]
    wanted = [*stored, "قال الشاهد لا ثم مضى", "دخلت العائلات مدينة الموصل", "كلام آخر تماما هنا"]

    def found() -> list[list[tuple[str, int]]]:
        shelf = Memory(Path("none"), None)
        shelf.put(draft("x", [(text, "E") for text in stored]))
        answers = [[(match.source, match.score) for match in shelf.matches(text)] for text in wanted]
        shelf.put(draft("x", []))
        assert not any(shelf.matches(text) for text in wanted)
        shelf.close()
        return answers

    plenty = found()
    monkeypatch.setattr(index, "SIGNS", 3)
    assert found() == plenty
    assert all(plenty[:6])
    assert not plenty[6]


def test_finds_among_twenty_thousand_what_comparing_everything_finds() -> None:
    """Zipf's words, and a tenth of the sentences changed copies of others."""
    chance = random.Random(5)
    alphabet = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    lexicon = ["".join(chance.choices(alphabet, k=chance.randint(2, 7))) for _ in range(8000)]
    weights = list(itertools.accumulate(1 / (n + 3) for n in range(len(lexicon))))

    def altered(text: str) -> str:
        said = text.split()
        for _ in range(chance.randint(0, max(1, len(said) // 3))):
            said[chance.randrange(len(said))] = chance.choices(lexicon, cum_weights=weights)[0]
        return " ".join(said)

    stored = [" ".join(chance.choices(lexicon, cum_weights=weights, k=chance.randint(1, 14))) for _ in range(18_000)]
    stored += [altered(chance.choice(stored)) for _ in range(2_000)]
    found = Memory(Path("none"), None)
    found.put(draft("x", [(text, "E") for text in stored]))
    readings = [alike.read(text) for text in dict.fromkeys(stored)]
    looked = 0
    for text in [*chance.sample(stored[18_000:], 8), *(altered(chance.choice(stored)) for _ in range(6))]:
        reading = alike.read(text)
        compared = {(one.key, alike.score(reading, one, least=75)) for one in readings}
        matches = found.matches(text, limit=10**6)
        assert {(alike.sentence_key(match.source), match.score) for match in matches} == {p for p in compared if p[1]}
        looked += len(matches)
    assert looked > 14
    found.close()


# --- concordance -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("Concordance"), ids=[row[0] for row in rows("Concordance")])
def test_concordance_case(row: list[str]) -> None:
    _, wanted, text, expected = row
    sides = (text, "—") if concord.has_arabic(text) else ("س", text)
    found = Memory(Path("none"), None)
    found.put(draft("x", [sides, ("كلام آخر", "Other words")]))
    hits = found.concordance(wanted)
    cut = [text[begin:end] for hit in hits for begin, end in hit.spans]
    assert ", ".join(cut) == expected.replace("—", "")
    assert {(hit.slug, hit.segment) for hit in hits} <= {("x", "x.1.1")}
    found.close()


def test_a_concordance_without_letters_to_go_by_reads_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "LETTERS", "CREATE VIRTUAL TABLE letters USING nothing(text)")
    found = Memory(Path("none"), None)
    found.put(draft("x", [("في الديوان", "In the Diwan"), ("في الديوانية", "In Diwaniyah")]))
    found.put(draft("x", [("في الديوان", "In the Diwan"), ("بديوانهم", "In their Diwan")]))
    assert [hit.segment for hit in found.concordance("ديوان")] == ["x.1.1", "x.2.1"]
    found.close()


def test_approved_then_newest_then_in_reading_order(shelf: Path, opened) -> None:
    pairs = [("قال نعم", f"Yes {n}") for n in range(1, 12)]
    save(shelf, draft("b", pairs, when="2026-11-01"))
    save(shelf, draft("a", pairs[:1], State.EDITED, when="2026-11-09"))
    save(shelf, draft("c", pairs[:1], when="2026-11-02"))
    order = [hit.segment for hit in opened().concordance("yes")]
    assert order == ["c.1.1", *(f"b.{n}.1" for n in range(1, 12)), "a.1.1"]
    assert len(opened().concordance("yes", limit=3)) == 3


# --- following the drafts --------------------------------------------------------------------------------------------


def targets_in(found: Memory) -> list[str]:
    return sorted(hit.target for hit in found.concordance("text"))


def test_it_follows_the_drafts(shelf: Path, opened) -> None:
    save(shelf, draft("a", [("قال نعم", "text one")]))
    save(shelf, draft("b", [("قال لا", "text two")]))
    found = opened()
    assert targets_in(found) == ["text one", "text two"]
    save(shelf, draft("a", [("قال نعم", "text three"), ("قال ربما", "text four")]))
    drafts.path_for(shelf, "b").unlink()
    found.refresh()
    assert targets_in(found) == ["text four", "text three"]
    assert found.exact("قال لا") == []
    again = opened()
    assert targets_in(again) == ["text four", "text three"]


def test_a_sentence_that_moved_from_one_draft_to_another_stays(shelf: Path, opened) -> None:
    save(shelf, draft("b", [("قال نعم", "text one")]))
    found = opened()
    save(shelf, draft("a", [("قال نعم", "text one")]))
    save(shelf, draft("b", [("قال لا", "text two")]))
    found.refresh()
    assert [(match.target, match.segment) for match in found.exact("قال نعم")] == [("text one", "a.1.1")]
    assert targets_in(found) == ["text one", "text two"]


def test_many_at_once_are_as_one_by_one() -> None:
    made = [draft(slug, [("قال نعم", f"text {slug}"), (f"قال {slug}", "text")]) for slug in "abca"]
    together, apart = Memory(Path("none"), None), Memory(Path("none"), None)
    together.take(made[:3])
    for one in made:
        apart.put(one)
    assert together.concordance("text", limit=99) == apart.concordance("text", limit=99)
    assert together.matches("قال نعم", limit=99) == apart.matches("قال نعم", limit=99)
    together.close()
    apart.close()


def test_a_draft_just_saved_counts_at_once(shelf: Path, opened) -> None:
    found = opened()
    found.put(save(shelf, draft("a", [("قال نعم", "text one")])))
    assert targets_in(found) == ["text one"]
    found.refresh()
    assert targets_in(found) == ["text one"]


def test_what_did_not_change_is_not_read_again(shelf: Path, opened, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drafts.path_for(shelf, "a")
    save(shelf, draft("a", [("قال نعم", "text one")]))
    os.utime(path, (1, 1))
    opened()
    monkeypatch.setattr(drafts, "load", lambda path: pytest.fail(f"{path} was read"))
    opened()
    os.utime(path, (2, 2))
    assert targets_in(opened()) == ["text one"]


def test_a_draft_that_cannot_be_read_is_left_out_and_named(shelf: Path, opened) -> None:
    save(shelf, draft("a", [("قال نعم", "text one")]))
    drafts.path_for(shelf, "b").write_text("<xliff>", "utf-8")
    found = opened()
    assert targets_in(found) == ["text one"]
    assert len(found.skipped) == 1
    assert "b.en.xlf" in found.skipped[0]


def test_half_a_character_is_left_out(opened) -> None:
    found = opened()
    found.put(draft("x", [("قال نعم", "text \ud800"), ("قال لا", "text two")]))
    assert targets_in(found) == ["text two"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.lists(st.tuples(sentences, st.sampled_from(["text", "text two"])), max_size=4)
        ),
        max_size=6,
    )
)
def test_whatever_was_put_in_before_only_the_last_counts(steps: list[tuple[str, list[tuple[str, str]]]]) -> None:
    followed, fresh = Memory(Path("none"), None), Memory(Path("none"), None)
    for slug, pairs in steps:
        followed.put(draft(slug, pairs))
    for slug, pairs in dict(steps).items():
        fresh.put(draft(slug, pairs))
    assert followed.concordance("text", limit=99) == fresh.concordance("text", limit=99)
    for text in {text for _, pairs in steps for text, _ in pairs}:
        assert followed.matches(text, limit=99) == fresh.matches(text, limit=99)
    counted = [one._index._base.execute("SELECT sum(uses), count(*) FROM word WHERE uses").fetchone()
               for one in (followed, fresh)]  # fmt: skip
    assert counted[0] == counted[1]
    followed.close()
    fresh.close()


# --- the file --------------------------------------------------------------------------------------------------------


def the_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "cache" / memory.FOLDER).glob("*.sqlite3")
    return path


def spoil(path: Path, how: str) -> None:
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "noise":
        path.write_bytes(os.urandom(5000))
    elif how == "inside":
        path.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "other version":
        path.write_bytes(data[:60] + b"\0\0\0\x63" + data[64:])


@pytest.mark.parametrize("how", ["gone", "cut", "noise", "inside", "empty", "other version"])
@pytest.mark.parametrize("while_open", [False, True])
def test_a_broken_file_is_made_anew(shelf: Path, opened, tmp_path: Path, how: str, while_open: bool) -> None:
    save(shelf, draft("a", [("قال المصدر نعم", "text one"), ("قال المصدر لا", "text two")]))
    found = opened()
    assert targets_in(found) == ["text one", "text two"]
    if not while_open:
        found.close()
    spoil(the_file(tmp_path), how)
    if not while_open:
        found = opened()
    else:
        found.refresh()
    assert targets_in(found) == ["text one", "text two"]
    assert [match.target for match in found.matches("قال المصدر نعم")] == ["text one"]
    assert [match.target for match in opened().exact("قال المصدر لا")] == ["text two"]


def test_without_a_place_for_the_file_it_works_all_the_same(shelf: Path, opened, tmp_path: Path) -> None:
    save(shelf, draft("a", [("قال المصدر نعم", "text one")]))
    (tmp_path / "cache").write_text("in the way", "utf-8")
    assert targets_in(opened()) == ["text one"]


def test_the_memory_of_another_folder_is_another(tmp_path: Path, shelf: Path, opened) -> None:
    save(shelf, draft("a", [("قال المصدر نعم", "text one")]))
    opened()
    other = Memory(tmp_path / "other" / "drafts", tmp_path / "cache")
    other.refresh()
    assert len(other) == 0
    other.close()


def test_while_another_process_writes_it_serves_what_it_has(
    shelf: Path, opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.1)
    save(shelf, draft("a", [("قال المصدر نعم", "text one")]))
    found = opened()
    other = sqlite3.connect(the_file(tmp_path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    save(shelf, draft("a", [("قال المصدر نعم", "text two")]))
    found.refresh()
    assert targets_in(found) == ["text one"]
    other.execute("ROLLBACK")
    other.close()
    found.refresh()
    assert targets_in(found) == ["text two"]


WORKER = """
import sys
from pathlib import Path
from translate import drafts
from translate.document import Article, Block, Draft, Kind, Segment, State, Target
from translate.memory import Memory
shelf, cache, name, times = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
found = Memory(shelf, cache)
path, base = drafts.path_for(shelf, name), ""
segments = [Segment(f"{name}.{n}.1", f"قال المصدر {n}") for n in range(1, 41)]
blocks = tuple(Block(n, Kind.PARAGRAPH, one.text, segments=(one,)) for n, one in enumerate(segments, 1))
print("ready", flush=True)
for n in range(times):
    targets = {one.id: Target(f"text {name} {n}", State.APPROVED, source=one.text) for one in segments}
    saved = drafts.save(Draft(Article(name, blocks), targets), path, base=base)
    base = saved.fingerprint
    found.put(saved)
    assert found.exact("قال المصدر 1")
    found.refresh()
found.close()
"""


def worker(shelf: Path, tmp_path: Path, name: str, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(shelf), str(tmp_path / "cache"), name, str(times)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_two_processes_may_use_it_at_once(shelf: Path, opened, tmp_path: Path) -> None:
    running = [worker(shelf, tmp_path, name, 8) for name in ("a", "b")]
    for one in running:
        _, errors = one.communicate(timeout=120)
        assert one.returncode == 0, errors
    found = opened()
    assert len(found) == 80
    assert {hit.target for hit in found.concordance("text", limit=99)} == {"text a 7", "text b 7"}


def test_a_process_that_is_killed_does_no_harm(shelf: Path, opened, tmp_path: Path) -> None:
    for name, delay in (("a", 0.0), ("b", 0.1), ("c", 0.3)):
        one = worker(shelf, tmp_path, name, 10_000)
        assert one.stdout is not None
        one.stdout.readline()
        time.sleep(delay)
        one.send_signal(signal.SIGKILL)
        one.communicate()
        found = opened()
        stored = [drafts.load(path) for path in shelf.glob("*.xlf")]
        expected = {target.text for one in stored for target in one.targets.values()}
        assert {hit.target for hit in found.concordance("text", limit=999)} == expected


# --- filling new sentences -------------------------------------------------------------------------------------------


def test_a_new_sentence_gets_what_was_approved_and_is_not_confirmed() -> None:
    found = Memory(Path("none"), None)
    found.put(draft("x", [("قال المصدر نعم", "Yes."), ("قال لا", "No.")]))
    filled = fill(found, article("y", ["قال المصدر نعمْ", "قال شيئا آخر"]))
    assert set(filled) == {"y.1.1"}
    target = filled["y.1.1"]
    assert (target.text, target.state, target.origin, target.match) == ("Yes.", State.MACHINE, Origin.MEMORY, 100)
    assert (target.signature, target.source, target.who) == ("memory:100|x.1.1", "قال المصدر نعمْ", "")
    found.close()


def test_an_edited_sentence_fills_nothing() -> None:
    found = Memory(Path("none"), None)
    found.put(draft("x", [("قال المصدر نعم", "Yes.")], State.EDITED))
    assert fill(found, article("y", ["قال المصدر نعم"])) == {}
    found.close()


def test_other_formatting_is_no_exact_match_and_the_same_comes_along() -> None:
    bold = (Mark("strong", 4, 10),)
    one = Draft(
        article("x", ["قال المصدر نعم"], bold),
        {"x.1.1": Target("The source said yes.", State.APPROVED, marks=(Mark("strong", 4, 10),))},
    )
    found = Memory(Path("none"), None)
    found.put(one)
    assert fill(found, article("y", ["قال المصدر نعم"])) == {}
    assert fill(found, article("y", ["قال المصدر نعم"], bold))["y.1.1"].marks == (Mark("strong", 4, 10),)
    found.close()


def test_approved_translations_that_differ_are_told() -> None:
    found = Memory(Path("none"), None)
    found.put(draft("x", [("قال المصدر نعم", "Yes.")], when="2026-11-02"))
    found.put(draft("w", [("قال المصدر نعم", "Indeed.")], when="2026-11-01"))
    target = fill(found, article("y", ["قال المصدر نعم"]))["y.1.1"]
    assert target.text == "Yes."
    assert target.alternatives == (Alternative("Indeed.", Origin.MEMORY, "memory:100|w.1.1", match=100),)
    assert [(f.check, f.message) for f in target.findings] == [("m-01", "also approved as: Indeed. (w.1.1)")]
    found.close()


def test_what_a_person_did_is_not_filled_over() -> None:
    found = Memory(Path("none"), None)
    found.put(draft("x", [("قال المصدر نعم", "Yes.")]))
    mine = draft("y", [("قال المصدر نعم", "Aye.")], State.EDITED)
    assert fill(found, mine.article, mine) == {}
    gone = Draft(article("y", []), {}, {"y.1.1": ("قال المصدر نعم", Target("Aye.", State.EDITED))})
    assert fill(found, mine.article, gone) == {}
    found.close()


def test_the_machines_text_stays_beside() -> None:
    found = Memory(Path("none"), None)
    found.put(draft("x", [("قال المصدر نعم", "Yes.")]))
    old = Draft(
        article("y", ["قال المصدر نعم"]),
        {"y.1.1": Target("Machine yes.", State.MACHINE, score=-0.5, signature="m1", source="قال المصدر نعم")},
    )
    target = fill(found, old.article, old)["y.1.1"]
    assert target.alternatives == (Alternative("Machine yes.", Origin.MACHINE, "m1", -0.5),)
    found.close()

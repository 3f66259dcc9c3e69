"""Archives: every sentence once, nothing lost by a kill, nobody's text touched, bad articles named."""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import Term, TermBase
from translate import drafts, pipeline, readers
from translate.batch.answering import Here, answers
from translate.batch.asking import Answer, Question, ask, plain, unpacked
from translate.batch.outlets import open_outlet
from translate.batch.pace import Pace, clock_time
from translate.batch.run import ARTICLES, Account, Quarantine, Run, Wishes
from translate.batch.source import Item, Source, open_source
from translate.batch.store import Store
from translate.cli import main
from translate.document import Origin, Segment, State
from translate.engines.base import Hypothesis, Progress, Request
from translate.engines.fake import FakeEngine
from translate.errors import ArticleError, ModelError, OutputError, TarjumanError, UsageError

ROOT = Path(__file__).parent.parent
DIWAN = Term("ديوان", "Diwan", singular="Diwan", plural="Diwans", capital="keep")
BANK = Term("الساحل الأيسر", "the Left Bank", number="name", singular="Left Bank", plural="Left Bank", article="the")
TERMS = pipeline.Glossary.of(TermBase((DIWAN,)))
MORE = pipeline.Glossary.of(TermBase((DIWAN, BANK)))
SENTENCES = (
    "سيطرت القوات على الساحل الأيسر بعد معارك عنيفة.",
    "قال المصدر إن العائلات غادرت منازلها ليلا.",
    "وكشفت وثائق عثر عليها الجنود عن أسماء موظفين في ديوان الجند.",
    "وأضاف أن فرق الإغاثة تنتظر قرب الجسر القديم.",
    "انسحب المسلحون من القرية.",
    "ولم يعلق المسؤولون على الخبر حتى الآن.",
)
REST = ("مدينة", "قرية", "جسر", "بيت", "سوق", "شارع", "نهر", "جبل", "مدرسة", "مسجد", "مكتب", "باب", "كتاب", "حقل")


def texts(count: int, seed: int = 1) -> list[str]:
    """Short articles that share half of their sentences."""
    chance = random.Random(seed)
    return [
        " ".join(
            f"وصل {number} رجال إلى {chance.choice(REST)} قرب {chance.choice(REST)}."
            if chance.random() < 0.5
            else chance.choice(SENTENCES)
            for _ in range(4)
        )
        for number in range(count)
    ]


def jsonl(path: Path, records: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), "utf-8")
    return path


def archive_of(folder: Path, count: int, seed: int = 1) -> Path:
    records = [{"id": f"n-{number}", "text": text} for number, text in enumerate(texts(count, seed))]
    return jsonl(folder / "in.jsonl", records)


class Asked(Here):
    """An engine's batches, written down."""

    def __init__(self, stop: int = 0, engine: FakeEngine | None = None) -> None:
        self.batches: list[list[bytes]] = []
        self.stop, self.engine = stop, engine or FakeEngine()
        super().__init__(self.engine)

    def give(self, questions: Sequence[Question]) -> None:
        if self.stop and len(self.batches) >= self.stop:
            raise KeyboardInterrupt
        self.batches.append([question.key for question in questions])
        super().give(questions)

    @property
    def keys(self) -> list[bytes]:
        return [key for batch in self.batches for key in batch]


def go(
    given: Path | Source,
    output: Path,
    words: pipeline.Glossary = TERMS,
    asked: Asked | None = None,
    wishes: Wishes = Wishes(tokens=64),  # noqa: B008
    events: list[Mapping[str, object]] | None = None,
) -> tuple[Account, Asked]:
    """One run, in this process."""
    asked = asked or Asked()
    beside = output.with_name(output.name + ".archive")
    store = Store(beside / "answers.sqlite")
    tell = events.append if events is not None else lambda _event: None
    source = given if isinstance(given, Source) else open_source(given)
    try:
        with Quarantine(beside / "quarantine.tsv") as aside:
            run = Run(open_outlet(output), store, words, asked.engine, aside, wishes, tell, asked)
            return run.over(source), asked
    finally:
        store.close()


def outcome(output: Path) -> dict[str, bytes]:
    """Everything an output says."""
    if output.is_dir():
        return {path.name: path.read_bytes() for path in sorted(output.iterdir())}
    return {"": output.read_bytes()}


# --- what is one sentence ---------------------------------------------------------------------------------------------


def cases() -> Iterator[tuple[str, str, str, str]]:
    for line in (ROOT / "tests/cases/archive.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 4 and cells[3] in ("one", "two"):
            yield cells[0], cells[1], cells[2], cells[3]


@pytest.mark.parametrize(("case", "first", "second", "wanted"), list(cases()), ids=lambda value: value[:20])
def test_what_is_asked_once(case: str, first: str, second: str, wanted: str) -> None:
    keys = set()
    for slug, text in (("a", first), ("b", second)):
        shown = text.replace("␣", " ").replace("⏎", "\n")
        article = readers.read(None, shown.encode(), "markdown", slug)
        keys |= {ask(job, FakeEngine()).question.key for job in pipeline.jobs(article, TERMS)}
    assert len(keys) == {"one": 1, "two": 2}[wanted], case


def test_glossary_model_and_program_are_in_the_question() -> None:
    class Other(FakeEngine):
        def signature(self) -> str:
            return "other"

    article = readers.read(None, SENTENCES[0].encode(), "text", "a")
    (one,), (two,) = pipeline.jobs(article, TERMS), pipeline.jobs(article, MORE)
    assert len({ask(job, engine).question.key for job in (one, two) for engine in (FakeEngine(), Other())}) == 4


@given(st.text(alphabet="بـ تن\n\u00a0.", max_size=30))
@settings(max_examples=200, deadline=None)
def test_the_plain_form_leads_back_to_every_character(text: str) -> None:
    text = text.strip()
    made, back = plain(Segment("a.1.1", text))
    again, nothing = plain(Segment("a.1.1", made))
    assert (again, len(nothing)) == (made, 0)
    if back:
        assert len(back) == len(made)
        assert list(back) == sorted(set(back))
        assert all(
            text[was] == char or (char == " " and text[was].isspace()) for was, char in zip(back, made, strict=True)
        )
    else:
        assert made == text
    assert re.sub(r"[\sـ]", "", made) == re.sub(r"[\sـ]", "", text)


def test_an_answer_fits_every_place_it_is_put_in() -> None:
    stretched = "دخل   رجال ديـــوان الجنـــد المدينة."
    article = readers.read(None, stretched.encode(), "text", "a")
    (job,) = pipeline.jobs(article, TERMS)
    asked = ask(job, FakeEngine())
    assert asked.question.job.segment.text == "دخل رجال ديوان الجند المدينة."
    (answer,) = answers([asked.question], FakeEngine())
    assert answer.kept is not None
    target = unpacked(answer.kept, asked)
    (use,) = target.terms
    assert job.segment.text[use.begin : use.end] == "ديـــوان"
    assert target.text[use.target_begin : use.target_end] == use.surface == "Diwan"
    assert target.source == job.segment.text
    assert target.signature == pipeline.translate(article, TERMS, FakeEngine())[job.segment.id].signature


def test_questions_and_answers_travel_to_other_processes_and_back() -> None:
    article = readers.read(None, "\n\n".join(SENTENCES).encode(), "text", "a")
    questions = [ask(job, FakeEngine()).question for job in pipeline.jobs(article, MORE)]
    there = pickle.loads(pickle.dumps((answers, questions)))
    assert pickle.loads(pickle.dumps(there[0](there[1], FakeEngine()))) == answers(questions, FakeEngine())


# --- once, and only what changed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out", "out.jsonl"])
def test_every_sentence_is_asked_once_and_a_second_run_asks_nothing(tmp_path: Path, name: str) -> None:
    given, output = archive_of(tmp_path, 40), tmp_path / name
    account, asked = go(given, output)
    assert len(asked.keys) == len(set(asked.keys)) == account.translated < account.segments
    assert (account.articles, account.written, account.quarantined) == (40, 40, 0)
    before = outcome(output)
    stamps = [path.stat().st_mtime_ns for path in ([output] if output.is_file() else sorted(output.iterdir()))]
    account, asked = go(given, output)
    assert (asked.keys, account.translated) == ([], 0)
    assert outcome(output) == before
    assert stamps == [path.stat().st_mtime_ns for path in ([output] if output.is_file() else sorted(output.iterdir()))]


def test_drafts_are_those_that_the_draft_command_makes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, text in enumerate(texts(5)):
        (folder / f"n{number}.txt").write_text(f"{text}\n\nكتـاب  جديد في السوق اليوم.", "utf-8")
    go(folder, tmp_path / "out")
    for path in sorted(folder.iterdir()):
        article = readers.read(path)
        planned = [pipeline.plan(pipeline.Work(article), TERMS, FakeEngine())]
        (made,) = pipeline.draft(planned, TERMS, FakeEngine())
        drafts.save(made, drafts.path_for(tmp_path / "by-draft", article.slug), base="")
    assert outcome(tmp_path / "out") == outcome(tmp_path / "by-draft")


@pytest.mark.parametrize("name", ["out", "out.jsonl"])
def test_a_glossary_edit_asks_only_for_sentences_it_touches(tmp_path: Path, name: str) -> None:
    given, output = archive_of(tmp_path, 40), tmp_path / name
    go(given, output, TERMS)
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.glob("out/*")}
    account, asked = go(given, output, MORE)
    assert len(asked.keys) == account.translated == 1
    touched = [n for n, text in enumerate(texts(40)) if SENTENCES[0] in text]
    assert 0 < len(touched) < 40
    assert sum(b"Left Bank" in data for data in outcome(output).values()) == (len(touched) if name == "out" else 1)
    assert sum(path.stat().st_mtime_ns != stamp for path, stamp in stamps.items()) == (len(touched) if stamps else 0)
    assert go(given, output, TERMS)[0].translated == 0  # and back: the old answers are still there


def test_a_draft_that_was_deleted_is_made_again_from_what_is_known(tmp_path: Path) -> None:
    given, output = archive_of(tmp_path, 5), tmp_path / "out"
    go(given, output)
    before = outcome(output)
    (output / "n-3.en.xlf").unlink()
    account, asked = go(given, output)
    assert (asked.keys, account.written, account.unchanged) == ([], 1, 4)
    assert outcome(output) == before


def test_an_edited_article_keeps_a_persons_text(tmp_path: Path) -> None:
    first, second, other = SENTENCES[0], SENTENCES[1], SENTENCES[3]
    given, output = jsonl(tmp_path / "in.jsonl", [{"id": "x", "text": f"{first} {second}"}]), tmp_path / "out"
    go(given, output)
    path = drafts.path_for(output, "x")
    old = drafts.load(path)
    name = next(segment.id for segment in old.article.segments() if segment.text == first)
    mine = drafts.revised(old.targets[name], "My words.", source=first, who="Nour", when="2026-01-02T03:04:05Z")
    drafts.save(drafts.Draft(old.article, {**old.targets, name: mine}), path, base=old.fingerprint)
    edited = path.read_bytes()
    assert go(given, output)[0].unchanged == 1
    assert path.read_bytes() == edited
    jsonl(given, [{"id": "x", "text": f"{first} {other}"}])
    go(given, output, MORE)
    target = drafts.load(path).targets[name]
    assert (target.text, target.state, target.origin) == ("My words.", State.EDITED, Origin.PERSON)
    assert any("Left Bank" in alternative.text for alternative in target.alternatives)


# --- stopped and resumed ----------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 4), max_size=4), st.sampled_from(["out", "out.jsonl"]), st.integers(0, 9))
@settings(max_examples=12, deadline=None)
def test_a_run_that_is_stopped_and_resumed_is_one_run(stops: list[int], name: str, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        given = archive_of(here, 12, seed)
        _, whole = go(given, here / f"whole-{name}")
        keys: list[bytes] = []
        for stop in stops:
            asked = Asked(stop)
            try:
                go(given, here / name, asked=asked)
            except KeyboardInterrupt:
                assert not list(here.glob(f".{name}*"))  # nothing half done is left
            keys += asked.keys
        keys += go(given, here / name)[1].keys
        assert Counter(keys) == Counter(whole.keys)  # not one lost, not one twice
        assert outcome(here / name) == outcome(here / f"whole-{name}")


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("name", ["out", "out.jsonl"])
def test_a_run_killed_at_random_moments_loses_at_most_its_batch(tmp_path: Path, name: str) -> None:
    given, log = archive_of(tmp_path, 60), tmp_path / "log"
    _, whole = go(given, tmp_path / f"whole-{name}")
    chance = random.Random(8)
    kills, patience = 0, 0.2
    for _ in range(6):
        child = os.fork()
        if not child:  # what it does is all on disk
            number = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

            code = 1
            try:
                _run_logged(given, tmp_path / name, number)
                code = 0
            finally:
                os._exit(code)
        time.sleep(chance.random() * patience)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        kills += os.WIFSIGNALED(status)
    assert kills
    before = [batch.split() for batch in log.read_text().splitlines()] if log.exists() else []
    _, last = go(given, tmp_path / name)
    keys = Counter(key for batch in before for key in batch) + Counter(key.hex() for key in last.keys)
    assert set(keys) == {key.hex() for key in whole.keys}
    largest = max(len(batch) for batch in whole.batches)
    assert sum(keys.values()) - len(keys) <= kills * largest
    assert outcome(tmp_path / name) == outcome(tmp_path / f"whole-{name}")


class Logged(Here):
    """Says on the disk what it is asked, slowly."""

    def __init__(self, number: int) -> None:
        super().__init__(FakeEngine())
        self.number = number

    def give(self, questions: Sequence[Question]) -> None:
        os.write(self.number, (" ".join(question.key.hex() for question in questions) + "\n").encode())
        time.sleep(0.004)
        super().give(questions)


def _run_logged(given: Path, output: Path, log: int) -> None:
    beside = output.with_name(output.name + ".archive")
    store = Store(beside / "answers.sqlite")
    with Quarantine(beside / "quarantine.tsv") as aside:
        run = Run(open_outlet(output), store, TERMS, FakeEngine(), aside, Wishes(tokens=64), pool=Logged(log))
        run.over(open_source(given))


class Elsewhere(Asked):
    """Several workers: the answers come in any order, and late."""

    def __init__(self, room: int, seed: int, engine: FakeEngine | None = None) -> None:
        super().__init__(engine=engine)
        self.room, self.chance = room, random.Random(seed)

    def take(self) -> Sequence[Answer]:
        assert 0 < len(self._given) <= self.room
        self._given.rotate(self.chance.randrange(len(self._given)))
        return super().take()


@given(st.integers(1, 7), st.integers(0, 99), st.sampled_from(["out", "out.jsonl"]))
@settings(max_examples=20, deadline=None)
def test_answers_may_come_from_several_places_in_any_order(room: int, seed: int, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        given = archive_of(here, 30, seed)
        _, whole = go(given, here / f"whole-{name}")
        asked = Elsewhere(room, seed)
        account, _ = go(given, here / name, asked=asked)
        assert asked.batches == whole.batches  # the same, wherever they are answered
        assert outcome(here / name) == outcome(here / f"whole-{name}")
        assert account.translated == len(asked.keys)


def test_a_sentence_somebody_else_chokes_on_costs_every_article_that_has_it(tmp_path: Path) -> None:
    given = archive_of(tmp_path, 30)
    bad = [number for number, text in enumerate(texts(30)) if "الإغاثة" in text]
    account, asked = go(given, tmp_path / "out", asked=Elsewhere(5, 1, Choking("الإغاثة")), wishes=Wishes(tokens=128))
    assert (account.quarantined, account.written) == (len(bad), 30 - len(bad))
    assert len(asked.keys) == len(set(asked.keys))


def test_a_batch_is_full_and_nothing_is_left_over_for_another(tmp_path: Path) -> None:
    _, asked = go(archive_of(tmp_path, 200), tmp_path / "out.jsonl", wishes=Wishes(tokens=400))
    sizes = [len(batch) for batch in asked.batches]
    assert min(sizes[:-1]) > max(sizes) // 2


def test_no_more_than_a_window_is_held(tmp_path: Path) -> None:
    taken, most = 0, 0

    def items() -> Iterator[Item]:
        nonlocal taken, most
        for number in range(3 * ARTICLES):
            taken += 1
            most = max(most, taken - sum(event["event"] == "article" for event in events))
            yield Item(f"n{number}", f"in:{number}", number, SENTENCES[4].encode(), "text", f"n{number}")

    events: list[Mapping[str, object]] = []
    account, _ = go(Source(3 * ARTICLES, items), tmp_path / "out.jsonl", wishes=Wishes(), events=events)
    assert (account.articles, account.translated) == (3 * ARTICLES, 1)
    assert ARTICLES // 2 < most <= ARTICLES + 1


# --- bad articles and bad days ----------------------------------------------------------------------------------------


def test_bad_articles_are_named_with_the_reason_and_stop_nobody(tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl"
    good = json.dumps({"id": "good", "text": SENTENCES[0]}, ensure_ascii=False).encode()
    lines = [
        b"{",
        b'{"text": "\xff"}',
        b"[1]",
        b'{"id": "empty", "text": "  "}',
        b'{"id": "english", "text": "No Arabic here."}',
        good,
        b"",
        good,
        b'{"id": "broken", "text": "\\ud800"}',
        json.dumps({"id": "pdf", "text": "%PDF-1.7"}).encode(),
        json.dumps({"id": "last", "text": SENTENCES[1]}).encode(),
    ]
    given.write_bytes(b"\n".join(lines))
    account, _ = go(given, tmp_path / "out")
    assert sorted(outcome(tmp_path / "out")) == ["good.en.xlf", "last.en.xlf"]
    told = (tmp_path / "out.archive/quarantine.tsv").read_text("utf-8").splitlines()
    assert (account.written, account.quarantined, len(told)) == (2, 8, 9)
    reasons = dict(line.split("\t") for line in told)
    assert reasons["in.jsonl:1"].startswith("is no JSON: ")
    assert reasons["in.jsonl:2"] == "is not UTF-8 (byte offset 10 of the line)"
    assert reasons["in.jsonl:3"] == "is no JSON object"
    assert reasons["in.jsonl:4"].startswith("has no text; looked for markdown")
    assert reasons["in.jsonl:5"].startswith("has no Arabic letters")
    assert reasons["in.jsonl:8"].startswith("is called good, and so is in.jsonl:6")
    assert "not UTF-8" in reasons["in.jsonl:9"]
    assert "is a PDF" in reasons["in.jsonl:10"]
    jsonl(given, [{"id": "good", "text": SENTENCES[0]}])
    assert go(given, tmp_path / "out")[0].quarantined == 0
    assert not (tmp_path / "out.archive/quarantine.tsv").exists()


class Choking(FakeEngine):
    """Cannot take one word, or any."""

    def __init__(self, word: str) -> None:
        self.word = word

    def translate(self, requests: Sequence[Request], progress: Progress | None = None) -> list[list[Hypothesis]]:
        if any(self.word in request.text for request in requests):
            raise RuntimeError("no room for\nthis")
        return super().translate(requests, progress)


def test_a_sentence_the_model_chokes_on_costs_its_article_only(tmp_path: Path) -> None:
    given = archive_of(tmp_path, 30)
    bad = [number for number, text in enumerate(texts(30)) if "الإغاثة" in text]
    account, _ = go(given, tmp_path / "out", asked=Asked(engine=Choking("الإغاثة")), wishes=Wishes())
    assert 0 < len(bad) == account.quarantined < 30
    assert account.written == 30 - len(bad)
    told = (tmp_path / "out.archive/quarantine.tsv").read_text("utf-8")
    assert f"in.jsonl:{bad[0] + 1}\tn-{bad[0]}." in told
    assert "cannot be translated: RuntimeError: no room for this" in told
    account, asked = go(given, tmp_path / "out")
    assert (account.written, account.quarantined, len(asked.keys)) == (len(bad), 0, 1)


def test_a_model_that_translates_nothing_is_not_the_articles_fault(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"fake\|latin-1: translates nothing \(RuntimeError: no room for this\)"):
        go(archive_of(tmp_path, 30), tmp_path / "out", asked=Asked(engine=Choking("")), wishes=Wishes())


def test_a_damaged_store_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(OutputError, match=r"cannot be used .*delete it"):
        Store(tmp_path / "answers.sqlite")


# --- what goes in and out ---------------------------------------------------------------------------------------------


def test_a_record_says_more_than_its_text(tmp_path: Path) -> None:
    record = {
        "id": 17,
        "title": 'سقوط "الساحل": خبر',
        "text": f"خبر آخر من المدينة\n{SENTENCES[0]}\n{SENTENCES[1]}",
        "date": "2016-02-03T04:05:06Z",
        "url": "https://example.org/17",
        "topics": ["Mosul", "Water"],
        "other": {"not": "read"},
    }
    go(jsonl(tmp_path / "in.jsonl", [record]), tmp_path / "out.jsonl", MORE)
    (line,) = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    made = json.loads(line)
    assert (made["article"], made["name"]) == ("a-17", "17")
    assert made["meta"]["title"] == 'سقوط "الساحل": خبر'
    assert made["meta"]["source"] == "https://example.org/17"
    assert made["meta"]["topics"] == "Mosul, Water"
    assert [segment["kind"] for segment in made["segments"]] == ["title", "heading", "paragraph", "paragraph"]
    assert "the Left Bank" in made["english"]
    assert made["segments"][2]["terms"] == [
        {"source": "الساحل الأيسر", "target": "the Left Bank", "status": "forced", "surface": "Left Bank"}
    ]


def test_fields_can_be_named_otherwise_and_html_is_read(tmp_path: Path) -> None:
    page = f"<article><h1>عنوان الخبر</h1><p>{SENTENCES[1]}</p></article>"
    records = [{"nr": "x1", "seite": page, "text": "no"}]
    source = open_source(jsonl(tmp_path / "in.jsonl", records), {"html": "seite", "id": "nr"})
    assert go(source, tmp_path / "out.jsonl")[0].written == 1


@pytest.mark.parametrize("field", ["text", "html", "markdown"])
@pytest.mark.parametrize("title", ["عنوان الخبر", "عنوان آخر"])
def test_a_title_is_translated_once_whatever_the_text_says(tmp_path: Path, field: str, title: str) -> None:
    first, second = SENTENCES[1], SENTENCES[3]
    forms = {
        "text": f"عنوان الخبر\n{first}\n{second}",
        "html": f"<article><h1>عنوان الخبر</h1><p>{first}</p><p>{second}</p></article>",
        "markdown": f"# عنوان الخبر\n\n{first}\n\n{second}",
    }
    given = jsonl(tmp_path / "in.jsonl", [{"id": "x", field: forms[field], "title": title}])
    go(given, tmp_path / "out.jsonl")
    go(given, tmp_path / "out")
    made = json.loads((tmp_path / "out.jsonl").read_text("utf-8"))
    sources = [segment["source"] for segment in made["segments"]]
    if field == "html":  # what a page is called it says itself
        title = "عنوان الخبر"
    assert sources == [title, *(["عنوان الخبر"] if title != "عنوان الخبر" else []), first, second]
    assert [segment["kind"] for segment in made["segments"]].count("title") == 1
    assert made["meta"]["title"] == title
    assert made["title"]
    draft = drafts.load(tmp_path / "out/x.en.xlf")
    assert [segment.text for segment in draft.article.segments()] == sources


def test_unknown_fields_are_refused(tmp_path: Path) -> None:
    archive_of(tmp_path, 1)
    with pytest.raises(UsageError, match="no such field: body"):
        open_source(tmp_path / "in.jsonl", {"body": "x"})


def test_a_folder_is_read_to_the_bottom_with_the_files_of_records_in_it(tmp_path: Path) -> None:
    for name in ("b/x.md", "a/y.txt", "README.md", ".hidden.md", "b/.git/z.md", "notes.docx"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(SENTENCES[0], "utf-8")
    jsonl(tmp_path / "in/more.jsonl", [{"id": "z", "text": SENTENCES[1]}, {"id": "x", "text": SENTENCES[1]}])
    source = open_source(tmp_path / "in")
    assert [item.where.removeprefix(f"{tmp_path}/in/") for item in source.items()] == [
        *("more.jsonl:1", "more.jsonl:2", "a/y.txt", "b/x.md")
    ]
    account, _ = go(source, tmp_path / "out")
    assert sorted(outcome(tmp_path / "out")) == ["x.en.xlf", "y.en.xlf", "z.en.xlf"]
    assert account.quarantined == 1  # two articles are called x


def test_parquet_goes_in_and_out(tmp_path: Path) -> None:
    arrow, files = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    records = [{"id": number, "text": text, "date": None} for number, text in enumerate(texts(60))]
    files.write_table(arrow.Table.from_pylist(records), tmp_path / "in.parquet")
    lines = jsonl(tmp_path / "in.jsonl", records)
    go(tmp_path / "in.parquet", tmp_path / "out.parquet", wishes=Wishes())
    go(lines, tmp_path / "out.jsonl", wishes=Wishes())
    rows = files.read_table(tmp_path / "out.parquet").to_pylist()
    wanted = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [{**row, "meta": dict(row["meta"])} for row in rows] == wanted
    before = outcome(tmp_path / "out.parquet")
    go(tmp_path / "in.parquet", tmp_path / "out.parquet", wishes=Wishes())
    assert outcome(tmp_path / "out.parquet") == before
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(ArticleError, match="is no Parquet file"):
        open_source(tmp_path / "bad.parquet")


def test_without_pyarrow_parquet_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "in.parquet").touch()
    with pytest.raises(UsageError, match=r"needs the package pyarrow.*tarjuman\[parquet\]"):
        open_source(tmp_path / "in.parquet")
    with pytest.raises(UsageError, match="pyarrow"):
        open_outlet(tmp_path / "out.parquet")


@pytest.mark.parametrize(
    ("given", "output", "message"),
    [
        ("none", "out", "there is no such file"),
        ("x.csv", "out", "is no archive"),
        ("empty", "out", "no articles in this folder"),
        ("in.jsonl", "out.csv", "is no form of output"),
        ("in.jsonl", "x.csv/", "is no form of output"),
        ("in.jsonl", "file", "is a file"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, given: str, output: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "x.csv").touch()
    archive_of(tmp_path, 1)
    with pytest.raises(TarjumanError, match=message):
        open_source(tmp_path / given)
        open_outlet(tmp_path / output)


def test_speed_and_time_left() -> None:
    now = [0.0]
    pace = Pace(100, lambda: now[0])
    now[0] = 10.0
    speed = pace.now(20, 5, 50)
    assert (speed.articles, speed.segments, speed.left) == (0.5, 5.0, 40.0)
    assert Pace(0, lambda: 0.0).now(5, 1, 1).left is None
    assert (clock_time(65), clock_time(3725)) == ("1:05", "1:02:05")


# --- as a person calls it ---------------------------------------------------------------------------------------------


def call(*arguments: object) -> Result:
    given = [str(argument) for argument in arguments]
    return CliRunner().invoke(main, ["archive", *given, "--engine", "fake", "--glossary", "none"])


def test_the_command_reports_counts_and_says_what_was_set_aside(tmp_path: Path) -> None:
    given = jsonl(tmp_path / "in.jsonl", [{"id": "a", "text": SENTENCES[0]}, {"id": "b", "text": "English"}])
    result = call(given, tmp_path / "out", "--events", tmp_path / "events", "--json")
    assert result.exit_code == 3
    assert "2 articles: 1 written, 0 unchanged" in result.stderr
    assert "1 articles set aside, see" in result.stderr
    figures = json.loads(result.stdout)
    assert (figures["written"], figures["quarantined"], figures["translated"]) == (1, 1, 1)
    assert figures["peak_memory"] > 1_000_000 or sys.platform == "win32"
    events = [json.loads(line) for line in (tmp_path / "events").read_text("utf-8").splitlines()]
    assert [event["event"] for event in events if event["event"] != "progress"] == [
        "start",
        "quarantine",
        "article",
        "end",
    ]
    shown = call(given, tmp_path / "out", "--events", "-", "--quiet")
    assert [json.loads(line)["event"] for line in shown.stdout.splitlines()][-1] == "end"


def test_limit_and_since(tmp_path: Path) -> None:
    records = [
        {"id": f"n-{year}", "text": SENTENCES[0], **({"date": f"{year}-05-06"} if year else {})}
        for year in (2014, 0, 2016, 2017)
    ]
    given = jsonl(tmp_path / "in.jsonl", records)
    result = call(given, tmp_path / "out", "--since", "2016-05-06", "--limit", "2")
    assert result.exit_code == 0
    assert sorted(outcome(tmp_path / "out")) == ["n-0.en.xlf", "n-2016.en.xlf"]
    assert "1 earlier ones left out" in result.stderr
    result = call(given, tmp_path / "out", "--since", "yesterday")
    assert (result.exit_code, "Write it like 2016-01-31" in result.stderr) == (2, True)


def test_one_run_at_a_time_and_no_output_among_the_articles(tmp_path: Path) -> None:
    from translate.cli.archive import _alone

    given = archive_of(tmp_path, 2)
    with _alone(tmp_path / "out.archive"):
        result = call(given, tmp_path / "out")
    assert (result.exit_code, "another run is writing" in result.stderr) == (5, True)
    assert call(tmp_path, tmp_path / "out.jsonl").exit_code == 2
    assert call(given, tmp_path / "out", "--field", "text").exit_code == 2
    assert call(given, tmp_path / "out", "--json", "--events", "-").exit_code == 2

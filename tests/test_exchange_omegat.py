"""Projects, XLIFF 1.2 and TMX in the hands of another program: OmegaT, started without a window.

Debian has it (`apt-get install omegat`, 3.6). A person at work in it is a memory of what they translated, put where
OmegaT keeps it before it writes its translated documents; so the whole way there and back is walked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner
from lxml import etree

from glossary import TermBase
from translate import drafts as shelf
from translate import readers
from translate.cli.exchange import export_command, import_command
from translate.document import Article, Block, Draft, Kind, Mark, Origin, Segment, State, Target
from translate.engines.fake import FakeEngine
from translate.exchange import codes, xliff12
from translate.exchange.tree import LANG
from translate.pipeline import Glossary, translate

OMEGAT = shutil.which("omegat") or ""
pytestmark = pytest.mark.skipif(not OMEGAT, reason="OmegaT is not installed (Debian: omegat)")
SEEDS = sorted(p for p in (Path(__file__).parent.parent / "seeds").glob("*.md") if p.name != "README.md")
NOW = "2026-11-22T05:10:00Z"
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
STATES = (State.MACHINE, State.APPROVED, State.EDITED, State.MACHINE, State.MACHINE)
XLIFF = "{urn:oasis:names:tc:xliff:document:1.2}"


def start(project: Path) -> None:
    """Let OmegaT open a project and write its translated documents."""
    clean = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "JAVA_TOOL_OPTIONS")}
    home = project.parent / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [OMEGAT, str(project), "--mode=console-translate", f"--config-dir={home}", "--quiet"],
        capture_output=True, text=True, check=False, timeout=300,
        env={**clean, "HOME": str(home), "JAVA_TOOL_OPTIONS": f"-Djava.awt.headless=true -Duser.home={home} {QUICK}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(p.name for p in (project / "target").iterdir()) == sorted(
        p.name for p in (project / "source").iterdir()
    ), done.stdout


def seed(path: Path) -> Draft:
    """An article in every state: the machine's, edited and approved in turn."""
    article = readers.read(path)
    found = translate(article, Glossary.of(TermBase(())), FakeEngine())
    targets = dict(found)
    for number, (name, target) in enumerate(found.items()):
        state = STATES[number % len(STATES)]
        if state is not State.MACHINE:
            text = f"{target.text} {state.value.title()} <{number}> & “so”."
            targets[name] = shelf.revised(target, text, source=target.source, who="Layla", when=NOW, state=state)
    return Draft(article, targets)


def formatted() -> Draft:
    """Sentences with every kind of formatting, crossing and at the ends, and one Arabic three times."""
    link = (("href", "https://example.org/?a=1&b=2"),)
    sentences: list[tuple[str, tuple[Mark, ...], str, tuple[Mark, ...], State]] = [
        ("قال إنه هرب.", (Mark("strong", 4, 7),), "He said he fled.", (Mark("strong", 8, 10),), State.EDITED),
        ("عاد الرجل", (Mark("link", 0, 9, link),), "The man came back", (Mark("link", 4, 7, link),), State.APPROVED),
        ("أبجد هوز", (Mark("strong", 0, 4), Mark("link", 2, 8, link)),
         "abjad hawaz", (Mark("link", 2, 11, link), Mark("strong", 0, 5)), State.EDITED),
        ("اكتب x=1 هنا\nثم", (Mark("code", 5, 8), Mark("break", 12, 13)),
         "Write x=1 here\nthen", (Mark("code", 6, 9), Mark("break", 14, 15)), State.EDITED),
        ("انظر صورة هنا", (Mark("image", 5, 9, (("src", "a.png"),)),),
         "See picture here", (Mark("image", 4, 11, (("src", "a.png"),)),), State.APPROVED),
        ("كتب الرجل رسالة", (Mark("emphasis", 4, 9),), "The man wrote", (Mark("emphasis", 4, 7),), State.MACHINE),
        ("\u0007جرس  مزدوج", (), "A\u0007 double  bell", (), State.EDITED),
        ("اقرأ أيضا:", (), "Read also:", (), State.EDITED),
        ("اقرأ أيضا:", (), "See also:", (), State.APPROVED),
        ("اقرأ أيضا:", (), "Read too:", (), State.MACHINE),
        ("لم يترجم بعد.", (), "", (), State.NEW),
    ]  # fmt: skip
    blocks, targets = [], {}
    for number, (arabic, marks, english, its, state) in enumerate(sentences, 1):
        segment = Segment(f"a-day.{number}.1", arabic, 0, marks)
        blocks.append(Block(number, Kind.PARAGRAPH, arabic, segments=(segment,), marks=marks))
        person = state in (State.EDITED, State.APPROVED)
        touch = {"origin": Origin.PERSON, "who": "Layla", "when": NOW} if person else {}
        if english:
            targets[segment.id] = Target(english, state, marks=its, source=arabic, **touch)  # type: ignore[arg-type]
    return Draft(Article("a-day", tuple(blocks)), targets)


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder of drafts and the programs around it."""

    folder: Path
    drafts: tuple[Draft, ...]

    def run(self, *arguments: str) -> str:
        command = export_command if arguments[0] == "export" else import_command
        done = CliRunner().invoke(command, [*arguments[1:], "--drafts", str(self.folder)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.name[0] != "."}

    def target(self, name: str) -> Target:
        return shelf.load(shelf.path_for(self.folder, name.split(".")[0])).targets[name]


def desk(folder: Path) -> Desk:
    drafts = (*(seed(path) for path in SEEDS), formatted())
    for draft in drafts:
        shelf.save(draft, shelf.path_for(folder / "drafts", draft.article.slug), base="")
    return Desk(folder / "drafts", drafts)


def translated(folder: Path) -> dict[str, etree._Element]:
    """The sentences of the documents OmegaT wrote, by id."""
    found = {}
    for path in sorted(folder.glob("*.xlf")):
        for unit in etree.parse(path).getroot().iter(f"{XLIFF}trans-unit"):
            assert unit.get("id", "") not in found
            found[unit.get("id", "")] = unit
    return found


def text(unit: etree._Element, side: str) -> str:
    element = unit.find(XLIFF + side)
    assert element is not None
    return "".join(str(part) for part in element.itertext())


def shape(unit: etree._Element, side: str) -> list[tuple[str, str]]:
    element = unit.find(XLIFF + side)
    assert element is not None
    return [(etree.QName(code).localname, code.get("id", "")) for code in element.iterdescendants()]


def remember(project: Path, default: Mapping[str, str], places: Sequence[tuple[str, str, str, str]] = ()) -> None:
    """What somebody translated in OmegaT: Arabic -> English, and (file, id, Arabic, English) for one place only."""
    units = [("", arabic, english) for arabic, english in default.items()]
    for file, name, arabic, english in places:
        units.append((f'<prop type="file">{file}</prop><prop type="id">{name}</prop>', arabic, english))
    body = "".join(
        f'<tu>{props}<tuv lang="AR"><seg>{escape(arabic)}</seg></tuv>'
        f'<tuv lang="EN" changeid="mona" changedate="20261123T080000Z"><seg>{escape(english)}</seg></tuv></tu>'
        for props, arabic, english in units
    )
    (project / "omegat" / "project_save.tmx").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.1"><header creationtool="OmegaT" o-tmf="OmegaT TMX" '
        'adminlang="EN-US" datatype="plaintext" creationtoolversion="3.6.0" segtype="paragraph" srclang="AR"/>'
        f"<body>{body}</body></tmx>",
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Path]:
    """A project as OmegaT leaves it where nobody worked, and ordinary XLIFF beside it."""
    folder = tmp_path_factory.mktemp("untouched")
    there, project = desk(folder), folder / "project"
    there.run("export", "--format", "omegat", "-o", str(project))
    there.run("export", "--format", "xliff12", "-o", str(project / "source" / "plain"))
    start(project)
    return there, project


def test_a_project_nobody_worked_in_changes_nothing(untouched: tuple[Desk, Path]) -> None:
    there, project = untouched
    before = there.files()
    units = translated(project / "target")
    for draft in there.drafts:
        for segment in draft.article.segments():
            unit = units.pop(segment.id)
            source = etree.parse(project / "source" / f"{draft.article.slug}.xlf").getroot()
            (sent,) = (u for u in source.iter(f"{XLIFF}trans-unit") if u.get("id") == segment.id)
            assert sorted(unit.items()) == sorted(sent.items())
            assert (text(unit, "source"), shape(unit, "source")) == (text(sent, "source"), shape(sent, "source"))
            assert [note.text for note in unit.iter(f"{XLIFF}note")] == [n.text for n in sent.iter(f"{XLIFF}note")]
            target = draft.targets.get(segment.id)
            if target is not None and target.state in (State.EDITED, State.APPROVED):
                assert len({name.removesuffix("e") for _, name in shape(unit, "target")}) == len(target.marks)
                assert target.marks or text(unit, "target") == codes.escape(target.text)
            else:
                assert text(unit, "target") == text(sent, "source")
    assert not units
    told = there.run("import", *map(str, sorted((project / "target").glob("*.xlf"))), "--who", "Mona")
    number = sum(len(list(draft.article.segments())) for draft in there.drafts)
    assert f"6 files: {number} unchanged; 0 drafts saved" in told
    assert there.files() == before


def test_what_was_translated_in_a_project_comes_back_and_nothing_else(tmp_path: Path) -> None:
    there, project = desk(tmp_path), tmp_path / "project"
    there.run("export", "--format", "omegat", "-o", str(project))
    machine, confirmed, approved, edited = _one_of_each(there.drafts[0])
    remember(
        project,
        {
            machine.text: "A new & better text.",
            confirmed.text: there.target(confirmed.id).text,
            approved.text: "Not agreed upon.",
            edited.text: "Edited again.",
            "كتب <g0>الرجل</g0> رسالة": "<g0>The man</g0> wrote a letter",
            "قال <g0>إنه</g0> هرب.": "He said <g0>he</g0> got away.",
            "لم يترجم بعد.": "Now it is.",
        },
        [("a-day.xlf", "a-day.10.1", "اقرأ أيضا:", "Also worth reading:")],
    )
    before = {name: target for draft in there.drafts for name, target in draft.targets.items()}
    start(project)
    told = there.run("import", str(project), "--who", "Mona")
    assert "6 merged, 1 raised" in told
    assert "1 conflict; 2 drafts saved" in told
    changed = {
        machine.id: ("A new & better text.", ()),
        confirmed.id: (before[confirmed.id].text, ()),
        edited.id: ("Edited again.", ()),
        "a-day.6.1": ("The man wrote a letter", (Mark("emphasis", 0, 7),)),
        "a-day.1.1": ("He said he got away.", (Mark("strong", 8, 10),)),
        "a-day.11.1": ("Now it is.", ()),
        "a-day.10.1": ("Also worth reading:", ()),
    }
    for name, expected in changed.items():
        now = there.target(name)
        assert (now.text, now.marks) == expected
        assert (now.state, now.who) == (State.EDITED, "Mona")
        assert now.origin is (Origin.MACHINE if name == confirmed.id else Origin.PERSON)
    kept = there.target(approved.id)
    assert [other.text for other in kept.alternatives] == ["Not agreed upon."]
    assert replace(kept, alternatives=()) == before[approved.id]
    for name, target in before.items():
        if name not in changed and name != approved.id:
            assert there.target(name) == target


def _one_of_each(draft: Draft) -> tuple[Segment, Segment, Segment, Segment]:
    """Two sentences of the machine's, one approved and one edited, none of them there twice."""
    by_state: dict[State, list[Segment]] = {state: [] for state in State}
    texts = [segment.text for segment in draft.article.segments()]
    for segment in draft.article.segments():
        if texts.count(segment.text) == 1:
            by_state[draft.targets[segment.id].state].append(segment)
    machine, confirmed = by_state[State.MACHINE][:2]
    return machine, confirmed, by_state[State.APPROVED][0], by_state[State.EDITED][0]


def test_the_memory_of_the_drafts_is_found_for_every_sentence_in_it(tmp_path: Path) -> None:
    there, project = desk(tmp_path), tmp_path / "project"
    there.run("export", "--format", "omegat", "-o", str(project))
    shutil.rmtree(project / "tm")
    memory = project / "tm" / "auto" / "approved.tmx"
    there.run("export", "--format", "tmx", "--also-edited", "-o", str(memory))
    start(project)
    units = translated(project / "target")
    (there_as_sent,) = {len(list(etree.parse(memory).getroot().iter("tu")))}
    plain = 0
    for draft in there.drafts:
        for segment in draft.article.segments():
            target = draft.targets.get(segment.id)
            if segment.marks or segment.text == "اقرأ أيضا:":
                continue
            if target is not None and target.state in (State.EDITED, State.APPROVED):
                assert text(units[segment.id], "target") == codes.escape(target.text)
                plain += 1
            else:
                assert text(units[segment.id], "target") == text(units[segment.id], "source")
    assert plain >= 30
    assert there_as_sent == plain + 7
    for unit in etree.parse(memory).getroot().iter("tu"):
        assert [side.get(LANG) for side in unit.iter("tuv")] == ["ar", "en"]


def test_ordinary_xliff_passes_through_it_untouched(untouched: tuple[Desk, Path]) -> None:
    there, project = untouched
    before = there.files()
    units = translated(project / "target" / "plain")
    for draft in there.drafts:
        for segment in draft.article.segments():
            assert text(units[segment.id], "source") == codes.escape(segment.text) or segment.marks
            target = draft.targets.get(segment.id)
            sent = units[segment.id].find(f"{XLIFF}target")
            assert sent is not None
            assert sent.get("state") == (xliff12.STATES[target.state] if target else "new")
    told = there.run("import", *map(str, sorted((project / "target" / "plain").glob("*.xlf"))))
    assert "unchanged; 0 drafts saved" in told
    assert "merged" not in told
    assert there.files() == before

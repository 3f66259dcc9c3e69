"""The commands that are killed, each with the small folder it is killed in.

Every folder begins as the same project: two articles cut from the real ones, their drafts with people's edits, an old
and a new term base. What a command needs besides is laid out by running other commands, undisturbed.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from glossary import TermBase
from translate import drafts, readers
from translate.document import Alternative, Draft, Origin, State, Target
from translate.engines.fake import FakeEngine
from translate.pipeline import Glossary, recheck, translate

ROOT = Path(__file__).parents[3]
LENGTHS = {"mosul-refuge-of-raqqa-isis": 4, "isis-secret-documents-mutiny": 2}
"""The articles, and how many of their paragraphs."""
ONE, TWO = LENGTHS
OLD_TERMS = (
    "source\ttarget\tnumber\tforms\tnote\nالموصل\tMosul\t\t\t\nالتنظيم\tthe organization\t\t\t\nداعش\tISIS\t\t\t\n"
)
NEW_TERMS = OLD_TERMS.replace("the organization", "the group") + "عناصر\tmembers\t\t\t\n"
ADDED = {"source": "مصادر", "target": "sources", "note": "people, not papers"}
EARLIER = "2026-11-20T10:00:00Z"

Run = Callable[[str, Sequence[str]], None]
"""Does something undisturbed in the folder that is laid out: what, and with which words."""


@dataclass(frozen=True, slots=True)
class Command:
    """One that is killed."""

    name: str
    promise: str
    words: Callable[[Path], Sequence[str]]
    """What it is called with, in its folder."""
    lay: Callable[[Path, Run], None] = lambda _folder, _run: None
    """What its folder needs besides."""
    act: str = "tarjuman"
    load: tuple[str, ...] = ()
    """Modules that take long to load; such a command is not tried by the test suite."""
    makes: tuple[str, ...] = ("drafts",)
    """Folders it writes into, which are forbidden to it in one of the trials."""


def project(folder: Path) -> None:
    """Articles, terms, and drafts with people's work in them."""
    for name in ("seeds", "drafts", "home", "tmp"):
        (folder / name).mkdir(parents=True)
    for slug, length in LENGTHS.items():
        _, front, body = (ROOT / "seeds" / f"{slug}.md").read_text("utf-8").split("---\n", 2)
        cut = "\n\n".join(body.strip().split("\n\n")[:length])
        (folder / "seeds" / f"{slug}.md").write_text(f"---\n{front}---\n\n{cut}\n", "utf-8")
    (folder / "old.tsv").write_text(OLD_TERMS, "utf-8")
    (folder / "terms.tsv").write_text(NEW_TERMS, "utf-8")
    glossary = Glossary.of(TermBase.load([folder / "old.tsv"]))
    for slug in LENGTHS:
        article = readers.read(folder / "seeds" / f"{slug}.md")
        targets = dict(translate(article, glossary, FakeEngine()))
        for number, (name, target) in enumerate(targets.items()):
            targets[name] = _worked_on(name, target, number)
        left = Target("a sentence that left the article", State.APPROVED, Origin.PERSON, who="Mona", when=EARLIER)
        orphans = {f"{slug}.90.1": ("جملة غادرت المقال", replace(left, source="جملة غادرت المقال"))}
        made = recheck(Draft(article, targets, orphans, glossary.fingerprint), glossary)
        drafts.save(made, drafts.path_for(folder / "drafts", slug), base="")


def _worked_on(name: str, target: Target, number: int) -> Target:
    """Every third sentence edited, every third approved, and somebody else's text beside some."""
    if number % 3 == 0:
        return target
    state = State.APPROVED if number % 3 == 2 else State.EDITED
    text = f"What {'Mona' if number % 2 else 'Basim'} wrote of {name}"
    made = drafts.revised(target, text, source=target.source, who="Mona", when=EARLIER, state=state, seconds=4.5)
    beside = Alternative(f"Another text of {name}", Origin.PERSON, who="Layla", when=EARLIER)
    return replace(made, alternatives=(beside,)) if number % 4 == 1 else made


# --- what some need besides -------------------------------------------------------------------------------------------


def _news(folder: Path, _run: Run) -> None:
    """One sentence reads otherwise, one paragraph is gone, one article is new."""
    path = folder / "seeds" / f"{ONE}.md"
    text = path.read_text("utf-8").replace("العشرات من عائلات", "المئات من عائلات")
    head, *paragraphs = text.strip().split("\n\n")
    path.write_text("\n\n".join([head, *paragraphs[:-1]]) + "\n", "utf-8")
    (folder / "seeds" / "new-article.md").write_text(
        "# هرب عناصر التنظيم\n\nقالت مصادر في الموصل إنهم هربوا.\n", "utf-8"
    )


def _exported(folder: Path, run: Run) -> None:
    """Three files that came back, each with other sentences changed."""
    for form, end in (("tsv", "tsv"), ("xliff12", "xlf"), ("xlsx", "xlsx"), ("tmx", "tmx")):
        run(
            "tarjuman",
            ["export", "--drafts", "drafts", "--format", form, "-o", f"back.{end}", "--also-edited"][
                : None if form == "tmx" else -1
            ],
        )
    table = folder / "back.tsv"
    rows = [row.split("\t") for row in table.read_text("utf-8").split("\n")]
    english = rows[0].index("en") if "en" in rows[0] else 3
    for number, row in enumerate(rows[1:]):
        if len(row) > english and row[english] and number % 3 == 0:
            row[english] = f"Typed into the table, row {number}"
    table.write_text("\n".join("\t".join(row) for row in rows), "utf-8")
    for name in ("back.xlf", "back.tmx"):
        path = folder / name
        path.write_text(re.sub("What Basim wrote of", f"In {name}:", path.read_text("utf-8")), "utf-8")


def _earlier_site(folder: Path, run: Run) -> None:
    """A site of other texts, with an article that is gone by now."""
    gone = folder / "drafts" / "gone.en.xlf"
    (folder / "seeds" / "gone.md").write_text("# خبر قديم\n\nهذا خبر قديم من الموصل.\n", "utf-8")
    run("tarjuman", ["draft", "seeds/gone.md", "--drafts", "drafts", "--glossary", "old.tsv", "--engine", "fake", "-q"])
    run("tarjuman", ["publish", "--drafts", "drafts", "-o", "site", "--glossary", "old.tsv", "-q"])
    gone.unlink()
    for slug in LENGTHS:
        path = drafts.path_for(folder / "drafts", slug)
        was = drafts.load(path)
        name, target = next((name, one) for name, one in was.targets.items() if one.state is State.EDITED)
        now = drafts.revised(target, "Another thought", source=target.source, who="Mona", when=EARLIER)
        drafts.save(replace(was, targets={**was.targets, name: now}), path, base=was.fingerprint)


def _earlier_run(folder: Path, run: Run) -> None:
    """An archive that was made once, in which people worked; then the articles and terms changed."""
    run("tarjuman", ["archive", "seeds", "made", "--glossary", "old.tsv", "--engine", "fake", "-q"])
    for path in drafts.inside(folder / "drafts"):
        shutil.copyfile(path, folder / "made" / path.name)
    _news(folder, run)


def _steps(folder: Path) -> Sequence[str]:
    """An hour at the desk: type, confirm, approve, think again, go back; in two articles."""
    names = {slug: list(drafts.load(drafts.path_for(folder / "drafts", slug)).targets) for slug in LENGTHS}
    (first, second, third, *_), (other, *_) = names[ONE], names[TWO]
    steps = (
        (ONE, first, "keep", "First words"),
        (ONE, first, "confirm", "Confirmed words"),
        (ONE, first, "keep", "Second thoughts \N{GRINNING FACE}\nin two lines"),
        (ONE, second, "approve", "Approved words"),
        (TWO, other, "dismiss", "as the author said it"),
        (ONE, third, "confirm", "Unlocked and changed"),
        (ONE, first, "undo", ""),
    )
    return [json.dumps(step, ensure_ascii=False) for step in steps]


def _said(*words: str) -> Callable[[Path], Sequence[str]]:
    return lambda _folder: words


DRAFTING = ("--glossary", "terms.tsv", "--engine", "fake")

COMMANDS: tuple[Command, ...] = (
    Command("draft", "A killed `draft` loses nothing",
            _said("draft", "seeds", "--drafts", "drafts", *DRAFTING), _news),
    Command("review", "A killed desk loses nothing that it called saved", _steps, act="desk"),
    Command("term", "A term added at the desk is in the file whole or not at all",
            lambda _folder: [json.dumps(ADDED, ensure_ascii=False)], act="term", makes=("drafts", ".")),
    Command("import", "A killed `import` loses nothing",
            _said("import", "back.tsv", "back.xlf", "back.tmx", "back.xlsx", "--drafts", "drafts",
                  "--glossary", "terms.tsv", "--who", "Layla"), _exported),
    Command("impact", "A killed `glossary impact --apply` loses nothing",
            _said("glossary", "impact", "--drafts", "drafts", "--against", "old.tsv", "--apply", *DRAFTING)),
    Command("publish", "A killed `publish` leaves a site that the next one completes",
            _said("publish", "--drafts", "drafts", "-o", "site", "--glossary", "terms.tsv"), _earlier_site,
            makes=("site",)),
    Command("archive", "A killed `archive` into drafts loses nothing",
            _said("archive", "seeds", "made", *DRAFTING), _earlier_run, makes=("made", "made.archive")),
    Command("archive to a file", "A killed `archive` into a file leaves the old file or the new one",
            _said("archive", "seeds", "made.jsonl", *DRAFTING), makes=(".", "made.jsonl.archive")),
    Command("export", "A killed `export` leaves the old file or the new one",
            _said("export", "--drafts", "drafts", "--format", "xlsx", "-o", "out.xlsx"), makes=(".",)),
    Command("ingest", "A killed `ingest` leaves no half article",
            _said("ingest", "raw.txt", "-o", "seeds"),
            lambda folder, _run: shutil.copyfile(folder / "seeds" / f"{ONE}.md", folder / "raw.txt") and None,
            makes=("seeds",)),
    Command("models add", "A killed `models add` leaves no half model",
            lambda _folder: ["models", "add", str(ROOT / "tests" / "toy_model"), "--name", "toy"],
            load=("translate.engines.marian", "transformers.models.marian.modeling_marian", "translate.engines.ct2"),
            makes=("home",)),
)  # fmt: skip

"""XLIFF 1.2, XLIFF 2.1 and TMX in the hands of another program: Translate Toolkit, in an environment of its own.

It is under another licence and its package is called like ours, so it is never installed beside us. Make an environment
with `pip install translate-toolkit` in it and name its interpreter: `TARJUMAN_TOOLKIT=~/toolkit/bin/python pytest ...`.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from translate import readers
from translate.document import Draft, Mark, Origin, State
from translate.engines.fake import FakeEngine
from translate.exchange import formats
from translate.exchange.formats import FORMATS, Wishes
from translate.exchange.merge import Outcome, Sender, merge
from translate.pipeline import Glossary, translate

TOOLKIT = os.environ.get("TARJUMAN_TOOLKIT", "")
pytestmark = pytest.mark.skipif(not TOOLKIT, reason="TARJUMAN_TOOLKIT names no interpreter with Translate Toolkit")
SEEDS = sorted(p for p in (Path(__file__).parent.parent / "seeds").glob("*.md") if p.name != "README.md")
MARKED = {"xliff12": State.APPROVED, "xliff": State.EDITED, "tmx": State.EDITED}
"""What "approved" in it is here: it says no more than `reviewed` in XLIFF 2, and nothing in TMX."""
SUFFIX = {"xliff12": ".xlf", "xliff": ".xlf2", "tmx": ".tmx"}

READ = """
import json, sys
from translate.storage import tmx, xliff, xliff2
kinds = {"tmx": tmx.tmxfile, "xlf": xliff.xlifffile, "xlf2": xliff2.Xliff2File}
store = kinds[sys.argv[1].rsplit(".", 1)[1]].parsefile(sys.argv[1])
def about(unit):
    xml = unit.xmlelement
    return {"id": xml.get("tuid") or xml.get("id"), "source": unit.source, "target": unit.target or "",
            "approved": bool(getattr(unit, "isapproved", bool)())}
print(json.dumps([about(unit) for unit in store.units if not unit.isheader()]))
if len(sys.argv) > 2:
    for unit in store.units[::4]:
        unit.target = unit.target + " Seen."
        if hasattr(unit, "markapproved"):
            unit.markapproved(True)
    store.savefile(sys.argv[2])
"""


def toolkit(*arguments: str) -> list[dict[str, Any]]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [TOOLKIT, "-I", "-c", READ, *arguments], capture_output=True, text=True, check=False, env=clean
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def article(path: Path, state: State) -> Draft:
    read = readers.read(path)
    from glossary import TermBase

    found = translate(read, Glossary.of(TermBase(())), FakeEngine())
    person = Origin.MACHINE if state is State.MACHINE else Origin.PERSON
    return Draft(read, {name: replace(target, state=state, origin=person) for name, target in found.items()})


@pytest.mark.parametrize("form", ["xliff12", "xliff", "tmx"])
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_it_reads_every_sentence(form: str, path: Path, tmp_path: Path) -> None:
    draft = article(path, State.APPROVED)
    away = tmp_path / f"away{SUFFIX[form]}"
    away.write_bytes(FORMATS[form].dump([draft], Wishes()))
    found = toolkit(str(away))
    assert [(unit["id"], unit["source"], unit["target"]) for unit in found] == [
        (segment.id, segment.text, draft.targets[segment.id].text) for segment in draft.article.segments()
    ]
    assert all(unit["approved"] for unit in found) or form == "tmx"


@pytest.mark.parametrize("form", ["xliff12", "xliff", "tmx"])
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_what_it_changed_comes_back_and_nothing_else(form: str, path: Path, tmp_path: Path) -> None:
    draft = article(path, State.EDITED if form == "tmx" else State.MACHINE)
    away, back = tmp_path / f"away{SUFFIX[form]}", tmp_path / f"back{SUFFIX[form]}"
    away.write_bytes(FORMATS[form].dump([draft], Wishes(also_edited=True)))
    toolkit(str(away), str(back))
    rows, error = formats.rows(back.read_bytes(), "back")
    assert error is None
    merged = merge(draft, [(row.id, row) for row in rows], Sender("Mona", "2026-11-22T05:10:00Z"), lambda made: made)
    changed = [segment.id for segment in draft.article.segments()][::4]
    assert merged.segments == set(changed)
    assert {remark.outcome for remark in merged.remarks} == {Outcome.MERGED, Outcome.UNCHANGED}
    for name in changed:
        target = merged.draft.targets[name]
        assert target.text == draft.targets[name].text + " Seen."
        assert (target.state, target.origin) == (MARKED[form], Origin.PERSON)
    assert all(merged.draft.targets[name] == draft.targets[name] for name in draft.targets if name not in changed)


@pytest.mark.parametrize("form", ["xliff12", "xliff", "tmx"])
def test_it_keeps_formatting_it_does_not_touch(form: str, tmp_path: Path) -> None:
    one = article(SEEDS[0], State.APPROVED)
    marks = (Mark("strong", 0, 3), Mark("link", 4, 7, (("href", "https://example.org"),)), Mark("code", 7, 9))
    draft = replace(one, targets={name: replace(t, marks=marks) for name, t in one.targets.items() if len(t.text) > 9})
    away, back = tmp_path / f"away{SUFFIX[form]}", tmp_path / f"back{SUFFIX[form]}"
    away.write_bytes(FORMATS[form].dump([draft], Wishes()))
    toolkit(str(away), str(back))
    rows, _ = formats.rows(back.read_bytes(), "back")
    merged = merge(draft, [(row.id, row) for row in rows[1:4]], Sender(), lambda made: made)
    assert {remark.outcome for remark in merged.remarks} == {Outcome.UNCHANGED}

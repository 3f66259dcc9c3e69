"""A place that cannot be written to is told in one line, whatever writes there."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import pytest
import review_desk as small
from click.testing import CliRunner

from translate.batch.run import Quarantine
from translate.cli import main
from translate.errors import OutputError
from translate.exchange import workbook
from translate.site.facts import FILE, Facts
from translate.terminology.index import Index


def test_a_site_below_a_file(tmp_path: Path) -> None:
    small.saved(tmp_path / "drafts")
    (tmp_path / "file").write_text("")
    told = CliRunner().invoke(
        main, ["publish", "--drafts", str(tmp_path / "drafts"), "-o", str(tmp_path / "file" / "site"), "-q"]
    )
    assert told.exit_code == 6
    assert "the site cannot be written: Not a directory" in told.output


def test_the_list_of_what_was_set_aside(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"quarantine.*cannot be written"):
        Quarantine(tmp_path / "nowhere" / "quarantine.tsv")


def test_what_a_site_remembers(tmp_path: Path) -> None:
    facts = Facts.open(tmp_path, "1")
    with pytest.raises(OutputError, match=rf"{FILE}: cannot keep what is .*\(disk full\)"), facts.guarded():
        raise sqlite3.OperationalError("disk full")
    facts.close()
    (tmp_path / "no" / FILE).mkdir(parents=True)
    with pytest.raises(OutputError, match="cannot keep what is known"):
        Facts.open(tmp_path / "no", "1")


def test_no_room_for_a_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(OutputError, match=r"the workbook cannot be made \(No such file.*TMPDIR"):
        workbook.dump([small.draft()])


def test_findings_that_cannot_be_put_into_the_draft(tmp_path: Path) -> None:
    path = small.saved(tmp_path)
    path.with_name(f".{path.name}.tmp").mkdir()
    desk = small.desk(tmp_path)
    assert "the draft could not be saved" in desk.look_again([small.TWO])
    path.with_name(f".{path.name}.tmp").rmdir()
    assert desk.look_again([small.TWO]) == ""
    desk.close()


def test_an_index_that_fails_is_kept_in_memory(tmp_path: Path) -> None:
    small.saved(tmp_path)
    with Index(tmp_path) as index:
        index._base.execute("DROP TABLE sentence")
        index.refresh()
        assert index.count() == (1, 3)
        index._base.execute("DROP TABLE sentence")
        index.put(small.draft())

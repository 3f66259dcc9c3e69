"""Files are replaced whole or not at all, and what a killed process left beside them goes away."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary import GlossaryFormatError, TermBase
from translate import files
from translate.errors import ConflictError, OutputError
from translate.review.journal import Journal


def test_what_a_killed_process_left_goes_with_the_next_write(tmp_path: Path) -> None:
    (tmp_path / ".x.tsv.tmp").write_text("half a li")
    files.write(tmp_path / "x.tsv", b"whole\n")
    assert [path.name for path in tmp_path.iterdir()] == ["x.tsv"]
    assert (tmp_path / "x.tsv").read_bytes() == b"whole\n"


def test_permissions_stay_and_new_files_get_the_usual_ones(tmp_path: Path) -> None:
    path = tmp_path / "x"
    files.write(path, b"1")
    other = tmp_path / "other"
    other.touch()
    assert path.stat().st_mode == other.stat().st_mode
    path.chmod(0o640)
    files.write(path, b"2")
    assert path.stat().st_mode & 0o777 == 0o640


def test_behind_a_link_the_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "far" / "x")
    files.write(tmp_path / "link", b"1")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "x").read_bytes() == b"1"


def test_something_else_in_the_way_is_told_and_stays(tmp_path: Path) -> None:
    (tmp_path / ".x.tmp").mkdir()
    (tmp_path / "x").write_bytes(b"before")
    with pytest.raises(OutputError, match=r"x: the file cannot be written.*untouched"):
        files.write(tmp_path / "x", b"after")
    assert (tmp_path / "x").read_bytes() == b"before"


def test_two_processes_take_turns(tmp_path: Path) -> None:
    with (
        files.alone(tmp_path / "x"),
        pytest.raises(ConflictError, match="another process is saving into this folder"),
        files.alone(tmp_path / "y", seconds=0.02),
    ):
        raise AssertionError("two at once")
    with files.alone(tmp_path / "y"):
        pass


def test_a_journal_that_was_taken_away_is_written_again_whole(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "x.journal")
    journal.append({"one": 1})
    journal.path.unlink()
    journal.append({"two": 2})
    assert Journal(journal.path).read() == [{"one": 1}, {"two": 2}]
    journal.close()


def test_a_term_base_is_read_from_a_text() -> None:
    (term,) = TermBase.of("source\ttarget\nديوان\tDiwan\n", "the desk").terms
    assert (term.source, term.target) == ("ديوان", "Diwan")
    with pytest.raises(GlossaryFormatError, match="the desk:1"):
        TermBase.of("nothing\there\n", "the desk")

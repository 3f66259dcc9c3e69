"""The list of the files of a site: short or long, however its writer ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from translate.errors import OutputError
from translate.site import manifest
from translate.site.manifest import CHANGES, MANIFEST, Manifest

FILES = {f"articles/a{number}.html": f"{number:064x}" for number in range(40)}
MORE = {**FILES, "articles/a3.html": "1f" * 32, "b.html": "2e" * 32}
LESS = {path: digest for path, digest in MORE.items() if path != "articles/a7.html"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a list that is long already."""
    monkeypatch.setattr(manifest, "_SHORT", 10)
    monkeypatch.setattr(manifest, "_PART", 3)
    Manifest(tmp_path).write(FILES)
    return tmp_path


def test_a_long_list_is_added_to_and_read_back(place: Path) -> None:
    before = (place / MANIFEST).read_bytes()
    for files in (MORE, LESS, FILES, LESS):
        Manifest(place).write(files)
        assert Manifest(place).files == files
    assert (place / MANIFEST).read_bytes() == before and (place / CHANGES).exists()


def test_what_is_added_does_not_grow_without_end(place: Path) -> None:
    for number in range(30):
        Manifest(place).write({**FILES, "b.html": f"{number:064x}"})
        assert (
            not (place / CHANGES).exists() or (place / CHANGES).stat().st_size * 3 <= (place / MANIFEST).stat().st_size
        )
    assert Manifest(place).files["b.html"] == f"{29:064x}"


def test_nothing_is_written_where_nothing_changed(place: Path) -> None:
    stamp = Manifest(place).stamp()
    Manifest(place).write(dict(FILES))
    assert Manifest(place).stamp() == stamp


def test_a_short_list_is_written_as_a_whole(place: Path) -> None:
    Manifest(place).write(MORE)
    Manifest(place).write({"a.html": "3d" * 32})
    assert not (place / CHANGES).exists()
    assert json.loads((place / MANIFEST).read_text()) == {"files": {"a.html": "3d" * 32}}


@pytest.mark.parametrize("bytes_lost", [1, 2, 20, 80, 120])
def test_a_line_whose_writer_was_killed_counts_for_nothing_and_hurts_no_later_one(place: Path, bytes_lost: int) -> None:
    Manifest(place).write(MORE)
    data = (place / CHANGES).read_bytes()
    (place / CHANGES).write_bytes(data[:-bytes_lost])
    found = Manifest(place).files
    assert found.keys() <= MORE.keys() and all(found[path] in (FILES.get(path), MORE[path]) for path in found)
    Manifest(place).write(LESS)
    assert Manifest(place).files == LESS


def test_changes_of_another_list_count_for_nothing_and_hurt_no_later_ones(place: Path) -> None:
    Manifest(place).write(MORE)
    (place / MANIFEST).write_text(json.dumps({"files": FILES}))  # as after a sudden end between the two
    assert Manifest(place).files == FILES
    Manifest(place).write(LESS)
    assert Manifest(place).files == LESS


def test_what_is_remembered_holds_as_long_as_nobody_else_writes(place: Path) -> None:
    one = Manifest(place)
    stamp = one.stamp()
    one.know({"remembered.html": "4c" * 32}, stamp)
    assert one.files == {"remembered.html": "4c" * 32}
    Manifest(place).write(MORE)
    one.know({"remembered.html": "4c" * 32}, stamp)
    assert one.files == MORE
    (place / MANIFEST).unlink()
    one.know(MORE, one.stamp())
    assert one.files == {}


def test_changes_cannot_point_outside_nor_lie_elsewhere(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    Manifest(place).write(MORE)
    with (place / CHANGES).open("a") as file:
        file.write('["../out.html", "5b"]\n["/out.html", "5b"]\n')
    assert Manifest(place).files == MORE
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "changes"
    (place / CHANGES).replace(elsewhere)
    (place / CHANGES).symlink_to(elsewhere)
    with pytest.raises(OutputError, match="not a file of the site"):
        _ = Manifest(place).files

"""Raw files into seeds: what is written, and what is refused."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from translate.document import Kind
from translate.errors import ConflictError, OutputError, UsageError
from translate.ingest import generated_title, ingest
from translate.readers import read

RAW = """أخبار الآن | دبي – الإمارات العربية المتحدة (حسام الأحبابي)

عثرت القوات العراقية مؤخرا على وثائق سرية لتنظيم داعش في العراق، تكشف حدوث تمردا في صفوف المقاتلين.

- بند *أول*

اقرأ أيضا:
مقال آخر
"""


def raw(folder: Path, name: str = "001_a.txt", text: str = RAW) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_ingest(tmp_path: Path) -> None:
    (written,) = ingest([raw(tmp_path)], tmp_path / "seeds", ["isis-papers"])
    assert written == tmp_path / "seeds" / "isis-papers.md"
    assert written.read_text(encoding="utf-8") == (
        "---\ntitle: عثرت القوات العراقية مؤخرا على وثائق سرية لتنظيم داعش في العراق …\ntitle_generated: true\n"
        'byline: "أخبار الآن | دبي – الإمارات العربية المتحدة (حسام الأحبابي)"\nauthor: حسام الأحبابي\n'
        "outlet: أخبار الآن\nplace: دبي – الإمارات العربية المتحدة\nsource: 001_a.txt\n---\n\n"
        "عثرت القوات العراقية مؤخرا على وثائق سرية لتنظيم داعش في العراق، تكشف حدوث تمردا في صفوف المقاتلين.\n\n"
        "- بند \\*أول\\*\n\nاقرأ أيضا:\n\nمقال آخر\n"
    )
    article = read(written)
    assert article.slug == "isis-papers"
    kinds = [Kind.TITLE, Kind.BYLINE, Kind.PARAGRAPH, Kind.ITEM, Kind.RELATED, Kind.RELATED]
    assert [block.kind for block in article.blocks] == kinds


def test_ingest_twice_is_the_same(tmp_path: Path) -> None:
    (first,) = ingest([raw(tmp_path)], tmp_path / "seeds")
    assert first.name == "a-001-a.md"
    before = first.read_bytes()
    assert ingest([raw(tmp_path)], tmp_path / "seeds") == [first]
    assert first.read_bytes() == before
    (again,) = ingest([first], tmp_path / "other")
    assert again.read_bytes() == before


def test_a_file_that_says_something_else_stays(tmp_path: Path) -> None:
    (written,) = ingest([raw(tmp_path)], tmp_path / "seeds")
    written.write_text("نص من إنسان", encoding="utf-8")
    other = raw(tmp_path, "b.txt")
    with pytest.raises(ConflictError, match="is there already"):
        ingest([other, tmp_path / "001_a.txt"], tmp_path / "seeds")
    assert written.read_text(encoding="utf-8") == "نص من إنسان"
    assert not (tmp_path / "seeds" / "b.md").exists()


def test_two_files_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"would both become a-b\.md"):
        ingest([raw(tmp_path, "a b.txt"), raw(tmp_path, "a_b.txt")], tmp_path / "seeds")


def test_slugs_for_each_or_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="1 slugs for 2 files"):
        ingest([raw(tmp_path), raw(tmp_path, "b.txt")], tmp_path, ["x"])


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "seeds"
    blocked.write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be"):
        ingest([raw(tmp_path)], blocked)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
def test_a_new_article_has_the_mode_the_person_wants(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        (written,) = ingest([raw(tmp_path)], tmp_path / "seeds")
    finally:
        os.umask(before)
    assert written.stat().st_mode & 0o777 == 0o640


def test_a_full_disk_leaves_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        ingest([raw(tmp_path)], tmp_path / "seeds")
    assert list((tmp_path / "seeds").iterdir()) == []


def test_html_and_markdown_are_taken_too(tmp_path: Path) -> None:
    page = raw(tmp_path, "p.html", "<h1>عنوان المقال</h1><p>سيطرت القوات على <b>الموصل</b>.</p>")
    note = raw(tmp_path, "n.md", "# عنوان\n\nنص **المقال** هنا.\n")
    first, second = ingest([page, note], tmp_path / "seeds")
    assert read(first).blocks[0].text == "عنوان المقال"
    assert second.read_text(encoding="utf-8") == "---\nsource: n.md\n---\n\n# عنوان\n\nنص **المقال** هنا.\n"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("سيطرت القوات على الجسر.", "سيطرت القوات على الجسر"),
        ("أ ب ج د ه و ز ح ط ي ك ل م ن.", "أ ب ج د ه و ز ح ط ي ك ل …"),
        ("أ ب ج د ه و ز ح ط ي على التي م ن.", "أ ب ج د ه و ز ح ط ي …"),
        ("أ ب ج د ه، و ز ح ط ي ك ل م ن.", "أ ب ج د ه …"),
    ],
)
def test_generated_titles(text: str, want: str) -> None:
    assert generated_title(read(None, text.encode(), "text")) == want

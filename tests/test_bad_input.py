"""What broke once when it was fed with odd input: each is now read, or refused by name."""

from __future__ import annotations

import io
import json
import logging
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
import review_desk as small
from promises.fuzz import bombs, desk

from glossary import GlossaryFormatError
from glossary.terms import parse
from translate import readers
from translate.batch.source import open_source
from translate.document import Article, Block, Draft, Kind, Segment
from translate.errors import LONGEST, ArticleError, InputError, UsageError
from translate.exchange import formats, page
from translate.ingest import ingest
from translate.review import asking
from translate.review.desk import FOLDER, Desk
from translate.review.journal import SUFFIX
from translate.review.offsets import Units


def test_what_an_error_says_can_neither_steer_a_terminal_nor_fill_it() -> None:
    error = InputError("not \x1b[2J\u202e this\nline", "a\ud800.tsv", "x" * 10_000)
    assert str(error).isprintable() and len(str(error)) < LONGEST
    with pytest.raises(GlossaryFormatError) as found:
        parse(f"source\ttarget\tnumber\nمفارز\tx\t{'9' * 9000}\x1b", "x.tsv")
    assert str(found.value).isprintable() and len(str(found.value)) < LONGEST
    assert str(found.value).startswith("x.tsv:2:")


def test_a_page_that_trafilatura_stumbles_over_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        assert not _, "lxml: drop_tree() of an element without a parent"

    monkeypatch.setattr("trafilatura.extract_metadata", stumble)
    monkeypatch.setattr("trafilatura.extract", stumble)
    article = readers.read(None, "<html><body><div>سيطرت القوات على الموصل.</div></body></html>".encode(), "html")
    assert [block.text for block in article.blocks] == ["سيطرت القوات على الموصل."]


def test_a_page_whose_title_is_not_its_first_heading_is_ingested(tmp_path: Path) -> None:
    raw = tmp_path / "page.html"
    raw.write_text("<h1>عنوان<nav>قائمة</nav></h1><p>سيطرت القوات على الموصل.</p>", encoding="utf-8")
    (written,) = ingest([raw], tmp_path / "seeds")
    blocks = readers.read(written).blocks
    assert [(block.kind, block.text) for block in blocks][:2] == [(Kind.TITLE, "عنوان قائمة"), (Kind.HEADING, "عنوان")]


def test_parquet_with_damaged_text_is_refused(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    parquet.write_table(arrow.table({"text": ["سيطرت القوات"]}), out, compression="none", use_dictionary=False)
    path = tmp_path / "a.parquet"
    path.write_bytes(out.getvalue().replace("القوات".encode(), b"\xff" * len("القوات".encode())))
    with pytest.raises(ArticleError, match="cannot be read on after row 0"):
        list(open_source(path).items())


def test_a_zip_that_points_before_itself_is_no_workbook() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr("a.xml", "<a/>" * 100)
    damaged = bytearray(packed.getvalue())
    at = damaged.index(b"PK\x01\x02")
    damaged[at - 57 : at] = b""
    _, error = formats.rows(bytes(damaged), "letter.xlsx")
    assert isinstance(error, InputError)


@pytest.mark.parametrize("name", ["rows a zip with a late secret", "term-xlsx a zip of late laughs"])
def test_a_workbook_declares_nothing_however_late(name: str) -> None:
    read = formats.read if name.startswith("rows") else _read_terms
    with pytest.raises(InputError, match="declares entities"):
        list(read(bombs.BOMBS[name].make(), "letter.xlsx"))


def _read_terms(data: bytes, where: str) -> Any:
    from translate.termbase import xlsx

    return xlsx.read(data, where)


def test_a_workbook_packed_tighter_than_any_table_is_refused() -> None:
    rows = bombs._book(**{bombs._PAGE: bombs.SHEET.format("<row/>" * 400_000)})
    _, error = formats.rows(rows, "letter.xlsx")
    assert error is not None and "packed tighter" in str(error)


@pytest.mark.parametrize(
    ("marker", "level"), [("99999.99999", 1), ("1" * 5000, 1), ("0.9999999999999", 1), ("-", 10**12), ("x", -3)]
)
@pytest.mark.parametrize("kind", [Kind.CELL, Kind.QUOTE, Kind.ITEM])
def test_the_markdown_of_an_odd_draft_stays_small(kind: Kind, marker: str, level: int) -> None:
    block = Block(1, kind, "نص", level, marker, segments=(Segment("a.1.1", "نص"),))
    assert len(page.english(Draft(Article("a", (block,))))) < 1_000_000


@pytest.mark.parametrize(
    "line",
    [
        {"do": "refused", "id": small.TWO, "text": 5, "who": "", "when": ""},
        {"do": "refused", "id": 5, "text": "", "who": "", "when": ""},
        {"do": "taken", "ids": [5]},
        {"do": "move", "id": small.TWO, "at": -1, "who": "", "when": ""},
        {"do": "track", "id": small.TWO},
        [[[[]]]],
    ],
)
def test_a_journal_line_of_the_wrong_kind_is_passed_over(tmp_path: Path, line: object) -> None:
    path = small.saved(tmp_path)
    place = path.parent / FOLDER / (small.SLUG + SUFFIX)
    place.parent.mkdir()
    told = json.dumps(line).encode()
    deep = b"[" * 100_000
    place.write_bytes(b"".join(b"%08x %b\n" % (zlib.crc32(one), one) for one in (told, deep)))
    logging.disable(logging.CRITICAL)
    at = Desk(tmp_path, small.SLUG, lambda: small.NO_TERMS, "amal", small.clock())
    logging.disable(logging.NOTSET)
    assert [view.text for view in at.views()] == list(small.MACHINE.values())
    at.close()


class _Request:
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def body(self) -> bytes:
        return self._body


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (rb'{"text": "a\ud800"}', "half a character"),
        (rb'{"\uDFFF": 1}', "half a character"),
        (b'{"version": NaN}', "not JSON"),
        (b'{"text": "\xed\xa0\x80"}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a JSON object"),
    ],
)
def test_json_that_nothing_could_hold_is_refused(body: bytes, said: str) -> None:
    import asyncio

    with pytest.raises(UsageError, match=said):
        asyncio.run(asking.json_of(_Request(body)))  # type: ignore[arg-type]


def test_numbers_without_bound_are_refused() -> None:
    with pytest.raises(UsageError, match="active_seconds"):
        asking.edit_of({"text": "a", "version": 1, "active_seconds": 10**400})
    with pytest.raises(UsageError, match="marks"):
        asking.marks_of([{"kind": "strong", "begin": float("inf"), "end": 1}], "a")


def test_offsets_come_back_from_the_browser() -> None:
    text = "a😀b😀"
    units = Units(text)
    assert [units.back(units.out(at)) for at in range(len(text) + 1)] == [0, 1, 2, 3, 4]
    assert (units.back(-5), units.back(2), units.back(99)) == (0, 1, 4)


def test_the_description_of_the_desk_has_the_routes_of_the_desk() -> None:
    assert not desk.differences()

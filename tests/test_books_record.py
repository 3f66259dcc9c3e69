"""JSON records and downloads of the site, and `tarjuman export` to books, paper and records."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from site_drafts import HOSTILE, Builder, full, hostile, small, target

from translate import drafts as shelf
from translate.books import paper, record
from translate.books.bound import bind
from translate.books.settings import BookSettings
from translate.cli import main
from translate.cli.books import _PAPERS
from translate.document import Draft, Kind, State
from translate.exchange import formats
from translate.site import downloads, render
from translate.site.card import gather
from translate.site.page import File
from translate.site.settings import SiteSettings
from translate.site.terms import Terms

ROOT = Path(__file__).parent.parent


def read(draft: Draft) -> dict[str, Any]:
    loaded = json.loads(record.dump(draft).decode("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def segments(draft: Draft) -> list[dict[str, Any]]:
    found = read(draft)["segments"]
    assert isinstance(found, list)  # not a table
    return found


# --- the record ------------------------------------------------------------------------------------------------------


def test_a_record_names_its_shape_and_the_article() -> None:
    found = read(full())
    assert (found["format"], found["version"], found["id"]) == ("tarjuman-article", 1, "left-bank")
    assert found["title"] == {"ar": "الموصل تضيق", "en": "Mosul Narrows"}
    assert (found["date"], found["outlet"], found["source"]) == ("2017-01-12", "أخبار الآن", "https://example.org/a")
    assert found["states"] == {"new": 1, "machine": 16, "edited": 1, "approved": 2}


def test_every_sentence_is_there_once_in_order_with_its_state() -> None:
    draft = full()
    assert [found["id"] for found in segments(draft)] == [segment.id for segment in draft.article.segments()]
    first, byline, *_ = segments(draft)
    assert (first["ar"], first["en"], first["state"], first["who"]) == (
        "الموصل تضيق",
        "Mosul Narrows",
        "approved",
        "Layla",
    )
    assert (byline["kind"], byline["state"], byline["origin"], byline["who"]) == ("byline", "machine", "machine", "")
    (missing,) = [found for found in segments(draft) if found["state"] == "new"]
    assert (missing["en"], missing["origin"], missing["terms"]) == ("", "", [])


def test_offsets_of_terms_cut_out_the_words() -> None:
    found = next(one for one in segments(full()) if one["id"] == "left-bank.3.1")
    (term,) = found["terms"]
    ar, en = slice(*term["ar"]), slice(*term["en"])
    assert found["ar"][ar] == "الساحل الأيسر" and found["en"][en] == "the Left Bank"
    unmet = next(one for one in segments(full()) if one["id"] == "left-bank.3.2")["terms"][0]
    assert (unmet["status"], unmet["en"]) == ("unmet", None)


def test_a_translation_of_an_older_arabic_is_stale_and_its_terms_have_no_place() -> None:
    draft = full()
    old = replace(draft.targets["left-bank.3.1"], source="نص قديم")
    found = segments(replace(draft, targets={**draft.targets, "left-bank.3.1": old}))
    (stale,) = [one for one in found if one["stale"]]
    assert stale["id"] == "left-bank.3.1" and stale["terms"][0]["ar"] is None


def test_the_same_draft_gives_the_same_bytes_a_sentence_a_line() -> None:
    data = record.dump(full())
    assert data == record.dump(full())
    lines = data.decode("utf-8").splitlines()
    assert sum(line.startswith('{"id": "left-bank.') for line in lines) == 20


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_texts_are_data(attack: str) -> None:
    found = read(hostile(attack))
    assert found["source"] == ""
    kept = attack.replace("\ud800", "\ufffd")
    assert any(kept in str(one["ar"]) for one in segments(hostile(attack)))


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=40))
def test_any_text_comes_back_but_for_half_characters(text: str) -> None:
    make = Builder("any")
    make.add(Kind.PARAGRAPH, (text, target(text, State.EDITED)))
    whole = re.sub("[\ud800-\udfff]", "\ufffd", text)
    (found,) = segments(make.draft())
    assert found["ar"] == whole and found["en"] == (whole if text.strip() else "")


def test_every_key_of_a_record_is_documented() -> None:
    told = (ROOT / "docs" / "books.md").read_text("utf-8")
    keys = {key for one in segments(full()) for key in one} | set(read(full()))
    keys |= {key for one in segments(full()) for term in one["terms"] for key in term}
    assert {key for key in keys if f"`{key}`" not in told} == set()


# --- downloads -------------------------------------------------------------------------------------------------------


def offered(draft: Draft, site: SiteSettings) -> dict[str, File]:
    card = gather(draft, "digest").card
    return {file.path: file for file in downloads.pages(draft, card, Terms.of(()), site)}


def test_the_site_offers_json_and_tmx_of_every_article() -> None:
    files = offered(full(), SiteSettings())
    assert set(files) == {"downloads/left-bank.json", "downloads/left-bank.tmx"}
    assert files["downloads/left-bank.json"].content() == record.dump(full())
    rows, problem = formats.rows(files["downloads/left-bank.tmx"].content(), "left-bank.tmx")
    assert problem is None
    states = {row.id: row.state for row in rows}
    assert states["left-bank.1.1"] is State.APPROVED and states["left-bank.2.1"] is State.MACHINE
    assert "left-bank.3.3" not in states  # not translated


def test_a_site_can_offer_none() -> None:
    assert not offered(full(), SiteSettings(downloads=False))


def test_a_site_may_offer_books_too() -> None:
    files = offered(full(), SiteSettings(downloads=False, epub=True))
    assert set(files) == {"downloads/left-bank.epub"}
    assert files["downloads/left-bank.epub"].content() == bind([full()], BookSettings())
    page = render([full()], SiteSettings(downloads=False, epub=True))["articles/left-bank.html"].decode()
    assert page.count("../downloads/") == 1 and 'href="../downloads/left-bank.epub"' in page


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    folder = tmp_path / "drafts"
    folder.mkdir()
    for draft in (full(), small()):
        shelf.save(draft, shelf.path_for(folder, draft.article.slug), base="")
    return folder


def export(drafts: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["export", "--drafts", str(drafts), "-o", str(drafts.parent / "out"), *options])


def test_one_file_an_article_or_one_book(drafts: Path) -> None:
    out = drafts.parent / "out"
    for form in ("epub", "json"):
        assert export(drafts, "--format", form).exit_code == 0
    assert {path.name for path in out.iterdir()} == {"left-bank.epub", "raqqa.epub", "left-bank.json", "raqqa.json"}
    done = export(drafts, "--format", "epub", "--one-book", "mosul", "--title", "Mosul")
    assert done.exit_code == 0 and "mosul.epub: 2 articles" in done.output
    first = (out / "mosul.epub").read_bytes()
    assert export(drafts, "--format", "epub", "--one-book", "mosul", "--title", "Mosul", "-q").output == ""
    assert (out / "mosul.epub").read_bytes() == first


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--format", "tmx", "--title", "x"], "--title is for --format epub or pdf"),
        (["--format", "json", "--one-book", "x"], "--one-book is for --format epub or pdf"),
        (["--format", "epub", "--paper", "a4"], "--paper is for --format pdf"),
        (["--format", "epub", "--bilingual"], "--bilingual is for --format md"),
        (["--format", "epub", "--title", "x"], "Name the book with --one-book"),
        (["--format", "epub", "--one-book", "../x"], "'../x' is no name for a book"),
        (["--format", "epub", "-o", "x.epub"], "one epub file holds one article, and there are 2"),
        (["--format", "pdf", "--chromium", "/nope"], "/nope: there is no such program"),
    ],
)
def test_what_makes_no_sense_is_told(drafts: Path, options: list[str], told: str) -> None:
    done = export(drafts, *options)
    assert done.exit_code == 2 and told in done.output
    assert not (drafts.parent / "out").exists()


def test_no_book_among_the_drafts(drafts: Path) -> None:
    done = export(drafts, "--format", "epub", "-o", str(drafts))
    assert done.exit_code == 2 and "among the drafts" in done.output


def test_the_papers_of_the_command_are_those_there_are() -> None:
    assert set(_PAPERS) == set(paper.PAPERS)

"""The page of the site that says how the glossary is used."""

from __future__ import annotations

import json
from pathlib import Path

from lxml import html
from terminology_drafts import TERMS, Line, article, edit, term_base, write

from translate.site import GlossaryRow, SiteSettings, publish

LINES: list[Line] = [
    ("هربت المفارز.", "The detachments fled."),
    ("عادت المفارز.", "The squads returned."),
    ("وصلت مفرزة.", "A detachment arrived.", "A detachment has arrived."),
    ("غادرت مفرزة.", "A detachment left.", "A patrol left."),
]


def site(tmp_path: Path) -> tuple[Path, Path, SiteSettings]:
    base = term_base(tmp_path)
    rows = tuple(GlossaryRow(term.source, term.target) for term in base.terms)
    second = article("second", [("في الديوان.", "In the Diwan.")], base, "2018-05-01")
    return (
        write(tmp_path / "drafts", article("first", LINES, base), second),
        tmp_path / "site",
        SiteSettings(glossary=rows),
    )


def test_the_page_and_its_data_say_how_terms_fare(tmp_path: Path) -> None:
    drafts, out, settings = site(tmp_path)
    publish(drafts, out, settings=settings)
    told = json.loads((out / "usage.json").read_text("utf-8"))
    first = told["terms"][0]
    assert (first["source"], first["places"], first["honoured"], first["articles"]) == ("مفرزة", 4, 2, 1)
    assert (first["machine"], first["machine_honoured"], first["reviewed"], first["reviewed_honoured"]) == (2, 1, 2, 1)
    assert {year: counts["places"] for year, counts in told["terms"][1]["years"].items()} == {"2018": 1}
    assert [one["source"] for one in told["never_used"]] == ["الساحل الأيسر", "أمير"]
    page = html.document_fromstring((out / "usage.html").read_bytes())
    (row,) = page.xpath("//tbody/tr[th//span[text()='مفرزة']]")
    assert [cell.text_content() for cell in row.xpath("./td")] == ["4", "1", "1 of 2", "1 of 2", "1"]
    (link,) = row.xpath("./th/a/@href")
    assert (out / link).is_file()
    assert "usage.html" in html.document_fromstring((out / "about.html").read_bytes()).xpath("//main//a/@href")


def test_it_is_made_again_only_when_a_figure_changes(tmp_path: Path) -> None:
    drafts, out, settings = site(tmp_path)
    publish(drafts, out, settings=settings)
    assert not {"usage.html", "usage.json"} & set(publish(drafts, out, settings=settings).written)
    edit(drafts, "second", 1, "Inside the bureau.")
    assert {"usage.html", "usage.json"} <= set(publish(drafts, out, settings=settings).written)
    assert TERMS

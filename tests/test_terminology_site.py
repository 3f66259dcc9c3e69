"""The page of the site that says how the glossary is used."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from lxml import html
from terminology_drafts import Line, article, edit, term_base, write

from translate.site import GlossaryRow, SiteSettings, publish, rows
from translate.terminology.index import Index
from translate.terminology.usage import usage

LINES: list[Line] = [
    ("هربت المفارز.", "The detachments fled."),
    ("عادت المفارز.", "The squads returned."),
    ("وصلت مفرزة.", "A detachment arrived.", "A detachment has arrived."),
    ("غادرت مفرزة.", "A detachment left.", "A patrol left."),
]


def site(tmp_path: Path) -> tuple[Path, Path, SiteSettings]:
    base = term_base(tmp_path)
    entries = tuple(GlossaryRow(term.source, term.target) for term in base.terms)
    second = article("second", [("في الديوان.", "In the Diwan.")], base, "2018-05-01")
    return (
        write(tmp_path / "drafts", article("first", LINES, base), second),
        tmp_path / "site",
        SiteSettings(glossary=entries),
    )


def test_the_page_and_its_data_say_how_terms_fare(tmp_path: Path) -> None:
    drafts, out, settings = site(tmp_path)
    publish(drafts, out, settings=settings)
    told = json.loads((out / "usage.json").read_text("utf-8"))
    first = told["terms"][0]
    assert (first["source"], first["places"], first["honoured"], first["articles"]) == ("مفرزة", 4, 2, 1)
    assert (first["machine"], first["machine_honoured"]) == (4, 3)
    assert [first[name] for name in ("confirmed", "kept", "bettered", "changed", "missing")] == [2, 1, 0, 1, 0]
    assert first["into"] == [["patrol", 1]]
    assert (told["months"]["2017-01"]["changed"], told["months"]["2018-05"]["places"]) == (1, 1)
    assert {year: counts["places"] for year, counts in told["terms"][1]["years"].items()} == {"2018": 1}
    assert [one["source"] for one in told["never_used"]] == ["الساحل الأيسر", "أمير"]
    page = html.document_fromstring((out / "usage.html").read_bytes())
    (row,) = page.xpath("//tbody/tr[th//span[text()='مفرزة']]")
    assert [cell.text_content() for cell in row.xpath("./td")][:-1] == [
        "4",
        "1",
        "3 of 4",
        "1 of 2",
        "–",
        "1",
        "patrol",
    ]
    assert row.xpath("./td[last()]//*[local-name()='title']")[0].text_content() == "2017-01: 4"
    (link,) = row.xpath("./th/a/@href")
    assert (out / link).is_file()
    assert "usage.html" in html.document_fromstring((out / "about.html").read_bytes()).xpath("//main//a/@href")


def test_it_is_made_again_only_when_a_figure_changes(tmp_path: Path) -> None:
    drafts, out, settings = site(tmp_path)
    publish(drafts, out, settings=settings)
    assert not {"usage.html", "usage.json"} & set(publish(drafts, out, settings=settings).written)
    edit(drafts, "second", 1, "Inside the bureau.")
    assert {"usage.html", "usage.json"} <= set(publish(drafts, out, settings=settings).written)


def test_a_site_that_grew_step_by_step_says_what_a_fresh_one_says(tmp_path: Path) -> None:
    drafts, out, settings = site(tmp_path)
    publish(drafts, out, settings=settings)
    for slug, number, text in (("first", 1, "The patrol fled."), ("first", 4, "A detachment left."), ("second", 1, "")):
        edit(drafts, slug, number, text)
        publish(drafts, out, settings=settings)
    publish(drafts, tmp_path / "fresh", settings=settings)
    for name in ("usage.html", "usage.json"):
        assert (out / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


def test_it_says_what_the_command_says(tmp_path: Path) -> None:
    drafts, out, settings = site(tmp_path)
    base = term_base(tmp_path)
    publish(drafts, out, settings=replace(settings, glossary=rows(base.terms)))
    with Index(drafts) as index:
        index.refresh()
        found = usage(base, index)
    there = {one["source"]: one for one in json.loads((out / "usage.json").read_text("utf-8"))["terms"]}
    assert found.terms
    for one in found.terms:
        figures, said = one.all, there[one.term.source]
        mine = [said[name] for name in ("places", "machine", "machine_honoured", "confirmed", "kept", "missing")]
        assert mine == [
            figures.hits, figures.machine, figures.honoured, figures.confirmed, figures.kept, figures.missing
        ]  # fmt: skip
        assert (said["bettered"], said["changed"]) == (figures.changed + figures.put_in, figures.taken_out)
        assert [tuple(pair) for pair in said["into"]] == one.wordings()

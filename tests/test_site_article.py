"""The parts of an article's page: word alignment, citations, definitions, reports, figures, engines."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from site_drafts import Builder, full, small, target, term

from translate.document import Alternative, Draft, Kind, Mark, Origin, State, TermStatus
from translate.errors import UsageError
from translate.site import GlossaryRow, SiteSettings, render
from translate.site.aligned import encode
from translate.site.article import article_view, engines
from translate.site.report import parts
from translate.site.terms import Terms, anchor
from translate.words import words

CASES = Path(__file__).parent / "cases" / "aligned.md"
ROW = GlossaryRow("الساحل الأيسر", "the Left Bank", note="east of the Tigris")
SETTINGS = SiteSettings(glossary=(ROW,), report="desk@example.org", search=False, downloads=False)


def cases():
    for case in CASES.read_text("utf-8").split("\n## ")[1:]:
        name, *lines = case.strip().split("\n")
        yield pytest.param(dict(re.split(": ?", line, maxsplit=1) for line in lines if line), id=name)


def tree(draft: Draft, settings: SiteSettings = SETTINGS, path: str = ""):
    files = render([draft], settings)
    return html.document_fromstring(files[path or f"articles/{draft.article.slug}.html"].decode("utf-8"))


def text(element):
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("case", list(cases()))
def test_what_the_page_carries_of_an_alignment(case):
    links = [tuple(map(int, pair.split("-"))) for pair in case["links"].split()]
    assert encode(case["arabic"], case["english"], links) == case["page"]


SENTENCES = st.lists(st.sampled_from(["داعش", "فرّ", "3", "ISIS", "fled", "،", ".", "al-Asad", "«"]), max_size=12).map(
    " ".join
)
LINKS = st.lists(st.tuples(st.integers(-2, 14), st.integers(-2, 14)), max_size=30)


@settings(max_examples=200, deadline=None)
@given(SENTENCES, SENTENCES, LINKS)
def test_what_is_carried_reads_back_as_the_links_between_words(arabic, english, links):
    def spoken(sentence, at):
        found = words(sentence)
        return 0 <= at < len(found) and any(c.isalnum() for c in found[at].text)

    wanted = {(one, other) for one, other in links if spoken(arabic, one) and spoken(english, other)}
    made = encode(arabic, english, links)
    if not wanted:
        assert made == ""
        return
    ours, theirs, listed = made.split(" ")
    assert (int(ours), int(theirs)) == (len(words(arabic)), len(words(english)))
    read = {(at, int(other)) for at, some in enumerate(listed.split(",")) for other in some.split(".") if other}
    assert read == wanted


def test_a_sentence_carries_its_alignment_unless_its_arabic_was_changed():
    pair = "//*[@id='left-bank.3.1']/@data-words"
    assert tree(full()).xpath(pair) == ["6 7 1,0,2,5,4"]
    draft = full()
    stale = replace(draft.targets["left-bank.3.1"], source="كان غير ذلك")
    assert tree(replace(draft, targets={**draft.targets, "left-bank.3.1": stale})).xpath(pair) == []


@pytest.mark.parametrize(
    ("meta", "citation"),
    [
        (
            {"author": "حسام", "outlet": "أخبار الآن"},
            "حسام. “Raqqa Haven” (ملاذ الرقة). أخبار الآن, 19 November 2015.",
        ),
        ({"date": "خريف 2015"}, "“Raqqa Haven” (ملاذ الرقة). خريف 2015."),
        ({"date": ""}, "“Raqqa Haven” (ملاذ الرقة)."),
    ],
)
def test_a_citation_says_what_is_known(meta, citation):
    assert article_view(small(**meta), Terms()).citation == citation


def test_a_citation_of_an_article_without_english_quotes_the_arabic():
    make = Builder("bare")
    make.add(Kind.TITLE, ("ملاذ الرقة", None))
    assert article_view(make.draft(), Terms()).citation == "“ملاذ الرقة”."
    assert article_view(Builder("bare").draft(), Terms()).citation == "bare."


def test_engines_are_told_without_what_is_every_sentences_own():
    counts = {"ct2|m@1f|terms:9a|v:1": 2, "ct2|m@1f|terms:0b|v:1": 1, "fake|v:1": 3, "ct2|m@2a|v:1": 1}
    assert engines(counts) == (("ct2|m@1f|v:1", 3), ("fake|v:1", 3), ("ct2|m@2a|v:1", 1))


def test_every_term_of_the_article_is_defined_once_below_it():
    page = tree(full())
    entries = page.xpath("//details[contains(@class, 'terms')]//dl/div")
    assert [text(entry) for entry in entries] == [
        "الساحل الأيسرthe Left Bankeast of the Tigris",
        "عناصرmembersno longer in the term base",
    ]
    names = {entry.get("id") for entry in entries}
    links = {re.search(r"\bt[0-9a-f]{10}\b", link)[0] for link in page.xpath("//a[contains(@class, 'term')]/@href")}
    assert names == links == {anchor(ROW.source, ROW.target), anchor("عناصر", "members")}
    assert tree(small()).xpath("//details[contains(@class, 'terms')]") == []


@pytest.mark.parametrize(
    ("report", "found"),
    [
        ("", None),
        (" ed@example.org ", ("mailto:ed@example.org?subject=", "")),
        ("https://example.org/new?title={id}&l=x", ("https://example.org/new?title=", "&l=x")),
        ("https://example.org/{id}", ("https://example.org/", "")),
    ],
)
def test_where_reports_go(report, found):
    assert parts(report) == found


@pytest.mark.parametrize(
    "report",
    ["javascript:alert({id})", "https://example.org/", "ed", "ed@x?cc=y@z.org", "//{id}", "{id}", "https://{id}"],
)
def test_an_address_that_takes_no_reports_is_refused(report):
    with pytest.raises(UsageError, match=r"cannot report to this.*mail address"):
        parts(report)


def test_every_sentence_has_its_report_link_when_somebody_takes_them():
    page = tree(full())
    ids = page.xpath("//*[contains(concat(' ', @class, ' '), ' pair ')]/@id")
    links = page.xpath("//a[@class='report']/@href")
    assert links == [f"mailto:desk@example.org?subject={one}" for one in ids] and len(ids) == 20
    assert tree(full(), replace(SETTINGS, report="")).xpath("//a[@class='report'] | //*[@data-report]") == []


def test_a_paragraph_of_nothing_but_an_image_is_a_figure_in_both_languages_and_loads_nothing():
    make = Builder("picture")
    src = (("src", "https://example.org/a.jpg"),)
    english = target("Gate of Mosul", marks=(Mark("image", 0, 13, src),))
    make.add(Kind.PARAGRAPH, ("مدخل الموصل", english), marks=(Mark("image", 0, 11, src),))
    make.add(Kind.PARAGRAPH, ("صورة مدخل الموصل", target("See it")), marks=(Mark("image", 5, 16, src),))
    page = tree(make.draft())
    (figure,) = page.xpath("//figure")
    assert [text(side) for side in figure.xpath(".//*[@lang and @dir]")] == ["مدخل الموصل", "Gate of Mosul"]
    assert set(figure.xpath(".//span[contains(@class, 'side')]/a/@href")) == {"https://example.org/a.jpg"}
    assert page.xpath("//img | //picture") == []


def test_the_page_about_the_site_sums_up():
    files = render([full(), small()], replace(SETTINGS, glossary_fingerprint="9ac0d1f3"))
    shown = text(html.document_fromstring(files["about.html"].decode("utf-8")).xpath("//main")[0])
    for part in ("1 of 2", "9ac0d1f3", "Layla", "ct2-int8|tarjuman-ar-en@1f2e|beam:4|split:1"):
        assert part in shown
    assert "terms:9ac0|" not in shown


def test_provenance_tells_when_and_how_much_was_edited():
    page = tree(small())
    assert page.xpath("//footer[@class='provenance']//time/@datetime") == ["2026-11-20T10:00:00Z"]
    assert not tree(small(state=State.MACHINE)).xpath("//footer[@class='provenance']//time")


def test_effort_is_told_where_it_is_known():
    begun = Alternative("The Left Bank is near.", Origin.MACHINE)
    draft = small()
    targets = {
        name: replace(one, started=begun if name == "raqqa.2.1" else None) for name, one in draft.targets.items()
    }
    files = render([replace(draft, targets=targets)], SETTINGS)
    for path in ("articles/raqqa.html", "about.html"):
        assert "17 for every hundred words" in text(html.document_fromstring(files[path].decode("utf-8")))
    assert "every hundred words" not in text(tree(full()))


def test_an_unmet_term_is_marked_and_told_apart():
    arabic = "هرب عناصر التنظيم."
    make = Builder("unmet")
    make.add(
        Kind.PARAGRAPH, (arabic, target("They fled.", terms=(term(arabic, "", "عناصر", "members", TermStatus.UNMET),)))
    )
    (link,) = tree(make.draft()).xpath("//a[contains(@class, 'term')]")
    assert link.get("class") == "term unmet" and text(link) == "عناصر"

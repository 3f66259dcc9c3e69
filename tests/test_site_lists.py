"""Lists, term pages, feeds and what pages say of themselves to machines."""

from __future__ import annotations

import json
import mimetypes
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from site_drafts import HOSTILE, Builder, full, small, target, term

from translate import drafts as draft_files
from translate.document import Draft, Kind, State, TermStatus
from translate.site import (
    GlossaryRow,
    SiteSettings,
    alphabet,
    feeds,
    linked,
    paths,
    publish,
    render,
    templates,
    termpages,
)
from translate.site.dates import month, spelled, utc
from translate.site.leaves import Turn, Turns, leaves, turns
from translate.site.linked import Feed, Meta
from translate.site.lists import CardView, Group, Link
from translate.site.termpages import Form, Forms, Letter, Place, Stretch, TermEntry
from translate.site.terms import anchor

CASES = Path(__file__).parent / "cases" / "alphabet.md"
ROW = GlossaryRow(
    "الساحل الأيسر", "the Left Bank", ("ساحلها الأيسر",), ("Left Bank",), ("left coast",), "of the Tigris"
)
NAME = anchor(ROW.source, ROW.target)
UNUSED = GlossaryRow("ديوان", "Diwan", note="an office")
HOME = "https://example.org/mosul/"
SETTINGS = SiteSettings(glossary=(ROW, UNUSED), glossary_fingerprint="9ac0d1f3", search=False, downloads=False)
PUBLIC = replace(SETTINGS, base_url=HOME)
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def tree(files, path):
    return html.document_fromstring(files[path].decode("utf-8"))


def text(element):
    return " ".join(element.text_content().split())


def xml(files, path):
    return etree.fromstring(files[path])


def article(number: int, **meta: str) -> Draft:
    """The articles of a paper: number 1 is the oldest, one a day."""
    return small(f"a{number}", date=f"2016-{1 + (number - 1) // 28:02}-{1 + (number - 1) % 28:02}", **meta)


def often(slug: str, places: int, **meta: str) -> Draft:
    """An article in which the Left Bank stands in so many sentences."""
    make = Builder(slug, **meta)
    for number in range(places):
        arabic, english = f"{number} في الساحل الأيسر.", f"{number} on the Left Bank."
        make.add(Kind.PARAGRAPH, (arabic, target(english, terms=(term(arabic, english, ROW.source, ROW.target),))))
    return make.draft()


def leading_to(page, place: str) -> list[str]:
    return page.xpath(f"//*[contains(@class, '{place}')]//h3/a/@href")


# ----------------------------------------------------------------------------------------------------- pure parts


def cases(heading: str) -> list[tuple[str, str, str]]:
    lines = CASES.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [tuple(row) for row in rows[2:]]


@pytest.mark.parametrize("case", cases("Arabic"), ids=lambda case: case[0])
def test_where_an_arabic_term_stands(case):
    assert alphabet.arabic(case[0]) == case[1:]


@pytest.mark.parametrize("case", cases("English"), ids=lambda case: case[0])
def test_where_an_english_term_stands(case):
    assert alphabet.english(case[0]) == case[1:]


@given(st.text(max_size=20))
def test_every_text_has_a_letter_of_the_alphabet_or_none(word):
    assert alphabet.arabic(word)[0] in (*alphabet.ARABIC, alphabet.OTHER)
    assert alphabet.english(word)[0] in (*alphabet.ENGLISH, alphabet.OTHER)


@given(st.integers(0, 200), st.integers(1, 20))
def test_pages_of_a_list_hold_every_entry_once_newest_first(total, size):
    cut = leaves(total, size)
    assert [n for leaf in cut for n in range(leaf.begin, leaf.end)] == list(range(total))
    assert [leaf.number for leaf in cut] == list(range(len(cut), 0, -1))
    assert cut[0].end - cut[0].begin < 2 * size
    assert all(leaf.end - leaf.begin == size for leaf in cut[1:])


@given(st.integers(1, 200), st.integers(1, 20))
def test_a_new_entry_changes_no_older_page(total, size):
    def oldest_first(cut, count):
        return {leaf.number: (count - leaf.end, count - leaf.begin) for leaf in cut[1:]}

    before, after = oldest_first(leaves(total, size), total), oldest_first(leaves(total + 1, size), total + 1)
    assert before.items() <= after.items()


def test_turning_pages():
    cut = leaves(30, 3)
    way = turns(cut[5], lambda number: f"p{number}")
    assert (way.newer, way.older) == ("p6", "p4")
    assert [turn.kind if turn.kind != "page" else turn.number for turn in way.all] == [
        *("newest", "gap", 7, 6, 5, 4, 3, 2, 1),
    ]
    assert [turn.number for turn in way.all if not turn.href and turn.kind == "page"] == [5]
    first, last = turns(cut[0], str), turns(cut[-1], str)
    assert (first.newer, first.older, last.newer, last.older) == ("", "9", "2", "")
    assert turns(leaves(5, 3)[0], str).all == ()


def test_turns_of_older_pages_stay_when_a_page_is_added():
    assert [turns(leaf, str) for leaf in leaves(300, 3)[6:]] == [turns(leaf, str) for leaf in leaves(303, 3)[7:]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mosul", "mosul"),
        (" ISIS  documents ", "isis-documents"),
        ("أخبار الآن", "t-a4190dac14"),
    ],
)
def test_names_in_addresses(text, name):
    assert paths.name(text) == name


@pytest.mark.parametrize("text", ["mosul-2", "index", "con", "t-0123456789", "../etc", "a/b", "", "é", "a" * 61, "9"])
def test_names_that_could_be_taken_for_others_are_made_up(text):
    assert re.fullmatch(r"t-[0-9a-f]{10}", paths.name(text))
    assert paths.name(text) != text


@given(st.text(max_size=30))
def test_a_name_is_always_safe(text):
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,60}", paths.name(text))


def test_full_addresses():
    assert paths.absolute(HOME, "index.html") == HOME
    assert paths.absolute(HOME.rstrip("/"), "about.html") == HOME + "about.html"
    assert paths.absolute("https://example.org/موصل", "a.html").isascii()
    assert paths.absolute("", "about.html") == ""
    assert paths.tag(HOME, "feeds/en") == "tag:example.org,2026:/mosul/feeds/en"
    assert paths.tag("https://مثال.example:8080", "x") == "tag:xn--mgbh0fb.example,2026:/x"


def test_dates_are_spelled_in_both_languages():
    assert spelled("2015-11-09") == "9 November 2015"
    assert month("2015-11-09") == ("November 2015", "تشرين الثاني/نوفمبر 2015")
    assert (spelled(""), month("")) == ("", ("", ""))
    assert utc("2026-11-20T12:00:00.25+02:00") == "2026-11-20T10:00:00Z"
    assert utc("2017-01-12") == "2017-01-12T00:00:00Z"
    assert utc("0001-01-01T00:00:00+14:00") == utc("yesterday") == ""


# ---------------------------------------------------------------------------------------------------------- lists


@pytest.fixture(scope="module")
def paper():
    """Twelve dated articles and an undated one, five topics."""
    topics = ("Mosul", "Mosul, Raqqa", "الموصل، Mosul", "", "mosul")
    drafts = [article(n, topics=topics[n % 5], outlet="أخبار الآن" if n % 2 else "Al Aan") for n in range(1, 13)]
    return [*drafts, small("undated", date=""), full()]


@pytest.fixture(scope="module")
def files(paper):
    return render(paper, replace(PUBLIC, per_page=4))


def test_the_first_page_shows_the_latest_and_leads_to_every_list(files):
    home = tree(files, "index.html")
    assert leading_to(home, "cards")[:3] == ["articles/left-bank.html", "articles/a12.html", "articles/a11.html"]
    assert len(leading_to(home, "cards")) == 10
    shelves = {text(a): a.get("href") for a in home.xpath("//*[@class='shelves']//a")}
    assert shelves["Mosul"] == "topics/mosul.html"
    assert shelves["الموصل"] == f"topics/{paths.name('الموصل')}.html"
    assert shelves["Al Aan"] == "outlets/al-aan.html"
    assert shelves["2016"] == "archive/2016.html"
    assert shelves["Undated بلا تاريخ"] == "archive/undated.html"


def test_the_archive_holds_every_article_once_newest_first(files, paper):
    order, path, pages = [], "archive/index.html", []
    while path:
        page = tree(files, path)
        pages.append(path)
        order += [href.split("/")[-1].removesuffix(".html") for href in leading_to(page, "cards")]
        older = page.xpath("//link[@rel='next']/@href")
        assert older == page.xpath("//nav[@class='turns']//a[@rel='next']/@href")
        newer = page.xpath("//link[@rel='prev']/@href")
        assert [urljoin(path, way) for way in newer] == pages[-2:-1]
        path = urljoin(path, older[0]) if older else ""
    assert order == ["left-bank", *(f"a{n}" for n in range(12, 0, -1)), "undated"]
    assert pages == ["archive/index.html", "archive/page-2.html", "archive/page-1.html"]
    assert len(order) == len(paper)


def test_page_numbers_are_a_navigation_that_says_where_one_is(files):
    page = tree(files, "archive/page-2.html")
    (nav,) = page.xpath("//nav[@class='turns'][@aria-label]")
    assert [text(here) for here in nav.xpath(".//*[@aria-current='page']")] == ["Page 2"]
    assert text(page.xpath("//title")[0]) == "All articles, page 2 · Tarjuman"
    assert not tree(files, "topics/raqqa.html").xpath("//nav[@class='turns']")


def test_archive_is_parted_by_months(files):
    page = tree(files, "archive/2016.html")
    assert [text(h) for h in page.xpath("//h2")] == ["January 2016 كانون الثاني/يناير 2016"]
    assert [text(h) for h in tree(files, "archive/undated.html").xpath("//h2")] == ["Undated بلا تاريخ"]


def test_a_topic_written_in_two_ways_is_one_topic(files):
    listed = [leading_to(tree(files, f"topics/mosul{page}.html"), "cards") for page in ("", "-1")]
    assert [href.split("/")[-1][:-5] for page in listed for href in page] == [
        *("a12", "a11", "a10", "a9", "a7", "a6", "a5", "a4", "a2", "a1"),
    ]


def test_an_outlet_has_its_articles(files):
    page = tree(files, "outlets/al-aan.html")
    assert text(page.xpath("//h1")[0]) == "Al Aan"
    assert all(int(href.split("/a")[-1][:-5]) % 2 == 0 for href in leading_to(page, "cards"))


def test_every_link_leads_somewhere(files):
    for path in [path for path in files if path.endswith(".html")]:
        for href in tree(files, path).xpath("//a/@href | //link[@rel='prev' or @rel='next']/@href"):
            if not href.startswith(("https:", "mailto:", "#")):
                there, _, fragment = urljoin(path, href).partition("#")
                assert there in files, f"{path}: {href}"
                if fragment:
                    assert tree(files, there).xpath(f"//*[@id='{fragment}']"), f"{path}: {href}"


def write(folder: Path, drafts: list[Draft]) -> None:
    folder.mkdir(exist_ok=True)
    for draft in drafts:
        draft_files.save(draft, draft_files.path_for(folder, draft.article.slug), base="")


def test_a_new_article_makes_its_page_and_the_newest_page_of_its_lists_and_terms(tmp_path):
    some = replace(PUBLIC, per_page=3)
    old = [small(f"b{n}", date=f"2015-12-{n:02}", outlet="Al Aan", topics="Raqqa") for n in range(1, 9)]
    new = [often(f"a{n}", 10, date=f"2016-01-{n:02}", topics="Mosul") for n in range(1, 12)]
    write(tmp_path / "drafts", [*old, *new[:10]])
    publish(tmp_path / "drafts", tmp_path / "site", settings=some)
    write(tmp_path / "drafts", new[10:])
    report = publish(tmp_path / "drafts", tmp_path / "site", settings=some)
    assert set(report.written) == {
        *("index.html", "about.html", "articles/a11.html", "archive/index.html", "archive/2016.html"),
        *("topics/mosul.html", "topics/index.html", "glossary.html", "glossary-english.html", f"terms/{NAME}.html"),
        *("feeds/en.xml", "feeds/ar.xml", "sitemap.xml", "usage.html", "usage.json"),
    }
    assert report.made == len(report.written)


# ---------------------------------------------------------------------------------------------------------- terms


def test_the_glossary_lists_every_term_in_both_orders_and_no_sentence(files):
    for path in ("glossary.html", "glossary-english.html"):
        page = tree(files, path)
        links = page.xpath("//ul[@class='terms']//a/@href")
        assert f"terms/{NAME}.html" in links
        assert f"terms/{anchor(UNUSED.source, UNUSED.target)}.html" in links
        assert "تقدمت القوات" not in text(page)
        for href in page.xpath("//nav[@class='alphabet']//a/@href"):
            assert page.xpath(f"//*[@id='{href[1:]}']")
    letters = tree(files, "glossary.html").xpath("//nav[@class='alphabet']//li")
    assert [text(letter) for letter in letters] == list(alphabet.ARABIC)
    assert [text(h) for h in tree(files, "glossary.html").xpath("//h2")] == ["د", "س", "ع"]
    assert [text(h) for h in tree(files, "glossary-english.html").xpath("//h2")] == ["D", "L", "M"]


def test_old_addresses_of_terms_still_lead_to_them(files):
    (entry,) = tree(files, "glossary.html").xpath(f"//*[@id='{NAME}']")
    assert entry.xpath(".//a/@href") == [f"terms/{NAME}.html"]


def test_a_term_page_tells_everything_about_a_term(files):
    page = tree(files, f"terms/{NAME}.html")
    told = text(page.xpath("//*[@class='entry']")[0])
    for part in ("of the Tigris", "ساحلها الأيسر", "Left Bank", "left coast"):
        assert part in told
    assert [text(s) for s in page.xpath("//s")] == ["left coast"]
    (place,) = page.xpath("//*[@class='stretch']//li")
    arabic, _ = place.xpath("./*[@lang]")
    assert text(arabic) == "تقدمت القوات في الساحل الأيسر."
    assert [text(mark) for mark in place.xpath(".//mark")] == ["الساحل الأيسر", "the Left Bank"]
    assert place.xpath(".//a/@href") == ["../articles/left-bank.html#left-bank.3.1"]


def test_a_term_that_was_not_honoured_says_so(files):
    page = tree(files, f"terms/{anchor('عناصر', 'members')}.html")
    assert "not rendered as asked" in text(page.xpath("//*[@class='stretch']")[0])
    assert "Rendered as listed in 0 of 1 place" in text(page)
    assert "No longer in the term base" in text(page)
    assert page.xpath("//mark[contains(@class, 'unmet')]")


def test_a_term_that_stands_nowhere_has_a_page(files):
    page = tree(files, f"terms/{anchor(UNUSED.source, UNUSED.target)}.html")
    assert "Does not occur in the articles" in text(page)
    assert "an office" in text(page)


def test_many_places_are_parted_into_pages_with_every_sentence_once():
    files = render([often("first", 130, date="2016-01-01"), often("second", 25, date="2016-01-02")], PUBLIC)
    assert len([path for path in files if path.startswith(f"terms/{NAME}")]) == 2
    found, path = [], f"terms/{NAME}.html"
    while path:
        page = tree(files, path)
        places = page.xpath("//*[@class='stretch']//li//a/@href")
        assert len(places) < 100
        found += places
        older = page.xpath("//link[@rel='next']/@href")
        path = urljoin(path, older[0]) if older else ""
    wanted = [f"../articles/second.html#second.{n}.1" for n in range(1, 26)]
    assert found == wanted + [f"../articles/first.html#first.{n}.1" for n in range(1, 131)]
    assert "155" in text(tree(files, f"terms/{NAME}.html").xpath("//h2[@id='places']")[0])


PLACES = st.lists(st.tuples(st.integers(1, 180), st.booleans()), min_size=1, max_size=40)


def numbered(places: list[tuple[int, bool]]) -> list[tuple[str, int, bool]]:
    return [(f"a{number}", count, ends) for number, (count, ends) in enumerate(places)]


@given(PLACES)
def test_pages_of_a_term_hold_every_place_once_in_order(places):
    pages = termpages.part(numbered(places))
    found = [(part.slug, place) for page in pages for part in page for place in range(part.begin, part.end)]
    assert found == [(slug, place) for slug, count, _ in numbered(places) for place in range(count)]
    assert all(0 < sum(part.end - part.begin for part in page) < 100 for page in pages)


@given(PLACES, st.integers(1, 20))
def test_a_new_article_leaves_all_but_the_newest_pages_of_a_term(places, count):
    before = termpages.part(numbered(places))
    after = termpages.part([("new", count, True), *numbered(places)])
    kept = min(len(before), len(after)) - 1
    assert before[len(before) - kept :][1:] == after[len(after) - kept :][1:]


def test_a_change_in_an_old_article_moves_few_places():
    places = [(f"a{number}", 5, number % 4 == 0) for number in range(400)]
    more = [*places[:390], ("a390", 6, False), *places[391:]]
    before, after = termpages.part(places), termpages.part(more)
    assert len(before) == len(after) > 30
    assert sum(one != other for one, other in zip(before, after, strict=True)) <= 2


def test_spellings_are_counted():
    make = Builder("spellings")
    for arabic, english in (
        ("في الساحل الأيسر", "On the Left Bank"),
        ("بالساحل الأيسر", "The Left Bank's"),
        ("والساحل الأيسر", "the Left Bank"),
    ):
        surface, said = arabic.removeprefix("في "), english.removeprefix("On ").removesuffix("'s")
        use = replace(term(arabic, english, surface, said), source=ROW.source, target=ROW.target)
        make.add(Kind.PARAGRAPH, (arabic, target(english, terms=(use,))))
    page = tree(render([make.draft()], PUBLIC), f"terms/{NAME}.html")
    arabic, english = page.xpath("//*[@class='seen']//ul")
    assert [text(li) for li in arabic.xpath("li")] == ["الساحل الأيسر 1", "بالساحل الأيسر 1", "والساحل الأيسر 1"]
    assert [text(li) for li in english.xpath("li")] == ["the Left Bank 2", "The Left Bank 1"]


# ---------------------------------------------------------------------------------------------------------- feeds


def atom_is_valid(feed: etree._Element) -> None:
    """The rules of RFC 4287 that a feed can break."""
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    entries = feed.findall(f"{ATOM}entry")
    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *entries):
        for name in ("id", "title", "updated"):
            (one,) = part.findall(f"{ATOM}{name}")
            assert one.text.strip()
        assert moment.fullmatch(part.findtext(f"{ATOM}updated"))
        assert all(moment.fullmatch(one.text) for one in part.findall(f"{ATOM}published"))
        assert re.fullmatch(r"tag:[a-z0-9.-]+,2026:/[!-~]+", part.findtext(f"{ATOM}id"))
        rels = [(link.get("rel"), link.get("type")) for link in part.findall(f"{ATOM}link")]
        assert len(set(rels)) == len(rels)
        assert all(link.get("href").startswith(HOME) for link in part.findall(f"{ATOM}link"))
        assert ("alternate", "text/html") in rels
    assert feed.findall(f"{ATOM}author/{ATOM}name")
    ids = [part.findtext(f"{ATOM}id") for part in (feed, *entries)]
    assert len(set(ids)) == len(ids)


def test_feeds_are_valid_and_hold_what_happened_last(files):
    ids = set()
    for lang in ("en", "ar"):
        feed = xml(files, f"feeds/{lang}.xml")
        atom_is_valid(feed)
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
        assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{HOME}feeds/{lang}.xml"
        ids |= {entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")}
        updated = [entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry")]
        assert updated == sorted(updated, reverse=True)
        assert feed.findtext(f"{ATOM}updated") == updated[0] == "2026-11-20T10:00:00Z"
    assert len(ids) == 2 * 14
    english = xml(files, "feeds/en.xml").findall(f"{ATOM}entry")
    by_id = {entry.findtext(f"{ATOM}id").split("/")[-2]: entry for entry in english}
    assert by_id["left-bank"].findtext(f"{ATOM}title") == "Mosul Narrows"
    assert by_id["left-bank"].findtext(f"{ATOM}author/{ATOM}name") == "حسام"
    assert "sentences reviewed" in by_id["left-bank"].findtext(f"{ATOM}summary")


def test_an_article_of_which_nobody_knows_when_is_in_no_feed_and_in_every_list():
    quiet, dated = small("quiet", State.MACHINE, date="last Friday"), small("dated", State.MACHINE)
    files = render([quiet, dated], PUBLIC)
    feed = xml(files, "feeds/ar.xml")
    assert [entry.findtext(f"{ATOM}published")[:4] for entry in feed.iter(f"{ATOM}entry")] == ["2015"]
    assert b"quiet" in files["sitemap.xml"] and b"quiet" in files["archive/index.html"]


def test_a_feed_of_nothing_is_a_feed():
    feed = xml(render([small("quiet", State.MACHINE, date="last Friday")], PUBLIC), "feeds/ar.xml")
    assert feed.findtext(f"{ATOM}updated") == feeds.UNKNOWN and not list(feed.iter(f"{ATOM}entry"))
    atom_is_valid(feed)


def test_what_is_not_translated_stays_out_of_the_english_feed():
    make = Builder("arabic-only", date="2016-01-01")
    make.add(Kind.TITLE, ("عنوان", None))
    files = render([make.draft()], PUBLIC)
    assert not list(xml(files, "feeds/en.xml").iter(f"{ATOM}entry"))
    assert len(list(xml(files, "feeds/ar.xml").iter(f"{ATOM}entry"))) == 1


def test_a_feed_ends():
    files = render([article(n) for n in range(1, feeds.ENTRIES + 10)], PUBLIC)
    assert len(list(xml(files, "feeds/en.xml").iter(f"{ATOM}entry"))) == feeds.ENTRIES


def test_the_sitemap_lists_every_page_but_the_lost_one(files):
    entries = xml(files, "sitemap.xml").findall(f"{MAP}url")
    listed = [entry.findtext(f"{MAP}loc") for entry in entries]
    pages = {HOME + path.removeprefix("index.html") for path in files if path.endswith(".html") and path != "404.html"}
    assert set(listed) == {page if page != HOME + "index.html" else HOME for page in pages}
    assert len(set(listed)) == len(listed)
    modified = {entry.findtext(f"{MAP}loc"): entry.findtext(f"{MAP}lastmod") for entry in entries}
    assert modified[f"{HOME}articles/left-bank.html"] == "2026-11-20T10:00:00Z"
    assert modified[f"{HOME}about.html"] is None or modified[f"{HOME}about.html"].startswith("2026-11-20")
    assert files["robots.txt"].decode().endswith(f"Sitemap: {HOME}sitemap.xml\n")


def test_a_large_site_has_an_index_of_sitemaps(files, paper, monkeypatch):
    monkeypatch.setattr(feeds, "LIMIT", 20)
    parted = render(paper, replace(PUBLIC, per_page=4))
    index = xml(parted, "sitemap.xml")
    assert index.tag == f"{MAP}sitemapindex"
    names = [loc.text.removeprefix(HOME) for loc in index.iter(f"{MAP}loc")]
    assert len(names) > 1
    inside = [loc.text for name in names for loc in xml(parted, name).iter(f"{MAP}loc")]
    assert inside == [loc.text for loc in xml(files, "sitemap.xml").iter(f"{MAP}loc")]
    assert all(len(list(xml(parted, name).iter(f"{MAP}url"))) <= 20 for name in names)


# ------------------------------------------------------------------------------------- what pages say of themselves


def graph(files, path):
    (data,) = tree(files, path).xpath("//script[@type='application/ld+json']/text()")
    return json.loads(data)


def test_an_article_and_its_translation_are_two_works(files):
    english, arabic = graph(files, "articles/left-bank.html")["@graph"]
    assert english["translationOfWork"] == {"@id": arabic["@id"]}
    assert arabic["workTranslation"] == {"@id": english["@id"]}
    assert (english["inLanguage"], arabic["inLanguage"]) == ("en", "ar")
    assert (english["headline"], arabic["headline"]) == ("Mosul Narrows", "الموصل تضيق")
    assert english["translator"] == [{"@type": "Person", "name": "Layla"}]
    assert english["creativeWorkStatus"].startswith("Machine translation, ")
    assert arabic["url"] == "https://example.org/a"
    assert arabic["datePublished"] == "2017-01-12"
    assert english["dateModified"] == "2026-11-20T10:00:00Z"


def test_addresses_and_languages_of_a_page(files):
    page = tree(files, "articles/left-bank.html")
    here = f"{HOME}articles/left-bank.html"
    assert page.xpath("//link[@rel='canonical']/@href") == [here]
    alternates = page.xpath("//link[@rel='alternate'][@hreflang][not(@type)]")
    assert [(link.get("hreflang"), link.get("href")) for link in alternates] == [
        ("ar", here),
        ("en", here),
        ("x-default", here),
    ]
    told = {m.get("property"): m.get("content") for m in page.xpath("//meta[@property]")}
    assert told["og:type"] == "article"
    assert told["og:title"] == "Mosul Narrows"
    assert told["og:url"] == here
    assert told["article:published_time"] == "2017-01-12"
    assert tree(files, "index.html").xpath("//link[@rel='canonical']/@href") == [HOME]
    assert graph(files, "index.html")["@type"] == "WebSite"
    assert graph(files, "archive/index.html")["mainEntity"]["itemListElement"][0]["name"] == "Mosul Narrows"
    assert graph(files, f"terms/{NAME}.html")["@type"] == "DefinedTerm"


def test_feeds_are_announced_on_every_page_that_has_an_address(files):
    for path in [path for path in files if path.endswith(".html") and path != "404.html"]:
        links = tree(files, path).xpath("//link[@type='application/atom+xml']/@href")
        assert [urljoin(path, link).removeprefix(HOME) for link in links] == ["feeds/en.xml", "feeds/ar.xml"], path


def test_without_an_address_nothing_says_one(paper):
    files = render(paper, SETTINGS)
    assert not [path for path in files if path.endswith(".xml") or path == "robots.txt"]
    for path in [path for path in files if path.endswith(".html")]:
        page = tree(files, path)
        assert not page.xpath("//link[@rel='canonical' or @hreflang] | //meta[@property='og:url']"), path
        assert not page.xpath("//*[@href[starts-with(., '/')]]"), path
    english, arabic = graph(files, "articles/left-bank.html")["@graph"]
    assert (english["@id"], arabic["@id"]) == ("#en", "#ar")
    assert "--base-url" in feeds.WITHOUT_ADDRESS


def test_no_page_is_told_apart_by_a_query(files):
    assert not [path for path, content in files.items() if path.endswith((".html", ".xml")) and b"?lang" in content]


@pytest.mark.parametrize("attack", HOSTILE)
def test_no_text_breaks_out_of_a_list_a_feed_or_linked_data(attack):
    make = Builder(
        "attack", title=attack, author=attack, outlet=attack, place=attack, topics=f"{attack},b", date="2016-01-01"
    )
    arabic, english = f"نص {attack}", f"Text {attack}"
    use = replace(term(arabic, english, arabic, english), source=attack or "x", target=attack)
    make.add(Kind.PARAGRAPH, (arabic, target(english, State.APPROVED, terms=(use,), who=attack)))
    hostile = replace(PUBLIC, title=attack, publisher=attack, tagline=attack)
    files = render([make.draft()], hostile)
    for path, content in files.items():
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_./-]*", path)
        if path.endswith(".xml"):
            etree.fromstring(content)
        elif path.endswith(".html"):
            page = tree(files, path)
            assert not page.xpath("//*[@onerror or @onload or @onmouseover] | //img"), path
            assert not page.xpath("//script[not(@src) and not(@type)]"), path
            for data in page.xpath("//script[@type='application/ld+json']"):
                json.loads(data.text)
    atom_is_valid(xml(files, "feeds/en.xml"))


@given(st.text(max_size=40))
@settings(max_examples=100)
def test_linked_data_reads_back_and_never_ends_its_element(word):
    text = linked.script({"name": word, "list": [f"</script>{word}<!--"]})
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text)["list"][0].startswith("</script>")


@pytest.mark.parametrize(
    "view",
    [
        *(CardView, Group, Link, TermEntry, Letter, Place, Stretch, Form, Forms),
        *(Turn, Turns, Meta, Feed),
    ],
    ids=lambda view: view.__name__,
)
def test_the_readme_lists_the_fields_of_every_view_and_no_others(view):
    readme = (templates.SHIPPED / "README.md").read_text("utf-8")
    section = readme.split(f"\n## {view.__name__}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == set(view.__match_args__)


def test_unmet_is_a_status_the_pages_know():
    assert {status.value for status in TermStatus} == {"unmet", "substituted", "forced", "met"}


# ----------------------------------------------------------------------------------------------------- in a browser


@pytest.mark.browser
def test_lists_below_a_path_fit_a_phone_and_break_no_rule_of_their_own(browser, files):
    said: list[str] = []

    def answer(route):
        path = route.request.url.partition("#")[0].removeprefix(HOME) or "index.html"
        kind = mimetypes.guess_type(path)[0] or "font/woff2"
        route.fulfill(body=files[path], content_type=kind) if path in files else route.fulfill(status=404)

    context = browser.new_context(viewport={"width": 390, "height": 900})
    context.route("**", answer)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("response", lambda response: said.append(response.url) if response.status != 200 else None)
    for path in ("", "archive/page-2.html", "topics/index.html", "glossary.html", f"terms/{NAME}.html"):
        page.goto(HOME + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.click("article ol a")  # a place of the term: the sentence in its article
    assert page.url == f"{HOME}articles/left-bank.html#left-bank.3.1"
    context.close()
    assert said == []

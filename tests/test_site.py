"""The site as files: what is on the pages, what never gets there, and what happens to the folder."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import jinja2.meta
import pytest
from lxml import html
from site_drafts import HOSTILE, Builder, full, hostile, small, target

from glossary import TermBase
from translate import drafts as draft_files
from translate.document import Article, Block, Draft, Kind, Mark, Segment, State, TermStatus, TermUse
from translate.errors import DraftError, InputError, OutputError, UsageError
from translate.site import GlossaryRow, SiteSettings, publish, render, rows, templates
from translate.site.article import ArticleView
from translate.site.card import Card
from translate.site.facts import FILE
from translate.site.manifest import MANIFEST, sound
from translate.site.paint import Span, paint, settle
from translate.site.pairs import Note, Pair, Side
from translate.site.pieces import Piece
from translate.site.store import store
from translate.site.tally import Tally
from translate.site.terms import anchor

ROW = GlossaryRow(
    "الساحل الأيسر", "the Left Bank", ("ساحلها الأيسر",), ("Left Bank",), ("left coast",), "of the Tigris"
)
UNUSED = GlossaryRow("ديوان", "Diwan")
SETTINGS = SiteSettings(glossary=(ROW, UNUSED), glossary_fingerprint="9ac0d1f3")


def tree(files, path):
    return html.document_fromstring(files[path].decode("utf-8"))


def text(element):
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def files():
    return render([small(), full()], SETTINGS)


# ------------------------------------------------------------------------------------------------------- what is shown


def test_the_files_of_a_site(files):
    assert set(files) >= {
        "404.html",
        "about.html",
        "archive/index.html",
        "articles/left-bank.html",
        "articles/raqqa.html",
        "glossary.html",
        "index.html",
        "search.html",
        "static/layout.js",
        "static/site.css",
    }
    assert all(sound(path) for path in files)


def test_the_same_drafts_give_the_same_bytes_in_any_order(files):
    assert render([full(), small()], SETTINGS) == files


@pytest.mark.parametrize("draft", [full(), small()], ids=lambda d: d.article.slug)
def test_every_sentence_stands_once_in_each_language_in_order(files, draft):
    page = tree(files, f"articles/{draft.article.slug}.html")
    pairs = (
        [p for p in page.cssselect(".pair") if p.get("id")]
        if hasattr(page, "cssselect_")
        else page.xpath("//*[contains(concat(' ', @class, ' '), ' pair ')][@id]")
    )
    segments = list(draft.article.segments())
    assert [p.get("id") for p in pairs] == [s.id for s in segments]
    for pair, segment in zip(pairs, segments, strict=True):
        arabic, english = pair.xpath("./*[contains(concat(' ', @class, ' '), ' side ')]")
        assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")
        assert (english.get("lang"), english.get("dir")) == ("en", "ltr")
        assert text(arabic) == segment.text
        done = draft.targets.get(segment.id)
        assert text(english) == (done.text if done else "not translated")
        assert pair.xpath(".//a[@href=$here]", here=f"#{segment.id}"), "no permalink"


def test_every_direction_is_stated(files):
    for path in files:
        if path.endswith(".html"):
            for element in tree(files, path).iter():
                if re.search("[\u0600-\u06ff]", element.text or "") and element.tag not in ("title", "script"):
                    stated = element.xpath("ancestor-or-self::*[@dir='rtl' or @dir='auto' or self::bdi]")
                    assert stated or element.xpath("ancestor-or-self::pre"), (path, html.tostring(element))


def test_blocks_become_what_they_are(files):
    page = tree(files, "articles/left-bank.html")
    assert [text(h) for h in page.xpath("//h1//*[@lang='en']")][:1] == ["Mosul Narrows"]
    assert page.xpath("//h2[contains(@class, 'heading')]")
    outer, inner = page.xpath("//ul[contains(@class, 'list')]"), page.xpath("//ul//ol[contains(@class, 'list')]")
    assert [text(li.xpath(".//*[@lang='en']")[0]) for li in outer[0].xpath("./li")] == ["First", "Second"]
    assert text(outer[0].xpath("./li[2]/p//*[@lang='en']")[0]) == "Goes on"
    assert inner[0].get("start") == "3"
    assert [text(q.xpath(".//*[@lang='en']")[-1]) for q in page.xpath("//blockquote")] == ["Inner", "Inner"]
    assert page.xpath("//blockquote/blockquote")
    shown = "normalize-space(.//*[@lang='en'])"
    cells = [[cell.xpath(shown) for cell in row] for row in page.xpath("//table//tr")]
    assert cells == [["City", "Number"], ["Raqqa", ""], ["", "Nineveh"]]
    assert len(page.xpath("//table//th")) == 2 and len(page.xpath("//table//td")) == 4
    assert page.xpath("string(//pre)") == "a < b\nنص"
    assert len(page.xpath("//hr")) == 1
    assert len(page.xpath("//strong[text()='Bold']")) == 1
    assert len(page.xpath("//details[contains(@class, 'block folded')]")) == 2
    assert page.xpath("//details[contains(@class, 'folded')]//ul/li")


@pytest.mark.parametrize("kind", [Kind.ITEM, Kind.QUOTE])
def test_nesting_without_end_is_shown_at_a_depth_with_an_end(kind):
    make = Builder("deep")
    for level in range(1, 2000):
        make.add(kind, ("نص", target("Text")), level=level, marker="-")
    made = render([make.draft()], SETTINGS)["articles/deep.html"].decode()
    assert made.count('class="pair" id="deep.') == 1999
    assert 15 < made.count("<ul class=") + made.count("<blockquote") <= 25


def test_the_badges_differ_in_shape_and_in_words(files):
    page = tree(files, "articles/left-bank.html")
    for name, state in (("left-bank.1.1", "approved"), ("left-bank.2.1", "machine"), ("left-bank.4.1", "edited")):
        link = page.xpath("//*[@id=$name]//a[@class='permalink']", name=name)[0]
        assert link.xpath(".//use/@href") == [f"#state-{state}"]
        assert state in text(link)
    shapes = {html.tostring(s).split(b">", 1)[1] for s in page.xpath("//symbol[starts-with(@id, 'state-')]")}
    assert len(shapes) == 4


def test_the_banner_counts_what_nobody_has_checked(files):
    page = tree(files, "articles/left-bank.html")
    banner = page.xpath("//*[contains(@class, 'banner')]")[0]
    assert "Machine translation, not reviewed in full." in text(banner)
    assert "17 of 20 sentences have not been checked by a person. Not translated: 1." in text(banner)
    assert "17 من 20" in text(banner)
    assert not tree(files, "articles/raqqa.html").xpath("//*[contains(@class, 'banner')]")


def test_a_wholly_machine_made_article_says_so():
    page = tree(render([small(state=State.MACHINE)], SETTINGS), "articles/raqqa.html")
    assert "Machine translation, not reviewed. 2 of 2 sentences" in text(page)


def test_terms_are_marked_in_both_languages_and_lead_to_their_entry(files):
    page = tree(files, "articles/left-bank.html")
    links = page.xpath("//*[@id='left-bank.3.1']//a[contains(@class, 'term')]")
    assert [text(link) for link in links] == ["الساحل الأيسر", "the Left Bank"]
    (there,) = {link.get("href") for link in links}
    entry = tree(files, there.removeprefix("../"))
    shown = text(entry)
    assert "ساحلها الأيسر" in shown and "left coast" in shown and "of the Tigris" in shown
    assert "تقدمت القوات في الساحل الأيسر." in shown and "Forces advanced on the Left Bank." in shown
    assert "../articles/left-bank.html#left-bank.3.1" in entry.xpath("//main//a/@href")
    assert [text(m) for m in entry.xpath("//main//mark")] == ["الساحل الأيسر", "the Left Bank"]


def test_a_term_that_the_glossary_no_longer_has_is_shown_as_such(files):
    listed = text(tree(files, "glossary.html").xpath("//main")[0])
    assert all(name in listed for name in ("the Left Bank", "Diwan", "members"))
    gone = {anchor(*pair): pair for pair in (("عناصر", "members"), (ROW.source, ROW.target))}
    told = ["No longer in the term base" in text(tree(files, f"terms/{name}.html")) for name in gone]
    assert told == [True, False]


def test_unmet_terms_and_findings_are_told_once_and_dismissed_ones_are_not(files):
    page = tree(files, "articles/left-bank.html")
    unmet, number = [text(li) for li in page.get_element_by_id("left-bank.3.2-note")]
    assert unmet.startswith("Not rendered as the glossary asks: عناصر →") and unmet.endswith("members")
    assert number == "n-01 number missing: 70"
    assert page.xpath("//*[@id='left-bank.3.2']//a[@href='#left-bank.3.2-note']")
    assert "much shorter" not in text(page)


def test_a_changed_source_is_told():
    draft = small()
    _, second = draft.targets
    targets = {**draft.targets, second: dataclasses.replace(draft.targets[second], source="كان غير ذلك")}
    page = tree(render([dataclasses.replace(draft, targets=targets)], SETTINGS), "articles/raqqa.html")
    assert "The Arabic was changed after this translation was made." in text(page.get_element_by_id(second + "-note"))


def test_provenance_names_the_model_the_glossary_and_the_people(files):
    shown = text(tree(files, "articles/left-bank.html").xpath("//footer[@class='provenance']")[0])
    for part in ("ct2-int8|tarjuman-ar-en@1f2e|beam:4", "9ac0d1f3", "1 of 2 terms honoured", "Layla"):
        assert part in shown


def test_an_invented_title_is_marked():
    for value, marked in (("yes", True), ("true", True), ("no", False), ("", False)):
        made = render([small(title_generated=value)], SETTINGS)
        for path in ("index.html", "articles/raqqa.html"):
            assert bool(tree(made, path).xpath("//*[@class='generated']")) is marked


def test_an_article_without_a_title_is_found_by_its_name():
    draft = Draft(Article("bare", (Block(1, Kind.PARAGRAPH, "نص", segments=(Segment("bare.1.1", "نص"),)),)))
    made = render([draft], SETTINGS)
    assert text(tree(made, "articles/bare.html").xpath("//h1")[0]) == "bare"
    assert "bare" in text(tree(made, "index.html").xpath("//h3")[0])


def test_the_index_lists_the_newest_first_with_everything_known(files):
    cards = tree(files, "index.html").xpath("//li[@class='card']")
    assert [c.xpath("string(.//h3/a/@href)") for c in cards] == ["articles/left-bank.html", "articles/raqqa.html"]
    for part in ("Mosul Narrows", "الموصل تضيق", "12 January 2017", "أخبار الآن", "Dubai", "حسام"):
        assert part in text(cards[0])


def test_rows_of_the_bundled_term_base():
    made = rows(TermBase.load(TermBase.default()).terms)
    assert made and all(row.source and row.target and row.target not in row.accepted for row in made)


# ------------------------------------------------------------------------------------------------------------- links


@pytest.mark.parametrize("base", ["", "https://example.org/mosul"])
def test_every_internal_link_leads_somewhere(base):
    made = render([small(), full()], dataclasses.replace(SETTINGS, base_url=base))
    anchors = {path: set(tree(made, path).xpath("//@id")) | {""} for path in made if path.endswith(".html")}
    root = "https://example.org/mosul/"
    for path in anchors:
        page = tree(made, path)
        assert len(page.xpath("//@id")) == len(set(page.xpath("//@id"))), f"{path}: an id twice"
        for link in page.xpath("//@href | //@src"):
            address, fragment = urldefrag(urljoin(root + path, link))
            if link != "https://example.org/a":
                assert address.startswith(root), (path, link)
                place = address.removeprefix(root) or "index.html"
                assert place in made, (path, link)
                assert place not in anchors or fragment in anchors[place], (path, link)


def test_links_are_relative_except_where_a_page_may_stand_anywhere():
    made = render([small()], dataclasses.replace(SETTINGS, base_url="https://example.org/m/"))
    assert tree(made, "index.html").xpath("//link[@rel='canonical']/@href") == ["https://example.org/m/"]
    assert tree(made, "articles/raqqa.html").xpath("//link[@rel='stylesheet']/@href") == ["../static/site.css"]
    links = tree(made, "404.html").xpath("//link/@href | //a/@href | //script/@src")
    assert "https://example.org/m/static/site.css" in links
    assert all(link.startswith(("https://example.org/m/", "#")) for link in links)


# ---------------------------------------------------------------------------------------------------------- hostility


@pytest.mark.parametrize("attack", HOSTILE, ids=ascii)
def test_nothing_in_a_draft_becomes_markup(attack):
    row = GlossaryRow(attack, attack, (attack,), (attack,), (attack,), attack, attack)
    settings = SiteSettings(title=attack, tagline=attack, glossary=(row,), glossary_fingerprint=attack)
    made, plain = render([hostile(attack)], settings), render([hostile("plain")], SiteSettings(title="plain"))
    assert sorted(filter(None, map(_folder, made))) == sorted(filter(None, map(_folder, plain)))
    assert all(sound(path) for path in made)
    allowed = {tag for path in plain if path.endswith(".html") for tag in _tags(tree(plain, path))}
    allowed |= {("mark", "class"), ("s", ""), ("a", "title"), ("code", "dir"), ("p", "class")}
    for path in made:
        if path.endswith(".html"):
            page = tree(made, path)
            assert _tags(page) <= allowed | {("bdi", "lang"), ("div", ""), ("dt", ""), ("dd", "")}, path
            assert all(re.fullmatch(r"(\.\./)*static/[a-z/]+\.js", src) for src in page.xpath("//script/@src"))
            assert {script.get("type") for script in page.xpath("//script[text()]")} <= {"application/ld+json"}
            assert not page.xpath("//style | //@style | //iframe | //img | //object | //base")
            assert page.xpath("//form/@action") in ([], ["search.html"])
            assert not [name for e in page.iter() for name in e.attrib if name.startswith("on")]
            for link in page.xpath("//@href"):
                assert not re.match(r"\s*(javascript|data|vbscript):", link, re.IGNORECASE)
            raw = made[path].decode("utf-8")
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", raw)
            assert "49" not in text(page).replace("term-", "")


def _folder(path):
    """The folder of a page; what a text may name is only its last part."""
    return path.rpartition("/")[0] if path.endswith(".html") else ""


def _tags(page):
    return {(e.tag, name) for e in page.iter() if isinstance(e.tag, str) for name in [*e.attrib, ""]}


def test_the_page_forbids_what_it_does_not_need(files):
    for path in files:
        if path.endswith(".html"):
            (policy,) = tree(files, path).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert not re.search(rb"""(src|href)=["']?(https?:)?//(?!example\.org/a)""", files[path])


def test_the_style_sheet_asks_nobody_else_and_knows_no_left_or_right(files):
    css = re.sub(r"/\*.*?\*/", "", files["static/site.css"].decode(), flags=re.DOTALL)
    assert "@import" not in css and all(
        re.match(r'url\("fonts/[a-z-]+\.woff2"\)', found) for found in re.findall(r"url\(.*", css)
    )
    assert not re.search(r"(?<![-\w])(margin|padding|border)-(left|right)|(?<![-\w])(left|right)\s*:", css)
    assert not re.search(r"(text-align|float|clear)\s*:\s*(left|right)", css)


@pytest.mark.parametrize("slug", ["../up", "a/b", "", "A", "a" * 101, "con", "a.html", "a\n", "مقال"])
def test_a_name_that_is_no_file_name_is_refused(slug):
    with pytest.raises(DraftError, match="cannot be a file name"):
        render([Draft(Article(slug, ()))], SETTINGS)


@pytest.mark.parametrize("name", ["x y.1.1", 'a".1.1', "../a.1.1", "content", ""])
def test_a_segment_id_that_is_no_address_is_refused(name):
    draft = Draft(Article("a", (Block(1, Kind.PARAGRAPH, "نص", segments=(Segment(name, "نص"),)),)))
    with pytest.raises(DraftError, match="cannot be an address"):
        render([draft], SETTINGS)


def test_two_drafts_or_segments_with_one_name_are_refused():
    with pytest.raises(DraftError, match="two drafts have the article name 'raqqa'"):
        render([small(), small()], SETTINGS)
    twice = (Segment("a.1.1", "نص"), Segment("a.1.1", "نص"))
    with pytest.raises(DraftError, match="is there twice"):
        render([Draft(Article("a", (Block(1, Kind.PARAGRAPH, "نص", segments=twice),)))], SETTINGS)


# --------------------------------------------------------------------------------------------------------- one sentence


def cases():
    """The cases of `cases/site.md`: name, lines as (key, value)."""
    for case in (Path(__file__).parent / "cases" / "site.md").read_text("utf-8").split("\n## ")[1:]:
        name, *lines = case.strip().split("\n")
        yield pytest.param([tuple(line.split(": ", 1)) for line in lines], id=name)


@pytest.mark.parametrize("lines", list(cases()))
def test_a_sentence_on_the_page(lines):
    (sentence,), (shown,) = ([value for key, value in lines if key == wanted] for wanted in ("text", "shown"))
    marks, spans = [], []
    for key, value in lines:
        if key == "mark":
            kind, words = value.split(" = ")
            marks.append(Mark(kind, sentence.index(words), sentence.index(words) + len(words)))
        elif key in ("term", "unmet"):
            begin = sentence.index(value)
            spans.append(Span(begin, begin + len(value), "#x", "y", met=key == "term"))
    made = settle(str(paint(sentence, marks, spans)))
    made = re.sub(r'<a class="term( unmet)?" href="#x" title="y">', lambda m: "⟨!" if m[1] else "⟨", made)
    assert made.replace("</a>", "⟩") == shown


def test_impossible_places_are_not_painted():
    spans = [Span(begin, end, "#x", "y") for begin, end in ((-1, 3), (5, 5), (9, 4), (20, 99))]
    marks = [Mark("strong", -1, 3), Mark("strong", 4, 99), Mark("link", 9, 2)]
    assert paint("on the Left Bank", marks, spans) == "on the Left Bank"


def test_a_term_inside_a_link_leaves_the_link_whole():
    link = Mark("link", 0, 9, (("href", "https://example.org"),))
    assert paint("Left Bank", [link], [Span(5, 9, "#x", "y")]).count("<a ") == 1


# ----------------------------------------------------------------------------------------------------------- the folder


def put(folder, *drafts):
    folder.mkdir(exist_ok=True)
    for draft in drafts:
        draft_files.save(draft, draft_files.path_for(folder, draft.article.slug), base="")


def snapshot(folder):
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != FILE)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


@pytest.fixture
def desk(tmp_path):
    put(tmp_path / "drafts", small(), full())
    return tmp_path / "drafts", tmp_path / "out"


def test_publish_twice_gives_identical_bytes_and_writes_nothing_the_second_time(desk):
    first = publish(*desk, settings=SETTINGS)
    before = snapshot(desk[1])
    second = publish(*desk, settings=SETTINGS)
    assert (first.articles, first.sentences.total, second.written) == (2, 22, ())
    assert snapshot(desk[1]) == before
    told = f"0 files written, {len(before) - 1} unchanged, 0 removed"
    assert str(second) == f"2 articles, 22 sentences, 17 not reviewed; {told}"


def test_what_comes_from_the_drafts_on_disk_is_what_render_makes(desk):
    publish(*desk, settings=SETTINGS)
    made = render([draft_files.load(p) for p in desk[0].glob("*.xlf")], SETTINGS)
    assert {k: v for k, v in snapshot(desk[1]).items() if k != MANIFEST} == dict(made)


def test_a_page_whose_draft_is_gone_goes_and_a_foreign_file_stays(desk):
    drafts, out = desk
    publish(*desk, settings=SETTINGS)
    (out / "articles" / "mine.html").write_text("mine")
    (out / "CNAME").write_text("example.org")
    (drafts / "raqqa.en.xlf").unlink()
    report = publish(*desk, settings=SETTINGS)
    assert "articles/raqqa.html" in report.removed
    assert not (out / "articles" / "raqqa.html").exists()
    assert (out / "articles" / "mine.html").read_text() == "mine" and (out / "CNAME").exists()


def test_a_stale_page_that_somebody_changed_is_kept_and_told(desk):
    drafts, out = desk
    publish(*desk, settings=SETTINGS)
    (out / "articles" / "raqqa.html").write_text("by hand")
    (drafts / "raqqa.en.xlf").unlink()
    report = publish(*desk, settings=SETTINGS)
    assert report.kept == ("articles/raqqa.html",) and (out / "articles" / "raqqa.html").exists()


def test_a_foreign_file_in_the_way_stops_everything_before_the_first_byte(desk):
    out = desk[1]
    out.mkdir()
    (out / "index.html").write_text("mine")
    with pytest.raises(OutputError, match="a file that publish did not make is in the way"):
        publish(*desk, settings=SETTINGS)
    assert snapshot(out) == {"index.html": b"mine"}


def test_a_broken_draft_stops_everything_before_the_first_byte(desk):
    drafts, out = desk
    publish(*desk, settings=SETTINGS)
    before = snapshot(out)
    (drafts / "raqqa.en.xlf").write_text("<xliff")
    (drafts / "left-bank.en.xlf").unlink()
    with pytest.raises(DraftError):
        publish(*desk, settings=SETTINGS)
    assert snapshot(out) == before


def test_a_manifest_cannot_point_outside(tmp_path):
    out, outside = tmp_path / "out", tmp_path / "outside.txt"
    outside.write_text("x")
    store({"a.html": b"a"}, out)
    evil = dict.fromkeys(("../outside.txt", "/etc"), "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
    (out / MANIFEST).write_text(json.dumps({"files": evil}))
    with pytest.raises(OutputError, match="in the way"):
        store({"a.html": b"b"}, out)
    store({"b.html": b"b"}, out)
    assert outside.exists() and (out / "a.html").exists()


def test_a_link_inside_the_site_is_not_followed(tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "articles").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(OutputError, match="not a folder of the site"):
        store({"articles/a.html": b"a"}, out)
    assert list(elsewhere.iterdir()) == []


def test_a_damaged_manifest_and_a_file_for_a_folder_are_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="not a folder"):
        store({"a.html": b"a"}, tmp_path / "file")
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(OutputError, match="list of published files is damaged"):
        store({"a.html": b"a"}, tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    with pytest.raises(OutputError, match="cannot be written"):
        store({"a.html": b"a"}, locked / "out")


def test_a_folder_below_a_file_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        store({"a.html": b"a"}, tmp_path / "file" / "out")


def test_no_drafts_is_told_with_what_to_do(tmp_path):
    with pytest.raises(DraftError, match=r"no drafts .*tarjuman draft"):
        publish(tmp_path, tmp_path / "out", settings=SETTINGS)
    with pytest.raises(DraftError, match="tarjuman draft"):
        render([], SETTINGS)
    assert not (tmp_path / "out").exists()


def test_the_site_does_not_go_among_the_drafts(desk):
    with pytest.raises(UsageError, match="among the drafts"):
        publish(desk[0], desk[0], settings=SETTINGS)


# ------------------------------------------------------------------------------------------------------------ templates


def test_own_templates_stand_before_the_shipped_ones(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "index.html").write_text("<p>{{ site.title }}: {{ page.name }}</p>")
    (tmp_path / "static" / "site.css").write_text("body{}")
    (tmp_path / "static" / "logo.svg").write_text("<svg/>")
    made = render([small()], dataclasses.replace(SETTINGS, title="<T>", templates=tmp_path))
    assert made["index.html"] == b"<p>&lt;T&gt;: index</p>"
    assert made["static/site.css"] == b"body{}" and made["static/logo.svg"] == b"<svg/>"
    assert b"Raqqa Haven" in made["articles/raqqa.html"]


@pytest.mark.parametrize(
    ("template", "told"), [("{{ nobody }}", "'nobody' is undefined.*README"), ("{% if %}", r"index.html:1: .*README")]
)
def test_a_template_with_a_mistake_is_told(tmp_path, template, told):
    (tmp_path / "index.html").write_text(template)
    with pytest.raises(InputError, match=told):
        render([small()], dataclasses.replace(SETTINGS, templates=tmp_path))


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (b"<p>\n{{ 1 / 0 }}</p>", r"index.html:2: .*division by zero.*README"),
        (b"<p>\n\n{{ 1 + 'a' }}</p>", r"index.html:3: .*unsupported operand.*README"),
        (b"{{ nobody }}", r"index.html:1: .*'nobody' is undefined.*README"),
        (b"{{ '%d' | format('a') }}", r"index.html:1: .*README"),
        (b"{{ '{0} {1}'.format(1) }}", r"index.html:1: .*README"),
        (b"\n{% include 'index.html' %}", r"index.html:2: .*recursion.*README"),
        (b"<p>\ncaf\xe9</p>", r"index.html:2: .*not UTF-8.*README"),
        (b"{% include 'part.html' %}", r"part.html:3: .*not UTF-8.*README"),
        (b"{% include 'none.html' %}", r"index.html:1: .*none.html.*README"),
    ],
)
def test_a_template_that_fails_is_told_with_its_line(tmp_path, template, told):
    (tmp_path / "index.html").write_bytes(template)
    (tmp_path / "part.html").write_bytes(b"\n\n\xff")
    (tmp_path / "sub").mkdir()
    with pytest.raises(InputError, match=told):
        render([small()], dataclasses.replace(SETTINGS, templates=tmp_path / "sub" / ".."))


def test_a_missing_template_folder_is_told(tmp_path):
    with pytest.raises(UsageError, match="does not exist"):
        render([small()], dataclasses.replace(SETTINGS, templates=tmp_path / "none"))


def readme():
    """Heading -> the names in the first column below it."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in (templates.SHIPPED / "README.md").read_text("utf-8").splitlines():
        if line.startswith("## "):
            name = line[3:]
            found[name] = set()
        elif line.startswith("| `"):
            found[name] |= set(re.findall(r"`(\w+)`", line.split("|")[1]))
    return found


def test_the_readme_lists_the_variables_of_every_template_and_no_others():
    listed, environment = readme(), templates.environment()
    names = sorted(p.name for p in templates.SHIPPED.glob("*.html"))
    macros = "".join((templates.SHIPPED / name).read_text("utf-8") for name in ("macros.html", "cards.html"))
    shared = re.findall(r"{% macro (\w+)", macros)
    for name in names:
        source = (templates.SHIPPED / name).read_text("utf-8")
        used = jinja2.meta.find_undeclared_variables(environment.parse(source))
        assert used - set(shared) == listed[name], name
    assert {name for name in listed if name.endswith(".html")} == set(names)


@pytest.mark.parametrize(
    "view",
    [
        SiteSettings, GlossaryRow, templates.PageView, Card, ArticleView, Piece, Pair, Side, Note, Tally,
    ],
    ids=lambda view: view.__name__,
)  # fmt: skip
def test_the_readme_lists_the_fields_of_every_view_and_no_others(view):
    names = set(view._fields) if issubclass(view, tuple) else {f.name for f in dataclasses.fields(view)}
    names |= {name for name, value in vars(view).items() if isinstance(value, property)}
    assert readme()[view.__name__] == names


def test_a_term_placed_mechanically_is_told():
    draft = small()
    _, second = draft.targets
    use = TermUse("الساحل الأيسر", "the Left Bank", 0, 13, "", TermStatus.SUBSTITUTED, "Left Bank", 4, 13)
    targets = {**draft.targets, second: dataclasses.replace(draft.targets[second], terms=(use,))}
    page = tree(render([dataclasses.replace(draft, targets=targets)], SETTINGS), "articles/raqqa.html")
    (note,) = page.xpath("//details[@class='notes']//li")
    assert re.fullmatch("Put in place mechanically: الساحل الأيسر →.*Left Bank", text(note))


def test_the_same_page_whatever_the_folder_is_called(tmp_path: Path):
    for name in ("a", "b"):
        put(tmp_path / name, small())
        publish(tmp_path / name, tmp_path / f"{name}-out", settings=SETTINGS)
    assert snapshot(tmp_path / "a-out") == snapshot(tmp_path / "b-out")


def test_a_manifest_that_is_a_link_is_not_written_through(tmp_path):
    other = tmp_path / "other.json"
    other.write_text('{"files": {}}')
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / MANIFEST).symlink_to(other)
    with pytest.raises(OutputError, match="not a file of the site"):
        store({"index.html": b"page"}, tmp_path / "out")
    assert other.read_text() == '{"files": {}}'


def test_what_lies_where_a_page_is_prepared_is_left_alone(tmp_path):
    other = tmp_path / "other.txt"
    other.write_bytes(b"mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".index.html.half").symlink_to(other)
    store({"index.html": b"page"}, tmp_path / "out")
    assert other.read_bytes() == b"mine"
    assert (tmp_path / "out" / "index.html").read_bytes() == b"page"
    assert not (tmp_path / "out" / "index.html").is_symlink()

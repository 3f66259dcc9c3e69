"""The search: what is found under which word, an index that grows as if it had been built at once, and its page."""

from __future__ import annotations

import functools
import http.server
import json
import random
import re
import sqlite3
import threading
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_drafts import HOSTILE, Builder, full, hostile, small, target

from translate.document import Kind, State
from translate.site import SiteSettings, render
from translate.site.card import Card, Line
from translate.site.search.index import OUTLET, REVIEWED, Index, about, listed, packed, text_of, written
from translate.site.search.keys import asked, keys, words
from translate.site.search.numbers import month, numbers
from translate.site.search.postings import CROWDED, LARGE, SMALL, Row, pack, revised, spot, spread, unpack
from translate.site.search.rules import FOLD
from translate.site.tally import Tally

CASES = Path(__file__).parent / "cases" / "search.md"
MARKED = re.compile("[⟨⟩]")


@dataclass
class Case:
    title: str
    query: str = ""
    finds: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)


def read_cases() -> list[Case]:
    found: list[Case] = []
    for line in CASES.read_text("utf-8").split("\n"):
        if line.startswith("## "):
            found.append(Case(line[3:]))
        elif found and line.strip():
            name, _, value = line.partition(": ")
            if name == "query":
                found[-1].query = value
            else:
                getattr(found[-1], name).append(value)
    return found


ALL = read_cases()
SENTENCES = sorted({MARKED.sub("", text) for case in ALL for text in [*case.finds, *case.misses]})


def lit(query: str, text: str) -> str:
    """`('الساحل', 'على الساحل')` -> `'على ⟨الساحل⟩'`: every word that the query asks for."""
    wanted = {key for word in words(query) for key in asked(word)}
    at, shown = 0, ""
    for word in words(text):
        begin = text.index(word, at)
        shown += text[at:begin] + (f"⟨{word}⟩" if wanted & set(keys(word)) else word)
        at = begin + len(word)
    return shown + text[at:]


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [c for c in ALL if '"' not in c.query], ids=lambda case: case.title)
def test_a_query_lights_up_the_right_words(case):
    assert case.finds
    for sentence in case.finds:
        assert lit(case.query, MARKED.sub("", sentence)) == sentence
    for sentence in case.misses:
        wanted = [set(asked(word)) for word in words(case.query) if asked(word)]
        there = {key for word in words(sentence) for key in keys(word)}
        assert not all(want & there for want in wanted), sentence


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="والبكفلمةتهانيسأإئؤءa'sengdry1.,ـّ\u200c", max_size=14))
def test_a_word_finds_itself(text):
    for word in words(text):
        assert not asked(word) or set(asked(word)) & set(keys(word))


def test_folding_ends():
    assert not {folded for folded in FOLD.values() for letter in folded if letter in FOLD}


def test_common_words_are_under_no_key():
    assert [keys(word) for word in ("في", "وفي", "the", "The", "أَنَّ")] == [()] * 5


# --- places and numbers -----------------------------------------------------------------------------------------------

places = st.dictionaries(
    st.integers(0, 2**32), st.sets(st.integers(0, 3000), min_size=1, max_size=9).map(sorted), max_size=12
).map(lambda found: sorted(found.items()))


@settings(max_examples=50, deadline=None)
@given(places)
def test_places_come_back_from_their_bytes(found):
    packed = pack(found)
    assert list(unpack(packed.out)) == found
    assert (packed.articles, packed.last) == (len(found), found[-1][0] if found else 0)


@settings(max_examples=50, deadline=None)
@given(places, places, st.data())
def test_revising_is_packing_what_is_there_now(old, new, data):
    new = [place for place in new if place[0] not in dict(old)]
    gone = data.draw(st.sets(st.sampled_from([place[0] for place in old]))) if old else set()
    now = sorted([place for place in old if place[0] not in gone] + new)
    assert revised(pack(old).out, gone, pack(new).out).out == pack(now).out


@settings(max_examples=50, deadline=None)
@given(places, st.integers(0, 12))
def test_what_comes_later_is_written_behind(found, at):
    early, late = pack(found[:at]), pack(found[at:])
    if late.articles:
        assert early.out + late.behind(early.last) == pack(found).out and late.first == found[at][0]


def test_endings_of_a_word_lie_in_one_place():
    assert spot("مسلح") == spot("مسلحين") and 0 <= spot("") < 2**16


def test_later_articles_have_higher_numbers_and_nobody_moves():
    dates = {f"a{n}": f"{2015 + n % 3}-0{1 + n % 9}-11" for n in range(300)} | {"undated": ""}
    found, bits = numbers(dates)
    assert len(set(found.values())) == len(dates)
    in_order = sorted(dates, key=found.__getitem__)
    assert [dates[slug] for slug in in_order] == sorted(dates.values())
    fewer, same = numbers({slug: date for slug, date in dates.items() if slug not in ("a7", "a8")})
    assert bits == same and sum(fewer[slug] != found[slug] for slug in fewer) <= 2
    assert month("2017-01-12") == month("2016-12-31") + 1


# --- the index --------------------------------------------------------------------------------------------------------


VOCABULARY = "القوات الساحل مدينة موصل هرب التنظيم مفارز وبالساحل fled city Mosul fighters bank the"


def an_article(name: str, version: int) -> tuple[Card, list[Line]]:
    chance = random.Random(f"{name} {version}")
    lines = [
        Line(name, f"{name}.{n}.1", n, " ".join(chance.choices(VOCABULARY.split(), k=4)), "the city", "machine", kind)
        for n, kind in enumerate(["title", "paragraph", "related"])
    ]
    tally = Tally(approved=3) if version % 2 else Tally(machine=3)
    date = f"2016-0{1 + version % 5}-01" if version % 3 else ""
    return Card(name, f"{name}-{version}", "t", date=date, outlet=f"o{version % 2}", tally=tally), lines


def brought_up(index: Index, versions: dict[str, int]) -> dict[str, object]:
    """Every file of an index after it heard of these articles."""
    made = {name: an_article(name, version) for name, version in versions.items()}
    index.update(
        {name: (card.digest, card.date) for name, (card, _) in made.items()}, lambda name: packed(text_of(*made[name]))
    )
    return {
        "articles": list(index.articles()),
        "shards": {number: (total, index.shard(number)) for number, total in index.shards()},
        "large": [(name, total, index.places(row)) for name, row, total in index.large()],
        "outlets": index.counts(OUTLET),
        "reviewed": index.counts(REVIEWED),
    }


histories = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 6), min_size=1), min_size=1, max_size=4
)


@settings(max_examples=25, deadline=None)
@given(histories)
def test_an_index_that_grew_is_the_index_built_at_once(history):
    grown = sqlite3.connect(":memory:")
    fresh = sqlite3.connect(":memory:")
    try:
        index = Index(grown)
        for versions in history:
            files = brought_up(index, versions)
        assert files == brought_up(Index(fresh), history[-1])
    finally:
        grown.close()
        fresh.close()


def test_one_changed_article_touches_its_own_keys_alone():
    database = sqlite3.connect(":memory:")
    index = Index(database)
    versions = dict.fromkeys((f"article-{n}" for n in range(400)), 1)
    before = brought_up(index, versions)["shards"]
    after = brought_up(index, versions | {"article-9": 2})["shards"]
    database.close()
    assert len(before) > 10
    assert 0 < sum(before.get(number) != after[number] for number in after) <= 16


def test_a_key_of_many_articles_has_a_file_of_its_own():
    database = sqlite3.connect(":memory:")
    index = Index(database)
    versions = {f"article-{n}": 1 for n in range(LARGE // 2)}
    files = brought_up(index, versions)
    database.close()
    assert files["large"] and all(re.fullmatch("[0-9a-f]{16}", name) for name, _, _ in files["large"])
    assert all(len(zlib.decompress(content, 31)) > SMALL for _, _, content in files["large"])


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(1, 9_000), max_size=20))
@settings(max_examples=50, deadline=None)
def test_a_crowded_shard_keeps_what_is_small(sizes):
    rows = [Row(key, 1, bytes(size)) for key, size in sorted(sizes.items())]
    spreaded = spread(rows)
    kept = [len(row.packed) for row in spreaded if not row.large]
    assert [row._replace(large=False) for row in spreaded] == rows
    assert all(size <= LARGE for size in kept)
    assert sum(kept) <= CROWDED or max(kept) <= SMALL
    assert all(len(row.packed) >= max(kept, default=0) for row in spreaded if row.large)


def test_furniture_is_not_searched_and_the_title_comes_first():
    card, lines = an_article("a", 1)
    text = text_of(card, [lines[1], lines[0], lines[2]])
    assert [line[0] for line in text.lines] == ["0.1", "1.1"]
    shown = json.loads(zlib.decompress(written((about(card, 7), listed(text))), 31))
    assert shown["slug"] == "a" and shown["number"] == 7 and shown["lines"][0][1] == lines[0].arabic


def test_no_search_where_none_is_wanted():
    files = render([small()], SiteSettings(search=False))
    assert not [path for path in files if path.startswith("search")]


# --- in a browser -----------------------------------------------------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A served site: the cases, all in one article; two articles of the other tests; one that attacks."""
    drafts = [
        full(),
        small("raqqa", State.APPROVED, outlet="Al-Sabah", date="2015-11-19"),
        hostile("".join(HOSTILE[:4])),
    ]
    make = Builder("cases", date="2019-01-01", outlet="Cases")
    for sentence in SENTENCES:
        make.add(Kind.PARAGRAPH, (sentence, target("–")) if max(sentence) >= "\u0600" else ("–", target(sentence)))
    drafts.append(make.draft())
    out = tmp_path_factory.mktemp("site")
    for path, content in render(drafts, SiteSettings(title="Site")).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(out)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", out
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser, site):
    """Opens the search page; nothing may be refused, broken or asked of anybody else."""
    contexts, complaints = [], []

    def open_page(address="", **more):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **more})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("console", lambda m: complaints.append(m.text) if "favicon" not in str(m.location) else None)
        page.on("request", lambda r: None if r.url.startswith(site[0]) else complaints.append(f"asked for {r.url}"))
        page.goto(f"{site[0]}search.html{address}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


ASK = """async ([root, words, queries]) => {
  const [{ Keys }, { Shards }, { Question }] = await Promise.all(
    ["keys", "shards", "ask"].map((name) => import(`${root}static/search/${name}.js`)));
  const shards = new Shards(new URL("search/", root));
  const { tables, overview } = await shards.open();
  const keys = new Keys(tables);
  const mark = (text, spans) => {
    let shown = "", at = 0;
    for (const [begin, end] of spans) { shown += text.slice(at, begin) + "⟨" + text.slice(begin, end) + "⟩"; at = end; }
    return shown + text.slice(at);
  };
  const answers = [];
  for (const query of queries) {
    const question = await new Question(query).answer(keys, shards, overview);
    const texts = await Promise.all(question.found.map((one) => shards.text(one.article)));
    const hits = question.found.flatMap((one, at) => one.tier === 1 ? question.hits(one, texts[at]) : []);
    answers.push(hits.flatMap((hit) => [mark(hit.arabic, hit.sides.arabic), mark(hit.english, hit.sides.english)]));
  }
  return [words.map((word) => [keys.keys(word), keys.asked(word)]), answers];
}"""


@pytest.mark.browser
def test_python_and_the_page_agree_on_every_word_and_every_case(visit, site):
    chance = random.Random(3)
    made = ["".join(chance.choices("والبكفلمةتهانيسأإئؤءمد", k=chance.randint(2, 9))) for _ in range(1500)]
    made += ["".join(chance.choices("aeisngdrytlouˈ'sé", k=chance.randint(2, 9))) for _ in range(500)]
    every = sorted({word for text in [*SENTENCES, *made] for word in words(text)})
    told, answers = visit().evaluate(ASK, [site[0], every, [case.query for case in ALL]])
    for word, (there, wanted) in zip(every, told, strict=True):
        assert (word, tuple(there), tuple(wanted)) == (word, keys(word), asked(word))
    for case, found in zip(ALL, answers, strict=True):
        plain = {MARKED.sub("", text) for text in found}
        assert [s for s in case.finds if s not in found] == [], (case.title, found)
        assert [s for s in case.misses if s in plain] == [], case.title


def shown(page):
    """Waits for an answer; what stands in the line that is read out."""
    page.locator("#search-found:not([aria-busy])").wait_for(state="attached")
    page.locator("#search-status:not(:empty)").wait_for()
    return page.locator("#search-status").inner_text()


@pytest.mark.browser
def test_typing_finds_both_sentences_and_the_link_leads_to_them(visit, site):
    page = visit()
    page.locator("#search-query").wait_for()
    assert page.evaluate("document.activeElement.id") == "search-query"
    page.keyboard.type("ساحل أيسر")
    assert "sentence" in shown(page) and page.locator("#search-status").get_attribute("role") == "status"
    found = page.locator(".search-sentence").filter(has_text="تقدمت القوات في الساحل الأيسر").first
    assert found.locator(".ar mark").all_inner_texts() == ["الساحل", "الأيسر"]
    assert found.locator(".en").inner_text() == "Forces advanced on the Left Bank."
    assert found.locator(".ar").get_attribute("lang") == "ar" and found.locator(".ar").get_attribute("dir") == "rtl"
    found.locator("a").click()
    page.wait_for_url("**/articles/left-bank.html#left-bank.3.1")
    assert page.locator("[id='left-bank.3.1']").is_visible()
    page.go_back()
    page.wait_for_function("() => document.getElementById('search-query').value === 'ساحل أيسر'")


@pytest.mark.browser
def test_by_keyboard_alone(visit):
    page = visit("?q=left%20bank")
    shown(page)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-query"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.search-article') !== null")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search-query"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Raqqa haven")
    page.keyboard.press("Enter")
    page.locator(".search-title mark", has_text="Haven").wait_for()
    assert "q=Raqqa+haven" in page.url
    page.go_back()
    page.locator("mark", has_text="Bank").first.wait_for()
    assert page.locator("#search-query").input_value() == "left bank"


@pytest.mark.browser
def test_a_question_in_the_fragment_filters_and_beginnings(visit):
    page = visit("#q=far&outlet=Al-Sabah")
    assert shown(page).startswith("1 sentence in 1 article")
    page.locator("[name=outlet]").select_option("Cases")
    page.locator("#search-status", has_text="Nothing found").wait_for()
    page.locator("[name=outlet]").select_option("")
    page.fill("#search-query", "adva*")
    page.locator(".search-sentence mark", has_text="advanced").wait_for()
    assert "advanced" in page.locator("#search-begun button").all_inner_texts()
    page.fill("#search-query", "the")
    page.locator("#search-status", has_text="rarer").wait_for()
    page.fill("#search-query", "bank streets")
    page.locator("#search-status", has_text="No article has all the words").wait_for()


@pytest.mark.browser
def test_a_hostile_article_is_found_and_does_nothing(visit):
    page = visit("?q=Text%20alert")
    shown(page)
    assert page.locator(".search-found").inner_text().count("<script>") > 0
    assert page.locator(".search-found script, .search-found img, .search-found [onmouseover]").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_shows_it_without_scrolling_aside(visit, dark):
    page = visit("?q=الساحل", viewport={"width": 360, "height": 740}, color_scheme="dark" if dark else "light")
    shown(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = page.locator(".search-place").first.bounding_box()
    assert box["width"] >= 24 and box["height"] >= 24


@pytest.mark.browser
def test_without_scripts_and_from_a_file_the_page_says_what_it_needs(browser, site):
    for address, scripts in ((site[0], False), (site[1].as_uri() + "/", True)):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(address + "search.html")
        page.locator("#search-needs").wait_for()
        links = (
            page.locator("#search-needs a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
            if scripts
            else []
        )
        assert links in ([], ["archive/index.html", "glossary.html"] * 2)
        assert page.locator("#search").is_hidden()
        context.close()
    assert all((site[1] / path).exists() for path in ("archive/index.html", "glossary.html"))

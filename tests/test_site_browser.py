"""The site in a browser, with scripts and without: reading, lighting, copying, themes, widths, colours, type, and that
nothing is asked of anybody else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from site_drafts import HOSTILE, full, hostile, small

from translate.site import GlossaryRow, SiteSettings, render
from translate.site.terms import anchor

pytestmark = pytest.mark.browser

ROW = GlossaryRow("الساحل الأيسر", "the Left Bank", forbidden=("left coast",), note="east of the Tigris")
SETTINGS = SiteSettings(glossary=(ROW,), report="desk@example.org")
TERM = f"terms/{anchor(ROW.source, ROW.target)}.html"
ARTICLE = "articles/left-bank.html"
PAGES = ("index.html", ARTICLE, "glossary.html", "about.html", "404.html", TERM, "archive/index.html")
SEARCH = "search.html"
"""Its scripts are modules, which a browser runs from a server only: not among the pages that are opened from disk."""
SENTENCE = "[id='left-bank.3.1']"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


def write(drafts, settings, out):
    for path, content in render(drafts, settings).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    write([full(), small()], SETTINGS, out)
    return out


@pytest.fixture(scope="module")
def site(folder):
    return folder.as_uri() + "/"


def refused(request):
    """Whether a request failed for another reason than that its page was left."""
    return request.failure != "net::ERR_ABORTED"


@pytest.fixture
def visit(browser, site):
    """A function that opens a page; at the end nothing may have been refused, broken or asked of another host."""
    contexts, complaints = [], []

    def open_page(path, viewport=DESKTOP, **more):
        context = browser.new_context(viewport=viewport, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url) if refused(request) else None)
        page.on("request", lambda r: None if r.url.startswith(site) else complaints.append(f"asked for {r.url}"))
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def boxes(page):
    """Where the Arabic and the English of one sentence stand, each None where it is not shown."""
    sides = [page.locator(f"{SENTENCE} > .side.{name}") for name in ("ar", "en")]
    return [side.bounding_box() if side.is_visible() else None for side in sides]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_four_layouts(visit, scripts):
    page = visit(ARTICLE, java_script_enabled=scripts)
    arabic, english = boxes(page)
    assert arabic["x"] >= english["x"] + english["width"], "the Arabic column stands at the right"
    assert arabic["y"] < english["y"] + english["height"] and english["y"] < arabic["y"] + arabic["height"]
    page.check("#layout-stacked")
    arabic, english = boxes(page)
    assert english["y"] >= arabic["y"] + arabic["height"]
    page.check("#layout-arabic")
    arabic, english = boxes(page)
    assert arabic and english is None
    page.check("#layout-english")
    arabic, english = boxes(page)
    assert english and arabic is None


def test_a_hostile_draft_runs_nothing_and_loads_nothing(browser, tmp_path):
    attack = "".join(HOSTILE[:4])
    write([hostile(attack)], SiteSettings(title=attack, report="https://example.org/?{id}"), tmp_path)
    page, heard = browser.new_page(), []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: heard.append(message.text))
    page.on("request", lambda r: None if r.url.startswith(tmp_path.as_uri()) else heard.append(r.url))
    for path in ("index.html", "articles/attack.html", "glossary.html"):
        page.goto(f"{tmp_path.as_uri()}/{path}")
        assert page.locator("main").count() == 1 and page.locator("img").count() == 0
    page.close()
    assert heard == []


def test_the_first_lines_of_a_pair_share_a_baseline(visit):
    page = visit(ARTICLE)
    bottoms = page.evaluate(
        """name => [...document.querySelectorAll(name + ' > .side')].map(side => {
            const probe = document.createElement('span');
            Object.assign(probe.style, {display: 'inline-block', width: '0', height: '0'});
            side.prepend(probe);
            return probe.getBoundingClientRect().bottom;
        })""",
        SENTENCE,
    )
    assert abs(bottoms[0] - bottoms[1]) < 1


def test_the_layout_is_remembered(visit):
    page = visit(ARTICLE)
    page.check("#layout-arabic")
    page.reload()
    assert page.is_checked("#layout-arabic") and boxes(page)[1] is None
    page.goto(page.url.replace("left-bank", "raqqa"))
    assert page.is_checked("#layout-arabic")


def test_the_layouts_are_reached_by_keyboard(visit):
    page = visit(ARTICLE)
    page.focus("#layout-side")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("#layout-stacked")


def test_the_skip_link_comes_first_and_leads_to_the_text(visit):
    page = visit(ARTICLE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_sentence_and_its_partner_light_up_together(visit):
    page = visit(ARTICLE)
    colour = f'getComputedStyle(document.querySelector("{SENTENCE}")).backgroundColor'
    before = page.evaluate(colour)
    page.hover(f"{SENTENCE} > .side.ar")
    page.wait_for_timeout(250)
    hovered = page.evaluate(colour)
    page.mouse.move(0, 0)
    page.focus(f"{SENTENCE} .permalink")
    page.wait_for_timeout(250)
    assert before != hovered == page.evaluate(colour)
    assert page.locator(f"{SENTENCE} > .side").count() == 2


def lit(page):
    """The words that are lit."""
    return sorted(page.evaluate("[...CSS.highlights.get('word')].map(String)"))


def test_a_word_and_its_partner_light_up(visit):
    page = visit(ARTICLE)
    place = page.evaluate(
        """name => {
            const text = document.querySelector(name + ' > .side.en').firstChild, range = document.createRange();
            range.setStart(text, text.data.indexOf('advanced'));
            range.setEnd(text, text.data.indexOf('advanced') + 8);
            const box = range.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }""",
        SENTENCE,
    )
    page.mouse.move(*place)
    page.wait_for_function("CSS.highlights.get('word').size === 2")
    assert lit(page) == ["advanced", "تقدمت"]
    page.mouse.move(0, 0)
    page.wait_for_function("CSS.highlights.get('word').size === 0")
    page.focus(f"{SENTENCE} .permalink")
    for wanted in (["Forces", "القوات"], ["advanced", "تقدمت"], ["on", "في"], ["Left", "الأيسر"]):
        page.keyboard.press("ArrowRight")
        assert lit(page) == wanted
    assert "Left · الأيسر" in page.locator(".said").inner_text()
    page.keyboard.press("Tab")
    assert lit(page) == []


def test_words_are_left_alone_where_the_page_cuts_them_otherwise(browser, tmp_path):
    write([full()], SETTINGS, tmp_path)
    page_file = tmp_path / ARTICLE
    page_file.write_text(page_file.read_text("utf-8").replace('data-words="6 7 ', 'data-words="6 8 '), "utf-8")
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.focus(f"{SENTENCE} .permalink")
    page.keyboard.press("ArrowRight")
    assert lit(page) == []
    page.close()


def test_from_sentence_to_sentence_with_the_arrows(visit):
    page = visit(ARTICLE)
    page.focus(f"{SENTENCE} .permalink")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.pair').id") == "left-bank.3.2"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('.pair').id") == "left-bank.2.1"


def test_a_permalink_shows_its_sentence(visit):
    page = visit(f"{ARTICLE}#left-bank.8.1", java_script_enabled=False)
    assert page.locator("[id='left-bank.8.1']:target").count() == 1
    page.click("[id='left-bank.4.1'] .permalink")
    assert page.url.endswith("#left-bank.4.1")


def test_a_term_opens_its_definition_and_escape_leads_back(visit):
    page, link = visit(ARTICLE), f"{SENTENCE} .en .term"
    page.focus(link)
    assert page.get_attribute(link, "aria-haspopup") == "dialog"
    page.keyboard.press("Enter")
    card = page.locator("#definition:popover-open")
    assert "east of the Tigris" in card.inner_text() and "الساحل الأيسر" in card.inner_text()
    assert page.get_attribute(link, "aria-expanded") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"../{TERM}"
    page.keyboard.press("Escape")
    assert card.count() == 0 and page.get_attribute(link, "aria-expanded") == "false"
    assert page.evaluate("document.activeElement.className") == "term"
    page.click(f"{SENTENCE} .ar .term")
    assert card.count() == 1
    page.click("h1")
    assert card.count() == 0


def test_a_term_leads_to_its_page_without_scripts(visit):
    page = visit(ARTICLE, java_script_enabled=False)
    assert not page.locator("#definition").is_visible() and not page.locator("#sentence").is_visible()
    page.click(".terms summary")
    assert "east of the Tigris" in page.locator(".terms dl").inner_text()
    page.click(f"{SENTENCE} .en .term")
    assert page.url.endswith(TERM)


def test_a_sentence_is_copied_and_the_reader_is_told(visit):
    page = visit(ARTICLE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    arabic, english = "تقدمت القوات في الساحل الأيسر.", "Forces advanced on the Left Bank."
    address = page.url + "#left-bank.3.1"
    source = "حسام. “Mosul Narrows” (الموصل تضيق). أخبار الآن, 12 January 2017."
    copies = {
        "arabic": arabic,
        "english": english,
        "both": f"{arabic}\n{english}",
        "citation": f"{source} Sentence 3.1: machine translation. {address}",
        "address": address,
    }
    for name, wanted in copies.items():
        page.focus(f"{SENTENCE} .permalink")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.dataset.copy") == "arabic"
        page.focus(f"#sentence [data-copy={name}]")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('.said').textContent.startsWith('Copied')")
        assert page.evaluate("navigator.clipboard.readText()") == wanted
        assert page.evaluate("document.activeElement.className") == "permalink"
        assert page.locator("#sentence:popover-open").count() == 0
    assert page.evaluate("document.querySelector('.said').getAttribute('role')") == "status"


def test_what_is_not_translated_cannot_be_copied(visit):
    page = visit(ARTICLE)
    page.click("[id='left-bank.3.3'] .permalink")
    assert page.locator("#sentence [data-copy=arabic]").is_visible()
    assert not page.locator("#sentence [data-copy=english], #sentence [data-copy=both]").first.is_visible()


def test_the_other_language_is_a_click_away_where_one_is_shown(visit):
    page = visit(ARTICLE)
    page.check("#layout-arabic")
    page.click(f"{SENTENCE} .permalink")
    peek = page.locator("#sentence .peek")
    assert peek.inner_text() == "Forces advanced on the Left Bank." and peek.get_attribute("lang") == "en"


REPORT = "mailto:desk@example.org?subject=left-bank.3.1"


def test_every_sentence_can_be_reported_without_scripts(visit):
    page = visit(ARTICLE, java_script_enabled=False)
    link = page.locator(f"{SENTENCE} .report")
    link.focus()
    assert link.get_attribute("href") == REPORT and link.evaluate("e => getComputedStyle(e).opacity") == "1"


def test_every_sentence_can_be_reported_from_its_menu(visit):
    page = visit(ARTICLE)
    assert not page.locator(f"{SENTENCE} .report").is_visible()
    page.click(f"{SENTENCE} .permalink")
    assert page.get_attribute("#sentence [data-report]", "href") == REPORT


def test_a_menu_stays_inside_a_phone(visit):
    page = visit(ARTICLE, PHONE)
    for opener, card in ((".permalink", "#sentence"), (".en .term", "#definition")):
        page.click(f"{SENTENCE} {opener}")
        box = page.locator(card).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.keyboard.press("Escape")


def ground(page):
    return luminance(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_colours_are_the_readers_choice_and_remembered(visit):
    page = visit(ARTICLE)
    assert ground(page) > 0.8
    page.check("#theme-dark")
    assert ground(page) < 0.1
    page.goto(page.url.replace(ARTICLE, "about.html"))
    assert ground(page) < 0.1 and page.is_checked("#theme-dark")
    page.check("#theme-auto")
    assert ground(page) > 0.8


def test_the_colours_can_be_chosen_without_scripts(visit):
    page = visit("about.html", java_script_enabled=False, color_scheme="dark")
    assert ground(page) < 0.1
    page.check("#theme-light")
    assert ground(page) > 0.8


def test_arabic_only_runs_from_the_right(visit):
    page = visit(ARTICLE)
    page.check("#layout-arabic")
    paragraph = page.locator(f".block:has({SENTENCE})").bounding_box()
    arabic = boxes(page)[0]
    assert abs(arabic["x"] + arabic["width"] - paragraph["x"] - paragraph["width"]) < 2


def test_nothing_is_wider_than_a_phone(visit):
    page, wide = visit(ARTICLE, PHONE), "document.documentElement.scrollWidth"
    for choice in ("side", "stacked", "arabic", "english"):
        page.evaluate(f"document.querySelector('#layout-{choice}').checked = true")
        assert page.evaluate(wide) <= PHONE["width"], choice
    site = page.url.removesuffix(ARTICLE)
    for path in PAGES:
        page.goto(site + path)
        assert page.evaluate(wide) <= PHONE["width"], path


def test_a_phone_stacks(visit):
    arabic, english = boxes(visit(ARTICLE, PHONE))
    assert english["y"] >= arabic["y"] + arabic["height"]


def test_paper_has_facing_columns_whatever_its_width(visit):
    page = visit(ARTICLE, {"width": 680, "height": 900})
    page.check("#theme-dark")
    page.emulate_media(media="print")
    assert ground(page) == pytest.approx(1), "paper is white whatever the screen is"
    arabic, english = boxes(page)
    assert arabic["x"] >= english["x"] + english["width"]
    assert not page.locator(".layouts").is_visible()


def test_arabic_is_larger_than_english(visit):
    page = visit(ARTICLE)
    arabic, english = (
        page.evaluate(f'parseFloat(getComputedStyle(document.querySelector("{SENTENCE} > .side.{name}")).fontSize)')
        for name in ("ar", "en")
    )
    assert arabic >= 1.15 * english


TARGETS = """() => [...document.querySelectorAll('a, button, summary, label')].filter(element => {
    const box = element.getBoundingClientRect(), inline = element.matches('.term, dd a, p a, td a, li > a');
    return element.checkVisibility() && !element.closest('.skip') && !inline && (box.width < 24 || box.height < 24);
}).map(element => element.outerHTML.slice(0, 90))"""


def test_what_is_tapped_is_large_enough_for_a_finger(visit):
    page = visit(ARTICLE, PHONE)
    for choice in ("side", "arabic", "english"):
        page.evaluate(f"document.querySelector('#layout-{choice}').checked = true")
        assert page.evaluate(TARGETS) == []


SAMPLE = "ب لا إله إلّا اللهُ، مُحَمَّدٌ ـ پچژگڤ ٠١٢٣٤٥٦٧٨٩؟ «نينوى» “الموصل” (12.5٪) – 1990؛ إلخ…"
FACES = """async faces => {
    for (const [name, range] of faces) {
        const face = new FontFace('Probe', `url(../static/fonts/${name}.woff2)`, {unicodeRange: range});
        document.fonts.add(await face.load());
    }
}"""
WIDTHS = """texts => {
    const pen = document.createElement('canvas').getContext('2d');
    return texts.map(text => ['serif', 'monospace'].map(rest => {
        pen.font = '40px Probe, ' + rest;
        return pen.measureText(text).width;
    }));
}"""


def test_the_arabic_face_shapes_joins_and_has_every_sign(visit):
    page = visit(ARTICLE)
    page.evaluate(FACES, [("naskh", "U+600-6FF"), ("naskh-signs", "U+20-5FF, U+2000-20FF")])
    texts = [*sorted(set(SAMPLE)), "بب", "لا", "بَّ"]
    widths = dict(zip(texts, page.evaluate(WIDTHS, texts), strict=True))
    foreign = [text for text, (one, other) in widths.items() if one != other]
    assert foreign == [], "these signs come from another font"
    width = {text: one for text, (one, _) in widths.items()}
    assert width["بب"] < 1.6 * width["ب"], "letters join"
    assert width["لا"] < 0.8 * (width["ل"] + width["ا"]), "lam and alif become one"
    assert width["بَّ"] == pytest.approx(width["ب"], abs=1), "vowel signs stand over their letter"


def test_late_fonts_move_nothing(visit):
    page = visit("about.html")
    page.route("**/*.woff2", lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.goto(page.url.replace("about.html", ARTICLE))
    page.wait_for_timeout(900)
    moved = """() => new Promise(done => {
        const watch = new PerformanceObserver(list => done(list.getEntries().map(entry => entry.value)));
        watch.observe({type: 'layout-shift', buffered: true});
        setTimeout(() => done([]), 300);
    })"""
    assert sum(page.evaluate(moved)) == 0


def test_the_fonts_keep_to_their_budget(folder):
    sizes = {file.stem: file.stat().st_size for file in (folder / "static" / "fonts").glob("*.woff2")}
    assert sum(sizes.values()) <= 300_000
    assert sum(sizes[name] for name in ("naskh", "naskh-signs", "serif", "serif-italic")) <= 120_000
    assert "SIL OPEN FONT LICENSE" in (folder / "static" / "fonts" / "OFL.txt").read_text("utf-8")


CONTRASTS = """() => {
  const seen = {};
  for (const details of document.querySelectorAll('details')) details.open = true;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const unseen = element.closest('.unseen, .skip, script, [aria-hidden="true"]');
    if (!walk.currentNode.textContent.trim() || !element.checkVisibility() || unseen) continue;
    let behind = element;
    while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
    const ground = getComputedStyle(behind || document.body).backgroundColor;
    seen[getComputedStyle(element).color + ' on ' + ground] = element.className || element.tagName;
  }
  return seen;
}"""


def luminance(colour):
    channels = [int(float(number)) / 255 for number in re.findall(r"[\d.]+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(visit, scheme):
    grounds = set()
    page = visit("index.html", color_scheme=scheme)
    site = page.url.removesuffix("index.html")
    for path in PAGES:
        page.goto(site + path)
        for pair, where in page.evaluate(CONTRASTS).items():
            ink, ground = pair.split(" on ")
            grounds.add(luminance(ground) < 0.2)
            light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{path}: {pair} at {where}"
    assert grounds == {scheme == "dark"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing(browser, site, scheme):
    """axe-core is not part of the project: put its axe.min.js at $AXE to have this run."""
    axe = os.environ.get("AXE", "")
    if not axe or not Path(axe).is_file():
        pytest.skip("no axe-core on this computer: set AXE to its axe.min.js")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport=DESKTOP)
    page, found = context.new_page(), []
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for path in (*PAGES, SEARCH):
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        page.add_script_tag(path=axe)
        openers = ["", f"{SENTENCE} .en .term", f"{SENTENCE} .permalink"] if path == ARTICLE else [""]
        for opener in openers:
            if opener:
                page.click(opener)
            broken = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)["violations"]
            found += [(path, opener, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in broken]
            page.keyboard.press("Escape")
    context.close()
    assert found == []


def test_a_validator_finds_nothing(folder):
    """The Nu Html Checker is not part of the project: put its vnu.jar at $VNU to have this run."""
    jar, java = os.environ.get("VNU", ""), shutil.which("java")
    if not java or not jar or not Path(jar).is_file():
        pytest.skip("no Nu Html Checker on this computer: set VNU to its vnu.jar")
    checked = subprocess.run(
        [java, "-jar", jar, "--errors-only", "--skip-non-html", "--format", "gnu", str(folder)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr.splitlines()[:20]) == (0, [])

"""The site in a browser: layouts, directions, widths, colours, and that nothing is asked of anybody else."""

from __future__ import annotations

import re

import pytest
from site_drafts import HOSTILE, full, hostile, small

from translate.site import GlossaryRow, SiteSettings, render
from translate.site.store import store

pytestmark = pytest.mark.browser

SETTINGS = SiteSettings(glossary=(GlossaryRow("الساحل الأيسر", "the Left Bank", forbidden=("left coast",)),))
ARTICLE = "articles/left-bank.html"
PAGES = ("index.html", ARTICLE, "glossary.html", "about.html", "404.html")
SENTENCE = "[id='left-bank.3.1']"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    store(render([full(), small()], SETTINGS), out)
    return out.as_uri() + "/"


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
        page.on("requestfailed", lambda request: complaints.append(request.url))
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
    store(render([hostile(attack)], SiteSettings(title=attack)), tmp_path)
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


def test_a_permalink_shows_its_sentence(visit):
    page = visit(f"{ARTICLE}#left-bank.8.1")
    assert page.locator("[id='left-bank.8.1']:target").count() == 1
    page.click("[id='left-bank.4.1'] .permalink")
    assert page.url.endswith("#left-bank.4.1")


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
    page.emulate_media(media="print")
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


CONTRASTS = """() => {
  const seen = {};
  for (const details of document.querySelectorAll('details')) details.open = true;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement, unseen = element.closest('.unseen, .skip, script');
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
    for path in PAGES[:3]:
        page.goto(site + path)
        for pair, where in page.evaluate(CONTRASTS).items():
            ink, ground = pair.split(" on ")
            grounds.add(luminance(ground) < 0.2)
            light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{path}: {pair} at {where}"
    assert grounds == {scheme == "dark"}

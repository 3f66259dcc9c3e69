"""Signs that turn the direction of writing around stay with the text they stand in.

The same pages twice, with the signs in every text of somebody else and without: whatever is not that text stands in
the same place. In the draft the signs stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import site_drafts

from promises.figure import Figure
from promises.injection.browser import SETTLED, window
from promises.servers import Desk
from translate import drafts as shelf
from translate import xliff
from translate.books.settings import BookSettings
from translate.document import Draft, Finding, Kind, Severity, State
from translate.site import GlossaryRow, SiteSettings, render

if TYPE_CHECKING:
    from promises.injection.pages import Shown

SIGNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Those that no page of ours holds; the others only say which way a comma leans and are part of the spelling."""
MARK = "QQ"
"""In every text of somebody else, so that it can be told from the page's own words."""
PLACES = ("{sign}{a} {b}", "{a}{sign} {b}", "{a} {b}{sign}", "{sign}{sign}{a} \u202e{b}")
SITE = "http://turned.test"
REMEMBERED = ".part.memory .match, .part.memory .none"
_WHERE = """(root) => {
  const walker = document.createTreeWalker(root || document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || node.parentElement.localName === 'textarea') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width > 0) found.push([node.data.trim(), Math.round(box.left), Math.round(box.right), Math.round(box.top)]);
  }
  return found;
}"""

Found = Sequence[tuple[str, int, int, int]]


def kept(shown: Shown) -> Iterator[Figure]:
    """The site, the book and the desk."""
    forms = [(sign, place) for sign in SIGNS for place in PLACES][:: 3 if shown.scale.full else 19]
    broken: list[str] = []
    tried = 0
    browser: Any = shown.browser
    straight = _content(None)
    content: dict[str, bytes] = {}
    with window(browser, SITE, content.get) as site:
        wanted = _measured(site, content, straight)
        for form in forms:
            turned = _content(form)
            broken += [
                f"{form!r}: {path} holds the sign" for path, data in turned.items() if TURNING.search(data.decode())
            ]
            found = _measured(site, content, turned)
            for path, before in wanted.items():
                tried += 1
                broken += [f"{form!r}, {path}: {line}" for line in moved(before, found[path])]
        broken += site.broken()
    made, lines = _at_the_desk(shown, forms if shown.scale.full else forms[:1])
    broken += lines
    unchanged = 0
    for form in forms:
        draft = _draft("kept", form)
        unchanged += 1
        if xliff.parse(xliff.dump(draft), "x") != draft:
            broken.append(f"{form!r}: the draft was changed")
    yield Figure(
        "Signs that turn writing around move nothing but the text they stand in",
        tried + made,
        "pages",
        broken,
        note=f"{len(SIGNS)} signs; in {unchanged} drafts they stay as they were written",
    )


def moved(before: Found, after: Found) -> list[str]:
    """Which of the page's own words stand elsewhere, or are others."""
    own, now = (_own(found) for found in (before, after))
    if [one[0] for one in own] != [one[0] for one in now]:
        here, there = (sorted(one[0] for one in found) for found in (own, now))
        return [f"the page has other words: {[one for one in there if one not in here][:3]!r:.200}"]
    pairs = zip(own, now, strict=True)
    return [
        f"{a[0][:40]!r} stands at {b[1:]}, not {a[1:]}"
        for a, b in pairs
        if any(abs(x - y) > 1 for x, y in zip(a[1:], b[1:], strict=True))
    ]


def _own(found: Found) -> Found:
    """What the page itself says: its counts may differ, since a sign can cut a word in two."""
    return [
        (re.sub(r"[0-9]+", "0", text), *box)
        for text, *box in found
        if MARK not in text and not text.startswith(("[added", "[removed")) and text.strip(SIGNS)
    ]


def _text(form: tuple[str, str] | None, arabic: bool = False) -> str:
    a, b = ("الموصل", f"{MARK} ثم") if arabic else ("Mosul", f"{MARK} (12)")
    return f"{a} {b}" if form is None else form[1].format(sign=form[0], a=a, b=b)


def _draft(slug: str, form: tuple[str, str] | None) -> Draft:
    """An article with it in all that a page shows of it."""
    english, arabic = _text(form), _text(form, arabic=True)
    make = site_drafts.Builder(slug, author=english, outlet=english, place=arabic, date="2017-01-12", source=english)
    told = (Finding("l-01", Severity.WARNING, f"{slug}.2.1", english),)
    make.add(Kind.TITLE, (arabic, site_drafts.target(english, State.APPROVED, who=english)))
    make.add(
        Kind.PARAGRAPH,
        (arabic, site_drafts.target(english, State.EDITED, who=english)),
        (arabic, site_drafts.target(english, findings=told)),
        ("عاد الناس إلى بيوتهم في المدينة بعد عام من القتال الذي دار فيها.", site_drafts.target("People came back.")),
    )
    make.add(Kind.ITEM, (arabic, site_drafts.target(english)), level=1, marker="-")
    return make.draft()


def _content(form: tuple[str, str] | None) -> dict[str, bytes]:
    """Pages of the site and of the book."""
    from promises.injection.pages import unpacked

    english, arabic = _text(form), _text(form, arabic=True)
    row = GlossaryRow(arabic, english, forms=(arabic,), accepted=(english,), forbidden=(english,), note=english)
    draft = _draft("turned", form)
    settings = SiteSettings(title=english, title_arabic=arabic, glossary=(row,), search=False, downloads=False)
    pages: Mapping[str, bytes] = render([draft], settings)
    kept = {"index.html", "articles/turned.html", "glossary.html", "about.html"}
    whole = {path: data for path, data in pages.items() if path in kept or path.startswith("static/")}
    book = unpacked([draft], BookSettings("turned", title=english, title_arabic=arabic, glossary=(row,)))
    whole |= {path: data for path, data in book.items() if path.endswith(".xhtml")}
    return {path: data for path, data in whole.items() if path.endswith((".html", ".xhtml", ".css", ".js", ".svg"))}


def _measured(site: Any, content: dict[str, bytes], pages: Mapping[str, bytes]) -> dict[str, Found]:
    content.clear()
    content.update(pages)
    found = {}
    for path in pages:
        if path.endswith("html") and not path.endswith(("glossary.xhtml", "nav.xhtml")):
            site.page.goto(f"{SITE}/{path}")
            found[path] = site.page.evaluate(_WHERE)
    return found


def _at_the_desk(shown: Shown, forms: Sequence[tuple[str, str]]) -> tuple[int, list[str]]:
    """The same at the desk, whose drafts hold the signs."""
    folder = shown.scale.folder / "turned"
    folder.mkdir()
    forms = forms[::2] if shown.scale.full else forms
    for number, form in enumerate((None, *forms)):
        shelf.save(_draft(f"t{number}", form), shelf.path_for(folder, f"t{number}"), base="")
    broken: list[str] = []
    with (
        Desk(folder, shown.scale.folder / "turned-desk") as desk,
        window(shown.browser, desk.base, viewport={"width": 1300, "height": 850}) as at,
    ):
        at.page.set_default_timeout(600_000)
        at.page.goto(f"{desk.base}/?token={desk.token}")
        at.page.wait_for_selector(".article")
        rows = at.page.evaluate(
            f"""() => [...document.querySelectorAll('.article')].map((one) => {{
                const top = one.getBoundingClientRect().top;
                return ({_WHERE})(one)
                    .map(([text, left, right, at]) => [text, left, right, Math.round(at - top)]);
            }})"""
        )
        for row in rows[1:]:
            broken += [f"the list: {line}" for line in moved(rows[0], row)]
        found: list[Found] = []
        for number in range(len(forms) + 1):
            at.page.goto(f"{desk.base}/a/t{number}")
            at.page.wait_for_selector(".segment.active textarea:focus")
            at.page.wait_for_selector(REMEMBERED, state="attached")  # the last to be drawn
            at.page.evaluate(SETTLED)
            # What the memory offers, and how much of it, differs from article to article.
            at.page.evaluate("document.querySelector('.part.memory').style.display = 'none'")
            places = at.page.evaluate(_WHERE)
            found.append([(re.sub(r"\bt\d+\b", "t", text), *box) for text, *box in places])
        for number, places in enumerate(found[1:]):
            broken += [f"desk, {forms[number]!r}: {line}" for line in moved(found[0], places)]
        broken += at.broken()
    return len(forms) + len(rows), broken

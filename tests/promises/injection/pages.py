"""The strings on every page a person can look at: the site, the review desk, the book."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from click.testing import CliRunner

from glossary import TermBase
from promises.figure import Figure, Scale
from promises.injection import poisoned
from promises.injection.browser import SETTLED, Window, in_memory, playwright_error, window
from promises.injection.strings import strings
from promises.servers import Desk
from translate import drafts as shelf
from translate.books.bound import bind
from translate.books.settings import BookSettings
from translate.cli import main
from translate.document import Draft
from translate.errors import TarjumanError
from translate.site import SiteSettings, publish, render, rows

SITE, BOOK, BARE = "http://site.test", "http://book.test", "http://bare.test"
GROUP = 12
SEARCHED = ("", "قال", "said")
"""Asked before the strings themselves: finds, with the strings in them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A project that somebody hostile wrote."""

    scale: Scale
    browser: Any
    texts: Sequence[str]
    groups: Sequence[Sequence[str]]
    """The same, as many as share an article."""
    seeds: Sequence[str]
    """Slugs of the articles that were read and drafted."""
    drafts: Path
    terms: Path
    refused: int
    """Articles and rows that a reader refused by name."""


def made(scale: Scale, browser: Any) -> Shown:
    """The strings in articles, drafted as people draft, in drafts of others, and in a glossary."""
    texts = strings(1 if scale.full else 47)
    groups = [texts[begin : begin + GROUP] for begin in range(0, len(texts), GROUP)]
    folder = scale.folder / "poisoned"
    slugs, refused = poisoned.seeds(folder / "seeds", groups)
    terms = folder / "terms.tsv"
    refused += poisoned.glossary(terms, texts)
    drafts = folder / "drafts"
    arguments = ["draft", str(folder / "seeds"), "--drafts", str(drafts), "--engine", "fake", "--glossary", str(terms)]
    done = CliRunner().invoke(main, [*arguments, "--quiet", "--no-memory"])
    if done.exit_code:
        raise RuntimeError(done.output)
    for number, group in enumerate(groups):
        one = poisoned.draft(f"d{number}", group, poisoned.word(number))
        shelf.save(one, shelf.path_for(drafts, one.article.slug), base="")
    return Shown(scale, browser, texts, groups, slugs, drafts, terms, refused)


def control(shown: Shown) -> Iterator[Figure]:
    """The strings where nothing guards them: how many of them are noticed at all."""
    tried = shown.texts if shown.scale.full else shown.texts[:6]
    noticed = 0
    content: dict[str, bytes] = {}
    with window(shown.browser, BARE, content.get) as bare:
        for number, text in enumerate(tried):
            path = f"{number}.html"
            content[path] = f"<!doctype html><meta charset=utf-8><body><p>{text}</p>".encode("utf-8", "replace")
            before = len(bare.broken())
            with suppress(playwright_error()):  # some go elsewhere while they are looked at
                bare.page.goto(f"{BARE}/{path}", wait_until="commit")
                bare.page.wait_for_timeout(20)
                bare.look(path)
            noticed += len(bare.broken()) > before
    enough = noticed * 2 > len(tried)
    yield Figure(
        "The strings do harm on a page that trusts them, and the tests see it",
        len(tried),
        "strings",
        [] if enough else [f"only {noticed} of {len(tried)} were noticed"],
        note=f"{noticed} run, load or lead away there; the others need other surroundings",
    )


# --- the site --------------------------------------------------------------------------------------------------------


def on_the_site(shown: Shown) -> Iterator[Figure]:
    """All pages read by the browser's parser, articles and lists opened with the policy and without, and searched."""
    out = shown.scale.folder / "site"
    settings = SiteSettings(glossary=rows(TermBase.load(shown.terms).terms), base_url=f"{SITE}/", per_page=40)
    report = publish(shown.drafts, out, settings=settings)
    paths = sorted(path for path in (*report.written, *report.unchanged) if path.endswith(".html"))
    lists = [path for path in paths if "/" not in path and path != "search.html"]
    articles = [path for path in paths if path.startswith("articles/")]
    every = [*lists, *(path for at, path in enumerate(articles) if at % 3 == 0 or "/d" in path)]
    opened = every if shown.scale.full else [
        "index.html", "glossary.html", "articles/d0.html", f"articles/{shown.seeds[0]}.html"
    ]  # fmt: skip
    opened += [path for path in paths if path.startswith(("terms/", "topics/", "outlets/"))][:: shown.scale.of(30, 25)]
    with window(shown.browser, SITE, _disk(out)) as guarded, window(shown.browser, SITE, _disk(out), False) as open_one:
        for number, path in enumerate(opened):
            (guarded if number % 2 else open_one).open(f"/{path}")
        _search(guarded, shown)
        open_one.read(paths)
        seen = guarded.seen + open_one.seen
        broken = [*guarded.broken(), *open_one.broken()]
    yield Figure(
        "No text of an article, a draft, a glossary or a question runs on the site",
        len(paths),
        "pages",
        broken,
        note=f"{len(shown.texts)} strings in {poisoned.PLACES} places each; {seen} pages and searches opened, half of"
        " them without a policy; the policy had to stop nothing" if not broken else "",
    )  # fmt: skip
    yield _named(shown)


def _disk(out: Path) -> Any:
    def read(path: str) -> bytes | None:
        file = out / (path or "index.html")
        return file.read_bytes() if file.is_file() else None

    return read


def _search(site: Window, shown: Shown) -> None:
    """The strings asked for, by hand and in the address."""
    page = site.page
    page.goto(f"{SITE}/search.html")
    page.wait_for_selector("#search:not([hidden])")
    asked = [" ".join(group)[:200] for group in shown.groups] if shown.scale.full else shown.texts[:3]
    for text in (*SEARCHED, *asked):
        page.fill("#search-query", _typed(text))
        page.wait_for_timeout(15)
        site.look(f"search for {text!r}")
    for text in (*SEARCHED[1:], *asked[::6]):
        page.goto(f"{SITE}/search.html?q={quote(_typed(text), safe='')}")
        page.wait_for_timeout(60)
        site.look(f"search.html?q={text!r}", click=True)


def _typed(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _named(shown: Shown) -> Figure:
    """Sites whose owner was talked into such settings."""
    one = poisoned.draft("d0", ["قال"], poisoned.word(0))
    terms = rows(TermBase.load(shown.terms).terms)[:2]
    refused = 0
    content: dict[str, bytes] = {}
    with window(shown.browser, SITE, content.get) as site:
        for text in shown.texts[:: shown.scale.of(3, 8)]:
            try:
                made = render([one], replace(poisoned.settings(text), glossary=terms))
            except TarjumanError:
                refused += 1
                continue
            folder = f"{site.parsed}-"
            pages = {f"{folder}{path.replace('/', '-')}": made[path] for path in _SETTLED if path in made}
            content.update(pages)
            site.read(list(pages))
        site.open(f"/{next(iter(content))}", "settings")
        seen, broken = site.parsed, site.broken()
    return Figure("No setting of a site runs on it", seen, "pages", broken, note=f"{refused} settings refused by name")


_SETTLED = ("index.html", "articles/d0.html", "about.html")
# --- the book --------------------------------------------------------------------------------------------------------


def in_a_book(shown: Shown) -> Iterator[Figure]:
    """An EPUB of all drafts, its pages opened as XHTML, without any policy."""
    drafts = [shelf.load(path) for path in sorted(shown.drafts.glob("*.xlf"))]
    settings = BookSettings("poisoned", glossary=rows(TermBase.load(shown.terms).terms))
    files = unpacked(drafts, settings)
    broken = []
    with window(shown.browser, BOOK, in_memory(files)) as book:
        pages = sorted(path for path in files if path.endswith(".xhtml"))
        for path in pages[:: shown.scale.of(7, 3)]:
            book.open(f"/{path}")
        for number, text in enumerate(shown.texts[:: shown.scale.of(8, 9)]):
            named = BookSettings("named", title=text, title_arabic=text)
            for path, content in unpacked([_small()], named).items():
                if path.endswith(("title.xhtml", "nav.xhtml")):
                    files[f"{number}-{PurePosixPath(path).name}"] = content
        book.read([path for path in sorted(files) if path.endswith(".xhtml")])
        broken, seen, parsed = book.broken(), book.seen, book.parsed
    yield Figure("No text runs in the book", parsed, "pages", broken, note=f"{seen} of them opened, without any policy")


def _small() -> Draft:
    return poisoned.draft("small", ["قال"], poisoned.word(0))


def unpacked(drafts: Sequence[Draft], settings: BookSettings) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bind(drafts, settings))) as book:
        return {name: book.read(name) for name in book.namelist()}


# --- the desk --------------------------------------------------------------------------------------------------------

KEYS = (
    "Alt+t", "Escape", "Alt+d", "Escape", "Alt+p", "Alt+r", "Control+k", "Escape", "Control+f", "Escape", "Alt+g",
    "Escape", "Alt+h", "Escape", "Alt+n", "Escape",
)  # fmt: skip
"""Everything that opens at the desk."""
_STANDS = """() => [document.readyState, document.querySelectorAll('.segment').length, document.hasFocus(),
    document.activeElement?.outerHTML.slice(0, 80), document.getElementById('notice')?.textContent,
    document.querySelector('.segment.active')?.dataset.state, Boolean(document.querySelector('.active textarea'))]"""
"""What can be said of a page that does not come to be ready."""


def at_the_desk(shown: Shown) -> Iterator[Figure]:
    """The list, articles, every panel and dialog, and the page that tries terms, from the real server."""
    for text in shown.texts:  # files that are no drafts, called as they like
        (shown.drafts / f"{poisoned.as_name(text, 120)}.en.xlf").write_text(f"<xliff {_typed(text)}", "utf-8")
    own = [f"d{number}" for number in range(len(shown.groups))]
    slugs = [*own, *shown.seeds[::9]] if shown.scale.full else [own[0], shown.seeds[0]]
    stuck: list[str] = []
    with Desk(shown.drafts, shown.scale.folder / "desk", shown.terms) as desk:
        with window(shown.browser, desk.base, viewport={"width": 1300, "height": 850}) as at:
            at.page.set_default_timeout(120_000)
            at.page.goto(f"{desk.base}/?token={desk.token}")
            at.page.wait_for_selector(".article")
            at.page.click("#by-term > summary")
            at.page.wait_for_timeout(300)
            at.look("the list")
            for number, slug in enumerate(slugs):
                text = " ".join(shown.groups[number % len(shown.groups)])
                try:
                    _article(at, slug, everything=number % 10 == 0, text=text)
                except playwright_error() as error:
                    stuck.append(f"desk {slug}: {str(error).splitlines()[0]} {at.page.evaluate(_STANDS)}")
            _terms(at, shown.groups)
            seen, broken = at.seen, [*stuck, *at.broken()]
        broken += [f"server: {line}" for line in desk.log() if "Traceback" in line]
    note = f"{len(shown.texts)} strings, in {len(slugs)} articles, typed and asked for"
    yield Figure("No text runs at the review desk", seen, "pages, panels and dialogs", broken, note)


def _article(at: Window, slug: str, everything: bool, text: str) -> None:
    """An article with its first sentence, and what can be opened there."""
    page = at.page
    page.goto(f"{at.own}/a/{slug}")
    page.wait_for_selector(".segment.active textarea:focus")
    at.look(f"desk {slug}", click=not everything)
    page.keyboard.insert_text(_typed(text))
    if not everything:
        at.look(f"desk {slug}, typed")
        return
    for key in KEYS:
        page.keyboard.press(key)
        page.wait_for_timeout(30)
        if key != "Escape":
            page.evaluate(
                """text => {
                    for (const one of document.querySelectorAll('dialog[open] input, search:not([hidden]) input')) {
                        if (one.type === 'checkbox' || one.type === 'radio') continue;
                        one.value = text;
                        one.dispatchEvent(new Event('input', {bubbles: true}));
                        one.dispatchEvent(new Event('change', {bubbles: true}));
                    }
                }""",
                text,
            )
            page.keyboard.press("Enter")
            page.wait_for_timeout(120)
            at.look(f"desk {slug}, {key}")
    page.evaluate(
        "document.querySelectorAll('details > summary, .ar .term, .hits button').forEach((one) => one.click())"
    )
    page.wait_for_timeout(100)
    at.look(f"desk {slug}, everything open")
    page.evaluate(SETTLED)


def _terms(at: Window, groups: Sequence[Sequence[str]]) -> None:
    """The page on which terms are tried."""
    at.page.goto(f"{at.own}/terms")
    for number, group in enumerate(groups):
        asked = " ".join(
            f"{_typed(text)} و{poisoned.word(number * GROUP + at_)} قال {text[:5]}" for at_, text in enumerate(group)
        )
        with at.page.expect_response("**/api/terms/test"):
            at.page.fill("#text", _typed(asked))
        at.look(f"terms {number}")

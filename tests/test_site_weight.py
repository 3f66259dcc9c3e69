"""What an article of the seeds costs a reader: bytes as a server sends them, and text that moves while it is read."""

from __future__ import annotations

import functools
import gzip
import http.server
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from glossary import TermBase
from translate import drafts
from translate.site import SiteSettings, render, rows

BUDGET = 60_000
"""Bytes of an article's page: of its HTML as it is on the disk, and of all that comes with it, fonts apart, as sent."""
SEEDS = drafts.inside(Path(__file__).parent.parent / "drafts")
PAGES = [f"articles/{path.name.removesuffix(drafts.SUFFIX)}.html" for path in SEEDS]
LOADED = re.compile(r'<(?:script|link)\b[^>]*?(?:src|href)="(?:\.\./)?(static/[^"]+\.(?:css|js|svg))"')
UNSEEN = 0.01
"""A tenth of the layout shift that is called good (Core Web Vitals): a seldom font that came a moment late."""
MOVED = """() => new Promise(done => {
    const watch = new PerformanceObserver(list => done(list.getEntries().map(entry => entry.value)));
    watch.observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done([]), 300);
})"""
PUSH = """() => {
    const block = document.createElement('p');
    block.style.blockSize = '200px';
    document.body.prepend(block);
}"""


@pytest.fixture(scope="module")
def site() -> Mapping[str, bytes]:
    """The five articles with everything that a page of theirs can carry."""
    settings = SiteSettings(
        title="Mosul in two languages",
        base_url="https://example.org/mosul/",
        report="https://example.org/new?title={id}",
        epub=True,
        glossary=rows(TermBase.load(TermBase.default()).terms),
    )
    return render([drafts.load(path) for path in SEEDS], settings)


def test_there_are_five_articles() -> None:
    assert len(PAGES) == 5


@pytest.mark.parametrize("page", PAGES)
def test_an_article_keeps_to_its_budget(site: Mapping[str, bytes], page: str) -> None:
    html = site[page]
    loaded = sorted(set(LOADED.findall(html.decode())))
    assert "static/site.css" in loaded and len(loaded) > 3
    assert len(html) <= BUDGET, "the page itself, before anything squeezes it"
    assert sum(len(gzip.compress(data, 6)) for data in (html, *(site[path] for path in loaded))) <= BUDGET // 2


@pytest.fixture(scope="module")
def root(site: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, which a server gives out."""
    out = tmp_path_factory.mktemp("site")
    for path, content in site.items():
        if path.startswith(("articles/", "static/")):
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_bytes(content)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1280, 800), (360, 740)], ids=["desktop", "phone"])
def test_nothing_moves_while_an_article_is_read(browser: Any, root: str, size: tuple[int, int]) -> None:
    view = browser.new_page(viewport={"width": size[0], "height": size[1]})
    for page in PAGES:
        view.goto(f"{root}/{page}")
        view.evaluate("document.fonts.ready.then(() => true)")
        for _ in range(4):
            view.mouse.wheel(0, size[1])
            view.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert sum(view.evaluate(MOVED)) <= UNSEEN, page
    view.evaluate("scrollTo(0, 0)")
    view.evaluate(PUSH)
    assert sum(view.evaluate(MOVED)) > 0, "what does move is seen"
    view.close()

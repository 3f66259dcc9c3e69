"""Takes the pictures of docs/screenshots: publishes drafts, opens the site and the review desk in Chromium, and looks.

tarjuman draft seeds --drafts /tmp/drafts
python scripts/screenshots.py /tmp/drafts docs/screenshots
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from glossary import TermBase
from translate.site import SiteSettings, publish, rows

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SLUG = "tikrit-liberation-shatters-isis-morale"
ARTICLE = f"articles/{SLUG}.html"
QUALITY = 35
REPORT = "corrections@example.org"
LARGEST = 80_000
"""Bytes of a picture; more is an error, so that the repository stays small."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: what is opened, how wide, and what is done before it is taken."""

    name: str
    width: int
    height: int
    act: Callable[[Page], object] = lambda page: None
    dark: bool = False
    path: str = ARTICLE
    scale: float = 1


def _layout(name: str) -> Callable[[Page], object]:
    return lambda page: page.check(f"#layout-{name}", force=True)


def _word(page: Page) -> None:
    """A word and its partner, and the definition of the term that it is."""
    page.locator(".text .pair").nth(2).locator(".en .term").nth(1).click()


def _paper(page: Page) -> None:
    page.emulate_media(media="print")
    page.evaluate("document.body.style.padding = '2rem'")  # what the printer leaves white


def _articles(page: Page) -> None:
    """The desk's list of articles, once it has read them."""
    page.locator(f"a[href*='{SLUG}']").first.wait_for()


def _desk(page: Page) -> None:
    """An article at the desk, which opens at its first open sentence."""
    page.locator(f"a[href*='{SLUG}']").first.click()
    page.wait_for_timeout(1000)


def _menu(page: Page) -> None:
    page.check("#layout-english", force=True)
    page.locator(".text .permalink").nth(2).click()


SHOTS = (
    Shot("side-by-side", 1280, 860),
    Shot("term-dark", 1280, 860, _word, dark=True),
    Shot("stacked", 900, 860, _layout("stacked")),
    Shot("arabic", 900, 860, _layout("arabic")),
    Shot("english", 900, 860, _layout("english")),
    Shot("phone", 390, 844, scale=1.5),
    Shot("phone-menu", 390, 844, _menu, scale=1.5),
    Shot("print", 794, 640, _paper),
    Shot("home", 1280, 860, path="index.html"),
    Shot("search", 900, 860, lambda page: page.wait_for_timeout(1000), path="search.html?q=الساحل"),
    Shot("about", 1280, 860, path="about.html"),
)
DESK = (
    Shot("desk-articles", 1280, 860, _articles, path=""),
    Shot("desk", 1280, 860, _desk, path=""),
    Shot("desk-dark", 1280, 860, _desk, dark=True, path=""),
)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def take(browser: Browser, shot: Shot, site: str) -> bytes:
    """One picture as WebP. Opened twice, because a face that comes late is used from the second page on."""
    scheme = "dark" if shot.dark else "light"
    size = {"width": shot.width, "height": shot.height}
    context = browser.new_context(viewport=size, color_scheme=scheme, device_scale_factor=shot.scale)
    page = context.new_page()
    for _ in range(2):
        page.goto(site + shot.path)
        page.wait_for_timeout(300)
    shot.act(page)
    page.wait_for_timeout(300)
    wanted = {"format": "webp", "quality": QUALITY}
    data = context.new_cdp_session(page).send("Page.captureScreenshot", wanted)["data"]
    context.close()
    return base64.b64decode(data)


@contextmanager
def _site(drafts: Path) -> Iterator[str]:
    """The published site, and where it is."""
    with tempfile.TemporaryDirectory() as folder:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}/"
        rows_of_terms = rows(TermBase.load(TermBase.default()).terms)
        publish(drafts, Path(folder), settings=SiteSettings(base_url=site, glossary=rows_of_terms, report=REPORT))
        try:
            yield site
        finally:
            server.shutdown()


@contextmanager
def _review(drafts: Path) -> Iterator[str]:
    """The review desk of a copy of the drafts, and its address with the token."""
    with tempfile.TemporaryDirectory() as home:
        copy = shutil.copytree(drafts, Path(home) / "drafts")
        command = [sys.executable, "-u", "-m", "translate.cli", "review", str(copy), "--no-open", "--who", "Layla"]
        environment = os.environ | {"TARJUMAN_HOME": home}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603 - ours
            assert process.stdout is not None
            try:
                yield process.stdout.readline().split()[-1]
            finally:
                process.terminate()


def main(drafts: Path, out: Path) -> None:
    """All of them."""
    out.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright, _site(drafts) as site, _review(drafts) as desk:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for shot, base in [*((shot, site) for shot in SHOTS), *((shot, desk) for shot in DESK)]:
            picture = take(browser, shot, base)
            if len(picture) > LARGEST:
                raise SystemExit(f"{shot.name}: {len(picture)} bytes are too many")
            (out / f"{shot.name}.webp").write_bytes(picture)
            sys.stdout.write(f"{shot.name}.webp {len(picture) / 1000:.0f} kB\n")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

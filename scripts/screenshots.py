"""Takes the pictures of the site in docs/screenshots: publishes drafts, opens the site in Chromium, and looks.

tarjuman draft seeds --drafts /tmp/drafts
python scripts/screenshots.py /tmp/drafts docs/screenshots
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
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

ARTICLE = "articles/tikrit-liberation-shatters-isis-morale.html"
QUALITY = 35
LARGEST = 60_000
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


def _menu(page: Page) -> None:
    page.check("#layout-english", force=True)
    page.locator(".text .permalink").nth(2).click()


SHOTS = (
    Shot("side-by-side", 1280, 860),
    Shot("term-dark", 1280, 860, _word, dark=True),
    Shot("stacked", 900, 860, _layout("stacked")),
    Shot("arabic", 900, 860, _layout("arabic")),
    Shot("phone", 390, 844, scale=1.5),
    Shot("phone-menu", 390, 844, _menu, scale=1.5),
    Shot("print", 794, 640, _paper),
    Shot("about", 1280, 860, path="about.html"),
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


def main(drafts: Path, out: Path) -> None:
    """All of them."""
    terms = TermBase.load(TermBase.default())
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}/"
        settings = SiteSettings(base_url=site, glossary=rows(terms.terms), report="corrections@example.org")
        publish(drafts, Path(folder), settings=settings)
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            picture = take(browser, shot, site)
            if len(picture) > LARGEST:
                raise SystemExit(f"{shot.name}: {len(picture)} bytes are too many")
            (out / f"{shot.name}.webp").write_bytes(picture)
            sys.stdout.write(f"{shot.name}.webp {len(picture) / 1000:.0f} kB\n")
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

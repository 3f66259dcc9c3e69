"""The essence of the site in Firefox, asked through Marionette, which it speaks by itself: nothing else is needed.

Everything in detail is tried in Chromium (test_site_browser.py). Here: the page's policy lets its own parts through,
layouts, colours, the partner of a sentence and of a word, the cards of a term and of a sentence, the search, and
nothing complains.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from site_drafts import full, small

from translate.site import SiteSettings, render

pytestmark = pytest.mark.browser

SECONDS = 60
ARTICLE = "articles/left-bank.html"
PREFERENCES = {
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.update.enabled": False,
}
WATCH = """window.told = [];
document.addEventListener('securitypolicyviolation', event => window.told.push(event.violatedDirective));
window.addEventListener('error', event => window.told.push(event.message));"""
SENTENCE = "document.getElementById('left-bank.3.1')"
SIDES = f"return ['ar', 'en'].map(name => {SENTENCE}.querySelector('.side.' + name).checkVisibility())"
PLACE = f"""const text = {SENTENCE}.querySelector('.side.en').firstChild, range = document.createRange();
{SENTENCE}.scrollIntoView({{block: 'center'}});
range.setStart(text, text.data.indexOf(arguments[0]));
range.setEnd(text, text.data.indexOf(arguments[0]) + arguments[0].length);
const box = range.getBoundingClientRect();
return [box.x + box.width / 2, box.y + box.height / 2];"""
GROUND = "return getComputedStyle(document.body).backgroundColor"


class Firefox:
    """One window."""

    def __init__(self, port: int) -> None:
        self._number = 0
        self._socket = patiently(lambda: socket.create_connection(("127.0.0.1", port), timeout=SECONDS))
        self._read()
        self.ask("WebDriver:NewSession")

    def ask(self, command: str, **given: object) -> Any:
        self._number += 1
        data = json.dumps([0, self._number, command, given]).encode()
        self._socket.sendall(str(len(data)).encode() + b":" + data)
        _, _, error, value = self._read()
        assert error is None, error
        return value["value"] if isinstance(value, dict) and "value" in value else value

    def open(self, address: str) -> None:
        self.ask("WebDriver:Navigate", url=address)
        self.run(WATCH)

    def run(self, script: str, *given: object) -> Any:
        return self.ask("WebDriver:ExecuteScript", script=script, args=list(given))

    def wait(self, script: str) -> Any:
        end = time.monotonic() + SECONDS
        while not (value := self.run(script)):
            assert time.monotonic() < end, script
            time.sleep(0.05)
        return value

    def point(self, across: float, down: float) -> None:
        """Move the pointer to a place of the window."""
        moves = [{"type": "pointerMove", "x": round(x), "y": round(down)} for x in (across - 2, across)]
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": moves}
        self.ask("WebDriver:PerformActions", actions=[pointer])

    def close(self) -> None:
        with contextlib.suppress(OSError, AssertionError):
            self.ask("Marionette:Quit", flags=["eForceQuit"])
        self._socket.close()

    def _read(self) -> Any:
        head = b""
        while not head.endswith(b":"):
            head += self._some(1)
        left, data = int(head[:-1]), b""
        while len(data) < left:
            data += self._some(left - len(data))
        return json.loads(data)

    def _some(self, most: int) -> bytes:
        data = self._socket.recv(most)
        if not data:
            raise ConnectionError("Firefox has gone")
        return data


def patiently(connect: Callable[[], socket.socket]) -> socket.socket:
    """Until somebody listens."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            return connect()
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Firefox without a screen, or a skip that says what is missing."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("no Firefox on this computer")
    profile, port = tmp_path_factory.mktemp("profile"), free_port()
    wanted = {"marionette.port": port, **PREFERENCES}
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wanted.items())
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        window = Firefox(port)
        yield window
        window.close()
        process.wait(SECONDS)
    finally:
        process.kill()
        process.wait()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site, which a server gives out: a search asks for files, and a page from a disk may not."""
    out = tmp_path_factory.mktemp("site")
    for path, content in render([full(), small()], SiteSettings(title="Mosul")).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(firefox: Firefox, root: str) -> Iterator[Firefox]:
    """An article; at the end nothing may have been refused or gone wrong."""
    firefox.open(f"{root}/{ARTICLE}")
    yield firefox
    assert firefox.run("return window.told") == []


def test_the_four_layouts(page: Firefox) -> None:
    page.wait("return document.fonts.status === 'loaded'")
    assert page.run("return [...document.fonts].some(face => face.status === 'loaded')")
    for layout, seen in (("side", [1, 1]), ("stacked", [1, 1]), ("arabic", [1, 0]), ("english", [0, 1])):
        page.run("document.getElementById('layout-' + arguments[0]).click()", layout)
        assert page.run(SIDES) == [bool(one) for one in seen], layout
    page.run("document.getElementById('layout-side').click()")
    arabic, english = page.run(f"return [...{SENTENCE}.querySelectorAll('.side')].map(side => side.offsetLeft)")
    assert arabic > english, "the Arabic column stands at the right"


def test_light_and_dark(page: Firefox) -> None:
    grounds = []
    for theme in ("light", "dark"):
        page.run("document.querySelector(`input[name=theme][value=${arguments[0]}]`).click()", theme)
        grounds.append(sum(map(int, page.run(GROUND + ".match(/[0-9]+/g).slice(0, 3)"))))
    assert grounds[0] > 600 and grounds[1] < 150
    page.run("document.querySelector('input[name=theme][value=auto]').click()")


def test_a_sentence_and_its_partner_and_a_word_and_its_partner_light_up(page: Firefox) -> None:
    page.run("document.getElementById('layout-side').click()")
    ground = f"getComputedStyle({SENTENCE}).backgroundColor"
    page.point(2, 2)
    before = page.run(f"return {ground}")
    page.point(*page.run(PLACE, "advanced"))
    page.wait(f"return {ground} !== {json.dumps(before)}")
    page.wait("return CSS.highlights.get('word').size === 2")
    assert sorted(page.run("return [...CSS.highlights.get('word')].map(String)")) == ["advanced", "تقدمت"]


def test_a_term_and_a_sentence_open_their_cards(page: Firefox) -> None:
    page.run("document.getElementById('layout-side').click()")
    page.run("document.querySelector('.pair a.term').click()")
    page.wait("return document.getElementById('definition').matches(':popover-open')")
    assert "the Left Bank" in page.run("return document.getElementById('definition').innerText")
    page.run("document.getElementById('definition').hidePopover()")
    page.run("document.querySelector('.pair a.permalink').click()")
    page.wait("return document.getElementById('sentence').matches(':popover-open')")
    assert page.run("return document.activeElement.closest('#sentence') !== null")


def test_the_search_finds_a_word_behind_its_article(firefox: Firefox, root: str) -> None:
    firefox.open(f"{root}/search.html#q=ساحل")
    assert "left-bank" in firefox.wait("return document.querySelector('.search-sentence a')?.href")
    assert firefox.run("return document.querySelector('.search-sentence mark').textContent") == "الساحل"
    assert firefox.run("return window.told") == []

"""A browser that is told of everything that should not happen on a page, and looks a page over for what could."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from promises.injection.strings import PRODUCT

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_EMPTY = "/empty.html"
_MARK = "TARJUMAN "
_HOOK = """(() => {
  const tell = (words) => console.debug('TARJUMAN ' + words);
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) { window[name] = () => { tell('ran ' + name); }; }
  Object.defineProperty(window, '__ran', { set() { tell('ran __ran'); }, get() { return undefined; } });
  window.addEventListener('securitypolicyviolation', (event) => {
    tell(`violation ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  }, true);
})();"""
_AUDIT = """
const never = new Set(['base', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'portal', 'marquee', 'math',
  'plaintext', 'xmp', 'listing', 'image', 'img', 'picture', 'video', 'audio', 'source', 'track', 'style', 'template',
  'keygen', 'isindex', 'xss', 'foreignObject', 'animate', 'set', 'discard', 'param', 'map', 'area']);
const loads = new Set(['src', 'srcset', 'action', 'formaction', 'data', 'poster', 'background', 'ping', 'manifest',
  'archive', 'dynsrc', 'lowsrc', 'codebase', 'srcdoc']);
const leads = new Set(['http:', 'https:', 'mailto:', 'tel:', 'ftp:']);
const place = (text) => { try { return new URL(text, location.href); } catch { return null; } };
const everything = (root) => [...root.querySelectorAll('*')].flatMap((one) =>
  [one, ...(one.localName === 'template' ? everything(one.content) : []),
    ...(one.shadowRoot ? everything(one.shadowRoot) : [])]);
function audit(page, product, own) {
  const found = [];
  const say = (what, one) => found.push(`${what}: ${one.outerHTML.slice(0, 160)}`);
  for (const one of everything(page)) {
    if (never.has(one.localName)) { say('an element', one); }
    if (one.localName === 'parsererror') { say('not well-formed', one); }
    if (one.localName === 'script') {
      if (one.type === 'application/ld+json') {
        try { JSON.parse(one.textContent); } catch { say('torn data', one); }
      } else if (!one.getAttribute('src') || one.textContent) { say('a script', one); }
    }
    if (one.localName === 'meta' && one.httpEquiv && one.httpEquiv.toLowerCase() !== 'content-security-policy') {
      say('a command', one);
    }
    for (const { name, value } of one.attributes) {
      const bare = name.replace(/^.*:/, '').toLowerCase();
      if (bare.startsWith('on')) { say('a handler', one); }
      if (bare === 'style' && /url\\s*\\(|expression|behavior|binding|import/i.test(value)) { say('a style', one); }
      if (loads.has(bare) && place(value)?.origin !== own && value !== '') { say('a foreign ' + bare, one); }
      if (bare === 'href' && !(one.localName === 'link' && one.rel === 'icon' && value === 'data:,')) {
        const to = place(value);
        if (to !== null && !leads.has(to.protocol)) { say('an address', one); }
        const link = one.localName === 'link' && !['canonical', 'alternate', 'license'].includes(one.rel);
        if ((link || one.localName === 'use') && to?.origin !== own) { say('a foreign ' + one.localName, one); }
      }
      if (value.includes(product)) { say('a sum', one); }
    }
  }
  if (page.documentElement.textContent.includes(product)) { found.push('a sum in the text'); }
  return found;
}
"""
_LOOK = f"""([product, own]) => {{
  {_AUDIT}
  const found = audit(document, product, own);
  return location.origin === own ? found : [...found, 'the page was left for ' + location.href];
}}"""
_READ = f"""async ([product, own, paths]) => {{
  {_AUDIT}
  const found = [];
  for (const path of paths) {{
    const text = await (await fetch(own + '/' + path)).text();
    const kind = path.endsWith('.xhtml') ? 'application/xhtml+xml' : 'text/html';
    const page = new DOMParser().parseFromString(text, kind);
    if (!page.body || page.body.childElementCount === 0) {{ found.push(`${{path}}: an empty page`); }}
    found.push(...audit(page, product, own).map((line) => `${{path}}: ${{line}}`));
  }}
  return found;
}}"""
_TRY = """() => {
  window.addEventListener('click', (event) => event.preventDefault());
  for (const name of ['.ar a.term', '.en a.term', '.permalink', 'summary', '.search-suggestions button']) {
    document.querySelectorAll(name).forEach((one, at) => { if (at < 2) { one.click(); } });
  }
}"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 10)))"

Files = Callable[[str], bytes | None]


def missing() -> str:
    """Why there is no browser; empty where there is one."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "the package playwright is not installed"
    return "" if _program() else "no Chromium on this computer"


def _program() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def playwright_error() -> type[Exception]:
    """What the browser raises."""
    from playwright.sync_api import Error

    return Error


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser of one's own; `missing` says before whether there is one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=_program(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass(slots=True)
class Window:
    """A page that is watched: what ran, what the policy had to stop, what was asked of others."""

    page: Any
    own: str
    """Origin, as in `http://site.test`."""
    ran: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    """What an audit found that could run, load or lead away."""
    seen: int = 0
    """Pages opened and looked over."""
    parsed: int = 0
    """Pages read by the browser's parser and looked over."""

    def open(self, path: str, what: str = "") -> None:
        """Go there, try what can be clicked, and look it over; `what` tells one string from another."""
        self.page.goto(self.own + path, wait_until="load")
        self.look(what or path, click=True)

    def look(self, what: str, click: bool = False) -> None:
        """Look over the page as it stands."""
        if click:
            self.page.evaluate(_TRY)
        self.page.evaluate(SETTLED)
        self.found += [f"{what}: {line}" for line in self.page.evaluate(_LOOK, [PRODUCT, self.own])]
        self.seen += 1

    def read(self, paths: Sequence[str]) -> None:
        """Have the browser's own parser read pages, and look them over without opening them."""
        self.page.goto(f"{self.own}{_EMPTY}")
        for begin in range(0, len(paths), 50):
            part = list(paths[begin : begin + 50])
            self.found += self.page.evaluate(_READ, [PRODUCT, self.own, part])
            self.parsed += len(part)

    def broken(self) -> list[str]:
        """All that happened."""
        lines = [f"ran: {one}" for one in self.ran] + [f"stopped by the policy: {one}" for one in self.violations]
        return lines + [f"asked of others: {one}" for one in self.outside] + self.found


@contextmanager
def window(browser: Any, own: str, files: Files | None = None, policy: bool = True, **how: Any) -> Iterator[Window]:
    """A watched page. With `files` all that `own` answers comes from there; without, from the server that is there.

    `policy=False` switches the content security policy off, so that only the page itself keeps a script from running.
    """
    context = browser.new_context(bypass_csp=not policy, service_workers="block", **how)
    context.add_init_script(_HOOK)
    watched = Window(context.new_page(), own)

    def foreign(address: str) -> bool:
        return not address.startswith((own + "/", "data:", "blob:", "about:"))

    def refuse(route: Any) -> None:
        watched.outside.append(f"{route.request.url} from {watched.page.url}")
        route.abort()

    def serve(route: Any) -> None:
        assert files is not None
        path = unquote(urlsplit(route.request.url).path).lstrip("/")
        content = b"<!doctype html><p>" if path == _EMPTY.lstrip("/") else files(path)
        if content is None:
            route.fulfill(status=404, body="")
            return
        kind = KINDS.get(PurePosixPath(path or "index.html").suffix, "application/octet-stream")
        route.fulfill(status=200, body=content, headers={"Content-Type": kind})

    def hear(message: Any) -> None:
        text = message.text
        if text.startswith(_MARK):
            into = watched.ran if text.startswith(f"{_MARK}ran") else watched.violations
            into.append(f"{text.removeprefix(_MARK)} on {watched.page.url}")
        elif "Content Security Policy" in text or "Content-Security-Policy" in text:
            watched.violations.append(f"{text} on {watched.page.url}")

    def asked(dialog: Any) -> None:
        if dialog.type == "beforeunload":
            dialog.accept()
        else:
            watched.ran.append(f"dialog {dialog.message} on {watched.page.url}")
            dialog.dismiss()

    if files is not None:
        context.route(lambda address: address.startswith(own + "/"), serve)
    context.route(foreign, refuse)
    watched.page.on("console", hear)
    watched.page.on("dialog", asked)
    try:
        yield watched
    finally:
        context.close()


def in_memory(content: Mapping[str, bytes]) -> Files:
    """Files that are no files."""
    return lambda path: content.get(path or "index.html")

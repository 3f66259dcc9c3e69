"""What a page, a style sheet or a script loads by itself, without anybody's click.

Links a reader may follow are not among it; whatever a browser fetches on its own is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

LOADING = {
    **{
        "script": ("src",),
        "img": ("src", "srcset"),
        "source": ("src", "srcset"),
        "iframe": ("src",),
        "embed": ("src",),
    },
    **{"video": ("src", "poster"), "audio": ("src",), "track": ("src",), "object": ("data",), "input": ("src",)},
    **{"use": ("href", "xlink:href"), "image": ("href", "xlink:href"), "form": ("action",), "base": ("href",)},
}
FETCHED = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
"""Of the relations of a `<link>` those at which a browser goes and gets it."""
_URL = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""")
_SCRIPT = re.compile(r"""['"`]((?:https?:|wss?:)?//[^'"`\s]+)""")
_NAMES = ("http://www.w3.org/",)
"""Names that look like addresses and are never fetched: of XML."""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.policy = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in LOADING.get(tag, ()):
            self.found += [part.split()[0] for part in given.get(name, "").split(",") if part.split()]
        if tag == "link" and FETCHED & set(given.get("rel", "").lower().split()):
            self.found.append(given.get("href", ""))
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = given.get("content", "")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.found.append(given.get("content", "").partition("=")[2])
        self.found += _of_style(given.get("style", ""))
        data = given.get("type", "").endswith("json")  # data about the page, which no browser runs or fetches
        self._inside = "" if data else tag

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.found += _of_style(data)
        elif self._inside == "script":
            self.found += _of_script(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def _of_style(text: str) -> list[str]:
    return [one or other for one, other in _URL.findall(text)]


def _of_script(text: str) -> list[str]:
    return [found for found in _SCRIPT.findall(text) if not found.startswith(_NAMES)]


def of_page(text: str) -> tuple[list[str], str]:
    """The addresses that a page loads, and its content security policy."""
    page = _Page()
    page.feed(text)
    page.close()
    return page.found, page.policy


def is_elsewhere(address: str) -> bool:
    """`//example.org/x.js` -> True, `../style.css` -> False, `data:image/png;…` -> False."""
    return bool(re.match(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE)) or bool(
        re.match(r"\s*(?:https?|wss?|ftp):", address, re.IGNORECASE)
    )


def of_folder(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file of a published site with every address that it loads."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".xhtml", ".svg"):
            found = of_page(path.read_text(encoding="utf-8"))[0]
        elif path.suffix == ".css":
            found = _of_style(path.read_text(encoding="utf-8"))
        elif path.suffix == ".js":
            found = _of_script(path.read_text(encoding="utf-8"))
        else:
            continue
        yield from ((path, address) for address in found)

"""No text becomes code: strings that run wherever a program trusts them, put into every field there is.

They are looked at in a real browser on the site, at the review desk and in the book; names that want to be paths are
given to everything that writes files; documents that want to read others are given to everything that reads XML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from promises.figure import Figure, Scale
from promises.injection import browser, direction, disk, entities, pages
from promises.injection.pages import Shown

Part = Callable[[Shown], Iterator[Figure]]
IN_A_BROWSER: tuple[Part, ...] = (pages.control, pages.on_the_site, pages.in_a_book, pages.at_the_desk, direction.kept)


def prove(scale: Scale) -> Iterator[Figure]:
    """Everything on this page of the promises."""
    if why := browser.missing():
        yield Figure("No text of anybody runs in a browser", 0, "pages", skipped=why)
    else:
        with ThreadPoolExecutor(1) as aside:  # one thread has room for one browser, and the test suite may have it
            yield from aside.submit(_seen, scale).result()
    yield from disk.prove(scale)
    yield from entities.prove(scale)


def _seen(scale: Scale) -> list[Figure]:
    with browser.chromium() as running:
        shown = pages.made(scale, running)
        return [figure for part in IN_A_BROWSER for figure in part(shown)]

"""What a maker of the site yields: a page that a template renders, a file with its bytes, or a bundle of both.

Values only. What they hold is a function, called when it has to be made and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple


class Page(NamedTuple):
    """A page of the site."""

    path: str
    """"articles/mosul-defectors.html" - from the site's root."""
    template: str
    """"article.html" """
    name: str
    """"article": which entry of the menu is current, and the class of `<body>`."""
    title: str
    """Without the site's; empty on the first page."""
    description: str
    """One plain sentence; the site's own where it is empty."""
    key: str
    """Digest of all that the content is made from: the page is made again when it changes. The templates and the
    settings are added by the build. Pages of a single article need none: the article's own digest is theirs."""
    content: Callable[[], Mapping[str, object]]
    """The variables of the template."""
    work: Callable[[Mapping[str, object]], Mapping[str, object]] | None = None
    """What is still to be done with the content, by a function of a module, so that any process can do it."""
    last_modified: str = ""
    """"2017-01-12" or a moment in ISO 8601, from the drafts; never the clock."""
    languages: tuple[str, ...] = ()
    """("ar", "en") for a page that holds both."""
    listed: bool = True
    """Whether it belongs in the sitemap."""
    head: Callable[[], Mapping[str, object]] | None = None
    """Structured data about the page (JSON-LD)."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the site that no template makes."""

    path: str
    key: str
    content: Callable[[], Any]
    """Its bytes, or what `work` makes them of."""
    work: Callable[[Any], bytes] | None = None
    """A function of a module, so that any process can do it; None where there is nothing left to do."""

    def data(self) -> bytes:
        """Its bytes."""
        content = self.content()
        return bytes(content) if self.work is None else self.work(content)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Pages and files that are looked at one by one only when something happened to one of them: a list, a term."""

    name: str
    """"terms/t1f2e3d4c5b": no other bundle's, and none that begins with "articles/"."""
    key: str
    """Digest of all that is in any of them, and of which there are."""
    items: Callable[[], Iterable[Page | File]]


class Listing(NamedTuple):
    """A page as the sitemap lists it."""

    path: str
    last_modified: str
    languages: tuple[str, ...]


def key(*parts: object) -> str:
    """`('home', 3, 'a1')` -> 32 hexadecimal digits; different parts, a different key."""
    return sha256("\0".join(f"{len(str(part))}:{part}" for part in parts).encode("utf-8", "surrogatepass")).hexdigest()[
        :32
    ]

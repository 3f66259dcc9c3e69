"""What a reader can take home from an article's page: the sentences of both languages as JSON, as TMX, as a book.

All hold every sentence with its state, a machine's too. Knows where the files are and nothing of what is in them.
"""

from __future__ import annotations

from collections.abc import Iterator

from translate.document import Draft
from translate.site.card import Card
from translate.site.page import File
from translate.site.settings import SiteSettings
from translate.site.terms import Terms


def path(slug: str, suffix: str) -> str:
    """`'mosul-defectors', 'json'` -> `'downloads/mosul-defectors.json'`."""
    return f"downloads/{slug}.{suffix}"


def pages(draft: Draft, _card: Card, _terms: Terms, settings: SiteSettings) -> Iterator[File]:
    """The files of one article; none where the site offers none."""
    if settings.downloads:
        from translate.books import record  # here, because it knows the site and the site knows us
        from translate.exchange import tmx

        slug = draft.article.slug
        yield File(path(slug, "json"), "", lambda: record.dump(draft))
        yield File(path(slug, "tmx"), "", lambda: tmx.dump([draft], also_edited=True, also_machine=True))
    if settings.epub:
        yield File(path(draft.article.slug, "epub"), "", lambda: _book(draft, settings))


def _book(draft: Draft, settings: SiteSettings) -> bytes:
    from translate.books.bound import bind
    from translate.books.settings import BookSettings

    return bind([draft], BookSettings(glossary=settings.glossary, templates=settings.templates))

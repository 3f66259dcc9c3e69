"""Views and templates -> the bytes of every file of the site.

Knows Jinja and no disk beyond the template folders. Everything is escaped, an unknown variable is an error, and nothing
depends on the clock: the same drafts give the same bytes.
"""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

import site_templates
from translate.document import Draft, State
from translate.errors import DraftError, InputError, UsageError
from translate.site.paint import settle
from translate.site.settings import SiteSettings
from translate.site.views import ArticleView, article_view, collect_terms, tally, term_views, total

SHIPPED = Path(site_templates.__file__).parent
_STATES = tuple(state.value for state in State)
_STATIC = "static"
_STATIC_KINDS = frozenset({".css", ".js", ".svg", ".png", ".woff2", ".txt"})


@dataclass(frozen=True, slots=True)
class PageView:
    """What a template knows about the page it makes."""

    name: str
    """"index", "article", "glossary", "about" or "missing": which entry of the menu is current."""
    path: str
    """"articles/mosul-defectors.html" - from the site's root."""
    root: str
    """"../" - from this page to the site's root; an address on `404.html` when the site's is known."""
    title: str
    """Page title without the site's; empty on the first page."""
    description: str
    """One plain sentence for search engines and link previews."""
    canonical: str
    """Full address; empty when the site's is unknown."""


def render(drafts: Sequence[Draft], settings: SiteSettings) -> Mapping[str, bytes]:
    """Drafts -> path from the site's root -> content, every file of the site, in sorted order."""
    if not drafts:
        raise DraftError("no drafts to publish", hint="Make one: tarjuman draft seeds/*.md")
    ordered = _newest_first(drafts)
    terms = collect_terms(ordered, settings.glossary)
    views = [article_view(draft, terms) for draft in ordered]
    tallies = total(tally(draft) for draft in ordered)
    templates = _Templates(settings)
    entries = term_views(ordered, views, terms)
    files: dict[str, bytes] = dict(_static(settings))
    files["index.html"] = templates.page("index", "index.html", articles=views, totals=tallies)
    files["glossary.html"] = templates.page("glossary", "glossary.html", "Glossary", entries=entries)
    files["about.html"] = templates.page(
        "about",
        "about.html",
        "About this site",
        totals=tallies,
        articles=views,
        signatures=_signatures(views),
        states=_STATES,
    )
    files["404.html"] = templates.page("missing", "404.html", "Page not found")
    for view in views:
        path = f"articles/{view.slug}.html"
        files[path] = templates.page("article", path, view.title_text, _summary(view), article=view)
    return {path: files[path] for path in sorted(files)}


def _newest_first(drafts: Sequence[Draft]) -> list[Draft]:
    """By the front matter's date, newest first, undated last; then by name."""
    for slug, count in Counter(draft.article.slug for draft in drafts).items():
        if count > 1:
            raise DraftError(f"two drafts have the article name {slug!r}", hint="Rename one of them")
    by_name = sorted(drafts, key=lambda draft: draft.article.slug)
    return sorted(by_name, key=lambda draft: draft.article.meta.get("date", ""), reverse=True)


def _summary(view: ArticleView) -> str:
    facts = " · ".join(value for _, _, _, value in view.facts)
    status = "machine translation, not reviewed" if view.tally.unreviewed else "translation reviewed by a person"
    return f"{view.title_text}. {facts}. Arabic and English side by side; {status}."


def _signatures(views: Sequence[ArticleView]) -> list[tuple[str, int]]:
    """(signature, sentences) over all articles, the commonest first."""
    counts: dict[str, int] = {}
    for view in views:
        for signature, count in view.signatures:
            counts[signature] = counts.get(signature, 0) + count
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _static(settings: SiteSettings) -> Iterator[tuple[str, bytes]]:
    """The static files, those of the override folder in place of the shipped ones."""
    for folder in filter(None, (SHIPPED, settings.templates)):
        for file in sorted((folder / _STATIC).rglob("*")):
            if file.is_file() and file.suffix in _STATIC_KINDS:
                yield f"{_STATIC}/{file.relative_to(folder / _STATIC).as_posix()}", file.read_bytes()


class _Templates:
    """The templates of one build."""

    def __init__(self, settings: SiteSettings) -> None:
        if settings.templates is not None and not settings.templates.is_dir():
            hint = "Give a folder with templates of the same names as in site_templates/"
            raise UsageError("the template folder does not exist", str(settings.templates), hint)
        self._settings = settings
        self._environment = environment(settings.templates)

    def page(self, name: str, path: str, title: str = "", description: str = "", **content: object) -> bytes:
        """One page as it is written: UTF-8, without control characters."""
        settings = self._settings
        base = settings.base_url.rstrip("/") + "/" if settings.base_url else ""
        lost = name == "missing"
        page = PageView(
            name=name,
            path=path,
            root=base if lost else "../" * path.count("/"),
            title=title,
            description=description or settings.tagline,
            canonical="" if lost or not base else base + ("" if name == "index" else path),
        )
        template = "404.html" if lost else f"{name}.html"
        try:
            text = self._environment.get_template(template).render(site=settings, page=page, **content)
        except jinja2.TemplateSyntaxError as error:
            raise InputError(f"{error.message}", f"{error.name}:{error.lineno}", _MEND) from error
        except jinja2.TemplateError as error:
            raise self._failed(error, template) from error
        except _FAILURES as error:
            if settings.templates is None:
                raise  # not a mistake of theirs
            raise self._failed(error, template) from error
        return settle(text).encode("utf-8")

    def _failed(self, error: Exception, template: str) -> InputError:
        """What to tell of a template that did not work out, with the line where it did not."""
        return InputError(f"the template cannot be used: {error}", self._line_of(error) or template, _MEND)

    def _line_of(self, error: Exception) -> str:
        """`'parts/head.html:12'`, in their own template if one is on the way; empty when it never got to a line."""
        for folder in (os.path.normpath(folder) for folder in (self._settings.templates, SHIPPED) if folder):
            for frame in reversed(traceback.extract_tb(error.__traceback__)):
                file = Path(frame.filename)
                if file.suffix != ".py" and file.is_relative_to(folder):
                    return f"{file.relative_to(folder).as_posix()}:{frame.lineno}"
        return ""


_FAILURES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What an expression in a template can end in, besides Jinja's own errors."""
_MEND = "Every variable a template may use is in site_templates/README.md"


class _Loader(jinja2.FileSystemLoader):
    """Files as templates; one that is not UTF-8 is a template with a mistake, like any other."""

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template, where it is, and whether it is still that."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise jinja2.TemplateSyntaxError("the template is not UTF-8", line, template) from error


def environment(override: Path | None = None) -> jinja2.Environment:
    """Strict and escaping; templates of `override` stand before the shipped ones of the same name."""
    folders = [folder for folder in (override, SHIPPED) if folder is not None]
    return jinja2.Environment(
        loader=_Loader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

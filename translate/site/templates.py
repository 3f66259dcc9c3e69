"""Templates: a page's variables -> its bytes, and what a page depends on besides them.

Knows Jinja and the template folders. Everything is escaped, an unknown variable is an error, and nothing depends on the
clock. What stands in the variables is the makers' business.
"""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

import jinja2
import jinja2.meta
import jinja2.nodes

import site_templates
from translate.errors import InputError, UsageError
from translate.site import compiled
from translate.site.bytecode import Kept
from translate.site.compiled import InPlace
from translate.site.linked import Meta, meta
from translate.site.page import Page, key
from translate.site.paint import settled
from translate.site.settings import SiteSettings

SHIPPED = Path(site_templates.__file__).parent
_STATIC = "static"
_STATIC_KINDS = frozenset({".css", ".js", ".svg", ".png", ".ico", ".woff2", ".txt", ".webmanifest"})
_HOW = frozenset({"jobs", "templates"})
"""Settings that say how a site is built and never what is on it."""
_GLOSSARY = frozenset({"glossary", "glossary_fingerprint"})
"""Settings that only pages about terms depend on."""
_FAILURES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What an expression in a template can end in, besides Jinja's own errors."""
_Made = TypeVar("_Made")
_MEND = "Every variable a template may use is in site_templates/README.md"


class PageView(NamedTuple):
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
    last_modified: str
    """"2017-01-12", or empty."""
    languages: tuple[str, ...]
    """("ar", "en") for a page that holds both."""
    meta: Meta
    """What the page tells programs about itself."""


def static_files(settings: SiteSettings) -> Iterator[tuple[str, Path]]:
    """Path from the site's root and the file: those of the override folder in place of the shipped ones."""
    found: dict[str, Path] = {}
    for folder in filter(None, (SHIPPED, settings.templates)):
        for file in sorted((folder / _STATIC).rglob("*")):
            if file.is_file() and file.suffix in _STATIC_KINDS:
                found[f"{_STATIC}/{file.relative_to(folder / _STATIC).as_posix()}"] = file
    yield from sorted(found.items())


class Templates:
    """The templates of one build."""

    def __init__(
        self, settings: SiteSettings, digests: Mapping[str, str] | None = None, cache: Path | None = None
    ) -> None:
        """`digests` of templates may be known already, from another process; `cache` keeps what was compiled."""
        if settings.templates is not None and not settings.templates.is_dir():
            hint = "Give a folder with templates of the same names as in site_templates/"
            raise UsageError("the template folder does not exist", str(settings.templates), hint)
        self._settings = settings
        self.cache = cache
        self._environment = environment(settings.templates, cache)
        _forget_changed(self._environment)
        self._known: dict[str, _Analysed] = {}
        self._analysed: dict[str, _Analysed] = {}
        self._digests: dict[str, str] = dict(digests or {})
        self._said = [
            (field.name, key(getattr(settings, field.name))) for field in fields(settings) if field.name not in _HOW
        ]

    def render(self, pages: Sequence[Page]) -> list[bytes]:
        """Pages as they are written: UTF-8, without control characters.

        Step by step for all of them, here as elsewhere: code that runs over and over is in the processor's cache.
        """
        contents = [self._trying(_content, page) for page in pages]
        views = [self._view(page) for page in pages]
        filled = [self._trying(self._fill, *given) for given in zip(pages, views, contents, strict=True)]
        return [settled(text) for text in filled]

    def _fill(self, page: Page, view: PageView, content: Mapping[str, object]) -> str:
        return self._environment.get_template(page.template).render(site=self._settings, page=view, **content)

    def _trying(self, step: Callable[..., _Made], page: Page, *given: object) -> _Made:
        """Do something for a page; what goes wrong is told of its template."""
        try:
            return step(page, *given)
        except jinja2.TemplateSyntaxError as error:
            raise InputError(f"{error.message}", f"{error.name}:{error.lineno}", _MEND) from error
        except jinja2.TemplateError as error:
            raise self._failed(error, page.template) from error
        except _FAILURES as error:
            if self._settings.templates is None:
                raise  # not a mistake of theirs
            raise self._failed(error, page.template) from error

    def compile(self, templates: Iterable[str]) -> None:
        """Have some templates ready, with all that they are made of, so that processes split off from this one do."""
        for name in sorted({name for template in templates for name in self._reached(template)[0]}):
            with suppress(jinja2.TemplateError):  # told when a page is rendered
                self._environment.get_template(name)

    def know(self, analysed: str) -> None:
        """What `analysed` said in an earlier build, so that the same templates need not be looked through again."""
        self._known = json.loads(analysed) if analysed else self._noted()

    def analysed(self) -> str:
        """What was found in the templates, for the next `know`; it holds as long as their text does."""
        told = json.dumps(self._analysed, sort_keys=True)
        kept = self._environment.bytecode_cache
        if isinstance(kept, Kept) and not self._known.keys() >= self._analysed.keys():
            kept.note(told)
        return told

    def _noted(self) -> dict[str, _Analysed]:
        """What the last build of any site found in templates."""
        kept = self._environment.bytecode_cache
        noted = kept.notes() if isinstance(kept, Kept) else ""
        return dict(json.loads(noted)) if noted else {}

    def _analyse(self, source: str) -> _Analysed:
        name = sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        self._analysed[name] = found = self._known.get(name) or _analyse(source)
        return found

    def digest(self, template: str) -> str:
        """Of everything that a page of this template depends on besides its variables: templates and settings.

        Without a template, of the settings alone.
        """
        if template not in self._digests:
            sources, glossary = self._reached(template)
            said = [pair for pair in self._said if glossary or pair[0] not in _GLOSSARY]
            if not template and self._settings.epub:
                sources |= _book_sources(self._settings.templates)
            self._digests[template] = key(*sorted(sources.items()), *said)
        return self._digests[template]

    def _reached(self, template: str) -> tuple[dict[str, str], bool]:
        """Name -> source of all that a template extends, includes or imports, and whether one asks for the glossary."""
        loader, environment = self._environment.loader, self._environment
        assert loader is not None
        sources: dict[str, str] = {}
        glossary, todo = False, [template] if template else []
        while todo:
            name = todo.pop()
            if name in sources:
                continue
            try:
                sources[name] = loader.get_source(environment, name)[0]
                others, asks = self._analyse(sources[name])
            except jinja2.TemplateError:
                sources[name] = ""  # told when the page is rendered
                continue
            glossary |= asks
            for other in others:
                todo += [other] if other is not None else environment.list_templates(extensions=["html"])
        return sources, glossary

    def _view(self, page: Page) -> PageView:
        base = self._settings.base_url.rstrip("/") + "/" if self._settings.base_url else ""
        lost = page.path == "404.html"  # shown at any address
        return PageView(
            name=page.name,
            path=page.path,
            root=base if lost else "../" * page.path.count("/"),
            title=page.title,
            description=page.description or self._settings.description or self._settings.tagline,
            canonical="" if lost or not base else base + page.path.removesuffix("index.html"),
            last_modified=page.last_modified,
            languages=page.languages,
            meta=meta(page, self._settings),
        )

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


def _content(page: Page) -> Mapping[str, object]:
    content = page.content()
    return page.work(content) if page.work else content


def _book_sources(override: Path | None) -> dict[str, str]:
    """Name -> digest of everything that books are made with."""
    found: dict[str, str] = {}
    for folder in (folder / "book" for folder in (SHIPPED, override) if folder is not None):
        for file in folder.rglob("*"):
            if file.is_file():
                found[f"book/{file.relative_to(folder).as_posix()}"] = sha256(file.read_bytes()).hexdigest()
    return found


_Analysed = tuple[Sequence[str | None], bool]


@lru_cache(maxsize=256)
def _analyse(source: str) -> _Analysed:
    """The templates that a template names (None: one whose name is computed), and whether it asks for the glossary.

    It does with `site.glossary`, and with a `site` that is handed on as a whole to where nobody looks.
    """
    tree = jinja2.Environment(autoescape=True).parse(source)
    asked = [node for node in tree.find_all(jinja2.nodes.Getattr) if _is_site(node.node)]
    whole = sum(_is_site(node) for node in tree.find_all(jinja2.nodes.Name)) > len(asked)
    asks = whole or any(node.attr in _GLOSSARY for node in asked)
    return tuple(jinja2.meta.find_referenced_templates(tree)), asks


def _is_site(node: jinja2.nodes.Node) -> bool:
    return isinstance(node, jinja2.nodes.Name) and node.name == "site"


class _Loader(jinja2.FileSystemLoader):
    """Files as templates; one that is not UTF-8 is a template with a mistake, like any other."""

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template, where it is, and whether it is still that."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise jinja2.TemplateSyntaxError("the template is not UTF-8", line, template) from error


class _Environment(jinja2.Environment):
    """Jinja, with code of templates that is quicker."""

    code_generator_class = InPlace


def environment(override: Path | None = None, cache: Path | None = None) -> jinja2.Environment:
    """Strict and escaping; templates of `override` stand before the shipped ones of the same name.

    `shipped/base.html` is the shipped one even where there is a replacement, so that this can extend it. What was
    compiled is kept for the next build of the process (in `cache` for the next process), and compiled again when a file
    changes.
    """
    names = tuple(sorted(str(path) for path in override.rglob("*.html"))) if override else ()
    return _environment(override, names, cache)


@lru_cache(maxsize=8)
def _environment(override: Path | None, _names: tuple[str, ...], cache: Path | None) -> jinja2.Environment:
    """The names are there because a template that is new may stand before one that was compiled."""
    folders = [folder for folder in (override, SHIPPED) if folder is not None]
    shipped = jinja2.PrefixLoader({"shipped": _Loader(str(SHIPPED))})
    return _Environment(
        loader=jinja2.ChoiceLoader([*(_Loader(str(folder)) for folder in folders), shipped]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # or every page asks the disk about every template
        bytecode_cache=Kept(cache, _makers()) if cache else None,
    )


def _forget_changed(environment: jinja2.Environment) -> None:
    """Have templates read again, all of them, where the file of one is not what it was when it was compiled."""
    known = environment.cache
    if known is not None and not all(template.is_up_to_date for template in known.values()):
        known.clear()


def _makers() -> bytes:
    """Of what templates become code by, besides Python's own version, which Jinja looks at."""
    own = (Path(file).read_bytes() for file in (__file__, str(compiled.__file__)))
    return b"\0".join((jinja2.__version__.encode(), *own))

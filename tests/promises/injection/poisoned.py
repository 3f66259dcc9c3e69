"""One string in every place where a text of somebody else can stand: articles, a draft, a glossary, a site.

What a reader refuses by name is no way in and is counted apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from glossary import TermBase
from glossary.terms import COLUMNS, GlossaryFormatError
from translate import readers
from translate.document import (
    Alternative,
    Article,
    Block,
    Draft,
    Finding,
    Kind,
    Mark,
    Origin,
    Segment,
    Severity,
    State,
    Target,
    TermStatus,
    TermUse,
)
from translate.errors import TarjumanError
from translate.site import SiteSettings

FRONT = (
    "title", "title_en", "title_generated", "byline", "author", "outlet", "place", "date", "topics", "tags", "source",
    "description", "lang", "slug_",
)  # fmt: skip
"""Keys of the front matter, known and unknown."""
PLACES = 14 + 26 + 20 + 5 + 34 + 8 + 12
"""That a string stands in: front matter, Markdown, web page, plain text, draft, glossary, settings."""
_LETTERS = "بتجحدرزسشصطعفقكلمنهي"


def word(number: int) -> str:
    """`0` -> `'مصطببب'`: an Arabic word of its own for every number."""
    size = len(_LETTERS)
    return "مصط" + "".join(_LETTERS[number // size**place % size] for place in range(3))


# --- articles --------------------------------------------------------------------------------------------------------


def markdown(texts: Sequence[str], term: str) -> str:
    """An article that has them in all of the front matter and in everything that Markdown knows."""
    whole = " ".join(texts)
    front = "\n".join(f"{key}: {_yaml(f'الموصل {whole}' if key in ('title', 'byline') else whole)}" for key in FRONT)
    body = "\n".join(_MARKDOWN.replace("@@", text).replace("%%", term) for text in texts)
    once = _ONCE.replace("@@", whole)
    return f"---\n{front}\n---\n\n{body}\n{once}\n" + "\n\n".join(texts)


_MARKDOWN = """
قال %% @@ في `@@` كلام *@@* كلام **@@** كلام <b title="@@">كلام</b> و<@@>

[رابط](@@) و[رابط](@@ "@@") و[رابط](<@@>)

[رابط](https://example.org "@@") و[@@](https://example.org) و![صورة](@@) و![@@](https://example.org/x.png "@@")

```@@
@@
```
"""
_ONCE = """
## عنوان @@

- قائمة @@

1. قائمة @@

> اقتباس @@

    @@

| جدول @@ | جدول |
|---|---|
| كلام | @@ |

كلام[^1] و[مرجع][ref]

[^1]: حاشية @@

[ref]: @@ "@@"

<div title="@@">كلام</div>
"""


def web_page(texts: Sequence[str], term: str) -> str:
    """A web page as it is fetched: the strings as markup, as text, and in the attributes that readers look at."""
    whole = _quoted(" ".join(texts))
    body = "\n".join(_WEB.replace("@@", _quoted(text)).replace("%%", term) for text in texts)
    raw = "\n".join(f"<p>كلام {text} كلام</p>" for text in texts)
    return f"""<!doctype html><html lang="ar"><head><title>الموصل {whole}</title>
<meta property="og:title" content="{whole}"><meta name="author" content="{whole}">
<meta property="article:published_time" content="{whole}"><meta property="og:site_name" content="{whole}">
<link rel="canonical" href="{whole}"></head>
<body><article><h1>الموصل {whole}</h1>
{body}
{_WEB_ONCE.replace("@@", whole)}
{raw}
</article></body></html>
"""


_WEB = """<p>قال %% @@ في الموصل <a href="@@" title="@@">رابط</a> <img src="@@" alt="صورة @@"> في الموصل.</p>
<pre><code class="@@">@@</code></pre>
"""
_WEB_ONCE = """<ul><li>قائمة @@</li></ul><blockquote><p>اقتباس @@</p></blockquote>
<table><tr><th>جدول @@</th></tr><tr><td>@@</td></tr></table>"""


def plain(texts: Sequence[str], term: str) -> str:
    """A raw text as it is fetched."""
    lines = "\n\n".join(f"قال {term} {text} في الموصل.\n\n{text}\n\nاقرأ أيضا: {text}" for text in texts)
    return f"الموصل {texts[0]}\n\nالموصل ({texts[0]})\n\n{lines}\n"


def seeds(folder: Path, groups: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """Articles of each kind with each group, in files named after it; their slugs, and how many a reader refused."""
    folder.mkdir(parents=True)
    slugs, refused = [], 0
    for number, texts in enumerate(groups):
        for ending, make in (("md", markdown), ("html", web_page), ("txt", plain))[: 2 + (number % 3 == 0)]:
            path = folder / _file_name(f"{ending[0]}{number}-{texts[0]}", ending)
            path.write_bytes(make(texts, word(number)).encode("utf-8", "surrogatepass"))
            try:
                slugs.append(readers.read(path).slug)
            except TarjumanError:
                refused += 1
                path.unlink()
    return slugs, refused


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _file_name(stem: str, ending: str) -> str:
    """As much of it as a file can be called."""
    return f"{as_name(stem, 200)}.{ending}"


def as_name(text: str, limit: int) -> str:
    """Without what no file system takes: a slash, a NUL, half of a character."""
    return text.replace("/", "∕").replace("\0", "").encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


# --- a draft, as a colleague or another program may hand it over ------------------------------------------------------


def draft(slug: str, texts: Sequence[str], term: str) -> Draft:
    """A draft that has them in every field that is not a name of our own making."""
    whole = " ".join(texts)
    blocks: list[Block] = []
    targets: dict[str, Target] = {}
    kinds = [kind for kind in Kind for _ in (texts if kind is Kind.PARAGRAPH else [0])]
    for number, kind in enumerate(kinds, 1):
        own = texts[number % len(texts)] if kind is Kind.PARAGRAPH else whole
        if kind is Kind.VERBATIM:
            blocks.append(Block(number, kind, own))
            continue
        name, arabic = f"{slug}.{number}.1", f"قال {term} {own}"
        marks = (
            Mark("image", 0, 3, (("src", own), ("title", own))),
            Mark("link", 4, 9, (("href", own), ("title", own))),
        )
        blocks.append(
            Block(
                number,
                kind,
                arabic,
                level=2,
                marker=own,
                segments=(Segment(name, arabic, 0, (*marks, Mark(own, 0, 2))),),
            )
        )
        targets[name] = _target(name, arabic, own, term, approved=number % 2 == 0)
    meta = dict.fromkeys(FRONT, whole) | {whole: whole}
    return Draft(Article(slug, tuple(blocks), meta), targets, glossary=whole)


def _target(name: str, arabic: str, text: str, term: str, approved: bool) -> Target:
    english = f"Said {text}"
    at = arabic.index(term)
    return Target(
        english,
        State.APPROVED if approved else State.MACHINE,
        Origin.PERSON if approved else Origin.MACHINE,
        signature=text,
        who=text if approved else "",
        when=text if approved else "",
        source=f"كان {arabic}",
        terms=(
            TermUse(term, text, at, at + len(term), text, TermStatus.MET, text, 5, len(english)),
            TermUse(text, text, 0, 3, text, TermStatus.UNMET),
        ),
        findings=(
            Finding("l-01", Severity.ERROR, name, text, hint=text),
            Finding(text, Severity.WARNING, name, text, hint=text),
            Finding("n-01", Severity.NOTE, name, text, dismissed=text),
        ),
        marks=(
            Mark("link", 0, 4, (("href", text), ("title", text))),
            Mark("html", 4, 5, (("html", text),)),
            Mark("code", 5, 6, (("text", text),)),
        ),
        alternatives=(
            Alternative(f"Other {text}", Origin.PERSON, text, who=text, when=text),
            Alternative(f"Third {text}", Origin.MACHINE, text, -0.5),
        ),
    )


# --- the glossary and the settings ------------------------------------------------------------------------------------


def glossary(path: Path, texts: Sequence[str]) -> int:
    """A term file with each text in a row, in the columns that take any words, and in the source; rows refused."""
    rows: list[dict[str, str]] = []
    for number, text in enumerate(texts):
        if number % 3 and number > 9:
            continue
        told = dict.fromkeys(("target", "note", "example", "authority", "domain", "admitted"), text)
        sources = (word(number), f"قال {text}") if number % 8 == 0 else (word(number),)
        rows += [{name: " ".join(value.split()) for name, value in {"source": one, **told}.items()} for one in sources]
    rows = [row for row in rows if not any("\ud800" <= c <= "\udfff" for value in row.values() for c in value)]
    refused = 0
    while True:
        _write(path, rows)
        try:
            TermBase.load(path)
        except GlossaryFormatError as error:
            del rows[error.line - 2]
            refused += 1
        else:
            return refused


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    lines = ["\t".join(COLUMNS), *("\t".join(row.get(name, "") for name in COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def settings(text: str) -> SiteSettings:
    """A site that has it in everything that its owner can say."""
    return SiteSettings(
        title=text,
        title_arabic=text,
        tagline=text,
        tagline_arabic=text,
        base_url=f"https://example.org/{text}",
        arabic_label=text,
        english_label=text,
        description=text,
        publisher=text,
        license=f"https://example.org/{text}",
        report=f"https://example.org/?{text}&t={{id}}&{text}",
        glossary_fingerprint=text,
    )

"""A translated article as text, Markdown and HTML: nothing of the source gets lost, and each is what it says it is."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate import export
from translate.document import Draft, Target
from translate.readers import read

RAW = """عنوان المقال عن الموصل
19/11/2015
16:19

قال المسؤول إن القوات تقدمت غربي الموصل. ثم توقفت.
- بند أول هنا
1. بند ثان
٣- بند
  * * *
2015
اقرأ أيضا:
"""


def draft(text: str, syntax: str = "markdown", *english: str) -> Draft:
    """A draft whose English is the words given, in order, and `E` with the segment's number behind them."""
    article = read(None, text.encode(), syntax)
    said = dict(enumerate(english))
    targets = {s.id: Target(said.get(n, "E" + s.id.removeprefix("stdin"))) for n, s in enumerate(article.segments())}
    return Draft(article, targets)


def test_a_plain_text_keeps_all_that_is_no_block() -> None:
    assert export.text(draft(RAW, "text")) == (
        "E.1.1\n19/11/2015\n16:19\n\nE.2.1 E.2.2\n- E.3.1\n1. E.4.1\n٣- E.5.1\n  * E.6.1\nE.7.1\nE.8.1\n"
    )


def test_a_sentence_without_english_stays_in_a_plain_text() -> None:
    assert export.text(Draft(read(None, RAW.encode(), "text"))) == RAW


def test_list_marks_of_markdown_stay_in_plain_text() -> None:
    assert export.text(draft("نعم.\n\n- بند\n\n3. ثالث\n")) == "E.1.1\n\n- E.2.1\n\n3. E.3.1\n"


def test_a_plain_text_becomes_markdown() -> None:
    raw = (
        "تحرير تكريت\nنينوى ـ خدر خلات:\n19/11/2015\nقال المسؤول إن القوات تقدمت غربي الموصل. ثم توقفت.\n"
        "عنوان فرعي قصير\n"
        "وقال أيضا إن القوات تقدمت غربي الموصل.\n- بند أول\n1. بند ثان\n"
    )
    said = ("Tikrit: *free*", "Nineveh - Khidr", "He said so.", "Then no more.", "Sub-heading #", "# And so.")
    made = draft(raw, "text", *said)
    written = export.as_markdown(made)
    assert written == (
        '---\ntitle: "Tikrit: *free*"\nbyline: Nineveh - Khidr\ndate: 2015-11-19\nauthor: خدر خلات\nplace: نينوى\n'
        "lang: en\n---\n\nHe said so. Then no more.\n\n## Sub-heading \\#\n\n\\# And so.\n\n- E.6.1\n\n1. E.7.1\n"
    )
    again = read(None, (written + "\nنعم\n").encode(), "markdown")
    assert [b.kind for b in again.blocks][:-1] == [b.kind for b in made.article.blocks]


# HTML

VOID = {"br", "hr", "input"}
INSIDE = {"li": {"ul", "ol"}, "tr": {"table"}, "td": {"tr"}, "th": {"tr"}}


class Checked(HTMLParser):
    """Fails when elements cross, stay open, or stand where they may not."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1] if self.open else ""
        assert parent in INSIDE.get(tag, {parent})
        assert parent not in ("ul", "ol") or tag == "li"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def fragment(made: Draft) -> str:
    """The body of the fragment, checked and without spans."""
    written = export.html(made)
    checked = Checked()
    checked.feed(written)
    checked.close()
    assert checked.open == []
    inner = written.removeprefix('<article lang="en" dir="ltr">\n').removesuffix("\n</article>\n")
    return re.sub("</?span[^>]*>", "", inner)


@pytest.mark.parametrize(
    ("source", "want"),
    [
        (
            "- أ\n  - ب\n  - ج\n- د\n",
            "<ul>\n<li>E.1.1\n<ul>\n<li>E.2.1\n</li>\n<li>E.3.1\n</li>\n</ul>\n</li>\n<li>E.4.1\n</li>\n</ul>",
        ),
        (
            "3. أ\n4. ب\n\n- ج\n",
            '<ol start="3">\n<li>E.1.1\n</li>\n<li>E.2.1\n</li>\n</ol>\n<ul>\n<li>E.3.1\n</li>\n</ul>',
        ),
        ("- أ\n\n  ب\n", "<ul>\n<li>E.1.1\n<p>E.2.1</p>\n</li>\n</ul>"),
        ("- - أ\n", "<ul>\n<li>\n<ul>\n<li>E.1.1\n</li>\n</ul>\n</li>\n</ul>"),
        (
            "- [ ] أ\n- [x] ب\n",
            '<ul>\n<li><input type="checkbox" disabled> E.1.1\n</li>\n'
            '<li><input type="checkbox" disabled checked> E.2.1\n</li>\n</ul>',
        ),
        (
            "| أ | ب |\n|---|---|\n| ج |  |\n",
            '<table>\n<tr><th scope="col">E.1.1</th><th scope="col">E.2.1</th></tr>\n'
            "<tr><td>E.3.1</td><td></td></tr>\n</table>",
        ),
        (
            "نعم\n\n```python\nx < 1\n  y\n```\n",
            '<p>E.1.1</p>\n<pre><code class="language-python">x &lt; 1\n  y\n</code></pre>',
        ),
        ("نعم\n\n    a\n      b\n", "<p>E.1.1</p>\n<pre><code>a\n  b\n</code></pre>"),
        (
            "> نعم\n>\n> ~~~\n> > x\n> ~~~\n",
            "<blockquote>\n<p>E.1.1</p>\n</blockquote>\n<pre><code>&gt; x\n</code></pre>",
        ),
        ("نعم\n\n---\n\n* * *\n", "<p>E.1.1</p>\n<hr>\n<hr>"),
        ("نعم\n\n<script>x</script>\n", "<p>E.1.1</p>\n<pre>&lt;script&gt;x&lt;/script&gt;</pre>"),
        (
            "> أ\n>\n> > ب\n>\n> ج\n",
            "<blockquote>\n<p>E.1.1</p>\n<blockquote>\n<p>E.2.1</p>\n</blockquote>\n<p>E.3.1</p>\n</blockquote>",
        ),
        ("أ\\\nب\n", "<p>E.1.1<br>\nE.1.2</p>"),
        ("# أ\n\n### ب\n", "<h1>E.1.1</h1>\n<h3>E.2.1</h3>"),
    ],
)
def test_html(source: str, want: str) -> None:
    assert fragment(draft(source)) == want


def test_html_escapes_everything_and_keeps_what_has_no_english() -> None:
    article = read(None, "نعم. لا.\n".encode(), "markdown")
    written = export.html(Draft(article, {"stdin.1.1": Target('<script>"&')}))
    assert written.split("\n")[1] == (
        '<p><span id="stdin.1.1">&lt;script&gt;&#34;&amp;</span> '
        '<span id="stdin.1.2" lang="ar" dir="rtl">لا.</span></p>'
    )


PIECES = [
    "- أ",
    "  - ب",
    "1. ج",
    "> د",
    "> - ه",
    "| أ | ب |\n|---|---|\n| ج |",
    "```\n<x>\n```",
    "---",
    "# و",
    "",
    "نعم",
    "    ز",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9))
def test_any_html_is_well_formed(lines: list[str]) -> None:
    fragment(draft("\n".join(["نعم", "", *lines])))

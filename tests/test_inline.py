"""Inline formatting: read, cut, written out, and carried over to English without losing any."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from translate.document import Mark
from translate.inline import reading
from translate.inline.carrying import project
from translate.inline.html import render_html
from translate.inline.marks import clip, value
from translate.inline.writing import render_markdown
from translate.words import words


def parse(text: str) -> tuple[str, tuple[Mark, ...]]:
    return reading.parse(reading.parser().parseInline(text)[0].children or ())


@pytest.mark.parametrize(
    ("markdown", "text", "marks"),
    [
        ("*داعش* فر", "داعش فر", [("emphasis", 0, 4)]),
        ("**أ *ب* ج**", "أ ب ج", [("strong", 0, 5), ("emphasis", 2, 3)]),
        ("~~لا~~ نعم", "لا نعم", [("strike", 0, 2)]),
        ("[أ **ب**](u)", "أ ب", [("link", 0, 3), ("strong", 2, 3)]),
        ("قل `a b`", "قل a b", [("code", 3, 6)]),
        ("![ص](u) و", "ص و", [("image", 0, 1)]),
        ("أ  \nب", "أ\nب", [("break", 1, 2)]),
        ("أ\nب", "أ\nب", []),
        ("أ <b>ب</b>", "أ ب", [("html", 2, 2), ("html", 3, 3)]),
        ("&lt;أ&gt; \\*", "<أ> *", []),
        ("[س](javascript:alert(1))", "[س](javascript:alert(1))", []),
    ],
)
def test_parse(markdown: str, text: str, marks: list[tuple[str, int, int]]) -> None:
    plain, found = parse(markdown)
    assert plain == text
    assert [(m.kind, m.begin, m.end) for m in found] == marks


def test_parse_keeps_addresses_as_written() -> None:
    _, (mark,) = parse('[س](https://example.org/تقرير_1?a=b&c=d "عنوان")')
    assert value(mark, "href") == "https://example.org/تقرير_1?a=b&c=d"
    assert value(mark, "title") == "عنوان"


def test_clip() -> None:
    marks = (Mark("strong", 0, 20), Mark("code", 6, 8), Mark("html", 12, 12), Mark("emphasis", 0, 5))
    assert clip(marks, 5, 12) == (Mark("strong", 0, 7), Mark("code", 1, 3), Mark("html", 7, 7))


@pytest.mark.parametrize(
    "markdown",
    [
        "**داعش** فر *من* ~~هنا~~",
        "***كل*** شيء",
        "**أ *ب* ج**",
        '[رابط](https://a.b/c_d_e "ع \\"ن\\"")',
        "[رابط](<a b(c>)",
        "[](x)نعم",
        "`` a`b `` و`c`",
        "![ص](u.png)",
        "سطر\\\nسطر",
        "<https://example.org/a_b>",
        "نعم <sub>2</sub>",
        "!\\[ا] \\<b> \\&amp; a_b \\_c\\_ \\*",
        "تعجب\\![رابط](u)",
        "[رابط](u?a=1\\&copy;)",
    ],
)
def test_markdown_written_reads_back(markdown: str) -> None:
    text, marks = parse(markdown)
    assert parse(render_markdown(text, marks)) == (text, marks)


TEXT = st.text(alphabet="ab ا.!?*_`[]()<>#-+=|~&\\1\"'\n", max_size=30).map(
    lambda t: re.sub(r" *\n *", "\n", t.strip())
)


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_plain_text_stays_plain(text: str) -> None:
    assert parse(render_markdown(text)) == (text, ()) or not text


SPANS = st.lists(
    st.tuples(
        st.sampled_from(["emphasis", "strong", "strike", "link", "code", "image"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    max_size=4,
)


def marks_in(text: str, spans: list[tuple[str, int, int]]) -> tuple[Mark, ...]:
    found = []
    for kind, a, b in spans:
        begin, end = sorted((min(a, len(text)), min(b, len(text))))
        if text[begin:end].strip():
            found.append(Mark(kind, begin, end, (("src" if kind == "image" else "href", "u"),)))
    return tuple(found)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab ا.!*_[]<", max_size=30).map(str.strip), SPANS)
def test_any_marks_keep_the_words(text: str, spans: list[tuple[str, int, int]]) -> None:
    written = render_markdown(text, marks_in(text, spans))
    assert "".join(parse(written)[0].split()) == "".join(text.split())


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab ا<>&\"'", max_size=30), SPANS)
def test_html_is_well_formed_and_says_the_same(text: str, spans: list[tuple[str, int, int]]) -> None:
    written = str(render_html(text, marks_in(text, spans)))
    root = html.fragment_fromstring(f"<div>{written}</div>")
    assert root.text_content() == text
    assert html.tostring(root, encoding="unicode").count("</") == written.count("</") + 1


def test_html() -> None:
    text, marks = parse('**داعش** <script>x</script> [ر](https://a.b "ع") ![ص](p.png) `<c>` *ا*\\\nب')
    assert render_html(text, marks) == (
        '<strong>داعش</strong> x <a href="https://a.b" title="ع" rel="noopener noreferrer">ر</a> '
        '<a href="p.png" rel="noopener noreferrer">ص</a> <code>&lt;c&gt;</code> <em>ا</em><br>ب'
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        " java\nscript:alert(1)",
        "\u200bjavascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "x:y",
        "//[bad",
    ],
)
def test_unsafe_addresses_are_no_links(address: str) -> None:
    written = render_html("انقر", (Mark("link", 0, 4, (("href", address),)),))
    assert written == "انقر"


@pytest.mark.parametrize(
    "address", ["https://a.b/c", "http://a.b", "mailto:a@b.c", "a/b.html", "/a", "#a", "?q=a:b", "./a:b"]
)
def test_safe_addresses_are_links(address: str) -> None:
    assert f'href="{address}"' in render_html("انقر", (Mark("link", 0, 4, (("href", address),)),))


@pytest.mark.parametrize("text", ["](]____(kn", "a]__(b al__(c", "x __init__ y", "snake_case", "a__b", "_", "a_ _b"])
def test_underscores_that_could_open_or_close_are_escaped(text: str) -> None:
    assert parse(render_markdown(text)) == (text, ())
    assert render_markdown("snake_case") == "snake_case"


def test_attributes_are_escaped() -> None:
    mark = Mark("link", 0, 1, (("href", 'a"onclick="x'), ("title", '"><script>')))
    assert render_html("x", (mark,)) == (
        '<a href="a&#34;onclick=&#34;x" title="&#34;&gt;&lt;script&gt;" rel="noopener noreferrer">x</a>'
    )


# Carried over


SOURCE = "قال العقيد محمد إن القوات دخلت الموصل."
ENGLISH = "Colonel Mohammed said that forces entered Mosul."
PAIRS = ((0, 2), (1, 0), (2, 1), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7))


def carried(phrase: str, kind: str = "strong", alignment: tuple[tuple[int, int], ...] = PAIRS) -> str:
    at = SOURCE.index(phrase)
    (mark,) = project((Mark(kind, at, at + len(phrase)),), SOURCE, ENGLISH, alignment)
    return ENGLISH[mark.begin : mark.end]


def test_project_follows_the_alignment() -> None:
    assert carried("العقيد محمد") == "Colonel Mohammed"
    assert carried("الموصل") == "Mosul"
    assert carried("الموصل.") == "Mosul."[:-1]
    assert carried("القوات دخلت") == "forces entered"


def test_project_keeps_a_whole_segment_whole() -> None:
    assert carried(SOURCE, alignment=()) == ENGLISH
    assert carried(SOURCE[:-1], alignment=()) == ENGLISH[:-1]


def test_project_without_alignment_goes_by_place() -> None:
    assert carried("قال", alignment=()) == "Colonel"
    assert carried("الموصل", alignment=()) == "Mosul"


def test_project_finds_code_by_its_own_characters() -> None:
    source, target = "شغل git log ثم git", "Then git runs; git log first"
    marks = (Mark("code", 4, 11), Mark("code", 15, 18))
    first, second = project(marks, source, target, ())
    assert target[first.begin : first.end] == "git log"
    assert target[second.begin : second.end] == "git"
    assert second.begin == 5


def test_project_puts_what_is_lost_behind() -> None:
    marks = (Mark("code", 4, 7), Mark("image", 8, 11, (("src", "p.png"),)))
    target = "Run it"
    placed = project(marks, "شغل abc صور", target, ())
    assert render_markdown(target, placed) == "Run it `abc` ![صور](p.png)"
    assert "<code>abc</code>" in render_html(target, placed)


def test_project_keeps_what_was_inside_inside() -> None:
    source, target = "زار [الموصل] القديمة".replace("[", "").replace("]", ""), "He visited old Mosul"
    marks = (Mark("link", 4, len(source), (("href", "u"),)), Mark("strong", 4, 10))
    written = render_markdown(target, project(marks, source, target, ((0, 1), (1, 3), (2, 2))))
    assert written == "He visited [old **Mosul**](u)"


def test_project_keeps_tags_around_their_words() -> None:
    text, marks = parse("ماء H<sub>2</sub>O نقي")
    placed = project(marks, text, "Pure H2O water", ((0, 2), (1, 1), (2, 0)))
    assert render_markdown("Pure H2O water", placed).count("<sub>") == 1
    text, marks = parse("قال <u>العقيد</u> نعم")
    placed = project(marks, text, "The colonel said yes", ((0, 2), (1, 1), (2, 3)))
    assert render_markdown("The colonel said yes", placed) == "The <u>colonel</u> said yes"


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="اب ج.،ab1", min_size=1, max_size=30),
    st.text(alphabet="ab c.,1'", max_size=30),
    SPANS,
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8),
    st.integers(0, 30),
)
def test_every_mark_survives(
    source: str, target: str, spans: list[tuple[str, int, int]], pairs: list[tuple[int, int]], tag: int
) -> None:
    marks = (*marks_in(source, spans), Mark("html", min(tag, len(source)), min(tag, len(source)), (("html", "<br>"),)))
    placed = project(marks, source, target, pairs)
    assert [m.kind for m in placed] == [m.kind for m in marks]
    assert all(0 <= m.begin <= m.end <= len(target) for m in placed)
    written = render_markdown(target, placed)
    assert "<br>" in written
    for mark in placed:
        if mark.kind == "code" and mark.begin == mark.end:
            assert value(mark, "text").strip() in written
    edges = {0, len(target), *(e for w in words(target) for e in (w.begin, w.end))}
    # Where the target says the very words, a mark may end within a word, and another begin there.
    edges |= {e for m in placed if _verbatim(m, source, target) for e in (m.begin, m.end)}
    assert all(
        {m.begin, m.end} <= edges
        for m in placed
        if m.kind in ("strong", "emphasis") and not _verbatim(m, source, target)
    )


def _verbatim(mark: Mark, source: str, target: str) -> bool:
    return target[mark.begin : mark.end] in source


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("`S`**`n`**", "`S`**`n`**"),
        ("[^1][x](y)", "[x](y)[^1]"),
        ("[^1]~~(~~", r"~~[^1]\(~~"),
        ("~~[^1][x](a)![ ](b)[m](c)~~", "~~[x](a)[^1]![ ](b)[m](c)~~"),
        ("a[x [^1] z](y)", r"a\[x [^1] z\](y)"),
        ("~~`S`<b>[`5`](x)`L`~~", "~~`S`[<b>`5`](x)`L`~~"),
        ("~~~~[^1]: n~~~~", r"~~~~[^1]\: n~~~~"),
        ("[^1]: `n`", "[^1]: `n`"),
        ("<b>`n`</b>", "<b>`n`</b>"),
    ],
)
def test_code_and_footnotes_that_touch_formatting_lose_no_word(source: str, written: str) -> None:
    text, marks = parse(source)
    assert render_markdown(text, marks) == written
    again, _ = parse(written)
    assert again == text

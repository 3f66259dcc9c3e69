"""Articles in and out: what each format is read as, that English lands where the Arabic stood, and what is refused."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from translate.document import Article, Block, Kind, Target
from translate.errors import ArticleError, UsageError
from translate.inline.marks import clip
from translate.markdown import front_matter, render_target, write_source
from translate.readers import READERS, front, lead, read, source
from translate.split import rejoin

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("[a-z]*.md"))
CASES = re.compile(r"^(?P<name>.+)\n<<<\n(?P<text>(?:.*\n)*?)===\n(?P<want>(?:.*\n)*?)>>>$", re.M)


def cases(name: str) -> list[tuple[str, str, str]]:
    text = (Path(__file__).parent / "cases" / name).read_text(encoding="utf-8")
    return [(m["name"], m["text"].removesuffix("\n"), m["want"].removesuffix("\n")) for m in CASES.finditer(text)]


def parse(text: str, syntax: str = "markdown") -> Article:
    return read(None, text.encode(), syntax)


def shown(block: Block) -> str:
    head = " ".join(str(part) for part in (block.kind, block.level or "", block.marker) if part)
    return f"{head}: {' / '.join(s.text for s in block.segments)}"


def same(article: Article) -> dict[str, Target]:
    """A translation that says the very same."""
    return {s.id: Target(s.text, marks=s.marks) for s in article.segments()}


def words(article: Article) -> list[tuple[Kind, str]]:
    return [(b.kind, b.text) for b in article.blocks]


MARKDOWN, TEXT = cases("markdown.md"), cases("text.md")


@pytest.mark.parametrize(("name", "text", "want"), MARKDOWN, ids=[c[0] for c in MARKDOWN])
def test_markdown_cases(name: str, text: str, want: str) -> None:
    assert [shown(b) for b in parse(text).blocks] == want.split("\n")


@pytest.mark.parametrize(("name", "text", "want"), TEXT, ids=[c[0] for c in TEXT])
def test_text_cases(name: str, text: str, want: str) -> None:
    article = parse(text, "text")
    fields = [f"@{key} {value}" for key, value in article.meta.items()]
    blocks = [shown(b) for b in article.blocks]
    assert sorted(fields) + blocks == sorted(line for line in want.split("\n") if line[0] == "@") + [
        line for line in want.split("\n") if line[0] != "@"
    ]


@pytest.mark.parametrize(("name", "text", "want"), MARKDOWN, ids=[c[0] for c in MARKDOWN])
def test_markdown_put_back_reads_the_same(name: str, text: str, want: str) -> None:
    article = parse(text)
    again = parse(render_target(article, same(article)))
    plain = [(b.kind, b.level, b.marker, b.text, b.marks) for b in article.blocks if b.kind is not Kind.VERBATIM]
    assert [(b.kind, b.level, b.marker, b.text, b.marks) for b in again.blocks if b.kind is not Kind.VERBATIM] == plain


@pytest.mark.parametrize(("name", "text", "want"), MARKDOWN, ids=[c[0] for c in MARKDOWN])
def test_a_block_lies_where_its_offsets_say(name: str, text: str, want: str) -> None:
    article = parse(text)
    for block in article.blocks:
        if block.begin >= 0 and not block.marks and "\\" not in article.body[block.begin : block.end]:
            standing = re.sub(r"\n[> ]*", " ", article.body[block.begin : block.end])
            assert standing == block.text.replace("\n", " ") or "&" in standing or block.kind is Kind.VERBATIM


@pytest.mark.parametrize(("name", "text", "want"), TEXT, ids=[c[0] for c in TEXT])
def test_text_written_as_markdown_reads_the_same(name: str, text: str, want: str) -> None:
    article = parse(text, "text")
    assert words(parse(write_source(article))) == words(article)


@pytest.mark.parametrize("path", SEEDS, ids=[p.stem for p in SEEDS])
def test_seeds(path: Path) -> None:
    article = read(path)
    assert article.slug == path.stem
    assert article.blocks[0].kind is Kind.TITLE
    assert article.meta["source"].endswith(".txt")
    for block in article.blocks:
        assert rejoin(block.text, [(s.begin, s.end) for s in block.segments])
        if block.begin >= 0:
            assert article.body[block.begin : block.end] == block.text
    # Where two sentences touch in Arabic, English needs a space.
    written = parse(render_target(article, same(article))).body
    assert written == article.body.replace("المجموعة.ولفتت", "المجموعة. ولفتت")


def test_five_seeds() -> None:
    assert len(SEEDS) >= 5


# English out


def test_the_same_markdown_out() -> None:
    text = (
        "---\ntitle: تكريت\ndate: 2015-11-19\ntime: '16:19'\n---\n\n# عنوان #\n\n> - **بند** أول.\n>   وثان.\n\n"
        "| أ | ب |\n|---|---|\n| ج |  |\n\n```\nكود\n```\n\n[رابط][1] هنا\n\n[1]: http://example.org\n"
    )
    article = parse(text)
    english = iter(["Tikrit", "Heading", "Item one.", "And two.", "A|B", "B", "C", "link here"])
    targets = {s.id: Target(next(english)) for s in article.segments()}
    assert render_target(article, targets) == (
        '---\ntitle: Tikrit\ndate: 2015-11-19\ntime: "16:19"\nlang: en\n---\n\n# Heading #\n\n'
        "> - **Item** one.\n>   And two.\n\n| A\\|B | B |\n|---|---|\n| C |  |\n\n```\nكود\n```\n\n"
        "[link](http://example.org) here\n\n[1]: http://example.org\n"
    )


def test_a_segment_without_english_stays_arabic() -> None:
    article = parse("نعم. **لا** أدري.\n\nكلا.\n")
    assert render_target(article, {"stdin.1.1": Target("Yes.")}) == "Yes. **لا** أدري.\n\nكلا.\n"


def test_english_that_looks_like_markdown_is_escaped() -> None:
    article = parse("نعم.\n\n## عنوان\n")
    written = render_target(article, {"stdin.1.1": Target("1. *Yes* <b> [x](y)"), "stdin.2.1": Target("C #")})
    assert [b.text for b in read(None, (written + "\n\nنعم").encode(), "markdown").blocks][:2] == [
        "1. *Yes* <b> [x](y)",
        "C #",
    ]


def test_sentences_that_touched_are_parted() -> None:
    article = parse("انتهت المجموعة.ولفتت الصحيفة.", "text")
    assert render_target(article, {"stdin.1.1": Target("One."), "stdin.1.2": Target("Two.")}) == "One. Two."


def test_text_out_as_text() -> None:
    raw = "عنوان المقال\n16:19\nبغداد (رويترز) - قال *المسؤول* إن القوات تقدمت غربي الموصل.\n"
    article = parse(raw, "text")
    english = dict(
        zip((s.id for s in article.segments()), ["Title", "Baghdad (Reuters) -", "He said *so*."], strict=True)
    )
    targets = {name: Target(text) for name, text in english.items()}
    assert render_target(article, targets) == "Title\n16:19\nBaghdad (Reuters) - He said *so*.\n"


def test_a_line_break_stays_a_line_break() -> None:
    article = parse("> بيت أول  \n> بيت ثان\n")
    targets = {"stdin.1.1": Target("First\nline"), "stdin.1.2": Target("- second")}
    assert render_target(article, targets) == "> First line\\\n> \\- second\n"


def test_emphasis_over_two_sentences_stays_one() -> None:
    article = parse("**نعم. لا.** ثم.\n")
    targets = {s.id: Target(t) for s, t in zip(article.segments(), ["Yes.", "No.", "Then."], strict=True)}
    assert render_target(article, targets) == "**Yes. No.** Then.\n"


def test_boxes_of_tasks_are_no_words() -> None:
    article = parse("- [ ] بند **أول**\n- [x] ثان\n- [ب] ثالث\n- \\[ ] رابع\n")
    assert [b.text for b in article.blocks] == ["بند أول", "ثان", "[ب] ثالث", "[ ] رابع"]
    assert [(m.kind, m.begin, m.end) for m in article.blocks[0].marks] == [("strong", 4, 7)]
    said = ["First item", "Two", "[b] 3", "[ ] 4"]
    english = {s.id: Target(t) for s, t in zip(article.segments(), said, strict=True)}
    assert render_target(article, english) == "- [ ] First **item**\n- [x] Two\n- \\[b\\] 3\n- \\[ \\] 4\n"


def test_footnote_marks_are_no_words() -> None:
    text = "نعم[^1]. لا أدري.[^ب] ثم \\[^3].\n\n[^1]: انظر المقال. ثم غيره.\n\n[^ب]: كلا\n"
    article = parse(text)
    assert [s.text for s in article.segments()][:4] == ["نعم.", "لا أدري.", "ثم [^3].", "انظر المقال."]
    assert render_target(article, same(article)) == text.replace("\\[^3]", "\\[^3\\]")
    said = ["Yes.", "I do not know.", "Then.", "See there.", "And more."]
    english = {s.id: Target(t) for s, t in zip(article.segments(), said, strict=True)}
    assert render_target(article, english) == (
        "Yes[^1]. I do not know.[^ب] Then.\n\n[^1]: See there. And more.\n\n[^ب]: كلا\n"
    )


LINE = st.text(alphabet='ابتد وقال.،:؟!*_`[]()<>#-+=|~&\\1٢"“”\u00a0\u064b\t!ـ–•/', min_size=1, max_size=40).map(
    lambda line: line.replace("\n", " ")
)
PIECE = st.one_of(
    LINE,
    st.sampled_from(
        [
            "اقرأ أيضا:",
            "التعليقات مغلقة",
            "- بند",
            "1. بند",
            "16:19",
            "",
            "نص طويل ينتهي بنقطة هنا.",
            "نينوى ـ خدر خلات:",
            "&amp; نص",
            "---",
            "عنوان فرعي قصير",
        ]
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECE, min_size=1, max_size=8))
def test_any_text_written_as_markdown_reads_the_same(lines: list[str]) -> None:
    article = parse("\n".join([*lines, "نعم"]), "text")
    for block in article.blocks:
        assert article.body[block.begin : block.end] == block.text
        assert rejoin(block.text, [(s.begin, s.end) for s in block.segments])
    assert words(parse(write_source(article))) == words(article)


@example(["`", "|", "`", "|---|---|", "|---|---|"])
@example(["| أ | ب |", "|-", "--"])
@example(["| أ | ب |", "--", "|1"])
@example(["`", "\\|", "`", "--"])
@example(["=", "\u00a0", "1"])
@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            LINE,
            st.sampled_from(
                [
                    "> اقتباس",
                    "- بند",
                    "  1. بند",
                    "| أ | ب |",
                    "|---|---|",
                    "",
                    "# عنوان",
                    "```",
                    "***",
                    "**نعم. لا** ثم",
                    "`ا` [ب](ج)",
                ]
            ),
        ),
        max_size=10,
    )
)
def test_any_markdown_put_back_reads_the_same(lines: list[str]) -> None:
    article = parse("\n".join(["نعم", *lines]))
    for block in article.blocks:
        assert block.kind is Kind.VERBATIM or rejoin(block.text, [(s.begin, s.end) for s in block.segments])
        assert all(s.text == block.text[s.begin : s.end] for s in block.segments)
    edges = [(b.begin, b.end) for b in article.blocks if b.begin >= 0]
    assert all(a[0] <= a[1] <= b[0] for a, b in pairwise(edges))
    again = parse(render_target(article, same(article)))
    assert ["".join(b.text.split()) for b in again.blocks] == ["".join(b.text.split()) for b in article.blocks]


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["title", "place", "note"]),
        st.text(alphabet="ابab1:#-'\"\\ []{}&*!|>%@`,?~=.\u2028\ufeff\n", max_size=20),
    )
)
def test_front_matter_reads_back(meta: dict[str, str]) -> None:
    written = front_matter(meta)
    want = {key: value.replace("\n", " ").strip() if key == "title" else value for key, value in meta.items()}
    assert front.load(written.removeprefix("---\n").removesuffix("---\n"), "x") == want


# HTML

PAGE = """<!doctype html><html lang="ar"><head><title>تحرير تكريت - الصباح</title>
<meta property="og:title" content="تحرير تكريت يحطم معنويات داعش"><meta property="og:site_name" content="الصباح الجديد">
<meta name="author" content="خدر خلات"><meta property="article:published_time" content="2015-04-02T10:00:00+03:00">
<script>alert('شر')</script></head><body><nav><a href="/">الرئيسية</a></nav><article>
<h1>تحرير تكريت يحطم معنويات داعش</h1>
<p>أسفر انتصار القوات الامنية العراقية <strong>المشتركة</strong> في تكريت عن انهيار،
وقال <a href="https://example.org/a">المصدر</a> ذلك. ثم أضاف كلاما.</p>
<h2>عنوان فرعي</h2><ul><li>بند أول طويل</li><li>بند ثان</li></ul>
<p>الفقرة *الثانية* من المقال وهي طويلة بما يكفي.<script>evil('شر')</script></p></article>
<footer>جميع الحقوق محفوظة</footer></body></html>"""


def test_html_page() -> None:
    article = parse(PAGE, "html")
    assert dict(article.meta) == {
        "title": "تحرير تكريت يحطم معنويات داعش",
        "author": "خدر خلات",
        "date": "2015-04-02",
        "outlet": "الصباح الجديد",
    }
    assert [b.kind for b in article.blocks] == ["title", "paragraph", "heading", "item", "item", "paragraph"]
    assert [m.kind for m in article.blocks[1].marks] == ["strong", "link"]
    assert article.blocks[-1].text == "الفقرة *الثانية* من المقال وهي طويلة بما يكفي."
    assert "شر" not in article.body
    assert article.syntax == "markdown"


@pytest.mark.parametrize(
    "fragment",
    [
        "<p>سيطرت القوات على الموصل.</p>",
        "<p>سيطرت القوات على الموصل.<script>alert('شر')</script></p><style>شر</style>",
        "سيطرت القوات على الموصل.",
        "<?xml version='1.0' encoding='windows-1256'?><html><body><p>سيطرت القوات على الموصل.</p></body></html>",
        "<div onclick='x()'>سيطرت القوات على الموصل.<!-- شر --></div>",
    ],
)
def test_html_fragment(fragment: str) -> None:
    assert [b.text for b in parse(fragment, "html").blocks] == ["سيطرت القوات على الموصل."]


STRUCTURE = """<h2>عنوان</h2><p>نص <b>قوي</b> و<a href="javascript:x">سيئ</a> <a href="/a">رابط</a> ثم<br>سطر
<br><br>فقرة.</p><p>تكرار.</p><p>تكرار.</p><blockquote><p>اقتباس.</p><p>ثان.</p></blockquote><aside>جانب</aside>
<ol start="3"><li>أ<ul><li>ب</li></ul></li><li>د</li></ol>
<table><tr><th>أ</th><th>ب|</th></tr><tr><td>ج</td></tr></table>
<pre><code class="language-python">x = 1

y</code></pre>اقرأ أيضا:<hr><p>1. نص <code>a b</code> <img src="a.png" alt="صورة"></p><script>شر</script>"""
STRUCTURE_READ = """## عنوان

نص **قوي** وسيئ [رابط](/a) ثم\\
سطر

فقرة.

تكرار.

تكرار.

> اقتباس.
>
> ثان.

3. أ

   - ب

4. د

| أ | ب\\| |
|---|---|
| ج |  |

```python
x = 1

y
```

اقرأ أيضا:

***

1\\. نص `a b` ![صورة](a.png)
"""


@pytest.mark.parametrize(
    "page",
    [
        "{}",
        "<html><body><nav>قائمة</nav><article>{}</article><div>ذيل</div></body></html>",
        "<html><body><p>رأس</p><main>{}</main></body></html>",
        "<html><body><p>رأس</p><div role='main'>{}</div></body></html>",
    ],
)
def test_html_structure_is_kept(page: str) -> None:
    article = parse(page.format(STRUCTURE), "html")
    assert article.body == STRUCTURE_READ
    assert [b.text for b in article.blocks if b.kind is Kind.CELL] == ["أ", "ب|", "ج"]


@pytest.mark.parametrize(
    "page", ["<ul><ul><li>أ</ul><p>", "<table><tr><td><table><tr><td>أ<td>ب", "<ol><li><pre>\n</ol>أ"]
)
def test_odd_html_is_read(page: str) -> None:
    assert "أ" in parse(page, "html").body


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ("", "<footer>© 2019</footer>", ""),
        ("", "<p>نشر في 3/4/2016</p>", ""),
        ("", "<p>3/4/2016</p>", ""),
        ("", "<p>19 تشرين الثاني 2015</p>", "2015-11-19"),
        ('<meta property="article:published_time" content="2015-04-02T10:00:00+03:00">', "", "2015-04-02"),
        ('<meta property="article:published_time" content="2015-04">', "", ""),
        ('<meta property="article:modified_time" content="2015-04-02">', "", ""),
        ('<meta name="DC.date" content="2015-02-30">', "", ""),
        ('<meta name="DC.date" content="2015-02-28">', "", "2015-02-28"),
        ('<script type="application/ld+json">{"datePublished": "2015-04-02"}</script>', "", "2015-04-02"),
        ("", '<time datetime="2015-04-02">أمس</time>', "2015-04-02"),
        ("", '<time datetime="2015-04-02">أمس</time><time datetime="2015-04-03">اليوم</time>', ""),
        ("", '<span itemprop="datePublished">2015-04-02</span>', "2015-04-02"),
    ],
)
@pytest.mark.parametrize("element", ["article", "div"])
def test_html_dates_are_never_invented(head: str, body: str, date: str, element: str) -> None:
    text = "<p>سيطرت القوات على الموصل. ثم تقدمت القوات في اتجاه النهر وتوقفت عنده.</p>"
    page = f"<html><head>{head}</head><body><{element}>{body}{text}</{element}></body></html>"
    assert parse(page, "html").meta.get("date", "") == date


# What is refused, and how


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\xc2\xa0\t", "is empty"),
        ("نعم".encode("cp1256"), r"not UTF-8 \(byte offset 0\).*iconv"),
        (b"abc \xff\xd9", r"not UTF-8 \(byte offset 4\)"),
        (b"\xef\xbb\xbfabc\xff", r"not UTF-8 \(byte offset 6\)"),
        ("نعم".encode("utf-16"), "UTF-16.*iconv"),
        (b"abc\0def", "NUL byte at byte offset 3"),
        (b"%PDF-1.7", "a PDF"),
        (b"PK\x03\x04", "zip"),
        ("نعم\nabc \x01".encode(), r"U\+0001 in line 2"),
        (b"only English here", "no Arabic letters"),
        ("```\nنعم\n```".encode(), "no Arabic letters"),
        ("---\ntitle: [نعم\n---\nنعم".encode(), r"front matter.*"),
        ("---\ndate: x\ntitle: نعم: لا\n---\nنعم".encode(), r"standard input:3: front matter: mapping values"),
        ("---\ntitle: نعم\ntags: [a, b]\n---\nنعم".encode(), r"input:3: front matter: tags is not a single value"),
        ("---\ntitle: نعم\ntitle: لا\n---\nنعم".encode(), r"input:3: front matter: title stands there twice"),
        ("---\nنعم\n---\nنعم".encode(), "no list of key: value"),
        ("---\nslug: Ab.c\n---\nنعم".encode(), "is no slug"),
        (("> " * 100_000 + "نعم").encode(), "nested more than"),
        ((">" * 100_000 + "نعم").encode(), "nested more than"),
        (("نعم\n\nلا " + "[a" * 33).encode(), "input:3: more than 32 square brackets"),
        (b"\n" * 500_001 + "نعم".encode(), "has 500,001 lines; the limit is 500,000"),
    ],
)
def test_bad_input(data: bytes, message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        read(None, data, "markdown")


def test_brackets_that_close_or_are_escaped_are_no_matter() -> None:
    text = "نعم " + "[a] " * 100 + r"\[" * 100 + "`" + "]" * 100 + "`"
    assert read(None, text.encode(), "markdown").blocks[0].text == text.replace("\\", "").replace("`", "")


def test_marks_of_a_paragraph_go_to_their_sentences() -> None:
    said = "**قال نعم. لا *ثم* مضى.** وأضاف [لا. نعم. لا](x)  \nنعم. <b>لا</b>. ~~*نعم* لا~~."
    (block,) = read(None, said.encode(), "markdown").blocks
    assert len(block.segments) == 8 and len(block.marks) >= 7
    for segment in block.segments:
        assert segment.marks == clip(block.marks, segment.begin, segment.end)


def test_bad_paths(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no such file"):
        read(tmp_path / "none.md")
    with pytest.raises(ArticleError, match="is a folder"):
        read(tmp_path)
    odd = tmp_path / "a.docx"
    odd.write_bytes(b"x")
    with pytest.raises(ArticleError, match=r"unknown kind \(\.docx\).*\.md"):
        read(odd)


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 10)
    large = tmp_path / "a.txt"
    large.write_text("نعم " * 10, encoding="utf-8")
    with pytest.raises(ArticleError, match="the limit is"):
        read(large)
    with pytest.raises(ArticleError, match="the limit is"):
        read(None, b"x" * 11, "text")


def test_usage() -> None:
    with pytest.raises(UsageError, match="nothing to read"):
        read(None)
    with pytest.raises(UsageError, match="unknown syntax 'rtf'"):
        read(None, b"x", "rtf")


def test_byte_order_mark_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "مقال 1.TXT"
    path.write_bytes(b"\xef\xbb\xbf" + "نعم\r\nلا\rربما".encode())
    article = read(path)
    assert [b.text for b in article.blocks] == ["نعم", "لا", "ربما"]
    assert article.body == "نعم\nلا\nربما"
    assert article.slug == "mqal-1"


def test_normalisation_and_no_break_space() -> None:
    article = parse("\u0627\u0654\u0646\u00a0نعم")
    assert article.blocks[0].text == "أن\u00a0نعم"


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_every_suffix_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_text("سيطرت القوات على الموصل. ثم تقدمت.", encoding="utf-8")
    assert [s.id for s in read(path).segments()] == ["x.1.1", "x.1.2"]
    assert read(path, slug="other").slug == "other"


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("16:19", {"time": "16:19"}),
        ("2015-11-19", {"date": "2015-11-19"}),
        ("19/11/2015", {"date": "2015-11-19"}),
        ("١٩ نوفمبر ٢٠١٥", {"date": "2015-11-19"}),
        ("الخميس، 19 تشرين الثاني 2015 - 9:05", {"date": "2015-11-19", "time": "09:05"}),
        ("3/4/2016", {}),
        ("2015-13-19", {}),
        ("70", {}),
        ("19 شيئا 2015", {}),
    ],
)
def test_dates(line: str, want: dict[str, str]) -> None:
    assert lead.date_or_time(line) == want


@pytest.mark.parametrize(
    "data",
    [
        "نعم لا. " * 20_000,
        "[" * 30 + "[نعم] " * 1_500,
        "*ن " * 20_000,
        "نعم\n" * 10_000,
        "- نعم\n" * 4_000,
        "| نعم " * 3_000 + "|\n" + "|--" * 3_000 + "|\n" + "| نعم " * 3_000,
        "<b>" * 20_000 + "نعم",
    ],
)
def test_time_is_bounded(data: str) -> None:
    started = time.process_time()
    article = parse(data)
    render_target(article, {s.id: Target("yes") for s in article.segments()})
    assert time.process_time() - started < 8


def test_reading_changes_nothing_twice() -> None:
    article = parse("نعم. لا.")
    assert parse("نعم. لا.") == article == replace(article)


def test_a_list_that_begins_with_dashes_is_no_front_matter() -> None:
    made = read(None, "- --- هرب داعش\n\n  من الموصل\n  ---\n".encode(), "markdown")
    assert "هرب داعش" in " ".join(block.text for block in made.blocks)


def test_front_matter_spelt_with_backslashes_is_normalised_too() -> None:
    assert front.load('title: "e\\u0301"', "x") == {"title": "\u00e9"}
    with pytest.raises(ArticleError, match="twice"):
        front.load('"e\\u0301": x\n"\u00e9": y', "x")

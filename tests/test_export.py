"""A translated article as text, Markdown and HTML: nothing of the source gets lost, and each is what it says it is."""

from __future__ import annotations

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

"""The two readers of drafts: whatever the quick one takes, the other one reads alike."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from site_drafts import HOSTILE, Builder, full, hostile, small, target, term

from translate import xliff
from translate.document import Alternative, Draft, Finding, Kind, Mark, Origin, Severity, State
from translate.errors import DraftError
from translate.xliff import laidout
from translate.xliff.reading import parse_tree


def plain() -> Draft:
    make = Builder("plain-words", title="R & D <b>", date="2017-01-12", note='say "so"')
    arabic, english = "تقدمت القوات في\nالساحل الأيسر & غيره.", 'Forces & the Left Bank < "here".'
    found = Finding("n-01", Severity.ERROR, "plain-words.1.1", "number <7> & more", 'write "7"', "it's fine")
    many = {
        "terms": (term(arabic, english, "الساحل الأيسر", "the Left Bank"),) * 2,
        "findings": (found, found),
        "alignment": ((0, 1), (1, 0)),
        "score": -0.25,
    }
    make.add(Kind.TITLE, (arabic, target(english, **many)), ("ثم.", None), ("ثم", target("Then", State.APPROVED)))
    make.add(Kind.PARAGRAPH, ("نص", target("Text")), level=3, marker='"', field="title", last=4)
    make.add(Kind.ITEM, ("نص", target("Other", State.EDITED, started=Alternative("Text", Origin.MACHINE))))
    return make.draft()


def alike(data: bytes) -> bool:
    """Whether the quick reader takes it; where it does, both read the same."""
    quick = laidout.read(data)
    if quick is None:
        return False
    assert quick == parse_tree(data, "x")
    return True


def test_what_we_lay_out_is_read_without_a_tree() -> None:
    assert alike(xliff.dump(plain()))
    assert alike(xliff.dump(small()))
    assert laidout.read(xliff.dump(plain())) == plain()


@pytest.mark.parametrize("attack", HOSTILE)
def test_what_is_written_in_other_ways_is_left_to_the_tree(attack: str) -> None:
    for draft in (full(), hostile(attack)):
        alike(xliff.dump(draft))
    marked = Builder("marked")
    marked.add(Kind.PARAGRAPH, ("نص مهم", target("Bold")), marks=(Mark("strong", 3, 6),))
    assert not alike(xliff.dump(marked.draft()))


@pytest.mark.parametrize("slug", ["con", "x" * 101])
def test_a_name_that_no_article_may_have_is_left_to_the_tree(slug: str) -> None:
    data = xliff.dump(plain()).replace(b'<file id="plain-words"', b'<file id="%s"' % slug.encode())
    assert laidout.read(data) is None
    with pytest.raises(DraftError, match="is not the name of an article"):
        xliff.parse(data, "x")


PIECES = (
    "&amp;",
    "&x;",
    "&",
    "<",
    ">",
    "]]>",
    "\r",
    "\n",
    " ",
    '"',
    "\x07",
    "\ufffe",
    "\\u{7}",
    "<!-- -->",
    "<b/>",
    "9",
)
DATA = xliff.dump(plain()).decode()


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(DATA)),
    st.integers(0, 60),
    st.one_of(st.sampled_from(PIECES), st.integers(0, len(DATA) - 80).map(lambda at: DATA[at : at + 80])),
)
@example(DATA.index("    <unit"), DATA.index("    </unit>") - DATA.index("    <unit"), "")
@example(DATA.index("    <unit"), 0, DATA[DATA.index("    <unit") : DATA.index("    </unit>") + 12])
@example(len(DATA), 0, "\n")
def test_a_damaged_file_is_read_alike_or_not_at_all(begin: int, gone: int, put: str) -> None:
    data = (DATA[:begin] + put + DATA[begin + gone :]).encode()
    try:
        parse_tree(data, "x")
    except DraftError:
        assert laidout.read(data) is None
    else:
        alike(data)

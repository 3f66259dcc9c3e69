"""The search of the site: size of its index, bytes a question fetches, time to build and to change; beside Pagefind.

`python -m benchmarks.search --articles 5 1000 10000` makes as many articles of invented words, with the frequencies
that words of newspapers have (Zipf), builds both indexes of the same text and asks both the same fifty questions in the
same browser, each in a page that has fetched nothing yet. Pagefind is installed once, into an environment of its own
below the cache folder.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import accumulate
from pathlib import Path

from platformdirs import user_cache_path
from playwright.sync_api import Browser, Response, sync_playwright

from benchmarks.process import Unavailable, environment
from translate.site.card import Card, Gathered, Line
from translate.site.facts import Facts, Read
from translate.site.page import Bundle, File
from translate.site.search import pages
from translate.site.search.index import squeezed
from translate.site.search.numbers import numbers
from translate.site.search.postings import Packer
from translate.site.settings import SiteSettings
from translate.site.tally import Tally
from translate.site.templates import Templates, static_files

SENTENCES, ARABIC_WORDS, ENGLISH_WORDS = 20, 25, 32
"""Of an article and a sentence: about what the articles in seeds/ have, 17 sentences of 30 and 40 words."""
QUESTIONS = 50
PEER = "pagefind[bin]==1.5.2"
SETTINGS = SiteSettings(title="Measured")


class Words:
    """Invented words: stems by rank, dressed as Arabic and English dress theirs."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.arabic = self._stems(
            "بتثجحخدذرزسشصضطعغفقكلمنهي",
            ("{0}{1}{2}", "{0}ا{1}{2}", "م{0}{1}و{2}", "ت{0}{1}ي{2}", "{0}{1}{2}ة", "ا{0}ت{1}ا{2}"),
            12_000,
        )
        self.english = self._stems(
            "bcdfghklmnprstvw",
            ("{0}a{1}{2}", "{0}e{1}o{2}", "{0}i{1}{2}er", "con{0}a{1}{2}", "{0}o{1}{2}al", "re{0}u{1}{2}e"),
            10_000,
        )
        self.weights = {size: list(accumulate(1 / (rank + 8) for rank in range(size))) for size in (12_000, 10_000)}

    def _stems(self, letters: str, patterns: tuple[str, ...], count: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < count:
            root = self.random.choices(letters, k=3)
            found[self.random.choice(patterns).format(*root)] = None
            if len(found) * 3 > count:
                found[self.random.choice(patterns).format(*root) + self.random.choice(letters)] = None
        return list(found)[:count]

    def arabic_words(self, count: int) -> list[str]:
        """So many words as they stand in a text."""
        stems = self.random.choices(self.arabic, cum_weights=self.weights[12_000], k=count)
        fronts = self.random.choices(("", "ال", "و", "وال", "بال", "لل", "ب", "ل"), (52, 30, 5, 4, 3, 2, 2, 2), k=count)
        ends = self.random.choices(("", "ها", "هم", "ات", "ين"), (90, 3, 2, 3, 2), k=count)
        return [a + b + c for a, b, c in zip(fronts, stems, ends, strict=True)]

    def english_words(self, count: int) -> list[str]:
        """The same in English."""
        stems = self.random.choices(self.english, cum_weights=self.weights[10_000], k=count)
        ends = self.random.choices(("", "s", "ed", "ing"), (75, 15, 6, 4), k=count)
        common = self.random.choices(("", "the ", "of ", "in "), (65, 18, 9, 8), k=count)
        return [a + b + c for a, b, c in zip(common, stems, ends, strict=True)]


def article(number: int, words: Words) -> Gathered:
    """One article of twenty sentences."""
    slug = f"article-{number}"
    date = f"{2014 + number % 10}-{1 + number * 7 % 12:02}-{1 + number % 28:02}"
    lines = []
    for at in range(SENTENCES):
        arabic, english = " ".join(words.arabic_words(ARABIC_WORDS)), " ".join(words.english_words(ENGLISH_WORDS))
        kind = "paragraph" if at else "title"
        lines.append(Line(slug, f"{slug}.{at + 1}.1", at, arabic + ".", english + ".", "machine", kind))
    card = Card(
        slug, f"{number}", lines[0].arabic, lines[0].english, date=date, outlet=f"Outlet {number % 12}",
        topics=(f"Topic {number % 30}",), tally=Tally(machine=SENTENCES),
    )  # fmt: skip
    return Gathered(card, tuple(lines), (), (), ())


@dataclass
class Figures:
    """What is told of one index."""

    name: str
    articles: int
    build: float = 0.0
    change: float = 0.0
    files: int = 0
    size: int = 0
    rewritten: str = ""
    bytes: tuple[int, ...] = ()
    requests: tuple[int, ...] = ()
    found: int = 0


def build(facts: Facts, out: Path, keys: dict[str, dict[str, str]]) -> list[str]:
    """Write what changed, as the build of the site does; which files those were.

    `keys` is what the last call left: of each bundle its files and their keys, the bundle's own under its name.
    """
    templates, written = Templates(SETTINGS), []
    before = {path: key for files in keys.values() for path, key in files.items()}
    now: dict[str, dict[str, str]] = {}
    for item in pages(facts, SETTINGS):
        name = item.name if isinstance(item, Bundle) else item.path
        if name in keys and keys[name].get(name) == item.key:
            now[name] = keys[name]
            continue
        now[name] = {name: item.key}
        for one in item.items() if isinstance(item, Bundle) else (item,):
            now[name][one.path] = one.key
            if before.get(one.path) == one.key:
                continue
            path = out / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.data() if isinstance(one, File) else templates.render([one])[0])
            written.append(one.path)
    for gone in before.keys() - {path for files in now.values() for path in files}:
        (out / gone).unlink(missing_ok=True)  # a bundle has a key and no file
    keys.clear()
    keys.update(now)
    return written


def ours(count: int, out: Path) -> tuple[Figures, list[Gathered], Facts]:
    """Builds and changes our index; figures, the first articles and the facts, still open."""
    words, told = Words(1), Figures("Tarjuman", count)
    out.mkdir(parents=True)
    facts, sample = Facts.open(out, "benchmark"), []
    for number in range(count):
        gathered = article(number, words)
        facts.remember([Read(gathered.card.slug, "", gathered)])
        if number < 200:
            sample.append(gathered)
    keys: dict[str, dict[str, str]] = {}
    told.build = timed(lambda: build(facts, out, keys))
    for path, file in static_files(SETTINGS):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, out / path)
    (out / "empty.html").write_text(EMPTY, encoding="utf-8")
    files = [file for file in (out / "search").rglob("*") if file.is_file()]
    told.files, told.size = len(files), sum(file.stat().st_size for file in files)
    other = article(count // 2, words)
    facts.forget(other.card.slug)
    changed = replace(other, card=other.card._replace(digest="changed"))
    facts.remember([Read(changed.card.slug, "", changed)])
    written: list[str] = []
    told.change = timed(lambda: written.extend(build(facts, out, keys)))
    size = sum((out / path).stat().st_size for path in written)
    told.rewritten = f"{len(written)} files, {size / 1e6:.1f} MB"
    return told, sample, facts


def page_of(gathered: Gathered) -> str:
    """An article as a page that Pagefind reads: the same sentences, no furniture."""
    rows = "".join(
        f'<p id="{escape(line.id)}"><span lang="ar" dir="rtl">{escape(line.arabic)}</span> '
        f'<span lang="en">{escape(line.english)}</span></p>'
        for line in gathered.lines
    )
    title = escape(gathered.card.title_english)
    return f'<!doctype html><html lang="en"><title>{title}</title><main data-pagefind-body>{rows}</main>'


def pagefind(count: int, out: Path, python: Path) -> Figures:
    """Builds and changes Pagefind's index of the same text."""
    words, told = Words(1), Figures("Pagefind 1.5.2", count)
    (out / "articles").mkdir(parents=True)
    for number in range(count):
        gathered = article(number, words)
        (out / "articles" / f"{gathered.card.slug}.html").write_text(page_of(gathered), encoding="utf-8")
    (out / "empty.html").write_text(EMPTY, encoding="utf-8")

    def run() -> None:
        subprocess.run([python, "-m", "pagefind", "--site", out, "--quiet"], check=True, capture_output=True)

    told.build = timed(run)
    files = [file for file in (out / "pagefind").rglob("*") if file.is_file() and ".pf_" in file.name]
    told.files, told.size = len(files), sum(file.stat().st_size for file in files)
    changed = out / "articles" / f"article-{count // 2}.html"
    changed.write_text(page_of(article(count // 2, words)), encoding="utf-8")
    before = {file.name for file in files}
    told.change = timed(run)
    after = [file for file in (out / "pagefind").rglob("*") if ".pf_" in file.name and file.name not in before]
    told.rewritten = f"{len(after)} files, {sum(file.stat().st_size for file in after) / 1e6:.1f} MB"
    return told


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of this process and those it waited for: other work on the machine does not count."""
    begin = _cpu()
    work()
    return _cpu() - begin


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def questions(sample: list[Gathered]) -> list[str]:
    """Words and pairs of words of sentences there are, frequent and rare alike, English and Arabic by turns.

    Every tenth is a phrase.
    """
    chance = random.Random(7)
    asked = []
    for number in range(QUESTIONS):
        line = chance.choice(chance.choice(sample).lines)
        side = (line.arabic if number % 2 else line.english).rstrip(".").split()
        at = chance.randrange(len(side) - 2)
        words = side[at : at + 1 + number % 3]
        asked.append(f'"{" ".join(words)}"' if number % 10 == 9 else " ".join(words))
    return asked


def ask(browser: Browser, out: Path, told: Figures, asked: list[str], script: str) -> None:
    """Every question with nothing fetched yet; counts what is fetched of the index, compressed as it lies there."""
    sizes, requests = [], []
    with served(out) as root:
        for question in asked:
            page = browser.new_page()
            got: list[int] = []
            page.on("response", functools.partial(_note, got))
            page.goto(f"{root}/empty.html")
            hits = page.evaluate(script, question)
            sizes.append(sum(got))
            requests.append(len(got))
            told.found += bool(hits)
            page.close()
    told.bytes, told.requests = tuple(sizes), tuple(requests)


def _note(got: list[int], answer: Response) -> None:
    """Index files only: what the page itself and its scripts take is fetched before anybody asks."""
    if ("/search/" in answer.url or "/pagefind/" in answer.url) and not answer.url.endswith((".js", ".json")):
        got.append(int(answer.headers.get("content-length", 0)))


TARJUMAN = """async (asked) => {
  const [{ Keys }, { Shards }, { Question }] = await Promise.all(
    ["keys", "shards", "ask"].map((name) => import(`/static/search/${name}.js`)));
  const shards = new Shards(new URL("/search/", location.href));
  const { tables, overview } = await shards.open();
  const question = await new Question(asked).answer(new Keys(tables), shards, overview);
  let shown = 0;
  for (let next = 0; shown < 10 && next < 20 && next < question.found.length; ) {
    const batch = question.found.slice(next, next + 10 - shown);
    const texts = await Promise.all(batch.map((one) => shards.text(one.article)));
    shown += batch.filter((one, at) => question.hits(one, texts[at]).length).length;
    next += batch.length;
  }
  return shown;
}"""
"""What search.js does with a question, without showing it."""
PAGEFIND = """async (asked) => {
  const pagefind = await import("/pagefind/pagefind.js");
  const found = await pagefind.search(asked);
  const shown = await Promise.all(found.results.slice(0, 10).map((one) => one.data()));
  return shown.length;
}"""
EMPTY = '<!doctype html><html lang="en"><title>Search</title>'


class served:  # noqa: N801 - used like a function
    """A folder as a web site, for as long as the block lasts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> str:
        handler = functools.partial(Quiet, directory=str(self.folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Does not tell of every request."""

    def log_message(self, *_: object) -> None:  # noqa: D102
        pass


def table(all_figures: list[Figures]) -> Iterator[str]:
    """The figures as Markdown."""
    heads = (
        *("articles", "index", "build, CPU s", "one article changed, CPU s", "rewritten", "files", "MB"),
        *("kB a question, median", "most, Arabic", "most, English", "requests, median", "most", "answered"),
    )
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for told in all_figures:
        size, requests = told.bytes or (0, 0), told.requests or (0,)
        yield (
            f"| {told.articles:,} | {told.name} | {told.build:.1f} | {told.change:.2f} | {told.rewritten} "
            f"| {told.files:,} | {told.size / 1e6:.1f} | {statistics.median(size) / 1e3:.0f} "
            f"| {max(size[1::2]) / 1e3:.0f} | {max(size[::2]) / 1e3:.0f} "
            f"| {statistics.median(requests):.0f} | {max(requests)} | {told.found}/{len(told.bytes)} |"
        )


def frequent(count: int) -> Iterator[str]:
    """What one word costs that stands in so many of the sentences, as Markdown: the upper end of a question."""
    yield f"| share of all sentences that have a word | articles of {count:,} with it | kB fetched for it |"
    yield "|---|---|---|"
    chance = random.Random(1)
    dates = {f"article-{n}": f"{2014 + n % 10}-{1 + n * 7 % 12:02}-{1 + n % 28:02}" for n in range(count)}
    in_order = sorted(numbers(dates)[0].values())
    for share in (0.5, 0.3, 0.15, 0.05, 0.01):
        packer = Packer()
        for number in in_order:
            if sentences := [at for at in range(SENTENCES) if chance.random() < share]:
                packer.add(number, sentences)
        yield f"| {share:.0%} | {packer.articles:,} | {len(squeezed(bytes(packer.out))) / 1e3:.0f} |"


def _peer(cache: Path) -> Path | None:
    try:
        return environment("pagefind", [PEER], cache)
    except Unavailable as why:
        print(f"without Pagefind: {why}", file=sys.stderr)
        return None


def main() -> None:
    """Measures what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[5, 1_000, 10_000])
    parser.add_argument("--without-pagefind", action="store_true")
    parser.add_argument("--cache", type=Path, default=user_cache_path("tarjuman") / "benchmarks")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    python = None if given.without_pagefind else _peer(given.cache)
    results: list[Figures] = []
    with tempfile.TemporaryDirectory() as place, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"])
        for count in given.articles:
            folder = Path(place) / str(count)
            told, sample, facts = ours(count, folder / "ours")
            asked = questions(sample)
            ask(browser, folder / "ours", told, asked, TARJUMAN)
            facts.close()
            results.append(told)
            print(json.dumps(told.__dict__), file=sys.stderr)
            if python:
                other = pagefind(count, folder / "pagefind", python)
                ask(browser, folder / "pagefind", other, asked, PAGEFIND)
                results.append(other)
                print(json.dumps(other.__dict__), file=sys.stderr)
            shutil.rmtree(folder)
        browser.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = "\n".join(
        [*table(results), "", *frequent(max(given.articles)), "", f"Most memory of this process: {memory:.0f} MB.", ""]
    )
    print(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""How fast the site is built, beside Pelican and MkDocs on the same articles in one run.

    python -m benchmarks.site --sizes 1000 10000 --edits 1    all systems at both sizes: some twenty minutes
    python -m benchmarks.site --sizes 10000 --peers none      ours alone

Writes so many synthetic bilingual articles (benchmarks/synthetic.py), as drafts for Tarjuman and as Markdown for the
peers; builds each site from nothing, changes one article, builds again. Every build is a process of its own whose wall
time, processor time and peak memory are taken from the system. A peer is installed into a virtual environment of its
own in a cache folder outside this tree; it is never a dependency. Prints Markdown; `--out` adds it to a file.

Tarjuman is measured three times: all that it makes (bilingual pages with aligned words, lists, a page a term, feeds,
sitemap, search index, TMX and JSON of each article), without the downloads, and without search and downloads. MkDocs
makes a search index unless told not to and is measured with and without; Pelican makes none. Each is compared with what
does most nearly the same. Ours uses every processor it may, the peers use one: both as they do by themselves. Processor
time counts all processes. The peers have settings that favour them: no navigation over all pages, Pelican's cache on
for the second build.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from benchmarks import synthetic
from benchmarks.process import environment

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = {"pelican": "pelican[markdown]==4.11.0", "mkdocs": "mkdocs==1.6.1"}
PELICAN = """\
AUTHOR = SITENAME = "Benchmark"
SITEURL = "https://example.org"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "simple"
FEED_ALL_ATOM = "feeds/all.atom.xml"
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DEFAULT_PAGINATION = 50
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
CHECK_MODIFIED_METHOD = "mtime"
"""
MKDOCS = """\
site_name: Benchmark
site_url: https://example.org/
nav: [index.md]
validation: {nav: {omitted_files: ignore}}
"""
EVERYTHING, SEARCH, PAGES = "everything", "no downloads", "no search, no downloads"
WITHOUT = {EVERYTHING: [], SEARCH: ["--no-downloads"], PAGES: ["--no-search", "--no-downloads"]}
"""What is measured of ours, and the options for it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One build."""

    wall: float
    cpu: float
    megabytes: int
    """Peak memory of the build's largest process."""


@dataclass(frozen=True, slots=True)
class System:
    """Something that builds a site out of a folder."""

    name: str
    command: Sequence[str]
    write: Callable[[Path, int, int], None]
    """(folder, article, edit) - puts one article there."""
    pages: str
    """Folder of the site, below its work folder."""
    like: tuple[str, ...] = ()
    """What of ours it is compared with."""


def measure(command: Sequence[str], folder: Path) -> Run:
    """Run a build to its end; a failure ends the benchmark with what it said."""
    begin = time.perf_counter()
    with (folder / "build.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, env=_environment())
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}\n{(folder / 'build.log').read_text('utf-8', 'replace')[-2000:]}")
    return Run(time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


def _environment() -> dict[str, str]:
    """As installed programs run: with their modules compiled, which pip does for the peers."""
    own = {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    return {**{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}, **own}


def peer(name: str, cache: Path) -> Path:
    """The folder of programs of a peer's own environment, made when it is not there."""
    return environment(name, [REQUIREMENTS[name]], cache).parent


def systems(peers: Sequence[str], cache: Path) -> Iterator[System]:
    """Ourselves, with everything and with pages alone, then the peers."""
    ours = [sys.executable, "-m", "translate.cli", "publish", "--drafts", "drafts", "-o", "site", "-q"]
    ours += ["--base-url", "https://example.org/"]
    for made, options in WITHOUT.items():
        yield System(f"Tarjuman, {made}", [*ours, *options], _draft, "site")
    if "pelican" in peers:
        command = [str(peer("pelican", cache) / "pelican"), "content", "-o", "site", "-s", "conf.py"]
        yield System("Pelican 4.11.0, no search", command, _pelican, "site", (EVERYTHING, PAGES))
    if "mkdocs" in peers:
        command = [str(peer("mkdocs", cache) / "mkdocs"), "build", "-q", "-d", "site"]
        yield System("MkDocs 1.6.1, search", command, _mkdocs, "site", (EVERYTHING, SEARCH))
        yield System("MkDocs 1.6.1, no search", command, _mkdocs_without_search, "site", (PAGES,))


TERMS = synthetic.bundled()


def _draft(folder: Path, number: int, edit: int) -> None:
    (folder / "drafts").mkdir(exist_ok=True)
    synthetic.write_draft(folder / "drafts", synthetic.article(number, TERMS, edit))


def _pelican(folder: Path, number: int, edit: int) -> None:
    (folder / "content").mkdir(exist_ok=True)
    (folder / "conf.py").write_text(PELICAN)
    _markdown(folder / "content", number, edit, "Title: {title}\nDate: {date}\nCategory: {outlet}\nTags: {topics}\n\n")


def _mkdocs(folder: Path, number: int, edit: int) -> None:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "mkdocs.yml").write_text(MKDOCS)
    (folder / "docs" / "index.md").write_text("# Benchmark\n")
    _markdown(folder / "docs", number, edit, "# {title}\n\n")


def _mkdocs_without_search(folder: Path, number: int, edit: int) -> None:
    _mkdocs(folder, number, edit)
    (folder / "mkdocs.yml").write_text(MKDOCS + "plugins: []\n")


def _markdown(folder: Path, number: int, edit: int, head: str) -> None:
    draft = synthetic.article(number, TERMS, edit)
    title = draft.targets[draft.article.blocks[0].segments[0].id].text
    text = head.format(title=title, **draft.article.meta) + "\n".join(synthetic.markdown(draft))
    (folder / f"{draft.article.slug}.md").write_text(text, "utf-8")


HEAD = (
    "| | pages | files | from nothing: s, wall | s, processor | articles/s, wall | pages/s, wall "
    "| pages/s of processor | MB | one changed: s, wall | s, processor |"
)


@dataclass(frozen=True, slots=True)
class Built:
    """What one system took for one round."""

    pages: int
    files: int
    first: Run
    """From nothing."""
    again: Run
    """After one article changed: the median of several changes."""


def built(system: System, folder: Path, size: int, edits: int) -> Built:
    """Build a site of `size` articles from nothing, and after changes of one of them."""
    folder.mkdir(parents=True)
    for number in range(size):
        system.write(folder, number, 0)
    time.sleep(2.1)  # or the drafts are so new that no build trusts their times
    first = measure(system.command, folder)
    made = [file for file in (folder / system.pages).rglob("*") if file.is_file() and not file.name.startswith(".")]
    again = []
    for edit in range(1, edits + 1):
        system.write(folder, size // 2, edit)
        again.append(measure(system.command, folder))
    middle = sorted(again, key=lambda run: run.cpu)[edits // 2]
    return Built(sum(1 for file in made if file.suffix == ".html"), len(made), first, middle)


def table(size: int, chosen: Sequence[System], work: Path, edits: int, rounds: int) -> Iterator[str]:
    """The lines of one size; of several rounds, taken in turn, each system's middle one is told.

    Nothing is deleted between builds: without a journal ext4 seems to step around what was deleted in the last
    minutes, which makes every new file slower for whoever comes next.
    """
    yield f"### {size:,} articles"
    yield ""
    yield HEAD
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    found: dict[str, list[Built]] = {system.name: [] for system in chosen}
    for number in range(rounds):
        for place, system in enumerate(chosen):
            changes = 1 if system.like else edits
            found[system.name].append(built(system, work / f"{size}-{number}-{place}", size, changes))
    middle = {name: sorted(some, key=lambda one: one.first.wall)[rounds // 2] for name, some in found.items()}
    for name, one in middle.items():
        yield (
            f"| {name} | {one.pages:,} | {one.files:,} | {one.first.wall:.1f} | {one.first.cpu:.1f} "
            f"| {size / one.first.wall:.0f} | {one.pages / one.first.wall:.0f} | {one.pages / one.first.cpu:.0f} "
            f"| {max(one.first.megabytes, one.again.megabytes)} | {one.again.wall:.1f} | {one.again.cpu:.1f} |"
        )
    yield ""
    for what in ("Articles", "Pages"):
        for system in chosen:
            for ours in system.like:
                own, theirs = middle[f"Tarjuman, {ours}"], middle[system.name]
                lead = theirs.first.wall / own.first.wall * (own.pages / theirs.pages if what == "Pages" else 1)
                yield f"{what} a second of wall time, ours ({ours}) over {system.name}: {lead:.1f}."
    yield ""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--peers", nargs="*", default=["pelican", "mkdocs"], choices=[*REQUIREMENTS, "none"])
    parser.add_argument("--edits", type=int, default=3, help="changes of one article (peers: one); the median is shown")
    parser.add_argument(
        "--rounds", type=int, default=1, help="of builds from nothing; each system's middle one is shown"
    )
    parser.add_argument("--cache", type=Path, default=Path(platformdirs.user_cache_dir("tarjuman")) / "benchmarks")
    parser.add_argument("--out", type=Path, help="file that the tables are added to")
    given = parser.parse_args()
    given.cache.mkdir(parents=True, exist_ok=True)
    chosen = list(systems(given.peers, given.cache))
    for package in ("translate", "glossary", "site_templates"):
        compileall.compile_dir(ROOT / package, quiet=1)
    load = os.getloadavg()[0]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    lines = [f"Python {platform.python_version()}, {cores} core(s) allowed, load {load:.1f} at the beginning.", ""]
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory(prefix="site-", dir=given.cache) as work:
        for size in given.sizes:
            for line in table(size, chosen, Path(work), given.edits, given.rounds):
                print(line, flush=True)
                lines.append(line)
    if given.out:
        with given.out.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines))


if __name__ == "__main__":
    main()

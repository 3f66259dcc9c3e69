"""What is fed with odd inputs: every place where something from outside is read, and what must be true behind it.

A target has a grammar or real files to make inputs of, and a function that reads one and looks at what came of it. What
it raises by name (`NAMED`) is an answer; anything else breaks the promise. `TARGETS` is the table of them all.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from random import Random

import review_desk as small

from glossary import GlossaryFormatError, Matcher, TermBase, fold, key, writing
from glossary import terms as term_files
from promises.fuzz import generators as g
from promises.fuzz import mutation as m
from promises.fuzz import oddities
from translate import config, markdown, quality, readers, split, xliff
from translate.batch.source import open_source
from translate.document import Article, Draft, Kind, Mark
from translate.errors import TarjumanError
from translate.exchange import formats
from translate.exchange.merge import Sender, merge
from translate.ingest import described
from translate.inline.carrying import project
from translate.inline.html import render_html, safe_address
from translate.inline.marks import clip
from translate.inline.reading import parse, parser
from translate.inline.writing import render_markdown
from translate.readers import front
from translate.registry import Model
from translate.review import views
from translate.review.desk import FOLDER, Desk
from translate.review.journal import SUFFIX
from translate.site import build
from translate.site.card import gather
from translate.site.page import key as page_key
from translate.site.settings import SiteSettings
from translate.site.templates import Templates
from translate.termbase import incoming, separated, tbx, xlsx
from translate.termbase import tester as term_tester
from translate.termbase import tmx as term_memory

NAMED: tuple[type[Exception], ...] = (TarjumanError, GlossaryFormatError)
"""What bad input may raise. The glossary's own error becomes a `GlossaryError` where the program meets it."""
ROOT = Path(__file__).parents[3]
RAW = ROOT / "tests" / "cases"


class BrokenError(AssertionError):
    """Something that has to be true of every input is not."""


def hold(true: object, said: str) -> None:
    """Break the promise unless it is true."""
    if not true:
        raise BrokenError(said)


@dataclass(frozen=True, slots=True)
class Target:
    """One place where something from outside is read."""

    name: str
    """"markdown" - by which a break is seen again."""
    make: Callable[[Random], bytes]
    run: Callable[[bytes], int]
    """Reads an input; how many there were in it."""


def one(run: Callable[[bytes], object]) -> Callable[[bytes], int]:
    """A function that reads one input."""

    def counted(data: bytes) -> int:
        run(data)
        return 1

    return counted


def mixed(grammar: g.Grammar, mutate: m.Mutation, seeds: Sequence[bytes], share: float = 0.5) -> g.Grammar:
    """Inputs of a grammar, of damaged real files, and of both."""

    def make(random: Random) -> bytes:
        chance = random.random()
        if chance < share:
            return grammar(random)
        data = seeds[random.randrange(len(seeds))] if chance < 0.95 else grammar(random)
        return mutate(random, data)

    return make


# --- articles --------------------------------------------------------------------------------------------------------


def looked_at(article: Article) -> None:
    """Segments joined give back the text; offsets and formatting stay inside; ids stand there once."""
    names: set[str] = set()
    for block in article.blocks:
        if block.kind is Kind.VERBATIM:
            hold(not block.segments, "code has sentences")
            continue
        hold(split.rejoin(block.text, [(s.begin, s.end) for s in block.segments]), "sentences do not rebuild the block")
        hold(block.begin < 0 or block.begin <= block.end <= len(article.body), "a block outside of the body")
        inside(block.marks, block.text)
        for segment in block.segments:
            hold(block.text[segment.begin : segment.end] == segment.text, "a sentence is not where it says")
            hold(segment.text and segment.text == segment.text.strip(), "white space at the end of a sentence")
            inside(segment.marks, segment.text)
            hold(segment.id not in names, "an id twice")
            names.add(segment.id)


def inside(marks: Sequence[Mark], text: str) -> None:
    """Formatting lies within its text."""
    for mark in marks:
        hold(0 <= mark.begin <= mark.end <= len(text), f"formatting outside of its text: {mark}")


def warm(syntax: str) -> None:
    """Load what is loaded with the first article, which is no part of the time of any input."""
    readers.read(None, ("<html><body><p>نص</p></body></html>" if syntax == "html" else "نص").encode(), syntax)


def article(syntax: str) -> Callable[[bytes], None]:
    """Read an article, write it as Markdown and as a draft, and read both again."""

    warm(syntax)

    def run(data: bytes) -> None:
        read = readers.read(None, data, syntax)
        looked_at(read)
        if len(data) % 2:
            again_as_markdown(read)
        elif len(data) % 5 == 0:
            again_as_draft(Draft(read))

    return run


def again_as_markdown(read: Article) -> None:
    """As `ingest` writes it, an article says the same."""
    made = described(read)
    again = readers.read(None, markdown.write_source(made).encode(), "markdown", made.slug)
    dropped = "title_generated" in made.meta
    said = [[(b.kind, b.text) for b in a.blocks if not (dropped and b.field == "title")] for a in (made, again)]
    hold(said[0] == said[1], f"does not read back: {first_difference(*said)}")


def first_difference(one: Sequence[object], other: Sequence[object]) -> str:
    """Where two lists part."""
    at = next(
        (n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )
    return f"{one[at : at + 2]!r:.150} -> {other[at : at + 2]!r:.150}"


def again_as_draft(made: Draft) -> None:
    """As a draft it reads back the same, and is written the same."""
    data = xliff.dump(made)
    again = xliff.parse(data, "again")
    meant = replace(made, article=replace(made.article, body=""), fingerprint="")
    hold(again == meant, "a draft that does not read back")
    hold(xliff.dump(again) == data, "a draft that is written in another way the second time")


def front_matter(data: bytes) -> None:
    """Written again it is the same."""
    meta = front.load(data.decode("utf-8", "surrogatepass"), "x.md")
    written = markdown.front_matter(meta)
    if all(value.isprintable() for value in (*meta, *meta.values())):
        again = front.load(written.removeprefix("---\n").removesuffix("---\n"), "x.md")
        hold(again == meta, f"front matter that does not read back: {meta!r:.100} -> {again!r:.100}")


def settings(folder: Path) -> Callable[[bytes], None]:
    """The place where models are kept, and what stands in a model's folder."""
    model = folder / "model"
    model.mkdir()

    def run(data: bytes) -> None:
        told = data.decode("utf-8", "replace").replace("\0", "")
        config.places({"TARJUMAN_HOME": told[:200]})
        for name in ("tarjuman.json", "config.json"):
            (model / name).write_bytes(data)
        made = Model("x", model, bundled=False)
        hold(made.limit > 0, "a limit that is none")
        hold(isinstance(made.adapted(), dict), "what it was adapted to is no object")
        assert made.pointer is not None
        assert made.full_name

    return run


# --- sentences and terms ---------------------------------------------------------------------------------------------


def sentences(data: bytes) -> None:
    """Whatever the text, sentences and clauses joined give it back."""
    text = data.decode("utf-8", "surrogatepass")
    spans = split.split(text)
    hold(split.rejoin(text, spans), "text lost between sentences")
    hold(all(a < b for a, b in spans), "an empty sentence")
    for begin, end in spans[:3]:
        sentence = text[begin:end]
        kept = sentence.split()[len(sentence.split()) // 2]
        closed = [(sentence.index(kept), sentence.index(kept) + len(kept))]
        pieces = split.clauses(sentence, lambda piece: len(piece) <= 20, closed)
        hold(split.rejoin(sentence, pieces), "text lost between clauses")
        for at in (edge for piece in pieces for edge in piece):
            hold(not closed[0][0] < at < closed[0][1], "cut where it must not be")


def terms(matcher: Matcher) -> Callable[[bytes], None]:
    """Offsets of folding and matches lead back into the text as it stands; the explanation says what was found."""

    def run(data: bytes) -> None:
        text = data.decode("utf-8", "surrogatepass")
        folded = fold(text)
        hold(folded.text == key(text), "two foldings")
        hold(len(folded.offsets) == len(folded.text) + 1 == len(folded.ends) + 1, "an offset is missing")
        hold(list(folded.offsets) == sorted(folded.offsets) and folded.offsets[-1] == len(text), "offsets go back")
        hold(all(a < b <= len(text) for a, b in zip(folded.offsets, folded.ends, strict=False)), "an empty stretch")
        found = matcher.find(text, matcher.surroundings(text))
        for match in found:
            hold(text[match.begin : match.end] == match.surface and match.surface, "a match is not where it says")
            hold(match.begin <= match.stem_begin < match.stem_end <= match.end, "a stem outside of its words")
        hold(all(a.end <= b.begin for a, b in pairwise(found)), "two matches over one word")
        told = matcher.explain(text, matcher.surroundings(text))
        hold([match for match, reason in told if reason is None] == found, "the explanation says something else")
        hold(all(match.why for match, _ in told), "a match without a reason")
        json.dumps(term_tester.told(term_tester.tried(matcher, text)))

    return run


def formatting(data: bytes) -> None:
    """Marks lie in their text, are written so that they read back, and are carried over whole."""
    source = data.decode("utf-8", "replace")
    text, marks = parse(parser().parseInline(source)[0].children or ())
    inside(marks, text)
    written = render_markdown(text, marks)
    again, _ = parse(parser().parseInline(written)[0].children or ())
    hold(" ".join(again.split()) == " ".join(text.split()), f"words lost: {text!r:.100} -> {again!r:.100}")
    render_html(text, marks)
    half = len(text) // 2
    inside(clip(marks, half, len(text)), text[half:])
    carried = project(marks, text, "The Left Bank fled to the city of Mosul", ((0, 3), (1, 1), (99, 2)))
    hold(len(carried) == len(marks), "a mark is lost on the way")
    inside(carried, "The Left Bank fled to the city of Mosul")
    safe_address(text)


# --- drafts and what comes back from elsewhere -----------------------------------------------------------------------


def draft(data: bytes) -> None:
    """What can be read is written and read again as the same."""
    again_as_draft(xliff.parse(data, "x.en.xlf"))


def made_draft(random: Random) -> bytes:
    """A draft of our own making that is odd in every place."""
    return xliff.dump(oddities.draft(random, 2))


def came_back(base: Mapping[str, Draft]) -> Callable[[bytes], None]:
    """Rows are read as far as they can be and merged; no text of a person is lost; the draft reads back."""

    def run(data: bytes) -> None:
        rows, error = formats.rows(data, "letter")
        for slug, there in base.items():
            its = [(row.id, row) for row in rows if row.id.startswith(slug)]
            made = merge(there, its, Sender("amal", "2026-11-22T00:00:00Z", keep_stale=True), lambda made: made)
            said = {text for name in made.draft.targets for text in texts(made.draft, name)}
            hold(all(t.text in said for t in there.targets.values() if t.who), "a person's text is lost")
            if made.draft != there:
                again_as_draft(made.draft)
        if error is not None:
            raise error

    return run


def texts(made: Draft, name: str) -> set[str]:
    """Everything that stands at a sentence."""
    target = made.targets[name]
    started = [target.started.text] if target.started else []
    return {target.text, *started, *(other.text for other in target.alternatives)}


def term_table(read: Callable[[bytes, str], incoming.Incoming]) -> Callable[[bytes], None]:
    """Terms from elsewhere: put into a term file they can be loaded, and putting them in twice changes nothing."""

    def run(data: bytes) -> None:
        came = read(data, "letter")
        once = incoming.put(None, came)
        written = writing.written(once.table)
        again = writing.read(written, "again.tsv")
        hold(writing.written(again) == written, "a term file that is written in another way the second time")
        twice = incoming.put(again, replace(came, table=again))
        hold(not twice.added and not twice.changed, "terms come in anew that are there already")

    return run


def term_file(data: bytes) -> None:
    """A term file: read for its terms and for its lines, written, and read again as the same."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    found = term_files.parse(text, "x.tsv")
    written = writing.written(writing.read(text, "x.tsv"))
    again = term_files.parse(written, "x.tsv")
    plain = [sorted(repr(replace(term, line=0)) for term in some) for some in (found, again)]
    hold(plain[0] == plain[1], f"terms do not read back: {first_difference(*plain)}")
    hold(writing.written(writing.read(written, "x.tsv")) == written, "a term file that is never at rest")
    base = TermBase(tuple(term_files._banned(found)))
    if base.terms:
        Matcher(base).find("ومفارز الساحل الأيسر في الموصل داعش")


# --- archives, the desk, the site ------------------------------------------------------------------------------------


def archive(folder: Path, suffix: str) -> Callable[[bytes], None]:
    """Records of an archive: each an article or a fault in words."""
    path = folder / f"archive{suffix}"

    def run(data: bytes) -> None:
        path.write_bytes(data)
        for item in open_source(path).items():
            item.digest()
            if not item.fault:
                try:
                    looked_at(item.read())
                except NAMED as error:
                    clear(error)

    return run


def clear(error: Exception) -> None:
    """An error is one line that a person can read and a terminal can show."""
    told = str(error)
    hold(told.strip(), "an error that says nothing")
    hold(len(told) <= LONGEST, f"an error of {len(told):,} characters: {told[:80]!r}")
    hold(all(c.isprintable() and c not in STEERING for c in told), f"an error that steers a terminal: {told[:120]!r}")


LONGEST = 600
STEERING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def journal(folder: Path) -> Callable[[bytes], None]:
    """The desk opens on any journal, shows the article, and saves."""
    path = small.saved(folder / "desk")
    place = path.parent / FOLDER / (small.SLUG + SUFFIX)
    place.parent.mkdir()
    whole = path.read_bytes()

    def run(data: bytes) -> None:
        path.write_bytes(whole)
        place.write_bytes(data)
        desk = Desk(path.parent, small.SLUG, lambda: small.NO_TERMS, "amal", small.clock())
        try:
            json.dumps(views.article(desk, small.NO_TERMS, who="amal", can_translate=False), allow_nan=False)
            for view in desk.views():
                json.dumps(views.history(view), allow_nan=False)
            small.keep(desk, small.TWO, "Typed.")
            desk.save()
        finally:
            desk.close()

    return run


def real_journals(folder: Path) -> list[bytes]:
    """What the desk writes in a morning."""
    small.saved(folder / "morning")
    desk = Desk(folder / "morning", small.SLUG, lambda: small.NO_TERMS, "amal", small.clock())
    small.keep(desk, small.TWO, "Typed and kept.")
    small.confirm(desk, small.TWO, "Forces took the Left Bank.")
    desk.undo(small.TWO, desk.view(small.TWO).version)
    small.confirm(desk, small.ONE, "Confirmed.")
    small.keep(desk, small.THREE, "Only typed.")
    place = desk.path.parent / FOLDER / (small.SLUG + SUFFIX)
    made = [place.read_bytes()]
    desk.trim(over=0)
    made.append(place.read_bytes())
    desk.close()
    return made


def journal_lines(seeds: Sequence[bytes]) -> g.Grammar:
    """Journals with right checksums and odd values."""
    lines = [json.loads(line[9:]) for seed in seeds for line in seed.split(b"\n") if line]

    def make(random: Random) -> bytes:
        some = random.sample(lines, random.randint(1, min(4, len(lines))))
        return g.checked_lines([m.of_values(random, one) if random.random() < 0.7 else one for one in some])

    return make


def published(glossary_rows: SiteSettings) -> Callable[[bytes], int]:
    """Odd drafts become pages, and the desk shows them."""
    templates, terms = Templates(glossary_rows), build.terms_of(glossary_rows)

    def run(data: bytes) -> int:
        made = xliff.parse(data, "x.en.xlf")
        gathered = gather(made, page_key(made))
        build._contents(list(build._of_article(made, gathered.card, terms, glossary_rows)), templates)
        return oddities.sentences(made)

    return run


def exported(data: bytes) -> int:
    """Odd drafts leave in every form and are read again there."""
    made = xliff.parse(data, "x.en.xlf")
    wishes = formats.Wishes(also_edited=True, bilingual=len(data) % 2 > 0)
    for name in ("xliff12", "tmx", "tsv", "md"):
        leaves = formats.FORMATS[name].dump([made], wishes)
        if name != "md":
            rows, error = formats.rows(leaves, name)
            hold(error is None, f"{name} that we wrote cannot be read: {error}")
            changed = merge(made, [(row.id, row) for row in rows], Sender("amal"), lambda made: made).draft
            hold(changed == made, f"{name} that nobody touched changes the draft")
    return oddities.sentences(made)


def shown_at_the_desk(folder: Path) -> Callable[[bytes], int]:
    """The desk shows odd drafts."""
    folder = folder / "shown"
    folder.mkdir()

    def run(data: bytes) -> int:
        made = xliff.parse(data, "x.en.xlf")
        (folder / f"{made.article.slug}.en.xlf").write_bytes(data)
        desk = Desk(folder, made.article.slug, lambda: small.NO_TERMS, "amal", small.clock())
        try:
            json.dumps(views.article(desk, small.NO_TERMS, who="amal", can_translate=False), allow_nan=False)
        finally:
            desk.close()
        return oddities.sentences(made)

    return run


def references(folder: Path) -> Callable[[bytes], None]:
    """Sentences whose English is known."""
    path = folder / "pairs.tsv"

    def run(data: bytes) -> None:
        path.write_bytes(data)
        for source, reference in quality.read_pairs(path):
            hold(source and reference, "an empty pair")
            hold(math.isfinite(quality.sentence_chrf(reference, reference)), "a figure that is none")

    return run


# --- the table -------------------------------------------------------------------------------------------------------


def parquet_files() -> list[bytes]:
    """A few small Parquet files."""
    import pyarrow
    import pyarrow.parquet

    tables = (
        {"text": ["سيطرت القوات على الموصل.", None, ""], "id": ["a", "b", "c"], "date": ["2015-11-19", "", None]},
        {"text": [["سيطرت القوات", "على الموصل"], []], "id": [1, -(2**63)], "title": [1.5, float("nan")]},
        {"body": [b"\xff\xfe", b"x"], "html": [{"a": 1}, None]},
    )
    made = []
    for table in tables:
        out = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.table(table), out, compression="none")
        made.append(out.getvalue())
    return made


def parquets() -> g.Grammar:
    """Parquet files of odd values, and damaged ones."""
    tables = parquet_files()

    def make(random: Random) -> bytes:
        return odd_parquet(random) if random.random() < 0.6 else m.of_bytes(random, random.choice(tables))

    return make


def odd_parquet(random: Random) -> bytes:
    """Columns with names that mean something, of values that do not."""
    import pyarrow
    import pyarrow.parquet

    count = random.randint(1, 3)
    kinds: tuple[Callable[[], object], ...] = (
        lambda: g.text(random, 12, 0.2).encode("utf-8", "replace").decode(),
        lambda: random.choice((None, -1, 2**63 - 1)),
        lambda: random.choice((None, float("nan"), 1e308)),
        lambda: g.text(random, 2).encode("utf-8", "surrogatepass"),
        lambda: [g.pick(random, g.WORDS)] * random.randrange(3),
        lambda: {"a": g.pick(random, g.WORDS)},
        lambda: random.random() < 0.5,
    )
    columns = {"text": [g.line(random, 20).encode("utf-8", "replace").decode() for _ in range(count)]}
    names = random.sample(g.RECORD, random.randint(0, 4))
    made: dict[str, list[object]] = {
        name: [one() for _ in range(count)]
        for name, one in ((name, kinds[0] if random.random() < 0.6 else random.choice(kinds)) for name in names)
    }
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({**columns, **made}), out, compression="none")
    return out.getvalue()


PAIRS = ["\u0646\u0635\tText\n\u0628\u064a\u062a\thouse\tnote\n".encode()]


class Bench:
    """What targets are made of, each made when it is asked for first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def raw(self) -> list[bytes]:
        seeds = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*is*.md"))]
        return [seed[at : at + 1500].encode() for seed in seeds for at in (0, 1500)]

    @cached_property
    def drafts(self) -> Sequence[Draft]:
        return oddities.excerpts(ROOT / "drafts")

    @cached_property
    def base(self) -> Mapping[str, Draft]:
        """Drafts that rows come back to."""
        return {small.SLUG: small.draft(), **{one.article.slug: one for one in self.drafts[:3:2]}}

    def leaving(self, form: str) -> list[bytes]:
        return [formats.FORMATS[form].dump([one], formats.Wishes(also_edited=True)) for one in self.base.values()]

    @cached_property
    def term_lines(self) -> list[bytes]:
        """The first lines of every bundled term file."""
        return [
            path.read_bytes()[:3000].rsplit(b"\n", 1)[0]
            for path in sorted((ROOT / "glossary" / "terms").rglob("*.tsv"))
        ]

    def term_tables(self, dump: Callable[[writing.Table], bytes], files: int, rows: int) -> list[bytes]:
        """Small pieces of the bundled terms in another form."""
        wholes = [writing.read(lines.decode(), "x") for lines in self.term_lines[:files]]
        return [dump(writing.table(whole.rows[:rows], whole.columns)) for whole in wholes]

    @cached_property
    def journals(self) -> list[bytes]:
        return real_journals(self.folder)

    def inputs(self, form: str) -> g.Grammar:
        """Sentences that come back in one form, damaged."""
        leaving = self.leaving(form)
        return mixed(lambda random: m.of_xml(random, random.choice(leaving)), BY_XML, leaving)

    def term_inputs(self, dump: Callable[[writing.Table], bytes], *more: Callable[[writing.Table], bytes]) -> g.Grammar:
        tables = [table for one in (dump, *more) for table in self.term_tables(one, 5, 4)]
        return mixed(lambda random: m.of_xml(random, random.choice(tables)), BY_XML, tables)


BY_LINES = m.any_of(m.of_lines, m.of_bytes)
BY_XML = m.any_of(m.of_xml, m.of_numbers, m.of_bytes)
BY_CELLS = m.any_of(m.of_cells, m.of_lines, m.of_bytes, m.of_numbers)
BY_VALUES = m.any_of(m.of_json_lines, m.of_bytes)


def zipped(several: Sequence[bytes]) -> g.Grammar:
    """Workbooks, damaged; most without the styles, which take longest to be read and of which nothing is read."""
    plain = [m.without(one, "xl/styles.xml", "xl/theme/theme1.xml") for one in several]
    return lambda random: m.of_parts(random, random.choice(several if random.random() < 0.1 else plain))


def _texts(random: Random) -> bytes:
    return g.text(random, 40, 0.2).encode("utf-8", "surrogatepass")


def _spans(random: Random) -> bytes:
    return g.span(random).encode("utf-8", "replace")


def _fronts(random: Random) -> bytes:
    return g.front(random).encode("utf-8", "replace")


MODEL_SETTINGS = (
    "source_limit", "annotations", "alignment", "known_terms", "adapted", "calibration", "model_type", "max_length",
)  # fmt: skip


def _values(random: Random) -> bytes:
    """Settings by their names, mostly."""
    names = (*MODEL_SETTINGS, g.pick(random, g.WORDS))
    said = {g.pick(random, names): _setting(random) for _ in range(random.randint(0, 4))}
    return g.dumped(random, said if random.random() < 0.85 else g.value(random))


def _setting(random: Random) -> object:
    return g.value(random) if random.random() < 0.3 else random.choice((0, 1, 120, 0.5, True, "x", "ar", {}, []))


def _odd(random: Random) -> bytes:
    return xliff.dump(oddities.draft(random, 6))


def _model_files() -> list[bytes]:
    folder = ROOT / "translate" / "models" / "tarjuman-ar-en"
    return [path.read_bytes() for path in sorted(folder.glob("*.json")) if path.stat().st_size < 9000]


def _matcher() -> Matcher:
    return Matcher(TermBase.load(TermBase.default()))


SAYS: Mapping[str, str] = {
    "text": "Raw texts",
    "markdown": "Markdown articles",
    "html": "HTML pages",
    "front": "Front matter",
    "config": "Settings",
    "split": "Texts to be cut into sentences",
    "terms": "Texts to look for terms in",
    "inline": "Inline formatting",
    "drafts": "Drafts",
    "xliff12": "XLIFF 1.2 that comes back",
    "xliff21": "XLIFF 2.1 that comes back",
    "tmx": "TMX that comes back",
    "tsv": "TSV and CSV that come back",
    "xlsx": "XLSX that comes back",
    "term-file": "Term files",
    "term-table": "Terms as TSV and CSV",
    "term-xlsx": "Terms as XLSX",
    "tbx": "Terms as TBX",
    "term-tmx": "Terms as TMX",
    "jsonl": "Archives as JSONL",
    "parquet": "Archives as Parquet",
    "journal": "Journals of the desk",
    "desk-drafts": "Odd drafts at the desk",
    "site": "Odd drafts on the site",
    "export": "Odd drafts in other forms",
    "pairs": "Sentences for evaluation",
}
"""What each target reads, for the table."""
Made = tuple[g.Grammar, Callable[[bytes], int]]
TARGETS: Mapping[str, Callable[[Bench], Made]] = {
    "text": lambda b: (mixed(g.plain, BY_LINES, b.raw), one(article("text"))),
    "markdown": lambda b: (mixed(g.markdown, BY_LINES, b.raw, 0.7), one(article("markdown"))),
    "html": lambda b: (g.html, one(article("html"))),
    "front": lambda b: (_fronts, one(front_matter)),
    "config": lambda b: (mixed(_values, BY_VALUES, _model_files()), one(settings(b.folder))),
    "split": lambda b: (_texts, one(sentences)),
    "terms": lambda b: (_texts, one(terms(_matcher()))),
    "inline": lambda b: (_spans, one(formatting)),
    "drafts": lambda b: (mixed(made_draft, BY_XML, [*map(xliff.dump, b.drafts)], 0.3), one(draft)),
    "xliff12": lambda b: (b.inputs("xliff12"), one(came_back(b.base))),
    "xliff21": lambda b: (b.inputs("xliff"), one(came_back(b.base))),
    "tmx": lambda b: (b.inputs("tmx"), one(came_back(b.base))),
    "tsv": lambda b: (
        mixed(g.drafts_table, BY_CELLS, b.leaving("tsv")),
        one(came_back(b.base)),
    ),
    "xlsx": lambda b: (zipped(b.leaving("xlsx")[:1]), one(came_back(b.base))),
    "term-file": lambda b: (mixed(g.terms_tsv, BY_CELLS, b.term_lines), one(term_file)),
    "term-table": lambda b: (
        mixed(g.terms_table, BY_CELLS, b.term_lines),
        one(term_table(separated.read)),
    ),
    "term-xlsx": lambda b: (zipped(b.term_tables(xlsx.dump, 3, 2)), one(term_table(xlsx.read))),
    "tbx": lambda b: (b.term_inputs(tbx.dump, tbx.dump_v2), one(term_table(tbx.read))),
    "term-tmx": lambda b: (b.term_inputs(term_memory.dump), one(term_table(term_memory.read))),
    "jsonl": lambda b: (
        mixed(g.jsonl, BY_VALUES, [b'{"text": "x"}'], 0.8),
        one(archive(b.folder, ".jsonl")),
    ),
    "parquet": lambda b: (parquets(), one(archive(b.folder, ".parquet"))),
    "journal": lambda b: (
        mixed(journal_lines(b.journals), m.of_bytes, b.journals, 0.8),
        one(journal(b.folder)),
    ),
    "desk-drafts": lambda b: (_odd, shown_at_the_desk(b.folder)),
    "site": lambda b: (_odd, published(SiteSettings())),
    "export": lambda b: (_odd, exported),
    "pairs": lambda b: (mixed(g.pairs, BY_CELLS, PAIRS, 0.8), one(references(b.folder))),
}
"""Name -> how inputs are made, what reads them."""
BY_SENTENCE = frozenset({"desk-drafts", "site", "export"})
"""What is counted here is not files but the odd sentences in them."""


def unit(name: str) -> str:
    """What is counted."""
    return "odd sentences" if name in BY_SENTENCE else "inputs"


def target(name: str, bench: Bench) -> Target:
    """One of the table."""
    return Target(name, *TARGETS[name](bench))

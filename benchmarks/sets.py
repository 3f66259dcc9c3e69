"""What terms are measured on: the toy language, the five seeds, TICO-19; each in three modes.

A set is a list of cases (a job, and its reference where somebody wrote one). "no terms" leaves the glossary empty,
"proper" has the terms somebody meant, "random" any words of the text (the three modes of the WMT25 terminology task).
Everything is drawn from a seed. Knows no system and no figure.
"""

from __future__ import annotations

import csv
import hashlib
import random
import re
import sys
import urllib.error
import urllib.request
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from glossary import Term, TermBase, key
from translate import readers
from translate.decode import Job
from translate.document import Article, Block, Kind, Segment
from translate.english import FUNCTION_WORDS
from translate.pipeline import Glossary, jobs
from translate.words import words

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))
MODES = ("no terms", "proper", "random")
SEED = 19

TICO = "https://raw.githubusercontent.com/tico-19/tico-19.github.io/master/data/"
TICO_FILES = {
    "all.en-ar.tmx.zip": ("TM", "9f08855934280255d0da67accb921939a64e8c72fdcca9ede0f473bf36a09468"),
    "f_en-ar_AR.csv": ("terminologies", "2b61fc11be368d529eec86b39b40bf82233232890205bfde5c22e2ee0796aa3a"),
    "g_en_ar.csv": ("terminologies", "b6ca9defaa19e8b76d0c6b758769677d287e92ab2fa89aba63ad9195f787911e"),
    "g_ar_en.csv": ("terminologies", "a2132d257939b2f0ce3b9b1037575099f55963dbee91a41d2afabf745650596f"),
}
"""File -> its folder there and its SHA-256. Text and terminologies are CC0 1.0 (Anastasopoulos et al. 2020)."""
ARABIC_WORD = re.compile(r"[\u0621-\u064a]{4,}")
UNHEARD = (
    "lantern",
    "willow",
    "anchor",
    "cobalt",
    "thistle",
    "harbour",
    "meadow",
    "copper",
    "saddle",
    "orchard",
    "pebble",
    "velvet",
    "barley",
    "compass",
    "ember",
    "falcon",
    "glacier",
    "hazel",
    "ivory",
    "juniper",
    "kettle",
    "lagoon",
    "maple",
    "nutmeg",
)
"""English that no model would choose: random terms where no reference says what a word is."""


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence to translate."""

    job: Job
    reference: str = ""
    term_base: str = ""
    """Which glossary it goes with: occurrences are consistent or not within one."""


def toy(mode: str, count: int, glossaries: int) -> list[Case]:
    """Unseen sentences of the toy language, the same ones under each of several glossaries."""
    import toy_language

    made: list[Case] = []
    for seed in range(glossaries if mode != "no terms" else 1):
        make = {"proper": toy_language.rich_glossary, "random": toy_language.random_glossary}.get(mode)
        terms = make(seed) if make else {}
        glossary = Glossary.of(toy_language.term_base(terms))
        for number, sentence in enumerate(toy_language.sentences(count, 4000, rich=True)):
            job = line_job(f"toy.{seed}.{number}", sentence.source(), glossary)
            made.append(Case(job, sentence.reference(terms), f"toy-{seed}"))
    return made


def toy_numbers() -> list[tuple[Case, Case, Case]]:
    """Minimal pairs: the same sentence with a term in singular, dual and plural."""
    import toy_language

    triples = []
    for seed in range(4):
        terms = toy_language.glossary(seed)
        glossary = Glossary.of(toy_language.term_base(terms))
        for number, sentence in enumerate(toy_language.sentences(60, 5000 + seed)):
            if sentence.subject.noun.singular not in terms:
                continue
            cases = []
            for form in ("sg", "du", "pl"):
                one = replace(sentence, subject=replace(sentence.subject, number=form))
                job = line_job(f"toy.{seed}.{number}.{form}", one.source(), glossary)
                cases.append(Case(job, one.reference(terms), f"toy-{seed}"))
            triples.append((cases[0], cases[1], cases[2]))
    return triples


def seeds(mode: str) -> list[Case]:
    """All sentences of the articles in `seeds/`; nobody wrote references, so only compliance can be seen."""
    articles = [readers.read(path) for path in sorted((ROOT / "seeds").glob("*.md"))]
    base = TermBase(())
    if mode == "proper":
        base = TermBase.load(TermBase.default())
    elif mode == "random":
        base = _random_seed_terms(articles)
    glossary = Glossary.of(base)
    return [Case(job, "", article.slug) for article in articles for job in jobs(article, glossary)]


def _random_seed_terms(articles: Sequence[Article]) -> TermBase:
    """Words that occur twice or more, each with English that nobody would choose."""
    counts = Counter(
        word for article in articles for s in article.segments() for word in ARABIC_WORD.findall(key(s.text))
    )
    drawn = random.Random(SEED).sample(sorted(w for w, n in counts.items() if n > 1), len(UNHEARD))
    return TermBase(tuple(_plain_term(arabic, english) for arabic, english in zip(drawn, UNHEARD, strict=True)))


def _plain_term(arabic: str, english: str) -> Term:
    return Term(arabic, english, number="name", singular=english, plural=english, article="none")


def tico(mode: str, cache: Path, count: int) -> list[Case]:
    """Lines of TICO-19 Arabic-English: for "no terms" any, else such as have terms, and as many that have none."""
    pairs = tico_pairs(cache)
    base = {"no terms": TermBase(()), "proper": tico_terms(cache)}.get(mode) or _random_tico_terms(pairs, cache)
    glossary = Glossary.of(base)
    order = list(range(len(pairs)))
    random.Random(SEED).shuffle(order)
    made: dict[bool, list[Case]] = {True: [], False: []}
    for number in order:
        arabic, english = pairs[number]
        if not 4 <= len(arabic.split()) <= 40:
            continue
        kind = made[bool((job := line_job(f"tico.{number}", arabic, glossary)).requirements)]
        if len(kind) < count:
            kind.append(Case(job, english, "tico"))
        if all(len(kind) >= count for kind in made.values()):
            break
    return made[False] if mode == "no terms" else [*made[True], *made[False]]


def line_job(slug: str, arabic: str, glossary: Glossary) -> Job:
    """One line as an article of one segment, terms found as the product finds them."""
    block = Block(1, Kind.PARAGRAPH, arabic, segments=(Segment(f"{slug}.1.1", arabic),))
    return jobs(Article("line", (block,)), glossary)[0]


class UnavailableError(Exception):
    """A set that cannot be had, and why."""


def fetch_tico(cache: Path) -> None:
    """Put the files into the cache folder, unless they are there; each is what it was when this was written."""
    cache.mkdir(parents=True, exist_ok=True)
    for name, (folder, digest) in TICO_FILES.items():
        path = cache / name
        if not path.exists():
            try:
                with urllib.request.urlopen(f"{TICO}{folder}/{name}", timeout=30) as answer:
                    data = answer.read()
            except (urllib.error.URLError, OSError) as error:
                raise UnavailableError(
                    f"TICO-19 cannot be fetched ({error}); put {', '.join(TICO_FILES)} into {cache}"
                ) from error
            path.write_bytes(data)
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise UnavailableError(f"{path} is not the file that was measured on; remove it")


def tico_pairs(cache: Path) -> list[tuple[str, str]]:
    """Arabic and English, in the order of the file."""
    fetch_tico(cache)
    with zipfile.ZipFile(cache / "all.en-ar.tmx.zip") as packed:
        tree = etree.fromstring(packed.read("all.en-ar.tmx"), etree.XMLParser(resolve_entities=False))
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    pairs = []
    for unit in tree.iter("tu"):
        sides = {
            str(side.get(lang))[:2]: " ".join("".join(str(text) for text in side.itertext()).split())
            for side in unit.iter("tuv")
        }
        if sides.get("ar") and sides.get("en"):
            pairs.append((sides["ar"], sides["en"]))
    return pairs


def tico_terms(cache: Path) -> TermBase:
    """The terminologies that come with the set: no forms added, English plurals by the spelling.

    Where they give several English terms for one Arabic, the one that is commonest in the set's English is the target
    and the others are admitted.
    """
    text = "\n".join(reference for _, reference in tico_pairs(cache)).casefold()
    english: dict[str, list[str]] = defaultdict(list)
    listed: dict[str, str] = {}
    for name in ("f_en-ar_AR.csv", "g_en_ar.csv", "g_ar_en.csv"):
        with (cache / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                sides = row["sourceString"], row["targetString"]
                target, arabic = sides if row["sourceLang"] == "en" else sides[::-1]
                arabic, target = " ".join(arabic.split()), " ".join(target.split())
                if not re.search(r"[A-Za-z(]|\d", arabic) and len(key(arabic)) > 2 and len(target) > 1:
                    listed.setdefault(key(_bare(arabic)), _bare(arabic))
                    english[key(_bare(arabic))].append(target)
    common = {
        folded: sorted(dict.fromkeys(targets), key=lambda target: -text.count(target.casefold()))
        for folded, targets in english.items()
    }
    return TermBase(tuple(_tico_term(arabic, common[folded]) for folded, arabic in sorted(listed.items())))


def _bare(arabic: str) -> str:
    """A single word without its article: how this term base lists nouns."""
    return arabic[2:] if arabic.startswith("ال") and " " not in arabic and len(arabic) > 5 else arabic


def _tico_term(arabic: str, english: Sequence[str]) -> Term:
    target, *others = english
    many = bool(re.search(r"[^siu]s$", target)) and target == target.lower()
    singular = target[:-1] if many else target
    plural = target if many else target + ("es" if re.search(r"(s|x|z|ch|sh)$", target) else "s")
    capital = "keep" if target != target.lower() else "auto"
    return Term(
        arabic,
        target,
        number="pl" if many else "sg",
        singular=singular,
        plural=plural,
        capital=capital,
        admitted=tuple(others),
    )


def _random_tico_terms(pairs: Sequence[tuple[str, str]], cache: Path, count: int = 150) -> TermBase:
    """Any Arabic word that one English word goes with (Dice coefficient over the whole set of at least 0.6)."""
    meant = {word for term in tico_terms(cache).terms for word in key(term.source).split()}
    arabic_seen: Counter[str] = Counter()
    english_seen: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for arabic, english in pairs:
        theirs = {word for word in ARABIC_WORD.findall(key(arabic)) if not word.startswith(("ال", "وال", "لل", "بال"))}
        ours = {w.text for w in words(english) if len(w.text) > 3 and w.text.isalpha() and w.text not in FUNCTION_WORDS}
        arabic_seen.update(theirs)
        english_seen.update(ours)
        together.update((a, e) for a in theirs for e in ours)
    best: dict[str, tuple[float, str]] = {}
    for (arabic, english), both in sorted(together.items()):
        dice = 2 * both / (arabic_seen[arabic] + english_seen[english])
        if both > 3 and dice >= 0.6 and arabic not in meant:
            best[arabic] = max(best.get(arabic, (0.0, "")), (dice, english))
    drawn = random.Random(SEED).sample(sorted(best), min(count, len(best)))
    return TermBase(tuple(_plain_term(arabic, best[arabic][1]) for arabic in drawn))


def with_terms(cases: Iterable[Case]) -> list[Case]:
    """Those in which a term occurs."""
    return [case for case in cases if case.job.requirements]

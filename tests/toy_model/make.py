"""Trains the tiny model of this folder on the toy language, once; the weights are kept, so that nobody has to.

`python tests/toy_model/make.py WORK OUT` writes `config.json`, `model.safetensors` and the tokenizer into OUT (without
it, beside this file), from seeded text alone, in about eight CPU minutes; WORK keeps what is on the way. A new model is
kept only where the figures of `benchmarks.terms --on toy` are better: made again after changes to `training` it obeyed
annotations in 86 % of the cases, the one that is kept in 94 %. Half of the sentences carry inline term annotations in
the product's own form, mostly with English that was made up for that sentence: the model learns to write what it is
told. Links from English to Arabic pieces are those of the toy language itself, so nothing has to be aligned. The
training loop and the export are those of `training`. Knows nothing of tests.
"""

# ruff: noqa: E402 - run as a script, it has to say first where the project is

from __future__ import annotations

import json
import lzma
import random
import re
import shutil
import string
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import numpy as np
import toy_language
from toy_language import Forms, Noun, Part, Phrase, Sentence

from training.export import export
from training.fit import Run, fit
from training.plan import Plan
from training.prepare import Pair, train_tokenizer
from translate.engines.pieces import CLOSE, MIDDLE, OPEN, STOP, Pieces
from translate.words import Word, words

HERE = Path(__file__).resolve().parent
SENTENCES, SEED = 24_000, 11
ANNOTATED = 0.65  # of the sentences
OF_NOUNS, OF_OTHERS = 0.6, 0.2  # of the nouns, and of the other words, of those sentences
HARDER = 0.85  # of the sentences of the second part
MASKED = 0.2  # of the annotations in the singular or plural show no surface
KNOWN = 0.15  # of the annotations give the English that the language has anyway
SOURCE_LIMIT = 60
NOUNS = {noun.singular: noun for noun in toy_language.TERMS}
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويةءئؤ"
PLAN = Plan(
    vocabulary=560,
    width=72,
    encoder=2,
    decoder=1,
    heads=2,
    tokens=1200,
    accumulate=1,
    warmup=100,
    rate=5e-3,
    minutes=600.0,
    cooldown=400.0,
    updates=3200,
    smoothing=0.05,
    guidance=0.5,
    annotate=False,
    compiled=False,
    threads=1,
    seed=SEED,
)
SECOND = replace(PLAN, updates=1100, cooldown=600.0, rate=2.5e-3, warmup=30, seed=SEED + 1)
"""A second part from where the first ended: harder terms, the rate falling all the time."""
DOUBLED = ["sse", "rro", "nna", "tte", "lli", "ppi", "dde", "mma", "ffo", "gge", "bba", "cce"]
ONSETS = [*"bcdfghjklmnprstvwz", "br", "ch", "cl", "cr", "dr", "fl", "gr", "pl", "pr", "sh", "st", "th", "tr"]
VOWELS = [*"aeiou", "ai", "ea", "ee", "ie", "oo", "ou"]
CODAS = ["", "", "n", "r", "l", "t", "m", "d", "ck", "nt", "st", "rn", "ng", "x", "y"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One pair as ids, with a source position for every target id."""

    source: list[int]
    target: list[int]
    links: list[int]


def invented(generator: random.Random, *, harder: bool = False) -> Forms:
    """English nobody has seen: `("iron brachet", "iron brachets")`; `harder` with doubled letters and known words."""

    def word() -> str:
        if harder and generator.random() < 0.15:
            return generator.choice(toy_language.NOUNS).english[0]
        syllables = generator.choices((1, 2, 3), (2, 5, 2))[0]
        parts = [
            generator.choice(ONSETS) + generator.choice(VOWELS) + generator.choice(CODAS) for _ in range(syllables)
        ]
        if harder and generator.random() < 0.4:
            parts = [re.sub(r"(?<=[aeiou])([bcdfglmnprst])(?=[aeiou]|$)", r"\1\1", part) for part in parts]
            parts.insert(generator.randrange(len(parts)), generator.choice(DOUBLED))
        return ("" if generator.random() < 0.8 else generator.choice("aeiou")) + "".join(parts)

    phrase = " ".join(word() for _ in range(generator.choices((1, 2, 3), (6, 4, 1))[0]))
    if generator.random() < 0.15:
        phrase = phrase.title()
    return phrase, phrase + "s"


def texts(seed: int = SEED, *, harder: bool = False) -> Iterator[tuple[Sentence, dict[str, Forms]]]:
    """Sentences, each with the glossary that it is to be translated under."""
    generator = random.Random(seed)
    for sentence in toy_language.sentences(SENTENCES // 2 if harder else SENTENCES, seed, rich=True):
        glossary: dict[str, Forms] = {}
        if generator.random() < (HARDER if harder else ANNOTATED):
            for phrase in sentence.phrases:
                if generator.random() < OF_NOUNS:
                    known = generator.random() < KNOWN
                    glossary[phrase.noun.singular] = phrase.noun.english if known else _forms(phrase, generator, harder)
            for arabic, english in _others(sentence):
                if generator.random() < OF_OTHERS:
                    known = generator.random() < 0.5
                    glossary[arabic] = (english, english) if known else invented(generator, harder=harder)
        yield sentence, glossary


def _forms(phrase: Phrase, generator: random.Random, harder: bool) -> Forms:
    one, many = invented(generator, harder=harder)
    return (one.title(), one.title()) if phrase.noun.name else (one, many)


def _others(sentence: Sentence) -> list[tuple[str, str]]:
    """Verb, adjectives and place with their English."""
    found = [(sentence.verb, toy_language.VERBS[sentence.verb])]
    found += [(p.adjective, toy_language.ADJECTIVES[p.adjective]) for p in sentence.phrases if p.adjective]
    if isinstance(sentence.place, str) and sentence.place:
        found.append((sentence.place, toy_language.PLACES[sentence.place]))
    return found


class Encoder:
    """From sentences to ids, annotations as the product's own tokenizer writes them."""

    def __init__(self, folder: Path) -> None:
        self.pieces = Pieces(folder)
        self._random = random.Random(SEED + 1)

    def __call__(self, sentence: Sentence, glossary: dict[str, Forms]) -> Encoded:
        """One training pair."""
        source, parts, reference = sentence.source(), sentence.parts(glossary), sentence.reference(glossary)
        pieces, starts, hints = self._source(source, [part for part in parts if part.term])
        target = self.pieces.target(reference)
        links: list[int] = []
        spans = _part_spans(reference, parts)
        for number, (begin, end) in enumerate(target.spans):
            if target.pieces[number] == "▁":  # a space belongs to the word behind it
                end += 1
            at = next((n for n, (b, e) in enumerate(spans) if b < end and begin < e), -1)
            if at < 0:
                links.append(len(pieces) - 1)  # the full stop
            elif parts[at].term:
                first, count = hints[parts[at].word]
                before = sum(b + 1 >= spans[at][0] for b, _ in target.spans[:number])
                links.append(first + min(before, count - 1))
            else:
                links.append(starts[parts[at].word])
        ids = self.pieces.ids
        return Encoded([ids[p] for p in pieces], [ids[p] for p in target.pieces], links)

    def _source(self, source: str, terms: list[Part]) -> tuple[list[str], dict[int, int], dict[int, tuple[int, int]]]:
        """Pieces; the first piece of each Arabic word; by a term's Arabic word first piece and length of its hint."""
        plain, arabic = self.pieces.source(source), words(source)
        pieces: list[str] = []
        starts: dict[int, int] = {}
        hints: dict[int, tuple[int, int]] = {}
        at = 0
        for part in sorted(terms, key=lambda part: part.word):
            begin, end = arabic[part.word].begin, arabic[part.word + part.term.count(" ")].end
            while at < len(plain.pieces) and plain.spans[at][1] <= begin:
                _note(starts, arabic, plain.spans[at], len(pieces))
                pieces.append(plain.pieces[at])
                at += 1
            masked = part.term in NOUNS and self._random.random() < MASKED
            lead = _clitics(source[begin:end], NOUNS[part.term]) if masked else None
            if lead:
                pieces += self.pieces.source(lead).pieces
            pieces.append(OPEN)
            while at < len(plain.pieces) and plain.spans[at][0] < end:
                _note(starts, arabic, plain.spans[at], len(pieces) - (lead is not None))
                if lead is None:
                    pieces.append(plain.pieces[at])
                at += 1
            pieces.append(MIDDLE)
            shown = self.pieces.source(part.text).pieces
            hints[part.word] = len(pieces), len(shown)
            pieces += [*shown, STOP, CLOSE]
        for n in range(at, len(plain.pieces)):
            _note(starts, arabic, plain.spans[n], len(pieces))
            pieces.append(plain.pieces[n])
        return pieces, starts, hints


def _note(starts: dict[int, int], arabic: list[Word], span: tuple[int, int], piece: int) -> None:
    for number, word in enumerate(arabic):
        if word.begin < span[1] and span[0] < word.end:
            starts.setdefault(number, piece)


def _clitics(surface: str, noun: Noun) -> str | None:
    """`بالمفرزة` -> `بال`; None for a dual, whose number only the surface tells."""
    own = next((form for form in (noun.plural, noun.singular) if surface.endswith(form)), None)
    return None if own is None else surface.removesuffix(own)


def _part_spans(reference: str, parts: list[Part]) -> list[tuple[int, int]]:
    """Where each part of the reference stands; the first may have gained a capital."""
    spans, at = [], 0
    for part in parts:
        begin = reference.lower().index(part.text.lower(), at)
        spans.append((begin, begin + len(part.text)))
        at = begin + len(part.text)
    return spans


def tokenizer(out: Path, pairs: list[tuple[Sentence, dict[str, Forms]]]) -> None:
    """A SentencePiece model for both languages, and the vocabulary as `export` will write it."""
    generator = random.Random(SEED + 2)
    text = [Pair(sentence.source(), sentence.reference(), 0) for sentence, _ in pairs[:4000]]
    english = [(noun.singular, word) for noun in toy_language.TERMS for word in noun.english]
    text += [Pair(arabic, f"{word} {invented(generator)[1]}", 0) for arabic, word in english]
    text += [Pair(" ".join(ARABIC), " ".join(string.ascii_letters), 0)] * 20  # whatever a test may write
    text += [Pair("", invented(generator)[0], 0) for _ in range(1500)]
    mono = out / "mono.xz"
    mono.write_bytes(lzma.compress(b"\n"))
    train_tokenizer(text, mono, out, PLAN.vocabulary, SEED)
    import sentencepiece

    learnt = sentencepiece.SentencePieceProcessor(model_file=str(out / "joint.model"))
    ids = {learnt.id_to_piece(number): number for number in range(learnt.get_piece_size())}
    (out / "vocab.json").write_text(json.dumps(ids), encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(out / "joint.model", out / name)


def write(out: Path, encoded: list[Encoded]) -> None:
    """The files `training.fit` reads."""

    def flat(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
        return np.concatenate([np.array(row, np.uint16) for row in rows]), np.cumsum([0, *map(len, rows)])

    source, source_at = flat([one.source for one in encoded])
    target, target_at = flat([one.target for one in encoded])
    kind = np.ones(len(encoded), np.uint8)
    np.savez(out / "train.npz", source=source, source_at=source_at, target=target, target_at=target_at, kind=kind)
    np.save(out / "links.npy", flat([one.links for one in encoded])[0].astype(np.uint8))


def main() -> None:
    """Everything, into a working folder, then the result into its own."""
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    work = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="toy-model-"))
    data, more, out = work / "data", work / "more", work / "model"
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE
    for folder in (data, kept):
        folder.mkdir(parents=True, exist_ok=True)
    pairs = list(texts())
    tokenizer(data, pairs)
    encoder = Encoder(data)
    write(data, [encoder(sentence, glossary) for sentence, glossary in pairs])
    fit(data, work / "run", PLAN)
    again(data, more, work / "run", work / "second", SECOND)
    for name in ("dev.tsv", "rehearsal.tsv"):  # `export` copies them
        (more / name).write_text("", encoding="utf-8")
    export(work / "second", more, out, SOURCE_LIMIT, "average")
    (out / "tarjuman.json").write_text(json.dumps({"source_limit": SOURCE_LIMIT, "annotations": True}) + "\n")
    for path in sorted(path for path in out.iterdir() if path.suffix != ".tsv"):
        shutil.copyfile(path, kept / path.name)


def again(data: Path, more: Path, before: Path, run: Path, plan: Plan) -> None:
    """A further part: the weights of the one before, new sentences, the same tokenizer."""
    shutil.copytree(data, more, ignore=shutil.ignore_patterns("*.np*"), dirs_exist_ok=True)
    encoder = Encoder(more)
    write(more, [encoder(sentence, glossary) for sentence, glossary in texts(plan.seed + 6, harder=True)])
    begun = Run(plan, more / "none")
    begun.model.load_state_dict(type(begun.model).from_pretrained(before / "final").state_dict())
    run.mkdir(exist_ok=True)
    begun.save(run / "stable.pt")
    fit(more, run, plan)


if __name__ == "__main__":
    main()

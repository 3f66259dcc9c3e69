"""From the raw corpora to id files: select, clean, deduplicate, train the tokenizer, encode.

Knows nothing of models. Writes `joint.model` (SentencePiece), `train.npz` and `dev.tsv` into the data folder.
"""

from __future__ import annotations

import logging
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece

from training.normalise import normalise, write_table
from translate.engines.pieces import ANNOTATION

log = logging.getLogger(__name__)

ARABIC = re.compile(r"[\u0621-\u064a]")
LATIN = re.compile(r"[A-Za-z]")
KINDS = {"news": 0, "authored": 0, "general": 1, "interface": 2, "religious": 3, "lexicon": 4}
SKIPPED = {"nllb_seed_arz_ary", "react_docs", "captions_3b1b_community"}  # dialect; code-heavy
PAIRS = Path(__file__).parent / "pairs"
"""News pairs that came after the corpus; see the README there."""
NEAR_DUPLICATES = 3  # boilerplate such as "Link to the story in ..." repeats by the hundred


@dataclass(frozen=True, slots=True)
class Pair:
    """One cleaned sentence pair; `kind` is a value of KINDS."""

    source: str
    target: str
    kind: int


def _read(path: Path) -> Iterator[list[str]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


def raw_pairs(corpus: Path) -> Iterator[tuple[str, str, str, str]]:
    """Every pair as it lies in the corpus: (kind, origin, source, target)."""
    for path in (corpus / "news_pairs.tsv.xz", *sorted(PAIRS.glob("*.tsv.xz"))):
        for kind, source, target in _read(path):
            yield kind, kind, source, target
    for name in ("open_pairs.tsv.xz", "lexicon_pairs.tsv.xz"):
        for kind, origin, source, target in _read(corpus / name):
            yield kind, origin, source, target


def _usable(source: str, target: str, kind: int) -> bool:
    words, english = len(source.split()), len(target.split())
    if not ARABIC.search(source) or not LATIN.search(target) or ARABIC.search(target):
        return False
    if words > 90 or english > 120 or len(LATIN.findall(source)) > 0.4 * len(source):
        return False
    return kind == 4 or words + english <= 6 or 0.4 <= (english + 1) / (words + 1) <= 3.5


def _key(text: str) -> str:
    return re.sub(r"\W+", "", normalise(text).lower())


def held_out_keys(paths: list[Path]) -> set[str]:
    """Folded lines of evaluation sets and seed articles that must never be trained on."""
    keys = set()
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            for part in line.split("\t"):
                for sentence in (part, *re.split(r"(?<=[.؟!])\s", part)):
                    keys.add(_key(sentence))
    return {key for key in keys if len(key) > 20}


def select(corpus: Path, held_out: set[str], seed: int) -> list[Pair]:
    """Clean and deduplicate every corpus file, in a seeded random order."""
    seen: set[tuple[str, str]] = set()
    shapes: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    pairs = []
    for kind_name, origin, source, target in raw_pairs(corpus):
        source, target, kind = normalise(source), normalise(target), KINDS[kind_name]
        keys = _key(source), _key(target)
        shape = re.sub(r"\d+", "0", keys[1])[:60]
        if origin in SKIPPED:
            dropped["skipped"] += 1
        elif not _usable(source, target, kind):
            dropped["unusable"] += 1
        elif keys[0] in held_out or keys[1] in held_out:
            dropped["held out"] += 1
        elif keys in seen or (len(shape) > 20 and shapes[shape] >= NEAR_DUPLICATES):
            dropped["duplicate"] += 1
        else:
            seen.add(keys)
            shapes[shape] += 1
            pairs.append(Pair(source, target, kind))
    log.info("pairs kept %d %s; dropped %s", len(pairs), dict(Counter(p.kind for p in pairs)), dict(dropped))
    random.Random(seed).shuffle(pairs)
    return pairs


def _joined(pairs: list[Pair], share: float, generator: random.Random) -> list[Pair]:
    """Two or three news sentences as one, so that long quotations are seen in training."""
    news = [pair for pair in pairs if pair.kind == 0 and len(pair.source.split()) < 40]
    made = []
    for _ in range(int(len(news) * share)):
        parts = generator.sample(news, generator.choice((2, 2, 3)))
        made.append(Pair(" ".join(p.source for p in parts), " ".join(p.target for p in parts), 0))
    return made


def train_tokenizer(pairs: list[Pair], mono: Path, out: Path, vocabulary: int, seed: int) -> None:
    """One SentencePiece unigram model for both languages: `</s>` 0, `<unk>` 1, pieces; `<pad>` is added last later."""
    generator = random.Random(seed)
    share = {0: 1.0, 1: 1.0, 2: 0.2, 3: 0.1, 4: 0.08}
    text = out / "tokenizer.txt"
    with text.open("w", encoding="utf-8") as lines:
        for pair in pairs:
            if generator.random() < share[pair.kind]:
                lines.write(f"{pair.source}\n{pair.target}\n")
        with lzma.open(mono, "rt", encoding="utf-8") as more:
            lines.writelines(line for number, line in enumerate(more) if number % 12 == 0)
    write_table(out / "normalisation.tsv")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(out / "joint"),
        vocab_size=vocabulary - 1,
        model_type="unigram",
        character_coverage=0.9998,
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        pad_id=-1,
        user_defined_symbols=list(ANNOTATION),
        split_digits=True,
        input_sentence_size=400_000,
        shuffle_input_sentence=True,
        num_threads=2,
        normalization_rule_tsv=str(out / "normalisation.tsv"),
        minloglevel=1,
    )
    text.unlink()


def _rehearsal(train: list[Pair], path: Path, count: int = 1500) -> None:
    """Some of the news pairs, to ship with the model: what is adapted later learns them again."""
    chosen = [pair for pair in train if pair.kind == 0 and 8 < len(pair.source.split()) < 40][:count]
    path.write_text("".join(f"{pair.source}\t{pair.target}\n" for pair in chosen), encoding="utf-8")


def _held_out(out: Path, evaluation: Path) -> list[Pair]:
    """The pairs set aside and those of the evaluation sets, as they are, for `align` to align and never to learn."""
    rows = []
    for path in (out / "dev.tsv", *sorted(evaluation.glob("*.tsv"))):
        rows += [line.split("\t")[:2] for line in path.read_text(encoding="utf-8").splitlines()]
    return [Pair(source, target, 0) for source, target in rows]


def _encode(pairs: list[Pair], model: Path, path: Path, longest: int) -> None:
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(model))
    sources = tokenizer.encode([pair.source for pair in pairs])
    targets = tokenizer.encode([pair.target for pair in pairs])
    kept = [i for i, (s, t) in enumerate(zip(sources, targets, strict=True)) if 0 < len(s) < longest > len(t) > 0]

    def flat(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
        chosen = [np.array(rows[i], np.uint16) for i in kept]
        return np.concatenate(chosen), np.cumsum([0, *map(len, chosen)])

    source, source_at = flat(sources)
    target, target_at = flat(targets)
    kind = np.array([pairs[i].kind for i in kept], np.uint8)
    np.savez(path, source=source, source_at=source_at, target=target, target_at=target_at, kind=kind)
    log.info("%s: %d pairs, %d source and %d target tokens", path.name, len(kept), len(source), len(target))


def prepare(
    texts: Path, out: Path, vocabulary: int = 8000, longest: int = 128, seed: int = 1, *, grow: bool = False
) -> None:
    """Run the whole stage. `texts` holds `corpus/`, `eval/` and `seeds/`; `longest` is in tokens.

    `grow` adds text to a run under way: the tokenizer and the 200 pairs set aside in `out` stay what they are.
    """
    out.mkdir(parents=True, exist_ok=True)
    held_out = held_out_keys(sorted((texts / "eval").glob("*.tsv")) + sorted((texts / "seeds").glob("*.txt")))
    if grow:
        held_out |= held_out_keys([out / "dev.tsv"])
    train = select(texts / "corpus", held_out, seed)
    if not grow:
        dev = [pair for pair in train if pair.kind == 0 and len(pair.source.split()) > 5][:200]
        aside = set(dev)
        train = [pair for pair in train if pair not in aside]
        (out / "dev.tsv").write_text("".join(f"{p.source}\t{p.target}\n" for p in dev), encoding="utf-8")
        train_tokenizer(train, texts / "corpus" / "news_mono.ar.txt.xz", out, vocabulary, seed)
    _rehearsal(train, out / "rehearsal.tsv")
    train += _joined(train, 0.1, random.Random(seed))
    _encode(train, out / "joint.model", out / "train.npz", longest)
    _encode(_held_out(out, texts / "eval"), out / "joint.model", out / "held-out.npz", longest)

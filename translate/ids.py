"""Names that last: the slug of an article, the numbers of its blocks, the ids of its segments.

An id is `article.block.segment`, given once and kept for ever: it is anchor, XLIFF id and review address. `number`
gives the first ids, `realign` carries them over to an edited source. A segment that moved to another paragraph keeps
its id, so an id names a segment and does not promise where it stands. Nothing here knows how an article is read.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from rapidfuzz import fuzz

from translate.composed import composed
from translate.document import Article, Block, Segment

SLUG_LIMIT = 100
"""Characters. With every ending we add, a file of this name fits any file system."""
SLUG = re.compile(rf"(?!(?:con|prn|aux|nul|(?:com|lpt)[0-9])\Z)[a-z][a-z0-9-]{{0,{SLUG_LIMIT - 1}}}\Z")
"""What an article may be called: a file name, an anchor and a part of an address, wherever it goes; never a name that
Windows keeps for itself."""
SLUG_RULE = (
    f"A name is a-z, then a-z, 0-9 and hyphens, at most {SLUG_LIMIT} characters; not con, nul, com1 and the like"
)
_CUT_MARK = 8
"""Hexadecimal digits that keep two long names apart when both are cut."""

SIMILAR = 60.0
"""From this similarity on (0-100) a text in the same place counts as the old one, edited."""
SIMILAR_ELSEWHERE = 85.0
"""A text in another place has to be more alike than that."""
_BAND = 40
"""How far apart two changed texts between the same unchanged neighbours are still compared."""
_RARE = 4
"""Of a text that moved, so many of its rarest words lead to the texts it is compared with."""
_FEW = 20
"""At most so many texts are looked at for each of those words."""

_LATIN = {
    **dict(zip("ابتجحدرزسصضطظعفقكلمنهويةىء", "abtjhdrzssdtzafqklmnhwyay'", strict=True)),
    **{"ث": "th", "خ": "kh", "ذ": "dh", "ش": "sh", "غ": "gh", "آ": "a", "أ": "a", "إ": "i", "ؤ": "w", "ئ": "y"},
    **{"پ": "p", "چ": "ch", "گ": "g", "ڤ": "v", "ی": "y", "ک": "k"},
}


def slug(name: str) -> str:
    """A name as an article's slug: `'000_c668.v2'` -> `'a-000-c668-v2'`, `'تحرير تكريت'` -> `'thryr-tkryt'`.

    One that is too long is cut and ends in a mark made of the whole name.
    """
    spelled = "".join(_LATIN.get(c, c) for c in composed(name))
    ascii_only = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower().replace("'", "")
    plain = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    if not plain:
        return "article"
    whole = plain if plain[0].isalpha() and (SLUG.match(plain) or len(plain) > SLUG_LIMIT) else f"a-{plain}"
    if len(whole) <= SLUG_LIMIT:
        return whole
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_CUT_MARK]
    return f"{whole[: SLUG_LIMIT - _CUT_MARK - 1].rstrip('-')}-{mark}"


def number(slug: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks numbered 1, 2, 3 ... and their segments `slug.1.1`, `slug.1.2` ..."""
    return tuple(
        replace(
            block,
            number=at,
            segments=tuple(replace(s, id=f"{slug}.{at}.{n}") for n, s in enumerate(block.segments, 1)),
        )
        for at, block in enumerate(blocks, 1)
    )


def realign(old: Article, new: Article, taken: Iterable[str] = ()) -> Article:
    """The new article with the numbers and ids its texts had in the old one.

    Equal texts first, wherever they stand now, then similar ones in order, then similar ones that moved. What is left
    gets numbers that neither the old article nor `taken` (ids that live on elsewhere, such as orphans) ever used; the
    highest ones used are remembered where they are not seen any more.
    """
    spent = {s.id for s in old.segments()} | {f"{old.slug}.{b.number}.{b.last}" for b in old.blocks} | set(taken)
    last_number = _last_number(old, spent)
    numbers = _block_numbers(old, new, last_number)
    old_segments, new_segments = list(old.segments()), list(new.segments())
    pairs = match([s.text for s in old_segments], [s.text for s in new_segments])
    kept = {at: old_segments[was].id for at, was in pairs.items()}
    fresh = _Fresh(spent)
    blocks: list[Block] = []
    at = 0
    for block, its in zip(new.blocks, numbers, strict=True):
        segments: list[Segment] = []
        for segment in block.segments:
            segments.append(replace(segment, id=kept.get(at) or fresh.take(f"{old.slug}.{its}")))
            at += 1
        blocks.append(replace(block, number=its, segments=tuple(segments)))
    seen = {s.id for block in blocks for s in block.segments}
    return replace(
        new,
        slug=old.slug,
        blocks=tuple(replace(block, last=fresh.unseen(f"{old.slug}.{block.number}", seen)) for block in blocks),
        last_number=last_number if last_number > max(numbers, default=0) else 0,
    )


class _Fresh:
    """Hands out segment ids nobody has used."""

    def __init__(self, spent: Iterable[str]) -> None:
        self._last: dict[str, int] = defaultdict(int)
        for name in spent:
            parent, _, last = name.rpartition(".")
            if last.isdecimal():
                self._last[parent] = max(self._last[parent], int(last))

    def take(self, parent: str) -> str:
        """`'x.12'` -> `'x.12.4'` when `x.12.3` was the last one used."""
        self._last[parent] += 1
        return f"{parent}.{self._last[parent]}"

    def unseen(self, parent: str, seen: Container[str]) -> int:
        """The last number used in `parent`; 0 when an id that is there says so."""
        last = self._last[parent]
        return 0 if f"{parent}.{last}" in seen else last


def _last_number(old: Article, spent: Iterable[str]) -> int:
    """The highest number a block ever had."""
    used = [old.last_number, *(b.number for b in old.blocks)]
    used += [int(p[-2]) for p in (name.split(".") for name in spent) if len(p) > 2 and p[-2].isdecimal()]
    return max(used)


def _block_numbers(old: Article, new: Article, following: int) -> list[int]:
    """A number for every new block: the old block's, or one after `following`."""
    pairs = match([_key(b) for b in old.blocks], [_key(b) for b in new.blocks])
    numbers: list[int] = []
    for at in range(len(new.blocks)):
        if at in pairs:
            numbers.append(old.blocks[pairs[at]].number)
        else:
            following += 1
            numbers.append(following)
    return numbers


def _key(block: Block) -> str:
    """What makes a block the same block; the title stays the title whatever it says."""
    return f"\0{block.field}" if block.field else block.text


def match(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which old text each new text was: index in `new` -> index in `old`.

    `['a', 'bcd', 'e']`, `['e', 'a', 'bce', 'x']` -> `{0: 2, 1: 0, 2: 1}`
    """
    pairs = _equal(old, new)
    spoken = set(pairs.values())
    for olds, news in _gaps(pairs, len(old), len(new)):
        left, right = [i for i in olds if i not in spoken], [j for j in news if j not in pairs]
        pairs.update(_similar_in_order(old, new, left, right))
    pairs.update(_moved(old, new, pairs))
    return pairs


def _equal(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Equal texts: from the front, from the back, then the n-th of a text to its n-th."""
    pairs: dict[int, int] = {}
    front = 0
    while front < min(len(old), len(new)) and old[front] == new[front]:
        pairs[front] = front
        front += 1
    back = 0
    while back < min(len(old), len(new)) - front and old[-1 - back] == new[-1 - back]:
        back += 1
        pairs[len(new) - back] = len(old) - back
    where: dict[str, list[int]] = defaultdict(list)
    for at in range(len(old) - back - 1, front - 1, -1):
        where[old[at]].append(at)
    for at in range(front, len(new) - back):
        if where.get(new[at]):
            pairs[at] = where[new[at]].pop()
    return pairs


def _gaps(pairs: dict[int, int], old: int, new: int) -> list[tuple[range, range]]:
    """Stretches of old and new between texts that kept their order."""
    order = _longest_rise(sorted(pairs.items()))
    edges = [(-1, -1), *order, (new, old)]
    return [(range(a[1] + 1, b[1]), range(a[0] + 1, b[0])) for a, b in pairwise(edges)]


def _longest_rise(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs ascending on both sides."""
    tops: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for at, (_, was) in enumerate(pairs):
        pile = bisect_left(tops, was)
        back.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [was]
        ends[pile : pile + 1] = [at]
    run: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(pairs[at])
        at = back[at]
    return run[::-1]


def _similar_in_order(
    old: Sequence[str], new: Sequence[str], left: Sequence[int], right: Sequence[int]
) -> dict[int, int]:
    """Texts of one stretch that are alike, the most alike first, none crossing another."""
    likes: list[tuple[float, int, int]] = []
    for at, j in enumerate(right):
        centre = at * len(left) // len(right)
        near = left[max(0, centre - _BAND) : centre + _BAND + 1]
        likes += [(-like, j, i) for i in near if (like := fuzz.ratio(old[i], new[j], score_cutoff=SIMILAR))]
    order: list[tuple[int, int]] = []
    for _, j, i in sorted(likes):
        at = bisect_left(order, (j, i))
        before = order[at - 1] if at else (-1, -1)
        after = order[at] if at < len(order) else (len(new), len(old))
        if before[0] < j < after[0] and before[1] < i < after[1]:
            order.insert(at, (j, i))
    return dict(order)


def _moved(old: Sequence[str], new: Sequence[str], pairs: dict[int, int]) -> dict[int, int]:
    """Texts left over on both sides that are very much alike, the most alike first.

    Only texts that share a word found in few others are compared: as alike as this they always do, in an article.
    """
    spoken = set(pairs.values())
    where: dict[str, list[int]] = defaultdict(list)
    for i in (i for i in range(len(old)) if i not in spoken):
        for word in set(old[i].split()):
            where[word].append(i)
    likes: list[tuple[float, int, int]] = []
    for j in (j for j in range(len(new)) if j not in pairs):
        known = sorted((where[word] for word in set(new[j].split()) if word in where), key=len)
        near = {i for places in known[:_RARE] for i in places[:_FEW]}
        likes += [(-like, j, i) for i in near if (like := fuzz.ratio(old[i], new[j], score_cutoff=SIMILAR_ELSEWHERE))]
    found: dict[int, int] = {}
    for _, j, i in sorted(likes):
        if j not in found and i not in spoken:
            found[j] = i
            spoken.add(i)
    return found

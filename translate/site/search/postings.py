"""Where a key stands: (article, sentences) pairs packed into bytes, and the files they are fetched in.

An article is a number, a sentence its place in the article. Numbers are written as their distance from the one before,
seven bits a byte, so that a key in every article of a site costs two or three bytes for each. Knows no database and no
language; `site_templates/static/search/shards.js` reads what is written here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from heapq import merge
from itertools import chain
from operator import itemgetter, sub
from typing import NamedTuple

SHARE = 4
"""Letters that decide in which shard a key lies: all endings of a word together, and what it may go on to be."""
SPOT_BITS = 16
"""Of the places to which keys are spread; a shard is a run of them."""
LARGE = 6_000
"""Bytes: a key that takes more is fetched by itself, so that its neighbours stay cheap."""
CROWDED, SMALL = 16_000, 400
"""Bytes: where a shard's keys take more together, the largest are fetched by themselves, too, down to a small one."""


Place = tuple[int, Sequence[int]]
"""One article and the sentences of it, in order. A plain pair: there are millions."""


class Row(NamedTuple):
    """One key of a shard."""

    key: str
    articles: int
    packed: bytes
    large: bool = False
    """Whether it has a file of its own."""


def spread(rows: Sequence[Row]) -> list[Row]:
    """The keys of a shard, of which the largest get files of their own."""
    left, apart = sum(len(row.packed) for row in rows), set()
    for row in sorted(rows, key=lambda row: (-len(row.packed), row.key)):
        size = len(row.packed)
        if size <= LARGE and (left <= CROWDED or size <= SMALL):
            break
        apart.add(row.key)
        left -= size
    return [row._replace(large=True) if row.key in apart else row for row in rows]


def spot(key: str) -> int:
    """`'ساحل'` -> a number below 2^16, the same for everything that begins so (FNV-1a over UTF-16)."""
    value = 0x811C9DC5
    for letter in key[:SHARE]:
        value = (value ^ ord(letter)) * 0x01000193 & 0xFFFFFFFF
    return (value ^ value >> 16) % (1 << SPOT_BITS)


class Packer:
    """Places of one key, packed as they come; articles come in order."""

    __slots__ = ("articles", "last", "out")

    def __init__(self) -> None:
        self.out, self.articles, self.last = bytearray(), 0, 0

    def add(self, article: int, sentences: Sequence[int]) -> None:
        """One more article."""
        self.put(article, len(sentences) == 1, counted(sentences))

    def put(self, article: int, single: bool, sentences: bytes) -> None:
        """As `add`, with the sentences as `counted` packs them. Called for every key of every article."""
        out = self.out
        value = (article - self.last) * 2 + single
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        out.append(value)
        out += sentences
        self.last = article
        self.articles += 1

    @property
    def first(self) -> int:
        """The first article."""
        return _take(self.out, 0)[0] >> 1

    def behind(self, last: int) -> bytes:
        """The same bytes for the end of a list whose last article is `last`."""
        head, at = _take(self.out, 0)
        begin = bytearray()
        _put(begin, head - last * 2)
        return bytes(begin + self.out[at:])


def counted(sentences: Sequence[int]) -> bytes:
    """`[5]` -> the byte 5; `[0, 3]` -> 2, how many they are, then their `steps`."""
    if len(sentences) == 1:
        return steps(sentences)
    out = bytearray()
    _put(out, len(sentences))
    return bytes(out + steps(sentences))


def steps(sentences: Sequence[int]) -> bytes:
    """`[0, 3]` -> the bytes 0 and 3: each as its distance from the one before."""
    if sentences and sentences[-1] <= 0x7F:  # nearly always: every distance is a byte
        return bytes(map(sub, sentences, chain((0,), sentences)))
    out = bytearray()
    at = 0
    for sentence in sentences:
        _put(out, sentence - at)
        at = sentence
    return bytes(out)


def pack(places: Iterable[Place]) -> Packer:
    """`[(5, [0, 3])]` -> bytes, how many and which is the last."""
    packer = Packer()
    for article, sentences in places:
        packer.add(article, sentences)
    return packer


def unpack(packed: bytes | bytearray, article: int = 0) -> Iterator[Place]:
    """The places again; those behind `article` where it is not all of them."""
    at, end = 0, len(packed)
    while at < end:
        head, at = _take(packed, at)
        article += head >> 1
        count = 1
        if not head & 1:
            count, at = _take(packed, at)
        sentence, sentences = 0, []
        for _ in range(count):
            step, at = _take(packed, at)
            sentence += step
            sentences.append(sentence)
        yield article, sentences


def revised(packed: bytes, without: Collection[int], added: bytes | bytearray) -> Packer:
    """The places of a key after some articles went and others came.

    What stands before the first and behind the last of these articles is copied and not understood: a common word has
    thousands of places, and a revision is about one or two.
    """
    more = list(unpack(added))
    numbers = {*without, *(article for article, _ in more)}
    low, high = min(numbers, default=0), max(numbers, default=0)
    packer = Packer()
    begin, packer.last, packer.articles = _skip(packed, 0, 0, low)
    packer.out += packed[:begin]
    end, last, count = _skip(packed, begin, packer.last, high + 1)
    inside = (place for place in unpack(packed[begin:end], packer.last) if place[0] not in without)
    for article, sentences in merge(inside, more, key=itemgetter(0)):
        packer.add(article, sentences)
    if end < len(packed):
        head, behind = _take(packed, end)
        _put(packer.out, head + (last - packer.last) * 2)
        packer.out += packed[behind:]
        _, packer.last, count = _skip(packed, end, last, None)
        packer.articles += count
    return packer


def _skip(packed: bytes, at: int, article: int, until: int | None) -> tuple[int, int, int]:
    """From a place behind `article` to the first place whose article is not below `until`.

    Gives where that is, the article before it and how many articles lie between. Written for speed.
    """
    end, articles = len(packed), 0
    while at < end:
        begin = at
        head = packed[at]
        at += 1
        if head > 0x7F:
            head, at = _take(packed, begin)
        if until is not None and article + (head >> 1) >= until:
            return begin, article, articles
        article += head >> 1
        articles += 1
        count = 1
        if not head & 1:
            count = packed[at]
            at += 1
            if count > 0x7F:
                count, at = _take(packed, at - 1)
        for _ in range(count):
            while packed[at] > 0x7F:
                at += 1
            at += 1
    return end, article, articles


def shard(rows: Iterable[Row]) -> bytes:
    """Keys in order and what they have, as one file: length of the head, the head as JSON, the places."""
    keys: list[str] = []
    sizes: list[object] = []
    body = bytearray()
    for row in rows:
        keys.append(row.key)
        if row.large:
            sizes.append([file_of(row.key), row.articles])
        else:
            sizes.append(len(row.packed))
            body += row.packed
    head = json.dumps([keys, sizes], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return len(head).to_bytes(4, "little") + head + bytes(body)


def file_of(key: str) -> str:
    """The name of the file of a large key: made of hexadecimal digits, not of its letters."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def _put(out: bytearray, value: int) -> None:
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _take(packed: bytes | bytearray, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = packed[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7

"""Where Arabic sentences end, and where a sentence that is too long may be cut.

`split` finds sentences in the text of one block; `clauses` cuts one sentence into pieces that fit an engine. Both
answer with spans into the text they were given, and whatever lies between two spans is white space only, so the text
can always be put together again exactly. Nothing here knows of articles, engines or glossaries. Every pattern is
linear: a line of ten megabytes costs ten times a line of one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

Span = tuple[int, int]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ENDERS = ".!?؟…۔‼⁇⁈⁉"
"""Characters that may end a sentence. Never the comma `،` nor the semicolon `؛`."""
NEWLINES = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
CLOSERS = "”’»›)]}"
QUOTES = "\"'“”„«»‹›‘’"
BRACKETS = "([{"
CONTINUERS = "،,؛;:"
"""After these a sentence goes on, whatever came before them."""

ABBREVIATIONS = _set(
    "أد مج تح تر ط mr mrs ms dr prof st no vs gen col lt sgt capt cf eg ie al jr sr inc ltd co fig vol pp"
)
"""Words whose full stop is not the end of a sentence; single letters are treated by rule."""
DOMAINS = _set("نت كوم اورج أورغ اورغ com net org tv")
"""العربية.نت is a name, not two sentences."""
SPEECH = _set(
    "قال قالت اضاف اضافت تابع تابعت اكد اكدت اوضح اوضحت اشار اشارت ذكر ذكرت كشف كشفت لفت لفتت صرح صرحت نقل نقلت "
    "بين بينت شدد شددت اعتبر اعتبرت راى رات ختم ختمت اعلن اعلنت نوه نوهت افاد افادت سال سالت رد ردت اجاب اجابت "
    "يقول تقول يضيف تضيف يتابع تتابع يؤكد تؤكد يرى ترى يوضح توضح يذكر"
)
"""Verbs of reporting, folded: with a conjunction before them they open the next sentence of a news report."""
OPENERS = _set("هذا هذه هل لماذا كيف لكن ولكن هكذا ثم انه انها كما بينما وكان وكانت وهو وهي نعم لا كلا")
"""Other words that open a sentence after `...` rather than go on with it."""

CONNECTIVES = (
    "حيث|فيما|بينما|لكن|لكنه|لكنها|لكنهم|ولكن|ولكنه|ولكنها|اذ|واذ|مما|وذلك|الا ان|كما ان|كما|علما ان|فضلا عن|"
    "اضافة الى|في حين|في وقت|الامر الذي|بعد ان|قبل ان|لان|لانه|لانها|لانهم|بسبب|من اجل|بهدف|فيما لو|عندما|حين|"
    "وقال|واضاف|واكد|واوضح|واشار|وذكر|وكشف|ولفت|وتابع|ونقل|وبين|وشدد|واعتبر|وقد|وان|وكان|وكانت|وهو|وهي|وهم|"
    "الذي|التي|الذين|ومن ثم|ثم"
)
"""Words a long sentence may be cut before, folded."""

_FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ـ": None})
_DIACRITICS = re.compile("[\u064b-\u065f\u0670]")
_RUN = re.compile(f"[{re.escape(ENDERS)}]+")
_LINE = re.compile(f"[^{re.escape(NEWLINES)}]+")
_WORD = re.compile(r"[\w\u064b-\u065f\u0670]{1,40}")
_ARABIC = re.compile("[\u0620-\u065f\u066e-\u06d3\u06fa-\u06fc]")
_LONGEST_WORD = 40
_SHORT_QUOTE = 4
"""Words in a quotation that is part of the sentence around it even when it ends in `!`."""
_QUOTE_REACH = 200
"""How far back, in characters, the opening of such a quotation is looked for."""
_YEAR = 4
"""Digits from which a number before a full stop is no list mark."""


def split(text: str) -> list[Span]:
    """Sentences of a text, white space at their ends left out.

    `'سيطرت القوات.ولفتت الصحيفة إلى د. حيدر، وقالت: نعم!'` -> `سيطرت القوات.` and the rest
    """
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        spans.extend(_sentences(line.group(), line.start()))
    return spans


def _sentences(line: str, offset: int) -> list[Span]:
    """Sentences of one line, as spans of the whole text."""
    pieces: list[Span] = []
    begin = 0
    for end in _ends(line):
        pieces.append((begin, end))
        begin = end
    pieces.append((begin, len(line)))
    found: list[Span] = []
    spoke = True
    for piece in pieces:
        trimmed = _trim(line, *piece)
        if trimmed is None:
            continue
        speaks = _has_word(line, *trimmed)
        if found and not (speaks and spoke):
            found[-1], spoke = (found[-1][0], trimmed[1]), spoke or speaks
        else:
            found.append(trimmed)
            spoke = speaks
    return [(a + offset, b + offset) for a, b in found]


def _ends(line: str) -> Iterator[int]:
    """Offsets behind each sentence of a line, the last one left out."""
    begin = counted = marks = 0
    for run in _RUN.finditer(line):
        if run.start() < begin:
            continue
        marks += line.count('"', counted, run.start())
        counted = run.start()
        end = _behind_closers(line, run.end(), bool(marks % 2))
        rest = _skip_space(line, end)
        if rest == len(line):
            return
        if _is_end(line, begin, run.span(), end, rest):
            yield end
            begin = end


def _is_end(line: str, begin: int, run: Span, end: int, rest: int) -> bool:
    """Whether the run of enders stops the sentence that starts at `begin`; `rest` is where text goes on."""
    if line[rest] in CONTINUERS or line[rest] in ENDERS or line[rest] in ")]}":
        return False
    if line[run[0] - 1 : run[0]] in ("(", "[") and line[run[1] : run[1] + 1] in (")", "]"):
        return False
    marks = line[run[0] : run[1]]
    before, after = _word_before(line, run[0]), _word_after(line, rest)
    opens = _opens(after)
    if rest == end and not _glued(before, line, end, after):
        return False
    if set(marks) <= set(".…"):
        if marks != "." or (not before and _last_mark(line, begin, run[0]) == "."):
            many = len(marks) > 2 or "…" in marks or marks == "."
            return many and opens and _has_word(line, begin, run[0])
        return opens or not _is_abbreviation(line, begin, run[0], before, after)
    return not _is_aside(line, begin, run[1], end, after)


def _glued(before: str, line: str, end: int, after: str) -> bool:
    """Whether two sentences touch: `المجموعة.ولفتت` does, `3.5`, `ق.م`, `العربية.نت` and an address do not."""
    if not _ARABIC.match(after) or fold(after) in DOMAINS or len(after) < 2:
        return False
    behind_closer = end > 0 and line[end - 1] in CLOSERS + QUOTES
    return behind_closer or (len(before) > 1 and before.lower() != "www")


def _is_abbreviation(line: str, begin: int, dot: int, before: str, after: str) -> bool:
    """Whether a single full stop belongs to the word before it."""
    if not before:
        return False
    start = dot - len(before)
    left = _last_mark(line, begin, start)
    if before.isdigit():
        apart = start == begin or line[start - 1].isspace()
        return apart and len(before) < _YEAR and (not left or left in ":؛.،")
    letters = fold(before).lower()
    if len(letters) == 1 and letters.isalpha():
        return not (letters in "مه" and left.isdigit())
    return letters in ABBREVIATIONS or (before.isascii() and after[:1].islower())


def _last_mark(line: str, begin: int, end: int) -> str:
    """The last character before an offset that is no space; empty at the beginning."""
    while end > begin and line[end - 1].isspace():
        end -= 1
    return line[end - 1] if end > begin else ""


def _is_aside(line: str, begin: int, mark_end: int, end: int, after: str) -> bool:
    """Whether `!` or `؟` closes a short quotation inside a sentence that goes on: `كان "كارثيا!" في المدينة`."""
    if mark_end == end or not any(c in QUOTES for c in line[mark_end:end]):
        return False
    if fold(after) in SPEECH:
        return True
    reach = max(begin, mark_end - _QUOTE_REACH)
    opening = max(line.rfind(c, reach, mark_end) for c in QUOTES)
    return opening > begin and _has_word(line, begin, opening) and len(line[opening:mark_end].split()) <= _SHORT_QUOTE


def _opens(word: str) -> bool:
    """Whether a word begins a sentence of a news report: `وأضاف` -> True, `المدينة` -> False."""
    folded = fold(word)
    return folded in OPENERS or (folded[:1] in "وف" and folded[1:] in SPEECH)


def _behind_closers(line: str, at: int, open_quote: bool) -> int:
    """The offset behind quotation marks and brackets that close at `at`, also when a space stands before them."""
    end = at
    while True:
        look = end if end < len(line) and not line[end].isspace() else _skip_space(line, end)
        if look >= len(line):
            return end
        mark = line[look]
        closes_here = _is_edge(line, look + 1)
        if mark == '"' and (open_quote if look == end else open_quote and closes_here):
            open_quote = False
        elif not (mark in CLOSERS and (look == end or closes_here)) and not (
            look == end and mark in QUOTES and mark != '"' and closes_here
        ):
            return end
        end = look + 1


def _is_edge(line: str, at: int) -> bool:
    """Whether no word starts at an offset."""
    return at >= len(line) or line[at].isspace() or line[at] in CONTINUERS or line[at] in ENDERS + CLOSERS + '"'


def _word_before(line: str, end: int) -> str:
    start = end
    while start > 0 and end - start < _LONGEST_WORD and _WORD.match(line[start - 1]):
        start -= 1
    return line[start:end]


def _word_after(line: str, at: int) -> str:
    """The first word at an offset, an opening quotation mark or bracket before it left out."""
    while at < len(line) and line[at] in QUOTES + BRACKETS:
        at += 1
    match = _WORD.match(line, at)
    return match.group() if match else ""


def _skip_space(line: str, at: int) -> int:
    while at < len(line) and line[at].isspace():
        at += 1
    return at


def _has_word(text: str, begin: int, end: int) -> bool:
    return any(c.isalnum() for c in text[begin:end])


def _trim(text: str, begin: int, end: int) -> Span | None:
    """A span without the white space at its ends; None when nothing is left."""
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return (begin, end) if begin < end else None


def fold(word: str) -> str:
    """`'أضافَ'` -> `'اضاف'`: enough to look a word up in the lists above."""
    return _DIACRITICS.sub("", word).translate(_FOLD)


# Clauses. Each tier is a kind of place to cut at, best first; within a tier the cut nearest to the middle wins.

_STRONG = re.compile(r'[؛;:”»](?=\s)|(?<=\s)(?=[“«])|(?<=\s)[-–—ـ](?=\s)|(?<=[^\s"])"(?=[\s،,])|(?<=\s)(?="\w)')
_COMMA = re.compile(r"[،,](?=\s)")
_CONNECTIVE = re.compile(rf"(?<=\s)(?:{CONNECTIVES})(?!\w)")
_SPACE = re.compile(r"\s+")
_MIDDLE = 0.3
"""A cut is balanced when each side keeps at least this share of the text."""


def clauses(text: str, fits: Callable[[str], bool], protected: Sequence[Span] = ()) -> list[Span]:
    """Pieces of a sentence that each fit, cut where a reader would draw breath; never inside a protected span.

    Cut at quotation marks, `؛`, `:` and dashes, else at `،`, else before words such as حيث and وقال, else at a space.
    A single word that does not fit is left as it is. Sentence in, spans out; white space between them only.

    `'دخلت القوات المدينة، فيما فر التنظيم'` with room for five words -> `دخلت القوات المدينة،` `فيما فر التنظيم`
    """
    places = _places(text, protected)
    whole = _trim(text, 0, len(text))
    todo = [whole] if whole else []
    done: list[Span] = []
    while todo:
        span = todo.pop()
        cut = None if fits(text[span[0] : span[1]]) else _cut(places, span)
        parts = [_trim(text, span[0], cut), _trim(text, cut, span[1])] if cut is not None else []
        if len(parts) == 2 and parts[0] and parts[1]:
            todo += [parts[1], parts[0]]
        else:
            done.append(span)
    return done


def _places(text: str, protected: Sequence[Span]) -> list[list[int]]:
    """Offsets to cut at, a list for every tier, ascending."""
    folded = _fold_in_place(text)
    tiers = [
        [m.end() for m in _STRONG.finditer(text)],
        [m.end() for m in _COMMA.finditer(text)],
        [m.start() for m in _CONNECTIVE.finditer(folded)],
        [m.start() for m in _SPACE.finditer(text)],
    ]
    closed = _merge(protected)
    return [_outside(tier, closed) for tier in tiers]


def _fold_in_place(text: str) -> str:
    """`fold`, with every character kept at its offset."""
    return "".join({"أ": "ا", "إ": "ا", "آ": "ا"}.get(c, c) for c in text)


def _merge(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _outside(places: list[int], closed: list[Span]) -> list[int]:
    """The places that lie inside none of the ordered spans."""
    kept: list[int] = []
    at = 0
    for place in places:
        while at < len(closed) and closed[at][1] <= place:
            at += 1
        if at == len(closed) or not closed[at][0] < place:
            kept.append(place)
    return kept


def _cut(places: list[list[int]], span: Span) -> int | None:
    """The best place to cut a span: the first tier with a balanced place, else the space nearest to the middle."""
    begin, end = span
    middle = (begin + end) / 2
    for tier in places:
        first, last = bisect_right(tier, begin), bisect_left(tier, end)
        at = bisect_left(tier, middle, first, last)
        near = tier[max(first, at - 1) : min(last, at + 1)]
        if not near:
            continue
        best = min(near, key=lambda p: abs(p - middle))
        if min(best - begin, end - best) >= _MIDDLE * (end - begin) or tier is places[-1]:
            return best
    return None


def rejoin(text: str, spans: Sequence[Span]) -> bool:
    """Whether spans are in order and only white space lies outside of them."""
    edges = [(0, 0), *spans, (len(text), len(text))]
    return all(a[1] <= b[0] and not text[a[1] : b[0]].strip() for a, b in pairwise(edges))

"""What a model says when it has lost the thread: loops, far too much, Arabic copied, figures and names dropped, signs.

`reasons` looks at one Arabic text and its English and says why the English cannot be trusted, in microseconds where
nothing is wrong, so that every translation can be asked. It is made to be silent on good ones: a reason is worth
decoding once more. Pure text: it knows no engine, no draft, and not where the English came from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from translate import english
from translate.constraints import Requirement
from translate.document import Severity
from translate.quantities import differences
from translate.repetition import doubled, repeated, said_again_apart
from translate.words import ARABIC_LETTERS


class Kind(StrEnum):
    """What went wrong."""

    EMPTY = "empty"
    """Nothing, or nothing that can be read: "" or ". , ." for Arabic words."""
    LOOP = "loop"
    """A phrase, a syllable or a mark said over and over."""
    DOUBLED = "doubled"
    """A word twice in a row, or a long phrase said again further on."""
    LONG = "long"
    SHORT = "short"
    COPIED = "copied"
    """Arabic letters left in the English."""
    SCRIPT = "script"
    """Letters of a script that neither side has any business with."""
    SIGN = "sign"
    """Marks of the model's own: ⟦, ▁, </s>, �."""
    NUMBER = "number"
    """A figure without partner on the other side."""
    NAME = "name"
    """A word in Latin or foreign letters, or an emoji, that the English does not have."""
    SURPLUS = "surplus"
    """A term said more often than the Arabic says it; found where the alignment is known."""
    STOPPED = "stopped"
    """The engine ran into its length limit."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an English text cannot be trusted."""

    kind: Kind
    severity: Severity
    told: str
    """"Facebook": what is missing, or too much."""


LONGEST_READ = 4000
"""Characters of a text that are looked at for repetition and names."""
SHORTEST, LONGEST, RUNAWAY = 0.6, 1.75, 3.0
"""English characters for each that the Arabic lets expect: less, more, and so many that it cannot be a translation.
Nearly all human translations of news lie between 0.65 and 1.5."""
ALLOWANCE = 25
"""Characters added to both, so that short texts may differ more."""
WORDY = 1.15
"""English characters for an Arabic letter; a figure or Latin letter takes one."""

_SIGNS = re.compile(r"[\u27e6\u27e7\u27ea\u27eb\u2581\ufffd\u2047]|</?s>|<(?:unk|pad)>")
_ARABIC = re.compile(f"[{ARABIC_LETTERS}]+")
_LETTER_OR_FIGURE = re.compile(r"[^\W_]")
_NOT_WRITTEN = re.compile("[\u064b-\u065f\u0670\u0640\u0610-\u061a\u06d6-\u06ed\u200b-\u200f\u2060-\u206f\ufeff]")
"""Vowel signs, tatweel, marks of recitation, characters without width: nobody translates them."""
_FOREIGN = re.compile("[\u0370-\u052f\u0590-\u05ff\u0700-\u074f\u0780-\u089f\u0900-\u1cff\u2e80-\ua63f\ua880-\ud7ff]")
"""Greek, Cyrillic, Hebrew, the scripts of India, China, Japan, Korea and others; not Latin, not Arabic, no signs."""
_DIGIT = re.compile(r"\d")
_LATIN = re.compile(r"(?<![\w.@/#&%+-])[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]+(?!\w)")
_KEPT = re.compile(
    f"{_LATIN.pattern}|{_FOREIGN.pattern}+|[\u2600-\u27bf\U0001f000-\U0001faff]\ufe0f?|(?<=\\s)[|•·›→](?=\\s)"
)
"""What stays as it is in any language: Latin and foreign words, emoji, what stands between the parts of a menu."""
_UNITS = english.listed("km kg cm mm am pm hz khz mhz ghz kw mw gb mb tb kb usd eur dr mr mrs")
"""Latin letters that English may well spell out."""
_FIGURE = re.compile(r"\d{1,15}")
_MARKS = re.compile(r"([^\w\s.*=_-])(?:\s?\1){3}")
"""A mark four times; a row of dots or dashes is drawn, not said."""
_SYLLABLES = re.compile(r"([^\W\d_])\1{4}|([^\W_]{2,5}?)(?:-?\2){3}")
"""A letter five times, a syllable four times; looked for where a word is longer than most."""
_LONG_WORD = 14


def reasons(
    source: str, target: str, requirements: Sequence[Requirement] = (), *, stopped: bool = False
) -> tuple[Reason, ...]:
    """Why a text cannot be the translation of another; empty where nothing speaks against it.

    `"وصل 14 مقاتلا إلى Erbil"`, `"15 men arrived arrived"` -> number, name, doubled
    """
    if not target.strip():
        return (Reason(Kind.EMPTY, Severity.ERROR, ""),) if source.strip() else ()
    found = list(_letters(source, target, requirements))
    found += _repetition(source, target)
    found += _length(source, target)
    found += _numbers(source, target)
    found += _names(source, target, requirements)
    if stopped:
        found.append(Reason(Kind.STOPPED, Severity.ERROR, ""))
    return tuple(found)


def weight(found: Sequence[Reason]) -> tuple[int, int]:
    """How bad it is, for comparing: errors, then the rest."""
    errors = sum(reason.severity is Severity.ERROR for reason in found)
    return errors, len(found) - errors


def said(found: Sequence[Reason]) -> str:
    """In one line: `loop: of the group; long: 900 characters for 80`."""
    return "; ".join(f"{reason.kind}: {reason.told[:_SHOWN]}" if reason.told else reason.kind for reason in found)


_SHOWN = 60

# --- letters and signs ------------------------------------------------------------------------------------------


def _letters(source: str, target: str, requirements: Sequence[Requirement]) -> Iterator[Reason]:
    if not _LETTER_OR_FIGURE.search(target) and _ARABIC.search(source):
        yield Reason(Kind.EMPTY, Severity.ERROR, target.strip())
    if _ARABIC.search(target):
        kept = {r.match.term.source for r in requirements if r.match.term.untranslated}
        left = [word for word in _ARABIC.findall(target) if not any(word in term for term in kept)]
        if left:
            yield Reason(Kind.COPIED, Severity.ERROR, " ".join(dict.fromkeys(left)))
    if told := strange(source, target):
        yield Reason(Kind.SCRIPT if _FOREIGN.match(told) else Kind.SIGN, Severity.ERROR, told)


def strange(source: str, target: str) -> str:
    """Letters of a foreign script and a model's own marks that the source does not have: `'He ⟦ said'` -> `'⟦'`."""
    for pattern in (_FOREIGN, _SIGNS):
        if pattern.search(target):
            left = Counter(pattern.findall(target)) - Counter(pattern.findall(source))
            if left:
                return " ".join(left)
    return ""


# --- too often, too long ----------------------------------------------------------------------------------------


def _repetition(source: str, target: str) -> Iterator[Reason]:
    target = target[:LONGEST_READ]
    if told := stutter(source, target):
        yield Reason(Kind.LOOP, Severity.ERROR, told)
    spoken = target.casefold().split()
    # No word stands beside itself and no three in a row come back: nothing can be said twice. Nearly always so.
    if len({*zip(spoken, spoken[1:], spoken[2:], strict=False)}) >= len(spoken) - 2 and not any(
        one == other for one, other in pairwise(spoken)
    ):
        return
    if told := repeated(target, source):
        yield Reason(Kind.LOOP, Severity.ERROR, told)
    elif told := said_again_apart(target, source):
        yield Reason(Kind.DOUBLED, Severity.WARNING, told)
    for told in doubled(target, source):
        yield Reason(Kind.DOUBLED, Severity.WARNING, told)


def stutter(source: str, target: str) -> str:
    """What is written over and over, in a word or between marks, and not so in the source: `'He s-s-s-s-said'`."""
    for pattern in (_MARKS, _SYLLABLES) if max(map(len, target.split()), default=0) >= _LONG_WORD else (_MARKS,):
        if (found := pattern.search(target)) and not pattern.search(source):
            return found.group()
    return ""


def _length(source: str, target: str) -> Iterator[Reason]:
    rough = (len(target) + ALLOWANCE) / (len(source) + ALLOWANCE)
    if 0.8 < rough < 1.3 and "\u0640" not in source:  # whatever letters it is made of
        return
    ratio = (len(target) + ALLOWANCE) / (expected(source) + ALLOWANCE)
    if ratio > LONGEST:
        severity = Severity.ERROR if ratio > RUNAWAY else Severity.WARNING
        yield Reason(Kind.LONG, severity, f"{len(target)} characters for {len(source)}")
    elif ratio < SHORTEST:
        yield Reason(Kind.SHORT, Severity.WARNING, f"{len(target)} characters for {len(source)}")


def expected(source: str) -> float:
    """About how many English characters a text asks for: Arabic letters take more room, what is not read none."""
    plain = _NOT_WRITTEN.sub("", source)
    arabic = sum(map(len, _ARABIC.findall(plain)))
    return arabic * WORDY + len(plain) - arabic


# --- figures and names ------------------------------------------------------------------------------------------


def _numbers(source: str, target: str) -> Iterator[Reason]:
    if not _DIGIT.search(source) and not _DIGIT.search(target):
        return
    theirs, ours = (sorted(map(int, _FIGURE.findall(text))) for text in (source, target))
    if theirs == ours:
        return
    missing, added = differences(source, target)
    for figure in missing:
        yield Reason(Kind.NUMBER, Severity.WARNING, f"missing: {figure}")
    for figure in added:
        yield Reason(Kind.NUMBER, Severity.WARNING, f"not in the Arabic: {figure}")


def _names(source: str, target: str, requirements: Sequence[Requirement]) -> Iterator[Reason]:
    for name in names_lost(source, target, requirements):
        yield Reason(Kind.NAME, Severity.WARNING, name)


def names_lost(source: str, target: str, requirements: Sequence[Requirement] = ()) -> list[str]:
    """What stays as it is and the English does not have: `'عبر Facebook 🔥'`, `'via the internet'` -> Facebook, 🔥.

    Units that English spells out, single letters and what belongs to a term are left alone, and so is a text without
    Arabic: there is nothing to translate.
    """
    there = target.casefold()
    lost = []
    for name, times in Counter(source[b:e] for b, e in kept_spans(source[:LONGEST_READ], requirements)).items():
        word = name[0].isalpha()  # a word need not be said as often as in Arabic, a sign must
        if there.count(name.casefold()) < (1 if word else times):
            lost.append(name)
    return lost


def kept_spans(source: str, requirements: Sequence[Requirement] = ()) -> list[tuple[int, int]]:
    """Where words in Latin and foreign letters and emoji stand in an Arabic text."""
    if _KEPT.search(source) is None or not _ARABIC.search(source):
        return []
    return [
        found.span()
        for found in _KEPT.finditer(source)
        if found.group().casefold() not in _UNITS
        and not any(r.match.begin < found.end() and found.start() < r.match.end for r in requirements)
    ]


# --- the Arabic itself ------------------------------------------------------------------------------------------

_OTHER_LANGUAGE = re.compile("[\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2\u06c6\u06ce\u06d5\u0695\u06b5]")
"""Letters of Urdu and Kurdish that no Arabic text has."""
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06a9\u06af\u06cc\u200c]")
"""Letters of Persian that Arabic has in names: a sign only where most words have one."""
_BROKEN = re.compile("[\u0621-\u064a][A-Za-z0-9|~<>=+\\\\][\u0621-\u064a]")
_FEW = 4
_LONGEST_WORD = 24
_HALF = 0.5


def unreadable(source: str) -> str:
    """Why no translation of a text should be trusted: another language, single letters, words run together, noise.

    `'کوردستان ڕۆژنامە'` -> `'letters of another language'`
    """
    if not _ARABIC.search(source):
        return ""
    plain = _NOT_WRITTEN.sub("", source)
    said = _ARABIC.findall(plain)
    other = sum(_OTHER_LANGUAGE.search(word) is not None for word in said)
    persian = sum(_PERSIAN.search(word) is not None for word in said)
    if 2 * other > len(said) or (len(said) > 1 and 2 * (other + persian) > len(said)):
        return "letters of another language"
    if len(said) > _FEW and sum(len(word) == 1 for word in said) > _HALF * len(said):
        return "single letters"
    if max(map(len, said), default=0) > _LONGEST_WORD and not re.search(r"(.)\1{9}", plain):
        return "words run together"
    if len(_BROKEN.findall(plain)) > 1:
        return "other signs inside words"
    return ""

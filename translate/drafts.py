"""Drafts on disk, and how a new run meets them: a person's text is never lost.

`save` compares before it writes, writes beside the old file, reads back what it wrote and only then takes its place;
`merge` lays new machine text under what people did. This module knows no XML (`xliff` does, and is loaded only when a
file is touched, since translating needs none), no model and no glossary.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from translate import ids
from translate.document import Alternative, Article, Draft, Finding, Mark, Origin, Segment, Severity, State, Target
from translate.errors import ConflictError, DraftError, OutputError, UsageError
from translate.files import alone, put_in_place
from translate.words import words

SUFFIX = ".en.xlf"
FILLED = "memory:"
"""How the signature of a text begins that the memory put in, today and for this sentence only."""

_KEPT = frozenset({State.EDITED, State.APPROVED})
_DIFFERENCE_LIMIT = 300
"""Characters: a finding is one line."""
_COMPARED_LIMIT = 1_000_000
"""Pairs of words: a sentence of a thousand words is no sentence."""


# --- on disk ---------------------------------------------------------------------------------------------------------


def path_for(folder: Path, slug: str) -> Path:
    """`drafts`, `mosul-defectors` -> `drafts/mosul-defectors.en.xlf`; a slug is a name and never a path."""
    if not ids.SLUG.match(slug):
        raise UsageError(f"not a name for a draft: {slug[:80]!r}", hint=ids.SLUG_RULE)
    return folder / (slug + SUFFIX)


def names(folder: Path) -> list[str]:
    """The file names of the drafts in a folder, sorted, hidden ones left out; none where there is none to read."""
    try:
        with os.scandir(folder) as found:
            return sorted(one.name for one in found if one.name.endswith(SUFFIX) and not one.name.startswith("."))
    except OSError:
        return []


def inside(folder: Path) -> list[Path]:
    """The drafts in a folder, by their names."""
    return [folder / name for name in names(folder)]


def files(paths: Sequence[Path]) -> list[Path]:
    """Files as given, folders as the drafts in them, each once.

    Raises:
        DraftError: a folder has none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            there = inside(path)
            if not there:
                raise DraftError("no drafts in this folder", str(path), "make drafts first: tarjuman draft")
            found += there
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def load(path: Path) -> Draft:
    """The draft in a file, with the fingerprint that `save` wants back as `base`."""
    from translate import xliff

    try:
        if path.stat().st_size > xliff.LIMIT:
            raise DraftError(f"larger than a draft can be ({path.stat().st_size:,} bytes)", str(path))
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DraftError("there is no such draft", str(path)) from error
    except OSError as error:
        raise DraftError(f"cannot be read ({error.strerror})", str(path)) from error
    return replace(xliff.parse(data, str(path)), fingerprint=_fingerprint(data))


def fingerprint(path: Path) -> str:
    """What `load` would give as the fingerprint, without reading what is in the file; empty when it cannot be read."""
    try:
        return _fingerprint(path.read_bytes())
    except OSError:
        return ""


def save(draft: Draft, path: Path, *, base: str) -> Draft:
    """Put a draft in the place of the file whose fingerprint is `base` ("": of no file), whole or not at all.

    Raises:
        ConflictError: the file is not that one any more; nothing was written.
        OutputError: no room, no permission, or what was written does not read back; the old file is untouched.
    """
    from translate import xliff

    data = xliff.dump(draft)
    meant = replace(draft, article=replace(draft.article, body=""), fingerprint="")
    if len(data) > xliff.LIMIT or xliff.parse(data, str(path)) != meant:
        raise OutputError("the draft does not read back as it was meant", str(path), "Nothing was written")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path):
            present = path.read_bytes() if path.exists() else None
            _refuse_conflict(present, path, base)
            if present != data:
                put_in_place(path, data)
    except OSError as error:
        raise OutputError(
            f"the draft could not be saved ({error.strerror or error})", str(path), "The file is as it was before"
        ) from error
    return replace(draft, fingerprint=_fingerprint(data))


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refuse_conflict(present: bytes | None, path: Path, base: str) -> None:
    if present is None and base:
        raise ConflictError("the draft was removed or moved meanwhile", str(path), "Nothing was written")
    if present is not None and not base:
        raise ConflictError("there is a draft already", str(path), "Load it and merge; nothing was written")
    if present is not None and _fingerprint(present) != base:
        raise ConflictError("somebody saved this draft meanwhile", str(path), "Load it again; nothing was written")


# --- a person's work -------------------------------------------------------------------------------------------------


def revised(
    target: Target,
    text: str,
    *,
    source: str,
    who: str,
    when: str,
    state: State = State.EDITED,
    marks: Sequence[Mark] = (),
    seconds: float = 0.0,
) -> Target:
    """What a person makes of a target: another text, or only another state. The text they started from stays known.

    `source` is the Arabic they looked at, `seconds` how long they worked. What spoke of the old text (score, terms,
    alignment, findings that still stand) is dropped with it; look at it again with `checks`.
    """
    touch = replace(target, state=state, who=who, when=when, source=source, seconds=target.seconds + seconds)
    if (text, tuple(marks)) == (target.text, target.marks):
        return touch
    started = target.started
    if started is None and target.text and target.origin is not Origin.PERSON:
        started = Alternative(target.text, target.origin, target.signature, target.score, target.match, target.marks)
    return replace(
        touch,
        text=text,
        origin=Origin.PERSON,
        score=None,
        terms=(),
        alignment=(),
        marks=tuple(marks),
        findings=tuple(finding for finding in target.findings if finding.dismissed),
        match=None,
        started=started,
    )


# --- merging ---------------------------------------------------------------------------------------------------------


def touched(target: Target) -> bool:
    """Is this a person's work, which no run may change?"""
    return target.state in _KEPT or target.origin is Origin.PERSON


def merge(old: Draft | None, article: Article, fresh: Mapping[str, Target], glossary: str) -> Draft:
    """The draft of the article as it is now: a person's targets as they were, the machine's as they are now.

    A person's target whose source changed gets finding `s-01`, and the machine's new text becomes an alternative to it.
    A person's target whose source is gone becomes an orphan, and comes back when its source does. Notes stay. Merging
    the same twice changes nothing more.
    """
    before = old or Draft(article)
    sources = {segment.id: segment.text for segment in before.article.segments()}
    was = {
        name: replace(target, source=target.source or sources.get(name, "")) for name, target in before.targets.items()
    }
    present = {segment.id for segment in article.segments()}
    orphans = dict(before.orphans)
    for name in sorted(was.keys() - present):
        for left in _by_people(was[name]):
            _keep_orphan(orphans, name, (sources.get(name, was[name].source), left))
    targets: dict[str, Target] = {}
    for segment in article.segments():
        present_target = was.get(segment.id)
        if present_target is None or not touched(present_target):
            present_target = _restored(orphans, segment) or present_target
        target = _merged(segment, present_target, fresh.get(segment.id))
        if target is not None:
            targets[segment.id] = target
    return Draft(article, targets, orphans, glossary, before.fingerprint, before.notes)


def _by_people(target: Target) -> list[Target]:
    """What people wrote of a target: itself, or their texts that stand beside the machine's."""
    if touched(target):
        return [target]
    return [
        Target(
            other.text,
            State.EDITED,
            Origin.PERSON,
            marks=other.marks,
            source=target.source,
            who=other.who,
            when=other.when,
        )
        for other in target.alternatives
        if other.origin is Origin.PERSON
    ]


def _keep_orphan(orphans: dict[str, tuple[str, Target]], name: str, orphan: tuple[str, Target]) -> None:
    """Under its own id, or beside another orphan that has it already."""
    key, number = name, 1
    while key in orphans and orphans[key] != orphan:
        number += 1
        key = f"{name}.again-{number}"
    orphans[key] = orphan


def _restored(orphans: dict[str, tuple[str, Target]], segment: Segment) -> Target | None:
    """The orphan whose source is exactly this sentence again, taken out of the orphans."""
    names = [name for name, (source, target) in orphans.items() if segment.text in (source, target.source)]
    if not names:
        return None
    source, target = orphans.pop(min(names, key=lambda name: (name != segment.id, name)))
    findings = tuple(replace(finding, segment=segment.id) for finding in target.findings)
    return replace(target, findings=findings, source=target.source or source)


def _merged(segment: Segment, was: Target | None, new: Target | None) -> Target | None:
    if new is not None:
        new = replace(new, source=new.source or segment.text)
    if was is None:
        return new
    if touched(was):
        return _with_offer(_with_source_finding(was, segment), new)
    if new is None:
        beside = tuple(other for other in was.alternatives if other.origin is Origin.PERSON)
        stale = Target("", source=segment.text, alternatives=beside) if beside else None
        return was if was.source == segment.text else stale
    kept = [other for other in was.alternatives if other.text != new.text and not other.signature.startswith(FILLED)]
    return replace(
        new,
        findings=_with_dismissals(new.findings, was.findings),
        alternatives=_together(kept, new.alternatives),
    )


def _with_source_finding(target: Target, segment: Segment) -> Target:
    """`s-01` stands there exactly while the source is another than the one this target was made from."""
    kept = tuple(finding for finding in target.findings if finding.check != "s-01" or finding.dismissed)
    if target.source == segment.text:
        return replace(target, findings=kept)
    change = Finding(
        "s-01",
        Severity.WARNING,
        segment.id,
        f"source changed since this was edited: {difference(target.source, segment.text)}",
        "Compare the Arabic and confirm the translation again",
    )
    if any(_key(finding) == _key(change) for finding in kept):
        return replace(target, findings=kept)
    return replace(target, findings=(*kept, change))


def difference(before: str, after: str) -> str:
    """`'سيطرت على الساحل الأيسر'`, `'سيطرت على الساحل الأيمن'` -> `'[الأيسر -> الأيمن]'`."""
    old, new = [word.text for word in words(before)], [word.text for word in words(after)]
    mark = hashlib.sha256(after.encode("utf-8", "replace")).hexdigest()[:6]
    if len(old) * len(new) > _COMPARED_LIMIT:
        return f"{len(old)} words -> {len(new)} words ({mark})"
    changes = [
        f"[{' '.join(old[a:b])} -> {' '.join(new[c:d])}]"
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    text = " ".join(changes) or "spaces only"
    # The mark tells one long change from another, so that dismissing this one does not dismiss the next.
    return text if len(text) <= _DIFFERENCE_LIMIT else f"{text[:_DIFFERENCE_LIMIT]}… ({mark})"


def _with_offer(target: Target, new: Target | None) -> Target:
    """A person's target and, beside it, what the machine says now."""
    if new is None:
        return replace(target, alternatives=_together(target.alternatives, ()))
    if new.text == target.text:  # the machine agrees: remember that it was asked
        target = replace(target, signature=new.signature)
    offer = Alternative(new.text, new.origin, new.signature, new.score, new.match, new.marks)
    offers = [found for found in (offer, *new.alternatives) if found.text and found.text != target.text]
    return replace(target, alternatives=_together(target.alternatives, offers))


def _together(stored: Sequence[Alternative], new: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """One alternative for each text, in the order they came; the newest knows best where the text comes from."""
    by_text = {alternative.text: alternative for alternative in stored}
    for alternative in new:
        by_text[alternative.text] = alternative
    return tuple(by_text.values())


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.check, finding.segment, finding.message


def _with_dismissals(new: Sequence[Finding], was: Sequence[Finding]) -> tuple[Finding, ...]:
    """New findings, of which those a person dismissed stay dismissed; other dismissals are remembered behind them."""
    dismissed = {_key(finding): finding for finding in was if finding.dismissed}
    kept = [
        replace(finding, dismissed=dismissed[_key(finding)].dismissed)
        if _key(finding) in dismissed and not finding.dismissed
        else finding
        for finding in new
    ]
    there = {_key(finding) for finding in new}
    return (*kept, *(finding for key, finding in dismissed.items() if key not in there))

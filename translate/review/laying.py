"""What the file says and what the desk knows, laid together: one draft to look at and to save.

A three-way merge for each sentence: how it stood when a person began (`Done.over`), how the file has it now, and what
the person made of it. Where only one side moved, that side counts; where both did, the file's text stands, the desk's
stays on top of it as words that are not confirmed, and that is a conflict to be seen. No text is ever dropped. Pure: no
disk, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from translate import drafts
from translate.document import Alternative, Article, Draft, Finding, Origin, Segment, Severity, State, Target
from translate.review.track import Done, Stand, Track, Words, aside, by_text, print_of

_RANK = {state: rank for rank, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Placed:
    """One sentence as the desk shows it."""

    target: Target | None
    """What the file has or will have."""
    words: Words | None = None
    """What is typed over it and not confirmed."""
    conflict: bool = False
    """Both are people's texts, and whoever typed the words had not seen the other."""
    ours: bool = False
    """The target is not in the file yet."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A whole draft as the desk shows it."""

    draft: Draft
    """To be saved; equal to what the file says where there is nothing to save."""
    placed: Mapping[str, Placed] = field(default_factory=dict)
    """By segment id, for sentences that have a track."""
    ours: frozenset[str] = frozenset()
    """Ids whose target was made at the desk and is not in the file."""
    gone: frozenset[str] = frozenset()
    """Ids that have left the article, whose words are now among the orphans."""


def lay(base: Draft, tracks: Mapping[str, Track]) -> Laid:
    """The draft of the file with everything people did at the desk since."""
    segments = {segment.id: segment for segment in base.article.segments()}
    targets, orphans = dict(base.targets), dict(base.orphans)
    placed: dict[str, Placed] = {}
    gone = []
    for name, track in tracks.items():
        if name not in segments:
            if _lay_aside(orphans, targets.values(), name, track):
                gone.append(name)
            continue
        placed[name] = place(base.article, segments[name], targets.get(name), track)
        target = placed[name].target
        if target is not None:
            targets[name] = target
    return Laid(
        replace(base, targets=targets, orphans=orphans),
        placed,
        frozenset(name for name, one in placed.items() if one.ours),
        frozenset(gone),
    )


def place(article: Article, segment: Segment, there: Target | None, track: Track) -> Placed:
    """One sentence: the file's target, and what its track says of it."""
    target, words, ours = there, track.words, False
    if track.done is not None:
        target, undecided, ours = _with_done(article, segment, there, track.done)
        if undecided is not None and words is not None and words.text != undecided.text:
            # the later words are what is shown
            target = _beside(target, [aside(undecided.text, undecided.marks, undecided.who, undecided.when)])
        words = words or undecided
    if words is not None and target is not None and (words.text, words.marks) == (target.text, target.marks):
        words = None
    if track.kept is not None:
        target = _beside(target, [aside(track.kept.text, track.kept.marks, *track.kept_by)])
    target = _with_dismissals(target, segment.id, track.dismissed)
    conflict = (
        words is not None
        and target is not None
        and drafts.touched(target)
        and words.text != target.text
        and words.over != print_of(target)
    )
    return Placed(target, words, conflict, ours)


# --- what was done ---------------------------------------------------------------------------------------------------


def _with_done(
    article: Article, segment: Segment, there: Target | None, done: Done
) -> tuple[Target | None, Words | None, bool]:
    """The target, words in conflict with it, and whether the target is the desk's own."""
    if there is None or print_of(there) == done.over:
        return made(there, done), None, True
    if (there.text, there.marks) == (done.stand.text, done.stand.marks):
        return _raised(there, done)
    if not drafts.touched(there):
        return _over_new_machine_text(article, segment, there, done), None, True
    stand = done.stand
    words = Words(stand.text, stand.marks, stand.source, done.who, done.when, done.over, done.seconds)
    return _beside(there, done.beside), words, False


def _raised(there: Target, done: Done) -> tuple[Target, None, bool]:
    """The file has our text already: it is ours that was saved, or somebody wrote the same."""
    target = _beside(there, done.beside)
    if _RANK[done.stand.state] <= _RANK[there.state]:
        return target, None, False
    return replace(target, state=done.stand.state, who=done.who, when=done.when), None, True


def _over_new_machine_text(article: Article, segment: Segment, there: Target, done: Done) -> Target:
    """A run put new machine text there meanwhile: merged as a run merges it, what was there stays beside."""
    before = done.before
    old = Target(
        before.text, before.state, before.origin, before.score, before.signature, marks=before.marks,
        source=before.source, match=before.match, alternatives=there.alternatives, seconds=there.seconds,
        findings=tuple(finding for finding in there.findings if finding.dismissed),
    )  # fmt: skip
    mine = made(old, done)
    if not drafts.touched(mine):
        return _beside(there, done.beside)
    merged = drafts.merge(
        Draft(article, {segment.id: replace(mine, source=mine.source or segment.text)}),
        article,
        {segment.id: there},
        "",
    )
    return merged.targets[segment.id]


def made(there: Target | None, done: Done) -> Target:
    """What was done, done to this target."""
    base = there if there is not None else Target("")
    stand = done.stand
    if stand.origin is not Origin.PERSON and stand.state in (State.NEW, State.MACHINE):
        target = replace(
            base, text=stand.text, marks=stand.marks, state=stand.state, origin=stand.origin, score=stand.score,
            signature=stand.signature, source=stand.source, match=stand.match, who="", when="", started=None,
            seconds=base.seconds + done.seconds,
        )  # fmt: skip
        if (stand.text, stand.marks) != (base.text, base.marks):
            target = replace(target, terms=(), alignment=(), findings=tuple(f for f in base.findings if f.dismissed))
    else:
        target = drafts.revised(
            base, stand.text, source=stand.source, who=done.who, when=done.when, state=stand.state, marks=stand.marks,
            seconds=done.seconds,
        )  # fmt: skip
    return _beside(target, done.beside)


# --- what stands beside ----------------------------------------------------------------------------------------------


def _beside(target: Target | None, others: Iterable[Alternative]) -> Target:
    """People's texts kept as alternatives, once each, with their formatting and who wrote them."""
    target = target if target is not None else Target("")
    known = {target.text, *(other.text for other in target.alternatives)}
    new = [other for other in by_text(others) if other.text.strip() and other.text not in known]
    return replace(target, alternatives=(*target.alternatives, *new))


def _with_dismissals(target: Target | None, name: str, dismissed: Mapping[tuple[str, str], str]) -> Target | None:
    if target is None or not dismissed:
        return target
    findings = [
        replace(finding, dismissed=dismissed.get((finding.check, finding.message), finding.dismissed))
        for finding in target.findings
    ]
    known = {(finding.check, finding.message) for finding in findings}
    findings += [
        Finding(check, Severity.NOTE, name, message, "", reason)
        for (check, message), reason in dismissed.items()
        if reason and (check, message) not in known
    ]
    return replace(target, findings=tuple(findings))


# --- sentences that are gone -----------------------------------------------------------------------------------------


def _lay_aside(orphans: dict[str, tuple[str, Target]], targets: Iterable[Target], name: str, track: Track) -> bool:
    """Put what people wrote for a sentence that has left the article among the orphans; False: nothing to do."""
    present = [*targets, *(target for _, target in orphans.values())]
    here = {target.text for target in present} | {other.text for target in present for other in target.alternatives}
    for stand, who, when, seconds in _texts(track):
        if stand.text.strip() and stand.text not in here:
            target = Target(
                stand.text, stand.state, Origin.PERSON, marks=stand.marks, source=stand.source, who=who, when=when,
                seconds=seconds,
            )  # fmt: skip
            orphans[_free(orphans, name)] = (stand.source, target)
            here.add(stand.text)
    return track.words is not None or track.done is not None


def _texts(track: Track) -> list[tuple[Stand, str, str, float]]:
    """What people wrote that may not be in the file."""
    found = []
    if track.kept is not None:
        found.append((track.kept, *track.kept_by, 0.0))
    if track.done is not None and track.done.stand.state in (State.EDITED, State.APPROVED):
        found.append((track.done.stand, track.done.who, track.done.when, track.done.seconds))
    if track.words is not None:
        words = track.words
        stand = Stand(words.text, State.EDITED, Origin.PERSON, words.marks, words.source)
        found.append((stand, words.who, words.when, words.seconds))
    return found


def _free(orphans: Mapping[str, object], name: str) -> str:
    key, number = name, 1
    while key in orphans:
        number += 1
        key = f"{name}.again-{number}"
    return key

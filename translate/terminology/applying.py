"""A changed term base carried into the drafts: touched sentences nobody worked on are made again, the others flagged.

It works at the desk (`review.Desk`), which knows how new machine text is laid under what people did: a sentence that
somebody edited, confirmed or is typing in keeps its text, and the checks look at it again. The machine is a function
that is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from translate.document import Article, Finding, Target
from translate.errors import TarjumanError
from translate.review.desk import Desk
from translate.review.store import Store
from translate.terminology.impact import Impact, Touched

TOGETHER = 256
"""Sentences that the machine is asked for at a time."""
FLAGS = frozenset({"g-01", "g-02"})
"""What the checks say of a sentence that does not honour a term."""


class Together(Protocol):
    """Sentences of several articles, translated again with the terms in force."""

    def __call__(self, asked: Sequence[tuple[Article, Collection[str]]]) -> Sequence[Mapping[str, Target]]:
        """For each article its new targets by segment id, left out where nothing comes of it."""
        ...


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of the touched sentences, by their ids."""

    renewed: tuple[str, ...]
    """They read otherwise now."""
    same: tuple[str, ...]
    """Asked again, and the machine says what it said."""
    flagged: tuple[str, ...]
    """A person's, and a finding says which term is missing or which rendering is forbidden."""
    kept: tuple[str, ...]
    """A person's, and they honour the terms."""
    problems: tuple[str, ...]
    """Drafts that could not be read or written, with the reason."""


def apply(found: Impact, store: Store, again: Together, watch: Callable[[int], None] = lambda _count: None) -> Applied:
    """Carry a change into the drafts; `store` has the new terms in force, `watch` is told of sentences done."""
    renewed: list[str] = []
    same: list[str] = []
    flagged: list[str] = []
    kept: list[str] = []
    problems: list[str] = []
    for group in _groups(found.touched):
        desks, asked, count = [], [], 0
        for slug, names in group:
            count += len(names)
            try:
                desk = store.desk(slug)
            except TarjumanError as error:
                problems.append(str(error))
                continue
            views = [view for view in desk.views() if view.segment.id in names]
            desks.append((desk, {v.segment.id for v in views if v.of_a_person}))
            asked.append((desk.laid.draft.article, {v.segment.id for v in views} - desks[-1][1]))
        for (desk, theirs), (_, free), fresh in zip(desks, asked, again(asked), strict=True):
            try:
                changed = _texts(desk, free, lambda desk=desk, fresh=fresh: desk.renew(fresh))  # type: ignore[misc]
            except TarjumanError as error:
                problems.append(str(error))
                continue
            renewed += sorted(changed)
            same += sorted(free - changed)
            if problem := desk.look_again(theirs):
                problems.append(problem)
            for name in sorted(theirs):
                (flagged if _is_flagged(desk.findings(desk.view(name))) else kept).append(name)
        watch(count)
    return Applied(tuple(renewed), tuple(same), tuple(flagged), tuple(kept), tuple(problems))


def _groups(touched: Sequence[Touched]) -> Iterator[list[tuple[str, set[str]]]]:
    """Articles with the ids that are touched in them, so many that the machine has enough to do at once."""
    group: list[tuple[str, set[str]]] = []
    size = 0
    for slug, some in groupby(touched, key=lambda one: one.slug):
        group.append((slug, {one.id for one in some}))
        size += len(group[-1][1])
        if size >= TOGETHER:
            yield group
            group, size = [], 0
    if group:
        yield group


def _texts(desk: Desk, names: Collection[str], change: Callable[[], object]) -> set[str]:
    """Which of these sentences read otherwise behind a change."""
    before = {name: desk.view(name).text for name in names}
    change()
    return {name for name in names if desk.view(name).text != before[name]}


def _is_flagged(findings: Sequence[Finding]) -> bool:
    return any(finding.check in FLAGS and not finding.dismissed for finding in findings)

"""How far the sentences of an article have come, counted.

Knows drafts and no page: lists, the home page and the article all show the same figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from translate.document import Draft, State, Target

_NEW, _MACHINE, _EDITED, _APPROVED = State.NEW, State.MACHINE, State.EDITED, State.APPROVED
"""Here, because asking an enumeration for a member takes longer than all else that is done with it."""
NOTHING = Target(text="")
"""What a sentence has that nobody translated."""


class Tally(NamedTuple):
    """Sentences by state."""

    new: int = 0
    machine: int = 0
    edited: int = 0
    approved: int = 0

    @property
    def total(self) -> int:
        """All sentences."""
        return self.new + self.machine + self.edited + self.approved

    @property
    def unreviewed(self) -> int:
        """Sentences that no person has touched."""
        return self.new + self.machine

    @property
    def bars(self) -> tuple[tuple[str, int, int, int], ...]:
        """(state, sentences, begin, width) in parts per thousand, for the progress bar."""
        counts = (("approved", self.approved), ("edited", self.edited), ("machine", self.machine), ("new", self.new))
        bars, done = [], 0
        for state, count in counts:
            begin, done = done, done + count
            left, right = (round(1000 * n / max(self.total, 1)) for n in (begin, done))
            bars.append((state, count, left, right - left))
        return tuple(bars)


def tally(draft: Draft) -> Tally:
    """How far the sentences of a draft have come."""
    target = draft.targets.get
    counts = Counter([shown(target(one.id, NOTHING)) for block in draft.article.blocks for one in block.segments])
    return Tally(counts[_NEW], counts[_MACHINE], counts[_EDITED], counts[_APPROVED])


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of several tallies."""
    new, machine, edited, approved = 0, 0, 0, 0
    for one in tallies:
        new, machine = new + one.new, machine + one.machine
        edited, approved = edited + one.edited, approved + one.approved
    return Tally(new, machine, edited, approved)


def shown(target: Target) -> State:
    """The state that a reader may rely on: no text, no translation; a text that nobody vouched for is a machine's."""
    if not target.text.strip():
        return _NEW
    return _MACHINE if target.state is _NEW else target.state

"""How far the sentences of an article have come, counted.

Knows drafts and no page: lists, the home page and the article all show the same figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from translate.document import Draft, State, Target

NOTHING = Target(text="")
"""What a sentence has that nobody translated."""


@dataclass(frozen=True, slots=True)
class Tally:
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
    targets = draft.targets
    counts = Counter(shown(targets.get(segment.id, NOTHING)) for segment in draft.article.segments())
    return Tally(counts[State.NEW], counts[State.MACHINE], counts[State.EDITED], counts[State.APPROVED])


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
        return State.NEW
    return State.MACHINE if target.state is State.NEW else target.state

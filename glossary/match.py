"""Finding terms in Arabic text: where they stand, in what clothing, and why.

A text is cut into words, each is looked up (`readings`), and what may be a term becomes a candidate; the longest count
(`candidates`). This module knows nothing of English beyond carrying the term along.
"""

from __future__ import annotations

from itertools import compress

from glossary.candidates import Candidate, Match, chosen, matched, propose, settled
from glossary.context import WORD, Tokens, Wanted, joined
from glossary.ordinary import ORDINARY
from glossary.pairs import Pairs, goes_on
from glossary.readings import Words
from glossary.terms import TermBase
from glossary.tree import Caution, Tree


class Matcher:
    """The compiled term base."""

    def __init__(self, base: TermBase) -> None:
        self.base = base
        tree = Tree(base)
        self.warnings: list[Caution] = tree.warnings
        self._words = Words(tree)
        self._pairs = Pairs(self._words)
        self._wanted = Wanted(tree.contexts.values())
        self._warn_ordinary()

    def find(self, text: str, around: frozenset[str] = frozenset()) -> list[Match]:
        """`'وبمفارز الإعدامات'` -> one match that says `و+ب+مفارز الإعدامات`: longest, then leftmost, in order.

        `around` is what `surroundings` says of the article the text belongs to.
        """
        tokens, candidates = self._candidates(text)
        if not candidates:
            return []
        winners = chosen(self._near_enough(candidates, tokens, around))
        return [matched(tokens, winner) for winner in winners]

    def explain(self, text: str, around: frozenset[str] = frozenset()) -> list[tuple[Match, str | None]]:
        """All that could have matched, in order; a suppressed one comes with the reason, a counted one with None."""
        tokens, candidates = self._candidates(text)
        return settled(tokens, self._near_enough(candidates, tokens, around))

    def surroundings(self, text: str) -> frozenset[str]:
        """The words that some term wants to have near and that stand in this text, in any clothing."""
        if not self._wanted.every:
            return frozenset()
        return frozenset().union(*map(self._wanted.__getitem__, WORD.findall(text)))

    def _warn_ordinary(self) -> None:
        for word in dict.fromkeys(ORDINARY):
            for match in self.find(word, self._wanted.every):
                if word not in (match.term.source, *match.term.forms):
                    text = f"{match.term.source}: the ordinary word {word} also matches, as {match.why}"
                    self.warnings.append(
                        Caution(match.term.file, match.term.line, f"{text}. Write never:{word} in context to forbid it")
                    )

    def _candidates(self, text: str) -> tuple[Tokens, list[Candidate]]:
        """All that may be a term. Nearly all words begin none and cost one look-up."""
        written = WORD.findall(text)
        words = list(map(self._words.__getitem__, written))
        tokens, made, last = Tokens(text, written), list[Candidate](), len(written) - 1
        for first in compress(range(len(words)), words):
            word = words[first]
            if word is None or word.onward is None:
                continue
            state = word.state
            if state is None:
                if first == last or (after := words[first + 1]) is None or word.onward.isdisjoint(after.stems):
                    continue
                state = self._words.state(written[first], word)
                if state is None:
                    continue
            ways, adjectives = state.ways, state.adjectives
            at = first
            while True:
                if state.found:
                    propose(tokens, first, state.found, made)
                if at == last or (after := words[at + 1]) is None or state.onward.isdisjoint(after.stems):
                    break
                if not joined(tokens, at):
                    break
                at += 1
                state = self._words.further(state, written[at])
                if state is None:
                    break
            if ways and goes_on(words, first, adjectives):
                self._pairs.add(tokens, words, first, ways, made)
        return tokens, made

    def _near_enough(self, candidates: list[Candidate], tokens: Tokens, around: frozenset[str]) -> list[Candidate]:
        """Gives a reason to those whose `near` words stand neither in the text nor around it."""
        if not self._wanted.every or not any(candidate.found.context.near for candidate in candidates):
            return candidates
        here = around.union(*map(self._wanted.__getitem__, tokens.written))
        return [
            candidate
            if candidate.reason or not (wanted := candidate.found.context.near) or wanted & here
            else candidate._replace(reason=f"only near {' or '.join(sorted(wanted))}")
            for candidate in candidates
        ]

"""`python -m glossary 'وبمفارز الإعدامات'`: which terms of the bundled term base match, and why."""

from __future__ import annotations

import sys

from glossary import Matcher, TermBase


def main(texts: list[str]) -> int:
    """Prints one line a match: surface, why, English; suppressed ones with the reason."""
    matcher = Matcher(TermBase.load(TermBase.default()))
    for text in texts or [sys.stdin.read()]:
        for match, reason in matcher.explain(text):
            verdict = f"({reason})" if reason else f"{match.term.target} [{match.number}]"
            print(f"{match.begin}-{match.end}\t{match.surface}\t{match.why} → {verdict}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

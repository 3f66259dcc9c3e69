"""The tree of everything that can go wrong for a reason a person can mend.

Each message says what, where and what to do, in that order and in one line. The command line catches `TarjumanError`
and nothing else; anything else that escapes is a bug.

    TarjumanError                exit 1
    ├── UsageError               exit 2   the request itself makes no sense
    ├── InputError               exit 3   something handed in cannot be read
    │   ├── ArticleError
    │   ├── GlossaryError
    │   └── DraftError
    ├── ModelError               exit 4   a model is missing, broken or unsuitable
    │   └── OfflineError                  a download is needed and there is no network
    ├── ConflictError            exit 5   the file changed under us: nothing was written
    └── OutputError              exit 6   the result could not be written
"""

from __future__ import annotations

LONGEST = 500
"""Characters of a line that is shown; what a file says may be of any length."""


class TarjumanError(Exception):
    """Root of all errors a person can mend. `str(error)` is the one line shown to them."""

    exit_code = 1

    def __init__(self, what: str, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, where, hint
        place = f"{where}: " if where else ""
        advice = f". {hint[0].upper()}{hint[1:]}" if hint else ""
        super().__init__(_shown(f"{place}{what}{advice}"))


def _shown(text: str) -> str:
    r"""One line with nothing in it that steers a terminal or turns its order: `'a\x1b[2J\nb'` -> `'a\ufffd[2J b'`."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        line = f"{line[: LONGEST // 2]} … {line[-LONGEST // 4 :]}"
    return line if line.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in line)


class UsageError(TarjumanError):
    """Options that contradict each other or name something that does not exist."""

    exit_code = 2


class InputError(TarjumanError):
    """Something handed in cannot be read."""

    exit_code = 3


class ArticleError(InputError):
    """An article is empty, binary, not UTF-8, too large, or has no Arabic."""


class GlossaryError(InputError):
    """A term line that cannot be understood; `where` is file:line:column."""


class DraftError(InputError):
    """A draft is not the XLIFF we can read."""


class ModelError(TarjumanError):
    """A model is missing, broken or unsuitable."""

    exit_code = 4


class OfflineError(ModelError):
    """A download was asked for and the network does not answer."""


class ConflictError(TarjumanError):
    """The file on disk is not the one that was read. Nothing was written."""

    exit_code = 5


class OutputError(TarjumanError):
    """The result could not be written. What was there before is untouched."""

    exit_code = 6

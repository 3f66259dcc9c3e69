"""Every regular expression of the program, fed with long runs of what it is made of.

The expressions are those that the modules hold once they are imported, and those that stand as words in a call of
`re`. Of each its own letters are taken, and made into runs of one letter and of two in turn, with an end that does not
fit. Each is asked as the program asks it: from every place of the text (`search`, `sub`, `findall` …) or at its
beginning alone (`match`, `fullmatch`). One that is not through in time is a break, unless `BOUNDED` says why it never
sees a long text.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from promises.figure import Figure, Scale
from promises.fuzz.trying import TooLongError, stopped

LONG, SHORTER = 100_000, 20_000
QUICK = 0.01
"""What is through the shorter run in so many seconds need not run the longer one, even if it were quadratic."""
SECONDS = 0.5
"""For one run; an expression that reads every letter once needs a hundredth of it."""
PACKAGES = ("glossary", "translate")
LEFT_OUT = (
    "translate.engines.marian",
    "translate.engines.tuning",
    "translate.engines.decoding",
    "translate.cli.__main__",
    "glossary.__main__",
)
"""They load torch, or run when they are loaded; they have no expressions in their modules."""
LETTERS = 6
"""Of an expression, at most."""
COMMON = " \n\"'.([<ن\u064b\u0640،9a"
"""Tried with every expression."""
CATEGORIES = {"space": " ", "not_space": "a", "digit": "9", "not_digit": "a", "word": "ن", "not_word": "."}
ENDS = ("", "\0")
AT_THE_BEGINNING = frozenset({"match", "fullmatch"})
BOUNDED: Mapping[str, str] = {
    "glossary.context._FIGURE": "asked of the 24 letters before a word",
    "translate.fragments._EDGES": "asked of lines of 400 letters at most",
    "translate.fragments._FORM": "asked of lines of 400 letters at most",
    "translate.fragments._SURE": "asked of lines of 400 letters at most",
    "translate.readers.lead._AGENCY": "asked of 120 letters",
    "translate.readers.lead._GLUED": "asked of 120 letters",
    "translate.readers.lead._PARTS": "asked of lines of 200 letters at most",
    "translate.site.serve._FRESH": "asked of the policy of a page that we wrote",
}
"""Place -> why no long text ever comes to it."""


def expressions() -> Iterator[tuple[str, str, int, bool]]:
    """Where each stands, the expression, its flags, and whether it is asked at the beginning alone; each once."""
    seen: set[tuple[str, int, bool]] = set()
    for place, pattern, flags, fixed in itertools.chain(_held(), _spoken()):
        if (pattern, flags, fixed) not in seen:
            seen.add((pattern, flags, fixed))
            yield place, pattern, flags, fixed


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    root = Path(__file__).parents[3]
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            yield path.relative_to(root), ast.parse(path.read_text(encoding="utf-8"))


def _fixed() -> frozenset[str]:
    """Names that nothing is asked of but `match` and `fullmatch`, wherever such a name stands."""
    asked: dict[str, int] = Counter()
    named: dict[str, int] = Counter()
    for path, tree in _trees():
        module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(tree):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                named[_full(node, module)] += 1
            if isinstance(node, ast.Attribute) and node.attr in AT_THE_BEGINNING:
                asked[_full(node.value, module)] += 1
    return frozenset(name for name, count in asked.items() if name and count == named[name])


def _full(node: ast.expr, module: str) -> str:
    """A name; of a private one, which module's: `_NAME` -> `translate.inline._NAME`."""
    name = _last(node)
    return f"{module}.{name}" if name.startswith("_") else name


def _last(node: ast.expr) -> str:
    """`a.b._NAME` -> `_NAME`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _held() -> Iterator[tuple[str, str, int, bool]]:
    fixed = _fixed()
    for package in PACKAGES:
        root = importlib.import_module(package)
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            if info.name in LEFT_OUT:
                continue
            for name, value in sorted(vars(importlib.import_module(info.name)).items()):
                for found in _within(value):
                    if isinstance(found.pattern, str):
                        yield (
                            f"{info.name}.{name}",
                            found.pattern,
                            found.flags & ~re.UNICODE,
                            bool({name, f"{info.name}.{name}"} & fixed),
                        )


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _within(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _within(one)


def _spoken() -> Iterator[tuple[str, str, int, bool]]:
    """`re.sub("…", …)` within functions."""
    for path, tree in _trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            verb, first = node.func.attr, node.args[0]
            asked = _last(node.func.value) == "re" and verb not in ("escape", "compile")
            if asked and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield f"{path}:{node.lineno}", first.value, 0, verb in AT_THE_BEGINNING


def letters(pattern: str, flags: int) -> list[str]:
    """What an expression is made of: `'[0-9]+-x'` -> `['0', '-', 'x', …]`, and what is tried with all."""
    found: dict[str, None] = {}

    def walk(tree: Any) -> None:
        for part in tree:
            if isinstance(part, tuple) and len(part) == 2 and not isinstance(part[0], tuple):
                kind, value = str(part[0]).lower(), part[1]
                if kind == "literal":
                    found[chr(value)] = None
                elif kind == "range":
                    found[chr(value[0])] = None
                elif kind == "category":
                    found[CATEGORIES.get(str(value).lower().removeprefix("category_"), "a")] = None
                elif kind in ("any", "not_literal"):
                    found["a"] = None
                else:
                    walk(_parts(value))
            elif part is not None:
                walk(_parts(part))

    walk(re._parser.parse(pattern, flags))  # type: ignore[attr-defined]
    return list(dict.fromkeys([*list(found)[:LETTERS], *COMMON]))


def _parts(value: Any) -> list[Any]:
    if isinstance(value, int | str) or value is None:
        return []
    try:
        return [one for one in value if not isinstance(one, int | str)]
    except TypeError:
        return []


def runs(found: list[str], count: int) -> Iterator[str]:
    """Long texts."""
    pairs = [a + b for a, b in itertools.permutations(found[:3], 2)]
    for unit in [*found, *pairs]:
        for end in ENDS:
            yield unit * (count // len(unit)) + end


def prove(scale: Scale) -> Iterator[Figure]:
    """Feed all of them; at full scale only, since it loads every module and takes longer than the test suite has."""
    if not scale.full:
        return
    tried, slowest, slow, count = 0, 0.0, "", 0
    broken: list[str] = []
    for place, pattern, flags, fixed in expressions():
        count += 1
        compiled = re.compile(pattern, flags)
        for text in () if place in BOUNDED else runs(letters(pattern, flags), SHORTER):
            tried += 1
            took = _took(compiled, text, fixed)
            if took > QUICK:
                took = _took(compiled, text[:-1] * (LONG // len(text)) + text[-1], fixed)
            if took > slowest:
                slowest, slow = took, place
            if took >= SECONDS:
                broken.append(f"{place}: {pattern[:80]!a} is not through {text[:4]!a} … after {SECONDS} s")
                break
    note = f"{count} expressions; slowest {slowest * 1000:.0f} ms ({slow})"
    yield Figure("No regular expression takes long over a long run of its own letters", tried, "runs", broken, note)


def _took(compiled: re.Pattern[str], text: str, fixed: bool) -> float:
    """Seconds of processor time to go through a text, or as many as are allowed."""
    begun = time.process_time()
    try:
        with stopped(SECONDS):
            for _ in () if fixed else compiled.finditer(text):
                pass
            compiled.match(text)
            compiled.fullmatch(text)
    except TooLongError:
        return SECONDS
    return time.process_time() - begun

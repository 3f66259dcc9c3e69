"""Front matter: the `key: value` lines between `---` and `---` at the top of an article.

Values stay the strings they were written as (a time stays `16:19`, a date `2015-11-19`); lists and tables are refused.
"""

from __future__ import annotations

import yaml

from translate.composed import composed
from translate.errors import ArticleError

MAX_LENGTH = 100_000
LINES = ("title", "byline")
"""Fields that are one line of text."""


def load(text: str, where: str, first_line: int = 2) -> dict[str, str]:
    r"""`'title: تكريت\ntime: 16:19'` -> `{'title': 'تكريت', 'time': '16:19'}`; `first_line` is where `text` begins."""
    if len(text) > MAX_LENGTH:
        raise ArticleError(f"front matter is longer than {MAX_LENGTH} characters", f"{where}:{first_line}", "Close it")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        problem = error.problem or error.context or "cannot be read"
        hint = "Put a value that has a colon or a quotation mark in it between quotation marks"
        raise ArticleError(f"front matter: {problem}", f"{where}:{line}", hint) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ArticleError(f"front matter: {error}", f"{where}:{first_line}", "Write lines of key: value") from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise ArticleError("front matter is no list of key: value", f"{where}:{first_line}", "Write title: ...")
    meta: dict[str, str] = {}
    for key, value in root.value:
        line = first_line + key.start_mark.line
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            name = key.value if isinstance(key, yaml.ScalarNode) else "a key"
            raise ArticleError(f"front matter: {name} is not a single value", f"{where}:{line}", "Write key: value")
        # What YAML spells with a backslash was not there yet when the file was normalised.
        name, said = composed(key.value), composed(value.value)
        if name in meta:
            raise ArticleError(f"front matter: {name} stands there twice", f"{where}:{line}", "Take one out")
        meta[name] = said.replace("\n", " ").strip() if name in LINES else said
    return meta

"""What was worked out once, found again by a plain look into a dictionary: in half the time of `functools.lru_cache`.

For the words of an article, of which there are thousands, each in many sentences. When it is full everything is
forgotten, so the memory it takes is bounded. Knows nothing of what is worked out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Memo(dict[_Key, _Value]):
    """`memo[key]` is what the function makes of the key."""

    __slots__ = ("_function", "_most")

    def __init__(self, function: Callable[[_Key], _Value], most: int) -> None:
        super().__init__()
        self._function, self._most = function, most

    def __missing__(self, key: _Key) -> _Value:
        if len(self) >= self._most:
            self.clear()
        found = self[key] = self._function(key)
        return found

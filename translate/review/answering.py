"""JSON as the desk answers it: what UTF-8 cannot have, such as half of a character, is spelled and not lost."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse


class Json(JSONResponse):
    r"""`'\ud800'` goes out as an escape, which a page reads back as it was; everything else as itself."""

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        try:
            return super().render(content)
        except UnicodeEncodeError:
            return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")

"""translate-toolkit's matcher on the sentences of a file; run by its own Python, prints one JSON object."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from translate.__version__ import sver
from translate.search import match
from translate.storage import po


def main() -> None:
    """Fill a matcher, ask it, tell the times."""
    given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    store = po.pofile()
    for arabic, english in given["pairs"]:
        unit = store.addsourceunit(arabic)
        unit.target = english
    began = time.process_time()
    matcher = match.matcher([store], max_candidates=5, min_similarity=75, max_length=2000)
    filled = time.process_time() - began
    spent = []
    for text in given["asked"]:
        began = time.process_time()
        matcher.matches(text)
        spent.append(1e3 * (time.process_time() - began))
    print(json.dumps({"cpu": spent, "fill": filled, "version": sver}))


if __name__ == "__main__":
    main()

"""Starts a command that serves pages on this computer, looks at some of them, ends it.

`python visit.py COMMAND… -- PATH…`: the command says its address on a line of its own output; what it answered under
each path goes to stdout as JSON.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from http.cookiejar import CookieJar
from urllib.request import HTTPCookieProcessor, build_opener

PATIENCE = 60


def main() -> int:
    """Start, look, end."""
    cut = sys.argv.index("--")
    command, paths = sys.argv[1:cut], sys.argv[cut + 1 :]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        found = re.search(r"http://127\.0\.0\.1:\d+/\S*", server.stdout.readline() if server.stdout else "")
        pages = {}
        if found:
            opener = build_opener(HTTPCookieProcessor(CookieJar()))
            with opener.open(found[0], timeout=PATIENCE) as answer:
                pages["/"] = answer.read().decode("utf-8")
            for path in paths:
                with opener.open(found[0].split("/?")[0].rstrip("/") + path, timeout=PATIENCE) as answer:
                    pages[path] = answer.read().decode("utf-8")
        server.send_signal(signal.SIGINT)
        code = server.wait(PATIENCE)
    sys.stdout.write(json.dumps(pages))
    return code if pages else 1


if __name__ == "__main__":
    sys.exit(main())

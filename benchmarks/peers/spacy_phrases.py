"""spaCy's PhraseMatcher on the sentences of a file; run by its own Python, prints one JSON object."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import spacy
from spacy.matcher import PhraseMatcher


def main() -> None:
    """Compile, match, tell the times. Cutting the sentences into words is counted, as it is for everybody."""
    given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    language = spacy.blank("ar")
    began = time.process_time()
    matcher = PhraseMatcher(language.vocab)
    matcher.add("term", [language.make_doc(term) for term in given["terms"]])
    compiled = time.process_time() - began
    began = time.process_time()
    found = sum(len(matcher(language.make_doc(text))) for text in given["texts"])
    spent = time.process_time() - began
    words = sum(len(text.split()) for text in given["texts"])
    print(json.dumps({"compiled": compiled, "cpu": spent, "found": found, "words": words}))


if __name__ == "__main__":
    main()

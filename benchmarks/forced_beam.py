"""Constrained beam search of old transformers, in an environment of its own: what `force_words_ids` makes of terms.

transformers 5 has no constrained beam search any more; 4.49 is the last to be installed beside the same torch:

    python -m venv OLD && OLD/bin/pip install torch==2.13.0 'transformers<4.50' sentencepiece

`OLD/bin/python benchmarks/forced_beam.py MODEL < cases.json` reads `[{"source": "…", "words": ["detachments"]}]` and
answers with free and forced texts and the seconds each took, on one thread, one sentence at a time for both. Needs
nothing of this project but the model folder.
"""

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

BEAMS = 4
"""As everywhere else; free decoding with these is what times are measured by."""
MORE_BEAMS = (4, 16)
"""Constrained search keeps a bank of hypotheses for every count of terms met, so it is given more beams too."""
ROUNDS = 3


def decode(
    model: Any, tokenizer: Any, cases: list[dict[str, Any]], beams: int, forced: bool
) -> tuple[list[str], float]:
    """Texts, and the CPU seconds for all of them."""
    import torch

    texts = []
    began = time.process_time()
    for case in cases:
        ids = tokenizer(case["source"], return_tensors="pt")
        kept = [tokenizer(text_target=word, add_special_tokens=False).input_ids for word in case["words"]]
        limit = 3 * ids.input_ids.shape[1] + 20
        with torch.inference_mode():
            out = model.generate(
                **ids,
                num_beams=beams,
                max_length=None,
                max_new_tokens=limit,
                force_words_ids=kept if forced and kept else None,
            )
        texts.append(tokenizer.decode(out[0], skip_special_tokens=True))
    return texts, time.process_time() - began


def main() -> None:
    """Reads cases, writes answers."""
    import torch
    import transformers

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    folder = Path(sys.argv[1])
    model = transformers.MarianMTModel.from_pretrained(folder, torch_dtype=torch.float32).eval()
    tokenizer = transformers.MarianTokenizer.from_pretrained(folder)
    cases = json.load(sys.stdin)
    decode(model, tokenizer, cases[:3], BEAMS, forced=False)
    free: list[str] = []
    forced: dict[int, list[str]] = {}
    ratios: dict[int, list[float]] = {beams: [] for beams in MORE_BEAMS}
    for _ in range(ROUNDS):
        free, plain_seconds = decode(model, tokenizer, cases, BEAMS, forced=False)
        for beams in MORE_BEAMS:
            forced[beams], seconds = decode(model, tokenizer, cases, beams, forced=True)
            ratios[beams].append(seconds / plain_seconds)
    runs = [{"beams": n, "texts": forced[n], "ratio": statistics.median(ratios[n])} for n in MORE_BEAMS]
    told = {"version": transformers.__version__, "free": free, "forced": runs}
    json.dump(told, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()

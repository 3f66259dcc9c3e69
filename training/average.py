"""One model from several runs that began from one another: the weighted mean of their weights.

Runs that ended cooled down along the same path lie in one basin, and their mean is better than each (Wortsman et al.
2022, "model soups"). The shape of all must be the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

WEIGHTS = Path("final") / "model.safetensors"
HOW = "write --of RUN=0.6 RUN=0.4"


def parts(given: Sequence[str]) -> list[tuple[Path, float]]:
    """`["runs/one=0.6"]` -> the folder of each run and its share.

    Raises:
        SystemExit: one has no share, or its run did not end.
    """
    found = []
    for one in given:
        run, _, share = one.rpartition("=")
        try:
            found.append((Path(run), float(share)))
        except ValueError:
            raise SystemExit(f"{one} says no share: {HOW}") from None
        finished(Path(run))
    return found


def finished(run: Path) -> Path:
    """The weights that a run ended with; SystemExit where it did not end."""
    if not (run / WEIGHTS).is_file():
        raise SystemExit(f"{run} holds no {WEIGHTS}: finish it with fit first")
    return run / WEIGHTS


def average(runs: Sequence[tuple[Path, float]], out: Path) -> None:
    """Write `out/final`, the mean of the `final` weights of runs; shares are made to add up to one.

    Raises:
        SystemExit: the runs are not of one shape, or the shares are not above zero.
    """
    total = sum(share for _, share in runs)
    if not runs or min(share for _, share in runs) <= 0:
        raise SystemExit(f"no shares to take the mean of: {HOW}")
    mean: dict[str, torch.Tensor] = {}
    for run, share in runs:
        weights = load_file(run / WEIGHTS)
        if mean and {name: t.shape for name, t in weights.items()} != {name: t.shape for name, t in mean.items()}:
            raise SystemExit(f"{run} has another shape than {runs[0][0]}: only runs of one model can be averaged")
        for name, tensor in weights.items():
            scaled = tensor.float() * (share / total)
            mean[name] = mean[name] + scaled if name in mean else scaled
    (out / "final").mkdir(parents=True, exist_ok=True)
    first = runs[0][0]
    for told in (first / "plan.json", *(first / "final").glob("*.json")):
        shutil.copyfile(told, out / told.relative_to(first))
    save_file({name: tensor.contiguous() for name, tensor in mean.items()}, out / WEIGHTS, metadata={"format": "pt"})

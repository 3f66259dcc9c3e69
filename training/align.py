"""Word alignment of the training text: IBM model 1 with a diagonal prior, in both directions.

Gives two things a small model cannot afford to discover by itself: a target for one supervised attention head, and
embeddings in which pieces that translate each other already lie close together.

Brown et al. 1993 (IBM 1); Dyer et al. 2013 (the diagonal prior); Garg et al. 2019 (supervising a head).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

log = logging.getLogger(__name__)

UNALIGNED = 255
SHARPNESS = 4.0  # of the diagonal prior
SMOOTHING = 0.01


def _batches(data: dict[str, np.ndarray], chosen: np.ndarray, cells: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Pairs of similar size, padded with -1: indices (n,), source (n, S), target (n, T)."""
    source_length = np.diff(data["source_at"])[chosen]
    target_length = np.diff(data["target_at"])[chosen]
    order = chosen[np.lexsort((target_length, source_length))]
    begin = 0
    while begin < len(order):
        size = 1
        width = height = 1
        while begin + size <= len(order):
            index = order[begin + size - 1]
            width = max(width, int(data["source_at"][index + 1] - data["source_at"][index]))
            height = max(height, int(data["target_at"][index + 1] - data["target_at"][index]))
            if width * height * size > cells and size > 1:
                break
            size += 1
        rows = order[begin : begin + size - 1] if begin + size <= len(order) else order[begin:]
        source = np.full((len(rows), width), -1, np.int64)
        target = np.full((len(rows), height), -1, np.int64)
        for row, index in enumerate(rows):
            s = data["source"][data["source_at"][index] : data["source_at"][index + 1]]
            t = data["target"][data["target_at"][index] : data["target_at"][index + 1]]
            source[row, : len(s)] = s
            target[row, : len(t)] = t
        yield rows, source, target
        begin += len(rows)


def _prior(source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Diagonal prior (n, S, T), zero on padding."""
    s_real, t_real = source >= 0, target >= 0
    s_at = torch.arange(source.shape[1])[None, :] / s_real.sum(1, keepdim=True)
    t_at = torch.arange(target.shape[1])[None, :] / t_real.sum(1, keepdim=True)
    prior = torch.exp(-SHARPNESS * (s_at[:, :, None] - t_at[:, None, :]).abs())
    return prior * s_real[:, :, None] * t_real[:, None, :]


def lexical_tables(
    data: dict[str, np.ndarray], chosen: np.ndarray, vocabulary: int, rounds: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """p(target | source), p(source | target) and joint counts, each a dense (vocabulary, vocabulary) tensor."""
    forward = torch.ones(vocabulary, vocabulary)
    backward = torch.ones(vocabulary, vocabulary)
    counts = forward
    for number in range(rounds):
        counts = torch.zeros(vocabulary * vocabulary)
        for _, s, t in _batches(data, chosen, 2_000_000):
            source, target = torch.from_numpy(s), torch.from_numpy(t)
            cells = source.clamp(min=0)[:, :, None] * vocabulary + target.clamp(min=0)[:, None, :]
            prior = _prior(source, target)
            by_target = forward.view(-1)[cells] * prior
            by_target /= by_target.sum(1, keepdim=True) + 1e-9
            by_source = backward.view(-1)[cells] * prior
            by_source /= by_source.sum(2, keepdim=True) + 1e-9
            # agreement: an expected link must be likely in both directions (Liang et al. 2006)
            link = (by_target * by_source).sqrt_() if number else (by_target + by_source) / 2
            counts.index_add_(0, cells.view(-1), link.view(-1))
        counts = counts.view(vocabulary, vocabulary)
        forward = counts / (counts.sum(1, keepdim=True) + SMOOTHING)
        backward = counts / (counts.sum(0, keepdim=True) + SMOOTHING)
        log.info("alignment round %d done", number + 1)
    return forward, backward, counts


def links(data: dict[str, np.ndarray], forward: torch.Tensor, backward: torch.Tensor) -> np.ndarray:
    """For every target token the position of its source token, or UNALIGNED; flat (target tokens,), uint8."""
    found = np.full(len(data["target"]), UNALIGNED, np.uint8)
    vocabulary = forward.shape[0]
    for rows, s, t in _batches(data, np.arange(len(data["kind"])), 4_000_000):
        source, target = torch.from_numpy(s), torch.from_numpy(t)
        cells = source.clamp(min=0)[:, :, None] * vocabulary + target.clamp(min=0)[:, None, :]
        score = (forward.view(-1)[cells] * backward.view(-1)[cells]).sqrt_()
        certain, position = (score * _prior(source, target)).max(1)
        linked = torch.where(certain > 0.005, position, UNALIGNED).to(torch.uint8).numpy()
        for row, index in enumerate(rows):
            begin, end = data["target_at"][index], data["target_at"][index + 1]
            found[begin:end] = linked[row, : end - begin]
    log.info("aligned %.1f %% of target tokens", 100 * float((found != UNALIGNED).mean()))
    return found


def embeddings(counts: torch.Tensor, width: int, seed: int) -> torch.Tensor:
    """Cross-lingual starting embeddings (vocabulary, width): spectral factors of the positive PMI of aligned pieces."""
    torch.manual_seed(seed)
    vocabulary = counts.shape[0]
    joint = counts + counts.T
    joint.fill_diagonal_(0.0)
    total = joint.sum()
    marginal = joint.sum(1).clamp(min=1.0)
    association = torch.log(joint * total / (marginal[:, None] * marginal[None, :]) + 1e-9).clamp_(min=0)
    association *= (joint > 0.5).float() * torch.sqrt(joint / (joint + 5.0))  # rare evidence weighs less
    association += torch.eye(vocabulary) * association.max(1).values
    u, values, v = torch.svd_lowrank(association, q=width, niter=4)
    sign = torch.sign((u * v).sum(0))  # negative eigenvalues push translations apart: drop them
    factors = u * values.sqrt() * (sign > 0)
    factors /= factors.norm(dim=1, keepdim=True).clamp(min=1e-3)
    noise = torch.randn(vocabulary, width) * width**-0.5
    start: torch.Tensor = 0.8 * factors + 0.6 * noise
    return start


def align(data_folder: Path, vocabulary: int, width: int, rounds: int = 5, seed: int = 1) -> None:
    """Write `links.npy`, `held-out-links.npy` and `embeddings.npy` beside `train.npz`; learns from that file alone."""
    with np.load(data_folder / "train.npz") as stored:
        data = {name: stored[name] for name in stored.files}
    length = np.diff(data["source_at"]) + np.diff(data["target_at"])
    generator = np.random.default_rng(seed)
    share = np.array([1.0, 1.0, 0.15, 0.1, 0.3])[data["kind"]]
    chosen = np.flatnonzero((length < 110) & (generator.random(len(length)) < share))
    log.info("aligning on %d of %d pairs", len(chosen), len(length))
    forward, backward, counts = lexical_tables(data, chosen, vocabulary, rounds)
    np.save(data_folder / "links.npy", links(data, forward, backward))
    with np.load(data_folder / "held-out.npz") as stored:
        held_out = {name: stored[name] for name in stored.files}
    np.save(data_folder / "held-out-links.npy", links(held_out, forward, backward))
    np.save(data_folder / "embeddings.npy", embeddings(counts, width, seed).numpy())

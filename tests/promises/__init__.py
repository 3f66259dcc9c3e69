"""What Tarjuman promises, tried by breaking it.

One file a promise; each has `prove(scale)`, which tries and counts. The test suite runs each at a small scale
(`tests/test_promises.py`), `scripts/prove` at the full one, and writes the figures into `docs/promises.md`.
"""

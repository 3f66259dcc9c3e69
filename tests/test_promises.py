"""Every promise, tried at the scale of a test suite; `scripts/prove` tries harder."""

from __future__ import annotations

from pathlib import Path

import pytest
from promises.figure import Scale
from promises.parts import PARTS


@pytest.mark.parametrize("part", PARTS)
def test_promises_are_kept(part: str, tmp_path: Path) -> None:
    figures = list(PARTS[part](Scale(full=False, folder=tmp_path)))
    assert figures
    for figure in figures:
        assert not figure.broken, "\n".join(figure.broken[:10])
        assert figure.tried or figure.skipped, f"nothing was tried: {figure.promise}"

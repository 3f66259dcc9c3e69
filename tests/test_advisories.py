"""What a folder of advisories says of a version: between where a weakness came in and where it went."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
from promises import advisories

ONE = """id: PYSEC-1
affected:
- package: {name: Some_Lib, ecosystem: PyPI}
  ranges:
  - type: ECOSYSTEM
    events: [{introduced: '1.2'}, {fixed: '1.10'}, {introduced: '2.0'}, {last_affected: '2.1'}]
  versions: ['0.1']
modified: '2024-01-02T03:04:05Z'
"""


@pytest.fixture
def known(tmp_path: Path) -> advisories.Advisories:
    for name, told in (("some-lib", ONE), ("other", ONE.replace("2024", "2023"))):
        (tmp_path / "vulns" / name).mkdir(parents=True)
        (tmp_path / "vulns" / name / "PYSEC-1.yaml").write_text(told, encoding="utf-8")
    return advisories.read(tmp_path, ["some.lib"])


@pytest.mark.parametrize(
    ("version", "weak"),
    [("0.1", True), ("1.1", False), ("1.2", True), ("1.9", True), ("1.10", False), ("2.1", True), ("2.2", False)],
)
def test_versions(known: advisories.Advisories, version: str, weak: bool) -> None:
    assert bool(known.of("some-lib", version)) is weak
    assert not known.of("other", version)
    assert (known.count, known.newest) == (2, "2024-01-02")


def test_it_is_served(known: advisories.Advisories) -> None:
    with advisories.served(known) as address:
        for version, want in (("1.2", ["PYSEC-1"]), ("3", [])):
            asked = json.dumps({"package": {"name": "some-lib", "ecosystem": "PyPI"}, "version": version}).encode()
            with urllib.request.urlopen(urllib.request.Request(address, asked), timeout=10) as answer:
                assert [one["id"] for one in json.load(answer).get("vulns", [])] == want

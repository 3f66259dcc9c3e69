"""The general news term base: kept apart, easy to add, sound in itself and beside the default one."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from glossary import Matcher, TermBase
from glossary.terms import BUNDLED
from translate.constraints import check, require

ROOT = Path(__file__).parent.parent
NEWS = TermBase.load(BUNDLED["news"])
MATCHER = Matcher(NEWS)


def test_it_is_there_only_when_asked_for():
    assert len(NEWS.terms) >= 300
    assert len({Path(name).stem for name in NEWS.origin}) >= 7
    assert not [name for name in TermBase.load(TermBase.default()).origin if "news" in name]
    assert TermBase.bundled("news") == BUNDLED["news"]
    assert TermBase.bundled("./news") is None


def test_no_entry_is_in_the_way_of_another_or_of_an_ordinary_word():
    assert [str(caution) for caution in MATCHER.warnings] == []


def test_no_source_twice():
    sources = [term.source for term in NEWS.terms]
    assert len(sources) == len(set(sources))


@pytest.mark.parametrize("name", sorted({Path(term.file).stem for term in NEWS.terms}))
def test_every_form_is_found_as_its_own_entry(name):
    for term in NEWS.terms:
        if Path(term.file).stem != name:
            continue
        for form, _ in term.listed():
            rows = MATCHER.explain(form)
            assert any(match.term is term and match.surface == form for match, _ in rows), (term.source, form)


def test_every_entry_is_met_by_its_own_english_and_forbids_none_of_it():
    for term in NEWS.terms:
        matches = [match for match, _ in MATCHER.explain(term.source) if match.term is term]
        for requirement in require(matches[:1]):
            outcome = check([requirement], f"They saw {term.target}.")
            assert not outcome.unmet, term.source
            assert not outcome.forbidden, term.source


def test_beside_the_default_terms_only_known_sources_differ():
    mosul = {term.source: term for term in TermBase.load(TermBase.default()).terms}
    both = [(mosul[term.source], term) for term in NEWS.terms if term.source in mosul]
    assert {ours.source for ours, theirs in both if ours.target != theirs.target} <= set()
    found = Matcher(TermBase.load([BUNDLED["mosul"], BUNDLED["news"]])).find("مفارز داعش في الأنبار ووزارة الدفاع")
    assert [match.term.target for match in found] == ["detachments", "ISIS", "Anbar", "the Defense Ministry"]


def test_coverage_of_pairs_is_counted(tmp_path):
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text(
        "news\tوصل إلى حلب\tHe reached Aleppo.\nnews\tغادر حلب\tHe left the city.\nnews\tنص\tText\n", encoding="utf-8"
    )
    script = ROOT / "benchmarks" / "terms_coverage.py"
    assert importlib.util.spec_from_file_location("terms_coverage", script)
    done = subprocess.run(
        [sys.executable, str(script), str(pairs), "--glossary", "news", "--misses", "1"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert "2\t0.500\t0.000\tحلب\tAleppo" in done.stdout
    assert "غادر ⟦حلب⟧" in done.stdout
    assert "1 of" in done.stdout

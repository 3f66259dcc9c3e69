"""The main job on the five seed articles with the bundled model, network off: drafts, terms, site, one-off command."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from translate import drafts
from translate.cli import main
from translate.document import Draft, Kind, State, TermStatus

ROOT = Path(__file__).parent.parent
ARABIC = re.compile(r"[\u0621-\u064a]")

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def offline() -> object:
    """Any attempt to leave this computer fails, and is remembered."""
    patch = pytest.MonkeyPatch()
    tried: list[object] = []

    def refuse(*arguments: object, **_more: object) -> None:
        tried.append(arguments[1:])
        raise OSError("network is unreachable")

    patch.setattr(socket.socket, "connect", refuse)
    patch.setattr(socket, "getaddrinfo", refuse)
    yield tried
    patch.undo()
    assert tried == []


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory, offline: object) -> Path:
    """A folder in which the five seeds have been drafted and published."""
    folder = tmp_path_factory.mktemp("work")
    patch = pytest.MonkeyPatch()
    patch.setenv("TARJUMAN_HOME", str(folder / "home"))
    drafted = call("draft", str(ROOT / "seeds"), "--drafts", str(folder / "drafts"))
    assert drafted.exit_code == 0, drafted.stderr
    published = call("publish", "--drafts", str(folder / "drafts"), "-o", str(folder / "site"))
    assert published.exit_code == 0, published.stderr
    yield folder
    patch.undo()


def call(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=text)


def all_drafts(work: Path) -> list[Draft]:
    return [drafts.load(path) for path in sorted((work / "drafts").glob("*.en.xlf"))]


def test_five_articles_have_drafts_and_pages(work: Path) -> None:
    slugs = {path.stem for path in (ROOT / "seeds").glob("*.md")} - {"README"}
    assert len(slugs) == 5
    assert {draft.article.slug for draft in all_drafts(work)} == slugs
    assert {path.stem for path in (work / "site" / "articles").glob("*.html")} == slugs


def test_every_sentence_has_english_or_a_named_failure(work: Path) -> None:
    for draft in all_drafts(work):
        for segment in draft.article.segments():
            target = draft.targets[segment.id]
            failed = [finding for finding in target.findings if finding.check in ("u-01", "x-01")]
            assert target.text.strip() or failed, segment.id
            assert target.state in (State.MACHINE, State.NEW)


def test_every_term_is_honoured_or_named(work: Path) -> None:
    total = 0
    for draft in all_drafts(work):
        for segment in draft.article.segments():
            target = draft.targets[segment.id]
            named = [finding.message for finding in target.findings]
            for use in target.terms:
                total += 1
                if use.status is TermStatus.UNMET:
                    assert named, f"{segment.id}: {use.source}"
                else:
                    assert target.text[use.target_begin : use.target_end] == use.surface
    assert total > 300


def test_the_owners_three_terms_are_in_the_english(work: Path) -> None:
    english = " ".join(target.text for draft in all_drafts(work) for target in draft.targets.values())
    for term in ("Diwan", "detachments", "Left Bank"):
        assert term in english


def test_no_arabic_is_left_in_the_english(work: Path) -> None:
    left = [t.text for draft in all_drafts(work) for t in draft.targets.values() if ARABIC.search(t.text)]
    assert left == []


def test_the_english_is_english(work: Path) -> None:
    """A floor, not a measure: common English words make up a good part of any English news text."""
    english = " ".join(target.text for draft in all_drafts(work) for target in draft.targets.values()).lower()
    tokens = re.findall(r"[a-z]+", english)
    common = {"the", "of", "to", "in", "and", "a", "that", "from", "by", "on", "with", "its", "said", "for"}
    assert 0.2 < sum(token in common for token in tokens) / len(tokens) < 0.6


def test_boilerplate_is_marked_not_dropped(work: Path) -> None:
    kinds = {block.kind for draft in all_drafts(work) for block in draft.article.blocks}
    assert {Kind.TITLE, Kind.BYLINE, Kind.PARAGRAPH, Kind.RELATED, Kind.BOILERPLATE} <= kinds


def test_a_second_run_translates_nothing_and_gives_the_same_bytes(work: Path) -> None:
    def made() -> dict[Path, bytes]:  # neither the cache nor what the build remembers is a result
        return {
            path: path.read_bytes()
            for name in ("drafts", "site")
            for path in (work / name).rglob("*")
            if path.is_file() and path.name != ".tarjuman-facts.sqlite"
        }

    before = made()
    again = call("draft", str(ROOT / "seeds"), "--drafts", str(work / "drafts"))
    assert ", 0 of " in again.stderr
    call("publish", "--drafts", str(work / "drafts"), "-o", str(work / "site"))
    assert before
    assert made() == before


def test_the_one_off_command(work: Path) -> None:
    sentence = "سيطرت القوات العراقية على الساحل الأيسر من الموصل."
    result = call("translate", "-", text=sentence)
    assert result.exit_code == 0
    assert "the Left Bank" in result.stdout
    assert "Mosul" in result.stdout
    assert result.stderr.splitlines()[-1].startswith("terms 3/3 honoured")
    assert call("translate", "-", text=sentence).stdout == result.stdout


def test_both_engines_honour_the_terms_alike(work: Path) -> None:
    sentence = "هرب المسلحون من الساحل الأيسر."
    for engine in ("ct2", "marian"):
        assert "Left Bank" in call("translate", "-", "--engine", engine, text=sentence).stdout


def test_the_bundled_model_loads_with_the_library_alone() -> None:
    """`MarianMTModel` and `MarianTokenizer` as anybody would use them."""
    import warnings

    from transformers import MarianMTModel, MarianTokenizer

    folder = ROOT / "translate" / "models" / "tarjuman-ar-en"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer = MarianTokenizer.from_pretrained(folder)
        model = MarianMTModel.from_pretrained(folder).float().eval()
    batch = tokenizer(["سيطرت القوات العراقية على المدينة."], return_tensors="pt")
    text = tokenizer.decode(model.generate(**batch, num_beams=4, max_new_tokens=40)[0], skip_special_tokens=True)
    assert "Iraqi" in text

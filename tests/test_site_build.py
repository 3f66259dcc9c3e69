"""Building again: only what has to be made is made, and what comes out is what a first build would make."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from site_drafts import Builder, full, target, term

from translate import drafts as draft_files
from translate import xliff
from translate.document import Kind, State
from translate.errors import DraftError, InputError, OutputError
from translate.site import GlossaryRow, SiteSettings, build, manifest, publish, render, store, templates
from translate.site.facts import FILE, Facts
from translate.site.manifest import CHANGES, MANIFEST
from translate.site.store import STAGE
from translate.site.templates import SHIPPED

BANK = GlossaryRow("الساحل الأيسر", "the Left Bank", forbidden=("left coast",))
DIWAN = GlossaryRow("ديوان", "Diwan")
SETTINGS = SiteSettings(glossary=(BANK, DIWAN), glossary_fingerprint="9ac0", base_url="https://example.org/m/")


def write(folder: Path, draft) -> Path:
    folder.mkdir(exist_ok=True)
    path = draft_files.path_for(folder, draft.article.slug)
    path.write_bytes(xliff.dump(draft))
    return path


def article(slug: str, *, bank: bool = True, version: int = 0, **meta: str):
    """Two sentences; one names the Left Bank."""
    make = Builder(slug, **{"date": "2016-05-01", "outlet": "Mosul Eye", "topics": "Courts", **meta})
    make.add(Kind.TITLE, ("عنوان", target(f"Title of {slug}", State.APPROVED)))
    arabic, english = (
        ("الساحل الأيسر بعيد.", "the Left Bank is far.") if bank else ("المدينة بعيدة.", "The city is far.")
    )
    terms = (term(arabic, english, "الساحل الأيسر", "the Left Bank"),) if bank else ()
    make.add(Kind.PARAGRAPH, (arabic, target(english, terms=terms)), ("نهاية.", target(f"End {version}.")))
    return make.draft()


def snapshot(out: Path) -> dict[str, bytes]:
    """Every file of the site; not what the build keeps for itself."""
    own = {FILE, MANIFEST, CHANGES}
    files = (path for path in sorted(out.rglob("*")) if path.is_file() and path.name not in own)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def fresh(drafts: Path, wanted: SiteSettings = SETTINGS) -> dict[str, bytes]:
    """What a first build would make."""
    return dict(render([draft_files.load(path) for path in sorted(drafts.glob("*.xlf"))], wanted))


@pytest.fixture
def desk(tmp_path):
    """Three articles published: two with the term, one without."""
    drafts, out = tmp_path / "drafts", tmp_path / "out"
    for draft in (article("east"), article("west", date="2017-02-03"), article("plain", bank=False, outlet="Other")):
        write(drafts, draft)
    publish(drafts, out, settings=SETTINGS)
    return drafts, out


def made(desk, wanted: SiteSettings = SETTINGS):
    """Publish again; it has to be what a first build makes."""
    report = publish(*desk, settings=wanted)
    assert snapshot(desk[1]) == fresh(desk[0], wanted)
    assert not (desk[1] / STAGE).exists()
    return report


# ------------------------------------------------------------------------------------------- what is made, and what not


def test_nothing_is_made_when_nothing_changed(desk):
    report = made(desk)
    assert (report.made, report.written, report.removed) == (0, (), ())


def test_a_draft_that_was_only_touched_is_not_made_again(desk):
    path = desk[0] / "east.en.xlf"
    path.write_bytes(path.read_bytes())
    assert made(desk).made == 0


def test_one_changed_article_changes_its_page_its_lists_and_nothing_of_others(desk):
    write(desk[0], article("east", version=1))
    report = made(desk)
    assert "articles/east.html" in report.written
    others = {path for path in report.written if re.search("(west|plain)[.]", path)}
    assert not others
    bank = build.anchor(BANK.source, BANK.target)
    assert {path for path in report.written if path.startswith("terms/")} <= {f"terms/{bank}.html"}
    assert "glossary.html" not in report.written and "static/site.css" not in report.written


def test_a_new_title_reaches_every_list_that_names_the_article(desk):
    draft = article("east")
    head = draft.article.blocks[0].segments[0].id
    targets = {**draft.targets, head: dataclasses.replace(draft.targets[head], text="Quite another title")}
    write(desk[0], dataclasses.replace(draft, targets=targets))
    written = made(desk).written
    assert {"index.html", "archive/index.html", "articles/east.html", "feeds/en.xml"} <= set(written)


def test_a_draft_that_is_gone_takes_its_page_with_it(desk):
    (desk[0] / "east.en.xlf").unlink()
    report = made(desk)
    assert "articles/east.html" in report.removed and not (desk[1] / "articles" / "east.html").exists()
    assert b"Title of east" not in b"".join(snapshot(desk[1]).values())


def test_two_drafts_of_one_article_are_refused_and_the_site_stays(desk):
    """They are made together, and have pages of one path."""
    drafts, out = desk
    before = snapshot(out)
    first = sorted(drafts.glob("*.xlf"))[0]
    shutil.copyfile(first, drafts / "zz.en.xlf")
    with pytest.raises(DraftError, match="two drafts have the article name") as refused:
        publish(drafts, out, settings=dataclasses.replace(SETTINGS, title="All anew"))
    assert "zz.en.xlf" in str(refused.value)
    assert snapshot(out) == before


def test_a_draft_under_another_file_name_is_the_same_article(desk):
    (desk[0] / "east.en.xlf").rename(desk[0] / "other.en.xlf")
    assert made(desk).written == ()


def test_a_changed_entry_of_the_term_base_reaches_the_articles_with_the_term_and_no_others(desk):
    row = dataclasses.replace(BANK, note="of the Tigris")
    report = made(desk, dataclasses.replace(SETTINGS, glossary=(row, DIWAN), glossary_fingerprint="77aa"))
    written = set(report.written)
    assert f"terms/{build.anchor(BANK.source, BANK.target)}.html" in written
    assert f"terms/{build.anchor(DIWAN.source, DIWAN.target)}.html" not in written
    assert "articles/plain.html" not in written


def test_a_setting_reaches_every_page(desk):
    written = made(desk, dataclasses.replace(SETTINGS, title="Another name")).written
    assert {path for path in snapshot(desk[1]) if path.endswith(".html")} <= set(written)


def test_a_template_reaches_its_pages_and_no_others(desk, tmp_path):
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "about.html").write_text("{% extends 'shipped/about.html' %}{% block content %}<p>We</p>{% endblock %}")
    report = made(desk, dataclasses.replace(SETTINGS, templates=theme))
    assert (report.made, report.written) == (1, ("about.html",))
    (theme / "macros.html").write_text("{# the same #}" + (SHIPPED / "macros.html").read_text("utf-8"))
    report = made(desk, dataclasses.replace(SETTINGS, templates=theme))
    assert report.made > 6, "everything that imports it is made again"
    (theme / "about.html").unlink()
    assert "about.html" in made(desk, dataclasses.replace(SETTINGS, templates=theme)).written


def test_a_static_file_is_put_and_removed(desk, tmp_path):
    theme = tmp_path / "theme"
    (theme / "static").mkdir(parents=True)
    (theme / "static" / "logo.svg").write_text("<svg/>")
    assert made(desk, dataclasses.replace(SETTINGS, templates=theme)).written == ("static/logo.svg",)
    assert made(desk).removed == ("static/logo.svg",)


def test_a_page_that_was_changed_or_deleted_by_hand_is_mended(desk):
    out = desk[1]
    (out / "articles" / "east.html").write_text("by hand")
    (out / "index.html").unlink()
    shutil.rmtree(out / "static")
    written = set(made(desk).written)
    assert {"articles/east.html", "index.html", "static/site.css"} <= written and "articles/west.html" not in written


@pytest.mark.parametrize("odd", [0, 1])
def test_whatever_was_deleted_or_changed_by_hand_is_mended(desk, odd):
    files = list(snapshot(desk[1]))
    for number, path in enumerate(files):
        if number % 2 == odd:
            (desk[1] / path).unlink()
        else:
            (desk[1] / path).write_bytes(b"by hand")
    assert made(desk).written == tuple(sorted(files))


def test_one_file_of_many_is_mended_and_nothing_else_is_written(desk):
    one_of_each = {path.parent: path for path in sorted(desk[1].rglob("*")) if path.is_file()}
    for path in one_of_each.values():
        if not path.name.startswith("."):
            path.write_bytes(b"by hand")
            name = path.relative_to(desk[1]).as_posix()
            beside = {"articles": 1, "downloads": 1}
            report = made(desk)
            assert report.written == (name,) and (report.made < 10 or name.split("/")[0] in beside), name


def test_a_page_that_became_a_link_to_what_it_held_stops_the_build(desk, tmp_path):
    page = desk[1] / "glossary.html"
    page.replace(tmp_path / "elsewhere.html")
    page.symlink_to(tmp_path / "elsewhere.html")
    with pytest.raises(OutputError, match="not a file of the site"):
        publish(*desk, settings=SETTINGS)


def test_compiled_templates_are_kept_and_what_is_damaged_is_compiled_again(desk, tmp_path):
    cache, wanted = tmp_path / "cache", dataclasses.replace(SETTINGS, title="Another")
    for damage in (None, b"", b"no code at all", None):
        for file in cache.glob("*.bin") if damage is not None else ():
            file.write_bytes(damage)
        templates._environment.cache_clear()  # as in a new process
        shutil.rmtree(desk[1])
        publish(*desk, settings=wanted, cache=cache)
        assert snapshot(desk[1]) == fresh(desk[0], wanted)
    kept = {file.name: file.stat().st_mtime_ns for file in cache.iterdir()}
    assert len(kept) > 5 and all(name.endswith(".bin") for name in kept)
    templates._environment.cache_clear()
    shutil.rmtree(desk[1])
    publish(*desk, settings=wanted, cache=cache)
    assert kept == {file.name: file.stat().st_mtime_ns for file in cache.iterdir()}


@pytest.mark.parametrize("name", [FILE, MANIFEST])
def test_a_site_whose_memory_is_lost_is_recognised(desk, name):
    (desk[1] / name).unlink()
    assert made(desk).written == ()


def test_a_damaged_memory_is_made_anew(desk):
    (desk[1] / FILE).write_bytes(b"SQLite format 3\0" + b"no" * 4000)
    assert made(desk).written == ()


def test_a_copied_site_is_recognised(desk, tmp_path):
    shutil.copytree(desk[1], tmp_path / "copy")
    assert made((desk[0], tmp_path / "copy")).written == ()


def example(name: str) -> str:
    """The text that docs/site.md shows for a file of a theme."""
    text = (Path(__file__).parent.parent / "docs" / "site.md").read_text("utf-8")
    return re.search(rf"`my-theme/{re.escape(name)}`.*?```\w+\n(.*?)```", text, re.DOTALL)[1]


def test_the_theme_in_the_documentation_works(desk, tmp_path):
    theme = tmp_path / "theme"
    (theme / "static").mkdir(parents=True)
    for name in ("base.html", "static/paper.css"):
        (theme / name).write_text(example(name), "utf-8")
    report = made(desk, dataclasses.replace(SETTINGS, templates=theme, publisher="<Eye>"))
    assert report.warnings == ()
    site = snapshot(desk[1])
    for path, content in site.items():
        if path.endswith(".html"):
            assert b"Published by &lt;Eye&gt;.</p>" in content, path
            assert b'static/paper.css"' in content and b'static/site.css"' in content, path
    assert b".imprint" in site["static/paper.css"]


@pytest.mark.parametrize("base", ["", "https://example.org/", "https://example.org/press/mosul"])
def test_below_any_path_every_link_stays_within_the_site(desk, base):
    made(desk, dataclasses.replace(SETTINGS, base_url=base))
    site = snapshot(desk[1])
    root = base.rstrip("/") + "/" if base else "https://nowhere.example/a/b/"
    for path, content in site.items():
        if path.endswith(".html") and (base or path != "404.html"):
            links = re.findall(r'\s(?:href|src)="([^"]*)"', content.decode())
            for link in links:
                address = urldefrag(urljoin(root + path, link))[0]
                assert address.startswith(root) or address.startswith("https://example.org/a"), (path, link)
                assert (address.removeprefix(root) or "index.html") in {*site, "archive/"}, (path, link)


# ---------------------------------------------------------------------------------------------------------- sudden ends


class Killed(BaseException):
    """What nothing catches."""


@pytest.mark.parametrize("after", [0, 1, 3, 6])
def test_after_a_sudden_end_the_next_build_mends_the_site(desk, monkeypatch, after):
    write(desk[0], article("east", version=1, date="2018-01-01"))
    write(desk[0], article("new"))
    (desk[0] / "west.en.xlf").unlink()
    moves, replace = [], store._move

    def dies(source, place):
        if len(moves) == after:
            raise Killed
        moves.append(place)
        replace(source, place)

    with monkeypatch.context() as patch:
        patch.setattr("translate.site.store._move", dies)
        with pytest.raises(Killed):
            publish(*desk, settings=SETTINGS)
    report = made(desk)
    assert report.kept == () and not (desk[1] / "articles" / "west.html").exists()


def test_a_page_that_is_on_its_way_out_when_the_build_ends_suddenly_is_not_taken_for_a_persons(desk, monkeypatch):
    write(desk[0], article("east", version=1))

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("translate.site.store._move", dies)
        with pytest.raises(Killed):
            publish(*desk, settings=SETTINGS)
    (desk[0] / "east.en.xlf").unlink()
    assert made(desk).kept == ()


def test_two_builds_of_one_site_do_not_mix(desk):
    facts = Facts.open(desk[1], "other")
    try:
        with pytest.raises(OutputError, match="another build of this site is at work"):
            publish(*desk, settings=SETTINGS)
    finally:
        facts.close()
    made(desk)


def test_nothing_changes_when_a_draft_or_template_is_broken(desk, tmp_path):
    before = snapshot(desk[1])
    write(desk[0], article("east", version=1))
    (desk[0] / "west.en.xlf").write_text("<xliff")
    with pytest.raises(DraftError):
        publish(*desk, settings=SETTINGS)
    assert snapshot(desk[1]) == before
    write(desk[0], article("west"))
    (tmp_path / "about.html").write_text("{{ nobody }}")
    with pytest.raises(InputError):
        publish(*desk, settings=dataclasses.replace(SETTINGS, templates=tmp_path))
    assert snapshot(desk[1]) == before and not (desk[1] / STAGE).exists()


# ------------------------------------------------------------------------------------------------------------- warnings


def test_what_is_not_as_it_should_be_is_told(tmp_path):
    drafts = tmp_path / "drafts"
    write(drafts, full())
    write(drafts, article("east", date="some day"))
    write(drafts, article("west"))
    told = publish(drafts, tmp_path / "out", settings=SETTINGS).warnings
    assert [line.removeprefix(f"{drafts}/") for line in told] == [
        "left-bank.en.xlf: 1 of 20 sentences not translated",
        "left-bank.en.xlf: left-bank.3.2: term not honoured: عناصر -> members",
        "east.en.xlf: date 'some day' is no date (YYYY-MM-DD)",
    ]


def test_a_link_that_leads_nowhere_is_told_as_long_as_it_does(tmp_path):
    theme, drafts = tmp_path / "theme", tmp_path / "drafts"
    theme.mkdir()
    (theme / "404.html").write_text('<a href=\'x\'></a><a href="articles/east.html"></a><a href="gone.html#x"></a>')
    write(drafts, article("east"))
    wanted = dataclasses.replace(SETTINGS, templates=theme)
    for _ in range(2):
        told = publish(drafts, tmp_path / "out", settings=wanted).warnings
        assert told == (f"{tmp_path / 'out' / '404.html'}: a link leads nowhere: gone.html",)


# ------------------------------------------------------------------------------------------------------ several at once


def test_several_processes_make_the_same_site(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "_WORTH_IT", 2)
    monkeypatch.setattr(build, "_BATCH", 1)
    drafts = tmp_path / "drafts"
    for number in range(5):
        write(drafts, article(f"a{number}", bank=bool(number % 2)))
    seen: list[tuple[int, int]] = []
    wanted = dataclasses.replace(SETTINGS, jobs=2)
    publish(drafts, tmp_path / "out", settings=wanted, watch=lambda done, total: seen.append((done, total)))
    assert snapshot(tmp_path / "out") == fresh(drafts)
    assert seen == [(number, 5) for number in range(6)]


def test_a_mistake_in_another_process_is_told_as_here(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "_WORTH_IT", 2)
    monkeypatch.setattr(build, "_BATCH", 1)
    drafts = tmp_path / "drafts"
    for number in range(3):
        write(drafts, article(f"a{number}"))
    (drafts / "a2.en.xlf").write_text("<xliff")
    with pytest.raises(DraftError, match=r"a2\.en\.xlf"):
        publish(drafts, tmp_path / "out", settings=dataclasses.replace(SETTINGS, jobs=2))
    assert not (tmp_path / "out" / "index.html").exists()


# ----------------------------------------------------------------------------------------------------- whatever happens

NOTED = dataclasses.replace(BANK, note="of the Tigris")
SLUGS = ("east", "west", "north")
DATES = ("2016-05-01", "2018-01-01", "")
edits = st.one_of(
    st.tuples(
        st.just("write"), st.sampled_from(SLUGS), st.booleans(), st.integers(0, 2), st.sampled_from(DATES),
        st.sampled_from(("Mosul Eye", "أخبار الآن")),
    ),
    st.tuples(st.just("delete"), st.sampled_from(SLUGS)),
    st.tuples(st.just("glossary"), st.sampled_from(((), (BANK,), (BANK, DIWAN), (NOTED,)))),
    st.tuples(st.just("title"), st.sampled_from(("One", "Two"))),
    st.tuples(st.just("per_page"), st.sampled_from((1, 2))),
    st.tuples(st.just("spoil"), st.sampled_from(("index.html", "articles/west.html", "glossary.html"))),
    st.tuples(st.just("forget")),
    st.tuples(st.just("build")),
)  # fmt: skip


@pytest.mark.parametrize("short", [2_000, 0], ids=["list as a whole", "changes of the list"])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(edits, min_size=3, max_size=9))
def test_after_any_edits_a_build_makes_what_a_first_build_would(tmp_path_factory, monkeypatch, steps, short):
    monkeypatch.setattr(manifest, "_SHORT", short)
    monkeypatch.setattr(manifest, "_PART", 1)
    folder = tmp_path_factory.mktemp("any")
    drafts, out, wanted = folder / "drafts", folder / "out", SETTINGS
    write(drafts, article("always"))
    publish(drafts, out, settings=wanted)
    for step in steps:
        match step:
            case ("write", slug, bank, version, date, outlet):
                write(drafts, article(slug, bank=bank, version=version, date=date, outlet=outlet))
            case ("delete", slug):
                draft_files.path_for(drafts, slug).unlink(missing_ok=True)
            case ("glossary", rows):
                wanted = dataclasses.replace(wanted, glossary=rows, glossary_fingerprint=str(len(rows)))
            case (("title" | "per_page") as name, value):
                wanted = dataclasses.replace(wanted, **{name: value})
            case ("spoil", path):
                publish(drafts, out, settings=wanted)  # what is to go has gone: spoilt, it would be kept as a person's
                if (out / path).exists():
                    (out / path).write_text("spoilt")
                    publish(drafts, out, settings=wanted)
            case ("forget",):
                (out / FILE).unlink(missing_ok=True)
            case ("build",):
                publish(drafts, out, settings=wanted)
    publish(drafts, out, settings=wanted)
    assert snapshot(out) == fresh(drafts, wanted)
    listed = manifest.Manifest(out).files
    assert listed == {path: store.sum_of(out / path) for path in snapshot(out)}

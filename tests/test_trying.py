"""Terms tried on a text: the account of `tarjuman glossary test`, and the page of the desk that shows the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import review_desk as small
from click.testing import CliRunner
from starlette.testclient import TestClient

from glossary import Matcher, TermBase
from translate.cli import main
from translate.memory import Memory
from translate.review import Store, application
from translate.termbase.tester import LONGEST, told, tried

TEXT = "وبمفارز الإعدامات"
OWN = {"Origin": "http://127.0.0.1:8765", "X-Tarjuman": "1"}
MATCHER = Matcher(TermBase.load(TermBase.default()))


def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["glossary", "test", *arguments], input=stdin.encode())
    return done.exit_code, done.stdout, done.stderr


def test_what_matches_what_loses_and_what_is_accepted() -> None:
    won, lost = tried(MATCHER, TEXT)
    assert (won.match.why, won.number, won.english, won.reason) == (
        "و+ب+مفارز الإعدامات",
        "many",
        "execution detachments",
        "",
    )
    assert won.accepted[:2] == ("execution detachments", "execution detachment")
    assert "death squads" in won.forbidden
    assert (lost.match.term.source, lost.reason) == ("مفارز", "inside مفارز الإعدامات (وبمفارز الإعدامات)")


@pytest.mark.parametrize(("text", "english"), [("مفرزة", "detachment"), ("مفارز", "detachments")])
def test_the_number_decides_which_english_comes_first(text: str, english: str) -> None:
    assert tried(MATCHER, text)[0].english == english


def test_a_term_with_an_article_shows_it() -> None:
    (one,) = [one for one in tried(MATCHER, "بالساحل الأيسر") if not one.reason]
    assert (one.english, one.policy) == ("the Left Bank", "always with the")


def test_the_article_around_counts_for_terms_that_count_only_near_words() -> None:
    assert tried(MATCHER, "قادة")[0].reason.startswith("only near")
    assert not tried(MATCHER, "قادة", "معركة الموصل")[0].reason


def test_the_command() -> None:
    code, out, err = run(TEXT, "الديوانية")
    assert (code, err) == (0, "")
    assert out.startswith(
        "وبمفارز الإعدامات\n  read as   و+ب+مفارز الإعدامات, many\n  term      مفارز الإعدامات (mosul.tsv:"
    )
    assert "  accepted  execution detachments; execution detachment (with or without an article)\n" in out
    assert "  counts    no: inside مفارز الإعدامات (وبمفارز الإعدامات)\n" in out
    assert out.endswith("الديوانية\n  no term\n")


def test_the_command_as_json_and_from_stdin() -> None:
    code, out, _ = run("--json", stdin=TEXT)
    said = json.loads(out)
    assert (code, said["text"]) == (0, TEXT)
    assert [(row["source"], row["counts"]) for row in said["matches"]] == [("مفارز الإعدامات", True), ("مفارز", False)]
    assert said["matches"] == json.loads(json.dumps(told(tried(MATCHER, TEXT))))


def test_a_text_has_a_limit() -> None:
    code, _, err = run("ا" * (LONGEST + 1))
    assert (code, err) == (2, "tarjuman: more than 20,000 characters. Try a sentence or an article\n")


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(tmp_path: Path) -> Iterator[TestClient]:
    folder = tmp_path / "drafts"
    small.saved(folder)
    memory = Memory(folder, None)
    store = Store(folder, small.TERMS, "amal", memory.put)
    app = application(store, token="a-token-for-tests", host="127.0.0.1", port=8765, memory=memory)
    with TestClient(app, base_url=OWN["Origin"], follow_redirects=False) as client:
        client.get("/", params={"token": "a-token-for-tests"})
        client.headers.update(OWN)
        yield client
    store.close()


def test_the_page_is_there_and_the_list_leads_to_it(page: TestClient) -> None:
    assert 'href="/terms"' in page.get("/").text
    shown = page.get("/terms")
    assert shown.status_code == 200
    for name in ("tryterms.js", "tryterms.css"):
        assert f"/static/{name}" in shown.text
        assert page.get(f"/static/{name}").status_code == 200


def test_the_page_gets_the_same_account(page: TestClient) -> None:
    said = page.post("/api/terms/test", json={"text": f"😀 {TEXT}"}).json()
    first, second = said["matches"]
    assert (first["begin"], first["end"]) == (3, 3 + len(TEXT))
    assert (first["english"], first["many"], first["file"]) == ("execution detachments", "many", "mosul.tsv")
    assert (second["counts"], second["reason"][:6]) == (False, "inside")


@pytest.mark.parametrize("body", [{}, {"text": 1}, {"text": "ا", "around": []}, {"text": "ا" * (LONGEST + 1)}])
def test_what_is_no_text_is_refused(page: TestClient, body: dict[str, Any]) -> None:
    answer = page.post("/api/terms/test", json=body)
    assert answer.status_code == 400
    assert answer.json()["hint"]


def test_a_term_of_status_forbidden_cannot_be_added_alone(page: TestClient) -> None:
    body = {"source": "مفارز", "target": "squads", "status": "forbidden"}
    answer = page.post("/api/terms/impact", json=body)
    assert (answer.status_code, answer.json()["error"]) == (422, "a line of status forbidden is no term")


@pytest.mark.browser
def test_the_page_answers_while_one_types(browser: Any, tmp_path: Path) -> None:
    small.saved(tmp_path / "drafts")
    command = [
        sys.executable,
        "-m",
        "translate.cli",
        "review",
        "--port",
        "0",
        "--no-open",
        "--engine",
        "none",
        "drafts",
    ]
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "XDG_CACHE_HOME": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=tmp_path, env=paths
    ) as server:
        assert server.stdout is not None
        context = browser.new_context()
        try:
            window, complaints = context.new_page(), []
            window.on("console", lambda message: message.type == "error" and complaints.append(message.text))
            window.on("pageerror", lambda error: complaints.append(str(error)))
            window.goto(server.stdout.readline().split(": ", 1)[1].strip())
            window.get_by_role("link", name="Try the terms").click()
            window.locator("#text").fill("هرب <b>داعش</b> بمفارز الإعدامات إلى الساحلين الأيمن والأيسر من الديوانية")
            window.locator("#tried mark").first.wait_for()
            marked = window.locator("#tried mark").all_inner_texts()
            assert marked == ["داعش", "بمفارز الإعدامات", "الساحلين الأيمن", "والأيسر"]
            assert "execution detachments" in window.locator("#matches").inner_text()
            assert "inside مفارز الإعدامات" in window.locator(".loses").first.inner_text()
            assert window.locator("#tried b").count() == 0
            window.locator("#text").fill("الديوانية")
            window.locator("#tried").wait_for(state="hidden")
            assert window.locator("#matches li").count() == 0
            assert complaints == []
        finally:
            context.close()
            server.terminate()

"""The desk over HTTP: who may come in, what comes back, and that a page is told the truth about what is saved."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import review_desk as small
from click.testing import CliRunner
from starlette.testclient import TestClient

from translate import drafts
from translate.cli import main
from translate.document import Alternative, Article, Block, Draft, Kind, Mark, Origin, Segment, State, Target
from translate.errors import ConflictError, DraftError, ModelError
from translate.memory import Memory
from translate.review import Application, Machine, Store, TermFile, application
from translate.review.desk import FOLDER
from translate.review.newterm import NewTerm
from translate.review.terms import Terms

TOKEN = "a-token-for-tests"
ORIGIN = "http://127.0.0.1:8765"
OWN = {"Origin": ORIGIN, "X-Tarjuman": "1"}
SEGMENT = f"/api/articles/{small.SLUG}/segments/{small.TWO}"
AGAIN = f"/api/articles/{small.SLUG}/again"


def again(article: Article, segments: Collection[str]) -> dict[str, Target]:
    if small.THREE in segments:
        raise ModelError("the model is missing", "models/x", "add it")
    texts = {one.id: one.text for one in article.segments()}
    return {
        name: Target(f"again {name}", State.MACHINE, Origin.MACHINE, -0.25, "m9", source=texts[name])
        for name in segments
    }


def several(article: Article, segment: str, count: int) -> list[Alternative]:
    return [Alternative(f"{number}", Origin.MACHINE, "", -number / 2) for number in range(count)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    small.saved(tmp_path / "drafts")
    return tmp_path / "drafts"


def made(folder: Path, **more: Any) -> tuple[Store, Application]:
    memory = Memory(folder, None)
    memory.refresh()
    store = Store(folder, small.TERMS, "amal", memory.put)
    return store, application(store, token=TOKEN, host="127.0.0.1", port=8765, memory=memory, **more)


@pytest.fixture
def outside(folder: Path) -> Iterator[TestClient]:
    """A browser that has not shown the token."""
    store, app = made(folder, machine=Machine(again, several))
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client
    store.close()


@pytest.fixture
def page(outside: TestClient) -> TestClient:
    """A browser that has."""
    assert outside.get("/", params={"token": TOKEN}).status_code == 303
    outside.headers.update(OWN)
    return outside


def sentence(page: TestClient, name: str = small.TWO) -> dict[str, Any]:
    article = page.get(f"/api/articles/{small.SLUG}").json()
    (found,) = [one for block in article["blocks"] for one in block["segments"] if one["id"] == name]
    return found


def put(page: TestClient, text: str, **more: Any) -> Any:
    name = more.pop("name", small.TWO)
    body = {"version": sentence(page, name)["version"], "text": text, **more}
    return page.put(f"/api/articles/{small.SLUG}/segments/{name}", json=body)


def is_an_error(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert {"error", "where", "hint"} <= told.keys()
    assert told["error"] and told["hint"]
    assert "Traceback" not in answer.text and 'File "' not in answer.text
    return told


# --- the door --------------------------------------------------------------------------------------------------------


def test_a_token_becomes_a_cookie_and_leaves_the_address(outside: TestClient) -> None:
    answer = outside.get(f"/a/{small.SLUG}?token={TOKEN}&x=1%202")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/a/{small.SLUG}?x=1+2"
    name, *flags = answer.headers["set-cookie"].split("; ")
    assert name.startswith("tarjuman-8765=") and TOKEN not in name
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} == set(flags)


def test_two_desks_in_one_browser_know_it_both(folder: Path, tmp_path: Path) -> None:
    small.saved(tmp_path / "others")
    jar: dict[str, str] = {}
    with Store(folder, small.TERMS) as one, Store(tmp_path / "others", small.TERMS) as other:
        desks = [
            TestClient(
                application(store, token=TOKEN, host="127.0.0.1", port=port),
                base_url=f"http://127.0.0.1:{port}",
                follow_redirects=False,
            )
            for store, port in ((one, 8765), (other, 8766))
        ]
        for desk in desks:  # a browser sends what 127.0.0.1 gave it to every port
            name, value = desk.get("/", params={"token": TOKEN}).headers["set-cookie"].split("; ")[0].split("=")
            jar[name] = value
        for desk in desks:
            desk.cookies.clear()
            cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
            assert desk.get("/api/articles", headers={"Cookie": cookies}).status_code == 200


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "//evil.example/..", "/%0d%0aSet-Cookie:x=1"])
def test_a_token_leads_nowhere_else(outside: TestClient, path: str) -> None:
    answer = outside.get(f"{ORIGIN}{path}?token={TOKEN}")
    assert answer.status_code == 303
    place = answer.headers["location"]
    assert place.startswith("/") and not place.startswith(("//", "/\\")) and "\n" not in place


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", "é", "x" * 10_000])
def test_a_wrong_token_is_refused(outside: TestClient, token: str) -> None:
    answer = outside.get("/", params={"token": token})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", f"/a/{small.SLUG}", "/static/desk.css", "/api/events", "/nothing"])
def test_nothing_is_shown_without_the_cookie(outside: TestClient, path: str) -> None:
    name = "tarjuman-8765"
    for cookie in ("", f"{name}=", f"{name}=wrong", f"{name}={TOKEN}", f"other=1; {name}", f'{name}="'):
        answer = outside.get(path, headers={"Cookie": cookie})
        assert answer.status_code == 401, cookie
        assert "<" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1:1", "127.0.0.1.evil.example:8765", "", "10.0.0.1:8765"]
)
def test_another_name_does_not_lead_here(page: TestClient, host: str) -> None:
    is_an_error(page.get("/api/articles", headers={"Host": host}), 421)
    assert page.get("/", params={"token": TOKEN}, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"])
def test_its_own_names_do(page: TestClient, host: str) -> None:
    assert page.get("/api/articles", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": f"{ORIGIN}, http://evil.example"},
        {"Origin": ""},
        {"Origin": "", "Sec-Fetch-Site": "same-site"},
        {"Origin": "", "Sec-Fetch-Site": "none"},
        {"X-Tarjuman": ""},
        {"X-Tarjuman": "0"},
    ],
)
def test_only_the_desks_own_page_changes_anything(page: TestClient, headers: dict[str, str]) -> None:
    was = sentence(page)
    body = {"text": "forged", "version": was["version"]}
    is_an_error(page.put(SEGMENT, json=body, headers=headers), 403)
    assert sentence(page) == was


def test_a_request_without_origin_from_the_same_site_counts(page: TestClient) -> None:
    del page.headers["Origin"]
    body = {"text": "kept", "version": sentence(page)["version"]}
    assert page.put(SEGMENT, json=body, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]
)
def test_a_form_of_another_site_is_refused(page: TestClient, kind: str) -> None:
    for headers in ({"Origin": "http://evil.example", "X-Tarjuman": ""}, {}):
        answer = page.post(f"{SEGMENT}/undo", content=b'{"version": 1}', headers={"Content-Type": kind, **headers})
        assert answer.status_code in (403, 415)


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_are_refused(page: TestClient, method: str) -> None:
    assert page.request(method, SEGMENT, content=b"{}").status_code in (403, 405)


def test_a_page_of_another_site_cannot_read(page: TestClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    is_an_error(page.get("/api/articles", headers=headers), 403)


def test_a_page_of_another_port_cannot_read_either(page: TestClient) -> None:
    for mode in ("no-cors", "cors"):
        is_an_error(page.get("/api/articles", headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": mode}), 403)
    assert page.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Length": "2, 5"},
        {"Content-Length": "+2"},
        {"Content-Length": "٢"},
        {"Content-Length": "9" * 5000},
        {"Content-Length": "2", "Transfer-Encoding": "chunked"},
    ],
)
def test_where_a_request_ends_has_to_be_clear(page: TestClient, headers: dict[str, str]) -> None:
    raw = {name: value.encode() for name, value in headers.items()}
    is_an_error(page.post(f"{SEGMENT}/undo", content=b"{}", headers=raw), 400)


def test_what_is_refused_is_told_without_the_token(outside: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    outside.get(f"/{TOKEN}/?token=wrong&also={TOKEN}")
    (told,) = [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
    assert told.startswith("refused with 403: 'GET' ") and TOKEN not in told


def test_a_body_has_a_limit(page: TestClient) -> None:
    long = b'{"text": "' + b"x" * 1_100_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    is_an_error(page.put(SEGMENT, content=long, headers=headers), 413)

    def dribbled() -> Iterator[bytes]:
        yield from (long[at : at + 50_000] for at in range(0, len(long), 50_000))

    is_an_error(page.put(SEGMENT, content=dribbled(), headers=headers), 413)
    is_an_error(put(page, "x" * 20_001), 400)
    assert sentence(page)["text"] == small.MACHINE[small.TWO]


@pytest.mark.parametrize("path", ["/", f"/a/{small.SLUG}", "/static/desk.js", "/api/nothing", "/?token=x"])
def test_every_answer_carries_the_policy(page: TestClient, path: str) -> None:
    policy = page.get(path).headers["content-security-policy"]
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    assert parts == {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
        "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }  # fmt: skip
    assert page.get(path).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "slug",
    ["nothing-here", "..%2f..%2fetc%2fpasswd", "%2e%2e", "Mosul-Day", "mosul-day.en", "a" * 300, "mosul%00day"],
)
def test_a_slug_is_a_name_and_never_a_path(page: TestClient, slug: str, folder: Path) -> None:
    (folder.parent / "secret.en.xlf").write_bytes(drafts.path_for(folder, small.SLUG).read_bytes())
    before = sorted(folder.rglob("*"))
    for path in (f"/api/articles/{slug}", f"/a/{slug}", f"/api/articles/{slug}/segments/{small.TWO}/history"):
        assert page.get(path).status_code == 404
    assert page.get("/api/articles/..%2fsecret").status_code == 404
    assert sorted(folder.rglob("*")) == before


def test_static_files_stay_in_their_folder(page: TestClient) -> None:
    for path in ("/static/../server.py", "/static/%2e%2e/server.py", "/static/..%2fserver.py", "/static//etc/passwd"):
        assert page.get(path).status_code == 404


def test_remote_desks_answer_to_numbers_but_not_to_names(folder: Path) -> None:
    with Store(folder, small.TERMS) as store:
        app = application(store, token=TOKEN, host="0.0.0.0", port=8765)
        client = TestClient(app, follow_redirects=False)
        for host, status in (("192.168.1.7:8765", 303), ("[fe80::1]:8765", 303), ("evil.example:8765", 421)):
            assert client.get("/", params={"token": TOKEN}, headers={"Host": host}).status_code == status


# --- what comes back -------------------------------------------------------------------------------------------------


def test_the_pages_say_which_article(page: TestClient) -> None:
    assert 'lang="en"' in page.get("/").text
    assert f'data-slug="{small.SLUG}"' in page.get(f"/a/{small.SLUG}").text


def test_the_list(page: TestClient, folder: Path) -> None:
    (folder / "torn.en.xlf").write_text("<xliff", "utf-8")
    good, torn = page.get("/api/articles").json()
    assert good["slug"] == small.SLUG and good["title_ar"] == small.SOURCES[small.ONE]
    assert good["states"] == {"new": 0, "machine": 3, "edited": 0, "approved": 0}
    assert good["words_left"] == 14 and good["last_edit"] is None
    assert torn["slug"] == "torn" and torn["problem"]
    put(page, "Done.", confirm=True)
    good, _ = page.get("/api/articles").json()
    assert good["states"]["edited"] == 1 and good["last_edit"]["who"] == "amal" and good["unmet"] == 1


def test_half_of_a_character_in_a_draft_hides_no_article(page: TestClient, folder: Path) -> None:
    path = drafts.path_for(folder, small.SLUG)
    torn = replace(drafts.load(path), targets={small.ONE: small.machine("half \ud800", small.SOURCES[small.ONE])})
    drafts.save(torn, path, base=drafts.load(path).fingerprint)
    assert page.get("/api/articles").json()[0]["title_en"] == "half \ud800"
    assert sentence(page, small.ONE)["text"] == "half \ud800"


def test_a_sentence(page: TestClient) -> None:
    one = sentence(page)
    (hit,) = one["hits"]
    source = one["source"]
    assert source[hit["begin"] : hit["end"]] == "الساحل الأيسر" and hit["status"] == "met" and not hit["suppressed"]
    assert one["state"] == "machine" and one["machine"] == one["text"] and not one["pending"]
    assert not one["findings"] and one["conflict"] is None and one["old_source"] == ""


def test_offsets_count_as_javascript_does(page: TestClient) -> None:
    text = "😀😀 on the Left Bank, by the منطقة"
    answer = put(page, text).json()["segment"]
    units = text.encode("utf-16-le")
    (term,) = answer["terms_in_target"]
    assert units[2 * term["begin"] : 2 * term["end"]].decode("utf-16-le") == "Left Bank"
    (left,) = [one for one in answer["findings"] if one["check"] == "l-01"]
    assert units[2 * left["begin"] : 2 * left["end"]].decode("utf-16-le") == "منطقة"


def test_kept_confirmed_approved_locked_unlocked(page: TestClient, folder: Path) -> None:
    one = put(page, "Forces took the Left Bank.", active_seconds=4.5).json()["segment"]
    assert one["pending"] and one["state"] == "machine" and one["standing"] == small.MACHINE[small.TWO]
    one = put(page, "Forces took the Left Bank.", confirm=True, active_seconds=2).json()["segment"]
    assert not one["pending"] and one["state"] == "edited" and one["seconds"] == 6.5
    answer = put(page, "Forces took the Left Bank.", approve=True).json()
    assert answer["segment"]["state"] == "approved" and answer["progress"]["states"]["approved"] == 1
    is_an_error(put(page, "Other."), 423)
    is_an_error(page.post(f"{SEGMENT}/undo", json={"version": sentence(page)["version"]}), 423)
    one = put(page, "Forces took the Left Bank.", unlock=True).json()["segment"]
    assert one["state"] == "edited" and not one["pending"]
    there = drafts.load(drafts.path_for(folder, small.SLUG)).targets[small.TWO]
    assert (there.text, there.state, there.who, there.origin) == (one["text"], State.EDITED, "amal", Origin.PERSON)
    assert there.started is not None and there.started.text == small.MACHINE[small.TWO]


def test_the_second_of_two_people_sees_both_texts(page: TestClient) -> None:
    version = sentence(page)["version"]
    assert page.put(SEGMENT, json={"text": "mine", "version": version}).status_code == 200
    answer = page.put(SEGMENT, json={"text": "late", "version": version, "confirm": True})
    conflict = is_an_error(answer, 409)["conflict"]
    assert conflict["mine"] == "late" and conflict["theirs"]["text"] == "mine"
    assert sentence(page)["text"] == "mine"
    late = [one for one in page.get(f"{SEGMENT}/history").json() if one["refused"]]
    assert [one["text"] for one in late] == ["late"]
    again = {"text": "late", "version": conflict["theirs"]["version"], "confirm": True}
    assert page.put(SEGMENT, json=again).json()["segment"]["text"] == "late"


def test_an_answer_that_got_lost_is_no_conflict(page: TestClient) -> None:
    body = {"text": "mine", "version": sentence(page)["version"], "confirm": True}
    first, second = (page.put(SEGMENT, json=body) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json()["segment"] == second.json()["segment"]


def test_a_conflict_with_the_file_is_shown_and_settled(page: TestClient, folder: Path) -> None:
    put(page, "mine")
    edit_outside(folder, "theirs")
    one = sentence(page)
    assert one["text"] == "mine" and one["pending"]
    assert one["conflict"]["text"] == "theirs" and one["conflict"]["who"] == "rami"
    one = page.put(SEGMENT, json={"text": "mine", "version": one["conflict"]["version"]}).json()["segment"]
    assert one["conflict"] is None and one["text"] == "mine"
    one = put(page, "mine", confirm=True).json()["segment"]
    assert one["state"] == "edited" and "theirs" in [other["text"] for other in one["alternatives"]]


def test_their_text_can_be_taken(page: TestClient, folder: Path) -> None:
    put(page, "mine")
    edit_outside(folder, "theirs")
    one = put(page, "theirs").json()["segment"]
    assert one["text"] == "theirs" and not one["pending"] and one["conflict"] is None
    assert "mine" in [one["text"] for one in page.get(f"{SEGMENT}/history").json()]


def edit_outside(folder: Path, text: str) -> None:
    path = drafts.path_for(folder, small.SLUG)
    old = drafts.load(path)
    source = small.SOURCES[small.TWO]
    made = drafts.revised(old.targets[small.TWO], text, source=source, who="rami", when="2026-11-22T07:00:00Z")
    drafts.save(replace(old, targets={**old.targets, small.TWO: made}), path, base=old.fingerprint)


def test_undo_and_redo_across_a_restart(folder: Path) -> None:
    for start in range(2):
        store, app = made(folder)
        with TestClient(app, base_url=ORIGIN) as page:
            page.get("/", params={"token": TOKEN})
            page.headers.update(OWN)
            if start == 0:
                put(page, "first")
                put(page, "second", confirm=True)
            else:
                texts = []
                for way in ("undo", "undo", "undo", "redo", "redo", "redo"):
                    one = page.post(f"{SEGMENT}/{way}", json={"version": sentence(page)["version"]}).json()
                    texts.append((one["text"], one["state"], one["can_undo"], one["can_redo"]))
                draft = small.MACHINE[small.TWO]
                assert texts == [
                    ("first", "machine", True, True),
                    (draft, "machine", False, True),
                    (draft, "machine", False, True),
                    ("first", "machine", True, True),
                    ("second", "edited", True, False),
                    ("second", "edited", True, False),
                ]
        store.close()


def test_what_is_typed_is_checked_at_once(page: TestClient) -> None:
    told = put(page, "Forces seized it.").json()["segment"]
    assert "g-01" in [one["check"] for one in told["findings"]] and told["terms_in_target"] == []


def test_findings_are_dismissed_with_a_reason_and_stay_so(page: TestClient, folder: Path) -> None:
    put(page, "Forces seized it.", confirm=True)
    path = f"/api/articles/{small.SLUG}"
    is_an_error(page.post(f"{path}/dismiss", json={"segment": small.TWO, "check": "g-01", "reason": " "}), 400)
    is_an_error(page.post(f"{path}/dismiss", json={"segment": small.TWO, "check": "z-99", "reason": "x"}), 404)
    answer = page.post(f"{path}/dismiss", json={"segment": small.TWO, "check": "g-01", "reason": "said above"})
    (found,) = [one for one in answer.json()["segment"]["findings"] if one["check"] == "g-01"]
    assert found["dismissed"] == "said above"
    there = drafts.load(drafts.path_for(folder, small.SLUG)).targets[small.TWO]
    assert [one.dismissed for one in there.findings if one.check == "g-01"] == ["said above"]
    assert put(page, "Forces seized it!", confirm=True).status_code == 200
    (found,) = [one for one in sentence(page)["findings"] if one["check"] == "g-01"]
    assert found["dismissed"] == "said above"
    page.post(f"{path}/undismiss", json={"segment": small.TWO, "check": "g-01"})
    (found,) = [one for one in sentence(page)["findings"] if one["check"] == "g-01"]
    assert found["dismissed"] == ""


def test_edit_effort_is_what_the_command_says(page: TestClient, folder: Path) -> None:
    assert sentence(page)["effort"] is None and sentence(page)["seconds"] == 0
    one = put(page, "Forces held the Left Bank.", active_seconds=4.5).json()["segment"]
    assert one["effort"] is None and one["seconds"] == 4.5
    put(page, "Forces held the Left Bank.", confirm=True, active_seconds=2)
    put(page, small.MACHINE[small.ONE], name=small.ONE, approve=True)
    run = CliRunner().invoke(main, ["effort", str(folder), "--json"])
    said = json.loads(run.stdout)
    (line,) = page.get("/api/articles").json()
    assert line["effort"] == {key: said["articles"][0][key] for key in ("machine", "memory", "unknown")}
    assert page.get(f"/api/articles/{small.SLUG}").json()["progress"]["effort"] == line["effort"]
    figures = sentence(page)["effort"]
    (told,) = [one for one in said["segments"] if one["segment"] == small.TWO]
    assert figures == {key: told[key] for key in figures} and figures["edits"] == 1 and figures["seconds"] == 6.5
    assert sentence(page, small.ONE)["effort"]["untouched"] == 1
    whole = page.get("/api/effort").json()
    assert whole == {key: said[key] for key in said if key != "segments"}
    assert any(term["kept"] for term in whole["terms"])


def test_memory_and_concordance(page: TestClient, folder: Path) -> None:
    other = small.draft().article
    put(page, "Forces held the Left Bank.", approve=True)
    (hit,) = page.get("/api/concordance", params={"q": "الساحل"}).json()
    assert hit["target"] == "Forces held the Left Bank." and hit["spans"][0][0] == "source"
    assert page.get(f"{SEGMENT}/matches").json() == []
    assert other.slug == small.SLUG and page.get("/api/concordance", params={"q": ""}).json() == []


def test_what_is_approved_fills_the_same_sentence_where_it_has_no_english(folder: Path) -> None:
    twin, other = small.SLUG + "-again", f"{small.SLUG}-again.1.1"
    block = Block(1, Kind.PARAGRAPH, small.SOURCES[small.TWO], segments=(Segment(other, small.SOURCES[small.TWO]),))
    path = drafts.path_for(folder, twin)
    drafts.save(Draft(Article(twin, (block,), last_number=1)), path, base="")
    before = path.read_bytes()
    store, app = made(folder)
    with TestClient(app, base_url=ORIGIN) as page:
        page.get("/", params={"token": TOKEN})
        page.headers.update(OWN)

        def there() -> dict[str, Any]:
            return page.get(f"/api/articles/{twin}").json()["blocks"][0]["segments"][0]

        assert (there()["text"], there()["state"]) == ("", "new")
        assert {hit["status"] for hit in there()["hits"] if not hit["suppressed"]} == {"none"}, "nothing is missing yet"
        assert {one["unmet"] for one in page.get("/api/articles").json() if one["slug"] == twin} == {0}
        assert put(page, "The Left Bank was taken.", approve=True).status_code == 200
        one = there()
        assert (one["text"], one["state"], one["origin"]) == ("The Left Bank was taken.", "machine", "memory")
        assert one["memory_percent"] == 100 and path.read_bytes() == before
        body = {"version": one["version"], "text": one["text"], "confirm": True}
        assert page.put(f"/api/articles/{twin}/segments/{other}", json=body).status_code == 200
    store.close()
    target = drafts.load(path).targets[other]
    assert (target.text, target.state, target.match) == ("The Left Bank was taken.", State.EDITED, 100)


def test_the_machine_offers_and_never_replaces(page: TestClient) -> None:
    put(page, "mine", confirm=True)
    told = page.post(AGAIN, json={"segments": [small.TWO]}).json()
    (one,) = told["segments"]
    assert one["text"] == "mine" and one["machine"] == f"again {small.TWO}" and told["changed"] == [small.TWO]
    assert page.post(AGAIN, json={"segments": [small.TWO]}).json()["changed"] == []
    version = sentence(page)["version"]
    assert page.put(SEGMENT, json={"text": "mine too", "version": version}).status_code == 200
    offered = page.post(f"{SEGMENT}/alternatives", json={"n": 3}).json()
    assert [(one["text"], one["score"]) for one in offered] == [("0", 0.0), ("1", -0.5), ("2", -1.0)]
    is_an_error(page.post(f"{SEGMENT}/alternatives", json={"n": 1000}), 400)
    is_an_error(page.post(AGAIN, json={"segments": [small.THREE]}), 503)
    for wrong in ([], "x", [1], [small.TWO] * 21, None):
        is_an_error(page.post(AGAIN, json={"segments": wrong}), 400)
    is_an_error(page.post(AGAIN, json={"segments": ["mosul-day.9.9"]}), 404)


def test_a_machine_draft_that_is_made_again_can_be_undone(page: TestClient, folder: Path) -> None:
    (one,) = page.post(AGAIN, json={"segments": [small.TWO]}).json()["segments"]
    assert (one["text"], one["state"], one["pending"]) == (f"again {small.TWO}", "machine", False)
    there = drafts.load(drafts.path_for(folder, small.SLUG)).targets[small.TWO]
    assert (there.text, there.signature, there.who) == (one["text"], "m9", "")
    told = [(each["text"], each["origin"]) for each in page.get(f"{SEGMENT}/history").json()]
    assert sorted(told) == sorted([(one["text"], "machine"), (small.MACHINE[small.TWO], "machine")])
    one = page.post(f"{SEGMENT}/undo", json={"version": one["version"]}).json()
    assert (one["text"], one["state"]) == (small.MACHINE[small.TWO], "machine")


def test_a_draft_made_again_goes_under_what_is_being_typed(page: TestClient) -> None:
    put(page, "typed")
    (one,) = page.post(AGAIN, json={"segments": [small.TWO]}).json()["segments"]
    assert one["text"] == "typed" and one["pending"] and one["machine"] == f"again {small.TWO}"
    assert one["conflict"] is None


def test_without_an_engine_it_says_so(folder: Path) -> None:
    store, app = made(folder)
    with TestClient(app, base_url=ORIGIN) as page:
        page.get("/", params={"token": TOKEN})
        page.headers.update(OWN)
        assert page.get(f"/api/articles/{small.SLUG}").json()["can_translate"] is False
        is_an_error(page.post(AGAIN, json={"segments": [small.TWO]}), 400)
        assert page.post(f"{SEGMENT}/alternatives", json={"n": 3}).json() == []
        is_an_error(page.post("/api/terms/impact", json={"source": "كتاب", "target": "book"}), 400)
    store.close()


def test_a_term_is_added_after_its_impact_was_seen(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "terms.tsv"

    def reload() -> Any:
        return type(small.TERMS.base).load([file]) if file.exists() else small.TERMS.base

    store, app = made(folder, term_file=TermFile(file, reload))
    term = {"source": "القوات", "target": "troops", "forms": "قوات، عساكر", "note": "not forces"}
    with TestClient(app, base_url=ORIGIN) as page:
        page.get("/", params={"token": TOKEN})
        page.headers.update(OWN)
        is_an_error(page.post("/api/terms", json=term), 400)
        impact = page.post("/api/terms/impact", json=term).json()
        assert (impact["segments"], impact["edited"], impact["missing"]) == (1, 0, 1)
        assert impact["examples"][0]["id"] == small.TWO
        (touched,) = page.post("/api/terms", json=term).json()["touched"]
        assert (touched["id"], touched["edited"], touched["met"]) == (small.TWO, False, False)
        assert file.read_text("utf-8").splitlines()[1] == "القوات\ttroops\t\tpl:قوات|pl:عساكر\tnot forces"
        assert [hit["term"] for hit in sentence(page)["hits"]] == ["القوات"]
        page.post("/api/terms/impact", json=term)
        (asked_again,) = page.post("/api/terms", json=term).json()["touched"]  # it is there just so
        assert asked_again["id"] == touched["id"]
        assert len(file.read_text("utf-8").splitlines()) == 2
        changed = {**term, "target": "soldiers"}
        assert page.post("/api/terms/impact", json=changed).json()["replaces"] == ["troops"]
        assert page.post("/api/terms", json=changed).status_code == 200
        assert file.read_text("utf-8").splitlines()[1:] == ["القوات\tsoldiers\t\tpl:قوات|pl:عساكر\tnot forces"]
        assert [hit["target"] for hit in sentence(page)["hits"]] == ["soldiers"]
        for wrong in (
            {"source": "x\ty"},
            {"source": "كتاب", "target": "كتاب"},
            {"target": "book"},
            {"file": "/etc/passwd"},
        ):
            answer = page.post("/api/terms/impact", json={"target": "book", **wrong})
            assert answer.status_code in (200, 400, 422)
            assert answer.status_code != 200 or "source" in wrong
    store.close()


def test_a_changed_term_keeps_what_speaks_of_the_arabic(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "terms.tsv"
    head, comment = "source\ttarget\tnumber\tcontext\tours\tforbidden", "# the army"
    file.write_text(f"{head}\n{comment}\nالقوات\tforces\tpl\tdefinite\tx7\ttroops\nكتاب\tbook\n", "utf-8")
    base = type(small.TERMS.base)
    with Store(folder, Terms(base.load([file]))) as store:
        terms = TermFile(file, lambda: base.load([file]))
        new = NewTerm.of({"source": "القوات", "target": "troops"})
        assert terms.impact(new, store)["replaces"] == ["forces"]
        (touched,) = terms.add(new, store)
        assert (touched.id, touched.met) == (small.TWO, False)
        lines = [head, comment, "القوات\ttroops\tpl\tdefinite\tx7", "كتاب\tbook"]
        assert file.read_text("utf-8").splitlines() == lines
        noted = NewTerm.of({"source": "القوات", "target": "men", "note": "a column of its own"})
        terms.impact(noted, store)
        terms.add(noted, store)
        lines = [f"{head}\tnote", comment, "القوات\tmen\tpl\tdefinite\tx7\t\ta column of its own", "كتاب\tbook"]
        assert file.read_text("utf-8").splitlines() == lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["الباب", "كتاب"], ["الباب", "القوات", "كتاب"]),
        (["كتاب", "الباب"], ["كتاب", "الباب", "القوات"]),  # whoever keeps another order keeps it
        (["يوم", "# new", "الباب", "نهر"], ["يوم", "# new", "الباب", "القوات", "نهر"]),
    ],
)
def test_a_new_term_stands_where_the_order_of_the_file_wants_it(
    folder: Path, tmp_path: Path, before: list[str], after: list[str]
) -> None:
    file = tmp_path / "terms.tsv"
    lines = [line if line[0] == "#" else f"x7\t{line}\tthing" for line in before]
    file.write_text("\n".join(["ours\tsource\ttarget", *lines]) + "\n", "utf-8")
    base = type(small.TERMS.base)
    with Store(folder, Terms(base.load([file]))) as store:
        terms = TermFile(file, lambda: base.load([file]))
        new = NewTerm.of({"source": "القوات", "target": "troops"})
        terms.impact(new, store)
        terms.add(new, store)
    found = file.read_text("utf-8").splitlines()[1:]
    assert [line if line[0] == "#" else line.split("\t")[1] for line in found] == after


def test_after_a_term_edited_sentences_are_flagged_and_machine_drafts_made_again(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "terms.tsv"
    file.write_text("source\ttarget\nالموصل\tMosul\n", "utf-8")
    base = type(small.TERMS.base)
    path = drafts.path_for(folder, small.SLUG)
    memory = Memory(folder, None)
    with Store(folder, Terms(base.load([file])), "amal", memory.put) as store:
        app = application(
            store, token=TOKEN, host="127.0.0.1", port=8765, machine=Machine(again),
            term_file=TermFile(file, lambda: base.load([file])),
        )  # fmt: skip
        with TestClient(app, base_url=ORIGIN) as page:
            page.get("/", params={"token": TOKEN})
            page.headers.update(OWN)
            put(page, "They seized it.", name=small.TWO, approve=True)
            term = {"source": "القوات", "target": "troops"}
            page.post("/api/terms/impact", json=term)
            (touched,) = page.post("/api/terms", json=term).json()["touched"]
            assert (touched["edited"], touched["met"], touched["state"]) == (True, False, "approved")
            one = sentence(page)
            assert one["text"] == "They seized it." and one["state"] == "approved"
            assert "g-01" in [found["check"] for found in one["findings"]]
            there = drafts.load(path).targets[small.TWO]
            assert there.text == "They seized it." and "g-01" in [found.check for found in there.findings]
            title = {"source": "المفارز", "target": "squads"}
            page.post("/api/terms/impact", json=title)
            (touched,) = page.post("/api/terms", json=title).json()["touched"]
            assert (touched["id"], touched["edited"]) == (small.ONE, False)
            page.post(AGAIN, json={"segments": [touched["id"]]})
            assert drafts.load(path).targets[small.ONE].text == f"again {small.ONE}"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{", b"\xff", b'{"text": 1, "version": 1}', b'{"text": "x"}', b"[" * 100_000,
        b'{"text": "x", "version": "1"}', b'{"text": "x", "version": true}', b'{"text": "x", "version": -1}',
        b'{"text": "x", "version": 1, "active_seconds": "1"}', b'{"text": "x", "version": 1, "active_seconds": NaN}',
        b'{"text": "x", "version": 1, "active_seconds": -1}', b'{"text": "x", "version": 1, "marks": 3}',
        b'{"text": "x", "version": 1, "marks": [{"kind": "strong", "begin": 5, "end": 1}]}',
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(page: TestClient, body: bytes) -> None:
    is_an_error(page.put(SEGMENT, content=body, headers={"Content-Type": "application/json"}), 400)


def test_half_a_character_is_refused(page: TestClient) -> None:
    body = json.dumps({"text": "x \ud800", "version": sentence(page)["version"]}).encode("ascii")
    is_an_error(page.put(SEGMENT, content=body, headers={"Content-Type": "application/json"}), 400)


def test_an_unknown_sentence(page: TestClient) -> None:
    for path in (f"/api/articles/{small.SLUG}/segments/{small.SLUG}.9.9", f"/api/articles/{small.SLUG}/segments/.."):
        assert page.put(path, json={"text": "x", "version": 1}).status_code in (404, 405)


def test_marks_are_carried_along_or_given(folder: Path) -> None:
    path = drafts.path_for(folder, small.SLUG)
    old = drafts.load(path)
    target = replace(old.targets[small.TWO], text="😀 Forces fled.", marks=(Mark("strong", 2, 8),))
    drafts.save(replace(old, targets={**old.targets, small.TWO: target}), path, base=old.fingerprint)
    store, app = made(folder)
    with TestClient(app, base_url=ORIGIN) as page:
        page.get("/", params={"token": TOKEN})
        page.headers.update(OWN)
        assert sentence(page)["marks"] == [{"kind": "strong", "begin": 3, "end": 9, "data": {}}]
        one = put(page, "😀 The Forces fled.").json()["segment"]
        assert one["marks"] == [{"kind": "strong", "begin": 7, "end": 13, "data": {}}]
        given = [{"kind": "strong", "begin": 3, "end": 6, "data": {}}]
        assert put(page, "😀 The Forces fled.", marks=given).json()["segment"]["marks"] == given
        for kind, data in (("link", {"href": "javascript:alert(1)"}), ("html", {}), ("strong", {"x": "y"})):
            is_an_error(put(page, "x", marks=[{"kind": kind, "begin": 0, "end": 1, "data": data}]), 400)
    store.close()


def test_a_losing_text_keeps_its_formatting_and_its_author(page: TestClient, folder: Path) -> None:
    path = drafts.path_for(folder, small.SLUG)
    old = drafts.load(path)
    link = (Mark("link", 0, 6, (("href", "https://example.org"),)),)
    target = replace(old.targets[small.TWO], marks=link)
    drafts.save(replace(old, targets={**old.targets, small.TWO: target}), path, base=old.fingerprint)
    put(page, "Forces fled.", confirm=True)
    edit_outside(folder, "Troops fled.")
    old = drafts.load(path)
    strong = (Mark("strong", 0, 6),)
    theirs = replace(old.targets[small.TWO], marks=strong, text="Troops fled!")
    drafts.save(replace(old, targets={**old.targets, small.TWO: theirs}), path, base=old.fingerprint)
    put(page, "Agreed.", confirm=True, marks=[])
    beside = {one["text"]: one for one in sentence(page)["alternatives"]}
    mine, other = beside["Forces fled."], beside["Troops fled!"]
    assert (mine["who"], other["who"]) == ("amal", "rami") and mine["when"] and other["when"]
    assert mine["marks"] == [{"kind": "link", "begin": 0, "end": 6, "data": {"href": "https://example.org"}}]
    assert other["marks"] == [{"kind": "strong", "begin": 0, "end": 6, "data": {}}]
    one = put(page, "Forces fled.", marks=mine["marks"]).json()["segment"]
    assert one["marks"] == mine["marks"]
    assert sentence(page)["machine_marks"] == mine["marks"], "what the person started from"
    told = {entry["text"]: entry.get("marks") for entry in page.get(f"{SEGMENT}/history").json()}
    assert told["Forces fled."] == mine["marks"]


# --- when it cannot be saved -----------------------------------------------------------------------------------------


def test_a_page_is_told_when_the_journal_cannot_be_written(page: TestClient, folder: Path) -> None:
    journal = folder / FOLDER / f"{small.SLUG}.journal"
    was = sentence(page)
    journal.mkdir()
    told = is_an_error(page.put(SEGMENT, json={"text": "x", "version": was["version"]}), 507)
    assert "not" in told["error"] and "Nothing of it is saved" in told["hint"]
    assert sentence(page) == was
    journal.rmdir()
    assert put(page, "x").status_code == 200


def test_a_page_is_told_when_the_disk_is_full_in_the_middle_of_a_line(page: TestClient, folder: Path) -> None:
    resource = pytest.importorskip("resource")
    put(page, "before")
    journal = folder / FOLDER / f"{small.SLUG}.journal"
    was, lines = sentence(page), journal.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(lines) + 10, hard))
    try:
        told = is_an_error(page.put(SEGMENT, json={"text": "x", "version": was["version"]}), 507)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "Nothing of it is saved" in told["hint"] and journal.read_bytes().startswith(lines)
    assert sentence(page)["text"] == "before"
    assert put(page, "after").json()["segment"]["text"] == "after"
    desk = small.desk(folder)
    assert desk.view(small.TWO).text == "after" and "x" not in desk.texts(small.TWO)
    desk.close()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_page_is_told_when_the_folder_is_read_only(page: TestClient, folder: Path) -> None:
    (folder / FOLDER).chmod(0o555)
    is_an_error(put(page, "x"), 507)
    (folder / FOLDER).chmod(0o755)


def test_words_are_safe_when_only_the_file_cannot_be_written(page: TestClient, folder: Path) -> None:
    blocker = folder / f".{small.SLUG}.en.xlf.tmp"
    blocker.mkdir()
    answer = put(page, "safe", confirm=True).json()
    assert answer["segment"]["state"] == "edited"
    assert not answer["progress"]["filed"] and "could not be saved" in answer["progress"]["problem"]
    blocker.rmdir()
    wait(lambda: drafts.load(drafts.path_for(folder, small.SLUG)).targets[small.TWO].text == "safe")
    assert page.get(f"/api/articles/{small.SLUG}").json()["problem"] == ""


def test_a_draft_that_is_gone_or_torn_says_so_and_keeps_the_words(page: TestClient, folder: Path) -> None:
    path = drafts.path_for(folder, small.SLUG)
    sentence(page)
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    answer = put(page, "kept", confirm=True).json()
    assert answer["segment"]["text"] == "kept" and not answer["progress"]["filed"] and answer["progress"]["problem"]
    path.unlink()
    assert put(page, "kept too", confirm=True).json()["progress"]["problem"]
    path.write_bytes(whole)
    wait(lambda: drafts.load(path).targets[small.TWO].text == "kept too")


def test_an_error_of_ours_is_no_traceback_on_the_page(folder: Path) -> None:
    def broken(article: Article, segments: Collection[str]) -> dict[str, Target]:
        raise RuntimeError("a secret of the machine")

    store, app = made(folder, machine=Machine(broken))
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as page:
        page.get("/", params={"token": TOKEN})
        answer = page.post(AGAIN, json={"segments": [small.TWO]}, headers=OWN)
        is_an_error(answer, 500)
        assert "secret" not in answer.text and answer.headers["content-security-policy"]
    store.close()


# --- the store -------------------------------------------------------------------------------------------------------


def test_one_desk_has_a_folder(folder: Path) -> None:
    with Store(folder, small.TERMS), pytest.raises(ConflictError, match="another desk is open"):
        Store(folder, small.TERMS)
    Store(folder, small.TERMS).close()


def test_no_folder_no_desk(tmp_path: Path) -> None:
    with pytest.raises(DraftError, match="there is no such folder"):
        Store(tmp_path / "nothing", small.TERMS)


def test_journals_stay_out_of_git(folder: Path) -> None:
    Store(folder, small.TERMS).close()
    assert "*" in (folder / FOLDER / ".gitignore").read_text("utf-8").splitlines()


# --- the command -----------------------------------------------------------------------------------------------------


def test_other_computers_only_on_request(folder: Path) -> None:
    done = CliRunner().invoke(main, ["review", str(folder), "--host", "0.0.0.0", "--no-open"])
    assert done.exit_code == 2 and "--allow-remote" in done.output


def test_a_port_that_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TARJUMAN_HOME", str(tmp_path / "home"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(main, ["review", str(folder), "--port", port, "--no-open", "--engine", "none"])
    assert done.exit_code == 6 and "another with --port" in done.output
    Store(folder, small.TERMS).close()  # it was given back


def test_the_desk_runs_tells_its_news_and_ends(folder: Path) -> None:
    from translate.review import Listener

    store, _ = made(folder)
    ports: list[int] = []
    listener = Listener("127.0.0.1", 0)
    thread = threading.Thread(
        target=lambda: listener.serve(
            application(store, token=TOKEN, host="127.0.0.1", port=listener.port), ports.append
        )
    )
    thread.start()
    closing = contextlib.ExitStack()
    try:
        wait(lambda: bool(ports))
        own = f"127.0.0.1:{listener.port}"
        news, typist = (http.client.HTTPConnection(own, timeout=10) for _ in range(2))
        closing.enter_context(contextlib.closing(news))
        closing.enter_context(contextlib.closing(typist))
        news.request("GET", f"/?token={TOKEN}")
        answer = news.getresponse()
        answer.read()
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        news.request("GET", "/api/events", headers={"Cookie": cookie})
        heard = closing.enter_context(news.getresponse())
        assert heard.headers["Content-Type"].startswith("text/event-stream")
        assert heard.readline() == b": here\n"
        typist.request("GET", f"/api/articles/{small.SLUG}", headers={"Cookie": cookie})
        version = json.loads(typist.getresponse().read())["blocks"][1]["segments"][0]["version"]
        typist.request("HEAD", "/api/events", headers={"Cookie": cookie})
        ended = typist.getresponse()
        assert (ended.status, ended.read()) == (200, b"")
        headers = {"Cookie": cookie, "Origin": f"http://{own}", "X-Tarjuman": "1", "Content-Type": "application/json"}
        typist.request("PUT", SEGMENT, json.dumps({"text": "x", "version": version}), headers)
        assert typist.getresponse().status == 200
        heard.readline()
        assert json.loads(heard.readline().removeprefix(b"data: ")) == {
            "type": "changed",
            "slug": small.SLUG,
            "segments": [small.TWO],
        }
    finally:
        listener.stop()
        thread.join(10)
        closing.close()
        store.close()
    assert not thread.is_alive()


def wait(ready: Any) -> None:
    deadline = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)

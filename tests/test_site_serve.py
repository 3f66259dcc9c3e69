"""The preview: what it gives out and to whom, and that it builds again."""

from __future__ import annotations

import re

import pytest
from site_drafts import small
from starlette.testclient import TestClient

from translate import drafts as draft_files
from translate import xliff
from translate.document import State
from translate.site import SiteSettings, publish
from translate.site.serve import Preview, application, enliven

HOST = "127.0.0.1:8766"


@pytest.fixture
def desk(tmp_path):
    """A preview of one article, built once, and what it was told."""
    drafts, told = tmp_path / "drafts", []
    drafts.mkdir()
    write(drafts, small())
    out = tmp_path / "out"
    settings = SiteSettings(search=False, downloads=False, base_url=f"http://{HOST}/")
    preview = Preview(out, lambda: publish(drafts, out, settings=settings), lambda: [drafts], told.append)
    preview.rebuild()
    return preview, drafts, told


def write(drafts, draft) -> None:
    draft_files.path_for(drafts, draft.article.slug).write_bytes(xliff.dump(draft))


def ask(preview: Preview, path: str, host: str = HOST, method: str = "GET"):
    client = TestClient(application(preview, [HOST, "localhost:8766"]), base_url=f"http://{host}")
    return client.request(method, path, follow_redirects=False)


def test_pages_are_those_of_the_site_with_one_script_more(desk):
    preview = desk[0]
    answer = ask(preview, "/articles/raqqa.html")
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
    (script,) = re.findall(r"<script src=\"/_tarjuman[^\n]*\n", answer.text)
    written = (preview.out / "articles" / "raqqa.html").read_text("utf-8")
    assert "_tarjuman" not in written and "connect-src" not in written
    assert answer.text.replace(script, "").replace("; connect-src 'self'", "") == written
    assert ask(preview, "/").text == ask(preview, "/index.html").text
    assert ask(preview, "/archive").headers["location"] == "/archive/"
    assert ask(preview, "/static/site.css").content == (preview.out / "static" / "site.css").read_bytes()
    assert ask(preview, "/_tarjuman/live.js").headers["content-type"] == "text/javascript; charset=utf-8"


def test_a_policy_that_allows_more_is_narrowed_to_here():
    page = """<meta http-equiv="Content-Security-Policy" content="a 'b'; connect-src https://x y">\n</body>"""
    assert """content="a 'b'; connect-src 'self'">""" in enliven(page, "1")


NO_FILES = (
    "/nothing.html",
    "/../drafts/raqqa.en.xlf",
    "/%2e%2e/drafts/raqqa.en.xlf",
    "/.tarjuman-site.json",
    "/.tarjuman-facts.sqlite",
    "/articles",
    "//etc/passwd",
)


@pytest.mark.parametrize("path", NO_FILES)
def test_what_is_no_file_of_the_site_is_the_page_for_that(desk, path):
    answer = ask(desk[0], path)
    assert answer.status_code == 404 and "Page not found" in answer.text


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1", "127.0.0.1:8767", "localhost.example.org:8766"])
def test_another_name_does_not_lead_here(desk, host):
    assert ask(desk[0], "/", host=host).status_code == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_can_only_be_read(desk, method):
    assert ask(desk[0], "/", method=method).status_code == 405


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_gets_nothing_out_of_it(desk, site):
    client = TestClient(application(desk[0], [HOST]), base_url=f"http://{HOST}")
    for path in ("/", "/_tarjuman/news", "/articles/raqqa.html"):
        answer = client.get(path, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"})
        assert answer.status_code == 403 and "Raqqa" not in answer.text
    followed = client.get("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"})
    assert followed.status_code == 200


def test_where_a_request_ends_has_to_be_clear(desk):
    client = TestClient(application(desk[0], [HOST]), base_url=f"http://{HOST}")
    answer = client.request("GET", "/", content=b"x", headers={"Content-Length": "1", "Transfer-Encoding": "chunked"})
    assert answer.status_code == 400 and "Raqqa" not in answer.text


def test_a_change_is_built_and_told_and_nothing_else_is(desk):
    preview, drafts, told = desk
    preview.look()
    assert len(told) == 1
    write(drafts, small(state=State.MACHINE))
    write(drafts, small("other"))
    preview.look()
    assert len(told) == 2 and "articles/other.html" in told[-1].written
    assert ask(preview, "/articles/other.html").status_code == 200
    (drafts / "other.en.xlf").unlink()
    preview.look()
    assert ask(preview, "/articles/other.html").status_code == 404


def test_a_mistake_is_told_and_the_last_good_site_stays(desk):
    preview, drafts, told = desk
    before = preview.news
    (drafts / "raqqa.en.xlf").write_text("<xliff")
    preview.look()
    assert "raqqa.en.xlf" in str(told[-1]) and preview.news["trouble"] == str(told[-1])
    assert preview.news["build"] != before["build"]
    assert ask(preview, "/articles/raqqa.html").status_code == 200
    write(drafts, small())
    preview.look()
    assert preview.news["trouble"] == ""


def test_before_the_first_good_build_it_says_why_there_is_nothing(tmp_path):
    (tmp_path / "drafts").mkdir()
    preview = Preview(
        tmp_path / "out",
        lambda: publish(tmp_path / "drafts", tmp_path / "out", settings=SiteSettings()),
        lambda: [tmp_path / "drafts"],
        lambda _: None,
    )
    preview.rebuild()
    answer = ask(preview, "/")
    assert answer.status_code == 503 and "tarjuman draft" in answer.text

"""The desk in a browser, by keyboard alone, with the server that people use: nothing typed is ever lost or run."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from translate import drafts
from translate.cli import main
from translate.document import Origin, State

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent
LONG = "long"
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"
ARTICLE = """---
title: تحرير تكريت يحطم معنويات التنظيم
---

## افراد التنظيم يفرون الى سوريا

أسفر انتصار القوات العراقية عن انهيار تنظيم داعش الارهابي، الأمر الذي دفع 25 من عناصره الى الهرب من الموصل على سوريا.

وقال مصدر امني ان الصدمة كانت من نصيب عناصر التنظيم. وهرب ٣ منهم من الموصل.

واضاف المصدر ان التنظيم نصب مفارز على الطرق الخارجية.

ومضى بالقول ان قيادات التنظيم يرفضون ترك الموصل.
"""
FIRST = """---
title: القوات العراقية في الموصل
---

سيطرت القوات العراقية على الساحل الأيسر من الموصل. هرب عناصر التنظيم من الموصل يوم الثلاثاء.

نصب التنظيم مفارز على الطرق الرئيسة.
"""
SECOND = """---
title: الساحل الأيسر بعد عام
---

سيطرت القوات العراقية على الساحل الأيسر من الموصل. عادت العائلات إلى بيوتها.
"""
DISK = """---
title: من الموصل
---

هرب السكان من الموصل يوم الثلاثاء. عادوا بعد عام.
"""
TERMS = """---
title: على الطرق
---

أقاموا حواجز على الطرق. كانت الحواجز كثيرة.
"""
ROADS = """---
title: على الطريق
---

أغلقوا الطريق. كانت العوائق كثيرة.
"""
EFFORT = """---
title: طرق الموصل
---

هرب السكان من الموصل. عاد الناس إلى المدينة.
"""
TWENTY = """---
title: عشرون جملة من الموصل
---

""" + " ".join(f"هرب {number} من عناصر التنظيم من الموصل." for number in range(2, 21))
CLOSED = """---
title: من المدينة
---

عاد الناس إلى المدينة يوم الأحد. فتحت الأسواق.
"""
LATE = """---
title: من المدينة القديمة
---

فتحت المدارس أبوابها. عاد المعلمون يوم السبت.
"""
BLANK = """---
title: بعد عام
---

عاد الناس إلى المدينة يوم الجمعة. فتحت الأسواق.
"""
HOSTILE = f"""---
title: الموصل {EVIL}
---

هرب عناصر {EVIL} من الموصل.
"""
GLOSSARY = f"""source\ttarget\tnote
الموصل\tMosul\t{EVIL}
الساحل الأيسر\tthe Left Bank\t
الساحل\tthe coast\t
مفرزة\tdetachment\t
حواجز\tcheckpoint\t
عناصر\tmembers <b>x</b>\t
"""


SETTLED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 40)))"


class Server:
    """`tarjuman review` as a process of its own, that can be killed and started again at the same port."""

    def __init__(self, folder, home):
        self.folder, self.home, self.port, self.process = folder, home, 0, None

    def start(self):
        code = "import sys; from translate.cli import main; main(sys.argv[1:])"
        self.log = (self.home / "log.txt").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", code, *self.command()],
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            cwd=ROOT,
            env={**os.environ, "TARJUMAN_HOME": str(self.home / "own")},
        )
        line = self.process.stdout.readline()
        found = re.search(r"(http://\S+)/\?token=(\S+)", line)
        assert found, line + (self.home / "log.txt").read_text(encoding="utf-8")
        self.base, self.token = found.groups()
        self.port = int(self.base.rsplit(":", 1)[1])
        return self

    def command(self):
        where = ["review", str(self.folder), "--port", str(self.port), "--no-open"]
        return [*where, "--engine", "fake", "--who", "Layla", "--glossary", str(self.home / "terms.tsv")]

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(20)
        self.process.stdout.close()
        self.log.close()


def made(folder, home, **articles):
    """Drafts of articles, by the fake engine."""
    seeds = home / "seeds"
    seeds.mkdir()
    for name, text in articles.items():
        (seeds / f"{name}.md").write_text(text, encoding="utf-8")
    (home / "terms.tsv").write_text(GLOSSARY, encoding="utf-8")
    draft(seeds, folder)
    return Server(folder, home)


def draft(source, folder):
    with pytest.raises(SystemExit) as ended:
        main(["draft", str(source), "--drafts", str(folder), "--engine", "fake"])
    assert not ended.value.code


def without_english(path):
    """The draft as it is before any machine."""
    old = drafts.load(path)
    drafts.save(replace(old, targets={}), path, base=old.fingerprint)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    home = tmp_path_factory.mktemp("desk")
    server = made(
        home / "drafts",
        home,
        first=FIRST,
        second=SECOND,
        disk=DISK,
        hostile=HOSTILE,
        terms=TERMS,
        roads=ROADS,
        twenty=TWENTY,
        effort=EFFORT,
        long=ARTICLE,
        closed=CLOSED,
        late=LATE,
        blank=BLANK,
    )
    without_english(server.folder / "blank.en.xlf")
    shutil.copytree(server.folder, home / "as-drafted")
    server.start()
    yield server
    server.stop()


class Page:
    """A browser window at the desk, driven by keys."""

    def __init__(self, context, server, complaints):
        self.server, self.page, self.known = server, context.new_page(), ""
        self.page.set_default_timeout(20_000)
        self.page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        self.page.on("pageerror", lambda error: complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.asked(dialog, complaints))

    @staticmethod
    def asked(dialog, complaints):
        """Leaving with unsaved words is asked about; any other dialog was made by a script that should not run."""
        if dialog.type == "beforeunload":
            dialog.accept()
        else:
            complaints.append(dialog.message)
            dialog.dismiss()

    def open(self, slug, number=""):
        place = f"#{slug}.{number}" if number else ""
        self.enter(f"/a/{slug}", place)
        self.page.wait_for_selector(".segment.active textarea:focus")
        return self

    def enter(self, path="/", place=""):
        """By the address of the terminal the first time, then by the cookie."""
        token = "" if self.known == self.server.token else f"?token={self.server.token}"
        self.known = self.server.token
        self.page.goto(f"{self.server.base}{path}{token}{place}")
        return self

    def list(self):
        self.enter().page.wait_for_selector(".article")
        return self

    def tab(self, selector, back=False):
        """`Tab` until what is wanted has the focus."""
        for _ in range(80):
            self.press("Shift+Tab" if back else "Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return self
        raise AssertionError(f"no key leads to {selector}")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, words):
        self.page.keyboard.type(words)
        return self

    def write(self, words):
        return self.press("Control+a").type(words)

    @property
    def number(self):
        return self.page.locator(".segment.active").get_attribute("data-id").split(".", 1)[1]

    @property
    def text(self):
        return self.page.locator("textarea").input_value()

    def row(self, number):
        return self.page.locator(f".segment[data-id$='.{number}']")

    def state(self, number):
        return self.row(number).get_attribute("data-state")

    def until(self, what, *arguments):
        self.page.wait_for_function(what, arg=list(arguments) or None)
        return self

    def saved(self):
        return self.until("() => ['saved', 'idle'].includes(document.querySelector('#saved').dataset.state)")

    def becomes(self, number, state):
        return self.until(
            "([n, s]) => document.querySelector(`.segment[data-id$='.${n}']`).dataset.state === s", number, state
        )

    def heard(self, words):
        """Either live region says so."""
        return self.until(
            "([w]) => ['polite', 'assertive'].some(r => document.getElementById(r).textContent.includes(w))", words
        )

    def reads(self, words):
        return self.until("([w]) => document.querySelector('textarea')?.value === w", words)

    def focused(self):
        return self.page.evaluate("document.activeElement.tagName.toLowerCase()")


@pytest.fixture
def window(browser, shared):
    """A function that opens a window; at the end nothing may have complained, except what a test expects."""
    contexts, complaints = [], []

    def make(server=shared, **how):
        context = browser.new_context(viewport={"width": 1300, "height": 850}, **how)
        contexts.append(context)
        return Page(context, server, complaints)

    make.expected = []
    yield make
    for context in contexts:
        context.close()
    assert [said for said in complaints if not any(words in said for words in make.expected)] == []


def test_a_draft_is_edited_confirmed_approved_and_unlocked_by_keyboard(window):
    desk = window().open(LONG)
    assert desk.number == "1.1"
    desk.write("Tikrit is free, and Mosul hears of it.").saved()
    assert desk.state("1.1") == "machine", "nothing is confirmed by typing"
    desk.press("Control+Enter").becomes("1.1", "edited")
    assert desk.number == "2.1" and desk.focused() == "textarea"
    desk.heard("Confirmed. Segment 2.1")
    desk.press("Control+ArrowDown")
    assert desk.number == "3.1"
    desk.press("Control+ArrowUp", "Control+ArrowUp")
    assert desk.number == "1.1" and desk.focused() == "textarea"
    desk.heard("Segment 1.1, edited")
    desk.press("Alt+a").becomes("1.1", "approved")
    assert desk.number == "2.1"
    desk.press("Control+ArrowUp").type("x").heard("Locked")
    assert desk.text == "Tikrit is free, and Mosul hears of it."
    desk.press("Alt+u").becomes("1.1", "edited").type("!").saved()
    desk.reads("Tikrit is free, and Mosul hears of it.!")
    assert desk.focused() == "textarea"
    assert "unconfirmed" in desk.row("1.1").inner_text(), "what was confirmed is open again"
    desk.page.get_by_label("Show").select_option("open")
    assert desk.row("1.1").is_visible()


def test_an_article_of_twenty_segments_is_post_edited_without_a_mouse(window):
    desk = window().list().tab("input[type=search]")
    desk.type("عشرون").until("() => document.querySelectorAll('.article').length === 1")
    desk.tab("[href='/a/twenty']").press("Enter").page.wait_for_selector(".segment.active textarea:focus")
    meant = {}
    for number in range(20):
        here = desk.number
        if number % 3 == 0:
            desk.write(f"{number + 2} members fled Mosul.")
        elif number % 3 == 1:
            desk.press("End").type(" Mended.")
        meant[here] = desk.text
        desk.press("Control+Enter")
        if number < 19:
            desk.until("([n]) => !document.querySelector('.segment.active').dataset.id.endsWith(`.${n}`)", here)
    desk.heard("Nothing is open any more").saved()
    assert len(meant) == 20
    desk.press(*["Control+ArrowUp"] * 19)
    for name, text in meant.items():  # the second full reading
        assert (desk.number, desk.text) == (name, text)
        desk.press("Alt+a").becomes(name, "approved").press("Control+ArrowDown")
    path = desk.server.folder / "twenty.en.xlf"
    there = {name.split(".", 1)[1]: one for name, one in drafts.load(path).targets.items()}
    assert {name: one.text for name, one in there.items()} == meant
    assert {one.state for one in there.values()} == {State.APPROVED}
    run = CliRunner().invoke(main, ["effort", str(path), "--json"])
    rate = json.loads(run.stdout)["machine"]["hter"]
    assert f"HTER {rate:.1f}" in desk.page.locator("#progress").inner_text()


def test_the_list_is_searched_filtered_and_sorted_and_leads_back_to_where_one_was(window):
    desk = window().open("second", "1.1")
    desk.press("End").type("!").saved().press("Control+ArrowDown", "Control+ArrowDown")
    everything = desk.list().page.locator(".article").count()
    line = desk.page.locator(".article", has=desk.page.locator("[href='/a/second']")).inner_text()
    assert "3 segments" in line and "3 machine" in line and "1 not confirmed" in line and "words left" in line
    assert re.search(r"last edited .* by Layla", line)
    line = desk.page.locator(".article", has=desk.page.locator("[href='/a/long']")).inner_text()
    assert re.search(r"\d+ findings?", line) and re.search(r"\d+ terms? missing", line)
    desk.tab("input[type=search]").type("الساحل")
    desk.until("() => document.querySelectorAll('.article').length === 1")
    assert "1 of" in desk.page.locator("#summary").inner_text()
    desk.press("Control+a", "Delete").tab("select").press("End")
    desk.until("([n]) => document.querySelectorAll('.article').length < n", everything)
    desk.press("Home").tab("select").type("words")
    desk.until("([n]) => document.querySelectorAll('.article').length === n", everything)
    left = [
        int(words.replace(",", "")) for words in re.findall(r"([\d,]+) words left", desk.page.inner_text("#articles"))
    ]
    assert len(left) > 2 and left == sorted(left, reverse=True)
    desk.list()
    assert desk.page.get_by_label("Sort by").input_value() == "left"
    desk.tab("#resume a").press("Enter").page.wait_for_selector(".segment.active textarea:focus")
    assert desk.number == "2.2"


def test_edit_effort_stands_at_the_sentence_in_the_head_and_in_the_list(window):
    desk = window().open("effort", "2.1")
    machine = desk.text
    desk.press("End").type(" More.").press("Control+Enter").becomes("2.1", "edited").press("Control+ArrowUp")
    desk.until("() => document.querySelector('.active .about').textContent.includes('HTER')")
    desk.until("() => document.querySelector('#progress').textContent.includes('HTER')")
    figure = re.search(r"HTER [\d.]+", desk.page.locator("#progress").inner_text()).group()
    assert figure in desk.page.locator(".active .about").inner_text()
    desk.press("Alt+p").tab(".part.history > summary").press("Enter")
    desk.until("() => /edits? for \\d+ words/.test(document.querySelector('.part.history .effort')?.textContent)")
    told = desk.page.locator(".part.history").inner_text()
    assert machine in told and re.search(r"edited .* Layla · \w+", told) and "machine" in told
    desk.press("Escape").tab(".active .ar .term", back=True)
    desk.press("Enter").until("() => document.querySelector('.card').textContent.includes('kept ')").press("Escape")
    desk.list()
    assert figure in desk.page.inner_text("#articles")
    desk.tab("#by-term > summary").press("Enter")
    desk.page.wait_for_selector("#by-term-body .none, .by-term")


def test_a_round_trip_through_another_program_comes_back_while_the_desk_is_open(window, tmp_path):
    desk = window().open("effort", "2.2")
    sheet, drafts_option = tmp_path / "out.tsv", ["--drafts", str(desk.server.folder)]
    run = CliRunner().invoke(main, ["export", "effort", "--format", "tsv", "-o", str(sheet), *drafts_option])
    assert run.exit_code == 0, run.output
    text = sheet.read_text(encoding="utf-8")
    assert text.count(desk.text) == 1
    sheet.write_text(text.replace(desk.text, "From the sheet."), encoding="utf-8")
    run = CliRunner().invoke(main, ["import", str(sheet), *drafts_option])
    assert run.exit_code == 0, run.output
    desk.reads("From the sheet.").becomes("2.2", "edited")


def test_what_is_typed_survives_a_reload_and_can_be_undone_after_it(window):
    desk = window().open(LONG, "2.1")
    before = desk.text
    desk.write("Nineveh, by Khidr Khallat:").saved()
    desk.page.reload()
    desk.reads("Nineveh, by Khidr Khallat:")
    desk.press("Control+z").reads(before)
    assert desk.focused() == "textarea"
    desk.press("Control+Shift+z").reads("Nineveh, by Khidr Khallat:")
    desk.press("Control+m").reads(before).saved()
    desk.press("Control+z").reads("Nineveh, by Khidr Khallat:")


def test_a_missing_term_is_named_and_put_in_by_one_key(window):
    desk = window().open("first", "2.1")
    desk.write("They took from Mosul").until("() => document.querySelectorAll('.chip').length === 1")
    assert "the Left Bank" in desk.page.locator(".chip").inner_text()
    assert desk.page.locator(".active .ar .term.unmet").inner_text() == "الساحل الأيسر"
    for _ in range(len(" from Mosul")):
        desk.press("ArrowLeft")
    desk.press("Alt+t").reads("They took the Left Bank from Mosul").heard("Inserted")
    desk.until("() => !document.querySelector('.chip') && document.querySelectorAll('.mirror mark.hit').length === 2")
    desk.press("Alt+t").until("() => document.querySelectorAll('.card .pick').length === 2")
    desk.press("Escape").until("() => document.activeElement.tagName === 'TEXTAREA'")


def test_the_card_of_a_term_says_why_and_gives_the_focus_back(window):
    desk = window().open("first", "2.1")
    desk.tab(".active .ar .term:not(.term ~ .term)", back=True).press("Enter").until(
        "() => document.querySelector('.card').matches(':popover-open')"
    )
    card = desk.page.locator(".card").inner_text()
    assert "the Left Bank" in card and "الساحل الأيسر" in card
    assert "the coast" in card and "inside a longer term" in card, "what is covered can be seen too"
    desk.press("Escape").until("() => document.activeElement.classList.contains('term')")


def test_a_finding_is_dismissed_with_a_reason_and_stays_so(window):
    desk = window().open("first", "2.2")
    desk.write("Members fled from Mosul on Tuesday the the 5th.").saved()
    desk.until("() => document.querySelectorAll('.finding:not(.dismissed)').length > 0")
    number = desk.page.locator(".finding:not(.dismissed)").count()
    desk.press("Alt+d").type("a quotation").press("Enter").heard("Dismissed")
    desk.until("([n]) => document.querySelectorAll('.finding:not(.dismissed)').length === n - 1", number)
    assert desk.focused() in ("button", "textarea")
    desk.page.reload()
    desk.until("() => document.querySelectorAll('.finding.dismissed').length === 1")
    assert "a quotation" in desk.page.locator(".finding.dismissed").inner_text()
    desk.press("Alt+d", "Escape").until("() => document.activeElement.tagName === 'TEXTAREA'")


def test_numbers_are_checked_while_one_types_and_every_finding_of_the_article_leads_to_its_place(window):
    desk = window().open(LONG, "4.2")  # ٣
    desk.write("Four of them fled Mosul.").until(
        "() => document.querySelector('.findings').textContent.includes('n-01')"
    )
    assert desk.state("4.2") == "machine", "nobody has confirmed anything"
    desk.write("Three of them fled Mosul.")
    desk.until("() => !document.querySelector('.findings').textContent.includes('n-01')")
    desk.write("33 of them fled Mosul.").until("() => document.querySelector('.findings').textContent.includes('n-01')")
    hint = desk.page.locator(".finding .hint").first.inner_text()
    assert len(hint) > 10
    desk.tab("#tools button:first-of-type", back=True).press("Enter").tab(".finding-link")
    there = desk.page.evaluate("document.activeElement.querySelector('.number').textContent")
    desk.press("Enter").until("() => document.activeElement.tagName === 'TEXTAREA'")
    assert desk.number == there != "4.2"
    for _ in range(12):
        desk.press("Alt+j")
        if desk.number == "4.2":
            break
    assert desk.number == "4.2"


def test_what_is_approved_fills_the_same_arabic_where_there_is_no_english(window):
    blank, desk = window().open("blank", "2.2"), window().open("closed", "2.1")
    assert blank.text == "" and blank.state("2.2") == "new"
    path = desk.server.folder / "blank.en.xlf"
    before = path.read_bytes()
    desk.write("People came back to the city on Sunday.").press("Control+Enter").becomes("2.1", "edited")
    desk.write("The markets opened.").press("Alt+a").becomes("2.2", "approved")
    blank.reads("The markets opened.").becomes("2.2", "machine")
    assert "memory 100 %, not confirmed yet" in blank.page.locator(".active .about").inner_text()
    assert path.read_bytes() == before, "nobody has done anything here"
    blank.press("Control+Enter").becomes("2.2", "edited")
    there = drafts.load(path).targets["blank.2.2"]
    assert (there.text, there.origin, there.match) == ("The markets opened.", Origin.MEMORY, 100)
    blank.press("Control+ArrowDown").until("() => document.querySelector('.memory .match ins')")
    assert blank.number == "2.1" and blank.text == "", "what is only like it is offered"
    match = blank.page.locator(".memory .match").first
    assert "الجمعة" in match.locator("ins").inner_text() and "الأحد" in match.locator("del").inner_text()


def test_what_was_approved_is_a_match_and_a_concordance_elsewhere(window):
    desk = window().open("first", "2.1")
    desk.write("Iraqi forces took the Left Bank of Mosul.").press("Alt+a").becomes("2.1", "approved")
    desk.open("second", "2.1").until("() => document.querySelectorAll('.memory .match').length > 0")
    assert "100 %" in desk.page.locator(".memory .match").first.inner_text()
    desk.press("Control+1").reads("Iraqi forces took the Left Bank of Mosul.").saved()
    desk.press("Control+k").type("الموصل").press("Enter")
    desk.until("() => document.querySelectorAll('.concordance .results li').length > 0")
    assert "Left Bank" in desk.page.locator(".concordance .results").inner_text()
    desk.press("Escape")
    assert desk.focused() == "textarea"


def test_other_drafts_and_the_arabic(window):
    desk = window().open(LONG, "5.1")
    desk.press("Alt+n").until("() => document.querySelectorAll('.drafts .match').length > 1")
    assert desk.focused() == "button"
    desk.press("Escape", "Control+a", "Delete", "Control+i")
    desk.until("() => document.querySelector('textarea').value.includes('مفارز')")
    desk.until("() => document.querySelector('.finding.error')")
    assert "u-01" in desk.page.locator(".findings").inner_text()


def test_a_new_term_is_written_after_its_reach_was_shown(window):
    desk = window().open("second", "2.2")
    chosen = desk.text
    desk.press("Control+a", "Alt+g").until("() => document.activeElement.name === 'source'")
    assert desk.page.locator("dialog input[name=target]").input_value() == chosen, "what was selected"
    desk.type("العائلات").tab("input[name=target]").write("the families")
    assert desk.page.get_by_role("button", name="Save the term").is_disabled()
    desk.press("Enter").until("() => document.querySelector('.impact').textContent.includes('1 segment')")
    desk.press("Enter").heard("1 machine draft translated again").press("Enter")
    desk.until("() => document.activeElement.tagName === 'TEXTAREA'")
    desk.until("() => document.querySelector('textarea').value.includes('families')")
    assert desk.state("2.2") == "machine"


def test_after_a_change_of_a_term_edited_sentences_are_flagged_and_machine_drafts_made_again(window):
    desk = window().open("terms", "2.1")
    desk.write("They put up roadblocks.").press("Control+Enter").becomes("2.1", "edited")
    desk.press("Control+ArrowUp").tab(".active .ar .term", back=True).press("Enter").until(
        "() => document.querySelector('.card').matches(':popover-open')"
    )
    desk.tab("[aria-label^='Change the term checkpoint']").press("Enter")
    assert desk.page.locator("dialog input[name=source]").input_value() == "حواجز"
    desk.tab("input[name=target]", back=True).write("barrier").press("Enter").until(
        "() => document.querySelector('.impact').textContent.includes('2 segments')"
    )
    assert "checkpoint" in desk.page.locator(".impact").inner_text(), "what it takes the place of"
    desk.press("Enter").heard("translated again").until("() => document.querySelector('.flagged')")
    assert "They put up roadblocks." in desk.page.locator(".flagged").inner_text()
    desk.tab("[aria-label^='Go to segment 2.1']").press("Enter")
    desk.until("() => document.querySelector('.segment.active .flag.warning, .segment.active .flag.error')")
    desk.until("() => document.querySelector(\".segment[data-id$='.2.2'] .side.en\").innerText.includes('barrier')")
    assert desk.number == "2.1" and desk.text == "They put up roadblocks." and desk.state("2.1") == "edited"
    assert desk.state("2.2") == "machine"
    desk.press("Alt+r").heard("see Other drafts")
    desk.until("() => document.querySelector('.drafts .match')")
    assert desk.text == "They put up roadblocks."


def test_searching_finds_arabic_without_its_signs_and_replaces_english(window):
    desk = window().open(LONG, "4.1")
    desk.press("Control+f").type("الارهابي").press("Enter")
    desk.until("() => /1 of \\d+/.test(document.querySelector('.find-count').textContent)")
    desk.press("Control+a").type("ala swrya").press("Tab", "Tab", "Tab").type("to Syria")
    desk.press("Tab", "Tab", "Enter")
    desk.until("() => document.querySelector('.find-count').textContent.includes('replaced')").saved()
    desk.press("Escape")
    assert desk.focused() == "textarea"
    desk.until(
        "() => [...document.querySelectorAll('.segment .side.en')].some(e => e.textContent.includes('to Syria'))"
    )


def test_a_second_window_gets_both_texts_and_nothing_is_lost(window):
    mine, theirs = window().open("first", "3.1"), window().open("first", "3.1")
    mine.page.route("**/api/events", lambda route: route.abort())
    theirs.page.context.set_offline(True)  # so that the news comes too late
    theirs.type(" Theirs.")
    mine.type(" Mine.").saved()
    theirs.page.context.set_offline(False)
    theirs.until("() => document.querySelector('.torn')").heard("Conflict in segment 3.1")
    assert theirs.page.locator("#saved").get_attribute("data-state") == "conflict"
    shown = theirs.page.locator(".torn").inner_text()
    assert "Mine" in shown and "Theirs" in shown
    theirs.tab(".torn button" + ".primary").press("Enter")
    theirs.saved().until("() => !document.querySelector('.torn')")
    assert theirs.text.endswith("Theirs.") and theirs.focused() == "textarea"
    mine.until("() => document.querySelector('textarea').value.endsWith('Theirs.')")
    window.expected.append("Failed to load resource")


def test_a_draft_that_changes_on_disk_shows_both_texts_and_a_changed_article_its_arabic(window):
    desk = window().open("disk", "2.1")
    desk.write("They fled from Mosul.").press("Control+Enter").becomes("2.1", "edited").press("Control+ArrowUp")
    desk.type(" Mine.").saved()
    path = desk.server.folder / "disk.en.xlf"
    text = path.read_text(encoding="utf-8")
    assert text.count(">They fled from Mosul.<") == 1
    path.write_text(text.replace(">They fled from Mosul.<", ">Theirs: they left Mosul.<"), encoding="utf-8")
    desk.until("() => document.querySelector('.torn')").heard("Conflict in segment 2.1")
    assert desk.text == "They fled from Mosul. Mine."
    desk.tab(".torn button" + ":not(.primary)").press("Enter")
    desk.reads("Theirs: they left Mosul.").saved().until("() => !document.querySelector('.torn')")
    seed = desk.server.home / "seeds" / "disk.md"
    seed.write_text(DISK.replace("يوم الثلاثاء", "يوم الأربعاء الماضي"), encoding="utf-8")
    draft(seed, path.parent)
    desk.until("() => document.querySelector('.restated')")
    assert desk.page.locator(".restated ins").first.inner_text().split("\n")[1] == "الأربعاء الماضي"
    assert desk.text == "Theirs: they left Mosul." and desk.focused() == "textarea"


def test_a_killed_server_keeps_what_was_shown_as_saved_and_the_browser_the_rest(window, shared, tmp_path):
    shutil.copytree(shared.home / "as-drafted", tmp_path / "drafts")
    shutil.copy(shared.home / "terms.tsv", tmp_path)
    server = Server(tmp_path / "drafts", tmp_path).start()
    try:
        desk, idle = window(server).open("first", "2.1"), window(server).open("first")
        desk.write("Safe in the journal.").saved()
        server.stop(signal.SIGKILL)
        desk.type(" Typed to nobody.")
        desk.until("() => document.querySelector('#saved').dataset.state === 'failed'").heard("NOT saved")
        assert "NOT saved" in desk.page.locator("#saved").inner_text()
        idle.until("() => document.querySelector('#saved').dataset.state === 'lost'").heard("does not answer")
        server.start()
        other = window(server).open("first", "2.1")
        assert other.text == "Safe in the journal."
        desk.open("first", "2.1")
        desk.reads("Safe in the journal. Typed to nobody.").saved()
        other.until("() => document.querySelector('textarea').value.endsWith('nobody.')")
    finally:
        server.stop()
    window.expected.append("Failed to load resource")


def test_a_closed_tab_loses_nothing(window):
    desk = window().open("closed", "1.1")
    desk.write("Back in the city").page.close()  # at once
    desk.page = desk.page.context.new_page()
    desk.open("closed", "1.1").reads("Back in the city").saved()
    window().open("closed", "1.1").reads("Back in the city")


def test_a_full_disk_is_said_aloud_and_what_was_typed_is_saved_once_there_is_room(window):
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("this system cannot take a process its room")
    desk = window().open("closed", "1.1")
    desk.press("End").type("!").saved()
    size = (desk.server.folder / ".desk" / "closed.journal").stat().st_size
    server, kind = desk.server.process.pid, resource.RLIMIT_FSIZE
    before = resource.prlimit(server, kind, (size + 10, resource.RLIM_INFINITY))
    try:
        desk.type("!").until("() => document.querySelector('#saved').dataset.state === 'failed'").heard("NOT saved")
        assert "journal cannot be written" in desk.page.locator("#saved").inner_text()
    finally:
        resource.prlimit(server, kind, before)
    desk.heard("Saved after all").saved()
    assert desk.text.endswith("!!")
    window().open("closed", "1.1").reads(desk.text)
    window.expected.append("Failed to load resource")


def test_the_token_is_nowhere_and_nothing_from_elsewhere_runs(window):
    desk, stranger = window().open("second"), window()
    (cookie,) = desk.page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["value"]) == (True, "Strict", cookie["value"])
    assert desk.server.token not in desk.page.url and desk.page.evaluate("document.cookie") == ""
    script = "() => { const one = document.createElement('script'); one.textContent = 'window.ran = 1';"
    assert desk.page.evaluate(script + " document.body.append(one); return window.ran }") is None
    assert stranger.page.goto(f"{desk.server.base}/a/second").status == 401
    assert "الموصل" not in stranger.page.content()
    window.expected += ["Content Security Policy", "Failed to load resource"]


def test_nothing_an_article_a_term_or_a_translator_says_is_run(window):
    desk = window().open("hostile", "2.1")
    desk.write(EVIL).saved()
    desk.tab(".active .ar .term", back=True).press("Enter").until(
        "() => document.querySelector('.card').matches(':popover-open')"
    ).press("Escape")
    desk.list()
    assert desk.page.locator("img").count() == 0
    desk.open("hostile", "2.1")
    assert desk.text == EVIL and desk.page.locator("main img, main script, main b").count() == 0


def test_a_slow_desk_loses_no_letter_and_never_moves_the_caret(window):
    desk = window().open("second", "1.1")
    desk.page.route("**/segments/*", lambda route: (desk.page.wait_for_timeout(120), route.continue_()))
    desk.write("The end").press("Home")
    for part in ("The ", "beginning, ", "the ", "middle ", "and "):
        desk.type(part).until("() => document.querySelector('#saved').dataset.state === 'saving'")
        desk.page.wait_for_timeout(150)  # the one before is on its way
    desk.press("Delete").type("t").saved()
    assert desk.text == "The beginning, the middle and the end"
    desk.page.unroute("**/segments/*")
    desk.open("second", "1.1").reads("The beginning, the middle and the end")


def test_an_article_opens_whatever_its_draft_calls_things(window):
    desk = window()

    def renamed(route):
        answer = route.fetch()
        article = answer.json()
        for kind, segment in zip(
            ("constructor", "__proto__", "toString"), article["blocks"][1]["segments"], strict=False
        ):
            segment["source_marks"] = [{"kind": kind, "begin": 0, "end": 3, "data": ""}]
            segment |= {"origin": kind, "hits": [hit | {"number": kind, "status": kind} for hit in segment["hits"]]}
        route.fulfill(response=answer, json=article)

    desk.page.route("**/api/articles/long", renamed)
    desk.open(LONG, "2.1")
    assert desk.focused() == "textarea"


def test_an_answer_that_comes_late_does_not_talk_over_a_later_one(window):
    desk = window().open("late", "1.1").press("Control+Enter").heard("Segment 2.1")
    held = []
    desk.page.route("**/segments/*2.1", lambda route: held.append(route))
    desk.press("Control+Enter").until("() => document.querySelector('.segment.active').dataset.id.endsWith('.2.2')")
    desk.press("Control+Enter").heard("Nothing is open any more")
    held[0].continue_()
    desk.becomes("2.1", "edited").page.wait_for_timeout(200)  # time to say it
    desk.heard("Nothing is open any more").saved()


def test_an_old_answer_about_the_article_does_not_keep_a_later_one_out(window):
    desk = window()
    desk.page.route("**/api/events", lambda route: route.abort())  # nothing else has it asked once more
    window.expected.append("ERR_FAILED")
    desk.open("roads", "2.1")
    asked, old = [], []

    def late(route):
        asked.append(route)
        if len(asked) == 1:  # behind the saved term; its answer knows of the finding, not of the new English
            old.append((route, route.fetch()))
            return
        for one, answer in old:
            one.fulfill(response=answer)
        old.clear()
        desk.page.wait_for_timeout(100)
        route.continue_()

    desk.page.route("**/api/articles/roads", late)
    desk.press("Alt+g").until("() => document.activeElement.closest('dialog')")
    desk.tab("input[name=source]").write("العوائق").tab("input[name=target]").write("obstacle")
    desk.press("Enter").until("() => document.querySelector('.impact').textContent.includes('1 segment')")
    desk.press("Enter").heard("translated again")
    assert len(asked) == 2 and not old
    desk.until("() => document.querySelector(\".segment[data-id$='.2.2'] .side.en\").innerText.includes('obstacle')")


def test_keys_count_by_their_place_while_an_arabic_layout_is_on(window):
    desk = window().open("second", "2.2")
    press = """([key, code, how]) => document.activeElement.dispatchEvent(
        new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true, ...how}))"""
    desk.page.evaluate(press, ["ا", "KeyH", {"altKey": True}])
    desk.until("() => document.querySelector('dialog[open]')").press("Escape")
    desk.page.evaluate(press, ["@", "KeyH", {"altKey": True, "ctrlKey": True}])  # AltGr types a sign
    assert desk.page.locator("dialog[open]").count() == 0


def test_the_focus_is_never_lost(window):
    desk = window().open(LONG, "6.1")
    keys = """
        Control+ArrowDown Alt+t Escape Alt+d Escape Alt+n Escape Control+m Alt+j Control+f Escape Control+k Escape Alt+p
        Alt+p Control+z Control+Enter Alt+a Control+ArrowUp Alt+u Alt+h Escape Tab Shift+Tab
    """
    for key in keys.split():
        desk.press(key).page.evaluate(SETTLED)
        assert desk.focused() != "body", key


def test_a_phone_keeps_its_keyboard_down_while_one_reads(window):
    desk = window(has_touch=True).open("second")
    desk.page.set_viewport_size({"width": 390, "height": 800})
    desk.page.locator(".actions .primary").tap()
    desk.until("() => document.activeElement.classList.contains('badge')")


def test_paper_gets_no_desk_and_who_wants_no_motion_none(window):
    desk = window().open("second")
    moves = "getComputedStyle(document.querySelector('.segment')).transitionDuration"
    assert desk.page.evaluate(moves) != "0s"
    desk.page.emulate_media(reduced_motion="reduce")
    assert desk.page.evaluate(moves) == "0s"
    desk.page.emulate_media(media="print")
    assert not desk.page.locator("main").is_visible() and not desk.page.locator("header").is_visible()


def test_the_marks_lie_under_their_words_however_many_there_are(window):
    desk = window().open(LONG, "5.1")
    height = desk.page.locator("textarea").bounding_box()["height"]
    desk.page.keyboard.insert_text(" and a word" * 40)
    assert desk.page.locator("textarea").bounding_box()["height"] > height * 2
    assert desk.page.evaluate(
        """() => {
            const area = document.querySelector('textarea'), mirror = document.querySelector('.mirror');
            const [a, m] = [area, mirror].map((e) => getComputedStyle(e));
            return ['font', 'lineHeight', 'padding', 'width', 'letterSpacing', 'wordSpacing', 'borderWidth']
                .every((name) => a[name] === m[name]) && area.scrollHeight <= area.clientHeight + 1
                && area.getBoundingClientRect().top === mirror.getBoundingClientRect().top;
        }"""
    )


def test_arabic_runs_from_the_right_beside_english_from_the_left(window):
    desk = window().open(LONG, "4.1")
    arabic, area = desk.page.locator(".active .side.ar"), desk.page.locator("textarea")
    assert (arabic.get_attribute("dir"), arabic.get_attribute("lang")) == ("rtl", "ar")
    assert (area.get_attribute("dir"), area.get_attribute("lang")) == ("ltr", "en")
    assert arabic.bounding_box()["x"] > area.bounding_box()["x"] + area.bounding_box()["width"]


def test_nothing_is_wider_than_the_window(window):
    desk = window().open(LONG, "4.1")
    for width in (1440, 1024, 720, 390, 320):
        desk.page.set_viewport_size({"width": width, "height": 700})
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_help_names_every_key_and_so_does_the_manual(window):
    desk = window().open(LONG)
    desk.press("Alt+h").until("() => document.querySelector('dialog[open]')")
    keys = desk.page.locator("dialog .keys th").all_inner_texts()
    manual = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    assert len(keys) >= 18 and [key for key in keys if f"`{key}`" not in manual] == []
    desk.press("Escape").until("() => document.activeElement.tagName === 'TEXTAREA'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing(window, scheme):
    """axe-core is not part of the project: put its axe.min.js at $AXE to have this run."""
    axe = os.environ.get("AXE", "")
    if not axe or not Path(axe).is_file():
        pytest.skip("no axe-core on this computer: set AXE to its axe.min.js")
    desk = window(color_scheme=scheme, bypass_csp=True).list().tab("#by-term > summary").press("Enter")
    desk.page.wait_for_selector("#by-term-body .none, .by-term")
    assert violations(desk, axe) == []
    number, text = ("3.1", "They fled the the city") if scheme == "light" else ("6.1", "They left the the city")
    desk.enter("/terms").page.wait_for_selector("#text:focus")
    desk.until("() => document.querySelector('#summary').textContent.includes('in force')")
    assert violations(desk, axe) == []
    desk.page.keyboard.insert_text("وهرب من الموصل ثم وصل الساحل الأيسر بمفرزة.")
    desk.page.wait_for_selector(".tried-match")
    assert desk.page.locator(".loses").count(), "the shorter term loses to the longer one"
    assert violations(desk, axe) == []
    desk.open(LONG, number).write(text).press("Control+Enter").becomes(number, "edited")
    desk.open(LONG, number).type(".").saved()
    path = desk.server.folder / f"{LONG}.en.xlf"
    path.write_text(path.read_text(encoding="utf-8").replace(f">{text}<", ">Theirs.<"), encoding="utf-8")
    desk.until("() => document.querySelector('.torn')")
    desk.press("Alt+p").tab(".part.history > summary").press("Enter")
    desk.until("() => document.querySelector('.part.history .match')")
    for keys in ("Escape", "Alt+t", "Escape Alt+d", "Escape Control+f", "Escape Alt+h", "Escape Alt+g", "Escape"):
        desk.press(*keys.split())
        assert violations(desk, axe) == [], keys
    desk.tab("#tools button:first-of-type", back=True).press("Enter")
    assert violations(desk, axe) == []


def violations(desk, axe):
    if not desk.page.evaluate("'axe' in window"):
        desk.page.add_script_tag(path=axe)
    kinds = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = desk.page.evaluate("kinds => axe.run(document, {runOnly: kinds})", kinds)["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]

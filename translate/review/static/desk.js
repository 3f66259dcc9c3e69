// The review desk of one article: rows, the active one, and every action of the table of keys. It ties the parts
// together and knows nothing of how each works.

import * as api from "./api.js";
import { tell, warn } from "./announce.js";
import { arabic, button, count, english, fill, h, icon } from "./dom.js";
import { allFindings, help } from "./dialogs.js";
import { ofArticle, ofTerm } from "./effort.js";
import * as findings from "./findings.js";
import { wanted } from "./keys.js";
import { listen } from "./live.js";
import { newTerm } from "./newterm.js";
import { Panel } from "./panels.js";
import { bar } from "./progress.js";
import { Saver } from "./saving.js";
import { Find } from "./search.js";
import { Row, STATES } from "./segment.js";
import * as terms from "./terms.js";

const place = (id) => document.getElementById(id);
const slug = place("content").dataset.slug;

class Desk {
  constructor() {
    this.slug = slug;
    this.rows = new Map();
    this.active = null;
    this.filter = "all";
    this.saver = new Saver(slug, this.rows, () => this.drawSaved());
    this.panel = new Panel(this);
    this.popover = new terms.Card();
    this.find = new Find(this, place("find"));
    this.act = this.act.bind(this);
    this.home = this.home.bind(this);
  }

  async start() {
    this.drawTools();
    this.drawSaved();
    new ResizeObserver(([entry]) => document.documentElement.style.setProperty("--bar", `${entry.target.offsetHeight}px`)).observe(place("bar"));
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("beforeinput", (event) => this.historyInput(event));
    document.addEventListener("pointerdown", ({ pointerType }) => { this.touch = pointerType === "touch"; });
    document.addEventListener("keydown", () => { this.touch = false; });
    for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, () => this.active && this.active.clock.tick(), { passive: true });
    try {
      this.article = await api.read(slug);
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      return this.notice(`${refusal.message}. ${refusal.hint}`);
    }
    this.build();
    const asked = this.rows.get(decodeURIComponent(location.hash.slice(1)));
    addEventListener("hashchange", () => {
      const row = this.rows.get(decodeURIComponent(location.hash.slice(1)));
      if (row) this.activate(row);
    });
    const first = asked || this.bringBack() || [...this.rows.values()].find((row) => row.open) || [...this.rows.values()][0];
    if (first) this.activate(first);
    const isOwn = (ids) => ids.every((id) => this.rows.get(id)?.isOwn);
    listen(slug, () => this.refresh(), { isOwn, lost: (lost) => this.hears(!lost) });
    return undefined;
  }

  build() {
    const { article } = this;
    fill(place("title"), h("bdi", { lang: article.title_en ? "en" : "ar" }, article.title_en || article.title_ar || slug));
    document.title = `${article.title_en || article.title_ar || slug} · Tarjuman desk`;
    const list = place("segments");
    this.rows.clear();
    for (const block of article.blocks) {
      block.segments.forEach((segment, number) => this.rows.set(segment.id, new Row(this, block, segment, number === 0)));
    }
    fill(list, [...this.rows.values()].map((row) => row.element));
    this.drawProgress();
    this.trouble(article.problem);
    this.drawOrphans();
    if (!this.rows.size) this.notice("This article has no segments.");
  }

  /** Sentences whose Arabic is gone from the article: their English is kept, and shown. */
  drawOrphans() {
    const gone = this.article.orphans || [];
    place("orphans").hidden = !gone.length;
    fill(
      place("orphans"),
      h("summary", {}, `${count(gone.length, "sentence")} whose Arabic is gone from the article`),
      gone.map(({ source, text, state, who }) => h("div", { class: "orphan" }, arabic("p", {}, source), english("p", {}, text), h("p", { class: "by" }, state, who && [" · ", h("bdi", {}, who)]))),
    );
  }

  /** Words that an earlier page could not save come back; the first row that has some. */
  bringBack() {
    let first = null;
    for (const row of this.rows.values()) {
      const kept = this.saver.kept(row);
      if (!kept) continue;
      first ||= row;
      row.text = kept.text;
      if (kept.base === row.segment.text && !row.locked) {
        this.saver.touched(row);
      } else {
        row.conflict = { mine: kept.text, theirs: row.segment, flags: null };
      }
      row.draw();
      tell("Words that could not be saved earlier are back");
    }
    return first;
  }

  reload() {
    this.refresh();
  }

  /** Takes what changed elsewhere; what is being typed here is left for its own save to settle. */
  async refresh() {
    const stamps = new Map([...this.rows.values()].map((row) => [row, row.stamp]));
    let article;
    try {
      article = await api.read(slug);
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      return;
    }
    const fresh = new Map(article.blocks.flatMap((block) => block.segments.map((segment) => [segment.id, segment])));
    this.article = { ...article };
    if (fresh.size !== this.rows.size || [...this.rows.keys()].some((id) => !fresh.has(id))) {
      this.notice("The article itself changed: load the page again to see its new sentences.");
      return;
    }
    for (const row of this.rows.values()) {
      const segment = fresh.get(row.id);
      if (row.dirty || row.sending || row.conflict || row.stamp !== stamps.get(row)) continue;
      if (JSON.stringify(segment) === JSON.stringify(row.segment)) continue;
      const other = segment.text !== row.text;
      const torn = segment.conflict && !row.segment.conflict;
      row.adopt(segment);
      if (torn) warn(`Conflict in segment ${row.number}: its draft changed on disk. Both texts are kept; choose one.`);
      else if (row === this.active && other && !row.isOwn) tell(`Segment ${row.number} was changed elsewhere`);
    }
    this.drawProgress();
    this.trouble(article.problem);
  }

  /** Whether the desk can be heard. */
  hears(well) {
    this.saver.silent = !well;
    if (!well) warn("The desk does not answer. What you type is kept in this browser.");
    this.drawSaved();
  }

  notice(words) {
    if (place("notice").textContent === words) return;
    place("notice").hidden = !words;
    place("notice").textContent = words;
    if (words) warn(words);
  }

  /** The words are safe at the desk, but the draft file could not take them. */
  trouble(problem) {
    if (problem) this.notice(`Your words are safe at the desk, but the draft file is behind: ${problem}`);
    else if (place("notice").textContent.startsWith("Your words are safe")) this.notice("");
  }

  // ---- moving

  home() {
    if (this.active) this.active.focus();
  }

  visible() {
    return [...this.rows.values()].filter((row) => !row.element.hidden);
  }

  activate(row, how = {}) {
    const before = this.active;
    if (row === before) {
      if (how.select) row.editor.select(...how.select);
      else row.focus();
    } else {
      this.popover.hide();
      row.element.hidden = false; // whatever the filter says
      this.active = row;
      row.activate(how);
      this.panel.follow(row);
      if (before) {
        if (before.dirty) this.saver.flush(before);
        before.deactivate();
      }
      history.replaceState(null, "", `#${encodeURIComponent(row.id)}`);
      try { localStorage.setItem("tarjuman.place", JSON.stringify({ slug, id: row.id })); } catch { /* the list opens the article all the same */ }
      this.drawProgress();
    }
    bring(row.element);
  }

  step(way) {
    const rows = this.visible();
    const at = rows.indexOf(this.active);
    const next = rows[at + way];
    if (!next) return tell(way > 0 ? "Last segment" : "First segment");
    this.activate(next);
    return tell(this.name(next));
  }

  name(row) {
    const lost = terms.missing(row.segment).length;
    const found = findings.open(row.segment).length;
    return [`Segment ${row.number}`, STATES[row.segment.state], lost && `${count(lost, "term")} missing`, found && count(found, "finding")].filter(Boolean).join(", ");
  }

  /** The next segment nobody has confirmed, from here on and around. */
  nextOpen() {
    const rows = this.visible();
    const at = rows.indexOf(this.active);
    return [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at))].find((row) => row.open && !row.settling) || null;
  }

  // ---- the text

  typed(row) {
    this.saver.touched(row);
    if (row === this.active) this.panel.drawChanges();
  }

  /** Another text for a row, saved like typing. */
  write(row, text, marks = null) {
    if (row.text === text) return;
    row.given = marks && { text, marks };
    if (row.editor) row.editor.set(text);
    row.text = text;
    if (!row.editor) row.draw();
    this.typed(row);
  }

  /** Another text for the active row; what was there is saved first, so that undo brings it back. */
  async replace(text, said, marks = null) {
    const row = this.active;
    if (this.refuseLocked(row)) return;
    if (row.dirty) await this.saver.flush(row);
    this.write(row, text, marks);
    row.focus();
    tell(`${said} is in`);
  }

  insert(words) {
    const row = this.active;
    if (!row || this.refuseLocked(row)) return;
    this.popover.hide();
    row.editor.insert(words);
    tell(`Inserted: ${words}`);
  }

  /** A term: with a capital at the head of the sentence, without an article behind an article. */
  insertTerm(words) {
    const { area } = this.active.editor;
    this.insert(terms.fitted(words, area.value.slice(0, area.selectionStart)));
  }

  refuseLocked(row) {
    if (row.locked) warn("Locked: this segment is approved. Alt+U unlocks it.");
    return row.locked;
  }

  async back(ask, none) {
    const row = this.active;
    if (this.refuseLocked(row)) return;
    if (row.dirty && !(await this.saver.flush(row))) return;
    try {
      const answer = await ask(this.slug, row.id, row.segment.version);
      const segment = answer.segment || answer;
      const same = segment.text === row.text;
      row.adopt(segment);
      tell(same ? none : "Done");
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      tell(refusal.status === 409 || refusal.status === 404 ? none : `${refusal.message}. ${refusal.hint}`);
    }
    this.home();
  }

  keepMine(row) {
    const { theirs, flags, filed } = row.torn;
    const unlock = theirs.state === "approved" ? { unlock: true } : {};
    if (!filed) row.segment = { ...row.segment, version: theirs.version };
    row.conflict = null;
    const safe = this.saver.flush(row, { ...(filed ? { confirm: true } : flags), ...unlock });
    safe.then((saved) => saved && tell("Your text is saved; the other one is in the history"));
    row.refresh();
    this.home();
  }

  takeTheirs(row) {
    const { theirs, filed } = row.torn;
    if (filed) {
      row.text = theirs.text;
      row.given = { text: theirs.text, marks: theirs.marks };
      row.editor.set(theirs.text);
      this.saver.flush(row, {});
    } else {
      this.saver.forget(row);
      row.adopt(theirs);
    }
    tell("Their text is in; yours is in the history");
    this.home();
    this.drawSaved();
  }

  // ---- findings

  async dismiss(row, one, reason) {
    await this.judge(row, () => api.dismiss(this.slug, row.id, one, reason), `Dismissed: ${one.check}`);
  }

  async undismiss(row, one) {
    await this.judge(row, () => api.undismiss(this.slug, row.id, one), `${one.check} is back`);
  }

  /** What was typed goes first, so that the answer speaks of it. */
  async judge(row, ask, said) {
    try {
      if (row.dirty) await this.saver.flush(row);
      const { segment } = await ask();
      this.panel.asked = null;
      row.accept(segment);
      tell(said);
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      warn(`${refusal.message}. ${refusal.hint}`);
    }
  }

  // ---- the card of a term

  card(row, group, element) {
    const insert = row.locked ? null : (words) => this.insertTerm(words);
    const change = (hit) => {
      this.popover.hide();
      newTerm(this, { source: hit.term, target: hit.target, forms: hit.forms_cell, note: hit.note, sentence: row.segment.source }, this.home);
    };
    this.addEffort(group);
    this.popover.show(element, () => (element.isConnected ? element.focus() : this.home()), group.hits.map((hit) => terms.account(row.segment, hit, insert, change)));
  }

  /** What people did to these terms so far; it comes when it comes. */
  async addEffort(group) {
    const { terms: known } = await api.effort().catch((refusal) => {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      return { terms: [] };
    });
    for (const term of known) {
      const place = group.hits.findIndex((hit) => hit.term === term.source && hit.target === term.target);
      if (place >= 0) this.popover.add(place, "In confirmed sentences", ofTerm(term));
    }
  }

  // ---- what the keys and buttons do

  async act(name) {
    const row = this.active;
    const match = /^match([1-5])$/.exec(name);
    if (match) return this.useMatch(Number(match[1]));
    const actions = {
      help: () => help(this.home),
      findings: () => allFindings(this, this.home),
      find: () => this.find.open(this.selected().any),
      escape: () => this.escape(),
      jump: () => this.jump(),
    };
    const onRow = {
      confirm: () => this.settle(row, { confirm: true }),
      approve: () => this.settle(row, { approve: true }),
      unlock: () => this.unlock(row),
      below: () => this.step(1),
      above: () => this.step(-1),
      undo: () => this.back(api.undo, "Nothing to undo"),
      redo: () => this.back(api.redo, "Nothing to redo"),
      machine: () => (row.segment.machine ? this.replace(row.segment.machine, "The machine draft", row.segment.machine_marks) : tell("No machine draft is known")),
      alternatives: () => this.alternatives(row),
      again: () => this.again(row),
      source: () => this.insert(this.selected().ar || row.segment.source),
      term: () => this.pickTerm(row),
      dismiss: () => this.dismissFirst(row),
      concordance: () => this.concord(),
      panel: () => this.togglePanel(),
      addTerm: () => newTerm(this, { source: this.selected().ar, target: row.editor.selected, sentence: row.segment.source }, this.home),
    };
    if (actions[name]) return actions[name]();
    return row && onRow[name] ? onRow[name]() : undefined;
  }

  /** Confirms or approves and goes on; what the server says is announced when it comes. */
  settle(row, flags) {
    if (row.locked) {
      const next = this.nextOpen();
      if (next) this.activate(next);
      return tell(next ? this.name(next) : "This segment is approved; nothing is open any more");
    }
    if (!row.text.trim()) return warn("There is no English to confirm yet");
    if (row.torn) return warn("Choose one of the two texts first");
    const done = flags.approve ? "Approved and locked" : "Confirmed";
    const next = this.nextOpen();
    row.settling = true;
    const safe = this.saver.flush(row, flags).finally(() => { row.settling = false; });
    if (next && next !== row) this.activate(next, { quiet: this.touch });
    return safe.then((saved) => saved && tell(`${done}. ${next ? this.name(next) : "Nothing is open any more"}`));
  }

  async unlock(row) {
    if (!row.locked) return tell("It is not locked");
    if (await this.saver.flush(row, { unlock: true })) tell("Unlocked");
    return this.home();
  }

  async useMatch(number) {
    if (!this.active) return undefined;
    await this.panel.known();
    const match = this.panel.matches[number - 1];
    if (!match) return tell(`There is no match ${number}`);
    return this.replace(match.target, `Match ${number}, ${match.percent} per cent,`);
  }

  async alternatives(row) {
    if (!this.article.can_translate) return tell("The desk was started without an engine");
    if (this.refuseLocked(row)) return undefined;
    const number = await this.panel.fetchDrafts();
    return tell(number ? count(number, "draft") : "No other draft");
  }

  /** What the machine says today: in the place of its old text, or beside a person's. */
  async again(row) {
    if (!this.article.can_translate) return tell("The desk was started without an engine");
    if (row.dirty && !(await this.saver.flush(row))) return undefined;
    tell("The machine is at work …");
    try {
      const { changed, segments } = await api.again(this.slug, [row.id]);
      row.claim();
      if (!row.dirty) row.adopt(segments[0]);
      const beside = segments[0].state !== "machine" && segments[0].state !== "new";
      return tell(!changed.length ? "The machine says the same" : beside || segments[0].pending ? "Translated again: see Other drafts" : "Translated again");
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      return warn(`${refusal.message}. ${refusal.hint}`);
    }
  }

  pickTerm(row) {
    if (this.refuseLocked(row)) return undefined;
    const lost = terms.missing(row.segment);
    const standing = terms.standing(row.segment);
    if (!standing.length) return tell("No term of the glossary in this segment");
    if (lost.length === 1) return this.insertTerm(terms.best(lost[0]));
    return this.popover.show(row.editor.area, this.home, terms.choice(row.segment, (words) => this.insertTerm(words)));
  }

  dismissFirst(row) {
    const [first] = findings.open(row.segment);
    if (!first) return tell("No finding in this segment");
    return this.panel.ask(first);
  }

  /** The next finding of the article, after this segment and around. */
  jump() {
    const rows = this.visible();
    const at = rows.indexOf(this.active);
    const next = [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find((row) => findings.open(row.segment).length);
    if (!next) return tell("No finding in this article");
    const [first] = findings.open(next.segment);
    this.activate(next, Number.isInteger(first.begin) && !next.dirty ? { select: [first.begin, first.end] } : {});
    return tell(`${this.name(next)}: ${first.message}`);
  }

  concord() {
    const { any } = this.selected();
    this.panel.parts.concordance.element.open = true;
    this.panel.concordance.start(any);
    this.panel.parts.concordance.element.scrollIntoView({ block: "nearest" });
  }

  togglePanel() {
    if (this.panel.element.contains(document.activeElement)) return this.home();
    const first = [...this.panel.element.querySelectorAll("button, input, summary")].find((element) => element.checkVisibility());
    (first || this.panel.element).focus();
    return undefined;
  }

  /** What is selected, in the Arabic or in the English. */
  selected() {
    const { area } = (this.active && this.active.editor) || {};
    const en = area && document.activeElement === area ? area.value.slice(area.selectionStart, area.selectionEnd).trim() : "";
    const range = getSelection();
    const ar = this.active && range.rangeCount && !range.isCollapsed && this.active.ar.contains(range.anchorNode) ? range.toString().trim() : "";
    return { ar, en, any: en || ar };
  }

  escape() {
    this.panel.unask();
    if (this.find.shown && this.find.element.contains(document.activeElement)) this.find.close();
    else this.home();
  }

  key(event) {
    if (document.querySelector("dialog[open]")) return;
    const action = wanted(event);
    if (!action) return this.lockedKey(event);
    if (action === "escape" && this.popover.element.matches(":popover-open")) return undefined;
    const typing = event.target.matches("input") && ["undo", "redo"].includes(action);
    if (typing) return undefined;
    event.preventDefault();
    return this.act(action);
  }

  /** Somebody types into a locked segment. */
  lockedKey(event) {
    const { active } = this;
    if (active && active.locked && active.editor && event.target === active.editor.area && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) this.refuseLocked(active);
  }

  /** Undo by menu or gesture goes the same way as by key. */
  historyInput(event) {
    if (!this.active || !this.active.editor || event.target !== this.active.editor.area) return;
    if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return;
    event.preventDefault();
    this.act(event.inputType === "historyUndo" ? "undo" : "redo");
  }

  // ---- the head of the page

  drawTools() {
    const filter = h("select", { "aria-label": "Show", id: "filter" }, Object.entries(FILTERS).map(([value, { label }]) => h("option", { value }, label)));
    filter.addEventListener("change", () => this.sift(filter.value));
    this.findingsButton = button("Findings", () => this.act("findings"), { style: "small" });
    fill(
      place("tools"),
      h("label", { class: "filter" }, h("span", {}, "Show"), filter),
      this.findingsButton,
      button("Search", () => this.act("find"), { key: "Ctrl+F", style: "small" }),
      button("Concordance", () => this.act("concordance"), { key: "Ctrl+K", style: "small" }),
      button("Keys", () => this.act("help"), { key: "Alt+H", style: "small" }),
    );
  }

  sift(name) {
    this.filter = name;
    for (const row of this.rows.values()) row.element.hidden = row !== this.active && !FILTERS[name].keeps(row);
    tell(count(this.visible().length, "segment"));
  }

  changed(row, progress) {
    if (progress) this.article.progress = progress;
    if (row === this.active) {
      this.panel.draw();
      if (this.panel.parts.history.open) this.panel.later();
    }
    this.drawProgress();
  }

  drawProgress() {
    const states = {};
    let number = 0;
    for (const row of this.rows.values()) {
      states[row.segment.state] = (states[row.segment.state] || 0) + 1;
      number += findings.open(row.segment).length;
    }
    const figures = ofArticle(this.article.progress.effort);
    fill(place("progress"), bar(states), figures && h("span", { class: "effort", title: "Edits for a hundred words, and time at work, of confirmed machine drafts: tarjuman effort" }, figures));
    this.findingsButton.querySelector(".label").textContent = number ? `Findings ${number}` : "Findings";
  }

  drawSaved() {
    const { state, words, hint, rows } = this.saver.report();
    const element = place("saved");
    if (element.dataset.state === state && element.dataset.words === words + hint) return;
    Object.assign(element.dataset, { state, words: words + hint });
    fill(
      element,
      icon(["failed", "conflict", "lost"].includes(state) ? "sign-error" : state === "saving" ? "state-machine" : "sign-met"),
      h("span", {}, words),
      hint && h("span", { class: "hint" }, hint),
      state === "failed" && button("Try again", () => this.saver.again(), { style: "small" }),
      state === "conflict" && button("Show", () => this.activate(rows[0]), { style: "small" }),
    );
  }
}

const FILTERS = {
  all: { label: "all segments", keeps: () => true },
  open: { label: "open ones", keeps: (row) => row.open },
  findings: { label: "with findings", keeps: (row) => findings.open(row.segment).length > 0 },
  edited: { label: "edited ones", keeps: (row) => row.segment.state === "edited" },
  approved: { label: "approved ones", keeps: (row) => row.segment.state === "approved" },
};

/** Scrolls a row into the quiet middle of the window, at once. */
function bring(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const head = place("bar").offsetHeight;
  if (top >= head + 8 && bottom <= innerHeight - 40) return;
  scrollBy({ top: top - head - Math.max(16, (innerHeight - head) * 0.12), behavior: "instant" });
}

new Desk().start();

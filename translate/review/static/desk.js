// The review desk of one article: its rows, which of them is active, and what changes elsewhere. It ties the parts
// together; its actions, its texts and its head are files of their own.

import * as api from "./api.js";
import { acting } from "./acting.js";
import { tell, warn } from "./announce.js";
import { arabic, count, english, fill, h } from "./dom.js";
import * as findings from "./findings.js";
import { headed } from "./head.js";
import { listen } from "./live.js";
import { Panel } from "./panels.js";
import { Saver } from "./saving.js";
import { Find } from "./search.js";
import { Row, STATES } from "./segment.js";
import * as terms from "./terms.js";
import { writing } from "./writing.js";

const place = (id) => document.getElementById(id);
const slug = place("content").dataset.slug;

class Desk extends headed(acting(writing(Object))) {
  constructor() {
    super();
    this.slug = slug;
    this.rows = new Map();
    this.active = null;
    this.filter = "all";
    this.turn = 0; // of the newest question for the whole article
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
    const turn = (this.turn += 1);
    let article;
    try {
      article = await api.read(slug);
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      return;
    }
    if (turn !== this.turn) return; // one asked for later knows more, and would find the rows changed by this one
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
      else if (row === this.active && other && !row.isOwn) tell(row.remembered && row.segment.state === "machine" ? `Segment ${row.number}: ${row.remembered}, not confirmed yet` : `Segment ${row.number} was changed elsewhere`);
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
}

/** Scrolls a row into the quiet middle of the window, at once. */
function bring(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const head = place("bar").offsetHeight;
  if (top >= head + 8 && bottom <= innerHeight - 40) return;
  scrollBy({ top: top - head - Math.max(16, (innerHeight - head) * 0.12), behavior: "instant" });
}

new Desk().start();

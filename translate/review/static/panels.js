// The panel of the active segment: findings, terms, memory, other drafts, changes, history, concordance. What costs a
// request is asked for only while its part is open. Knows rows and the API; the desk decides what a choice does.

import * as api from "./api.js";
import { Concordance } from "./concordance.js";
import { changedWords, changes, compared, show } from "./diff.js";
import { arabic, button, count, english, fill, h, moment } from "./dom.js";
import * as effort from "./effort.js";
import * as findings from "./findings.js";
import * as terms from "./terms.js";

const REST = 180;
const OPEN = { findings: true, terms: true, memory: true, changes: true, drafts: true, history: false, concordance: false };
const TITLES = { findings: "Findings", terms: "Terms", memory: "Memory", drafts: "Other drafts", changes: "Changes to the machine draft", history: "History", concordance: "Concordance" };

const KEPT = { __proto__: null, machine: "from the machine", memory: "from the memory", person: "a person's text" };

/** One part of the panel: a heading that folds. */
class Part {
  constructor(name, opened) {
    this.name = name;
    this.number = h("span", { class: "count" });
    this.body = h("div", { class: "part-body" });
    this.element = h("details", { class: `part ${name}`, open: recall(name) }, h("summary", {}, h("h2", {}, TITLES[name], " ", this.number)), this.body);
    this.element.addEventListener("toggle", () => {
      remember(name, this.element.open);
      if (this.element.open) opened(this);
    });
  }

  get open() {
    return this.element.open;
  }

  /** Shows other content; the focus stays with what had it, or goes to `home`. */
  show(number, content, home = null) {
    const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
    const key = focused && focused.dataset.focus;
    this.number.textContent = number === "" ? "" : String(number);
    fill(this.body, content);
    if (!focused) return;
    const again = [...this.body.querySelectorAll("[data-focus]")].find((element) => element.dataset.focus === key) || this.body.querySelector("button");
    if (again) again.focus();
    else if (home) home();
  }
}

function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(`tarjuman.panel.${name}`)) ?? OPEN[name];
  } catch {
    return OPEN[name];
  }
}

function remember(name, open) {
  try { localStorage.setItem(`tarjuman.panel.${name}`, JSON.stringify(open)); } catch { /* not remembered */ }
}

export class Panel {
  constructor(desk) {
    this.desk = desk;
    this.parts = Object.fromEntries(Object.keys(TITLES).map((name) => [name, new Part(name, (part) => this.opened(part))]));
    this.concordance = new Concordance(desk);
    fill(this.parts.concordance.body, this.concordance.element);
    this.element = h("aside", { class: "panel", "aria-label": "About this segment", tabindex: "-1" }, Object.values(this.parts).map((part) => part.element));
    this.row = null;
    this.matches = [];
  }

  /** The panel moves under another row. */
  follow(row) {
    this.row = row;
    this.asked = null;
    this.asking = null;
    this.matches = [];
    this.drafts = null;
    this.steps = null;
    row.below.append(this.element);
    this.draw();
    this.later();
  }

  draw() {
    this.drawFindings();
    this.drawTerms();
    this.drawChanges();
    this.drawMemory();
    this.drawDrafts();
    this.drawHistory();
  }

  /** Asks for what is open, once the person has stopped moving. */
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.known();
      if (this.parts.history.open) this.fetchHistory();
    }, REST);
  }

  opened(part) {
    if (part.name === "history" && this.row) this.fetchHistory();
  }

  home = () => this.row && this.row.focus();

  drawFindings() {
    const { segment } = this.row;
    const items = findings.list(segment, {
      jump: ({ begin, end }) => this.row.editor.select(begin, end),
      dismiss: (one, reason) => (reason ? this.desk.dismiss(this.row, one, reason) : this.ask(one)),
      undismiss: (one) => this.desk.undismiss(this.row, one),
      asked: this.asked,
    });
    this.parts.findings.show(findings.open(segment).length || "", items.length ? h("ul", { role: "list" }, items) : h("p", { class: "none" }, "Nothing to report."), this.home);
  }

  /** Opens the form that asks why. */
  ask(finding) {
    this.asked = finding;
    this.parts.findings.element.open = true;
    this.drawFindings();
    const field = this.parts.findings.body.querySelector("[data-first]");
    if (field) field.focus();
  }

  /** Closes that form. */
  unask() {
    if (!this.asked) return;
    this.asked = null;
    this.drawFindings();
  }

  drawTerms() {
    const { segment, locked } = this.row;
    const lines = terms.list(segment, (words) => this.desk.insertTerm(words), locked);
    const lost = terms.missing(segment).length;
    this.parts.terms.show(lines.length ? `${lines.length - lost}/${lines.length}` : "", [
      lines.length ? h("ul", { role: "list" }, lines) : h("p", { class: "none" }, "No term of the glossary."),
      h("p", { class: "choices" }, button("Add a term …", () => this.desk.act("addTerm"), { key: "Alt+G", style: "small", "data-focus": "add-term" })),
    ], this.home);
  }

  drawChanges() {
    const { segment, text } = this.row;
    if (!segment.machine) return this.parts.changes.show("", h("p", { class: "none" }, "No machine draft is known."), this.home);
    const runs = changes(segment.machine, text);
    const changed = changedWords(runs);
    return this.parts.changes.show(changed ? count(changed, "word") : "", changed || segment.machine !== text ? english("p", { class: "diffed" }, show(runs)) : h("p", { class: "none" }, "As the machine wrote it."), this.home);
  }

  /** The matches of this row, asked for once. */
  known() {
    this.asking ||= this.fetchMatches();
    return this.asking;
  }

  async fetchMatches() {
    const { row } = this;
    try {
      const found = await api.matches(this.desk.slug, row.id);
      if (row !== this.row) return;
      this.matches = found.slice(0, 5);
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      this.matches = [];
    }
    this.drawMemory();
  }

  drawMemory() {
    const locked = this.row.locked;
    const lines = this.matches.map((match, number) =>
      h(
        "li",
        { class: "match" },
        h("p", { class: "match-head" }, h("span", { class: "percent" }, `${match.percent} %`), h("span", { class: "by" }, h("bdi", {}, match.slug), match.who && [" · ", h("bdi", {}, match.who)], match.when && ` · ${moment(match.when)}`)),
        arabic("p", { class: "diffed" }, match.diff && match.diff.length ? show(match.diff) : match.source),
        english("p", { class: "match-target" }, match.target),
        !locked && h("p", { class: "choices" }, button("Use", () => this.desk.act(`match${number + 1}`), { key: `Ctrl+${number + 1}`, style: "small", "aria-label": `Use match ${number + 1}, ${match.percent} %`, "data-focus": `match:${number}` })),
      ),
    );
    this.parts.memory.show(lines.length || "", lines.length ? h("ol", { role: "list" }, lines) : h("p", { class: "none" }, "Nothing like it was approved yet."), this.home);
  }

  async fetchDrafts() {
    const { row } = this;
    this.parts.drafts.element.open = true;
    this.drafts = { busy: true, list: [] };
    this.drawDrafts();
    const list = await api.alternatives(this.desk.slug, row.id, 5).catch((refusal) => {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      return refusal;
    });
    if (row !== this.row) return;
    this.drafts = list instanceof api.Refusal ? { failed: list, list: [] } : { list: list.filter(({ text }, number) => list.findIndex((one) => one.text === text) === number) };
    this.drawDrafts();
    const first = this.parts.drafts.body.querySelector("button");
    if (first) first.focus();
    return this.drafts.list.length;
  }

  drawDrafts() {
    const { article } = this.desk;
    this.parts.drafts.element.hidden = !article.can_translate && !this.drafts && !(this.row.segment.alternatives || []).length;
    const drafts = this.drafts;
    const kept = (this.row.segment.alternatives || []).filter(({ text }) => text !== this.row.text);
    if (!drafts && kept.length) return this.parts.drafts.show(kept.length, [h("ol", { role: "list" }, kept.map((one, number) => this.draft(one, number))), article.can_translate && this.askDrafts()], this.home);
    if (!drafts) return this.parts.drafts.show("", this.askDrafts(), this.home);
    if (drafts.busy) return this.parts.drafts.show("", h("p", { class: "none" }, "The machine is at work …"), this.home);
    if (drafts.failed) return this.parts.drafts.show("", h("p", { class: "none" }, drafts.failed.message, " ", drafts.failed.hint), this.home);
    return this.parts.drafts.show(drafts.list.length || "", drafts.list.length
      ? h("ol", { role: "list" }, drafts.list.map((one, number) => this.draft(one, number)))
      : h("p", { class: "none" }, "The machine has no other."), this.home);
  }

  askDrafts() {
    return h(
      "p",
      { class: "choices" },
      button("Ask for other drafts", () => this.desk.act("alternatives"), { key: "Alt+N", style: "small", "data-focus": "ask-drafts" }),
      button("Translate again", () => this.desk.act("again"), { key: "Alt+R", style: "small", "data-focus": "again" }),
    );
  }

  /** One other text, with what it changes. */
  draft({ text, origin, percent, marks, who, when }, number) {
    const use = () => this.desk.replace(text, `Draft ${number + 1}`, marks);
    return h(
      "li",
      { class: "match" },
      origin && h("p", { class: "by" }, origin === "memory" && percent ? `memory, ${percent} %` : KEPT[origin] || origin, who && [" · ", h("bdi", {}, who)], when && ` · ${moment(when)}`),
      english("p", { class: "diffed" }, compared(this.row.text, text)),
      !this.row.locked && h("p", { class: "choices" }, button("Use", use, { style: "small", "aria-label": `Use draft ${number + 1}`, "data-focus": `draft:${number}` })),
    );
  }

  async fetchHistory() {
    const { row } = this;
    try {
      const steps = await api.history(this.desk.slug, row.id);
      if (row !== this.row) return;
      this.steps = steps;
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      this.steps = [];
    }
    this.drawHistory();
  }

  drawHistory() {
    if (!this.steps) return this.parts.history.show("", h("p", { class: "none" }, "…"), this.home);
    const figures = effort.long(this.row.segment);
    return this.parts.history.show(this.steps.length || "", [figures && h("p", { class: "effort" }, figures), this.steps.length
      ? h("ol", { role: "list" }, this.steps.map((step, number) => h("li", { class: "match" }, h("p", { class: "by" }, step.refused ? "kept from a conflict" : step.pending ? "typed" : [step.state, step.origin === "person" || step.origin === step.state ? "" : step.origin].filter(Boolean).join(", "), step.who && [" · ", h("bdi", {}, step.who)], step.when && ` · ${moment(step.when)}`), english("p", { class: "diffed" }, step.diff_to_machine && step.diff_to_machine.length ? show(step.diff_to_machine) : step.text), !this.row.locked && step.text !== this.row.text && h("p", { class: "choices" }, button("Use", () => this.desk.replace(step.text, "An earlier text", step.marks), { style: "small", "aria-label": `Use the text of ${moment(step.when) || "the beginning"}`, "data-focus": `step:${number}` })))))
      : h("p", { class: "none" }, "Nobody has changed it.")], this.home);
  }
}

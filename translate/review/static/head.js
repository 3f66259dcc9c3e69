// The head of the page: progress, filter, buttons, and whether everything is saved. A part of the desk's class.

import { tell } from "./announce.js";
import { button, count, fill, h, icon } from "./dom.js";
import { ofArticle } from "./effort.js";
import * as findings from "./findings.js";
import { bar } from "./progress.js";

const place = (id) => document.getElementById(id);

const FILTERS = {
  all: { label: "all segments", keeps: () => true },
  open: { label: "open ones", keeps: (row) => row.open },
  findings: { label: "with findings", keeps: (row) => findings.open(row.segment).length > 0 },
  edited: { label: "edited ones", keeps: (row) => row.segment.state === "edited" },
  approved: { label: "approved ones", keeps: (row) => row.segment.state === "approved" },
};

export const headed = (Base) => class extends Base {
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
};

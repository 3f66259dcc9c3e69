// How a word or phrase was translated before, in every draft of the folder. Knows the API and its own elements.

import * as api from "./api.js";
import { tell } from "./announce.js";
import { arabic, count, english, fill, h, icon } from "./dom.js";
import { pieces } from "./editor.js";

export class Concordance {
  constructor(desk) {
    this.desk = desk;
    this.field = h("input", { type: "search", name: "q", dir: "auto", autocomplete: "off", "aria-label": "Concordance: Arabic or English", placeholder: "Arabic or English" });
    this.results = h("ol", { role: "list", class: "results" });
    this.said = h("p", { class: "none" }, "A word or phrase; it is looked up in all drafts.");
    const form = h("form", { role: "search", class: "inline-form" }, this.field, h("button", { type: "submit", class: "small" }, "Look up"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(this.field.value);
    });
    this.element = h("div", {}, form, this.said, this.results);
  }

  /** Opens with what was selected, or empty. */
  start(selected) {
    if (selected) this.field.value = selected;
    this.field.focus();
    this.field.select();
    if (selected) this.ask(selected);
  }

  async ask(words) {
    const query = words.trim();
    if (!query) return;
    this.said.textContent = "Looking …";
    try {
      const found = await api.concordance(query);
      if (this.field.value.trim() !== query) return;
      this.said.textContent = found.length ? "" : "Nothing found.";
      tell(found.length ? count(found.length, "place") : "Nothing found");
      fill(this.results, found.slice(0, 40).map((hit) => this.line(hit)));
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      this.said.textContent = `${refusal.message}. ${refusal.hint}`;
    }
  }

  line(hit) {
    const number = hit.id.split(".").slice(1).join(".");
    const spans = (wanted) => (hit.spans || []).filter(([side]) => side === wanted).map(([, begin, end]) => ({ begin, end, style: "found" }));
    return h(
      "li",
      { class: "match" },
      h("p", { class: "by" }, icon(`state-${hit.state}`), " ", hit.state, " · ", h("a", { href: `/a/${encodeURIComponent(hit.slug)}#${encodeURIComponent(hit.id)}` }, h("bdi", {}, hit.slug), ` ${number}`)),
      arabic("p", {}, pieces(hit.source, spans("source"))),
      english("p", {}, pieces(hit.target || "", spans("target"))),
    );
  }
}

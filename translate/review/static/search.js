// Search and replace inside the article that is open. Arabic is found whatever its vowel signs, hamzas and
// tatweels; English whatever its case. Replaces English only, never in what is locked. Knows rows.

import { tell } from "./announce.js";
import { button, count, fill, h } from "./dom.js";

const SIGNS = /[\u064b-\u065f\u0670\u0640\u200c-\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;
const ALIKE = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ئ: "ي", ؤ: "و", ة: "ه", ی: "ي", ک: "ك" };

/** A text made alike for finding, with the way back: {text: "السا", at: [0, 1, 3, 4]}. */
export function folded(text) {
  let out = "";
  const at = [];
  let offset = 0;
  for (const char of text) {
    if (!SIGNS.test(char)) {
      const plain = (ALIKE[char] || char).toLowerCase();
      for (let unit = 0; unit < plain.length; unit += 1) at.push(offset);
      out += plain;
    }
    offset += char.length;
  }
  at.push(text.length);
  return { text: out, at };
}

/** Every place of `query` in `text`: [[begin, end]]. */
export function places(text, query) {
  const wanted = folded(query).text.trim();
  if (!wanted) return [];
  const hay = folded(text);
  const found = [];
  for (let at = hay.text.indexOf(wanted); at >= 0; at = hay.text.indexOf(wanted, at + wanted.length)) {
    found.push([hay.at[at], hay.at[at + wanted.length]]);
  }
  return found;
}

export class Find {
  constructor(desk, element) {
    this.desk = desk;
    this.element = element;
    this.at = -1;
    this.field = h("input", { type: "search", dir: "auto", autocomplete: "off", "aria-label": "Search in this article", placeholder: "Search in this article", on: { input: () => this.look() } });
    this.other = h("input", { type: "text", dir: "auto", autocomplete: "off", "aria-label": "Replace by", placeholder: "Replace by (English only)" });
    this.said = h("span", { class: "find-count", role: "status" });
    fill(
      element,
      this.field,
      button("Next", () => this.step(1), { style: "small" }),
      button("Before", () => this.step(-1), { style: "small" }),
      this.said,
      this.other,
      button("Replace", () => this.replace(), { style: "small" }),
      button("Replace all", () => this.replaceAll(), { style: "small" }),
      button("Close", () => this.close(), { key: "Esc", style: "small quiet" }),
    );
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey) return;
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    });
  }

  get shown() {
    return !this.element.hidden;
  }

  open(selected) {
    this.element.hidden = false;
    if (selected) this.field.value = selected;
    this.field.focus();
    this.field.select();
    this.look();
  }

  close() {
    this.element.hidden = true;
    this.hits = [];
    this.at = -1;
    this.light();
    this.desk.home();
  }

  look() {
    this.hits = [];
    for (const row of this.desk.rows.values()) {
      for (const place of places(row.segment.source, this.field.value)) this.hits.push({ row, side: "ar", place });
      for (const place of places(row.text, this.field.value)) this.hits.push({ row, side: "en", place });
    }
    this.at = -1;
    this.said.textContent = this.field.value.trim() ? count(this.hits.length, "place") : "";
    this.light();
  }

  /** Rows with a hit carry a line, so that the whole article can be skimmed; the words themselves are lit. */
  light() {
    const hits = this.hits || [];
    const lit = new Set(hits.map(({ row }) => row));
    for (const row of this.desk.rows.values()) row.element.classList.toggle("lit", lit.has(row));
    if (!CSS.highlights) return;
    CSS.highlights.set("found", new Highlight(...hits.map((hit) => rangeOf(hit.row[hit.side], hit.place))));
    const now = hits[this.at];
    CSS.highlights.set("found-now", new Highlight(...(now ? [rangeOf(now.row[now.side], now.place)] : [])));
  }

  step(way) {
    this.refresh();
    if (!this.hits.length) return tell("Nothing found");
    this.at = (this.at + way + this.hits.length) % this.hits.length;
    const { row, side, place } = this.hits[this.at];
    this.said.textContent = `${this.at + 1} of ${this.hits.length}`;
    const from = document.activeElement;
    this.desk.activate(row, side === "en" ? { select: place } : {});
    this.light();
    if (this.element.contains(from)) from.focus({ preventScroll: true });
    return undefined;
  }

  refresh() {
    const { at } = this;
    this.look();
    this.at = Math.min(at, this.hits.length - 1);
  }

  replace() {
    this.refresh();
    const hit = this.hits[this.at];
    if (!hit || hit.side !== "en") return this.step(1);
    if (hit.row.locked) return tell("Locked: not replaced");
    this.put(hit.row, [hit.place]);
    this.at -= 1;
    return this.step(1);
  }

  replaceAll() {
    this.refresh();
    let number = 0;
    let locked = 0;
    for (const row of this.desk.rows.values()) {
      const spots = this.hits.filter((hit) => hit.row === row && hit.side === "en").map(({ place }) => place);
      if (!spots.length) continue;
      if (row.locked) locked += spots.length;
      else {
        this.put(row, spots);
        number += spots.length;
      }
    }
    this.look();
    const words = `${count(number, "place")} replaced${locked ? `, ${locked} locked and left alone` : ""}`;
    this.said.textContent = words;
  }

  put(row, spots) {
    let text = row.text;
    for (const [begin, end] of [...spots].reverse()) text = text.slice(0, begin) + this.other.value + text.slice(end);
    this.desk.write(row, text);
  }
}

/** Part of an element's text. */
function rangeOf(element, [begin, end]) {
  const range = document.createRange();
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let at = 0;
  let started = false;
  while (walk.nextNode()) {
    const { length } = walk.currentNode.data;
    if (!started && begin <= at + length) {
      range.setStart(walk.currentNode, begin - at);
      started = true;
    }
    if (end <= at + length) {
      range.setEnd(walk.currentNode, end - at);
      break;
    }
    at += length;
  }
  return range;
}

// The field the English is written in: a textarea over a mirror of the same text. The mirror gives the height and
// carries the marks under terms and findings. Knows no segment and no server.

import { english, fill, h } from "./dom.js";

const WORD = /[\p{L}\p{N}]/u;

export class Editor {
  constructor({ label, describedBy, input }) {
    this.spans = [];
    this.mirror = h("div", { class: "mirror", "aria-hidden": "true" });
    this.area = english("textarea", { class: "area", "aria-label": label, "aria-describedby": describedBy, spellcheck: "true", autocomplete: "off", rows: "1" });
    this.element = english("div", { class: "editor" }, this.mirror, this.area);
    this.area.addEventListener("input", () => {
      this.tidy();
      this.moved(this.area.value);
      input(this.area.value);
    });
    this.area.addEventListener("beforeinput", (event) => {
      if (event.inputType === "insertLineBreak") event.preventDefault();
    });
  }

  get text() {
    return this.area.value;
  }

  /** A sentence is one line: what is pasted loses its line breaks, unless the sentence had some. */
  tidy() {
    if (!/[\r\n]/.test(this.area.value) || /\n/.test(this.shown || "")) return;
    const caret = this.area.selectionStart;
    this.area.value = this.area.value.replace(/\s*[\r\n]+\s*/g, " ");
    this.area.setSelectionRange(caret, caret);
  }

  /** Shows another text; the caret goes behind what differs. */
  set(text) {
    const before = this.area.value;
    if (before !== text) {
      let tail = 0;
      while (tail < Math.min(before.length, text.length) && before.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
      this.area.value = text;
      const caret = before ? text.length - tail : text.length;
      this.area.setSelectionRange(caret, caret);
    }
    this.moved(text);
  }

  /** Marks parts of the text: [{begin, end, style}]. */
  paint(spans) {
    this.spans = spans.filter(({ begin, end }) => begin >= 0 && end > begin && end <= this.text.length);
    this.draw();
  }

  /** The text changed: marks before the change stay, those behind it move along, those in it go until the next check. */
  moved(text) {
    const before = this.shown ?? text;
    let head = 0;
    while (head < Math.min(before.length, text.length) && before[head] === text[head]) head += 1;
    let tail = 0;
    const most = Math.min(before.length, text.length) - head;
    while (tail < most && before.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
    const shift = text.length - before.length;
    this.spans = this.spans
      .filter(({ begin, end }) => end <= head || begin >= before.length - tail)
      .map((span) => (span.end <= head ? span : { ...span, begin: span.begin + shift, end: span.end + shift }));
    this.shown = text;
    this.draw();
  }

  draw() {
    this.shown = this.text;
    fill(this.mirror, pieces(this.text, this.spans), "\u200b");
  }

  lock(locked) {
    this.area.readOnly = locked;
    this.element.classList.toggle("locked", locked);
  }

  focus() {
    this.area.focus({ preventScroll: true });
  }

  select(begin, end) {
    this.focus();
    this.area.setSelectionRange(begin, end);
  }

  /** What is selected, also while the focus is elsewhere. */
  get selected() {
    return this.area.value.slice(this.area.selectionStart, this.area.selectionEnd).trim();
  }

  /** Puts words in at the caret, with the spaces they need. */
  insert(words) {
    const { selectionStart: begin, selectionEnd: end, value } = this.area;
    const lead = begin > 0 && (WORD.test(value[begin - 1]) || /[,;:.!?%)\]”’]/.test(value[begin - 1])) ? " " : "";
    const rest = end < value.length && WORD.test(value[end]) ? " " : "";
    this.area.setRangeText(lead + words + rest, begin, end, "end");
    this.area.dispatchEvent(new Event("input"));
    this.focus();
  }
}

/** A text cut at every border of its spans; each piece carries the styles of the spans over it. */
export function pieces(text, spans, make = (piece, styles) => h("mark", { class: styles.join(" ") }, piece)) {
  const borders = new Set([0, text.length]);
  for (const { begin, end } of spans) borders.add(begin).add(end);
  const cuts = [...borders].filter((cut) => cut >= 0 && cut <= text.length).sort((a, b) => a - b);
  return cuts.slice(0, -1).map((begin, number) => {
    const end = cuts[number + 1];
    const styles = spans.filter((span) => span.begin <= begin && span.end >= end).map((span) => span.style);
    const piece = text.slice(begin, end);
    return styles.length ? make(piece, styles) : piece;
  });
}

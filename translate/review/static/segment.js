// One row of the grid: the Arabic, the English, the state. When it is active the English is an editor and what belongs
// to it stands below. Knows its segment and its elements; what to do about anything is the desk's.

import { Clock } from "./clock.js";
import { changedSource, conflict } from "./conflict.js";
import { arabic, button, english, fill, h, icon, moment, unseen } from "./dom.js";
import { Editor, pieces } from "./editor.js";
import * as effort from "./effort.js";
import { open as standing } from "./findings.js";
import { best, missing, source } from "./terms.js";

export const STATES = { __proto__: null, new: "new", machine: "machine", edited: "edited", approved: "approved" };
const LONG = { __proto__: null, new: "not translated", machine: "machine draft", edited: "edited", approved: "approved, locked" };
const KINDS = { __proto__: null, title: "title", byline: "by-line", heading: "heading", item: "list", quote: "quotation", cell: "table", related: "related", boilerplate: "web page" };
const ORIGINS = { __proto__: null, machine: "machine", memory: "memory", person: "person" };

export class Row {
  constructor(desk, block, segment, first) {
    Object.assign(this, { desk, block, segment, id: segment.id, text: segment.text, sent: segment.text });
    Object.assign(this, { conflict: null, failed: null, sending: false, editor: null, stamp: 0, touchedAt: -Infinity, clock: new Clock() });
    this.number = segment.id.split(".").slice(1).join(".") || segment.id;
    this.badge = h("button", { type: "button", class: "badge", on: { click: () => desk.activate(this) } });
    this.ar = arabic("div", { class: "side ar", id: `ar-${segment.id}` });
    this.en = english("div", { class: "side en" });
    this.below = h("div", { class: "below" });
    this.element = h(
      "li",
      { class: `segment ${block.kind} ${first ? "first" : ""}`, id: `s-${segment.id}`, data: { id: segment.id } },
      h("div", { class: "pair" }, h("div", { class: "gutter" }, this.badge), this.ar, this.en),
    );
    if (first && KINDS[block.kind]) this.element.prepend(h("p", { class: "kind" }, KINDS[block.kind], block.level > 0 && block.kind === "heading" ? ` ${block.level}` : ""));
    this.element.addEventListener("click", (event) => this.clicked(event));
    this.draw();
  }

  get dirty() {
    return this.text !== this.sent;
  }

  /** Two texts to choose from: refused by the server just now, or kept by it since the file changed; else null. */
  get torn() {
    const { conflict: filed } = this.segment;
    return this.conflict || (filed ? { mine: this.text, theirs: filed, flags: null, filed: true } : null);
  }

  /** Saved from here just now, so that news of it is no news. */
  get isOwn() {
    return this.sending || performance.now() - this.touchedAt < 1500;
  }

  /** What comes of it next was asked for here. */
  claim() {
    this.touchedAt = performance.now();
  }

  get locked() {
    return this.segment.state === "approved";
  }

  /** "memory 100 %", where the text comes from the memory. */
  get remembered() {
    const { origin, memory_percent: percent } = this.segment;
    return origin === "memory" && percent ? `memory ${percent} %` : "";
  }

  /** Somebody still has to look at it. */
  get open() {
    const { state, pending, old_source: restated } = this.segment;
    return state === "new" || state === "machine" || Boolean(pending || restated || this.torn);
  }

  clicked(event) {
    if (this.editor || event.target.closest("button, a, input, textarea")) return;
    if (!getSelection().isCollapsed) return;
    const caret = offsetAt(this.en, event);
    this.desk.activate(this, caret === null ? {} : { caret });
  }

  /** The row as it is read. */
  draw() {
    this.drawState();
    this.drawSource();
    if (!this.editor) {
      fill(this.en, this.text ? pieces(this.text, this.spans()) : h("span", { class: "missing" }, "not translated"));
    }
  }

  drawState() {
    const { state, pending } = this.segment;
    const found = standing(this.segment);
    this.element.dataset.state = state;
    const worst = found[0] ? found[0].severity : "";
    const filled = state === "machine" && this.remembered;
    fill(
      this.badge,
      h("span", { class: `state ${state}` }, icon(`state-${state}`), h("span", {}, filled ? "memory" : STATES[state] || state)),
      h("span", { class: "number" }, unseen(", segment "), this.number),
      found.length > 0 && h("span", { class: `flag ${worst}` }, icon(`sign-${worst}`), unseen(", "), String(found.length), unseen(found.length === 1 ? " finding" : " findings")),
      filled && h("span", { class: "flag memory" }, unseen(", "), `${this.segment.memory_percent} %`, unseen(" alike")),
      pending && h("span", { class: "flag pending" }, unseen(", "), "unconfirmed"),
      this.segment.old_source && h("span", { class: "flag warning" }, icon("sign-warning"), unseen(", "), "Arabic", unseen(" changed")),
      this.torn && h("span", { class: "flag error" }, icon("sign-error"), unseen(", "), "conflict"),
    );
    if (this.about) fill(this.about, this.provenance());
  }

  drawSource() {
    const { source: text, hits, source_marks: marks } = this.segment;
    const shown = JSON.stringify([text, hits, marks, Boolean(this.editor)]);
    if (shown === this.shown) return; // what is selected in it stays selected
    this.shown = shown;
    const opener = this.editor ? (group, element) => this.desk.card(this, group, element) : null;
    const within = this.ar.contains(document.activeElement);
    fill(this.ar, source(this.segment, opener));
    if (within) this.focus();
  }

  /** Marks for the English: terms that are there, and where findings point. */
  spans() {
    if (this.dirty) return [];
    const terms = (this.segment.terms_in_target || []).map(({ begin, end, status }) => ({ begin, end, style: `hit ${status}` }));
    const places = standing(this.segment)
      .filter(({ begin }) => Number.isInteger(begin))
      .map(({ begin, end, severity }) => ({ begin, end, style: `place ${severity}` }));
    const marks = this.editor ? [] : (this.segment.marks || []).map(({ kind, begin, end }) => ({ begin, end, style: `as-${kind}` }));
    return [...terms, ...places, ...marks];
  }

  provenance() {
    const { origin, who, when, state } = this.segment;
    const { remembered } = this;
    const made = state === origin || origin === "person" || (state === "new" && !this.text) ? "" : remembered || ORIGINS[origin] || origin || "";
    const figures = effort.short(this.segment);
    const touched = who && h("span", {}, h("bdi", {}, who), when ? `, ${moment(when)}` : "");
    if (this.segment.pending) return [h("span", {}, "changed, not confirmed yet"), touched, figures && h("span", {}, figures)];
    if (state === "machine" && remembered) return [h("span", {}, `${remembered}, not confirmed yet`), touched, figures && h("span", {}, figures)];
    return [
      h("span", {}, LONG[state] || state),
      made && h("span", {}, "origin: ", made),
      touched,
      figures && h("span", {}, figures),
    ];
  }

  /** Makes it the active one; `quiet` leaves the keyboard of a phone where it is. */
  activate({ caret, select, quiet } = {}) {
    this.element.classList.add("active");
    this.badge.setAttribute("aria-current", "true");
    this.about = h("p", { class: "about", id: `about-${this.id}` });
    this.editor = new Editor({ label: `English of segment ${this.number}`, describedBy: `ar-${this.id} about-${this.id}`, input: (text) => this.typed(text) });
    this.notices = h("div", { class: "notices" });
    this.chips = h("p", { class: "chips" });
    this.actions = h("div", { class: "actions", role: "group", "aria-label": "Segment" });
    this.below = h("div", { class: "below" }, this.notices, this.chips, this.actions, this.about);
    fill(this.en, this.editor.element);
    this.element.append(this.below);
    this.editor.set(this.text);
    this.draw();
    this.refresh();
    const at = caret ?? this.text.length;
    if (quiet) this.badge.focus({ preventScroll: true });
    else this.editor.select(...(select || [at, at]));
    this.clock.tick();
  }

  deactivate() {
    this.clock.stop();
    this.element.classList.remove("active");
    this.badge.removeAttribute("aria-current");
    this.editor = this.about = null;
    this.below.remove();
    this.draw();
  }

  /** Everything below the editor, and the marks in it. */
  refresh() {
    if (!this.editor) return;
    this.editor.lock(this.locked);
    if (!this.dirty) this.editor.paint(this.spans());
    const lost = this.below.contains(document.activeElement) && !this.desk.panel.element.contains(document.activeElement) && document.activeElement.dataset.action;
    const { act } = this.desk;
    const command = (action, label, key, style = "", vain = false) => button(label, () => act(action), { key, style, "data-action": action, "aria-disabled": vain ? "true" : null });
    fill(
      this.actions,
      this.locked
        ? [command("unlock", "Unlock", "Alt+U", "primary"), command("below", "Next", "Ctrl+↓")]
        : [
            command("confirm", "Confirm", "Ctrl+Enter", this.torn ? "" : "primary", Boolean(this.torn)),
            command("approve", "Approve", "Alt+A", "", Boolean(this.torn)),
            command("undo", "Undo", "Ctrl+Z", "", !this.segment.can_undo && !this.dirty),
            command("redo", "Redo", "Ctrl+Shift+Z", "", !this.segment.can_redo),
            this.segment.machine && command("machine", "Machine draft", "Ctrl+M"),
            this.desk.article.can_translate && command("alternatives", "Other drafts", "Alt+N"),
            command("source", "Copy Arabic", "Ctrl+I"),
          ],
    );
    if (lost) (this.actions.querySelector(`[data-action="${lost}"]`) || this.editor.area).focus();
    this.drawChips();
    this.drawNotices();
  }

  drawChips() {
    const lost = this.locked ? [] : missing(this.segment);
    fill(
      this.chips,
      lost.length > 0 && h("span", { class: "chips-title" }, icon("sign-unmet"), " Missing:"),
      lost.map((hit) =>
        h(
          "button",
          { type: "button", class: "chip", "aria-label": `Insert the missing term ${hit.target}`, on: { click: () => this.desk.insertTerm(best(hit)) } },
          arabic("bdi", {}, hit.term),
          english("bdi", {}, hit.target),
        ),
      ),
      lost.length > 0 && h("kbd", { "aria-hidden": "true" }, "Alt+T"),
    );
    this.chips.hidden = !lost.length;
  }

  drawNotices() {
    const within = this.notices.contains(document.activeElement);
    fill(
      this.notices,
      this.torn && conflict(this.torn, { keep: () => this.desk.keepMine(this), take: () => this.desk.takeTheirs(this) }),
      this.segment.old_source && changedSource(this.segment, () => this.desk.act("machine")),
    );
    if (within) this.focus();
  }

  typed(text) {
    this.clock.tick();
    if (text === this.text) return;
    this.text = text;
    this.desk.typed(this);
  }

  /** The server's word about this segment; the text under somebody's fingers is not touched. */
  accept(segment, progress = null) {
    this.segment = segment;
    this.stamp += 1;
    this.drawState();
    this.drawSource();
    this.refresh();
    if (!this.editor) this.draw();
    this.desk.changed(this, progress);
  }

  /** The server's word, text included. */
  adopt(segment) {
    this.text = this.sent = segment.text;
    this.conflict = null;
    this.failed = null;
    if (this.editor) this.editor.set(segment.text);
    this.accept(segment);
  }

  showConflict() {
    this.drawState();
    this.refresh();
  }

  focus() {
    if (this.editor) this.editor.focus();
    else this.badge.focus();
  }
}

/** Where in a text somebody clicked, in UTF-16 units; null when it was beside it. */
function offsetAt(element, { clientX, clientY }) {
  const spot = document.caretPositionFromPoint ? document.caretPositionFromPoint(clientX, clientY) : null;
  const range = spot ? null : document.caretRangeFromPoint && document.caretRangeFromPoint(clientX, clientY);
  const [node, offset] = spot ? [spot.offsetNode, spot.offset] : range ? [range.startContainer, range.startOffset] : [null, 0];
  if (!node || !element.contains(node)) return null;
  const before = document.createRange();
  before.setStart(element, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

// Every action of the table of keys, whether a key or a button asks for it; and the card of a term. A part of the desk's
// class; what a text becomes is written elsewhere.

import * as api from "./api.js";
import { tell, warn } from "./announce.js";
import { count } from "./dom.js";
import { allFindings, help } from "./dialogs.js";
import { ofTerm } from "./effort.js";
import * as findings from "./findings.js";
import { wanted } from "./keys.js";
import { newTerm } from "./newterm.js";
import * as terms from "./terms.js";

export const acting = (Base) => class extends Base {
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
    const turn = this.turn = (this.turn || 0) + 1; // an answer that comes late does not talk over a later one
    row.settling = true;
    const safe = this.saver.flush(row, flags).finally(() => { row.settling = false; });
    if (next && next !== row) this.activate(next, { quiet: this.touch });
    return safe.then((saved) => saved && turn === this.turn && tell(`${done}. ${next ? this.name(next) : "Nothing is open any more"}`));
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
};

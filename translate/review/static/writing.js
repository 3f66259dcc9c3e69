// What becomes of a row's text at the desk: typed, replaced, inserted into, undone, chosen of two, its findings judged.
// A part of the desk's class; knows rows, the saver and the API, and no key.

import * as api from "./api.js";
import { tell, warn } from "./announce.js";
import * as terms from "./terms.js";

export const writing = (Base) => class extends Base {
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
};

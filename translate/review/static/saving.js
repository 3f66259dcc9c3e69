// Words are safe or the page says they are not. Saves every segment within a second of the last key, one request at a
// time for each, tries again while the desk does not answer, and keeps a copy in this browser until it does.
// Knows rows by `id`, `text`, `sent`, `segment`, `clock`, `accept` and `showConflict`; no elements.

import * as api from "./api.js";
import { tell, warn } from "./announce.js";
import { moment } from "./dom.js";

const QUIET = 400;
const LATEST = 900;
const PATIENCE = 10_000;
const MENDABLE = (status) => status === 0 || status === 401 || status === 403 || status >= 500;

export class Saver {
  /** `changed` is called whenever the state of affairs is another one. */
  constructor(slug, rows, changed) {
    this.slug = slug;
    this.rows = rows;
    this.changed = changed;
    this.last = "";
    this.silent = false;
    addEventListener("online", () => this.again());
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    addEventListener("beforeunload", (event) => this.unsaved().length && event.preventDefault());
  }

  unsaved() {
    return [...this.rows.values()].filter((row) => row.dirty);
  }

  /** What to show: {state: "saved" | "saving" | "failed" | "conflict" | "lost" | "idle", words, hint}. */
  report() {
    const rows = [...this.rows.values()];
    const torn = rows.filter((row) => row.conflict);
    if (torn.length) return { state: "conflict", words: "NOT saved: two texts", hint: "Somebody else changed the same segment: choose one text.", rows: torn };
    const failed = rows.filter((row) => row.failed);
    if (failed.length) {
      const { message, hint, status } = failed[0].failed;
      const more = status === 401 || status === 403 ? "Open the desk again with the address in the terminal." : hint;
      return { state: "failed", words: "NOT saved", hint: `${message}. ${more}`.trim(), rows: failed };
    }
    if (rows.some((row) => row.sending || row.dirty)) return { state: "saving", words: "Saving …", hint: "", rows: [] };
    if (this.silent) return { state: "lost", words: "Not connected", hint: "If the desk was started again, open it with the address in the terminal.", rows: [] };
    return this.last ? { state: "saved", words: `Saved ${moment(this.last)}`, hint: "", rows: [] } : { state: "idle", words: "All saved", hint: "", rows: [] };
  }

  /** Something was typed. */
  touched(row) {
    this.keep(row);
    const now = performance.now();
    row.since ||= now;
    clearTimeout(row.timer);
    row.timer = setTimeout(() => this.flush(row), Math.max(0, Math.min(QUIET, row.since + LATEST - now)));
    this.changed();
  }

  /** Sends what is unsaved, or `flags` such as {confirm: true}; true when it is safe. */
  flush(row, flags = null, options = undefined) {
    clearTimeout(row.timer);
    row.since = 0;
    row.queue = (row.queue || Promise.resolve()).then(() => this.send(row, flags, options));
    return row.queue;
  }

  again() {
    for (const row of this.rows.values()) if (row.failed) this.flush(row, row.failed.flags);
  }

  /** The page goes: what is unsaved leaves now, by a request that outlives it. */
  leave() {
    for (const row of this.unsaved()) if (!row.sending && !row.conflict) this.flush(row, null, { keepalive: true });
  }

  async send(row, flags, options) {
    if (row.conflict || (!row.dirty && !flags)) return !row.conflict;
    const text = row.text;
    const seconds = row.clock.take();
    const given = row.given && row.given.text === text ? { marks: row.given.marks } : {};
    row.sending = true;
    this.changed();
    try {
      const { segment, progress } = await api.put(this.slug, row.id, { text, version: row.segment.version, active_seconds: seconds, ...given, ...flags }, options);
      const failed = row.failed;
      row.sent = text;
      row.given = null;
      row.failed = null;
      row.attempts = 0;
      row.claim();
      this.last = new Date().toISOString();
      if (row.text === text) this.forget(row);
      row.accept(segment, progress);
      if (failed) tell("Saved after all");
      return true;
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      row.clock.giveBack(seconds);
      return this.refused(row, refusal, flags);
    } finally {
      row.sending = false;
      if (row.dirty && !row.failed && !row.conflict) this.touched(row);
      this.changed();
    }
  }

  refused(row, refusal, flags) {
    const theirs = refusal.status === 409 && refusal.body.conflict && refusal.body.conflict.theirs;
    if (theirs && theirs.text === row.text) {
      row.sent = theirs.text;
      row.accept(theirs);
      return flags ? this.send(row, flags) : true;
    }
    if (theirs) {
      row.conflict = { mine: row.text, theirs, flags };
      row.showConflict();
      warn(`Conflict in segment ${row.number}: somebody else changed it. Both texts are shown under the English; choose one.`);
      return false;
    }
    const first = !row.failed;
    row.failed = refusal;
    row.failed.flags = flags;
    if (refusal.status === 423) {
      row.accept({ ...row.segment, state: "approved" });
      if (!row.dirty) row.failed = null;
      warn("Locked: this segment is approved. Alt+U unlocks it.");
    } else if (MENDABLE(refusal.status)) {
      row.attempts = (row.attempts || 0) + 1;
      row.timer = setTimeout(() => this.flush(row, flags), Math.min(PATIENCE, 500 * 2 ** row.attempts));
      if (first) warn(`NOT saved: ${refusal.message}. ${refusal.hint}`);
    } else {
      if (!row.dirty) row.failed = null;
      warn(`${row.dirty ? "NOT saved: " : ""}${refusal.message}. ${refusal.hint}`);
    }
    return false;
  }

  key(row) {
    return `tarjuman.unsaved/${this.slug}/${row.id}`;
  }

  keep(row) {
    try {
      localStorage.setItem(this.key(row), JSON.stringify({ text: row.text, base: row.sent, when: new Date().toISOString() }));
    } catch { /* a private window has no room: the desk itself still saves */ }
  }

  forget(row) {
    try { localStorage.removeItem(this.key(row)); } catch { /* nothing was kept */ }
  }

  /** Words that an earlier page could not save: {text, base, when} or null. */
  kept(row) {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key(row)));
      if (kept && typeof kept.text === "string" && kept.text !== row.segment.text) return kept;
      this.forget(row);
    } catch { /* nothing readable was kept */ }
    return null;
  }
}

// How much people changed and how long it took, in words: the figures of `tarjuman effort`. Knows only figures.

import { arabic, count, english, h } from "./dom.js";

/** 0 -> "", 41.5 -> "42 s", 431 -> "7 min". */
export function time(seconds) {
  if (!seconds) return "";
  return seconds < 100 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

const rate = (hter) => (hter === null || hter === undefined ? "" : `HTER ${hter.toFixed(1)}`);

/** One sentence, short: "HTER 14.3, 42 s". */
export const short = ({ effort, seconds }) => [effort && rate(effort.hter), time(seconds)].filter(Boolean).join(", ");

/** One sentence, at length; "" where nobody confirmed it and no time was counted. */
export function long({ effort, seconds }) {
  const from = effort && (effort.started_from === "memory" ? "From the memory" : "From the machine draft");
  const edits = effort && (effort.edits ? `${from}: ${count(effort.edits, "edit")} for ${count(effort.words, "word")}, ${rate(effort.hter)}.` : `${from}: nothing changed.`);
  return [edits, seconds ? `${time(seconds)} at work.` : ""].filter(Boolean).join(" ");
}

/** An article, short; "" where nothing is confirmed. */
export function ofArticle(effort) {
  if (!effort || !effort.machine.sentences) return "";
  return [rate(effort.machine.hter), time(effort.machine.seconds)].filter(Boolean).join(", ");
}

/** What became of one term where people confirmed: "kept 12, changed 2, put in 3". */
export function ofTerm(term) {
  const parts = [["kept", term.kept], ["changed", term.changed], ["put in", term.put_in], ["taken out", term.taken_out], ["missing", term.missing]];
  return [...parts.filter(([, number]) => number).map(([word, number]) => `${word} ${number}`), term.around.hter !== null && `${rate(term.around.hter)} around it`].filter(Boolean).join(", ");
}

/** Terms whose English people touched, those touched most first. */
export function table(terms) {
  const touched = terms.filter((term) => term.changed + term.put_in + term.taken_out > 0);
  if (!touched.length) return h("p", { class: "none" }, "No term's English was touched in a confirmed sentence yet.");
  const head = ["Term", "English", "Kept", "Changed", "Put in", "Taken out", "Missing", "HTER around"];
  const line = (term) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, arabic("bdi", {}, term.source)),
      h("td", {}, english("bdi", {}, term.target)),
      [term.kept, term.changed, term.put_in, term.taken_out, term.missing].map((number) => h("td", { class: "figure" }, number || "–")),
      h("td", { class: "figure" }, term.around.hter === null ? "–" : term.around.hter.toFixed(1)),
    );
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Edit effort by term" }, h("table", { class: "by-term" }, h("thead", {}, h("tr", {}, head.map((word) => h("th", { scope: "col" }, word)))), h("tbody", {}, touched.slice(0, 50).map(line))));
}

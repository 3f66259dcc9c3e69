// Terms tried on a text while it is typed: the text with its terms marked, and an account of each. Stores nothing.

import * as api from "./api.js";
import { arabic, english, fill, h } from "./dom.js";

const WAIT = 250;
const place = (id) => document.getElementById(id);
const field = place("text");
let asked = 0;
let timer = 0;

/** The text with what counts marked. */
function marked(text, matches) {
  const parts = [];
  let at = 0;
  for (const one of matches.filter((match) => match.counts)) {
    if (one.begin < at) continue;
    parts.push(text.slice(at, one.begin), h("mark", {}, text.slice(one.begin, one.end)));
    at = one.end;
  }
  return [...parts, text.slice(at)];
}

const line = (name, ...said) => h("div", { class: "tried-line" }, h("dt", {}, name), h("dd", {}, said));

function account(one) {
  const term = line("term", arabic("bdi", {}, one.source), one.file && ` · ${one.file}, line ${one.line}`);
  return h(
    "li",
    { class: one.counts ? "tried-match" : "tried-match loses" },
    h("h2", {}, arabic("bdi", {}, one.text), " ", h("span", { class: "of" }, one.counts ? "counts" : "does not count")),
    h(
      "dl",
      {},
      line("read as", arabic("bdi", {}, one.analysis), ` · ${one.many}`),
      term,
      !one.counts && line("why not", h("bdi", {}, one.reason)),
      one.counts && line("English", english("strong", {}, one.english)),
      one.counts && line("accepted", english("span", {}, one.accepted.join("; ")), ` · ${one.policy}`),
      one.counts && one.forbidden.length > 0 && line("never", english("span", {}, one.forbidden.join("; "))),
    ),
  );
}

function show({ text, matches, terms }) {
  const counting = matches.filter((one) => one.counts).length;
  place("summary").textContent = text.trim()
    ? `${counting} of ${matches.length} matches count · ${terms} terms in force`
    : `${terms} terms in force`;
  fill(place("tried"), marked(text, matches));
  place("tried").hidden = counting === 0;
  fill(place("matches"), matches.map(account));
}

async function ask() {
  const number = ++asked;
  try {
    const said = await api.tryTerms(field.value);
    if (number === asked) show(said);
  } catch (refusal) {
    if (number === asked) place("summary").textContent = `${refusal.message}. ${refusal.hint || ""}`;
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
});
ask();
field.focus();

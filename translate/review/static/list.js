// The list of articles: how far each has come, what is left, and where one left off. Knows the API and its page.

import * as api from "./api.js";
import { arabic, count, english, fill, h, moment } from "./dom.js";
import { ofArticle, table } from "./effort.js";
import { listen } from "./live.js";
import { bar } from "./progress.js";
import { folded } from "./search.js";

const place = (id) => document.getElementById(id);
const NAME = "tarjuman.list";
const left = (article) => article.words_left || 0;
const touched = (article) => (article.last_edit ? article.last_edit.when : "");
const title = (article) => article.title_en || article.title_ar || article.slug;

const SORTS = {
  title: { label: "title", by: (a, b) => title(a).localeCompare(title(b)) },
  edited: { label: "last edit", by: (a, b) => touched(b).localeCompare(touched(a)) },
  left: { label: "words left", by: (a, b) => left(b) - left(a) },
  findings: { label: "findings", by: (a, b) => b.findings - a.findings },
};
const FILTERS = {
  all: { label: "all", keeps: () => true },
  open: { label: "with something left", keeps: (one) => one.states.new + one.states.machine > 0 || one.pending > 0 || one.conflicts > 0 },
  findings: { label: "with findings", keeps: (one) => one.findings > 0 },
  unmet: { label: "with missing terms", keeps: (one) => one.unmet > 0 },
  done: { label: "wholly approved", keeps: (one) => one.segments > 0 && one.states.approved === one.segments },
};

let articles = [];

function recalled() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) || {};
  } catch {
    return {};
  }
}

const field = h("input", { type: "search", autocomplete: "off", dir: "auto", "aria-label": "Search the titles", placeholder: "Search the titles" });
const choice = (label, options) => {
  const element = h("select", {}, Object.entries(options).map(([value, { label: words }]) => h("option", { value }, words)));
  return [h("label", {}, h("span", {}, label), " ", element), element];
};
const [showLine, filter] = choice("Show", FILTERS);
const [sortLine, sort] = choice("Sort by", SORTS);

function tools() {
  const { show, by } = recalled();
  if (FILTERS[show]) filter.value = show;
  if (SORTS[by]) sort.value = by;
  for (const element of [filter, sort]) {
    element.addEventListener("change", () => {
      try { localStorage.setItem(NAME, JSON.stringify({ show: filter.value, by: sort.value })); } catch { /* not remembered */ }
      arrange();
    });
  }
  field.addEventListener("input", arrange);
  fill(place("tools"), field, showLine, sortLine);
}

function entry(article) {
  const { slug, title_ar: titleAr, title_en: titleEn, states, findings, unmet, last_edit: last } = article;
  const facts = [
    count(article.segments, "segment"),
    left(article) ? `${count(left(article), "word")} left` : "",
    findings ? count(findings, "finding") : "",
    unmet ? `${count(unmet, "term")} missing` : "",
    article.pending ? `${article.pending} not confirmed` : "",
    article.conflicts ? h("strong", { class: "wrong" }, count(article.conflicts, "conflict")) : "",
    ofArticle(article.effort),
    last ? ["last edited ", moment(last.when), last.who ? " by " : "", h("bdi", {}, last.who || "")] : "",
  ].filter((fact) => fact !== "");
  return h(
    "li",
    { class: "article" },
    h("h2", {}, h("a", { href: `/a/${encodeURIComponent(slug)}` }, arabic("span", { class: "side ar" }, titleAr || slug), english("span", { class: "side en" }, titleEn || slug))),
    h("div", { class: "progress" }, bar(states)),
    h("p", { class: "facts" }, facts.map((fact) => h("span", {}, fact))),
    article.problem && h("p", { class: "wrong" }, article.problem),
  );
}

/** Where this browser, or else anybody, worked last: the sentence if it is known. */
function resume() {
  const { slug, id } = recalledPlace();
  const last = articles.find((one) => one.slug === slug) || [...articles].sort(SORTS.edited.by).find((one) => one.last_edit);
  place("resume").hidden = !last;
  if (!last) return;
  const spot = last.slug === slug && id ? `#${encodeURIComponent(id)}` : "";
  const number = spot ? `, segment ${id.split(".").slice(1).join(".")}` : "";
  fill(place("resume"), h("a", { href: `/a/${encodeURIComponent(last.slug)}${spot}` }, "Go on where you left off"), ": ", h("bdi", {}, title(last)), number);
}

function recalledPlace() {
  try {
    return JSON.parse(localStorage.getItem("tarjuman.place")) || {};
  } catch {
    return {};
  }
}

/** The articles that are wanted, in the order that is wanted. */
function arrange() {
  const wanted = folded(field.value.trim()).text;
  const shown = articles
    .filter((one) => FILTERS[filter.value].keeps(one) && folded(`${one.title_ar} ${one.title_en} ${one.slug}`).text.includes(wanted))
    .sort(SORTS[sort.value].by);
  const focused = document.activeElement && document.activeElement.getAttribute("href");
  const list = place("articles");
  fill(list, shown.map(entry));
  const again = focused && [...list.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused);
  if (again) again.focus();
  const words = shown.reduce((sum, one) => sum + left(one), 0);
  const number = shown.length === articles.length ? count(shown.length, "article") : `${shown.length} of ${count(articles.length, "article")}`;
  place("summary").textContent = articles.length ? `${number}, ${words ? `${count(words, "word")} left to review` : "nothing left to review"}.` : "No draft in this folder yet: tarjuman draft makes them.";
}

async function drawTerms() {
  const details = place("by-term");
  if (!details.open) return;
  try {
    fill(place("by-term-body"), table((await api.effort()).terms));
  } catch (refusal) {
    if (!(refusal instanceof api.Refusal)) throw refusal;
    fill(place("by-term-body"), h("p", { class: "wrong" }, `${refusal.message}. ${refusal.hint}`));
  }
}

async function draw() {
  try {
    articles = await api.articles();
    place("tools").hidden = place("by-term").hidden = !articles.length;
    resume();
    arrange();
    await drawTerms();
  } catch (refusal) {
    if (!(refusal instanceof api.Refusal)) throw refusal;
    place("summary").textContent = `${refusal.message}. ${refusal.hint}`;
  }
}

tools();
place("by-term").addEventListener("toggle", drawTerms);
draw();
listen("", draw);

// The search page: what is typed, what is found, and where the keyboard is. The question stands in the address
// (?q=, or #q=), so that what was found can be passed on. Everything comes from this site, and nothing is told to anybody.

import { Question } from "./search/ask.js";
import { Keys } from "./search/keys.js";
import { Shards } from "./search/shards.js";

const AT_ONCE = 10;
const PATIENCE = 20;
const SHOWN = 3;
const SUGGESTED = 6;
const PAUSE = 220;
const FILTERS = ["outlet", "topic", "year", "reviewed"];
const STATES = {
  new: "not translated", machine: "machine translation", edited: "edited", approved: "approved",
};

const form = document.getElementById("search");
const input = document.getElementById("search-query");
const status = document.getElementById("search-status");
const list = document.getElementById("search-found");
const more = document.getElementById("search-more");
const suggestions = document.getElementById("search-begun");
const needs = document.getElementById("search-needs");
const root = new URL(form.dataset.root || "./", document.baseURI);
const shards = new Shards(new URL("search/", root));

let keys = null;
let overview = null;
let turn = 0;
let showing = null;
let pause = 0;

start();

async function start() {
  if (typeof DecompressionStream === "undefined") { return; }
  try {
    const opened = await shards.open();
    keys = new Keys(opened.tables);
    overview = opened.overview;
  } catch (failed) {
    return; // the page says what it needs
  }
  needs.hidden = true;
  form.hidden = false;
  offer("outlet", overview.outlets);
  offer("topic", overview.topics);
  offer("year", overview.years);
  if (overview.reviewed && overview.reviewed < overview.articles) { uncover("reviewed"); }
  if (overview.years.length) { uncover("newest"); }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(true);
  });
  form.addEventListener("input", () => {
    window.clearTimeout(pause);
    pause = window.setTimeout(() => ask(false), PAUSE);
  });
  more.addEventListener("click", () => show(showing, true));
  window.addEventListener("popstate", read);
  window.addEventListener("hashchange", read);
  document.addEventListener("keydown", key);
  read();
  if (!input.value) { input.focus(); }
}

function offer(name, values) {
  if (values.length < 2) { return; }
  for (const [value, count] of values) {
    const option = document.createElement("option");
    option.value = value;
    option.dir = "auto";
    option.textContent = `${value} (${count})`;
    form.elements[name].append(option);
  }
  uncover(name);
}

function uncover(name) {
  form.elements[name].closest("label").hidden = false;
}

// The address -> the form.
function read() {
  const hash = new URLSearchParams(window.location.hash.slice(1));
  const given = hash.has("q") ? hash : new URLSearchParams(window.location.search);
  input.value = given.get("q") || "";
  for (const name of [...FILTERS, "newest"]) {
    const field = form.elements[name];
    if (field.type === "checkbox") { field.checked = given.has(name); } else { field.value = given.get(name) || ""; }
    if (field.value === "" && field.type !== "checkbox") { field.selectedIndex = 0; }
  }
  ask(null);
}

// The form -> the address. `step`: whether going back is to come back here.
function write(step) {
  const told = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value.trim()) { told.set(name, value.trim()); }
  }
  const address = told.size || [...told].length ? `?${told}` : window.location.pathname;
  if (`?${told}` === window.location.search && !window.location.hash) { return; }
  window.history[step ? "pushState" : "replaceState"](null, "", address);
}

// `step`: whether this is a step of its own in the history; null when the address asked.
async function ask(step) {
  window.clearTimeout(pause);
  const mine = turn += 1;
  if (step !== null) { write(step); }
  const query = input.value.trim();
  if (!query) {
    clear();
    return;
  }
  const filters = Object.fromEntries(FILTERS.map((name) => {
    const field = form.elements[name];
    return [name, field.type === "checkbox" ? field.checked : field.value];
  }));
  const newest = form.elements.newest.checked;
  list.setAttribute("aria-busy", "true");
  try {
    const question = await new Question(query, { filters, newest }).answer(keys, shards, overview);
    if (mine !== turn) { return; }
    showing = { question, next: 0, mine, shown: 0, tier: 1, begun: new Map() };
    await show(showing, false);
  } catch (failed) {
    if (mine !== turn) { return; }
    clear();
    say("The index could not be read. Is the connection gone?", "تعذّرت قراءة الفهرس. هل انقطع الاتصال؟");
  }
}

function clear() {
  list.replaceChildren();
  list.removeAttribute("aria-busy");
  more.hidden = true;
  suggestions.hidden = true;
  status.textContent = "";
}

// Fetches articles in order until enough of them have an answer; a phrase has to be looked for in each.
async function show(state, append) {
  const { question } = state;
  const items = [];
  let looked = 0;
  more.disabled = true;
  while (items.length < AT_ONCE && looked < PATIENCE && state.next < question.found.length) {
    const batch = question.found.slice(state.next, state.next + AT_ONCE - items.length);
    const texts = await Promise.all(batch.map((one) => shards.text(one.article)));
    if (state.mine !== turn) { return; }
    state.next += batch.length;
    looked += batch.length;
    batch.forEach((one, at) => {
      const hits = question.hits(one, texts[at]);
      if (!hits.length) { return; }
      if (one.tier === 2 && state.tier === 1) { items.push(divider()); }
      state.tier = one.tier;
      items.push(article(question, texts[at], hits, one.tier));
      hits.forEach((hit) => [hit.arabic, hit.english].forEach((side) => question.begun(side, state.begun)));
    });
  }
  const first = items.find((item) => item.matches(".search-article"));
  if (append) { list.append(...items); } else { list.replaceChildren(...items); }
  list.removeAttribute("aria-busy");
  state.shown += items.filter((item) => item.matches(".search-article")).length;
  suggest(state);
  more.hidden = state.next >= question.found.length;
  more.disabled = false;
  report(state);
  if (append && first) { first.querySelector("a").focus(); }
}

// The words that begin as the last one typed does, to go on with.
function suggest({ begun }) {
  const offered = [...begun.values()].sort((one, other) => one.length - other.length).slice(0, SUGGESTED);
  suggestions.replaceChildren(...offered.map((word) => {
    const button = made("button", { type: "button", className: "search-begun", dir: "auto", text: word });
    button.addEventListener("click", () => {
      input.value = `${input.value.trim().replace(/\S+$/u, "")}${word} `;
      input.focus();
      ask(true);
    });
    return button;
  }));
  suggestions.hidden = !offered.length;
}

function divider() {
  const item = made("li", { className: "search-tier" });
  item.append(made("span", { lang: "en", text: "All the words in one article, not in one sentence" }), " ",
    made("span", { lang: "ar", dir: "rtl", className: "also", text: "كل الكلمات في مقالة واحدة، لا في جملة واحدة" }));
  return item;
}

function report({ question, shown, next }) {
  const { found, sentences, tier } = question;
  const some = shown || found.length;
  if (!some || (!shown && next >= found.length)) {
    const common = question.common.length && !question.words.length;
    if (common) {
      say("Nearly every sentence has that word. Try a rarer one.", "هذه كلمة في كل جملة تقريبًا. جرّب كلمة أندر.");
    } else {
      say("Nothing found. Try fewer words, or the other language.", "لا نتائج. جرّب كلمات أقل، أو اللغة الأخرى.");
    }
    return;
  }
  if (question.phrases.length) {
    const open = next < found.length;
    say(`${count(shown, "article")}${open ? " so far" : ""}`, `${arabic(shown, ARTICLE)}${open ? " حتى الآن" : ""}`);
  } else if (tier === 3) {
    say(`No article has all the words. ${count(found.length, "article")} with some of them:`,
      `لا مقالة فيها كل الكلمات. ${arabic(found.length, ARTICLE)} فيها بعضها:`);
  } else {
    say(`${count(sentences, "sentence")} in ${count(found.length, "article")}`,
      `${arabic(sentences, SENTENCE)} في ${arabic(found.length, ARTICLE, true)}`);
  }
}

function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

const SENTENCE = { one: "جملة واحدة", two: "جملتان", few: "جمل", other: "جملة" };
const ARTICLE = { one: "مقالة واحدة", two: "مقالتان", behind: "مقالتين", few: "مقالات", other: "مقالة" };

// `behind`: whether the noun stands behind a preposition, which the dual shows.
function arabic(number, noun, behind) {
  if (number === 1) { return noun.one; }
  if (number === 2) { return behind ? noun.behind : noun.two; }
  const rest = number % 100;
  return `${number.toLocaleString("en")} ${rest >= 3 && rest <= 10 ? noun.few : noun.other}`;
}

function say(english, inArabic) {
  const parts = [made("span", { lang: "en", text: english }), " ",
    made("span", { lang: "ar", dir: "rtl", className: "also", text: inArabic })];
  status.replaceChildren(...parts);
}

// --- what is found ---------------------------------------------------------------------------------------------------

function article(question, text, hits, tier) {
  const item = made("li", { className: "search-article" });
  const page = new URL(`articles/${encodeURIComponent(text.slug)}.html`, root);
  const title = made("h2", { className: "search-title" });
  const link = made("a", { className: "pair", href: page.href });
  if (text.arabic) { link.append(side(question, "ar", text.arabic), " "); }
  if (text.english) { link.append(side(question, "en", text.english)); }
  if (!text.english && !text.arabic) { link.append(made("bdi", { className: "side en", text: text.slug })); }
  title.append(link);
  item.append(title, facts(text));
  const found = hits.filter((hit) => hit.at > 0);
  const sentences = made("ol", { className: "search-sentences", role: "list" });
  found.forEach((hit, at) => {
    const one = sentence(text, hit, page);
    one.hidden = at >= SHOWN;
    sentences.append(one);
  });
  if (found.length) { item.append(sentences); }
  if (found.length > SHOWN) { item.append(rest(sentences, found.length - SHOWN)); }
  item.dataset.tier = String(tier);
  return item;
}

function rest(sentences, number) {
  const button = made("button", { type: "button", className: "search-rest" });
  button.append(made("span", { lang: "en", text: `${number} more in this article` }), " ",
    made("span", { lang: "ar", dir: "rtl", className: "also", text: `${arabic(number, SENTENCE)} أخرى في المقالة` }));
  button.addEventListener("click", () => {
    const hidden = [...sentences.children].filter((one) => one.hidden);
    hidden.forEach((one) => { one.hidden = false; });
    button.remove();
    hidden[0].querySelector("a").focus();
  });
  return button;
}

function facts(text) {
  const line = made("ul", { className: "facts", role: "list" });
  for (const value of [text.outlet, text.date].filter(Boolean)) {
    const entry = made("li", {});
    entry.append(value === text.date ? made("time", { text: value }) : made("bdi", { text: value }));
    line.append(entry);
  }
  return line;
}

function sentence(text, hit, page) {
  const item = made("li", { className: "search-sentence" });
  const pair = made("div", { className: "pair" });
  const arabicSide = made("div", { className: "side ar", lang: "ar", dir: "rtl" });
  arabicSide.append(...lit(hit.arabic, hit.sides.arabic));
  const englishSide = made("div", { className: "side en", lang: "en", dir: "ltr" });
  if (hit.english) {
    englishSide.append(...lit(hit.english, hit.sides.english));
  } else {
    englishSide.append(made("span", { className: "missing", text: "not translated" }));
  }
  const place = made("a", { className: "search-place", href: `${page.href}#${text.slug}.${hit.number}` });
  place.append(icon(hit.state), made("span", { className: "search-number", text: hit.number }));
  place.title = `${hit.number}: ${STATES[hit.state] || ""}`;
  place.append(made("span", { className: "unseen", text: `Read in the article; ${STATES[hit.state] || ""}` }));
  pair.append(arabicSide, englishSide, made("span", { className: "gutter", child: place }));
  item.append(pair);
  return item;
}

function side(question, lang, text) {
  const span = made("span", { className: `side ${lang}`, lang, dir: lang === "ar" ? "rtl" : "ltr" });
  span.append(...lit(text, question.lit(text)));
  return span;
}

// "and Diwans" with 4-10 -> "and ", <mark>Diwans</mark>
function lit(text, spans) {
  const nodes = [];
  let at = 0;
  for (const [begin, end] of spans) {
    nodes.push(text.slice(at, begin), made("mark", { text: text.slice(begin, end) }));
    at = end;
  }
  nodes.push(text.slice(at));
  return nodes;
}

function icon(state) {
  const space = "http://www.w3.org/2000/svg";
  const known = Object.hasOwn(STATES, state) ? state : "new";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("class", `state state-${known}`);
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#state-${known}`);
  picture.append(use);
  return picture;
}

function made(tag, { text, child, role, ...properties }) {
  const element = Object.assign(document.createElement(tag), properties);
  if (role) { element.setAttribute("role", role); }
  if (text !== undefined) { element.textContent = text; }
  if (child) { element.append(child); }
  return element;
}

// --- the keyboard: / to the question, arrows from one find to the next, Escape back --------------------------------------

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
  const typing = event.target === input;
  const elsewhere = !typing && event.target.closest("input, select, textarea, button");
  if (event.key === "/" && !typing && !elsewhere) {
    event.preventDefault();
    input.focus();
    input.select();
  } else if (event.key === "Escape" && !typing && list.contains(event.target)) {
    input.focus();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (typing || list.contains(event.target))) {
    move(event, event.key === "ArrowDown" ? 1 : -1);
  }
}

function move(event, step) {
  const links = [...list.querySelectorAll("a")].filter((link) => !link.closest("[hidden]"));
  const at = links.indexOf(document.activeElement);
  if (at < 0 && step < 0) { return; }
  event.preventDefault();
  const next = at + step;
  if (next < 0) { input.focus(); } else if (links[next]) { links[next].focus(); }
}

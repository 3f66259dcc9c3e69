// The list of articles: how far each has come, what is left. Knows the API and its page.

import * as api from "./api.js";
import { arabic, count, english, fill, h, moment } from "./dom.js";
import { listen } from "./live.js";
import { bar } from "./progress.js";

const list = document.getElementById("articles");
const summary = document.getElementById("summary");

function entry(article) {
  const { slug, title_ar: titleAr, title_en: titleEn, states, findings, unmet, last_edit: last, words_left: left } = article;
  const facts = [
    count(article.segments, "segment"),
    left ? `${count(left, "word")} left` : "",
    findings ? count(findings, "finding") : "",
    unmet ? `${count(unmet, "term")} missing` : "",
    article.pending ? `${article.pending} not confirmed` : "",
    article.conflicts ? h("strong", { class: "wrong" }, count(article.conflicts, "conflict")) : "",
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

async function draw() {
  try {
    const articles = await api.articles();
    const focused = document.activeElement && document.activeElement.getAttribute("href");
    fill(list, articles.map(entry));
    const again = focused && [...list.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused);
    if (again) again.focus();
    const left = articles.reduce((sum, article) => sum + (article.words_left || 0), 0);
    summary.textContent = articles.length ? `${count(articles.length, "article")}, ${left ? `${count(left, "word")} left to review` : "nothing left to review"}.` : "No draft in this folder yet: tarjuman draft makes them.";
  } catch (refusal) {
    if (!(refusal instanceof api.Refusal)) throw refusal;
    summary.textContent = `${refusal.message}. ${refusal.hint}`;
  }
}

draw();
listen("", draw);

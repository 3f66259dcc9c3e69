// The windows over the page: help, all findings, a new term. Each is a <dialog>: it keeps the focus inside, Escape
// closes it and the focus goes home. Knows rows, the table of keys and the API.

import * as api from "./api.js";
import { tell } from "./announce.js";
import { arabic, button, count, english, fill, h } from "./dom.js";
import * as findings from "./findings.js";
import { KEYS } from "./keys.js";

/** Shows content in a dialog of its own; `home` is called when it is gone. */
function show(title, home, ...content) {
  const heading = h("h2", { id: "dialog-title" }, title);
  const dialog = h("dialog", { "aria-labelledby": "dialog-title", class: "window" }, h("div", { class: "window-head" }, heading, button("Close", () => dialog.close(), { key: "Esc", style: "small" })), content);
  dialog.addEventListener("close", () => {
    dialog.remove();
    home();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function help(home) {
  const rows = KEYS.filter(({ hidden }) => !hidden).map(({ keys, says }) => h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, keys === "Escape" ? "Esc" : keys)), h("td", {}, says)));
  show(
    "Keys",
    home,
    h("p", {}, "What you type is saved within a second; the header says when it is, and says so loudly when it is not. Confirm when a sentence is right; approve when nobody needs to look again."),
    h("table", { class: "keys" }, h("tbody", {}, rows)),
    h("p", {}, "Letters count whatever keyboard layout is on. On a Mac, Command does the same as Ctrl for Enter, F, K, Z. Every action has a button too."),
  );
}

/** All findings of the article, each a way to its place. */
export function allFindings(desk, home) {
  const rows = [...desk.rows.values()].filter((row) => findings.open(row.segment).length);
  const lines = rows.flatMap((row) =>
    findings.open(row.segment).map((one) =>
      h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            class: "finding-link",
            on: {
              click: () => {
                target = row;
                dialog.close();
              },
            },
          },
          h("span", { class: "number" }, row.number),
          h("span", {}, findings.heading(one), " ", h("bdi", {}, one.message)),
        ),
      ),
    ),
  );
  let target = null;
  const dialog = show(count(lines.length, "finding"), () => (target ? desk.activate(target) : home()), lines.length ? h("ul", { role: "list", class: "all-findings" }, lines) : h("p", {}, "Nothing to report in this article."));
}

/** A new term: first what it touches, then, on a second press, the glossary. */
export function newTerm(desk, selected, home) {
  const field = (name, label, properties = {}) => {
    const input = h("input", { type: "text", name, autocomplete: "off", required: ["source", "target"].includes(name), value: selected[name] || "", ...properties });
    return [h("label", {}, h("span", {}, label), input), input];
  };
  const [sourceLine, source] = field("source", "Arabic", { lang: "ar", dir: "rtl" });
  const [targetLine, target] = field("target", "English", { lang: "en", dir: "ltr" });
  const [formsLine, forms] = field("forms", "Other Arabic forms (such as the broken plural)", { lang: "ar", dir: "rtl" });
  const [noteLine, note] = field("note", "Note", { dir: "auto" });
  const report = h("div", { class: "impact", role: "status" });
  const save = button("Save the term", () => write(), { style: "primary", disabled: true });
  const form = h("form", { class: "term-form" }, sourceLine, targetLine, formsLine, noteLine, h("p", { class: "choices" }, h("button", { type: "submit" }, "What would it touch?"), save), report);
  const term = () => ({ source: source.value.trim(), target: target.value.trim(), forms: forms.value.trim(), note: note.value.trim() });
  const said = (refusal) => {
    if (!(refusal instanceof api.Refusal)) throw refusal;
    fill(report, h("p", { class: "wrong" }, refusal.message, " ", refusal.hint));
  };
  form.addEventListener("input", () => { save.disabled = true; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const found = await api.impact(term());
      fill(
        report,
        h("p", {}, `It occurs in ${count(found.segments, "segment")}; ${found.edited} of them edited by people. Their English stays as it is and gets a finding where the term is missing.`),
        (found.examples || []).slice(0, 5).map((example) => h("div", { class: "example" }, arabic("p", {}, example.source || String(example)), example.target && english("p", {}, example.target))),
      );
      save.disabled = false;
      save.focus();
    } catch (refusal) {
      said(refusal);
    }
  });
  async function write() {
    try {
      await api.addTerm(term());
      tell(`Term saved: ${target.value}`);
      dialog.close();
      desk.reload();
    } catch (refusal) {
      said(refusal);
    }
  }
  const dialog = show("A new term", home, form);
  (source.value ? target.value ? form.querySelector("button") : target : source).focus();
}

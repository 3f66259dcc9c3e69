// A term that is added or changed at the desk: what it would touch, then the glossary, then the machine drafts it
// touches translated again. Knows the API, the desk's article and its own window.

import * as api from "./api.js";
import { tell } from "./announce.js";
import { arabic, button, count, english, fill, h, icon } from "./dom.js";
import { show } from "./dialogs.js";

const AT_ONCE = 8;
const EXAMPLES = 5;
const NAMED = 12;

/** Opens the window with what is known of the term: {source, target, forms, note}. */
export function newTerm(desk, known, home) {
  const field = (name, label, properties = {}) => {
    const input = h("input", { type: "text", name, autocomplete: "off", required: ["source", "target"].includes(name), value: known[name] || "", ...properties });
    return [h("label", {}, h("span", {}, label), input), input];
  };
  const [sourceLine, source] = field("source", "Arabic", { lang: "ar", dir: "rtl" });
  const sentence = arabic("textarea", { readonly: true, rows: "2", class: "sentence" }, known.sentence);
  sentence.addEventListener("select", () => {
    const chosen = sentence.value.slice(sentence.selectionStart, sentence.selectionEnd).trim();
    if (chosen) source.value = chosen;
    save.disabled = true;
  });
  const [targetLine, target] = field("target", "English", { lang: "en", dir: "ltr" });
  const [formsLine, forms] = field("forms", "Other Arabic forms (such as the broken plural)", { lang: "ar", dir: "rtl" });
  const [noteLine, note] = field("note", "Note", { dir: "auto" });
  const report = h("div", { class: "impact", role: "status" });
  const save = button("Save the term", () => write(), { style: "primary", disabled: true });
  const ask = h("button", { type: "submit" }, "What would it touch?");
  const form = h("form", { class: "term-form" }, h("label", {}, h("span", {}, "The sentence: select the term in it"), sentence), sourceLine, targetLine, formsLine, noteLine, report, h("p", { class: "choices" }, ask, save));
  const term = () => ({ source: source.value.trim(), target: target.value.trim(), forms: forms.value.trim(), note: note.value.trim() });
  const again = h("input", { type: "checkbox", name: "again", checked: true });
  let open = true;

  const attempt = async (act) => {
    try {
      await act();
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal)) throw refusal;
      fill(report, h("p", { class: "wrong" }, `${refusal.message}. ${refusal.hint}`));
    }
  };
  form.addEventListener("input", (event) => { if (event.target !== again) save.disabled = true; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      fill(report, impact(await api.impact(term()), desk.article.can_translate && again));
      save.disabled = false;
      save.focus();
    });
  });

  const write = () => attempt(async () => {
    save.disabled = true;
    const { touched } = await api.addTerm(term());
    tell(`Term saved: ${target.value}`);
    const machine = touched.filter(({ edited }) => !edited);
    const flagged = touched.filter(({ edited, met }) => edited && !met);
    desk.refresh();
    if (!touched.length) return dialog.close();
    const said = h("p", {}, machine.length ? "The machine is at work …" : "");
    const stop = button("Close", () => dialog.close(), { style: "primary" });
    fill(form, h("p", {}, `The term is saved: `, arabic("bdi", {}, source.value), " = ", english("bdi", { class: "target" }, target.value), "."), h("div", { role: "status" }, said), flags(flagged, (id) => { jump = id; dialog.close(); }, desk.slug), h("p", { class: "choices" }, stop));
    stop.focus();
    const wanted = machine.length && desk.article.can_translate && again.checked;
    said.textContent = wanted ? await translate(desk, machine, (words) => { said.textContent = words; }, () => open) : left(machine.length, desk.article.can_translate);
    await desk.refresh();
    return said.textContent && tell(said.textContent);
  });

  let jump = "";
  const dialog = show(known.target ? "Change a term" : "A new term", () => {
    open = false;
    const row = desk.rows.get(jump);
    if (row) desk.activate(row);
    else home();
  }, form);
  (source.value ? (target.value ? ask : target) : source).focus();
}

/** What the term would touch, before it is written. */
function impact(found, again) {
  const machine = found.segments - found.edited;
  return [
    found.replaces.length > 0 && h("p", {}, "It takes the place of: ", h("bdi", {}, found.replaces.join(", ")), "."),
    h("p", {}, found.segments ? `It occurs in ${count(found.segments, "segment")} of ${count(found.articles, "article")}; ${count(found.missing, "segment")} ${found.missing === 1 ? "does" : "do"} not have this English yet.` : "It occurs in no segment of these drafts."),
    found.edited > 0 && h("p", {}, `${found.edited} of them edited by people: their English stays as it is and gets a finding where the term is missing.`),
    again && machine > 0 && h("label", { class: "check" }, again, ` Translate the ${machine === 1 ? "machine draft" : `${machine} machine drafts`} among them again`),
    found.examples.slice(0, EXAMPLES).map((one) => h("div", { class: "example" }, arabic("p", {}, one.source), one.target && english("p", {}, one.target))),
  ];
}

const left = (number, engine) => (number ? `${count(number, "machine draft")} ${number === 1 ? "stays" : "stay"} as ${number === 1 ? "it is" : "they are"}: ${engine ? "Alt+R translates one again" : "start the desk with an engine, or run tarjuman draft"}.` : "");

/** Sentences of several articles translated again, some at once; says how far it is, and in the end what became of it. */
async function translate(desk, machine, say, goOn) {
  let done = 0;
  let changed = 0;
  for (const slug of new Set(machine.map((one) => one.slug))) {
    const ids = machine.filter((one) => one.slug === slug).map(({ id }) => id);
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      if (!goOn()) return `Stopped: ${done} of ${machine.length} machine drafts translated again`;
      say(`Translating again: ${done} of ${machine.length} …`);
      try {
        const made = await api.again(slug, ids.slice(at, at + AT_ONCE));
        if (slug === desk.slug) made.changed.forEach((id) => desk.rows.get(id)?.claim());
        changed += made.changed.length;
      } catch (refusal) {
        if (!(refusal instanceof api.Refusal)) throw refusal;
        return `${refusal.message}. ${refusal.hint}`;
      }
      done += ids.slice(at, at + AT_ONCE).length;
    }
  }
  return `${count(done, "machine draft")} translated again; ${changed || "none"} ${changed > 1 ? "read" : "reads"} differently now.`;
}

/** Sentences of people in which the term is missing, each a way to its place. */
function flags(flagged, go, here) {
  if (!flagged.length) return null;
  const line = ({ slug, id, target, state }) => {
    const number = id.split(".").slice(1).join(".");
    const place = slug === here ? button(number, () => go(id), { style: "small", "aria-label": `Go to segment ${number}` }) : h("a", { href: `/a/${encodeURIComponent(slug)}#${encodeURIComponent(id)}` }, h("bdi", {}, slug), ` ${number}`);
    return h("li", { class: "flagged" }, place, h("span", {}, icon(`state-${state}`), " ", state), english("span", { class: "said" }, target));
  };
  return h(
    "div",
    {},
    h("p", {}, icon("sign-unmet"), ` The term is missing in ${count(flagged.length, "segment")} that people edited; each has a finding now.`),
    h("ul", { role: "list" }, flagged.slice(0, NAMED).map(line)),
    flagged.length > NAMED && h("p", { class: "none" }, `And ${flagged.length - NAMED} more: see Findings.`),
  );
}

// Findings: what the checks say, with a way to the place and a way to say why it does not matter.
// Knows a segment's `findings`; the desk dismisses.

import { button, h, icon, unseen } from "./dom.js";

const WORDS = { __proto__: null, error: "error", warning: "warning", note: "note" };
const REASONS = ["a quotation", "the source is wrong", "house style", "said in the sentence before", "false alarm"];
const ORDER = { error: 0, warning: 1, note: 2 };

export const open = (segment) => segment.findings.filter((one) => !one.dismissed).sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
export const dismissed = (segment) => segment.findings.filter((one) => one.dismissed);

const name = ({ check, message }) => `${check} ${message}`;

export const heading = (finding) => [icon(`sign-${finding.severity}`, finding.severity), h("span", { class: "severity" }, WORDS[finding.severity] || finding.severity), " ", h("code", {}, finding.check)];

/** The findings of a segment for the panel. */
export function list(segment, { jump, dismiss, undismiss, asked }) {
  return [
    ...open(segment).map((one) =>
      h(
        "li",
        { class: `finding ${one.severity}` },
        h("p", { class: "what" }, heading(one), " ", h("bdi", {}, one.message)),
        one.hint && h("p", { class: "hint" }, one.hint),
        asked && name(asked) === name(one)
          ? form(one, dismiss)
          : h(
              "p",
              { class: "choices" },
              Number.isInteger(one.begin) && button("Show", () => jump(one), { style: "small quiet", "aria-label": `Show where: ${one.message}`, "data-focus": `show:${name(one)}` }),
              button("Dismiss …", () => dismiss(one, null), { style: "small quiet", "aria-label": `Dismiss ${one.check}: ${one.message}`, "data-focus": `dismiss:${name(one)}` }),
            ),
      ),
    ),
    ...dismissed(segment).map((one) =>
      h(
        "li",
        { class: "finding dismissed" },
        h("p", { class: "what" }, unseen("Dismissed: "), h("code", {}, one.check), " ", h("s", {}, h("bdi", {}, one.message))),
        h("p", { class: "hint" }, "Dismissed: ", h("bdi", {}, one.dismissed), " ", button("Bring back", () => undismiss(one), { style: "small quiet", "aria-label": `Bring back ${one.check}`, "data-focus": `back:${name(one)}` })),
      ),
    ),
  ];
}

/** Why it does not matter: Enter says so, Escape leaves it. */
function form(finding, dismiss) {
  const field = h("input", { type: "text", name: "reason", required: true, maxlength: "200", list: "reasons", autocomplete: "off", "aria-label": `Why ${finding.check} does not matter here`, placeholder: "Why does it not matter?", "data-focus": "reason", "data-first": true });
  const element = h("form", { class: "reason" }, field, h("datalist", { id: "reasons" }, REASONS.map((reason) => h("option", { value: reason }))), h("button", { type: "submit", class: "small" }, "Dismiss"));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) dismiss(finding, field.value.trim());
  });
  return element;
}

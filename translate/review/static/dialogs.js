// The windows over the page: help, all findings, and the frame of every other. Each is a <dialog>: it keeps the focus
// inside, Escape closes it and the focus goes home. Knows rows and the table of keys.

import { button, count, h } from "./dom.js";
import * as findings from "./findings.js";
import { KEYS } from "./keys.js";

/** Shows content in a dialog of its own; `home` is called when it is gone. */
export function show(title, home, ...content) {
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

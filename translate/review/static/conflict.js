// Two people, one segment: both texts with what differs, and a choice. Neither text is ever lost: the one that is not
// chosen stays in the history. And the Arabic that changed under an English text.

import { changes, compared, show } from "./diff.js";
import { arabic, button, english, h, moment } from "./dom.js";

export function conflict({ mine, theirs }, { keep, take }) {
  const by = [theirs.who, moment(theirs.when)].filter(Boolean).join(", ");
  return h(
    "section",
    { class: "torn", "aria-label": "Conflict" },
    h("h2", {}, "Two texts for this segment"),
    h("p", {}, "It was changed somewhere else while you worked on it. Nothing is lost: the text you do not choose stays in the history."),
    h(
      "div",
      { class: "versions" },
      h("div", {}, h("h3", {}, "Yours"), english("p", { class: "version" }, only(compared(theirs.text, mine))), button("Keep mine", keep, { style: "primary" })),
      h("div", {}, h("h3", {}, "Theirs", by && h("span", { class: "by" }, " ", h("bdi", {}, by))), english("p", { class: "version" }, only(compared(mine, theirs.text))), button("Take theirs", take)),
    ),
  );
}

/** One side of a comparison: what the other side has more is left out. */
const only = (pieces) => pieces.filter((piece) => typeof piece === "string" || piece.localName !== "del");

/** The Arabic changed since this English was made: what changed, and what the machine makes of it now. */
export function changedSource(segment, use) {
  const fresh = segment.machine && segment.machine !== segment.text ? segment.machine : "";
  return h(
    "section",
    { class: "restated", "aria-label": "The Arabic changed" },
    h("h2", {}, "The Arabic changed since this English was made"),
    arabic("p", { class: "diffed" }, show(changes(segment.old_source, segment.source))),
    fresh && h("div", { class: "offer" }, h("h3", {}, "What the machine makes of it now"), english("p", {}, compared(segment.text, fresh)), button("Use it", use, { key: "Ctrl+M", style: "small" })),
  );
}

// How far an article has come: a bar, and the same in words. Knows only counts.

import { h, icon } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const WORDS = { __proto__: null, new: "new", machine: "machine", edited: "edited", approved: "approved" };

/** {machine: 12, edited: 3, approved: 5} -> the bar and its words. */
export function bar(states) {
  const names = ["approved", "edited", "machine", "new"].filter((name) => states[name]);
  const total = names.reduce((sum, name) => sum + states[name], 0) || 1;
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 1000 1", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" })) svg.setAttribute(key, value);
  let begin = 0;
  for (const name of names) {
    const width = (1000 * states[name]) / total;
    const rect = document.createElementNS(SVG, "rect");
    for (const [key, value] of Object.entries({ class: `bar-${name}`, x: begin, y: 0, width, height: 1 })) rect.setAttribute(key, String(value));
    svg.append(rect);
    begin += width;
  }
  return [svg, h("ul", { role: "list" }, names.map((name) => h("li", {}, icon(`state-${name}`), ` ${states[name]} ${WORDS[name]}`)))];
}

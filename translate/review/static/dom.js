// Building elements. Every text goes in as a text node, so nothing an article or a glossary says can become markup.
// Knows no segment and no server.

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = new Set([
  "state-new", "state-machine", "state-edited", "state-approved",
  "sign-error", "sign-warning", "sign-note", "sign-met", "sign-unmet", "sign-lock",
]);

/** h("p", {class: "note", lang: "ar", on: {click}}, "text", child) -> element. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (key === "data") {
      Object.assign(element.dataset, value);
    } else {
      element.setAttribute(key, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Empties an element and fills it anew. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A shape from the page's sprite; the words beside it say the same. */
export function icon(name, style = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${SIGNS.has(name) ? name : ""} ${style}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  if (SIGNS.has(name)) {
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `#${name}`);
    svg.append(use);
  }
  return svg;
}

export const arabic = (name, properties, ...children) => h(name, { lang: "ar", dir: "rtl", ...properties }, ...children);
export const english = (name, properties, ...children) => h(name, { lang: "en", dir: "ltr", ...properties }, ...children);
export const unseen = (text) => h("span", { class: "unseen" }, text);

/** A button with its key beside it, for those who look for it. */
export function button(label, listener, { key = "", style = "", description = "", ...more } = {}) {
  return h(
    "button",
    { type: "button", class: style, "aria-keyshortcuts": key ? ariaKey(key) : null, title: description || null, ...more, on: { click: listener } },
    h("span", { class: "label" }, label),
    key && h("kbd", { "aria-hidden": "true" }, key),
  );
}

/** "Ctrl+Enter" -> "Control+Enter", as the standard spells it. */
const ariaKey = (key) => key.replace("Ctrl", "Control").replace("↑", "ArrowUp").replace("↓", "ArrowDown");

/** "2026-11-22T05:41:09Z" -> "05:41" today, "22 Nov 05:41" before; anything else as it is. */
export function moment(when) {
  const date = new Date(when);
  if (!when || Number.isNaN(date.getTime())) return when || "";
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === new Date().toDateString()) return time;
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`;
}

/** 1, "finding" -> "1 finding"; 2 -> "2 findings". */
export const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

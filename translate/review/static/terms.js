// Glossary terms: underlined in the Arabic, explained in a card, put into the English. Terms that overlap share one
// card. Knows a segment's `hits`; not where the English is kept.

import { arabic, button, english, fill, h, icon, unseen } from "./dom.js";

const WORDS = {
  __proto__: null,
  met: "in the English",
  forced: "put in by the machine",
  unmet: "missing in the English",
  none: "not checked",
};
const SIGN = { __proto__: null, met: "sign-met", forced: "sign-met", unmet: "sign-unmet", none: "sign-note" };
const MARKED = { __proto__: null, emphasis: "em", strong: "strong", strike: "s", code: "code", link: "span" };

export const missing = (segment) => segment.hits.filter((hit) => hit.status === "unmet" && !hit.suppressed);
export const standing = (segment) => segment.hits.filter((hit) => !hit.suppressed);

/** The form this occurrence asks for, with the article its target has: "the Left Bank", "detachments". */
export function best(hit) {
  const form = (hit.surfaces && hit.surfaces[0]) || hit.target;
  return /^the /i.test(hit.target) && !/^the /i.test(form) ? `the ${form}` : form;
}

/** The same, as it has to stand behind `before`: no second article, a capital at the head of the sentence. */
export function fitted(words, before) {
  const bare = /\b(?:the|a|an|this|that|its|their|his|her)\s*$/i.test(before) ? words.replace(/^(?:the|an?) /i, "") : words;
  return before.trim() ? bare : bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** Runs of hits that touch one another: [{begin, end, hits}]. */
export function clusters(hits) {
  const sorted = [...hits].sort((a, b) => a.begin - b.begin || b.end - a.end);
  const found = [];
  for (const hit of sorted) {
    const last = found.at(-1);
    if (last && hit.begin < last.end) {
      last.hits.push(hit);
      last.end = Math.max(last.end, hit.end);
    } else {
      found.push({ begin: hit.begin, end: hit.end, hits: [hit] });
    }
  }
  return found;
}

/** The Arabic with its terms; `open(cluster, element)` makes them doors to the card, else they are plain marks. */
export function source(segment, open = null) {
  const text = segment.source;
  const groups = clusters(segment.hits.filter((hit) => open || !hit.suppressed));
  const out = [];
  let at = 0;
  for (const group of groups) {
    out.push(...formatted(segment, at, group.begin));
    const element = open ? door(group, open) : h("span", {});
    element.classList.add("term", worst(group.hits));
    element.append(...formatted(segment, group.begin, group.end, group.hits));
    out.push(element);
    at = group.end;
  }
  return [...out, ...formatted(segment, at, text.length)];
}

const worst = (hits) => ["unmet", "forced", "met", "none"].find((status) => hits.some((hit) => !hit.suppressed && hit.status === status)) || "none";

function door(group, open) {
  const said = group.hits.map((hit) => `${hit.term}, ${hit.target}, ${hit.suppressed ? "inside a longer term" : WORDS[hit.status] || ""}`).join("; ");
  const element = h("span", { role: "button", tabindex: "0", "aria-haspopup": "dialog", "aria-description": `Term: ${said}` });
  const act = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    open(group, element);
  };
  element.addEventListener("click", act);
  element.addEventListener("keydown", (event) => !event.ctrlKey && !event.altKey && !event.metaKey && act(event));
  return element;
}

/** Part of the Arabic with its emphasis and the stems of its terms. */
function formatted(segment, from, to, hits = []) {
  const spans = [
    ...hits.filter((hit) => !hit.suppressed).map((hit) => ({ begin: hit.stem_begin, end: hit.stem_end, style: "stem" })),
    ...(segment.source_marks || []).filter((mark) => MARKED[mark.kind]).map((mark) => ({ begin: mark.begin, end: mark.end, style: MARKED[mark.kind], link: mark.kind === "link" })),
  ];
  const cuts = [...new Set([from, to, ...spans.flatMap(({ begin, end }) => [begin, end])])].filter((cut) => cut >= from && cut <= to).sort((a, b) => a - b);
  return cuts.slice(0, -1).map((begin, number) => {
    const end = cuts[number + 1];
    const over = spans.filter((span) => span.begin <= begin && span.end >= end);
    return over.reduce(
      (inner, span) => (span.style === "stem" ? h("span", { class: "stem" }, inner) : h(span.style, { class: span.link ? "linked" : null }, inner)),
      segment.source.slice(begin, end),
    );
  });
}

/** Everything that is known about one hit. */
export function account(segment, hit, insert, change) {
  const surfaces = [...new Set([best(hit), ...(hit.surfaces || [])])].slice(0, 4);
  return h(
    "div",
    { class: `account ${hit.suppressed ? "suppressed" : hit.status}` },
    h("p", { class: "equation" }, arabic("bdi", {}, hit.term), h("span", { "aria-label": "is" }, " = "), english("bdi", { class: "target" }, hit.target)),
    h("p", { class: "status" }, icon(hit.suppressed ? "sign-note" : SIGN[hit.status]), " ", hit.suppressed ? "not counted: it lies inside a longer term" : WORDS[hit.status] || ""),
    h(
      "dl",
      {},
      line("Here", arabic("bdi", {}, segment.source.slice(hit.begin, hit.end)), hit.number && hit.number !== "unknown" ? h("span", {}, ` (${NUMBERS[hit.number] || hit.number})`) : null),
      hit.why && line("Matched as", h("bdi", { class: "why" }, hit.why)),
      hit.forms && hit.forms.length > 0 && line("Forms", arabic("bdi", {}, [].concat(hit.forms).join("، "))),
      hit.note && line("Note", h("bdi", {}, hit.note)),
    ),
    h(
      "p",
      { class: "choices" },
      insert && !hit.suppressed && surfaces.map((surface) => button(surface, () => insert(surface), { style: "small", "aria-label": `Insert ${surface}` })),
      button("Change …", () => change(hit), { style: "small quiet", "aria-label": `Change the term ${hit.target}` }),
    ),
  );
}

const NUMBERS = { __proto__: null, sg: "singular", du: "dual", pl: "plural", singular: "singular", dual: "dual", plural: "plural" };
const line = (name, ...what) => h("div", {}, h("dt", {}, name), h("dd", {}, what));

/** The card: one for the page, shown beside what was asked about. */
export class Card {
  constructor() {
    this.element = h("div", { class: "card", popover: "auto", role: "dialog", "aria-label": "Term", tabindex: "-1" });
    this.element.addEventListener("toggle", (event) => {
      if (event.newState === "closed" && this.from) {
        this.from.removeAttribute("aria-expanded");
        if (this.element.contains(document.activeElement) || document.activeElement === document.body) this.home();
      }
    });
    document.body.append(this.element);
  }

  show(from, home, ...content) {
    this.from = from;
    this.home = home;
    fill(this.element, content);
    if (from.hasAttribute("aria-haspopup")) from.setAttribute("aria-expanded", "true");
    this.element.showPopover();
    place(this.element, from.getBoundingClientRect());
    (this.element.querySelector("button") || this.element).focus();
  }

  /** One more line about the hit of this number. */
  add(number, name, words) {
    const account = this.element.querySelectorAll(".account dl")[number];
    if (account && words) account.append(line(name, words));
  }

  hide() {
    if (this.element.matches(":popover-open")) this.element.hidePopover();
  }
}

/** Under what was asked about, or above where there is no room; never outside the window. */
function place(element, box) {
  const { width, height } = element.getBoundingClientRect();
  const below = box.bottom + 6 + height <= innerHeight || box.top < height;
  element.style.top = `${Math.max(8, Math.min(below ? box.bottom + 6 : box.top - height - 6, innerHeight - height - 8))}px`;
  element.style.left = `${Math.max(8, Math.min(box.right - width, innerWidth - width - 8))}px`;
}

/** The terms of a segment as a numbered choice, missing ones first. */
export function choice(segment, insert) {
  const order = [...missing(segment), ...standing(segment).filter((hit) => hit.status !== "unmet")];
  const buttons = order.slice(0, 9).map((hit, number) =>
    h(
      "button",
      { type: "button", class: `pick ${hit.status}`, on: { click: () => insert(best(hit)) } },
      h("kbd", { "aria-hidden": "true" }, String(number + 1)),
      icon(SIGN[hit.status]),
      english("bdi", { class: "target" }, best(hit)),
      arabic("bdi", {}, hit.term),
      unseen(WORDS[hit.status] || ""),
    ),
  );
  const list = h("div", { class: "picks" }, buttons);
  list.addEventListener("keydown", (event) => {
    const number = Number(event.key);
    const here = buttons.indexOf(document.activeElement);
    if (number >= 1 && number <= buttons.length && !event.ctrlKey && !event.altKey) buttons[number - 1].click();
    else if (event.key === "ArrowDown" && !event.ctrlKey) buttons[(here + 1) % buttons.length].focus();
    else if (event.key === "ArrowUp" && !event.ctrlKey) buttons[(here + buttons.length - 1) % buttons.length].focus();
    else return;
    event.preventDefault();
  });
  return [h("p", { class: "card-title" }, "Insert a term"), list];
}

/** The terms of a segment for the panel. */
export function list(segment, insert, locked) {
  return standing(segment).map((hit) =>
    h(
      "li",
      { class: `term-line ${hit.status}` },
      icon(SIGN[hit.status]),
      h("span", { class: "words" }, arabic("bdi", {}, hit.term), " ", english("bdi", { class: "target" }, hit.target), unseen(`: ${WORDS[hit.status] || ""}`), hit.status !== "met" && h("span", { class: "said" }, STATUS[hit.status])),
      !locked && button("Insert", () => insert(best(hit)), { style: "small quiet", "aria-label": `Insert ${hit.target}`, "data-focus": `term:${hit.begin}` }),
    ),
  );
}

const STATUS = { __proto__: null, unmet: "missing", forced: "put in", none: "" };

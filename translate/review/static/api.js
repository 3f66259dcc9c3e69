// Asking the desk's server. One function a route; a refusal is an error that says what, where and what to do.
// Knows no page.

/** The server said no, or said nothing (status 0). */
export class Refusal extends Error {
  constructor(status, body = {}) {
    super(body.error || (status ? `The desk answered ${status}` : "The desk does not answer"));
    this.status = status;
    this.body = body;
    this.hint = body.hint || "";
  }
}

async function ask(method, path, body, options = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") Object.assign(headers, { "Content-Type": "application/json", "X-Tarjuman": "1" });
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      ...options,
    });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Refusal(0, { hint: "Is it still running? Your words are kept in this browser until it answers." });
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, said || {});
  return said;
}

const part = encodeURIComponent;
const article = (slug) => `articles/${part(slug)}`;
const segment = (slug, id) => `${article(slug)}/segments/${part(id)}`;

export const articles = () => ask("GET", "articles");
export const read = (slug) => ask("GET", article(slug));
export const put = (slug, id, body, options) => ask("PUT", segment(slug, id), body, options);
export const undo = (slug, id, version) => ask("POST", `${segment(slug, id)}/undo`, { version });
export const redo = (slug, id, version) => ask("POST", `${segment(slug, id)}/redo`, { version });
export const matches = (slug, id, options) => ask("GET", `${segment(slug, id)}/matches`, undefined, options);
export const history = (slug, id, options) => ask("GET", `${segment(slug, id)}/history`, undefined, options);
export const alternatives = (slug, id, n) => ask("POST", `${segment(slug, id)}/alternatives`, { n });
export const again = (slug, segments) => ask("POST", `${article(slug)}/again`, { segments });
export const dismiss = (slug, id, { check: name, message }, reason) => ask("POST", `${article(slug)}/dismiss`, { segment: id, check: name, message, reason });
export const undismiss = (slug, id, { check: name, message }) => ask("POST", `${article(slug)}/undismiss`, { segment: id, check: name, message });
export const concordance = (query, options) => ask("GET", `concordance?q=${part(query)}`, undefined, options);
export const effort = () => ask("GET", "effort");
export const impact = (term) => ask("POST", "terms/impact", term);
export const addTerm = (term) => ask("POST", "terms", term);
export const tryTerms = (text) => ask("POST", "terms/test", { text });

// News from the server: a draft changed on disk or at another desk. Knows no segment; says only that it happened.

const GATHER = 150;
const OWN = 4000;
const PATIENCE = 4000;

/** Calls `changed()` shortly after something happened to this article; after what `isOwn(ids)` calls our own, later.
 * `lost(true)` says that nothing can be heard any more, `lost(false)` that it can again. */
export function listen(slug, changed, { isOwn = () => false, lost = () => {} } = {}) {
  const source = new EventSource("/api/events");
  let timer = 0;
  let due = 0;
  const heard = (event) => {
    let news;
    try { news = JSON.parse(event.data); } catch { return; }
    if (news.type !== "changed" || (slug && news.slug !== slug)) return;
    const wait = news.segments && news.segments.length && isOwn(news.segments) ? OWN : GATHER;
    if (wait === OWN && due > performance.now() && due < performance.now() + GATHER) return;
    clearTimeout(timer);
    due = performance.now() + wait;
    timer = setTimeout(changed, wait);
  };
  source.addEventListener("message", heard);
  source.addEventListener("changed", heard);
  let silent = 0;
  source.addEventListener("error", () => { silent ||= setTimeout(() => lost(true), PATIENCE); });
  source.addEventListener("open", () => {
    if (!silent) return;
    clearTimeout(silent);
    silent = 0;
    lost(false);
    changed();
  });
  addEventListener("pagehide", () => {
    clearTimeout(silent);
    source.close();
  });
}

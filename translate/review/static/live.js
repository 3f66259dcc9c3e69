// News from the server: a draft changed on disk or at another desk. Knows no segment; says only that it happened.

const GATHER = 150;
const OWN = 4000;

/** Calls `changed()` shortly after something happened to this article; after what `isOwn(ids)` calls our own, later. */
export function listen(slug, changed, isOwn = () => false) {
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
  let lost = false;
  source.addEventListener("error", () => { lost = true; });
  source.addEventListener("open", () => {
    if (lost) changed();
    lost = false;
  });
  addEventListener("pagehide", () => source.close());
}

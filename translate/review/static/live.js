// News from the server: a draft changed on disk or at another desk. Knows no segment; says only that it happened.

const GATHER = 150;

/** Calls `changed()` shortly after something happened to this article. */
export function listen(slug, changed) {
  const source = new EventSource("/api/events");
  let timer = 0;
  const heard = (event) => {
    let news;
    try { news = JSON.parse(event.data); } catch { return; }
    if (news.type !== "changed" || (slug && news.slug !== slug)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, GATHER);
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

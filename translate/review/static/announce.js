// Says what happened to people who do not see it. Two live regions: polite for news, assertive for what must not wait.

const TIMES = new Map();

/** The same words twice are said twice: the region is emptied in between. */
function say(region, words) {
  const place = document.getElementById(region);
  if (!place) return;
  place.textContent = "";
  clearTimeout(TIMES.get(region));
  TIMES.set(region, setTimeout(() => { place.textContent = words; }, 60));
}

export const tell = (words) => say("polite", words);
export const warn = (words) => say("assertive", words);

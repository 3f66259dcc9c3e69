// Tracked changes word by word, as translate/diff.py tells them: runs that are the same, removed or added.
// Knows no segment.

import { h, unseen } from "./dom.js";

const PIECES = /[\p{L}\p{M}\p{N}_'’-]+|\s+|[^\p{L}\p{M}\p{N}\s]/gu;

/** "He fled.", "They fled." -> [["removed", "He"], ["added", "They"], ["same", " fled."]] */
export function changes(before, after) {
  const old = before.match(PIECES) || [];
  const now = after.match(PIECES) || [];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const a = old.slice(head, old.length - tail);
  const b = now.slice(head, now.length - tail);
  const steps = a.length * b.length > 1_000_000 ? whole(a, b) : align(a, b);
  const ends = (pieces) => pieces.map((piece) => ["same", piece]);
  return tidy([...ends(old.slice(0, head)), ...steps, ...ends(tail ? old.slice(-tail) : [])]);
}

const whole = (a, b) => [...a.map((piece) => ["removed", piece]), ...b.map((piece) => ["added", piece])];

/** Longest common subsequence, filled from the end. */
function align(a, b) {
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      best[i * width + j] =
        a[i] === b[j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
    }
  }
  const steps = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      steps.push(["same", a[i]]);
      i += 1;
      j += 1;
    } else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) {
      steps.push(["removed", a[i]]);
      i += 1;
    } else {
      steps.push(["added", b[j]]);
      j += 1;
    }
  }
  return [...steps, ...whole(a.slice(i), b.slice(j))];
}

/** Joins neighbours of a kind; lone spaces between two changes belong to them; removed stands before added. */
function tidy(steps) {
  const runs = [];
  let removed = "";
  let added = "";
  const flush = () => {
    if (removed) runs.push(["removed", removed]);
    if (added) runs.push(["added", added]);
    removed = added = "";
  };
  steps.forEach(([kind, piece], number) => {
    const between = kind === "same" && /^\s+$/u.test(piece) && (removed || added) && steps[number + 1] && steps[number + 1][0] !== "same";
    if (kind === "removed" || between) removed += piece;
    if (kind === "added" || between) added += piece;
    if (kind !== "same" || between) return;
    flush();
    if (runs.length && runs.at(-1)[0] === "same") runs.at(-1)[1] += piece;
    else runs.push(["same", piece]);
  });
  flush();
  return runs;
}

/** How many words were changed, added or taken out. */
export function changedWords(runs) {
  const words = (wanted) =>
    runs.filter(([kind]) => kind === wanted).reduce((sum, [, text]) => sum + (text.match(/[\p{L}\p{N}]+/gu) || []).length, 0);
  return Math.max(words("added"), words("removed"));
}

/** What `after` changes in `before`; where hardly a word is left, just the new text. */
export function compared(before, after) {
  const runs = changes(before, after);
  const kept = runs.filter(([kind]) => kind === "same").reduce((sum, [, text]) => sum + text.trim().length, 0);
  return kept * 4 < after.trim().length ? [after] : show(runs);
}

/** Runs as <del> and <ins>, told apart by their line and by words for those who cannot see it. */
export function show(runs) {
  return runs.map(([kind, text]) => {
    if (kind === "removed") return h("del", {}, unseen(" [removed: "), text, unseen("] "));
    if (kind === "added") return h("ins", {}, unseen(" [added: "), text, unseen("] "));
    return text;
  });
}

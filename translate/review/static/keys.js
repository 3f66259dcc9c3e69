// Every key of the desk, once: the help shows this table and the page obeys it. Knows no segment.
//
// A letter counts by what it types, or by its place on the keyboard while an Arabic layout is on. AltGr types letters
// and is left alone. Where `mac` is set the Command key does as well.

export const KEYS = [
  { keys: "Ctrl+Enter", action: "confirm", says: "Confirm and go to the next open segment", mac: true },
  { keys: "Ctrl+↓", action: "below", says: "Next segment" },
  { keys: "Ctrl+↑", action: "above", says: "Segment before" },
  { keys: "Alt+A", action: "approve", says: "Approve: the segment is locked" },
  { keys: "Alt+U", action: "unlock", says: "Unlock an approved segment" },
  { keys: "Ctrl+Z", action: "undo", says: "Undo, also what was typed before a reload", mac: true },
  { keys: "Ctrl+Shift+Z", action: "redo", says: "Redo (also Ctrl+Y)", mac: true },
  { keys: "Ctrl+1", action: "match1", says: "Use the first memory match; Ctrl+2 … Ctrl+5 the others" },
  { keys: "Ctrl+2", action: "match2", hidden: true },
  { keys: "Ctrl+3", action: "match3", hidden: true },
  { keys: "Ctrl+4", action: "match4", hidden: true },
  { keys: "Ctrl+5", action: "match5", hidden: true },
  { keys: "Ctrl+M", action: "machine", says: "Use the machine draft again" },
  { keys: "Alt+N", action: "alternatives", says: "Other drafts of the machine" },
  { keys: "Alt+R", action: "again", says: "Translate it again; over a person's text it goes beside" },
  { keys: "Ctrl+I", action: "source", says: "Insert the Arabic (or what is selected in it)" },
  { keys: "Alt+T", action: "term", says: "Insert a term: the missing one, or choose" },
  { keys: "Alt+G", action: "addTerm", says: "Add a term to the glossary, from what is selected" },
  { keys: "Alt+D", action: "dismiss", says: "Dismiss the first finding, with a reason" },
  { keys: "Alt+J", action: "jump", says: "Jump to the next finding of the article" },
  { keys: "Ctrl+F", action: "find", says: "Search and replace in the article", mac: true },
  { keys: "Ctrl+K", action: "concordance", says: "Concordance: how it was translated before", mac: true },
  { keys: "Alt+P", action: "panel", says: "To the panel and back" },
  { keys: "Escape", action: "escape", says: "Back to the English from anywhere" },
  { keys: "Alt+H", action: "help", says: "This help" },
  { keys: "Ctrl+Y", action: "redo", hidden: true },
];

const NAMES = { "↑": "ArrowUp", "↓": "ArrowDown" };

function parse({ keys, action, mac }) {
  const parts = keys.split("+");
  const last = parts.pop();
  return { action, mac, ctrl: parts.includes("Ctrl"), alt: parts.includes("Alt"), shift: parts.includes("Shift"), key: NAMES[last] || last };
}

const PARSED = KEYS.map(parse);

/** The letter or digit a key stands for, whatever the layout. */
function letter(event) {
  if (/^[a-z0-9]$/i.test(event.key)) return event.key.toUpperCase();
  const place = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code);
  return place ? place[1] : event.key;
}

/** The action an event asks for, or "". */
export function wanted(event) {
  if (event.isComposing || event.getModifierState("AltGraph")) return "";
  const key = letter(event);
  for (const one of PARSED) {
    if (one.key !== key || one.alt !== event.altKey || one.shift !== event.shiftKey) continue;
    const command = event.metaKey && !event.ctrlKey && one.mac;
    if (one.ctrl ? (event.ctrlKey && !event.metaKey) || command : !event.ctrlKey && !event.metaKey) return one.action;
  }
  return "";
}

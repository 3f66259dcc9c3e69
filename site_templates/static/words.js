// Lights the words that answer each other, where the draft knows them: under the pointer, under a finger, or with the
// arrow keys on a sentence's badge. The text is left as it is: only ranges over it are painted.
(function () {
  "use strict";
  if (!window.CSS || !CSS.highlights || !window.Highlight) { return; }
  var said = document.querySelector(".said");
  var lit = new Highlight();
  CSS.highlights.set("word", lit);
  // The same cut as translate/words.py.
  var WORD = /[\p{L}\p{N}_][\p{L}\p{N}_\u064b-\u065f\u0670]*(?:['’.,\-][\p{L}\p{N}_][\p{L}\p{N}_\u064b-\u065f\u0670]*)*|[^\p{L}\p{N}_\s]/gu;
  var known = new WeakMap();

  function cut(side) {
    var nodes = [], text = "", walk = document.createTreeWalker(side, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) { nodes.push([walk.currentNode, text.length]); text += walk.currentNode.data; }
    function place(at, last) {
      for (var i = nodes.length - 1; i >= 0; i -= 1) {
        if (nodes[i][1] < at || (nodes[i][1] === at && !last)) { return [nodes[i][0], at - nodes[i][1]]; }
      }
      return [nodes[0][0], 0];
    }
    return Array.from(text.matchAll(WORD), function (found) {
      var range = document.createRange();
      range.setStart.apply(range, place(found.index, false));
      range.setEnd.apply(range, place(found.index + found[0].length, true));
      return range;
    });
  }

  // {ar: ranges, en: ranges, links: {ar: [[…]], en: [[…]]}}, or null where the counts differ from the draft's.
  function alignment(pair) {
    if (known.has(pair)) { return known.get(pair); }
    var parts = pair.dataset.words.split(" ");
    var made = { ar: cut(pair.querySelector(".side.ar")), en: cut(pair.querySelector(".side.en")), links: { ar: [], en: [] } };
    if (made.ar.length !== +parts[0] || made.en.length !== +parts[1]) { made = null; } else {
      parts[2].split(",").forEach(function (targets, source) {
        if (!targets) { return; }
        made.links.ar[source] = targets.split(".").map(Number);
        made.links.ar[source].forEach(function (target) { (made.links.en[target] = made.links.en[target] || []).push(source); });
      });
    }
    known.set(pair, made);
    return made;
  }

  function show(words, side, at) {
    lit.clear();
    var other = side === "ar" ? "en" : "ar", partners = words && words.links[side][at];
    if (!partners) { return false; }
    lit.add(words[side][at]);
    partners.forEach(function (one) { lit.add(words[other][one]); });
    return true;
  }

  function point(event) {
    var side = event.target.closest && event.target.closest(".pair[data-words] > .side");
    if (!side) { lit.clear(); return; }
    var words = alignment(side.parentElement), name = side.classList.contains("ar") ? "ar" : "en";
    var at = words ? words[name].findIndex(function (range) {
      return Array.from(range.getClientRects()).some(function (box) {
        return box.left <= event.clientX && event.clientX < box.right && box.top <= event.clientY && event.clientY < box.bottom;
      });
    }) : -1;
    show(words, name, at);
  }
  var waiting = null;
  document.addEventListener("pointermove", function (event) {
    if (!waiting) { window.requestAnimationFrame(function () { point(waiting); waiting = null; }); }
    waiting = event;
  });
  document.addEventListener("pointerdown", point);

  // Word by word on a badge: through the English with the right and left arrows.
  document.addEventListener("keydown", function (event) {
    var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    var badge = event.target.closest && event.target.closest(".permalink");
    var pair = badge && badge.closest(".pair[data-words]");
    var words = step && pair && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && alignment(pair);
    if (!words) { return; }
    event.preventDefault();
    var at = "at" in badge.dataset ? +badge.dataset.at : step > 0 ? -1 : words.en.length;
    do { at += step; } while (at >= 0 && at < words.en.length && !words.links.en[at]);
    if (!show(words, "en", at)) { delete badge.dataset.at; return; }
    badge.dataset.at = at;
    var partners = words.links.en[at].map(function (one) { return words.ar[one].toString(); }).join(" ");
    if (said) { said.textContent = words.en[at].toString() + " · " + partners; }
  });
  document.addEventListener("focusout", function (event) {
    if (event.target.dataset && "at" in event.target.dataset) { delete event.target.dataset.at; lit.clear(); if (said) { said.textContent = ""; } }
  });
})();

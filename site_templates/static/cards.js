// Cards over the text: a term's definition, and a sentence's menu to copy, cite and report it.
// Without this script a term's link leads to its page, and a badge is the sentence's address.
(function () {
  "use strict";
  var article = document.querySelector(".article");
  var menu = document.getElementById("sentence");
  var said = document.querySelector(".said");
  if (!article || !menu || !("popover" in menu)) { return; }

  // Beside what opened it, inside the window, and next in the order of the Tab key.
  function open(card, opener) {
    var pair = opener.closest(".pair");
    if (card.matches(":popover-open")) { card.hidePopover(); }
    if (pair) { pair.querySelector(".gutter").append(card); }
    card.showPopover();
    var at = opener.getClientRects()[0] || opener.getBoundingClientRect();
    var size = card.getBoundingClientRect();
    var wide = document.documentElement.clientWidth;
    var below = at.bottom + 6, above = at.top - size.height - 6;
    var start = Math.min(Math.max(at.left + at.width / 2 - size.width / 2, 12), wide - size.width - 12);
    var top = below + size.height > window.innerHeight && above > 0 ? above : below;
    card.style.insetInlineStart = start + window.scrollX + "px";
    card.style.insetBlockStart = top + window.scrollY + "px";
    opener.setAttribute("aria-expanded", "true");
    card.addEventListener("beforetoggle", function closed(event) {
      if (event.newState !== "closed") { return; }
      card.removeEventListener("beforetoggle", closed);
      opener.setAttribute("aria-expanded", "false");
      if (pair) { pair.classList.remove("chosen"); }
    });
    if (pair) { pair.classList.add("chosen"); }
  }

  function plain(event) { return !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey; }
  function closes(card, opener) {
    card.addEventListener("focusout", function (event) {
      if (event.relatedTarget && !card.contains(event.relatedTarget) && card.matches(":popover-open")) { card.hidePopover(); }
    });
  }
  document.querySelectorAll(".card-over").forEach(closes);

  // Definitions: the entry of the list below the article, where the term stands.
  var card = document.getElementById("definition");
  function entry(link) {
    var name = /\bt[0-9a-f]{10}\b/.exec(link.getAttribute("href"));
    return name && document.getElementById(name[0]);
  }
  article.querySelectorAll(".pair a.term").forEach(function (link) {
    if (entry(link)) { link.setAttribute("aria-haspopup", "dialog"); link.setAttribute("aria-expanded", "false"); }
  });
  article.addEventListener("click", function (event) {
    var link = event.target.closest(".pair a.term");
    var found = link && plain(event) && entry(link);
    if (!found) { return; }
    event.preventDefault();
    var list = document.createElement("dl");
    list.append.apply(list, found.cloneNode(true).children);
    var more = document.createElement("a");
    more.setAttribute("href", link.getAttribute("href"));
    more.textContent = card.dataset.more;
    card.replaceChildren(list, more);
    open(card, link);
    card.focus();
  });

  // A sentence's menu.
  var chosen = null;
  function text(name) {
    var side = chosen.querySelector(":scope > .side." + name);
    return side.querySelector(".missing") ? "" : side.textContent.trim();
  }
  function address() { return (article.dataset.address || window.location.href.split("#")[0]) + "#" + chosen.id; }
  var copies = {
    arabic: function () { return text("ar"); },
    english: function () { return text("en"); },
    both: function () { return text("ar") + "\n" + text("en"); },
    citation: function () {
      return article.dataset.cite + " " + chosen.querySelector(".permalink .unseen").textContent.trim() + ". " + address();
    },
    address: address
  };
  article.querySelectorAll(".permalink").forEach(function (badge) {
    badge.setAttribute("aria-haspopup", "dialog");
    badge.setAttribute("aria-expanded", "false");
  });
  article.addEventListener("click", function (event) {
    var badge = event.target.closest(".permalink");
    if (!badge || !plain(event)) { return; }
    event.preventDefault();
    chosen = badge.closest(".pair");
    window.history.replaceState(null, "", "#" + chosen.id);
    menu.querySelector("#sentence-name").textContent = badge.textContent.trim();
    ["english", "both"].forEach(function (name) { menu.querySelector('[data-copy="' + name + '"]').disabled = !text("en"); });
    var hidden = [].find.call(chosen.querySelectorAll(":scope > .side"), function (side) { return !side.checkVisibility(); });
    var peek = menu.querySelector(".peek");
    peek.textContent = hidden ? hidden.textContent.trim() : "";
    if (hidden) { peek.lang = hidden.lang; peek.dir = hidden.dir; }
    var report = menu.querySelector("[data-report]");
    var direct = chosen.querySelector(".report");
    if (report && direct) { report.href = direct.href; }
    open(menu, badge);
    menu.querySelector("button").focus();
  });
  menu.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) { return; }
    copy(copies[button.dataset.copy](), function (done) {
      say(done ? "Copied · نُسخ" : "The browser does not allow copying");
    });
    var badge = chosen.querySelector(".permalink");
    menu.hidePopover();
    badge.focus();
  });

  function copy(words, told) {
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(words).then(function () { told(true); }, function () { told(byHand(words)); });
    } else { told(byHand(words)); }
  }
  function byHand(words) {
    var area = document.createElement("textarea");
    area.value = words;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done;
  }
  var quiet = 0;
  function say(words) {
    window.clearTimeout(quiet);
    said.textContent = words;
    quiet = window.setTimeout(function () { said.textContent = ""; }, 2500);
  }

  // From badge to badge with the arrows.
  article.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    var here = event.target.closest(".permalink");
    if (!step || !here || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) { return; }
    var all = [].filter.call(article.querySelectorAll(".permalink"), function (badge) { return badge.checkVisibility(); });
    var next = all[all.indexOf(here) + step];
    if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest" }); }
  });
})();

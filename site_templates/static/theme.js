// Remembers light or dark, and says that there are scripts. Without it the choice works just as well, for one page.
(function () {
  "use strict";
  var key = "tarjuman.theme";
  var root = document.documentElement;
  root.classList.add("scripted");
  var kept = null;
  try { kept = window.localStorage.getItem(key); } catch (refused) { return; }
  if (kept === "light" || kept === "dark") { root.dataset.theme = kept; }
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll('input[name="theme"]').forEach(function (choice) {
      choice.checked = choice.value === (root.dataset.theme || "auto");
      choice.addEventListener("change", function () {
        if (choice.value === "auto") { delete root.dataset.theme; } else { root.dataset.theme = choice.value; }
        try { window.localStorage.setItem(key, choice.value); } catch (refused) { /* private window: not remembered */ }
      });
    });
  });
})();

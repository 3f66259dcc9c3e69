// Remembers the layout that the reader chose. Without it the choice works just as well and lasts as long as the page.
(function () {
  "use strict";
  var key = "tarjuman.layout";
  var choices = document.querySelectorAll('input[name="layout"]');
  var kept = null;
  try { kept = window.localStorage.getItem(key); } catch (refused) { return; }
  choices.forEach(function (choice) {
    if (choice.value === kept) { choice.checked = true; }
    choice.addEventListener("change", function () {
      try { window.localStorage.setItem(key, choice.value); } catch (refused) { /* private window: not remembered */ }
    });
  });
})();

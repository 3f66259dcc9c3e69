// In the preview only: loads the page again after a build, and says at its foot why a build came to nothing.
"use strict";
{
  const shown = document.currentScript.dataset.build;
  let notice = null;

  const tell = (text) => {
    if (!text) {
      notice?.remove();
      notice = null;
      return;
    }
    if (!notice) {
      notice = document.createElement("p");
      notice.setAttribute("role", "alert");
      notice.dir = "auto";
      Object.assign(notice.style, {
        position: "fixed", insetInline: "0", insetBlockEnd: "0", margin: "0", padding: ".75rem 1rem", zIndex: "99",
        background: "#7a1f1f", color: "#fff", font: "1rem/1.4 system-ui, sans-serif",
      });
      document.body.append(notice);
    }
    notice.textContent = text;
  };

  const news = new EventSource("/_tarjuman/news");
  news.addEventListener("message", (event) => {
    const { build, trouble } = JSON.parse(event.data);
    if (trouble) {
      tell(`Not built: ${trouble}`);
    } else if (build !== shown) {
      location.reload();
    } else {
      tell("");
    }
  });
  news.addEventListener("error", () => tell("The preview has ended. Start it again: tarjuman serve"));
}

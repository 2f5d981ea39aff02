// Begins the terminal of textual-serve when its font is there: it measures its letters once.
"use strict";

const terminal = document.getElementById("terminal");
const asked = new URLSearchParams(location.search);
const size = Number(asked.get("fontsize"));
terminal.dataset.fontSize = size >= 6 && size <= 60 ? String(size) : "16";
terminal.dataset.sessionWebsocketUrl = location.origin.replace(/^http/, "ws") + "/ws";
asked.delete("token"); // a cookie stands for it now; what is seen on a projector does not show it
history.replaceState(null, "", location.pathname + (asked.size ? "?" + asked : ""));
document.getElementById("again").addEventListener("click", () => location.reload());

function begin() {
  const script = document.createElement("script");
  script.src = "/static/js/textual.js";
  script.addEventListener("load", () => {
    window.onload();
    terminal.querySelector("textarea").focus(); // so that keys work before the first click
  });
  document.body.append(script);
}

addEventListener("load", () => {
  const fonts = ["", "bold ", "italic "].map((style) => document.fonts.load(style + "16px 'Roboto Mono'"));
  Promise.allSettled(fonts).then(begin);
});

/* Runs before the first paint: the reader's choice of colours, and the mark that scripts are on. */
(() => {
  "use strict";
  const root = document.documentElement;
  const NAMES = { "": "自动", light: "浅色", dark: "深色", contrast: "高对比" };
  const ORDER = Object.keys(NAMES);
  // A browser may forbid storage, from disk above all; the choice then lasts for the page.
  const store = {
    get: () => {
      try {
        return localStorage.getItem("theme") ?? "";
      } catch {
        return "";
      }
    },
    set: (value) => {
      try {
        localStorage.setItem("theme", value);
      } catch {}
    },
  };
  let theme = ORDER.includes(store.get()) ? store.get() : "";

  const apply = () => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-switch] span")) button.textContent = `：${NAMES[theme]}`;
  };

  root.classList.add("scripts");
  apply();
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.addEventListener("click", () => {
        theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
        store.set(theme);
        apply();
      });
    }
  });
})();

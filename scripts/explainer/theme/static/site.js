/* Runs before the first paint: the mark that scripts are on, and how the reader wants to read (reading.js). */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("scripts");
  for (const name of ["size", "theme", "view"]) {
    try {
      const value = localStorage.getItem(name);
      if (value) root.dataset[name] = value;
    } catch {
      // A browser may forbid storage, from disk above all; the choice then lasts for the page.
    }
  }
})();

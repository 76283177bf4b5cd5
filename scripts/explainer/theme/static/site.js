/* Runs before the first paint: how the reader wants to read (reading.js), and the mark that scripts are on. The mark
   keeps room for what scripts bring; that it works is shown by the script that brings it (`ready`). */
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

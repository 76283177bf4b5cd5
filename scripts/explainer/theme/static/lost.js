/* On a lost reader's page under a path that no setting names: links that begin at the host's root are led to the site's. */
"use strict";
(() => {
  const root = document.currentScript.src.replace(/_static\/[^/]*$/, "");
  document.addEventListener("DOMContentLoaded", () => {
    for (const link of document.querySelectorAll("a[href^='/']")) link.href = root + link.getAttribute("href").slice(1);
  });
})();

/* On a lost reader's page under a path that no setting names: what begins at the host's root, the style sheet and the
   links, is led to the site's. Asked for in several places: the one that is there does it. */
"use strict";
(() => {
  const root = document.currentScript.src.replace(/_static\/[^/]*$/, "");
  const lead = (link) => (link.href = root + link.getAttribute("href").slice(1));
  const sheet = document.querySelector("link[rel='stylesheet'][href^='/']");
  if (!sheet || root === new URL("/", root).href) return;
  lead(sheet);
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("a[href^='/']").forEach(lead));
})();

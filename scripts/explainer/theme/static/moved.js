/* On an old address: a place in it is looked for on the new page. Without scripts the page is shown from its top. */
"use strict";
(() => {
  const link = document.querySelector("main a");
  if (location.hash && !link.hash) location.replace(link.href + location.hash);
})();
